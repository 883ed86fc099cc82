"""What people must check is said once for all paragraphs that it is about."""

from __future__ import annotations

from taizhang.draft.reader import draft_report
from taizhang.draft.source import paragraphs_of

REPORT = """
在学习方面，存在学习不够深入的问题。
在作风方面，存在下乡次数偏少的问题。
在纪律方面，存在请示报告不够规范的问题。
下一步整改措施：
1.制定学习计划。
2.每季度下乡走访一次。
3.执行请示报告制度。
"""


def test_a_note_on_several_paragraphs_is_said_once() -> None:
    draft = draft_report(paragraphs_of("报告.txt", REPORT.encode()))
    assert draft.notes == (
        "第 1—3 段：没有编号，按句读出，请核对。",
        "没有写在哪个方面里的问题，先归在“综合”，请办公室调整。",
        "没有读到原因部分。请核对报告里有没有这一部分，小标题里有没有“原因”这样的字样。",
    )
