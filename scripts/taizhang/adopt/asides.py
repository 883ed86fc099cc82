"""Asides: rows among or below the entries of a table that are none, by their words: totals and notes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from taizhang.adopt.grid import Cell
from taizhang.ledger.registers import TOTALS_WORDS
from taizhang.typed.text import clean_key

__all__ = ["is_note", "is_total"]

_TOTAL = re.compile(rf"^(?:{'|'.join(TOTALS_WORDS)}|小计|共计)(?:\b|[：:（(\d]|$)")
_NOTE = re.compile(
    r"^(?:注|备注|说明|填表说明|填表人|制表人?|填报人|审核人?|联系人|联系电话|负责人|单位负责人|填报单位|填报时间|填表时间|盖章|"
    r"主要负责人|分管领导签字|签字|单位)(?:[（(][^）)]{0,10}[）)])?\s*[：:]|^[（(]?盖章[）)]?$"
)


def is_total(cells: Sequence[Cell]) -> bool:
    """Whether a row is one of totals: its first or second cell begins with such a word."""
    return any(_TOTAL.search(clean_key(cell.text)) for cell in cells[:2])


def is_note(cells: Sequence[Cell]) -> bool:
    """Whether a row is a note: its first cell begins like one (注：, 填表人：)."""
    return _NOTE.search(cells[0].text) is not None
