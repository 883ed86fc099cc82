"""A workbook that is written in an unusual but legal way, written again as spreadsheet programs write it, for the reader.

The reader takes for granted that a workbook lies where Excel puts it, that it is UTF-8, that rows and cells say where they stand,
and that every sheet is one with cells. Programs other than Excel, and standards, allow more: this module reads with a real parser
what the standards allow and writes the cells alone, with their types, formulas (that there is one), merged ranges, hidden rows
and the formats that make a number a date. For the process of its own, since a parser in Python takes ten times as long.
"""

from __future__ import annotations

import html
import io
import math
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from xml.parsers import expat

from taizhang import limits
from taizhang.containers import BROKEN_ZIP, DAMAGED, Container, Refusal, packed, part_of, relations, too_wide
from taizhang.places import a1, column_number

__all__ = ["usual_ods", "usual_xlsb", "usual_xlsx"]

Attributes = Mapping[str, str]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
_ROWS = re.compile(r"\$?([1-9][0-9]{0,6}):\$?([1-9][0-9]{0,6})")
_NUMBER = re.compile(r"[+-]?(?:[0-9]++\.?[0-9]*+|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_DURATION = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?")
_NAMED_STATES = ("hidden", "veryHidden")
_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_LAST_DATE = 2_958_466
"""The first number that is no date any more: 10000-01-01."""
_CHUNK = 1 << 20


# What is written


@dataclass
class _Sheet:
    """One sheet as it is written: cells as markup, one list of them for each row."""

    name: str
    state: str = ""
    rows: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    filtered: bool = False
    validations: int = 0

    def markup(self) -> str:
        merged = "".join(f'<mergeCell ref="{each}"/>' for each in self.merged)
        return "".join(
            (
                f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{_MAIN}"><sheetData>',
                *self.rows,
                "</sheetData>",
                '<autoFilter ref="A1"><filterColumn colId="0"/></autoFilter>' * self.filtered,
                f"<mergeCells>{merged}</mergeCells>" if merged else "",
                "<dataValidations>" + '<dataValidation sqref="A1"/>' * self.validations + "</dataValidations>",
                "</worksheet>",
            )
        )


@dataclass(frozen=True)
class _Styles:
    """The number formats that cells may have, and after them the three that dates and times get which are written as text."""

    formats: str = ""
    cells: tuple[str, ...] = ("0",)

    @property
    def date(self) -> int:
        return len(self.cells)

    @property
    def moment(self) -> int:
        return len(self.cells) + 1

    @property
    def duration(self) -> int:
        return len(self.cells) + 2

    def markup(self) -> str:
        every = "".join(f"<xf numFmtId={_quoted(each)}/>" for each in (*self.cells, "14", "22", "46"))
        return f'<styleSheet xmlns="{_MAIN}"><numFmts>{self.formats}</numFmts><cellXfs>{every}</cellXfs></styleSheet>'


def _written(sheets: list[_Sheet], styles: _Styles, strings: str = "", *, epoch_1904: bool = False) -> bytes:
    """Return the package; what each sheet holds is let go as it is written."""
    states = [f'state="{each.state}" ' * bool(each.state) for each in sheets]
    listed = "".join(
        f'<sheet name={_quoted(each.name)} sheetId="{n}" {state}r:id="rId{n}"/>'
        for n, (each, state) in enumerate(zip(sheets, states, strict=True), 1)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    related += f'<Relationship Id="rIdS" Type="{_RELATIONS}/styles" Target="styles.xml"/>'
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_CONTENT}.worksheet+xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    if strings:
        related += f'<Relationship Id="rIdT" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    epoch = '<workbookPr date1904="1"/>' * epoch_1904
    book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">{epoch}<sheets>{listed}</sheets></workbook>'
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_CONTENT}.sheet.main+xml"/>{types}</Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>',
        "xl/styles.xml": styles.markup(),
    }
    if strings:
        parts["xl/sharedStrings.xml"] = strings
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, text in parts.items():
            package.writestr(name, text)
        for n, each in enumerate(sheets, 1):
            package.writestr(f"xl/worksheets/sheet{n}.xml", each.markup())
            each.rows.clear()
    return target.getvalue()


def _text(text: str) -> str:
    return html.escape(text, quote=False).replace("\r", "&#13;")


def _quoted(text: str) -> str:
    return f'"{html.escape(text)}"'


def _cell(place: str, style: str, kind: str, value: str | None, formula: str = "") -> str:
    """Return a cell's markup; ``value`` is escaped already, None where there is none; ``formula`` is the markup of one."""
    inner = formula if value is None else f"{formula}<v>{value}</v>"
    typed = f' t="{kind}"' if kind else ""
    return f'<c r="{place}"{style}{typed}>{inner}</c>'


def _date_number(moment: datetime, *, epoch_1904: bool) -> float | None:
    """Return the number that a moment is in a workbook; None for one before its epoch."""
    epoch = datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 30)
    number = (moment.replace(tzinfo=None) - epoch) / timedelta(days=1)
    if not epoch_1904 and number < 61:  # Excel counts 29 February 1900, which there was not
        number -= 1
    return number if number >= 0 else None


def _dated(text: str, styles: _Styles, *, epoch_1904: bool) -> tuple[str, int] | None:
    """Return the number and the style of a date or time written as ISO 8601 says; None for what is none."""
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


# .xlsx


def usual_xlsx(container: Container) -> bytes:
    """Return an .xlsx as Excel would lay it out; raises Refusal for damage, broken XML too, and beyond the limits."""
    try:
        return _usual_xlsx(container)
    except BROKEN_ZIP:
        raise Refusal(DAMAGED) from None


def _usual_xlsx(container: Container) -> bytes:
    book = _Book()
    _parse(packed(container, container.book), book.start)
    related = relations(container, container.book)
    targets = {each.id: each for each in related}
    sheets: list[tuple[str, str, str]] = []
    for name, state, id_ in book.sheets:
        target = targets.get(id_)
        if target is None and id_:
            raise Refusal(DAMAGED)
        if target is not None and target.kind == "worksheet":
            sheets.append((name, state, target.part))
    if any(part_of(container, part) is None for _, _, part in sheets):
        raise Refusal(DAMAGED)
    strings, count = "", 0
    styles = _Styles()
    for each in related:
        if each.kind == "sharedStrings" and not strings and part_of(container, each.part):
            strings, count = _shared_strings(packed(container, each.part))
        elif each.kind == "styles" and part_of(container, each.part):
            styles = _styles(packed(container, each.part))
    made = []
    for name, state, part in sheets:
        reader = _SheetReader(_Sheet(name, state), styles, count, epoch_1904=book.epoch_1904)
        _parse(packed(container, part), reader.start, reader.end, reader.characters)
        made.append(reader.sheet)
    return _written(made, styles, strings, epoch_1904=book.epoch_1904)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _own(attributes: Attributes, wanted: str) -> str:
    """Return an attribute by its local name, with or without a prefix."""
    return next((value for name, value in attributes.items() if _local(name) == wanted), "")


@dataclass
class _Book:
    """The sheets that a workbook lists: name, state and the id of the relationship; and its epoch."""

    sheets: list[tuple[str, str, str]] = field(default_factory=list)
    epoch_1904: bool = False

    def start(self, name: str, attributes: Attributes) -> None:
        local = _local(name)
        if local == "sheet":
            state = attributes.get("state", "")
            related = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets.append((attributes.get("name", ""), state if state in _NAMED_STATES else "", related))
        elif local == "workbookPr":
            self.epoch_1904 |= attributes.get("date1904", "") in ("1", "true", "on")


def _shared_strings(xml: Iterator[bytes]) -> tuple[str, int]:
    """Return the part as Excel writes it, texts without their fonts and readings, and how many there are."""
    items: list[str] = []
    reader = _TextReader()

    def start(name: str, attributes: Attributes) -> None:
        if _local(name) == "si":
            reader.begin()
        else:
            reader.start(_local(name), attributes)

    def end(name: str) -> None:
        local = _local(name)
        if local == "si":
            items.append(f'<si><t xml:space="preserve">{_text(reader.text())}</t></si>')
        else:
            reader.end(local)

    _parse(xml, start, end, reader.characters)
    return f'<sst xmlns="{_MAIN}">{"".join(items)}</sst>', len(items)


class _TextReader:
    """The text of a shared or inline string: its runs together, without readings (rPh) and without the choices of newer programs."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self._parts: list[str] = []
        self._inside: list[str] | None = None
        self._kept = False
        self._skipped = 0

    def start(self, local: str, attributes: Attributes) -> None:
        if local in ("rPh", "Choice"):
            self._skipped += 1
        elif local == "t" and not self._skipped:
            self._inside, self._kept = [], attributes.get("xml:space") == "preserve"

    def end(self, local: str) -> None:
        if local in ("rPh", "Choice"):
            self._skipped -= 1
        elif local == "t" and self._inside is not None:
            text = "".join(self._inside)
            self._parts.append(text if self._kept else text.strip(" \t\r\n"))
            self._inside = None

    def characters(self, text: str) -> None:
        if self._inside is not None:
            self._inside.append(text)

    def text(self) -> str:
        return "".join(self._parts)


def _styles(xml: Iterator[bytes]) -> _Styles:
    formats, cells, inside = [], [], False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal inside
        local = _local(name)
        if local == "numFmt" and not inside:
            number, code = attributes.get("numFmtId", ""), attributes.get("formatCode", "")
            formats.append(f"<numFmt numFmtId={_quoted(number)} formatCode={_quoted(code)}/>")
        elif local == "cellXfs":
            inside = True
        elif local == "xf" and inside:
            cells.append(attributes.get("numFmtId", "0"))

    def end(name: str) -> None:
        nonlocal inside
        if _local(name) == "cellXfs":
            inside = False

    _parse(xml, start, end)
    return _Styles("".join(formats), tuple(cells) or ("0",))


class _SheetReader:
    """The cells of a sheet's XML, wherever their places are written or follow from those before them."""

    def __init__(self, sheet: _Sheet, styles: _Styles, strings: int, *, epoch_1904: bool) -> None:
        self.sheet, self._styles, self._strings, self._epoch_1904 = sheet, styles, strings, epoch_1904
        self._row = self._column = 0
        self._in_data = self._in_cell = False
        self._hidden = ""
        self._cells: list[str] = []
        self._cell: Attributes = {}
        self._place = (0, 0)
        self._formula: str | None = None
        self._value: list[str] | None = None
        self._has_value = False
        self._caught: list[str] | None = None
        self._inline: _TextReader | None = None
        self._skipped = 0
        self._names: dict[str, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        local = self._names.get(name) or self._names.setdefault(name, _local(name))
        if local == "Choice":
            self._skipped += 1
        elif self._skipped:
            return
        elif not self._in_data:
            self._around(local, attributes)
        elif local == "c":
            self._in_cell, self._cell, self._formula, self._value, self._inline = True, attributes, None, None, None
            self._stand(attributes.get("r", ""))
        elif local == "row":
            number = attributes.get("r", "").strip()
            known = number.isascii() and number.isdigit() and 0 < int(number[:8]) <= _LAST_ROW
            self._row, self._column = int(number) if known else self._row + 1, 0
            self._hidden = ' hidden="1"' * (attributes.get("hidden") in ("1", "true", "on"))
            self._cells = []
        elif self._in_cell:
            if local == "v":
                self._value = self._caught = []
            elif local == "f":
                self._formula = _formula_tag(attributes)
            elif local == "is":
                self._inline = _TextReader()
            elif self._inline is not None:
                self._inline.start(local, attributes)

    def end(self, name: str) -> None:
        local = self._names.get(name, "")
        if local == "Choice":
            self._skipped -= 1
        elif self._skipped or not self._in_data:
            return
        elif local == "c":
            self._in_cell = False
            if markup := self._markup():
                self._cells.append(markup)
        elif local == "row":
            if self._cells or self._hidden:
                self.sheet.rows.append(f'<row r="{self._row}"{self._hidden}>{"".join(self._cells)}</row>')
        elif local == "v":
            self._caught = None
        elif local == "sheetData":
            self._in_data = False
        elif self._inline is not None and self._in_cell:
            self._inline.end(local)

    def characters(self, text: str) -> None:
        if self._caught is not None:
            self._caught.append(text)
        elif self._inline is not None and self._in_cell:
            self._inline.characters(text)

    def _around(self, local: str, attributes: Attributes) -> None:
        if local == "sheetData":
            self._in_data = True
        elif local == "mergeCell":
            if merged := _range(attributes.get("ref", "")):
                self.sheet.merged.append(merged)
        elif local == "filterColumn":
            self.sheet.filtered = True
        elif local == "dataValidation":
            self.sheet.validations += 1

    def _stand(self, reference: str) -> None:
        """Take the place of a cell: where it says, else to the right of the one before it."""
        match = _REFERENCE.fullmatch(reference.strip())
        row, column = (int(match[2]), column_number(match[1].encode())) if match else (0, 0)
        if not (0 < row <= _LAST_ROW and 0 < column <= _LAST_COLUMN):
            row, column = self._row or 1, self._column + 1
        self._column = column
        self._place = row, column

    def _markup(self) -> str:
        kind = self._cell.get("t", "n")
        text = "".join(self._value) if self._value is not None else ""
        formula = self._formula or ""
        place = a1(*self._place)
        style = self._cell.get("s", "")
        style = f' s="{style}"' if style.isascii() and style.isdigit() else ""
        if self._inline is not None and (kind in ("inlineStr", "is") or not text.strip()):
            return _cell(place, style, "str", _text(self._inline.text()), formula)
        if kind == "str":
            return _cell(place, style, "str", None if self._value is None else _text(text), formula)
        text = text.strip()
        if kind == "e":
            return _cell(place, style, "e", text if text in _ERRORS else "#VALUE!", formula)
        if not text or kind in ("inlineStr", "is"):
            return _cell(place, style, "", None, formula) if formula else ""
        kind, value, style = self._typed(kind, text, style)
        return _cell(place, style, kind, value, formula)

    def _typed(self, kind: str, text: str, style: str) -> tuple[str, str, str]:
        """Return type, value and style; a value that its type cannot have is an error, a number that is none a text."""
        if kind == "s":
            known = text.isascii() and text.isdigit() and len(text) < 10 and int(text) < self._strings
            return ("s", text, style) if known else ("e", "#REF!", style)
        if kind == "d":
            dated = _dated(text, self._styles, epoch_1904=self._epoch_1904)
            return ("", dated[0], f' s="{dated[1]}"') if dated else ("str", _text(text), style)
        if kind == "b" and text.lower() in ("true", "false"):
            return "b", str(int(text.lower() == "true")), style
        if not _NUMBER.fullmatch(text):
            is_error = text in _ERRORS or text.lower().lstrip("+-") in ("nan", "inf", "infinity")
            return ("e", text if text in _ERRORS else "#NUM!", style) if is_error else ("str", _text(text), style)
        number = float(text)
        if not math.isfinite(number):
            return "e", "#NUM!", style
        if kind == "b":
            return "b", str(int(number != 0)), style
        # A number that can be no date is one, whatever its format: the reader would make something of it.
        return "", text, style if 0 <= number < _LAST_DATE else ""


def _formula_tag(attributes: Attributes) -> str:
    kind = attributes.get("t", "")
    filled = _range(attributes.get("ref", "")) if kind in ("array", "dataTable") else ""
    return f'<f t="{kind}" ref="{filled}">1</f>' if filled else "<f>1</f>"


def _range(text: str) -> str:
    """Return a range as A1:B2, whole columns and rows too; empty for what is none."""
    text = text.strip()
    if match := _COLUMNS.fullmatch(text):
        return f"{match[1].upper()}1:{match[2].upper()}{_LAST_ROW}"
    if match := _ROWS.fullmatch(text):
        return f"A{match[1]}:XFD{match[2]}"
    ends = [_REFERENCE.fullmatch(each) for each in (text if ":" in text else f"{text}:{text}").split(":")]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        return ""
    columns = sorted(column_number(each[1].encode()) for each in ends if each)
    rows = sorted(int(each[2]) for each in ends if each)
    if columns[1] > _LAST_COLUMN or rows[1] > _LAST_ROW:
        return ""
    return f"{a1(rows[0], columns[0])}:{a1(rows[1], columns[1])}"


# .ods


def usual_ods(xml: Iterator[bytes]) -> bytes:
    """Return what an OpenDocument spreadsheet holds (content.xml, or the one file of a flat one) as an .xlsx.

    Raises Refusal for damage, broken XML too, and beyond the limits.
    """
    reader = _TableReader()
    try:
        _parse(xml, reader.start, reader.end, reader.characters)
    except BROKEN_ZIP:
        raise Refusal(DAMAGED) from None
    return _written(reader.sheets, reader.styles)


_BLANKS = {"s": " ", "tab": "\t", "line-break": "\n"}
_ASIDE = (
    "annotation",
    "ruby-text",
    "note",
    "tracked-changes",
    "dde-links",
    "shapes",
    "table-source",
    "frame",
    "custom-shape",
)
"""What stands in a sheet or a cell beside its text."""


class _TableReader:
    """The tables of an OpenDocument spreadsheet; what repeats is repeated where it holds something, within the limit of cells."""

    def __init__(self) -> None:
        self.sheets: list[_Sheet] = []
        self.styles = _Styles()
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._aside = 0
        self._tables = 0
        self._row = self._column = self._times = 0
        self._hidden = ""
        self._cells: list[tuple[int, str, Callable[[str], str]]] = []
        self._made: list[Callable[[str], str]] = []
        self._columns: list[int] = []
        self._cell: Attributes | None = None
        self._paragraphs: list[list[str]] = []
        self._inside = False
        self._written = 0

    def start(self, name: str, attributes: Attributes) -> None:
        local = _local(name)
        if local in _ASIDE:
            self._aside += 1
        if self._aside:
            return
        if self._cell is not None:
            self._within(local, attributes)
        elif local == "style":
            self._style = _own(attributes, "name")
        elif local == "table-properties":
            if _own(attributes, "display") == "false":
                self._hidden_styles.add(self._style)
        elif local == "table":
            self._tables += 1
            if self._tables == 1:
                state = "hidden" * (_own(attributes, "style-name") in self._hidden_styles)
                self.sheets.append(_Sheet(_own(attributes, "name"), state))
                self._row = 0
        elif self._tables != 1:
            return
        elif local == "table-row":
            self._times, self._column = _count(_own(attributes, "number-rows-repeated")), 0
            self._hidden = ' hidden="1"' * (_own(attributes, "visibility") in ("collapse", "filter"))
            self.sheets[-1].filtered |= _own(attributes, "visibility") == "filter"
            self._made, self._columns = [], []
        elif local in ("table-cell", "covered-table-cell"):
            self._cell, self._paragraphs, self._inside = attributes, [], False

    def end(self, name: str) -> None:
        local = _local(name)
        if local in _ASIDE:
            self._aside -= 1
        elif self._aside:
            return
        elif self._cell is not None:
            if local == "p":
                self._inside = False
            elif local in ("table-cell", "covered-table-cell"):
                self._add_cell(self._cell)
                self._cell = None
        elif local == "table":
            self._tables -= 1
        elif self._tables == 1 and local == "table-row":
            self._add_row()

    def characters(self, text: str) -> None:
        if self._inside and not self._aside:
            self._paragraphs[-1].append(re.sub(r"[ \t\r\n]+", " ", text))

    def _within(self, local: str, attributes: Attributes) -> None:
        if local == "p":
            self._paragraphs.append([])
            self._inside = True
        elif local in _BLANKS and self._inside:
            self._paragraphs[-1].append(_BLANKS[local] * min(_count(_own(attributes, "c")), 32_767))

    def _add_cell(self, attributes: Attributes) -> None:
        times = _count(_own(attributes, "number-columns-repeated"))
        make = self._maker(attributes)
        first = self._column + 1
        self._column = min(self._column + times, _LAST_COLUMN)
        wide, high = (_count(_own(attributes, f"number-{each}-spanned")) for each in ("columns", "rows"))
        if wide > 1 or high > 1:
            bottom, right = min(self._row + high, _LAST_ROW), min(first + wide - 1, _LAST_COLUMN)
            self.sheets[-1].merged.append(f"{a1(self._row + 1, first)}:{a1(bottom, right)}")
        if make is None:
            return
        for column in range(first, self._column + 1):
            self._made.append(make)
            self._columns.append(column)

    def _add_row(self) -> None:
        if self._made or self._hidden:
            last = min(self._row + self._times, _LAST_ROW)
            for row in range(self._row + 1, last + 1):
                self._written += len(self._made) + 1
                if self._written > limits.MAX_CELLS // 4:
                    raise Refusal(too_wide(""))
                cells = (make(a1(row, column)) for make, column in zip(self._made, self._columns, strict=True))
                self.sheets[-1].rows.append(f'<row r="{row}"{self._hidden}>{"".join(cells)}</row>')
        self._row = min(self._row + self._times, _LAST_ROW)

    def _maker(self, attributes: Attributes) -> Callable[[str], str] | None:
        """Return what writes the cell at a place; None for one without content."""
        kind, formula = _own(attributes, "value-type"), "<f>1</f>" * bool(_own(attributes, "formula"))
        shown = "\n".join("".join(each) for each in self._paragraphs)
        style = type_ = ""
        value: str | None = None
        if any(name.endswith(":value-type") and text == "error" for name, text in attributes.items()):
            type_, value = "e", shown if shown in _ERRORS else "#VALUE!"
        elif kind in ("float", "percentage", "currency"):
            text = _own(attributes, "value").strip()
            type_, value = ("", text) if _NUMBER.fullmatch(text) and math.isfinite(float(text)) else ("e", "#NUM!")
        elif kind == "boolean":
            type_, value = "b", str(int(_own(attributes, "boolean-value").lower() == "true"))
        elif kind in ("date", "time"):
            dated = self._dated(_own(attributes, f"{kind}-value"))
            if dated:
                value, style = dated[0], f' s="{dated[1]}"'
            else:
                type_, value = "str", _text(shown)
        elif self._paragraphs or kind == "string":
            given = _own(attributes, "string-value")
            type_, value = "str", _text(given if given and not self._paragraphs else shown)
        if (value is None or (value == "" and type_ == "str")) and not formula:
            return None
        return lambda place: _cell(place, style, type_, value, formula)

    def _dated(self, text: str) -> tuple[str, int] | None:
        match = _DURATION.fullmatch(text.strip())
        if match is None:
            return _dated(text, self.styles, epoch_1904=False)
        days, hours, minutes = (int((each or "0")[:9]) for each in match.group(2, 3, 4))
        seconds = float((match[5] or "0").replace(",", "."))
        number = days + hours / 24 + minutes / 1440 + seconds / 86400
        style = self.styles.moment if number < 1 else self.styles.duration
        return None if match[1] or number >= _LAST_DATE else (repr(number), style)


def _count(text: str) -> int:
    return min(int(text[:9]), _LAST_ROW) if text.isascii() and text.isdigit() and int(text[:9]) else 1


# .xlsb

_BUNDLE_SHEET, _DATE_1904 = 156, 153


def usual_xlsb(container: Container) -> bytes:
    """Return an .xlsb with its workbook where the reader looks for it and without the sheets that have no cells (macros, dialogs).

    Raises Refusal for damage.
    """
    try:
        related = relations(container, container.book)
        sheets = {each.id: each for each in related if each.kind == "worksheet" and part_of(container, each.part)}
        book = b"".join(packed(container, container.book))
        kept = bytearray()
        for kind, start, body, end in _records(book):
            if kind != _BUNDLE_SHEET or _sheet_id(book[body:end]) in sheets:
                kept += book[start:end]
        texts = [each for each in related if each.kind in ("sharedStrings", "styles") and part_of(container, each.part)]
        names = {each.id: f"worksheets/sheet{n}.bin" for n, each in enumerate(sheets.values(), 1)}
        names |= {each.id: f"{each.kind}.bin" for each in texts}
        listed = "".join(
            f'<Relationship Id={_quoted(each.id)} Type="{_RELATIONS}/{each.kind}" Target="{names[each.id]}"/>'
            for each in (*sheets.values(), *texts)
        )
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            package.writestr("xl/workbook.bin", bytes(kept))
            package.writestr(
                "xl/_rels/workbook.bin.rels",
                f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>',
            )
            for each in (*sheets.values(), *texts):
                package.writestr(f"xl/{names[each.id]}", b"".join(packed(container, each.part)))
        return target.getvalue()
    except BROKEN_ZIP:
        raise Refusal(DAMAGED) from None


def _records(stream: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield kind, start, start of the body and end of the records of a binary part ([MS-XLSB] 2.1.4)."""
    place = 0
    while place < len(stream):
        start, kind = place, stream[place]
        place += 1
        if kind & 0x80 and place < len(stream):
            kind |= stream[place] << 8
            kind = (kind & 0x7F) | ((kind >> 8 & 0x7F) << 7)
            place += 1
        length = 0
        for shift in (0, 7, 14, 21):
            if place >= len(stream):
                return
            byte = stream[place]
            place += 1
            length |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        body, place = place, min(place + length, len(stream))
        yield kind, start, body, place


def _sheet_id(body: bytes) -> str:
    """Return the relationship's id in a record that lists a sheet: state, number, then the id as counted UTF-16."""
    length = int.from_bytes(body[8:12], "little")
    return body[12 : 12 + 2 * length].decode("utf-16-le", "replace") if length < 256 else ""


# All


def _parse(
    xml: Iterator[bytes],
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    characters: Callable[[str], None] | None = None,
) -> None:
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
    except (expat.ExpatError, LookupError):  # LookupError: an encoding that nobody knows
        raise Refusal(DAMAGED) from None


def _refuse_doctype(*_: object) -> None:
    raise Refusal(DAMAGED)
