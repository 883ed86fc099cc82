"""Checks of 〈核对〉: every row names a register, an indicator, conditions and a target that exist."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from taizhang.forms.register_names import PROOFS
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding
from taizhang.ledger.model import Ledger
from taizhang.supervision.proofs import all_proofs

__all__ = ["check_proof_rows"]


def check_proof_rows(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report what is wrong in 〈核对〉; a register that is not enabled yet is not wrong."""
    register = ledger.registers.get(PROOFS)
    for proof in all_proofs(ledger):
        for fault in proof.faults:
            assert register is not None
            place = register.place(proof.record, fault.key)
            yield Finding(place, Check.PROOF_ROW, f"{fault.problem}，", cure=fault.cure)
