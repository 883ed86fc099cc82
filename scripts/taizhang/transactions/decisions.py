"""Carrying out the rulings on conflicts in a completed 冲突裁决.xlsx.

``plan_rulings`` plans and writes nothing; ``apply_rulings`` writes in this order:

1. The lock is taken for all further steps, and every base that will be written is tested for access: a file that
   somebody has open stops the command before anything is written.
2. The ledger is written. The same journal entry records the hashes that the bases will have.
3. The bases store the rulings *after* the ledger holds them: a ruling stored in a base is not carried out again, so it
   must not be stored earlier. If a base fails, the ledger already holds the ruling, and the next run only stores it.

From step 2 on a failure raises PartlyDone.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from taizhang.history.bases import base_path, files_of
from taizhang.history.entries import Verb, command_text
from taizhang.history.locks import locked
from taizhang.history.signing import secret_of
from taizhang.history.write import require_unchanged, write_under_lock
from taizhang.ledger.layout import REPLIES_FOLDER
from taizhang.ledger.model import Ledger
from taizhang.merge.decisions import FILE_NAME, Rulings, plan_decisions
from taizhang.system.files import exists, refuse_held
from taizhang.transactions.errors import CannotRun, once_written
from taizhang.transactions.merge import keep_bases
from taizhang.workbook.reader import read_workbook

__all__ = ["apply_rulings", "plan_rulings"]

COMMAND = command_text(Verb.MERGE, "--decisions")


def plan_rulings(ledger: Ledger, path: Path) -> Rulings:
    """Plan the rulings in a completed 冲突裁决.xlsx.

    Raises CannotRun if the file is missing, naming those that exist.
    """
    if not exists(path):
        present = sorted(map(str, (ledger.path.parent / REPLIES_FOLDER).glob(f"*/{FILE_NAME}")))
        cure = (
            f"现有的在 {'、'.join(present)}。" if present else "现在没有要裁决的：有冲突时，汇总会在 回执/期次 里生成。"
        )
        raise CannotRun(f"找不到裁决表 {path}。{cure}")
    return plan_decisions(read_workbook(path), ledger, ledger.forms, secret_of(ledger.path))


def apply_rulings(ledger: Ledger, rulings: Rulings, now: datetime) -> str:
    """Write the rulings; return a notice to print beside the result, empty if there is none.

    If the ledger already holds all of them, only the bases are written.
    """
    path, sha256, bases = ledger.path, ledger.book.sha256, list(rulings.bases.values())
    if not rulings.changes:
        if bases:  # the ledger was written by an earlier run, the bases were not
            with locked(path, COMMAND):
                require_unchanged(path, sha256)
                keep_bases(path, bases, COMMAND, now)
        return ""
    with locked(path, COMMAND) as killed:
        refuse_held(base_path(path, base.period, base.issued_name) for base in bases)
        files = files_of(path, bases)
        notice = write_under_lock(
            path, sha256, rulings.edits, rulings.changes, command=COMMAND, now=now, killed=killed, files=files
        )
        with once_written([path.name], "留底"):
            keep_bases(path, bases, COMMAND, now)
    return notice
