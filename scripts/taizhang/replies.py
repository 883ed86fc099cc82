"""Everything a merge writes beside the ledger, in 回执/期次: receipts, 冲突裁决.xlsx, 回收情况.xlsx. Nothing people typed is replaced."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from taizhang import decisions
from taizhang.file_names import as_file_name, name_key
from taizhang.files import command_on, move, real, take_away, typed, write_atomically
from taizhang.forms import standard_forms
from taizhang.intake import Intake
from taizhang.issuing import secret_of
from taizhang.ledger import Ledger
from taizhang.properties import core_of, saved_by_us
from taizhang.receipts import Receipt, receipt_file, receipt_of, refusal_of, stands
from taizhang.returns import Returns
from taizhang.returns_sheet import returns_workbook
from taizhang.workbooks import Unreadable, Workbook, read_workbook

__all__ = ["Reply", "replaced", "write_replies"]

RETURNS_NAME = "回收情况.xlsx"
UNKNOWN_PERIOD = "期次不明"
KEPT_FOLDER = "以前的"


@dataclass(frozen=True, slots=True)
class Reply:
    """One file written: where, and in a few words what it is."""

    path: Path
    what: str


def write_replies(ledger: Ledger, intake: Intake, returns: Sequence[Returns], now: datetime) -> Iterator[Reply]:
    """Write the receipts, conflicts and returns of a merge that is done, each yielded once it is; raises StoreError where one cannot be."""
    folder = ledger.path.parent / "回执"
    used = {_key(path) for path in intake.inputs}
    for receipt, returned in _receipts(intake):
        home = folder / as_file_name(receipt.period or UNKNOWN_PERIOD)
        if receipt.period and stands(receipt, returned, home / receipt.name):
            continue
        workbook, unmarked = receipt_file(receipt, returned, now)
        for name in receipt.names + receipt.former_names:
            yield from _make_room(home / name, used, now)
        path = _free_name(home / receipt.name, used)
        used.add(_key(path))
        write_atomically(path, workbook)
        yield Reply(path, _what(receipt, unmarked))
    for period in intake.periods:
        conflicts = [
            (period, conflict, plan.totals.file)
            for plan in intake.plans
            if plan.base.period == period
            for conflict in plan.conflicts
        ]
        path = folder / as_file_name(period) / decisions.FILE_NAME
        secret, earlier = secret_of(ledger.path), _earlier(path)
        if earlier:
            waiting = [p.base.department for p in intake.plans if p.base.period == period and p.submission is None]
            conflicts += decisions.open_cases(earlier, ledger, standard_forms(), secret, waiting)
        if conflicts:
            decide = command_on(ledger.path, f"merge --decisions {typed(path)}")
            workbook = decisions.conflict_workbook(conflicts, ledger, secret, now, decide, earlier)
            if not saved_by_us(core_of(path)):
                yield from _make_room(path, used, now)
            write_atomically(path, workbook)
            yield Reply(path, f"{len(conflicts)} 格要裁决，填好后运行 {decide}")
        else:
            yield from _make_room(path, used, now)
    for each in returns:
        path = folder / as_file_name(each.period) / RETURNS_NAME
        yield from _make_room(path, used, now)
        write_atomically(path, returns_workbook(each, now))
        yield Reply(path, each.summary)


def replaced(ledger: Ledger, intake: Intake, returns: Sequence[Returns]) -> list[Path]:
    """Return where ``write_replies`` will write, and what it will take away: to be tried before anything is written."""
    folder = ledger.path.parent / "回执"
    found = [folder / as_file_name(period) / decisions.FILE_NAME for period in intake.periods]
    found += [folder / as_file_name(each.period) / RETURNS_NAME for each in returns]
    for receipt, returned in _receipts(intake):
        home = folder / as_file_name(receipt.period or UNKNOWN_PERIOD)
        if not (receipt.period and stands(receipt, returned, home / receipt.name)):
            found += [home / name for name in receipt.names + receipt.former_names]
    inputs = {_key(path) for path in intake.inputs}
    return [path for path in found if _key(path) not in inputs]


def _earlier(path: Path) -> Workbook | None:
    """Return the sheet of an earlier merge; None where there is none or it cannot be read any more."""
    try:
        return read_workbook(path) if path.exists() else None
    except Unreadable:
        return None


def _receipts(intake: Intake) -> Iterator[tuple[Receipt, Workbook | None]]:
    for plan in intake.plans:
        receipt = receipt_of(plan)
        if receipt and plan.submission:
            yield receipt, plan.submission.book
    for refused in intake.refused:
        if all(each.check != "name-clash" for each in refused.findings):  # that is the office's to mend
            yield refusal_of(refused.path, refused.period, refused.findings, refused.department), None


def _what(receipt: Receipt, unmarked: str) -> str:
    if not receipt.to_mend:
        return "已采用"
    spots = sum(len(cause.findings) for cause in receipt.causes if cause.severity.value == "error")
    marked = f"没能在原表上标注：{unmarked}" if unmarked and receipt.totals else "标在原表上"
    if receipt.totals is None:
        return "没有采用，说明了原因"
    return f"要改 {spots} 处，{marked}" if spots else f"缺 {receipt.totals.missing} 行，{marked}"


def _key(path: Path) -> tuple[Path, str]:
    """Return what says whether two paths are one file somewhere: 报送 may have come from a system that knows case."""
    return real(path.parent), name_key(path.name)


def _free_name(path: Path, used: Collection[tuple[Path, str]]) -> Path:
    """Return a name that is no file given to the merge and none written by it: 财务处_请修改.xlsx, 财务处_请修改_2.xlsx."""
    number, free = 1, path
    while _key(free) in used:
        number += 1
        free = path.with_stem(f"{path.stem}_{number}")
    return free


def _make_room(path: Path, used: Collection[tuple[Path, str]], now: datetime) -> Iterator[Reply]:
    """Take away the file of an earlier merge; one that somebody has saved since is moved aside and named."""
    if _key(path) in used or not path.exists():
        return
    if saved_by_us(core_of(path)):
        take_away(path)
        return
    aside = path.parent / KEPT_FOLDER / f"{path.stem}_{now:%Y%m%d-%H%M%S}{path.suffix}"
    aside.parent.mkdir(exist_ok=True)
    move(path, aside)
    filled = "_请修改" in path.stem
    cure = "。如果是部门在里面改好的，请把它放到 报送 再汇总" if filled else ""
    yield Reply(aside, f"上次生成后有人改过，没有盖掉，移到这里{cure}")
