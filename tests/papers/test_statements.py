"""对账单: a department's tasks in the ledger, with control counts that add up."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from support.fixtures import Make, Run
from support.ledgers import load
from support.paper import ERRORS, not_fitting, pages, texts
from support.returned import fill
from taizhang.demo.sample import AS_OF as DEMO_DAY
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import read_ledger
from taizhang.papers.statements import Statement, plan_statements
from taizhang.papers.statements_sheet import control_line, statements_workbook

AS_OF, REPLY = date(2022, 3, 31), date(2022, 4, 8)

CLOSED = {
    "code": "XH-001",
    "task": "RW-001",
    "department": "财务处",
    "committee_date": date(2022, 2, 1),
    "conclusion": "同意销号",
}
TASKS = [
    {"status": "已销号", "evidence": "印发件"},
    {"deadline": date(2022, 3, 1), "progress": 60},
    {"status": "已完成", "progress": 100, "supporting": ("党委办公室", "财务处")},
    {"kind": "原则", "deadline": "长期坚持"},
]


def statements(ledger: Path, as_of: date = AS_OF) -> list[Statement]:
    return plan_statements(read_ledger(ledger, standard_forms()), as_of)[0]


def workbook(ledger: Path) -> bytes:
    book = read_ledger(ledger, standard_forms())
    return statements_workbook(plan_statements(book, AS_OF)[0], book.settings, REPLY, datetime(2022, 3, 31))


def test_control_counts_name_their_whole_and_close(make_ledger: Make) -> None:
    (found,) = statements(make_ledger(TASKS, closeouts=[CLOSED]))
    assert control_line(found) == (
        "台账所载4行＝计数3项＋原则性1项（不计数）。其中已销号1/3、长期坚持0/3、已完成（待审核）1/3、推进中1/3、"
        "未启动0/3，合计3项；办结1/3；按期办结率0%（0/1项）、销号率33%（1/3项）；逾期1/3；写有佐证材料1/3。"
    )
    assert sum(found.statuses.values()) == len(found.counted)


def test_recurring_tasks_are_counted_by_their_cycles_and_extensions_are_said(make_ledger: Make) -> None:
    duty = {"kind": "周期", "review_cycle": "月", "deadline": "长期坚持", "progress": None}
    kept = {"code": "LX-001", "task": "RW-001", "department": "财务处", "cycle": "2022年1月", "done": 1}
    asked = {
        "code": "YQ-001", "task": "RW-002", "department": "财务处", "kind": "延期", "applied": date(2022, 2, 1),
        "reason": "流标", "until": date(2022, 6, 30), "conclusion": "同意", "approved": date(2022, 2, 20),
    }  # fmt: skip
    ledger = make_ledger([duty, {"deadline": date(2022, 3, 1)}], fulfilments=[kept], extensions=[asked])
    (found,) = statements(ledger)
    assert "；销号率0%（0/1项）、履行率50%（1/2期）；" in control_line(found)
    rows = [[cell.value for cell in row[:5]] for row in load(workbook(ledger)).active.iter_rows(8, 9)]
    assert (rows[0][2], rows[0][4]) == ("长期坚持", "1/2期")
    assert (rows[1][2], rows[1][4]) == ("6月30日\n原3月1日，延1次", "—")


def test_departments_that_only_support_are_told_whose_tasks(make_ledger: Make) -> None:
    found = statements(make_ledger([*TASKS, {"department": "党办"}]))
    assert [(each.department, len(each.tasks), each.supporting) for each in found] == [
        ("党委办公室", 1, ("RW-003",)),
        ("财务处", 4, ()),
    ]


def test_a_department_of_principles_alone_has_nothing_to_count(make_ledger: Make) -> None:
    (found,) = statements(make_ledger([{"kind": "原则"}]))
    assert control_line(found) == "台账所载1行＝计数0项＋原则性1项（不计数）。"


def test_the_demo_closes(demo_folder: Path) -> None:
    ledger = read_ledger(demo_folder / "整改台账.xlsx", standard_forms())
    found, unowned = plan_statements(ledger, DEMO_DAY)
    assert sum(len(each.tasks) for each in found) + len(unowned) == len(ledger.registers["tasks"].records)


def test_command_prints_the_counts_and_writes_no_ledger(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger(TASKS, closeouts=[CLOSED])
    before = ledger.read_bytes()
    result = run("remind", "--statement", "-l", ledger, "--as-of", "2022-03-31")
    assert (result.exit_code, result.stdout) == (0, f"财务处：{control_line(statements(ledger)[0])}\n")
    assert ledger.read_bytes() == before
    assert [path.name for path in (ledger.parent / "督办").iterdir()] == ["对账单_2022-03.xlsx"]
    dry = run("remind", "--statement", "-l", ledger, "--as-of", "2022-03-31", "-n", "-o", ledger.parent / "x.xlsx")
    assert (dry.exit_code, (ledger.parent / "x.xlsx").exists()) == (0, False)


def test_json_and_unowned_tasks(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}, {"department": None}])
    result = run("remind", "--statement", "-l", ledger, "--as-of", "2022-03-31", "--json", "-n")
    assert result.exit_code == 1
    assert "RW-002" in result.stderr
    assert json.loads(result.stdout) == {
        "statements": [
            {
                "department": "财务处",
                "rows": 1,
                "counted": 1,
                "closed": 0,
                "overdue": 0,
                "evidenced": 0,
                "statuses": {"未启动": 0, "推进中": 1, "已完成": 0, "长期坚持": 0, "已销号": 0},
                "unsaid": [],
            }
        ]
    }


def test_registers_left_unsaid_in_the_last_return_are_named(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}])
    assert run("issue", "-p", "2022-03", "-l", ledger, "--as-of", "2022-03-10", "-q").exit_code == 0
    fill(ledger, {"RW-001": {"update": "约谈 3 个支部"}}, ticks=False)
    run("merge", "-l", ledger, "--yes", "-q")
    (found,) = statements(ledger)
    assert (found.period, found.unsaid) == ("2022-03", ("办实事", "群众诉求", "支委名册", "规章制度"))
    words = "2022-03报来的表里，〈办实事〉〈群众诉求〉〈支委名册〉〈规章制度〉没有说本期有没有变化"
    told = run("remind", "--statement", "-l", ledger, "--as-of", "2022-03-31", "-n", "-q")
    assert (told.exit_code, told.stdout.splitlines()[1]) == (0, f"财务处：{words}。")
    assert f"{words}，请随本单一并说明。" in str(load(workbook(ledger), values=True)["财务处"]["A5"].value)
    fill(ledger, {"RW-001": {"update": "约谈 4 个支部"}})
    run("merge", "-l", ledger, "--yes", "-q")
    assert statements(ledger)[0].unsaid == ()


def test_no_tasks_no_statement(make_ledger: Make, run: Run) -> None:
    result = run("remind", "--statement", "-l", make_ledger([]), "--as-of", "2022-03-31")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "不用对账" in result.stderr


LONG: dict[str, Any] = {
    "statement": "建立健全内部协同机制，" * 20,
    "evidence": "会议记录和签到表（专柜）" * 20,
    "deadline": "长期坚持",
}


@pytest.mark.parametrize("tasks", [TASKS, [*TASKS, LONG] * 8])
def test_texts_fit_and_are_gbk_and_two_builds_are_the_same(tasks: list[dict[str, Any]], make_ledger: Make) -> None:
    ledger = make_ledger(tasks)
    data = workbook(ledger)
    assert data == workbook(ledger)
    assert not_fitting(data) == []
    for _, cell, text in texts(data):
        assert text.encode("gbk"), cell


def test_columns_are_those_the_template_has(make_ledger: Make) -> None:
    sheet = load(workbook(make_ledger(TASKS, closeouts=[CLOSED])))["财务处"]
    heads = [cell.value for cell in sheet[7]]
    titles = {column.title for column in standard_forms()["tasks"].columns}
    assert [head for head in heads if head not in titles] == ["核对"]
    assert [[sheet.cell(row, column).value for column in (1, 3, 4, 5)] for row in range(8, 12)] == [
        ["RW-001", "12月31日", "已销号", "100%"],
        ["RW-002", "3月1日", "推进中\n逾期30天", "60%"],
        ["RW-003", "12月31日", "已完成\n待审核", "100%"],
        ["RW-004", "长期坚持", "原则性\n不计数", "—"],
    ]


@pytest.mark.libreoffice
def test_pages_of_statements(make_ledger: Make, soffice: Callable[..., Path], tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler (pdftotext) is not installed")
    path = tmp_path / "对账单.xlsx"
    path.write_bytes(workbook(make_ledger([{}] * 22)))
    found = pages(soffice(path, "pdf", tmp_path))
    assert len(found) == 2
    assert all("任务编号" in page for page in found)
    assert ["更正说明" in page and "部门负责人" in page for page in found] == [False, True]
    assert "RW-022" in found[1]
    assert not any(ERRORS.search(page) for page in found)
