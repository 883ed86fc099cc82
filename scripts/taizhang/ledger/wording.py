"""The words by which sentences are judged (``wording.toml``): vague words, products, what problems say of anything."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from taizhang.forms.grammar import FormError
from taizhang.forms.load import read_toml, templates_folder

__all__ = ["MeasureWords", "ProblemWords", "UpdateWords", "Wording", "load_wording", "standard_wording"]


@dataclass(frozen=True, slots=True)
class MeasureWords:
    """Words of measures: on which vague ones rest, products, acts, and what only looks like a number or a product."""

    vague: tuple[str, ...]
    products: tuple[str, ...]
    acts: tuple[str, ...]
    no_facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UpdateWords:
    """Words of reports of progress that say nothing, and those that join them."""

    vague: tuple[str, ...]
    joining: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProblemWords:
    """Words of problems: deficiencies, those at a clause's end, filler; common words; groups that mean the same.

    The first three do not say what a problem is about, and the common words say little of it.
    """

    deficient: tuple[str, ...]
    endings: tuple[str, ...]
    filler: tuple[str, ...]
    common: tuple[str, ...]
    same: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """The lists of words, by what they judge."""

    measure: MeasureWords
    update: UpdateWords
    problem: ProblemWords


_LISTS = {
    "measure": ("vague", "products", "acts", "no_facts"),
    "update": ("vague", "joining"),
    "problem": ("deficient", "endings", "filler", "common", "same"),
}
_GROUPS = frozenset({"same"})


@cache
def standard_wording() -> Wording:
    """Return the product's words."""
    return load_wording(templates_folder() / "wording.toml")


def load_wording(path: Path) -> Wording:
    """Read the lists of words; raises FormError if a list is missing, unknown or no list of texts."""
    table = read_toml(path)
    if set(table) != set(_LISTS):
        raise FormError(path, None, f"要写、也只能写 {'、'.join(f'[{name}]' for name in _LISTS)}，请改正。")
    for name, keys in _LISTS.items():
        if not isinstance(table[name], dict) or set(table[name]) != set(keys):
            raise FormError(path, None, f"[{name}] 里要写、也只能写 {'、'.join(keys)}，请改正。")
        for key in keys:
            if key in _GROUPS and not _is_list_of_groups(table[name][key]):
                raise FormError(path, None, f"[{name}] 的 {key} 要写成几组，每组方括号里至少两个引号里的文字，请改正。")
            if key not in _GROUPS and not _is_list(table[name][key]):
                raise FormError(path, None, f"[{name}] 的 {key} 要写成一列引号里的文字，请改正。")
    words: dict[str, dict[str, Any]] = {
        name: {key: tuple(map(tuple, table[name][key])) if key in _GROUPS else tuple(table[name][key]) for key in keys}
        for name, keys in _LISTS.items()
    }
    return Wording(MeasureWords(**words["measure"]), UpdateWords(**words["update"]), ProblemWords(**words["problem"]))


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) and each for each in value)


def _is_list_of_groups(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_list(each) and len(each) > 1 for each in value)
