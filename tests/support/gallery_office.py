"""A small office in a folder for the gallery's failing examples: its ledger, issued forms and returned files.

Steps are functions that take the office and return Markdown describing what was done; the table in it is read back from
the failing workbook. ``play`` runs the command line and returns the printed lines.
"""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from taizhang.cli import main
from taizhang.typed.readings import quote, shown
from taizhang.typed.text import as_text, head_key, loses_digits
from taizhang.workbook.places import column_letters
from taizhang.workbook.reader import read_workbook

from support.ledgers import ASPECT, small_ledger
from support.returned import type_into
from support.returned_files import by_hand, edit_xml, rewrite

__all__ = [
    "DECIDE",
    "ISSUE",
    "MERGE",
    "OFFICE",
    "PUBLIC",
    "RETURNED",
    "VALIDATE",
    "Office",
    "Step",
    "in_ledger",
    "in_return",
    "play",
    "said",
    "saved_at",
    "saved_by_hand",
    "xml_of_return",
]

OFFICE, RETURN = "整改台账.xlsx", "财务处.xlsx"
VALIDATE = ("validate", "--as-of", "2022-03-31")
RETURNED = ("validate", "报送")
MERGE = ("merge", "报送", "--dry-run")
DECIDE = ("merge", "--decisions", "回执/2022-03/冲突裁决.xlsx", "--dry-run")
ISSUE = ("issue", "--period", "2022-04", "--dry-run", "--as-of", "2022-04-10")
PUBLIC = ("report", "--public", "--as-of", "2022-03-31", "--dry-run")
LONGEST_SHOWN = 24

Cells = Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True)
class Office:
    """A folder with the ledger, 下发/2022-03, and 报送/财务处.xlsx as issued and saved once by the department."""

    folder: Path

    @property
    def ledger(self) -> Path:
        return self.folder / OFFICE

    @property
    def returned(self) -> Path:
        return self.folder / "报送" / RETURN

    def run(self, *arguments: str) -> list[str]:
        """Run a command in the folder; return the lines with places that it printed on stdout or stderr."""
        paths = [str(self.folder / each) if (self.folder / each).exists() else each for each in arguments]
        result = CliRunner().invoke(main, [*paths, "--ledger", str(self.ledger)])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        lines = (result.stdout + result.stderr).splitlines()
        return [line for line in lines if re.match(r"\S[^：]*?: [a-z-]+: ", line)]

    def table(self, path: Path, sheet: str, columns: Sequence[int], typed: Collection[tuple[int, int]]) -> str:
        """Return the rows that were typed into as a Markdown table, with the letters and numbers that Excel shows."""
        page = read_workbook(path).by_name[sheet]
        heads = {column: head_key(page.value(head_row(sheet), column)) for column in columns}
        lines = [
            [
                f"{'台账' if path == self.ledger else '报来的'}〈{sheet}〉",
                *(f"{column_letters(column)} {head}" for column, head in heads.items()),
            ],
            ["---"] * (len(columns) + 1),
        ]
        for row in sorted({row for row, _ in typed}):
            cells = {column: _seen(page.value(row, column), heads[column]) for column in columns}
            marked = [f"**{text or '（空）'}**" if (row, column) in typed else text for column, text in cells.items()]
            lines.append([f"第 {row} 行", *marked])
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)


Step = Callable[[Office], str]


def head_row(sheet: str) -> int:
    return 4 if sheet == "参数" else 3


def in_ledger(sheet: str, cells: Cells, *also: str) -> Step:
    """Type into the ledger (values by row and head) and show these rows with the first column and those in ``also``."""
    return lambda office: _typed(office, office.ledger, sheet, cells, also)


def in_return(sheet: str, cells: Cells, *also: str) -> Step:
    """Type into what 财务处 sends back."""
    return lambda office: _typed(office, office.returned, sheet, cells, also)


def said(text: str, work: Callable[[Office], object]) -> Step:
    """Do something that a table cannot show, and describe it."""

    def step(office: Office) -> str:
        work(office)
        return text

    return step


def xml_of_return(text: str, sheet: str, pattern: str, replacement: str) -> Step:
    """Change the XML of a returned sheet as another program or a paste would; the pattern must be there."""

    def change(xml: str) -> str:
        changed = re.sub(pattern, replacement, xml, count=1)
        assert changed != xml, f"nothing in {sheet} is like {pattern}"
        return changed

    return said(text, lambda office: edit_xml(office.returned, sheet, change))


def saved_by_hand(text: str, which: str, work: Callable[[Any], Any]) -> Step:
    """Do something to a file of the office (a path in its folder) with openpyxl, saved in good time."""

    def step(office: Office) -> None:
        path = by_hand(office.folder / which, work)
        path.write_bytes(saved_at(path.read_bytes(), "2022-03-12T09:00:00Z"))

    return said(text, step)


def saved_at(content: bytes, moment: str) -> bytes:
    """Return a workbook with another stamp of when it was saved."""

    def stamp(xml: bytes) -> bytes:
        return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + moment.encode(), xml)

    return rewrite(content, {"docProps/core.xml": stamp})


def play(steps: Sequence[Step], command: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the Markdown of the steps and the lines that the command prints, played in a new office."""
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(shutil.copytree(_prepared(), Path(folder) / "office")))
        return tuple(filter(None, [step(office) for step in steps])), tuple(office.run(*command))


@cache
def _prepared() -> Path:
    """Make the office once: a clean ledger, two departments, March issued, returned by 财务处 with nothing new."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    regulation = {"code": "ZD-001", "name": "差旅费管理办法", "department": "财务处", "action": "改"}
    small_ledger(
        folder / OFFICE,
        [
            {"statement": "约谈支部书记"},
            {"statement": "修订差旅费办法", "progress": 50},
            {"statement": "开展调研", "department": "党委办公室"},
        ],
        problems=[{
            "code": "WT-01", "aspect": ASPECT, "title": "办法不多", "source": "民主生活会",
            "public": "为群众办实事办法不多", "disclosure": "同意公开",
        }],
        regulations=[{**regulation, "planned": date(2022, 6, 30), "outcome": "起草中"}],
    )  # fmt: skip
    office = Office(folder)
    assert not office.run(*VALIDATE)
    assert not office.run("issue", "--period", "2022-03", "--as-of", "2022-03-10")
    office.returned.parent.mkdir()
    issued = folder / "下发" / "2022-03" / RETURN
    office.returned.write_bytes(rewrite(issued.read_bytes(), {}))
    column = _columns(office.returned, "整改任务")["本期无变化"]
    type_into(office.returned, {"整改任务": {(row, column): "是" for row in (4, 5)}})
    assert not office.run(*RETURNED)
    return folder


def _typed(office: Office, path: Path, sheet: str, cells: Cells, also: Sequence[str]) -> str:
    columns = _columns(path, sheet)
    by_place = {(row, columns[head]): value for row, own in cells.items() for head, value in own.items()}
    type_into(path, {sheet: by_place})
    code = next(iter(columns.values()))
    shown_columns = sorted({code, *(columns[head] for head in also), *(column for _, column in by_place)})
    if sheet == "参数":
        shown_columns.remove(code)
    return office.table(path, sheet, shown_columns, by_place)


def _columns(path: Path, sheet: str) -> dict[str, int]:
    """Return the column numbers by head; a hidden 行标识 comes last, so that nobody takes it for the code."""
    heads = read_workbook(path).by_name[sheet].rows[head_row(sheet) - 1]
    found: dict[str, int] = {}
    for number, raw in enumerate(heads, 1):
        found.setdefault(head_key(raw), number)
    found.pop("", None)
    if "行标识" in found:
        found["行标识"] = found.pop("行标识")
    return found


def _seen(raw: Any, head: str) -> str:
    """Return a cell as the page shows it: a percentage as Excel does, never a personal value, no long text in full."""
    if head == "进度" and isinstance(raw, (int, float)) and raw <= 1:
        return f"{raw:.0%}"
    text = " ".join(as_text(raw).split()).replace("|", "\\|")
    if loses_digits(raw) or shown(text) != text:
        return quote(raw)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
