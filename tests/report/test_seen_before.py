"""The problems that ledgers of past years name too, at the end of 问题台账."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.checked import CLOSED, CLOSEOUT, typed
from support.fixtures import Run
from support.ledgers import ASPECT, load, small_ledger
from support.looks import fonts_installed, misfits
from support.scenarios import STAMP
from taizhang.figures.metrics import compute_metrics
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import read_ledger
from taizhang.report import progress_workbook
from taizhang.supervision.past_problems import find_seen_before

pytestmark = pytest.mark.slow

NOW = "党建工作考核还有待规范"
THEN = "党建工作考核不规范"


def ledger(path: Path, year: int, titles: list[tuple[str, str]], *statements: str) -> Path:
    """Write a ledger of a year with problems (title, source) and closed tasks about the first of them."""
    path.parent.mkdir(exist_ok=True)
    tasks = [{"statement": statement, **CLOSED} for statement in statements] or [{}]
    problems = [
        {"code": f"WT-{n:02}", "aspect": ASPECT, "title": title, "source": source}
        for n, (title, source) in enumerate(titles, 1)
    ]
    closeouts = [{**CLOSEOUT, "code": f"XH-{n:03}", "task": f"RW-{n:03}"} for n in range(1, len(statements) + 1)]
    return typed(small_ledger(path, tasks, problems=problems, closeouts=closeouts), (7, 2), year, "参数")


def report(run: Run, now: Path, *against: Path) -> tuple[Any, Any]:
    words = [word for path in against for word in ("--against", path)]
    result = run("report", *words, "-l", now, "--as-of", "2022-06-30")
    assert result.exit_code == 0, result.output
    return load((now.parent / "报表" / "整改进展一览_2022-06-30.xlsx").read_bytes())["问题台账"], result


def lines(sheet: Any) -> list[tuple[str, ...]]:
    """Return the heading of the section, then the texts of each of its rows."""
    rows = [tuple(str(cell.value) for cell in row if cell.value is not None) for row in sheet.iter_rows()]
    at = next((n for n, row in enumerate(rows) if row and row[0].startswith("以前也提过的问题")), len(rows))
    return [row for row in rows[at:] if row]


HEADS = ("编号", "现在的说法", "那时的说法", "那时做了什么")


def test_each_problem_stands_beside_what_it_was_and_what_was_done(run: Run, tmp_path: Path) -> None:
    now = ledger(tmp_path / "整改台账.xlsx", 2022, [(NOW, "民主生活会"), ("会议多", "上年结转"), ("人才难留", "考核")])
    one = ledger(
        tmp_path / "2021" / "台账.xlsx",
        2021,
        [(THEN, "考核"), ("会议过多", "考核")],
        "修订考核办法，把支部的日常工作、年度测评和服务对象的评价都算进考核里，再印发各支部执行",
        *(f"第 {n} 件" for n in range(2, 8)),
    )
    two = ledger(tmp_path / "2020" / "台账.xlsx", 2020, [("党建考核不够规范", "考核")])
    sheet, result = report(run, now, one, two)
    assert (
        "对照2020年、2021年的台账，以前也提过的问题有 2 个（其中上年结转 1 个），列在〈问题台账〉后面，请核对。"
        in result.stdout
    )
    assert lines(sheet) == [
        ("以前也提过的问题：2 个（其中上年结转 1 个）（按字句对照2020年、2021年的台账，像不像请办公室核对）",),
        HEADS,
        ("WT-01", NOW, "2020年 WT-01　党建考核不够规范", "那时有 1 项措施，都没有办结"),
        (
            "WT-01",
            NOW,
            f"2021年 WT-01　{THEN}",
            "那时有 7 项措施，办结 7 项：修订考核办法，把支部的日常工作、年度测评和服务对象的评价都算进考核里，"
            "再印发各…；第 2 件；第 3 件；第 4 件；第 5 件；另有 2 项",
        ),
        ("WT-02", "会议多（上年结转）", "2021年 WT-02　会议过多", "那时没有措施"),
    ]
    assert (misfits(sheet) if fonts_installed() else []) == []


def test_that_none_is_the_same_is_said(run: Run, tmp_path: Path) -> None:
    now = ledger(tmp_path / "整改台账.xlsx", 2022, [(NOW, "民主生活会")])
    past = ledger(tmp_path / "2021" / "台账.xlsx", 2021, [("会议多", "考核")])
    sheet, result = report(run, now, past)
    assert "对照2021年的台账，没有一样的问题。" in result.stdout
    assert lines(sheet) == [("以前也提过的问题：没有（按字句对照2021年的台账）",)]


def test_without_past_ledgers_the_sheet_is_as_before(run: Run, tmp_path: Path) -> None:
    now = ledger(tmp_path / "整改台账.xlsx", 2022, [(NOW, "民主生活会")])
    sheet, result = report(run, now)
    assert (lines(sheet), "对照" in result.stdout) == ([], False)


def test_a_long_text_is_cut_and_the_file_stays_the_same(tmp_path: Path) -> None:
    long = "党建考核不规范" + "，考核指标长期以主观评定为主" * 40
    now = read_ledger(ledger(tmp_path / "a" / "台账.xlsx", 2022, [(long, "考核")]), standard_forms())
    then = read_ledger(ledger(tmp_path / "b" / "台账.xlsx", 2021, [(long, "考核")], long), standard_forms())
    m = compute_metrics(now, STAMP.date())
    made = [progress_workbook(m, STAMP, before=find_seen_before(now, [then], STAMP.date())) for _ in range(2)]
    assert made[0] == made[1]
    sheet = load(made[0])["问题台账"]
    assert lines(sheet)[0][0].startswith("以前也提过的问题：1 个")
    assert (misfits(sheet) if fonts_installed() else []) == []
