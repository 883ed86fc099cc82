"""What the office's own tables come to: the rows made so far by register, and what is said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from taizhang.adopt.account import Account
from taizhang.adopt.fields import Words
from taizhang.adopt.grid import Cell, Where
from taizhang.adopt.mapping import Kept
from taizhang.forms.model import Form
from taizhang.forms.register_names import CAUSES, CLOSEOUTS, PROBLEMS, TASKS
from taizhang.ledger.settings import Settings
from taizhang.typed.numerals import as_ranges
from taizhang.typed.readings import quote
from taizhang.typed.text import head_key
from taizhang.workbook.places import column_letters

__all__ = ["PLACE", "Adopted", "Builder", "Source"]

_MOST_STRETCHES = 20
"""Stretches of rows that a note names; a note on every card of a long table would be lines of numbers."""
PLACE = "原表位置"
"""The head of the column with the file, the sheet and the row that a task or problem comes from."""


@dataclass(frozen=True)
class Source:
    """Where tables come from and how they are read.

    The file's name, the words and what the office has ruled; the form of each register, 参数 (for what is listed
    there), the 来源 of problems that do not say theirs, for each table, and the day from which duties are counted.
    """

    file: str
    words: Words
    kept: Kept
    forms: Mapping[str, Form]
    settings: Settings
    problem_sources: Sequence[str]
    today: date
    epoch_1904: bool = False


@dataclass(frozen=True)
class Adopted:
    """What the tables come to.

    - ``rows`` are by register, ``own`` the heads of the office's own columns by register; their values are in the rows,
      by these heads.
    - ``departments``, ``posts`` and ``aspects`` are those that the rows name, in order.
    - ``left`` are the cells that are not, or not as they are, in the ledger, by reason.
    - ``notes`` are sentences on what was understood and has to be checked.
    """

    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    own: Mapping[str, Sequence[str]]
    departments: Sequence[str]
    posts: Sequence[str]
    aspects: Sequence[str]
    left: Sequence[tuple[str, Sequence[Cell]]]
    notes: Sequence[str]


@dataclass
class Builder:
    """The rows made so far, over all tables.

    ``numbered`` are the problems by the number that the table gives them; ``links`` tasks with the numbers of their
    problems, which may stand further below or on another sheet.
    """

    source: Source
    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {PROBLEMS: [], CAUSES: [], TASKS: [], CLOSEOUTS: []}
    )
    own: dict[str, dict[str, None]] = field(default_factory=lambda: {PROBLEMS: {}, TASKS: {}})
    departments: dict[str, None] = field(default_factory=dict)
    posts: dict[str, None] = field(default_factory=dict)
    aspects: dict[str, None] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    statuses: Counter[tuple[str, str]] = field(default_factory=Counter)
    lacking: dict[str, dict[Where, None]] = field(default_factory=dict)
    numbered: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    links: list[tuple[list[dict[str, Any]], str, Where]] = field(default_factory=list)

    def add(self, register: str, row: dict[str, Any]) -> dict[str, Any]:
        """Append a row with the next code."""
        form = self.source.forms[register]
        row = {form.code_column.key: form.format_code(len(self.rows[register]) + 1), **row}
        self.rows[register].append(row)
        return row

    def keep(self, register: str, row: dict[str, Any], head: str, text: str) -> None:
        """Put a text into a column of the office's own; a second text of the same row is put behind the first."""
        name = f"原表{head}" if head_key(head) in self.source.forms[register].titles else head
        self.own[register][name] = None
        row[name] = f"{row[name]}；{text}" if name in row else text

    def lack(self, what: str, where: Where) -> None:
        """Note what an entry lacks or how it was understood."""
        self.lacking.setdefault(what, {})[where] = None

    def finish(self, account: Account) -> Adopted:
        """Return what was made, with the sentences that go with it."""
        notes = [f"状态{quote(words)}按“{status}”收，{count} 项" for (words, status), count in self.statuses.items()]
        notes += [f"{what}，{count} 项" for what, count in self.counts.items()]
        notes += [f"{what}：{_rows_named(where)}" for what, where in self.lacking.items()]
        own = {register: tuple(heads) for register, heads in self.own.items()}
        return Adopted(
            self.rows,
            own,
            tuple(self.departments),
            tuple(self.posts),
            tuple(self.aspects),
            account.reasons(),
            tuple(notes),
        )


def _rows_named(places: Iterable[Where]) -> str:
    """Return entries as a sentence names them: 第 4—9、12 行 after the sheet; of columns their letters.

    Of many that do not follow each other the first are named, and how many they are.
    """
    by_sheet: dict[tuple[str, bool], list[int]] = {}
    for sheet, number, across in places:
        by_sheet.setdefault((sheet, across), []).append(number)
    return "、".join(
        f"〈{sheet}〉"
        + (f"{'、'.join(map(column_letters, sorted(own)))} 列" if across else _numbers_named(sorted(own)))
        for (sheet, across), own in by_sheet.items()
    )


def _numbers_named(rows: Sequence[int]) -> str:
    stretches = as_ranges(rows).split("、")
    if len(stretches) <= _MOST_STRETCHES:
        return f"第 {'、'.join(stretches)} 行"
    return f"第 {'、'.join(stretches[:_MOST_STRETCHES])} 行等，共 {len(rows)} 条"
