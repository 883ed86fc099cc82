"""Who, when and to what standard, as a report writes it: in brackets, after a measure, or on a line of its own."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from taizhang.draft import words
from taizhang.draft.bare_particulars import OF_ITEM, names_in, read_loose, read_only, tails_in
from taizhang.draft.deadline_words import deadline_words, only_deadline
from taizhang.draft.names import is_department, names_owner
from taizhang.draft.owner_heads import STOPS, Heads, first_head, has_value, head_at, is_boxed, kind_of, read_field
from taizhang.draft.owners import read_led_clause
from taizhang.draft.particulars import EDGE, NOTHING, Particulars, join

__all__ = ["begins_particulars", "particulars_in"]

_WITHIN = re.compile(r"[）)][一-鿿]")
"""A bracket within a sentence that goes on (一些村（社区）没有村部)."""

_BRACKET = re.compile(
    r"(?:[（(](?P<round>(?:[^（）()]|[（(][^（）()]{0,20}[）)]){2,120})[）)]|"
    rf"[{words.SQUARE}](?P<square>[^{words.SQUARE}{words.SQUARE_END}]{{2,120}})[{words.SQUARE_END}])[。；;.]?"
)
_SUMMARY = re.compile(
    r"[（(]?(?:以上|上述|前述)(?:各项|所有|全部|整改)*(?:措施|任务|工作|事项|各项|各条|问题|[一二两三四五六七八九十\d]{1,2}[项条点](?:措施|任务|工作|整改)?)(?:整改)?[，,]?(?:均|都|全部|一律|统一)?(?P<said>[^。）)]+)[）)]?。?"
)
"""A sentence at the end that says who and when for all (以上措施由财务科牵头，6月底前完成。)."""


def begins_particulars(text: str) -> bool:
    """Whether a paragraph begins with who or when (责任单位：…), perhaps in brackets."""
    bare = text.lstrip(words.OPENING + " 　-—–•·●*→⇒➔")
    match = head_at(bare)
    if (
        match
        and has_value(match, len(bare))
        and not (match.lastgroup == "lead" and len(match[0].rstrip("：: ")) == 2 and len(bare) > 80)
    ):
        return True
    summary = _SUMMARY.match(text)
    if summary and read_loose(summary["said"]):
        return True
    whole = _BRACKET.fullmatch(text.strip())
    return bool(whole and read_loose(_inside(whole)))


def _inside(bracket: re.Match[str]) -> str:
    return bracket["round"] or bracket["square"]


def particulars_in(text: str, start: int, end: int) -> Iterator[Particulars]:
    """Yield who and when within ``text[start:end]``, in brackets or as fields with their heads, in order."""
    position = start
    summary = _SUMMARY.match(text, start, end)
    found = read_loose(summary["said"]) if summary else None
    if summary and found:
        yield replace(found, start=start, end=summary.end())
        position = summary.end()
    elif found := read_only(text[start:end]):
        yield replace(found, start=start, end=end)
        return
    heads, brackets = Heads(text, end), _Brackets(text, position, end)
    tails = deque(tails_in(text, position, end))
    while position < end:
        head, bracket = heads.after(position), brackets.after(position)
        while tails and tails[0].start < position:
            tails.popleft()
        before = min(bracket.start if bracket else end, head.start() if head else end)
        if tails and (tails[0].end <= before or (tails[0].start <= before and OF_ITEM.match(text, tails[0].start))):
            bracket = tails[0]
        if bracket and (head is None or bracket.start <= head.start()):
            yield bracket
            position = bracket.end
        elif head:
            found = _read_fields(text, head, end)
            yield found
            position = max(found.end, position + 1)
        else:
            return


class _Brackets:
    """The brackets of a text that say who or when; each is read once."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._matches = _BRACKET.finditer(text, start, end)
        self._next = next(self._matches, None)

    def after(self, position: int) -> Particulars | None:
        """Return the first bracket at or after a position that holds no heads; positions only grow."""
        while (match := self._next) is not None:
            if match.start() >= position:
                if head_at(match.string, match.start() + 1, match.end()):
                    return None  # read as fields
                found = read_loose(_inside(match))
                if found and not (_WITHIN.match(match.string, match.end() - 1) and _only_names(_inside(match))):
                    return replace(found, start=match.start(), end=match.end(), other=())
            self._next = next(self._matches, None)
        return None


def _only_names(inside: str) -> bool:
    """Whether what stands in a bracket is only a name or names, nothing that leads, helps or ends by a day."""
    names = names_in(inside)
    return all(map(is_department, names)) and not read_led_clause(inside)


def _read_fields(text: str, head: re.Match[str], end: int) -> Particulars:
    """Read fields one after another: each value goes to the next head, to a stop, or to the bracket's end."""
    opened = head.start() > 0 and text[head.start() - 1] in "（("
    start = head.start() - opened
    boxed = is_boxed(head) and not re.search(f"[{words.SQUARE_END}]", head[0])
    close = _closing_bracket(text, start, end) if opened or boxed else 0
    limit = close or end
    found, position = _read_values(text, head, limit)
    while position < limit and text[position] in STOPS + " ，,":
        position += 1
        if text[position - 1] in "。；;":
            break
    if close:
        rest = text[position:limit].strip(EDGE)
        loose = read_loose(rest) if rest else None
        found = join(found, loose) if loose else found
        position = limit + 1
        while position < end and text[position] in "。；;":
            position += 1
    return replace(found, start=start, end=position)


def _read_values(text: str, head: re.Match[str], limit: int) -> tuple[Particulars, int]:
    """Read the value of a head and of those that follow it at once; returns where the last one ends, too."""
    found, upto = NOTHING, head.start()
    current: re.Match[str] | None = head
    while current:
        kind = kind_of(current)
        following = first_head(text, current.end(), limit)
        stop = _stop_after(text, current.end(), limit, quoted=kind == "standard")
        last = min(following.start() if following else limit, stop)
        value, upto = _value(text, current, last)
        value = _without_odd_brackets(value)
        found = join(found, read_field(kind, current[0], value))
        found = replace(found, fields=(*found.fields, (kind, value)))
        if timed := _time_after(text, upto, last):
            found, upto = join(found, Particulars(deadline_words=timed)), last
        goes_on = following and following.start() <= upto + 3 and not text[upto : following.start()].strip(EDGE)
        current = following if goes_on else None
    return found, upto


def _closing_bracket(text: str, start: int, end: int) -> int:
    """Return where the bracket closes that opens at ``start``; 0 if it does not."""
    depth = 0
    for position in range(start, end):
        depth += (text[position] in words.OPENING) - (text[position] in words.CLOSING_MARKS)
        if depth == 0:
            return position
    return 0


def _stop_after(text: str, position: int, limit: int, *, quoted: bool) -> int:
    """Return where a value stops; with ``quoted``, not within brackets or quotes."""
    depth = 0
    for at in range(position, limit):
        depth += (text[at] in "（(“《") - (text[at] in "）)”》")
        if text[at] in STOPS and (depth <= 0 or not quoted):
            return at
    return limit


def _value(text: str, head: re.Match[str], upto: int) -> tuple[str, int]:
    """Return a field's value and where it ends; an owner ends where words follow that name no one."""
    raw = text[head.end() : upto]
    if kind_of(head) not in ("lead", "support", "leader", "both"):
        return raw.strip(EDGE), upto
    kept = 0
    for match in re.finditer(r"[^，,]+[，,]?", raw):
        piece = match[0].strip(EDGE)
        names = [each for each in re.split(r"[、\s和与]|（|）", piece) if each]
        proper = all(len(each) <= 14 for each in names) and len(piece) <= 60
        if kept and not (proper and all(names_owner(each) for each in names)) and not read_led_clause(piece):
            break
        kept = match.end()
    return raw[:kept].strip(EDGE), head.end() + kept


def _without_odd_brackets(value: str) -> str:
    """Return a value without the bracket at its end whose other half stands outside (安全部（, then 配合：人事部）)."""
    opened = value.rstrip(words.OPENING)
    closed = sum(map(value.count, words.CLOSING_MARKS)) > sum(map(value.count, words.OPENING))
    return value.rstrip(words.CLOSING_MARKS) if closed else opened.strip(EDGE)


def _time_after(text: str, start: int, end: int) -> str:
    """Return the time that stands alone after an owner (责任部门：财务科，12月底前); empty if other words do."""
    after = text[start:end].strip(EDGE)
    return (deadline_words(after) or after) if after and only_deadline(after) else ""
