"""The source document, if TAIZHANG_SEED_REPORT names it; tests that need it are skipped otherwise."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def seed_path() -> Path:
    """Return the path of the source report in TAIZHANG_SEED_REPORT; skips the test if it is not set or no such file."""
    named = os.environ.get("TAIZHANG_SEED_REPORT")
    if not named or not Path(named).is_file():
        pytest.skip("the source report is not here: set TAIZHANG_SEED_REPORT to its path")
    return Path(named)


def seed_text() -> str:
    """Return the text of the source report."""
    return seed_path().read_text(encoding="utf-8")
