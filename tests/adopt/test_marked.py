"""Columns whose heads are departments or kinds of deadlines, chosen by the marks below them."""

from __future__ import annotations

import pytest
from support.adopted import adopt_rows, columns_of, left_of, tasks_of

MERGED = (*(((1, c), (2, c)) for c in (1, 2, 6)), ((1, 3), (1, 5)))


@pytest.mark.parametrize(
    ("head", "lead", "helps"),
    [
        ("责任部门（★牵头 △配合）", "★", "△"),
        ("责任部门", "●", "○"),
        ("责任部门（△表示牵头，★表示配合）", "△", "★"),
        ("责任单位", "主", "配"),
    ],
)
def test_departments_that_are_columns(head: str, lead: str, helps: str) -> None:
    rows = (
        ("问题", "整改措施", head, "", "", "时限"),
        ("", "", "办公室", "财务科", "法规科", ""),
        ("慢", "改", helps, lead, "", "年底"),
        ("乱", "理", lead, helps, helps, "年底"),
        ("散", "收", "", "", "", "年底"),
    )
    columns = columns_of(*rows, merged=MERGED)
    assert [(each.field.title, each.value) for each in columns[2:5]] == [
        ("牵头部门", "办公室"), ("牵头部门", "财务科"), ("牵头部门", "法规科"),
    ]  # fmt: skip
    result = adopt_rows(*rows, merged=MERGED)
    assert tasks_of(result, "statement", "department", "supporting") == [
        ("改", "财务科", ("办公室",)),
        ("理", "办公室", ("财务科", "法规科")),
        ("收", None, None),
    ]
    assert left_of(result) == []


def test_of_departments_that_are_only_ticked_the_first_leads() -> None:
    result = adopt_rows(
        ("问题", "整改措施", "办公室", "财务科", "法规科"),
        ("慢", "改", "", "√", "√"),
        ("乱", "理", "√", "×", ""),
    )
    assert tasks_of(result, "department", "supporting") == [("财务科", ("法规科",)), ("办公室", None)]


def test_deadlines_that_are_columns() -> None:
    rows = (
        ("问题", "整改措施", "整改时限", "", "", "责任部门"),
        ("", "", "立行立改", "限期整改", "长期坚持", ""),
        ("慢", "改", "√", "", "", "办公室"),
        ("乱", "理", "", "2025年9月底", "", "办公室"),
        ("散", "收", "", "", "√", "办公室"),
    )
    result = adopt_rows(*rows, merged=MERGED)
    assert tasks_of(result, "statement", "deadline", "kind", "status") == [
        ("改", "立行立改", "一次", "未启动"),
        ("理", "2025年9月底", "一次", "未启动"),
        ("收", "长期坚持", "长期", "未启动"),
    ]
    assert left_of(result) == []


def test_days_that_are_heads_themselves_are_no_choices() -> None:
    rows = (("问题", "措施", "整改时限", ""), ("", "", "开始时间", "完成时间"), ("慢", "改", "2025.3.1", "2025.9.1"))
    merged = (((1, 1), (2, 1)), ((1, 2), (2, 2)), ((1, 3), (1, 4)))
    assert tasks_of(adopt_rows(*rows, merged=merged), "deadline") == [("2025.9.1",)]
