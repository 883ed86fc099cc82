"""The model itself, on cases reckoned by hand: each boundary of the definitions."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from supervision import model
from supervision.events import (
    DAY,
    Activity,
    Answered,
    Applied,
    Asked,
    Decided,
    Event,
    FirstReviewed,
    LeaderReviewed,
    NextReview,
    Occurred,
    Opened,
    Proof,
    Rechecked,
    Reported,
    Reviewed,
    Seat,
    days_off,
    first_day,
    last_day,
    later,
    random_events,
)  # fmt: skip
from supervision.model import Standing

CODE = "RW-001"
JAN_1 = date(2022, 1, 1)


def day(text: str) -> date:
    """``03-31`` is in 2022."""
    return date.fromisoformat(text if len(text) == 10 else f"2022-{text}")


def duty(**more: Any) -> Opened:
    return Opened(JAN_1, CODE, **{"kind": "周期", "cycle": "季", **more})


def kept(**more: Any) -> Opened:
    return Opened(JAN_1, CODE, **{"kind": "长期", "cycle": "季", "start": JAN_1, **more})


def once(deadline: str | None = "06-30", **more: Any) -> Opened:
    return Opened(JAN_1, CODE, **{"deadline": deadline and day(deadline), "start": JAN_1, **more})


def done(*days: str) -> list[Occurred]:
    return [Occurred(day(each), CODE, day(each), first_day(day(each), "月")) for each in days]


def stands(as_of: str, *events: Event) -> Standing:
    return model.judge(events, day(as_of), days_off())[CODE]


def strip(as_of: str, *events: Event) -> list[tuple[str, int]]:
    """Return (state, number) of each cycle: what is owed, or by how many cycles it was made up."""
    return [(each.state, each.owed or each.late) for each in stands(as_of, *events).cycles]


def fractions(as_of: str, *events: Event) -> dict[str, tuple[int, int]]:
    return model.fractions(model.judge(events, day(as_of), days_off()), day(as_of))


# --- calendar -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cycle", "first", "last"),
    [("月", "05-01", "05-31"), ("季", "04-01", "06-30"), ("半年", "01-01", "06-30"), ("年", "01-01", "12-31")],
)
def test_a_cycle_is_a_part_of_the_calendar(cycle: str, first: str, last: str) -> None:
    assert (first_day(day("05-31"), cycle), last_day(day("05-31"), cycle)) == (day(first), day(last))


def test_months_later_is_the_same_day_or_the_last() -> None:
    assert later(date(2022, 11, 30), 3) == date(2023, 2, 28)
    assert later(date(2024, 2, 29), -12) == date(2023, 2, 28)
    assert later(date(2022, 12, 31), 1) == date(2023, 1, 31)


# --- recurring duties -----------------------------------------------------------------------------------------------


def test_a_cycle_is_closed_on_the_day_after_its_last() -> None:
    assert strip("03-31", duty()) == [("进行中", 1)]
    assert strip("04-01", duty()) == [("欠", 1), ("进行中", 1)]
    assert strip("04-01", duty(), *done("03-31")) == [("完成", 0), ("进行中", 1)]


def test_a_cycle_is_closed_after_the_end_and_no_other_begins() -> None:
    task = duty(deadline=day("05-15"))
    assert strip("05-15", task) == [("欠", 1), ("进行中", 1)]
    assert strip("05-16", task) == strip("2023-12-31", task) == [("欠", 1), ("欠", 1)]


def test_what_is_done_after_the_end_counts_in_its_last_cycle_only() -> None:
    task = duty(deadline=day("05-15"))
    assert strip("12-31", task, *done("06-30", "07-01")) == [("欠", 1), ("完成", 0)]


def test_cycles_begin_with_the_start_and_without_one_with_the_plan_year() -> None:
    assert len(strip("12-31", duty())) == 4
    assert len(strip("12-31", duty(start=day("04-01")))) == 3
    assert strip("03-31", duty(start=day("04-01"))) == []
    assert strip("04-01", duty(start=day("04-01"))) == [("进行中", 1)]


def test_half_of_a_first_cycle_is_owed_and_less_is_not() -> None:
    """April has 30 days: from the 16th on it is half of it, from the 17th less."""
    half, less = duty(cycle="月", start=day("04-16")), duty(cycle="月", start=day("04-17"))
    assert strip("05-01", half) == [("欠", 1), ("进行中", 1)]
    assert strip("05-01", less) == [("不计", 0), ("进行中", 1)]
    assert strip("05-01", less, *done("04-20")) == [("完成", 0), ("进行中", 1)]
    assert strip("05-01", duty(cycle="月", n=2, start=day("04-17")), *done("04-20"))[0] == ("欠", 1)
    assert (stands("04-30", half).light, stands("04-30", less).light) == ("黄", "绿")


def test_what_is_done_beyond_a_later_cycle_makes_up_the_oldest_debt() -> None:
    assert strip("10-01", duty(), *done("07-01")) == [("欠", 1), ("欠", 1), ("完成", 0), ("进行中", 1)]
    assert strip("10-01", duty(), *done("07-01", "07-02")) == [("补完成", 2), ("欠", 1), ("完成", 0), ("进行中", 1)]
    assert strip("09-30", duty(), *done("07-01", "07-02")) == [("补完成", 2), ("欠", 1), ("进行中", 0)]
    assert strip("10-01", duty(n=2), *done("01-05", "04-01", "04-02", "04-03"))[:2] == [("补完成", 1), ("完成", 0)]
    assert strip("07-01", duty(n=2), *done("04-01", "04-02", "04-03"))[:2] == [("欠", 1), ("完成", 0)]


def test_what_is_done_in_advance_makes_up_nothing() -> None:
    assert strip("07-01", duty(), *done("01-01", "01-02"))[:2] == [("完成", 0), ("欠", 1)]


def test_what_cannot_be_made_up_is_missed_for_good() -> None:
    task = duty(make_up=False)
    assert strip("07-01", task, *done("04-01", "04-02"))[:2] == [("缺", 1), ("完成", 0)]
    assert stands("06-01", task, *done("04-01")).light == "黄"
    assert stands("2023-03-30", task, *done("04-01", "07-01", "10-01", "2023-01-01")).light == "黄"
    assert stands("2023-03-31", task, *done("04-01", "07-01", "10-01", "2023-01-01")).light == "绿"


def test_two_missed_in_a_row_are_red_for_a_year() -> None:
    task = duty(make_up=False)
    assert stands("07-01", task).light == "红"
    assert stands("10-01", task, *done("04-01", "10-01")).light == "黄"
    rest = done("07-01", "10-01", "2023-01-01")
    assert stands("2023-03-30", task, *rest).light == "红"
    assert stands("2023-03-31", task, *rest).light == "黄"


def test_missed_on_both_sides_of_a_cycle_that_was_not_due_is_in_a_row() -> None:
    asked = Asked(day("03-01"), CODE, "暂缓", day("06-30"), day("04-01"))
    events = (duty(make_up=False), asked, Answered(day("03-02"), CODE, asked))
    assert strip("10-01", *events)[:3] == [("缺", 1), ("不计", 0), ("缺", 1)]
    assert stands("10-01", *events).light == "红"


def test_debts_of_one_cycle_are_yellow_and_of_two_are_red() -> None:
    assert stands("04-01", duty(n=4)).light == "黄"
    assert stands("07-01", duty(n=4)).light == "红"
    assert stands("07-01", duty(), *done("04-01")).light == "黄"
    assert stands("07-01", duty(), *done("04-01", "04-02")).light == "绿"


def test_a_year_in_debt_is_red_and_so_is_one_that_can_no_longer_be_kept() -> None:
    task = duty(cycle="年", n=3)
    assert stands("12-29", task).light == "黄"  # three days are left for three
    assert stands("12-30", task).light == "红"
    assert stands("12-30", task, *done("05-01")).light == "黄"
    assert stands("2023-01-01", task, *done("05-01", "06-01")).light == "红"
    assert stands("2023-01-01", task, *done("05-01", "06-01", "07-01")).light == "绿"
    assert (
        stands("2023-01-02", task, *done("05-01", "06-01", "2023-01-01")).light == "红"
    )  # not beyond the three of 2023


def test_a_year_missed_for_good_is_red_for_a_year() -> None:
    task = duty(cycle="年", make_up=False)
    rest = done("2023-05-01", "2024-01-01")
    assert stands("2023-12-30", task, *rest).light == "红"
    assert stands("2023-12-31", task, *rest).light == "绿"


def test_the_last_quarter_of_the_running_cycle_is_yellow_while_something_is_to_be_done() -> None:
    """The second quarter has 91 days, 69 of which make three quarters: 4 · 69 = 276 ≥ 273 = 3 · 91."""
    ninth = day("04-01") + timedelta(days=69)
    before = done("01-01")
    assert ninth == day("06-09")
    assert stands("06-08", duty(), *before).light == "绿"
    assert stands("06-09", duty(), *before).light == "黄"
    assert stands("06-09", duty(), *before, *done("06-09")).light == "绿"
    assert stands("06-09", duty(n=2), *done("01-01", "01-02", "06-09")).light == "黄"
    february = (duty(cycle="月"), *done("01-01"))  # 4 · 21 = 3 · 28
    assert [stands(each, *february).light for each in ("02-21", "02-22")] == ["绿", "黄"]


def test_a_cycle_inside_an_approved_pause_is_not_due() -> None:
    asked = Asked(day("03-01"), CODE, "暂缓", day("06-30"), day("04-01"))
    events = (duty(), *done("01-05"), asked)
    assert strip("07-01", *events)[1] == ("欠", 1)
    assert strip("07-01", *events, Answered(day("03-02"), CODE, asked, agreed=False))[1] == ("欠", 1)
    assert strip("07-01", *events, Answered(day("03-02"), CODE, asked))[1] == ("不计", 0)
    short = Asked(day("03-01"), CODE, "暂缓", day("06-29"), day("04-01"))
    assert strip("07-01", *events, short, Answered(day("03-02"), CODE, short))[1] == ("欠", 1)


def test_what_is_done_in_a_pause_makes_up_what_is_owed() -> None:
    asked = Asked(day("03-01"), CODE, "暂缓", day("06-30"), day("04-01"))
    assert strip("07-01", duty(), asked, Answered(day("03-02"), CODE, asked), *done("05-01"))[0] == ("补完成", 1)


def test_a_pause_has_its_own_mark_until_its_last_day() -> None:
    asked = Asked(day("03-01"), CODE, "暂缓", day("04-20"), day("03-10"))
    events = (duty(), asked, Answered(day("03-15"), CODE, asked))
    lights = [stands(each, *events).light for each in ("03-14", "03-15", "04-20", "04-21")]
    assert lights == ["黄", "暂缓", "暂缓", "黄"]
    bare = Asked(day("03-01"), CODE, "暂缓", day("04-20"))
    assert [stands(each, duty(), bare, Answered(day("03-02"), CODE, bare)).light for each in ("03-01", "03-02")] == [
        "绿", "暂缓",
    ]  # fmt: skip


def test_the_register_counts_and_not_the_word() -> None:
    task = duty(proof=Proof("警示教育", 1, "季"))
    assert strip("04-01", task, *done("01-05"))[0] == ("完成", 0)  # until it has rows
    held = Activity(day("02-01"), "", "警示教育", day("02-01"))
    assert strip("04-01", task, held)[0] == ("完成", 0)
    for other in (
        Activity(day("02-01"), "", "宣讲", day("02-01")),
        Activity(day("02-01"), "", "警示教育", day("02-01"), "计划"),
    ):
        assert strip("04-01", task, other, *done("01-05"))[0] == ("欠", 1)


def test_what_is_entered_later_has_happened_later() -> None:
    entered = Occurred(day("04-20"), CODE, day("03-30"), day("01-01"))
    assert strip("04-19", duty(), entered)[0] == ("欠", 1)
    assert strip("04-20", duty(), entered)[0] == ("完成", 0)
    ahead = Occurred(day("03-01"), CODE, day("03-20"), day("01-01"))
    assert [stands(each, duty(), ahead).cycles[0].done for each in ("03-19", "03-20")] == [0, 1]


def test_kept_cycles_are_no_close_out_and_a_decision_ends_them() -> None:
    task = (duty(deadline=day("03-31")), *done("01-05"))
    assert [(stands(each, *task).state, stands(each, *task).light) for each in ("03-23", "03-24", "04-01")] == [
        ("未启动", "绿"), ("未启动", "黄"), ("未启动", "红"),
    ]  # fmt: skip
    assert stands("04-01", *task, Applied(day("04-01"), CODE)).light == "待审核"
    closed = (duty(), *done("01-05"), Applied(day("07-10"), CODE), Decided(day("08-10"), CODE))
    assert strip("12-31", *closed) == [("完成", 0), ("欠", 1), ("不计", 0)]
    assert stands("12-31", *closed).light == "办结"
    assert strip("12-31", duty(), Applied(day("05-10"), CODE), Decided(day("06-30"), CODE)) == [("欠", 1), ("欠", 1)]
    late = (duty(deadline=day("05-15")), Applied(day("05-16"), CODE), Decided(day("05-20"), CODE))
    assert strip("12-31", *late) == [("欠", 1), ("欠", 1)]  # it had ended before it was closed


def test_a_word_alone_makes_a_kept_duty_wait_and_covers_no_debt() -> None:
    word = Reported(day("02-01"), CODE, "已完成")
    assert [stands("04-02", each, word).light for each in (kept(start=day("02-01")), duty(), kept())] == [
        "待审核", "黄", "黄",
    ]  # fmt: skip


def test_without_a_cycle_nothing_is_judged() -> None:
    assert (stands("12-31", duty(cycle="")).light, stands("12-31", duty(cycle="")).cycles) == ("待明确", [])


def test_the_share_of_kept_cycles_counts_closed_and_due_ones() -> None:
    events = (duty(), *done("07-01", "07-02"))
    assert fractions("03-31", *events)["履行率"] == (0, 0)
    assert fractions("09-30", *events)["履行率"] == (1, 2)  # made up, owed; the third is running
    assert fractions("10-01", *events)["履行率"] == (2, 3)


# --- continuing duties ----------------------------------------------------------------------------------------------


def test_the_next_review_is_counted_from_the_start_the_decision_or_the_last_review() -> None:
    decided = (Applied(day("01-05"), CODE), Decided(day("02-10"), CODE, "转长期坚持"))
    assert stands("01-01", kept()).next_review == day("04-01")
    assert stands("01-01", kept(start=None)).next_review == day("04-01")
    assert stands("02-10", kept(), *decided).next_review == day("05-10")
    assert stands("03-05", kept(), *decided, Reviewed(day("03-05"), CODE)).next_review == day("06-05")
    assert stands("03-04", kept(), *decided, Reviewed(day("03-05"), CODE)).next_review == day("05-10")
    assert stands("03-01", once(cycle="年"), *decided).next_review == date(2023, 2, 10)
    assert stands("03-01", once(cycle="年")).next_review is None


def test_a_typed_day_overrides_once() -> None:
    typed = NextReview(day("03-01"), CODE, day("05-05"))
    assert stands("03-01", kept(), typed).next_review == day("05-05")
    assert stands("05-06", kept(), typed, Reviewed(day("05-06"), CODE)).next_review == day("08-06")
    assert stands("03-01", kept(), typed, NextReview(day("03-01"), CODE, None)).next_review == day("04-01")
    assert stands("03-01", kept(), NextReview(day("03-01"), CODE, JAN_1)).next_review == day("04-01")
    assert stands("03-01", kept(cycle=""), typed).next_review == day("05-05")
    assert stands("03-01", kept(cycle="")).light == "待明确"


def test_overdue_is_yellow_and_by_thirty_days_red() -> None:
    lights = [stands(each, kept()).light for each in ("04-01", "04-02", "05-01", "05-02")]
    assert lights == ["绿", "黄", "黄", "红"]
    short = [stands(each, kept(cycle="月", start=day("01-31"))).light for each in ("02-28", "03-01", "03-28", "03-29")]
    assert short == ["绿", "黄", "黄", "红"]  # a month after 28 February is less than thirty days


def test_what_got_worse_is_yellow_until_it_is_reviewed_again() -> None:
    worse = (kept(), Reviewed(day("02-01"), CODE, "有反复"))
    assert (stands("03-01", *worse).light, stands("03-01", *worse, Reviewed(day("03-01"), CODE)).light) == ("黄", "绿")
    later_decided = (Applied(day("02-05"), CODE), Decided(day("02-20"), CODE, "转长期坚持"))
    assert stands("03-01", *worse, *later_decided).light == "黄"


def test_a_relapse_opens_a_task_until_it_is_decided_again() -> None:
    closed = (kept(), Applied(day("01-05"), CODE), Decided(day("01-20"), CODE, "转长期坚持"))
    back = (*closed, Reviewed(day("03-01"), CODE, "反弹"))
    again = (*back, Applied(day("03-05"), CODE), Decided(day("03-20"), CODE, "转长期坚持"))
    assert [(stands(each, *again).state, stands(each, *again).light) for each in ("02-28", "03-04", "03-20")] == [
        ("长期坚持", "办结"), ("推进中", "黄"), ("长期坚持", "办结"),
    ]  # fmt: skip
    struck = (
        once(),
        Applied(day("06-01"), CODE),
        Decided(day("06-20"), CODE),
        Rechecked(day("09-20"), CODE, kept=False),
    )
    assert [(stands(each, *struck).state, stands(each, *struck).light) for each in ("09-19", "09-20")] == [
        ("已销号", "办结"), ("推进中", "红"),
    ]  # fmt: skip


def test_reviews_held_on_their_day_are_in_time_and_the_pending_one_counts_once_it_is_missed() -> None:
    events = (kept(), Reviewed(day("04-01"), CODE), Reviewed(day("07-02"), CODE))
    assert [fractions(each, *events)["复核率"] for each in ("03-31", "04-01", "07-01", "07-02", "10-02", "10-03")] == [
        (0, 0), (1, 1), (1, 1), (1, 2), (1, 2), (1, 3),
    ]  # fmt: skip
    assert fractions("03-31", kept(), Reviewed(JAN_1, CODE))["复核率"] == (1, 1)
    assert fractions("03-31", kept(start=day("02-01")), Reviewed(JAN_1, CODE))["复核率"] == (0, 0)


# --- deadlines, extensions ------------------------------------------------------------------------------------------


def test_a_deadline_contains_its_day_and_is_near_a_week_before() -> None:
    lights = [stands(each, once()).light for each in ("06-22", "06-23", "06-30", "07-01")]
    assert lights == ["绿", "黄", "黄", "红"]


def test_a_task_without_department_or_deadline_is_to_be_settled() -> None:
    assert stands("03-01", once(None)).light == "待明确"
    assert stands("03-01", once(department="")).light == "待明确"
    assert stands("07-01", once(department="")).light == "红"


def test_only_an_approved_extension_moves_the_deadline_and_only_from_then_on() -> None:
    first, second = (Asked(day("06-20"), CODE, until=day(each)) for each in ("09-30", "11-30"))
    yes, no = Answered(day("07-10"), CODE, first), Answered(day("07-10"), CODE, first, agreed=False)
    assert [stands(each, once(), first, yes).light for each in ("07-09", "07-10", "10-01")] == ["红", "绿", "红"]
    assert stands("07-10", once(), first, no).light == "红"
    seen = stands("10-20", once(), first, yes, second, Answered(day("10-20"), CODE, second))
    assert (seen.deadline, seen.extended[0]) == (day("11-30"), 2)
    before = stands("07-09", once(), first, yes)
    assert (before.deadline, before.extended) == (day("06-30"), (0, 0, 0))


def test_what_was_late_when_it_was_asked_for_or_agreed_to_stays_in_the_record() -> None:
    first, second = Asked(day("06-30"), CODE, until=day("09-30")), Asked(day("10-01"), CODE, until=day("11-30"))
    agreed = (Answered(day("07-10"), CODE, first), Answered(day("10-03"), CODE, second))
    seen = [stands(each, once(), first, second, *agreed).extended for each in ("07-09", "07-10", "10-02", "10-03")]
    assert seen == [(0, 0, 0), (1, 0, 10), (1, 1, 10), (2, 1, 13)]
    assert stands("07-10", once(None), first, agreed[0]).extended == (0, 0, 0), "there is no deadline to move"


def test_an_extension_to_no_later_day_moves_nothing() -> None:
    first, second = Asked(day("06-01"), CODE, until=day("10-31")), Asked(day("06-01"), CODE, until=day("08-31"))
    agreed = (Answered(day("06-10"), CODE, first), Answered(day("06-12"), CODE, second))
    assert stands("06-30", once(), first, second, *agreed).extended == (1, 0, 0)


def test_an_extension_moves_the_end_of_a_duty() -> None:
    asked = Asked(day("03-01"), CODE, until=day("09-30"))
    events = (duty(deadline=day("03-31")), asked, Answered(day("07-10"), CODE, asked))
    assert [len(strip(each, *events)) for each in ("07-09", "07-10")] == [1, 3]


# --- close-outs -----------------------------------------------------------------------------------------------------


def test_the_first_missing_step_waits_in_working_days() -> None:
    """3 June 2022 is a Friday."""
    events = (
        once(),
        Reported(day("06-03"), CODE, "已完成"),
        Applied(day("06-03"), CODE),
        FirstReviewed(day("06-07"), CODE),
    )
    assert [stands(each, *events).waiting for each in ("06-03", "06-05", "06-06", "06-07", "06-13")] == [
        ("初审", 0), ("初审", 0), ("初审", 1), ("领导审核", 0), ("领导审核", 4),
    ]  # fmt: skip
    assert stands("06-13", *events, LeaderReviewed(day("06-10"), CODE)).waiting == ("党委审定", 1)
    skipped = (once(), Applied(day("06-03"), CODE), LeaderReviewed(day("06-08"), CODE))
    assert stands("06-10", *skipped).waiting == ("初审", 5)
    assert stands("06-13", *events, Decided(day("06-10"), CODE)).waiting is None


def test_holidays_and_a_saturday_worked_count_as_the_calendar_says() -> None:
    events = (once("12-31"), Applied(day("09-30"), CODE))
    assert stands("10-08", *events).waiting == ("初审", 1)  # 1 to 7 October are off, Saturday the 8th is worked


def test_it_says_waiting_while_an_application_is_open() -> None:
    events = (once(), Reported(day("06-03"), CODE, "已完成"), Applied(day("06-03"), CODE))
    assert (stands("06-10", *events).light, stands("06-10", *events).late) == ("待审核", 0)
    assert stands("07-20", *events, FirstReviewed(day("07-18"), CODE)).light == "待审核"
    assert stands("07-20", *events, Decided(day("07-20"), CODE)).light == "办结"
    back = stands("07-20", *events, Decided(day("07-20"), CODE, "退回"))
    assert (back.state, back.light, back.waiting) == ("推进中", "红", None)
    assert stands("06-20", *events, FirstReviewed(day("06-10"), CODE, passed=False)).light == "绿"


def test_a_step_that_waits_longer_than_its_limit_is_yellow() -> None:
    """3, 10 and 17 June 2022 are Fridays: five working days are a week, twenty four weeks."""
    events: list[Event] = [once(), Applied(day("06-03"), CODE)]
    assert [stands(each, *events).light for each in ("06-12", "06-13")] == ["待审核", "黄"]
    events.append(FirstReviewed(day("06-10"), CODE))
    assert [stands(each, *events).light for each in ("06-19", "06-20")] == ["待审核", "黄"]
    events.append(LeaderReviewed(day("06-17"), CODE))
    assert [stands(each, *events).light for each in ("07-17", "07-18")] == ["待审核", "黄"]


def test_an_application_covers_no_debt_of_a_duty() -> None:
    applied = Applied(day("07-04"), CODE)
    assert [stands("07-04", duty(), applied, *done(*each)).light for each in ((), ("01-05",), ("01-05", "04-05"))] == [
        "红", "黄", "待审核",
    ]  # fmt: skip
    assert [stands(each, kept(), Applied(day("04-01"), CODE)).light for each in ("04-01", "04-02")] == ["待审核", "黄"]


def test_lateness_is_fixed_on_the_day_of_application() -> None:
    late = (once(), Applied(day("07-03"), CODE))
    assert [stands(each, *late).late for each in ("07-02", "07-03", "09-01")] == [0, 3, 3]
    asked = Asked(day("07-04"), CODE, until=day("09-30"))
    assert stands("09-01", *late, asked, Answered(day("07-05"), CODE, asked)).late == 3
    assert stands("09-01", once(), Applied(day("06-30"), CODE)).late == 0
    twice = (once(), Applied(day("06-03"), CODE), Decided(day("07-03"), CODE, "退回"), Applied(day("07-08"), CODE))
    assert [stands(each, *twice).late for each in ("07-02", "07-03", "07-08")] == [0, 0, 8]


def test_done_by_word_alone_waits_until_the_deadline_and_is_late_after_it() -> None:
    word = (once(), Reported(day("06-03"), CODE, "已完成"))
    assert [stands(each, *word).light for each in ("06-03", "06-30", "07-01")] == ["待审核", "待审核", "红"]


def test_a_word_changes_nothing_of_what_is_closed_or_sent_back() -> None:
    closed = (once(), Applied(day("06-03"), CODE), Decided(day("06-10"), CODE))
    assert stands("06-20", *closed, Reported(day("06-15"), CODE, "推进中")).state == "已销号"
    back = (once(), Applied(day("06-03"), CODE), Decided(day("06-10"), CODE, "退回"))
    word = Reported(day("06-15"), CODE, "已完成")
    assert (stands("06-20", *back, word).state, stands("06-20", *back, word).light) == ("推进中", "绿")
    assert stands("06-20", *back, word, Applied(day("06-20"), CODE)).state == "已完成"


def test_a_recheck_is_due_after_three_months_and_overdue_after_six() -> None:
    closed = (once(), Applied(day("05-01"), CODE), Decided(day("05-15"), CODE))
    assert [stands(each, *closed).recheck for each in ("08-14", "08-15", "11-15", "11-16")] == [
        "",
        "到期",
        "到期",
        "超期",
    ]
    assert stands("11-16", *closed, Rechecked(day("10-01"), CODE)).recheck == ""


# --- proof ----------------------------------------------------------------------------------------------------------


def test_a_proof_is_met_not_met_or_without_data() -> None:
    vacant, filled = Seat(day("02-01"), "", "书记", vacant=True), Seat(day("05-01"), "", "书记", vacant=False)
    task = once(proof=Proof())
    assert [stands(each, task, vacant, filled).proof for each in ("01-31", "02-01", "05-01")] == [
        "无数据",
        "未达到",
        "达到",
    ]
    assert stands("05-01", once(), vacant).proof == ""


def test_a_proof_per_cycle_is_met_if_no_closed_cycle_is_short() -> None:
    task = duty(proof=Proof("警示教育", 1, "季"))
    held = [Activity(day(each), "", "警示教育", day(each)) for each in ("01-01", "07-02", "07-03")]
    assert [stands(each, task, *held).proof for each in ("03-31", "04-01", "07-01", "07-03")] == [
        "无数据", "达到", "未达到", "达到",
    ]  # fmt: skip
    assert stands("04-01", task).proof == "无数据"
    lost = duty(proof=Proof("警示教育", 1, "季"), make_up=False)
    rest = [Activity(day(each), "", "警示教育", day(each)) for each in ("04-01", "07-01", "10-01", "2023-01-01")]
    assert [stands(each, lost, *rest).proof for each in ("2023-03-30", "2023-03-31")] == ["未达到", "达到"]


def test_a_proof_that_no_duty_keeps_is_judged_by_the_last_closed_cycle_or_by_all() -> None:
    """From the 16th of August on, less than half of a quarter is left."""
    checks = [Activity(day(each), "", "检查", day(each), register="八项规定检查") for each in ("02-01", "08-01")]
    each_quarter, ever = (Proof("检查", n, per, "八项规定检查") for n, per in ((1, "季"), (2, "")))
    seen = [stands(each, kept(proof=each_quarter), *checks).proof for each in ("03-31", "04-01", "07-01", "10-01")]
    assert seen == ["无数据", "达到", "未达到", "达到"]
    late = [kept(proof=each_quarter, start=day(each)) for each in ("08-16", "08-17")]
    assert [stands("10-01", each, *checks).proof for each in late] == ["达到", "无数据"]
    assert [stands(each, once(proof=ever), *checks).proof for each in ("01-31", "07-31", "08-01", "2023-02-01")] == [
        "无数据", "未达到", "达到", "达到",
    ]  # fmt: skip
    other = Activity(day("02-01"), "", "检查", day("02-01"))
    assert stands("04-01", kept(proof=each_quarter), other).proof == "无数据"


def test_a_proposal_proves_nothing() -> None:
    proposal = Proof("警示教育", 1, "季", confirmed=False)
    held = Activity(day("02-01"), "", "警示教育", day("02-01"))
    seen = stands("04-01", duty(proof=proposal), held)
    assert (seen.cycles[0].state, seen.proof, seen.contradicted) == ("欠", "", False)
    assert strip("04-01", duty(proof=proposal), *done("02-01"))[0] == ("完成", 0)


def test_of_several_kinds_each_counts() -> None:
    task = duty(proof=Proof("警示教育、宣讲", 2, "季"), n=2)
    held = [Activity(day("02-01"), "", each, day("02-01")) for each in ("警示教育", "宣讲", "思想教育")]
    assert strip("04-01", task, *held)[0] == ("完成", 0)
    assert strip("04-01", task, *held[1:])[0] == ("欠", 1)


def test_what_is_filled_in_later_counts_from_then_on() -> None:
    bare, filled = once(None, department=""), replace(once("03-31"), day=day("02-01"))
    assert [stands(each, bare, filled).deadline for each in ("01-31", "02-01")] == [None, day("03-31")]


def test_a_word_that_the_ledger_belies_is_contradicted() -> None:
    task, vacant = once(proof=Proof()), Seat(day("02-01"), "", "书记", vacant=True)
    assert not stands("03-01", task, vacant).contradicted
    assert stands("03-01", task, vacant, Reported(day("03-01"), CODE, "已完成")).contradicted
    assert stands("03-01", task, vacant, Applied(day("03-01"), CODE)).contradicted
    assert stands("03-01", task, vacant, Applied(day("02-01"), CODE), Decided(day("03-01"), CODE)).contradicted
    assert not stands("03-01", task, Reported(day("03-01"), CODE, "已完成")).contradicted


# --- rates ----------------------------------------------------------------------------------------------------------


def test_nothing_due() -> None:
    assert fractions("01-31", once()) == {"按期办结率": (0, 0), "销号率": (0, 1), "履行率": (0, 0), "复核率": (0, 0)}


def test_due_today_counts_once_it_is_applied_for() -> None:
    applied = (once(), Applied(day("06-30"), CODE))
    assert [fractions("06-30", *each)["按期办结率"] for each in ([once()], applied)] == [(0, 0), (1, 1)]
    assert fractions("07-01", once())["按期办结率"] == (0, 1)
    assert fractions("07-01", once(), Applied(day("07-01"), CODE))["按期办结率"] == (0, 1)
    assert fractions("06-29", once(), Applied(day("06-20"), CODE))["按期办结率"] == (0, 0)


def test_all_done_but_one() -> None:
    def closed(code: str) -> list[Event]:
        return [Opened(JAN_1, code, deadline=day("06-30")), Applied(day("05-01"), code), Decided(day("05-20"), code)]

    events = [each for number in range(2, 6) for each in closed(f"RW-{number:03}")]
    found = fractions("12-31", once(), *events)
    assert (found["按期办结率"], found["销号率"]) == ((4, 5), (4, 5))


def test_what_goes_on_or_has_no_end_cannot_be_struck_off_and_principles_count_nowhere() -> None:
    assert fractions("02-01", kept())["销号率"] == fractions("02-01", duty())["销号率"] == (0, 0)
    assert fractions("02-01", duty(deadline=day("06-30")))["销号率"] == (0, 1)
    ongoing = (once(cycle="季"), Applied(day("01-05"), CODE), Decided(day("01-20"), CODE, "转长期坚持"))
    assert fractions("07-01", *ongoing) == {
        "按期办结率": (1, 1), "销号率": (0, 0), "履行率": (0, 0), "复核率": (0, 1),
    }  # fmt: skip
    assert model.judge([Opened(JAN_1, CODE, "原则")], day("07-01"), days_off()) == {}


# --- the random office ----------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_events_and_another_gives_others() -> None:
    assert random_events(1) == random_events(1) != random_events(2)


def test_three_years_of_one_seed_show_nearly_everything() -> None:
    events, off = random_events(1), days_off()
    lights, states, verdicts, late = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for number in range(1, 37):
        for each in model.judge(events, later(JAN_1, number) - DAY, off).values():
            lights[each.light] += 1
            states.update(cycle.state for cycle in each.cycles)
            verdicts.update([each.proof, each.recheck, each.waiting[0] if each.waiting else "", f"{each.contradicted}"])
            late.update(["asked"] * each.extended[1] + ["agreed"] * each.extended[2])
    assert set(lights) == {"红", "黄", "绿", "待审核", "暂缓", "办结", "待明确"}
    assert set(states) == {"完成", "补完成", "欠", "缺", "进行中", "不计"}
    assert set(verdicts) >= {"达到", "未达到", "无数据", "到期", "超期", "初审", "领导审核", "党委审定", "True"}
    assert set(late) == {"asked", "agreed"}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_no_duty_is_green_with_nothing_done_for_more_than_a_cycle(seed: int) -> None:
    events, off = random_events(seed), days_off()
    for number in range(1, 37):
        as_of = later(JAN_1, number) - DAY
        for each in model.judge(events, as_of, off).values():
            if each.light == "绿" and each.cycles:
                closed = [cycle for cycle in each.cycles if cycle.state not in ("进行中", "不计")]
                assert all(cycle.done or cycle.made_up or cycle.last <= later(as_of, -12) for cycle in closed)
            if each.light == "绿" and each.task.kind == "长期":
                assert each.next_review is not None and as_of <= each.next_review
