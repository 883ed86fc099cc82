"""The rows of a ledger from the office's own table: problems, causes, tasks, and close-outs on that table's word.

Codes count from one, as in a new ledger. What cannot be read stays as it is in a column of the office's own (原表……).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from taizhang.adopt.account import Account
from taizhang.adopt.adopted import PLACE, Adopted, Builder, Source
from taizhang.adopt.grid import Cell
from taizhang.adopt.heads import Table
from taizhang.adopt.in_words import add_said
from taizhang.adopt.lines import Line, LineKind, lines_of
from taizhang.adopt.mapping import KEPT_NAME, Mapped
from taizhang.adopt.problems import begin_section, read_problems
from taizhang.adopt.reading import Reading
from taizhang.adopt.responsible import add_owners, unit_of_table
from taizhang.adopt.states import add_statuses, status_of_table
from taizhang.adopt.times import add_deadlines, begin_duties, propose_cycle
from taizhang.adopt.words import items_of, parts_for, without_label
from taizhang.forms.register_names import PROBLEMS, TASKS
from taizhang.ledger.cell_values import read_value
from taizhang.ledger.vocabulary import FROM_TABLE, STATED_LINK, Status, TaskKind
from taizhang.typed.dates import read_date
from taizhang.typed.readings import quote
from taizhang.typed.text import as_text, clean_key, split_many

__all__ = ["NO_MEASURE", "adopt_tables"]

NO_MEASURE = "（原表没有写措施）"
"""The words of a task for which the table gives a department, a deadline or a state, and no measure."""

NO_PROBLEM = "没有写问题，任务没有对应问题；接着上一个问题的，请在原表里合并那几格，或写“同上”，再收"
"""Said of a measure without a problem, in a table that has problems."""

NO_PROBLEMS = f"没有认出哪一列是问题，任务都没有对应问题；有的请在 {KEPT_NAME} 里写“那一列的表头 = 问题”再收"
"""Said of a table with measures and no problems."""

_PERCENT = re.compile(
    r"(?:目前|总体|累计|大约|约|已|完成|整改|进度|推进|[到至为达约:：,，])*(?P<number>\d{1,3}(?:\.\d+)?)[%％](?:左右|以上)?"
)
"""A per cent with words around it that do not change it, in a column of per cents."""

_TEXTS = ("standard", "update", "obstacle", "next_step", "evidence", "note", "help_needed")

_READ = ("start", "category", "progress")

_OF_A_TASK = ("leader", "department", "supporting", "deadline", "status", "closed", *_TEXTS, *_READ)


def adopt_tables(tables: Sequence[tuple[Table, Sequence[Mapped]]], source: Source) -> Adopted:
    """Return the rows of the tables, each with the fields of its columns."""
    builder = Builder(source)
    account = Account(cell for table, _ in tables for cell in table.grid.cells)
    for (table, mapped), origin in zip(tables, source.problem_sources, strict=True):
        _read_table(Reading(table, mapped, source, origin, builder, account))
    _link(builder)
    return builder.finish(account)


def _link(builder: Builder) -> None:
    """Put tasks to the problems whose numbers the table gives them."""
    for tasks, text, where in builder.links:
        for number in split_many(text):
            found = builder.numbered.get(clean_key(number), [])
            if len(found) == 1:
                _add_problems(tasks, found)
                continue
            for task in tasks:
                builder.keep(TASKS, task, "原表对应问题", number)
            builder.lack("“对应问题”写的编号没有对上一个问题，原话留在“原表对应问题”", where)


def _read_table(reading: Reading) -> None:
    """Read every cell of a table."""
    reading.whole_unit, reading.whole_status = unit_of_table(reading), status_of_table(reading)
    _, says_unit = reading.whole_unit
    for cell in (*reading.grid.loose, *reading.grid.cells):
        if reading.grid.is_covered(cell.row, cell.column):
            reading.account.name(cell, "压在合并单元格下面，看不见，没有写进台账")
        elif cell is says_unit:
            reading.account.write(cell)
        elif cell.row < reading.table.top:
            loose = "标题和说明" if reading.grid.laid else "表头上面的标题"
            reading.account.name(cell, f"{loose}，没有写进台账")
        elif cell.row <= reading.table.bottom:
            reading.account.write(cell)
    lines = list(lines_of(reading.table, reading.mapped, reading.words))
    for number, line in enumerate(lines):
        if line.kind is LineKind.ENTRY:
            below = map(lines.__getitem__, range(number + 1, len(lines)))
            more = takewhile(lambda each: each.kind is LineKind.MORE, below)
            reading.beside = {each.field: replace(each.cells[0], raw=each.words) for each in more}
            _read_entry(reading, line)
        elif line.kind is LineKind.SECTION:
            begin_section(reading, line)
        elif line.kind is not LineKind.MORE:
            for cell in line.cells:
                reading.account.name(cell, line.kind)
    if reading.titled and not reading.problems and "statement" in reading.columns:
        reading.builder.lack(NO_PROBLEMS, reading.at(reading.table.bottom))


def _read_entry(reading: Reading, line: Line) -> None:
    row = line.row
    problems = read_problems(reading, line)
    statement = reading.cell("statement", row)
    own = {cell.column for cell in line.cells}
    facts = [name for name in _OF_A_TASK if name in reading.columns and reading.columns[name].head.column in own]
    facts += [each.field.name for each in reading.mapped if (each.status or each.value) and each.head.column in own]
    if statement and not facts and (made := reading.made.get(statement.place)) and statement.row < row:
        _add_problems(made, problems)
        reading.keep_rest(line, TASKS, made)
    elif statement or (facts and (problems or "problem" not in reading.columns)):
        _read_tasks(reading, line, problems, statement)
    elif problems:
        reading.keep_rest(line, PROBLEMS, problems)
        reading.builder.lack("有问题没有措施，也没有责任和时限", reading.at(row))


def _add_problems(tasks: Sequence[dict[str, Any]], problems: Sequence[dict[str, Any]]) -> None:
    """Put problems to the tasks of a measure that stands over the rows of several."""
    for task in tasks if problems else ():
        codes = (*task.get("problems", ()), *(each["code"] for each in problems))
        task |= {"problems": tuple(dict.fromkeys(codes)), "link_basis": STATED_LINK}


def _read_tasks(reading: Reading, line: Line, problems: Sequence[dict[str, Any]], statement: Cell | None) -> None:
    row, builder = line.row, reading.builder
    labelled = reading.labelled(row)
    text = reading.safe(statement, labelled[1] if labelled else statement.text) if statement else None
    original = text
    if text is None and "statement" not in reading.columns and problems:
        text = problems[0]["detail"] or problems[0]["title"]
        builder.counts["原表没有措施列，任务照写问题的话"] += 1
    elif text is None:
        text = NO_MEASURE
        builder.lack("有责任、时限或进展，没有写措施", reading.at(row))
    if not problems and "problem" in reading.columns and "of_problem" not in reading.columns:
        builder.lack(NO_PROBLEM, reading.at(row))
    items = items_of(text) if original else ()
    heads = reading.words.fields["statement"].heads
    texts = [without_label(each, heads) for each in ([item.text or item.words for item in items] or [text])]
    tasks = [_add_task(reading, row, each) for each in texts]
    if statement:
        reading.made[statement.place] = tasks
    number = reading.cell("of_problem", row)
    if number:
        reading.account.write(number)
        builder.links.append((tasks, reading.text(number) or "", reading.at(row)))
    elif len(problems) == len(tasks):
        for task, problem in zip(tasks, problems, strict=True):
            _add_problems([task], [problem])
    else:
        _add_problems(tasks, problems)
    for task, item in zip(tasks, items, strict=False):
        task["original"] = item.words.strip()
    if original and not items and texts[0] != original:
        tasks[0]["original"] = original
    add_owners(reading, row, tasks)
    add_deadlines(reading, row, tasks)
    if statement:
        add_said(reading, row, tasks, statement)
    _add_texts(reading, row, tasks)
    if reading.over and ("aspect" in reading.columns or not problems):
        for task in tasks:
            task["group"] = task.get("group") or reading.section(reading.over)
    add_statuses(reading, row, tasks)
    for task in tasks:
        propose_cycle(reading, row, task)
    begin_duties(reading, tasks)
    reading.keep_rest(line, TASKS, tasks, problems if number else ())
    for task in tasks:
        for key, what in (("department", "没有写牵头部门，待明确"), ("deadline", "没有写时限，待明确")):
            if not task.get(key) and task["status"] != Status.STRUCK_OFF:
                builder.lack(what, reading.at(row))


def _add_task(reading: Reading, row: int, text: str) -> dict[str, Any]:
    task = reading.builder.add(TASKS, {"statement": text, "source": FROM_TABLE, "kind": TaskKind.ONCE})
    task["status"] = Status.NOT_STARTED
    reading.builder.keep(TASKS, task, PLACE, f"{reading.source.file}{reading.grid.named(row)}")
    return task


def _add_texts(reading: Reading, row: int, tasks: Sequence[dict[str, Any]]) -> None:
    form = reading.source.forms[TASKS]
    for name in (*_TEXTS, "group"):
        if cell := reading.cell(name, row):
            parts = parts_for(reading.text(cell) or "", len(tasks))
            for task, each in zip(tasks, parts, strict=True):
                task[name] = each or None
    for name in _READ:
        if not (cell := reading.cell(name, row)):
            continue
        for task, each in zip(tasks, reading.parts(cell, len(tasks)), strict=True):
            if name == "start":
                value = read_date(each, year=reading.source.settings.year, epoch_1904=reading.source.epoch_1904).value
            else:
                value = read_value(form.column(name), each, reading.source.settings).value
                if value is None and name == "progress" and (said := _PERCENT.fullmatch(clean_key(as_text(each)))):
                    value = read_value(form.column(name), f"{said['number']}%", reading.source.settings).value
                    reading.builder.lack(f"进度{quote(as_text(each))}按 {said['number']}% 收", reading.at(row))
            title = form.column(name).title
            if value is None:
                reading.builder.keep(TASKS, task, f"原表{title}", reading.safe(cell, as_text(each)) or "")
                reading.builder.lack(f"“{title}”读不懂，原话留在“原表{title}”", reading.at(row))
            else:
                task[name] = value
        reading.account.write(cell)
