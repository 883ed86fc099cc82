"""The receipt (回执) as a workbook: the department's file with errors marked, or a separate sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from taizhang.ledger.findings import Finding, Severity
from taizhang.merge.plan import Conflict, Taken, seen
from taizhang.office.theme import Palette
from taizhang.office.xlsx import (
    Formats,
    NewWorkbook,
    Worksheet,
    head_format,
    make_workbook,
    row_height,
    setup_page,
    words_in_lines,
    write_cell,
    write_texts,
)
from taizhang.replies.marking import CannotMark, is_mark_of, mark, refuse_unfit
from taizhang.replies.receipts import Receipt
from taizhang.system.worker import Worker, WorkerDied
from taizhang.typed.readings import shown
from taizhang.workbook.properties import MARKER
from taizhang.workbook.reader import Workbook

_ONE_LINE = row_height([])


_FOUND = (("序号", 6), ("表", 16), ("单元格", 10), ("编号", 12), ("哪里不对、怎么改", 78))


_TAKEN = (("表", 12), ("编号", 11), ("列", 12), ("原来", 24), ("记入台账", 44), ("原文（读法不同时）", 20))


_RULED = ("表", "编号", "列", "下发时", "您填的", "台账现在")


def _make_sheet(receipt: Receipt, unmarked: str, now: datetime) -> bytes:
    properties = {"title": receipt.title, "author": MARKER, "created": now}
    return make_workbook(partial(_write_sheet, receipt, unmarked), properties)


def _write_sheet(receipt: Receipt, unmarked: str, book: NewWorkbook, style: Formats) -> None:
    sheet = book.add_worksheet("请修改" if receipt.to_mend else "回执")
    wide = _FOUND if receipt.to_mend else _TAKEN
    for column, (_, width) in enumerate(wide):
        sheet.set_column(column, column, width)
    page = _Page(sheet, style, sum(width for _, width in wide))
    page.title(receipt.title)
    lines = receipt.lines
    if unmarked and receipt.totals is not None:
        lines.append(f"没能在您的表上直接标出来（{unmarked}），下面按单元格列出，请对照原表修改。")
    for line in lines:
        page.line(line)
    if receipt.to_mend:
        _write_causes(page, receipt)
    else:
        _write_taken(page, receipt.taken)
        _write_conflicts(page, receipt.conflicts)
        for cause in receipt.causes:
            page.head(cause.title)
            for each in cause.findings:
                page.line(f"· {_where(each)}{each.department_message}")
    last = "E" if receipt.to_mend else "F"
    setup_page(sheet, f"A1:{last}{page.row}", footer=(receipt.department or shown(receipt.file), receipt.period))


def _where(finding: Finding) -> str:
    place = finding.place
    return f"〈{place.sheet_shown}〉{place.cell}　" if place.sheet else ""


def _write_causes(page: _Page, receipt: Receipt) -> None:
    number = 0
    for title, _, found in _sections(receipt):
        page.head(title)
        page.heads([name for name, _ in _FOUND])
        for finding, code in found:
            number += 1
            place = finding.place
            page.cells(
                [str(number), place.sheet_shown, place.cell, code, finding.department_message], [w for _, w in _FOUND]
            )


def _write_taken(page: _Page, taken: Sequence[Taken]) -> None:
    if not taken:
        page.line("与台账一致，没有需要改动的格子。")
        return
    page.head(f"采用的内容（{len(taken)} 格）")
    page.heads([name for name, _ in _TAKEN])
    for each in taken:
        old, typed, new = (seen(each.form, each.column, raw) for raw in (each.old, each.typed, each.new))
        words = [each.form.sheet, each.code, each.column.title, old or "（空）", new or "（空）"]
        page.cells([*words, "" if typed == new else typed], [width for _, width in _TAKEN])


def _write_conflicts(page: _Page, conflicts: Sequence[Conflict]) -> None:
    if not conflicts:
        return
    page.head(f"等办公室裁决的（{len(conflicts)} 格）")
    page.heads(_RULED)
    for each in conflicts:
        old, typed, now = (seen(each.form, each.column, raw) or "（空）" for raw in (each.base, each.theirs, each.ours))
        page.cells([each.form.sheet, each.code, each.column.title, old, typed, now], [width for _, width in _TAKEN])


class _Page:
    """A sheet written from top to bottom."""

    def __init__(self, sheet: Worksheet, style: Formats, width: int) -> None:
        self.sheet, self.style, self.width, self.row = sheet, style, width, 0

    def title(self, text: str) -> None:
        self.sheet.set_row(self.row, 34)
        self.sheet.write_string(self.row, 0, text, self.style(bold=True, font_size=18))
        self.row += 1

    def line(self, text: str) -> None:
        """Write a paragraph in the first column; it is displayed across the blank cells to its right."""
        for part in words_in_lines(text, self.width * 7 - 16, 11):
            self.sheet.set_row(self.row, 20)
            self.sheet.write_string(self.row, 0, part, self.style(font_size=11))
            self.row += 1

    def head(self, text: str) -> None:
        self.sheet.set_row(self.row, 12)
        self.sheet.set_row(self.row + 1, 24)
        self.sheet.write_string(self.row + 1, 0, text, self.style(bold=True, font_size=12, font_color=Palette.NAVY))
        self.row += 2

    def heads(self, titles: Sequence[str]) -> None:
        self.sheet.set_row(self.row, 24)
        write_texts(self.sheet, self.row, titles, head_format(self.style))
        self.row += 1

    def cells(self, texts: Sequence[str], widths: Sequence[int]) -> None:
        height = row_height([(text, width * 7) for text, width in zip(texts, widths, strict=True)])
        self.sheet.set_row(self.row, 20 if height == _ONE_LINE else min(height, 400))
        for column, text in enumerate(texts):
            align = "left" if widths[column] >= 20 else "center"
            look = self.style(text_wrap=True, border=1, border_color=Palette.LINE, align=align)
            write_cell(self.sheet, self.row, column, text, look)
        self.row += 1


_TOO_MUCH = "在上面标注用的时间或内存太多，不像正常的填报表；下次请填在下发的模板里"


def receipt_file(receipt: Receipt, book: Workbook | None, now: datetime, worker: Worker) -> tuple[bytes, str]:
    """Return the receipt as a workbook, and why the department's file could not be marked (else empty).

    ``book`` is the returned file, None if it cannot be read; its foreign bytes are processed by the worker only.
    """
    if not receipt.to_mend:
        return _make_sheet(receipt, "", now), ""
    try:
        if book is None:
            raise CannotMark("文件打不开")
        refuse_unfit(book.data)
        return worker.do(mark, book, receipt.title, receipt.lines, _sections(receipt)), ""
    except (CannotMark, WorkerDied) as error:
        reason = str(error) or _TOO_MUCH
        return _make_sheet(receipt, reason, now), reason


def is_up_to_date(receipt: Receipt, book: Workbook | None, earlier: Path) -> bool:
    """Whether the receipt written before needs no replacement, since the same file is merged again without news."""
    if not receipt.department or not earlier.exists():
        return False
    if not receipt.to_mend:
        return not receipt.taken
    return book is not None and is_mark_of(earlier, book, receipt.title, receipt.lines, _sections(receipt))


def _sections(receipt: Receipt) -> list[tuple[str, Severity, list[tuple[Finding, str]]]]:
    codes = dict(receipt.codes)
    return [
        (
            cause.title,
            cause.severity,
            [(each, codes.get((each.place.sheet or "", each.place.row or 0), "")) for each in cause.findings],
        )
        for cause in receipt.causes
    ]
