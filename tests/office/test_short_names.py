"""Names for narrow places: whole, short or cut in the middle, and never two alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taizhang.office.short_names import distinct_names

LONG = "食品安全抽检监测"


def shown(names: list[str], short: dict[str, str]) -> list[str]:
    return list(distinct_names(names, lambda text: len(text) <= 7, short).values())


@pytest.mark.parametrize(
    ("names", "short", "expected"),
    [
        (["财务处", "办公室"], {}, ["财务处", "办公室"]),
        (["财务处"], {"财务处": "财务"}, ["财务处"]),
        ([f"{LONG}处"], {f"{LONG}处": "抽检处"}, ["抽检处"]),
        ([f"{LONG}一处", f"{LONG}二处"], {}, ["食品安…测一处", "食品安…测二处"]),
        (
            [f"{LONG}一处", f"{LONG}二处"],
            {f"{LONG}一处": "抽检", f"{LONG}二处": "抽检"},
            ["食品安…测一处", "食品安…测二处"],
        ),
        ([f"{LONG}一处", "抽检"], {f"{LONG}一处": "抽检"}, ["食品安…测一处", "抽检"]),
        ([f"{LONG}处"], {f"{LONG}处": LONG}, ["食品安…监测处"]),
        (["食品安甲乙丙抽检中心", "食品安丁乙丙抽检中心"], {}, ["…甲乙丙抽检…", "…丁乙丙抽检…"]),
        (["信息  中心", "信息中心"], {}, ["信息 中心", "信息中心"]),
        (["信息  中心", "信息 中心"], {}, ["信息 中心", "信息 中（2）"]),
        ([], {}, []),
    ],
)
def test_names_are_shown_whole_or_so_that_they_can_be_told_apart(
    names: list[str], short: dict[str, str], expected: list[str]
) -> None:
    assert shown(names, short) == expected


@given(st.lists(st.text("甲乙丙 处", max_size=12), max_size=12, unique=True), st.integers(6, 10), st.data())
def test_no_two_names_look_alike_and_each_has_room(names: list[str], room: int, data: st.DataObject) -> None:
    short = {name: data.draw(st.sampled_from(["", "甲", "乙处", "丙" * 12])) for name in names}
    found = distinct_names(names, lambda text: len(text) <= room, short)
    assert list(found) == names
    assert len(set(found.values())) == len(names)
    assert all(len(text) <= room for text in found.values())
