"""Every check: a clean case, each way to fail, the boundary. A ledger of a few rows, findings as (cell, check)."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from support.checked import AS_OF, CLOSED, CLOSEOUT, found, typed
from support.fixtures import Make
from support.ledgers import ledger_in_memory
from taizhang.checks.shares import check_part_over_whole
from taizhang.figures.metrics import compute_metrics
from taizhang.forms.load import standard_forms
from taizhang.ledger.create import filled_register
from taizhang.ledger.model import Ledger, read_ledger
from taizhang.ledger.registers import read_register
from taizhang.ledger.settings import Settings
from taizhang.ledger.vocabulary import Light
from taizhang.supervision.tasks import read_tasks, time_progress
from taizhang.typed.personal import find_personal
from taizhang.workbook.reader import read_workbook


def test_a_clean_ledger_has_no_findings() -> None:
    assert found(ledger_in_memory([{}, CLOSED | {"code": "RW-001"}][:1])) == []
    assert found(ledger_in_memory([CLOSED], closeouts=[CLOSEOUT])) == []


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ({"status": None}, [("S4", "required")]),
        ({"statement": None}, [("C4", "required")]),
        ({"status": "推进"}, [("S4", "choice")]),
        ({"department": "财务科"}, [("L4", "choice")]),
        ({"department": "计财处"}, [("L4", "reading")]),
        ({"department": None}, [("L4", "unassigned")]),
        ({"deadline": None}, [("O4", "unassigned")]),
        ({"standard": None}, [("R4", "unassigned")]),
        ({"kind": "原则", "standard": None, "department": None, "carried_by": ("RW-009",)}, [("AB4", "reference")]),
        ({"kind": "原则"}, [("AB4", "principle")]),
        ({"kind": "原则", "carried_by": ("RW-001",)}, [("AB4", "principle")]),
        ({"carried_by": ("RW-001",)}, []),
        ({"source": "补充"}, [("AC4", "supplement")]),
        ({"source": "补充", "decided": date(2022, 1, 5)}, []),
        ({"original_deadline": "2022年底前"}, []),
        ({"original_deadline": "2022年11月底前"}, [("O4", "deadline-changed")]),
        ({"original_deadline": "2022年11月底前", "deadline": None}, [("O4", "deadline-changed"), ("O4", "unassigned")]),
        ({"original_deadline": "适时"}, []),
        ({"deadline": "适时"}, [("O4", "deadline-words")]),
        ({"deadline": "3月底前"}, [("O4", "reading")]),
        ({"deadline": "60日内"}, [("O4", "reading")]),
        ({"deadline": "立行立改"}, [("O4", "reading")]),
        ({"deadline": "印发后30日内"}, [("O4", "reading")]),
        ({"deadline": "60日内", "start": None}, [("O4", "deadline-words")]),
        ({"kind": "周期", "deadline": "每月4号"}, [("O4", "reading")]),
        ({"kind": "周期", "deadline": "每年秋天"}, [("O4", "deadline-words")]),
        ({"deadline": "去年5月"}, [("O4", "deadline-words")]),
        ({"deadline": date(2021, 12, 31)}, [("O4", "date-order")]),
        ({"deadline": date(2022, 1, 1)}, []),
        ({"kind": "长期"}, [("P4", "review-missing")]),
        ({"kind": "长期", "review_cycle": "季"}, []),
        ({"kind": "周期", "deadline": "每季度"}, [("O4", "reading")][:0]),
        ({"status": "已完成", "progress": 100}, [("X4", "evidence-missing")]),
        ({"status": "已完成", "progress": 100, "evidence": "暂无"}, [("X4", "evidence-missing")]),
        ({"status": "已完成", "progress": 99, "evidence": "印发件"}, [("T4", "progress-status")]),
        ({"status": "未启动", "progress": 1}, [("T4", "progress-status")]),
        ({"status": "未启动", "progress": 0}, []),
        (CLOSED, [("S4", "closeout-missing")]),
        ({"problems": ("WT-02",)}, [("A4", "problem-uncovered"), ("I4", "reference")]),
        ({"update": "电话 13800138000"}, [("U4", "personal")]),
        ({"update": "机密★1年"}, [("U4", "personal")]),
        ({"code": "任务一"}, [("A4", "code")]),
    ],
)
def test_one_task(task: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(ledger_in_memory([task])) == expected


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ((4, 14), "2022.13.1", [("N4", "date")]),
        ((4, 14), "1月10日", [("N4", "reading")]),
        ((4, 20), "八成", [("T4", "percent")]),
        ((4, 20), 101, [("T4", "percent")]),
        ((4, 20), "1", [("T4", "percent")]),
        ((4, 20), "８０％", []),
        ((4, 20), 80, [("T4", "reading")]),
        ((4, 5), "第三段", [("E4", "number")]),
        ((4, 1), None, [("A4", "code"), ("A4", "problem-uncovered")]),
        ((3, 3), "任务内容", [("C3", "head-renamed")]),
        ((3, 33), "状态", [("AG3", "head-duplicate")]),
        ((3, 33), "我自己的列", []),
        ((3, 19), "情况", [("第3行", "head-missing")]),
    ],
)
def test_what_people_type(
    make_ledger: Make, cell: tuple[int, int], value: Any, expected: list[tuple[str, str]]
) -> None:
    assert found(typed(make_ledger(), cell, value)) == expected


def test_duplicate_codes() -> None:
    assert found(ledger_in_memory([{"code": "RW-001"}, {"code": "RW-001"}])) == [("A5", "code-duplicate")]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"reviewer": "综合科科长"}, [("J4", "choice"), ("J4", "same-post")]),
        ({"applicant": "整改办主任"}, [("J4", "same-post")]),
        (
            {"committee_date": date(2022, 2, 1)},
            [("L4", "committee-after-application"), ("L4", "committee-after-leader")],
        ),
        ({"committee_date": None}, [("L4", "closeout-committee"), ("S4", "closeout-missing")]),
        ({"committee_date": AS_OF}, []),
        ({"committee_date": date(2022, 4, 1)}, [("L4", "closeout-future"), ("S4", "closeout-missing")]),
        ({"conclusion": "退回", "first_comment": "缺印发件"}, [("S4", "closeout-missing")]),
        ({"task": "RW-009"}, [("B4", "reference"), ("S4", "closeout-missing")]),
        ({"recheck_date": date(2022, 3, 25), "recheck_result": "反弹"}, [("S4", "closeout-missing")]),
    ],
)
def test_close_outs(row: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(ledger_in_memory([CLOSED], closeouts=[CLOSEOUT | row])) == expected


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ({"review_cycle": "季"}, []),
        ({"deadline": "长期坚持，每季度复核"}, []),
        ({}, [("P4", "review-missing"), ("Q4", "review-missing")]),
        ({"kind": "一次"}, [("Q4", "review-missing")]),
        ({"kind": "一次", "next_review": date(2022, 6, 30)}, []),
        ({"next_review": date(2022, 6, 30)}, [("P4", "review-missing")]),
    ],
)
def test_continuing_tasks_need_a_cycle_or_their_next_review(
    task: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    row = {"kind": "长期", "status": "长期坚持", "progress": 100, "evidence": "记录"} | task
    closeout = [CLOSEOUT | {"conclusion": "转长期坚持"}]
    assert [
        each for each in found(ledger_in_memory([row], closeouts=closeout)) if each[1] == "review-missing"
    ] == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2022, 3, 14), []),
        (date(2022, 3, 15), [("Q4", "review-missing")]),
        (date(2022, 3, 31), [("Q4", "review-missing")]),
        (date(2022, 4, 1), []),
    ],
)
def test_a_typed_review_that_was_held_leaves_none_to_come(
    make_ledger: Make, day: date, expected: list[tuple[str, str]]
) -> None:
    row = {"kind": "一次", "status": "长期坚持", "progress": 100, "evidence": "记录", "next_review": date(2022, 3, 15)}
    review = {"code": "FH-001", "task": "RW-001", "date": day, "post": "整改办主任", "finding": "保持"}
    ledger = make_ledger([row], closeouts=[CLOSEOUT | {"conclusion": "转长期坚持"}], reviews=[review])
    assert [each for each in found(ledger) if each[1] == "review-missing"] == expected


def test_a_missing_sheet_is_named(make_ledger: Make) -> None:
    ledger = make_ledger()
    data = ledger.read_bytes()
    import openpyxl

    book = openpyxl.load_workbook(ledger)
    book["征求意见"].title = "随便"
    for cell in book["随便"][3]:
        cell.value = None
    book.save(ledger)
    assert found(ledger) == [("", "sheet-missing")]
    ledger.write_bytes(data)
    assert found(ledger) == []


def test_a_renamed_sheet_is_found_by_its_heads(make_ledger: Make) -> None:
    import openpyxl

    ledger = make_ledger([{"status": "推进"}])
    book = openpyxl.load_workbook(ledger)
    book["整改任务"].title = "任务表（最终版）"
    book.save(ledger)
    assert found(ledger) == [("S4", "choice")]


def test_lists_of_the_office(make_ledger: Make) -> None:
    ledger = make_ledger()
    typed(ledger, (7, 4), "财务处", "参数")
    assert [check for _, check in found(ledger)] == ["settings"]


@pytest.mark.parametrize(
    ("item", "content", "checks"),
    [
        ("监督电话", "0731-88888888", []),
        ("联系电话", "13800138000", []),
        ("监督电话", "机 密", ["personal"]),
        ("单位名称", "某局 0731-88888888", ["personal"]),
        ("整改办名称", "整改办【秘密】", ["personal"]),
    ],
)
def test_the_lists_of_the_office_hold_nothing_personal_but_telephones_to_be_printed(
    make_ledger: Make, item: str, content: str, checks: list[str]
) -> None:
    ledger = make_ledger()
    sheet = read_workbook(ledger).by_name["参数"]
    row = next(row for row in range(1, 40) if sheet.value(row, 1) == item)
    typed(ledger, (row, 2), content, "参数")
    assert found(ledger) == [(f"B{row}", check) for check in checks]


@pytest.mark.parametrize(
    ("task", "light"),
    [
        ({"deadline": date(2022, 3, 30)}, Light.RED),
        ({"deadline": date(2022, 3, 31), "start": None}, Light.AMBER),
        ({"deadline": date(2022, 4, 7), "start": None}, Light.AMBER),
        ({"deadline": date(2022, 4, 8), "start": None}, Light.GREEN),
        ({"start": date(2022, 2, 9), "deadline": date(2022, 5, 20), "progress": 50 - 31}, Light.RED),
        ({"start": date(2022, 2, 9), "deadline": date(2022, 5, 20), "progress": 50 - 30}, Light.AMBER),
        ({"start": date(2022, 2, 9), "deadline": date(2022, 5, 20), "progress": 50 - 10}, Light.AMBER),
        ({"start": date(2022, 2, 9), "deadline": date(2022, 5, 20), "progress": 50 - 9}, Light.GREEN),
        ({"deadline": date(2022, 3, 30), "status": "已完成", "progress": 100}, Light.RED),
        ({"deadline": date(2022, 3, 31), "status": "已完成", "progress": 100}, Light.WAITING),
        ({"department": None, "progress": 90}, Light.OPEN),
        ({"deadline": None}, Light.OPEN),
        ({"deadline": "长期坚持", "next_review": date(2022, 3, 30)}, Light.AMBER),
        ({"deadline": "长期坚持", "next_review": date(2022, 3, 31)}, Light.OPEN),
        ({"deadline": "长期坚持", "next_review": date(2022, 3, 31), "review_cycle": "季", "kind": "长期"}, Light.GREEN),
    ],
)
def test_lights_turn_on_their_thresholds(make_ledger: Make, task: dict[str, Any], light: str) -> None:
    ledger = read_ledger(make_ledger([task]), standard_forms())
    assert [each.light for each in read_tasks(ledger, AS_OF)] == [light]


def test_self_report_alone_never_counts_as_closed(make_ledger: Make) -> None:
    m = compute_metrics(read_ledger(make_ledger([CLOSED, {"status": "已完成"}]), standard_forms()), AS_OF)
    assert (m.total.closed, m.total.pending, m.total.tasks) == (0, 2, 2)
    confirmed = make_ledger([CLOSED, {"status": "已完成"}], closeouts=[CLOSEOUT])
    m = compute_metrics(read_ledger(confirmed, standard_forms()), AS_OF)
    assert (m.total.closed, m.total.pending, str(m.total.rates.struck_off)) == (1, 1, "1/2")
    before = compute_metrics(read_ledger(confirmed, standard_forms()), date(2022, 3, 19))
    assert before.total.closed == 0


def test_time_progress_is_clipped() -> None:
    assert time_progress(date(2022, 1, 1), date(2022, 1, 11), date(2022, 1, 6)) == Fraction(1, 2)
    assert time_progress(date(2022, 1, 1), date(2022, 1, 11), date(2023, 1, 1)) == 1
    assert time_progress(date(2022, 2, 1), date(2022, 3, 1), date(2022, 1, 1)) == 0
    assert time_progress(None, date(2022, 3, 1), date(2022, 1, 1)) is None


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("11010519491231002X", ("身份证号",)),
        ("110105194912310021", ()),
        ("13800138000", ("手机号",)),
        ("23800138000", ()),
        ("4111111111111111", ("银行卡号",)),
        ("4111111111111112", ()),
        ("机密", ("密级标志",)),
        ("保守秘密，从我做起", ()),
        ("秘密★3年", ("密级标志",)),
        ("文号 20220315001", ()),
    ],
)
def test_personal_data_is_known_by_its_checksum(text: str, kinds: tuple[str, ...]) -> None:
    assert find_personal(text) == kinds


def test_a_part_is_not_more_than_its_whole(tmp_path: Path) -> None:
    checked = {"day": date(2022, 3, 8), "target": "食堂"}
    numbers = ((3, 5), (3, 3), (0, 1), (0, 0), (None, 2), (3, None))
    rows = [
        {"code": f"JC-{n:03}", **checked, "found": found, "fixed": fixed} for n, (found, fixed) in enumerate(numbers, 1)
    ]
    forms = standard_forms()
    data = filled_register(forms["conduct_checks"], rows, datetime(2022, 3, 1))
    book = read_workbook(Path("台账.xlsx"), data)
    register, _ = read_register(book, forms["conduct_checks"])
    assert register
    ledger = Ledger(Path("台账.xlsx"), book, Settings(), {"conduct_checks": register})
    findings = [(each.place.cell, each.check, each.message) for each in check_part_over_whole(ledger, AS_OF)]
    assert findings == [
        ("F4", "part-over-whole", "整改问题数 5 大于发现问题数 3（E4），比率会超过 100%，请改正其中一个。"),
        ("F6", "part-over-whole", "整改问题数 1 大于发现问题数 0（E6），比率会超过 100%，请改正其中一个。"),
    ]
