"""What proofs say on a day: 达到, 未达到 or 无数据, with the figure, its target and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from taizhang.forms.grammar import COLUMN_OPTIONS
from taizhang.forms.rules import columns_of
from taizhang.forms.vocabulary import IndicatorKind
from taizhang.ledger.model import Ledger
from taizhang.ledger.vocabulary import Operator
from taizhang.supervision.duties import Duty
from taizhang.supervision.indicator_rows import Span, cycle_column, quote_words
from taizhang.supervision.indicators import Figure, figure_of
from taizhang.supervision.proofs import Proof, cycle_proofs
from taizhang.supervision.tasks import Task, tasks_by_code
from taizhang.typed.cycles import Cycle, cycle_of

__all__ = ["Outcome", "ProofResult", "judge"]


NO_CYCLE_YET = "还没有满一个周期"


class Outcome(StrEnum):
    """Whether the ledger proves what a proof asks."""

    MET = "达到"
    UNMET = "未达到"
    NO_DATA = "无数据"


@dataclass(frozen=True)
class ProofResult:
    """One proof on a day.

    ``actual`` and ``target`` are numbers in ``unit``, ``actual`` rounded as the register's sheet shows it (whole per
    cent); None if there is none. ``reason`` says why there are no data. ``cycle`` is the closed cycle that is judged,
    ``running`` the figure so far in the cycle that holds the day, in ``unit``. ``by_cycles``: ``actual`` and ``target``
    count the cycles of a recurring task that were kept and that were due. ``left_out`` counts rows that could not be
    used.
    """

    proof: Proof
    outcome: Outcome
    actual: Decimal | None = None
    target: Decimal | None = None
    unit: str = ""
    reason: str = ""
    cycle: Cycle | None = None
    running: Decimal | None = None
    by_cycles: bool = False
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """The result for a sheet: 未达到（实际 2 个，目标 0 个）, 无数据（〈支委名册〉没有启用）."""
        cycle = f"{self.cycle.name}：" if self.cycle else ""
        running = f"；本期到现在 {_with_unit(self.running, self.unit)}" if self.running is not None else ""
        if self.actual is None or self.target is None:
            return f"{self.outcome}（{cycle}{self.reason}{running}）"
        if self.by_cycles:
            return f"{self.outcome}（应 {self.target:f} 期，履行 {self.actual:f} 期{running}）"
        sign = "" if self.proof.operator is Operator.EQUAL else f"{self.proof.operator} "
        actual, target = (_with_unit(each, self.unit) for each in (self.actual, self.target))
        return f"{self.outcome}（{cycle}实际 {actual}，目标 {sign}{target}{running}）"


def judge(ledger: Ledger, proof: Proof, as_of: date, task: Task | None = None) -> ProofResult:
    """Judge a proof on a day.

    A proof for each cycle of a recurring task, which is due as often as the proof asks, is judged by all its cycles:
    met if nothing is owed and nothing was missed for good within the last twelve months. For other tasks the last
    closed cycle is judged, if half of it lies after the task's start. ``task`` saves reading the tasks of the day: a
    closed task, whose duty had ended by then.
    """
    if proof.per is None or _why_not(ledger, proof):
        return _judge(ledger, proof, as_of)
    running = cycle_of(as_of, proof.per)
    so_far = _judge(ledger, proof, as_of, running).actual
    if task is None:
        task = tasks_by_code(ledger, as_of).get(proof.task)
    duty = task.duty if task else None
    proves = duty is not None and proof in cycle_proofs(ledger, proof.task, duty.kind)
    if duty and proves and duty.per_cycle == proof.target:
        return _judge_duty(proof, duty, so_far)
    start = (task and task.start) or date(ledger.settings.year or as_of.year, 1, 1)
    last = cycle_of(running.first - timedelta(days=1), proof.per)
    if 2 * ((last.last - start).days + 1) < last.days:
        return ProofResult(proof, Outcome.NO_DATA, unit=proof.unit, reason=NO_CYCLE_YET, running=so_far)
    return replace(_judge(ledger, proof, as_of, last), cycle=last, running=so_far)


def _judge_duty(proof: Proof, duty: Duty, so_far: Decimal | None) -> ProofResult:
    """Return what the cycles of a duty prove: those kept or made up, of those due."""
    if not duty.due:
        return ProofResult(proof, Outcome.NO_DATA, unit=proof.unit, reason=NO_CYCLE_YET, running=so_far)
    outcome = Outcome.UNMET if duty.owed or duty.missed_lately else Outcome.MET
    return ProofResult(
        proof, outcome, Decimal(duty.fulfilled), Decimal(duty.due), proof.unit, running=so_far, by_cycles=True
    )


def _judge(ledger: Ledger, proof: Proof, as_of: date, cycle: Cycle | None = None) -> ProofResult:
    """Judge a proof by all rows up to a day, or by those of one cycle."""
    if reason := _why_not(ledger, proof):
        return ProofResult(proof, Outcome.NO_DATA, unit=proof.unit, reason=reason)
    assert proof.form and proof.indicator and proof.operator
    register = ledger.registers[proof.form.name]
    span, year = None, proof.indicator.options.get("year") or cycle_column(proof.form, proof.indicator)
    if cycle:
        span = Span(proof.day_column, cycle.first, min(cycle.last, as_of))
    elif year and proof.counts_events and proof.operator is Operator.AT_LEAST:
        span = Span(str(year), date.min, as_of)  # so many altogether, not only in the latest year or cycle
    own, versus = (
        figure_of(ledger, register, each, as_of, proof.conditions, span) if each else None
        for each in (proof.indicator, proof.versus)
    )
    assert own
    target = versus.value if versus else proof.target
    actual = _percentage(own) if proof.percent else _number(own, proof.operator)
    if actual is None or target is None:
        reason = _why_none(own, proof.percent)
        return ProofResult(proof, Outcome.NO_DATA, None, target, proof.unit, reason, left_out=own.left_out)
    met = proof.operator.holds(actual, Fraction(target))
    shown = Decimal(own.rate or 0) if proof.percent else own.value or Decimal(0)
    outcome = Outcome.MET if met else Outcome.UNMET
    return ProofResult(proof, outcome, shown, target, proof.unit, left_out=own.left_out)


def _percentage(figure: Figure) -> Fraction | None:
    """Return the exact percentage points of a figure; None if nothing is in its denominator."""
    if figure.value is None or not figure.whole or figure.impossible:
        return None
    return Fraction(figure.value) * 100 / Fraction(figure.whole)


def _number(figure: Figure, operator: Operator) -> Fraction | None:
    """Return the figure itself; without usable rows it is 0 if at least something is asked, else it is unknown.

    What is not in the register has not been done, but no row proves that nothing is left to do.
    """
    if figure.value is not None:
        return Fraction(figure.value)
    asked = operator is Operator.AT_LEAST and not IndicatorKind(figure.kind).of_days
    return Fraction(0) if asked and not figure.unreadable else None


def _why_not(ledger: Ledger, proof: Proof) -> str:
    """Return why a proof cannot be judged at all; empty if it can."""
    if proof.missing:
        return f"〈核对〉的{quote_words(proof.missing)}空着或读不懂"
    if proof.faults:
        return proof.faults[0].problem
    register = ledger.registers.get(proof.form.name) if proof.form else None
    if register is None:
        return f"〈{proof.sheet}〉没有启用"
    if not register.records:
        return f"〈{proof.sheet}〉还没有填"
    assert proof.indicator and proof.form
    used = [each.key for each in proof.conditions]
    used += [str(value) for key, value in proof.indicator.options.items() if key in COLUMN_OPTIONS]
    used += [key for rule in proof.form.rules_of(proof.indicator) for key in columns_of(rule)]
    absent = next((key for key in (*used, proof.day_column) if key and key not in register.columns), None)
    return f"〈{proof.sheet}〉里没有“{register.form.column(absent).title}”列" if absent else ""


def _why_none(figure: Figure, percent: bool) -> str:
    """Return why a figure has no number."""
    if figure.impossible:
        return "部分大于总数"
    if figure.used and percent:
        return "还没有应当计入的"
    for title, number in figure.unreadable.items():
        return f"“{title}”有 {number} 行读不懂"
    return "没有符合条件的行"


def _with_unit(number: Decimal | None, unit: str) -> str:
    return f"{number:f}%" if unit == "%" else f"{number:f} {unit}".rstrip()
