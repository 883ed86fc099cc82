"""督办单: who is chased for what, numbers that are never used twice, and the paper itself."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from support.fixtures import Make, Run
from support.ledgers import load, small_ledger
from support.paper import ERRORS, not_fitting, page_sizes, pages, texts
from taizhang.forms.load import standard_forms
from taizhang.history.entries import Entry
from taizhang.history.journal import read_entries
from taizhang.history.write import write_changes
from taizhang.ledger.model import read_ledger
from taizhang.ledger.settings import Department, Settings
from taizhang.ledger.vocabulary import Light
from taizhang.papers.page import paper_breaks, sheet_names
from taizhang.papers.slips import TROUBLE_OF, number_slips, plan_slips
from taizhang.papers.slips_sheet import opening, slips_workbook
from taizhang.splice import SetCell
from taizhang.supervision.lights import Trigger
from taizhang.supervision.tasks import read_tasks
from taizhang.system.files import history_folder, write_atomically
from taizhang.typed.workdays import UnknownYear

AS_OF = date(2022, 3, 31)
STAMP = datetime(2022, 3, 31)

LATE = {"deadline": date(2022, 3, 1), "progress": 60}
SOON = {"deadline": date(2022, 4, 5), "progress": 98}
LASTING = {"kind": "长期", "review_cycle": "月", "deadline": "长期坚持"}


def plan(ledger: Path, as_of: date = AS_OF) -> list[tuple[str, str, tuple[str, ...]]]:
    """Each slip as (department, grade, items with their kind)."""
    slips = plan_slips(read_ledger(ledger, standard_forms()), as_of)[0]
    return [(s.department, s.grade.word, tuple(f"{i.task.code} {i.trouble}" for i in s.items)) for s in slips]


def rows(ledger: Path) -> list[tuple[Any, ...]]:
    """The register as a person reads it, without 督办编号 and 督办缘由."""
    register = read_ledger(ledger, standard_forms()).registers["slips"]
    keys = ("number", "department", "period", "grade", "items", "issued", "reply_by")
    return [tuple(record.cells[key] for key in keys) for record in register.records]


def last_entry(ledger: Path) -> Entry:
    return list(read_entries(history_folder(ledger)).values())[-1]


@pytest.mark.parametrize(
    ("task", "found"),
    [
        ({"deadline": date(2022, 3, 30), "progress": 99}, ("红", "逾期")),
        ({"deadline": date(2022, 3, 31), "progress": 99}, ("蓝", "临近时限")),
        ({"deadline": date(2022, 4, 7), "progress": 95}, ("蓝", "临近时限")),
        ({"deadline": date(2022, 4, 8), "progress": 95}, None),
        # 89 of 364 days: 24 per cent of the time.
        ({"progress": 15}, None),
        ({"progress": 14}, ("黄", "未达序时")),
        ({"start": date(2021, 7, 1), "deadline": date(2022, 6, 30), "progress": 45}, ("黄", "未达序时")),
        ({"start": date(2021, 7, 1), "deadline": date(2022, 6, 30), "progress": 44}, ("红", "严重滞后")),
        ({"progress": 50, "next_review": date(2022, 3, 30)}, None),  # see todo
        ({"progress": 50, "next_review": date(2022, 3, 31)}, None),
        ({"status": "已完成", "deadline": date(2022, 3, 1), "progress": 100}, ("红", "逾期")),
        ({"status": "已完成", "deadline": date(2022, 3, 31), "progress": 100}, None),
        ({"kind": "周期", "review_cycle": "月", "deadline": None, "start": date(2022, 3, 1)}, ("蓝", "本期临期")),
        ({"kind": "周期", "review_cycle": "月", "deadline": None, "start": date(2022, 2, 1)}, ("黄", "周期欠账")),
        ({"kind": "周期", "review_cycle": "月", "deadline": None}, ("红", "周期欠账")),
        (
            {"kind": "周期", "review_cycle": "月", "deadline": None, "start": date(2022, 2, 1), "make_up": "不可以"},
            ("黄", "周期缺期"),
        ),
        (
            {"kind": "长期", "review_cycle": "月", "deadline": "长期坚持", "start": date(2022, 2, 25)},
            None,
        ),
        (
            {"kind": "长期", "review_cycle": "月", "deadline": "长期坚持", "start": date(2022, 1, 25)},
            None,
        ),
        ({"kind": "原则", "deadline": date(2022, 3, 1)}, None),
    ],
)
def test_the_grade_of_one_item(task: dict[str, Any], found: tuple[str, str] | None, make_ledger: Make) -> None:
    expected = [("财务处", found[0], (f"RW-001 {found[1]}",))] if found else []
    assert plan(make_ledger([task])) == expected


def test_an_item_names_its_worst_trouble_and_the_others(make_ledger: Make) -> None:
    proof = {"code": "HD-001", "task": "RW-001", "register": "支委名册", "indicator": "空缺", "operator": "＝",
             "target": "0"}  # fmt: skip
    seat = {"code": "ZW-001", "branch": "机关第一党支部", "post": "书记", "state": "空缺"}
    refused = {"code": "YQ-001", "task": "RW-001", "department": "财务处", "kind": "延期", "conclusion": "不同意",
               "applied": date(2022, 2, 1), "approved": date(2022, 2, 10), "until": date(2022, 6, 1)}  # fmt: skip
    done = LATE | {"status": "已完成"}
    ledger = make_ledger([done], proofs=[proof], committee_members=[seat], extensions=[refused])
    (slip,) = plan_slips(read_ledger(ledger, standard_forms()), AS_OF)[0]
    (item,) = slip.items
    assert [(reason.grade.word, reason.trouble, reason.words) for reason in item.reasons] == [
        ("红", "逾期", "逾期30天，已报完成、没有申请销号"),
        ("黄", "核对不符", "已完成，〈支委名册〉空缺未达到（实际 1 个，目标 0 个）"),
        ("黄", "延期未批", "2月10日延期申请没有批准"),
    ]
    answered = make_ledger([SOON], extensions=[refused | {"conclusion": "同意"}])
    assert plan(answered) == []


def test_what_only_a_proposed_proof_contradicts_is_not_chased(make_ledger: Make) -> None:
    proof = {"code": "HD-001", "task": "RW-001", "register": "支委名册", "indicator": "空缺", "operator": "＝",
             "target": "0"}  # fmt: skip
    seat = {"code": "ZW-001", "branch": "机关第一党支部", "post": "书记", "state": "空缺"}
    for basis, chased in (("程序建议", []), ("办公室判定", [("财务处", "黄", ("RW-001 核对不符",))])):
        rows = {"proofs": [proof | {"basis": basis}], "committee_members": [seat]}
        assert plan(make_ledger([{"status": "已完成"}], **rows)) == chased


def test_what_relapsed_is_chased(make_ledger: Make) -> None:
    review = {"code": "FH-001", "task": "RW-001", "date": AS_OF, "post": "整改办主任", "finding": "反弹"}
    ledger = make_ledger([LASTING | {"start": date(2022, 3, 1)}], reviews=[review])
    assert plan(ledger) == [("财务处", "黄", ("RW-001 反弹",))]


def test_every_trigger_that_can_warn_has_its_trouble() -> None:
    calm = {Trigger.NONE, Trigger.WAITING, Trigger.PAUSED, Trigger.NO_START, Trigger.UNSETTLED, Trigger.UNREAD}
    others = {each for each in Trigger if each.of_reviewers}
    assert set(TROUBLE_OF) == set(Trigger) - calm - others
    assert others == {Trigger.REVIEW_MISSED, Trigger.WAITING_LONG}


APPLIED = {
    "code": "XH-001", "task": "RW-001", "department": "财务处", "applied": date(2022, 3, 18), "applicant": "综合科科长",
}  # fmt: skip
QUARTERLY = {"kind": "周期", "review_cycle": "季", "deadline": None, "start": date(2021, 10, 1), "progress": None}


def test_what_the_office_or_a_reviewer_owes_is_on_no_slip(make_ledger: Make, run: Run) -> None:
    """The department can neither hold the review nor take the step; what it can answer for stays on the slip."""
    kept = {"status": "长期坚持", "review_cycle": "季", "kind": "长期", "next_review": date(2022, 2, 1)}
    decided = APPLIED | {"code": "XH-002", "task": "RW-002", "applied": None, "committee_date": date(2022, 1, 5),
                         "conclusion": "转长期坚持"}  # fmt: skip
    ledger = make_ledger([SOON, kept], closeouts=[APPLIED, decided])
    red = [(task.light, task.trigger) for task in read_tasks(read_ledger(ledger, standard_forms()), AS_OF)]
    assert red == [(Light.AMBER, Trigger.WAITING_LONG), (Light.RED, Trigger.REVIEW_MISSED)]
    assert plan(ledger) == []
    said = run("remind", "-l", ledger, "--as-of", "2022-03-31")
    assert (said.exit_code, said.stdout) == (0, "")
    assert "2 项亮灯是复核、审核超期，不归部门办，没有列进督办单，请看 taizhang todo。" in said.stderr
    todo = run("todo", "-l", ledger, "--as-of", "2022-03-31").stdout
    assert "RW-001" in todo and "2022-02-01 该复核，超了 58 天" in todo

    typed = make_ledger([{"progress": 50, "next_review": date(2022, 3, 30)}])
    assert (
        "写了下次复核日期，复核超期1天；请去看，看过以后改这个日期"
        in run("todo", "-l", typed, "--as-of", "2022-03-31").stdout
    )

    wavering = {"code": "FH-001", "task": "RW-002", "date": date(2022, 1, 10), "post": "局长", "finding": "有反复"}
    assert plan(make_ledger([SOON, kept], closeouts=[decided], reviews=[wavering])) == [
        ("财务处", "黄", ("RW-002 复核有反复", "RW-001 临近时限"))
    ]
    assert plan(make_ledger([QUARTERLY], closeouts=[APPLIED])) == [("财务处", "黄", ("RW-001 周期欠账",))]


REFUSED = {
    "code": "YQ-001", "task": "RW-001", "department": "财务处", "kind": "延期", "conclusion": "不同意",
    "applied": date(2022, 1, 10), "approved": date(2022, 1, 20), "until": date(2023, 6, 1),
}  # fmt: skip


@pytest.mark.parametrize(
    ("as_of", "later", "chased"),
    [
        (date(2022, 1, 19), [], False),
        (date(2022, 1, 31), [], True),
        (date(2022, 2, 1), [], True),
        (date(2022, 2, 28), [], True),
        (date(2022, 3, 1), [], False),  # the periods of January and February have ended
        (date(2022, 6, 30), [], False),
        (date(2022, 2, 28), [{"applied": date(2022, 2, 10)}], False),  # waits for a decision
        (date(2022, 2, 9), [{"applied": date(2022, 2, 10)}], True),
        (date(2022, 2, 28), [{"applied": date(2022, 1, 15)}], True),  # made before the refusal
    ],
)
def test_a_refusal_is_chased_until_it_is_answered_or_the_next_period_ends(
    make_ledger: Make, as_of: date, later: list[dict[str, Any]], chased: bool
) -> None:
    rows = [REFUSED, *({**REFUSED, "code": "YQ-002", "conclusion": None, "approved": None, **each} for each in later)]
    ledger = make_ledger([{"progress": 99}], extensions=rows)
    assert plan(ledger, as_of) == ([("财务处", "黄", ("RW-001 延期未批",))] if chased else [])


def test_a_refusal_is_answered_by_the_application_to_close(make_ledger: Make) -> None:
    applied = APPLIED | {"applied": date(2022, 2, 20)}
    assert plan(make_ledger([{"progress": 99}], extensions=[REFUSED], closeouts=[applied]), date(2022, 2, 21)) == []


def test_a_slip_has_the_grade_of_its_worst_item_and_lists_that_first(make_ledger: Make) -> None:
    ledger = make_ledger([SOON, {"progress": 14}, LATE, {**SOON, "department": "党办"}])
    assert plan(ledger) == [
        ("党委办公室", "蓝", ("RW-004 临近时限",)),
        ("财务处", "红", ("RW-003 逾期", "RW-002 未达序时", "RW-001 临近时限")),
    ]


def test_the_first_run_numbers_and_the_second_finds_them_numbered(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([LATE, {**SOON, "department": "党办"}])
    first = run("remind", "-l", ledger, "--as-of", "2022-03-31", "--yes")
    assert (first.exit_code, first.stdout) == (
        0,
        "党委办公室（■ 蓝）：整改督〔2022〕1号，新编；1 项：RW-002 5天内到期\n"
        "财务处（◆ 红）：整改督〔2022〕2号，新编；1 项：RW-001 逾期30天\n",
    )
    paper = ledger.parent / "督办" / "督办单_2022-03.xlsx"
    after, printed = ledger.read_bytes(), paper.read_bytes()
    second = run("督办", "-l", ledger, "--as-of", "2022-03-31")
    assert (second.exit_code, second.stdout) == (0, first.stdout.replace("新编", "已编"))
    assert ledger.read_bytes() == after
    assert paper.read_bytes() == printed
    assert [path.name for path in paper.parent.iterdir()] == [paper.name]
    assert rows(ledger) == [
        ("整改督〔2022〕1号", "党委办公室", "2022-03", "蓝", "RW-002", date(2022, 3, 31), date(2022, 4, 8)),
        ("整改督〔2022〕2号", "财务处", "2022-03", "红", "RW-001", date(2022, 3, 31), date(2022, 4, 8)),
    ]
    assert (
        run("validate", "-l", ledger, "--as-of", "2022-03-31", "--only", "choice", "--only", "reference").exit_code == 0
    )


def test_what_is_recorded_stands_in_the_journal_and_looks_like_a_row(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([LATE, {**SOON, "department": "党办"}])
    run("remind", "-l", ledger, "--as-of", "2022-03-31", "-y")
    entry = last_entry(ledger)
    assert entry.command == "remind"
    changed = {(each.code, each.column): each.new for each in entry.changes}
    assert changed["DB-002", "number"] == "整改督〔2022〕2号"
    assert changed["DB-002", "triggers"] == "RW-001 逾期30天"
    sheet = load(ledger.read_bytes())["督办单"]
    assert (sheet.print_area, sheet.auto_filter.ref) == ("", "A3:M5")
    heads, looks = [cell.font.b for cell in sheet[3]], [cell.font.b for row in (4, 5) for cell in sheet[row]]
    assert all(heads)
    assert not any(looks)


def test_new_items_make_a_new_slip_and_fewer_items_do_not(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([LATE, {**SOON, "progress": 99}])
    run("remind", "-l", ledger, "--as-of", "2022-03-20", "-y")
    more = run("remind", "-l", ledger, "--as-of", "2022-03-31", "-y")
    assert "整改督〔2022〕2号，新编；2 项" in more.stdout
    tasks = read_ledger(ledger, standard_forms()).registers["tasks"]
    edit = SetCell(tasks.sheet.name, tasks.records[1].row, tasks.columns["status"], "已完成")
    write_changes(ledger, read_ledger(ledger, standard_forms()).book.sha256, [edit], [], command="手工修改", now=STAMP)
    fewer = run("remind", "-l", ledger, "--as-of", "2022-03-31", "-y")
    assert "整改督〔2022〕1号，已编；1 项" in fewer.stdout
    assert [row[0] for row in rows(ledger)] == ["整改督〔2022〕1号", "整改督〔2022〕2号"]


def test_an_item_that_changed_hands_is_a_new_slip(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([LATE])
    run("remind", "-l", ledger, "--as-of", "2022-03-31", "-y")
    book = read_ledger(ledger, standard_forms())
    tasks = book.registers["tasks"]
    edit = SetCell(tasks.sheet.name, tasks.records[0].row, tasks.columns["department"], "党办")
    write_changes(ledger, book.book.sha256, [edit], [], command="手工修改", now=STAMP)
    result = run("remind", "-l", ledger, "--as-of", "2022-03-31", "-y")
    assert result.stdout == "党委办公室（◆ 红）：整改督〔2022〕2号，新编；1 项：RW-001 逾期30天\n"


def test_a_slip_that_became_worse_keeps_its_number_and_tells_the_register(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{"deadline": date(2022, 3, 25), "progress": 97}])
    run("remind", "-l", ledger, "--as-of", "2022-03-20", "-y")
    worse = run("remind", "-l", ledger, "--as-of", "2022-03-31", "-y")
    assert worse.stdout == "财务处（◆ 红）：整改督〔2022〕1号，已编；1 项：RW-001 逾期6天\n"
    assert rows(ledger) == [
        ("整改督〔2022〕1号", "财务处", "2022-03", "红", "RW-001", date(2022, 3, 20), date(2022, 3, 25))
    ]
    last = last_entry(ledger)
    assert [(each.column, each.old, each.new) for each in last.changes] == [
        ("grade", "蓝", "红"),
        ("triggers", "RW-001 5天内到期", "RW-001 逾期6天"),
    ]
    paper = load((ledger.parent / "督办" / "督办单_2022-03.xlsx").read_bytes())["财务处"]
    words = [cell.value for row in paper.iter_rows() for cell in row if cell.value]
    assert "2022年3月20日" in words
    assert any("按2022年3月31日的数据重印" in str(word) for word in words)


def test_another_month_and_another_year_have_their_own_slips(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([LATE])
    for day in ("2022-03-31", "2022-04-30", "2023-01-10"):
        run("remind", "-l", ledger, "--as-of", day, "-y")
    assert [(row[0], row[2]) for row in rows(ledger)] == [
        ("整改督〔2022〕1号", "2022-03"),
        ("整改督〔2022〕2号", "2022-04"),
        ("整改督〔2023〕1号", "2023-01"),
    ]


def test_a_number_that_was_deleted_by_hand_is_not_given_again(make_ledger: Make, run: Run) -> None:
    by_hand = {
        "code": "DB-001", "number": "整改督〔2022〕5号", "department": "财务处", "period": "2022-02", "grade": "红",
        "items": ("RW-001",), "issued": date(2022, 2, 28),
    }  # fmt: skip
    ledger = make_ledger([LATE], slips=[by_hand])
    run("remind", "-l", ledger, "--as-of", "2022-01-10", "-q")  # nothing is late yet: the state is only recorded
    small_ledger(ledger, [LATE])
    result = run("remind", "-l", ledger, "--as-of", "2022-03-31", "-y")
    assert result.stdout.startswith("财务处（◆ 红）：整改督〔2022〕6号，新编")


def test_a_number_is_not_given_again_when_its_row_is_gone(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([LATE])
    before = ledger.read_bytes()
    run("remind", "-l", ledger, "--as-of", "2022-03-31", "-y")
    write_atomically(ledger, before)
    again = run("remind", "-l", ledger, "--as-of", "2022-03-31", "-y")
    assert again.stdout.startswith("财务处（◆ 红）：整改督〔2022〕2号，新编")
    register = read_ledger(ledger, standard_forms()).registers["slips"]
    assert [record.code for record in register.records] == ["DB-002"]


@pytest.mark.parametrize("typed", ["整改督〔2022〕7号", "局督办[2022]7号", "整改督【２０２２】第7号"])
def test_numbers_that_the_office_gave_by_hand_count(typed: str, make_ledger: Make, run: Run) -> None:
    by_hand = {
        "code": "DB-004", "number": typed, "department": "财务处", "period": "2022-02", "grade": "红",
        "items": ("RW-001",), "issued": date(2022, 2, 28),
    }  # fmt: skip
    ledger = make_ledger([LATE], slips=[by_hand])
    assert "整改督〔2022〕8号，新编" in run("remind", "-l", ledger, "--as-of", "2022-03-31", "-y").stdout
    assert read_ledger(ledger, standard_forms()).registers["slips"].records[-1].code == "DB-005"


def test_a_month_that_excel_made_a_date_is_the_same_month(make_ledger: Make, run: Run) -> None:
    recorded = {
        "code": "DB-001",
        "number": "整改督〔2022〕1号",
        "department": "计财处",
        "period": date(2022, 3, 1),
        "grade": "红",
        "items": "rw-001，RW-009",
        "issued": date(2022, 3, 10),
        "reply_by": date(2022, 3, 17),
    }
    ledger = make_ledger([LATE], slips=[recorded])
    result = run("remind", "-l", ledger, "--as-of", "2022-03-31", "-n")
    assert result.stdout == "财务处（◆ 红）：整改督〔2022〕1号，已编；1 项：RW-001 逾期30天\n"


def test_the_office_may_have_its_own_words_before_the_number(make_ledger: Make) -> None:
    ledger = read_ledger(make_ledger([LATE]), standard_forms())
    assert ledger.settings.facts["督办字号"] == "整改督"
    register, slips = ledger.registers["slips"], plan_slips(ledger, AS_OF)[0]
    own = replace(ledger.settings, facts={**ledger.settings.facts, "督办字号": "市检整督"})
    ledger = replace(ledger, settings=own)
    assert number_slips(ledger, register, slips, ()).slips[0].number == "市检整督〔2022〕1号"


def test_dry_run_writes_nothing(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([LATE])
    before = ledger.read_bytes()
    result = run("remind", "-l", ledger, "--as-of", "2022-03-31", "-n")
    assert (result.exit_code, result.stdout) == (0, "财务处（◆ 红）：整改督〔2022〕1号，新编；1 项：RW-001 逾期30天\n")
    assert ledger.read_bytes() == before
    assert [path.name for path in ledger.parent.iterdir()] == [ledger.name]


@pytest.mark.parametrize(("answer", "written"), [("", False), ("n\n", False), ("y\n", True)])
def test_numbers_are_given_when_it_is_agreed(answer: str, written: bool, make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([LATE])
    result = run("remind", "-l", ledger, "--as-of", "2022-03-31", answer=answer)
    assert result.exit_code == (0 if written else 1)
    assert bool(rows(ledger)) == written
    assert (ledger.parent / "督办").exists() == written


def test_a_paper_that_somebody_worked_on_is_kept(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([LATE])
    run("remind", "-l", ledger, "--as-of", "2022-03-31", "-y")
    paper = ledger.parent / "督办" / "督办单_2022-03.xlsx"
    for text in (b"first", b"second"):
        paper.write_bytes(text)
        result = run("remind", "-l", ledger, "--as-of", "2022-03-31", "-y")
        assert "已改名留作" in result.stderr
    assert (paper.parent / "督办单_2022-03_旧1.xlsx").read_bytes() == b"first"
    assert (paper.parent / "督办单_2022-03_旧2.xlsx").read_bytes() == b"second"


def test_nothing_to_chase_makes_no_paper(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{"progress": 50}])
    result = run("remind", "-l", ledger, "--as-of", "2022-03-31")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "不用督办" in result.stderr
    assert not (ledger.parent / "督办").exists()


@pytest.mark.parametrize("department", [None, "没有这个处"])
def test_what_nobody_owns_is_named_for_a_person(department: str | None, make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([LATE, {**LATE, "department": department}])
    result = run("remind", "-l", ledger, "--as-of", "2022-03-31", "-y", "-q")
    assert (result.exit_code, len(result.stdout.splitlines())) == (1, 1)
    assert "没有列进任何一张单：RW-002" in result.stderr
    assert len(rows(ledger)) == 1


def test_a_ledger_without_the_register_is_told_the_cure(make_ledger: Make, run: Run) -> None:
    import openpyxl

    ledger = make_ledger([LATE])
    book = openpyxl.load_workbook(ledger)
    del book["督办单"]
    book.save(ledger)
    result = run("remind", "-l", ledger, "--as-of", "2022-03-31", "-y")
    assert (result.exit_code, result.stdout) == (2, "")
    before = ledger.read_bytes()
    assert "taizhang forms enable 督办单" in result.stderr
    look = run("remind", "-l", ledger, "--as-of", "2022-03-31", "-n")
    assert (look.exit_code, look.stdout) == (0, "财务处（◆ 红）：未编号；1 项：RW-001 逾期30天\n")
    assert ledger.read_bytes() == before
    assert run("forms", "enable", "督办单", "-l", ledger, "-y").exit_code == 0
    assert "整改督〔2022〕1号，新编" in run("remind", "-l", ledger, "--as-of", "2022-03-31", "-y").stdout


@pytest.mark.parametrize(("sheet", "head", "word"), [("督办单", "B3", "单号"), ("整改任务", "A3", "整改任务")])
def test_a_register_that_lacks_what_is_needed_cannot_run(
    sheet: str, head: str, word: str, make_ledger: Make, run: Run
) -> None:
    import openpyxl

    ledger = make_ledger([LATE])
    book = openpyxl.load_workbook(ledger)
    book[sheet][head] = "改过的表头"
    book.save(ledger)
    result = run("remind", "-l", ledger, "--as-of", "2022-03-31", "-y")
    assert (result.exit_code, result.stdout, word in result.stderr) == (2, "", True)


@pytest.mark.parametrize("command", [["remind", "-y"], ["report"], ["report", "--public"]])
@pytest.mark.parametrize("output", ["整改台账.xlsx", "../{}/整改台账.xlsx", "x.pdf"])
def test_the_ledger_is_never_written_over(command: list[str], output: str, make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([LATE])
    before = ledger.read_bytes()
    path = ledger.parent / output.format(ledger.parent.name)
    result = run(*command, "-l", ledger, "--as-of", "2022-03-31", "-o", path)
    assert (result.exit_code, result.stdout, ledger.read_bytes() == before) == (2, "", True)
    assert "--output" in result.stderr


def test_an_unknown_year_asks_for_the_day_of_reply(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([LATE])
    result = run("remind", "-l", ledger, "--as-of", "2031-03-31", "-y")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "2031 年" in result.stderr
    assert "--reply-by" in result.stderr
    assert not rows(ledger)
    given = run("remind", "-l", ledger, "--as-of", "2031-03-31", "--reply-by", "2031-04-08", "-y")
    assert (given.exit_code, rows(ledger)[0][-1]) == (0, date(2031, 4, 8))
    assert run("remind", "-l", ledger, "--as-of", "2022-03-31", "--reply-by", "2022-03-30").exit_code == 2


def test_json_holds_the_same(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([LATE])
    found = json.loads(run("remind", "-l", ledger, "--as-of", "2022-03-31", "-n", "--json").stdout)
    assert found == {
        "slips": [
            {
                "department": "财务处",
                "branch": "",
                "period": "2022-03",
                "grade": "红",
                "number": "整改督〔2022〕1号",
                "new": True,
                "issued": "2022-03-31",
                "reply_by": "2022-04-08",
                "items": [{"task": "RW-001", "grade": "红", "why": "逾期30天"}],
                "due": [],
            }
        ]
    }


def test_a_register_without_calendar_raises_what_the_command_answers(make_ledger: Make) -> None:
    ledger = read_ledger(make_ledger([LATE]), standard_forms())
    slips = plan_slips(ledger, date(2031, 1, 1))[0]
    with pytest.raises(UnknownYear):
        number_slips(ledger, ledger.registers["slips"], slips, ())


# The paper.

LONG = "建立健全内部协同机制，形成书面清单逐项销号；" * 12


def many(count: int) -> list[dict[str, Any]]:
    """Late tasks of growing length."""
    return [
        {**LATE, "statement": f"任务{n}" + LONG[: n * 20], "obstacle": LONG[: n * 15], "next_step": LONG[: n * 10]}
        for n in range(count)
    ]


def paper_of(ledger: Path) -> bytes:
    book = read_ledger(ledger, standard_forms())
    slips = number_slips(book, book.registers["slips"], plan_slips(book, AS_OF)[0], ()).slips
    return slips_workbook(slips, book.settings, STAMP)


@pytest.mark.parametrize("count", [1, 4, 5, 12])
def test_texts_fit_and_are_gbk_and_two_builds_are_the_same(count: int, make_ledger: Make) -> None:
    ledger = make_ledger([*many(count), {**SOON, "department": "党办", "statement": LONG}])
    data = paper_of(ledger)
    assert data == paper_of(ledger)
    assert not_fitting(data) == []
    for _, cell, text in texts(data):
        assert text.encode("gbk"), cell


def test_the_test_of_fit_sees_a_row_that_is_too_low(make_ledger: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = make_ledger(many(4))
    monkeypatch.setattr("taizhang.papers.slips_sheet.row_height", lambda *_, **__: 30)
    assert len(not_fitting(paper_of(ledger))) >= 4


def test_print_set_up(make_ledger: Make) -> None:
    book = load(paper_of(make_ledger([*many(6), {**SOON, "department": "党办"}])))
    one: Any
    several: Any
    one, several = book["党委办公室"], book["财务处"]
    for sheet in (one, several):
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")
        assert sheet.page_setup.useFirstPageNumber  # from 1, the default of the format
        assert "&P" in sheet.oddFooter.center.text
        assert not sheet.sheet_view.showGridLines
        assert all(area.min_col in (1, 3) for area in sheet.merged_cells.ranges)
        assert not any(area.min_row in range(6, 13) and area.max_row < 12 for area in several.merged_cells.ranges)
    assert one.sheet_properties.pageSetUpPr.fitToPage
    assert not several.sheet_properties.pageSetUpPr.fitToPage
    assert several.page_setup.scale == 92
    assert several.print_title_rows == "$6:$6"
    assert len(several.row_breaks.brk) >= 1


def test_every_light_has_symbol_and_word_and_every_count_its_whole(make_ledger: Make) -> None:
    ledger = read_ledger(
        make_ledger([LATE, {"progress": 14}, SOON, {"status": "已完成", "progress": 100}]), standard_forms()
    )
    (slip,) = number_slips(ledger, ledger.registers["slips"], plan_slips(ledger, AS_OF)[0], ()).slips
    assert opening(slip, "整改办") == (
        "　　截至2022年3月31日，你部门牵头整改措施4项，办结0项，未办结4项（其中已报完成、待审核1项）。"
        "本单督办整改措施3项：逾期1项、未达序时1项、临近时限1项。请对照下表抓紧办理，"
        "于4月8日前将办理情况、滞后原因和完成时间报整改办。"
    )
    sheet = load(slips_workbook([slip], ledger.settings, STAMP))["财务处"]
    assert [sheet.cell(row, 5).value for row in (7, 8, 9)] == [
        "◆ 红\n逾期30天",
        "▲ 黄\n落后序时10个百分点",
        "■ 蓝\n5天内到期",
    ]
    assert sheet["F2"].value == "督办等级：◆ 红色督办"
    assert sheet["F7"].value == "原因：（未填报）。\n要求：立即办理，写明逾期原因和新的完成时间。"
    assert sheet["F9"].value == "要求：按时限办结，备齐佐证材料。"


@pytest.mark.parametrize(
    ("items", "breaks"),
    [
        ([60] * 4, None),
        ([60] * 5, [4]),
        ([60] * 9, [8]),
        ([60] * 12, [9]),
        ([60] * 16, [9, 15]),
        ([300], [1]),
    ],
)
def test_pages_part_before_items_and_signatures_stay_with_the_last(
    items: list[float], breaks: list[int] | None
) -> None:
    assert paper_breaks(200, 30, items, 410) == breaks


def test_sheet_names_are_what_excel_allows() -> None:
    names = (
        "财务[处]",
        "财务_处_",
        "财务:处:",
        "'",
        "History",
        "食品安全抽检监测和餐饮服务环节日常监督检查工作领导小组办公室",
        f"{'长' * 20}一{'长' * 20}",
        f"{'长' * 20}二{'长' * 20}",
    )
    settings = Settings(departments=(Department(names[5], "抽检办"),))
    assert list(sheet_names(names, settings).values()) == [
        "财务_处_",
        "财务_处__2",
        "财务_处__3",
        "部门",
        "History_",
        "食品安全抽检监测和餐饮服务环节日常监督检查工作领导小组办公室",
        f"…一{'长' * 20}",
        f"…二{'长' * 20}",
    ]
    longer = f"{names[5]}（{'设在综合处' * 3}）"
    assert sheet_names([longer], Settings(departments=(Department(longer, "抽检办"),))) == {longer: "抽检办"}


@pytest.mark.libreoffice
def test_pages_of_slips(make_ledger: Make, run: Run, soffice: Callable[..., Path], tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler (pdftotext) is not installed")
    late = [{**LATE, "obstacle": "涉及部门多，意见尚未统一", "next_step": "下月完成剩余工作并报整改办核验"}] * 4
    ledger = make_ledger([*[{**task, "department": "党办"} for task in late], *many(7)])
    assert run("remind", "-l", ledger, "--as-of", "2022-03-31", "-y", "--pdf").exit_code == 0
    found = pages(ledger.parent / "督办" / "督办单_2022-03.pdf")
    assert set(page_sizes(ledger.parent / "督办" / "督办单_2022-03.pdf")) == {(595, 841)}
    assert ["整改督办单" in page for page in found].count(True) == 2
    assert "党委办公室" in found[0]
    assert "财务处" in found[1]
    last = found[-1]
    for label in ("承办部门填写", "部门负责人", "分管领导意见", "整改办复核", "同意销号"):
        assert label in last
        assert not any(label in page for page in found[1:-1])
    assert all("督办灯" in page for page in found)
    assert "RW-" in last
    numbers = [re.findall(r"—\s*(\d+)\s*—", page)[-1] for page in found]
    assert numbers == ["1", *(str(number) for number in range(1, len(found)))]
    assert not any(ERRORS.search(page) for page in found)


@pytest.mark.parametrize(
    ("recorded", "found"),
    [
        ((), None),
        (("RW-001", "RW-001，RW-002"), 1),  # the exact one
        (("RW-001，RW-002", "RW-001，RW-003"), 2),  # of those that hold it and more, the last
        (("RW-001，RW-002，RW-003", "RW-001，RW-002", "RW-002"), 2),
        (("RW-002", "RW-003"), None),
    ],
)
def test_of_several_slips_that_hold_an_item_the_last_is_the_slip(
    recorded: tuple[str, ...], found: int | None, make_ledger: Make
) -> None:
    slips = [
        {
            "code": f"DB-{number:03}",
            "number": f"整改督〔2022〕{number}号",
            "department": "财务处",
            "period": "2022-03",
            "grade": "红",
            "items": items,
            "issued": date(2022, 3, number),
            "reply_by": date(2022, 3, 10 + number),
        }
        for number, items in enumerate(recorded, 1)
    ]
    ledger = read_ledger(make_ledger([LATE], slips=slips), standard_forms())
    (slip,) = number_slips(ledger, ledger.registers["slips"], plan_slips(ledger, AS_OF)[0], ()).slips
    assert (slip.number, slip.new) == (f"整改督〔2022〕{found or len(recorded) + 1}号", found is None)
    if found:
        assert (slip.issued, slip.reply_by) == (date(2022, 3, found), date(2022, 3, 10 + found))


@pytest.mark.parametrize(
    ("grade", "told"),
    [("红", []), ("黄", ["grade", "triggers"]), ("蓝", ["grade", "triggers"]), ("", ["grade", "triggers"])],
)
def test_the_register_is_told_only_of_a_grade_that_became_worse(grade: str, told: list[str], make_ledger: Make) -> None:
    recorded = {
        "code": "DB-001", "number": "整改督〔2022〕1号", "department": "财务处", "period": "2022-03", "grade": grade,
        "items": "RW-001", "issued": date(2022, 3, 1), "reply_by": date(2022, 3, 8),
    }  # fmt: skip
    ledger = read_ledger(make_ledger([LATE], slips=[recorded]), standard_forms())
    numbering = number_slips(ledger, ledger.registers["slips"], plan_slips(ledger, AS_OF)[0], ())
    assert [change.column for change in numbering.changes] == told


OVERDUE = {"code": "SQ-001", "department": "财务处", "channel": "来电", "subject": "排队久"}


def test_a_department_is_reminded_of_what_its_registers_say_is_overdue(make_ledger: Make, run: Run) -> None:
    """Due today is not overdue; a department without a lit task gets a slip for its registers alone, in yellow."""
    rows = [
        {**OVERDUE, "received": date(2022, 3, 1), "due": date(2022, 3, 30)},
        {**OVERDUE, "code": "SQ-002", "received": date(2022, 3, 1), "due": date(2022, 3, 31)},
    ]
    ledger = make_ledger([{"deadline": date(2022, 12, 31), "progress": 90}], appeals=rows)
    result = run("remind", "-l", ledger, "--as-of", "2022-03-31", "--yes")
    assert result.stdout == "财务处（▲ 黄）：整改督〔2022〕1号，新编；登记表超期 1 项：〈群众诉求〉1 项\n"
    text = "\n".join(sheet_texts(ledger.parent / "督办" / "督办单_2022-03.xlsx"))
    assert "〈群众诉求〉SQ-001 排队久：超期未反馈，应在3月30日以前，超期 1 天" in text
    assert "SQ-002" not in text
    again = run("remind", "-l", ledger, "--as-of", "2022-03-31", "--yes")
    assert again.stdout == "财务处（▲ 黄）：整改督〔2022〕1号，已编；登记表超期 1 项：〈群众诉求〉1 项\n"


def sheet_texts(path: Path) -> list[str]:
    """Return every text of a workbook's sheets."""
    book = load(path.read_bytes())
    return [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
