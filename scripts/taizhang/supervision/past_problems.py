"""Problems seen before: those that ledgers of past years name too, and what was done about them then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from taizhang.forms.register_names import PROBLEMS
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.ledger.vocabulary import CARRIED_OVER, FIRST_CODE
from taizhang.supervision.problem_likeness import Subject, likeness, subjects_of
from taizhang.supervision.tasks import Task, read_tasks
from taizhang.typed.readings import shown, shown_text
from taizhang.typed.text import as_text, printable

__all__ = ["PastProblem", "SeenAgain", "SeenBefore", "find_seen_before"]


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
    """A problem of the ledger, and the most alike one of each past ledger that has such a one.

    ``carried`` if it was carried over itself; ``beside`` are the codes of others that are one of the past ones carried
    over.
    """

    record: Record
    title: str
    carried: bool
    past: tuple[PastProblem, ...]
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenBefore:
    """The problems seen before, in ledger order, and the past ledgers that they were compared with, as named."""

    sources: tuple[str, ...]
    problems: tuple[SeenAgain, ...]

    @property
    def number(self) -> str:
        """How many problems were seen before, and how many of them were carried over, in words."""
        carried = sum(each.carried for each in self.problems)
        return f"{len(self.problems)} 个" + (f"（其中{CARRIED_OVER} {carried} 个）" if carried else "")


def find_seen_before(ledger: Ledger, past: Sequence[Ledger], as_of: date) -> SeenBefore:
    """Return which problems of a ledger past ledgers name too; what was done is counted up to a day.

    Past ledgers are put in the order of their years, those without a year last.
    """
    ordered = sorted(past, key=lambda each: (each.settings.year is None, each.settings.year or 0, each.path.name))
    before = [(_source(each, ordered), _read_problems(each, as_of)) for each in ordered]
    own = ledger.registers.get(PROBLEMS)
    named = list(_named_problems(own))
    carried = {each.code for each in named if own and ledger.meaning(own, each.record, "source") == CARRIED_OVER}
    found = []
    for each in named:
        past_ones = tuple(
            one.shown(source) for source, problems in before if (one := _same_or_most_alike(each, problems))
        )
        if past_ones:
            found.append(SeenAgain(each.record, each.title, each.code in carried, past_ones))
    carried_over = [each for each in found if each.carried]
    return SeenBefore(
        tuple(source for source, _ in before),
        tuple(each if each.carried else replace(each, beside=_found_too(each, carried_over)) for each in found),
    )


def _found_too(each: SeenAgain, carried_over: Sequence[SeenAgain]) -> tuple[str, ...]:
    """Return the codes of those carried over that are one of the same past problems."""
    return tuple(other.record.code for other in carried_over if set(other.past) & set(each.past))


def _source(ledger: Ledger, every: Sequence[Ledger]) -> str:
    """Return how a past ledger is named: by its year, and by folder and file if it has none or another has the same."""
    year = ledger.settings.year
    name = printable(shown("/".join(ledger.path.absolute().parts[-2:])))
    if year is None:
        return name
    return f"{year}年" if [each.settings.year for each in every].count(year) == 1 else f"{year}年（{name}）"


@dataclass(frozen=True, slots=True)
class _Named:
    """A problem with a title: what it and its 具体表现 are about, and its 首次编号, if it has one."""

    record: Record
    code: str
    title: str
    subjects: tuple[Subject, ...]
    first_code: str


@dataclass(frozen=True, slots=True)
class _Answered:
    """A problem of a past ledger and the counted tasks that answer it."""

    named: _Named
    tasks: tuple[Task, ...]

    @property
    def first_code(self) -> str:
        """The code by which a later ledger knows it, if it was carried over."""
        return self.named.first_code or self.named.code

    def shown(self, source: str) -> PastProblem:
        closed = tuple(task.statement for task in self.tasks if task.closed)
        return PastProblem(source, self.named.code, self.named.title, len(self.tasks), closed)


def _named_problems(register: Register | None) -> Iterator[_Named]:
    if register is None:
        return
    first = next((number for number, head in register.extra if head == FIRST_CODE), None)
    for record in register.records:
        if title := shown_text(record.cells.get("title") or ""):
            detail = as_text(record.cells.get("detail"))
            subjects = dict.fromkeys((*subjects_of(title), *(subjects_of(f"{title}。{detail}") if detail else ())))
            first_code = as_text(register.sheet.value(record.row, first)).strip() if first else ""
            yield _Named(record, record.code, title, tuple(subjects), first_code)


def _read_problems(ledger: Ledger, as_of: date) -> list[_Answered]:
    """Return the problems and the counted tasks of each."""
    answering: dict[str, list[Task]] = {}
    for task in read_tasks(ledger, as_of):
        for code in dict.fromkeys(task.problems if task.counted else ()):
            answering.setdefault(code, []).append(task)
    named = _named_problems(ledger.registers.get(PROBLEMS))
    return [_Answered(each, tuple(answering.get(each.code, ()))) for each in named]


def _same_or_most_alike(each: _Named, problems: Sequence[_Answered]) -> _Answered | None:
    """Return the past problem that was carried over as this one, else the most alike one; None if none is alike."""
    if each.first_code and (same := next((one for one in problems if one.first_code == each.first_code), None)):
        return same
    best = max(problems, key=lambda one: likeness(each.subjects, one.named.subjects), default=None)
    return best if best and likeness(each.subjects, best.named.subjects) else None
