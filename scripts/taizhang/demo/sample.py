"""The sample of ``demo``: what its office types into the ledger from January to June (``templates/sample``)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from taizhang.forms.load import templates_folder
from taizhang.forms.register_names import CLOSEOUTS, FULFILMENTS, PROBLEMS, TASKS
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.ledger.settings import REPORTING, SETTINGS_SHEET
from taizhang.ledger.vocabulary import Conclusion, Disclosure, FirstReview, Status, TaskKind
from taizhang.splice import AppendRow, SetCell

__all__ = [
    "AS_OF",
    "ENABLED",
    "ISSUED",
    "PERIOD",
    "START",
    "conflicting_edit",
    "month_edits",
    "office_edits",
    "sample_facts",
    "sample_report",
]

PERIOD, START, AS_OF = "2022-06", date(2022, 1, 10), date(2022, 6, 30)
ISSUED = {"2022-03": date(2022, 3, 21), PERIOD: date(2022, 6, 20)}
"""The day on which each period is issued."""

ENABLED = (
    "学习教育活动", "公开与反馈",
    "谈心谈话", "组织生活", "发展党员", "党建考核指标", "党建考核得分", "约谈记录", "领导联系基层", "四种形态",
    "改革事项", "规划任务", "条件改善项目", "流程效能", "人才情况", "满意度",
)  # fmt: skip
"""Registers that the office enables: two prove measures, the others have boards in 专项一览."""

_SAID = ("update", "obstacle", "next_step")
_PLANNED = ("may", "fast", "boast", *_SAID)
"""Keys of tasks.toml that say how a task goes on; all others are cells."""

_CLOSED_WORDS, _ENDLESS = "已按标准完成", "长期坚持"


def sample_folder() -> Path:
    """Return the folder of the sample report and of what is typed into its ledger."""
    return templates_folder() / "sample"


def sample_report() -> Path:
    """Return the sample report."""
    return sample_folder() / "对照检查材料.txt"


@cache
def sample_facts(name: str) -> Mapping[str, Any]:
    """Return one of the files of the sample: assignments, tasks, supervision, registers or returns."""
    return tomllib.loads((sample_folder() / f"{name}.toml").read_text(encoding="utf-8"))


def office_edits(ledger: Ledger) -> list[SetCell | AppendRow]:
    """Return what the office types into a new draft: lists, causes and leaders of problems, owners, deadlines."""
    facts = sample_facts("assignments")
    problems, tasks = ledger.registers[PROBLEMS], ledger.registers[TASKS]
    edits: list[SetCell | AppendRow] = [*_settings(ledger, facts), *_publications(ledger, facts)]
    for record in problems.records:
        edits += _cells(problems, record, facts["problem"].get(record.code, {}))
    for record in tasks.records:
        edits += _cells(tasks, record, _assignment(record, facts))
    return edits


def month_edits(ledger: Ledger, end: date) -> list[SetCell | AppendRow]:
    """Return the office's edits at a month's end: rows entered in that month, and how far the tasks are."""
    tasks = ledger.registers[TASKS]
    rows = list(_rows_entered(ledger, end.month))
    typed = {record.code: _month_progress(record, end.month) for record in tasks.records}
    for register, row in rows:
        if register.form.name == CLOSEOUTS:
            typed[row["task"]] = _standing_after(row)
    changes = [change for change in sample_facts("supervision")["changes"] if change["entered"] == end.month]
    for change in changes:
        for code in change.get("tasks", ()) if change["register"] == TASKS else ():
            typed[code] = _without(change, "entered", "register", "tasks")
    edits = [edit for register, row in rows for edit in _enter(register, row)]
    for record in tasks.records:
        edits += _cells(tasks, record, typed[record.code])
    for change in changes:
        if change["register"] != TASKS:
            edits += _changed_cells(ledger.registers[change["register"]], change)
    return edits


def conflicting_edit(ledger: Ledger) -> list[SetCell | AppendRow]:
    """Return a hand edit of the office after issuing, in a cell that the department will change too."""
    tasks, conflict = ledger.registers[TASKS], sample_facts("returns")[PERIOD]["conflict"]
    return _cells(tasks, tasks.by_code[conflict["task"]], {"progress": conflict["progress"]})


def _rows_entered(ledger: Ledger, month: int) -> Iterator[tuple[Register, dict[str, Any]]]:
    """Yield the rows that the office adds in a month, with their codes, each register's in order."""
    supervision = sample_facts("supervision")
    sources = {TASKS: sample_facts("tasks")["added"], **supervision["rows"], **sample_facts("registers")}
    for name, rows in sources.items():
        register = ledger.registers[name]
        issued = {_cycle_of(each.cells) for each in register.records} if name == FULFILMENTS else set()
        codes = (register.form.format_code(number) for number in count(len(register.records) + 1))
        for row in rows:
            if row.get("entered", AS_OF.month) != month:
                continue
            given = {**supervision["defaults"].get(name, {}), **_without(row, "entered")}
            if name == FULFILMENTS and _cycle_of(row) in issued:
                yield register, given
            else:
                yield register, {"code": next(codes), **_from_task(ledger, register, row), **given}


def _from_task(ledger: Ledger, register: Register, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cells of a row about a task that repeat the task's."""
    if register.form.name == TASKS:
        return {"source": "补充", "link_basis": "办公室判定"}
    task = ledger.registers[TASKS].by_code.get(row.get("task", ""))
    if task is None:
        return {}
    values = {key: task.cells[key] for key in ("department", "statement")}
    values |= {"reviewer": task.cells["leader"], "required": task.cells["per_cycle"] or 1}
    return {key: value for key, value in values.items() if key in register.columns}


def _standing_after(closeout: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cells of a task for which a close-out was entered."""
    conclusion = closeout.get("conclusion")
    if closeout["first_review"] == FirstReview.RETURNED:
        return {"status": Status.UNDER_WAY}
    closed = {Conclusion.STRIKE_OFF: Status.STRUCK_OFF, Conclusion.KEEP_UP: Status.ONGOING}
    status = closed[conclusion] if conclusion else Status.DONE
    return {"status": status, "progress": 1.0, "evidence": closeout["evidence"], "update": _CLOSED_WORDS}


def _month_progress(record: Record, month: int) -> dict[str, Any]:
    """Return what is typed for a task at a month's end, nothing once it is reported done.

    Most tasks progress evenly to what they reach in May, some faster; one is overstated in May.
    """
    plan = sample_facts("tasks")["tasks"].get(record.code, {})
    counted = record.cells["kind"] != TaskKind.PRINCIPLE and not plan.get("start")
    if not counted or record.cells["status"] not in (Status.NOT_STARTED, Status.UNDER_WAY):
        return {}
    words = {key: plan[key] for key in _SAID if key in plan and month == 5}
    if "may" not in plan:
        return {"status": Status.UNDER_WAY, **words}
    share = min(1.0, month / (3 if plan.get("fast") else 5))
    boast = plan.get("boast", 0) if month == 5 else 0
    return {"status": Status.UNDER_WAY, "progress": round(plan["may"] * share + boast, 2), **words}


def _changed_cells(register: Register, change: Mapping[str, Any]) -> list[SetCell | AppendRow]:
    """Return the cells of a later change, in the rows of its codes or its tasks."""
    codes, tasks = change.get("codes", ()), change.get("tasks", ())
    values = _without(change, "entered", "register", "codes", "tasks")
    found = [each for each in register.records if each.code in codes or each.cells.get("task") in tasks]
    return [edit for record in found for edit in _cells(register, record, values)]


def _without(row: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in keys}


def _cells(register: Register, record: Record, values: Mapping[str, Any]) -> list[SetCell | AppendRow]:
    return [SetCell(register.sheet.name, record.row, register.columns[key], value) for key, value in values.items()]


def _enter(register: Register, row: Mapping[str, Any]) -> list[SetCell | AppendRow]:
    """Return the edits that enter a row: into the row that an issue has added for its cycle, else a new one."""
    if "code" not in row:
        record = next(each for each in register.records if _cycle_of(each.cells) == _cycle_of(row))
        return _cells(register, record, row)
    cells = {register.columns[key]: value for key, value in row.items()}
    return [AppendRow(register.sheet.name, register.last_row, cells)]


def _cycle_of(cells: Mapping[str, Any]) -> tuple[Any, Any]:
    return cells["task"], cells["cycle"]


def _settings(ledger: Ledger, facts: Mapping[str, Any]) -> Iterator[SetCell]:
    """Yield what the office changes in 参数: lists, periods left out, numbers of 亮灯, and who answers registers."""
    sheet = ledger.book.by_name[SETTINGS_SHEET]
    columns = {str(head): number for number, head in enumerate(sheet.rows[2], 1) if head}
    blocks: dict[str, list[Iterable[Any]]] = {
        "部门": [(each["name"], each["short"], each["aliases"]) for each in facts["department"]],
        "岗位": [(post,) for post in facts["posts"]],
        "党支部": [(each["name"], each["department"]) for each in facts["branch"]],
    }
    for title, entries in blocks.items():
        for row, entry in enumerate(entries, 5):
            for offset, value in enumerate(entry):
                yield SetCell(sheet.name, row, columns[title] + offset, value)
    rule, period = columns["亮灯"], columns["期次"]
    for row, cells in enumerate(sheet.rows[4:], 5):
        if cells[rule - 1] in facts["rules"]:
            yield SetCell(sheet.name, row, rule + 1, facts["rules"][cells[rule - 1]])
        if cells[period - 1] and cells[period - 1] not in facts["periods"]:
            yield from (SetCell(sheet.name, row, column, None) for column in range(period, period + 3))
    reporting = columns[REPORTING]
    named = {cells[reporting - 1]: row for row, cells in enumerate(sheet.rows[4:], 5) if cells[reporting - 1]}
    free = count(max(named.values(), default=4) + 1)
    for register, departments in facts["reporting"].items():
        row = named.get(register) or next(free)
        yield SetCell(sheet.name, row, reporting, register)
        yield SetCell(sheet.name, row, reporting + 1, departments)


def _publications(ledger: Ledger, facts: Mapping[str, Any]) -> Iterator[SetCell]:
    """Yield the committee's decisions on publishing each problem."""
    problems = ledger.registers[PROBLEMS]
    for record in problems.records:
        withheld = record.code in facts["withheld"]["problems"]
        values = {
            "public": facts["public"].get(record.code),
            "disclosure": Disclosure.WITHHELD if withheld else Disclosure.AGREED,
        }
        for key, value in values.items():
            if value:
                yield SetCell(problems.sheet.name, record.row, problems.columns[key], value)


def _assignment(record: Record, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the office decides about a task: by words in it, and what tasks.toml says of it alone."""
    statement = str(record.cells["statement"])
    rule = next(rule for rule in facts["assign"] if re.search(rule["words"], statement))
    own = _without(sample_facts("tasks")["tasks"].get(record.code, {}), *_PLANNED)
    values = {key: rule[key] for key in ("department", "leader", "standard")}
    values |= {"start": START, "link_basis": "办公室判定"}
    if not record.cells["problems"]:
        values["problems"] = rule["problem"]
    kind = own.get("kind", record.cells["kind"])
    if kind == TaskKind.PRINCIPLE:
        return {**values, "deadline": _ENDLESS, **own}
    values["status"] = Status.NOT_STARTED
    if kind != TaskKind.CYCLE and own.get("deadline") != _ENDLESS:
        values["progress"] = 0
    return {**values, **own}
