"""Asides: rows among or below the entries of a table that are none, by their words: totals and notes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from taizhang.adopt.fields import word_lists
from taizhang.adopt.grid import Cell
from taizhang.ledger.registers import TOTALS_WORDS
from taizhang.typed.text import clean_key

__all__ = ["is_note", "is_total"]

_WORDS = word_lists("asides")
_TOTAL = re.compile(rf"^(?:{'|'.join((*TOTALS_WORDS, *_WORDS['totals']))})(?:\b|[：:（(\d]|$)")
_NOTE = re.compile(rf"^(?:{'|'.join(_WORDS['notes'])})(?:[（(][^）)]{{0,10}}[）)])?\s*[：:]|^[（(]?盖章[）)]?$")


def is_total(cells: Sequence[Cell]) -> bool:
    """Whether a row is one of totals: its first or second cell begins with such a word."""
    return any(_TOTAL.search(clean_key(cell.text)) for cell in cells[:2])


def is_note(cells: Sequence[Cell]) -> bool:
    """Whether a row is a note: its first cell begins like one (注：, 填表人：)."""
    return _NOTE.search(cells[0].text) is not None
