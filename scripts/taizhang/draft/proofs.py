"""Proposals of proofs: what the ledger can prove of a commitment, by its words (``templates/proofs.toml``)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from taizhang.draft.deadline_words import how_often
from taizhang.draft.values import DraftMeasure
from taizhang.forms.grammar import FormError, line_of
from taizhang.forms.load import read_toml, standard_forms, templates_folder
from taizhang.ledger.settings import Settings
from taizhang.ledger.vocabulary import PROPOSED_LINK, Operator, TaskKind
from taizhang.supervision.comparisons import read_comparison
from taizhang.typed.cycles import CycleKind
from taizhang.typed.text import clean_key

__all__ = ["Proposals", "load_proposals", "propose_carriers", "propose_proofs", "standard_proposals"]

UNSAID = "周期和次数原文没有写，请按实际定"
"""The note of a proposed proof whose cycle comes from the table."""

_TASK = "{task}"
_CLAUSE = re.compile("[,;]")


@dataclass(frozen=True, slots=True)
class Words:
    """What a commitment must say: one of each group, and none of ``without``; ``kinds`` empty means any kind.

    With ``ends``, one of its clauses must end so, and say all this by itself.
    """

    groups: tuple[tuple[str, ...], ...]
    without: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    kinds: tuple[TaskKind, ...] = ()

    def fit(self, measure: DraftMeasure) -> bool:
        """Whether a commitment says all this."""
        text = clean_key(measure.statement)
        clauses = [each for each in _CLAUSE.split(text) if each.endswith(self.ends)] if self.ends else [text]
        return (not self.kinds or measure.kind in self.kinds) and any(map(self._said_in, clauses))

    def _said_in(self, text: str) -> bool:
        said = all(any(word in text for word in group) for group in self.groups)
        return said and not any(word in text for word in self.without)


@dataclass(frozen=True, slots=True)
class Proposals:
    """The table: words with the proofs to propose (cells of 〈核对〉), and words of principles with their carriers."""

    proofs: tuple[tuple[Words, tuple[Mapping[str, str], ...]], ...]
    principles: tuple[tuple[Words, tuple[Words, ...]], ...]


@cache
def standard_proposals() -> Proposals:
    """Return the product's table."""
    return load_proposals(templates_folder() / "proofs.toml")


def load_proposals(path: Path) -> Proposals:
    """Read a table of proposals; raises FormError if one names a register, an indicator or a word that is not there."""
    table = read_toml(path)
    for kind in ("proposal", "principle"):
        for number, each in enumerate(table.get(kind, ())):
            if problem := _problem_of(each, proposes=kind == "proposal"):
                raise FormError(path, line_of(path, f"[[{kind}]]", number, f"[[{kind}]]"), problem)
    return Proposals(
        tuple((_words(each), tuple(each["proofs"])) for each in table.get("proposal", ())),
        tuple(
            (
                _words({**each, "kinds": [TaskKind.PRINCIPLE]}),
                tuple(Words((_split(word),)) for word in each["carried_by"]),
            )
            for each in table.get("principle", ())
        ),
    )


def _words(table: Mapping[str, Any]) -> Words:
    without, ends = (tuple(word for each in table.get(key, ()) for word in _split(each)) for key in ("without", "ends"))
    return Words(tuple(map(_split, table["words"])), without, ends, tuple(map(TaskKind, table.get("kinds", ()))))


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split("|"))


def _problem_of(table: Mapping[str, Any], *, proposes: bool) -> str:
    """Return what is wrong with an entry and the cure; empty if nothing is."""
    needed = ("words", "proofs" if proposes else "carried_by")
    optional = ("without", "ends", "kinds") if proposes else ("without",)
    if problem := _wrong_keys(table, needed, optional):
        return problem
    if wrong := [key for key in table if key != "proofs" and not all(isinstance(each, str) for each in table[key])]:
        return f"{wrong[0]} 要写成一列引号里的文字，请改正。"
    if unknown := [kind for kind in table.get("kinds", ()) if kind not in list(TaskKind)]:
        return f"kinds 里没有“{unknown[0]}”，可以写：{'、'.join(TaskKind)}。"
    for row in table.get("proofs", ()):
        if problem := _wrong_keys(
            row, ("register", "indicator", "operator", "target"), ("filter", "unit", "per", "note")
        ):
            return problem
        cells = {**row, "filter": row.get("filter", "").replace(_TASK, "RW-001")}
        found = read_comparison(cells, standard_forms(), Settings(), {})
        if found.faults:
            return f"{found.faults[0].problem}，{found.faults[0].cure}"
        if not found.operator or ("per" in row and not found.per):
            return f"比较要写 {'、'.join(Operator)}，每周期要写{'、'.join(CycleKind)}，请改正。"
    return ""


def _wrong_keys(table: Mapping[str, Any], needed: Sequence[str], optional: Sequence[str]) -> str:
    """Return which key is missing or not known; empty if all are right."""
    missing, unknown = (
        [key for key in needed if not table.get(key)],
        [key for key in table if key not in (*needed, *optional)],
    )
    if missing:
        return f"没有写 {missing[0]}，请补上。"
    return f"没有 {unknown[0]} 这种写法，请删去，或改成：{'、'.join((*needed, *optional))}。" if unknown else ""


def propose_proofs(measure: DraftMeasure, task: str, table: Proposals) -> list[dict[str, Any]]:
    """Return the rows of 〈核对〉 to propose for a commitment, without codes; principles have none.

    How often comes from the commitment's own words, else from the table; what is done once has no cycle.
    """
    if measure.kind == TaskKind.PRINCIPLE:
        return []
    rows = next((rows for words, rows in table.proofs if words.fit(measure)), ())
    kind, count = how_often(measure.statement, measure.deadline_words)
    found = []
    for row in rows:
        per, note, target = row.get("per"), row.get("note"), row["target"]
        if measure.kind == TaskKind.ONCE:
            per = None
        elif per and kind:
            per, target = kind, str(count or target)
        elif per:
            note = note or UNSAID
        cells = {**row, "filter": row.get("filter", "").replace(_TASK, task) or None}
        unit = "%" if target.endswith("%") else row.get("unit")
        cells |= {"task": task, "per": per, "target": target, "unit": unit, "note": note, "basis": PROPOSED_LINK}
        found.append(cells)
    return found


def propose_carriers(measures: Sequence[DraftMeasure], table: Proposals) -> Mapping[int, tuple[int, ...]]:
    """Return, for each principle that the table knows, the commitments that carry it, by index."""
    others = [n for n, each in enumerate(measures) if each.kind != TaskKind.PRINCIPLE]
    carrying: dict[tuple[Words, ...], tuple[int, ...]] = {(): ()}
    found = {}
    for number, measure in enumerate(measures):
        words = next((carriers for words, carriers in table.principles if words.fit(measure)), ())
        if words not in carrying:
            carrying[words] = tuple(n for n in others if any(each.fit(measures[n]) for each in words))
        if carrying[words]:
            found[number] = carrying[words]
    return found
