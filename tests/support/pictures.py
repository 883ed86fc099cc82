"""Pictures of the leaders' sheets for the documentation: one PNG per sheet, drawn by LibreOffice and poppler."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from taizhang.office.pdf import to_pdf

from support.paper import pages as pages_of

PHONE_PAGES = 4
DOTS = {"整改一览": 110, "手机版": 110, "时间进度": 80, "措施台账": 80}
COLOURS = 250


def draw(workbook: Path, sheets: dict[str, str], folder: Path) -> None:
    """Draw each sheet's first page (name → text at its beginning) into a folder; 手机版 as several pages in a row."""
    with tempfile.TemporaryDirectory() as work:
        pdf = Path(work) / f"{workbook.stem}.pdf"
        pdf.write_bytes(to_pdf(workbook.read_bytes()))
        heads = [re.sub(r"\s", "", page)[:60] for page in pages_of(pdf)]
        for name, begins in sheets.items():
            first = next(number for number, head in enumerate(heads, 1) if begins in head)
            count = PHONE_PAGES if name == "手机版" else 1
            pages = [_page(pdf, number, DOTS.get(name, 90), Path(work)) for number in range(first, first + count)]
            _beside(pages).quantize(COLOURS, kmeans=2).save(folder / f"{name}.png", optimize=True)


def _page(pdf: Path, number: int, dots: int, folder: Path) -> Any:
    from PIL import Image

    target = folder / f"page-{number}"
    command = ["pdftoppm", "-r", str(dots), "-png", "-singlefile", "-f", str(number), "-l", str(number)]
    subprocess.run([*command, pdf, target], check=True)
    with Image.open(f"{target}.png") as page:
        return page.convert("RGB")


def _beside(pages: list[Any]) -> Any:
    from PIL import Image

    gap = 12
    whole = Image.new("RGB", (sum(page.width + gap for page in pages) - gap, pages[0].height), "#C3CDD8")
    left = 0
    for page in pages:
        whole.paste(page, (left, 0))
        left += page.width + gap
    return whole
