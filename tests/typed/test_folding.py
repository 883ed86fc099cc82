"""Text folded before searching: one kind of blank, dash, dot, star and digit, and no invisible characters."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taizhang.typed.folding import fold, squeeze


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("业务\u200b管\u00ad理\u2060处\ufeff", "业务管理处"),
        ("党委书\u3164记\ufe0f\u034f", "党委书记"),
        ("机\u0301密\u20dd", "机密"),
        ("\u202e密机\u202c\u2066", "密机"),
        ("a\u00a0b\u3000c\u2003d\te\u2800f", "a b c d e f"),
        ("一\r\n二\u2028三\u2029四\x0b五", "一\n二\n三\n四\n五"),
        ("1\u20102\u20113\u20124\u20135\u20146\u22127－8～9_", "1-2-3-4-5-6-7-8-9-"),
        ("1·2・3．4•5‧6･7。8", "1.2.3.4.5.6.7。8"),
        ("１２³④٥𝟔", "123456"),
        ("（Ａ）【秘】", "(A)【秘】"),
        ("機密、絕密、祕密★⭐☆", "机密、绝密、秘密★★★"),
        ("\x1b]0;x\x07\udc80", "]0;x"),
    ],
)
def test_what_looks_alike_becomes_the_same(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_what_stands_between_characters_goes_when_squeezed() -> None:
    assert squeeze(fold("党 委·书\u200b-记\n机 * 密")) == "党委书记机密"


@given(st.text())
def test_nothing_is_left_that_nobody_sees(text: str) -> None:
    assert {unicodedata.category(char) for char in fold(text).replace("\n", "")}.isdisjoint(
        {"Cf", "Cc", "Mn", "Me", "Cs", "Zl", "Zp"}
    )
