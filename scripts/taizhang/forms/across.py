"""What a form says about other registers: that they have the columns it names, of types that can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from taizhang.forms.boards import Board
from taizhang.forms.columns import Column
from taizhang.forms.conditions import Condition, problem_of
from taizhang.forms.grammar import FormError, line_of
from taizhang.forms.model import Form
from taizhang.forms.rules import Rule, RuleKind

__all__ = ["refuse_mismatch"]


def refuse_mismatch(path: Path, form: Form, forms: Mapping[str, Form]) -> None:
    """Raise FormError if a rule or a board names a column, or a word of one, that another register does not have.

    ``forms`` are all forms by name, those that the form refers to among them.
    """
    for number, rule in enumerate(form.rules):
        for problem in _problems_of_rule(form, rule, forms):
            raise FormError(path, line_of(path, "[[rule]]", number, "[[rule]]"), f"规则 {rule.name} {problem}")
    for number, board in enumerate(form.boards):
        for problem in _problems_of_board(board, forms):
            raise FormError(path, line_of(path, "[[board]]", number, "[[board]]"), f"看板 {board.title} {problem}")


def _problems_of_rule(form: Form, rule: Rule, forms: Mapping[str, Form]) -> Iterator[str]:
    option = rule.option
    if other := forms.get(option("form") or ""):
        numbers = (option("column"),) if rule.kind is RuleKind.TALLY and option("column") else ()
        yield from _unlisted(other, (option("match"), *numbers))
        yield from _problems_of_conditions(other, (*(option("require") or ()), *(option("where") or ())))
        for column in (other.column(key) for key in numbers):
            if not column.type.is_number:
                yield f"的 column 是〈{other.sheet}〉的“{column.title}”，不是数，不能相加，请改成数的列。"
    yield from _problems_of_over(option("over"), forms)
    for rows, of in ((rule.fails, form), *((rows, forms.get(name)) for name, rows in rule.fails_with.items())):
        if of is None:
            yield f"的 fails_with 里的表单不存在，可以写：{'、'.join(forms)}。"
        else:
            yield from (problem for row in rows for problem in _unlisted(of, row))


def _problems_of_board(board: Board, forms: Mapping[str, Form]) -> Iterator[str]:
    yield from _problems_of_over(board.option("over"), forms)
    for key, names in (
        ("items", ("points", "method", "floor", "cap", "source")),
        ("same", ("column", "kind")),
        ("called", ("column", "year", "held")),
        ("longest", ("column", "from", "to")),
    ):
        if table := board.option(key):
            yield from _unlisted(forms[table["form"]], (table[name] for name in names))


def _problems_of_over(over: Mapping[str, Any] | None, forms: Mapping[str, Form]) -> Iterator[str]:
    if over:
        other = forms[over["form"]]
        yield from _unlisted(other, (over["column"],))
        yield from _problems_of_conditions(other, over["when"])


def _unlisted(other: Form, keys: Iterable[str]) -> Iterator[str]:
    yield from (
        f"用到〈{other.sheet}〉的列 {key}，那张表没有，{_listed(other.by_key)}"
        for key in keys
        if key not in other.by_key
    )


def _listed(columns: Mapping[str, Column]) -> str:
    return f"可以写：{'、'.join(columns)}。"


def _problems_of_conditions(other: Form, conditions: Iterable[Condition]) -> Iterator[str]:
    for condition in conditions:
        if condition.key not in other.by_key:
            yield from _unlisted(other, (condition.key,))
        elif problem := problem_of(condition, other.by_key):
            yield f"看〈{other.sheet}〉的{problem}"
