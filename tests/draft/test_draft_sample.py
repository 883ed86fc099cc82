"""The project's own sample report, as text and as a Word document."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from support.make_sample import SOURCE, TARGET
from support.seed_report import seed_text
from taizhang.draft.reader import draft_report
from taizhang.draft.source import read_source

FIXED_PHRASES = (
    "习近平新时代中国特色社会主义思想",
    "“四个意识”",
    "“四个自信”",
    "“两个维护”",
    "“两个确立”",
    "“国之大者”",
)


@pytest.mark.parametrize("path", [SOURCE, TARGET], ids=["txt", "docx"])
def test_the_sample_drafts_completely(path: Path) -> None:
    draft = draft_report(read_source(path))
    assert (len(draft.aspects), len(draft.causes), len(draft.groups), draft.sentences) == (5, 5, 5, 20)
    assert Counter(problem.aspect for problem in draft.problems) == dict.fromkeys(range(5), 3)
    assert (draft.unplaced, draft.notes) == (
        (),
        ("第 17 段：“2022年底前”写在句子最后一项里，前面几项也照它记，请核对。",),
    )
    assert len(draft.measures) >= 45
    assert any(measure.deadline_words == "2022年3月底前" for measure in draft.measures)
    assert any(measure.vague_words == "适时" for measure in draft.measures)


def test_aspects_have_short_titles_in_their_own_words() -> None:
    draft = draft_report(read_source(SOURCE))
    assert [aspect.short_title for aspect in draft.aspect_heads] == [
        "践行“两个维护”",
        "落实上级决策部署",
        "为群众办实事",
        "防范化解风险",
        "落实全面从严治党责任",
    ]
    assert all(aspect.short_title in aspect.title for aspect in draft.aspect_heads)


def test_the_word_sample_is_current() -> None:
    """Run python tests/support/make_sample.py where this fails."""
    assert [each.seen for each in read_source(TARGET)] == [each.seen for each in read_source(SOURCE)]


def test_the_word_sample_is_numbered_by_word() -> None:
    labels = [each.label for each in read_source(TARGET) if each.label]
    assert labels[:6] == ["一、", "（一）", "（二）", "（三）", "（四）", "（五）"]
    assert labels[-6:] == ["三、", "（一）", "（二）", "（三）", "（四）", "（五）"]
    assert not any(re.match(r"[一二三]、|（", each.text) for each in read_source(TARGET))


def test_the_sample_copies_no_sentence_of_the_source_report() -> None:
    sample = "".join(SOURCE.read_text(encoding="utf-8").split())
    seed = "".join(seed_text().split())
    for phrase in FIXED_PHRASES:
        sample, seed = sample.replace(phrase, "◇"), seed.replace(phrase, "◆")
    assert [sample[at : at + 12] for at in range(len(sample) - 11) if sample[at : at + 12] in seed] == []


def test_the_sample_can_be_written_in_gbk() -> None:
    SOURCE.read_text(encoding="utf-8").encode("gbk")
