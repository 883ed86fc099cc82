"""The rules of 亮灯 in words, from the numbers and colours of 参数: a rule that is not used is not printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from taizhang.ledger.settings import Thresholds
from taizhang.ledger.vocabulary import Light

__all__ = ["below_red_in_use", "below_red_words", "brief_rules", "light_name", "rules_of_lights"]

_Rule: TypeAlias = tuple[str | Light, str]
"""A rule in words: by its field of Thresholds, with a place for its number, or one that always lights a colour."""

_RULES: tuple[_Rule, ...] = (
    (Light.RED, "逾期"),
    ("first_review_days", "办公室初审超过 {} 个工作日"),
    ("leader_days", "分管领导审核超过 {} 个工作日"),
    ("committee_days", "党委审定超过 {} 个工作日"),
    (Light.RED, "周期任务欠两期以上、一年内连缺两期，或全年的次数做不够"),
    (Light.AMBER, "周期任务欠一期或一年内缺一期"),
    ("cycle_left", "周期任务本期还没做够，本期只剩 {}% 的时间"),
    ("red_behind", "进度落后序时超过 {} 个百分点（“进度严重滞后”）"),
    ("orange_behind", "落后序时 {} 个百分点以上"),
    ("yellow_behind", "落后序时 {0} 个百分点以上，或序时到了 {0}% 而进度未填报"),
    ("days_behind", "按序时折算落后 {} 天以上"),
    ("due_workdays", "{} 个工作日内到期"),
    ("due_soon", "{} 天内到期（时限在休息日的，从前一个工作日起算）"),
    ("time_left", "剩下的时间不到全程的 {}%"),
    ("review_late", "复核超期 {} 天以上，或超过一个复核周期"),
    (Light.AMBER, "复核超期，或最近一次发现有反复、反弹"),
)
"""In the order in which they are tried: of several with one light the first one is the reason."""

_BRIEF: tuple[_Rule, ...] = (
    (Light.RED, "逾期"),
    (Light.RED, "欠两期"),
    (Light.AMBER, "欠一期"),
    ("red_behind", "落后超过{}点"),
    ("orange_behind", "落后{}点"),
    ("yellow_behind", "落后{}点或未填报"),
    ("days_behind", "落后{}天"),
    ("due_workdays", "{}个工作日内到期"),
    ("due_soon", "{}天内到期"),
    ("time_left", "时间剩{}%"),
    (Light.AMBER, "复核超期"),
)
_NAMES = {Light.RED: "红", Light.ORANGE: "橙", Light.AMBER: "黄", Light.BLUE: "蓝"}


def light_name(light: Light) -> str:
    """Return the name of a light that warns: 红灯."""
    return f"{_NAMES[light]}灯"


def rules_of_lights(limits: Thresholds) -> Mapping[Light, tuple[str, ...]]:
    """Return the rules in use of each light that has any, worst light first."""
    return _gather(limits, _RULES)


def brief_rules(limits: Thresholds) -> Mapping[Light, tuple[str, ...]]:
    """Return the rules that a page has room for, of each light that has any, worst light first."""
    return _gather(limits, _BRIEF)


def below_red_in_use(limits: Thresholds) -> tuple[Light, ...]:
    """Return the lights that warn below red and that a rule in use can light, worst first; amber always is."""
    return tuple(light for light in rules_of_lights(limits) if light is not Light.RED)


def below_red_words(limits: Thresholds) -> str:
    """Return the name of all lights that warn below red, for a head: 黄灯, 橙黄灯, 橙黄蓝灯."""
    return "".join(_NAMES[light] for light in below_red_in_use(limits)) + "灯"


def _gather(limits: Thresholds, rules: Iterable[_Rule]) -> dict[Light, tuple[str, ...]]:
    found: dict[Light, list[str]] = {light: [] for light in Light if light.warns}
    for rule, words in rules:
        if isinstance(rule, Light):
            found[rule].append(words)
        elif (number := getattr(limits, rule)) is not None:
            found[limits.light(rule)].append(words.format(number))
    return {light: tuple(words) for light, words in found.items() if words}
