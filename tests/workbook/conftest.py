"""Tests of reading begin with nothing recalled: each reads its files itself, whatever an earlier test has read."""

from __future__ import annotations

import pytest
from taizhang.workbook import reader


@pytest.fixture(autouse=True)
def nothing_recalled() -> None:
    reader.RECALLED.clear()
