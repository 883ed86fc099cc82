"""Drafting loses no paragraph and never fails, whatever is done to a report: shuffled, wrapped, renumbered."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from taizhang.draft.reader import draft_report
from taizhang.draft.text_tables import text_paragraphs

CASES = Path(__file__).parent / "cases"
TEXTS = [
    *(path.read_text(encoding="utf-8") for path in sorted(CASES.glob("*.txt"))),
    *(each["report"] for each in tomllib.loads((CASES / "more.toml").read_text(encoding="utf-8")).values()),
]
STYLES = [
    lambda n: f"{'一二三四五六七八九十'[n % 10]}、",
    lambda n: f"（{'一二三四五六七八九十'[n % 10]}）",
    lambda n: f"{n + 1}.",
    lambda n: f"（{n + 1}）",
    lambda n: f"{'ABCDEFGHIJ'[n % 10]}.",
    lambda _: "- ",
    lambda _: "",
]
NUMBER = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十\d]{1,3}）|\d{1,2}[.、．])", re.MULTILINE
)


def wrapped(text: str, width: int, indent: str) -> str:
    """Return a text with hard line ends after so many characters."""
    lines = []
    for line in text.splitlines():
        whole = indent + line
        lines += [whole[at : at + width] for at in range(0, max(len(whole), 1), width)]
    return "\n".join(lines)


def assert_whole(text: str) -> None:
    paragraphs = text_paragraphs(text)
    draft = draft_report(paragraphs)
    unplaced = {paragraph.number for paragraph, _ in draft.unplaced}
    beside = [number for numbers in draft.beside.values() for number in numbers]
    assert not unplaced & set(beside)
    for paragraph in paragraphs:
        pieces = [piece for piece in draft.pieces if piece.paragraph == paragraph.number]
        if paragraph.cell is None:
            assert "".join(paragraph.text[piece.start : piece.end] for piece in pieces) == paragraph.text
        in_sheet = {piece.role for piece in pieces} & {"问题", "原因", "措施", "方面", "责任和时限", "状态"}
        assert in_sheet or paragraph.number in unplaced or paragraph.number in beside


@settings(deadline=None)
@given(st.sampled_from(TEXTS), st.randoms(use_true_random=False))
def test_lines_in_any_order(text: str, random: object) -> None:
    lines = text.strip().splitlines()
    random.shuffle(lines)  # type: ignore[attr-defined]
    assert_whole("\n".join(lines))


@settings(deadline=None)
@given(st.sampled_from(TEXTS), st.integers(8, 40), st.sampled_from(["", "　　"]))
def test_lines_wrapped_at_any_width(text: str, width: int, indent: str) -> None:
    assert_whole(wrapped(text, width, indent))


@settings(deadline=None)
@given(st.sampled_from(TEXTS), st.sampled_from(STYLES))
def test_any_numbers(text: str, style: object) -> None:
    counted = iter(range(10_000))
    assert_whole(NUMBER.sub(lambda _: style(next(counted)), text))  # type: ignore[operator]


@settings(deadline=None)
@given(st.sampled_from(TEXTS), st.sampled_from(TEXTS), st.integers(0, 2000), st.integers(0, 2000))
def test_one_report_cut_into_another(first: str, second: str, here: int, there: int) -> None:
    assert_whole(first[: here % (len(first) + 1)] + second[there % (len(second) + 1) :])
