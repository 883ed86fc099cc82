"""Filling a superior's form: ``plan_fill`` reads and writes nothing; ``apply_fill`` writes a copy, then the mapping.

1. The filled copy, under another name: the form itself and the ledger are never written.
2. The mapping, beside the ledger, *after* it: it is what was confirmed. If it cannot be written, PartlyDone is raised;
   the next form is then asked about again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from taizhang.adopt.fields import standard_words
from taizhang.adopt.heads import Table
from taizhang.adopt.mapping import KEPT_NAME, Basis, Kept, Mapped, kept_text, propose, read_kept
from taizhang.adopt.source_book import find_tables
from taizhang.figures.metrics import Metrics
from taizhang.fill.asked import COUNTS, FORM_FIELDS, with_form_fields
from taizhang.fill.filling import Filling, TooFewRows, plan_filling
from taizhang.fill.outside_form import read_outside_form
from taizhang.ledger.layout import REPORTS_FOLDER
from taizhang.ledger.model import Ledger
from taizhang.splice import InsertedRows, Refused, check_inserted, check_patch, insert_rows, is_plain, patch
from taizhang.transactions.errors import CannotRun, once_written
from taizhang.transactions.opening import refuse_own
from taizhang.transactions.outputs import output_path, write_aside
from taizhang.transactions.tables import refuse_side_by_side, tables_of
from taizhang.workbook.containers import FileFormat
from taizhang.workbook.reader import Workbook, read_workbook

__all__ = ["FillPlan", "apply_fill", "filled_path", "plan_fill"]


@dataclass(frozen=True, eq=False)
class FillPlan:
    """A form with the mapping of its heads, what is written into it, and the filled copy's bytes.

    ``inserted`` are the rows that the copy has more than the form, in the order in which they were inserted.
    """

    book: Workbook
    table: Table
    mapped: tuple[Mapped, ...]
    filling: Filling
    filled: bytes
    kept: Kept
    inserted: tuple[InsertedRows, ...]

    @property
    def asked(self) -> bool:
        """Whether somebody has to confirm the mapping, rows that are only alike, or rows that are inserted."""
        guessed = any(each.basis is not Basis.KEPT for each in self.of_the_ledger)
        return guessed or bool(self.filling.similar or self.inserted)

    @property
    def of_the_ledger(self) -> tuple[Mapped, ...]:
        """The columns whose fields adopt knows too: these alone are ruled by the kept mapping."""
        return tuple(each for each in self.mapped if each.field.name not in {*COUNTS, *FORM_FIELDS})


def plan_fill(form: Path, ledger: Ledger, m: Metrics, sheet: str = "", *, by_task: bool | None = None) -> FillPlan:
    """Plan the filling of a form's sheet (by default the only one with a table) with the metrics of a day.

    Raises CannotRun if it has no table or several, Unreadable or StoreError if a file cannot be read, Refused if the
    form cannot be written safely.
    """
    book = read_workbook(form)
    no_form = "不是上级的表，没有填。请写上级发的那张表的文件名。"
    refuse_own(book, no_form, no_form)
    if book.kind is not FileFormat.XLSX:
        raise CannotRun(f"{book.name} 不是 .xlsx，填进去会变样。请用 Excel 或 WPS 另存为 .xlsx 再运行。")
    if not is_plain(book.data):
        raise CannotRun(f"{book.name} 带宏或者是模板，填好的一份会打不开。请用 Excel 或 WPS 另存为 .xlsx 再运行。")
    words = standard_words()
    kept = read_kept(ledger.path.parent / KEPT_NAME, words)
    table = _only(book, tables_of(book, words, kept, sheet).tables)
    refuse_side_by_side(book, [table], words)
    inserted = list[InsertedRows]()
    while True:
        try:
            mapped, filling = _plan(book, table, ledger, m, kept, by_task)
            break
        except TooFewRows as short:  # of each section once
            if short.rows.after in {each.last for each in inserted}:
                raise
            inserted.append(short.rows)
            book = _with_rows(form, book, short)
            (table,) = find_tables(book, words, kept, table.grid.sheet.name).tables
    if not filling.edits:
        raise CannotRun(f"{book.name} 没有可以填的格子：{'；'.join(filling.left) or '表头都不是台账里有的'}。没有写。")
    filled, made = patch(book.data, filling.edits)
    check_patch(book.data, filled, made, read=book)
    return FillPlan(book, table, mapped, filling, filled, kept, tuple(inserted))


def _only(book: Workbook, found: Sequence[Table]) -> Table:
    """Return the only table of a form; raises CannotRun if there is none, or more than one."""
    if len(found) > 1 and len({table.grid.sheet.name for table in found}) == 1:
        rows = "、".join(str(table.top) for table in found)
        raise CannotRun(
            f"{book.name}〈{found[0].grid.sheet.name}〉里上下有 {len(found)} 张表（表头在第 {rows} 行），"
            f"一次只填一张。请把它们分到各自的工作表里，另存一份再运行。"
        )
    if len(found) != 1:
        named = "、".join(f"〈{table.grid.sheet.name}〉" for table in found)
        raise CannotRun(
            f"{book.name} 里有 {len(found)} 张表可以填：{named}，请用 --sheet 写明是哪一张。"
            if found
            else f"{book.name} 里没有认出表头：一行里至少要有问题、措施、部门、时限一类的三个表头。请核对是不是这份表。"
        )
    return found[0]


def _plan(
    book: Workbook, table: Table, ledger: Ledger, m: Metrics, kept: Kept, by_task: bool | None
) -> tuple[tuple[Mapped, ...], Filling]:
    words = standard_words()
    mapped = with_form_fields(propose(table, words, kept), words, kept)
    return mapped, plan_filling(ledger, m, read_outside_form(book, table), mapped, words, by_task=by_task)


def _with_rows(form: Path, book: Workbook, short: TooFewRows) -> Workbook:
    """Return the form with the rows inserted that it lacks; raises Refused, with the reason, if that is not safe."""
    try:
        data = insert_rows(book.data, short.rows)
        check_inserted(book.data, data, short.rows)
    except Refused as unsafe:
        raise Refused(unsafe.rule, f"{short.told}；{unsafe.message}") from None
    return read_workbook(form, data)


def filled_path(form: Path, ledger: Path, day: date, output: Path | None) -> Path:
    """Return where the filled copy goes: ``output``, or a name of its own beside the ledger.

    Raises CannotRun if that is the form or the ledger itself, or no .xlsx.
    """
    default = ledger.parent / REPORTS_FOLDER / f"{form.stem}_已填_{day:%Y-%m-%d}.xlsx"
    path = output_path(output, default, ledger)
    if path.exists() and form.exists() and path.samefile(form):
        raise CannotRun("--output 写的就是上级的表，会盖掉它，请换一个文件名。")
    return path


def apply_fill(plan: FillPlan, path: Path, ledger: Path) -> Path | None:
    """Write the filled copy and keep the mapping; return the new name of an earlier file that was in the place."""
    aside = write_aside(path, plan.filled, ledger)
    if plan.asked:
        with once_written([str(path)], KEPT_NAME):
            write_aside(ledger.parent / KEPT_NAME, kept_text(plan.of_the_ledger, plan.kept).encode(), ledger)
    return aside
