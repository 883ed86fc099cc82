"""Rewrite an OpenDocument spreadsheet as Excel would save it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator

from taizhang.system import limits
from taizhang.workbook.containers import BROKEN_ZIP, DAMAGED, Refusal, too_wide
from taizhang.workbook.places import LAST_COLUMN, LAST_ROW, a1
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

__all__ = ["usual_ods"]

_DURATION = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?")


def usual_ods(xml: Iterator[bytes]) -> bytes:
    """Return the content of an OpenDocument spreadsheet (content.xml, or a flat file) as an .xlsx.

    Raises Refusal for damage, including broken XML, and beyond the limits.
    """
    reader = _TableReader()
    try:
        parse(xml, reader.start, reader.end, reader.characters)
    except BROKEN_ZIP:
        raise Refusal(*DAMAGED) from None
    return make_package(reader.sheets, reader.styles)


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
"""Elements of a sheet or a cell that are not part of its text."""


class _TableReader:
    """Parser of an OpenDocument spreadsheet's tables; repeated content is written out up to the limit of cells."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self.styles = Styles()
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._aside = 0
        self._tables = 0
        self._row = self._column = self._times = 0
        self._hidden = ""
        self._cells: list[tuple[int, str, Callable[[str], str]]] = []
        self._makers: list[Callable[[str], str]] = []
        self._columns: list[int] = []
        self._cell: Attributes | None = None
        self._paragraphs: list[list[str]] = []
        self._inside = False
        self._written = 0

    def start(self, name: str, attributes: Attributes) -> None:
        local = local_name(name)
        if local in _ASIDE:
            self._aside += 1
        if self._aside:
            return
        if self._cell is not None:
            self._start_in_cell(local, attributes)
        elif local == "style":
            self._style = _attribute(attributes, "name")
        elif local == "table-properties":
            if _attribute(attributes, "display") == "false":
                self._hidden_styles.add(self._style)
        elif local == "table":
            self._tables += 1
            if self._tables == 1:
                state = "hidden" * (_attribute(attributes, "style-name") in self._hidden_styles)
                self.sheets.append(Sheet(_attribute(attributes, "name"), state))
                self._row = 0
        elif self._tables != 1:
            return
        elif local == "table-row":
            self._times, self._column = _count(_attribute(attributes, "number-rows-repeated")), 0
            self._hidden = ' hidden="1"' * (_attribute(attributes, "visibility") in ("collapse", "filter"))
            self.sheets[-1].filtered |= _attribute(attributes, "visibility") == "filter"
            self._makers, self._columns = [], []
        elif local in ("table-cell", "covered-table-cell"):
            self._cell, self._paragraphs, self._inside = attributes, [], False

    def end(self, name: str) -> None:
        local = local_name(name)
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

    def _start_in_cell(self, local: str, attributes: Attributes) -> None:
        if local == "p":
            self._paragraphs.append([])
            self._inside = True
        elif local in _BLANKS and self._inside:
            self._paragraphs[-1].append(_BLANKS[local] * min(_count(_attribute(attributes, "c")), 32_767))

    def _add_cell(self, attributes: Attributes) -> None:
        times = _count(_attribute(attributes, "number-columns-repeated"))
        make = self._cell_maker(attributes)
        first = self._column + 1
        self._column = min(self._column + times, LAST_COLUMN)
        wide, high = (_count(_attribute(attributes, f"number-{each}-spanned")) for each in ("columns", "rows"))
        if wide > 1 or high > 1:
            bottom, right = min(self._row + high, LAST_ROW), min(first + wide - 1, LAST_COLUMN)
            self.sheets[-1].merged.append(f"{a1(self._row + 1, first)}:{a1(bottom, right)}")
        if make is None:
            return
        for column in range(first, self._column + 1):
            self._makers.append(make)
            self._columns.append(column)

    def _add_row(self) -> None:
        if self._makers or self._hidden:
            last = min(self._row + self._times, LAST_ROW)
            for row in range(self._row + 1, last + 1):
                self._written += len(self._makers) + 1
                if self._written > limits.MAX_CELLS // 4:
                    raise too_wide("")
                cells = (make(a1(row, column)) for make, column in zip(self._makers, self._columns, strict=True))
                self.sheets[-1].rows.append(f'<row r="{row}"{self._hidden}>{"".join(cells)}</row>')
        self._row = min(self._row + self._times, LAST_ROW)

    def _cell_maker(self, attributes: Attributes) -> Callable[[str], str] | None:
        """Return a function from address to cell markup; None for a cell without content."""
        kind, formula = _attribute(attributes, "value-type"), "<f>1</f>" * bool(_attribute(attributes, "formula"))
        shown = "\n".join("".join(each) for each in self._paragraphs)
        style = type_ = ""
        value: str | None = None
        if any(name.endswith(":value-type") and text == "error" for name, text in attributes.items()):
            type_, value = "e", shown if shown in ERRORS else "#VALUE!"
        elif kind in ("float", "percentage", "currency"):
            text = _attribute(attributes, "value").strip()
            type_, value = ("", text) if NUMBER.fullmatch(text) and math.isfinite(float(text)) else ("e", "#NUM!")
        elif kind == "boolean":
            type_, value = "b", str(int(_attribute(attributes, "boolean-value").lower() == "true"))
        elif kind in ("date", "time"):
            dated = self._date_and_style(_attribute(attributes, f"{kind}-value"))
            if dated:
                value, style = dated[0], f' s="{dated[1]}"'
            else:
                type_, value = "str", escaped_text(shown)
        elif self._paragraphs or kind == "string":
            given = _attribute(attributes, "string-value")
            type_, value = "str", escaped_text(given if given and not self._paragraphs else shown)
        if (value is None or (value == "" and type_ == "str")) and not formula:
            return None
        return lambda place: cell_markup(place, style, type_, value, formula)

    def _date_and_style(self, text: str) -> tuple[str, int] | None:
        match = _DURATION.fullmatch(text.strip())
        if match is None:
            return number_and_style(text, self.styles, epoch_1904=False)
        days, hours, minutes = (int((each or "0")[:9]) for each in match.group(2, 3, 4))
        seconds = float((match[5] or "0").replace(",", "."))
        number = days + hours / 24 + minutes / 1440 + seconds / 86400
        style = self.styles.moment if number < 1 else self.styles.duration
        return None if match[1] or number >= LAST_DATE else (repr(number), style)


def _count(text: str) -> int:
    return min(int(text[:9]), LAST_ROW) if text.isascii() and text.isdigit() and int(text[:9]) else 1


def _attribute(attributes: Attributes, wanted: str) -> str:
    """Return an attribute by its local name, with or without a prefix."""
    return next((value for name, value in attributes.items() if local_name(name) == wanted), "")
