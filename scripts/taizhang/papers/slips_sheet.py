"""督办单_YYYY-MM.xlsx: one sheet per department with what to do by when, and blanks to fill in and sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from taizhang.ledger.settings import Settings
from taizhang.office.theme import BODY_FONT, HEADING_FONT, LATIN_FONT, NOTE_FONT, Palette
from taizhang.office.xlsx import PAPER_TEXT, Formats, NewWorkbook, Worksheet, make_workbook, row_height, set_widths
from taizhang.papers.page import (
    BLANK,
    GRID,
    grid_head,
    paper_breaks,
    setup_form,
    sheet_names,
    short_day,
    write_box,
    write_rule,
    write_signature,
    write_title,
)
from taizhang.papers.slips import BLUE, DUE_LISTED, GRADES, ORANGE, RED, YELLOW, Grade, Item, Slip, Trouble
from taizhang.report.layout import shorten_line
from taizhang.supervision.tasks import Task
from taizhang.typed.dates import chinese_date

__all__ = ["opening", "slips_workbook"]

WIDTHS = (64, 176, 74, 50, 84, 192)
HEADS = ("编号", "整改措施", "时限", "进度", "督办灯", "滞后原因与督办要求")
LAST = len(WIDTHS) - 1
LONGEST, LONGEST_REMARK, MOST_ON_ONE_PAGE, TALLEST_ITEM = 160, 90, 4, 160
_TITLE, _NUMBER, _RULE, _ADDRESSEE, _TABLE_HEAD = 42, 20, 6, 28, 30
_SMALLEST_ITEM = 52
_OPENING_ROW, _HEAD_ROW, _FIRST_ITEM = 4, 5, 6
_TAIL = (84, 50, 32, 40, 32, 30, 32, 12, 22, 22, 6, 16, 16)

_LOOKS: Mapping[Grade, dict[str, str]] = {
    RED: {"bg_color": Palette.RED_TINT, "font_color": Palette.RED_TEXT},
    ORANGE: {"bg_color": Palette.ORANGE_TINT, "font_color": Palette.ORANGE_TEXT},
    YELLOW: {"bg_color": Palette.AMBER_TINT, "font_color": Palette.AMBER_TEXT},
    BLUE: {"bg_color": "#E6F0F9", "font_color": Palette.NAVY},
}
_ENDS = "。；，、 "
_CATCH_UP = "写明赶上进度的办法和完成时间"
_DEMANDS = {
    Trouble.LATE: "立即办理，写明逾期原因和新的完成时间",
    Trouble.FAR_BEHIND: _CATCH_UP,
    Trouble.BEHIND: _CATCH_UP,
    Trouble.UNREPORTED: "填报现在的进度",
    Trouble.DUE_SOON: "按时限办结，备齐佐证材料",
    Trouble.OWED: "补做所欠的次数，写明哪天补上",
    Trouble.MISSED: "说明缺期的原因，以后各期按时做",
    Trouble.CYCLE_ENDS: "本期结束前做够次数，填〈履行记录〉",
    Trouble.CONTRADICTED: "核对登记表，补做或写明原因",
    Trouble.RELAPSED: "重新整改，做到了再申请销号",
    Trouble.WAVERING: "对反复的地方再整改，下次复核看效果",
    Trouble.REFUSED: "按原定时限办理",
}


def slips_workbook(slips: Sequence[Slip], settings: Settings, created: datetime) -> bytes:
    """Return the bytes of the workbook of numbered slips; the same slips and timestamp give the same bytes."""
    names = sheet_names((slip.addressee for slip in slips), settings)

    def write(book: NewWorkbook, style: Formats) -> None:
        for slip in slips:
            sheet = book.add_worksheet(names[slip.addressee])
            sheet.set_tab_color(
                {RED: Palette.RED, ORANGE: Palette.ORANGE_TEXT, YELLOW: Palette.AMBER, BLUE: Palette.LINK}[slip.grade]
            )
            _write_slip(sheet, style, slip, settings)

    return make_workbook(write, {"title": "整改督办单", "author": settings.office, "created": created})


def opening(slip: Slip, office: str) -> str:
    """Return the paragraph below the addressee: the department's figures, items by trouble, and the day to answer.

    A branch leads no tasks, so that its slip gives no figures of any.
    """
    open_tasks = slip.tasks - slip.closed
    waiting = f"（其中已报完成、待审核{slip.pending}项）" if slip.pending else ""
    troubles = "、".join(f"{trouble}{count}项" for trouble, count in slip.troubles.items())
    reply = f"于{_day(slip)}前" if slip.reply_by else "尽快"
    chased = [f"督办整改措施{len(slip.items)}项：{troubles}"] if slip.items else []
    chased += [f"登记表到期没有办{len(slip.due)}项"] if slip.due else []
    if slip.branch:
        return (
            f"　　截至{chinese_date(slip.as_of)}，你支部{chased[0]}。请对照下表抓紧办理，{reply}将办理情况报{office}。"
        )
    return (
        f"　　截至{chinese_date(slip.as_of)}，你部门牵头整改措施{slip.tasks}项，"
        f"办结{slip.closed}项，未办结{open_tasks}项{waiting}。"
        f"本单{'；'.join(chased)}。"
        f"请对照下表抓紧办理，{reply}将办理情况、滞后原因和完成时间报{office}。"
    )


def _day(slip: Slip) -> str:
    return short_day(slip.reply_by, slip.as_of.year, "") if slip.reply_by else ""


def _write_slip(sheet: Worksheet, style: Formats, slip: Slip, settings: Settings) -> None:
    set_widths(sheet, WIDTHS)
    paragraph = opening(slip, settings.office)
    opening_height = row_height([(paragraph, sum(WIDTHS))], 15, least=0, wrapping=PAPER_TEXT) + 4
    above = _TITLE + _NUMBER + _RULE + _ADDRESSEE + opening_height + _TABLE_HEAD
    size, heights, breaks = _fit_items(slip, above)
    _write_heading(sheet, style, slip, paragraph, opening_height)
    for row, (item, height) in enumerate(zip(slip.items, heights, strict=True), _FIRST_ITEM):
        sheet.set_row(row, height)
        _write_item(sheet, style, row, slip, item, size)
    first = _FIRST_ITEM + len(slip.items)
    if slip.due:
        _write_due(sheet, style, first, slip)
        first += 1
    _write_tail(sheet, style, first, slip, settings)
    rows = None if breaks is None else [_FIRST_ITEM + number for number in breaks]
    setup_form(sheet, rows, _HEAD_ROW, f"A1:F{first + len(_TAIL)}")


def _write_heading(sheet: Worksheet, style: Formats, slip: Slip, paragraph: str, opening_height: float) -> None:
    write_title(sheet, style, "整改督办单", LAST, height=_TITLE, font_color=Palette.RED_RULE)
    sheet.set_row(1, _NUMBER)
    sheet.write_string(1, 0, slip.number, style(font_name=BODY_FONT, font_size=12))
    grade = style(font_name=HEADING_FONT, font_size=12, align="right", font_color=_LOOKS[slip.grade]["font_color"])
    sheet.write_string(1, LAST, f"督办等级：{slip.grade.symbol} {slip.grade.word}色督办", grade)
    write_rule(sheet, style, 2, LAST)
    sheet.set_row(3, _ADDRESSEE)
    sheet.write_string(3, 0, f"{slip.addressee}：", style(font_name=BODY_FONT, font_size=16))
    sheet.set_row(_OPENING_ROW, opening_height)
    body = style(font_name=BODY_FONT, font_size=15, text_wrap=True, valign="top")
    write_box(sheet, body, (_OPENING_ROW, 0, _OPENING_ROW, LAST), paragraph)
    sheet.set_row(_HEAD_ROW, _TABLE_HEAD)
    for column, head in enumerate(HEADS):
        sheet.write_string(_HEAD_ROW, column, head, grid_head(style))


def _write_item(sheet: Worksheet, style: Formats, row: int, slip: Slip, item: Item, size: float) -> None:
    task = item.task
    body = {"font_name": BODY_FONT, "font_size": size, "text_wrap": True, **GRID}
    centred, left = style(**body, align="center"), style(**body, align="left", indent=1)
    digits = style(**{**body, "font_name": LATIN_FONT}, align="center")
    sheet.write_string(row, 0, task.code, digits)
    sheet.write_string(row, 1, shorten_line(task.statement, LONGEST), left)
    sheet.write_string(row, 2, _due(slip, item), centred)
    sheet.write_string(row, 3, _progress(task), digits)
    light = style(**{**body, "font_name": HEADING_FONT, "font_size": 11}, align="center", **_LOOKS[item.grade])
    sheet.write_string(row, 4, f"{item.grade.mark}\n{item.why}", light)
    sheet.write_string(row, 5, _demand(item), left)


def _write_due(sheet: Worksheet, style: Formats, row: int, slip: Slip) -> None:
    """Write the box with the overdue rows of the department's registers."""
    sheet.set_row(row, _due_height(slip))
    look = style(font_name=BODY_FONT, font_size=11, text_wrap=True, valign="top", align="left", **GRID)
    write_box(sheet, grid_head(style), (row, 0, row, 0), "登记表\n到期事项")
    write_box(sheet, look, (row, 1, row, LAST), _due_lines(slip))


def _due_lines(slip: Slip) -> str:
    lines = [
        f"〈{each.register.sheet.name}〉{shorten_line(each.name, 30)}：{each.what}，"
        f"应在{short_day(each.due, slip.as_of.year)}以前，{each.words}"
        for each in slip.due[:DUE_LISTED]
    ]
    more = len(slip.due) - DUE_LISTED
    lines += [f"另有 {more} 项，请对照本{'支部' if slip.branch else '部门'}的登记表。"] if more > 0 else []
    return "\n".join(("请办好后在登记表里填上办理日期：", *lines))


def _due_height(slip: Slip) -> float:
    """Return the height of the box with overdue rows in points."""
    return row_height([(_due_lines(slip), sum(WIDTHS[1:]))], 11, least=_SMALLEST_ITEM, wrapping=PAPER_TEXT)


def _due(slip: Slip, item: Item) -> str:
    task = item.task
    extended = f"\n延{task.term.extended}次" if task.term.extended else ""
    if task.due:
        return f"{short_day(task.due, slip.as_of.year)}{extended}"
    return f"每{task.cycle}{task.duty.per_cycle}次" if task.cycle and task.duty else "—"


def _progress(task: Task) -> str:
    """Return the progress in per cent, of a recurring task the cycles fulfilled of those due."""
    if task.duty:
        return f"{task.duty.fulfilled}/{task.duty.due}期" if task.duty.due else "—"
    return "—" if task.progress is None else f"{task.progress_shown}%"


def _demand(item: Item) -> str:
    """Return the reported reason and the demand: the department's own next step, else the usual one for the trouble."""
    demand = shorten_line(item.task.next_step, LONGEST_REMARK) or _DEMANDS[item.trouble]
    asked = f"要求：{demand.rstrip(_ENDS)}。"
    if item.also:
        asked = f"另：{shorten_line(item.also, LONGEST_REMARK)}。\n{asked}"
    if item.grade is BLUE and not item.task.obstacle:
        return asked
    return f"原因：{shorten_line(item.task.obstacle, LONGEST_REMARK).rstrip(_ENDS) or '（未填报）'}。\n{asked}"


def _fit_items(slip: Slip, above: float) -> tuple[float, list[float], list[int] | None]:
    """Return the items' font size, their heights in points, and the items that begin a page (None for one page).

    The box with overdue rows of registers counts as the last item.

    Up to MOST_ON_ONE_PAGE items go on one page if they fit at one of the sizes.
    """
    heights: list[float] = []
    due = [_due_height(slip)] if slip.due else []
    last = len(slip.items) + len(due) - 1
    for size in (12, 11, 10.5):
        heights = [_item_height(slip, item, size) for item in slip.items]
        breaks = paper_breaks(above, _TABLE_HEAD, [*heights, *due], sum(_TAIL))
        if len(slip.items) <= MOST_ON_ONE_PAGE and breaks is None:
            return size, heights, None
        if len(slip.items) > MOST_ON_ONE_PAGE and max(heights) <= TALLEST_ITEM:
            return size, heights, breaks or [last]
    return 10.5, heights, paper_breaks(above, _TABLE_HEAD, [*heights, *due], sum(_TAIL)) or [last]


def _item_height(slip: Slip, item: Item, size: float) -> float:
    texts = [
        (shorten_line(item.task.statement, LONGEST), WIDTHS[1] - 9),
        (_demand(item), WIDTHS[5] - 9),
        (_due(slip, item), WIDTHS[2]),
        (f"{item.grade.mark}\n{item.why}", WIDTHS[4]),
    ]
    return row_height(texts, size, least=_SMALLEST_ITEM, wrapping=PAPER_TEXT)


def _write_tail(sheet: Worksheet, style: Formats, first: int, slip: Slip, settings: Settings) -> None:
    for row, height in enumerate(_TAIL, first):
        sheet.set_row(row, height)
    blank = style(font_name=BODY_FONT, font_size=12, text_wrap=True, valign="top", align="left", **GRID)
    for row, text in ((first, "办理情况\n（承办部门填写）"), (first + 1, "完成时间\n及佐证材料")):
        write_box(sheet, grid_head(style), (row, 0, row, 1), text)
        write_box(sheet, blank, (row, 2, row, LAST), "")
    write_box(sheet, grid_head(style), (first + 2, 0, first + 2, 1), "党支部书记" if slip.branch else "部门负责人")
    write_signature(sheet, style, first + 2, (2, LAST))
    options = style(font_name=BODY_FONT, font_size=12, align="center", **{**GRID, "bottom": 0})
    for row, label, look, text in (
        (first + 3, "分管领导意见", style(**{**GRID, "bottom": 0}), ""),
        (first + 5, f"{settings.office}复核", options, "□ 同意销号　　　□ 继续推进　　　□ 重新整改"),
    ):
        write_box(sheet, grid_head(style), (row, 0, row + 1, 1), label)
        write_box(sheet, look, (row, 2, row, LAST), text)
        write_signature(sheet, style, row + 1, (2, LAST), top=0)
    closing = style(font_name=BODY_FONT, font_size=14, align="right", indent=3)
    sheet.write_string(first + 8, LAST, f"{settings.unit}{settings.office}", closing)
    sheet.write_string(first + 9, LAST, chinese_date(slip.issued or slip.as_of), closing)
    note = style(font_name=NOTE_FONT, font_size=10.5, font_color=Palette.INK2)
    phone = settings.facts.get("联系电话") or BLANK
    reprint = f"　按{chinese_date(slip.as_of)}的数据重印。" if slip.issued and slip.issued != slip.as_of else ""
    kept = f"本单一式两份，承办部门、{settings.office}各存一份。"
    sheet.write_string(first + 11, 0, f"联系电话：{phone}　{kept}{reprint}", note)
    used = [grade for grade in GRADES if grade is not ORANGE or any(item.grade is ORANGE for item in slip.items)]
    legend = "　".join(f"{grade.mark}＝{grade.meaning}" for grade in used)
    sheet.write_string(first + 12, 0, f"等级取最重：{legend}", note)
