"""A sheet's XML: the quick reader of ordinary sheets agrees with the careful one."""

from __future__ import annotations

import pytest
from taizhang.workbook.sheet_xml import SheetFacts, scan

HEAD = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
CELLS = {
    "no formula": b'<c r="A1"><v>1</v></c>',
    "formula with result": b'<c r="A1"><f>B1+1</f><v>2</v></c>',
    "formula without result": b'<c r="A1" s="3"><f>B1+1</f></c>',
    "formula with an empty result": b'<c r="A1"><f>B1+1</f><v></v></c>',
    "formula with a text": b'<c r="B2" t="str"><f>""</f><v></v></c>',
    "formula with a text that was taken out": b'<c r="B2" t="str"><f>""</f></c>',
    "array": b'<c r="A1"><f t="array" ref="A1:B2">C1:D2</f><v>1</v></c><c r="B1"><v>2</v></c>',
    "array without results": b'<c r="A1"><f t="array" ref="A1:B1">C1:D1</f></c><c r="B1"/>',
    "formula after a line end": b'<c r="A1">\n<f>B1</f>\n<v>1</v></c>',
    "shared formula": (
        b'<c r="A1"><f t="shared" ref="A1:A2" si="0">B1</f><v>1</v></c><c r="A2"><f t="shared" si="0"/><v>1</v></c>'
    ),
    "error": b'<c r="C3" t="e"><v>#REF!</v></c>',
    "error of a formula": b'<c r="C3" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    "two formulas": b'<c r="A1"><f>1</f><v>1</v></c><c r="B1"/><c r="C1"><f>2</f></c>',
}


def sheet(cells: bytes, attributes: bytes = b"") -> bytes:
    return HEAD + b'<cols><col min="1" max="2"/></cols><sheetData><row r="1"%s>%s</row></sheetData></worksheet>' % (
        attributes,
        cells,
    )


def seen(facts: SheetFacts) -> tuple[object, ...]:
    return facts.formulas, facts.uncached, facts.errors, facts.hidden_rows, facts.filtered, facts.validations


@pytest.mark.parametrize("cells", CELLS.values(), ids=CELLS)
def test_the_quick_look_sees_what_the_careful_one_does(cells: bytes) -> None:
    quick = scan(sheet(cells, b' hidden="1"'))
    careful = scan(sheet(cells, b' hidden="1"') + b"<!-- a comment makes it unusual -->")
    assert (quick.plain, careful.plain) == (True, False)
    assert seen(quick) == seen(careful)


@pytest.mark.parametrize("comment", [b"", b"<!-- unusual -->"])
@pytest.mark.parametrize(
    ("cell", "has_result"),
    [
        (b'<c r="A1"><f>B1</f><v>0</v></c>', True),
        (b'<c r="A1" t="str"><f>B1</f><v></v></c>', True),
        (b'<c r="A1" t="str"><f>B1</f><v/></c>', True),
        (b'<c r="A1" t="str"><f>B1</f><v xml:space="preserve"> </v></c>', True),
        (b'<c r="A1" t="str"><f>B1</f></c>', False),
        (b'<c r="A1"><f>B1</f></c>', False),
        (b'<c r="A1"><f>B1</f><v></v></c>', False),
        (b'<c r="A1"><f>B1</f><v/></c>', False),
        (b'<c r="A1"><f>B1</f><v />\n</c>', False),
        (b'<c r="A1" t="e"><f>B1</f></c>', False),
        (b'<c r="A1" t="e"><f>B1</f><v>#REF!</v></c>', True),
        (b'<c r="A1"><f t="shared" si="0"/></c>', False),
        (b'<c r="A1"><f t="shared" si="0"/><v>1</v></c>', True),
    ],
)
def test_an_empty_text_is_a_result_and_nothing_is_none(cell: bytes, has_result: bool, comment: bytes) -> None:
    facts = scan(sheet(cell) + comment)
    assert (facts.formulas, facts.uncached) == ({(1, 1)}, set() if has_result else {(1, 1)})
    assert facts.errors == ({(1, 1)} if b"#REF!" in cell else set())


def test_what_an_array_fills_is_calculated_too() -> None:
    filled = {(1, 1), (1, 2), (2, 1), (2, 2)}
    array = b'<c r="A1"><f t="array" ref="A1:B2">C1:D2</f>%s</c><c r="B1"><v>2</v></c>'
    assert (scan(sheet(array % b"<v>1</v>")).formulas, scan(sheet(array % b"<v>1</v>")).uncached) == (filled, set())
    assert scan(sheet(array % b"")).uncached == filled
    assert scan(sheet(b'<c r="A1"><f t="array" ref="A1:XFD1048576">1</f></c>')).formulas == {(1, 1)}


@pytest.mark.parametrize(
    ("cell", "plain"),
    [
        (b'<c r="A1"><v>1</v></c>', True),
        (b'<c r="AA1"><v>1</v></c>', True),
        (b'<c r="Z99999"><v>1</v></c>', True),
        (b'<c r="XFD1048576"><v>1</v></c>', False),
        (b'<c s="1" r="A1"><v>1</v></c>', False),
        (b"<c><v>1</v></c>", False),
        (b"<c/>", False),
        (b'<c\nr="A1"><v>1</v></c>', False),
        (b'<x:c r="A1"><v>1</v></x:c>', False),
        (b'<c r="A1"><v>1</v></c><x:c\tr="XFD1048576"/>', False),
        (b'<c r="A1:B2"><v>1</v></c>', False),
        (b'<c r="A1"><v>123456789012</v></c>', False),
        (b"<![CDATA[<c r=]]>", False),
    ],
)
def test_what_is_written_in_an_unusual_way_is_not_vouched_for(cell: bytes, plain: bool) -> None:
    assert scan(sheet(cell)).plain is plain


def test_a_sheet_near_the_corner_reaches_no_further_than_the_corner_allows() -> None:
    near, far = scan(sheet(b'<c r="B2"><v>1</v></c>')), scan(sheet(b'<c r="AB2000"><v>1</v></c>'))
    assert (near.reach, near.farthest) == (99_999 * 26, "")
    assert (far.reach, far.farthest) == (2000 * 28, "AB2000")
