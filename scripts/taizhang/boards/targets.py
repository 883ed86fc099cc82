"""Targets: what was aimed at and what is reached, the largest gaps first, and how many of each group."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

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
from taizhang.typed.percentages import percent_words, round_half_up
from taizhang.typed.readings import name_several

__all__ = ["targets"]

OWED = "过了时限没有达到"
LISTED = 5
"""The number of largest gaps; all with a tie for the last place are listed."""


@dataclass(frozen=True, slots=True)
class _Target:
    what: str
    group: str
    who: str
    unit: str
    base: Decimal | None
    target: Decimal
    actual: Decimal | None
    due: bool
    row: int

    @property
    def reached(self) -> bool:
        """Whether the target is met; one below its base is met from above."""
        if self.actual is None:
            return False
        down = self.base is not None and self.target < self.base
        return self.actual <= self.target if down else self.actual >= self.target

    @property
    def done(self) -> Fraction | None:
        """The share of the way from the base (else from 0) that is done; None if there is no way or no number."""
        start = self.base or Decimal(0)
        way = Fraction(self.target) - Fraction(start)
        return None if self.actual is None or not way else (Fraction(self.actual) - Fraction(start)) / way

    @property
    def gap(self) -> Fraction:
        """The share of the way that is missing: all of it if nothing was reported, 0 if the target is met."""
        return Fraction(0) if self.reached else 1 - (self.done or Fraction(0))


def targets(context: Context) -> BoardView:
    """Return the board: the largest gaps, then each group; where targets have a day, only those past it are judged."""
    keys = ("what", "by", "who", "unit", "base", "target", "actual", "due")
    what, by, who, unit, base, target, actual, due = (context.option(key) for key in keys)
    data = context.rows(*filter(None, (base, target, actual, due)))
    every = [
        _Target(
            *(context.words(values, key) for key in (what, by, who, unit)),
            base=_decimal(values[base]) if base else None, target=Decimal(values[target]),
            actual=_decimal(values[actual]), row=row,
            due=not due or (values[due] is not None and values[due] < context.as_of),
        )
        for row, values in records(data) if values[target] is not None
    ]  # fmt: skip
    untold, aimless = [each for each in every if each.actual is None], len(data) - len(every)
    part, whole = sum(each.reached for each in every), len(every)
    lacking = sorted((each for each in every if not each.reached), key=lambda each: -each.gap)
    worst = [each for each in lacking if each.gap >= lacking[min(LISTED, len(lacking)) - 1].gap]
    heads = tuple(context.title(key) for key in (what, by, who, base, target, actual) if key)
    lines = [Line((text_cell(f"差得最多的 {len(worst)} 项"),), heading=True)] if worst else []
    lines += [_line(context, each) for each in worst]
    groups = context.register.form.column(by).choices if by else ()
    named = [(name, [each for each in every if each.group == name]) for name in groups]
    if by:
        lines.append(Line((text_cell(f"各{context.title(by)}"),), heading=True))
        lines += [_group_line(name, of, len(heads)) for name, of in named]
    fallen = [each for each in every if each.due]
    met = sum(each.reached for each in fallen)
    judged = f"，其中到期的 {fraction_words(met, len(fallen))}" if due and fallen else "，都还没有到期" if due else ""
    told = "" if not lacking else "没有填" if lacking[0].done is None else f"完成 {_done_words(lacking[0])}"
    message = f"有目标的 {whole} 项，达到 {fraction_words(part, whole)}{judged}；" + (
        f"差得最多：{lacking[0].what[:24]}（{told}）。" if lacking else "都达到了。"
    )
    notes = ["完成＝（实际－基期）÷（目标－基期）；没有基期的按 0 算。差得一样多的都列出来。"]
    if due:
        notes.append(f"过了{context.title(due)}的才亮灯；▲＝差一半以内，◆＝差一半以上。")
    if untold:
        notes.append(
            f"没有填{context.title(actual)}的 {len(untold)} 项，按没有完成算：{name_several(e.what for e in untold)}。"
        )
    if aimless:
        notes.append(f"没有填{context.title(target)}的 {aimless} 项没有列入。")
    shown = [(name, of) for name, of in named if of]
    series = (
        ("达到", tuple(float(sum(e.reached for e in of)) for _, of in shown)),
        ("没有到期", tuple(float(sum(not e.reached and not e.due for e in of)) for _, of in shown)),
        (OWED, tuple(float(sum(not e.reached and e.due for e in of)) for _, of in shown)),
    )
    series = tuple((name, numbers) for name, numbers in series if any(numbers))
    return BoardView(
        context.register.form.sheet, context.board.title, message if whole else "没有一项填了目标。",
        (*heads, "完成", "台账行"), tuple(lines), judge(met, len(fallen)), part, whole, "项",
        Chart(ChartKind.STACK, tuple(name for name, _ in shown), series,
              f"堆积条形图：各{context.title(by)}达到和没有达到目标的项数", overdue=OWED) if len(shown) > 1 else None,
        (*notes, *context.notes()), filled=bool(len(data)),
    )  # fmt: skip


def _decimal(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _done_words(target: _Target) -> str:
    return "没有填" if target.done is None else f"{round_half_up(target.done * 100, 1):f}%"


def _amount(number: Decimal | None, unit: str) -> Cell:
    return blank() if number is None else Cell(number, f"{number_words(number)}{unit}")


def _line(context: Context, each: _Target) -> Line:
    unit, light = each.unit, None
    if each.due:
        light = Light.RED if each.gap > Fraction(1, 2) else Light.AMBER
    shown = [
        (context.option("base"), each.base), (context.option("target"), each.target),
        (context.option("actual"), each.actual),
    ]  # fmt: skip
    return Line((
        text_cell(each.what),
        *([text_cell(each.group)] if context.option("by") else []),
        *([text_cell(each.who)] if context.option("who") else []),
        *(_amount(number, unit) for key, number in shown if key),
        Cell(None, signed(light, _done_words(each)), light),
        row_cell(each.row),
    ))  # fmt: skip


def _group_line(name: str, of: list[_Target], heads: int) -> Line:
    part, whole = sum(each.reached for each in of), len(of)
    words = f"{percent_words(part, whole)}（{fraction_words(part, whole)}）" if whole else "没有"
    fill = [Cell(None, "") for _ in range(heads - 1)]
    fallen = [each for each in of if each.due]
    light = judge(sum(each.reached for each in fallen), len(fallen))
    return Line((text_cell(name), *fill, Cell(part, signed(light, words), light), Cell(None, "")))
