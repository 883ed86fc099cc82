"""Ledgers for the leaders' workbook, each built once: usual, empty and extreme ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from taizhang.figures.metrics import Metrics, compute_metrics
from taizhang.forms.load import standard_forms
from taizhang.history.reporting import PeriodReturn
from taizhang.ledger.create import default_settings, new_ledger
from taizhang.ledger.model import Ledger, read_ledger
from taizhang.report import progress_workbook
from taizhang.typed.dates import month_end

from support.filled import a_row

AS_OF, STAMP = date(2022, 6, 30), datetime(2022, 6, 30)
SHORT = ("决策部署落实", "审批服务", "资金项目管理", "干部队伍建设", "落实全面从严治党责任")
CAUSES = ("思想认识不到位", "责任落实不到位", "制度机制不健全", "能力本领有差距", "监督检查不严格")
DEPARTMENTS = (
    "审批服务处",
    "机关党委",
    "后勤保障中心",
    "办公室",
    "政策法规处",
    "规划财务处",
    "人事处",
    "基层指导处",
    "信息中心",
    "综合计划处",
    "机关纪委",
    "监督检查处",
)
LONG = (
    "统筹推进服务群众常态化机制建设并定期通报进展情况确保各项要求落到实处取得实效形成可复制可推广的经验做法供各单"
    "位学习借鉴参考运用"
)[:60]

_BUILT: dict[str, Ledger] = {}


@dataclass(frozen=True)
class Scenario:
    """A ledger on a day, with the month ends before it that are known."""

    ledger: Ledger
    earlier: tuple[tuple[date, Ledger], ...] = ()
    as_of: date = AS_OF
    returns: tuple[PeriodReturn, ...] = ()

    @property
    def measures(self) -> Metrics:
        return compute_metrics(self.ledger, self.as_of, self.earlier, returns=self.returns)


def build(
    tasks: Sequence[dict[str, Any]],
    *,
    departments: Sequence[str | Mapping[str, str]] = DEPARTMENTS,
    aspects: Sequence[str] = SHORT,
    causes: Sequence[str] = CAUSES,
    problems: Sequence[dict[str, Any]] | None = None,
    closeouts: Sequence[dict[str, Any]] = (),
    registers: Mapping[str, Sequence[dict[str, Any]]] | None = None,
) -> Ledger:
    """Return a ledger with these rows, read back from a workbook; ``registers`` holds rows of any others by form.

    A ledger never changes, so it is built once for the same rows: that takes ten times as long as its figures.
    """
    key = repr((tasks, departments, aspects, causes, problems, closeouts, registers))
    if key not in _BUILT:
        _BUILT[key] = _build(tasks, departments, aspects, causes, problems, closeouts, registers)
    return _BUILT[key]


def _build(
    tasks: Sequence[dict[str, Any]],
    departments: Sequence[str | Mapping[str, str]],
    aspects: Sequence[str],
    causes: Sequence[str],
    problems: Sequence[dict[str, Any]] | None,
    closeouts: Sequence[dict[str, Any]],
    registers: Mapping[str, Sequence[dict[str, Any]]] | None,
) -> Ledger:
    settings = default_settings(
        "某市某某局（示例）", 2022, [(f"在{name}方面", name) for name in aspects], ["党的二十大召开"]
    )
    settings["部门"] = [{"部门": name} if isinstance(name, str) else dict(name) for name in departments]
    settings["岗位"] = [{"岗位": post} for post in ("局长", "分管副局长", "整改办主任", LONG)]
    rows = {
        "problems": [a_problem(number) for number in range(15)] if problems is None else list(problems),
        "causes": [{"code": f"YY-{n:02}", "title": title, "detail": title} for n, title in enumerate(causes, 1)],
        "tasks": list(tasks),
        "closeouts": list(closeouts),
    }
    settings["党支部"] = [{"党支部": "第一党支部", "所在部门": settings["部门"][0]["部门"]}] if departments else []
    forms = standard_forms()
    rows |= registers or {}
    data = new_ledger([form for form in forms.values() if form.enabled or form.name in rows], rows, settings, STAMP)
    return read_ledger(Path("整改台账.xlsx"), forms, data)


def a_problem(number: int, **more: Any) -> dict[str, Any]:
    return {
        "code": f"WT-{number + 1:02}",
        "aspect": f"在{SHORT[number // 3 % 5]}方面",
        "title": f"第{number + 1}个问题还没有从根上解决",
        "causes": (f"YY-{number % 5 + 1:02}",),
        "leader": "分管副局长",
        "source": "民主生活会",
        **more,
    }


def a_task(number: int, **more: Any) -> dict[str, Any]:
    """Return one task of the usual kind: deadlines over the year, some closed, some late, some without a reason."""
    month = (3, 4, 5, 6, 7, 8, 9, 10, 12, 5)[number % 10]
    closed = number % 10 in (0, 1, 2) or number % 20 == 3
    progress = 100 if closed else (55, 40, 62, 80, 35, 20, 10)[number % 7]
    return {
        "code": f"RW-{number + 1:03}",
        "statement": f"修订第{number + 1}项管理办法，按季通报执行情况",
        "source": "报告原文",
        "kind": ("一次", "一次", "周期", "长期")[number % 4],
        "problems": (f"WT-{number % 13 + 1:02}",),
        "link_basis": "办公室判定",
        "leader": "分管副局长",
        "department": DEPARTMENTS[number * 5 % 12],
        "start": date(2022, 1 + number % 3, 10),
        "deadline": month_end(2022, month),
        "review_cycle": "季" if number % 4 > 1 else "",
        "standard": "印发件",
        "status": "已销号" if closed else ("推进中" if progress else "未启动"),
        "progress": progress,
        "update": "召开推进会 2 次",
        "obstacle": "" if closed or number % 3 else "涉及部门多，意见尚未统一",
        "next_step": "" if number % 4 == 1 else "7月20日前完成剩余工作",
        "evidence": "印发件和会议记录（整改专柜）" if closed else "",
        **more,
    }


def a_closeout(number: int, code: str, decided: date, **more: Any) -> dict[str, Any]:
    return {
        "code": f"XH-{number:03}",
        "task": code,
        "department": "办公室",
        "applied": decided,
        "committee_date": decided,
        "conclusion": "同意销号",
        **more,
    }


def decided_closeouts(tasks: Sequence[dict[str, Any]], until: date) -> list[dict[str, Any]]:
    closed = [task for task in tasks if task["status"] == "已销号"]
    rows = [
        a_closeout(n, task["code"], min(task["deadline"], AS_OF).replace(day=20)) for n, task in enumerate(closed, 1)
    ]
    return [row for row in rows if row["committee_date"] <= until]


def month_earlier(tasks: Sequence[dict[str, Any]], day: date, **lists: Any) -> Ledger:
    """Return the same ledger as it stood at an earlier month end: less progress, fewer close-outs."""
    closeouts = decided_closeouts(tasks, day)
    closed = {row["task"] for row in closeouts}
    before = []
    for number, task in enumerate(tasks):
        share = (
            100 if task["code"] in closed else min(task["progress"], 90) * day.month // (AS_OF.month + (number % 5 > 0))
        )
        if number % 11 == 5:
            share = task["progress"]
        if number % 17 == 6:
            share = min(90, task["progress"] + 15)
        status = "已销号" if task["code"] in closed else "推进中"
        before.append({**task, "progress": share, "status": status})
    return build(before, closeouts=closeouts, **lists)


@cache
def scenario(name: str) -> Scenario:
    """Return a scenario by name."""
    return SCENARIOS[name]()


@cache
def workbook(name: str) -> bytes:
    """Return the workbook of a scenario, built once."""
    return progress_workbook(scenario(name).measures, STAMP)


def _usual(tasks: Sequence[dict[str, Any]], months: Sequence[int], **lists: Any) -> Scenario:
    earlier = tuple((month_end(2022, n), month_earlier(tasks, month_end(2022, n), **lists)) for n in months)
    return Scenario(build(tasks, closeouts=decided_closeouts(tasks, AS_OF), **lists), earlier)


def normal() -> Scenario:
    """35 tasks, 12 departments; March's ledger missing; one relapse, one pending report, one task without a problem."""
    tasks = [a_task(number) for number in range(35)]
    tasks[13] |= {"status": "已完成", "progress": 100, "evidence": "签到表"}
    tasks[24]["problems"] = ()
    tasks[25]["link_basis"] = "程序建议"
    found = _usual(tasks, (1, 2, 4, 5))
    closeouts = decided_closeouts(tasks, AS_OF)
    closeouts[0] |= {"recheck_date": date(2022, 6, 20), "recheck_result": "反弹"}
    closeouts[1]["conclusion"] = "转长期坚持"
    code = closeouts[1]["task"]
    for task in tasks:
        if task["code"] == code:
            task |= {"status": "长期坚持", "next_review": date(2022, 9, 30)}
    return Scenario(build(tasks, closeouts=closeouts), found.earlier)


def nothing_late() -> Scenario:
    tasks = [a_task(number, kind="一次", review_cycle="", progress=90, status="推进中") for number in range(35)]
    for task in tasks:
        if task["deadline"] <= month_end(2022, 7):
            task |= {"status": "已销号", "progress": 100}
    return _usual(tasks, (4, 5))


def first_period() -> Scenario:
    tasks = [a_task(number, status="推进中", progress=30) for number in range(35)]
    return Scenario(build(tasks))


def everything_late() -> Scenario:
    tasks = [
        a_task(
            number, deadline=month_end(2022, 3 + number % 2), status="推进中", progress=20, obstacle="", next_step=""
        )
        for number in range(24)
    ]
    return _usual(tasks, (4, 5))


def longest_texts() -> Scenario:
    """Every text 60 characters long."""
    departments = [f"{n}{LONG}"[:60] for n in "甲乙丙丁"]
    aspects = [f"{n}{LONG}"[:60] for n in "甲乙丙丁戊"]
    causes = [f"{n}{LONG}"[:60] for n in "子丑寅卯辰"]
    problems = [
        a_problem(n, title=LONG, aspect=f"在{aspects[n // 3]}方面", leader=LONG, causes=("YY-01", "YY-02", "YY-03"))
        for n in range(15)
    ]
    tasks = [
        a_task(
            n,
            statement=LONG,
            department=departments[n % 4],
            leader=LONG,
            obstacle=LONG,
            next_step=LONG,
            evidence=LONG,
            problems=("WT-01", "WT-02", "WT-03"),
        )
        for n in range(20)
    ]
    return _usual(tasks, (5,), departments=departments, aspects=aspects, causes=causes, problems=problems)


def many_departments() -> Scenario:
    departments = [f"第{n}业务处室" for n in range(1, 21)]
    tasks = [a_task(n, department=departments[n % 20]) for n in range(60)]
    return _usual(tasks, (4, 5), departments=departments)


def many_measures(number: int) -> Scenario:
    return _usual([a_task(n) for n in range(number)], (5,))


def no_data() -> Scenario:
    return Scenario(build([], departments=(), causes=(), problems=[]))


KNOWN = {
    "department": DEPARTMENTS[0],
    "post": "局长",
    "branch": "第一党支部",
    "aspect": f"在{SHORT[0]}方面",
    "period": "2022-06",
    "problems": "WT-01",
    "tasks": "RW-001",
    "regulations": "ZD-001",
}


def every_register() -> Scenario:
    """Rows in every register, with uncountable ones: no code, duplicates, unreadable days, blanks, huge sums."""
    forms = [form for form in standard_forms().values() if form.name not in MAIN and not form.automatic]
    rows = {form.name: [a_row(form, n, KNOWN) for n in range(12)] for form in forms}
    for row in rows["appeals"][2:5]:
        row["answered"] = None
    rows["appeals"][6]["due"] = "月底"
    rows["appeals"][7]["code"] = "SQ-001"
    rows["appeals"][8]["code"] = ""
    rows["branches"][0]["members"] = 987_654_321
    rows["facilities"][0] |= {"spent": 1_234_567.89, "budget": 9_876_543_210}
    rows["regulations"] = [{**row, "planned": date(2023, 1, 1)} for row in rows["regulations"]]
    closeouts = rows.pop("closeouts")
    return Scenario(build([a_task(0)], closeouts=closeouts, registers=rows))


def under_supervision() -> Scenario:
    """Duties, reviews, extensions and close-outs (``supervised``), with the month end before."""
    from support.supervised import RETURNS, supervised, supervised_before

    return Scenario(supervised(), ((month_end(2022, 5), supervised_before()),), returns=RETURNS)


MAIN = ("problems", "causes", "tasks")
SCENARIOS = {
    "normal": normal,
    "nothing_late": nothing_late,
    "first_period": first_period,
    "everything_late": everything_late,
    "longest_texts": longest_texts,
    "departments_20": many_departments,
    "measures_60": lambda: many_measures(60),
    "measures_300": lambda: many_measures(300),
    "every_register": every_register,
    "supervised": under_supervision,
    "no_data": no_data,
}
