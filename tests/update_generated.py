"""Regenerate the files that are generated and committed: ``python tests/update_generated.py [NAME ...]``.

templates: the blank workbook of each register. registers: docs/registers.md. coverage: docs/coverage.md. rooms: the
list of modules in docs/architecture.md. findings: docs/findings.md, a few seconds. sentences: docs/sentences.md.
sample: the sample ledger and, with LibreOffice, the pictures. Without names all of them. Tests prove all of it current.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

if TYPE_CHECKING:
    from taizhang.forms.model import Form

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from support.pictures import draw  # noqa: E402 - found once the path is set

PICTURES = {
    "整改一览": "手机版→",
    "手机版": "期手机版",
    "部门排名": "部门整改进展排名",
    "时间进度": "措施时间进度",
    "五个方面": "五个方面与根源",
    "趋势": "整改趋势",
    "逾期预警": "逾期与预警清单",
    "周期履行": "周期任务履行情况",
    "长期复核": "长期坚持任务复核情况",
    "措施台账": "整改措施台账",
    "问题台账": "问题台账",
}
"""The sheets that docs/pictures shows, with a text at the beginning of each."""

BOARD_PICTURES = {"专项一览": "专项一览", "改革里程碑": "改革事项里程碑", "规划目标": "规划任务：目标和当期值"}
"""The sheets of 专项一览 that docs/pictures shows, with a text at the beginning of each."""

FINDINGS = ROOT / "docs" / "findings.md"
CREATED = datetime(2022, 1, 1)


def blank_templates() -> dict[Path, bytes]:
    """Return the blank workbook of each register by its path."""
    from taizhang.forms.load import standard_forms
    from taizhang.ledger.create import blank_register

    return {
        ROOT / "templates" / f"{form.sheet}.xlsx": blank_register(form, CREATED) for form in standard_forms().values()
    }


def write_templates() -> None:
    """Write the blank workbook of each register."""
    for path, data in blank_templates().items():
        path.write_bytes(data)


def write_findings() -> None:
    """Write docs/findings.md."""
    from support.gallery_page import findings_page

    FINDINGS.write_text(findings_page(), encoding="utf-8")


def write_sentences() -> None:
    """Write docs/sentences.md."""
    from support.texts import docs_page, sentences_page

    docs_page().write_text(sentences_page(), encoding="utf-8")


def registers_page() -> str:
    """Return docs/registers.md: every register by section, with its code, who fills it, and its indicators."""
    from support.forms_page import INDICATOR_WORDS
    from taizhang.forms.grammar import GROUPS, INDICATOR_KINDS
    from taizhang.forms.load import standard_forms

    forms = standard_forms().values()
    lines = [
        "# 登记表",
        "",
        f"共 {len(forms)} 张。“默认启用”的起草时就有；其余的用 `taizhang forms enable 表名` 加到台账里，不用写程序。",
        "每张表在 `templates/forms/` 里一个文件，空表在 `templates/`。涉及个人的只出个数。",
        "起草时按措施里的词建议用哪个指标核对（〈核对〉），词和指标的对照在 `templates/proofs.toml`，可以改。",
    ]
    for group in GROUPS:
        own = [form for form in forms if form.group == group]
        if own:
            head = ["", f"## {group}", "", "| 登记表 | 编号 | 谁填 | 启用 | 列 | 指标 |", "|---|---|---|---|---|---|"]
            lines += [*head, *map(_register_line, own)]
    lines += _boards_section()
    lines += ["", "## 指标的写法", "", "| kind | 必写 | 可写 | 算什么 |", "|---|---|---|---|"]
    for kind, (needed, allowed) in INDICATOR_KINDS.items():
        lines.append(f"| `{kind}` | {_codes(needed)} | {_codes(allowed)} | {INDICATOR_WORDS[kind]} |")
    lines += [
        "",
        (
            "都可以加：`where`、`is` 只看某一列填了某个选项的行，`year` 只看最近一年的行，`unit` 单位，"
            "`on` 数到的那一行是哪天发生的（核对每个周期做了几次时用）。涉及个人的登记表只能用前六种。"
        ),
    ]
    return "\n".join(lines) + "\n"


def _boards_section() -> list[str]:
    """Return the section with every board, its register and the question that it answers."""
    from support.forms_page import BOARD_QUESTIONS
    from taizhang.forms.load import standard_forms

    boards = [(form, board) for form in standard_forms().values() for board in form.boards]
    return [
        "",
        "## 看板",
        "",
        (
            f"共 {len(boards)} 块。台账里有这些登记表，`taizhang 出表` 就在《专项一览》里各出一页：先一句结论，再表，"
            "再图。先看第一张〈索引〉：每块亮什么灯、一句结论，点看板的名称就到那一页。没有填的写“未填报”。"
        ),
        "",
        *("| 登记表 | 看板 | 回答什么 |", "|---|---|---|"),
        *(f"| {form.sheet} | {board.title} | {BOARD_QUESTIONS[board.kind]} |" for form, board in boards),
    ]


def _codes(keys: tuple[str, ...]) -> str:
    return "、".join(f"`{key}`" for key in keys) or "—"


def _register_line(form: Form) -> str:
    used = "程序写" if form.automatic else ("默认启用" if form.enabled else "按需")
    personal = "（涉及个人）" if form.sensitivity == "personal" else ""
    counted = "、".join(each.title for each in form.indicators) or "—"
    name = f"{form.sheet}{personal} `{form.name}`"
    return f"| {name} | {form.format_code(1)} | {form.filled_by} | {used} | {len(form.columns)} | {counted} |"


def write_registers() -> None:
    """Write docs/registers.md."""
    (ROOT / "docs" / "registers.md").write_text(registers_page(), encoding="utf-8")


def write_forms_page() -> None:
    """Write docs/forms.md."""
    from support.forms_page import forms_page

    (ROOT / "docs" / "forms.md").write_text(forms_page(), encoding="utf-8")


def write_rule_book() -> None:
    """Write docs/rule_book.md."""
    from support.rule_book import rule_book

    (ROOT / "docs" / "rule_book.md").write_text(rule_book(), encoding="utf-8")


def write_coverage() -> None:
    """Write docs/coverage.md."""
    from support.coverage_page import coverage_page

    (ROOT / "docs" / "coverage.md").write_text(coverage_page(), encoding="utf-8")


def write_rooms() -> None:
    """Write the list of rooms into docs/architecture.md."""
    from support.rooms import with_rooms

    path = ROOT / "docs" / "architecture.md"
    path.write_text(with_rooms(path.read_text(encoding="utf-8")), encoding="utf-8")


def play_sample(folder: Path) -> tuple[Path, Path, Path]:
    """Play the demo in a new folder; return its ledger, its report and 专项一览, the same bytes each time.

    The demo sets its own clock; the key that signs what is in the ledger is the one thing made at random.
    """
    from click.testing import CliRunner
    from taizhang.commands.demo import demo

    with patch("taizhang.history.key.secrets.token_hex", lambda size: "0" * 2 * size):
        CliRunner().invoke(demo, [str(folder)], catch_exceptions=False)
    progress, special = (next((folder / "报表").glob(f"{name}*.xlsx")) for name in ("整改进展一览", "专项一览"))
    return folder / "整改台账.xlsx", progress, special


def write_sample() -> None:
    """Write the sample ledger and, where LibreOffice is installed, the pictures of its reports."""
    with tempfile.TemporaryDirectory() as folder:
        ledger, report, special = play_sample(Path(folder) / "演示")
        shutil.copy(ledger, ROOT / "ledger" / "整改台账.xlsx")
        if shutil.which("soffice") and shutil.which("pdftoppm"):
            draw(report, PICTURES, ROOT / "docs" / "pictures")
            draw(special, BOARD_PICTURES, ROOT / "docs" / "pictures")


PARTS = {
    "templates": write_templates,
    "registers": write_registers,
    "forms": write_forms_page,
    "rule_book": write_rule_book,
    "coverage": write_coverage,
    "rooms": write_rooms,
    "findings": write_findings,
    "sentences": write_sentences,
    "sample": write_sample,
}


def main(names: list[str]) -> None:
    """Write the parts named, all where none is."""
    for name in names or PARTS:
        PARTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
