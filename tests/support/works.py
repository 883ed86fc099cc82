"""Work that writes a ledger or its history, to be killed or made to fail at any system call."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from taizhang.cli import main
from taizhang.forms.load import standard_forms
from taizhang.history.hand_edits import record
from taizhang.history.journal import read_entries
from taizhang.history.states import find_state
from taizhang.history.write import write_changes
from taizhang.ledger.model import read_ledger
from taizhang.splice import AppendRow, SetCell
from taizhang.system.files import StoreError, history_folder
from taizhang.typed.text import as_text
from taizhang.workbook.reader import read_workbook

from support.ledgers import small_ledger
from support.returned import edit, fill, value
from support.returned_files import by_hand

NOW = datetime(2022, 3, 31, 9, 30)
LEDGER = "整改台账.xlsx"
_CLOCK = {"SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))}


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of work: its preparation, the work itself, and the check that it is done right."""

    name: str
    prepare: Callable[[Path], object]
    do: Callable[[Path], object]
    is_right: Callable[[Path], bool]


def _command(ledger: Path, *args: str) -> None:
    """Run a command of the real command line; raises StoreError with its output if the exit status is not 0."""
    result = CliRunner().invoke(main, [*args, "-l", str(ledger), "--yes", "--quiet"], env=_CLOCK)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    if result.exit_code:
        raise StoreError(result.output)


def looked_at(ledger: Path) -> tuple[int, str]:
    """Return the exit status and the whole output of ``history verify``."""
    result = CliRunner().invoke(main, ["history", "verify", "-l", str(ledger)], env=_CLOCK)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def _recorded(ledger: Path) -> None:
    small_ledger(ledger, [{}, {}])
    record(ledger, standard_forms(), NOW)


def _chased(ledger: Path) -> None:
    """Leave a ledger whose slips already have numbers, so that only the workbook of slips remains to be written."""
    small_ledger(ledger, [{"deadline": date(2022, 2, 1)}])
    record(ledger, standard_forms(), NOW)
    _command_alone(ledger, "forms", "enable", "督办单", "--yes")
    _command(ledger, "remind")
    next((ledger.parent / "督办").iterdir()).unlink()


def _edited(ledger: Path) -> None:
    """Leave a ledger with a history of one write, and a hand edit not yet recorded."""
    _recorded(ledger)
    _set(ledger, SetCell("整改任务", 4, 3, "第一次"))
    edit(ledger, "RW-002", "statement", "手工")


def _aged(ledger: Path) -> None:
    """Leave a ledger whose history holds two states of a past year that can be put away, and a hand edit."""
    small_ledger(ledger, [{}, {}])
    record(ledger, standard_forms(), datetime(2021, 3, 1))
    for day in (2, 3):
        book = read_workbook(ledger)
        edits = [SetCell("整改任务", 4, 3, f"第 {day} 天")]
        write_changes(ledger, book.sha256, edits, [], command="merge", now=datetime(2021, 3, day))
    edit(ledger, "RW-002", "statement", "手工")


def _is_archived(ledger: Path) -> bool:
    entries = read_entries(history_folder(ledger)).values()
    there = [path.name[:8] for path in history_folder(ledger).glob("2021*.xlsx")]
    return there == ["20210303"] and all(find_state(ledger, entry.after) for entry in entries)


def _issued(ledger: Path) -> None:
    """Leave a ledger whose department has returned a changed cell and a new row, after a hand edit of the office."""
    _recorded(ledger)
    _command_alone(ledger, "issue", "-p", "2022-03", "--as-of", "2022-03-10")
    spare = read_workbook(ledger.parent / "下发" / "2022-03" / "财务处.xlsx").by_name["规章制度"].value(4, 1)
    fill(ledger, {"RW-001": {"progress": 0.6}}, ticks=False)
    returned = ledger.parent / "报送" / "财务处.xlsx"
    row = {"name": "差旅办法", "action": "改", "planned": "2022-06-30", "outcome": "起草中"}
    returned.write_bytes(_both(ledger, returned.read_bytes(), as_text(spare), row))
    edit(ledger, "RW-002", "statement", "手工")


def _both(ledger: Path, first: bytes, spare: str, row: dict[str, str]) -> bytes:
    """Return the returned file with a new row typed into it as well."""
    issued = ledger.parent / "下发" / "2022-03" / "财务处.xlsx"
    before = issued.read_bytes()
    issued.write_bytes(first)
    data = fill(ledger, {spare: row}, form="regulations", name="两样").read_bytes()
    issued.write_bytes(before)
    (ledger.parent / "报送" / "两样.xlsx").unlink()
    return data


def _command_alone(ledger: Path, *args: str) -> None:
    result = CliRunner().invoke(main, [*args, "-l", str(ledger)], env=_CLOCK)
    assert result.exit_code == 0, result.output


def _issue(ledger: Path) -> None:
    if not _is_issued(ledger):
        _command_alone(ledger, "issue", "-p", "2022-03", "--as-of", "2022-03-10")


def _is_issued(ledger: Path) -> bool:
    return {path.stem for path in (ledger.parent / "下发" / "2022-03").glob("*.xlsx")} == {"党委办公室", "财务处"}


def _set(ledger: Path, *edits: SetCell | AppendRow) -> None:
    write_changes(ledger, read_workbook(ledger).sha256, edits, [], command="merge", now=NOW)


def _write(ledger: Path) -> None:
    if _is_written(ledger):
        return
    _set(
        ledger,
        SetCell("整改任务", 4, 3, "改后"),
        SetCell("整改任务", 5, 3, "改后"),
        AppendRow("整改任务", 5, {1: "RW-003"}),
    )


def _is_written(ledger: Path) -> bool:
    sheet = read_workbook(ledger).by_name["整改任务"]
    return [sheet.value(4, 3), sheet.value(5, 3), sheet.value(6, 1)] == ["改后", "改后", "RW-003"]


def _undo(ledger: Path) -> None:
    if not _is_undone(ledger):
        _command(ledger, "history", "undo", "2")


def _is_undone(ledger: Path) -> bool:
    return [value(ledger, code, "statement") for code in ("RW-001", "RW-002")] == ["任务1", "手工"]


def _is_merged(ledger: Path) -> bool:
    rows = read_ledger(ledger, standard_forms()).registers["regulations"].records
    names = [as_text(each.cells["name"]) for each in rows]
    return names == ["差旅办法"] and value(ledger, "RW-001", "progress") == "0.6"


def _older(ledger: Path) -> None:
    """Leave a ledger without three columns and a register that came later, and a hand edit not yet recorded."""
    small_ledger(ledger, [{}, {}])

    def work(book: Any) -> None:
        book["整改任务"].delete_cols(30, 3)
        book.remove(book["核对"])

    by_hand(ledger, work)
    record(ledger, standard_forms(), NOW)
    edit(ledger, "RW-002", "statement", "手工")


def _is_updated(ledger: Path) -> bool:
    book = read_ledger(ledger, standard_forms())
    heads = [book.book.by_name["整改任务"].value(3, column) for column in (30, 31, 32)]
    return heads == ["原定时限", "需协调事项", "本期无变化"] and "proofs" in book.registers


def _is_recorded(ledger: Path) -> bool:
    entries = read_entries(history_folder(ledger))
    return entries[max(entries)].after == hashlib.sha256(ledger.read_bytes()).hexdigest()


WORKS = (
    Work(
        "first", lambda ledger: small_ledger(ledger, [{}, {}]), lambda x: record(x, standard_forms(), NOW), _is_recorded
    ),
    Work("hand", _edited, lambda ledger: record(ledger, standard_forms(), NOW), _is_recorded),
    Work("write", _edited, _write, _is_written),
    Work("undo", _edited, _undo, _is_undone),
    Work("issue", _edited, _issue, _is_issued),
    Work(
        "slips",
        _chased,
        lambda ledger: _command(ledger, "remind"),
        lambda x: len([*(x.parent / "督办").glob("*.xlsx")]) == 1,
    ),
    Work("archive", _aged, lambda ledger: _command(ledger, "history", "archive"), _is_archived),
    Work("update", _older, lambda ledger: _command(ledger, "forms", "update"), _is_updated),
    Work("merge", _issued, lambda ledger: _command(ledger, "merge"), _is_merged),
)
