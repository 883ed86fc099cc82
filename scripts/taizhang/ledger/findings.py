"""Findings: values (never exceptions) that say what is wrong, where, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from taizhang.ledger.catalogue import CheckName
from taizhang.workbook.places import Place, in_ranges

__all__ = [
    "MOST_TOGETHER",
    "Finding",
    "Severity",
    "as_json",
    "as_line",
    "as_lines",
    "counted_lines",
    "order_of",
    "select",
    "sort_findings",
]

MOST_TOGETHER = 5
"""Up to this many findings of one kind are listed one by one. If there are more, equal ones become one line, and of the
others the first few are listed under a line with their number and places."""

FIRST_FEW = 3
PLACES_NAMED = 12


class Severity(StrEnum):
    """The severity of a finding: an error is not merged, a warning is merged and reported, a hint only informs."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"

    @property
    def label(self) -> str:
        """The office's word for the severity."""
        return {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.HINT: "提示"}[self]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found: place, check, what is wrong, severity, and what to do.

    ``problem`` and ``cure`` are whole clauses with their punctuation, and never contain a personal value.
    ``department_cure`` is what the department can do, if that differs from what the office can do: receipts never name
    a command. ``parts`` are the findings of single cells that this one sums up; receipts show them instead.
    """

    place: Place
    check: CheckName
    problem: str
    severity: Severity = Severity.ERROR
    parts: tuple[Finding, ...] = ()
    cure: str = ""
    department_cure: str | None = None

    @property
    def message(self) -> str:
        """The problem and its cure, for the office."""
        return self.problem + self.cure

    @property
    def department_message(self) -> str:
        """The problem and the department's cure, for its receipt."""
        return self.problem + (self.cure if self.department_cure is None else self.department_cure)


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings by place (rows and columns as numbers), then by check name."""
    return sorted(findings, key=order_of)


def order_of(finding: Finding) -> tuple[object, ...]:
    """Return the sort key of a finding: its place, then its check."""
    return finding.place.sort_key, finding.check


def as_line(finding: Finding) -> str:
    """Return the finding on one line, place first: ``财务处.xlsx:'整改任务'!F12: date-order: …``."""
    weight = "" if finding.severity is Severity.ERROR else f"{finding.severity.label}："
    message = " ".join(finding.message.split())
    return f"{finding.place}: {finding.check}: {weight}{message}"


def as_lines(findings: Iterable[Finding], *, every: bool = False) -> list[str]:
    """Return findings as lines, by severity, then place; many of one kind are summed up unless ``every``.

    Findings are of one kind if check, severity and workbook are the same; for hints, which need no action, workbooks
    are not told apart.
    """
    lines: list[str] = []
    for kind in _group_kinds(sort_findings(findings), every=every):
        lines += _sum_up(kind) if len(kind) > MOST_TOGETHER else map(as_line, kind)
    return lines


def _group_kinds(ordered: Sequence[Finding], *, every: bool) -> list[list[Finding]]:
    """Group the findings to be summed up, each other one alone; a group is placed by its first finding."""
    ranks = list(Severity)
    groups: dict[object, list[Finding]] = {}
    for each in ordered:
        workbook = "" if each.severity is Severity.HINT else each.place.workbook
        groups.setdefault((each.severity, each.check, workbook), []).append(each)
    kinds: list[list[Finding]] = []
    for group in groups.values():
        kinds += [group] if len(group) > MOST_TOGETHER and not every else [[each] for each in group]
    return sorted(kinds, key=lambda kind: (ranks.index(kind[0].severity), kind[0].place.sort_key, kind[0].check))


def _sum_up(kind: Sequence[Finding]) -> Iterator[str]:
    """Yield the lines for many findings of one kind: equal messages once, then the count and first few others."""
    same: dict[str, list[Finding]] = {}
    for each in kind:
        same.setdefault(each.message, []).append(each)
    for message, group in same.items():
        if len(group) > MOST_TOGETHER:
            yield _summary_line(group, f"{message}共 {len(group)} 条")
    others = [each for each in kind if len(same[each.message]) <= MOST_TOGETHER]
    if len(others) > MOST_TOGETHER:
        yield _summary_line(others, f"{kind[0].check.label}，共 {len(others)} 条", f"，先列 {FIRST_FEW} 条：")
        others = others[:FIRST_FEW]
    yield from map(as_line, others)


def _summary_line(kind: Sequence[Finding], what: str, end: str = "。") -> str:
    """Return one line for many findings, with their places."""
    workbooks = dict.fromkeys(each.place.workbook for each in kind)
    sheets = dict.fromkeys((each.place.workbook, each.place.sheet_shown) for each in kind)
    if len(workbooks) > 1:
        named = "、".join(list(workbooks)[:PLACES_NAMED])
        where, place = f"{named}{'等' if len(workbooks) > PLACES_NAMED else ''}", Place(f"{len(workbooks)} 份表")
    elif len(sheets) > 1:
        where, place = "、".join(f"〈{sheet}〉" for _, sheet in sheets if sheet), Place(next(iter(workbooks)))
    else:
        where = in_ranges([each.place for each in kind], PLACES_NAMED)
        place = Place(kind[0].place.workbook, kind[0].place.sheet)
    return as_line(replace(kind[0], place=place, problem=f"{what}{f'（{where}）' if where else ''}{end}", cure=""))


def counted_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield the number of findings and, if they are many, of each kind: by severity, then the most frequent first."""
    if not findings:
        yield "没有发现问题。"
        return
    weights = Counter(each.severity for each in findings)
    yield f"共 {'，'.join(f'{severity.label} {weights[severity]} 条' for severity in Severity if weights[severity])}。"
    if len(findings) > MOST_TOGETHER:
        kinds = Counter((each.severity, each.check) for each in findings)
        ranks = list(Severity)
        for (severity, check), count in sorted(
            kinds.items(), key=lambda kind: (ranks.index(kind[0][0]), -kind[1], kind[0][1])
        ):
            yield f"{severity.label} {count} 条：{check.label}（{check}）"


def as_json(finding: Finding) -> dict[str, object]:
    """Return the finding as a JSON object with stable English keys."""
    place = finding.place
    return {
        "workbook": place.workbook,
        "sheet": place.sheet and place.sheet_shown,
        "row": place.row,
        "column": place.column,
        "cell": place.cell or None,
        "check": finding.check,
        "severity": finding.severity.value,
        "message": finding.message,
    }


def select(findings: Iterable[Finding], only: Iterable[str] = (), skip: Iterable[str] = ()) -> list[Finding]:
    """Return the findings of the checks in ``only`` (all if it is empty) without those in ``skip``."""
    wanted, unwanted = frozenset(only), frozenset(skip)
    return [f for f in findings if (not wanted or f.check in wanted) and f.check not in unwanted]
