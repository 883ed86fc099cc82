"""Deadlines as plans write them: one day and its rule, or a question to decide."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taizhang.typed.deadline_grammar import Span
from taizhang.typed.deadlines import Deadline, read_deadline
from taizhang.typed.workdays import Workdays

START = date(2022, 2, 7)
EVENTS = {
    "党的二十大召开": date(2022, 10, 16),
    "春节": date(2022, 2, 1),
    "2023年端午节": date(2023, 6, 22),
    "巡察反馈": None,
}


def read(raw: Any, **changes: Any) -> Deadline:
    facts: dict[str, Any] = {"year": 2022, "start": START, "events": EVENTS, "workdays": Workdays(frozenset({2022}))}
    deadline = read_deadline(raw, **{**facts, **changes})
    assert deadline is not None
    return deadline


WORDS = [
    # months
    ("2022年3月底前", (2022, 3, 31), "按月末，含当日"),
    ("2022年3月底", (2022, 3, 31), "按月末，含当日"),
    ("2022年3月末之前", (2022, 3, 31), "按月末，含当日"),
    ("2022年3月内", (2022, 3, 31), "按月末，含当日"),
    ("2022年2月", (2022, 2, 28), "按月末，含当日"),
    ("2024年2月底前", (2024, 2, 29), "按月末，含当日"),
    ("２０２２年３月", (2022, 3, 31), "按月末，含当日"),
    ("二〇二二年六月底前", (2022, 6, 30), "按月末，含当日"),
    ("2022-3", (2022, 3, 31), "按月末，含当日"),
    ("2022.12", (2022, 12, 31), "按月末，含当日"),
    ("2022.3月底", (2022, 3, 31), "按月末，含当日"),
    ("202203", (2022, 3, 31), "按月末，含当日"),
    (202203.0, (2022, 3, 31), "按月末，含当日"),
    (2022.3, (2022, 3, 31), "按月末，含当日"),
    ("22年3月底", (2022, 3, 31), "按月末，含当日，22年即 2022 年"),
    ("3月底", (2022, 3, 31), "按月末，含当日，没写年份，按方案年度 2022 年"),
    ("十二月底前", (2022, 12, 31), "按月末，含当日，没写年份，按方案年度 2022 年"),
    ("明年3月底前", (2023, 3, 31), "按月末，含当日，“明年”按 2023 年"),
    ("2022年3月上旬", (2022, 3, 10), "上旬按最后一天"),
    ("2022年3月中旬前", (2022, 3, 20), "中旬按最后一天"),
    ("2022年2月下旬", (2022, 2, 28), "下旬按最后一天"),
    ("2022年2月中下旬", (2022, 2, 28), "中下旬按最后一天"),
    ("月底前", (2022, 2, 28), "按开始日期所在月算，月末，含当日"),
    ("下月底前", (2022, 3, 31), "按开始日期所在月算，月末，含当日"),
    # quarters, halves, years
    ("2022年一季度", (2022, 3, 31), "按季度末，含当日"),
    ("2022年第二季度末前", (2022, 6, 30), "按季度末，含当日"),
    ("2022年第3季度底", (2022, 9, 30), "按季度末，含当日"),
    ("2022Q4", (2022, 12, 31), "按季度末，含当日"),
    ("2022年上半年", (2022, 6, 30), "按半年末，含当日"),
    ("2022年下半年内", (2022, 12, 31), "按半年末，含当日"),
    ("2022年底前", (2022, 12, 31), "按年底，含当日"),
    ("2022年年底", (2022, 12, 31), "按年底，含当日"),
    ("2022年内", (2022, 12, 31), "按年底，含当日"),
    ("2022年", (2022, 12, 31), "按年底，含当日"),
    (2022.0, (2022, 12, 31), "按年底，含当日"),
    ("年内完成", (2022, 12, 31), "按年底，含当日，没写年份，按方案年度 2022 年"),
    ("今年年底前", (2022, 12, 31), "按年底，含当日，“今年”按 2022 年"),
    ("贯穿2022年全年", (2022, 12, 31), "按年底，含当日"),
    # days
    ("2022年3月15日前", (2022, 3, 15), "文字写的年月日，含当日"),
    ("2022.3.31", (2022, 3, 31), "文字写的年月日"),
    ("2022年3月31号", (2022, 3, 31), "文字写的年月日"),
    ("20220331", (2022, 3, 31), "按八位数字的年月日"),
    ("44651", (2022, 3, 31), "按 Excel 日期序号"),
    (44651.0, (2022, 3, 31), "按 Excel 日期序号"),
    ("3月15日前", (2022, 3, 15), "含当日，没写年份，按方案年度 2022 年"),
    ("3.15前", (2022, 3, 15), "没写年份，按 2022 年，含当日"),
    ("2022年12月31日（星期六）前", (2022, 12, 31), "文字写的年月日，含当日"),
    # from-to
    ("2022年3-6月", (2022, 6, 30), "起止月份取截止月的月末"),
    ("2022.3-6月", (2022, 6, 30), "起止月份取截止月的月末"),
    ("2022年3月至6月", (2022, 6, 30), "起止月份取截止月的月末"),
    ("2022年3月1日至2022年6月30日", (2022, 6, 30), "起止时间取截止日，文字写的年月日"),
    ("2023年3月1日—6月30日", (2023, 6, 30), "起止时间取截止日，含当日，没写年份，按方案年度 2023 年"),
    # festivals and events
    ("“七一”前", (2022, 6, 30), "“七一”前一天，没写年份，按方案年度 2022 年"),
    ("2022年国庆节前完成", (2022, 9, 30), "“国庆”前一天"),
    ("十一前", (2022, 9, 30), "“十一”前一天，没写年份，按方案年度 2022 年"),
    ("2023年元旦前", (2022, 12, 31), "“元旦”前一天"),
    ("春节前", (2022, 1, 31), "“春节”（2022-02-01）前一天"),
    ("2023年端午前", (2023, 6, 21), "“2023年端午节”（2023-06-22）前一天"),
    ("党的二十大召开前", (2022, 10, 15), "“党的二十大召开”（2022-10-16）前一天"),
    ("迎接党的二十大胜利召开之前完成", (2022, 10, 15), "“党的二十大召开”（2022-10-16）前一天"),
    ("二十大前", (2022, 10, 15), "“党的二十大召开”（2022-10-16）前一天"),
    ("党的二十大召开后10日内", (2022, 10, 26), "从2022-10-16起 10 日，当日不计"),
    # from the start
    ("印发后30日内", (2022, 3, 9), "从开始日期起 30 日，当日不计"),
    ("自印发之日起15个工作日内", (2022, 2, 28), "从开始日期起 15 个工作日，当日不计"),
    ("15个工作日内", (2022, 2, 28), "从开始日期起 15 个工作日，当日不计"),
    ("方案印发后一个月内", (2022, 3, 7), "从开始日期起 1 个月，到期无对应日的取月末"),
    ("半年内", (2022, 8, 7), "从开始日期起 6 个月，到期无对应日的取月末"),
    ("两周内", (2022, 2, 21), "从开始日期起 2 周，当日不计"),
    ("自2022年3月1日起30日内", (2022, 3, 31), "从2022-03-01起 30 日，当日不计"),
    ("立行立改", (2022, 3, 9), "从开始日期起 30 日，当日不计"),
    ("即知即改", (2022, 2, 14), "从开始日期起 5 个工作日，当日不计"),
    # words around the day
    ("力争2022年3月底前完成", (2022, 3, 31), "按月末，含当日"),
    ("不迟于2022年3月底", (2022, 3, 31), "按月末，含当日"),
    ("持续到2022年12月底", (2022, 12, 31), "按月末，含当日"),
    ("2022年3月底前按要求完成", (2022, 3, 31), "按月末，含当日"),
    ("立行立改，2022年3月底前", (2022, 3, 31), "按月末，含当日"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "day", "rule"), WORDS)
def test_words_mean_one_day_and_say_the_rule(words: Any, day: tuple[int, int, int], rule: str) -> None:
    deadline = read(words)
    assert (deadline.date, deadline.rule, deadline.unresolved) == (date(*day), rule, None)
    assert not deadline.ongoing
    assert deadline.warnings == ()


def test_the_echo_shows_words_day_and_rule() -> None:
    assert read("3月底前").echo == "“3月底前”理解为 2022-03-31（按月末，含当日，没写年份，按方案年度 2022 年）"
    assert (
        read("2022年3月底前，长期坚持").echo
        == "“2022年3月底前，长期坚持”理解为 2022-03-31，之后长期坚持（按月末，含当日）"
    )
    assert read("长期坚持").echo is None
    assert read("适时").echo is None


@pytest.mark.parametrize("raw", [date(2022, 3, 31), datetime(2022, 3, 31), "2022-03-31"])
def test_a_plain_date_needs_no_rule_and_no_echo(raw: Any) -> None:
    deadline = read(raw)
    assert (deadline.words, deadline.date, deadline.rule, deadline.echo) == ("2022-03-31", date(2022, 3, 31), "", None)


@pytest.mark.parametrize("day", [date(2022, 1, 31), date(2022, 4, 30), date(2022, 12, 31)])
def test_a_deadline_on_a_holiday_is_not_shifted(day: date) -> None:
    holidays = Workdays(frozenset({2022}), days_off=frozenset({day}))
    assert read(f"{day.year}年{day.month}月底前", workdays=holidays).date == day


@pytest.mark.parametrize("raw", [None, "", " \u3000", "无", "—"])
def test_nothing_typed_is_no_deadline(raw: Any) -> None:
    assert read_deadline(raw) is None


@pytest.mark.parametrize(
    ("words", "day", "cycle"),
    [
        ("2022年3月底前，长期坚持", date(2022, 3, 31), None),
        ("2022年3月底前\n长期坚持", date(2022, 3, 31), None),
        ("2022年3月底前完成并长期坚持", date(2022, 3, 31), None),
        ("2022年3月底前完成，之后长期坚持", date(2022, 3, 31), None),
        ("2022年3月底前取得初步成效，持续推进", date(2022, 3, 31), None),
        ("立行立改，长期坚持", date(2022, 3, 9), None),
        ("长期坚持", None, None),
        ("持续推进", None, None),
        ("常态化开展", None, None),
        ("长期坚持，每季度至少检查一次", None, "季"),
        ("长期坚持（每半年复核）", None, "半年"),
        ("2022年6月底前建立机制，长期坚持，每年开展一次", date(2022, 6, 30), "年"),
    ],
)
def test_a_day_and_a_lasting_duty_are_two_facts(words: str, day: date | None, cycle: str | None) -> None:
    deadline = read(words)
    assert (deadline.date, deadline.ongoing, deadline.review_cycle) == (day, True, cycle)
    assert (deadline.unresolved, deadline.warnings) == (None, ())


@pytest.mark.parametrize(
    ("words", "cycle"),
    [
        ("每月", "月"),
        ("每个月", "月"),
        ("按月", "月"),
        ("每月25日前", "月"),
        ("每季度末", "季"),
        ("每季度至少一次", "季"),
        ("按季度通报", "季"),
        ("每半年一次", "半年"),
        ("每年", "年"),
        ("每年度不少于2次", "年"),
    ],
)
def test_a_cycle_is_no_day_and_waits_for_nothing(words: str, cycle: str) -> None:
    deadline = read(words)
    assert (deadline.date, deadline.review_cycle, deadline.ongoing, deadline.unresolved) == (None, cycle, False, None)


def test_a_yearly_day_keeps_both() -> None:
    deadline = read("每年12月底前")
    assert (deadline.date, deadline.review_cycle) == (date(2022, 12, 31), "年")


@pytest.mark.parametrize("words", ["每周", "每两个月", "每天"])
def test_other_cycles_are_asked(words: str) -> None:
    assert read(words).unresolved == f"复核周期只有月、季、半年、年四种，“{words}”请换成其中一种。"


def test_another_cycle_beside_a_day_or_several_cycles_are_pointed_out() -> None:
    assert read("2022年3月底前，每周调度").warnings[0].startswith("复核周期只有月、季、半年、年四种，“每周”")
    several = read("每月自查，每季度通报")
    assert (several.review_cycle, several.warnings) == (
        "月",
        ("写了几个复核周期，按“月”理解，请核对", "“自查”没有作为时限理解"),
    )


@pytest.mark.parametrize(
    "words",
    [
        "适时",
        "及时反馈",
        "尽快",
        "按要求",
        "按上级要求推进",
        "按年度计划推进",
        "视情况",
        "根据工作需要",
        "待明确",
        "另行通知",
        "逐步完成",
    ],
)
def test_vague_words_wait_for_the_office(words: str) -> None:
    deadline = read(words)
    assert (deadline.date, deadline.review_cycle) == (None, None)
    assert deadline.unresolved == "没有说定是哪一天，请办公室明确日期或周期（每月、每季度、每半年）。"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("3月前", "分不清是到2月底还是到3月底，请写成“3月底前”或具体日期。"),
        ("1月前", "分不清是到12月底还是到1月底"),
        ("2022年第3季度前", "分不清是到这个季度开始还是结束，请写成“3季度末前”"),
        ("上半年前", "分不清是到这半年开始还是结束"),
        ("2022年前", "分不清是到年初、春节还是年底"),
        ("年前", "分不清是到年初、春节还是年底"),
        ("3月初", "没有说到哪一天，请写成“3月上旬”"),
        ("3月中", "没有说到哪一天，请写成“3月中旬”"),
        ("元旦前", "没有说是哪一年的元旦"),
        ("本季度末", "没有说是哪一个"),
        ("2022年12月至3月", "分不清是跨年还是写反了"),
        ("2022年6月1日至3月1日", "截止日 2022-03-01 早于起始日 2022-06-01"),
        ("3/4/22", "分不清是 2022-03-04 还是 2022-04-03"),
        (2022.1, "2022.1 和 2022.10 是同一个数"),
        ("2022年2月30日前", "没有 2022年2月30日 这一天"),
        ("2022年13月底", "没有 13 月"),
        ("1900年3月底", "年份 1900 不在 2015—2035 之间"),
        ("2014年3月1日", "年份 2014 不在 2015—2035 之间"),
        ("2036年2月1日", "年份 2036 不在 2015—2035 之间"),
        ("2036年底前", "年份 2036 不在 2015—2035 之间"),
        (date(1900, 1, 1), "年份 1900 不在 2015—2035 之间"),
        ("3月底左右", "是大概的时间，请写清最迟哪一天完成。"),
        ("国庆前后", "是大概的时间，请写清最迟哪一天完成。"),
        ("3月底后", "说的是从什么时候开始，没有说最迟哪一天完成，请补上。"),
        ("3月起", "说的是从什么时候开始，没有说最迟哪一天完成，请补上。"),
        ("2022年初", "没有说到哪一天，请写成“3月底前”这样的月份或具体日期。"),
        ("3月底前不安排", "“不安排”可能改变时限的意思"),
        ("2022年3月底前完成方案，6月底前完成整改", "写了几个日期（2022-03-31、2022-06-30），请只留一个完成时限"),
        ("30日前", "没有写是几月，请写全年月日。"),
        ("3个月", "只说了多长时间，没有说从哪天算起，请写清最迟哪一天完成。"),
        ("随便写写", "看不出是哪一天，请写成日期，或“3月底前”“上半年”“长期坚持”这样的说法。"),
        (12.0, "看不出是哪一天"),
        (True, "看不出是哪一天"),
        ("2022年起3年内", "看不出从哪天算起"),
        ("很" * 101, "太长，看不出是哪一天"),
    ],
)
def test_what_has_no_single_reading_is_asked_never_guessed(words: Any, reason: str) -> None:
    deadline = read(words)
    assert deadline.date is None
    assert reason in (deadline.unresolved or "")
    assert deadline.echo is None


@pytest.mark.parametrize(
    "words", ["3月底", "一季度", "上半年", "年底前", "“七一”前", "明年3月底", "3月15日前", "3.15前"]
)
def test_without_any_year_the_year_is_asked(words: str) -> None:
    assert "没有写年份" in (read(words, year=None).unresolved or "")


@pytest.mark.parametrize("words", ["立行立改", "即知即改", "印发后30日内", "15个工作日内", "3个月内"])
def test_without_a_start_the_start_is_asked(words: str) -> None:
    assert read(words, start=None).unresolved == "要从开始日期算起，请先填开始日期。"


def test_without_the_years_calendar_the_calendar_is_asked() -> None:
    unresolved = read("15个工作日内", start=date(2022, 12, 26)).unresolved or ""
    assert unresolved.startswith("算不出是哪一天：〈参数〉的工作日历里没有 2023 年的放假安排")


@pytest.mark.parametrize(
    ("words", "event"),
    [
        ("党的二十大召开前", "党的二十大召开"),
        ("巡察反馈前", "巡察反馈"),
        ("巡察反馈后10日内", "巡察反馈"),
        ("下次民主生活会前", "下次民主生活会"),
        ("中秋节前", "2022年中秋"),
        ("在局职工代表大会召开之前", "局职工代表大会召开"),
    ],
)
def test_an_event_without_a_day_waits_for_it(words: str, event: str) -> None:
    deadline = read(words, events={"党的二十大召开": None, "巡察反馈": None, "大会": date(2022, 5, 1)})
    assert (deadline.date, deadline.event) == (None, event)
    assert deadline.unresolved == f"等“{event}”的日期：请在〈参数〉的事件里填上它是哪一天。"


def test_a_spring_festival_of_another_year_is_not_taken() -> None:
    assert read("2023年春节前").event == "2023年春节"


def test_what_was_not_read_is_pointed_out() -> None:
    deadline = read("3月底前完成方案起草")
    assert (deadline.date, deadline.warnings) == (date(2022, 3, 31), ("“完成方案起草”没有作为时限理解",))
    assert (deadline.echo or "").endswith("）；“完成方案起草”没有作为时限理解")


def test_an_assumed_year_before_the_start_is_pointed_out() -> None:
    assert read("1月底前").warnings == ("早于开始日期 2022-02-07，请核对年份",)
    assert read("2022年1月底前").warnings == ()
    assert read("2月7日前").warnings == ()


def test_the_office_may_set_how_long_at_once_is() -> None:
    assert read("马上办", immediate={"马上办": Span(3, "日")}).date == date(2022, 2, 10)


@pytest.mark.parametrize(
    ("start", "day"),
    [
        (date(2022, 1, 31), date(2022, 2, 28)),
        (date(2023, 11, 30), date(2023, 12, 30)),
        (date(2024, 1, 29), date(2024, 2, 29)),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last(start: date, day: date) -> None:
    assert read("一个月内", start=start).date == day


_MOSTLY_WORDS = st.text(
    "0123456789年月日前底内上中下旬半季度一二三十每持续长期立行改后起至-./个工作，“”七春节召开", max_size=20
)


@given(st.one_of(st.text(), _MOSTLY_WORDS, st.floats(), st.integers(), st.dates()), st.booleans())
def test_reading_never_raises_and_never_hides(raw: Any, known: bool) -> None:
    facts: dict[str, Any] = {"year": 2022, "start": START, "events": EVENTS} if known else {}
    deadline = read_deadline(raw, **facts)
    if deadline is not None:
        assert deadline.date or deadline.unresolved or deadline.ongoing or deadline.review_cycle
        assert not (deadline.date and deadline.unresolved)


@given(
    st.dates(date(2015, 1, 1), date(2035, 12, 31)),
    st.sampled_from(
        ["{d.year}年{d.month}月{d.day}日前", "{d.year}.{d.month}.{d.day}前", "{d}之前", "{d.month}月{d.day}日前"]
    ),
)
def test_every_day_reads_back(day: date, style: str) -> None:
    assert read(style.format(d=day), year=day.year).date == day


@given(
    st.integers(2015, 2035),
    st.integers(1, 12),
    st.sampled_from(["{y}年{m}月底前", "{y}年{m}月", "{y}-{m}", "{y}年{m}月下旬", "{m}月底前，长期坚持"]),
)
def test_every_month_ends_on_its_last_day(year: int, month: int, style: str) -> None:
    deadline = read(style.format(y=year, m=month), year=year)
    assert deadline.date
    following = date(year + month // 12, month % 12 + 1, 1)
    assert (deadline.date.year, deadline.date.month, (following - deadline.date).days) == (year, month, 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("每年至少一次，2022年12月底前完成", "2022-12-31，每年一次"),
        ("2022年3月底前，长期坚持", "2022-03-31，之后长期坚持"),
    ],
)
def test_a_cycle_that_stands_beside_a_day_is_said_back(words: str, said: str) -> None:
    found = read_deadline(words, year=2022)
    assert found is not None
    assert f"理解为 {said}（" in (found.echo or "")


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2022年3月1日至2022年3月1日", date(2022, 3, 1)),  # one day
        ("2022年3月1日至3月2日", date(2022, 3, 2)),
        ("2022年3月2日至3月1日", None),
        ("2022年3月底至3月31日", date(2022, 3, 31)),
        ("2022年3月底至3月30日", None),
        ("2022年3月底（2022年3月31日）前", date(2022, 3, 31)),  # the same day twice is one day
    ],
)
def test_a_range_may_begin_and_end_on_one_day(words: str, day: date | None) -> None:
    assert read(words).date == day


@pytest.mark.parametrize(
    ("start", "warned"), [(date(2022, 3, 30), False), (date(2022, 3, 31), False), (date(2022, 4, 1), True)]
)
def test_a_day_of_an_assumed_year_may_be_that_of_the_start(start: date, warned: bool) -> None:
    found = read("3月31日前", start=start)
    assert found.date == date(2022, 3, 31)
    assert found.warnings == ((f"早于开始日期 {start}，请核对年份",) if warned else ())


@pytest.mark.parametrize(("length", "reason"), [(100, "看不出是哪一天"), (101, "太长")])
def test_words_are_read_up_to_a_length(length: int, reason: str) -> None:
    assert (read("很" * length).unresolved or "").startswith(reason)
