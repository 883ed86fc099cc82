"""Comparisons: an indicator of a register, perhaps of the rows that meet conditions, and the target it must reach.

Read from words, as the office types them in 〈核对〉 and as ``templates/proofs.toml`` proposes them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from taizhang.forms.columns import Column
from taizhang.forms.conditions import Condition, Test
from taizhang.forms.grammar import words_of
from taizhang.forms.model import Form, Indicator
from taizhang.forms.register_names import PROOFS
from taizhang.forms.vocabulary import ColumnType, IndicatorKind
from taizhang.ledger.cell_values import read_value
from taizhang.ledger.settings import Settings
from taizhang.ledger.vocabulary import Operator
from taizhang.supervision.indicators import event_column, whole_column
from taizhang.typed.choices import nearest
from taizhang.typed.cycles import CycleKind
from taizhang.typed.numbers import read_decimal, read_integer, read_percent
from taizhang.typed.readings import quote
from taizhang.typed.text import as_text, clean_key, head_key, is_blank, split_many

__all__ = ["Comparison", "Fault", "read_comparison"]

_EVENTS = (IndicatorKind.COUNT, IndicatorKind.COUNT_BY, IndicatorKind.SHARE, IndicatorKind.ON_TIME)
"""Kinds of indicators whose counted rows are events; a sum of whole numbers counts events too."""

LISTED_AT_MOST = 12
"""A cure lists what may be written if that is no more than so many words."""

_IN_CONDITIONS = (ColumnType.TEXT, ColumnType.CODE, ColumnType.REFERENCE, ColumnType.REFERENCES)
"""Types of columns, besides choices and names of 参数, that a condition may be about."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell: its column key in 〈核对〉, the problem (a clause without punctuation), the cure."""

    key: str
    problem: str
    cure: str


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """An indicator and its target as understood; what is wrong or missing is None.

    ``target`` is a number, percentage points if ``percent``; None if the target is ``versus``, another indicator of the
    register. ``per`` is the cycle in which the target must be reached each time; None if it is to be reached once.
    """

    form: Form | None = None
    indicator: Indicator | None = None
    conditions: tuple[Condition, ...] = ()
    operator: Operator | None = None
    target: Decimal | None = None
    percent: bool = False
    versus: Indicator | None = None
    unit: str = ""
    per: CycleKind | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def day_column(self) -> str:
        """The key of the column by whose day a row belongs to a cycle; empty if the register has none."""
        if self.form is None or self.indicator is None:
            return ""
        whole = self.percent or self.indicator.kind is IndicatorKind.OVERDUE or self.indicator.kind.of_days
        return (whole_column if whole else event_column)(self.form, self.indicator)

    @property
    def counts_events(self) -> bool:
        """Whether the figure counts events that have a day, so that a recurring duty can be kept by them."""
        if self.form is None or self.indicator is None or self.percent or not self.day_column:
            return False
        if self.indicator.kind == IndicatorKind.SUM:
            return self.form.column(str(self.indicator.options["column"])).type == ColumnType.INTEGER
        return self.indicator.kind in _EVENTS


def read_comparison(
    cells: Mapping[str, Any], forms: Mapping[str, Form], settings: Settings, codes: Mapping[str, Collection[str]]
) -> Comparison:
    """Read a comparison from raw cells by column key of 〈核对〉; nothing is guessed, what is wrong becomes a fault.

    ``codes`` are the codes of each register (form name) that exist; references to other registers are not looked up.
    What is blank, and what depends on a wrong cell, is no fault here.
    """
    faults: list[Fault] = []

    def words(key: str) -> str:
        return clean_key(as_text(cells.get(key)))

    def choice(key: str) -> Any:
        return read_value(forms[PROOFS].column(key), cells.get(key), settings).value

    form = _find_form(words("register"), forms, faults)
    indicator = _find_indicator(words("indicator"), form, faults) if form else None
    conditions = tuple(_read_conditions(words("filter"), form, settings, codes, faults)) if form else ()
    target = _Target()
    if form and indicator and not is_blank(cells.get("target")):
        target = _read_target(cells["target"], words("unit"), form, indicator, faults)
    operator, per = choice("operator"), choice("per")
    unit = words("unit") or (str(indicator.options.get("unit", "")) if indicator else "")
    found = Comparison(
        form=form,
        indicator=indicator,
        conditions=conditions,
        operator=Operator(operator) if operator else None,
        target=target.number,
        percent=target.percent,
        versus=target.versus,
        unit="%" if target.percent else unit,
        per=CycleKind(per) if per else None,
        faults=tuple(faults),
    )
    if form and indicator and found.per and not faults and not found.day_column:
        problem = f"〈{form.sheet}〉的“{indicator.title}”没有日期，分不了周期"
        fault = Fault("per", problem, "请把“每周期”空着，或换一个指标。")
        found = Comparison(**{**vars(found), "faults": (fault,)})
    return found


def _find_form(name: str, forms: Mapping[str, Form], faults: list[Fault]) -> Form | None:
    """Return the form of a register by its sheet's name, whether the ledger has it or not."""
    sheets = {form.sheet: form for form in forms.values() if not form.automatic and form.indicators}
    found = next((form for sheet, form in sheets.items() if head_key(sheet) == head_key(name)), None)
    if found is None and name:
        problem = f"没有{quote(name)}这张有指标的登记表"
        faults.append(Fault("register", problem, f"{_perhaps(name, sheets)}请写登记表的表名。"))
    return found


def _find_indicator(title: str, form: Form, faults: list[Fault]) -> Indicator | None:
    """Return an indicator of a form by its title."""
    titles = {each.title: each for each in form.indicators}
    found = next((each for each in titles.values() if head_key(each.title) == head_key(title)), None)
    if found is None and title:
        problem = f"〈{form.sheet}〉没有{quote(title)}这个指标"
        faults.append(Fault("indicator", problem, f"{_perhaps(title, titles)}可以写：{'、'.join(titles)}。"))
    return found


def _read_conditions(
    text: str, form: Form, settings: Settings, codes: Mapping[str, Collection[str]], faults: list[Fault]
) -> Iterator[Condition]:
    """Yield the conditions of a cell such as 活动类型=警示教育；组织部门=财务处, all of which must be met."""
    for part in filter(None, map(str.strip, text.split(";"))):
        title, _, word = map(str.strip, part.partition("="))
        column = form.titles.get(head_key(title))
        if not word:
            faults.append(Fault("filter", f"条件{quote(part)}读不懂", "请写成“列标题=词”，几个条件用分号隔开。"))
        elif column is None or not _in_conditions(column):
            what = f"没有{quote(title)}这一列" if column is None else f"的“{column.title}”不能当条件"
            listed = [each.title for each in form.columns if _in_conditions(each)]
            cure = f"{_perhaps(title, listed)}可以用：{'、'.join(listed)}。"
            faults.append(Fault("filter", f"〈{form.sheet}〉{what}", cure))
        else:
            yield from _read_condition(column, word, settings, codes.get(column.to, ()), faults)


def _in_conditions(column: Column) -> bool:
    return column.type.is_choice or column.type.is_listed or column.type in _IN_CONDITIONS


def _read_condition(
    column: Column, word: str, settings: Settings, codes: Collection[str], faults: list[Fault]
) -> Iterator[Condition]:
    """Yield one condition; words that its column cannot hold are faults, each with those that it can."""
    named = settings.names(column.type) if column.type.is_listed else ()
    offered = column.choices or named or tuple(codes)
    parts = (word,) if column.type in (ColumnType.TEXT, ColumnType.CODE) else split_many(word)
    words: list[str] = []
    for each in parts:
        known = words_of(read_value(column, each, settings).value or ())
        if known and (not offered or set(known) <= set(offered)):
            words += known
        else:
            listed = f"可以写：{'、'.join(offered)}。" if len(offered) <= LISTED_AT_MOST else "请核对。"
            problem = f"条件里的“{column.title}”没有{quote(each)}"
            faults.append(Fault("filter", problem, f"{_perhaps(each, offered)}{listed}"))
    if words:
        yield Condition(column.key, Test.IS, tuple(words))


@dataclass(frozen=True, slots=True)
class _Target:
    number: Decimal | None = None
    percent: bool = False
    versus: Indicator | None = None


def _read_target(raw: Any, unit: str, form: Form, indicator: Indicator, faults: list[Fault]) -> _Target:
    """Read the target as a percentage, a number, or the title of another indicator.

    Excel stores a typed 100% as 1 and 80% as 0.8. A stored fraction can be no count; a stored 1 is asked, unless the
    unit tells.
    """
    text, divides = clean_key(as_text(raw)), indicator.kind.has_whole
    stored = Decimal(str(raw)) if isinstance(raw, (int, float)) and not isinstance(raw, bool) else None
    fraction = stored is not None and 0 < stored < 1 and divides
    if stored == 1 and divides and not unit:
        cure = "请在“单位”里写 %，或写个、次这样的单位。"
        faults.append(Fault("target", "目标 1 分不清是 100% 还是 1", cure))
        return _Target()
    if text.endswith("%") or unit == "%" or fraction:
        if not divides:
            problem = f"〈{form.sheet}〉的“{indicator.title}”是个数，不能和百分数比"
            faults.append(Fault("target", problem, "请写个数，或换一个指标。"))
            return _Target()
        percent = read_percent(raw if stored is not None else text if text.endswith("%") else f"{text}%")
        if percent.value is None:
            faults.append(Fault("target", f"目标{quote(raw)}不在 0% 到 100% 之间", "请写 80% 这样的百分数。"))
            return _Target()
        return _Target(percent.value, percent=True)
    number = next((each for each in (read_decimal(raw).value, read_integer(raw).value) if each is not None), None)
    if number is not None:
        if number < 0:
            faults.append(Fault("target", f"目标{quote(raw)}小于 0", "请写 0 或更大的数。"))
            return _Target()
        return _Target(Decimal(number))
    titles = {each.title: each for each in form.indicators if each is not indicator}
    versus = next((each for each in titles.values() if head_key(each.title) == head_key(text)), None)
    if versus is None:
        problem = f"目标{quote(raw)}不是数，也不是〈{form.sheet}〉的另一个指标"
        faults.append(Fault("target", problem, f"{_perhaps(text, titles)}请写数字，或写指标名称。"))
    return _Target(versus=versus)


def _perhaps(text: str, words: Collection[str]) -> str:
    """Return a question that names the most likely word; empty if none is near."""
    near = nearest(text, tuple(words))
    return f"是不是“{near[0]}”？" if near else ""
