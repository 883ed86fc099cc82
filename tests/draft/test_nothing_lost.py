"""Every character of any report is placed or listed, and reading never fails."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from taizhang.draft.item_labels import label_at
from taizhang.draft.lines import group_lines
from taizhang.draft.reader import draft_report
from taizhang.draft.values import Draft, Paragraph, Piece, TableCell
from taizhang.draft.who_and_when import particulars_in

LINES = st.sampled_from(
    """一、存在的主要问题
二、原因分析
三、整改措施
整改措施
存在问题：学习不够。
一、政治建设方面
（一）在担当作为方面。一是劲头不足，二是办法不多。
（二）学习不够深入。
1.联系实际不紧。①学得少；②用得少。
（1）每季度培训一次。（责任部门：人事科；时限：年底前）
问题1：服务不主动。
第一，认识不足。
一是抓学习。3月底前制定计划和办法，长期坚持。
三是强监督；
以上问题，班子将认真整改：
完善考勤、请销假制度落实见效积极推进试点，确保实效。
责任部门：财务处
某局党委
2022年1月20日
　　“四个意识”不牢
普通一段话，没有编号，也不知道属于哪里。
""".splitlines()
)
FREE = st.text(alphabet="一二、（）是要。，：；①1.问题原因措施“” \u3000ab", max_size=25)
CELLS = st.none() | st.builds(
    lambda row, column, merged: TableCell(1, row, column, row + merged),
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(0, 3),
)
"""A cell of the one table, some merged with the cells below: it ends in its own row or below, never above."""


def assert_all_is_placed(paragraphs: tuple[Paragraph, ...]) -> None:
    draft = draft_report(paragraphs)
    for paragraph in paragraphs:
        pieces = [piece for piece in draft.pieces if piece.paragraph == paragraph.number]
        assert "".join(paragraph.text[piece.start : piece.end] for piece in pieces) == paragraph.text
        assert [piece.start for piece in pieces] == sorted(piece.start for piece in pieces)
        for piece in pieces:
            if piece.role == "措施":
                assert_all_is_committed(draft, paragraph, piece)
    by_number = {paragraph.number: paragraph.text for paragraph in paragraphs}
    assert all(measure.original in by_number[measure.paragraph] for measure in draft.measures)
    assert all(part in by_number[cause.paragraph] for cause in draft.causes for part in cause.original.split("\n")[:1])
    assert all(paragraph.text in by_number[paragraph.number] for paragraph, _ in draft.unplaced)
    assert {link.measure for link in draft.links} <= set(range(len(draft.measures)))


def assert_all_is_committed(draft: Draft, paragraph: Paragraph, piece: Piece) -> None:
    """Every word of a passage read as measures is in some measure's source, or is a number, a leader or a deadline."""
    words = paragraph.text[piece.start : piece.end]
    left = list(words)
    label = None if paragraph.label and piece.start == 0 else label_at(words, len(words) - len(words.lstrip()))
    spans = [(label.start, label.end)] if label else []
    spans += [(each.start, each.end) for each in particulars_in(words, 0, len(words))]
    for original in {measure.original for measure in draft.measures if measure.paragraph == piece.paragraph}:
        spans += [(at.start(), at.start() + len(original)) for at in re.finditer(f"(?={re.escape(original)})", words)]
    for start, end in spans:
        left[start:end] = " " * (end - start)
    assert re.sub(r"[\W_]", "", "".join(left)) == "", words


@settings(deadline=None)
@given(st.lists(LINES | FREE, max_size=14))
def test_a_text_report(lines: list[str]) -> None:
    groups = group_lines("\n".join(lines))
    assert "".join("".join(groups).split()) == "".join("".join(lines).split())
    assert_all_is_placed(tuple(Paragraph(number, text) for number, text in enumerate(groups, 1)))


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            LINES | FREE.filter(str.strip),
            st.sampled_from(["", "一、", "（一）", "1.", "甲"]),
            st.integers(0, 3),
            CELLS,
        ),
        max_size=10,
    )
)
def test_a_word_report(parts: list[tuple[str, str, int, TableCell | None]]) -> None:
    numbered = enumerate((part for part in parts if part[0].strip()), 1)
    assert_all_is_placed(
        tuple(Paragraph(number, text, label, level, cell) for number, (text, label, level, cell) in numbered)
    )
