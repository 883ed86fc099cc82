"""Reading the forms from ``templates/forms/*.toml``.

A register is declared once; its sheet in the ledger, the department template, dropdowns, header matching, cell checks
and documentation all derive from the form. A wrong form raises FormError with file, line and cure.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from taizhang.forms.across import refuse_mismatch
from taizhang.forms.boards import Board, read_board
from taizhang.forms.columns import Column
from taizhang.forms.conditions import read_conditions
from taizhang.forms.grammar import (
    BODY_KEYS,
    COLUMN_KEYS,
    FORM_KEYS,
    GROUPS,
    INDICATOR_KINDS,
    OLDEST,
    FormError,
    line_of,
    refuse_choice,
    refuse_dangling,
    refuse_inconsistent,
    refuse_odd_column,
    refuse_sheet_name,
    refuse_unknown,
)
from taizhang.forms.model import Body, Form, Indicator
from taizhang.forms.rules import Rule, read_rule
from taizhang.forms.thresholds import Mark, read_thresholds
from taizhang.forms.vocabulary import ColumnType, Filler, IndicatorKind, Sensitivity
from taizhang.system.files import read_file
from taizhang.system.refusals import reason_of
from taizhang.typed.dates import FIRST_YEAR

__all__ = ["load_form", "load_forms", "read_form_text", "read_toml", "standard_forms", "templates_folder", "with_own"]

_LARGEST = 500_000
"""The largest form in bytes: ten times the longest that ships."""
_LAST_ORDER = 99_999
"""The last place of a register among the ledger's sheets."""


def templates_folder() -> Path:
    """Return the folder of forms and blank templates: in the installed package, or at the top of a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "templates"
    return installed if installed.is_dir() else package.parents[1] / "templates"


@cache
def standard_forms() -> Mapping[str, Form]:
    """Return name → form for all forms of the product, in the order of the ledger's sheets.

    Only their heads are read; a form's columns are read and checked on first access.
    """
    paths = sorted((templates_folder() / "forms").glob("*.toml"))
    names = [path.stem for path in paths]
    return _sort_forms({path: _load_lazily(path, names) for path in paths})


def with_own(paths: Iterable[Path]) -> Mapping[str, Form]:
    """Return the product's forms and own ones, in order; own ones are checked whole.

    Raises FormError for the first that is wrong, or that takes the name, the sheet or the codes of another: nothing is
    overridden.
    """
    standard, listed = standard_forms(), list(paths)
    names = [*standard, *(path.stem for path in listed)]
    own: dict[Path, Form] = {}
    for path in listed:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", path.stem):
            raise FormError(path, None, "文件名只用小写英文字母、数字和下划线，例如 safety_checks.toml，请改名。")
        if path.stem in standard:
            raise FormError(
                path, None, f"和程序自带的〈{standard[path.stem].sheet}〉同名，不能改写它，请换一个文件名。"
            )
        own[path] = load_form(path)
        refuse_dangling(path, own[path], names)
    folder = templates_folder() / "forms"
    forms = _sort_forms({**{folder / f"{name}.toml": form for name, form in standard.items()}, **own})
    for path, form in own.items():
        refuse_mismatch(path, form, forms)
    return forms


def load_forms(paths: Iterable[Path]) -> Mapping[str, Form]:
    """Read a set of forms; return name → form, in order. Raises FormError for the first wrong one."""
    forms = {path: load_form(path) for path in paths}
    for path, form in forms.items():
        refuse_dangling(path, form, [each.stem for each in forms])
    return _sort_forms(forms)


def load_form(path: Path) -> Form:
    """Read one form; raises FormError if it is wrong in itself."""
    table = read_toml(path)
    head = _read_head(path, table)
    body = Body(
        columns=tuple(_read_column(path, number, each) for number, each in enumerate(table.get("column", ()))),
        closed={key: tuple(values) for key, values in table.get("closed", {}).items()},
        indicators=tuple(_read_indicator(path, number, each) for number, each in enumerate(table.get("indicator", ()))),
        rules=tuple(_read_rule(path, number, each) for number, each in enumerate(table.get("rule", ()))),
        boards=tuple(_read_board(path, number, each) for number, each in enumerate(table.get("board", ()))),
    )
    if not body.columns:
        raise FormError(path, None, "没有声明任何列，请至少写一个 [[column]]。")
    form = Form(body=lambda: body, **head)
    refuse_inconsistent(path, form)
    return form


def _load_lazily(path: Path, names: Sequence[str]) -> Form:
    """Read only a form's head, whose keys come before the first table in TOML; the body is read on first access."""

    def body() -> Body:
        form = load_form(path)
        refuse_dangling(path, form, names)
        return form.body()

    return Form(body=body, **_read_head(path, _parse_toml(path, read_form_text(path).partition("\n[")[0])))


def read_toml(path: Path) -> dict[str, Any]:
    """Return what a TOML file holds; raises FormError, with the line, if it cannot be read."""
    return _parse_toml(path, read_form_text(path))


def read_form_text(path: Path) -> str:
    """Return a form's text; raises FormError if it cannot be read, is too long for a form, or is not UTF-8."""
    try:
        data = read_file(path, _LARGEST + 1)
        if len(data) > _LARGEST:
            raise FormError(path, None, f"文件超过 {_LARGEST // 1000} KB，不像一张登记表的写法，请核对。")
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        raise FormError(path, None, f"读不出来：{reason_of(error)}。") from None
    except UnicodeDecodeError:
        raise FormError(path, None, "文件不是 UTF-8 编码，请另存为 UTF-8。") from None


def _parse_toml(path: Path, text: str) -> dict[str, Any]:
    """Parse a form; raises FormError with the line if it is not valid TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        raise FormError(
            path, int(found[1]) if found else None, "这一行不合 TOML 写法，请检查引号、等号和方括号。"
        ) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, or brackets within brackets without end
        raise FormError(path, None, "有一个数太长，或者括号套得太深，请改短。") from None


def _read_head(path: Path, table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of Form from a form's head; raises FormError if it is wrong."""
    refuse_unknown(path, table, FORM_KEYS, None)
    for key in ("sheet", "code"):
        if not isinstance(table.get(key), str) or not table[key]:
            raise FormError(path, line_of(path, key), f'缺少 {key} = "…"，请补上。')
    if not re.fullmatch(r"[^{}]*\{n(:0[1-9])?\}[^{}]*", table["code"]):
        raise FormError(path, line_of(path, "code"), "code 里要有 {n:03} 这样的序号位置，例如 SQ-{n:03}。")
    head, _, tail = table["code"].partition("{")
    plain = re.fullmatch(r"[^\W\d_][\w-]{0,9}", head) and head == head.upper() and not head[-1].isdigit()
    if not (table.get("automatic") is True or (plain and tail.endswith("}"))):
        problem = "code 用一两个大写字母开头，短横后面是序号，序号在最后，例如 SQ-{n:03}，请改。"
        raise FormError(path, line_of(path, "code"), problem)
    refuse_sheet_name(path, table["sheet"])
    if not 0 <= table.get("order", 0) <= _LAST_ORDER:
        raise FormError(path, line_of(path, "order"), f"order 写 0 到 {_LAST_ORDER} 的整数，请改。")
    for key, allowed in (("group", GROUPS), ("sensitivity", tuple(Sensitivity)), ("new_rows", tuple(Filler))):
        refuse_choice(path, table, key, allowed, None)
    return {"name": path.stem, **{key: _convert(key, value) for key, value in table.items() if key not in BODY_KEYS}}


def _sort_forms(forms: Mapping[Path, Form]) -> Mapping[str, Form]:
    """Return name → form in the order of the ledger's sheets; raises FormError if two share a sheet or a code."""
    sheets: dict[str, Path] = {}
    codes: dict[str, Form] = {}
    for path, form in forms.items():
        head = form.code.partition("{")[0].upper()
        if head in codes:
            problem = f"编号 {form.code} 的开头和〈{codes[head].sheet}〉的一样，会分不清，请换一个开头。"
            raise FormError(path, line_of(path, "code"), problem)
        codes[head] = form
        if (name := form.sheet.casefold()) in sheets:  # Excel does not tell capitals from small letters
            other = sheets[name].name
            raise FormError(path, line_of(path, "sheet"), f"表名“{form.sheet}”已被 {other} 使用，请换一个表名。")
        sheets[name] = path
    return {form.name: form for form in sorted(forms.values(), key=lambda form: (form.order, form.name))}


def _read_column(path: Path, number: int, table: dict[str, Any]) -> Column:
    refuse_unknown(path, table, COLUMN_KEYS, number)
    for key in ("key", "title", "type"):
        if not isinstance(table.get(key), str) or not table[key]:
            raise FormError(path, line_of(path, "[[column]]", number), f"第 {number + 1} 列缺少 {key}，请补上。")
    refuse_choice(path, table, "type", tuple(ColumnType), number)
    refuse_choice(path, table, "filled_by", tuple(Filler), number)
    title, of = table["title"], ColumnType(table["type"])
    refuse_odd_column(path, table, number)
    if of.is_choice and not table.get("choices"):
        raise FormError(path, line_of(path, "type", number), f'列“{title}”是选项，请写 choices = ["…"]。')
    if of.is_reference and not table.get("to"):
        raise FormError(path, line_of(path, "type", number), f"列“{title}”是引用，请用 to 写明引用哪个表单。")
    if "earliest" in table and (of is not ColumnType.DATE or not OLDEST <= table["earliest"] < FIRST_YEAR):
        problem = f"列“{title}”的 earliest 只用于日期列，写 {OLDEST} 到 {FIRST_YEAR - 1} 之间的年份，请改。"
        raise FormError(path, line_of(path, "earliest", number), problem)
    for key in ("department_choices", "choice_aliases"):
        named = table.get(key, ())
        words = named.values() if isinstance(named, dict) else named
        outside = [word for word in words if word not in table.get("choices", ())]
        if outside:
            line = line_of(path, key, number)
            raise FormError(path, line, f"列“{title}”的“{outside[0]}”不在 choices 里，请先加进去。")
    return Column(**{key: _convert(key, value) for key, value in table.items()})


def _read_indicator(path: Path, number: int, table: dict[str, Any]) -> Indicator:
    titled = isinstance(table.get("title"), str) and table["title"].strip()
    if table.get("kind") not in tuple(INDICATOR_KINDS) or not titled:
        kinds, line = "、".join(INDICATOR_KINDS), line_of(path, "[[indicator]]", number, "[[indicator]]")
        raise FormError(path, line, f"指标要有 title，kind 只能是：{kinds}。")
    named = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    options = {key: value for key, value in named.items() if key not in ("title", "kind", "when", *Mark)}
    try:
        return Indicator(
            table["title"],
            IndicatorKind(table["kind"]),
            options,
            read_conditions(table.get("when", {})),
            read_thresholds(table),
        )
    except ValueError as error:
        line = line_of(path, "[[indicator]]", number, "[[indicator]]")
        raise FormError(path, line, f"指标“{table['title']}”{error}") from None


def _read_rule(path: Path, number: int, table: dict[str, Any]) -> Rule:
    try:
        return read_rule(table)
    except ValueError as error:
        name = table.get("name", f"第 {number + 1} 条")
        raise FormError(path, line_of(path, "[[rule]]", number, "[[rule]]"), f"规则 {name} {error}") from None


def _read_board(path: Path, number: int, table: dict[str, Any]) -> Board:
    try:
        return read_board(table)
    except ValueError as error:
        name = table.get("title", f"第 {number + 1} 块")
        raise FormError(path, line_of(path, "[[board]]", number, "[[board]]"), f"看板 {name} {error}") from None


_ENUMS = {"type": ColumnType, "filled_by": Filler, "new_rows": Filler, "sensitivity": Sensitivity}


def _convert(key: str, value: Any) -> Any:
    """Convert a checked value from TOML to the type that Form and Column hold."""
    if key in _ENUMS:
        return _ENUMS[key](value)
    return tuple(value) if isinstance(value, list) else value
