"""File and folder names made from user input: never a path, valid on every system, no silent collisions."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taizhang.system.file_names import as_file_name, find_same_names, is_no_name, name_key, paths_too_long

LONG = "关于进一步加强全局党风廉政建设和反腐败工作联席会议办公室" * 4
TAIL = "_请修改.xlsx"
RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in "0123456789¹²³")}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("财务处", "财务处"),
        ("2022-03", "2022-03"),
        ("2022年3月", "2022年3月"),
        ("第一党支部（机关）", "第一党支部（机关）"),
        ("科研处 一室", "科研处 一室"),
        ("R&D部", "R&D部"),
        ("综合处/办公室", "综合处／办公室"),
        ('a\\b:c*d?e"f<g>h|i', "a＼b：c＊d？e＂f＜g＞h｜i"),
        ("..", "．．"),
        ("../../x", "．．／..／x"),
        ("2022-06.", "2022-06．"),
        ("2022-06. ", "2022-06．"),
        (".隐藏", "．隐藏"),
        ("-rf", "－rf"),
        ("~$财务处", "～$财务处"),
        ("2022年6月?", "2022年6月？"),
        ("NUL", "NUL_"),
        ("nul.x", "nul_.x"),
        ("Con .x", "Con_ .x"),
        ("COM1", "COM1_"),
        ("lpt²", "lpt²_"),
        ("COM10", "COM10"),
        ("CONTROL", "CONTROL"),
        ("a\nb\x1b]0;x\x07", "a_b_]0;x_"),
        ("业务\u200b管理\u202e处\ufeff", "业务管理处"),
        ("半\udc80个", "半_个"),
    ],
)
def test_a_text_has_a_name_on_every_system(text: str, name: str) -> None:
    assert as_file_name(text) == name
    assert as_file_name(text, TAIL) == name + TAIL


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u2060", "\t\n "])
def test_a_text_in_which_nothing_is_seen_has_a_name_all_the_same(text: str) -> None:
    assert as_file_name(text, ".json").startswith(("无名_", "_"))


@given(st.text(max_size=400), st.sampled_from(["", ".json", TAIL]))
def test_no_name_leads_anywhere_else(text: str, tail: str) -> None:
    name = as_file_name(text, tail)
    assert name.endswith(tail)
    assert len(name.encode()) <= 255 - 40
    assert (Path("下发") / name).parent == Path("下发")
    assert PureWindowsPath("下发", name).parts == ("下发", name)
    assert name.partition(".")[0].rstrip().upper() not in RESERVED
    assert name[-1] not in ". "
    assert not name.startswith((".", "-", "~$", " "))
    assert not set(name) & set('\\/:*?"<>|')
    assert as_file_name(name.removesuffix(tail), tail) == name


def test_long_texts_are_cut_to_the_length_a_name_may_have_and_stay_two() -> None:
    one, other = as_file_name(LONG + "一", TAIL), as_file_name(LONG + "二", TAIL)
    assert one != other
    for name in (one, other):
        assert name.startswith(LONG[:50])
        assert 200 < len(name.encode()) <= 215
    assert as_file_name("😀" * 90, TAIL).encode().decode()
    assert as_file_name("业务" * 30, TAIL) == "业务" * 30 + TAIL


def test_texts_that_would_share_a_file_are_named_together() -> None:
    names = ["科研处/一室", "A科", "财务处", "科研处／一室", "a科", "Ａ科", "B科", "业务处", "业务\u200b处", "财务处"]
    assert find_same_names(names) == {
        "科研处／一室": "科研处/一室",
        "a科": "A科",
        "Ａ科": "A科",
        "业务\u200b处": "业务处",
    }
    assert find_same_names(["Straße", "STRASSE"]) == {"STRASSE": "Straße"}
    assert name_key("é") == name_key("e\u0301")
    assert not find_same_names(["2022-03", "2022-04", "2022-3"])


def test_a_text_without_letters_and_digits_is_no_name() -> None:
    assert [text for text in ("..", "\u200b", "?", "财", "3", "x/") if is_no_name(text)] == ["..", "\u200b", "?"]


def test_a_path_is_too_long_by_what_is_written_beside_it() -> None:
    short, long = Path("/台账/a.xlsx"), Path("/台账/下发/2022-03/综合处.xlsx")
    assert not paths_too_long([short, long])
    assert paths_too_long([short, long], 30) == [long]
    assert paths_too_long([short, long], 20) == [long, short]
    assert paths_too_long([short, long], 60) == []
