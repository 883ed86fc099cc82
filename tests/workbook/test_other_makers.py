"""Workbooks of other programs: everything the standards allow is read like Excel's; other faults are the file's."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from support import failing_work
from support.packages import read
from support.raw_package import MAIN, RELATIONS, package, worksheet
from support.returned import fill, value
from support.returned_files import old_xls, rewrite
from taizhang.system.sandbox import ReaderDied, run_apart
from taizhang.workbook.reader import Unreadable, rows_of_sheets

STYLES = (
    f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf '
    'numFmtId="22"/></cellXfs></styleSheet>'
)
STRINGS = (
    f'<sst xmlns="{MAIN}"><si><t>甲</t></si><si><r><t>乙</t></r><r><rPr><b/></rPr><t xml:space="preserve"> 丙</t></r>'
    '<rPh sb="0" eb="1"><t>yi</t></rPh><phoneticPr fontId="1"/></si></sst>'
)
LINKS = (
    f'<Relationship Id="rId8" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    f'<Relationship Id="rId9" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>'
)
ROWS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    '<row r="2"><c r="A2"><v>1.5</v></c><c r="B2" s="1"><v>44621</v></c></row>'
)
READ = [["甲", "乙 丙"], [1.5, date(2022, 3, 1)]]


@pytest.fixture(autouse=True)
def read_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taizhang.workbook.reader.run_apart", lambda work, data: work(data))


def book(rows: str, **changed: str | None) -> bytes:
    parts = {"xl/styles.xml": STYLES, "xl/sharedStrings.xml": STRINGS} | {
        name: text for name, text in changed.items() if text
    }
    made = package(worksheet(rows), extra={name: text.encode() for name, text in parts.items()})
    return rewrite(made, {"xl/_rels/workbook.xml.rels": lambda xml: xml.replace(b"</Relationships>", LINKS.encode())})


def rows_of(data: bytes) -> list[list[Any]]:
    found = read(data).sheets[0]
    assert list(rows_of_sheets(data)(found.name)) == found.rows  # the reader used to verify a write agrees
    return found.rows


def test_the_cells_of_the_examples_below_as_excel_writes_them() -> None:
    assert rows_of(book(ROWS)) == READ


MANNERS: dict[str, Callable[[str], str]] = {
    "no places": lambda xml: (
        xml.replace(' r="1"', "")
        .replace(' r="2"', "")
        .replace(' r="A1"', "")
        .replace(' r="B1"', "")
        .replace(' r="A2"', "")
        .replace(' r="B2"', "")
    ),
    "places in part": lambda xml: xml.replace(' r="2"', "").replace(' r="B1"', "").replace(' r="B2"', ""),
    "a prefix": lambda xml: xml.replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x="),
    "comments": lambda xml: xml.replace("<row", "<!-- 第 --><row").replace("<v>", "<v><!-- -->"),
    "laid out": lambda xml: xml.replace("><", ">\r\n  <"),
    "a choice for newer programs": lambda xml: xml.replace(
        '<row r="1"',
        '<mc:AlternateContent xmlns:mc="x"><mc:Choice '
        'Requires="y"><row><c><v>9</v></c></row></mc:Choice></mc:AlternateContent><row r="1"',
    ),
    "other quotes": lambda xml: xml.replace('"', "'"),
    "absolute places": lambda xml: xml.replace('r="A1"', 'r="$A$1"').replace('r="B2"', 'r="b2"'),
    "rows out of order": lambda xml: xml.replace("<sheetData>", '<sheetData><row r="3" hidden="0"/>'),
}


@pytest.mark.parametrize("manner", MANNERS)
def test_markup_in_any_manner(manner: str) -> None:
    assert (
        rows_of(rewrite(book(ROWS), {"xl/worksheets/sheet1.xml": lambda xml: MANNERS[manner](xml.decode()).encode()}))
        == READ
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_parts_in_any_encoding(encoding: str) -> None:
    parts = (
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
    )
    assert rows_of(rewrite(book(ROWS), {each: lambda xml: xml.decode().encode(encoding) for each in parts})) == READ


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
def test_one_part_in_another_encoding(part: str) -> None:
    assert rows_of(rewrite(book(ROWS), {part: lambda xml: xml.decode().encode("utf-16")})) == READ


def test_formulas_of_cells_without_places_are_known() -> None:
    found = read(
        book(
            "<row><c><v>1</v></c><c><f>A1</f><v>1</v></c></row><row><c/><c><f>A1</f></c><c t='e'><v>#N/A</v></c></row>"
        )
    ).sheets[0]
    assert (found.rows, found.formulas, found.uncached, found.errors) == (
        [[1.0, 1.0, ""], ["", "", ""]], frozenset({(1, 2), (2, 2)}), frozenset({(2, 2)}), frozenset({(2, 3)})
    )  # fmt: skip


@pytest.mark.parametrize(
    ("places", "target"),
    [
        ("xl/workbook.xml", "./xl/workbook.xml"),
        ("book/main.xml", "book/main.xml"),
        ("book/main.xml", "/book/../book/main.xml"),
        ("book/main.xml", "book\\main.xml"),
        ("Book/Main.XML", "book/main.xml"),
        ("台账/表 1.xml", "/台账/%E8%A1%A8%201.xml"),
        ("main.xml", "main.xml"),
    ],
)
def test_a_workbook_in_any_place(places: str, target: str) -> None:
    folder, _, name = places.rpartition("/")
    moved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(ROWS))) as old, zipfile.ZipFile(moved, "w") as new:
        for each in old.namelist():
            part = old.read(each)
            where = {"xl/workbook.xml": places, "xl/_rels/workbook.xml.rels": f"{folder}/_rels/{name}.rels".lstrip("/")}
            if each == "_rels/.rels":
                part = part.replace(b"xl/workbook.xml", target.encode())
            if each.endswith("workbook.xml.rels"):
                part = part.replace(b'Target="', b'Target="/xl/')
            new.writestr(where.get(each, each), part)
    assert rows_of(moved.getvalue()) == READ


@pytest.mark.parametrize(
    "listed",
    [
        '<sheet name="模块" sheetId="2" r:id=""/>',
        '<sheet name="模块" sheetId="2"/>',
        '<sheet name="宏" sheetId="2" r:id="rId7"/>',
        '<sheet name="宏" sheetId="2" state="veryHidden" r:id="rId7"/>',
    ],
)
def test_sheets_without_cells_are_passed_over(listed: str) -> None:
    macros = (
        b'<Relationship Id="rId7" Type="http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet" '
        b'Target="macrosheets/a.xml"/><'
    )
    data = rewrite(
        book(ROWS),
        {
            "xl/workbook.xml": lambda xml: xml.replace(b"</sheets>", listed.encode() + b"</sheets>"),
            "xl/_rels/workbook.xml.rels": lambda xml: (
                xml.replace(b"<", macros, 1)
                if False
                else xml.replace(b"</Relationships>", macros[:-1] + b"</Relationships>")
            ),
        },
        {"xl/macrosheets/a.xml": b"<macrosheet/>"},
    )
    assert [(each.name, each.rows) for each in read(data).sheets] == [("表", READ)]
    assert list(rows_of_sheets(data)("表")) == READ


def test_a_sheet_whose_part_is_gone_is_damage_and_not_blank() -> None:
    data = rewrite(
        book(ROWS),
        {
            "xl/workbook.xml": lambda xml: xml.replace(
                b"</sheets>", b'<sheet name="B" sheetId="2" r:id="rId5"/></sheets>'
            )
        },
    )
    with pytest.raises(Unreadable, match="不完整或已损坏"):
        read(data)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("<v> 5</v>", 5.0),
        ("<v>+5</v>", 5.0),
        ("<v>\n5\n</v>", 5.0),
        ("<v>  </v>", ""),
        ("<v/>", ""),
        ("<v>1E+400</v>", "error"),
        ("<v>-1e999</v>", "error"),
        ("<v>NaN</v>", "error"),
        ("<v>INF</v>", "error"),
        ("<v>1,5</v>", "1,5"),
        (' t="e"><v>#FOO!</v>', "error"),
        (' t="e"><v>#SPILL!</v>', "error"),
        (' t="e"><v/>', "error"),
        (' t="b"><v>TRUE</v>', True),
        (' t="b"><v> 0 </v>', False),
        (' t="b"><v>2</v>', True),
        (' t="s"><v>99</v>', "error"),
        (' t="s"><v>-1</v>', "error"),
        (' t="new"><v>7</v>', 7.0),
        ((
' t="inlineStr"><is><r><t>甲</t></r><r><t xml:space="preserve"> 乙</t></r><rPh sb="0" '
'eb="1"><t>jia</t></rPh></is>'
), "甲 乙"),
        (' t="inlineStr"><f>A1</f><is><t>甲</t></is>', "甲"),
        (' t="str"><v>甲 </v>', "甲 "),
        (' s="1"><v>440524198001010013</v>', 440524198001010013.0),
        (' s="1"><v>1e300</v>', 1e300),
    ],
)  # fmt: skip
def test_odd_numbers_and_errors(cell: str, found: Any) -> None:
    data = book(f'<row r="1"><c r="A1"{cell if cell[0] == " " else ">" + cell}</c><c r="B1"><v>1</v></c></row>')
    sheet = read(data).sheets[0]
    read_as = "error" if (1, 1) in sheet.errors else sheet.rows[0][0]
    assert (read_as, type(read_as), sheet.rows[0][1]) == (found, type(found), 1.0)


@pytest.mark.parametrize(
    ("text", "number", "style"),
    [
        ("2022-03-01", "44621", 1),
        ("2022-03-01T00:00:00", "44621", 1),
        ("2022-03-01T00:00:00.000Z", "44621", 1),
        ("20220301", "44621", 1),
        ("2022-03-01T08:30:00", "44621.354166666664", 2),
        ("2022-03-01T08:30:00+08:00", "44621.354166666664", 2),
        ("08:30:00", "0.35416666666666669", 2),
    ],
)
def test_a_date_written_as_text_is_the_date_that_excel_saves_it_as(text: str, number: str, style: int) -> None:
    """Saved again it is a number; were they read as two values, each would be an edit by hand."""
    as_text, as_number = (
        rows_of(book(f'<row r="1"><c r="A1" s="{style}"{kind}><v>{each}</v></c></row>'))[0][0]
        for kind, each in ((' t="d"', text), ("", number))
    )
    assert (as_text, type(as_text)) == (as_number, type(as_number))
    assert isinstance(as_text, (date, datetime, time))


def test_the_epoch_of_1904_is_kept_where_a_workbook_is_written_again() -> None:
    odd = book('<row><c s="1"><v>1</v></c><c t="d"><v>1904-01-02</v></c></row>')
    data = rewrite(
        odd,
        {
            "xl/workbook.xml": lambda xml: xml.replace(b"<sheets>", b'<workbookPr date1904="1"/><sheets>').replace(
                b"</sheets>", b'</sheets><x15:workbookPr xmlns:x15="y"/>'
            )
        },
    )
    assert (read(data).sheets[0].rows, read(data).epoch_1904) == ([[date(1904, 1, 2), date(1904, 1, 2)]], True)


OFFICE, TABLE, TEXT = (f"urn:oasis:names:tc:opendocument:xmlns:{each}:1.0" for each in ("office", "table", "text"))
NAMES = (
    f'xmlns:office="{OFFICE}" xmlns:table="{TABLE}" xmlns:text="{TEXT}" xmlns:calcext="urn:org:x" office:version="1.2"'
)
TABLES = (
    '<office:body><office:spreadsheet><table:table table:name="表"><table:table-header-rows><table:table-row>'
    '<table:table-cell office:value-type="string" table:number-columns-spanned="2"><text:p>编<text:span>号<text:s '
    'text:c="2"/></text:span>甲</text:p>'
    "<text:p>乙</text:p><office:annotation><text:p>批注</text:p></office:annotation></table:table-cell>"
    "<table:covered-table-cell/>"
    '<table:table-cell table:formula="of:=1/0" office:value-type="string" '
    'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
    '</table:table-row></table:table-header-rows><table:table-row table:visibility="collapse" '
    'table:number-rows-repeated="2">'
    '<table:table-cell table:number-columns-repeated="2" office:value-type="percentage" '
    'office:value="0.8"><text:p>80%</text:p></table:table-cell>'
    '<table:table-cell office:value-type="date" '
    'office:date-value="2022-03-01T00:00:00"/></table:table-row><table:table-row>'
    '<table:table-cell office:value-type="boolean" office:boolean-value="true"/><table:table-cell '
    'office:value-type="time" office:time-value="PT08H30M00S"/>'
    '<table:table-cell table:formula="of:=[.A2]" office:value-type="float" office:value="0.8"/></table:table-row>'
    '<table:table-row table:number-rows-repeated="1048570"><table:table-cell '
    'table:number-columns-repeated="16384"/></table:table-row>'
    "</table:table></office:spreadsheet></office:body>"
)
ODS = f"<office:document-content {NAMES}>{TABLES}</office:document-content>"
MIME = "application/vnd.oasis.opendocument.spreadsheet"


def ods(content: str, *, mimetype: bool = True, manifest: str = "") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        if mimetype:
            made.writestr("mimetype", MIME)
        made.writestr("content.xml", content)
        made.writestr("META-INF/manifest.xml", manifest or "<manifest:manifest xmlns:manifest='urn:m'/>")
    return target.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        ods(ODS),
        ods(ODS, mimetype=False),
        ods(ODS.replace("><table:", ">\n  <table:").replace("</table:", "\n</table:")),
        ods(ODS.replace("<table:table-row>", "<!-- 行 --><table:table-row>")),
        ods(ODS, manifest='<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" '
'"Manifest.dtd"><manifest:manifest xmlns:manifest="urn:m"/>'),
        f'<?xml version="1.0"?>\n<office:document {NAMES} office:mimetype="{MIME}">{TABLES}</office:document>'.encode(),
    ],
    ids=["as it is", "no mimetype", "laid out", "comments", "an old manifest", "flat"],
)  # fmt: skip
def test_an_ods_in_any_manner(data: bytes) -> None:
    found = read(data).sheets[0]
    assert (found.rows, found.formulas, found.errors, found.hidden_rows, found.merged) == (
        [
            ["编号  甲\n乙", "", ""],
            [0.8, 0.8, date(2022, 3, 1)],
            [0.8, 0.8, date(2022, 3, 1)],
            [True, time(8, 30), 0.8],
        ],
        frozenset({(1, 3), (4, 3)}),
        frozenset({(1, 3)}),
        frozenset({2, 3}),
        (((1, 1), (1, 2)),),
    )


def locked_xls(method: int) -> bytes:
    """Return an .xls whose second record marks the rest as encrypted: 0 exclusive or, 1 RC4."""
    data = bytearray(old_xls([["编号"]], "表"))
    place = data.index(b"\x5c\0\x70\0")
    struct.pack_into("<HHH", data, place, 0x2F, 0x70, method)
    return bytes(data)


LOCKED = {
    "ods": ods("x", manifest="<m:file-entry xmlns:m='u'><m:encryption-data/></m:file-entry>"),
    "xls, exclusive or": locked_xls(0),
    "xls, RC4": locked_xls(1),
}


@pytest.mark.parametrize("kind", LOCKED)
def test_a_password_is_called_a_password(kind: str) -> None:
    with pytest.raises(Unreadable, match="文件加了密码"):
        read(LOCKED[kind])


def record(kind: int, body: bytes) -> bytes:
    number = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    return number + bytes([len(body)]) + body


def counted(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(folder: str, *more: tuple[str, str, str]) -> bytes:
    """Return an .xlsb with 1.5 in A1 of its one sheet; ``more`` adds sheets: name, relationship id and type."""
    sheets = [("表", "rId1", "worksheet"), *more]
    listed = b"".join(
        record(156, struct.pack("<II", 0, n) + counted(id_) + counted(name))
        for n, (name, id_, _) in enumerate(sheets, 1)
    )
    cell = record(0, struct.pack("<III", 0, 0, 0) + b"\0" * 13) + record(5, struct.pack("<IId", 0, 0, 1.5))
    related = "".join(
        f'<Relationship Id="{id_}" Type="{RELATIONS}/{kind}" Target="{kind}s/sheet1.bin"/>'
        for _, id_, kind in sheets
        if id_
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr(
            "_rels/.rels",
            f'<Relationships><Relationship Id="a" Type="{RELATIONS}/officeDocument" '
            f'Target="{folder}/workbook.bin"/></Relationships>',
        )
        made.writestr(
            f"{folder}/workbook.bin", record(131, b"") + record(143, b"") + listed + record(144, b"") + record(132, b"")
        )
        made.writestr(f"{folder}/_rels/workbook.bin.rels", f"<Relationships>{related}</Relationships>")
        made.writestr(
            f"{folder}/worksheets/sheet1.bin",
            record(129, b"")
            + record(148, struct.pack("<4I", 0, 0, 0, 0))
            + record(145, b"")
            + cell
            + record(146, b"")
            + record(130, b""),
        )
    return target.getvalue()


@pytest.mark.parametrize(
    "data",
    [xlsb("xl"), xlsb("book"), xlsb("xl", ("模块", "", "")), xlsb("xl", ("宏", "rId7", "xlMacrosheet"))],
    ids=["as Excel", "elsewhere", "a module", "macros"],
)
def test_an_xlsb_in_any_manner(data: bytes) -> None:
    assert [(each.name, each.rows) for each in read(data).sheets] == [("表", [[1.5]])]


FAILURES = [
    OSError("bad sector"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x"),
    struct.error("short"),
    RecursionError(),
    MemoryError(),
    OverflowError(),
    KeyError("rId1"),
    AttributeError("x"),
    zipfile.BadZipFile(),
    EOFError(),
    failing_work.PanicException("index out of range"),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize("data", [book(ROWS), old_xls([["编号"]], "表")], ids=["xlsx", "xls"])
def test_whatever_a_reader_raises_is_the_fault_of_its_file(
    failure: BaseException, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr("python_calamine.CalamineWorkbook.from_filelike", fail, raising=True)
    with pytest.raises(Unreadable):
        read(data)


@pytest.mark.parametrize("work", [failing_work.raise_what_cannot_be_sent, failing_work.panic])
def test_whatever_breaks_in_the_process_apart_is_said(work: Callable[[bytes], Any]) -> None:
    with pytest.raises(ReaderDied, match="读不下去"):
        run_apart(work, b"")


def test_a_process_that_cannot_be_started_is_no_disk_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr("subprocess.Popen", fail)
    with pytest.raises(ReaderDied, match="电脑太忙"):
        run_apart(failing_work.panic, b"")


def test_a_damaged_file_of_any_format_waits_alone(make_issued: Callable[..., Path], run: Callable[..., Result]) -> None:
    ledger = make_issued([{}])
    good = fill(ledger, {"RW-001": {"progress": 0.6}})
    whole = {"甲.xlsb": xlsb("xl"), "乙.ods": ods(ODS), "丙.xls": old_xls([["编号"]], "表"), "丁.xlsx": book(ROWS)}
    for name, data in whole.items():
        (good.parent / name).write_bytes(data[: len(data) * 2 // 3])
    result = run("merge", "-l", ledger, "--yes")
    said = sorted(line.split(":")[0] for line in result.stdout.splitlines() if ": unreadable: " in line)
    assert (value(ledger, "RW-001", "progress"), said) == ("0.6", sorted(whole))


MODULE = b'<sheet name="\xe6\xa8\xa1\xe5\x9d\x97" sheetId="99" state="veryHidden" r:id=""/>'


def test_a_ledger_with_a_module_of_macros_is_read_and_written(
    make_ledger: Callable[..., Path], run: Callable[..., Result]
) -> None:
    ledger = make_ledger([{}])
    ledger.write_bytes(
        rewrite(ledger.read_bytes(), {"xl/workbook.xml": lambda xml: xml.replace(b"</sheets>", MODULE + b"</sheets>")})
    )
    run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", ledger)
    fill(ledger, {"RW-001": {"progress": 0.6}})
    result = run("merge", "-l", ledger, "--yes")
    assert (result.exit_code, value(ledger, "RW-001", "progress")) == (0, "0.6"), result.stderr
    with zipfile.ZipFile(ledger) as package:
        assert MODULE in package.read("xl/workbook.xml")


def test_a_ledger_saved_with_dates_as_text_was_not_edited_by_hand(
    make_ledger: Callable[..., Path], run: Callable[..., Result]
) -> None:
    ledger = make_ledger([{"completed": date(2022, 3, 1)}, {"completed": date(2022, 3, 2)}])
    run("validate", "-l", ledger)
    as_numbers, count = ledger.read_bytes(), 0

    def dated(xml: bytes) -> bytes:
        nonlocal count
        xml, found = re.subn(rb"<c r=\"([A-Z]+[0-9]+)\"([^<>]*)><v>(446[0-9]{2})</v>", _as_text, xml)
        count += found
        return xml

    with zipfile.ZipFile(ledger) as package:
        parts = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    ledger.write_bytes(rewrite(as_numbers, dict.fromkeys(parts, dated)))
    run("validate", "-l", ledger)
    ledger.write_bytes(as_numbers)
    run("validate", "-l", ledger)
    lines = (ledger.parent / "history" / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert count > 1
    assert [entry["command"] for entry in map(json.loads, lines) if entry.get("changes")] == []


def _as_text(cell: re.Match[bytes]) -> bytes:
    day = date(1899, 12, 30) + timedelta(days=int(cell[3]))
    return b'<c r="%b"%b t="d"><v>%bT00:00:00</v>' % (cell[1], cell[2], day.isoformat().encode())


@pytest.mark.parametrize(
    "data",
    [
        package(f'<worksheet xmlns="{MAIN}"><sheetData><row><c><v>1</v></c><a></row></sheetData></worksheet>'),
        ods(ODS.replace("</table:table>", "")),
    ],
    ids=["xlsx", "ods"],
)
def test_broken_markup_is_damage_and_not_what_a_forgiving_reader_makes_of_it(data: bytes) -> None:
    with pytest.raises(Unreadable, match="不完整或已损坏"):
        read(data)
