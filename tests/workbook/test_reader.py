"""Files judged by content: anything that is not a workbook is refused with a cure, and no file kills the process."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from support.returned_files import rewrite
from taizhang.workbook.reader import Unreadable, read_workbook

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def workbook(*cells: tuple[str, object]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("表")
    sheet.write("A1", "编号")
    for place, value in cells:
        sheet.write(place, value)
    book.close()
    return target.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read_workbook(Path("财务处.xlsx"), data)
    return caught.value.message


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "（空文件），请换成 Excel 工作簿（.xlsx）再报。"),
        ("编号,任务\n".encode(), "（像文本文件），请用 Excel 或 WPS 另存为 .xlsx 后再报。"),
        (b"<html><table>", "（像网页），请用 Excel 或 WPS 另存为 .xlsx 后再报。"),
        (b"%PDF-1.7", "（是 PDF），请换成 Excel 工作簿（.xlsx）再报。"),
        (b"{\\rtf1", "（是 RTF 文档），请换成 Excel 工作簿（.xlsx）再报。"),
        (b"\xff\xd8\xff\xe0 photo", "（是图片），请换成 Excel 工作簿（.xlsx）再报。"),
        (b"Rar!\x1a\x07", "（是压缩包），请解压，用里面的表再报。"),
        (OLD + "WordDocument".encode("utf-16-le"), "这是旧版 Word 文档（.doc、.wps），不是工作簿"),
        (OLD + "PowerPoint Document".encode("utf-16-le"), "这是旧版演示文稿"),
        (b"PK\x03\x04 no zip", "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900, "另存为 .xlsx"),
    ],
)
def test_what_is_no_workbook_is_said(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_a_zip_of_other_things() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("读我.txt", "x")
    assert "没有工作簿" in refusal(target.getvalue())


@pytest.mark.parametrize("name", ["各部门/财务处.xlsx", "财务处.ET"])
def test_workbooks_in_an_archive_are_to_be_unpacked(name: str) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr(name, "x")
    assert refusal(target.getvalue()).endswith("这是压缩包，里面装着工作簿，没有拆开。请解压，把里面的表单独放进来。")


def _strict(part: bytes) -> bytes:
    return re.sub(rb"http://schemas\.openxmlformats\.org/(\w+)/2006/", rb"http://purl.oclc.org/ooxml/\1/", part)


@pytest.mark.parametrize(
    ("content_type", "rename"),
    [
        (b"application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml", bytes),
        (b"application/vnd.ms-excel.template.macroEnabled.main+xml", bytes),
        (b"application/vnd.ms-excel.sheet.macroEnabled.main+xml", bytes),
        (b"", _strict),
    ],
    ids=["xltx", "xltm", "xlsm", "strict"],
)
def test_templates_and_strict_workbooks_read_like_any_other(
    content_type: bytes, rename: Callable[[bytes], bytes]
) -> None:
    data = workbook(("B2", "学习"), ("C3", 0.5))
    main = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    parts = (
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/_rels/workbook.xml.rels",
        "_rels/.rels",
        "xl/sharedStrings.xml",
    )
    edits: dict[str, Callable[[bytes], bytes]] = dict.fromkeys(parts, rename)
    edits["[Content_Types].xml"] = lambda part: part.replace(main, content_type or main)
    other = rewrite(data, edits)
    assert other != rewrite(data, {})
    rows = [read_workbook(Path("财务处.xlsx"), each).sheets[0].rows for each in (other, data)]
    assert rows[0] == rows[1]


def test_an_encrypted_container_is_named() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    assert "密码" in refusal(data)


@pytest.mark.parametrize("place", ["XFD1048576", "ZZ1048576"])
def test_a_stray_cell_far_away_does_not_kill_the_process(place: str) -> None:
    assert place in refusal(workbook((place, " ")))


def test_wide_and_long_but_honest_sheets_are_read() -> None:
    book = read_workbook(Path("x.xlsx"), workbook(("AB3", "宽"), ("A5000", "长")))
    assert (book.sheets[0].value(3, 28), book.sheets[0].value(5000, 1), book.sheets[0].value(9999, 9)) == (
        "宽",
        "长",
        "",
    )


def test_rows_start_at_one_even_where_the_sheet_does_not() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.add_worksheet("表").write("C4", "值")
    book.close()
    assert read_workbook(Path("x.xlsx"), target.getvalue()).sheets[0].value(4, 3) == "值"


def test_formulas_and_errors_are_known_by_their_cells() -> None:
    sheet = read_workbook(Path("x.xlsx"), workbook(("B2", "=1+1"), ("C3", "=1/0"))).sheets[0]
    assert sheet.formulas == {(2, 2), (3, 3)}


def test_old_xls_is_read_whatever_its_name(tmp_path: Path) -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import xlwt

        book = xlwt.Workbook()
        book.add_sheet("表").write(0, 0, "编号")
        target = tmp_path / "旧.xlsx"
        book.save(str(target))
    assert read_workbook(target).sheets[0].value(1, 1) == "编号"


def test_damaged_files_are_refused_or_read_never_a_traceback() -> None:
    source, chance = workbook(("B2", "甲"), ("C3", 5)), random.Random(7)
    for _ in range(300):
        data = bytearray(source)
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            read_workbook(Path("x.xlsx"), bytes(data[: chance.choice([len(data), chance.randrange(len(data))])]))
        except Unreadable as error:
            assert error.message
