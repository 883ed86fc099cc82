"""Work for another process: most of it fails there. The module is fast to import."""

from __future__ import annotations

import os
import tempfile
from time import sleep
from typing import Any


def process(*_: object) -> int:
    return os.getpid()


def endless(*_: object, **__: object) -> Any:
    with tempfile.NamedTemporaryFile("wb", delete=False) as left:
        left.write(b"x")
    sleep(600)


def greedy() -> int:
    return len(bytes(4 << 30))


def noisy() -> str:
    print("something a library says")
    os.write(1, b"and says")
    return "answer"


def failing() -> None:
    from taizhang.replies.marking import CannotMark

    raise CannotMark("表里有程序不能原样保存的格式")


def gone() -> None:
    os._exit(3)


class PanicException(BaseException):
    """What a reader in Rust raises when it gives up; no ordinary exception."""


def raise_what_cannot_be_sent(_: bytes) -> Any:
    """Raise an exception that pickle cannot write."""

    class Local(Exception):
        def __init__(self, one: object, two: object) -> None:
            super().__init__(one, lambda: two)

    raise Local(1, 2)


def panic(_: bytes) -> Any:
    """Break down as a reader in Rust does."""
    raise PanicException("gone")
