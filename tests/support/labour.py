"""Work for a process with limits: quick, endless, greedy, noisy, failing."""

from __future__ import annotations

import os
import tempfile
from time import sleep
from typing import Any

from taizhang.replies.marking import CannotMark


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
    raise CannotMark("表里有程序不能原样保存的格式")


def gone() -> None:
    os._exit(3)
