"""Hostile files: each costs bounded time and memory, breaks no other file's reading, and leaves nothing behind."""

from __future__ import annotations

import io
import os
import re
import struct
import time
import zipfile
from collections.abc import Callable
from copy import copy
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

import pytest
from click.testing import Result
from support.packages import read
from support.raw_package import MAIN, RELATIONS, package, worksheet
from support.returned import fill, findings, value
from support.returned_files import old_xls, rewrite
from taizhang.system import limits
from taizhang.system.sandbox import ReaderDied, run_apart
from taizhang.workbook.reader import Unreadable, read_workbook
from taizhang.workbook.sheet_xml import scan

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read(data)
    return caught.value.message


PLAIN = package(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>'))


def test_a_plain_package_of_ours_is_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taizhang.workbook.reader.run_apart", lambda *_: pytest.fail("read apart"))
    assert read(PLAIN).sheets[0].rows == [[1.0]]


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "录像.xlsx"
    with path.open("wb") as file:
        file.truncate(limits.MAX_FILE_BYTES * 200)
    with pytest.raises(Unreadable, match="超过 64 MB"):
        read_workbook(path)


def test_a_bomb_is_refused_by_what_it_states(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_UNPACKED_BYTES", limits.MEGABYTE)
    assert "解压后超过 1 MB" in refusal(package(b"0" * 2 * limits.MEGABYTE))


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_a_bomb_that_states_too_little_is_refused(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    monkeypatch.setattr(limits, "PLAIN_UNPACKED_BYTES", limits.MEGABYTE)
    bomb = b"<sst>" + b"0" * 8 * limits.MEGABYTE
    data = bytearray(package(worksheet("")) if "sheet1" not in part else package(bomb))
    if "sheet1" not in part:
        data = bytearray(package(worksheet(""), extra={part: bomb}))
    real = struct.pack("<I", len(bomb))
    while (at := data.find(real)) >= 0:
        data[at : at + 4] = struct.pack("<I", 100)
    assert "损坏" in refusal(bytes(data))


def test_a_package_of_too_many_members_is_refused() -> None:
    directory = b"PK\x01\x02" * (limits.MAX_MEMBERS + 1)
    assert f"{limits.MAX_MEMBERS} 个" in refusal(PLAIN + directory)


def test_too_many_sheets_are_refused() -> None:
    listed = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 10_001))
    assert f"有 10000 张表，超过 {limits.MAX_SHEETS} 张" in refusal(package(worksheet(""), sheets=listed))


STRAYS = {
    "valued": '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "lower case": '<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>',
    "prefixed": '<row r="1048576"><x:c xmlns:x="' + MAIN + '" r="XFD1048576"><v>1</v></x:c></row>',
    "single quotes": "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    "address not first": '<row r="1048576"><c s="0" r="XFD1048576"><v>1</v></c></row>',
    "in a tag of two lines": '<row r="1048576"><c\nr="XFD1048576"><v>1</v></c></row>',
    "beyond the last column": '<row r="1"><c r="ZZZ1"><v>1</v></c><c r="A999999"><v>1</v></c></row>',
}


@pytest.mark.parametrize("shape", STRAYS)
def test_a_stray_cell_in_any_spelling_takes_one_file_down(shape: str) -> None:
    assert refusal(package(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>' + STRAYS[shape])))


def test_a_sheet_outside_the_usual_folder_is_not_read_unseen() -> None:
    stray = worksheet(STRAYS["valued"]).encode()
    data = package(worksheet(""), extra={"xl/elsewhere.xml": stray})
    hidden: dict[str, Callable[[bytes], bytes]] = {
        "xl/_rels/workbook.xml.rels": lambda xml: xml.replace(b"worksheets/sheet1.xml", b"elsewhere.xml")
    }
    assert refusal(rewrite(data, hidden))


def test_a_second_workbook_part_is_not_read_unseen() -> None:
    stray = worksheet(STRAYS["valued"]).encode()
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as plain:
        book, rels = plain.read("xl/workbook.xml"), plain.read("xl/_rels/workbook.xml.rels")
    other = {
        "xl/other.xml": book,
        "xl/_rels/other.xml.rels": rels.replace(b"sheet1.xml", b"far.xml"),
        "xl/worksheets/far.xml": stray,
    }
    changed: dict[str, Callable[[bytes], bytes]] = {
        "_rels/.rels": lambda xml: xml.replace(b"workbook.xml", b"other.xml")
    }
    assert _bounded(rewrite(PLAIN, changed, other))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_other_encodings_hide_no_stray_cell(encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>{worksheet(STRAYS["valued"])}'
    assert refusal(package(xml.encode(encoding))) if encoding != "utf-16" else _bounded(package(xml.encode(encoding)))


def _bounded(data: bytes) -> bool:
    try:
        return len(read(data).sheets) == 1
    except Unreadable:
        return True


def test_many_sheets_that_each_reach_far_are_refused_together() -> None:
    far = worksheet('<row r="90000"><c r="Z90000"><v>1</v></c></row>').encode()
    count = limits.MAX_CELLS // (90_000 * 26) + 2
    listed = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, count + 1))
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, count + 1)
    )
    extra = {f"xl/worksheets/sheet{n}.xml": far for n in range(2, count + 1)}
    data = package(far, sheets=listed, extra=extra)
    changed: dict[str, Callable[[bytes], bytes]] = {
        "xl/_rels/workbook.xml.rels": lambda xml: re.sub(rb"<Relationship [^>]*/>", relations.encode(), xml)
    }
    assert "表大得不正常" in refusal(rewrite(data, changed))


def test_a_million_formatted_blank_rows_are_read_here_and_are_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taizhang.workbook.reader.run_apart", lambda *_: pytest.fail("read apart"))
    blank = "".join(f'<row r="{row}"><c r="B{row}" s="1"/></row>' for row in range(2, 1_048_577, 8))
    book = read(package(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>' + blank)))
    assert book.sheets[0].rows == [[1.0]]


def test_a_formula_in_every_cell_is_read_here() -> None:
    rows = "".join(
        f'<row r="{row}">'
        + "".join(f'<c r="{column}{row}"><f>A1+{row}</f><v>1</v></c>' for column in "ABCDEFGHIJ")
        + "</row>"
        for row in range(1, 2001)
    )
    sheet = read(package(worksheet(rows))).sheets[0]
    assert (len(sheet.formulas), len(sheet.uncached), len(sheet.rows)) == (20_000, 0, 2000)


@pytest.mark.parametrize(
    "markup",
    [
        b"<c " * 300_000,
        b'<c r="A1" ' * 100_000,
        b'<c r="A1" t="e" ' * 60_000,
        b"<c><f" * 200_000,
        b"<row " * 200_000 + b' hidden="1"',
        b'<row hidden="1" ' * 60_000,
        b'<c r="A1">' + b" " * 1_000_000,
        b'<c r="A1"> <f>' * 60_000,
        b"<" + b"a" * 1_000_000,
        b"<" * 1_000_000,
    ],
    ids=lambda markup: markup[:16].decode(),
)
def test_looking_at_markup_takes_time_in_proportion_to_its_length(markup: bytes) -> None:
    start = time.process_time()
    scan(b'<worksheet><sheetData hidden="1">' + markup)
    scan(markup)
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    "rows",
    [
        "<a>" * 100_000,
        '<row r="1"><c r="A1" x="' + "y" * 1_000_000 + '"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t>' + "字" * 1_000_000 + "</t></is></c></row>",
        '<row r="0"><c r="A0"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>4294967295</v></c></row>',
        '<row r="1"><c r="A99999999999999999999"><v>1</v></c></row>',
    ],
    ids=["deep", "long attribute", "long text", "row 0", "no such string", "no such row"],
)
def test_odd_markup_is_read_or_refused(rows: str) -> None:
    assert _bounded(package(worksheet(rows)))


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))
    + '<!ENTITY z SYSTEM "file:///etc/passwd">]>'
)


EVERY_PART = {
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "docProps/core.xml",
    "docProps/app.xml",
    "customXml/item1.xml",
    "xl/theme/theme1.xml",
    "xl/drawings/vmlDrawing1.vml",
}


@pytest.mark.parametrize("part", sorted(EVERY_PART))
def test_a_document_type_is_refused_in_every_part(part: str) -> None:
    whole = package(worksheet(""), extra=dict.fromkeys(EVERY_PART - {"xl/workbook.xml"}, b"<x/>") | {part: b"<x/>"})
    assert "DOCTYPE" in refusal(rewrite(whole, {part: lambda xml: LAUGHS.encode() + xml}))


@pytest.mark.parametrize(
    "before",
    [
        b"\xef\xbb\xbf",
        b'<?xml version="1.0"?>\n',
        b"<!-- <x> -->" * 20,
        b"\n" * 5000,
        b"<?a <b>?>",
        b"<!--" + b"-" * 100_000 + b"-->",
    ],
    ids=["mark", "declared", "comments", "blanks", "instruction", "a long comment"],
)
def test_nothing_hides_a_document_type(before: bytes) -> None:
    assert "DOCTYPE" in refusal(rewrite(PLAIN, {"xl/workbook.xml": lambda xml: before + LAUGHS.encode() + xml}))


def test_a_document_type_in_utf_16_and_in_an_ods_is_refused() -> None:
    encoded = rewrite(PLAIN, {"xl/workbook.xml": lambda xml: (LAUGHS + xml.decode()).encode("utf-16")})
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("content.xml", LAUGHS + "<office:document-content/>")
    flat = (
        f'{LAUGHS}<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'm="x.opendocument.spreadsheet"/>'
    )
    assert ["DOCTYPE" in refusal(data) for data in (encoded, target.getvalue(), flat.encode())] == [True, True, True]


def test_entities_in_shared_strings_are_not_expanded() -> None:
    strings = f'{LAUGHS}<sst xmlns="{MAIN}"><si><t>&j;</t></si><si><t>&z;</t></si></sst>'.encode()
    cells = worksheet('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>')
    try:
        rows = read(package(cells, extra={"xl/sharedStrings.xml": strings})).sheets[0].rows
    except Unreadable:
        return
    assert all(len(str(cell)) < 100 and "root:" not in str(cell) for row in rows for cell in row)


@pytest.mark.parametrize("count", ["4294967295", "18446744073709551615", "-1"])
def test_shared_strings_that_promise_too_many(count: str) -> None:
    strings = f'<sst xmlns="{MAIN}" count="{count}" uniqueCount="{count}"><si><t>甲</t></si></sst>'.encode()
    relations = f'<Relationship Id="rId2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    data = package(worksheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), extra={"xl/sharedStrings.xml": strings})
    linked: dict[str, Callable[[bytes], bytes]] = {
        "xl/_rels/workbook.xml.rels": lambda xml: xml.replace(b"</Relationships>", relations.encode())
    }
    assert _bounded(rewrite(data, linked))


def test_an_old_xls_whose_last_cell_is_the_last_there_is() -> None:
    sheet = read(old_xls([["编号"]], "表", lambda _, page: page.write(65_535, 255, "x"))).sheets[0]
    assert (sheet.value(1, 1), sheet.value(65_536, 256), sheet.rows[1]) == ("编号", "x", [])


def test_an_ods_that_repeats_a_cell_to_the_end_takes_one_file_down() -> None:
    office, table = (
        "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    )
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:table="{table}"><office:body><office:spreadsheet>'
        '<table:table table:name="表"><table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        'table:number-columns-repeated="16384" office:value-type="float" '
        'office:value="1"/></table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("content.xml", content)
    assert refusal(target.getvalue())


def test_a_huge_number_in_a_cell_of_hours_makes_no_noise(capfd: pytest.CaptureFixture[str]) -> None:
    styles = (
        f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="[h]:mm"/></numFmts>'
        '<cellXfs count="1"><xf numFmtId="164"/></cellXfs></styleSheet>'
    )
    relation = f'<Relationship Id="rId2" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>'
    cells = worksheet('<row r="1"><c r="A1" s="0"><v>440524198001010013</v></c></row>')
    data = package(cells, extra={"xl/styles.xml": styles.encode()})
    linked: dict[str, Callable[[bytes], bytes]] = {
        "xl/_rels/workbook.xml.rels": lambda xml: xml.replace(b"</Relationships>", relation.encode())
    }
    assert read(rewrite(data, linked)).sheets[0].rows == [[440524198001010013.0]]
    assert capfd.readouterr() == ("", "")


def test_every_truncation_is_said() -> None:
    for end in range(0, len(PLAIN), max(1, len(PLAIN) // 60)):
        assert refusal(PLAIN[:end])


def _sleep(_: bytes) -> None:
    time.sleep(30)


def _abort(_: bytes) -> None:
    os.abort()


def _allocate(_: bytes) -> int:
    return len(bytearray(3 * limits.MEMORY_APART))


def _write(data: bytes) -> None:
    Path(data.decode()).write_text("x" * 100_000, encoding="utf-8")


def test_a_reader_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS_APART", 1)
    start = time.monotonic()
    with pytest.raises(ReaderDied, match="1 秒"):
        run_apart(_sleep, b"")
    assert time.monotonic() - start < 25


@pytest.mark.parametrize("work", [_abort, _allocate])
@pytest.mark.skipif(os.name != "posix", reason="only POSIX systems know limits of memory")
def test_a_reader_that_dies_or_fills_the_memory_is_said(work: Callable[[bytes], Any]) -> None:
    with pytest.raises(ReaderDied, match="2 GB"):
        run_apart(work, b"")


@pytest.mark.skipif(os.name != "posix", reason="only POSIX systems know limits of file size")
def test_the_process_apart_writes_no_file(tmp_path: Path) -> None:
    path = tmp_path / "出逃.txt"
    with pytest.raises((ReaderDied, OSError)):
        run_apart(_write, str(path).encode())
    assert not path.exists() or path.stat().st_size == 0


def test_hostile_files_take_nobody_else_down(
    make_issued: Callable[..., Path], run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket
    import ssl  # noqa: F401  it derives a class from what is taken away below

    ledger = make_issued([{}])
    good = fill(ledger, {"RW-001": {"progress": 0.6}})
    folder = good.parent
    (folder / "a.xlsx").write_bytes(package(worksheet(STRAYS["prefixed"])))
    (folder / "b.ods").write_bytes(b"PK\x03\x04" + b"\0" * 100)
    (folder / "c.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 2000)
    (folder / "d.xlsx").write_bytes(
        rewrite(good.read_bytes(), {}, {"../../出逃.xlsx": b"x", "/tmp/出逃.xlsx": b"x", "xl/../../出逃": b"x"})
    )
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    monkeypatch.setattr(socket, "socket", lambda *_, **__: pytest.fail("the network was used"))
    result = run("merge", "-l", ledger, "--yes")
    assert value(ledger, "RW-001", "progress") == "0.6"
    said = [line.split(":")[0] for line in result.stdout.splitlines() if ": unreadable: " in line]
    assert said == ["a.xlsx", "b.ods", "c.xls"]
    made = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    assert {path.relative_to(ledger.parent).parts[0] for path in made} <= {"history", ".taizhang-key", "回执"}
    assert not list(Path("/tmp").glob("出逃*"))


LONGEST = 32_767
SLOW = {
    "mark and blanks": "密级" + " " * (LONGEST - 3) + "x",
    "lines": "\n" * (LONGEST - 1) + "x",
    "numbers in groups": "1 3 8 " * (LONGEST // 6),
    "numerals": "二" * LONGEST,
    "dots": "0" + "." * (LONGEST - 2) + "x",
    "days": "2022-03-" * (LONGEST // 8),
}


@pytest.mark.parametrize("slow", SLOW)
def test_a_cell_full_of_what_makes_a_pattern_slow_is_merged_and_checked_in_seconds(
    slow: str, make_issued: Callable[..., Path], run: Callable[..., Result]
) -> None:
    """One cell of 密级 and blanks took twelve seconds to merge, and four more in each later check of the ledger."""
    ledger = make_issued([{}])
    fill(ledger, {"RW-001": dict.fromkeys(("status", "progress", "update"), SLOW[slow])})
    start = process_time()
    assert run("merge", "-l", ledger, "--yes").exit_code == 1
    run("validate", "-l", ledger)
    assert process_time() - start < 10


def test_what_no_cell_can_hold_is_told_by_its_length_alone(
    make_issued: Callable[..., Path], run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = make_issued([{}])
    path = fill(ledger, {"RW-001": {"update": "到此为止"}})
    text = "13800138000 " * 100_000
    path.write_bytes(
        rewrite(
            path.read_bytes(), {"xl/sharedStrings.xml": lambda xml: xml.replace("到此为止".encode(), text.encode())}
        )
    )
    monkeypatch.setattr(
        "taizhang.checks.cells.find_personal", lambda raw: pytest.fail("looked into") if len(str(raw)) > LONGEST else ()
    )
    said = run("merge", "-l", ledger, "--yes").stdout
    assert "text: “本期进展”有 100000 个字以上，一格最多 32767 个，写不进表格；请删短。" in said


def test_a_file_of_more_text_than_a_form_can_have_is_not_taken(
    make_issued: Callable[..., Path], run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_RETURNED_TEXT", 30_000)
    ledger = make_issued([{}])
    fill(ledger, {"RW-001": {"update": "字" * 31_000}})
    said = run("merge", "-l", ledger, "--yes").stdout
    assert "财务处.xlsx: unreadable: 表里一共有 3 万字，超过 3 万字，不像填报表，没有读。" in said


@pytest.mark.parametrize("text", ["字" * 32_768, "甲_x0000_乙", "甲_x0008_乙"], ids=["long", "nothing", "backspace"])
def test_text_that_no_workbook_can_hold_holds_its_row_back_and_not_the_run(
    text: str, make_issued: Callable[..., Path], run: Callable[..., Result]
) -> None:
    ledger = make_issued([{}, {}])
    returned = fill(ledger, {"RW-001": {"update": "此处"}, "RW-002": {"progress": 0.3}})
    spoilt: dict[str, Callable[[bytes], bytes]] = {
        "xl/sharedStrings.xml": lambda xml: xml.replace("此处".encode(), text.encode())
    }
    returned.write_bytes(rewrite(returned.read_bytes(), spoilt))
    assert findings(run("merge", "-l", ledger, "--yes")) == [("I4", "text")]
    assert (value(ledger, "RW-001", "update"), value(ledger, "RW-002", "progress")) == ("", "0.3")


@pytest.mark.parametrize(
    "identity",
    [
        "[" * 20_000,
        '{"department":"财务处","period":"2022-03","token":"\\ud800"}',
        '{"department":"\\ud800","period":"2022-03","token":"0"}',
        '{"department":"财务处","period":"2022-03","token":"不是"}',
        '{"department":"../../x","period":"../..","token":null}',
        "1" * 5_000,
        "[1]",
    ],
    ids=["deep", "half a pair", "half a name", "not ASCII", "a path", "long number", "list"],
)
def test_a_forged_identity_is_refused(
    identity: str, make_issued: Callable[..., Path], run: Callable[..., Result], tmp_path: Path
) -> None:
    import xlsxwriter

    ledger = make_issued([{}])
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("_台账标识").write_string(0, 0, identity)
    assert [check for _, check in findings(run("merge", path, "-l", ledger, "--yes"))][:1] == ["identity"]


def test_the_page_of_limits_says_what_the_code_does() -> None:
    page = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    figures = {
        "MAX_FILE_BYTES": f"{limits.MAX_FILE_BYTES >> 20} MB",
        "MAX_UNPACKED_BYTES": f"{limits.MAX_UNPACKED_BYTES >> 20} MB",
        "MAX_MEMBERS": f"{limits.MAX_MEMBERS} 个",
        "MAX_SHEETS": f"{limits.MAX_SHEETS} 张",
        "MAX_CELLS": f"{limits.MAX_CELLS // 10_000} 万格",
        "PLAIN_UNPACKED_BYTES": f"{limits.PLAIN_UNPACKED_BYTES >> 20} MB",
        "PLAIN_CELLS": f"{limits.PLAIN_CELLS // 10_000} 万格",
        "MAX_REPORT_BYTES": f"{limits.MAX_REPORT_BYTES >> 20} MB",
        "MAX_REPORT_UNPACKED_BYTES": f"{limits.MAX_REPORT_UNPACKED_BYTES >> 20} MB",
        "MAX_REPORT_XML_BYTES": f"{limits.MAX_REPORT_XML_BYTES >> 20} MB",
        "MAX_REPORT_CHARACTERS": f"{limits.MAX_REPORT_CHARACTERS // 10_000} 万字",
        "MAX_REPORT_PARAGRAPHS": f"{limits.MAX_REPORT_PARAGRAPHS // 10_000} 万段",
        "SECONDS_APART": f"{limits.SECONDS_APART} 秒",
        "MEMORY_APART": f"{limits.MEMORY_APART >> 30} GB",
        "MAX_TEXT": f"{limits.MAX_TEXT // 10_000} 万字",
        "MAX_RETURNED_TEXT": f"{limits.MAX_RETURNED_TEXT // 10_000} 万字",
        "SECONDS_MARKING": f"{limits.SECONDS_MARKING} 秒",
    }
    assert set(figures) == set(limits.__all__)
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+?) \|", page, re.MULTILINE))
    assert rows == figures


@pytest.mark.parametrize("times", [1, 2, 40])
def test_members_that_share_their_bytes_are_refused(times: int) -> None:
    """A package cannot hold more than its length: overlapping members unpack to many times their size."""
    content = Random(1).randbytes(20_000)
    target = io.BytesIO(package(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>')))
    with zipfile.ZipFile(target, "a") as made:
        made.writestr("xl/media/image1.png", content)
        for number in range(2, times + 1):
            again = copy(made.getinfo("xl/media/image1.png"))
            again.filename = f"xl/media/image{number}.png"
            made.filelist.append(again)
    if times == 1:
        assert read(target.getvalue()).sheets[0].rows == [[1.0]]
    else:
        assert "解压后超过" in refusal(target.getvalue())
