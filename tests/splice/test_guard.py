"""The reading back by itself: a result that differs from what was intended, by one thing at a time, is refused."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.packages import members, rewritten
from support.spliced import build
from taizhang.splice import AppendRow, Refused, RemoveRows, SetCell, Uncached, check_patch, patch
from taizhang.splice.edits import Made, MovedRow
from taizhang.system.sandbox import ExplainedError
from taizhang.workbook.reader import Unreadable, read_workbook

SHEET, TYPES, BOOK = "xl/worksheets/sheet1.xml", "[Content_Types].xml", "xl/workbook.xml"
RELATIONS, STRINGS, THEME = "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/theme/theme1.xml"


def refusal(before: bytes, after: bytes, made: Iterable[Made] = (), added: Iterable[str] = ()) -> tuple[str, str]:
    """Return the rule and the message with which a result is refused."""
    with pytest.raises(Refused) as caught:
        check_patch(before, after, made, added)
    return caught.value.rule, caught.value.message


def unexpected(part: str) -> tuple[str, str]:
    return "read-back", f"写入后文件里的 {part} 意外变化，已放弃写入，台账没有变。"


def repacked(data: bytes, *, gone: str = "", come: str = "") -> bytes:
    """The workbook without one member, or with one more."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as package:
        for info in source.infolist():
            if info.filename != gone:
                package.writestr(info, source.read(info))
        if come:
            package.writestr(come, b"x")
    return target.getvalue()


def test_a_member_that_came_or_went_is_seen() -> None:
    before = build()
    assert refusal(before, repacked(before, come="xl/x.bin")) == unexpected("xl/x.bin")
    assert refusal(before, repacked(before, gone="docProps/app.xml")) == unexpected("docprops/app.xml")


def test_a_member_that_went_with_all_that_named_it_is_seen() -> None:
    before = build()
    after = repacked(before, gone=THEME)
    for part in (TYPES, RELATIONS):
        (entry,) = re.findall(rb"<(?:Override|Relationship) [^>]*theme1\.xml[^>]*/>", members(before)[part])
        after = rewritten(after, part, entry, b"")
    assert refusal(before, after) == unexpected(THEME)


def test_a_sheet_that_nobody_added_is_seen_and_so_is_one_under_another_name() -> None:
    before = build()
    two = build(lambda book, _sheet: book.add_worksheet("另一张"))
    assert refusal(before, two)[0] == "read-back"
    renamed = rewritten(before, BOOK, 'name="表"'.encode(), 'name="另一张"'.encode())
    assert refusal(before, renamed)[0] == "read-back"
    message = "写入后表的名称对不上，已放弃写入，台账没有变。"
    assert refusal(before, before, (), ["变更记录"]) == ("read-back", message)


def test_styles_that_come_to_a_workbook_without_any_are_seen_unless_a_sheet_was_added() -> None:
    full = build()
    before = repacked(full, gone="xl/styles.xml")
    for part in (TYPES, RELATIONS):
        (entry,) = re.findall(rb"<(?:Override|Relationship) [^>]*styles\.xml[^>]*/>", members(before)[part])
        before = rewritten(before, part, entry, b"")
    assert refusal(before, full) == unexpected("xl/styles.xml")


@pytest.mark.parametrize("part", [STRINGS, "xl/styles.xml"])
def test_a_part_that_breaks_off_is_not_well_formed(part: str) -> None:
    before = build()
    end = re.search(rb"</[^<>]*>\s*$", members(before)[part])
    assert end
    message = f"写入后文件里的 {part.lower()} 不合规范，已放弃写入，台账没有变。"
    assert refusal(before, rewritten(before, part, end[0], b"")) == ("read-back", message)


def test_a_cell_that_is_not_well_formed_and_markup_around_the_rows_are_named() -> None:
    before = build()
    after, made = patch(before, [SetCell("表", 2, 2, "新")])
    broken = rewritten(after, SHEET, b'<c r="B2" t="s">', b'<c r="B2" r="B2" t="s">')
    message = f"写入后文件里的 {SHEET} 不合规范，已放弃写入，台账没有变。"
    assert refusal(before, broken, made) == ("read-back", message)
    margins = rewritten(after, SHEET, b"<pageMargins ", b'<pageMargins x="1" ')
    assert refusal(before, margins, made) == ("read-back", "写入后〈表〉的格式 意外变化，已放弃写入，台账没有变。")


def test_a_cell_that_does_not_read_as_given_is_named() -> None:
    before = build()
    _, made = patch(before, [SetCell("表", 2, 2, "新")])
    message = "写入后〈表〉B2 读回来不对，已放弃写入，台账没有变。"
    assert refusal(before, before, made) == ("read-back", message)


def test_rows_taken_away_in_two_edits_are_all_expected() -> None:
    before = build()
    after, made = patch(before, [RemoveRows("表", frozenset({2, 3}))])
    check_patch(before, after, made)
    check_patch(before, after, [RemoveRows("表", frozenset({2})), RemoveRows("表", frozenset({3}))])
    assert refusal(before, after, [RemoveRows("表", frozenset({2}))])[0] == "read-back"


def test_a_row_may_move_into_the_middle_of_a_sheet() -> None:
    """A-2 moves from row 3 to row 4, and the last row stays."""
    before = build(lambda _book, sheet: sheet.write_row(4, 0, ("A-4", "丁", 4)))
    row = re.search(rb'<row r="3".*?</row>', members(before)[SHEET])
    assert row
    moved = re.sub(rb'r="([A-C]?)3"', rb'r="\g<1>4"', row[0])
    after = rewritten(before, SHEET, row[0], moved)
    check_patch(before, after, [MovedRow("表", 3, 4, frozenset({1, 2, 3}))])
    assert refusal(before, after)[0] == "read-back"


def test_what_the_caller_has_read_is_not_read_again() -> None:
    before = build()
    after, made = patch(before, [SetCell("表", 2, 2, "新")])
    known = read_workbook(Path("台账.xlsx"), before)
    check_patch(before, after, made, read=known)
    (sheet,) = known.sheets
    other = replace(known, sheets=(replace(sheet, rows=[*sheet.rows[:2], ["A-2", "乙", 3]]),))
    with pytest.raises(Refused, match="〈表〉C3 意外变化"):
        check_patch(before, after, made, read=other)


def tabled(book: Any, _sheet: Any) -> None:
    other = book.add_worksheet("甲 乙")
    other.write_column("A1", ["编号", "A-1", "A-2"])
    other.add_table("A1:A3", {"columns": [{"header": "编号"}]})


def test_a_table_on_a_sheet_that_nobody_touched_does_not_change() -> None:
    before = build(tabled)
    after, made = patch(before, [SetCell("表", 2, 2, "新")])
    grown = rewritten(after, "xl/tables/table1.xml", b'ref="A1:A3"', b'ref="A1:A4"')
    assert refusal(before, grown, made) == unexpected("xl/tables/table1.xml")


def test_a_table_grows_with_a_sheet_that_has_a_blank_in_its_name() -> None:
    before = build(tabled)
    after, made = patch(before, [AppendRow("甲 乙", 3, {1: "A-3"})])
    check_patch(before, after, made)
    assert b'ref="A1:A4"' in members(after)["xl/tables/table1.xml"]


def test_a_result_of_an_array_that_was_dropped_reads_as_blank() -> None:
    """E2 holds no formula of its own: what it shows comes from the array in E1."""
    before = build(lambda _book, sheet: sheet.write_number("E2", 4))
    shown = b'<c r="E2"><v>4</v></c>'
    after = rewritten(before, SHEET, shown, b'<c r="E2"/>')
    check_patch(before, after, [Uncached("表", 2, 5, in_array=True)])
    assert refusal(before, after)[0] == "read-back"


def test_a_member_whose_packed_bytes_were_damaged_is_seen() -> None:
    """Length and checksum are what the directory says; only the bytes between them differ."""
    before = build()
    with zipfile.ZipFile(io.BytesIO(before)) as package:
        info = package.getinfo(THEME)
    middle = info.header_offset + 30 + len(THEME) + info.compress_size // 2
    after = before[:middle] + bytes([before[middle] ^ 0xFF]) + before[middle + 1 :]
    assert refusal(before, after) == unexpected(THEME)


def test_a_sheet_that_cannot_be_read_back_is_refused_for_that(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(sheet: str) -> Any:
        raise Unreadable(sheet, ExplainedError("读不出来。"))

    before = build()
    after, made = patch(before, [SetCell("表", 2, 2, "新")])
    monkeypatch.setattr("taizhang.splice.guard.rows_of_sheets", lambda _data: fails)
    assert refusal(before, after, made) == ("unreadable", "〈表〉不能核对写入的结果，没有写：读不出来。")


@pytest.mark.parametrize(
    ("given", "other"),
    [
        (datetime(2022, 3, 1), datetime(2022, 3, 2)),
        (datetime(2022, 3, 1, 9, 30), datetime(2022, 3, 1, 9, 31)),
        (datetime(2022, 3, 1, 9, 30), date(2022, 3, 1)),
        (date(2022, 3, 1), datetime(2022, 3, 1, 0, 0, 1)),
        (time(9, 30), time(9, 30, 1)),
        (timedelta(hours=3), timedelta(hours=3, seconds=1)),
        ("一\r\n二\r三\n四", "一\n二三\n四"),
        ("一\r\n二\r三\n四", "一\n\n二\n三\n四"),
    ],
)
def test_moments_and_line_breaks_read_back_as_given(given: Any, other: Any) -> None:
    before = build()
    after, made = patch(before, [SetCell("表", 2, 2, given)])
    check_patch(before, after, made)
    assert refusal(before, after, [SetCell("表", 2, 2, other)])[1].startswith("写入后〈表〉B2 读回来不对")


@pytest.mark.parametrize("given", [date(2022, 3, 1), datetime(2022, 3, 1)])
def test_a_day_is_its_first_moment(given: date) -> None:
    before = build()
    after, _ = patch(before, [SetCell("表", 2, 2, given)])
    check_patch(before, after, [SetCell("表", 2, 2, date(2022, 3, 1))])
    check_patch(before, after, [SetCell("表", 2, 2, datetime(2022, 3, 1))])
