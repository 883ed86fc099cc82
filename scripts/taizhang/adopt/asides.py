"""Asides: rows among or below the entries of a table that are none, by their words: totals and notes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from taizhang.adopt.fields import word_lists
from taizhang.adopt.grid import Cell
from taizhang.ledger.registers import TOTALS_WORDS
from taizhang.typed.text import clean_key

__all__ = ["is_note", "is_total", "numbers_columns"]

_WORDS = word_lists("asides")
_TOTAL = re.compile(rf"^(?:{'|'.join((*TOTALS_WORDS, *_WORDS['totals']))})(?:\b|[：:（(\d]|$)")
_NOTE = re.compile(rf"^(?:{'|'.join(_WORDS['notes'])})(?:[（(][^）)]{{0,10}}[）)])?\s*[：:]|^[（(]?盖章[）)]?$")


def is_total(cells: Sequence[Cell]) -> bool:
    """Whether a row is one of totals: its first or second cell begins with such a word."""
    return any(_TOTAL.search(clean_key(cell.text)) for cell in cells[:2])


def is_note(cells: Sequence[Cell]) -> bool:
    """Whether a row is a note: its first cell begins like one (注：, 填表人：)."""
    return _NOTE.search(cells[0].text) is not None


_COLUMN_NAMES = re.compile(r"栏次|[甲乙丙丁戊己]|(\d{1,2})")


def numbers_columns(cells: Sequence[Cell]) -> bool:
    """Whether a row numbers the columns (1, 2, 3; 甲, 乙, 1, 2), as printed forms do below their heads."""
    found = [_COLUMN_NAMES.fullmatch(cell.text) for cell in cells]
    numbers = [int(each[1]) for each in found if each and each[1]]
    return len(cells) > 2 and all(found) and len(numbers) > 1 and numbers == [*range(1, len(numbers) + 1)]
