"""Facts that the program keeps as JSON, read back: whole and of the right shape, or one exception that names the file and the cure.

Such a file may have been cut off, emptied, edited, swapped for a folder or written by a newer version. Each of these is a sentence,
never a traceback; what a newer version added is kept. Which schema facts have, and how earlier ones are brought up, is in ``schema.py``.
"""

from __future__ import annotations

import dataclasses
import errno
import json
import stat
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from taizhang.system.files import StoreError, bytes_of, there
from taizhang.system.refusals import NotAFile
from taizhang.system.schema import NEWER_CURE, Kind, NewerSchema, brought_up

__all__ = ["Damaged", "Newer", "facts_of", "is_file", "kept_bytes", "shaped", "stored_json"]

T = TypeVar("T")


class Damaged(StoreError):
    """A file that the program keeps cannot be read; its text says which, and what to do. ``path`` is the file."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path


class Newer(Damaged):
    """A file that the program keeps was written by a newer version in a way that this one does not know: nothing is wrong with it."""


def is_file(path: Path) -> bool:
    """Whether a path is an ordinary file: a pipe would be waited for, a folder cannot be read, and links may lead nowhere or in a circle.

    Raises OSError where one may not look.
    """
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        if error.errno == errno.ELOOP:
            return False
        raise


def kept_bytes(path: Path, cure: str, *, follow: bool = True) -> bytes | None:
    """Return what a file holds, None where there is none; with ``follow`` off a link is none of ours.

    Raises Damaged, with the ``cure``, for what is no ordinary file, and OSError as the system does.
    """
    try:
        return bytes_of(path, follow=follow) if there(path) else None
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            if not there(path):  # it went meanwhile
                return None
            raise Damaged(path, f"{_short(path)} 是一个链接，它指向的文件不在。{cure}") from None
        if isinstance(error, (NotAFile, IsADirectoryError)) or error.errno == errno.ELOOP:
            raise Damaged(path, f"{_short(path)} 应该是一个文件，现在却是文件夹或别的东西。{cure}") from None
        raise


def facts_of(data: bytes | str) -> dict[str, Any]:
    """Return the JSON object that was written; raises ValueError for everything else, however deep, long or odd it is."""
    try:
        facts = json.loads(data)
        if not isinstance(facts, dict):
            raise ValueError
        if "\\ud" in (data if isinstance(data, str) else data.decode()).lower():
            json.dumps(
                facts, ensure_ascii=False
            ).encode()  # half of a surrogate pair can be neither printed nor written
    except RecursionError:
        raise ValueError from None
    return facts


def shaped(kind: type[T], facts: Mapping[str, Any], *, more: str = "") -> T:
    """Return facts as a value of a dataclass; raises ValueError where one is missing or of another type.

    What the dataclass does not know goes into its field ``more``; without such a field it is an error.
    """
    fields, known, others = _fields(kind), {}, {}
    for key, value in facts.items():
        if key not in fields or key == more:
            others[key] = value
            continue
        fits, make = fields[key]
        if not fits(value):
            raise ValueError(f"{key}: {type(value).__name__}")
        known[key] = make(value) if make else value
    if others and not more:
        raise ValueError(f"unknown: {', '.join(others)}")
    if others:
        known[more] = others
    try:
        return kind(**known)
    except TypeError as error:
        raise ValueError(str(error)) from None


def stored_json(
    path: Path,
    schema: Kind,
    kind: type[T],
    cure: str,
    *,
    more: str = "",
    data: bytes | None = None,
    follow: bool = True,
) -> T:
    """Return what a file of ours holds; ``data`` are its bytes where they were read already.

    Raises Damaged, with the ``cure``, where it holds no such thing, Newer where a newer version wrote it otherwise, and
    FileNotFoundError where there is none.
    """
    found = kept_bytes(path, cure, follow=follow) if data is None else data
    if found is None:
        raise FileNotFoundError(path)
    try:
        return shaped(kind, brought_up(schema, facts_of(found)), more=more)
    except NewerSchema as error:
        raise Newer(path, f"{_short(path)} {error}。{NEWER_CURE}") from None
    except ValueError:
        why = "是空的" if not found.strip() else "读不出来（没有存完整，或被改过）"
        raise Damaged(path, f"{_short(path)} {why}。{cure}") from None


def _short(path: Path) -> str:
    return "/".join(path.parts[-2:])


_Fits = Callable[[Any], bool]


@cache
def _fields(kind: type) -> Mapping[str, tuple[_Fits, Callable[[Any], Any] | None]]:
    """Return for each field of a dataclass whether a value of JSON is of its type, and what makes it one where JSON has none."""
    hints = get_type_hints(kind)
    return {
        each.name: (_fitting(hints[each.name]), tuple if get_origin(hints[each.name]) is tuple else None)
        for each in dataclasses.fields(kind)
    }


def _fitting(hint: Any) -> _Fits:
    """Return what tells whether a value of JSON is of a type; containers with all they hold."""
    origin, args = get_origin(hint), get_args(hint)
    if hint is Any:
        return lambda _: True
    if origin in (dict, Mapping):
        inner = _fitting(args[1])
        return lambda value: isinstance(value, dict) and all(map(inner, value.values()))
    if origin in (list, tuple):
        inner = _fitting(args[0])
        return lambda value: isinstance(value, list) and all(map(inner, value))
    return lambda value: type(value) is hint
