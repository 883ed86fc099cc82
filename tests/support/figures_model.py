"""A second, independent computation of a day's figures from the sentences of 口径说明, without the program's code.

An office is a mapping: ``departments`` (name → other names), ``aspects``, ``causes``, ``problems`` (code, aspect,
causes), ``tasks`` and ``closeouts`` with typed values by column key. A share is a Fraction of 1; ``shown`` rounds it to
whole per cent as printed.

The offices have no 履行记录, 复核记录 or 延期申请, every cycle is a quarter of 2022 or about it, and every application
is decided on the day it is made; the model of tests/supervision goes through all of those, day by day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from hashlib import sha256
from typing import Any

Row = Mapping[str, Any]
CONFIRMED = {"同意销号": "已销号", "转长期坚持": "长期坚持"}
STATUSES = ("未启动", "推进中", "待审核", "长期坚持", "已销号")
RED, AMBER, OPEN, WAITING, GREEN, DONE = LIGHTS = ("◆ 红", "▲ 黄", "待明确", "◇ 待审核", "● 绿", "办结")
RED_BEHIND, AMBER_BEHIND, SOON, LONG = 30, 10, 7, 30
RATES = ("按期办结率", "销号率", "履行率", "复核率")
REVIEW = "复核"
"""The trigger of an overdue review: it is no step of the department, which owes no word and no answer for it."""
FIRST_DAY = date(2022, 1, 1)
# The weekdays of 2022 off, and the weekend days worked instead, by the notice of the State Council; then New Year.
OFF, WORKED = (
    frozenset(date(2022, month, day) for month, days in each.items() for day in days)
    for each in (
        {1: (3, 31), 2: (1, 2, 3, 4), 4: (4, 5), 5: (2, 3, 4), 6: (3,), 9: (12,), 10: (3, 4, 5, 6, 7)},
        {1: (29, 30), 4: (2, 24), 5: (7,), 10: (8, 9)},
    )
)


def shown(share: Fraction | None) -> int | None:
    """Per cent, half up; 0 only of nothing and 100 only of all."""
    if share is None or share in (0, 1):
        return None if share is None else int(share) * 100
    return min(99, max(1, int(share * 100 + Fraction(1, 2))))


def share(part: Fraction | int, whole: int) -> Fraction | None:
    return Fraction(part) / whole if whole else None


def month_end(day: date, later: int = 0) -> date:
    """The last day of the month so many months later."""
    months = day.year * 12 + day.month + later
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


def decided(code: str, closeouts: Iterable[Row], day: date) -> tuple[set[str], date | None, date | None, bool]:
    """Return a task's status by the last decision up to a day, since when it is closed, the day of the last agreement,
    and whether the last decision sent it back; on one day 退回 and 反弹 prevail."""
    events: list[tuple[date, str]] = []
    for row in (each for each in closeouts if each["task"] == code):
        dates = [row[key] for key in ("committee_date", "leader_date", "applied") if row.get(key)]
        if "退回" in (row.get("conclusion"), row.get("first_review")):
            events += [(dates[0], "")] if dates else []
        elif row.get("conclusion") in CONFIRMED and row.get("committee_date"):
            events.append((row["committee_date"], CONFIRMED[row["conclusion"]]))
        on = row.get("recheck_date") or next(iter(dates), None)
        if row.get("recheck_result") == "反弹" and on:
            events.append((max(on, row.get("committee_date") or on), ""))
    past = [event for event in events if event[0] <= day]
    broken = max((on for on, word in past if not word), default=date.min)
    agreed = [event for event in past if event[0] > broken]
    last = max(agreed)[0] if agreed else None
    return (
        {word for on, word in agreed if on == last},
        min(agreed)[0] if agreed else None,
        last,
        bool(past and not agreed),
    )


def relapsed(code: str, closeouts: Iterable[Row], day: date) -> bool:
    """Whether what a task was last sent back by, up to a day, is 反弹 and not 退回."""
    found: list[tuple[date, bool]] = []
    for row in (each for each in closeouts if each["task"] == code):
        dates = [row[key] for key in ("committee_date", "leader_date", "applied") if row.get(key)]
        if "退回" in (row.get("conclusion"), row.get("first_review")) and dates:
            found.append((dates[0], False))
        on = row.get("recheck_date") or next(iter(dates), None)
        if row.get("recheck_result") == "反弹" and on:
            found.append((max(on, row.get("committee_date") or on), True))
    past = [each for each in found if each[0] <= day]
    return bool(past) and max(past)[1]


def turned(code: str, closeouts: Iterable[Row], day: date) -> list[date]:
    """The days on which a task was turned into a lasting one, by a row that was not sent back."""
    rows = [row for row in closeouts if row["task"] == code and row.get("conclusion") == "转长期坚持"]
    days = [row.get("committee_date") for row in rows if row.get("first_review") != "退回"]
    return [each for each in days if each and each <= day]


OFF |= {date(2023, 1, 2)}


def workday_before(day: date) -> date:
    """The day itself, or the last working day before it."""
    while day.year > 2021 and (day in OFF or (day.weekday() > 4 and day not in WORKED)):
        day -= timedelta(days=1)
    return day


def quarter(day: date, later: int = 0) -> tuple[date, date]:
    """The first and last day of the quarter so many quarters after the one of a day."""
    month = day.year * 12 + (day.month - 1) // 3 * 3 + 3 * later
    first = date(month // 12, month % 12 + 1, 1)
    return first, month_end(first, 2)


def three_months(day: date) -> date:
    """The same day three months later, or the last of that month."""
    last = month_end(day.replace(day=1), 3)
    return last.replace(day=min(day.day, last.day))


def cycles(begin: date, end: date | None, day: date, *, cut: bool) -> tuple[int, bool]:
    """Return how many quarters of a duty are over and owe one each, since nothing was done, and whether the running
    one is near its end; ``cut``: the end is a close-out, and the quarter that it cuts short owes nothing."""
    over, near, last_day = 0, False, min(day, end or day)
    number = 0
    while quarter(begin, number)[0] <= last_day and begin <= last_day:
        first, last = quarter(begin, number)
        days = (last - first).days + 1
        stub = first < begin and 2 * ((last - begin).days + 1) < days
        if day > min(last, end or last):
            over += not stub and not (cut and end is not None and end < last)
        elif not stub:
            near = 4 * (day - first).days >= 3 * days
        number += 1
    return over, near


def judged(office: Row, day: date) -> list[dict[str, Any]]:
    """Return every counted measure, with its status, light and the facts behind them."""
    return [_judge(task, office, day) for task in office["tasks"] if task["code"] and task["kind"] != "原则"]


def _judge(task: Row, office: Row, day: date) -> dict[str, Any]:
    words, on, last, back = decided(task["code"], office["closeouts"], day)
    written = task["status"] if task["status"] in ("推进中", "已完成", *CONFIRMED.values()) else "未启动"
    closed = written in CONFIRMED.values() and written in words
    status = written if closed or written in STATUSES[:2] else "推进中" if back else "待审核"
    due, start = (task[key] if isinstance(task[key], date) else None for key in ("deadline", "start"))
    ongoing = task["deadline"] == "长期坚持"
    kind = task["kind"] if task["kind"] in ("一次", "周期", "长期") else "长期" if ongoing else "一次"
    duty, lasting = kind == "周期", kind == "长期" or (closed and status == "长期坚持")
    cycle = "季" if task["review_cycle"] == "季" or task["deadline"] == "每季度" else ""
    reported = None if task["progress"] is None else Fraction(str(task["progress"])) / 100
    progress = None if duty else Fraction(1) if closed else reported
    expected = None
    if start and due and start <= due and not duty:
        whole = (due - start).days
        expected = min(
            Fraction(1), max(Fraction(0), Fraction((day - start).days, whole) if whole else Fraction(day >= due))
        )
    working = status in STATUSES[:2]
    behind = 100 * (expected - progress) if working and expected is not None and progress is not None else Fraction(0)
    agreed = bool(words)  # days late end with an application; one that is agreed to counts before 状态 says so
    late = (day - due).days if due and not agreed and day > due else 0
    owed, near, reviews, upcoming = 0, False, (0, 0), None
    begin = start or FIRST_DAY
    if duty and cycle:
        end = min([each for each in (due, on if closed else None) if each], default=None)
        owed, near = cycles(begin, end, day, cut=closed and end == on and end != due)
    if lasting and cycle and status != "已销号":
        anchor = max([begin, *turned(task["code"], office["closeouts"], day)])
        typed = task["next_review"]
        upcoming = typed if typed and typed > anchor else three_months(anchor)
        reviews = (0, int(day > upcoming))
    elif task["next_review"] and status != "已销号" and not (lasting and cycle):
        upcoming = task["next_review"]
    gap = (shown(expected) or 0) - (shown(progress) or 0)
    gap = max(gap, RED_BEHIND + 1) if behind > RED_BEHIND else min(max(gap, AMBER_BEHIND), RED_BEHIND)
    lit: list[tuple[str, str]] = []
    if late:
        lit.append((RED, f"逾期{late}天"))
    if owed and not closed:
        lit.append((RED if owed > 1 else AMBER, "欠"))
    if near and not closed:
        lit.append((AMBER, "还差"))
    if behind >= AMBER_BEHIND:
        lit.append((RED if behind > RED_BEHIND else AMBER, f"落后序时{gap}个百分点"))
    unreported = working and expected is not None and expected * 100 >= AMBER_BEHIND and progress is None
    lit += [(AMBER, "进度未填报")] if unreported else []
    reminded = workday_before(due) if due else None
    if due and reminded and working and day <= due and (reminded - day).days <= SOON:
        lit.append((AMBER, "到期"))
    if back and not closed and relapsed(task["code"], office["closeouts"], day):
        lit.append((AMBER, "反弹"))
    if upcoming and day > upcoming:
        long = lasting and cycle and day > min(three_months(upcoming), upcoming + timedelta(days=LONG))
        lit.append((RED if long else AMBER, REVIEW))
    of = {name: known for known, others in office["departments"].items() for name in (known, *others)}
    department = of.get(task["department"], "") if of else task["department"].replace(OPEN, "")
    timed = cycle if duty or lasting else due
    unclear = not closed and not (department and timed)
    asked = min((each for each in lit if each[1] != REVIEW), key=lambda each: LIGHTS.index(each[0]), default=None)
    calm = DONE if closed else WAITING if status == "待审核" else OPEN if unclear else GREEN
    light = min([*(each for each, _ in lit), calm], key=LIGHTS.index)
    known = [code for code in task["problems"] if any(each["code"] == code for each in office["problems"])]
    problem = next((each for each in office["problems"] if known and each["code"] == known[0]), None)
    return {
        "code": task["code"],
        "kind": kind,
        "status": status,
        "closed": closed,
        "closed_on": on if closed else None,
        "applied": last if closed else None,
        "due": due,
        "start": start,
        "light": light,
        "late": late,
        "expected": expected,
        "progress": progress,
        "cycles": (0, owed),
        "reviews": reviews,
        "duty": duty,
        "cycle": cycle,
        "unclear": unclear,
        "department": department,
        "problems": known,
        "obstacle": task["obstacle"],
        "aspect": problem["aspect"] if problem else "",
        "cause": cause_of(problem, office) if problem else "",
        "approved": task["link_basis"] != "程序建议",
        "why": [why for each, why in lit if each == light],
        "asked": asked,
    }


def has_end(task: Row) -> bool:
    """Whether a measure is done one day, and so has a place in the plan."""
    return task["kind"] == "一次" or (task["kind"] == "周期" and task["due"] is not None)


def rates(tasks: Sequence[Row], day: date) -> dict[str, tuple[int, int]]:
    """The four rates, each as its part and its whole."""
    once = [task for task in tasks if task["kind"] == "一次" and task["due"]]
    due = [task for task in once if task["due"] < day or (task["due"] == day and task["applied"])]
    closable = [task for task in tasks if has_end(task) and task["status"] != "长期坚持"]
    return {
        "按期办结率": (sum(bool(task["applied"] and task["applied"] <= task["due"]) for task in due), len(due)),
        "销号率": (sum(task["status"] == "已销号" for task in closable), len(closable)),
        "履行率": (sum(task["cycles"][0] for task in tasks), sum(task["cycles"][1] for task in tasks)),
        "复核率": (sum(task["reviews"][0] for task in tasks), sum(task["reviews"][1] for task in tasks)),
    }


def leading(tasks: Sequence[Row]) -> str:
    """The rate of the kind that holds most of the measures; of equal ones that of the first kind."""
    kinds = [task["kind"] for task in tasks]
    return {"一次": "按期办结率", "周期": "履行率", "长期": "复核率"}[max(("一次", "周期", "长期"), key=kinds.count)]


def cause_of(problem: Row, office: Row) -> str:
    return next((code for code in problem["causes"] if code in office["causes"]), "")


def printed(part: int, whole: int) -> str | None:
    """A rate as tables print it: its per cent and its fraction."""
    return f"{shown(share(part, whole))}% {part}/{whole}" if whole else None


def reported(of: Row) -> str | None:
    """The average progress as 部门排名 prints it: behind it, how many measures have reported theirs."""
    part, whole = of["已报"]
    average = "未报" if of["进度"] is None else f"{shown(of['进度'])}%"
    return f"{average} {part}/{whole}" if whole else None


def tally(tasks: Sequence[Row], day: date) -> dict[str, Any]:
    """The figures of some measures."""
    of = lambda key, value: sum(task[key] == value for task in tasks)  # noqa: E731
    scheduled = [task for task in tasks if task["kind"] == "一次" and task["expected"] is not None]
    timed = [task for task in scheduled if task["progress"] is not None]
    ending = [task for task in tasks if has_end(task)]
    fractions = rates(tasks, day)
    return {
        "措施": len(tasks),
        **{status: of("status", status) for status in STATUSES},
        "办结": of("closed", True),
        "红灯": of("light", RED),
        "黄灯": of("light", AMBER),
        "待明确": of("light", OPEN),
        "限期": len(ending),
        "限期办结": sum(task["closed"] for task in ending),
        "计划": sum(bool(task["due"] and task["due"] <= day) for task in ending),
        **{name: printed(*fractions[name]) for name in RATES},
        "比率": fractions,
        "逾期": sum(task["late"] > 0 for task in tasks),
        "最长": max((task["late"] for task in tasks), default=0),
        "进度": share(sum((task["progress"] for task in timed), Fraction(0)), len(timed)),
        "已报": (len(timed), len(scheduled)),
        "序时": share(sum((task["expected"] for task in timed), Fraction(0)), len(timed)),
        "到期": sum(
            bool(task["due"]) and not task["closed"] and day <= task["due"] <= month_end(day, 1) for task in tasks
        ),
    }


def ranking(office: Row, tasks: Sequence[Row], day: date) -> dict[str, int | None]:
    """Return the rank of each department, None if nothing was due; equal exact shares give equal ranks."""
    keys = {}
    names = office["departments"] or {task["department"] for task in tasks} - {""}
    for name in names:
        of = tally([task for task in tasks if task["department"] == name], day)
        in_time, struck_off = (share(*of["比率"][rate]) for rate in RATES[:2])
        if in_time is not None:
            keys[name] = (
                -in_time,
                of["最长"],
                -(struck_off or 0),
                -(of["进度"] if of["进度"] is not None else -1),
                -of["措施"],
            )
    return {name: 1 + sum(other < keys[name] for other in keys.values()) if name in keys else None for name in names}


def problem_figures(office: Row, code: str, tasks: Sequence[Row], day: date) -> dict[str, Any]:
    """The figures of a problem, of every measure that answers it, and how it is covered."""
    of = tally([task for task in tasks if code in task["problems"]], day)
    direct = any(task["problems"][0] == code and task["approved"] for task in tasks if task["problems"])
    named = any(code in task["problems"] for task in office["tasks"] if task["code"])
    of["覆盖"] = "直接" if direct else "间接" if named else "无措施"
    of["到位"] = of["措施"] > 0 and of["办结"] == of["措施"]
    return of


def known_since(tasks: Sequence[Row], day: date, kept: Iterable[date]) -> date:
    """Return the first day with known figures: the oldest ledger kept or the month end before the first close-out."""
    return min([day, *kept, *(month_end(task["closed_on"], -1) for task in tasks if task["closed_on"])])


def left(tasks: Sequence[Row], until: date) -> int:
    """实际剩余: the measures with an end that were not closed by the end of a day."""
    return sum(not (task["closed"] and task["closed_on"] <= until) for task in tasks if has_end(task))


def trend(tasks: Sequence[Row], day: date, kept: Sequence[date]) -> list[dict[str, int | None]]:
    """The twelve months of the day's year; ``kept``: the month ends whose ledgers were kept."""
    since, months, ending = known_since(tasks, day, kept), [], [task for task in tasks if has_end(task)]
    for number in range(1, 13):
        end = month_end(date(day.year, number, 1))
        until = min(end, day) if number == day.month else end
        within = lambda on, until=until: bool(on and until.replace(day=1) <= on <= until)  # noqa: E731
        known = since <= until <= day
        months.append(
            {
                "计划剩余": sum(not (task["due"] and task["due"] <= until) for task in ending),
                "当月到期": sum(within(task["due"]) for task in ending),
                "实际剩余": left(ending, until) if known else None,
                "当月办结": sum(within(task["closed_on"]) for task in ending) if known else None,
            }
        )
    return months


def stalled(now: Sequence[Row], before: Sequence[Row], earlier: Sequence[Row], earlier_day: date) -> list[str]:
    """Return the measures unchanged since two month ends before."""
    then, first = ({task["code"]: (task["status"], task["progress"]) for task in each} for each in (before, earlier))
    return [
        task["code"]
        for task in now
        if task["status"] in STATUSES[:2]
        and not task["duty"]
        and (task["status"], task["progress"]) == then.get(task["code"]) == first.get(task["code"])
        and not (task["start"] and task["start"] > earlier_day)
    ]


def sampled(tasks: Sequence[Row], day: date) -> list[str]:
    """The closed measures that are looked at again: one in ten, three at least."""
    codes = sorted(
        (task["code"] for task in tasks if task["closed"]),
        key=lambda code: sha256(f"{day:%Y%m%d}:{code}".encode()).hexdigest(),
    )
    return codes[: max(3, -(-len(codes) // 10))]
