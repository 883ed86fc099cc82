"""Boards that a form declares: the leader's question about the register, and the columns that answer it.

Each kind is drawn in its own way; BOARD_KINDS lists its keys. A board that cannot be used is refused when its form is
read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from taizhang.forms.columns import Column
from taizhang.forms.conditions import Condition, problem_of, read_conditions
from taizhang.forms.rules import read_over
from taizhang.forms.vocabulary import ColumnType
from taizhang.forms.written import find_unlisted_column, read_words, refuse_unknown_keys

__all__ = [
    "BOARD_KEYS",
    "BOARD_KINDS",
    "Board",
    "BoardKind",
    "Kind",
    "forms_of",
    "keys_of",
    "problem_with",
    "read_board",
]


class BoardKind(StrEnum):
    """The kinds of boards; BOARD_KINDS says what each shows."""

    MATRIX = "matrix"
    RANKING = "ranking"
    FUNNEL = "funnel"
    MILESTONES = "milestones"
    STACK = "stack"
    LINE = "line"
    LIST = "list"
    TARGET = "target"
    DURATIONS = "durations"


@dataclass(frozen=True, slots=True)
class Board:
    """One board of a form; ``options`` are the keys of its kind, ``when`` the rows that it looks at."""

    title: str
    kind: BoardKind
    options: Mapping[str, Any]
    when: tuple[Condition, ...] = ()

    def option(self, name: str) -> Any:
        """Return an option, None if it is not set."""
        return self.options.get(name)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of board shows, its keys, and whether it only counts, so that a personal register may have it."""

    says: str
    needed: tuple[str, ...]
    allowed: tuple[str, ...] = ()
    counts: bool = False


BOARD_KINDS: Mapping[BoardKind, Kind] = {
    BoardKind.MATRIX: Kind(
        "名单里每一个（rows）在每个周期（per、on）或每一类（columns）有多少；value 相加，plan 是应有多少，"
        "against 写按哪条 count 规则判断",
        ("rows",),
        ("columns", "per", "on", "value", "plan", "against", "over"),
    ),
    BoardKind.RANKING: Kind(
        "一年（year）的得分榜：score 是得分，veto 是否决，"
        "item 引用的指标表（items）里 points、method、floor、cap、source 是哪些列，"
        "same 写同类才比，called 写约谈记在哪张表",
        ("rows", "year", "score", "item", "items"),
        ("veto", "same", "called", "over"),
    ),
    BoardKind.FUNNEL: Kind("名单里每一个（rows）各阶段（stages）的个数", ("rows", "stages"), ("over",), counts=True),
    BoardKind.MILESTONES: Kind(
        "每件事的计划日（planned）、完成日（done）和滞后天数；写了 budget、spent 的再列预算执行",
        ("what", "planned", "done"),
        ("who", "by", "budget", "spent"),
    ),
    BoardKind.STACK: Kind(
        "每一组（rows）由哪些部分（parts）组成，各占多少；不写 parts 的写 planned、done，分已完成、逾期、未到期；"
        "replaces 写替代了哪一行",
        ("rows",),
        ("parts", "value", "planned", "done", "replaces"),
    ),
    BoardKind.LINE: Kind(
        "各期次（period）的比率：name 是它的名称，part 占 whole；beside 是旁边再列的比率，"
        "counts 是画成柱的数，better 写高好还是低好",
        ("period", "name", "part", "whole"),
        ("beside", "counts", "better"),
    ),
    BoardKind.LIST: Kind(
        "名单里每一个（rows）在 forms 这些登记表里有几处不合规则；"
        "longest 写一张表里从 from 到 to 还没有完的，再列最久的几天",
        ("rows", "forms"),
        ("over", "longest"),
    ),
    BoardKind.TARGET: Kind(
        "目标（target）和实际（actual），差得最多的排前；by 分组，base 是起点，due 是时限，过了时限的才亮灯",
        ("what", "target", "actual"),
        ("by", "who", "base", "unit", "due"),
    ),
    BoardKind.DURATIONS: Kind(
        "每一类（rows）从 from 到 to 用了几个工作日；due 是时限，steps 是环节数",
        ("rows", "from", "to"),
        ("due", "steps"),
    ),
}
"""Every kind of board with its keys."""

BOARD_KEYS = ("title", "kind", "when")
"""The keys that every board may have."""

_NUMBERS = (*(each for each in ColumnType if each.is_number), ColumnType.PERCENT)
_DAYS = tuple(each for each in ColumnType if each.is_day)
_CHOICE = (ColumnType.CHOICE,)
_GROUPS = tuple(each for each in ColumnType if each.is_choice or each.is_listed)

_COLUMN_KEYS: Mapping[str, tuple[ColumnType, ...]] = {
    "rows": _GROUPS, "columns": _CHOICE, "stages": _CHOICE, "parts": _CHOICE, "by": _CHOICE,
    "on": (*_DAYS, ColumnType.PERIOD), "period": (ColumnType.PERIOD, ColumnType.INTEGER, *_DAYS),
    "value": _NUMBERS, "plan": _NUMBERS, "score": _NUMBERS, "target": _NUMBERS, "actual": _NUMBERS, "base": _NUMBERS,
    "part": _NUMBERS, "whole": _NUMBERS, "counts": _NUMBERS, "planned": _DAYS, "done": _DAYS,
    "from": _DAYS, "to": _DAYS, "due": _DAYS, "steps": _NUMBERS,
    "budget": (ColumnType.MONEY,), "spent": (ColumnType.MONEY,),
    "year": (ColumnType.INTEGER,), "item": (ColumnType.REFERENCE,), "replaces": (ColumnType.REFERENCE,),
    "what": tuple(ColumnType), "who": tuple(ColumnType), "unit": tuple(ColumnType), "veto": (ColumnType.CHOICE,),
}  # fmt: skip
"""Keys that name columns of the form → the types these may have."""
_SEVERAL = ("part", "counts")
"""Keys that may name several columns, which are added up or drawn side by side."""
_TABLES: Mapping[str, tuple[str, ...]] = {
    "items": ("form", "points", "method", "floor", "cap", "source"),
    "same": ("form", "column", "kind"),
    "called": ("form", "column", "year", "held"),
    "beside": ("name", "part", "whole"),
    "longest": ("name", "form", "column", "from", "to"),
}
"""Keys that are tables → all their keys, each with a word."""


def read_board(table: Mapping[str, Any]) -> Board:
    """Read one board from TOML; raises ValueError with what is wrong and the cure."""
    if not isinstance(table.get("title"), str) or not table["title"].strip():
        raise ValueError('缺少 title = "…"，请补上。')
    if table.get("kind") not in tuple(BoardKind):
        raise ValueError(f"kind 不能是“{table.get('kind', '')}”，可以是：{'、'.join(BoardKind)}。")
    kind = BoardKind(table["kind"])
    spec = BOARD_KINDS[kind]
    keys = (*spec.needed, *spec.allowed)
    refuse_unknown_keys(table, tuple(BOARD_KEYS), kind, keys)
    if missing := [key for key in spec.needed if key not in table]:
        raise ValueError(f"{kind} 要写 {missing[0]}，请补上。")
    when = table.get("when", {})
    if not isinstance(when, Mapping):
        raise ValueError('when 要写成条件，例如 { state = "在任" }。')
    options = {key: _read_option(key, table[key]) for key in keys if key in table}
    return Board(table["title"], kind, options, read_conditions(when))


def _read_option(key: str, value: Any) -> Any:
    """Return one option with its type checked: lists as tuples, tables as they are, the list of ``over`` read."""
    if key == "over":
        return read_over(value)
    if key in _TABLES:
        wanted = _TABLES[key]
        if not isinstance(value, Mapping) or set(value) != set(wanted):
            raise ValueError(f"{key} 要写成 {{ {'、'.join(wanted)} }}，一样也不能少。")
        return {name: read_words(key, each) if name == "part" else _word(key, each) for name, each in value.items()}
    if key == "per" and value not in ("月", "季", "半年", "年"):
        raise ValueError(f"per 不能是“{value}”，可以是：月、季、半年、年。")
    if key == "better" and value not in ("高", "低"):
        raise ValueError(f"better 不能是“{value}”，可以是：高、低。")
    return read_words(key, value) if key in (*_SEVERAL, "forms") else _word(key, value)


def _word(key: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key} 要写成引号里的文字。")
    return value


def keys_of(board: Board) -> Iterator[str]:
    """Yield the keys of the form's own columns that a board looks at."""
    for condition in board.when:
        yield condition.key
    for key, value in board.options.items():
        if key in _COLUMN_KEYS:
            yield from value if isinstance(value, tuple) else (value,)
        elif key == "beside":
            yield from (*value["part"], value["whole"])


def forms_of(board: Board) -> Iterator[str]:
    """Yield the names of the other forms that a board looks at."""
    yield from board.option("forms") or ()
    for key in ("over", "items", "same", "called", "longest"):
        if table := board.option(key):
            yield table["form"]


def problem_with(board: Board, columns: Mapping[str, Column], counts: Collection[str], *, personal: bool) -> str:
    """Return why a board cannot be used with its form's columns (by key), with the cure; empty if it can.

    ``counts`` are the names of the form's count rules with a quota. A ``personal`` register may only have boards that
    count.
    """
    if personal and not BOARD_KINDS[board.kind].counts:
        kinds = "、".join(kind for kind, spec in BOARD_KINDS.items() if spec.counts)
        return f"不能用：涉及个人的登记表只出个数，kind 只能是：{kinds}。"
    for condition in board.when:
        if problem := problem_of(condition, columns):
            return problem
    if problem := find_unlisted_column(keys_of(board), columns):
        return problem
    for key, types in _COLUMN_KEYS.items():
        value = board.option(key) or ()
        for name in value if isinstance(value, tuple) else (value,):
            if columns[name].type not in types:
                allowed = "、".join(each.label for each in types)
                return f"的 {key} 不能用{columns[name].type.label}列，可以用：{allowed}。"
    return _problem_of_kind(board, counts)


def _problem_of_kind(board: Board, counts: Collection[str]) -> str:
    """Return what is wrong with the keys of a kind that depend on each other; empty if nothing is."""
    option = board.option
    match board.kind:
        case BoardKind.MATRIX if option("against"):
            if option("against") not in counts:
                return f"的 against 写的 {option('against')} 不是本表写了 at_least 的 count 规则，请改成已有的规则名。"
        case BoardKind.MATRIX if bool(option("columns")) == bool(option("per") and option("on")):
            return "要写 columns，或者写 per 和 on，两样写一样。"
        case BoardKind.MATRIX if option("plan") and not option("value"):
            return "写了 plan 的，也要写 value。"
        case BoardKind.MILESTONES if bool(option("budget")) != bool(option("spent")):
            return "budget 和 spent 要一起写。"
        case BoardKind.STACK if bool(option("parts")) == bool(option("planned") and option("done")):
            return "要写 parts，或者写 planned 和 done，两样写一样。"
    return ""
