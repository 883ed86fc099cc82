"""Formulas after a change: results that may be stale are dropped, and Excel is asked to calculate on opening."""

from __future__ import annotations

import re
from html import unescape

from taizhang.splice.markup import attribute
from taizhang.splice.package import Package, relationships_of

__all__ = ["RESULT", "drop_calc_chain", "forget_results"]

RESULT = re.compile(rb"(<(?P<p>\w+:)?f\b[^>]*(?:/>|>[^<]*</(?P=p)?f>))\s*<(?P=p)?v(?:\s[^>]*)?(?:/>|>[^<]*</(?P=p)?v>)")
"""A formula (the first group) and its cached result."""


def forget_results(package: Package, sheets: set[str]) -> None:
    """Drop the cached results of formulas that may depend on the sheets, and ask for calculation on opening.

    Dependence is followed by sheet name; when in doubt a result is dropped, since a missing one is calculated and a stale one
    misleads (LibreOffice and readers that do not calculate show what is cached).
    """
    parts = {}
    for name, path in package.sheet_parts().items():
        text = package.text(path)
        if b"</f>" in text or b":f>" in text:
            parts[name] = path
    stale, done = set(sheets), set()
    while pending := [name for name in parts if name not in done and _depends(package, parts[name], name, stale)]:
        for name in pending:
            done.add(name)
            stale.add(name)
            text = package.text(parts[name])
            fresh = RESULT.sub(rb"\1", text)
            if fresh != text:
                package.put(parts[name], fresh)
    if parts:
        _calculate_on_load(package)


def _depends(package: Package, path: str, name: str, stale: set[str]) -> bool:
    if name in stale:
        return True
    texts = b"\n".join(re.findall(rb"<(?:\w+:)?f\b[^>]*>([^<]*)", package.text(path)))
    formulas = unescape(texts.decode("utf-8", "replace"))
    names = b"definedName" in package.text(package.book_path) and re.search(r"[^\W\d]\w+(?![\w(!'.])", formulas)
    return bool(names) or "[" in formulas or any(sheet.replace("'", "''") in formulas for sheet in stale)


def _calculate_on_load(package: Package) -> None:
    book = package.text(package.book_path)
    tag = re.search(rb"<(?:\w+:)?calcPr\b[^>]*?/?>", book)
    if tag and b"fullCalcOnLoad" in tag[0]:
        fixed = re.sub(rb"""fullCalcOnLoad=["'][^"']*["']""", b'fullCalcOnLoad="1"', tag[0])
    elif tag:
        end = b"/>" if tag[0].endswith(b"/>") else b">"
        fixed = tag[0][: -len(end)] + b' fullCalcOnLoad="1"' + end
    else:
        return  # without calcPr Excel calculates on opening anyhow
    if fixed != tag[0]:
        package.put(package.book_path, book.replace(tag[0], fixed, 1))


def drop_calc_chain(package: Package) -> None:
    """Remove the calculation chain: Excel makes it anew, but calls for repair where it names a cell without a formula."""
    related = package.related(package.book_path)
    path = next((path for kind, path in related.values() if kind.endswith("/calcChain")), None)
    if path is None or not package.has(path):
        return
    package.removed.add(package.by_path[path.lower()].filename)
    relationships = relationships_of(package.book_path)
    _drop_tag(package, relationships, rb"<(?:\w+:)?Relationship\b[^>]*/>", b"Type", "/calcChain")
    _drop_tag(package, "[Content_Types].xml", rb"<(?:\w+:)?Override\b[^>]*/>", b"PartName", path)


def _drop_tag(package: Package, part: str, tag: bytes, name: bytes, ending: str) -> None:
    def kept(match: re.Match[bytes]) -> bytes:
        return b"" if attribute(match[0], name).lower().endswith(ending.lower()) else match[0]

    package.put(part, re.sub(tag, kept, package.text(part)))
