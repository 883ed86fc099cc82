"""What the ledger holds for a field of a form: of one measure, or of a problem with all its measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from taizhang.adopt.fields import NOT_WRITTEN, OWN, Field
from taizhang.figures.coverage import Problem
from taizhang.figures.metrics import Metrics
from taizhang.forms.register_names import PROBLEMS
from taizhang.ledger.model import Ledger
from taizhang.ledger.vocabulary import Status
from taizhang.supervision.tasks import Task
from taizhang.typed.dates import chinese_date, day_or_text
from taizhang.typed.readings import shown_text
from taizhang.typed.text import split_many

__all__ = ["Entry", "answer", "entries_by_problem", "entries_by_task", "is_answered", "numbered"]

_BY_HAND = frozenset({"person", "contact", "note", "category"})
"""Fields that the ledger does not answer: it knows posts and no persons, and its remarks are for the office alone."""

_STATUS_WORDS = {Status.DONE: "已完成，待审定", Status.UNDER_WAY: "正在推进"}


def is_answered(field: Field) -> bool:
    """Whether the program fills a field; any other is left blank for a person."""
    return field.name not in _BY_HAND and field not in (OWN, NOT_WRITTEN)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one row is about: a problem (None: a measure without one) and the measures told in the row."""

    problem: Problem | None
    cells: Mapping[str, str]
    tasks: tuple[Task, ...]


def entries_by_problem(ledger: Ledger, m: Metrics) -> list[Entry]:
    """Return an entry for each problem, with all its measures."""
    return [Entry(each, _cells(ledger, m, each), each.tasks) for each in m.coverage.problems]


def entries_by_task(entry: Entry, m: Metrics) -> list[Entry]:
    """Return an entry for each measure of a problem, one without any if it has none.

    A measure of several problems is told under the first that it names, and again only under a problem that would not
    be told else: a superior looks for each.
    """
    code = entry.problem.code if entry.problem else ""
    own = [task for task in entry.tasks if m.problem_of(task) == code] or entry.tasks
    return [Entry(entry.problem, entry.cells, (task,)) for task in own] or [entry]


def _cells(ledger: Ledger, m: Metrics, problem: Problem) -> dict[str, str]:
    register = ledger.registers[PROBLEMS]
    record = next(each for each in register.records if each.code == problem.code)
    titles = {cause.code: cause.title for cause in m.coverage.causes}
    causes = [titles[code] for code in problem.causes if titles.get(code)]

    def text(key: str) -> str:
        return shown_text(record.cells.get(key, ""))

    return {
        "problem": problem.title,
        "aspect": problem.aspect,
        "detail": text("detail"),
        "problem_source": text("source"),
        "cause": numbered(causes),
    }


def answer(field: str, entry: Entry, m: Metrics) -> str:
    """Return what a row says in a field, in words; empty if the ledger has nothing to say.

    Of several measures, what differs is numbered line by line, in their order. Days are words too: a form has no look
    for dates in a column that it means for words.
    """
    if field in entry.cells:
        return entry.cells[field]
    if field == "closed_on":
        days = [task.closed_on for task in entry.tasks]
        return chinese_date(max(day for day in days if day)) if days and all(days) else ""
    if field == "closed":
        return ("是" if all(task.closed for task in entry.tasks) else "否") if entry.tasks else ""
    if field in ("department", "leader", "supporting"):
        named = dict.fromkeys(name for task in entry.tasks for name in _names(field, task))
        return "、".join(named)
    say = _OF_A_TASK.get(field)
    words = [say(task, m) for task in entry.tasks] if say else []
    return numbered(words)


def numbered(words: Sequence[str]) -> str:
    """Return words as lines that count from one, — for empty ones; what is the same in all stands once, without."""
    if len(set(words)) < 2:
        return "".join(words[:1])
    return "\n".join(f"{number}.{word or '—'}" for number, word in enumerate(words, 1))


def _names(field: str, task: Task) -> list[str]:
    if field == "supporting":
        return list(split_many(shown_text(task.record.cells.get("supporting", ""))))
    found = task.department if field == "department" else task.leader
    return [found] if found else []


def _cell(key: str) -> Callable[[Task, Metrics], str]:
    """Return the reader of a column of 整改任务."""

    def read(task: Task, _: Metrics) -> str:
        return day_or_text(task.record.cells.get(key, ""))

    return read


def _deadline(task: Task, m: Metrics) -> str:
    """Return the deadline as worded; after an extension the one in force."""
    return chinese_date(task.due) if task.term.extended and task.due else _cell("deadline")(task, m)


def _status(task: Task, _: Metrics) -> str:
    return _STATUS_WORDS.get(task.status, str(task.status))


def _progress(task: Task, _: Metrics) -> str:
    return "" if task.progress_shown is None else f"{task.progress_shown}%"


_OF_A_TASK: Mapping[str, Callable[[Task, Metrics], str]] = {
    "statement": lambda task, _: task.statement,
    "group": lambda task, _: task.group,
    "standard": _cell("standard"),
    "start": _cell("start"),
    "deadline": _deadline,
    "status": _status,
    "progress": _progress,
    "update": lambda task, m: m.update_of(task),
    "obstacle": lambda task, _: task.obstacle,
    "next_step": lambda task, _: task.next_step,
    "evidence": lambda task, _: task.evidence,
    "help_needed": lambda task, _: task.help_needed,
}
