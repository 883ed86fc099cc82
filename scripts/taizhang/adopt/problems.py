"""The problems and causes of an entry: a new row, or the one with the same words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from taizhang.adopt.adopted import PLACE
from taizhang.adopt.grid import Cell
from taizhang.adopt.lines import Line
from taizhang.adopt.reading import Reading
from taizhang.adopt.responsible import unit_named
from taizhang.adopt.words import Item, items_of, parts_for, without_label
from taizhang.draft import words
from taizhang.draft.item_labels import label_at
from taizhang.forms.register_names import CAUSES, PROBLEMS
from taizhang.ledger.cell_values import read_value
from taizhang.typed.text import clean_key

__all__ = ["NO_ASPECT", "begin_section", "read_problems"]

NO_ASPECT = "未分方面"
"""The 方面 of problems for which the table gives none."""

SEVERAL_PROBLEMS = "一格里写了几个问题，看不出各是哪条措施，按一个问题收；要分开的，请在原表里一个问题写一行再收"
"""Said of a cell with several numbered problems if the measures beside it are not numbered alike."""

_ASPECT = re.compile(
    r".{1,12}方面|(?:党的|思想|政治|组织|作风|纪律|制度|廉政|廉洁|队伍|干部|业务|能力|法治|文化|支部|领导班子)"
    r"(?:思想|政治|组织|作风|纪律|能力|文化)?(?:建设|信念)"
)
"""Names of sheets that are aspects of problems."""

_CLAUSE_ENDS = "。；;：:\n"

_SHORT = 40
"""A problem of so many characters is its own title; of a longer one the title is its first clause."""

_LONGEST_TITLE = 60


def begin_section(reading: Reading, line: Line) -> None:
    """Note a title among the rows: a department, a problem or an aspect, whichever of them no column says."""
    for number in line.cells[:-1]:
        reading.account.name(number, "小标题的序号，没有写进台账")
    reading.last = []
    title = line.title
    if "department" not in reading.columns and (unit := unit_named(title.text)):
        reading.account.write(title)
        reading.unit = unit
    elif (reading.both and "方面" not in title.text) or (reading.titled and _tells_problem(reading, title.text)):
        reading.under = title
    else:
        reading.over, reading.under = title, None


def _tells_problem(reading: Reading, title: str) -> bool:
    """Whether the title of a section is a problem: it is counted as one (问题一：……), or says what falls short."""
    label = label_at(title)
    bare = title[label.end :] if label else title
    counted = without_label(bare, reading.words.fields["problem"].heads) != bare
    return counted or bool(re.search(words.SHORTCOMING, bare) and not re.search(words.TOPIC, bare))


def read_problems(reading: Reading, line: Line) -> list[dict[str, Any]]:
    """Return the problems of a row: new ones, or those with the same words under the same aspect.

    A cell that numbers several problems holds so many if the measures beside it are numbered alike; a row with neither
    problem nor number goes on with the problem above, if the numbers of the table count its problems.
    """
    labelled = reading.labelled(line.row)
    named = reading.cell("statement" if labelled else "problem", line.row)
    cell = named if labelled else reading.under or named
    if cell is None:
        return reading.last if reading.goes_on(line.row) else []
    aspect_cell = reading.cell("aspect", line.row)
    section = reading.over
    aspect = reading.section(aspect_cell) if aspect_cell else ""
    if not aspect and "aspect" not in reading.columns:
        aspect = reading.section(section) if section else _aspect_of_sheet(reading)
    reading.account.write(cell, aspect_cell)
    items, own = _numbered_alike(reading, line, cell) if cell is named and not labelled else ((), None)
    texts: Sequence[str | None] = [labelled[0]] if labelled else [each.text for each in items] or [None]
    found = []
    for text in texts:
        identity = (aspect, text or cell.text)
        if identity not in reading.problems:
            reading.problems[identity] = _add_problem(reading, line.row, cell, aspect, text)
        found.append(reading.problems[identity])
    for number, row in enumerate(found):
        _add_detail(reading, line.row, row, number, found)
        _add_origin(reading, line.row, row)
        _add_cause(reading, line.row, row, number, len(found))
    number = reading.cell("number", line.row)
    if (
        number
        and len(found) == 1
        and found[0] not in (same := reading.builder.numbered.setdefault(clean_key(number.text), []))
    ):
        same.append(found[0])
    reading.last = found if own is None else [found[own]]
    return reading.last


def _numbered_alike(reading: Reading, line: Line, cell: Cell) -> tuple[Sequence[Item], int | None]:
    """Return the problems that a cell numbers, and which of them a row's measure is for (None: one each in its cell).

    Nothing if the cell has one problem, or if nothing shows which measures are for which of them.
    """
    items = items_of(cell.text) if isinstance(cell.raw, str) else ()
    if not items or label_at(cell.text) is None:
        return (), None
    statement = reading.cell("statement", line.row)
    if statement and len(items_of(statement.text)) == len(items):
        return items, None
    rows = [
        each for row in range(cell.row, cell.bottom + 1) if (each := reading.cell("statement", row)) and each.row == row
    ]
    numbers = [label.number if (label := label_at(each.text)) else 0 for each in rows]
    if statement in rows and numbers == [each.number for each in items]:
        return items, rows.index(statement)
    if statement:
        reading.builder.lack(SEVERAL_PROBLEMS, reading.at(cell.row))
    return (), None


def _aspect_of_sheet(reading: Reading) -> str:
    """Return the sheet's name if it is one of an aspect (政治建设), as in a workbook with a sheet for each."""
    name = " ".join(reading.grid.sheet.name.split())
    return name if _ASPECT.fullmatch(name) else ""


def _add_problem(reading: Reading, row: int, cell: Cell, aspect: str, item: str | None) -> dict[str, Any]:
    """Add a problem: what a cell says, or one ``item`` of it."""
    whole = reading.section(cell) if cell is reading.under else reading.text(cell)
    said = whole if item is None or whole is None else reading.safe(cell, item)
    said = without_label(said, reading.words.fields["problem"].heads) if said else said
    text, builder = said or "（内容没有收进来）", reading.builder
    if not aspect:
        builder.lack(f"没有写方面，记作“{NO_ASPECT}”，请在〈参数〉和〈问题清单〉里改", reading.at(row))
    elif aspect == _aspect_of_sheet(reading) and "aspect" not in reading.columns:
        builder.counts[f"没有写方面，按工作表的名称写作“{aspect}”"] += 1
    aspect = " ".join(aspect.split()) or NO_ASPECT
    builder.aspects[aspect] = None
    title = _title_of(text)
    made = builder.add(PROBLEMS, {"aspect": aspect, "title": title, "detail": text if title != text else None})
    made["source"] = reading.origin
    builder.keep(PROBLEMS, made, PLACE, f"{reading.source.file}{reading.grid.named(row)}")
    return made


def _add_detail(
    reading: Reading, row: int, problem: dict[str, Any], number: int, problems: Sequence[dict[str, Any]]
) -> None:
    """Add 具体表现 to a problem; each row of the problem may have its own, and each of several problems of a cell."""
    cell = reading.first("detail", row) if number == 0 else reading.cell("detail", row)
    text = parts_for(reading.text(cell) or "", len(problems))[number] if cell else ""
    if text and text not in (problem["detail"] or "").split("\n"):
        problem["detail"] = "\n".join(filter(None, (problem["detail"], text)))


def _add_origin(reading: Reading, row: int, problem: dict[str, Any]) -> None:
    """Write the 来源 that the table gives, if it is one of the form's; else keep its words."""
    cell = reading.first("problem_source", row)
    if cell is None:
        return
    value = read_value(reading.source.forms[PROBLEMS].column("source"), cell.text, reading.source.settings).value
    if value:
        problem["source"] = value
        reading.account.write(cell)
    else:
        reading.builder.keep(
            PROBLEMS, problem, f"原表{reading.columns['problem_source'].field.title}", reading.text(cell) or ""
        )


def _add_cause(reading: Reading, row: int, problem: dict[str, Any], number: int, count: int) -> None:
    cell = reading.cell("cause", row)
    text = parts_for(reading.text(cell) or "", count)[number] if cell else ""
    if not text:
        return
    if text not in reading.causes:
        title = _title_of(text)
        made = reading.builder.add(CAUSES, {"title": title, "detail": text if title != text else None})
        reading.causes[text] = made["code"]
    problem["causes"] = tuple(dict.fromkeys((*problem.get("causes", ()), reading.causes[text])))


def _title_of(text: str) -> str:
    """Return the title of a problem or a cause: the text itself if it is short, else its first clause."""
    line = " ".join(text.split())
    if len(line) <= _SHORT and "\n" not in text:
        return text
    end = min((place for mark in _CLAUSE_ENDS if (place := text.find(mark, 2)) > 0), default=len(text))
    return " ".join(text[: min(end, _LONGEST_TITLE)].split())
