"""A ledger under supervision on 30 June 2022: duties kept, made up and owed, reviews, extensions, close-outs."""

from __future__ import annotations

from datetime import date
from typing import Any

from taizhang.history.reporting import Outcome, PeriodReturn
from taizhang.ledger.model import Ledger

from support.scenarios import a_closeout, a_problem, a_task, build

GROUPS = ("夯实党建责任", "建强战斗堡垒", "深化事业改革", "落实以人为本", "有效防控风险")


def _returned(
    period: str, department: str, outcome: Outcome, day: date | None, versions: int = 0, sent_back: int = 0
) -> PeriodReturn:
    return PeriodReturn(period, department, outcome, day, versions, sent_back)


RETURNS = (
    *(_returned("2022-03", name, Outcome.NO_RECORD, None) for name in ("办公室", "人事处", "审批服务处")),
    _returned("2022-05", "办公室", Outcome.ON_TIME, date(2022, 5, 30), 2, 1),
    _returned("2022-05", "人事处", Outcome.LATE, date(2022, 6, 8), 1),
    _returned("2022-05", "审批服务处", Outcome.MISSING, None),
    _returned("2022-06", "办公室", Outcome.ON_TIME, date(2022, 6, 25), 1),
    _returned("2022-06", "人事处", Outcome.MISSING, None),
    _returned("2022-06", "机关纪委", Outcome.NOT_DUE, None),
)
"""March was not issued by the program; 机关纪委 was first asked in June, 审批服务处 no more."""


def a_duty(number: int, cycle: str, **more: Any) -> dict[str, Any]:
    """Return a recurring task from 1 January, due in each cycle."""
    words = {"月": "召开支委会", "季": "开展警示教育", "半年": "反馈巡视整改落实情况", "年": "组织两优一先评选表彰"}
    base = {"statement": f"每{cycle}{words[cycle]}，形成记录", "kind": "周期", "review_cycle": cycle}
    running = {"start": date(2022, 1, 1), "deadline": "长期坚持", "status": "推进中", "progress": None}
    return a_task(number, **{**base, **running, "group": GROUPS[number % 5], **more})


def a_fulfilment(number: int, task: str, cycle: str, done: int, on: date | None = None) -> dict[str, Any]:
    return {
        "code": f"ZQ-{number:04}",
        "task": task,
        "department": "办公室",
        "cycle": cycle,
        "required": 1,
        "done": done,
        "done_on": on,
    }


def a_review(number: int, task: str, day: date, finding: str = "保持", found: str = "") -> dict[str, Any]:
    return {
        "code": f"FH-{number:03}",
        "task": task,
        "date": day,
        "post": "整改办主任",
        "finding": finding,
        "found": found,
    }


def an_extension(number: int, task: str, **more: Any) -> dict[str, Any]:
    return {
        "code": f"YQ-{number:03}",
        "task": task,
        "department": "办公室",
        "kind": "延期",
        "applied": date(2022, 6, 1),
        "applicant": "综合科科长",
        "reason": "招标流标一次，已重新公告",
        "until": date(2022, 9, 30),
        **more,
    }


def lasting(number: int, **more: Any) -> dict[str, Any]:
    """Return a continuing task, reviewed each quarter from 1 January."""
    base = {"kind": "长期", "review_cycle": "季", "start": date(2022, 1, 1), "deadline": "长期坚持"}
    open_task = {"status": "推进中", "progress": 50, "group": GROUPS[number % 5]}
    return a_task(number, **{**base, **open_task, **more})


def _rows() -> dict[str, list[dict[str, Any]]]:
    """Return the rows of 30 June by register.

    Recurring: RW-001 monthly and two months short, 002 quarterly with one made up, 003 twice a half year and short,
    004 yearly, 005 not to be made up, 006 without a cycle. Continuing: RW-011 in time, 012 overdue and wavering, 013
    relapsed, 014 never reviewed, 015 without an interval. Once: RW-021 to 030. Principles: RW-041 carried by three
    tasks, RW-042 by none.
    """
    tasks = [
        a_duty(0, "月"),
        a_duty(1, "季"),
        a_duty(2, "半年", per_cycle=2),
        a_duty(3, "年", department="人事处"),
        a_duty(4, "月", make_up="不可以", start=date(2021, 10, 1), department="机关党委"),
        a_duty(5, "季", department="") | {"review_cycle": "", "leader": ""},
        lasting(10),
        lasting(11, leader="局长"),
        lasting(12),
        lasting(13, review_cycle="半年", department="人事处"),
        lasting(14) | {"review_cycle": ""},
        *(a_task(n, group=GROUPS[n % 5], kind="一次") for n in range(20, 30)),
        a_task(40, kind="原则", statement="把党的政治建设摆在首位", group=GROUPS[0])
        | {"carried_by": ("RW-001", "RW-002", "RW-021"), "start": None, "deadline": "", "status": "推进中"},
        a_task(41, kind="原则", statement="坚持从严执纪", group=GROUPS[4]) | {"deadline": "", "status": "推进中"},
    ]
    by_code = {task["code"]: task for task in tasks}
    by_code["RW-024"] |= {"status": "已完成", "progress": 100, "evidence": "签到表", "deadline": date(2022, 6, 30)}
    by_code["RW-025"] |= {"help_needed": "需规划财务处 7 月底前明确改造经费来源", "leader": "局长"}
    by_code["RW-026"] |= {"help_needed": "请分管副局长协调食堂用地"}
    by_code["RW-030"] |= {"source": "补充"}
    fulfilments = [
        a_fulfilment(1, "RW-001", "2022年1月", 1),
        a_fulfilment(2, "RW-001", "2022年2月", 1),
        a_fulfilment(3, "RW-001", "2022年5月", 1),
        a_fulfilment(4, "RW-002", "2022年一季度", 1, date(2022, 4, 20)),
        a_fulfilment(5, "RW-002", "2022年二季度", 1),
        a_fulfilment(6, "RW-003", "2022年上半年", 1),
        a_fulfilment(7, "RW-005", "2021年10月", 1),
        a_fulfilment(8, "RW-005", "2021年11月", 1),
        a_fulfilment(9, "RW-005", "2022年1月", 1),
        *(a_fulfilment(8 + n, "RW-005", f"2022年{n}月", 1) for n in range(2, 6)),
    ]
    reviews = [
        a_review(1, "RW-011", date(2022, 3, 28)),
        a_review(2, "RW-011", date(2022, 6, 20), found="三个支部都按月公开"),
        a_review(3, "RW-012", date(2022, 2, 10), "有反复", "第二支部 1 月没有公开，已当场补上"),
        a_review(4, "RW-013", date(2022, 5, 10), "反弹", "采购审批又超过 15 天"),
    ]
    extensions = [
        an_extension(1, "RW-026"),
        an_extension(2, "RW-027", conclusion="同意", approved=date(2022, 6, 10), until=date(2022, 12, 31)),
        an_extension(3, "RW-028", kind="暂缓", conclusion="同意", approved=date(2022, 6, 10), approver="局长"),
    ]
    closeouts = [
        a_closeout(1, "RW-021", date(2022, 5, 20)),
        a_closeout(2, "RW-022", date(2022, 5, 20), recheck_date=date(2022, 6, 15), recheck_result="反弹"),
        a_closeout(3, "RW-023", date(2022, 6, 10)),
        a_closeout(4, "RW-024", date(2022, 6, 1), first_review="通过", first_date=date(2022, 6, 8))
        | {"committee_date": None, "conclusion": None},
        a_closeout(5, "RW-029", date(2022, 6, 28)) | {"committee_date": None, "conclusion": None},
    ]
    problems = [
        a_problem(n, entry=("思想根源", "制约事业发展突出矛盾", "群众反映强烈的领域", "")[n % 4]) for n in range(15)
    ]
    proof = {
        "code": "HD-001",
        "task": "RW-024",
        "register": "支委名册",
        "indicator": "空缺",
        "operator": "≤",
        "target": "0",
    }
    members = [
        {"code": f"ZW-{n:03}", "branch": "第一党支部", "department": "审批服务处", "post": post, "state": state}
        for n, (post, state) in enumerate((("书记", "在任"), ("组织委员", "空缺")), 1)
    ]
    return {
        "proofs": [{**proof, "operator": "≤", "target": "0", "basis": "办公室判定"}],
        "committee_members": members,
        "tasks": tasks,
        "problems": problems,
        "closeouts": closeouts,
        "fulfilments": fulfilments,
        "reviews": reviews,
        "extensions": extensions,
    }


def supervised() -> Ledger:
    """Return the ledger of 30 June."""
    return _build(_rows())


def supervised_before() -> Ledger:
    """Return the ledger of 31 May.

    Since then RW-023 was closed, RW-022 relapsed, RW-027 was extended, RW-026 got a new deadline without leave, RW-030
    came, RW-050 went, and RW-005 fell behind.
    """
    rows = _rows()
    tasks = [task for task in rows["tasks"] if task["code"] != "RW-030"]
    by_code = {task["code"]: task for task in tasks}
    by_code["RW-023"] |= {"status": "推进中", "progress": 90}
    by_code["RW-025"] |= {"deadline": date(2022, 12, 31), "progress": 95}
    by_code["RW-024"] |= {"status": "推进中", "deadline": date(2022, 8, 31)}
    rows["tasks"] = [*tasks, a_task(49)]
    rows["closeouts"] = rows["closeouts"][:2]
    rows["extensions"] = []
    rows["fulfilments"] = [row for row in rows["fulfilments"] if row["code"] != "ZQ-0003"]
    return _build(rows)


def _build(rows: dict[str, list[dict[str, Any]]]) -> Ledger:
    main = ("tasks", "problems", "closeouts")
    others = {name: each for name, each in rows.items() if name not in main}
    return build(rows["tasks"], problems=rows["problems"], closeouts=rows["closeouts"], registers=others)
