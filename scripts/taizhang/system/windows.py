"""Windows counterparts of dot names, mode bits and process groups; no effect elsewhere.

Names that begin with a dot are hidden on POSIX systems only; Windows ignores mode bits and uses access lists; every
program started without CREATE_NO_WINDOW flashes a console window.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

__all__ = ["NO_WINDOW", "end_gathered", "gathered", "hide", "keep_private", "libreoffice", "show"]

NO_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Creation flag for every program that is started, so that none shows a window."""

_HIDDEN = 0x2
_ONLY_ITS_OWNER = "D:P(A;;FA;;;OW)(A;;FA;;;SY)(A;;FA;;;BA)"
"""An access list that inherits nothing: the owner, the system, and administrators, who have access anyway."""
_DACL_PROTECTED = 0x80000004
"""DACL_SECURITY_INFORMATION and PROTECTED_DACL_SECURITY_INFORMATION of winnt.h."""


def hide(path: Path) -> None:
    """Hide a file, as other systems do by the dot in its name; no effect on shares without the hidden flag."""
    _set_hidden(path, hidden=True)


def show(path: Path) -> None:
    """Undo ``hide``: a renamed file stays hidden."""
    _set_hidden(path, hidden=False)


def _set_hidden(path: Path, *, hidden: bool) -> None:
    if sys.platform == "win32":
        import ctypes

        known = ctypes.windll.kernel32.GetFileAttributesW(str(path)) & 0xFFFFFFFF
        if known != 0xFFFFFFFF:
            ctypes.windll.kernel32.SetFileAttributesW(str(path), known | _HIDDEN if hidden else known & ~_HIDDEN)


def keep_private(path: Path) -> None:
    """Let only its owner (and administrators) read a file; no effect on disks without access lists."""
    if sys.platform == "win32":
        import ctypes

        library, found = ctypes.windll.advapi32, ctypes.c_void_p()
        convert = library.ConvertStringSecurityDescriptorToSecurityDescriptorW
        if convert(_ONLY_ITS_OWNER, 1, ctypes.byref(found), None):
            library.SetFileSecurityW(str(path), _DACL_PROTECTED, found)
            ctypes.windll.kernel32.LocalFree(found)


def libreoffice() -> list[Path]:
    """Return where LibreOffice may be, from the registry and the usual folders; empty on other systems."""
    if sys.platform != "win32":
        return []
    import winreg

    found = []
    for root in (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE):
        for view in (winreg.KEY_WOW64_64KEY, winreg.KEY_WOW64_32KEY):
            for key, tail in (
                (r"SOFTWARE\LibreOffice\UNO\InstallPath", "soffice.exe"),
                (r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\soffice.exe", ""),
            ):
                with contextlib.suppress(OSError), winreg.OpenKey(root, key, 0, winreg.KEY_READ | view) as opened:
                    found.append(Path(winreg.QueryValue(opened, None).strip('"'), tail))
    for variable in ("ProgramW6432", "ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"):
        if home := os.environ.get(variable):
            found += [Path(home, *more, "LibreOffice", "program", "soffice.exe") for more in ((), ("Programs",))]
    return found


def gathered(process: subprocess.Popen[bytes]) -> int:
    """Put a process that was just started, and all that it will start, in a job, to be ended together.

    Returns a handle, or 0 on other systems. soffice.exe only starts soffice.bin, which keeps running if only the first
    is ended.
    """
    job = 0
    if sys.platform == "win32":
        kernel = _kernel()
        job = kernel.CreateJobObjectW(None, None) or 0
        kernel.AssignProcessToJobObject(job, int(process._handle))  # type: ignore[attr-defined]
    return job


def end_gathered(process: subprocess.Popen[bytes], job: int) -> None:
    """End a process and everything it started."""
    if sys.platform == "win32":
        _kernel().TerminateJobObject(job, 1)
        _kernel().CloseHandle(job)
        process.kill()


def _kernel() -> Any:
    """Return kernel32 with the types of the functions used here: handles are as wide as pointers."""
    if sys.platform == "win32":
        import ctypes
        from ctypes.wintypes import BOOL, HANDLE, LPCWSTR, LPVOID, UINT

        kernel = ctypes.WinDLL("kernel32")
        for name, result, *given in (
            ("CreateJobObjectW", HANDLE, LPVOID, LPCWSTR),
            ("AssignProcessToJobObject", BOOL, HANDLE, HANDLE),
            ("TerminateJobObject", BOOL, HANDLE, UINT),
            ("CloseHandle", BOOL, HANDLE),
        ):
            function = getattr(kernel, name)
            function.restype, function.argtypes = result, given
        return kernel
    return None
