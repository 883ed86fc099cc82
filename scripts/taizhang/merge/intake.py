"""Intake of returned files: find and read them, pair each with its base, and plan the merge. Writes nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from taizhang.checks.ranges import short_ranges
from taizhang.forms.model import Form
from taizhang.forms.register_names import TASKS
from taizhang.history.bases import (
    NO_ROSTER,
    Base,
    DamagedBase,
    Roster,
    bases_of,
    issued_path,
    issued_periods,
    period_key,
    roster_of,
)
from taizhang.history.heads import codes_of, is_in
from taizhang.history.journal import read_journal
from taizhang.history.signing import secret_of
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.layout import RETURNED_FOLDER
from taizhang.ledger.model import Ledger
from taizhang.merge.absences import Absence
from taizhang.merge.other_files import report_passed_over
from taizhang.merge.plan import Plan
from taizhang.merge.planner import absent_plan, plan_departments
from taizhang.merge.returns import is_late, owner_of
from taizhang.merge.submissions import Submission, choose_versions, find_files, read_submission
from taizhang.merge.ticks import SAY_TICK, asks_by_ticks
from taizhang.system.file_names import as_file_name, file_name
from taizhang.system.files import digest_of, history_folder, read_file, resolve_links
from taizhang.system.stored import Damaged
from taizhang.workbook.places import Place
from taizhang.workbook.properties import saved_at

__all__ = ["Intake", "RefusedFile", "take_in"]

T = TypeVar("T")

READERS = 2
"""Files read at once: one is unpacked while another is being fetched from a network share."""


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was not accepted, with reasons; ``period`` and ``department`` are guesses, empty if unknown.

    ``silent``: it is the department's file and says nothing, so the department has not reported.
    """

    path: Path
    period: str
    findings: tuple[Finding, ...]
    department: str = ""
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Intake:
    """The result of reading all returned files: plans by department, refused files, findings about files, absences.

    ``open`` are the periods being collected; departments are absent from these only. ``passed`` are files of other
    periods that an earlier merge has read and that were not read again. ``unissued`` lists (period, department) that an
    interrupted issue never reached. ``waiting`` lists the bases that cannot be read; files that need them wait.
    """

    plans: tuple[Plan, ...]
    refused: tuple[RefusedFile, ...]
    remarks: tuple[Finding, ...]
    inputs: tuple[Path, ...]
    open: tuple[str, ...] = ()
    passed: tuple[Path, ...] = ()
    unissued: tuple[tuple[str, str], ...] = ()
    waiting: tuple[DamagedBase, ...] = ()
    absences: tuple[Absence, ...] = ()

    @property
    def findings(self) -> list[Finding]:
        """All findings: about refused files, other files, absent departments and the contents of plans."""
        return [finding for _, finding in self.findings_by_period]

    @property
    def findings_by_period(self) -> list[tuple[str, Finding]]:
        """All findings with the period of their file; the period is empty if unknown, or if they are about no file."""
        refused = [(each.period, finding) for each in self.refused for finding in each.findings]
        others = [("", finding) for finding in (*self.remarks, *(each.finding for each in self.absences))]
        return [*refused, *others, *((plan.base.period, finding) for plan in self.plans for finding in plan.findings)]

    @property
    def periods(self) -> list[str]:
        """The periods with plans or unreadable bases, in order."""
        return sorted({plan.base.period for plan in self.plans} | {each.period for each in self.waiting})


def take_in(
    ledger: Ledger,
    forms: Mapping[str, Form],
    sources: Sequence[Path],
    vouched: str | None = None,
    period: str | None = None,
    *,
    everything: bool = False,
) -> Intake:
    """Read returned files and plan their merge. ``vouched`` is the department the office vouches for, with ``period``.

    The period collected is the one given, else the one issued last. Files of other periods are merged if they are new,
    and not read if they were merged before. With ``everything``, all files of all periods are read.
    """
    beside = find_files(sources, ledger.path)
    inputs = tuple(beside.found)
    files = _read_what_is_new(ledger, inputs, sources, vouched, period, everything=everything)
    read, refused, collected = files.read, files.refused, files.collected
    bases = _Bases(ledger)
    kept = {name: bases.of(name) for name in {each.period for each, _ in read.values()}}
    came = [_use_base_name(each, kept.get(each.period, ())) for each, _ in read.values()]
    if period:
        came, others = _partition(came, lambda each: each.period == period)
        refused += [_refuse_other_period(each, period) for each in others]
    issued_as = {sha256 for own in kept.values() for base in own for sha256 in base.files}
    remarks = [
        *(_report_untouched(each, kept.get(each.period, ())) for each in came if each.book.sha256 in issued_as),
        *_report_later_heads(ledger, came),
    ]
    filled = [each for each in came if each.book.sha256 not in issued_as]
    held, filled = _partition(filled, lambda each: bases.damaged_for(each) is not None)
    filled, passed_over = _drop_silent(ledger, forms, filled, kept)
    chosen, found_versions = choose_versions(filled)
    pairs, older, unpaired, found_older = _pair(ledger, chosen, kept)
    refused += unpaired
    remarks += [*passed_over, *found_versions, *found_older, *_report_left(files.left)]
    owned = [path for path in beside.others if owner_of(path, ledger.settings)]
    remarks += report_passed_over(beside.others, beside.litter, owned)
    if len(collected) == 1:
        refused = [each if each.period else replace(each, period=collected[0]) for each in refused]
    shown = sorted({*collected, *(base.period for _, base in pairs), *(base.period for base in older)})
    due = [base for name in shown for base in kept.get(name) or bases.of(name)]
    waiting = [each for each in bases.damaged if each.period in {*shown, *(one.period for one in held)}]
    returned = {(base.period, base.issued_name) for base in (*older, *(base for _, base in pairs))}
    unissued = _find_all_unissued(ledger, collected, due, returned, waiting, remarks)
    absent = [each for each in _find_not_returned(due, returned) if (each.period, each.department) not in unissued]
    plans = _refuse_unread(plan_departments(ledger, forms, pairs, [*older, *absent]), refused)
    plans = _refuse_silent(plans, refused)
    taken = {each.path for each, _ in pairs} - {each.path for each in refused if each.silent}
    outdone = [each for each in came if each.path not in taken and each.book.sha256 not in issued_as]
    _complete_plans(plans, ledger, files, outdone)
    remarks += short_ranges(ledger.book, (edit for plan in plans for edit in plan.edits))
    absences = _find_absences(ledger, absent, collected, refused, unissued)
    remarks += [_report_held_up(each, held, bases) for each in waiting]
    return Intake(
        tuple(plans),
        tuple(refused),
        tuple(remarks),
        inputs,
        tuple(collected),
        tuple(files.passed),
        tuple(unissued),
        tuple(waiting),
        tuple(absences),
    )


def _find_all_unissued(
    ledger: Ledger,
    collected: Sequence[str],
    due: Sequence[Base],
    returned: Collection[tuple[str, str]],
    waiting: Sequence[DamagedBase],
    remarks: list[Finding],
) -> list[tuple[str, str]]:
    """Return (period, department) that an interrupted issue never reached, without those that wait for their base."""
    rosters = {name: _read_roster(ledger, name, remarks) for name in collected}
    lost = {(each.period, each.department) for each in waiting}
    return [
        (name, each)
        for name in collected
        for each in _find_unissued(ledger, rosters[name], name, due, returned)
        if (name, each) not in lost
    ]


def _refuse_unread(plans: Sequence[Plan], refused: list[RefusedFile]) -> list[Plan]:
    """Refuse the files in which no issued sheet was found; their departments get the plan of an absent one."""
    plans, unread = _partition(plans, lambda plan: plan.submission is None or not plan.unread)
    for plan in unread:
        if plan.submission:
            base = plan.base
            refused.append(RefusedFile(plan.submission.path, base.period, tuple(plan.findings), base.department))
            plans.append(absent_plan(base))
    return plans


def _refuse_silent(plans: Sequence[Plan], refused: list[RefusedFile]) -> list[Plan]:
    """Refuse the files that say nothing of any row; their departments get the plan of an absent one."""
    plans, silent = _partition(plans, lambda plan: plan.submission is None or not plan.says_nothing)
    for plan in silent:
        if plan.submission:
            base, path = plan.base, plan.submission.path
            others = [each for each in plan.findings if each.check != Check.BLANK]
            found = (_report_silence(plan, path), *others)
            refused.append(RefusedFile(path, base.period, found, base.department, silent=True))
            if base.expected or base.returns:
                plans.append(absent_plan(base))
    return plans


def _drop_silent(
    ledger: Ledger, forms: Mapping[str, Form], filled: Sequence[Submission], kept: Mapping[str, Sequence[Base]]
) -> tuple[list[Submission], list[Finding]]:
    """Leave out files that say nothing where another file of the same department and period says something.

    Otherwise a copy that somebody opened and saved afterwards would be taken for the latest version.
    """
    base_for = {(base.period, base.issued_name): base for own in kept.values() for base in own}
    groups: dict[tuple[str, str], list[Submission]] = {}
    for each in filled:
        groups.setdefault((each.period, each.issued_to or each.department), []).append(each)
    silent: list[Submission] = []
    for key, own in groups.items():
        base = base_for.get(key)
        if base is None or len({each.book.sha256 for each in own}) == 1:
            continue
        empty = [each for each in own if plan_departments(ledger, forms, [(each, base)], [])[0].says_nothing]
        silent += empty if len(empty) < len(own) else []
    problem = "这份表原样存回，一行也没有说，按同一部门的另一份汇总。"
    findings = [Finding(Place(file_name(each.path)), Check.UNTOUCHED, problem, Severity.HINT) for each in silent]
    return [each for each in filled if all(each is not other for other in silent)], findings


def _report_silence(plan: Plan, path: Path) -> Finding:
    base = plan.base
    before = f"{base.department}以前报过的照样算数。" if base.returns else f"{base.department}还算没有报。"
    what = f"下发的 {plan.totals.issued} 行里没有一行说了本期的情况" if plan.silent else "没有新增，也没有说没有变化"
    problem = f"这份表和下发时一样：{what}，没有采用，{before}"
    cure = SAY_SOMETHING if plan.silent else f"请在各表里说一句：{SAY_TICK}"
    return Finding(Place(file_name(path)), Check.UNTOUCHED, problem, cure=cure)


SAY_SOMETHING = "请每行写一句“本期进展”；没有进展的，在“本期无变化”选“是”，存好再报。"


def _complete_plans(plans: Sequence[Plan], ledger: Ledger, files: _Files, outdone: Sequence[Submission]) -> None:
    """Add to each plan the versions that were outdone by its file, and in front the findings about the file itself."""
    for plan in plans:
        plan.outdone = [each.book.sha256 for each in outdone if _belongs_to(each, plan.base)]
        if plan.submission:
            found = files.read[plan.submission.path][1]
            plan.findings[:0] = _report_file(ledger, plan.submission, plan.base, found, files.last)


def _report_file(
    ledger: Ledger, submission: Submission, base: Base, found: Sequence[Finding], last: Sequence[str]
) -> list[Finding]:
    """Return the findings about a file itself; none if it is of an earlier period and was merged before."""
    if base.period not in last and any(each["sha256"] == submission.book.sha256 for each in base.returns):
        return []
    return [
        *found,
        *_report_misnamed(ledger, submission),
        *_report_late(ledger, submission),
        *_report_past_period(submission, last),
    ]


def _find_absences(
    ledger: Ledger,
    absent: Sequence[Base],
    collected: Sequence[str],
    refused: Sequence[RefusedFile],
    unissued: Sequence[tuple[str, str]],
) -> list[Absence]:
    """Return the absences: departments that never returned anything, not even a refused file, or were never reached."""
    tried = {(each.department or owner_of(each.path, ledger.settings), each.period) for each in refused}
    missed = [each for each in absent if each.period in collected and not each.returns]
    return [
        *(_absence_of(ledger, each) for each in missed if (each.department, each.period) not in tried),
        *(Absence(department, name, issued=False) for name, department in unissued),
    ]


class _Bases:
    """The bases of a ledger by period, each read once; ``damaged`` collects those that cannot be read."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._read: dict[str, list[Base]] = {}
        self.damaged: list[DamagedBase] = []

    def of(self, period: str) -> list[Base]:
        """Return the readable bases of a period."""
        if period not in self._read:
            self._read[period] = bases_of(self._ledger.path, period, self._ledger.settings, self.damaged)
        return self._read[period]

    def damaged_for(self, submission: Submission) -> DamagedBase | None:
        """Return the damaged base that a returned file needs; None if there is none."""
        names = (submission.department, submission.issued_to, as_file_name(submission.issued_to))
        own = (each for each in self.damaged if each.period == submission.period and each.department in names)
        return next(own, None)


def _report_held_up(base: DamagedBase, held: Sequence[Submission], bases: _Bases) -> Finding:
    files = [file_name(each.path) for each in held if bases.damaged_for(each) == base]
    came = f"报来的 {'、'.join(files)} 这次没有汇总，" if files else ""
    message = f"{base.message}{came}{base.department}要等找回留底再汇总，部门不用重报；其他部门照常汇总。"
    return Finding(Place(f"{base.department}.xlsx"), Check.UNREADABLE, message)


def _read_roster(ledger: Ledger, period: str, remarks: list[Finding]) -> Roster:
    """Return the roster of a period; if it cannot be read, add a remark and return an empty one."""
    try:
        return roster_of(ledger, period)
    except Damaged as error:
        message = f"{error}在那以前说不出这一期有没有还没发到的部门；已经下发的照常汇总。"
        remarks.append(Finding(Place(error.path.name), Check.UNREADABLE, message))
        return NO_ROSTER


def _report_later_heads(ledger: Ledger, came: Sequence[Submission]) -> list[Finding]:
    """Report returned files that know a later journal line than the journal has.

    Then ledger and history were replaced by older copies, or the journal was rewritten.
    """
    codes = codes_of(read_journal(history_folder(ledger.path)).lines)
    unknown = {each.path: each.head for each in came if each.head and not is_in(each.head, codes)}
    if not unknown:
        return []
    head = max(unknown.values(), key=lambda each: each.number)
    names = "、".join(map(file_name, unknown))
    problem = (
        f"{names} 下发时{head.words}，现在的记录里没有这一次（现在共 {len(codes)} 次）："
        "台账和 history 被换回了旧的，或记录被改写过。"
    )
    cure = "请先从备份找回，再汇总。"
    return [Finding(Place(RETURNED_FOLDER), Check.IDENTITY, problem, cure=cure)]


@dataclass(frozen=True, slots=True)
class _Files:
    """Files read, refused and not read again; the periods being collected, and the periods issued last.

    ``left`` are files in folders of other periods that cannot be read or recognised. They share one finding and get no
    receipt.
    """

    read: dict[Path, tuple[Submission, list[Finding]]]
    refused: list[RefusedFile]
    passed: list[Path]
    collected: list[str]
    last: list[str]
    left: Sequence[RefusedFile] = ()


def _read_what_is_new(
    ledger: Ledger,
    inputs: Sequence[Path],
    sources: Sequence[Path],
    vouched: str | None,
    period: str | None,
    *,
    everything: bool,
) -> _Files:
    """Read the files of the collected period and new files; files merged in other periods are known by their hash.

    A known file is read again only if it, or a folder within 报送, is named, or if another file of its department and
    period came.
    """
    issued = issued_periods(ledger)
    order = {name: period_key(ledger.settings, name) for name in issued}
    last = [name for name in issued if order[name][0] == order[issued[-1]][0]]
    collected = [period] if period else last
    closed = [] if everything or vouched else [name for name in issued if name not in collected]
    named = _find_named(ledger, inputs, sources)
    filed = _find_known(ledger, [path for path in inputs if path not in named], closed)
    read, refused = _read_files(ledger, [path for path in inputs if path not in filed], vouched, period)
    if everything or period:
        return _Files(read, refused, [*filed], issued if everything else collected, last)
    rivals = {(each.department, each.period) for each, _ in read.values()}
    again, broken = _read_files(ledger, [path for path, whose in filed.items() if whose in rivals], vouched, period)
    came = {*(each.period for each, _ in read.values()), *(each.period for each in refused)}.intersection(issued)
    if came and not came.intersection(last):
        collected = [max(came, key=lambda name: order[name])]
    others = {*issued}.difference(collected)
    refused, old = _partition(refused, lambda each: each.path in named or each.period not in others)
    passed = [path for path in filed if path not in again]
    return _Files({**read, **again}, [*refused, *broken], passed, collected, last, old)


def _report_left(files: Sequence[RefusedFile]) -> list[Finding]:
    if not files:
        return []
    names = "、".join(f"{each.period}/{file_name(each.path)}" for each in files)
    problem = f"其他期次的文件夹里有 {len(files)} 份打不开或认不出，没有采用：{names}。"
    cure = "要退回重报的，请用 --period 写明那一期。"
    return [Finding(Place(RETURNED_FOLDER), Check.UNREADABLE, problem, Severity.HINT, cure=cure)]


def _find_named(ledger: Ledger, inputs: Sequence[Path], sources: Sequence[Path]) -> set[Path]:
    """Return the files that were named, or are in a named folder other than 报送 and its parents."""
    home = (ledger.path.parent / RETURNED_FOLDER).resolve()
    narrow = {each for each in sources if resolve_links(each) not in (home, *home.parents)}
    return {path for path in inputs if narrow.intersection((path, *path.parents))}


def _partition(items: Iterable[T], wanted: Callable[[T], bool]) -> tuple[list[T], list[T]]:
    """Split items into those wanted and the rest, in order."""
    chosen: tuple[list[T], list[T]] = [], []
    for item in items:
        chosen[not wanted(item)].append(item)
    return chosen


def _find_known(ledger: Ledger, inputs: Sequence[Path], periods: Sequence[str]) -> dict[Path, tuple[str, str]]:
    """Return the files whose hash the bases of these periods know, with department and period.

    Known are files merged, outdone by another version, or unchanged since they were issued. No workbook is opened.
    """
    by_sha256 = {
        sha256: (base.department, base.period)
        for name in periods
        for base in bases_of(ledger.path, name, ledger.settings, [])
        for sha256 in (*(each["sha256"] for each in base.returns), *base.outdone, *base.files)
    }
    found = {}
    for path in inputs if by_sha256 else ():
        with contextlib.suppress(OSError):  # reported when the file is read
            if whose := by_sha256.get(digest_of(read_file(path))):
                found[path] = whose
    return found


def _use_base_name(submission: Submission, bases: Sequence[Base]) -> Submission:
    """Give a submission the name of its base: a form issued again after a renaming belongs to the earlier base."""
    names = [base.issued_name for base in bases if base.department == submission.department]
    return submission if submission.issued_to in names or not names else replace(submission, issued_to=names[0])


def _belongs_to(submission: Submission, base: Base) -> bool:
    return (submission.period, submission.issued_to or submission.department) == (base.period, base.issued_name)


def _find_not_returned(due: Sequence[Base], returned: Collection[tuple[str, str]]) -> list[Base]:
    """Return the bases for which nothing was returned now.

    A base that expects no return counts only if it has had one. If a renamed department has two bases, the old one is
    left out if it never had a return and the new one has all of its rows.
    """
    absent = [
        base for base in due if (base.period, base.issued_name) not in returned and (base.expected or base.returns)
    ]
    renamed = [base for base in absent if base.issued_to not in ("", base.department)]
    same = {(base.period, base.department): base for base in due if base.issued_to in ("", base.department)}
    twice = [
        id(old)
        for old in renamed
        if (new := same.get((old.period, old.department)))
        and not old.returns
        and all({*rows} <= {*new.rows.get(name, {})} for name, rows in old.rows.items())
    ]
    return [base for base in absent if id(base) not in twice]


def _find_unissued(
    ledger: Ledger, roster: Roster, period: str, due: Sequence[Base], returned: Collection[tuple[str, str]]
) -> list[str]:
    """Return the departments that an interrupted issue of a period never reached."""
    bases = {base.department: base for base in due if base.period == period}
    lost = [
        name
        for name in roster.unfinished
        if (base := bases.get(name))
        and (period, base.issued_name) not in returned
        and not base.returns
        and not issued_path(ledger.path, period, name).exists()
    ]
    return [*(name for name in roster.departments if name not in bases), *lost]


def _refuse_other_period(submission: Submission, period: str) -> RefusedFile:
    own = f"要报 {period} 期的，请填 {period} 期下发的表"
    finding = Finding(
        Place(file_name(submission.path)),
        Check.IDENTITY,
        f"这是 {submission.period} 期的表，现在汇总的是 {period} 期，没有采用。",
        cure=f"{own}；要补 {submission.period} 期的，由办公室用 --period {submission.period} 另外汇总。",
        department_cure=f"{own}。",
    )
    return RefusedFile(submission.path, period, (finding,), submission.department)


def _read_files(
    ledger: Ledger, inputs: Sequence[Path], vouched: str | None, period: str | None
) -> tuple[dict[Path, tuple[Submission, list[Finding]]], list[RefusedFile]]:
    """Read files; return the submissions, each with the findings of reading it, and the refused files."""
    secret = secret_of(ledger.path)
    with ThreadPoolExecutor(READERS) as readers:
        answers = list(readers.map(lambda path: read_submission(path, ledger, secret, vouched, period), inputs))
    read: dict[Path, tuple[Submission, list[Finding]]] = {}
    refused: list[RefusedFile] = []
    for path, (submission, found) in zip(inputs, answers, strict=True):
        if submission is None:
            refused.append(RefusedFile(path, _period_of(path, ledger, period), tuple(found)))
        elif (known := ledger.settings.reporter(submission.department)) and known.unit in ledger.settings.sharing_units:
            refused.append(_refuse_sharing(submission))
        else:
            read[path] = submission, found
    return read, refused


def _refuse_sharing(submission: Submission) -> RefusedFile:
    """Refuse a file whose unit has the same file names as another, for bases and receipts."""
    problem = f"{submission.department}和别的部门、党支部会用同一个文件，没有汇总；"
    cure = "请办公室在〈参数〉里把其中一个改成看得出不同的名称，再汇总一次。不用重报。"
    found = Finding(Place(file_name(submission.path)), Check.NAME_CLASH, problem, cure=cure)
    return RefusedFile(submission.path, submission.period, (found,), submission.department)


def _pair(
    ledger: Ledger, chosen: Sequence[Submission], kept: Mapping[str, Sequence[Base]]
) -> tuple[list[tuple[Submission, Base]], list[Base], list[RefusedFile], list[Finding]]:
    """Pair files with their bases, sorted by period, so that for one cell the later period wins.

    Also returned: the bases whose file is older than one merged before, the files refused because they have no base,
    and remarks about older files.
    """
    pairs: list[tuple[Submission, Base]] = []
    passed: list[Base] = []
    refused: list[RefusedFile] = []
    remarks: list[Finding] = []
    base_for = {(base.period, base.issued_name): base for own in kept.values() for base in own}
    for each in chosen:
        base = base_for.get((each.period, each.issued_to or each.department))
        place = Place(file_name(each.path))
        if base is None:
            problem = f"找不到给{each.department}下发 {each.period} 期的留底，不能汇总。"
            cure = "没有下发过的请先下发；下发过的，请把 history 文件夹恢复到台账旁边。"
            refused.append(RefusedFile(each.path, each.period, (Finding(place, Check.IDENTITY, problem, cure=cure),)))
        elif _is_older(each.saved, base.saved):
            problem = f"{each.department}的这份表比上次汇总的那份旧，没有采用；"
            cure = "确实要用它，请在 Excel 里打开另存一次再报。"
            remarks.append(Finding(place, Check.DUPLICATE_FILE, problem, Severity.WARNING, cure=cure))
            passed.append(base)
        else:
            pairs.append((each, base))
    return sorted(pairs, key=lambda pair: pair[0].period), passed, refused, remarks


def _period_of(path: Path, ledger: Ledger, period: str | None) -> str:
    """Return the period of a refused file: the one asked for, or else that of its folder; empty if unknown."""
    folder = path.parent.name
    known = ledger.settings.period(folder)
    named = (each.name for each in ledger.settings.periods if as_file_name(each.name) == folder)
    return period or (known.name if known else next(named, ""))


def _is_older(stamp: str, than: str) -> bool:
    """Whether a time stamp is earlier than another; False if either is missing."""
    moment, other = saved_at(stamp), saved_at(than)
    return moment is not None and other is not None and moment < other


def _report_untouched(submission: Submission, bases: Sequence[Base]) -> Finding:
    problem = f"这是 {submission.period} 期下发给{submission.department}的原表，没有人填过，没有采用。"
    cure = "确实没有进展的，请部门在 Excel 里打开、保存一次再报。"
    if any(_belongs_to(submission, base) and base.asks(TASKS, "unchanged") for base in bases):
        cure = SAY_SOMETHING
    elif asks_by_ticks(submission.book):
        cure = f"请部门在各表里说一句：{SAY_TICK}"
    return Finding(Place(file_name(submission.path)), Check.UNTOUCHED, problem, Severity.WARNING, cure=cure)


def _report_misnamed(ledger: Ledger, submission: Submission) -> list[Finding]:
    named = owner_of(submission.path, ledger.settings)
    if named in ("", submission.department) or submission.vouched:
        return []
    problem = f"文件名像是{named}的，表却是下发给{submission.department}的，按{submission.department}汇总；"
    cure = "请核对是不是拿错了表。"
    return [Finding(Place(file_name(submission.path)), Check.IDENTITY, problem, Severity.HINT, cure=cure)]


def _absence_of(ledger: Ledger, base: Base) -> Absence:
    when = ledger.settings.period(base.period)
    known = ledger.settings.reporter(base.department)
    dissolved = bool(known and known.is_branch and known.unit in ledger.dissolved)
    return Absence(base.department, base.period, when.due if when else None, known is not None, dissolved=dissolved)


def _report_late(ledger: Ledger, submission: Submission) -> list[Finding]:
    when, saved = ledger.settings.period(submission.period), saved_at(submission.saved)
    if when is None or not is_late(saved, when.due) or saved is None:
        return []
    message = f"{submission.period} 期 {when.due} 截止，这份表 {saved.date()} 才保存，按迟报登记，照样汇总。"
    return [Finding(Place(file_name(submission.path)), Check.LATE, message, Severity.HINT)]


def _report_past_period(submission: Submission, last: Sequence[str]) -> list[Finding]:
    """Report a form of an earlier period; its sender may have meant the one issued last."""
    if not last or submission.period in last:
        return []
    now = "、".join(last)
    message = (
        f"这是 {submission.period} 期的表，{now} 期的已经下发；照样并入 {submission.period} 期，{now} 期的表还要另报。"
    )
    return [Finding(Place(file_name(submission.path)), Check.PERIOD_PAST, message, Severity.HINT)]
