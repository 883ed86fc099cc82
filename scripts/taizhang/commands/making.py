"""Shared by the commands that make a ledger or add to one: options, unit and year, and what was added."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taizhang.commands.options import resolve_link
from taizhang.commands.saying import say, tell
from taizhang.system.files import as_typed
from taizhang.transactions.errors import CannotRun
from taizhang.typed.dates import FIRST_YEAR, LAST_YEAR
from taizhang.typed.text import clean_key

if TYPE_CHECKING:
    from taizhang.ledger.model import Ledger
    from taizhang.transactions.append import Appended

__all__ = [
    "as_words",
    "ask_unit_and_year",
    "into_option",
    "refuse_other_unit",
    "source_option",
    "tell_appended",
    "unit_option",
    "year_option",
]

unit_option = click.option("--unit", default="", metavar="名称", help="单位名称")
year_option = click.option(
    "--year",
    type=click.IntRange(FIRST_YEAR, LAST_YEAR),
    default=None,
    metavar="年份",
    help="方案年度，不写的从材料、原来的表或上一年的台账里读",
)
into_option = click.option(
    "--into",
    type=click.Path(path_type=Path, readable=False),
    callback=resolve_link,
    default=None,
    help="加进这一本已有的台账，编号接着排",
)
source_option = click.option(
    "--source", default="", metavar="来源", help="问题的来源，如 巡视、专项治理；原来的表里写了的照表"
)


def tell_appended(appended: Appended) -> None:
    """Print which rows and which names of 参数 are added to a ledger."""
    from taizhang.forms.load import standard_forms

    for name, codes in appended.codes.items():
        new = list(codes.values())
        tell(f"〈{standard_forms()[name].sheet}〉新加 {new[0]} 到 {new[-1]}，{len(new)} 行。")
    for block, names in appended.listed.items():
        if names:
            tell(f"〈参数〉的“{block}”新加：{'、'.join(names)}。")


def refuse_other_unit(unit: str, book: Ledger) -> None:
    """Raise CannotRun if a unit was given that is not the one of the ledger to which rows are added."""
    own = book.settings.unit
    if unit and clean_key(unit) != clean_key(own):
        said = f"写的是“{own}”" if own else "还空着"
        raise CannotRun(
            f"加进已有的台账，单位照那一本的〈参数〉，那里{said}，--unit 写的“{unit}”没有用。"
            f"请去掉 --unit 再运行；单位名称要改，请在〈参数〉里改。"
        )


def as_words(*words: object) -> str:
    """Return words of a command line as they are to be typed."""
    return " ".join(map(as_typed, words))


def ask_unit_and_year(unit: str, year: int | None, today: datetime) -> tuple[str, int]:
    """Return unit and year, asking on stderr for what was not given; raises CannotRun if nobody answers."""
    try:
        while not unit.strip():
            unit = click.prompt("单位名称", prompt_suffix="：", err=True)
        while year is None:
            typed = click.prompt("方案年度", f"{today.year}", prompt_suffix="：", err=True)
            if typed.strip().isdecimal() and FIRST_YEAR <= int(typed) <= LAST_YEAR:
                year = int(typed)
            else:
                say(f"年度请写 {FIRST_YEAR} 到 {LAST_YEAR} 之间的四位数字。")
    except click.Abort as error:
        if isinstance(error.__context__, KeyboardInterrupt):
            raise KeyboardInterrupt from None
        tell("", err=True)
        raise CannotRun(
            f"没有写单位名称和方案年度，也没有人回答，什么都没写。请加上 --unit 单位名称 --year {today.year}。"
        ) from None
    return unit.strip(), year
