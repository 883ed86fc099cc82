"""Joining lines into paragraphs if a text was wrapped by hand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise

from taizhang.draft import words
from taizhang.draft.fields import field_at
from taizhang.draft.headings import heading_kind, is_aspect_title
from taizhang.draft.item_labels import PARTS, label_at
from taizhang.draft.owner_heads import ends_with_head, is_head
from taizhang.draft.who_and_when import begins_particulars

__all__ = ["group_lines"]

_SENTENCE_END = re.compile(r"[。！？!?；;：:…][”’）)」』]*$")
_WIDEST_WRAP = 120
_MARKS_OF_ROW = 3
"""A line with so many | is a row of a table, as wide as it has to be."""
_NARROWEST_WRAP = 30
_WIDEST_INDENT = 12
"""A line that begins further to the right is a signature: nothing goes on in the next line."""
_MANY_LINES = 12
_WITHIN_SENTENCES = frozenset({"一是", "一要", "第一，", "其一，", "首先，"})
_LEADS_ON = re.compile(
    r"(?:以下|如下|下列|存在|主要|具体|突出|明显|几个|一些|较大|一定|许多|不少|有|的|与|和|及|其|产生)$"
)
_WITHIN_WORDS = re.compile(r"(?:不足|差距|问题|短板|表现|原因|措施|如下)[：:]")
"""Words with a colon that end a sentence (还存在以下不足：) as often as they begin one."""

_INDENT = re.compile(r"　|\t|  ")
_HASHED = re.compile(r"[ 　]{0,3}#{1,6}\s")
"""How a heading of Markdown begins, which ends with its line."""

_ALONE = re.compile(r"附[件表][：:]|[•●○▪■◆◇]|【[^【】]{2,12}】$")
"""How a line begins that goes on with none: what is enclosed, an item with a mark, a heading in brackets."""

_BROKEN_OFF = re.compile(r"[，、（(［\[〔【“《\d][ 　]*$")
_GOES_ON = re.compile(r"[ 　]*(?:[，。；：、）)”》]|[年月日](?=[\d前底内，。；）])|前(?:完成|办结|[，。；]))")
_NO_END = re.compile(r"(?<=.{6})(?:[的（(［\[〔【“《]|[，,]并)[ 　]*$")
"""How no paragraph ends."""
_LAST_WORDS = re.compile(r"[^，。；：、]{2,8}[。；]")
_SENTENCE = re.compile(r"[，。；：、（]")
_END_OF_SENTENCE = re.compile(r"[^，。；：:、]{1,8}。")
"""The last words of a sentence that the line before begins (已完成 | 整改。), though they could head a part."""
_LABEL_BEGUN, _LABEL_REST = re.compile(r"(?<=[；;。，,])[一-鿿]{1,4}$"), re.compile(r"([一-鿿]{1,4})[：:]")
_GOES_ON_AS_TITLE = re.compile(r"的?(?:存在|主要|突出|具体|问题|不足)")
_REMARK = re.compile(r"(?:说明|备注|附件?|注)[：:]")
_HEADING_WITHIN = re.compile(
    r"(?:^|(?<=[。；：:）)])|(?<=[^\s])[ 　])[ 　]{0,4}"
    r"(?P<heading>(?P<number>[一二三四五六七八九])、(?P<words>[^，。；：:\s]{2,20})(?:[ 　]{0,4}[：:]|(?=[ 　])))"
    r"[ 　]{0,4}(?=1[、．.]|[（(][一1][）)])"
)
_HEADED = re.compile(
    r"(?P<heading>\s{0,12}(?:[一二三四五六七八九十]{1,2}、|[（(][一二三四五六七八九十]{1,2}[）)])[ 　]{0,2}"
    r"(?P<words>[^，。；：:、（(\s]{2,20}))(?:[ 　]{1,4}(?=[\w“《（(①])|(?=[（(][一1][）)]))"
)
_SHORTEST_TEXT = 20
_NUMBERS = "一二三四五六七八九"
_OPENING, _CLOSING = words.OPENING + "“《", words.CLOSING_MARKS + "”》"


def group_lines(text: str) -> tuple[str, ...]:
    """Return the non-blank paragraphs of a text; lines wrapped by hand become one paragraph and keep their line ends.

    A text counts as wrapped if no line is wider than 60 Chinese characters and lines that are about full end within a
    sentence: two of them, or one where nothing else can be meant (an open bracket, an indent that is missing).
    """
    lines = text.splitlines()
    widest = _usual_width(lines)
    indented = _indents_paragraphs(lines, widest)
    pairs = tuple(pairwise([*lines, ""]))
    broken = [_continues(line, after, widest, indented) for line, after in pairs]
    signs = sum(
        _weight_of(*pair, indented)
        for each, pair in zip(broken, pairs, strict=True)
        if each and _width(pair[0]) >= 0.85 * widest
    )
    wrapped = _NARROWEST_WRAP <= widest <= _WIDEST_WRAP and signs >= 2
    groups: list[list[str]] = []
    for number, line in enumerate(lines):
        if number and wrapped and broken[number - 1]:
            groups[-1].append(line)
        elif line.strip():
            groups.append([line])
    return tuple(part for group in groups for part in _parted("\n".join(group)))


def _parted(paragraph: str) -> Iterator[str]:
    """Yield the parts of a paragraph in which the headings of parts and their first items stand on one line.

    The first heading says what it heads, and the numbers of the others count on from it.
    """
    if (headed := _HEADED.match(paragraph)) and _is_headed(headed["words"], paragraph[headed.end() :]):
        yield headed["heading"]
        yield from _parted(paragraph[headed.end() :])
        return
    begun, number = 0, ""
    for found in _HEADING_WITHIN.finditer(paragraph):
        counted = number and _NUMBERS.index(found["number"]) == _NUMBERS.index(number) + 1
        if not counted and (number or heading_kind(found["words"], marked=True) is None):
            continue
        if paragraph[begun : found.start()].strip():
            yield paragraph[begun : found.start()]
        yield found["heading"]
        begun, number = found.end(), found["number"]
    yield paragraph[begun:]


def _is_headed(heading: str, rest: str) -> bool:
    """Whether words after the number of a part are its heading, and the rest of the line is its first item or text."""
    item = label_at(rest)
    begins = item is not None and item.number == 1
    tells = len(rest) >= _SHORTEST_TEXT and bool(_SENTENCE.search(rest))
    named = heading_kind(heading, marked=True) is not None or bool(re.fullmatch(words.HEAD_WHEN, heading))
    return named and (begins or tells)


def _breaks_off(line: str, after: str) -> bool:
    """Whether an item within a clause is followed by its last words (1.实行三家比价，比价单随同发票 | 一并报销。)."""
    item, rest = label_at(line.strip()), after.strip()
    return bool(
        item
        and item.style not in PARTS
        and "，" in line
        and not _SENTENCE_END.search(line.rstrip())
        and _LAST_WORDS.fullmatch(rest)
        and label_at(rest) is None
    )


def _weight_of(line: str, after: str, indented: bool) -> int:
    """Return 2 for a line that surely goes on in the next, 1 for one that may."""
    sure = indented or _is_open(line) or _BROKEN_OFF.search(line) or _GOES_ON.match(after)
    if sure:
        return 2
    stops = bool(_SENTENCE.search(line) and _SENTENCE_END.search(after.rstrip()))
    return 2 if stops and label_at(after.strip()) is None else 1


def _is_open(line: str) -> bool:
    """Whether a line ends within brackets or quotes."""
    return sum(char in _OPENING for char in line) > sum(char in _CLOSING for char in line)


def _closes(line: str) -> bool:
    """Whether a line ends brackets or quotes that began before it."""
    return sum(char in _CLOSING for char in line) > sum(char in _OPENING for char in line)


def _indents_paragraphs(lines: Sequence[str], widest: int) -> bool:
    """Whether a text marks its paragraphs by an indent: some lines have one, and others follow full lines."""
    starts = [line for line in lines if line.strip()]
    with_indent = sum(line[0].isspace() for line in starts)
    after_full = sum(
        not after[0].isspace() and _width(line) >= widest - 4 and line[0].isspace() for line, after in pairwise(starts)
    )
    return 0 < with_indent < len(starts) and after_full >= 1


def _usual_width(lines: Sequence[str]) -> int:
    """Return the width at which a text is wrapped: that of its widest lines, of which a few may be wider than all."""
    prose = [line for line in lines if line.strip() and line.count("|") < _MARKS_OF_ROW and "\t" not in line]
    widths = sorted(map(_width, prose), reverse=True)
    return widths[2] if len(widths) >= _MANY_LINES and widths[2] >= 0.8 * widths[0] else max(widths, default=0)


def _width(line: str) -> int:
    """Return the width of a line in half-width columns."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line.rstrip())


def _parts_label(line: str, after: str) -> bool:
    """Whether the line end stands within a label of who or when (完成时 | 限：6月底前)."""
    begun, rest = _LABEL_BEGUN.search(line.rstrip()), _LABEL_REST.match(after.strip())
    return bool(begun and rest and is_head(begun[0] + rest[1]))


def _continues(line: str, after: str, widest: int, indented: bool) -> bool:
    """Whether the next line continues this one: it is about full, ends no sentence, and no paragraph begins next.

    After a full line, the words of a label (不足：) or of a spoken number (一是) may be the middle of a sentence; a
    number that counts begins an item.
    """
    if not line.strip() or not after.strip() or _HASHED.match(line) or _HASHED.match(after):
        return False
    if _ALONE.match(after.strip()):
        return False
    if begins_particulars(line.strip()) and label_at(after.strip()) is not None:
        return False
    if _parts_label(line, after):
        return True
    if _REMARK.match(after.strip()):
        return False
    if _NO_END.search(line) and (label_at(after.strip()) is None or line.rstrip()[-1] in _OPENING):
        return True
    if _is_open(line) and _closes(after) and label_at(after.strip()) is None:
        return True
    if _width(line) < 0.7 * widest:
        goes_on = _breaks_off(line, after) or bool(_GOES_ON.match(after))
        return goes_on and _width(line) >= 0.5 * widest
    if _width(line) - _width(line.strip()) > _WIDEST_INDENT:
        return False
    if after[0].isspace() and (not line[0].isspace() or (indented and _INDENT.match(after))):
        return False
    full = _width(line) >= widest - 4
    following = after.strip()
    label = label_at(following)
    if (
        not full
        and label_at(line.strip())
        and "，" not in line.strip("，, ")
        and is_aspect_title(line)
        and not _GOES_ON_AS_TITLE.match(following)
    ):
        return False
    if full and _GOES_ON.match(after):
        return True
    if indented and full:
        ends = not line[0].isspace() or bool(_SENTENCE_END.search(line.rstrip()))
        heads = (
            ends and _width(after) < 0.6 * widest and heading_kind(following) and not _SENTENCE_END.search(following)
        )
        return not (after[0].isspace() or heads or (label is not None and label.style in PARTS))
    if full and _is_open(line) and not after[0].isspace():
        return True
    if label is None and ends_with_head(line):
        return True
    if _SENTENCE_END.search(line.rstrip()):
        return False
    if label is not None and not (full and label.style in _WITHIN_SENTENCES):
        return False
    if label is None and full and _WITHIN_WORDS.match(following) and _LEADS_ON.search(line.rstrip()):
        return True
    if begins_particulars(following) or (field_at(following) and not full):
        return False
    return heading_kind(following) is None or bool(_END_OF_SENTENCE.fullmatch(following))
