"""Other files among the returned ones: not read, but named together in one finding, so that no answer gets lost.

They are recognised by name, or else by their first bytes. A file named on the command line is always read.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.layout import RETURNED_FOLDER
from taizhang.system.file_names import file_name
from taizhang.system.files import open_file
from taizhang.workbook.containers import BROKEN_ZIP, OLE
from taizhang.workbook.places import Place

__all__ = ["is_litter", "is_other", "report_passed_over"]

_WORKBOOKS = frozenset([
    ".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".xlw", ".xla", ".xlam", ".et", ".ett", ".ods", ".ots",
    ".fods",
])  # fmt: skip
_LITTER_NAMES = frozenset(["desktop.ini", "thumbs.db", "ehthumbs.db", "icon\r", "__macosx", "$recycle.bin"])
_LITTER_ENDINGS = (
    ".tmp", ".temp", ".lnk", ".url", ".ini", ".db", ".part", ".crdownload", ".download", ".swp", ".lock", "~", "#",
)  # fmt: skip
_MOST_NAMED = 5


def is_litter(path: Path, below: Path) -> bool:
    """Whether a file is one that systems and programs leave behind: hidden, temporary, a lock or a shortcut."""
    within = path.relative_to(below).parts if path.is_relative_to(below) else (path.name,)
    name = path.name.lower()
    return (
        any(part.startswith(".") or part.lower() in _LITTER_NAMES for part in within)
        or name.startswith("~$")
        or name.endswith(_LITTER_ENDINGS)
    )


def is_other(path: Path) -> bool:
    """Whether a file is no workbook, by extension and content. Raises OSError if it cannot be opened."""
    ending = path.suffix.lower()
    if ending in _WORKBOOKS:
        return False
    try:
        with open_file(path) as file:
            head = file.read(8)
            if head.startswith(b"PK"):
                with zipfile.ZipFile(file) as package:
                    return not any(map(_lists_sheets, package.namelist()))
            if head == OLE:
                return ending in (".doc", ".dot", ".wps", ".ppt", ".pps", ".dps", ".msg", ".msi") or not _has_workbook(
                    path
                )
    except BROKEN_ZIP:
        return bool(ending)
    return True


def _lists_sheets(name: str) -> bool:
    return name.lower().replace("\\", "/").endswith(("xl/workbook.xml", "xl/workbook.bin")) or name == "content.xml"


def _has_workbook(path: Path) -> bool:
    with open_file(path) as file:
        start = file.read(1 << 20)
    return any(each.encode("utf-16-le") in start for each in ("Workbook", "Book", "EncryptedPackage"))


def report_passed_over(others: Sequence[Path], litter: Sequence[Path], owned: Sequence[Path]) -> list[Finding]:
    """Return the finding about files that were not read.

    It is a warning if some of ``others`` have a department's name (``owned``), since they may be an answer.
    """
    if not others and not litter:
        return []
    parts = []
    if others:
        parts.append(
            f"有 {len(others)} 个文件不是工作簿，没有读："
            f"{_list_names([*owned, *(path for path in others if path not in owned)])}。"
            "里面如果有填报的表，请填在下发的 .xlsx 里再报，压缩包请先解压。"
        )
    if litter:
        parts.append(
            f"{'另有' if others else '有'}临时文件、快捷方式一类的 {len(litter)} 个，略过了：{_list_names(litter)}。"
        )
    return [
        Finding(Place(RETURNED_FOLDER), Check.OTHER_FILE, "".join(parts), Severity.WARNING if owned else Severity.HINT)
    ]


def _display_name(path: Path) -> str:
    """Return a file's name, with its folder if that is why it was not read (__MACOSX/财务处.xlsx)."""
    folder = file_name(path.parent)
    hidden = folder.startswith(".") or folder.lower() in _LITTER_NAMES
    return f"{folder}/{file_name(path)}" if hidden else file_name(path)


def _list_names(paths: Sequence[Path]) -> str:
    names = [*dict.fromkeys(_display_name(path) for path in paths)]
    return "、".join(names[:_MOST_NAMED]) + ("等" if len(names) > _MOST_NAMED else "")
