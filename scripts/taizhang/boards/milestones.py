"""Milestones: each matter with its planned day, its day in fact and how far it lags, the worst first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from taizhang.boards.frames import Context, records
from taizhang.boards.views import (
    BoardView,
    Cell,
    Chart,
    ChartKind,
    Line,
    blank,
    fraction_words,
    judge,
    number_words,
    row_cell,
    signed,
    text_cell,
)
from taizhang.ledger.vocabulary import Light
from taizhang.supervision.row_rules import days_left
from taizhang.typed.percentages import percent_words
from taizhang.typed.readings import name_several

__all__ = ["milestones"]

SOON = 30
"""Days before the planned day from which a matter is amber."""
CHARTED = 10
_TEN_THOUSAND = 10_000


@dataclass(frozen=True, slots=True)
class _Money:
    """What a matter may cost and has cost, in yuan; None if it is not filled in, or no amount."""

    budget: Decimal | None
    spent: Decimal | None

    @property
    def known(self) -> bool:
        return bool(self.budget) and self.spent is not None

    @property
    def over(self) -> Decimal:
        """The amount above the budget; 0 if there is none, or it cannot be told."""
        if self.budget is None or self.spent is None:
            return Decimal(0)
        return max(self.spent - self.budget, Decimal(0))

    def cell(self) -> Cell:
        """Return the share of the budget with both amounts, and by how much it is exceeded."""
        if self.over:
            return Cell(self.spent, f"▲ 超 {_amount(self.over)}万元（{self.pair}）", Light.AMBER)
        if not self.known:
            lacking = [name for name, each in (("预算", self.budget), ("支出", self.spent)) if each is None]
            return Cell(None, f"缺{'、'.join(lacking)}" if lacking else f"预算是 0，{self.pair}")
        return Cell(self.spent, f"{percent_words(self.spent or 0, self.budget or 0)}（{self.pair}）")

    @property
    def pair(self) -> str:
        return f"{_amount(self.spent or Decimal(0))}/{_amount(self.budget or Decimal(0))}万元"


def _amount(yuan: Decimal) -> str:
    return number_words(yuan / _TEN_THOUSAND)


@dataclass(frozen=True, slots=True)
class _Matter:
    what: str
    group: str
    who: str
    planned: date | None
    done: date | None
    row: int
    as_of: date
    money: _Money

    @property
    def lag(self) -> int:
        """Days after the planned day, done or not; 0 if in time."""
        return max(((self.done or self.as_of) - self.planned).days, 0) if self.planned else 0

    @property
    def owed(self) -> bool:
        return self.done is None and self.lag > 0

    @property
    def light(self) -> Light | None:
        if self.owed:
            return Light.RED
        if self.done:
            return Light.AMBER if self.lag else Light.GREEN
        soon = self.planned is not None and (self.planned - self.as_of).days <= SOON
        return Light.AMBER if soon else None

    @property
    def words(self) -> str:
        if self.owed:
            return f"◆ 逾期 {self.lag} 天"
        if self.done:
            return f"▲ 完成，晚 {self.lag} 天" if self.lag else "● 按期完成"
        if self.planned is None:
            return "没有计划日"
        left = (self.planned - self.as_of).days
        return signed(self.light, days_left(left))

    @property
    def order(self) -> tuple[int, int, date]:
        place = 0 if self.owed else 1 if not self.done else 2
        return place, -self.lag, self.planned or date.max


def milestones(context: Context) -> BoardView:
    """Return the board: what is late, what comes next, what is done."""
    what, planned, done = (context.option(key) for key in ("what", "planned", "done"))
    who, by, budget, spent = (context.option(key) for key in ("who", "by", "budget", "spent"))
    data = context.rows(planned, done)
    matters = sorted(
        (
            _Matter(
                context.words(values, what), context.words(values, by), context.words(values, who), values[planned],
                values[done] if values[done] is not None and values[done] <= context.as_of else None,
                row, context.as_of, _Money(_number(values, budget), _number(values, spent)),
            )
            for row, values in records(data)
        ),
        key=lambda each: each.order,
    )  # fmt: skip
    lines = tuple(_line(each, with_group=bool(by), with_who=bool(who), with_money=bool(budget)) for each in matters)
    due = [each for each in matters if each.done or (each.planned and each.planned < context.as_of)]
    part, whole = sum(bool(each.done) for each in due), len(due)
    owed = [each for each in matters if each.owed]
    coming = [each for each in matters if not each.done and not each.owed and each.planned]
    tail = (
        f"拖得最久：{owed[0].what}（{owed[0].lag} 天{f'，{owed[0].who}' if owed[0].who else ''}）。"
        if owed
        else f"没有逾期的{f'，下一项：{coming[0].what}（{coming[0].planned}）' if coming else ''}。"
    )
    spending = _spending([each.money for each in matters]) if budget else ""
    undated = [each.what for each in matters if each.planned is None and not each.done]
    notes = [f"滞后＝完成日（没有完成的到统计日）减计划日；▲＝{SOON} 天内到期或晚完成，◆＝逾期没有完成。"]
    if budget:
        notes.append("预算执行＝支出÷预算，单位万元；▲ 超＝支出多于预算。缺预算或支出的不计入合计。")
    if undated:
        notes.append(f"没有填计划日的 {len(undated)} 项，不算逾期：{name_several(undated)}。")
    lagging = sorted((each for each in matters if each.lag), key=lambda each: -each.lag)[:CHARTED]
    late, owing = "完成晚了（天）", "逾期没有完成（天）"
    series = (
        (owing, tuple(float(each.lag) if each.owed else None for each in lagging)),
        (late, tuple(None if each.owed else float(each.lag) for each in lagging)),
    )
    heads = (
        *([context.title(by)] if by else []), context.title(what), *([context.title(who)] if who else []),
        context.title(planned), context.title(done), "滞后（天）", "情况", *(["预算执行"] if budget else []), "台账行",
    )  # fmt: skip
    over = any(each.money.over for each in matters)
    light = Light.RED if owed else Light.AMBER if over else judge(part, whole)
    return BoardView(
        context.register.form.sheet, context.board.title,
        (f"到期 {whole} 项，完成 {fraction_words(part, whole)}；" if whole else "还没有到期的；") + tail + spending,
        heads, lines, light, part, whole, "项",
        Chart(ChartKind.STACK, tuple(each.what for each in lagging), series,
              f"条形图：滞后最多的 {len(lagging)} 项各滞后几天", overdue=owing)
        if len(lagging) > 1 else None,
        (*notes, *context.notes()), filled=bool(matters),
    )  # fmt: skip


def _number(values: Mapping[str, Any], key: str | None) -> Decimal | None:
    """Return an amount; None if the cell is blank or cannot be read (NaN)."""
    value = values[key] if key else None
    return None if value is None or isinstance(value, float) else Decimal(value)


def _spending(every: Sequence[_Money]) -> str:
    """Return how much of all budgets is spent, and how many are exceeded: 预算执行 65.0%（65/100万元），超预算 1 项."""
    known = [each for each in every if each.known]
    if not known:
        return ""
    whole = _Money(
        sum((each.budget or Decimal(0) for each in known), Decimal(0)),
        sum((each.spent or Decimal(0) for each in known), Decimal(0)),
    )
    over = sum(bool(each.over) for each in every)
    share = percent_words(whole.spent or 0, whole.budget or 0)
    return f"预算执行 {share}（{whole.pair}）{f'，超预算 {over} 项' if over else ''}。"


def _line(matter: _Matter, *, with_group: bool, with_who: bool, with_money: bool) -> Line:
    return Line((
        *([text_cell(matter.group)] if with_group else []),
        text_cell(matter.what),
        *([text_cell(matter.who)] if with_who else []),
        text_cell(str(matter.planned) if matter.planned else ""),
        text_cell(str(matter.done) if matter.done else ""),
        Cell(matter.lag, str(matter.lag)) if matter.lag else blank(),
        Cell(None, matter.words, matter.light),
        *([matter.money.cell()] if with_money else []),
        row_cell(matter.row),
    ))  # fmt: skip
