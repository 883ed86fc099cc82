"""From the outline of a report to its problems, causes and measures; text without a place is listed, not lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from taizhang.draft.children import read_children
from taizhang.draft.division import read_division, split_off_division
from taizhang.draft.ends import split_off_closing, split_off_contents
from taizhang.draft.entries import leads_in
from taizhang.draft.facts import all_put_right, in_traditional_characters, origin_of, plan_year, unit_of
from taizhang.draft.item_signs import kinds_in
from taizhang.draft.links import propose_cause_links, propose_links
from taizhang.draft.loose_lists import owned_lists, roles_by_content
from taizhang.draft.outline import build_outline
from taizhang.draft.paragraphs import closes_with_tasks
from taizhang.draft.place import Place
from taizhang.draft.reading import ReportReading
from taizhang.draft.reasons import LOOKS_LIKE_CLOSING
from taizhang.draft.table_rows import above_tables, read_rows
from taizhang.draft.tables import read_tables
from taizhang.draft.units import units_of, whole
from taizhang.draft.values import Draft, Paragraph
from taizhang.typed.numerals import as_ranges
from taizhang.typed.personal import find_personal

__all__ = ["draft_report"]


def draft_report(paragraphs: Sequence[Paragraph], rulings: Mapping[int, str] | None = None) -> Draft:
    """Read the paragraphs of a report into aspects, problems, causes and commitments, with proposed links.

    ``rulings`` maps the number of a paragraph to what people say that it is (a value of ``rulings.ROLES``). No word is
    lost: ``pieces`` cover the whole text, and text that could not be placed is in ``unplaced`` with the reason in
    Chinese.
    """
    reading = ReportReading(rulings=rulings or {})
    rows, plain = read_tables(paragraphs)
    reading.before_tables = above_tables(rows)
    contents, plain = split_off_contents(plain)
    for paragraph in contents:
        reading.place(whole(paragraph), "目录")
    body, closing = split_off_closing(plain)
    body, division = split_off_division(body)
    root = build_outline([unit for paragraph in body for unit in units_of(paragraph)])
    reading.kinds = Counter(kinds_in(root))
    reading.all_done = all_put_right(body)
    if rows:
        reading.kinds["measures"] += 1
    reading.by_content = owned_lists(reading, root) if rows else roles_by_content(reading, root)
    read_children(reading, root.children, Place())
    read_rows(reading, rows)
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
