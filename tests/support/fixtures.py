"""The types of the fixtures in conftest.py that most tests use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Run = Callable[..., Result]
"""``run``: the command line."""

Make = Callable[..., Path]
"""``make_ledger`` and ``make_issued``: a small ledger."""

Once = Callable[[str, Callable[[Path], object], Path], Path]
"""``once``: a folder that is made once and copied for each test."""
