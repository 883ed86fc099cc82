"""Reading the rows of tables of problems, causes and measures."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from taizhang.draft.bare_particulars import only_particulars
from taizhang.draft.item_labels import inline_labels
from taizhang.draft.measures import Task, add_measures, assign
from taizhang.draft.owners import merge_owners, owners_of
from taizhang.draft.particulars import Particulars
from taizhang.draft.problems import add_cause, add_problem
from taizhang.draft.reading import ReportReading
from taizhang.draft.reasons import IS_PROGRESS
from taizhang.draft.states import read_state
from taizhang.draft.tables import Row
from taizhang.draft.units import Unit, units_of, whole
from taizhang.draft.values import NO_OWNERS, DraftProblem, Owners, Paragraph, ProposedLink
from taizhang.draft.who_and_when import particulars_in

__all__ = ["above_tables", "read_rows"]

_SHORTEST_NAMED = 6
"""Characters; a shorter cell may be in any problem."""

_MOST_LONGER = 3
"""How many times as long the words may be that a cell names again."""

_SAME_ROW, _TABLE_BELOW = "在表格的同一行", "表格写在这个问题下面"


@dataclass(frozen=True, slots=True)
class _Above:
    """What the report says outside its tables: how many problems, and which of them a table answers."""

    problems: int
    answered: Mapping[int, int]


def above_tables(rows: Sequence[Row]) -> frozenset[int]:
    """Return the numbers of the paragraphs right above tables without a column of problems."""
    return frozenset(first - 1 for first in _begins(rows).values())


def read_rows(reading: ReportReading, rows: Sequence[Row]) -> None:
    """Read the rows of all tables, after all else of the report is read."""
    above = _Above(len(reading.problems), _answered(reading, rows))
    for row in rows:
        reading.seen_section = True
        _read_row(reading, row, above)


def _answered(reading: ReportReading, rows: Sequence[Row]) -> Mapping[int, int]:
    """Return the problem that each table without a column of problems answers: the last one above it.

    There are several such tables, each under another problem; a single one may be about all.
    """
    begins = sorted(each.paragraph for each in reading.problems)
    above = {table: bisect_left(begins, first) - 1 for table, first in _begins(rows).items()}
    alone = len(above) < 2 or len({*above.values()}) < len(above) or min(above.values()) < 0
    in_order = [each.paragraph for each in reading.problems] == begins
    return {} if alone or not in_order else above


def _begins(rows: Sequence[Row]) -> Mapping[int, int]:
    """Return the tables of measures without a column of problems, with the number of the first paragraph of each."""
    tables = {each.cell.table: row for row in rows for each in row.measure if each.cell}
    named = {each.cell.table for row in rows for each in row.problem if each.cell}
    firsts = {each.cell.table: each.number for row in reversed(rows) for each in row.other[:1] if each.cell}
    return {table: firsts[table] for table in tables if table not in named and table in firsts}


def _read_row(reading: ReportReading, row: Row, above: _Above) -> None:
    """Read one row of a table whose heads were recognised."""
    for paragraph in row.other:
        reading.place(whole(paragraph), "表格")
    if row.assumed:
        told = f"表头没有写明哪一列是问题，按措施前面的“{row.assumed}”这一列读，请核对。"
        reading.note(row.other[0].number, told)
    for paragraph in row.unknown:
        reading.leave(whole(paragraph), "在表格里，但看不出这一列是什么")
    aspect = None
    if row.aspect:
        aspect = reading.aspect("".join(each.flow for each in row.aspect), row.aspect[0].number)
        for paragraph in row.aspect:
            if row.first_of(paragraph):
                reading.place(whole(paragraph), "方面")
    problems = _row_problems(reading, row, aspect, above)
    tables = [each.cell.table for each in row.measure[:1] if each.cell and not row.problem]
    answered = [above.answered[table] for table in tables if table in above.answered]
    problems += answered
    for paragraph in row.cause:
        if row.first_of(paragraph):
            add_cause(reading, list(units_of(paragraph)), problems)
    first = len(reading.measures)
    for paragraph in row.measure:
        if row.taken and read_state(paragraph.flow):
            reading.leave(whole(paragraph), IS_PROGRESS)
        elif row.first_of(paragraph):
            add_measures(reading, units_of(paragraph), Task(row.group, taken=row.taken))
    if row.taken and any(each.status is None for each in reading.measures[first:]):
        assign(reading, first, Particulars(status=reading.unsaid_state(row.measure[0].number)))
    _place_particulars(reading, row, first)
    owners, when = _row_owners(row)
    said = Particulars(owners=owners, deadline_words=row.deadline_words or when, standard=row.standard_words)
    for index in range(first, len(reading.measures)):
        told = _TABLE_BELOW if answered else _SAME_ROW
        reading.links += [ProposedLink(index, problem, told, stated=True) for problem in problems]
        if said.owners != NO_OWNERS:
            measure = reading.measures[index]
            reading.measures[index] = replace(measure, owners=merge_owners(said.owners, measure.owners))
    assign(reading, first, said, over=True)


def _place_particulars(reading: ReportReading, row: Row, first: int) -> None:
    """Place the cells of owners, deadlines, standards and states; a state that is one is given to the measures."""
    for paragraph in (*row.owner, *row.supporting, *row.leader, *row.deadline, *row.standard):
        if row.first_of(paragraph):
            reading.place(whole(paragraph), "责任和时限" if first < len(reading.measures) else "表格")
    owners, _ = _row_owners(row)
    if named := (*row.leader, *row.owner):
        reading.remember_persons(owners, named[0].number)
    for paragraph in row.state:
        state = read_state(paragraph.flow)
        if state and first < len(reading.measures):
            reading.place(whole(paragraph), "状态")
            assign(reading, first, state)
        else:
            reading.leave(whole(paragraph), IS_PROGRESS)


def _row_owners(row: Row) -> tuple[Owners, str]:
    """Return who a row names, and the day that its owners' column gives beside them (办公室，4月10日前)."""
    found, when = NO_OWNERS, ""
    for role, cells in (("lead", row.owner), ("support", row.supporting), ("leader", row.leader)):
        for paragraph in cells:
            if only_particulars(paragraph.flow):
                both = next(particulars_in(paragraph.flow, 0, len(paragraph.flow)))
                found, when = merge_owners(found, both.owners, joined=True), when or both.deadline_words
            else:
                found = merge_owners(found, owners_of(paragraph.flow, role), joined=True)
    return found, when


def _row_problems(reading: ReportReading, row: Row, aspect: int | None, above: _Above) -> list[int]:
    """Return the indexes of a row's problems.

    A cell merged over several rows is read once and applies to all of them.
    """
    found = []
    for paragraph in row.problem:
        if row.first_of(paragraph):
            for run in _table_items(paragraph):
                index = _named_before(reading.problems[: above.problems], run)
                if index is None and _named_above(reading.problems[above.problems :], run):
                    index = len(reading.problems) - 1
                if index is None:
                    add_problem(reading, run, aspect)
                    continue
                reading.place(whole(paragraph), "问题")
                reading.problems_of[paragraph.number].append(index)
                reading.note(paragraph.number, "表格里的问题前面写过，合为一条，请核对。")
        found += reading.problems_of[paragraph.number]
    return found


def _named_above(problems: Sequence[DraftProblem], run: Sequence[Unit]) -> bool:
    """Whether a cell repeats the problem of the row above, which has several measures, each in a row of its own."""
    text = "".join(each.text for each in run).strip("。； ")
    return bool(problems) and text in (problems[-1].title, problems[-1].detail.strip("。； "))


def _named_before(problems: Sequence[DraftProblem], run: Sequence[Unit]) -> int | None:
    """Return the problem that a cell only names again: its characters stand in one of the sentences there, in order."""
    bare = "".join(re.findall(r"\w", "".join(each.text for each in run)))
    if len(bare) < _SHORTEST_NAMED:
        return None
    return next(
        (index for index, each in enumerate(problems) if _is_named_in(bare, f"{each.title}。{each.detail}")), None
    )


def _is_named_in(bare: str, text: str) -> bool:
    """Whether the characters stand in one sentence of a text in order, not far from each other."""
    stretches = (
        sentence[at.start() : at.start() + len(bare) * _MOST_LONGER]
        for sentence in re.split(r"[。；;\n]", text)
        for at in re.finditer(re.escape(bare[0]), sentence)
    )
    return any(all(char in rest for char in bare) for rest in map(iter, stretches))


def _table_items(paragraph: Paragraph) -> Sequence[list[Unit]]:
    """Return the items of a cell's paragraph: one for each number of an enumeration, else the whole paragraph."""
    units = units_of(paragraph)
    if inline_labels(paragraph.flow, 0, len(paragraph.flow)) and units[0].style:
        return [[unit] for unit in units]
    return [list(units)]
