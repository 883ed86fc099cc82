"""Milestones: each matter with its planned day, its day in fact and how far it lags, the worst first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
    name_several,
    row_cell,
    text_cell,
)
from taizhang.ledger.vocabulary import Light

__all__ = ["milestones"]

SOON = 30
"""Days before the planned day from which a matter is amber."""
CHARTED = 10


@dataclass(frozen=True, slots=True)
class _Matter:
    what: str
    group: str
    who: str
    planned: date | None
    done: date | None
    row: int
    as_of: date

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
        return f"▲ 还有 {left} 天" if self.light else f"还有 {left} 天"

    @property
    def order(self) -> tuple[int, int, date]:
        place = 0 if self.owed else 1 if not self.done else 2
        return place, -self.lag, self.planned or date.max


def milestones(context: Context) -> BoardView:
    """Return the board: what is late, what comes next, what is done."""
    what, planned, done = (context.option(key) for key in ("what", "planned", "done"))
    who, by = context.option("who"), context.option("by")
    data = context.rows(planned, done)
    matters = sorted(
        (
            _Matter(
                context.words(values, what), context.words(values, by), context.words(values, who), values[planned],
                values[done] if values[done] is not None and values[done] <= context.as_of else None,
                row, context.as_of,
            )
            for row, values in records(data)
        ),
        key=lambda each: each.order,
    )  # fmt: skip
    lines = tuple(_line(each, with_group=bool(by), with_who=bool(who)) for each in matters)
    due = [each for each in matters if each.done or (each.planned and each.planned < context.as_of)]
    part, whole = sum(bool(each.done) for each in due), len(due)
    owed = [each for each in matters if each.owed]
    coming = [each for each in matters if not each.done and not each.owed and each.planned]
    tail = (
        f"拖得最久：{owed[0].what}（{owed[0].lag} 天{f'，{owed[0].who}' if owed[0].who else ''}）。"
        if owed
        else f"没有逾期的{f'，下一项：{coming[0].what}（{coming[0].planned}）' if coming else ''}。"
    )
    undated = [each.what for each in matters if each.planned is None and not each.done]
    notes = [f"滞后＝完成日（没有完成的到统计日）减计划日；▲＝{SOON} 天内到期或晚完成，◆＝逾期没有完成。"]
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
        context.title(planned), context.title(done), "滞后（天）", "情况", "台账行",
    )  # fmt: skip
    return BoardView(
        context.register.form.sheet, context.board.title,
        (f"到期 {whole} 项，完成 {fraction_words(part, whole)}；" if whole else "还没有到期的；") + tail,
        heads, lines, Light.RED if owed else judge(part, whole), part, whole, "项",
        Chart(ChartKind.STACK, tuple(each.what[:18] for each in lagging), series,
              f"条形图：滞后最多的 {len(lagging)} 项各滞后几天", overdue=owing)
        if len(lagging) > 1 else None,
        (*notes, *context.notes()), filled=bool(matters),
    )  # fmt: skip


def _line(matter: _Matter, *, with_group: bool, with_who: bool) -> Line:
    return Line((
        *([text_cell(matter.group)] if with_group else []),
        text_cell(matter.what),
        *([text_cell(matter.who)] if with_who else []),
        text_cell(str(matter.planned) if matter.planned else ""),
        text_cell(str(matter.done) if matter.done else ""),
        Cell(matter.lag, str(matter.lag)) if matter.lag else blank(),
        Cell(None, matter.words, matter.light),
        row_cell(matter.row),
    ))  # fmt: skip
