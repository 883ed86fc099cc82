"""The rows that a sheet of an office's own table comes to, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from taizhang.adopt.account import ranges_of
from taizhang.adopt.adopted import Adopted, Source
from taizhang.adopt.fields import standard_words
from taizhang.adopt.grid import Grid
from taizhang.adopt.heads import tables_in
from taizhang.adopt.layouts import laid_out
from taizhang.adopt.mapping import Kept, Mapped, propose
from taizhang.adopt.rows import adopt_tables
from taizhang.forms.load import standard_forms
from taizhang.ledger.settings import Settings
from taizhang.workbook.reader import Sheet

WORDS = standard_words()
Area = tuple[tuple[int, int], tuple[int, int]]


def sheet_of(*rows: Sequence[Any], merged: tuple[Area, ...] = (), name: str = "表") -> Sheet:
    """Return a sheet with these rows; ``merged`` are first and last cells of its merged ranges."""
    width = max(map(len, rows))
    return Sheet(name, [[*row, *[""] * (width - len(row))] for row in rows], merged=merged)


def adopt_grids(*grids: Grid) -> Adopted:
    """Return what the tables of sheets come to, in a plan of 2025, on 2025-08-31."""
    tables = [(table, propose(table, WORDS, Kept())) for grid in grids for table in tables_in(grid, WORDS)]
    source = Source(
        "旧表.xlsx", WORDS, Kept(), standard_forms(), Settings(year=2025), ["原台账"] * len(tables), date(2025, 8, 31)
    )
    return adopt_tables(tables, source)


def adopt_rows(*rows: Sequence[Any], merged: tuple[Area, ...] = (), name: str = "表") -> Adopted:
    """Return what the rows of one sheet come to."""
    return adopt_grids(laid_out(sheet_of(*rows, merged=merged, name=name), WORDS))


def columns_of(*rows: Sequence[Any], merged: tuple[Area, ...] = ()) -> tuple[Mapped, ...]:
    """Return how the columns of the only table of a sheet are read."""
    (table,) = tables_in(laid_out(sheet_of(*rows, merged=merged), WORDS), WORDS)
    return propose(table, WORDS, Kept())


def tasks_of(result: Adopted, *keys: str) -> list[tuple[Any, ...]]:
    """Return these columns of the tasks."""
    return [tuple(row.get(key) for key in keys) for row in result.rows["tasks"]]


def problems_of(result: Adopted, *keys: str) -> list[tuple[Any, ...]]:
    """Return these columns of the problems."""
    return [tuple(row.get(key) for key in keys) for row in result.rows["problems"]]


def left_of(result: Adopted) -> list[tuple[str, str]]:
    """Return the cells that are not in the ledger, and why."""
    return [(ranges_of(cells), reason) for reason, cells in result.left]
