"""taizhang todo: what the office has to decide today, by kind, with the place in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taizhang.commands.options import (
    as_of_option,
    guarded,
    json_option,
    ledger_option,
    open_ledger,
    quiet_option,
    refuse_broken,
    say,
    say_unread,
)
from taizhang.commands.saying import say_json, tell
from taizhang.system.clock import stamp

if TYPE_CHECKING:
    from taizhang.figures.todo import Matter


@click.command()
@ledger_option
@as_of_option
@json_option
@quiet_option
@guarded
def todo(ledger: Path, as_of: date | None, as_json_text: bool, quiet: bool) -> None:
    """列出办公室今天要办的事：销号等哪一步、延期等批、核对不符、到期的复核和回头看、没有报的部门、时限改动、待明确。

    一件一行：任务、部门、在台账的哪一格、什么事；超时限的在前，标“◆”。没有要办的不列。
    没有超时限的返回 0；有超时限的，或台账里有公式没有结果的，返回 1；没能运行返回 2。只看，不改台账。

    \b
    例：taizhang todo
    例：taizhang todo --as-of 2022-06-30 --json
    """
    from taizhang.figures.todo import list_matters
    from taizhang.history.reporting import reporting

    day = as_of or stamp().date()
    book = open_ledger(ledger)
    refuse_broken(book)
    unread = say_unread(book)
    matters = list_matters(book, day, reporting(ledger, book.settings, day))
    over = sum(matter.over for matter in matters)
    if as_json_text:
        _print_json(matters, day)
    else:
        _print(matters)
    if matters:
        say(f"{day} 要办的 {len(matters)} 件，超时限的 {over} 件。", quiet)
    else:
        say(f"{day} 没有要办的。", quiet)
    if over or unread:
        raise SystemExit(1)


def _print(matters: Sequence[Matter]) -> None:
    """Print the matters by kind, each under its heading with their number."""
    kind = None
    for matter in matters:
        if matter.kind is not kind:
            kind = matter.kind
            own = [each for each in matters if each.kind is kind]
            over = sum(each.over for each in own)
            tell(f"{kind}：{len(own)} 件{f'，超时限 {over} 件' if over else ''}")
        where = f"〈{matter.place.sheet_shown}〉{matter.place.cell}　" if matter.place else ""
        who = "，".join(filter(None, (matter.task, matter.department)))
        tell(f"  {'◆' if matter.over else '·'} {who}　{where}{matter.words}")


def _print_json(matters: Sequence[Matter], day: date) -> None:
    """Print the day and every matter as JSON."""
    rows = [
        {
            "kind": matter.kind.name.lower(),
            "task": matter.task or None,
            "department": matter.department,
            "sheet": matter.place.sheet_shown if matter.place else None,
            "row": matter.place.row if matter.place else None,
            "cell": matter.place.cell if matter.place else None,
            "over": matter.over,
            "message": matter.words,
        }
        for matter in matters
    ]
    say_json({"as_of": day.isoformat(), "matters": rows})
