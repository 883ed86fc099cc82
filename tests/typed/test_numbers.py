"""Numbers as people type them: exact, echoed if rewritten, a question if 1 may mean 1% or 100%."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taizhang.typed.numbers import read_decimal, read_integer, read_money, read_percent

READERS = (read_percent, read_integer, read_decimal, read_money)


@pytest.mark.parametrize(
    ("raw", "points", "rule"),
    [
        (0.8, "80", ""),
        (0.29, "29", ""),
        (0.805, "80.5", ""),
        (1.0, "100", ""),
        (1, "100", ""),
        (0.0, "0", ""),
        (80.0, "80", "没写百分号，按百分点"),
        (1.5, "1.5", "没写百分号，按百分点"),
        (100.0, "100", "没写百分号，按百分点"),
        ("80%", "80", ""),
        ("８０％", "80", ""),
        ("80.5%", "80.5", ""),
        ("80 ﹪", "80", ""),
        ("1%", "1", ""),
        ("0.5%", "0.5", ""),
        ("100%", "100", ""),
        ("80", "80", "没写百分号，按百分点"),
        ("0.8", "80", "小数按比例"),
        ("0", "0", ""),
    ],
)
def test_percentages_are_read_in_points(raw: Any, points: str, rule: str) -> None:
    reading = read_percent(raw)
    assert (str(reading.value), reading.rule, reading.problem) == (points, rule, None)


def test_a_rewritten_percentage_is_echoed() -> None:
    assert read_percent("0.8").echo == "“0.8”理解为 80%（小数按比例）"
    assert read_percent(80.0).echo == "“80”理解为 80%（没写百分号，按百分点）"
    assert read_percent(0.8).echo is None


@pytest.mark.parametrize("raw", ["1", "１", "1.0"])
def test_one_without_a_sign_is_asked(raw: Any) -> None:
    reading = read_percent(raw)
    assert (reading.value, reading.ambiguous) == (None, (1, 100))
    assert "分不清是 1% 还是 100%" in (reading.problem or "")


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (120.0, "“120”不在 0% 到 100% 之间，请核对。"),
        ("100.1%", "“100.1%”不在 0% 到 100% 之间，请核对。"),
        (-0.5, "“-0.5”不在 0% 到 100% 之间，请核对。"),
        ("-5%", "“-5%”不在 0% 到 100% 之间，请核对。"),
        ("八成", "“八成”不是数，请填 80% 这样的百分数。"),
        ("约80%", "“约80%”不是数，请填 80% 这样的百分数。"),
        ("80%左右", "“80%左右”不是数，请填 80% 这样的百分数。"),
        ("%", "“%”不是数，请填 80% 这样的百分数。"),
        ("80%%", "“80%%”不是数，请填 80% 这样的百分数。"),
        (True, "“是”不是数，请填 80% 这样的百分数。"),
    ],
)
def test_what_is_no_percentage_is_said(raw: Any, problem: str) -> None:
    reading = read_percent(raw)
    assert (reading.value, reading.problem) == (None, problem)


@pytest.mark.parametrize(
    ("raw", "number", "rule"),
    [
        (7.0, 7, ""),
        (7, 7, ""),
        ("7", 7, ""),
        ("-3", -3, ""),
        ("1,234", 1234, ""),
        (" 7", 7, "按数字"),
        ("７", 7, "按数字"),
        ("1，234，567", 1234567, "按数字"),
        ("7.0", 7, ""),
        ("(5)", -5, "按数字"),
        ("－5", -5, "按数字"),
        ("3次", 3, "去掉量词"),
        ("25 人次", 25, "去掉量词"),
        ("1.2万", 12000, "按“万”换算"),
        ("3万人次", 30000, "按“万”换算"),
        (999999999999999.0, 999999999999999, ""),
    ],
)
def test_whole_numbers(raw: Any, number: int, rule: str) -> None:
    reading = read_integer(raw)
    assert (reading.value, reading.rule, reading.problem) == (number, rule, None)
    assert type(reading.value) is int


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (1.5, "“1.5”不是整数，请填整数。"),
        ("1.5", "“1.5”不是整数，请填整数。"),
        ("十二", "“十二”不是数，请只填数字。"),
        ("约5", "“约5”不是数，请只填数字。"),
        ("3次2人", "“3次2人”不是数，请只填数字。"),
        ("1,23", "“1,23”不是数，请只填数字。"),
        ("1 234", "“1 234”不是数，请只填数字。"),
        ("1e5", "“1e5”不是数，请只填数字。"),
        ("②-1", "“②-1”不是数，请只填数字。"),
        ("2022-03-15", "“2022-03-15”不是数，请只填数字。"),
        (True, "“是”不是数，请只填数字。"),
        (float("nan"), "“nan”不是数，请只填数字。"),
        ("", "是空的，请填数。"),
        (None, "是空的，请填数。"),
    ],
)
def test_what_is_no_whole_number_is_said(raw: Any, problem: str) -> None:
    reading = read_integer(raw)
    assert (reading.value, reading.problem) == (None, problem)


@pytest.mark.parametrize(
    "raw", [1.1010119900307747e17, "110101199003077475", 1e15, "1234567890123456", float("inf"), "1.10101E+17", "1e16"]
)
@pytest.mark.parametrize("read", READERS)
def test_no_long_number_loses_its_last_digits(read: Any, raw: Any) -> None:
    reading = read(raw)
    assert reading.value is None
    assert reading.problem == "位数太多，超过 15 位的数 Excel 存不下，后面的位会变成 0，请核对。"


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("1,234.50", "1234.5"),
        ("100", "100"),
        (".5", "0.5"),
        ("5.", "5"),
        ("+5", "5"),
        ("−5", "-5"),
        ("(1,234.5)", "-1234.5"),
        (0.1 + 0.2, "0.3"),
        (1.1, "1.1"),
        ("2.3万", "23000"),
        ("（1,200）", "-1200"),
    ],
)
def test_decimals_are_exact(raw: Any, number: str) -> None:
    assert str(read_decimal(raw).value) == number


@pytest.mark.parametrize("raw", ["--5", "(-5)", "()", "1.2.3", ".", "-", "1/2", "5-6"])
def test_what_is_no_decimal_is_said(raw: str) -> None:
    reading = read_decimal(raw)
    assert reading.value is None
    assert (reading.problem is None) == (raw == "-")


@pytest.mark.parametrize(
    ("raw", "yuan", "rule"),
    [
        (1234.5, "1234.5", ""),
        ("1234.5", "1234.5", ""),
        ("1,234.50", "1234.5", ""),
        ("￥1,234.5", "1234.5", "按数字"),
        ("¥ 12", "12", "按数字"),
        ("800元", "800", "按数字"),
        ("人民币800元整", "800", "按数字"),
        ("-200元", "-200", "按数字"),
        ("2000万", "20000000", "换算成元"),
        ("５万元", "50000", "换算成元"),
        ("1.5 万元", "15000", "换算成元"),
        ("3.5亿元", "350000000", "换算成元"),
        ("2千万元", "20000000", "换算成元"),
        ("5千元", "5000", "换算成元"),
        ("0.3万", "3000", "换算成元"),
        ("2.3万元", "23000", "换算成元"),
        ("（1,200）", "-1200", "按数字"),
        ("（1,200）元", "-1200", "按数字"),
    ],
)
def test_money_is_read_in_yuan(raw: Any, yuan: str, rule: str) -> None:
    reading = read_money(raw)
    assert (str(reading.value), reading.rule, reading.problem) == (yuan, rule, None)


def test_converted_money_is_echoed_in_yuan() -> None:
    assert read_money("2000万").echo == "“2000万”理解为 20000000元（换算成元）"


@pytest.mark.parametrize("raw", ["元", "万", "约5万元", "1万5千", "10元/人", "$100", "5万美元", "五万元", "1-2万元"])
def test_what_is_no_amount_is_said(raw: str) -> None:
    reading = read_money(raw)
    assert (reading.value, reading.problem) == (None, f"“{raw}”不是数，请只填数字。")


def test_an_amount_that_grows_too_long_is_said() -> None:
    assert "位数太多" in (read_money("12345678亿").problem or "")


@pytest.mark.parametrize("raw", ["无", "—", "/", "N/A"])
@pytest.mark.parametrize("read", READERS)
def test_words_for_nothing_are_no_number_and_no_problem(read: Any, raw: str) -> None:
    reading = read(raw)
    assert (reading.value, reading.problem, reading.echo) == (None, None, f"“{raw}”按没有数理解")


@given(
    st.one_of(
        st.text(),
        st.text("0123456789.,%-+()万亿元￥¥千百次人 ", max_size=30),
        st.floats(),
        st.integers(),
        st.booleans(),
    )
)
def test_reading_never_raises_and_always_answers(raw: Any) -> None:
    for read in READERS:
        reading = read(raw)
        assert reading.value is not None or reading.problem or reading.echo


@given(st.decimals(-(10**9), 10**9, places=2))
def test_amounts_read_back_however_they_are_printed(amount: Decimal) -> None:
    for typed in (f"{amount}", f"{amount:,}", f"¥{amount:,}元", float(amount)):
        assert read_money(typed).value == amount
    assert read_money(f"{amount}万元").value == amount * 10000


@given(st.integers(0, 10000))
def test_percentages_read_back_as_sign_and_as_fraction(basis_points: int) -> None:
    points = Decimal(basis_points) / 100
    assert read_percent(f"{points}%").value == points
    assert read_percent(basis_points / 10000).value == points
