"""Output of the commands: every text passes here, one safe line at a time."""

from __future__ import annotations

import unicodedata
from typing import Any

import click

from taizhang.typed.safe_text import one_line

__all__ = ["NOT_AGREED", "ONLY_PLANNED", "say", "say_json", "tell"]

ONLY_PLANNED = "只看计划，没有写入，台账和文件都没有动。"
"""The last line of a dry run."""

NOT_AGREED = "没有写入，台账和文件都没有动。"
"""The last line if a plan was not agreed to."""


def tell(text: str, *, err: bool = False) -> None:
    """Print a result as one line on stdout; line breaks and control characters from files are neutralised."""
    click.echo(one_line(text), err=err)


def say(text: str, quiet: bool = False) -> None:
    """Print a progress message as one line on stderr; does nothing if it is empty."""
    if text and not quiet:
        tell(text, err=True)


def say_json(value: Any) -> None:
    """Print a value as JSON on stdout; control and invisible characters are escaped."""
    import json

    text = json.dumps(value, ensure_ascii=False, indent=1)
    click.echo("".join(char if _is_shown(char) else json.dumps(char)[1:-1] for char in text))


def _is_shown(char: str) -> bool:
    return char.isprintable() or char == "\n" or unicodedata.category(char) == "Zs"
