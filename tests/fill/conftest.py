"""The ledger that superiors' forms are filled from."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.fixtures import Make
from support.outside_forms import CLOSED, PROBLEMS, TASKS


@pytest.fixture
def ledger(make_ledger: Make) -> Path:
    return make_ledger(TASKS, problems=PROBLEMS, closeouts=[CLOSED])
