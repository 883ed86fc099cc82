"""〈变更记录〉 at a new year: its rows are archived, user-added content stays, the rest of the ledger is unchanged."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table
from support.ledgers import load, small_ledger
from taizhang.forms.load import standard_forms
from taizhang.history.entries import Change
from taizhang.history.hand_edits import record
from taizhang.history.verify import verify_history
from taizhang.history.write import write_changes
from taizhang.splice import RemoveRows, SetCell, check_patch, patch
from taizhang.splice.edits import Refused
from taizhang.system.files import history_folder

pytestmark = pytest.mark.slow

FORMS = standard_forms()
SHEET = "变更记录"
TASKS = [{"progress": 20, "update": "甲"}, {"progress": 40, "update": "乙"}]


def written(path: Path, rows: int, now: datetime) -> str:
    """Write one step that makes this many rows in the sheet; each is a ruling that left its cell unchanged."""
    rulings = [Change("tasks", "RW-001", "update", "甲", "甲", f"财务处_{n}.xlsx", "已核实") for n in range(rows)]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return write_changes(path, digest, [], rulings, command="merge --decisions", now=now)


@pytest.fixture(scope="module")
def of_2022(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = small_ledger(tmp_path_factory.mktemp("2022") / "整改台账.xlsx", TASKS)
    record(path, FORMS, datetime(2022, 3, 1))
    written(path, 30, datetime(2022, 4, 1))
    return path


@pytest.fixture
def ledger(of_2022: Path, tmp_path: Path) -> Path:
    """A ledger with 30 rows of 2022 in its sheet, in rows 4 to 33."""
    shutil.copytree(of_2022.parent, tmp_path / "台账")
    return tmp_path / "台账" / of_2022.name


def by_hand(path: Path, change: Callable[[Any], Any], when: datetime = datetime(2022, 5, 1)) -> None:
    book = load(path.read_bytes())
    change(book)
    book.save(path)
    record(path, FORMS, when)


def markup(path: Path) -> str:
    with zipfile.ZipFile(path) as package:
        names = [sheet.title for sheet in openpyxl.load_workbook(path).worksheets]
        return package.read(f"xl/worksheets/sheet{names.index(SHEET) + 1}.xml").decode()


def rows_of(path: Path) -> list[int]:
    return [int(row) for row in re.findall(r'<row r="(\d+)"', markup(path))]


def reach(path: Path) -> tuple[str, str, str]:
    """Return the extent that the sheet declares: its cells, its filter, its print area."""
    book = openpyxl.load_workbook(path)
    return book[SHEET].dimensions, book[SHEET].auto_filter.ref or "", book[SHEET].print_area or ""


def numbers(path: Path) -> list[tuple[int, Any]]:
    """The row and the number of each step that the sheet shows."""
    return [(each.row, each.value) for each in load(path.read_bytes())[SHEET]["A"][3:] if each.value is not None]


def looks(path: Path, row: int) -> list[Any]:
    sheet = load(path.read_bytes())[SHEET]
    return [
        (each.border.left.style, each.alignment.wrap_text, each.font.color and each.font.color.rgb)
        for each in sheet[row]
    ]


def test_rows_of_an_earlier_year_leave_the_sheet_and_what_ended_there_ends_above(ledger: Path) -> None:
    look, whole = looks(ledger, 10), load(ledger.read_bytes())[SHEET]
    kept = list(whole.iter_rows(4, values_only=True))
    assert reach(ledger) == ("A1:L33", "A3:L33", "")
    written(ledger, 2, datetime(2023, 1, 5))
    assert rows_of(ledger) == [1, 2, 3, 4, 5]
    assert reach(ledger) == ("A1:L5", "A3:L5", "")
    assert numbers(ledger) == [(4, 3), (5, 3)]
    assert [looks(ledger, 4), looks(ledger, 5)] == [look, look]
    now = load(ledger.read_bytes())[SHEET]
    assert (now.freeze_panes, now.column_dimensions["A"].width) == (
        whole.freeze_panes,
        whole.column_dimensions["A"].width,
    )
    moved = load((history_folder(ledger) / "变更记录_2022.xlsx").read_bytes())[SHEET]
    assert list(moved.iter_rows(4, values_only=True)) == kept
    written(ledger, 1, datetime(2023, 2, 5))
    assert numbers(ledger) == [(4, 3), (5, 3), (6, 4)]
    assert verify_history(ledger, FORMS) == []


def test_rows_of_two_years_go_into_a_workbook_each(ledger: Path) -> None:
    by_hand(
        ledger,
        lambda book: [book[SHEET].cell(row, 2).__setattr__("value", "2021-12-30 09:00:00") for row in range(4, 9)],
    )
    assert written(ledger, 1, datetime(2023, 1, 5)) == (
        "〈变更记录〉里 2021 年的 5 行已转存到 history/变更记录_2021.xlsx、"
        " 2022 年的 25 行已转存到 history/变更记录_2022.xlsx，"
        f"表里从头记起；自己涂的颜色没有转存。往年留存的台账可以归档：taizhang history archive -l {ledger}。"
    )
    assert [row for row, _ in numbers(ledger)] == [4]


Own = Callable[[Any], Any]


@pytest.mark.parametrize(
    ("own", "stays"),
    [
        (lambda sheet: sheet.cell(9, 14, "已口头报告"), [9]),
        (lambda sheet: sheet.__setitem__("N9", "=A9+1"), [9]),
        (lambda sheet: sheet["J9"].__setattr__("comment", Comment("问过了", "办公室")), [9]),
        (lambda sheet: sheet.cell(9, 1, "补记"), [9]),
        (lambda sheet: sheet.merge_cells("I9:I10"), [9, 10]),
        (lambda sheet: sheet["H9"].__setattr__("hyperlink", "https://example.com"), [9]),
        (lambda sheet: sheet.cell(36, 14, "以上已归档"), [36]),
        (lambda sheet: sheet.cell(36, 1, "合计"), [36]),
    ],
    ids=["beside", "formula", "comment", "own row", "merged", "link", "below", "totals"],
)
def test_what_people_put_into_the_sheet_stays_where_it_is(ledger: Path, own: Own, stays: list[int]) -> None:
    def change(book: Any) -> None:
        own(book[SHEET])
        book[SHEET].print_area = "A1:K33"  # as an earlier version set it
        book["参数"]["Z30"] = f"=COUNTA({SHEET}!A4:A40)"

    by_hand(ledger, change)
    before = load(ledger.read_bytes())[SHEET]
    texts = {row: [each.value for each in before[row]] for row in stays}
    note = before["J9"].comment
    told = written(ledger, 2, datetime(2023, 1, 5))
    after = load(ledger.read_bytes())[SHEET]
    new = [stays[-1] + 1, stays[-1] + 2, stays[-1] + 3]  # the first of them records the hand edit
    assert rows_of(ledger) == [1, 2, 3, *stays, *new]
    assert {row: [each.value for each in after[row]] for row in stays} == texts
    assert (after["J9"].comment and after["J9"].comment.text) == (note and note.text)
    assert load(ledger.read_bytes())["参数"]["Z30"].value == f"=COUNTA({SHEET}!A4:A40)"
    assert stays != [9] or reach(ledger)[2].endswith(f"${new[-1]}")
    if stays == [9] and after["A9"].value != "补记":
        assert "另有 1 行旁边有您自己的内容或批注，留在原处" in told
    if stays == [9]:
        written(ledger, 1, datetime(2024, 1, 5))  # what stayed is not moved out a year later either
        assert rows_of(ledger) == [1, 2, 3, 9, 10]


def test_blank_rows_that_an_earlier_version_left_behind_go_at_the_next_write(ledger: Path) -> None:
    def emptied(book: Any) -> None:
        sheet = book[SHEET]
        for row in range(4, 1500):
            for column in range(1, 13):
                cell = sheet.cell(row, column)
                cell._style = sheet.cell(4, column)._style
                cell.value = cell.value if row < 7 else None
        sheet.auto_filter.ref, sheet.print_area = "A3:L1499", "A1:L1499"

    by_hand(ledger, emptied)
    size = ledger.stat().st_size
    written(ledger, 1, datetime(2022, 6, 1))
    assert rows_of(ledger) == [1, 2, 3, 4, 5, 6, 7]
    assert reach(ledger) == ("A1:L7", "A3:L7", "'变更记录'!$A$1:$L$7")
    assert ledger.stat().st_size < size - 5000


def test_a_few_formatted_rows_below_are_filled_and_not_taken_away(ledger: Path) -> None:
    by_hand(ledger, lambda book: [book[SHEET].cell(row, 1).__setattr__("style", "Note") for row in range(34, 60)])
    written(ledger, 1, datetime(2022, 6, 1))
    assert rows_of(ledger)[-1] == 59
    assert load(ledger.read_bytes())[SHEET].cell(34, 1).style == "Note"


def test_a_table_made_of_the_sheet_shrinks_with_it(ledger: Path) -> None:
    def tabled(book: Any) -> None:
        book[SHEET].auto_filter.ref = None
        book[SHEET].add_table(Table(displayName="记录", ref="A3:K33"))

    by_hand(ledger, tabled)
    written(ledger, 2, datetime(2023, 1, 5))
    assert load(ledger.read_bytes())[SHEET].tables["记录"].ref == "A3:K5"
    written(ledger, 1, datetime(2024, 1, 5))
    assert load(ledger.read_bytes())[SHEET].tables["记录"].ref == "A3:K4"


def book_of(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_row_that_goes_unasked_is_noticed_when_the_result_is_read_back() -> None:
    before = book_of([["甲"], ["乙"], ["丙"], [date(2022, 1, 1)]])
    after, made = patch(before, [RemoveRows("Sheet", frozenset({2, 4}))])
    check_patch(before, after, made)
    assert [row[0].value for row in load(after)["Sheet"].iter_rows()] == ["甲", None, "丙"]
    for told in ([], [RemoveRows("Sheet", frozenset({2}))], [RemoveRows("Sheet", frozenset({2, 3, 4}))]):
        with pytest.raises(Refused):
            check_patch(before, after, told)


def test_a_row_with_a_formula_is_not_taken_away() -> None:
    with pytest.raises(Refused, match="〈Sheet〉第 2 行有公式"):
        patch(book_of([["甲"], ["=1+1"]]), [RemoveRows("Sheet", frozenset({2}))])


def test_a_row_taken_away_and_a_cell_given_in_one_go() -> None:
    before = book_of([["甲"], ["乙"], ["丙"]])
    after, made = patch(before, [RemoveRows("Sheet", frozenset({3})), SetCell("Sheet", 1, 1, "丁")])
    check_patch(before, after, made)
    assert [row[0].value for row in load(after)["Sheet"].iter_rows()] == ["丁", "乙"]


def shared(rows: list[list[str]]) -> bytes:
    """A workbook whose cells share their texts, as Excel writes it."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("Sheet")
        for row, texts in enumerate(rows):
            sheet.write_row(row, 0, texts)
        book.add_worksheet("另一张").write_string(0, 0, "己")
    return target.getvalue()


def texts_of(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read("xl/sharedStrings.xml")


def test_texts_that_only_rows_gone_have_named_take_no_room_and_others_stay_as_they_are() -> None:
    before = shared([["甲"], ["乙" * 500, "两处"], ["丙"], ["两处", "丁"]])
    after, made = patch(before, [RemoveRows("Sheet", frozenset({2})), SetCell("Sheet", 3, 1, "戊")])
    check_patch(before, after, made)
    assert ("乙".encode() in texts_of(before), "乙".encode() in texts_of(after)) == (True, False)
    rows = [[cell.value for cell in row] for row in load(after)["Sheet"].iter_rows()]
    assert rows == [["甲", None], [None, None], ["戊", None], ["两处", "丁"]]
    assert load(after)["另一张"]["A1"].value == "己"


def test_a_text_that_a_cell_still_names_may_not_be_emptied() -> None:
    before = shared([["甲"], ["乙"]])
    after, made = patch(before, [RemoveRows("Sheet", frozenset({2}))])
    with zipfile.ZipFile(io.BytesIO(after)) as package, zipfile.ZipFile(target := io.BytesIO(), "w") as spoiled:
        for info in package.infolist():
            data = package.read(info)
            if info.filename == "xl/sharedStrings.xml":
                data = data.replace("<si><t>己</t></si>".encode(), b"<si><t/></si>")
            spoiled.writestr(info, data)
    with pytest.raises(Refused, match="写入后原有的文字意外变化"):
        check_patch(before, target.getvalue(), made)
