"""The leaders' workbook: its sheets in reading order, and the function that makes the file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from taizhang.boards.views import BoardView
from taizhang.figures.metrics import Metrics
from taizhang.office.xlsx import Formats, NewWorkbook, make_workbook
from taizhang.report.alerts import write_alerts
from taizhang.report.aspects import write_aspects
from taizhang.report.beside import Beside
from taizhang.report.changes import write_changes
from taizhang.report.chart_data import write_figures
from taizhang.report.continuing import write_continuing
from taizhang.report.definitions import write_definitions
from taizhang.report.details import write_details
from taizhang.report.gaps import write_gaps
from taizhang.report.indicators import write_indicators
from taizhang.report.leaders import write_leaders
from taizhang.report.links import sheet_rows
from taizhang.report.measure_groups import write_measure_groups
from taizhang.report.overview import write_overview
from taizhang.report.phone import write_phone
from taizhang.report.problems import write_problems
from taizhang.report.ranking import write_ranking
from taizhang.report.recurring import write_recurring
from taizhang.report.returned import write_returned
from taizhang.report.timeline import write_timeline
from taizhang.report.trend import write_trend
from taizhang.supervision.past_problems import SeenBefore

__all__ = ["SHEETS", "progress_workbook"]

SHEETS = (
    ("整改一览", "#C8161D"),
    ("手机版", "#C8161D"),
    ("与上期比", "#C8161D"),
    ("牵头领导", "#C8161D"),
    ("部门排名", "#17406D"),
    ("措施分组", "#17406D"),
    ("时间进度", "#17406D"),
    ("五个方面", "#17406D"),
    ("趋势", "#17406D"),
    ("逾期预警", "#C8161D"),
    ("周期履行", "#17406D"),
    ("长期复核", "#17406D"),
    ("报送情况", "#17406D"),
    ("措施台账", "#56616C"),
    ("问题台账", "#56616C"),
    ("登记表指标", "#56616C"),
    ("待明确项", "#56616C"),
    ("口径说明", "#D5DBE1"),
    ("图表数据", "#D5DBE1"),
)
"""Sheet names with tab colours; names have at most five characters, so that all tabs stay visible."""


def progress_workbook(
    m: Metrics,
    created: datetime,
    boards: Sequence[BoardView] = (),
    beside: Beside | None = None,
    before: SeenBefore | None = None,
) -> bytes:
    """Return the bytes of 整改进展一览.xlsx for a day; the same metrics, boards and timestamp give the same bytes.

    ``boards`` are the boards of registers that the first page and the phone sheet name, worst first. ``beside`` are the
    files that it links to, ``before`` the problems that ledgers of past years name too, if it was compared with any.
    """
    properties = {
        "title": f"整改进展一览 {m.as_of.year}年{m.as_of.month}月",
        "subject": "整改进展",
        "author": m.office,
        "category": "内部资料",
        "keywords": "整改 台账 督办",
        "created": created,
    }
    return make_workbook(partial(_write_sheets, m, boards, beside, before), properties)


def _write_sheets(
    m: Metrics,
    boards: Sequence[BoardView],
    beside: Beside | None,
    before: SeenBefore | None,
    book: NewWorkbook,
    style: Formats,
) -> None:
    book.set_custom_property("数据截至", m.as_of.isoformat())
    book.set_custom_property("快照编号", m.snapshot)
    sheets = {}
    for name, colour in SHEETS:
        sheets[name] = book.add_worksheet(name)
        sheets[name].set_tab_color(colour)
    rows = sheet_rows(m)
    figures = write_figures(sheets["图表数据"], style, m)
    write_overview(book, sheets["整改一览"], style, m, figures, rows, boards)
    write_phone(sheets["手机版"], style, m, boards)
    write_ranking(book, sheets["部门排名"], style, m, figures)
    write_timeline(sheets["时间进度"], style, m, rows)
    write_aspects(sheets["五个方面"], style, m)
    write_trend(book, sheets["趋势"], style, m, figures)
    write_alerts(sheets["逾期预警"], style, m, rows)
    write_changes(sheets["与上期比"], style, m, rows)
    write_leaders(sheets["牵头领导"], style, m, rows)
    write_measure_groups(sheets["措施分组"], style, m)
    write_gaps(sheets["待明确项"], style, m, rows)
    write_returned(sheets["报送情况"], style, m)
    write_recurring(sheets["周期履行"], style, m, rows)
    write_continuing(sheets["长期复核"], style, m, rows)
    write_details(book, sheets["措施台账"], style, m)
    write_problems(sheets["问题台账"], style, m, rows, before)
    write_indicators(sheets["登记表指标"], style, m, beside)
    write_definitions(sheets["口径说明"], style, m)
    sheets["整改一览"].activate()
