"""Adding a sheet: one that this program made in a workbook of its own is grafted into the ledger, looks and all."""

from __future__ import annotations

import re

from taizhang.splice.directory import STRICT, TRANSITIONAL, entries, extended, in_dialect
from taizhang.splice.edits import Refused
from taizhang.splice.markup import attribute, element, inside, retagged
from taizhang.splice.package import SHARED_ITEM, Package, relationships_of

__all__ = ["add_sheet", "append_child", "children_of", "count_of", "extend"]

_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")
"""What the names of a workbook stand behind (ECMA-376 18.2.27)."""

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


def add_sheet(package: Package, workbook: bytes) -> str:
    """Add the only sheet of a workbook made by XlsxWriter, without pictures or links, as the last one; return its name.

    In a Strict workbook the sheet is written with the names of that kind.

    Raises Refused where the ledger already has a sheet of that name or keeps its styles in a way that is not understood.
    """
    donor = Package.read(workbook)
    ((name, part),) = donor.sheet_parts().items()
    tabs = entries(package.text(package.book_path), "sheets")  # sheets of charts and macros among them
    if name.casefold() in (each.attributes.get("name", "").casefold() for each in tabs):
        raise Refused("sheet-exists", f"台账里已经有〈{name}〉这张表。")
    xml = _with_styles(package, donor, donor.text(part))
    xml = _with_strings(package, donor, xml)
    xml = re.sub(rb'\stabSelected="1"', b"", xml)
    path = _free_path(package)
    package.put(path, in_dialect(xml, package.strict))
    place = _registered(package, name, path)
    _take_names(package, donor, place)
    return name


def _free_path(package: Package) -> str:
    """Return a path for a new sheet that no member has and no list names: what names a lost part would find the new one."""
    folder = package.book_path.rpartition("/")[0]
    named = {path.lower() for _, path in package.related(package.book_path).values()}
    types = entries(package.text("[Content_Types].xml"), "Types")
    named |= {each.attributes.get("PartName", "").lstrip("/").lower() for each in types}
    paths = (f"{folder}/worksheets/sheet{number}.xml".lstrip("/") for number in range(1, 100_000))
    return next(path for path in paths if not package.has(path) and path.lower() not in named)


def _registered(package: Package, name: str, path: str) -> int:
    """Name the new part in the content types, the relationships and the workbook; return the sheet's 0-based place."""
    from xml.sax.saxutils import quoteattr

    override = f'<Override PartName="/{path}" ContentType="{_CONTENT_TYPE}"/>'.encode()
    append_child(package, "[Content_Types].xml", "Types", override)
    book, names = package.book_path, STRICT if package.strict else TRANSITIONAL
    taken = set(package.related(book))
    key = next(f"rId{number}" for number in range(1, 100_000) if f"rId{number}" not in taken)
    relationship = f'<Relationship Id="{key}" Type="{names}/worksheet" Target="/{path}"/>'.encode()
    append_child(package, relationships_of(book), "Relationships", relationship)
    sheets = entries(package.text(book), "sheets")
    numbers = (each.attributes.get("sheetId", "") for each in sheets)
    number = max((int(each) for each in numbers if each.isdecimal()), default=0) + 1
    sheet = f'<sheet name={quoteattr(name)} sheetId="{number}" xmlns:r="{names}" r:id="{key}"/>'.encode()
    append_child(package, book, "sheets", sheet)
    return len(sheets)


def append_child(package: Package, part: str, parent: str, child: bytes) -> None:
    """Append a child, written without prefix, to the first element of this name; raises Refused where there is none."""
    longer = extended(package.text(part), parent, child)
    if longer is None:
        raise Refused("unusual-markup", "台账的目录写法少见，不能安全加表，请用 Excel 或 WPS 打开后另存一次。")
    package.put(part, longer)


def _with_strings(package: Package, donor: Package, xml: bytes) -> bytes:
    """Return the sheet with its texts taken over into the ledger's shared strings, or written inline where it has none."""
    path = donor.part_of_type("sharedStrings")
    items = SHARED_ITEM.findall(donor.text(path)) if path else []
    taken: dict[int, int | None] = {}

    def moved(match: re.Match[bytes]) -> bytes:
        index = int(match[2])
        if index not in taken:
            taken[index] = package.share(items[index])
        new = taken[index]
        if new is None:
            return match[1] + b' t="inlineStr"><is>' + items[index][4:-5] + b"</is></c>"
        return match[1] + b' t="s"><v>%d</v></c>' % new

    return re.sub(rb'(<c [^<>]*?) t="s"><v>(\d+)</v></c>', moved, xml)


def _with_styles(package: Package, donor: Package, xml: bytes) -> bytes:
    """Return the sheet with its style numbers moved to copies of its styles at the end of the ledger's."""
    path, own = package.part_of_type("styles"), donor.part_of_type("styles")
    if path is None or own is None:
        raise Refused("styles", "台账没有样式部分，不能安全加表，请用 Excel 或 WPS 打开后另存一次。")
    source = donor.text(own)
    starts = {
        section: count_of(package.text(path), section) for section in (b"fonts", b"fills", b"borders", b"cellXfs")
    }
    for section in (b"fonts", b"fills", b"borders"):
        extend(package, path, section, children_of(source, section))
    formats = _take_number_formats(package, path, source)
    xfs = []
    for xf in children_of(source, b"cellXfs"):
        for name, section in ((b"fontId", b"fonts"), (b"fillId", b"fills"), (b"borderId", b"borders")):
            xf = re.sub(name + rb'="(\d+)"', lambda m, n=name, s=section: n + b'="%d"' % (int(m[1]) + starts[s]), xf)  # noqa: PLW2901
        xf = re.sub(rb'numFmtId="(\d+)"', lambda m: b'numFmtId="%d"' % formats.get(int(m[1]), int(m[1])), xf)  # noqa: PLW2901
        xfs.append(re.sub(rb'xfId="\d+"', b'xfId="0"', xf))
    extend(package, path, b"cellXfs", xfs)
    shown = count_of(package.text(path), b"dxfs")
    extend(package, path, b"dxfs", children_of(source, b"dxfs"))
    first = starts[b"cellXfs"]
    xml = re.sub(rb'(<(?:c|row|col) [^<>]*?\b(?:s|style)=")(\d+)"', lambda m: m[1] + b'%d"' % (int(m[2]) + first), xml)
    xml = re.sub(rb"<c (r=\"[A-Z]+\d+\")(?=[ />])(?![^<>]*\bs=)", lambda m: b'<c %s s="%d"' % (m[1], first), xml)
    return re.sub(rb'dxfId="(\d+)"', lambda m: b'dxfId="%d"' % (int(m[1]) + shown), xml)


def _section(styles: bytes, section: bytes) -> re.Match[bytes] | None:
    return re.search(
        rb"<((?:\w+:)?)" + section + rb"\b([^<>]*?)(?:/>|>(" + inside(section) + rb")</(?:\w+:)?" + section + rb"\s*>)",
        styles,
    )


def children_of(styles: bytes, section: bytes) -> list[bytes]:
    """Return the children of a section of XlsxWriter's styles, each as it is written there."""
    found, child = _section(styles, section), {b"cellXfs": b"xf", b"dxfs": b"dxf"}.get(section, section[:-1])
    return re.findall(element(child), (found[3] or b"") if found else b"")


def count_of(styles: bytes, section: bytes) -> int:
    """Return how many children a section of the ledger's styles has, whoever wrote it."""
    from xml.etree import ElementTree

    return next((len(each) for each in ElementTree.fromstring(styles) if each.tag.endswith("}" + section.decode())), 0)


def extend(package: Package, path: str, section: bytes, children: list[bytes]) -> None:
    """Append children, written without prefix, to a section of a workbook's styles; raises Refused where it is not understood."""
    styles = package.text(path)
    if not children:
        return
    found = _section(styles, section)
    if found is None:
        if section not in (b"dxfs", b"numFmts"):
            raise Refused("styles", "台账的样式写法少见，不能安全加表，请用 Excel 或 WPS 打开后另存一次。")
        _insert(package, path, section, children)
        return
    prefix, inner = found[1], found[3] or b""
    attrs = re.sub(rb"""\scount=["']\d*["']""", b"", found[2])
    count = count_of(styles, section) + len(children)
    block = b'<%s%s%s count="%d">%s%s</%s%s>' % (
        prefix, section, attrs, count, inner, retagged(b"".join(children), prefix), prefix, section,
    )  # fmt: skip
    package.put(path, styles[: found.start()] + block + styles[found.end() :])


def _insert(package: Package, path: str, section: bytes, children: list[bytes]) -> None:
    """Insert a section that the ledger's styles do not have, where the schema wants it."""
    styles = package.text(path)
    after = (b"numFmts", b"fonts") if section == b"numFmts" else (b"dxfs", b"cellStyles", b"cellXfs")
    known = _section(styles, b"cellXfs")
    prefix = known[1] if known else b""
    block = retagged(b'<%s count="%d">%s</%s>' % (section, len(children), b"".join(children), section), prefix)
    if section == b"numFmts":
        fonts = _section(styles, b"fonts")
        place = fonts.start() if fonts else 0
    else:
        before = next(filter(None, (_section(styles, each) for each in after[1:])), None)
        place = before.end() if before else 0
    if not place:
        raise Refused("styles", "台账的样式写法少见，不能安全加表，请用 Excel 或 WPS 打开后另存一次。")
    package.put(path, styles[:place] + block + styles[place:])


def _take_number_formats(package: Package, path: str, source: bytes) -> dict[int, int]:
    """Append the donor's own number formats under free numbers; return old number → new."""
    used = [int(n) for n in re.findall(rb"""<(?:\w+:)?numFmt\b[^<>]*?\snumFmtId=["'](\d+)""", package.text(path))]
    free, moved, children = max([163, *used]) + 1, {}, []
    for child in children_of(source, b"numFmts"):
        old = int(attribute(child, b"numFmtId"))
        moved[old] = free
        children.append(child.replace(b'numFmtId="%d"' % old, b'numFmtId="%d"' % free))
        free += 1
    extend(package, path, b"numFmts", children)
    return moved


def _take_names(package: Package, donor: Package, place: int) -> None:
    """Take over the donor's own names (print area, repeated rows, filter), which belong to its sheet."""
    names = re.findall(rb'<definedName name="_xlnm[^<>]*>[^<]*</definedName>', donor.text(donor.book_path))
    moved = b"".join(re.sub(rb'localSheetId="\d+"', b'localSheetId="%d"' % place, name) for name in names)
    if not moved:
        return
    text = package.text(package.book_path)
    longer = extended(text, "definedNames", moved)
    if longer is None:
        before = [each for each in entries(text, "workbook") if each.name in _BEFORE_NAMES]
        last = before[-1]
        prefix = text[last.start + 1 : last.end].partition(last.name.encode())[0]
        block = retagged(b"<definedNames>" + moved + b"</definedNames>", prefix)
        longer = text[: last.end] + block + text[last.end :]
    package.put(package.book_path, longer)
