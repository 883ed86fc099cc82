"""A small issued ledger in a folder, to which returned files are offered; shared by the benchmarks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from taizhang.forms.load import standard_forms
from taizhang.ledger.create import default_settings, new_ledger
from taizhang.ledger.model import Ledger, read_ledger
from taizhang.merge.intake import Intake, take_in
from taizhang.merge.returns import returns_of
from taizhang.replies.write import prepare_receipts, write_replies
from taizhang.system.files import write_atomically

PERIOD, DEPARTMENT = "2022-03", "财务处"
ASPECT = "为群众办实事方面"


@dataclass(frozen=True)
class Office:
    """The ledger as read, its path, and the form issued to the department, as bytes."""

    path: Path
    ledger: Ledger
    issued: bytes

    def take(self, returned: Path, vouched: bool = False) -> Intake:
        """Plan the merge of one returned file; writes nothing."""
        name, period = (DEPARTMENT, PERIOD) if vouched else (None, None)
        return take_in(self.ledger, standard_forms(), [returned], name, period)

    def reply(self, found: Intake, now: datetime) -> None:
        """Write the receipt of one returned file beside the ledger."""
        refused = {each.path: "" for each in found.refused if each.period == PERIOD}
        returns = [returns_of(PERIOD, found.plans, refused, self.ledger.settings)]
        write_replies(self.ledger, found, returns, now, prepare_receipts(self.ledger, found, now))


def make_office(folder: Path, now: datetime, tasks: int = 12) -> Office:
    """Write a ledger with one department and these many tasks, and issue it."""
    from taizhang.commands.issue import issue

    settings = default_settings("某局", 2022, [(ASPECT, "办实事")], ["党的二十大召开"])
    settings["部门"] = [{"部门": DEPARTMENT, "简称": "财务", "别名": "计财处"}]
    settings["岗位"] = [{"岗位": "局长"}]
    row = {
        "source": "报告原文",
        "kind": "一次",
        "problems": ("WT-01",),
        "department": DEPARTMENT,
        "start": date(2022, 1, 1),
        "deadline": date(2022, 12, 31),
        "standard": "印发件",
        "status": "推进中",
    }
    rows = {
        "problems": [{"code": "WT-01", "aspect": ASPECT, "title": "办法不多", "source": "民主生活会"}],
        "tasks": [{"code": f"RW-{n:03}", "statement": f"任务{n}", **row} for n in range(1, tasks + 1)],
    }
    path = folder / "整改台账.xlsx"
    write_atomically(
        path, new_ledger([each for each in standard_forms().values() if each.enabled], rows, settings, now)
    )
    issue.main(["--period", PERIOD, "--ledger", str(path), "--as-of", "2022-03-01", "--quiet"], standalone_mode=False)
    issued = path.parent / "下发" / PERIOD / f"{DEPARTMENT}.xlsx"
    return Office(path, read_ledger(path, standard_forms()), issued.read_bytes())
