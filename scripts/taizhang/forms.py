"""Forms: the declaration of each register, read from ``templates/forms/*.toml``.

A register is declared once; its sheet in the ledger, the department template, dropdowns, header matching, cell checks and
documentation all derive from the form. A wrong form is refused with its file, the line and the cure.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from taizhang.text import head_key

__all__ = [
    "GROUPS",
    "Body",
    "Column",
    "Form",
    "FormError",
    "Indicator",
    "load_form",
    "load_forms",
    "standard_forms",
    "templates_folder",
    "words_of",
]

COLUMN_TYPES = {
    "text": "文字",
    "long_text": "长文字",
    "code": "编号",
    "date": "日期",
    "deadline": "时限",
    "percent": "百分比",
    "integer": "整数",
    "decimal": "小数",
    "money": "金额",
    "choice": "单选",
    "choices": "多选",
    "reference": "引用",
    "references": "引用（可多个）",
    "department": "部门",
    "departments": "部门（可多个）",
    "post": "岗位",
    "branch": "党支部",
    "aspect": "方面",
    "period": "期次",
}
"""Every column type and its word in the office's documentation."""

_WORDS = ("choice", "choices", "department", "departments", "post", "branch", "aspect", "period")
_DAYS = ("date", "deadline")
_NUMBERS = ("integer", "decimal", "money")

INDICATOR_KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "count": ((), ()),
    "count_by": (("by",), ()),
    "share": (("of",), ("value",)),
    "overdue": (("from",), ("to",)),
    "on_time": (("from", "to"), ()),
    "median_days": (("from", "to"), ()),
    "sum": (("column",), ("by",)),
    "ratio": (("part", "whole"), ()),
}
"""The kinds of indicators: the options each must have, and those it may have; ``where``, ``is``, ``year``, ``unit`` go with any."""

_COMMON = ("where", "is", "year", "unit")

_OPTION_TYPES: Mapping[str, tuple[str, ...]] = {
    "by": _WORDS, "of": tuple(COLUMN_TYPES), "from": _DAYS, "to": _DAYS, "column": _NUMBERS, "part": _NUMBERS, "whole": _NUMBERS,
    "where": ("choice",), "year": ("integer", "date", "period"),
}  # fmt: skip
"""The options that name a column, and the types it may have."""

_COUNTING = ("count", "count_by", "share", "overdue", "on_time")
"""Kinds that only count rows: all that a personal register may show."""

GROUPS = ("任务主线", "组织", "决策与作风", "改革发展", "民生服务", "纪律风险", "其他")
"""The sections under which registers are listed."""

SENSITIVITIES = ("public", "internal", "personal")
FILLERS = ("office", "department")

_FORM_KEYS = {
    "sheet", "code", "order", "group", "owner", "sensitivity", "enabled", "automatic", "new_rows", "closed", "title_column", "help",
    "column", "indicator",
}  # fmt: skip
_BODY_KEYS = ("closed", "column", "indicator")
_COLUMN_KEYS = {
    "key", "title", "type", "filled_by", "required", "aliases", "help", "example", "choices", "department_choices",
    "choice_aliases", "to", "width",
}  # fmt: skip

_KINDS = {
    "order": int, "width": int, "enabled": bool, "automatic": bool, "required": bool, "closed": dict, "choice_aliases": dict,
    "column": list, "indicator": list, "aliases": list, "choices": list, "department_choices": list,
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


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a register: its key, its title in the sheet, its type, and who fills it."""

    key: str
    title: str
    type: str
    filled_by: str = "office"
    required: bool = False
    aliases: tuple[str, ...] = ()
    help: str = ""
    example: str = ""
    choices: tuple[str, ...] = ()
    department_choices: tuple[str, ...] = ()
    choice_aliases: Mapping[str, str] = field(default_factory=dict)
    to: str = ""
    width: int = 0

    @property
    def by_department(self) -> bool:
        """Whether departments fill this column in their template."""
        return self.filled_by == "department"

    @property
    def offered(self) -> tuple[str, ...]:
        """The choices a department may take; the office may take all of ``choices``."""
        return self.department_choices or self.choices


@dataclass(frozen=True, slots=True)
class Indicator:
    """A simple figure of a register, declared in its form; ``options`` name the columns it is computed from."""

    title: str
    kind: str
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Body:
    """What a form declares below its head: columns, the values that close a row by column key, and indicators."""

    columns: tuple[Column, ...]
    closed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    indicators: tuple[Indicator, ...] = ()


@dataclass(frozen=True)
class Form:
    """The declaration of one register.

    ``name`` is the file's stem and the register's identifier; ``owner`` the key of the column that says whose row it is
    (empty where all rows are the office's); ``new_rows`` says who may add rows. An ``automatic`` register is written by the
    program alone. ``body`` gives the rest and is called once, when it is first asked for: of nearly fifty registers a ledger
    holds a dozen.
    """

    name: str
    sheet: str
    code: str
    body: Callable[[], Body] = field(compare=False, repr=False)
    order: int = 100
    group: str = "其他"
    owner: str = ""
    sensitivity: str = "internal"
    enabled: bool = False
    automatic: bool = False
    new_rows: str = "office"
    title_column: str = ""
    help: str = ""

    @cached_property
    def _body(self) -> Body:
        return self.body()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in sheet order."""
        return self._body.columns

    @property
    def closed(self) -> Mapping[str, tuple[str, ...]]:
        """The values that close a row, so that it is no longer issued, by column key."""
        return self._body.closed

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The simple figures of the register."""
        return self._body.indicators

    def column(self, key: str) -> Column:
        """Return the column with this key; raises KeyError where there is none."""
        return self.by_key[key]

    @cached_property
    def by_key(self) -> Mapping[str, Column]:
        """The columns by key, in sheet order."""
        return {column.key: column for column in self.columns}

    @cached_property
    def code_column(self) -> Column:
        """The column that carries the row's identity."""
        return next(column for column in self.columns if column.type == "code")

    @property
    def department_columns(self) -> tuple[Column, ...]:
        """The columns that departments fill."""
        return tuple(column for column in self.columns if column.by_department)

    @property
    def issued(self) -> bool:
        """Whether departments receive this register in their template."""
        return bool(self.owner and self.department_columns)

    @property
    def filled_by(self) -> str:
        """Who fills this register, in the office's words."""
        if self.automatic:
            return "程序"
        if not self.issued:
            return "办公室"
        return "部门" if self.new_rows == "department" else "办公室、部门"

    def format_code(self, number: int) -> str:
        """Return the code of the row with this running number, e.g. 7 → ``RW-007``."""
        return self.code.format(n=number)

    def code_number(self, code: str) -> int | None:
        """Return the running number in a code of this form, or None where the code has another shape."""
        head, _, tail = self.code.partition("{")
        tail = tail.partition("}")[2]
        match = re.fullmatch(re.escape(head) + r"(\d+)" + re.escape(tail), code)
        return int(match[1]) if match else None


def templates_folder() -> Path:
    """Return the folder of forms and blank templates: inside an installed package, or at the top of a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parents[1] / "templates"


@cache
def standard_forms() -> Mapping[str, Form]:
    """Return every form that comes with the product, by name, in the order of the ledger's sheets.

    Only the heads are read; a form's columns are read, and checked, when they are first asked for.
    """
    paths = sorted((templates_folder() / "forms").glob("*.toml"))
    names = [path.stem for path in paths]
    return _in_order({path: _headed(path, names) for path in paths})


def load_forms(paths: Iterable[Path]) -> Mapping[str, Form]:
    """Read forms that belong together and return them by name, in order; raises FormError for the first wrong one."""
    forms = {path: load_form(path) for path in paths}
    for path, form in forms.items():
        _refuse_dangling(path, form, [each.stem for each in forms])
    return _in_order(forms)


def load_form(path: Path) -> Form:
    """Read one form; raises FormError, with the line and the cure, where it is wrong in itself."""
    table = _table(path, _text_of(path))
    head = _head(path, table)
    body = Body(
        columns=tuple(_column(path, number, each) for number, each in enumerate(table.get("column", ()))),
        closed={key: tuple(values) for key, values in table.get("closed", {}).items()},
        indicators=tuple(_indicator(path, number, each) for number, each in enumerate(table.get("indicator", ()))),
    )
    if not body.columns:
        raise FormError(path, None, "没有声明任何列，请至少写一个 [[column]]。")
    form = Form(body=lambda: body, **head)
    _refuse_wrong_whole(path, form)
    return form


def _headed(path: Path, names: Sequence[str]) -> Form:
    """Return a form of which only the head is read: in TOML all keys of the head stand above the first table."""

    def body() -> Body:
        form = load_form(path)
        _refuse_dangling(path, form, names)
        return form.body()

    return Form(body=body, **_head(path, _table(path, _text_of(path).partition("\n[")[0])))


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise FormError(path, None, "文件不是 UTF-8 编码，请另存为 UTF-8。") from None


def _table(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        raise FormError(
            path, int(found[1]) if found else None, "这一行不合 TOML 写法，请检查引号、等号和方括号。"
        ) from None


def _head(path: Path, table: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form's head says, as Form has it; raises FormError where it is wrong."""
    _refuse_unknown(path, table, _FORM_KEYS, None)
    for key in ("sheet", "code"):
        if not isinstance(table.get(key), str) or not table[key]:
            raise FormError(path, _line_of(path, key), f'缺少 {key} = "…"，请补上。')
    if not re.fullmatch(r"[^{}]*\{n(:0\d)?\}[^{}]*", table["code"]):
        raise FormError(path, _line_of(path, "code"), "code 里要有 {n:03} 这样的序号位置，例如 SQ-{n:03}。")
    for key, allowed in (("group", GROUPS), ("sensitivity", SENSITIVITIES), ("new_rows", FILLERS)):
        _refuse_choice(path, table, key, allowed, None)
    return {"name": path.stem, **{key: value for key, value in table.items() if key not in _BODY_KEYS}}


def _in_order(forms: Mapping[Path, Form]) -> Mapping[str, Form]:
    """Return forms by name in the order of the ledger's sheets; raises FormError where two share a sheet."""
    sheets: dict[str, Path] = {}
    for path, form in forms.items():
        if form.sheet in sheets:
            other = sheets[form.sheet].name
            raise FormError(path, _line_of(path, "sheet"), f"表名“{form.sheet}”已被 {other} 使用，请换一个表名。")
        sheets[form.sheet] = path
    return {form.name: form for form in sorted(forms.values(), key=lambda form: (form.order, form.name))}


def _refuse_dangling(path: Path, form: Form, names: Iterable[str]) -> None:
    known = sorted(names)
    for number, column in enumerate(form.columns):
        if column.to and column.to not in known:
            line = _line_of(path, "to", number)
            raise FormError(
                path, line, f"列“{column.title}”引用的表单 {column.to} 不存在，可以引用：{'、'.join(known)}。"
            )


def _column(path: Path, number: int, table: dict[str, Any]) -> Column:
    _refuse_unknown(path, table, _COLUMN_KEYS, number)
    for key in ("key", "title", "type"):
        if not isinstance(table.get(key), str) or not table[key]:
            raise FormError(path, _line_of(path, "[[column]]", number), f"第 {number + 1} 列缺少 {key}，请补上。")
    _refuse_choice(path, table, "type", tuple(COLUMN_TYPES), number)
    _refuse_choice(path, table, "filled_by", FILLERS, number)
    title = table["title"]
    if table["type"] in ("choice", "choices") and not table.get("choices"):
        raise FormError(path, _line_of(path, "type", number), f'列“{title}”是选项，请写 choices = ["…"]。')
    if table["type"] in ("reference", "references") and not table.get("to"):
        raise FormError(path, _line_of(path, "type", number), f"列“{title}”是引用，请用 to 写明引用哪个表单。")
    for key in ("department_choices", "choice_aliases"):
        named = table.get(key, ())
        words = named.values() if isinstance(named, dict) else named
        outside = [word for word in words if word not in table.get("choices", ())]
        if outside:
            line = _line_of(path, key, number)
            raise FormError(path, line, f"列“{title}”的“{outside[0]}”不在 choices 里，请先加进去。")
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    return Column(**values)


def _indicator(path: Path, number: int, table: dict[str, Any]) -> Indicator:
    if table.get("kind") not in INDICATOR_KINDS or not table.get("title"):
        kinds, line = "、".join(INDICATOR_KINDS), _line_of(path, "[[indicator]]", number, "[[indicator]]")
        raise FormError(path, line, f"指标要有 title，kind 只能是：{kinds}。")
    named = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    options = {key: value for key, value in named.items() if key not in ("title", "kind")}
    return Indicator(table["title"], table["kind"], options)


def _refuse_wrong_whole(path: Path, form: Form) -> None:
    seen_keys: set[str] = set()
    seen_titles: dict[str, str] = {}
    for number, column in enumerate(form.columns):
        if column.key in seen_keys:
            raise FormError(path, _line_of(path, "key", number), f"列键 {column.key} 重复了，请换一个。")
        seen_keys.add(column.key)
        for title in (column.title, *column.aliases):
            key = head_key(title)
            if key in seen_titles:
                line = _line_of(path, "title", number)
                raise FormError(path, line, f"列名“{title}”与列 {seen_titles[key]} 重复，请换一个。")
            seen_titles[key] = column.key
    if sum(column.type == "code" for column in form.columns) != 1:
        raise FormError(path, None, '要有且只有一列 type = "code" 作为编号。')
    named = {"owner": form.owner, "title_column": form.title_column}
    for key, value in named.items():
        if value and value not in seen_keys:
            raise FormError(path, _line_of(path, key), f"{key} 写的列 {value} 不存在，请改成已有的列键。")
    if form.owner and form.column(form.owner).type != "department":
        raise FormError(path, _line_of(path, "owner"), f"owner 写的列 {form.owner} 不是部门类型，请改成部门列。")
    for key, values in form.closed.items():
        allowed = form.by_key[key].choices if key in seen_keys else ()
        wrong = [value for value in values if value not in allowed]
        if key not in seen_keys or wrong:
            raise FormError(path, _line_of(path, "closed"), "closed 里要写本表的选项列和它的选项，请核对。")
    for number, indicator in enumerate(form.indicators):
        if problem := _problem_of(form, indicator):
            line = _line_of(path, "[[indicator]]", number, "[[indicator]]")
            raise FormError(path, line, f"指标“{indicator.title}”{problem}")


def _problem_of(form: Form, indicator: Indicator) -> str:
    """Return what is wrong with an indicator and the cure; empty where nothing is."""
    needed, allowed = INDICATOR_KINDS[indicator.kind]
    options = indicator.options
    if wrong := [key for key, value in options.items() if not all(isinstance(word, str) for word in words_of(value))]:
        return f"的 {wrong[0]} 要写成引号里的文字。"
    if missing := [key for key in needed if key not in options]:
        return f"要写 {missing[0]}，请补上。"
    if unknown := [key for key in options if key not in (*needed, *allowed, *_COMMON)]:
        return f"不认识的写法 {unknown[0]}，{indicator.kind} 可以写：{'、'.join((*needed, *allowed, *_COMMON))}。"
    for key in (key for key in options if key in _OPTION_TYPES):
        column = form.by_key.get(str(options[key]))
        if column is None:
            return f"用到的列 {options[key]} 不存在，请改成已有的列键。"
        if column.type not in _OPTION_TYPES[key]:
            return f"的 {key} 不能用{COLUMN_TYPES[column.type]}列，可以用：{'、'.join(COLUMN_TYPES[each] for each in _OPTION_TYPES[key])}。"
    if ("where" in options) != ("is" in options):
        return "的 where 和 is 要一起写。"
    for key, named in (("value", "of"), ("is", "where")):
        if key in options and not set(words_of(options[key])) <= set(form.column(options[named]).choices):
            return f"的 {key} 要是列 {options[named]} 的选项，请核对。"
    if form.sensitivity == "personal" and indicator.kind not in _COUNTING:
        return f"不能用：涉及个人的登记表只出个数，kind 只能是：{'、'.join(_COUNTING)}。"
    return ""


def words_of(option: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return the words that an option names: one, or several as a list."""
    return option if isinstance(option, tuple) else (option,)


def _refuse_unknown(path: Path, table: Mapping[str, Any], known: set[str], number: int | None) -> None:
    for key in table:
        if key not in known:
            words = "、".join(sorted(known))
            raise FormError(path, _line_of(path, key, number), f"不认识的写法 {key}，可以写：{words}。")
        if not _is_kind(key, table[key]):
            words = _KIND_WORDS[_KINDS.get(key, str)]
            raise FormError(path, _line_of(path, key, number), f"{key} 要写成{words}。")


def _is_kind(key: str, value: Any) -> bool:
    kind = _KINDS.get(key, str)
    if type(value) is not kind:
        return False
    inner = dict if key in ("column", "indicator") else list if key == "closed" else str
    members = value if kind is list else value.values() if kind is dict else ()
    return all(type(member) is inner for member in members)


def _refuse_choice(
    path: Path, table: Mapping[str, Any], key: str, allowed: tuple[str, ...], number: int | None
) -> None:
    if key in table and table[key] not in allowed:
        words = "、".join(allowed)
        raise FormError(path, _line_of(path, key, number), f"{key} 不能是“{table[key]}”，可以是：{words}。")


def _line_of(path: Path, key: str, number: int | None = None, table: str = "[[column]]") -> int | None:
    """Return the 1-based line where a key (or a table head) of the numbered table stands, for messages."""
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
