"""The reporter's workbook: 填报说明, its rows prefilled, a locked 自检 sheet, and the hidden identity."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache, partial
from typing import Any

from taizhang.forms.columns import Column
from taizhang.forms.model import Form
from taizhang.forms.register_names import FULFILMENTS, TASKS
from taizhang.forms.vocabulary import ColumnType
from taizhang.issue.asked import ShownRow
from taizhang.issue.plan import Issue, reply_by_words
from taizhang.ledger.cell_values import read_value
from taizhang.ledger.create import validation_of, width_of
from taizhang.ledger.layout import (
    FIRST_DATA_ROW,
    HEAD_ROW,
    IDENTITY_SHEET,
    NO_CHANGE,
    NO_CHANGE_ROW,
    ROW_ID_HEAD,
    last_column,
    shown_columns,
)
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Register
from taizhang.ledger.vocabulary import Status
from taizhang.office.theme import Palette
from taizhang.office.xlsx import (
    Format,
    Formats,
    NewWorkbook,
    Worksheet,
    head_format,
    make_workbook,
    row_height,
    setup_page,
    write_cell,
    write_number,
    write_texts,
)
from taizhang.system.schema import Kind, schema_of
from taizhang.typed.numbers import read_integer
from taizhang.typed.text import EMPTY_WORDS, as_text, is_blank, printable
from taizhang.workbook.places import column_letters

__all__ = ["reporter_workbook"]

SELF_CHECK = "自检"
LONGEST_CONSTANT = 255
"""Maximum characters of a text constant in a formula of Excel."""

LONGEST_FORMULA = 8192
"""Maximum characters of a formula; Excel repairs a workbook with a longer one and drops the formula."""


def reporter_workbook(
    issue: Issue,
    ledger: Ledger,
    token: str,
    due: date | None,
    created: datetime,
    head: Mapping[str, str] | None = None,
) -> bytes:
    """Return the workbook issued to one reporter.

    ``token`` signs it, ``due`` is the day returns are due, ``head`` holds facts about the journal's head.
    """
    facts = {
        "period": issue.period,
        "department": issue.reporter.name,
        "token": token,
        "version": schema_of(Kind.FORM),
        "issue": issue.number,
        **(head or {}),
    }

    def write(book: NewWorkbook, style: Formats) -> None:
        guide = book.add_worksheet("填报说明")
        checks: list[tuple[str, str, str, int]] = []
        for name, records in issue.records.items():
            register = ledger.registers[name]
            if records or issue.spare.get(name):
                checks += _write_sheet(book, style, issue, ledger, register)
        _write_guide(guide, style, issue, ledger, due)
        _write_self_check(book, style, checks)
        identity = book.add_worksheet(IDENTITY_SHEET)
        identity.write_string(0, 0, json.dumps(facts, ensure_ascii=False))
        identity.very_hidden()
        guide.activate()

    properties = {"title": f"整改填报 {issue.reporter.name} {issue.period}", "author": "", "created": created}
    return make_workbook(write, properties, keep_unseen=True)


def _widths(columns: Sequence[Column]) -> dict[str, int]:
    """Return the widths of columns in characters: narrower than in the ledger, so that an A4 page stays readable.

    Where departments are asked anew each period, the widest column is that in which they write what they did.
    """
    crowded = any(column.last_title for column in columns)
    most = {ColumnType.LONG_TEXT: 16, ColumnType.DEADLINE: 12} if crowded else {}
    widths = {column.key: min(width_of(column), most.get(column.type, 22)) for column in columns}
    for column in columns:
        if column.last_title:
            widths[column.key] = 24 if column.by_department else 18
        elif column.each_period and column.choices:
            widths[column.key] -= 2
        elif column.key == "statement":
            widths[column.key] = 24 if crowded else 30
    return widths


def _write_sheet(
    book: NewWorkbook, style: Formats, issue: Issue, ledger: Ledger, register: Register
) -> list[tuple[str, str, str, int]]:
    """Write the sheet of one register: heads, prefilled rows, spare rows; return what 自检 counts in it."""
    form, columns = register.form, _columns_of(register)
    records, spare = issue.records[form.name], issue.spare.get(form.name, ())
    rows = issue.shown(form.name)
    sheet = book.add_worksheet(form.sheet)
    sheet.write_string(0, 1, f"{form.sheet}（{issue.reporter.unit}，{issue.period}）", style(bold=True, font_size=16))
    note = "浅黄色的格子请填写，其他格子供对照、不用改；没有变化的空着或保持原样。可以排序、筛选。"
    if form.tick and form.tick.key in register.columns:
        note = "浅黄色的格子请填写，其他格子供对照、不用改。"
        note += f"每一行都要写本期进展；没有进展的，“{form.tick.title}”选“是”。"
    if form.name == FULFILMENTS:
        note += "“本期完成次数”填这个周期一共做了几次；点中那一格，看得到应做、已记、还差几次。"
    if ticked := form.asks_for_changes and bool(spare):
        _write_tick(sheet, style)
        note = "没有新增、也没有改动的，左边选“是”；有的，填浅黄色的格子。"
    if past := issue.past.get(form.name, 0):
        note += f"以前各期的 {past} 行已经记在台账，不再下发，要改请联系办公室。"
    if spare:
        note += f"要新增的，填在下面 {len(spare)} 个空行里，编号不用填。"
    sheet.write_string(NO_CHANGE_ROW - 1, 3 if ticked else 1, note, style(font_color=Palette.INK2))
    sheet.set_row(0, 28)
    sheet.set_row(HEAD_ROW - 1, 32)
    sheet.set_column(0, 0, 4, None, {"hidden": True})
    sheet.write_string(HEAD_ROW - 1, 0, ROW_ID_HEAD)
    last_row = FIRST_DATA_ROW + len(records) + len(spare) - 1
    widths = _widths(columns)
    looks = cache(partial(_look, style))  # a few per column, looked up for every cell
    for number, column in enumerate(columns, 1):
        _write_head(sheet, style, number, column)
        sheet.set_column(number, number, widths[column.key], looks(column.type, _align(column)))
        if form.name == FULFILMENTS and column.key == "done":
            _say_owed(sheet, number, column, rows, ledger)
        elif column.by_department:
            _set_rules(sheet, number, column, rows, last_row, ledger)
    for number, row in enumerate(rows, FIRST_DATA_ROW):
        sheet.write_string(number - 1, 0, row.record.code)
        _write_record(sheet, looks, number, columns, widths, row.cells, row.not_asked(columns))
    for number, spare_id in enumerate(spare, FIRST_DATA_ROW + len(records)):
        sheet.write_string(number - 1, 0, spare_id)
        _write_record(sheet, looks, number, columns, widths, {})
    sheet.autofilter(HEAD_ROW - 1, 0, last_row - 1, len(columns))
    sheet.freeze_panes(HEAD_ROW, 3)
    setup_page(sheet, None, footer=(issue.reporter.name, issue.period))
    sheet.repeat_rows(HEAD_ROW - 1)
    checks = _self_checks(form, columns, rows, last_row, ledger)
    return [_tick_check(form, columns, rows, last_row), *checks] if ticked else checks


def _write_tick(sheet: Worksheet, style: Formats) -> None:
    """Write the tick that the register has no change this period, above the head, and its title left of it."""
    look = {"text_wrap": True, "align": "center", "border": 1, "border_color": Palette.LINE}
    row = NO_CHANGE_ROW - 1
    sheet.set_row(row, 34)
    sheet.write_string(row, 1, NO_CHANGE.title, style(bold=True, bg_color="#FFE699", **look))
    sheet.write_blank(row, 2, None, style(bg_color=Palette.INPUT, **look))
    sheet.data_validation(row, 2, row, 2, validation_of(NO_CHANGE, False, NO_CHANGE.choices))


def _columns_of(register: Register) -> tuple[Column, ...]:
    """Return the columns of a sheet: those shown, some with the read-only column of what they held last before them."""
    shown = shown_columns(register.form, register.columns)
    return tuple(each for column in shown for each in ((last_column(column),) if column.last_title else ()) + (column,))


def _write_head(sheet: Worksheet, style: Formats, number: int, column: Column) -> None:
    """Write a column's head: yellow if the department fills the column, with ``*`` if it must."""
    filled = column.by_department
    head = style(
        bold=True,
        font_color=Palette.INK if filled else "#FFFFFF",
        bg_color="#FFE699" if filled else Palette.NAVY,
        align="center",
        text_wrap=True,
        border=1,
        border_color=Palette.LINE,
    )
    title = f"*{column.title}" if filled and column.required else column.title
    sheet.write_string(HEAD_ROW - 1, number, title, head)


def _set_rules(
    sheet: Worksheet, number: int, column: Column, rows: Sequence[ShownRow], last_row: int, ledger: Ledger
) -> None:
    """Set the dropdown or input message of a column that the department fills.

    Cells that are not asked, such as the office's conclusions, get only a message: a dropdown would reject the word in
    them.
    """
    told = {
        at: why for at, row in enumerate(rows, FIRST_DATA_ROW) if (why := row.not_asked((column,)).get(column.key, ""))
    }
    starts = [FIRST_DATA_ROW, *(row + 1 for row in told)]
    ends = [*(row - 1 for row in told), last_row]
    rule = _rule(column, column.offered if column.type == ColumnType.CHOICE else (), ledger)
    for first, last in zip(starts, ends, strict=True):
        if rule and first <= last:
            sheet.data_validation(first - 1, number, last - 1, number, rule)
    for row, message in told.items():
        hint = {"validate": "any", "input_title": column.title[:32], "input_message": message}
        sheet.data_validation(row - 1, number, row - 1, number, hint)


def _say_owed(sheet: Worksheet, number: int, column: Column, rows: Sequence[ShownRow], ledger: Ledger) -> None:
    """Set the rule of 本期完成次数, whose message says in each row how many times are owed, recorded and lacking."""
    for at, row in enumerate(rows, FIRST_DATA_ROW):
        rule = {"validate": "any", "input_title": column.title[:32], **_rule(column, (), ledger)}
        sheet.data_validation(at - 1, number, at - 1, number, {**rule, "input_message": _owed_words(row.cells)})


def _owed_words(cells: Mapping[str, Any]) -> str:
    """Return how many times a row of 〈履行记录〉 owes, has and lacks."""
    required, done = (read_integer(cells.get(key, "")).value or 0 for key in ("required", "done"))
    return f"应做 {required} 次，台账已记 {done} 次，还差 {max(0, required - done)} 次。请填这个周期一共做了几次。"


def _rule(column: Column, choices: Sequence[str], ledger: Ledger) -> dict[str, Any]:
    """Return the data validation of a column for xlsxwriter; empty if it needs none."""
    if column.type == ColumnType.BRANCH:
        choices = tuple(ledger.settings.branches)
    rule = validation_of(column, False, choices)
    if column.type == ColumnType.BRANCH and choices and sum(map(len, choices)) + len(choices) <= 255:
        rule = {**rule, "validate": "list", "source": list(choices), "error_type": "warning"}
    if column.example and not rule.get("input_message"):
        rule = {"validate": "any", **rule, "input_title": column.title[:32], "input_message": f"例：{column.example}"}
    elif column.example:
        rule["input_message"] = f"{rule['input_message']}\n例：{column.example}"[:255]
    return rule


def _align(column: Column) -> str:
    return "left" if column.type.is_text or column.type is ColumnType.DEADLINE else "center"


def _look(style: Formats, kind: ColumnType, align: str, by_department: bool | None = None) -> Format:
    """Return the format of a cell: pale yellow if the department fills it, else grey text; None: below the rows."""
    fill = {"bg_color": Palette.INPUT} if by_department else {"font_color": Palette.INK2}
    lines = {} if by_department is None else {"border": 1, "border_color": Palette.LINE, **fill}
    number_format = {"num_format": kind.number_format} if kind.number_format else {}
    return style(text_wrap=True, valign="top", align=align, **lines, **number_format)


def _write_record(
    sheet: Worksheet,
    looks: Callable[[ColumnType, str, bool], Format],
    row: int,
    columns: Sequence[Column],
    widths: Mapping[str, int],
    cells: Mapping[str, Any],
    not_asked: Collection[str] = (),
) -> None:
    """Write one row, yellow where the department fills the cell, else grey; ``row`` is 1-based."""
    texts = [(as_text(cells.get(column.key, "")), widths[column.key] * 7) for column in columns]
    sheet.set_row(row - 1, max(36.0, row_height(texts)))
    for number, column in enumerate(columns, 1):
        raw = cells.get(column.key, "")
        kind = ColumnType.DATE if isinstance(raw, date) else column.type
        cell_style = looks(kind, _align(column), column.by_department and column.key not in not_asked)
        shown = "" if is_blank(raw) else as_text(raw) if isinstance(raw, time) else raw
        write_cell(sheet, row - 1, number, shown, cell_style)


def _self_checks(
    form: Form, columns: Sequence[Column], rows: Sequence[ShownRow], last_row: int, ledger: Ledger
) -> list[tuple[str, str, str, int]]:
    """Return (sheet, what is counted, formula, current value) for each count of the 自检 sheet.

    Values that the merge accepts are never counted: other spellings, full-width digits, “80%” as text, and values as
    issued. Some values that the merge rejects are not counted, since a formula cannot parse dates as the program does.
    INDIRECT keeps the formulas referring to the sheet when cells are cut, pasted or moved.
    """
    places = {column.key: column_letters(number + 1) for number, column in enumerate(columns, 1)}

    area = partial(_area, form, last_row=last_row)
    anchor = next((c.key for c in columns if c.by_department and c.required and not c.choices), form.code_column.key)
    code = area(places[form.code_column.key])
    used = f"((LEN({code})+LEN({area(places[anchor])}))>0)"
    checks = []
    for column in columns:
        if not column.by_department:
            continue
        cells = area(places[column.key])
        blanks = sum(is_blank(row.cells.get(column.key, "")) for row in rows)
        if column.required:
            checks.append((form.sheet, f"“{column.title}”还没填的行", f"=SUMPRODUCT({used}*(LEN({cells})=0))", blanks))
        readable = _part_readable(column, cells)
        if readable:
            word = {ColumnType.CHOICE: "在选项里", ColumnType.DATE: "是日期", ColumnType.PERCENT: "是百分数"}.get(
                column.type, "是数"
            )
            as_issued = _parts_as_issued(column, cells, area("A"), ledger, rows)
            formula = _count_others(cells, readable, as_issued)
            checks.append((form.sheet, f"“{column.title}”不{word}的行", formula, 0))
    words = next((column for column in columns if column.last_title and column.by_department), None)
    if words and form.tick and form.tick.key in places:
        said, tick = area(places[words.key]), area(places[form.tick.key])
        what = f"“{words.title}”和“{form.tick.title}”都空着的行"
        checks.append((form.sheet, what, f"=SUMPRODUCT({used}*(LEN({said})=0)*(LEN({tick})=0))", len(rows)))
    if form.name == TASKS:
        done, proof = area(places["status"]), area(places["evidence"])
        shown = [row.cells for row in rows]
        missing = sum(cells.get("status") == Status.DONE and is_blank(cells.get("evidence", "")) for cells in shown)
        checks.append(
            (form.sheet, "报了“已完成”却没写佐证材料的行", f'=SUMPRODUCT(({done}="已完成")*(LEN({proof})=0))', missing)
        )
    return checks


def _area(form: Form, letters: str, last_row: int) -> str:
    """Return the formula part for the cells of a column, whatever was moved in the sheet."""
    return f"INDIRECT(\"'{form.sheet}'!${letters}${FIRST_DATA_ROW}:${letters}${last_row}\")"


def _tick_check(
    form: Form, columns: Sequence[Column], rows: Sequence[ShownRow], last_row: int
) -> tuple[str, str, str, int]:
    """Return the check that the tick is set or something looks added or changed: what 自检 counts.

    Changed is what changes how many cells of a column are filled, how long its texts are together, or what its numbers
    and days add up to. A text that is replaced by one of the same length is not seen: the merge sees it.
    """
    tick = f"INDIRECT(\"'{form.sheet}'!${column_letters(3)}${NO_CHANGE_ROW}\")"
    parts = [f"(LEN({tick})=0)"]
    for number, column in enumerate(columns, 1):
        if not column.by_department:
            continue
        cells = _area(form, column_letters(number + 1), last_row)
        raw = [row.cells.get(column.key, "") for row in rows]
        texts = [as_text(each) for each in raw if isinstance(each, (str, time))]
        length = sum(len(each.encode("utf-16-le")) // 2 for each in texts)
        filled = sum(not is_blank(each) for each in raw)
        parts.append(f"(SUMPRODUCT(1*(LEN({cells})>0))={filled})")
        parts.append(f"(SUMPRODUCT(LEN({cells})*ISTEXT({cells}))={length})")
        if filled > len([each for each in texts if each]):
            parts.append(f"(ABS(SUM({cells})-{_sum_of(raw)})<0.0001)")
    return form.sheet, f"“{NO_CHANGE.title}”没有选，也看不出有新增或改动", f"=1*{'*'.join(parts)}", 1


def _sum_of(raw: Sequence[Any]) -> str:
    """Return the sum of numbers and days as Excel adds them up."""
    days = (each.date() if isinstance(each, datetime) else each for each in raw if isinstance(each, date))
    numbers = (each for each in raw if isinstance(each, (int, float)))
    return f"{sum((day - date(1899, 12, 30)).days for day in days) + sum(numbers):.6f}"


def _count_others(cells: str, readable: str, more: Sequence[str]) -> str:
    """Return the formula that counts filled cells for which all parts are 0; empty if it would be too long.

    Of ``more``, parts that would make the formula too long are left out.
    """

    def formula(parts: Sequence[str]) -> str:
        return f"=SUMPRODUCT((LEN(TRIM({cells}))>0)*(({'+'.join(parts)})=0))"

    kept = [readable]
    for part in more:
        if len(formula([*kept, part])) <= LONGEST_FORMULA:
            kept.append(part)
    return formula(kept) if len(formula(kept)) <= LONGEST_FORMULA else ""


_CLEAR = ("（清空）", "(清空)")
_WIDE = dict(zip("０１２３４５６７８９．％﹪，　", "0123456789.%%, ", strict=True))
_NUMERALS = (*"0123456789０１２３４５６７８９一二三四五六七八九十百千万亿零〇年月日",)


def _part_readable(column: Column, cells: str) -> str:
    """Return the formula part that is above 0 for readable cells of a column; empty if the column takes any text."""
    if column.type == ColumnType.CHOICE:
        others = [word for word, choice in column.choice_aliases.items() if choice in column.offered]
        plain = [word for word in others if _in_gbk(word)]
        spelt = [_is_spelt(cells, word) for word in others if word not in plain]
        return "+".join([_one_of(cells, [*column.offered, *plain, *_CLEAR]), *spelt])
    words = _one_of(cells, [*_CLEAR, *sorted(word for word in EMPTY_WORDS if word)])
    if column.type == ColumnType.PERCENT:
        text = cells
        for wide, narrow in _WIDE.items():
            text = f'SUBSTITUTE({text},"{wide}","{narrow}")'
        return f'{words}+ISNUMBER(VALUE(SUBSTITUTE({text}," ","")))'
    if column.type is ColumnType.DATE or column.type.is_number:
        found = f"MMULT(1*ISNUMBER(FIND({_constant(_NUMERALS)},{cells})),{{{';'.join('1' * len(_NUMERALS))}}})"
        return f"{words}+ISNUMBER({cells})+({found}>0)"
    return ""


def _parts_as_issued(column: Column, cells: str, ids: str, ledger: Ledger, rows: Sequence[ShownRow]) -> list[str]:
    """Return formula parts that are above 0 for values as issued which a department may not enter itself."""
    kept: dict[str, list[str]] = {}
    for row in rows:
        raw = row.cells.get(column.key, "")
        if (
            isinstance(raw, str)
            and raw == printable(raw)
            and read_value(column, raw, ledger.settings, by_department=True).problem
        ):
            kept.setdefault(raw, []).append(row.record.code)
    return [
        f"({_one_of(cells, [raw])})*({_one_of(ids, codes[at : at + 100])})"
        for raw, codes in kept.items()
        for at in range(0, len(codes), 100)
        if len(raw) <= LONGEST_CONSTANT
    ]


def _one_of(cells: str, words: Sequence[str]) -> str:
    """Return the formula part that is true for cells with one of these words."""
    return f"ISNUMBER(MATCH(TRIM({cells}),{_constant(words)},0))"


def _in_gbk(text: str) -> bool:
    """Return whether every character is in GBK, as all that is written into sheets must be."""
    try:
        text.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def _is_spelt(cells: str, word: str) -> str:
    """Return the formula part that is true for cells with a word, its characters outside GBK (✓) named by number.

    ISNUMBER makes it false, not an error, in programs that do not know UNICHAR.
    """
    parts = (_quoted(each) if _in_gbk(each) else f"_xlfn.UNICHAR({ord(each)})" for each in word)
    return f"ISNUMBER(1/(TRIM({cells})={'&'.join(parts)}))"


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _constant(words: Sequence[str]) -> str:
    """Return words as an array constant for a formula."""
    return "{" + ",".join(map(_quoted, words)) + "}"


def _write_guide(sheet: Worksheet, style: Formats, issue: Issue, ledger: Ledger, due: date | None) -> None:
    """Write 填报说明: when to return the file, and how to fill it in."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 92)
    who = "本支部" if issue.reporter.is_branch else "本部门"
    asked = (
        f"{reply_by_words(due)}{ledger.settings.office}。{who}共 {issue.rows} 行待填，每行只填浅黄色的格子。"
        if issue.rows
        else f"{who}没有待办的行：有新增的，填在各表下面的空行里报回；没有的可以不报。"
    )
    heading = "人员类登记" if issue.reporter.part else "党支部登记" if issue.reporter.is_branch else "整改进展填报"
    sheet.write_string(0, 0, f"{heading}　{issue.reporter.unit}　{issue.period}", style(bold=True, font_size=18))
    sheet.set_row(0, 34)
    tasks = ledger.registers.get(TASKS)
    has = tasks.columns if tasks else {}
    facts = "写事实和数字，例如“约谈 3 个支部，形成记录 3 份”，不写“持续推进、成效明显”"
    anew = (
        f"每一行都要报：有进展的写“本期进展”，{facts}；没有进展的，“本期无变化”选“是”。"
        "上期写的在旁边灰色的“上期进展”里，供对照。打开看看又原样存回的，不算报。"
    )
    counted = "周期任务不填进度，做了几次填在〈履行记录〉。" if FULFILMENTS in ledger.registers else ""
    helped = "要领导出面协调的，写在“需协调事项”。" if "help_needed" in has else ""
    ticks = f"没有新增、也没有改动的表，在表头上面的“{NO_CHANGE.title}”选“是”；不选也没有填，算没有说。"
    asks = any(ledger.registers[name].form.asks_for_changes for name in issue.spare)
    of_tasks = [
        anew if "unchanged" in has else f"本期进展{facts}；上期写的在旁边灰色的“上期进展”里，供对照。",
        "状态只填：未启动、推进中、已完成。销号由办公室和党委确认，部门不用填“已销号”。",
        f"进度填百分数，如 60%；{counted}没达到进度的，写清滞后原因和下一步。",
        f"报“已完成”的，佐证材料要写明名称和存放位置。{helped}",
    ]
    lines = [
        *(() if issue.reporter.is_branch or issue.reporter.part else of_tasks),
        *([ticks] if asks else []),
        "日期写成 2022-03-15；其他没有变化的格子不用动。确实要清空一格，请填“（清空）”。",
        "可以排序、筛选、调列宽；不要改表头、编号和表名。填完看一眼〈自检〉，全是 0 再报。",
        "只写部门和岗位，不写个人姓名、电话、证件号；涉密内容不得填报。",
        *(["这份表涉及个人，只给经办的人看，和别的表分开报。"] if issue.reporter.part else ()),
    ]
    lines = [asked, *(f"{number}. {line}" for number, line in enumerate(lines, 1))]
    for row, line in enumerate(lines, 1):
        sheet.write_string(row, 0, line, style(text_wrap=True, font_size=12))
        sheet.set_row(row, row_height([(line, 92 * 7)], 12, least=36))
    setup_page(sheet, f"A1:A{len(lines) + 1}", footer=(issue.reporter.name, issue.period), landscape=False)


def _write_self_check(book: NewWorkbook, style: Formats, checks: Sequence[tuple[str, str, str, int]]) -> None:
    """Write the locked 自检 sheet, which shows how many rows fail each check."""
    sheet = book.add_worksheet(SELF_CHECK)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 46)
    sheet.set_column(2, 2, 12)
    sheet.write_string(0, 0, "自检：下面全是 0，就可以报了（本表自动计算，不用填）", style(bold=True, font_size=14))
    sheet.set_row(0, 30)
    write_texts(sheet, 2, ("表", "检查什么", "几行"), head_format(style))
    for row, (name, what, formula, value) in enumerate(checks, 3):
        sheet.write_string(row, 0, name, style())
        sheet.write_string(row, 1, what, style())
        write_number(sheet, row, 2, value, style(align="center", bold=True), formula=formula)
    last = 3 + len(checks)
    red = book.add_format({"bg_color": Palette.RED_TINT, "font_color": Palette.RED_TEXT})
    sheet.conditional_format(3, 2, max(last - 1, 3), 2, {"type": "cell", "criteria": ">", "value": 0, "format": red})
    sheet.protect()
    setup_page(sheet, f"A1:C{last}", footer=("自检", ""), landscape=False)
