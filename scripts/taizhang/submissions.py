"""Returned files: whose they are, and whether they may speak for that department."""

from __future__ import annotations

import hmac
import io
import json
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from taizhang.findings import Finding, Severity
from taizhang.issuing import token_of
from taizhang.ledger import Ledger
from taizhang.places import Place
from taizhang.template import IDENTITY_SHEET
from taizhang.workbooks import BROKEN_ZIP, Unreadable, Workbook, read_workbook

__all__ = ["Submission", "choose_versions", "find_files", "read_submission"]


@dataclass(frozen=True, slots=True)
class Submission:
    """One returned file: the workbook, its department and period, when it was last saved, and who vouches for it."""

    path: Path
    book: Workbook
    department: str
    period: str
    saved: str
    vouched: bool = False


def find_files(paths: Sequence[Path]) -> list[Path]:
    """Return the workbooks among paths and folders, without Excel's own lock files, in name order."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += [
                p for p in sorted(path.rglob("*")) if p.is_file() and not p.name.startswith(("~$", ".", "Thumbs"))
            ]
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def read_submission(
    path: Path, ledger: Ledger, secret: bytes, vouched_for: str | None = None, period: str | None = None
) -> tuple[Submission | None, list[Finding]]:
    """Read a returned file and prove its identity; None, with the finding, where it is refused.

    ``vouched_for`` is the department the office vouches for (``--as``), with ``period``, for a file that lost its identity.
    """
    try:
        book = read_workbook(path)
    except Unreadable as error:
        return None, [Finding(Place(path.name), "unreadable", error.message)]
    if vouched_for and period:
        return Submission(path, book, vouched_for, period, _saved(book), vouched=True), []
    place = Place(path.name)
    hidden = book.by_name.get(IDENTITY_SHEET)
    try:
        facts = json.loads(str(hidden.value(1, 1))) if hidden else None
    except ValueError:
        facts = None
    if not isinstance(facts, dict):
        message = "文件里没有下发时的标识，认不出是哪个部门、哪一期。请部门用下发的模板填报；办公室核实后也可以用 --as 部门 汇总。"
        return None, [Finding(place, "identity", message)]
    department, found_period = str(facts.get("department", "")), str(facts.get("period", ""))
    expected = token_of(secret, found_period, department)
    if not hmac.compare_digest(expected, str(facts.get("token", ""))):
        message = "文件的标识与本台账下发的不符（可能来自别的台账，或标识被改过），不能汇总。请用本台账下发的模板。"
        return None, [Finding(place, "identity", message)]
    if period and found_period != period:
        message = f"这是 {found_period} 期的表，现在汇总的是 {period} 期，没有采用。"
        return None, [Finding(place, "identity", message)]
    return Submission(path, book, department, found_period, _saved(book)), []


def choose_versions(submissions: Sequence[Submission]) -> tuple[list[Submission], list[Finding]]:
    """Return one file per department and period: identical copies once, of different versions the last saved."""
    chosen: dict[tuple[str, str], Submission] = {}
    findings = []
    for each in submissions:
        key = (each.department, each.period)
        other = chosen.get(key)
        if other is None:
            chosen[key] = each
            continue
        if other.book.sha256 == each.book.sha256:
            message = f"与 {other.path.name} 内容完全相同，只算一份。"
            findings.append(Finding(Place(each.path.name), "duplicate-file", message, Severity.HINT))
            continue
        newer, older = (each, other) if each.saved > other.saved else (other, each)
        chosen[key] = newer
        message = f"{each.department}报了两份不同的表，采用保存时间较晚的 {newer.path.name}；如果不对，请把另一份移走后重新汇总。"
        findings.append(Finding(Place(older.path.name), "duplicate-file", message, Severity.WARNING))
    return list(chosen.values()), findings


def _saved(book: Workbook) -> str:
    """Return the file's own stamp of when it was last saved (ISO), empty where it has none."""
    try:
        with zipfile.ZipFile(io.BytesIO(book.data)) as package:
            core = package.read("docProps/core.xml")[:100_000]
    except BROKEN_ZIP:
        return ""
    found = re.search(rb"<dcterms:modified[^>]*>([^<]+)<", core)
    return found[1].decode("ascii", "replace") if found else ""
