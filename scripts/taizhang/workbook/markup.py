"""Small pieces of SpreadsheetML as bytes: tags, attributes, texts and ranges."""

from __future__ import annotations

import re
from html import escape, unescape

from taizhang.workbook.places import column_number

__all__ = ["area", "attribute", "element", "escaped", "inside", "retagged", "text_element", "unescaped"]

Area = tuple[int, int, int, int]

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

_TAG = re.compile(rb"<(/?)(?=[A-Za-z])")
_CORNER = re.compile(rb"([A-Z]*)(\d*)")


def inside(name: bytes) -> bytes:
    """Return the expression for what may stand in an element that holds none of its own name, up to its end tag.

    ``.*?`` would look for that end as far as the end of the part, from every beginning anew.
    """
    return rb"(?>[^<]*(?:<(?!/?(?:\w+:)?" + name + rb"\b)[^<]*)*)"


def element(name: bytes) -> bytes:
    """Return the expression for a whole element that holds none of its own name, with or without an end tag."""
    end = rb"</(?:\w+:)?" + name + rb"\s*>"
    return rb"<(?:\w+:)?" + name + rb"\b[^<>]*(?:(?<=/)>|(?<!/)>" + inside(name) + end + rb")"


def attribute(tag: bytes, name: bytes) -> str:
    """Return an attribute of a tag as text, empty where it has none; ``name`` is a regular expression."""
    match = re.search(rb"\s" + name + rb"""\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return unescaped((match[1] or match[2] or b"") if match else b"")


def escaped(text: str) -> str:
    """Return a text as it is written between tags."""
    return escape(text, quote=False)


def unescaped(written: bytes) -> str:
    """Return the text that is written between tags or in an attribute."""
    return unescape(written.decode("utf-8", "replace"))


def area(ref: bytes) -> Area:
    """Return (top, left, bottom, right) of an A1 range; whole columns reach to the last row."""
    first, _, last = ref.replace(b"$", b"").partition(b":")
    ends = []
    for each, row, column in ((first, 1, 1), (last or first, LAST_ROW, LAST_COLUMN)):
        match = _CORNER.fullmatch(each)
        letters, digits = (match[1], match[2]) if match else (b"", b"")
        ends += [int(digits or row), column_number(letters) or column]
    return ends[0], ends[1], ends[2], ends[3]


def text_element(text: str, prefix: str = "") -> str:
    """Return ``<t>`` with a text, its edge blanks and line ends kept."""
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<{prefix}t{space}>{escaped(text)}</{prefix}t>"


def retagged(xml: bytes, prefix: bytes) -> bytes:
    """Return markup without prefixes with this namespace prefix (``x:`` or nothing) on every tag."""
    return _TAG.sub(rb"<\1" + prefix, xml) if prefix else xml
