"""From the outline of a report to its problems, causes and measures; text without a place is listed, not lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from taizhang.draft import words
from taizhang.draft.commitments import BEGINS_WITH_VERB
from taizhang.draft.deadline_words import deadline_words
from taizhang.draft.ends import split_off_closing, split_off_contents
from taizhang.draft.entries import leads_in
from taizhang.draft.facts import origin_of, plan_year, unit_of
from taizhang.draft.headings import Section, is_aspect_title
from taizhang.draft.item_labels import SPOKEN
from taizhang.draft.kinds import propose_kind
from taizhang.draft.links import propose_cause_links, propose_links
from taizhang.draft.measures import add_measures, assign, read_owner_line
from taizhang.draft.outline import LEAD, OWNERS, Node, Unit, build_outline, units_of
from taizhang.draft.particulars import NOTHING, Particulars, join, read_state, state_of_heading
from taizhang.draft.problems import (
    LONGEST_TITLE,
    ReportReading,
    add_cause,
    add_detail,
    add_problem,
    end_of_head,
    head_of,
    short_title,
    without_particulars,
)
from taizhang.draft.prose import begins_with_lack, by_sentences, goes_on, lead_of, looks_ahead, problems_in, sets_tasks
from taizhang.draft.reasons import (
    BY_CONTENT,
    IN_NO_PART,
    LOOKS_LIKE_CLOSING,
    RULED,
    by_sentence,
    not_said_done,
    told_as_done,
    unnumbered,
)
from taizhang.draft.roles import (
    NAMES_ASPECT,
    ROLE_WORDS,
    SHORTCOMING,
    Place,
    decide,
    holds_part,
    kinds_in,
    numbered,
    plain_role,
    roles_by_content,
)
from taizhang.draft.table_rows import read_row
from taizhang.draft.tables import read_tables
from taizhang.draft.values import Draft, Paragraph
from taizhang.ledger.vocabulary import Status, TaskKind
from taizhang.typed.personal import find_personal

__all__ = ["draft_report"]

_IN_ASPECT = re.compile(r"(?P<title>(?:在|关于)?[^，,。]{2,20}(?:方面|上))[，,]")
_ASPECT_THEN_PROBLEM = re.compile(
    r"(?P<title>(?:在|关于)?[^，,。]{2,20}方面)[，,：:][^，,。：:]{0,12}(?:问题|不足|差距|表现)(?:主要)?(?:是|为|在于|有)?[：:，,]"
)
_GENERIC = re.compile(
    r"(?:建立|健全|完善|加强|强化|明确|落实|充实)(?:基层)?(?:力量|队伍|机制|制度|体系|责任|措施|管理|监督|领导|教育|建设|学习|培训|整改)"
)
_TELLS_PROBLEM = re.compile(r"(?:存在|发现|有)[^。]{0,80}(?:问题|不足|差距|短板)")
_SPEAKS_TO_ALL = re.compile(r"[恳敬]?请|欢迎|望|以上")
"""How a paragraph begins that asks the readers for something: it is about no item."""
_DONE_ALREADY = re.compile(
    r"^(?:已|均已)|了|[\d一二两三四五六七八九十百]{1,8}(?:余|多)?(?:次|个|名|人|项|份|场|期|家|处|条|套|台)"
)


def draft_report(paragraphs: Sequence[Paragraph], rulings: Mapping[int, str] | None = None) -> Draft:
    """Read the paragraphs of a report into aspects, problems, causes and commitments, with proposed links.

    ``rulings`` maps the number of a paragraph to what people say that it is (a value of ``rulings.ROLES``). No word is
    lost: ``pieces`` cover the whole text, and text that could not be placed is in ``unplaced`` with the reason in
    Chinese.
    """
    reading = ReportReading(rulings=rulings or {}, ruled=frozenset(rulings or {}))
    rows, plain = read_tables(paragraphs)
    contents, plain = split_off_contents(plain)
    for paragraph in contents:
        reading.place(Unit(paragraph, 0, 0, len(paragraph.flow)), "目录")
    body, closing = split_off_closing(plain)
    root = build_outline([unit for paragraph in body for unit in units_of(paragraph)])
    reading.kinds = Counter(kinds_in(root))
    if not rows:
        reading.rulings = {**roles_by_content(reading, root), **reading.rulings}
    _read_children(reading, root.children, Place())
    for row in rows:
        reading.seen_section = True
        read_row(reading, row)
    _note_unused_rulings(reading, rulings or {})
    for paragraph, reason in closing:
        unit = Unit(paragraph, 0, 0, len(paragraph.flow))
        if reading.measures or reason != LOOKS_LIKE_CLOSING or not _closes_with_tasks(reading, unit):
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
        reading.notes.append(
            f"归类文件里的第 {'、'.join(unused[:10])} 段没有用上：不是单独的一段或一条，请核对段落号。"
        )


def _finish(reading: ReportReading) -> Draft:
    for word, found in (("问题", reading.problems), ("原因", reading.causes), ("整改措施", reading.measures)):
        if not found:
            reading.notes.append(f"没有读到{word}部分。请核对报告里有没有这一部分，小标题里有没有“{word}”这样的字样。")
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
        notes=tuple(dict.fromkeys(reading.notes)),
        pieces=tuple(sorted(reading.pieces, key=lambda piece: (piece.paragraph, piece.start))),
        persons=tuple(sorted(set(reading.persons))),
        decisions=tuple(reading.decisions),
    )


def _read_children(reading: ReportReading, children: Sequence[Node], place: Place, own: int | None = None) -> None:
    """Read what stands under a node in order; ``own`` is the first of the measures that the node itself names.

    A line of owners is about the measures before it, since the last such line; before any measure, about those after.
    A label of causes or measures is about the problem that a label before it names.
    """
    begun = first = since_problem = len(reading.measures) if own is None else own
    general = pending = NOTHING
    problems = place.problems
    after_owners = after_problem = False
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
        if after_problem and len(problems) == 1 and _shows_problem(child) and not numbered(child):
            reading.decide(child.unit, place.depth, "问题", f"标签写着“{child.unit.label}”，讲的是上面那个问题")
            add_detail(reading, problems[0], list(child.units()))
            continue
        if child.field == "problems" or _is_problem_to_rectify(child, children):
            assign(reading, begun, pending)
            pending, begun = NOTHING, (since_problem := len(reading.measures))
            found = _read_problem_field(reading, child, place)
            listed = (
                place.depth == 0 and len(found) > 1
            )  # 【问题清单】 and 【措施清单】: which answers which is not said
            problems = () if listed else (*problems, *found) if after_problem else found
            after_problem, after_owners = True, False
            continue
        if after_owners and len(reading.measures) > begun:
            assign(reading, begun, pending)
            pending, begun = NOTHING, len(reading.measures)
        after_owners = after_problem = False
        if child.field:
            read = _read_update if _tells_update(reading, child, since_problem) else _read_field
            said = read(reading, child, replace(place, problems=problems), since_problem)
            if said.status:
                assign(reading, since_problem, said)
            pending = join(pending, said)
        elif child.style == "":
            pending = join(pending, _read_plain(reading, child.unit, place, children, position))
        else:
            _read_node(reading, child, replace(place, problems=problems))
    assign(reading, begun, pending)
    assign(reading, first, general)


def _is_problem_to_rectify(node: Node, siblings: Sequence[Node]) -> bool:
    """Whether 整改任务 is what has to be put right: it names a lack, and the measures have their own label."""
    if not re.match(r"整改(?:任务|事项|内容)", node.unit.label) or node.field != "measures":
        return False
    if any(each.field == "problems" for each in siblings):
        return False
    others = any(each is not node and each.field in ("measures", "progress") for each in siblings)
    return others and bool(SHORTCOMING.search(node.unit.text)) and not BEGINS_WITH_VERB.match(node.unit.text)


def _read_plain(
    reading: ReportReading, unit: Unit, place: Place, siblings: Sequence[Node] = (), position: int = 0
) -> Particulars:
    """Read a paragraph without a number; returns what it says of the measures that follow."""
    role, reason = plain_role(unit, place, siblings, position)
    if ruled := reading.rulings.get(unit.paragraph.number):
        role, reason = ruled, RULED if unit.paragraph.number in reading.ruled else BY_CONTENT
    elif place.part is None and reading.prose and reason == IN_NO_PART and _read_prose(reading, unit, place):
        return NOTHING
    if role == "开头" and reading.seen_section:
        role = "不录"
    number = unit.paragraph.number
    if role not in ("开头", "引语", "标题"):
        reading.decide(unit, place.depth, ROLE_WORDS.get(role, role), reason)
    if role == "措施":
        return add_measures(reading, [unit], place.task)
    if role in ("开头", "引语", "标题"):
        reading.place(unit, role)
        told = place.part == "problems" and place.aspect is not None and SHORTCOMING.search(unit.text)
        if told and not unit.text.endswith(("：", ":")):
            reading.notes.append(f"第 {number} 段：写在各条问题之前，当作引语，没有单列为问题，请核对。")
        if place.part == "measures" and BEGINS_WITH_VERB.match(unit.text) and unit.text.endswith("。"):
            reading.notes.append(f"第 {number} 段：写在各条措施之前，当作引语，没有单列为措施，请核对。")
    elif role == "不录":
        reading.leave(unit, reason)
    elif role == "问题":
        _read_prose_problems(reading, [unit], place.aspect)
    elif role == "原因":
        reading.notes.append(f"第 {number} 段：没有编号，整段作为一个原因，请核对。")
        add_cause(reading, [unit], place.problems)
    else:
        _HANDLERS[role](reading, Node(unit, ""), place)
    return NOTHING


def _read_prose(reading: ReportReading, unit: Unit, place: Place) -> bool:
    """Read a paragraph that is in no part by its sentences; whether it has any problem or task."""
    told = [
        (role if role in reading.prose else "开头", part)
        for role, part in by_sentences(
            unit, strictly=not reading.prose >= {"问题", "措施"}, told=bool(reading.problems)
        )
    ]
    if all(role == "开头" for role, _ in told):
        return False
    reading.notes.append(by_sentence(unit.paragraph.number))
    for role, part in told:
        reading.decide(part, place.depth, role, BY_CONTENT)
        if role == "问题":
            _read_prose_problems(reading, [part], place.aspect)
        elif role == "原因":
            add_cause(reading, [part])
        elif role == "措施":
            begun = part.content + lead_of(part.paragraph.flow[part.content : part.end])
            reading.place(part, "引语", end=begun)
            add_measures(reading, [replace(part, start=begun, content=begun)], replace(place, group="整改措施").task)
        else:
            reading.place(part, "开头")
    reading.seen_section = True
    return True


def _closes_with_tasks(reading: ReportReading, unit: Unit) -> bool:
    """Read a last paragraph (下一步，我校将……) of a report that has no measures before it; whether it sets tasks."""
    kinds = {propose_kind(each) for each in re.split("[，,。；;]", unit.text)}
    if not kinds & {TaskKind.ONCE, TaskKind.CYCLE}:
        return False
    reading.prose = frozenset({"措施"})
    return _read_prose(reading, unit, Place())


def _read_prose_problems(reading: ReportReading, units: Sequence[Unit], aspect: int | None) -> None:
    """Add the problems of paragraphs without numbers: each sentence that names one, with what tells more of it."""
    found: list[list[Unit]] = []
    named = _ASPECT_THEN_PROBLEM.match(units[0].text) if len(units) == 1 and aspect is None else None
    if named:
        whole = units[0]
        aspect = reading.aspect(named["title"], whole.paragraph.number)
        reading.place(whole, "方面", end=whole.content + named.end())
        units = [replace(whole, start=whole.content + named.end(), content=whole.content + named.end())]
    for unit in units:
        for part in problems_in(unit):
            if found and goes_on(part.text):
                found[-1].append(part)
            else:
                found.append([part])
    note = unnumbered if len(found) == 1 else by_sentence
    reading.notes += [note(unit.paragraph.number) for unit in units[: len(found)]]
    for first, *others in found:
        begun = begins_with_lack(first)
        if begun.start > first.start:
            reading.place(first, "引语", end=begun.start)
        add_problem(reading, [begun, *others], aspect)


def _read_node(reading: ReportReading, node: Node, place: Place) -> None:
    """Decide what a numbered item, a heading or a lead-in is, by several signs, and read it."""
    role, reason = decide(reading, node, place)
    reading.decide(node.unit, place.depth, ROLE_WORDS.get(role, role), reason)
    first = len(reading.measures)
    if state := state_of_heading(head_of(node.unit)):
        place = replace(place, state=state)
    _HANDLERS[role](reading, node, place)
    if state:
        assign(reading, first, Particulars(0, 0, status=state))


def _read_section(part: Section) -> Callable[[ReportReading, Node, Place], None]:
    def read(reading: ReportReading, node: Node, place: Place) -> None:
        reading.seen_section = True
        unit = node.unit
        title = head_of(unit)
        taken = part == "progress" and not any(map(holds_part, node.children))
        inner = place.inside(part=part, title=title, listed=taken)
        if node.style == LEAD or node.leads == part:
            named = _IN_ASPECT.match(unit.text)
            if named and part == "problems" and place.aspect is None:
                inner = replace(inner, aspect=reading.aspect(named["title"], unit.paragraph.number))
            general = NOTHING
            inner = _place_lead(reading, unit, inner, place)
            inner = replace(inner, group=inner.group or (title if len(title) <= LONGEST_TITLE else "整改措施"))
        else:
            general = _place_heading(reading, node, inner)
            default = reading.aspects[place.aspect].title if place.aspect is not None else title
            inner = replace(inner, group=place.group or default)
        first = len(reading.measures)
        _read_children(reading, node.children, inner)
        assign(reading, first, general)
        if taken and any(each.status is None for each in reading.measures[first:]):
            reading.notes.append(not_said_done(unit.paragraph.number))
            assign(reading, first, Particulars(0, 0, status=Status.UNDER_WAY))

    return read


def _place_lead(reading: ReportReading, unit: Unit, inner: Place, outer: Place) -> Place:
    """Place a lead-in; sentences before it that name a problem (发现存在……问题。针对这些，采取以下措施：) are one."""
    flow = unit.paragraph.flow
    last = max(flow.rfind(mark, unit.content, unit.end - 1) for mark in "。！？!?") + 1
    before = replace(unit, end=last) if last > unit.content else None
    told = before and inner.part == "measures" and outer.part in (None, "mixed") and _TELLS_PROBLEM.search(before.text)
    if before is None or not told or outer.problems:
        reading.place(unit, "引语")
        return inner
    reading.notes.append(unnumbered(unit.paragraph.number))
    index = add_problem(reading, [before], outer.aspect)
    reading.place(unit, "引语", start=last)
    return replace(inner, problems=(index,))


def _place_heading(reading: ReportReading, node: Node, inner: Place) -> Particulars:
    """Place a part's heading; the rest of its paragraph leads in to the items, or is itself the only one."""
    unit = node.unit
    head_end = end_of_head(unit)
    reading.place(unit, "标题", end=head_end)
    rest = Unit(unit.paragraph, head_end, head_end, unit.end)
    said = without_particulars(unit)[1]
    if not rest.text:
        reading.place(rest, "标题")
        return said
    kept, said = without_particulars(rest)
    if not kept:
        reading.place(rest, "责任和时限")
        return said
    if node.children and numbered(node):
        reading.place(rest, "引语")
    else:
        return _read_plain(reading, rest, inner)
    return NOTHING


def _read_past(reading: ReportReading, node: Node, place: Place) -> None:
    reading.seen_section = True
    title = head_of(node.unit)
    reading.leave(node.unit, told_as_done(title))
    earlier = re.search(words.EARLIER, title)
    if earlier or not any(holds_part(child) for child in node.children):
        for child in node.children:
            for unit in child.units():
                reading.leave(unit, told_as_done(title))
        return
    _read_children(reading, node.children, place.inside(part="past", title=title))


def _read_container(reading: ReportReading, node: Node, place: Place) -> None:
    """Read a node that is in no part: what it holds that says what it is, and the rest as opening or unplaced."""
    told = any(unit.paragraph.number in reading.rulings for child in node.children for unit in child.units())
    if told or any(holds_part(child) for child in node.children):
        reading.place(node.unit, "标题")
        inner = place.inside(group=head_of(node.unit)) if told and node.style else place.inside()
        _read_children(reading, node.children, inner)
        return
    for unit in node.units():
        if place.part == "past":
            reading.leave(unit, told_as_done(place.title))
        elif reading.seen_section:
            reading.leave(unit, IN_NO_PART)
        else:
            reading.place(unit, "开头")


def _read_aspect(reading: ReportReading, node: Node, place: Place) -> None:
    unit = node.unit
    part = place.part
    holds = [child for child in node.children if holds_part(child)]
    if part is None:
        part = "mixed" if holds else "problems"
        if not holds:
            reading.seen_section = True
            reading.notes.append(
                f"第 {unit.paragraph.number} 段：没有“存在问题”这样的标题，"
                f"按“{short_title(head_of(unit))}”方面的问题读，请核对。"
            )
    title = head_of(unit)
    named = is_aspect_title(unit.text) or bool(NAMES_ASPECT.match(title)) or not SHORTCOMING.search(title)
    number = reading.aspect(head_of(unit), unit.paragraph.number) if named else place.aspect
    head_end = end_of_head(unit)
    reading.place(unit, "方面", end=head_end)
    rest = Unit(unit.paragraph, head_end, head_end, unit.end)
    inner = place.inside(part=part, aspect=number, group=head_of(unit), title=head_of(unit))
    if part == "problems" and not numbered(node) and not holds:
        contents = [each for each in (rest, *(child.unit for child in node.children)) if each.text]
        if contents:
            _read_prose_problems(reading, contents, number)
        elif rest.end > rest.start:
            reading.place(rest, "方面")
        return
    reading.place(rest, "引语")
    _read_children(reading, node.children, inner)


def _read_problem(reading: ReportReading, node: Node, place: Place) -> None:
    """Read a problem; labels under it are its causes and measures, the rest is its detail."""
    told = [child for child in node.children if _tells_how(child, node)]
    ahead = [child for child in node.children if not child.style and looks_ahead(child.unit.text)]
    own = [child for child in node.children if _is_detail(child) and child not in told and child not in ahead]
    others = [child for child in node.children if not _is_detail(child)]
    units = [node.unit, *(unit for child in own for unit in child.units())]
    first = len(reading.measures)
    index = add_problem(reading, units, place.aspect)
    said = without_particulars(node.unit)[1]
    inner = _under_problem(reading, place, index)
    for child in told:
        reading.decide(child.unit, inner.depth, "整改进展", "写在问题下面，讲的是怎么改的")
        said = join(said, add_measures(reading, [child.unit], replace(inner, part="progress").task))
    _read_children(reading, others, inner, first)
    assign(reading, first, said)
    if told:
        _close_progress(reading, first, told[-1].unit.paragraph.number, place.state)
    for child in ahead:
        if not ("措施" in reading.prose and _read_prose(reading, child.unit, Place())):
            reading.leave(child.unit, LOOKS_LIKE_CLOSING)


def _tells_how(child: Node, problem: Node) -> bool:
    """Whether a paragraph under a problem tells how it was put right: it begins with its state, or a label says it."""
    if child.style or problem.has_field("measures"):
        return False
    sentences = re.split("[。！？]", child.unit.text)
    labelled = any(each.field in ("progress", "state") and read_state(each.unit.text) for each in problem.children)
    return bool(read_state(sentences[0])) or (
        labelled and (sets_tasks(sentences[0]) or not SHORTCOMING.search(sentences[0]))
    )


def _is_detail(child: Node) -> bool:
    if child.style == OWNERS or child.field in ("causes", "measures", "progress", "state"):
        return False
    return child.section not in ("causes", "measures", "progress", "mixed") and child.leads not in (
        "causes",
        "measures",
    )


def _under_problem(reading: ReportReading, place: Place, index: int) -> Place:
    title = reading.problems[index].title
    return place.inside(problems=(index,), group=title, title=title)


def _read_answered(reading: ReportReading, node: Node, place: Place) -> None:
    """Read a problem that its own heading names (关于……的问题), with what is or was done about it below."""
    reading.seen_section = True
    unit = node.unit
    head_end = end_of_head(unit)
    heading = replace(unit, end=head_end)
    shown = [child for child in node.children if _shows_problem(child)]
    index = add_problem(reading, [heading, *(each for child in shown for each in child.units())], place.aspect)
    told = place.part == "progress" or (place.part in (None, "mixed") and _tells_of_past(node))
    part: Section = "progress" if told else "measures"
    inner = replace(_under_problem(reading, place, index), part=part, listed=True)
    said = without_particulars(heading)[1]
    first = len(reading.measures)
    rest = Unit(unit.paragraph, head_end, head_end, unit.end)
    if rest.text:
        said = join(said, add_measures(reading, [rest], inner.task))
    else:
        reading.place(rest, "标题")
    _read_children(reading, [child for child in node.children if child not in shown], inner)
    assign(reading, first, said)
    if part == "progress":
        _close_progress(reading, first, unit.paragraph.number, place.state)


def _shows_problem(node: Node) -> bool:
    """Whether a label says how the problem above it shows (具体表现：……)."""
    return node.field == "problems" and "表现" in node.unit.label and "问题" not in node.unit.label


def _tells_of_past(node: Node) -> bool:
    return bool(re.search(r"已|了", "".join(unit.text for unit in node.units())))


def _read_cause(reading: ReportReading, node: Node, place: Place) -> None:
    add_cause(reading, list(node.units()), place.problems)


def _read_measure(reading: ReportReading, node: Node, place: Place) -> None:
    """Read a group of measures, or one item of a group."""
    unit = node.unit
    spoken = unit.inline or unit.style in SPOKEN
    first = len(reading.measures)
    said = NOTHING
    inner = place.inside()
    if _is_title(node, is_item=spoken or place.depth > 1):
        head = _head_within(unit)
        head_end = head.end
        reading.place(unit, "标题", end=head_end)
        if not spoken:
            inner = replace(inner, group=head_of(head))
        rest = Unit(unit.paragraph, head_end, head_end, unit.end)
        if rest.end > rest.start:
            said = join(said, add_measures(reading, [rest], inner.task))
    else:
        said = add_measures(reading, [unit], place.task)
        inner = replace(inner, group=place.group)
    _read_children(reading, node.children, inner, first)
    assign(reading, first, said)


def _head_within(unit: Unit) -> Unit:
    """Return the first sentence of a unit without who and when."""
    stretches, _ = without_particulars(unit)
    first = stretches[0] if stretches else unit
    return replace(first, end=end_of_head(first))


def _is_title(node: Node, *, is_item: bool) -> bool:
    """Whether the first sentence of a node is a title: short, followed by more text, and not a task by itself.

    An item that begins with a provable deed (一是制定学习计划。) has no title.
    """
    unit = node.unit
    head = _head_within(unit)
    title = head_of(head)
    after, _ = without_particulars(Unit(unit.paragraph, head.end, head.end, unit.end))
    said = "".join(each.text for each in after)
    more = (said and not read_state(said)) or any(
        child.style != OWNERS and child.field != "state" and not _SPEAKS_TO_ALL.match(child.unit.text)
        for child in node.children
    )
    sets_task = (
        bool(deadline_words(title))
        or (is_item and propose_kind(title) == TaskKind.ONCE and not _GENERIC.fullmatch(title))
        or (is_item and bool(_DONE_ALREADY.search(title)))
    )
    return bool(more) and len(title) <= LONGEST_TITLE and not sets_task


def _read_problem_field(reading: ReportReading, node: Node, place: Place) -> tuple[int, ...]:
    """Read a label of problems (存在问题：…): one problem, or one for each item of its list; returns their indexes."""
    reading.seen_section = True
    reading.decide(node.unit, place.depth, "问题", f"标签写着“{node.unit.label}”")
    first = len(reading.problems)
    items = numbered(node)
    inner = place.inside(part="problems", title=node.unit.label)
    if items:
        unit = node.unit
        reading.place(unit, "标题", end=unit.content)
        rest = Unit(unit.paragraph, unit.content, unit.content, unit.end)
        if rest.text and not rest.text.endswith(("：", ":")) and SHORTCOMING.search(rest.text) and len(rest.text) > 4:
            add_problem(reading, [rest, *(each for child in node.children for each in child.units())], place.aspect)
        else:
            reading.place(rest, "引语")
            _read_children(reading, node.children, inner)
    elif node.unit.text:
        _note_whole(reading, node.unit, place)
        add_problem(reading, list(node.units()), place.aspect)
    else:
        reading.place(node.unit, "标题")
        _read_children(reading, node.children, inner)
    return tuple(range(first, len(reading.problems)))


def _note_whole(reading: ReportReading, unit: Unit, place: Place) -> None:
    if place.part in (None, "problems") and place.depth <= 1 and len(re.findall("。", unit.text)) > 1:
        reading.notes.append(unnumbered(unit.paragraph.number))


def _read_field(reading: ReportReading, node: Node, place: Place, _first: int) -> Particulars:
    """Read a label of causes, measures, progress or state; returns what it says of the measures beside it."""
    reading.seen_section = True
    unit, kind = node.unit, node.field
    reading.decide(
        unit,
        place.depth,
        {"causes": "原因", "state": "状态", "progress": "整改进展"}.get(kind or "", "措施"),
        f"标签写着“{unit.label}”",
    )
    reading.place(unit, "标题", end=unit.content)
    rest = Unit(unit.paragraph, unit.content, unit.content, unit.end)
    if kind == "causes":
        inner = place.inside(part="causes", title=unit.label)
        if numbered(node):
            reading.place(rest, "引语")
            _read_children(reading, node.children, inner)
        elif rest.text:
            add_cause(reading, [rest, *(each for child in node.children for each in child.units())], place.problems)
        else:
            _read_children(reading, node.children, inner)
        return NOTHING
    if kind == "state":
        kept, said = without_particulars(rest)
        state = read_state("".join(each.text for each in kept))
        if state is None:
            reading.leave(rest, "写在整改状态里，看不出是哪一种状态")
            return NOTHING
        reading.place(rest, "状态")
        return join(Particulars(0, 0, status=state[0], deadline_words=state[1]), said)
    part: Section = "progress" if kind == "progress" else "measures"
    group = place.group or (reading.aspects[place.aspect].title if place.aspect is not None else unit.label)
    inner = place.inside(part=part, group=group, title=unit.label, listed=True)
    said = NOTHING
    first = len(reading.measures)
    state = read_state(rest.text) if kind == "progress" else None
    if state:
        reading.place(rest, "状态")
        said = Particulars(0, 0, status=state[0], deadline_words=state[1])
        assign(reading, first, said)
    elif (
        numbered(node)
        and rest.text
        and len(rest.text) <= LONGEST_TITLE
        and not re.search(r"[，；。]", rest.text.rstrip("。：:；"))
        and rest.text.endswith(("：", ":", "。"))
    ):
        reading.place(rest, "引语")
    elif rest.text:
        said = add_measures(reading, [rest], inner.task)
    else:
        reading.place(rest, "标题")
    _read_children(reading, node.children, inner)
    if kind == "progress":
        _close_progress(reading, first, unit.paragraph.number, place.state)
    return said


def _tells_update(reading: ReportReading, node: Node, first: int) -> bool:
    """Whether a label says how far the measures from ``first`` on are, in more words than those for a state."""
    beside = node.field == "progress" and len(reading.measures) > first
    return beside and (bool(node.children) or not read_state(node.unit.text))


def _read_update(reading: ReportReading, node: Node, place: Place, first: int) -> Particulars:
    """Read a report of progress under a label beside the measures from ``first`` on: it says how far these are.

    It goes to the only measure, or item by item to as many measures; otherwise it is named, as it may be about any.
    """
    about, pieces, links, left = map(len, (reading.measures, reading.pieces, reading.links, reading.unplaced))
    said = _read_field(reading, node, place, about)
    told = reading.measures[about:]
    del reading.measures[about:], reading.links[links:]
    status = told[-1].status if told else said.status
    if about - first == 1:
        texts = ["；".join(each.statement for each in told)]
    elif len(told) == about - first == len(numbered(node)):
        texts = [each.statement for each in told]
    else:
        texts = []
        number = node.unit.paragraph.number
        reading.notes = [each for each in reading.notes if each != not_said_done(number)]
        del reading.pieces[pieces:], reading.unplaced[left:]
        for unit in node.units():
            reading.leave(unit, "写着整改进展，上面有几条措施，看不出讲的是哪一条")
        state = read_state(node.unit.text.rstrip("。").rsplit("。", 1)[-1])
        status = state[0] if state else None
    reading.pieces[pieces:] = [
        replace(each, role="状态") if each.role == "措施" else each for each in reading.pieces[pieces:]
    ]
    for index, text in enumerate(texts, first):
        reading.measures[index] = replace(reading.measures[index], update=text)
    if status:
        assign(reading, first, Particulars(0, 0, status=status, deadline_words=said.deadline_words))
    return NOTHING


def _close_progress(reading: ReportReading, first: int, paragraph: int, state: Status | None) -> None:
    """Give the state that closes a report of progress (已完成整改。) to all that stands before it."""
    taken = reading.measures[first:]
    if not taken:
        return
    closing = Particulars(0, 0, status=taken[-1].status or state or Status.UNDER_WAY)
    if taken[-1].status is None and state is None:
        reading.notes.append(not_said_done(paragraph))
    elif len({each.deadline_words for each in taken if each.status}) == 1:
        closing = replace(closing, deadline_words=taken[-1].deadline_words)
    assign(reading, first, closing)


def _leave(reading: ReportReading, node: Node, place: Place) -> None:
    reason = decide(reading, node, place)[1]
    for unit in node.units():
        reading.leave(unit, reason)


_HANDLERS: dict[str, Callable[[ReportReading, Node, Place], None]] = {
    "problems": _read_section("problems"),
    "causes": _read_section("causes"),
    "measures": _read_section("measures"),
    "mixed": _read_section("mixed"),
    "progress": _read_section("progress"),
    "past": _read_past,
    "容器": _read_container,
    "方面": _read_aspect,
    "问题": _read_problem,
    "问题和措施": _read_answered,
    "原因": _read_cause,
    "措施": _read_measure,
    "不录": _leave,
}
