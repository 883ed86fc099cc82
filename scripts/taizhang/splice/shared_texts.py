"""Emptying shared texts that only removed rows used; entries stay, since cells refer to texts by index."""

from __future__ import annotations

import re
from itertools import zip_longest

from taizhang.splice.package import SHARED_ITEM, Package

__all__ = ["empty_unused", "only_unused_emptied"]

_EMPTY = re.compile(rb"<(?:\w+:)?si><(?:\w+:)?t/></(?:\w+:)?si>")
_SHARED = re.compile(rb"""\st\s*=\s*["']s["']""")
_NAMED = re.compile(rb"""<(?:\w+:)?c\b(?>[^<>]*?\st\s*=\s*["']s["'])[^<>]*>\s*<(?:\w+:)?v(?:\s[^<>]*)?>\s*(\d+)\s*<""")
_OTHER_USERS = ("macrosheet", "dialogsheet", "revision")
"""Parts other than worksheets whose cells may use shared texts."""


def empty_unused(package: Package) -> None:
    """Empty the shared texts of removed rows if it is certain that no cell uses them any more."""
    path, used = package.part_of_type("sharedStrings"), _used_texts(package) if package.freed else None
    if path is None or used is None:
        return
    items = SHARED_ITEM.findall(strings := package.text(path))
    freed = {number for number in package.freed - used if number < len(items)}
    if not freed:
        return
    prefix = items[0][1 : items[0].find(b"si")]
    kept = (b"<%ssi><%st/></%ssi>" % (prefix, prefix, prefix) if n in freed else each for n, each in enumerate(items))
    package.put(path, SHARED_ITEM.sub(lambda _: next(kept), strings))


def only_unused_emptied(package: Package, old: bytes, new: bytes) -> bool:
    """Whether the shared texts of a package are unchanged, except that unused ones may now be empty."""
    used = _used_texts(package)
    pairs = enumerate(zip_longest(SHARED_ITEM.findall(old), SHARED_ITEM.findall(new)))
    return used is not None and all(
        before is None or before == after or (after and _EMPTY.fullmatch(after) and number not in used)
        for number, (before, after) in pairs
    )


def _used_texts(package: Package) -> set[int] | None:
    """Return the indices of the texts that cells use; None if that is not certain."""
    if any(word in path for path in package.by_path for word in _OTHER_USERS):
        return None
    used: set[int] = set()
    for part in package.sheet_parts().values():
        xml = package.text(part)
        found = _NAMED.findall(xml)
        if len(found) != len(_SHARED.findall(xml)):
            return None
        used |= set(map(int, found))
    return used
