"""修改清单: the first sheet of a marked workbook, which lists all findings, each with a link to its cell."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from taizhang.ledger.findings import Finding, Severity
from taizhang.office.theme import Palette
from taizhang.office.xlsx import Formats, NewWorkbook, Worksheet, head_format, make_workbook, setup_page, write_texts
from taizhang.typed.readings import shown
from taizhang.workbook.places import a1, quoted_sheet

__all__ = ["FILLS", "LIST_SHEET", "MendGroup", "mend_list"]

LIST_SHEET = "修改清单"
"""Name of the sheet; not 问题清单, the name of a register in the ledger."""

FILLS = {Severity.ERROR: "FFC7CE", Severity.WARNING: "FFE9A8"}
"""Fill colours (RRGGBB) of cells to correct and of cells to look at."""

MendGroup = tuple[str, Severity, Sequence[tuple[Finding, str]]]
"""Title with count, severity, and findings, each with the code of its row."""

_LEGEND = "红色格子请修改，黄色格子请留意；点“在哪里”直接跳到那一格，格子上的批注写着怎么改。"
_HEADS = ("序号", "在哪里", "编号", "哪里不对、怎么改")


def mend_list(
    name: str, title: str, lines: Sequence[str], sections: Sequence[MendGroup], sheets: Collection[str]
) -> bytes:
    """Return the list as a workbook of one sheet; ``sheets`` are the sheets of the workbook it will be added to."""

    def write(book: NewWorkbook, style: Formats) -> None:
        sheet = book.add_worksheet(name)
        for column, width in enumerate((7, 22, 12, 86)):
            sheet.set_column(column, column, width)
        sheet.set_row(0, 34)
        sheet.write_string(0, 0, title, style(font_size=18, bold=True))
        row = 1
        for text in (*lines, _LEGEND):
            sheet.set_row(row, 22)
            sheet.write_string(row, 0, text, style(font_size=11))
            row += 1
        number = 0
        for heading, severity, found in sections:
            _write_heads(sheet, style, row + 1, heading)
            row += 3
            for finding, code in found:
                number += 1
                _write_finding(sheet, style, row, (number, finding, code), severity, sheets)
                row += 1
        setup_page(sheet, f"A1:D{row}", footer=(title, name))

    return make_workbook(write, {})


def _write_heads(sheet: Worksheet, style: Formats, row: int, heading: str) -> None:
    sheet.set_row(row, 24)
    sheet.write_string(row, 0, heading, style(font_size=12, bold=True, font_color=Palette.NAVY))
    write_texts(sheet, row + 1, _HEADS, head_format(style))


def _write_finding(
    sheet: Worksheet,
    style: Formats,
    row: int,
    told: tuple[int, Finding, str],
    severity: Severity,
    sheets: Collection[str],
) -> None:
    number, finding, code = told
    place = finding.place
    where = f"〈{place.sheet_shown}〉{place.cell}" if place.sheet else "整份文件"
    box = {"border": 1, "border_color": Palette.LINE, "text_wrap": True}
    fill = {"bg_color": f"#{FILLS[severity]}"} if severity in FILLS else {}
    sheet.set_row(row, max(24, 16 * -(-len(finding.department_message) // 42) + 8))
    sheet.write_string(row, 0, str(number), style(**box, **fill, align="center"))
    if place.sheet in sheets:
        link = f"internal:{quoted_sheet(place.sheet or '')}!{a1(place.row or 1, place.column or 1)}"
        look = style(**{**box, "font_color": Palette.LINK}, underline=1, align="left")
        sheet.write_url(row, 1, link, look, shown(where))
    else:
        sheet.write_string(row, 1, shown(where), style(**box, align="left"))
    sheet.write_string(row, 2, shown(code), style(**box, align="center"))
    sheet.write_string(row, 3, finding.department_message, style(**box, align="left"))
