"""Making a new ledger workbook from the forms: 说明, 参数 and one sheet per register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from taizhang.forms.columns import Column
from taizhang.forms.model import Form
from taizhang.forms.register_names import TASKS
from taizhang.forms.vocabulary import ColumnType
from taizhang.ledger.cell_values import to_cell
from taizhang.ledger.layout import FIRST_DATA_ROW, HEAD_ROW
from taizhang.ledger.settings import BLOCKS, EVERYONE, LIGHT_RULES, REPORTING, SETTINGS_SHEET
from taizhang.office.theme import Palette
from taizhang.office.xlsx import (
    A3,
    Format,
    Formats,
    NewWorkbook,
    Worksheet,
    head_format,
    make_workbook,
    row_height,
    setup_page,
    text_width,
    write_cell,
)
from taizhang.typed.dates import month_end
from taizhang.typed.text import as_text
from taizhang.typed.workdays import UnknownYear, Workdays, legal_calendar
from taizhang.workbook.places import column_letters

__all__ = [
    "GUIDE_SHEET",
    "VALIDATED_ROWS",
    "blank_register",
    "default_settings",
    "filled_register",
    "new_ledger",
    "reporting_rows",
    "validation_of",
    "width_of",
]

GUIDE_SHEET = "说明"
VALIDATED_ROWS = 2000
_FROM_REPORT = "报告原文，请核对"
_LIST_BLOCKS = {"部门": "部门清单", "岗位": "岗位清单", "党支部": "党支部清单", "方面": "方面清单", "期次": "期次清单"}
_LIST_ROWS = 200

RowValues = Sequence[Mapping[str, Any]]


def new_ledger(
    forms: Sequence[Form], rows: Mapping[str, RowValues], settings: Mapping[str, RowValues], created: datetime
) -> bytes:
    """Return a new ledger workbook.

    ``rows`` maps a form's name to its rows (canonical values by column key); ``settings`` maps a block of 参数 to its
    rows (values by head). ``created`` is written into the file, so that the same input gives the same bytes.
    """

    def write(book: NewWorkbook, style: Formats) -> None:
        _write_guide(book, style, forms, settings)
        _write_settings(book, style, {REPORTING: reporting_rows(forms), **settings})
        for form in forms:
            _write_register(form, rows.get(form.name, ()), book, style, lists=True)

    return make_workbook(write, {"title": "整改台账", "author": "", "created": created}, keep_unseen=True)


def blank_register(form: Form, created: datetime, *, lists: bool = False) -> bytes:
    """Return a workbook with one empty register, for the templates folder or to add to a ledger.

    With ``lists``, its dropdowns refer to the lists of a ledger's 参数, a sheet that this workbook does not have.
    """
    return filled_register(form, (), created, lists=lists)


def filled_register(form: Form, rows: RowValues, created: datetime, *, lists: bool = False) -> bytes:
    """Return a workbook with one register and these rows (canonical values by column key)."""
    write = partial(_write_register, form, rows, lists=lists)
    return make_workbook(write, {"title": form.sheet, "author": "", "created": created}, keep_unseen=True)


def default_settings(
    unit: str,
    year: int,
    aspects: Sequence[tuple[str, str]],
    events: Sequence[str] = (),
    departments: Sequence[str] = (),
    posts: Sequence[str] = (),
) -> dict[str, list[dict[str, Any]]]:
    """Return the blocks of 参数 for a new ledger; what the office has to fill in itself is left empty.

    ``departments`` and ``posts`` are those that a report names, and are marked as taken from it.
    """
    calendar, known = [], []
    for each in (year - 1, year, year + 1):
        try:
            calendar += [{"日期": day, "类型": kind, "说明": name} for day, kind, name in legal_calendar([each])]
            known.append(str(each))
        except UnknownYear:
            continue
    workdays = Workdays.from_calendar(map(int, known), ((each["日期"], each["类型"]) for each in calendar))
    facts = (("单位名称", unit), ("整改办名称", "整改办"), ("方案年度", year), ("日历年度", "、".join(known)))
    papers = (("督办字号", "整改督"), ("联系电话", ""), ("监督电话", ""), ("公示期", "5个工作日"))
    origin = (("部门出处", _FROM_REPORT),) if departments else ()
    return {
        "基本信息": [{"项目": name, "内容": value} for name, value in (*facts, *papers, *origin)],
        "部门": [{"部门": name} for name in departments],
        "岗位": [{"岗位": name, "说明": _FROM_REPORT} for name in posts],
        "方面": [{"方面": name, "简称": short} for name, short in aspects],
        "期次": [_period_row(year, month, workdays) for month in range(1, 13)],
        "亮灯": [
            {"规则": name, "数值": rule.default, "颜色": rule.light and rule.light[-1], "说明": rule.meaning}
            for name, rule in LIGHT_RULES.items()
        ],
        "事件": [{"事件": name} for name in events],
        "工作日历": calendar,
    }


def reporting_rows(forms: Iterable[Form]) -> list[dict[str, Any]]:
    """Return the rows of 填报 for these registers: each is sent to all departments until the office says otherwise."""
    return [{"登记表": form.sheet, "填报单位": EVERYONE} for form in forms if form.may_be_limited]


def _period_row(year: int, month: int, workdays: Workdays) -> dict[str, Any]:
    """Return the row of a month: figures are as of its last day, returns are due on its fifth-last working day.

    Bureaus commonly do it that way. The due day is None if the calendar of the year is unknown.
    """
    end = month_end(year, month)
    try:
        due = workdays.add(end, -4) if workdays.is_workday(end) else workdays.add(end, -5)
    except UnknownYear:
        due = None
    return {"期次": f"{year}-{month:02}", "统计截止日": end, "报送截止日": due}


def column_style(style: Formats, column: Column, shown_as: ColumnType, **lines: Any) -> Format:
    """Return the cell format of a register column, with the number format of ``shown_as``; text is left-aligned."""
    align = "left" if column.type.left else "center"
    extra = {"num_format": shown_as.number_format} if shown_as.number_format else {}
    return style(align=align, text_wrap=True, valign="top", **lines, **extra)


def width_of(column: Column) -> int:
    """Return a column's width in characters."""
    return column.width or column.type.width


def validation_of(column: Column, lists: bool, choices: Sequence[str]) -> dict[str, Any]:
    """Return the data validation of a column, with its input message; it warns and never blocks input."""
    message = {"input_title": column.title[:32], "input_message": column.help[:255]} if column.help else {}
    if column.type == ColumnType.CHOICE:
        return {"validate": "list", "source": list(choices), "error_type": "warning", **message}
    if lists and column.type.list_name and not column.months:
        return {"validate": "list", "source": f"={column.type.list_name}", "error_type": "warning", **message}
    return {"validate": "any", **message} if message else {}


def _write_register(form: Form, rows: RowValues, book: NewWorkbook, style: Formats, *, lists: bool) -> None:
    sheet = book.add_worksheet(form.sheet)
    sheet.write_string(0, 0, form.sheet, style(bold=True, font_size=16, font_name="方正小标宋简体"))
    fillers = "深蓝表头由办公室填，浅蓝表头由部门填；" if form.department_columns else ""
    note = f"{form.help}　{fillers}可以加列、加颜色，不要改表头和编号。"
    sheet.write_string(1, 0, note, style(font_color=Palette.INK2, font_size=9))
    sheet.set_row(0, 28)
    sheet.set_row(HEAD_ROW - 1, 30)
    for number, column in enumerate(form.columns):
        fill = Palette.LINK if column.by_department else Palette.NAVY
        head = head_format(style, bg_color=fill, text_wrap=True, border=1, border_color="#FFFFFF")
        # The column format serves rows typed below the last one; their lines come from conditional formatting.
        sheet.set_column(number, number, width_of(column), column_style(style, column, column.type))
        sheet.write_string(HEAD_ROW - 1, number, column.title, head)
        rule = validation_of(column, lists, column.choices)
        if rule:
            sheet.data_validation(FIRST_DATA_ROW - 1, number, FIRST_DATA_ROW + VALIDATED_ROWS - 1, number, rule)
    # An empty register gets one formatted row, or the first row added below the head would look like the head.
    for row, values in enumerate(rows or ({},), FIRST_DATA_ROW):
        texts = [(as_text(to_cell(each, values.get(each.key))), width_of(each) * 7) for each in form.columns]
        sheet.set_row(row - 1, min(row_height(texts), 300))
        for number, column in enumerate(form.columns):
            value = to_cell(column, values.get(column.key))
            shown_as = ColumnType.DATE if isinstance(value, date) else column.type
            cell_style = column_style(style, column, shown_as, border=1, border_color=Palette.LINE)
            write_cell(sheet, row - 1, number, value, cell_style)
    _add_rules(book, sheet, form)
    sheet.autofilter(HEAD_ROW - 1, 0, FIRST_DATA_ROW + max(len(rows), 1) - 2, len(form.columns) - 1)
    sheet.freeze_panes(HEAD_ROW, 3 if len(form.columns) > 6 else 1)
    setup_page(sheet, None, footer=(_FOOTER, form.sheet), paper=A3)
    sheet.repeat_rows(HEAD_ROW - 1)
    sheet.hide_gridlines(1)


def _add_rules(book: NewWorkbook, sheet: Worksheet, form: Form) -> None:
    """Add conditional formatting: borders on every row that is not blank, grey text for tasks that are 已销号.

    The ledger does not colour lights: such a rule can read neither “3月底前” nor the day of the figures, and would
    contradict the reports.
    """
    first, last = FIRST_DATA_ROW, FIRST_DATA_ROW + VALIDATED_ROWS - 1
    letters = {column.key: column_letters(number) for number, column in enumerate(form.columns, 1)}
    end = column_letters(len(form.columns))
    area, row = f"A{first}:{end}{last}", f"$A{first}:${end}{first}"
    line = book.add_format({"border": 1, "border_color": Palette.LINE})
    sheet.conditional_format(area, {"type": "formula", "criteria": f"=COUNTA({row})>0", "format": line})
    if form.name == TASKS:
        grey = book.add_format({"font_color": Palette.MUTED})
        struck = f'=${letters["status"]}{first}="已销号"'
        sheet.conditional_format(area, {"type": "formula", "criteria": struck, "format": grey})


def _write_settings(book: NewWorkbook, style: Formats, settings: Mapping[str, RowValues]) -> None:
    sheet = book.add_worksheet(SETTINGS_SHEET)
    sheet.write_string(0, 0, "参数", style(bold=True, font_size=16, font_name="方正小标宋简体"))
    note = (
        "办公室维护的清单，改了就生效。每一块的标题和表头不要改；部门的“别名”写大家常用的叫法，用顿号隔开。"
        "岗位只写职务，不写姓名。“填报”写哪张登记表由哪几个部门、党支部填：写它们的名称，或“全部”“不下发”。"
    )
    sheet.write_string(1, 0, note, style(font_color=Palette.INK2, font_size=9))
    left = 0
    for title, heads in BLOCKS.items():
        sheet.write_string(2, left, title, style(bold=True, font_color=Palette.NAVY, font_size=11))
        for offset, head in enumerate(heads):
            sheet.write_string(3, left + offset, head, head_format(style))
            sheet.set_column(left + offset, left + offset, _settings_width(title, head))
        for row, entry in enumerate(settings.get(title, ()), 4):
            for offset, head in enumerate(heads):
                value = entry.get(head)
                cell = (
                    {"num_format": "yyyy-mm-dd"}
                    if isinstance(value, date)
                    else {"num_format": "@"}
                    if isinstance(value, str)
                    else {}
                )
                if value is not None and value != "":
                    write_cell(sheet, row, left + offset, value, style(align="left", **cell))
        if title in _LIST_BLOCKS:
            letter = column_letters(left + 1)
            area = f"='{SETTINGS_SHEET}'!${letter}$5:${letter}${4 + _LIST_ROWS}"
            book.define_name(_LIST_BLOCKS[title], area)
        left += len(heads)
        sheet.set_column(left, left, 3)
        left += 1
    sheet.freeze_panes(4, 0)
    setup_page(sheet, None, footer=(_FOOTER, "参数"), paper=A3)
    sheet.hide_gridlines(1)


def _settings_width(title: str, head: str) -> int:
    wide = {"内容": 30, "方面": 40, "部门": 16, "别名": 30, "岗位": 18, "党支部": 20, "规则": 18, "事件": 22}
    wide |= {"登记表": 18, "填报单位": 40}
    if head == "说明":
        return 50 if title == "亮灯" else 20
    return wide.get(head, 14)


_GUIDE = "整改台账是唯一权威的底册。程序只改该改的格子，您加的颜色、批注、列和表都会保留。"
_USE = (
    "1. 起草后，先在〈参数〉填部门、岗位和党支部，再到〈整改任务〉逐条明确牵头部门、完成时限和完成标准。",
    "2. taizhang validate　校验台账：哪一格有问题、为什么、怎么改。",
    "3. taizhang issue --period {period}　给每个部门下发一份预先填好的表。",
    "4. taizhang merge　汇总部门报来的表：先列出要改什么，您同意了才写进台账。",
    "5. taizhang report　出领导看的《整改进展一览》。",
)
_AGREED = (
    "· 编号是一行的身份，不要改、不要重复使用；不要的行请删整行，程序会如实记录，不会自动补回来。",
    "· 原文列照录报告原话，错别字也不改；要改写请填“规范表述”。",
    "· 已完成由部门报；已销号、长期坚持要有〈销号审核〉里办公室和党委的确认，才算办结。",
    "· 只写部门和岗位，不写个人姓名、电话和证件号；涉密内容不得录入。",
)


_FOOTER = "整改台账　内部资料"
_GUIDE_WIDTH = 100
"""Width of the column of 说明 in characters."""


def _write_guide(book: NewWorkbook, style: Formats, forms: Sequence[Form], settings: Mapping[str, Any]) -> None:
    periods = [each["期次"] for each in settings.get("期次", ())][:3] or ["2022-03"]
    sheet = book.add_worksheet(GUIDE_SHEET)
    sheet.set_column(0, 0, _GUIDE_WIDTH)
    sheet.write_string(0, 0, "整改台账", style(bold=True, font_size=20, font_name="方正小标宋简体"))
    sheet.set_row(0, 34)
    sections = {
        "一、怎么用": [line.format(period=periods[-1]) for line in _USE],
        "二、几条约定": _AGREED,
        "三、各表": [f"· {form.sheet}：{form.help}" for form in forms],
    }
    lines = [(_GUIDE, False)]
    for head, under in sections.items():
        lines += [(head, True), *((line, False) for line in under)]
    for row, (line, section) in enumerate(lines, 1):
        sheet.write_string(
            row,
            0,
            line,
            style(text_wrap=True, bold=section, font_size=11, font_color=Palette.NAVY if section else Palette.INK),
        )
        wrapped = -(-text_width(line, 11) // (_GUIDE_WIDTH * 7 - 24))  # Excel's own fonts are a little wider
        sheet.set_row(row, 24 if section else 20 * wrapped)
    setup_page(sheet, None, footer=(_FOOTER, GUIDE_SHEET), landscape=False)
