"""Read the JSON files that the program keeps: valid content, or an error with file and cure.

Such a file may have been cut off, emptied, edited, replaced by a folder or written by a newer version. Each of these
gives a message, never a traceback; keys added by a newer version are kept. Schema numbers and migrations are in
``schema.py``.
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

from taizhang.system.files import StoreError, exists, read_file
from taizhang.system.refusals import NotAFile
from taizhang.system.schema import NEWER_CURE, Kind, NewerSchema, migrate

__all__ = ["Damaged", "Newer", "is_file", "make_instance", "parse_facts", "read_kept", "stored_json"]

T = TypeVar("T")


class Damaged(StoreError):
    """A file that the program keeps cannot be read; its text gives the file and the cure. ``path`` is the file."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path


class Newer(Damaged):
    """An intact file that the program keeps, written by a newer version in a schema this one does not know."""


def is_file(path: Path) -> bool:
    """Whether a path is an ordinary file.

    False for pipes (reading one would block), folders, and links that lead nowhere or in a circle. Raises OSError if
    access is denied.
    """
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        if error.errno == errno.ELOOP:
            return False
        raise


def read_kept(path: Path, cure: str, *, follow: bool = True) -> bytes | None:
    """Return a file's bytes; None if it does not exist. With ``follow=False`` a link is refused.

    Raises Damaged, with the ``cure``, if it is not an ordinary file, and OSError for other system errors.
    """
    try:
        return read_file(path, follow=follow) if exists(path) else None
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            if not exists(path):  # removed in the meantime
                return None
            raise Damaged(path, f"{_last_two_names(path)} 是一个链接，它指向的文件不在。{cure}") from None
        if isinstance(error, (NotAFile, IsADirectoryError)) or error.errno == errno.ELOOP:
            raise Damaged(path, f"{_last_two_names(path)} 应该是一个文件，现在却是文件夹或别的东西。{cure}") from None
        raise


def parse_facts(data: bytes | str) -> dict[str, Any]:
    """Return a JSON object; raises ValueError for anything else, however deep, long or odd it is."""
    try:
        facts = json.loads(data)
        if not isinstance(facts, dict):
            raise ValueError
        if "\\ud" in (data if isinstance(data, str) else data.decode()).lower():
            # A lone surrogate can be neither printed nor written.
            json.dumps(facts, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError from None
    return facts


def make_instance(kind: type[T], facts: Mapping[str, Any], *, more: str = "") -> T:
    """Return facts as an instance of a dataclass; raises ValueError if one is missing or of the wrong type.

    Unknown keys go into the field named by ``more``; without such a field they are an error.
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
    """Return the content of a file that the program keeps; ``data`` are its bytes if they were read already.

    Raises Damaged, with the ``cure``, if the content is not valid, Newer if a newer version wrote it in an unknown
    schema, and FileNotFoundError if there is no file.
    """
    found = read_kept(path, cure, follow=follow) if data is None else data
    if found is None:
        raise FileNotFoundError(path)
    try:
        return make_instance(kind, migrate(schema, parse_facts(found)), more=more)
    except NewerSchema as error:
        raise Newer(path, f"{_last_two_names(path)} {error}。{NEWER_CURE}") from None
    except ValueError:
        why = "是空的" if not found.strip() else "读不出来（没有存完整，或被改过）"
        raise Damaged(path, f"{_last_two_names(path)} {why}。{cure}") from None


def _last_two_names(path: Path) -> str:
    return "/".join(path.parts[-2:])


_TypeCheck = Callable[[Any], bool]


@cache
def _fields(kind: type) -> Mapping[str, tuple[_TypeCheck, Callable[[Any], Any] | None]]:
    """Return for each field a check of a JSON value's type, and the conversion to make (None if there is none)."""
    hints = get_type_hints(kind)
    return {
        each.name: (_type_check(hints[each.name]), tuple if get_origin(hints[each.name]) is tuple else None)
        for each in dataclasses.fields(kind)
    }


def _type_check(hint: Any) -> _TypeCheck:
    """Return a check that a JSON value has a type, including the contents of containers."""
    origin, args = get_origin(hint), get_args(hint)
    if hint is Any:
        return lambda _: True
    if origin in (dict, Mapping):
        inner = _type_check(args[1])
        return lambda value: isinstance(value, dict) and all(map(inner, value.values()))
    if origin in (list, tuple):
        inner = _type_check(args[0])
        return lambda value: isinstance(value, list) and all(map(inner, value))
    return lambda value: type(value) is hint
