"""The ranking of a year: scores within their limits, ranked among the same kind, and who has to be called in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from taizhang.boards.frames import Context, exploded, keep, records
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
    text_cell,
)
from taizhang.ledger.vocabulary import Light
from taizhang.supervision.register_rows import words_in
from taizhang.typed.percentages import percent_words
from taizhang.typed.readings import name_several

__all__ = ["limited", "places", "ranking"]

BONUS, VETO, FROM_REGISTER, YES = "加分", "否决", "取自登记表", "是"
_HEADS = ("名次", "得分", "其中加分", "扣分", "上年", "比上年", "取自登记表", "约谈")
_NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Item:
    """One indicator of the appraisal; None where its form says nothing."""

    points: Decimal
    method: str
    floor: Decimal | None
    cap: Decimal | None
    taken: bool


@dataclass
class _Score:
    """The scores of one member in one year."""

    total: Decimal = _NONE
    bonus: Decimal = _NONE
    deducted: Decimal = _NONE
    taken: Decimal = _NONE
    vetoed: bool = False
    open: int = 0
    clipped: int = 0


def ranking(context: Context) -> BoardView:
    """Return the board of the last year with scores; those of each kind are ranked among themselves."""
    by, year, score, item, veto = (context.option(key) for key in ("rows", "year", "score", "item", "veto"))
    items = _items(context)
    data = exploded(context.rows(by, year, item), by)
    data = keep(data, (value is not None and int(value) <= context.as_of.year for value in data[year]))
    if not len(data) or not items:
        what = "得分" if items else "考核指标"
        words = f"未填报：还没有{context.as_of.year}年以前的{what}。"
        return BoardView(context.register.form.sheet, context.board.title, words, (), (), filled=False)
    now = max(int(value) for value in data[year])
    scores: dict[int, dict[str, _Score]] = {now: {}, now - 1: {}}
    unknown = 0
    for _, row in records(data):
        of = items.get(str(row[item]))
        if of is None:
            unknown += 1
        elif int(row[year]) in scores:
            found = scores[int(row[year])].setdefault(str(row[by]), _Score())
            _add(found, of, row[score], vetoed=bool(veto) and row[veto] == YES)
    return _view(context, now, scores[now], scores[now - 1], unknown)


def _items(context: Context) -> Mapping[str, _Item]:
    """Return the indicators by code, from the form that ``items`` names."""
    names = context.option("items")
    data = context.other(names["form"])
    if data is None:
        return {}
    code = context.ledger.registers[names["form"]].form.code_column.key

    def number(value: Any) -> Decimal | None:
        return None if value is None or isinstance(value, float) else Decimal(value)

    return {
        str(row[code]): _Item(
            number(row[names["points"]]) or _NONE, str(row[names["method"]]), number(row[names["floor"]]),
            number(row[names["cap"]]), row[names["source"]] == FROM_REGISTER,
        )
        for _, row in records(data)
    }  # fmt: skip


def limited(score: Decimal, item: _Item) -> Decimal:
    """Return a score within the limits of its indicator: not below its floor, not above its cap, else its points."""
    most = item.cap if item.cap is not None else item.points
    return min(max(score, item.floor if item.floor is not None else _NONE), most)


def _add(found: _Score, item: _Item, value: Any, *, vetoed: bool) -> None:
    """Add one row to the scores of a member; an indicator that vetoes has no points."""
    found.vetoed = found.vetoed or vetoed
    if item.method == VETO:
        return
    if value is None or isinstance(value, float):
        found.open += 1
        return
    score = limited(Decimal(value), item)
    found.clipped += score != Decimal(value)
    found.total += score
    if item.method == BONUS:
        found.bonus += score
    else:
        found.deducted += item.points - score
    if item.taken:
        found.taken += score


def places(totals: Mapping[str, Decimal]) -> Mapping[str, int]:
    """Return name → place; equal totals share a place and the next one is skipped: 1, 1, 3."""
    return {name: 1 + sum(other > total for other in totals.values()) for name, total in totals.items()}


def _kinds(context: Context) -> Mapping[str, str]:
    """Return member → kind, from the form that ``same`` names; empty if the ledger has no such register."""
    same = context.option("same")
    data = context.other(same["form"]) if same else None
    if data is None:
        return {}
    return {
        str(name): context.words({"kind": kind}, "kind")
        for name, kind in zip(data[same["column"]], data[same["kind"]], strict=True)
    }


def _called(context: Context, year: int) -> set[str]:
    """Return who was called in for a year, by the form that ``called`` names."""
    names = context.option("called")
    data = context.other(names["form"]) if names else None
    if data is None:
        return set()
    return {
        word
        for _, row in records(data)
        if str(row[names["year"]]) == str(year) and row[names["held"]] is not None
        and not isinstance(row[names["held"]], float) and row[names["held"]] <= context.as_of
        for word in words_in(row[names["column"]])
    }  # fmt: skip


def _view(
    context: Context, year: int, scores: Mapping[str, _Score], before: Mapping[str, _Score], unknown: int
) -> BoardView:
    kinds, called = _kinds(context), _called(context, year)
    members = [name for name in context.members() if name in scores]
    unscored = [name for name in context.members() if name not in scores]
    groups = list(dict.fromkeys(kinds.get(name, "") for name in members))
    lines: list[Line] = []
    tail: list[str] = []
    first: list[str] = []
    for group in groups:
        ranked = {name: scores[name].total for name in members if kinds.get(name, "") == group}
        valid = {name: total for name, total in ranked.items() if not scores[name].vetoed}
        place = places(valid)
        least = min(valid.values()) if len({*valid.values()}) > 1 else None
        last = [name for name in ranked if scores[name].vetoed or (least is not None and valid.get(name) == least)]
        tail += last
        first += [name for name in valid if place[name] == 1 and len(valid) > 1]
        if len(groups) > 1:
            lines.append(Line((text_cell(f"{group or '没有写类型'}（{len(ranked)} 个）"),), heading=True))
        ordered = sorted(ranked, key=lambda name: (scores[name].vetoed, -ranked[name]))
        lines += [
            _line(name, scores[name], before.get(name), place.get(name), name in last, name in called)
            for name in ordered
        ]
    part, whole = sum(name in called for name in tail), len(tail)
    names = f"第一：{name_several(first)}；" if first else ""
    message = f"{year} 年{names and '，'}{names}末位或被否决 {whole} 个，已约谈 {fraction_words(part, whole)}" + (
        f"；还没有约谈：{name_several(name for name in tail if name not in called)}。" if part < whole else "。"
    )
    return BoardView(
        context.register.form.sheet, context.board.title, message,
        (context.title(context.option("rows")), *_HEADS),
        tuple(lines), judge(part, whole), part, whole, "个", _chart(members, scores, year),
        (*_notes(members, scores, unscored, unknown), *context.notes()),
    )  # fmt: skip


def _line(name: str, now: _Score, before: _Score | None, place: int | None, last: bool, called: bool) -> Line:
    change = None if before is None else now.total - before.total
    moved = blank() if change is None else Cell(change, f"{'+' if change > 0 else ''}{number_words(change)}")
    light = (Light.GREEN if called else Light.RED) if last else None
    words = ("● 已约谈" if called else "◆ 应约谈") if last else "—"
    return Line((
        text_cell(name),
        Cell(place, f"第 {place}" if place else "◆ 否决", None if place else Light.RED),
        Cell(now.total, f"{number_words(now.total)}{'※' if now.open else ''}"),
        Cell(now.bonus, number_words(now.bonus)), Cell(now.deducted, number_words(now.deducted)),
        blank() if before is None else Cell(before.total, number_words(before.total)), moved,
        Cell(now.taken, percent_words(now.taken, now.total)), Cell(None, words, light),
    ))  # fmt: skip


def _notes(
    members: Sequence[str], scores: Mapping[str, _Score], unscored: Sequence[str], unknown: int
) -> Sequence[str]:
    notes = [
        "同类才排名，同分并列（1、1、3）；被否决的不排名，列末位；一类里分数都一样的，没有末位。"
        "得分不超过分值或加分上限，不低于最低得分；“取自登记表”＝这部分得分占多少。"
    ]
    clipped = sum(scores[name].clipped for name in members)
    waiting = [name for name in members if scores[name].open]
    if clipped:
        notes.append(f"有 {clipped} 处分数超出上限或低于下限，按上限、下限计，请核对。")
    if waiting:
        notes.append(f"※ 还有没有核定的指标，名次可能变：{name_several(waiting, 6)}。")
    if unscored:
        notes.append(f"没有得分：{name_several(unscored, 6)}。")
    if unknown:
        notes.append(f"有 {unknown} 行的考核指标不在指标表里，没有计入。")
    return notes


def _chart(members: Sequence[str], scores: Mapping[str, _Score], year: int) -> Chart | None:
    ordered = sorted(members, key=lambda name: -scores[name].total)
    series = ((f"{year} 年得分", tuple(float(scores[name].total) for name in ordered)),)
    words = f"柱形图：{len(ordered)} 个的得分，从高到低"
    return Chart(ChartKind.COLUMN, tuple(ordered), series, words) if len(ordered) > 1 else None
