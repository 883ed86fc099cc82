"""Who and when as reports write it: each form, in one sentence, and what is no such thing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from taizhang.draft import owner_heads, who_and_when
from taizhang.draft.names import is_department, names_person
from taizhang.draft.owners import owners_of, read_led_clause
from taizhang.draft.reader import draft_report
from taizhang.draft.source import paragraphs_of
from taizhang.draft.states import read_state
from taizhang.draft.values import Owners
from taizhang.draft.who_and_when import particulars_in

WRITTEN = {
    "in brackets": (
        "修订办法。（责任部门：财务处、党办；完成时限：6月底前）",
        Owners("财务处", ("党办",)),
        "6月底前",
    ),
    "narrow brackets": ("修订办法(牵头单位:财务处,整改时限:立行立改)", Owners("财务处"), "立行立改"),
    "a post": ("责任领导：分管副局长　责任部门：财务处　时限：年底前", Owners("财务处", (), "分管副局长"), "年底前"),
    "a person": ("修订办法。（责任人：某某）", Owners(persons=1), ""),
    "a person with a post": ("责任人：办公室主任张三", Owners(leader="办公室主任", persons=1), ""),
    "a surname with a post": ("责任领导：王局长", Owners(persons=1), ""),
    "a helper": ("牵头部门：后勤科，配合部门：财务科、审计科", Owners("后勤科", ("财务科", "审计科")), ""),
    "after a comma": ("修订办法，责任科室：档案室，完成时限：2025年8月底前。", Owners("档案室"), "2025年8月底前"),
    "sentences": (
        "修订办法。责任领导：王某某。责任科室：办公室。整改时限：长期坚持。",
        Owners("办公室", persons=1),
        "长期坚持",
    ),
    "no colons": ("修订办法（办公室牵头，财务科配合，6月底前完成）", Owners("办公室", ("财务科",)), "6月底前"),
    "no colons, no unit that helps": (
        "公布清单。（办公室、法规科牵头，各业务科室按职责分工负责）",
        Owners("办公室", ("法规科",), vague=("各业务科室",)),
        "",
    ),
    "only a unit": ("修订办法（财务科）", Owners("财务科"), ""),
    "short heads": ("修订办法（牵头：办公室；配合：财务科；时限：9月）", Owners("办公室", ("财务科",)), "9月"),
    "marks of who leads": ("责任单位：办公室（牵头）、财务科", Owners("办公室", ("财务科",)), ""),
    "no one unit": ("责任单位：各科室", Owners(vague=("各科室",)), ""),
}


@pytest.mark.parametrize(("text", "owners", "when"), WRITTEN.values(), ids=WRITTEN)
def test_who_and_when_are_read(text: str, owners: Owners, when: str) -> None:
    found = list(particulars_in(text, 0, len(text)))
    assert [(each.owners, each.deadline_words) for each in found] == [(owners, when)]


@pytest.mark.parametrize(
    "text",
    [
        "修订办法（含采购）",
        "明确责任部门和时限",
        "落实责任部门：",
        "",
        "修订办法（试行）",
        "出国（境）审批",
        "一些村（社区）没有村部，个别村部没有启用",
        "走访村（社区）党支部。",
    ],
)
def test_nobody_is_named(text: str) -> None:
    assert [each for each in particulars_in(text, 0, len(text)) if each.owners != Owners()] == []


@pytest.mark.parametrize(
    "name", ["办公室", "财务科", "党委", "纪委", "村镇办", "安全生产监督管理局", "机关党委", "第二党支部"]
)
def test_a_unit_is_one(name: str) -> None:
    assert (is_department(name), names_person(name)) == (True, False)


@pytest.mark.parametrize("name", ["张三", "王某某", "李××", "欧阳小明", "王局长", "李主任", "李国会", "王处"])
def test_a_person_is_no_unit_and_is_not_repeated(name: str) -> None:
    assert (is_department(name), owners_of(name)) == (False, Owners(persons=1))


@pytest.mark.parametrize(
    ("clause", "owners"),
    [
        ("由办公室牵头", Owners("办公室")),
        ("财务科、审计科配合", Owners(supporting=("财务科", "审计科"))),
        ("由支部书记负责", Owners(leader="支部书记")),
        ("由张三负责", Owners(persons=1)),
        ("加强督促检查，负责", None),
        ("制定计划", None),
        ("主动认领并负责落实", None),
    ],
)
def test_a_clause_that_only_says_who(clause: str, owners: Owners | None) -> None:
    assert read_led_clause(clause) == owners


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("已完成整改。", ("已完成", "")),
        ("正在整改，预计2025年12月底前完成。", ("推进中", "2025年12月底前")),
        ("正在整改，预计6月底整改到位", ("推进中", "6月底")),
        ("已整改到位，长期坚持。", ("已完成", "长期坚持")),
        ("尚未启动", ("未启动", "")),
        ("已完成制度修订，印发各科室。", None),
        ("修订了考勤制度。", None),
        ("", None),
    ],
)
def test_a_state_is_read_where_nothing_else_is_said(text: str, state: tuple[str, str] | None) -> None:
    said = read_state(text)
    assert (said and (said.status, said.deadline_words)) == state


def test_a_deadline_beside_the_sentence_says_that_it_is_done_once() -> None:
    report = """整改措施
1.更换灯管（责任部门：总务股；完成时限：2025年7月底前）。
2.公布菜价。
责任部门：总务股
完成时限：长期坚持
"""
    draft = draft_report(paragraphs_of("报告.txt", report.encode()))
    assert [(each.statement, each.deadline_words, each.kind) for each in draft.measures] == [
        ("更换灯管", "2025年7月底前", "一次"),
        ("公布菜价", "长期坚持", "长期"),
    ]


class Counted:
    """A pattern that counts how many characters a search with it walks over."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern, self.walked = pattern, 0

    def finditer(self, text: str, start: int, end: int) -> Iterator[re.Match[str]]:
        at = start
        for match in self.pattern.finditer(text, start, end):
            self.walked += match.end() - at
            at = match.end()
            yield match
        self.walked += end - at

    def match(self, text: str, start: int = 0, end: int = 1 << 30) -> re.Match[str] | None:
        return self.pattern.match(text, start, end)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self.pattern.fullmatch(text)


@pytest.mark.parametrize(
    "sentence",
    [
        "修订办法（办公室，6月底前）。",
        "修订（旧）办法。",
        "修订办法（责任部门：办公室）。",
        "修订办法。责任部门：办公室。",
    ],
)
def test_a_paragraph_is_searched_for_who_and_when_a_few_times_over(
    sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many tasks it has: the search does not begin anew over the whole rest after each."""
    text = sentence * 300
    counted = [Counted(pattern) for pattern in (owner_heads._HEAD, who_and_when._BRACKET)]
    monkeypatch.setattr(owner_heads, "_HEAD", counted[0])
    monkeypatch.setattr(who_and_when, "_BRACKET", counted[1])
    found = list(particulars_in(text, 0, len(text)))
    assert len(found) == (0 if "旧" in sentence else 300)
    assert sum(each.walked for each in counted) < 6 * len(text)


def test_what_stands_after_who_is_about_the_same_tasks() -> None:
    """And not about the tasks before these, whose day it would change."""
    draft = draft_report(
        paragraphs_of(
            "报告.txt",
            "三、整改措施\n修订办法（办公室，6月底前）。清理合同（财务科，7月底前）（8月底前）。".encode(),
        )
    )
    assert [(each.owners.department, each.deadline_words) for each in draft.measures] == [
        ("办公室", "6月底前"),
        ("财务科", "8月底前"),
    ]
