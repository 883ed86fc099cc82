"""What is printed where nobody reads it any more: the work goes on, and what the terminal cannot show is replaced."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from taizhang.typed.shown import visible

__all__ = ["patient_streams", "write_utf8"]


def write_utf8() -> None:
    """Print what programs read as UTF-8 with plain line ends from here on, whatever the system's own; a terminal gets its own."""
    stream = getattr(sys.stdout, "_stream", sys.stdout)
    if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
        stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")


@contextlib.contextmanager
def patient_streams() -> Iterator[None]:
    """Let a command run to its end whatever becomes of its output; what the encoding does not know is printed as a question mark.

    A closed pipe (``| head -1``), no stream at all (``>&-``) or a full disk behind ``>`` would stop a command between two of the
    files it writes. Where the result was lost, a command that ended well exits with 2.
    """
    streams = sys.stdout, sys.stderr
    out, err = (_Patient(each) if each else _nowhere() for each in streams)
    sys.stdout, sys.stderr = out, err
    try:
        yield
    except SystemExit as ended:
        out.flush()
        if not ended.code and getattr(out, "lost", False):
            raise SystemExit(2) from None
        raise
    finally:
        out.flush()
        err.flush()
        sys.stdout, sys.stderr = streams


_NOBODY_READS = (errno.EPIPE, errno.EINVAL) if sys.platform == "win32" else (errno.EPIPE,)
"""What the system says of a pipe whose reader has gone."""


class _Patient:
    """A text stream that never fails: from the first failure on, what is written to it is dropped. ``lost``: and somebody wanted it."""

    def __init__(self, stream: Any) -> None:
        self._stream, self.lost = stream, False
        if isinstance(stream, io.TextIOWrapper) and (stream.errors == "strict" or not _is_utf8(stream)):
            stream.reconfigure(errors="replace")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write a text, as far as anybody reads it, without what a terminal would take for a command."""
        try:
            self._stream.write(visible(text))
        except OSError as error:
            self._give_up(error)
        return len(text)

    def flush(self) -> None:
        """Flush the stream, as far as anybody reads it."""
        try:
            self._stream.flush()
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        """Send what is left, and what Python flushes when it ends, to nowhere."""
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)
        if error.errno not in _NOBODY_READS and self is sys.stdout:
            self.lost = True
            from taizhang.system.refusals import reason_of

            print(f"结果没有全部显示出来：{reason_of(error)}。要做的事照常做完。", file=sys.stderr)


def _nowhere() -> Any:
    return Path(os.devnull).open("w", encoding="utf-8")


def _is_utf8(stream: io.TextIOWrapper) -> bool:
    return stream.encoding.lower().replace("-", "") == "utf8"
