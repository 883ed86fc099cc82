"""The lists by which a package finds its parts: content types, relationships, sheets, names.

An XML parser reads them, since programs write them in any order, with any prefix, quotes, comments and long or short
tags.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from taizhang.splice.edits import Refused
from taizhang.workbook.markup import MAIN, RELATIONS, add_prefix

__all__ = ["FOREIGN", "STRICT", "Entry", "append_entry", "entries", "is_strict", "remove_entries", "translate_dialect"]

STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
"""The namespace of relationships in workbooks saved as “Strict Open XML” (ISO/IEC 29500-1)."""

_DIALECT = (
    (RELATIONS.encode(), STRICT.encode()),
    (MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
)
_DEPTH = 2
"""A list is a part's root or a child of the root. Extensions deeper down repeat the names."""
_SLASH = ord("/")
FOREIGN = "台账文件里有外来的标记（DOCTYPE），不像 Excel 存的，请用 Excel 或 WPS 打开后另存一次。"
_ODD = "台账的目录写法少见，不能安全改写，请用 Excel 或 WPS 打开后另存一次。"


class Entry(NamedTuple):
    """An element of a list: its name without prefix, its attributes, and the offsets of its markup."""

    name: str
    attributes: dict[str, str]
    start: int
    end: int


class _List(NamedTuple):
    """A list of a part: its entries, the prefix of its tag, and where its tag and its content end (-1: ``<x/>``)."""

    entries: list[Entry]
    prefix: bytes
    tag_end: int
    content_end: int


def entries(part: bytes, parent: str) -> list[Entry]:
    """Return the elements of a list, empty if the part has no such list; raises Refused if the XML is damaged."""
    found = _find_list(part, parent)
    return found.entries if found else []


def remove_entries(part: bytes, parent: str, gone: Callable[[Entry], bool]) -> bytes:
    """Return a part without the entries of a list for which ``gone`` is true; raises Refused if the XML is damaged."""
    kept, at = [], 0
    for each in filter(gone, entries(part, parent)):
        kept.append(part[at : each.start])
        at = each.end
    return b"".join((*kept, part[at:]))


def append_entry(part: bytes, parent: str, child: bytes) -> bytes | None:
    """Return a part with a child, given without prefix, appended to a list; None if it has no such list.

    Raises Refused if the XML is damaged or UTF-16.
    """
    found = _find_list(part, parent)
    if found is None:
        return None
    if b"\0" in part[:64]:  # UTF-16; all that is written here is UTF-8
        raise Refused("encoding", _ODD)
    child = add_prefix(child, found.prefix)
    if found.content_end >= 0:
        return part[: found.content_end] + child + part[found.content_end :]
    short = part[: found.tag_end].rstrip(b">").rstrip(b"/")
    return short + b">" + child + b"</%s%s>" % (found.prefix, parent.encode()) + part[found.tag_end :]


def is_strict(book: bytes) -> bool:
    """Whether a workbook part is Strict Open XML."""
    return _DIALECT[1][1] in book[: book.find(b">", book.find(b"workbook")) + 1]


def translate_dialect(markup: bytes, strict: bool) -> bytes:
    """Return markup that this program made, with Strict Open XML's namespaces in its first tag if ``strict``."""
    end = markup.find(b">", markup.find(b"?>") + 2 if markup.startswith(b"<?") else 0)
    tag = markup[:end]
    for ordinary, other in _DIALECT if strict else ():
        tag = tag.replace(ordinary, other)
    return tag + markup[end:]


def _find_list(part: bytes, parent: str) -> _List | None:
    """Find a list in a part, in linear time; None if there is none."""
    from xml.parsers import expat

    parser = expat.ParserCreate()
    found: list[Entry] = []
    depth = inside = 0
    prefix, tag_end, content_end, name = b"", -1, -1, ""
    attributes: dict[str, str] = {}
    begun = 0

    def start(tag: str, attrs: dict[str, str]) -> None:
        nonlocal depth, inside, prefix, tag_end, name, attributes, begun
        depth += 1
        local = tag.rpartition(":")[2]
        if inside and depth == inside + 1:
            name, attributes, begun = local, attrs, parser.CurrentByteIndex
        elif not inside and tag_end < 0 and local == parent and depth <= _DEPTH:
            inside = depth
            prefix = tag.encode()[: -len(parent)]
            tag_end = _find_tag_end(part, parser.CurrentByteIndex)

    def end(_tag: str) -> None:
        nonlocal depth, inside, content_end
        at = parser.CurrentByteIndex
        if depth == inside + 1 and inside:
            tag = _find_tag_end(part, begun)  # versions of expat disagree on the offset of a short tag's end
            found.append(Entry(name, attributes, begun, tag if part[tag - 2] == _SLASH else _find_tag_end(part, at)))
        elif depth == inside:
            content_end = -1 if part[tag_end - 2] == _SLASH else at
            inside = 0
        depth -= 1

    parser.StartElementHandler, parser.EndElementHandler, parser.StartDoctypeDeclHandler = start, end, _refuse_doctype
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, LookupError, ValueError):
        raise Refused("unusual-markup", _ODD) from None
    return _List(found, prefix, tag_end, content_end) if tag_end >= 0 else None


def _refuse_doctype(*_: object) -> None:
    raise Refused("doctype", FOREIGN)


def _find_tag_end(part: bytes, start: int) -> int:
    """Return the offset after the tag that begins at ``start``; quoted values may contain ``>``."""
    close = part.find(b">", start)
    if part.find(b"'", start, close) < 0 and part.count(b'"', start, close) % 2 == 0:  # as nearly all are
        return close + 1
    at = start
    while True:
        close = part.find(b">", at)
        double, single = (part.find(mark, at, close) for mark in (b'"', b"'"))
        first = min((each for each in (double, single) if each >= 0), default=-1)
        if first < 0:
            return close + 1
        at = part.find(part[first : first + 1], first + 1) + 1
