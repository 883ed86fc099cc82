"""Personal and classified data: found however it is typed, named by kind, never repeated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taizhang.personal import find_personal


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("联系电话：13800138000。", ("手机号",)),
        ("138 0013 8000", ("手机号",)),
        ("138-0013-8000", ("手机号",)),
        ("138-0013 8000", ()),
        ("１３８００１３８０００", ("手机号",)),
        ("12800138000", ()),
        ("1380013800", ()),
        ("138001380001", ()),
        ("X13800138000", ()),
        ("11010519491231002X", ("身份证号",)),
        ("11010519491231002x", ("身份证号",)),
        ("110105194912310021", ()),
        ("11010519491331002X", ()),
        ("4111 1111 1111 1111", ("银行卡号",)),
        ("4111111111111111", ("银行卡号",)),
        ("4111 1111 1111 1112", ()),
        ("411111111111111", ()),
        ("13800138000、13900139000", ("手机号",)),
        ("机密 13800138000", ("手机号", "密级标志")),
        ("绝密", ("密级标志",)),
        ("机密性要求、机密码", ()),
        ("秘密 ★", ("密级标志",)),
        ("★ 3 年", ("密级标志",)),
        ("保守秘密", ()),
        ("2022-03-15", ()),
        ("文号 20220315001", ()),
        ("", ()),
    ],
)
def test_kinds(text: str, kinds: tuple[str, ...]) -> None:
    assert find_personal(text) == kinds


@given(st.text(max_size=40))
def test_any_text_is_answered_with_kinds_only(text: str) -> None:
    assert set(find_personal(text)) <= {"身份证号", "手机号", "银行卡号", "密级标志"}


@given(st.text(alphabet="整改，。", max_size=5), st.text(alphabet="整改，。", max_size=5))
def test_a_number_is_found_wherever_it_stands(before: str, after: str) -> None:
    assert find_personal(f"{before}13912345678{after}") == ("手机号",)
