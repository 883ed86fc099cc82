"""Time and memory of the ledger writer, compared with openpyxl's load, change and save.

The same job, 200 changed cells and 40 appended rows, is done in ledgers of 1,000, 20,000 and 200,000 rows by 20
columns. Every measurement is a separate child process; imports and reading the file are not counted, memory is the
child's peak. Seconds are CPU time (no writer waits for anything); since machines are noisy, the writers take turns and
ratios are medians over the rounds.

    python benchmarks/splice_speed.py [--rows 1000 20000 200000] [--rounds 5 3 1]

Exit status 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

SHEET = "整改任务"
COLUMNS = 20
GOAL, GUARDED_GOAL, MEMORY_GOAL = 10.0, 5.0, 700
"""Times faster than openpyxl, the same with the reading back as a command does it, and MB at 200,000 rows."""
UNTIL_MEMORY_GOAL = 200_000
JOBS = ("patch", "patch+guard", "as a command", "openpyxl")
"""``as a command``: patched and read back by a caller that had read the ledger before, as every command has."""
DEPARTMENTS = ("办公室", "人事科", "财务科", "机关党委", "后勤服务中心", "信息科")
STATES = ("未启动", "进行中", "已完成", "需协调")
PLAIN = {3: "text", 8: "number", 11: "date", 14: "percent"}
"""Columns (1-based) that the job changes, and what with."""


def row_values(number: int) -> list[Any]:
    """The 20 values of a ledger row: 10 texts, 4 numbers, 4 dates and 2 shares of one."""
    chance = random.Random(number)
    day = datetime(2026, 1, 1) + timedelta(days=chance.randrange(365))
    return [
        f"ZG-{number:06}",
        f"第{number}项：完善制度并抓好落实，按季度通报进展情况",
        f"已召开{chance.randrange(9)}次专题会议，形成纪要{number % 97}份",
        chance.choice(DEPARTMENTS),
        chance.choice(DEPARTMENTS),
        chance.choice(STATES),
        number,
        chance.randrange(1000),
        round(chance.random() * 10_000, 2),
        day,
        day + timedelta(days=30),
        day + timedelta(days=60),
        day + timedelta(days=90),
        chance.randrange(101) / 100,
        chance.randrange(101) / 100,
        f"牵头领导{chance.randrange(9)}",
        "是" if number % 2 else "否",
        "立行立改" if number % 3 else "长期坚持",
        chance.randrange(12),
        f"备注：{chance.choice(STATES)}，第{number % 1000}批",
    ]


def make(path: Path, rows: int) -> None:
    """Write the ledger: a head, the rows, colours by condition, choices, a filter and a frozen head."""
    from xlsxwriter import Workbook

    book = Workbook(str(path))
    day, share, text = (book.add_format({"num_format": each}) for each in ("yyyy-mm-dd", "0%", "@"))
    sheet = book.add_worksheet(SHEET)
    for column in range(COLUMNS):
        sheet.write_string(0, column, f"第{column + 1}栏")
    for row in range(1, rows + 1):
        for column, value in enumerate(row_values(row)):
            if isinstance(value, str):
                sheet.write_string(row, column, value, text)
            elif isinstance(value, datetime):
                sheet.write_datetime(row, column, value, day)
            else:
                sheet.write_number(row, column, value, share if isinstance(value, float) and value <= 1 else None)
    sheet.autofilter(0, 0, rows, COLUMNS - 1)
    sheet.freeze_panes(1, 2)
    red, green = book.add_format({"bg_color": "#FFC7CE"}), book.add_format({"bg_color": "#C6EFCE"})
    for state, colour in (("未启动", red), ("已完成", green)):
        rule = {"type": "cell", "criteria": "==", "value": f'"{state}"', "format": colour}
        sheet.conditional_format(1, 5, rows, 5, rule)
    sheet.conditional_format(1, 13, rows, 13, {"type": "data_bar"})
    sheet.data_validation(1, 5, rows, 5, {"validate": "list", "source": list(STATES)})
    sheet.data_validation(1, 3, rows, 4, {"validate": "list", "source": list(DEPARTMENTS)})
    book.close()


def changes(rows: int) -> tuple[list[tuple[int, int, Any]], list[list[Any]]]:
    """The 200 changed cells (row, column, value) and the values of the 40 appended rows."""
    chance, cells = random.Random(rows), []
    values = {"text": "本周已完成现场核查，整改到位", "number": 42, "date": date(2026, 9, 30), "percent": 0.85}
    for number, row in enumerate(sorted(chance.sample(range(2, rows + 2), 200))):
        column, kind = list(PLAIN.items())[number % len(PLAIN)]
        cells.append((row, column, values[kind]))
    return cells, [row_values(rows + number) for number in range(1, 41)]


def by_splice(data: bytes, rows: int, job: str) -> float:
    from xml.etree import ElementTree  # noqa: F401 - imports are not counted
    from xml.parsers import expat  # noqa: F401

    import python_calamine  # noqa: F401
    from taizhang.splice import AppendRow, SetCell, check_patch, patch
    from taizhang.workbook.reader import read_workbook

    cells, appended = changes(rows)
    edits: list[Any] = [SetCell(SHEET, row, column, value) for row, column, value in cells]
    edits += [AppendRow(SHEET, rows + 1, dict(enumerate(values, 1))) for values in appended]
    read = read_workbook(Path("ledger.xlsx"), data) if job == "as a command" else None
    began = time.process_time()
    after, given = patch(data, edits)
    if job != "patch":
        check_patch(data, after, given, read=read)
    return time.process_time() - began


def by_openpyxl(data: bytes, rows: int) -> float:
    from openpyxl import load_workbook

    cells, appended = changes(rows)
    began = time.process_time()
    book = load_workbook(io.BytesIO(data))
    sheet = book[SHEET]
    for row, column, value in cells:
        sheet.cell(row, column).value = value
    for values in appended:
        sheet.append(values)
    book.save(io.BytesIO())
    return time.process_time() - began


def child(job: str, path: Path, rows: int) -> None:
    """Do one job and print its seconds and the peak memory in MB."""
    seconds = 0.0
    if job == "make":
        make(path, rows)
    elif job == "openpyxl":
        seconds = by_openpyxl(path.read_bytes(), rows)
    else:
        seconds = by_splice(path.read_bytes(), rows, job)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps([seconds, peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)]))


def measured(job: str, path: Path, rows: int) -> tuple[float, float]:
    command = [sys.executable, __file__, "--rows", str(rows), "--child", job, "--file", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{job} with {rows} rows failed:\n{done.stderr}")
    seconds, peak = json.loads(done.stdout)
    return seconds, peak


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 20_000, 200_000])
    parser.add_argument("--rounds", type=int, nargs="+", default=[5, 3, 1])
    parser.add_argument("--keep", type=Path, help="folder for the ledgers instead of a temporary one")
    parser.add_argument("--child", choices=(*JOBS, "make"), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child, options.file, options.rows[0])
        return 0
    missed = []
    print(
        "   rows  file MB | CPU s: patch  +guard openpyxl | times faster  guarded  as a command | MB: patch +guard "
        "openpyxl | ms/1000 rows"
    )
    with tempfile.TemporaryDirectory() as temporary:
        for place, rows in enumerate(options.rows):
            path = (options.keep or Path(temporary)) / f"ledger{rows}.xlsx"
            if not path.exists():
                measured("make", path, rows)
            runs: dict[str, list[tuple[float, float]]] = {job: [] for job in JOBS}
            for _ in range(options.rounds[min(place, len(options.rounds) - 1)]):
                for job in JOBS:
                    runs[job].append(measured(job, path, rows))
            seconds = {job: statistics.median(each for each, _ in runs[job]) for job in JOBS}
            peak = {job: max(each for _, each in runs[job]) for job in JOBS}
            plain, guarded, usual = (
                statistics.median(theirs[0] / ours[0] for ours, theirs in zip(runs[job], runs["openpyxl"], strict=True))
                for job in JOBS[:-1]
            )
            print(
                f"{rows:7} {path.stat().st_size / 1e6:8.1f} | "
                f"{seconds['patch']:12.3f} {seconds['patch+guard']:7.3f} {seconds['openpyxl']:8.2f} | "
                f"{plain:12.1f} {guarded:8.1f} {usual:13.1f} | "
                f"{peak['patch']:9.0f} {peak['patch+guard']:6.0f} {peak['openpyxl']:8.0f} | "
                f"{1e6 * seconds['patch'] / rows:.1f}, guarded {1e6 * seconds['patch+guard'] / rows:.1f}",
                flush=True,
            )
            missed += [f"{rows} rows: patch {plain:.1f} times faster, goal {GOAL:g}"] * (plain < GOAL)
            missed += [f"{rows} rows: patch and guard {usual:.1f} times faster, goal {GUARDED_GOAL:g}"] * (
                usual < GUARDED_GOAL
            )
            if rows <= UNTIL_MEMORY_GOAL and peak["patch+guard"] >= MEMORY_GOAL:
                missed.append(f"{rows} rows: {peak['patch+guard']:.0f} MB, goal {MEMORY_GOAL}")
    for each in missed:
        print(f"MISSED {each}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
