"""Changes that people and programs make to a returned workbook, as functions on paths or bytes."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl


def rewrite(
    data: bytes, edits: Mapping[str, Callable[[bytes], bytes]], extra: Mapping[str, bytes] | None = None
) -> bytes:
    """Return a package with members changed by name, and further members added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for info in source.infolist():
            package.writestr(info.filename, edits.get(info.filename, bytes)(source.read(info)))
        for name, content in (extra or {}).items():
            package.writestr(name, content)
    return target.getvalue()


def sheet_part(data: bytes, sheet: str) -> str:
    """Return the member that holds a sheet of a workbook that xlsxwriter or openpyxl wrote."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        book = package.read("xl/workbook.xml").decode()
    names = re.findall(r'<sheet [^>]*?name="([^"]*)"', book)
    return f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"


def edit_xml(path: Path, sheet: str, change: Callable[[str], str]) -> Path:
    """Change the XML of one sheet of a file in place."""
    data = path.read_bytes()
    path.write_bytes(rewrite(data, {sheet_part(data, sheet): lambda xml: change(xml.decode()).encode()}))
    return path


def by_hand(path: Path, work: Callable[[Any], object], target: Path | None = None) -> Path:
    """Open a file with openpyxl, apply ``work`` to it, and save it (in place if no target is given)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        book = openpyxl.load_workbook(path, keep_vba=False)
        work(book)
        book.save(target or path)
    return target or path


def encrypted(data: bytes, password: str = "8888") -> bytes:
    """Return a workbook as Excel saves it with a password."""
    from msoffcrypto.format.ooxml import OOXMLFile

    target = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, target)
    return target.getvalue()


def old_xls(rows: list[list[Any]], sheet: str, work: Callable[[Any, Any], None] | None = None) -> bytes:
    """Return a BIFF8 workbook of one sheet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import xlwt

        book = xlwt.Workbook()
        page = book.add_sheet(sheet)
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if value != "":
                    page.write(row, column, value)
        if work:
            work(book, page)
        target = io.BytesIO()
        book.save(target)
    return target.getvalue()
