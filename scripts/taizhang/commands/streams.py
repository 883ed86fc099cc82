"""Output streams that never stop a command: a closed pipe or a full disk loses output, not work."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from taizhang.typed.safe_text import visible

__all__ = ["patient_streams", "write_utf8"]


def write_utf8() -> None:
    """Switch stdout to UTF-8 with plain line ends for programs that read it; a terminal keeps its encoding."""
    stream = getattr(sys.stdout, "_stream", sys.stdout)
    if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
        stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")


@contextlib.contextmanager
def patient_streams() -> Iterator[None]:
    """Let a command run to its end even if its output fails; unencodable characters are printed as question marks.

    A closed pipe (``| head -1``), a missing stream (``>&-``) or a full disk behind ``>`` would otherwise stop a
    command between two of the files it writes. If the result was lost, a successful command exits with 2.
    """
    streams = sys.stdout, sys.stderr
    out, err = (_Patient(each) if each else _open_null() for each in streams)
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
"""The errors of writing to a pipe whose reader has gone."""


class _Patient:
    """A text stream that never fails: after the first error, output is dropped.

    ``lost`` is set if the output was wanted (not a closed pipe).
    """

    def __init__(self, stream: Any) -> None:
        self._stream, self.lost = stream, False
        if isinstance(stream, io.TextIOWrapper) and (stream.errors == "strict" or not _is_utf8(stream)):
            stream.reconfigure(errors="replace")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write a text, without control sequences, as long as the stream works."""
        try:
            self._stream.write(visible(text))
        except OSError as error:
            self._give_up(error)
        return len(text)

    def flush(self) -> None:
        """Flush the stream, as long as it works."""
        try:
            self._stream.flush()
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        """Redirect further output, including Python's final flush, to the null device."""
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)
        if error.errno not in _NOBODY_READS and self is sys.stdout:
            self.lost = True
            from taizhang.system.refusals import reason_of

            print(f"结果没有全部显示出来：{reason_of(error)}。要做的事照常做完。", file=sys.stderr)


def _open_null() -> Any:
    return Path(os.devnull).open("w", encoding="utf-8")


def _is_utf8(stream: io.TextIOWrapper) -> bool:
    return stream.encoding.lower().replace("-", "") == "utf8"
