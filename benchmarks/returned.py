"""An office in a folder: a small ledger, issued, that returned files are offered to. Shared by the programs beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from taizhang.commands.merge import collect
from taizhang.forms import standard_forms
from taizhang.issuing import base_of, plan_issue, save_base, secret_of, token_of
from taizhang.ledger import Ledger, read_ledger
from taizhang.merging import Plan
from taizhang.new_ledger import default_settings, new_ledger
from taizhang.store import write_atomically
from taizhang.template import department_workbook

PERIOD, DEPARTMENT = "2022-03", "财务处"
ASPECT = "为群众办实事方面"


@dataclass(frozen=True)
class Office:
    """The ledger as read, its path, and what was issued to the department, as bytes."""

    path: Path
    ledger: Ledger
    issued: bytes

    def plan(self, returned: Path, vouched: bool = False) -> Plan:
        """Plan the merge of one returned file; writes nothing."""
        name, period = (DEPARTMENT, PERIOD) if vouched else (None, None)
        return collect(self.ledger, [returned], name, period).plan


def make_office(folder: Path, now: datetime, tasks: int = 12) -> Office:
    """Write a ledger with one department and these many tasks, and issue it."""
    settings = default_settings("某局", 2022, [(ASPECT, "办实事")], ["党的二十大召开"])
    settings["部门"] = [{"部门": DEPARTMENT, "简称": "财务", "别名": "计财处"}]
    settings["岗位"] = [{"岗位": "局长"}]
    row = {
        "source": "报告原文", "kind": "一次", "problems": ("WT-01",), "department": DEPARTMENT, "start": date(2022, 1, 1),
        "deadline": date(2022, 12, 31), "standard": "印发件", "status": "推进中",
    }  # fmt: skip
    rows = {
        "problems": [{"code": "WT-01", "aspect": ASPECT, "title": "办法不多", "source": "民主生活会"}],
        "tasks": [{"code": f"RW-{n:03}", "statement": f"任务{n}", **row} for n in range(1, tasks + 1)],
    }
    path = folder / "整改台账.xlsx"
    write_atomically(
        path, new_ledger([each for each in standard_forms().values() if each.enabled], rows, settings, now)
    )
    ledger = read_ledger(path, standard_forms())
    issue = plan_issue(ledger, standard_forms(), PERIOD)[0]
    save_base(path, base_of(issue))
    token = token_of(secret_of(path), PERIOD, DEPARTMENT)
    return Office(path, ledger, department_workbook(issue, ledger, token, None, now))
