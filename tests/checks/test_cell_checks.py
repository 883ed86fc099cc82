"""Checks of single cells beyond one task: formulas and errors, personal numbers, codes, empty lists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.checked import AS_OF, found, typed
from support.fixtures import Make
from taizhang.checks import check_ledger
from taizhang.checks.cells import cell_findings
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import read_ledger
from taizhang.splice import Refused, SetCell, patch


def messages(ledger: Path) -> str:
    return "\n".join(each.message for each in check_ledger(read_ledger(ledger, standard_forms()), AS_OF))


@pytest.mark.parametrize("value", ["=A4", "=1+1"])
def test_a_formula_is_read_by_its_last_result_and_said(make_ledger: Make, value: str) -> None:
    ledger = make_ledger()
    book = openpyxl.load_workbook(ledger)
    book["整改任务"]["U4"] = value
    book["整改任务"]["V4"] = "'=不是公式"
    book.save(ledger)
    assert found(ledger) == [("U4", "formula")]


def test_a_required_cell_with_a_formula_or_an_error_is_not_also_missing(make_ledger: Make) -> None:
    ledger = make_ledger()
    book = openpyxl.load_workbook(ledger)
    book["整改任务"]["C4"] = "=A9"
    book["整改任务"]["S4"] = "#REF!"
    book["整改任务"]["S4"].data_type = "e"
    book.save(ledger)
    assert found(ledger) == [("C4", "formula"), ("S4", "formula")]


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ((4, 21), 13800138000, [("U4", "personal")]),
        ((4, 21), "１３８ ００１３ ８０００", [("U4", "personal")]),
        ((4, 21), 12800138000, []),
        ((4, 12), 13800138000, [("L4", "personal")]),
        ((4, 5), 13800138000, []),
        ((4, 21), "身份证 11010519491231002X", [("U4", "personal")]),
    ],
)
def test_a_number_that_is_somebodys_is_named_and_never_repeated(
    make_ledger: Make, cell: tuple[int, int], value: Any, expected: list[tuple[str, str]]
) -> None:
    ledger = typed(make_ledger(), cell, value)
    assert found(ledger) == expected
    assert not expected or not any(part in messages(ledger) for part in ("13800", "8000", "11010"))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("RW-1", []),
        ("rw-001", []),
        ("RW-1000", []),
        ("RW-", [("A4", "code")]),
        ("ZG-001", [("A4", "code")]),
        ("RW-001a", [("A4", "code")]),
    ],
)
def test_the_shape_of_codes(make_ledger: Make, code: str, expected: list[tuple[str, str]]) -> None:
    assert found(make_ledger([{"code": code}])) == expected


@pytest.mark.parametrize("second", ["rw-001", "ＲＷ－００１", " RW-001 "])
def test_codes_that_look_different_are_one(make_ledger: Make, second: str) -> None:
    assert [each for each in found(make_ledger([{}, {"code": second}])) if each[1] != "reading"] == [
        ("A5", "code-duplicate")
    ]


def test_a_ledger_without_departments_cannot_be_issued(make_ledger: Make) -> None:
    ledger = make_ledger()
    typed(typed(ledger, (5, 4), None, "参数"), (6, 4), None, "参数")
    assert ("", "settings") in found(ledger)


@pytest.mark.parametrize("text", ["字" * 32_767, "😀" * 16_383 + "x"])
def test_the_checks_and_the_writer_refuse_the_same_length(make_ledger: Make, text: str) -> None:
    """An emoji counts as two characters: checks and writer accept the same length and refuse one more."""
    path = make_ledger()
    ledger = read_ledger(path, standard_forms())
    register = ledger.registers["tasks"]
    record, column = register.records[0], register.form.column("update")

    def checked(raw: str) -> list[str]:
        return [
            each.message
            for each in cell_findings(register, record, column, raw, ledger.settings)
            if each.check == "text"
        ]

    assert checked(text) == []
    patch(path.read_bytes(), [SetCell("整改任务", 4, 21, text)])
    assert checked(f"{text}x") == ["“本期进展”有 32768 个字，一格最多 32767 个，写不进表格；请删短。"]
    with pytest.raises(Refused, match="文字太长"):
        patch(path.read_bytes(), [SetCell("整改任务", 4, 21, f"{text}x")])
