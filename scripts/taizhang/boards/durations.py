"""Durations: how many working days each kind of matter took this year, and its steps beside those of last year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from statistics import median

from taizhang.boards.frames import Context, records
from taizhang.boards.views import (
    BoardView,
    Cell,
    Chart,
    ChartKind,
    Line,
    blank,
    fraction_cell,
    fraction_words,
    judge,
    number_cell,
    number_words,
    text_cell,
)
from taizhang.supervision.register_rows import words_in
from taizhang.typed.workdays import UnknownYear

__all__ = ["durations"]


@dataclass
class _Times:
    """The matters of one kind: working days of those done this year, those in time, steps of this year and the last."""

    days: list[Decimal] = field(default_factory=list)
    in_time: int = 0
    timed: int = 0
    waiting: int = 0
    steps: list[Decimal] = field(default_factory=list)
    steps_before: list[Decimal] = field(default_factory=list)


def durations(context: Context) -> BoardView:
    """Return the board: one line per kind and one for all, from what was done this year."""
    by, start, end, due, steps = (context.option(key) for key in ("rows", "from", "to", "due", "steps"))
    data = context.rows(*filter(None, (by, start, end, due, steps)))
    found = {name: _Times() for name in context.members()}
    try:
        for _, row in records(data):
            for name in words_in(row[by]):
                if name in found and row[start] is not None:
                    _add(context, found[name], row[start], row[end], row.get(due), row.get(steps))
    except UnknownYear as unknown:
        return BoardView(context.register.form.sheet, context.board.title, f"算不出来：{unknown}", (), ())
    whole = _together(found.values())
    what = context.title(by)
    lines = [*(_line(name, times) for name, times in found.items()), _line("合计", whole, total=True)]
    slow = max((name for name in found if found[name].days), key=lambda name: median(found[name].days), default="")
    message = f"{context.as_of.year} 年还没有办结的。"
    if whole.days:
        kept = "；没有填时限，看不出按不按期"
        if whole.timed:
            kept = f"；办结的里按期 {fraction_words(whole.in_time, whole.timed)}"
        message = (
            f"{context.as_of.year} 年办结 {len(whole.days)} 件，中位 {number_words(median(whole.days))} 个工作日，"
            f"平均 {number_words(_mean(whole.days))} 个；最慢的是{slow}"
            f"（中位 {number_words(median(found[slow].days))} 个）{kept}。"
        )
    heads = (
        what,
        "办结",
        "在办",
        "中位（工作日）",
        "平均（工作日）",
        "最长",
        "按期/有时限",
        "平均环节",
        "上年平均环节",
    )
    told = [name for name in found if found[name].days]
    series = (
        ("中位（工作日）", tuple(float(median(found[name].days)) for name in told)),
        ("平均（工作日）", tuple(float(_mean(found[name].days)) for name in told)),
    )
    return BoardView(
        context.register.form.sheet, context.board.title, message, heads, tuple(lines),
        judge(whole.in_time, whole.timed), whole.in_time, whole.timed, "件",
        Chart(ChartKind.COLUMN, tuple(told), series, f"柱形图：各{what}的中位和平均工作日") if told else None,
        (f"从{context.title(start)}的第二天起数到{context.title(end)}，按〈参数〉的工作日历；只算今年办结的，还没有办结的不在按期里。",
         *context.notes()),
        filled=bool(len(data)),
    )  # fmt: skip


def _add(
    context: Context, times: _Times, start: date, end: date | None, due: date | None, steps: int | Decimal | None
) -> None:
    """Add one matter to the times of its kind. Raises UnknownYear."""
    if start > context.as_of:
        return
    if end is None or end > context.as_of:
        times.waiting += 1
    elif end.year == context.as_of.year:
        times.days.append(Decimal(context.ledger.settings.workdays.between(start, end)))
        times.timed += due is not None
        times.in_time += due is not None and end <= due
        times.steps += [] if steps is None else [Decimal(steps)]
    elif end.year == context.as_of.year - 1 and steps is not None:
        times.steps_before.append(Decimal(steps))


def _together(every: Iterable[_Times]) -> _Times:
    """Return the times of all kinds."""
    whole = _Times()
    for each in every:
        whole.days += each.days
        whole.in_time += each.in_time
        whole.timed += each.timed
        whole.waiting += each.waiting
        whole.steps += each.steps
        whole.steps_before += each.steps_before
    return whole


def _mean(numbers: Sequence[Decimal]) -> Decimal:
    return sum(numbers, Decimal(0)) / len(numbers)


def _line(name: str, times: _Times, *, total: bool = False) -> Line:
    days = times.days
    kept = (times.in_time, times.timed)
    spans = [number_cell(each) for each in (median(days), _mean(days), max(days))] if days else [blank()] * 3
    steps = [number_cell(_mean(each)) if each else blank() for each in (times.steps, times.steps_before)]
    in_time = Cell(times.in_time, fraction_words(*kept)) if total else fraction_cell(*kept)
    return Line(
        (text_cell(name), number_cell(len(days)), number_cell(times.waiting), *spans,
         in_time, *steps),
        total=total,
    )  # fmt: skip
