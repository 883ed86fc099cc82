"""Reasons that several steps of reading give: why words are in no sheet, and why an item was taken for what it is."""

from __future__ import annotations

__all__ = [
    "AFTER_PAIRS",
    "ALL_SAID_DONE",
    "BY_CONTENT",
    "BY_SENTENCE",
    "IN_NO_PART",
    "IN_ORDER",
    "IS_PROGRESS",
    "LACKS_NOTHING",
    "LOOKS_LIKE_CLOSING",
    "NOT_SAID_DONE",
    "ONLY_GROUPS",
    "ONLY_ORGANISES",
    "PRAISES",
    "RULED",
    "SAID_TOGETHER",
    "SAME_NUMBER",
    "UNNUMBERED",
    "UNSAID_STATE",
    "WITHOUT_MEASURE",
    "told_as_done",
]

AFTER_PAIRS = "前面逐个问题写了怎么改，看不出这一段讲的是哪一个"
LOOKS_LIKE_CLOSING = "像是结束语，不是哪一条措施"
IN_NO_PART = "不在问题、原因、措施任何一部分里"
ONLY_ORGANISES = "讲的是怎样组织整改，别处有整改措施，没有列入"
PRAISES = "写的是做得好的，没有讲不足"
ONLY_GROUPS = "下面有各条，自己没有讲不足"
BY_CONTENT = "没有标题，按内容"
LACKS_NOTHING = "标题写着剖析，各条没有讲不足"
IS_PROGRESS = "讲的是整改进展，没有录入"
RULED = "归类文件里这样写的"

SAID_TOGETHER = "写在同一条下面"
IN_ORDER = "问题和措施条数一样，按次序对应"
SAME_NUMBER = "编号写着同一个问题"
"""What says that a measure answers a problem."""

UNNUMBERED = "没有编号，整段作为一个问题，请核对。"
BY_SENTENCE = "没有编号，按句读出，请核对。"
WITHOUT_MEASURE = "问题后面写着谁负责或什么时候改，下面没有措施，没有录入，写措施时请照原文填。"
NOT_SAID_DONE = "讲的是整改进展，没有写是不是完成，先写“推进中”，请核对。"
ALL_SAID_DONE = "讲的是整改进展，没有写是不是完成；报告说全部完成了，先写“已完成”，请核对。"
UNSAID_STATE = (NOT_SAID_DONE, ALL_SAID_DONE)
"""Notes on paragraphs, for people to check."""


def told_as_done(title: str) -> str:
    """Return why what a heading with this title holds is left out: it tells what is done already."""
    return f"“{title}”讲的是已有情况，没有列入问题和措施"
