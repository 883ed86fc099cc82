"""What judging returned rows costs whose rules look into another register: ``python benchmarks/returned_rows.py``.

The number of rows may be given, else it is 1,000. Departments return scores of appraisal items; each row is judged with
the rows taken before it. Printed are seconds of the processor of judging alone, for a hundredth, a tenth and all of the
rows.
"""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))
ITEMS = 150
AS_OF = date(2022, 3, 31)


def cost(path: Path, number: int) -> float:
    """Return the seconds that judging so many returned rows of a ledger took."""
    from taizhang.forms.load import standard_forms
    from taizhang.ledger.model import read_ledger
    from taizhang.merge.ledger_to_be import AllTaken, LedgerToBe, TaskRows

    ledger = read_ledger(path, standard_forms())
    scores = ledger.registers["appraisal_scores"]
    judged = LedgerToBe(TaskRows(ledger), AllTaken(ledger), AS_OF)
    before = os.times()
    for record in scores.records[:number]:
        after = {**record.cells, "self_score": 4.5}
        assert not judged.find_brought(scores, record, record.code, record.cells, after)
        judged.take(scores, record, record.code, after)
    assert not judged.find_beside()
    spent = os.times()
    return spent.user - before.user + spent.system - before.system


def write_ledger(path: Path, number: int) -> None:
    """Write a ledger with appraisal items and so many rows of scores."""
    from taizhang.forms.load import standard_forms
    from taizhang.ledger.create import default_settings, new_ledger
    from taizhang.system.files import write_atomically

    settings = default_settings("某局", 2022, [("政治建设", "政治建设")], [])
    settings["部门"] = [{"部门": "财务处", "简称": "财务"}]
    rows = {
        "appraisal_items": [
            {"code": f"KH-{each:03}", "item": f"第{each}项", "method": "按次扣分", "points": 5}
            for each in range(1, ITEMS + 1)
        ],
        "appraisal_scores": [
            {
                "code": f"DF-{each:04}", "year": 2022, "department": "财务处", "item": f"KH-{each % ITEMS + 1:03}",
                "self_score": 4, "score": 3,
            }
            for each in range(1, number + 1)
        ],
    }  # fmt: skip
    forms = [form for form in standard_forms().values() if form.enabled or form.name in rows]
    write_atomically(path, new_ledger(forms, rows, settings, datetime(2022, 3, 1)))


def main() -> None:
    """Print the costs."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "整改台账.xlsx"
        write_ledger(path, most)
        for number in (most // 100, most // 10, most):
            print(f"{number} rows returned: {cost(path, number):.2f} s")


if __name__ == "__main__":
    main()
