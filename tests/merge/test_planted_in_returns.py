"""Contradictions that departments type into their forms are found when these come back, each at its own row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.fixtures import Run
from support.ledgers import small_ledger
from support.planted import DAY, FIRST, MORE, Planted
from support.returned import saved_on
from taizhang.forms.load import standard_forms
from taizhang.ledger.registers import read_register
from taizhang.splice import SetCell, patch
from taizhang.workbook.reader import read_workbook

pytestmark = pytest.mark.slow

FORMS = standard_forms()
PERIOD, UNIT = "2022-06", "财务处"


def typed_by_departments(each: Planted) -> bool:
    """Whether a department can type the whole row into a spare row of its form."""
    form = FORMS[each.register]
    own = (form.column(key) for key in each.row if key not in (form.owner, form.code_column.key))
    return form.issued and form.new_rows == "department" and all(column.by_department for column in own)


def changed_by_departments(each: Planted) -> bool:
    """Whether a department can spoil the mended row, as it was issued."""
    form = FORMS[each.register]
    return form.issued and all(form.column(key).by_department for key in each.mended)


ADDED = [each for each in (*FIRST, *MORE) if typed_by_departments(each)]
CHANGED = [each for each in (*FIRST, *MORE) if each not in ADDED and changed_by_departments(each)]


def rows_of_the_ledger() -> tuple[dict[str, list[dict[str, Any]]], dict[str, str]]:
    """Return the rows that stand beside the planted ones, and the code of each row that a department is to spoil."""
    rows: dict[str, list[dict[str, Any]]] = {
        name: [] for name, form in FORMS.items() if not form.automatic and name not in ("problems", "tasks")
    }
    codes = {}
    for each in (*ADDED, *CHANGED):
        mended = () if each in ADDED else ({**each.row, **each.mended},)
        for name, own in {**each.beside, each.register: (*each.before, *mended)}.items():
            form, key = FORMS[name], FORMS[name].code_column.key
            for cells in own:
                if any(row[key] == cells.get(key) for row in rows[name]):
                    continue
                code = cells.get(key) or form.format_code(len(rows[name]) + 1)
                rows[name].append({**({form.owner: UNIT} if form.owner else {}), **cells, key: code})
                if mended and cells is mended[0]:
                    codes[each.words] = code
    return rows, codes


def type_rows(ledger: Path, codes: dict[str, str]) -> dict[str, tuple[str, int]]:
    """Type each planted row into a spare row, or over the row that was issued; return sheet and row by words."""
    places: dict[str, tuple[str, int]] = {}
    for path in (ledger.parent / "下发" / PERIOD).glob(f"{UNIT}*.xlsx"):
        places |= type_rows_of(path, ledger.parent / "报送" / path.name, codes)
    return places


def type_rows_of(path: Path, target: Path, codes: dict[str, str]) -> dict[str, tuple[str, int]]:
    """Type the planted rows whose sheets one issued workbook has; what is about persons has one of its own."""
    book = read_workbook(path)
    cells, places, used = [], {}, dict.fromkeys(FORMS, 0)
    for each in (*ADDED, *CHANGED):
        form = FORMS[each.register]
        register, _ = read_register(book, form)
        if register is None or (each in CHANGED and codes[each.words] not in register.by_code):
            continue  # a finished row is not sent
        if each in ADDED:
            typed = dict(each.row)
            row = first_spare(register.sheet.rows, register.head_row) + used[each.register]
            used[each.register] += 1
        else:
            row = register.by_code[codes[each.words]].row
            typed = {key: each.row.get(key) or "（清空）" for key in each.mended}
        places[each.words] = form.sheet, row
        for key, value in typed.items():
            if form.column(key).by_department:
                seen: Any = "、".join(value) if isinstance(value, tuple) else value
                cells.append(SetCell(form.sheet, row, register.columns[key], seen))
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(patch(path.read_bytes(), cells)[0])
    saved_on(target, f"{DAY}T09:00:00Z")
    return places


def first_spare(rows: Any, head_row: int) -> int:
    """Return the first row whose hidden id is that of a row to be added."""
    return next(
        number for number, row in enumerate(rows, 1) if number > head_row and any("新增-" in str(raw) for raw in row)
    )


def test_planted_contradictions_are_found_in_returns(tmp_path: Path, run: Run) -> None:
    """All in one round, in spare rows and over rows as they were issued."""
    assert (len(ADDED), len(CHANGED)) == (20, 16)
    rows, codes = rows_of_the_ledger()
    ledger = small_ledger(tmp_path / "整改台账.xlsx", [{}], **rows)
    issued = run("issue", "-p", PERIOD, "-l", ledger)
    assert issued.exit_code == 0, issued.stderr
    places = type_rows(ledger, codes)
    result = run("merge", "-l", ledger, "--yes", "--json")
    found = {(each["sheet"], each["row"], each["check"]) for each in json.loads(result.stdout)["findings"]}
    sent = [each for each in (*ADDED, *CHANGED) if each.words in places]
    assert [each.words for each in sent if (*places[each.words], each.check) not in found] == []
    assert len(sent) >= 33, "only finished rows are not sent"
