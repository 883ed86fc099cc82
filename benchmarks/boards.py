"""What ``report`` costs where a ledger has every register that has boards: ``python benchmarks/boards.py [UNITS]``.

The rows of the sample's registers are multiplied, each copy of another department and branch; printed are seconds of
the processor (user and system, start included) of the whole command, with and without the registers.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))
NOW = datetime(2022, 6, 30)
COPIES = 7
TASKS = 10
REPEATS = 3


def make_ledger(path: Path, units: int, *, registers: bool) -> int:
    """Write a ledger with ``TASKS`` tasks for each unit and, if asked for, the registers; return their rows."""
    from taizhang.demo.sample import sample_facts
    from taizhang.forms.load import standard_forms
    from taizhang.ledger.create import default_settings, new_ledger
    from taizhang.system.files import write_atomically

    settings = default_settings("某局", 2022, [("政治建设", "政治建设")], [])
    settings["部门"] = [{"部门": f"第{n}处", "简称": f"{n}处"} for n in range(units)]
    settings["岗位"] = [{"岗位": post} for post in sample_facts("assignments")["posts"]]
    settings["党支部"] = [{"党支部": f"第{n}党支部", "所在部门": f"第{n}处"} for n in range(units)]
    rows: dict[str, list[dict[str, Any]]] = {"tasks": [_task(number, units) for number in range(units * TASKS)]}
    for name, given in sample_facts("registers").items() if registers else ():
        form, unique = standard_forms()[name], name in ("branches", "talent", "satisfaction", "four_forms")
        copies = [{**row, "copy": copy} for copy in range(1 if unique else COPIES) for row in given]
        rows[name] = [_copied(form, number, row, units) for number, row in enumerate(copies, 1)]
    forms = [form for form in standard_forms().values() if form.enabled or form.name in rows]
    write_atomically(path, new_ledger(forms, rows, settings, NOW))
    return sum(map(len, rows.values())) - len(rows["tasks"])


def _task(number: int, units: int) -> dict[str, Any]:
    return {
        "code": f"RW-{number + 1:03}", "statement": f"第{number}件事", "source": "报告原文", "kind": "一次",
        "department": f"第{number % units}处", "leader": "局长", "status": "推进中", "progress": 0.4,
        "start": NOW.replace(month=1, day=10).date(), "deadline": NOW.replace(month=9).date(), "standard": "印发件",
    }  # fmt: skip


def _copied(form: Any, number: int, row: dict[str, Any], units: int) -> dict[str, Any]:
    unit = (number + row["copy"] * units // COPIES) % units
    own = {"department": f"第{unit}处", "branch": f"第{unit}党支部"}
    kept = {key: value for key, value in row.items() if key not in ("copy", "entered")}
    return {**kept, **{key: value for key, value in own.items() if key in kept}, "code": form.format_code(number)}


def cost(ledger: Path) -> float:
    """Return the least seconds of the processor that one report of the ledger took."""
    command = [sys.executable, "-m", "taizhang", "report", "-l", str(ledger), "--as-of", "2022-06-30", "-q"]
    spent = []
    for _ in range(REPEATS):
        before = os.times()
        subprocess.run(
            command, check=True, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
        )
        after = os.times()
        spent.append(after.children_user - before.children_user + after.children_system - before.children_system)
    return min(spent)


def main() -> None:
    """Print the rows and the costs."""
    units = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    for registers in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "整改台账.xlsx"
            rows = make_ledger(path, units, registers=registers)
            print(f"{units} units, {units * TASKS} tasks, {rows} rows of registers: report {cost(path):.1f} s")


if __name__ == "__main__":
    main()
