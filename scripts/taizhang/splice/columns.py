"""A new column at the right of a register: its width, its prompt, and the ranges that are widened to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from taizhang.splice.directory import append_entry, entries
from taizhang.splice.edits import AddColumn, Prompt, Refused
from taizhang.splice.package import Package
from taizhang.splice.ranges import areas_of, change_ranges, name_areas, with_right_edge
from taizhang.workbook.markup import add_prefix, attribute, element, escape, inside, quoted
from taizhang.workbook.places import LAST_COLUMN, Area, a1, area, quoted_sheet

__all__ = ["add_prompts", "covered_by_drawings", "set_width", "style_of_column", "widen_names", "widen_ranges"]

_COLUMN = re.compile(element(b"col"))
_COLUMNS_END = re.compile(rb"</(?:\w+:)?cols\s*>|<(?:\w+:)?cols\b[^<>]*/>")
_LIMIT = rb"""(\s%s\s*=\s*["'])\d+"""

_WIDENED = ("autoFilter", "sortState", "conditionalFormatting")
_AFTER_PROMPTS = frozenset([
    "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks",
    "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF",
    "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst", "AlternateContent",
])  # fmt: skip
"""The elements of a sheet that follow its data validations (ECMA-376 18.3.1.99)."""

_ANCHOR = re.compile(element(b"(?:twoCellAnchor|oneCellAnchor)"))
_CORNER = re.compile(rb"<(?:\w+:)?(from|to)>" + inside(rb"(?:from|to|col)") + rb"<(?:\w+:)?col>\s*(\d+)\s*</")
_EXTENT = re.compile(rb"<(?:\w+:)?ext\b[^<>]*?\scx=[\"'](\d+)")
_EMU_OF_A_COLUMN = 64 * 9525
"""The width of a column of Excel's default width (64 pixels) in the unit of drawings."""


def set_width(head: bytes, prefix: bytes, column: int, width: float, style: str) -> bytes:
    """Return the markup before a sheet's rows with one column visible, in this width (characters) and style."""
    look = b' style="%s"' % style.encode() if style else b""
    # What Excel adds for the margins of a cell in its default font.
    own = b'<%scol min="%d" max="%d" width="%.7f"%s customWidth="1"/>' % (prefix, column, column, width + 5 / 7, look)
    for match, first, last in _runs_of_columns(head):
        if first > column:
            return head[: match.start()] + own + head[match.start() :]
        if last >= column:
            before = _limit(match[0], b"max", column - 1) if first < column else b""
            after = _limit(match[0], b"min", column + 1) if column < last else b""
            return head[: match.start()] + before + own + after + head[match.end() :]
    end = _COLUMNS_END.search(head)
    if end is None:
        return head + b"<%scols>%s</%scols>" % (prefix, own, prefix)
    if end[0].endswith(b"/>"):
        own = b"<%scols>%s</%scols>" % (prefix, own, prefix)
        return head[: end.start()] + own + head[end.end() :]
    return head[: end.start()] + own + head[end.start() :]


def _limit(tag: bytes, name: bytes, column: int) -> bytes:
    """Return the tag of a run of columns with another first or last column."""
    return re.sub(_LIMIT % name, rb"\g<1>%d" % column, tag, count=1)


def style_of_column(head: bytes, column: int) -> str:
    """Return the style of a column's blank cells, empty if it has none; ``head`` is the markup before the rows."""
    found = (match[0] for match, first, last in _runs_of_columns(head) if first <= column <= last)
    return next((attribute(tag, b"style") for tag in found), "")


def _runs_of_columns(head: bytes) -> Iterator[tuple[re.Match[bytes], int, int]]:
    """Yield each tag about the width and look of columns, with the first and the last of them."""
    for match in _COLUMN.finditer(head):
        first, last = (int(attribute(match[0], name) or 0) for name in (b"min", b"max"))
        yield match, first, last


def add_prompts(root: bytes, rest: bytes, prefix: bytes, added: Sequence[AddColumn]) -> bytes:
    """Return the markup after a sheet's rows with the prompts of new columns; ``root`` is all up to the sheet's tag.

    A column on which a validation already stands gets none: no cell may have two.
    """
    taken, new = areas_of(rest, "dataValidation"), []
    for each in added:
        top, bottom = each.head_row + 1, each.prompted
        if each.prompt and not any(t <= bottom and b >= top and le <= each.column <= r for t, le, b, r in taken):
            new.append(_prompt_xml(each.prompt, f"{a1(top, each.column)}:{a1(bottom, each.column)}"))
    if not new:
        return rest
    part = root + rest
    parts = entries(part, "worksheet")
    old = next((each for each in parts if each.name == "dataValidations"), None)
    if old is None:
        behind = next((each.start for each in parts if each.name in _AFTER_PROMPTS), part.rfind(b"</"))
        section = b'<dataValidations count="%d">%s</dataValidations>' % (len(new), b"".join(new))
        return (part[:behind] + add_prefix(section, prefix) + part[behind:])[len(root) :]
    end = part.find(b">", old.start)
    count = re.sub(
        rb"""(\scount\s*=\s*["'])(\d+)""", lambda m: m[1] + b"%d" % (int(m[2]) + len(new)), part[old.start : end]
    )
    longer = append_entry(part[: old.start] + count + part[end:], "dataValidations", b"".join(new))
    assert longer is not None
    return longer[len(root) :]


def _prompt_xml(prompt: Prompt, cells: str) -> bytes:
    kind = ' type="list" errorStyle="warning"' if prompt.choices else ""
    title = f" promptTitle={quoted(prompt.title)}" if prompt.title else ""
    message = f" prompt={quoted(prompt.message)}" if prompt.message else ""
    shown = f'allowBlank="1" showInputMessage="1" showErrorMessage="1"{title}{message} sqref="{cells}"'
    if not prompt.choices:
        return f"<dataValidation {shown}/>".encode()
    return f"<dataValidation{kind} {shown}><formula1>{escape(prompt.choices)}</formula1></dataValidation>".encode()


def widen_ranges(rest: bytes, added: AddColumn) -> bytes:
    """Return the markup after a sheet's rows with the filter, and the rules for whole rows, widened to the column.

    A filter that ended before it would sort the other cells of a row and leave the new one where it is.
    """

    def widen(name: str, refs: bytes) -> bytes:
        if name not in _WIDENED:
            return refs
        return b" ".join(_widened(ref, added, whole=name == "conditionalFormatting") for ref in refs.split())

    return change_ranges(rest, widen)


def _widened(ref: bytes, added: AddColumn, *, whole: bool = False) -> bytes:
    """Return a range, widened to the new column if it ends with the register; ``whole``: it must begin with it too."""
    _, left, bottom, right = area(ref)
    ends_here = added.last <= right < added.column and left <= (added.first if whole else added.last)
    return with_right_edge(ref, added.column) if ends_here and bottom >= added.head_row + whole else ref


def widen_names(package: Package, sheet: str, added: AddColumn) -> None:
    """Widen the print area of the sheet, and the name that repeats its filter."""
    book = package.text(package.book_path)
    spellings = {quoted_sheet(sheet).casefold(), sheet.casefold()}
    longer = name_areas(book, lambda where, ref: _widened(ref, added) if where.casefold() in spellings else ref)
    if longer != book:
        package.put(package.book_path, longer)


def covered_by_drawings(package: Package, part: str) -> Iterator[Area]:
    """Yield the columns, as areas of all rows, that a sheet's pictures and charts cover; raises Refused."""
    for kind, path in package.related(part).values():
        if not kind.endswith("/drawing"):
            continue
        for anchor in _ANCHOR.findall(package.text(path)):
            corners = {end: int(column) + 1 for end, column in _CORNER.findall(anchor)}
            if b"from" not in corners:
                raise Refused(
                    "drawing", "图片或图表的位置写法少见，不知道哪一列空着，请用 Excel 或 WPS 打开后另存一次。"
                )
            extent = _EXTENT.search(anchor)
            wide = int(extent[1]) // _EMU_OF_A_COLUMN + 1 if extent else 0
            yield 1, corners[b"from"], 1 << 20, min(corners.get(b"to", corners[b"from"] + wide), LAST_COLUMN)
