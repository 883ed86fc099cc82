"""The outline of a report: which paragraph holds which problem, cause or measure; what cannot be placed is listed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from taizhang.draft.commitments import propose_kind, split_commitments, split_sentences
from taizhang.draft.source import Paragraph

__all__ = ["Draft", "DraftCause", "DraftMeasure", "DraftProblem", "draft_report"]

_SECTION = re.compile(r"[一二三四五六七八九十]+、\s*(?P<title>.+)")
_HEADING = re.compile(r"(?:[（(][一二三四五六七八九十]+[）)]|\d+[.．、]|[（(]\d+[）)])\s*(?P<title>.+)")
_ITEM = re.compile(
    r"(?:(?<=^)|(?<=[。；：:！？]))\s*(?:[一二三四五六七八九十]+(?:是|要|方面[，,])|第[一二三四五六七八九十]+[，,、是]|问题\s*\d+\s*[:：]|[①-⑳])\s*"
)
_NUMBERED = re.compile(r"^\s*(?:\d+[.．、]|[（(]\d+[）)]|[①-⑳])\s*")
_DEADLINE_WORDS = re.compile(
    r"(?:\d{4}年)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?:底|末|上旬|中旬|下旬)?(?:之?前|以前)|(?:\d{4}年)?(?:[上下]半年|第?[一二三四]季度)|(?:\d{4})?年(?:底前|内)"
    r"|每(?:月|季度|季|半年|年)|长期坚持|党的[一二三四五六七八九十]+大(?:胜利)?召开前"
)
_VAGUE_WORDS = re.compile(r"适时|及时|尽快")


@dataclass(frozen=True, slots=True)
class DraftProblem:
    """A problem: which aspect (index from 0), its title and detail in the report's words, its paragraph."""

    aspect: int
    title: str
    detail: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class DraftCause:
    """A cause: its title and detail in the report's words, its paragraph."""

    title: str
    detail: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class DraftMeasure:
    """A commitment: its group, the readable statement, the exact source words, the sentence it stands in (from 1).

    ``kind`` is a proposal; ``deadline_words`` are words of the source itself, never invented; ``vague_words`` look like a
    deadline but are none.
    """

    group: str
    statement: str
    original: str
    sentence: int
    paragraph: int
    kind: str
    deadline_words: str = ""
    vague_words: str = ""


@dataclass(frozen=True)
class Draft:
    """What a report holds. ``unplaced`` are (paragraph, reason) of what was read but could not be placed."""

    aspects: tuple[str, ...] = ()
    problems: tuple[DraftProblem, ...] = ()
    causes: tuple[DraftCause, ...] = ()
    measures: tuple[DraftMeasure, ...] = ()
    leads: tuple[Paragraph, ...] = ()
    unplaced: tuple[tuple[Paragraph, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def groups(self) -> tuple[str, ...]:
        """The titles of the groups of measures, in order."""
        return tuple(dict.fromkeys(measure.group for measure in self.measures))

    @property
    def sentences(self) -> int:
        """How many sentences the measures stand in."""
        return max((measure.sentence for measure in self.measures), default=0)


@dataclass
class _Builder:
    aspects: list[str] = field(default_factory=list)
    problems: list[DraftProblem] = field(default_factory=list)
    causes: list[DraftCause] = field(default_factory=list)
    measures: list[DraftMeasure] = field(default_factory=list)
    leads: list[Paragraph] = field(default_factory=list)
    unplaced: list[tuple[Paragraph, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    group: str = ""
    sentence: int = 0


def draft_report(paragraphs: Sequence[Paragraph]) -> Draft:
    """Read the paragraphs of a report into its problems, causes and commitments; no paragraph is lost."""
    built = _Builder()
    section = ""
    for paragraph in paragraphs:
        text = paragraph.seen
        head = _SECTION.match(text)
        kind = _section_kind(head["title"]) if head else ""
        if kind:
            section = kind
            built.group = ""
            built.leads.append(paragraph)
        elif not section:
            built.leads.append(paragraph)
        else:
            _PLACE[section](built, paragraph, text)
    draft = Draft(**{name: tuple(getattr(built, name)) for name in _PARTS}, notes=tuple(built.notes))
    missing = [
        word
        for word, found in (("问题", draft.problems), ("原因", draft.causes), ("整改措施", draft.measures))
        if not found
    ]
    return replace(draft, notes=(*draft.notes, *(f"没有读到{word}部分，请核对报告的标题。" for word in missing)))


_PARTS = ("aspects", "problems", "causes", "measures", "leads", "unplaced")


def _section_kind(title: str) -> str:
    if len(title) > 60:
        return ""
    if re.search(r"原因|根源|剖析", title):
        return "causes"
    if re.search(r"措施|努力方向|改进|下一步|下步|整改", title):
        return "measures"
    return "problems" if re.search(r"问题|差距|不足|短板", title) else ""


def _items(text: str) -> Iterator[tuple[str, str]]:
    """Yield (title, detail) of each item 一是…二是… within a text; what precedes the first item is left out."""
    starts = list(_ITEM.finditer(text))
    for number, start in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        yield _title_and_detail(text[start.end() : end])


def _title_and_detail(text: str) -> tuple[str, str]:
    match = re.match(r"([^。：:！？；]+)[。：:！？；]?(.*)", text.strip(), re.DOTALL)
    return (match[1].strip(), match[2].strip()) if match else (text.strip(), "")


def _place_problem(built: _Builder, paragraph: Paragraph, text: str) -> None:
    heading = _HEADING.match(text)
    items = list(_items(text))
    if heading and re.match(r"[（(][一二三四五六七八九十]", text):
        title = _title_and_detail(heading["title"])[0]
        built.aspects.append(_ITEM.split(title)[0])
        if not items and (rest := _title_and_detail(heading["title"])[1]):
            items = [_title_and_detail(rest)]
        elif not items:
            built.leads.append(paragraph)
    elif heading:
        items = items or [_title_and_detail(heading["title"])]
    if not heading and not items:
        _continue_or_list(built, paragraph, text)
        return
    if items and not built.aspects:
        built.aspects.append("综合")
        built.notes.append("报告没有分方面，问题先归在“综合”，请办公室调整。")
    for title, detail in items:
        built.problems.append(DraftProblem(len(built.aspects) - 1, title, detail, paragraph.number))


def _continue_or_list(built: _Builder, paragraph: Paragraph, text: str) -> None:
    """Text between items: it belongs to the last problem where there is one, else it leads in."""
    if built.problems:
        last = built.problems[-1]
        built.problems[-1] = replace(last, detail=f"{last.detail}\n{text}".strip())
    elif text.endswith(("：", ":")) or not built.aspects:
        built.leads.append(paragraph)
    else:
        built.unplaced.append((paragraph, "在问题部分里，但看不出是哪个问题"))


def _place_cause(built: _Builder, paragraph: Paragraph, text: str) -> None:
    items = list(_items(text))
    heading = _HEADING.match(text)
    if not items and heading:
        items = [_title_and_detail(heading["title"])]
    if items:
        built.causes += [DraftCause(title, detail, paragraph.number) for title, detail in items]
    elif built.causes:
        last = built.causes[-1]
        built.causes[-1] = replace(last, detail=f"{last.detail}\n{text}".strip())
    else:
        built.leads.append(paragraph)


def _place_measure(built: _Builder, paragraph: Paragraph, text: str) -> None:
    heading = _HEADING.match(text)
    top = bool(heading) and bool(re.match(r"[（(][一二三四五六七八九十]", text))
    body = text
    if heading and (top or not built.group):
        built.group, body = _title_and_detail(heading["title"])
    elif heading:
        body = heading["title"]
    elif not built.group and not _ITEM.match(text):
        built.leads.append(paragraph)
        return
    body = _ITEM.sub("", _NUMBERED.sub("", body))
    built.group = built.group or "整改措施"
    sentences, notes = split_sentences(body)
    built.notes += [f"第 {paragraph.number} 段：{note}" for note in notes]
    if not sentences:
        built.leads.append(paragraph)
    for sentence in sentences:
        built.sentence += 1
        for each in split_commitments(sentence):
            built.measures.append(
                DraftMeasure(
                    built.group,
                    each.statement,
                    each.original,
                    built.sentence,
                    paragraph.number,
                    propose_kind(each.statement),
                    "、".join(dict.fromkeys(_DEADLINE_WORDS.findall(each.statement))),
                    "、".join(dict.fromkeys(_VAGUE_WORDS.findall(each.statement))),
                )
            )


_PLACE = {"problems": _place_problem, "causes": _place_cause, "measures": _place_measure}
