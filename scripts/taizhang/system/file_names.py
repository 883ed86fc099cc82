"""Turn typed texts (departments, periods) into file names that are valid on every system."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from taizhang.typed.personal import without_personal
from taizhang.typed.safe_text import one_line
from taizhang.typed.text import utf16_length, without_invisible

__all__ = [
    "LONGEST_PATH",
    "as_file_name",
    "decode_name",
    "file_name",
    "find_same_names",
    "is_no_name",
    "name_key",
    "paths_too_long",
    "safe_name",
    "said_of_a_lock",
    "shown_path",
]

LONGEST_NAME = 255
"""UTF-8 bytes of a file name that every usual system allows; Windows counts UTF-16 units, which are never more."""

ADDED_LATER = 40
"""Bytes kept free for later additions: the suffix of a temporary file, _旧2, the time a file was put aside."""

LONGEST_PATH = 259
"""Characters of a whole path on Windows, unless long paths are enabled."""

ADDED_TO_PATH = 14
"""Characters that the temporary file beside a file has more in its name."""

_FULL_WIDTH = str.maketrans('\\/:*?"<>|', "＼／：＊？＂＜＞｜")
_CONTROL = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff\\ufffe\\uffff]")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?= *(?:\.|$))", re.IGNORECASE)
_NAMELESS = "无名"


def as_file_name(text: str, tail: str = "") -> str:
    """Return a text as the name of a file or folder, followed by ``tail`` (``_请修改.xlsx``).

    Characters that Windows forbids become full-width, as do dots at the ends; invisible characters are removed; names
    that Windows reserves (NUL, COM1) get an underscore. A name that is too long is cut and ends in a digest of the
    text, so that two long texts keep different names. A text with no visible character becomes 无名 and a digest.
    Ordinary names are unchanged.
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
        name = f"{_NAMELESS}_{_short_digest(text)}"
    most = LONGEST_NAME - ADDED_LATER - len(tail.encode())
    if len(name.encode()) > most:
        mark = f"_{_short_digest(text)}"
        kept = name.encode()[: most - len(mark)].decode(errors="ignore")
        name = f"{kept.rstrip(' .')}{mark}"
    return name + tail


def _short_digest(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:8]


def is_no_name(text: str) -> bool:
    """Whether a text has no letter and no digit, so that nobody would recognise it as a file name."""
    return not any(char.isalnum() for char in without_invisible(text))


def name_key(text: str) -> str:
    """Return the key by which two texts share a file name.

    It ignores case and Unicode composition, in which systems differ, and width, in which people do.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", as_file_name(text)).casefold())


def find_same_names(texts: Iterable[str]) -> Mapping[str, str]:
    """Map each text to the earlier, different text with which it would share a file name on some system."""
    first: dict[str, str] = {}
    shared = ((text, first.setdefault(name_key(text), text)) for text in texts)
    return {text: other for text, other in shared if text != other}


def paths_too_long(paths: Iterable[Path], most: int | None = None) -> Sequence[Path]:
    """Return the paths that are too long to write, longest first.

    ``most`` is the number of characters allowed, by default the system's limit. It includes the longer name of the
    temporary file that is written first.
    """
    limit = _limit() if most is None else most
    if not limit:
        return ()
    found = {path: utf16_length(str(path.absolute())) + ADDED_TO_PATH for path in paths}
    return sorted((path for path, length in found.items() if length > limit), key=lambda path: -found[path])


def _limit() -> int:
    """Return how many characters a path may have; 0 if there is no practical limit."""
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
    """Return a file's name, safe to show and write anywhere.

    Personal numbers and marks of secrecy are removed, and invisible characters become boxes.
    """
    return safe_name(decode_name(path))


@lru_cache(maxsize=4096)
def safe_name(name: str) -> str:
    """Return a file or sheet name, safe to show: one line, without personal data."""
    return one_line(without_personal(name))


def shown_path(path: Path) -> str:
    """Return a path with each of its names as ``file_name`` shows it."""
    return str(Path(path.anchor, *(file_name(Path(part)) for part in path.parts[bool(path.anchor) :])))


def said_of_a_lock(path: Path) -> str:
    """Return what a file is, and the cure, if a program left it beside one that is open (``~$``, ``.~``); else empty.

    Word's has the other name's first two characters replaced, so the other name is not told.
    """
    mark = next((each for each in ("~$", ".~") if path.name.startswith(each)), "")
    return f"这是打开文件时留下的临时文件，不是文件本身，请换成名字前面没有 {mark} 的那一份" if mark else ""


def decode_name(path: Path) -> str:
    """Return a file's name as valid Unicode.

    A name that is not valid UTF-8 (from a GBK archive unpacked elsewhere) is read as GB 18030; what is neither becomes
    ``_``.
    """
    try:
        path.name.encode()
    except UnicodeEncodeError:
        return os.fsencode(path.name).decode("gb18030", "replace").replace("\ufffd", "_")
    return path.name
