"""Fields: what a column of a bureau's own table can hold, and the words of heads and cells that say it (adopt.toml)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from taizhang.draft.tables import head_kind
from taizhang.forms.load import read_toml, templates_folder
from taizhang.ledger.vocabulary import Status
from taizhang.typed.text import clean_key, head_key

__all__ = ["CONTENT", "NOT_WRITTEN", "OWN", "Field", "Words", "standard_words", "word_lists"]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a column can hold: its name, its title for people, and the ledger's register and column key.

    ``register`` and ``key`` are empty if the cells are read in another way.
    """

    name: str
    title: str
    register: str = ""
    key: str = ""
    heads: tuple[str, ...] = ()


OWN = Field("own", "另列")
"""The field of a column that is kept as a column of the office's own, right of the register's."""

NOT_WRITTEN = Field("not_written", "不写入")
"""The field of a column whose cells are named and not written."""


_NOT_DONE = re.compile("未.{1,8}原因|[逾延超]期|滞后")
"""Heads of reasons why something is not done, which are no causes of the problem: 未整改原因, 逾期原因."""

CONTENT = frozenset({"problem", "statement", "detail"})
"""The fields of which a table of problems and measures has one at least."""

_AT_THE_END = ("number", "person", "contact")
"""The fields of heads that say at their end what they are, whatever they are of."""

_ASKS, _ASKED = "是否", ("status", "closed")
"""How heads begin that ask for yes or no, and the fields of those that are known: 是否共性问题 is no problem."""

_SEVERAL = re.compile("[及和与、/]")

_KINDS = {
    "problem": "problem",
    "cause": "cause",
    "measure": "statement",
    "owner": "department",
    "supporting": "supporting",
    "leader": "leader",
    "deadline": "deadline",
    "standard": "standard",
    "state": "update",
}
"""The fields by the kinds of columns that drafts know."""

RESPONSIBLE = ("leader", "department", "supporting")
"""The fields of those who are responsible."""


@dataclass(frozen=True)
class Words:
    """The fields by name, and the words of cells: status words → status, and what yes and no look like.

    ``others`` are words of heads that name who looks on, not who is responsible (验收人). ``marks`` are marks of
    departments, with "lead" or "help"; ``roles`` words that say which.
    """

    fields: Mapping[str, Field]
    statuses: Mapping[str, Status]
    yes: frozenset[str]
    no: frozenset[str]
    others: tuple[str, ...] = ()
    marks: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_title(self) -> Mapping[str, Field]:
        """The fields by their titles, as the file of the mapping names them."""
        return {each.title: each for each in (*self.fields.values(), OWN, NOT_WRITTEN)}

    @cached_property
    def _by_head(self) -> Mapping[str, Field]:
        return {head_key(word): each for each in self.fields.values() for word in each.heads}

    def is_head(self, text: str) -> bool:
        """Whether a text is exactly one of the heads."""
        return head_key(text) in self._by_head

    def field_of(self, head: str) -> Field | None:
        """Return the field that a head means; None if it has none of the words.

        A head with several of them means the one with the longest, of equal ones the last: 市局反馈的存在问题 is a
        problem, 问题根源 a cause. One that ends with a number or a person is that (整改任务编号, 责任部门负责人),
        unless it is the number of something unknown (文件编号). One of departments that lead and that help is of both,
        the first of them leads.
        """
        key = head_key(head)
        if found := self._by_head.get(key):
            return found
        within = [word for word in self._by_head if len(word) > 1 and word in key]
        if all(self._by_head[word].name == "number" for word in within) or key.startswith(_ASKS):
            within = [word for word in within if self._by_head[word].name in _ASKED]
        if not within:
            return None
        ends = [word for word in within if key.endswith(word) and self._by_head[word].name in _AT_THE_END]
        names = {self._by_head[word].name for word in within}
        if _SEVERAL.search(key) and names >= {"department", "supporting"}:
            return self.fields["department"]
        among = within if _SEVERAL.search(key) else ends or within
        found = self._by_head[max(among, key=lambda word: (len(word), key.rfind(word)))]
        if found.name == "cause" and _NOT_DONE.search(key):
            return self.fields["obstacle"]
        return None if found.name in RESPONSIBLE and self.looks_on(key) else found

    def loosely(self, head: str) -> Field | None:
        """Return the field that a head means, by the words of drafts, too: 谁来改, 什么时候改完.

        For heads alone: what stands below them may have such words as well.
        """
        found = self.field_of(head)
        key = head_key(head)
        name = "" if found or self.looks_on(key) or key.startswith(_ASKS) else _KINDS.get(head_kind(head), "")
        return self.fields[name] if name else found

    def role_of(self, word: str) -> str:
        """Return what departments do of which a word is said: "lead", "help" or nothing."""
        return self.roles.get(word, "")

    def looks_on(self, head: str) -> bool:
        """Whether a head names who looks on, not who is responsible: 验收人, 督办单位."""
        return any(word in head for word in self.others)


@cache
def _table() -> Mapping[str, Any]:
    return read_toml(templates_folder() / "adopt.toml")


def word_lists(section: str) -> Mapping[str, Sequence[str]]:
    """Return the lists of words of a section of the product's table."""
    return _table()[section]


@cache
def standard_words() -> Words:
    """Return the product's table."""
    table = _table()
    fields = {each["name"]: _field(each) for each in table["field"]}
    statuses = {clean_key(word): Status(status) for status, words in table["statuses"].items() for word in words}
    ticks = {name: frozenset(clean_key(word).lower() for word in words) for name, words in table["ticks"].items()}
    marks = {clean_key(mark): role for role, each in table["marks"].items() for mark in each}
    roles = {word: role for role, each in (("lead", "leads"), ("help", "helps")) for word in table["owners"][each]}
    return Words(fields, statuses, ticks["yes"], ticks["no"], tuple(table["others"]["heads"]), marks, roles)


def _field(table: Mapping[str, Any]) -> Field:
    register, _, key = table.get("to", "").partition(".")
    return Field(table["name"], table["title"], register, key, tuple(table["heads"]))
