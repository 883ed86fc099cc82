"""Merging returned workbooks into the ledger.

``plan_merge`` writes nothing; ``apply_merge`` writes a confirmed plan in this order:

1. The receipts are made in memory: this opens and marks the returned files, which takes long, so it precedes the lock.
2. The lock is taken for all further steps: of two merges at the same time the second waits, and is refused if its plan
   is outdated by then.
3. Every file that will be written is tested for access, the ledger first: a file that somebody has open stops the merge
   before anything is written.
4. The codes given to new rows are saved in the bases *before* the ledger holds them: otherwise, if a base could not be
   saved afterwards, the next merge would add the rows a second time.
5. The ledger is written. The same journal entry records the hashes that the bases will have, so that the old bases left
   by a killed merge do not count as tampering.
6. The bases record the merged cells and the version received *after* the ledger holds them: a base must not claim that
   a cell was taken which never arrived.
7. The replies come last, since they report what was done; one that cannot be written does not stop the others.

From step 5 on a failure raises PartlyDone, which names what is written and what is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from taizhang.history.bases import Base, base_path, files_of, save_base
from taizhang.history.entries import Change, Verb, command_text
from taizhang.history.hashed_files import hash_written
from taizhang.history.journal import key_of_record, register_files
from taizhang.history.key import KEY_LOST
from taizhang.history.locks import Holder, locked
from taizhang.history.signing import key_is_lost
from taizhang.history.write import require_unchanged, require_writable, write_under_lock
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity, sort_findings
from taizhang.ledger.layout import RETURNED_FOLDER
from taizhang.ledger.model import Ledger
from taizhang.merge.intake import Intake, take_in
from taizhang.merge.plan import Conflict, Totals
from taizhang.merge.returns import Returns, note_return, returns_of
from taizhang.replies.write import Ready, Reply, prepare_receipts, replaced, write_replies
from taizhang.splice import Edit, patch
from taizhang.system.files import history_folder, refuse_held
from taizhang.transactions.errors import CannotRun, once_written
from taizhang.transactions.opening import period_of, refuse_broken, refuse_shared_period, reporter_of

__all__ = [
    "LedgerWritten",
    "MergePlan",
    "Merged",
    "apply_merge",
    "check_before_asking",
    "keep_bases",
    "plan_merge",
    "try_out",
]

NAMED = 3
"""The number of names and reasons that a message lists; the others are only counted."""


@dataclass(frozen=True, eq=False)
class MergePlan:
    """The plan of merging all returned files into ``ledger``; nothing is written.

    ``intake`` has a plan for each department, ``returns`` the state of each department's return after the merge.
    """

    ledger: Ledger
    intake: Intake
    returns: tuple[Returns, ...]

    @cached_property
    def edits(self) -> tuple[Edit, ...]:
        """The edits of the ledger."""
        return tuple(edit for plan in self.intake.plans for edit in plan.edits)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every changed cell, with its old and new value and its source file."""
        return tuple(change for plan in self.intake.plans for change in plan.changes)

    @cached_property
    def totals(self) -> tuple[Totals, ...]:
        """The control totals of each department: every issued row is accounted for."""
        return tuple(plan.totals for plan in self.intake.plans)

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Every cell that both the ledger and a department changed, differently: the ledger keeps its value."""
        return tuple(conflict for plan in self.intake.plans for conflict in plan.conflicts)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The findings on the files and their contents, sorted by place."""
        return tuple(sort_findings(self.intake.findings))

    @property
    def needs_a_person(self) -> bool:
        """Whether any finding is more than a hint."""
        return any(each.severity is not Severity.HINT for each in self.findings)


@dataclass(frozen=True, slots=True)
class LedgerWritten:
    """A written ledger: the number of cells, and a notice to print beside the result (empty if there is none)."""

    path: Path
    cells: int
    notice: str


@dataclass(frozen=True, slots=True)
class Merged:
    """A completed merge: the ledger (None if there was nothing to write), and each reply, written or refused."""

    ledger: LedgerWritten | None
    replies: tuple[Reply, ...]

    @property
    def left(self) -> str:
        """A sentence on the replies that could not be written and the files that were; empty if all were."""
        refused = [each.what for each in self.replies if each.refused]
        if not refused:
            return ""
        done = [*_name_written(self.ledger), "留底", *(each.path.name for each in self.replies if not each.refused)]
        written = "、".join(done if len(done) <= 2 + NAMED else [*done[:2], f"其他 {len(done) - 2} 份"])
        return f"{written} 已写好；回执、裁决表或回收情况没有写全：{first_reasons(refused)}"


def _name_written(ledger: LedgerWritten | None) -> list[str]:
    return [f"{ledger.path.name} 的 {ledger.cells} 处改动"] if ledger else []


def first_reasons(reasons: Sequence[str]) -> str:
    """Return the reasons why replies could not be written, the first few only: on a full disk there are many."""
    more = len(reasons) - NAMED
    return "".join(reasons if more <= 0 else [*reasons[:NAMED], f"另外 {more} 份也没有写成。"])


def plan_merge(
    ledger: Ledger,
    sources: Sequence[Path] = (),
    *,
    period: str | None = None,
    vouched: str | None = None,
    everything: bool = False,
) -> MergePlan:
    """Read the returned files in ``sources`` and plan their merge.

    ``sources`` are files or folders, by default 报送 beside the ledger. ``period`` restricts the merge to one period,
    ``everything`` reads the files of all periods again; by default the period issued last is merged, and new files of
    others. ``vouched`` is the department that the office vouches for, with ``period``, if a file has lost its
    identity.

    Raises CannotRun if there is nothing to merge, or if not every issued row is accounted for.
    """
    refuse_broken(ledger)
    if vouched and not period:
        raise CannotRun("用 --as 认定部门时，请同时用 --period 写明是哪一期。")
    usual = ledger.path.parent / RETURNED_FOLDER
    if not sources and not usual.exists():
        raise CannotRun(
            f"还没有 {usual} 这个文件夹。请新建它，把部门报来的表放进去再运行；"
            "放在别处的，把文件夹写在 taizhang merge 后面。"
        )
    sources = sources or (usual,)
    if missing := [path for path in sources if not path.exists()]:
        raise CannotRun(f"找不到 {missing[0]}，请核对报来的表放在哪里。")
    vouched = _resolve_vouched(ledger, vouched)
    if period:
        period_of(ledger, period)
    intake = take_in(ledger, ledger.forms, sources, vouched, period, everything=everything)
    if not intake.inputs:
        beside = "".join(each.message for each in intake.remarks if each.check == Check.OTHER_FILE)
        raise CannotRun(f"{'、'.join(map(str, sources))} 里没有报来的表，请核对放在哪个文件夹。{beside}")
    for each in intake.periods:
        refuse_shared_period(ledger, each)
    _refuse_unread(ledger, intake)
    if unbalanced := [plan.base.department for plan in intake.plans if not plan.totals.closes]:
        raise CannotRun(
            f"{'、'.join(unbalanced)} 的行数对不上账，没有写台账。请把报来的表和留底一起保存好，联系维护人员。"
        )
    return MergePlan(ledger, intake, tuple(_plan_returns(ledger, intake)))


def _resolve_vouched(ledger: Ledger, name: str | None) -> str | None:
    """Return the reporter that the office vouches for.

    Raises CannotRun if 参数 has none of this name, or if the key is lost.
    """
    if not name:
        return name
    reporter = reporter_of(ledger, name)
    if key_is_lost(ledger.path):  # conflicts could not be signed
        raise CannotRun(f"{KEY_LOST}；确实找不回来的，先用 taizhang issue --again 重新下发。")
    return reporter.name


def _refuse_unread(ledger: Ledger, intake: Intake) -> None:
    """Raise CannotRun if rows were returned of a register that the ledger no longer has."""
    forms = ledger.forms
    unread = {
        name
        for plan in intake.plans
        for name, rows in plan.base.rows_of(plan.issue).items()
        if plan.submission and (rows or plan.base.spare.get(name)) and name not in ledger.registers
    }
    if unread:
        sheets = "〉〈".join(forms[name].sheet for name in sorted(unread & {*forms}))
        raise CannotRun(
            f"〈{sheets}〉下发过，台账里现在读不到，报来的没处放。请恢复它的表名和表头再汇总；什么都没有写。"
        )


def _plan_returns(ledger: Ledger, intake: Intake) -> list[Returns]:
    return [
        returns_of(
            period,
            intake.plans,
            {each.path: each.department for each in intake.refused if each.period == period and not each.silent},
            ledger.settings,
            [department for name, department in intake.unissued if name == period],
            [each for each in intake.waiting if each.period == period],
            {each.department: each.path for each in intake.refused if each.period == period and each.silent},
            ledger.dissolved,
        )
        for period in intake.periods
    ]


def try_out(ledger: Ledger, edits: Sequence[Edit]) -> None:
    """Make the edits in memory; raises Refused if they cannot be written safely, before anybody confirms the plan."""
    patch(ledger.book.data, edits)


def check_before_asking(plan: MergePlan) -> None:
    """Raise Refused or CannotRun if the plan cannot be written.

    ``apply_merge`` would find the same, but nobody should read and confirm a plan that is refused afterwards.
    """
    try_out(plan.ledger, plan.edits)
    _refuse_lost_key(plan.ledger)


def _refuse_lost_key(ledger: Ledger) -> None:
    """Raise CannotRun if the office's key is lost: then every file is refused, through no fault of the departments."""
    if key_is_lost(ledger.path):
        raise CannotRun(f"{KEY_LOST}。台账没有动，也没有写回执。")


def _ignore(_: LedgerWritten | Reply) -> None:
    """The default for ``progress``: do nothing."""


def apply_merge(plan: MergePlan, now: datetime, progress: Callable[[LedgerWritten | Reply], None] = _ignore) -> Merged:
    """Write a merge: the ledger, the bases, and the replies; ``progress`` is called with each once it is written.

    Raises CannotRun, StoreError or Refused if nothing was written, PartlyDone if the ledger or a base was written but
    another base, or a required reply, was not. Replies that the system refuses are in ``Merged.left``.
    """
    _refuse_lost_key(plan.ledger)
    ledger, command = plan.ledger.path, _command(plan.intake)
    receipts = prepare_receipts(plan.ledger, plan.intake, now)
    with locked(ledger, command) as killed:
        _test_access(plan, receipts)
        written, bases = _write_ledger(plan, command, now, killed)
        if written:
            progress(written)
        done = _name_written(written)
        with once_written(done or ["一部分留底"], "留底和回执"):
            keep_bases(ledger, bases, command, now)
        done.append("留底")
        replies = []
        with once_written(done, "回执、裁决表或回收情况"):
            for reply in write_replies(plan.ledger, plan.intake, plan.returns, now, receipts):
                progress(reply)
                replies.append(reply)
                done += [] if reply.refused else [reply.path.name]
    return Merged(written, tuple(replies))


def _command(intake: Intake) -> str:
    """Return the journal's name of a merge, with each department that the office vouched for."""
    vouched = [plan.base.department for plan in intake.plans if plan.submission and plan.submission.vouched]
    return command_text(Verb.MERGE, *(f"--as {department}" for department in vouched))


def _test_access(plan: MergePlan, receipts: Sequence[Ready]) -> None:
    """Raise StoreError if a file that the merge will write cannot be written now, or if the ledger has changed."""
    ledger = plan.ledger.path
    (require_writable if plan.edits else require_unchanged)(ledger, plan.ledger.book.sha256)
    learning = [each.base for each in plan.intake.plans if each.submission]
    bases = [base_path(ledger, base.period, base.issued_name) for base in learning]
    refuse_held([*bases, *replaced(plan.ledger, plan.intake, plan.returns, receipts)])


def _write_ledger(
    plan: MergePlan, command: str, now: datetime, killed: Holder | None
) -> tuple[LedgerWritten | None, list[Base]]:
    """Write the ledger if anything in it changes; return that, and the updated bases, which are not saved yet."""
    ledger = plan.ledger.path
    if not plan.edits:
        key_of_record(history_folder(ledger))
        return None, _update_bases(plan.intake, now)
    _keep_codes(ledger, plan.intake)
    bases = _update_bases(plan.intake, now)
    notice = write_under_lock(
        ledger,
        plan.ledger.book.sha256,
        plan.edits,
        plan.changes,
        command=command,
        now=now,
        killed=killed,
        files=files_of(ledger, bases),
    )
    return LedgerWritten(ledger, len(plan.changes), notice), bases


def _keep_codes(ledger: Path, intake: Intake) -> None:
    """Save in the bases the codes given to new rows, and nothing else."""
    for plan in intake.plans:
        if plan.news.assigned:
            plan.base.assigned.update(plan.news.assigned)
            plan.base.added.update(plan.news.added)
            save_base(ledger, plan.base)


def _update_bases(intake: Intake, now: datetime) -> list[Base]:
    """Update and return the bases: the cells taken, so that no file is merged twice, and the versions received."""
    learnt = []
    for plan in intake.plans:
        base, news = plan.base, plan.news
        base.outdone = list(dict.fromkeys((*base.outdone, *plan.outdone)))
        if plan.submission is None:
            if plan.outdone:
                learnt.append(base)
            continue
        for code, cells in news.taken.items():
            base.taken_of(plan.issue).setdefault(code, {}).update(cells)
        base.said = list(dict.fromkeys((*base.said, *plan.said)))
        base.said_registers = list(dict.fromkeys((*base.said_registers, *plan.said_registers)))
        note_return(base, plan, now)
        learnt.append(base)
    return learnt


def keep_bases(ledger: Path, bases: Sequence[Base], command: str, now: datetime) -> None:
    """Save bases, and journal those whose hashes the journal does not have yet."""
    for base in bases:
        save_base(ledger, base)
    register_files(history_folder(ledger), command, now, hash_written(history_folder(ledger)))
