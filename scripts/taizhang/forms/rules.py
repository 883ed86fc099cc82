"""Rules that a form declares about its rows: what must hold, when, and where that comes from.

Each kind is a small function of the ledger, not a programming language; RULE_KINDS lists its keys. A rule that cannot
be used is refused when its form is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from taizhang.forms.columns import Column
from taizhang.forms.conditions import TODAY, Condition, Test, problem_of, read_conditions
from taizhang.forms.vocabulary import ColumnType
from taizhang.forms.written import (
    find_unlisted_column,
    is_day,
    one_column_only,
    read_number,
    read_whole_number,
    read_words,
    refuse_odd,
    refuse_unknown_keys,
)

__all__ = [
    "OPERATORS", "OPTION_WORDS", "RULE_KEYS", "RULE_KINDS", "UNITS", "Kind", "Rule", "RuleKind", "RuleSeverity",
    "columns_of", "problem_with", "read_over", "read_rule",
]  # fmt: skip


class RuleSeverity(StrEnum):
    """What becomes of a row that breaks a rule: a returned one is held back, or it is taken and reported."""

    BLOCK = "block"
    WARN = "warn"
    HINT = "hint"


class RuleKind(StrEnum):
    """The kinds of rules; RULE_KINDS says what each means."""

    ORDER = "order"
    WITHIN = "within"
    DUE = "due"
    INSIDE = "inside"
    PRESENT = "present"
    ABSENT = "absent"
    COMPARE = "compare"
    ONE_OF = "one_of"
    LOOKUP = "lookup"
    UNIQUE = "unique"
    SUM = "sum"
    COUNT = "count"
    TALLY = "tally"
    BALANCE = "balance"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a form.

    ``options`` are the keys of its kind, conditions among them already read. The rule looks at rows that meet ``when``,
    and whose day in the form's ``dated`` column (else the day of the figures) lies between ``since`` and ``until``.
    ``message`` and ``cure`` replace the kind's own sentences. ``fails`` are rows that break it (only the cells that
    matter), for the rule book; ``fails_with`` are rows of other registers beside them, ``fails_on`` the day.
    """

    name: str
    kind: RuleKind
    title: str
    source: str
    options: Mapping[str, Any]
    when: tuple[Condition, ...] = ()
    severity: RuleSeverity = RuleSeverity.WARN
    since: date | None = None
    until: date | None = None
    message: str = ""
    cure: str = ""
    fails: tuple[Mapping[str, Any], ...] = ()
    fails_with: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    fails_on: date | None = None

    def option(self, name: str) -> Any:
        """Return an option, None if it is not set."""
        return self.options.get(name)


UNITS = ("日", "工作日", "月", "季", "半年", "年")
"""The units of spans of time; a rule may name the column that holds the unit of each row instead."""
OPERATORS: Mapping[str, str] = {
    "=": "不等于",
    "≠": "等于",
    "≤": "大于",
    "<": "不小于",
    "≥": "小于",
    ">": "不大于",
}
"""The signs of comparisons, each with the words that say it does not hold."""
_ASCII = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥"}

_DAYS = tuple(each for each in ColumnType if each.is_day)
_NUMBERS = (*(each for each in ColumnType if each.is_number), ColumnType.PERCENT)
_EVENTS = (*_DAYS, ColumnType.PERIOD, ColumnType.INTEGER)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of rule says, and its keys: those it must have, and those it may have."""

    says: str
    needed: tuple[str, ...]
    allowed: tuple[str, ...] = ()
    of_row: bool = True


RULE_KINDS: Mapping[RuleKind, Kind] = {
    RuleKind.ORDER: Kind("一个日期不早于另一个；then 可写 today", ("first", "then"), ("strict",)),
    RuleKind.WITHIN: Kind(
        "两个日期相隔不超过（most）、不少于（least）多久；unit 可写周期列", ("from", "to", "unit"), ("most", "least")
    ),
    RuleKind.DUE: Kind(
        "从某天起多久以内要办（done 填了算办了）；unit 可写周期列；ahead 写提前多久提醒，提醒只算提示",
        ("from", "plus", "unit"),
        ("done", "ahead", "ahead_unit"),
    ),
    RuleKind.INSIDE: Kind("日期落在这一期或这一年里", ("day", "period")),
    RuleKind.PRESENT: Kind("这些列要填", ("columns",)),
    RuleKind.ABSENT: Kind("这些列不能填", ("columns",)),
    RuleKind.COMPARE: Kind("两边的数比大小；一边写几列就是相加", ("left", "op", "right")),
    RuleKind.ONE_OF: Kind("只能是这几个，column 可以写几列", ("column", "values")),
    RuleKind.LOOKUP: Kind(
        "另一张登记表里对应的那一行要符合 require", ("through", "form", "match", "require"), ("missing",)
    ),
    RuleKind.UNIQUE: Kind("这几列合起来不能重复", ("columns",), of_row=False),
    RuleKind.SUM: Kind("一组里这一列相加", ("column", "op", "value"), ("by",), of_row=False),
    RuleKind.COUNT: Kind(
        "名单里每一个，每个周期的行数", ("by", "per"), ("on", "at_least", "at_most", "over"), of_row=False
    ),
    RuleKind.TALLY: Kind(
        "另一张登记表里对应的行数（或 column 相加）与本行的数比；some = true 时没有对应的行就不比",
        ("through", "form", "match", "op", "right"),
        ("where", "column", "some"),
    ),
    RuleKind.BALANCE: Kind(
        "期初加进减出等于期末，期末等于下一期的期初",
        ("opening", "plus", "minus", "closing", "period"),
        ("by",),
        of_row=False,
    ),
}
"""Every kind of rule with its keys. Kinds of a row are run on returned rows too; the others are the office's."""

_TYPES = {
    "name": str, "kind": str, "title": str, "source": str, "when": dict, "severity": str, "since": date, "until": date,
    "message": str, "cure": str, "fails": (dict, list), "fails_with": dict, "fails_on": date,
}  # fmt: skip
RULE_KEYS: Mapping[str, str] = {
    "name": "英文名，小写加短横；validate 里显示，--only、--skip 也写它；不能和别的规则、检查同名",
    "kind": "哪一种规则（见下表）",
    "title": "要做到什么，一句短话",
    "source": "依据：文件写书名号和条款，例如《…细则》第七条；算术、日期先后等写一个词",
    "when": "只看符合条件的行（见“条件”）",
    "severity": "block 退回不采用；warn 采用并提醒（不写就是它）；hint 只说明",
    "since": "从哪天起有这条规则",
    "until": "到哪天为止",
    "message": "自己写哪里不对，代替程序的话",
    "cure": "自己写怎么改，代替程序的话",
    "fails": "违反它的一行（或几行），只写要紧的格子；说明书里用，测试里也用",
    "fails_with": "别的登记表里要有的行",
    "fails_on": "在哪一天看",
}
"""The keys that every rule may have, with what they mean."""
OPTION_WORDS: Mapping[str, str] = {
    "first": "前一个日期",
    "then": "后一个日期，或 today（统计截止日）",
    "strict": "true：同一天也不行",
    "from": "从哪一列的日期起算；写几列的，取最晚的一个",
    "to": "到哪一列的日期",
    "unit": "日、工作日、月、季、半年、年，或者写着它的单选列",
    "most": "最多多少",
    "least": "最少多少",
    "plus": "多久以内；balance 里是加进的列",
    "done": "哪一列填了就算办了",
    "ahead": "提前多少提醒",
    "ahead_unit": "提前量的单位，不写同 unit",
    "columns": "哪几列",
    "left": "左边：一列，或几列相加",
    "right": "右边：一列、几列相加，或一个数",
    "op": "= ≠ ≤ < ≥ >",
    "column": "哪一列",
    "values": "可以填的",
    "through": "本表哪一列写着对应的名称或编号",
    "form": "另一张表（文件名）",
    "match": "另一张表里和它对应的列",
    "require": "另一张表那一行要符合的条件",
    "missing": "true：找不到对应的行也算不符",
    "value": "一个数",
    "by": "按哪一列分",
    "per": "月、季、半年、年",
    "on": "哪一列是日期，不写用 dated",
    "at_least": "至少几次",
    "at_most": "至多几次",
    "over": '名单：另一张表的一列，例如 { form = "branches", column = "branch" }；不写用〈参数〉的清单',
    "where": "另一张表里只看符合条件的行",
    "opening": "期初",
    "minus": "减出",
    "closing": "期末",
    "period": "期次",
    "day": "哪一列是日期",
    "some": "true：没有对应的行就不比",
}
"""The keys of the kinds of rules, with what they mean."""
_YES_OR_NO = ("strict", "missing", "some")
"""Keys of the kinds that are true or false."""
_LONGEST_IN_DAYS, _LONGEST, _OFTEN = 3660, 100, 366
"""The longest span in days and in other units, and the most rows in a cycle; beyond, the calendar would end."""
_NEEDED = ("name", "kind", "title", "source")

_COLUMN_KEYS: Mapping[str, tuple[ColumnType, ...]] = {
    "first": _DAYS, "then": _DAYS, "day": _DAYS, "from": _DAYS, "to": _DAYS, "done": tuple(ColumnType),
    "columns": tuple(ColumnType), "left": _NUMBERS, "right": _NUMBERS, "opening": _NUMBERS, "plus": _NUMBERS,
    "minus": _NUMBERS, "closing": _NUMBERS, "period": _EVENTS, "on": _EVENTS, "column": tuple(ColumnType),
    "unit": (ColumnType.CHOICE,), "by": tuple(ColumnType), "through": tuple(ColumnType),
}  # fmt: skip
"""Keys that name columns of the form → the types these may have."""
_SEVERAL = ("from", "columns", "left", "right", "plus", "minus", "by")
"""Keys that may name several columns."""


def read_rule(table: Mapping[str, Any]) -> Rule:
    """Read one rule from TOML; raises ValueError with what is wrong and the cure."""
    if missing := [key for key in _NEEDED if not isinstance(table.get(key), str) or not table[key].strip()]:
        raise ValueError(f'缺少 {missing[0]} = "…"，请补上。')
    if table["kind"] not in tuple(RuleKind):
        raise ValueError(f"kind 不能是“{table['kind']}”，可以是：{'、'.join(RuleKind)}。")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", table["name"]):
        raise ValueError(f"name 只用小写字母、数字和短横，例如 talk-within-a-month，现在是“{table['name']}”。")
    kind = RuleKind(table["kind"])
    spec = RULE_KINDS[kind]
    keys = (*spec.needed, *spec.allowed)
    refuse_unknown_keys(table, _TYPES, kind, keys)
    if missing := [key for key in spec.needed if key not in table]:
        raise ValueError(f"{kind} 要写 {missing[0]}，请补上。")
    for key, types in _TYPES.items():
        fits = is_day(table.get(key)) if types is date else isinstance(table.get(key), types)
        refuse_odd(key, odd=key in table and not fits)
    if table.get("severity", RuleSeverity.WARN) not in tuple(RuleSeverity):
        raise ValueError(f"severity 不能是“{table['severity']}”，可以是：{'、'.join(RuleSeverity)}。")
    counted = _read_counted(kind, table)
    options = {key: counted[key] if key in counted else _read_option(key, table[key]) for key in keys if key in table}
    return Rule(
        name=table["name"],
        kind=kind,
        title=table["title"],
        source=table["source"],
        options=options,
        when=read_conditions(table.get("when", {})),
        severity=RuleSeverity(table.get("severity", RuleSeverity.WARN)),
        since=table.get("since"),
        until=table.get("until"),
        message=table.get("message", ""),
        cure=table.get("cure", ""),
        fails=_read_rows(table.get("fails", [])),
        fails_with={name: _read_rows(rows) for name, rows in table.get("fails_with", {}).items()},
        fails_on=table.get("fails_on"),
    )


def _read_counted(kind: RuleKind, table: Mapping[str, Any]) -> Mapping[str, Decimal]:
    """Return the options that are whole numbers: how often, and spans, whose bounds depend on their unit."""
    if kind is RuleKind.COUNT:
        return {key: read_whole_number(key, table[key], _OFTEN) for key in ("at_least", "at_most") if key in table}
    found: dict[str, Decimal] = {}
    for key, named in (("plus", "unit"), ("most", "unit"), ("least", "unit"), ("ahead", "ahead_unit")):
        if key in table and kind in (RuleKind.DUE, RuleKind.WITHIN):
            longest = _LONGEST_IN_DAYS if table.get(named) in ("日", "工作日") else _LONGEST
            found[key] = read_whole_number(key, table[key], longest)
    return found


def _read_option(key: str, value: Any) -> Any:
    """Return one option with its type checked: numbers as Decimal, lists as tuples, conditions as read."""
    if key in ("where", "require"):
        if not isinstance(value, Mapping):
            raise ValueError(f'{key} 要写成条件，例如 {{ state = "在任" }}。')
        return read_conditions(value)
    if key == "op":
        sign = _ASCII.get(value, value) if isinstance(value, str) else ""
        if sign not in OPERATORS:
            raise ValueError(f"op 不能是“{value}”，可以是：{'、'.join(OPERATORS)}。")
        return sign
    if key == "unit" and isinstance(value, str) and re.fullmatch(r"[a-z]\w*", value, re.ASCII):
        return value  # a column
    if key in ("unit", "ahead_unit", "per"):
        allowed = ("月", "季", "半年", "年") if key == "per" else UNITS
        if value not in allowed:
            raise ValueError(f"{key} 不能是“{value}”，可以是：{'、'.join(allowed)}。")
        return value
    if key == "over":
        return read_over(value)
    if key in _YES_OR_NO:
        if not isinstance(value, bool):
            raise ValueError(f"{key} 要写成 true 或 false（不加引号）。")
        return value
    if key == "value" or (key == "right" and not isinstance(value, (str, list))):
        return read_number(key, value)
    return read_words(key, value) if key == "values" or isinstance(value, list) else read_words(key, value)[0]


def _read_rows(written: Any) -> tuple[Mapping[str, Any], ...]:
    """Return example rows, written as one table or a list of them."""
    rows = written if isinstance(written, list) else [written]
    if not all(isinstance(row, Mapping) for row in rows):
        raise ValueError("fails 要写成一行或几行的格子，例如 { applied = 2022-01-05, talked = 2022-03-01 }。")
    return tuple(
        {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()} for row in rows
    )


def read_over(table: Any) -> Mapping[str, Any]:
    """Return the list of members that another form holds: its name, the column, and which rows count.

    Raises ValueError with the cure if it is written otherwise.
    """
    if not isinstance(table, Mapping):
        raise ValueError('over 要写成 { form = "branches", column = "branch" }，还可以写 when。')
    wrong = [key for key in table if key not in ("form", "column", "when")]
    if wrong or not isinstance(table.get("form"), str) or not isinstance(table.get("column"), str):
        raise ValueError('over 要写成 { form = "branches", column = "branch" }，还可以写 when。')
    return {"form": table["form"], "column": table["column"], "when": read_conditions(table.get("when", {}))}


def columns_of(rule: Rule) -> Iterator[str]:
    """Yield the keys of the form's own columns that a rule looks at."""
    for condition in rule.when:
        yield from _columns_in(condition)
    for key, value in rule.options.items():
        if key == "column" and rule.kind is RuleKind.TALLY:
            continue  # a column of the other form
        if key in _COLUMN_KEYS:
            yield from (each for each in _several(value) if each not in (TODAY, *UNITS))


def _columns_in(condition: Condition) -> Iterator[str]:
    yield condition.key
    compared = condition.test not in (Test.IS, Test.IS_NOT, Test.FILLED)
    if compared and isinstance(condition.against, str) and condition.against != TODAY:
        yield condition.against


def _several(value: Any) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()


def problem_with(rule: Rule, columns: Mapping[str, Column]) -> str:
    """Return why a rule cannot be used with its form's columns (by key), with the cure; empty if it can."""
    for condition in rule.when:
        if problem := problem_of(condition, columns):
            return problem
    if problem := find_unlisted_column(columns_of(rule), columns):
        return problem
    for key, types in _COLUMN_KEYS.items():
        if key not in rule.options or (key == "column" and rule.kind is RuleKind.TALLY):
            continue
        one = key not in _SEVERAL and not (key == "column" and rule.kind is RuleKind.ONE_OF)
        if one and len(_several(rule.options[key])) > 1:
            return one_column_only(key)
        for name in _several(rule.options[key]):
            column = columns.get(name)
            if column and column.type not in types:
                return f"的 {key} 不能用{column.type.label}列，可以用：{'、'.join(each.label for each in types)}。"
    return _problem_of_kind(rule, columns)


def _problem_of_kind(rule: Rule, columns: Mapping[str, Column]) -> str:
    """Return what is wrong with the keys of a kind that depend on each other; empty if nothing is."""
    option = rule.option
    if (unit := columns.get(option("unit"))) and (other := [word for word in unit.choices if word not in UNITS]):
        return f"的 unit 不能用列“{unit.title}”，它的选项“{other[0]}”不是时间单位，可以是：{'、'.join(UNITS)}。"
    match rule.kind:
        case RuleKind.WITHIN if option("most") is None and option("least") is None:
            return "要写 most 或 least（或两个都写）。"
        case RuleKind.COUNT if option("at_least") is None and option("at_most") is None:
            return "要写 at_least 或 at_most（或两个都写）。"
        case RuleKind.ONE_OF:
            for column in (columns[key] for key in _several(option("column"))):
                wrong = [word for word in option("values") if column.choices and word not in column.choices]
                if wrong:
                    return f"的“{wrong[0]}”不是列“{column.title}”的选项，请核对。"
        case RuleKind.ORDER if option("first") == TODAY:
            return "的 first 不能写 today，请把两边换一下。"
        case RuleKind.DUE if (option("ahead") is None) != (option("ahead_unit") is None):
            return "的 ahead 和 ahead_unit 要一起写。"
        case RuleKind.SUM if columns[option("column")].type not in _NUMBERS:
            return "的 column 要是数，请改成数的列。"
    return ""
