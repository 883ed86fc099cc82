"""Rulings: what people say that a paragraph of a report is, in a small text file beside it (材料.归类.txt)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from taizhang.draft.source import decode
from taizhang.draft.values import SourceError
from taizhang.system.file_names import file_name
from taizhang.system.files import read_file
from taizhang.system.refusals import reason_of

__all__ = ["ITEM_ROLES", "PART_ROLES", "ROLES", "read_rulings", "rulings_beside"]

ITEM_ROLES = ("问题", "原因", "措施", "方面", "不录")
"""What a single paragraph can be ruled to be."""

PART_ROLES: Mapping[str, str] = {"问题部分": "problems", "原因部分": "causes", "措施部分": "measures"}
"""What a paragraph can be ruled to head, with the names of these parts in the outline."""

ROLES: Mapping[str, str] = {**{role: role for role in ITEM_ROLES}, **PART_ROLES}
"""What a paragraph can be ruled to be; a part (部分) is a heading over all that follows under it."""

_MOST_BYTES = 1 << 16
_MOST_PARAGRAPHS = 10_000
_LINE = re.compile(
    r"第?\s*(?P<first>\d{1,6})(?:\s*[-—－~至到]+\s*(?P<last>\d{1,6}))?[：:是为，,\s]{0,8}(?:段[：:是为，,\s]{0,8})?(?P<role>[一-鿿]{1,6})[。；;]?"
)


def rulings_beside(report: Path) -> Path:
    """Return the place of the rulings on a report."""
    return report.with_name(f"{report.stem}.归类.txt")


def read_rulings(report: Path) -> dict[int, str]:
    """Return the rulings beside a report by number of paragraph; empty if there is no such file.

    Raises SourceError, with the line and the cure, for a line that is none.
    """
    path = rulings_beside(report)
    try:
        data = read_file(path, _MOST_BYTES)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SourceError(f"{file_name(path)} 打不开：{reason_of(error)}。") from None
    found: dict[int, str] = {}
    for number, line in enumerate(decode(file_name(path), data).splitlines(), 1):
        words = line.strip()
        if not words or words.startswith("#"):
            continue
        match = _LINE.fullmatch(words)
        first, last = (int(match["first"]), int(match["last"] or match["first"])) if match else (0, 0)
        if match is None or match["role"] not in ROLES or last < first or last - first >= _MOST_PARAGRAPHS:
            raise SourceError(
                f"{file_name(path)} 第 {number} 行看不懂。请写成“第 5 段 措施”或“5-8 问题”，"
                f"可以写：{'、'.join(ROLES)}。"
            )
        found |= dict.fromkeys(range(first, last + 1), ROLES[match["role"]])
    return found
