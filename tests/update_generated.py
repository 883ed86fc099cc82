"""Regenerate what is generated and committed: ``python tests/update_generated.py [templates] [findings] [sample]``. Tests prove it current.

templates: the blank workbook of each register. findings: docs/findings.md, a few seconds. sample: the sample ledger and, with
LibreOffice, the pictures. Without names all three.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from pictures import draw  # noqa: E402 - found once the path is set

PICTURES = {
    "整改一览": "手机版→",
    "手机版": "期手机版",
    "部门排名": "部门整改进展排名",
    "时间进度": "措施时间进度",
    "五个方面": "五个方面与根源",
    "趋势": "整改趋势",
    "逾期预警": "逾期与预警清单",
    "措施台账": "整改措施台账",
    "问题台账": "问题台账",
}
"""The sheets that docs/pictures shows, with a text at the beginning of each."""

FINDINGS = ROOT / "docs" / "findings.md"
CREATED = datetime(2022, 1, 1)


def blank_templates() -> dict[Path, bytes]:
    """Return the blank workbook of each register by its path."""
    from taizhang.forms import standard_forms
    from taizhang.new_ledger import blank_register

    return {
        ROOT / "templates" / f"{form.sheet}.xlsx": blank_register(form, CREATED) for form in standard_forms().values()
    }


def write_templates() -> None:
    """Write the blank workbook of each register."""
    for path, data in blank_templates().items():
        path.write_bytes(data)


def write_findings() -> None:
    """Write docs/findings.md."""
    from gallery_page import findings_page

    FINDINGS.write_text(findings_page(), encoding="utf-8")


def write_sample() -> None:
    """Write the sample ledger and, where LibreOffice is installed, the pictures of its report."""
    with tempfile.TemporaryDirectory() as folder:
        from click.testing import CliRunner
        from taizhang.commands.demo import demo

        CliRunner().invoke(demo, [f"{folder}/演示"], catch_exceptions=False)
        shutil.copy(f"{folder}/演示/整改台账.xlsx", ROOT / "ledger" / "整改台账.xlsx")
        report = next(Path(f"{folder}/演示/报表").glob("*.xlsx"))
        if shutil.which("soffice") and shutil.which("pdftoppm"):
            draw(report, PICTURES, ROOT / "docs" / "pictures")


PARTS = {"templates": write_templates, "findings": write_findings, "sample": write_sample}


def main(names: list[str]) -> None:
    """Write the parts named, all where none is."""
    for name in names or PARTS:
        PARTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
