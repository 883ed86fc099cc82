"""Rewrite a legal but unusually written .xlsx as Excel would lay it out."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from taizhang.workbook.containers import BROKEN_ZIP, DAMAGED, Container, Refusal, packed, part_of, relations
from taizhang.workbook.markup import MAIN, quoted
from taizhang.workbook.places import LAST_COLUMN, LAST_ROW, a1, column_number
from taizhang.workbook.usual_form.plain_xlsx import (
    ERRORS,
    LAST_DATE,
    NUMBER,
    Attributes,
    Sheet,
    Styles,
    cell_markup,
    escaped_text,
    local_name,
    make_package,
    number_and_style,
    parse,
)

__all__ = ["usual_xlsx"]

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
_ROWS = re.compile(r"\$?([1-9][0-9]{0,6}):\$?([1-9][0-9]{0,6})")
_NAMED_STATES = ("hidden", "veryHidden")


def usual_xlsx(container: Container) -> bytes:
    """Return an .xlsx as Excel would lay it out; raises Refusal for damage, broken XML, and beyond the limits."""
    try:
        return _usual_xlsx(container)
    except BROKEN_ZIP:
        raise Refusal(*DAMAGED) from None


def _usual_xlsx(container: Container) -> bytes:
    book = _Book()
    parse(packed(container, container.book), book.start)
    related = relations(container, container.book)
    targets = {each.id: each for each in related}
    sheets: list[tuple[str, str, str]] = []
    for name, state, id_ in book.sheets:
        target = targets.get(id_)
        if target is None and id_:
            raise Refusal(*DAMAGED)
        if target is not None and target.kind == "worksheet":
            sheets.append((name, state, target.part))
    if any(part_of(container, part) is None for _, _, part in sheets):
        raise Refusal(*DAMAGED)
    strings, count = "", 0
    styles = Styles()
    for each in related:
        if each.kind == "sharedStrings" and not strings and part_of(container, each.part):
            strings, count = _shared_strings(packed(container, each.part))
        elif each.kind == "styles" and part_of(container, each.part):
            styles = _styles(packed(container, each.part))
    made = []
    for name, state, part in sheets:
        reader = _SheetReader(Sheet(name, state), styles, count, epoch_1904=book.epoch_1904)
        parse(packed(container, part), reader.start, reader.end, reader.characters)
        made.append(reader.sheet)
    return make_package(made, styles, strings, epoch_1904=book.epoch_1904)


@dataclass
class _Book:
    """A workbook's listed sheets (name, state, relationship id), and its epoch."""

    sheets: list[tuple[str, str, str]] = field(default_factory=list)
    epoch_1904: bool = False

    def start(self, name: str, attributes: Attributes) -> None:
        local = local_name(name)
        if local == "sheet":
            state = attributes.get("state", "")
            related = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets.append((attributes.get("name", ""), state if state in _NAMED_STATES else "", related))
        elif local == "workbookPr":
            self.epoch_1904 |= attributes.get("date1904", "") in ("1", "true", "on")


def _shared_strings(xml: Iterator[bytes]) -> tuple[str, int]:
    """Return the shared strings as Excel writes them, without fonts and phonetic readings, and their number."""
    items: list[str] = []
    reader = _TextReader()

    def start(name: str, attributes: Attributes) -> None:
        if local_name(name) == "si":
            reader.begin()
        else:
            reader.start(local_name(name), attributes)

    def end(name: str) -> None:
        local = local_name(name)
        if local == "si":
            items.append(f'<si><t xml:space="preserve">{escaped_text(reader.text())}</t></si>')
        else:
            reader.end(local)

    parse(xml, start, end, reader.characters)
    return f'<sst xmlns="{MAIN}">{"".join(items)}</sst>', len(items)


class _TextReader:
    """Parser of a shared or inline string: joins its runs, without readings (rPh) and alternatives (Choice)."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self._parts: list[str] = []
        self._inside: list[str] | None = None
        self._keeps_space = False
        self._skipped = 0

    def start(self, local: str, attributes: Attributes) -> None:
        if local in ("rPh", "Choice"):
            self._skipped += 1
        elif local == "t" and not self._skipped:
            self._inside, self._keeps_space = [], attributes.get("xml:space") == "preserve"

    def end(self, local: str) -> None:
        if local in ("rPh", "Choice"):
            self._skipped -= 1
        elif local == "t" and self._inside is not None:
            text = "".join(self._inside)
            self._parts.append(text if self._keeps_space else text.strip(" \t\r\n"))
            self._inside = None

    def characters(self, text: str) -> None:
        if self._inside is not None:
            self._inside.append(text)

    def text(self) -> str:
        return "".join(self._parts)


def _styles(xml: Iterator[bytes]) -> Styles:
    formats, cells, inside = [], [], False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal inside
        local = local_name(name)
        if local == "numFmt" and not inside:
            number, code = attributes.get("numFmtId", ""), attributes.get("formatCode", "")
            formats.append(f"<numFmt numFmtId={quoted(number)} formatCode={quoted(code)}/>")
        elif local == "cellXfs":
            inside = True
        elif local == "xf" and inside:
            cells.append(attributes.get("numFmtId", "0"))

    def end(name: str) -> None:
        nonlocal inside
        if local_name(name) == "cellXfs":
            inside = False

    parse(xml, start, end)
    return Styles("".join(formats), tuple(cells) or ("0",))


class _SheetReader:
    """Parser of a sheet's cells, whether their addresses are written or follow from the cells before."""

    def __init__(self, sheet: Sheet, styles: Styles, strings: int, *, epoch_1904: bool) -> None:
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
        self._capture: list[str] | None = None
        self._inline: _TextReader | None = None
        self._skipped = 0
        self._names: dict[str, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        local = self._names.get(name) or self._names.setdefault(name, local_name(name))
        if local == "Choice":
            self._skipped += 1
        elif self._skipped:
            return
        elif not self._in_data:
            self._start_outside_data(local, attributes)
        elif local == "c":
            self._in_cell, self._cell, self._formula, self._value, self._inline = True, attributes, None, None, None
            self._set_place(attributes.get("r", ""))
        elif local == "row":
            number = attributes.get("r", "").strip()
            known = number.isascii() and number.isdigit() and 0 < int(number[:8]) <= LAST_ROW
            self._row, self._column = int(number) if known else self._row + 1, 0
            self._hidden = ' hidden="1"' * (attributes.get("hidden") in ("1", "true", "on"))
            self._cells = []
        elif self._in_cell:
            if local == "v":
                self._value = self._capture = []
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
            self._capture = None
        elif local == "sheetData":
            self._in_data = False
        elif self._inline is not None and self._in_cell:
            self._inline.end(local)

    def characters(self, text: str) -> None:
        if self._capture is not None:
            self._capture.append(text)
        elif self._inline is not None and self._in_cell:
            self._inline.characters(text)

    def _start_outside_data(self, local: str, attributes: Attributes) -> None:
        if local == "sheetData":
            self._in_data = True
        elif local == "mergeCell":
            if merged := _a1_range(attributes.get("ref", "")):
                self.sheet.merged.append(merged)
        elif local == "filterColumn":
            self.sheet.filtered = True
        elif local == "dataValidation":
            self.sheet.validations += 1

    def _set_place(self, reference: str) -> None:
        """Set the current address: the written one, or else the one to the right of the previous cell."""
        match = _REFERENCE.fullmatch(reference.strip())
        row, column = (int(match[2]), column_number(match[1].encode())) if match else (0, 0)
        if not (0 < row <= LAST_ROW and 0 < column <= LAST_COLUMN):
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
            return cell_markup(place, style, "str", escaped_text(self._inline.text()), formula)
        if kind == "str":
            return cell_markup(place, style, "str", None if self._value is None else escaped_text(text), formula)
        text = text.strip()
        if kind == "e":
            return cell_markup(place, style, "e", text if text in ERRORS else "#VALUE!", formula)
        if not text or kind in ("inlineStr", "is"):
            return cell_markup(place, style, "", None, formula) if formula else ""
        kind, value, style = self._check_value(kind, text, style)
        return cell_markup(place, style, kind, value, formula)

    def _check_value(self, kind: str, text: str, style: str) -> tuple[str, str, str]:
        """Return type, value and style.

        A value that is impossible for its type becomes an error; an invalid number becomes a text.
        """
        if kind == "s":
            known = text.isascii() and text.isdigit() and len(text) < 10 and int(text) < self._strings
            return ("s", text, style) if known else ("e", "#REF!", style)
        if kind == "d":
            dated = number_and_style(text, self._styles, epoch_1904=self._epoch_1904)
            return ("", dated[0], f' s="{dated[1]}"') if dated else ("str", escaped_text(text), style)
        if kind == "b" and text.lower() in ("true", "false"):
            return "b", str(int(text.lower() == "true")), style
        if not NUMBER.fullmatch(text):
            is_error = text in ERRORS or text.lower().lstrip("+-") in ("nan", "inf", "infinity")
            return ("e", text if text in ERRORS else "#NUM!", style) if is_error else ("str", escaped_text(text), style)
        number = float(text)
        if not math.isfinite(number):
            return "e", "#NUM!", style
        if kind == "b":
            return "b", str(int(number != 0)), style
        # A number that cannot be a date loses its format, since the reader would still turn it into one.
        return "", text, style if 0 <= number < LAST_DATE else ""


def _formula_tag(attributes: Attributes) -> str:
    kind = attributes.get("t", "")
    filled = _a1_range(attributes.get("ref", "")) if kind in ("array", "dataTable") else ""
    return f'<f t="{kind}" ref="{filled}">1</f>' if filled else "<f>1</f>"


def _a1_range(text: str) -> str:
    """Return a range as A1:B2, including whole columns and rows; empty if it is not a range."""
    text = text.strip()
    if match := _COLUMNS.fullmatch(text):
        return f"{match[1].upper()}1:{match[2].upper()}{LAST_ROW}"
    if match := _ROWS.fullmatch(text):
        return f"A{match[1]}:XFD{match[2]}"
    ends = [_REFERENCE.fullmatch(each) for each in (text if ":" in text else f"{text}:{text}").split(":")]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        return ""
    columns = sorted(column_number(each[1].encode()) for each in ends if each)
    rows = sorted(int(each[2]) for each in ends if each)
    if columns[1] > LAST_COLUMN or rows[1] > LAST_ROW:
        return ""
    return f"{a1(rows[0], columns[0])}:{a1(rows[1], columns[1])}"
