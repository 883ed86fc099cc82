"""The 24 traps of returned files, each with the test that covers it, through the command line unless stated.

| trap | test here | more |
|---|---|---|
| 1 columns inserted, moved, renamed | test_01_* | test_registers.py |
| 2 sheet renamed, extra sheets, notes first | test_02_* | test_registers.py |
| 3 merged cells | test_03_* | |
| 4 dates as people write them | test_04_* | test_dates.py, test_deadlines.py |
| 5 full-width digits, letters, brackets | test_05_* | test_text.py, test_numbers.py |
| 6 hidden rows, active filter | test_06_* | |
| 7 pasting destroys validation and format | test_07_* | |
| 8 .xls, .et, .ods, .xlsb, wrong extension | test_08_* | test_merge.py (LibreOffice saves) |
| 9 passwords | test_09_* | |
| 10 external links, formulas with and without results | test_10_* | checks/test_cell_checks.py |
| 11 macros, embedded files | test_11_* | |
| 12 the 1904 epoch | test_12_* | test_dates.py |
| 13 invisible characters, line ends | test_13_* | test_text.py |
| 14 numbers as text, percentages, codes turned into dates | test_14_* | test_cell_values.py, test_numbers.py |
| 15 formatted down to row 1,048,576 | test_15_* | test_hostile.py |
| 16 a wrong dimension | test_16_* | |
| 17 invalid styles | test_17_* | |
| 18 a filter left on with text criteria | test_18_* | |
| 19 duplicate submissions | test_19_* | |
| 20 stale templates and files | test_20_* | test_merge.py |
| 21 NA, None, null, 无, — | test_21_* | test_text.py |
| 22 text that begins with = + - @ | test_22_* | test_splice.py |
| 23 what saving through a library drops | test_23_* | test_splice.py |
| 24 data of others in what is sent | test_24_* | test_commands.py |

A real .xlsb cannot be made here: no free library writes one. The tests use a broken one; reading real ones was checked
with files of several public repositories (benchmarks/returned_corpus.py).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.fixtures import Make, Run
from support.returned import edit, fill, findings, value
from support.returned_files import by_hand, edit_xml, encrypted, old_xls, rewrite
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import read_ledger
from taizhang.typed.text import as_text
from taizhang.workbook.reader import read_workbook

pytestmark = pytest.mark.slow

TASKS, RULES = "整改任务", "规章制度"
HEAD, FIRST = 3, 4
"""Rows of the heads and of the first row of a template's sheet."""


@pytest.fixture
def ledger(make_issued: Make) -> Path:
    """Two tasks and one regulation of 财务处, issued for 2022-03."""
    rule = {"code": "ZD-001", "name": "差旅办法", "department": "财务处", "action": "改", "planned": date(2022, 6, 30)}
    return make_issued([{}, {}], regulations=[{**rule, "outcome": "起草中"}])


@pytest.fixture
def merge(ledger: Path, run: Run) -> Callable[..., list[tuple[str, str]]]:
    """Merge the files in 报送 and return the findings."""

    def call(*paths: object) -> list[tuple[str, str]]:
        return findings(run("merge", *paths, "-l", ledger, "--yes"))

    return call


def sent(ledger: Path, progress: Any = 0.6, name: str = "财务处") -> Path:
    """Return the department's file with RW-001 at 60 %."""
    return fill(ledger, {"RW-001": {"progress": progress}}, name=name)


def column_of(page: Any, title: str) -> int:
    return next(cell.column for cell in page[HEAD] if str(cell.value).lstrip("*") == title)


def messages(run: Run, ledger: Path, check: str) -> list[str]:
    lines = run("merge", "-l", ledger, "--dry-run").stdout.splitlines()
    return [line.partition(f"{check}: ")[2] for line in lines if f": {check}: " in line]


def test_01_columns_inserted_moved_and_renamed(ledger: Path, merge: Any, run: Run) -> None:
    def rearrange(book: Any) -> None:
        page = book[TASKS]
        page.cell(HEAD, column_of(page, "进度")).value = " 进\n度（本期）* "
        page.insert_cols(5)
        page.cell(HEAD, 5).value, page.cell(FIRST, 5).value = "我的备注", "只给自己看"
        last = page.max_column + 1
        moved = column_of(page, "本期进展")
        for row in range(HEAD, page.max_row + 1):
            source = page.cell(row, moved)
            page.cell(row, last).value, source.value = source.value, None

    fill(ledger, {"RW-001": {"progress": 0.6, "update": "约谈 3 个支部"}})
    by_hand(ledger.parent / "报送" / "财务处.xlsx", rearrange)
    assert ("E3", "head-unknown") in merge()
    assert (value(ledger, "RW-001", "progress"), value(ledger, "RW-001", "update")) == ("0.6", "约谈 3 个支部")


def test_01_a_column_that_is_gone_is_said_and_nothing_of_it_is_cleared(make_ledger: Make, run: Run) -> None:
    path = make_ledger([{"update": "旧"}])
    run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", path)
    returned = sent(path)
    by_hand(returned, lambda book: book[TASKS].delete_cols(column_of(book[TASKS], "本期进展")))
    assert ("第3行", "head-missing") in findings(run("merge", "-l", path, "--yes"))
    assert (value(path, "RW-001", "update"), value(path, "RW-001", "progress")) == ("旧", "0.6")


def test_02_sheet_renamed_with_notes_in_front(ledger: Path, merge: Any) -> None:
    def rename(book: Any) -> None:
        book[TASKS].title = "财务处（最终版）"
        book.create_sheet("说明", 0)["A1"] = "请查收"

    by_hand(sent(ledger), rename)
    assert ("", "sheet-renamed") in merge()
    assert value(ledger, "RW-001", "progress") == "0.6"


def test_02_a_sheet_that_is_gone_is_named(ledger: Path, merge: Any) -> None:
    by_hand(sent(ledger), lambda book: book.remove(book[TASKS]))
    assert ("", "sheet-missing") in merge()


def test_03_merged_cells_fill_only_inside_the_range_and_it_is_said(ledger: Path, merge: Any, run: Run) -> None:
    returned = fill(ledger, {"RW-001": {"update": "两项一并推进"}})
    merged = '<mergeCells count="1"><mergeCell ref="I4:I5"/></mergeCells><dataValidations'
    edit_xml(returned, TASKS, lambda xml: xml.replace("<dataValidations", merged, 1))
    assert "I4 起是合并单元格，“本期进展”第 5 行按第 4 行的内容理解" in messages(run, ledger, "merged-cells")[0]
    assert merge() == [("I4", "merged-cells")]
    assert [value(ledger, code, "update") for code in ("RW-001", "RW-002")] == ["两项一并推进"] * 2


def test_03_blanks_outside_merged_ranges_stay_blank(ledger: Path, merge: Any) -> None:
    fill(ledger, {"RW-001": {"update": "只有这一项"}})
    assert merge() == []
    assert value(ledger, "RW-002", "update") == ""


def test_03_what_lies_below_a_merged_range_is_said(ledger: Path, run: Run) -> None:
    returned = fill(ledger, {"RW-001": {"update": "甲"}, "RW-002": {"update": "乙"}})
    merged = '<mergeCells count="1"><mergeCell ref="I4:I5"/></mergeCells><dataValidations'
    edit_xml(returned, TASKS, lambda xml: xml.replace("<dataValidations", merged, 1))
    assert "I5 还压着别的内容" in messages(run, ledger, "merged-cells")[0]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2022.3.15", "2022-03-15"),
        ("22-3-15", "2022-03-15"),
        ("2022年3月15日", "2022-03-15"),
        ("20220315", "2022-03-15"),
        ("44635", "2022-03-15"),
        ("3月底", "2022-03-31"),
        ("２０２２．３．１５", "2022-03-15"),
    ],
)
def test_04_dates_as_people_write_them_are_echoed(ledger: Path, run: Run, typed: Any, day: str) -> None:
    fill(ledger, {"ZD-001": {"planned": typed}}, form="regulations")
    assert f"理解为 {day}" in messages(run, ledger, "reading")[0]
    assert run("merge", "-l", ledger, "--yes").exit_code == 0
    assert value(ledger, "ZD-001", "planned", "regulations") == day


@pytest.mark.parametrize(
    ("typed", "words"), [("31.12.22", "分不清是"), ("2022年3月", "只写到月"), ("2022-02-30", "没有")]
)
def test_04_what_is_ambiguous_is_asked_and_not_taken(
    ledger: Path, run: Run, merge: Any, typed: str, words: str
) -> None:
    fill(ledger, {"ZD-001": {"planned": typed}}, form="regulations")
    assert words in messages(run, ledger, "date")[0]
    merge()
    assert value(ledger, "ZD-001", "planned", "regulations") == "2022-06-30"


def test_05_full_width_digits_letters_and_brackets(ledger: Path, merge: Any) -> None:
    fill(ledger, {"RW-001": {"progress": "８０％", "status": "推进中　", "update": "完成①（全部）Ａ"}})
    merge()
    assert (value(ledger, "RW-001", "progress"), value(ledger, "RW-001", "update")) == ("0.8", "完成①（全部）Ａ")


def test_05_a_code_in_full_width_is_the_same_row(ledger: Path, merge: Any) -> None:
    def retype(book: Any) -> None:
        page = book[TASKS]
        page.cell(FIRST, column_of(page, "任务编号")).value = "ｒｗ－００１"
        page.delete_cols(1)

    by_hand(sent(ledger), retype)
    merge()
    assert value(ledger, "RW-001", "progress") == "0.6"


def test_06_hidden_rows_are_read_and_said(ledger: Path, merge: Any, run: Run) -> None:
    returned = fill(ledger, {"RW-001": {"progress": 0.6}, "RW-002": {"progress": 0.7}})
    edit_xml(returned, TASKS, lambda xml: xml.replace('<row r="5" ', '<row r="5" hidden="1" ', 1))
    said = messages(run, ledger, "hidden-row")
    assert ["核对是不是有意改的" in said[0], "第 5 行" in said[1]] == [True, True]
    assert merge() == [("B5", "hidden-row"), ("", "hidden-row")]
    assert value(ledger, "RW-002", "progress") == "0.7"


def test_06_hidden_rows_without_changes_are_only_a_hint(ledger: Path, run: Run) -> None:
    edit_xml(sent(ledger), TASKS, lambda xml: xml.replace('<row r="5" ', '<row r="5" hidden="1" ', 1))
    assert run("merge", "-l", ledger, "--yes").exit_code == 0


def test_07_validation_pasted_over_is_said_and_every_cell_checked_again(ledger: Path, merge: Any) -> None:
    returned = fill(ledger, {"RW-001": {"status": "完成了"}, "RW-002": {"progress": 0.3}})
    edit_xml(returned, TASKS, lambda xml: re.sub(r"<dataValidations.*</dataValidations>", "", xml))
    assert merge() == [("F4", "choice"), ("", "validation-lost")]
    assert value(ledger, "RW-002", "progress") == "0.3"


@pytest.mark.parametrize("name", ["财务处.xls", "财务处.xlsx", "财务处.et"])
def test_08_an_old_xls_is_read_by_its_content(ledger: Path, run: Run, tmp_path: Path, name: str) -> None:
    rows = read_workbook(sent(ledger)).by_name[TASKS].rows
    path = tmp_path / name
    path.write_bytes(old_xls([[as_text(cell) for cell in row] for row in rows], TASKS))
    result = run("merge", path, "-l", ledger, "--as", "财务处", "-p", "2022-03", "--yes")
    assert ("", "file-format") in findings(result)
    assert value(ledger, "RW-001", "progress") == "0.6"


def test_08_an_xlsx_under_another_name_is_read_by_its_content(ledger: Path, merge: Any) -> None:
    returned = sent(ledger)
    other = returned.rename(returned.with_suffix(".et"))
    assert merge(other) == [("", "file-format")]
    assert value(ledger, "RW-001", "progress") == "0.6"


@pytest.mark.libreoffice
def test_08_an_ods_is_read_like_any_other(ledger: Path, run: Run, soffice: Any, tmp_path: Path) -> None:
    saved = soffice(sent(ledger), "ods", tmp_path)
    result = run("merge", saved, "-l", ledger, "--yes")
    assert (result.exit_code, "看不出来" in result.stdout) == (0, False)
    assert ("", "file-format") in findings(result)
    assert value(ledger, "RW-001", "progress") == "0.6"


def test_08_an_xlsb_that_cannot_be_read_is_said(ledger: Path, merge: Any, tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("xl/workbook.bin", b"\x83\x01\x00" + b"\xff" * 40)
    path = tmp_path / "财务处.xlsb"
    path.write_bytes(target.getvalue())
    assert ("", "unreadable") in merge(path)


def test_09_a_password_is_said_and_nobody_guesses_it(ledger: Path, run: Run, merge: Any) -> None:
    returned = sent(ledger)
    returned.write_bytes(encrypted(returned.read_bytes()))
    assert "文件加了密码" in messages(run, ledger, "unreadable")[0]
    assert merge() == [
        ("", "unreadable"),
    ]


def test_10_a_formula_is_read_by_its_saved_result_and_said(ledger: Path, merge: Any) -> None:
    def formula(xml: str) -> str:
        return re.sub(r'(<c r="G4"[^>]*>)<v>0.6</v>', r"\1<f>3/5</f><v>0.6</v>", xml)

    edit_xml(sent(ledger), TASKS, formula)
    assert merge() == [("G4", "formula")]
    assert value(ledger, "RW-001", "progress") == "0.6"


@pytest.mark.parametrize("cell", ["<f>3/5</f>", "<f>3/5</f><v></v>", "<f>3/5</f><v/>"])
def test_10_a_formula_without_a_result_holds_its_row_back(ledger: Path, merge: Any, cell: str) -> None:
    returned = fill(ledger, {"RW-001": {"progress": 0.6, "update": "好"}})
    edit_xml(returned, TASKS, lambda xml: re.sub(r'(<c r="G4"[^>]*>)<v>0.6</v>', rf"\1{cell}", xml))
    assert merge() == [("G4", "formula")]
    assert value(ledger, "RW-001", "update") == ""


def test_10_an_error_value_holds_its_row_back(ledger: Path, merge: Any) -> None:
    returned = fill(ledger, {"RW-001": {"progress": 0.6, "update": "好"}})
    edit_xml(
        returned, TASKS, lambda xml: re.sub(r'<c r="G4"( s="\d+")?><v>0.6</v>', r'<c r="G4"\1 t="e"><v>#REF!</v>', xml)
    )
    assert merge() == [("G4", "formula")]
    assert value(ledger, "RW-001", "update") == ""


def test_10_links_to_other_workbooks_are_said(ledger: Path, merge: Any) -> None:
    returned = sent(ledger)
    returned.write_bytes(rewrite(returned.read_bytes(), {}, {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}))
    assert merge() == [("", "external-links")]
    assert value(ledger, "RW-001", "progress") == "0.6"


def test_11_macros_are_never_run_and_said(ledger: Path, run: Run, merge: Any) -> None:
    returned = sent(ledger)
    extra = {"xl/vbaProject.bin": b"\0" * 64, "xl/embeddings/oleObject1.bin": b"\0" * 64}
    data = rewrite(returned.read_bytes(), {}, extra)
    returned.unlink()
    returned.with_suffix(".xlsm").write_bytes(data)
    assert "宏没有运行" in messages(run, ledger, "macros")[0]
    assert "没有打开" in messages(run, ledger, "embedded")[0]
    merge()
    assert value(ledger, "RW-001", "progress") == "0.6"


def as_1904(data: bytes) -> bytes:
    def flag(xml: bytes) -> bytes:
        return re.sub(rb"<workbookPr ", b'<workbookPr date1904="1" ', xml)

    return rewrite(data, {"xl/workbook.xml": flag})


def test_12_a_bare_serial_of_a_1904_workbook_is_the_day_that_was_meant(ledger: Path, run: Run, merge: Any) -> None:
    issued = {"outcome": "已完成", "document": "局发〔2022〕6号", "issued_on": 43173}
    returned = fill(ledger, {"ZD-001": issued}, form="regulations")
    edit_xml(returned, RULES, lambda xml: re.sub(r'(<c r="[A-Z]+4")[^>]*><v>43173</v>', r"\1><v>43173</v>", xml))
    returned.write_bytes(as_1904(returned.read_bytes()))
    assert "理解为 2022-03-15" in messages(run, ledger, "reading")[0]
    merge()
    assert value(ledger, "ZD-001", "issued_on", "regulations") == "2022-03-15"


@pytest.mark.parametrize("code", ["RW-001 ", "\u200bRW-001", "RW-001\u00a0", "RW-001_x000D_\n"])
def test_13_invisible_characters_make_no_other_row(ledger: Path, merge: Any, code: str) -> None:
    def retype(book: Any) -> None:
        page = book[TASKS]
        page.cell(FIRST, column_of(page, "任务编号")).value = code
        page.delete_cols(1)

    by_hand(sent(ledger), retype)
    merge()
    assert value(ledger, "RW-001", "progress") == "0.6"


@pytest.mark.parametrize(("typed", "echoed"), [(0.8, False), (80, True), ("80%", False), ("0.8", True), ("80", True)])
def test_14_a_percentage_however_it_is_stored(ledger: Path, run: Run, merge: Any, typed: Any, echoed: bool) -> None:
    sent(ledger, typed)
    assert bool(messages(run, ledger, "reading")) is echoed
    merge()
    assert value(ledger, "RW-001", "progress") == "0.8"


@pytest.mark.parametrize(("typed", "count"), [("３份", "3"), ("3", "3"), (3.0, "3"), ("1,200件", "1200")])
def test_14_a_count_however_it_is_typed(ledger: Path, run: Run, merge: Any, typed: Any, count: str) -> None:
    spare = as_text(
        read_workbook(ledger.parent / "下发" / "2022-03" / "财务处.xlsx").by_name["销号审核"].value(FIRST, 1)
    )
    row = {
        "task": "RW-001",
        "applied": date(2022, 3, 15),
        "applicant": "科长",
        "evidence": "总结",
        "evidence_count": typed,
    }
    fill(ledger, {spare: row}, form="closeouts")
    assert [f"理解为 {count}（" in each for each in messages(run, ledger, "reading")] == [True] * (
        typed not in ("3", 3.0)
    )
    merge()
    assert value(ledger, "XH-001", "evidence_count", "closeouts") == count


def test_14_one_without_a_sign_is_asked(ledger: Path, merge: Any) -> None:
    sent(ledger, "1")
    assert merge() == [("G4", "percent")]
    assert value(ledger, "RW-001", "progress") == ""


def test_14_a_code_turned_into_a_date_is_known_by_its_hidden_id(ledger: Path, merge: Any) -> None:
    def spoil(book: Any) -> None:
        page = book[TASKS]
        page.cell(FIRST, column_of(page, "任务编号")).value = date(2022, 1, 2)

    by_hand(sent(ledger), spoil)
    merge()
    assert value(ledger, "RW-001", "progress") == "0.6"


def test_14_a_row_pasted_over_another_is_not_taken_for_it(ledger: Path, run: Run, merge: Any) -> None:
    def paste(book: Any) -> None:
        page = book[TASKS]
        for column in range(2, page.max_column + 1):
            page.cell(FIRST + 1, column).value = page.cell(FIRST, column).value

    by_hand(sent(ledger), paste)
    assert "编号是 RW-001，下发时这一行却是 RW-002" in messages(run, ledger, "row-moved")[0]
    merge()
    assert (value(ledger, "RW-001", "progress"), value(ledger, "RW-002", "progress")) == ("0.6", "")


def test_15_formatted_down_to_the_last_row(ledger: Path, merge: Any) -> None:
    blank = "".join(
        f'<row r="{row}" s="1" customFormat="1"><c r="B{row}" s="1"/></row>' for row in range(1000, 1_048_577, 64)
    )
    edit_xml(sent(ledger), TASKS, lambda xml: xml.replace("</sheetData>", f"{blank}</sheetData>", 1))
    assert merge() == []
    assert value(ledger, "RW-001", "progress") == "0.6"


def test_15_rows_below_a_gap_are_not_lost(ledger: Path, merge: Any) -> None:
    def far(book: Any) -> None:
        page = book[TASKS]
        page.move_range(f"A5:{page.dimensions.split(':')[1].rstrip('0123456789')}5", rows=5000)

    returned = fill(ledger, {"RW-002": {"progress": 0.3}})
    by_hand(returned, far)
    merge()
    assert value(ledger, "RW-002", "progress") == "0.3"


@pytest.mark.parametrize("dimension", ["A1", "A1:XFD1048576", "B2:A1"])
def test_16_a_wrong_dimension_hides_nothing(ledger: Path, merge: Any, dimension: str) -> None:
    wrong = f'<dimension ref="{dimension}"/>'
    edit_xml(sent(ledger), TASKS, lambda xml: re.sub(r'<dimension ref="[^"]*"/>', wrong, xml))
    assert merge() == []
    assert value(ledger, "RW-001", "progress") == "0.6"


@pytest.mark.parametrize("styles", [None, b"", b"<styleSheet/>", b"not xml <<<"])
def test_17_invalid_styles_do_not_stop_the_reading(ledger: Path, merge: Any, styles: bytes | None) -> None:
    def spoil(xml: bytes) -> bytes:
        return xml.replace(b"<fill>", b"<fill/><fill>", 2) if styles is None else styles

    returned = sent(ledger)
    returned.write_bytes(rewrite(returned.read_bytes(), {"xl/styles.xml": spoil}))
    checks = {check for _, check in merge()}
    assert checks <= {"unreadable", "not-yours"}
    taken = value(ledger, "RW-001", "progress") == "0.6"
    assert taken or (styles is not None and "unreadable" in checks)


def test_18_a_filter_left_on_with_text_criteria(ledger: Path, merge: Any, run: Run) -> None:
    def leave_on(xml: str) -> str:
        criteria = (
            r'\1><filterColumn colId="4"><customFilters><customFilter '
            r'val="推进*"/></customFilters></filterColumn></autoFilter>'
        )
        return re.sub(r'(<autoFilter ref="[^"]*")/>', criteria, xml).replace('<row r="5" ', '<row r="5" hidden="1" ', 1)

    edit_xml(sent(ledger), TASKS, leave_on)
    assert "还设着筛选" in messages(run, ledger, "hidden-row")[0]
    assert merge() == [("", "hidden-row")]
    assert value(ledger, "RW-001", "progress") == "0.6"


def test_19_the_same_file_under_two_names_counts_once(ledger: Path, merge: Any) -> None:
    returned = sent(ledger)
    (returned.parent / "财务处（最终版）.xlsx").write_bytes(returned.read_bytes())
    assert merge() == [("", "duplicate-file")]


def test_19_of_two_versions_the_later_saved_wins_and_it_is_said(ledger: Path, merge: Any) -> None:
    sent(ledger, 0.6, "财务处最终版")
    newer = sent(ledger, 0.7, "财务处1")
    stamp: dict[str, Callable[[bytes], bytes]] = {
        "docProps/core.xml": lambda xml: xml.replace(b"2022-03-10T", b"2022-03-12T")
    }
    newer.write_bytes(rewrite(newer.read_bytes(), stamp))
    assert merge() == [("", "duplicate-file")]
    assert value(ledger, "RW-001", "progress") == "0.7"


def test_20_a_template_of_an_earlier_period_merges_against_its_own_base(ledger: Path, run: Run, merge: Any) -> None:
    sent(ledger)
    edit(ledger, "RW-002", "progress", 0.9)
    assert run("issue", "-p", "2022-04", "--as-of", "2022-04-10", "-l", ledger).exit_code == 0
    assert ("", "conflict") not in merge()
    assert (value(ledger, "RW-001", "progress"), value(ledger, "RW-002", "progress")) == ("0.6", "0.9")


@pytest.mark.parametrize("typed", ["NA", "None", "null", "nan", "无", "—"])
def test_21_words_for_nothing_in_prose_stay_words(ledger: Path, merge: Any, typed: str) -> None:
    fill(ledger, {"RW-001": {"update": typed}})
    assert merge() == []
    assert value(ledger, "RW-001", "update") == typed


@pytest.mark.parametrize("typed", ["=整改中", "+整改中", "-整改中", "@整改中", "=1+1"])
def test_22_text_stays_text_in_the_ledger_and_in_what_is_issued_next(
    ledger: Path, run: Run, merge: Any, typed: str
) -> None:
    fill(ledger, {"RW-001": {"update": typed}})
    merge()
    assert value(ledger, "RW-001", "update") == typed
    run("issue", "-p", "2022-04", "--as-of", "2022-04-10", "-l", ledger)
    for path in (ledger, ledger.parent / "下发" / "2022-04" / "财务处.xlsx"):
        sheet = read_workbook(path).by_name[TASKS]
        row, column = next(
            (r, c) for r, cells in enumerate(sheet.rows, 1) for c, raw in enumerate(cells, 1) if raw == typed
        )
        assert (row, column) not in sheet.formulas


def test_23_the_ledgers_own_extensions_survive_a_merge(ledger: Path, merge: Any) -> None:
    extension = (
        '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x14:dataValidations xmlns:x14="u"/></ext></extLst>'
    )
    edit_xml(ledger, TASKS, lambda xml: xml.replace("</worksheet>", f"{extension}</worksheet>"))
    sent(ledger)
    merge()
    with zipfile.ZipFile(ledger) as package:
        assert any(extension.encode() in package.read(name) for name in package.namelist() if "worksheets/" in name)


def test_24_nothing_of_others_travels_with_what_is_sent(make_ledger: Make, run: Run) -> None:
    path = make_ledger(
        [{"statement": "财务处的事"}, {"statement": "党办的事", "department": "党委办公室", "update": "党办的进展"}],
        opinions=[{"code": "YJ-001", "original": "别人的意见"}] if "opinions" in standard_forms() else [],
    )
    run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", path)
    with zipfile.ZipFile(path.parent / "下发" / "2022-03" / "财务处.xlsx") as package:
        everything = "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())
        names = package.namelist()
    assert "财务处的事" in everything
    assert [word for word in ("党办的事", "党办的进展", "别人的意见", str(path.parent)) if word in everything] == []
    assert [name for name in names if "comments" in name or "custom" in name.lower() or "externalLink" in name] == []
    assert read_ledger(path, standard_forms()).registers["tasks"].by_code["RW-002"].cells["update"] == "党办的进展"
