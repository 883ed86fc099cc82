"""Make foreign text safe to display in a terminal or a message.

A module of its own because the help text needs it without the imports of ``text``.
"""

from __future__ import annotations

import unicodedata

__all__ = ["one_line", "visible"]


def visible(text: str, box: str = "□") -> str:
    """Return a foreign text with nothing in it that could disturb the display.

    Control characters, characters that change the writing direction and lone surrogates become ``box``, tabs become
    spaces, and all line ends become LF.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(
        each if each.isprintable() else "".join(_visible_char(char, box) for char in each) for each in lines
    )


def _visible_char(char: str, box: str) -> str:
    if char in "\n\r\v\f\x85\u2028\u2029":
        return "\n"
    if char == "\t":
        return " "
    return box if unicodedata.category(char) in ("Cc", "Cf", "Cs") else char


def one_line(text: str) -> str:
    """Return a foreign text safe to display on one line: ``visible``, with line ends as spaces."""
    return visible(text).replace("\n", " ")
