"""One round of every form on one ledger: issued, filled, returned, merged; what the ledger and the reports then say."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from taizhang.cli import main
from taizhang.forms.load import standard_forms
from taizhang.forms.model import Form
from taizhang.ledger.create import default_settings, new_ledger
from taizhang.ledger.model import Ledger, read_ledger
from taizhang.ledger.registers import Register, read_register
from taizhang.report.layout import HEAD
from taizhang.splice import SetCell, patch
from taizhang.system.files import write_atomically
from taizhang.typed.text import as_text
from taizhang.workbook.reader import read_workbook

from support.ledgers import ASPECT, load

__all__ = ["FORMS", "TABLE", "Trip", "play", "rows_typed"]

FORMS = {name: form for name, form in standard_forms().items() if not form.automatic}
TABLE: Mapping[str, Mapping[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "whole" / "round_trips.toml").read_text(encoding="utf-8")
)
UNIT, PERIOD, DAY = "财务处", "2022-03", date(2022, 3, 31)
ISSUED, CLOSED = datetime(2022, 3, 10, 9), datetime(2022, 3, 31, 9)
FIRST = 4
"""The first row below the heads, in the ledger and in a template."""

Save = Callable[[list[Path]], None]
"""Open these workbooks in another program and save them in place."""


@dataclass(frozen=True)
class Seen:
    """What the office reads on 31 March: findings by sheet, figures by (sheet, indicator), boards by title."""

    found: Mapping[str, list[str]]
    figures: Mapping[tuple[str, str], str]
    boards: Mapping[str, list[tuple[str, ...]]]
    fractions: Mapping[str, str]


@dataclass(frozen=True)
class Trip:
    """A round: what was read before and after, what the departments were told, and where the ledger is.

    Of what they were told, ``to_mend`` is all but the hints; ``marked`` are the cells with a note in the workbooks that
    they get back to mend, by sheet; ``listed`` are the cells (sheet, address) that their receipts name.
    """

    before: Seen
    after: Seen
    told: Mapping[str, list[str]]
    to_mend: Mapping[str, list[str]]
    marked: Mapping[str, list[str]]
    listed: frozenset[tuple[str, str]]
    path: Path

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger after the round."""
        return read_ledger(self.path, standard_forms())


def rows_typed(name: str) -> list[tuple[str, dict[str, Any]]]:
    """Return what is typed into a form, as (code of the row, empty for a new one; cells by key)."""
    rows = TABLE[name].get("typed", ())
    return [(row.get("row", ""), {key: row[key] for key in row if key not in ("row", "at")}) for row in rows]


def play(folder: Path, save: Save) -> Trip:
    """Play the round in a folder; ``save`` is what is done with each workbook after it was filled."""
    folder.mkdir(parents=True)
    ledger = folder / "整改台账.xlsx"
    write_atomically(ledger, _new_ledger())
    quiet = folder.with_name(f"{folder.name}以前")
    shutil.copytree(folder, quiet)
    before = _look(quiet / ledger.name)
    issued = _run(ledger, ISSUED, "issue", "-p", PERIOD)
    assert issued.exit_code == 0, issued.output
    returned = _fill(ledger)
    _type(ledger)
    save([ledger, *returned])
    merged = _run(ledger, CLOSED, "merge", "--yes")
    assert merged.exit_code in (0, 1), merged.output
    told = _findings(merged.stdout)
    to_mend = _findings("\n".join(line for line in merged.stdout.splitlines() if ": 提示：" not in line))
    return Trip(before, _look(ledger), told, to_mend, _marked(folder / "回执"), _listed(folder / "回执"), ledger)


def _run(ledger: Path, now: datetime, *args: str) -> Result:
    env = {"SOURCE_DATE_EPOCH": str(int(now.timestamp()))}
    result = CliRunner().invoke(main, [*args, "-l", str(ledger)], env=env)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def _new_ledger() -> bytes:
    settings = default_settings("某局", 2022, [(ASPECT, "办实事")])
    settings["部门"] = [{"部门": UNIT}, {"部门": "党委办公室"}]
    settings["岗位"] = [{"岗位": "局长"}, {"岗位": "副局长"}]
    settings["党支部"] = [
        {"党支部": "第一党支部", "所在部门": UNIT}, {"党支部": "第二党支部", "所在部门": "党委办公室"}
    ]  # fmt: skip
    for period in settings["期次"]:
        period["报送截止日"] = period["统计截止日"]
    rows = {name: [_whole(FORMS[name], entry, row) for row in entry["before"]] for name, entry in TABLE.items()}
    return new_ledger(list(FORMS.values()), rows, settings, ISSUED)


def _whole(form: Form, entry: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with the cells that all rows have, and with its department."""
    own = {form.owner: UNIT} if form.owner else {}
    cells = {**own, **entry.get("every", {}), **row}
    return {key: tuple(value) if isinstance(value, list) else value for key, value in cells.items()}


# --- what people type


def _fill(ledger: Path) -> list[Path]:
    """Fill every issued workbook, wherever the rows of a form were sent; return the returned files."""
    issued, forms = sorted((ledger.parent / "下发").rglob("*.xlsx")), read_ledger(ledger, standard_forms()).forms
    books = {path: read_workbook(path) for path in issued}
    sheets = {
        (path, name): register
        for path, book in books.items()
        for name, form in forms.items()
        if form.issued and (register := read_register(book, form)[0])
    }
    places = {key: _places(register) for key, register in sheets.items()}
    edits: dict[Path, list[SetCell]] = {}
    for name in FORMS:
        form = forms[name]
        own = {column.key for column in form.department_columns}
        for entry, (code, cells) in zip(TABLE[name].get("typed", ()), rows_typed(name), strict=True):
            theirs = {key: value for key, value in cells.items() if key in own}
            if not form.issued or not theirs:
                continue
            names = (entry.get("branch", ""), entry.get("at", UNIT))
            path = _file_of(name, code, names, places)
            own_rows = places[path, name]
            row = own_rows[code] if code else own_rows.pop(next(key for key in own_rows if key.startswith("新增-")))
            register = sheets[path, name]
            edits.setdefault(path, []).extend(
                SetCell(register.sheet.name, row, register.columns[key], value) for key, value in theirs.items()
            )
    returned = []
    for path, cells in edits.items():
        target = ledger.parent / "报送" / path.relative_to(ledger.parent / "下发")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(patch(path.read_bytes(), cells)[0])
        returned.append(target)
    return returned


def _places(register: Register) -> dict[str, int]:
    """Return the rows of an issued sheet by hidden id: a code, or that of a spare row."""
    column = next(number for number, head in register.extra if head == "行标识")
    rows = enumerate(register.sheet.rows, 1)
    return {as_text(row[column - 1]): number for number, row in rows if number >= FIRST and row and row[column - 1]}


def _file_of(name: str, code: str, names: Iterable[str], places: Mapping[tuple[Path, str], Mapping[str, int]]) -> Path:
    """Return the workbook that holds a row, or for a new row the one of its branch, else of its department."""
    holding = [path for path, form in places if form == name and (not code or code in places[path, form])]
    assert holding, f"{name} {code}: no issued workbook holds it"
    named = [path for each in names if each for path in holding if each in path.stem]
    return (named or holding)[0]


def _type(ledger: Path) -> None:
    """Type into the ledger what is the office's to type."""
    read = read_ledger(ledger, standard_forms())
    edits = []
    for name, register in read.registers.items():
        own = {column.key for column in register.form.department_columns} if register.form.issued else set()
        row = max((record.row for record in register.records), default=FIRST - 1)
        for code, cells in rows_typed(name) if name in TABLE else ():
            theirs = {key: value for key, value in cells.items() if key not in own}
            if not theirs or (register.form.issued and not code):
                continue
            row += not code
            place = register.by_code[code].row if code else row
            edits += [
                SetCell(register.sheet.name, place, register.columns[key], None if value == "" else value)
                for key, value in theirs.items()
            ]
    ledger.write_bytes(patch(ledger.read_bytes(), edits)[0])


# --- what they read


def _look(ledger: Path) -> Seen:
    day = DAY.isoformat()
    found = _findings(_run(ledger, CLOSED, "validate", "--all", "--as-of", day).stdout)
    made = _run(ledger, CLOSED, "report", "--as-of", day)
    assert made.exit_code == 0, made.output
    home = ledger.parent / "报表"
    boards, fractions = _boards(home / f"专项一览_{day}.xlsx")
    return Seen(found, _figures(home / f"整改进展一览_{day}.xlsx"), boards, fractions)


_FINDING = re.compile(r"[^:]+\.xlsx:'([^']+)'!([^:]+): ([a-z0-9-]+): ")


def _findings(output: str) -> dict[str, list[str]]:
    """Return the findings by sheet, as ``F4 name``."""
    found: dict[str, list[str]] = {}
    for line in output.splitlines():
        if match := _FINDING.match(line):
            sheet, cell, name = match.groups()
            found.setdefault(sheet, []).append(f"{cell} {name}")
    return found


def _marked(home: Path) -> dict[str, list[str]]:
    """Return the cells with notes by sheet."""
    marked: dict[str, list[str]] = {}
    for path in sorted(home.rglob("*请修改.xlsx")):
        for sheet in load(path.read_bytes()):
            cells = (cell for row in sheet.iter_rows() for cell in row)
            marked.setdefault(sheet.title, []).extend(cell.coordinate for cell in cells if cell.comment)
    return marked


def _listed(home: Path) -> frozenset[tuple[str, str]]:
    """Return the cells that the first sheets of receipts name."""
    sheets = (read_workbook(path).sheets[0] for path in home.rglob("*.xlsx"))
    texts = (_words(cell) for sheet in sheets for row in sheet.rows for cell in row)
    return frozenset(each for text in texts for each in re.findall(r"〈([^〉]+)〉([A-Z]+\d+)", text))


def _words(value: object) -> str:
    return "" if value is None else as_text(int(value) if isinstance(value, float) and value.is_integer() else value)


def _figures(path: Path) -> dict[tuple[str, str], str]:
    """Return the figures of 登记表指标, without units: fractions on lines of their own, plain numbers among words.

    The sheet has two halves, each with blocks of registers one below the other.
    """
    titles = {form.sheet: {each.title for each in form.indicators} for form in FORMS.values()}
    found: dict[tuple[str, str], str] = {}
    words: dict[tuple[str, str], str] = {}
    rows = [[*map(_words, row), *[""] * 20] for row in read_workbook(path).by_name["登记表指标"].rows]
    for first in (1, 9):
        sheet = ""
        for row in rows:
            name, pair = row[first], row[first + 3]
            if match := re.match(r"(.+?)（(?:登记 \d+ 行|续)", name):
                sheet = match[1]
            if pair:
                found[sheet, name] = pair.split(" ")[0]
                continue
            for title, number in re.findall(r"([^　]+?)[ （](\S+)[^　]*", name):
                if title in titles.get(sheet, ()):  # else it is a group of the figure above
                    words.setdefault((sheet, title), number.rstrip("）"))
    return words | found


def _boards(path: Path) -> tuple[dict[str, list[tuple[str, ...]]], dict[str, str]]:
    """Return the tables of 专项一览 by title, heads first, and the fractions of its index."""
    book = read_workbook(path)
    rows = [[_words(cell) for cell in row] for row in book.by_name["索引"].rows[HEAD + 1 :]]
    fractions = {row[2]: row[4].replace(" ", "") for row in rows if len(row) > 4 and row[2]}
    tables = {}
    for sheet in book.sheets:
        if len(sheet.rows) > HEAD and sheet.name != "索引":
            title = next(filter(None, map(_words, sheet.rows[1])), "")
            tables[title] = [tuple(_words(cell) for cell in row) for row in sheet.rows[HEAD:]]
    return tables, fractions
