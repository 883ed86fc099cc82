"""A workbook with a telephone number in every place other than a cell."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

PHONE = "13800138000"
SHEET, BOOK, RELS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/worksheets/_rels/sheet1.xml.rels"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_EMPTY = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></'
    "Relationships>"
)
_SS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_XDR = 'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
_C = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
_ANCHOR = (
    "<xdr:from><xdr:col>0</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>9</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
    "<xdr:to><xdr:col>2</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>12</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
)

Members = dict[str, bytes]


def workbook(path: Path, carrier: str) -> Path:
    """Write a sheet of three by three words with the number in one place of the package beside them."""
    from xlsxwriter import Workbook as New

    target = io.BytesIO()
    with New(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("整改任务")
        sheet.write_string(0, 0, "一")
        for row in range(3):
            for column in range(3):
                sheet.write_string(row, column, f"第{row + 1}行{column + 1}")
        book.set_properties({"title": "标题", "author": "某人"})
    with zipfile.ZipFile(target) as package:
        members = {name: package.read(name) for name in package.namelist()}
    CARRIERS[carrier](members)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            if name == "\0":
                package.comment = data
                continue
            info = zipfile.ZipInfo(name)
            if carrier == "note of a member":
                info.comment = PHONE.encode()
            package.writestr(info, data)
    return path


def _put(name: str, before: str, text: str) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        assert members[name].count(before.encode()) >= 1, (name, before)
        members[name] = members[name].replace(before.encode(), (text + before).encode(), 1)

    return change


def _after_rows(text: str) -> Callable[[Members], None]:
    return _put(SHEET, "<pageMargins", text)


def _relate(members: Members, rels: str, kind: str, target: str, mode: str = "") -> str:
    """Add a relationship and return its key."""
    known = members.get(rels, _EMPTY.encode()).decode()
    key = f"rIdC{known.count('<Relationship ')}"
    kind = kind if kind.startswith("http") else f"{_OFFICE}/{kind}"
    tag = f'<Relationship Id="{key}" Type="{kind}" Target="{target}"{mode}/>'
    members[rels] = known.replace("</Relationships>", tag + "</Relationships>").encode()
    return key


def _part(members: Members, name: str, data: bytes | str, kind: str = "application/xml") -> None:
    members[name] = data if isinstance(data, bytes) else data.encode()
    _put("[Content_Types].xml", "</Types>", f'<Override PartName="/{name}" ContentType="{kind}"/>')(members)


def _on_sheet(
    kind: str, name: str, data: bytes | str, tag: str = "", content: str = "application/xml"
) -> Callable[[Members], None]:
    """Add a part that hangs on the sheet, with the tag that names it there."""

    def change(members: Members) -> None:
        _part(members, name, data, content)
        key = _relate(members, RELS, kind, f"/{name}")
        if tag:
            full = f'<{tag} xmlns:r="{_OFFICE}" r:id="{key}"/>'
            _put(SHEET, "</worksheet>", full)(members)

    return change


def _on_book(kind: str, name: str, data: bytes | str) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        _part(members, name, data)
        _relate(members, "xl/_rels/workbook.xml.rels", kind, f"/{name}")

    return change


def _on_package(kind: str, name: str, data: bytes | str) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        _part(members, name, data)
        _relate(members, "_rels/.rels", kind, name)

    return change


def _link(attributes: str, target: str = "") -> Callable[[Members], None]:
    def change(members: Members) -> None:
        key = _relate(members, RELS, "hyperlink", target, ' TargetMode="External"') if target else ""
        named = f' xmlns:r="{_OFFICE}" r:id="{key}"' if key else ""
        _after_rows(f'<hyperlinks><hyperlink ref="A1"{named}{attributes}/></hyperlinks>')(members)

    return change


def _comments(members: Members) -> None:
    told = (
        f'<authors><author>{PHONE}</author></authors><commentList><comment ref="C3" '
        'authorId="0"><text><t>好</t></text></comment></commentList>'
    )
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
    _on_sheet("comments", "xl/comments1.xml", f"<comments {_SS}>{told}</comments>", content=content)(members)


def _threaded(members: Members) -> None:
    told = (
        '<authors><author>甲</author></authors><commentList><comment ref="C3" authorId="0"><text><r><t>电话 '
        "1380</t></r><r><t>0138000</t></r></text></comment></commentList>"
    )
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
    _on_sheet("comments", "xl/comments1.xml", f"<comments {_SS}>{told}</comments>", content=content)(members)
    more = "http://schemas.microsoft.com/office/2017/10/relationships"
    _part(
        members,
        "xl/threadedComments/threadedComment1.xml",
        f'<ThreadedComments><threadedComment ref="C3"><text>{PHONE}</text></threadedComment></ThreadedComments>',
    )
    _relate(members, RELS, f"{more}/threadedComment", "/xl/threadedComments/threadedComment1.xml")
    _on_book(f"{more}/person", "xl/persons/person.xml", f'<personList><person displayName="{PHONE}"/></personList>')(
        members
    )


def _drawing(shape: str) -> Callable[[Members], None]:
    xml = f"<xdr:wsDr {_XDR} {_A}><xdr:twoCellAnchor>{_ANCHOR}{shape}<xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
    return _on_sheet(
        "drawing",
        "xl/drawings/drawing1.xml",
        xml,
        "drawing",
        "application/vnd.openxmlformats-officedocument.drawing+xml",
    )


def _chart(inner: str) -> Callable[[Members], None]:
    frame = (
        '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" '
        'name="图"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>'
        '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData '
        'uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart {_C} xmlns:r="{_OFFICE}" r:id="rIdC0"/></a:graphicData></a:graphic></xdr:graphicFrame>'
    )

    def change(members: Members) -> None:
        _drawing(frame)(members)
        content = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
        _part(
            members,
            "xl/charts/chart1.xml",
            f"<c:chartSpace {_C} {_A}><c:chart>{inner}</c:chart></c:chartSpace>",
            content,
        )
        _relate(members, "xl/drawings/_rels/drawing1.xml.rels", "chart", "/xl/charts/chart1.xml")

    return change


def _picture(name: str, data: bytes) -> Callable[[Members], None]:
    picture = (
        '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="照片"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill>'
        f'<a:blip xmlns:r="{_OFFICE}" r:embed="rIdC0"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr/></'
        "xdr:pic>"
    )

    def change(members: Members) -> None:
        _drawing(picture)(members)
        _part(members, f"xl/media/{name}", data, "image/png")
        _relate(members, "xl/drawings/_rels/drawing1.xml.rels", "image", f"/xl/media/{name}")

    return change


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            head,
            chunk(b"tEXt", b"Author\0" + PHONE.encode()),
            chunk(b"IDAT", zlib.compress(b"\0\0\0\0")),
            chunk(b"IEND", b""),
        )
    )


def _jpeg() -> bytes:
    from PIL import Image

    target, picture = io.BytesIO(), Image.new("RGB", (4, 4), "white")
    exif = picture.getexif()
    exif[0x013B] = PHONE  # the artist
    picture.save(target, "JPEG", exif=exif, comment=PHONE.encode())
    return target.getvalue()


def _table(members: Members) -> None:
    columns = "".join(f'<tableColumn id="{n}" name="第1行{n}"/>' for n in (1, 2, 3))
    xml = (
        f'<table {_SS} id="1" name="表1" displayName="表1" ref="A1:C3" comment="{PHONE}"><autoFilter '
        f'ref="A1:C3"/><tableColumns count="3">{columns}</tableColumns></table>'
    )
    _part(members, "xl/tables/table1.xml", xml, "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml")
    key = _relate(members, RELS, "table", "/xl/tables/table1.xml")
    _put(SHEET, "</worksheet>", f'<tableParts count="1"><tablePart xmlns:r="{_OFFICE}" r:id="{key}"/></tableParts>')(
        members
    )


def _external(members: Members) -> None:
    xml = (
        f'<externalLink {_SS}><externalBook xmlns:r="{_OFFICE}" r:id="rIdC0"><sheetNames><sheetName '
        'val="甲"/></sheetNames></externalBook></externalLink>'
    )
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
    _part(members, "xl/externalLinks/externalLink1.xml", xml, content)
    _relate(
        members,
        "xl/externalLinks/_rels/externalLink1.xml.rels",
        "externalLinkPath",
        f"file:///C:/{PHONE}/a.xlsx",
        ' TargetMode="External"',
    )
    key = _relate(members, "xl/_rels/workbook.xml.rels", "externalLink", "/xl/externalLinks/externalLink1.xml")
    reference = f'<externalReferences><externalReference xmlns:r="{_OFFICE}" r:id="{key}"/></externalReferences>'
    _put(BOOK, "<calcPr", reference)(members)
    _put(SHEET, "</row></sheetData>", '<c r="E3"><f>[1]甲!A1</f><v>7</v></c>')(members)


def _shared(item: str) -> Callable[[Members], None]:
    return _put("xl/sharedStrings.xml", "</sst>", item)


def _app(members: Members) -> None:
    members["docProps/app.xml"] = members["docProps/app.xml"].replace(
        b"<Company></Company>", f"<Manager>{PHONE}</Manager><Company>{PHONE}</Company>".encode()
    )
    assert PHONE.encode() in members["docProps/app.xml"]


def _title(members: Members) -> None:
    members["docProps/core.xml"] = members["docProps/core.xml"].replace("标题".encode(), f"标题 {PHONE}".encode())


def _number_format(members: Members) -> None:
    styles = members["xl/styles.xml"].replace(
        b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
        b'<xf numFmtId="190" fontId="0" fillId="0" borderId="0" xfId="0"/>',
    )
    assert b"190" in styles
    members["xl/styles.xml"] = styles
    _put(
        "xl/styles.xml",
        "<fonts",
        f'<numFmts count="1"><numFmt numFmtId="190" formatCode="&quot;{PHONE}&quot;"/></numFmts>',
    )(members)


def _gap(members: Members) -> None:
    members["\0"] = PHONE.encode()


CARRIERS: dict[str, Callable[[Members], None]] = {
    "header": _put(SHEET, "</worksheet>", f"<headerFooter><oddHeader>&amp;C{PHONE}</oddHeader></headerFooter>"),
    "footer after a size": _put(
        SHEET,
        "</worksheet>",
        f'<headerFooter><evenFooter>&amp;R&amp;"宋体"&amp;9 机密★1年 {PHONE}</evenFooter></headerFooter>',
    ),
    "prompt": _after_rows(
        '<dataValidations count="1"><dataValidation type="whole" sqref="A1" promptTitle="填" prompt="问 '
        f'{PHONE}"><formula1>1</formula1></dataValidation></dataValidations>'
    ),
    "refusal": _after_rows(
        '<dataValidations count="1"><dataValidation type="whole" sqref="A1" error="问 '
        f'{PHONE}"><formula1>1</formula1></dataValidation></dataValidations>'
    ),
    "choices": _after_rows(
        '<dataValidations count="1"><dataValidation type="list" '
        f'sqref="A1"><formula1>"甲,{PHONE}"</formula1></dataValidation></dataValidations>'
    ),
    "choices of a later Excel": _put(
        SHEET,
        "</worksheet>",
        f'<extLst><ext uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}" '
        'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><x14:dataValidations '
        'count="1"><x14:dataValidation type="list"><x14:formula1><xm:f '
        f'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">"{PHONE}"</xm:f></x14:formula1></'
        "x14:dataValidation></x14:dataValidations></ext></extLst>",
    ),
    "rule of a look": _after_rows(
        '<conditionalFormatting sqref="A1:A9"><cfRule type="containsText" priority="1" operator="containsText" '
        f'text="{PHONE}"><formula>NOT(ISERROR(SEARCH("{PHONE}",A1)))</formula></cfRule></conditionalFormatting>'
    ),
    "link": _link("", f"tel:{PHONE}"),
    "link in percent signs": _link("", "tel:%31%33800138000"),
    "tip of a link": _link(f' location="整改任务!A1" tooltip="{PHONE}"'),
    "words of a link": _link(f' location="整改任务!A1" display="{PHONE}"'),
    "name": _put(BOOK, "<calcPr", f'<definedNames><definedName name="电话">"{PHONE}"</definedName></definedNames>'),
    "note of a name": _put(
        BOOK,
        "<calcPr",
        f'<definedNames><definedName name="电话" comment="{PHONE}">整改任务!$A$1</definedName></definedNames>',
    ),
    "own property": _on_package(
        "custom-properties",
        "docProps/custom.xml",
        f'<Properties><property name="电话"><lpwstr>{PHONE}</lpwstr></property></Properties>',
    ),
    "company": _app,
    "title": _title,
    "keywords": _put("docProps/core.xml", "<dcterms:created", f"<cp:keywords>{PHONE}</cp:keywords>"),
    "author of a comment": _comments,
    "threaded comment": _threaded,
    "text box in runs": _drawing(
        '<xdr:sp macro=""><xdr:nvSpPr><xdr:cNvPr id="2" '
        'name="框"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr/><xdr:txBody><a:bodyPr/><a:p><a:r><a:t>电话 '
        f"{PHONE[:4]}</a:t></a:r><a:r><a:t>{PHONE[4:]}</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    ),
    "words for the blind": _drawing(
        '<xdr:sp macro=""><xdr:nvSpPr><xdr:cNvPr id="2" name="框" '
        f'descr="{PHONE}"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr/></xdr:sp>'
    ),
    "title of a chart": _chart(
        f"<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:r><a:t>{PHONE}</a:t></a:r></a:p></c:rich></c:tx></c:title>"
        "<c:plotArea/>"
    ),
    "figures kept by a chart": _chart(
        "<c:plotArea><c:barChart><c:ser><c:cat><c:strRef><c:f>整改任务!$A$1</c:f><c:strCache><c:ptCount "
        f'val="1"/><c:pt idx="0"><c:v>{PHONE}</c:v></c:pt></c:strCache></c:strRef></c:cat></c:ser></c:barChart></'
        "c:plotArea>"
    ),
    "path of another workbook": _external,
    "author of a PNG": _picture("image1.png", _png()),
    "artist of a JPEG": _picture("image1.jpeg", _jpeg()),
    "first page": _on_package(
        "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail",
        "docProps/thumbnail.jpeg",
        _jpeg(),
    ),
    "name in macros": _put(SHEET, "<dimension", f'<sheetPr codeName="电话_{PHONE[:3]} {PHONE}"/>'),
    "printer": _on_sheet(
        "printerSettings", "xl/printerSettings/printerSettings1.bin", PHONE.encode("utf-16-le"), "pageSetup"
    ),
    "data for other programs": _on_package("customXml", "customXml/item1.xml", f"<甲>{PHONE}</甲>"),
    "connection": _on_book(
        "connections",
        "xl/connections.xml",
        f'<connections {_SS}><connection id="1" type="1" refreshedVersion="1"><dbPr '
        f'connection="UID={PHONE}"/></connection></connections>',
    ),
    "note of a table": _table,
    "text that no cell shows": _shared(f"<si><t>{PHONE}</t></si>"),
    "text in runs": _shared(f"<si><r><t>{PHONE[:4]}</t></r><r><rPr><b/></rPr><t>{PHONE[4:]}</t></r></si>"),
    "text by numbers of characters": _shared(f"<si><t>&#49;&#x33;{PHONE[2:]}</t></si>"),
    "text by escapes": _shared(f"<si><t>_x0031_{PHONE[1:]}</t></si>"),
    "mark": _shared("<si><t>机密★5年</t></si>"),
    "filter": _after_rows(
        '<autoFilter ref="A1:C3"><filterColumn colId="0"><filters><filter '
        f'val="{PHONE}"/></filters></filterColumn></autoFilter>'
    ),
    "scenario": _after_rows(
        f'<scenarios><scenario name="甲" user="{PHONE}"><inputCells r="A1" val="{PHONE}"/></scenario></scenarios>'
    ),
    "comment in markup": _after_rows(f"<!-- {PHONE} -->"),
    "attribute that no program knows": _put(SHEET, '<c r="C3"', f'<c r="B9" note="{PHONE}"/>'),
    "number format": _number_format,
    "name of a style": _put("xl/styles.xml", "</cellStyles>", f'<cellStyle name="{PHONE}" xfId="0"/>'),
    "name of a face": _put("xl/styles.xml", "</fonts>", f'<font><sz val="11"/><name val="{PHONE}"/></font>'),
    "note of a member": lambda members: None,
    "note of the archive": _gap,
}
"""Where the number stands, and how it is put there."""
