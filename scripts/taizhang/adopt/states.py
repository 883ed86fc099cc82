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

__all__ = ["add_statuses"]

_CLAUSE = re.compile(r"[，,。；;：:、\s（(]")

_IN_GBK = str.maketrans("☑✓✔✅☐", "√√√√□")
"""Ticks that old programs cannot show, and those that they can."""

_CLOSING = (None, Status.DONE, Status.STRUCK_OFF)
"""What a table may say of the status of a task that is closed."""

NO_EVIDENCE = "原台账没有写佐证，待补"


def add_statuses(reading: Reading, row: int, tasks: Sequence[dict[str, Any]]) -> None:
    """Write the status of each task; what the table says is closed gets a close-out on its word."""
    closed_cell, dated_cell = reading.cell("closed", row), reading.cell("closed_on", row)
    said = [_status_of(reading, row, number, len(tasks)) for number in range(len(tasks))]
    for number, (task, (status, cell)) in enumerate(zip(tasks, said, strict=True)):
        basis = cell if status is Status.STRUCK_OFF else None
        day = _day(reading, dated_cell, number, len(tasks)) if dated_cell else None
        if closed_cell:
            part = reading.parts(closed_cell, len(tasks))[number]
            closed = read_closed(as_text(part), reading.words)
            on = read_date(part, epoch_1904=reading.source.epoch_1904).value if closed is None else None
            basis = closed_cell if closed or on else basis
            day = day or on
            if closed is None and on is None:
                reading.builder.keep(TASKS, task, "原表是否销号", reading.safe(closed_cell, as_text(part)) or "")
                reading.builder.lack("看不出有没有销号，按没有销号收，原话留在“原表是否销号”", reading.at(row))
            elif basis and cell is not reading.cell("update", row) and status not in _CLOSING:
                reading.builder.lack(f"状态是“{status}”，又写着已经销号，按已销号收，请核对", reading.at(row))
            reading.account.write(closed_cell)
        if status is Status.ONGOING:
            task["kind"] = TaskKind.LONG_TERM
        open_still = Status.UNDER_WAY if status is Status.ONGOING else status or Status.NOT_STARTED
        task["status"] = Status.STRUCK_OFF if basis else open_still
        if basis:
            _close(reading, task, basis, day)
        elif dated_cell and not is_blank(dated_cell.raw):
            reading.builder.keep(
                TASKS, task, f"原表{reading.columns['closed_on'].title}", reading.text(dated_cell) or ""
            )
        if task["status"] == Status.DONE and not task.get("evidence"):
            task["evidence"] = NO_EVIDENCE
            reading.builder.counts[f"已完成的没有写佐证，佐证材料写作“{NO_EVIDENCE}”"] += 1


def _status_of(reading: Reading, row: int, number: int, count: int) -> tuple[Status | None, Cell | None]:
    """Return what the table says of a task's status, and the cell that says it."""
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
    return status, cell


def _status_by_words(reading: Reading, row: int, number: int, count: int) -> tuple[Status | None, Cell | None]:
    """Return the status that the words on progress begin with; any words say that it is under way."""
    cell = reading.cell("update", row)
    text = parts_for(cell.text, count)[number] if cell else ""
    if not cell or not text:
        return None, None
    first = _CLAUSE.split(text, maxsplit=1)[0]
    status = read_status(first, reading.words, reading.source.kept.statuses)
    found = status or Status.UNDER_WAY
    reading.builder.counts[f"原表没有状态列，按写的进展当作“{found}”"] += 1
    return found, cell


def _day(reading: Reading, cell: Cell, number: int, count: int) -> date | None:
    part = reading.parts(cell, count)[number]
    return read_date(part, year=reading.source.settings.year, epoch_1904=reading.source.epoch_1904).value


def _close(reading: Reading, task: dict[str, Any], basis: Cell, day: date | None) -> None:
    """Add the close-out of a task that the table says is closed."""
    mapped = next(each for each in reading.mapped if each.head.column == basis.column)
    words = (
        f"{reading.source.file}〈{basis.sheet}〉{basis.name}：“{mapped.title}”写的是“{basis.text.translate(_IN_GBK)}”"
    )
    row = {"task": task["code"], "department": task.get("department"), "evidence": words, "committee_date": day}
    reading.builder.add(CLOSEOUTS, {**row, "conclusion": Conclusion.INHERITED})
    dated = reading.cell("closed_on", basis.row)
    if dated and day:
        reading.account.write(dated)
    elif dated:
        reading.builder.keep(TASKS, task, f"原表{reading.columns['closed_on'].title}", reading.text(dated) or "")
        reading.builder.lack(f"“{reading.columns['closed_on'].title}”读不懂，按没有写销号日期收", reading.at(basis.row))
