"""Two commands started at once: one waits or is refused, and both results are right in the end."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

from taizhang.files import history_folder
from taizhang.forms import standard_forms
from taizhang.journal import read_entries
from taizhang.ledger import read_ledger
from taizhang.new_ledger import new_ledger
from taizhang.verifying import verify_history

FORMS = standard_forms()


def started(ledger: Path, sheet: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "taizhang", "forms", "enable", sheet, "--yes", "-l", str(ledger)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_writes_at_once_lose_nothing(tmp_path: Path) -> None:
    ledger = tmp_path / "整改台账.xlsx"
    ledger.write_bytes(new_ledger([FORMS["tasks"]], {}, {}, datetime(2022, 1, 1)))
    sheets = [FORMS[name].sheet for name in ("problems", "causes")]
    for _ in range(3):
        ended = [(each.communicate()[1], each.returncode) for each in [started(ledger, sheet) for sheet in sheets]]
        for said, code in ended:
            assert code in (0, 2), said
            assert code == 0 or "请重新运行" in said or "另一个命令正在写" in said
        if all(code == 0 for _, code in ended):
            break
    names = {sheet.name for sheet in read_ledger(ledger, FORMS).book.sheets}
    assert set(sheets) <= names
    assert len(read_entries(history_folder(ledger))) == 3
    assert verify_history(ledger, FORMS) == []
