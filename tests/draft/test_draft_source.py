"""Reading the source file: encodings, wrapped lines, and files that are something else."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.word_files import as_bytes, new_document
from taizhang.draft.lines import group_lines
from taizhang.draft.source import read_source
from taizhang.draft.values import Paragraph, SourceError

TEXT = "一、存在的问题\n（一）学习不够。一是“走过场”，二是联系实际不紧——有时只念文件。\n"


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("gb18030"),
        TEXT.encode("gbk"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode(),
    ],
    ids=["utf-8", "bom", "gb18030", "gbk", "utf-16", "utf-16-be-bom", "utf-16-le", "utf-16-be", "crlf"],
)
def test_every_usual_encoding_reads_the_same(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_bytes(data)
    assert [(each.number, each.text) for each in read_source(path)] == list(enumerate(TEXT.splitlines(), 1))


def test_unicode_proves_itself_whatever_the_characters(tmp_path: Path) -> None:
    path = tmp_path / "報告.txt"
    path.write_text("對照檢查材料與整改措施", encoding="utf-8")
    assert read_source(path)[0].text == "對照檢查材料與整改措施"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("旧版.wps", OLD + "WordDocument".encode("utf-16-le"), "WPS 文字（.wps）文件"),
        ("旧表.xls", OLD + "Workbook".encode("utf-16-le"), "旧版 Excel（.xls）"),
        ("旧片.ppt", OLD + "PowerPoint Document".encode("utf-16-le"), "旧版演示文稿"),
        ("手机.tif", b"II*\x00" + bytes(60), "图片"),
        ("打包.rar", b"Rar!\x1a\x07", "压缩包"),
        ("单页.mht", b"MIME-Version: 1.0\r\n", "网页（.mht）"),
        ("网页.htm", b"\xef\xbb\xbf<!-- 1 --><table><tr><td>1</td></tr></table>", "网页"),
        ("富文本.rtf", b"\xef\xbb\xbf{\\rtf1", "RTF"),
        ("旧版.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧版 Word"),
        ("密.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        ("扫描.pdf", b"%PDF-1.7\n...", "PDF"),
        ("富文本.doc", b"{\\rtf1\\ansi", "RTF"),
        ("图.docx", b"\x89PNG\r\n", "图片"),
        ("网页.doc", b"<html><body>\xe9\x97\xae</body></html>", "网页"),
        ("二进制.txt", bytes(range(256)) * 4, "编码认不出来"),
        ("繁体.txt", "檢驗機構黨部群眾設責任部問題清單".encode("big5"), "编码认不出来"),
        ("半个字.txt", TEXT.encode()[:-5] + b"\xff\xff", "编码认不出来"),
        ("空.txt", b"", "没有文字"),
        ("空白.txt", "\ufeff \n\u3000\n".encode(), "没有文字"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_what_cannot_be_read_is_refused_with_the_cure(name: str, data: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(SourceError, match=words) as refused:
        read_source(path)
    assert str(refused.value).startswith(name)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="找不到 没有"):
        read_source(tmp_path / "没有.docx")
    with pytest.raises(SourceError, match="打不开"):
        read_source(tmp_path)


def _zip(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (as_bytes(new_document())[:2000], "已损坏"),
        (_zip(readme=b"x"), "压缩包，里面没有 Word 正文"),
        (_zip(**{"对照检查材料.docx": b"x"}), "压缩包，里面装着别的文件，没有拆开"),
        (_zip(**{"OFD.xml": b"<OFD/>"}), "OFD 版式文件"),
        (_zip(mimetype=b"", **{"content.xml": b"<x/>"}), "OpenDocument"),
        (_zip(**{"ppt__presentation.xml": b"<x/>", "[Content_Types].xml": b""}), "演示文稿"),
        (_zip(**{"xl__workbook.bin": b""}), "Excel 工作簿"),
        (_zip(xl__workbook=b"", **{"xl__workbook.xml": b"<workbook/>"}), "Excel 工作簿"),
        (as_bytes(new_document()), "没有文字"),
        (as_bytes(new_document()).replace(b"word/document.xml", b"word/dokument.xml"), "已损坏"),
    ],
    ids=[
        "cut off",
        "another zip",
        "zip of a report",
        "ofd",
        "odt",
        "slides",
        "xlsb",
        "workbook",
        "empty",
        "part missing",
    ],
)
def test_a_docx_that_is_none_is_refused(data: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "报告.docx"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=words):
        read_source(path)


def test_a_docx_whose_text_is_not_xml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "报告.docx"
    with zipfile.ZipFile(io.BytesIO(as_bytes(new_document()))) as good, zipfile.ZipFile(path, "w") as bad:
        for name in good.namelist():
            bad.writestr(name, b"<w:document" if name == "word/document.xml" else good.read(name))
    with pytest.raises(SourceError, match="已损坏"):
        read_source(path)


def test_wrapped_lines_are_one_paragraph_and_keep_their_line_ends() -> None:
    text = (
        "　　班子对照要求，认真查找不足，现将有\n关情况报告如下，请予审阅并提出批评意\n见。\n一、差距和不足\n"
        "1.理论学习不够系统，满足于听辅导和看\n摘要。\n"
    )
    assert group_lines(text) == (
        "　　班子对照要求，认真查找不足，现将有\n关情况报告如下，请予审阅并提出批评意\n见。",
        "一、差距和不足",
        "1.理论学习不够系统，满足于听辅导和看\n摘要。",
    )


def test_lines_that_are_not_wrapped_stay_apart() -> None:
    text = "存在的突出问题\n问题1：审批流程不够精简，企业意见比较大，多次提出来\n原因分析\n部门之间各管一段\n"
    assert group_lines(text) == tuple(text.splitlines())


def test_one_long_line_without_a_stop_does_not_make_a_text_wrapped() -> None:
    text = "某局领导班子专题民主生活会对照检查材料\n根据通知要求，现将情况报告如下。\n"
    assert group_lines(text) == tuple(text.splitlines())


def test_lines_wider_than_a_page_are_not_wrapped() -> None:
    text = f"{'学' * 70}\n" * 3
    assert group_lines(text) == tuple(text.splitlines())


def test_a_section_begins_a_paragraph_in_a_wrapped_text_too() -> None:
    text = (
        "　　班子对照要求，认真查找不足，现将有\n关情况报告如下，请予审阅并提出批评意\n"
        "见，问题是部门之间各管一段，协调不够\n原因分析\n"
    )
    assert group_lines(text)[-1] == "原因分析"
    assert len(group_lines(text)) == 2


def test_a_blank_line_parts_wrapped_paragraphs() -> None:
    long = "班子对照要求认真查找不足并征求意见现将有\n"
    assert group_lines(long * 3 + "\n" + long + "完。") == ((long * 3).strip(), long + "完。")


def test_flow_has_no_line_ends_and_exact_gives_the_source_back() -> None:
    paragraph = Paragraph(1, "\u00a0 对照“五个方\n\u3000面”查找 ISO\n9001 条款 ")
    assert paragraph.flow == "对照“五个方面”查找 ISO 9001 条款"
    assert paragraph.exact(2, 8) == "“五个方\n\u3000面”"
    assert paragraph.exact(3, 3) == ""


@given(st.text(alphabet="一、学习。 \n\u3000A1", max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_bounds_tile_the_text(text: str, first: int, second: int) -> None:
    paragraph = Paragraph(1, text)
    cuts = [0, *sorted((min(first, len(paragraph.flow)), min(second, len(paragraph.flow)))), len(paragraph.flow)]
    bounds = [paragraph.bound(cut) for cut in cuts]
    assert bounds == sorted(bounds)
    if paragraph.flow:
        assert (bounds[0], bounds[-1]) == (0, len(text))
    assert paragraph.exact(0, len(paragraph.flow)) in text


def test_characters_that_print_as_nothing_are_no_part_of_a_report(tmp_path: Path) -> None:
    path = tmp_path / "材料.txt"
    path.write_text("一、整改措施\n\u200b\n1.\u202e办公室\u2066每月组织学习\u2069。\u200b\n", encoding="utf-8")
    assert [each.text for each in read_source(path)] == ["一、整改措施", "1.办公室每月组织学习。"]
