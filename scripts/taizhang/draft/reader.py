"""From the outline of a report to its problems, causes and measures; text without a place is listed, not lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from taizhang.draft.commitments import BEGINS_WITH_VERB
from taizhang.draft.division import read_division, split_off_division
from taizhang.draft.ends import split_off_closing, split_off_contents
from taizhang.draft.entries import leads_in
from taizhang.draft.facts import in_traditional_characters, origin_of, plan_year, unit_of
from taizhang.draft.headings import SHORTCOMING
from taizhang.draft.labelled import read_label, read_problem_label, read_update, tells_update
from taizhang.draft.links import propose_cause_links, propose_links
from taizhang.draft.measure_items import read_measure
from taizhang.draft.measures import assign, read_owner_line
from taizhang.draft.outline import OWNERS, Node, build_outline, units_of, whole
from taizhang.draft.paragraphs import closes_with_tasks, read_plain
from taizhang.draft.particulars import NOTHING, Particulars, join, read_state, state_of_heading
from taizhang.draft.parts import read_aspect, read_container, read_past, read_section
from taizhang.draft.place import Place, ReadWithin
from taizhang.draft.problem_items import read_answered, read_problem, shows_problem
from taizhang.draft.problems import add_cause, add_detail
from taizhang.draft.reading import ReportReading
from taizhang.draft.reasons import LOOKS_LIKE_CLOSING
from taizhang.draft.roles import ROLE_WORDS, decide, kinds_in, numbered, roles_by_content
from taizhang.draft.rulings import PART_ROLES
from taizhang.draft.table_rows import read_row
from taizhang.draft.tables import read_tables
from taizhang.draft.titles import head_of
from taizhang.draft.values import Draft, Paragraph
from taizhang.ledger.vocabulary import Status
from taizhang.typed.numerals import as_ranges
from taizhang.typed.personal import find_personal

__all__ = ["draft_report"]

_HEAD_MORE = frozenset(("方面", *PART_ROLES.values()))
"""What a paragraph is ruled to be that is the head of those after it."""


def draft_report(paragraphs: Sequence[Paragraph], rulings: Mapping[int, str] | None = None) -> Draft:
    """Read the paragraphs of a report into aspects, problems, causes and commitments, with proposed links.

    ``rulings`` maps the number of a paragraph to what people say that it is (a value of ``rulings.ROLES``). No word is
    lost: ``pieces`` cover the whole text, and text that could not be placed is in ``unplaced`` with the reason in
    Chinese.
    """
    reading = ReportReading(rulings=rulings or {})
    rows, plain = read_tables(paragraphs)
    contents, plain = split_off_contents(plain)
    for paragraph in contents:
        reading.place(whole(paragraph), "目录")
    body, closing = split_off_closing(plain)
    body, division = split_off_division(body)
    root = build_outline([unit for paragraph in body for unit in units_of(paragraph)])
    reading.kinds = Counter(kinds_in(root))
    if not rows:
        reading.by_content = roles_by_content(reading, root)
    _read_children(reading, root.children, Place())
    for row in rows:
        reading.seen_section = True
        read_row(reading, row)
    read_division(reading, division, paragraphs)
    if in_traditional_characters(plain):
        reading.note(0, "材料是繁体字，标题、责任和时限大多认不出：请在 Word 的“审阅”里“繁转简”，另存后再起草。")
    _note_unused_rulings(reading, rulings or {})
    for paragraph, reason in closing:
        unit = whole(paragraph)
        if reading.measures or reason != LOOKS_LIKE_CLOSING or not closes_with_tasks(reading, unit):
            reading.leave(unit, reason)
    found = ((each.number, find_personal(each.seen)) for each in paragraphs)
    personal = tuple((number, kinds) for number, kinds in found if kinds)
    signature = [paragraph for paragraph, _ in closing]
    return replace(
        _finish(reading),
        leads=leads_in(each.flow for each in plain),
        personal=personal,
        unit=unit_of(body, signature),
        year=plan_year(reading.measures, body, signature),
        origin=origin_of(body),
    )


def _note_unused_rulings(reading: ReportReading, rulings: Mapping[int, str]) -> None:
    used = {each.paragraph for each in reading.decisions}
    if unused := [str(number) for number in rulings if number not in used]:
        reading.note(0, f"归类文件里的第 {'、'.join(unused[:10])} 段没有用上：不是单独的一段或一条，请核对段落号。")


def _gather(notes: Sequence[tuple[int, str]]) -> Iterator[str]:
    """Yield what is noted, each once, with the paragraphs that it is about."""
    about: dict[str, set[int]] = {}
    for paragraph, told in notes:
        about.setdefault(told, set()).update((paragraph,) if paragraph else ())
    for told, paragraphs in about.items():
        yield f"第 {as_ranges(sorted(paragraphs))} 段：{told}" if paragraphs else told


def _finish(reading: ReportReading) -> Draft:
    for word, found in (("问题", reading.problems), ("原因", reading.causes), ("整改措施", reading.measures)):
        if not found:
            reading.note(0, f"没有读到{word}部分。请核对报告里有没有这一部分，小标题里有没有“{word}”这样的字样。")
    stated = {link.measure for link in reading.links}
    proposed = propose_links(reading.measures, reading.problems)
    links = [*reading.links, *(link for link in proposed if link.measure not in stated)]
    caused = {link.problem for link in reading.cause_links}
    cause_links = [
        *reading.cause_links,
        *(link for link in propose_cause_links(reading.problems, reading.causes) if link.problem not in caused),
    ]
    return Draft(
        aspect_heads=tuple(reading.aspects),
        problems=tuple(reading.problems),
        causes=tuple(reading.causes),
        measures=tuple(reading.measures),
        links=tuple(sorted(links, key=lambda link: (link.measure, link.problem))),
        cause_links=tuple(sorted(cause_links, key=lambda link: (link.problem, link.cause))),
        unplaced=tuple(sorted(reading.unplaced, key=lambda each: each[0].number)),
        notes=tuple(_gather(reading.notes)),
        pieces=tuple(sorted(reading.pieces, key=lambda piece: (piece.paragraph, piece.start))),
        persons=tuple(sorted(set(reading.persons))),
        decisions=tuple(reading.decisions),
    )


def _read_children(reading: ReportReading, children: Sequence[Node], place: Place, own: int | None = None) -> None:
    """Read what stands under a node in order; ``own`` is the first of the measures that the node itself names.

    A line of owners is about the measures before it, since the last such line; before any measure, about those after.
    A label of causes or measures is about the problem that a label before it names.
    """
    within = partial(_read_children, reading)
    begun = first = since_problem = len(reading.measures) if own is None else own
    general = pending = NOTHING
    problems, after_owners, after_problem = place.problems, False, False
    owned: frozenset[int] = frozenset()
    for position, child in enumerate(children):
        if child.style == OWNERS and place.part is None and not (reading.seen_section or reading.measures):
            reading.place(child.unit, "开头")  # （某校 副校长 某某）  under the title: who writes
            continue
        if child.style == OWNERS:
            said = read_owner_line(reading, child.unit)
            reading.decide(child.unit, place.depth, "责任和时限", "写着责任部门、责任人或时限")
            if len(reading.measures) > begun:
                if not after_owners:
                    owned = frozenset(
                        n for n in range(begun, len(reading.measures)) if reading.measures[n].owners.department
                    )
                assign(reading, begun, said, over=len(reading.measures) - begun == 1, leaving=owned)
            elif after_problem or begun > first:
                pending = join(pending, said)
            else:
                general = join(general, said)
            after_owners = True
            continue
        if after_problem and len(problems) == 1 and shows_problem(child) and not numbered(child):
            reading.decide(child.unit, place.depth, "问题", f"标签写着“{child.unit.label}”，讲的是上面那个问题")
            add_detail(reading, problems[0], list(child.units()))
            continue
        if child.field == "problems" or _is_problem_to_rectify(child, children):
            assign(reading, begun, pending)
            pending, begun = NOTHING, (since_problem := len(reading.measures))
            found = read_problem_label(reading, child, place, within)
            listed = place.depth == 0 and len(found) > 1  # 【问题清单】, then 【措施清单】: no word which answers which
            problems = () if listed else (*problems, *found) if after_problem else found
            after_problem, after_owners = True, False
            continue
        if after_owners and len(reading.measures) > begun:
            assign(reading, begun, pending)
            pending, begun = NOTHING, len(reading.measures)
        after_owners = after_problem = False
        if child.field:
            read = read_update if tells_update(reading, child, since_problem) else read_label
            said = read(
                reading,
                child,
                replace(place, problems=problems, state=place.state or _state_after(children, position)),
                within,
                since_problem,
            )
            if said.status:
                assign(reading, since_problem, said)
            pending = join(pending, said)
        elif child.style == "" and (reading.decided(child.unit) or ("",))[0] not in _HEAD_MORE:
            pending = join(pending, read_plain(reading, child.unit, place, children, position))
        else:
            _read_node(reading, child, replace(place, problems=problems))
    assign(reading, begun, pending)
    assign(reading, first, general)


def _state_after(children: Sequence[Node], position: int) -> Status | None:
    """Return the state that a label right after one of progress says (整改情况：……, then 整改状态：已完成)."""
    following = next(iter(children[position + 1 : position + 2]), None)
    if children[position].field != "progress" or following is None or following.field != "state":
        return None
    state = read_state(following.unit.text)
    return state.status if state else None


def _is_problem_to_rectify(node: Node, siblings: Sequence[Node]) -> bool:
    """Whether 整改任务 is what has to be put right: it names a lack, and the measures have their own label."""
    if not re.match(r"整改(?:任务|事项|内容)", node.unit.label) or node.field != "measures":
        return False
    if any(each.field == "problems" for each in siblings):
        return False
    others = any(each is not node and each.field in ("measures", "progress") for each in siblings)
    return others and bool(SHORTCOMING.search(node.unit.text)) and not BEGINS_WITH_VERB.match(node.unit.text)


def _read_node(reading: ReportReading, node: Node, place: Place) -> None:
    """Decide what a numbered item, a heading or a lead-in is, by several signs, and read it."""
    role, reason = decide(reading, node, place)
    reading.decide(node.unit, place.depth, ROLE_WORDS.get(role, role), reason)
    first = len(reading.measures)
    if state := state_of_heading(head_of(node.unit)):
        place = replace(place, state=state)
    _HANDLERS[role](reading, node, place, partial(_read_children, reading))
    if state:
        assign(reading, first, Particulars(status=state))


def _read_cause(reading: ReportReading, node: Node, place: Place, within: ReadWithin) -> None:
    add_cause(reading, list(node.units()), place.problems)


def _leave(reading: ReportReading, node: Node, place: Place, within: ReadWithin) -> None:
    reason = decide(reading, node, place)[1]
    for unit in node.units():
        reading.leave(unit, reason)


_HANDLERS: dict[str, Callable[[ReportReading, Node, Place, ReadWithin], None]] = {
    "problems": read_section("problems"),
    "causes": read_section("causes"),
    "measures": read_section("measures"),
    "mixed": read_section("mixed"),
    "progress": read_section("progress"),
    "past": read_past,
    "容器": read_container,
    "方面": read_aspect,
    "问题": read_problem,
    "问题和措施": read_answered,
    "原因": _read_cause,
    "措施": read_measure,
    "不录": _leave,
}
