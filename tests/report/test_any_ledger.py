"""Every workbook can be made from any readable ledger: checked over wild ledgers."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs
from openpyxl.utils import get_column_letter, range_boundaries
from python_calamine import CalamineWorkbook
from support.ledgers import load
from support.looks import C
from support.packages import members
from support.scenarios import AS_OF, STAMP, a_problem, a_task, build, workbook
from support.sheets import book
from support.thorough import few_or_all
from support.wild import Wild, wild
from taizhang.checks import check_ledger
from taizhang.figures import sentences
from taizhang.figures.metrics import Metrics, compute_metrics
from taizhang.forms.load import standard_forms
from taizhang.issue.plan import find_withheld, rows_to_issue
from taizhang.issue.template import reporter_workbook
from taizhang.ledger.settings import read_settings
from taizhang.ledger.vocabulary import Light
from taizhang.papers.public import publish
from taizhang.papers.public_sheet import public_workbook
from taizhang.papers.slips import number_slips, plan_slips
from taizhang.papers.slips_sheet import slips_workbook
from taizhang.papers.statements import plan_statements
from taizhang.papers.statements_sheet import statements_workbook
from taizhang.report import progress_workbook
from taizhang.workbook.reader import read_workbook

pytestmark = pytest.mark.slow

TINTS = {"FFFDE7E4": "◆", "FFFFF1CF": "▲"}
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REPLY_BY = date(2022, 7, 7)
SEEDS = range(int(os.environ.get("TAIZHANG_WILD_LEDGERS", few_or_all(3, 100))))
"""How many ledgers are tried; set the variable to some hundred to try many."""


def workbooks(w: Wild) -> Iterator[tuple[str, bytes]]:
    """Yield every workbook made from a ledger, by name; asserts that the leaders' sheets agree with each other."""
    m = compute_metrics(w.ledger, w.as_of, w.earlier)
    data = progress_workbook(m, STAMP)
    assert report_faults(m, data) == []
    yield "report", data
    slips, _ = plan_slips(w.ledger, w.as_of)
    register = w.ledger.registers.get("slips")
    if register:
        slips = number_slips(w.ledger, register, slips, (), REPLY_BY).slips
    if slips:
        yield "slips", slips_workbook(slips, w.ledger.settings, STAMP)
    statements, _ = plan_statements(w.ledger, w.as_of)
    if statements:
        yield "statements", statements_workbook(statements, w.ledger.settings, REPLY_BY, STAMP)
    if {"problems", "tasks"} <= set(w.ledger.registers):
        public, _ = publish(w.ledger, w.as_of)
        if public.problems:
            yield "public", public_workbook(public, STAMP)
    forms = standard_forms()
    for issue in rows_to_issue(w.ledger, forms, "2022-06", find_withheld(w.ledger, forms), w.as_of):
        yield "issue", reporter_workbook(issue, w.ledger, "0" * 32, None, STAMP)


@dataclass(frozen=True)
class Package:
    """A workbook as in its XML: each member parsed, the texts, and the cells of each sheet."""

    trees: dict[str, Any]
    texts: tuple[str, ...]
    sheets: dict[str, dict[str, tuple[str, str]]]


def package(data: bytes) -> Package:
    """Parse a workbook; raises XMLSyntaxError if a member is not well-formed."""
    trees = {part: etree.fromstring(content) for part, content in members(data).items()}
    texts = tuple("".join(each.itertext(f"{S}t")) for each in trees["xl/sharedStrings.xml"])
    names = [each.get("name") for each in trees["xl/workbook.xml"].iter(f"{S}sheet")]
    sheets = {}
    for number, name in enumerate(names, 1):
        sheets[name] = {
            cell.get("r"): (cell.get("t", "n"), value)
            for cell in trees[f"xl/worksheets/sheet{number}.xml"].iter(f"{S}c")
            if (value := cell.findtext(f"{S}v")) is not None
        }
    return Package(trees, texts, sheets)


def faults(name: str, data: bytes, held: frozenset[str]) -> list[str]:
    """Return the faults of a workbook, independent of its content."""
    found = package(data)
    lines = [
        f"{part}: {each}"
        for part, tree in found.trees.items()
        if "/charts/" in part
        for each in chart_faults(tree, found)
    ]
    names = CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names
    lines += [f"{each}: too long a name" for each in names if len(each.encode("utf-16-le")) > 62]
    areas = [
        each for each in found.trees["xl/workbook.xml"].iter(f"{S}definedName") if "Print_Area" in each.get("name")
    ]
    hidden = sum(each.get("state") is not None for each in found.trees["xl/workbook.xml"].iter(f"{S}sheet"))
    if name not in ("public", "issue") and len(areas) != len(names) - hidden:
        lines.append(f"{len(areas)} print areas on {len(names)} sheets")
    lines += [f"not in GBK: {text[:40]!r}" for text in found.texts if not _prints(text, held)]
    for sheet, cells in found.sheets.items():
        lines += [
            f"{sheet}!{place}: {value}"
            for place, (kind, value) in cells.items()
            if kind == "e" or value in ("nan", "inf")
        ]
    for part, tree in found.trees.items():
        heights = [float(each.get("ht", 0)) for each in tree.iter(f"{S}row")]
        lines += [f"{part}: a row of {height} points" for height in heights if height > 409.5]
        lines += [
            f"{part}: a formula of {len(each.text)}" for each in tree.iter(f"{S}f") if len(each.text or "") > 8192
        ]
        lines += [
            f"{part}: a footer of {len(each.text)}" for each in tree.iter(f"{S}oddFooter") if len(each.text or "") > 255
        ]
    return [f"{name} {line}" for line in lines]


def _prints(text: str, held: frozenset[str]) -> bool:
    """Whether a text prints on every machine, ignoring characters from the ledger itself."""
    return text.encode("gbk", "ignore").decode("gbk") == "".join(
        char for char in text if char not in held or _in_gbk(char)
    )


@cache
def _in_gbk(char: str) -> bool:
    return bool(char.encode("gbk", "ignore"))


def chart_faults(chart: Any, found: Package) -> Iterator[str]:
    """Yield the points that a chart caches for empty cells, and those that differ from their cell."""
    for reference in (*chart.iter(f"{C}numRef"), *chart.iter(f"{C}strRef")):
        sheet, _, area = reference.findtext(f"{C}f").rpartition("!")
        left, top, right, bottom = (edge or 0 for edge in range_boundaries(area.replace("$", "")))
        cache = {int(pt.get("idx")): pt.findtext(f"{C}v") for pt in reference.iter(f"{C}pt")}
        places = [
            f"{get_column_letter(column)}{row}" for row in range(top, bottom + 1) for column in range(left, right + 1)
        ]
        for index, place in enumerate(places):
            kind, value = found.sheets[sheet.strip("'").replace("''", "'")].get(place, ("", None))
            value = found.texts[int(value)] if kind == "s" and value else value
            if value != cache.get(index) and (
                value is None or cache.get(index) is None or float(value) != float(cache[index] or 0)
            ):
                yield f"{place} holds {value!r}, its point is {cache.get(index)!r}"


def report_faults(m: Metrics, data: bytes) -> list[str]:
    """Return the contradictions between the leaders' sheets: names, totals, lights and their tints."""
    book, found = load(data, values=True), []
    if sentences.overall(m)[:6] not in str(book["整改一览"]["B3"].value):
        found.append("整改一览 does not begin with the message")
    found += [f"{sheet.title} has no message" for sheet in book.worksheets[2:] if not sheet["B5"].value]
    rows = {title: list(book[title].iter_rows(values_only=True)) for title in book.sheetnames}
    ranked = rows["部门排名"][6 : 6 + len(m.departments)]
    names = [row[2] for row in ranked]
    block = next(number for number, row in enumerate(rows["图表数据"]) if str(row[1]).startswith("部门：各状态")) + 2
    drawn = [row[1] for row in rows["图表数据"][block : block + len(m.departments)]]
    found += [
        f"two departments are called {name}" for each in (names, drawn) for name in set(each) if each.count(name) > 1
    ]
    totals = {
        "整改一览": next(row[4:10] for row in rows["整改一览"] if row[2] == "合计"),
        "五个方面": next(row[4:10] for row in rows["五个方面"] if row[2] == "合计"),
        "部门排名": next(row[3:4] for row in rows["部门排名"] if row[2] == "合计"),
        "部门相加": (sum(row[3] for row in ranked),),
        "措施台账": (sum(row[1] != "—" for row in rows["措施台账"][6:]),),
    }
    whole = (m.total.tasks, *m.total.statuses)
    found += [
        f"{title} counts {numbers}, not {whole}"
        for title, numbers in totals.items()
        if numbers != whole[: len(numbers)]
    ]
    lights = [row[12] for row in rows["措施台账"][6:]]
    alerts = [row[1] for row in rows["逾期预警"][6 : 6 + len(m.exceptions)]]
    for light, number in ((Light.RED, m.total.red), (Light.AMBER, m.total.amber)):
        if {lights.count(light), alerts.count(light)} != {number}:
            found.append(f"{light}: {lights.count(light)} and {alerts.count(light)}, not {number}")
    found += board_faults(m, rows)
    for sheet in book:
        for row in sheet.iter_rows():
            words = [cell.value for cell in row if isinstance(cell.value, str)]
            for cell in row:
                tint = TINTS.get(cell.fill.fgColor.rgb if cell.fill.fill_type == "solid" else "")
                if (
                    tint
                    and sheet.title != "手机版"
                    and not any(tint in str(each) for each in (cell.value, cell.number_format))
                ):
                    found.append(f"{sheet.title}!{cell.coordinate} is tinted {tint} and says {cell.value!r}")
            if any(word.startswith("逾期") and word.endswith("天") for word in words) and not any(
                "◆" in word for word in words
            ):
                found.append(f"{sheet.title}!{row[0].row} is late and not red")
    return found


def board_faults(m: Metrics, rows: dict[str, list[tuple[Any, ...]]]) -> list[str]:
    """Return the contradictions of the boards: parts that do not add up, rates that differ from the first page's."""
    boards, number = m.boards, m.total.tasks
    sums = {title: [row[2:] for row in rows[title] if row[1] == "合计"] for title in ("牵头领导", "措施分组")}
    found = [
        f"{title} counts {row[0]} of {number}, kinds {row[1:4]}"
        for title, totals in sums.items()
        for row in totals
        if row[0] != number or sum(row[1:4]) != number
    ]
    found += [f"{title} has no sum" for title, totals in sums.items() if bool(totals) != bool(number)]
    cycles = [row[19:23] for row in rows["周期履行"][6 : 6 + len(boards.recurring.lines)]]
    (total,) = [row[19:23] for row in rows["周期履行"] if row[3] == "合计"] or [(0, 0, 0, 0)]
    if tuple(map(sum, zip(*cycles, strict=True))) != tuple(total) and cycles:
        found.append(f"周期履行 sums {cycles} to {total}")
    counts, rates = boards.recurring.total.counts, m.rates
    pairs = {
        "履行率": ((counts.fulfilled, counts.due), (rates.fulfilled.part, rates.fulfilled.whole)),
        "复核率": ((boards.reviews.in_time, boards.reviews.due), (rates.reviewed.part, rates.reviewed.whole)),
    }
    found += [f"{name}: {own}, not {first}" for name, (own, first) in pairs.items() if own != first]
    if boards.groups.total.rates != rates:
        found.append("措施分组 has other rates")
    changed = {each.task.code for each in boards.changes.changes if each.listed}
    if boards.changes.unchanged + len(changed) != len({task.code for task in m.tasks}) and _all_differ(m):
        found.append(f"与上期比: {boards.changes.unchanged} unchanged and {len(changed)} changed of {number}")
    marks = [sum(each == "○" for each in row[4:11]) for row in rows["待明确项"][6 : 6 + len(boards.gaps.lines)]]
    if sum(marks) != sum(boards.gaps.lacking.values()):
        found.append(f"待明确项 shows {sum(marks)} gaps")
    if not 0 <= boards.quality.sound <= boards.quality.rows:
        found.append(f"{boards.quality.sound} sound rows of {boards.quality.rows}")
    return found


def _all_differ(m: Metrics) -> bool:
    """Whether no two tasks have the same code."""
    return len({task.code for task in m.tasks}) == len(m.tasks)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_workbook_of_any_ledger_is_sound(seed: int) -> None:
    assert all_faults(wild(seed)) == []


def all_faults(w: Wild) -> list[str]:
    """Return the faults of all workbooks of a ledger; a ledger without a needed sheet or column must be refused."""
    list(check_ledger(w.ledger, w.as_of))
    if w.ledger.broken:
        return []
    return [fault for name, data in workbooks(w) for fault in faults(name, data, w.cells)]


def a_ledger(tasks: Sequence[dict[str, Any]], **lists: Any) -> Wild:
    return Wild(0, build(tasks, **lists), (), AS_OF, frozenset(str(lists)))


CLASH = "食品安全抽检监测和餐饮服务环节监督检查领导小组"
ONCE_DIED = {
    "a deadline before its start": a_ledger(
        [a_task(6, start=date(2022, 8, 1), deadline=date(2022, 3, 31), status="推进中")]
    ),
    "a deadline before its start, both in other years": a_ledger(
        [
            a_task(6, start=date(2023, 8, 1), deadline=date(2021, 3, 31)),
            a_task(7, start=date(2024, 1, 1), deadline=date(2023, 3, 31)),
        ]
    ),
    "an aspect and a department with control characters": a_ledger(
        [a_task(6, department="处\x01室")],
        departments=["处\x01室"],
        problems=[a_problem(6, aspect="别的\x02方面", code="WT-07")],
    ),
    "a cause of 30 000 characters": a_ledger([a_task(6)], causes=["根" * 30_000]),
    "departments that begin and end alike": a_ledger(
        [a_task(n, department=f"{CLASH}{word}办公室") for n, word in enumerate("一二三")],
        departments=[f"{CLASH}{word}办公室" for word in "一二三"],
    ),
    "a department that no sheet can be called": a_ledger(
        [a_task(n, department=name) for n, name in enumerate(("History", "'引号'", "[a]:b"))],
        departments=["History", "'引号'", "[a]:b"],
    ),
    "cells that make a formula too long or hold what it cannot": a_ledger(
        [],
        departments=["办公室"],
        registers={
            "appeals": [
                {
                    "code": f"SQ-{n:03}",
                    "department": "办公室",
                    "received": date(2022, 3, 1),
                    "subject": "等",
                    "channel": f"{n}" + "说不清的渠道" * 20 + "\x01" * (n % 2),
                }
                for n in range(90)
            ]
        },
    ),
}


@pytest.mark.parametrize("w", ONCE_DIED.values(), ids=ONCE_DIED.keys())
def test_every_workbook_of_what_once_died_is_sound(w: Wild) -> None:
    assert all_faults(w) == []


@pytest.mark.parametrize("name", ["first_period", "normal", "departments_20", "no_data"])
def test_charts_keep_no_point_for_an_empty_cell(name: str) -> None:
    data = workbook(name)
    assert faults(name, data, frozenset()) == []
    found = package(data)
    caches = [
        (int(reference.find(f".//{C}ptCount").get("val")), len(list(reference.iter(f"{C}pt"))))
        for part, tree in found.trees.items() if "/charts/" in part for reference in tree.iter(f"{C}numRef")
    ]  # fmt: skip
    # Open tasks in fact until June: six months from January's ledger, five from the month end before March's close-out.
    known = {"first_period": 1, "normal": 6, "departments_20": 5}.get(name)
    assert known is None or (12, known) in caches, caches
    assert ((13, 12) in caches) == (name == "departments_20"), (
        "the line for the departments that are not drawn holds no numbers"
    )


def test_a_year_that_cannot_be_is_found_and_not_drawn() -> None:
    ledger = build([a_task(6)])
    settings, findings = read_settings(read_workbook(Path("台账.xlsx"), book("""
        # 参数
        | 基本信息 | |
        | 项目 | 内容 |
        | 方案年度 | 99999 |
    """)).sheets[0], "台账.xlsx")  # fmt: skip
    assert [each.message for each in findings if "年度" in each.message] == [
        "“方案年度”写的 99999 不在 2015—2035 之间，请改正；现在按没有写年度算。"
    ]
    assert settings.year is None
    m = compute_metrics(replace(ledger, settings=replace(ledger.settings, year=settings.year)), AS_OF)
    assert [point.month.year for point in m.trend] == [2022] * 12
