"""Reporters: whose files would be one, and how they are counted."""

from __future__ import annotations

import pytest
from taizhang.ledger.reporters import Count, Part, Reporter, count_reporters, find_sharing
from taizhang.ledger.settings import Department, Settings

SETTINGS = Settings(
    departments=(Department("党委办公室", "党办"), Department("财务处", "财务", ("计财处",))),
    branches={"后勤党支部": "财务处", "机关支部": ""},
    branch_aliases={"机关支部": ("一支部",)},
)


def test_a_unit_has_two_parts_in_the_order_of_the_lists() -> None:
    assert [*SETTINGS.reporters] == [
        name + part for name in ("党委办公室", "财务处", "后勤党支部", "机关支部") for part in ("", "_人员类")
    ]
    assert SETTINGS.reporters["后勤党支部_人员类"] == Reporter("后勤党支部", ("后勤党支部",), True, Part.PERSONAL)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("财务处", "财务处"),
        ("计财处", "财务处"),
        ("计财处_人员类", "财务处_人员类"),
        (" 一支部 ", "机关支部"),
        ("一支部_人员类", "机关支部_人员类"),
        ("科研处", "科研处"),
        ("科研处_人员类", "科研处_人员类"),
    ],
)
def test_a_reporter_goes_by_any_name_of_its_unit(said: str, name: str) -> None:
    assert SETTINGS.name_now(said) == name


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (Reporter("A科", ("A科",)), Reporter("a科", ("a科",)), {"A科", "a科"}),
        (Reporter("A科", ("A科",)), Reporter("B科", ("B科", "Ａ科")), {"A科", "B科"}),
        (Reporter("甲", ("甲",)), Reporter("甲", ("甲",), is_branch=True), {"甲"}),
        (Reporter("甲", ("甲",)), Reporter("甲", ("甲",)), set()),  # one department twice: said elsewhere
        (Reporter("甲", ("甲",), part=Part.PERSONAL), Reporter("甲_人员类", ("甲_人员类",)), {"甲", "甲_人员类"}),
        (Reporter("甲", ("甲",), part=Part.PERSONAL), Reporter("甲", ("甲",)), set()),
    ],
)
def test_units_whose_names_differ_too_little_share_a_file(one: Reporter, other: Reporter, shared: set[str]) -> None:
    assert find_sharing([one, other]) == shared


@pytest.mark.parametrize(
    ("names", "count", "words", "measure"),
    [
        ((), Count(0, 0, 0), "0 个部门", "个"),
        (("财务处", "财务处", "别的处"), Count(2, 0, 2), "2 个部门", "个"),
        (("机关支部",), Count(0, 1, 1), "1 个党支部", "个"),
        (("财务处", "机关支部"), Count(1, 1, 2), "1 个部门、1 个党支部", "个"),
        (("财务处_人员类",), Count(1, 0, 1), "1 个部门", "个"),
        (("财务处", "财务处_人员类", "机关支部"), Count(1, 1, 3), "1 个部门、1 个党支部，共 3 份表", "份"),
    ],
)
def test_units_are_counted_once_and_their_workbooks_if_they_are_more(
    names: tuple[str, ...], count: Count, words: str, measure: str
) -> None:
    found = count_reporters(SETTINGS.reporters, names)
    assert (found, found.words, found.measure) == (count, words, measure)
