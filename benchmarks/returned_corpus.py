"""Offer every file below a folder as a returned file: ``python benchmarks/returned_corpus.py FOLDER``.

Each file is offered twice: as it is, and vouched for by the office (``--as``), so that files without identity are
matched and merged too. Writes only a small ledger in a temporary folder. Prints the counts by outcome; exit status 1
if a file made the program raise, exceeded a limit, or changed the ledger.
"""

from __future__ import annotations

import argparse
import collections
import faulthandler
import hashlib
import sys
import tempfile
import time
import traceback
from datetime import datetime
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "scripts")]

from office import Office, make_office  # noqa: E402
from taizhang.system import limits  # noqa: E402

SLACK = 15
"""Seconds beyond the limit of the process of its own before a file counts as hanging."""


def offer(office: Office, path: Path, vouched: bool) -> str:
    """Offer one file and return the outcome: a check's name and its message's first words, or ``plan``."""
    found = office.take(path, vouched)
    refused = [each for each in found.findings if each.check in ("unreadable", "identity", "sheet-missing")]
    if refused:
        message = refused[0].message
        return f"{refused[0].check}: {message.split('。')[0].split('，')[0].split('：')[0][:24]}"
    return "plan"


def main() -> int:
    """Run over a folder."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--slowest", type=int, default=5, help="how many of the slowest files to name")
    options = arguments.parse_args()
    files = sorted(path for path in options.folder.rglob("*") if path.is_file())
    outcomes: collections.Counter[str] = collections.Counter()
    raised: list[str] = []
    times: list[tuple[float, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        office = make_office(Path(folder), datetime(2022, 3, 1, 9, 0))
        before = hashlib.sha256(office.path.read_bytes()).hexdigest()
        for number, path in enumerate(files, 1):
            for vouched in (False, True):
                faulthandler.dump_traceback_later(limits.SECONDS_APART + SLACK, exit=True)
                start = time.perf_counter()
                try:
                    outcome = offer(office, path, vouched)
                except BaseException as error:
                    outcome = f"TRACEBACK {type(error).__name__}"
                    raised.append(f"{path}\n{traceback.format_exc()}")
                times.append((time.perf_counter() - start, str(path)))
                outcomes[("as: " if vouched else "") + outcome] += 1
            if number % 200 == 0:
                print(f"{number} of {len(files)}", file=sys.stderr)
        faulthandler.cancel_dump_traceback_later()
        changed = hashlib.sha256(office.path.read_bytes()).hexdigest() != before
    for outcome, count in sorted(outcomes.items(), key=lambda each: -each[1]):
        print(f"{count:7} {outcome}")
    hanging = [name for seconds, name in times if seconds > limits.SECONDS_APART + SLACK]
    print(
        f"{len(files)} files, {len(raised)} tracebacks, {len(hanging)} hangs, ledger "
        f"{'CHANGED' if changed else 'unchanged'}"
    )
    for seconds, name in sorted(times, reverse=True)[: options.slowest]:
        print(f"{seconds:7.2f} s {name}")
    print("\n".join(raised[:20]), file=sys.stderr)
    return 1 if raised or hanging or changed else 0


if __name__ == "__main__":
    raise SystemExit(main())
