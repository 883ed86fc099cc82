"""Entry points (切入点): proposed only if the report names them and a title's words allow exactly one."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.seed_report import seed_path
from taizhang.draft.entries import EntryWords, leads_in, load_entries, propose_entries, standard_entries
from taizhang.draft.ledger_rows import ledger_rows
from taizhang.draft.proofs import standard_proposals
from taizhang.draft.reader import draft_report
from taizhang.draft.source import read_source
from taizhang.draft.values import DraftProblem, Paragraph
from taizhang.forms.grammar import FormError
from taizhang.forms.load import standard_forms

LEAD = "我们将从思想根源上抓起，从制约发展的突出矛盾改起，从群众反映强烈的地方做起，逐条整改。"
ALL = ("思想根源上", "制约发展的突出矛盾", "群众反映强烈的地方")


def problems(*titles: str) -> list[DraftProblem]:
    return [DraftProblem(0, title, "", 1) for title in titles]


@pytest.mark.parametrize(
    ("texts", "parts"),
    [
        ((LEAD,), ALL),
        (("第一段。", f"针对问题，{LEAD}"), ALL),
        (("从源头入手，抓好落实。",), ()),
        (("从源头入手。从细节着手。",), ()),
        (("从思想入手，从作风着手。", LEAD), ("思想", "作风")),
        ((), ()),
    ],
    ids=["lead-in", "second paragraph", "one part", "two sentences", "the first", "none"],
)
def test_a_lead_in_sentence_names_two_parts_or_more(texts: tuple[str, ...], parts: tuple[str, ...]) -> None:
    assert leads_in(texts) == parts


def test_a_problem_gets_the_entry_point_that_its_title_names() -> None:
    own = problems("政治站位不高", "改革推动不快", "群众诉求答复慢", "内部管理不细", "服务群众的科技手段少")
    assert list(propose_entries(own, ALL, standard_entries())) == [
        (0, "思想根源", "政治"),
        (1, "制约事业发展突出矛盾", "改革"),
        (2, "群众反映强烈的领域", "群众"),
    ], "no word: none; words of two: none"


def test_what_the_report_does_not_name_is_not_proposed() -> None:
    own = problems("政治站位不高", "改革推动不快", "服务群众的科技手段少")
    assert list(propose_entries(own, (), standard_entries())) == []
    assert list(propose_entries(own, ("思想认识上", "群众最急的事上"), standard_entries())) == [
        (0, "思想根源", "政治"),
        (2, "群众反映强烈的领域", "群众"),
    ]


REPORT = f"""一、存在的主要问题
（一）在践行群众路线方面。一是群众诉求答复慢。来信压得久。二是台账不细。登记不全。
二、整改措施
{LEAD}
（一）改进作风。每季度通报一次群众诉求办理情况。
"""


def test_a_draft_marks_its_proposals_in_the_note() -> None:
    draft = draft_report([Paragraph(n, text) for n, text in enumerate(REPORT.splitlines(), 1)])
    rows = ledger_rows(draft, standard_forms(), standard_proposals())["problems"]
    assert draft.leads == ALL
    assert [(row["title"], row.get("entry"), row.get("note")) for row in rows] == [
        ("群众诉求答复慢", "群众反映强烈的领域", "切入点是程序按题目里的“群众”建议的，请核对"),
        ("台账不细", None, None),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[[entry]]\nname = "思想根源"\nsaid = ["思想"]\n', "要写、也只能写 name、said、words，请改正。"),
        (
            '[[entry]]\nname = "思想根源"\nsaid = "思想"\nwords = ["政治"]\n',
            "said 和 words 都要写成一列引号里的文字，请改正。",
        ),
        (
            '[[entry]]\nname = "思想"\nsaid = ["思想"]\nwords = ["政治"]\n',
            "切入点没有“思想”，可以写：思想根源、制约事业发展突出矛盾、群众反映强烈的领域。",
        ),
        ("[[entry\n", "请检查引号、等号和方括号。"),
    ],
)
def test_a_wrong_table_is_refused_with_its_cure(text: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "entries.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormError) as error:
        load_entries(path)
    assert str(error.value).endswith(problem)


def test_the_table_has_an_entry_for_each_choice() -> None:
    assert [each.name for each in standard_entries()] == list(standard_forms()["problems"].column("entry").choices)
    assert all(isinstance(each, EntryWords) and each.said and each.words for each in standard_entries())


def test_the_source_report_names_all_three() -> None:
    draft = draft_report(read_source(seed_path()))
    assert len(draft.leads) == 3
    found = [(number, entry) for number, entry, _ in propose_entries(draft.problems, draft.leads, standard_entries())]
    kinds = [each.name for each in standard_entries()]
    assert {entry for _, entry in found} == set(kinds)
    assert [number for number, entry in found if entry == kinds[0]] == [0, 1, 2]
