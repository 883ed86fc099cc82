"""Rows of a register are made once, so that rules, boards, lists and every returned row share what their cells mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from support.ledgers import ledger_in_memory
from taizhang.supervision.register_rows import rows_naming, rows_of

DAY = date(2022, 3, 31)


def test_whoever_looks_at_a_register_is_given_the_same_rows() -> None:
    ledger = ledger_in_memory([{}, {}])
    register, settings = ledger.registers["tasks"], ledger.settings
    small = replace(ledger, registers={"tasks": register})  # as a merge makes for each returned row
    rows = rows_of(register, settings)
    assert [row.code for row in rows] == ["RW-001", "RW-002"]
    assert rows_of(small.registers["tasks"], small.settings) is rows
    (found,) = rows_naming(("RW-002",), small.registers["tasks"], small.settings, "code", (), DAY)
    assert found is rows[1]


def test_other_rows_or_other_settings_are_read_anew() -> None:
    ledger = ledger_in_memory([{"department": "财务处"}])
    register, settings = ledger.registers["tasks"], ledger.settings
    (row,) = rows_of(register, settings)
    (record,) = register.records
    (changed,) = rows_of(replace(register, records=(replace(record, code="RW-007"),)), settings)
    (elsewhere,) = rows_of(register, replace(settings, departments=settings.departments[:1], unit="另一个局"))
    assert (row.code, changed.code) == ("RW-001", "RW-007")
    assert [each.value("department") for each in (row, changed)] == ["财务处", "财务处"]
    assert elsewhere is not row
    assert elsewhere.settings.unit == "另一个局"
