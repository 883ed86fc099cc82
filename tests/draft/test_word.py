"""Word documents: automatic numbering as Word shows it, tables, revisions and text boxes are all read."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from support.word_files import REPORT_LEVELS, add_list, add_numbering, add_table, as_bytes, new_document, number, save
from taizhang.draft.reader import draft_report
from taizhang.draft.source import read_source
from taizhang.draft.word_numbering import format_count


@pytest.mark.parametrize(
    ("style", "count", "shown"),
    [
        ("chineseCounting", 12, "十二"),
        ("chineseCountingThousand", 21, "二十一"),
        ("japaneseCounting", 10, "十"),
        ("ideographDigital", 9, "九"),
        ("ideographDigital", 10, "一〇"),
        ("decimalEnclosedCircleChinese", 20, "⑳"),
        ("decimalEnclosedCircle", 21, "21"),
        ("decimalFullWidth", 12, "１２"),
        ("upperLetter", 27, "AA"),
        ("lowerRoman", 14, "xiv"),
        ("decimal", 0, "0"),
        ("somethingNew", 3, "3"),
    ],
)
def test_counts_are_written_as_word_writes_them(style: str, count: int, shown: str) -> None:
    assert format_count(count, style) == shown


def test_levels_restart_under_a_new_item_and_go_on_across_plain_text(tmp_path: Path) -> None:
    document = new_document()
    list_id = add_numbering(document, REPORT_LEVELS)
    for text, depth in [
        ("甲", 0),
        ("乙", 1),
        ("丙", 2),
        ("丁", 2),
        ("戊", 1),
        ("己", 2),
        ("正文", None),
        ("庚", 2),
        ("辛", 0),
        ("壬", 1),
    ]:
        paragraph = document.add_paragraph(text)
        if depth is not None:
            number(paragraph, list_id, depth)
    seen = [each.seen for each in read_source(save(document, tmp_path / "a.docx"))]
    assert seen == ["一、甲", "（一）乙", "1.丙", "2.丁", "（二）戊", "1.己", "正文", "2.庚", "二、辛", "（一）壬"]


def test_two_lists_of_one_definition_share_counters_unless_one_starts_over(tmp_path: Path) -> None:
    document = new_document()
    first = add_numbering(document, [("decimal", "%1.")])
    root = document.part.numbering_part.element
    shared = root.findall(qn("w:num"))[-1].find(qn("w:abstractNumId")).get(qn("w:val"))
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    root.append(add_list("990", shared))
    root.append(add_list("991", shared, override))
    for list_id in (first, first, "990", "991", "991"):
        number(document.add_paragraph("条"), list_id, 0)
    labels = [each.label for each in read_source(save(document, tmp_path / "a.docx"))]
    assert labels == ["1.", "2.", "3.", "1.", "2."]


def test_numbering_through_a_style_and_numbering_taken_away(tmp_path: Path) -> None:
    document = new_document()
    list_id = add_numbering(document, [("chineseCounting", "%1、")])
    style = document.styles["Heading 1"].element
    style.get_or_add_pPr().append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="{list_id}"/></w:numPr>'))
    document.add_paragraph("存在问题", style="Heading 1")
    number(document.add_paragraph("附注", style="Heading 1"), "0", 0)
    document.add_paragraph("整改措施", style="Heading 1")
    read = read_source(save(document, tmp_path / "a.docx"))
    assert [(each.label, each.text, each.heading) for each in read] == [
        ("一、", "存在问题", 1),
        ("", "附注", 1),
        ("二、", "整改措施", 1),
    ]


def test_legal_numbers_are_arabic_and_restart_can_be_switched_off(tmp_path: Path) -> None:
    document = new_document()
    legal = add_numbering(document, [("chineseCounting", "%1"), ("chineseCounting", "%1.%2")], extra="<w:isLgl/>")
    going_on = add_numbering(document, [("decimal", "%1."), ("decimal", "%1-%2")], extra='<w:lvlRestart w:val="0"/>')
    for list_id in (legal, going_on):
        for depth in (0, 1, 0, 1):
            number(document.add_paragraph("条"), list_id, depth)
    labels = [each.label for each in read_source(save(document, tmp_path / "a.docx"))]
    assert labels == ["1", "1.1", "2", "2.1", "1.", "1-1", "2.", "2-2"]


def test_bullets_have_no_label_and_a_list_that_does_not_exist_is_no_list(tmp_path: Path) -> None:
    document = new_document()
    number(document.add_paragraph("点"), add_numbering(document, [("bullet", "●")]), 0)
    number(document.add_paragraph("悬空"), "12345", 0)
    assert [each.seen for each in read_source(save(document, tmp_path / "a.docx"))] == ["点", "悬空"]


def test_insertions_links_controls_and_text_boxes_are_read_deletions_are_not(tmp_path: Path) -> None:
    document = new_document()
    words = ["w", "mc", "wps"]
    spaces = " ".join(f'xmlns:{key}="urn:{key}"' for key in words if key not in ("w", "mc"))
    markup = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    paragraph = document.add_paragraph("开展")
    for piece in (
        '<w:ins w:id="1" w:author="x"><w:r><w:t>警示</w:t></w:r></w:ins>',
        '<w:del w:id="2" w:author="x"><w:r><w:delText>旧词</w:delText></w:r></w:del>',
        "<w:hyperlink><w:r><w:t>教育</w:t></w:r></w:hyperlink>",
        "<w:sdt><w:sdtContent><w:r><w:t>，每季度</w:t></w:r></w:sdtContent></w:sdt>",
        "<w:r><w:t>一次</w:t><w:noBreakHyphen/><w:tab/><w:t>完</w:t></w:r>",
    ):
        paragraph._p.append(
            parse_xml(
                piece.replace(" ", f" {nsdecls('w')} ", 1)
                if " " in piece.split(">")[0]
                else piece.replace(">", f" {nsdecls('w')}>", 1)
            )
        )
    box = (
        f'<w:r {nsdecls("w")} xmlns:mc="{markup}" {spaces}><mc:AlternateContent><mc:Choice '
        'Requires="wps"><wps:txbx><w:txbxContent>'
        "<w:p><w:r><w:t>框里的话</w:t></w:r></w:p></w:txbxContent></wps:txbx></mc:Choice><mc:Fallback><w:txbxContent>"
        "<w:p><w:r><w:t>框里的话</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>"
    )
    document.add_paragraph("有框")._p.append(parse_xml(box))
    seen = [each.seen for each in read_source(save(document, tmp_path / "a.docx"))]
    assert seen == ["开展警示教育，每季度一次-\t完", "有框", "框里的话"]


def test_lines_ended_by_hand_are_paragraphs(tmp_path: Path) -> None:
    document = new_document()
    document.add_paragraph("一、存在问题\n1.学习不够。\n2.联系不紧。")
    read = read_source(save(document, tmp_path / "a.docx"))
    assert [(each.number, each.text) for each in read] == [
        (1, "一、存在问题"),
        (2, "1.学习不够。"),
        (3, "2.联系不紧。"),
    ]


def test_a_numbered_document_drafts_like_its_text(tmp_path: Path) -> None:
    document = new_document()
    list_id = add_numbering(document, REPORT_LEVELS)
    for text, depth in [
        ("存在的主要问题", 0), ("在担当作为方面", 1), ("攻坚劲头不足。遇事等上级。", 2), ("创新办法不多。", 2),
        ("原因剖析", 0), ("能力素质不高。", 1), ("整改措施", 0), ("提升能力", 1), ("每季度组织业务培训。", 2),
    ]:  # fmt: skip
        number(document.add_paragraph(text), list_id, depth)
    draft = draft_report(read_source(save(document, tmp_path / "a.docx")))
    assert [(draft.aspects[each.aspect], each.title, each.paragraph) for each in draft.problems] == [
        ("在担当作为方面", "攻坚劲头不足", 3),
        ("在担当作为方面", "创新办法不多", 4),
    ]
    assert [cause.title for cause in draft.causes] == ["能力素质不高"]
    assert [(each.group, each.statement, each.deadline_words) for each in draft.measures] == [
        ("提升能力", "每季度组织业务培训", "")
    ]
    assert (draft.unplaced, draft.notes) == ((), ())


TABLE = [
    ["序号", "存在问题", "原因分析", "整改措施", "责任部门", "完成时限"],
    ["1", "学习不够深入", "认识有偏差", "制定学习计划，每月集中学习一次。", "党办", "2022年3月底前，长期坚持"],
    ["2", "采购审批环节多", "流程设计不合理", "精简采购审批环节。", "财务处", "6月底前"],
    ["3", "↑", "监督不严", "公开审批进度。", "↑", "适时"],
]


def test_a_table_with_known_heads_is_read_row_by_row(tmp_path: Path) -> None:
    document = new_document()
    document.add_paragraph("某局整改台账")
    add_table(document, TABLE)
    draft = draft_report(read_source(save(document, tmp_path / "a.docx")))
    assert [problem.title for problem in draft.problems] == ["学习不够深入", "采购审批环节多"]
    assert [cause.title for cause in draft.causes] == ["认识有偏差", "流程设计不合理", "监督不严"]
    assert [(m.statement, m.owners.department, m.deadline_words) for m in draft.measures] == [
        ("制定学习计划", "党办", "2022年3月底前，长期坚持"),
        ("每月集中学习一次", "党办", "2022年3月底前，长期坚持"),
        ("精简采购审批环节", "财务处", "6月底前"),
        ("公开审批进度", "财务处", "适时"),
    ]
    assert [(link.measure, link.problem, link.reason) for link in draft.links] == [
        (n, problem, "在表格的同一行") for n, problem in enumerate((0, 0, 1, 1))
    ]
    assert draft.unplaced == ()


def test_a_column_that_is_not_understood_is_listed(tmp_path: Path) -> None:
    document = new_document()
    add_table(document, [["问题", "整改措施", "打分"], ["学习不够", "制定学习计划。", "九十"]])
    draft = draft_report(read_source(save(document, tmp_path / "a.docx")))
    assert [(each.text, reason) for each, reason in draft.unplaced] == [("九十", "在表格里，但看不出这一列是什么")]


def test_a_table_that_only_frames_text_is_read_as_text(tmp_path: Path) -> None:
    document = new_document()
    table = document.add_table(1, 1)
    table.cell(0, 0).text = "一、存在问题"
    for text in ("1.学习不够。", "二、整改措施", "制定学习计划。"):
        table.cell(0, 0).add_paragraph(text)
    draft = draft_report(read_source(save(document, tmp_path / "a.docx")))
    assert [problem.title for problem in draft.problems] == ["学习不够"]
    assert [measure.statement for measure in draft.measures] == ["制定学习计划"]


def _saved_as(document: Any, path: Path, *, content_type: str = "", strict: bool = False) -> Path:
    """Save a document as Word saves its other kinds: another type of main part, or the names of Strict Open XML."""
    main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    with zipfile.ZipFile(io.BytesIO(as_bytes(document))) as ordinary, zipfile.ZipFile(path, "w") as other:
        for name in ordinary.namelist():
            part = ordinary.read(name)
            if content_type:
                part = part.replace(main, content_type.encode())
            if strict and name != "[Content_Types].xml":
                part = re.sub(
                    rb"http://schemas\.openxmlformats\.org/(wordprocessingml|officeDocument|drawingml)/2006/",
                    rb"http://purl.oclc.org/ooxml/\1/",
                    part,
                )
            other.writestr(name, part)
    return path


@pytest.mark.parametrize(
    ("name", "content_type", "strict"),
    [
        ("材料.docm", "application/vnd.ms-word.document.macroEnabled.main+xml", False),
        ("材料.dotx", "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml", False),
        ("材料.dotm", "application/vnd.ms-word.template.macroEnabledTemplate.main+xml", False),
        ("材料.docx", "", True),
        ("严格.docm", "application/vnd.ms-word.document.macroEnabled.main+xml", True),
    ],
)
def test_documents_with_macros_templates_and_strict_ones_read_like_any_other(
    name: str, content_type: str, strict: bool, tmp_path: Path
) -> None:
    document = new_document()
    document.add_heading("一、存在问题", 1)
    number(document.add_paragraph("学习不够系统。"), add_numbering(document, [("decimal", "%1.")]), 0)
    add_table(document, [["措施", "时限"], ["组织学习", "3月底前"]])
    ordinary = read_source(save(document, tmp_path / "普通.docx"))
    assert read_source(_saved_as(document, tmp_path / name, content_type=content_type, strict=strict)) == ordinary
    assert [each.text for each in ordinary][:2] == ["一、存在问题", "学习不够系统。"]
