"""Work that fails in the subprocess, in a module that is fast to import there."""

from __future__ import annotations

from typing import Any


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
