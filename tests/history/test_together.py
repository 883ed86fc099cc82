"""Two commands at once: one waits or is refused, both results are right in the end; no lock outlives its process."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import Result
from support.ledgers import small_ledger
from support.returned import fill, value
from support.works import NOW, WORKS
from taizhang.forms.load import standard_forms
from taizhang.history import locks
from taizhang.history.bases import load_base
from taizhang.history.hand_edits import record
from taizhang.history.journal import read_entries
from taizhang.history.verify import verify_history
from taizhang.ledger.create import new_ledger
from taizhang.ledger.model import read_ledger
from taizhang.system.files import StoreError, history_folder

pytestmark = pytest.mark.slow

FORMS = standard_forms()
WRITE = next(work for work in WORKS if work.name == "write")


def started(ledger: Path, *args: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "taizhang", *args, "--yes", "-l", str(ledger)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def at_once(ledger: Path, *commands: tuple[str, ...]) -> int:
    """Start commands at once; return how many were refused, and assert that each of these reported it."""
    ended = [(each.communicate()[1], each.returncode) for each in [started(ledger, *args) for args in commands]]
    for said, code in ended:
        assert code < 2 or "请重新运行" in said or "另一个命令正在写" in said, said
        assert (code in (0, 1, 2), "Traceback" in said) == (True, False), said
    return sum(code == 2 for _, code in ended)


def test_two_writes_at_once_lose_nothing(tmp_path: Path) -> None:
    ledger = tmp_path / "整改台账.xlsx"
    ledger.write_bytes(new_ledger([FORMS["tasks"]], {}, {}, datetime(2022, 1, 1)))
    sheets = [FORMS[name].sheet for name in ("problems", "causes")]
    for _ in range(3):
        if not at_once(ledger, *(("forms", "enable", sheet) for sheet in sheets)):
            break
    names = {sheet.name for sheet in read_ledger(ledger, FORMS).book.sheets}
    assert set(sheets) <= names
    assert len(read_entries(history_folder(ledger))) == 3
    assert verify_history(ledger, FORMS) == []


@pytest.mark.parametrize("apart", [True, False], ids=["a file each", "the same files"])
def test_two_merges_at_once_are_both_right(tmp_path: Path, run: Callable[..., Result], apart: bool) -> None:
    """Each returned value is in the ledger once, each base knows what was taken, and each receipt is there."""
    ledger = small_ledger(tmp_path / "整改台账.xlsx", [{}, {"department": "党委办公室"}])
    assert run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", ledger).exit_code == 0
    rows = {"财务处": "RW-001", "党委办公室": "RW-002"}
    paths = [
        fill(ledger, {code: {"progress": 0.6}}, name=name, department=name).as_posix() for name, code in rows.items()
    ]
    merges = [("merge", *([path] if apart else [])) for path in paths]
    for _ in range(3):
        if not at_once(ledger, *merges):
            break
    assert [value(ledger, code, "progress") for code in rows.values()] == ["0.6", "0.6"]
    merged = [each for each in read_entries(history_folder(ledger)).values() if each.command == "merge"]
    assert sorted(each.code for entry in merged for each in entry.changes) == ["RW-001", "RW-002"]
    for name, code in rows.items():
        base = load_base(ledger, "2022-03", name)
        assert base and base.taken == {code: {"progress": "0.6"}}
        assert (tmp_path / "回执" / "2022-03" / f"{name}_回执.xlsx").exists()
    assert verify_history(ledger, FORMS) == []
    again = run("merge", "--yes", "-l", ledger)
    assert (again.exit_code, "没有要写进台账的改动" in again.stderr) == (0, True)


HOLDING = """
import sys, time
from pathlib import Path
from taizhang.history.locks import locked
with locked(Path(sys.argv[1]), "merge"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    WRITE.prepare(tmp_path / "整改台账.xlsx")
    return tmp_path / "整改台账.xlsx"


def test_who_holds_the_lock_is_named_and_his_death_frees_it(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "WAIT_SECONDS", 0.2)
    with subprocess.Popen([sys.executable, "-c", HOLDING, str(ledger)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match=r"另一个命令正在写这本台账（.*开始，merge），请等它结束后再运行。"):
            WRITE.do(ledger)
        holder.kill()
    found = record(ledger, FORMS, NOW)
    assert found
    assert found.message.startswith("上次的“汇总”（")
    assert "没有写进台账，台账还是原来的内容，需要的话请重新运行。" in found.message
    WRITE.do(ledger)
    assert WRITE.is_right(ledger)
    assert record(ledger, FORMS, NOW) is None


@pytest.mark.posix
@pytest.mark.parametrize("number", [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_share_without_locks_gets_a_lock_file(ledger: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """A lock left on another machine by a power cut is never taken over: the message names the file to delete."""

    def flock(*_: object) -> None:
        raise OSError(number, "no locks here")

    monkeypatch.setattr("fcntl.flock", flock)
    monkeypatch.setattr(locks, "WAIT_SECONDS", 0.2)
    left = history_folder(ledger) / ".lock-file"
    left.write_text("4711\nanother-machine\n", encoding="utf-8")
    with pytest.raises(
        StoreError, match=r"如果确认没有命令在运行（例如上次断电），请删掉 history 文件夹里的 \.lock-file"
    ):
        WRITE.do(ledger)
    left.unlink()
    WRITE.do(ledger)
    assert WRITE.is_right(ledger)
    assert not left.exists()
