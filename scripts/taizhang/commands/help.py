"""Help pages in Chinese, click's own headings and sentences included."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import category, east_asian_width

import click

__all__ = ["ChineseHelp", "terminal_width"]

_HEADINGS = {"Options": "选项", "Commands": "命令"}
_SENTENCES = {
    "Show this message and exit.": "显示这份用法",
    "Show the version and exit.": "显示版本",
    "[default: ": "[默认：",
    "[required]": "[必须写]",
    "[OPTIONS]": "[选项]",
    "[COMMAND] [ARGS]...": "[命令] [参数]...",
    "COMMAND [ARGS]...": "命令 [参数]...",
    " PATH": " 路径",
}

_RANGE = re.compile(r"\[(\d+)<=x<=(\d+)\]")


class ChineseHelp(click.HelpFormatter):
    """click's formatter with its English headings and sentences replaced."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, _translate(args), prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        self.write(f"{'':{self.current_indent}}{_HEADINGS.get(heading, heading)}：\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write terms and their explanations in columns, measured in terminal cells."""
        said = [(_translate(term), _translate(text)) for term, text in rows]
        widest = min(max((terminal_width(term) for term, _ in said), default=0), col_max)
        for term, text in said:
            gap = " " * (max(widest - terminal_width(term), 0) + col_spacing)
            self.write(f"{'':{self.current_indent}}{term}{gap}{text}\n")


def terminal_width(text: str) -> int:
    """Return the width of a text in terminal cells: two for each Chinese character, none for a combining one."""
    visible = (char for char in text if category(char) not in ("Mn", "Me", "Cf"))
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in visible)


def _translate(text: str) -> str:
    for english, chinese in _SENTENCES.items():
        text = text.replace(english, chinese)
    return _RANGE.sub(r"[\1 到 \2]", text)
