"""What follows from the events: a second computation, from the page of definitions alone, without the program's code.

Where the page leaves something open, the literal reading was taken:

- A recurring duty ends on its deadline, and the cycle that holds it is owed; near it and after it, it is lit like any
  task. Struck off before, it ends on that day, and the cycle that this cuts short requires nothing.
- What is reported for a cycle and was done later makes up that cycle first.
- What is done in a cycle that requires nothing makes up what is owed. A register proves as soon as it has a row.
- Something can still be done on the last day of a cycle. After 反弹 a duty is yellow until reviewed or decided again.
- One review is counted for each that was owed: not a second one within half an interval, unless 下次复核日期 asked for
  it. A review due in a pause has as many days left after it as it had before.
- A typed 下次复核日期 overrides once: the date that follows the last review (start, decision) before it.
- An application stops the deadline and nothing else: while it waits, what a duty owes keeps its colour. A step that
  waits longer than its limit is yellow. A pause goes before all of it, and being struck off before a pause.
- What was sent back or relapsed is under way until it is applied for again, whatever the department's word is.
- A proof per cycle of a recurring duty is met if nothing is owed, nor lost in a year. For other tasks the last closed
  cycle is judged, if half of it is after the start.
- A proposal proves nothing until it is confirmed.
- Lateness up to an approval stays in the record, whatever is approved later: the days of all extensions together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from supervision import events as of
from supervision.events import DAY, FIRST_DAY, MONTHS, Event, Opened, first_day, last_day, later

RED, AMBER, GREEN, WAITING, PAUSED, CLOSED, OPEN = "红", "黄", "绿", "待审核", "暂缓", "办结", "待明确"
DONE, STRUCK, KEPT = "已完成", "已销号", "长期坚持"
STEPS, LIMITS = ("申请", "初审", "领导审核", "党委审定"), (0, 5, 5, 20)


@dataclass
class Cycle:
    """A cycle of a recurring duty: ``late`` is by how many cycles it was made up."""

    first: date
    last: date
    required: int
    done: int = 0
    made_up: int = 0
    late: int = 0
    state: str = "进行中"

    @property
    def owed(self) -> int:
        return max(0, self.required - self.done - self.made_up)


@dataclass(frozen=True)
class Standing:
    """A task on a day. ``waiting``: step and working days; ``late``: days past the deadline when it was applied for;
    ``applied``: it is closed, or an application is open; ``reviews``: held in time, due; ``extended``: extensions
    agreed to, applications made after the deadline, days late at the approvals, all together."""

    task: Opened
    state: str
    light: str
    cycles: list[Cycle]
    next_review: date | None
    reviews: tuple[int, int]
    deadline: date | None
    extended: tuple[int, int, int]
    waiting: tuple[str, int] | None
    late: int
    applied: bool
    recheck: str
    proof: str

    @property
    def contradicted(self) -> bool:
        return self.proof == "未达到" and (self.applied or self.state == DONE)


def judge(events: Sequence[Event], day: date, off: frozenset[date]) -> dict[str, Standing]:
    """Return every counted task on a day, by its code; ``off`` are the days without work."""
    past = sorted((each for each in events if each.day <= day), key=lambda each: each.day)
    tasks = {each.task: each for each in past if isinstance(each, Opened) and each.kind != "原则"}.values()
    return {each.task: _stands(each, [x for x in past if x.task in (each.task, "")], day, off) for each in tasks}


def fractions(standings: Mapping[str, Standing], day: date) -> dict[str, tuple[int, int]]:
    """Return the four fractions of a day."""
    every = standings.values()
    once = [each for each in every if each.task.kind in ("一次", "")]
    due = [x for x in once if x.deadline and (x.deadline < day or (x.deadline == day and x.applied))]
    ends = [*once, *(each for each in every if each.task.kind == "周期" and each.deadline)]
    closable = [each for each in ends if each.state != KEPT]
    cycles = [cycle.state for each in every for cycle in each.cycles if cycle.state not in ("进行中", "不计")]
    return {
        "按期办结率": (sum(each.applied and not each.late for each in due), len(due)),
        "销号率": (sum(each.state == STRUCK for each in closable), len(closable)),
        "履行率": (sum(state in ("完成", "补完成") for state in cycles), len(cycles)),
        "复核率": (sum(each.reviews[0] for each in every), sum(each.reviews[1] for each in every)),
    }


def _stands(task: Opened, past: Sequence[Event], day: date, off: frozenset[date]) -> Standing:
    state, steps, closed_on, late, rechecked, back = "未启动", dict[str, date](), None, 0, False, False
    relapsed, applied = False, None
    for each in past:
        match each:
            case of.Reported() if state not in (STRUCK, KEPT):
                state = each.status
            case of.Applied():
                steps, back, deadline = {"申请": each.day}, False, _deadline(task, past, each.day)
                late, applied = max(0, (each.day - deadline).days) if deadline else 0, each.day
            case of.FirstReviewed(passed=True) | of.LeaderReviewed():
                steps["初审" if isinstance(each, of.FirstReviewed) else "领导审核"] = each.day
            case of.Decided(word="同意销号" | "转长期坚持"):
                state, steps, rechecked = STRUCK if each.word == "同意销号" else KEPT, {}, False
                closed_on = each.day
            case of.Rechecked(kept=True):
                rechecked = True
            case of.Reviewed(finding="保持" | "有反复"):
                relapsed = False
            case of.FirstReviewed() | of.Decided() | of.Rechecked() | of.Reviewed(finding="反弹"):
                state, steps, closed_on, late, back, applied = "推进中", {}, None, 0, True, None
                relapsed = isinstance(each, of.Rechecked | of.Reviewed)
    state = "推进中" if back and state == DONE else state
    missing = next(number for number, step in enumerate(STEPS) if step not in steps)
    since = (day - steps[STEPS[missing - 1]]).days if steps else 0
    waiting = (STEPS[missing], sum(day - n * DAY not in off for n in range(since))) if steps else None
    pauses = [(each.asked.start or each.day, each.asked.until) for each in _agreed(past, "暂缓", day)]
    deadline, cycles = _deadline(task, past, day), list[Cycle]()
    upcoming, reviews, light = None, (0, 0), OPEN
    if deadline and not steps:
        light = RED if day > deadline else AMBER if (deadline - day).days <= 7 and state != DONE else GREEN
    if state == KEPT or (task.kind == "长期" and state != STRUCK):
        upcoming, reviews, light = _reviews(task, past, day, pauses)
    elif task.kind == "周期":
        end = min(deadline or date.max, closed_on or date.max)
        cut = [(first_day(end + DAY, task.cycle), date.max)] if task.cycle and end == closed_on != deadline else []
        cycles = _cycles(task, past, day, end, pauses + cut) if task.cycle else []
        owed = _light_of_cycles(task, cycles, end, day) if task.cycle else OPEN
        light = light if light in (RED, AMBER) and owed != RED else owed
    if relapsed and state not in (STRUCK, KEPT) and not steps and light in (GREEN, OPEN):
        light = AMBER
    if light in (GREEN, OPEN):
        over = waiting and waiting[1] > LIMITS[missing]
        light = AMBER if over else WAITING if steps or state == DONE else CLOSED if state == KEPT else light
    light = OPEN if light == GREEN and not task.department else light
    light = PAUSED if any(start <= day <= until for start, until in pauses) else light
    due = bool(closed_on and state == STRUCK and not rechecked and day >= later(closed_on, 3))
    return Standing(
        task, state, CLOSED if state == STRUCK else light, cycles, upcoming, reviews, deadline,
        _extended(task, past, day, applied), waiting, late, bool(steps or state in (STRUCK, KEPT)),
        "" if not due else "超期" if day > later(closed_on or day, 6) else "到期", _proof(task, past, cycles, day),
    )  # fmt: skip


def _agreed(past: Sequence[Event], kind: str, day: date) -> list[of.Answered]:
    answers = [each for each in past if isinstance(each, of.Answered) and each.agreed and each.day <= day]
    return [each for each in answers if each.asked.kind == kind]


def _moved(task: Opened, past: Sequence[Event], day: date) -> list[of.Answered]:
    """Return the extensions that moved the deadline: one to no later day than the one in force moves nothing."""
    moved, due = [], task.deadline
    for each in _agreed(past, "延期", day):
        if due and each.asked.until > due:
            moved, due = [*moved, each], each.asked.until
    return moved


def _deadline(task: Opened, past: Sequence[Event], day: date) -> date | None:
    return [task.deadline, *(each.asked.until for each in _moved(task, past, day))][-1]


def _extended(task: Opened, past: Sequence[Event], day: date, applied: date | None) -> tuple[int, int, int]:
    agreed = _moved(task, past, day)
    dues = [task.deadline, *(each.asked.until for each in agreed)]
    days = [
        max(0, (min(each.day, applied or each.day) - by).days) for each, by in zip(agreed, dues, strict=False) if by
    ]
    asked = [(each.day, _deadline(task, past, each.day)) for each in past if isinstance(each, of.Asked)]
    return len(agreed), sum(on > by for on, by in asked if by), sum(days)


def _held(task: Opened, past: Sequence[Event], day: date) -> list[tuple[date, date]]:
    """Return the day of every occurrence that counts, and the first day of the cycle it is reported for."""
    proof = task.proof if task.proof and task.proof.confirmed and task.proof.per else None
    proved = _shown(proof, past) if proof else None
    counted = proved if proved is not None else [each for each in past if isinstance(each, of.Occurred)]
    return [(each.on, each.row if isinstance(each, of.Occurred) else each.on) for each in counted if each.on <= day]


def _shown(proof: of.Proof, past: Sequence[Event]) -> list[of.Activity] | None:
    """Return what was held of what a proof counts; None while its register has no row."""
    rows = [each for each in past if isinstance(each, of.Activity) and each.register == proof.register]
    return [each for each in rows if proof.counts(each) and each.state == "已开展"] if rows else None


def _proof(task: Opened, past: Sequence[Event], cycles: Sequence[Cycle], day: date) -> str:
    if task.proof is None or not task.proof.confirmed:
        return ""
    if not task.proof.activity:
        seats = {each.seat: each.vacant for each in past if isinstance(each, of.Seat)}
        return "无数据" if not seats else "未达到" if any(seats.values()) else "达到"
    shown, per = _shown(task.proof, past), task.proof.per
    if shown is None:
        return "无数据"
    if per and task.kind == "周期" and task.cycle:
        closed = [each for each in cycles if each.required and each.state != "进行中"]
        short = [each.state == "欠" or (each.state == "缺" and each.last > later(day, -12)) for each in closed]
        return "无数据" if not closed else "未达到" if any(short) else "达到"
    last = first_day(day, per) - DAY if per else day
    first = first_day(last, per) if per else date.min
    if per and 2 * (last - (task.start or FIRST_DAY) + DAY).days < (last - first + DAY).days:
        return "无数据"
    return "达到" if sum(first <= each.on <= last for each in shown) >= task.proof.target else "未达到"


def _cycles(
    task: Opened, past: Sequence[Event], day: date, end: date, pauses: Sequence[tuple[date, date]]
) -> list[Cycle]:
    """Go through the days one by one, from the first day of the first cycle: an occurrence counts or makes up."""
    start, held, cycles = task.start or FIRST_DAY, _held(task, past, day), list[Cycle]()
    today = first_day(start, task.cycle)
    while start <= min(day, end) and today <= min(day, last_day(min(day, end), task.cycle)):
        if today == first_day(today, task.cycle):
            now = Cycle(today, last_day(today, task.cycle), task.n)
            short = not cycles and 2 * (now.last - start + DAY).days < (now.last - today + DAY).days
            unused = short and not any(today <= each <= now.last for each, _ in held)
            if unused or any(begin <= today and now.last <= until for begin, until in pauses):
                now.required, now.state = 0, "不计"
            cycles.append(now)
        for row in [row for on, row in held if on == today]:
            owing = [each for each in cycles[:-1] if each.owed and task.make_up]
            named = next((each for each in owing if each.first <= row <= each.last), None)
            oldest = named or (owing[0] if owing else None)
            if cycles[-1].owed and not named:
                cycles[-1].done += 1
            elif oldest:
                oldest.made_up += 1
                oldest.late = len(cycles) - 1 - cycles.index(oldest)
        today += DAY
    for each in cycles:
        if each.required and day > min(each.last, end):
            each.state = "补完成" if each.made_up else "完成"
            if each.owed:
                each.state = "欠" if task.make_up else "缺"
    return cycles


def _light_of_cycles(task: Opened, cycles: Sequence[Cycle], end: date, day: date) -> str:
    due = [each for each in cycles if each.required]
    lost = [each.state == "缺" and each.last > later(day, -12) for each in due]
    owing = sum(each.state == "欠" for each in due)
    short = [each for each in due if each.state == "进行中" and each.owed]
    hopeless = any(each.owed > (min(each.last, end) - day + DAY).days for each in short)
    if owing >= 2 or any(map(all, pairwise(lost))) or (task.cycle == "年" and (owing or any(lost) or hopeless)):
        return RED
    near = any(4 * (day - each.first).days >= 3 * (each.last - each.first + DAY).days for each in short)
    return AMBER if owing or any(lost) or near else GREEN


def _reviews(
    task: Opened, past: Sequence[Event], day: date, pauses: Sequence[tuple[date, date]]
) -> tuple[date | None, tuple[int, int], str]:
    """Return the next review, the reviews held in time and those due, and the light."""
    decided = [each.day for each in past if isinstance(each, of.Decided) and each.word == "转长期坚持"]
    begun = (task.start or FIRST_DAY) if task.kind == "长期" else decided[0]
    held = [each for each in past if isinstance(each, of.Reviewed) and each.day >= begun]
    days = sorted({begun, *decided, *(each.day for each in held)})
    due = {each: later(each, MONTHS[task.cycle]) if task.cycle else None for each in days}
    typed = [each.on for each in past if isinstance(each, of.NextReview)][-1:]
    for on in typed:
        if on and on > begun:
            due[max(each for each in days if each < on)] = on
    for first, until in sorted(pauses):
        due |= {each: by + (until - first + DAY) for each, by in due.items() if by and first <= by <= until}
    answers, counted = list[tuple[date, date | None]](), date.min
    for on in sorted({each.day for each in held}) if task.cycle else []:
        before = max((x for x in days if x < on), default=begun)
        asked = any(each and before < each <= on and before == max(x for x in days if x < each) for each in typed)
        if asked or 2 * (on - counted) >= later(on, MONTHS[task.cycle]) - on:
            answers, counted = [*answers, (on, due[before])], on
    in_time = [on <= by for on, by in answers if by]
    upcoming, last = due[days[-1]], held[-1].finding if held else ""
    missed = bool(upcoming and day > upcoming)
    worse = last == "有反复" or (last == "反弹" and held[-1].day == days[-1])
    light = AMBER if missed or worse else GREEN if upcoming else OPEN
    if upcoming and day > min(upcoming + 30 * DAY, later(upcoming, MONTHS[task.cycle or "年"])):
        light = RED
    return upcoming, (sum(in_time), len(in_time) + missed), light
