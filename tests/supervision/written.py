"""The events of an office written into a real ledger, as the office and its departments would keep it by a day.

Cells without a date (the status of a task, the state of a seat) are as of the day. Rows with dates may be typed ahead:
the ledger holds them, and on the day they have not happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from datetime import date, datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from supervision.drafted import Drafted, confirmed
from supervision.events import (
    DAY,
    FIRST_DAY,
    MONTHS,
    Activity,
    Answered,
    Applied,
    Asked,
    Decided,
    Event,
    FirstReviewed,
    LeaderReviewed,
    NextReview,
    Occurred,
    Opened,
    Rechecked,
    Reported,
    Reviewed,
    Seat,
    days_off,
    first_day,
)
from taizhang.forms.load import standard_forms
from taizhang.forms.model import Form
from taizhang.ledger.create import default_settings, new_ledger

NOW = datetime(2022, 1, 1, 9)
OFFICE = "整改办主任"
Row = dict[str, Any]
PROBLEM = {"code": "WT-01", "aspect": "办实事方面", "title": "办法不多", "source": "民主生活会"}
YEARS = range(2021, 2027)


def write(path: Path, events: Sequence[Event], day: date, ahead: int = 0, drafted: Drafted | None = None) -> Path:
    """Write the ledger of a day, begun with a report or not, with the rows typed for so many days ahead."""
    past = [each for each in events if each.day <= day]
    typed = [each for each in events if each.day <= day + ahead * DAY]
    tasks = list({each.task: each for each in past if isinstance(each, Opened)}.values())
    codes = {each.task for each in tasks} | {""}
    used = {each.register for each in past if isinstance(each, Activity)}
    typed = [each for each in typed if each.task in codes and (each.day <= day or _typed_ahead(each, day, used))]
    begun = {each["code"]: each for each in drafted.rows["tasks"]} if drafted else {}
    rows = {
        **(drafted.rows if drafted else {"problems": [PROBLEM]}),
        "tasks": [_task(x, [each for each in past if each.task == x.task], begun.get(x.task, {})) for x in tasks],
        "closeouts": list(_closeouts(typed)),
        "fulfilments": list(_fulfilments(tasks, past, day)),
        "reviews": list(_reviews(typed)),
        "extensions": list(_extensions(typed)),
        "proofs": list(confirmed(drafted.rows["proofs"], tasks) if drafted else _proofs(tasks)),
        "committee_members": list(_seats(past)),
        **{form.name: list(_activities(typed, sheet)) for sheet, form in _registers(typed).items()},
    }
    numbered = {
        name: [{**_code(name, number), **row} for number, row in enumerate(each, 1)] for name, each in rows.items()
    }
    forms = [form for form in standard_forms().values() if form.enabled or form.name in rows]
    path.write_bytes(new_ledger(forms, numbered, _settings(drafted), NOW))
    return path


def _registers(events: Sequence[Event]) -> dict[str, Form]:
    """Return the forms of the registers that hold activities, by sheet."""
    sheets = {each.register for each in events if isinstance(each, Activity)}
    return {form.sheet: form for form in standard_forms().values() if form.sheet in sheets}


def _typed_ahead(each: Event, day: date, used: Set[str]) -> bool:
    """Whether what is entered later may be typed by a day, with dates that are still to come.

    An activity of a day before it may not; nor may the first one of a register, which by it would be in use.
    """
    return not isinstance(each, Activity) or (each.on > day and each.register in used)


def _code(name: str, number: int) -> Row:
    form = standard_forms()[name]
    return {form.code_column.key: form.format_code(number)}


def _settings(drafted: Drafted | None) -> dict[str, Sequence[Mapping[str, Any]]]:
    settings = drafted.settings if drafted else default_settings("某局", FIRST_DAY.year, [("办实事方面", "办实事")])
    facts = [row for row in settings["基本信息"] if row["项目"] != "日历年度"]
    return {
        **settings,
        "基本信息": [*facts, {"项目": "日历年度", "内容": "、".join(map(str, YEARS))}],
        "部门": [{"部门": "党委办公室"}, {"部门": "财务处"}],
        "岗位": [{"岗位": "局长"}, {"岗位": OFFICE}],
        "工作日历": _calendar(),
        "党支部": [{"党支部": "机关支部", "所在部门": "财务处"}],
    }


@cache
def _calendar() -> list[Row]:
    off, every = days_off(YEARS), [date(YEARS[0], 1, 1) + n * DAY for n in range(366 * len(YEARS))]
    return [
        {"日期": day, "类型": "放假" if day in off else "调休上班", "说明": ""}
        for day in every
        if day.year in YEARS and (day in off) == (day.weekday() < 5)
    ]


def _task(task: Opened, mine: Sequence[Event], begun: Mapping[str, Any]) -> Row:
    """Return the row of a task; ``begun`` is what a draft wrote of it."""
    extended = [
        each.asked.until for each in mine if isinstance(each, Answered) and each.agreed and each.asked.kind == "延期"
    ]
    number = int(task.task[-3:])
    noted, overwritten = number % 2 == 0, number % 4 == 0 and extended  # the office also changed the deadline itself
    status, once = _status(mine), task.kind in ("一次", "")
    words = begun.get("deadline") if not (overwritten or task.deadline != _drafted(mine).deadline) else None
    return {
        "statement": f"任务{number}",
        "source": "报告原文",
        "problems": ("WT-01",),
        **begun,
        "code": task.task,
        "kind": task.kind,
        "department": task.department,
        "start": task.start,
        "deadline": words or (extended[-1] if overwritten else task.deadline),
        "original_deadline": task.deadline.isoformat() if task.deadline and noted else None,
        "review_cycle": task.cycle,
        "next_review": next((each.on for each in reversed(mine) if isinstance(each, NextReview)), None),
        "per_cycle": task.n if task.n > 1 or number % 3 else None,
        "make_up": "不可以" if not task.make_up else "可以" if number % 3 else "",
        "standard": "印发件",
        "status": status,
        "progress": 99 if once and status not in ("已销号", "长期坚持") else None,
        "evidence": "印发件",
    }


def _drafted(mine: Sequence[Event]) -> Opened:
    """Return a task as it was entered first."""
    return next(each for each in mine if isinstance(each, Opened))


def _status(mine: Sequence[Event]) -> str:
    """The status as it stands in the ledger. What was sent back or relapsed on an odd day, nobody has changed."""
    status = "未启动"
    for each in mine:
        match each:
            case Reported() if status not in ("已销号", "长期坚持") or _reopened(mine, each.day):
                status = each.status
            case Decided(word="同意销号"):
                status = "已销号"
            case Decided(word="转长期坚持"):
                status = "长期坚持"
            case Decided() | FirstReviewed(passed=False) | Rechecked(kept=False) | Reviewed(finding="反弹"):
                status = "推进中" if each.day.day % 2 == 0 else status
    return status


def _reopened(mine: Sequence[Event], day: date) -> bool:
    """Whether the last thing that was decided before a day was that it is open again."""
    decided = [each for each in mine if each.day < day and isinstance(each, Decided | Rechecked | Reviewed)]
    return isinstance(decided[-1], Rechecked | Reviewed) if decided else False


def _closeouts(events: Sequence[Event]) -> Iterator[Row]:
    for task, each in _by_task(events):
        row: Row = {}
        for event in each:
            match event:
                case Applied():
                    if row:
                        yield row
                    row = {"task": task, "department": "财务处", "applied": event.day, "applicant": "综合科科长"}
                    row |= {"evidence": "印发件", "evidence_count": 1, "against": "逐条完成"}
                case FirstReviewed():
                    row |= {
                        "first_review": "通过" if event.passed else "退回",
                        "first_date": event.day,
                        "first_reviewer": "副主任",
                    }
                case LeaderReviewed():
                    row |= {"leader_date": event.day, "reviewer": OFFICE}
                case Decided():
                    row |= {"committee_date": event.day, "conclusion": event.word, "committee_meeting": "党委会"}
                case Rechecked():
                    row |= {"recheck_date": event.day, "recheck_result": "保持" if event.kept else "反弹"}
        if row:
            yield row


def _by_task(events: Sequence[Event]) -> Iterator[tuple[str, list[Event]]]:
    for task, each in groupby(sorted(events, key=lambda event: event.task), key=lambda event: event.task):
        if task:
            yield task, list(each)


def cycle_name(first: date, cycle: str) -> str:
    part = (first.month - 1) // MONTHS[cycle]
    return (
        f"{first.year}年"
        + {"月": f"{first.month}月", "季": "一二三四"[part % 4] + "季度", "半年": "上下"[part % 2] + "半年", "年": ""}[
            cycle
        ]
    )


def _fulfilments(tasks: Sequence[Opened], past: Sequence[Event], day: date) -> Iterator[Row]:
    for task in (each for each in tasks if each.kind == "周期" and each.cycle):
        mine = [each for each in past if isinstance(each, Occurred) and each.task == task.task]
        base = {"task": task.task, "department": "财务处", "required": task.n}
        rows = sorted({each.row for each in mine})
        for row in rows:
            own = [each for each in mine if each.row == row]
            done_on = max(each.on for each in own) if all(each.dated for each in own) else None
            yield base | {"cycle": cycle_name(row, task.cycle), "done": len(own), "done_on": done_on}
        if first_day(day, task.cycle) not in rows:  # as it is issued, and not filled
            yield base | {"cycle": cycle_name(first_day(day, task.cycle), task.cycle), "done": None, "done_on": None}


def _reviews(events: Sequence[Event]) -> Iterator[Row]:
    for each in events:
        if isinstance(each, Reviewed):
            yield {"task": each.task, "date": each.day, "post": OFFICE, "finding": each.finding, "found": "看了现场"}


def _extensions(events: Sequence[Event]) -> Iterator[Row]:
    for asked in (each for each in events if isinstance(each, Asked)):
        answer = next((each for each in events if isinstance(each, Answered) and each.asked == asked), None)
        row = {
            "task": asked.task,
            "department": "财务处",
            "kind": asked.kind,
            "applied": asked.day,
            "applicant": "科长",
        }
        row |= {"reason": "招标流标", "pause_from": asked.start, "until": asked.until}
        if answer:
            row |= {"approver": "局长", "conclusion": "同意" if answer.agreed else "不同意", "approved": answer.day}
        yield row


def _proofs(tasks: Sequence[Opened]) -> Iterator[Row]:
    for task, proof in ((each.task, each.proof) for each in tasks if each.proof):
        row = {"task": task, "basis": "办公室判定"}
        if proof.activity:
            more = {"register": "学习教育活动", "indicator": "已开展", "filter": f"活动类型={proof.activity}"}
            yield row | more | {"operator": "≥", "target": str(proof.target), "unit": "次", "per": proof.per}
        else:
            yield row | {"register": "支委名册", "indicator": "空缺", "operator": "＝", "target": "0", "unit": "个"}


def _seats(past: Sequence[Event]) -> Iterator[Row]:
    for seat, vacant in {each.seat: each.vacant for each in past if isinstance(each, Seat)}.items():
        yield {"branch": "机关支部", "department": "财务处", "post": seat, "state": "空缺" if vacant else "在任"}


def _activities(events: Sequence[Event], register: str) -> Iterator[Row]:
    for each in events:
        if isinstance(each, Activity) and each.register == register:
            yield ROWS[register](each, each.on if each.state == "已开展" else None)


ROWS: dict[str, Callable[[Activity, date | None], Row]] = {
    "学习教育活动": lambda each, held: {
        "kind": each.activity, "theme": each.activity, "department": "财务处", "planned": each.on, "held": held,
        "state": each.state,
    },
    "公开与反馈": lambda each, held: {
        "kind": each.activity, "title": each.activity, "due": each.on, "done": held, "scope": "党内",
    },
    "临时组织与共建": lambda each, _: {
        "kind": each.activity, "name": each.activity, "department": "财务处", "started": each.on,
    },
    "防控与帮扶": lambda each, _: {"kind": each.activity, "day": each.on, "department": "财务处"},
    "八项规定检查": lambda each, _: {"day": each.on, "target": "机关", "found": 0},
    "重大部署贯彻": lambda each, held: {
        "name": "某项部署", "level": "上级部门", "passed": each.on, "studied": held, "state": "已研究",
    },
    "党务力量与表彰": lambda each, held: {"kind": "两优一先", "year": each.on.year, "awarded_on": held},
    "规章制度": lambda each, held: {
        "name": "某办法", "department": "财务处", "action": "改", "planned": each.on, "issued_on": held,
        "outcome": "已完成" if held else "起草中", "tasks": (each.activity,),
    },
}  # fmt: skip
"""How an activity stands in its register, by sheet; with the day on which it was held, None if it was not."""
