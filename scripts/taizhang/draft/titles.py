"""Where the head of an item ends, and the title of a problem, a cause or an aspect, in the report's own words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from taizhang.draft import words
from taizhang.draft.deeds import BEGINS_WITH_VERB
from taizhang.draft.headings import head_length, names_problem
from taizhang.draft.units import Unit

__all__ = ["LONGEST_TITLE", "end_of_head", "head_of", "says_what_should_be", "short_title", "title_of"]

LONGEST_TITLE = 30
"""A longer first sentence is not a title."""
_LONGEST_SHORT_TITLE = 10
_LONGEST_TOPIC = 14
_LONGEST_WITH_TOPIC = 44
_SET_PHRASE = 4  # 工作不实，作风浮漂
_CONNECTS = re.compile(
    r"^(?:但是?|不过|然而|此外|同时|另外|一方面|另一方面|(?:自查|检查|调研)(?:中)?发现|(?:主要|具体)?(?:表现|体现)(?:在|为|是)|主要是)[，,：:]?(?=.{4})"
)
"""Words that connect a problem with what stands before it."""
_AND_OTHERS = re.compile(r"等(?:方面|个别|突出)?(?:的)?(?:问题|不足|现象|情况|隐患)$")
"""What closes a list of failings of which the last one stands alone."""

_FAILS = re.compile(words.FAILING)
_SLOGAN = re.compile(words.SLOGAN)
_TOPIC = re.compile(words.TOPIC)
_AROUND = re.compile(words.AROUND)
_TURN = re.compile(r"(?:但是?|然而|不过|可是)(?P<after>[^。；;]*)")
_TURNS_TO = re.compile(r"(?:但|不过|然而|同时)[^。]{0,24}(?:问题|不足|差距|短板)[：:]$")
"""How a sentence ends that praises first and then leads in to the failing (……，但也存在如下问题：)."""
_FAILING_CLAUSE = re.compile(
    rf"(?:^|(?<=[，,：:]))(?:也|还|仍|依然)?(?:存在)?(?P<failing>[^，,。；;：:]*?(?:{words.FAILING})[^，,。；;]*)"
)


def head_of(unit: Unit) -> str:
    """Return the title of an item: its first sentence without the stop."""
    return unit.text[: head_length(unit.text)].strip("。：:；;！？!?，,、* ")


def end_of_head(unit: Unit) -> int:
    """Return where the head of a unit ends in the paragraph's flow."""
    words = unit.paragraph.flow[unit.content : unit.end]
    blanks = len(words) - len(words.lstrip())
    return min(unit.end, unit.content + blanks + head_length(unit.text))


def title_of(units: Sequence[Unit]) -> tuple[str, bool]:
    """Return an item's title, and whether the whole item goes into the detail because the title leaves words out.

    The title is the first sentence, shortened if it is long. If that names no failing but what should be (筑牢…),
    where (…环节) or of what (交通安全情况：), the failing after it is the title, together with a short topic.
    """
    text, head = units[0].text, _CONNECTS.sub("", head_of(units[0]))
    if "、" not in head:
        head = _AND_OTHERS.sub("", head)
    if named := names_problem(text):
        whole = len(named) <= _LONGEST_WITH_TOPIC
        return (named, False) if whole else (_shortened(_failing_after_turn(named) or named), True)
    after = text[head_length(text) :].strip()
    if after and _TURNS_TO.search(text[: head_length(text)].rstrip()):
        return _shortened(re.split("[。；;]", after)[0].strip()), True
    if not _FAILS.search(head):
        if len(head) <= _LONGEST_TOPIC and text[: head_length(text)].rstrip().endswith(("：", ":")):
            first = re.split("[。；;]", after)[0].strip()
            if first:
                return _with_topic(head, _shortened(first)), True
        below = "".join(unit.text for unit in units[1:])
        failing = _failing_after_turn(after + below)
        if failing and says_what_should_be(head):
            return _shortened(failing), True
        if failing and len(head) <= _LONGEST_TOPIC and _TOPIC.search(head):
            return _with_topic(head, _shortened(failing)), True
        first = re.split("[，,。；;]", below)[0]
        if len(units) > 1 and units[1].field == "problems" and first and len(head) <= _LONGEST_TOPIC:
            return _with_topic(head, first), True  # 1.基金使用, then 问题表现：名单没有公示
        alone = not after and len(units) > 1 and not units[1].label and not text.endswith("。")
        if alone and len(head) <= _LONGEST_TOPIC and _FAILS.search(first):
            title = _with_topic(head, first)
            return (title, False) if title.startswith(head) else (head, False)
    short = _shortened(head)
    return short, short != head


def says_what_should_be(title: str) -> bool:
    """Whether a title names no failing but what should be (筑牢政治忠诚)."""
    return bool(BEGINS_WITH_VERB.match(title) or _SLOGAN.match(title))


def _failing_after_turn(text: str) -> str:
    """Return the first clause after 但, 然而 or the like that names a failing; empty if there is none."""
    found = (_FAILING_CLAUSE.search(turn["after"]) for turn in _TURN.finditer(text))
    return next((clause["failing"] for clause in found if clause), "")


def _with_topic(topic: str, failing: str) -> str:
    """Return a failing with its topic before it, if there is room and the topic is one (not 问题一)."""
    if re.match(r"问题", topic) or len(topic) + len(failing) > _LONGEST_WITH_TOPIC:
        return failing
    return f"{topic}：{failing}"


def _shortened(sentence: str) -> str:
    """Return the first clause of a long sentence; if that is only a place or a circumstance, with what follows it."""
    clauses = re.findall(r"(?:[（(][^（）()]*[）)]|[^，,])+", sentence.strip("，,。；; "))
    if len(sentence) <= LONGEST_TITLE or len(clauses) < 2:
        return sentence
    title = clauses[0]
    if _FAILS.search(title) or not _AROUND.search(title):
        return title if len(title) > _SET_PHRASE else "，".join(clauses[:2])
    for clause in clauses[1:]:
        if len(title) + 1 + len(clause) > LONGEST_TITLE:
            break
        title += f"，{clause}"
        if _FAILS.search(clause):
            return title
    later = next((clause for clause in clauses[1:] if _FAILS.search(clause)), clauses[1])
    return title if title != clauses[0] or len(later) > LONGEST_TITLE else later


def short_title(title: str) -> str:
    """Return a short title from an aspect's title, in its own words: its last clause of 4 to 10 characters.

    在, 带头 and 方面 around it are left out. If no clause fits, the shortest one. If the title continues with its
    finding (关于……方面，主要是……), the words before 方面.
    """
    named = re.match(r"(?:关于|在)?([^，,]{2,10})方面[，,]", title)
    if named:
        return named[1]
    bare = re.sub(r"^在(?=.{4})|(?:方面|上)(?:存在的?(?:突出|主要)?(?:问题|不足|差距))?$", "", title)
    clauses = [clause.removeprefix("带头").strip() for clause in re.split(r"[，,]", bare)]
    fitting = [clause for clause in clauses if 4 <= len(clause) <= _LONGEST_SHORT_TITLE]
    return fitting[-1] if fitting else min(filter(None, clauses), key=len, default=title)
