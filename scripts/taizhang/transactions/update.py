"""Adding to an old ledger, in one write, what came later: columns, registers, rules and blocks of 参数.

``plan_update`` writes nothing, ``apply_update`` writes. The plan is made in memory first (``patch``), so that nobody
reads and confirms one that is refused afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from taizhang.forms.columns import Column
from taizhang.forms.model import Form
from taizhang.history.entries import Verb
from taizhang.history.write import write_changes
from taizhang.ledger.additions import find_additions
from taizhang.ledger.create import VALIDATED_ROWS, default_settings, reporting_rows, validation_of, width_of
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Register, find_alike
from taizhang.ledger.settings import BLOCKS, LATER_HEADS, LIGHTS, SETTINGS_SHEET, room_below, room_beside
from taizhang.splice import AddColumn, Edit, Prompt, Refused, SetCell, defined_names, free_columns, patch
from taizhang.system.files import command_on
from taizhang.transactions.enable import blank_sheet, sheet_of
from taizhang.transactions.errors import CannotRun
from taizhang.workbook.places import a1

__all__ = ["Addition", "Kind", "Update", "apply_update", "plan_columns", "plan_update"]

LONGEST_CHOICES = 255
"""Maximum characters of the choices that a dropdown lists itself."""


class Kind(StrEnum):
    """What is added, in the office's words."""

    COLUMN = "列"
    REGISTER = "登记表"
    RULE = "亮灯规则"
    BLOCK = "参数"


@dataclass(frozen=True, slots=True)
class Addition:
    """One thing to add: its title, its sheet, its (first) cell there, and what it is for."""

    kind: Kind
    title: str
    sheet: str
    cell: str
    help: str


@dataclass(frozen=True, eq=False)
class Update:
    """What an old ledger is given, and ``left``: sentences on what cannot be added now, with reason and cure."""

    ledger: Ledger
    additions: tuple[Addition, ...]
    edits: tuple[Edit, ...]
    left: tuple[str, ...]


def plan_update(ledger: Ledger, now: datetime) -> Update:
    """Return what the ledger has not yet of the forms and of 参数, and the edits that add it.

    Raises Refused if the ledger cannot be written safely at all.
    """
    found = find_additions(ledger.book, ledger.forms, ledger.registers)
    planned: list[tuple[Addition, Edit | None]] = []
    left: list[str] = []
    for name, columns in found.columns.items():
        try:
            planned += [*plan_columns(ledger, ledger.registers[name], columns)]  # all of a register or none
        except Refused as refused:
            left.append(refused.message)
    planned += _plan_rules(ledger, found.rules, left)
    planned += _plan_heads(ledger, found.heads, left)
    for title in found.blocks:
        planned += _plan_block(ledger, title)
    for form in found.registers:
        try:
            planned += _plan_register(ledger, form, now)
        except CannotRun as refused:
            left.append(str(refused))
    edits = tuple(edit for _, edit in planned if edit)
    patch(ledger.book.data, edits)
    return Update(ledger, tuple(dict.fromkeys(each for each, _ in planned)), edits, tuple(left))


def apply_update(plan: Update, now: datetime) -> str:
    """Write what was planned; return a notice to print beside the result, empty if there is none."""
    ledger = plan.ledger
    return write_changes(ledger.path, ledger.book.sha256, plan.edits, [], command=Verb.UPDATE, now=now)


def plan_columns(ledger: Ledger, register: Register, columns: Sequence[Column]) -> Iterator[tuple[Addition, AddColumn]]:
    """Yield the new columns of a register, one after the other right of all heads; raises Refused."""
    sheet, own = register.sheet.name, register.columns
    first, last = min(own.values()), max(own.values())
    lists = defined_names(ledger.book.data)
    prompted = max(register.head_row + 1 + VALIDATED_ROWS, register.last_row)
    free = free_columns(ledger.book.data, sheet, register.head_row, last)
    for column, number in zip(columns, free, strict=False):
        known = [(own[each.key], each) for each in register.form.columns if each.key in own]
        same_colour = (place for place, each in known if each.by_department == column.by_department)
        edit = AddColumn(
            sheet,
            register.head_row,
            number,
            column.title,
            first,
            last,
            max(same_colour, default=last),
            _most_alike(column, known),
            width_of(column),
            _prompt_of(column, lists=column.type.list_name in lists),
            prompted,
        )
        yield Addition(Kind.COLUMN, column.title, sheet, a1(register.head_row, number), column.help), edit


def _most_alike(column: Column, known: Iterable[tuple[int, Column]]) -> int:
    """Return the place of the last column whose cells look most like this one's: type, number format, alignment."""

    def likeness(pair: tuple[int, Column]) -> tuple[bool, bool, bool, int]:
        place, other = pair
        same_format = other.type.number_format == column.type.number_format
        return other.type is column.type, same_format, other.type.left == column.type.left, place

    return max(known, key=likeness)[0]


def _prompt_of(column: Column, *, lists: bool) -> Prompt | None:
    """Return what the cells of a column show when they are chosen, as in a new ledger."""
    rule = validation_of(column, lists, column.choices)
    source = rule.get("source", "")
    words = source.removeprefix("=") if isinstance(source, str) else ",".join(source)
    choices = words if isinstance(source, str) else f'"{words}"' if len(words) <= LONGEST_CHOICES else ""
    return Prompt(rule.get("input_title", ""), rule.get("input_message", ""), choices) if rule else None


def _plan_rules(ledger: Ledger, rules: Sequence[str], left: list[str]) -> Iterator[tuple[Addition, SetCell]]:
    """Yield the cells of new rules, below those that the 亮灯 block has; a block without its heads goes to ``left``.

    Without the head 颜色 a rule has its usual colour.
    """
    room = room_below(ledger.book.by_name[SETTINGS_SHEET], LIGHTS) if rules else None
    if room is None:
        return
    heads, last, row = room
    rows = [each for each in default_settings("", 2022, ())[LIGHTS] if each["规则"] in rules]
    lost = [head for head in ("规则", "数值") if head not in heads]
    if lost:
        left.append(
            f"〈{SETTINGS_SHEET}〉“{LIGHTS}”这一块缺表头“{'”“'.join(lost)}”，规则没有地方写，请恢复表头再运行。"
        )
        return
    for number, entry in enumerate(rows, row):
        what = Addition(Kind.RULE, entry["规则"], SETTINGS_SHEET, a1(number, heads["规则"]), entry["说明"])
        for head, value in ((head, entry[head]) for head in entry if head in heads):
            like = (last, heads[head]) if last else None
            yield what, SetCell(SETTINGS_SHEET, number, heads[head], value, like=like)


_LATER = {
    LIGHTS: (
        "，灯照原来的颜色亮；要改颜色的",
        "亮什么灯：红、橙、黄、蓝里写一个，空着的照原来的颜色；这一列窄，可以拉宽。",
    ),
    "党支部": ("；支部改了名、有别的叫法的", "原来的名称和大家常用的叫法，用顿号隔开；这一列窄，可以拉宽。"),
}
"""What is so without a head that came later and who wants it, and what it is for, by block."""


def _plan_heads(ledger: Ledger, heads: Mapping[str, int], left: list[str]) -> Iterator[tuple[Addition, SetCell]]:
    """Yield the heads that blocks of 参数 lack, in the gap beside each; ``left`` says where there is no room."""
    sheet = ledger.book.by_name.get(SETTINGS_SHEET)
    for title, column in heads.items() if sheet else ():
        head, (meanwhile, words) = LATER_HEADS[title], _LATER[title]
        room = room_below(sheet, title) if sheet else None
        if sheet is None or room is None:
            continue
        if not column:
            left.append(
                f"〈{SETTINGS_SHEET}〉“{title}”右边一列不空，加不上“{head}”这一栏{meanwhile}，"
                f"请在“{title}”最后一个表头右边插入一列，再运行一次。"
            )
            continue
        first = BLOCKS[title][0]
        beside = room[0][first]
        row = next(n for n in range(2, len(sheet.rows) + 1) if sheet.value(n - 1, beside) == title)
        what = Addition(Kind.BLOCK, f"{title}的{head}", SETTINGS_SHEET, a1(row, column), words)
        yield what, SetCell(SETTINGS_SHEET, row, column, head, like=(row, beside))


def _plan_block(ledger: Ledger, title: str) -> Iterator[tuple[Addition, SetCell]]:
    """Yield the cells of a new block of 参数, right of everything there is: title, heads, and its first entries."""
    sheet = ledger.book.by_name[SETTINGS_SHEET]
    row, left = room_beside(sheet)
    heads, _, _ = room_below(sheet, "部门") or ({}, 0, 0)
    like = heads.get("部门")
    what = Addition(Kind.BLOCK, title, SETTINGS_SHEET, a1(row, left), "哪张登记表下发给哪些部门；现在都写“全部”。")
    lines = [[title], [*BLOCKS[title]]]
    lines += [[*entry.values()] for entry in reporting_rows(each.form for each in ledger.registers.values())]
    for number, cells in enumerate(lines):
        for offset, value in enumerate(cells):
            place = (row + min(number, 2), like) if like else None
            yield what, SetCell(SETTINGS_SHEET, row + number, left + offset, value, like=place)


def _plan_register(ledger: Ledger, form: Form, now: datetime) -> Iterator[tuple[Addition, Edit]]:
    """Yield a new register; raises CannotRun if another sheet has its name, or looks like it under another name."""
    used = {register.sheet.name for register in ledger.registers.values()}
    alike = [sheet.name for sheet in find_alike(ledger.book.sheets, form) if sheet.name not in used]
    if not sheet_of(ledger, form) and alike:
        raise CannotRun(
            f"〈{alike[0]}〉的表头像〈{form.sheet}〉：就是它的，请把表名改回〈{form.sheet}〉；"
            f"不是的，请运行 {command_on(ledger.path, f'forms enable {form.sheet}')}。"
        )
    if not alike:
        yield Addition(Kind.REGISTER, form.sheet, form.sheet, "", form.help), blank_sheet(form, now)
