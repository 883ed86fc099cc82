"""Check that the ledger writer loses nothing when it changes workbooks made by other people and programs.

Every workbook below a folder is used as a ledger once: a cell is changed and a row is appended, or (``--job sheet``) a
sheet like 〈变更记录〉 is added and gets a row. The checks are independent and share no code with the writer: members,
XML, which ranges must grow, the markup of a row, values read by two other libraries, schema, LibreOffice.

    python benchmarks/splice_corpus.py FOLDER [--job edit|sheet] [--jobs 2] [--office 100] [--seed 1] [--json FILE]

Exit status 1 if anything was lost, or if the writer failed on a workbook with an unexpected error.
"""

from __future__ import annotations

import argparse
import csv
import functools
import hashlib
import io
import json
import multiprocessing
import os
import posixpath
import random
import re
import struct
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).resolve().parents[1] / "tests" / "splice" / "ecma_376_schemas.zip"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
MARKER = "追加一行·corpus"
KINDS: dict[str, Any] = {
    "text": "核查<整改>&“完成”\n第二行 ",
    "number": 20261.125,
    "date": date(2026, 3, 15),
    "bool": True,
    "blank": None,
}
OF_ROWS = (
    "autoFilter",
    "sortState",
    "sortCondition",
    "conditionalFormatting",
    "dataValidation",
    "ignoredError",
    "protectedRange",
)
"""Elements whose ranges hold for rows and so for a new one; every other range, sparklines' places among them, stays."""
APART = ("dataValidation", "ignoredError")
"""Elements of which no two may share a cell."""
OF_SEVERAL = ("protectedRange",)
"""Elements of which one for a single row is meant for that row."""
ROW_FLAGS = ("customFormat", "customHeight", "hidden", "collapsed", "thickTop", "thickBot", "ph")
TIMEOUT = 300.0
MEMORY = 8 << 30


# --- the workbook as this judge reads it ----------------------------------------------------------------------


def local(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def parsed(xml: bytes) -> Any:
    from lxml.etree import XMLParser, fromstring

    return fromstring(xml, XMLParser(huge_tree=True, resolve_entities=False)).getroottree()


def named(tree: Any, name: str) -> list[Any]:
    return tree.getroot().xpath(f"//*[local-name()='{name}']")


class Book:
    """A workbook opened by zipfile and lxml only."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.zip = zipfile.ZipFile(io.BytesIO(data))
        self.infos = self.zip.infolist()
        self.names = {info.filename.replace("\\", "/").lower(): info.filename for info in self.infos}
        self.path = next(path for kind, path in self.related("").values() if kind.endswith("/officeDocument"))

    def read(self, path: str) -> bytes:
        name = self.names.get(path.lower())
        return self.zip.read(name) if name else b""

    def related(self, path: str) -> dict[str, tuple[str, str]]:
        folder, name = posixpath.split(path)
        xml = self.read(posixpath.join(folder, "_rels", name + ".rels"))
        found = {}
        for each in named(parsed(xml), "Relationship") if xml else []:
            target = each.get("Target", "").replace("\\", "/")
            full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[each.get("Id")] = (each.get("Type", ""), full)
        return found

    def part(self, kind: str) -> str | None:
        paths = [path for each, path in self.related(self.path).values() if each.endswith("/" + kind)]
        return next((path for path in paths if path.lower() in self.names), None)

    def sheets(self) -> list[tuple[str, str, bool]]:
        """Name, path and visibility of the worksheets whose parts exist."""
        related, found = self.related(self.path), []
        for each in named(parsed(self.read(self.path)), "sheet"):
            key = next((value for name, value in each.attrib.items() if name.endswith("}id")), None)
            kind, path = related.get(key or "", ("", ""))
            if kind.endswith("/worksheet") and path.lower() in self.names:
                found.append((each.get("name"), path, each.get("state", "visible") == "visible"))
        return found


def numbered(tree: Any) -> Iterator[tuple[int, Any, list[tuple[int, Any]]]]:
    """The rows of a sheet with their cells, numbered as Excel numbers those without ``r``."""
    row_number = 0
    for row in tree.getroot().xpath("./*[local-name()='sheetData']/*[local-name()='row']"):
        row_number = int(row.get("r") or row_number + 1)
        column, cells = 0, []
        for cell in row:
            if local(cell) == "c":
                column = column_of(cell.get("r")) if cell.get("r") else column + 1
                cells.append((column, cell))
        yield row_number, row, cells


def column_of(ref: str) -> int:
    number = 0
    for letter in re.match(r"[A-Za-z]+", ref)[0].upper():  # type: ignore[index]
        number = number * 26 + ord(letter) - 64
    return number


def corners(ref: str) -> tuple[int, int, int, int]:
    """Top, left, bottom and right of a range; whole rows and columns reach to the edge of the sheet."""
    first, _, last = ref.partition(":")
    ends = []
    for each, row, column in ((first, 1, 1), (last or first, 1 << 20, 1 << 14)):
        match = re.fullmatch(r"\$?([A-Za-z]*)\$?(\d*)", each)
        letters, digits = (match[1], match[2]) if match else ("", "")
        ends += [int(digits or row), column_of(letters) if letters else column]
    return ends[0], ends[1], ends[2], ends[3]


def child(cell: Any, *names: str) -> Any:
    return next((each for each in cell if local(each) in names), None)


@dataclass
class Target:
    """Where a workbook is edited: the sheet, a plain cell and the last row that holds a value."""

    sheet: str
    path: str
    row: int
    column: int
    last: int
    first_column: int
    safe: bool  # neither a table's head nor computed by its surroundings nor hidden in a merge
    formulas: set[tuple[int, int]]
    totals: bool = False  # the last row is the totals row of a table, which makes room for the appended one

    @property
    def added(self) -> int:
        """The row where the appended one must be."""
        return self.last if self.totals else self.last + 1

    def now(self, row: int) -> int:
        """Return the new position of an old row."""
        return row + 1 if self.totals and row == self.last else row


def target_of(book: Book, seed: int) -> Target | None:
    """Return the first visible worksheet with a plain cell, and that cell: one that a person may fill in, if any."""
    for name, path, visible in book.sheets():
        if not visible:
            continue
        tree = parsed(book.read(path))
        plain, formulas, last, first = [], set(), 0, 1
        computed = []
        for row, _, cells in numbered(tree):
            for column, cell in cells:
                formula, value = child(cell, "f"), child(cell, "v", "is")
                if formula is not None:
                    formulas.add((row, column))
                    if formula.get("t") in ("array", "dataTable") and formula.get("ref"):
                        computed.append(corners(formula.get("ref")))
                elif value is not None:
                    plain.append((row, column))
                if (formula is not None or value is not None) and row > last:
                    last, first = row, column
        if not plain:
            continue
        heads, pivots, merged = surroundings(book, path, tree)
        totals = totals_rows(book, path)
        no_go = [*computed, *heads, *pivots, *totals]
        good = [
            (row, column)
            for row, column in plain
            if not any(top <= row <= bottom and left <= column <= right for top, left, bottom, right in no_go)
            and not any(
                top <= row <= bottom and left <= column <= right and (row, column) != (top, left)
                for top, left, bottom, right in merged
            )
        ]
        row, column = random.Random(seed).choice(good or plain)
        while below := [area[2] for area in merged if area[0] <= last < area[2]]:
            last = max(below)  # rows under a merged value are taken
        return Target(
            name, path, row, column, last, first, bool(good), formulas, any(last == each[2] for each in totals)
        )
    return None


def surroundings(book: Book, path: str, tree: Any) -> tuple[list[Any], list[Any], list[Any]]:
    heads, pivots = [], []
    for kind, part in book.related(path).values():
        if kind.endswith("/table") and book.read(part):
            table = parsed(book.read(part)).getroot()
            if table.get("headerRowCount") != "0":
                top, left, _, right = corners(table.get("ref"))
                heads.append((top, left, top, right))
        elif kind.endswith("/pivotTable") and book.read(part):
            pivots += [corners(each.get("ref")) for each in named(parsed(book.read(part)), "location")]
    return heads, pivots, [corners(each.get("ref")) for each in named(tree, "mergeCell")]


def totals_rows(book: Book, path: str) -> list[tuple[int, int, int, int]]:
    """The last rows of the tables of a sheet that end with totals."""
    tables = [
        parsed(book.read(part)).getroot()
        for kind, part in book.related(path).values()
        if kind.endswith("/table") and book.read(part)
    ]
    ends = [corners(table.get("ref")) for table in tables if int(table.get("totalsRowCount") or 0)]
    return [(bottom, left, bottom, right) for _, left, bottom, right in ends]


# --- what may differ: everything else is a loss ---------------------------------------------------------------


def ends_with_register(ref: str, target: Target) -> bool:
    """Whether a range (not of whole columns) ends where the register ended: at its last row, or at its totals."""
    match = re.fullmatch(r"\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?(\d+))?", ref)
    bottom = corners(ref)[2] if match else 0
    return bottom == target.last or (target.totals and bottom == target.last - 1)


def spread(refs: str) -> set[tuple[int, int]]:
    """Return the (row, column) of every cell of short ranges; of tall ones only the last row, which suffices here."""
    cells: set[tuple[int, int]] = set()
    for ref in refs.split():
        top, left, bottom, right = corners(ref)
        cells |= {(row, column) for row in range(max(top, bottom - 2), bottom + 1) for column in range(left, right + 1)}
    return cells


def expected_row(refs: str, kind: str, taken: list[tuple[int, int, int, int]], target: Target) -> set[tuple[int, int]]:
    """Return the cells a list of ranges must have gained: below each that ended with the register, unless occupied."""
    gained = set()
    for ref in refs.split():
        if ends_with_register(ref, target):
            top, left, bottom, right = corners(ref)
            if kind in OF_SEVERAL and top == bottom:
                continue
            below = [each for each in taken if each[0] == bottom + 1]
            gained |= {
                (bottom + 1, column)
                for column in range(left, right + 1)
                if not any(each[1] <= column <= each[3] for each in below)
            }
    return gained


def as_grown(old: str, new: str, kind: str, taken: list[tuple[int, int, int, int]], target: Target) -> bool:
    """Whether a list of ranges is as required: each range is there, with one more row if allowed, and nothing else."""
    wanted, rest = expected_row(old, kind, taken, target), new.split()
    for ref in old.split():
        top, left, bottom, right = corners(ref)
        here = next((each for each in rest if corners(each) == (top, left, bottom, right)), None)
        longer = next((each for each in rest if corners(each) == (top, left, bottom + 1, right)), None)
        found = here or longer
        if found is None:
            return False
        rest.remove(found)
        if found == longer:
            columns = {(bottom + 1, column) for column in range(left, right + 1)}
            if not columns <= wanted:
                return False
            wanted -= columns
    return set().union(*map(spread, rest)) == wanted


def settle_growth(old: Any, new: Any, target: Target) -> list[str]:
    """Set each old range that grew as required to its new text; return the others as losses."""
    pairs, found = list(zip(range_lists(old), range_lists(new), strict=False)), []
    areas: dict[str, list[tuple[int, int, int, int]]] = {}
    for kind, refs, _ in range_lists(old):
        areas.setdefault(kind, []).extend(map(corners, refs.split()))
    for (kind, before, settle), (_, after, _) in pairs:
        taken = areas[kind] if kind in APART else [corners(each) for each in before.split()]
        if before == after and not expected_row(before, kind, taken, target):
            continue
        if as_grown(before, after, kind, taken, target):
            settle(after)
        else:
            found.append(f"sheet: {kind} {before} became {after}")
    return found


def range_lists(tree: Any) -> list[tuple[str, str, Any]]:
    """Return every list of ranges that applies to rows: its kind, its text, and a function that sets the text."""
    found: list[tuple[str, str, Any]] = []
    sideways = False
    for element in tree.getroot().iter():
        name = local(element)
        parent = local(element.getparent()) if element.getparent() is not None else ""
        if name == "sqref" and parent in OF_ROWS:
            found.append((parent, element.text or "", lambda text, each=element: setattr(each, "text", text)))
        for attribute in ("ref", "sqref"):
            if name in (*OF_ROWS, "table") and element.get(attribute):
                if name == "sortState":
                    sideways = element.get("columnSort") in ("1", "true")
                if not (name == "sortCondition" and sideways):
                    found.append(
                        (name, element.get(attribute), lambda text, a=attribute, each=element: each.set(a, text))
                    )
    return found


def canonical(tree: Any) -> bytes:
    out = io.BytesIO()
    tree.write_c14n(out, with_comments=True)
    return out.getvalue()


def node(element: Any) -> bytes:
    from lxml.etree import tostring

    return tostring(element, method="c14n", exclusive=True, with_tail=False)


def settled(tree: Any) -> None:
    """Drop what any writer may drop or change: blanks between rows and cells, cached results of formulas and arrays."""
    areas = filled_areas(tree)
    for number, row, cells in numbered(tree) if areas else ():
        for column, cell in cells:
            if child(cell, "f") is None and any(inside(area, number, column) for area in areas):
                row.attrib.pop("spans", None)
                cell.attrib.pop("t", None)
                for each in list(cell):
                    cell.remove(each)
    for data in tree.getroot().xpath("./*[local-name()='sheetData']"):
        data.text = None if not (data.text or "").strip() else data.text
        for row in data:
            row.tail = None if not (row.tail or "").strip() else row.tail
            row.text = None if not (row.text or "").strip() else row.text
            for cell in row:
                cell.tail = None if not (cell.tail or "").strip() else cell.tail
                if local(cell) == "c" and child(cell, "f") is not None:
                    cell.text = None if not (cell.text or "").strip() else cell.text
                    cell.attrib.pop("t", None)
                    cell.attrib.pop("vm", None)
                    for each in list(cell):
                        each.tail = None
                        if local(each) == "v":
                            cell.remove(each)


def filled_areas(tree: Any) -> list[tuple[int, int, int, int]]:
    """The ranges that arrays and data tables fill."""
    formulas = named(tree, "f")
    return [corners(f.get("ref")) for f in formulas if f.get("t") in ("array", "dataTable") and f.get("ref")]


def inside(area: tuple[int, int, int, int], row: int, column: int) -> bool:
    top, left, bottom, right = area
    return top <= row <= bottom and left <= column <= right


def sheet_losses(before: bytes, after: bytes, target: Target, intended: set[int], kind: str, formats: int) -> list[str]:
    """What differs in the edited sheet besides the edited cell, the appended row and the ranges that grow with it."""
    old, new, found = parsed(before), parsed(after), []
    prologue = re.match(rb"[^<]*(<\?xml.*?\?>)?", before, re.DOTALL)
    if prologue and not after.startswith(prologue[0]):
        found.append("sheet: prologue")
    for tree in (old, new):
        settled(tree)
    if target.totals:
        move_totals(old, target)
    old_rows = {number: (row, dict(cells)) for number, row, cells in numbered(old)}
    new_rows = {number: (row, dict(cells)) for number, row, cells in numbered(new)}
    if [*new_rows] != sorted(new_rows):
        found.append("sheet: row order")
    added = target.added
    found += row_losses(old_rows, new_rows, target, intended, formats)
    old_cell, new_cell = (rows[target.row][1].get(target.column) for rows in (old_rows, new_rows) if target.row in rows)
    if new_cell is None or old_cell is None:
        return [*found, "sheet: edited cell gone"]
    # A date in a cell that showed none, and a number in one that showed a day, get a look that fits.
    if kind not in ("date", "number") and (old_cell.get("s") or None) != new_cell.get("s"):
        found.append("sheet: style of edited cell")
    for row, cell in ((old_rows[target.row][0], old_cell), (new_rows[target.row][0], new_cell)):
        row.remove(cell)
        row.attrib.pop("spans", None)
    for rows in (old_rows, new_rows):
        if added in rows:
            rows[added][0].getparent().remove(rows[added][0])
    dimension = [named(tree, "dimension") for tree in (old, new)]
    if all(dimension):
        (t1, l1, b1, r1), (t2, l2, b2, r2) = (corners(each[0].get("ref")) for each in dimension)
        if t2 > t1 or l2 > l1 or r2 < r1 or b2 < b1 or b2 < added:
            found.append("sheet: dimension")
        for each in dimension:
            each[0].attrib.pop("ref")
    found += settle_growth(old, new, target)
    if canonical(old) != canonical(new):
        found.append("sheet: " + first_difference(canonical(old), canonical(new)))
    return found


def move_totals(tree: Any, target: Target) -> None:
    """Move the totals row one row down, over a blank row if there is one."""
    rows = {number: row for number, row, _ in numbered(tree)}
    totals, blank = rows[target.last], rows.get(target.last + 1)
    if blank is not None:
        own = {column_of(cell.get("r")) for cell in totals}
        for cell in [cell for cell in blank if column_of(cell.get("r")) not in own]:
            place = sum(column_of(each.get("r")) < column_of(cell.get("r")) for each in totals)
            totals.insert(place, cell)
        blank.getparent().remove(blank)
    totals.set("r", str(target.last + 1))
    totals.attrib.pop("spans", None)
    for cell in totals:
        cell.set("r", re.sub(r"\d+", str(target.last + 1), cell.get("r")))


def row_faults(row: Any, formats: int) -> set[str]:
    """Return the names of a row's attributes whose values Excel would repair."""
    number = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
    faults = {name for name in ROW_FLAGS if row.get(name) not in (None, "0", "1", "true", "false")}
    height, style, level = row.get("ht"), row.get("s"), row.get("outlineLevel")
    if height is not None and not (number.fullmatch(height) and 0 <= float(height) <= 409.5):
        faults.add("ht")
    if style is not None and not (style.isdecimal() and int(style) < formats):
        faults.add("s")
    if level is not None and not (level.isdecimal() and int(level) <= 7):
        faults.add("outlineLevel")
    return faults


def row_losses(old_rows: Any, new_rows: Any, target: Target, intended: set[int], formats: int) -> list[str]:
    """Compare the appended row with the blank one that stood there, or with the one above that it copies."""
    added = target.added
    if added not in new_rows:
        return ["sheet: appended row missing"]
    row, cells = new_rows[added]
    if row.get("r") != str(added):
        return ["sheet: appended row without its number"]
    stood = added in old_rows
    model, model_cells = old_rows[added] if stood else new_rows.get(added - 1, (row, cells))
    found = []
    # The added row is visible, even in place of a hidden blank row or as a copy of a filtered one.
    unseen = {"ht", "customHeight"} if re.fullmatch(r"0*\.?0*", model.get("ht", "x")) else set()
    unseen |= {"hidden"} if stood else {"hidden", "collapsed"}
    faults = set() if stood else row_faults(model, formats)
    faults |= {"ht": {"customHeight"}, "s": {"customFormat"}}.get(next(iter(faults), ""), set()) if faults else set()
    looks = {key: value for key, value in model.attrib.items() if key not in unseen}
    moot = {"r": "", "spans": "", **dict.fromkeys(faults, "")}
    if {**row.attrib, **moot} != {**looks, **moot}:
        found.append("sheet: look of appended row")
    if not stood and row_faults(row, formats):
        found.append("sheet: appended row says what no row may")
    for column in cells.keys() | model_cells.keys():
        mine, its = cells.get(column), model_cells.get(column)
        if column in intended:
            continue
        computed = mine is not None and child(mine, "f") is not None  # a table's calculated column
        if stood and its is not None and (mine is None or (node(mine) != node(its) and not computed)):
            found.append("sheet: blank row's cell")
        elif stood and mine is not None and its is None and not computed and len(mine):
            found.append("sheet: appended cell not asked for")
        elif not stood and look_of(mine, formats) != look_of(its, formats):
            found.append("sheet: style of appended cell")
        elif mine is not None and not stood and child(mine, "v", "is") is not None:
            found.append("sheet: appended cell not asked for")
    return sorted(set(found))


def look_of(cell: Any, formats: int) -> str | None:
    """Return the index of a cell's style; None if it has none or the workbook has no such style."""
    style = None if cell is None else cell.get("s")
    return style if style is not None and style.isdecimal() and int(style) < formats else None


def formats_of(book: Book) -> int:
    """How many cell formats a workbook has."""
    part = book.part("styles")
    sections = named(parsed(book.read(part)), "cellXfs") if part else []
    return len([each for each in sections[0] if local(each) == "xf"]) if sections else 0


def first_difference(old: bytes, new: bytes) -> str:
    at = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    return f"…{old[max(0, at - 60) : at + 60]!r} → {new[max(0, at - 60) : at + 60]!r}"


def part_losses(kind: str, before: bytes, after: bytes, target: Target, path: str) -> list[str]:
    """What differs in another part that was changed, besides what its kind allows."""
    old, new = parsed(before), parsed(after)
    root, other = old.getroot(), new.getroot()
    if kind == "worksheet":
        settled(old)
        settled(new)
    elif kind == "table":
        grown = settle_growth(old, new, target)
        if grown:
            return [f"{path}: {each}" for each in grown]
    elif kind == "chart":
        for each in named(old, "f"):
            if not any(local(above) == "tx" for above in each.iterancestors()):
                each.text = grown_name(each.text or "", target, at_least=2)
    elif kind == "sharedStrings":
        kept = [node(each) for each in root]
        if [node(each) for each in other][: len(kept)] != kept:
            return [f"{path}: existing strings"]
        return []
    elif kind == "styles":
        for tree in (old, new):
            for each in named(tree, "cellXfs"):
                each.attrib.pop("count", None)
        mine, its = named(old, "cellXfs"), named(new, "cellXfs")
        if mine and its:
            for extra in list(its[0])[len(mine[0]) :]:
                its[0].remove(extra)
            if len(its[0]):
                its[0][-1].tail = mine[0][-1].tail
    elif kind == "workbook":
        for tree in (old, new):
            for each in named(tree, "calcPr"):
                each.attrib.pop("fullCalcOnLoad", None)
        for each in named(old, "definedName"):
            if rows := rows_to_grow(each):
                each.text = grown_name(each.text or "", target, at_least=rows)
    if canonical(old) != canonical(new):
        return [f"{path}: {first_difference(canonical(old), canonical(new))}"]
    return []


def chain_losses(before: bytes, after: bytes, path: str) -> list[str]:
    """What the content types or relationships lost besides the entry of the calculation chain."""
    old = parsed(before)
    for each in list(old.getroot()):
        if "calcchain" in (each.get("PartName") or each.get("Type") or "").lower():
            old.getroot().remove(each)
    return [] if canonical(old) == canonical(parsed(after)) else [f"{path}: more than the calculation chain"]


def rows_to_grow(name: Any) -> int:
    """How many rows a defined name must mean to grow with a register; 0 for one that is not about its rows."""
    called = (name.get("name") or "").lower()
    if called in ("_xlnm.print_area", "_xlnm._filterdatabase", "_xlnm.database"):
        return 1
    if re.fullmatch(r"z_[0-9a-f_]+_\.wvu\.(filterdata|printarea)", called):
        return 1
    if called.startswith(("_xl", "externaldata_")):
        return 0
    return 0 if any(name.get(each) in ("1", "true") for each in ("hidden", "function", "vbProcedure", "xlm")) else 2


def grown_name(text: str, target: Target, at_least: int) -> str:
    """Return the expected text of a name or series: ranges that ended at the last row and have room have grown."""
    parts = re.findall(r"(?:'[^']*'|[^',])+", text)
    refs = [each.rpartition("!") for each in parts]
    if ",".join(parts) != text or not all(mark and re.fullmatch(r"[$A-Z0-9:]+", ref) for _, mark, ref in refs):
        return text
    if any(re.search(r"[(]", where.rpartition("'")[2]) for where, _, _ in refs):
        return text
    quoted = "'" + target.sheet.replace("'", "''") + "'"
    own = [corners(ref) for where, _, ref in refs if where.lower() in (quoted.lower(), target.sheet.lower())]
    least = at_least if len(refs) == 1 else max(at_least, 2)
    found = []
    for where, mark, ref in refs:
        top, left, bottom, right = corners(ref)
        mine = where.lower() in (quoted.lower(), target.sheet.lower()) and ends_with_register(ref, target)
        blocked = any(each[0] == bottom + 1 and each[1] <= right and each[3] >= left for each in own)
        if mine and not blocked and bottom - top + 1 >= least:
            first, _, last = ref.partition(":")
            ref = f"{first}:{re.sub(r'[0-9]+$', '', last or first)}{bottom + 1}"  # noqa: PLW2901
        found.append(where + mark + ref)
    return ",".join(found)


def package_losses(before: Book, after: Book, target: Target) -> tuple[list[str], list[str]]:
    """Return the members that have changed, and the paths of those whose content differs.

    The chain in which Excel calculates, which it makes anew, may go where a totals row took its formulas elsewhere.
    """
    found, changed = [], []
    chain = before.part("calcChain") if target.totals and not after.part("calcChain") else None
    infos = [info for info in before.infos if not chain or info.filename.lower() != chain.lower()]
    if [info.filename for info in infos] != [info.filename for info in after.infos]:
        return ["package: member list or order"], []
    if after.zip.testzip():
        found.append("package: checksum")
    for old, new in zip(infos, after.infos, strict=True):
        if old.date_time != new.date_time or old.external_attr != new.external_attr or old.comment != new.comment:
            found.append("package: member's date or attributes")
        if before.zip.read(old) != after.zip.read(new):
            changed.append(old.filename.replace("\\", "/"))
        head = struct.unpack("<4s5H3I2H", after.data[new.header_offset : new.header_offset + 30])
        if head[0] != b"PK\x03\x04":
            found.append("package: local header")
        elif not head[2] & 8 and head[6] != new.CRC:
            found.append("package: local header's checksum")
    return found, changed


# --- schema ---------------------------------------------------------------------------------------------------


@functools.cache
def schema() -> Any:
    """Return the transitional schema of SpreadsheetML (ECMA-376), compiled."""
    from lxml.etree import XMLSchema, parse

    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(SCHEMAS) as package:
        package.extractall(folder)
        return XMLSchema(parse(Path(folder) / "sml.xsd"))


def schema_errors(xml: bytes) -> Counter[str]:
    """Schema errors of a part, extensions and markup for newer programs taken away first as a reader has to."""
    tree = parsed(xml)
    root = tree.getroot()
    if not root.tag.startswith("{" + MAIN):
        return Counter()
    ignorable = {root.nsmap.get(each, "") for each in root.get(COMPATIBILITY + "Ignorable", "").split()}
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        for name in list(element.attrib):
            # Excel itself writes xml:space, which the schema of ``t`` does not list.
            if name.startswith((COMPATIBILITY, XML_SPACE)) or name[1:].partition("}")[0] in ignorable:
                del element.attrib[name]
        if element.tag == COMPATIBILITY + "AlternateContent":
            choice = child(element, "Choice")
            parent = element.getparent()
            for each in list(choice) if choice is not None else []:
                element.addprevious(each)
            parent.remove(element)
        elif element.getparent() is not None and (
            element.tag == f"{{{MAIN}}}extLst" or element.tag[1:].partition("}")[0] in ignorable
        ):
            element.getparent().remove(element)
    schema().validate(tree)
    return Counter(re.sub(r"\d+", "#", each.message) for each in schema().error_log)


# --- values ---------------------------------------------------------------------------------------------------


def calamine_values(data: bytes) -> dict[str, dict[tuple[int, int], Any]]:
    from python_calamine import CalamineWorkbook

    book, found = CalamineWorkbook.from_filelike(io.BytesIO(data)), {}
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        top, left = sheet.start or (0, 0)
        rows = sheet.to_python(skip_empty_area=True)
        found[name] = {
            (row, column): value
            for row, cells in enumerate(rows, top + 1)
            for column, value in enumerate(cells, left + 1)
            if value != ""
        }
    return found


def openpyxl_values(data: bytes) -> dict[str, dict[tuple[int, int], Any]]:
    import warnings

    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(data))
    found = {}
    for sheet in book.worksheets:
        cells = {}
        for (row, column), cell in sheet._cells.items():  # type: ignore[attr-defined]
            value = cell.value
            # openpyxl gives a blank cell its link's target as value.
            if value is not None and not (cell.hyperlink and value in (cell.hyperlink.target, cell.hyperlink.location)):
                cells[row, column] = (
                    (value, cell.number_format) if isinstance(value, (int, float, str)) else repr_of(value)
                )
        found[sheet.title] = cells
    return found


def is_formula(value: Any) -> bool:
    """Whether openpyxl shows a formula: a text, or the name of one of its classes."""
    return not isinstance(value, tuple) or str(value[0]).startswith("=")


def repr_of(value: Any) -> Any:
    if isinstance(value, (datetime, date, timedelta)):
        return repr(value)
    return repr(vars(value)) if hasattr(value, "__dict__") else str(value)


def read_back(found: Any, value: Any) -> bool:
    """Whether a reader returned the written value; a number in a date format comes back as a date or a duration."""
    if isinstance(found, tuple):
        found = found[0]
    if value is None:
        return found in (None, "")
    if isinstance(value, bool):
        return found is value
    if isinstance(value, date):
        return (isinstance(found, str) and "2026, 3, 15" in found) or str(found)[:10] == "2026-03-15"
    if isinstance(value, float):
        return not isinstance(found, (int, float)) or abs(found - value) < 1e-9
    return found == value


def value_losses(
    reader: str, before: Any, after: Any, target: Target, written: dict[tuple[int, int], Any], formulas: dict[str, Any]
) -> list[str]:
    found = []
    if before.keys() != after.keys():
        return [f"{reader}: sheets"]
    for name, old in before.items():
        new, own = after[name], written if name == target.sheet else {}
        skip = own.keys() | (formulas.get(name, set()) if reader == "calamine" else set())
        if name == target.sheet:
            old = {(target.now(row), column): value for (row, column), value in old.items()}  # noqa: PLW2901
        for where in (old.keys() | new.keys()) - skip:
            a, b = old.get(where), new.get(where)
            if repr(a) != repr(b):
                if reader == "openpyxl" and b is None and where in formulas.get(name, ()) and not is_formula(a):
                    continue  # what an array had filled
                if reader == "openpyxl" and where[0] == target.added and name == target.sheet:
                    continue  # a calculated column's formula in the appended row; the XML check has seen it
                found.append(f"{reader}: {name}!{where}: {a!r} → {b!r}")
        for where, value in own.items():
            if not read_back(new.get(where), value):
                found.append(f"{reader}: read back {value!r} as {new.get(where)!r}")
    return found[:5]


# --- one workbook ---------------------------------------------------------------------------------------------


def edits_for(target: Target, kind: str) -> tuple[list[Any], dict[tuple[int, int], Any]]:
    from taizhang.splice import AppendRow, SetCell

    value, column = KINDS[kind], target.first_column
    cells = {column: MARKER, column + 1 if column < 1 << 14 else column - 1: value}
    edits = [SetCell(target.sheet, target.row, target.column, value), AppendRow(target.sheet, target.last, cells)]
    written = {(target.row, target.column): value, **{(target.added, each): cells[each] for each in cells}}
    return edits, written


def classified(data: bytes, seed: int) -> tuple[str, Book | None, Target | None]:
    if data[:4] == b"\xd0\xcf\x11\xe0":
        return "encrypted or old format", None, None
    try:
        book = Book(data)
        if book.zip.testzip():
            return "damaged", None, None
        for kind in ("sharedStrings", "styles"):
            if part := book.part(kind):
                parsed(book.read(part))
        target = target_of(book, seed)
    except Exception:
        return "damaged", None, None
    return ("ledger" if target else "no plain cell"), book, target


def part_kinds(book: Book) -> dict[str, str]:
    kinds = {path.lower(): kind.rpartition("/")[2] for kind, path in book.related(book.path).values()}
    for sheet in [path for path, kind in kinds.items() if kind in ("worksheet", "chartsheet")]:
        kinds |= {path.lower(): kind.rpartition("/")[2] for kind, path in book.related(sheet).values()}
    for drawing in [path for path, kind in kinds.items() if kind == "drawing"]:
        kinds |= {path.lower(): kind.rpartition("/")[2] for kind, path in book.related(drawing).values()}
    return {**kinds, book.path.lower(): "workbook"}


def formula_places(*books: Book) -> dict[str, set[tuple[int, int]]]:
    found: dict[str, set[tuple[int, int]]] = {}
    for book in books:
        for name, path, _ in book.sheets():
            places = found.setdefault(name, set())
            tree = parsed(book.read(path))
            areas = filled_areas(tree)
            for row, _, cells in numbered(tree):
                places |= {
                    (row, column)
                    for column, cell in cells
                    if child(cell, "f") is not None or any(inside(area, row, column) for area in areas)
                }
    return found


def xml_losses(
    book: Book, new: Book, target: Target, kind: str, written: dict[tuple[int, int], Any]
) -> tuple[list[str], list[str]]:
    """What the package and its parts lost, and the kinds of parts that changed."""
    losses, changed = package_losses(book, new, target)
    kinds = part_kinds(book)
    for part in changed:
        old_xml, new_xml, what = book.read(part), new.read(part), kinds.get(part.lower(), "")
        if target.totals and new.part("calcChain") is None and part.lower().endswith(("].xml", ".rels")):
            losses += chain_losses(old_xml, new_xml, part)
        elif what not in ("worksheet", "table", "sharedStrings", "styles", "workbook", "chart"):
            losses.append(f"package: {part} changed")
        elif part.lower() == target.path.lower():
            intended = {column for row, column in written if row == target.added}
            losses += sheet_losses(old_xml, new_xml, target, intended, kind, formats_of(book))
        else:
            losses += part_losses(what, old_xml, new_xml, target, part)
        losses += [f"schema: {part}: {each}" for each in schema_errors(new_xml) - schema_errors(old_xml)]
    if target.path.lower() not in {part.lower() for part in changed}:
        losses.append("sheet: not changed")
    return losses, sorted({kinds.get(part.lower(), part) for part in changed})


def reader_losses(
    book: Book, new: Book, target: Target, written: dict[tuple[int, int], Any]
) -> tuple[list[str], list[str]]:
    """What two readers see that differs, and notes on those that could not read the original."""
    losses, notes, formulas = [], [], formula_places(book, new)
    for reader, read in (("calamine", calamine_values), ("openpyxl", openpyxl_values)):
        try:
            before = read(book.data)
        except Exception:
            notes.append(f"{reader} cannot read the original")
            continue
        if target.sheet not in before:
            notes.append(f"{reader} does not see the sheet")
            continue
        try:
            losses += value_losses(reader, before, read(new.data), target, written, formulas)
        except Exception as error:
            losses.append(f"{reader}: no longer readable: {error!r}")
    return losses, notes


def judge(path: Path, kind: str) -> dict[str, Any]:
    """Patch one workbook and report the losses."""
    from taizhang.splice import Refused, check_patch, patch

    data = path.read_bytes()
    seed = int(hashlib.sha256(data).hexdigest()[:8], 16)
    outcome, book, target = classified(data, seed)
    result: dict[str, Any] = {"outcome": outcome, "kind": kind, "losses": [], "notes": []}
    if book is None or target is None:
        return result
    result["shared"] = book.part("sharedStrings") is not None
    result["where"] = f"{target.sheet}!R{target.row}C{target.column} last {target.last} safe {target.safe}"
    edits, written = edits_for(target, kind)
    began = time.perf_counter()
    try:
        after, cells = patch(data, edits)
    except Refused as refused:
        outcome = "refused" if target.safe else "no cell to fill in"
        return {**result, "outcome": outcome, "rule": refused.rule}
    except Exception:
        return {**result, "outcome": "crashed", "losses": [traceback.format_exc(limit=-3)]}
    result["seconds"] = time.perf_counter() - began
    result["outcome"] = "patched"
    losses = result["losses"]
    if patch(data, edits)[0] != after:
        losses.append("not the same bytes twice")
    try:
        check_patch(data, after, cells)
    except Refused as refused:
        # What the reading back refuses is never written: a refusal like any other.
        return {**result, "outcome": "refused", "rule": f"read back: {refused.rule}", "guard": refused.message}
    except Exception:
        result["guard"] = traceback.format_exc(limit=-3)
    new = Book(after)
    found, result["changed"] = xml_losses(book, new, target, kind, written)
    read, result["notes"] = reader_losses(book, new, target, written)
    losses += found + read
    return result


# --- a sheet added to one workbook ----------------------------------------------------------------------------

ADDED = "变更记录·corpus"


def donor() -> bytes:
    """Make a workbook with one sheet like 〈变更记录〉: styled heads, texts, rule, filter, print area."""
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet(ADDED)
    head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "num_format": '0"项"'})
    sheet.write_row(0, 0, ["序号", "时间", "改动"], head)
    sheet.write_row(1, 0, [1, "2026-03-15 09:00", "原来的"])
    sheet.conditional_format("A2:C9", {"type": "cell", "criteria": ">", "value": 1, "format": head})
    sheet.data_validation("A2:A9", {"validate": "integer", "criteria": ">", "value": 0})
    sheet.autofilter("A1:C2")
    sheet.repeat_rows(0)
    sheet.print_area("A1:C2")
    book.close()
    return target.getvalue()


def judge_sheet(path: Path, kind: str) -> dict[str, Any]:
    """Add a sheet with a row to one workbook, and report the losses."""
    from taizhang.splice import AddSheet, AppendRow, Refused, check_patch, patch

    data = path.read_bytes()
    outcome, book, target = classified(data, 1)
    result: dict[str, Any] = {"outcome": outcome, "kind": kind, "losses": [], "notes": [], "shared": False}
    if book is None or target is None:
        return result
    result["shared"] = book.part("sharedStrings") is not None
    edits = [AddSheet(donor()), AppendRow(ADDED, 2, {1: 2, 2: MARKER, 3: KINDS["text"]})]
    try:
        after, made = patch(data, edits)
    except Refused as refused:
        return {**result, "outcome": "refused", "rule": refused.rule}
    except Exception:
        return {**result, "outcome": "crashed", "losses": [traceback.format_exc(limit=-3)]}
    try:
        check_patch(data, after, made, [ADDED])
    except Refused as refused:
        return {**result, "outcome": "refused", "rule": f"read back: {refused.rule}", "guard": refused.message}
    except Exception:
        result["guard"] = traceback.format_exc(limit=-3)
    new = Book(after)
    reading, result["notes"] = sheet_reader_losses(book, new)
    return {**result, "outcome": "patched", "losses": [*added_losses(book, new), *reading]}


def added_losses(book: Book, new: Book) -> list[str]:
    """What the package and its parts lost when a sheet was added."""
    names, found = [info.filename for info in book.infos], []
    new_names = [info.filename for info in new.infos]
    come = new_names[len(names) :]
    styled = book.part("styles") is not None
    if new_names[: len(names)] != names or len(come) != 1 + (not styled):
        return ["package: member list or order"]
    added = next(path for name, path, _ in new.sheets() if name == ADDED)
    kinds = part_kinds(book)
    relations = posixpath.join(
        *posixpath.split(book.path)[:1], "_rels", posixpath.basename(book.path) + ".rels"
    ).lower()
    for part in map(str.lower, map(posixpath.normpath, (name.replace("\\", "/") for name in names))):
        old_xml, new_xml = book.read(part), new.read(part)
        if old_xml == new_xml:
            continue
        kind = "list" if part in ("[content_types].xml", relations) else kinds.get(part, "")
        found += [f"{part}: {each}" for each in grafted_losses(kind, parsed(old_xml), parsed(new_xml), come)]
        found += [f"schema: {part}: {each}" for each in schema_errors(new_xml) - schema_errors(old_xml)]
    sheet, main = parsed(new.read(added)).getroot(), parsed(book.read(book.path)).getroot()
    if sheet.tag.partition("}")[0] != main.tag.partition("}")[0]:
        found.append("added sheet: names of another kind of workbook")
    if book.read(added) or added.lower() in {path.lower() for _, path in book.related(book.path).values()}:
        found.append("added sheet: its path was named before")
    found += [f"{what} twice" for what in twice_named(new) - twice_named(book)]
    styles = formats_of(new)
    if any(int(each.get("s") or 0) >= styles for each in named(sheet.getroottree(), "c")):
        found.append("added sheet: a style that is not there")
    found += [f"schema: added sheet: {each}" for each in schema_errors(new.read(added))]
    return found


def twice_named(book: Book) -> set[str]:
    """What the lists of a package name more than once."""
    types, main = parsed(book.read("[Content_Types].xml")), parsed(book.read(book.path))
    folder, name = posixpath.split(book.path)
    relations = parsed(book.read(posixpath.join(folder, "_rels", name + ".rels")))
    lists = {
        "part": [each.get("PartName") for each in named(types, "Override")],
        "relationship": [each.get("Id") for each in named(relations, "Relationship")],
        "sheet": [each.get("name") for each in named(main, "sheet")],
        "sheet's number": [each.get("sheetId") for each in named(main, "sheet")],
        "name": [f"{each.get('localSheetId')} {each.get('name')}" for each in named(main, "definedName")],
    }
    return {
        f"{what} {each}"
        for what, all_of_them in lists.items()
        for each, count in Counter((each or "").lower() for each in all_of_them).items()
        if count > 1
    }


def grafted_losses(kind: str, old: Any, new: Any, come: list[str]) -> list[str]:
    """Return the losses of one part after adding a sheet; additions must come after all previous content."""
    mine, its = old.getroot(), new.getroot()
    if kind == "worksheet":
        settled(old)
        settled(new)
    elif kind == "list":
        more = [each for each in its if isinstance(each.tag, str)][len([e for e in mine if isinstance(e.tag, str)]) :]
        said = [each.get("PartName") or each.get("Target") or "" for each in more]
        if not said or not all(each.endswith(tuple(come)) for each in said):
            return [f"entries for {said}"]
        for each in more:
            its.remove(each)
    elif kind == "workbook":
        place = len(named(old, "sheet"))
        for each in [each for each in named(new, "definedName") if each.get("localSheetId") == str(place)]:
            each.getparent().remove(each)
        for each in [each for each in named(new, "definedNames") if not len(each)]:
            each.getparent().remove(each)
        for each in [each for each in named(old, "definedNames") if not len(each)]:
            each.getparent().remove(each)
        for each in named(new, "sheet")[place:]:
            each.getparent().remove(each)
        for tree in (old, new):
            for each in named(tree, "calcPr"):
                each.attrib.pop("fullCalcOnLoad", None)
    elif kind in ("styles", "sharedStrings"):
        before, after = ([mine], [its]) if kind == "sharedStrings" else (list(mine), list(its))
        known = {local(each): each for each in before}
        for section in after:
            own = known.get(local(section))
            if own is None:
                section.getparent().remove(section)
            for each in list(section)[len(own) :] if own is not None else ():
                section.remove(each)
            for each in (section,) if own is None else (own, section):
                each.attrib.pop("count", None)
                each.attrib.pop("uniqueCount", None)
    else:
        return ["changed"]
    for tree in (old, new):
        for each in tree.getroot().iter():
            each.text, each.tail = each.text if (each.text or "").strip() else None, None
    one, other = canonical(old), canonical(new)
    return [] if one == other else [first_difference(one, other)]


def sheet_reader_losses(book: Book, new: Book) -> tuple[list[str], list[str]]:
    """Return differences seen by two readers: in the old sheets, and between the new one and the given values."""
    losses, notes, formulas = [], [], formula_places(book, new)
    given = {(1, 1): "序号", (2, 3): "原来的", (3, 1): 2, (3, 2): MARKER, (3, 3): KINDS["text"]}
    for reader, read in (("calamine", calamine_values), ("openpyxl", openpyxl_values)):
        try:
            before = read(book.data)
        except Exception:
            notes.append(f"{reader} cannot read the original")
            continue
        if not before:
            notes.append(f"{reader} does not see the sheets")
            continue
        try:
            after = read(new.data)
        except Exception as error:
            losses.append(f"{reader}: no longer readable: {error!r}")
            continue
        for name, old in before.items():
            now, skip = after.get(name, {}), formulas.get(name, set()) if reader == "calamine" else set()
            losses += [
                f"{reader}: {name}!{where}: {old.get(where)!r} → {now.get(where)!r}"
                for where in (old.keys() | now.keys()) - skip
                if repr(old.get(where)) != repr(now.get(where))
                and not (now.get(where) is None and where in formulas.get(name, ()) and not is_formula(old.get(where)))
            ][:3]
        fresh = after.get(ADDED, {})
        losses += [
            f"{reader}: added {where}" for where, value in given.items() if not read_back(fresh.get(where), value)
        ]
    return losses, notes


# --- many workbooks, each in a child of its own ---------------------------------------------------------------


def _child(path: Path, kind: str, job: str, pipe: Connection) -> None:
    import resource  # not available on Windows, where the tests use only the checks

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with open(os.devnull, "w") as quiet:  # noqa: PTH123 - a device, not a path of the project
        os.dup2(quiet.fileno(), 1)
        os.dup2(quiet.fileno(), 2)
    try:
        pipe.send((judge_sheet if job == "sheet" else judge)(path, kind))
    except MemoryError:
        pipe.send({"outcome": "not judged", "kind": kind, "losses": [], "notes": ["memory"]})
    except BaseException:
        pipe.send({"outcome": "judge failed", "kind": kind, "losses": [traceback.format_exc()], "notes": []})


def judged(paths: list[Path], kinds: list[str], job: str, jobs: int) -> Iterator[tuple[Path, dict[str, Any]]]:
    context, running = multiprocessing.get_context("fork"), {}
    waiting = list(zip(paths, kinds, strict=True))[::-1]
    while waiting or running:
        while waiting and len(running) < jobs:
            path, kind = waiting.pop()
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=_child, args=(path, kind, job, theirs))
            process.start()
            theirs.close()
            running[ours] = (path, kind, process, time.monotonic())
        ready = wait(list(running), timeout=1.0)
        for pipe, (path, kind, process, began) in list(running.items()):
            if pipe in ready:
                try:
                    result = pipe.recv()
                except EOFError:
                    result = {"outcome": "not judged", "kind": kind, "losses": [], "notes": ["child died"]}
            elif time.monotonic() - began > TIMEOUT:
                process.kill()
                result = {"outcome": "not judged", "kind": kind, "losses": [], "notes": [f"over {TIMEOUT:.0f} s"]}
            else:
                continue
            process.join()
            pipe.close()
            del running[pipe]
            yield path, result


# --- LibreOffice ----------------------------------------------------------------------------------------------


def office_misses(paths: list[Path]) -> tuple[int, list[str]]:
    """Open patched workbooks with LibreOffice; return how many show the edited cell and the new row, and the others."""
    from taizhang.splice import patch

    shown, missed = 0, []
    with tempfile.TemporaryDirectory() as folder:
        made = []
        for number, path in enumerate(paths):
            data = path.read_bytes()
            _, _, target = classified(data, int(hashlib.sha256(data).hexdigest()[:8], 16))
            assert target is not None
            edits, _ = edits_for(target, "text")
            copy = Path(folder) / f"book{number:04}{path.suffix.lower()}"
            copy.write_bytes(patch(data, edits)[0])
            made.append((path, copy))
        for start in range(0, len(made), 10):
            convert(folder, [copy for _, copy in made[start : start + 10]], timeout=300)
        for path, copy in made:
            if not list(Path(folder).glob(f"{copy.stem}-*.csv")):
                convert(folder, [copy], timeout=120)
            cells = set()
            for sheet in Path(folder).glob(f"{copy.stem}-*.csv"):
                with sheet.open(encoding="utf-8", newline="") as lines:
                    csv.field_size_limit(1 << 30)
                    cells |= {cell for row in csv.reader(lines) for cell in row if cell}
            if MARKER in cells and KINDS["text"] in cells:
                shown += 1
            else:
                missed.append(f"{path.parent.name}/{path.name}: {'opened, edit not shown' if cells else 'not opened'}")
    return shown, missed


def convert(folder: str, books: list[Path], timeout: int) -> None:
    profile = f"-env:UserInstallation=file://{folder}/profile"
    options = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    command = ["soffice", "--headless", profile, "--convert-to", options, "--outdir", folder, *map(str, books)]
    try:
        subprocess.run(command, capture_output=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        return


# --- the table ------------------------------------------------------------------------------------------------


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--job", choices=("edit", "sheet"), default="edit", help="change cells, or add a sheet")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--office", type=int, default=0, help="how many patched workbooks LibreOffice opens")
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    parser.add_argument("--kind", choices=KINDS, help="one kind of value everywhere instead of all in turn")
    parser.add_argument(
        "--turn", type=int, default=0, help="which kind the first workbook gets; 0-4 give every kind everywhere"
    )
    parser.add_argument("--only", default="", help="only paths with this in them")
    parser.add_argument("--limit", type=int, help="only this many workbooks, the first in the order of their hashes")
    parser.add_argument("--json", type=Path, help="add what was found to this file, a line each")
    options = parser.parse_args()
    for module in ("lxml.etree", "openpyxl", "python_calamine", "taizhang.splice"):
        __import__(module)
    schema()
    paths = unique(path for path in sorted(options.folder.rglob("*")) if options.only in str(path))[: options.limit]
    kinds = [options.kind or list(KINDS)[(number + options.turn) % len(KINDS)] for number in range(len(paths))]
    results: dict[Path, dict[str, Any]] = {}
    began = time.monotonic()
    for path, result in judged(paths, kinds, options.job, options.jobs):
        results[path] = result
        if options.json:
            with options.json.open("a", encoding="utf-8") as lines:
                row = {"path": str(path.relative_to(options.folder)), **result}
                lines.write(json.dumps(row, ensure_ascii=False) + "\n")
        if len(results) % 200 == 0:
            print(f"{len(results)} of {len(paths)} …", file=sys.stderr, flush=True)
    lost = report(options, results, time.monotonic() - began)
    if options.office:
        patched = sorted(path for path, result in results.items() if result["outcome"] == "patched")
        sample = random.Random(options.seed).sample(patched, min(options.office, len(patched)))
        shown, missed = office_misses(sample)
        print(f"\nLibreOffice: {shown} of {len(sample)} show the edit (seed {options.seed})")
        for each in missed:
            print(f"  {each}")
    return 1 if lost else 0


def unique(paths: Iterable[Path]) -> list[Path]:
    """Return the workbooks with different bytes, ordered by hash, so that a partial run is a fair sample."""
    found: dict[str, Path] = {}
    for path in paths:
        if path.suffix.lower() in (".xlsx", ".xlsm", ".xltx", ".xltm") and path.is_file():
            found.setdefault(hashlib.sha256(path.read_bytes()).hexdigest(), path)
    return [path for _, path in sorted(found.items())]


def report(options: argparse.Namespace, results: dict[Path, dict[str, Any]], seconds: float) -> int:
    """Print the table; return how many workbooks lost something."""
    outcomes = Counter(result["outcome"] for result in results.values())
    print(f"{len(results)} workbooks in {seconds:.0f} s")
    for outcome, count in outcomes.most_common():
        print(f"  {count:6} {outcome}")
    ledgers = sum(outcomes[each] for each in ("patched", "refused", "crashed", "not judged", "judge failed"))
    rules = Counter(result["rule"] for result in results.values() if result["outcome"] == "refused")
    print(f"refused {outcomes['refused']} of {ledgers} = {100 * outcomes['refused'] / max(1, ledgers):.2f} %")
    for rule, count in rules.most_common():
        print(f"  {count:6} {rule}")
    print("kind     patched: shared inline   lost  guard")
    lost = {path: result for path, result in results.items() if result["losses"]}
    for kind in KINDS:
        own = [result for result in results.values() if result["kind"] == kind and result["outcome"] == "patched"]
        shared = sum(result["shared"] for result in own)
        guards = sum("guard" in result for result in own)
        print(f"  {kind:7} {shared:14} {len(own) - shared:6} {sum(bool(r['losses']) for r in own):6} {guards:6}")
    notes = Counter(note for result in results.values() for note in result["notes"])
    for note, count in notes.most_common():
        print(f"  {count:6} {note}")
    kinds_of_loss = Counter(re.sub(r"\d+", "#", each)[:40] for result in lost.values() for each in result["losses"])
    for each, count in kinds_of_loss.most_common(20):
        print(f"  {count:6} {each}")
    for path, result in sorted(lost.items()):
        print(f"LOST {path.parent.name}/{path.name} [{result['kind']}] {' ‖ '.join(result['losses'])[:400]}")
    for path, result in sorted(results.items()):
        if "guard" in result:
            print(f"GUARD {path.parent.name}/{path.name} [{result['kind']}] {result['guard'][-200:]}")
    print(f"lost: {len(lost)}")
    return len(lost)


if __name__ == "__main__":
    sys.exit(main())
