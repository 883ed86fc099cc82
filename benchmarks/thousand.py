"""The cost of a whole round with a thousand departments reporting at once, compared with a bare read of their files.

The program's own code makes an office: departments with 30 open tasks each, templates issued, filled as people fill
them (one row in ten wrong, full-width digits, a few conflicts, departments that return nothing, files sent twice) and
merged. Every figure is measured in a separate process, with start and imports; seconds are CPU time, ratios are to
python-calamine reading the same returned files and ledger in one go. The result must be right: every total adds up,
every cell that should be taken is in the ledger, and nothing else is.

    python benchmarks/thousand.py [--departments 100 1000] [--keep FOLDER]

``--departments 20 100`` takes seconds. Exit status 1 if the result is wrong or a limit is exceeded. The limits protect
what was reached; ``docs/speed.md`` compares it with the design's goals.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "scripts")]

PERIOD, NOW, ROWS = "2022-03", datetime(2022, 3, 1, 9, 0), 30
ASPECT = "为群众办实事方面"
FEWEST, STEEPEST = 100, 2.0
"""The fewest departments for meaningful ratios; the most that one of 1,000 may cost relative to one of 100.

A list walked once per task would make the latter ten times.
"""
CLOCK = {"issue": "2022-03-01T09:00", "merge": "2022-03-31T09:00"}
HERE = Path(__file__).resolve()


@dataclass
class Filled:
    """One department's entries: the expected cells by (code, column key), conflicts, and rows held back."""

    cells: dict[str, Any] = field(default_factory=dict)
    conflicts: int = 0
    held: int = 0


def department(number: int) -> str:
    """Return the name of a department."""
    return f"第{number:04}基层党支部"


def make_ledger(folder: Path, departments: int) -> None:
    """Write a ledger with ``ROWS`` open tasks for each department and as many problems as there are departments."""
    from taizhang.forms.load import standard_forms
    from taizhang.ledger.create import default_settings, new_ledger
    from taizhang.system.files import write_atomically

    settings = default_settings("某局", 2022, [(ASPECT, "办实事")], ["党的二十大召开"])
    settings["部门"] = [{"部门": department(n), "简称": f"{n:04}支部"} for n in range(departments)]
    settings["岗位"] = [{"岗位": "局长"}, {"岗位": "整改办主任"}]
    problems = [
        {"code": f"WT-{n + 1:02}", "aspect": ASPECT, "title": f"第{n}个问题：联系群众办法不多", "source": "民主生活会"}
        for n in range(departments)
    ]
    tasks = [task(number, departments) for number in range(departments * ROWS)]
    forms = [form for form in standard_forms().values() if form.enabled]
    write_atomically(folder / "整改台账.xlsx", new_ledger(forms, {"problems": problems, "tasks": tasks}, settings, NOW))


def task(number: int, departments: int) -> dict[str, Any]:
    """Return one task; the departments take turns, as in a ledger that follows a report."""
    chance = random.Random(number)
    return {
        "code": f"RW-{number + 1:03}",
        "group": f"第{number % 7 + 1}组措施",
        "paragraph": number % 90 + 1,
        "source": "报告原文",
        "kind": "一次",
        "statement": (
            f"第{number + 1}项：完善联系服务群众制度，每季度至少走访{chance.randrange(2, 9)}户，建立问题清单并逐项销号"
        ),
        "original": f"完善联系服务群众制度（第{number + 1}项），每季度走访，建立问题清单并逐项销号。",
        "category": "限期整改",
        "problems": (f"WT-{number % departments + 1:02}",),
        "link_basis": "办公室判定",
        "leader": "局长",
        "department": department(number % departments),
        "start": date(2022, 1, 1),
        "deadline": date(2022, chance.randrange(6, 13), 28),
        "standard": "印发制度文件，走访记录和问题清单齐全",
        "status": "推进中",
        "progress": 20,
        "update": "已制定方案，开始走访",
        "next_step": "四月底前完成第一轮走访",
    }


FAULTS: tuple[dict[str, Any], ...] = (
    {"status": "已销号", "progress": 1.0},
    {"status": "基本完成"},
    {"progress": "快完成了"},
    {"progress": "180%"},
    {"status": "已完成", "progress": "100%"},
)
CARELESS: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    ({"progress": "６０％"}, {"progress": 0.6}),
    ({"status": "进行中 ", "progress": 65}, {"progress": 0.65}),
    ({"progress": "55"}, {"progress": 0.55}),
    (
        {"status": "完成", "progress": 1, "evidence": "走访记录（支部档案柜）"},
        {"status": "已完成", "progress": 1.0, "evidence": "走访记录（支部档案柜）"},
    ),
)


def typed(number: int, row: int) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Return a department's entries for one of its rows, and what the ledger must hold; None if the row is held."""
    chance = random.Random(number * 1000 + row)
    lot = chance.random()
    words = {
        "update": (
            f"已走访{chance.randrange(3, 60)}户，收集问题{chance.randrange(1, 30)}条，解决{chance.randrange(1, 20)}条"
        ),
        "next_step": f"{chance.randrange(4, 7)}月底前走访其余各户",
    }
    if lot < 0.1:
        return {**words, **chance.choice(FAULTS)}, None
    if lot < 0.2:
        said, meant = chance.choice(CARELESS)
        return {**words, **said}, {**words, **meant}
    if lot < 0.4:
        return {}, {}
    progress = chance.randrange(25, 95) / 100
    return {**words, "progress": progress}, {**words, "progress": progress}


def in_conflict(number: int) -> bool:
    """Whether the office changes a progress of this department after the issue: one department in twenty."""
    return number % 20 == 7


def fill(folder: Path, departments: int) -> None:
    """Return filled forms while the office changes some cells; keeps the expected outcome in ``expected.json``."""
    from taizhang.forms.load import standard_forms
    from taizhang.ledger.registers import read_register
    from taizhang.splice import SetCell, patch
    from taizhang.workbook.reader import read_workbook

    form, filled, office = standard_forms()["tasks"], Filled(), []
    ledger = folder / "整改台账.xlsx"
    own, _ = read_register(read_workbook(ledger), form)
    home = folder / "报送"
    home.mkdir(exist_ok=True)
    assert own
    for number in range(departments):
        name = department(number)
        issued = read_workbook(folder / "下发" / PERIOD / f"{name}.xlsx")
        register, _ = read_register(issued, form)
        assert register
        cells = []
        for row, record in enumerate(register.records):
            said, meant = typed(number, row)
            cells += [
                SetCell(register.sheet.name, record.row, register.columns[key], value) for key, value in said.items()
            ]
            if number % 33 == 5:
                continue  # this department returns nothing
            clash = in_conflict(number) and row == next(
                n for n in range(ROWS) if (typed(number, n)[1] or {}).get("progress")
            )
            if clash and meant:
                filled.conflicts += 1
                office.append(SetCell(own.sheet.name, own.by_code[record.code].row, own.columns["progress"], 0.22))
            filled.held += meant is None
            for key, value in (meant or {}).items():
                filled.cells[f"{record.code} {key}"] = 0.22 if clash and key == "progress" else value
        if number % 33 == 5:
            continue
        data = patch(issued.data, cells)[0]
        (home / f"{name}.xlsx").write_bytes(data)
        if number % 50 == 3:
            (home / f"{name} - 副本.xlsx").write_bytes(data)
    ledger.write_bytes(patch(ledger.read_bytes(), office)[0])
    (folder / "expected.json").write_text(json.dumps(filled.__dict__, ensure_ascii=False), encoding="utf-8")


def wrong(folder: Path, departments: int) -> list[str]:
    """Return the faults of a finished merge: totals, cells of the ledger, journal, receipts."""
    from taizhang.forms.load import standard_forms
    from taizhang.history.journal import read_entries
    from taizhang.ledger.model import read_ledger
    from taizhang.system.files import history_folder

    said, told = ((folder / f"merge.{name}").read_text(encoding="utf-8") for name in ("out", "err"))
    expected = Filled(**json.loads((folder / "expected.json").read_text(encoding="utf-8")))
    faults = []
    lines = re.findall(r"下发 (\d+) 行 = 采用 (\d+) \+ 没变 (\d+) \+ 退回 (\d+) \+ 冲突 (\d+) \+ 缺 (\d+)", said)
    totals = [sum(map(int, column)) for column in zip(*lines, strict=True)]
    if any(int(line[0]) != sum(map(int, line[1:])) for line in lines) or totals[0] != departments * ROWS:
        faults.append(f"totals do not close: {totals}")
    if totals[3:5] != [expected.held, expected.conflicts]:
        faults.append(f"held and conflicting rows are {totals[3:5]}, not {[expected.held, expected.conflicts]}")
    taken = len(expected.cells) - expected.conflicts
    counted = re.search(r"：(\d+) 处。上一份", told)
    if not counted or int(counted[1]) != taken:
        faults.append(f"{counted and counted[1]} cells were written, not {taken}")
    rows = read_ledger(folder / "整改台账.xlsx", standard_forms()).registers["tasks"].by_code
    off = [key for key, value in expected.cells.items() if rows[key.split()[0]].cells[key.split()[1]] != value]
    if off:
        faults.append(f"{len(off)} cells of the ledger are not what was reported, {off[0]} first")
    last = [*read_entries(history_folder(folder / "整改台账.xlsx")).values()][-1]
    if last.command != "merge" or len(last.changes) != taken:
        faults.append(f"the journal has {len(last.changes)} cells for the merge, not {taken}")
    receipts = {path.name.partition("_")[0] for path in (folder / "回执" / PERIOD).glob("*_*.xlsx")}
    returned = {department(n) for n in range(departments) if n % 33 != 5}
    if receipts != returned:
        faults.append(f"{len(receipts)} departments got a receipt, not {len(returned)}")
    return faults


def bare(paths: list[Path]) -> None:
    """Read every sheet of these workbooks with python-calamine, and nothing more."""
    from python_calamine import CalamineWorkbook

    for path in paths:
        book = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        for sheet in book.sheet_names:
            book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def job(name: str, folder: Path, departments: int) -> None:
    """Do one job in a child process and print its CPU seconds, not counting imports and reading the ledger."""
    returned, ledger = sorted((folder / "报送").glob("*.xlsx")), folder / "整改台账.xlsx"
    if name == "make":
        return make_ledger(folder, departments)
    if name == "fill":
        return fill(folder, departments)
    if name == "wrong":
        return print(json.dumps(wrong(folder, departments)))
    import python_calamine  # noqa: F401 - imports are not counted

    if name.startswith("bare"):
        files = {"bare": returned, "bare ledger": [ledger], "bare+ledger": [*returned, ledger]}[name]
        began = time.process_time()
        bare(files)
        return print(time.process_time() - began)
    from taizhang.forms.load import standard_forms
    from taizhang.history.signing import secret_of
    from taizhang.ledger.model import read_ledger
    from taizhang.merge.intake import take_in
    from taizhang.merge.submissions import read_submission

    began = time.process_time()
    book, secret = read_ledger(ledger, standard_forms()), secret_of(ledger)
    if name == "ledger":
        return print(time.process_time() - began)
    began = time.process_time()
    if name == "plan":
        plans = take_in(book, standard_forms(), [folder / "报送"], None, None).plans
        assert all(plan.totals.closes for plan in plans)
    elif name == "read":
        for path in returned:
            assert read_submission(path, book, secret)[0]
    return print(time.process_time() - began)


@dataclass(frozen=True)
class Cost:
    """The cost of a process: CPU seconds, wall-clock seconds, peak MB; and its output."""

    cpu: float
    wall: float
    peak: float
    out: str
    err: str


def run(command: list[str], allowed: tuple[int, ...] = (0,), clock: str = "") -> Cost:
    """Run a process to its end and return its cost; ends the program where its exit status is not allowed."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1] / "scripts"), "PYTHONUTF8": "1"}
    if clock:
        environment["SOURCE_DATE_EPOCH"] = str(int(datetime.fromisoformat(clock).timestamp()))
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err, env=environment)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode("utf-8", "replace"))
    if process.returncode not in allowed:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{texts[0][-2000:]}{texts[1][-2000:]}")
    peak = used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    return Cost(used.ru_utime + used.ru_stime, wall, peak, *texts)


def child(name: str, folder: Path, departments: int) -> Cost:
    """Run one job of this file in a separate process."""
    return run([sys.executable, str(HERE), "--departments", str(departments), "--child", name, "--keep", str(folder)])


def command(folder: Path, *words: str, allowed: tuple[int, ...] = (0,), clock: str = "merge") -> Cost:
    """Run one command of the product on the office's ledger."""
    ledger = ["--ledger", str(folder / "整改台账.xlsx")]
    return run([sys.executable, "-m", "taizhang", *words, *ledger], allowed, CLOCK[clock])


def round_of(folder: Path, departments: int) -> tuple[dict[str, Cost], list[str]]:
    """Play one whole round; return its costs by name and what came out wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    child("make", folder, departments)
    costs = {"python": run([sys.executable, "-c", "pass"]), "help": run([sys.executable, "-m", "taizhang", "--help"])}
    costs["issue"] = command(folder, "issue", "--period", PERIOD, clock="issue")
    child("fill", folder, departments)
    for name in ("bare", "bare ledger", "bare+ledger", "ledger", "read", "plan"):
        cost = child(name, folder, departments)
        costs[name] = replace(cost, cpu=float(cost.out))
    costs["merge -n"] = command(folder, "merge", "--dry-run", "--quiet", allowed=(1,))
    costs["merge"] = command(folder, "merge", "--yes", allowed=(1,))
    for name in ("out", "err"):
        (folder / f"merge.{name}").write_text(getattr(costs["merge"], name), encoding="utf-8")
    faults = json.loads(child("wrong", folder, departments).out)
    costs["merge again"] = command(folder, "merge", "--yes", "--quiet", allowed=(1,))
    for name, words in AFTER.items():
        costs[name] = command(folder, *words, allowed=(0, 1))
    return costs, faults


AFTER = {
    "validate": ("validate",),
    "report": ("report", "--as-of", "2022-03-31"),
    "remind": ("remind", "--yes", "--as-of", "2022-03-31"),
    "statement": ("remind", "--statement", "--as-of", "2022-03-31"),
    "verify": ("history", "verify"),
    "list": ("history", "list"),
}
"""What is run once more on the ledger after the merge."""

LIMITS = (
    ("help, to an empty Python (design: 5)", lambda c, n: c["help"].cpu / c["python"].cpu, 6.0),
    ("reading a returned file, to a bare read (design: 1.35)", lambda c, n: c["read"].cpu / c["bare"].cpu, 3.2),
    ("reading and planning, to a bare read (design: 1.8)", lambda c, n: c["plan"].cpu / c["bare"].cpu, 11.0),
    ("reading the ledger, to a bare read", lambda c, n: c["ledger"].cpu / c["bare ledger"].cpu, 2.5),
    ("merge and all it writes, to a bare read (design: 2.5)", lambda c, n: c["merge"].cpu / c["bare+ledger"].cpu, 32.0),
    ("kB that a plan holds for a department", lambda c, n: (c["plan"].peak - c["ledger"].peak) * 1024 / n, 400.0),
)
"""Limits that no change may exceed, with some room for a shared machine; the design's goals are noted beside them.

docs/speed.md compares the two.
"""


def linear(small: tuple[int, dict[str, Cost]], large: tuple[int, dict[str, Cost]]) -> list[str]:
    """Return what costs more for each department in the larger office than in the smaller."""
    found = []
    for name, cost in large[1].items():
        before, after = small[1][name].cpu / small[0], cost.cpu / large[0]
        if after > STEEPEST * before:
            found.append(
                f"{name}: {1e3 * before:.1f} ms for each of {small[0]} departments, {1e3 * after:.1f} of {large[0]}"
            )
    return found


def main() -> int:
    """Play a round of each size and print its cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--departments", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--keep", type=Path, help="empty folder for the offices instead of a temporary one")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        job(options.child, options.keep, options.departments[0])
        return 0
    missed: list[str] = []
    rounds: list[tuple[int, dict[str, Cost]]] = []
    with tempfile.TemporaryDirectory() as temporary:
        for departments in options.departments:
            costs, faults = round_of((options.keep or Path(temporary)) / str(departments), departments)
            rounds.append((departments, costs))
            show(departments, costs)
            missed += [f"{departments} departments: {fault}" for fault in faults]
            for what, figure, most in LIMITS if departments >= FEWEST else ():
                value = figure(costs, departments)
                print(f"{departments:6} {what}: {value:.2f} (limit {most:g})")
                missed += [f"{what}: {value:.2f}, limit {most:g}"] * (value > most)
    if len(rounds) > 1:
        missed += linear(rounds[0], rounds[-1])
    for each in missed:
        print(f"ABOVE {each}")
    return 1 if missed else 0


def show(departments: int, costs: dict[str, Cost]) -> None:
    """Print one line per job: CPU seconds, ratio to a bare read, per department, wall clock, MB."""
    print("departments  job            CPU s    x bare   ms each  clock s     MB")
    for name, cost in costs.items():
        each, times = 1e3 * cost.cpu / departments, cost.cpu / costs["bare+ledger"].cpu
        print(
            f"{departments:11}  {name:12} {cost.cpu:7.2f} {times:9.2f} {each:9.2f} {cost.wall:8.2f} {cost.peak:6.0f}",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
