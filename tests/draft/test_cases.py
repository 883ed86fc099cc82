"""Made-up reports of all kinds, each with what a careful reader takes from it; counts are exact."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from support.word_files import add_table, new_document
from taizhang.draft.reader import draft_report
from taizhang.draft.source import paragraphs_of, read_source
from taizhang.draft.values import Draft, DraftMeasure

CASES = Path(__file__).parent / "cases"
GIVEN = tomllib.loads((CASES / "expected.toml").read_text(encoding="utf-8"))
MORE = {
    name: case
    for file in ("more.toml", "kinds.toml", "given_kinds.toml", "whole.toml", "drawn.toml")
    for name, case in tomllib.loads((CASES / file).read_text(encoding="utf-8")).items()
}
WHOLE = {
    name for file in ("whole.toml", "drawn.toml") for name in tomllib.loads((CASES / file).read_text(encoding="utf-8"))
}
"""Longer texts; they are wrapped at one width only."""


def text_of(name: str) -> str:
    return MORE[name]["report"] if name in MORE else (CASES / f"{name}.txt").read_text(encoding="utf-8")


def drafted(text: str) -> Draft:
    return draft_report(paragraphs_of("报告.txt", text.encode()))


def pieces_in(pieces: list[str], texts: tuple[str, ...]) -> list[str]:
    """Return each text as the piece that it should hold, or as it is if it does not."""
    paired = [piece if piece in text else text for piece, text in zip(pieces, texts, strict=False)]
    return [*paired, *texts[len(pieces) :]]


def measure_with(draft: Draft, piece: str, taken: set[int]) -> tuple[int, DraftMeasure]:
    holding = [(n, each) for n, each in enumerate(draft.measures) if piece in each.statement]
    assert holding, f"{piece}: {[each.statement for each in draft.measures]}"
    return next((pair for pair in holding if pair[0] not in taken), holding[0])


def said_of(task: dict[str, Any], draft: Draft, number: int, measure: DraftMeasure) -> dict[str, Any]:
    """Return what the draft says of a task, in the form of the table."""
    problems = [link.problem + 1 for link in draft.links if link.measure == number]
    return {
        "department": measure.owners.department,
        "supporting": list(measure.owners.supporting),
        "leader": measure.owners.leader if "leader" in task else "",
        "deadline": measure.deadline_words,
        "status": (measure.status or "") if "status" in task else "",
        "problem": problems if "problem" in task else [],
    }


def expected_of(task: dict[str, Any]) -> dict[str, Any]:
    return {
        "department": task.get("department", ""),
        "supporting": task.get("supporting", []),
        "leader": task.get("leader", ""),
        "deadline": task.get("deadline", ""),
        "status": task.get("status", ""),
        "problem": [task["problem"]] if "problem" in task else [],
    }


@pytest.mark.parametrize("name", [*GIVEN, *MORE])
def test_a_report_is_read_exactly(name: str) -> None:
    expected, draft = {**GIVEN, **MORE}[name], drafted(text_of(name))
    titles = {
        "problems": tuple(each.title for each in draft.problems),
        "causes": tuple(each.title for each in draft.causes),
        "aspects": draft.aspects,
    }
    for key in titles.keys() & expected.keys():
        assert pieces_in(expected[key], titles[key]) == expected[key]
    if "tasks" in expected:
        most = expected.get("tasks_at_most", len(expected["tasks"]))
        statements = [each.statement for each in draft.measures]
        assert len(expected["tasks"]) <= len(statements) <= most, statements
        taken: set[int] = set()
        for task in expected["tasks"]:
            number, measure = measure_with(draft, task["text"], taken)
            taken.add(number)
            assert (task["text"], said_of(task, draft, number, measure)) == (task["text"], expected_of(task))
    listed = [paragraph.text for paragraph, _ in draft.unplaced]
    for piece in expected.get("unplaced", []):
        assert any(piece in text for text in listed), listed


def wrapped(text: str, width: int) -> str:
    """Return a text with indents and hard line ends after so many characters; tables stay as they are."""
    lines = []
    for line in text.strip().splitlines():
        whole = line if "|" in line or "\t" in line else "　　" + line.strip()
        step = len(whole) if whole is line else width
        lines += [whole[at : at + step] for at in range(0, len(whole), step)]
    return "\n".join(lines)


def what_is_read(draft: Draft) -> tuple[list[Any], ...]:
    """Return what the draft says, without places and exact words."""
    return (
        [(draft.aspects[each.aspect], each.title, each.detail.replace("\n", "")) for each in draft.problems],
        [each.title for each in draft.causes],
        [(each.statement, each.owners, each.deadline_words, each.status) for each in draft.measures],
    )


@pytest.mark.parametrize(
    ("name", "width"),
    [
        (name, width)
        for name in (*GIVEN, *MORE)
        for width in ([30] if name in WHOLE else [22, 30])
        if not re.search("wrapped|table-by-|table-in-box|-boxed", name)
    ],
)
def test_a_report_reads_the_same_if_it_is_wrapped_by_hand(name: str, width: int) -> None:
    text = text_of(name)
    assert what_is_read(drafted(wrapped(text, width))) == what_is_read(drafted(text))


@pytest.mark.parametrize(
    "name",
    [
        *("table-markdown", "table-tabs", "table-same-as-above", "table-state", "table-tabs-remark"),
        "table-heads-at-the-left-by-tabs",
    ],
)
def test_a_table_reads_the_same_in_a_word_document(name: str, tmp_path: Path) -> None:
    lines = text_of(name).strip().splitlines()
    mark = "\t" if "\t" in lines[0] else "|"
    rows = [line.split(mark) if mark == "\t" else line.strip().split(mark)[1:-1] for line in lines]
    document = new_document()
    add_table(document, [[cell.strip() for cell in row] for row in rows if set("".join(row)) - set(":- ")])
    document.save(str(tmp_path / "表.docx"))
    assert what_is_read(draft_report(read_source(tmp_path / "表.docx"))) == what_is_read(drafted(text_of(name)))


@pytest.mark.parametrize("name", [*GIVEN, *MORE])
def test_every_paragraph_is_in_a_sheet_or_named(name: str) -> None:
    """The paragraphs in sheets, those named as not placed, and those named as headings are all, each once."""
    text = text_of(name)
    draft = drafted(text)
    every = [each.number for each in paragraphs_of("报告.txt", text.encode())]
    unplaced = {paragraph.number for paragraph, _ in draft.unplaced}
    beside = [number for numbers in draft.beside.values() for number in numbers]
    assert len(beside) == len(set(beside))
    assert not unplaced & set(beside)
    in_sheets = {number for number in every if number not in unplaced and number not in beside}
    written = {each.paragraph for each in (*draft.problems, *draft.causes, *draft.measures, *draft.aspect_heads)}
    roles = {piece.paragraph: set() for piece in draft.pieces}
    for piece in draft.pieces:
        roles[piece.paragraph].add(piece.role)
    assert all(
        number in written or roles[number] & {"责任和时限", "状态", "问题", "原因", "措施"} for number in in_sheets
    )
    assert sorted([*in_sheets, *unplaced, *beside]) == every


@pytest.mark.parametrize(
    "name",
    [
        *("owner-line-for-group", "persons-and-posts", "person-in-sentence", "table-same-as-above"),
        *("person-as-subject", "person-after-blank", "table-cell-many-departments"),
    ],
)
def test_no_name_of_a_person_leaves_the_original(name: str) -> None:
    draft = drafted(text_of(name))
    shown = [
        *(each.title + each.detail for each in draft.problems),
        *(each.title + each.detail for each in draft.causes),
        *(each.statement + each.group + str(each.owners) + each.deadline_words for each in draft.measures),
        *draft.notes,
    ]
    assert [text for text in shown if re.search("某|×|张三|李四|王五|赵六|李小明", text)] == []
    assert draft.persons
