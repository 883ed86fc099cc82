"""The status of the tasks of an entry, and close-outs on the table's word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from taizhang.adopt.grid import Cell
from taizhang.adopt.reading import Reading
from taizhang.adopt.words import parts_for, read_closed, read_status, status_in
from taizhang.forms.register_names import CLOSEOUTS, TASKS
from taizhang.ledger.vocabulary import Conclusion, Status, TaskKind
from taizhang.typed.dates import read_date
from taizhang.typed.readings import quote
from taizhang.typed.text import as_text, clean_key, is_blank

__all__ = ["add_statuses", "instead_of_deadline", "status_of_table"]

_CLAUSE = re.compile(r"[，,。；;：:、\s（(]")

_BRACKETS = re.compile(r"\(([^()]{2,8})\)$")
_OF_TABLE = ("的", "问题", "事项", "任务", "整改", "项目", "台账", "清单", "表")
"""What stands behind the status in the name of a table: 已销号问题台账."""

_LONGEST_NAME = 30

_WHOLE = 100
"""The progress of what is done."""

_CLOSING_DAY = re.compile("销号|办结")
"""Heads of the day on which a task was closed, not only done."""

_IN_GBK = str.maketrans("☑✓✔✅☐", "√√√√□")
"""Ticks that old programs cannot show, and those that they can."""

_CLOSING = (None, Status.DONE, Status.STRUCK_OFF)
"""What a table may say of the status of a task that is closed."""

NO_EVIDENCE = "原台账没有写佐证，待补"


def add_statuses(reading: Reading, row: int, tasks: Sequence[dict[str, Any]]) -> None:
    """Write the status of each task; what the table says is closed gets a close-out on its word."""
    closed_cell, dated_cell = reading.cell("closed", row), reading.cell("closed_on", row)
    said = [_status_of(reading, row, number, len(tasks), dated_cell) for number in range(len(tasks))]
    for number, (task, (status, cell, day)) in enumerate(zip(tasks, said, strict=True)):
        basis, closed_day = cell if status is Status.STRUCK_OFF else None, day
        if closed_cell:
            part = reading.parts(closed_cell, len(tasks))[number]
            closed = read_closed(as_text(part), reading.words)
            on = read_date(part, epoch_1904=reading.source.epoch_1904).value if closed is None else None
            basis = closed_cell if closed or on else basis
            closed_day = day or on
            if closed is None and on is None:
                reading.builder.keep(TASKS, task, "原表是否销号", reading.safe(closed_cell, as_text(part)) or "")
                reading.builder.lack("看不出有没有销号，按没有销号收，原话留在“原表是否销号”", reading.at(row))
            elif basis and cell is not reading.cell("update", row) and status not in _CLOSING:
                reading.builder.lack(f"状态是“{status}”，又写着已经销号，按已销号收，请核对", reading.at(row))
            reading.account.write(closed_cell)
        if status is Status.ONGOING:
            task["kind"] = TaskKind.LONG_TERM
        open_still = Status.UNDER_WAY if status is Status.ONGOING else status or Status.NOT_STARTED
        struck_off = basis is not None or status is Status.STRUCK_OFF
        task["status"] = Status.STRUCK_OFF if struck_off else open_still
        if struck_off:
            _close(reading, row, task, basis, closed_day)
        elif dated_cell and not is_blank(dated_cell.raw):
            reading.builder.keep(
                TASKS, task, f"原表{reading.columns['closed_on'].title}", reading.text(dated_cell) or ""
            )
        if task["status"] == Status.DONE and not task.get("evidence"):
            task["evidence"] = NO_EVIDENCE
            reading.builder.counts[f"已完成的没有写佐证，佐证材料写作“{NO_EVIDENCE}”"] += 1


def _status_of(
    reading: Reading, row: int, number: int, count: int, dated: Cell | None
) -> tuple[Status | None, Cell | None, date | None]:
    """Return what the table says of a task's status, the cell that says it, and the day on which it was done."""
    day = _day(reading, dated, number, count) if dated else None
    if day and not _has_statuses(reading):
        return _status_of_day(reading), dated, day
    return *_status_said(reading, row, number, count), day


def _status_said(reading: Reading, row: int, number: int, count: int) -> tuple[Status | None, Cell | None]:
    """Return the status that a tick, a word or other words say, and the cell with it."""
    for mapped in reading.mapped:
        cell = reading.grid.in_column(row, mapped.head.column) if mapped.status else None
        if cell and mapped.status:
            reading.account.write(cell)
            if read_closed(cell.text, reading.words):
                reading.builder.statuses[f"{mapped.title}{cell.text}", mapped.status] += 1
                return mapped.status, cell
    mapped = reading.columns.get("status")
    cell = reading.cell("status", row) if mapped and not mapped.status else None
    if cell is None and mapped is None:
        return _status_by_words(reading, row, number, count)
    if cell is None:
        return None, None
    text = parts_for(cell.text, count)[number]
    status = status_in(text, reading.words, reading.source.kept.statuses)
    reading.account.write(cell)
    if status is None:
        reading.builder.keep(
            TASKS, reading.builder.rows[TASKS][number - count], "原表状态", reading.safe(cell, text) or ""
        )
        reading.builder.lack(
            f"状态{quote(text)}不知道是什么状态，按“{Status.NOT_STARTED}”收，原话留在“原表状态”", reading.at(row)
        )
    elif clean_key(text) != status:
        reading.builder.statuses[text, status] += 1
        _keep_more(reading, cell, text, reading.builder.rows[TASKS][number - count])
    return status, cell


def _keep_more(reading: Reading, cell: Cell, text: str, task: dict[str, Any]) -> None:
    """Write what a cell says beside the status (已完成：开会2次) as progress, if the table says none."""
    more = read_status(text, reading.words, reading.source.kept.statuses) is None
    if more and not task.get("update") and (told := reading.safe(cell, text)):
        task["update"] = told
        reading.builder.counts["状态后面还写着别的，照抄进“本期进展”"] += 1


def _status_by_words(reading: Reading, row: int, number: int, count: int) -> tuple[Status | None, Cell | None]:
    """Return the status of a task in a table without a column of them, as other words say it.

    First words that begin with a status, on progress or in place of a deadline; then what is said of all the table; a
    percentage; any words on progress say that it is under way.
    """
    update, deadline = reading.cell("update", row), reading.cell("deadline", row)
    text = parts_for(update.text, count)[number] if update else ""
    ruled = reading.source.kept.statuses
    if update and text and (status := read_status(_CLAUSE.split(text, maxsplit=1)[0], reading.words, ruled)):
        return _by_progress(reading, status), update
    instead = instead_of_deadline(reading, deadline, number, count)
    if deadline and instead:
        reading.builder.statuses[deadline.text, instead] += 1
        return instead, deadline
    if said := reading.whole_status:
        status, cell, where = said
        reading.builder.counts[f"原表没有状态列，按{where}当作“{status}”"] += 1
        return status, cell
    progress = reading.builder.rows[TASKS][number - count].get("progress")
    if progress is not None:
        status = Status.DONE if progress == _WHOLE else Status.UNDER_WAY if progress or text else Status.NOT_STARTED
        reading.builder.counts[f"原表没有状态列，按进度当作“{status}”"] += 1
        return status, reading.cell("progress", row)
    return (_by_progress(reading, Status.UNDER_WAY), update) if update and text else (None, None)


def _by_progress(reading: Reading, status: Status) -> Status:
    reading.builder.counts[f"原表没有状态列，按写的进展当作“{status}”"] += 1
    return status


def instead_of_deadline(reading: Reading, cell: Cell | None, number: int, count: int) -> Status | None:
    """Return the status that a cell has in place of a deadline (已完成); None if it says by when."""
    if cell is None or not isinstance(cell.raw, str):
        return None
    text = parts_for(cell.text, count)[number]
    status = read_status(text, reading.words, {})
    return status if status in (Status.DONE, Status.STRUCK_OFF) else None


def status_of_table(reading: Reading) -> tuple[Status, Cell | None, str] | None:
    """Return the status that a title or the name of the sheet says of the whole table (已销号问题台账), and where.

    The cell is None for the sheet's name.
    """
    named = [(cell.text, cell, f" {cell.name} ") for cell in reading.table.before]
    for text, cell, where in [(reading.grid.sheet.name, None, "工作表的名称"), *named]:
        key = clean_key(text)
        aside = _BRACKETS.search(key)
        for words in (_without_table(key), aside[1] if aside else ""):
            if status := reading.words.statuses.get(words):
                return status, cell, where
    return None


def _without_table(name: str) -> str:
    """Return the name of a table without the words that only say that it is one."""
    while len(name) <= _LONGEST_NAME and (end := next(filter(name.endswith, _OF_TABLE), "")):
        name = name.removesuffix(end)
    return name


def _day(reading: Reading, cell: Cell, number: int, count: int) -> date | None:
    part = reading.parts(cell, count)[number]
    return read_date(part, year=reading.source.settings.year, epoch_1904=reading.source.epoch_1904).value


def _has_statuses(reading: Reading) -> bool:
    """Whether a table says of each task how far it is, other than by the day on which it was done."""
    return any(each.status or each.field.name in ("status", "closed") for each in reading.mapped)


def _status_of_day(reading: Reading) -> Status:
    """Return the status of a task that has a day in the column of such days: closed, or only done."""
    title = reading.columns["closed_on"].title
    status = Status.STRUCK_OFF if _CLOSING_DAY.search(title) else Status.DONE
    reading.builder.counts[f"原表没有状态列，“{title}”写了日期的当作“{status}”"] += 1
    return status


def _close(reading: Reading, row: int, task: dict[str, Any], basis: Cell | None, day: date | None) -> None:
    """Add the close-out of a task that a cell, or without one the sheet's name, says is closed."""
    mapped = next((each for each in reading.mapped if basis and each.head.column == basis.column), None)
    place = f"{reading.source.file}〈{reading.grid.sheet.name}〉"
    if basis and mapped and basis.row > reading.table.bottom:
        words = f"{place}{basis.name}：“{mapped.title}”写的是“{basis.text.translate(_IN_GBK)}”"
    else:
        words = f"{place}{basis.name}：“{basis.text}”" if basis else f"{place}：工作表的名称"
    closeout = {"task": task["code"], "department": task.get("department"), "evidence": words, "committee_date": day}
    reading.builder.add(CLOSEOUTS, {**closeout, "conclusion": Conclusion.INHERITED})
    dated = reading.cell("closed_on", row)
    if dated and day:
        reading.account.write(dated)
    elif dated:
        reading.builder.keep(TASKS, task, f"原表{reading.columns['closed_on'].title}", reading.text(dated) or "")
        reading.builder.lack(f"“{reading.columns['closed_on'].title}”读不懂，按没有写销号日期收", reading.at(row))
