"""The source document, if this machine has it; tests that need it are skipped elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def seed_path() -> Path:
    """Return the source report from TAIZHANG_SEED_REPORT or ../shared/seeds beside the checkout; skips without one."""
    named = os.environ.get("TAIZHANG_SEED_REPORT")
    beside = Path(__file__).parents[3] / "shared" / "seeds"
    found = [Path(named)] if named else sorted(beside.glob("*.txt"))
    if not found or not found[0].is_file():
        pytest.skip("the source report is not here: set TAIZHANG_SEED_REPORT to its path")
    return found[0]


def seed_text() -> str:
    """Return the text of the source report."""
    return seed_path().read_text(encoding="utf-8")
