"""Workbooks that were read lately are recalled by their bytes: never another file's, never an older state."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.ledgers import small_ledger
from support.returned import edit, value
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import read_ledger
from taizhang.system.recent import Recent
from taizhang.workbook import reader
from taizhang.workbook.reader import Sheet, Unreadable, Workbook, memory_of, read_workbook


def test_the_same_bytes_are_read_once_and_keep_each_files_own_name(tmp_path: Path) -> None:
    first = read_workbook(small_ledger(tmp_path / "甲.xlsx", [{}]))
    second = read_workbook(small_ledger(tmp_path / "乙.xlsx", [{}]))
    assert (first.name, second.name) == ("甲.xlsx", "乙.xlsx")
    assert second.sheets is first.sheets


def test_a_ledger_that_was_changed_is_read_anew(tmp_path: Path) -> None:
    ledger = small_ledger(tmp_path / "整改台账.xlsx", [{}])
    old = read_ledger(ledger, standard_forms())
    assert read_ledger(ledger, standard_forms()) is old
    edit(ledger, "RW-001", "update", "后来")
    assert (value(ledger, "RW-001", "update"), old.registers["tasks"].by_code["RW-001"].cells["update"]) == ("后来", "")


def test_a_ledger_elsewhere_with_the_same_bytes_is_another_one(tmp_path: Path) -> None:
    places = [small_ledger(tmp_path / f"{name}.xlsx", [{}]) for name in ("甲", "乙")]
    assert [read_ledger(place, standard_forms()).path for place in places] == places


def test_other_forms_are_never_answered_from_memory(tmp_path: Path) -> None:
    ledger = small_ledger(tmp_path / "整改台账.xlsx", [{}])
    read_ledger(ledger, standard_forms())
    tasks = {"tasks": standard_forms()["tasks"]}
    assert list(read_ledger(ledger, tasks).registers) == ["tasks"]


@pytest.mark.parametrize(("less", "kept"), [(0, True), (1, False)])
def test_what_takes_too_much_memory_as_read_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, less: int, kept: bool
) -> None:
    path, data = Path("整改台账.xlsx"), small_ledger(tmp_path / "整改台账.xlsx", [{}]).read_bytes()
    most = memory_of(read_workbook(path, data)) - less
    monkeypatch.setattr(reader, "RECALLED", Recent(memory_of, most))
    assert (read_workbook(path, data).sheets is read_workbook(path, data).sheets) is kept


def test_memory_is_that_of_the_file_and_of_its_cells() -> None:
    book = Workbook("", "", (Sheet("表", [["甲", ""], [1.0]]), Sheet("空", [])), data=b"12345")
    assert memory_of(book) == 5 + 3 * 32


def test_what_could_not_be_read_is_tried_again_under_each_files_own_name(tmp_path: Path) -> None:
    for name in ("甲.xlsx", "乙.xlsx"):
        with pytest.raises(Unreadable) as refused:
            read_workbook(tmp_path / name, b"PK\x03\x04 cut off")
        assert refused.value.workbook == name
