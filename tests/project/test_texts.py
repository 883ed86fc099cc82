"""Sentences are made for people: said once, listed on one page, and never read back by the program."""

from __future__ import annotations

import ast
import re
from collections import Counter

import pytest
from support.sources import trees
from support.texts import CHINESE, docs_page, looked_into, looks_into, sentences_page, texts, words_of

READS_WHAT_PEOPLE_TYPE = ("typed/", "draft/", "adopt/", "fill/")
"""Rooms that take apart texts of people: cells, reports, tables and forms."""

OF_THE_OFFICE = {"_report_left"}
"""What says something of a folder: it goes on no receipt."""


def test_the_page_of_sentences_is_current() -> None:
    page = docs_page().read_text(encoding="utf-8")
    assert page == sentences_page(), "run python tests/update_generated.py sentences"


def test_no_sentence_is_written_twice() -> None:
    written = Counter(each.words for each in texts() if len(CHINESE.findall(each.words)) >= 8)
    assert len(written) > 900
    assert [words for words, count in written.items() if count > 1] == []


def test_no_sentence_is_read_back_as_data() -> None:
    """What a sentence says is decided by values before it is made: triggers, parts, a cure for each audience."""
    assert [each for each in looked_into() if not each.startswith(READS_WHAT_PEOPLE_TYPE)] == []


def test_a_cure_that_names_an_option_has_another_one_for_the_department() -> None:
    """In the room whose findings go on receipts; what is said of the folder as a whole is the office's alone."""
    for path, tree in trees().items():
        if path.parent.name != "merge":
            continue
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            said = [words_of(each) for each in ast.walk(function)]
            told = {each.arg for each in ast.walk(function) if isinstance(each, ast.keyword)}
            if any(re.search(r"[\u4e00-\u9fff].* --[a-z]|^--[a-z].*[\u4e00-\u9fff]", each) for each in said):
                assert "department_cure" in told or function.name in OF_THE_OFFICE, f"{path.name}: {function.name}"


@pytest.mark.parametrize(
    "code",
    [
        "'到期' in task.reason",
        "task.reason in ('复核超期', UNREPORTED)",
        "task.reason.replace('天内到期', '天到期')",
        "sentences.aspects_head(m).partition('：')",
        "words.startswith(('集中', '都在'))",
        "message.replace('再报', '再运行')",
        "re.findall(r'[^。]*。', finding.message)",
        "_OPTION.sub('', finding.cure)",
        "each.message[:20]",
    ],
)
def test_reading_a_sentence_back_is_noticed(code: str) -> None:
    assert any(map(looks_into, ast.walk(ast.parse(code))))


@pytest.mark.parametrize(
    "code", ["' '.join(finding.message.split())", "finding.department_cure is None", "a in ('甲', '乙')"]
)
def test_laying_a_sentence_out_is_not(code: str) -> None:
    assert not any(map(looks_into, ast.walk(ast.parse(code))))
