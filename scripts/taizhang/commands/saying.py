"""The one way out: everything a command says leaves here, one line at a time, whatever names and cells it quotes."""

from __future__ import annotations

import unicodedata
from typing import Any

import click

from taizhang.typed.shown import one_line

__all__ = ["NOTHING_WRITTEN", "NOT_AGREED", "ONLY_PLANNED", "say", "say_json", "tell"]

ONLY_PLANNED, NOTHING_WRITTEN = "只看计划，台账没有动。", "只看计划，没有写文件。"
"""What a dry run says in the end, of the ledger and of files."""

NOT_AGREED = "没有写，台账没有动。"
"""What is said where nobody agreed to the plan."""


def tell(text: str, *, err: bool = False) -> None:
    """Print a result as one line on stdout: line breaks and control characters in it came from a file and forge nothing."""
    click.echo(one_line(text), err=err)


def say(text: str, quiet: bool = False) -> None:
    """Say something about the progress, one line on stderr; nothing where there is nothing to say."""
    if text and not quiet:
        tell(text, err=True)


def say_json(value: Any) -> None:
    """Print a value as JSON on stdout; what a terminal would take for a command or not show is escaped."""
    import json

    text = json.dumps(value, ensure_ascii=False, indent=1)
    click.echo("".join(char if _is_shown(char) else json.dumps(char)[1:-1] for char in text))


def _is_shown(char: str) -> bool:
    return char.isprintable() or char == "\n" or unicodedata.category(char) == "Zs"
