"""The leaders' workbook of the demo: read back, and rendered where LibreOffice is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from conftest import load
from taizhang.forms import standard_forms
from taizhang.ledger import read_ledger
from taizhang.measures import measure
from taizhang.messages import concentration, overall
from taizhang.report import progress_workbook
from taizhang.sample import AS_OF

LIGHT = re.compile(r"^(◆ 红|▲ 黄|● 绿|办结|待明确)$")


@pytest.fixture(scope="module")
def workbook(demo_folder: Path) -> Path:
    return demo_folder / "报表" / f"整改进展一览_{AS_OF}.xlsx"


def test_two_builds_are_the_same_bytes(demo_folder: Path) -> None:
    ledger = read_ledger(demo_folder / "整改台账.xlsx", standard_forms())
    m = measure(ledger, AS_OF)
    stamp = datetime(2022, 6, 30)
    assert progress_workbook(m, stamp) == progress_workbook(m, stamp)


def test_every_text_is_gbk_and_every_light_has_a_word(workbook: Path) -> None:
    book = load(workbook.read_bytes())
    lights = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value:
                    cell.value.encode("gbk")
                    if cell.value[:1] in "◆▲●" and len(cell.value) <= 4:
                        assert LIGHT.match(cell.value), cell.coordinate
                        lights += 1
    assert lights > 10


def test_sums_agree_across_sheets(demo_folder: Path) -> None:
    m = measure(read_ledger(demo_folder / "整改台账.xlsx", standard_forms()), AS_OF)
    for groups in (m.aspects, m.departments):
        assert sum(group.tasks for group in groups) == m.total.tasks == len(m.tasks)
        assert sum(group.closed for group in groups) == m.total.closed
        assert sum(group.red for group in groups) == m.total.red
    assert sum(m.total.statuses) == m.total.tasks
    numbers = [int(number) for number in re.findall(r"\d+", overall(m))]
    assert numbers[:3] == [m.total.tasks, m.total.closed, m.total.rate]


def test_print_set_up_merges_and_links(workbook: Path) -> None:
    book = load(workbook.read_bytes())
    assert book.sheetnames == ["整改一览", "部门排名", "逾期预警", "措施台账", "口径说明", "图表数据"]
    assert len(book["整改一览"].merged_cells.ranges) == 16
    for sheet in book:
        assert sheet.print_area
        assert sheet.page_setup.fitToHeight in (0, 1, None)
        if sheet.title != "整改一览":
            assert not sheet.merged_cells.ranges
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink:
                    target = str(cell.hyperlink.location).partition("!")[0].strip("'")
                    assert target in book.sheetnames


def test_charts_have_words_for_those_who_cannot_see_them(workbook: Path) -> None:
    with zipfile.ZipFile(workbook) as package:
        drawings = [
            package.read(name).decode() for name in package.namelist() if name.startswith("xl/drawings/drawing")
        ]
    descriptions = [found for drawing in drawings for found in re.findall(r'descr="([^"]*)"', drawing)]
    assert len(descriptions) == 3
    assert all(re.search(r"\d", text) for text in descriptions)


@pytest.mark.libreoffice
def test_the_leaders_page_is_one_a4_page_without_errors(
    workbook: Path, soffice: Callable[..., Path], tmp_path: Path
) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler (pdftotext) is not installed")
    pdf = soffice(workbook, "pdf", tmp_path)
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    pages = text.split("\f")
    assert "整改进展一览" in pages[0]
    assert "部门整改进展排名" in pages[1]
    assert not re.search(r"###|#REF!|#NAME\?|#VALUE!|#DIV/0!|Err:", text)
    sizes = subprocess.run(["pdfinfo", "-f", "1", "-l", "1", pdf], check=True, capture_output=True, text=True).stdout
    assert "841" in sizes
    assert "595" in sizes


@pytest.mark.parametrize(
    ("holders", "text"),
    [
        (["甲"], "在甲"),
        (["甲", "甲", "乙"], "集中在甲（2项）"),
        (["甲", "乙"], "在甲、乙"),
        (["甲", "甲", "乙", "乙"], "在甲、乙"),
        (["甲", "甲", "甲", "乙", "乙", "丙", "丁"], "集中在甲、乙"),
        (["甲", "乙", "丙", "丁"], "分布在4个部门"),
    ],
)
def test_concentration_names_only_what_is_unique(holders: list[str], text: str) -> None:
    assert concentration(holders) == text


def test_an_empty_ledger_still_makes_a_page(make_ledger: Callable[..., Path]) -> None:
    m = measure(read_ledger(make_ledger([]), standard_forms()), date(2022, 3, 31))
    assert overall(m) == "台账里还没有整改任务。"
    assert progress_workbook(m, datetime(2022, 3, 31)).startswith(b"PK")
