"""Ledger formulas without a result: always reported, never counted as blank; a last known result is named as such."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from support.fixtures import Run
from support.ledgers import load
from support.packages import members, rewritten
from support.returned import fill
from taizhang.figures.metrics import compute_metrics
from taizhang.forms.load import standard_forms
from taizhang.history.days import ledger_as_of, with_known_results
from taizhang.history.hand_edits import record
from taizhang.history.write import write_changes
from taizhang.ledger.model import Ledger, read_ledger
from taizhang.ledger.unread import unread_words
from taizhang.ledger.vocabulary import Light
from taizhang.report.definitions import definitions
from taizhang.splice import SetCell
from taizhang.splice.package import Package
from taizhang.supervision.indicators import ledger_figures
from taizhang.supervision.tasks import read_tasks
from taizhang.workbook.places import a1
from taizhang.workbook.reader import read_workbook

pytestmark = pytest.mark.slow

DAY = date(2022, 3, 31)
CURE = "请用 Excel 或 WPS 打开台账保存一次，再运行。"
DEPENDS = "COUNTA(整改任务!$C$4:$C$6)/10"
"""A formula for a row's 进度 that depends on the column 任务."""


def place_of(ledger: Path, row: int, key: str, form: str = "tasks") -> str:
    return a1(
        row, with_known_results(read_ledger(ledger, standard_forms()), standard_forms()).registers[form].columns[key]
    )


def put(ledger: Path, cell: str, content: str, sheet: str = "整改任务") -> None:
    """Replace a cell's content by markup as other programs write it (``<f>…</f><v>…</v>``), keeping its style."""
    data = ledger.read_bytes()
    part = Package.read(data).sheet_part(sheet)
    old = re.search(rb'<c r="%s"((?: s="\d+")?)[^>]*?(?:/>|>.*?</c>)' % cell.encode(), members(data)[part])
    assert old
    kind = 't="e"' if "<v>#" in content else 't="str"' if re.search(r"<v>[^\d<]", content) else ""
    new = f'<c r="{cell}"{old[1].decode()} {kind}>{content}</c>'.encode()
    ledger.write_bytes(rewritten(data, part, old[0], new))


def put_formula(ledger: Path, row: int, formula: str, result: str | None = None, key: str = "progress") -> str:
    cell = place_of(ledger, row, key)
    put(ledger, cell, f"<f>{formula}</f>" + ("" if result is None else f"<v>{result}</v>"))
    return cell


def beside(ledger: Path, word: str) -> str:
    """Return the cell to the right of a word in 参数."""
    cells = (cell for row in load(ledger.read_bytes())["参数"].iter_rows() for cell in row)
    return next(a1(cell.row, cell.column + 1) for cell in cells if cell.value == word)


def write(ledger: Path, *edits: SetCell, now: datetime = datetime(2022, 3, 20, 9, 30)) -> str:
    record(ledger, standard_forms(), now)
    return write_changes(ledger, read_workbook(ledger).sha256, edits, [], command="merge", now=now)


def now(ledger: Path) -> Ledger:
    return with_known_results(read_ledger(ledger, standard_forms()), standard_forms())


@pytest.fixture
def ledger(make_ledger: Callable[..., Path]) -> Path:
    return make_ledger([{"progress": 45}, {"progress": 50}, {"progress": 60}])


def test_a_write_keeps_what_does_not_depend_on_it_and_names_what_does(ledger: Path) -> None:
    first, second = put_formula(ledger, 4, "1-0.55", "0.45"), put_formula(ledger, 5, DEPENDS, "0.3")
    told = write(ledger, SetCell("整改任务", 6, 3, "改了"))
    assert told.startswith(
        f"这次写入后，有 1 格公式的结果要重新算：〈整改任务〉{second}。请用 Excel 或 WPS 打开台账保存一次"
    )
    saved = load(ledger.read_bytes(), values=True)["整改任务"]
    assert (saved[first].value, saved[second].value) == (0.45, None)
    assert write(ledger, SetCell("整改任务", 6, 3, "又改了")) == ""  # a result already dropped is not reported again


def test_the_last_known_result_stands_in_and_is_said_to_be_that(ledger: Path, run: Run, tmp_path: Path) -> None:
    cell = put_formula(ledger, 5, DEPENDS, "0.3")
    write(ledger, SetCell("整改任务", 6, 3, "改了"))
    assert [task.progress for task in read_tasks(now(ledger), DAY)] == [45, 30, 60]
    result = run("report", "-l", ledger, "--current", "--as-of", "2022-03-31", "-o", tmp_path / "一览.xlsx", "--quiet")
    words = (
        f"有 1 格公式没有算出的结果：〈整改任务〉{cell}。暂按上次算出的结果计（2022-03-20 09:30 留存的台账），"
        f"可能已经过时。{CURE}"
    )
    assert (result.exit_code, result.stderr) == (1, words + "\n")
    sheet = load((tmp_path / "一览.xlsx").read_bytes())["口径说明"]
    assert any(words in str(row[3].value) for row in sheet.iter_rows() if row[2].value == "没有结果的公式")


def test_a_formula_that_was_never_calculated_is_no_blank_and_lights_nothing(ledger: Path) -> None:
    cell = put_formula(ledger, 5, "1-0.95")
    book = now(ledger)
    task = read_tasks(book, date(2022, 12, 1))[1]
    assert (task.progress, task.light, task.reason) == (None, Light.OPEN, "有公式没有结果")
    words = (
        f"有 1 格公式没有算出的结果：〈整改任务〉{cell}。以前也没有算出过，内容不知道，没有计入，不是没有填报。{CURE}"
    )
    assert unread_words(book.unread) == words
    m = compute_metrics(book, DAY)
    assert m.total.progress == Fraction(105, 200)  # the mean of 45 and 60, not of 45, 0 and 60
    assert [name for _, name, text in definitions(m) if words in text] == ["没有结果的公式"]


def test_a_task_that_is_late_is_late_whatever_its_progress(make_ledger: Callable[..., Path]) -> None:
    ledger = make_ledger([{"deadline": date(2022, 3, 1)}, {"deadline": date(2022, 3, 1)}])
    put_formula(ledger, 4, "1-0.95")
    put_formula(ledger, 5, '"推进中"', key="status")
    assert [(t.light, t.overdue) for t in read_tasks(now(ledger), DAY)] == [(Light.RED, 30), (Light.OPEN, 0)]


def test_no_progress_goes_backward_where_a_result_is_missing(ledger: Path) -> None:
    before = now(ledger)
    put_formula(ledger, 4, "1-0.55")
    for earlier, later in ((before, now(ledger)), (now(ledger), before)):
        coverage = compute_metrics(later, DAY, [(date(2022, 2, 28), earlier)]).coverage
        assert (coverage.backward, coverage.stalled) == ((), ())


def test_a_ledger_whose_formulas_all_have_results_is_not_spoken_of(ledger: Path) -> None:
    put_formula(ledger, 4, "1-0.55", "0.45")
    put_formula(ledger, 5, '""', "", key="obstacle")
    put(ledger, place_of(ledger, 5, "obstacle"), '<f>""</f><v></v>')
    data = ledger.read_bytes()
    part, cell = Package.read(data).sheet_part("整改任务"), place_of(ledger, 5, "obstacle").encode()
    xml = members(data)[part]
    old = re.search(rb'<c r="%s"[^>]*>' % cell, xml)
    assert old
    ledger.write_bytes(rewritten(data, part, old[0], old[0].replace(b">", b' t="str">')))
    assert now(ledger).unread == ()
    assert "本表" in {kind for kind, _, _ in definitions(compute_metrics(now(ledger), DAY))}
    assert "没有结果的公式" not in {name for _, name, _ in definitions(compute_metrics(now(ledger), DAY))}


@pytest.mark.parametrize(
    "command",
    [
        ("report", "--current", "--as-of", "2022-03-31", "-n"),
        ("report", "--public", "--current", "--as-of", "2022-03-31", "-n"),
        ("issue", "-p", "2022-03", "-n"),
        ("remind", "--as-of", "2022-03-31", "-n"),
        ("remind", "--statement", "--as-of", "2022-03-31", "-n"),
    ],
)
@pytest.mark.parametrize("quiet", [(), ("--quiet",)])
def test_each_command_that_counts_says_which_cells_and_how_to_get_them(
    ledger: Path, run: Run, command: tuple[str, ...], quiet: tuple[str, ...]
) -> None:
    cell, other = put_formula(ledger, 5, "1-0.95"), put_formula(ledger, 6, "1/0", "#DIV/0!")
    result = run(*command, "-l", ledger, *quiet)
    assert result.exit_code == 1
    assert f"有 1 格公式没有算出的结果：〈整改任务〉{cell}。" in result.stderr
    assert (
        f"{CURE}〈整改任务〉{other} 是错误值（如 #REF!、#N/A），内容不知道，没有计入，请在 Excel 里改正。"
        in result.stderr
    )


def test_validate_names_each_cell(ledger: Path, run: Run) -> None:
    cell = put_formula(ledger, 5, DEPENDS, "0.3")
    write(ledger, SetCell("整改任务", 6, 3, "改了"))
    put_formula(ledger, 4, "1-0.95")
    limit = beside(ledger, "临期天数")
    put(ledger, limit, "<f>3+4</f>", "参数")
    result = run("validate", "-l", ledger, "--only", "formula", "--quiet")
    assert (result.exit_code, result.stdout.splitlines()) == (
        1,
        [
            (
                f"整改台账.xlsx:'参数'!{limit}: formula: 这一格里的公式没有算出的结果，读不到内容；"
                "请用 Excel 或 WPS 打开保存一次，或改成直接填写。"
            ),
            (
                f"整改台账.xlsx:'整改任务'!{place_of(ledger, 4, 'progress')}: formula: “进度”里的公式没有算出的结果，"
                "读不到内容；请改成直接填写，或用 Excel 或 WPS 打开保存一次。"
            ),
            (
                f"整改台账.xlsx:'整改任务'!{cell}: formula: “进度”里的公式没有算出的结果，暂按上次算出的读取；"
                "请用 Excel 或 WPS 打开保存一次，或改成直接填写。"
            ),
        ],
    )


def test_a_formula_without_a_result_is_not_called_empty(ledger: Path, run: Run) -> None:
    cells = [put_formula(ledger, 4, "A1", key=key) for key in ("department", "deadline", "standard")]
    found = run("validate", "-l", ledger, "--as-of", "2022-03-31").stdout.splitlines()
    assert [line.split(": ")[1] for line in found if any(f"!{cell}:" in line for cell in cells)] == ["formula"] * 3
    issued = run("issue", "-p", "2022-03", "-l", ledger).stdout
    assert "RW-001 没有下发给任何部门：“牵头部门”里的公式没有算出的结果，请改好后用 --again 重新下发。" in issued


def test_a_value_reported_for_a_formula_without_a_result_waits_for_the_office(ledger: Path, run: Run) -> None:
    """It is no conflict: the ledger's value is unknown."""
    record(ledger, standard_forms(), datetime(2022, 3, 1, 9))
    assert run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", ledger).exit_code == 0
    fill(ledger, {"RW-001": {"progress": 0.6}, "RW-003": {"progress": 0.7}})
    put_formula(ledger, 4, "1-0.95")
    result = run("merge", "-l", ledger, "--yes", "--json")
    assert (
        "台账里 RW-001 的“进度”是公式，还没有算出结果（或是错误值），没法和报来的比对，这一行没有采用。"
        in result.stdout
    )
    assert '"conflicts": []' in result.stdout
    assert [task.progress for task in read_tasks(now(ledger), DAY)] == [None, 50, 70]


def test_people_s_own_formulas_are_their_own(ledger: Path) -> None:
    width = len(now(ledger).registers["tasks"].columns)
    write(ledger, SetCell("整改任务", 3, width + 2, "剩余天数"), SetCell("整改任务", 4, width + 2, 1))
    put(ledger, a1(4, width + 2), "<f>TODAY()-A1</f>")
    assert now(ledger).unread == ()


@pytest.mark.parametrize(
    ("formula", "known"),
    [(DEPENDS, 30), (DEPENDS.replace("/10", "/5"), None), ("0.3", None)],
    ids=["the same formula", "another formula", "a constant before"],
)
def test_a_result_stands_in_only_for_the_same_formula(ledger: Path, formula: str, known: int | None) -> None:
    put_formula(ledger, 5, formula if formula != "0.3" else "1-0.7", "0.3")
    record(ledger, standard_forms(), datetime(2022, 3, 1, 9))
    put_formula(ledger, 5, DEPENDS)
    record(ledger, standard_forms(), datetime(2022, 3, 2, 9))
    assert read_tasks(now(ledger), DAY)[1].progress == known


def test_a_result_follows_its_row(make_ledger: Callable[..., Path]) -> None:
    """The office sorted the rows: the result is that of the same task, not of the same place."""
    rows = [{"code": "RW-001", "progress": 45}, {"code": "RW-002", "progress": 50}]
    ledger = make_ledger(rows)
    put_formula(ledger, 4, "A1*2", "0.45")
    put_formula(ledger, 5, "A1*2", "0.5")
    record(ledger, standard_forms(), datetime(2022, 3, 1, 9))
    make_ledger(rows[::-1])
    put_formula(ledger, 4, "A1*2")
    put_formula(ledger, 5, "A1*2")
    assert {task.code: task.progress for task in read_tasks(now(ledger), DAY)} == {"RW-001": 45, "RW-002": 50}


def test_a_code_that_is_a_formula_without_a_result_is_said(ledger: Path) -> None:
    cell = put_formula(ledger, 5, '"RW-"&amp;TEXT(ROW()-3,"000")', key="code")
    assert [task.code for task in read_tasks(now(ledger), DAY)] == ["RW-001", "RW-003"]
    assert f"有 1 格公式没有算出的结果：〈整改任务〉{cell}。" in unread_words(now(ledger).unread)


def test_settings_that_are_formulas_get_their_last_results_too(ledger: Path) -> None:
    cell = beside(ledger, "临期天数")
    put(ledger, cell, "<f>COUNTA(整改任务!$C$4:$C$6)</f><v>3</v>", "参数")
    assert f"〈参数〉{cell}" in write(ledger, SetCell("整改任务", 6, 3, "改了"))
    book = now(ledger)
    assert (book.settings.thresholds.due_soon, [each.sheet for each in book.unread]) == (3, ["参数"])


def test_the_ledger_of_a_past_day_gets_the_results_known_by_then(ledger: Path) -> None:
    put_formula(ledger, 5, DEPENDS, "0.3")
    write(ledger, SetCell("整改任务", 6, 3, "改了"))
    put_formula(ledger, 5, DEPENDS, "0.9")
    record(ledger, standard_forms(), datetime(2022, 4, 20, 9))
    then = ledger_as_of(ledger, standard_forms(), DAY)
    assert then is not None
    assert [task.progress for task in read_tasks(then, DAY)] == [45, 30, 60]
    m = compute_metrics(now(ledger), date(2022, 4, 30), [(DAY, then)])
    assert m.unread == "比较用的 2022-03-31 留存的台账里，有 1 格公式没有结果或是错误值：1 格按上次算出的结果计。"


def test_what_is_issued_holds_the_last_known_result(ledger: Path, run: Run) -> None:
    put_formula(ledger, 5, DEPENDS, "0.3")
    write(ledger, SetCell("整改任务", 6, 3, "改了"))
    assert run("issue", "-p", "2022-03", "--as-of", "2022-03-21", "-l", ledger).exit_code == 1
    issued = read_workbook(ledger.parent / "下发" / "2022-03" / "财务处.xlsx").by_name["整改任务"]
    assert any(row.count(0.3) for row in issued.rows)


def test_an_indicator_says_that_it_cannot_use_a_cell_without_a_result(make_ledger: Callable[..., Path]) -> None:
    appeals = [{"code": f"SQ-{n:03}", "received": date(2022, 1, 1), "answered": date(2022, 1, 11)} for n in (1, 2)]
    ledger = make_ledger([{}], appeals=appeals)
    book = now(ledger)
    cell = a1(book.registers["appeals"].records[0].row, book.registers["appeals"].columns["answered"])
    put(ledger, cell, "<f>TODAY()</f>", book.registers["appeals"].sheet.name)
    figures = next(each for each in ledger_figures(now(ledger), DAY) if each.name == "appeals").figures
    assert {"“反馈日期”读不懂": 1} in [dict(each.left_out) for each in figures]
