"""Checks of ranges that end too early: formulas, rules, pivot tables and print areas that miss register rows.

When rows are added, the ledger writer extends filters, names, tables and charts, but never changes a formula: only its
author knows what it should add up. It is reported instead, before anything is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date

from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.model import Ledger
from taizhang.splice import AppendRow, Edit, Refused, printed_to, ranges_ending_at, ranges_ending_within
from taizhang.workbook.reader import Workbook

__all__ = ["check_print_area", "check_short_ranges", "short_ranges"]

_WORDS = {"formula": "这个公式", "pivot": "数据透视表的数据源", "rule": "条件格式或数据有效性里的公式"}

NAMED = 20
"""Most findings for one register; further ones are only counted."""


def short_ranges(book: Workbook, edits: Iterable[Edit]) -> Iterator[Finding]:
    """Report each formula, pivot table or rule whose range ends at the row below which ``edits`` will add rows."""
    added = Counter((edit.sheet, edit.after) for edit in edits if isinstance(edit, AppendRow))
    for (sheet, last), count in added.items():
        found = ranges_ending_at(book.data, sheet, last, count)
        for each in found[:NAMED]:
            what = _WORDS[each.kind]
            problem = f"{what}只算到〈{sheet}〉第 {each.bottom} 行，不包括要新加的 {last + count - each.bottom} 行；"
            cure = f"写入后请在 Excel 里把范围改到第 {last + count} 行，或改成整列。"
            yield Finding(
                book.place(each.sheet, each.row or None, each.column or None),
                Check.RANGE_SHORT,
                problem,
                Severity.WARNING,
                cure=cure,
            )
        if len(found) > NAMED:
            problem = f"只算到〈{sheet}〉第 {last} 行的一共有 {len(found)} 处，只列出前 {NAMED} 处，"
            cure = "请一并核对。"
            yield Finding(book.place(sheet), Check.RANGE_SHORT, problem, Severity.WARNING, cure=cure)


def check_short_ranges(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report formulas and pivot tables that start at a register's first row and end before its last."""
    rows = {each.sheet.name: (each.head_row + 1, each.last_row) for each in ledger.registers.values()}
    found = []
    with suppress(Refused):  # formulas can be read from an ordinary .xlsx only
        found = ranges_ending_within(ledger.book.data, rows)
    for sheet, (_, last) in rows.items():
        for each in [each for each in found if each.target == sheet][:NAMED]:
            what = _WORDS["formula" if each.row else "pivot"]
            problem = f"{what}从〈{sheet}〉第 {each.top} 行只算到第 {each.bottom} 行，登记表已经到第 {last} 行；"
            cure = "是漏了后来加的行，请把范围改成整列。"
            place = ledger.book.place(each.sheet, each.row or None, each.column or None)
            yield Finding(place, Check.RANGE_SHORT, problem, Severity.HINT, cure=cure)


def check_print_area(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report print areas that end before a register's last row, as in ledgers made by earlier versions."""
    printed: dict[str, int] = {}
    with suppress(Refused):
        printed = printed_to(ledger.book.data, [register.sheet.name for register in ledger.registers.values()])
    for register in ledger.registers.values():
        last = printed.get(register.sheet.name, register.last_row)
        if last < register.last_row:
            problem = f"打印区域只到第 {last} 行，登记表已经到第 {register.last_row} 行，后面的打印不出来；"
            cure = "请在 Excel 的“页面布局－打印区域”里选“取消打印区域”。"
            yield Finding(register.place(), Check.PRINT_AREA, problem, Severity.HINT, cure=cure)
