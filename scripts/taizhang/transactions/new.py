"""Making a ledger where there was none.

The order of effects:

1. The ledger. There was none, so there is nothing to lock or to replace.
2. Its first journal entry *after* it, since the entry names the state on disk. If that fails, PartlyDone is raised; the
   next command records the entry.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from taizhang.forms.columns import Column
from taizhang.forms.model import Body, Form
from taizhang.forms.vocabulary import ColumnType
from taizhang.history.hand_edits import record
from taizhang.ledger.create import default_settings, new_ledger
from taizhang.ledger.own_forms import forms_beside
from taizhang.system.files import write_atomically
from taizhang.transactions.errors import CannotRun, once_written
from taizhang.transactions.outputs import refuse_odd_name

__all__ = ["NewLedger", "apply_new", "first_forms", "missing_calendar", "plan_new", "refuse_name", "refuse_taken"]

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class NewLedger:
    """A ledger that is planned and not written.

    ``rows`` are by register (form name), ``own`` the heads of its columns of the office's own, ``settings`` by block of
    参数; ``notes`` are sentences on what goes along from last year's ledger and what does not.
    """

    unit: str
    year: int
    forms: Sequence[Form]
    rows: Rows
    settings: Rows
    own: Mapping[str, Sequence[str]] = field(default_factory=dict)
    notes: Sequence[str] = ()


def plan_new(ledger: Path, unit: str, year: int) -> NewLedger:
    """Plan an empty ledger at this path."""
    return NewLedger(unit, year, first_forms(ledger), {}, default_settings(unit, year, ()))


def first_forms(ledger: Path) -> list[Form]:
    """Return the forms whose registers a new ledger at this path has, in sheet order."""
    return [form for form in forms_beside(ledger).values() if form.enabled or form.automatic]


def apply_new(
    ledger: Path,
    forms: Sequence[Form],
    rows: Rows,
    settings: Rows,
    now: datetime,
    own: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Write a ledger with these registers and its first journal entry.

    ``rows`` are by register (form name), ``settings`` by block of 参数, ``own`` the heads of columns of the office's
    own, at the right of each register. Raises PartlyDone if only the ledger could be written.
    """
    forms = [_with_own_columns(form, (own or {}).get(form.name, ())) for form in forms]
    write_atomically(ledger, new_ledger(forms, rows, settings, now))
    with once_written([str(ledger)], "history 里的第一次登记"):
        record(ledger, forms_beside(ledger), now)


def missing_calendar(settings: Rows, year: int) -> str:
    """Return a sentence if 参数 does not have the days off of the year; else empty."""
    facts = {each["项目"]: str(each["内容"]) for each in settings["基本信息"]}
    if str(year) in facts.get("日历年度", ""):
        return ""
    return (
        f"工作日历里还没有 {year} 年的放假安排，报送截止日先空着：国务院办公厅的通知公布以后，"
        "请在〈参数〉的“工作日历”填放假和调休上班的日期，在“日历年度”里加上这一年，再补“报送截止日”。"
    )


def _with_own_columns(form: Form, heads: Sequence[str]) -> Form:
    """Return a form with columns of the office's own at the right."""
    if not heads:
        return form
    own = tuple(Column(head, head, ColumnType.TEXT, width=16) for head in heads)
    body = Body((*form.columns, *own), form.closed, form.indicators, form.rules, form.boards)
    return replace(form, body=lambda: body)


def refuse_name(ledger: Path) -> None:
    """Raise CannotRun if a new ledger cannot have this name."""
    if ledger.suffix.lower() != ".xlsx":
        if not ledger.suffix or ledger.is_dir():
            raise CannotRun(
                f"台账要以 .xlsx 结尾，{ledger.name} 不行；要放在文件夹 {ledger.name} 里的，"
                f"请写成 {ledger / '整改台账.xlsx'}。"
            )
        raise CannotRun(f"台账要以 .xlsx 结尾，{ledger.name} 不行，请改正 --ledger。")
    refuse_odd_name(ledger, "--ledger")


def refuse_taken(ledger: Path, year: int, verb: str, now: datetime, line: Callable[[Path], str] | None = None) -> None:
    """Raise CannotRun if a ledger cannot be made at this path, since there is one, or the history of one.

    ``verb`` is what was to be done (起草), ``line`` returns the command line that does it with another ledger.
    """
    from taizhang.history.hand_edits import describe_existing_history
    from taizhang.system.files import history_folder, refuse_long

    refuse_long([ledger, history_folder(ledger) / f"{now:%Y%m%d-%H%M%S}_{'0' * 12}.xlsx"])
    if taken := f"{ledger.name} 已经有了" if ledger.exists() else describe_existing_history(ledger):
        raise CannotRun(
            f"{taken}，一本台账一个文件夹，没有{verb}。请{verb}到新的文件夹{'，照抄这一行就行：' if line else '。'}",
            *([line(_elsewhere(ledger, year))] if line else []),
            "要接着用原来那本的，起草、收编都可以用 --into 加进去，编号接着排。",
        )


def _elsewhere(ledger: Path, year: int) -> Path:
    """Return a ledger of the same name in a folder that does not exist yet."""
    beside = ledger.parent
    names = (f"{year}" if n == 1 else f"{year}-{n}" for n in itertools.count(1))
    named = beside.name not in ("", "..")
    folders = (beside.with_name(f"{beside.name}_{name}") if named else beside / f"{name}年" for name in names)
    return next(each for each in folders if not each.exists()) / ledger.name
