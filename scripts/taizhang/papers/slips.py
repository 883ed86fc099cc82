"""督办单: the reminder slips of a day, one per department or branch with items to chase, and their numbers.

Three grades, after the common practice of three-coloured slips: blue for a near deadline or cycle end, red for a red
light, yellow for the rest; orange only if the office's rules light it. A slip has the grade of its worst item, an item
that of its worst trouble: a task can be late, in contradiction to the ledger and refused an extension at once.
Department, month and items identify a slip; its number and day are recorded in the register 督办单, and no number is
used twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from taizhang.forms.register_names import SLIPS
from taizhang.history.entries import Change, Entry
from taizhang.ledger.cell_values import to_cell
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.ledger.vocabulary import Light, Status
from taizhang.splice import AppendRow, SetCell
from taizhang.supervision.contradictions import Contradiction, contradictions
from taizhang.supervision.due_items import DueItem, find_due_items
from taizhang.supervision.extensions import Extension
from taizhang.supervision.lights import Trigger
from taizhang.supervision.tasks import Task, read_tasks
from taizhang.typed.dates import month_day
from taizhang.typed.text import as_text, clean_key

__all__ = [
    "BLUE",
    "DUE_LISTED",
    "GRADES",
    "NEEDED",
    "ORANGE",
    "RED",
    "REPLY_WORKDAYS",
    "TROUBLE_OF",
    "YELLOW",
    "Grade",
    "Item",
    "Numbering",
    "Reason",
    "Slip",
    "Trouble",
    "number_slips",
    "plan_slips",
]

REPLY_WORKDAYS = 5
"""Working days that a department has to answer, unless the office gives a day."""

DUE_LISTED = 8
"""The most overdue rows of registers that a slip lists; more are counted."""

NEEDED = ("code", "number", "department", "period", "grade", "items", "issued")
"""Columns that the register must have to record a slip."""

_NUMBER = re.compile(r"[〔\[(【](\d{4})[〕\])】]第?(\d+)号$")


@dataclass(frozen=True, slots=True)
class Grade:
    """One of the three colours: its word, its symbol and its meaning."""

    word: str
    symbol: str
    meaning: str

    @property
    def mark(self) -> str:
        """Symbol and word, so that the grade never depends on colour alone."""
        return f"{self.symbol} {self.word}"


RED, ORANGE, YELLOW, BLUE = (
    Grade("红", "◆", "逾期、严重滞后"),
    Grade("橙", "▼", "〈参数〉规定亮橙灯的"),
    Grade("黄", "▲", "滞后、欠账、反复、不符"),
    Grade("蓝", "■", "临近时限提醒"),
)
GRADES = (RED, ORANGE, YELLOW, BLUE)
"""Worst first."""

_GRADE_OF = {Light.RED: RED, Light.ORANGE: ORANGE, Light.AMBER: YELLOW, Light.BLUE: BLUE}


class Trouble(StrEnum):
    """The reason why a task is on a slip, in the words printed on slips; of equal grades the first is named."""

    LATE = "逾期"
    FAR_BEHIND = "严重滞后"
    OWED = "周期欠账"
    MISSED = "周期缺期"
    CONTRADICTED = "核对不符"
    BEHIND = "未达序时"
    UNREPORTED = "进度未填报"
    RELAPSED = "反弹"
    WAVERING = "复核有反复"
    REFUSED = "延期未批"
    CYCLE_ENDS = "本期临期"
    DUE_SOON = "临近时限"


TROUBLE_OF: Mapping[Trigger, Trouble] = {
    Trigger.LATE: Trouble.LATE,
    Trigger.BEHIND: Trouble.BEHIND,
    Trigger.UNREPORTED: Trouble.UNREPORTED,
    Trigger.OWED: Trouble.OWED,
    Trigger.MISSED: Trouble.MISSED,
    Trigger.CYCLE_ENDS: Trouble.CYCLE_ENDS,
    Trigger.RELAPSED: Trouble.RELAPSED,
    Trigger.WAVERING: Trouble.WAVERING,
    Trigger.DUE_SOON: Trouble.DUE_SOON,
    Trigger.TIME_SHORT: Trouble.DUE_SOON,
}
"""What a department is chased for. Reviews and the steps of a close-out are not its own: `todo` lists them."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One trouble of a task, with its grade and its facts in words: 逾期3天."""

    grade: Grade
    trouble: Trouble
    words: str


@dataclass(frozen=True, slots=True)
class Item:
    """One task on a slip, with the reasons why, the worst first."""

    task: Task
    reasons: tuple[Reason, ...]

    @property
    def grade(self) -> Grade:
        """The grade of the worst reason."""
        return self.reasons[0].grade

    @property
    def trouble(self) -> Trouble:
        """The trouble of the worst reason."""
        return self.reasons[0].trouble

    @property
    def why(self) -> str:
        """The worst reason in words."""
        return self.reasons[0].words

    @property
    def also(self) -> str:
        """The other reasons in words; empty if there is one only."""
        return "；".join(reason.words for reason in self.reasons[1:])


@dataclass(frozen=True)
class Slip:
    """One slip for a month (``2022-06``), with the figures of all counted tasks of its department.

    ``branch`` is the party branch of the department to which it is addressed, empty if to the department itself.
    ``due`` are the rows of the addressee's registers that are overdue, the longest first. Until it is numbered,
    ``number`` is empty, ``issued`` and ``reply_by`` are None; ``new``: the number was given now.
    """

    department: str
    period: str
    as_of: date
    items: tuple[Item, ...]
    tasks: int
    closed: int
    pending: int
    due: tuple[DueItem, ...] = ()
    branch: str = ""
    number: str = ""
    issued: date | None = None
    reply_by: date | None = None
    new: bool = False

    @property
    def addressee(self) -> str:
        """To whom it is addressed: the branch, else the department."""
        return self.branch or self.department

    @property
    def grade(self) -> Grade:
        """The grade of the worst item; what registers say is overdue is yellow."""
        return min((*(item.grade for item in self.items), *(YELLOW for _ in self.due[:1])), key=GRADES.index)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the tasks, worst first."""
        return tuple(item.task.code for item in self.items)

    @property
    def troubles(self) -> Mapping[Trouble, int]:
        """The number of items per trouble, worst first."""
        return Counter(item.trouble for item in self.items)


@dataclass(frozen=True)
class Numbering:
    """Numbered slips, the edits that record them in the register, and the changes for the journal."""

    slips: tuple[Slip, ...]
    edits: tuple[SetCell | AppendRow, ...]
    changes: tuple[Change, ...]


def plan_slips(ledger: Ledger, as_of: date) -> tuple[list[Slip], list[Task]]:
    """Return the unnumbered slips of a day, in the order of 参数, and the tasks to chase that have no department.

    What branches answer is asked of them, unless 〈督办单〉 lacks the column for the branch: then of their departments.
    """
    tasks = [task for task in read_tasks(ledger, as_of) if task.counted]
    contradicted = {each.task.code: each for each in contradictions(ledger, as_of)}
    items = [item for task in tasks if (item := _item(ledger, task, contradicted.get(task.code), as_of))]
    names = dict.fromkeys(each.name for each in ledger.settings.departments)
    names |= dict.fromkeys(item.task.department for item in items if item.task.department)
    tasks_of: dict[str, list[Task]] = {}
    items_of: dict[str, list[Item]] = {}
    for task in tasks:
        tasks_of.setdefault(task.department, []).append(task)
    for item in items:
        items_of.setdefault(item.task.department, []).append(item)
    due_of: dict[str, list[DueItem]] = {}
    due_of_branch: dict[str, list[DueItem]] = {}
    register = ledger.registers.get(SLIPS)
    apart = register is None or "branch" in register.columns
    for each in find_due_items(ledger, as_of):
        if each.overdue and each.branch and apart:
            due_of_branch.setdefault(each.branch, []).append(each)
        elif each.overdue and each.department:
            due_of.setdefault(each.department, []).append(each)
    names |= dict.fromkeys(due_of)
    slips = []
    for name in names:
        own, mine = tasks_of.get(name, []), sorted(items_of.get(name, ()), key=_urgency)
        due = tuple(due_of.get(name, ()))
        if mine or due:
            closed = sum(task.closed for task in own)
            pending = sum(task.status == Status.DONE for task in own)
            slips.append(Slip(name, f"{as_of:%Y-%m}", as_of, tuple(mine), len(own), closed, pending, due))
    branches = ledger.settings.branches
    for name in dict.fromkeys((*branches, *due_of_branch)):
        if name not in due_of_branch:
            continue
        due, department = tuple(due_of_branch[name]), ledger.department_of(name)
        slips.append(Slip(department, f"{as_of:%Y-%m}", as_of, (), 0, 0, 0, due, branch=name))
    return slips, [item.task for item in items if not item.task.department]


def _item(ledger: Ledger, task: Task, contradiction: Contradiction | None, as_of: date) -> Item | None:
    reasons = sorted(_reasons(ledger, task, contradiction, as_of), key=lambda each: GRADES.index(each.grade))
    return Item(task, tuple(reasons)) if reasons else None


def _reasons(ledger: Ledger, task: Task, contradiction: Contradiction | None, as_of: date) -> Iterator[Reason]:
    """Yield why a department is chased: the worst light that it can answer for, figures of the ledger that nobody has
    explained, an extension that was refused lately.
    """
    lit = next((each for each in task.lit if each.light.warns and each.trigger in TROUBLE_OF), None)
    if lit:
        trouble, grade = TROUBLE_OF[lit.trigger], _GRADE_OF[lit.light]
        if grade is RED and trouble is Trouble.BEHIND:
            trouble = Trouble.FAR_BEHIND
        if grade is YELLOW and trouble in (Trouble.DUE_SOON, Trouble.CYCLE_ENDS):
            grade = BLUE  # a reminder, not a reproach
        yield Reason(grade, trouble, lit.reason)
    if contradiction and not contradiction.proposed and not contradiction.explained:
        yield Reason(YELLOW, Trouble.CONTRADICTED, f"{contradiction.said}，{contradiction.words}")
    refused = _unanswered_refusal(ledger, task, as_of)
    if refused:
        day = f"{month_day(refused.decided)}" if refused.decided else ""
        yield Reason(YELLOW, Trouble.REFUSED, f"{day}{refused.kind or ''}申请没有批准")


def _unanswered_refusal(ledger: Ledger, task: Task, as_of: date) -> Extension | None:
    """Return the refused application that a department is told of; None if it has answered, or had the time to report.

    It has answered if it applied since: for another date or a pause, or to close the task. It has reported once two
    periods ended since: the one in which the application was refused, and the next.
    """
    if not task.term.refused or task.closed or task.waiting or task.term.extended:
        return None
    last = task.term.refused[-1]
    day = last.decided or last.applied or as_of
    since = [each for each in task.term.pending if each.applied and each.applied >= day]
    ended = sum(bool(each.as_of and day <= each.as_of < as_of) for each in ledger.settings.periods)
    return None if since or ended >= 2 else last


def _urgency(item: Item) -> tuple[Any, ...]:
    return (GRADES.index(item.grade), -item.task.overdue, item.task.due or date.max, item.task.code)


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A slip as recorded in the register: its row, addressee, month, items and number."""

    row: int
    code: str
    cells: Mapping[str, Any]
    addressee: tuple[str, bool]
    period: str
    items: frozenset[str]
    number: str
    grade: str
    issued: date | None
    reply_by: date | None


def number_slips(
    ledger: Ledger, register: Register, slips: Sequence[Slip], journal: Iterable[Entry], reply_by: date | None = None
) -> Numbering:
    """Give each slip its recorded number, or the next number of its year.

    A slip whose items are all on a recorded slip of the same addressee and month keeps that slip's number; if its
    grade has become worse, the register is updated. Numbers and codes in the journal are not given again, even if
    their row is gone. ``reply_by`` is the day by which new slips must be answered, by default the fifth working day
    after ``as_of``. Raises UnknownYear if the workdays of the year are unknown, and KeyError if the register lacks a
    column of NEEDED.
    """
    for key in NEEDED:
        _ = register.columns[key]
    recorded = [each for each in map(_reader(ledger, register), register.records) if each.number]
    last_code, last_numbers = _last_used(register, recorded, journal)
    prefix = ledger.settings.facts.get("督办字号") or "整改督"
    by_month: dict[tuple[tuple[str, bool], str], list[_Recorded]] = {}
    for each in recorded:
        by_month.setdefault((each.addressee, each.period), []).append(each)
    numbered, edits, changes = [], [], []
    for slip in slips:
        known = _find_recorded(slip, by_month.get(((slip.addressee, bool(slip.branch)), slip.period), ()))
        issued = known.issued if known and known.issued else slip.as_of
        due = known.reply_by if known and known.reply_by else reply_by
        due = due or ledger.settings.workdays.add(slip.as_of, REPLY_WORKDAYS)
        if known is None:
            year, last_code = slip.as_of.year, last_code + 1
            last_numbers[year] = last_numbers.get(year, 0) + 1
            number, code = f"{prefix}〔{year}〕{last_numbers[year]}号", register.form.format_code(last_code)
            new = replace(slip, number=number, issued=issued, reply_by=due, new=True)
            cells = _row(new, code)
            edits.append(AppendRow(register.sheet.name, register.last_row, _cells_by_column(register, cells)))
            changes += _changes(register, code, {}, cells)
            numbered.append(new)
            continue
        numbered.append(replace(slip, number=known.number, issued=issued, reply_by=due))
        if _is_worse(slip.grade.word, known.grade):
            cells = {"grade": slip.grade.word, "triggers": _triggers(slip)}
            places = _cells_by_column(register, cells).items()
            edits += [SetCell(register.sheet.name, known.row, column, value) for column, value in places]
            changes += _changes(register, known.code, known.cells, cells)
    return Numbering(tuple(numbered), tuple(edits), tuple(changes))


def _reader(ledger: Ledger, register: Register) -> Callable[[Record], _Recorded]:
    def value(record: Record, key: str) -> Any:
        return ledger.meaning(register, record, key)

    def read(record: Record) -> _Recorded:
        month, branch = record.cells["period"], value(record, "branch") or ""
        return _Recorded(
            row=record.row,
            code=record.code,
            cells=record.cells,
            addressee=(branch, True) if branch else (value(record, "department") or "", False),
            # If 2022-06 is retyped, Excel turns it into a date.
            period=f"{month:%Y-%m}" if isinstance(month, (date, datetime)) else clean_key(as_text(month)),
            items=frozenset(value(record, "items") or ()),
            number=clean_key(as_text(record.cells["number"])),
            grade=value(record, "grade") or "",
            issued=value(record, "issued"),
            reply_by=value(record, "reply_by"),
        )

    return read


def _find_recorded(slip: Slip, recorded: Sequence[_Recorded]) -> _Recorded | None:
    """Return the recorded slip that covers these items: the one with exactly these, else the last with these and more.

    ``recorded`` are the slips of the same addressee and month.
    """
    wanted = frozenset(slip.codes)
    covering = [each for each in recorded if wanted <= each.items]
    return next((each for each in covering if each.items == wanted), covering[-1] if covering else None)


def _last_used(
    register: Register, recorded: Sequence[_Recorded], journal: Iterable[Entry]
) -> tuple[int, dict[int, int]]:
    """Return the highest code number, and the highest slip number of each year, in the register and in the journal."""
    spent = [change for entry in journal for change in entry.changes if change.register == register.form.name]
    numbers = [
        *(each.number for each in recorded),
        *(str(v) for c in spent if c.column == "number" for v in (c.old, c.new)),
    ]
    codes = [*(record.code for record in register.records), *(change.code for change in spent)]
    return max((register.form.code_number(code) or 0 for code in codes), default=0), _last_numbers(numbers)


def _last_numbers(numbers: Iterable[str]) -> dict[int, int]:
    """Return the highest number used in each year."""
    last: dict[int, int] = {}
    for number in numbers:
        if found := _NUMBER.search(clean_key(number)):
            year = int(found[1])
            last[year] = max(last.get(year, 0), int(found[2]))
    return last


def _is_worse(word: str, recorded: str) -> bool:
    order = [grade.word for grade in GRADES]
    return recorded not in order or order.index(word) < order.index(recorded)


def _triggers(slip: Slip) -> str:
    tasks = [f"{item.task.code} {'，'.join(filter(None, (item.why, item.also)))}" for item in slip.items]
    rows = [f"〈{each.register.sheet.name}〉{each.name} {each.words}" for each in slip.due[:DUE_LISTED]]
    more = [f"登记表另有 {len(slip.due) - DUE_LISTED} 项超期"] if len(slip.due) > DUE_LISTED else []
    return "；".join((*tasks, *rows, *more))


def _row(slip: Slip, code: str) -> dict[str, Any]:
    return {
        "code": code,
        "number": slip.number,
        "department": slip.department,
        "branch": slip.branch,
        "period": slip.period,
        "grade": slip.grade.word,
        "items": slip.codes,
        "triggers": _triggers(slip),
        "issued": slip.issued,
        "reply_by": slip.reply_by,
    }


def _cells_by_column(register: Register, cells: Mapping[str, Any]) -> dict[int, Any]:
    form = register.form
    return {
        register.columns[key]: to_cell(form.column(key), value)
        for key, value in cells.items()
        if key in register.columns
    }


def _changes(register: Register, code: str, old: Mapping[str, Any], cells: Mapping[str, Any]) -> list[Change]:
    form = register.form
    return [
        Change(form.name, code, key, as_text(old.get(key, "")), as_text(to_cell(form.column(key), value)))
        for key, value in cells.items()
        if key in register.columns
    ]
