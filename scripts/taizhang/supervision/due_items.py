"""Due items: what registers say is overdue, missing or soon due, one by one: which item, whose, and how late.

They come from the rules that set a day (``due``), from the indicators that count what is overdue, and from the rules
that ask for so many in each cycle (``count``). Registers about persons are left out: they only give counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from taizhang.forms.model import Indicator
from taizhang.forms.register_names import CLOSEOUTS, EXTENSIONS, FULFILMENTS, REVIEWS, SLIPS, TASKS
from taizhang.forms.rules import Rule, RuleKind, columns_of
from taizhang.forms.thresholds import Mark
from taizhang.forms.vocabulary import ColumnType, IndicatorKind, Sensitivity
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Register
from taizhang.supervision.breaches import rows_under
from taizhang.supervision.group_rules import counts_of
from taizhang.supervision.indicator_rows import IndicatorRows
from taizhang.supervision.register_rows import RegisterRow, Unusable, branch_of, owner_of, words_in
from taizhang.supervision.row_rules import days_left, due_of, reminds
from taizhang.typed.workdays import UnknownYear
from taizhang.workbook.places import Place

__all__ = ["DueItem", "find_due_items"]


@dataclass(frozen=True)
class DueItem:
    """One thing that a register says is due.

    ``what`` is the title of the rule or indicator. ``department`` answers for it (empty: the office), and of it the
    ``branch`` that answers the register, empty if none does. ``member`` is the branch, post or period it is about,
    empty if none. ``row`` is None if a row is missing altogether. ``late`` is the
    number of days past ``due``; 0 or less: so many days are left.
    """

    register: Register
    row: RegisterRow | None
    what: str
    department: str
    member: str
    due: date
    late: int
    branch: str = ""

    @property
    def overdue(self) -> bool:
        """Whether it is past its day."""
        return self.late > 0

    @property
    def place(self) -> Place:
        """The place of the row, else of the register."""
        return self.register.place(self.row.record if self.row else None)

    @property
    def name(self) -> str:
        """What it is about: code and title of the row, else the member."""
        return " ".join(filter(None, (self.row.code, self.row.title))) if self.row else self.member

    @property
    def words(self) -> str:
        """How late it is, or how many days are left."""
        return f"超期 {self.late} 天" if self.overdue else days_left(-self.late)


_JUDGED_ELSEWHERE = (TASKS, CLOSEOUTS, EXTENSIONS, FULFILMENTS, REVIEWS)
"""Registers whose days have rules of their own: lights, steps of the close-out, reviews."""


@lru_cache(maxsize=8)
def find_due_items(ledger: Ledger, as_of: date) -> tuple[DueItem, ...]:
    """Return what the registers of a ledger say is overdue or soon due on a day, the longest overdue first."""
    found = [
        item
        for name, register in ledger.registers.items()
        if register.form.sensitivity != Sensitivity.PERSONAL and name not in _JUDGED_ELSEWHERE
        for item in _items_of(ledger, register, as_of)
    ]
    return tuple(sorted(found, key=lambda item: (-item.late, item.register.form.order, item.name)))


def _items_of(ledger: Ledger, register: Register, as_of: date) -> Iterator[DueItem]:
    """Yield the items of one register; a row due under several names with one ending is one item, the most late."""
    rows: dict[tuple[int, str], DueItem] = {}
    for ending, item in (*_by_rules(ledger, register, as_of), *_by_indicators(ledger, register, as_of)):
        assert item.row is not None
        key = item.row.record.row, ending
        if key not in rows or rows[key].late < item.late:
            rows[key] = item
    yield from rows.values()
    for rule in register.form.rules:
        if rule.kind is RuleKind.COUNT and rule.option("at_least") is not None:
            yield from _missing(ledger, register, rule, as_of)


def _by_rules(ledger: Ledger, register: Register, as_of: date) -> Iterator[tuple[str, DueItem]]:
    """Yield what DUE rules ask for and is not done: past its day, or within the time of its reminder."""
    for rule in register.form.rules:
        if rule.kind is not RuleKind.DUE or any(key not in register.columns for key in columns_of(rule)):
            continue
        ending = str(rule.option("done") or words_in(rule.option("from"))[0])
        for row in rows_under(ledger, register, rule, as_of):
            if not row.record.code or register.by_code[row.record.code] is not row.record:
                continue  # without a code of its own no figure counts it
            try:
                owed = due_of(rule, row)
                if owed and owed.is_open(as_of) and (as_of > owed.limit or reminds(rule, row, owed.limit, as_of)):
                    yield ending, _item(row, rule.title, owed.limit, as_of)
            except (Unusable, UnknownYear):
                continue


def _by_indicators(ledger: Ledger, register: Register, as_of: date) -> Iterator[tuple[str, DueItem]]:
    """Yield the rows that OVERDUE indicators count by a column; what they count by rules comes from the rules."""
    for indicator in register.form.indicators:
        keys = [str(indicator.options[each]) for each in ("from", "to") if each in indicator.options]
        if (
            indicator.kind is not IndicatorKind.OVERDUE
            or indicator.rule_names
            or any(key not in register.columns for key in keys)
        ):
            continue
        if indicator.thresholds and Mark.RED not in {each.mark for each in indicator.thresholds}:
            continue  # an early warning, not a day that has passed
        for row, due in _overdue_rows(ledger, register, indicator, as_of):
            yield keys[-1], _item(row, indicator.title, due, as_of)


def _overdue_rows(
    ledger: Ledger, register: Register, indicator: Indicator, as_of: date
) -> Iterator[tuple[RegisterRow, date]]:
    records = tuple(register.by_code[code] for code in register.by_code if code)
    rows = IndicatorRows(ledger, register, indicator, records, as_of).select()
    for record, due, is_open in rows.rows_owed():
        if due < as_of and is_open:
            yield RegisterRow(ledger.settings, register, record), due


def _missing(ledger: Ledger, register: Register, rule: Rule, as_of: date) -> Iterator[DueItem]:
    """Yield what each member of a list owed in the cycle that ended last."""
    if any(key not in register.columns for key in columns_of(rule)):
        return
    rows = list(rows_under(ledger, register, rule, as_of))
    of = register.form.column(rule.option("by")).type
    for member, numbers in counts_of(rule, rows, ledger, register, as_of).items():
        ended = [cycle for cycle in numbers if cycle.last < as_of]
        if not ended or numbers[ended[-1]] >= rule.option("at_least"):
            continue
        cycle = ended[-1]
        what = f"{rule.title}（{cycle.name} {numbers[cycle]}/{rule.option('at_least')}）"
        department = member if of is ColumnType.DEPARTMENT else ledger.department_of(member)
        branch = member if register.form.by_branch and of is ColumnType.BRANCH else ""
        yield DueItem(register, None, what, department, member, cycle.last, (as_of - cycle.last).days, branch)


def _item(row: RegisterRow, what: str, due: date, as_of: date) -> DueItem:
    department = "" if row.register.form.name == SLIPS else owner_of(row)  # the office chases an unanswered slip
    return DueItem(row.register, row, what, department, _member(row), due, (as_of - due).days, branch_of(row))


def _member(row: RegisterRow) -> str:
    """Return the branch or post that a row is about; empty if none."""
    for column in _of_types(row, (ColumnType.BRANCH, ColumnType.POST)):
        try:
            return "、".join(words_in(row.value(column)))
        except Unusable:
            continue
    return ""


def _of_types(row: RegisterRow, types: Iterable[ColumnType]) -> Iterator[str]:
    wanted = tuple(types)
    return (each.key for each in row.register.form.columns if each.type in wanted and each.key in row.register.columns)
