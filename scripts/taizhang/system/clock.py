"""The clock of everything that is recorded."""

from __future__ import annotations

import os
from datetime import datetime

__all__ = ["stamp"]


def stamp() -> datetime:
    """Return now, to the second; SOURCE_DATE_EPOCH (reproducible-builds.org) replaces the clock if it is set."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(fixed)) if fixed.isdecimal() else datetime.now().replace(microsecond=0)
