"""Twelve shapes of tables become ledgers that say what was counted by hand, and run a whole month."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime
from pathlib import Path

import pytest
from support.fixtures import Run
from support.old_tables import OLD_TABLES, OldTable, write_table
from support.returned import fill
from support.thorough import few_or_all
from taizhang import api
from taizhang.ledger.findings import Severity
from taizhang.ledger.model import Ledger, read_ledger
from taizhang.ledger.own_forms import forms_beside
from taizhang.typed.text import as_text

pytestmark = pytest.mark.slow


def adopted(run: Run, folder: Path, table: OldTable, *more: str) -> tuple[Path, str]:
    """Adopt a table in a folder, and return the ledger and what was printed."""
    old = write_table(folder / "原来的表.xlsx", table)
    before = hashlib.sha256(old.read_bytes()).hexdigest()
    ledger = folder / "台账" / "整改台账.xlsx"
    result = run("adopt", old, "-l", ledger, "--unit", "某局", "--year", "2025", "--yes", *more)
    assert result.exit_code == 0, result.stderr
    assert hashlib.sha256(old.read_bytes()).hexdigest() == before
    return ledger, result.stdout


def read(ledger: Path) -> Ledger:
    return read_ledger(ledger, forms_beside(ledger))


def texts(book: Ledger, register: str, *keys: str) -> list[tuple[str, ...]]:
    return [tuple(as_text(each.cells[key]) for key in keys) for each in book.registers[register].records]


def named_cells(printed: str) -> set[str]:
    """Return the cells that the lines of 没有照收 name, ranges written out."""
    found = set()
    for line in printed.splitlines():
        if line.startswith("没有照收："):
            for first, _, last in re.findall(r"([A-Z]+\d+)(:([A-Z]+\d+))?", line.split(" ")[0]):
                column, start = re.match(r"([A-Z]+)(\d+)", first).groups()  # type: ignore[union-attr]
                end = int(re.sub(r"\D", "", last)) if last else int(start)
                found |= {f"{column}{row}" for row in range(int(start), end + 1)}
    return found


@pytest.mark.parametrize("shape", OLD_TABLES)
def test_a_table_becomes_the_ledger_that_was_counted_by_hand(shape: str, run: Run, tmp_path: Path) -> None:
    table = OLD_TABLES[shape]
    ledger, printed = adopted(run, tmp_path, table)
    book = read(ledger)
    assert tuple(texts(book, "problems", "aspect", "title")) == table.problems
    keys = ("statement", "department", "supporting", "deadline", "status", "problems")
    codes = ["", *(code for (code,) in texts(book, "problems", "code"))]
    found = [(*row[:5], codes.index(row[5])) for row in texts(book, "tasks", *keys)]
    assert found == list(table.tasks)
    assert tuple(day for (day,) in texts(book, "closeouts", "committee_date")) == table.closed
    assert named_cells(printed) == set(table.named)
    assert book.broken == ()
    errors = [each for each in api.validate(book, date(2025, 8, 31)) if each.severity is Severity.ERROR]
    assert errors == []
    figures = api.metrics(book, date(2025, 8, 31))
    on_time = figures.total.rates.on_time
    assert (figures.total.tasks, figures.total.closed, str(figures.total.rates.struck_off)) == table.figures[:3]
    assert (str(on_time) if on_time.whole else "—") == table.figures[3]


@pytest.mark.parametrize("shape", [*OLD_TABLES][: few_or_all(2, len(OLD_TABLES))])
def test_an_adopted_ledger_runs_a_whole_month(shape: str, run: Run, tmp_path: Path) -> None:
    table = OLD_TABLES[shape]
    ledger, _ = adopted(run, tmp_path, table)
    issued = run("issue", "-p", "2025-08", "--as-of", "2025-08-10", "-l", ledger)
    assert issued.exit_code == (shape == "mixed"), issued.stdout + issued.stderr  # it has a task of no department
    open_task = next(
        code
        for code, department, status in texts(read(ledger), "tasks", "code", "department", "status")
        if department == table.department and status != "已销号"
    )
    typed = {open_task: {"update": "本月开了一次会", "status": "推进中"}}
    fill(ledger, typed, department=table.department, name=table.department, period="2025-08")
    merged = run("merge", "--yes", "-l", ledger)
    asked = [line for line in issued.stdout.splitlines() if "行，要填" in line and not line.startswith("合计")]
    assert merged.exit_code == (len(asked) > 1), merged.stderr  # the others have not reported
    book = read(ledger)
    assert as_text(book.registers["tasks"].by_code[open_task].cells["update"]) == "本月开了一次会"
    report = run("report", "--as-of", "2025-08-31", "-l", ledger)
    assert report.exit_code == 0, report.stderr
    assert [*ledger.parent.rglob("整改进展一览*.xlsx")]
    assert run("history", "verify", "-l", ledger).exit_code == 0


def test_a_measure_that_names_a_cycle_is_asked_about(run: Run, tmp_path: Path) -> None:
    table = OldTable(
        rows=(
            ("问题", "整改措施", "责任部门", "完成时限", "是否销号"),
            ("甲", "每月公示", "办公室", "2025年12月底", "否"),
            ("乙", "每月通报", "办公室", "2025年6月底", "是"),
            ("丙", "合并检查", "办公室", "每季度一次", "否"),
            ("丁", "修订办法", "办公室", "2025年12月底", "否"),
            ("戊", "每季度召开2次分析会", "办公室", "长期坚持", "否"),
            ("己", "每周调度", "办公室", "2025年12月底", "否"),
            ("庚", "每月督查", "办公室", "2025年7月底", "否"),
        ),
        problems=(),
        tasks=(),
        figures=(0, 0, "", ""),
    )
    ledger = tmp_path / "新" / "整改台账.xlsx"
    old = write_table(tmp_path / "旧表.xlsx", table)
    result = run("adopt", old, "-l", ledger, "--year", "2025", "--as-of", "2025-08-31", "--unit", "某局", "--yes")
    assert [line for line in result.stdout.splitlines() if "措施里写了" in line] == [
        "请核对：措施里写了“每月”，任务类型按“周期”、周期按“月”收：〈Sheet1〉第 2 行。",
        "请核对：措施里写了“每季度”，任务类型按“周期”、周期按“季”收：〈Sheet1〉第 6 行。",
        "请核对：措施里写了多久一次，台账的周期只有月、季、半年、年，任务类型没有改；要一期一期盯的，"
        "请改成“周期”，填周期：〈Sheet1〉第 7 行。",
        "请核对：措施里写了多久一次，时限已经过了，按“一次”收；还要接着一期一期盯的，请改成“周期”，"
        "填周期和开始日期、时限：〈Sheet1〉第 8 行。",
    ]
    keys = ("kind", "review_cycle", "per_cycle", "start")
    assert texts(read(ledger), "tasks", *keys) == [
        ("周期", "月", "", "2025-08-31"),
        ("一次", "", "", ""),
        ("周期", "季", "", "2025-08-31"),
        ("一次", "", "", ""),
        ("周期", "季", "2", "2025-08-31"),
        ("一次", "", "", ""),
        ("一次", "", "", ""),
    ]
    assert '"severity": "error"' not in run("validate", "-l", ledger, "--as-of", "2025-08-31", "--json").stdout


@pytest.mark.parametrize(
    ("name", "first", "second", "year"),
    [
        ("旧表.xlsx", "2023年3月底", date(2023, 12, 31), 2023),
        ("旧表.xlsx", "2023年3月底", "长期坚持", 2023),
        ("旧表2024.xlsx", "2023年3月底", "6月底", 2024),
        ("旧表.xlsx", "2023年3月底", "2024.6.30", 2026),
        ("旧表.xlsx", "3月底", "6月底", 2026),
    ],
)
def test_without_a_title_the_year_is_the_one_that_deadlines_name(
    name: str, first: str, second: str | date, year: int, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(datetime(2026, 3, 1, 9).timestamp())))
    rows = (
        ("问题", "整改措施", "责任部门", "完成时限"),
        ("甲", "办甲事", "办公室", first),
        ("乙", "办乙事", "办公室", second),
    )
    table = OldTable(rows=rows, problems=(), tasks=(), figures=(0, 0, "", ""))
    result = run("adopt", write_table(tmp_path / name, table), "-l", tmp_path / "新" / "整改台账.xlsx", "-n")
    said = f"请核对：方案年度按 {year} 年，没写年份的时限都按这一年；不对的请加 --year。"
    assert [line for line in result.stdout.splitlines() if "方案年度按" in line] == [said]
