"""User-added formulas that end at a register's last row are reported before rows are added below it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from support.fixtures import Run
from support.ledgers import load
from support.returned import fill, findings
from support.returned_files import rewrite
from taizhang.checks.ranges import NAMED, short_ranges
from taizhang.splice import AppendRow, SetCell, printed_to
from taizhang.typed.text import as_text
from taizhang.workbook.reader import read_workbook

NEW = {"name": "差旅管理办法", "action": "立", "planned": "2022-06-30", "outcome": "起草中"}


def with_formulas(*formulas: str) -> bytes:
    """A workbook with 登记 (a head and three rows) and 汇总, with formulas in column B."""
    book = openpyxl.Workbook()
    own, other = book.worksheets[0], book.create_sheet("汇总")
    own.title = "登记"
    for row in (("编号", "数"), ("A-1", 1), ("A-2", 2), ("A-3", 3)):
        own.append(row)
    for row, formula in enumerate(formulas, 1):
        other.cell(row, 2, formula)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def named(data: bytes, *edits: AppendRow | SetCell) -> list[str]:
    found = list(short_ranges(read_workbook(Path("台账.xlsx"), data), edits))
    assert {each.check for each in found} <= {"range-short"}
    return [f"{each.place.sheet}!{each.place.cell}" for each in found]


@pytest.mark.parametrize(
    ("formula", "is_short"),
    [
        ("=SUM(登记!B2:B4)", True),
        ("=SUM('登记'!$B$2:$B$4)", True),
        ('=COUNTIF(登记!A2:A4,"A-*")/COUNTA(登记!A:A)', True),
        ("=SUM(登记!B2:B3)", False),
        ("=SUM(登记!B2:B400)", False),
        ("=登记!B4", False),
        ("=SUM(登记!B4:C4)", False),
        ("=SUM(B2:B4)", False),
        ('="登记!B2:B4"', False),
        ("=SUM([1]登记!B2:B4)", False),
        ("=SUM(登记!B:B)", False),
        ("=SUM(登记!2:4)", True),
        ("=SUM(登记!$2:$40)", False),
    ],
)
def test_only_a_range_that_ends_at_the_last_row_is_short(formula: str, is_short: bool) -> None:
    assert named(with_formulas(formula), AppendRow("登记", 4, {1: "A-4"})) == ["汇总!B1"] * is_short


def test_without_added_rows_no_range_is_short() -> None:
    assert named(with_formulas("=SUM(登记!B2:B4)"), SetCell("登记", 2, 2, 9)) == []


def test_a_formula_with_two_short_ranges_is_named_once() -> None:
    data = with_formulas("=SUM(登记!A2:A4)/SUM(登记!B2:B4)", "=SUM(登记!B2:B4)")
    assert named(data, AppendRow("登记", 4, {1: "A-4"})) == ["汇总!B1", "汇总!B2"]


@pytest.mark.parametrize(
    ("sheet", "formula", "is_short"),
    [
        ("登记", "COUNTIF($A$2:$A$4,$A2)>1", True),
        ("汇总", "COUNTIF(登记!$A$2:$A$4,$A2)>1", True),
        ("登记", "COUNTIF($A$2:$A$400,$A2)>1", False),
        ("登记", "COUNTIF($A:$A,$A2)>1", False),
        ("登记", "$B2>1", False),
        ("汇总", "COUNTIF($A$2:$A$4,$A2)>1", False),
    ],
)
def test_a_rule_that_looks_no_further_than_the_last_row_is_named(sheet: str, formula: str, is_short: bool) -> None:
    rule = FormulaRule([formula], fill=PatternFill(bgColor="FF0000", fill_type="solid"))
    data = ruled(sheet, lambda own: own.conditional_formatting.add("A2:B4", rule))
    assert named(data, AppendRow("登记", 4, {1: "A-4"})) == [f"{sheet}!"] * is_short


@pytest.mark.parametrize(("source", "is_short"), [("$A$2:$A$4", True), ("$A$2:$A$40", False), ('"甲,乙"', False)])
def test_a_list_that_ends_at_the_last_row_is_named(source: str, is_short: bool) -> None:
    choices = DataValidation(type="list", formula1=source, sqref="B2:B4")
    data = ruled("登记", lambda own: own.add_data_validation(choices))
    found = list(short_ranges(read_workbook(Path("台账.xlsx"), data), [AppendRow("登记", 4, {1: "A-4"})]))
    assert [each.message[:26] for each in found] == ["条件格式或数据有效性里的公式只算到〈登记〉第 4 行"] * is_short


def ruled(sheet: str, add: Callable[[Any], None]) -> bytes:
    book = load(with_formulas())
    add(book[sheet])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_many_short_ranges_are_counted() -> None:
    found = named(with_formulas(*["=SUM(登记!B2:B4)"] * (NAMED + 1)), AppendRow("登记", 4, {1: "A-4"}))
    assert (len(found), found[-1]) == (NAMED + 1, "登记!")


def test_the_merge_names_the_formula_the_row_and_the_cure(make_ledger: Callable[..., Path], run: Run) -> None:
    kept = [{**NEW, "code": code, "department": "财务处", "name": f"办法{code}"} for code in ("ZD-001", "ZD-002")]
    ledger = make_ledger([{}], regulations=kept)
    book = load(ledger.read_bytes())
    book.create_sheet("汇总")["B3"] = "=COUNTA(规章制度!C4:C5)"
    book.save(ledger)
    run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", ledger)
    issued = read_workbook(ledger.parent / "下发" / "2022-03" / "财务处.xlsx")
    spare = next(as_text(row[0]) for row in issued.by_name["规章制度"].rows[3:] if not as_text(row[0]).startswith("ZD"))
    fill(ledger, {spare: NEW}, form="regulations")
    result = run("merge", "-l", ledger, "--yes")
    assert (result.exit_code, findings(result)) == (1, [("B3", "range-short")])
    assert (
        "整改台账.xlsx:'汇总'!B3: range-short: 警告：这个公式只算到〈规章制度〉第 5 行，不包括要新加的 1 行；"
        in result.stdout
    )
    assert load(ledger.read_bytes())["汇总"]["B3"].value == "=COUNTA(规章制度!C4:C5)"


def test_the_source_of_a_pivot_table_can_be_short_too() -> None:
    """openpyxl makes no pivot tables, so the part that names the source is put into the package by hand."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/pivotCacheDefinition"
    link = f'<Relationship Id="rId99" Type="{kind}" Target="/xl/pivotCache/pivotCacheDefinition1.xml"/></Relationships>'
    source = '<pivotCacheDefinition><worksheetSource ref="A1:B4" sheet="登记"/></pivotCacheDefinition>'
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(with_formulas())) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/_rels/workbook.xml.rels":
                data = data.replace(b"</Relationships>", link.encode())
            new.writestr(name, data)
        new.writestr("xl/pivotCache/pivotCacheDefinition1.xml", source)
    (finding,) = short_ranges(read_workbook(Path("台账.xlsx"), target.getvalue()), [AppendRow("登记", 4, {1: "A-4"})])
    assert (str(finding.place), finding.message[:16]) == ("台账.xlsx:'登记'", "数据透视表的数据源只算到〈登记〉")


@pytest.mark.parametrize(("last", "is_short"), [(3, False), (4, True), (5, True), (6, False)])
def test_a_range_that_ends_among_the_new_rows_is_short(last: int, is_short: bool) -> None:
    found = list(
        short_ranges(
            read_workbook(Path("台账.xlsx"), with_formulas(f"=SUM(登记!B2:B{last})")),
            [AppendRow("登记", 4, {1: "A-4"}), AppendRow("登记", 4, {1: "A-5"})],
        )
    )
    told = [
        f"只算到〈登记〉第 {last} 行，不包括要新加的 {6 - last} 行；写入后请在 Excel 里把范围改到第 6 行"
        in each.message
        for each in found
    ]
    assert told == [True] * is_short


@pytest.mark.parametrize(
    ("formula", "is_short"),
    [
        ("=COUNTA(规章制度!C4:C5)", True),
        ("=COUNTA(规章制度!C3:C5)", True),
        ("=COUNTA(规章制度!C4:C6)", False),
        ("=COUNTA(规章制度!C5:C5)", False),
        ("=COUNTA(规章制度!C:C)", False),
        ("=规章制度!C4", False),
    ],
)
def test_validate_hints_at_a_formula_that_rows_were_added_below(
    formula: str, is_short: bool, make_ledger: Callable[..., Path], run: Run
) -> None:
    """The merge reports it once, before it adds the rows; afterwards every check reports it until it is repaired."""
    kept = [{**NEW, "code": f"ZD-00{n}", "department": "财务处", "name": f"办法{n}"} for n in (1, 2, 3)]
    ledger = make_ledger([{}], regulations=kept)
    book = load(ledger.read_bytes())
    book.create_sheet("汇总")["B3"] = formula
    book.save(ledger)
    result = run("validate", "-l", ledger, "--only", "range-short")
    assert (result.exit_code, findings(result)) == (0, [("B3", "range-short")] if is_short else [])


@pytest.mark.parametrize(
    ("area", "said"),
    [
        (None, False),
        ("A1:P3", True),
        ("A1:P4", True),
        ("A1:P5", False),
        ("A1:P60", False),
        ("A1:P1048576", False),
        ("A1:P3,A5:P5", False),
    ],
)
def test_a_print_area_that_ends_above_the_last_row_is_said(
    make_ledger: Callable[..., Path], run: Run, area: str | None, said: bool
) -> None:
    ledger = make_ledger([{}, {}])
    book = openpyxl.load_workbook(ledger)
    book["整改任务"].print_area = area
    book.save(ledger)
    result = run("validate", "-l", ledger, "--only", "print-area")
    assert (result.exit_code, ("打印区域只到第" in result.stdout)) == (0, said)


def test_whole_columns_print_every_row(make_ledger: Callable[..., Path]) -> None:
    book = openpyxl.load_workbook(make_ledger([{}, {}]))
    book["整改任务"].print_area = "A1:P3"
    target = io.BytesIO()
    book.save(target)
    data = target.getvalue()
    whole = rewrite(data, {"xl/workbook.xml": lambda xml: xml.replace(b"$A$1:$P$3", b"$A:$P")})
    assert printed_to(data, ["整改任务", "问题清单"]) == {"整改任务": 3}
    assert printed_to(whole, ["整改任务", "问题清单"]) == {}
