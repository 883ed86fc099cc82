"""Lists on the boards: rows that grow with their texts, section headings that keep with what follows, page breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from taizhang.figures.metrics import Metrics
from taizhang.figures.sentences import LONGEST_NAME
from taizhang.office.short_names import distinct_names
from taizhang.office.theme import NUMBER_FONT, Palette
from taizhang.office.xlsx import LIST_TEXT, Formats, Worksheet, fill_cells, page_breaks, row_height
from taizhang.report.layout import FILTER_HEAD, page_points, section, tall_enough
from taizhang.report.links import DETAILS, SheetRows
from taizhang.supervision.tasks import OPEN_DEPARTMENT, Task
from taizhang.typed.text import shorten

__all__ = ["HAIR", "PEOPLE", "TOTAL", "Flow", "brief_names", "code_cell", "task_link", "wrapped"]

HAIR = {"bottom": 1, "bottom_color": Palette.LINE}
"""The line under each row of a list."""

TOTAL = {"bg_color": Palette.PANEL, "bold": True, "top": 1, "top_color": Palette.NAVY}
"""The cells of a row of totals."""

PEOPLE = "牵头部门\n牵头领导"
"""The head over ``Flow.people``."""

LEAST = 27.75
"""The least height of a row with two lines, in points."""

_ABOVE = 30 + 15 + 6 + 26 + FILTER_HEAD
"""Points of the rows above the first line of a sheet."""


@dataclass
class Flow:
    """The rows of a sheet from a row down, with the heights by which pages break.

    ``row`` is the next free row (0-based), ``names`` are the departments' names for narrow columns (``brief_names``).
    What is added as a heading stays on one page with the row after it.
    """

    sheet: Worksheet
    style: Formats
    widths: Sequence[int]
    row: int
    names: Mapping[str, str] = field(default_factory=dict)
    _blocks: list[tuple[int, float]] = field(default_factory=list)
    _carried: tuple[int, float] | None = None

    @property
    def last(self) -> int:
        """The last column (0-based)."""
        return len(self.widths) - 1

    def take(self, points: float, *, heading: bool = False) -> int:
        """Set the height of the next row and return its number."""
        row = self.row
        self.sheet.set_row(row, points)
        first, above = self._carried or (row, 0.0)
        if heading:
            self._carried = first, above + points
        else:
            self._blocks.append((first, above + points))
            self._carried = None
        self.row += 1
        return row

    def take_texts(self, texts: Sequence[tuple[str, int]], *, size: float = 10, least: float = LEAST) -> int:
        """Take a row that shows each (text, column) whole, wrapped in its column."""
        pairs = [(text, self.widths[column]) for text, column in texts]
        return self.take(row_height(pairs, size, least=least, wrapping=LIST_TEXT))

    def people(self, task: Task) -> str:
        """Return who answers for a task, each on a line of its own: department and leading post."""
        department = self.names.get(task.department, task.department)
        return f"{department or OPEN_DEPARTMENT}\n{shorten(task.leader, LONGEST_NAME) or OPEN_DEPARTMENT}"

    def heading(self, text: str) -> int:
        """Write a section heading across the sheet, after a gap."""
        self.take(9, heading=True)
        row = self.take(21, heading=True)
        section(self.sheet, self.style, row, 1, self.last, text)
        return row

    def say(self, text: str) -> None:
        """Write one line of words, for instance that a list is empty."""
        row = self.take(21)
        fill_cells(self.sheet, row, 1, self.last, self.style(bg_color=Palette.PANEL))
        self.sheet.write_string(row, 1, text, self.style(bg_color=Palette.PANEL, font_color=Palette.INK2))

    def note(self, text: str) -> None:
        """Write one line of small print."""
        row = self.take(15)
        self.sheet.write_string(row, 1, text, self.style(font_size=9, font_color=Palette.INK2))

    def break_pages(self) -> None:
        """Set the page breaks, so that no heading stands alone at the foot of a page."""
        breaks = page_breaks(self._blocks, page_points(self.widths[1:]), _ABOVE, FILTER_HEAD)
        self.sheet.set_h_pagebreaks(breaks)


def brief_names(m: Metrics) -> Mapping[str, str]:
    """Return each department's name as it can be shown in a narrow column on a few lines, no two the same."""
    names = (group.name for group in m.departments if group.name != OPEN_DEPARTMENT)
    return distinct_names(names, lambda text: len(text) <= LONGEST_NAME, m.short_names)


def wrapped(text: str, pixels: int, size: float = 10) -> str:
    """Return a text for a column, cut to the tallest row; a dash for none."""
    return tall_enough(text, pixels, size) if text else "—"


def task_link(sheet: Worksheet, style: Formats, row: int, column: int, rows: SheetRows, code: str) -> None:
    """Write a task's code as a link to its row of 措施台账."""
    look = style(**HAIR, align="center", font_name=NUMBER_FONT, font_size=9, font_color=Palette.LINK, underline=1)
    sheet.write_url(row, column, rows.link(DETAILS, code), look, code)


def code_cell(sheet: Worksheet, style: Formats, row: int, column: int, code: str) -> None:
    """Write the code of a task that 措施台账 does not list."""
    sheet.write_string(row, column, code, style(**HAIR, align="center", font_name=NUMBER_FONT, font_size=9))
