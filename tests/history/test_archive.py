"""Archived states of past years: found wherever history looks, and reported if their archive is elsewhere."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.ledgers import load, small_ledger
from taizhang.forms.load import standard_forms
from taizhang.history.days import ledger_as_of
from taizhang.history.hand_edits import record
from taizhang.history.journal import append_entry, read_entries
from taizhang.history.put_away import archive_year, states_to_archive
from taizhang.history.states import find_state
from taizhang.history.verify import list_unverified, verify_history
from taizhang.history.write import write_changes
from taizhang.ledger.model import read_ledger
from taizhang.splice import SetCell
from taizhang.system.files import StoreError, history_folder

FORMS = standard_forms()
DAYS = ("2022-01-10", "2022-01-20", "2022-02-05", "2022-02-20", "2022-03-10", "2022-03-25", "2023-01-15")
"""The days of the entries: the first record, then one write each; the first of each month of 2022 can be put away."""
JUNE = datetime(2023, 6, 1, 9)


def without_code(said: str) -> str:
    """Return verify's output without the line with the record's code, which differs each time."""
    lines = said.splitlines(keepends=True)
    assert lines[1].startswith("记录到第 8 次，校验码 ")
    return lines[0] + "".join(lines[2:])


ALL_THERE = "history 里留存 4 份台账，共 0.2 MB。请把 history 文件夹连同台账定期备份到另一个盘。\n"


@pytest.fixture(autouse=True)
def in_june(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(JUNE.timestamp())))


def write(path: Path, day: str, progress: float) -> None:
    book = read_ledger(path, FORMS)
    edit = SetCell("整改任务", 4, book.registers["tasks"].columns["progress"], progress)
    write_changes(path, book.book.sha256, [edit], [], command="merge", now=datetime.fromisoformat(day))


@pytest.fixture(scope="module")
def three_months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = small_ledger(tmp_path_factory.mktemp("archive") / "整改台账.xlsx", [{"progress": 0}, {}])
    record(path, FORMS, datetime.fromisoformat(DAYS[0]))
    for number, day in enumerate(DAYS[1:], 1):
        write(path, day, number / 10)
    return path


@pytest.fixture
def ledger(three_months: Path, tmp_path: Path) -> Path:
    shutil.copytree(three_months.parent, tmp_path / "台账")
    return tmp_path / "台账" / three_months.name


def states(path: Path) -> list[str]:
    """The days of the states that lie in history as files."""
    return sorted(each.name[:8] for each in history_folder(path).glob("????????-??????_*.xlsx"))


def in_archive(path: Path, name: str = "2022.zip") -> list[str]:
    with zipfile.ZipFile(history_folder(path) / "归档" / name) as archive:
        assert archive.testzip() is None
        return sorted(each[:8] for each in archive.namelist())


def moved_away(path: Path) -> Path:
    """Move the archive to another disk; return its path."""
    there = path.parent.parent / "2022.zip"
    (history_folder(path) / "归档" / "2022.zip").rename(there)
    return there


def test_the_command_puts_past_years_away_and_keeps_the_last_state_of_each_month(
    ledger: Path, run: Callable[..., Result]
) -> None:
    before = {entry.after: find_state(ledger, entry.after) for entry in read_entries(history_folder(ledger)).values()}
    result = run("history", "archive", "-l", ledger, "-y")
    assert (result.exit_code, re.sub(r"\d\.\d MB", "x MB", result.stdout)) == (
        0,
        "2022 年：3 份（x MB）归档，每月最后一份留在 history。\n",
    )
    *said, head = result.stderr.splitlines(keepends=True)
    assert head.startswith("记录到第 8 次，校验码 ")
    assert "".join(said) == (
        "2022 年的 3 份已收进 history/归档/2022.zip，核对过，原来的已去掉。\n"
        "压缩包可以移到别的盘保存，要用时放回 history/归档。\n" + ALL_THERE
    )
    assert states(ledger) == ["20220120", "20220220", "20220325", "20230115"]
    assert in_archive(ledger) == ["20220110", "20220205", "20220310"]
    assert {digest: find_state(ledger, digest) for digest in before} == before
    with zipfile.ZipFile(history_folder(ledger) / "归档" / "2022.zip") as archive:
        assert load(archive.read(archive.namelist()[0]))["整改任务"]["A4"].value == "RW-001"
    verified = run("history", "verify", "-l", ledger)
    assert (verified.exit_code, verified.stdout) == (0, "")
    assert without_code(verified.stderr) == f"记录完整，共 8 次。\n{ALL_THERE}"
    again = run("history", "archive", "-l", ledger, "-y")
    assert (again.exit_code, again.stdout) == (0, "")
    assert again.stderr == "没有可以归档的：往年除每月最后一份以外，都已归档或不在 history 里。\n"


def test_a_plan_an_answer_no_and_a_year_that_is_not_over_change_nothing(
    ledger: Path, run: Callable[..., Result]
) -> None:
    def whole() -> dict[str, bytes]:
        return {
            str(each): each.read_bytes() for each in ledger.parent.rglob("*") if each.is_file() and each.name != ".lock"
        }

    before = whole()
    planned = run("history", "archive", "-l", ledger, "-n")
    assert (planned.exit_code, planned.stderr) == (0, "只看计划，没有写入，台账和文件都没有动。\n")
    refused = run("history", "archive", "-l", ledger, answer="否\n")
    assert (refused.exit_code, refused.stderr) == (
        1,
        "归档吗？ [是/否]：否\n没有写入，台账和文件都没有动。\n",
    )
    early = run("history", "archive", "--year", 2023, "-l", ledger, "-y")
    assert (early.exit_code, early.stderr) == (
        2,
        "没有运行：2023 年还没有过完，过完再归档；现在可以归档的是 2022 年和以前的。\n",
    )
    assert run("history", "archive", "--year", 2021, "-l", ledger, "-y").stderr.startswith("没有可以归档的")
    assert whole() == before


def test_every_command_that_looks_back_finds_a_state_in_its_archive(
    ledger: Path, run: Callable[..., Result], tmp_path: Path
) -> None:
    archive_year(ledger, 2022, JUNE)
    then = ledger_as_of(ledger, FORMS, date(2022, 3, 15))
    assert then and then.registers["tasks"].records[0].cells["progress"] == 0.4
    shown = run("history", "show", "--as-of", "2022-03-15", "-o", tmp_path / "三月.xlsx", "-l", ledger)
    assert (shown.exit_code, shown.stderr) == (
        0,
        f"已另存为 {tmp_path / '三月.xlsx'}（2022-03-10 00:00:00 的台账）。\n",
    )
    assert run("report", "--as-of", "2022-03-15", "-n", "-l", ledger).exit_code == 0
    undone = run("history", "undo", 5, "-n", "-l", ledger)
    assert (undone.exit_code, undone.stdout) == (1, "不动　整改任务 RW-001 进度：之后又被改过\n")


def test_an_archive_that_was_moved_away_is_said_and_works_again_once_it_is_back(
    ledger: Path, run: Callable[..., Result], tmp_path: Path
) -> None:
    archive_year(ledger, 2022, JUNE)
    there = moved_away(ledger)
    why = "那时的台账已归档在 2022.zip，history/归档 里现在没有这个文件，请把它放回去再运行。"
    verified = run("history", "verify", "-l", ledger)
    assert (verified.exit_code, verified.stdout) == (
        0,
        "未核对：3 份台账已归档在 2022.zip，这个文件不在 history/归档 里；要核对请放回去再运行。\n",
    )
    assert without_code(verified.stderr) == f"记录完整，共 8 次；除上面没有核对的以外，台账都在。\n{ALL_THERE}"
    shown = run("history", "show", "--as-of", "2022-03-15", "-o", tmp_path / "三月.xlsx", "-l", ledger)
    assert (shown.exit_code, shown.stdout, shown.stderr) == (2, "", f"没有运行：{why}\n")
    undone = run("history", "undo", 5, "-y", "-l", ledger)
    assert (undone.exit_code, undone.stderr) == (2, f"没有运行：这一次之前或之后的台账取不出来，不能撤销：{why}\n")
    reported = run("report", "--as-of", "2022-03-15", "-n", "-l", ledger)
    assert (reported.exit_code, reported.stdout) == (2, "")
    assert reported.stderr.endswith(f"：{why}\n")
    assert run("report", "--as-of", "2022-03-31", "-n", "-l", ledger).exit_code == 0  # the last state of a month stays
    write(ledger, "2023-06-02", 0.9)
    assert verify_history(ledger, FORMS) == []
    there.rename(history_folder(ledger) / "归档" / "2022.zip")
    assert list_unverified(ledger) == []
    assert run("history", "show", "--as-of", "2022-03-15", "-o", tmp_path / "三月.xlsx", "-l", ledger).exit_code == 0


def test_the_entry_of_an_archive_says_what_it_is_and_is_put_back_as_it_says(
    ledger: Path, run: Callable[..., Result]
) -> None:
    before = states(ledger)
    path, _ = archive_year(ledger, 2022, JUNE)
    shown = run("history", "show", 8, "-l", ledger)
    assert (shown.exit_code, shown.stdout) == (0, "3 份往年的台账收进 history/归档/2022.zip，没有改台账。\n")
    undone = run("history", "undo", 8, "-y", "-l", ledger)
    assert (undone.exit_code, undone.stderr) == (
        2,
        "没有运行：第 8 次是归档，没有改台账，没有可以撤销的；"
        "要放回来，把 history/归档/2022.zip 里的文件解压到 history 文件夹就行。\n",
    )
    with zipfile.ZipFile(path) as archive:
        archive.extractall(history_folder(ledger))
    path.unlink()
    assert states(ledger) == before
    assert (verify_history(ledger, FORMS), list_unverified(ledger)) == ([], [])


def damaged(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])


def with_one_altered(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for number, (name, data) in enumerate(held.items()):
            archive.writestr(name, data + b" " if number == 1 else data)


def with_one_lost(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()[1:]}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in held.items():
            archive.writestr(name, data)


def with_a_stranger(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("20220101-000000_0123456789ab.xlsx", b"x")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (damaged, ["第 1 次之后的台账", "第 3 次之后的台账", "第 5 次之后的台账", "归档文件 2022.zip 打不开"]),
        (with_one_altered, ["第 3 次之后的台账"]),
        (with_one_lost, ["第 1 次之后的台账"]),
        (with_a_stranger, ["归档/2022.zip 里的 20220101-000000_0123456789ab.xlsx 在 history 里，记录里却没有"]),
    ],
)
def test_an_archive_that_is_not_what_it_was_is_found(
    ledger: Path, harm: Callable[[Path], None], said: list[str]
) -> None:
    archive_year(ledger, 2022, JUNE)
    harm(history_folder(ledger) / "归档" / "2022.zip")
    problems = verify_history(ledger, FORMS)
    assert len(problems) == len(said)
    assert [problem.startswith(start) for problem, start in zip(problems, said, strict=True)] == [True] * len(said)


def test_states_taken_away_without_an_archive_are_missed_in_one_line_once_they_are_many(ledger: Path) -> None:
    for path in history_folder(ledger).glob("2022*.xlsx"):
        path.unlink()
    assert verify_history(ledger, FORMS) == [
        "第 1、2、3、4、5 次等 6 次之后的台账不在 history 里，或者被改过，请从备份找回；"
        "嫌占地方移走的，放回来后用 history archive 归档，以后就认得。"
    ]


def test_an_archive_that_was_cut_off_is_not_written_over(ledger: Path) -> None:
    was = {path.name: path.read_bytes() for path in history_folder(ledger).glob("2022*.xlsx")}
    archive_year(ledger, 2022, JUNE)
    cut = history_folder(ledger) / "归档" / "2022.zip"
    damaged(cut)
    left = cut.read_bytes()
    for name, data in was.items():
        (history_folder(ledger) / name).write_bytes(data)
    assert archive_year(ledger, 2022, JUNE)[0].name == "2022-2.zip"
    assert cut.read_bytes() == left


def test_a_state_that_is_damaged_stops_the_archive_and_nothing_is_taken_away(ledger: Path) -> None:
    path = next(history_folder(ledger).glob("20220205*.xlsx"))
    path.write_bytes(path.read_bytes() + b" ")
    before = states(ledger)
    with pytest.raises(StoreError, match=re.escape(f"history/{path.name} 被改过或损坏，没有归档")):
        archive_year(ledger, 2022, JUNE)
    assert states(ledger) == before
    assert not (history_folder(ledger) / "归档").exists()


def test_states_that_came_back_go_into_the_archive_that_is_there_or_into_another_beside_one_moved_away(
    ledger: Path,
) -> None:
    was = {path.name: path.read_bytes() for path in history_folder(ledger).glob("2022*.xlsx")}
    archive_year(ledger, 2022, JUNE)
    entries = len(read_entries(history_folder(ledger)))
    for name, data in was.items():
        (history_folder(ledger) / name).write_bytes(data)
    assert archive_year(ledger, 2022, JUNE)[1] == 3
    assert in_archive(ledger) == ["20220110", "20220205", "20220310"]
    moved_away(ledger)
    for name, data in was.items():
        (history_folder(ledger) / name).write_bytes(data)
    assert archive_year(ledger, 2022, JUNE)[0].name == "2022-2.zip"
    assert in_archive(ledger, "2022-2.zip") == ["20220110", "20220205", "20220310"]
    assert len(read_entries(history_folder(ledger))) == entries  # the journal knows them already
    assert (verify_history(ledger, FORMS), list_unverified(ledger)) == ([], [])


def test_a_state_that_is_the_ledger_again_is_kept_in_history_beside_its_archive(ledger: Path) -> None:
    digest = read_entries(history_folder(ledger))[3].after
    old = find_state(ledger, digest)
    assert old
    archive_year(ledger, 2022, JUNE)
    ledger.write_bytes(old)
    os.utime(ledger, (JUNE.timestamp(), JUNE.timestamp()))
    record(ledger, FORMS, JUNE)
    moved_away(ledger)
    assert find_state(ledger, digest) == old
    assert states_to_archive(ledger, 2023) == {}
    assert verify_history(ledger, FORMS) == []


def test_a_state_renamed_to_a_time_there_is_not_is_put_away_all_the_same(ledger: Path) -> None:
    path = min(history_folder(ledger).glob("20220110*.xlsx"))
    path.rename(path.with_name("99999999-999999" + path.name[15:]))
    assert archive_year(ledger, 2022, JUNE)[1] == 3
    assert verify_history(ledger, FORMS) == []


def test_a_journal_without_archives_reads_as_it_did(ledger: Path) -> None:
    facts = [json.loads(line) for line in (history_folder(ledger) / "journal.jsonl").read_bytes().splitlines()]
    assert {key for each in facts for key in each} == {
        "schema", "previous", "time", "user", "command", "before", "after", "changes", "files", "key", "mark",
    }  # fmt: skip
    archive_year(ledger, 2022, JUNE)
    last = read_entries(history_folder(ledger))[8]
    assert (last.command, last.archive, len(last.archived), last.before == last.after) == (
        "archive",
        "2022.zip",
        3,
        True,
    )


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dates(date(2020, 1, 1), date(2023, 5, 31)), min_size=1, max_size=12), st.data())
def test_whatever_is_put_away_every_state_is_still_there_and_the_record_whole(
    three_months: Path, tmp_path_factory: pytest.TempPathFactory, days: list[date], data: st.DataObject
) -> None:
    """Entries on any days, their states put away year by year in any order, some twice."""
    path = tmp_path_factory.mktemp("any") / three_months.name
    path.write_bytes(three_months.read_bytes())
    folder, before = history_folder(path), ""
    folder.mkdir()
    (folder / ".ledger").write_text(path.name, encoding="utf-8")
    workbook, digests = path.read_bytes(), []
    for number, day in enumerate(sorted(days)):
        state = workbook + b"" if number == len(days) - 1 else f"state {data.draw(st.integers(0, 3))}".encode()
        digest = hashlib.sha256(state).hexdigest()
        name = folder / f"{day:%Y%m%d}-000000_{digest[:12]}.xlsx"
        if not list(folder.glob(f"*_{digest[:12]}.xlsx")):
            name.write_bytes(state)
        append_entry(folder, "merge", before, digest, [], datetime(day.year, day.month, day.day))
        before = digest
        digests.append(digest)
    was = {digest: find_state(path, digest) for digest in digests}
    years = data.draw(st.lists(st.integers(2020, 2022), max_size=5))
    for year in years:
        archive_year(path, year, JUNE)
    assert {digest: find_state(path, digest) for digest in digests} == was
    assert list_unverified(path) == []
    entries = read_entries(folder)
    assert len(digests) <= len(entries) <= len(digests) + len(set(years))
    ends = {each.time[:7]: each.after for each in entries.values()}
    assert all(list(folder.glob(f"*_{digest[:12]}.xlsx")) for digest in ends.values())
