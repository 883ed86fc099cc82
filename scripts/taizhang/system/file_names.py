"""Texts that people type, departments and periods above all, as names of files and folders: on every system, and never a path."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from taizhang.typed.personal import without_personal
from taizhang.typed.shown import one_line
from taizhang.typed.text import utf16_length, without_invisible

__all__ = [
    "LONGEST_PATH",
    "as_file_name",
    "decoded_name",
    "file_name",
    "is_no_name",
    "name_key",
    "same_names",
    "shown_path",
    "too_long",
]

LONGEST_NAME = 255
"""Bytes of a file name in UTF-8 that every usual system allows; the UTF-16 units that Windows counts are never more than these."""

ADDED_LATER = 40
"""Bytes that are kept free for what a name is given later: the mark of a temporary file, _旧2, the time a file was put aside."""

LONGEST_PATH = 259
"""Characters of a whole path on Windows, where nobody has lifted the limit."""

ADDED_TO_PATH = 14
"""Characters that the temporary file beside a file has more in its name."""

_FULL_WIDTH = str.maketrans('\\/:*?"<>|', "＼／：＊？＂＜＞｜")
_CONTROL = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff\\ufffe\\uffff]")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?= *(?:\.|$))", re.IGNORECASE)
_NAMELESS = "无名"


def as_file_name(text: str, tail: str = "") -> str:
    """Return a text as the name of a file or folder, with ``tail`` behind it (``_请修改.xlsx``).

    What Windows forbids becomes full-width, dots at the ends too; characters that nobody sees go; a name that Windows keeps for itself
    (NUL, COM1) gets a line behind it. One that is too long is cut and ends in a mark of its own, so that two long texts stay two names.
    Ordinary names stay what they are. A text in which nothing can be seen becomes 无名 with a mark.
    """
    name = _CONTROL.sub("_", text.translate(_FULL_WIDTH))
    name = without_invisible(name).strip()
    core = name.strip(".")
    if core != name:
        start = name.index(core) if core else len(name)
        name = "．" * start + core + "．" * (len(name) - start - len(core))
    if name.startswith("-"):
        name = f"－{name[1:]}"
    elif name.startswith("~$"):
        name = f"～{name[1:]}"
    if reserved := _RESERVED.match(name):
        name = f"{name[: reserved.end()]}_{name[reserved.end() :]}"
    if not name:
        name = f"{_NAMELESS}_{_mark(text)}"
    most = LONGEST_NAME - ADDED_LATER - len(tail.encode())
    if len(name.encode()) > most:
        mark = f"_{_mark(text)}"
        kept = name.encode()[: most - len(mark)].decode(errors="ignore")
        name = f"{kept.rstrip(' .')}{mark}"
    return name + tail


def _mark(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:8]


def is_no_name(text: str) -> bool:
    """Whether a text has no letter and no digit, so that no file can bear it as a name that people would recognise."""
    return not any(char.isalnum() for char in without_invisible(text))


def name_key(text: str) -> str:
    """Return what the file names of texts are compared by: systems differ in case and in how they compose, people in width."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", as_file_name(text)).casefold())


def same_names(texts: Iterable[str]) -> Mapping[str, str]:
    """Return of several different texts those that would share a file somewhere with one before, each with that one."""
    first: dict[str, str] = {}
    shared = ((text, first.setdefault(name_key(text), text)) for text in texts)
    return {text: other for text, other in shared if text != other}


def too_long(paths: Iterable[Path], most: int | None = None) -> Sequence[Path]:
    """Return those paths that the system cannot write, the longest first; ``most`` characters are allowed, by default those of the system.

    A file is written beside its place first, under a longer name; that counts.
    """
    limit = _limit() if most is None else most
    if not limit:
        return ()
    found = {path: utf16_length(str(path.absolute())) + ADDED_TO_PATH for path in paths}
    return sorted((path for path, length in found.items() if length > limit), key=lambda path: -found[path])


def _limit() -> int:
    """Return how many characters a path may have; 0 where there is no limit to speak of."""
    if os.name != "nt":
        return 0
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SYSTEM\CurrentControlSet\Control\FileSystem") as key:
            lifted = winreg.QueryValueEx(key, "LongPathsEnabled")[0]
    except OSError:
        lifted = 0
    return 0 if lifted else LONGEST_PATH


def file_name(path: Path) -> str:
    """Return the name of a file as it can be shown and written anywhere.

    It holds no number that is somebody's and no mark of secrecy, and what nobody can see in it is a box.
    """
    return _shown(decoded_name(path))


@lru_cache(maxsize=4096)
def _shown(name: str) -> str:
    return one_line(without_personal(name))


def shown_path(path: Path) -> str:
    """Return a path as it can be shown, each of its names as ``file_name`` shows it."""
    return str(Path(path.anchor, *(file_name(Path(part)) for part in path.parts[bool(path.anchor) :])))


def decoded_name(path: Path) -> str:
    """Return the name of a file in characters.

    A name that is not valid UTF-8 (a GBK archive unpacked elsewhere) is read as GB 18030; what is neither becomes ``_``.
    """
    try:
        path.name.encode()
    except UnicodeEncodeError:
        return os.fsencode(path.name).decode("gb18030", "replace").replace("\ufffd", "_")
    return path.name
