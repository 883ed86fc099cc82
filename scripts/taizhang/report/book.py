"""The workbook of the leaders' sheets, in the order of reading."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from taizhang.measures import Measures
from taizhang.report.alerts import write_alerts
from taizhang.report.definitions import write_definitions
from taizhang.report.details import write_details
from taizhang.report.figures import write_figures
from taizhang.report.overview import write_overview
from taizhang.report.ranking import write_ranking
from taizhang.theme import book_options, formats

__all__ = ["progress_workbook"]

SHEETS = (
    ("整改一览", "#C8161D"),
    ("部门排名", "#17406D"),
    ("逾期预警", "#C8161D"),
    ("措施台账", "#56616C"),
    ("口径说明", "#D5DBE1"),
    ("图表数据", "#D5DBE1"),
)


def progress_workbook(m: Measures, created: datetime) -> bytes:
    """Return 整改进展一览.xlsx for a day; the same measures and stamp give the same bytes."""
    from xlsxwriter import Workbook

    target = io.BytesIO()
    book: Any = Workbook(target, book_options())
    title = f"整改进展一览 {m.as_of.year}年{m.as_of.month}月"
    book.set_properties({"title": title, "subject": "整改进展", "author": m.office, "created": created})
    sheets = {}
    for name, colour in SHEETS:
        sheets[name] = book.add_worksheet(name)
        sheets[name].set_tab_color(colour)
    style = formats(book)
    figures = write_figures(sheets["图表数据"], style, m)
    write_overview(book, sheets["整改一览"], style, m, figures)
    write_ranking(book, sheets["部门排名"], style, m, figures)
    write_alerts(sheets["逾期预警"], style, m)
    write_details(sheets["措施台账"], style, m)
    write_definitions(sheets["口径说明"], style, m)
    sheets["整改一览"].activate()
    book.close()
    return target.getvalue()
