"""What a form may declare; a wrong form raises FormError with file, line and cure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from taizhang.forms import boards
from taizhang.forms.conditions import TODAY, problem_of
from taizhang.forms.model import Form, Indicator
from taizhang.forms.rules import UNITS, RuleKind, problem_with
from taizhang.forms.vocabulary import ColumnType, IndicatorKind, Sensitivity
from taizhang.forms.written import find_unknown_key, find_unlisted_column, one_column_only
from taizhang.typed.cycles import CycleKind
from taizhang.typed.dates import FIRST_YEAR
from taizhang.typed.safe_text import one_line
from taizhang.typed.text import head_key, split_many

__all__ = [
    "BODY_KEYS", "COLUMN_KEYS", "COLUMN_OPTIONS", "FORM_KEYS", "GROUPS", "INDICATOR_KINDS", "INDICATOR_OPTIONS",
    "OLDEST", "SHEETS_BESIDE", "FormError", "line_of", "refuse_choice", "refuse_dangling", "refuse_inconsistent",
    "refuse_odd_column", "refuse_sheet_name", "refuse_unknown", "words_of",
]  # fmt: skip

_WORDS = tuple(each for each in ColumnType if each.is_choice or each.is_listed)
_DAYS = tuple(each for each in ColumnType if each.is_day)
_NUMBERS = tuple(each for each in ColumnType if each.is_number)

INDICATOR_KINDS: Mapping[IndicatorKind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    IndicatorKind.COUNT: ((), ()),
    IndicatorKind.COUNT_BY: (("by",), ()),
    IndicatorKind.DISTINCT: (("by",), ()),
    IndicatorKind.SHARE: (("of",), ("value", "by")),
    IndicatorKind.OVERDUE: ((), ("from", "to", "plus", "plus_unit", "rule", "by")),
    IndicatorKind.ON_TIME: (("from", "to"), ("plus", "plus_unit", "by")),
    IndicatorKind.MEDIAN_DAYS: (("from", "to"), ("by",)),
    IndicatorKind.MEAN_DAYS: (("from", "to"), ("by",)),
    IndicatorKind.OPEN_DAYS: (("from", "to"), ("by",)),
    IndicatorKind.LATEST: (("of",), ("by",)),
    IndicatorKind.SUM: (("column",), ("by",)),
    IndicatorKind.RATIO: (("part", "whole"), ("by",)),
    IndicatorKind.COMPARE: (("part", "whole"), ("by",)),
}
"""Kind of indicator → options it must have, and options it may have besides INDICATOR_OPTIONS.

What is ``overdue`` is so by a column (``from``) or by rules of the form (``rule``). The part of a ``ratio`` is
contained in the whole, so it cannot exceed it; that of a ``compare`` can.
"""

INDICATOR_OPTIONS: Mapping[str, str] = {
    "when": "只算符合条件的行，写法见“条件”",
    "year": "只看最近一年的行，写哪一列是年份、日期或期次",
    "on": "数到的那一行是哪天发生的，写列名",
    "per": "月、季、半年或年：另列上期和走势；没有写 year 的，只看最近一期",
    "unit": "单位；天数写“工作日”的按工作日算",
    "target": '要达到的数，例如 { at_least = "90%" }',
    "amber": '到多少是黄，例如 { below = "90%" }',
    "red": "到多少是红，例如 { above = 0 }；超期的三个都不写也是这个数",
    "suppress": "小于这个数的组不列出来；涉及个人的不写也是 5",
}
"""Options that every indicator may have, with what they mean."""

_OPTION_TYPES: Mapping[str, tuple[ColumnType, ...]] = {
    "by": (*_WORDS, ColumnType.REFERENCE), "of": tuple(ColumnType), "from": _DAYS, "to": _DAYS,
    "column": _NUMBERS, "part": _NUMBERS, "whole": _NUMBERS,
    "year": (ColumnType.INTEGER, ColumnType.DATE, ColumnType.PERIOD),
    "on": (ColumnType.INTEGER, ColumnType.DATE, ColumnType.PERIOD),
}  # fmt: skip
"""Option that names a column → types that the column may have."""

_LEAST = {"plus": 1, "suppress": 3}
"""Options that are whole numbers → the least. Of groups smaller than 2 everybody would know that they have 1 row."""

COLUMN_OPTIONS = tuple(_OPTION_TYPES)
"""The options of indicators that name a column."""

OLDEST = 1949
"""The earliest year that a column of dates may ask for."""

GROUPS = ("任务主线", "组织", "决策与作风", "改革发展", "民生服务", "纪律风险", "其他")
"""The sections under which registers are listed."""

FORM_KEYS: Mapping[str, str] = {
    "sheet": "登记表的表名",
    "code": "编号的样子，{n:03} 是序号，例如 SQ-{n:03}；开头用大写字母，不能和别的表一样",
    "order": "在台账里排第几（数小的在前）",
    "group": "归在哪一类",
    "owner": "哪一列是负责填的部门；不写的由办公室填",
    "branch": "由党支部填的，写哪一列是党支部；台账里没有党支部的，由 owner 的部门填",
    "new_rows": "谁可以加新行：office 或 department；部门加行的，表头上面有一格“本表本期无变化”",
    "sensitivity": "public、internal 或 personal；personal 涉及个人，只出个数，下发时单独成一份“…_人员类”",
    "enabled": "起草时就有",
    "automatic": "只由程序写",
    "title_column": "哪一列说这一行是什么事",
    "dated": "哪一列是这件事的日期；晚于统计截止日的行不算；部门加行的，以前各期填齐了的行不再下发",
    "later": "后来才加的表，旧台账可以没有",
    "help": "一句话说明",
    "closed": '哪一列填了什么就算办结，不再下发，例如 { status = ["已办结"] }',
    "column": "[[column]]，每列一段",
    "indicator": "[[indicator]]，每个指标一段",
    "rule": "[[rule]]，每条规则一段",
    "board": "[[board]]，每块看板一段",
}
"""The keys of a form with what they mean, for the page about forms."""
BODY_KEYS = ("closed", "column", "indicator", "rule", "board")
COLUMN_KEYS: Mapping[str, str] = {
    "key": "列的英文名，规则和指标里用",
    "title": "表头",
    "type": "这一列填什么（见下表）",
    "filled_by": "谁填：office 或 department",
    "required": "必填",
    "aliases": "别的表头写法，也认",
    "help": "填写说明，写在表头的批注里",
    "example": "填写样例",
    "choices": "选项（choice、choices 必写）",
    "department_choices": "部门只能选其中这几个",
    "choice_aliases": "选项的别的写法",
    "to": "引用哪张表的编号（reference、references 必写，写那张表的文件名）",
    "width": "列宽（字符）",
    "each_period": "每期重新填，模板里是空的",
    "last_title": "旁边再显示一列上期填的，这是它的表头",
    "shown": "模板里显示；false 是部门不用看的列",
    "post": "文字列里写的是岗位，写了姓名会提醒",
    "later": "后来才加的列，旧台账可以没有",
    "earliest": f"日期列里最早可以是哪一年，从 {OLDEST} 起；不写是 {FIRST_YEAR}，更早的当作年份写错了",
    "months": "期次列里除了〈参数〉的期次，本年的每个月也能填",
}
"""The keys of a column with what they mean."""

_LONGEST_NAME, _WIDEST = 31, 100
"""The longest name of a sheet that Excel takes, and the widest column of a register, in characters."""
SHEETS_BESIDE = ("说明", "参数", "填报说明", "自检")
"""Sheets of a ledger or an issued workbook that are no registers."""
_ONLY_FOR: Mapping[str, tuple[ColumnType, ...]] = {
    **dict.fromkeys(("choices", "choice_aliases", "department_choices"), (ColumnType.CHOICE, ColumnType.CHOICES)),
    "to": (ColumnType.REFERENCE, ColumnType.REFERENCES),
    "months": (ColumnType.PERIOD,),
    "post": (ColumnType.TEXT, ColumnType.LONG_TEXT),
}
"""Options of columns → the types of columns that have them."""

_KINDS = {
    "order": int, "width": int, "earliest": int, "enabled": bool, "automatic": bool, "required": bool,
    "each_period": bool, "shown": bool, "later": bool, "months": bool, "post": bool, "closed": dict,
    "choice_aliases": dict, "column": list, "indicator": list, "rule": list, "board": list, "aliases": list,
    "choices": list, "department_choices": list,
}  # fmt: skip
_KIND_WORDS = {
    str: "引号里的文字",
    int: "整数",
    bool: "true 或 false（不加引号）",
    list: '列表，例如 ["甲", "乙"]',
    dict: '对照表，例如 { "甲" = "乙" }',
}


class FormError(Exception):
    """A form that cannot be used; its text names the file, the line and the cure."""

    def __init__(self, path: Path, line: int | None, message: str) -> None:
        self.path, self.line, self.problem = path, line, message
        where = f"{path.name}:{line}" if line else path.name
        super().__init__(f"{where}: form: {message}")


def refuse_inconsistent(path: Path, form: Form) -> None:
    """Raise FormError if the parts of a form do not fit together.

    Keys and titles must be unique, there must be one code column, and owner, closed values and indicators must name
    existing columns of the right type.
    """
    seen_keys: set[str] = set()
    seen_titles: dict[str, str] = {}
    for number, column in enumerate(form.columns):
        if column.key in seen_keys:
            raise FormError(path, line_of(path, "key", number), f"列键 {column.key} 重复了，请换一个。")
        seen_keys.add(column.key)
        for title in (column.title, *column.aliases):
            key = head_key(title)
            if key in seen_titles:
                line = line_of(path, "title", number)
                raise FormError(path, line, f"列名“{title}”与列 {seen_titles[key]} 重复，请换一个。")
            seen_titles[key] = column.key
    for number, column in enumerate(form.columns):
        if column.last_title and (not column.each_period or head_key(column.last_title) in seen_titles):
            problem = f"列“{column.title}”的 last_title 只用于 each_period = true 的列，也不能和别的列同名，请改。"
            raise FormError(path, line_of(path, "last_title", number), problem)
    if sum(column.type == ColumnType.CODE for column in form.columns) != 1:
        raise FormError(path, None, '要有且只有一列 type = "code" 作为编号。')
    named = {"owner": form.owner, "title_column": form.title_column}
    for key, value in named.items():
        if value and value not in seen_keys:
            raise FormError(path, line_of(path, key), f"{key} 写的列 {value} 不存在，请改成已有的列键。")
    if form.owner and form.column(form.owner).type != ColumnType.DEPARTMENT:
        raise FormError(path, line_of(path, "owner"), f"owner 写的列 {form.owner} 不是部门类型，请改成部门列。")
    if form.branch and (form.branch not in seen_keys or form.column(form.branch).type != ColumnType.BRANCH):
        raise FormError(
            path, line_of(path, "branch"), f"branch 写的列 {form.branch} 不是党支部列，请改成党支部列的列键。"
        )
    if form.dated and (form.dated not in seen_keys or form.column(form.dated).type != ColumnType.DATE):
        raise FormError(path, line_of(path, "dated"), f"dated 写的列 {form.dated} 不是日期列，请改成已有的日期列键。")
    for key, values in form.closed.items():
        allowed = form.by_key[key].choices if key in seen_keys else ()
        wrong = [value for value in values if value not in allowed]
        if key not in seen_keys or wrong:
            raise FormError(path, line_of(path, "closed"), "closed 里要写本表的选项列和它的选项，请核对。")
    shown: set[str] = set()
    for number, indicator in enumerate(form.indicators):
        again = "和前面的指标同名，请换一个 title。" if indicator.title in shown else ""
        shown.add(indicator.title)
        if problem := again or _problem_of(form, indicator):
            line = line_of(path, "[[indicator]]", number, "[[indicator]]")
            raise FormError(path, line, f"指标“{indicator.title}”{problem}")
    names: set[str] = set()
    for number, rule in enumerate(form.rules):
        again = "和前面的规则同名，请换一个 name。" if rule.name in names else ""
        if problem := again or problem_with(rule, form.by_key):
            raise FormError(path, line_of(path, "[[rule]]", number, "[[rule]]"), f"规则 {rule.name} {problem}")
        names.add(rule.name)
    counts = {rule.name for rule in form.rules if rule.kind is RuleKind.COUNT and rule.option("at_least") is not None}
    titles: set[str] = set()
    for number, board in enumerate(form.boards):
        again = "和前面的看板同名，请换一个 title。" if board.title in titles else ""
        personal = form.sensitivity == Sensitivity.PERSONAL
        if problem := again or boards.problem_with(board, form.by_key, counts, personal=personal):
            raise FormError(path, line_of(path, "[[board]]", number, "[[board]]"), f"看板 {board.title} {problem}")
        titles.add(board.title)


def _problem_of(form: Form, indicator: Indicator) -> str:
    """Return what is wrong with an indicator and the cure; empty if nothing is."""
    needed, allowed = INDICATOR_KINDS[indicator.kind]
    options = indicator.options
    for key, value in options.items():
        if key in _LEAST:
            if type(value) is not int or value < _LEAST[key]:
                return f"的 {key} 要写成 {_LEAST[key]} 以上的整数。"
        elif not all(isinstance(word, str) for word in (value if isinstance(value, tuple) else (value,))):
            return f"的 {key} 要写成引号里的文字。"
    if missing := [key for key in needed if key not in options]:
        return f"要写 {missing[0]}，请补上。"
    known = (*needed, *allowed, *INDICATOR_OPTIONS)
    if problem := find_unknown_key(options, indicator.kind, known):
        return problem
    for key in (key for key in options if key in _OPTION_TYPES):
        if isinstance(options[key], tuple):
            return one_column_only(key)
        column = form.by_key.get(str(options[key]))
        if column is None:
            return find_unlisted_column((str(options[key]),), form.by_key)
        types = _DAYS if key == "of" and indicator.kind is IndicatorKind.LATEST else _OPTION_TYPES[key]
        if column.type not in types:
            return f"的 {key} 不能用{column.type.label}列，能用的是：{'、'.join(each.label for each in types)}。"
    for condition in indicator.when:
        if problem := problem_of(condition, form.by_key):
            return problem
    if "value" in options and not set(words_of(options["value"])) <= set(form.column(options["of"]).choices):
        return f"的 value 要是列 {options['of']} 的选项，请核对。"
    return _problem_of_judging(form, indicator)


def _problem_of_judging(form: Form, indicator: Indicator) -> str:
    """Return what is wrong with the periods, thresholds and units of an indicator, or with what a register may show."""
    options, personal = indicator.options, form.sensitivity == Sensitivity.PERSONAL
    if indicator.kind is IndicatorKind.OVERDUE and (problem := _problem_of_overdue(form, indicator)):
        return problem
    if "plus_unit" in options and ("plus" not in options or options["plus_unit"] not in UNITS):
        return f"的 plus_unit 要和 plus 一起写，可以写：{'、'.join(UNITS)}。"
    if "per" in options:
        if options["per"] not in tuple(CycleKind):
            return f"的 per 可以写：{'、'.join(CycleKind)}。"
        if not (options.get("year") or options.get("on") or form.dated):
            return "写了 per，也要用 on 写明按哪一列的日期分期。"
    if any(each.percent for each in indicator.thresholds) and not indicator.kind.has_whole:
        return "没有总数，不能和百分数比，请写数。"
    column = form.by_key.get(str(options.get("column")))
    whole_numbers = indicator.kind.counts or (column is not None and column.type is ColumnType.INTEGER)
    if "suppress" in options and not ("by" in options and whole_numbers):
        return "不是分组的个数，不用写 suppress。"
    if personal and not indicator.kind.counts:
        return (
            "不能用：涉及个人的登记表只出个数，"
            f"kind 只能是：{'、'.join(each for each in IndicatorKind if each.counts)}。"
        )
    return "涉及个人的登记表不列走势，请去掉 per。" if personal and "per" in options else ""


def _problem_of_overdue(form: Form, indicator: Indicator) -> str:
    """Return what is wrong with how an indicator tells what is overdue: by a column, or by rules; never by both."""
    options, names = indicator.options, indicator.rule_names
    if ("from" in options) == bool(names):
        return "要写 from（哪一列是到期的日子）或者 rule（按哪条 due 规则），写其中一个。"
    if cut := [key for key in ("year", "per") if key in options]:
        return f"超期的一直算到办了为止，跨了年也算，请去掉 {cut[0]}。"
    if not names:
        return ""
    if more := [key for key in ("to", "plus", "plus_unit") if key in options]:
        return f"写了 rule，期限由规则定，请去掉 {more[0]}。"
    due = {rule.name for rule in form.rules if rule.kind is RuleKind.DUE}
    if wrong := [name for name in names if name not in due]:
        listed = f"可以写：{'、'.join(sorted(due))}" if due else "本表还没有这种规则"
        return f"的 rule 要写本表一条 due 规则的 name，没有 {wrong[0]}，{listed}。"
    return ""


def words_of(option: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of an option that may be one word or several."""
    return option if isinstance(option, tuple) else (option,)


def refuse_unknown(path: Path, table: Mapping[str, Any], known: Collection[str], number: int | None) -> None:
    """Raise FormError for an unknown key or a value of the wrong type, in the head (None) or the numbered column."""
    for key in table:
        if key not in known:
            words = "、".join(sorted(known))
            raise FormError(path, line_of(path, key, number), f"不认识的写法 {key}，可以写：{words}。")
        if not _is_kind(key, table[key]):
            words = _KIND_WORDS[_KINDS.get(key, str)]
            raise FormError(path, line_of(path, key, number), f"{key} 要写成{words}。")


def _is_kind(key: str, value: Any) -> bool:
    kind = _KINDS.get(key, str)
    if type(value) is not kind:
        return False
    inner = dict if key in ("column", "indicator", "rule", "board") else list if key == "closed" else str
    members = value if kind is list else value.values() if kind is dict else ()
    return all(type(member) is inner for member in members)


def refuse_sheet_name(path: Path, name: str) -> None:
    """Raise FormError if Excel takes no sheet of this name, or if the ledger has another sheet of it."""
    odd = re.search(r"[\[\]:*?/\\]", name) or not name.isprintable() or name != name.strip(" '") or name.startswith("_")
    if odd or not 0 < len(name) <= _LONGEST_NAME or name.casefold() == "history":
        problem = f"表名“{one_line(name)}”不能用：1 到 {_LONGEST_NAME} 个字，不写 : / \\ ? * [ ] 和引号，请改。"
        raise FormError(path, line_of(path, "sheet"), problem)
    if name in SHEETS_BESIDE:
        raise FormError(path, line_of(path, "sheet"), f"表名“{name}”是程序自己的表，请换一个表名。")


def refuse_odd_column(path: Path, table: Mapping[str, Any], number: int) -> None:
    """Raise FormError if a column's key, words or width could not be used in a sheet or in rules.

    Options that only other types of columns have are refused too, since they would do nothing.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", table["key"]) or table["key"] == TODAY:
        problem = f"key 只用小写英文字母、数字和下划线，例如 held_on，也不能是 {TODAY}，请改。"
        raise FormError(path, line_of(path, "key", number), problem)
    for key, longest in (("title", 40), ("last_title", 40), ("aliases", 40), ("choices", 80)):
        words = words_of(table[key] if isinstance(table.get(key), str) else tuple(table.get(key, ())))
        if any(not word.strip() or not word.isprintable() or len(word) > longest for word in words):
            problem = f"{key} 里有空的、换行的，或者长过 {longest} 个字的，请改。"
            raise FormError(path, line_of(path, key, number), problem)
        if len({head_key(word) for word in words}) < len(words):
            raise FormError(path, line_of(path, key, number), f"{key} 里有重复的，请去掉。")
    if not 0 <= table.get("width", 0) <= _WIDEST:
        raise FormError(path, line_of(path, "width", number), f"width 写 1 到 {_WIDEST} 的整数，请改。")
    of = ColumnType(table["type"])
    if of is ColumnType.CHOICES and (odd := [word for word in table.get("choices", ()) if len(split_many(word)) != 1]):
        problem = f"choices 里的“{odd[0]}”填的时候会当成几项或者没有，请换一个词。"
        raise FormError(path, line_of(path, "choices", number), problem)
    for key, types in _ONLY_FOR.items():
        if key in table and of not in types:
            labels = "、".join(each.label for each in types)
            raise FormError(path, line_of(path, key, number), f"{key} 只用于这些列：{labels}，请去掉。")


def refuse_choice(path: Path, table: Mapping[str, Any], key: str, allowed: tuple[str, ...], number: int | None) -> None:
    """Raise FormError if the value of a key is not allowed."""
    if key in table and table[key] not in allowed:
        words = "、".join(allowed)
        raise FormError(path, line_of(path, key, number), f"{key} 不能是“{table[key]}”，可以是：{words}。")


def line_of(path: Path, key: str, number: int | None = None, table: str = "[[column]]") -> int | None:
    """Return the 1-based line of a key, or of the table head, in the numbered table (None: the form's head)."""
    passed = -1
    for line_number, line in enumerate(path.read_text(encoding="utf-8-sig", errors="replace").splitlines(), 1):
        stripped = line.strip()
        if stripped.startswith("[["):
            passed += stripped.startswith(table)
            if key == table and passed == number:
                return line_number
        elif (number is None and passed < 0) or passed == number:
            if re.match(rf"{re.escape(key)}\s*=", stripped) or stripped == f"[{key}]":
                return line_number
            if number is not None and re.search(rf"[;,{{]\s*{re.escape(key)}\s*=", stripped):
                return line_number
    return None


def refuse_dangling(path: Path, form: Form, names: Iterable[str]) -> None:
    """Raise FormError if a column, a rule or a board refers to a form that is not in ``names``."""
    known = sorted(names)
    for number, column in enumerate(form.columns):
        if column.to and column.to not in known:
            line = line_of(path, "to", number)
            raise FormError(
                path, line, f"列“{column.title}”引用的表单 {column.to} 不存在，可以引用：{'、'.join(known)}。"
            )
    for number, rule in enumerate(form.rules):
        over = rule.option("over")
        for other in filter(None, (rule.option("form"), over["form"] if isinstance(over, Mapping) else None)):
            if other not in known:
                line = line_of(path, "[[rule]]", number, "[[rule]]")
                raise FormError(path, line, f"规则 {rule.name} 用到的表单 {other} 不存在，可以写：{'、'.join(known)}。")
    for number, board in enumerate(form.boards):
        for other in boards.forms_of(board):
            if other not in known:
                line = line_of(path, "[[board]]", number, "[[board]]")
                raise FormError(
                    path, line, f"看板 {board.title} 用到的表单 {other} 不存在，可以写：{'、'.join(known)}。"
                )
