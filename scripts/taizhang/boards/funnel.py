"""The funnel: how many of each member of a list are at each stage; small counts of people are hidden."""

from __future__ import annotations

from decimal import Decimal

from taizhang.boards.frames import Context, exploded, sums
from taizhang.boards.suppression import hidden_cells
from taizhang.boards.views import BoardView, Cell, Chart, ChartKind, Line, fraction_words, number_cell
from taizhang.boards.views import text_cell as text
from taizhang.forms.vocabulary import Sensitivity
from taizhang.supervision.small_numbers import LEAST
from taizhang.typed.readings import name_several

__all__ = ["funnel"]

HIDDEN = "※"


def funnel(context: Context) -> BoardView:
    """Return the board: members × stages with sums, and who has nobody."""
    by, stage = context.option("rows"), context.option("stages")
    members, stages = context.members(), context.register.form.column(stage).choices
    data = exploded(context.rows(by, stage), by)
    found = sums([Decimal(1)] * len(data), data[by], data[stage])
    table = [[int(found.get((member, each), 0)) for each in stages] for member in members]
    table = [[*row, sum(row)] for row in table]
    table.append([sum(column) for column in zip(*table, strict=True)] or [0] * (len(stages) + 1))
    personal = context.register.form.sensitivity is Sensitivity.PERSONAL
    hidden = hidden_cells(table) if personal else frozenset()
    lines = [
        Line(
            (text(name), *(_cell(number, hidden=(row, column) in hidden) for column, number in enumerate(numbers))),
            total=row == len(members),
        )
        for row, (name, numbers) in enumerate(zip((*members, "合计"), table, strict=True))
    ]
    none = [name for name, numbers in zip(members, table, strict=False) if not numbers[-1]]
    part, whole, what = len(members) - len(none), len(members), context.title(by)
    last, totals = len(members), table[-1]
    shown = [(each, totals[place]) for place, each in enumerate(stages) if (last, place) not in hidden]
    composed = "，".join(f"{each} {number}" for each, number in shown if number)
    tail = f"没有的：{name_several(none, 5)}。" if none else "每个都有。"
    notes = [f"“{HIDDEN}”＝不到 {LEAST} 人，或为了不让人从合计推出来而一并隐去；“·”＝0。"] if personal else []
    drawn = [(each, float(number)) for each, number in shown if number]
    series = ((("人数" if personal else "个数"), tuple(number for _, number in drawn)),)
    return BoardView(
        context.register.form.sheet, context.board.title,
        f"有人的{what} {fraction_words(part, whole)} 个{f'：{composed}' if composed else ''}；{tail}",
        (what, *stages, "合计"), tuple(lines), None, part, whole, "个",
        Chart(ChartKind.BAR, tuple(each for each, _ in drawn), series, f"条形图：各{context.title(stage)}的合计")
        if len(drawn) > 2 else None,
        (*notes, *context.notes()), filled=bool(len(data)),
    )  # fmt: skip


def _cell(number: int, *, hidden: bool) -> Cell:
    return Cell(None, HIDDEN) if hidden else number_cell(number)
