"""Reading reports: the sample, the source report where it is present, and reports that are built differently."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from taizhang.draft import Draft, SourceError, draft_report, read_source
from taizhang.draft.commitments import split_commitments
from taizhang.sample import sample_report

ROOT = Path(__file__).resolve().parents[1]


def seed_report() -> Path:
    """The source report: named by TAIZHANG_SEED_REPORT, or beside the checkout."""
    named = os.environ.get("TAIZHANG_SEED_REPORT")
    found = [Path(named)] if named else sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))
    if not found:
        pytest.skip("the source report is not part of the repository; set TAIZHANG_SEED_REPORT to test against it")
    return found[0]


def draft_text(tmp_path: Path, text: str, encoding: str = "utf-8") -> Draft:
    path = tmp_path / "报告.txt"
    path.write_bytes(text.encode(encoding))
    return draft_report(read_source(path))


def test_the_sample_drafts_completely() -> None:
    draft = draft_report(read_source(sample_report()))
    assert (len(draft.aspects), len(draft.problems), len(draft.causes), len(draft.groups)) == (5, 15, 5, 5)
    assert (draft.sentences, draft.unplaced, draft.notes) == (20, (), ())


def test_the_source_report_drafts_completely() -> None:
    draft = draft_report(read_source(seed_report()))
    assert (len(draft.aspects), len(draft.problems), len(draft.causes), len(draft.groups)) == (5, 15, 5, 5)
    assert (draft.sentences, len(draft.measures), draft.unplaced) == (20, 54, ())
    assert [sum(m.group == group for m in draft.measures) for group in draft.groups] == [8, 13, 10, 10, 13]
    assert any("漏了句号" in note for note in draft.notes)
    assert not any(measure.deadline_words for measure in draft.measures)


def test_original_words_are_exact_and_nothing_of_the_measures_is_lost() -> None:
    paragraphs = read_source(sample_report())
    draft = draft_report(paragraphs)
    by_number = {paragraph.number: paragraph.text for paragraph in paragraphs}
    for measure in draft.measures:
        assert measure.original in by_number[measure.paragraph]
    for number in {measure.paragraph for measure in draft.measures}:
        rest = by_number[number]
        for measure in draft.measures:
            rest = rest.replace(measure.original, "")
        assert len(rest.strip("，。 　")) <= 12, rest


@pytest.mark.parametrize(
    ("sentence", "statements"),
    [
        (
            "制定学习计划，举一反三，组织集中研讨，确保按期完成。",
            ["制定学习计划，举一反三", "组织集中研讨，确保按期完成"],
        ),
        ("针对查出的问题，修订办法。", ["针对查出的问题，修订办法"]),
        ("加强对采购环节、关键岗位的监督。", ["加强对采购环节的监督", "加强对关键岗位的监督"]),
        ("加强对网络建设和使用的统一管理。", ["加强对网络建设和使用的统一管理"]),
        ("落实《规划，方案》要求。", ["落实《规划，方案》要求"]),
        ("做好生日、生育等慰问。", ["做好生日、生育等慰问"]),
    ],
)
def test_one_verb_and_one_object_each(sentence: str, statements: list[str]) -> None:
    assert [each.statement for each in split_commitments(sentence)] == statements


def test_items_as_paragraphs_of_their_own(tmp_path: Path) -> None:
    draft = draft_text(
        tmp_path,
        "一、主要问题\n（一）学习方面\n1．学得不深。浅尝辄止。\n2．用得不够。学用脱节。\n二、原因剖析\n（一）认识不足。重视不够。\n"
        "三、今后努力方向\n（一）抓学习\n1．制定学习计划。\n2．每季度开展一次研讨。\n",
    )
    assert [problem.title for problem in draft.problems] == ["学得不深", "用得不够"]
    assert [cause.title for cause in draft.causes] == ["认识不足"]
    assert [measure.statement for measure in draft.measures] == ["制定学习计划", "每季度开展一次研讨"]
    assert [measure.deadline_words for measure in draft.measures] == ["", "每季度"]


def test_numbered_problems_without_aspects_are_noted(tmp_path: Path) -> None:
    draft = draft_text(
        tmp_path, "一、存在问题\n问题1：制度不全。\n问题2：执行不严。\n二、整改措施\n一要修订制度。二要严格检查。\n"
    )
    assert [problem.title for problem in draft.problems] == ["制度不全", "执行不严"]
    assert any("没有分方面" in note for note in draft.notes)
    assert any("原因" in note for note in draft.notes)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_are_judged(tmp_path: Path, encoding: str) -> None:
    draft = draft_text(tmp_path, "一、存在问题\n（一）学习方面。一是不深。浅。\n", encoding)
    assert [problem.title for problem in draft.problems] == ["不深"]


def test_lines_wrapped_by_hand_are_joined(tmp_path: Path) -> None:
    text = "一、存在问题\n（一）在学习贯彻方面。一是学习不够深入。平时学习\n多是集中读文件，自己思考和钻研得少，联系本单\n位实际不够，遇到具体问题还是老办法。二是运用\n不够到位。结合工作想办法不多，成果转化比较慢。\n"
    draft = draft_text(tmp_path, text)
    assert [problem.title for problem in draft.problems] == ["学习不够深入", "运用不够到位"]


def test_word_numbers_that_are_not_in_the_text(tmp_path: Path) -> None:
    from docx import Document
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    document = Document()
    numbering = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "90")
    for level, (style, words) in enumerate(
        (("chineseCountingThousand", "%1、"), ("chineseCountingThousand", "（%2）"))
    ):
        node = OxmlElement("w:lvl")
        node.set(qn("w:ilvl"), str(level))
        for tag, value in (("w:start", "1"), ("w:numFmt", style), ("w:lvlText", words)):
            child = OxmlElement(tag)
            child.set(qn("w:val"), value)
            node.append(child)
        abstract.append(node)
    numbering.insert(0, abstract)
    num = OxmlElement("w:num")
    num.set(qn("w:numId"), "90")
    link = OxmlElement("w:abstractNumId")
    link.set(qn("w:val"), "90")
    num.append(link)
    numbering.append(num)
    for text, level in (
        ("存在问题", 0),
        ("学习方面。一是不深。浅。", 1),
        ("担当方面。一是不够。怕。", 1),
        ("整改措施", 0),
        ("抓学习。制定计划。", 1),
    ):
        properties = document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = level
        properties.get_or_add_numId().val = 90
    path = tmp_path / "报告.docx"
    document.save(str(path))
    assert [paragraph.seen[:4] for paragraph in read_source(path)] == [
        "一、存在",
        "（一）学",
        "（二）担",
        "二、整改",
        "（一）抓",
    ]
    draft = draft_report(read_source(path))
    assert [problem.title for problem in draft.problems] == ["不深", "不够"]
    assert [measure.statement for measure in draft.measures] == ["制定计划"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "另存为 .docx"),
        ("坏.docx", b"PK\x03\x04 not a zip", "已损坏"),
        ("图.txt", b"\xff\x00\x01\x02\x03" * 50, "不是文字文件"),
        ("空.txt", b"  \n", "没有文字"),
    ],
)
def test_what_is_no_report_is_refused_with_the_cure(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(SourceError, match=words):
        read_source(path)


def test_a_missing_report(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="找不到"):
        read_source(tmp_path / "没有.txt")
