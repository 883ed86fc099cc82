"""Adding comments and fill colours to cells of a sheet without comments; everything else stays as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from taizhang.splice.directory import entries, translate_dialect
from taizhang.splice.edits import Refused
from taizhang.splice.graft import append_child, append_to_section, children_of
from taizhang.splice.package import Package, relationships_of
from taizhang.splice.sheet import restyle
from taizhang.typed.text import UNWRITABLE
from taizhang.workbook.markup import MAIN, PACKAGE, RELATIONS, attribute, escape
from taizhang.workbook.places import a1

__all__ = ["Note", "add_notes"]

_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_AFTER_LEGACY_DRAWING = re.compile(
    rb"<(?:\w+:)?(?:legacyDrawingHF|drawingHF|picture|oleObjects|controls|webPublishItems|tableParts|extLst)\b"
    rb"|</(?:\w+:)?worksheet\s*>"
)
"""The elements that may follow ``legacyDrawing`` in a sheet (ECMA-376 18.3.1.99)."""
_SHAPES = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel">'
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>%s</xml>'
)
_SHAPE = (
    '<v:shape id="_x0000_s%d" type="#_x0000_t202" style="position:absolute;margin-left:59.25pt;margin-top:1.5pt;'
    'width:%dpx;height:%dpx;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/>'
    '<v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
    '<div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:AutoFill>False</x:AutoFill><x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>"
)


@dataclass(frozen=True, slots=True)
class Note:
    """A comment on one cell (1-based row and column).

    ``size`` is width and height in pixels, ``colour`` the cell's new fill as RRGGBB; empty keeps the old one.
    """

    row: int
    column: int
    text: str
    size: tuple[int, int]
    colour: str = ""


def add_notes(package: Package, sheet: str, notes: Sequence[Note], author: str) -> None:
    """Add comments and fill colours to cells of a sheet and unhide their rows; raises Refused if it has comments."""
    part = package.sheet_part(sheet)
    kinds = {kind.rpartition("/")[2] for kind, _ in package.related(part).values()}
    if kinds & {"comments", "vmlDrawing", "threadedComment"}:
        raise Refused("comments", f"〈{sheet}〉已有批注，不能在旁边加批注。")
    if any(UNWRITABLE.search(note.text) for note in notes):
        raise Refused("text", "批注里有不能显示的字符。")
    ordered = sorted(notes, key=lambda note: (note.row, note.column))
    painted, colours = [note for note in ordered if note.colour], _Colours(package)
    looks = {(note.row, note.column): partial(colours.style, colour=note.colour) for note in painted}
    if looks:
        restyle(package, sheet, looks)
        colours.write()
    _add_parts(package, part, ordered, author)


class _Colours:
    """A workbook's cell styles and copies of them with another fill; ``write`` appends all new ones at once."""

    def __init__(self, package: Package) -> None:
        self.package, self.path = package, package.part_of_type("styles") or ""
        styles = package.text(self.path) if self.path else b""
        self.xfs, self.fills = children_of(styles, b"cellXfs"), children_of(styles, b"fills")
        self.known = len(self.xfs), len(self.fills)
        self.places: tuple[dict[bytes, int], ...] = tuple(
            {each: n for n, each in reversed([*enumerate(own)])} for own in (self.xfs, self.fills)
        )
        used = {int(number) for number in re.findall(rb"""\sfillId=["'](\d+)["']""", b"".join(self.xfs))}
        counted = [attribute(tag, b"count") for tag in re.findall(rb"<(?:cellXfs|fills)\b[^<>]*>", styles)]
        if sorted(counted) != sorted(map(str, self.known)) or not used or max(used) >= len(self.fills):
            raise Refused("styles", "样式写法少见，不能安全改写。")

    def style(self, style: int, colour: str) -> int:
        """Return the number of a style that is like this one but filled with this colour."""
        if style >= self.known[0]:
            raise Refused("styles", "有的单元格用了没有的样式，不能安全改写。")
        fill = (
            b'<fill><patternFill patternType="solid"><fgColor rgb="FF%s"/><bgColor indexed="64"/></patternFill></fill>'
        )
        number = _find_or_append(fill % colour.encode(), self.fills, self.places[1])
        xf = re.sub(rb"""\s(?:fillId|applyFill)=["'][^"']*["']""", b"", self.xfs[style])
        return _find_or_append(
            xf.replace(b"<xf", b'<xf fillId="%d" applyFill="1"' % number, 1), self.xfs, self.places[0]
        )

    def write(self) -> None:
        """Append the new styles and fills to the workbook."""
        append_to_section(self.package, self.path, b"cellXfs", self.xfs[self.known[0] :])
        append_to_section(self.package, self.path, b"fills", self.fills[self.known[1] :])


def _find_or_append(child: bytes, children: list[bytes], places: dict[bytes, int]) -> int:
    """Return the index of a child, appending it if it is new; ``places`` is child → index."""
    place = places.setdefault(child, len(children))
    if place == len(children):
        children.append(child)
    return place


def _add_parts(package: Package, part: str, notes: Sequence[Note], author: str) -> None:
    """Add the part of comments and the part of their shapes, and list both where readers look for them."""
    number = next(n for n in range(1, 100_000) if not any(map(package.has, _paths(n))))
    comments, shapes = _paths(number)
    package.put(comments, translate_dialect(_format_comments(notes, author), package.strict))
    package.put(shapes, _format_shapes(notes))
    override = f'<Override PartName="/{comments}" ContentType="{_COMMENTS}"/>'.encode()
    append_child(package, "[Content_Types].xml", "Types", override)
    types = entries(package.text("[Content_Types].xml"), "Types")
    if all(each.attributes.get("Extension", "").lower() != "vml" for each in types):
        default = f'<Default Extension="vml" ContentType="{_VML}"/>'.encode()
        append_child(package, "[Content_Types].xml", "Types", default)
    relations = relationships_of(part)
    if not package.has(relations):
        empty = f'<Relationships xmlns="{PACKAGE}/relationships"></Relationships>'.encode()
        package.put(relations, b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + empty)
    for key, kind, path in (("taizhangNotes", "comments", comments), ("taizhangShapes", "vmlDrawing", shapes)):
        child = f'<Relationship Id="{key}" Type="{RELATIONS}/{kind}" Target="/{path}"/>'.encode()
        append_child(package, relations, "Relationships", translate_dialect(child, package.strict))
    xml = package.text(part)
    found = next(_AFTER_LEGACY_DRAWING.finditer(xml, max(xml.rfind(b"sheetData"), 0)), None)
    prefix = re.search(rb"<(\w+:)?worksheet\b", xml)
    if found is None or prefix is None or b"AlternateContent" in xml[xml.rfind(b"sheetData") :]:
        raise Refused("unusual-markup", "表的写法少见，不能加批注。")
    tag = b'<%slegacyDrawing xmlns:r="%s" r:id="taizhangShapes"/>' % (prefix[1] or b"", RELATIONS.encode())
    package.put(part, xml[: found.start()] + translate_dialect(tag, package.strict) + xml[found.start() :])


def _paths(number: int) -> tuple[str, str]:
    return f"xl/taizhangComments{number}.xml", f"xl/drawings/taizhangNotes{number}.vml"


def _format_comments(notes: Sequence[Note], author: str) -> bytes:
    comments = "".join(
        f'<comment ref="{a1(note.row, note.column)}" authorId="0">'
        f'<text><t xml:space="preserve">{escape(note.text)}</t></text></comment>'
        for note in notes
    )
    authors = f"<authors><author>{escape(author)}</author></authors>"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<comments xmlns="{MAIN}">{authors}<commentList>{comments}</commentList></comments>'.encode()


def _format_shapes(notes: Sequence[Note]) -> bytes:
    shapes = (_SHAPE % (number, *note.size, note.row - 1, note.column - 1) for number, note in enumerate(notes, 1025))
    return (_SHAPES % "".join(shapes)).encode()
