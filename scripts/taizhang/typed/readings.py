"""The result of reading a typed value, and how messages quote what was typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from taizhang.typed.personal import find_personal
from taizhang.typed.safe_text import visible
from taizhang.typed.text import as_text, clean_prose, loses_digits, printable, shorten

__all__ = ["Reading", "name_several", "named", "quote", "shown", "shown_text"]

Value = TypeVar("Value")
_LONGEST_QUOTE = 31


@dataclass(frozen=True, slots=True)
class Reading(Generic[Value]):
    """A typed value as understood: ``value``, or None if nothing was meant or there is a ``problem``.

    - ``typed`` is the raw value.
    - ``rule`` says how it was read; empty if the value is literally what was typed.
    - ``problem`` says what is wrong and the cure.
    - ``ambiguous`` holds the possible values if the person has to choose one.
    - ``unit`` is what the echo writes after the value (%, 元).
    - ``fault`` is the problem without the quoted value, for a sentence that already quotes it.
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
        """A Chinese sentence, typed value → understood value; None if nothing was interpreted."""
        if self.exact or self.problem:
            return None
        if self.value is None:
            return f"{quote(self.typed)}{self.rule}"
        value = "、".join(map(str, self.value)) if isinstance(self.value, tuple) else self.value
        meant = f"“{value}”" if isinstance(value, str) else f" {value}{self.unit}"
        return f"{quote(self.typed)}理解为{meant}（{self.rule}）"


def quote(raw: Any) -> str:
    """Return a raw value in Chinese quotation marks for a message: one line, shortened, personal data never shown."""
    if loses_digits(raw):
        return "（一个很长的数字，此处不显示）"
    if find_personal(raw):
        return shown(raw)
    return f"“{_shorten_to_line(as_text(raw))}”"


def named(code: Any) -> str:
    """Return a code or a name for a message: one line, shortened, personal data never shown."""
    return _shorten_to_line(shown(code))


def _shorten_to_line(text: str) -> str:
    return shorten(" ".join(visible(clean_prose(text)).split()), _LONGEST_QUOTE)


def shown(raw: Any) -> str:
    """Return a raw value as text that is safe to show: itself, or the kinds of personal data it contains."""
    kinds = find_personal(raw)
    return f"（内容含{'、'.join(kinds)}，此处不显示）" if kinds else as_text(raw)


def shown_text(raw: Any) -> str:
    """Return a raw value as a sheet or a document can hold it: safe to show, on its own, nothing unprintable."""
    return printable(shown(raw)).strip()


def name_several(names: Iterable[str], most: int = 3, counter: str = "个") -> str:
    """Return names in one clause, the first of many with their number: 甲、乙、丙等 5 个."""
    every = tuple(names)
    return "、".join(every[:most]) + (f"等 {len(every)} {counter}" if len(every) > most else "")
