"""The sentences above the figures, computed by rule: no adjectives, superlatives only when unique."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from taizhang.measures import UNLINKED, Group, Measures
from taizhang.status import Light, Task

__all__ = ["aspects_head", "concentration", "departments_head", "focus", "overall", "red_head", "trend_head"]

_NUMERALS = "零一二三四五六七八九"


def overall(m: Measures) -> str:
    """The first sentence of all: how many of how many are closed, against the plan, and what is late."""
    total = m.total
    if not total.tasks:
        return "台账里还没有整改任务。"
    gap = total.closed - m.planned_closed
    plan = "与计划持平" if gap == 0 else f"比计划{'多' if gap > 0 else '少'}{abs(gap)}项"
    text = f"{total.tasks}项措施办结{total.closed}项（{total.rate}%），{plan}；"
    if total.overdue:
        late = [task for task in m.tasks if task.overdue]
        return (
            f"{text}逾期{total.overdue}项，{concentration(task.department for task in late)}，最长{total.longest}天。"
        )
    return f"{text}没有逾期，红灯{total.red}项。" if total.red else f"{text}没有逾期，没有红灯。"


def focus(m: Measures) -> str:
    """The second line: what waits for the office or for a leader."""
    parts = []
    if m.total.pending:
        parts.append(f"{m.total.pending}项已报完成、待审核")
    silent = sum(1 for task in m.exceptions if task.light == Light.RED and not task.obstacle)
    if silent:
        parts.append(f"{silent}项红灯未填报原因")
    if m.total.open_matters:
        parts.append(f"{m.total.open_matters}项责任或时限待明确")
    if m.due_next_month:
        parts.append(f"下月底前还有{len(m.due_next_month)}项到期")
    return "关注：" + ("；".join(parts) if parts else "没有需要过问的事项") + "。"


def concentration(holders: Iterable[str]) -> str:
    """Say where a number of items lie: in one place, in two, in a few named ones, or spread over k departments."""
    ranked = Counter(holder or "待明确" for holder in holders).most_common()
    count = sum(number for _, number in ranked)
    (top, most), rest = ranked[0], ranked[1:]
    if len(ranked) == 1:
        return f"在{top}"
    unique = most > rest[0][1]
    if most * 2 >= count and most > 1 and unique:
        return f"集中在{top}（{most}项）"
    if len(ranked) > 2 and (most + rest[0][1]) * 10 >= count * 7 and rest[0][1] > rest[1][1]:
        return f"集中在{top}、{rest[0][0]}"
    if len(ranked) <= 3:
        return "在" + "、".join(name for name, _ in ranked)
    return f"分布在{len(ranked)}个部门"


def aspects_head(m: Measures) -> str:
    """Name the aspect with the lowest rate, where there is just one."""
    rated = [group for group in m.aspects if group.rate is not None and group.name != UNLINKED]
    if not rated:
        return "各方面办结情况"
    number = len([group for group in m.aspects if group.name != UNLINKED])
    head = f"{_NUMERALS[number]}个方面：" if number < 10 else "各方面："
    return head + _lowest(rated)


def _lowest(groups: Sequence[Group]) -> str:
    low = min(group.rate or 0 for group in groups)
    names = [group.name for group in groups if (group.rate or 0) == low]
    if len(names) == len(groups):
        return f"办结率都是 {low}%"
    if len(names) == 1:
        return f"“{names[0]}”办结率最低，{low}%"
    return f"{len(names)}个并列最低，办结率 {low}%"


def departments_head(m: Measures) -> str:
    """Say how many departments closed everything that was due, and name the last one where it is unique."""
    ranked = [group for group in m.departments if group.due]
    if not ranked:
        return "部门：尚无到期措施"
    full = sum(group.due_closed == group.due for group in ranked)
    if full == len(ranked):
        return "部门：到期措施全部办结"
    low = min(group.due_rate or 0 for group in ranked)
    last = [group for group in ranked if group.due_rate == low]
    tail = (
        f"；末位 {last[0].name}（到期办结 {last[0].due_closed}/{last[0].due}）"
        if len(last) == 1
        else f"；并列末位 {len(last)} 个"
    )
    return f"部门：{len(ranked)} 个部门有到期措施，{full} 个全办结{tail}"


def trend_head(m: Measures) -> str:
    """Say what is left, against the plan."""
    left, planned = m.total.tasks - m.total.closed, m.total.tasks - m.planned_closed
    gap = left - planned
    plan = "与计划持平" if gap == 0 else f"比计划{'多' if gap > 0 else '少'} {abs(gap)} 项"
    return f"趋势：未办结还剩 {left} 项，{plan}"


def red_head(tasks: Sequence[Task], shown: int) -> str:
    """Head of the red list: how many, of which kind, and how many of them are listed."""
    red = [task for task in tasks if task.light == Light.RED]
    if not red:
        return "红灯：本期没有红灯措施"
    late = sum(task.overdue > 0 for task in red)
    kinds = [f"逾期 {late} 项" if late else "", f"进度严重滞后 {len(red) - late} 项" if len(red) > late else ""]
    more = f"，列前 {shown}" if len(red) > shown else ""
    return f"红灯 {len(red)} 项：" + "、".join(kind for kind in kinds if kind) + more
