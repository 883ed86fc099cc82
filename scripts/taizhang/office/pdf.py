"""Converting a workbook or one of its sheets to PDF with LibreOffice; no files or processes are left behind."""

from __future__ import annotations

import contextlib
import html
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from taizhang.forms.load import templates_folder
from taizhang.system import windows
from taizhang.workbook.markup import escape
from taizhang.workbook.places import quoted_sheet

__all__ = ["NoPdf", "convert", "only_sheet", "sheet_names", "to_pdf"]

TIMEOUT = 180
_ELSEWHERE = (Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),)
_BOOK = "xl/workbook.xml"
_SYSTEM_FONTS = Path("/etc/fonts/fonts.conf")


class NoPdf(Exception):
    """The PDF could not be made; the text gives the reason and the cure."""


def to_pdf(workbook: bytes, sheet: str | None = None, timeout: float = TIMEOUT) -> bytes:
    """Return the workbook, or only one sheet of it, as PDF; raises NoPdf, and KeyError if it has no such sheet.

    LibreOffice runs with a fresh profile in a temporary folder, for at most ``timeout`` seconds.
    """
    source = workbook if sheet is None else only_sheet(workbook, sheet)
    made = convert(source, ".xlsx", "pdf:calc_pdf_Export", timeout)
    if made is None:
        raise NoPdf("LibreOffice 没有转出 PDF，请重试一次；仍不行请在 Excel 或 WPS 里打开后另存为 PDF。")
    return made


def convert(data: bytes, suffix: str, target: str, timeout: float = TIMEOUT) -> bytes | None:
    """Return a file with a suffix as LibreOffice converts it to ``target`` (its extension, a colon and the filter).

    None if LibreOffice makes nothing of it; raises NoPdf if LibreOffice does not run.
    """
    program = _libreoffice()
    with tempfile.TemporaryDirectory(prefix="taizhang-pdf-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source = folder / f"book{suffix}"
        source.write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            target,
            "--outdir",
            str(folder),
            str(source),
        ]
        _run(command, folder, timeout)
        try:
            return source.with_suffix(f".{target.partition(':')[0]}").read_bytes()
        except FileNotFoundError:
            return None


def only_sheet(workbook: bytes, sheet: str) -> bytes:
    """Return a copy of a generated workbook in which the print area of every other sheet is one empty cell.

    LibreOffice leaves empty pages out, but prints hidden sheets; charts still find their data on other sheets. Cutting
    pages out of a whole PDF would require the number of pages of each sheet. Raises KeyError if there is no such sheet.
    """
    names = sheet_names(workbook)
    if sheet not in names:
        raise KeyError(sheet)
    chosen = names.index(sheet)

    def keep(name: re.Match[str]) -> str:
        return name[0] if int(name[1]) == chosen else ""

    nothing = "".join(
        f'<definedName name="_xlnm.Print_Area" localSheetId="{number}">'
        f"{escape(quoted_sheet(name))}!$XFD$1048576</definedName>"
        for number, name in enumerate(names)
        if number != chosen
    )
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for info in source.infolist():
            data = source.read(info)
            if info.filename == _BOOK:
                xml = re.sub(
                    r'<definedName name="_xlnm\.Print_\w+" localSheetId="(\d+)"[^<>]*>[^<]*</definedName>',
                    keep,
                    data.decode(),
                )
                found = re.search(r"<definedNames>([^<]*(?:<(?!/?definedNames>)[^<]*)*)</definedNames>", xml)
                rest = xml.replace(found[0], "") if found else xml
                named = f"<definedNames>{found[1] if found else ''}{nothing}</definedNames>"
                data = rest.replace("</sheets>", f"</sheets>{named}").encode()
            copy.writestr(info, data)
    return target.getvalue()


def sheet_names(workbook: bytes) -> list[str]:
    """Return the names of the sheets of a generated workbook, in tab order."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        tags = re.findall(r'<sheet name="([^"]*)"', package.read(_BOOK).decode())
    return [html.unescape(name) for name in tags]


def _libreoffice() -> str:
    """Return the path of LibreOffice; raises NoPdf if it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    found = found or next((str(path) for path in (*windows.libreoffice(), *_ELSEWHERE) if path.is_file()), None)
    if found is None:
        raise NoPdf("这台电脑没有 LibreOffice，转不了 PDF。请安装 LibreOffice，或在 Excel、WPS 里打开后另存为 PDF。")
    return found


def _run(command: list[str], folder: Path, timeout: float) -> None:
    """Run a command in a new process group with mapped fonts, and always kill the group; raises NoPdf."""
    environment = dict(os.environ)
    fonts = templates_folder() / "fonts.conf"
    if _SYSTEM_FONTS.is_file() and fonts.is_file():
        environment["FONTCONFIG_FILE"] = str(fonts)
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=sys.platform != "win32",
            creationflags=windows.NO_WINDOW,
        )
    except OSError:
        raise NoPdf("LibreOffice 启动不了，请检查它能不能打开；也可以在 Excel、WPS 里另存为 PDF。") from None
    job = windows.gathered(process)
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        message = f"LibreOffice 超过 {timeout:g} 秒没有转完，已经停掉。请重试，或在 Excel、WPS 里另存为 PDF。"
        raise NoPdf(message) from None
    finally:
        _kill(process, job)


def _kill(process: subprocess.Popen[bytes], job: int) -> None:
    """Kill a process and its children: LibreOffice's launcher, killed alone, leaves its child running."""
    if sys.platform == "win32":
        windows.end_gathered(process, job)
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
