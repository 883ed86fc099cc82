"""参数: the office's lists, read wherever their blocks are; errors are reported by cell and the rest is read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from support.sheets import book
from taizhang.ledger.settings import BLOCKS, Department, Period, Settings, Thresholds, read_settings
from taizhang.workbook.reader import read_workbook

ROWS: dict[str, list[tuple[str, ...]]] = {
    "基本信息": [("单位名称", "某局"), ("方案年度", "2022"), ("日历年度", "'2021、2022")],
    "部门": [("财务处", "财务", "计财处、计划财务处"), ("办公室", "", "")],
    "岗位": [("局长", "")],
    "党支部": [("第一党支部", "财务处")],
    "方面": [("为群众办实事方面", "办实事")],
    "期次": [("2022-03 ", "2022-03-31", "2022-03-25")],
    "亮灯": [("临期天数", "5", "")],
    "事件": [("党的二十大召开", ""), ("换届", "2022-10-01")],
    "工作日历": [("2022-01-03", "放假", "元旦"), ("2022-01-29", "调休上班", "春节")],
}


def sheet(rows: dict[str, list[tuple[str, ...]]], blocks: list[str] | None = None) -> str:
    """Return 参数 as Markdown: the blocks side by side, an empty column between them."""
    names = blocks or list(BLOCKS)
    depth = max(map(len, rows.values()))
    lines: list[list[str]] = [[] for _ in range(depth + 2)]
    for name in names:
        heads = BLOCKS[name]
        lines[0] += [name, *[""] * len(heads)]
        lines[1] += [*heads, ""]
        for number in range(depth):
            entry = rows[name][number] if number < len(rows[name]) else ("",) * len(heads)
            lines[number + 2] += [*entry, *[""] * (len(heads) - len(entry)), ""]
    return "# 参数\n" + "\n".join("|" + "|".join(line) + "|" for line in lines)


def names_found(name: str, *typed: str) -> list[tuple[str, str, str]]:
    """Return (cell, check, severity) of the findings on names in the first column of a block."""
    text = sheet({**ROWS, name: [(each, *[""] * (len(BLOCKS[name]) - 1)) for each in typed]}, [name])
    parsed = read_workbook(Path("台账.xlsx"), book(text)).sheets[0]
    found = read_settings(parsed, "台账.xlsx")[1]
    return [(each.place.cell, each.check, each.severity.value) for each in found if each.place.cell]


def read(text: str) -> tuple[Settings, list[tuple[str, str]]]:
    """Return the settings and (cell, message) of the findings."""
    parsed = read_workbook(Path("台账.xlsx"), book(text)).sheets[0]
    settings, findings = read_settings(parsed, "台账.xlsx")
    assert {each.check for each in findings} <= {"settings", "name-clash"}
    return settings, [(each.place.cell, each.message) for each in findings]


def with_rows(name: str, *rows: tuple[str, ...]) -> str:
    return sheet({**ROWS, name: list(rows)})


def test_everything_is_read() -> None:
    settings, findings = read(sheet(ROWS))
    assert findings == []
    assert (settings.unit, settings.office, settings.year) == ("某局", "办公室", 2022)
    assert settings.departments == (Department("财务处", "财务", ("计财处", "计划财务处")), Department("办公室"))
    assert (settings.posts, settings.branches) == (("局长",), {"第一党支部": "财务处"})
    assert settings.aspects == {"为群众办实事方面": "办实事"}
    assert settings.periods == (Period("2022-03", date(2022, 3, 31), date(2022, 3, 25)),)
    assert settings.thresholds == Thresholds(due_soon=5)
    assert settings.events == {"党的二十大召开": None, "换届": date(2022, 10, 1)}
    assert not settings.workdays.is_workday(date(2022, 1, 3))
    assert settings.workdays.is_workday(date(2022, 1, 29))


def test_blocks_may_stand_in_any_order() -> None:
    assert read(sheet(ROWS, list(BLOCKS)[::-1])) == read(sheet(ROWS))


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_without_its_title_is_missed_and_the_others_are_read(name: str) -> None:
    settings, findings = read(sheet(ROWS, [each for each in BLOCKS if each != name]))
    assert [(cell, f"“{name}”" in message) for cell, message in findings] == [("", True)]
    assert (settings.departments == ()) is (name == "部门")


def test_gaps_between_entries_do_not_end_a_block() -> None:
    settings, findings = read(with_rows("部门", ("财务处",), ("",), ("办公室",)))
    assert ([each.name for each in settings.departments], findings) == (["财务处", "办公室"], [])


@pytest.mark.parametrize(
    ("name", "rows", "cell", "words"),
    [
        ("部门", [("财务处",), ("财务处",)], "D4", "与第 3 行重复"),
        ("部门", [("财务处", "财"), ("计财处", "财")], "第4行", "“财”同时指“财务处”和“计财处”"),
        ("部门", [("财务处", "", "办公室"), ("办公室",)], "第4行", "“办公室”同时指"),
        ("岗位", [("局长",), ("局长",)], "H4", "重复"),
        ("期次", [("2022-03", "'2022.2.30")], "R3", "没有 2022年2月30日"),
        ("事件", [("换届", "十月")], "AA3", "不是日期"),
        ("亮灯", [("临期天数", "七")], "V3", "“临期天数”要填整数"),
        ("亮灯", [("临期天数", "-1")], "V3", "“临期天数”要填整数"),
        ("亮灯", [("临期天数", "1.5")], "V3", "“临期天数”要填整数"),
        ("基本信息", [("方案年度", "今年")], "B3", "“方案年度”要填整数"),
    ],
)
def test_what_is_wrong_is_said_with_its_cell(name: str, rows: list[tuple[str, ...]], cell: str, words: str) -> None:
    settings, findings = read(with_rows(name, *rows))
    assert [each for each, _ in findings] == [cell]
    assert words in findings[0][1]
    assert settings.posts or name == "岗位"


def test_a_wrong_threshold_leaves_the_default_and_an_unknown_rule_is_the_offices_own() -> None:
    settings, _ = read(with_rows("亮灯", ("临期天数", "七"), ("红灯落后百分点", "40"), ("自己的规则", "x")))
    assert settings.thresholds == Thresholds(red_behind=40, yellow_behind=10, due_soon=7)
    assert read(with_rows("亮灯", ("临期天数", "0")))[0].thresholds.due_soon == 0


@pytest.mark.parametrize("typed", ["财务处", "财务", "计财处", " 财务处　", "财\u200b务处"])
def test_a_department_is_known_by_any_of_its_names(typed: str) -> None:
    department = read(sheet(ROWS))[0].department(typed)
    assert department
    assert department.name == "财务处"


def test_names_with_full_width_brackets_are_found_however_they_are_typed() -> None:
    settings = Settings(
        departments=(Department("人事处（老干部处）", "人事（老干）"),), periods=(Period("2022年（一）"),)
    )
    names = ["人事处（老干部处）", "人事处(老干部处)", "人事（老干）", "人事(老干)"]
    assert [settings.department(name) for name in names] == [settings.departments[0]] * 4
    assert settings.period("2022年(一)") == settings.period("2022年（一）") == settings.periods[0]
    assert (settings.department("财务处"), settings.period("2022-03")) == (None, None)


@pytest.mark.parametrize(
    ("name", "typed", "found"),
    [
        ("部门", ("财务处", "R&D部", "科研处（一室）", "第 2 党支部"), []),
        ("期次", ("2022-03", "2022年4月", "2022.5", "第1季度"), []),
        ("部门", ("科研处/一室", "财务处"), [("A3", "settings", "hint")]),
        ("期次", ("2022-03", "NUL", "2022-06.", "../../x"), [(f"A{row}", "settings", "hint") for row in (4, 5, 6)]),
        ("期次", ("..", "？"), [("A3", "settings", "error"), ("A4", "settings", "error")]),
        ("部门", ("科研处/一室", "科研处／一室"), [("A3", "name-clash", "error"), ("A4", "name-clash", "error")]),
        ("部门", ("A科", "财务处", "a科"), [("A3", "name-clash", "error"), ("A5", "name-clash", "error")]),
        ("部门", ("ＡＢ处", "AB处"), [("A3", "name-clash", "error"), ("A4", "name-clash", "error")]),
        ("期次", ("2022-03", "２０２２-03"), [("A3", "name-clash", "error"), ("A4", "name-clash", "error")]),
        ("期次", ("2022-03", "2022-\u200b03"), [("A3", "name-clash", "error"), ("A4", "name-clash", "error")]),
        ("期次", ("NUL", "NUL_"), [("A3", "name-clash", "error"), ("A4", "name-clash", "error")]),
        ("部门", ("财务处", "财务处"), [("A4", "settings", "error")]),
    ],
)
def test_names_that_no_file_can_bear_or_two_would_share_are_said(
    name: str, typed: tuple[str, ...], found: list[tuple[str, str, str]]
) -> None:
    assert names_found(name, *typed) == found


def test_an_alias_that_would_be_the_file_of_another_department_counts() -> None:
    settings, found = read(with_rows("部门", ("财务处", "", "A科"), ("a科", "", ""), ("审计处", "", "")))
    assert settings.sharing_departments == {"财务处", "a科"}
    assert [cell for cell, message in found if "会用同一个文件" in message] == [cell for cell, _ in found]
    assert settings.sharing_periods == frozenset()
