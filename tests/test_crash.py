"""A write that is killed at any call that touches the disk leaves the old or the new ledger, whole, and no entry is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="the system cannot fork")
def test_a_write_killed_anywhere_leaves_the_old_or_the_new_ledger_whole() -> None:
    done = subprocess.run(
        [sys.executable, str(HERE / "crash_points.py"), "--step", "4"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    result = json.loads(done.stdout)
    assert result["wrong"] == {}
    assert result["points"] > 10
    assert result["old"] > 0
    assert result["new"] > 0
