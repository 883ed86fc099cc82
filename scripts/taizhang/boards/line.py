"""The line: a rate over the periods, beside it another rate, and counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from taizhang.boards.frames import Context, keep, numbers, sums
from taizhang.boards.views import BoardView, Cell, Chart, ChartKind, Line, fraction_words, number_cell, text_cell
from taizhang.ledger.vocabulary import Light
from taizhang.supervision.register_rows import day_of_value
from taizhang.typed.percentages import percent_words, round_half_up, share

__all__ = ["line"]

_NONE = Decimal(0)


def line(context: Context) -> BoardView:
    """Return the board: one line per period with rows, the last one in the message, compared with the one before."""
    period, name, part, whole = (context.option(key) for key in ("period", "name", "part", "whole"))
    beside, counts = context.option("beside"), context.option("counts") or ()
    rates = [(name, part, whole), *([(beside["name"], beside["part"], beside["whole"])] if beside else [])]
    needed = {key for _, several, one in rates for key in (*several, one)}
    data = context.rows(period, *needed, *counts)
    data = keep(data, (_not_later(value, context) for value in data[period]))
    periods = sorted({*data[period]}, key=lambda each: (str(day_of_value(each)), each))
    found = [
        (each, sums(numbers(data, several), data[period]), sums(numbers(data, one), data[period]))
        for each, several, one in rates
    ]
    counted = [(context.title(key), sums(numbers(data, key), data[period])) for key in counts]
    heads = (
        context.title(period),
        *(title for title, _ in counted),
        *(head for each, _, _ in found for head in (each, "分子/分母")),
    )
    lines = [
        Line((
            text_cell(str(each)),
            *(number_cell(amounts.get(each, _NONE)) for _, amounts in counted),
            *(cell for _, parts, wholes in found for cell in _rate_cells(parts, wholes, each)),
        ))
        for each in periods
    ]  # fmt: skip
    last = periods[-1] if periods else ""
    _, parts, wholes = found[0]
    light, compared = _compare(context, parts, wholes, periods)
    message = "；".join(
        f"{each} {percent_words(tops.get(last, _NONE), bottoms.get(last, _NONE))}"
        f"（{fraction_words(tops.get(last, _NONE), bottoms.get(last, _NONE))}）{compared if number == 0 else ''}"
        for number, (each, tops, bottoms) in enumerate(found)
    )
    totals = "，".join(f"{title}共 {sum(amounts.values(), _NONE):f}" for title, amounts in counted)
    formula = "；".join(
        f"{each}＝{'＋'.join(map(context.title, several))}÷{context.title(one)}" for each, several, one in rates
    )
    return BoardView(
        context.register.form.sheet, context.board.title,
        f"{last}：{message}{f'；{totals}' if totals else ''}。" if periods else "还没有到期次。", heads, tuple(lines),
        light, parts.get(last, _NONE), wholes.get(last, _NONE), "",
        _chart(periods, found, counted), (f"{formula}。", *context.notes()), filled=bool(periods),
        low=context.option("better") == "低",
    )  # fmt: skip


def _not_later(value: object, context: Context) -> bool:
    day = day_of_value(value) if value is not None else None
    return day is not None and day <= context.as_of


def _rate_cells(parts: Mapping[object, Decimal], wholes: Mapping[object, Decimal], period: object) -> tuple[Cell, Cell]:
    part, whole = parts.get(period, _NONE), wholes.get(period, _NONE)
    return text_cell(percent_words(part, whole)), text_cell(fraction_words(part, whole))


def _compare(
    context: Context, parts: Mapping[object, Decimal], wholes: Mapping[object, Decimal], periods: Sequence[object]
) -> tuple[Light | None, str]:
    """Return the light of the last period and how it compares with the one before; nothing without one."""
    if len(periods) < 2:
        return None, ""
    before, now = (share(parts.get(each, _NONE), wholes.get(each, _NONE)) for each in periods[-2:])
    if before is None or now is None:
        return None, ""
    points = round_half_up(abs(now - before) * 100, 1)
    words = f"，比上期{'升' if now > before else '降'} {points:f} 个百分点" if now != before else "，和上期持平"
    better = context.option("better")
    if not better:
        return None, words
    return (Light.AMBER if (now < before) == (better == "高") and now != before else Light.GREEN), words


def _chart(
    periods: Sequence[object],
    found: Sequence[tuple[str, Mapping[object, Decimal], Mapping[object, Decimal]]],
    counted: Sequence[tuple[str, Mapping[object, Decimal]]],
) -> Chart | None:
    if len(periods) < 2:
        return None
    categories = tuple(map(str, periods))
    if counted:
        series = tuple(
            (title, tuple(float(amounts.get(each, _NONE)) for each in periods)) for title, amounts in counted
        )
        words = f"柱形图：各期次的{'、'.join(title for title, _ in counted)}"
        return Chart(ChartKind.COLUMN, categories, series, words)
    rates = tuple((name, tuple(_share(parts, wholes, each) for each in periods)) for name, parts, wholes in found)
    return Chart(
        ChartKind.LINE, categories, rates, f"折线图：各期次的{'、'.join(name for name, _ in rates)}", percent=True
    )


def _share(parts: Mapping[object, Decimal], wholes: Mapping[object, Decimal], period: object) -> float | None:
    exact = share(parts.get(period, _NONE), wholes.get(period, _NONE))
    return None if exact is None else float(exact)
