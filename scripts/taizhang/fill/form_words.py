"""The words of superiors' forms (fill.toml): what only a form asks, which numbers, and which rows it wants."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from taizhang.adopt.fields import Field
from taizhang.forms.load import read_toml, templates_folder

__all__ = ["FormWords", "Worded", "form_words"]


@dataclass(frozen=True, slots=True)
class Worded:
    """Something that a form asks, with the pattern of the words that ask it."""

    name: str
    title: str
    words: re.Pattern[str]

    @property
    def field(self) -> Field:
        """What is asked, as a field of a column."""
        return Field(self.name, self.title)


@dataclass(frozen=True)
class FormWords:
    """The words of forms; see the head of fill.toml."""

    asked: tuple[Worded, ...]
    counts: tuple[Worded, ...]
    figures: tuple[Worded, ...]
    scopes: tuple[Worded, ...]
    objects: tuple[Worded, ...]
    number: re.Pattern[str]
    no_number: re.Pattern[str]
    yes: str
    no: str
    done: re.Pattern[str]
    yes_or_no: re.Pattern[str]
    one_row_a_problem: re.Pattern[str]

    @property
    def only_here(self) -> frozenset[str]:
        """The names of the fields that only a form has."""
        return frozenset(each.name for each in (*self.asked, *self.counts))


@cache
def form_words() -> FormWords:
    """Return the product's words of forms."""
    table = read_toml(templates_folder() / "fill.toml")

    def worded(kind: str, words: str) -> tuple[Worded, ...]:
        return tuple(Worded(each["name"], each["title"], re.compile(each[words])) for each in table[kind])

    heads = {name: re.compile(words) for name, words in table["heads"].items()}
    return FormWords(
        worded("asked", "heads"),
        worded("count", "heads"),
        worded("figure", "heads"),
        worded("scope", "words"),
        tuple(Worded(name, each["title"], re.compile(each["words"])) for name, each in table["objects"].items()),
        re.compile(table["number"]["ends"]),
        re.compile(table["number"]["words"]),
        table["answers"]["yes"],
        table["answers"]["no"],
        heads["done"],
        heads["yes_or_no"],
        heads["one_row_a_problem"],
    )
