"""A folder left by an earlier version of the program works with every current command.

``earlier_folder.zip`` dates from before close-outs had checks, issues had rosters and states could be archived. It
holds a ledger of June 2022, issued to two departments, one of which has returned its form with a cell in conflict; one
slip.
"""

from __future__ import annotations

import shutil
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from support.fixtures import Run
from support.ledgers import load
from support.returned import edit, fill, type_into, value

JUNE, JULY = "2022-06", "2022-07"


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    with zipfile.ZipFile(Path(__file__).with_name("earlier_folder.zip")) as archive:
        archive.extractall(tmp_path)
    path = tmp_path / "整改台账.xlsx"
    shutil.copy(max((tmp_path / "history").glob("*.xlsx")), path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(datetime(2022, 7, 1, 9).timestamp())))
    return path


def all_went_well(run: Run, ledger: Path, *commands: str) -> None:
    for command in commands:
        result = run(*command.split(), "-l", ledger)
        assert (command, result.exit_code) == (command, 0), result.output


def test_commands_that_only_look(ledger: Path, run: Run) -> None:
    before = ledger.read_bytes()
    all_went_well(
        run, ledger, "validate", "report", "remind -n", "remind --statement", "history list", "history show 3"
    )
    assert run("history", "verify", "-l", ledger).output.startswith("记录完整，共 4 次。\n")
    public = run("report", "--public", "-l", ledger)
    assert (public.exit_code, "WT-01 没有列入公示" in public.output) == (1, True)
    assert ledger.read_bytes() == before


def test_a_round_that_was_begun_is_carried_on(ledger: Path, run: Run) -> None:
    fill(ledger, {"RW-003": {"progress": 0.8}}, name="党办", department="党委办公室", period=JUNE)
    assert run("merge", "-y", "-l", ledger).exit_code == 1
    assert [value(ledger, f"RW-00{n}", "progress") for n in (1, 2, 3)] == ["0.6", "0.5", "0.8"]
    path = ledger.parent / "回执" / JUNE / "冲突裁决.xlsx"
    heads = {str(cell.value): cell.column for cell in load(path.read_bytes())["冲突裁决"][4]}
    type_into(path, {"冲突裁决": {(5, heads["裁决"]): "采用上报", (5, heads["理由"]): "核过"}})
    all_went_well(run, ledger, f"merge -y --decisions {path}", "merge -y")
    assert value(ledger, "RW-002", "progress") == "0.7"
    all_went_well(run, ledger, f"issue -p {JUNE} --again", f"issue -p {JULY}")
    fill(ledger, {"RW-003": {"progress": 0.9}}, name="七月", department="党委办公室", period=JULY)
    result = run("merge", "-y", "-l", ledger)
    assert "汇总 2022-07 期；其他各期的 2 份汇总过" in result.stdout
    assert value(ledger, "RW-003", "progress") == "0.9"


def test_a_ruling_given_on_the_earlier_sheet_counts(ledger: Path, run: Run) -> None:
    path = ledger.parent / "回执" / JUNE / "冲突裁决.xlsx"
    heads = {str(cell.value): cell.column for cell in load(path.read_bytes())["冲突裁决"][4]}
    type_into(path, {"冲突裁决": {(5, heads["裁决"]): "采用上报", (5, heads["理由"]): "核过"}})
    all_went_well(run, ledger, f"merge -y --decisions {path}")
    assert value(ledger, "RW-002", "progress") == "0.7"


def test_steps_of_the_earlier_record_are_undone_and_put_away(
    ledger: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_went_well(run, ledger, "forms enable 廉政风险 -y", "history undo 3 -y")
    assert value(ledger, "RW-001", "progress") == "0.3"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(datetime(2023, 1, 10, 9).timestamp())))
    edit(ledger, "RW-001", "progress", 0.4)
    all_went_well(run, ledger, "history archive -y", "history verify", "history undo 2 -n")
    assert (ledger.parent / "history" / "归档" / "2022.zip").exists()


def test_it_is_given_what_came_later(ledger: Path, run: Run) -> None:
    all_went_well(run, ledger, "forms update -n", "forms update -y", "validate", "history verify", "report")
    assert run("forms", "update", "-y", "-l", ledger).stdout == ""
