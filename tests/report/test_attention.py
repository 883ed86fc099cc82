"""What asks somebody to act: the lists of a day, and where the leaders' sheets show them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from support.ledgers import load
from support.looks import fonts_installed, misfits, scale
from support.scenarios import AS_OF, STAMP, a_closeout, a_task, build
from support.supervised import a_duty, a_fulfilment, an_extension, lasting
from taizhang.figures.metrics import Metrics, compute_metrics
from taizhang.ledger.settings import Thresholds
from taizhang.ledger.vocabulary import Light
from taizhang.report import progress_workbook

pytestmark = pytest.mark.slow

EVIDENCE = "佐证：印发件和会议记录（整改专柜）"
OPEN: dict[str, Any] = {"committee_date": None, "conclusion": None}
LATER = {"kind": "一次", "status": "推进中", "start": date(2022, 1, 1), "deadline": date(2022, 12, 31), "progress": 60}
STRUCK = LATER | {"status": "已销号", "progress": 100}


def metrics(tasks: Sequence[dict[str, Any]], limits: Thresholds | None = None, **rows: Any) -> Metrics:
    closeouts = rows.pop("closeouts", [])
    ledger = build(list(tasks), closeouts=closeouts, registers=rows or None)
    if limits:
        ledger = replace(ledger, settings=replace(ledger.settings, thresholds=limits))
    return compute_metrics(ledger, AS_OF)


def sheets(m: Metrics) -> Any:
    return load(progress_workbook(m, STAMP))


def section(book: Any, begins: str) -> list[tuple[str, str, str, str]]:
    """Return the head of a list on 逾期预警, then (code, trigger, reason, next step) of each of its lines."""
    rows = [[cell.value for cell in row] for row in book["逾期预警"].iter_rows()]
    at = next(n for n, row in enumerate(rows) if str(row[1]).startswith(begins))
    found = [(str(rows[at][1]), "", "", "")]
    for row in rows[at + 1 :]:
        if not row[1]:
            break
        found.append((row[2], row[7], row[8], row[9]))
    return found


def heads(book: Any) -> list[str]:
    return [re.split("[：（]", str(row[1].value))[0] for row in book["逾期预警"].iter_rows(6) if row[1].font.sz == 10.5]


def test_a_list_stands_only_if_it_holds_something() -> None:
    book = sheets(metrics([a_task(0, **LATER)]))
    assert heads(book) == ["部门已报完成、还没有申请销号", "连续两期没有进展", "进度倒退", "反弹", "销号抽查"]
    assert str(book["逾期预警"]["B3"].value).endswith("下面另列：没有申请销号、没有进展、进度倒退、反弹、抽查。")


SEATS = [
    {"code": f"ZW-{n:03}", "branch": "第一党支部", "department": "办公室", "post": post, "state": state}
    for n, (post, state) in enumerate((("书记", "在任"), ("组织委员", "空缺")), 1)
]


def proof(number: int, task: str, basis: str = "办公室判定") -> dict[str, Any]:
    of = {"code": f"HD-{number:03}", "task": task, "register": "支委名册", "indicator": "空缺", "operator": "≤"}
    return of | {"target": "0", "unit": "个", "basis": basis}


def test_what_the_ledger_contradicts_is_listed_with_both_words_and_named_on_the_first_page() -> None:
    tasks = [
        a_task(0, **LATER | {"status": "已完成", "update": "已补选到位"}),
        a_task(1, **LATER),
        a_task(2, **STRUCK),
        a_task(3, **LATER | {"status": "已完成", "update": ""}),
    ]
    rows = [a_closeout(1, "RW-003", date(2022, 6, 1), contradiction="7月换届一并补选")]
    proofs = [*(proof(n, f"RW-00{n}") for n in (1, 2, 3)), proof(4, "RW-004", "程序建议")]
    m = metrics(tasks, closeouts=rows, proofs=proofs, committee_members=SEATS)
    assert [each.task.code for each in m.attention.contradicted] == ["RW-001", "RW-003", "RW-004"]
    assert [each.task.code for each in m.attention.unanswered] == ["RW-001"]
    book = sheets(m)
    unmet = "〈支委名册〉空缺未达到（实际 1 个，目标 ≤ 0 个）"
    assert section(book, "核对不符") == [
        (
            "核对不符：3 项报了完成、申请了或办结了，而台账里的数没有达到目标（截至6月30日），"
            "其中 2 项已有说明或待认可",
            "",
            "",
            "",
        ),
        ("RW-001", "已报完成，核对未达到", unmet, "部门说：已补选到位"),
        ("RW-003", "已销号，核对未达到", unmet, "部门说：召开推进会 2 次；办公室说明：7月换届一并补选"),
        ("RW-004", "已报完成，核对未达到", f"{unmet}；核对是程序建议，未确认", "部门说：（未填报）"),
    ]
    assert "\n关注：核对不符1项（RW-001）；" in str(book["整改一览"]["B3"].value)
    assert "核对不符 1 项：报了完成，台账没有达到" in [row[1].value for row in book["手机版"].iter_rows()]
    details = {row[1].value: row[15] for row in book["措施台账"].iter_rows(7)}
    assert details["RW-002"].value == "空缺：未达到（实际 1 个，目标 ≤ 0 个）"
    assert str(details["RW-004"].value).startswith("空缺（程序建议，未确认）：")
    red = {code: cell.font.color.rgb == "FFB4161B" for code, cell in details.items() if cell.font.color}
    assert red == {"RW-001": True, "RW-002": False, "RW-003": True, "RW-004": True}


def test_waiting_steps_stand_with_their_days_and_the_longest_over_the_limit_first() -> None:
    tasks = [a_task(n, **LATER) for n in range(3)]
    rows = [
        a_closeout(1, "RW-001", date(2022, 6, 28), **OPEN),
        a_closeout(2, "RW-002", date(2022, 6, 1), **OPEN),
        a_closeout(3, "RW-003", date(2022, 6, 1), **OPEN)
        | {"first_review": "通过", "first_date": date(2022, 6, 8), "leader_date": date(2022, 6, 15)},
    ]
    # working days of June 2022: the 2nd to the 30th without weekends and the 3rd are 20; from the 16th on 11
    assert section(sheets(metrics(tasks, closeouts=rows)), "等待审核") == [
        ("等待审核：3 项，其中超过期限 1 项", "", "", ""),
        (
            "RW-002",
            "办公室初审等了 20 个工作日，超过 5 天",
            "6月1日申请，6月1日起等；限 5 个工作日",
            EVIDENCE,
        ),
        ("RW-003", "党委审定等了 11 个工作日", "6月1日申请，6月15日起等；限 20 个工作日", EVIDENCE),
        (
            "RW-001",
            "办公室初审等了 2 个工作日",
            "6月28日申请，6月28日起等；限 5 个工作日",
            EVIDENCE,
        ),
    ]


@pytest.mark.parametrize(
    ("decided", "words"),
    [
        (date(2022, 3, 31), None),
        (date(2022, 3, 30), "6月30日起可以回头看"),
        (date(2021, 12, 30), "3月30日起可以回头看"),
        (date(2021, 12, 29), "过了期限 1 天"),
    ],
)
def test_a_close_out_may_be_looked_back_at_from_three_months_on_and_is_late_after_six(
    decided: date, words: str | None
) -> None:
    m = metrics([a_task(0, **STRUCK)], closeouts=[a_closeout(1, "RW-001", decided)])
    if decided == date(2022, 3, 31):  # three months after it is the last day of June
        assert [due.first for _, due in m.attention.rechecks] == [AS_OF]
        return
    assert [line[1] for line in section(sheets(m), "回头看")[1:]] == [words]
    assert m.attention.overdue_rechecks(AS_OF) == int(words == "过了期限 1 天")


def test_what_was_looked_back_at_or_sent_back_since_is_not_asked_for() -> None:
    row = a_closeout(1, "RW-001", date(2022, 1, 10), recheck_date=date(2022, 6, 1), recheck_result="保持")
    assert metrics([a_task(0, **STRUCK)], closeouts=[row]).attention.rechecks == ()
    rows = [a_closeout(1, "RW-001", date(2022, 1, 10)), a_closeout(2, "RW-001", date(2022, 5, 10), conclusion="退回")]
    assert metrics([a_task(0, **STRUCK)], closeouts=rows).attention.rechecks == ()


def test_applications_are_listed_once_with_all_that_is_to_be_said_of_them() -> None:
    tasks = [a_task(n, **LATER | {"deadline": date(2022, 5, 31)}) for n in range(3)]
    rows = [
        an_extension(1, "RW-001", applied=date(2022, 5, 20)),
        an_extension(2, "RW-002", applied=date(2022, 6, 2), conclusion="不同意", approved=date(2022, 6, 8)),
        an_extension(3, "RW-003", applied=date(2022, 5, 20), conclusion="同意", approved=date(2022, 6, 10)),
    ]
    book = sheets(metrics(tasks, extensions=rows))
    reason = "招标流标一次，已重新公告"
    assert section(book, "延期、暂缓申请") == [
        ("延期、暂缓申请：待批 1 项、不批 1 项、到期后才申请 1 项（批了才改时限）", "", "", ""),
        ("RW-001", "延期待批", reason, "YQ-001：5月20日申请，延期至9月30日"),
        ("RW-002", "延期不批，到期后才申请", reason, "YQ-002：6月2日申请，延期至9月30日"),
    ]
    due = {row[1].value: row[9].value for row in book["措施台账"].iter_rows(7)}
    assert due["RW-003"] == "9月30日\n延1次（原5月31日，批准时累计逾期10天）"


def test_how_often_an_application_was_sent_back() -> None:
    rows = [
        a_closeout(1, "RW-001", date(2022, 5, 10), conclusion="退回"),
        a_closeout(2, "RW-001", date(2022, 6, 10), conclusion="退回"),
        a_closeout(3, "RW-002", date(2022, 6, 10), conclusion="退回"),
    ]
    book = sheets(metrics([a_task(n, **LATER) for n in range(2)], closeouts=rows))
    assert [line[:2] for line in section(book, "销号申请被退回")] == [
        ("销号申请被退回：2 项，最多的 2 次", ""),
        ("RW-001", "被退回 2 次"),
        ("RW-002", "被退回 1 次"),
    ]


@cache
def with_requests() -> Metrics:
    limits = Thresholds(orange_behind=20, colours={"due_soon": Light.BLUE})
    tasks = [a_task(n, **LATER | {"progress": 10 + 12 * n}) for n in range(6)]
    tasks[0] |= {"help_needed": "请局长出面协调市编办，明确新设机构的编制和人员来源，涉及三个单位，已去函两次没有回音"}
    tasks[3] |= {"help_needed": "需规划财务处 7 月底前明确经费"}
    tasks[5] |= {"help_needed": "请分管副局长协调用地"}
    duty = a_duty(6, "季", per_cycle=1)
    return metrics([*tasks, duty, lasting(7)], limits, fulfilments=[a_fulfilment(1, "RW-007", "2022年一季度", 1)])


def test_requests_stand_below_a_shorter_list_on_one_page() -> None:
    m, book = with_requests(), sheets(with_requests())
    page = book["整改一览"]
    assert [task.code for task in m.attention.asking] == ["RW-001", "RW-004", "RW-006"]
    assert str(page["P18"].value).startswith("红灯 ")
    assert (len(m.exceptions), page["P23"].value) == (5, "另有 2 项橙黄蓝灯见〈逾期预警〉")
    assert page["P24"].value == "请领导协调 3 项，列前 2"
    assert [page.cell(row, 17).value for row in (25, 26)] == ["RW-001", "RW-004"]
    assert str(page["T25"].value).startswith("请局长出面协调市编办")
    assert scale(page) >= 0.95
    phone = [str(row[1].value) for row in book["手机版"].iter_rows()]
    assert phone[phone.index("请领导协调 3 项") + 1] == "RW-001"


def test_every_light_in_use_is_shown_counted_and_explained() -> None:
    m, book = with_requests(), sheets(with_requests())
    page = book["整改一览"]
    assert page["V4"].value == "橙黄蓝灯（项）"
    assert page["V5"].value == '=COUNTIF(措施_灯,"▼ 橙")+COUNTIF(措施_灯,"▲ 黄")+COUNTIF(措施_灯,"■ 蓝")'
    legend = str(page["B27"].value)
    assert "▼ 橙＝落后20点" in legend
    assert "■ 蓝＝7天内到期" in legend
    assert str(book["逾期预警"]["B5"].value).startswith(
        "、".join(f"{word}灯 {m.total.lit(light)} 项" for word, light in (
            ("红", Light.RED), ("橙", Light.ORANGE), ("黄", Light.AMBER), ("蓝", Light.BLUE)))
    )  # fmt: skip


@pytest.mark.skipif(not fonts_installed(), reason="fonts-noto-cjk or fonts-liberation is not installed")
def test_no_text_of_these_sheets_is_cut() -> None:
    book = sheets(with_requests())
    titles = ("整改一览", "手机版", "逾期预警", "措施台账", "时间进度", "部门排名", "五个方面", "口径说明")
    assert [each for title in titles for each in misfits(book[title])] == []


def test_a_duty_is_drawn_by_its_cycles_and_without_end_has_no_empty_row() -> None:
    sheet = sheets(with_requests())["时间进度"]
    row = next(row for row in sheet.iter_rows() if row[1].value == "RW-007")
    assert [cell.value for cell in row[4:7]] == ["每季", "1/1期", row[6].value]
    slots = row[7:31]
    assert {n: cell.value for n, cell in enumerate(slots) if cell.value} == {3: "●", 9: "→"}
    assert all(cell.fill.fill_type == "solid" for cell in slots)
    lasting_row = next(row for row in sheet.iter_rows() if row[1].value == "RW-008")
    assert {n: cell.value for n, cell in enumerate(lasting_row[7:31]) if cell.value} == {6: "△"}
