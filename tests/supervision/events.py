"""What happens in an office in three years, as values, and a random office that makes it happen.

``day`` is the day from which an event stands in the ledger. Nothing here judges anything: the model (``model.py``) and
the program are both told only what happened, and each says for itself what follows.

The office is careless on purpose: things are done late, not at all, or reported a month after they were done; steps of
a close-out wait or are left out; what was closed relapses; extensions are asked for after the deadline and refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import TypeVar

DAY = timedelta(days=1)
FIRST_DAY = date(2022, 1, 1)
MONTHS = {"月": 1, "季": 3, "半年": 6, "年": 12}
"""The length of each cycle."""
ACTIVITIES = ("理论学习", "专题教育", "系列活动", "警示教育", "纪律教育月", "宣讲", "思想教育")
PLANNING = ("学习教育活动", "公开与反馈", "规章制度")
"""The registers in which people also enter what they mean to do."""
SEATS = ("书记", "组织委员", "宣传委员", "纪检委员")


@dataclass(frozen=True)
class Proof:
    """What proves a task: no vacant seat; or so many activities of these kinds (a、b) held, in each cycle or at all.

    Not ``confirmed``, it is a proposal of the program.
    """

    activity: str = ""
    target: int = 0
    per: str = ""
    register: str = "学习教育活动"
    confirmed: bool = True

    def counts(self, each: Activity) -> bool:
        """Whether an activity is of those that prove it."""
        return each.register == self.register and each.activity in self.activity.split("、")


@dataclass(frozen=True)
class Event:
    """Something that stands in the ledger from ``day`` on; ``task`` is the code of a task, or empty."""

    day: date
    task: str


@dataclass(frozen=True)
class Opened(Event):
    """A task is entered, or what was still open of it is filled in."""

    kind: str = "一次"
    department: str = "财务处"
    cycle: str = ""
    n: int = 1
    make_up: bool = True
    start: date | None = None
    deadline: date | None = None
    proof: Proof | None = None


@dataclass(frozen=True)
class Reported(Event):
    """The department reports a status."""

    status: str


@dataclass(frozen=True)
class Occurred(Event):
    """The department reports an occurrence of a recurring duty: when it was, and in the row of which cycle it stands.

    The occurrences of one row all lie in one cycle: that of the row, or a later one in which they were made up.
    """

    on: date
    row: date
    dated: bool = True


@dataclass(frozen=True)
class Activity(Event):
    """A row of a register, of no task in particular; only what was held counts."""

    activity: str
    on: date
    state: str = "已开展"
    register: str = "学习教育活动"


@dataclass(frozen=True)
class Seat(Event):
    """A seat of the branch committee falls vacant, or is filled."""

    seat: str
    vacant: bool


@dataclass(frozen=True)
class Applied(Event):
    """The department applies for closing: a new round."""


@dataclass(frozen=True)
class FirstReviewed(Event):
    """办公室初审."""

    passed: bool = True


@dataclass(frozen=True)
class LeaderReviewed(Event):
    """分管领导审核."""


@dataclass(frozen=True)
class Decided(Event):
    """党委审定: 同意销号, 转长期坚持 or 退回."""

    word: str = "同意销号"


@dataclass(frozen=True)
class Rechecked(Event):
    """回头看 of what was struck off."""

    kept: bool = True


@dataclass(frozen=True)
class Reviewed(Event):
    """A review of a continuing duty: 保持, 有反复 or 反弹."""

    finding: str = "保持"


@dataclass(frozen=True)
class NextReview(Event):
    """Somebody types 下次复核日期, or empties it."""

    on: date | None


@dataclass(frozen=True)
class Asked(Event):
    """The department asks for an extension (延期) or a pause (暂缓); without ``start`` a pause begins when approved."""

    kind: str = "延期"
    until: date = FIRST_DAY
    start: date | None = None


@dataclass(frozen=True)
class Answered(Event):
    """What was asked for is approved or refused."""

    asked: Asked
    agreed: bool = True


def later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 0, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError(day)


def first_day(day: date, cycle: str) -> date:
    """The first day of the cycle that holds a day."""
    return date(day.year, (day.month - 1) // MONTHS[cycle] * MONTHS[cycle] + 1, 1)


def last_day(day: date, cycle: str) -> date:
    """The last day of the cycle that holds a day."""
    return later(first_day(day, cycle), MONTHS[cycle]) - DAY


def days_off(years: range = range(2021, 2027)) -> frozenset[date]:
    """The days without work of an invented calendar: weekends but for one Saturday, and three holidays a year."""
    off = set()
    for year in years:
        every = (date(year, 1, 1) + n * DAY for n in range(366))
        off |= {day for day in every if day.year == year and day.weekday() > 4}
        off |= {date(year, 10, n) for n in range(1, 8)} | {date(year, 5, 1), date(year, 2, 3), date(year, 2, 4)}
        off.discard(next(day for n in range(8, 15) if (day := date(year, 10, n)).weekday() == 5))
    return frozenset(off)


def random_events(seed: int, months: int = 36, tasks: int = 40) -> list[Event]:
    """Return what happens in so many months, in the order of days; the same seed gives the same events."""
    office = _Office(Random(seed), later(FIRST_DAY, months) - DAY)
    for number in range(1, tasks + 1):
        office.lives(office.invents(f"RW-{number:03}", number))
    return office.years()


def events_of(drafted: Sequence[Opened], seed: int, months: int = 36) -> list[Event]:
    """Return what happens to tasks that were drafted from a report, which the office first fills in."""
    office = _Office(Random(seed), later(FIRST_DAY, months) - DAY)
    for task in drafted:
        proof = task.proof and replace(task.proof, confirmed=office.often(0.8))
        proof = proof if proof and (proof.confirmed or office.often(0.6)) else None
        known = office.add(replace(task, proof=proof))
        if proof and proof.per and task.kind == "周期":
            known = replace(known, cycle=proof.per, n=proof.target)
        office.lives(office.add(office.fills(replace(known, day=office.entered()))))
    return office.years()


AnyEvent = TypeVar("AnyEvent", bound=Event)


class _Office:
    def __init__(self, chance: Random, end: date) -> None:
        self.chance, self.end, self.events = chance, end, list[Event]()

    def add(self, event: AnyEvent) -> AnyEvent:
        self.events.append(event)
        return event

    def years(self) -> list[Event]:
        """Return all that happens, in the order of days, after what belongs to no task."""
        self.keeps_registers()
        return sorted((each for each in self.events if each.day <= self.end), key=lambda each: each.day)

    def some(self, least: int, most: int) -> timedelta:
        return self.chance.randint(least, most) * DAY

    def often(self, share: float) -> bool:
        return self.chance.random() < share

    def invents(self, code: str, number: int) -> Opened:
        """Enter a task of any kind, and return it."""
        kind = ("一次", "周期", "长期", "周期", "一次", "长期", "周期", "", "一次", "周期")[number % 10]
        kind = "原则" if number % 20 == 19 else kind
        proof = Proof() if kind in ("一次", "") and self.often(0.3) else None
        task = self.fills(Opened(self.entered(), code, kind, "", proof=proof))
        if kind == "周期" and task.cycle and self.often(0.3):
            task = replace(task, proof=Proof(ACTIVITIES[number // 2 % 7], task.n, task.cycle))
        self.add(task)
        return task

    def entered(self) -> date:
        return FIRST_DAY + (self.some(0, 20) if self.often(0.7) else self.some(0, 500))

    def fills(self, task: Opened) -> Opened:
        """Give a task its department, start, cycle and deadline: keep what it has, forget some."""
        chance, day = self.chance, task.day
        start = chance.choice((None, day, day, day + self.some(0, 60), first_day(day, "季")))
        department = chance.choice(("财务处", "党委办公室")) if self.often(0.95) else ""
        if task.kind in ("一次", ""):
            invented = self._deadline(day + self.some(40, 700)) if self.often(0.95) else None
            deadline = task.deadline or invented
            cycle = chance.choice(("季", "半年")) if deadline else ""
            return replace(task, department=department, cycle=cycle, start=start or day, deadline=deadline)
        if task.kind == "周期":
            cycle = task.cycle or (chance.choice(("月", "季", "季", "半年", "年")) if self.often(0.95) else "")
            if cycle and self.often(0.2):
                start = self._middle(day, cycle)
            n = chance.choice((1, 1, 1, 2, 4)) if cycle != "年" else chance.choice((1, 2, 12))
            n, make_up = (task.n if task.cycle else n), self.often(0.7)
            deadline = self._deadline(day + self.some(200, 900)) if self.often(0.4) else None
            filled = {"cycle": cycle, "n": n, "make_up": make_up, "start": start, "deadline": deadline}
            return replace(task, department=department, **filled)
        if task.kind == "长期":
            cycle = chance.choice(("月", "季", "半年", "年")) if self.often(0.95) else ""
            return replace(task, department=department, cycle=cycle, start=start)
        return replace(task, department=department)

    def lives(self, task: Opened) -> None:
        """Let everything happen to a task that will happen to it."""
        day = task.day
        if task.kind in ("一次", ""):
            self._one_off(task)
        elif task.kind == "周期":
            self._recurs(task)
        elif task.kind == "长期":
            self.add(Reported(day, task.task, self.chance.choice(("推进中", "推进中", "已完成"))))
            decided = self._closes(task, day + self.some(30, 400), "转长期坚持") if self.often(0.6) else None
            if task.cycle:
                self._reviews(task, task.start or FIRST_DAY, decided)
            if self.often(0.2):
                self._asks_pause(task, day + self.some(50, 600))
        if task.kind != "周期" and task.proof and task.proof.activity:
            self._shows(task, task.proof)

    def _shows(self, task: Opened, proof: Proof) -> None:
        """Do what a register shows of a task that is no recurring duty: once, or in most cycles."""
        first, often = task.start or task.day, self.chance.choice((0.6, 0.9))
        while first <= self.end and (proof.per or first == (task.start or task.day)):
            last = last_day(first, proof.per) if proof.per else first + 400 * DAY
            for _ in range(proof.target if self.often(often) else self.chance.randint(0, proof.target)):
                self._registers(proof, first + self.some(0, (last - first).days))
            first = last + DAY

    def _registers(self, proof: Proof, on: date, day: date | None = None) -> None:
        """Enter something held in the register that proves a task, on that day or later."""
        day = day or (on if self.often(0.7) else on + self.some(0, 45))
        self.add(Activity(day, "", self.chance.choice(proof.activity.split("、")), on, register=proof.register))

    def _deadline(self, day: date) -> date:
        """Ends of months, their middle, or any day but those for which a reminder may come earlier or later."""
        if self.often(0.4):
            return last_day(day, "月")
        return day.replace(day=15) if self.often(0.3) else day.replace(day=self.chance.randint(16, 28))

    def _middle(self, day: date, cycle: str) -> date:
        """A day on which half of the cycle is left, or just more or less than half."""
        first = first_day(day, cycle)
        return first + (last_day(day, cycle) + DAY - first) // 2 + self.some(-1, 1)

    def _one_off(self, task: Opened) -> None:
        day = task.day + self.some(0, 90)
        aim = (task.deadline or task.day + self.some(100, 600)) + self.some(-60, 40)
        self.add(Reported(day, task.task, "推进中"))
        if task.deadline and self.often(0.35):
            until = self._extends(task, task.deadline, task.deadline + self.some(-40, 30))
            aim = until + self.some(-40, 40)
            if self.often(0.3):
                self._extends(task, until, until + self.some(-20, 20))
        if self.often(0.15):
            self._asks_pause(task, day + self.some(20, 300))
        if self.often(0.85):
            done = max(aim, day + DAY)
            self.add(Reported(done, task.task, "已完成"))
            if self.often(0.85):
                word = "转长期坚持" if task.cycle and self.often(0.25) else "同意销号"
                decided = self._closes(task, done + (self.some(0, 5) if self.often(0.6) else self.some(0, 60)), word)
                if decided and word == "转长期坚持":
                    self._reviews(task, decided, decided)
                elif decided and self.often(0.8):
                    self._rechecks(task, decided + self.some(60, 260))

    def _extends(self, task: Opened, deadline: date, asked_on: date) -> date:
        """Ask for an extension, perhaps after the deadline; return the deadline as it is then."""
        until = self._deadline(deadline + self.some(45, 150))
        asked = Asked(max(asked_on, task.day + DAY), task.task, "延期", until)
        self.add(asked)
        if self.often(0.9):
            answer = Answered(asked.day + self.some(1, 40), task.task, asked, self.often(0.7))
            self.add(answer)
            return asked.until if answer.agreed else deadline
        return deadline

    def _asks_pause(self, task: Opened, day: date) -> None:
        start = day + self.some(-10, 40) if self.often(0.8) else None
        asked = Asked(day, task.task, "暂缓", (start or day) + self.some(40, 300), start)
        self.add(asked)
        if self.often(0.9):
            self.add(Answered(day + self.some(1, 25), task.task, asked, self.often(0.8)))

    def _closes(self, task: Opened, day: date, word: str) -> date | None:
        """Apply until it is agreed or nobody goes on; return the day on which it was agreed."""
        for _ in range(self.chance.randint(1, 4)):
            self.add(Reported(day, task.task, "已完成"))
            self.add(Applied(day, task.task))
            slow = 1 if self.often(0.6) else 9
            if self.often(0.9):
                day += self.some(1, 8 * slow)
                passed = self.often(0.85)
                self.add(FirstReviewed(day, task.task, passed))
                if not passed:
                    day += self.some(5, 60)
                    continue
            if self.often(0.9):
                day += self.some(1, 8 * slow)
                self.add(LeaderReviewed(day, task.task))
            if self.often(0.15):
                return None  # it waits for ever
            day += self.some(1, 30 * slow)
            agreed = self.often(0.8)
            self.add(Decided(day, task.task, word if agreed else "退回"))
            if agreed:
                return day
            day += self.some(5, 60)
        return None

    def _rechecks(self, task: Opened, day: date) -> None:
        kept = self.often(0.6)
        self.add(Rechecked(day, task.task, kept))
        if not kept and self.often(0.7):
            day = day + self.some(20, 120)
            self.add(Reported(day, task.task, self.chance.choice(("推进中", "已完成"))))
            if self.often(0.7):
                self._closes(task, day + self.some(5, 60), "同意销号")

    def _reviews(self, task: Opened, start: date, decided: date | None) -> None:
        """Review it about as often as it should be, from its start or its decision on."""
        day, length = start, 30 * MONTHS[task.cycle]
        diligent = self.often(0.5)
        while day < self.end:
            if self.often(0.2):
                day = later(day, MONTHS[task.cycle])  # on its very day
            else:
                day += self.some(length - 25, length + 1) if diligent or self.often(0.5) else self.some(20, length + 90)
            if day <= task.day or (decided and abs((day - decided).days) < 2) or self._waits(task, day):
                continue
            applied = any(isinstance(each, Applied) and each.task == task.task for each in self.events)
            relapses = day > decided if decided else not applied
            finding = self.chance.choice((*("保持",) * 8, "有反复", "反弹" if relapses else "有反复"))
            self.add(Reviewed(day, task.task, finding))
            if finding == "反弹" and decided and day > decided:
                self.add(NextReview(day, task.task, None))
                again = self._closes(task, day + self.some(10, 100), "转长期坚持") if self.often(0.7) else None
                if again is None:
                    if task.kind != "长期":
                        return
                    decided = None
                else:
                    day = decided = again
            elif self.often(0.15):
                self.add(NextReview(day + self.some(0, 3), task.task, day + self.some(10, length + 60)))
            elif self.often(0.1):
                self.add(NextReview(day + self.some(0, 3), task.task, None))

    def _waits(self, task: Opened, day: date) -> bool:
        """Whether something else happens to the task on that day."""
        return any(each.task == task.task and each.day == day for each in self.events)

    def _recurs(self, task: Opened) -> None:
        self.add(Reported(task.day, task.task, "推进中"))
        if self.often(0.15):
            self.add(Reported(task.day + self.some(20, 400), task.task, "已完成"))
        if task.cycle:
            self._occurs(task)
        if self.often(0.2):
            self._asks_pause(task, task.day + self.some(50, 500))
        if task.deadline and self.often(0.25):
            self._extends(task, task.deadline, task.deadline + self.some(-40, 20))
        if task.deadline is None and self.often(0.25):
            self._closes(task, task.day + self.some(150, 700), "同意销号")
        if task.deadline and self.often(0.7):
            done = task.deadline + self.some(1, 60) if self.often(0.8) else task.deadline - self.some(1, 100)
            decided = self._closes(task, max(done, task.day + 40 * DAY), "同意销号")
            if decided and decided > task.deadline and self.often(0.3):
                self._rechecks(task, decided + self.some(60, 260))

    def _occurs(self, task: Opened) -> None:
        """Do the duty in each cycle as often as asked for, or less often, or more often to make up for what is owed."""
        diligence, owed = self.chance.choice((0.5, 0.8, 0.97)), 0
        begins = first = first_day(task.start or task.day, task.cycle)
        lies_in: dict[date, date] = {}  # the cycle in which the occurrences of a row lie
        while first <= self.end:
            last, dated = last_day(first, task.cycle), self.often(0.85)
            does = task.n if self.often(diligence) else self.chance.randint(0, task.n)
            extra = self.chance.randint(1, owed + 1) if self.often(0.3) else 0
            owed = max(0, owed + task.n - does - extra)
            for number in range(does + extra):
                on, row = first + self.some(0, (last - first).days), first
                earlier = later(first, -MONTHS[task.cycle] * self.chance.randint(1, 3))
                if number >= task.n and earlier >= begins and lies_in.get(earlier, first) == first:
                    row = earlier
                lies_in[row] = first
                entered = on if self.often(0.7) else on + self.some(0, 45)
                self._does(task, max(entered, task.day), on, row, dated or row != first)
            first = last + DAY

    def _does(self, task: Opened, day: date, on: date, row: date, dated: bool) -> None:
        if task.proof is None or self.often(0.6):
            self.add(Occurred(day, task.task, on, row, dated))
        if task.proof and self.often(0.9):
            self._registers(task.proof, on, day)

    def keeps_registers(self) -> None:
        """Activities planned and not held, and seats that fall vacant and are filled."""
        proofs = [each.proof for each in self.events if isinstance(each, Opened) and each.proof]
        kinds = [("学习教育活动", each) for each in ACTIVITIES]
        kinds += [(each.register, each.activity.split("、")[0]) for each in proofs if each.register in PLANNING]
        for _ in range(20):
            on, (register, kind) = FIRST_DAY + self.some(0, (self.end - FIRST_DAY).days), self.chance.choice(kinds)
            state = self.chance.choice(("计划", "取消")) if register == "学习教育活动" else "计划"
            entered = on - self.some(0, 30) if state == "计划" else on
            self.add(Activity(entered, "", kind, on, state, register))
        for seat in SEATS:
            day, vacant = FIRST_DAY + self.some(20, 60), self.often(0.3)
            while day <= self.end:
                self.add(Seat(day, "", seat, vacant))
                day, vacant = day + (self.some(20, 200) if vacant else self.some(100, 700)), not vacant
