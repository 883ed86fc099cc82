"""The filling of a form: which row tells what, the edits that write it, and what was not filled, with the reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from taizhang.adopt.fields import NOT_WRITTEN, OWN, Words
from taizhang.adopt.grid import Cell
from taizhang.adopt.mapping import Mapped
from taizhang.draft.item_labels import label_at
from taizhang.figures.metrics import Metrics
from taizhang.fill.answers import BY_HAND, Entry, answer, entries_by_problem, entries_by_task, numbered
from taizhang.fill.asked import COUNTS, FORM_FIELDS, answer_only_here, boxes_in, choose, count_of, day_of, tick
from taizhang.fill.outside_form import OutsideForm
from taizhang.fill.slots import Block, Slots, find_slots
from taizhang.ledger.model import Ledger
from taizhang.ledger.vocabulary import Status
from taizhang.splice import AppendRow, InsertedRows, Refused, SetCell
from taizhang.supervision.tasks import Task
from taizhang.typed.folding import fold, squeeze
from taizhang.typed.numerals import as_ranges
from taizhang.typed.readings import quote
from taizhang.workbook.places import column_letters

__all__ = ["Filling", "TooFewRows", "plan_filling"]

_ALIKE = 80
"""The least likeness (per cent) at which words of a form are taken for those of the ledger, and said to be."""

_ALIKE_OF_FEW, _AHEAD_OF_FEW = 70, 20
_BEGINS_ALIKE, _SHORTEST_PART = 95, 6
"""The likeness of two texts of which one begins with the other, if that is so long."""

_YES_OR_NO = re.compile(r"是否|与否|是[/／、]否")
"""Heads that ask for yes or no."""

_LONGEST_SHOWN, _MOST_ROWS = 14, 8
_SHORTEST = 4
"""The least length of a measure's words without its time by which it is told from others."""

_AHEAD = 8
"""How much more alike the best of them must be than the next: else nobody could tell which is meant."""


_WHEN = re.compile(
    r"[（(]?(?:(?:\d{4}年)?(?:\d{1,2}月(?:\d{1,2}日|底|上旬|中旬|下旬)?|[上下]半年|[一二三四1234]季度)|\d{4}年|年底|年内)"
    r"(?:之前|以前|前|内|末|底前)?(?:完成)?[）)]?"
)
"""A time in a measure's words: the form may have it elsewhere, or in a column of its own."""

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
    writer = _Writer(form, mapped, m, words)
    slots = find_slots(table, mapped, words, form.looks)
    if slots.given:
        _fill_given(ledger, slots, writer)
    else:
        _fill_blank(ledger, slots, writer, by_task=by_task)
    left = list(writer.left)
    left += [
        f"{quote(head)}有 {count} 行是转为长期坚持的，算办结，填了{quote(said)}；上级只认销号的，请改"
        for (head, said), count in writer.kept_up.items()
        if count
    ]
    if by_task and writer.several:
        left.append(f"第 {as_ranges(writer.several)} 行一格里写了几项措施，表里留给那个问题的行不够一项一行")
    left += [
        f"{quote(head)}有 {count} 行部门报已完成、还没有审定，填了{quote(said)}"
        for (head, said), count in writer.waiting.items()
        if count
    ]
    left += [
        f"{quote(head)}的选项里没有台账写的{quote(value)}，有 {count} 行没有填"
        for (head, value), count in writer.not_offered.items()
    ]
    if writer.cut_off:
        cut = list(dict.fromkeys(writer.cut_off))
        named = f"第 {as_ranges(cut[:_MOST_ROWS])} 行{f'等 {len(cut)} 行' if len(cut) > _MOST_ROWS else ''}"
        left.append(f"{named}的行高是表里定死的，字放不下，打印会截掉，请拉高")
    if slots.examples:
        left.append(f"第 {as_ranges(slots.examples)} 行是示例，没有动，报出去以前请看要不要删")
    rows = [row for block in slots.blocks for row in block.rows]
    unanswered = [
        each.title
        for each in mapped
        if (each.field.name in BY_HAND or each.field in (OWN, NOT_WRITTEN))
        and not all((row, each.head.column) in table.grid.sheet.formulas for row in rows)
    ]
    if unanswered:
        left.append(f"{'、'.join(map(quote, unanswered))}留空，要人填：台账里没有，或不往上报")
    if writer.kept:
        left.append(f"已有内容、没有改的格子：{'、'.join(_kept_words(writer.kept))}")
    return Filling(by_task, tuple(writer.edits), writer.rows, tuple(writer.similar), tuple(left), tuple(writer.untold))


def _kept_words(kept: Sequence[tuple[int, int, bool]]) -> Iterator[str]:
    """Yield cells that were left as they are (row, column, whether a formula), those below each other together."""
    for column, formula in dict.fromkeys((column, formula) for _, column, formula in kept):
        rows = [row for row, *other in kept if tuple(other) == (column, formula)]
        for run in as_ranges(rows).split("、"):
            words = "—".join(f"{column_letters(column)}{row}" for row in run.split("—"))
            yield f"{words}（有公式）" if formula else words


@dataclass
class _Writer:
    """Writes entries into rows, only into blank cells that people see, and gathers what is to be said."""

    form: OutsideForm
    mapped: Sequence[Mapped]
    m: Metrics
    words: Words
    edits: list[SetCell | AppendRow] = field(default_factory=list)
    rows: int = 0
    similar: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    kept: list[tuple[int, int, bool]] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    kept_up: Counter[tuple[str, str]] = field(default_factory=Counter)
    waiting: Counter[tuple[str, str]] = field(default_factory=Counter)
    not_offered: Counter[tuple[str, str]] = field(default_factory=Counter)
    several: list[int] = field(default_factory=list)
    cut_off: list[int] = field(default_factory=list)

    def fill(self, row: int, entry: Entry, number: int) -> None:
        """Fill a row of the form."""
        grid = self.form.table.grid
        sheet = grid.sheet
        self.rows += 1
        if len(entry.tasks) > 1:
            self.several.append(row)
        for each in self.mapped:
            place = (row, each.head.column)
            if grid.is_covered(*place) or (place in sheet.formulas and each.field.name == "number"):
                continue
            held = grid.at(*place)
            boxes = boxes_in(held.text) if held else []
            value = self._value(each, entry, number, row, boxes)
            if value == "":
                continue
            if place in sheet.formulas:
                self.kept.append((*place, True))
            elif held is None:
                self.edits.append(SetCell(sheet.name, *place, value))
                if isinstance(value, str) and self.form.cut_off(*place, value):
                    self.cut_off.append(row)
            elif boxes:
                self.edits.append(SetCell(sheet.name, *place, tick(held.text, str(value))))
            elif held.text != str(value) and self._asks(each):
                self.kept.append((*place, False))

    def append(self, after: int, entry: Entry, number: int) -> None:
        """Add a row below the form's last one."""
        self.rows += 1
        values = {each.head.column: self._value(each, entry, number, after) for each in self.mapped}
        cells = {column: value for column, value in values.items() if value != ""}
        self.edits.append(AppendRow(self.form.table.grid.sheet.name, after, cells))

    def _value(
        self, each: Mapped, entry: Entry, number: int, row: int, boxes: Sequence[str] = ()
    ) -> str | int | float | date:
        """Return what a cell is given: a word of its list if it has one, else the ledger's words, as it shows them."""
        name, column = each.field.name, each.head.column
        if name == "number":
            return number
        head = each.head.words[-1] if each.head.words else ""
        if name in COUNTS:
            return count_of(name, entry)
        if name in FORM_FIELDS:
            said = answer_only_here(name, entry)
            value = said[0] if len(set(said)) == 1 else numbered(said)
        else:
            value = answer(name, entry, self.m)
        options = boxes or self.form.choices(row, column)
        if not options and name in ("status", "closed") and _YES_OR_NO.search(head):
            options = ("是", "否")
        if options:
            return self._chosen(options, value, each, entry)
        kind = self.form.looks.kinds.get((row, column), "")
        if kind == "date" and (day := day_of(name, entry)):
            return day
        if name == "progress" and value.endswith("%") and value[:-1].isdecimal():
            if kind == "percent":
                return int(value[:-1]) / 100
            return int(value[:-1]) if re.search("[%％]", head) else value
        return value

    def _chosen(self, options: Sequence[str], value: str, each: Mapped, entry: Entry) -> str:
        """Return the word of a list that fits, and gather what is to be said of it."""
        head = each.head.words[-1] if each.head.words else each.title
        of_state = each.field.name in ("status", "closed", "update")
        said = choose(options, value, entry, self.words, of_state=of_state)
        if value and not said:
            self.not_offered[head, value if len(value) <= _LONGEST_SHOWN else f"{value[:_LONGEST_SHOWN]}…"] += 1
        statuses = {task.status for task in entry.tasks}
        open_ = said in self.words.no or self.words.statuses.get(said) is Status.UNDER_WAY
        if of_state and open_ and said != value:
            self.waiting[head, said] += statuses == {Status.DONE}
        if of_state and Status.ONGOING in statuses and self.words.statuses.get(said) is not Status.ONGOING:
            self.kept_up[head, said] += all(task.closed for task in entry.tasks)
        return said

    def _asks(self, mapped: Mapped) -> bool:
        """Whether the cells of a column are to be filled; what the form gives is not."""
        given = ("number", "problem", "statement", "aspect", "detail", "problem_source", "group")
        return mapped.field.name not in given


def _fill_blank(ledger: Ledger, slots: Slots, writer: _Writer, *, by_task: bool) -> None:
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
    groups: Sequence[Sequence[Entry]], slots: Slots, writer: _Writer, aspects: dict[str, str], *, merged: bool
) -> None:
    """Fill the rows under each section's title with the problems of that aspect; raises Refused if one has no title.

    ``aspects`` are the full names of aspects with their short ones.
    """
    titles = {cell.row: _key(cell.text) for cell in slots.sections}
    own: dict[int, list[Entry]] = {row: [] for row in titles}
    for entry in (entry for group in groups for entry in group):
        short = entry.cells.get("aspect", "")
        names = {_key(name) for name in (short, *(full for full, each in aspects.items() if each == short)) if name}
        found = [row for row, title in titles.items() if any(name in title or title in name for name in names)]
        if merged or len(found) != 1:
            named = "、".join(quote(each.text) for each in slots.sections[:3])
            what = f"{quote(short)}的问题" if short else "没有写方面的问题"
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


def _fill_lines(entries: Sequence[Entry], slots: Slots, writer: _Writer, *, fewer: int) -> None:
    """Fill the slots with entries; ``fewer`` is how many rows it would be with one for each problem."""
    rows = [row for block in slots.blocks for row in block.rows]
    if len(entries) > len(rows) and slots.end:
        raise _too_few(len(entries), rows, slots, writer, fewer)
    for number, entry in enumerate(entries, 1):
        if number <= len(rows):
            writer.fill(rows[number - 1], entry, number)
        else:
            writer.append(slots.last, entry, number)


def _too_few(needed: int, rows: Sequence[int], slots: Slots, writer: _Writer, fewer: int) -> Refused:
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


def _fill_given(ledger: Ledger, slots: Slots, writer: _Writer) -> None:
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


def _fill_coded(block: Block, code: Cell, problems: Sequence[Entry], writer: _Writer, number: int) -> set[str]:
    """Fill a row that names a measure or a problem by its code; return the codes told."""
    entry = next((each for each in problems if each.problem and each.problem.code == code.text), None)
    if task := next((each for each in writer.m.tasks if each.code == code.text), None):
        own = next((each for each in problems if task in each.tasks), None)
        entry = Entry(own.problem if own else None, own.cells if own else {}, (task,))
    if entry is None:
        writer.left.append(f"{code.name} 的编号在台账里没有找到，这一行没有填")
        return set()
    writer.fill(block.rows[0], entry, number)
    return {code.text}


def _match_problem(block: Block, problems: Sequence[Entry], writer: _Writer) -> Entry | None:
    if block.problem is None:
        return None
    by_code = {each.problem.code: each for each in problems if each.problem}
    titles = [(code, each.cells["problem"]) for code, each in by_code.items()]
    longer = [(code, f"{each.cells['problem']}{each.cells['detail']}") for code, each in by_code.items()]
    return by_code.get(_match(block.problem, [*titles, *longer], writer))


def _fill_statements(block: Block, entry: Entry | None, writer: _Writer, number: int) -> set[str]:
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


def _match(cell: Cell, known: Sequence[tuple[str, str]], writer: _Writer, *, few: bool = False) -> str:
    """Return the code whose words a cell gives: the same words, else the most alike by far; "", and said, if none.

    ``known`` are codes with their words; a code may come more than once. ``few``: they are the measures of one problem,
    so that less likeness tells them apart, if it is further ahead.
    """
    least, ahead = (_ALIKE_OF_FEW, _AHEAD_OF_FEW) if few else (_ALIKE, _AHEAD)
    from rapidfuzz import fuzz

    wanted, timeless = _key(cell.text), _timeless(cell.text)
    if same := next((code for code, words in known if _key(words) == wanted), ""):
        return same
    scores: dict[str, tuple[float, str]] = {}
    for code, words in known:
        other = _timeless(words)
        score = max(fuzz.ratio(wanted, _key(words)), fuzz.ratio(timeless, other))
        if min(len(timeless), len(other)) >= _SHORTEST_PART and (
            other.startswith(timeless) or timeless.startswith(other)
        ):
            score = max(score, _BEGINS_ALIKE)
        scores[code] = max(scores.get(code, (0.0, "")), (score, words))
    ranked = sorted(scores.items(), key=lambda item: -item[1][0])
    score, words = ranked[0][1] if ranked else (0.0, "")
    next_best = ranked[1][1][0] if len(ranked) > 1 else 0.0
    if score >= least and score - next_best >= ahead:
        writer.similar.append(f"{cell.name} 与台账的 {ranked[0][0]}{quote(words)}不完全一样，按它填了")
        return ranked[0][0]
    writer.left.append(f"{cell.name} 在台账里没有找到对应的，这一行没有填")
    return ""


def _timeless(text: str) -> str:
    """Return the key of a text without its times; the key itself if little else is left."""
    bare = _key(_WHEN.sub("", text)).strip("，,")
    return bare if len(bare) >= _SHORTEST else _key(text)


def _key(text: str) -> str:
    label = label_at(text)
    return squeeze(fold(text[label.end :] if label else text)).casefold().strip("。.;；")
