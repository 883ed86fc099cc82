"""The check that 参数 has periods and days off for the year about to begin, from December on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.model import Ledger
from taizhang.ledger.settings import SETTINGS_SHEET

__all__ = ["check_next_year"]


def check_next_year(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """From 1 December to 31 March, report missing periods or days off of the new year.

    A ledger whose last known year is further back is no longer in use, and nothing is reported.
    """
    settings, place = ledger.settings, ledger.book.place(SETTINGS_SHEET)
    named = {int(found[0]) for each in settings.periods if (found := re.match(r"(?:19|20)\d\d", each.name))}
    year = _find_missing_year(named, as_of)
    if year:
        last = [each.name for each in settings.periods if each.name.startswith(str(year - 1))]
        like = f"{last[0]} 到 {last[-1]}" if len(last) > 1 else last[0]
        problem = f"“期次”里还没有 {year} 年的，到时下发会找不到期次。"
        cure = (
            f"请在“期次”末尾接着填 {year} 年的期次和它的统计截止日、报送截止日，照 {year - 1} 年的样子（{like}）；"
            f"{year} 年另起一本的不用填，用 taizhang new --after 接着这一本。"
        )
        yield Finding(place, Check.NEXT_YEAR, problem, Severity.HINT, cure=cure)
    year = _find_missing_year(settings.workdays.years, as_of)
    if year:
        problem = f"“工作日历”里还没有 {year} 年的放假安排，到时按工作日算的反馈日期、时限算不出来。"
        cure = (
            "请照国务院办公厅的通知（一般上一年 11 月前后公布）"
            f"在“工作日历”末尾接着填放假和调休上班的日期，再在“日历年度”里加上 {year}；通知还没有公布的，公布后再填。"
        )
        yield Finding(place, Check.NEXT_YEAR, problem, Severity.HINT, cure=cure)


def _find_missing_year(known: frozenset[int] | set[int], as_of: date) -> int:
    """Return the year after the last known one if it is about to begin or has just begun, else 0."""
    last = max(known, default=0)
    return last + 1 if last and date(last, 12, 1) <= as_of <= date(last + 1, 3, 31) else 0
