"""What comes back: files found, read, paired with what was issued, and their merge planned. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from taizhang.findings import Finding, Severity
from taizhang.forms import Form
from taizhang.issuing import Base, base_path, bases_of, secret_of
from taizhang.ledger import Ledger
from taizhang.merging import plan_merge
from taizhang.places import Place, file_name
from taizhang.plans import Plan
from taizhang.returns import is_late, owner_of
from taizhang.short_ranges import short_ranges
from taizhang.submissions import Submission, choose_versions, find_files, read_submission, saved_at

__all__ = ["Intake", "RefusedFile", "take_in"]

READERS = 2
"""Files read at once: while one is waited for (a network share) or unpacked, the other goes on."""


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was not taken: its path, the period it seems to belong to (empty where unknown), and why."""

    path: Path
    period: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Intake:
    """Everything that came back: a plan for each department, the files refused, and findings on files and who is absent."""

    plans: tuple[Plan, ...]
    refused: tuple[RefusedFile, ...]
    remarks: tuple[Finding, ...]
    inputs: tuple[Path, ...]

    @property
    def findings(self) -> list[Finding]:
        """All findings: of refused files, of files as such, of what they hold."""
        refused = [finding for each in self.refused for finding in each.findings]
        return [*refused, *self.remarks, *(finding for plan in self.plans for finding in plan.findings)]

    @property
    def periods(self) -> list[str]:
        """The periods that files came back for, in order."""
        return sorted({plan.base.period for plan in self.plans})


def take_in(
    ledger: Ledger,
    forms: Mapping[str, Form],
    sources: Sequence[Path],
    vouched: str | None = None,
    period: str | None = None,
) -> Intake:
    """Read returned files and plan their merge. ``vouched`` is the department the office vouches for, with ``period``."""
    inputs = tuple(find_files(sources, ledger.path))
    read, refused, remarks = _read_files(ledger, inputs, vouched, period)
    came = [submission for submission, _ in read.values()]
    kept = {name: bases_of(ledger.path, name) for name in {each.period for each in came}}
    issued_as = {sha256 for own in kept.values() for base in own for sha256 in base.files}
    remarks += [_untouched(each) for each in came if each.book.sha256 in issued_as]
    chosen, found_versions = choose_versions([each for each in came if each.book.sha256 not in issued_as])
    pairs, passed, unpaired, older = _paired(ledger, chosen, kept)
    refused += unpaired
    remarks += [*found_versions, *older]
    periods = {each.period for each in (*came, *refused)} - {""} | ({period} if period else set())
    if len(periods) == 1:
        refused = [replace(each, period=next(iter(periods))) for each in refused]
    returned = {(base.department, base.period) for base in (*passed, *(base for _, base in pairs))}
    issued = [base for name in sorted(periods) for base in kept.get(name) or bases_of(ledger.path, name)]
    absent = [base for base in issued if (base.department, base.period) not in returned]
    plans = plan_merge(ledger, forms, pairs, [*passed, *absent])
    for plan in plans:
        if plan.submission:
            told = [*_misnamed(ledger, plan.submission), *_late(ledger, plan.submission)]
            plan.findings[:0] = [*read[plan.submission.path][1], *told]
    remarks += short_ranges(ledger.book, (edit for plan in plans for edit in plan.edits))
    tried = {(owner_of(each.path, ledger.settings), each.period) for each in refused}
    remarks += [
        _absent(ledger, each) for each in absent if not each.returns and (each.department, each.period) not in tried
    ]
    return Intake(tuple(plans), tuple(refused), tuple(remarks), inputs)


def _read_files(
    ledger: Ledger, inputs: Sequence[Path], vouched: str | None, period: str | None
) -> tuple[dict[Path, tuple[Submission, list[Finding]]], list[RefusedFile], list[Finding]]:
    """Return what was read, each with what was found in reading it; the files refused; and remarks on files passed over."""
    secret = secret_of(ledger.path)
    with ThreadPoolExecutor(READERS) as readers:
        answers = list(readers.map(lambda path: read_submission(path, ledger, secret, vouched, period), inputs))
    read: dict[Path, tuple[Submission, list[Finding]]] = {}
    refused: list[RefusedFile] = []
    remarks: list[Finding] = []
    for path, (submission, found) in zip(inputs, answers, strict=True):
        if submission is not None:
            read[path] = submission, found
        elif all(each.severity is Severity.HINT for each in found):
            remarks += found  # a file of another period than asked for is passed over, it needs no answer
        else:
            refused.append(RefusedFile(path, _period_of(path, ledger, period), tuple(found)))
    return read, refused, remarks


def _paired(
    ledger: Ledger, chosen: Sequence[Submission], kept: Mapping[str, Sequence[Base]]
) -> tuple[list[tuple[Submission, Base]], list[Base], list[RefusedFile], list[Finding]]:
    """Return the files with their bases, in the order of their periods: what two say of one cell, the later one says last.

    Then the bases whose file is older than one merged before, with the remarks on these; and the files refused for want of a base.
    """
    pairs: list[tuple[Submission, Base]] = []
    passed: list[Base] = []
    refused: list[RefusedFile] = []
    remarks: list[Finding] = []
    base_for = {base_path(ledger.path, base.period, base.department): base for own in kept.values() for base in own}
    for each in chosen:
        base, place = base_for.get(base_path(ledger.path, each.period, each.department)), Place(file_name(each.path))
        if base is None:
            message = (
                f"找不到给{each.department}下发 {each.period} 期的留底，不能汇总。没有下发过的请先下发；"
                "下发过的，请把 history 文件夹恢复到台账旁边。"
            )
            refused.append(RefusedFile(each.path, each.period, (Finding(place, "identity", message),)))
        elif _is_older(each.saved, base.saved):
            message = (
                f"{each.department}的这份表比上次汇总的那份旧，没有采用；确实要用它，请在 Excel 里打开另存一次再报。"
            )
            remarks.append(Finding(place, "duplicate-file", message, Severity.WARNING))
            passed.append(base)
        else:
            pairs.append((each, base))
    return sorted(pairs, key=lambda pair: pair[0].period), passed, refused, remarks


def _period_of(path: Path, ledger: Ledger, period: str | None) -> str:
    """Return the period a refused file seems to belong to: the one that was asked for, or the folder it lies in."""
    known = ledger.settings.period(path.parent.name)
    return period or (known.name if known else "")


def _is_older(stamp: str, than: str) -> bool:
    """Whether one stamp is known to be before another; of a file without a stamp nothing is known."""
    moment, other = saved_at(stamp), saved_at(than)
    return moment is not None and other is not None and moment < other


def _untouched(submission: Submission) -> Finding:
    message = (
        f"这是 {submission.period} 期下发给{submission.department}的原表，没有人填过，没有采用。"
        "确实没有进展的，请部门在 Excel 里打开、保存一次再报。"
    )
    return Finding(Place(file_name(submission.path)), "untouched", message, Severity.WARNING)


def _misnamed(ledger: Ledger, submission: Submission) -> list[Finding]:
    named = owner_of(submission.path, ledger.settings)
    if named in ("", submission.department) or submission.vouched:
        return []
    message = f"文件名像是{named}的，表却是下发给{submission.department}的，按{submission.department}汇总；请核对是不是拿错了表。"
    return [Finding(Place(file_name(submission.path)), "identity", message, Severity.HINT)]


def _absent(ledger: Ledger, base: Base) -> Finding:
    when = ledger.settings.period(base.period)
    due = f"（{when.due} 截止）" if when and when.due else ""
    message = f"{base.department}还没有报 {base.period} 期的表{due}，请催报。"
    return Finding(Place(f"{base.department}.xlsx"), "absent", message, Severity.WARNING)


def _late(ledger: Ledger, submission: Submission) -> list[Finding]:
    when, saved = ledger.settings.period(submission.period), saved_at(submission.saved)
    if when is None or not is_late(saved, when.due) or saved is None:
        return []
    message = f"{submission.period} 期 {when.due} 截止，这份表 {saved.date()} 才保存，按迟报登记，照样汇总。"
    return [Finding(Place(file_name(submission.path)), "late", message, Severity.HINT)]
