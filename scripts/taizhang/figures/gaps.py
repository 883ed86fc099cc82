"""What is still open (待明确): of each task the facts that nobody has written down, and the quality of the data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from taizhang.forms.model import Form
from taizhang.ledger.catalogue import CheckName
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.model import Ledger
from taizhang.ledger.vocabulary import SUPPLEMENT, TaskKind
from taizhang.supervision.tasks import Task
from taizhang.typed.text import as_text, clean_key, means_nothing

__all__ = ["Gap", "GapBoard", "GapLine", "KindOfFinding", "Quality", "gap_board", "lacks_date", "measure_quality"]


class Gap(StrEnum):
    """What a task may lack."""

    DEPARTMENT = "牵头部门"
    LEADER = "牵头领导"
    DEADLINE = "时限或周期"
    STANDARD = "完成标准"
    START = "开始日期"
    CARRIED_BY = "体现于"
    DECIDED = "党委会审定日期"


@dataclass(frozen=True, slots=True)
class GapLine:
    """One task and what it lacks."""

    task: Task
    missing: frozenset[Gap]


@dataclass(frozen=True, slots=True)
class GapBoard:
    """The tasks that lack something, most first, of ``tasks`` open ones.

    By gap, ``asked`` counts the tasks that need the fact, ``lacking`` those of them that lack it.
    """

    lines: tuple[GapLine, ...]
    asked: Mapping[Gap, int]
    lacking: Mapping[Gap, int]
    tasks: int


def gap_board(every: Sequence[Task]) -> GapBoard:
    """Return what the tasks that are not closed lack, principles included.

    A cell with a formula that has no result is not taken for a blank.
    """
    open_tasks = [task for task in every if not task.closed]
    asked: Counter[Gap] = Counter()
    lacking: Counter[Gap] = Counter()
    lines = []
    for task in open_tasks:
        needed = {gap: lacks(task) for gap, (applies, lacks) in _RULES.items() if applies(task)}
        missing = frozenset(gap for gap, absent in needed.items() if absent)
        asked.update(needed.keys())
        lacking.update(missing)
        if missing:
            lines.append(GapLine(task, missing))
    lines.sort(key=lambda line: (-len(line.missing), line.task.code))
    return GapBoard(tuple(lines), asked, lacking, len(open_tasks))


def _blank(key: str) -> Callable[[Task], bool]:
    return lambda task: key not in task.record.unread and means_nothing(task.record.cells.get(key))


def _timed(task: Task) -> bool:
    """Whether the progress of a task is held against the time passed."""
    return task.counted and task.counts_as is TaskKind.ONCE and task.due is not None


def _is_supplement(task: Task) -> bool:
    """Whether a task was added to the report's, in a ledger that says when the committee decided on it."""
    source = clean_key(as_text(task.record.cells.get("source")))
    return source == SUPPLEMENT and "decided" in task.record.cells


def lacks_date(task: Task) -> bool:
    """Whether nothing says when a task is due: no deadline, or no cycle for one that recurs or is reviewed."""
    if "deadline" in task.record.unread or "review_cycle" in task.record.unread:
        return False
    regular = task.counts_as is not TaskKind.ONCE or task.continuing
    return task.cycle is None if regular else task.due is None


_RULES: Mapping[Gap, tuple[Callable[[Task], bool], Callable[[Task], bool]]] = {
    Gap.DEPARTMENT: (
        lambda task: task.counted,
        lambda task: not task.department and "department" not in task.record.unread,
    ),
    Gap.LEADER: (lambda task: task.counted, lambda task: not task.leader and "leader" not in task.record.unread),
    Gap.DEADLINE: (lambda task: task.counted, lacks_date),
    Gap.STANDARD: (lambda task: task.counted, _blank("standard")),
    Gap.START: (_timed, lambda task: task.start is None and "start" not in task.record.unread),
    Gap.CARRIED_BY: (lambda task: not task.counted and "carried_by" in task.record.cells, _blank("carried_by")),
    Gap.DECIDED: (_is_supplement, _blank("decided")),
}
"""For each gap: which tasks need the fact, and whether a task lacks it."""


@dataclass(frozen=True, slots=True)
class KindOfFinding:
    """The findings of one check and severity, and how many of them each sheet has."""

    check: CheckName
    severity: Severity
    count: int
    sheets: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Quality:
    """The quality of a ledger's data.

    ``kinds`` are the findings by check, errors first. ``rows`` counts the rows of all registers, ``sound`` those
    without an error or a warning, ``codeless`` those without a code. ``unread`` counts cells that hold a formula
    without a result. ``empty`` names registers without rows, ``absent`` standard ones that the ledger has not enabled.
    """

    kinds: tuple[KindOfFinding, ...]
    rows: int
    sound: int
    codeless: Mapping[str, int]
    unread: int
    empty: tuple[str, ...]
    absent: tuple[str, ...]

    def of(self, severity: Severity) -> int:
        """Return how many findings have a severity."""
        return sum(kind.count for kind in self.kinds if kind.severity is severity)


def measure_quality(ledger: Ledger, findings: Iterable[Finding], forms: Mapping[str, Form]) -> Quality:
    """Return the quality of a ledger's data by the findings of its checks; ``forms`` are all the ledger could have."""
    found = list(findings)
    groups: dict[tuple[Severity, CheckName], list[Finding]] = {}
    for each in found:
        groups.setdefault((each.severity, each.check), []).append(each)
    ranks = list(Severity)
    kinds = [
        KindOfFinding(check, severity, len(own), Counter(each.place.sheet_shown for each in own))
        for (severity, check), own in groups.items()
    ]
    kinds.sort(key=lambda kind: (ranks.index(kind.severity), -kind.count, kind.check))
    rows = {(register.sheet.name, record.row) for register in ledger.registers.values() for record in register.records}
    wrong = {(each.place.sheet, each.place.row) for each in found if each.severity is not Severity.HINT}
    registers = [each for each in ledger.registers.values() if not each.form.automatic]
    without = {
        each.sheet.name: number for each in registers if (number := sum(not record.code for record in each.records))
    }
    return Quality(
        kinds=tuple(kinds),
        rows=len(rows),
        sound=len(rows - wrong),
        codeless=without,
        unread=len(ledger.unread),
        empty=tuple(each.sheet.name for each in registers if not each.records),
        absent=tuple(form.sheet for name, form in forms.items() if name not in ledger.registers and not form.automatic),
    )
