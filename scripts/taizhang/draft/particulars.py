"""What a report says of measures beside what is to be done: who, when, to what standard, how far."""

from __future__ import annotations

from dataclasses import dataclass

from taizhang.draft.owners import merge_owners
from taizhang.draft.values import NO_OWNERS, Owners
from taizhang.ledger.vocabulary import Status

__all__ = ["EDGE", "NOTHING", "Particulars", "join"]

EDGE = "，,、；;。 　\t*"
"""Marks around the words of one."""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What ``text[start:end]`` says of measures: owners, deadline, standard and state.

    ``other`` are the heads of fields that the ledger has no column for (督办领导, 备注), ``fields`` the kind and the
    value of the others.
    """

    start: int = 0
    end: int = 0
    owners: Owners = NO_OWNERS
    deadline_words: str = ""
    standard: str = ""
    status: Status | None = None
    other: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()


NOTHING = Particulars()


def join(first: Particulars, second: Particulars) -> Particulars:
    """Return what either says; the first goes before."""
    return Particulars(
        first.start,
        second.end,
        merge_owners(first.owners, second.owners, joined=True),
        first.deadline_words or second.deadline_words,
        first.standard or second.standard,
        first.status or second.status,
        (*first.other, *second.other),
        (*first.fields, *second.fields),
    )
