"""Make each system call of work on a ledger fail and check the result: ``python tests/failing_calls.py``.

The work must succeed, or end with an error that names the file, the reason and the cure; ledger and journal are whole
either way. Prints JSON like ``crash_points.py``. ``--step N`` tries every N-th call that only reads, and every call
that changes the disk, each with one error.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from crash_points import Trials, asked_for, left_over, or_raised
from support.thorough import spread
from support.traced import Call, Ended
from support.works import NOW, Work
from taizhang.forms.load import standard_forms
from taizhang.history.hand_edits import record
from taizhang.history.journal import read_entries
from taizhang.history.verify import verify_history
from taizhang.system.files import history_folder

ERRORS = {
    "write": ("ENOSPC", "EDQUOT", "EIO"),
    "fsync": ("EIO", "ENOSPC", "EDQUOT"),
    "rename": ("EACCES", "ENOSPC", "EROFS"),
    "mkdir": ("EACCES", "ENOSPC", "EROFS"),
    "unlink": ("EACCES", "EROFS"),
    "chmod": ("EPERM", "EROFS"),
    "ftruncate": ("EIO",),
    "flock": ("EIO", "ENOLCK"),
    "close": ("EIO",),
    "read": ("EIO",),
    "getdents64": ("EACCES", "EIO"),
    "lseek": ("EIO",),
    "newfstatat": ("EACCES", "EIO"),
    "openat": ("EACCES", "EIO"),
}
"""What is tried of each call; a call of another name fails with EIO."""
_MAKING = ("ENOSPC", "EDQUOT", "EROFS", "EACCES")
"""What is tried of opening a file to write it."""


def injections(call: Call, *, one: bool) -> Iterator[str]:
    """Return how a call is made to fail: once, by each error; a call that changes the disk also from then on."""
    errors = _MAKING if call.name == "openat" and "O_CREAT" in call.rest else ERRORS.get(call.name, ("EIO",))
    for error in errors[:1] if one else errors:
        yield call.failing(error)
    if call.changing and not one:
        yield call.failing(errors[0], on=True)


def after_a_failure(trials: Trials, ended: Ended, inject: str) -> list[str]:
    """Return the faults in the error message and in the files left behind."""
    ledger, found = trials.ledger, []
    data, (kind, text) = ledger.read_bytes(), ended.raised
    beside = trials.work.name == "merge"  # bases and replies are written after the ledger
    if data not in ((trials.before, trials.after) if kind and beside else (trials.before if kind else trials.after,)):
        found.append("the ledger is not the old one after an error, or not the new one without")
    if kind and not _is_said_well(kind, text):
        found.append(f"said badly: {kind}: {text}")
    once = not inject.endswith("+") and not inject.startswith("unlink")
    return found + (left_over(ledger) if once else [])


def goes_on(trials: Trials) -> list[str]:
    """Return the faults of the next command, and of the work done again."""
    ledger, found = trials.ledger, []
    known = list(read_entries(history_folder(ledger)).values())
    record(ledger, standard_forms(), NOW)
    if list(read_entries(history_folder(ledger)).values())[: len(known)] != known:
        found.append("a journal entry was lost")
    found += left_over(ledger) + verify_history(ledger, standard_forms())
    trials.work.do(ledger)
    if not trials.work.is_right(ledger):
        found.append("doing it again did not give the right cells")
    return found + left_over(ledger) + verify_history(ledger, standard_forms())


def _is_said_well(kind: str, text: str) -> bool:
    """Whether an error is one of ours that names a file or its folder and gives a cure."""
    names = re.search(
        r"\S+/\S+ 没有成功|\S+\.(xlsx|jsonl?|zip) 没有写成|\.xlsx: |改 \S+\.xlsx 的权限|\.ledger|在 trial 里建", text
    )
    return kind in ("StoreError", "Refused", "Unreadable") and bool(names) and "请" in text and "Errno" not in text


def fail_all(work: Work, folder: Path, step: int = 1, few: int = 1) -> dict[str, object]:
    """Let the calls of a piece of work fail; return the tries by call, the outcomes, and the faults by call."""
    trials = Trials(work, folder)
    tried: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    said: set[str] = set()
    wrong: dict[str, list[str]] = {}
    ours = spread(((call.name, call) for call in trials.points(step) if str(trials.ledger.parent) in call.rest), few)
    for call in ours:
        for inject in injections(call, one=step > 1):
            ended = trials.traced(inject)
            tried[inject.partition(":when")[0].replace(":error=", " ")] += 1
            said |= {ended.raised[1]} - {""}
            outcomes["refused" if ended.raised[0] else "done"] += 1
            found = or_raised(lambda ended=ended, inject=inject: after_a_failure(trials, ended, inject))
            if found := found + trials.looked_at_once(lambda: goes_on(trials)):
                wrong[f"{inject} {call.rest[:150]}"] = found
    return {
        "injected": tried.total(),
        "calls": dict(tried.most_common()),
        **outcomes,
        "said": sorted(said),
        "wrong": wrong,
    }


if __name__ == "__main__":
    works, *steps = asked_for(sys.argv[1:])
    with tempfile.TemporaryDirectory() as temporary:
        result = {work.name: fail_all(work, Path(temporary) / work.name, *steps) for work in works}
    print(json.dumps(result, ensure_ascii=False, indent=1))
    raise SystemExit(any(each["wrong"] for each in result.values()))
