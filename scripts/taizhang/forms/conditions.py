"""Conditions on a row: the columns that decide whether a rule, an indicator or a board looks at it.

Written in TOML as ``{ stage = "积极分子", members = { at_least = 7 } }``; all of them must hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from taizhang.forms.columns import Column
from taizhang.forms.vocabulary import ColumnType
from taizhang.forms.written import find_unlisted_column, is_day, read_number, read_words
from taizhang.typed.text import clean_key

__all__ = ["TODAY", "Condition", "Test", "describe", "hold_all", "holds", "problem_of", "read_conditions"]

TODAY = "today"
"""Stands for the day of the figures where a day is asked for."""


class Test(StrEnum):
    """How a cell is compared; ``label`` puts it into words before what it is compared with."""

    label: str

    def __new__(cls, name: str, label: str) -> Test:
        """Return the member, with ``name`` alone as its value."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.label = label
        return member

    __test__ = False  # not a class of tests

    IS = "is", "是"
    IS_NOT = "is_not", "不是"
    FILLED = "filled", "填了"
    AT_LEAST = "at_least", "不少于"
    AT_MOST = "at_most", "不多于"
    ABOVE = "above", "多于"
    BELOW = "below", "少于"


_EQUAL = "等于一个数、一个日期的，at_least 和 at_most 都写它，例如 { at_least = 0, at_most = 0 }。"
_OF_DAYS = {Test.AT_LEAST: "不早于", Test.AT_MOST: "不晚于", Test.ABOVE: "晚于", Test.BELOW: "早于"}
_COMPARED: Mapping[Test, Callable[[Any, Any], bool]] = {
    Test.AT_LEAST: lambda one, other: one >= other,
    Test.AT_MOST: lambda one, other: one <= other,
    Test.ABOVE: lambda one, other: one > other,
    Test.BELOW: lambda one, other: one < other,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on a column.

    ``against`` are words for IS and IS_NOT, true or false for FILLED, else a number, a day, TODAY or a column's key.
    """

    key: str
    test: Test
    against: Any


def read_conditions(table: Any) -> tuple[Condition, ...]:
    """Read conditions from TOML; raises ValueError with what is wrong and the cure."""
    if not isinstance(table, Mapping):
        raise ValueError('的条件要写成 { state = "空缺" } 这样。')
    found: list[Condition] = []
    for key, written in table.items():
        tests = written if isinstance(written, Mapping) else {Test.IS: written}
        for name, against in tests.items():
            if name not in tuple(Test):
                raise ValueError(f"列 {key} 的条件不认识 {name}，可以写：{'、'.join(Test)}。")
            found.append(Condition(key, Test(name), _read_against(key, Test(name), against)))
    return tuple(found)


def _read_against(key: str, test: Test, against: Any) -> Any:
    if test in (Test.IS, Test.IS_NOT):
        if isinstance(against, (int, float, date)) and not isinstance(against, bool):
            raise ValueError(f"列 {key} 的 {test} 只比文字；{_EQUAL}")
        return read_words(f"列 {key} 的 {test}", against)
    if test is Test.FILLED:
        if type(against) is not bool:
            raise ValueError(f"列 {key} 的 filled 要写 true 或 false（不加引号）。")
        return against
    if isinstance(against, str) or is_day(against):
        return against
    if isinstance(against, (int, float)) and not isinstance(against, bool):
        return read_number(f"列 {key} 的 {test}", against)
    raise ValueError(f"列 {key} 的 {test} 要写成数、日期（不带几点几分）、today 或另一列的列键。")


def problem_of(condition: Condition, columns: Mapping[str, Column]) -> str:
    """Return why a condition cannot be used with these columns (by key), with the cure; empty if it can."""
    column = columns.get(condition.key)
    if column is None:
        return find_unlisted_column((condition.key,), columns)
    if condition.test in (Test.IS, Test.IS_NOT):
        if column.type.is_day or column.type.is_number or column.type is ColumnType.PERCENT:
            return f"列“{column.title}”是{column.type.label}列，不能用 {condition.test}；{_EQUAL}"
        wrong = [word for word in condition.against if column.choices and word not in column.choices]
        return f"条件里的“{wrong[0]}”不是列“{column.title}”的选项，请核对。" if wrong else ""
    if condition.test is Test.FILLED:
        return ""
    ordered = column.type.is_day or column.type.is_number
    if not ordered:
        return f"列“{column.title}”是{column.type.label}列，不能比大小，请改用 is、is_not 或 filled。"
    against = condition.against
    if isinstance(against, str) and against != TODAY:
        other = columns.get(against)
        if other is None or other.type.is_day != column.type.is_day or not (other.type.is_day or other.type.is_number):
            return f"列“{column.title}”比的 {against} 不是同类的列，请改成已有的列键。"
    elif column.type.is_day == isinstance(against, Decimal):
        return f"列“{column.title}”比的要是{'日期或 today' if column.type.is_day else '数'}，请改正。"
    return ""


def hold_all(conditions: Iterable[Condition], value_of: Callable[[str], Any], today: date) -> bool:
    """Whether all conditions hold for a row; ``value_of`` returns the canonical value of a column, None if blank."""
    return all(holds(each, value_of, today) for each in conditions)


def holds(condition: Condition, value_of: Callable[[str], Any], today: date) -> bool:
    """Whether one condition holds; a blank cell is not any word, and is neither more nor less than anything."""
    value = value_of(condition.key)
    if condition.test is Test.FILLED:
        return (value is not None) == condition.against
    if condition.test in (Test.IS, Test.IS_NOT):
        words = value if isinstance(value, tuple) else () if value is None else (str(value),)
        meant = {clean_key(word) for word in condition.against}
        return any(clean_key(word) in meant for word in words) == (condition.test is Test.IS)
    against = condition.against
    if isinstance(against, str):
        against = today if against == TODAY else value_of(against)
    return value is not None and against is not None and _COMPARED[condition.test](value, against)


def describe(conditions: Iterable[Condition], columns: Mapping[str, Column]) -> str:
    """Put conditions into words: “所处阶段”是“积极分子”、“正式党员数”不少于 7; empty without conditions."""
    listed = tuple(conditions)
    equal = {
        (one.key, one.against)
        for one in listed
        if one.test is Test.AT_LEAST and Condition(one.key, Test.AT_MOST, one.against) in listed
    }
    words: list[str] = []
    for each in listed:
        if (each.key, each.against) not in equal or each.test not in (Test.AT_LEAST, Test.AT_MOST):
            words.append(_describe(each, columns))
        elif each.test is Test.AT_LEAST:
            words.append(f"“{columns[each.key].title}”是{_describe_against(each, columns)}")
    return "、".join(words)


LONG = 14
"""A list of words that is longer (characters) is replaced by the words that are not meant, if these are shorter."""


def _describe_words(title: str, condition: Condition, column: Column) -> str:
    """Put into words that a cell holds one of some words, or none of them."""
    words = tuple(condition.against)
    listed = "或".join(f"“{word}”" for word in words)
    others = "".join(f"、不是“{word}”" for word in column.choices if word not in words)
    if condition.test is Test.IS and column.choices and len(listed) > max(LONG, len(others)):
        return f"{title}填了{others}"
    return f"{title}{condition.test.label}{listed}"


def _describe(condition: Condition, columns: Mapping[str, Column]) -> str:
    column = columns[condition.key]
    title = f"“{column.title}”"
    if condition.test is Test.FILLED:
        return f"{title}{'填了' if condition.against else '空着'}"
    if condition.test in (Test.IS, Test.IS_NOT):
        return _describe_words(title, condition, column)
    label = _OF_DAYS[condition.test] if column.type.is_day else condition.test.label
    return f"{title}{label}{_describe_against(condition, columns)}"


def _describe_against(condition: Condition, columns: Mapping[str, Column]) -> str:
    """Put into words what a cell is compared with: a number, a day, the day of the figures, or another column."""
    against = condition.against
    if isinstance(against, str):
        return "统计截止日" if against == TODAY else f"“{columns[against].title}”"
    return f" {against}"
