"""The light of a task on a day: every rule of 亮灯 that applies, and the worst of them.

Exact figures decide. The points behind that are printed are the difference of the two rounded figures that sheets
print, moved to the right side of the threshold if need be: a red light never says 30 if red begins above 30.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from taizhang.ledger.settings import Thresholds
from taizhang.ledger.vocabulary import Light, Status
from taizhang.supervision.closeouts import Waiting
from taizhang.supervision.duties import CycleStanding, CycleState, Duty
from taizhang.supervision.reviews import ReviewState
from taizhang.typed.dates import month_day
from taizhang.typed.percentages import percent
from taizhang.typed.workdays import UnknownYear, Workdays

__all__ = ["Facts", "Lit", "Trigger", "cycle_names", "judge", "missed_in_full", "owed_in_full", "points_behind"]


class Trigger(StrEnum):
    """The reason for a task's light; ``NO_START``: green, and said, because 序时进度 cannot be computed.

    ``UNREPORTED``: progress is expected by now and none is reported; a blank is not read as 0 %.
    """

    NONE = ""
    LATE = "逾期"
    BEHIND = "落后序时"
    UNREPORTED = "进度未填报"
    OWED = "周期欠账"
    MISSED = "周期缺期"
    CYCLE_ENDS = "本期临期"
    REVIEW_MISSED = "复核超期"
    WAVERING = "复核有反复"
    RELAPSED = "复核发现反弹"
    WAITING_LONG = "审核超期"
    DUE_SOON = "临近时限"
    TIME_SHORT = "剩余时间不多"
    WAITING = "待审核"
    PAUSED = "暂缓"
    NO_START = "没有开始日期，算不出序时进度"
    UNSETTLED = "责任或时限待明确"
    UNREAD = "有公式没有结果"

    @property
    def of_reviewers(self) -> bool:
        """Whether the step is not the department's: a review that another post holds, a step of the close-out."""
        return self in (Trigger.REVIEW_MISSED, Trigger.WAITING_LONG)


@dataclass(frozen=True, slots=True)
class Lit:
    """A light with its trigger, the trigger's number, and the reason in words.

    ``count`` is days late, points or days behind, days left, occurrences owed or days waited, by trigger; else 0.
    """

    light: Light
    trigger: Trigger = Trigger.NONE
    count: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides a task's light on a day.

    ``expected`` is 序时进度, None if it cannot be computed; ``progress`` is in per cent, None if it is not reported or
    not asked for. ``late`` is the days past the deadline, 0 once the department has applied for the close-out.
    ``applied_late`` is the days past the deadline on the day of the application. ``schedule``: the task is one whose
    progress is held against the time. ``agreed``: the committee has closed it, and its status does not say so yet.
    """

    as_of: date
    status: Status
    due: date | None
    start: date | None
    expected: Fraction | None
    progress: Decimal | None
    late: int
    applied_late: int
    waiting: Waiting | None
    agreed: bool
    duty: Duty | None
    review: ReviewState | None
    typed_review: date | None
    relapsed: bool
    paused_until: date | None
    schedule: bool


def judge(facts: Facts, limits: Thresholds, workdays: Workdays) -> tuple[Lit, ...]:
    """Return the lights of all rules that apply to a task, never none; the first is the task's own.

    The worst come first; of equal ones the first, as they are listed.
    """
    if facts.status is Status.STRUCK_OFF:
        return (Lit(Light.CLOSED),)
    if facts.paused_until:
        return (Lit(Light.PAUSED, Trigger.PAUSED, 0, f"暂缓至{month_day(facts.paused_until)}"),)
    order = list(Light)
    found = [*([] if facts.status.closed else _by_rules(facts, limits, workdays)), *_by_reviews(facts, limits)]
    found.append(Lit(Light.CLOSED) if facts.status.closed else _calm(facts))
    return tuple(sorted(found, key=lambda lit: order.index(lit.light)))


def points_behind(status: Status, expected: Fraction | None, progress: Decimal | None) -> Fraction:
    """Return the percentage points that progress is behind the time passed, negative if it is ahead.

    0 if the task is reported done, or if its progress or dates are unknown.
    """
    if expected is None or progress is None or status.done:
        return Fraction(0)
    return expected * 100 - Fraction(progress)


def _by_rules(facts: Facts, limits: Thresholds, workdays: Workdays) -> Iterator[Lit]:
    if facts.late:
        unasked = "，已报完成、没有申请销号" if facts.status is Status.DONE else ""
        yield Lit(Light.RED, Trigger.LATE, facts.late, f"逾期{facts.late}天{unasked}")
    if facts.waiting and facts.waiting.over:
        days, limit = facts.waiting.days or 0, facts.waiting.limit
        light = limits.light(_STEP_RULES[facts.waiting.step.name])
        yield Lit(light, Trigger.WAITING_LONG, days, f"{facts.waiting.step}等了{days}个工作日，超过{limit}天")
    if facts.duty:
        yield from _by_duty(facts.duty, limits)
    if facts.waiting or facts.status is Status.DONE:
        return
    if facts.schedule:
        yield from _by_schedule(facts, limits)
    yield from _by_time_left(facts, limits, workdays)


_STEP_RULES = {"FIRST_REVIEW": "first_review_days", "LEADER": "leader_days", "COMMITTEE": "committee_days"}


def _by_schedule(facts: Facts, limits: Thresholds) -> Iterator[Lit]:
    """Yield the lights of progress behind the time passed."""
    behind = points_behind(facts.status, facts.expected, facts.progress)
    printed = (percent(facts.expected) or 0) - (percent(facts.progress, 100) or 0)
    rules = [
        (behind > limits.red_behind, limits.light("red_behind"), limits.red_behind + 1, None),
        (
            limits.orange_behind is not None and behind >= limits.orange_behind,
            limits.light("orange_behind"),
            limits.orange_behind or 0,
            limits.red_behind,
        ),
        (behind >= limits.yellow_behind, limits.light("yellow_behind"), limits.yellow_behind, limits.red_behind),
    ]
    for applies, light, least, most in rules:
        if applies:
            points = max(printed, least) if most is None else min(max(printed, least), most)
            yield Lit(light, Trigger.BEHIND, points, f"落后序时{points}个百分点")
            break
    if limits.days_behind is not None and facts.start and facts.due and behind > 0:
        days = int(behind * (facts.due - facts.start).days / 100)
        if days >= limits.days_behind:
            yield Lit(limits.light("days_behind"), Trigger.BEHIND, days, f"按序时进度落后{days}天")
    silent = facts.progress is None and facts.expected is not None
    if silent and facts.expected and facts.expected * 100 >= limits.yellow_behind:
        yield Lit(limits.light("yellow_behind"), Trigger.UNREPORTED, 0, Trigger.UNREPORTED.value)


def _by_time_left(facts: Facts, limits: Thresholds, workdays: Workdays) -> Iterator[Lit]:
    """Yield the lights of a near deadline; one on a day off is reminded of from the last working day before it."""
    if facts.due is None or facts.due < facts.as_of:
        return
    left = (facts.due - facts.as_of).days
    words = f"{left}天内到期" if left else "今日到期"
    if limits.due_workdays is not None:
        try:
            if workdays.between(facts.as_of, facts.due) <= limits.due_workdays:
                yield Lit(limits.light("due_workdays"), Trigger.DUE_SOON, left, words)
        except UnknownYear:
            pass  # check_next_year says that the year's days off are missing
    if left - _days_off_before(facts.due, workdays) <= limits.due_soon:
        yield Lit(limits.light("due_soon"), Trigger.DUE_SOON, left, words)
    if limits.time_left is not None and facts.start and facts.due > facts.start:
        total = (facts.due - facts.start).days
        if left * 100 <= limits.time_left * total:
            share = percent(left, total)
            yield Lit(limits.light("time_left"), Trigger.TIME_SHORT, share or 0, f"时间只剩{share}%")


def _days_off_before(due: date, workdays: Workdays) -> int:
    """Return how many days the last working day up to a deadline is before it; 0 if the year's days are unknown."""
    try:
        return (due - workdays.last_workday(due)).days
    except UnknownYear:
        return 0


def _by_duty(duty: Duty, limits: Thresholds) -> Iterator[Lit]:
    """Yield the lights of a recurring duty: debts, cycles missed for good, the running cycle near its end."""
    owed = duty.in_state(CycleState.OWED)
    heavy = len(owed) >= 2 or duty.missed_in_a_row or duty.year_lost
    if owed:
        yield Lit(Light.RED if heavy else Light.AMBER, Trigger.OWED, duty.owed, owed_in_full(duty))
    missed = duty.missed_lately
    if missed:
        yield Lit(Light.RED if heavy else Light.AMBER, Trigger.MISSED, len(missed), missed_in_full(duty))
    running = duty.running
    if running and running.done < running.required:
        short = running.required - running.done
        passed, days = (duty.as_of - running.cycle.first).days, running.cycle.days
        words = f"本期（{running.cycle.short or running.cycle.name}）还差{short}次"
        if duty.year_lost and not (owed or missed):
            yield Lit(Light.RED, Trigger.CYCLE_ENDS, short, f"{words}，已来不及")
        elif 100 * passed >= (100 - limits.cycle_left) * days:
            left = f"剩{duty.days_left}天" if duty.days_left else "今天是最后一天"
            yield Lit(limits.light("cycle_left"), Trigger.CYCLE_ENDS, short, f"{words}，{left}")


def owed_in_full(duty: Duty) -> str:
    """Return what is owed and can be made up: 欠2次（2022年4月、5月）; empty if nothing."""
    owed = duty.in_state(CycleState.OWED)
    return f"欠{duty.owed}次（{cycle_names(owed)}）" if owed else ""


def missed_in_full(duty: Duty) -> str:
    """Return what was missed for good within twelve months: 缺1期（2022年3月），补不了; empty if nothing."""
    missed = duty.missed_lately
    return f"缺{len(missed)}期（{cycle_names(missed)}），补不了" if missed else ""


def cycle_names(cycles: Sequence[CycleStanding], longest: int = 3) -> str:
    """Return the names of cycles, the year once; of many the first ones and how many there are."""
    names, year = [], 0
    for each in cycles[:longest]:
        cycle = each.cycle
        names.append(cycle.name if cycle.first.year != year or not cycle.short else cycle.short)
        year = cycle.first.year
    return "、".join(names) + (f"等{len(cycles)}期" if len(cycles) > longest else "")


def _by_reviews(facts: Facts, limits: Thresholds) -> Iterator[Lit]:
    """Yield the lights of reviews: overdue ones, and a last one that found the problem back, or back in places.

    What relapsed is open again; it is not green before it was reviewed or decided again.
    """
    review = facts.review
    if review and review.overdue:
        light = limits.light("review_late") if review.long_overdue else Light.AMBER
        yield Lit(light, Trigger.REVIEW_MISSED, review.overdue, f"复核超期{review.overdue}天")
    if review and review.wavering:
        yield Lit(Light.AMBER, Trigger.WAVERING, 0, Trigger.WAVERING.value)
    if facts.relapsed or (review and review.relapsed):
        yield Lit(Light.AMBER, Trigger.RELAPSED, 0, Trigger.RELAPSED.value)
    if not review and facts.typed_review and facts.typed_review < facts.as_of:
        days = (facts.as_of - facts.typed_review).days
        yield Lit(Light.AMBER, Trigger.REVIEW_MISSED, days, f"复核超期{days}天")


def _calm(facts: Facts) -> Lit:
    """Return the light of an open task that no rule lights."""
    late = f"，逾期{facts.applied_late}天才申请" if facts.applied_late else ""
    if facts.waiting:
        days = facts.waiting.days
        words = f"待审核{days}天（{facts.waiting.step}）" if days is not None else f"待审核（{facts.waiting.step}）"
        return Lit(Light.WAITING, Trigger.WAITING, days or 0, words + late)
    if facts.status is Status.DONE:
        why = "审定了，状态没有改" if facts.agreed else "待审核（还没有申请销号）"
        return Lit(Light.WAITING, Trigger.WAITING, 0, why)
    if facts.schedule and facts.due and not facts.start:
        return Lit(Light.GREEN, Trigger.NO_START, 0, Trigger.NO_START.value)
    return Lit(Light.GREEN)
