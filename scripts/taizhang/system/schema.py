"""Schema numbers of the facts stored as JSON, and the migrations of earlier ones.

All facts are written with their schema number; facts without one date from before there were numbers and count as
schema 0. Reading migrates step by step, here and nowhere else, and leaves unknown keys alone. Facts with a higher
number than this version knows raise ``NewerSchema``: their meaning is not guessed.

A new key that may be missing needs no new number, since unknown keys are kept; a key that changes its meaning does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

__all__ = ["NEWER_CURE", "Kind", "NewerSchema", "add_schema_number", "migrate", "schema_of"]

NEWER_CURE = "请升级这台电脑上的程序，或到装了新版本的电脑上运行。"
"""What to do about facts that a newer version wrote."""

Facts = Mapping[str, Any]


class Kind(StrEnum):
    """Kinds of stored facts; in brackets, where they are stored."""

    LINE = "line"
    """A step of the ledger (a line of ``history/journal.jsonl``)."""
    HEAD = "head"
    """How far the journal had come (``history/.head``)."""
    HOLDER = "holder"
    """Who holds the lock (``history/.lock-owner.json``)."""
    BASE = "base"
    """What a department was issued for a period (``history/issued/PERIOD/DEPARTMENT.json``)."""
    ROSTER = "roster"
    """The departments to be issued a form for a period (``history/issued/PERIOD_应发部门.json``)."""
    FORM = "form"
    """Whose form an issued form is (its hidden sheet); the number is called ``version`` there."""
    EVIDENCE = "evidence"
    """What a close-out kept of its evidence files (``history/evidence/CLOSEOUT.json``)."""
    CASE = "case"
    """A conflict to be ruled on (hidden sheet of 冲突裁决.xlsx); the number is in a column beside the signed text."""


class NewerSchema(ValueError):
    """The facts have a schema that only a newer version knows; its text says so, without file and cure."""

    def __init__(self, kind: Kind, number: int) -> None:
        super().__init__(f"是更新的版本写的（格式 {number}，这一版程序只认到 {schema_of(kind)}）")


def _unchanged(facts: Facts) -> Facts:
    """Migrate nothing: schema 1 only added the number, and keys added later may be missing in either."""
    return facts


def _base_from_0(facts: Facts) -> Facts:
    """Migrate the first bases, which kept the SHA-256 of the last issued workbook only, as ``file``."""
    if not isinstance(facts.get("file"), str):
        return facts
    rest = {key: value for key, value in facts.items() if key != "file"}
    return {**rest, "files": facts.get("files") or [facts["file"]] * bool(facts["file"])}


STEPS: Mapping[Kind, tuple[Callable[[Facts], Facts], ...]] = {
    Kind.LINE: (_unchanged,),
    Kind.HEAD: (_unchanged,),
    Kind.HOLDER: (_unchanged,),
    Kind.BASE: (_base_from_0,),
    Kind.ROSTER: (_unchanged,),
    Kind.FORM: (_unchanged,),
    Kind.EVIDENCE: (_unchanged,),
    Kind.CASE: (_unchanged,),
}
"""For each kind, the migrations from schema 0 to 1, 1 to 2 and so on; its current number is how many there are."""


def schema_of(kind: Kind) -> int:
    """Return the schema number that this version writes for a kind."""
    return len(STEPS[kind])


def add_schema_number(kind: Kind, facts: Facts) -> dict[str, Any]:
    """Return facts as they are to be written, the schema number first."""
    return {"schema": schema_of(kind), **facts}


def migrate(kind: Kind, facts: Facts) -> dict[str, Any]:
    """Return stored facts migrated to the current schema, without the number; unknown keys are kept.

    Raises NewerSchema if only a newer version knows their schema, and ValueError if the number is not valid.
    """
    key = "version" if kind is Kind.FORM else "schema"
    number = facts.get(key, 0)
    if type(number) is not int or number < 0:
        raise ValueError(f"{key}: {number!r:.40}")
    if number > schema_of(kind):
        raise NewerSchema(kind, number)
    known: Facts = {name: value for name, value in facts.items() if name != key}
    for step in STEPS[kind][number:]:
        known = step(known)
    return dict(known)
