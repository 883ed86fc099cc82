"""The state of returns (回收情况): for each reporter issued a form, what came back, when, and with what result."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from taizhang.history.bases import COUNTS, LISTS, Base, DamagedBase
from taizhang.ledger.reporters import NOBODY, Count, Part, count_reporters
from taizhang.ledger.settings import Period, Settings
from taizhang.merge.plan import LEFT_TO_DO, Plan, Totals
from taizhang.system.file_names import decode_name, file_name
from taizhang.typed.text import clean_key
from taizhang.workbook.properties import saved_at

__all__ = ["Return", "ReturnState", "Returns", "is_late", "note_return", "owner_of", "returns_of", "saved_at"]


class ReturnState(StrEnum):
    """The state of a return, in listing order: those that need action come first.

    BASE_DAMAGED: the department's base is damaged, and its files wait. NOT_SENT: an interrupted issue never reached the
    department. REFUSED: a file of the department came and was refused as a whole.
    """

    BASE_DAMAGED = "留底读不出"
    NOT_SENT = "没有发到"
    ABSENT = "未报"
    REFUSED = "报来但认不出"
    TO_MEND = "待修改"
    TO_RULE = "待裁决"
    IN_ORDER = "已报"


@dataclass(frozen=True, slots=True)
class Return:
    """One reporter's return for a period: state, version, time saved, and control totals.

    ``version`` counts the different files received, from 1 (0: none). ``totals`` are those of the last file merged, now
    or earlier. ``refused`` names files that seem to be the department's and were not accepted, ``silent`` the one that
    came now and says nothing. ``why`` says why it waits and what has to be done.
    """

    department: str
    state: ReturnState
    late: bool
    version: int
    saved: datetime | None
    totals: Totals
    refused: tuple[str, ...] = ()
    silent: str = ""
    why: str = ""

    @property
    def received(self) -> bool:
        """Whether a file of the department has been merged."""
        return self.version > 0

    @property
    def when(self) -> str:
        """The time the file was saved, with 迟报 if late; a file without a time counts as neither late nor in time."""
        if self.saved is None:
            return "文件里没有保存时间" if self.received else ""
        return f"{self.saved:%Y-%m-%d %H:%M}" + (" 迟报" if self.late else "")

    @property
    def to_do(self) -> str:
        """What the office has to do about the return; empty if nothing."""
        totals = self.totals
        if self.why:
            return self.why
        if self.state is ReturnState.NOT_SENT:
            return "再运行一次下发，补发给它"
        if self.refused and not self.received:
            return f"{'、'.join(self.refused)} 没有采用，请退回重报"
        if not self.received:
            return f"催报（{self.silent} 原样存回，一行也没有说）" if self.silent else "催报"
        work = [f"又报来的 {'、'.join(self.refused)} 没有采用，请核对"] if self.refused else []
        work += [f"又报来的 {self.silent} 一行也没有说，没有采用"] if self.silent else []
        if totals.held:
            work.append(f"退回 {totals.held} 行请修改" if totals.errors else f"办公室核对没有采用的 {totals.held} 行")
        if totals.missing:
            work.append(f"缺 {totals.missing} 行请补报")
        if totals.errors and not work:
            work.append(f"{totals.errors} 处错误请修改")
        if conflicting := totals.conflicting + totals.disputed:
            work.append(f"办公室裁决冲突 {conflicting} 行")
        if totals.unsaid:
            work.append(f"{totals.issued} 行里 {totals.unsaid_words}，请补报")
        if totals.unsaid_registers:
            work.append(totals.unsaid_registers_words)
        return "；".join(work)


@dataclass(frozen=True, slots=True)
class Returns:
    """The returns of a period, those that need action first; ``strays`` are refused files of unknown reporters.

    ``asked`` counts those who had to return.
    """

    period: str
    due: date | None
    rows: tuple[Return, ...]
    strays: tuple[str, ...] = ()
    asked: Count = NOBODY

    @property
    def received(self) -> int:
        """How many reporters have returned."""
        return len({row.department for row in self.rows if row.received})

    @property
    def remind(self) -> tuple[str, ...]:
        """The departments that have not returned."""
        return self._in(ReturnState.ABSENT)

    @property
    def mend(self) -> tuple[str, ...]:
        """The departments that have returned something and must correct it."""
        return self._in(ReturnState.TO_MEND)

    def _in(self, state: ReturnState) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.department for row in self.rows if row.state is state))

    @property
    def total(self) -> Totals:
        """The control totals of all departments together."""
        total = Totals("合计")
        for name in COUNTS:
            setattr(total, name, sum(getattr(row.totals, name) for row in self.rows))
        return total

    @property
    def summary(self) -> str:
        """One sentence: how many are due, came and were late, and which are missing."""
        late = len({row.department for row in self.rows if row.late and row.received})
        measure = self.asked.measure
        of_them = f"（其中迟报 {late} {measure}）" if late else ""
        words = [f"应报 {self.asked.words}，已报 {self.received} {measure}{of_them}"]
        for what, names in (
            ("未报", self.remind),
            ("报来但认不出", self._in(ReturnState.REFUSED)),
            ("下发中断、还没有发到", self._in(ReturnState.NOT_SENT)),
            ("留底读不出、要等找回", self._in(ReturnState.BASE_DAMAGED)),
            ("要修改后再报", self.mend),
        ):
            if names:
                words.append(f"{what} {len(names)} {measure}：{'、'.join(names)}")
        return "；".join(words) + "。"


def is_late(saved: datetime | None, due: date | None) -> bool:
    """Whether a file was saved after the due day; False if either is unknown."""
    return bool(saved and due and saved.date() > due)


def note_return(base: Base, plan: Plan, now: datetime) -> None:
    """Note in a base that a file was merged, as its latest version; a file merged before moves to the end."""
    if plan.submission is None:
        return
    book = plan.submission.book
    totals = asdict(_totals_of(base, plan))
    merged = now.isoformat(timespec="seconds")
    merged = next((each.get("merged", merged) for each in base.returns if each["sha256"] == book.sha256), merged)
    entry: dict[str, Any] = {"sha256": book.sha256, "saved": plan.submission.saved, "merged": merged, "totals": totals}
    base.returns[:] = [*(each for each in base.returns if each["sha256"] != book.sha256), entry]
    saved, last = saved_at(plan.submission.saved), saved_at(base.saved)
    if saved and (last is None or saved > last):
        base.saved = plan.submission.saved


def _totals_in(noted: Mapping[str, Any]) -> Totals:
    """Return the totals that a base has noted for a version; counts added by a newer program are left out."""
    facts = {key: value for key, value in noted["totals"].items() if key in Totals.__dataclass_fields__}
    said_not = {name: tuple(map(str, facts.get(name, ()))) for name in LISTS}
    return Totals(**{**facts, **said_not})


def _totals_of(base: Base, plan: Plan) -> Totals:
    """Return the totals of a file; if the same file is merged again and nothing new is taken, those of the first time.

    Its rows now agree with the ledger, but they are still what the file brought.
    """
    if plan.submission:
        for each in base.returns:
            first, now = _totals_in(each), plan.totals
            same = all(getattr(first, name) == getattr(now, name) for name in LEFT_TO_DO)
            if each["sha256"] == plan.submission.book.sha256 and same and not (now.merged or now.added):
                return first
    return plan.totals


def returns_of(
    period: str,
    plans: Iterable[Plan],
    refused: Mapping[Path, str],
    settings: Settings,
    unissued: Sequence[str] = (),
    waiting: Sequence[DamagedBase] = (),
    silent: Mapping[str, Path] | None = None,
    dissolved: Collection[str] = (),
) -> Returns:
    """Return the state of the returns of a period.

    ``refused`` maps the period's refused files to their department (empty if unknown); ``unissued`` are the departments
    that an interrupted issue never reached, ``waiting`` the bases that cannot be read, ``silent`` the files that came
    now and say nothing, by reporter, ``dissolved`` the branches that need not be chased any more.
    """
    when = settings.period(period) or Period(period)
    owners = {path: department or owner_of(path, settings) for path, department in refused.items()}
    rows = []
    for plan in plans:
        if plan.base.period == period:
            own = tuple(file_name(path) for path, owner in owners.items() if owner == plan.base.department)
            quiet = (silent or {}).get(plan.base.department)
            row = replace(_return_of(plan, when.due, own), silent=file_name(quiet) if quiet else "")
            known = settings.reporter(row.department)
            gone = known is not None and known.is_branch and known.unit in dissolved
            rows.append(replace(row, why="支部已经撤销，不用再催") if gone and row.state is ReturnState.ABSENT else row)
    rows += [Return(name, ReturnState.NOT_SENT, False, 0, None, Totals(name)) for name in unissued]
    rows += [
        Return(
            each.department,
            ReturnState.BASE_DAMAGED,
            False,
            0,
            None,
            Totals(each.department),
            why=f"{each.message}找回后再汇总，部门不用重报",
        )
        for each in waiting
    ]
    order = list(ReturnState)
    rows.sort(key=lambda row: (order.index(row.state), row.department))
    named = {row.department for row in rows}
    strays = tuple(file_name(path) for path, owner in owners.items() if owner not in named)
    asked = count_reporters(settings.reporters, (row.department for row in rows))
    return Returns(period, when.due, tuple(rows), strays, asked)


def _return_of(plan: Plan, due: date | None, refused: tuple[str, ...]) -> Return:
    """Return the state of one department's return, by the last file merged, now or earlier."""
    base, totals = plan.base, plan.totals
    known = [each["sha256"] for each in base.returns]
    stamp = ""
    version = len(known)
    if plan.submission:
        sha256 = plan.submission.book.sha256
        version += sha256 not in known
        totals, stamp = _totals_of(base, plan), plan.submission.saved
    elif base.returns:
        last = base.returns[-1]
        totals, stamp = _totals_in(last), last["saved"]
    saved = saved_at(stamp)
    if not version:
        state = ReturnState.REFUSED if refused else ReturnState.ABSENT
    elif totals.errors or totals.missing:
        state = ReturnState.TO_MEND
    else:
        state = ReturnState.TO_RULE if totals.held or totals.conflicting or totals.disputed else ReturnState.IN_ORDER
    return Return(base.department, state, is_late(saved, due), version, saved, totals, refused)


def owner_of(path: Path, settings: Settings) -> str:
    """Return the reporter named in a file's name; empty if there is none or more than one.

    A name within a longer one (信息中心 in 信息中心党支部) is none of its own.
    """
    name = clean_key(Path(decode_name(path)).stem)
    said = [(word, unit) for word, unit in settings.spoken if word in name]
    found = {unit for word, unit in said if not any(word != other and word in other for other, _ in said)}
    if len(found) != 1:
        return ""
    unit, part = found.pop(), clean_key(f"_{Part.PERSONAL}")
    return settings.name_now(f"{unit}_{Part.PERSONAL}") if part in name else unit
