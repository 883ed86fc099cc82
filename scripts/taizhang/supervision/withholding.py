"""What is not printed of a register's figures, since it tells about few persons: decided once for all its figures.

A reader has all that is printed. So figures by one column hide the same groups; a register with a board lists groups on
its board only; and a number of some of the groups is printed only if it tells too little of how large these are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from taizhang.forms.conditions import Condition
from taizhang.forms.model import Form, Indicator
from taizhang.forms.vocabulary import IndicatorKind, Sensitivity
from taizhang.supervision.small_numbers import LEAST, withheld

if TYPE_CHECKING:
    from taizhang.supervision.indicators import Figure, Part

__all__ = ["withhold"]

RowsMeeting = Callable[[Sequence[Condition]], int]
"""Returns how many rows of the register meet conditions."""


def withhold(form: Form, figures: Sequence[Figure], rows_meeting: RowsMeeting) -> tuple[Figure, ...]:
    """Return the figures of a form's indicators, in their order, without what may not be printed."""
    personal = form.sensitivity is Sensitivity.PERSONAL
    by_column: dict[str, dict[int, int]] = {}
    for place, (indicator, figure) in enumerate(zip(form.indicators, figures, strict=True)):
        least = int(indicator.options.get("suppress", LEAST if personal else 0))
        if least and figure.parts:
            by_column.setdefault(str(indicator.options["by"]), {})[place] = least
    found = list(figures)
    for places in by_column.values():
        hidden = _hidden_groups([figures[place] for place in places], max(places.values()))
        for place, least in places.items():
            found[place] = _without_groups(figures[place], hidden, least)
    if not personal:
        return tuple(found)
    if form.boards:
        found = [_groups_on_the_board(figure) for figure in found]
    if any(figure.withheld for figure in found):
        grouping = _grouping_columns(form)
        found = [
            _without_subset(figure, _conditions_on(form, indicator, grouping), rows_meeting)
            for indicator, figure in zip(form.indicators, found, strict=True)
        ]
    return tuple(found)


def _hidden_groups(figures: Sequence[Figure], least: int) -> frozenset[str] | None:
    """Return the groups whose numbers are hidden in all these figures; None if no group may be printed."""
    names = tuple(dict.fromkeys(part.name for figure in figures for part in figure.parts))
    every = [series for figure in figures for series in _series(figure, names)]
    hidden: frozenset[int] = frozenset()
    while True:
        before = hidden
        for numbers in every:
            found = withheld(numbers, least, hidden)
            if found is None:
                return None
            hidden |= found
        if hidden == before:
            return frozenset(names[place] for place in hidden)


def _series(figure: Figure, names: Sequence[str]) -> Iterable[list[int]]:
    """Yield the numbers of the groups, and those of which they are a part with what is left of these."""
    parts: Mapping[str, Part] = {part.name: part for part in figure.parts}
    numbers = [int(parts[name].number or 0) if name in parts else 0 for name in names]
    yield numbers
    if figure.whole is not None and all(part.share is None for part in figure.parts):
        wholes = [int(parts[name].whole or 0) if name in parts else 0 for name in names]
        yield wholes
        yield [whole - number for number, whole in zip(numbers, wholes, strict=True)]


def _without_groups(figure: Figure, hidden: frozenset[str] | None, least: int) -> Figure:
    if hidden is None:
        return replace(figure, parts=(), meaning=f"{figure.meaning}；个数太小，不分开列", withheld=True)
    parts = tuple(_hide(part, least) if part.name in hidden else part for part in figure.parts)
    return replace(figure, parts=parts, withheld=bool(hidden))


def _hide(part: Part, least: int) -> Part:
    """Return a group without its number; ``<5`` of a small one, unless it is a part of a whole that is hidden too."""
    small = part.whole is None or part.share is not None
    small = small and part.number is not None and 0 < part.number < least
    return replace(part, number=None, whole=None, share=None, light=None, mark=f"<{least}" if small else "不列")


def _groups_on_the_board(figure: Figure) -> Figure:
    """Return a figure without its groups: the board shows them, and hides others than would be hidden here."""
    if not figure.parts and not figure.withheld:
        return figure
    return replace(figure, parts=(), withheld=True, meaning=f"{figure.meaning}；分组只在《专项一览》里列")


def _grouping_columns(form: Form) -> frozenset[str]:
    """Return the keys of the columns by which the numbers of a form are printed in groups."""
    boards = (board.option(key) for board in form.boards for key in ("rows", "columns", "stages"))
    by = (each.options.get("by") for each in form.indicators if each.kind is not IndicatorKind.DISTINCT)
    return frozenset(str(key) for key in (*boards, *by) if key)


def _conditions_on(form: Form, indicator: Indicator, columns: frozenset[str]) -> tuple[Condition, ...]:
    """Return the conditions of an indicator, and of the one rule it names, on these columns."""
    rules = form.rules_of(indicator)
    every = (*indicator.when, *(rules[0].when if len(rules) == 1 else ()))
    return tuple(each for each in every if each.key in columns)


def _without_subset(figure: Figure, conditions: Sequence[Condition], rows_meeting: RowsMeeting) -> Figure:
    """Return a figure without a denominator that tells of groups, and without its number if few others are left.

    Of a group that is hidden, its number says that the group is at least so large: that may be known of a group that is
    larger by ``LEAST`` at least, or if it is nobody.
    """
    if not conditions:
        small = figure.whole is not None and figure.whole < LEAST
        return replace(figure, whole=None) if small else figure
    tells = figure.value and rows_meeting(conditions) - figure.value < Decimal(LEAST)
    if not tells:
        return replace(figure, whole=None)
    return replace(figure, value=None, whole=None, withheld=True, meaning=f"{figure.meaning}；有，个数太小，不列")
