"""The leaders' workbook printed and recalculated by LibreOffice: few launches, many workbooks each."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from support.ledgers import load
from support.looks import cells
from support.paper import ERRORS, page_sizes, pages
from support.scenarios import scenario, workbook
from support.thorough import THOROUGH
from taizhang.figures import sentences
from taizhang.report.book import SHEETS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.libreoffice,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"),
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler (pdftotext, pdftoppm) is not installed"),
]
PRINTED = ("normal", "longest_texts", "departments_20", *(("nothing_late", "every_register", "no_data") * THOROUGH))
RECALCULATED = ("normal", "no_data", *(("everything_late",) * THOROUGH))
A4, A3, A6, UPRIGHT = (841, 595), (1190, 841), (297, 419), (595, 841)
TITLES = {
    "整改进展一览": "整改一览",
    "与上期相比": "与上期比",
    "牵头领导看板": "牵头领导",
    "措施分组进展": "措施分组",
    "周期任务履行情况": "周期履行",
    "长期坚持任务复核情况": "长期复核",
    "填报单位报送情况": "报送情况",
    "待明确事项与数据质量": "待明确项",
    "部门整改进展排名": "部门排名",
    "措施时间进度": "时间进度",
    "五个方面与根源": "五个方面",
    "整改趋势（2022年）": "趋势",
    "逾期与预警清单": "逾期预警",
    "整改措施台账": "措施台账",
    "问题台账": "问题台账",
    "登记表指标": "登记表指标",
    "口径说明": "口径说明",
    "图表数据": "图表数据",
}
ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""

Page = tuple[tuple[int, int], str]


def converted(names: tuple[str, ...], target: str, folder: Path) -> dict[str, Path]:
    """Convert the workbooks of some scenarios in one launch that recalculates every formula."""
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE, encoding="utf-8")
    sources = [folder / f"{name}.xlsx" for name in names]
    for name, source in zip(names, sources, strict=True):
        source.write_bytes(workbook(name))
    command = ["soffice", f"-env:UserInstallation=file://{profile.parent}", "--headless", "--convert-to", target]
    subprocess.run([*command, "--outdir", folder / "new", *sources], check=True, capture_output=True, timeout=240)
    return {name: folder / "new" / f"{name}.{target.partition(':')[0]}" for name in names}


def by_sheet(every: list[Page]) -> dict[str, list[Page]]:
    """Return the pages by sheet: a page without a title belongs to the sheet of the page before it."""
    found: dict[str, list[Page]] = {}
    current = ""
    for size, text in every:
        head = text.strip().split("\n")[0].split("  ")[0].strip()
        current = "手机版" if size == A6 else TITLES.get(head, current)
        found.setdefault(current, []).append((size, text))
    return found


def test_pages_have_their_size_and_number_and_hold_no_error(tmp_path: Path) -> None:
    for name, pdf in converted(PRINTED, "pdf", tmp_path).items():
        every = list(zip(page_sizes(pdf), pages(pdf), strict=True))
        found = by_sheet(every)
        assert list(found) == [title for title, _ in SHEETS], name
        for title, own in found.items():
            paper = {"手机版": A6, "时间进度": A3, "措施台账": A3, "图表数据": UPRIGHT}.get(title, A4)
            assert {size for size, _ in own} == {paper}, (name, title)
        for title in ("整改一览", "部门排名", "五个方面", "趋势"):
            assert len(found[title]) == 1, (name, title)
        assert len(found["时间进度"]) == (2 if name == "departments_20" else 1), name
        text = "".join(text for _, text in every)
        assert not ERRORS.search(text), name
        first = re.sub(r"\s", "", every[0][1])
        m = scenario(name).measures
        assert "整改进展一览" in first
        assert sentences.overall(m)[:20] in first
        if name in ("normal", "nothing_late"):
            assert all(group.name in first for group in m.departments)
        if name == "normal":
            _has_ink_everywhere(pdf, tmp_path)


def _has_ink_everywhere(pdf: Path, folder: Path) -> None:
    from PIL import Image

    subprocess.run(["pdftoppm", "-r", "60", "-png", "-singlefile", pdf, folder / "page"], check=True)
    picture = Image.open(folder / "page.png").convert("L")
    wide, tall = picture.size
    for left, top in ((0, 0), (1, 0), (0, 1), (1, 1), (0, 2), (1, 2)):
        zone = picture.crop((left * wide // 2, top * tall // 3, (left + 1) * wide // 2, (top + 1) * tall // 3))
        assert sum(zone.histogram()[:200]) > zone.width * zone.height * 0.01, (left, top)


def test_cached_values_are_what_a_recalculation_gives(tmp_path: Path) -> None:
    for name, path in converted(RECALCULATED, "xlsx:Calc MS Excel 2007 XML", tmp_path).items():
        formulas = load(workbook(name))
        cached, computed = load(workbook(name), values=True), load(path.read_bytes(), values=True)
        checked = 0
        for sheet in formulas:
            for cell in cells(sheet):
                if cell.data_type == "f":
                    ours, theirs = (book[sheet.title].cell(cell.row, cell.column).value for book in (cached, computed))
                    assert ours == pytest.approx(theirs, abs=1e-6), (name, sheet.title, cell.coordinate, cell.value)
                    checked += 1
        assert checked >= (20 if name == "no_data" else 40), (name, checked)
