"""Small pieces of the markup of a package: namespaces, tags, attributes, texts and their escapes."""

from __future__ import annotations

import re
from html import escape, unescape

__all__ = [
    "ATTRIBUTE", "MAIN", "PACKAGE", "RELATIONS", "RELATIONSHIP", "attribute", "element", "escaped", "inner_text", "inside", "quoted",
    "retagged", "text_element", "unescaped",
]  # fmt: skip

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
"""The namespace of the parts of an ordinary workbook."""

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
"""How the kinds of relationships begin, and the namespace of their ids, in ordinary workbooks."""

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
"""How the namespaces of a package's own lists begin."""

RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\b[^<>]*>")
"""The tag of an entry in a list of relationships."""

ATTRIBUTE = re.compile(rb"""\s([^\s=<>"']+)\s*=\s*("[^"<]*"|'[^'<]*')""")
"""One attribute after the other, name and quoted text: what looks like one inside another's text (a hint of a validation) is none."""

_ANY_TAG = re.compile(rb"<[^<>]*>")


_TAG_BEGIN = re.compile(rb"<(/?)(?=[A-Za-z])")


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


def quoted(text: str) -> str:
    """Return a text as an attribute is written, with its quotes."""
    return f'"{escape(text)}"'


def inner_text(markup: bytes) -> str:
    """Return the text of markup without its tags."""
    return unescaped(_ANY_TAG.sub(b"", markup))


def text_element(text: str, prefix: str = "") -> str:
    """Return ``<t>`` with a text, its edge blanks and line ends kept."""
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<{prefix}t{space}>{escaped(text)}</{prefix}t>"


def retagged(xml: bytes, prefix: bytes) -> bytes:
    """Return markup without prefixes with this namespace prefix (``x:`` or nothing) on every tag."""
    return _TAG_BEGIN.sub(rb"<\1" + prefix, xml) if prefix else xml
