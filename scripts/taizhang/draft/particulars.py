"""Who, when and to what standard, as a report writes it: in brackets, after a measure, or on a line of its own."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from taizhang.draft import words
from taizhang.draft.deadline_words import deadline_words, frequency_words, only_deadline
from taizhang.draft.deeds import tells_deed
from taizhang.draft.names import (
    is_department,
    names_own_unit,
    names_owner,
    names_person,
    names_post,
    names_titled,
    stands_for_person,
)
from taizhang.draft.owners import merge_owners, owners_of, read_led_clause
from taizhang.draft.values import NO_OWNERS, Owners
from taizhang.ledger.vocabulary import Status

__all__ = [
    "NOTHING",
    "Particulars",
    "as_above",
    "begins_particulars",
    "ends_with_head",
    "join",
    "only_particulars",
    "particulars_in",
    "read_state",
    "state_of_heading",
]

_KINDS = (
    ("other", words.HEAD_OTHER),
    ("both", words.HEAD_BOTH),
    ("support", words.HEAD_SUPPORT),
    ("lead", words.HEAD_LEAD),
    ("leader", words.HEAD_LEADER),
    ("when", rf"{words.HEAD_WHEN}|{words.DEMAND}"),
    ("standard", words.HEAD_STANDARD),
)
_NAMED = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS)
_HEAD = re.compile(
    rf"[{words.SQUARE}*]{{0,8}}(?:{_NAMED})\s{{0,8}}[{words.SQUARE_END}*]{{0,8}}\s{{0,8}}"
    rf"(?:[：:][*]{{0,4}}|(?<=[{words.SQUARE_END}])|(?P<loose>[为是]|(?<=[一-鿿）)])[ 　]))\s{{0,8}}"
)
_LOOSE_HEAD = re.compile(rf"(?:{_NAMED})\s*(?:[：:]|为|是)?\s*(?P<value>.+)")
_BEFORE_HEAD = frozenset(words.OPENING + "→⇒➔*。；;，,、）)！!？?|｜/／　 \t\n")
_STOPS = "。；;\n"
_SQUARE = "【[〔"
_WITHIN = re.compile(r"[）)][一-鿿]")
"""A bracket within a sentence that goes on (一些村（社区）没有村部)."""

_BRACKET = re.compile(
    r"(?:[（(](?P<round>(?:[^（）()]|[（(][^（）()]{0,20}[）)]){2,120})[）)]|"
    rf"[{words.SQUARE}](?P<square>[^{words.SQUARE}{words.SQUARE_END}]{{2,120}})[{words.SQUARE_END}])[。；;.]?"
)
_SUMMARY = re.compile(
    r"(?:以上|上述|前述)(?:各项|所有|全部|整改)*(?:措施|任务|工作|事项|各项|各条|问题|[一二两三四五六七八九十\d]{1,2}[项条点](?:措施|任务|工作|整改)?)(?:整改)?[，,]?(?:均|都|全部|一律|统一)?(?P<said>[^。]+)。?"
)
"""A sentence at the end that says who and when for all (以上措施由财务科牵头，6月底前完成。)."""

_OF_ITEM = re.compile(r"(?:该|此|本)(?:项|条)(?:工作|任务|措施|整改|事项)?[，,：:]?")
"""How a last sentence begins that says who and when of its item (该项由财务科牵头，6月底前完成。)."""

_SENTENCE, _PART = re.compile(r"[^。]+。?"), re.compile(r"[^；;]+[；;]?")
_BETWEEN = re.compile(r"[，,]|(?<![\d年月日底旬])[ 　]*(?:[—–]{1,2}|[|｜/／])[ 　]*|[ 　]+")
"""What stands between a measure, its owner and its day, if these are bare words (更换水带，仓储科，4月底前)."""

_SPLITS = (re.compile(r"[，,；;。]"), re.compile(r"[，,；;。/／|｜ 　]+"), re.compile(r"[，,；;。/／|｜ 　、]+"))
_LONGEST_LOOSE = 60
_MOST_PIECES = 8

_EDGE = "，,、；;。 　\t*"
_EXPECTED = re.compile(r"(?:预计|力争|计划|拟|确保|将)?(?:于|在)?.{2,24}(?:完成|到位|完毕|办结|销号)(?:整改)?")


@dataclass(frozen=True, slots=True)
class Particulars:
    """What ``text[start:end]`` says of measures: owners, deadline, standard and state.

    ``other`` are the heads of fields that the ledger has no column for (督办领导, 备注), ``fields`` the kind and the
    value of the others.
    """

    start: int = 0
    end: int = 0
    owners: Owners = NO_OWNERS
    deadline_words: str = ""
    standard: str = ""
    status: Status | None = None
    other: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()


NOTHING = Particulars()


def begins_particulars(text: str) -> bool:
    """Whether a paragraph begins with who or when (责任单位：…), perhaps in brackets."""
    bare = text.lstrip(words.OPENING + " 　-•·●*→⇒➔")
    match = _HEAD.match(bare)
    if (
        match
        and _has_value(match, len(bare))
        and not (match.lastgroup == "lead" and len(match[0].rstrip("：: ")) == 2 and len(bare) > 80)
    ):
        return True
    summary = _SUMMARY.match(text)
    if summary and _read_loose(summary["said"]):
        return True
    whole = _BRACKET.fullmatch(text.strip())
    return bool(whole and _read_loose(_inside(whole)))


def only_particulars(text: str) -> bool:
    """Whether a paragraph says only who and when, without labels (办公室牵头，6月底前完成。)."""
    bare = _bare(text)
    if len(bare) > _LONGEST_LOOSE or _Heads(text, len(text)).after(0):
        return False
    found = _read_loose(bare)
    if found is None or found.status:
        return False
    return found.owners != NO_OWNERS and bool(found.deadline_words)


def _bare(text: str) -> str:
    """Return a sentence of who and when without marks around it, and without what it is about (该项)."""
    return _OF_ITEM.sub("", text.strip(_EDGE), count=1) if _OF_ITEM.match(text.strip(_EDGE)) else text.strip(_EDGE)


def ends_with_head(line: str) -> bool:
    """Whether a line ends with a label of who or when (……。责任单位：) after other words: its value follows."""
    line = line.rstrip()
    last = next((match for match in _HEAD.finditer(line) if match.end() == len(line)), None)
    return last is not None and last.start() > 0 and line[last.start() - 1] in _STOPS


def _inside(bracket: re.Match[str]) -> str:
    return bracket["round"] or bracket["square"]


def particulars_in(text: str, start: int, end: int) -> Iterator[Particulars]:
    """Yield who and when within ``text[start:end]``, in brackets or as fields with their heads, in order."""
    position = start
    summary = _SUMMARY.match(text, start, end)
    found = _read_loose(summary["said"]) if summary else None
    if summary and found:
        yield replace(found, start=start, end=summary.end())
        position = summary.end()
    elif only_particulars(text[start:end]):
        found = _read_loose(_bare(text[start:end])) or NOTHING
        yield replace(found, start=start, end=end)
        return
    heads, brackets = _Heads(text, end), _Brackets(text, position, end)
    tails = deque(_tails(text, position, end))
    while position < end:
        head, bracket = heads.after(position), brackets.after(position)
        while tails and tails[0].start < position:
            tails.popleft()
        if tails and tails[0].end <= min(bracket.start if bracket else end, head.start() if head else end):
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


def join(first: Particulars, second: Particulars) -> Particulars:
    """Return what either says; the first goes before."""
    return Particulars(
        first.start,
        second.end,
        merge_owners(first.owners, second.owners, joined=True),
        first.deadline_words or second.deadline_words,
        first.standard or second.standard,
        first.status or second.status,
        (*first.other, *second.other),
        (*first.fields, *second.fields),
    )


class _Heads:
    """The heads of fields in a text; what was searched once is not searched again, so that the time is linear."""

    def __init__(self, text: str, end: int) -> None:
        self._text, self._end = text, end
        self._from, self._found = end + 1, None

    def after(self, position: int) -> re.Match[str] | None:
        """Return the first head at or after a position; positions only grow."""
        searched = self._from <= position and (self._found is None or self._found.start() >= position)
        if not (searched and self._text[position - 1] in _BEFORE_HEAD):
            self._from, self._found = position, _first_head(self._text, position, self._end)
        return self._found


def _first_head(text: str, position: int, end: int) -> re.Match[str] | None:
    """Return the first head from a position on: in square brackets, or where a field can begin."""
    for match in _HEAD.finditer(text, position, end):
        begins = match.start() in (0, position) or text[match.start() - 1] in _BEFORE_HEAD
        if (begins or match[0][0] in _SQUARE) and _has_value(match, end):
            return match
    return None


def _has_value(head: re.Match[str], end: int) -> bool:
    """Whether a head has its mark, or 为 before names or a time (责任股室为审批股，时限为6月底)."""
    value = re.split(r"[，,；;。、（）()\s]", head.string[head.end() : end].lstrip(), maxsplit=1)[0].strip(_EDGE)
    if re.match(rf"{words.DEMAND}[：:]", head[0]):
        return bool(only_deadline(value))
    if not head["loose"]:
        return True
    return (
        bool(deadline_words(value) or only_deadline(value))
        if _kind(head) == "when"
        else bool(value) and names_owner(value)
    )


class _Brackets:
    """The brackets of a text that say who or when; each is read once."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._matches = _BRACKET.finditer(text, start, end)
        self._next = next(self._matches, None)

    def after(self, position: int) -> Particulars | None:
        """Return the first bracket at or after a position that holds no heads; positions only grow."""
        while (match := self._next) is not None:
            if match.start() >= position:
                if _HEAD.match(match.string, match.start() + 1, match.end()):
                    return None  # read as fields
                found = _read_loose(_inside(match))
                if found and not (_WITHIN.match(match.string, match.end() - 1) and _only_names(_inside(match))):
                    return replace(found, start=match.start(), end=match.end(), other=())
            self._next = next(self._matches, None)
        return None


def _only_names(inside: str) -> bool:
    """Whether what stands in a bracket is only a name or names, nothing that leads, helps or ends by a day."""
    names = _names_in(inside)
    return all(map(is_department, names)) and not read_led_clause(inside)


def _tails(text: str, start: int, end: int) -> Iterator[Particulars]:
    """Yield who and when that end sentences as bare words (更换水带，仓储科，4月底前。): names, and a day or a dash."""
    for sentence in _SENTENCE.finditer(text, start, end):
        if sentence.start() > start and only_particulars(sentence[0]):
            yield replace(_read_loose(_bare(sentence[0])) or NOTHING, start=sentence.start(), end=sentence.end())
            continue  # 每天清运一次。由环卫站负责，8月底前完成。
        yield from reversed([*_tails_backwards(text, sentence.start(), sentence.end())])


def _tails_backwards(text: str, start: int, end: int) -> Iterator[Particulars]:
    """Yield the tails of a sentence's parts from the last on; a part that is only a tail is one with that before it."""
    found, dashed, upto = NOTHING, False, end
    for part in reversed([*_PART.finditer(text, start, end)]):
        said, begun, marked = _tail_of(text, part.start(), part.end(), first=start)
        found, dashed = join(said, found), dashed or marked
        if begun == part.start() > start:
            continue
        if dashed or (found.owners != NO_OWNERS and found.deadline_words):
            yield replace(found, start=begun, end=upto)
        found, dashed, upto = NOTHING, False, part.start()


def _tail_of(text: str, start: int, end: int, first: int) -> tuple[Particulars, int, bool]:
    """Return what the last clauses of a part say of who and when, where these begin, and whether a mark shows it."""
    found, begun, marked = NOTHING, end, False
    marks: list[re.Match[str]] = [*deque(_BETWEEN.finditer(text, start, end), maxlen=_MOST_PIECES)]
    whole = len(marks) < _MOST_PIECES and start > first
    for mark in reversed(marks):
        piece = text[mark.end() : begun].strip(_EDGE)
        opens = mark.start() == first or text[start : mark.start()].strip(_EDGE)
        dashed = mark[0].strip("　 ")[:1] in ("—", "–")
        said = (_bare_words(piece) or (_read_part(piece) if dashed else None)) if opens and piece else None
        if said is None and piece:
            return found, begun, marked
        found = join(said, found) if said else found
        marked = marked or mark[0].strip("　 ")[:1] in tuple("—–|｜/／") or bool(_LOOSE_HEAD.fullmatch(piece))
        begun = mark.start()
    if whole and (said := _bare_words(text[start:begun].strip(_EDGE))):
        return join(said, found), start, marked
    return found, begun, marked


def _bare_words(piece: str) -> Particulars | None:
    """Read a clause that is only names, or only a day; None for others, and for how often."""
    if only_deadline(piece):
        when = deadline_words(piece)
        return Particulars(deadline_words=when) if when else None
    if stands_for_person(piece):
        return Particulars(owners=Owners(persons=1))
    names = _names_in(piece)
    if any(map(tells_deed, names)) or any(map(names_own_unit, names)):
        return None
    return _read_part(piece) if not read_led_clause(piece) and not read_state(piece) else None


def _read_fields(text: str, head: re.Match[str], end: int) -> Particulars:
    """Read fields one after another: each value goes to the next head, to a stop, or to the bracket's end."""
    start, limit, closing = head.start(), end, 0
    boxed = head[0][0] in _SQUARE and not re.search(f"[{words.SQUARE_END}]", head[0])
    opened = start > 0 and text[start - 1] in "（("
    if opened or boxed:
        start -= opened
        close = _closing_bracket(text, start, end)
        limit, closing = (close, 1) if close else (end, 0)
    found = Particulars(start, start)
    current: re.Match[str] | None = head
    position = head.start()
    while current:
        following = _first_head(text, current.end(), limit)
        stop = _stop_after(text, current.end(), limit, quoted=_kind(current) == "standard")
        last = min(following.start() if following else limit, stop)
        value, upto = _value(text, current, last)
        value = _without_odd_brackets(value)
        found = join(found, _field(_kind(current), current[0], value))
        found = replace(found, fields=(*found.fields, (_kind(current), value)))
        if timed := _time_after(text, upto, last):
            found, upto = join(found, Particulars(deadline_words=timed)), last
        position = upto
        if following and following.start() <= upto + 3 and not text[upto : following.start()].strip(_EDGE):
            current = following
        else:
            current = None
    while position < limit and text[position] in _STOPS + " ，,":
        position += 1
        if text[position - 1] in "。；;":
            break
    if closing and position < limit and text[position:limit].strip(_EDGE):
        loose = _read_loose(text[position:limit].strip(_EDGE))
        found = join(found, loose) if loose else found
    if closing:
        position = limit + 1
        while position < end and text[position] in "。；;":
            position += 1
    return replace(found, start=start, end=position)


def _kind(head: re.Match[str]) -> str:
    return next(kind for kind, _ in _KINDS if head[kind])


def _closing_bracket(text: str, start: int, end: int) -> int:
    depth = 0
    for position in range(start, end):
        depth += (text[position] in words.OPENING) - (text[position] in words.CLOSING_MARKS)
        if depth == 0:
            return position
    return 0


def _stop_after(text: str, position: int, limit: int, *, quoted: bool) -> int:
    depth = 0
    for at in range(position, limit):
        depth += (text[at] in "（(“《") - (text[at] in "）)”》")
        if text[at] in _STOPS and (depth <= 0 or not quoted):
            return at
    return limit


def _value(text: str, head: re.Match[str], upto: int) -> tuple[str, int]:
    """Return a field's value and where it ends; an owner ends where words follow that name no one."""
    raw = text[head.end() : upto]
    if _kind(head) not in ("lead", "support", "leader", "both"):
        return raw.strip(_EDGE), upto
    kept = 0
    for match in re.finditer(r"[^，,]+[，,]?", raw):
        piece = match[0].strip(_EDGE)
        names = [each for each in re.split(r"[、\s和与]|（|）", piece) if each]
        proper = all(len(each) <= 14 for each in names) and len(piece) <= 60
        if kept and not (proper and all(names_owner(each) for each in names)) and not read_led_clause(piece):
            break
        kept = match.end()
    return raw[:kept].strip(_EDGE), head.end() + kept


def _without_odd_brackets(value: str) -> str:
    """Return a value without the bracket at its end whose other half stands outside (安全部（, then 配合：人事部）)."""
    opened = value.rstrip("（(")
    closed = sum(map(value.count, "）)")) > sum(map(value.count, "（("))
    return value.rstrip("）)") if closed else opened.strip(_EDGE)


def _time_after(text: str, start: int, end: int) -> str:
    """Return the time that stands alone after an owner (责任部门：财务科，12月底前); empty if other words do."""
    after = text[start:end].strip(_EDGE)
    return (deadline_words(after) or after) if after and only_deadline(after) else ""


def _names_in(words_alone: str) -> list[str]:
    return [each for each in re.split(r"[、\s和与]", words_alone) if each]


def as_above(said: Particulars, above: dict[str, str]) -> Particulars:
    """Return what fields say, where one says 同上 with the value ``above`` of its kind; remember their values there.

    同上 with nothing above it is vague.
    """
    for kind, value in said.fields:
        if value in words.SAME:
            same = above.get(kind, "")
            said = join(said, _field(kind, "", same) if same else Particulars(owners=Owners(vague=(value,))))
        elif kind != "other":
            above[kind] = value
    return said


def _field(kind: str, head: str, value: str) -> Particulars:
    if value in words.SAME:
        return NOTHING
    if kind == "when" and re.fullmatch(words.DONE_AT, value):
        return Particulars(status=Status.DONE)
    if kind == "when" and re.match(words.DEMAND, head):
        return Particulars(deadline_words=deadline_words(value))
    if kind == "when":
        return Particulars(deadline_words=re.sub(r"^(?:以上)?(?:均|都|统一)(?:为|是|于)?", "", value))
    if kind == "standard":
        return Particulars(standard=value)
    if kind == "other":
        return Particulars(other=(head.strip("：: *【】"),))
    return Particulars(owners=owners_of(value, kind))


def _read_loose(inside: str) -> Particulars | None:
    """Read what stands in brackets without colons (办公室牵头，6月底前完成); None if it is something else."""
    if state := read_state(inside):
        return state
    if only_deadline(inside) and frequency_words(inside) and not deadline_words(inside):
        return None  # （每月至少一次）  is part of what is to be done
    return next(filter(None, (_read_parts(mark.split(inside)) for mark in _SPLITS)), None)


def _read_parts(pieces: Sequence[str]) -> Particulars | None:
    found = NOTHING
    parts = [each.strip(_EDGE) for each in pieces if each.strip(_EDGE)]
    times = [each for each in parts if only_deadline(each)]
    for part in parts:
        alone = times or len(parts) == 1
        one = Particulars(owners=Owners(persons=1)) if alone and stands_for_person(part) else _read_part(part)
        if one is None:
            return None
        found = join(found, one)
    if len(times) > 1 and not found.status:
        found = replace(found, deadline_words=deadline_words("，".join(times)) or found.deadline_words)
    said = found.owners != NO_OWNERS or found.deadline_words
    return found if said else None


def _read_part(part: str) -> Particulars | None:
    head = _LOOSE_HEAD.fullmatch(part)
    if head:
        kind, value = _kind(head), head["value"].strip(_EDGE)
        if kind in ("when", "standard", "other"):
            return _field(kind, head[0], value) if kind != "when" or deadline_words(value) else None
        names = _names_in(value)
        if names and all(map(names_owner, names)):
            return _field(kind, head[0], value)
    led = read_led_clause(part)
    if led:
        return Particulars(owners=led)
    if only_deadline(part):
        return Particulars(deadline_words=deadline_words(part) or part)
    if state := read_state(part):
        return state
    names = _names_in(part)
    known = [is_department(each) or names_post(each) or names_titled(each) for each in names]
    if any(known) and all(is_known or names_person(each) for is_known, each in zip(known, names, strict=True)):
        return Particulars(owners=owners_of(part))
    return None


def read_state(text: str) -> Particulars | None:
    """Read words that say only how far it is (正在整改，预计6月底前完成); None if they say something else."""
    parts = [each.strip(_EDGE) for each in re.split(r"[，,；;。]", text.strip("。（）() 　")) if each.strip(_EDGE)]
    if not parts or len(parts) > 4:
        return None
    status = next((status for status, pattern in _STATES if re.fullmatch(pattern, parts[0])), None)
    if status is None:
        return None
    if not all(_EXPECTED.fullmatch(each) or only_deadline(each) or _is_state(each) for each in parts[1:]):
        return None
    return Particulars(deadline_words=deadline_words("，".join(parts[1:])) or _month_of(parts[1:]), status=status)


def state_of_heading(title: str) -> Status | None:
    """Return the state that a heading says of all that is under it (已完成整改的问题); None if it says none."""
    if said := read_state(re.split("[：:]", title)[-1]):
        return said.status
    bare = re.sub(
        r"[（(][^（）()]*[）)]|(?:的)?(?:整改)?(?:问题|事项|任务|措施|清单|情况){1,2}$", "", title.strip("。：: ")
    )
    return next((status for status, pattern in _STATES if re.fullmatch(pattern, bare)), None)


def _is_state(text: str) -> bool:
    return any(re.fullmatch(pattern, text) for _, pattern in _STATES) or text in ("长期坚持", "持续推进", "持续整改")


def _month_of(parts: list[str]) -> str:
    found = next((match for each in parts if (match := re.search(r"\d{1,2}月(?:份|底)?", each))), None)
    return found[0] if found else ""


_STATES = (
    (Status.NOT_STARTED, words.STATE_NOT_STARTED),
    (Status.UNDER_WAY, words.STATE_UNDER_WAY),
    (Status.DONE, words.STATE_DONE),
)
