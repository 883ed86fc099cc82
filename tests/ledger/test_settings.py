"""参数: the office's lists, read wherever their blocks are; errors are reported by cell and the rest is read."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest
from support.sheets import book
from taizhang.forms.load import standard_forms
from taizhang.ledger.settings import BLOCKS, LATER_BLOCKS, Department, Period, Settings, Thresholds, read_settings
from taizhang.workbook.reader import Sheet, read_workbook

ROWS: dict[str, list[tuple[str, ...]]] = {
    "基本信息": [("单位名称", "某局"), ("方案年度", "2022"), ("日历年度", "'2021、2022")],
    "部门": [("财务处", "财务", "计财处、计划财务处"), ("办公室", "", "")],
    "岗位": [("局长", "")],
    "党支部": [("第一党支部", "财务处")],
    "方面": [("为群众办实事方面", "办实事")],
    "期次": [("2022-03 ", "2022-03-31", "2022-03-25")],
    "亮灯": [("临期天数", "5", "")],
    "事件": [("党的二十大召开", ""), ("换届", "2022-10-01")],
    "填报": [],
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
    """Return (cell, check, severity) of the findings on names in the first column of a block; dates are not typed."""
    text = sheet({**ROWS, name: [(each, *[""] * (len(BLOCKS[name]) - 1)) for each in typed]}, [name])
    parsed = read_workbook(Path("台账.xlsx"), book(text)).sheets[0]
    found = read_settings(parsed, "台账.xlsx")[1]
    return [(each.place.cell, each.check, each.severity.value) for each in found if each.place.column == 1]


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
    settings, findings = read(sheet(ROWS, list(BLOCKS)[::-1]))
    expected, _ = read(sheet(ROWS))
    assert (asdict(settings), findings) == (asdict(expected), [])


@pytest.mark.parametrize("name", [each for each in BLOCKS if each not in LATER_BLOCKS])
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
        ("期次", [("2022-03", "'2022.2.30", "2022-03-25")], "S3", "没有 2022年2月30日"),
        ("期次", [("2022-03", "2022-03-31")], "T3", "“2022-03”没有报送截止日，"),
        ("期次", [("2022-03", "", "2022-03-25")], "S3", "“2022-03”没有统计截止日，"),
        ("期次", [("八月", "2022-08-31", "2022-08-25")], "R3", "没有写年份"),
        ("期次", [("2022-03", "2023-03-31", "2023-03-25")], "S3", "不在同一年"),
        ("期次", [("2022-03", "2022-03-31", "2022-02-28")], "T3", "从 2022-03-01 起"),
        ("期次", [("2022-03", "2022-03-31", "2022-07-01")], "T3", "没有人算报晚"),
        (
            "期次",
            [("2022年第一批", "2022-03-31", "2022-03-25"), ("2022年第二批", "2022-06-30", "2022-03-31")],
            "T4",
            "从 2022-04-01 起",
        ),
        (
            "期次",
            [("2022-03", "2022-03-31", "2022-03-25"), ("2022-04", "2022-03-31", "2022-04-25")],
            "S4",
            "和“2022-03”的一样",
        ),
        ("期次", [("2022-03", "2022-03-31", "2022-03-25"), ("2022-03", "2022-03-31", "2022-03-25")], "R4", "重复"),
        ("事件", [("换届", "2022-10-01"), ("换届", "2022-11-01")], "AA4", "现在按这一行算"),
        ("事件", [("换届", "十月")], "AB3", "不是日期"),
        ("亮灯", [("临期天数", "七天")], "W3", "要填整数，现在是“七天”，请改正；现在按 7 算。"),
        ("亮灯", [("临期工作日", "七天")], "W3", "请改正；现在不用这一条。"),
        ("亮灯", [("临期天数", "")], "W3", "“临期天数”的数值空着，现在按 7 算；"),
        ("亮灯", [("临期天数", "367")], "W3", "“临期天数”写的 367 不在 0—366 之间，请改正；现在按 7 算。"),
        ("亮灯", [("临期天数", "9999999999")], "W3", "“临期天数”要填整数"),
        ("亮灯", [("黄灯落后百分点", "0")], "W3", "“黄灯落后百分点”写的 0 不在 1—99 之间，请改正；现在按 10 算。"),
        ("亮灯", [("红灯落后百分点", "1000")], "W3", "不在 1—99 之间，请改正；现在按 30 算。"),
        ("亮灯", [("黄灯落后百分点", "30")], "W3", "“黄灯落后百分点”是 30，不小于“红灯落后百分点”的 30，"),
        ("亮灯", [("红灯落后百分点", "10")], "W3", "“黄灯落后百分点”是 10，不小于“红灯落后百分点”的 10，"),
        ("亮灯", [("橙灯落后百分点", "35")], "W3", "不小于“红灯落后百分点”的 30，"),
        ("亮灯", [("橙灯落后百分点", "9")], "W3", "不小于“橙灯落后百分点”的 9，"),
        ("亮灯", [("回头看期限月数", "3")], "W3", "“回头看起始月数”是 3，不小于“回头看期限月数”的 3，"),
        ("亮灯", [("红灯落后点数", "20")], "V3", "是不是“红灯落后百分点”？请照原来的名称写，现在按 30 算。"),
        ("亮灯", [("临期天数", "5"), ("临期天数", "6")], "V4", "现在按这一行算"),
        (
            "工作日历",
            [("2022-01-03", "休息")],
            "AE3",
            "看不出是放假还是上班，这一天没有算进去；请写“放假”或“调休上班”。",
        ),
        ("工作日历", [("2022-01-03", "")], "AE3", "看不出是放假还是上班"),
        (
            "工作日历",
            [("2022-01-29", "放假"), ("2022-01-29", "调休上班")],
            "AD4",
            "2022-01-29 第 3 行写的是放假，这里又写调休上班，现在按调休上班算；请删去不对的一行。",
        ),
        (
            "工作日历",
            [("2022-01-03", "放假"), ("2024-01-01", "放假"), ("2024-05-01", "放假")],
            "AD4",
            "“日历年度”里没有 2024，",
        ),
        ("基本信息", [("日历年度", "2022年")], "B3", "“日历年度”写的“2022年”不是年份，没有用上；"),
        ("亮灯", [("回头看起始月数", "3", "红")], "X3", "这一条不亮灯，颜色“红”没有用上，请把颜色删去。"),
        ("亮灯", [("临期天数", "-1")], "W3", "“临期天数”写的 -1 不在 0—366 之间，请改正；现在按 7 算。"),
        ("亮灯", [("临期天数", "1.5")], "W3", "“临期天数”要填整数"),
        ("基本信息", [("方案年度", "今年")], "B3", "“方案年度”要填整数"),
    ],
)
def test_what_is_wrong_is_said_with_its_cell(name: str, rows: list[tuple[str, ...]], cell: str, words: str) -> None:
    settings, findings = read(with_rows(name, *rows))
    assert [each for each, _ in findings] == [cell]
    assert findings[0][1].encode("gbk")
    assert words in findings[0][1]
    assert settings.posts or name == "岗位"


@pytest.mark.parametrize("rows", [
    [("红灯落后百分点", "11")], [("黄灯落后百分点", "29")], [("橙灯落后百分点", "11")],
    [("红灯落后百分点", "99")], [("黄灯落后百分点", "1")], [("临期天数", "0")], [("临期天数", "366")],
    [("橙灯落后百分点", "")], [("回头看起始月数", "5")],
])  # fmt: skip
def test_numbers_at_the_limits_are_taken(rows: list[tuple[str, ...]]) -> None:
    assert read(with_rows("亮灯", *rows))[1] == []


@pytest.mark.parametrize("days", [("2022-03-31", "2022-03-01"), ("2022-03-31", "2022-06-30")])
def test_days_of_a_period_at_the_limits_are_right(days: tuple[str, ...]) -> None:
    assert read(with_rows("期次", ("2022-03", *days)))[1] == []


def test_periods_without_a_day_are_said_at_once() -> None:
    _, found = read(with_rows("期次", *((f"2022-0{month}",) for month in range(1, 5))))
    assert [cell for cell, _ in found] == ["S3", "T3"]
    assert "“2022-01”、“2022-02”、“2022-03”等 4 期没有统计截止日，" in found[0][1]


def test_a_wrong_threshold_leaves_the_default_and_an_unknown_rule_is_the_offices_own() -> None:
    settings, found = read(with_rows("亮灯", ("临期天数", "七"), ("红灯落后百分点", "40"), ("值班安排", "x")))
    assert found[-1] == ("V5", "没有“值班安排”这条规则，这一行没有用上；是您自己记的可以不管。")
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
        ("期次", ("2022-03", "2022年4月", "2022.5", "2022年第1季度"), []),
        ("期次", ("2022-03", "八月", "第1季度"), [("A4", "settings", "warning"), ("A5", "settings", "warning")]),
        ("部门", ("科研处/一室", "财务处"), [("A3", "settings", "hint")]),
        (
            "期次",
            ("2022-03", "2022/6", "2022-06.", "../../2022"),
            [(f"A{row}", "settings", "hint") for row in (4, 5, 6)],
        ),
        ("期次", ("..", "？"), [("A3", "settings", "error"), ("A4", "settings", "error")]),
        ("部门", ("科研处/一室", "科研处／一室"), [("A3", "name-clash", "error"), ("A4", "name-clash", "error")]),
        ("部门", ("A科", "财务处", "a科"), [("A3", "name-clash", "error"), ("A5", "name-clash", "error")]),
        ("部门", ("ＡＢ处", "AB处"), [("A3", "name-clash", "error"), ("A4", "name-clash", "error")]),
        ("期次", ("2022-03", "２０２２-03"), [("A3", "name-clash", "error"), ("A4", "name-clash", "error")]),
        ("期次", ("2022-03", "2022-\u200b03"), [("A3", "name-clash", "error"), ("A4", "name-clash", "error")]),
        ("部门", ("NUL", "NUL_"), [("A3", "name-clash", "error"), ("A4", "name-clash", "error")]),
        ("部门", ("财务处", "财务处"), [("A4", "settings", "error")]),
    ],
)
def test_names_that_no_file_can_bear_or_two_would_share_are_said(
    name: str, typed: tuple[str, ...], found: list[tuple[str, str, str]]
) -> None:
    assert names_found(name, *typed) == found


def test_an_alias_that_would_be_the_file_of_another_department_counts() -> None:
    settings, found = read(with_rows("部门", ("财务处", "", "A科"), ("a科", "", ""), ("审计处", "", "")))
    assert settings.sharing_units == {"财务处", "a科"}
    assert [cell for cell, message in found if "会用同一个文件" in message] == [cell for cell, _ in found]
    assert settings.sharing_periods == frozenset()


def test_the_same_sheet_is_read_once_and_any_other_anew() -> None:
    def parsed(*departments: tuple[str, ...]) -> Sheet:
        return read_workbook(Path("台账.xlsx"), book(with_rows("部门", *departments))).sheets[0]

    settings, findings = read_settings(parsed(("财务处", "财务", ""), ("财务处", "", "")), "台账.xlsx")
    said = list(findings)
    findings.clear()  # what a caller does with its findings is no other caller's business
    again, found = read_settings(parsed(("财务处", "财务", ""), ("财务处", "", "")), "台账.xlsx")
    assert (again is settings, found, len(said) > 0) == (True, said, True)
    other = read_settings(parsed(("财务处", "财务", ""), ("审计处", "", "")), "台账.xlsx")
    assert ([each.name for each in other[0].departments], other[1]) == (["财务处", "审计处"], [])
    elsewhere = read_settings(parsed(("财务处", "财务", ""), ("财务处", "", "")), "另一本.xlsx")[1]
    assert {each.place.workbook for each in elsewhere} == {"另一本.xlsx"}


def test_what_looks_the_same_in_python_is_another_value() -> None:
    """1, 1.0 and True are equal there: a sheet that has one of them in place of another is another sheet."""
    rows = [["亮灯", "", ""], ["规则", "数值", "说明"], ["临期天数", 1, ""]]
    shown = []
    for value in (1, True):
        rows[2][1] = value
        shown.append(
            [each.message for each in read_settings(Sheet("参数", [list(row) for row in rows]), "台账.xlsx")[1]]
        )
    assert shown[0] != shown[1]


def test_with_other_forms_the_same_sheet_is_read_anew() -> None:
    parsed = read_workbook(Path("台账.xlsx"), book(with_rows("填报", ("支委名册", "财务处")))).sheets[0]
    forms = standard_forms().values()
    none, known = ([each.message for each in read_settings(parsed, "台账.xlsx", given)[1]] for given in ((), forms))
    assert none != known
    assert [each.message for each in read_settings(parsed, "台账.xlsx")[1]] == none
