"""Issued and withheld rows: rows without a department, duplicate codes, personal data, past periods."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from support.fixtures import Make, Run
from support.ledgers import load
from support.personal_texts import ALL, PHONE, SECRETS, texts_of
from support.returned import edit, fill, findings, type_into
from taizhang.forms.load import standard_forms
from taizhang.history.bases import issued_periods, load_base
from taizhang.ledger.model import read_ledger
from taizhang.system.file_names import as_file_name
from taizhang.workbook.reader import Sheet, read_workbook

SAID = {"整改任务": {(4, 10): "是"}}
"""The first task has nothing new: the least that a return says."""


def issue(run: Run, ledger: Path, *more: str, period: str = "2022-03", on: str = "2022-03-10") -> Result:
    return run("issue", "-p", period, "--as-of", on, "-l", ledger, *more)


def codes(ledger: Path, department: str = "财务处") -> list[str]:
    """Return the codes of the tasks in the base; the sheet that was issued must show the same."""
    base = load_base(ledger, "2022-03", department)
    assert base
    sheet = read_workbook(ledger.parent / "下发" / "2022-03" / f"{department}.xlsx").by_name["整改任务"]
    shown = [str(row[0]) for row in sheet.rows[3:] if row and row[0]]
    assert shown == list(base.rows["tasks"])
    return shown


def test_a_sound_ledger_is_issued_without_a_word(make_ledger: Make, run: Run) -> None:
    result = issue(run, make_ledger([{}, {}]))
    assert (result.exit_code, result.stdout) == (
        0,
        "党委办公室：没有待办的行，空行里可以报新增的\n财务处：2 行，要填 14 格\n合计：2 个部门，2 行，要填 14 格\n",
    )


@pytest.mark.parametrize(("typed", "why"), [("科研处", "“科研处”不是〈参数〉里的部门"), (None, "“牵头部门”是空的")])
def test_a_row_that_goes_to_nobody_is_named(make_ledger: Make, run: Run, typed: str | None, why: str) -> None:
    ledger = make_ledger([{}, {}])
    edit(ledger, "RW-002", "department", typed)
    result = issue(run, ledger)
    assert (result.exit_code, [check for _, check in findings(result)]) == (1, ["unassigned"])
    assert "RW-002 没有下发给任何部门" in result.stdout
    assert why in result.stdout
    assert codes(ledger) == ["RW-001"]


def test_a_principle_needs_no_department(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}, {"kind": "原则", "department": None}])
    assert issue(run, ledger).exit_code == 0


def test_a_closed_row_is_not_missed(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}, {"status": "已销号", "department": None}])
    assert issue(run, ledger).exit_code == 0


def test_of_two_rows_with_one_code_neither_is_issued(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}, {}, {"code": "RW-002"}])
    result = issue(run, ledger)
    assert (result.exit_code, [check for _, check in findings(result)]) == (1, ["code-duplicate"] * 2)
    assert codes(ledger) == ["RW-001"]


def test_a_row_without_a_code_is_named(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}, {"code": None}])
    result = issue(run, ledger)
    assert (result.exit_code, [check for _, check in findings(result)]) == (1, ["code"])


@pytest.mark.parametrize("key", ["update", "note"])
def test_a_row_with_personal_or_classified_data_is_not_issued(make_ledger: Make, run: Run, key: str) -> None:
    ledger = make_ledger([{}, {}])
    edit(ledger, "RW-002", key, ALL)
    result = issue(run, ledger)
    assert (result.exit_code, [check for _, check in findings(result)]) == (1, ["personal"])
    assert codes(ledger) == ["RW-001"]
    base = ledger.parent / "history" / "issued" / "2022-03" / "财务处.json"
    written = [base, *(ledger.parent / "下发").rglob("*.xlsx")]
    for text in (result.output, *map(texts_of, written)):
        assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.parametrize(("number", "summed_up"), [(5, False), (6, True)])
def test_many_rows_held_back_are_summed_up_and_listed_when_asked(
    make_ledger: Make, run: Run, number: int, summed_up: bool
) -> None:
    ledger = make_ledger([{"update": f"联系 {PHONE}"}] * number)
    more = "同一类多于 5 条的合在一起说了，要逐条看请加 --dry-run --all。"
    short, full = issue(run, ledger, "-n"), issue(run, ledger, "-n", "--all")
    assert (short.exit_code, more in short.stderr.splitlines()) == (1, summed_up)
    assert (len(findings(short)) < number) is summed_up
    assert (full.exit_code, more in full.stderr, len(findings(full))) == (1, False, number)


def test_where_all_rows_are_withheld_the_reasons_are_said(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{"update": f"联系 {PHONE}"}])
    result = issue(run, ledger)
    assert (result.exit_code, [check for _, check in findings(result)]) == (1, ["personal"])
    base = load_base(ledger, "2022-03", "财务处")
    assert base and not base.expected
    assert [
        secret for path in (ledger.parent / "下发").rglob("*.xlsx") for secret in SECRETS if secret in texts_of(path)
    ] == []


def test_asked_for_one_department_the_rows_of_others_are_not_told(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}, {"department": "党委办公室", "update": f"联系 {PHONE}"}])
    assert issue(run, ledger, "-d", "财务处").exit_code == 0
    assert issue(run, ledger, "-d", "党办").exit_code == 1


def test_a_dry_run_names_them_too(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}, {"department": None}])
    assert [check for _, check in findings(issue(run, ledger, "-n"))] == ["unassigned"]


@pytest.mark.parametrize(("on", "hint"), [("2022-03-25", False), ("2022-03-26", True)])
def test_a_due_day_that_is_past_is_hinted(make_ledger: Make, run: Run, on: str, hint: bool) -> None:
    result = issue(run, make_ledger(), on=on)
    assert (result.exit_code, "2022-03-25 已经过了" in result.stderr) == (0, hint)


def test_an_earlier_period_than_one_issued_is_hinted(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger()
    assert "更晚的" not in issue(run, ledger, period="2022-04").stderr
    assert "更晚的 2022-04 已经下发过" in issue(run, ledger, "-n").stderr
    assert "更晚的" not in issue(run, ledger, period="2022-05").stderr
    assert "更晚的" not in issue(run, ledger, "--again", period="2022-05").stderr
    assert "更晚的 2022-05 已经下发过" in issue(run, ledger, "--again", period="2022-04").stderr


@pytest.mark.parametrize("department", ["财务/审计处", "..", '财务"审计"处'])
def test_a_department_whose_name_is_no_file_name_is_issued_and_missed(
    make_ledger: Make, run: Run, department: str
) -> None:
    ledger = make_ledger([{}, {"department": "党委办公室"}])
    _rename(ledger, "财务处", department)
    assert issue(run, ledger).exit_code == 0
    name = as_file_name(department)
    issued = ledger.parent / "下发" / "2022-03"
    assert sorted(path.name for path in issued.iterdir()) == sorted(["党委办公室.xlsx", f"{name}.xlsx"])
    bases = ledger.parent / "history" / "issued" / "2022-03"
    assert sorted(path.name for path in bases.iterdir()) == sorted(["党委办公室.json", f"{name}.json"])
    result = run("merge", issued / "党委办公室.xlsx", "-l", ledger, "--yes")
    assert f"{department}还没有报 2022-03 期的表" in result.stdout
    back = ledger.parent / "报送" / f"{name}.xlsx"
    back.parent.mkdir()
    type_into(issued / f"{name}.xlsx", SAID, back)
    run("merge", back, "-l", ledger, "--yes")
    assert (ledger.parent / "回执" / "2022-03" / f"{name}_回执.xlsx").exists()
    assert not [path for path in ledger.parent.rglob("*") if path.is_dir() and path.name.startswith("财务")]


def _rename(ledger: Path, old: str, new: str) -> None:
    sheets = read_workbook(ledger).sheets
    type_into(ledger, {sheet.name: dict.fromkeys(_cells_with(sheet, old), new) for sheet in sheets})


def _cells_with(sheet: Sheet, value: str) -> list[tuple[int, int]]:
    """Return the cells (row, column) that hold a value."""
    return [
        (row, column)
        for row, cells in enumerate(sheet.rows, 1)
        for column, each in enumerate(cells, 1)
        if each == value
    ]


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_looking_writes_nothing(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger()
    assert issue(run, ledger).exit_code == 0
    key = ledger.parent / ".taizhang-key"
    assert key.stat().st_mode & 0o077 == 0 or sys.platform == "win32"
    key.unlink()
    returned = ledger.parent / "下发" / "2022-03" / "财务处.xlsx"
    edit(ledger, "RW-001", "update", "手工改过")
    before = everything(ledger.parent)
    runs = [
        run("merge", returned, "-l", ledger, "--dry-run"),
        run("merge", "--decisions", returned, "-l", ledger, "--dry-run"),
        run("validate", returned, "-l", ledger),
        issue(run, ledger, "--dry-run"),
    ]
    assert [result.exit_code for result in runs] == [1, 1, 1, 0]
    assert everything(ledger.parent) == before


def test_a_token_made_without_a_key_is_not_believed(make_ledger: Make, run: Run) -> None:
    """A ledger without its key trusts nothing, not even a signature made with an empty key."""
    from taizhang.history.signing import secret_of, token_of

    ledger = make_ledger()
    assert token_of(secret_of(ledger), "2022-03", "财务处") != token_of(b"", "2022-03", "财务处")
    assert not (ledger.parent / ".taizhang-key").exists()


def test_what_a_department_typed_where_it_was_issued_is_kept_aside(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger()
    issue(run, ledger)
    path = ledger.parent / "下发" / "2022-03" / "财务处.xlsx"
    type_into(path, {"整改任务": {(4, 8): "部门直接填在这里"}})
    typed = path.read_bytes()
    result = issue(run, ledger, "--again")
    assert (result.exit_code, "已改名留作 财务处_旧1.xlsx" in result.stderr) == (0, True)
    assert path.with_name("财务处_旧1.xlsx").read_bytes() == typed
    assert read_workbook(path).by_name["整改任务"].value(4, 8) != "部门直接填在这里"


def test_what_was_issued_and_not_touched_is_replaced_without_a_word(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger()
    issue(run, ledger)
    edit(ledger, "RW-001", "statement", "改了的任务")
    result = issue(run, ledger, "--again")
    assert (result.exit_code, "留作" in result.stderr) == (0, False)
    assert sorted(path.stem for path in (ledger.parent / "下发" / "2022-03").iterdir()) == ["党委办公室", "财务处"]


def test_a_ledger_that_was_copied_without_its_key_says_which_file_is_missing(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger()
    issue(run, ledger)
    returned, key = fill(ledger, {"RW-001": {"unchanged": "是"}}), ledger.parent / ".taizhang-key"
    kept = key.rename(ledger.parent / "别处")
    result = run("merge", returned, "-l", ledger, "-y")
    assert (result.exit_code, findings(result)) == (2, [("", "identity")])
    assert "台账旁边缺了 .taizhang-key（隐藏文件）" in result.stdout
    assert "没有运行：台账旁边缺了 .taizhang-key" in result.stderr
    assert not (ledger.parent / "回执").exists()
    vouched = run("merge", returned, "-l", ledger, "-y", "--as", "财务处", "-p", "2022-03")
    assert (vouched.exit_code, "缺了 .taizhang-key" in vouched.stderr) == (2, True)
    later = issue(run, ledger, period="2022-04")
    assert (later.exit_code, "确实找不回来的，请加 --again 下发" in later.stderr) == (2, True)
    assert not key.exists()
    kept.rename(key)
    assert run("merge", returned, "-l", ledger, "-y").exit_code == 0


def test_a_key_that_is_lost_for_good_is_made_anew_and_said(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger()
    issue(run, ledger)
    old = fill(ledger, {"RW-001": {"unchanged": "是"}}, name="旧的")
    (ledger.parent / ".taizhang-key").unlink()
    result = issue(run, ledger, "--again")
    assert (result.exit_code, "已生成新的" in result.stderr) == (0, True)
    assert findings(run("merge", old, "-l", ledger, "-y"))[0] == ("", "identity")
    assert run("merge", old, "-l", ledger, "-y", "--as", "财务处", "-p", "2022-03").exit_code == 0


def issued_sheet(ledger: Path, sheet: str = "整改任务") -> Any:
    return load((ledger.parent / "下发" / "2022-03" / "财务处.xlsx").read_bytes())[sheet]


@pytest.mark.parametrize(
    ("statuses", "lists", "free"),
    [
        (("推进中", "推进中"), ["F4:F5"], []),
        (("推进中", "长期坚持", "未启动"), ["F4", "F6"], ["F5"]),
        (("长期坚持", "长期坚持"), [], ["F4", "F5"]),
        (("推进中", " 长期坚持"), ["F4"], ["F5"]),
        (("推进", "推进中"), ["F4:F5"], []),
    ],
)
def test_no_list_forbids_what_the_office_has_put_there(
    make_ledger: Make, run: Run, statuses: tuple[str, ...], lists: list[str], free: list[str]
) -> None:
    ledger = make_ledger([{"status": status, "next_review": date(2022, 9, 30)} for status in statuses])
    issue(run, ledger)
    sheet = issued_sheet(ledger)
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation if str(rule.sqref)[0] == "F"}
    assert [place for place, rule in rules.items() if rule.formula1 == '"未启动,推进中,已完成"'] == lists
    assert [place for place, rule in rules.items() if "办公室确认的结论" in str(rule.prompt)] == free
    filled = {cell.coordinate for cell in sheet["F"][3:] if cell.fill.fgColor.rgb == "FFFFFBEA"}
    assert filled == {f"F{row}" for row in range(4, 4 + len(statuses))} - set(free)


def test_an_issued_sheet_prints_whatever_is_typed(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}])
    issue(run, ledger)
    for name in ("整改任务", "规章制度"):
        sheet = issued_sheet(ledger, name)
        assert (sheet.print_area, sheet.print_title_rows) == ("", "$3:$3")
    looks = {str(cell.value): issued_sheet(ledger).column_dimensions[cell.column_letter] for cell in sheet[3][1:2]}
    assert all(look.alignment.wrap_text for look in looks.values())


def _type_into_settings(ledger: Path, known: str, *values: str) -> None:
    """Type values into 参数, one below the other from the first cell on that holds a known one."""
    row, column = _cells_with(read_workbook(ledger).by_name["参数"], known)[0]
    type_into(ledger, {"参数": {(row + number, column): value for number, value in enumerate(values)}})


def _files(folder: Path) -> set[str]:
    """Return the files in a folder that are named after a period or a department."""
    return {
        each.relative_to(folder).as_posix()
        for each in folder.rglob("*")
        if each.is_file()
        and "台账" not in each.name
        and each.parent.name != "history"
        and not each.name.startswith(".")
    }


PERIODS = ("../../x", "a/b", "..", "2022-06.", "2022年6月?", "NUL", "-3", "半\u200b年", "C:\\x")


def test_no_period_leads_out_of_its_folder(make_ledger: Make, run: Run, tmp_path: Path) -> None:
    made = make_ledger([{}])
    ledger = tmp_path / "局" / "处" / "台账.xlsx"
    ledger.parent.mkdir(parents=True)
    made.rename(ledger)
    _type_into_settings(ledger, "2022-03", *PERIODS)
    for period in PERIODS:
        before, name = _files(tmp_path), as_file_name(period)
        assert issue(run, ledger, "-d", "财务处", period=period).exit_code == 0
        assert _files(tmp_path) - before == {
            f"局/处/下发/{name}/财务处.xlsx",
            f"局/处/history/issued/{name}/财务处.json",
            f"局/处/history/issued/{name}_应发部门.json",
        }
        base = load_base(ledger, period, "财务处")
        assert (base.department, base.period) == ("财务处", period) if base else False
    assert "已经下发给：财务处" in issue(run, ledger, "-d", "财务处", period="a/b").stderr
    back = ledger.parent / "报送" / "a／b" / "财务处.xlsx"
    back.parent.mkdir(parents=True)
    type_into(ledger.parent / "下发" / "a／b" / "财务处.xlsx", SAID, back)
    before = _files(tmp_path)
    assert run("merge", "-l", ledger, "--yes", "-p", "a/b").exit_code == 0
    assert _files(tmp_path) - before == {"局/处/回执/a／b/财务处_回执.xlsx", "局/处/回执/a／b/回收情况.xlsx"}


def test_a_period_is_read_back_from_its_folder(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}])
    _type_into_settings(ledger, "2022-03", "2022/03")
    issue(run, ledger, period="2022/03")
    assert issued_periods(read_ledger(ledger, standard_forms())) == ["2022/03"]
    _type_into_settings(ledger, "2022/03", "2022年3月")
    assert issued_periods(read_ledger(ledger, standard_forms())) == ["2022/03"]


@pytest.mark.parametrize(
    ("one", "other"), [("科研处/一室", "科研处／一室"), ("A科", "a科"), ("Ａ科", "A科"), ("业务处", "业务\u200b处")]
)
def test_of_departments_that_would_share_a_file_none_is_issued_anything(
    make_ledger: Make, run: Run, one: str, other: str
) -> None:
    ledger = make_ledger([{"department": "党委办公室"}])
    _type_into_settings(ledger, "财务处", one, other)
    result = issue(run, ledger)
    assert (result.exit_code, [check for _, check in findings(result)]) == (1, ["name-clash", "name-clash"])
    assert f"{one}、{other} 没有下发" in result.stderr.replace("□", "\u200b")
    assert _files(ledger.parent) == {
        "下发/2022-03/党委办公室.xlsx",
        "history/issued/2022-03/党委办公室.json",
        "history/issued/2022-03_应发部门.json",
    }


def test_files_of_departments_that_share_a_file_wait(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{"department": "财务处"}])
    _type_into_settings(ledger, "财务处", "A科")
    _rename(ledger, "财务处", "A科")
    issue(run, ledger)
    back = ledger.parent / "报送" / "A科.xlsx"
    back.parent.mkdir()
    type_into(ledger.parent / "下发" / "2022-03" / "A科.xlsx", SAID, back)
    _type_into_settings(ledger, "A科", "A科", "a科")
    before = _files(ledger.parent)
    result = run("merge", "-l", ledger, "--yes")
    assert (
        result.exit_code,
        "A科.xlsx: name-clash: A科和别的部门、党支部会用同一个文件，没有汇总" in result.stdout,
    ) == (
        1,
        True,
    )
    assert not [name for name in _files(ledger.parent) - before if "A科" in name]
    _type_into_settings(ledger, "a科", "审计科")
    assert run("merge", "-l", ledger, "--yes").exit_code == 0


def test_a_period_that_would_share_a_folder_is_refused(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}])
    _type_into_settings(ledger, "2022-03", "2022Q1")
    issue(run, ledger, period="2022Q1")
    _type_into_settings(ledger, "2022Q1", "2022q1")
    result = issue(run, ledger, period="2022q1")
    assert (result.exit_code, "期次 2022q1 和 2022Q1 会用同一个文件夹" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "more", "named"),
    [
        (("validate",), 50, "/history/"),
        (("draft", "方案.txt", "-l", "新/台账.xlsx"), 45, "/新/history/"),
        (("issue", "-p", "2022-03", "--as-of", "2022-03-10"), 75, f"/{'某' * 40}处.json（"),
        (("report", "--as-of", "2022-03-31", "--current", "-o", f"{'报' * 60}.xlsx"), 70, f"{'报' * 60}.xlsx（"),
        (("remind", "--as-of", "2022-10-10", "-y", "-o", f"{'督' * 60}.xlsx"), 70, f"{'督' * 60}.xlsx（"),
    ],
)
def test_a_path_that_windows_cannot_hold_is_said_before_anything_is_written(
    make_ledger: Make, run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], more: int, named: str
) -> None:
    ledger = make_ledger([{}])
    _type_into_settings(ledger, "财务处", f"{'某' * 40}处")
    _rename(ledger, "财务处", f"{'某' * 40}处")
    (ledger.parent / "方案.txt").write_text("一、存在的问题\n1.学习不深入。\n", encoding="utf-8")
    monkeypatch.chdir(ledger.parent)
    monkeypatch.setattr("taizhang.system.file_names._limit", lambda: len(str(ledger.parent)) + more)
    before = _files(ledger.parent)
    result = run(*arguments)
    assert (result.exit_code, result.stderr.startswith("没有运行：文件的完整路径太长")) == (2, True), result.output
    assert named in result.stderr
    assert _files(ledger.parent) == before


def test_a_receipt_whose_path_is_too_long_stops_the_merge_before_it_writes(
    make_ledger: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = make_ledger([{}])
    issue(run, ledger)
    back = fill(ledger, {"RW-001": {"progress": 0.6}})
    before = ledger.read_bytes()
    receipt = ledger.parent / "回执" / "2022-03" / "财务处_请修改.xlsx"
    monkeypatch.setattr("taizhang.system.file_names._limit", lambda: len(str(receipt)) + 13)
    monkeypatch.setattr("taizhang.transactions.opening.history_folder", lambda path: Path("/h"))
    result = run("merge", "-l", ledger, "--yes", back)
    assert (result.exit_code, "文件的完整路径太长" in result.stderr) == (2, True)
    assert (ledger.read_bytes(), receipt.parent.exists()) == (before, False)


def test_the_base_of_a_department_that_left_is_not_written_over(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}])
    _type_into_settings(ledger, "财务处", "NUL")
    _rename(ledger, "财务处", "NUL")
    issue(run, ledger)
    base = ledger.parent / "history" / "issued" / "2022-03" / "NUL_.json"
    kept = base.read_bytes()
    _rename(ledger, "NUL", "NUL_")
    result = issue(run, ledger, "-d", "NUL_")
    assert (result.exit_code, "NUL_ 会盖掉它，没有下发" in result.stderr) == (2, True)
    assert base.read_bytes() == kept


def test_a_base_that_was_kept_with_invisible_characters_in_its_name_stays_the_only_one(
    make_ledger: Make, run: Run
) -> None:
    ledger, department = make_ledger([{}]), "业务\u200b处"
    _rename(ledger, "财务处", department)
    issue(run, ledger)
    base = ledger.parent / "history" / "issued" / "2022-03" / "业务处.json"
    base = base.rename(base.with_name(f"{department}.json"))
    back = ledger.parent / "报送" / "业务处.xlsx"
    back.parent.mkdir()
    type_into(ledger.parent / "下发" / "2022-03" / "业务处.xlsx", SAID, back)
    before = base.read_bytes()
    assert run("merge", "-l", ledger, "--yes").exit_code == 0
    assert sorted(path.name for path in base.parent.iterdir()) == ["业务\u200b处.json", "党委办公室.json"]
    assert base.read_bytes() != before


def test_the_list_counts_as_many_bases_as_there_are_forms(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{"department": "财务处"}, {"department": "党委办公室"}])
    assert "共 2 份" in issue(run, ledger).stderr
    assert run("history", "list", "-l", ledger).stdout.splitlines()[-1].endswith("　下发　留底 2 份")
    assert run("history", "show", "3", "-l", ledger).stdout.splitlines() == [
        "记下了 2 份留底：2022-03/党委办公室.json、2022-03/财务处.json。"
    ]


def test_a_period_that_stands_in_two_rows_is_refused(make_ledger: Make, run: Run) -> None:
    """Each row has days of its own: nobody can tell which are meant."""
    ledger = make_ledger([{}])
    _type_into_settings(ledger, "2022-04", "2022-03")
    result = issue(run, ledger)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "“期次”里有 2 行都写的 2022-03，分不清是哪一行的日期。请删去多余的" in result.stderr
    assert not (ledger.parent / "下发").exists()
    assert issue(run, ledger, period="2022-05").exit_code == 0
