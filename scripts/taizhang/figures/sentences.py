"""The sentences above the figures, written by rule: no adjectives, superlatives only if unique, ties named.

Comparisons use exact, like-for-like figures. If a sentence is too wide for its place, its names are shortened, never
its numbers: functions that name something take ``longest``, the maximum number of characters of a name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from taizhang.figures.cycle_words import owed_words
from taizhang.figures.light_words import light_name, rules_of_lights
from taizhang.figures.metrics import UNCAUSED, UNLINKED, Group, Metrics
from taizhang.figures.rates import Rate, RateName, Rates
from taizhang.ledger.vocabulary import CARRIED_OVER, Light, TaskKind
from taizhang.office.short_names import distinct_names
from taizhang.supervision.indicators import Figure
from taizhang.supervision.lights import Trigger
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
    "figure_words",
    "focus",
    "indicators_head",
    "lead_words",
    "lights_counted",
    "lowest_aspect",
    "nothing_words",
    "overall",
    "pace",
    "plan_words",
    "problems_head",
    "rate_notes",
    "rate_words",
    "red_head",
    "settled_words",
    "shorten_list",
    "timeline_head",
    "trend_head",
    "trend_month",
]

FIRST_PERIOD = "首期，无上月数"
NO_LIGHTS = "本期没有红灯、黄灯措施"
NO_LAST_MONTH = "上月末没有留存台账"
LONGEST_NAME = 16
MOST_PARTS = 6
"""The most clauses of the second line: more would not fit it at a size that can be read."""
DEPARTMENTS = "个部门"
_NUMERALS = "零一两三四五六七八九"


def overall(m: Metrics, longest: int = LONGEST_NAME) -> str:
    """Return the main message: tasks by kind, the rate of the kind that holds most of them, and what is overdue."""
    total = m.total
    if not total.tasks:
        return "台账里还没有整改任务。"
    kinds = "、".join(f"{kind}{number}" for kind in TaskKind if (number := m.rates.number_of(kind)))
    carried = f"；{CARRIED_OVER}{number}" if (number := sum(task.carried_over for task in m.tasks)) else ""
    lead = f"{total.tasks}项措施（{kinds}{carried}）：{lead_words(m.rates)}"
    if not total.overdue:
        lights = f"红灯{total.red}项" if total.red else "没有红灯"
        return f"{lead}；没有逾期，{lights}。"
    where = concentration((task.department for task in m.tasks if task.overdue), longest=longest)
    return f"{lead}；逾期{total.overdue}项，{where}，最长{total.longest}天。"


def lead_words(rates: Rates) -> str:
    """Return the leading rate with its fraction: 履行率75%（41/55期）; 还没有到期的 if nothing was due."""
    return rate_words(rates.lead, rates.of(rates.lead))


def rate_words(name: RateName, rate: Rate) -> str:
    """Return a rate with its fraction: 按期办结率75%（9/12项）."""
    return f"{name}{percent(rate.share)}%（{rate}{name.unit}）" if rate.whole else f"{name}：{nothing_words(name)}"


def nothing_words(name: RateName) -> str:
    """Return why a rate has nothing to count yet."""
    return "没有可销号的" if name is RateName.STRUCK_OFF else "还没有到期的"


def rate_notes(m: Metrics) -> Mapping[RateName, str]:
    """Return the line under each of the four rates."""
    late = sum(bool(task.review and task.review.overdue) for task in m.tasks)
    return {
        RateName.ON_TIME: f"一次性措施 {m.rates.once} 项" if m.rates.once else "没有一次性措施",
        RateName.STRUCK_OFF: plan_words(m),
        RateName.FULFILLED: _fulfilled_note(m.rates),
        RateName.REVIEWED: f"复核超期 {late} 项" if late else "没有超期" if m.rates.reviewed.whole else "还没有到期的",
    }


def _fulfilled_note(rates: Rates) -> str:
    if not rates.recurring:
        return "没有周期措施"
    short = rates.fulfilled.whole - rates.fulfilled.part
    return f"欠、缺 {short} 期" if short else "没有欠账"


def plan_words(m: Metrics) -> str:
    """Compare the close-outs of tasks with an end with the plan: how many of them were due by now."""
    if not m.scheduled:
        return "没有限期措施"
    gap = sum(task.closed for task in m.scheduled) - m.planned_closed
    return f"应办结 {m.planned_closed} 项，{_gap(gap)}"


def pace(m: Metrics) -> str:
    """Compare this month's close-outs with the same days of last month; without an earlier ledger, say first period."""
    if m.first_period:
        return FIRST_PERIOD
    before = m.closed_last_month
    step = m.closed_this_month - before
    words = "持平" if step == 0 else ("↑ 加快" if step > 0 else "↓ 放缓")
    return f"上月{'' if m.ends_month else '同期'} {before} 项，{words}"


def _gap(gap: int) -> str:
    return f"{'多' if gap > 0 else '少'}{abs(gap)}项" if gap else "持平"


def focus(m: Metrics, longest: int = LONGEST_NAME) -> str:
    """Return the second line: what the ledger contradicts, missed cycles, and what else has to be acted on.

    At most MOST_PARTS clauses, the weightiest first; the sheets behind show all.
    """
    if not m.total.tasks:
        return "现在出的表是空的，起草或录入整改任务以后，请再出一次。"
    red = [task for task in m.tasks if task.light == Light.RED]
    parts = [*_wrong(m)]
    roots = [m.cause_of[task.code] for task in red]
    if len(red) > 1 and UNCAUSED not in roots:
        words, gathered = _concentration(roots, "类根源", longest)
        if gathered:
            parts.append(f"红灯{words}")
    silent = [task for task in red if not task.obstacle and not task.trigger.of_reviewers]
    if silent:
        one = f"{silent[0].code}未填报滞后原因"
        parts.append(one if len(silent) == 1 else f"{len(silent)}项红灯未填报原因")
    if m.attention.asking:
        parts.append(f"{len(m.attention.asking)}项请领导协调")
    if m.total.pending:
        parts.append(f"{m.total.pending}项已报完成、待审核")
    if m.coverage.uncovered:
        parts.append(f"{len(m.coverage.uncovered)}个问题没有措施")
    if m.total.open_matters:
        parts.append(f"{m.total.open_matters}项责任或时限待明确")
    if m.due_next_month:
        parts.append(f"{m.next_month}底前还有{len(m.due_next_month)}项到期")
    nothing = "没有别的需要过问的事项" if red else "没有需要过问的事项"
    return f"关注：{'；'.join(parts[:MOST_PARTS]) or nothing}。"


def _wrong(m: Metrics) -> Iterator[str]:
    """Yield what weighs most: words that the ledger contradicts, cycles not fulfilled, steps that wait too long."""
    contradicted = [each.task.code for each in m.attention.unanswered]
    if contradicted:
        yield f"核对不符{len(contradicted)}项（{shorten_list(contradicted)}）"
    short = [task.duty for task in m.tasks if task.duty and owed_words(task.duty) and not task.closed]
    if short:
        owed = sum(each.owed for each in short)
        missed = sum(len(each.missed_lately) for each in short)
        counts = "、".join(filter(None, (f"欠{owed}次" if owed else "", f"缺{missed}期" if missed else "")))
        yield f"{len(short)}项周期措施{counts}"
    if over := m.attention.overdue_steps:
        yield f"{over}项审核超过期限"


def shorten_list(codes: Iterable[str], most: int = 2) -> str:
    """Return the first of several codes: RW-003、RW-014等; all if there are no more than ``most``."""
    every = list(codes)
    return "、".join(every[:most]) + ("等" if len(every) > most else "")


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
    """Name the aspect with the lowest leading rate; ties of up to three are named, larger ones counted."""
    rated = _rated_aspects(m)
    return _lowest(rated, m.lead, longest) if rated else _nothing_rated(m)


def _rated_aspects(m: Metrics) -> list[Group]:
    return [group for group in m.aspects if group.rates.of(m.lead).whole and group.name != UNLINKED]


def _nothing_rated(m: Metrics) -> str:
    return f"{m.lead}还没有到期的" if m.tasks else "还没有措施"


def causes_head(m: Metrics, longest: int = LONGEST_NAME) -> str:
    """Name the causes of the red lights, or without red lights the cause with the lowest leading rate."""
    red = [m.cause_of[task.code] for task in m.tasks if task.light == Light.RED]
    if UNCAUSED in red:
        return f"红灯 {len(red)} 项，其中 {red.count(UNCAUSED)} 项没有写明根源"
    if red:
        return f"红灯 {len(red)} 项，" + concentration(red, "类根源", longest)
    rated = [group for group in m.causes if group.rates.of(m.lead).whole and group.name != UNCAUSED]
    if any(group.tasks for group in m.causes if group.name != UNCAUSED):
        return _lowest(rated, m.lead, longest) if rated else _nothing_rated(m)
    return "还没有措施对应到根源"


def _lowest(groups: Sequence[Group], name: RateName, longest: int) -> str:
    """Name the groups whose rate of a name is the lowest; each of them has one."""
    briefly = _brief((group.name for group in groups), longest)
    shares = {group.name: group.rates.of(name).share or Fraction(0) for group in groups}
    low = min(shares.values())
    last = [group for group in groups if shares[group.name] == low]
    whole = sum((group.rates.of(name) for group in last), Rate(0, 0))
    if len(last) == len(groups) > 1:
        return f"{name}都是 {percent(low)}%（合计 {whole}）"
    if len(last) == 1:
        return f"“{briefly[last[0].name]}”{name}最低，{percent(low)}%（{whole}）"
    if len(last) <= 3 and sum(len(group.name) for group in last) <= 24:
        names = "、".join(f"“{briefly[group.name]}”（{group.rates.of(name)}）" for group in last)
        return f"{names}{name}并列最低，{percent(low)}%"
    return f"{len(last)}个并列最低，{name} {percent(low)}%（合计 {whole}）"


def departments_head(m: Metrics, longest: int = LONGEST_NAME) -> str:
    """Return the number of departments that closed everything due, and those ranked last."""
    return "；".join(departments_due(m, longest))


def departments_due(m: Metrics, longest: int = LONGEST_NAME, *, narrow: bool = False) -> tuple[str, ...]:
    """Return the clauses of ``departments_head``; the first also works alone. ``narrow``: with fewer words."""
    due_words = "到期" if narrow else "有到期措施"
    ranked = [group for group in m.departments if group.rank is not None]
    if not ranked:
        return ("尚无到期的一次性措施",)
    full = sum(group.rates.on_time.share == 1 for group in ranked)
    if full == len(ranked):
        return ("到期措施全部按期办结",)
    briefly = _brief((group.name for group in m.departments), longest, m.short_names)
    if len(ranked) == 1:
        return (f"只有{briefly[ranked[0].name]}{due_words}，按期办结 {ranked[0].rates.on_time}",)
    place = max(group.rank or 0 for group in ranked)
    last = [group for group in ranked if group.rank == place]
    if len({group.rates.on_time.share for group in ranked}) == 1:
        whole = sum((group.rates.on_time for group in ranked), Rate(0, 0))
        return (f"{len(ranked)} 个的按期办结率都是 {percent(whole.share)}%（合计 {whole}）",)
    whole = sum((group.rates.on_time for group in last), Rate(0, 0))
    names = "、".join(f"{briefly[group.name]}（{group.rates.on_time}）" for group in last)
    if len(last) == 1:
        tail = f"末位 {names}"
    elif len(last) <= 3:
        tail = f"并列末位 {names}"
    else:
        tail = f"并列末位 {len(last)} 个（合计 {whole}）"
    return f"{len(ranked)} 个{due_words}，{full} 个全按期", tail


def trend_head(m: Metrics) -> str:
    """Compare the open tasks with an end with the plan; overdue ones come first if early close-outs would hide them."""
    if not m.scheduled:
        return "没有限期措施" if m.tasks else "还没有措施"
    left, planned = sum(not task.closed for task in m.scheduled), len(m.scheduled) - m.planned_closed
    gap = left - planned
    plan = "与计划持平" if gap == 0 else f"比计划{'多' if gap > 0 else '少'} {abs(gap)} 项"
    late = f"逾期 {m.total.overdue} 项；" if m.total.overdue and gap <= 0 else ""
    return f"{late}限期措施未办结还剩 {left} 项，{plan}"


def trend_month(m: Metrics) -> str:
    """Return the numbers of tasks closed and due this month, both up to the report's day."""
    due = m.trend[m.now].due if m.now is not None else 0
    days = "" if m.ends_month else (f"1日至{m.as_of.day}日" if m.as_of.day > 1 else "1日")
    closed = (m.trend[m.now].closed or 0) if m.now is not None else 0
    return f"{m.as_of.month}月{days}办结 {closed} 项，{'当月' if m.ends_month else '同期'}到期 {due} 项"


def red_head(tasks: Sequence[Task], shown: int, longest: int = LONGEST_NAME) -> str:
    """Return the heading of the red list: number, kinds, and how many of them are listed (``shown``).

    The kinds have shorter names where names are shortened.
    """
    red = [task for task in tasks if task.light == Light.RED]
    if not red:
        return "红灯：本期没有红灯措施"
    counts = Counter(_RED_KINDS.get(task.trigger, ("其他", "其他")) for task in red)
    order = (*dict.fromkeys(_RED_KINDS.values()), ("其他", "其他"))
    kinds = [f"{names[longest < LONGEST_NAME]} {counts[names]}" for names in order if counts[names]]
    more = f"，列前 {shown}" if len(red) > shown else ""
    return f"红灯 {len(red)} 项：" + "、".join(kinds) + more


_RED_KINDS = {
    Trigger.LATE: ("逾期", "逾期"),
    Trigger.BEHIND: ("进度严重滞后", "滞后"),
    Trigger.OWED: ("周期欠缺", "欠期"),
    Trigger.MISSED: ("周期欠缺", "欠期"),
    Trigger.CYCLE_ENDS: ("周期欠缺", "欠期"),
    Trigger.REVIEW_MISSED: ("复核超期", "复核"),
}
"""What a red light is about, by its trigger, with a shorter name."""


def alerts_head(m: Metrics, longest: int = LONGEST_NAME) -> str:
    """Return the heading of 逾期预警: the lights, the longest delay and who has it, and missing reasons."""
    if not m.exceptions:
        return NO_LIGHTS if m.tasks else "还没有措施"
    parts = [lights_counted(m, m.tasks)]
    if m.total.longest:
        holders = sorted({task.department for task in m.tasks if task.overdue == m.total.longest})
        briefly = _brief(filter(None, holders), longest, m.short_names)
        names = [briefly[name] if name else "没有定牵头部门" for name in holders]
        where = names[0] if len(names) == 1 else f"{sum(map(bool, holders))} 个部门{'和没有定部门的' * ('' in holders)}"
        parts.append(f"最长逾期 {m.total.longest} 天（{where}）")
    silent = [task for task in m.exceptions if not task.obstacle and not task.trigger.of_reviewers]
    if silent:
        parts.append(f"{lights_counted(m, silent)}未填报原因")
    return "；".join(parts)


def lights_counted(m: Metrics, tasks: Iterable[Task]) -> str:
    """Return how many tasks have each light that warns and that the office uses: 红灯 2 项、黄灯 5 项."""
    counts = Counter(task.light for task in tasks)
    return "、".join(f"{light_name(light)} {counts[light]} 项" for light in rules_of_lights(m.thresholds))


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
    """Return how many of the other registers have a red figure, and the two largest of these figures."""
    filled = [register for register in m.registers if register.rows]
    if not filled:
        return "登记表还没有数据"
    red = [
        (-(figure.value or 0), f"〈{register.sheet}〉{shorten(figure.title, longest)} {figure_words(figure)}")
        for register in filled
        for figure in register.figures
        if figure.light is Light.RED
    ]
    if not red:
        return f"{len(filled)} 张登记表没有红灯"
    worst = "、".join(words for _, words in sorted(red, key=lambda each: each[0])[:2])
    rest = f"，其余 {len(red) - 2} 处见◆" if len(red) > 2 else ""
    registers = sum(register.light is Light.RED for register in filled)
    return f"{len(filled)} 张登记表，{registers} 张有红灯：{worst}{rest}"


def figure_words(figure: Figure) -> str:
    """Return a figure with its whole and unit: 3/9 件."""
    if figure.value is None:
        return "—"
    numbers = (figure.value,) if figure.whole is None else (figure.value, figure.whole)
    words = "/".join(f"{number:,.0f}" if number % 1 == 0 else f"{number:,.1f}" for number in numbers)
    return f"{words} {figure.unit}".strip()
