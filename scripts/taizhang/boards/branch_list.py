"""The check-up list: for each member of a list, how often its registers break the rules of their forms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from taizhang.boards.frames import Context, records
from taizhang.boards.views import (
    BoardView,
    Cell,
    Line,
    blank,
    fraction_words,
    judge,
    number_cell,
    text_cell,
)
from taizhang.forms.vocabulary import Sensitivity
from taizhang.ledger.vocabulary import Light
from taizhang.supervision.breach import Breach
from taizhang.supervision.breaches import find_breaches
from taizhang.supervision.register_rows import Unusable, words_in
from taizhang.typed.readings import name_several

__all__ = ["branch_list"]

NAMED = 3
"""The most rules that are named for a member."""


@dataclass(frozen=True, slots=True)
class _Longest:
    """The days of what has lasted longest without an end, by member; ``unread`` rows could not be read."""

    name: str
    days: Mapping[str, int]
    unread: int

    @property
    def words(self) -> str:
        """Who has waited longest: 最久的空缺：甲支部，120 天; empty if nothing waits."""
        most = max(self.days.values(), default=0)
        named = name_several(name for name, days in self.days.items() if days == most)
        return f"{self.name}：{named}，{most} 天。" if most else ""

    @property
    def note(self) -> str:
        """How the days are counted, and what could not be."""
        unread = f"有 {self.unread} 行的日期读不出来，没有计入。" if self.unread else ""
        return f"{self.name}＝从起始日到统计日，还没有补上的里面最久的一个有几天。{unread}"


def branch_list(context: Context) -> BoardView:
    """Return the board: one line per member, the one with most breaches first."""
    members, forms = context.members(), context.option("forms")
    present = [name for name in forms if name in context.ledger.registers]
    personal = {name for name in present if context.ledger.registers[name].form.sensitivity is Sensitivity.PERSONAL}
    found: Counter[tuple[str, str]] = Counter()
    said: dict[str, Counter[str]] = {name: Counter() for name in members}
    for breach in find_breaches(context.ledger, context.as_of):
        name = breach.register.form.name
        if name in present and not breach.mild:
            for member in _members_of(breach, context):
                if member in said:
                    found[member, name] += 1
                    if name not in personal:  # even the name of a rule could tell of whom it speaks
                        said[member][breach.rule.title] += 1
    longest = _longest(context)
    empty = [name for name in present if not context.ledger.registers[name].records]
    sums = {member: sum(found[member, name] for name in present if name not in personal) for member in members}
    marked = {member for member in members if any(found[member, name] for name in present)}
    lines = [
        Line((
            text_cell(member),
            *(_cell(None if name in empty else found[member, name], counted=name not in personal) for name in present),
            number_cell(sums[member]),
            *([number_cell(longest.days[member])] if longest else []),
            text_cell(_words(said[member])),
        ))
        for member in sorted(members, key=lambda each: (-sums[each], each not in marked))
    ]  # fmt: skip
    worst = [f"{member}（{sums[member]} 处）" for member in sorted(members, key=lambda e: -sums[e]) if sums[member]]
    part, whole, what = (
        len(members) - len(marked),
        len(members),
        context.register.form.column(context.option("rows")).type.label,
    )
    tail = f"最多的：{name_several(worst)}。" if worst else "要改的都在涉及个人的登记表里。"
    if not marked:
        tail = "都没有要改的。"
    if longest:
        tail += longest.words
    absent = [
        context.ledger.forms[name].sheet for name in forms if name not in present and name in context.ledger.forms
    ]
    notes = ["◆＝不合规则的处数，●＝没有；规则见各登记表的说明，逐条见 taizhang validate。"]
    if longest:
        notes.append(longest.note)
    if personal:
        sheets = "、".join(context.ledger.registers[name].form.sheet for name in present if name in personal)
        notes.append(f"涉及个人的（{sheets}）只说有没有，不出处数，也不计入合计。")
    if absent:
        notes.append(f"没有启用、没有看的登记表：{'、'.join(absent)}。")
    if empty:
        sheets = "、".join(context.ledger.registers[name].form.sheet for name in empty)
        notes.append(f"“—”＝未填报，看不出做没做：{sheets}。")
    heads = tuple(context.ledger.registers[name].form.sheet for name in present)
    return BoardView(
        context.register.form.sheet, context.board.title,
        f"没有要改的{what} {fraction_words(part, whole)} 个；{tail}",
        (what, *heads, "合计", *([f"{longest.name}（天）"] if longest else []), "主要是"),
        tuple(lines), judge(part, whole), part, whole, "个", notes=(*notes, *context.notes()),
    )  # fmt: skip


def _longest(context: Context) -> _Longest | None:
    """Return what has lasted longest for each member; None if the board does not ask, or nothing is filled in."""
    names = context.option("longest")
    data = context.other(names["form"]) if names else None
    if data is None or data.empty or not {names["column"], names["from"], names["to"]} <= set(data.columns):
        return None
    found: dict[str, int] = {}
    unread = 0
    for _, row in records(data):
        member, start, end = (row[names[key]] for key in ("column", "from", "to"))
        if isinstance(start, float) or isinstance(end, float):  # NaN: it cannot be read
            unread += 1
        elif start is not None and start <= context.as_of and (end is None or end > context.as_of):
            for name in words_in(member) if isinstance(member, (str, tuple)) else ():
                found[name] = max(found.get(name, 0), (context.as_of - start).days)
    return _Longest(names["name"], {name: found.get(name, 0) for name in context.members()}, unread)


def _members_of(breach: Breach, context: Context) -> Iterator[str]:
    """Yield the members that a breach is about: its group, else those its row names in a column of the same type."""
    if breach.row is None or breach.group:
        yield breach.group
        return
    of = context.register.form.column(context.option("rows")).type
    for column in breach.register.form.columns:
        if column.type is of and column.key in breach.register.columns:
            try:
                yield from words_in(breach.row.value(column.key))
            except Unusable:
                continue


def _cell(number: int | None, *, counted: bool) -> Cell:
    if number is None:
        return blank()
    if number and not counted:
        return Cell(None, "◆ 有", Light.RED)
    return Cell(number, f"◆ {number}", Light.RED) if number else Cell(0, "●", Light.GREEN)


def _words(said: Counter[str]) -> str:
    named = [f"{title}{f' {number} 处' if number > 1 else ''}" for title, number in said.most_common(NAMED)]
    return "；".join(named) + (f"；等 {len(said)} 条" if len(said) > NAMED else "")
