"""The sentences above the figures, computed by rule: no adjectives, superlatives only when unique, ties named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from taizhang.measures import OPEN_DEPARTMENT, UNCAUSED, UNLINKED, Group, Measures
from taizhang.status import Light, Task
from taizhang.text import shorten

__all__ = [
    "alerts_head", "aspects_head", "causes_head", "compared", "concentration", "departments_head", "focus", "gap_words", "indicators_head",
    "overall", "problems_head", "red_head", "settled_words", "timeline_head", "trend_head",
]  # fmt: skip

FIRST_PERIOD = "首期，无上月数"
NO_LAST_MONTH = "上月末没有留存台账"
LONGEST_NAME = 16
_NUMERALS = "零一两三四五六七八九"


def overall(m: Measures) -> str:
    """The first sentence of all: how many of how many are closed, against the plan, and what is late."""
    total = m.total
    if not total.tasks:
        return "台账里还没有整改任务。"
    text = f"{total.tasks}项措施办结{total.closed}项（{total.rate}%），{gap_words(total.closed - m.planned_closed)}；"
    if total.overdue:
        late = [task for task in m.tasks if task.overdue]
        where = concentration(_brief(task.department) for task in late)
        return f"{text}逾期{total.overdue}项，{where}，最长{total.longest}天。"
    return f"{text}没有逾期，红灯{total.red}项。" if total.red else f"{text}没有逾期，没有红灯。"


def gap_words(gap: int) -> str:
    """Say how a count stands to the plan."""
    return "与计划持平" if gap == 0 else f"比计划{'多' if gap > 0 else '少'}{abs(gap)}项"


def focus(m: Measures) -> str:
    """The second line: where the red lights come from, what waits for the office or for a leader."""
    if not m.total.tasks:
        return "请先起草或录入整改任务，再出表。"
    red = [task for task in m.tasks if task.light == Light.RED]
    roots = [m.cause_of[task.code] for task in red]
    parts = []
    if len(red) > 1 and UNCAUSED not in roots:
        words = concentration((f"“{_brief(root)}”" for root in roots), "类根源")
        if words.startswith(("集中", "都在")):
            parts.append(f"红灯{words}")
    silent = [task for task in red if not task.obstacle]
    if silent:
        one = f"{silent[0].code}未填报滞后原因"
        parts.append(one if len(silent) == 1 else f"{len(silent)}项红灯未填报原因")
    if m.total.pending:
        parts.append(f"{m.total.pending}项已报完成、待审核")
    if m.coverage.uncovered:
        parts.append(f"{len(m.coverage.uncovered)}个问题没有措施")
    if m.total.open_matters:
        parts.append(f"{m.total.open_matters}项责任或时限待明确")
    if m.due_next_month:
        parts.append(f"{m.next_month}月底前还有{len(m.due_next_month)}项到期")
    return "关注：" + ("；".join(parts) if parts else "没有需要过问的事项") + "。"


def compared(m: Measures, now: int, before: int | None) -> str:
    """Say how a count of lights stands to last month's; ``before`` is None where last month's ledger is not known."""
    if m.first_period:
        return FIRST_PERIOD
    if before is None:
        return NO_LAST_MONTH
    step = now - before
    return "与上月持平" if step == 0 else f"较上月 {'↑ 增' if step > 0 else '↓ 减'} {abs(step)}"


def concentration(holders: Iterable[str], unit: str = "个部门") -> str:
    """Say where a number of items lie: in one place, in two, in a few named ones, or spread over k of a unit."""
    ranked = Counter(holder or OPEN_DEPARTMENT for holder in holders).most_common()
    count = sum(number for _, number in ranked)
    (top, most), rest = ranked[0], ranked[1:]
    if len(ranked) == 1:
        return f"都在{top}" if most > 1 else f"在{top}"
    unique = most > rest[0][1]
    if most * 2 >= count and most > 1 and unique:
        return f"集中在{top}（{most}项）"
    if len(ranked) > 2 and (most + rest[0][1]) * 10 >= count * 7 and rest[0][1] > rest[1][1]:
        return f"集中在{top}、{rest[0][0]}"
    if len(ranked) <= 3:
        return "在" + "、".join(name for name, _ in ranked)
    return f"分布在{len(ranked)}{unit}"


def aspects_head(m: Measures) -> str:
    """Name the aspect with the lowest rate, where there is just one; ties up to three by name."""
    rated = [group for group in m.aspects if group.rate is not None and group.name != UNLINKED]
    if not rated:
        return "各方面：还没有措施"
    number = len([group for group in m.aspects if group.name != UNLINKED])
    head = f"{_NUMERALS[number]}个方面：" if number < 10 else "各方面："
    return head + _lowest(rated)


def causes_head(m: Measures) -> str:
    """Say in which cause the red lights lie, or which cause has the lowest rate."""
    red = [m.cause_of[task.code] for task in m.tasks if task.light == Light.RED]
    if UNCAUSED in red:
        return f"红灯 {len(red)} 项，其中 {red.count(UNCAUSED)} 项没有写明根源"
    if red:
        return f"红灯 {len(red)} 项，" + concentration((f"“{_brief(cause)}”" for cause in red), "类根源")
    rated = [group for group in m.causes if group.rate is not None and group.name != UNCAUSED]
    return _lowest(rated) if rated else "还没有措施对应到根源"


def _lowest(groups: Sequence[Group]) -> str:
    low = min(group.rate or 0 for group in groups)
    names = [group.name for group in groups if (group.rate or 0) == low]
    if len(names) == len(groups) and len(names) > 1:
        return f"办结率都是 {low}%"
    if len(names) == 1:
        return f"“{_brief(names[0])}”办结率最低，{low}%"
    if len(names) <= 3 and sum(map(len, names)) <= 24:
        return "、".join(f"“{name}”" for name in names) + f"办结率并列最低，{low}%"
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
    if len(last) == len(ranked) > 1:
        return f"部门：{len(ranked)} 个的到期办结率都是 {low}%"
    if len(last) == 1:
        tail = f"；末位 {_brief(last[0].name)}（到期办结 {last[0].due_closed}/{last[0].due}）"
    elif len(last) <= 3:
        tail = f"；并列末位 {'、'.join(_brief(group.name) for group in last)}（{low}%）"
    else:
        tail = f"；并列末位 {len(last)} 个（{low}%）"
    return f"部门：{len(ranked)} 个有到期措施，{full} 个全办结{tail}"


def trend_head(m: Measures) -> str:
    """Say what is left, against the plan."""
    if not m.tasks:
        return "还没有措施"
    left, planned = m.total.tasks - m.total.closed, m.total.tasks - m.planned_closed
    gap = left - planned
    plan = "与计划持平" if gap == 0 else f"比计划{'多' if gap > 0 else '少'} {abs(gap)} 项"
    return f"未办结还剩 {left} 项，{plan}"


def red_head(tasks: Sequence[Task], shown: int) -> str:
    """Head of the red list: how many, of which kind, and how many of them are listed."""
    red = [task for task in tasks if task.light == Light.RED]
    if not red:
        return "红灯：本期没有红灯措施"
    late = sum(task.overdue > 0 for task in red)
    kinds = [f"逾期 {late} 项" if late else "", f"进度严重滞后 {len(red) - late} 项" if len(red) > late else ""]
    more = f"，列前 {shown}" if len(red) > shown else ""
    return f"红灯 {len(red)} 项：" + "、".join(kind for kind in kinds if kind) + more


def alerts_head(m: Measures) -> str:
    """Head of 逾期预警: both lights, the longest delay and whose it is where that is one department, and missing reasons."""
    if not m.exceptions:
        return "本期没有红灯、黄灯措施" if m.tasks else "还没有措施"
    parts = [f"红灯 {m.total.red} 项、黄灯 {m.total.amber} 项"]
    if m.total.longest:
        holders = {task.department or OPEN_DEPARTMENT for task in m.tasks if task.overdue == m.total.longest}
        where = f"（{_brief(holders.pop())}）" if len(holders) == 1 else f"（{len(holders)} 个部门）"
        parts.append(f"最长逾期 {m.total.longest} 天{where}")
    silent = sum(not task.obstacle for task in m.exceptions)
    if silent:
        parts.append(f"{silent} 项未填报原因")
    return "；".join(parts)


def timeline_head(m: Measures) -> str:
    """Head of 时间进度: what is late, due today and due by the end of next month."""
    today = sum(task.due == m.as_of for task in m.due_next_month)
    late = f"逾期 {m.total.overdue} 项" if m.total.overdue else "没有逾期"
    rest = len(m.due_next_month) - today
    return f"{late}；今日到期 {today} 项；此后到{m.next_month}月底还有 {rest} 项到期"


def settled_words(m: Measures) -> str:
    """Say how many problems are settled and how many of those are struck off."""
    return f"其中已销号 {m.problems_struck} 个"


def problems_head(m: Measures) -> str:
    """Head of 问题台账: how many problems are settled, and how many have no measure or only indirect ones."""
    if not m.problem_count:
        return "台账里还没有问题"
    gaps = []
    if m.coverage.uncovered:
        gaps.append(f"{len(m.coverage.uncovered)} 个没有措施")
    if m.coverage.indirect:
        gaps.append(f"{len(m.coverage.indirect)} 个只有间接措施")
    tail = "；" + "，".join(gaps) if gaps else "；每个问题都有直接对应的措施"
    return f"{m.problem_count} 个问题整改到位 {m.problems_closed} 个{tail}"


def _brief(name: str) -> str:
    """Return a name as a sentence can carry it."""
    return shorten(name, LONGEST_NAME)


def indicators_head(m: Measures) -> str:
    """What is overdue in the other registers: in how many places, and the two with most of it."""
    filled = [register for register in m.registers if register.rows]
    if not filled:
        return "登记表还没有数据"
    late = [
        (-figure.value, f"〈{register.sheet}〉{figure.title} {figure.value}/{figure.whole} {figure.unit}")
        for register in filled
        for figure in register.figures
        if figure.kind == "overdue" and figure.value
    ]
    if not late:
        return f"{len(filled)} 张登记表没有超期"
    worst = "、".join(words for _, words in sorted(late, key=lambda each: each[0])[:2])
    rest = f"，其余 {len(late) - 2} 处见红字" if len(late) > 2 else ""
    return f"{len(filled)} 张登记表 {len(late)} 处超期：{worst}{rest}"
