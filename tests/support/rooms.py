"""The package's rooms in import order, and the list of their modules for docs/architecture.md."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from support.sources import PACKAGE, trees

ROOMS = (
    "typed",
    "system",
    "workbook",
    "splice",
    "forms",
    "office",
    "ledger",
    "supervision",
    "checks",
    "history",
    "issue",
    "merge",
    "replies",
    "figures",
    "boards",
    "report",
    "papers",
    "draft",
    "adopt",
    "fill",
    "demo",
    "transactions",
    "commands",
)
BEGIN, END = "<!-- rooms: generated -->\n", "<!-- end of rooms -->\n"
WIDTH = 118


def first_sentence(path: Path) -> str:
    """Return the first paragraph of a module's docstring in one line, without its markup."""
    text = (ast.get_docstring(trees()[path]) or "").split("\n\n")[0]
    return re.sub(r"\s+", " ", text).replace("``", "")


def rooms_text() -> str:
    """Return every room with its modules, each with the first sentence of its docstring."""
    return BEGIN + "```\n" + "\n".join(_lines()) + "\n```\n" + END


def _lines() -> Iterator[str]:
    for room in ROOMS:
        yield f"{room}/  {first_sentence(PACKAGE / room / '__init__.py')}"
        for path in sorted(trees()):
            inside = path.relative_to(PACKAGE)
            if inside.parts[0] == room and path.name != "__init__.py":
                name = ".".join(inside.with_suffix("").parts[1:])
                yield from textwrap.wrap(
                    f"{name:<20} {first_sentence(path)}", WIDTH, initial_indent="  ", subsequent_indent=" " * 23
                )
    yield "beside them"
    for path in sorted(trees()):
        if path.parent == PACKAGE and not path.stem.startswith("__"):
            yield from textwrap.wrap(
                f"{path.stem:<20} {first_sentence(path)}", WIDTH, initial_indent="  ", subsequent_indent=" " * 23
            )


def with_rooms(page: str) -> str:
    """Return docs/architecture.md with the list of rooms as the code has it now."""
    before, _, rest = page.partition(BEGIN)
    return before + rooms_text() + rest.partition(END)[2]
