"""The scope of a sheet: which of the ledger's measures it wants, by its titles and its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from taizhang.adopt.grid import Grid
from taizhang.adopt.heads import Table
from taizhang.adopt.mapping import Mapped
from taizhang.figures.metrics import Metrics
from taizhang.fill.answers import Entry
from taizhang.fill.figures import aspect_named, read_figure
from taizhang.fill.form_words import form_words
from taizhang.ledger.model import Ledger
from taizhang.supervision.tasks import Task
from taizhang.typed.readings import quote

__all__ = ["Scope", "find_scope"]

_OF_A_DEPARTMENT = re.compile(r"^(?:责任|牵头|填报|主办)?(?:部门|科室|处室|单位)(?:名称)?[:：]\s*(\S.*)$")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a sheet is about: measures in a state, of a department, or under the problems of an aspect; empty: all."""

    state: str = ""
    department: str = ""
    aspect: str = ""

    @property
    def said(self) -> str:
        """The scope in words, empty if there is none."""
        named = [quote(each) for each in (self.department, self.aspect) if each]
        title = next((each.title for each in form_words().scopes if each.name == self.state), "")
        return "、".join([*named, *([title] if title else [])])

    def keep(self, entries: Sequence[Entry], m: Metrics) -> list[Entry]:
        """Return the entries that the sheet wants; of a problem with several measures, those of the department."""
        return list(self._kept(entries, m))

    def _kept(self, entries: Sequence[Entry], m: Metrics) -> Iterator[Entry]:
        for each in entries:
            aspect = m.aspect_of_problem.get(each.problem.code, "") if each.problem else ""
            own = tuple(task for task in each.tasks if self.department in ("", task.department))
            if (self.aspect and aspect != self.aspect) or (self.department and not own) or not self._in_state(own):
                continue
            yield replace(each, tasks=own)

    def _in_state(self, tasks: Sequence[Task]) -> bool:
        """Whether measures that are told in a row together are in the state: all closed, or one of them open, late."""
        if self.state == "closed":
            return bool(tasks) and all(task.closed for task in tasks)
        if self.state == "late":
            return any(task.overdue and not task.closed for task in tasks)
        return self.state == "" or not tasks or any(not task.closed for task in tasks)


def find_scope(table: Table, mapped: Sequence[Mapped], ledger: Ledger, m: Metrics) -> Scope:
    """Return the scope that the titles above a table, its sheet's name and the heads of its content give."""
    grid: Grid = table.grid
    figures = {cell for cell in table.before if (figure := read_figure([cell.text])) and figure.sure}
    titles = [grid.sheet.name, *(cell.text for cell in table.before if cell not in figures)]
    heads = [each.head.text for each in mapped if each.field.name in ("problem", "statement")]
    states = {each.name for each in form_words().scopes for text in (*titles, *heads) if each.words.search(text)}
    states = {"late"} if "late" in states else states
    department = ledger.settings.department(grid.sheet.name)
    for title in titles[1:]:
        named = _OF_A_DEPARTMENT.match(title)
        department = (ledger.settings.department(named[1].strip()) if named else None) or department
    aspects = dict.fromkeys(found for text in titles if (found := aspect_named(text, ledger, m)))
    return Scope(
        states.pop() if len(states) == 1 else "",
        department.name if department else "",
        next(iter(aspects)) if len(aspects) == 1 else "",
    )
