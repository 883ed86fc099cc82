"""The history: hand edits recorded, any day's ledger, undo cell by cell, a tamper-evident record."""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from support.ledgers import load, small_ledger
from support.packages import chained, strictly
from support.returned import edit
from support.returned_files import encrypted
from support.thorough import few_or_all
from taizhang.forms.load import standard_forms
from taizhang.history.change_sheet import command_words
from taizhang.history.days import ledger_as_of
from taizhang.history.diff import differences, replay
from taizhang.history.entries import WITHHELD, Change, Verb
from taizhang.history.grid import FORMULA, Grid, grid_of
from taizhang.history.hand_edits import record
from taizhang.history.journal import read_entries
from taizhang.history.states import find_state
from taizhang.history.undo import plan_undo
from taizhang.history.verify import verify_history
from taizhang.history.write import write_changes
from taizhang.ledger.model import read_ledger
from taizhang.splice import AppendRow, Edit, Refused, SetCell
from taizhang.system.files import StoreError, command_on, history_folder

pytestmark = pytest.mark.slow

FORMS = standard_forms()
NOW = datetime(2022, 3, 31, 9, 30)
TASKS = [{"progress": 20, "update": "甲"}, {"progress": 40, "update": "乙"}, {"progress": 60, "update": "丙"}]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = small_ledger(tmp_path / "整改台账.xlsx", TASKS)
    record(path, FORMS, NOW)
    return path


def by_hand(path: Path, change: Callable[[openpyxl.Workbook], Any], when: datetime | None = None) -> None:
    """Edit the ledger as a person does: open, change, save; the file then carries that time."""
    book = load(path.read_bytes())
    change(book)
    book.save(path)
    if when:
        os.utime(path, (when.timestamp(), when.timestamp()))


def column_of(path: Path, key: str, register: str = "tasks") -> int:
    return read_ledger(path, FORMS).registers[register].columns[key]


def write(path: Path, edits: list[Edit], command: str = "merge", now: datetime = NOW) -> str:
    return write_changes(path, hashlib.sha256(path.read_bytes()).hexdigest(), edits, [], command=command, now=now)


def cell(path: Path, row: int, key: str, value: Any) -> SetCell:
    """An edit of the row-th task (1-based)."""
    return SetCell("整改任务", row + 3, column_of(path, key), value)


def state(path: Path) -> Grid:
    return grid_of(read_ledger(path, FORMS), FORMS)


def last_changes(path: Path) -> list[tuple[str, str, str, Any, Any]]:
    entries = read_entries(history_folder(path))
    return [(c.register, c.code, c.column, c.old, c.new) for c in entries[max(entries)].changes]


def test_the_first_command_registers_the_ledger(ledger: Path) -> None:
    entries = read_entries(history_folder(ledger))
    assert [(n, e.command, e.before, e.after, e.changes) for n, e in entries.items()] == [
        (1, Verb.FIRST, "", hashlib.sha256(ledger.read_bytes()).hexdigest(), ())
    ]
    assert record(ledger, FORMS, NOW) is None


def test_cells_edited_by_hand_are_recorded_with_their_place_and_values(ledger: Path) -> None:
    progress, deadline = column_of(ledger, "progress"), column_of(ledger, "deadline")

    def edit(book: openpyxl.Workbook) -> None:
        book["整改任务"].cell(4, progress, 0.5)
        book["整改任务"].cell(5, deadline, date(2022, 11, 30))
        book["整改任务"].cell(6, progress).value = None
        book["参数"]["A1"] = "参数表"

    by_hand(ledger, edit)
    found = record(ledger, FORMS, NOW)
    assert found and (found.command, found.message) == (
        Verb.HAND,
        f"台账有 4 处手工修改，已记下（taizhang history show 2 -l {ledger}）。",
    )
    assert last_changes(ledger) == [
        ("参数", "1", "A", "参数", "参数表"),
        ("tasks", "RW-001", "progress", 0.2, 0.5),
        ("tasks", "RW-002", "deadline", date(2022, 12, 31), date(2022, 11, 30)),
        ("tasks", "RW-003", "progress", 0.6, None),
    ]


def test_a_row_removed_by_hand_is_reported_and_never_comes_back(ledger: Path) -> None:
    by_hand(ledger, lambda book: book["整改任务"].delete_rows(5))
    found = record(ledger, FORMS, NOW)
    assert found and found.message.endswith("其中手工删去了 RW-002，程序不会自动补回来。")
    assert ("tasks", "RW-002", "code", "RW-002", None) in last_changes(ledger)
    write(ledger, [cell(ledger, 1, "progress", 0.3)])
    assert list(state(ledger).cells["tasks"]) == ["RW-001", "RW-003"]


def test_a_row_added_by_hand_is_recorded(ledger: Path) -> None:
    def add(book: openpyxl.Workbook) -> None:
        book["整改任务"]["A7"], book["整改任务"]["C7"] = "RW-009", "临时任务"

    by_hand(ledger, add)
    record(ledger, FORMS, NOW)
    assert last_changes(ledger) == [
        ("tasks", "RW-009", "code", None, "RW-009"),
        ("tasks", "RW-009", "statement", None, "临时任务"),
    ]


def test_a_changed_code_is_one_change_not_a_row_lost_and_one_found(ledger: Path) -> None:
    by_hand(ledger, lambda book: book["整改任务"].__setitem__("A5", "RW-020"))
    record(ledger, FORMS, NOW)
    assert last_changes(ledger) == [("tasks", "RW-002", "code", "RW-002", "RW-020")]


def test_sorting_rows_and_moving_columns_is_no_change(ledger: Path, run: Callable[..., Result]) -> None:
    def reorder(book: openpyxl.Workbook) -> None:
        sheet: Any = book["整改任务"]
        rows = [[c.value for c in row] for row in sheet.iter_rows(3, 6)]
        moved = [rows[0], *reversed(rows[1:])]
        for number, values in enumerate(moved, 3):
            for column, value in enumerate([values[1], values[0], *values[2:]], 1):
                sheet.cell(number, column).value = value

    by_hand(ledger, reorder)
    found = record(ledger, FORMS, NOW)
    assert found and (found.changes, found.message) == ((), "")
    assert run("history", "show", 2, "-l", ledger).stdout == (
        "〈整改任务〉的行换了顺序，内容没有变。\n〈整改任务〉的列换了位置，内容没有变。\n"
    )


def test_peoples_own_columns_and_sheets_are_recorded_too(ledger: Path) -> None:
    width = len(FORMS["tasks"].columns) + 1

    def add(book: openpyxl.Workbook) -> None:
        book["整改任务"].cell(3, width, "我的备注")
        book["整改任务"].cell(5, width, "盯紧")
        book.create_sheet("我的表")["B2"] = 3

    by_hand(ledger, add)
    record(ledger, FORMS, NOW)
    assert last_changes(ledger) == [
        ("tasks", "RW-002", "我的备注", None, "盯紧"),
        ("整改任务表头", "表头", "我的备注", None, "我的备注"),
        ("我的表", "2", "B", None, 3),
    ]


def test_a_formula_counts_by_being_there_not_by_its_result(ledger: Path) -> None:
    progress = column_of(ledger, "progress")
    by_hand(ledger, lambda book: book["整改任务"].cell(4, progress, "=1/4"))
    record(ledger, FORMS, NOW)
    assert last_changes(ledger) == [("tasks", "RW-001", "progress", 0.2, FORMULA)]


def test_formulas_without_results_are_neither_gone_nor_new(ledger: Path) -> None:
    width = len(FORMS["tasks"].columns) + 1

    def add(book: openpyxl.Workbook) -> None:
        book.create_sheet("统计")["B3"] = "=COUNTA(整改任务!C:C)"  # the last row and column of its sheet
        book["整改任务"].cell(3, width, "算")
        book["整改任务"].cell(9, width, "=1+1")

    by_hand(ledger, add)  # openpyxl keeps no results
    record(ledger, FORMS, NOW)
    assert last_changes(ledger) == [
        ("tasks", "（无编号）", "算", None, FORMULA),
        ("整改任务表头", "表头", "算", None, "算"),
        ("统计", "3", "B", None, FORMULA),
    ]
    with_results(ledger)
    found = record(ledger, FORMS, NOW)
    assert found and found.changes == ()


def with_results(path: Path) -> None:
    """Give every formula of a ledger a saved result, as Excel does."""
    with zipfile.ZipFile(path) as package:
        members = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for name, data in members.items():
            package.writestr(name, re.sub(rb"</f><v\s*(/>|></v>)", b"</f><v>7</v>", data))
    book = load(path.read_bytes(), values=True)
    assert book["统计"]["B3"].value == 7


def test_personal_data_is_not_written_into_the_journal(ledger: Path) -> None:
    number = "13800138000"
    by_hand(ledger, lambda book: book["整改任务"].cell(4, column_of(ledger, "update"), f"请电 {number}"))
    record(ledger, FORMS, NOW)
    assert last_changes(ledger) == [("tasks", "RW-001", "update", "甲", WITHHELD)]
    assert number.encode() not in (history_folder(ledger) / "journal.jsonl").read_bytes()
    write(ledger, [cell(ledger, 2, "update", "新")])
    rows = [row for row in load(ledger.read_bytes())["变更记录"].iter_rows(4, values_only=True) if row[0]]
    assert [(row[5], row[6], row[7], row[9]) for row in rows] == [
        ("整改任务", "RW-001", "本期进展", WITHHELD),
        ("整改任务", "RW-002", "本期进展", "新"),
    ]


def test_the_ledger_of_any_day_is_what_the_file_was_then(ledger: Path) -> None:
    first = ledger.read_bytes()
    write(ledger, [cell(ledger, 1, "progress", 0.3)], now=datetime(2022, 4, 10, 10))
    second = ledger.read_bytes()
    by_hand(ledger, lambda book: book["整改任务"].cell(5, 3, "手工"), datetime(2022, 4, 20, 8))
    third = ledger.read_bytes()
    record(ledger, FORMS, datetime(2022, 5, 5))
    write(ledger, [cell(ledger, 1, "progress", 0.9)], now=datetime(2022, 5, 6))
    fourth = ledger.read_bytes()

    def on(month: int, day: int) -> bytes | None:
        found = ledger_as_of(ledger, FORMS, date(2022, month, day))
        return found.book.data if found else None

    start = datetime.fromisoformat(read_entries(history_folder(ledger))[1].time).date()
    assert start <= NOW.date()
    assert on(3, 31) == on(4, 9) == first
    assert on(4, 10) == on(4, 19) == second
    assert on(4, 20) == on(5, 5) == third
    assert on(5, 6) == on(12, 31) == fourth
    assert ledger_as_of(ledger, FORMS, start - timedelta(days=1)) is None


def test_a_state_missing_from_history_is_said(ledger: Path) -> None:
    (state_file,) = history_folder(ledger).glob("*.xlsx")
    state_file.unlink()
    with pytest.raises(StoreError, match="备份"):
        ledger_as_of(ledger, FORMS, date(2022, 12, 31))
    by_hand(ledger, lambda book: book["整改任务"].cell(5, 3, "手工"))
    found = record(ledger, FORMS, NOW)
    assert found and (found.changes, "缺第 1 次" in found.message) == ((), True)


def test_a_file_put_back_by_hand_is_recorded_as_such(ledger: Path) -> None:
    first = ledger.read_bytes()
    write(ledger, [cell(ledger, 1, "progress", 0.3)])
    ledger.write_bytes(first)
    found = record(ledger, FORMS, NOW)
    assert found and (found.command, "换回了旧文件" in found.message) == (Verb.RESTORED, True)
    assert last_changes(ledger) == [("tasks", "RW-001", "progress", 0.3, 0.2)]
    assert verify_history(ledger, FORMS) == []


def test_undo_puts_cells_back_and_leaves_those_edited_since(ledger: Path) -> None:
    write(ledger, [cell(ledger, 1, "progress", 0.3), cell(ledger, 2, "progress", 0.5), cell(ledger, 3, "update", None)])
    by_hand(ledger, lambda book: book["整改任务"].cell(5, column_of(ledger, "progress"), 0.55))
    record(ledger, FORMS, NOW)
    entry = read_entries(history_folder(ledger))[2]
    plan = plan_undo(read_ledger(ledger, FORMS), ledger, FORMS, entry)
    assert [(c.code, c.column, c.new, c.old) for c in plan.changes] == [
        ("RW-001", "progress", 0.3, 0.2),
        ("RW-003", "update", None, "丙"),
    ]
    assert [(each.change.code, each.reason) for each in plan.left] == [("RW-002", "之后又被改过")]
    write(ledger, list(plan.edits), "undo 2")
    cells = state(ledger).cells["tasks"]
    assert [cells[code].get("progress") for code in cells] == [0.2, 0.55, 0.6]
    assert cells["RW-003"]["update"] == "丙"


def new_row(path: Path, code: str) -> AppendRow:
    register = read_ledger(path, FORMS).registers["tasks"]
    cells = {register.columns[key]: value for key, value in {"code": code, "statement": "补充任务"}.items()}
    return AppendRow("整改任务", register.last_row, cells)


def undo(path: Path, number: int) -> list[str]:
    """Undo an entry; return why cells were left."""
    plan = plan_undo(read_ledger(path, FORMS), path, FORMS, read_entries(history_folder(path))[number])
    if plan.edits:
        write(path, list(plan.edits), f"undo {number}")
    return [each.reason for each in plan.left]


def test_undo_takes_an_added_row_away_and_undo_of_undo_brings_it_back(ledger: Path) -> None:
    before = state(ledger).cells
    write(ledger, [new_row(ledger, "RW-004")])
    after = state(ledger).cells
    assert undo(ledger, 2) == []
    assert state(ledger).cells == before
    assert undo(ledger, 3) == []
    assert state(ledger).cells == after
    assert state(ledger).blocks["tasks"].rows["RW-004"] == 7
    assert undo(ledger, 4) == []
    assert state(ledger).cells == before


def test_undo_leaves_an_added_row_that_was_worked_on(ledger: Path) -> None:
    write(ledger, [new_row(ledger, "RW-004")])
    write(ledger, [SetCell("整改任务", 7, column_of(ledger, "update"), "有进展")])
    assert set(undo(ledger, 2)) == {"这一行之后又被改过，整行保留"}
    assert state(ledger).cells["tasks"]["RW-004"]["statement"] == "补充任务"


def test_undo_brings_a_row_deleted_by_hand_back_once(ledger: Path) -> None:
    before = state(ledger).cells
    by_hand(ledger, lambda book: book["整改任务"].delete_rows(5))
    record(ledger, FORMS, NOW)
    assert undo(ledger, 2) == []
    assert state(ledger).cells["tasks"] == before["tasks"]
    assert set(undo(ledger, 2)) == {"这个编号的行又有了，没有重复补回"}


def test_undo_of_a_code_changed_by_hand(ledger: Path) -> None:
    before = state(ledger).cells
    by_hand(ledger, lambda book: book["整改任务"].__setitem__("A5", "RW-020"))
    record(ledger, FORMS, NOW)
    assert undo(ledger, 2) == []
    assert state(ledger).cells == before


def test_undo_takes_a_formula_typed_by_hand_away_but_cannot_bring_one_back(ledger: Path) -> None:
    progress = column_of(ledger, "progress")
    by_hand(ledger, lambda book: book["整改任务"].cell(4, progress, "=1/4"))
    record(ledger, FORMS, NOW)
    assert undo(ledger, 2) == []
    assert state(ledger).value("tasks", "RW-001", "progress") == 0.2
    assert undo(ledger, 3) == ["原来是公式，请打开 history 里那一份照着恢复"]


def test_undo_restores_what_the_journal_does_not_hold(ledger: Path) -> None:
    secret = "请电 13800138000"
    by_hand(ledger, lambda book: book["整改任务"].cell(4, column_of(ledger, "update"), secret))
    record(ledger, FORMS, NOW)
    write(ledger, [cell(ledger, 1, "update", "已改")])
    assert undo(ledger, 3) == []
    assert state(ledger).value("tasks", "RW-001", "update") == secret
    assert b"13800138000" not in (history_folder(ledger) / "journal.jsonl").read_bytes()


def shown(path: Path) -> list[tuple[Any, ...]]:
    return [row for row in load(path.read_bytes())["变更记录"].iter_rows(4, values_only=True) if row[0] is not None]


def test_the_change_sheet_is_made_where_missing_and_says_every_step(ledger: Path) -> None:
    assert "变更记录" not in load(ledger.read_bytes()).sheetnames
    by_hand(ledger, lambda book: book["整改任务"].cell(5, 3, "手工"))
    record(ledger, FORMS, NOW)
    edits = [cell(ledger, 1, "progress", 0.3)]
    told = [Change("tasks", "RW-001", "progress", "", "", "财务处.xlsx", "")]
    write_changes(
        ledger, hashlib.sha256(ledger.read_bytes()).hexdigest(), edits, told, command="merge --as 财务处", now=NOW
    )
    rows = shown(ledger)
    assert [(row[0], row[3], row[4], row[5], row[6], row[7], row[8], row[9]) for row in rows] == [
        (2, "手工修改", None, "整改任务", "RW-002", "整改任务", "任务2", "手工"),
        (3, "汇总 --as 财务处", "财务处.xlsx", "整改任务", "RW-001", "进度", "20%", "30%"),
    ]
    write(ledger, [cell(ledger, 1, "progress", 0.4)])
    assert [row[0] for row in shown(ledger)] == [2, 3, 4]


def test_a_change_sheet_whose_heads_are_gone_stops_nothing(ledger: Path) -> None:
    write(ledger, [cell(ledger, 1, "progress", 0.3)])
    by_hand(ledger, lambda book: book["变更记录"].delete_rows(1, 3))
    record(ledger, FORMS, NOW)
    write(ledger, [cell(ledger, 1, "progress", 0.4)])
    assert state(ledger).value("tasks", "RW-001", "progress") == 0.4


def test_the_change_sheet_is_rolled_over_when_a_year_begins(ledger: Path) -> None:
    for month in (3, 4):
        write(ledger, [cell(ledger, 1, "progress", month / 10)], now=datetime(2022, month, 1))
    old = shown(ledger)
    told = write(ledger, [cell(ledger, 2, "progress", 0.9)], now=datetime(2023, 1, 5))
    assert [(row[0], row[1]) for row in shown(ledger)] == [(4, "2023-01-05 00:00:00")]
    assert told == (
        "〈变更记录〉里 2022 年的 2 行已转存到 history/变更记录_2022.xlsx，表里从头记起；自己涂的颜色没有转存。"
        f"往年留存的台账可以归档：taizhang history archive -l {ledger}。"
    )
    rolled = load((history_folder(ledger) / "变更记录_2022.xlsx").read_bytes())["变更记录"]
    assert list(rolled.iter_rows(4, values_only=True)) == old
    write(ledger, [cell(ledger, 2, "progress", 0.8)], now=datetime(2023, 2, 5))
    assert [row[0] for row in shown(ledger)] == [4, 5]
    assert verify_history(ledger, FORMS) == []


def test_verify_finds_a_state_altered_lost_or_unknown(ledger: Path) -> None:
    write(ledger, [cell(ledger, 1, "progress", 0.3)])
    assert verify_history(ledger, FORMS) == []
    folder = history_folder(ledger)
    digest = read_entries(folder)[1].after
    path = next(folder.glob(f"*_{digest[:12]}.xlsx"))
    data = path.read_bytes()
    path.write_bytes(data + b" ")
    assert [problem[:8] for problem in verify_history(ledger, FORMS)] == ["第 1 次之后的"]
    path.write_bytes(data)
    stranger = folder / "20220101-000000_0123456789ab.xlsx"
    stranger.write_bytes(b"x")
    assert [problem.split()[0] for problem in verify_history(ledger, FORMS)] == [stranger.name]


def test_a_result_that_fails_its_proof_is_kept_for_inspection(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ledger.read_bytes()

    def fail(*_: object) -> None:
        raise Refused("read-back", "写入后〈整改任务〉A4 意外变化，已放弃写入，台账没有变。")

    monkeypatch.setattr("taizhang.history.write.check_patch", fail)
    with pytest.raises(Refused, match=r"history/未采用_20220331-093000.xlsx"):
        write(ledger, [cell(ledger, 1, "progress", 0.3)])
    assert ledger.read_bytes() == before
    assert load((history_folder(ledger) / "未采用_20220331-093000.xlsx").read_bytes())["整改任务"] is not None
    assert len(read_entries(history_folder(ledger))) == 1


def test_history_commands(ledger: Path, run: Callable[..., Result]) -> None:
    write(ledger, [cell(ledger, 1, "progress", 0.3), cell(ledger, 1, "note", "x")])
    at = ("-l", ledger)
    user = read_entries(history_folder(ledger))[1].user
    listed = run("history", "list", *at)
    times = [entry.time.replace("T", " ") for entry in read_entries(history_folder(ledger)).values()]
    assert listed.stdout == (
        f"1　{times[0]}　{user}　登记　第一次登记\n2　2022-03-31 09:30:00　{user}　汇总　改 2 处\n"
    )
    result = run("history", "show", 2, *at)
    assert (result.exit_code, result.stdout) == (
        0,
        "整改任务 RW-001 进度：20% → 30%\n整改任务 RW-001 备注：（空） → x\n",
    )
    planned = run("history", "undo", 2, "-n", *at)
    assert (planned.exit_code, planned.stdout) == (
        0,
        "改回　整改任务 RW-001 进度：30% → 20%\n改回　整改任务 RW-001 备注：x → （空）\n",
    )
    assert state(ledger).value("tasks", "RW-001", "progress") == 0.3
    assert run("history", "undo", 2, "-y", *at).exit_code == 0
    assert state(ledger).value("tasks", "RW-001", "progress") == 0.2
    assert run("history", "verify", *at).exit_code == 0
    again = run("history", "undo", 2, "-y", *at)
    assert (again.exit_code, again.stderr) == (0, "没有可以改回的。\n")


def test_history_gives_the_ledger_of_a_day(ledger: Path, run: Callable[..., Result], tmp_path: Path) -> None:
    first = ledger.read_bytes()
    write(ledger, [cell(ledger, 1, "progress", 0.3)], now=datetime(2022, 4, 2))
    target = tmp_path / "三月底.xlsx"
    assert run("history", "show", "--as-of", "2022-04-01", "-o", target, "-l", ledger).exit_code == 0
    assert target.read_bytes() == first
    assert run("history", "show", "--as-of", "2022-04-01", "-o", target, "-l", ledger).exit_code == 2
    assert run("history", "show", "--as-of", "2001-01-01", "-l", ledger).exit_code == 2
    for wrong in ((), (99,), (1, "--as-of", "2022-04-01")):
        result = run("history", "show", *wrong, "-l", ledger)
        assert (result.exit_code, result.stderr.startswith("没有运行：")) == (2, True)


def test_undo_refuses_what_cannot_be_undone(ledger: Path, run: Callable[..., Result]) -> None:
    assert run("history", "undo", 1, "-y", "-l", ledger).stderr == "没有运行：这是第一次登记台账，没有可以撤销的。\n"
    write(ledger, [cell(ledger, 1, "progress", 0.3)])
    for path in history_folder(ledger).glob("*.xlsx"):
        path.unlink()
    result = run("history", "undo", 2, "-y", "-l", ledger)
    assert (result.exit_code, "备份" in result.stderr) == (2, True)


def test_verify_says_where_the_chain_breaks(ledger: Path, run: Callable[..., Result]) -> None:
    write(ledger, [cell(ledger, 1, "progress", 0.3)])
    journal = history_folder(ledger) / "journal.jsonl"
    journal.write_bytes(b"{}\n" + journal.read_bytes())
    broken = run("history", "verify", "-l", ledger)
    assert (broken.exit_code, "第 1 行" in broken.stdout) == (1, True)


def test_every_command_records_hand_edits_but_a_dry_run_writes_nothing(
    ledger: Path, run: Callable[..., Result]
) -> None:
    by_hand(ledger, lambda book: book["整改任务"].cell(5, 3, "手工"))
    (ledger.parent / "报送").mkdir()
    run("merge", "-n", "-l", ledger)
    assert len(read_entries(history_folder(ledger))) == 1
    result = run("validate", "-l", ledger)
    assert "台账有 1 处手工修改" in result.stderr
    assert len(read_entries(history_folder(ledger))) == 2
    assert "手工修改" not in run("validate", "-l", ledger).stderr


def test_forms_enable_adds_a_register_and_touches_nothing_else(ledger: Path, run: Callable[..., Result]) -> None:
    optional = FORMS["branches"]
    by_hand(ledger, lambda book: book.remove(book[optional.sheet]))
    before = load(ledger.read_bytes())
    assert run("forms", "enable", optional.sheet, "-n", "-l", ledger).exit_code == 0
    assert optional.name not in read_ledger(ledger, FORMS).registers
    assert run("forms", "enable", optional.sheet, "-y", "-l", ledger).exit_code == 0
    assert load(ledger.read_bytes()).sheetnames == [*before.sheetnames, optional.sheet, "变更记录"]
    assert optional.name in read_ledger(ledger, FORMS).registers
    assert (
        run("forms", "enable", optional.name, "-y", "-l", ledger).stderr
        == f"台账里已经有〈{optional.sheet}〉，没有动。\n"
    )


def test_several_registers_are_added_in_one_write(ledger: Path, run: Callable[..., Result]) -> None:
    before = [sheet.name for sheet in read_ledger(ledger, FORMS).book.sheets]
    there = before[-1]
    many = ("forms", "enable", "谈心谈话", there, "满意度", "谈心谈话", "-l", ledger)
    planned = run(*many, "-n")
    assert (planned.exit_code, planned.stdout) == (0, "")
    assert f"台账里已经有〈{there}〉，没有动。" in planned.stderr
    assert f"会在 {ledger.name} 最后加 2 张〈谈心谈话〉、〈满意度〉。" in planned.stderr
    entries = len(read_entries(history_folder(ledger)))
    assert run(*many, "-y").exit_code == 0
    names = [sheet.name for sheet in read_ledger(ledger, FORMS).book.sheets]
    assert names == [*before, "谈心谈话", "满意度", "变更记录"]
    added = [*read_entries(history_folder(ledger)).values()][entries:]
    assert [entry.command for entry in added if entry.command.startswith("forms")] == ["forms enable 谈心谈话 满意度"]
    assert (
        "已经有〈谈心谈话〉、〈满意度〉，没有动。" in run("forms", "enable", "谈心谈话", "满意度", "-l", ledger).stderr
    )
    refused = run("forms", "enable", "组织生活", "没有的表", "-y", "-l", ledger)
    assert (refused.exit_code, "没有“没有的表”这张登记表" in refused.stderr) == (2, True)
    assert [sheet.name for sheet in read_ledger(ledger, FORMS).book.sheets] == names


@pytest.mark.parametrize("saved", [chained, strictly], ids=["with a formula, by Excel", "as Strict Open XML, by Excel"])
def test_sheets_are_added_to_a_ledger_that_excel_saved(
    ledger: Path, run: Callable[..., Result], saved: Callable[[bytes], bytes]
) -> None:
    optional = FORMS["branches"]
    by_hand(ledger, lambda book: (book.remove(book[optional.sheet]), book.create_sheet("我的表").append(["=1+1"])))
    ledger.write_bytes(saved(ledger.read_bytes()))
    before = read_ledger(ledger, FORMS)
    result = run("forms", "enable", optional.sheet, "-y", "-l", ledger)
    assert result.exit_code == 0, result.stderr
    names = [sheet.name for sheet in before.book.sheets]
    assert [sheet.name for sheet in read_ledger(ledger, FORMS).book.sheets] == [*names, optional.sheet, "变更记录"]
    assert run("history", "verify", "-l", ledger).exit_code == 0


EXAMPLES = int(os.environ.get("TAIZHANG_EXAMPLES", few_or_all(3, 40)))

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["merge", "hand", "undo", "row", "delete", "code", "code and cell", "head"]),
        st.integers(0, 5),
        st.sampled_from(["progress", "update", "note"]),
        st.sampled_from([None, 0.1, 0.7, "甲", "+1 不是公式", "2022-03-01", date(2022, 5, 1)]),
    ),
    min_size=1,
    max_size=6,
)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(STEPS)
def test_any_steps_replay_to_the_ledger_and_undoing_all_gives_the_first_cells(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, str, Any]]
) -> None:
    path = small_ledger(tmp_path_factory.mktemp("steps") / "整改台账.xlsx", TASKS)
    record(path, FORMS, NOW)
    first, columns = state(path).cells, read_ledger(path, FORMS).registers["tasks"].columns
    for kind, number, key, value in steps:
        register = read_ledger(path, FORMS).registers["tasks"]
        rows = [each.row for each in register.records]
        row = rows[number % len(rows)] if rows else 4
        column = columns[key]
        if kind == "merge":
            write(path, [SetCell("整改任务", row, column, value)])
        elif kind == "row":
            write(path, [new_row(path, f"RW-{100 + len(read_entries(history_folder(path)))}")])
        elif kind == "undo":
            known = sorted(read_entries(history_folder(path)))[1:]
            if known:
                undo(path, known[number % len(known)])
        elif kind == "hand":
            by_hand(path, lambda book, r=row, c=column, v=value: setattr(book["整改任务"].cell(r, c), "value", v))
        elif kind == "delete":
            by_hand(path, lambda book, r=row: book["整改任务"].delete_rows(r))
        elif kind == "head":
            head = f"改名{len(read_entries(history_folder(path)))}"
            by_hand(path, lambda book, c=column, h=head: book["整改任务"].cell(3, c, h))
        else:
            cells = {1: f"RW-{200 + number}", **({column: value} if kind == "code and cell" else {})}
            by_hand(path, lambda book, r=row, new=cells: [book["整改任务"].cell(r, c, v) for c, v in new.items()])
        record(path, FORMS, NOW)
    assert verify_history(path, FORMS) == []
    for number in sorted(read_entries(history_folder(path)), reverse=True)[:-1]:
        undo(path, number)
    assert {name: dict(rows) for name, rows in state(path).cells.items()} == first
    assert verify_history(path, FORMS) == []


@given(STEPS)
@settings(max_examples=50)
def test_replaying_differences_gives_the_other_state(steps: list[tuple[str, int, str, Any]]) -> None:
    old = Grid({"tasks": {f"RW-{n}": {"code": f"RW-{n}", "note": n, "update": "甲"} for n in range(4)}})
    new = Grid({"tasks": {row: dict(cells) for row, cells in old.cells["tasks"].items()}})
    rows = new.cells["tasks"]
    for kind, number, key, value in steps:
        row = f"RW-{number}"
        if kind == "delete":
            rows.pop(row, None)
        elif kind == "code" and row in rows:
            rows[f"RW-{number + 10}"] = rows.pop(row) | {"code": f"RW-{number + 10}"}
        elif value is None:
            rows.get(row, {}).pop(key, None)
        else:
            rows.setdefault(row, {"code": row})[key] = value
    assert replay(old.cells, differences(old, new, FORMS), FORMS) == new.cells
    assert find_state(Path("nowhere.xlsx"), "") is None


def test_undo_gives_a_time_of_day_back_as_one(ledger: Path) -> None:
    def type_time(book: openpyxl.Workbook) -> None:
        book.create_sheet("值班")["A1"] = time(9, 30)

    by_hand(ledger, type_time)
    record(ledger, FORMS, NOW)
    by_hand(ledger, lambda book: book["值班"].__setitem__("A1", time(10, 45)))
    record(ledger, FORMS, NOW)
    assert undo(ledger, 3) == []
    assert state(ledger).value("值班", "1", "A") == time(9, 30)
    assert load(ledger.read_bytes())["值班"]["A1"].value == time(9, 30)


def test_undo_of_a_sheet_that_was_added_leaves_it_and_says_what_to_do(ledger: Path) -> None:
    by_hand(ledger, lambda book: book.create_sheet("我的表").__setitem__("A1", "x"))
    record(ledger, FORMS, NOW)
    number = max(read_entries(history_folder(ledger)))
    assert undo(ledger, number) == ["这张表是那一次加上的，不要它请在 Excel 里删去整张表"]
    assert load(ledger.read_bytes())["我的表"]["A1"].value == "x"


def test_a_rename_that_fails_leaves_the_old_ledger_and_a_whole_history(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ledger.read_bytes()
    replaced = Path.replace

    def busy(path: Path, target: Path) -> Path:
        if target == ledger:
            raise PermissionError(13, "busy")
        return replaced(path, target)

    monkeypatch.setattr(Path, "replace", busy)
    with pytest.raises(StoreError, match="没有写成"):
        write(ledger, [cell(ledger, 1, "progress", 0.3)])
    monkeypatch.undo()
    assert ledger.read_bytes() == before
    found = record(ledger, FORMS, NOW)
    assert found and found.command == Verb.RESTORED
    assert verify_history(ledger, FORMS) == []


def test_a_damaged_state_is_mended_while_the_ledger_still_holds_it(ledger: Path) -> None:
    (kept_file,) = history_folder(ledger).glob("*.xlsx")
    kept_file.write_bytes(b"damaged")
    assert record(ledger, FORMS, NOW) is None
    assert verify_history(ledger, FORMS) == []


def test_a_ruling_that_leaves_its_cell_is_in_the_change_sheet(ledger: Path) -> None:
    settled = Change("tasks", "RW-002", "progress", 0.4, 0.4, "财务处.xlsx", "采用台账：已核实")
    digest = hashlib.sha256(ledger.read_bytes()).hexdigest()
    edits = [cell(ledger, 1, "progress", 0.3)]
    write_changes(ledger, digest, edits, [settled], command="merge --decisions", now=NOW)
    assert [(row[6], row[8], row[9], row[10]) for row in shown(ledger)] == [
        ("RW-001", "20%", "30%", None),
        ("RW-002", "40%", "40%", "采用台账：已核实"),
    ]
    assert verify_history(ledger, FORMS) == []


def test_a_copy_beside_the_ledger_does_not_write_into_its_history(ledger: Path, run: Callable[..., Result]) -> None:
    journal = history_folder(ledger) / "journal.jsonl"
    before = journal.read_bytes()
    copy = ledger.with_name("整改台账 - 副本.xlsx")
    copy.write_bytes(ledger.read_bytes())
    by_hand(copy, lambda book: book["整改任务"].cell(5, 3, "在副本里试"))
    result = run("validate", "-l", copy)
    assert "history 文件夹是 整改台账.xlsx 的历史" in result.stderr
    with pytest.raises(StoreError, match="两本台账请放在两个文件夹"):
        write(copy, [cell(copy, 1, "progress", 0.3)])
    assert journal.read_bytes() == before
    assert verify_history(ledger, FORMS) == []


def test_a_renamed_ledger_takes_its_history_along(ledger: Path) -> None:
    renamed = ledger.rename(ledger.with_name("2022年整改台账.xlsx"))
    write(renamed, [cell(renamed, 1, "progress", 0.3)])
    assert len(read_entries(history_folder(renamed))) == 2
    assert verify_history(renamed, FORMS) == []


def test_a_history_that_was_taken_away_is_missed(ledger: Path, run: Callable[..., Result]) -> None:
    write(ledger, [cell(ledger, 1, "progress", 0.3)])
    history_folder(ledger).rename(ledger.parent / "别处")
    result = run("history", "verify", "-l", ledger)
    assert (result.exit_code, "请从备份找回" in result.stdout) == (1, True)
    assert "history 文件夹却是空的" in run("validate", "-l", ledger).stderr


def test_a_broken_record_stops_writes(ledger: Path) -> None:
    write(ledger, [cell(ledger, 1, "progress", 0.3)])
    before = ledger.read_bytes()
    journal = history_folder(ledger) / "journal.jsonl"
    journal.write_bytes(journal.read_bytes() + b"x{\n")
    with pytest.raises(StoreError, match="第 3 行"):
        write(ledger, [cell(ledger, 1, "progress", 0.4)])
    assert ledger.read_bytes() == before


def test_a_phone_typed_as_a_number_is_not_written_down(ledger: Path) -> None:
    by_hand(ledger, lambda book: book["整改任务"].cell(4, column_of(ledger, "note"), 13800138000))
    record(ledger, FORMS, NOW)
    assert last_changes(ledger) == [("tasks", "RW-001", "note", None, WITHHELD)]


def test_undoing_twice_says_that_there_is_nothing_left_to_undo(ledger: Path, run: Callable[..., Result]) -> None:
    write(ledger, [cell(ledger, 1, "progress", 0.3)])
    run("history", "undo", 2, "-y", "-l", ledger)
    again = run("history", "undo", 2, "-y", "-l", ledger)
    assert (again.exit_code, again.stdout) == (0, "")


def test_a_ledger_saved_as_xlsx_beside_the_old_format_takes_the_history_along(
    ledger: Path, run: Callable[..., Result]
) -> None:
    old = ledger.with_suffix(".xls")
    ledger.rename(old)
    edit(old, "RW-002", "statement", "改过")
    assert run("validate", "-l", old, "--only", "sheet-missing").exit_code == 0
    ledger.write_bytes(old.read_bytes())
    edit(ledger, "RW-001", "statement", "改过")
    result = run("validate", "-l", ledger, "--only", "sheet-missing")
    assert result.stderr.startswith(
        "台账已另存为 整改台账.xlsx，history 跟着它走；整改台账.xls 请移到别处，不要再改。台账有 1 处手工修改"
    )
    assert [entry.command for entry in read_entries(history_folder(ledger)).values()] == [
        "登记",
        "手工修改",
        "手工修改",
    ]
    assert verify_history(ledger, FORMS) == []
    assert "history 文件夹是 整改台账.xlsx 的历史" in run("validate", "-l", old, "--only", "sheet-missing").stderr
    old.unlink()
    assert "另存为" not in run("validate", "-l", ledger, "--only", "sheet-missing").stderr


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda _: b"", "这不是 Excel 工作簿（空文件），请换成 Excel 工作簿（.xlsx）再运行。"),
        (lambda data: data[: len(data) // 2], "文件不完整或已损坏，请重新另存为 .xlsx 后再运行。"),
        (encrypted, "文件加了密码，打不开。请去掉密码后再运行：文件→信息→保护工作簿→清空密码。"),
    ],
)
def test_a_ledger_that_cannot_be_read_is_answered_with_the_newest_copy(
    ledger: Path, run: Callable[..., Result], spoil: Callable[[bytes], bytes], said: str
) -> None:
    write(ledger, [cell(ledger, 1, "progress", 0.3)])
    good = ledger.read_bytes()
    ledger.write_bytes(spoil(good))
    result = run("validate", "-l", ledger)
    begin, _, end = result.stderr.partition("可以拷 history 里最近留存的 ")
    assert (result.exit_code, begin) == (2, f"没有运行：整改台账.xlsx: {said}台账坏了的话，")
    assert (history_folder(ledger) / end.removesuffix(" 来用。\n")).read_bytes() == good


def column_cells(path: Path, column: int) -> list[Any]:
    return [cells[0].value for cells in load(path.read_bytes())["整改任务"].iter_rows(3, 6, column, column)]


@pytest.mark.parametrize("own", [False, True])
def test_undo_of_a_renamed_head_puts_the_head_back_and_blanks_no_column(ledger: Path, own: bool) -> None:
    column = len(FORMS["tasks"].columns) + 1 if own else column_of(ledger, "update")
    if own:
        head, cells = "领导批示", ["阅", "请抓紧", "阅"]
        by_hand(ledger, lambda book: [book["整改任务"].cell(r, column, v) for r, v in enumerate([head, *cells], 3)])
        record(ledger, FORMS, NOW)
    before = column_cells(ledger, column)

    def rename(book: openpyxl.Workbook) -> None:
        book["整改任务"].cell(3, column, "工作情况")
        book["整改任务"].cell(5, column, "另写")

    by_hand(ledger, rename)
    record(ledger, FORMS, NOW)
    assert last_changes(ledger) == [
        ("整改任务表头", "表头", before[0] if own else "update", before[0], "工作情况"),
        ("tasks", "RW-002", "工作情况", before[2], "另写"),
    ]
    assert undo(ledger, max(read_entries(history_folder(ledger)))) == []
    assert column_cells(ledger, column) == before
    assert verify_history(ledger, FORMS) == []


def test_undo_blanks_no_column_whose_new_head_and_cells_were_typed_over_another(ledger: Path) -> None:
    column = column_of(ledger, "update")
    by_hand(ledger, lambda book: [book["整改任务"].cell(r, column, f"新{r}") for r in range(3, 7)])
    record(ledger, FORMS, NOW)
    assert {reason[:13] for reason in undo(ledger, 2)} == {"那一次换了整列（旧的一列不"}
    assert column_cells(ledger, column) == ["新3", "新4", "新5", "新6"]
    assert verify_history(ledger, FORMS) == []


def test_undo_blanks_no_column_whose_head_was_taken_away(ledger: Path) -> None:
    column = column_of(ledger, "update")
    by_hand(ledger, lambda book: book["整改任务"].cell(3, column).__setattr__("value", None))
    record(ledger, FORMS, NOW)
    undo(ledger, 2)
    assert column_cells(ledger, column)[1:] == ["甲", "乙", "丙"]


def test_a_renamed_head_is_not_put_back_beside_one_that_took_its_name(ledger: Path) -> None:
    update, note = column_of(ledger, "update"), column_of(ledger, "note")
    by_hand(ledger, lambda book: book["整改任务"].cell(3, update, "工作情况"))
    record(ledger, FORMS, NOW)
    by_hand(ledger, lambda book: book["整改任务"].cell(3, note, "本期进展"))
    record(ledger, FORMS, NOW)
    assert undo(ledger, 2) == ["现在另有一列的表头是“本期进展”"]


def test_a_register_whose_code_head_was_retyped_has_lost_no_row(ledger: Path) -> None:
    by_hand(ledger, lambda book: book["整改任务"].__setitem__("A3", "序号"))
    found = record(ledger, FORMS, NOW)
    assert found and found.message.startswith("台账有 1 处手工修改，已记下")
    assert "删去" not in found.message
    assert last_changes(ledger) == [("整改任务表头", "表头", "code", "任务编号", "序号")]
    assert undo(ledger, 2) == []
    assert column_cells(ledger, 1) == ["任务编号", "RW-001", "RW-002", "RW-003"]
    assert verify_history(ledger, FORMS) == []


def test_undo_of_a_step_in_which_a_register_could_not_be_found_empties_nothing(ledger: Path) -> None:
    def spoil(book: openpyxl.Workbook) -> None:
        for column in range(1, 30):
            book["整改任务"].cell(3, column, f"列{column}")

    before = load(ledger.read_bytes())["整改任务"]
    by_hand(ledger, spoil)
    found = record(ledger, FORMS, NOW)
    assert found and "删去" not in found.message
    for number in (2, 3):
        by_hand(ledger, lambda book: [book["整改任务"].cell(3, c, before.cell(3, c).value) for c in range(1, 30)])
        record(ledger, FORMS, NOW)
        assert {reason[:11] for reason in undo(ledger, number)} == {"那一次之前或之后，这张"}
    assert column_cells(ledger, 1) == ["任务编号", "RW-001", "RW-002", "RW-003"]


def own_sheet(path: Path) -> list[Any]:
    return [row[0] for row in load(path.read_bytes())["我的表"].iter_rows(values_only=True)]


@pytest.fixture
def with_own_sheet(ledger: Path) -> Path:
    def add(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("我的表")
        for row in range(1, 6):
            sheet.cell(row, 1, f"行{row}")

    by_hand(ledger, add)
    record(ledger, FORMS, NOW)
    return ledger


def insert_row(book: openpyxl.Workbook) -> None:
    book["我的表"].insert_rows(2)
    book["我的表"]["A2"] = "新"


def test_undo_of_an_inserted_row_is_all_or_nothing_on_a_sheet_of_peoples_own(with_own_sheet: Path) -> None:
    ledger = with_own_sheet
    by_hand(ledger, insert_row)
    record(ledger, FORMS, NOW)
    by_hand(ledger, lambda book: book["我的表"].__setitem__("A3", "行2改"))
    record(ledger, FORMS, NOW)
    assert {reason[:15] for reason in undo(ledger, 3)} == {"这张表（或没有编号的行）挪过位"}
    assert own_sheet(ledger) == ["行1", "新", "行2改", "行3", "行4", "行5"]
    assert undo(ledger, 4) == []
    assert undo(ledger, 3) == []
    assert [value for value in own_sheet(ledger) if value] == ["行1", "行2", "行3", "行4", "行5"]


def test_undo_leaves_a_sheet_of_peoples_own_whose_rows_moved_since(with_own_sheet: Path) -> None:
    ledger = with_own_sheet
    by_hand(ledger, lambda book: [book["我的表"].__setitem__(f"A{row}", "是") for row in (3, 4)])
    record(ledger, FORMS, NOW)
    by_hand(ledger, insert_row)
    record(ledger, FORMS, NOW)
    undo(ledger, 3)
    assert own_sheet(ledger) == ["行1", "新", "行2", "是", "是", "行5"]


def test_undo_never_makes_two_rows_of_one_whose_code_and_cell_were_changed_in_one_save(ledger: Path) -> None:
    progress, statement = column_of(ledger, "progress"), column_of(ledger, "statement")

    def recode(book: openpyxl.Workbook) -> None:
        book["整改任务"]["A5"] = "RW-127"
        book["整改任务"].cell(5, progress, 0.5)

    by_hand(ledger, recode)
    record(ledger, FORMS, NOW)
    assert last_changes(ledger) == [
        ("tasks", "RW-002", "code", "RW-002", "RW-127"),
        ("tasks", "RW-127", "progress", 0.4, 0.5),
    ]
    by_hand(ledger, lambda book: book["整改任务"].cell(5, statement, "任务2（改了）"))
    record(ledger, FORMS, NOW)
    assert undo(ledger, 2) == []
    rows = state(ledger).cells["tasks"]
    assert [(code, rows[code]["statement"], rows[code]["progress"]) for code in rows] == [
        ("RW-001", "任务1", 0.2), ("RW-002", "任务2（改了）", 0.4), ("RW-003", "任务3", 0.6),
    ]  # fmt: skip


def test_a_row_that_came_back_by_hand_under_another_code_is_not_brought_back_again(ledger: Path) -> None:
    values = [each.value for each in load(ledger.read_bytes())["整改任务"][5]]
    by_hand(ledger, lambda book: book["整改任务"].delete_rows(5))
    record(ledger, FORMS, NOW)
    by_hand(ledger, lambda book: [book["整改任务"].cell(6, c, v) for c, v in enumerate(["RW-127", *values[1:]], 1)])
    record(ledger, FORMS, NOW)
    assert set(undo(ledger, 2)) == {"这一行还在，只是编号改成了 RW-127，补回会变成两行；要改回请在那一行改编号"}
    assert list(state(ledger).cells["tasks"]) == ["RW-001", "RW-003", "RW-127"]


def test_a_row_deleted_and_another_one_typed_in_one_save_are_two_rows(ledger: Path) -> None:
    def replace(book: openpyxl.Workbook) -> None:
        book["整改任务"]["A5"], book["整改任务"]["C5"] = "RW-050", "另一件事"
        book["整改任务"].cell(5, column_of(ledger, "progress"), 0.1)
        book["整改任务"].cell(5, column_of(ledger, "update"), "刚开始")

    by_hand(ledger, replace)
    found = record(ledger, FORMS, NOW)
    assert found and "手工删去了 RW-002" in found.message


def test_a_renamed_sheet_keeps_its_heads(ledger: Path, run: Callable[..., Result]) -> None:
    by_hand(ledger, lambda book: setattr(book["整改任务"], "title", "2022年整改任务"))
    found = record(ledger, FORMS, NOW)
    assert found and found.changes == ()
    assert run("history", "show", 2, "-l", ledger).stdout == "〈整改任务〉改名为〈2022年整改任务〉。\n"
    assert verify_history(ledger, FORMS) == []


@pytest.fixture
def copy(ledger: Path) -> Path:
    """An edited copy beside the ledger."""
    path = ledger.with_name("整改台账 - 副本.xlsx")
    path.write_bytes(ledger.read_bytes())
    by_hand(path, lambda book: book["整改任务"].cell(5, 3, "在副本里试"))
    return path


def test_verify_does_not_call_the_history_of_another_ledger_whole(copy: Path, run: Callable[..., Result]) -> None:
    result = run("history", "verify", "-l", copy)
    said = f"旁边的 history 文件夹是 整改台账.xlsx 的历史，不能记 {copy.name} 的改动。两本台账请放在两个文件夹里。\n"
    assert (result.exit_code, result.stdout, result.stderr) == (1, said, "")


def test_issue_from_a_copy_keeps_no_bases_in_the_history_of_the_ledger(copy: Path, run: Callable[..., Result]) -> None:
    result = run("issue", "-p", "2022-03", "-l", copy)
    assert (result.exit_code, "是 整改台账.xlsx 的历史" in result.stderr.splitlines()[-1]) == (2, True)
    assert not (history_folder(copy) / "issued").exists()
    assert not (copy.parent / "下发").exists()


def test_verify_records_a_hand_edit_first_and_says_where_it_could_not(
    ledger: Path, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    by_hand(ledger, lambda book: book["整改任务"].cell(5, 3, "手工"))

    def refuse(*_: object) -> None:
        raise StoreError("磁盘满了。")

    with monkeypatch.context() as patched:
        patched.setattr("taizhang.history.hand_edits.record", refuse)
        failed = run("history", "verify", "-l", ledger)
    assert (failed.exit_code, "现在的内容不在记录里" in failed.stdout) == (1, True)
    result = run("history", "verify", "-l", ledger)
    assert (result.exit_code, result.stderr.splitlines()[-3]) == (0, "记录完整，共 2 次。")


@pytest.mark.parametrize("hindrance", ["open", "broken"])
def test_undo_looks_whether_it_can_write_before_it_lists_the_cells(
    ledger: Path, run: Callable[..., Result], hindrance: str
) -> None:
    write(ledger, [cell(ledger, 1, "progress", 0.3)])
    if hindrance == "open":
        ledger.with_name(f"~${ledger.name}").write_bytes(b"")
    else:
        journal = history_folder(ledger) / "journal.jsonl"
        journal.write_bytes(journal.read_bytes() + b"x{\n")
    result = run("history", "undo", 2, "-y", "-l", ledger)
    assert (result.exit_code, result.stdout, result.stderr.splitlines()[-1][:5]) == (2, "", "没有运行：")


def test_a_renamed_head_is_shown_in_the_words_of_the_office(ledger: Path, run: Callable[..., Result]) -> None:
    def rename(book: openpyxl.Workbook) -> None:
        book["整改任务"]["A3"] = "序号"
        book["整改任务"].cell(3, column_of(ledger, "deadline"), "哪天办完")

    by_hand(ledger, rename)
    record(ledger, FORMS, NOW)
    assert run("history", "show", 2, "-l", ledger).stdout == (
        "整改任务 表头 完成时限：完成时限 → 哪天办完\n整改任务 表头 任务编号：任务编号 → 序号\n"
    )


def test_the_list_calls_a_command_by_its_name_alone() -> None:
    commands = ["forms enable 改革事项", "merge --as 财务处", "undo 12", "issue", "手工修改"]
    assert [command_words(each) for each in commands] == [
        "启用登记表 改革事项", "汇总 --as 财务处", "撤销 12", "下发", "手工修改",
    ]  # fmt: skip


def test_a_hint_works_where_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    usual, spaced = Path("ledger/整改台账.xlsx"), Path("我的 台账.xlsx")
    assert command_on(usual, "history list") == "taizhang history list"
    assert command_on(spaced, "history list") == 'taizhang history list -l "我的 台账.xlsx"'


@pytest.mark.parametrize(("head", "value"), [("进度", 0.2), ("完成时限", date(2022, 12, 31)), ("自己的列", "甲")])
def test_undo_of_a_deleted_column_names_the_head_that_must_come_back_and_then_works(
    ledger: Path, run: Callable[..., Result], head: str, value: Any
) -> None:
    def own(book: Any) -> None:
        sheet = book["整改任务"]
        column = sheet.max_column + 1
        for row, text in ((3, "自己的列"), (4, "甲"), (5, "乙"), (6, "丙")):
            sheet.cell(row, column, text)
        sheet.cell(3, column + 1, "另一列")  # it moves to the place of the deleted one

    def place(book: Any) -> int:
        return next(each.column for each in book["整改任务"][3] if each.value == head)

    by_hand(ledger, own)
    record(ledger, FORMS, NOW)
    by_hand(ledger, lambda book: book["整改任务"].delete_cols(place(book)))
    record(ledger, FORMS, NOW)
    first = run("history", "undo", 3, "-y", "-l", ledger)
    cure = f"这一列已经不在了，请先在〈整改任务〉第 3 行找一个空列写上表头“{head}”，保存后再撤销一次"
    assert first.exit_code == 1
    assert [line.partition("：")[2] for line in first.stdout.splitlines()] == [cure] * 4

    def as_told(book: Any) -> None:
        sheet = book["整改任务"]
        sheet.cell(3, sheet.max_column + 1, head)

    by_hand(ledger, as_told)
    second = run("history", "undo", 3, "-y", "-l", ledger)
    assert second.exit_code == 0, second.stdout
    book = load(ledger.read_bytes())
    found = book["整改任务"].cell(4, place(book)).value
    assert (found.date() if isinstance(found, datetime) else found) == value
    assert run("history", "verify", "-l", ledger).exit_code == 0


def test_undo_of_an_own_column_takes_its_head_and_the_undo_of_that_brings_both_back(
    ledger: Path, run: Callable[..., Result]
) -> None:
    def fill(book: Any) -> None:
        sheet = book["整改任务"]
        column = sheet.max_column + 1
        for row, text in ((3, "自己的列"), (4, "甲"), (6, "丙")):
            sheet.cell(row, column, text)

    def own_column() -> list[Any]:
        sheet = load(ledger.read_bytes())["整改任务"]
        found = [each.column for each in sheet[3] if each.value == "自己的列"]
        return [sheet.cell(row, found[0]).value for row in (4, 5, 6)] if found else []

    by_hand(ledger, fill)
    record(ledger, FORMS, NOW)
    undone = run("history", "undo", 2, "-y", "-l", ledger)
    assert (undone.exit_code, own_column()) == (0, []), undone.stdout
    again = run("history", "undo", 3, "-y", "-l", ledger)
    assert (again.exit_code, own_column()) == (0, ["甲", None, "丙"]), again.stdout


def test_undo_leaves_the_head_of_an_own_column_that_was_filled_since(ledger: Path, run: Callable[..., Result]) -> None:
    def write(row: int, text: str) -> Callable[[Any], None]:
        def change(book: Any) -> None:
            sheet = book["整改任务"]
            column = next((each.column for each in sheet[3] if each.value == "自己的列"), sheet.max_column + 1)
            sheet.cell(3, column, "自己的列")
            sheet.cell(row, column, text)

        return change

    by_hand(ledger, write(4, "甲"))
    record(ledger, FORMS, NOW)
    by_hand(ledger, write(5, "乙"))
    record(ledger, FORMS, NOW)
    undone = run("history", "undo", 2, "-y", "-l", ledger)
    assert undone.exit_code == 1
    assert [line.partition("：")[0] for line in undone.stdout.splitlines()] == [
        "改回　整改任务 RW-001 自己的列",
        "不动　整改任务 表头 自己的列",
    ]


def test_undo_of_a_deleted_sheet_names_the_command_that_must_come_first_and_then_works(
    tmp_path: Path, run: Callable[..., Result]
) -> None:
    rules = [
        {"code": "ZD-001", "name": "差旅办法", "action": "改"},
        {"code": "ZD-002", "name": "会议办法", "action": "立"},
    ]
    ledger = small_ledger(tmp_path / "整改台账.xlsx", [{}], regulations=rules)
    record(ledger, FORMS, NOW)
    before = state(ledger).cells["regulations"]
    by_hand(ledger, lambda book: book.remove(book["规章制度"]))
    record(ledger, FORMS, NOW)
    first = run("history", "undo", 2, "-y", "-l", ledger)
    cure = "〈规章制度〉已经不在了，请先运行 taizhang forms enable 规章制度 加回这张表，再撤销一次"
    assert (first.exit_code, {line.partition("：")[2] for line in first.stdout.splitlines()}) == (1, {cure})
    assert run("forms", "enable", "规章制度", "-y", "-l", ledger).exit_code == 0
    assert run("history", "undo", 2, "-y", "-l", ledger).exit_code == 0
    assert state(ledger).cells["regulations"] == before
    assert verify_history(ledger, FORMS) == []


@pytest.mark.parametrize(("count", "several"), [(5, ""), (6, " 等 6 份台账")])
def test_many_states_that_no_entry_knows_are_said_in_one_line(
    make_ledger: Callable[..., Path], count: int, several: str
) -> None:
    path = make_ledger()
    record(path, FORMS, NOW)
    names = [f"20220101-00000{number}_{number:012}.xlsx" for number in range(count)]
    for name in names:
        (history_folder(path) / name).write_bytes(b"x")
    assert verify_history(path, FORMS) == [
        f"{'、'.join(names[:5])}{several} 在 history 里，记录里却没有：记录的末尾可能被删过，"
        "请从备份找回 history 文件夹；确实是多放进去的，请移走。"
    ]
