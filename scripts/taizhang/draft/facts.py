"""What a report says of itself: its unit, the year of its plan, and where its problems come from; or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from taizhang.draft.ends import is_signer_line
from taizhang.draft.headings import heading_kind
from taizhang.draft.item_labels import PARTS, label_at
from taizhang.draft.states import read_state
from taizhang.draft.values import DraftMeasure, Paragraph, Said
from taizhang.ledger.vocabulary import Status

__all__ = ["all_put_right", "in_traditional_characters", "origin_in", "origin_of", "plan_year", "unit_of"]

_EARLIEST, _LATEST = 2015, 2035
_YEAR = re.compile(r"(20\d\d|二[〇○零Ｏ][〇○零一二三四五六七八九]{2})年(?!度?(?:以来|来))")
_PLAN = re.compile(r"整改|方案|台账|清单|措施|任务|计划")
_REVIEW = re.compile(r"对照检查|民主生活会|组织生活会|总结|剖析|述职|自查")
_DIGITS = str.maketrans("〇○零Ｏ一二三四五六七八九", "0000123456789")
_TITLE_UNIT = re.compile(
    r"(?:中共)?(?P<unit>[^，。：:《》“”]{2,30}?)(?:领导班子|班子|关于|20\d\d年度?|年度|对照检查|个人|自查|整改|问题|民主生活会|组织生活会|专题|党史|巡[视察]|检视|落实)"
)
_ORIGINS = (
    ("民主生活会", r"(?:民主|组织)生活会|对照检查|党性分析"),
    ("巡视巡察", r"巡视|巡察"),
    ("审计", r"审计"),
    ("主题教育", r"主题教育|(?:党史|党纪)学习教育|学习教育"),
    ("专项治理", r"专项(?:治理|整治)"),
    ("考核", r"考核"),
    ("征求意见", r"征求意见"),
    ("检查", r"(?<!对照)检查|自查|督[查察导]|排查"),
)
"""The 来源 of problems, as the form has it, and the words of a title that say so; the first that is found counts."""

_IN_OPENING = re.compile(
    r"(?P<巡视巡察>巡[视察](?:工作)?(?:第?[一二三四五六七八九十\d]*组)?[^。]{0,30}(?:反馈|指出|意见|整改))|(?P<审计>审计[^。]{0,20}(?:报告|发现|反馈|指出|意见|决定))"
    r"|(?P<主题教育>主题教育|学习教育)|(?P<民主生活会>(?:民主|组织)生活会)|(?P<专项治理>专项(?:治理|整治))"
    r"|(?P<检查>(?:检查|督[查察导]|自查|排查)[^。]{0,20}(?:发现|通报|反馈|指出|要求|情况|通知))"
)
_TRADITIONAL = frozenset("問題學習實際責單黨導幹應無與為這個國業務會議長時間對發點結進過開關機織區經總級線辦報處")
_ENOUGH_TRADITIONAL = 5
"""So many different ones are no name and no quotation."""

_COUNTED_DONE = re.compile(
    r"(?P<of>\d{1,3})(?:个|项|件|条)(?:[^。；，\d]{0,12}[，,]?)(?:[^。；，\d]{0,12})(?:已|均)(?:经|全部){0,2}(?:完成(?:整改)?|整改(?:完成|到位|完毕)?|办结|销号)(?P<done>\d{1,3})(?:个|项|件|条)"
)
_ALL_DONE = re.compile(
    r"(?:问题|事项|任务|意见|隐患)[^。；，]{0,6}[，,]?[^。；，]{0,8}(?:(?:均已|已经?)全部(?:完成整改|整改|办结|销号)|全部(?:完成整改|整改(?:完成|到位|完毕)|办结|销号)|均已(?:完成整改|整改(?:完成|到位|完毕)|办结|销号))"
)
"""How an opening says that everything is put right: with both counts, or in words."""

_OPENING_WITHIN = 6
_TITLES_WITHIN = 3
_LONGEST_TITLE = 60


def plan_year(
    measures: Iterable[DraftMeasure], paragraphs: Sequence[Paragraph], signature: Sequence[Paragraph]
) -> Said | None:
    """Return the year of the plan and where the report says it; None if it does not.

    The first year of the measures' deadlines, else the year of a title that names a plan, else that of the signature.
    The year that a review looks back on is none of these.
    """
    dated = [
        (int(year), measure.paragraph)
        for measure in measures
        for year in map(_digits, _YEAR.findall(measure.deadline_words))
    ]
    if dated and _EARLIEST <= min(dated)[0] <= _LATEST:
        year, number = min(dated)
        return Said(str(year), number, "措施的时限")
    for paragraph in paragraphs[:_TITLES_WITHIN]:
        title = paragraph.flow
        years = _YEAR.findall(title)
        if (
            len(title) <= _LONGEST_TITLE
            and years
            and _PLAN.search(title)
            and not _REVIEW.search(title)
            and "。" not in title
        ):
            return Said(_digits(years[0]), paragraph.number, "标题")
    for paragraph in signature:
        years = _YEAR.findall("".join(paragraph.flow.split()))
        if years:
            return Said(_digits(years[-1]), paragraph.number, "落款")
    return None


def in_traditional_characters(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether a report is written in traditional characters, in which no heading or label is known."""
    return len(_TRADITIONAL & {each for paragraph in paragraphs for each in paragraph.flow}) >= _ENOUGH_TRADITIONAL


def origin_in(title: str) -> str:
    """Return the 来源 of problems that a title names; empty if it names none."""
    return next((origin for origin, pattern in _ORIGINS if re.search(pattern, title)), "")


def origin_of(paragraphs: Sequence[Paragraph]) -> Said | None:
    """Return the 来源 of a report's problems, by its title, else by its opening sentences; None if neither says it."""
    for paragraph in paragraphs[:_TITLES_WITHIN]:
        title = len(paragraph.flow) <= _LONGEST_TITLE and not re.search("[。，]", paragraph.flow)
        if title and label_at(paragraph.seen) is None and (origin := origin_in(paragraph.flow)):
            return Said(origin, paragraph.number, "标题")
    for paragraph in _opening(paragraphs):
        if said := _IN_OPENING.search(paragraph.flow):
            return Said(said.lastgroup or "", paragraph.number, "开头")
    return None


def all_put_right(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether a report says that everything is put right: its opening (2件已完成2件), or a part of only that."""
    told = [n for n, each in enumerate(paragraphs) if _heads_progress(each)]
    if len(told) == 1 and any(map(_is_part, paragraphs[told[0] + 2 :][:1])):
        state = read_state(paragraphs[told[0] + 1].flow)
        if state and state.status is Status.DONE:
            return True
    for paragraph in _opening(paragraphs):
        counted = _COUNTED_DONE.search(paragraph.flow)
        if _ALL_DONE.search(paragraph.flow) or (counted and counted["of"] == counted["done"]):
            return True
    return False


def _heads_progress(paragraph: Paragraph) -> bool:
    """Whether a paragraph is the title of a part that says how far all is put right (五、整改落实情况)."""
    label = label_at(paragraph.flow)
    return _is_part(paragraph) and heading_kind(paragraph.flow[label.end if label else 0 :]) == "progress"


def _is_part(paragraph: Paragraph) -> bool:
    label = label_at(paragraph.seen)
    return label is not None and label.style in PARTS


def _opening(paragraphs: Sequence[Paragraph]) -> Sequence[Paragraph]:
    """Return the first paragraphs, up to the first heading or number."""
    first = paragraphs[:_OPENING_WITHIN]
    ends = (n for n, each in enumerate(first) if each.heading or label_at(each.seen) is not None)
    return first[: next(ends, len(first))]


def unit_of(paragraphs: Sequence[Paragraph], signature: Sequence[Paragraph]) -> Said | None:
    """Return the unit that signs the report, else the one that its title names; None if neither does."""
    signers = [each for each in signature if is_signer_line(each.flow)]
    if signers:
        return Said(re.sub(r"[（(](?:盖章|章)[）)]", "", signers[0].flow).strip(), signers[0].number, "落款")
    for paragraph in paragraphs[:_TITLES_WITHIN]:
        if len(paragraph.flow) > _LONGEST_TITLE or "。" in paragraph.flow:
            continue
        match = _TITLE_UNIT.match(paragraph.flow.strip())
        if match and is_signer_line(match["unit"]):
            return Said(match["unit"], paragraph.number, "标题")
    return None


def _digits(year: str) -> str:
    return year.replace("二", "2", 1).translate(_DIGITS) if not year.isdigit() else year
