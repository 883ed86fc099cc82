"""The filling of a form: which row tells what, the edits that write it, and what was not filled, with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from taizhang.adopt.fields import NOT_WRITTEN, OWN, Words
from taizhang.adopt.grid import Cell
from taizhang.adopt.heads import Table
from taizhang.adopt.mapping import Mapped
from taizhang.draft.item_labels import label_at
from taizhang.figures.metrics import Metrics
from taizhang.fill.answers import BY_HAND, Entry, answer, entries_by_problem, entries_by_task
from taizhang.fill.slots import Block, Slots, find_slots
from taizhang.ledger.model import Ledger
from taizhang.ledger.vocabulary import Status
from taizhang.splice import AppendRow, Refused, SetCell
from taizhang.supervision.tasks import Task
from taizhang.typed.folding import fold, squeeze
from taizhang.typed.numerals import as_ranges
from taizhang.typed.readings import quote
from taizhang.workbook.places import a1

__all__ = ["Filling", "plan_filling"]

_ALIKE = 80
"""The least likeness (per cent) at which words of a form are taken for those of the ledger, and said to be."""

_AHEAD = 8
"""How much more alike the best of them must be than the next: else nobody could tell which is meant."""


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
    ledger: Ledger, m: Metrics, table: Table, mapped: Sequence[Mapped], words: Words, *, by_task: bool | None
) -> Filling:
    """Plan the filling of one table; ``words`` are those by which its rows are told apart.

    ``by_task`` rules whether a row tells a measure or a problem; None: a measure if the form has a column for it. A
    form that names the problems or measures is filled row by row; raises Refused if a blank form has too few rows above
    its totals or notes, or if there is nothing to fill in.
    """
    fields = {each.field.name for each in mapped}
    by_task = "statement" in fields if by_task is None else by_task
    writer = _Writer(table, mapped, m)
    slots = find_slots(table, mapped, words)
    if slots.given:
        _fill_given(ledger, slots, writer)
    else:
        _fill_blank(ledger, slots, writer, by_task=by_task)
    left = list(writer.left)
    left += [
        f"{quote(head)}有 {count} 行是转为长期坚持的，算办结，填了“是”；上级只认销号的，请改"
        for head, count in writer.kept_up.items()
    ]
    if by_task and writer.several:
        left.append(f"第 {as_ranges(writer.several)} 行一格里写了几项措施，表里留给那个问题的行不够一项一行")
    unanswered = [each.title for each in mapped if each.field.name in BY_HAND or each.field in (OWN, NOT_WRITTEN)]
    if unanswered:
        left.append(f"{'、'.join(map(quote, unanswered))}留空，要人填：台账里没有，或不往上报")
    if writer.kept:
        left.append(f"已有内容、没有改的格子：{'、'.join(writer.kept)}")
    return Filling(by_task, tuple(writer.edits), writer.rows, tuple(writer.similar), tuple(left), tuple(writer.untold))


@dataclass
class _Writer:
    """Writes entries into rows, only into blank cells that people see, and gathers what is to be said."""

    table: Table
    mapped: Sequence[Mapped]
    m: Metrics
    edits: list[SetCell | AppendRow] = field(default_factory=list)
    rows: int = 0
    similar: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    kept_up: Counter[str] = field(default_factory=Counter)
    several: list[int] = field(default_factory=list)

    def fill(self, row: int, entry: Entry, number: int) -> None:
        """Fill a row of the form."""
        sheet = self.table.grid.sheet
        self.rows += 1
        if len(entry.tasks) > 1:
            self.several.append(row)
        for column, value in self._values(entry, number):
            place = (row, column)
            if value == "" or self.table.grid.is_covered(*place):
                continue
            if place in sheet.formulas:
                self.kept.append(f"{a1(*place)}（有公式）")
            elif (held := self.table.grid.at(*place)) is None:
                self.edits.append(SetCell(sheet.name, row, column, value))
            elif held.text != str(value) and self._asks(column):
                self.kept.append(a1(*place))

    def append(self, after: int, entry: Entry, number: int) -> None:
        """Add a row below the form's last one."""
        self.rows += 1
        cells = {column: value for column, value in self._values(entry, number) if value != ""}
        self.edits.append(AppendRow(self.table.grid.sheet.name, after, cells))

    def _values(self, entry: Entry, number: int) -> Iterator[tuple[int, str | int]]:
        for each in self.mapped:
            name = each.field.name
            value = number if name == "number" else answer(name, entry, self.m)
            if name == "closed" and value == "是" and any(task.status is Status.ONGOING for task in entry.tasks):
                self.kept_up[each.head.words[-1]] += 1
            yield each.head.column, value

    def _asks(self, column: int) -> bool:
        """Whether the cells of a column are to be filled; what the form gives is not."""
        name = next(each.field.name for each in self.mapped if each.head.column == column)
        return name not in ("number", "problem", "statement", "aspect", "detail", "problem_source", "group")


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
    if not merged:
        _fill_lines([entry for group in groups for entry in group], slots, writer)
        return
    if len(groups) > len(slots.blocks):
        raise _too_few(len(groups), "块", len(slots.blocks), slots)
    number = 0
    for block, group in zip(slots.blocks, groups, strict=False):
        for row, entry in zip(block.rows, _folded(group, len(block.rows)), strict=False):
            number += 1
            writer.fill(row, entry, number)


def _fill_lines(entries: Sequence[Entry], slots: Slots, writer: _Writer) -> None:
    rows = [row for block in slots.blocks for row in block.rows]
    if len(entries) > len(rows) and slots.end:
        raise _too_few(len(entries), "行", len(rows), slots)
    for number, entry in enumerate(entries, 1):
        if number <= len(rows):
            writer.fill(rows[number - 1], entry, number)
        else:
            writer.append(slots.last, entry, number)


def _too_few(needed: int, unit: str, there: int, slots: Slots) -> Refused:
    where = f"第 {slots.end} 行上面" if slots.end else "最后"
    cure = f"请在{where}插入 {needed - there} {unit}，再运行。"
    return Refused("few-rows", f"表里只有 {there} {unit}可填，要填 {needed} {unit}，没有写。{cure}")


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
        entry = _match_problem(block, problems, writer)
        number += 1
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
        task = by_code.get(_match(cell, [(each.code, each.statement) for each in own], writer))
        if task:
            told.add(task.code)
            problem = entry.problem if entry else None
            writer.fill(row, Entry(problem, entry.cells if entry else {}, (task,)), number)
    return told


def _match(cell: Cell, known: Sequence[tuple[str, str]], writer: _Writer) -> str:
    """Return the code whose words a cell gives: the same words, else the most alike by far; "", and said, if none.

    ``known`` are codes with their words; a code may come more than once.
    """
    from rapidfuzz import fuzz

    wanted = _key(cell.text)
    if same := next((code for code, words in known if _key(words) == wanted), ""):
        return same
    scores: dict[str, tuple[float, str]] = {}
    for code, words in known:
        scores[code] = max(scores.get(code, (0.0, "")), (fuzz.ratio(wanted, _key(words)), words))
    ranked = sorted(scores.items(), key=lambda item: -item[1][0])
    score, words = ranked[0][1] if ranked else (0.0, "")
    next_best = ranked[1][1][0] if len(ranked) > 1 else 0.0
    if score >= _ALIKE and score - next_best >= _AHEAD:
        writer.similar.append(f"{cell.name} 与台账的 {ranked[0][0]}{quote(words)}不完全一样，按它填了")
        return ranked[0][0]
    writer.left.append(f"{cell.name} 在台账里没有找到对应的，这一行没有填")
    return ""


def _key(text: str) -> str:
    label = label_at(text)
    return squeeze(fold(text[label.end :] if label else text)).casefold().strip("。.;；")
