"""The tables of a workbook that is not the program's own: the office's own table, or a superior's form."""

from __future__ import annotations

from collections.abc import Iterable

from taizhang.adopt.fields import Words
from taizhang.adopt.heads import Table
from taizhang.adopt.mapping import Kept
from taizhang.adopt.source_book import Found, find_tables, side_by_side
from taizhang.transactions.errors import CannotRun
from taizhang.typed.text import clean_key
from taizhang.workbook.reader import Workbook

__all__ = ["refuse_side_by_side", "tables_of"]


def tables_of(book: Workbook, words: Words, kept: Kept, sheet: str, *, lay: bool = False) -> Found:
    """Return the tables of a workbook, or of one sheet (empty: all); raises CannotRun if there is no such sheet.

    ``lay``: cards and the like are laid out as rows below heads.
    """
    if sheet and not any(clean_key(each.name) == clean_key(sheet) for each in book.sheets):
        names = "、".join(f"〈{each.name}〉" for each in book.sheets)
        raise CannotRun(f"{book.name} 里没有〈{sheet}〉这张表，有：{names}。")
    return find_tables(book, words, kept, sheet, lay=lay)


def refuse_side_by_side(book: Workbook, tables: Iterable[Table], words: Words) -> None:
    """Raise CannotRun if two tables stand side by side: a row of one says nothing of the row of the other."""
    for table in tables:
        if said := side_by_side(table, words):
            raise CannotRun(f"{book.name}{said}")
