"""A second, independent computation of a day's figures from the sentences of 口径说明, without the program's code.

An office is a mapping: ``departments`` (name → other names), ``aspects``, ``causes``, ``problems`` (code, aspect,
causes), ``tasks`` and ``closeouts`` with typed values by column key. A share is a Fraction of 1; ``shown`` rounds it to
whole per cent as printed.
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
RED, AMBER, GREEN, DONE, OPEN = "◆ 红", "▲ 黄", "● 绿", "办结", "待明确"
RED_BEHIND, AMBER_BEHIND, SOON = 30, 10, 7


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


def decided(code: str, closeouts: Iterable[Row], day: date) -> tuple[set[str], date | None]:
    """Return a task's status by the last decision up to a day, and since when; on one day 退回 and 反弹 prevail."""
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
    return {word for on, word in agreed if on == max(agreed)[0]}, min(agreed)[0] if agreed else None


def judged(office: Row, day: date) -> list[dict[str, Any]]:
    """Return every counted measure, with its status, light and the facts behind them."""
    return [_judge(task, office, day) for task in office["tasks"] if task["code"] and task["kind"] != "原则"]


def _judge(task: Row, office: Row, day: date) -> dict[str, Any]:
    words, on = decided(task["code"], office["closeouts"], day)
    written = task["status"] if task["status"] in ("推进中", "已完成", *CONFIRMED.values()) else "未启动"
    closed = written in CONFIRMED.values() and written in words
    status = written if closed or written in STATUSES[:2] else "待审核"
    due, start = (task[key] if isinstance(task[key], date) else None for key in ("deadline", "start"))
    reported = None if task["progress"] is None else Fraction(str(task["progress"])) / 100
    progress = Fraction(1) if closed else reported
    expected = None
    if start and due and start <= due:
        whole = (due - start).days
        expected = min(
            Fraction(1), max(Fraction(0), Fraction((day - start).days, whole) if whole else Fraction(day >= due))
        )
    working = status in STATUSES[:2]
    behind = 100 * (expected - progress) if working and expected is not None and progress is not None else Fraction(0)
    late = (day - due).days if due and working and day > due else 0
    missed = bool(task["next_review"] and task["next_review"] < day) and not (closed and status == "已销号")
    unreported = working and expected is not None and expected * 100 >= AMBER_BEHIND and progress is None
    soon = due is not None and working and 0 <= (due - day).days <= SOON
    of = {name: known for known, others in office["departments"].items() for name in (known, *others)}
    department = of.get(task["department"], "") if of else task["department"].replace(OPEN, "")
    timed = due or task["deadline"] in ("长期坚持", "每季度") or task["review_cycle"]
    unclear = not closed and not (department and timed)
    red, amber = late or behind > RED_BEHIND, behind >= AMBER_BEHIND or soon or unreported or missed
    light = (
        AMBER
        if closed and missed
        else DONE
        if closed
        else RED
        if red
        else AMBER
        if amber
        else OPEN
        if unclear
        else GREEN
    )
    gap = (shown(expected) or 0) - (shown(progress) or 0)
    gap = max(gap, RED_BEHIND + 1) if behind > RED_BEHIND else min(max(gap, AMBER_BEHIND), RED_BEHIND)
    known = [code for code in task["problems"] if any(each["code"] == code for each in office["problems"])]
    problem = next((each for each in office["problems"] if known and each["code"] == known[0]), None)
    return {
        "code": task["code"],
        "status": status,
        "closed": closed,
        "closed_on": on if closed else None,
        "due": due,
        "start": start,
        "light": light,
        "late": late,
        "expected": expected,
        "progress": progress,
        "unclear": unclear,
        "department": department,
        "problems": known,
        "obstacle": task["obstacle"],
        "aspect": problem["aspect"] if problem else "",
        "cause": cause_of(problem, office) if problem else "",
        "approved": task["link_basis"] != "程序建议",
        "why": [
            *([f"逾期{late}天"] if late else []),
            *([f"落后序时{gap}个百分点"] if behind >= AMBER_BEHIND else []),
            *(["进度未填报"] if unreported else []),
            *(["复核"] if missed else []),
            *(["到期"] if soon else []),
        ],
    }


def cause_of(problem: Row, office: Row) -> str:
    return next((code for code in problem["causes"] if code in office["causes"]), "")


def tally(tasks: Sequence[Row], day: date) -> dict[str, Any]:
    """The figures of some measures."""
    of = lambda key, value: sum(task[key] == value for task in tasks)  # noqa: E731
    due = [task for task in tasks if task["due"] and (task["due"] < day or (task["due"] == day and task["closed"]))]
    timed = [task for task in tasks if task["expected"] is not None and task["progress"] is not None]
    return {
        "措施": len(tasks),
        **{status: of("status", status) for status in STATUSES},
        "办结": of("closed", True),
        "红灯": of("light", RED),
        "黄灯": of("light", AMBER),
        "待明确": of("light", OPEN),
        "办结率": share(of("closed", True), len(tasks)),
        "计划": sum(bool(task["due"] and task["due"] <= day) for task in tasks),
        "已到期": len(due),
        "到期办结": sum(task["closed"] for task in due),
        "到期办结率": share(sum(task["closed"] for task in due), len(due)),
        "逾期": sum(task["late"] > 0 for task in tasks),
        "最长": max((task["late"] for task in tasks), default=0),
        "进度": share(sum((task["progress"] for task in timed), Fraction(0)), len(timed)),
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
        if of["已到期"]:
            keys[name] = (
                -of["到期办结率"],
                of["最长"],
                -of["办结率"],
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
    """实际剩余: the measures that were not closed by the end of a day."""
    return sum(not (task["closed"] and task["closed_on"] <= until) for task in tasks)


def trend(tasks: Sequence[Row], day: date, kept: Sequence[date]) -> list[dict[str, int | None]]:
    """The twelve months of the day's year; ``kept``: the month ends whose ledgers were kept."""
    since, months = known_since(tasks, day, kept), []
    for number in range(1, 13):
        end = month_end(date(day.year, number, 1))
        until = min(end, day) if number == day.month else end
        within = lambda on, until=until: bool(on and until.replace(day=1) <= on <= until)  # noqa: E731
        known = since <= until <= day
        months.append(
            {
                "计划剩余": sum(not (task["due"] and task["due"] <= until) for task in tasks),
                "当月到期": sum(within(task["due"]) for task in tasks),
                "实际剩余": left(tasks, until) if known else None,
                "当月办结": sum(within(task["closed_on"]) for task in tasks) if known else None,
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
