"""Cures that several checks advise."""

from __future__ import annotations

from taizhang.typed.readings import named

__all__ = ["WRONG_DATE", "keep_one"]

WRONG_DATE = "日期写错的请改正。"


def keep_one(code: str) -> str:
    """Return what a department does that has applied for the same thing in an earlier row."""
    return f"要改的请改在 {named(code)}；确实以这一份为准的，请告诉办公室把前一份退回。"
