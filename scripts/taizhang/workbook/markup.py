"""Build and search a workbook's XML: namespaces, tags, attributes, texts and their escapes."""

from __future__ import annotations

import html
import re

__all__ = [
    "ATTRIBUTE",
    "MAIN",
    "PACKAGE",
    "RELATIONS",
    "RELATIONSHIP",
    "add_prefix",
    "attribute",
    "element",
    "escape",
    "inner_text",
    "inside",
    "quoted",
    "text_element",
    "unescape",
]  # fmt: skip

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
"""The namespace of the parts of an ordinary workbook."""

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
"""The prefix of relationship types, and the namespace of their ids, in ordinary workbooks."""

PACKAGE = "http://schemas.openxmlformats.org/package/2006"
"""The prefix of the namespaces of a package's own lists."""

RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\b[^<>]*>")
"""The tag of an entry in a list of relationships."""

ATTRIBUTE = re.compile(rb"""\s([^\s=<>"']+)\s*=\s*("[^"<]*"|'[^'<]*')""")
"""Name and quoted value. Match from one to the next: values such as validation hints may contain text like it."""

_ANY_TAG = re.compile(rb"<[^<>]*>")
_TAG_BEGIN = re.compile(rb"<(/?)(?=[A-Za-z])")


def inside(name: bytes) -> bytes:
    """Return the regex for the content, up to its end tag, of an element that cannot contain one of its own name.

    ``.*?`` would search for that end tag up to the end of the part, again from every start.
    """
    return rb"(?>[^<]*(?:<(?!/?(?:\w+:)?" + name + rb"\b)[^<]*)*)"


def element(name: bytes) -> bytes:
    """Return the regex for a whole element that cannot contain one of its own name, with or without an end tag."""
    end = rb"</(?:\w+:)?" + name + rb"\s*>"
    return rb"<(?:\w+:)?" + name + rb"\b[^<>]*(?:(?<=/)>|(?<!/)>" + inside(name) + end + rb")"


def attribute(tag: bytes, name: bytes) -> str:
    """Return an attribute of a tag as text, empty if there is none; ``name`` is a regular expression."""
    match = re.search(rb"\s" + name + rb"""\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return unescape((match[1] or match[2] or b"") if match else b"")


def escape(text: str) -> str:
    """Return a text escaped for use between tags."""
    return html.escape(text, quote=False)


def unescape(written: bytes) -> str:
    """Return the text written between tags or in an attribute."""
    return html.unescape(written.decode("utf-8", "replace"))


def quoted(text: str) -> str:
    """Return a text as a quoted attribute value."""
    return f'"{html.escape(text)}"'


def inner_text(markup: bytes) -> str:
    """Return the text of markup without its tags."""
    return unescape(_ANY_TAG.sub(b"", markup))


def text_element(text: str, prefix: str = "") -> str:
    """Return a ``<t>`` element that keeps the text's leading and trailing blanks and its line ends."""
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<{prefix}t{space}>{escape(text)}</{prefix}t>"


def add_prefix(xml: bytes, prefix: bytes) -> bytes:
    """Return markup with a namespace prefix (``x:`` or nothing) added to every tag, which has none."""
    return _TAG_BEGIN.sub(rb"<\1" + prefix, xml) if prefix else xml
