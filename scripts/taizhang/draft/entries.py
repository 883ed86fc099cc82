"""Proposals of a problem's entry point (切入点), by the report's lead-in sentence and a table (``entries.toml``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from taizhang.draft.values import DraftProblem
from taizhang.forms.grammar import FormError, line_of
from taizhang.forms.load import read_toml, standard_forms, templates_folder
from taizhang.forms.register_names import PROBLEMS

__all__ = ["EntryWords", "leads_in", "load_entries", "propose_entries", "standard_entries"]

_LEAD = re.compile(r"从([^，,。；;：:、]{2,30}?)(?:入手|着手|切入|抓起|改起|做起)")
_KEYS = ("name", "said", "words")


@dataclass(frozen=True, slots=True)
class EntryWords:
    """One entry point: how a lead-in sentence names it, and the words of the problems that belong to it."""

    name: str
    said: tuple[str, ...]
    words: tuple[str, ...]


def leads_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the parts of the first lead-in sentence (从甲入手，从乙入手): what stands between 从 and 入手.

    One part alone is no lead-in. Empty if no text has one.
    """
    found = (tuple(_LEAD.findall(sentence)) for text in texts for sentence in text.split("。"))
    return next((parts for parts in found if len(parts) > 1), ())


@cache
def standard_entries() -> tuple[EntryWords, ...]:
    """Return the product's table."""
    return load_entries(templates_folder() / "entries.toml")


def load_entries(path: Path) -> tuple[EntryWords, ...]:
    """Read a table of entry points; raises FormError if one is wrong or no choice of the form."""
    table = read_toml(path)
    for number, each in enumerate(table.get("entry", ())):
        if problem := _problem_of(each):
            raise FormError(path, line_of(path, "[[entry]]", number, "[[entry]]"), problem)
    return tuple(EntryWords(each["name"], tuple(each["said"]), tuple(each["words"])) for each in table.get("entry", ()))


def _problem_of(table: Mapping[str, Any]) -> str:
    """Return what is wrong with an entry and the cure; empty if nothing is."""
    if set(table) != set(_KEYS):
        return f"要写、也只能写 {'、'.join(_KEYS)}，请改正。"
    if not all(isinstance(table[key], list) and table[key] and all(map(_is_text, table[key])) for key in _KEYS[1:]):
        return "said 和 words 都要写成一列引号里的文字，请改正。"
    choices = standard_forms()[PROBLEMS].column("entry").choices
    return "" if table["name"] in choices else f"切入点没有“{table['name']}”，可以写：{'、'.join(choices)}。"


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def propose_entries(
    problems: Sequence[DraftProblem], leads: Sequence[str], table: Sequence[EntryWords]
) -> Iterator[tuple[int, str, str]]:
    """Yield (index of a problem, its entry point, the word that says so) where the words allow exactly one.

    Only entry points that the lead-in sentence names are proposed.
    """
    named = [each for each in table if any(word in lead for lead in leads for word in each.said)]
    for number, problem in enumerate(problems):
        fits = [(each.name, word) for each in named if (word := _first(each.words, problem.title))]
        if len(fits) == 1:
            yield number, *fits[0]


def _first(words: Iterable[str], text: str) -> str:
    return next((word for word in words if word in text), "")
