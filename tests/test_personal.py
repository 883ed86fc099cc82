"""Personal and classified data: found by kind in any writing, and not found in dates, codes, amounts and prose.

The identity numbers are the published examples of the standard or made up to its checksum; the cards are test numbers.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taizhang.personal import count_shown, find_personal
from taizhang.readings import shown
from taizhang.text import as_text


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("身份证11010519491231002X。", ("身份证号",)),
        ("身份证11010519491231002x", ("身份证号",)),
        ("440524188001010014", ("身份证号",)),
        ("440524198001010013", ("身份证号",)),
        ("440524 19800101 0013", ("身份证号",)),
        ("４４０５２４１９８００１０１００１３", ("身份证号",)),
        ("440524800101001", ("身份证号",)),
        ("440524801301001", ()),
        ("990524800101001", ()),
        ("联系电话13800138000", ("手机号",)),
        ("138-0013-8000", ("手机号",)),
        ("138 0013 8000", ("手机号",)),
        ("+86 13800138000", ("手机号",)),
        ("８６-13800138000", ("手机号",)),
        ("１３８００１３８０００", ("手机号",)),
        ("Tel:13800138000", ("手机号",)),
        ("某某/13800138000", ("手机号",)),
        ("13800138000/13900139000", ("手机号",)),
        ("4111111111111111", ("银行卡号",)),
        ("6222 0000 0000 0000 004", ("银行卡号",)),
        ("6222-0000-0000-0000-004", ("银行卡号",)),
        ("电话13800138000，卡号4111111111111111", ("手机号", "银行卡号")),
        ("秘密★1年", ("密级标志",)),
        ("机密 ★ 长期", ("密级标志",)),
        ("绝密☆", ("密级标志",)),
        ("密级：机密", ("密级标志",)),
        ("附件为机密级文件", ("密级标志",)),
        ("正文\n秘密\n附件", ("密级标志",)),
        ("本表列为绝密", ("密级标志",)),
        ("★ 3 年", ("密级标志",)),
        ("机密 13800138000", ("手机号", "密级标志")),
        ("4111 1111 1111 1111", ("银行卡号",)),
    ],
)
def test_personal_and_classified_data_is_found_by_kind(text: str, kinds: tuple[str, ...]) -> None:
    assert find_personal(text) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "推进中",
        "20220315",
        "2022-03-15 2022-03-31",
        "2022031520220331",
        "110105194912310021",
        "110105194902310026",
        "12800138000",
        "138001380001",
        "0138001380000",
        "13800138000.50元",
        "13,800,138,000",
        "WT13800138000",
        "RW-13800138000",
        "SQ_13800138000",
        "13800138000A",
        "138-00138000",
        "4111111111111112",
        "2111111111111116",
        "41111111111111111111",
        "91110000MA01234567",
        "保守秘密，从我做起",
        "涉及国家秘密、商业机密的事项一律不得录入",
        "机密性要求、机密码",
        "138-0013 8000",
        "X13800138000",
        "1380013800",
        "411111111111111",
        "4111 1111 1111 1112",
        "文号 20220315001",
        "秘密工作",
    ],
)
def test_dates_codes_amounts_and_prose_are_not_taken_for_it(text: str) -> None:
    assert find_personal(text) == ()


def _identity(place: int, birthday: str, serial: int) -> str:
    body = f"{place:06}{birthday}{serial:03}"
    weights = [2 ** (17 - n) % 11 for n in range(17)]
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


@pytest.mark.parametrize(
    ("raw", "kinds"),
    [
        (13800138000.0, ("手机号",)),
        (13800138000, ("手机号",)),
        (440524800101001.0, ("身份证号",)),
        (4111111111111111.0, ("银行卡号",)),
        (4111111111111110.0, ("银行卡号",)),
        (6222021234567890000.0, ("银行卡号",)),
        (6222021234567890123, ("银行卡号",)),
        (440524198001010000.0, ("身份证号",)),
        (440524198001010013, ("身份证号",)),
        (440524198013010000.0, ("银行卡号",)),
        (2022031520220331.0, ()),
        (990524198001010000.0, ()),
        (44635.0, ()),
        (0.8, ()),
        (13800138000.5, ()),
        (1e300, ()),
        (float("inf"), ()),
        (float("nan"), ()),
        (True, ()),
        (None, ()),
        (date(2022, 3, 15), ()),
    ],
)
def test_a_number_counts_with_all_its_digits(raw: Any, kinds: tuple[str, ...]) -> None:
    """Excel keeps 15 digits: of a longer number no check digit is left to go by."""
    assert find_personal(raw) == kinds
    assert find_personal(as_text(raw)) == kinds
    assert shown(as_text(raw)) == (f"（内容含{kinds[0]}，此处不显示）" if kinds else as_text(raw))


BIRTHDAYS = st.dates().filter(lambda day: day.year >= 1800).map(lambda day: f"{day:%Y%m%d}")


@given(st.integers(110000, 659999), BIRTHDAYS, st.integers(0, 999), st.integers(1, 10))
def test_every_identity_number_is_found_and_a_changed_check_digit_is_not(
    place: int, birthday: str, serial: int, step: int
) -> None:
    number = _identity(place, birthday, serial)
    wrong = number[:17] + "10X98765432"[("10X98765432".index(number[17]) + step) % 11]
    assert "身份证号" in find_personal(f"证件号{number}。")
    assert "身份证号" not in find_personal(f"证件号{wrong}。")


@given(st.text())
def test_finding_never_raises(text: str) -> None:
    assert set(find_personal(text)) <= {"身份证号", "手机号", "银行卡号", "密级标志"}


@given(st.text("0123456789Xx-年月日. ／－", max_size=40))
def test_finding_never_raises_among_digits(text: str) -> None:
    assert find_personal(text) == find_personal(text + "。")


@pytest.mark.parametrize(("count", "text"), [(0, "0"), (1, "少于 5"), (4, "少于 5"), (5, "5"), (25, "25")])
def test_small_counts_are_not_shown(count: int, text: str) -> None:
    assert count_shown(count) == text
