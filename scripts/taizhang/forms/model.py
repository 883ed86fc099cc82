"""A form as values: the register, its columns, its indicators, rules and boards."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from taizhang.forms.boards import Board
from taizhang.forms.columns import Column
from taizhang.forms.conditions import Condition
from taizhang.forms.register_names import TASKS
from taizhang.forms.rules import Rule, RuleKind
from taizhang.forms.thresholds import Threshold
from taizhang.forms.vocabulary import ColumnType, Filler, IndicatorKind, Sensitivity
from taizhang.typed.text import head_in_full, head_key


@dataclass(frozen=True, slots=True)
class Indicator:
    """A simple figure of a register, declared in its form.

    ``options`` are those of its kind, among them the columns it is computed from. Only rows that meet ``when`` count.
    """

    title: str
    kind: IndicatorKind
    options: Mapping[str, Any]
    when: tuple[Condition, ...] = ()
    thresholds: tuple[Threshold, ...] = ()

    @property
    def rule_names(self) -> tuple[str, ...]:
        """The DUE rules of the form by which rows are overdue; empty if the indicator names the columns itself."""
        named = self.options.get("rule", ())
        return (named,) if isinstance(named, str) else named


@dataclass(frozen=True, slots=True)
class Body:
    """What a form declares below its head: columns, column key → values that close a row, indicators, rules, boards."""

    columns: tuple[Column, ...]
    closed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    indicators: tuple[Indicator, ...] = ()
    rules: tuple[Rule, ...] = ()
    boards: tuple[Board, ...] = ()


@dataclass(frozen=True)
class Form:
    """The declaration of one register.

    ``name`` is the file's stem and the register's identifier. ``owner`` is the key of the column with the department
    that owns the row, empty if all rows are the office's. ``branch`` is the key of the column with the party branch,
    of a register that branches answer. A form as declared is answered by departments, also one that branches answer:
    a ledger may have none; ``for_branches`` returns the form with ``by_branch``. ``new_rows`` says who may add rows.
    ``dated`` is the key of the column with the date of the row's event. Only the program writes an ``automatic``
    register. ``later``: the form was added later, so a ledger may lack it. ``body`` returns the rest and is called
    once, on first access: a ledger holds a dozen of nearly fifty registers.
    """

    name: str
    sheet: str
    code: str
    body: Callable[[], Body] = field(compare=False, repr=False)
    order: int = 100
    group: str = "其他"
    owner: str = ""
    branch: str = ""
    by_branch: bool = False
    sensitivity: Sensitivity = Sensitivity.INTERNAL
    enabled: bool = False
    automatic: bool = False
    later: bool = False
    new_rows: Filler = Filler.OFFICE
    title_column: str = ""
    dated: str = ""
    help: str = ""

    @cached_property
    def _body(self) -> Body:
        return self.body()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in sheet order; nobody types the branch in a register that is sent to this branch alone."""
        if not self.by_branch:
            return self._body.columns
        return tuple(
            replace(column, filled_by=Filler.OFFICE) if column.key == self.branch else column
            for column in self._body.columns
        )

    @property
    def reporter(self) -> str:
        """The key of the column with the department or branch that answers a row; empty if the office does."""
        return self.branch if self.by_branch else self.owner

    def for_branches(self, *, by_branch: bool = True) -> Form:
        """Return the form as branches answer it, or with ``by_branch=False`` as departments do."""
        wanted = by_branch and bool(self.branch)
        return self if wanted is self.by_branch else replace(self, by_branch=wanted, body=lambda: self._body)

    @property
    def closed(self) -> Mapping[str, tuple[str, ...]]:
        """Column key → values that close a row, so that it is no longer issued."""
        return self._body.closed

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The simple figures of the register."""
        return self._body.indicators

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules about the rows of the register."""
        return self._body.rules

    def rules_of(self, indicator: Indicator) -> tuple[Rule, ...]:
        """Return the rules that an indicator names."""
        return tuple(rule for rule in self.rules if rule.name in indicator.rule_names)

    @property
    def boards(self) -> tuple[Board, ...]:
        """The boards that answer the leader's questions about the register."""
        return self._body.boards

    def column(self, key: str) -> Column:
        """Return the column with this key; raises KeyError if there is none."""
        return self.by_key[key]

    @cached_property
    def by_key(self) -> Mapping[str, Column]:
        """The columns by key, in sheet order."""
        return {column.key: column for column in self.columns}

    def may_lack(self, column: Column) -> bool:
        """Whether a ledger works as before without this column, since it or the whole register came later."""
        return self.later or column.later

    @cached_property
    def titles(self) -> Mapping[str, Column]:
        """Every accepted head, normalised by ``head_key`` → its column."""
        return {head_key(title): column for column in self.columns for title in (column.title, *column.aliases)}

    @cached_property
    def _full_titles(self) -> Mapping[str, frozenset[str]]:
        """The heads that are exactly a column's title or an alias, normalised, by the column's key."""
        return {
            column.key: frozenset(
                head(title) for title in (column.title, *column.aliases) for head in (head_in_full, head_key)
            )
            for column in self.columns
        }

    def is_head_of(self, raw: Any, column: Column) -> bool:
        """Whether a head is exactly the column's title or alias, without an added remark in brackets."""
        return head_in_full(raw) in self._full_titles[column.key]

    @cached_property
    def code_heads(self) -> frozenset[str]:
        """Every accepted head of the code column, normalised by ``head_key``."""
        return frozenset(head for head, column in self.titles.items() if column is self.code_column)

    @cached_property
    def code_column(self) -> Column:
        """The column with the row's code."""
        return next(column for column in self.columns if column.type == ColumnType.CODE)

    @cached_property
    def department_columns(self) -> tuple[Column, ...]:
        """The columns that departments fill."""
        return tuple(column for column in self.columns if column.by_department)

    @cached_property
    def done_columns(self) -> tuple[str, ...]:
        """The keys of the dates on which something was done, as rules, indicators and boards take them, in order."""
        named = {rule.option("done") for rule in self.rules if rule.kind is RuleKind.DUE}
        named |= {indicator.options.get("to") for indicator in self.indicators}
        named |= {board.option("done") for board in self.boards}
        return tuple(column.key for column in self.columns if column.key in named and column.type is ColumnType.DATE)

    @cached_property
    def tick(self) -> Column | None:
        """The column in which departments say that a row has nothing new this period; None if there is none."""
        return next((column for column in self.columns if column.each_period and len(column.choices) == 1), None)

    @cached_property
    def task_column(self) -> Column | None:
        """The column with the task that a row is about; None if rows are about no single task."""
        return next((each for each in self.columns if each.to == TASKS and each.type == ColumnType.REFERENCE), None)

    @property
    def asks_for_changes(self) -> bool:
        """Whether departments are asked if the register has a change: they add its rows, and not only on occasion.

        A row about a task is an application: without one, nobody wants to hear that there is none.
        """
        return self.may_be_limited and self.new_rows == Filler.DEPARTMENT

    @property
    def issued(self) -> bool:
        """Whether departments or branches receive this register in their template."""
        return bool(self.reporter and self.department_columns)

    @property
    def may_be_limited(self) -> bool:
        """Whether 参数 may say which departments are sent the register; what is about tasks goes with their tasks."""
        return self.issued and self.name != TASKS and self.task_column is None

    @property
    def filled_by(self) -> str:
        """Who fills this register, in the office's words."""
        if self.automatic:
            return "程序"
        if not self.issued:
            return "办公室"
        who = "支部" if self.branch else "部门"
        return who if self.new_rows == Filler.DEPARTMENT else f"办公室、{who}"

    def format_code(self, number: int) -> str:
        """Return the code of the row with this running number, e.g. 7 → ``RW-007``."""
        return self.code.format(n=number)

    def code_number(self, code: str) -> int | None:
        """Return the running number in a code of this form, or None if the code has another shape."""
        head, _, tail = self.code.partition("{")
        tail = tail.partition("}")[2]
        match = re.fullmatch(re.escape(head) + r"(\d+)" + re.escape(tail), code)
        return int(match[1]) if match else None
