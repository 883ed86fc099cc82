"""taizhang todo: what the office has to do today, by kind, with the place in the ledger and the cure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
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
from taizhang.workbook.places import in_ranges

if TYPE_CHECKING:
    from taizhang.figures.todo import Matter


@click.command()
@ledger_option
@as_of_option
@json_option
@quiet_option
@guarded
def todo(ledger: Path, as_of: date | None, as_json_text: bool, quiet: bool) -> None:
    """列出办公室今天要办的事：销号等哪一步、报了完成没有申请的、审定了状态没有改的、延期等批、核对不符、到期的复核和回头看、没有报的部门、时限改动、待明确。

    一行写明任务、部门、在台账的哪一格、什么事、怎么办，一样的并成一行；有超时限的类在前，超时限的标“◆”。没有要办的不列。
    部门还没有报的期，以前的期也列；后来的期报了的，不再催以前的。
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
    """Print the matters by kind, each under its heading with their number; those equal in words are one line."""
    for kind, own in groupby(matters, key=lambda matter: matter.kind):
        listed = list(own)
        over = sum(each.over for each in listed)
        tell(f"{kind}：{len(listed)} 件{f'，超时限 {over} 件' if over else ''}")
        equal: dict[str, list[Matter]] = {}
        for each in listed:
            equal.setdefault(each.words, []).append(each)
        for words, together in equal.items():
            number = f"（{len(together)} 件）" if len(together) > 1 else ""
            tell(f"  {'◆' if together[0].over else '·'} {_whose(together)}{number}　{_where(together)}{words}")


def _whose(matters: Sequence[Matter]) -> str:
    """Return the tasks and departments of matters: RW-001、RW-002，财务处."""
    tasks = dict.fromkeys(matter.task for matter in matters)
    departments = dict.fromkeys(matter.department for matter in matters)
    return "，".join(filter(None, ("、".join(tasks), "、".join(departments))))


def _where(matters: Sequence[Matter]) -> str:
    """Return the places of matters in one sheet: 〈整改任务〉E4、E6　; empty if they have none."""
    places = [matter.place for matter in matters if matter.place]
    if not places:
        return ""
    cells = dict.fromkeys(place.cell for place in places)
    return f"〈{places[0].sheet_shown}〉{in_ranges(places, len(places)) or '、'.join(cells)}　"


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
