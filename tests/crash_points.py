"""Kill a write of the ledger before each call that touches the disk, and look at what is left: ``python tests/crash_points.py``.

Each point is a process of its own that dies without cleaning up, as by a power cut; then the next command runs. Prints JSON:
the points tried, and what was wrong after any of them. ``--step N`` tries every N-th point.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import os
import shutil
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from types import ModuleType

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1] / "scripts")]

from conftest import small_ledger
from taizhang.files import history_folder
from taizhang.forms import standard_forms
from taizhang.history import record
from taizhang.journal import read_entries
from taizhang.splice import AppendRow, SetCell
from taizhang.store import write_changes
from taizhang.verifying import verify_history
from taizhang.workbooks import read_workbook

NOW = datetime(2022, 3, 31, 9, 30)
TOUCHING = {
    "open",
    "write",
    "fsync",
    "replace",
    "rename",
    "unlink",
    "mkdir",
    "chmod",
    "close",
    "truncate",
    "flush",
    "remove",
}


def write(ledger: Path, now: datetime = NOW) -> None:
    """Do the write that is killed: two cells and a row, after a hand edit that nobody recorded yet."""
    digest = hashlib.sha256(ledger.read_bytes()).hexdigest()
    edits = [
        SetCell("整改任务", 4, 3, "改后"),
        SetCell("整改任务", 5, 3, "改后"),
        AppendRow("整改任务", 5, {1: "RW-003"}),
    ]
    write_changes(ledger, digest, edits, [], command="merge", now=now)


def prepare(folder: Path) -> Path:
    """Return a ledger with a history of one write and an unrecorded hand edit."""
    from taizhang.splice import patch

    ledger = small_ledger(folder / "整改台账.xlsx", [{}, {}])
    record(ledger, standard_forms(), NOW)
    digest = hashlib.sha256(ledger.read_bytes()).hexdigest()
    write_changes(ledger, digest, [SetCell("整改任务", 4, 3, "第一次")], [], command="merge", now=NOW)
    edited, _ = patch(ledger.read_bytes(), [SetCell("整改任务", 5, 3, "手工")])
    ledger.write_bytes(edited)
    return ledger


def killed_before(number: int, ledger: Path) -> bool:
    """Write in a child that dies before its ``number``-th call that touches the disk; False where it got through."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    seen = 0

    def watch(_frame: object, event: str, called: object) -> None:
        nonlocal seen
        if event != "c_call" or getattr(called, "__name__", "") not in TOUCHING:
            return
        if isinstance(
            getattr(called, "__self__", None), (ModuleType, io.BufferedWriter, io.BufferedRandom, io.TextIOWrapper)
        ):
            seen += 1
            if seen == number:
                os._exit(9)

    sys.setprofile(watch)
    write(ledger)
    os._exit(0)


def wrongs(ledger: Path, before: bytes, after: bytes) -> list[str]:
    """Return what is wrong with a ledger whose write was killed, then with the next command, then with the write done again."""
    found = []
    data = ledger.read_bytes()
    if data not in (before, after):
        found.append("the ledger is neither the old nor the new one")
    known = [entry.after for entry in read_entries(history_folder(ledger)).values()]
    record(ledger, standard_forms(), NOW)
    if [entry.after for entry in read_entries(history_folder(ledger)).values()][: len(known)] != known:
        found.append("a journal entry was lost")
    if list(ledger.parent.glob(".*.tmp")) + list(history_folder(ledger).glob(".*.tmp")):
        found.append("temporary files were left behind")
    found += verify_history(ledger, standard_forms())
    if data == before:
        write(ledger)
    sheet = read_workbook(ledger).by_name["整改任务"]
    if [sheet.value(4, 3), sheet.value(5, 3), sheet.value(6, 1)] != ["改后", "改后", "RW-003"]:
        found.append("writing again did not give the right cells")
    return found + verify_history(ledger, standard_forms())


def try_all(folder: Path, step: int = 1) -> dict[str, object]:
    """Kill at every point, or at every ``step``-th; return how many were tried and what was wrong after which."""
    start = folder / "start"
    start.mkdir()
    prepare(start)
    before = (start / "整改台账.xlsx").read_bytes()
    done = folder / "done"
    shutil.copytree(start, done)
    write(done / "整改台账.xlsx")
    after = (done / "整改台账.xlsx").read_bytes()
    wrong: dict[int, list[str]] = {}
    outcomes = {"old": 0, "new": 0}
    points = 0
    for number in itertools.count(1, step):
        trial = folder / "trial"
        shutil.copytree(start, trial)
        ledger = trial / "整改台账.xlsx"
        if not killed_before(number, ledger):
            break
        points += 1
        outcomes["old" if ledger.read_bytes() == before else "new"] += 1
        if found := wrongs(ledger, before, after):
            wrong[number] = found
        shutil.rmtree(trial)
    return {"points": points, **outcomes, "wrong": wrong}


if __name__ == "__main__":
    every = int(sys.argv[sys.argv.index("--step") + 1]) if "--step" in sys.argv else 1
    with tempfile.TemporaryDirectory() as temporary:
        result = try_all(Path(temporary), every)
    print(json.dumps(result, ensure_ascii=False))
    raise SystemExit(bool(result["wrong"]))
