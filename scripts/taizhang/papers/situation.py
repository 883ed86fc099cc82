"""情况报告: what the ledger says of each problem on a day, for the report that the bureau hands in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from taizhang.figures.coverage import Problem
from taizhang.figures.metrics import Metrics
from taizhang.ledger.model import Ledger
from taizhang.supervision.closeouts import read_closeouts, standings_on
from taizhang.supervision.extensions import Extension, read_extensions
from taizhang.supervision.proof_results import ProofResult
from taizhang.supervision.tasks import Task
from taizhang.typed.readings import shown_text

__all__ = ["Answer", "Relapse", "ReportedAspect", "ReportedProblem", "Situation", "situation_of"]


@dataclass(frozen=True, slots=True)
class Relapse:
    """What looking again after the close-out found: the problem is back; ``day`` is None if it was not written."""

    day: date | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A measure and what confirms it: the words of the close-out in force, and its proofs on the day.

    ``against`` is the standard that the close-out was held against (对照标准), ``evidence`` the evidence named there,
    else that of the task, ``meeting`` where it was decided. All are empty if the ledger has none. ``relapsed`` is
    the last relapse after a close-out.
    """

    task: Task
    against: str
    evidence: str
    meeting: str
    proofs: tuple[ProofResult, ...]
    relapsed: Relapse | None


@dataclass(frozen=True, slots=True)
class ReportedProblem:
    """A problem with the measures told under it; ``elsewhere`` are those told under another, with its title."""

    problem: Problem
    answers: tuple[Answer, ...]
    elsewhere: tuple[tuple[Task, str], ...]


@dataclass(frozen=True, slots=True)
class ReportedAspect:
    """An aspect, by its full name, with its problems in ledger order."""

    name: str
    problems: tuple[ReportedProblem, ...]


@dataclass(frozen=True)
class Situation:
    """All that the report tells; each measure that counts stands in it once, under a problem or in ``unlinked``.

    ``extended`` are the agreed extensions and pauses, each with its task. ``rechecked`` counts the measures that were
    looked at again (回头看) after a close-out.
    """

    metrics: Metrics
    aspects: tuple[ReportedAspect, ...]
    unlinked: tuple[Answer, ...]
    extended: tuple[tuple[Task, Extension], ...]
    rechecked: int

    @property
    def as_of(self) -> date:
        """The day of the figures."""
        return self.metrics.as_of

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Every measure, in the order of the report."""
        told = (answer for aspect in self.aspects for each in aspect.problems for answer in each.answers)
        return (*told, *self.unlinked)

    @property
    def left(self) -> tuple[Task, ...]:
        """The measures that are not 办结: the earliest deadline first, those without one last."""
        still = (each.task for each in self.answers if not each.task.closed)
        return tuple(sorted(still, key=lambda task: (task.due or date.max, task.code)))


def situation_of(ledger: Ledger, m: Metrics) -> Situation:
    """Return the situation of the ledger; ``m`` are its metrics of the day."""
    answers = {task.code: each for task, each in zip(m.tasks, _answers(ledger, m), strict=True)}
    by_aspect: dict[str, list[ReportedProblem]] = {name: [] for name in ledger.settings.aspects}
    full = {short: name for name, short in ledger.settings.aspects.items() if short}
    titles = {problem.code: problem.title or problem.code for problem in m.coverage.problems}
    for problem in m.coverage.problems:
        counted = [task for task in problem.tasks if task.code in answers]
        own = tuple(answers[task.code] for task in counted if m.problem_of(task) == problem.code)
        others = tuple((task, titles[home]) for task in counted if (home := m.problem_of(task)) != problem.code)
        name = full.get(problem.aspect, problem.aspect)
        by_aspect.setdefault(name, []).append(ReportedProblem(problem, own, others))
    agreed = [
        (answers[code].task, each)
        for code, every in read_extensions(ledger).items()
        for each in every
        if code in answers and each.agreed_by(m.as_of)
    ]
    return Situation(
        metrics=m,
        aspects=tuple(ReportedAspect(name, tuple(each)) for name, each in by_aspect.items() if each),
        unlinked=tuple(answer for answer in answers.values() if not m.problem_of(answer.task)),
        extended=tuple(agreed),
        rechecked=len(_rechecked(ledger, m.as_of) & answers.keys()),
    )


def _rechecked(ledger: Ledger, as_of: date) -> set[str]:
    """Return the codes of the tasks whose close-outs were looked at again by a day."""
    held = [each for each in read_closeouts(ledger) if each.recheck_result]
    return {each.task for each in held if not each.recheck_date or each.recheck_date <= as_of}


def _answers(ledger: Ledger, m: Metrics) -> Sequence[Answer]:
    standing = standings_on(ledger, m.as_of)
    in_force = {each.last.code for each in standing.values()}
    rows = {each.task: each.record for each in read_closeouts(ledger) if each.code in in_force}
    relapsed = {task.code: Relapse(day) for task, day in m.coverage.relapsed}
    found = []
    for task in m.tasks:
        record = rows.get(task.code) if task.closed else None
        cells: Mapping[str, object] = record.cells if record else {}
        against, evidence, meeting = (_text(cells, key) for key in ("against", "evidence", "committee_meeting"))
        proofs = m.attention.proofs.get(task.code, ())
        found.append(Answer(task, against, evidence or task.evidence, meeting, proofs, relapsed.get(task.code)))
    return found


def _text(cells: Mapping[str, object], key: str) -> str:
    return shown_text(cells.get(key, ""))
