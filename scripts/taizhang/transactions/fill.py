"""Filling a superior's form: ``plan_fill`` reads and writes nothing; ``apply_fill`` writes a copy, then the mapping.

1. The filled copy, under another name: the form itself and the ledger are never written.
2. The mapping, beside the ledger, *after* it: it is what was confirmed. If it cannot be written, PartlyDone is raised;
   the next form is then asked about again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from taizhang.adopt.fields import standard_words
from taizhang.adopt.grid import Grid
from taizhang.adopt.heads import Table
from taizhang.adopt.mapping import KEPT_NAME, Basis, Kept, Mapped, kept_text, propose, read_kept
from taizhang.adopt.source_book import find_tables
from taizhang.figures.metrics import Metrics
from taizhang.fill.answers import is_answered
from taizhang.fill.asked import with_form_fields
from taizhang.fill.cards import Blank, Card, card_in, with_fields
from taizhang.fill.figures import Figure, Label, figure_columns, fill_labels, labels_in, table_of_figures
from taizhang.fill.filling import Filling, TooFewRows, plan_card, plan_figures, plan_filling
from taizhang.fill.form_words import form_words
from taizhang.fill.outside_form import read_outside_form
from taizhang.ledger.layout import REPORTS_FOLDER
from taizhang.ledger.model import Ledger
from taizhang.office.pdf import NoPdf, convert
from taizhang.splice import (
    InsertedRows,
    Refused,
    check_inserted,
    check_patch,
    insert_rows,
    is_plain,
    patch,
    raise_rows,
    sheet_looks,
)
from taizhang.transactions.errors import CannotRun, once_written
from taizhang.transactions.opening import refuse_own
from taizhang.transactions.outputs import output_path, write_aside
from taizhang.transactions.tables import refuse_side_by_side, tables_of
from taizhang.typed.text import clean_key
from taizhang.workbook.containers import FileFormat
from taizhang.workbook.reader import Sheet, Workbook, read_workbook

__all__ = ["FillPlan", "SheetPlan", "apply_fill", "filled_path", "plan_fill"]


@dataclass(frozen=True, eq=False)
class SheetPlan:
    """One sheet of a form with the mapping of its heads and what is written into it.

    ``columns`` says for each head of a table what its column is filled with (empty: nothing), ``labels`` for cells that
    ask for a number beside them, ``blanks`` are those of a card. ``head_row`` is 0 without a table. ``inserted`` are
    the rows that the copy has more than the form; ``others_fit``: with a row for each problem none would be missing.
    """

    name: str
    head_row: int
    columns: tuple[tuple[Mapped, str], ...]
    labels: tuple[Label, ...]
    filling: Filling
    inserted: tuple[InsertedRows, ...] = ()
    others_fit: bool = False
    blanks: tuple[Blank, ...] = ()


@dataclass(frozen=True, eq=False)
class FillPlan:
    """A form with what is written into each of its sheets, and the filled copy's bytes.

    ``converted``: the form is in another format, and the copy was made from LibreOffice's .xlsx of it.
    """

    book: Workbook
    sheets: tuple[SheetPlan, ...]
    filled: bytes
    kept: Kept
    converted: bool

    @property
    def asked(self) -> bool:
        """Whether somebody has to confirm the mapping, rows that are only alike, a scope, or rows that are inserted."""
        guessed = any(each.basis is not Basis.KEPT for each in self.of_the_ledger)
        return (
            guessed
            or self.converted
            or any(
                each.filling.similar or each.inserted or each.filling.scope or each.filling.by_task is None
                for each in self.sheets
            )
        )

    @property
    def of_the_ledger(self) -> tuple[Mapped, ...]:
        """The columns whose fields adopt knows too: these alone are ruled by the kept mapping."""
        listed = [each for sheet in self.sheets if sheet.filling.by_task is not None for each, _ in sheet.columns]
        return tuple(each for each in listed if each.field.name not in form_words().only_here)


def plan_fill(form: Path, ledger: Ledger, m: Metrics, sheet: str = "", *, by_task: bool | None = None) -> FillPlan:
    """Plan the filling of a form's sheet, by default of all that ask for something, with the metrics of a day.

    Raises CannotRun if none does, or several ask for everything; Unreadable or StoreError if a file cannot be read,
    Refused if the form cannot be written safely.
    """
    book = read_workbook(form)
    no_form = "不是上级的表，没有填。请写上级发的那张表的文件名。"
    refuse_own(book, no_form, no_form)
    converted = book.kind is not FileFormat.XLSX
    if converted:
        book = _as_xlsx(form, book)
    if not is_plain(book.data):
        raise CannotRun(f"{book.name} 带宏或者是模板，填好的一份会打不开。请用 Excel 或 WPS 另存为 .xlsx 再运行。")
    words = standard_words()
    kept = read_kept(ledger.path.parent / KEPT_NAME, words)
    source = _Source(ledger, m, kept, by_task)
    found = tables_of(book, words, kept, sheet).tables
    refuse_side_by_side(book, found, words)
    names = [each.name for each in book.sheets if not sheet or clean_key(each.name) == clean_key(sheet)]
    asking = [name for name in names if any(_parts(book, name, found))]
    if not asking:
        few = "一行里至少要有问题、措施、部门、时限一类的三个表头"
        raise CannotRun(f"{book.name} 里没有认出表头：{few}。请核对是不是这份表。")
    plans = list[SheetPlan]()
    for name in asking:
        plan, book = _plan_sheet(form, book, name, source, alone=len(asking) == 1)
        plans += [plan] if plan.filling.edits or len(asking) == 1 else []
    whole = [plan.name for plan in plans if plan.filling.whole]
    if len(whole) > 1:
        named = "、".join(f"〈{name}〉" for name in whole)
        raise CannotRun(f"{book.name} 里有 {len(whole)} 张表可以填：{named}，请用 --sheet 写明是哪一张。")
    edits = [edit for plan in plans for edit in plan.filling.edits]
    if not edits:
        left = [note for plan in plans for note in plan.filling.left]
        raise CannotRun(f"{book.name} 没有可以填的格子：{'；'.join(left) or '表头都不是台账里有的'}。没有写。")
    for plan in plans:
        if plan.filling.heights:
            book = read_workbook(form, raise_rows(book.data, plan.name, plan.filling.heights))
    filled, made = patch(book.data, edits)
    check_patch(book.data, filled, made, read=book)
    return FillPlan(book, tuple(plans), filled, kept, converted)


def _as_xlsx(form: Path, book: Workbook) -> Workbook:
    """Return an .xls, .et or .ods as an .xlsx that LibreOffice made of it; raises CannotRun if that holds other things.

    The cells with their merged ranges are compared: the looks are LibreOffice's, and are said to need a look.
    """
    cure = "请用 Excel 或 WPS 另存为 .xlsx 再运行"
    if book.macros:
        raise CannotRun(f"{book.name} 带宏，没有填。{cure}。")
    try:
        data = convert(book.data, f".{book.kind}", "xlsx:Calc MS Excel 2007 XML")
    except NoPdf:
        raise CannotRun(f"{book.name} 不是 .xlsx，这台电脑又没有 LibreOffice，转不了。{cure}。") from None
    made = read_workbook(form, data) if data else None
    if made is None or [*map(_content, made.sheets)] != [*map(_content, book.sheets)]:
        raise CannotRun(f"{book.name} 不是 .xlsx，转成 .xlsx 以后和原来不一样，没有填。{cure}。")
    return made


def _content(sheet: Sheet) -> tuple[str, bool, dict[tuple[int, int], Any], frozenset[Any], frozenset[tuple[int, int]]]:
    """Return what must be the same in the same sheet of another format."""
    values = {(row, column): raw for row, raws in enumerate(sheet.rows) for column, raw in enumerate(raws) if raw != ""}
    return sheet.name, sheet.visible, values, frozenset(sheet.merged), frozenset(sheet.formulas)


def _parts(book: Workbook, name: str, found: Sequence[Table]) -> tuple[tuple[Label, ...], Card | None, Table | None]:
    """Return what a sheet asks: labels with a cell for a number beside them, a card, a table (None: without one).

    A table whose heads are such labels is none. Raises CannotRun if there are several tables.
    """
    grid, looks = Grid(book.by_name[name]), sheet_looks(book.data, name)
    if card := card_in(grid, looks, standard_words()):
        return (), card, None
    tables = [each for each in found if each.grid.sheet.name == name]
    labels = labels_in(grid, looks)
    rows = {each.cell.row for each in labels}
    tables = [each for each in tables if not rows & {*range(each.top, each.bottom + 1)}]
    if len(tables) > 1:
        tops = "、".join(str(table.top) for table in tables)
        raise CannotRun(
            f"{book.name}〈{name}〉里上下有 {len(tables)} 张表（表头在第 {tops} 行），"
            f"一次只填一张。请把它们分到各自的工作表里，另存一份再运行。"
        )
    numbers = table_of_figures(grid) if not tables and not labels else None
    if numbers and not figure_columns(propose(numbers, standard_words(), Kept())):
        numbers = None
    return labels, None, tables[0] if tables else numbers


@dataclass(frozen=True, eq=False)
class _Source:
    """What a form is filled from, and how the office wants it: the kept mapping, a row for a measure or a problem."""

    ledger: Ledger
    m: Metrics
    kept: Kept
    by_task: bool | None


def _plan_sheet(form: Path, book: Workbook, name: str, source: _Source, *, alone: bool) -> tuple[SheetPlan, Workbook]:
    """Plan a sheet; return the form with the rows that it lacks, too. Refused names a sheet that is not ``alone``."""
    inserted, others_fit = list[InsertedRows](), False
    try:
        while True:
            parts = _parts(book, name, find_tables(book, standard_words(), source.kept, name).tables)
            try:
                plan = _planned(book, name, *parts, source)
                return replace(plan, inserted=tuple(inserted), others_fit=others_fit), book
            except TooFewRows as short:  # of each section once
                if short.rows.after in {each.last for each in inserted}:
                    raise
                inserted.append(short.rows)
                others_fit = others_fit or (short.others_fit and source.by_task is None)
                source = replace(source, by_task=short.by_task)
                book = _with_rows(form, book, short)
    except Refused as refused:
        raise refused if alone else Refused(refused.rule, f"〈{name}〉{refused.message}") from None


def _planned(
    book: Workbook, name: str, labels: tuple[Label, ...], card: Card | None, table: Table | None, source: _Source
) -> SheetPlan:
    """Plan a sheet's card, or its table and labels; raises TooFewRows if the table lacks rows."""
    ledger, m, words = source.ledger, source.m, standard_words()
    if card is not None:
        card = with_fields(card, with_form_fields([each.mapped for each in card.blanks], words, source.kept))
        outside = read_outside_form(book, Table(Grid(book.by_name[name]), 0, 0, ()))
        return SheetPlan(name, 0, (), (), plan_card(ledger, m, outside, card, words), blanks=card.blanks)
    own = fill_labels(labels, ledger, m, sheet_looks(book.data, name), name) if labels else []
    if table is None:
        return SheetPlan(name, 0, (), labels, Filling(None, tuple(own), len(own), (), (), ()))
    proposed = propose(table, words, source.kept)
    outside = read_outside_form(book, table)
    if figures := figure_columns(proposed):
        filling = plan_figures(ledger, m, outside, proposed, figures)
        columns = tuple((replace(each, basis=Basis.HEAD), _figure_of(each, figures)) for each in proposed)
    else:
        mapped = with_form_fields(proposed, words, source.kept)
        filling = plan_filling(ledger, m, outside, mapped, words, by_task=source.by_task)
        columns = tuple((each, each.field.title if is_answered(each.field) else "") for each in mapped)
    return SheetPlan(name, table.bottom, columns, labels, replace(filling, edits=(*own, *filling.edits)))


def _figure_of(each: Mapped, figures: Mapping[int, Figure]) -> str:
    """Return what a column of a table of numbers is filled with."""
    figure = figures.get(each.head.column)
    if figure is not None:
        return figure.title
    return each.field.title if each.field.name in ("number", "aspect", "department") else ""


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
