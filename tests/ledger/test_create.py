"""A new ledger as users open it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, get_column_letter
from support.ledgers import NOW, load
from taizhang.forms.load import standard_forms
from taizhang.ledger.create import filled_register
from taizhang.office.xlsx import text_width


def test_no_line_of_the_guide_is_cut(make_ledger: Callable[..., Path]) -> None:
    sheet = load_workbook(make_ledger([{}]))["说明"]
    width = 7 * sheet.column_dimensions["A"].width
    lines = {row: str(sheet.cell(row, 1).value) for row in range(2, sheet.max_row + 1)}
    needed = {row: -(-text_width(line, 11) // width) for row, line in lines.items()}
    assert max(needed.values()) > 1
    assert [lines[row] for row, count in needed.items() if sheet.row_dimensions[row].height < 19.5 * count] == []


LEDGER = [{"statement": "修订办法", "deadline": "2022年3月底前"}, {"status": "已销号"}]


def registers(book: Any) -> list[Any]:
    return [book[form.sheet] for form in standard_forms().values() if form.sheet in book.sheetnames]


def columns_of(sheet: Any) -> dict[int, Any]:
    """Return the style of each column of a sheet, as Excel gives it to a cell that is typed into."""
    return {
        number: dimension
        for letter, dimension in sheet.column_dimensions.items()
        for number in range(
            dimension.min or column_index_from_string(letter), (dimension.max or column_index_from_string(letter)) + 1
        )
    }


def looks_of(cell: Any) -> tuple[Any, ...]:
    font, align = cell.font, cell.alignment
    return font.name, font.sz, align.horizontal, align.vertical, align.wrap_text, cell.number_format


def blank_registers() -> list[Any]:
    return registers(load(filled_register(standard_forms()["closeouts"], (), NOW)))


def enabled_later(path: Path, run: Callable[..., Any]) -> list[Any]:
    """Return the sheet that ``forms enable`` grafts into a ledger that is there."""
    assert run("forms", "enable", "组织生活", "-l", path, "--yes").exit_code == 0
    return [load_workbook(path)["组织生活"]]


def test_nothing_that_is_typed_below_or_beside_a_register_is_left_out_on_paper(
    make_ledger: Callable[..., Path], run: Callable[..., Any]
) -> None:
    path = make_ledger(LEDGER)
    book = load_workbook(path)
    assert {sheet.title: sheet.print_area for sheet in book} == dict.fromkeys(book.sheetnames, "")
    for sheet in [*registers(book), *blank_registers(), *enabled_later(path, run)]:
        assert (sheet.print_area, sheet.print_title_rows) == ("", "$3:$3"), sheet.title


def test_a_row_typed_below_the_last_looks_like_the_rows_above(
    make_ledger: Callable[..., Path], run: Callable[..., Any]
) -> None:
    path = make_ledger(LEDGER)
    for sheet in [*registers(load_workbook(path)), *blank_registers(), *enabled_later(path, run)]:
        by_column = columns_of(sheet)
        for cell in sheet[4]:
            below = by_column[cell.column]
            assert looks_of(below) == looks_of(cell), cell
            assert not below.border.top.style, "a whole column with lines would print them to the end of the sheet"


def test_dates_look_the_same_on_every_machine(make_ledger: Callable[..., Path]) -> None:
    sheet = load_workbook(make_ledger(LEDGER))["整改任务"]
    looks = {str(head.value): columns_of(sheet)[head.column or 0].number_format for head in sheet[3]}
    assert {head for head, look in looks.items() if look == "yyyy-mm-dd"} == {
        "开始日期", "完成时限", "下次复核日期", "党委会审定日期",
    }  # fmt: skip
    assert (looks["进度"], looks["任务编号"]) == ("0%", "@")


def test_lines_come_with_what_is_typed(make_ledger: Callable[..., Path]) -> None:
    for sheet in registers(load_workbook(make_ledger(LEDGER))):
        last = get_column_letter(len(sheet[3]))
        rules = {
            rule.formula[0]: (str(area.sqref), rule.dxf) for area in sheet.conditional_formatting for rule in area.rules
        }
        area, looks = rules[f"COUNTA($A4:${last}4)>0"]
        assert area == f"A4:{last}2003"
        assert {looks.border.top.style, looks.border.bottom.style, looks.border.left.style} == {"thin"}


def test_no_colour_of_the_ledger_speaks_of_lateness(make_ledger: Callable[..., Path]) -> None:
    """A conditional format can neither read “3月底前” nor know the report's day, so it would colour the wrong cells."""
    sheet = load_workbook(make_ledger([{"deadline": date(2022, 12, 31)}, {"deadline": "2022年3月底前"}]))["整改任务"]
    rules = [rule for area in sheet.conditional_formatting for rule in area.rules]
    assert [rule.formula[0] for rule in rules] == ["COUNTA($A4:$AF4)>0", '$S4="已销号"']
    assert not [rule for rule in rules if rule.dxf.fill and rule.dxf.fill.bgColor.value not in (None, "00000000")]
    assert "逾期、临期看《整改进展一览》" in sheet["A2"].value


def test_the_filter_of_an_empty_register_has_room_for_rows(make_ledger: Callable[..., Path]) -> None:
    book = load_workbook(make_ledger([{}, {}]))
    assert book["销号审核"].auto_filter.ref == "A3:V4"
    assert book["整改任务"].auto_filter.ref == "A3:AF5"
