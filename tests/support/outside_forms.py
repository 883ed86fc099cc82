"""Forms of a made-up superior (套表), and the problems and measures of the ledger that fills them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

AS_OF = date(2022, 3, 31)
PROBLEMS = [
    {"code": "WT-001", "aspect": "在深学笃用方面", "title": "学习不够深入", "detail": "年初没有计划"},
    {"code": "WT-002", "aspect": "在深学笃用方面", "title": "下乡走访偏少"},
    {"code": "WT-003", "aspect": "在担当作为方面", "title": "没有人管的事"},
]
TASKS: list[dict[str, Any]] = [
    {"statement": "制定学习计划", "problems": ("WT-001",), "deadline": date(2022, 1, 31), "status": "已销号",
     "update": "计划已印发", "evidence": "印发件"},
    {"statement": "修订值班制度", "problems": ("WT-001",), "deadline": "2022年6月底前", "progress": 60,
     "status": "推进中", "update": "初稿写完", "department": "党委办公室"},
    {"statement": "每月走访一次", "problems": ("WT-002",), "kind": "周期", "review_cycle": "月", "deadline": "",
     "status": "推进中", "update": "走访两个村"},
]  # fmt: skip
CLOSED = {
    "code": "XH-001", "task": "RW-001", "department": "财务处", "applied": date(2022, 1, 20), "evidence": "印发文件",
    "committee_date": date(2022, 2, 1), "conclusion": "同意销号",
}  # fmt: skip
HEADS = ("序号", "存在问题", "整改措施", "责任单位", "完成时限", "完成情况", "是否销号", "联系人")

Draw = Callable[[Workbook, Any], None]


def form(path: Path, rows: int = 0, *, heads: Sequence[str] = HEADS, draw: Draw | None = None) -> Path:
    """Make a form: a title over all columns, heads, so many framed blank rows, and what ``draw`` adds."""
    book = Workbook(path)
    sheet = book.add_worksheet("附件1")
    frame = book.add_format({"border": 1, "text_wrap": True})
    sheet.merge_range(0, 0, 0, len(heads) - 1, "整改情况统计表", book.add_format({"bold": True}))
    for column, head in enumerate(heads):
        sheet.write(1, column, head, frame)
    for row in range(2, 2 + rows):
        for column in range(len(heads)):
            sheet.write_blank(row, column, None, frame)
    if draw:
        draw(book, sheet)
    book.close()
    return path
