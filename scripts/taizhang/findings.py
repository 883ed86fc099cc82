"""Findings: what is wrong, where, and what to do about it. Values, never exceptions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from taizhang.places import Place

__all__ = ["Finding", "Severity", "as_json", "as_line", "select", "sort_findings"]


class Severity(StrEnum):
    """How much a finding weighs: an error is held back, a warning goes in and is reported, a hint only informs."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"

    @property
    def word(self) -> str:
        """The office's word for the severity."""
        return {"error": "错误", "warning": "警告", "hint": "提示"}[self.value]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found: its place, the check's kebab-case name, how much it weighs, and the sentence.

    ``message`` says what was found, what was expected and what to do, in the office's words, and never contains a personal value.
    ``parts`` are the findings, each at its own cell, that one sentence sums up: receipts show these.
    """

    place: Place
    check: str
    message: str
    severity: Severity = Severity.ERROR
    parts: tuple[Finding, ...] = ()


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings by place (numerically), then by check name."""
    return sorted(findings, key=lambda finding: (finding.place.sort_key, finding.check))


def as_line(finding: Finding) -> str:
    """Return the finding on one line, place first: ``财务处.xlsx:'整改任务'!F12: date-order: …``."""
    weight = "" if finding.severity is Severity.ERROR else f"{finding.severity.word}："
    message = " ".join(finding.message.split())
    return f"{finding.place}: {finding.check}: {weight}{message}"


def as_json(finding: Finding) -> dict[str, object]:
    """Return the finding as a JSON object with stable English keys."""
    place = finding.place
    return {
        "workbook": place.workbook,
        "sheet": place.sheet,
        "row": place.row,
        "column": place.column,
        "cell": place.cell or None,
        "check": finding.check,
        "severity": finding.severity.value,
        "message": finding.message,
    }


def select(findings: Iterable[Finding], only: Iterable[str] = (), skip: Iterable[str] = ()) -> list[Finding]:
    """Return the findings of the checks in ``only`` (all where it is empty) without those in ``skip``."""
    wanted, unwanted = frozenset(only), frozenset(skip)
    return [f for f in findings if (not wanted or f.check in wanted) and f.check not in unwanted]
