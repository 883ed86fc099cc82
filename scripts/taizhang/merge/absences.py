"""Reporters that have returned nothing for a period, as values and as findings; many share one finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.layout import RETURNED_FOLDER
from taizhang.workbook.places import Place

__all__ = ["Absence", "absence_findings"]


@dataclass(frozen=True, slots=True)
class Absence:
    """A reporter that has returned nothing for a period; ``due`` is the day returns are due.

    ``known``: 参数 lists it. ``issued``: its form was issued; False if the issue was interrupted before it.
    ``dissolved``: it is a branch that was dissolved since.
    """

    department: str
    period: str
    due: date | None = None
    known: bool = True
    issued: bool = True
    dissolved: bool = False

    @property
    def finding(self) -> Finding:
        """The finding of this reporter alone."""
        return _finding(self, Place(f"{self.department}.xlsx"), self.department)


def absence_findings(absences: Sequence[Absence], few: int) -> list[Finding]:
    """Return one finding for each absent reporter, or one for all of a kind if they are more than ``few``."""
    groups: dict[Absence, list[Absence]] = {}
    for each in absences:
        groups.setdefault(replace(each, department=""), []).append(each)
    findings = []
    for kind, own in groups.items():
        names = "、".join(each.department for each in own)
        together = _finding(kind, Place(RETURNED_FOLDER), f"{len(own)} 家（{names}）")
        findings += [each.finding for each in own] if len(own) <= few else [together]
    return findings


def _finding(absence: Absence, place: Place, who: str) -> Finding:
    period = absence.period
    problem, cure = f"{who}还没有报 {period} 期的表{f'（{absence.due} 截止）' if absence.due else ''}，", "请催报。"
    if not absence.issued:
        problem = f"{period} 期下发时中途断了，{who}的表没有发出；"
        cure = f"请再运行 taizhang issue -p {period}，补发还没有发到的。"
    elif absence.dissolved:
        cure = "〈党支部底册〉里已经撤销，不用再催；还要记的由办公室填。"
    elif not absence.known:
        cure = "〈参数〉里已经没有它：改了名的，请把原来的名称写进新名称的“别名”，就算同一个。"
    return Finding(place, Check.ABSENT, problem, Severity.WARNING, cure=cure)
