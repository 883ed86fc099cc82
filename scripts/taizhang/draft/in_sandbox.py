"""Reading a report in a limited subprocess: a crash, hang or out-of-memory becomes an error message."""

from __future__ import annotations

import json
from pathlib import Path

from taizhang.draft.reader import draft_report
from taizhang.draft.rulings import read_rulings
from taizhang.draft.source import paragraphs_of, report_bytes
from taizhang.draft.values import Draft, SourceError
from taizhang.system.file_names import file_name
from taizhang.system.sandbox import ReaderDied, run_apart

__all__ = ["draft_file"]

_CURE = "请核对是不是对照检查材料；是的，请新建一个文档，只粘贴材料的正文，再起草。"


def draft_file(path: Path) -> Draft:
    """Read a report (a Word document or .txt) into a draft, with the rulings beside it.

    Raises SourceError, with reason and cure, if it cannot be read without guessing, or not within the limits.
    """
    name = file_name(path)
    named = json.dumps([name, list(read_rulings(path).items())]).encode()
    try:
        return run_apart(_draft, named + b"\n" + report_bytes(path), (_CURE, None))
    except ReaderDied as died:
        raise SourceError(f"{name} {died}") from None


def _draft(named: bytes) -> Draft:
    head, _, data = named.partition(b"\n")
    name, rulings = json.loads(head)
    return draft_report(paragraphs_of(name, data), dict(rulings))
