"""Indicators: what each kind counts on a day, and how many rows are unusable and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.sheets import book
from taizhang.forms.grammar import FormError
from taizhang.forms.load import load_form, standard_forms
from taizhang.forms.model import Form
from taizhang.ledger.model import Ledger, read_ledger
from taizhang.ledger.registers import Register, read_register
from taizhang.ledger.settings import Department, Period, Settings
from taizhang.supervision.indicators import (
    Figure,
    RegisterFigures,
    event_column,
    figures_of,
    ledger_figures,
    occurrences_of,
    whole_column,
)
from taizhang.typed.workdays import Workdays, legal_calendar
from taizhang.workbook.reader import Workbook, read_workbook

DAY = date(2022, 6, 30)
SETTINGS = Settings(year=2022, departments=(Department("财务处", aliases=("计财处",)), Department("办公室")))
FORM = """\
sheet = "诉求"
code = "SQ-{n:03}"
columns
[[column]]
key = "code"
title = "编号"
type = "code"
[[column]]
key = "who"
title = "部门"
type = "department"
[[column]]
key = "kind"
title = "渠道"
type = "choice"
choices = ["来电", "网络", "窗口"]
choice_aliases = { "电话" = "来电" }
[[column]]
key = "due"
title = "应办"
type = "date"
[[column]]
key = "done"
title = "办结"
type = "date"
[[column]]
key = "came"
title = "应到"
type = "integer"
[[column]]
key = "were"
title = "实到"
type = "integer"
[[indicator]]
title = "数"
"""
SHEET = """
# 诉求
| 编号 | 部门 | 渠道 | 应办 | 办结 | 应到 | 实到 |
| SQ-001 | 财务处 | 来电 | 2022-06-10 | 2022-06-08 | 10 | 9 |
| SQ-002 | 计财处 | 电话 | 2022-06-10 | 2022-06-20 | 10 | 5 |
| SQ-003 | 办公室 | 网络 | 2022-06-10 | | 8 | 8 |
| SQ-004 | 张三 | 微信 | 2022-06-30 | | 6 | |
| SQ-005 | 办公室 | | 2022-06-01 | 2022-07-01 | 很多 | 1 |
| SQ-006 | 办公室 | 网络 | 月底 | 2022-06-02 | | |
| SQ-001 | 办公室 | 网络 | 2022-06-01 | | 4 | 4 |
| | 合计 | | | | 34 | 23 |
"""
DOUBLE = {"没有编号": 1, "编号重复": 1}


def form_of(folder: Path, indicator: str, head: str = "") -> Form:
    path = folder / "x.toml"
    path.write_text(FORM.replace("columns", head) + indicator, encoding="utf-8")
    return load_form(path)


def alone(register: Register, settings: Settings) -> Ledger:
    """A ledger with one register."""
    return Ledger(Path("台账.xlsx"), Workbook("台账.xlsx", "", ()), settings, {register.form.name: register})


def figures_alone(register: Register, settings: Settings, as_of: date) -> RegisterFigures:
    return figures_of(alone(register, settings), register, as_of)


def figure(folder: Path, indicator: str, text: str = SHEET, *, on: date = DAY) -> Figure:
    register, _ = read_register(read_workbook(Path("台账.xlsx"), book(text)), form_of(folder, indicator))
    assert register
    return figures_alone(register, SETTINGS, on).figures[0]


def said_of(found: Figure) -> tuple[int, dict[str, int]]:
    return int(found.value or 0), dict(found.left_out)


def said(found: Figure) -> tuple[float | None, float | None, dict[str, int]]:
    """Return the value, the whole and the reasons of a figure; and make sure that every row is accounted for."""
    assert found.used + sum(found.left_out.values()) == 8
    value, whole = (None if each is None else float(each) for each in (found.value, found.whole))
    return value, whole, dict(found.left_out)


ONE_DUE = """
[[rule]]
name = "done-in-time"
kind = "due"
title = "按期办结"
source = "口径"
from = "due"
plus = 0
unit = "日"
done = "done"
"""
DATES = 'from = "due"\nto = "done"'
UNREAD = {**DOUBLE, "“应办”读不懂": 1}


@pytest.mark.parametrize(
    ("indicator", "value", "whole", "left_out"),
    [
        ('kind = "count"', 6, None, DOUBLE),
        ('kind = "share"\nof = "kind"\nvalue = "来电"', 2, 4, {**DOUBLE, "“渠道”空着": 1, "“渠道”读不懂": 1}),
        ('kind = "share"\nof = "kind"\nvalue = ["来电", "网络"]', 4, 4, {**DOUBLE, "“渠道”空着": 1, "“渠道”读不懂": 1}),
        ('kind = "share"\nof = "done"', 3, 6, DOUBLE),
        ('kind = "share"\nof = "who"', 5, 5, {**DOUBLE, "“部门”读不懂": 1}),
        (f'kind = "overdue"\n{DATES}', 2, 5, UNREAD),
        ('kind = "overdue"\nfrom = "due"', 4, 5, UNREAD),
        (f'kind = "on_time"\n{DATES}', 1, 4, {**UNREAD, "还没到期": 1}),
        (f'kind = "median_days"\n{DATES}', 10, None, {**UNREAD, "还没有“办结”": 3, "日期先后颠倒": 1}),
        ('kind = "sum"\ncolumn = "came"', 34, None, {**DOUBLE, "“应到”空着": 1, "“应到”读不懂": 1}),
        ('kind = "ratio"\npart = "were"\nwhole = "came"', 22, 28, {**DOUBLE, "“实到”空着": 2, "“应到”读不懂": 1}),
        (
            'kind = "sum"\ncolumn = "came"\nwhen = { kind = ["来电"] }',
            20,
            None,
            {**DOUBLE, "不符合“渠道”是“来电”": 2, "“渠道”空着": 1, "“渠道”读不懂": 1},
        ),
    ],
)  # fmt: skip
def test_each_kind_counts_what_can_be_used_and_says_why_the_rest_is_not(
    tmp_path: Path, indicator: str, value: float, whole: float | None, left_out: dict[str, int]
) -> None:
    assert said(figure(tmp_path, indicator)) == (value, whole, left_out)


def groups(found: Figure) -> list[tuple[Any, ...]]:
    return [
        (each.name, *(None if number is None else float(number) for number in (each.number, each.whole)))
        for each in found.parts
    ]


def test_groups_keep_the_order_of_the_choices_and_what_holds_nothing_is_named_too(tmp_path: Path) -> None:
    found = figure(tmp_path, 'kind = "count_by"\nby = "kind"')
    assert groups(found) == [("来电", 2, 4), ("网络", 2, 4), ("窗口", 0, 4)]
    assert [str(part.share) for part in found.parts] == ["50.0", "50.0", "0.0"]
    assert (found.value, found.used) == (4, 4)


def test_groups_of_a_list_of_the_office_come_by_size_and_echo_no_other_word(tmp_path: Path) -> None:
    found = figure(tmp_path, 'kind = "count_by"\nby = "who"')
    assert groups(found) == [("办公室", 3, None), ("财务处", 2, None)]
    assert "张三" not in str(found)
    register, _ = read_register(
        read_workbook(Path("台账.xlsx"), book(SHEET)), form_of(tmp_path, 'kind = "count_by"\nby = "who"')
    )
    assert register
    (unlisted,) = figures_alone(register, Settings(), DAY).figures
    assert (unlisted.used, unlisted.parts, unlisted.left_out["“部门”读不懂"]) == (0, (), 6)


def test_sums_by_group(tmp_path: Path) -> None:
    found = figure(tmp_path, 'kind = "sum"\ncolumn = "came"\nby = "kind"')
    assert groups(found) == [("来电", 20, 28), ("网络", 8, 28), ("窗口", 0, 28)]
    assert found.value == 28
    by_who = figure(tmp_path, 'kind = "sum"\ncolumn = "came"\nby = "who"')
    assert groups(by_who) == [("财务处", 20, None), ("办公室", 8, None)]


def test_a_rate_by_group_is_the_groups_own_not_its_share_of_all(tmp_path: Path) -> None:
    found = figure(tmp_path, 'kind = "share"\nof = "kind"\nvalue = "来电"\nby = "who"')
    assert groups(found) == [("财务处", 2, 2), ("办公室", 0, 2)]
    assert said(found) == (2, 4, {**DOUBLE, "“部门”读不懂": 1, "“渠道”空着": 1})
    assert found.meaning == "“渠道”填“来电”的，按“部门”分"


@pytest.mark.parametrize(("kind", "rate", "impossible"), [("ratio", None, True), ("compare", 127, False)])
def test_a_part_that_is_more_than_its_whole_has_no_rate(
    tmp_path: Path, kind: str, rate: int | None, impossible: bool
) -> None:
    found = figure(tmp_path, f'kind = "{kind}"\npart = "came"\nwhole = "were"')
    assert (found.value, found.whole, found.rate, found.impossible) == (28, 22, rate, impossible)
    whole = figure(tmp_path, f'kind = "{kind}"\npart = "came"\nwhole = "came"')
    assert (whole.rate, whole.impossible) == (100, False)


@pytest.mark.parametrize(
    ("on", "value"),
    [(date(2022, 5, 31), 1), (date(2022, 6, 1), 2), (date(2022, 6, 10), 5)],
)
def test_rows_of_what_has_not_happened_by_the_day_are_left_out(tmp_path: Path, on: date, value: int) -> None:
    form = form_of(tmp_path, 'kind = "count"', 'dated = "due"')
    register, _ = read_register(read_workbook(Path("台账.xlsx"), book(SHEET)), form)
    assert register
    found = figures_alone(register, SETTINGS, on).figures[0]
    assert (found.value, found.left_out["“应办”在统计截止日之后"]) == (value, 6 - value)


@pytest.mark.parametrize(
    ("on", "used"),
    [
        (date(2022, 6, 30), ("2022-03", "2022-Q2", "2022-06")),
        (date(2022, 7, 1), ("2022-03", "2022-Q2", "2022-06", "2022-07", "2022-Q3")),
        (date(2022, 3, 1), ("2022-03",)),
    ],
)
def test_a_period_counts_from_its_first_day(tmp_path: Path, on: date, used: tuple[str, ...]) -> None:
    path, names = tmp_path / "x.toml", ("2021-12", "2022-03", "2022-Q2", "2022-06", "2022-07", "2022-Q3")
    period = '[[column]]\nkey = "period"\ntitle = "期次"\ntype = "period"\n'
    path.write_text(
        FORM.replace("columns", "").replace("[[indicator]]", f"{period}[[indicator]]")
        + 'kind = "count"\nyear = "period"',
        "utf-8",
    )
    rows = "".join(f"| SQ-{n:03} | 来电 | {name} |\n" for n, name in enumerate(names, 1))
    register, _ = read_register(
        read_workbook(Path("台账.xlsx"), book(f"# 诉求\n| 编号 | 渠道 | 期次 |\n{rows}")), load_form(path)
    )
    assert register
    found = figures_alone(register, Settings(periods=tuple(map(Period, names))), on).figures[0]
    assert (found.value, found.left_out) == (
        len(used),
        {"“期次”在统计截止日之后": 5 - len(used), "不是 2022 年的": 1} if len(used) < 5 else {"不是 2022 年的": 1},
    )


def test_what_is_dated_later_has_not_happened_yet(tmp_path: Path) -> None:
    early, late = (figure(tmp_path, f'kind = "overdue"\n{DATES}', on=date(2022, month, 15)) for month in (6, 7))
    assert (early.value, late.value) == (3, 2)


@pytest.mark.parametrize(
    ("on", "value", "left"),
    [
        (date(2023, 5, 1), 2, "不是 2022 年的"),
        (date(2021, 12, 31), 1, "“{}”在统计截止日之后"),
        (date(2020, 5, 1), 0, "“{}”在统计截止日之后"),
    ],
)
def test_the_last_year_there_is_by_the_day(tmp_path: Path, on: date, value: int, left: str) -> None:
    text = """
    # 诉求
    | 编号 | 渠道 | 应办 | 应到 |
    | SQ-001 | 来电 | 2021-06-30 | 2021 |
    | SQ-002 | 来电 | 2022-06-30 | 2022 |
    | SQ-003 | 网络 | 2022-01-01 | 2022 |
    | SQ-004 | 网络 | | |
    """
    for key, title in (("due", "应办"), ("came", "应到")):
        found = figure(tmp_path, f'kind = "count"\nyear = "{key}"', text, on=on)
        assert (found.value, dict(found.left_out)) == (value, {f"“{title}”空着": 1, left.format(title): 3 - value})
        assert found.meaning == f"只看“{title}”最近一年的：登记的行数"
    middle = figure(tmp_path, 'kind = "count"\nyear = "due"', text, on=date(2022, 3, 1))
    assert said_of(middle) == (1, {"“应办”空着": 1, "“应办”在统计截止日之后": 1, "不是 2022 年的": 1})


def test_a_deadline_today_is_not_overdue(tmp_path: Path) -> None:
    text = "# 诉求\n| 编号 | 渠道 | 应办 | 办结 |\n| SQ-001 | 来电 | 2022-06-30 | |\n"
    assert figure(tmp_path, f'kind = "overdue"\n{DATES}', text).value == 0
    assert figure(tmp_path, f'kind = "overdue"\n{DATES}', text, on=date(2022, 7, 1)).value == 1
    assert figure(tmp_path, f'kind = "on_time"\n{DATES}', text).value is None
    done = text.replace("2022-06-30 | |", "2022-06-30 | 2022-06-30 |")
    assert figure(tmp_path, f'kind = "on_time"\n{DATES}', done).value == 1


def test_different_names_are_counted_once(tmp_path: Path) -> None:
    """财务处 and its other name are one department; 张三 is none."""
    found = figure(tmp_path, 'kind = "distinct"\nby = "who"\nunit = "个"')
    assert (found.value, found.whole, found.used) == (2, None, 5)
    assert said_of(found) == (2, {**DOUBLE, "“部门”读不懂": 1})
    found = figure(tmp_path, 'kind = "distinct"\nby = "who"\nwhen = { kind = "窗口" }')
    assert (found.value, found.used) == (0, 0)
    assert found.meaning == "只看“渠道”是“窗口”的：“部门”有几个，重复的算一个"


@pytest.mark.parametrize(
    ("indicator", "head", "event", "whole"),
    [
        ('kind = "count"', "", "", ""),
        ('kind = "count"\nyear = "due"', "", "due", "due"),
        ('kind = "count"\nyear = "due"', 'dated = "done"', "done", "due"),
        ('kind = "count"\non = "due"', 'dated = "done"', "due", "done"),
        (f'kind = "on_time"\n{DATES}', 'dated = "due"', "done", "due"),
        (f'kind = "overdue"\n{DATES}', "", "done", "due"),
        ('kind = "share"\nof = "done"', 'dated = "due"', "done", "due"),
        ('kind = "share"\nof = "kind"\nvalue = "来电"', 'dated = "due"', "", "due"),
        ('kind = "share"\nof = "kind"\nvalue = "来电"\non = "done"\nyear = "due"', "", "done", "due"),
        ('kind = "ratio"\npart = "were"\nwhole = "came"', 'dated = "due"', "due", "due"),
    ],
)
def test_the_day_of_what_is_counted(tmp_path: Path, indicator: str, head: str, event: str, whole: str) -> None:
    """The state of a row (a share of a choice) has no day of its own unless the form names one."""
    form = form_of(tmp_path, indicator, head)
    assert (event_column(form, form.indicators[0]), whole_column(form, form.indicators[0])) == (event, whole)


@pytest.mark.parametrize(
    ("period", "first"),
    [("2022-03", date(2022, 3, 1)), ("2022-Q3", date(2022, 7, 1)), ("2022", date(2022, 1, 1)), ("某年", None)],
)
def test_a_period_counts_on_its_first_day(tmp_path: Path, period: str, first: date | None) -> None:
    text = f"""
# 思想动态
| 编号 | 期次 | 填报部门 | 条数 |
| SX-001 | {period} | 财务处 | 3 |
"""
    form = standard_forms()["morale"]
    register, _ = read_register(read_workbook(Path("台账.xlsx"), book(text)), form)
    assert register
    settings = replace(SETTINGS, periods=(Period(period),))
    indicator = next(each for each in form.indicators if each.title == "收集次数")
    days = occurrences_of(alone(register, settings), register, indicator, date(2022, 12, 31))
    assert list(days) == ([first] if first else [])


@pytest.mark.parametrize("name", ["count", "share", "overdue", "on_time", "median_days", "sum", "ratio", "count_by"])
def test_no_rows_give_no_figure_and_no_division_by_zero(tmp_path: Path, name: str) -> None:
    options = {
        "share": 'of = "kind"', "overdue": DATES, "on_time": DATES, "median_days": DATES, "sum": 'column = "came"',
        "ratio": 'part = "were"\nwhole = "came"', "count_by": 'by = "kind"',
    }  # fmt: skip
    found = figure(tmp_path, f'kind = "{name}"\n{options.get(name, "")}', SHEET[: SHEET.index("| SQ-001")])
    assert (found.value, found.rate, found.used) == (0 if name == "count" else None, None, 0)
    none = figure(
        tmp_path,
        'kind = "ratio"\npart = "were"\nwhole = "came"',
        SHEET[: SHEET.index("| SQ-001")] + "| SQ-001 | | | | | 0 | 0 |",
    )
    assert (none.value, none.whole, none.rate) == (0, 0, None)


@pytest.mark.parametrize(
    ("indicator", "words"),
    [
        ('kind = "share"', "要写 of"),
        (
            'kind = "count"\nby = "kind"',
            "不认识的写法 by，count 可以写：when、year、on、per、unit、target、amber、red、suppress",
        ),
        ('kind = "sum"\ncolumn = "kind"', "column 不能用单选列"),
        ('kind = "overdue"\nfrom = "came"', "from 不能用整数列"),
        (f'kind = "overdue"\n{DATES}\nyear = "due"', "超期的一直算到办了为止，跨了年也算，请去掉 year"),
        ('kind = "overdue"', "要写 from（哪一列是到期的日子）或者 rule（按哪条 due 规则），写其中一个"),
        ('kind = "overdue"\nfrom = "due"\nrule = "done-in-time"', "写其中一个"),
        ('kind = "overdue"\nrule = "done-in-time"\nto = "done"', "期限由规则定，请去掉 to"),
        ('kind = "overdue"\nrule = "done-in-time"', "没有 done-in-time，本表还没有这种规则"),
        (f'kind = "overdue"\nrule = "done"\n{ONE_DUE}', "没有 done，可以写：done-in-time"),
        (f'kind = "overdue"\nrule = ["done-in-time", "such"]\n{ONE_DUE}', "没有 such，可以写：done-in-time"),
        ('kind = "share"\nof = "kind"\nvalue = "上门"', "value 要是列 kind 的选项"),
        ('kind = "count"\nwhere = "kind"', "不认识的写法 where"),
        ('kind = "count"\nwhen = "kind"', "的条件要写成"),
        ('kind = "count"\nwhen = { kind = "上门" }', "条件里的“上门”不是列“渠道”的选项"),
        ('kind = "count"\nwhen = { kind = { about = 1 } }', "条件不认识 about"),
        ('kind = "count"\nwhen = { what = "来电" }', "用到的列 what 不存在"),
        ('kind = "count"\nper = "周"', "per 可以写：月、季、半年、年"),
        ('kind = "count"\nper = "月"', "也要用 on 写明"),
        ('kind = "count"\nred = 3', "red 读不懂"),
        ('kind = "count"\nred = { near = 3 }', "red 不认识 near"),
        ('kind = "count"\nred = { below = "多" }', "red 里的数读不懂"),
        ('kind = "count"\nred = { below = "80%" }', "没有总数，不能和百分数比"),
        ('kind = "overdue"\nfrom = "due"\nplus = 0', "plus 要写成 1 以上的整数"),
        ('kind = "overdue"\nfrom = "due"\nplus_unit = "日"', "plus_unit 要和 plus 一起写"),
        ('kind = "overdue"\nfrom = "due"\nplus = 1\nplus_unit = "周"', "plus_unit 要和 plus 一起写"),
        ('kind = "latest"\nof = "kind"', "of 不能用单选列"),
        ('kind = "count"\nsuppress = 5', "不是分组的个数"),
        ('kind = "count_by"\nby = "kind"\nsuppress = 2', "suppress 要写成 3 以上的整数"),
        ('kind = "count"\non = "kind"', "on 不能用单选列"),
        ('kind = "count"\nunit = 3', "unit 要写成引号里的文字"),
    ],
)
def test_a_wrong_indicator_is_refused(tmp_path: Path, indicator: str, words: str) -> None:
    with pytest.raises(FormError, match=words):
        form_of(tmp_path, indicator)


@pytest.mark.parametrize("indicator", ['kind = "sum"\ncolumn = "came"', f'kind = "median_days"\n{DATES}'])
def test_a_personal_register_may_show_counts_only(tmp_path: Path, indicator: str) -> None:
    with pytest.raises(FormError, match="只出个数"):
        form_of(tmp_path, indicator, 'sensitivity = "personal"')
    assert form_of(tmp_path, f'kind = "overdue"\n{DATES}', 'sensitivity = "personal"').indicators


def test_a_ledger_gives_the_figures_of_the_registers_it_has(make_ledger: Callable[..., Path]) -> None:
    row: dict[str, Any] = {
        "code": "SQ-001", "department": "财务处", "channel": "来电", "subject": "等候久", "received": date(2022, 3, 1),
    }  # fmt: skip
    answered = {**row, "code": "SQ-002", "due": date(2022, 3, 9), "answered": date(2022, 3, 5)}
    registers = ledger_figures(read_ledger(make_ledger(appeals=[row, answered]), standard_forms()), DAY)
    appeals = next(each for each in registers if each.name == "appeals")
    found = {each.title: (each.value, each.whole, each.unit) for each in appeals.figures}
    assert (appeals.rows, found["诉求数"]) == (2, (2, None, "件"))
    assert (found["按期反馈"], found["反馈中位天数"]) == ((1, 1, "件"), (4, None, "天"))
    assert "tasks" not in {each.name for each in registers}, (
        "the other sheets count tasks, by what the office confirmed"
    )


BRANCHES = ("机关一支部", "机关二支部", "机关三支部")
MEETINGS = """
# 组织生活
| 编号 | 党支部 | 月份 | 类型 | 开展日期 | 应到人数 | 实到人数 |
| SH-0001 | 机关一支部 | 2022-05 | 党课 | 2022-05-10 | 5 | 4 |
| SH-0002 | 机关一支部 | 2022-06 | 党课 | 2022-06-10 | 4 | 4 |
| SH-0003 | 机关二支部 | 2022-06 | 党课 | 2022-06-12 | 10 | 1 |
"""


def meetings(title: str, text: str = MEETINGS) -> Figure:
    form = standard_forms()["branch_meetings"]
    register, _ = read_register(read_workbook(Path("台账.xlsx"), book(text)), form)
    assert register
    settings = replace(
        SETTINGS,
        periods=tuple(map(Period, ("2022-05", "2022-06"))),
        branches=dict.fromkeys(BRANCHES, "办公室"),
    )
    return next(each for each in figures_alone(register, settings, DAY).figures if each.title == title)


def test_each_branch_has_its_own_rate_and_one_without_rows_is_named() -> None:
    found = meetings("到会")
    assert groups(found) == [("机关一支部", 8, 9), ("机关二支部", 1, 10), ("机关三支部", 0, 0)]
    assert [part.rate for part in found.parts] == [89, 10, None]
    assert groups(meetings("各支部次数")) == [("机关一支部", 2, None), ("机关二支部", 1, None), ("机关三支部", 0, None)]


def test_the_trend_has_a_point_for_each_cycle_and_the_year_stays_whole() -> None:
    found = meetings("到会")
    assert (found.value, found.whole) == (9, 19)
    assert [(each.name, each.value, each.whole) for each in found.trend] == [
        ("2022年5月", 4, 5),
        ("2022年6月", 5, 14),
    ]


SURVEYS = """
# 满意度
| 编号 | 期次 | 调查主题 | 发放份数 | 回收份数 | 有效份数 | 满意份数 |
| MY-001 | 2021-Q3 | 窗口 | 100 | 90 | 90 | 45 |
| MY-002 | 2022-03 | 窗口 | 100 | 90 | 90 | 72 |
| MY-003 | 2022-Q1 | 食堂 | 100 | 10 | 10 | 8 |
| MY-004 | 2022-09 | 窗口 | 100 | 90 | 90 | 90 |
"""


def test_a_figure_of_cycles_is_that_of_the_last_one_by_the_day() -> None:
    register, _ = read_register(read_workbook(Path("台账.xlsx"), book(SURVEYS)), standard_forms()["satisfaction"])
    assert register
    settings = replace(SETTINGS, periods=tuple(map(Period, ("2021-Q3", "2022-03", "2022-Q1", "2022-09"))))
    found = figures_alone(register, settings, DAY).figures[0]
    assert (found.title, found.value, found.whole, found.rate) == ("满意", 80, 100, 80)
    assert found.meaning == "只看“期次”最近一季度的：“满意份数”合计÷“有效份数”合计"
    assert [(each.name, each.value, each.whole) for each in found.trend] == [
        ("2021年三季度", 45, 90),
        ("2021年四季度", None, 0),
        ("2022年一季度", 80, 100),
    ]
    assert found.left_out == {"“期次”在统计截止日之后": 1, "不是2022年一季度的": 1}
    later = figures_alone(register, settings, date(2022, 9, 1)).figures[0]
    assert (later.value, later.whole, len(later.trend)) == (90, 90, 5)


def test_a_trend_has_at_most_twelve_points(tmp_path: Path) -> None:
    rows = "".join(f"| SQ-{n:03} | 来电 | {2021 + n // 12}-{n % 12 + 1:02}-05 |\n" for n in range(15))
    found = figure(tmp_path, 'kind = "count"\non = "due"\nper = "月"', f"# 诉求\n| 编号 | 渠道 | 应办 |\n{rows}")
    assert (len(found.trend), found.trend[0].name, found.trend[-1].name) == (12, "2021年4月", "2022年3月")
    assert found.value == 1


def test_without_a_readable_day_there_is_no_trend(tmp_path: Path) -> None:
    text = "# 诉求\n| 编号 | 渠道 | 应办 |\n| SQ-001 | 来电 | |\n| SQ-002 | 来电 | 月底 |\n"
    found = figure(tmp_path, 'kind = "share"\nof = "kind"\non = "due"\nper = "月"', text)
    assert (found.value, found.trend, found.left_out) == (None, (), {"“应办”空着": 1, "“应办”读不懂": 1})


ONE = "# 诉求\n| 编号 | 部门 | 渠道 | 应办 | 办结 |\n"


@pytest.mark.parametrize(
    ("unit", "value"), [("", 12), ('unit = "工作日"', 6)], ids=["days", "working days"]
)  # fmt: skip
def test_working_days_are_counted_by_the_calendar(tmp_path: Path, unit: str, value: int) -> None:
    """29 April to 11 May 2022: 30 April to 4 May and 8 May off, Saturday 7 May worked."""
    text = f"{ONE}| SQ-001 | 财务处 | 来电 | 2022-04-29 | 2022-05-11 |\n"
    workdays = Workdays.from_calendar([2022], ((day, kind) for day, kind, _ in legal_calendar([2022])))
    form = form_of(tmp_path, f'kind = "median_days"\n{DATES}\n{unit}')
    register, _ = read_register(read_workbook(Path("台账.xlsx"), book(text)), form)
    assert register
    found = figures_alone(register, replace(SETTINGS, workdays=workdays), DAY).figures[0]
    assert (found.value, found.left_out) == (value, {})
    unknown = figures_alone(register, SETTINGS, DAY).figures[0]
    assert unknown.left_out == ({"〈参数〉没有 2022 年的工作日历": 1} if unit else {})


def test_the_mean_is_rounded_to_one_decimal(tmp_path: Path) -> None:
    rows = "".join(
        f"| SQ-{n:03} | 财务处 | 来电 | 2022-06-01 | 2022-06-{1 + day:02} |\n" for n, day in enumerate((1, 1, 3), 1)
    )
    found = figure(tmp_path, f'kind = "mean_days"\n{DATES}', ONE + rows)
    assert (str(found.value), found.unit) == ("1.7", "天")


def test_the_days_since_the_latest_of_each_member(tmp_path: Path) -> None:
    rows = (
        "| SQ-001 | 财务处 | 来电 | 2022-06-01 | |\n"
        "| SQ-002 | 财务处 | 来电 | 2022-06-20 | |\n"
        "| SQ-003 | 财务处 | 来电 | 2022-07-01 | |\n"
    )
    found = figure(tmp_path, 'kind = "latest"\nof = "due"\nby = "who"\nred = { above = 9 }', ONE + rows)
    assert (groups(found), found.value) == ([("财务处", 10, None), ("办公室", None, None)], 10)
    assert found.light == "◆ 红"
    today = figure(tmp_path, 'kind = "latest"\nof = "due"', ONE + rows, on=date(2022, 7, 1))
    assert today.value == 0


@pytest.mark.parametrize(
    ("on", "late", "kept"), [(date(2022, 6, 14), 0, None), (date(2022, 6, 15), 0, None), (date(2022, 6, 16), 1, 0)]
)
def test_a_span_ends_on_its_last_day(tmp_path: Path, on: date, late: int, kept: int | None) -> None:
    text = f"{ONE}| SQ-001 | 财务处 | 来电 | 2022-06-01 | |\n"
    span = "plus = 14"
    assert figure(tmp_path, f'kind = "overdue"\n{DATES}\n{span}', text, on=on).value == late
    assert figure(tmp_path, f'kind = "on_time"\n{DATES}\n{span}', text, on=on).value == kept


def test_a_span_of_working_days_needs_their_calendar(tmp_path: Path) -> None:
    text = f"{ONE}| SQ-001 | 财务处 | 来电 | 2022-06-01 | |\n"
    found = figure(tmp_path, 'kind = "overdue"\nfrom = "due"\nplus = 5\nplus_unit = "工作日"', text)
    assert (found.value, found.light, found.left_out) == (None, None, {"〈参数〉没有 2022 年的工作日历": 1})


@pytest.mark.parametrize(
    ("part", "light"),
    [(100, "● 绿"), (90, "● 绿"), (89, "▲ 黄"), (80, "▲ 黄"), (79, "◆ 红"), (0, "◆ 红"), (101, None)],
)
def test_the_light_of_a_rate_at_its_thresholds(tmp_path: Path, part: int, light: str | None) -> None:
    text = f"# 诉求\n| 编号 | 渠道 | 应到 | 实到 |\n| SQ-001 | 来电 | 100 | {part} |\n"
    marks = 'target = { at_least = "90%" }\nred = { below = "80%" }'
    found = figure(tmp_path, f'kind = "ratio"\npart = "were"\nwhole = "came"\n{marks}', text)
    assert (found.light, found.impossible) == (light, part > 100)
    assert found.meaning.endswith("（目标不少于 90%，少于 80% 是红）")


@pytest.mark.parametrize(
    ("marks", "light"),
    [("", "◆ 红"), ("amber = { above = 0 }", "▲ 黄"), ("amber = { above = 1 }\nred = { above = 2 }", "● 绿")],
)
def test_what_is_overdue_is_red_unless_the_form_says_otherwise(tmp_path: Path, marks: str, light: str) -> None:
    text = f"{ONE}| SQ-001 | 财务处 | 来电 | 2022-06-01 | |\n| SQ-002 | 财务处 | 来电 | 2022-07-01 | |\n"
    assert figure(tmp_path, f'kind = "overdue"\n{DATES}\n{marks}', text).light == light
    assert figure(tmp_path, f'kind = "overdue"\n{DATES}', text, on=date(2022, 6, 1)).light == "● 绿"


def test_a_number_that_is_asked_of_each_group_is_not_asked_of_all(tmp_path: Path) -> None:
    one = f"{ONE}| SQ-001 | 财务处 | 来电 | | |\n"
    found = figure(tmp_path, 'kind = "count_by"\nby = "who"\nred = { below = 1 }', one)
    assert [(part.name, part.light) for part in found.parts] == [("财务处", "● 绿"), ("办公室", "◆ 红")]
    assert found.light == "◆ 红"
    both = figure(
        tmp_path, 'kind = "count_by"\nby = "who"\nred = { above = 1 }', f"{one}| SQ-002 | 办公室 | 来电 | | |\n"
    )
    assert (both.value, both.light) == (2, "● 绿")


def test_a_condition_on_the_groups_column_leaves_no_other_group(tmp_path: Path) -> None:
    found = figure(tmp_path, 'kind = "count_by"\nby = "kind"\nwhen = { kind = ["来电", "窗口"] }')
    assert groups(found) == [("来电", 2, 2), ("窗口", 0, 2)]


def test_blank_cells_and_conditions(tmp_path: Path) -> None:
    """A blank cell is not a word, so it is left out of what must be one and counts for what must not."""
    text = f"{ONE}| SQ-001 | 财务处 | | | |\n| SQ-002 | 财务处 | 微信 | | |\n| SQ-003 | 财务处 | 来电 | | |\n"
    found = figure(tmp_path, 'kind = "count"\nwhen = { kind = "来电" }', text)
    assert said_of(found) == (1, {"“渠道”空着": 1, "“渠道”读不懂": 1})
    found = figure(tmp_path, 'kind = "count"\nwhen = { kind = { is_not = "来电" } }', text)
    assert said_of(found) == (1, {"“渠道”读不懂": 1, "不符合“渠道”不是“来电”": 1})
    found = figure(tmp_path, 'kind = "count"\nwhen = { kind = { filled = false } }', text)
    assert said_of(found) == (1, {"“渠道”读不懂": 1, "不符合“渠道”空着": 1})


def personal(folder: Path, indicator: str, kinds: str) -> RegisterFigures:
    rows = "".join(f"| SQ-{n:03} | 财务处 | {kind} | 2022-06-01 | |\n" for n, kind in enumerate(kinds.split(), 1))
    form = form_of(folder, indicator, 'sensitivity = "personal"')
    register, _ = read_register(read_workbook(Path("台账.xlsx"), book(ONE + rows)), form)
    assert register
    return figures_alone(register, SETTINGS, DAY)


BY_KIND = 'kind = "count_by"\nby = "kind"'


def test_small_groups_of_a_personal_register_have_no_number(tmp_path: Path) -> None:
    found = personal(tmp_path, BY_KIND, "来电 " * 3 + "网络 " * 6)
    assert [(part.name, part.number, part.share, part.mark) for part in found.figures[0].parts] == [
        ("来电", None, None, "<5"),
        ("网络", None, None, "不列"),
        ("窗口", 0, 0, ""),
    ]
    assert (found.figures[0].value, found.figures[0].withheld, found.counts_only) == (9, True, True)
    large = personal(tmp_path, BY_KIND, "来电 " * 5 + "网络 " * 6)
    assert ([part.mark for part in large.figures[0].parts], large.counts_only) == (["", "", ""], False)
    alone = personal(tmp_path, BY_KIND, "来电 来电").figures[0]
    assert (alone.parts, alone.value, alone.meaning[-9:]) == ((), 2, "个数太小，不分开列")


def test_the_rate_of_a_small_group_is_withheld_with_its_parts(tmp_path: Path) -> None:
    share = (
        'kind = "share"\nof = "done"\nby = "kind"\n[[indicator]]\ntitle = "一种"\n'
        'kind = "share"\nof = "done"\nwhen = { kind = "来电" }'
    )
    found = personal(tmp_path, share, "来电 " * 3 + "网络 " * 6 + "窗口 " * 7)
    assert [(part.number, part.whole, part.mark) for part in found.figures[0].parts] == [
        (None, None, "不列"),
        (None, None, "不列"),
        (0, 7, ""),
    ]
    assert (found.figures[1].value, found.figures[1].whole) == (0, None), "its denominator is a withheld group"


def test_a_form_may_ask_that_small_groups_are_withheld(tmp_path: Path) -> None:
    text = ONE + "".join(f"| SQ-{n:03} | 财务处 | {kind} | | |\n" for n, kind in enumerate(("来电", *["网络"] * 4), 1))
    assert [part.mark for part in figure(tmp_path, BY_KIND, text).parts] == ["", "", ""]
    assert [part.mark for part in figure(tmp_path, f"{BY_KIND}\nsuppress = 3", text).parts] == ["<3", "不列", ""]


def test_a_personal_register_has_no_trend(tmp_path: Path) -> None:
    with pytest.raises(FormError, match="不列走势"):
        form_of(tmp_path, 'kind = "count"\non = "due"\nper = "月"', 'sensitivity = "personal"')


def test_the_base_of_the_year_before_can_be_entered() -> None:
    text = """
# 四种形态
| 编号 | 期次 | 形态 | 人次 | 处理人数 |
| ST-001 | 2021 | 第一种 | 30 | 25 |
| ST-002 | 2022-03 | 第一种 | 2 | 1 |
| ST-003 | 2022-06 | 第二种 | 1 | 1 |
| ST-004 | 2022-05 | 第二种 | 9 | 9 |
"""
    register, _ = read_register(read_workbook(Path("台账.xlsx"), book(text)), standard_forms()["four_forms"])
    assert register
    settings = replace(SETTINGS, periods=tuple(map(Period, ("2022-03", "2022-06"))))
    found = next(each for each in figures_alone(register, settings, DAY).figures if each.title == "处理人数")
    assert [(each.name, each.value) for each in found.trend] == [("2021年", 25), ("2022年", 2)]
    assert (found.value, found.left_out) == (2, {"“期次”读不懂": 1, "不是2022年的": 1})
    times = figures_alone(register, settings, DAY).figures[0]
    assert [(part.name, part.number, str(part.share)) for part in times.parts[:2]] == [
        ("第一种", 2, "66.7"),
        ("第二种", 1, "33.3"),
    ]
    assert [each.name for each in times.trend] == [
        "2021年一季度",
        *(f"2021年{n}季度" for n in "二三四"),
        "2022年一季度",
        "2022年二季度",
    ]


def test_groups_that_a_board_shows_as_well_are_not_listed_here() -> None:
    """Each hides other small groups than the other, so that a reader of both could work them out."""
    from support.ledgers import ledger_in_memory

    rows = [
        {"code": f"FZ-{number:04}", "branch": "机关第一党支部", "stage": stage, "applied": date(2021, 3, 10)}
        for number, stage in enumerate(["积极分子"] * 7 + ["申请人"] * 2, 1)
    ]
    ledger = ledger_in_memory(members=rows)
    register = ledger.registers["members"]
    assert register.form.boards
    by_stage = next(
        each
        for each in figures_alone(register, ledger.settings, date(2022, 6, 30)).figures
        if each.title == "各阶段人数"
    )
    assert (by_stage.parts, by_stage.withheld) == ((), True)
    assert "分组只在《专项一览》里列" in by_stage.meaning
