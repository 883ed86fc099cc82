"""Figures: the cells of a form that ask how many problems or measures there are, of all or of a group."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from taizhang.adopt.asides import is_note, is_total
from taizhang.adopt.grid import Cell, Grid
from taizhang.adopt.heads import Table, table_at
from taizhang.adopt.mapping import Mapped
from taizhang.figures.coverage import Problem
from taizhang.figures.metrics import Metrics
from taizhang.fill.form_words import form_words
from taizhang.fill.matching import key_of
from taizhang.fill.outside_form import OutsideForm
from taizhang.ledger.model import Ledger
from taizhang.ledger.vocabulary import Status
from taizhang.splice import InsertedRows, SetCell, SheetLooks
from taizhang.supervision.tasks import Task
from taizhang.typed.percentages import percent_words, round_half_up
from taizhang.workbook.reader import HEAD_SEARCH_ROWS

__all__ = [
    "Figure", "Group", "Label", "aspect_named", "figure_columns", "fill_columns", "fill_labels", "labels_in",
    "names_aspect", "read_figure", "table_of_figures", "unfilled",
]  # fmt: skip

_BESIDE = frozenset({"number", "aspect", "department", "note", "person", "contact"})
"""The fields that may stand beside numbers: in what order, of what, and what people fill in."""

_UNIT = re.compile("[个项条件次%％]")
_LONGEST = 16
"""A longer text is no head of a number."""

_SHARE_PLACES = 4


@dataclass(frozen=True, slots=True)
class Figure:
    """What is counted (``all``, ``closed``, …; fill.toml) of problems or measures, and how a plan calls it.

    Without a title it is nothing that the ledger knows. ``sure``: the words ask for a number, whatever stands beside.
    """

    name: str
    object: str
    title: str
    sure: bool

    def value(self, group: Group) -> int | tuple[int, int]:
        """Return the number of a group; of a share, its two counts."""
        if self.object == "problem":
            return self._of([*map(_state_of_problem, group.problems)])
        return self._of([*map(_state_of_task, group.tasks)])

    def _of(self, states: Sequence[frozenset[str]]) -> int | tuple[int, int]:
        if self.name == "rate":
            return sum("closed" in each for each in states), len(states)
        return sum(self.name in each or self.name == "all" for each in states)


def _state_of_task(task: Task) -> frozenset[str]:
    if task.closed:
        return frozenset({"closed"})
    began = "not_started" if task.status is Status.NOT_STARTED else "under_way"
    return frozenset({"open", began, *(["late"] if task.overdue else [])})


def _state_of_problem(problem: Problem) -> frozenset[str]:
    """Return the states of a problem: closed if all its measures are, late if one is, begun if one is."""
    if problem.settled:
        return frozenset({"closed"})
    states = [_state_of_task(task) for task in problem.tasks]
    began = "under_way" if any("not_started" not in each for each in states) else "not_started"
    return frozenset({"open", began, *(["late"] if any("late" in each for each in states) else [])})


@dataclass(frozen=True)
class Group:
    """The problems and measures that are counted together."""

    name: str
    problems: tuple[Problem, ...]
    tasks: tuple[Task, ...]


def read_figure(words: Sequence[str], before: str = "") -> Figure | None:
    """Return the figure that a head asks for, an upper head first; None for any other head.

    What is counted is said by its own words, by those above, or by the figure ``before`` it; else measures are meant.
    """
    known, last = form_words(), "".join(words[-1].split()) if words else ""
    if not last or len(last) > _LONGEST:
        return None
    sure = any(known.number.search("".join(each.split())) for each in words)
    if not sure and known.no_number.search(last):
        return None
    found = next((each for each in known.figures if each.words.search(last)), None)
    if found is None or (found.name == "all" and not sure):
        return None
    said = next((each for text in words[::-1] for each in known.objects[::-1] if each.words.search(text)), None)
    counted = said or next((each for each in known.objects if each.name == before), known.objects[-1])
    return Figure(found.name, counted.name, found.title.format(counted.title) if found.title else "", sure)


def figure_columns(mapped: Sequence[Mapped]) -> dict[int, Figure]:
    """Return column → figure of a table that asks for numbers alone; empty if it lists problems or measures.

    Two of its heads ask for numbers by their words, or one beside the names of aspects or departments.
    """
    found = dict[int, Figure]()
    before = ""
    for each in mapped:
        figure = read_figure(each.head.words, before)
        if figure is not None:
            found[each.head.column], before = figure, figure.object
        elif each.field.name not in _BESIDE:
            return {}
    keyed = _key_column(mapped, found) is not None
    return found if sum(each.sure for each in found.values()) > (0 if keyed and len(found) > 1 else 1) else {}


def table_of_figures(grid: Grid) -> Table | None:
    """Return the table of a sheet whose heads ask for numbers, of which adopt would know too few; None if none does."""
    found = {
        row: sum(read_figure([cell.text]) is not None for cell in grid.own(row))
        for row in range(1, min(grid.height, HEAD_SEARCH_ROWS) + 1)
    }
    row = max(found, key=lambda each: found[each], default=0)
    return table_at(grid, row) if row and found[row] >= _ENOUGH else None


_ENOUGH = 2
"""So many heads of one row that ask for numbers make a table."""


def _key_column(mapped: Sequence[Mapped], figures: dict[int, Figure]) -> Mapped | None:
    keys = [each for each in mapped if each.field.name in ("aspect", "department") and each.head.column not in figures]
    return keys[0] if keys else None


@dataclass(frozen=True, slots=True)
class Label:
    """A cell that asks for a figure of all, and the blank cell right of it, perhaps behind the unit (个, 项, %)."""

    cell: Cell
    column: int
    figure: Figure
    unit: str = ""


def labels_in(grid: Grid, looks: SheetLooks) -> tuple[Label, ...]:
    """Return the labels of a sheet with a framed blank cell beside each; none if there is only one."""
    found: list[Label] = []
    before = ""
    for cell in grid.cells:
        beside = grid.at(cell.row, cell.right + 1)
        unit = beside.text if beside is not None and _UNIT.fullmatch(beside.text) else ""
        place = (cell.row, beside.right + 1 if beside is not None and unit else cell.right + 1)
        free = place in looks.kinds and grid.at(*place) is None and place not in grid.sheet.formulas
        if not free or grid.is_covered(cell.row, cell.column) or grid.is_covered(*place):
            continue
        figure = read_figure([cell.text.rstrip("：:")], before)
        if figure is not None:
            before = figure.object
            found.append(Label(cell, place[1], figure, unit))
    return tuple(found) if sum(each.figure.sure for each in found) > 1 else ()


def fill_labels(labels: Sequence[Label], ledger: Ledger, m: Metrics, looks: SheetLooks, sheet: str) -> list[SetCell]:
    """Return the edits that write the figures of all beside their labels."""
    edits = list[SetCell]()
    for each in labels:
        kind = looks.kinds.get((each.cell.row, each.column), "")
        value = _written(each.figure, _all(ledger, m), kind, f"{each.cell.text}{each.unit}")
        if value is not None:
            edits.append(SetCell(sheet, each.cell.row, each.column, value))
    return edits


def fill_columns(
    form: OutsideForm, mapped: Sequence[Mapped], figures: dict[int, Figure], ledger: Ledger, m: Metrics
) -> tuple[list[SetCell], list[Cell], list[tuple[int, int, bool]], InsertedRows | None]:
    """Return the edits of a table of numbers, the names that the ledger does not know, and what was left as it is.

    A row with a name is of that aspect or department, a row of totals or without any name of all. If no row has a name,
    all aspects or departments are listed; the last value are the rows that are missing for that, None if none are.
    """
    key = _key_column(mapped, figures)
    number = next((each.head.column for each in mapped if each.field.name == "number"), 0)
    groups = _groups(key.field.name, ledger, m) if key else []
    given, blank, totals = _rows(form, key, number)
    edits, unknown, kept = list[SetCell](), list[Cell](), list[tuple[int, int, bool]]()
    told = [(row, _named(cell.text, groups, ledger, m)) for row, cell in given]
    unknown += [cell for (_, group), (_, cell) in zip(told, given, strict=True) if group is None]
    sheet, short = form.table.grid.sheet, None
    if key and not given:
        if len(groups) > len(blank) and blank:
            short = InsertedRows(sheet.name, blank[0], blank[-1], len(groups) - len(blank), frozenset())
        for count, (row, group) in enumerate(zip(blank, groups, strict=False), 1):
            edits.append(SetCell(sheet.name, row, key.head.column, group.name))
            if number and form.table.grid.at(row, number) is None and (row, number) not in sheet.formulas:
                edits.append(SetCell(sheet.name, row, number, count))
        told = list(zip(blank, groups, strict=False))
    elif not key:
        told += [(row, _all(ledger, m)) for row in blank[:1]]
    told += [(row, _all(ledger, m)) for row in totals]
    heads = {each.head.column: each.head.words[-1] for each in mapped if each.head.words}
    for row, group in told:
        for column, figure in figures.items() if group else ():
            value = _written(figure, group, form.looks.kinds.get((row, column), ""), heads[column]) if group else None
            if value is None or form.table.grid.is_covered(row, column):
                continue
            if (row, column) in sheet.formulas:
                kept.append((row, column, True))
            elif (held := form.table.grid.at(row, column)) is not None:
                kept += [] if held.text == str(value) else [(row, column, False)]
            else:
                edits.append(SetCell(sheet.name, row, column, value))
    return edits, unknown, kept, short


def _rows(form: OutsideForm, key: Mapped | None, number: int) -> tuple[list[tuple[int, Cell]], list[int], list[int]]:
    """Return the rows below the heads: those with a name, with its cell, blank ones, and totals."""
    table = form.table
    given, blank, totals = list[tuple[int, Cell]](), list[int](), list[int]()
    for row in range(table.bottom + 1, max([table.grid.height, *form.looks.drawn]) + 1):
        own = table.grid.own(row)
        named = [cell for cell in own if cell.column != number or not cell.text.isdecimal()]
        if own and is_note(own):
            break
        if row in form.totals or (own and is_total(own)):
            totals.append(row)
        elif key and (cell := next((each for each in named if each.column == key.head.column), None)):
            given.append((row, cell))
        elif not named and row in form.looks.drawn and row not in table.grid.sheet.hidden_rows and not totals:
            blank.append(row)
    return given, blank, totals


def _all(ledger: Ledger, m: Metrics) -> Group:
    return Group(ledger.settings.unit, m.coverage.problems, m.tasks)


def _groups(field: str, ledger: Ledger, m: Metrics) -> list[Group]:
    """Return the aspects, or the departments, in the order of 参数; a measure is of the aspect that counts it."""
    if field == "department":
        return [
            Group(
                each.name,
                tuple(one for one in m.coverage.problems if any(task.department == each.name for task in one.tasks)),
                tuple(task for task in m.tasks if task.department == each.name),
            )
            for each in ledger.settings.departments
        ]
    return [
        Group(
            name,
            tuple(one for one in m.coverage.problems if m.aspect_of_problem[one.code] == name),
            tuple(task for task in m.tasks if m.aspect_of.get(task.code) == name),
        )
        for name in _aspects(ledger, m)
    ]


def _named(text: str, groups: Sequence[Group], ledger: Ledger, m: Metrics) -> Group | None:
    if ledger.settings.unit and key_of(text) == key_of(ledger.settings.unit):
        return _all(ledger, m)
    department = ledger.settings.department(text)
    name = department.name if department else aspect_named(text, ledger, m)
    return next((each for each in groups if each.name == name), None)


def aspect_named(text: str, ledger: Ledger, m: Metrics) -> str:
    """Return the aspect that a text names, as figures call it: by its short name; empty if none, or several."""
    found = [name for name, names in _aspects(ledger, m).items() if names_aspect(text, *names)]
    return found[0] if len(found) == 1 else ""


def _aspects(ledger: Ledger, m: Metrics) -> dict[str, set[str]]:
    """Return what figures call the aspects of 参数 and of problems, with all their names."""
    found = {short or full: {full, short} for full, short in ledger.settings.aspects.items()}
    for problem in m.coverage.problems:
        if problem.aspect:
            found.setdefault(m.aspect_of_problem[problem.code], set()).add(problem.aspect)
    return found


_MARKS = re.compile(r"[“”\"'‘’《》〈〉「」\s]|方面$|情况$")
_LEAST = 4
"""A text of fewer characters is no part of an aspect's name."""


def names_aspect(text: str, *names: str) -> bool:
    """Whether a title names an aspect by one of its names, or by a part; quotes and the word 方面 do not count."""
    wanted = _bare(text)
    bare = [key for name in names if name and (key := _bare(name))]
    return any(each in wanted or (len(wanted) >= _LEAST and wanted in each) for each in bare)


def _bare(text: str) -> str:
    return key_of(_MARKS.sub("", key_of(text)))


def _written(figure: Figure, group: Group, kind: str, head: str) -> int | float | str | None:
    """Return a figure as a cell shows it; None if it is not known, or a share of nothing."""
    if not figure.title:
        return None
    value = figure.value(group)
    if isinstance(value, int):
        return value
    part, whole = value
    if not whole:
        return None
    if kind == "percent":
        return float(round_half_up(Fraction(part, whole), _SHARE_PLACES))
    if re.search("[%％]", head):
        return float(round_half_up(Fraction(100 * part, whole), 1))
    return percent_words(part, whole)


def unfilled(figures: dict[int, Figure], mapped: Sequence[Mapped]) -> Iterator[str]:
    """Yield the heads of numbers that the ledger does not know."""
    yield from (each.title for each in mapped if (found := figures.get(each.head.column)) and not found.title)
