"""A marked copy returns nothing personal to a department, wherever in the workbook's package it was."""

from __future__ import annotations

import html
import io
import re
import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import process_time
from urllib.parse import unquote

import pytest
from support.carriers import CARRIERS, PHONE, workbook
from support.ledgers import load
from support.returned_files import rewrite
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.replies.marking import CannotMark, mark
from taizhang.workbook.places import Place
from taizhang.workbook.reader import read_workbook

pytestmark = pytest.mark.slow

NOT_TAKEN_OUT = {"name of a face"}
"""What openpyxl carries over: such a file is not marked, and gets its receipt on a sheet of its own."""
SECTIONS = [
    ("请修改", Severity.ERROR, [(Finding(Place("财务处.xlsx", "整改任务", 2, 2), Check.CHOICE, "错。"), "RW-001")])
]


def said(data: bytes) -> str:
    """Return everything in a package in the spellings in which a number can hide, marks and all."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [package.comment, *(each.comment + each.filename.encode() for each in package.infolist())]
        parts += [package.read(name) for name in package.namelist()]
    whole = b"\n".join((data, *parts))
    text = whole.decode("utf-8", "replace")
    plain = re.sub(r"_x([0-9A-F]{4})_", lambda match: chr(int(match[1], 16)), html.unescape(unquote(text)))
    return "\n".join(
        (
            text,
            plain,
            re.sub(r"<[^<>]*>", "", plain),
            whole.decode("utf-16-le", "replace"),
            whole[1:].decode("utf-16-le", "replace"),
        )
    )


@pytest.mark.parametrize("carrier", CARRIERS)
def test_nothing_personal_comes_back(carrier: str, tmp_path: Path) -> None:
    book = read_workbook(workbook(tmp_path / "财务处.xlsx", carrier))
    assert PHONE in said(book.data) or "机密" in said(book.data)
    if carrier in NOT_TAKEN_OUT:
        with pytest.raises(CannotMark):
            mark(book, "标题", [], SECTIONS)
        return
    data = mark(book, "标题", [], SECTIONS)
    assert [word for word in (PHONE, "机密") if word in said(data)] == []
    again = load(data)
    assert (again["整改任务"]["B2"].comment.text, again["整改任务"]["A3"].value) == ("错。", "第3行1")


@pytest.mark.parametrize(
    "carrier",
    [
        "own property",
        "company",
        "title",
        "keywords",
        "first page",
        "printer",
        "data for other programs",
        "note of a member",
        "note of the archive",
    ],
)
def test_what_every_program_leaves_in_a_file_is_taken_out_in_place(
    carrier: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Excel names the printer, WPS its own version, in nearly every file: that is no reason to write all of it anew."""
    monkeypatch.setattr("taizhang.replies.marking.rewrite", None)
    book = read_workbook(workbook(tmp_path / "财务处.xlsx", carrier))
    assert PHONE not in said(mark(book, "标题", [], SECTIONS))


def test_what_a_copy_written_anew_has_no_more_is_said(tmp_path: Path) -> None:
    book = read_workbook(workbook(tmp_path / "财务处.xlsx", "author of a PNG"))
    lines = [row[0].value for row in load(mark(book, "标题", ["一句"], SECTIONS)).worksheets[0]]
    assert lines[:3] == [
        "标题",
        "一句",
        "图片、图表、宏、和别的文件的链接没有放进这份回执；您原来的文件没有动，要用请从原文件里取。",
    ]


FAR = {
    "merged to the last row": '<mergeCells count="1"><mergeCell ref="L20:L1048576"/></mergeCells>',
    "merged to the last cell": '<mergeCells count="1"><mergeCell ref="A20:XFD1048576"/></mergeCells>',
    "many that overlap": "<mergeCells>" + '<mergeCell ref="A9:Z1009"/>' * 99 + "</mergeCells>",
    "a link over a column": '<hyperlinks><hyperlink ref="L20:L1048576" location="整改任务!A1"/></hyperlinks>',
    "a blank cell with a look": '<row r="1048576"><c r="K1048576" s="0"/></row>',
}


@pytest.mark.parametrize("far", FAR)
def test_what_reaches_far_costs_nothing(far: str, tmp_path: Path) -> None:
    path = workbook(tmp_path / "财务处.xlsx", "text that no cell shows")
    end = "</sheetData>" if FAR[far].startswith("<row") else "<pageMargins"
    data = rewrite(
        path.read_bytes(),
        {"xl/worksheets/sheet1.xml": lambda xml: xml.replace(end.encode(), (FAR[far] + end).encode(), 1)},
    )
    book = read_workbook(path, data)
    start = process_time()
    marked = load(mark(book, "标题", [], SECTIONS))["整改任务"]
    assert (marked["B2"].comment.text, process_time() - start < 5) == ("错。", True)


def test_a_sheet_in_another_encoding_is_never_given_to_openpyxl(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing can be counted in it: a range merged to the last row went through unseen."""
    path = workbook(tmp_path / "财务处.xlsx", "text that no cell shows")
    data = rewrite(
        path.read_bytes(),
        {"xl/worksheets/sheet1.xml": lambda xml: xml.decode().replace('"UTF-8"', '"UTF-16"').encode("utf-16")},
    )
    given: list[object] = []
    monkeypatch.setattr("openpyxl.load_workbook", lambda *told, **_: given.append(told))
    with pytest.raises(CannotMark, match="不能原样保存"):
        mark(read_workbook(path, data), "标题", [], SECTIONS)
    assert given == []


@pytest.mark.parametrize("tag", ['<row r="%d"><c r="A%d" s="0"/></row>', '<row r="%d" spans="%d:1"/>'])
def test_too_many_blank_cells_are_never_given_to_openpyxl(
    tag: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path / "财务处.xlsx", "text that no cell shows")
    rows = "".join(tag % (number, number) for number in range(10, 200)).encode()
    data = rewrite(
        path.read_bytes(),
        {"xl/worksheets/sheet1.xml": lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>")},
    )
    monkeypatch.setattr("openpyxl.load_workbook", None)
    monkeypatch.setattr("taizhang.replies.rewriting.MOST_CELLS", 150)
    with pytest.raises(CannotMark, match="表太大"):
        mark(read_workbook(path, data), "标题", [], SECTIONS)


def test_a_sheet_in_an_unusual_place_is_bounded_too(tmp_path: Path) -> None:
    path = workbook(tmp_path / "财务处.xlsx", "text that no cell shows")
    far = FAR["merged to the last row"].encode()
    with zipfile.ZipFile(path) as package:
        members = {name: package.read(name) for name in package.namelist()}
    members["xl/甲.bin"] = members.pop("xl/worksheets/sheet1.xml").replace(b"<pageMargins", far + b"<pageMargins")
    for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        members[name] = members[name].replace(b"worksheets/sheet1.xml", "甲.bin".encode())
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, content in members.items():
            package.writestr(name, content)
    data = target.getvalue()
    start = process_time()
    with suppress(CannotMark):
        mark(read_workbook(path, data), "标题", [], SECTIONS)
    assert process_time() - start < 5


BEGUN = {
    "formulas": ("xl/worksheets/sheet1.xml", "</worksheet>", '<extLst a="' + "<f " * 200_000 + '"/>'),
    "cells": ("xl/worksheets/sheet1.xml", "</worksheet>", '<extLst a="' + '<c r="A1" t="s"' * 50_000 + '"/>'),
    "relationships": ("xl/_rels/workbook.xml.rels", "</Relationships>", '<x a="' + "<Relationship " * 60_000 + '"/>'),
    "sheets": ("xl/workbook.xml", "<calcPr", '<x a="' + "<sheet " * 100_000 + '"/>'),
    "styles": ("xl/styles.xml", "</styleSheet>", '<x a="' + "<xf " * 200_000 + '"/>'),
    "texts": ("xl/sharedStrings.xml", "</sst>", '<x a="' + "<si " * 200_000 + '"/>'),
    "types": ("[Content_Types].xml", "</Types>", '<x a="' + "<Override " * 80_000 + '"/>'),
}


@pytest.mark.parametrize("begun", BEGUN)
def test_tags_begun_and_never_closed_cost_no_more_than_their_length(begun: str, tmp_path: Path) -> None:
    """No program writes them and the reader skips them, but a search to the end of the part for each took minutes."""
    part, before, text = BEGUN[begun]
    path = workbook(tmp_path / "财务处.xlsx", "note of the archive")
    data = rewrite(path.read_bytes(), {part: lambda xml: xml.replace(before.encode(), (text + before).encode(), 1)})
    plain = read_workbook(path)
    start = process_time()
    with suppress(CannotMark):
        mark(replace(plain, data=data), "标题", [], SECTIONS)
    assert process_time() - start < 5
