"""What stands around a report's body: a table of contents before it, closing words and signature after it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from taizhang.draft import words
from taizhang.draft.deadline_words import deadline_words
from taizhang.draft.headings import heading_kind, heads_attachment, names_problem
from taizhang.draft.item_labels import inline_labels, label_at
from taizhang.draft.kinds import propose_kind
from taizhang.draft.measures import is_closing
from taizhang.draft.reasons import LOOKS_LIKE_CLOSING
from taizhang.draft.states import read_state
from taizhang.draft.values import Paragraph
from taizhang.ledger.vocabulary import TaskKind

__all__ = ["is_signer_line", "split_off_closing", "split_off_contents"]

_DIGIT = "[0-9Xx×＊*〇○零一二三四五六七八九十某_＿]"
_DATE_LINE = re.compile(
    rf"[（(]?{_DIGIT}{{2,4}}(?:年{_DIGIT}{{1,3}}月(?:{_DIGIT}{{1,3}}日)?|[./\-]{_DIGIT}{{1,2}}[./\-]{_DIGIT}{{1,2}})(?:印发?)?[）)]?|{_DIGIT}{{1,2}}月{_DIGIT}{{1,3}}日"
)
_SIGNER_LINE = re.compile(
    r"[^。，；：:]{1,30}(?:局|委员会|党委|党组|党总支|党支部|支部|班子|办公室|公司|中心|学院|人民政府|政府|学校|小学|中学|大学|医院|院|所|站|校|处|科|厅|委|"
    r"镇|乡|街道办事处|办事处|社区|村委会|领导小组|工作专班|专班|集团|厂|馆|园|队|场|台|工会|[^。，；：:]{2,}[组会队]|法院|检察院|银行|[宣传统战组织人武]{2}部)(?:（章）|（盖章）|\(盖章\))?"
)
_FORM_LINE = re.compile(
    r"[>\s*]{0,4}(?:(?:填表|制表|填报|编制|审核|复核|制作)(?:人|单位|部门|日期|时间)?|说明|附注|注)[：:]"
)
"""Who filled in a form, and its remark."""
_AFTER_SIGNATURE = re.compile(
    r"[（(]?(?:抄送|主送|附件|附表|附[：:]|联系(?:人|电话|方式|地址)|公示(?:时间|期)|监督电话|受理|邮编|邮政|电子邮箱|通[讯信]地址|印发|此件)"
)
_SHORT_LABEL = re.compile(r"[^，。：:]{2,10}[：:]")
_NAMES_ATTACHMENT = re.compile(r"附[件表][：:]\s*(?:\d{1,2}[、.．]\s*)?[^，。；：:！？\s]{2,30}")
_CONTACT = re.compile(r"(?:联系|监督|举报|咨询)(?:电话|方式)[：:][\s\d()（）\-—－、，,；;]{5,60}")
"""Lines at the end that are no measures, though nothing is signed."""
_SHORT_LINE = re.compile(r"[^。，；：:！？]{2,30}")
_ENCLOSED = re.compile(r"附件[：:]\s*1\s*[、.．]")
_VOW = re.compile(words.VOW)
_CONTENTS_WITHIN = 80
_LEADERS = ".…·"
"""The characters between a heading and its page number."""
_FULL_WIDTH = str.maketrans("()", "（）")


def split_off_contents(paragraphs: Sequence[Paragraph]) -> tuple[Sequence[Paragraph], Sequence[Paragraph]]:
    """Separate a table of contents near the beginning: three or more headings in a row that all recur later."""
    heads = [_normalise_heading(paragraph) for paragraph in paragraphs]
    begun = 0
    for number, head in enumerate(heads[:_CONTENTS_WITHIN]):
        if len(head) >= 4 and "。" not in head and any(later.startswith(head) for later in heads[number + 1 :]):
            continue
        if number - begun >= 3 and label_at(heads[begun]):
            return paragraphs[begun:number], [*paragraphs[:begun], *paragraphs[number:]]
        begun = number + 1
    return (), paragraphs


def _normalise_heading(paragraph: Paragraph) -> str:
    """Return a heading in the form that a table of contents shares: no blanks, no page number, full-width brackets."""
    text = paragraph.seen
    end = len(text)
    while end and text[end - 1].isdecimal():
        end -= 1
    return "".join(text[:end].split()).rstrip(_LEADERS).translate(_FULL_WIDTH)


def _is_date_line(text: str) -> bool:
    """Whether a line is only a date, perhaps not filled in (2025年X月XX日)."""
    return bool(_DATE_LINE.fullmatch("".join(text.split())))


def is_signer_line(text: str) -> bool:
    """Whether a line is only the name of a unit."""
    return bool(_SIGNER_LINE.fullmatch(text.strip())) and label_at(text) is None


def _ends_text(paragraph: Paragraph) -> bool:
    """Whether nothing but who may be asked and where follows a paragraph: a date, closing words, or such a line."""
    where = _AFTER_SIGNATURE.match(paragraph.flow) and _SHORT_LABEL.match(paragraph.flow)
    return _is_date_line(paragraph.flow) or is_closing(paragraph.flow) or bool(where)


def _is_signed_line(text: str) -> bool:
    """Whether a line is the name of a unit and a date (某镇中心小学 二〇二五年九月一日)."""
    signer, _, date = text.strip().rpartition(" ")
    return is_signer_line(signer) and _is_date_line(date)


def _is_above_date(text: str, below: str) -> bool:
    """Whether a short line without marks stands right above the date: it is who signs."""
    return _is_date_line(below) and bool(_SHORT_LINE.fullmatch(text.strip())) and label_at(text) is None


def _is_vow(text: str, *, only: bool) -> bool:
    """Whether a last paragraph says what all will do from now on and sets no task (我校将绷紧安全这根弦……).

    What is done once or by a cycle, or is the ``only`` text under the only heading of measures, is a task.
    """
    text = text.strip()
    sentences = text.split("。")
    if (
        not any(map(_VOW.match, sentences))
        or any(map(read_state, sentences))
        or deadline_words(text)
        or inline_labels(text, 0, len(text))
    ):
        return False
    kinds = {propose_kind(each) for each in re.split("[，,。；;]", text)}
    return kinds.isdisjoint({TaskKind.ONCE, TaskKind.CYCLE}) and not only


def _enclosures(paragraphs: Sequence[Paragraph]) -> set[int]:
    """Return the numbers of paragraphs that list what is enclosed (附件：1.……, and on the next lines 2.……)."""
    found: set[int] = set()
    awaited = 0
    for paragraph in paragraphs:
        first = _ENCLOSED.match(paragraph.flow)
        label = label_at(paragraph.label or paragraph.flow.strip())
        awaited = 2 if first else awaited + 1 if awaited and label and label.number == awaited else 0
        if awaited:
            found.add(paragraph.number)
    return found


def _heads_measures(text: str) -> bool:
    """Whether a paragraph heads measures, or a problem with what is done about it (关于……的问题)."""
    return heading_kind(text, marked=True) in ("measures", "mixed", "progress") or bool(names_problem(_bare(text)))


def _bare(text: str) -> str:
    """Return a paragraph without its number."""
    text = text.lstrip("# ")
    label = label_at(text)
    return text[label.end :] if label else text


def split_off_closing(paragraphs: Sequence[Paragraph]) -> tuple[list[Paragraph], list[tuple[Paragraph, str]]]:
    """Separate the signature and the closing words at the end, and before an attachment."""
    at = next((n for n, each in enumerate(paragraphs) if n and heads_attachment(each.flow)), None)
    if at is not None:
        kept, closing = split_off_closing(paragraphs[:at])
        attached, closing_attached = split_off_closing(paragraphs[at:])
        return [*kept, *attached], [*closing, *closing_attached]
    kept = list(paragraphs)
    headed = [each for each in paragraphs if _heads_measures(each.flow)]
    enclosed = _enclosures(paragraphs)
    closing: list[tuple[Paragraph, str]] = []
    while len(kept) > 1:
        last = kept[-1]
        signs = is_signer_line(last.flow) or (bool(closing) and _is_above_date(last.flow, closing[-1][0].flow))
        if _is_date_line(last.flow) or _is_signed_line(last.flow) or (signs and not last.label):
            closing.append((kept.pop(), "像是落款"))
        elif (is_closing(last.flow) or _is_vow(last.flow, only=headed == kept[-2:-1])) and not last.label:
            closing.append((kept.pop(), LOOKS_LIKE_CLOSING))
        elif last.number in enclosed or _NAMES_ATTACHMENT.fullmatch(last.flow.strip()):
            closing.append((kept.pop(), "是附件的名称"))
        elif (
            _FORM_LINE.match(last.flow)
            or _CONTACT.fullmatch(last.flow.strip())
            or (_AFTER_SIGNATURE.match(last.flow) and (closing or _ends_text(kept[-2])))
        ):
            closing.append((kept.pop(), "像是落款"))
        else:
            break
    return kept, closing[::-1]
