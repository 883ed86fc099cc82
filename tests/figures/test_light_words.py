"""The rules of 亮灯 in words: every rule that can light has words, and only those in use are printed."""

from __future__ import annotations

from typing import Any

from taizhang.figures.light_words import below_red_in_use, below_red_words, brief_rules, light_name, rules_of_lights
from taizhang.ledger.settings import LIGHT_RULES, Thresholds
from taizhang.ledger.vocabulary import Light


def test_every_rule_with_a_colour_is_printed_once_it_is_used() -> None:
    numbers: dict[str, Any] = {rule.field: 91 + n for n, rule in enumerate(LIGHT_RULES.values()) if rule.light}
    printed = "；".join(words for rules in rules_of_lights(Thresholds(**numbers)).values() for words in rules)
    assert [field for field, number in numbers.items() if f"{number}" not in printed] == []


def test_a_rule_without_a_number_is_not_printed_and_a_changed_colour_is() -> None:
    plain = rules_of_lights(Thresholds())
    assert list(plain) == [Light.RED, Light.AMBER]
    assert not any("工作日内到期" in words or "全程" in words for words in plain[Light.AMBER])
    changed = rules_of_lights(Thresholds(due_soon=10, colours={"due_soon": Light.BLUE}))
    assert changed[Light.BLUE] == ("10 天内到期（时限在休息日的，从前一个工作日起算）",)
    assert not any("天内到期" in words for words in changed[Light.AMBER])


def test_the_lights_below_red_have_one_name_together() -> None:
    assert (below_red_in_use(Thresholds()), below_red_words(Thresholds())) == ((Light.AMBER,), "黄灯")
    limits = Thresholds(orange_behind=20, colours={"due_soon": Light.BLUE})
    assert below_red_in_use(limits) == (Light.ORANGE, Light.AMBER, Light.BLUE)
    assert below_red_words(limits) == "橙黄蓝灯"
    assert [light_name(light) for light in Light if light.warns] == ["红灯", "橙灯", "黄灯", "蓝灯"]


def test_a_page_has_room_for_the_main_rules() -> None:
    assert brief_rules(Thresholds()) == {
        Light.RED: ("逾期", "欠两期", "落后超过30点"),
        Light.AMBER: ("欠一期", "落后10点或未填报", "7天内到期", "复核超期"),
    }
