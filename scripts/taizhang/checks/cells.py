"""Checks of single cells: types, required cells, codes, formulas, personal data."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from taizhang.forms.columns import Column
from taizhang.forms.register_names import CLOSEOUTS
from taizhang.forms.vocabulary import ColumnType
from taizhang.ledger.catalogue import Check
from taizhang.ledger.cell_values import read_value, start_of
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.ledger.settings import SETTINGS_SHEET, Settings, cells_of_blocks, personal_in_setting
from taizhang.supervision.closeouts import is_inherited
from taizhang.system.limits import MAX_TEXT
from taizhang.typed.choices import nearest
from taizhang.typed.personal import find_personal, looks_like_a_name
from taizhang.typed.readings import named, quote
from taizhang.typed.text import LONGEST_CELL, UNWRITABLE, as_text, clean_key, fits_cell, is_blank, utf16_length
from taizhang.workbook.places import Place

__all__ = [
    "cell_findings",
    "check_cells",
    "check_codes",
    "check_owner",
    "check_settings_formulas",
    "check_settings_personal",
    "has_formula",
    "reference_findings",
]

POSTS_NAMED = 5
_CALCULATE = "请用 Excel 或 WPS 打开保存一次，或改成直接填写。"


def check_cells(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Check that every cell fits its column, and that required cells are filled."""
    for register in ledger.registers.values():
        for record in register.records:
            for key, raw in record.cells.items():
                column = register.form.column(key)
                yield from cell_findings(register, record, column, raw, ledger.settings)
                empty = is_blank(raw) and not has_formula(register, record, key)
                if (
                    empty
                    and column.required
                    and column.type != ColumnType.CODE
                    and not _is_spared(register, record, key)
                ):
                    problem = f"“{column.title}”必填，现在是空的，"
                    cure = "请补上。"
                    yield Finding(register.place(record, key), Check.REQUIRED, problem, cure=cure)


def _is_spared(register: Register, record: Record, key: str) -> bool:
    """Whether a required cell may be blank: an inherited close-out has no application."""
    return register.form.name == CLOSEOUTS and key != "task" and is_inherited(record)


def cell_findings(
    register: Register, record: Record, column: Column, raw: Any, settings: Settings, *, by_department: bool = False
) -> Iterator[Finding]:
    """Yield the findings of one cell: what is wrong with it, or a hint how it was read."""
    place = register.place(record, column.key)
    yield from _formula_findings(register, record, column, place)
    if is_blank(raw):
        return
    if isinstance(raw, str) and not fits_cell(raw):  # first: the other checks must not search a text of any length
        many = f"{utf16_length(raw)} 个字" if len(raw) < MAX_TEXT else f"{MAX_TEXT} 个字以上"
        problem = f"“{column.title}”有 {many}，一格最多 {LONGEST_CELL} 个，写不进表格；"
        cure = "请删短。"
        yield Finding(place, Check.TEXT, problem, cure=cure)
        return
    # A phone number typed in a text column is stored as a number too.
    figure = (column.type.is_number or column.type is ColumnType.PERCENT) and not isinstance(raw, str)
    if not figure and (kinds := find_personal(raw)):
        problem = f"“{column.title}”里有{'、'.join(kinds)}，"
        cure = "请删去；台账只写部门和岗位，涉密内容不得录入。"
        yield Finding(place, Check.PERSONAL, problem, cure=cure)
        return
    if isinstance(raw, str) and UNWRITABLE.search(raw):
        problem = f"“{column.title}”里有看不见的控制符，写不进表格；"
        cure = "请把这一格清空，重新输入。"
        yield Finding(place, Check.TEXT, problem, cure=cure)
        return
    if column.holds_post and clean_key(as_text(raw)) not in settings.posts and looks_like_a_name(as_text(raw)):
        cure = f"请改写岗位{_posts_listed(settings)}；台账只写部门和岗位，不写姓名。"
        severity = Severity.ERROR if column.type == ColumnType.POST and settings.posts else Severity.WARNING
        yield Finding(place, Check.POST, f"“{column.title}”里写的像是姓名，", severity, cure=cure)
        return
    start = start_of(register.form, record.cells, settings) if column.type == ColumnType.DEADLINE else None
    reading = read_value(column, raw, settings, by_department=by_department, start=start)
    if reading.problem and reading.check:
        yield Finding(place, reading.check, reading.problem)
    elif reading.echo:
        yield Finding(place, Check.READING, f"{reading.echo}。", Severity.HINT)


def _posts_listed(settings: Settings) -> str:
    """Return the first posts of 参数 in brackets; empty if it lists none."""
    listed, more = "、".join(settings.posts[:POSTS_NAMED]), "等" if len(settings.posts) > POSTS_NAMED else ""
    return f"（〈参数〉里有{listed}{more}）" if listed else ""


def reference_findings(
    place: Place, column: Column, value: Any, sheet: str, known: Collection[str]
) -> Iterator[Finding]:
    """Report codes in a cell that do not exist; ``value`` is a code, codes or None, ``known`` the codes there are."""
    for code in (value,) if isinstance(value, str) else value or ():
        if code not in known:
            problem = f"“{column.title}”写的 {named(code)} 不在〈{sheet}〉里。"
            cure = f"{_code_hint(code, known)}请核对编号。"
            yield Finding(place, Check.REFERENCE, problem, cure=cure)


_NUMBERED = re.compile(r"(?P<series>\D*?)-?(?P<number>\d+)")


def _series(code: str) -> str:
    found = _NUMBERED.fullmatch(code)
    return found["series"] if found else ""


def _code_hint(code: str, known: Collection[str]) -> str:
    """Return a sentence that helps with a code that does not exist: the code of the same number, or those there are.

    A code of another number is never proposed: it is another thing, however alike the two look.
    """
    wanted = _NUMBERED.fullmatch(code)
    if not wanted:
        near = nearest(code, tuple(known))
        return f"是不是 {near[0]}？" if near else ""
    numbered = [(int(found["number"]), each) for each in known if (found := _NUMBERED.fullmatch(each))]
    if near := nearest(code, tuple(each for number, each in numbered if number == int(wanted["number"]))):
        return f"是不是 {near[0]}？"
    series = sorted((number, each) for number, each in numbered if _series(each) == wanted["series"])
    return f"现在有的是 {series[0][1]} 到 {series[-1][1]}。" if len(series) > 1 else ""


def check_codes(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Check that every row has a unique code in the form's format, and none of the year before."""
    for register in ledger.registers.values():
        key, seen = register.form.code_column.key, {}
        last = max((register.form.code_number(each) or 0 for each in ledger.settings.earlier_codes), default=0)
        for record in register.records:
            place = register.place(record, key)
            if not record.code:
                problem = f"这一行没有{register.form.code_column.title}，"
                cure = "请补一个没用过的编号。"
                yield Finding(place, Check.CODE, problem, cure=cure)
            elif record.code in seen:
                problem = f"编号 {named(record.code)} 与第 {seen[record.code]} 行重复，"
                cure = "请给其中一行换一个没用过的编号。"
                yield Finding(place, Check.CODE_DUPLICATE, problem, cure=cure)
            elif (number := register.form.code_number(record.code)) and number <= last:
                problem = f"编号 {named(record.code)} 是上一年用过的，会和上一年的相混，"
                cure = f"请换成比 {register.form.format_code(last)} 大的、没用过的编号。"
                yield Finding(place, Check.CODE, problem, cure=cure)
            elif number is None:
                example = register.form.format_code(1)
                problem = f"编号{quote(record.code)}不像本表的编号（应像 {example} 这样），"
                cure = "请核对。"
                yield Finding(place, Check.CODE, problem, Severity.WARNING, cure=cure)
            seen.setdefault(record.code, record.row)


def check_owner(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Check that 参数 lists at least one department; nothing can be issued otherwise."""
    if SETTINGS_SHEET in ledger.book.by_name and not ledger.settings.departments:
        place = ledger.book.place(SETTINGS_SHEET)
        yield Finding(
            place, Check.SETTINGS, "部门清单是空的，", Severity.WARNING, cure="请先填上各部门，才能下发和统计。"
        )


def _formula_findings(register: Register, record: Record, column: Column, place: Place) -> Iterator[Finding]:
    address = (record.row, register.columns[column.key])
    if address in register.sheet.errors:
        problem = f"“{column.title}”里是错误值（如 #REF!、#N/A），"
        cure = "请改成实际内容。"
        yield Finding(place, Check.FORMULA, problem, cure=cure)
    elif address in register.sheet.recalled:
        problem = f"“{column.title}”里的公式没有算出的结果，暂按上次算出的读取；"
        cure = _CALCULATE
        yield Finding(place, Check.FORMULA, problem, cure=cure)
    elif address in register.sheet.uncached:
        problem = f"“{column.title}”里的公式没有算出的结果，读不到内容；"
        cure = "请改成直接填写，或用 Excel 或 WPS 打开保存一次。"
        yield Finding(place, Check.FORMULA, problem, cure=cure)
    elif address in register.sheet.formulas:
        problem = f"“{column.title}”里是公式，按它上次算出的结果读取；"
        cure = "请改成直接填写，免得链接断了读不到。"
        yield Finding(place, Check.FORMULA, problem, Severity.WARNING, cure=cure)


def check_settings_formulas(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report entries of 参数 that are formulas without a result, or errors."""
    for each in ledger.unread:
        if not each.register:
            problem, cure = "这一格是错误值（如 #REF!、#N/A），读不到内容，", "请改成实际内容。"
            if not each.is_error:
                how = "暂按上次算出的读取" if each.recalled else "读不到内容"
                problem = f"这一格里的公式没有算出的结果，{how}；"
                cure = _CALCULATE
            place = ledger.book.place(each.sheet, each.row, each.column)
            yield Finding(place, Check.FORMULA, problem, cure=cure)


def check_settings_personal(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report personal or classified data in 参数, which is issued with every form; contact telephones are allowed."""
    sheet = ledger.book.by_name.get(SETTINGS_SHEET)
    if sheet is None:
        return
    filled = [(row, column) for row, cells in enumerate(sheet.rows, 1) for column, raw in enumerate(cells, 1) if raw]
    for row, column in cells_of_blocks(sheet, filled):
        name = as_text(sheet.value(row, column - 1) if column > 1 else "")
        if kinds := personal_in_setting(name, sheet.value(row, column)):
            problem = f"这一格里有{'、'.join(kinds)}，"
            cure = f"请删去；〈{SETTINGS_SHEET}〉的清单会随表下发，涉密内容不得录入。删去以前按没有填办。"
            yield Finding(ledger.book.place(sheet.name, row, column), Check.PERSONAL, problem, cure=cure)


def has_formula(register: Register, record: Record, key: str) -> bool:
    """Whether a cell holds a formula or an error value; both may be read as blank."""
    address = (record.row, register.columns[key])
    return address in register.sheet.errors or address in register.sheet.formulas
