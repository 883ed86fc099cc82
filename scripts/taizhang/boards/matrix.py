"""The matrix: each member of a list against the cycles of time or the choices of a column."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from taizhang.boards.frames import Context, exploded, numbers, sums
from taizhang.boards.views import (
    HOTTEST,
    BoardView,
    Cell,
    Line,
    blank,
    fraction_cell,
    fraction_words,
    judge,
    number_cell,
    number_words,
    signed,
    text_cell,
)
from taizhang.forms.rules import Rule
from taizhang.ledger.vocabulary import Light
from taizhang.supervision.breaches import rows_under
from taizhang.supervision.group_rules import counts_of
from taizhang.supervision.register_rows import day_of_value
from taizhang.typed.cycles import Cycle, CycleKind, cycle_of, cycles_between
from taizhang.typed.readings import name_several

__all__ = ["matrix"]

SHOWN = 12
"""The most cycles that are shown: the last ones."""


def matrix(context: Context) -> BoardView:
    """Return the board: against a count rule, against what was planned, or only counted."""
    if context.option("against"):
        return _against_rule(context)
    return _against_plan(context) if context.option("plan") else _counted(context)


def _against_rule(context: Context) -> BoardView:
    """Return how often each member has, in each cycle, what a count rule asks for; a cycle that runs is not judged."""
    register, ledger, as_of = context.register, context.ledger, context.as_of
    rule = next(each for each in register.form.rules if each.name == context.option("against"))
    rows = list(rows_under(ledger, register, rule, as_of))
    counts = counts_of(rule, rows, ledger, register, as_of)
    least = int(rule.option("at_least") or 0)
    cycles = _cycles_of(counts)
    judged = [cycle for cycle in cycles if cycle.last < as_of]
    short = {member: sum(numbers[cycle] < least for cycle in judged) for member, numbers in counts.items()}
    whole = len(counts) * len(judged)
    part = whole - sum(short.values())
    lines = [
        Line((
            text_cell(member),
            *(_against(numbers[cycle], least, judged=cycle.last < as_of) for cycle in cycles),
            fraction_cell(len(judged) - short[member], len(judged)),
        ))
        for member, numbers in sorted(counts.items(), key=lambda each: -short[each[0]])
    ]  # fmt: skip
    what = register.form.column(context.option("rows")).title
    per = rule.option("per")
    worst = [f"{name}（缺 {number} 个{_per_words(per)}）" for name, number in _most(short)]
    tail = f"缺得最多：{name_several(worst)}。" if worst else "都做到了。"
    message = (
        f"“{rule.title}”应有 {whole} 个{what}×{_per_words(per)}，做到 {fraction_words(part, whole)}；{tail}"
        if whole
        else "还没有满一个周期，暂不判断。"
    )
    return BoardView(
        register.form.sheet, context.board.title, message,
        (what, *(_short(cycle, as_of.year) for cycle in cycles), "做到"), tuple(lines),
        judge(part, whole), part, whole, "个", notes=(_rule_words(rule, least), *_hidden(counts), *context.notes()),
    )  # fmt: skip


def _against(number: int, least: int, *, judged: bool) -> Cell:
    if not judged:
        return Cell(number, f"○ {number}")
    if number >= least:
        return Cell(number, f"● {number}", Light.GREEN)
    light = Light.AMBER if number else Light.RED
    return Cell(number, signed(light, f"{number}/{least}"), light)


def _rule_words(rule: Rule, least: int) -> str:
    source = f"（{rule.source}）" if rule.source else ""
    lacking = "▲＝不够，◆＝一次没有" if least > 1 else "◆＝缺"
    return f"口径：{rule.title}{source}。●＝够，{lacking}（次数/应有的 {least} 次），○＝本期还没有过完，不判断。"


def _hidden(counts: Mapping[str, Mapping[Cycle, int]]) -> tuple[str, ...]:
    every = next(iter(counts.values()), {})
    more = len(every) - SHOWN
    return (f"只列最近 {SHOWN} 个周期，更早的 {more} 个不计。",) if more > 0 else ()


def _cycles_of(counts: Mapping[str, Mapping[Cycle, int]]) -> Sequence[Cycle]:
    return list(next(iter(counts.values()), {}))[-SHOWN:]


def _most(short: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return the members that lack most, most first, all with a tie for the third place among them."""
    lacking = sorted(((name, number) for name, number in short.items() if number), key=lambda each: -each[1])
    return [each for each in lacking if each[1] >= lacking[min(2, len(lacking) - 1)][1]]


def _against_plan(context: Context) -> BoardView:
    """Return done and planned of each member for each choice; more than planned of one does not make up for another."""
    by, columns, value, plan = (context.option(key) for key in ("rows", "columns", "value", "plan"))
    members, choices = context.members(), context.register.form.column(columns).choices
    data = exploded(context.rows(by, columns, value, plan), by)
    done = sums(numbers(data, value), data[by], data[columns])
    planned = sums(numbers(data, plan), data[by], data[columns])
    owed = {
        member: sum(
            (max(planned.get((member, each), Decimal(0)) - done.get((member, each), Decimal(0)), Decimal(0))
             for each in choices),
            Decimal(0),
        )
        for member in members
    }  # fmt: skip
    whole = {
        member: sum((planned.get((member, each), Decimal(0)) for each in choices), Decimal(0)) for member in members
    }
    lines = [
        Line((
            text_cell(member),
            *(_planned(done.get((member, each), Decimal(0)), planned.get((member, each), Decimal(0)))
              for each in choices),
            fraction_cell(whole[member] - owed[member], whole[member]),
        ))
        for member in sorted(members, key=lambda each: -owed[each])
    ]  # fmt: skip
    total = sum(whole.values(), Decimal(0))
    part = total - sum(owed.values(), Decimal(0))
    lacking = sorted((name for name in members if owed[name]), key=lambda each: -owed[each])
    unplanned = [name for name in members if not whole[name]]
    worst = f"欠得最多：{name_several(f'{name}（欠 {number_words(owed[name])} 次）' for name in lacking)}。"
    message = (
        f"应有 {number_words(total)} 次，做到 {fraction_words(part, total)} 次；{worst if lacking else '都做到了。'}"
        if total
        else f"没有填{context.title(plan)}，看不出欠多少。"
    )
    notes = [
        f"格子里是{context.title(value)}/{context.title(plan)}；一类多做的，不抵另一类欠的。●＝够，▲＝欠，◆＝欠一半以上。"
    ]
    if unplanned and total:
        notes.append(f"没有填{context.title(plan)}的：{name_several(unplanned, 8)}。")
    return BoardView(
        context.register.form.sheet, context.board.title, message,
        (context.title(by), *choices, "做到"), tuple(lines), judge(part, total), part, total, "次",
        notes=(*notes, *context.notes()), filled=bool(len(data)),
    )  # fmt: skip


def _planned(done: Decimal, planned: Decimal) -> Cell:
    if not planned:
        return number_cell(done)
    light = judge(min(done, planned), planned)
    return Cell(done, signed(light, fraction_words(done, planned)), light)


def _counted(context: Context) -> BoardView:
    """Return the number of each member in each cycle of this year or each choice; who has none is said.

    Numbers are shaded by their size. Of cycles that are over, it is counted in how many a member has something.
    """
    by, as_of = context.option("rows"), context.as_of
    members = context.members()
    across, value = context.option("columns") or context.option("on"), context.option("value")
    data = exploded(context.rows(*filter(None, (by, across, value))), by)
    year, over = "", []
    if context.option("per"):
        kind = CycleKind(context.option("per"))
        days = [day_of_value(each) if each is not None else None for each in data[across]]
        places: list[object] = [cycle_of(day, kind) if day and day <= as_of else None for day in days]
        first = as_of.replace(month=1, day=1)
        heads = {cycle: cycle.short or cycle.name for cycle in cycles_between(first, as_of, kind)}
        year = f"{as_of.year} 年"
        over = [cycle for cycle in heads if isinstance(cycle, Cycle) and cycle.last < as_of]
    else:
        places = list(data[across])
        heads = {each: each for each in context.register.form.column(across).choices}
    amounts = numbers(data, value) if value else [Decimal(1)] * len(data)
    found = sums(amounts, data[by], places)
    each_sum = {name: sum((found.get((name, head), Decimal(0)) for head in heads), Decimal(0)) for name in members}
    shown = [found.get((name, head), Decimal(0)) for name in members for head in heads]
    highest = max([Decimal(HOTTEST), *shown])
    lines = [
        Line((
            text_cell(name),
            *(_shaded(found.get((name, head), Decimal(0)), highest, running=bool(year) and head not in over)
              for head in heads),
            number_cell(each_sum[name]) if each_sum[name] else Cell(0, signed(Light.AMBER, "没有"), Light.AMBER),
            *([_held(sum(found.get((name, cycle), Decimal(0)) > 0 for cycle in over), len(over))] if year else []),
        ))
        for name in sorted(members, key=lambda each: -each_sum[each])
    ]  # fmt: skip
    totals = [sum((found.get((name, head), Decimal(0)) for name in members), Decimal(0)) for head in heads]
    if lines:
        every = sum(totals, Decimal(0))
        rest = [blank()] if year else []
        lines.append(Line((text_cell("合计"), *map(number_cell, totals), number_cell(every), *rest), total=True))
    none = [name for name in members if not each_sum[name]]
    part, whole = len(members) - len(none), len(members)
    tail = f"还没有的：{name_several(none, 5)}。" if none else "人人都有。"
    what = context.title(by)
    message = f"{year}有记录的{what} {fraction_words(part, whole)} 个；{tail}" if whole else f"没有{what}名单。"
    left_out = len(data) - sum(
        bool(name in each_sum and place in heads) for name, place in zip(data[by], places, strict=True)
    )
    notes = ["颜色越深，数越大；“·”＝0。"]
    if year:
        per = _per_words(context.option("per"))
        notes = [
            f"颜色越深，数越大；“·”＝0，○＝这个{per}还没有过完。“有的{per}”＝过完的 {len(over)} 个{per}里有几个有记录。"
        ]
    if left_out:
        notes.append(f"有 {left_out} 条不在{f' {year}' if year else '这些类别'}里，或不在名单里，没有计入。")
    titles = (what, *heads.values(), "合计", *([f"有的{_per_words(context.option('per'))}"] if year else []))
    return BoardView(
        context.register.form.sheet, context.board.title, message, titles, tuple(lines),
        judge(part, whole), part, whole, "个", notes=(*notes, *context.notes()), filled=bool(len(data)),
    )  # fmt: skip


def _shaded(number: Decimal, highest: Decimal, *, running: bool) -> Cell:
    """Return the cell of a number, shaded by its share of the highest one; of a cycle that runs with a circle."""
    cell = number_cell(number)
    heat = math.ceil(number * HOTTEST / highest) if number > 0 else 0
    return replace(cell, words=f"○ {cell.words if number else ''}".rstrip() if running else cell.words, heat=heat)


def _held(number: int, cycles: int) -> Cell:
    return Cell(number, fraction_words(number, cycles))


def _per_words(per: str) -> str:
    return {"月": "月", "季": "季度", "半年": "半年", "年": "年度"}[per]


def _short(cycle: Cycle, year: int) -> str:
    if not cycle.short:
        return cycle.name
    return cycle.short if cycle.first.year == year else f"{cycle.first:%y}年{cycle.short}"
