"""Reading one row of a table of problems, causes and measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

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
from taizhang.draft.values import NO_OWNERS, Owners, Paragraph, ProposedLink
from taizhang.draft.who_and_when import particulars_in

__all__ = ["read_row"]

_SAME_ROW = "在表格的同一行"


def read_row(reading: ReportReading, row: Row) -> None:
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
    problems = _row_problems(reading, row, aspect)
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
        reading.links += [ProposedLink(index, problem, _SAME_ROW, stated=True) for problem in problems]
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


def _row_problems(reading: ReportReading, row: Row, aspect: int | None) -> list[int]:
    """Return the indexes of a row's problems.

    A cell merged over several rows is read once and applies to all of them.
    """
    found = []
    for paragraph in row.problem:
        if row.first_of(paragraph):
            for run in _table_items(paragraph):
                add_problem(reading, run, aspect)
        found += reading.problems_of[paragraph.number]
    return found


def _table_items(paragraph: Paragraph) -> Sequence[list[Unit]]:
    """Return the items of a cell's paragraph: one for each number of an enumeration, else the whole paragraph."""
    units = units_of(paragraph)
    if inline_labels(paragraph.flow, 0, len(paragraph.flow)) and units[0].style:
        return [[unit] for unit in units]
    return [list(units)]
