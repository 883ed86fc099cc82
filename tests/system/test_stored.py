"""Damaged program data: a sentence with file and cure, never a traceback, and only one department is held up."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from support.fixtures import Run
from support.ledgers import small_ledger
from support.returned import fill, value
from support.works import NOW
from taizhang.cli import main
from taizhang.history.bases import Base, Roster, base_bytes, bases_of
from taizhang.history.journal import read_entries, read_journal
from taizhang.history.locks import Holder
from taizhang.system.files import StoreError
from taizhang.system.schema import Kind
from taizhang.system.stored import Damaged, make_instance, parse_facts, read_kept, stored_json
from taizhang.workbook.reader import read_workbook

pytestmark = pytest.mark.slow

PERIOD = "2022-03"
DEEP = b'{"a":' * 50_000 + b"1" + b"}" * 50_000
NONSENSE = (
    b"", b" \n", b"[]", b"null", b'"x"', b"1", b"{", b"\x00" * 40, b"\xff\xfe{}", b"9" * 6000, DEEP, b"[" * 100_000,
    b'{"department": "\\ud800"}',
)  # fmt: skip
OTHERS: tuple[Any, ...] = (5, "x", None, [], {}, [1], {"a": 1}, {"a": {"b": 5}}, True, 1.5, [[1]], 10**30)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two departments were issued a form, both have returned it, nothing is merged yet."""
    ledger = small_ledger(tmp_path_factory.mktemp("office") / "整改台账.xlsx", [{}, {"department": "党委办公室"}])
    clock = {"SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))}
    for period in ("2022-02", PERIOD):
        assert CliRunner().invoke(main, ["issue", "-p", period, "-l", str(ledger)], env=clock).exit_code == 0
    fill(ledger, {"RW-001": {"progress": 0.6}})
    fill(ledger, {"RW-002": {"progress": 0.7}}, name="党办", department="党委办公室")
    return ledger


@pytest.fixture
def ledger(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made.parent, tmp_path / "台账")
    return tmp_path / "台账" / made.name


def spoil(path: Path, data: bytes | None) -> None:
    """Put something else in a file's place; None is a folder."""
    if path.exists():
        path.unlink()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir() if data is None else path.write_bytes(data)


def one_by_one(facts: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Facts that lack each key, and in which each is of every other type."""
    for key in facts:
        yield {name: each for name, each in facts.items() if name != key}
        yield from ({**facts, key: other} for other in OTHERS)


@pytest.mark.parametrize(("schema", "kind"), [(Kind.BASE, Base), (Kind.ROSTER, Roster), (Kind.HOLDER, Holder)])
def test_facts_are_of_their_shape_or_an_error(schema: Kind, kind: type[Any], tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    for data in NONSENSE:
        path.write_bytes(data)
        with pytest.raises(Damaged, match=r"x\.json (是空的|读不出来（没有存完整，或被改过）)。请找回。"):
            stored_json(path, schema, kind, "请找回。")
    with pytest.raises(FileNotFoundError):
        stored_json(tmp_path / "没有", schema, kind, "")


def test_a_base_in_which_anything_is_of_another_type_is_damaged_or_whole(ledger: Path) -> None:
    """Whatever is accepted can be worked with and kept again: nothing fails later."""
    path = ledger.parent / f"history/issued/{PERIOD}/财务处.json"
    facts = json.loads(path.read_bytes())
    facts["returns"] = [{"sha256": "a", "saved": "", "totals": {"department": "财务处"}}]
    accepted = []
    for other in one_by_one(facts):
        path.write_bytes(json.dumps(other, ensure_ascii=False).encode())
        damaged: list[Any] = []
        whole = [each for each in bases_of(ledger, PERIOD, None, damaged) if each.department != "党委办公室"]
        assert len(whole) + len(damaged) == 1
        for each in whole:
            assert each.period == PERIOD
            assert parse_facts(base_bytes(each))["department"] == each.department
            accepted += [each]
    assert 10 < len(accepted) < 80


@pytest.mark.parametrize("name", ["unsaid", "unsaid_registers"])
@pytest.mark.parametrize(
    ("listed", "whole"),
    [([], True), (["群众诉求"], True), (5, False), (None, False), ("群众诉求", False), ({"群众诉求": 1}, False)],
    ids=str,
)
def test_a_return_in_which_a_list_is_no_list_is_damaged(
    ledger: Path, run: Run, name: str, listed: Any, *, whole: bool
) -> None:
    """Merging once died of a number, and took a text for a list of its characters."""
    path = ledger.parent / f"history/issued/{PERIOD}/财务处.json"
    totals = {"department": "财务处", name: listed}
    noted = [{"sha256": "a", "saved": "2022-03-09T00:00:00Z", "totals": totals}]
    path.write_bytes(json.dumps({**json.loads(path.read_bytes()), "returns": noted}, ensure_ascii=False).encode())
    damaged: list[Any] = []
    found = [each.department for each in bases_of(ledger, PERIOD, None, damaged)]
    assert ("财务处" in found, len(damaged)) == (whole, int(not whole))
    result = run("merge", "-y", "-l", ledger)
    said = f"{PERIOD}/财务处.json 里不是这一期的留底（放错了，或被改过）。"
    assert (result.exit_code, said in result.output) == (int(not whole), not whole), result.output
    assert value(ledger, "RW-001", "progress") == ("0.6" if whole else "")


def test_what_a_newer_version_keeps_stays(ledger: Path) -> None:
    path = ledger.parent / f"history/issued/{PERIOD}/财务处.json"
    facts = {**json.loads(path.read_bytes()), "newer": {"x": [1]}}
    path.write_bytes(json.dumps(facts, ensure_ascii=False).encode())
    base = next(each for each in bases_of(ledger, PERIOD) if each.department == "财务处")
    assert json.loads(base_bytes(base)) == facts


def test_a_line_is_an_entry_or_named(ledger: Path) -> None:
    """A line in which anything is missing or of another type is never left out in silence."""
    folder = ledger.parent / "history"
    journal = folder / "journal.jsonl"
    first, *_ = journal.read_bytes().splitlines()
    change = {
        "register": "tasks",
        "code": "RW-001",
        "column": "note",
        "old": {"date": "2022-01-01"},
        "new": {"days": 1.5},
    }
    facts = {**json.loads(first), "changes": [change], "archive": "a", "archived": ["b"], "files": {"c": "d"}}
    lines = [json.dumps(each, ensure_ascii=False).encode() for each in one_by_one(facts)]
    lines += [json.dumps({**facts, "changes": [each]}, ensure_ascii=False).encode() for each in one_by_one(change)]
    lines += [line for line in NONSENSE if b"\n" not in line]
    for line in lines:
        journal.write_bytes(line + b"\n")
        found = read_journal(folder)
        assert [*found.entries, *found.unread] == [1], line[:80]
        if found.unread:
            with pytest.raises(
                StoreError, match=r"journal\.jsonl 第 1 行(读不出来.*请从备份找回|是更新的版本写的.*请升级)"
            ):
                read_entries(folder)
        else:
            entry = found.entries[1]
            assert isinstance(entry.time, str) and all(isinstance(each.code, str) for each in entry.changes)
        assert (found.broken == 1) == bool(found.unread or found.entries[1].previous)
    journal.write_bytes(json.dumps({**facts, "newer": 1}).encode() + b"\n")
    assert read_journal(folder).entries[1].more == ("newer",)


def test_deep_and_odd_texts_are_no_facts() -> None:
    for data in NONSENSE:
        with pytest.raises(ValueError, match=r"^"):
            make_instance(Roster, parse_facts(data))


@pytest.mark.parametrize("data", [b"", b'{"depart', b"\xff\x00", b'{"department": 5}', DEEP, None])
def test_only_the_department_whose_base_is_damaged_waits(ledger: Path, run: Run, data: bytes | None) -> None:
    """The others are merged; the returns sheet names who waits and why; once restored, the file is merged as usual."""
    path = ledger.parent / f"history/issued/{PERIOD}/财务处.json"
    kept = path.read_bytes()
    spoil(path, data)
    result = run("merge", "-y", "-l", ledger)
    assert result.exit_code == 1
    assert f"{PERIOD}/财务处.json" in result.stdout
    assert (
        "报来的 财务处.xlsx 这次没有汇总，财务处要等找回留底再汇总，部门不用重报；其他部门照常汇总。" in result.stdout
    )
    assert [value(ledger, code, "progress") for code in ("RW-001", "RW-002")] == ["", "0.7"]
    folder = ledger.parent / "回执" / PERIOD
    assert not [each.name for each in folder.iterdir() if "财务处" in each.name]
    rows = read_workbook(folder / "回收情况.xlsx").sheets[0].rows
    row = next(row for row in rows if "财务处" in row)
    assert "留底读不出" in row
    assert any(f"{PERIOD}/财务处.json" in str(cell) and "请从备份找回" in str(cell) for cell in row)
    if data is None:
        path.rmdir()
    path.write_bytes(kept)
    assert run("merge", "-y", "-l", ledger).exit_code == 0
    assert value(ledger, "RW-001", "progress") == "0.6"
    assert run("history", "verify", "-l", ledger).exit_code == 0


@pytest.mark.posix
@pytest.mark.parametrize("target", ["没有这个文件", "财务处.json"])
def test_a_base_that_is_a_link_to_nowhere_is_damaged_like_any_other(ledger: Path, run: Run, target: str) -> None:
    """It held what was taken: it is not treated as never existing, and stops nobody else."""
    path = ledger.parent / f"history/issued/{PERIOD}/财务处.json"
    path.unlink()
    path.symlink_to(target)
    at = ("-l", ledger)
    assert run("merge", "-y", *at).exit_code == 1
    assert [value(ledger, code, "progress") for code in ("RW-001", "RW-002")] == ["", "0.7"]
    again = run("issue", "-p", PERIOD, "--again", *at)
    assert (again.exit_code, "财务处这次没有下发" in again.stderr) == (1, True), again.output
    told = run("history", "verify", *at)
    assert (told.exit_code, f"history/issued/{PERIOD}/财务处.json 不见了" in told.stdout) == (1, True), told.output


def test_a_base_that_may_not_be_read_keeps_one_department_waiting(
    ledger: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from taizhang.history import bases

    def refuse(path: Path, cure: str) -> bytes | None:
        if path.name == "财务处.json":
            raise PermissionError(errno.EACCES, "denied", str(path))
        return read_kept(path, cure)

    monkeypatch.setattr(bases, "read_kept", refuse)
    result = run("merge", "-y", "-l", ledger)
    assert (result.exit_code, f"{PERIOD}/财务处.json 打不开：没有读写权限" in result.stdout) == (1, True), result.output
    assert [value(ledger, code, "progress") for code in ("RW-001", "RW-002")] == ["", "0.7"]


@pytest.mark.parametrize("name", ["issued", PERIOD])
def test_a_folder_of_bases_that_may_not_be_read_is_no_empty_one(
    ledger: Path, run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A merge once reported that nothing had been issued to anybody."""
    for listing in ("listdir", "scandir"):
        real = getattr(os, listing)

        def refuse(path: Any = ".", real: Callable[..., Any] = real) -> Any:
            if Path(os.fsdecode(path)).name == name and Path(os.fsdecode(path)).parent.name in ("history", "issued"):
                raise PermissionError(errno.EACCES, "denied", str(path))
            return real(path)

        monkeypatch.setattr(os, listing, refuse)
    result = run("merge", "-y", "-l", ledger)
    said = f"没有运行：读写 {'history/issued' if name == 'issued' else f'issued/{PERIOD}'} 没有成功：没有读写权限"
    assert (result.exit_code, result.stderr.splitlines()[-1].startswith(said)) == (2, True), result.output


@pytest.mark.posix
@pytest.mark.parametrize("target", ["没有这个文件", ""])
def test_a_state_that_is_a_link_to_nowhere_is_one_that_is_lost(ledger: Path, run: Run, target: str) -> None:
    assert run("merge", "-y", "-l", ledger).exit_code == 0
    states = sorted((ledger.parent / "history").glob("*.xlsx"))
    last = next(each for each in states if each.read_bytes() == ledger.read_bytes())
    first = next(each for each in states if each != last)
    for state in (first, last):
        state.unlink()
        state.symlink_to(target or state.name)
    told = run("history", "verify", "-l", ledger)
    lost = any(f"第 {number} 次之后的台账" in told.stdout for number in (1, 2))
    assert (told.exit_code, lost) == (1, True), told.output
    assert (first.is_symlink(), last.is_symlink()) == (True, False)  # the ledger's own state is stored again


def test_a_damaged_base_of_another_period_stops_nobody(ledger: Path, run: Run) -> None:
    (ledger.parent / "history/issued/2022-02/财务处.json").write_bytes(b"{")
    assert run("merge", "-y", "-l", ledger).exit_code == 0
    assert [value(ledger, code, "progress") for code in ("RW-001", "RW-002")] == ["0.6", "0.7"]
    again = run("issue", "-p", "2022-02", "--again", "-l", ledger)
    assert (again.exit_code, "财务处这次没有下发：2022-02/财务处.json 读不出来" in again.stderr) == (1, True)
    assert "党委办公室：" in again.stdout


FILES = (
    "history/journal.jsonl",
    "history/.ledger",
    "history/.head",
    "history/.lock-owner.json",
    "history/.lock",
    ".taizhang-key",
    f"history/issued/{PERIOD}_应发部门.json",
    "history/issued",
    f"history/issued/{PERIOD}",
    "history/归档/2021.zip",
    "history/归档",
    f"回执/{PERIOD}/冲突裁决.xlsx",
    "history",
    "督办",
)
CURE = ("请", "再运行")


@pytest.mark.parametrize("name", FILES)
def test_no_file_of_ours_that_is_damaged_is_a_traceback(ledger: Path, run: Run, name: str) -> None:
    """A folder in place of a file, a file in place of a folder, nonsense in it: each command reports it or works on."""
    path = ledger.parent / name
    commands = (("history", "verify"), ("merge", "-y"), ("issue", "-p", "2022-04"), ("history", "list"))
    for number, data in enumerate((None, b"", b"\xff\x00{")):
        trial = ledger.parent.parent / f"{number}"
        shutil.copytree(ledger.parent, trial, symlinks=True)
        spoilt = trial / path.relative_to(ledger.parent)
        if spoilt.is_dir():
            shutil.rmtree(spoilt)
        spoil(spoilt, data)
        at = ("-l", trial / ledger.name)
        some = {None: commands, b"": commands[:1]}.get(data, commands[:2])
        results = [run(*command, *at) for command in some]  # a traceback fails
        for result in results:
            assert result.exit_code in (0, 1, 2)
            assert not {"Errno", "rror", "directory"} & {*result.output.replace("]", " ").split()}
            if result.exit_code == 2:
                assert any(word in result.stderr.splitlines()[-1] for word in CURE), result.output
        verified = results[0]
        if name in FILES[:1] or name in (".taizhang-key", f"history/issued/{PERIOD}"):
            assert verified.exit_code, (name, data, verified.output)


def test_a_pipe_is_not_waited_for(ledger: Path, run: Run) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("the system has no named pipes")
    for name in ("history/.ledger", f"history/issued/{PERIOD}/财务处.json"):
        (ledger.parent / name).unlink()
        os.mkfifo(ledger.parent / name)
        assert "应该是一个文件，现在却是文件夹或别的东西" in run("merge", "-y", "-l", ledger).output
        (ledger.parent / name).unlink()
        (ledger.parent / name).write_bytes(b"")
