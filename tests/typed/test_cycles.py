"""Calendar cycles: the one that holds a day, their order, and how people write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taizhang.typed.cycles import Cycle, CycleKind, cycle_of, cycles_between, read_cycle, read_frequency

MONTH, QUARTER, HALF, YEAR = CycleKind


@pytest.mark.parametrize(
    ("day", "kind", "first", "last", "name"),
    [
        (date(2022, 3, 31), MONTH, date(2022, 3, 1), date(2022, 3, 31), "2022年3月"),
        (date(2024, 2, 29), MONTH, date(2024, 2, 1), date(2024, 2, 29), "2024年2月"),
        (date(2022, 3, 31), QUARTER, date(2022, 1, 1), date(2022, 3, 31), "2022年一季度"),
        (date(2022, 4, 1), QUARTER, date(2022, 4, 1), date(2022, 6, 30), "2022年二季度"),
        (date(2022, 12, 31), QUARTER, date(2022, 10, 1), date(2022, 12, 31), "2022年四季度"),
        (date(2022, 6, 30), HALF, date(2022, 1, 1), date(2022, 6, 30), "2022年上半年"),
        (date(2022, 7, 1), HALF, date(2022, 7, 1), date(2022, 12, 31), "2022年下半年"),
        (date(2022, 7, 1), YEAR, date(2022, 1, 1), date(2022, 12, 31), "2022年"),
    ],
)
def test_a_day_falls_in_one_cycle(day: date, kind: CycleKind, first: date, last: date, name: str) -> None:
    cycle = cycle_of(day, kind)
    assert (cycle.first, cycle.last, cycle.name) == (first, last, name)
    assert cycle.days == (last - first).days + 1


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)), st.sampled_from(CycleKind))
def test_cycles_are_gapless_and_their_names_read_back(day: date, kind: CycleKind) -> None:
    cycle = cycle_of(day, kind)
    assert cycle.holds(day)
    assert cycle.next.first == cycle.last + timedelta(days=1)
    assert read_cycle(cycle.name) == cycle


def test_the_cycles_between_two_days_contain_both() -> None:
    names = [each.name for each in cycles_between(date(2021, 11, 30), date(2022, 4, 1), QUARTER)]
    assert names == ["2021年四季度", "2022年一季度", "2022年二季度"]
    assert list(cycles_between(date(2022, 4, 2), date(2022, 4, 1), MONTH)) == []
    assert len(list(cycles_between(date(2022, 4, 1), date(2022, 4, 1), MONTH))) == 1


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2022-Q1", "2022年一季度"),
        ("2022Q4", "2022年四季度"),
        ("２０２２年第二季度", "2022年二季度"),
        ("二〇二二年三季度", "2022年三季度"),
        ("2022-03", "2022年3月"),
        ("2022年03月份", "2022年3月"),
        ("2022 年 上半年", "2022年上半年"),
        ("2022-H2", "2022年下半年"),
        ("2022年度", "2022年"),
        ("2022", "2022年"),
    ],
)
def test_cycles_as_people_write_them(text: str, name: str) -> None:
    cycle = read_cycle(text)
    assert cycle and cycle.name == name


@pytest.mark.parametrize("text", ["", "一季度", "2022年五季度", "2022-13", "2022年3月15日", "每季度", "1999年"])
def test_what_is_no_cycle(text: str) -> None:
    assert read_cycle(text) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("每季度至少4次", (QUARTER, 4)),
        ("每年两次", (YEAR, 2)),
        ("每月组织一次", (MONTH, 1)),
        ("每半年不少于1次", (HALF, 1)),
        ("每个季度开展十二场", (QUARTER, 12)),
        ("每季度开展不少于3次集中研讨", (QUARTER, 3)),
        ("每半年组织开展2次警示教育", (HALF, 2)),
        ("每月定期召开两次例会", (MONTH, 2)),
        ("每季度集中研讨不少于3次", (QUARTER, 3)),
        ("每年组织全体党员参加至少1次培训", (YEAR, 1)),
        ("每月抽查不少于3个点位", None),
        ("每季度通报缺席不少于3次的党员", None),
        ("每月例会通报，全年不少于6次", None),
        ("每季度", None),
        ("四次", None),
        ("每年0次", None),
    ],
)
def test_how_often(text: str, meant: tuple[CycleKind, int] | None) -> None:
    assert read_frequency(text) == meant


def test_cycles_sort_by_day() -> None:
    assert Cycle(date(2022, 1, 1), QUARTER) < Cycle(date(2022, 4, 1), QUARTER)
