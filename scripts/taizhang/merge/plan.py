"""The plan of a merge as values: cells taken, conflicts, control totals, and updates of the base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from taizhang.forms.columns import Column
from taizhang.forms.model import Form
from taizhang.forms.vocabulary import ColumnType, Sensitivity
from taizhang.history.bases import Base
from taizhang.history.entries import Change
from taizhang.ledger.cell_values import as_seen
from taizhang.ledger.findings import Finding
from taizhang.merge.submissions import Submission
from taizhang.splice import AppendRow, SetCell
from taizhang.typed.personal import find_personal, looks_like_a_name
from taizhang.typed.readings import quote
from taizhang.typed.text import as_text, is_blank
from taizhang.workbook.places import Place

__all__ = ["LEFT_TO_DO", "Conflict", "News", "Plan", "Taken", "Totals", "is_clean", "seen"]


@dataclass(frozen=True, slots=True)
class Taken:
    """One returned cell that is taken: place, row and column, the ledger's cell before and after, and as typed.

    ``note`` says why, if the cell itself does not.
    """

    place: Place
    form: Form
    code: str
    column: Column
    old: Any
    new: Any
    typed: Any
    note: str = ""

    def change(self, source: str) -> Change:
        """Return the change for the journal."""
        old, new = as_text(self.old), as_text(self.new)
        return Change(self.form.name, self.code, self.column.key, old, new, source, self.note)


@dataclass(frozen=True, slots=True)
class Conflict:
    """One cell that ledger and department changed differently; the ledger keeps its value until it is decided.

    ``base``, ``ours`` and ``theirs`` are raw cells; ``new`` is the ledger's cell if the department's value is taken.
    """

    place: Place
    form: Form
    code: str
    column: Column
    base: Any
    ours: Any
    theirs: Any
    new: Any
    department: str


LEFT_TO_DO = ("held", "conflicting", "missing", "disputed", "errors")
"""The control totals that must be zero before nothing is left to do."""


@dataclass
class Totals:
    """One department's control totals in rows: issued = merged + unchanged + held + conflicting + missing.

    Not part of the sum: rows that the department ``added`` in this merge, and earlier added rows that are now
    ``disputed``, that is in conflict with the ledger. ``errors`` counts findings. ``unsaid`` are the codes of unchanged
    rows of which nothing was said this period, ``unsaid_registers`` the titles of registers without a change of which
    nobody has said that there is none.
    """

    department: str
    issued: int = 0
    merged: int = 0
    unchanged: int = 0
    held: int = 0
    conflicting: int = 0
    missing: int = 0
    added: int = 0
    disputed: int = 0
    file: str = ""
    errors: int = 0
    unsaid: tuple[str, ...] = ()
    unsaid_registers: tuple[str, ...] = ()

    @property
    def closes(self) -> bool:
        """Whether every issued row is accounted for."""
        return self.issued == self.merged + self.unchanged + self.held + self.conflicting + self.missing

    @property
    def equation(self) -> str:
        """The totals as an equation in Chinese."""
        added = f"；新增 {self.added} 行" if self.added else ""
        added += f"；以前新增的行冲突 {self.disputed} 行" if self.disputed else ""
        return (
            f"下发 {self.issued} 行 = 采用 {self.merged} + 没变 {self.unchanged} + 退回 {self.held}"
            f" + 冲突 {self.conflicting} + 缺 {self.missing}{added}"
        )

    @property
    def unsaid_words(self) -> str:
        """How many rows nothing was said of, and which: ``3 行没有说：RW-003、RW-005、RW-007``."""
        more = "等" if len(self.unsaid) > CODES_NAMED else ""
        return f"{len(self.unsaid)} 行没有说：{'、'.join(self.unsaid[:CODES_NAMED])}{more}" if self.unsaid else ""

    @property
    def unsaid_registers_words(self) -> str:
        """Of which registers nothing was said: ``群众诉求、办实事 没有说本期有没有变化``."""
        return f"{'、'.join(self.unsaid_registers)} 没有说本期有没有变化" if self.unsaid_registers else ""


CODES_NAMED = 8
"""Up to so many rows are named in one sentence."""


def is_clean(totals: Mapping[str, Any]) -> bool:
    """Whether stored totals (by field name) say that the whole file was taken and nothing is left to do."""
    return not any(totals.get(name, 0) for name in LEFT_TO_DO)


@dataclass
class News:
    """Updates of a base by a merge: codes assigned to spare rows, the cells they were added with, the cells taken."""

    assigned: dict[str, str] = field(default_factory=dict)
    added: dict[str, dict[str, str]] = field(default_factory=dict)
    taken: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Plan:
    """The effects of merging one department's file; without a file (``submission`` None) all its rows are missing.

    ``codes`` maps (sheet, row) of the file to codes. ``issue`` is the number of the issue within its period; None if
    the file does not say. ``unread``: none of the issued sheets was found. ``outdone`` are the SHA-256 of versions that
    came and were not taken, because another was or because nothing was said in them.

    ``said`` are the codes of tasks of which the file says something, ``silent`` those that were asked and left as they
    were issued. ``said_registers`` and ``silent_registers`` are the same of the registers that ask by a tick whether
    they have a change. ``unasked``: tasks were issued without the tick, from a ledger that does not have its column.
    ``spoke``: some cell of the file is not as it was issued.
    """

    base: Base
    submission: Submission | None
    totals: Totals
    edits: list[SetCell | AppendRow] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    news: News = field(default_factory=News)
    codes: dict[tuple[str, int], str] = field(default_factory=dict)
    issue: int | None = None
    unread: bool = False
    outdone: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    said_registers: list[str] = field(default_factory=list)
    silent_registers: list[str] = field(default_factory=list)
    unasked: bool = False
    spoke: bool = False

    @property
    def says_nothing(self) -> bool:
        """Whether the department was asked and every cell of the file is as it was issued.

        Tasks without a tick can only be left as they are: a file with such tasks says that they have no change.
        """
        totals, asked = self.totals, bool(self.silent or (self.silent_registers and not self.unasked))
        return asked and not (self.spoke or totals.held or totals.added or totals.disputed or totals.errors)

    @property
    def changes(self) -> list[Change]:
        """The changes for the journal, in the order of the file."""
        return [each.change(self.totals.file) for each in self.taken]


def seen(form: Form, column: Column, raw: Any) -> str:
    """Return a cell as text for people: empty if blank, and never a personal or classified value."""
    text = as_seen(column, raw)
    if is_blank(raw):
        return ""
    named = column.holds_post and looks_like_a_name(text)
    if named or (form.sensitivity == Sensitivity.PERSONAL and column.type != ColumnType.CODE):
        return "（内容不显示）"
    return quote(raw) if find_personal(text) else text
