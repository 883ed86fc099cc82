"""Adding a sheet: the only sheet of a generated workbook is grafted into the ledger, with its styles and texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from itertools import chain

from taizhang.splice.directory import STRICT, append_entry, entries, translate_dialect
from taizhang.splice.edits import Refused
from taizhang.splice.guarded_ranges import root_of
from taizhang.splice.package import SHARED_ITEM, Package, relationships_of
from taizhang.workbook.markup import MAIN, RELATIONS, add_prefix, attribute, element, inside

__all__ = ["add_sheet", "append_child", "append_to_section", "children_of"]

_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")
"""The elements after which a workbook's ``definedNames`` must follow (ECMA-376 18.2.27)."""

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.%s+xml"
_SECTIONS = (
    b"numFmts",
    b"fonts",
    b"fills",
    b"borders",
    b"cellStyleXfs",
    b"cellXfs",
    b"cellStyles",
    b"dxfs",
    b"tableStyles",
    b"colors",
    b"extLst",
)
"""The sections of styles in the order of the schema (ECMA-376 18.8.39)."""

_NO_STYLES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="%s"></styleSheet>' % MAIN.encode()
)


def add_sheet(package: Package, workbook: bytes) -> str:
    """Add the only sheet of a workbook made by XlsxWriter, without pictures or links, as the last tab; return its name.

    In a Strict Open XML workbook the sheet is written with that dialect's namespaces. Raises Refused if the ledger
    already has a sheet of that name, or if its styles are not understood.
    """
    donor = Package.read(workbook)
    ((name, part),) = donor.sheet_parts().items()
    tabs = entries(package.text(package.book_path), "sheets")  # sheets of charts and macros among them
    if name.casefold() in (each.attributes.get("name", "").casefold() for each in tabs):
        raise Refused("sheet-exists", f"台账里已经有〈{name}〉这张表。")
    xml = _take_styles(package, donor, donor.text(part))
    xml = _take_strings(package, donor, xml)
    xml = re.sub(rb'\stabSelected="1"', b"", xml)
    path = _free_path(package, "worksheets/sheet")
    package.put(path, translate_dialect(xml, package.strict))
    place = _register_sheet(package, name, path)
    _take_names(package, donor, place)
    return name


def _free_path(package: Package, name: str, *plain: str) -> str:
    """Return a path for a new part that no member has and no list names, not even the entry of a lost part.

    ``plain`` are suffixes to try before the numbers; ``""`` tries the name without a number first.
    """
    folder = package.book_path.rpartition("/")[0]
    named = {path.lower() for _, path in package.related(package.book_path).values()}
    types = entries(package.text("[Content_Types].xml"), "Types")
    named |= {each.attributes.get("PartName", "").lstrip("/").lower() for each in types}
    paths = (f"{folder}/{name}{number}.xml".lstrip("/") for number in chain(plain, range(1, 100_000)))
    return next(path for path in paths if not package.has(path) and path.lower() not in named)


def _register_sheet(package: Package, name: str, path: str) -> int:
    """List a new sheet in the content types, the relationships and the workbook; return its 0-based tab position."""
    key, book, names = _register_part(package, "worksheet", path), package.book_path, _relationship_namespace(package)
    sheets = entries(package.text(book), "sheets")
    numbers = (each.attributes.get("sheetId", "") for each in sheets)
    number = max((int(each) for each in numbers if each.isdecimal()), default=0) + 1
    sheet = f'<sheet name="{escape(name)}" sheetId="{number}" xmlns:r="{names}" r:id="{key}"/>'.encode()
    append_child(package, book, "sheets", sheet)
    return len(sheets)


def _register_part(package: Package, kind: str, path: str) -> str:
    """List a new part of the workbook in the content types and relationships; return the id of the relationship."""
    override = f'<Override PartName="/{path}" ContentType="{_CONTENT_TYPE % kind}"/>'.encode()
    append_child(package, "[Content_Types].xml", "Types", override)
    taken = set(package.related(package.book_path))
    key = next(f"rId{number}" for number in range(1, 100_000) if f"rId{number}" not in taken)
    relationship = (
        f'<Relationship Id="{key}" Type="{_relationship_namespace(package)}/{kind}" Target="/{path}"/>'.encode()
    )
    append_child(package, relationships_of(package.book_path), "Relationships", relationship)
    return key


def _relationship_namespace(package: Package) -> str:
    return STRICT if package.strict else RELATIONS


def append_child(package: Package, part: str, parent: str, child: bytes) -> None:
    """Append a child, given without prefix, to the first element with this name; raises Refused if there is none."""
    longer = append_entry(package.text(part), parent, child)
    if longer is None:
        raise Refused("unusual-markup", "台账的目录写法少见，不能安全加表，请用 Excel 或 WPS 打开后另存一次。")
    package.put(part, longer)


def _take_strings(package: Package, donor: Package, xml: bytes) -> bytes:
    """Return the sheet with its texts moved into the ledger's shared strings, or inline if the ledger has none."""
    path = donor.part_of_type("sharedStrings")
    items = SHARED_ITEM.findall(donor.text(path)) if path else []
    taken: dict[int, int | None] = {}

    def renumber(match: re.Match[bytes]) -> bytes:
        index = int(match[2])
        if index not in taken:
            taken[index] = package.share(items[index])
        new = taken[index]
        if new is None:
            return match[1] + b' t="inlineStr"><is>' + items[index][4:-5] + b"</is></c>"
        return match[1] + b' t="s"><v>%d</v></c>' % new

    return re.sub(rb'(<c [^<>]*?) t="s"><v>(\d+)</v></c>', renumber, xml)


def _take_styles(package: Package, donor: Package, xml: bytes) -> bytes:
    """Append the donor's styles to the ledger's; return the sheet with the style numbers adjusted."""
    path, own = package.part_of_type("styles") or _add_styles_part(package), donor.part_of_type("styles")
    source = donor.text(own) if own else b""
    starts = _count_children(package.text(path))
    for section in (b"fonts", b"fills", b"borders"):
        append_to_section(package, path, section, children_of(source, section), starts)
    if not starts.get(b"cellStyleXfs"):
        append_to_section(package, path, b"cellStyleXfs", children_of(source, b"cellStyleXfs"), starts)
    formats = _take_number_formats(package, path, source, starts)
    xfs = []
    for child in children_of(source, b"cellXfs"):
        xf = child
        for name, section in ((b"fontId", b"fonts"), (b"fillId", b"fills"), (b"borderId", b"borders")):
            start = starts.get(section, 0)
            xf = re.sub(name + rb'="(\d+)"', lambda m, n=name, s=start: n + b'="%d"' % (int(m[1]) + s), xf)
        xf = re.sub(rb'numFmtId="(\d+)"', lambda m: b'numFmtId="%d"' % formats.get(int(m[1]), int(m[1])), xf)
        xfs.append(re.sub(rb'xfId="\d+"', b'xfId="0"', xf))
    append_to_section(package, path, b"cellXfs", xfs, starts)
    append_to_section(package, path, b"dxfs", children_of(source, b"dxfs"), starts)
    first, shown = starts.get(b"cellXfs", 0), starts.get(b"dxfs", 0)
    xml = re.sub(rb'(<(?:c|row|col) [^<>]*?\b(?:s|style)=")(\d+)"', lambda m: m[1] + b'%d"' % (int(m[2]) + first), xml)
    xml = re.sub(rb"<c (r=\"[A-Z]+\d+\")(?=[ />])(?![^<>]*\bs=)", lambda m: b'<c %s s="%d"' % (m[1], first), xml)
    return re.sub(rb'dxfId="(\d+)"', lambda m: b'dxfId="%d"' % (int(m[1]) + shown), xml)


def _add_styles_part(package: Package) -> str:
    """Add an empty styles part to a workbook without one, at the path of a lost one if listed; return the path."""
    lost = (path for kind, path in package.related(package.book_path).values() if kind.endswith("/styles"))
    path = next(lost, "")
    if not path:
        path = _free_path(package, "styles", "")  # readers expect the name without a number
        _register_part(package, "styles", path)
    elif all(
        each.attributes.get("PartName", "").lower() != f"/{path}".lower()
        for each in entries(package.text("[Content_Types].xml"), "Types")
    ):
        override = f'<Override PartName="/{path}" ContentType="{_CONTENT_TYPE % "styles"}"/>'.encode()
        append_child(package, "[Content_Types].xml", "Types", override)
    package.put(path, translate_dialect(_NO_STYLES, package.strict))
    return path


def _find_section(styles: bytes, section: bytes) -> re.Match[bytes] | None:
    return re.search(
        rb"<((?:\w+:)?)" + section + rb"\b([^<>]*?)(?:/>|>(" + inside(section) + rb")</(?:\w+:)?" + section + rb"\s*>)",
        styles,
    )


def children_of(styles: bytes, section: bytes) -> list[bytes]:
    """Return the children of a section of XlsxWriter's styles, each as its markup."""
    children = {b"cellXfs": b"xf", b"cellStyleXfs": b"xf", b"dxfs": b"dxf"}
    found, child = _find_section(styles, section), children.get(section, section[:-1])
    return re.findall(element(child), (found[3] or b"") if found else b"")


def _count_children(styles: bytes) -> dict[bytes, int]:
    """Return section of a workbook's styles → number of children, whichever program wrote it; raises Refused."""
    return {each.tag.rpartition("}")[2].encode(): len(each) for each in root_of(styles)}


def append_to_section(
    package: Package, path: str, section: bytes, children: list[bytes], counts: Mapping[bytes, int] | None = None
) -> None:
    """Append children, given without prefix, to a section of a workbook's styles.

    ``counts`` holds the number of children of each section, if the caller has counted them. Raises Refused if the
    styles are not understood.
    """
    styles = package.text(path)
    if not children:
        return
    found = _find_section(styles, section)
    if found is None:
        _insert_section(package, path, section, children)
        return
    prefix, inner = found[1], found[3] or b""
    attrs = re.sub(rb"""\scount=["']\d*["']""", b"", found[2])
    count = (_count_children(styles) if counts is None else counts).get(section, 0) + len(children)
    block = b'<%s%s%s count="%d">%s%s</%s%s>' % (
        prefix, section, attrs, count, inner, add_prefix(b"".join(children), prefix), prefix, section,
    )  # fmt: skip
    package.put(path, styles[: found.start()] + block + styles[found.end() :])


def _insert_section(package: Package, path: str, section: bytes, children: list[bytes]) -> None:
    """Insert a section that the ledger's styles lack, in the order of the schema; raises Refused."""
    styles = package.text(path)
    later = {each.decode() for each in _SECTIONS[_SECTIONS.index(section) + 1 :]}
    behind = next((each for each in entries(styles, "styleSheet") if each.name in later), None)
    block = b'<%s count="%d">%s</%s>' % (section, len(children), b"".join(children), section)
    if behind is None:
        append_child(package, path, "styleSheet", block)
        return
    prefix = styles[behind.start + 1 : behind.end].partition(behind.name.encode())[0]
    package.put(path, styles[: behind.start] + add_prefix(block, prefix) + styles[behind.start :])


def _take_number_formats(package: Package, path: str, source: bytes, counts: Mapping[bytes, int]) -> dict[int, int]:
    """Append the donor's custom number formats under free numbers; return old number → new number."""
    used = [int(n) for n in re.findall(rb"""<(?:\w+:)?numFmt\b[^<>]*?\snumFmtId=["'](\d+)""", package.text(path))]
    free, moved, children = max([163, *used]) + 1, {}, []
    for child in children_of(source, b"numFmts"):
        old = int(attribute(child, b"numFmtId"))
        moved[old] = free
        children.append(child.replace(b'numFmtId="%d"' % old, b'numFmtId="%d"' % free))
        free += 1
    append_to_section(package, path, b"numFmts", children, counts)
    return moved


def _take_names(package: Package, donor: Package, place: int) -> None:
    """Copy the donor's built-in names (print area, repeated rows, filter), which belong to its sheet."""
    names = re.findall(rb'<definedName name="_xlnm[^<>]*>[^<]*</definedName>', donor.text(donor.book_path))
    moved = b"".join(re.sub(rb'localSheetId="\d+"', b'localSheetId="%d"' % place, name) for name in names)
    if not moved:
        return
    text = package.text(package.book_path)
    longer = append_entry(text, "definedNames", moved)
    if longer is None:
        before = [each for each in entries(text, "workbook") if each.name in _BEFORE_NAMES]
        last = before[-1]
        prefix = text[last.start + 1 : last.end].partition(last.name.encode())[0]
        block = add_prefix(b"<definedNames>" + moved + b"</definedNames>", prefix)
        longer = text[: last.end] + block + text[last.end :]
    package.put(package.book_path, longer)
