"""Tests do not wait for the disk: what is flushed matters after a power cut, which no test in this process has.

Work that is killed at its calls (``support/traced.py``) flushes as it always does.
"""

from __future__ import annotations

import os

__all__ = ["flush_again", "skip_flushing"]

_FLUSH = os.fsync


def skip_flushing() -> None:
    """Make ``os.fsync`` do no more than notice a descriptor that is not open."""

    def look(handle: int) -> None:
        os.fstat(handle)

    os.fsync = look


def flush_again() -> None:
    """Give ``os.fsync`` back."""
    os.fsync = _FLUSH
