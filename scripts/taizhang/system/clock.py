"""The clock for every time that is recorded."""

from __future__ import annotations

import os
from datetime import datetime

__all__ = ["stamp"]


def stamp() -> datetime:
    """Return the current time to the second, or SOURCE_DATE_EPOCH (reproducible-builds.org) if it is set."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(fixed)) if fixed.isdecimal() else datetime.now().replace(microsecond=0)
