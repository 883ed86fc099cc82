"""The sample of ``demo``: the office's answers to what the report leaves open, and the departments' returns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from taizhang.forms.load import templates_folder
from taizhang.forms.register_names import CLOSEOUTS, PROBLEMS, TASKS
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record
from taizhang.ledger.settings import SETTINGS_SHEET
from taizhang.ledger.vocabulary import Conclusion, Disclosure, FirstReview, Recheck, Status, TaskKind
from taizhang.splice import AppendRow, SetCell
from taizhang.typed.dates import month_end

__all__ = [
    "AS_OF",
    "LATE",
    "MESSY",
    "MISSING",
    "PERIOD",
    "START",
    "conflicting_edit",
    "june_edits",
    "month_edits",
    "office_edits",
    "sample_report",
]

PERIOD, AS_OF, START = "2022-06", date(2022, 6, 30), date(2022, 1, 10)
OVERSTATED = 13
"""The index of the task whose progress is overstated in May and corrected downwards in June."""

_EVIDENCE = "印发件和会议记录（整改专柜）"

MESSY, LATE, CONFLICTING, MISSING = "后勤保障中心", "信息中心", "组织人事处", "科技发展处"


def sample_folder() -> Path:
    """Return the folder of the sample report and its assignments."""
    return templates_folder() / "sample"


def sample_report() -> Path:
    """Return the sample report."""
    return sample_folder() / "对照检查材料.txt"


def office_edits(ledger: Ledger) -> list[SetCell | AppendRow]:
    """Return what the office types into a new draft: lists, causes and leaders of problems, owners, deadlines."""
    facts = _facts()
    edits: list[SetCell | AppendRow] = [*_settings(ledger, facts), *_publications(ledger, facts)]
    problems, tasks = ledger.registers[PROBLEMS], ledger.registers[TASKS]
    for record in problems.records:
        for key, value in facts["problem"].get(record.code, {}).items():
            edits.append(SetCell(problems.sheet.name, record.row, problems.columns[key], value))
    for number, record in enumerate(tasks.records):
        values = _assignment(record, number, facts)
        if record.cells["kind"] != TaskKind.PRINCIPLE:
            values |= {"status": Status.NOT_STARTED, "progress": 0}
        edits += [SetCell(tasks.sheet.name, record.row, tasks.columns[key], value) for key, value in values.items()]
    return edits


def month_edits(ledger: Ledger, end: date) -> list[SetCell | AppendRow]:
    """Return the office's edits at a month's end: progress up to May, and the tasks closed in that month."""
    facts = _facts()
    tasks, closeouts = ledger.registers[TASKS], ledger.registers[CLOSEOUTS]
    edits: list[SetCell | AppendRow] = []
    number_of_closeouts = len(closeouts.records)
    for number, record in enumerate(tasks.records):
        values = _assignment(record, number, facts)
        closing = _closing(record, values, number)
        typed: dict[str, Any] = {}
        if closing and closing["committee_date"].month == end.month:
            number_of_closeouts += 1
            row = {
                "code": f"XH-{number_of_closeouts:03}",
                "task": record.code,
                "department": values["department"],
                **closing,
            }
            cells = {closeouts.columns[key]: value for key, value in row.items()}
            edits.append(AppendRow(closeouts.sheet.name, closeouts.last_row, cells))
            typed = _closed(closing)
        elif "progress" in values and not (closing and closing["committee_date"] < end):
            goal = 0.9 if closing else values["progress"]
            typed = _month_progress(goal, end.month, number)
        edits += [SetCell(tasks.sheet.name, record.row, tasks.columns[key], value) for key, value in typed.items()]
    return edits


def june_edits(ledger: Ledger) -> list[SetCell | AppendRow]:
    """Return the office's edits in June before issuing.

    The usual ones, a relapse found on re-check, and the other registers.
    """
    tasks, closeouts = ledger.registers[TASKS], ledger.registers[CLOSEOUTS]
    first = closeouts.records[0]
    again = tasks.by_code[str(first.cells["task"])]
    recheck = {"recheck_date": date(2022, 6, 15), "recheck_result": Recheck.RELAPSED}
    reopened = {"status": Status.UNDER_WAY, "progress": 0.6, "obstacle": "活动停了两次，没有形成制度"}
    return [
        *month_edits(ledger, AS_OF),
        *(SetCell(closeouts.sheet.name, first.row, closeouts.columns[key], value) for key, value in recheck.items()),
        *(SetCell(tasks.sheet.name, again.row, tasks.columns[key], value) for key, value in reopened.items()),
        *_register_rows(ledger),
    ]


def _register_rows(ledger: Ledger) -> Iterator[AppendRow]:
    """Yield the rows of registers.toml as edits, numbered in order."""
    for name, rows in tomllib.loads((sample_folder() / "registers.toml").read_text(encoding="utf-8")).items():
        register = ledger.registers[name]
        for number, row in enumerate(rows, 1):
            cells = {register.form.code_column.key: register.form.format_code(number), **row}
            typed = {register.columns[key]: value for key, value in cells.items()}
            yield AppendRow(register.sheet.name, register.last_row, typed)


def _facts() -> Mapping[str, Any]:
    return tomllib.loads((sample_folder() / "assignments.toml").read_text(encoding="utf-8"))


def _closed(closing: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cells of a task that the committee has closed."""
    ongoing = closing["conclusion"] == Conclusion.KEEP_UP
    return {
        "status": Status.ONGOING if ongoing else Status.STRUCK_OFF,
        "progress": 1.0,
        "evidence": _EVIDENCE,
        "update": "已按标准完成",
    }


def _month_progress(goal: float, month: int, number: int) -> dict[str, Any]:
    """Return progress and status at a month's end.

    Most tasks progress evenly to their goal in May, some faster; one is overstated in May.
    """
    share = min(1.0, month / (3 if number % 11 == 5 else 5))
    progress = round(goal * share + (0.3 if number == OVERSTATED and month == 5 else 0), 2)
    return {"progress": progress, "status": Status.UNDER_WAY if progress else Status.NOT_STARTED}


def _settings(ledger: Ledger, facts: Mapping[str, Any]) -> Iterator[SetCell]:
    sheet = ledger.book.by_name[SETTINGS_SHEET]
    columns = {str(head): number for number, head in enumerate(sheet.rows[2], 1) if head}
    blocks = {
        "部门": [(each["name"], each["short"], each["aliases"]) for each in facts["department"]],
        "岗位": [(post,) for post in facts["posts"]],
        "党支部": [(each["name"], each["department"]) for each in facts["branch"]],
    }
    for title, entries in blocks.items():
        for row, entry in enumerate(entries, 5):
            for offset, value in enumerate(entry):
                yield SetCell(sheet.name, row, columns[title] + offset, value)


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


def _assignment(record: Record, number: int, facts: Mapping[str, Any]) -> dict[str, Any]:
    statement = str(record.cells["statement"])
    rule = next(rule for rule in facts["assign"] if re.search(rule["words"], statement))
    values: dict[str, Any] = {key: rule[key] for key in ("department", "leader", "standard")}
    values["start"] = START
    kind = record.cells["kind"]
    if not record.cells["deadline"]:
        month = (3, 6, 9, 12, 5, 10, 12)[number % 7]
        words: dict[str, str] = {
            TaskKind.LONG_TERM: f"2022年{month}月底前，长期坚持",
            TaskKind.CYCLE: f"2022年{month}月底前",
            TaskKind.PRINCIPLE: "长期坚持",
        }
        values["deadline"] = words.get(str(kind)) or month_end(2022, month)
    if kind in (TaskKind.LONG_TERM, TaskKind.CYCLE):
        values["review_cycle"] = "季"
        values["next_review"] = date(2022, 9, 30)
    if kind != TaskKind.PRINCIPLE:
        values["progress"] = (0.3, 0.45, 0.5, 0.4, 0.2)[number % 5] if number % 9 else 0
    if not record.cells["problems"]:
        values["problems"] = rule["problem"]
    values["link_basis"] = "办公室判定"
    return values


def _closing(record: Record, values: Mapping[str, Any], number: int) -> dict[str, Any] | None:
    """Return the close-out cells of a task that was closed in an earlier month; None for all others."""
    if record.cells["kind"] == TaskKind.PRINCIPLE or number % 3 == 0 or number > 45:
        return None
    words = str(values.get("deadline") or record.cells["deadline"])
    match = re.search(r"(\d{1,2})月底|-(\d{2})-|上半年", words)
    month = int(match[1] or match[2] or 6) if match else 12
    if month > 6:
        return None
    decided = date(2022, max(2, month - number % 2), 20)
    return {
        "applied": decided.replace(day=8),
        "applicant": "综合科科长",
        "evidence": _EVIDENCE,
        "evidence_count": 2,
        "first_review": FirstReview.PASSED,
        "reviewer": "整改办主任",
        "leader_date": decided.replace(day=15),
        "committee_date": decided,
        "conclusion": Conclusion.KEEP_UP if record.cells["kind"] == TaskKind.LONG_TERM else Conclusion.STRIKE_OFF,
    }


def conflicting_edit(ledger: Ledger) -> SetCell:
    """Return a hand edit of the office after issuing, in a cell that the department will change too."""
    tasks = ledger.registers[TASKS]
    record = next(
        r for r in tasks.records if r.cells["department"] == CONFLICTING and r.cells["status"] == Status.UNDER_WAY
    )
    return SetCell(tasks.sheet.name, record.row, tasks.columns["progress"], 0.52)
