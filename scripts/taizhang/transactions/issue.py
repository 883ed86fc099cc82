"""Issuing a period's workbooks to the reporters: departments and party branches.

``plan_issues`` writes nothing; ``apply_issues`` writes in this order:

1. The lock is taken for all further steps, and only then the reporters that already have a workbook are looked up:
   two issues at the same time must not both send to one.
2. The key is read or created, since it signs every workbook.
3. Every workbook and every base is made, and every destination is tested for access: if one cannot be written,
   nothing is issued.
4. The ledger is written, with its entry in the journal: original deadlines, the rows of 〈履行记录〉 that are issued,
   and last period's ticks gone. Killed after that, the next run finds them there and writes none of them twice.
   Only then are the files staged beside their destinations: writing the ledger clears away what is staged.
5. The roster names the reporters to be served *before* the first file is in place: it reveals an issue that was
   killed between two files, and the next run continues it. The bases are noted as written by this command, so that
   those of a killed issue do not count as tampering.
6. All files are put in place, the base of a reporter before its workbook: a workbook without a base could not be
   merged. A workbook that somebody has filled in place is renamed, not replaced.
7. The roster and the journal record *last* that the issue is complete.

From step 5 on a failure raises PartlyDone, which says what was written and gives the number of workbooks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from taizhang.checks.cells import check_settings_personal
from taizhang.history.bases import (
    DamagedBase,
    Roster,
    base_bytes,
    base_path,
    issued_path,
    later_issued,
    load_base,
    roster_of,
    save_roster,
)
from taizhang.history.days import with_known_results
from taizhang.history.entries import Verb
from taizhang.history.hashed_files import hash_written, name_in, note_written
from taizhang.history.heads import head_facts
from taizhang.history.journal import (
    JOURNAL_NAME,
    append_entry,
    current_head,
    key_of_record,
    read_journal,
    register_files,
)
from taizhang.history.key import KEY_LOST, make_key
from taizhang.history.locks import Holder, locked
from taizhang.history.signing import key_is_lost, secret_of, token_of
from taizhang.history.write import write_under_lock
from taizhang.issue.ledger_edits import LedgerEdits, plan_ledger_edits, together
from taizhang.issue.plan import Issue, explain_no_issue, explain_unsent, find_withheld, make_base, rows_to_issue
from taizhang.issue.template import reporter_workbook
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding
from taizhang.ledger.layout import shown_columns
from taizhang.ledger.model import Ledger, read_ledger
from taizhang.ledger.reporters import Reporter, count_reporters
from taizhang.ledger.settings import Period
from taizhang.splice import patch
from taizhang.system.clock import stamp
from taizhang.system.files import (
    StoreError,
    digest_of,
    discard,
    history_folder,
    put_in_place,
    read_file,
    refuse_held,
    refuse_long,
    set_aside,
    stage,
)
from taizhang.transactions.errors import CannotRun, once_written
from taizhang.transactions.opening import period_of, refuse_shared_period, reporter_of
from taizhang.typed.cycles import read_cycle

__all__ = ["IssuePlan", "apply_issues", "plan_issues", "preview_issues", "refuse_impossible"]

Notice = Callable[[str], None]
"""A callback that prints a sentence at once."""


@dataclass(frozen=True, eq=False)
class IssuePlan:
    """The plan of issuing a period: the rows of each reporter, and what is not sent.

    ``wanted`` are the reporters concerned, in the order of 参数; ``only_some`` means that these were asked for, not
    all. ``ledger`` is as it was read, ``after`` as this issue leaves it, ``edits`` by reporter what it writes into it.
    ``waiting`` have a base that cannot be read, ``sharing`` are the units that would share a file with another: they
    get nothing. ``findings`` explain rows that go to nobody.
    """

    ledger: Ledger
    after: Ledger
    edits: Mapping[str, LedgerEdits]
    period: Period
    wanted: tuple[Reporter, ...]
    only_some: bool
    issues: tuple[Issue, ...]
    waiting: tuple[DamagedBase, ...]
    sharing: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def nothing_to_fill(self) -> list[str]:
        """A sentence for each department that gets no workbook because it has nothing to fill in.

        Of a branch it is said only if it was asked for: most offices keep few registers that branches answer.
        """
        settings = self.ledger.settings
        served = (*(each.reporter.name for each in self.issues), *(each.department for each in self.waiting))
        named = {known.unit for name in served if (known := settings.reporter(name))} | settings.sharing_units
        asked = [each for each in self.wanted if self.only_some or not each.is_branch]
        return [explain_no_issue(unit) for unit in dict.fromkeys(each.unit for each in asked) if unit not in named]

    @property
    def notices(self) -> list[str]:
        """Sentences on the reporters that are skipped this time."""
        said = [f"{each.department}这次没有下发：{each.message}其他部门照常下发。" for each in self.waiting]
        units = [each for each in self.wanted if not each.part]
        said += explain_unsent(self.after, self.after.forms, units)
        if self.sharing:
            said.append(f"{'、'.join(self.sharing)} 没有下发：和别的部门、党支部会用同一个文件，原因和改法列在下面。")
        return said

    def edits_for(self, issues: Sequence[Issue]) -> LedgerEdits:
        """Return what is written into the ledger with these issues."""
        return together(self.edits.get(each.reporter.name, LedgerEdits()) for each in issues)

    def hints(self, day: date) -> list[str]:
        """Return sentences suggesting that another period was meant, for an issue on this day."""
        name, due = self.period.name, self.period.due
        hints = []
        if due and due < day:
            hints.append(f"{name} 的报送截止日 {due} 已经过了，请核对期次；现在报回来的都会登记为迟报。")
        if later := later_issued(self.ledger, self.period):
            hints.append(f"更晚的 {'、'.join(later)} 已经下发过，{name} 是较早的一期，请核对期次。")
        return hints


def _day_of_figures(period: Period, day: date) -> date:
    """Return the day up to which departments are asked: the period's own, within the period that its name says.

    A cut-off date that is blank or of another year would ask for cycles of years to come.
    """
    named = read_cycle(period.name)
    if named is None:
        return period.as_of or day
    return period.as_of if period.as_of and named.holds(period.as_of) else named.last


def plan_issues(ledger: Ledger, period: str, day: date, only: Sequence[str] = ()) -> IssuePlan:
    """Plan the workbooks of a period for all reporters, or for those in ``only``; ``day`` is that of the issue.

    Raises CannotRun if 参数 has no such period, department or branch, or if the period shares its folder with another;
    Refused if what the issue writes into the ledger cannot be written safely.
    """
    when = period_of(ledger, period)
    refuse_shared_period(ledger, when.name)
    wanted = _select_reporters(ledger, only)
    forms = ledger.forms
    as_of = _day_of_figures(when, day)
    kept_back = find_withheld(ledger, forms)
    damaged: list[DamagedBase] = []
    planned = rows_to_issue(ledger, forms, when.name, kept_back, as_of, damaged)
    planned = [each for each in planned if each.reporter in wanted]
    edits = plan_ledger_edits(ledger, planned, as_of, new_period=not later_issued(ledger, when))
    after = ledger
    if writes := together(edits.values()).edits:
        made, _ = patch(ledger.book.data, writes)
        held = {name: forms[name] for name in ledger.registers}
        after = with_known_results(read_ledger(ledger.path, held, made), held)
        kept_back = find_withheld(after, forms)
        planned = rows_to_issue(after, forms, when.name, kept_back, as_of, [])
    sharing = tuple(dict.fromkeys(each.unit for each in wanted if each.unit in ledger.settings.sharing_units))
    wanted_names = {each.name for each in wanted}
    clashes = [each for each in ledger.findings if sharing and each.check == Check.NAME_CLASH]
    own = [each for each in kept_back if not only or not _belongs_to_others(each, after, wanted)]
    return IssuePlan(
        ledger,
        after,
        edits,
        when,
        tuple(wanted),
        bool(only),
        tuple(each for each in planned if each.reporter in wanted),
        tuple(each for each in damaged if each.department in wanted_names),
        sharing,
        (*own, *clashes, *check_settings_personal(ledger, date.today())),
    )


def _select_reporters(ledger: Ledger, only: Sequence[str]) -> list[Reporter]:
    """Return the reporters concerned, in the order of 参数: those asked for, or all.

    A department or branch that is asked for comes with both its parts.
    """
    asked = [reporter_of(ledger, name) for name in only]
    names = {each.name for each in asked}
    units = {(each.unit, each.is_branch) for each in asked if not each.part}
    return [
        each
        for each in ledger.settings.reporters.values()
        if not only or each.name in names or (each.unit, each.is_branch) in units
    ]


def _belongs_to_others(finding: Finding, ledger: Ledger, wanted: Sequence[Reporter]) -> bool:
    """Whether a withheld row belongs to a unit that was not asked for."""
    register = next(each for each in ledger.registers.values() if each.sheet.name == finding.place.sheet)
    record = next(each for each in register.records if each.row == finding.place.row)
    owner = ledger.meaning(register, record, register.form.reporter)
    return owner is not None and (owner, register.form.by_branch) not in {
        (each.unit, each.is_branch) for each in wanted
    }


def refuse_impossible(plan: IssuePlan) -> None:
    """Raise CannotRun if there is nothing to issue or report, StoreError if a path is too long for the system."""
    if not plan.issues and not plan.findings:
        why = "".join(f"{each}。" for each in plan.nothing_to_fill) or (
            "原因列在上面。" if plan.waiting else "〈参数〉里没有部门。请先填上部门，在〈整改任务〉填牵头部门。"
        )
        raise CannotRun(f"没有可以下发的。{why}")
    ledger, name = plan.ledger.path, plan.period.name
    refuse_long(path(ledger, name, each.reporter.name) for path in (issued_path, base_path) for each in plan.issues)


def preview_issues(plan: IssuePlan, *, again: bool, notice: Notice) -> Sequence[Issue]:
    """Return what would be issued now: the whole plan, or the rest of an interrupted issue."""
    roster = roster_of(plan.ledger, plan.period.name)
    return _select_outstanding(plan, roster, _find_served(plan, roster), again=again, notice=notice)


def apply_issues(plan: IssuePlan, now: datetime, *, again: bool, notice: Notice) -> Sequence[Issue]:
    """Write the workbooks and their bases, all or none; return what was issued.

    With ``again``, reporters that have a workbook get another one, and a lost key is replaced. Raises CannotRun,
    StoreError or Refused if nothing was written, PartlyDone if a part was.
    """
    ledger, name = plan.ledger.path, plan.period.name
    with locked(ledger, Verb.ISSUE) as killed:
        roster = roster_of(plan.ledger, name)
        served = _find_served(plan, roster)
        issues = _select_outstanding(plan, roster, served, again=again, notice=notice)
        if served and not again and len(issues) == len(plan.issues):
            raise CannotRun(
                f"{name} 已经下发给：{'、'.join(served)}。确实要重发请加 --again；"
                "部门手里的旧表仍可以报，按当时下发的内容比对。"
            )
        after = _roster_after(plan, issues, roster, notice)
        secret = _obtain_key(ledger, again=again, notice=notice)
        _write(plan, issues, now, secret, after, killed, notice)
    return issues


def _find_served(plan: IssuePlan, roster: Roster) -> list[str]:
    """Return the planned reporters that already have their workbook of this period."""
    names = [each.reporter.name for each in plan.issues]
    return [name for name in names if _has_workbook(name, plan.ledger, plan.period, roster)]


def _has_workbook(reporter: str, ledger: Ledger, when: Period, roster: Roster) -> bool:
    """Whether a reporter has its workbook; after an interrupted issue the file itself decides."""
    base = load_base(ledger.path, when.name, reporter, ledger.settings)
    path = issued_path(ledger.path, when.name, reporter)
    if reporter not in roster.unfinished:
        return base is not None
    return bool(base and path.exists() and _digest(path) == base.files[-1])


def _select_outstanding(
    plan: IssuePlan, roster: Roster, served: Sequence[str], *, again: bool, notice: Notice
) -> Sequence[Issue]:
    """Return what is to be issued: the rest of an interrupted issue, unless ``again`` asks for all."""
    if not roster.unfinished or again or len(served) == len(plan.issues):
        return plan.issues
    left = [each for each in plan.issues if each.reporter.name not in served]
    count = count_reporters(plan.ledger.settings.reporters, (each.reporter.name for each in left))
    notice(f"{plan.period.name} 上次下发没有做完，这次补发还没有发到的 {count.words}。")
    return left


def _roster_after(plan: IssuePlan, issues: Sequence[Issue], roster: Roster, notice: Notice) -> Roster:
    """Return the roster after this issue: the reporters with a workbook, and those still waiting for one.

    A reporter named by an interrupted issue that can no longer be served is dropped with a notice.
    """
    now_served, wanted = [each.reporter.name for each in issues], {each.name for each in plan.wanted}
    missing = [name for name in roster.unfinished if name not in now_served]
    left = [name for name in missing if plan.only_some and name not in wanted]
    for name in missing:
        if name not in left:
            notice(f"{name} 上次要下发，这次没有可以发给它的（不在〈参数〉里，或没有可填的），不再补发。")
    return Roster(tuple(dict.fromkeys((*roster.departments, *now_served))), tuple(left), roster.more)


def _obtain_key(ledger: Path, *, again: bool, notice: Notice) -> bytes:
    """Return the key that signs the workbooks; if it is lost, only ``again`` creates a new one, with a notice."""
    lost = key_is_lost(ledger)
    if lost and not again:
        raise CannotRun(f"{KEY_LOST}；确实找不回来的，请加 --again 下发，会生成新的。")
    history = history_folder(ledger)
    try:
        secret = b"" if lost else secret_of(ledger, make=True)
    except StoreError:  # damaged, or not the one that signed the journal
        if not again:
            raise
        secret = b""
    if secret:
        key_of_record(history)  # before anything is written
        return secret
    secret = make_key(ledger)
    entries = read_journal(history).entries
    if entries:
        last = entries[max(entries)]
        append_entry(history, "issue --again", last.after, last.after, (), stamp(), rekeyed=True)
    notice(
        f"原来的 .taizhang-key {'不在' if lost else '不能用'}，已生成新的；"
        "以前下发的表报回来认不出，汇总时要用 --as 部门 认定。"
    )
    return secret


@dataclass(frozen=True, slots=True)
class _File:
    """A file to write.

    ``issued`` has the SHA-256 of the workbooks sent there before; it is None for a base.
    """

    path: Path
    data: bytes
    issued: Sequence[str] | None


def _write(
    plan: IssuePlan,
    issues: Sequence[Issue],
    now: datetime,
    secret: bytes,
    roster: Roster,
    killed: Holder | None,
    notice: Notice,
) -> None:
    """Make all files, write the ledger, save the roster of the reporters to be served, put all files in place.

    ``roster`` is the roster after that.
    """
    ledger, name = plan.ledger.path, plan.period.name
    history = history_folder(ledger)
    files = list(_make_all(plan, issues, now, secret))
    refuse_held([*(each.path for each in files), history / JOURNAL_NAME])
    done = _write_ledger(plan, plan.edits_for(issues), killed, notice)
    with once_written(done, "下发的表") if done else nullcontext():
        _clear_leftovers(ledger, name)
        staged: list[tuple[Path, _File]] = []
        try:
            for each in files:
                staged.append((stage(each.path, each.data), each))
            unfinished = dict.fromkeys((*(each.reporter.name for each in issues), *roster.unfinished))
            save_roster(ledger, name, replace(roster, unfinished=tuple(unfinished)))
            note_written(history, *(name_in(history, each.path) for each in files if each.issued is None))
            _put_in_place(staged, done, notice)
        finally:
            for temporary, _ in staged:
                discard(temporary)
    with once_written([*done, f"{len(issues)} 份表"], "应发名单或记录"):
        save_roster(ledger, name, roster)
        register_files(history, Verb.ISSUE, stamp(), hash_written(history))


def _write_ledger(plan: IssuePlan, edits: LedgerEdits, killed: Holder | None, notice: Notice) -> list[str]:
    """Write what the issue writes into the ledger, if anything; return what was written, in words."""
    if not edits:
        return []
    ledger = plan.ledger.path
    told = write_under_lock(
        ledger, plan.ledger.book.sha256, edits.edits, edits.changes, command=Verb.ISSUE, now=stamp(), killed=killed
    )
    for line in told.splitlines():
        notice(line)
    return [f"{ledger.name} 的改动（{edits.words}）"]


def _clear_leftovers(ledger: Path, period: str) -> None:
    """Remove temporary files of a killed issue."""
    for place in (issued_path, base_path):
        for leftover in place(ledger, period, "").parent.glob(".*.tmp"):
            discard(leftover)


def _make_all(plan: IssuePlan, issues: Sequence[Issue], now: datetime, secret: bytes) -> Iterator[_File]:
    """Make the base and the workbook of each reporter, in this order."""
    ledger, period = plan.after, plan.period
    head = current_head(history_folder(ledger.path)).text
    for each in issues:
        name = each.reporter.name
        token = token_of(secret, period.name, name)
        carried = head_facts(secret, period.name, name, head)
        data = reporter_workbook(each, ledger, token, period.due, now, carried)
        registers = {form: ledger.registers[form] for form in each.records}
        shown = {
            form: [column.key for column in shown_columns(register.form, register.columns)]
            for form, register in registers.items()
        }
        kept = load_base(ledger.path, period.name, name, ledger.settings)
        base = make_base(each, shown, data, kept, head)
        home, path = base_path(ledger.path, period.name, base.issued_name), issued_path(ledger.path, period.name, name)
        if kept is None and home.exists():
            raise CannotRun(
                f"history 里 {period.name} 期的 {home.name} 是给另一个名称的部门或党支部下发时的留底，{name} 会盖掉它，"
                "没有下发。"
                f"就是同一个改了名的，请把原来的名称写进“别名”；不是的，请在〈参数〉里换一个看得出不同的名称。"
            )
        yield _File(home, base_bytes(base), None)
        yield _File(path, data, kept.files if kept else ())


def _put_in_place(staged: Sequence[tuple[Path, _File]], done: Sequence[str], notice: Notice) -> None:
    """Put each file in its place; after the first, a failure raises PartlyDone. ``done`` was written before."""
    for number, (temporary, each) in enumerate(staged):
        with once_written([*done, f"{number // 2} 份表" if number > 1 else "应发名单"], "其余的表"):
            if each.issued is not None:
                _set_aside_filled(each.path, each.issued, notice)
            put_in_place(temporary, each.path)


def _set_aside_filled(path: Path, issued: Sequence[str], notice: Notice) -> None:
    """Rename a file whose SHA-256 is not among those issued: a department may have filled it in place."""
    if path.exists() and _digest(path) not in issued:
        kept = set_aside(path)
        notice(f"{path.name} 下发后有人填过或另存过，没有盖掉，已改名留作 {kept.name}；要用它请放到 报送 再汇总。")


def _digest(path: Path) -> str:
    return digest_of(read_file(path))
