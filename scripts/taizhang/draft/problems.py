"""Turning an item into a problem or a cause, with its source words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from taizhang.draft.reading import ReportReading, without_particulars
from taizhang.draft.reasons import SAID_TOGETHER
from taizhang.draft.titles import end_of_head, title_of
from taizhang.draft.units import Unit
from taizhang.draft.values import CauseLink, DraftCause, DraftProblem, Paragraph

__all__ = ["add_cause", "add_detail", "add_problem"]

_NO_ASPECT = "综合"


def add_problem(reading: ReportReading, units: Sequence[Unit], aspect: int | None) -> int:
    """Add a problem made of these units, under an aspect (its index from 0) or, without one, under 综合.

    Returns its index. Who and when stay out of its title and detail.
    """
    if aspect is None:
        aspect = reading.aspect(_NO_ASPECT, units[0].paragraph.number)
        reading.note(0, "没有写在哪个方面里的问题，先归在“综合”，请办公室调整。")
    kept = []
    for unit in units:
        reading.place(unit, "问题")
        stretches, said = without_particulars(unit)
        kept += stretches
        reading.remember_persons(said.owners, unit.paragraph.number)
    title, detail, original = _title_detail_original(kept or units)
    reading.problems_of[units[0].paragraph.number].append(len(reading.problems))
    reading.problems.append(DraftProblem(aspect, title, detail, units[0].paragraph.number, original))
    return len(reading.problems) - 1


def add_detail(reading: ReportReading, index: int, units: Sequence[Unit]) -> None:
    """Add units to the detail of a problem; who and when stay out of it."""
    problem = reading.problems[index]
    detail, original = [problem.detail], [problem.original]
    for unit in units:
        reading.place(unit, "问题")
        stretches, said = without_particulars(unit)
        detail += [each.text for each in stretches]
        original.append(unit.paragraph.exact(unit.start, unit.end).strip())
        reading.remember_persons(said.owners, unit.paragraph.number)
    reading.problems[index] = replace(problem, detail="\n".join(filter(None, detail)), original="\n".join(original))


def add_cause(reading: ReportReading, units: Sequence[Unit], problems: Sequence[int] = ()) -> None:
    """Add a cause made of these units, of these problems (indexes from 0) if the report says so."""
    title, detail, original = _title_detail_original(units)
    for unit in units:
        reading.place(unit, "原因")
    reading.cause_links += [CauseLink(problem, len(reading.causes), SAID_TOGETHER, stated=True) for problem in problems]
    reading.causes.append(DraftCause(title, detail, units[0].paragraph.number, original))


def _title_detail_original(units: Sequence[Unit]) -> tuple[str, str, str]:
    """Return title, following text, and exact words of an item that may span several units and paragraphs."""
    title, whole = title_of(units)
    head_ends = units[0].content if whole else end_of_head(units[0])
    rest = units[0].paragraph.flow[head_ends : units[0].end].strip()
    lines = [rest] if rest else []
    stretches: list[tuple[Paragraph, int, int]] = [(units[0].paragraph, units[0].start, units[0].end)]
    for unit in units[1:]:
        words = unit.paragraph.flow[unit.start : unit.end].strip()
        same = unit.paragraph is stretches[-1][0] and unit.start == stretches[-1][2]
        if same:
            stretches[-1] = (unit.paragraph, stretches[-1][1], unit.end)
            lines[-1:] = ["".join([*lines[-1:], words])]
        else:
            stretches.append((unit.paragraph, unit.start, unit.end))
            lines.append(words)
    original = "\n".join(paragraph.exact(start, end).strip() for paragraph, start, end in stretches)
    return title, "\n".join(lines), original
