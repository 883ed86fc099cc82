"""From the outline of a report to its problems, causes and measures; text without a place is listed, not lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from taizhang.draft.commitment_groups import add_measures, read_group
from taizhang.draft.entries import leads_in
from taizhang.draft.headings import Section, is_aspect_title
from taizhang.draft.item_labels import inline_labels, label_at
from taizhang.draft.links import propose_cause_links, propose_links
from taizhang.draft.outline import Node, Unit, build_outline, units_of
from taizhang.draft.problems import ReportReading, add_cause, add_problem, end_of_head, head_of, short_title
from taizhang.draft.tables import Row, read_tables
from taizhang.draft.values import Draft, Paragraph, ProposedLink
from taizhang.typed.personal import find_personal

__all__ = ["draft_report"]

_SHORTCOMING = re.compile(
    r"不够|不足|不[强深高实力严牢全多好新细准紧密畅清大快广宽透稳当及适浓重硬]|不到位|不经常|不平衡|不均衡|不规范|不彻底|差距|有待|欠缺|缺[乏少位失]|薄弱|滞后|"
    r"弱化|淡化|偏[少弱低慢重]|短板|瓶颈|尚[未需]|未能|还需|较[少弱慢差]|亟待|隐患|漏洞|问题|突出$"
)
_NAMES_ASPECT = re.compile(r"[^，,。]{2,40}方面[，,]")
_CLOSING_START = re.compile(
    r"以上(?:汇报|报告|是|检查|内容)|特此|请.{0,12}(?:批评|指正|审阅|监督)|不当之处|下一步，我们将|今后，我们将|"
    r"(?:我们|班子|局党委|党组|党委)?(?:将|要)以(?:此次|这次|本次)|总之"
)
_DATE_LINE = re.compile(
    r"[（(]?(?:\d{4}|[〇○零一二三四五六七八九]{4})年[\d一二三四五六七八九十]{1,3}月(?:[\d一二三四五六七八九十]{1,3}日)?[）)]?"
)
_SIGNER_LINE = re.compile(r"[^。，；：]{2,30}(?:局|委员会|党委|党组|党总支|党支部|支部|班子|办公室|公司|中心|学院)")
_CONTENTS_WITHIN = 80
_LEADERS = ".…·"
"""The characters between a heading and its page number."""
_FULL_WIDTH = str.maketrans("()", "（）")


def draft_report(paragraphs: Sequence[Paragraph]) -> Draft:
    """Read the paragraphs of a report into aspects, problems, causes and commitments, with proposed links.

    No word is lost: ``pieces`` cover the whole text, and text that could not be placed is in ``unplaced`` with the
    reason in Chinese.
    """
    reading = ReportReading()
    rows, plain = read_tables(paragraphs)
    contents, plain = _split_off_contents(plain)
    for paragraph in contents:
        reading.place(Unit(paragraph, 0, 0, len(paragraph.flow)), "目录")
    body, closing = _split_off_closing(plain)
    before, tops = build_outline(unit for paragraph in body for unit in units_of(paragraph))
    for unit in before:
        reading.place(unit, "开头")
    for node in tops:
        _read_node(reading, node, None)
    for row in rows:
        _read_row(reading, row)
    for paragraph, reason in closing:
        reading.leave(Unit(paragraph, 0, 0, len(paragraph.flow)), reason)
    found = ((each.number, find_personal(each.seen)) for each in paragraphs)
    personal = tuple((number, kinds) for number, kinds in found if kinds)
    return replace(_finish(reading), leads=leads_in(each.flow for each in plain), personal=personal)


def _finish(reading: ReportReading) -> Draft:
    for word, found in (("问题", reading.problems), ("原因", reading.causes), ("整改措施", reading.measures)):
        if not found:
            reading.notes.append(f"没有读到{word}部分。请核对报告里有没有这一部分，小标题里有没有“{word}”这样的字样。")
    by_row = {link.measure for link in reading.links}
    proposed = propose_links(reading.measures, reading.problems)
    links = [*reading.links, *(link for link in proposed if link.measure not in by_row)]
    return Draft(
        aspect_heads=tuple(reading.aspects),
        problems=tuple(reading.problems),
        causes=tuple(reading.causes),
        measures=tuple(reading.measures),
        links=tuple(sorted(links, key=lambda link: (link.measure, link.problem))),
        cause_links=propose_cause_links(reading.problems, reading.causes),
        unplaced=tuple(sorted(reading.unplaced, key=lambda each: each[0].number)),
        notes=tuple(dict.fromkeys(reading.notes)),
        pieces=tuple(sorted(reading.pieces, key=lambda piece: (piece.paragraph, piece.start))),
    )


def _split_off_contents(paragraphs: Sequence[Paragraph]) -> tuple[Sequence[Paragraph], Sequence[Paragraph]]:
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


def _split_off_closing(paragraphs: Sequence[Paragraph]) -> tuple[list[Paragraph], list[tuple[Paragraph, str]]]:
    """Separate the signature and the closing words at the end."""
    kept = list(paragraphs)
    closing: list[tuple[Paragraph, str]] = []
    while len(kept) > 1:
        text = kept[-1].flow
        if _DATE_LINE.fullmatch(text.replace(" ", "")) or (_SIGNER_LINE.fullmatch(text) and not kept[-1].label):
            closing.append((kept.pop(), "像是落款"))
        elif _CLOSING_START.match(text) and not kept[-1].label:
            closing.append((kept.pop(), "像是结束语，不是哪一条措施"))
        else:
            break
    return kept, closing[::-1]


def _read_node(reading: ReportReading, node: Node, aspect: int | None) -> None:
    """Read a node that is outside the sections for problems, causes and measures, or heads one."""
    if node.section:
        reading.seen_section = True
        _SECTIONS[node.section](reading, node, aspect)
    elif _holds_section(node):
        inner = aspect
        if is_aspect_title(node.unit.text):
            inner = reading.aspect(head_of(node.unit), node.unit.paragraph.number)
        for unit in (node.unit, *node.following):
            reading.place(unit, "标题" if unit is node.unit else "引语")
        for child in node.children:
            _read_node(reading, child, inner)
    elif is_aspect_title(node.unit.text) and node.children:
        reading.seen_section = True
        reading.notes.append(
            f"第 {node.unit.paragraph.number} 段：没有“存在问题”这样的标题，"
            f"按“{short_title(head_of(node.unit))}”方面的问题读，请核对。"
        )
        _read_problem_item(reading, node, None)
    else:
        for unit in node.units():
            if reading.seen_section:
                reading.leave(unit, "不在问题、原因、措施任何一部分里")
            else:
                reading.place(unit, "开头")


def _holds_section(node: Node) -> bool:
    return any(child.section or _holds_section(child) for child in node.children)


def _read_problems(reading: ReportReading, node: Node, aspect: int | None) -> None:
    _place_heading(reading, node)
    for child in node.children:
        if child.section:
            _read_node(reading, child, aspect)
        else:
            _read_problem_item(reading, child, aspect)
    if not node.children:
        for unit in _plain_items(reading, node):
            reading.notes.append(f"第 {unit.paragraph.number} 段：没有编号，整段作为一个问题，请核对。")
            add_problem(reading, [unit], aspect)


def _read_problem_item(reading: ReportReading, node: Node, aspect: int | None) -> None:
    title = head_of(node.unit)
    grouped = bool(node.children) and bool(_NAMES_ASPECT.match(title) or not _SHORTCOMING.search(title))
    if aspect is None and (is_aspect_title(node.unit.text) or grouped):
        _read_aspect(reading, node)
    else:
        add_problem(reading, list(node.units()), aspect)


def _read_aspect(reading: ReportReading, node: Node) -> None:
    unit = node.unit
    number = reading.aspect(head_of(unit), unit.paragraph.number)
    head_end = end_of_head(unit)
    reading.place(unit, "方面", end=head_end)
    rest = Unit(unit.paragraph, head_end, head_end, unit.end)
    if not node.children:
        contents = [each for each in (rest, *node.following) if each.text]
        if contents:
            reading.notes.append(f"第 {unit.paragraph.number} 段：这个方面没有分条，整段作为一个问题，请核对。")
            add_problem(reading, contents, number)
        elif rest.end > rest.start:
            reading.place(rest, "方面")
        return
    reading.place(rest, "引语")
    for child in node.children:
        if child.section:
            _read_node(reading, child, number)
        else:
            add_problem(reading, list(child.units()), number)
    first = node.children[0].unit.paragraph.number
    for each in node.following:
        if each.paragraph.number > first:
            reading.leave(each, "写在各条问题之后，看不出属于哪一条")
            continue
        reading.place(each, "引语")
        if _SHORTCOMING.search(each.text) and not each.text.endswith(("：", ":")):
            reading.notes.append(f"第 {each.paragraph.number} 段：写在各条问题之前，当作引语，没有单列为问题，请核对。")


def _read_causes(reading: ReportReading, node: Node, aspect: int | None) -> None:
    _place_heading(reading, node)
    for child in node.children:
        if child.section:
            _read_node(reading, child, aspect)
        else:
            add_cause(reading, list(child.units()))
    if not node.children:
        for unit in _plain_items(reading, node):
            reading.notes.append(f"第 {unit.paragraph.number} 段：没有编号，整段作为一个原因，请核对。")
            add_cause(reading, [unit])


def _read_measures(reading: ReportReading, node: Node, aspect: int | None) -> None:
    _place_heading(reading, node)
    default = reading.aspects[aspect].title if aspect is not None else head_of(node.unit)
    for child in node.children:
        if child.section and child.section != "measures":
            _read_node(reading, child, aspect)
        else:
            read_group(reading, child, default)
    if not node.children:
        for unit in _plain_items(reading, node):
            add_measures(reading, [unit], default)


def _leave_past(reading: ReportReading, node: Node, aspect: int | None) -> None:
    title = head_of(node.unit)
    for unit in node.units():
        reading.leave(unit, f"“{title}”讲的是已有情况，没有列入问题和措施")


def _place_heading(reading: ReportReading, node: Node) -> None:
    """Place a section's heading, the rest of its paragraph, and the words that lead to its items."""
    unit = node.unit
    head_end = end_of_head(unit)
    reading.place(unit, "标题", end=head_end)
    if node.children:
        reading.place(unit, "引语", start=head_end)
        for each in node.following:
            reading.place(each, "引语")


def _plain_items(reading: ReportReading, node: Node) -> Iterator[Unit]:
    """Yield the unnumbered paragraphs of a section; the first is a lead-in if it only announces the others."""
    head_end = end_of_head(node.unit)
    rest = Unit(node.unit.paragraph, head_end, head_end, node.unit.end)
    contents = [unit for unit in (rest, *node.following) if unit.end > unit.start]
    for number, unit in enumerate(contents):
        announces = unit.text.endswith(("：", ":")) or (
            number == 0 and len(contents) > 1 and re.match(r"针对|围绕|对照", unit.text)
        )
        if announces or not unit.text:
            reading.place(unit, "引语")
        else:
            yield unit


def _read_row(reading: ReportReading, row: Row) -> None:
    """Read one row of a table whose heads were recognised."""
    for paragraph in row.other:
        reading.place(Unit(paragraph, 0, 0, len(paragraph.flow)), "表格")
    for paragraph in row.unknown:
        reading.leave(Unit(paragraph, 0, 0, len(paragraph.flow)), "在表格里，但看不出这一列是什么")
    aspect = None
    if row.aspect:
        aspect = reading.aspect("".join(each.flow for each in row.aspect), row.aspect[0].number)
        for paragraph in row.aspect:
            if row.first_of(paragraph):
                reading.place(Unit(paragraph, 0, 0, len(paragraph.flow)), "方面")
    problems = _row_problems(reading, row, aspect)
    for paragraph in row.cause:
        if row.first_of(paragraph):
            add_cause(reading, list(units_of(paragraph)))
    first = len(reading.measures)
    for paragraph in row.measure:
        if row.first_of(paragraph):
            add_measures(reading, units_of(paragraph), row.group)
    for index in range(first, len(reading.measures)):
        measure = reading.measures[index]
        reading.measures[index] = replace(
            measure,
            owner_words=row.owner_words or measure.owner_words,
            deadline_words=row.deadline_words or measure.deadline_words,
        )
        reading.links += [ProposedLink(index, problem, "在表格的同一行") for problem in problems]


def _row_problems(reading: ReportReading, row: Row, aspect: int | None) -> list[int]:
    """Return the indexes of a row's problems.

    A cell merged over several rows is read once and applies to all of them.
    """
    found = []
    for paragraph in row.problem:
        if row.first_of(paragraph):
            for run in _table_items(paragraph):
                add_problem(reading, run, aspect)
        found += reading.problems_of[paragraph.number]
    return found


def _table_items(paragraph: Paragraph) -> list[list[Unit]]:
    """Return the items of a cell's paragraph: one for each number of an enumeration, else the whole paragraph."""
    units = units_of(paragraph)
    if inline_labels(paragraph.flow, 0, len(paragraph.flow)) and units[0].style:
        return [[unit] for unit in units]
    return [list(units)]


_SECTIONS: dict[Section, Callable[[ReportReading, Node, int | None], None]] = {
    "problems": _read_problems,
    "causes": _read_causes,
    "measures": _read_measures,
    "past": _leave_past,
}
