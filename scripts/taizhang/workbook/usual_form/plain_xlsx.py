"""Write an .xlsx of plain cells as Excel lays it out, and parse the XML it is made from."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from xml.parsers import expat

from taizhang.typed.dates import excel_epoch
from taizhang.workbook.containers import DAMAGED, Refusal
from taizhang.workbook.markup import MAIN, PACKAGE, RELATIONS, escape, quoted

__all__ = [
    "ERRORS",
    "LAST_DATE",
    "NUMBER",
    "Attributes",
    "Sheet",
    "Styles",
    "cell_markup",
    "escaped_text",
    "local_name",
    "make_package",
    "number_and_style",
    "parse",
]

Attributes = Mapping[str, str]

_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
NUMBER = re.compile(r"[+-]?(?:[0-9]++\.?[0-9]*+|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA")
LAST_DATE = 2_958_466
"""The first serial number that is no longer a date: 10000-01-01."""


@dataclass
class Sheet:
    """A sheet to be written; ``rows`` holds the markup of one row each."""

    name: str
    state: str = ""
    rows: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    filtered: bool = False
    validations: int = 0

    def markup(self) -> str:
        """Return the sheet part."""
        merged = "".join(f'<mergeCell ref="{each}"/>' for each in self.merged)
        return "".join(
            (
                f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetData>',
                *self.rows,
                "</sheetData>",
                '<autoFilter ref="A1"><filterColumn colId="0"/></autoFilter>' * self.filtered,
                f"<mergeCells>{merged}</mergeCells>" if merged else "",
                "<dataValidations>" + '<dataValidation sqref="A1"/>' * self.validations + "</dataValidations>",
                "</worksheet>",
            )
        )


@dataclass(frozen=True)
class Styles:
    """The number formats of the cells, followed by three for dates and times that were written as text."""

    formats: str = ""
    cells: tuple[str, ...] = ("0",)

    @property
    def date(self) -> int:
        """The style index of a day."""
        return len(self.cells)

    @property
    def moment(self) -> int:
        """The style index of a day with its time."""
        return len(self.cells) + 1

    @property
    def duration(self) -> int:
        """The style index of hours beyond a day."""
        return len(self.cells) + 2

    def markup(self) -> str:
        """Return the styles part."""
        every = "".join(f"<xf numFmtId={quoted(each)}/>" for each in (*self.cells, "14", "22", "46"))
        return f'<styleSheet xmlns="{MAIN}"><numFmts>{self.formats}</numFmts><cellXfs>{every}</cellXfs></styleSheet>'


def make_package(sheets: list[Sheet], styles: Styles, strings: str = "", *, epoch_1904: bool = False) -> bytes:
    """Return the package as bytes; each sheet's rows are released once they are written."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, text in _fixed_parts(sheets, styles, strings, epoch_1904=epoch_1904).items():
            package.writestr(name, text)
        for n, each in enumerate(sheets, 1):
            package.writestr(f"xl/worksheets/sheet{n}.xml", each.markup())
            each.rows.clear()
    return target.getvalue()


def _fixed_parts(sheets: list[Sheet], styles: Styles, strings: str, *, epoch_1904: bool) -> dict[str, str]:
    """Return all parts but the sheets, by name."""
    states = [f'state="{each.state}" ' * bool(each.state) for each in sheets]
    listed = "".join(
        f'<sheet name={quoted(each.name)} sheetId="{n}" {state}r:id="rId{n}"/>'
        for n, (each, state) in enumerate(zip(sheets, states, strict=True), 1)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    related += f'<Relationship Id="rIdS" Type="{RELATIONS}/styles" Target="styles.xml"/>'
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_CONTENT}.worksheet+xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    if strings:
        related += f'<Relationship Id="rIdT" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    epoch = '<workbookPr date1904="1"/>' * epoch_1904
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{epoch}<sheets>{listed}</sheets></workbook>'
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_CONTENT}.sheet.main+xml"/>{types}</Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>',
        "xl/styles.xml": styles.markup(),
    }
    if strings:
        parts["xl/sharedStrings.xml"] = strings
    return parts


def escaped_text(text: str) -> str:
    """Return a text escaped for use between tags, so that parsers keep its carriage returns."""
    return escape(text).replace("\r", "&#13;")


def cell_markup(place: str, style: str, kind: str, value: str | None, formula: str = "") -> str:
    """Return a cell's markup; ``value`` is escaped already, or None; ``formula`` is the markup of one."""
    inner = formula if value is None else f"{formula}<v>{value}</v>"
    typed = f' t="{kind}"' if kind else ""
    return f'<c r="{place}"{style}{typed}>{inner}</c>'


def _date_number(moment: datetime, *, epoch_1904: bool) -> float | None:
    """Return the date serial of a moment; None if it is before the workbook's epoch."""
    epoch = datetime.combine(excel_epoch(epoch_1904), time())
    number = (moment.replace(tzinfo=None) - epoch) / timedelta(days=1)
    if not epoch_1904 and number < 61:  # Excel counts 29 February 1900, which did not exist
        number -= 1
    return number if number >= 0 else None


def number_and_style(text: str, styles: Styles, *, epoch_1904: bool) -> tuple[str, int] | None:
    """Return the serial number and style of an ISO 8601 date or time; None if it is neither."""
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            clock = time.fromisoformat(text.removeprefix("T"))
        except ValueError:
            return None
        seconds = timedelta(
            hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond
        )
        return repr(seconds / timedelta(days=1)), styles.moment
    number = _date_number(moment, epoch_1904=epoch_1904)
    if number is None:
        return None
    return (repr(int(number)), styles.date) if number.is_integer() else (repr(number), styles.moment)


def local_name(name: str) -> str:
    """Return the name of an element or an attribute without its prefix."""
    return name.rpartition(":")[2]


def parse(
    xml: Iterator[bytes],
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    characters: Callable[[str], None] | None = None,
) -> None:
    """Call the handlers as a part is parsed; raises Refusal for broken XML and for a document type."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    if end:
        parser.EndElementHandler = end
    if characters:
        parser.CharacterDataHandler = characters
    try:
        for chunk in xml:
            parser.Parse(chunk)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError):  # LookupError: an unknown encoding
        raise Refusal(*DAMAGED) from None


def _refuse_doctype(*_: object) -> None:
    raise Refusal(*DAMAGED)
