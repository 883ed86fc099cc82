"""The blocks of 登记表指标 as lines of words and figures, red ones first, and where each block stands on the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce

from taizhang.forms.vocabulary import IndicatorKind, Sensitivity
from taizhang.ledger.vocabulary import Light
from taizhang.office.xlsx import words_in_lines
from taizhang.supervision.indicator_rows import UNMET
from taizhang.supervision.indicators import Figure, Part, Point, RegisterFigures
from taizhang.typed.percentages import percent, round_half_up

__all__ = [
    "SIZE", "Line", "Pages", "Placed", "block_of", "headline", "in_order", "lay_out", "pair_words", "trend_words",
]  # fmt: skip

MOST_GROUPS = 40
"""The most groups named for a figure; with more, their number is given."""
IMPOSSIBLE = "※"
"""Marks two numbers of which the part exceeds the whole."""
BEGUN, OVER = 9, 4
SIZE = 9
"""Points of the words of a block."""

_STEPS = "▁▂▃▄▅▆▇█"
_ORDER = (Light.RED, Light.AMBER, Light.GREEN, None)
_BETWEEN = "　　"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a block: a figure, or words; ``heading`` for the name of the register."""

    words: str = ""
    figure: Figure | None = None
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A block, or a part of one, at its place: its first row on the sheet (0-based), and 0 for left or 1 for right."""

    register: RegisterFigures
    row: int
    side: int
    lines: tuple[Line, ...]


@dataclass
class Pages:
    """Pages of rows of one height, each with a left and a right column that are filled one after the other.

    ``first`` is the first row (0-based) of the first page, ``rows`` how many rows it has, ``later`` how many each page
    after it has. ``breaks`` are the rows at which later pages begin.
    """

    first: int
    rows: int
    later: int
    side: int = 0
    used: int = 0
    lowest: int = 0
    breaks: list[int] = field(default_factory=list)

    @property
    def left(self) -> int:
        """The rows that are free in the current column."""
        return self.rows - self.used

    @property
    def is_whole(self) -> bool:
        """Whether the current column is empty, and as long as any."""
        return not self.used and self.rows >= self.later

    def turn(self) -> None:
        """Go on to the next column."""
        self.used = 0
        if self.side == 0:
            self.side = 1
            return
        self.side, self.first, self.rows = 0, self.first + self.rows, self.later
        self.breaks.append(self.first)

    def take(self, register: RegisterFigures, lines: Sequence[Line]) -> Placed:
        """Place lines in the current column, with a free row below them."""
        placed = Placed(register, self.first + self.used, self.side, tuple(lines))
        self.lowest = max(self.lowest, placed.row + len(lines) - 1)
        self.used += len(lines) + 1
        return placed


def in_order(registers: Iterable[RegisterFigures]) -> list[RegisterFigures]:
    """Return the registers with rows as they are read: worst light first, then the most at stake, then most rows."""

    def key(register: RegisterFigures) -> tuple[int, Decimal, int]:
        of = headline(register)
        stake = of.value if of.value is not None and of.light is not None and of.light.warns else Decimal(0)
        return _ORDER.index(register.light), -stake, -register.rows

    return sorted((each for each in registers if each.rows), key=key)


def headline(register: RegisterFigures) -> Figure:
    """Return the figure of a register that matters most: the worst light, else a part of a whole, else the first."""
    return min(register.figures, key=lambda figure: (_ORDER.index(figure.light), figure.whole is None))


def lay_out(blocks: Iterable[tuple[RegisterFigures, Sequence[tuple[Line, ...]]]], pages: Pages) -> list[Placed]:
    """Place blocks on pages, one below the other; what a column does not hold goes on in the next one, with （续）.

    A block is the lines that stay together, the first of them with its heading. None begins in less than BEGUN lines
    that are free, nor leaves less than OVER to the next column, if it can begin there instead.
    """
    placed = []
    for register, groups in blocks:
        needed = sum(map(len, groups))
        while pages.left < needed and (pages.left < BEGUN or needed - pages.left < OVER) and not pages.is_whole:
            pages.turn()
        lines: list[Line] = []
        for group in groups:
            if lines and len(lines) + len(group) > pages.left:
                placed.append(pages.take(register, lines))
                pages.turn()
                lines = [Line(f"{register.sheet}（续）", heading=True)]
            lines += group
        placed.append(pages.take(register, lines))
    return placed


def block_of(register: RegisterFigures, pixels: int) -> list[tuple[Line, ...]]:
    """Return what is said of a register, in lines of a width: figures with their groups, plain numbers, and notes.

    Lines that stay together are in one tuple.
    """
    heading = Line(_heading(register), heading=True)
    figures = sorted(register.figures, key=lambda figure: _ORDER.index(figure.light))
    groups = [_figure_lines(each, pixels) for each in figures if not _is_words(each)]
    plain = [f"{each.title} {pair_words(each)}" for each in figures if _is_words(each) and not each.parts]
    groups += [(Line(words),) for words in words_in_lines(_BETWEEN.join(plain), pixels, SIZE)] if plain else []
    groups += [
        tuple(
            Line(words)
            for words in words_in_lines(f"{each.title}（{pair_words(each)}）：{_groups_words(each)}", pixels, SIZE)
        )
        for each in figures
        if _is_words(each) and each.parts
    ]
    notes = [tuple(Line(words) for words in words_in_lines(note, pixels, SIZE)) for note in _left_out_notes(register)]
    first, *others = [*groups, *notes]
    return [(heading, *first), *others]


def _heading(register: RegisterFigures) -> str:
    personal = "，涉及个人、只出个数" if register.sensitivity == Sensitivity.PERSONAL else ""
    return f"{register.sheet}（登记 {register.rows} 行{personal}）"


def _is_words(figure: Figure) -> bool:
    """Whether a figure is a number and no more, so that it needs no line of its own."""
    return figure.whole is None and figure.light is None and len(figure.trend) < 2 and not figure.impossible


def _figure_lines(figure: Figure, pixels: int) -> tuple[Line, ...]:
    wrong = (
        f"{IMPOSSIBLE} 分子大于分母，不会有这样的比率，请按 taizhang validate 列出的行改正。"
        if figure.impossible
        else ""
    )
    texts = filter(None, (wrong, _groups_words(figure)))
    return (Line(figure=figure), *(Line(words) for text in texts for words in words_in_lines(text, pixels, SIZE)))


def _left_out_notes(register: RegisterFigures) -> Iterator[str]:
    """Yield why rows are in no figure or not in some, each reason once, with the figures that it is about.

    Those that a condition of the indicator leaves out are meant to be: how it is counted says so.
    """
    left_out = [_without_unmet(figure.left_out) for figure in register.figures]
    common = reduce(Counter.__and__, left_out)
    by_reasons: dict[str, list[str]] = {}
    for figure, reasons in zip(register.figures, left_out, strict=True):
        own = {reason: number for reason, number in reasons.items() if number > common[reason]}
        if own:
            by_reasons.setdefault(_reasons(own, counted=not register.counts_only), []).append(figure.title)
    if common:
        yield f"没有用上的行：{_reasons(common, counted=not register.counts_only)}"
    for reasons, titles in by_reasons.items():
        yield f"{'、'.join(titles)}没有用上：{reasons}"


def _without_unmet(left_out: Mapping[str, int]) -> Counter[str]:
    return Counter({reason: number for reason, number in left_out.items() if not reason.startswith(UNMET)})


def _reasons(left_out: Mapping[str, int], *, counted: bool) -> str:
    """Return reasons; without numbers where how many rows are left out would tell how large a withheld group is."""
    return "、".join(f"{reason} {number} 行" if counted else reason for reason, number in left_out.items())


def trend_words(figure: Figure, most: int) -> str:
    """Return the last two cycles of a figure and its trend as ``most`` bars of text: 66%→80% ▂▃▅; empty for one."""
    if len(figure.trend) < 2:
        return ""
    return "→".join(_point_words(figure, point) for point in figure.trend[-2:]) + f" {_bars(figure)[-most:]}"


def _point_words(figure: Figure, point: Point) -> str:
    """Return the figure of one cycle: its rate if it is a part of a whole, else its number."""
    if point.value is None or point.whole == 0:
        return "—"
    if point.whole is None:
        return _words(point.value)
    if figure.kind == IndicatorKind.RATIO and point.value > point.whole:
        return IMPOSSIBLE
    return f"{percent(point.value, point.whole)}%"


def _bars(figure: Figure) -> str:
    """Return a trend as bars of text, one for each cycle: of a rate from 0 to 100 %, else from 0 to the highest."""
    numbers = [
        None if each.value is None or each.whole == 0 else each.value / each.whole if each.whole else each.value
        for each in figure.trend
    ]
    highest = Decimal(1) if figure.whole is not None else max((each or Decimal(0) for each in numbers), default=None)
    bars = []
    for each in numbers:
        if each is None:
            bars.append("·")
            continue
        step = int(round_half_up(each / highest * (len(_STEPS) - 1))) if highest else 0
        bars.append(_STEPS[min(max(step, 0), len(_STEPS) - 1)])
    return "".join(bars)


def _groups_words(figure: Figure) -> str:
    """Return the groups of a figure in one text: those that warn, the others with something, then the empty ones."""
    warning = [part for part in figure.parts if part.light is not None and part.light.warns]
    named = sorted(warning, key=lambda part: _ORDER.index(part.light))
    named += [part for part in figure.parts if part not in warning and (part.mark or not _has_nothing(part))]
    nothing = [part.name for part in figure.parts if part not in named]
    words = ["　".join(_part_words(figure, part) for part in named[:MOST_GROUPS])] if named else []
    if len(named) > MOST_GROUPS:
        words.append(f"另有 {len(named) - MOST_GROUPS} 个")
    if nothing:
        more = "等" if len(nothing) > MOST_GROUPS else ""
        words.append(f"另有 {len(nothing)} 个为 0：{'、'.join(nothing[:MOST_GROUPS])}{more}")
    return "　".join(words)


def _has_nothing(part: Part) -> bool:
    return (
        part.number is None or part.whole == 0 or (part.number == 0 and (part.whole is None or part.share is not None))
    )


def _part_words(figure: Figure, part: Part) -> str:
    """Return one group: its light if it warns, its name and number, and its rate or share."""
    symbol = f"{part.light.symbol} " if part.light is not None and part.light.warns else ""
    if part.number is None:
        return f"{symbol}{part.name} {part.mark or '—'}"
    if part.share is not None:
        return f"{symbol}{part.name} {_words(part.number)}（{part.share}%）"
    if part.whole is None:
        return f"{symbol}{part.name} {_words(part.number)}"
    pair = _words(part.number, part.whole)
    if figure.kind == IndicatorKind.RATIO and part.number > part.whole:
        return f"{symbol}{part.name} {IMPOSSIBLE} {pair}"
    return f"{symbol}{part.name} {pair}" + ("" if part.rate is None else f"（{part.rate}%）")


def pair_words(figure: Figure) -> str:
    """Return a figure with its whole and unit: 3/9 件; ※ before a part that exceeds its whole; a dash for none."""
    if figure.value is None:
        return "—"
    digits, scale = _scaled(figure.value, *([] if figure.whole is None else [figure.whole]))
    mark = f"{IMPOSSIBLE} " if figure.impossible else ""
    return f"{mark}{digits} {scale}{figure.unit}".strip()


def _scaled(*numbers: Decimal) -> tuple[str, str]:
    """Return numbers with a slash between them, all in the scale of the largest, and the word of that scale.

    They are in 万 from a million, in 亿 from a hundred million.
    """
    largest = max(map(abs, numbers))
    size, word = (100_000_000, "亿") if largest >= 100_000_000 else (10_000, "万") if largest >= 1_000_000 else (1, "")
    return "/".join(f"{round_half_up(each / size, 2):,.2f}".rstrip("0").rstrip(".") for each in numbers), word


def _words(*numbers: Decimal) -> str:
    return "".join(_scaled(*numbers))
