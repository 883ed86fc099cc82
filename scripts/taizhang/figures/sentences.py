"""The sentences above the figures, written by rule: no adjectives, superlatives only if unique, ties named.

Comparisons use exact, like-for-like figures. If a sentence is too wide for its place, its names are shortened, never
its numbers: functions that name something take ``longest``, the maximum number of characters of a name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from taizhang.figures.metrics import UNCAUSED, UNLINKED, Group, Metrics
from taizhang.forms.vocabulary import IndicatorKind
from taizhang.ledger.vocabulary import Light
from taizhang.office.short_names import distinct_names
from taizhang.supervision.tasks import Task
from taizhang.typed.percentages import percent
from taizhang.typed.text import shorten

__all__ = [
    "LONGEST_NAME",
    "NO_LIGHTS",
    "alerts_head",
    "aspects_head",
    "causes_head",
    "compare_with_last_month",
    "concentration",
    "departments_due",
    "departments_head",
    "focus",
    "indicators_head",
    "lowest_aspect",
    "overall",
    "pace",
    "plan_words",
    "problems_head",
    "red_head",
    "settled_words",
    "timeline_head",
    "trend_head",
    "trend_month",
]

FIRST_PERIOD = "首期，无上月数"
NO_LIGHTS = "本期没有红灯、黄灯措施"
NO_LAST_MONTH = "上月末没有留存台账"
LONGEST_NAME = 16
DEPARTMENTS = "个部门"
_NUMERALS = "零一两三四五六七八九"


def overall(m: Metrics, longest: int = LONGEST_NAME) -> str:
    """Return the main message: tasks closed of all tasks, compared with the plan, and overdue tasks.

    Overdue tasks come first if early close-outs would otherwise hide them.
    """
    total = m.total
    if not total.tasks:
        return "台账里还没有整改任务。"
    gap = total.closed - m.planned_closed
    closed = f"{total.tasks}项措施办结{total.closed}项（{percent(total.rate)}%），"
    if not total.overdue:
        lights = f"红灯{total.red}项" if total.red else "没有红灯"
        return f"{closed}{_to_plan(gap)}{_gap(gap)}；没有逾期，{lights}。"
    where = concentration((task.department for task in m.tasks if task.overdue), longest=longest)
    late = f"逾期{total.overdue}项，{where}，最长{total.longest}天"
    if gap < 0:
        return f"{closed}{_to_plan(gap)}{_gap(gap)}；{late}。"
    early = sum(task.closed and not (task.due and task.due <= m.as_of) for task in m.tasks)
    return f"{late}；{closed}其中没到时限的{early}项，{_to_plan(gap)}{_gap(gap)}。"


def plan_words(m: Metrics, *, narrow: bool = False) -> str:
    """Return the line under the rate: tasks planned to be closed by now, or overdue ones if early close-outs hide them.

    ``narrow``: leaves out overdue tasks, for a card next to one that shows them.
    """
    if not m.tasks:
        return "还没有措施"
    gap = m.total.closed - m.planned_closed
    if m.total.overdue and gap >= 0:
        late = "" if narrow else f"逾期 {m.total.overdue} 项；"
        return f"{late}到期办结 {m.total.due_closed}/{m.total.due}"
    return f"应完成 {percent(m.planned_closed, m.total.tasks)}%，{'' if narrow else _to_plan(gap)}{_gap(gap)}"


def pace(m: Metrics) -> str:
    """Compare this month's close-outs with the same days of last month; without an earlier ledger, say first period."""
    if m.first_period:
        return FIRST_PERIOD
    before = m.closed_last_month
    step = m.closed_this_month - before
    words = "持平" if step == 0 else ("↑ 加快" if step > 0 else "↓ 放缓")
    return f"上月{'' if m.ends_month else '同期'} {before} 项，{words}"


def _to_plan(gap: int) -> str:
    """Return the start of the clause that compares a count with the plan; ``_gap`` is its end."""
    return "比计划" if gap else "与计划"


def _gap(gap: int) -> str:
    return f"{'多' if gap > 0 else '少'}{abs(gap)}项" if gap else "持平"


def focus(m: Metrics, longest: int = LONGEST_NAME) -> str:
    """Return the second line: the cause of the red lights, and what the office or a leader has to act on."""
    if not m.total.tasks:
        return "请先起草或录入整改任务，再出表。"
    red = [task for task in m.tasks if task.light == Light.RED]
    roots = [m.cause_of[task.code] for task in red]
    parts = []
    if len(red) > 1 and UNCAUSED not in roots:
        words, gathered = _concentration(roots, "类根源", longest)
        if gathered:
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
        parts.append(f"{m.next_month}底前还有{len(m.due_next_month)}项到期")
    return "关注：" + ("；".join(parts) if parts else "没有需要过问的事项") + "。"


def compare_with_last_month(m: Metrics, now: int, before: int | None) -> str:
    """Compare a count of lights with last month's; ``before`` is None if last month's ledger is unknown.

    A * marks a last month in which nothing was recorded: its ledger is one of an earlier month.
    """
    if m.first_period:
        return FIRST_PERIOD
    if before is None:
        return NO_LAST_MONTH
    step, then = now - before, "上月" if m.ends_month else "上月末"
    if m.previous and m.previous.filled:
        then += "*"
    return f"与{then}持平" if step == 0 else f"较{then} {'↑ 增' if step > 0 else '↓ 减'} {abs(step)}"


def concentration(holders: Iterable[str], unit: str = DEPARTMENTS, longest: int = LONGEST_NAME) -> str:
    """Describe how items are distributed over holders: in one, mostly in one or two, in a few, or spread over k.

    ``holders`` has one name per item. Items without a holder (an empty name) count in the total and are reported
    separately. Names are quoted unless they are departments.
    """
    return _concentration(holders, unit, longest)[0]


def _concentration(holders: Iterable[str], unit: str, longest: int) -> tuple[str, bool]:
    """Return the words of ``concentration``, and whether one or two holders have most of the items."""
    counts = Counter(holders)
    nobody = counts.pop("", 0)
    count = counts.total() + nobody
    if not counts:
        return "没有定牵头部门" if count == 1 else "都没有定牵头部门", False
    rest = f"，{nobody}项没有定牵头部门" if nobody else ""
    quoted = "{}" if unit == DEPARTMENTS else "“{}”"
    names = _brief(counts, longest)
    ranked = [(quoted.format(names[name]), number) for name, number in counts.most_common()]
    words, gathered = _concentrated(ranked, count, unit)
    return words + rest, gathered


def _concentrated(ranked: Sequence[tuple[str, int]], count: int, unit: str) -> tuple[str, bool]:
    (top, most), rest = ranked[0], ranked[1:]
    if most == count:
        return (f"都在{top}", True) if most > 1 else (f"在{top}", False)
    unique = not rest or most > rest[0][1]
    if most * 2 >= count and most > 1 and unique:
        return f"集中在{top}（{most}项）", True
    if len(ranked) > 2 and (most + rest[0][1]) * 10 >= count * 7 and rest[0][1] > rest[1][1]:
        return f"集中在{top}、{rest[0][0]}", True
    if len(ranked) <= 3:
        return "在" + "、".join(name for name, _ in ranked), False
    return f"分布在{len(ranked)}{unit}", False


def aspects_head(m: Metrics, longest: int = LONGEST_NAME) -> str:
    """Return the number of aspects and the one with the lowest rate."""
    number = len([group for group in m.aspects if group.name != UNLINKED])
    few = number < len(_NUMERALS) and any(_rated_aspects(m))
    return f"{f'{_NUMERALS[number]}个' if few else '各'}方面：{lowest_aspect(m, longest)}"


def lowest_aspect(m: Metrics, longest: int = LONGEST_NAME) -> str:
    """Name the aspect with the lowest rate; ties of up to three are named, larger ones counted."""
    rated = _rated_aspects(m)
    return _lowest(rated, longest) if rated else "还没有措施"


def _rated_aspects(m: Metrics) -> list[Group]:
    return [group for group in m.aspects if group.rate is not None and group.name != UNLINKED]


def causes_head(m: Metrics, longest: int = LONGEST_NAME) -> str:
    """Name the causes of the red lights, or without red lights the cause with the lowest rate."""
    red = [m.cause_of[task.code] for task in m.tasks if task.light == Light.RED]
    if UNCAUSED in red:
        return f"红灯 {len(red)} 项，其中 {red.count(UNCAUSED)} 项没有写明根源"
    if red:
        return f"红灯 {len(red)} 项，" + concentration(red, "类根源", longest)
    rated = [group for group in m.causes if group.rate is not None and group.name != UNCAUSED]
    return _lowest(rated, longest) if rated else "还没有措施对应到根源"


def _lowest(groups: Sequence[Group], longest: int) -> str:
    briefly = _brief((group.name for group in groups), longest)
    low = min(group.rate or Fraction(0) for group in groups)
    last = [group for group in groups if (group.rate or 0) == low]
    closed, tasks = sum(group.closed for group in last), sum(group.tasks for group in last)
    if len(last) == len(groups) > 1:
        return f"办结率都是 {percent(low)}%（合计 {closed}/{tasks}）"
    if len(last) == 1:
        return f"“{briefly[last[0].name]}”办结率最低，{percent(low)}%（{closed}/{tasks}）"
    if len(last) <= 3 and sum(len(group.name) for group in last) <= 24:
        names = "、".join(f"“{briefly[group.name]}”（{group.closed}/{group.tasks}）" for group in last)
        return f"{names}办结率并列最低，{percent(low)}%"
    return f"{len(last)}个并列最低，办结率 {percent(low)}%（合计 {closed}/{tasks}）"


def departments_head(m: Metrics, longest: int = LONGEST_NAME) -> str:
    """Return the number of departments that closed everything due, and those ranked last."""
    return "；".join(departments_due(m, longest))


def departments_due(m: Metrics, longest: int = LONGEST_NAME, *, narrow: bool = False) -> tuple[str, ...]:
    """Return the clauses of ``departments_head``; the first also works alone. ``narrow``: with fewer words."""
    due_words = "到期" if narrow else "有到期措施"
    ranked = [group for group in m.departments if group.rank is not None]
    if not ranked:
        return ("尚无到期措施",)
    full = sum(group.due_closed == group.due for group in ranked)
    if full == len(ranked):
        return ("到期措施全部办结",)
    briefly = _brief((group.name for group in m.departments), longest, m.short_names)
    if len(ranked) == 1:
        return (f"只有{briefly[ranked[0].name]}{due_words}，办结 {ranked[0].due_closed}/{ranked[0].due}",)
    place = max(group.rank or 0 for group in ranked)
    last = [group for group in ranked if group.rank == place]
    closed, due = sum(group.due_closed for group in last), sum(group.due for group in last)
    if len({group.due_rate for group in ranked}) == 1:
        closed, due = sum(group.due_closed for group in ranked), sum(group.due for group in ranked)
        return (f"{len(ranked)} 个的到期办结率都是 {percent(last[0].due_rate)}%（合计 {closed}/{due}）",)
    names = "、".join(f"{briefly[group.name]}（{group.due_closed}/{group.due}）" for group in last)
    if len(last) == 1:
        tail = f"末位 {names}"
    elif len(last) <= 3:
        tail = f"并列末位 {names}"
    else:
        tail = f"并列末位 {len(last)} 个（合计 {closed}/{due}）"
    return f"{len(ranked)} 个{due_words}，{full} 个全办结", tail


def trend_head(m: Metrics) -> str:
    """Compare the open tasks with the plan; overdue tasks come first if early close-outs would hide them."""
    if not m.tasks:
        return "还没有措施"
    left, planned = m.total.tasks - m.total.closed, m.total.tasks - m.planned_closed
    gap = left - planned
    plan = "与计划持平" if gap == 0 else f"比计划{'多' if gap > 0 else '少'} {abs(gap)} 项"
    late = f"逾期 {m.total.overdue} 项；" if m.total.overdue and gap <= 0 else ""
    return f"{late}未办结还剩 {left} 项，{plan}"


def trend_month(m: Metrics) -> str:
    """Return the numbers of tasks closed and due this month, both up to the report's day."""
    due = m.trend[m.now].due if m.now is not None else 0
    days = "" if m.ends_month else (f"1日至{m.as_of.day}日" if m.as_of.day > 1 else "1日")
    return f"{m.as_of.month}月{days}办结 {m.closed_this_month} 项，{'当月' if m.ends_month else '同期'}到期 {due} 项"


def red_head(tasks: Sequence[Task], shown: int) -> str:
    """Return the heading of the red list: number, kinds, and how many of them are listed (``shown``)."""
    red = [task for task in tasks if task.light == Light.RED]
    if not red:
        return "红灯：本期没有红灯措施"
    late = sum(task.overdue > 0 for task in red)
    kinds = [f"逾期 {late} 项" if late else "", f"进度严重滞后 {len(red) - late} 项" if len(red) > late else ""]
    more = f"，列前 {shown}" if len(red) > shown else ""
    return f"红灯 {len(red)} 项：" + "、".join(kind for kind in kinds if kind) + more


def alerts_head(m: Metrics, longest: int = LONGEST_NAME) -> str:
    """Return the heading of 逾期预警: both lights, the longest delay and who has it, and missing reasons."""
    if not m.exceptions:
        return NO_LIGHTS if m.tasks else "还没有措施"
    parts = [f"红灯 {m.total.red} 项、黄灯 {m.total.amber} 项"]
    if m.total.longest:
        holders = sorted({task.department for task in m.tasks if task.overdue == m.total.longest})
        briefly = _brief(filter(None, holders), longest, m.short_names)
        names = [briefly[name] if name else "没有定牵头部门" for name in holders]
        where = names[0] if len(names) == 1 else f"{sum(map(bool, holders))} 个部门{'和没有定部门的' * ('' in holders)}"
        parts.append(f"最长逾期 {m.total.longest} 天（{where}）")
    silent = [task for task in m.exceptions if not task.obstacle]
    if silent:
        red = sum(task.light == Light.RED for task in silent)
        parts.append(f"红灯 {red} 项、黄灯 {len(silent) - red} 项未填报原因")
    return "；".join(parts)


def timeline_head(m: Metrics) -> str:
    """Return the heading of 时间进度: tasks overdue, due today, and due by the end of next month."""
    today = sum(task.due == m.as_of for task in m.due_next_month)
    late = f"逾期 {m.total.overdue} 项" if m.total.overdue else "没有逾期"
    rest = len(m.due_next_month) - today
    return f"{late}；今日到期 {today} 项；此后到{m.next_month}底还有 {rest} 项到期"


def settled_words(m: Metrics) -> str:
    """Return the number of settled problems that are struck off."""
    return f"其中已销号 {m.problems_struck} 个"


def problems_head(m: Metrics) -> str:
    """Return the heading of 问题台账: problems settled, and problems without measures or with indirect ones only."""
    if not m.problem_count:
        return "台账里还没有问题"
    gaps = []
    if m.coverage.uncovered:
        gaps.append(f"{len(m.coverage.uncovered)} 个没有措施")
    if m.coverage.indirect:
        gaps.append(f"{len(m.coverage.indirect)} 个只有间接措施")
    tail = "；" + "，".join(gaps) if gaps else "；每个问题都有直接对应的措施"
    return f"{m.problem_count} 个问题整改到位 {m.problems_closed} 个{tail}"


def _brief(names: Iterable[str], longest: int, short: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return names shortened to at most ``longest`` characters, all different."""
    return distinct_names(names, lambda text: len(text) <= longest, short)


def indicators_head(m: Metrics, longest: int = LONGEST_NAME) -> str:
    """Return the number of overdue indicators in the other registers, and the two largest of them."""
    filled = [register for register in m.registers if register.rows]
    if not filled:
        return "登记表还没有数据"
    late = [
        (
            -figure.value,
            f"〈{register.sheet}〉{shorten(figure.title, longest)} {figure.value}/{figure.whole} {figure.unit}",
        )
        for register in filled
        for figure in register.figures
        if figure.kind == IndicatorKind.OVERDUE and figure.value
    ]
    if not late:
        return f"{len(filled)} 张登记表没有超期"
    worst = "、".join(words for _, words in sorted(late, key=lambda each: each[0])[:2])
    rest = f"，其余 {len(late) - 2} 处见红字" if len(late) > 2 else ""
    return f"{len(filled)} 张登记表 {len(late)} 处超期：{worst}{rest}"
