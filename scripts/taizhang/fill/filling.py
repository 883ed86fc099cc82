"""The filling of a form: which row tells what, the edits that write it, and what was not filled, with the reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from taizhang.adopt.fields import Words
from taizhang.adopt.grid import Cell
from taizhang.adopt.heads import Table
from taizhang.adopt.mapping import Mapped
from taizhang.figures.metrics import Metrics
from taizhang.fill.answers import Entry, entries_by_problem, entries_by_task, is_answered
from taizhang.fill.cards import Card
from taizhang.fill.figures import Figure, fill_columns, names_aspect, unfilled
from taizhang.fill.form_words import form_words
from taizhang.fill.matching import match
from taizhang.fill.outside_form import OutsideForm
from taizhang.fill.scope import Scope, find_scope
from taizhang.fill.slots import Block, Slots, find_slots
from taizhang.fill.writer import Writer, kept_words
from taizhang.ledger.model import Ledger
from taizhang.splice import AppendRow, InsertedRows, Refused, SetCell
from taizhang.supervision.tasks import Task
from taizhang.typed.numerals import as_ranges
from taizhang.typed.readings import quote

__all__ = ["Filling", "TooFewRows", "plan_card", "plan_figures", "plan_filling"]

_MOST_ROWS = 8
"""A note names so many rows, and of more their number."""

_NO_MATCH, _NO_CODE = "在台账里没有找到对应的", "的编号在台账里没有找到"


class TooFewRows(Refused):
    """A form has fewer rows than are needed; ``rows`` are those that would have to be inserted.

    ``by_task`` is whether a row tells a measure, ``others_fit`` whether there would be enough for the problems.
    """

    by_task: bool | None = None

    def __init__(self, message: str, rows: InsertedRows, cure: str, *, others_fit: bool = False) -> None:
        super().__init__("few-rows", f"{message}，没有写。{cure}")
        self.rows, self.told, self.others_fit = rows, message, others_fit


@dataclass(frozen=True)
class Filling:
    """What is written into a form's sheet, and what is said of it.

    ``rows`` counts the rows that tell something: a measure each if ``by_task``, else a problem; in a sheet that asks
    for numbers (``by_task`` is None) the cells. ``similar`` are sentences on rows matched by likeness, ``left`` on what
    was not filled. ``untold`` are the codes of the problems that the form does not hold. ``scope`` says which measures
    alone the sheet wants, ``whole`` is whether it lists all of them, from nothing that it names itself. ``heights``
    are the rows to raise (points), whose height follows their text.
    """

    by_task: bool | None
    edits: tuple[SetCell | AppendRow, ...]
    rows: int
    similar: tuple[str, ...]
    left: tuple[str, ...]
    untold: tuple[str, ...]
    scope: str = ""
    whole: bool = False
    heights: Mapping[int, float] = field(default_factory=dict)


def plan_filling(
    ledger: Ledger, m: Metrics, form: OutsideForm, mapped: Sequence[Mapped], words: Words, *, by_task: bool | None
) -> Filling:
    """Plan the filling of a form; ``words`` are those by which its rows are told apart.

    ``by_task`` rules whether a row tells a measure or a problem; None: a measure if the form has a column for it and
    does not say otherwise. A form that names the problems or measures is filled row by row; raises TooFewRows if a
    blank form has too few rows above its totals or notes, Refused if there is nothing to fill in.
    """
    writer = Writer(form, mapped, m, words)
    slots = find_slots(form, mapped, words)
    if by_task is None:
        by_task = _wants_measures(form.table, {each.field.name for each in mapped}, slots, m)
    scope = Scope()
    if slots.given:
        _fill_given(ledger, slots, writer)
    else:
        scope = find_scope(form.table, mapped, ledger, m)
        try:
            _fill_blank(ledger, slots, writer, scope, by_task=by_task)
        except TooFewRows as short:
            short.by_task = by_task
            raise
    left = [_unmatched(why, cells) for why, cells in writer.left.items()]
    left += [*_said_of_states(writer, by_task=by_task), *_said_of_rows(slots, writer)]
    edits, similar, untold = tuple(writer.edits), tuple(writer.similar), tuple(writer.untold)
    whole = not slots.given and not scope.said
    return Filling(by_task, edits, writer.rows, similar, tuple(left), untold, scope.said, whole, writer.heights)


def _wants_measures(table: Table, fields: Collection[str], slots: Slots, m: Metrics) -> bool:
    """Whether a form wants a row for each measure: it has a column for them, and does not want one for each problem.

    It does if it says so, or if beside the aspects that it names there are rows for the problems and no more.
    """
    if "statement" not in fields or "problem" not in fields:
        return "statement" in fields
    if any(form_words().one_row_a_problem.search(text) for text in _asides(table)):
        return False
    rows = sum(len(block.rows) for block in slots.blocks)
    return not (slots.beside and len(m.coverage.problems) <= rows < len(m.tasks))


def _asides(table: Table) -> Iterator[str]:
    """Yield the texts above the heads, and those that stand alone in their row below."""
    yield from (cell.text for cell in table.before)
    for row in range(table.bottom + 1, table.grid.height + 1):
        cells = table.grid.own(row)
        yield from (cell.text for cell in cells if len(cells) == 1)


def plan_card(ledger: Ledger, m: Metrics, form: OutsideForm, card: Card, words: Words) -> Filling:
    """Plan the filling of a card with the problem that it names; raises Refused if it names none of the ledger's."""
    if card.problem is None:
        reason = "这张表是一个问题填一张的登记卡，还没有写是哪个问题，没有写"
        raise Refused("card", f"{reason}。请在“问题”旁边那一格写上问题，一个问题一张工作表，再运行。")
    writer = Writer(form, (), m, words)
    entry = _match_problem(Block((card.problem.row,), card.problem, ()), entries_by_problem(ledger, m), writer)
    if entry is not None:
        for blank in card.blanks:
            writer.mapped = (blank.mapped,)
            writer.fill(blank.cell.row, entry, 0)
    left = [_unmatched(why, cells) for why, cells in writer.left.items()]
    writer.mapped = [each.mapped for each in card.blanks]
    left += [*_said_of_states(writer, by_task=False), *_said_of_rows(Slots((), 0, None), writer)]
    return Filling(
        None, tuple(writer.edits), len(writer.edits), tuple(writer.similar), tuple(left), (), heights=writer.heights
    )


def plan_figures(
    ledger: Ledger, m: Metrics, form: OutsideForm, mapped: Sequence[Mapped], figures: dict[int, Figure]
) -> Filling:
    """Plan the filling of a sheet that asks for numbers; raises TooFewRows if aspects or departments have too few."""
    edits, unknown, kept, short = fill_columns(form, mapped, figures, ledger, m)
    if short is not None:
        there = short.last - short.first + 1
        message = f"表里只有 {there} 行可填，要填 {there + short.count} 行"
        raise TooFewRows(message, short, f"请在第 {short.after + 1} 行上面插入 {short.count} 行，再运行。")
    left = [_unmatched(_NO_MATCH, unknown)] if unknown else []
    by_hand = [*unfilled(figures, mapped), *(each.title for each in mapped if each.field.name in _PEOPLE_FILL)]
    if by_hand:
        left.append(_by_hand(by_hand))
    if kept:
        left.append(_left_alone(kept))
    return Filling(None, tuple(edits), len(edits), (), tuple(left), ())


_PEOPLE_FILL = ("note", "person", "contact")


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
        and not (rows and all((row, each.head.column) in writer.form.table.grid.sheet.formulas for row in rows))
    ]
    if unanswered:
        yield _by_hand(unanswered)
    if writer.kept:
        yield _left_alone(writer.kept)


def _by_hand(heads: Sequence[str]) -> str:
    return f"{'、'.join(map(quote, heads))}留空，要人填：台账里没有，或不往上报"


def _left_alone(kept: Sequence[tuple[int, int, bool]]) -> str:
    return f"已有内容、没有改的格子：{'、'.join(kept_words(kept))}"


def _unmatched(why: str, cells: Sequence[Cell]) -> str:
    """Return one sentence on the cells that say nothing the ledger has, those below each other together."""
    named = "、".join(kept_words([(cell.row, cell.column, False) for cell in cells]))
    rows = len({cell.row for cell in cells})
    return f"{named} {why}，这{'一' if rows == 1 else f' {rows} '}行没有填"


def _fill_blank(ledger: Ledger, slots: Slots, writer: Writer, scope: Scope, *, by_task: bool) -> None:
    """List the problems, or the measures, of a scope from the first slot on; a merged block holds one problem."""
    m = writer.m
    problems = entries_by_problem(ledger, m)
    groups = [entries_by_task(each, m) for each in problems] if by_task else [[each] for each in problems]
    if by_task:
        groups.append([Entry(None, {}, (task,)) for task in m.tasks if not m.problem_of(task)])
    groups = [own for group in groups if (own := scope.keep(group, m))]
    if not groups:
        what = f"{scope.said}的" if scope.said else "可以填的"
        raise Refused("nothing-to-fill", f"台账里{'' if scope.said else '还'}没有{what}问题和措施，没有写。")
    merged = any(len(block.rows) > 1 for block in slots.blocks)
    if slots.sections:
        _fill_sections(groups, slots, writer, dict(ledger.settings.aspects), merged=merged)
        return
    if not merged:
        entries = [entry for group in groups for entry in group]
        _fill_lines(entries, slots, writer, fewer=len(problems) if by_task else 0)
        return
    if len(groups) > len(slots.blocks):
        raise _too_few_blocks(len(groups), slots, sheet=writer.form.table.grid.sheet.name)
    number = 0
    numbered_in = [each.head.column for each in writer.mapped if each.field.name == "number"]
    for block, group in zip(slots.blocks, groups, strict=False):
        for row, entry in zip(block.rows, _folded(group, len(block.rows)), strict=False):
            number += not any(writer.form.table.grid.is_covered(row, column) for column in numbered_in)
            writer.fill(row, entry, number)


def _fill_sections(
    groups: Sequence[Sequence[Entry]], slots: Slots, writer: Writer, aspects: dict[str, str], *, merged: bool
) -> None:
    """Fill the rows under each section's title with the problems of that aspect; raises Refused if one has no title.

    ``aspects`` are the full names of aspects with their short ones.
    """
    titles = {cell.row: cell.text for cell in slots.sections}
    own: dict[int, list[Entry]] = {row: [] for row in titles}
    for entry in (entry for group in groups for entry in group):
        short = entry.cells.get("aspect", "")
        names = {short, *(name for pair in aspects.items() if short in pair for name in pair)}
        found = [row for row, title in titles.items() if names_aspect(title, *names)]
        if merged or len(found) != 1:
            named = "、".join(quote(each.text) for each in slots.sections[:3])
            what = f"{quote(short)}的问题" if short else "没有写明方面的问题"
            reason = f"表里分成{named}几段，{what}填在哪一段说不准，没有写。"
            raise Refused("sections", f"{reason}请把问题或措施先列进各段，再运行。")
        own[found[0]].append(entry)
    rows = [row for block in slots.blocks for row in block.rows]
    number = 0
    for first, following in zip(titles, [*list(titles)[1:], slots.last + 1], strict=True):
        there = [row for row in rows if first <= row < following]
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
    missing = InsertedRows(grid.sheet.name, rows[0], rows[-1], needed - there, repeated)
    return TooFewRows(message, missing, cure, others_fit=bool(by_problem))


def _too_few_blocks(needed: int, slots: Slots, *, sheet: str) -> TooFewRows:
    """Return the blocks that are missing: copies of the last one, with its merged cells."""
    there, size = len(slots.blocks), len(slots.blocks[-1].rows)
    rows = InsertedRows(sheet, slots.blocks[0].rows[0], slots.last, size * (needed - there), block=size)
    cure = f"请在第 {slots.last + 1} 行上面插入 {needed - there} 块，再运行。"
    return TooFewRows(f"表里只有 {there} 块可填，要填 {needed} 块", rows, cure)


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
