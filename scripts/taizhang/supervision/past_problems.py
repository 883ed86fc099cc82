"""Problems seen before: those that ledgers of past years name too, and what was done about them then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from taizhang.forms.register_names import PROBLEMS
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.supervision.problem_likeness import likeness, subjects_of
from taizhang.supervision.tasks import Task, read_tasks
from taizhang.typed.readings import shown, shown_text
from taizhang.typed.text import printable

__all__ = ["CARRIED", "PastProblem", "SeenAgain", "SeenBefore", "find_seen_before"]

CARRIED = "上年结转"
"""The 来源 of a problem that was carried over: everybody knows that it is the same."""


@dataclass(frozen=True, slots=True)
class PastProblem:
    """A problem of a past ledger: where it stands, its wording, and its counted measures, of which some are 办结."""

    source: str
    code: str
    title: str
    measures: int
    closed: tuple[str, ...]

    @property
    def done(self) -> str:
        """What was done about it, in words: how many measures, how many closed."""
        if not self.measures:
            return "那时没有措施"
        closed = f"办结 {len(self.closed)} 项" if self.closed else "都没有办结"
        return f"那时有 {self.measures} 项措施，{closed}"


@dataclass(frozen=True, slots=True)
class SeenAgain:
    """A problem of the ledger, and the most alike one of each past ledger that has such a one."""

    record: Record
    title: str
    carried: bool
    past: tuple[PastProblem, ...]


@dataclass(frozen=True, slots=True)
class SeenBefore:
    """The problems seen before, in ledger order, and the past ledgers that they were compared with, as named."""

    sources: tuple[str, ...]
    problems: tuple[SeenAgain, ...]

    @property
    def number(self) -> str:
        """How many problems were seen before, and how many of them were carried over, in words."""
        carried = sum(each.carried for each in self.problems)
        return f"{len(self.problems)} 个" + (f"（其中{CARRIED} {carried} 个）" if carried else "")


def find_seen_before(ledger: Ledger, past: Sequence[Ledger], as_of: date) -> SeenBefore:
    """Return which problems of a ledger past ledgers name too; what was done is counted up to a day.

    Past ledgers are put in the order of their years, those without a year last.
    """
    ordered = sorted(past, key=lambda each: (each.settings.year is None, each.settings.year or 0, each.path.name))
    before = [(_source(each, ordered), _read_problems(each, as_of)) for each in ordered]
    own = ledger.registers.get(PROBLEMS)
    found = []
    for record, title in _titles(own):
        subjects = subjects_of(title)
        past_ones = [_most_alike(subjects, source, problems) for source, problems in before]
        if named := tuple(each for each in past_ones if each):
            assert own is not None
            carried = ledger.meaning(own, record, "source") == CARRIED
            found.append(SeenAgain(record, title, carried, named))
    return SeenBefore(tuple(source for source, _ in before), tuple(found))


def _source(ledger: Ledger, every: Sequence[Ledger]) -> str:
    """Return how a past ledger is named: by its year, and by folder and file if it has none or another has the same."""
    year = ledger.settings.year
    name = printable(shown("/".join(ledger.path.absolute().parts[-2:])))
    if year is None:
        return name
    return f"{year}年" if [each.settings.year for each in every].count(year) == 1 else f"{year}年（{name}）"


def _titles(register: Register | None) -> Iterator[tuple[Record, str]]:
    for record in register.records if register else ():
        if title := shown_text(record.cells.get("title") or ""):
            yield record, title


def _read_problems(ledger: Ledger, as_of: date) -> list[tuple[tuple[str, ...], str, str, list[Task]]]:
    """Return the subjects, code, title and counted tasks of each problem."""
    answering: dict[str, list[Task]] = {}
    for task in read_tasks(ledger, as_of):
        for code in dict.fromkeys(task.problems if task.counted else ()):
            answering.setdefault(code, []).append(task)
    titles = _titles(ledger.registers.get(PROBLEMS))
    return [(subjects_of(title), each.code, title, answering.get(each.code, [])) for each, title in titles]


def _most_alike(
    subjects: tuple[str, ...], source: str, problems: Sequence[tuple[tuple[str, ...], str, str, list[Task]]]
) -> PastProblem | None:
    best = max(problems, key=lambda each: likeness(subjects, each[0]), default=None)
    if best is None or not likeness(subjects, best[0]):
        return None
    _, code, title, tasks = best
    return PastProblem(source, code, title, len(tasks), tuple(task.statement for task in tasks if task.closed))
