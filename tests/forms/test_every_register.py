"""Every register that ships, from its form alone: added to the sample, issued, filled, merged, checked and counted."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from support.branches import issued
from support.filled import a_row
from support.fixtures import Run
from support.ledgers import ASPECT, NOW, load
from taizhang.checks import check_ledger
from taizhang.forms.columns import Column
from taizhang.forms.load import standard_forms
from taizhang.forms.model import Form
from taizhang.forms.vocabulary import Sensitivity
from taizhang.history.write import write_changes
from taizhang.ledger.catalogue import RuleName
from taizhang.ledger.cell_values import read_value
from taizhang.ledger.create import blank_register, default_settings, new_ledger
from taizhang.ledger.findings import Severity
from taizhang.ledger.layout import FIRST_DATA_ROW, HEAD_ROW
from taizhang.ledger.model import Ledger, read_ledger
from taizhang.ledger.settings import Settings
from taizhang.splice import AddSheet
from taizhang.system.files import write_atomically
from taizhang.typed.text import head_key
from taizhang.workbook.reader import read_workbook
from update_generated import ROOT

pytestmark = pytest.mark.slow

FORMS = {name: form for name, form in standard_forms().items() if not form.automatic}
ISSUED = [form for form in FORMS.values() if form.issued]
LISTED = ("department", "departments", "post", "branch", "aspect", "period", "reference", "references")
KNOWN = {
    "department": "财务处",
    "post": "局长",
    "branch": "第一党支部",
    "aspect": ASPECT,
    "period": "2022-03",
    "problems": "WT-01",
    "causes": "YY-01",
    "tasks": "RW-001",
    "regulations": "ZD-001",
    "appraisal_items": "KZ-01",
}
DAY = date(2022, 3, 31)


def full_ledger(path: Path, rows: dict[str, list[dict[str, Any]]]) -> Path:
    """Write a ledger that holds the core registers and those of these rows."""
    settings = default_settings("某局", 2022, [(ASPECT, "办实事")])
    settings["部门"], settings["岗位"] = [{"部门": "财务处"}], [{"岗位": "局长"}]
    settings["党支部"] = [{"党支部": "第一党支部", "所在部门": "财务处"}]
    forms = [form for form in FORMS.values() if form.name in rows or form.enabled]
    write_atomically(path, new_ledger(forms, rows, settings, datetime(2022, 3, 1)))
    return path


def errors(ledger: Ledger) -> list[str]:
    """Return the errors of the checks; rows made column by column do not keep the rules between columns."""
    found = (each for each in check_ledger(ledger, DAY) if not isinstance(each.check, RuleName))
    return [str(each) for each in found if each.severity == Severity.ERROR]


def test_registers_are_told_apart_by_sheet_and_code() -> None:
    sheets = [head_key(form.sheet) for form in standard_forms().values()]
    assert len(set(sheets)) == len(sheets) >= 46
    for form in FORMS.values():
        code = form.format_code(7)
        assert [other.name for other in FORMS.values() if other.code_number(code) is not None] == [form.name]
        assert [other.name for other in FORMS.values() if other.code.startswith(form.code[: form.code.index("{")])] == [
            form.name
        ]


def test_a_form_asks_no_name_and_fits_excel() -> None:
    for form in FORMS.values():
        assert len(form.sheet) <= 31
        assert form.help
        assert form.group != "其他"
        for column in form.columns:
            assert "姓名" not in column.title, form.name
            assert sum(map(len, column.choices)) + len(column.choices) <= 255, "a dropdown holds 255 characters"
            text = f"{form.sheet}{form.help}{column.title}{column.help}{column.example}{''.join(column.choices)}"
            text.encode("gbk")


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.name)
def test_a_row_of_examples_passes_the_checks(form: Form, tmp_path: Path) -> None:
    """The examples on a form, typed as text, are accepted without a finding."""
    row = {column.key: KNOWN.get(column.to or column.type, "") for column in form.columns if column.type in LISTED}
    row |= {column.key: _typed(column) for column in form.columns if column.example}
    row |= {
        column.key: column.choices[0]
        for column in form.columns
        if column.required and not row.get(column.key) and column.choices
    }
    row[form.code_column.key] = form.format_code(1)
    missing = [
        column.title for column in form.columns if column.required and column.by_department and not row.get(column.key)
    ]
    assert missing == [], "what a department must fill has an example"
    rows = {
        name: [a_row(FORMS[name], 0, KNOWN)]
        for name in ("problems", "causes", "tasks", "regulations", "appraisal_items")
    }
    ledger = read_ledger(full_ledger(tmp_path / "整改台账.xlsx", {**rows, form.name: [row]}), standard_forms())
    where = f"'{form.sheet}'!"
    checks = ("choice", "date", "percent", "number", "code", "personal", "reference", "reading")
    assert [str(each) for each in check_ledger(ledger, DAY) if where in str(each) and each.check in checks] == []


def _typed(column: Column) -> Any:
    """Return an example as it is typed; a percentage as the number its cell would hold."""
    return read_value(column, column.example, Settings()).value if column.type == "percent" else column.example


def test_every_register_is_added_to_the_sample_ledger(tmp_path: Path, run: Run) -> None:
    """The first and the last by the command; those between as the command adds them, all in one write."""
    path = tmp_path / "整改台账.xlsx"
    shutil.copy(ROOT / "ledger" / "整改台账.xlsx", path)
    before = read_ledger(path, standard_forms())
    findings = [str(each) for each in check_ledger(before, DAY)]
    first, *between, last = [form for form in FORMS.values() if form.name not in before.registers]
    result = run("forms", "enable", first.sheet, "-y", "-q", "-l", path)
    assert (result.exit_code, result.stdout) == (0, "")
    sheets = [AddSheet(blank_register(form, NOW, lists=True)) for form in between]
    write_changes(path, read_workbook(path).sha256, sheets, [], command="forms enable", now=NOW)
    result = run("forms", "enable", last.sheet, "-y", "-q", "-l", path)
    assert (result.exit_code, result.stdout) == (0, "")
    ledger = read_ledger(path, standard_forms())
    assert set(ledger.registers) == set(FORMS)
    assert [str(each) for each in check_ledger(ledger, DAY)] == findings
    for form in FORMS.values():
        register = ledger.registers[form.name]
        assert (register.head_row, list(register.columns)) == (HEAD_ROW, [column.key for column in form.columns])


def test_a_register_that_refers_to_one_not_there_says_so(tmp_path: Path, run: Run) -> None:
    path = full_ledger(tmp_path / "整改台账.xlsx", {})
    told = run("forms", "enable", "党建考核得分", "-y", "-l", path).stderr
    assert "“考核指标”写的是〈党建考核指标〉的编号，台账里还没有这张表" in told
    assert "还没有这张表" not in run("forms", "enable", "党建考核指标", "-y", "-l", path).stderr
    assert "还没有这张表" not in run("forms", "enable", "重大部署贯彻", "-y", "-l", path).stderr


def test_every_register_is_issued_filled_and_merged_back(tmp_path: Path, run: Run) -> None:
    rows = {name: [_open(form, a_row(form, n, KNOWN)) for n in range(3)] for name, form in FORMS.items()}
    proof = {"register": "支委名册", "indicator": "空缺", "filter": "", "target": "0", "per": None}
    rows["proofs"] = [row | proof for row in rows["proofs"]]
    rows["tasks"][1] |= {"kind": "周期", "review_cycle": "季", "start": date(2022, 1, 1), "deadline": "每季度"}
    rows["fulfilments"] = [row | {"task": "RW-002", "cycle": "2022年一季度"} for row in rows["fulfilments"]]
    rows["closeouts"] = [row | {"first_date": row["applied"]} for row in rows["closeouts"]]
    rows["extensions"] = [row | {"approved": None} for row in rows["extensions"]]
    rows["appraisal_items"] = [row | {"method": "达标得分", "points": 5} for row in rows["appraisal_items"]]
    rows["strong_branches"] = [row | {"recognised": None} for row in rows["strong_branches"]]
    path = full_ledger(tmp_path / "整改台账.xlsx", rows)
    assert run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", path, "-q").exit_code == 0
    by_file = issued(path)
    assert {name: sorted(sheets) for name, sheets in by_file.items()} == _sheets_by_file()
    typed: dict[str, dict[str, str]] = {}
    for name, sheets in by_file.items():
        book = load((path.parent / "下发" / "2022-03" / f"{name}.xlsx").read_bytes())
        typed |= {form.name: _fill(book[form.sheet], form) for form in ISSUED if form.sheet in sheets}
        returned = path.parent / "报送" / "2022-03" / f"{name}.xlsx"
        returned.parent.mkdir(parents=True, exist_ok=True)
        book.save(returned)
    result = run("merge", "-p", "2022-03", "-y", "-l", path)
    assert result.exit_code in (0, 1), result.output
    ledger = read_ledger(path, standard_forms())
    for form in ISSUED:
        records = ledger.registers[form.name].records
        filled = records[-1] if form.new_rows == "department" else records[0]
        assert len(records) == 3 + (form.new_rows == "department"), form.name
        assert filled.code == form.format_code(len(records) if form.new_rows == "department" else 1)
        for key, value in typed[form.name].items():
            assert str(filled.cells[key]).startswith(value), (form.name, key)
    assert errors(ledger) == []


def _sheets_by_file() -> dict[str, list[str]]:
    """Return the registers that each workbook holds: a branch answers its own, and what is about persons is apart."""
    sheets: dict[str, list[str]] = {}
    for form in ISSUED:
        unit = "第一党支部" if form.branch else "财务处"
        name = f"{unit}_人员类" if form.sensitivity is Sensitivity.PERSONAL else unit
        sheets.setdefault(name, []).append(form.sheet)
    return {name: sorted(own) for name, own in sheets.items()}


def _open(form: Form, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row that is not closed, so that it is issued."""
    for key, values in form.closed.items():
        left = [choice for choice in form.column(key).choices if choice not in values]
        row[key] = left[0] if left else None
    return row


def _fill(sheet: Any, form: Form) -> dict[str, str]:
    """Type the examples into the first spare row, or over issued cells; return what the ledger must then hold."""
    keys = {head_key(column.title): column for column in form.department_columns}
    row = FIRST_DATA_ROW + (3 if form.new_rows == "department" else 0)
    typed = {}
    for cell in sheet[HEAD_ROW]:
        column = keys.get(head_key(cell.value or ""))
        text = column and (column.example or (column.required and (KNOWN.get(column.type) or column.offered[0])))
        if column and text:
            sheet.cell(row, cell.column).value = text
            sheet.cell(row, cell.column).number_format = "@"
            if column.type in ("text", "long_text", "choice", "date", "branch", "period"):
                typed[column.key] = text
    return typed
