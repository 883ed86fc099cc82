"""Personal and classified data never travels: found and located, but in no message, journal, ledger or report.

The identity number is the standard's published example; the others are test numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.fixtures import Run
from support.ledgers import ASPECT
from support.personal_texts import ALL, CARD, IDENTITY, PHONE, SECRETS, texts_of
from support.returned import edit, edit_rows, fill, type_into
from support.returned_files import by_hand
from taizhang.demo.sample import sample_report
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import read_ledger
from taizhang.merge.returns import owner_of
from taizhang.system.file_names import file_name
from taizhang.typed.text import as_text
from taizhang.workbook.reader import read_workbook

pytestmark = pytest.mark.slow


def outputs(folder: Path) -> list[Path]:
    """Return every file of a working place except the department's own."""
    return [path for path in folder.rglob("*") if path.is_file() and "报送" not in path.parts]


@pytest.fixture
def ledger(make_issued: Callable[..., Path]) -> Path:
    return make_issued([{"update": "已办"} for _ in range(6)])


def test_a_whole_run_repeats_nothing_personal(ledger: Path, run: Run) -> None:
    issued = ledger.parent / "下发" / "2022-03" / "财务处.xlsx"
    spare = as_text(read_workbook(issued).by_name["规章制度"].value(4, 1))
    fill(ledger, {spare: {"name": ALL, "action": "改", "planned": PHONE, "outcome": IDENTITY}}, form="regulations")
    returned = ledger.parent / "报送" / "财务处.xlsx"

    def type_everywhere(book: Any) -> None:
        page = book["整改任务"]
        heads = {str(cell.value).lstrip("*"): cell.column for cell in page[3]}
        page.cell(4, heads["本期进展"]).value = ALL
        page.cell(5, heads["进度"]).value = int(PHONE)
        page.cell(6, heads["任务编号"]).value = PHONE
        page.cell(6, 1).value = IDENTITY
        page.cell(7, heads["状态"]).value = IDENTITY
        page.cell(8, heads["完成标准"]).value = ALL
        page.cell(9, heads["佐证材料"]).value = int(CARD)
        page.cell(9, heads["进度"]).value = f"{PHONE}%"
        page.cell(10, heads["任务编号"]).value = ALL
        page.cell(11, heads["任务编号"]).value = ALL
        last = page.max_column + 1
        page.cell(3, last).value = f"联系{PHONE}"
        page.cell(4, last).value = IDENTITY
        page.cell(3, heads["滞后原因"]).value = f"滞后原因（{PHONE}）"
        book.create_sheet(PHONE)["A1"] = ALL

    by_hand(returned, type_everywhere)
    runs = [
        run("merge", "-l", ledger, "--dry-run"),
        run("merge", "-l", ledger, "--dry-run", "--json"),
        run("validate", returned, "-l", ledger),
        run("validate", returned, "-l", ledger, "--json"),
        run("merge", "-l", ledger, "--yes"),
        run("merge", "-l", ledger, "--yes"),
        run("validate", "-l", ledger),
        run("report", "-l", ledger, "--as-of", "2022-03-31"),
        run("issue", "-p", "2022-04", "--as-of", "2022-04-10", "-l", ledger),
        run("history", "list", "-l", ledger),
    ]
    assert "身份证号" in runs[0].stdout
    assert ": personal: " in runs[0].stdout
    for result in runs:
        said = result.stdout + result.stderr
        assert [word for word in SECRETS if word in said] == [], said
    for path in outputs(ledger.parent):
        assert [word for word in SECRETS if word in texts_of(path)] == [], path


@pytest.mark.parametrize(
    ("secret", "traces"),
    [
        (ALL, SECRETS),
        (13800138000, (PHONE,)),
        (6222021234567890.0, ("622202123456789", "6.22202123")),
        (440524198001010000.0, ("4405241980", "4.405241980")),
    ],
    ids=["text", "phone", "card", "identity"],
)
def test_something_personal_in_the_ledger_reaches_no_sheet_and_no_screen(
    ledger: Path, run: Run, secret: Any, traces: tuple[str, ...]
) -> None:
    """Typed as text or as a number, which Excel shows with an exponent: no output of the ledger contains it."""
    texts: dict[str, Any] = dict.fromkeys(
        ("statement", "standard", "update", "obstacle", "next_step", "evidence"), secret
    )
    edit_rows(ledger, {"RW-001": texts, "RW-002": texts})
    edit_rows(ledger, {"WT-01": {"title": secret, "public": secret, "disclosure": "同意公开"}}, "problems")
    path = fill(ledger, {"RW-001": {"update": "约谈 3 个支部"}}).parent
    day = ("--as-of", "2022-12-31")
    runs = [
        run(*arguments, "-l", ledger)
        for arguments in (
            ("validate",),
            ("validate", "--json"),
            ("merge", path, "--dry-run", "--json"),
            ("merge", path, "--yes"),
            ("report", *day),
            ("report", "--public", *day),
            ("remind", *day, "--yes"),
            ("remind", *day, "--json", "--yes"),
            ("remind", "--statement", *day),
            ("issue", "-p", "2022-04", "--as-of", "2022-04-10"),
            ("history", "list"),
            ("history", "show", "2"),
            ("history", "show", "2", "--json"),
        )
    ]
    assert ": personal: " in runs[0].stdout
    for result in runs:
        said = result.stdout + result.stderr
        assert [trace for trace in traces if trace in said] == [], said
    kept = {*(ledger.parent / "history").rglob("*.xlsx"), ledger}
    for each in outputs(ledger.parent):
        if each not in kept:
            assert [trace for trace in traces if trace in texts_of(each)] == [], each


def test_names_in_the_settings_that_are_personal_go_nowhere(make_ledger: Callable[..., Path], run: Run) -> None:
    """Departments, periods and the unit are printed on every form and paper, and are parts of file names."""
    typed = {
        "党委办公室": "办公室 138\u200b0013\u200b8001",
        "党办": "机 密处",
        "办公室（党办）": "党办、办公室138.0013.8002",
        "2022-03": "2022-03 【秘密】",
        "某局": "某局（13800138003）",
        "整改办": f"整改办{IDENTITY}",
        ASPECT: "联系 138 0013 8004 方面",
    }
    traces = ("13800138", "0013\u200b", "138.0013", "138 0013", "机 密", "机密", "秘密】", IDENTITY)
    own = {
        "aspect": ASPECT,
        "title": "办法不多",
        "source": "民主生活会",
        "public": "办法不多",
        "disclosure": "同意公开",
    }
    rows = [{"department": "财务处"}, {"department": "党委办公室", "deadline": date(2022, 2, 1)}]
    ledger = make_ledger(rows, problems=[{"code": "WT-01", **own}])

    def work(book: Any) -> None:
        for cell in (cell for row in book["参数"] for cell in row if cell.value in typed):
            cell.value = typed[cell.value]

    by_hand(ledger, work)
    found, day = run("validate", "-l", ledger, "--only", "personal", "--all"), ("--as-of", "2022-04-10")
    assert (found.exit_code, found.stdout.count("'参数'!")) == (1, len(typed)), found.stdout
    gathered = run("validate", "-l", ledger, "--only", "personal").stdout
    issued = run("issue", "-p", "2022-04", *day, "-l", ledger)
    assert f"，共 {len(typed)} 条（" in gathered
    assert (issued.exit_code, gathered in issued.output) == (1, True), issued.output
    runs = [
        found,
        issued,
        run("remind", *day, "--yes", "-l", ledger),
        run("remind", "--statement", *day, "-l", ledger),
        run("report", *day, "-l", ledger),
        run("report", "--public", *day, "-l", ledger),
        run("history", "list", "-l", ledger),
    ]
    for result in runs:
        assert [trace for trace in traces if trace in result.output] == [], result.output
    made = [each for each in outputs(ledger.parent) if "history" not in each.parts and each != ledger]
    for each in [*made, *(ledger.parent / "history" / "issued").rglob("*.json")]:
        assert [trace for trace in traces if trace in texts_of(each) + each.as_posix()] == [], each
    assert ledger.parent / "下发" / "2022-04" / "财务处.xlsx" in made


def test_a_conflict_with_something_personal_in_the_ledger_does_not_repeat_it(ledger: Path, run: Run) -> None:
    fill(ledger, {"RW-001": {"update": "约谈 3 个支部"}})
    edit(ledger, "RW-001", "update", f"联系{PHONE}")
    result = run("merge", "-l", ledger, "--dry-run")
    assert ": conflict: " in result.stdout
    assert PHONE not in result.stdout + result.stderr
    assert PHONE not in run("merge", "-l", ledger, "--dry-run", "--json").stdout


def test_something_personal_is_found_in_the_ledger_too_and_not_repeated(ledger: Path, run: Run) -> None:
    edit(ledger, "RW-001", "update", ALL)
    for arguments in ((), ("--json",)):
        result = run("validate", "-l", ledger, *arguments)
        assert result.exit_code == 1
        assert "personal" in result.stdout
        assert [word for word in SECRETS if word in result.stdout + result.stderr] == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (f"财务处_张某{PHONE}.xlsx", "财务处_张某（号码不显示）.xlsx"),
        ("财务处 138\u200b0013\u00a08000.xlsx", "财务处 （号码不显示）.xlsx"),
        (f"财务处{IDENTITY}.xlsx", "财务处（号码不显示）.xlsx"),
        ("财务处机 密★1年.xlsx", "（名称含密级标志，不显示）.xlsx"),
        (f"财务处【秘密】{PHONE}.xlsx", "（名称含手机号、密级标志，不显示）.xlsx"),
    ],
)
def test_the_name_of_a_returned_file_is_not_repeated(ledger: Path, run: Run, name: str, shown: str) -> None:
    """Whether the file was read or refused, its name shows whose it is."""
    back = ledger.parent / "报送" / name
    back.parent.mkdir()
    back.write_bytes(b"no workbook")
    sound = back.with_name(f"另{name}")
    type_into(ledger.parent / "下发" / "2022-03" / "财务处.xlsx", {"整改任务": {(4, 10): "是"}}, sound)
    assert file_name(back) == shown
    assert owner_of(back, read_ledger(ledger, standard_forms()).settings) == "财务处"
    said = [run("merge", "-l", ledger, *more).output for more in (("-n", "--json"), ("--yes",))]
    assert all(shown in each for each in said)
    written = [path for path in outputs(ledger.parent) if path != ledger]
    texts = "".join((*said, *map(texts_of, written), *(path.name for path in written)))
    assert len(list((ledger.parent / "回执" / "2022-03").glob("*_请修改.xlsx"))) == 1
    assert [
        each
        for each in (PHONE, "13800138000", IDENTITY, "0013\u00a08000", "机 密", "★1年", "【秘密】")
        if each in texts
    ] == []


def test_the_name_of_a_returned_sheet_is_not_repeated(ledger: Path, run: Run) -> None:
    def rename(book: Any) -> None:
        book["整改任务"].title = f"张某{PHONE}"
        book["规章制度"].title = "机 密"

    back = ledger.parent / "报送" / "财务处.xlsx"
    back.parent.mkdir()
    back.write_bytes((ledger.parent / "下发" / "2022-03" / "财务处.xlsx").read_bytes())
    by_hand(back, rename)
    said = run("validate", "-l", ledger, back).output + run("validate", "-l", ledger, back, "--json").output
    assert "财务处.xlsx:'张某（号码不显示）': sheet-renamed" in said
    assert PHONE not in said
    assert "机 密" not in said


def test_a_draft_names_the_paragraphs_that_hold_something_personal_and_repeats_nothing(
    tmp_path: Path, run: Run
) -> None:
    lines = sample_report().read_text(encoding="utf-8").splitlines()
    source = tmp_path / "材料.txt"
    source.write_text("\n".join([f"机 密★1年 联系 138\u200b0013·8000 {PHONE}", *lines]), encoding="utf-8")
    result = run("draft", source, "-l", tmp_path / "整改台账.xlsx", "--year", "2022")
    assert "请先删去：材料第 1 段里有手机号、密级标志，材料和台账里都不能有；涉密内容不得录入。\n" in result.stdout
    assert [each for each in (PHONE, "0013", "机 密", "★1年") if each in result.output] == []


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", "没有问题".encode()])
def test_the_name_of_a_report_that_cannot_be_drafted_is_not_repeated(tmp_path: Path, run: Run, data: bytes) -> None:
    source = tmp_path / f"张某{PHONE}.txt"
    source.write_bytes(data)
    result = run("draft", source, "-l", tmp_path / "整改台账.xlsx")
    assert (result.exit_code, "张某（号码不显示）.txt" in result.stderr, PHONE in result.output) == (2, True, False)
