"""The clock of the commands: the day and second of a step, which tests and reproducible builds can fix.

Three times are read from the system's clock itself: the start of a lock holder, the saving time of a marked copy, and
the day on which an issue checks the personal data of 参数.
"""

from __future__ import annotations

import os
from datetime import datetime

__all__ = ["stamp"]


def stamp() -> datetime:
    """Return the current time to the second, or SOURCE_DATE_EPOCH (reproducible-builds.org) if it is set."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(fixed)) if fixed.isdecimal() else datetime.now().replace(microsecond=0)
