"""Dates as people write them: read if unambiguous, a question if there are two readings, refused if there is none."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taizhang.typed.dates import (
    FIRST_YEAR,
    LAST_YEAR,
    ends_month,
    month_before,
    month_end,
    month_start,
    months_later,
    read_date,
    same_month,
)
from taizhang.typed.numerals import arabic_numerals, chinese_number

DAY = date(2022, 3, 15)


@pytest.mark.parametrize("raw", [DAY, datetime(2022, 3, 15), "2022-03-15"])
def test_a_plain_date_needs_no_echo(raw: object) -> None:
    reading = read_date(raw)
    assert (reading.value, reading.exact, reading.echo, reading.problem) == (DAY, True, None, None)


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        ("2022.3.15", "文字写的年月日"),
        ("2022/3/15", "文字写的年月日"),
        ("2022-3-15", "文字写的年月日"),
        ("2022.03.15", "文字写的年月日"),
        ("2022。3。15", "文字写的年月日"),
        ("2022—3—15", "文字写的年月日"),
        ("2022.3.15.", "文字写的年月日"),
        ("2022年3月15日", "文字写的年月日"),
        ("2022年3月15号", "文字写的年月日"),
        ("2022年3月15", "文字写的年月日"),
        ("2022 年 3 月 15 日", "文字写的年月日"),
        ("２０２２年３月１５日", "文字写的年月日"),
        (" 2022-03-15\u200b", "文字写的年月日"),
        ("二〇二二年三月十五日", "文字写的年月日"),
        ("二零二二年三月十五日", "文字写的年月日"),
        ("二○二二年三月十五号", "文字写的年月日"),
        ("二O二二年三月十五日", "文字写的年月日"),
        ("2022年3月15日（星期二）", "文字写的年月日"),
        ("2022年3月15日 周二", "文字写的年月日"),
        ("20220315", "按八位数字的年月日"),
        (20220315.0, "按八位数字的年月日"),
        ("22.3.15", "两位年份，按年月日"),
        ("22-3-15", "两位年份，按年月日"),
        ("22/03/15", "两位年份，按年月日"),
        ("22年3月15日", "两位年份，按年月日"),
        ("3/15/2022", "年份写在最后，只有一种读法"),
        ("3/15/22", "年份写在最后，只有一种读法"),
        ("3月15日", "没写年份，按 2022 年"),
        ("三月十五日", "没写年份，按 2022 年"),
        ("3.15", "没写年份，按 2022 年"),
        ("3/15", "没写年份，按 2022 年"),
        (44635.0, "按 Excel 日期序号"),
        (44635, "按 Excel 日期序号"),
        ("44635", "按 Excel 日期序号"),
        (44635.75, "按 Excel 日期序号，舍去几点几分"),
        ("44635.75", "按 Excel 日期序号，舍去几点几分"),
        (datetime(2022, 3, 15, 8, 30), "舍去几点几分"),
        ("2022-03-15 08:30", "文字写的年月日，舍去几点几分"),
        ("2022/3/15 8:30:00", "文字写的年月日，舍去几点几分"),
        ("2022-03-15T08:30:00", "文字写的年月日，舍去几点几分"),
        ("2022年3月15日下午2:30", "文字写的年月日，舍去几点几分"),
    ],
)
def test_one_day_in_many_spellings_each_with_its_rule(raw: object, rule: str) -> None:
    reading = read_date(raw, year=2022)
    assert (reading.value, reading.rule, reading.problem, reading.exact) == (DAY, rule, None, False)


def test_the_echo_says_what_was_typed_and_what_was_understood() -> None:
    assert read_date("22.3.15").echo == "“22.3.15”理解为 2022-03-15（两位年份，按年月日）"
    assert read_date(44635.0).echo == "“44635”理解为 2022-03-15（按 Excel 日期序号）"
    assert read_date("无").echo == "“无”按没有日期理解"


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("2022年2月底", date(2022, 2, 28)),
        ("3月底", date(2022, 3, 31)),
        ("22年12月末", date(2022, 12, 31)),
        ("2024年2月底", date(2024, 2, 29)),
    ],
)
def test_the_end_of_a_month_is_a_day(raw: str, day: date) -> None:
    reading = read_date(raw, year=2022)
    assert (reading.value, "按月末" in reading.rule) == (day, True)


@pytest.mark.parametrize(
    ("raw", "days"),
    [
        ("3/4/22", (date(2022, 3, 4), date(2022, 4, 3))),
        ("3/4/2022", (date(2022, 3, 4), date(2022, 4, 3))),
        ("12.11.2022", (date(2022, 11, 12), date(2022, 12, 11))),
        ("31.12.22", (date(2022, 12, 31), date(2031, 12, 22))),
        ("15.3.22", (date(2015, 3, 22), date(2022, 3, 15))),
    ],
)
def test_two_readings_are_asked(raw: str, days: tuple[date, ...]) -> None:
    reading = read_date(raw, year=2022)
    assert (reading.value, reading.ambiguous) == (None, days)
    assert reading.problem == f"“{raw}”分不清是 {days[0]} 还是 {days[1]}，请写成 2022-03-15 这样的年月日。"


def test_two_readings_that_agree_are_one() -> None:
    assert read_date("3/3/22").value == date(2022, 3, 3)


def test_the_year_stands_first_unless_the_year_at_hand_stands_last() -> None:
    assert read_date("31.12.22").value == date(2031, 12, 22)
    assert read_date("31.12.22", year=2023).value == date(2031, 12, 22)
    assert read_date("22.3.22", year=2022).value == date(2022, 3, 22)
    assert read_date("25.3.15", year=2025).value == date(2025, 3, 15)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("3月15日", "“3月15日”没有写年份"),
        ("3.15", "没有写年份"),
        ("3月底", "没有写年份"),
        ("2022年3月", "“2022年3月”只写到月"),
        ("2022-3", "只写到月"),
        ("202203", "只写到月"),
        (2022.3, "只写到月"),
        ("22-3", "只写到月"),
        ("2022", "不是日期"),
        ("2022-02-30", "没有 2022年2月30日 这一天，请核对月份和日期。"),
        ("2023.2.29", "没有 2023年2月29日"),
        ("22.13.1", "没有 2022年13月1日"),
        ("2022年13月底", "没有 13 月"),
        (20221301.0, "没有 2022年13月1日"),
        ("1899-12-31", "年份 1899 不在 2015—2035 之间"),
        (date(1900, 1, 1), "年份 1900"),
        (date(2014, 12, 31), "年份 2014"),
        (datetime(2036, 1, 1), "年份 2036"),
        ("2036-01-01", "年份 2036"),
        ("2036年2月底", "年份 2036"),
        ("1", "“1”不是日期"),
        (1.0, "“1”不是日期"),
        (3.15, "“3.15”不是日期"),
        ("12.3.4", "不是日期"),
        ("220315", "不是日期"),
        ("2022 3 15", "不是日期"),
        (45731.5e11, "此处不显示"),
        (float("nan"), "不是日期"),
        (float("inf"), "不显示"),
        (True, "“是”不是日期"),
        (time(8, 30), "不是日期"),
        ("月底", "不是日期"),
        ("下周三", "“下周三”不是日期，请写成 2022-03-15 这样的年月日。"),
        ("2022年3月15日前", "不是日期"),
        ("2022年3月15日（星期三）", "日期和星期对不上，2022-03-15 是星期二"),
        ("NA", "“NA”不是日期"),
        ("", "是空的"),
        (None, "是空的"),
        ("110101199003077475", "（内容含身份证号，此处不显示）不是日期"),
    ],
)
def test_what_is_no_date_is_said_never_guessed(raw: object, words: str) -> None:
    reading = read_date(raw)
    assert reading.value is None
    assert words in (reading.problem or "")
    assert reading.echo is None


@pytest.mark.parametrize("raw", ["无", "—", "/"])
def test_words_for_nothing_are_no_date_and_no_problem(raw: str) -> None:
    reading = read_date(raw)
    assert (reading.value, reading.problem, reading.exact) == (None, None, False)


@pytest.mark.parametrize(
    ("serial", "epoch_1904", "day"),
    [
        (42005.0, False, date(2015, 1, 1)),
        (42004.0, False, None),
        (49675.0, False, None),
        (49674.0, False, date(2035, 12, 31)),
        (44635.0, False, DAY),
        (43173.0, True, DAY),
        (40543.0, True, date(2015, 1, 1)),
        (40542.0, True, None),
    ],
)
def test_serials_follow_the_epoch_within_the_window(serial: float, epoch_1904: bool, day: date | None) -> None:
    assert read_date(serial, epoch_1904=epoch_1904).value == day
    assert read_date(str(int(serial)), epoch_1904=epoch_1904).value == day


def _chinese(day: date) -> str:
    digits = "〇一二三四五六七八九"

    def below_hundred(number: int) -> str:
        tens, ones = divmod(number, 10)
        return (digits[tens] if tens > 1 else "") + ("十" if tens else "") + (digits[ones] if ones else "")

    year = "".join(digits[int(char)] for char in str(day.year))
    return f"{year}年{below_hundred(day.month)}月{below_hundred(day.day)}日"


_FULL_WIDTH = str.maketrans("0123456789./-", "０１２３４５６７８９．／－")
STYLES = {
    "iso": lambda d: d.isoformat(),
    "dotted": lambda d: f"{d.year}.{d.month}.{d.day}",
    "slashed": lambda d: f"{d.year}/{d.month}/{d.day}",
    "Chinese units": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "号": lambda d: f"{d.year}年{d.month:02}月{d.day:02}号",
    "compact": lambda d: f"{d:%Y%m%d}",
    "full width": lambda d: f"{d.year}.{d.month}.{d.day}".translate(_FULL_WIDTH),
    "Chinese numerals": _chinese,
    "two-digit year": lambda d: f"{d:%y}.{d.month}.{d.day}",
    "two-digit year with units": lambda d: f"{d:%y}年{d.month}月{d.day}日",
    "with time": lambda d: f"{d.isoformat()} 17:30:00",
    "with weekday": lambda d: f"{d.year}年{d.month}月{d.day}日（星期{'一二三四五六日'[d.weekday()]}）",
    "serial": lambda d: float((d - date(1899, 12, 30)).days),
    "number": lambda d: float(f"{d:%Y%m%d}"),
    "date and time": lambda d: datetime.combine(d, time(9)),
}


@given(st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)), st.sampled_from(list(STYLES)))
def test_every_day_reads_back_in_every_style(day: date, style: str) -> None:
    assert read_date(STYLES[style](day)).value == day


@given(
    st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)),
    st.sampled_from(["{m}月{d}日", "{m}月{d}号", "{m}.{d}", "{m}/{d}"]),
)
def test_month_and_day_take_the_year_they_are_given(day: date, style: str) -> None:
    reading = read_date(style.format(m=day.month, d=day.day), year=day.year)
    assert (reading.value, reading.exact) == (day, False)


@pytest.mark.parametrize(
    ("raw", "earliest", "day"),
    [
        ("1998-07-01", 1949, date(1998, 7, 1)),
        ("1949年10月1日", 1949, date(1949, 10, 1)),
        (date(2009, 5, 4), 1949, date(2009, 5, 4)),
        (datetime(2014, 12, 31), 2014, date(2014, 12, 31)),
        ("19980701", 1949, date(1998, 7, 1)),
        ("1948-12-31", 1949, None),
        ("1922-03-05", 1949, None),  # a slip for 2022
        ("2014-12-31", FIRST_YEAR, None),
        (36526, 1949, None),  # a bare number is no old day: 20220 would be one of 1955
        (20220, 1949, None),
    ],
)
def test_a_column_may_ask_for_days_long_ago(raw: object, earliest: int, day: date | None) -> None:
    reading = read_date(raw, earliest=earliest)
    assert (reading.value, reading.problem is None) == (day, day is not None)


def test_the_years_that_a_column_takes_are_named() -> None:
    assert read_date("1948-12-31", earliest=1949).problem == "年份 1948 不在 1949—2035 之间，请核对年份。"
    assert read_date("2014-12-31").problem == "年份 2014 不在 2015—2035 之间，请核对年份。"


_MOSTLY_DATES = st.text("0123456789年月日号底末前./-:星期周一二三十〇 T（）", max_size=24)


@given(
    st.one_of(st.text(), _MOSTLY_DATES, st.floats(), st.integers(), st.booleans()), st.one_of(st.none(), st.integers())
)
def test_reading_never_raises_and_always_answers(raw: object, year: int | None) -> None:
    reading = read_date(raw, year=year)
    assert (reading.value is None) == (reading.problem is not None or "没有日期" in reading.rule)
    assert reading.value is None or FIRST_YEAR <= reading.value.year <= LAST_YEAR
    assert reading.exact or reading.problem or reading.echo


def test_month_ends() -> None:
    assert [month_end(2024, 2), month_end(2022, 2), month_end(2022, 12)] == [
        date(2024, 2, 29),
        date(2022, 2, 28),
        date(2022, 12, 31),
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("二十一", 21),
        ("二〇二二", 2022),
        ("两", 2),
        ("", None),
        ("百", None),
        ("十十", None),
        ("五十五十", None),
    ],
)
def test_chinese_numbers(text: str, number: int | None) -> None:
    assert chinese_number(text) == number


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("二〇二二年十二月三十一日", "2022年12月31日"),
        ("十五个工作日", "15个工作日"),
        ("二十日", "20日"),
        ("两个月", "2个月"),
        ("二0二二年", "2022年"),
        ("党的二十大", "党的二十大"),
        ("统一规划", "统一规划"),
        ("七一前", "七一前"),
        ("十十日", "十十日"),
    ],
)
def test_numerals_that_count_become_digits(text: str, digits: str) -> None:
    assert arabic_numerals(text) == digits


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2022, 1, 31), 1, date(2022, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2022, 12, 15), 1, date(2023, 1, 15)),
        (date(2022, 1, 15), -1, date(2021, 12, 15)),
        (date(2022, 3, 31), -1, date(2022, 2, 28)),
        (date(2022, 3, 31), 0, date(2022, 3, 31)),
        (date(2022, 3, 1), 24, date(2024, 3, 1)),
    ],
)
def test_months_later_keeps_the_day_or_ends_the_month(day: date, months: int, then: date) -> None:
    assert months_later(day, months) == then


def test_where_months_begin_and_end() -> None:
    assert month_start(date(2022, 3, 15)) == date(2022, 3, 1)
    assert month_before(date(2022, 1, 1)) == date(2021, 12, 31)
    assert [ends_month(date(2024, 2, day)) for day in (28, 29)] == [False, True]
    assert same_month(date(2022, 3, 1), date(2022, 3, 31))
    assert not same_month(date(2022, 3, 1), date(2023, 3, 1))
