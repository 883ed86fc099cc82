"""Written files are open only to those who may read the ledger, and honour the umask."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.fixtures import Make, Run
from support.returned import fill
from taizhang.system import files
from taizhang.system.files import limit_rights, write_atomically

pytestmark = [pytest.mark.posix, pytest.mark.slow]


@pytest.fixture
def umask() -> Iterator[Callable[[int], int]]:
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


def everything(ledger: Path, run: Run) -> None:
    """Write everything that can be written beside a ledger."""
    at = ("-l", ledger, "--as-of", "2022-03-10")
    assert run("issue", "-p", "2022-03", *at).exit_code == 0
    fill(ledger, {"RW-001": {"progress": 0.6}})
    (ledger.parent / "报送" / "坏.xlsx").write_bytes(b"no workbook")
    run("merge", "-y", "-l", ledger)
    run("report", *at)
    run("remind", "-y", "-l", ledger, "--as-of", "2022-12-31")
    run("remind", "--statement", *at)
    assert run("history", "show", "1", "-o", ledger.parent / "那时.xlsx", "-l", ledger).exit_code == 0


def rights(folder: Path) -> dict[str, set[str]]:
    """Return the permissions of the files and folders below a folder, except user-added ones."""
    found: dict[str, set[str]] = {"files": set(), "folders": set()}
    for path in folder.rglob("*"):
        if path.name != "报送" and "报送" not in path.parts and path.name != ".taizhang-key":
            found["folders" if path.is_dir() else "files"].add(f"{path.stat().st_mode & 0o777:o}")
    return found


@pytest.mark.parametrize(
    ("mask", "mode", "written", "folders"),
    [
        (0o077, 0o644, {"600", "644"}, {"700"}),  # the ledger itself keeps its rights
        (0o022, 0o600, {"600"}, {"700"}),
        (0o022, 0o640, {"640"}, {"750"}),
        (0o027, 0o664, {"640", "664"}, {"750"}),
    ],
)
def test_all_that_is_written_has_the_rights_of_the_ledger_and_of_the_umask(
    make_ledger: Make, run: Run, umask: Callable[[int], int], mask: int, mode: int, written: set[str], folders: set[str]
) -> None:
    ledger = make_ledger()
    ledger.chmod(mode)
    umask(mask)
    everything(ledger, run)
    assert ledger.stat().st_mode & 0o777 == mode
    assert (ledger.parent / ".taizhang-key").stat().st_mode & 0o777 == 0o600
    assert rights(ledger.parent) == {"files": written, "folders": folders}
    assert umask(mask) == mask


def test_what_was_wider_than_the_ledger_is_so_no_longer_once_it_is_written(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger()
    everything(ledger, run)
    ledger.chmod(0o600)
    fill(ledger, {"RW-001": {"progress": 0.8}})
    run("merge", "-y", "-l", ledger)
    history = ledger.parent / "history"
    base = history / "issued" / "2022-03" / "财务处.json"
    newest = max(history.glob("*.xlsx"), key=lambda path: path.stat().st_mtime_ns)
    for path in (ledger, history / "journal.jsonl", base, newest, ledger.parent / "回执" / "2022-03" / "回收情况.xlsx"):
        assert (path.name, f"{path.stat().st_mode & 0o777:o}") == (path.name, "600")


def test_a_file_that_is_written_anew_keeps_its_rights_within_those_of_the_ledger(tmp_path: Path) -> None:
    ledger, path = tmp_path / "整改台账.xlsx", tmp_path / "x.json"
    ledger.write_bytes(b"")
    ledger.chmod(0o640)
    path.write_bytes(b"")
    for before, after in ((0o664, 0o640), (0o600, 0o600), (0o644, 0o640)):
        path.chmod(before)
        with limit_rights(ledger):
            write_atomically(path, b"new")
        assert path.stat().st_mode & 0o777 == after


def test_a_temporary_file_is_never_wider_than_what_it_becomes(
    tmp_path: Path, umask: Callable[[int], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    monkeypatch.setattr(files, "put_in_place", lambda made, _: seen.append(made.stat().st_mode & 0o777))
    umask(0o077)
    write_atomically(tmp_path / "a.xlsx", b"1")
    umask(0o022)
    write_atomically(tmp_path / ".taizhang-key", b"1", private=True)
    assert seen == [0o600, 0o600]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give a file away")
def test_whose_the_ledger_is_stays(tmp_path: Path) -> None:
    path = tmp_path / "整改台账.xlsx"
    path.write_bytes(b"old")
    os.chown(path, 65534, 65534)
    path.chmod(0o660)
    write_atomically(path, b"new")
    found = path.stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (65534, 65534, 0o660)


def test_where_the_group_cannot_be_kept_another_group_gets_no_more_than_everybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may give a file away")
    path = tmp_path / "整改台账.xlsx"
    path.write_bytes(b"old")
    os.chown(path, -1, 65534)
    path.chmod(0o660)

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "fchown", refuse)
    write_atomically(path, b"new")
    assert path.stat().st_mode & 0o777 == 0o600
