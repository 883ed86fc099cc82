"""Cell values by column type: typed text, its meaning, and what is refused and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taizhang.forms.columns import Column
from taizhang.forms.load import standard_forms
from taizhang.forms.vocabulary import ColumnType
from taizhang.ledger.cell_values import CellReading, as_seen, read_value, to_cell
from taizhang.ledger.settings import Department, Period, Settings
from taizhang.typed.deadlines import Deadline
from taizhang.typed.text import clean_key

OFFICE = Settings(
    year=2022,
    departments=(Department("财务处", "财务", ("计财处",)), Department("人事处（老干部处）", "人事（老干）")),
    aspects={"为群众办实事方面": "办实事（一）"},
    posts=("局长",),
)
CHOICES = ("未启动", "推进中", "已完成", "已销号")


def column(kind: str) -> Column:
    choices = CHOICES if kind in ("choice", "choices") else ()
    return Column(
        "x",
        "列",
        ColumnType(kind),
        choices=choices,
        department_choices=choices[:3],
        choice_aliases={"进行中": "推进中"},
    )


def read(kind: str, raw: Any, **options: Any) -> CellReading:
    return read_value(column(kind), raw, OFFICE, **options)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("text", "　建制度\r\n ", "建制度"),
        ("long_text", "一\r\n二  三", "一\n二  三"),
        ("code", " rw－００１", "RW-001"),
        ("code", 7.0, "7"),
        ("date", datetime(2022, 3, 15, 8), date(2022, 3, 15)),
        ("percent", 0.6, 60),
        ("percent", 1, 100),
        ("percent", 1.5, Decimal("1.5")),
        ("percent", 80, 80),
        ("percent", "８０％", 80),
        ("percent", "1%", 1),
        ("percent", "0", 0),
        ("percent", "100%", 100),
        ("integer", "3", 3),
        ("integer", 3.0, 3),
        ("decimal", "-1.5", Decimal("-1.5")),
        ("money", "￥1,200.50元", Decimal("1200.50")),
        ("money", "1.2万元", 12_000),
        ("money", "3亿", 300_000_000),
        ("money", "（1,200）", -1200),
        ("money", "２.３万元", 23_000),
        ("decimal", "1,234.50", Decimal("1234.5")),
        ("integer", "3次", 3),
        ("integer", "1.2万人", 12_000),
        ("choice", "推进中 ", "推进中"),
        ("choice", "进行中", "推进中"),
        ("choices", "推进中、进行中，已完成", ("推进中", "已完成")),
        ("department", "计财处", "财务处"),
        ("department", "人事处(老干部处)", "人事处（老干部处）"),
        ("department", "人事（老干）", "人事处（老干部处）"),
        ("departments", "财务；人事（老干）\n财务处", ("财务处", "人事处（老干部处）")),
        ("aspect", "办实事（一）", "为群众办实事方面"),
        ("post", "局长", "局长"),
        ("branch", "第一党支部", "第一党支部"),
        ("references", "wt-01、WT-02", ("WT-01", "WT-02")),
    ],
)
def test_what_is_understood(kind: str, raw: Any, value: Any) -> None:
    reading = read(kind, raw)
    assert (reading.value, reading.problem) == (value, None)


@pytest.mark.parametrize(
    ("kind", "raw", "check", "words"),
    [
        ("code", datetime(2022, 3, 1), "code", "变成了日期"),
        ("date", "明天", "date", "2022-03-15"),
        ("percent", "八成", "percent", "80%"),
        ("percent", "1", "percent", "分不清"),
        ("percent", 100.1, "percent", "0% 到 100%"),
        ("percent", "-1%", "percent", "0% 到 100%"),
        ("integer", 2.5, "number", "整数"),
        ("integer", -1, "number", "不能小于 0"),
        ("integer", "三个", "number", "请只填数字"),
        ("money", "1234567890123456", "number", "位数太多"),
        ("money", "1e999999万", "number", "位数太多"),
        ("money", "1e16", "number", "位数太多"),
        ("decimal", "nan", "number", "请只填数字"),
        ("money", "1e5", "number", "不是数"),
        ("percent", "1.10101E+17", "percent", "位数太多"),
        ("choice", "已做完", "choice", "是不是“已完成”"),
        ("department", "财务科", "choice", "“财务科”不在〈参数〉里。是不是“财务处”"),
        ("choices", "推进中、没有", "choice", "没有"),
        ("department", "财务处、人事（老干）", "choice", "只能写一个部门"),
        ("departments", "财务处、食堂", "choice", "食堂"),
        ("post", "科长", "choice", "〈参数〉"),
    ],
)
def test_what_is_refused_says_what_to_do(kind: str, raw: Any, check: str, words: str) -> None:
    reading = read(kind, raw)
    assert (reading.value, reading.check) == (None, check)
    assert reading.problem
    assert words in reading.problem


@pytest.mark.parametrize("kind", ColumnType)
@pytest.mark.parametrize("raw", ["", None, "  ", "\u200b"])
def test_blank_is_nothing(kind: str, raw: Any) -> None:
    assert read(kind, raw) == CellReading()


@pytest.mark.parametrize(("kind", "raw"), [("date", "无"), ("percent", "—"), ("integer", "/"), ("money", "暂无")])
def test_words_for_nothing_are_said_to_be_read_so(kind: str, raw: str) -> None:
    reading = read(kind, raw)
    assert (reading.value, reading.problem) == (None, None)
    assert reading.echo


def test_a_department_takes_only_what_it_is_offered() -> None:
    assert read("choice", "已完成", by_department=True).value == "已完成"
    reading = read("choice", "已销号", by_department=True)
    assert reading.check == "choice"
    assert "办公室确认" in (reading.problem or "")


@pytest.mark.parametrize(
    ("kind", "raw", "echo"),
    [
        ("code", "RW-\u200b001", "零宽空格"),
        ("percent", "80", "理解为 80%"),
        ("money", "1.2万", "理解为 12000"),
        ("integer", "3次", "“3次”理解为 3（去掉量词）"),
        ("decimal", "(5)", "“(5)”理解为 -5"),
        ("choice", "进行中", "理解为“推进中”"),
        ("choice", "推 进中", "“推 进中”理解为“推进中”"),
        ("choices", "推进中、进行中，已完成", "理解为“推进中、已完成”（按别名）"),
        ("departments", "财务；人事（老干）", "理解为“财务处、人事处（老干部处）”"),
        ("department", "计财处", "“计财处”理解为“财务处”（按别名）"),
        ("deadline", "3月底前", "2022-03-31"),
    ],
)
def test_a_reading_that_is_not_plain_is_said(kind: str, raw: str, echo: str) -> None:
    assert echo in (read(kind, raw).echo or "")


@pytest.mark.parametrize(
    ("kind", "raw"), [("choice", " 推进中\u200b"), ("integer", "7　"), ("money", "1,234.50"), ("percent", 1)]
)
def test_what_nobody_sees_is_not_said(kind: str, raw: Any) -> None:
    assert (read(kind, raw).problem, read(kind, raw).echo) == (None, None)


def test_deadlines_count_from_the_rows_own_start() -> None:
    value = read("deadline", "立行立改", start=date(2022, 3, 1)).value
    assert isinstance(value, Deadline)
    assert value.date == date(2022, 3, 31)


@pytest.mark.parametrize(
    ("kind", "value", "cell"),
    [
        ("percent", Decimal(60), 0.6),
        ("percent", 0, 0.0),
        ("percent", None, None),
        ("integer", Decimal(3), 3),
        ("money", Decimal("1.5"), 1.5),
        ("references", ("WT-01", "WT-02"), "WT-01、WT-02"),
        ("deadline", Deadline("2022-03-31", date(2022, 3, 31)), date(2022, 3, 31)),
        ("deadline", Deadline("3月底前", date(2022, 3, 31)), "3月底前"),
        ("text", "字", "字"),
    ],
)
def test_what_goes_into_the_cell(kind: str, value: Any, cell: Any) -> None:
    assert to_cell(column(kind), value) == cell


def test_a_percentage_is_seen_as_one() -> None:
    assert [as_seen(column("percent"), raw) for raw in (0.6, 1, "80", "")] == ["60%", "100%", "80", ""]
    assert as_seen(column("integer"), 0.6) == "0.6"


RAW = st.one_of(
    st.text(max_size=20),
    st.text(alphabet="0123456789.,-+eE%万亿元年月日底前￥ ", max_size=12),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.timedeltas(),
)


@given(st.sampled_from(sorted(ColumnType)), RAW)
def test_nothing_typed_raises_and_a_problem_names_its_check(kind: str, raw: Any) -> None:
    reading = read(kind, raw)
    assert (reading.problem is None) or (reading.value is None and reading.check)


@given(st.sampled_from(["percent", "integer", "decimal", "money", "choice", "choices", "department"]), RAW)
def test_what_is_written_is_read_as_what_was_meant(kind: str, raw: Any) -> None:
    """Except a percentage of one percentage point or less, which as typed text would be a fraction."""
    value = read(kind, raw).value
    if value in (None, ()):
        return
    again = read(kind, to_cell(column(kind), value)).value
    if isinstance(value, Decimal):
        assert float(again) == pytest.approx(float(value))
    else:
        assert again == value


def test_other_words_for_choices_are_written_as_they_are_compared() -> None:
    words = [word for form in standard_forms().values() for each in form.columns for word in each.choice_aliases]
    assert words
    assert [word for word in words if clean_key(word) != word] == []


MONTHS = Settings(year=2022, periods=tuple(Period(f"2022-{month:02}", None, None) for month in range(1, 13)))


@pytest.mark.parametrize(
    ("raw", "value", "echo"),
    [
        ("2022-03", "2022-03", None),
        ("2021年", "2021年", None),
        ("2021年度", "2021年", None),
        (2021.0, "2021年", None),
        ("2017年", "2017年", None),
        ("2021-12", "2021-12", "“2021-12”按以前年度的数理解"),
        ("2021年四季度", "2021-Q4", "“2021年四季度”按以前年度的数理解"),
        ("2021年上半年", "2021年上半年", "“2021年上半年”按以前年度的数理解"),
    ],
)
def test_a_period_of_an_earlier_year_is_a_base(raw: Any, value: str, echo: str | None) -> None:
    assert read_value(column("period"), raw, MONTHS) == CellReading(value, echo=echo)


@pytest.mark.parametrize("raw", ["2016年", "2012-03", "2022年", "2022年3月", "2023年", "2023-01", "去年"])
def test_a_period_that_is_neither_listed_nor_a_base_is_asked_about(raw: str) -> None:
    reading = read_value(column("period"), raw, MONTHS)
    assert (reading.value, reading.check) == (None, "choice")
    assert read_value(column("period"), "2021年", Settings(periods=MONTHS.periods)).check == "choice"


QUARTERS = Settings(year=2022, periods=(Period("2022-03", None, None), Period("2022-06", None, None)))


@pytest.mark.parametrize(
    ("raw", "value", "months"),
    [
        ("2022-03", "2022-03", False),
        ("2022-03", "2022-03", True),
        ("2022-04", "2022-04", True),
        ("2022年4月", "2022-04", True),
        ("2022-04", None, False),
        ("2023-01", None, True),
        ("2022-Q2", None, True),
        ("2022-13", None, True),
    ],
)
def test_a_column_of_months_takes_every_month_of_the_year_where_periods_are_quarters(
    raw: str, value: str | None, months: bool
) -> None:
    reading = read_value(replace(column("period"), months=months), raw, QUARTERS)
    assert (reading.value, reading.echo, reading.check) == (value, None, None if value else "choice")
