"""Text as people type it: normalised in keys, left alone in prose, and what counts as blank."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taizhang.typed.readings import quote
from taizhang.typed.text import (
    EMPTY_WORDS,
    as_text,
    clean_key,
    clean_prose,
    cut_to_cell,
    fits_cell,
    invisible_characters,
    is_blank,
    is_clear_mark,
    loses_digits,
    means_nothing,
    split_many,
    utf16_length,
)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("财务处", "财务处"),
        ("序号 ", "序号"),
        (" WT-002\u00a0", "WT-002"),
        ("\u200bWT-005", "WT-005"),
        ("ＷＴ－００１", "WT-001"),
        ("８０％", "80%"),
        ("２０２５．３．１５", "2025.3.15"),
        ("\u3000完成\u3000\u3000时限\t（必填）", "完成 时限 (必填)"),
        ("党委_x000D_\n办公室", "党委 办公室"),
        ("财\ufeff务\u2060处\ufe0f", "财务处"),
        ("第①期", "第1期"),
        ("处\u3164", "处"),
        ("\x07处", "处"),
    ],
)
def test_keys_are_normalised(typed: str, key: str) -> None:
    assert clean_key(typed) == key


def test_every_single_character_is_normal_after_one_pass() -> None:
    once = {char: clean_key(f"a{char}b") for char in map(chr, range(0x3500)) if clean_key(f"a{char}b") != f"a{char}b"}
    assert len(once) > 500
    assert {char: key for char, key in once.items() if clean_key(key) != key} == {}


@given(st.text(), st.sampled_from(["", "_x000D_", "\u200b", "\u0301", "\r\n", "\ufe0f"]), st.text())
def test_normalising_twice_is_normalising_once(head: str, middle: str, tail: str) -> None:
    text = head + middle + tail
    assert clean_key(clean_key(text)) == clean_key(text)
    assert clean_prose(clean_prose(text)) == clean_prose(text)
    assert clean_key(text) == clean_key(text).strip()


@pytest.mark.parametrize(
    ("typed", "prose"),
    [
        ("一是①梳理；（二）完善  办法", "一是①梳理；（二）完善  办法"),
        ("第一行\r\n第二行\r第三行", "第一行\n第二行\n第三行"),
        ("第一行_x000D_\n第二行_x000d_\r\n第三行", "第一行\n第二行\n第三行"),
        ("段落一\n\n段落二 \u3000\n", "段落一\n\n段落二"),
        ("全角８０％和\u200b零宽", "全角８０％和\u200b零宽"),
        ("_x0041_", "_x0041_"),
    ],
)
def test_prose_keeps_everything_but_line_ends_and_its_own_ends(typed: str, prose: str) -> None:
    assert clean_prose(typed) == prose


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("WT-001", ()),
        ("WT-002 ", ("末尾空格",)),
        (" WT-002", ("开头空格",)),
        ("\u200bWT\u00a0-\u200b005", ("零宽空格", "不间断空格")),
        ("\ufeff财务\u3000处", ("字节顺序标记", "全角空格")),
        ("财务\ufe0f处", ("不可见字符 U+FE0F",)),
        ("财务（处）\n，审计", ()),
        (" ", ("开头空格",)),
    ],
)
def test_invisible_characters_are_named(text: str, names: tuple[str, ...]) -> None:
    assert invisible_characters(text) == names


@given(st.text())
def test_names_of_invisible_characters_can_be_printed(text: str) -> None:
    for name in invisible_characters(text):
        assert name.encode("gbk")
        assert name.isprintable()


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (None, ""),
        ("", ""),
        ("007", "007"),
        (7.0, "7"),
        (7, "7"),
        (-0.5, "-0.5"),
        (0.1 + 0.2, "0.3"),
        (0.00001, "0.00001"),
        (999999999999999.0, "999999999999999"),
        (1e15, "1e+15"),
        (4111111111111111.0, "4.111111111111111e+15"),
        (1.1010119900307747e17, "1.1010119900307747e+17"),
        (True, "是"),
        (False, "否"),
        (date(2022, 3, 15), "2022-03-15"),
        (datetime(2022, 3, 15), "2022-03-15"),
        (datetime(2022, 3, 15, 14, 30), "2022-03-15 14:30"),
        (datetime(2022, 3, 15, 14, 30, 5), "2022-03-15 14:30:05"),
        (time(9, 5), "09:05"),
        (time(9, 5, 30), "09:05:30"),
        (timedelta(days=1, hours=12), "36:00"),
        (timedelta(minutes=90, seconds=5), "1:30:05"),
    ],
)
def test_raw_values_as_a_person_sees_them(raw: object, text: str) -> None:
    assert as_text(raw) == text


@given(st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.dates(), st.datetimes(), st.text()))
def test_text_of_anything_never_raises_and_is_stable(raw: object) -> None:
    text = as_text(raw)
    assert as_text(text) == text
    assert is_blank(raw) <= means_nothing(raw)
    quote(raw)


@pytest.mark.parametrize("raw", [None, "", " ", "\u3000\n", "\u200b", "\ufeff \u00a0"])
def test_blank_is_what_shows_nothing(raw: object) -> None:
    assert is_blank(raw)
    assert means_nothing(raw)


@pytest.mark.parametrize("raw", ["无", "暂无", "—", "——", "/", "／", "－", " N/A ", "n/a", "Ｎ／Ａ"])
def test_words_for_nothing_to_report(raw: str) -> None:
    assert not is_blank(raw)
    assert means_nothing(raw)


@pytest.mark.parametrize("raw", ["NA", "None", "null", "nan", "NaN", "0", "无异常", 0, 0.0, False])
def test_what_pandas_would_lose_is_text(raw: object) -> None:
    assert not is_blank(raw)
    assert not means_nothing(raw)


def test_empty_words_are_keys() -> None:
    assert {clean_key(word).lower() for word in EMPTY_WORDS} == EMPTY_WORDS


@pytest.mark.parametrize(
    ("raw", "clears"),
    [("（清空）", True), ("(清空)", True), (" （清空） ", True), ("清空", False), ("（清空", False), (None, False)],
)
def test_only_the_bracketed_mark_clears(raw: object, clears: bool) -> None:
    assert is_clear_mark(raw) is clears


@pytest.mark.parametrize(
    ("raw", "lost"),
    [
        (1.1010119900307747e17, True),
        (1e15, True),
        (999999999999999.0, False),
        ("110101199003077475", False),
        (True, False),
    ],
)
def test_numbers_too_long_for_excel_are_known(raw: object, lost: bool) -> None:
    assert loses_digits(raw) is lost


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("党办、 财务处；人事处，\n科技处;审计处,/质检处", ("党办", "财务处", "人事处", "科技处", "审计处", "质检处")),
        ("出国（境、团组）管理、财务处", ("出国(境、团组)管理", "财务处")),
        ("财务处\r人事处\r\n审计处", ("财务处", "人事处", "审计处")),
        ("、，", ()),
        ("无", ()),
        ("N/A", ()),
        ("", ()),
        ("财务处", ("财务处",)),
    ],
)
def test_several_names_in_one_cell(text: str, names: tuple[str, ...]) -> None:
    assert split_many(text) == names


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("下周三\n上午", "“下周三 上午”"),
        ("长" * 40, f"“{'长' * 30}…”"),
        ("110101199003077475", "（内容含身份证号，此处不显示）"),
        ("长" * 40 + "13800138000", "（内容含手机号，此处不显示）"),
        (1.1010119900307747e17, "（一个很长的数字，此处不显示）"),
        (44635.0, "“44635”"),
    ],
)
def test_messages_quote_what_was_typed_but_nothing_personal(raw: object, shown: str) -> None:
    assert quote(raw) == shown


def test_a_cell_full_of_separators_is_split_at_once() -> None:
    began = perf_counter()
    assert split_many("财务处" + "、" * 32_000 + "党办（甲、乙）") == ("财务处", "党办(甲、乙)")
    assert perf_counter() - began < 2


@pytest.mark.parametrize(
    ("text", "length", "fits"),
    [
        ("字" * 32_767, 32_767, True),
        ("字" * 32_768, 32_768, False),
        ("😀" * 16_383 + "x", 32_767, True),
        ("😀" * 16_384, 32_768, False),
        ("\ud800", 1, True),
    ],
    ids=["full", "one too many", "full of emoji", "an emoji too many", "half a character"],
)
def test_a_cell_is_full_as_excel_counts(text: str, length: int, fits: bool) -> None:
    """Excel counts as UTF-16 does: an emoji is two characters, and is not cut in the middle."""
    assert (utf16_length(text), fits_cell(text)) == (length, fits)
    assert cut_to_cell(text) == (text if fits else text[: len(text) - 1])
