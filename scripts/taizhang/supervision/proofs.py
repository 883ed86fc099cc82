"""Proofs (〈核对〉): which figure of which register proves a task, one row for each.

The figure is computed by the register's own indicator, so that it cannot differ from the one on the register's sheet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import ceil

from taizhang.forms.conditions import Condition
from taizhang.forms.register_names import PROOFS
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.ledger.vocabulary import PROPOSED_LINK, Operator
from taizhang.supervision.comparisons import Comparison, read_comparison
from taizhang.supervision.indicators import occurrences_of
from taizhang.supervision.task_rows import by_task, code_of
from taizhang.typed.cycles import Cycle, CycleKind, cycle_of
from taizhang.typed.text import as_text, clean_key, is_blank

__all__ = [
    "Proof", "all_proofs", "count_proved", "cycle_proofs", "occurrences", "read_proofs", "required_by", "required_of",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Proof(Comparison):
    """One row of 〈核对〉.

    ``sheet`` and ``title`` name register and indicator, as written if they are unknown. ``proposed``: the office has
    not confirmed it, so it is shown and keeps no cycle. With ``faults``, or with ``missing`` columns (titles of cells
    that are blank or unreadable), it proves nothing.
    """

    record: Record
    code: str
    task: str
    sheet: str
    title: str
    proposed: bool
    missing: tuple[str, ...]

    @property
    def usable(self) -> bool:
        """Whether everything needed is written and understood."""
        return not self.faults and not self.missing


@lru_cache(maxsize=2)
def all_proofs(ledger: Ledger) -> tuple[Proof, ...]:
    """Return the rows of 〈核对〉 in sheet order; empty if the ledger has no such sheet."""
    register = ledger.registers.get(PROOFS)
    return tuple(_read(ledger, register, record) for record in register.records) if register else ()


@lru_cache(maxsize=2)
def read_proofs(ledger: Ledger) -> Mapping[str, tuple[Proof, ...]]:
    """Return the proofs of each task, by task code, in sheet order; wrong rows are among them."""
    return by_task(proof for proof in all_proofs(ledger) if proof.task)


def occurrences(ledger: Ledger, proof: Proof, as_of: date) -> Mapping[date, int]:
    """Return how many events count for a proof on each day, up to a day; empty if it counts no events."""
    register = ledger.registers.get(proof.form.name) if proof.form else None
    if register is None or proof.indicator is None or not proof.usable or not proof.counts_events:
        return {}
    return _occurrences(ledger, register.form.name, proof.indicator.title, proof.conditions, as_of)


@lru_cache(maxsize=64)
def _occurrences(
    ledger: Ledger, name: str, title: str, conditions: tuple[Condition, ...], as_of: date
) -> Mapping[date, int]:
    """Return what an indicator counts on each day; kept, because many duties are proved by the same rows."""
    register = ledger.registers[name]
    indicator = next(each for each in register.form.indicators if each.title == title)
    return occurrences_of(ledger, register, indicator, as_of, conditions)


def cycle_proofs(ledger: Ledger, task: str, kind: CycleKind) -> tuple[Proof, ...]:
    """Return the proofs by which a recurring task's cycles of a kind are kept: those that ask for at least so many.

    Not those that the office has not confirmed, nor those whose registers have no rows or lack the column with the day:
    what the department reports counts, until there are others.
    """
    return tuple(
        each
        for each in read_proofs(ledger).get(task, ())
        if each.per is kind and each.operator is Operator.AT_LEAST
        if each.usable and each.counts_events and each.form and not each.proposed
        if (register := ledger.registers.get(each.form.name)) and register.records
        if not each.day_column or each.day_column in register.columns
    )


def required_of(proof: Proof) -> int:
    """Return how many events a cycle needs by one proof; 1 if it asks for no number of times."""
    return ceil(proof.target) if proof.target else 1


def required_by(proofs: Sequence[Proof]) -> int | None:
    """Return how many events a cycle needs by the proofs of a duty; None if they ask for different numbers.

    Then what a cycle needs is all of it once: of each proof as many as that one asks for.
    """
    asked = {required_of(each) for each in proofs} or {1}
    return asked.pop() if len(asked) == 1 else None


def count_proved(ledger: Ledger, proofs: Sequence[Proof], kind: CycleKind, as_of: date) -> Mapping[Cycle, int]:
    """Return how many events prove each cycle of a kind, up to a day: of several proofs the least.

    If the proofs ask for different numbers, it is how many times all that they ask for was done.
    """
    alike = required_by(proofs) is not None
    counts = [(1 if alike else required_of(each), _count_by_cycle(ledger, each, kind, as_of)) for each in proofs]
    cycles = {cycle for _, each in counts for cycle in each}
    return {cycle: min(each[cycle] // number for number, each in counts) for cycle in cycles}


def _count_by_cycle(ledger: Ledger, proof: Proof, kind: CycleKind, as_of: date) -> Counter[Cycle]:
    counts: Counter[Cycle] = Counter()
    for day, number in occurrences(ledger, proof, as_of).items():
        counts[cycle_of(day, kind)] += number
    return counts


def _read(ledger: Ledger, register: Register, record: Record) -> Proof:
    codes = {name: each.by_code for name, each in ledger.registers.items()}
    found = read_comparison(record.cells, ledger.forms, ledger.settings, codes)
    form = register.form
    blank = {each.key for each in form.columns if each.required and is_blank(record.cells.get(each.key))}
    unread = {
        key
        for key, value in (("operator", found.operator), ("per", found.per))
        if not is_blank(record.cells.get(key)) and value is None
    }
    missing = blank | unread | (record.unread & form.by_key.keys())

    def words(key: str) -> str:
        return clean_key(as_text(record.cells.get(key)))

    return Proof(
        **vars(found),
        record=record,
        code=code_of(record),
        task=ledger.meaning(register, record, "task") or "",
        sheet=found.form.sheet if found.form else words("register"),
        title=found.indicator.title if found.indicator else words("indicator"),
        proposed=ledger.meaning(register, record, "basis") == PROPOSED_LINK,
        missing=tuple(column.title for column in form.columns if column.key in missing - {form.code_column.key}),
    )
