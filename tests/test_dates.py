"""Dates and deadlines as people write them (with the traps of spreadsheet dates)."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taizhang.dates import read_date
from taizhang.deadlines import read_deadline
from taizhang.text import clean_key, is_clear_mark, means_nothing, split_many
from taizhang.workdays import UnknownYear, Workdays, legal_calendar

DAY = date(2022, 3, 15)


@pytest.mark.parametrize(
    "raw",
    [
        "2022-03-15", "2022.3.15", "2022/3/15", "2022年3月15日", "2022年3月15号", "２０２２年３月１５日", "20220315", 20220315.0,
        "22.3.15", "二〇二二年三月十五日", "2022-3-15 08:30", datetime(2022, 3, 15, 8, 30), DAY, 44635.0, "44635", "3月15日",
        " 2022-03-15\u200b",
    ],
)  # fmt: skip
def test_one_day_in_many_spellings(raw: object) -> None:
    assert read_date(raw, year=2022).value == DAY


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("3/4/2022", "分不清"),
        ("3月15日", "没有写年份"),
        ("3.15", "没有写年份"),
        ("2022年3月", "只写到月"),
        ("2022-02-30", "没有 2022年2月30日"),
        ("1899-12-31", "年份"),
        ("2036-01-01", "年份"),
        ("1", "不是日期"),
        (45731.5e9, "不是日期"),
        (float("nan"), "不是日期"),
        (True, "不是日期"),
        ("月底", "不是日期"),
    ],
)
def test_what_is_no_date_is_asked_never_guessed(raw: object, words: str) -> None:
    reading = read_date(raw)
    assert reading.value is None
    assert words in (reading.problem or "")


def test_serials_follow_the_epoch() -> None:
    assert read_date(44635.0).value == DAY
    assert read_date(43173.0, epoch_1904=True).value == DAY


def test_readings_that_are_not_literal_are_echoed() -> None:
    assert read_date("22.3.15").echo == "“22.3.15”理解为 2022-03-15"
    assert read_date("2022-03-15").echo is None


STYLES = ("%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d")


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)), st.sampled_from(STYLES))
def test_every_day_reads_back_in_every_style(day: date, style: str) -> None:
    assert read_date(day.strftime(style)).value == day


@given(st.one_of(st.text(), st.floats(), st.integers()))
def test_reading_never_raises(raw: object) -> None:
    read_date(raw, year=2022)
    read_deadline(raw, year=2022, start=DAY)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2022年3月底前", date(2022, 3, 31)),
        ("3月底", date(2022, 3, 31)),
        ("2022-2", date(2022, 2, 28)),
        ("2022年上半年", date(2022, 6, 30)),
        ("下半年", date(2022, 12, 31)),
        ("一季度", date(2022, 3, 31)),
        ("2022年第3季度前", date(2022, 9, 30)),
        ("年底前", date(2022, 12, 31)),
        ("2022年内", date(2022, 12, 31)),
        ("3月上旬", date(2022, 3, 10)),
        ("3月中旬", date(2022, 3, 20)),
        ("2月下旬", date(2022, 2, 28)),
        ("“七一”前", date(2022, 6, 30)),
        ("国庆前", date(2022, 9, 30)),
        ("2022年6月30日前", date(2022, 6, 30)),
        ("立行立改", date(2022, 2, 9)),
        ("即知即改", date(2022, 1, 17)),
        ("印发后30日内", date(2022, 2, 9)),
        ("印发后15个工作日内", date(2022, 1, 31)),
        ("3个月内", date(2022, 4, 10)),
        ("十二月底前", date(2022, 12, 31)),
        ("２０２２年３月", date(2022, 3, 31)),
    ],
)
def test_deadline_words_mean_one_day_and_say_the_rule(words: str, day: date) -> None:
    workdays = Workdays(frozenset({2022}))
    deadline = read_deadline(words, year=2022, start=date(2022, 1, 10), workdays=workdays)
    assert deadline
    assert (deadline.date, deadline.words, bool(deadline.rule)) == (day, words, True)


def test_two_facts_in_one_cell() -> None:
    deadline = read_deadline("2022年3月底前，长期坚持")
    assert deadline
    assert (deadline.date, deadline.ongoing) == (date(2022, 3, 31), True)


@pytest.mark.parametrize(
    ("words", "cycle"), [("长期坚持", None), ("每季度", "季"), ("每半年一次", "半年"), ("每月", "月")]
)
def test_no_end_date_but_a_review(words: str, cycle: str | None) -> None:
    deadline = read_deadline(words)
    assert deadline
    assert (deadline.date, deadline.review_cycle, deadline.unresolved) == (None, cycle, None)


@pytest.mark.parametrize("words", ["适时", "及时反馈", "尽快", "按要求", "随便写写", "14月底", "3月底"])
def test_vague_words_wait_for_the_office(words: str) -> None:
    deadline = read_deadline(words)
    assert deadline
    assert (deadline.date, bool(deadline.unresolved)) == (None, True)


def test_an_event_waits_for_its_day() -> None:
    words = "党的二十大召开前"
    waiting = read_deadline(words, events={"党的二十大召开": None})
    known = read_deadline(words, events={"党的二十大召开": date(2022, 10, 16)})
    assert waiting
    assert known
    assert (waiting.date, waiting.event) == (None, "党的二十大召开")
    assert known.date == date(2022, 10, 15)


def test_working_days_need_the_years_calendar() -> None:
    with pytest.raises(UnknownYear, match="2023"):
        Workdays(frozenset({2022})).add(date(2022, 12, 30), 5)
    deadline = read_deadline("15个工作日内", start=date(2023, 1, 1))
    assert deadline
    assert "工作日历" in (deadline.unresolved or "")


def test_the_legal_calendar_of_2022() -> None:
    days = {day: kind for day, kind, _ in legal_calendar([2022])}
    swapped = sorted(day for day, kind in days.items() if kind == "调休上班")
    assert [(day.month, day.day) for day in swapped] == [(1, 29), (1, 30), (4, 2), (4, 24), (5, 7), (10, 8), (10, 9)]
    workdays = Workdays(frozenset({2022}), frozenset(d for d, k in days.items() if k == "放假"), frozenset(swapped))
    year = [date.fromordinal(date(2022, 1, 1).toordinal() + n) for n in range(365)]
    assert sum(map(workdays.is_workday, year)) == 249
    with pytest.raises(UnknownYear):
        list(legal_calendar([2099]))


@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert clean_key(clean_key(text)) == clean_key(text)


def test_words_that_mean_nothing_or_clear() -> None:
    assert all(means_nothing(raw) for raw in ("", None, "无", "—", "／", " \u3000"))
    assert not any(means_nothing(raw) for raw in ("NA", "null", 0, "无异常"))
    assert is_clear_mark("（清空）")
    assert is_clear_mark("(清空)")
    assert not is_clear_mark("清空")
    assert split_many("党办、 财务处；人事处，\n科技处") == ("党办", "财务处", "人事处", "科技处")
