"""The receipt (回执) for a returned file as a value: what was taken, what is wrong where, what to do.

If something must be corrected, the file itself is sent back marked (``marking``). If it cannot be marked, or if all is
well, the receipt is a separate sheet. It holds nothing but the department's own rows, and never a personal value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from taizhang.ledger.catalogue import Check, CheckName
from taizhang.ledger.findings import Finding, Severity, sort_findings
from taizhang.merge.plan import Conflict, Plan, Taken, Totals
from taizhang.merge.ticks import SAY_TICK
from taizhang.system.file_names import as_file_name, file_name
from taizhang.typed.readings import shown
from taizhang.workbook.properties import saved_at

__all__ = ["TO_MEND", "FindingGroup", "Receipt", "receipt_of", "refusal_of"]

TO_MEND, WELL = "_请修改", "_回执"
"""Endings of a receipt's name: something must be corrected, or all is well."""

SAY_THESE = "请在这几行写一句“本期进展”，没有进展的在“本期无变化”选“是”，补报一次。"
_WEIGHTS = {Severity.ERROR: "请修改", Severity.WARNING: "请留意", Severity.HINT: "说明"}


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one check and severity."""

    check: CheckName
    severity: Severity
    findings: tuple[Finding, ...]

    @property
    def title(self) -> str:
        """Severity, label of the check and count, e.g. ``请修改：不在选项里（2 处）``."""
        what = self.check.label
        return f"{_WEIGHTS[self.severity]}：{what}（{len(self.findings)} 处）"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The contents of a receipt; ``codes`` pairs (sheet, row number) with the code of the row there.

    ``totals`` is None if the file was refused. ``former`` is the department's name when the form was issued; empty if
    it has not changed.
    """

    department: str
    period: str
    file: str
    saved: datetime | None
    totals: Totals | None
    causes: tuple[FindingGroup, ...]
    taken: tuple[Taken, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    codes: tuple[tuple[tuple[str, int], str], ...] = ()
    former: str = ""

    @property
    def to_mend(self) -> bool:
        """Whether the department has to send the file again."""
        missing = bool(self.totals and self.totals.missing)
        return missing or any(cause.severity is Severity.ERROR for cause in self.causes)

    @property
    def names(self) -> tuple[str, str]:
        """The file names a receipt may have: to be corrected, and all well."""
        return _names(self.department or Path(self.file).stem)

    @property
    def former_names(self) -> tuple[str, ...]:
        """The file names of receipts from before the department was renamed."""
        return _names(self.former) if self.former else ()

    @property
    def name(self) -> str:
        """The receipt's file name."""
        mend, well = self.names
        return mend if self.to_mend else well

    @property
    def _past(self) -> list[str]:
        """The messages that this is a form of an earlier period; put first, since its sender may not have meant it."""
        return [
            each.department_message
            for cause in self.causes
            if cause.check == Check.PERIOD_PAST
            for each in cause.findings
        ]

    @property
    def title(self) -> str:
        """The line at the top."""
        what = "请修改后再报" if self.to_mend else "回执"
        return "　".join(filter(None, (self.department, self.period, what)))

    @property
    def lines(self) -> list[str]:
        """The sentences under the title: which file, what counts, what to do."""
        when = f"（{self.saved:%Y-%m-%d %H:%M} 保存）" if self.saved else ""
        if self.totals is None:
            return [f"报来的文件：{shown(self.file)}{when}。这份文件没有采用。"]
        lines = [f"报来的文件：{shown(self.file)}{when}。", *self._past, f"{self.totals.equation}。"]
        if self.to_mend:
            lines.append("请改好下面写“请修改”的地方，整份再报一次；退回的行整行都没有采用，其他已采用的不用动。")
        elif self.totals.held:
            lines.append("没有采用的行由办公室核对，其他的已记入台账，不用再报。")
        elif self.totals.unsaid:
            lines.append(f"已记入台账。{self.totals.issued} 行里 {self.totals.unsaid_words}。{SAY_THESE}")
        elif self.totals.unsaid_registers:
            lines.append("已记入台账。")
        else:
            lines.append("已记入台账，不用再报。")
        if self.totals.unsaid_registers:
            lines.append(f"{self.totals.unsaid_registers_words}。{SAY_TICK}")
        if self.conflicts:
            lines.append(f"有 {len(self.conflicts)} 格在下发后台账也改过，由办公室裁决，您不用改；裁决前台账保持原样。")
        return lines


def _names(who: str) -> tuple[str, str]:
    return as_file_name(who, f"{TO_MEND}.xlsx"), as_file_name(who, f"{WELL}.xlsx")


def receipt_of(plan: Plan) -> Receipt | None:
    """Return the receipt of a returned file; None if nothing was returned.

    Findings about conflicts and undone changes are left out, since they are for the office.
    """
    if plan.submission is None:
        return None
    own = [finding for finding in plan.findings if finding.check not in (Check.CONFLICT, Check.UNDONE)]
    return Receipt(
        plan.base.department,
        plan.base.period,
        file_name(plan.submission.path),
        saved_at(plan.submission.saved),
        plan.totals,
        _causes(own),
        tuple(plan.taken),
        tuple(plan.conflicts),
        tuple(plan.codes.items()),
        plan.base.issued_to if plan.base.issued_to != plan.base.department else "",
    )


def refusal_of(path: Path, period: str, findings: Iterable[Finding], department: str = "") -> Receipt:
    """Return the receipt of a refused file; ``department`` is empty if unknown."""
    return Receipt(department, period, file_name(path), None, None, _causes(findings))


def _causes(findings: Iterable[Finding]) -> tuple[FindingGroup, ...]:
    """Group findings by severity and check: errors first, then the most frequent."""
    groups: dict[tuple[Severity, CheckName], list[Finding]] = {}
    for finding in sort_findings(part for each in findings for part in (each.parts or (each,))):
        groups.setdefault((finding.severity, finding.check), []).append(finding)
    weights = list(_WEIGHTS)
    ordered = sorted(groups.items(), key=lambda item: (weights.index(item[0][0]), -len(item[1]), item[0][1]))
    return tuple(FindingGroup(check, severity, tuple(found)) for (severity, check), found in ordered)
