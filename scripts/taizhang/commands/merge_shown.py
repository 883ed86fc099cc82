"""The output of a merge: the plan on stdout as text or JSON, and the returns as a table on stderr."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, replace

from taizhang.commands.help import terminal_width
from taizhang.commands.saying import tell
from taizhang.forms.model import Form
from taizhang.forms.vocabulary import ColumnType
from taizhang.history.entries import Change, as_plain
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, as_json, order_of
from taizhang.merge.absences import Absence
from taizhang.merge.decisions import Rulings
from taizhang.merge.intake import Intake
from taizhang.merge.plan import Plan, seen
from taizhang.merge.returns import Returns
from taizhang.system.file_names import file_name
from taizhang.typed.readings import shown
from taizhang.typed.safe_text import one_line
from taizhang.typed.text import as_text, shorten, show_difference

__all__ = [
    "change_line",
    "plan_as_json",
    "plan_findings",
    "plan_lines",
    "print_returns",
    "rulings_as_json",
]

FEW = 3
"""Up to so many departments without a new file get a line each; more share one line."""


def plan_lines(intake: Intake, *, quiet: bool) -> Iterator[str]:
    """Yield the plan line by line: scope, totals by department, and each changed row (unless ``quiet``)."""
    yield _scope(intake)
    yield from _totals_lines(intake, several=len(intake.periods) > 1)
    for plan in () if quiet else intake.plans:
        yield from _row_lines(plan)


def plan_findings(intake: Intake) -> list[Finding]:
    """Return the findings to print: with the period if there are several, absent departments together if many."""
    return _gather(_add_periods(intake) if len(intake.periods) > 1 else intake.findings, intake.absences)


def _totals_lines(intake: Intake, *, several: bool) -> Iterator[str]:
    """Yield the control totals of every file, and the departments without a return for the period being collected."""
    silent = [plan for plan in intake.plans if plan.submission is None and plan.base.period in intake.open]
    for plan in intake.plans:
        if plan.submission or (plan in silent and len(silent) <= FEW):
            yield _totals_line(plan, several=several)
    if len(silent) <= FEW:
        return
    for period in intake.open:
        own = [plan for plan in silent if plan.base.period == period]
        when = f"{period} 期" if several else ""
        if missed := [plan for plan in own if not plan.base.returns]:
            rows = sum(plan.totals.missing for plan in missed)
            yield f"{when}未报 {len(missed)} 家，共 {rows} 行：{_list_departments(missed)}"
        if earlier := [plan for plan in own if plan.base.returns]:
            yield f"{when}这次没有新表、以前报过的 {len(earlier)} 家：{_list_departments(earlier)}"


def _totals_line(plan: Plan, *, several: bool) -> str:
    totals, earlier = plan.totals, len(plan.base.returns)
    who = f"{plan.base.period} {totals.department}" if several else totals.department
    if plan.submission is None and earlier:
        return f"{who}：这次没有新表，以前报过第 {earlier} 版"
    unsaid = f"；没变的里面 {totals.unsaid_words}" if totals.unsaid else ""
    return f"{who}（{totals.file or '未报'}）：{totals.equation}{unsaid}"


def _list_departments(plans: Sequence[Plan]) -> str:
    return "、".join(plan.base.department for plan in plans)


def _gather(findings: Sequence[Finding], absences: Sequence[Absence]) -> list[Finding]:
    """Return the findings without duplicates; many absent departments become one finding."""
    from taizhang.merge.absences import absence_findings

    others = (each for each in findings if each.check != Check.ABSENT)
    return list(dict.fromkeys((*others, *absence_findings(absences, FEW))))


def _scope(intake: Intake) -> str:
    """Return the first line: the period collected, and what was not read."""
    later = sorted({plan.base.period for plan in intake.plans if plan.submission}.difference(intake.open))
    line = f"汇总 {'、'.join(intake.open)} 期" if intake.open else "还没有下发过，没有哪一期可以汇总"
    if later:
        line += f"，另有新报来的 {'、'.join(later)} 期的表"
    if intake.passed:
        line += (
            f"；其他各期的 {len(intake.passed)} 份汇总过，或当时就没有采用，没有再读（要再汇总请写 --period 或 --all）"
        )
    return f"{line}。"


def _add_periods(intake: Intake) -> list[Finding]:
    """Return the findings with the period before the file's name: forms of different periods have the same name."""
    return [
        replace(each, place=replace(each.place, workbook=f"{period}/{each.place.workbook}")) if period else each
        for period, each in intake.findings_by_period
    ]


def _row_lines(plan: Plan) -> list[str]:
    """Return one line for each changed row of the ledger; a new row is marked as such."""
    rows: dict[tuple[str, str], list[str]] = {}
    added = {*plan.news.assigned.values()}
    for each in plan.taken:
        cells = rows.setdefault((each.form.sheet, each.code), [])
        old, new = (seen(each.form, each.column, raw) for raw in (each.old, each.new))
        if each.code not in added:
            cells.append(
                f"{each.column.title}：" + " → ".join(word or "（空）" for word in show_difference(old, new, 24))
            )
        elif each.column.type != ColumnType.CODE and each.column.key not in (each.form.owner, each.form.reporter):
            cells.append(f"{each.column.title} {shorten(new, 24)}")
    return [
        f"  {code} 新增（{sheet}）：{'；'.join(cells)}" if code in added else f"  {code} {'；'.join(cells)}"
        for (sheet, code), cells in rows.items()
    ]


def rulings_as_json(rulings: Rulings) -> dict[str, object]:
    """Return planned rulings in a form for JSON, without personal data."""
    return {
        "changes": [_facts(as_plain(each)) for each in rulings.changes],
        "findings": [as_json(each) for each in rulings.findings],
        "undecided": rulings.undecided,
    }


def change_line(change: Change, forms: Mapping[str, Form]) -> str:
    """Return a change as one line: the row's code, the column, the old and new value."""
    form = forms[change.register]
    column = form.column(change.column)
    old, new = (seen(form, column, raw) for raw in (change.old, change.new))
    old, new = (word or "（空）" for word in show_difference(old, new, 24))
    return f"{change.code} {column.title}：{old}" + (f" → {new}" if change.old != change.new else "（不变）")


def _facts(facts: dict[str, object]) -> dict[str, object]:
    """Return a change's facts without personal data."""
    return {key: shown(value) if isinstance(value, str) else value for key, value in facts.items()}


def plan_as_json(intake: Intake) -> dict[str, object]:
    """Return the plan in a form for JSON, without personal data."""
    return {
        "collected": intake.open,
        "passed_over": [file_name(path) for path in intake.passed],
        "totals": [
            {"period": plan.base.period, **asdict(plan.totals), "closes": plan.totals.closes} for plan in intake.plans
        ],
        "changes": [_facts(as_plain(change)) for plan in intake.plans for change in plan.changes],
        "conflicts": [
            {
                "place": str(each.place),
                "register": each.form.name,
                "code": each.code,
                "column": each.column.key,
                "base": shown(as_text(each.base)),
                "ours": shown(as_text(each.ours)),
                "theirs": shown(as_text(each.theirs)),
                "department": each.department,
            }
            for plan in intake.plans
            for each in plan.conflicts
        ],
        "findings": [
            {**as_json(each), "period": period or None}
            for period, each in sorted(intake.findings_by_period, key=lambda pair: order_of(pair[1]))
        ],
    }


def print_returns(returns: Sequence[Returns], collected: Collection[str]) -> None:
    """Print the returns on stderr, as a table for the period collected; the control totals are on stdout."""
    for each in returns:
        if each.period not in collected:
            tell(f"{each.period}：{each.summary}", err=True)
            continue
        tell(f"回收情况 {each.period}", err=True)
        for line in _returns_table(each):
            tell(line, err=True)
        tell(each.summary, err=True)


def _returns_table(returns: Returns) -> Iterator[str]:
    """Yield heads and rows in columns; the numbers of errors are aligned right."""
    rows: list[tuple[str, ...]] = [("填报单位", "情况", "版本", "保存时间", "错误", "要办的事")]
    for each in returns.rows:
        version = f"第{each.version}版" if each.version else ""
        errors = str(each.totals.errors or "")
        rows.append(tuple(map(one_line, (each.department, each.state, version, each.when, errors, each.to_do))))
    widths = [max(map(terminal_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = []
        for cell, head, width in zip(row, rows[0], widths, strict=True):
            blanks = " " * (width - terminal_width(cell))
            cells.append(blanks + cell if head is rows[0][4] else cell + blanks)
        yield "  ".join(cells).rstrip()
