"""The names of the registers that the program refers to; all others are known only from their forms."""

from __future__ import annotations

__all__ = [
    "BRANCHES",
    "CAUSES",
    "CLOSEOUTS",
    "EXTENSIONS",
    "FULFILMENTS",
    "PROBLEMS",
    "PROOFS",
    "REVIEWS",
    "SLIPS",
    "TASKS",
]

PROBLEMS = "problems"
CAUSES = "causes"
BRANCHES = "branches"
TASKS = "tasks"
CLOSEOUTS = "closeouts"
SLIPS = "slips"
FULFILMENTS = "fulfilments"
REVIEWS = "reviews"
EXTENSIONS = "extensions"
PROOFS = "proofs"
