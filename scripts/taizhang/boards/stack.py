"""The stack: what each group consists of, in numbers and shares; or what was planned of it and what is done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from taizhang.boards.frames import Context, exploded, keep, numbers, records, sums
from taizhang.boards.views import (
    BoardView,
    Cell,
    Chart,
    ChartKind,
    Line,
    fraction_cell,
    fraction_words,
    judge,
    number_cell,
    number_words,
    row_cell,
    text_cell,
)
from taizhang.forms.vocabulary import ColumnType
from taizhang.ledger.vocabulary import Light
from taizhang.supervision.register_rows import day_of_value, words_in
from taizhang.typed.percentages import shares
from taizhang.typed.readings import name_several

if TYPE_CHECKING:
    from taizhang.boards.frames import Table

__all__ = ["stack"]

LISTED = 12
_NONE = Decimal(0)
ON_TIME, LATE, OWED, AHEAD = "按期完成", "逾期完成", "逾期未完成", "未到期"


def stack(context: Context) -> BoardView:
    """Return the board."""
    return _of_parts(context) if context.option("parts") else _planned(context)


def _groups(context: Context) -> tuple[str, ...]:
    """Return all groups, of periods those that have begun."""
    names = context.members()
    if context.register.form.column(context.option("rows")).type is not ColumnType.PERIOD:
        return names
    days = {name: day_of_value(name) for name in names}
    return tuple(name for name in names if (day := days[name]) is None or day <= context.as_of)


def _of_parts(context: Context) -> BoardView:
    """Return the number and the share of each part in each group; the shares of a group add up to 100.0."""
    by, part, value = context.option("rows"), context.option("parts"), context.option("value")
    parts, groups = context.register.form.column(part).choices, _groups(context)
    data = exploded(context.rows(*filter(None, (by, part, value))), by)
    data = keep(data, (name in groups for name in data[by]))
    found = sums(numbers(data, value) if value else [Decimal(1)] * len(data), data[by], data[part])
    amounts = {group: [found.get((group, each), _NONE) for each in parts] for group in groups}
    every = [sum(column, _NONE) for column in zip(*amounts.values(), strict=True)] or [_NONE] * len(parts)
    lines = [_part_line(group, numbers) for group, numbers in amounts.items()]
    lines.append(_part_line("合计", every, total=True))
    whole, unit = sum(every, _NONE), context.title(value) if value else "个"
    composed = "，".join(
        f"{name} {words:f}%（{fraction_words(number, whole)}）"
        for name, number, words in zip(parts, every, shares(every), strict=True)
    )
    empty = [group for group in groups if not any(amounts[group])]
    series = tuple((name, tuple(float(amounts[group][place]) for group in groups)) for place, name in enumerate(parts))
    notes = ["占比保留一位小数，按最大余数法取整，每行合计 100.0%。"]
    if empty:
        notes.append(f"没有数的{context.title(by)}：{name_several(empty, 6)}。")
    return BoardView(
        context.register.form.sheet, context.board.title,
        f"合计 {number_words(whole)} {unit}：{composed}。" if whole else f"各{context.title(by)}都是 0。",
        (context.title(by), *parts, "合计"), tuple(lines), None, every[0], whole, unit,
        Chart(ChartKind.SHARES, groups, series, f"堆积条形图：各{context.title(by)}的{'、'.join(parts)}各占多少")
        if whole and len(groups) > 1 else None,
        (*notes, *context.notes()), filled=bool(len(data)),
    )  # fmt: skip


def _part_line(name: str, amounts: list[Decimal], *, total: bool = False) -> Line:
    whole = sum(amounts, _NONE)
    cells = [
        Cell(number, f"{number_words(number)}（{words:f}%）") if number else number_cell(number)
        for number, words in zip(amounts, shares(amounts), strict=True)
    ]
    return Line((text_cell(name), *cells, number_cell(whole)), total=total)


def _planned(context: Context) -> BoardView:
    """Return for each group what is done in time, done late, owed and not yet due; what is owed is listed below."""
    by, planned, done = (context.option(key) for key in ("rows", "planned", "done"))
    groups = context.members()
    data = context.rows(by, planned, done)
    again = _replaced(context, data)
    data = keep(data, (row not in again for row in data.index))
    states = [_state(should, did, context.as_of) for should, did in zip(data[planned], data[done], strict=True)]
    found = sums([Decimal(1)] * len(data), data[by], states)
    kinds = (ON_TIME, LATE, OWED, AHEAD)
    lines = []
    for group in groups:
        amounts = [found.get((group, kind), _NONE) for kind in kinds]
        late = amounts[kinds.index(OWED)]
        cells = [number_cell(number) for number in amounts]
        if late:
            cells[2] = Cell(late, f"◆ {number_words(late)}", Light.RED)
        did, should = amounts[0] + amounts[1], sum(amounts[:3], _NONE)
        lines.append(Line((text_cell(group), *cells, number_cell(sum(amounts, _NONE)), fraction_cell(did, should))))
    totals = [sum((found.get((group, kind), _NONE) for group in groups), _NONE) for kind in kinds]
    part, whole = totals[0] + totals[1], sum(totals[:3], _NONE)
    lines.append(
        Line(
            (text_cell("合计"), *map(number_cell, totals), number_cell(sum(totals, _NONE)),
             Cell(part, fraction_words(part, whole))),
            total=True,
        )
    )  # fmt: skip
    lines += _owed_lines(context, data, states)
    owed = {group: found.get((group, OWED), _NONE) for group in groups}
    worst = [
        f"{name}（{number_words(number)} 件）" for name, number in sorted(owed.items(), key=lambda e: -e[1]) if number
    ]
    tail = f"逾期没有完成 {number_words(totals[2])} 件，最多的是{name_several(worst)}。" if worst else "没有逾期的。"
    message = (
        f"到期 {number_words(whole)} 件，完成 {fraction_words(part, whole)}；{tail}" if whole else "还没有到期的。"
    )
    notes = ["完成＝到统计日填了完成日；到期＝计划日早于统计日，或者已经完成。"]
    if again:
        notes.append(f"被同类的后一件替代的 {len(again)} 件不重复计。")
    series = tuple((kind, tuple(float(found.get((group, kind), _NONE)) for group in groups)) for kind in kinds)
    return BoardView(
        context.register.form.sheet, context.board.title, message,
        (context.title(by), *kinds, "合计", "完成/到期"), tuple(lines), judge(part, whole), part, whole, "件",
        Chart(ChartKind.STACK, groups, series, f"堆积条形图：各{context.title(by)}按期完成、逾期和未到期的件数",
              overdue=OWED),
        (*notes, *context.notes()), filled=bool(len(data)),
    )  # fmt: skip


def _state(planned: date | None, done: date | None, as_of: date) -> str | None:
    """Return the state of one row; None if it has neither a plan nor is done."""
    if done is not None and done <= as_of:
        return LATE if planned is not None and planned < done else ON_TIME
    if planned is None:
        return None
    return OWED if planned < as_of else AHEAD


def _replaced(context: Context, data: Table) -> set[int]:
    """Return the rows that another row of the same group replaces: a chain of them is one matter, its last row."""
    replaces, by = context.option("replaces"), context.option("rows")
    if not replaces:
        return set()
    code = context.register.form.code_column.key
    pairs = {(group, each) for group, value in zip(data[by], data[replaces], strict=True) for each in _codes(value)}
    return {row for row, group, own in zip(data.index, data[by], data[code], strict=True) if (group, own) in pairs}


def _codes(value: object) -> tuple[str, ...]:
    return words_in(value) if isinstance(value, (str, tuple)) else ()


def _owed_lines(context: Context, data: Table, states: list[str | None]) -> Iterator[Line]:
    """Yield what is owed, latest first: what, who, planned day, days late, row of the ledger."""
    planned = context.option("planned")
    rows = keep(data, (state == OWED for state in states)).sort_values(planned)
    if rows.empty:
        return
    more = f"，列前 {LISTED} 件" if len(rows) > LISTED else ""
    yield Line((text_cell(f"逾期没有完成的 {len(rows)} 件{more}"),), heading=True)
    heads = (context.title(context.option("rows")), "是什么", "归口", "晚多久", context.title(planned), "", "台账行")
    yield Line(tuple(Cell(each, each) for each in heads), heading=True)
    for number, values in records(rows)[:LISTED]:
        late = (context.as_of - values[planned]).days
        what = context.what(values)
        yield Line((
            text_cell(str(values[context.option("rows")])), text_cell(what),
            text_cell(context.who(values)), Cell(late, f"◆ 晚 {late} 天", Light.RED),
            text_cell(str(values[planned])), Cell(None, ""), row_cell(number),
        ))  # fmt: skip
