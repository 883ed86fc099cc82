"""What a typed value was understood to mean, and how that is said to the person who typed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from taizhang.typed.personal import find_personal
from taizhang.typed.shown import visible
from taizhang.typed.text import as_text, clean_prose, loses_digits, shorten

__all__ = ["Reading", "named", "quoted", "shown"]

Value = TypeVar("Value")
_LONGEST_QUOTE = 31


@dataclass(frozen=True, slots=True)
class Reading(Generic[Value]):
    """A typed value as understood: ``value`` (None where nothing is meant or ``problem`` says what is wrong, with the cure).

    ``rule`` says how it was read and is empty where the value is literally what was typed; ``ambiguous`` holds the values it
    might mean, when one of them must be chosen by the person; ``unit`` is what the echo writes behind the value (%, 元). ``fault`` is
    the problem for a sentence that has quoted what was typed already.
    """

    value: Value | None = None
    typed: Any = None
    rule: str = ""
    problem: str | None = None
    ambiguous: tuple[Value, ...] = ()
    unit: str = ""
    fault: str = ""

    @property
    def exact(self) -> bool:
        """Whether the value is literally what was typed."""
        return not self.rule and self.problem is None

    @property
    def echo(self) -> str | None:
        """What was typed → what was understood, in Chinese; None where nothing was interpreted."""
        if self.exact or self.problem:
            return None
        if self.value is None:
            return f"{quoted(self.typed)}{self.rule}"
        value = "、".join(map(str, self.value)) if isinstance(self.value, tuple) else self.value
        meant = f"“{value}”" if isinstance(value, str) else f" {value}{self.unit}"
        return f"{quoted(self.typed)}理解为{meant}（{self.rule}）"


def quoted(raw: Any) -> str:
    """Return a raw value in Chinese quotation marks for a message: one line, shortened, personal values never shown."""
    if loses_digits(raw):
        return "（一个很长的数字，此处不显示）"
    if find_personal(raw):
        return shown(raw)
    return f"“{_within_a_line(as_text(raw))}”"


def named(code: Any) -> str:
    """Return a code or a name as a message says it: one line, shortened, personal values never shown."""
    return _within_a_line(shown(code))


def _within_a_line(text: str) -> str:
    return shorten(" ".join(visible(clean_prose(text)).split()), _LONGEST_QUOTE)


def shown(raw: Any) -> str:
    """Return a raw value as text that may be shown to anybody: itself, or what kind of personal data it holds."""
    kinds = find_personal(raw)
    return f"（内容含{'、'.join(kinds)}，此处不显示）" if kinds else as_text(raw)
