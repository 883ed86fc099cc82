"""回执: what a department gets back for the file it returned: what was taken, what is wrong where, what to do.

A file with something to mend comes back itself, marked (``marking``); where it cannot be marked, and where all is well, the
receipt is a sheet of its own. A receipt holds nothing but the department's own rows, and never a personal value.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from taizhang.checks import CHECK_NAMES
from taizhang.ledger.findings import Finding, Severity, sort_findings
from taizhang.merge.plan import Conflict, Plan, Taken, Totals, seen
from taizhang.merge.submissions import saved_at
from taizhang.office.theme import Palette, book_to_read, formats, row_height, setup_page
from taizhang.replies.marking import CannotMark, is_mark_of, mark, refuse_unfit
from taizhang.system.file_names import as_file_name, file_name
from taizhang.system.worker import Worker, WorkerDied
from taizhang.system.zipped import portable
from taizhang.typed.readings import shown
from taizhang.workbook.properties import MARKER
from taizhang.workbook.reader import Workbook

__all__ = ["Cause", "Receipt", "receipt_file", "receipt_of", "refusal_of", "stands"]

_OPTION = re.compile(r"\s--[a-z]")
_WEIGHTS = {Severity.ERROR: "请修改", Severity.WARNING: "请留意", Severity.HINT: "说明"}


@dataclass(frozen=True, slots=True)
class Cause:
    """Findings of one kind and weight: what they have in common, and each with its place."""

    check: str
    severity: Severity
    findings: tuple[Finding, ...]

    @property
    def title(self) -> str:
        """The kind in the office's words, with the count, e.g. ``请修改：不在选项里（2 处）``."""
        what = CHECK_NAMES.get(self.check, self.check)
        return f"{_WEIGHTS[self.severity]}：{what}（{len(self.findings)} 处）"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a department is told about one file; ``codes`` names the row that stands at a sheet and row number.

    ``former`` is what the department was called when the form was issued, empty where that is the same.
    """

    department: str
    period: str
    file: str
    saved: datetime | None
    totals: Totals | None
    causes: tuple[Cause, ...]
    taken: tuple[Taken, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    codes: tuple[tuple[tuple[str, int], str], ...] = ()
    former: str = ""

    @property
    def to_mend(self) -> bool:
        """Whether the department has to send the file again."""
        missing = bool(self.totals and self.totals.missing)
        return missing or any(cause.severity is Severity.ERROR for cause in self.causes)

    @property
    def names(self) -> tuple[str, str]:
        """The names a receipt of this file may have: to be mended, and all well."""
        return _names(self.department or Path(self.file).stem)

    @property
    def former_names(self) -> tuple[str, ...]:
        """The names a receipt had before the department was renamed."""
        return _names(self.former) if self.former else ()

    @property
    def name(self) -> str:
        """The receipt's file name."""
        mend, well = self.names
        return mend if self.to_mend else well

    @property
    def _past(self) -> list[str]:
        """That this is not the form of the period collected now: said first, since its sender may not have meant it."""
        return [each.message for cause in self.causes if cause.check == "period-past" for each in cause.findings]

    @property
    def title(self) -> str:
        """The line at the top."""
        what = "请修改后再报" if self.to_mend else "回执"
        return "　".join(filter(None, (self.department, self.period, what)))

    @property
    def lines(self) -> list[str]:
        """The sentences under the title: which file, what counts, what to do."""
        when = f"（{self.saved:%Y-%m-%d %H:%M} 保存）" if self.saved else ""
        if self.totals is None:
            return [f"报来的文件：{shown(self.file)}{when}。这份文件没有采用。"]
        lines = [f"报来的文件：{shown(self.file)}{when}。", *self._past, f"{self.totals.equation}。"]
        if self.to_mend:
            lines.append("请改好下面写“请修改”的地方，整份再报一次；退回的行整行都没有采用，其他已采用的不用动。")
        elif self.totals.held:
            lines.append("没有采用的行由办公室核对，其他的已记入台账，不用再报。")
        else:
            lines.append("已记入台账，不用再报。")
        if self.conflicts:
            lines.append(f"有 {len(self.conflicts)} 格在下发后台账也改过，由办公室裁决，您不用改；裁决前台账保持原样。")
        return lines


def _names(who: str) -> tuple[str, str]:
    return as_file_name(who, "_请修改.xlsx"), as_file_name(who, "_回执.xlsx")


def receipt_of(plan: Plan) -> Receipt | None:
    """Return the receipt of a returned file; None where nothing was returned. Conflicts, and what was undone, are the office's."""
    if plan.submission is None:
        return None
    own = [finding for finding in plan.findings if finding.check not in ("conflict", "undone")]
    return Receipt(
        plan.base.department,
        plan.base.period,
        file_name(plan.submission.path),
        saved_at(plan.submission.saved),
        plan.totals,
        _causes(own),
        tuple(plan.taken),
        tuple(plan.conflicts),
        tuple(plan.codes.items()),
        plan.base.issued_to if plan.base.issued_to != plan.base.department else "",
    )


def refusal_of(path: Path, period: str, findings: Iterable[Finding], department: str = "") -> Receipt:
    """Return the receipt of a file that was refused whole; whose it is, is not always known."""
    return Receipt(department, period, file_name(path), None, None, _causes(findings))


def _causes(findings: Iterable[Finding]) -> tuple[Cause, ...]:
    """Group findings by weight and kind: what must be mended first, then what is most frequent."""
    groups: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in sort_findings(part for each in findings for part in (each.parts or (each,))):
        told = replace(finding, message=_for_department(finding.message))
        groups.setdefault((finding.severity, finding.check), []).append(told)
    weights = list(_WEIGHTS)
    ordered = sorted(groups.items(), key=lambda item: (weights.index(item[0][0]), -len(item[1]), item[0][1]))
    return tuple(Cause(check, severity, tuple(found)) for (severity, check), found in ordered)


def _for_department(message: str) -> str:
    """Leave out what only the office can do: clauses that name an option of the command."""
    return "".join(
        part
        for part in re.findall(r"[^。；]*[。；]|[^。；]+", message)
        if not (_OPTION.search(part) and part[-1] in "。；")
    )


_TOO_MUCH = "在上面标注用的时间或内存太多，不像正常的填报表；下次请填在下发的模板里"


def receipt_file(receipt: Receipt, book: Workbook | None, now: datetime, worker: Worker) -> tuple[bytes, str]:
    """Return the receipt as a workbook, and why the department's own file could not be marked (empty where it was, or need not be).

    ``book`` is the returned file, None where it cannot be read at all; what touches its bytes is done by the worker.
    """
    if not receipt.to_mend:
        return _own_sheet(receipt, "", now), ""
    try:
        if book is None:
            raise CannotMark("文件打不开")
        refuse_unfit(book.data)
        return worker.do(mark, book, receipt.title, receipt.lines, _sections(receipt)), ""
    except (CannotMark, WorkerDied) as error:
        reason = str(error) or _TOO_MUCH
        return _own_sheet(receipt, reason, now), reason


def stands(receipt: Receipt, book: Workbook | None, earlier: Path) -> bool:
    """Whether the receipt written before says all that a new one could: the same file merged once more brings nothing new."""
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


_ONE_LINE = row_height([])
_FOUND = (("序号", 6), ("表", 16), ("单元格", 10), ("编号", 12), ("哪里不对、怎么改", 78))
_TAKEN = (("表", 12), ("编号", 11), ("列", 12), ("原来", 24), ("记入台账", 44), ("原文（读法不同时）", 20))
_RULED = ("表", "编号", "列", "下发时", "您填的", "台账现在")


def _own_sheet(receipt: Receipt, unmarked: str, now: datetime) -> bytes:
    target = io.BytesIO()
    book: Any = book_to_read(target)
    book.set_properties({"title": receipt.title, "author": MARKER, "created": now})
    style = formats(book)
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
                page.line(f"· {_where(each)}{each.message}")
    last = "E" if receipt.to_mend else "F"
    setup_page(sheet, f"A1:{last}{page.row}", footer=(receipt.department or shown(receipt.file), receipt.period))
    book.close()
    return portable(target.getvalue())


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
            page.cells([str(number), place.sheet_shown, place.cell, code, finding.message], [w for _, w in _FOUND])


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

    def __init__(self, sheet: Any, style: formats, width: int) -> None:
        self.sheet, self.style, self.width, self.row = sheet, style, width, 0

    def title(self, text: str) -> None:
        self.sheet.set_row(self.row, 34)
        self.sheet.write_string(self.row, 0, text, self.style(bold=True, font_size=18))
        self.row += 1

    def line(self, text: str) -> None:
        """One paragraph over the whole width, written in the first cell and running over the blank cells beside it."""
        for part in _wrapped(text, self.width):
            self.sheet.set_row(self.row, 20)
            self.sheet.write_string(self.row, 0, part, self.style(font_size=11))
            self.row += 1

    def head(self, text: str) -> None:
        self.sheet.set_row(self.row, 12)
        self.sheet.set_row(self.row + 1, 24)
        self.sheet.write_string(self.row + 1, 0, text, self.style(bold=True, font_size=12, font_color=Palette.NAVY))
        self.row += 2

    def heads(self, titles: Sequence[str]) -> None:
        look = self.style(bold=True, font_color="#FFFFFF", bg_color=Palette.NAVY, align="center")
        self.sheet.set_row(self.row, 24)
        for column, title in enumerate(titles):
            self.sheet.write_string(self.row, column, title, look)
        self.row += 1

    def cells(self, texts: Sequence[str], widths: Sequence[int]) -> None:
        height = row_height([(text, width * 7) for text, width in zip(texts, widths, strict=True)])
        self.sheet.set_row(self.row, 20 if height == _ONE_LINE else min(height, 400))
        for column, text in enumerate(texts):
            align = "left" if widths[column] >= 20 else "center"
            look = self.style(text_wrap=True, border=1, border_color=Palette.LINE, align=align)
            if text:
                self.sheet.write_string(self.row, column, text, look)
            else:
                self.sheet.write_blank(self.row, column, None, look)
        self.row += 1


def _wrapped(text: str, width: int) -> list[str]:
    """Split a text into lines of a width in Latin characters at 11 points, a Chinese character counting as two and a bit."""
    limit = max(20, int(width / 2.4))
    return [text[start : start + limit] for start in range(0, len(text), limit)]
