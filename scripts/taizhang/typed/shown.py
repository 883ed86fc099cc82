"""Foreign text as it may be shown anywhere. A module of its own, since help needs it too, and nothing of what ``text`` needs."""

from __future__ import annotations

import unicodedata

__all__ = ["one_line", "visible"]


def visible(text: str, box: str = "□") -> str:
    """Return a foreign text as it may be shown anywhere: a box for each character that is a command to a terminal, turns the direction of
    what follows or is half a character, a blank for each tab, and one kind of line end."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(each if each.isprintable() else "".join(_shown(char, box) for char in each) for each in lines)


def _shown(char: str, box: str) -> str:
    if char in "\n\r\v\f\x85\u2028\u2029":
        return "\n"
    if char == "\t":
        return " "
    return box if unicodedata.category(char) in ("Cc", "Cf", "Cs") else char


def one_line(text: str) -> str:
    """Return a foreign text as it may be shown within a line: ``visible``, its line ends blanks."""
    return visible(text).replace("\n", " ")
