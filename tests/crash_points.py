"""Kill work on a ledger before each of its system calls and check the result: ``python tests/crash_points.py``.

Every call that names a file or uses a descriptor is a point, including reads; so "before" a call is also "after" the
previous one (``support/traced.py``). Then the next command runs. Prints JSON: points by call, states of the
ledgers, faults by call. ``--step N`` tries every N-th point, and one point per change of the disk; ``--few`` of these
the first of each call, every fourth and the last.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from support.thorough import spread
from support.traced import Call, Ended, run_traced
from support.works import LEDGER, NOW, WORKS, Work, looked_at
from taizhang.forms.load import standard_forms
from taizhang.history.hand_edits import record
from taizhang.history.journal import read_entries
from taizhang.history.verify import verify_history
from taizhang.system.files import history_folder

_STAGED = re.compile(r"\.\w{8}\.tmp$")


class Trials:
    """A piece of work, to be done again and again from the same start."""

    def __init__(self, work: Work, folder: Path) -> None:
        self.work, self._folder = work, folder
        self._start = folder / "start"
        self._start.mkdir(parents=True)
        work.prepare(self._start / LEDGER)
        self.before = (self._start / LEDGER).read_bytes()
        work.do(self.fresh())  # so that nothing is imported in a trial
        self.after = self.ledger.read_bytes()
        self.calls = self.traced().calls
        self._looked: dict[object, list[str]] = {}

    @property
    def ledger(self) -> Path:
        """The ledger of the trial."""
        return self._folder / "trial" / LEDGER

    @property
    def log(self) -> Path:
        """Where strace writes."""
        return self._folder / "log"

    def fresh(self) -> Path:
        """Return the ledger of a new trial."""
        shutil.rmtree(self.ledger.parent, ignore_errors=True)
        shutil.copytree(self._start, self.ledger.parent)
        return self.ledger

    def traced(self, inject: str = "") -> Ended:
        """Do the work once more from the start, under strace."""
        ledger = self.fresh()
        return run_traced(lambda: self.work.do(ledger), self._folder / "log", inject)

    def looked_at_once(self, look: Callable[[], list[str]]) -> list[str]:
        """Return what a look at the folder finds; the same files as in an earlier trial are not looked at again.

        What commands do next depends on names, rights and bytes alone; the names of staged files are drawn.
        """
        folder = self.ledger.parent
        files = sorted(
            (
                _STAGED.sub(".tmp", path.relative_to(folder).as_posix()),
                path.stat().st_mode,
                path.is_file() and path.read_bytes(),
            )
            for path in folder.rglob("*")
        )
        key = tuple(files)
        if key not in self._looked:
            self._looked[key] = or_raised(look)
        return self._looked[key]

    def points(self, step: int) -> Iterator[Call]:
        """Return the calls to try: every ``step``-th, and every one that changes the disk."""
        yield from (call for number, call in enumerate(self.calls) if call.changing or number % step == 0)

    def kills(self, step: int) -> Iterator[Call]:
        """Return the calls to be killed at: all points, or with a step only those before which the disk has changed.

        Between two that change the disk every kill leaves the same files.
        """
        changed = True
        tried = set(self.points(step))
        for call in self.calls:
            if call in tried and (changed or step == 1):
                yield call
                changed = False
            changed = changed or call.changes_files


def after_a_kill(trials: Trials) -> list[str]:
    """Return what is wrong with a ledger after a kill, with the next command, and with the work done again."""
    ledger, found = trials.ledger, []
    data, history = ledger.read_bytes(), history_folder(ledger)
    if data not in (trials.before, trials.after):
        found.append("the ledger is neither the old nor the new one")
    known = list(read_entries(history).values())
    at_work = (history / ".lock-owner.json").is_file() and (history / ".lock-owner.json").stat().st_size > 0
    if known:  # verify is the next command: interrupted work must not count as tampering
        status, said = looked_at(ledger)
        found += [f"verify: {said}"] if status else []
    else:
        recorded = record(ledger, standard_forms(), NOW)
        said = recorded.message if recorded else ""
    if list(read_entries(history).values())[: len(known)] != known:
        found.append("a journal entry was lost")
    if at_work and not _says_which(said, trials, data):
        found.append(f"the next command does not say what became of it: {said}")
    if record(ledger, standard_forms(), NOW):
        found.append("the next command but one has something to say")
    found += left_over(ledger) + ([] if known else verify_history(ledger, standard_forms()))
    trials.work.do(ledger)
    if not trials.work.is_right(ledger):
        found.append("doing it again did not give the right cells")
    return found + left_over(ledger) + verify_history(ledger, standard_forms())


def _says_which(message: str, trials: Trials, data: bytes) -> bool:
    old = ("台账没有动过", "台账还是原来的内容", "上次写入没有完成", "还是原来的内容")
    return any(words in message for words in (old if data == trials.before else ("台账已经是写好的新内容",)))


def left_over(ledger: Path) -> list[str]:
    """Return the hidden files that commands should have taken away, as one thing that is wrong."""
    left = [path.name for path in ledger.parent.rglob(".*") if path.name.endswith((".tmp", ".json"))]
    return [f"left behind: {', '.join(left)}"] if left else []


def or_raised(look: Callable[[], list[str]]) -> list[str]:
    """Return the faults that inspecting the ledger finds; a failing inspection is a fault too."""
    try:
        return look()
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]


def out_of_order(calls: Sequence[Call]) -> list[str]:
    """Return what a power cut could lose: renames before their file or the journal is flushed; unflushed names.

    A kill shows nothing of it: what a dead process wrote is in the system's memory all the same.
    """
    found, dirty = [], set()
    for number, call in enumerate(calls):
        path = _path_of(call)
        if call.name in ("write", "ftruncate"):
            dirty.add(path)
        elif call.name == "fsync":
            dirty.discard(path)
        elif call.name == "rename":
            source, target = re.findall(r'"(.*?)"', call.rest)
            found += [f"not flushed: {each}" for each in dirty if each == source or each.endswith("/journal.jsonl")]
            folder, later = target.rpartition("/")[0], calls[number + 1 :]
            if not any(each.name == "fsync" and _path_of(each) == folder for each in later):
                found.append(f"its name is not flushed: {target}")
    return found + [f"not flushed: {each}" for each in dirty if each.endswith("/journal.jsonl")]


def _path_of(call: Call) -> str:
    found = re.match(r"\d+<(.*?)>", call.rest)
    return found[1] if found else ""


def kill_all(work: Work, folder: Path, step: int = 1, few: int = 1) -> dict[str, object]:
    """Kill a piece of work at all or some points; return the points by call, the ledgers' states, and the faults."""
    trials = Trials(work, folder)
    tried: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    unflushed = out_of_order(trials.calls)
    wrong: dict[str, list[str]] = {"order": unflushed} if unflushed else {}
    for call in spread(((call.name, call) for call in trials.kills(step)), few):
        ended = trials.traced(call.killed())
        if ended.status != -9:  # a call that the system makes only now and then has shifted the count
            ended = trials.traced(call.killed())
        assert ended.status == -9, f"{call} was not met: {ended}"
        tried[call.name] += 1
        data = trials.ledger.read_bytes()
        outcomes["old" if data == trials.before else "new" if data == trials.after else "damaged"] += 1
        if found := trials.looked_at_once(lambda: after_a_kill(trials)):
            wrong[f"{call.name} {call.nth} {call.rest[:150]}"] = found
    return {"points": tried.total(), "calls": dict(tried.most_common()), **outcomes, "wrong": wrong}


def asked_for(args: Sequence[str]) -> tuple[list[Work], int, int]:
    """Return the works named on the command line (all if none is named), the step, and every how-many-eth is tried."""
    works = [work for work in WORKS if work.name in args] or list(WORKS)
    return works, int(args[args.index("--step") + 1]) if "--step" in args else 1, 4 if "--few" in args else 1


if __name__ == "__main__":
    works, *steps = asked_for(sys.argv[1:])
    with tempfile.TemporaryDirectory() as temporary:
        result = {work.name: kill_all(work, Path(temporary) / work.name, *steps) for work in works}
    print(json.dumps(result, ensure_ascii=False, indent=1))
    raise SystemExit(any(each["wrong"] for each in result.values()))
