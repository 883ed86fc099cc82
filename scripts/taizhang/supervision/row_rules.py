"""The kinds of rules that one row can break, alone or with a row of another register.

Each function yields the breaches of one row that meets the rule's conditions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from taizhang.forms.conditions import TODAY, describe, hold_all
from taizhang.forms.rules import OPERATORS, UNITS, Rule
from taizhang.ledger.model import Ledger
from taizhang.supervision.breach import Breach, break_at, source_of
from taizhang.supervision.register_rows import RegisterRow, rows_naming, words_in
from taizhang.typed.cycles import CycleKind, read_cycle
from taizhang.typed.dates import months_later
from taizhang.typed.text import clean_key
from taizhang.typed.workdays import Workdays

__all__ = [
    "Due", "absent", "compare", "compared", "day_after", "days_left", "due", "due_of", "format_number", "inside",
    "latest_of", "lookup", "one_of", "order", "present", "reminds", "tally", "within",
]  # fmt: skip

_MEND_ONE = "请核对这两处，改正不对的一处。"


def order(rule: Rule, row: RegisterRow, ledger: Ledger, as_of: date) -> Iterator[Breach]:
    """A day must not be before another; with ``strict`` it must be after it."""
    first, then = rule.option("first"), rule.option("then")
    a, b = row.value(first), as_of if then == TODAY else row.value(then)
    if a is None or b is None or not (b < a or (rule.option("strict") and a == b)):
        return
    title = row.column(first).title
    if then == TODAY:
        problem, cure = f"{title} {a} 晚于统计截止日 {as_of}，", "还没有发生的请先空着；日期写错的请改正。"
        yield break_at(rule, row, first, problem, cure)
        return
    less = "不晚于" if rule.option("strict") else "早于"
    problem = f"{row.column(then).title} {b} {less}{title} {a}{row.at(first)}，"
    yield break_at(rule, row, then, problem, "请改正其中一个。")


def within(rule: Rule, row: RegisterRow, ledger: Ledger, as_of: date) -> Iterator[Breach]:
    """Two days must not be too far apart, or too close."""
    key, unit = rule.option("to"), _unit_of(rule, row)
    first, last = latest_of(row, rule.option("from")), row.value(key)
    if first is None or last is None or unit is None:
        return
    (origin, start), workdays = first, row.settings.workdays
    title, place = row.column(origin).title, row.at(origin)
    most, least = rule.option("most"), rule.option("least")
    if most is not None and last > (limit := day_after(start, most, unit, workdays)):
        problem = f"{row.column(key).title} {last} 晚于{title} {start}{place}以后 {most} {_in_words(unit)}的 {limit}，"
        yield break_at(rule, row, key, problem, "请核对两个日期；确实晚了的，请在备注里写明原因。")
    if least is not None and last < (limit := day_after(start, least, unit, workdays)):
        short = f"离{title} {start}{place}不满 {least} {_in_words(unit)}"
        problem = f"{row.column(key).title} {last} {short}，最早是 {limit}，"
        yield break_at(rule, row, key, problem, "请核对两个日期；确实早了的，请在备注里写明依据。")


def due(rule: Rule, row: RegisterRow, ledger: Ledger, as_of: date) -> Iterator[Breach]:
    """Something must be done within a time from a day: open and past it.

    Soon due, it is a reminder. Done after its day, it is a fact that nobody can mend: it is said, and nothing is asked.
    """
    owed = due_of(rule, row)
    if owed is None:
        return
    done, value, limit = rule.option("done"), owed.done, owed.limit
    since = f"{row.column(owed.key).title} {owed.start}"
    what = f"“{row.column(done).title if done else rule.title}”"
    if owed.is_overdue(as_of):
        planned = f"，填的 {value} 还没有到" if value else ""
        problem = f"{what}应在 {limit} 以前（从{since} 起算），已经超过 {(as_of - limit).days} 天{planned}，"
        yield break_at(rule, row, done or owed.key, problem, "办了的请填上日期；没有办的请抓紧办。")
    elif value is None and reminds(rule, row, limit, as_of):
        problem = f"{what}到 {limit} 为止（从{since} 起算），{days_left((limit - as_of).days)}，"
        found = break_at(rule, row, done or owed.key, problem, "请提早安排。")
        yield replace(found, problem=problem, mild=True)
    elif isinstance(value, date) and value > limit:
        problem = f"{row.column(done).title} {value} 比应办的 {limit}（从{since} 起算）迟了 {(value - limit).days} 天，"
        cure = f"日期填错的请改正，没有填错的不用改。{source_of(rule)}"
        yield replace(break_at(rule, row, done, problem, ""), problem=problem, cure=cure, mild=True)


@dataclass(frozen=True, slots=True)
class Due:
    """What a DUE rule asks of a row: by ``limit``, counted from the day ``start`` in the column ``key``.

    ``done`` is the value of the column that says it is done; None if that is blank, or if the rule has none.
    """

    key: str
    start: date
    limit: date
    done: Any

    def is_open(self, as_of: date) -> bool:
        """Whether it is not done yet on a day; what is dated later has not happened."""
        return self.done is None or (isinstance(self.done, date) and self.done > as_of)

    def is_overdue(self, as_of: date) -> bool:
        """Whether it is past its day and not done."""
        return as_of > self.limit and self.is_open(as_of)


def due_of(rule: Rule, row: RegisterRow) -> Due | None:
    """Return what a DUE rule asks of a row that it applies to; None if its first day or its unit is blank.

    Raises Unusable and UnknownYear.
    """
    found, unit = latest_of(row, rule.option("from")), _unit_of(rule, row)
    if found is None or unit is None:
        return None
    limit = day_after(found[1], rule.option("plus"), unit, row.settings.workdays)
    return Due(*found, limit, row.value(rule.option("done")) if rule.option("done") else None)


def reminds(rule: Rule, row: RegisterRow, limit: date, as_of: date) -> bool:
    """Whether a DUE rule reminds of its limit on a day, because the limit is near."""
    ahead, unit = rule.option("ahead"), rule.option("ahead_unit")
    return ahead is not None and as_of >= day_after(limit, -ahead, unit, row.settings.workdays)


def inside(rule: Rule, row: RegisterRow, ledger: Ledger, as_of: date) -> Iterator[Breach]:
    """A day must fall in the row's own period or year."""
    key, period = rule.option("day"), rule.option("period")
    day, named = row.value(key), row.value(period)
    cycle = read_cycle(str(named)) if named is not None else None
    if day is None or cycle is None or cycle.holds(day):
        return
    problem = f"{row.column(key).title} {day} 不在{row.column(period).title} {named}{row.at(period)}里，"
    yield break_at(rule, row, key, problem, "请改正其中一个。")


def present(rule: Rule, row: RegisterRow, ledger: Ledger, as_of: date) -> Iterator[Breach]:
    """Columns must be filled in."""
    for key in words_in(rule.option("columns")):
        if row.value(key) is None:
            problem = f"“{row.column(key).title}”空着，{_of_those(rule, row)}要填，"
            yield break_at(rule, row, key, problem, "请补上。")


def absent(rule: Rule, row: RegisterRow, ledger: Ledger, as_of: date) -> Iterator[Breach]:
    """Columns must be blank."""
    for key in words_in(rule.option("columns")):
        if row.value(key) is not None:
            problem = f"“{row.column(key).title}”填了内容，{_of_those(rule, row)}不填这一列，"
            yield break_at(rule, row, key, problem, "请核对，把不对的一处改正或清空。")


def compare(rule: Rule, row: RegisterRow, ledger: Ledger, as_of: date) -> Iterator[Breach]:
    """Two numbers, or sums of columns, must compare as the sign says; a blank cell among them says nothing."""
    sign = rule.option("op")
    left, right = (_side(row, rule.option(each)) for each in ("left", "right"))
    if left is None or right is None or compared(left[0], sign, right[0]):
        return
    key = words_in(rule.option("left"))[0] if not isinstance(rule.option("left"), Decimal) else rule.option("right")
    problem = f"{left[1]} {OPERATORS[sign]} {right[1]}，"
    of_one = any(isinstance(rule.option(each), Decimal) for each in ("left", "right"))
    yield break_at(rule, row, key, problem, "请核对，填错了的请改正。" if of_one else "请改正其中一个。")


def one_of(rule: Rule, row: RegisterRow, ledger: Ledger, as_of: date) -> Iterator[Breach]:
    """A cell must hold one of these words."""
    allowed = {clean_key(each) for each in rule.option("values")}
    for key in words_in(rule.option("column")):
        wrong = [word for word in words_in(row.value(key)) if clean_key(word) not in allowed]
        if wrong:
            listed = "、".join(f"“{each}”" for each in rule.option("values"))
            problem = f"“{row.column(key).title}”是“{wrong[0]}”，{_of_those(rule, row)}只能是{listed}，"
            yield break_at(rule, row, key, problem, "请改正。")


def lookup(rule: Rule, row: RegisterRow, ledger: Ledger, as_of: date) -> Iterator[Breach]:
    """The row of another register that this one names must meet conditions; without such a row nothing is said.

    With ``missing`` true, naming no row there is a breach too.
    """
    through, match = rule.option("through"), rule.option("match")
    named = words_in(row.value(through))
    other = ledger.registers.get(rule.option("form"))
    if other is None or not named or any(key not in other.columns for key in _keys(rule, "require", match)):
        return
    title = row.column(through).title
    for word in named:
        found = rows_naming((word,), other, row.settings, match, (), as_of)
        if not found and rule.option("missing"):
            problem = f"{title}“{word}”在〈{other.sheet.name}〉里没有对应的行，"
            yield break_at(rule, row, through, problem, "请核对名称，或先在那张表里登记。", word)
        wrong = [each for each in found if not hold_all(rule.option("require"), each.value, as_of)]
        if found and len(wrong) == len(found):
            needed = describe(rule.option("require"), other.form.by_key)
            where = f"〈{other.sheet.name}〉第 {wrong[0].record.row} 行"
            problem = f"{title}“{word}”在{where}不符合：{needed}，"
            yield break_at(rule, row, through, problem, _MEND_ONE, word)


def tally(rule: Rule, row: RegisterRow, ledger: Ledger, as_of: date) -> Iterator[Breach]:
    """The rows of another register that name this one, counted or with a column added up, against a number here.

    With ``some`` true nothing is said without such a row; else there are nought.
    """
    through, match, where = rule.option("through"), rule.option("match"), rule.option("where") or ()
    column, sign = rule.option("column"), rule.option("op")
    other, right = ledger.registers.get(rule.option("form")), _side(row, rule.option("right"))
    own = words_in(row.value(through))
    used = [match, *([column] if column else [])]
    if other is None or right is None or not own or any(key not in other.columns for key in used):
        return
    if not other.records:
        return  # nothing is registered there yet, which is no count of nought
    found = rows_naming(own, other, row.settings, match, tuple(where), as_of)
    if rule.option("some") and not found:
        return
    number = sum((Decimal(each.value(column) or 0) for each in found), Decimal(0)) if column else Decimal(len(found))
    if compared(number, sign, right[0]):
        return
    of = describe(where, other.form.by_key)
    counted = f"“{other.form.column(column).title}”合计" if column else "登记的行数"
    what = f"〈{other.sheet.name}〉里{f'{of}的' if of else ''}{counted} {format_number(number)}"
    problem = f"{what} {OPERATORS[sign]} {right[1]}，"
    name = "、".join(words_in(row.value(through)))
    yield break_at(rule, row, _key_of_side(rule) or through, f"{name}：{problem}", _MEND_ONE, name)


def day_after(start: date, number: int | Decimal, unit: str, workdays: Workdays) -> date:
    """Return the day that is so many units after another, which is not counted; raises UnknownYear."""
    count = int(number)
    if unit == "工作日":
        return workdays.add(start, count)
    if unit == "日":
        return start + timedelta(days=count)
    return months_later(start, count * CycleKind(unit).months)


def latest_of(row: RegisterRow, keys: str | tuple[str, ...]) -> tuple[str, date] | None:
    """Return the latest of one or several days with its column's key; None if all are blank."""
    days = [(key, day) for key in words_in(keys) if (day := row.day(key))]
    return max(days, key=lambda each: each[1]) if days else None


def compared(left: Decimal, sign: str, right: Decimal) -> bool:
    """Whether two numbers compare as a sign of OPERATORS says."""
    match sign:
        case "=":
            return left == right
        case "≠":
            return left != right
        case "≤":
            return left <= right
        case "<":
            return left < right
        case "≥":
            return left >= right
    return left > right


def days_left(days: int) -> str:
    """Return the words for the days until something is due: 还有 3 天, or 当天到期."""
    return f"还有 {days} 天" if days else "当天到期"


def format_number(number: Decimal) -> str:
    """Format a number without needless zeros: 4, 4.5."""
    return f"{number.normalize():f}" if number % 1 else f"{number:.0f}"


def _side(row: RegisterRow, side: Any) -> tuple[Decimal, str] | None:
    """Return the number of one side of a comparison and its words; None if one of its cells is blank."""
    if isinstance(side, Decimal):
        return side, format_number(side)
    keys = words_in(side)
    values = [row.value(key) for key in keys]
    if any(value is None for value in values):
        return None
    total = sum((Decimal(value) for value in values), Decimal(0))
    titles = "、".join(row.column(key).title for key in keys)
    return total, f"{titles}{'合计' if len(keys) > 1 else ''} {format_number(total)}"


def _key_of_side(rule: Rule) -> str:
    right = rule.option("right")
    return "" if isinstance(right, Decimal) else words_in(right)[0]


def _keys(rule: Rule, conditions: str, *more: str) -> list[str]:
    return [*(each.key for each in rule.option(conditions)), *more]


def _of_those(rule: Rule, row: RegisterRow) -> str:
    """Return the words for the rows that a rule is about, ready to stand before what they must do."""
    words = describe(rule.when, row.register.form.by_key)
    return f"{words}{' ' if words[-1:].isdecimal() else ''}的" if words else "这一列"


def _unit_of(rule: Rule, row: RegisterRow) -> str | None:
    """Return the unit of a rule's span: its own, or that in the row's column; None if that is blank."""
    unit = rule.option("unit")
    return unit if unit in UNITS else row.value(unit)


def _in_words(unit: str) -> str:
    return {"日": "天", "月": "个月", "工作日": "个工作日", "季": "个季度", "半年": "个半年"}.get(unit, unit)
