"""Writing the replies of a merge in 回执/期次: receipts, 冲突裁决.xlsx, 回收情况.xlsx.

Files that people have changed since are moved aside, never replaced.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from taizhang.history.signing import secret_of
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Severity
from taizhang.ledger.layout import REPLIES_FOLDER
from taizhang.ledger.model import Ledger
from taizhang.merge.decisions import FILE_NAME, open_cases
from taizhang.merge.intake import Intake
from taizhang.merge.returns import Returns
from taizhang.replies.decisions_sheet import conflict_workbook
from taizhang.replies.receipt_sheet import is_up_to_date, receipt_file
from taizhang.replies.receipts import TO_MEND, Receipt, receipt_of, refusal_of
from taizhang.replies.returns_sheet import returns_workbook
from taizhang.system.file_names import as_file_name, name_key
from taizhang.system.files import (
    StoreError,
    as_typed,
    command_on,
    move,
    remove_file,
    resolve_links,
    write_atomically,
)
from taizhang.system.refusals import reason_of
from taizhang.system.schema import NEWER_CURE, NewerSchema
from taizhang.system.worker import Worker
from taizhang.workbook.properties import core_of, saved_by_us
from taizhang.workbook.reader import Unreadable, Workbook, read_workbook

__all__ = ["Ready", "Reply", "prepare_receipts", "replaced", "write_replies"]

RETURNS_NAME = "回收情况.xlsx"
UNKNOWN_PERIOD = "期次不明"
KEPT_FOLDER = "以前的"


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: path, and a short text what it is, or, if ``refused``, why it could not be written."""

    path: Path
    what: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Ready:
    """A receipt not written yet, with its workbook, and why the department's file could not be marked (else empty)."""

    receipt: Receipt
    workbook: bytes
    unmarked: str


def prepare_receipts(ledger: Ledger, intake: Intake, now: datetime) -> list[Ready]:
    """Make the receipts of a planned merge, except those that would say nothing new. Writes nothing.

    Foreign files are opened and marked, which may take long, so call it before the lock is taken.
    """
    ready = []
    with Worker() as worker:
        for receipt, returned in _make_receipts(intake):
            if not (
                receipt.period
                and is_up_to_date(receipt, returned, _reply_folder(ledger, receipt.period) / receipt.name)
            ):
                ready.append(Ready(receipt, *receipt_file(receipt, returned, now, worker)))
    return ready


def _reply_folder(ledger: Ledger, period: str) -> Path:
    return ledger.path.parent / REPLIES_FOLDER / as_file_name(period or UNKNOWN_PERIOD)


def replaced(ledger: Ledger, intake: Intake, returns: Sequence[Returns], receipts: Sequence[Ready]) -> list[Path]:
    """Return the paths that ``write_replies`` may write or remove, so that they can be tried before any write."""
    found = [_reply_folder(ledger, period) / FILE_NAME for period in intake.periods]
    found += [_reply_folder(ledger, each.period) / RETURNS_NAME for each in returns]
    for receipt in (each.receipt for each in receipts):
        found += [_reply_folder(ledger, receipt.period) / name for name in receipt.names + receipt.former_names]
    inputs = {_file_key(path) for path in intake.inputs}
    return [path for path in found if _file_key(path) not in inputs]


def write_replies(
    ledger: Ledger, intake: Intake, returns: Sequence[Returns], now: datetime, receipts: Sequence[Ready]
) -> Iterator[Reply]:
    """Write the receipts, conflicts and returns of a finished merge; yield a Reply after each file.

    A file that cannot be written does not stop the others.
    """
    used = {_file_key(path) for path in intake.inputs}
    for each in receipts:
        yield from _write_receipt(_reply_folder(ledger, each.receipt.period), each, used, now)
    for period in intake.periods:
        yield from _write_conflicts(ledger, intake, period, used, now)
    for returned in returns:
        path = _reply_folder(ledger, returned.period) / RETURNS_NAME
        yield from _replace(path, returns_workbook(returned, now), returned.summary, used, now)


def _write_receipt(home: Path, ready: Ready, used: set[tuple[Path, str]], now: datetime) -> Iterator[Reply]:
    """Write a receipt into the folder ``home`` and remove earlier ones for the same file; add its path to ``used``."""
    receipt = ready.receipt
    path = _free_name(home / receipt.name, used)
    replies = _replace(path, ready.workbook, _describe(receipt, ready.unmarked), used, now)
    yield from replies
    used.add(_file_key(path))
    if not replies[-1].refused:
        for name in receipt.names + receipt.former_names:
            yield from _remove_outdated(home / name, used, now)


def _write_conflicts(
    ledger: Ledger, intake: Intake, period: str, used: Collection[tuple[Path, str]], now: datetime
) -> Iterator[Reply]:
    """Write 冲突裁决.xlsx of a period, with open cases of departments that returned nothing now; remove it if empty."""
    plans = [plan for plan in intake.plans if plan.base.period == period]
    conflicts = [(period, conflict, plan.totals.file) for plan in plans for conflict in plan.conflicts]
    path = _reply_folder(ledger, period) / FILE_NAME
    secret, earlier = secret_of(ledger.path), _read_earlier(path)
    if earlier:
        waiting = [plan.base.department for plan in plans if plan.submission is None]
        try:
            conflicts += open_cases(earlier, ledger, ledger.forms, secret, waiting)
        except NewerSchema as error:
            yield Reply(path, f"{path.name} {error}，没有动它。{NEWER_CURE}", refused=True)
            return
    if conflicts:
        decide = command_on(ledger.path, f"merge --decisions {as_typed(path)}")
        workbook = conflict_workbook(conflicts, ledger, secret, now, decide, earlier)
        what = f"{len(conflicts)} 格要裁决，填好后运行 {decide}"
        yield from _replace(path, workbook, what, used, now)
    else:
        yield from _remove_outdated(path, used, now)


def _replace(path: Path, workbook: bytes, what: str, used: Collection[tuple[Path, str]], now: datetime) -> list[Reply]:
    """Write a file, replacing that of an earlier merge; return what was done, or why it failed."""
    replies = []
    try:
        if not (path.exists() and saved_by_us(core_of(path))):
            replies += _make_room(path, used, now)
        write_atomically(path, workbook)
    except OSError as error:
        return [*replies, Reply(path, f"{path.name} 没有写成：{reason_of(error)}，处理后请重新运行。", refused=True)]
    except StoreError as error:
        return [*replies, Reply(path, str(error), refused=True)]
    return [*replies, Reply(path, what)]


def _remove_outdated(path: Path, used: Collection[tuple[Path, str]], now: datetime) -> list[Reply]:
    """Remove a file of an earlier merge that this one does not write; return what was moved aside, or why it failed."""
    try:
        return [*_make_room(path, used, now)]
    except OSError as error:
        return [
            Reply(
                path,
                f"{path.name} 是上一次的，已经过时，却拿不走：{reason_of(error)}，处理后请重新运行。",
                refused=True,
            )
        ]


def _read_earlier(path: Path) -> Workbook | None:
    """Return the conflict workbook of an earlier merge; None if there is none or it cannot be read."""
    try:
        return read_workbook(path) if path.exists() else None
    except Unreadable:
        return None


def _make_receipts(intake: Intake) -> Iterator[tuple[Receipt, Workbook | None]]:
    for plan in intake.plans:
        receipt = receipt_of(plan)
        if receipt and plan.submission:
            yield receipt, plan.submission.book
    for refused in intake.refused:
        if all(each.check != Check.NAME_CLASH for each in refused.findings):  # for the office alone to mend
            yield refusal_of(refused.path, refused.period, refused.findings, refused.department), None


def _describe(receipt: Receipt, unmarked: str) -> str:
    if not receipt.to_mend:
        return "已采用"
    spots = sum(len(cause.findings) for cause in receipt.causes if cause.severity is Severity.ERROR)
    marked = f"没能在原表上标注：{unmarked}" if unmarked and receipt.totals else "标在原表上"
    if receipt.totals is None:
        return "没有采用，说明了原因"
    return f"要改 {spots} 处，{marked}" if spots else f"缺 {receipt.totals.missing} 行，{marked}"


def _file_key(path: Path) -> tuple[Path, str]:
    """Return a key that is equal for paths that are the same file on some system, e.g. one that ignores case."""
    return resolve_links(path.parent), name_key(path.name)


def _free_name(path: Path, used: Collection[tuple[Path, str]]) -> Path:
    """Return a path neither read nor written by this merge: 财务处_请修改.xlsx, 财务处_请修改_2.xlsx."""
    number, free = 1, path
    while _file_key(free) in used:
        number += 1
        free = path.with_stem(f"{path.stem}_{number}")
    return free


def _make_room(path: Path, used: Collection[tuple[Path, str]], now: datetime) -> Iterator[Reply]:
    """Remove the file of an earlier merge; move it aside and report it if somebody has saved it since."""
    if _file_key(path) in used or not path.exists():
        return
    if saved_by_us(core_of(path)):
        remove_file(path)
        return
    aside = path.parent / KEPT_FOLDER / f"{path.stem}_{now:%Y%m%d-%H%M%S}{path.suffix}"
    aside.parent.mkdir(exist_ok=True)
    move(path, aside)
    filled = TO_MEND in path.stem
    cure = "。如果是部门在里面改好的，请把它放到 报送 再汇总" if filled else ""
    yield Reply(aside, f"上次生成后有人改过，没有盖掉，移到这里{cure}")
