"""Rows of registers that are about tasks: each read into a value, and grouped by the task's code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Protocol, TypeVar

from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record

__all__ = ["CellOf", "by_task", "code_of", "read_rows"]

CellOf = Callable[[str], Any]
"""Returns the canonical value of a column of one row, None if it is blank or unreadable."""


class AboutTask(Protocol):
    """A value that names its task."""

    @property
    def task(self) -> str:
        """The task's code; empty if the row names none."""
        ...


Row = TypeVar("Row")
TaskRow = TypeVar("TaskRow", bound=AboutTask)


def read_rows(ledger: Ledger, name: str, make: Callable[[Record, CellOf], Row]) -> tuple[Row, ...]:
    """Return every row of a register as ``make`` reads it, in sheet order; empty if the ledger has no such sheet."""
    register = ledger.registers.get(name)
    if register is None:
        return ()
    return tuple(make(record, partial(ledger.meaning, register, record)) for record in register.records)


def by_task(rows: Iterable[TaskRow]) -> Mapping[str, tuple[TaskRow, ...]]:
    """Return rows by the code of their task, each in the order given."""
    found: dict[str, list[TaskRow]] = {}
    for row in rows:
        found.setdefault(row.task, []).append(row)
    return {task: tuple(own) for task, own in found.items()}


def code_of(record: Record) -> str:
    """Return the code of a row; without one, its place in the sheet: 第 7 行."""
    return record.code or f"第 {record.row} 行"
