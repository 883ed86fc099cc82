"""A model of what the ledger must hold, written from the merge's rules alone, without the program's code.

A row is identified by its words (``uid``), never by its code or position. Rules for a returned cell, in order:

1. If the row is gone, has another code than when issued, or has another owner, nothing is taken.
2. A cell that is as issued, or blank, reports nothing; a repeated value of this form reports nothing new.
3. A closed task keeps its status and progress.
4. A value that the office changed since this form was issued stays, as a conflict; so does a value that the same
   department reported for a later period.
5. Everything else is taken.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CLOSED = ("已销号", "长期坚持")
RATED = ("满意", "基本满意", "不满意")
BAD = object()
"""Stands for what a department typed and nobody can read: its row is held."""
Form = tuple[str, str]
"""A department and a period: what was issued to it, and comes back."""
Cells = dict[str, Any]


@dataclass
class Row:
    """One row: its register, code, owner and cells by title.

    ``office`` holds the step at which the office last typed into a cell; ``said_for`` the period for which the owner
    last filled it.
    """

    register: str
    code: str
    owner: str
    cells: Cells
    office: dict[str, int] = field(default_factory=dict)
    said_for: dict[str, str] = field(default_factory=dict)


@dataclass
class Step:
    """The effect of one merge or undo: (row, column) → values before and after; rows added and removed.

    ``codes`` are those of the rows at that time: an undo finds a row by its code and skips rows whose code has changed.
    """

    cells: dict[tuple[str, str], tuple[Any, Any]] = field(default_factory=dict)
    added: dict[str, Row] = field(default_factory=dict)
    removed: dict[str, Row] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)


@dataclass
class Model:
    """The expected ledger. ``loose`` holds cells for which the rules allow two values: the old one or the typed one."""

    rows: dict[str, Row] = field(default_factory=dict)
    issued: dict[Form, dict[str, Row]] = field(default_factory=dict)
    issued_at: dict[Form, int] = field(default_factory=dict)
    said: dict[Form, Cells] = field(default_factory=dict)
    came: dict[Form, set[str]] = field(default_factory=dict)
    loose: dict[tuple[str, str], dict[Any, Form]] = field(default_factory=dict)
    now: int = 0

    def types(self, uid: str, cells: Mapping[str, Any]) -> None:
        """The office types into a row."""
        self.now += 1
        self.rows[uid].cells.update(cells)
        self.rows[uid].office.update(dict.fromkeys(cells, self.now))

    def issue(self, form: Form, closed: Mapping[str, tuple[str, tuple[str, ...]]]) -> None:
        """Issue a department its open rows; ``closed`` gives by register the column and the words that close a row."""
        self.now += 1
        self.issued[form] = {
            uid: copy.deepcopy(row)
            for uid, row in self.rows.items()
            if row.owner == form[0] and row.cells.get(closed[row.register][0]) not in closed[row.register][1]
        }
        self.issued_at[form] = self.now

    def merge(
        self, form: Form, typed: Mapping[str, Cells], new: Mapping[str, Row], unsure: set[str], step: Step
    ) -> None:
        """A form comes back: rows as typed, new rows, and rows of which it is unsure whose words they hold."""
        for uid, cells in typed.items():
            if uid in self.issued[form]:
                self._merge_row(form, uid, self.issued[form][uid], cells, uid in unsure, step)
        for uid, row in new.items():
            if uid not in self.came.setdefault(form, set()):
                self.came[form].add(uid)
                self.rows[uid] = copy.deepcopy(row)
                self.rows[uid].said_for = dict.fromkeys(row.cells, form[1])
                step.added[uid] = self.rows[uid]

    def _merge_row(self, form: Form, uid: str, base: Row, typed: Cells, unsure: bool, step: Step) -> None:
        row, said = self.rows.get(uid), self.said.setdefault(form, {})
        if row is None or row.code != base.code or row.owner != form[0]:
            return
        closed = row.cells.get("状态") in CLOSED
        proof = typed.get("佐证材料") or base.cells.get("佐证材料")
        unproved = typed.get("状态") == "已完成" and not proof and not closed
        unanswered = typed.get("满意度") in RATED and not (typed.get("反馈日期") or row.cells.get("反馈日期"))
        if BAD in typed.values() or ((unproved or unanswered) and typed != base.cells):
            return  # unreadable, done without evidence, or rated without the day of the answer: the whole row is held
        for key, value in typed.items():
            issued, mine = base.cells.get(key), row.cells.get(key)
            if value in (issued, None) or said.get(f"{uid}|{key}") == value or (closed and key in ("状态", "进度")):
                continue
            if value == mine:
                said[f"{uid}|{key}"] = value
            elif (row.office.get(key, 0) > self.issued_at[form] and mine != issued) or row.said_for.get(key, "") > form[
                1
            ]:
                continue
            elif unsure:
                self.loose.setdefault((uid, key), {})[value] = form
            else:
                step.cells[uid, key], step.codes[uid] = (mine, value), row.code
                self.takes(form, uid, key, value)

    def takes(self, form: Form, uid: str, key: str, value: Any) -> None:
        """Record that a returned cell is now in the ledger, reported by that form."""
        self.said[form][f"{uid}|{key}"] = value
        self.rows[uid].cells[key], self.rows[uid].said_for[key] = value, form[1]

    def undo(self, step: Step) -> Step:
        """Undo a step where nobody has typed since; return the effect, to be undone in turn."""
        self.now += 1
        back = Step()
        for (uid, key), (old, new) in step.cells.items():
            row = self.rows.get(uid)
            if row is not None and row.code == step.codes[uid] and row.cells.get(key) == new:
                row.cells[key], row.office[key] = old, self.now
                back.cells[uid, key], back.codes[uid] = (new, old), row.code
        for uid, row in step.added.items():
            if uid in self.rows and self.rows[uid].cells == row.cells:
                back.removed[uid] = self.rows.pop(uid)
        for uid, row in step.removed.items():
            if uid not in self.rows:
                self.rows[uid] = back.added[uid] = row
        return back

    def snapshot(self) -> dict[tuple[str, str], Cells]:
        """Return the ledger by register and code."""
        return {(row.register, row.code): dict(row.cells) for row in self.rows.values()}
