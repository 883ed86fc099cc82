"""Facts that the program keeps as JSON, read back: whole and of the right shape, or one exception that names the file and the cure.

Such a file may have been cut off, emptied, edited, swapped for a folder or written by a newer version. Each of these is a sentence,
never a traceback; what a newer version added is kept.
"""

from __future__ import annotations

import dataclasses
import json
import stat
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from taizhang.files import StoreError

__all__ = ["Damaged", "bytes_of", "facts_of", "is_file", "shaped", "stored_json"]

T = TypeVar("T")


class Damaged(StoreError):
    """A file that the program keeps cannot be read; its text says which, and what to do. ``path`` is the file."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path


def is_file(path: Path) -> bool:
    """Whether a path is an ordinary file: a pipe would be waited for, and a folder cannot be read. Raises OSError where one may not look."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def bytes_of(path: Path, cure: str) -> bytes | None:
    """Return what a file holds, None where there is none.

    Raises Damaged, with the ``cure``, for what is no ordinary file, and OSError as the system does.
    """
    if is_file(path):
        return path.read_bytes()
    if path.exists():
        raise Damaged(path, f"{_short(path)} 应该是一个文件，现在却是文件夹或别的东西。{cure}")
    return None


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
    hints = _hints(kind)
    known = {key: value for key, value in facts.items() if key in hints and key != more}
    others = {key: value for key, value in facts.items() if key not in known}
    if others and not more:
        raise ValueError(f"unknown: {', '.join(others)}")
    for key, value in known.items():
        if not _fits(value, hints[key]):
            raise ValueError(f"{key}: {type(value).__name__}")
    tuples = {key: tuple(value) for key, value in known.items() if get_origin(hints[key]) is tuple}
    try:
        return kind(**{**known, **tuples, **({more: others} if more else {})})
    except TypeError as error:
        raise ValueError(str(error)) from None


def stored_json(path: Path, kind: type[T], cure: str, *, more: str = "", data: bytes | None = None) -> T:
    """Return what a file of ours holds; ``data`` are its bytes where they were read already.

    Raises Damaged, with the ``cure``, where it holds no such thing, and FileNotFoundError where there is none.
    """
    found = bytes_of(path, cure) if data is None else data
    if found is None:
        raise FileNotFoundError(path)
    try:
        return shaped(kind, facts_of(found), more=more)
    except ValueError:
        why = "是空的" if not found.strip() else "读不出来（没有存完整，或被改过）"
        raise Damaged(path, f"{_short(path)} {why}。{cure}") from None


def _short(path: Path) -> str:
    return "/".join(path.parts[-2:])


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    hints = get_type_hints(kind)
    return {each.name: hints[each.name] for each in dataclasses.fields(kind)}


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value of JSON is of a type; containers with all they hold."""
    origin, args = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if origin is dict or origin is Mapping:
        return isinstance(value, dict) and all(_fits(each, args[1]) for each in value.values())
    if origin in (list, tuple):
        return isinstance(value, list) and all(_fits(each, args[0]) for each in value)
    return type(value) is hint
