"""PDF through LibreOffice: one sheet alone, fonts mapped, no leftovers, and a clear end if it cannot be done."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from support.fixtures import Run
from support.ledgers import load
from support.paper import page_sizes, pages
from support.sheets import book
from taizhang.demo.sample import AS_OF
from taizhang.forms.load import templates_folder
from taizhang.office.pdf import NoPdf, only_sheet, sheet_names, to_pdf
from taizhang.office.theme import BODY_FONT, HEADING_FONT, NOTE_FONT, TEXT_FONT, TITLE_FONT

pytestmark = pytest.mark.slow


TWO = "# 甲 & 乙\n| 第一张 |\n# 手机版\n| 第二张 |\n"


@pytest.fixture
def libreoffice() -> None:
    for program in ("soffice", "pdftotext"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Put a program in LibreOffice's place: a shell script."""
    if sys.platform == "win32":
        pytest.skip("a shell script is no program on Windows")

    def install(script: str) -> Path:
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        program = folder / "soffice"
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
        return program

    return install


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taizhang.office.pdf._ELSEWHERE", ())
    monkeypatch.setattr("taizhang.system.windows.libreoffice", list)
    monkeypatch.setenv("PATH", "/nowhere")


def test_only_the_chosen_sheet_keeps_something_to_print(demo_folder: Path) -> None:
    data = (demo_folder / "报表" / f"整改进展一览_{AS_OF}.xlsx").read_bytes()
    copy, before = load(only_sheet(data, "逾期预警")), load(data)
    assert copy.sheetnames == before.sheetnames == sheet_names(data)
    areas = {sheet.title: sheet.print_area for sheet in copy}
    assert areas.pop("逾期预警") == before["逾期预警"].print_area
    assert {area.rpartition("!")[2] for area in areas.values()} == {"$XFD$1048576"}
    assert copy["逾期预警"].print_title_rows == before["逾期预警"].print_title_rows
    assert [[c.value for c in row] for row in copy["图表数据"]] == [
        [c.value for c in row] for row in before["图表数据"]
    ]


def test_sheets_that_never_had_a_print_area_and_odd_names() -> None:
    data = book(TWO)
    assert sheet_names(data) == ["甲 & 乙", "手机版"]
    assert load(only_sheet(data, "手机版"))["甲 & 乙"].print_area == "'甲 & 乙'!$XFD$1048576"
    with pytest.raises(KeyError):
        only_sheet(data, "没有")


@pytest.mark.usefixtures("nowhere")
def test_without_libreoffice_the_cure_is_said() -> None:
    with pytest.raises(NoPdf, match="请安装 LibreOffice，或在 Excel、WPS 里打开后另存为 PDF"):
        to_pdf(book(TWO))


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize(
    ("command", "made"),
    [
        (["remind", "-y"], "督办/督办单_2022-12.xlsx"),
        (["remind", "--statement"], "督办/对账单_2022-12.xlsx"),
        (["report"], "报表/整改进展一览_2022-12-31.xlsx"),
    ],
)
def test_without_libreoffice_the_workbook_is_made_and_the_status_is_2(
    command: list[str], made: str, make_ledger: Callable[..., Path], run: Run
) -> None:
    ledger = make_ledger()
    result = run(*command, "-l", ledger, "--as-of", "2022-12-31", "--pdf", "-q")
    assert result.exit_code == 2
    assert result.stderr.startswith("没有做完：")
    assert "Excel 文件已经生成" in result.stderr
    assert (ledger.parent / made).exists()
    assert not list(ledger.parent.rglob("*.pdf"))


def test_a_program_that_hangs_is_ended_with_its_children(fake: Callable[[str], Path], tmp_path: Path) -> None:
    fake(f"sleep 60 & echo $! > {tmp_path}/child; wait")
    started = time.monotonic()
    with pytest.raises(NoPdf, match="超过 1 秒"):
        to_pdf(book(TWO), timeout=1)
    assert time.monotonic() - started < 20
    child = int((tmp_path / "child").read_text(encoding="utf-8"))
    until = time.monotonic() + 10  # the signal is sent, the system takes its time to end the child
    while (state := _state(child)) not in ("", "Z") and time.monotonic() < until:
        time.sleep(0.05)
    assert state in ("", "Z")


def _state(process: int) -> str:
    """Return a process's state letter: Z if it ended and was not waited for, empty if it is gone."""
    shown = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False)
    return shown.stdout.strip()[:1]


def test_a_program_that_makes_nothing_is_said(fake: Callable[[str], Path]) -> None:
    fake("exit 0")
    with pytest.raises(NoPdf, match="没有转出 PDF"):
        to_pdf(book(TWO))


def test_a_program_that_cannot_start_is_said(fake: Callable[[str], Path]) -> None:
    fake("").write_bytes(b"\x00not a program")
    with pytest.raises(NoPdf, match="启动不了"):
        to_pdf(book(TWO))


def test_libreoffice_has_a_profile_and_fonts_of_its_own(fake: Callable[[str], Path], tmp_path: Path) -> None:
    fake(f'echo "$@" > {tmp_path}/said; echo "$FONTCONFIG_FILE" >> {tmp_path}/said; echo pdf > "$(pwd)/book.pdf"')
    assert to_pdf(book(TWO)) == b"pdf\n"
    said, fonts = (tmp_path / "said").read_text(encoding="utf-8").splitlines()
    assert "-env:UserInstallation=file:///" in said
    folder = Path(said.split("UserInstallation=file://")[1].split()[0]).parent
    assert not folder.exists()
    if Path("/etc/fonts/fonts.conf").is_file() and sys.platform != "win32":
        assert Path(fonts) == templates_folder() / "fonts.conf"


def test_every_face_of_the_papers_has_substitutes() -> None:
    tree = ET.parse(templates_folder() / "fonts.conf")
    named: dict[str, list[str]] = {}
    for alias in tree.iter("alias"):
        assert alias.get("binding") == "strong"
        families = [each.text or "" for each in alias.findall("family")]
        assert len(families) == 1  # fontconfig understands no more
        named[families[0]] = [each.text or "" for each in alias.findall("accept/family")]
    for face in (TITLE_FONT, BODY_FONT, NOTE_FONT, HEADING_FONT, TEXT_FONT, "宋体"):
        assert any("Noto" in name for name in named[face]), face
    for face in ("仿宋_GB2312", "楷体_GB2312", "方正小标宋_GBK"):
        assert named[face][0] in named
    includes = [each.text for each in tree.iter("include")]
    assert includes == ["/etc/fonts/fonts.conf"]


@pytest.mark.libreoffice
@pytest.mark.usefixtures("libreoffice")
def test_one_sheet_of_the_leaders_workbook_on_one_page(demo_folder: Path, tmp_path: Path) -> None:
    data = (demo_folder / "报表" / f"整改进展一览_{AS_OF}.xlsx").read_bytes()
    pdf = tmp_path / "一览.pdf"
    pdf.write_bytes(to_pdf(data, "整改一览"))
    assert page_sizes(pdf) == [(841, 595)]
    (page,) = pages(pdf)
    assert "整改进展一览" in page
    assert "党委办公室" in page  # the chart still has its data


@pytest.mark.libreoffice
@pytest.mark.usefixtures("libreoffice")
def test_the_phone_pages_are_printed_where_there_are_any(tmp_path: Path) -> None:
    from taizhang.commands.printing import print_leaders

    data = book("# 整改一览\n| 一页 |\n# 手机版\n| 手机 |\n")
    print_leaders(data, tmp_path / "整改进展一览_2022-06-30.xlsx", tmp_path / "别处" / "整改台账.xlsx", quiet=True)
    found = {path.name: pages(path) for path in tmp_path.glob("*.pdf")}
    assert sorted(found) == ["整改进展一览_2022-06-30.pdf", "整改进展一览_2022-06-30_手机.pdf"]
    assert ["手机" in page for page in found["整改进展一览_2022-06-30_手机.pdf"]] == [True]


def test_without_phone_pages_the_workbook_is_printed_alone(fake: Callable[[str], Path], tmp_path: Path) -> None:
    from taizhang.commands.printing import print_leaders

    fake('echo pdf > "$(pwd)/book.pdf"')
    print_leaders(
        book("# 整改一览\n| 一页 |\n"),
        tmp_path / "整改进展一览_2022-06-30.xlsx",
        tmp_path / "别处" / "整改台账.xlsx",
        quiet=True,
    )
    assert [path.name for path in tmp_path.glob("*.pdf")] == ["整改进展一览_2022-06-30.pdf"]


@pytest.mark.libreoffice
@pytest.mark.usefixtures("libreoffice")
def test_no_libreoffice_is_left_running_and_no_folder_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    data = to_pdf(book(TWO))
    assert not list(tmp_path.iterdir())
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(tmp_path) not in running
    (tmp_path / "两张.pdf").write_bytes(data)
    assert len(pages(tmp_path / "两张.pdf")) == 2
