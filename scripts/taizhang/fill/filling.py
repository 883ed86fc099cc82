"""The filling of a form: which row tells what, the edits that write it, and what was not filled, with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from taizhang.adopt.fields import Words
from taizhang.adopt.grid import Cell
from taizhang.adopt.mapping import Mapped
from taizhang.figures.metrics import Metrics
from taizhang.fill.answers import Entry, entries_by_problem, entries_by_task, is_answered
from taizhang.fill.matching import key_of, match
from taizhang.fill.outside_form import OutsideForm
from taizhang.fill.slots import Block, Slots, find_slots
from taizhang.fill.writer import Writer, kept_words
from taizhang.ledger.model import Ledger
from taizhang.splice import AppendRow, InsertedRows, Refused, SetCell
from taizhang.supervision.tasks import Task
from taizhang.typed.numerals import as_ranges
from taizhang.typed.readings import quote

__all__ = ["Filling", "TooFewRows", "plan_filling"]

_MOST_ROWS = 8
"""A note names so many rows, and of more their number."""

_NO_MATCH, _NO_CODE = "在台账里没有找到对应的", "的编号在台账里没有找到"

_ONE_ROW_A_PROBLEM = re.compile(r"[一每按][个条]?问题(?:一|填)[行条]?|一题一行")


class TooFewRows(Refused):
    """A form has fewer rows than are needed; ``rows`` are those that would have to be inserted."""

    def __init__(self, message: str, rows: InsertedRows, cure: str) -> None:
        super().__init__("few-rows", f"{message}，没有写。{cure}")
        self.rows, self.told = rows, message


@dataclass(frozen=True)
class Filling:
    """What is written into a form, and what is said of it.

    ``rows`` counts the rows that tell something: a measure each if ``by_task``, else a problem. ``similar`` are
    sentences on rows matched by likeness, ``left`` on what was not filled. ``untold`` are the codes of the problems
    that the form does not hold.
    """

    by_task: bool
    edits: tuple[SetCell | AppendRow, ...]
    rows: int
    similar: tuple[str, ...]
    left: tuple[str, ...]
    untold: tuple[str, ...]


def plan_filling(
    ledger: Ledger, m: Metrics, form: OutsideForm, mapped: Sequence[Mapped], words: Words, *, by_task: bool | None
) -> Filling:
    """Plan the filling of a form; ``words`` are those by which its rows are told apart.

    ``by_task`` rules whether a row tells a measure or a problem; None: a measure if the form has a column for it. A
    form that names the problems or measures is filled row by row; raises TooFewRows if a blank form has too few rows
    above its totals or notes, Refused if there is nothing to fill in.
    """
    table = form.table
    fields = {each.field.name for each in mapped}
    if by_task is None:
        titled = any(_ONE_ROW_A_PROBLEM.search(cell.text) for cell in table.before)
        by_task = "statement" in fields and not (titled and "problem" in fields)
    writer = Writer(form, mapped, m, words)
    slots = find_slots(table, mapped, words, form.looks)
    if slots.given:
        _fill_given(ledger, slots, writer)
    else:
        _fill_blank(ledger, slots, writer, by_task=by_task)
    left = [_unmatched(why, cells) for why, cells in writer.left.items()]
    left += [*_said_of_states(writer, by_task=by_task), *_said_of_rows(slots, writer)]
    return Filling(by_task, tuple(writer.edits), writer.rows, tuple(writer.similar), tuple(left), tuple(writer.untold))


def _said_of_states(writer: Writer, *, by_task: bool) -> Iterator[str]:
    """Yield what is to be said of states that the form's words tell otherwise, and of rows with several measures."""
    yield from (
        f"{quote(head)}有 {count} 行是转为长期坚持的，算办结，填了{quote(said)}；上级只认销号的，请改"
        for (head, said), count in writer.kept_up.items()
        if count
    )
    if by_task and writer.several:
        yield f"第 {as_ranges(writer.several)} 行一格里写了几项措施，表里留给那个问题的行不够一项一行"
    yield from (
        f"{quote(head)}有 {count} 行部门报已完成、还没有审定，填了{quote(said)}"
        for (head, said), count in writer.waiting.items()
        if count
    )
    yield from (
        f"{quote(head)}的选项里没有台账写的{quote(value)}，有 {count} 行没有填"
        for (head, value), count in writer.not_offered.items()
    )


def _said_of_rows(slots: Slots, writer: Writer) -> Iterator[str]:
    """Yield what is to be said of texts that are cut off, of examples, and of what was not filled or left as it is."""
    if writer.cut_off:
        cut = list(dict.fromkeys(writer.cut_off))
        named = f"第 {as_ranges(cut[:_MOST_ROWS])} 行{f'等 {len(cut)} 行' if len(cut) > _MOST_ROWS else ''}"
        yield f"{named}的行高是表里定死的，字放不下，打印会截掉，请拉高"
    if slots.examples:
        yield f"第 {as_ranges(slots.examples)} 行是示例，没有动，报出去以前请看要不要删"
    rows = [row for block in slots.blocks for row in block.rows]
    unanswered = [
        each.title
        for each in writer.mapped
        if not is_answered(each.field)
        and not all((row, each.head.column) in writer.form.table.grid.sheet.formulas for row in rows)
    ]
    if unanswered:
        yield f"{'、'.join(map(quote, unanswered))}留空，要人填：台账里没有，或不往上报"
    if writer.kept:
        yield f"已有内容、没有改的格子：{'、'.join(kept_words(writer.kept))}"


def _unmatched(why: str, cells: Sequence[Cell]) -> str:
    """Return one sentence on the cells that say nothing the ledger has, those below each other together."""
    named = "、".join(kept_words([(cell.row, cell.column, False) for cell in cells]))
    rows = len({cell.row for cell in cells})
    return f"{named} {why}，这{'一' if rows == 1 else f' {rows} '}行没有填"


def _fill_blank(ledger: Ledger, slots: Slots, writer: Writer, *, by_task: bool) -> None:
    """List all problems, or all measures, from the first slot on; a merged block holds one problem."""
    m = writer.m
    problems, told = entries_by_problem(ledger, m), set[str]()
    groups = [entries_by_task(each, told) for each in problems] if by_task else [[each] for each in problems]
    if by_task:
        groups.append([Entry(None, {}, (task,)) for task in m.tasks if task.code not in told])
    groups = [group for group in groups if group]
    if not groups:
        raise Refused("nothing-to-fill", "台账里还没有可以填的问题和措施，没有写。")
    merged = any(len(block.rows) > 1 for block in slots.blocks)
    if slots.sections:
        _fill_sections(groups, slots, writer, dict(ledger.settings.aspects), merged=merged)
        return
    if not merged:
        entries = [entry for group in groups for entry in group]
        _fill_lines(entries, slots, writer, fewer=len(problems) if by_task else 0)
        return
    if len(groups) > len(slots.blocks):
        cure = f"请在第 {slots.last + 1} 行上面插入 {len(groups) - len(slots.blocks)} 块，再运行。"
        raise Refused("few-rows", f"表里只有 {len(slots.blocks)} 块可填，要填 {len(groups)} 块，没有写。{cure}")
    number = 0
    for block, group in zip(slots.blocks, groups, strict=False):
        for row, entry in zip(block.rows, _folded(group, len(block.rows)), strict=False):
            number += 1
            writer.fill(row, entry, number)


def _fill_sections(
    groups: Sequence[Sequence[Entry]], slots: Slots, writer: Writer, aspects: dict[str, str], *, merged: bool
) -> None:
    """Fill the rows under each section's title with the problems of that aspect; raises Refused if one has no title.

    ``aspects`` are the full names of aspects with their short ones.
    """
    titles = {cell.row: key_of(cell.text) for cell in slots.sections}
    own: dict[int, list[Entry]] = {row: [] for row in titles}
    for entry in (entry for group in groups for entry in group):
        short = entry.cells.get("aspect", "")
        names = {key_of(name) for name in (short, *(full for full, each in aspects.items() if each == short)) if name}
        found = [row for row, title in titles.items() if any(name in title or title in name for name in names)]
        if merged or len(found) != 1:
            named = "、".join(quote(each.text) for each in slots.sections[:3])
            what = f"{quote(short)}的问题" if short else "没有写明方面的问题"
            reason = f"表里分成{named}几段，{what}填在哪一段说不准，没有写。"
            raise Refused("sections", f"{reason}请把问题或措施先列进各段，再运行。")
        own[found[0]].append(entry)
    rows = [row for block in slots.blocks for row in block.rows]
    number = 0
    for first, following in zip(titles, [*list(titles)[1:], slots.last + 1], strict=True):
        there = [row for row in rows if first < row < following]
        if len(own[first]) > len(there):
            raise _too_few(len(own[first]), there, slots, writer, 0)
        for row, entry in zip(there, own[first], strict=False):
            number += 1
            writer.fill(row, entry, number)


def _fill_lines(entries: Sequence[Entry], slots: Slots, writer: Writer, *, fewer: int) -> None:
    """Fill the slots with entries; ``fewer`` is how many rows it would be with one for each problem."""
    rows = [row for block in slots.blocks for row in block.rows]
    if len(entries) > len(rows) and slots.end:
        raise _too_few(len(entries), rows, slots, writer, fewer)
    for number, entry in enumerate(entries, 1):
        if number <= len(rows):
            writer.fill(rows[number - 1], entry, number)
        else:
            writer.append(slots.last, entry, number)


def _too_few(needed: int, rows: Sequence[int], slots: Slots, writer: Writer, fewer: int) -> Refused:
    there, grid = len(rows), writer.form.table.grid
    message = f"表里只有 {there} 行可填，要填 {needed} 行"
    by_problem = "一行写一个问题的，加 --each 问题。" if 0 < fewer <= there else ""
    below = (rows[-1] if rows else slots.last) + 1
    cure = f"请在第 {below} 行上面插入 {needed - there} 行，再运行。{by_problem}"
    if not rows:
        return Refused("few-rows", f"{message}，没有写。{cure}")
    number = {each.head.column for each in writer.mapped if each.field.name == "number"}
    last = {cell.column: cell.text for cell in grid.own(rows[-1]) if cell.column not in number}
    before = {cell.column: cell.text for cell in grid.own(rows[max(len(rows) - 2, 0)])}
    repeated = frozenset(column for column, text in last.items() if before.get(column) == text)
    return TooFewRows(message, InsertedRows(grid.sheet.name, rows[0], rows[-1], needed - there, repeated), cure)


def _folded(group: Sequence[Entry], rows: int) -> list[Entry]:
    """Return the entries of a problem for so many rows; the last one holds all that is left over."""
    if len(group) <= rows:
        return list(group)
    rest = group[rows - 1 :]
    tasks = tuple(task for each in rest for task in each.tasks)
    return [*group[: rows - 1], Entry(rest[0].problem, rest[0].cells, tasks)]


def _fill_given(ledger: Ledger, slots: Slots, writer: Writer) -> None:
    """Fill the rows of a form that names problems or measures, each with what the ledger has of it."""
    problems = entries_by_problem(ledger, writer.m)
    told: set[str] = set()
    number = 0
    for block in slots.blocks:
        if not block.given:
            continue
        number += 1
        if block.code:
            told |= _fill_coded(block, block.code, problems, writer, number)
            continue
        entry = _match_problem(block, problems, writer)
        if block.statements:
            told |= _fill_statements(block, entry, writer, number)
        elif entry:
            told.add(entry.problem.code if entry.problem else "")
            parts = _folded([Entry(entry.problem, entry.cells, (task,)) for task in entry.tasks], len(block.rows))
            for row, part in zip(block.rows, parts or [entry], strict=False):
                writer.fill(row, part if len(block.rows) > 1 else entry, number)
    known = [each.problem.code for each in problems if each.problem]
    if any(block.problem and not block.statements for block in slots.blocks):
        writer.untold += [code for code in known if code not in told]


def _fill_coded(block: Block, code: Cell, problems: Sequence[Entry], writer: Writer, number: int) -> set[str]:
    """Fill a row that names a measure or a problem by its code; return the codes told."""
    entry = next((each for each in problems if each.problem and each.problem.code == code.text), None)
    if task := next((each for each in writer.m.tasks if each.code == code.text), None):
        own = next((each for each in problems if task in each.tasks), None)
        entry = Entry(own.problem if own else None, own.cells if own else {}, (task,))
    if entry is None:
        writer.left.setdefault(_NO_CODE, []).append(code)
        return set()
    writer.fill(block.rows[0], entry, number)
    return {code.text}


def _match_problem(block: Block, problems: Sequence[Entry], writer: Writer) -> Entry | None:
    if block.problem is None:
        return None
    by_code = {each.problem.code: each for each in problems if each.problem}
    titles = [(code, each.cells["problem"]) for code, each in by_code.items()]
    longer = [(code, f"{each.cells['problem']}{each.cells['detail']}") for code, each in by_code.items()]
    return by_code.get(_match(block.problem, [*titles, *longer], writer))


def _fill_statements(block: Block, entry: Entry | None, writer: Writer, number: int) -> set[str]:
    """Fill the rows of a block that name measures; return the codes of the problem and measures told."""
    told = {entry.problem.code} if entry and entry.problem else set[str]()
    own: Sequence[Task] = entry.tasks if entry and entry.tasks else writer.m.tasks
    by_code = {each.code: each for each in own}
    for row, cell in block.statements:
        known = [(each.code, each.statement) for each in own]
        task = by_code.get(_match(cell, known, writer, few=entry is not None))
        if task:
            told.add(task.code)
            problem = entry.problem if entry else None
            writer.fill(row, Entry(problem, entry.cells if entry else {}, (task,)), number)
    return told


def _match(cell: Cell, known: Sequence[tuple[str, str]], writer: Writer, *, few: bool = False) -> str:
    """Return the code whose words a cell gives; gather what is to be said of one that is only alike, or of none."""
    code, alike = match(cell.text, known, few=few)
    if not code:
        writer.left.setdefault(_NO_MATCH, []).append(cell)
    elif alike:
        writer.similar.append(f"{cell.name} 与台账的 {code}{quote(alike)}不完全一样，按它填了")
    return code
