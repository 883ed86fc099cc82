"""taizhang new --after: what last year's ledger hands over, with other codes, and what it does not."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.fixtures import Make, Run
from support.returned import column_values, edit, fill, type_into, value
from support.returned_files import by_hand
from taizhang import api
from taizhang.ledger.model import Ledger, read_ledger
from taizhang.ledger.own_forms import forms_beside
from taizhang.supervision.tasks import read_tasks
from taizhang.typed.text import as_text
from taizhang.workbook.places import a1
from taizhang.workbook.reader import read_workbook

pytestmark = pytest.mark.slow

CLOSED = {"status": "已销号", "evidence": "印发件", "progress": 100}
CLOSEOUT = {
    "department": "财务处", "applied": date(2022, 6, 1), "applicant": "科长", "evidence": "印发件",
    "first_review": "通过", "first_date": date(2022, 6, 2), "reviewer": "整改办主任", "leader_date": date(2022, 6, 3),
    "committee_date": date(2022, 6, 10),
}  # fmt: skip
TASKS: list[dict[str, Any]] = [
    CLOSED | {"problems": ("WT-01",)},
    {"deadline": "6月底前", "progress": 60, "problems": ("WT-02",), "update": "已招标"},
    {"kind": "长期", "status": "长期坚持", "review_cycle": "季", "evidence": "纪要", "problems": ("WT-02",)},
    {"kind": "周期", "review_cycle": "季", "deadline": "每季度一次", "department": "党委办公室", "problems": ()},
]
REGISTERS: dict[str, list[dict[str, Any]]] = {
    "problems": [
        {
            "code": f"WT-0{n}", "aspect": "为群众办实事方面", "title": f"问题{n}", "source": "民主生活会",
            "causes": (f"YY-0{n}",),
        }
        for n in (1, 2, 3)
    ],
    "causes": [{"code": f"YY-0{n}", "title": f"原因{n}"} for n in (1, 2, 3)],
    "closeouts": [
        {"code": "XH-001", "task": "RW-001", **CLOSEOUT, "conclusion": "同意销号"},
        {"code": "XH-002", "task": "RW-003", **CLOSEOUT, "conclusion": "转长期坚持"},
    ],
    "reviews": [
        {"code": "FH-001", "task": "RW-003", "date": date(2022, 9, 9), "post": "局长", "finding": "保持"},
        {"code": "FH-002", "task": "RW-003", "date": date(2022, 12, 8), "post": "局长", "finding": "保持"},
    ],
    "proofs": [
        {
            "code": "HD-001", "task": "RW-002", "register": "规章制度", "indicator": "已印发", "operator": "≥",
            "target": 1, "unit": "%", "filter": "对应任务=RW-002", "basis": "办公室判定",
        },
    ],
}  # fmt: skip

LOOKS = "颜色、批注、列宽、隐藏的行列没有带过来，要用的请从旧台账复制。"


@pytest.fixture
def old(make_ledger: Make) -> Path:
    return make_ledger(TASKS, **REGISTERS)


def read(ledger: Path) -> Ledger:
    return read_ledger(ledger, forms_beside(ledger))


def own(ledger: Path, head: str, register: str = "tasks") -> dict[str, str]:
    """Return the texts of a column of the office's own, by code."""
    found = read(ledger).registers[register]
    number = next(number for number, each in found.extra if each == head)
    return {record.code: as_text(found.sheet.value(record.row, number)) for record in found.records}


def test_what_is_not_finished_goes_along_with_other_codes(old: Path, run: Run, tmp_path: Path) -> None:
    before = {each: hashlib.sha256(each.read_bytes()).hexdigest() for each in tmp_path.rglob("*") if each.is_file()}
    ledger = tmp_path / "2023" / "整改台账.xlsx"
    result = run("new", ledger, "--after", old, "--as-of", "2022-12-31")  # the fourth quarter is not over
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == [
        "新建 整改台账.xlsx：某局，2023 年度，接着 整改台账.xlsx（2022 年度），16 张登记表。",
        "结转 3 项没有销号的任务（其中长期坚持 1 项）、2 个问题、2 个原因，来源写作“上年结转”；"
        "原来的编号和时限写在“首次编号”“首次时限”两列。",
        "编号接着上一年排，不会和上一年的相混：上一年用到 WT-03、YY-03、RW-004、XH-002、FH-002、HD-001。",
        "周期任务从新年度起算，上一年欠的没有结转：RW-004 欠 3 次；要补的请另列任务。",
        "周期任务还没过完的一期，也不结转：RW-004 2022年四季度差 1 次；请在旧台账里做完、记下。",
        LOOKS,
    ]
    assert {each: hashlib.sha256(each.read_bytes()).hexdigest() for each in before} == before
    assert column_values(ledger, "statement") == {"RW-005": "任务2", "RW-006": "任务3", "RW-007": "任务4"}
    assert column_values(ledger, "deadline") == {
        "RW-005": "2022-06-30", "RW-006": "2022-12-31", "RW-007": "每季度一次",
    }  # fmt: skip
    assert column_values(ledger, "problems") == {"RW-005": "WT-04", "RW-006": "WT-04", "RW-007": ""}
    assert column_values(ledger, "status") == {"RW-005": "推进中", "RW-006": "长期坚持", "RW-007": "推进中"}
    assert column_values(ledger, "progress")["RW-005"] == "0.6"
    assert set(column_values(ledger, "source").values()) == {"上年结转"}
    assert column_values(ledger, "start") == {"RW-005": "2022-01-01", "RW-006": "2022-01-01", "RW-007": ""}
    assert column_values(ledger, "title", "problems") == {"WT-04": "问题2", "WT-05": "问题3"}
    assert column_values(ledger, "causes", "problems") == {"WT-04": "YY-04", "WT-05": "YY-05"}
    assert column_values(ledger, "task", "closeouts") == {"XH-003": "RW-006"}
    assert column_values(ledger, "task", "reviews") == {"FH-003": "RW-006", "FH-004": "RW-006"}
    assert column_values(ledger, "task", "proofs") == {"HD-002": "RW-005"}
    assert column_values(ledger, "filter", "proofs") == {"HD-002": "对应任务=RW-005"}
    assert own(ledger, "首次编号") == {"RW-005": "RW-002", "RW-006": "RW-003", "RW-007": "RW-004"}
    assert own(ledger, "首次时限") == {"RW-005": "6月底前", "RW-006": "2022-12-31", "RW-007": "每季度一次"}
    settings = read(ledger).settings
    assert (settings.unit, settings.year) == ("某局", 2023)
    assert [each.name for each in settings.departments] == ["党委办公室", "财务处"]
    assert settings.department("计财处") == settings.departments[1]
    assert settings.periods[0].name == "2023-01"
    assert settings.posts == ("局长", "整改办主任")
    assert read(ledger).findings == ()
    errors = run("validate", "-l", ledger, "--as-of", "2023-01-31", "--json").stdout
    assert '"severity": "error"' not in errors
    then, now = (api.metrics(api.open_ledger(each), date(2022, 12, 31)).tasks for each in (old, ledger))
    assert [task.next_review for task in now if task.review] == [date(2023, 3, 8)]
    assert [task.next_review for task in then if task.review] == [date(2023, 3, 8)]


def test_the_new_year_runs_and_goes_on_to_the_next(old: Path, run: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "2023" / "整改台账.xlsx"
    run("new", ledger, "--after", old, "--as-of", "2022-12-31", "-q")
    assert run("issue", "-p", "2023-01", "--as-of", "2023-01-10", "-l", ledger).exit_code == 0
    fill(ledger, {"RW-005": {"update": "已开工"}}, period="2023-01")
    assert run("merge", "--yes", "-l", ledger).exit_code == 1  # the other department has not reported
    assert value(ledger, "RW-005", "update") == "已开工"
    added = tmp_path / "甲.txt"
    added.write_text(
        "某局巡视整改方案（2023年）\n一、存在问题\n（一）作风方面\n1.联系不够。\n二、整改措施\n（一）加强联系。每月走访。\n"
    )
    assert run("draft", added, "--into", ledger, "--source", "巡视", "--yes").exit_code == 0
    assert "RW-008" in column_values(ledger, "status")
    third = tmp_path / "2024" / "整改台账.xlsx"
    assert run("new", third, "--after", ledger, "--as-of", "2023-12-31").exit_code == 0
    assert own(third, "首次编号")["RW-009"] == "RW-002"  # of the first year
    assert own(third, "首次时限")["RW-009"] == "6月底前"
    assert run("history", "verify", "-l", third).exit_code == 0


def test_a_code_of_the_year_before_is_an_error(old: Path, run: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "2023" / "整改台账.xlsx"
    run("new", ledger, "--after", old, "--as-of", "2022-12-31", "-q")
    edit(ledger, "RW-007", "code", "RW-004")
    found = run("validate", "-q", "-l", ledger, "--only", "code", "--as-of", "2023-01-31")
    assert found.stdout == (
        "整改台账.xlsx:'整改任务'!A6: code: 编号 RW-004 是上一年用过的，会和上一年的相混，"
        "请换成比 RW-004 大的、没用过的编号。\n"
    )
    edit(ledger, "RW-004", "code", "RW-010")
    assert run("validate", "-q", "-l", ledger, "--only", "code", "--as-of", "2023-01-31").stdout == ""


def test_periods_of_another_kind_move_by_a_year_and_lists_stay(old: Path, run: Run, tmp_path: Path) -> None:
    from taizhang.splice import SetCell, patch

    sheet = read(old).book.by_name["参数"]
    cells = {
        (row, column): raw for row, raws in enumerate(sheet.rows, 1) for column, raw in enumerate(raws, 1) if raw != ""
    }
    column = next(column for (row, column), raw in cells.items() if raw == "期次" and row == 4)
    edits = [SetCell("参数", row, each, None) for row in range(5, 17) for each in (column, column + 1, column + 2)]
    edits += [SetCell("参数", 5, column, "2022-Q1"), SetCell("参数", 5, column + 1, date(2022, 3, 31))]
    light = next(place for place, raw in cells.items() if raw == "临期天数")
    edits.append(SetCell("参数", light[0], light[1] + 1, 15))
    last = {(each.row, each.column): each for each in edits}
    old.write_bytes(patch(old.read_bytes(), [*last.values()])[0])
    ledger = tmp_path / "2023" / "整改台账.xlsx"
    assert run("new", ledger, "--after", old, "--as-of", "2022-12-31").exit_code == 0
    settings = read(ledger).settings
    assert [(each.name, each.as_of, each.due) for each in settings.periods] == [("2023-Q1", date(2023, 3, 31), None)]
    assert settings.thresholds.due_soon == 15


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--year", "2022"), "整改台账.xlsx 是 2022 年度的，新的要是以后的年度，--year 2022 不行。"),
        (("--year", "2021"), "整改台账.xlsx 是 2022 年度的，新的要是以后的年度，--year 2021 不行。"),
    ],
)
def test_the_year_must_be_a_later_one(words: tuple[str, ...], said: str, old: Path, run: Run, tmp_path: Path) -> None:
    result = run("new", tmp_path / "新" / "台账.xlsx", "--after", old, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    there = run("new", old, "--after", old)
    assert (there.exit_code, there.stdout) == (2, "")
    assert "一本台账一个文件夹，没有新建。" in there.stderr


def test_a_year_without_its_calendar_is_said_and_days_that_only_the_old_ledger_knows_stay(
    old: Path, run: Run, tmp_path: Path
) -> None:
    result = run("new", tmp_path / "新" / "台账.xlsx", "--after", old, "--year", "2035", "-n")
    assert result.stdout.splitlines()[-1].startswith("工作日历里还没有 2035 年的放假安排，报送截止日先空着")
    assert not (tmp_path / "新").exists()


DOORS = "请不写 --after：有报告的用 taizhang draft 起草，有自己的整改表的用 taizhang adopt 收编，"
DOORS += "都没有的用 taizhang new 新建"


def test_what_is_no_ledger_is_refused_with_the_option_that_named_it(old: Path, run: Run, tmp_path: Path) -> None:
    other = tmp_path / "别处"
    other.mkdir()
    book = openpyxl.Workbook()
    book.save(other / "空表.xlsx")
    (other / "坏.xlsx").write_bytes(old.read_bytes()[:3000])
    target = tmp_path / "新" / "台账.xlsx"
    said = {
        "空表.xlsx": f"空表.xlsx 不是整改台账：里面没有〈参数〉，也没有〈问题清单〉。"
        f"请用 --after 指明台账；还没有台账的，{DOORS}。什么都没有写。",
        "坏.xlsx": "坏.xlsx: 文件不完整或已损坏，请重新另存为 .xlsx 后再运行。",
        "没有.xlsx": f"找不到台账 {other / '没有.xlsx'}。那个文件夹里有 坏.xlsx、空表.xlsx：台账改了名的，"
        f"请改回来，或用 --after 指明；没有台账的，{DOORS}；台账在别处的，用 --after 指明。",
        "": f"{other} 是文件夹，请用 --after 写明里面的台账文件。那个文件夹里有 坏.xlsx、空表.xlsx。",
    }
    results = {name: run("new", target, "--after", other / name) for name in said}
    assert {name: (each.exit_code, each.stdout, each.stderr) for name, each in results.items()} == {
        name: (2, "", f"没有运行：{sentence}\n") for name, sentence in said.items()
    }
    assert not target.parent.exists()


@pytest.mark.parametrize(
    ("deadline", "ended"), [(date(2022, 12, 31), "2022-12-31"), (date(2023, 1, 1), None), ("每季度一次", None)]
)
def test_a_recurring_task_whose_deadline_has_passed_is_said_to_owe_nothing_more(
    deadline: date | str, ended: str | None, make_ledger: Make, run: Run, tmp_path: Path
) -> None:
    old = make_ledger([{"kind": "周期", "review_cycle": "季", "deadline": deadline}])
    result = run("new", tmp_path / "新" / "台账.xlsx", "--after", old, "--as-of", "2022-12-31", "-n")
    said = (
        f"周期任务的时限已经过了，新年度不再按周期欠次数：RW-002（{ended}）；接着做的，请定新的时限，"
        "不再做的，请办销号。"
    )
    assert [line for line in result.stdout.splitlines() if "不再按周期" in line] == ([said] if ended else [])


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2022-12-31", ["欠 3 次", "2022年四季度差 1 次"]),
        ("2023-01-01", ["欠 4 次"]),
        ("2023-05-31", ["欠 4 次"]),  # the first quarter of 2023 is the new ledger's
    ],
)
def test_cycles_of_the_old_year_alone_are_left_behind(
    day: str, said: list[str], make_ledger: Make, run: Run, tmp_path: Path
) -> None:
    old = make_ledger([{"kind": "周期", "review_cycle": "季", "deadline": "每季度一次"}])
    result = run("new", tmp_path / "新" / "台账.xlsx", "--after", old, "--as-of", day, "-n")
    lines = [line for line in result.stdout.splitlines() if line.startswith("周期任务")]
    assert [line.split("：RW-001 ")[1].split("；")[0] for line in lines] == said


def test_causes_that_no_problem_names_go_along_with_problems(make_ledger: Make, run: Run, tmp_path: Path) -> None:
    """As a draft leaves them: nobody has said yet which problem they are about."""
    problems = [REGISTERS["problems"][1], {**REGISTERS["problems"][2], "causes": ()}]
    old = make_ledger(TASKS[1:2], problems=problems, causes=REGISTERS["causes"])
    ledger = tmp_path / "2023" / "整改台账.xlsx"
    run("new", ledger, "--after", old, "--as-of", "2022-12-31")
    assert column_values(ledger, "title", "causes") == {"YY-04": "原因1", "YY-05": "原因2", "YY-06": "原因3"}


def test_a_folder_is_no_name_of_a_ledger(old: Path, run: Run, tmp_path: Path) -> None:
    result = run("new", tmp_path / "2023", "--after", old)
    assert (result.exit_code, result.stdout) == (2, "")
    assert (
        f"台账要以 .xlsx 结尾，2023 不行；要放在文件夹 2023 里的，请写成 {tmp_path / '2023' / '整改台账.xlsx'}。"
        in result.stderr
    )


def test_party_branches_go_along(make_ledger: Make, run: Run, tmp_path: Path) -> None:
    rows = [
        {"code": f"ZB-0{n}", "branch": f"第{name}支部", "department": "财务处"} for n, name in ((1, "一"), (2, "二"))
    ]
    old = make_ledger(TASKS[:1], **{**REGISTERS, "branches": rows, "proofs": [], "reviews": []})
    ledger = tmp_path / "2023" / "整改台账.xlsx"
    assert run("new", ledger, "--after", old, "--as-of", "2022-12-31").exit_code == 0
    assert column_values(ledger, "branch", "branches") == {"ZB-03": "第一支部", "ZB-04": "第二支部"}


def test_extensions_go_along_as_they_were_decided(make_ledger: Make, run: Run, tmp_path: Path) -> None:
    asked = {
        "department": "财务处", "kind": "延期", "applied": date(2022, 9, 1), "applicant": "科长", "reason": "流标",
        "until": date(2023, 6, 30),
    }  # fmt: skip
    agreed = {"approver": "局长", "conclusion": "同意", "approved": date(2022, 9, 10)}
    old = make_ledger(
        [{}, {}, {}, CLOSED],
        closeouts=[{"code": "XH-001", "task": "RW-004", **CLOSEOUT, "conclusion": "同意销号"}],
        extensions=[
            {"code": "YQ-001", "task": "RW-001", **asked, **agreed},
            {"code": "YQ-002", "task": "RW-002", **asked},
            {"code": "YQ-003", "task": "RW-003", **asked, **agreed, "kind": "暂缓"},
            {"code": "YQ-004", "task": "RW-004", **asked, **agreed},
        ],
    )
    ledger = tmp_path / "2023" / "整改台账.xlsx"
    result = run("new", ledger, "--after", old, "--as-of", "2022-12-31")
    assert (result.exit_code, "暂缓" in result.stdout) == (0, False)
    assert column_values(ledger, "task", "extensions") == {"YQ-005": "RW-005", "YQ-006": "RW-006", "YQ-007": "RW-007"}
    assert column_values(ledger, "conclusion", "extensions") == {"YQ-005": "同意", "YQ-006": "", "YQ-007": "同意"}
    terms = [task.term for task in read_tasks(read(ledger), date(2023, 1, 31))]
    assert [(each.original, each.due, each.paused_until, len(each.pending)) for each in terms] == [
        (date(2022, 12, 31), date(2023, 6, 30), None, 0),
        (date(2022, 12, 31), date(2022, 12, 31), None, 1),
        (date(2022, 12, 31), date(2022, 12, 31), date(2023, 6, 30), 0),
    ]
    assert run("validate", "-q", "-l", ledger, "--as-of", "2023-01-31", "--only", "date-order").stdout == ""


def test_a_ledger_without_a_name_of_the_unit_is_told_so(make_ledger: Make, run: Run, tmp_path: Path) -> None:
    old = make_ledger()
    sheet = read(old).book.by_name["参数"]
    row = next(number for number, raws in enumerate(sheet.rows, 1) if "单位名称" in raws)
    type_into(old, {"参数": {(row, sheet.rows[row - 1].index("单位名称") + 2): None}})
    result = run("new", tmp_path / "新" / "台账.xlsx", "--after", old, "-n")
    assert result.stdout.splitlines()[0] == (
        "新建 台账.xlsx：没有写单位名称（请在〈参数〉里填），2023 年度，接着 整改台账.xlsx（2022 年度），16 张登记表。"
    )


def test_nothing_to_carry_is_said_and_no_main_register_is_to_be_copied(
    make_ledger: Make, run: Run, tmp_path: Path
) -> None:
    old = make_ledger(TASKS[:1], problems=REGISTERS["problems"][:1], closeouts=REGISTERS["closeouts"][:1])
    result = run("new", tmp_path / "2023" / "整改台账.xlsx", "--after", old, "--as-of", "2022-12-31", "-n")
    assert result.stdout.splitlines()[1:] == [
        "上一年没有要结转的任务、问题和原因。",
        "编号接着上一年排，不会和上一年的相混：上一年用到 WT-01、RW-001、XH-001。",
        LOOKS,
    ]


APPEAL = {
    "department": "财务处", "channel": "来电", "subject": "退费", "received": date(2022, 11, 3),
    "due": date(2022, 11, 18),
}  # fmt: skip


def test_what_is_open_in_a_register_that_begins_empty_is_named_and_may_be_copied(
    make_ledger: Make, run: Run, tmp_path: Path
) -> None:
    regulation = {
        "name": "采购办法", "department": "财务处", "action": "改", "outcome": "起草中", "planned": date(2022, 9, 1),
    }  # fmt: skip
    old = make_ledger(
        TASKS[1:2],
        problems=REGISTERS["problems"],
        proofs=[REGISTERS["proofs"][0] | {"task": "RW-001"}],
        appeals=[
            {"code": "SQ-001", **APPEAL},
            {"code": "SQ-002", **APPEAL, "answered": date(2022, 11, 9), "satisfaction": "满意"},
            {"code": "SQ-003", **APPEAL},
        ],
        regulations=[{"code": "GZ-01", **regulation}],
    )
    ledger = tmp_path / "2023" / "整改台账.xlsx"
    result = run("new", ledger, "--after", old, "--as-of", "2022-12-31")
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("从空表开始的"))
    assert lines[start:] == [
        "从空表开始的：群众诉求、规章制度；底册、名册要接着用的，请从旧台账复制，编号接着上一年的往下编。",
        "其中还没有办完的：群众诉求 2 行（SQ-001、SQ-003）、规章制度 1 行（GZ-01）；要接着办的，也请复制过来。",
        "〈核对〉里数这些表的，在新台账里从头数起：HD-001（规章制度）；上一年做了的也要算的，请把那些行也复制过来。",
        LOOKS,
    ]


def test_reviews_are_due_when_they_were_whether_the_start_was_written_or_not(
    make_ledger: Make, run: Run, tmp_path: Path
) -> None:
    """Without a start, they are counted from the first day of the year in which they began, or the decision."""
    kept_up = TASKS[2] | {"start": None, "deadline": "长期坚持", "problems": ()}
    never_seen = {
        "kind": "长期", "review_cycle": "季", "start": None, "deadline": "长期坚持", "problems": (),
    }  # fmt: skip
    with_end = kept_up | {"deadline": date(2023, 6, 30)}
    closeouts = [{"code": f"XH-00{n}", "task": f"RW-00{n}", **CLOSEOUT, "conclusion": "转长期坚持"} for n in (1, 3)]
    reviews = [REGISTERS["reviews"][1] | {"code": f"FH-00{n}", "task": f"RW-00{n}"} for n in (1, 3)]
    old = make_ledger([kept_up, never_seen, with_end], closeouts=closeouts, reviews=reviews)
    ledger = tmp_path / "2023" / "整改台账.xlsx"
    assert run("new", ledger, "--after", old, "--as-of", "2022-12-31").exit_code == 0
    then, now = (read_tasks(read(each), date(2023, 1, 31)) for each in (old, ledger))
    dues = [(each.review.next, each.review.overdue) if each.review else None for each in now]
    assert dues == [(date(2023, 3, 8), 0), (date(2022, 4, 1), 305), (date(2023, 3, 8), 0)]
    assert [(each.review.next, each.review.overdue) if each.review else None for each in then] == dues
    assert column_values(ledger, "start") == {"RW-004": "2022-01-01", "RW-005": "2022-01-01", "RW-006": ""}


def test_what_the_new_workbook_leaves_behind_is_said(old: Path, run: Run, tmp_path: Path) -> None:
    def decorate(book: openpyxl.Workbook) -> None:
        tasks = book["整改任务"]
        last = tasks.max_column
        for offset, head in enumerate(("已花经费", "经费翻倍", "还没用上"), 1):
            tasks.cell(3, last + offset, head)
        for row in (4, 5):
            tasks.cell(row, last + 1, row)
            tasks.cell(row, last + 2, f"={tasks.cell(row, last + 1).coordinate}*2")
        tasks.cell(tasks.max_row + 3, 1, "填表时间：2022年3月")
        book.create_sheet("领导批示")["A1"] = "抓紧"

    by_hand(old, decorate)
    ledger = tmp_path / "2023" / "整改台账.xlsx"
    result = run("new", ledger, "--after", old, "--as-of", "2022-12-31")
    assert result.stdout.splitlines()[-3:] == [
        f"没有结果的公式和错误值读不出，空着没有带过来：〈整改任务〉{own_cell(old, 5, '经费翻倍')}；"
        "请用 Excel 或 WPS 打开旧台账保存一次再新建，或者在新台账里补上。",
        "公式只带过来结果：〈整改任务〉经费翻倍；要接着自动算的，请重写公式。",
        f"自己加的表（领导批示）和{LOOKS}",
    ]
    assert own(ledger, "已花经费") == {"RW-005": "5", "RW-006": "", "RW-007": ""}
    heads = [head for _, head in read(ledger).registers["tasks"].extra]
    assert heads == ["首次编号", "首次时限", "已花经费", "经费翻倍", "还没用上"]
    assert own(ledger, "还没用上") == {"RW-005": "", "RW-006": "", "RW-007": ""}


def test_folders_of_evidence_are_named_with_their_new_codes(make_ledger: Make, run: Run, tmp_path: Path) -> None:
    tasks = [
        CLOSED | {"problems": ("WT-01",), "evidence": "佐证/RW-001/印发件.docx"},
        {"evidence": "佐证/RW-002/照片.txt、佐证\\RW-0021、RW-002", "problems": ()},
        {"evidence": "佐证/RW-003", "problems": ()},
    ]
    old = make_ledger(tasks, problems=REGISTERS["problems"][:1], closeouts=REGISTERS["closeouts"][:1])
    for code in ("RW-001", "RW-002"):
        (old.parent / "佐证" / code).mkdir(parents=True)
        (old.parent / "佐证" / code / "照片.txt").write_text("甲")
    ledger = tmp_path / "2023" / "整改台账.xlsx"
    result = run("new", ledger, "--after", old, "--as-of", "2022-12-31")
    assert result.stdout.splitlines()[-2:] == [
        "佐证文件没有带过来：请把旧台账旁边“佐证”里的文件夹复制到新台账旁边的“佐证”，改成新的编号：RW-002 → RW-004。",
        LOOKS,
    ]
    assert column_values(ledger, "evidence") == {
        "RW-004": "佐证/RW-004/照片.txt、佐证\\RW-0021、RW-002", "RW-005": "佐证/RW-005",
    }  # fmt: skip
    (ledger.parent / "佐证" / "RW-004").mkdir(parents=True)
    (ledger.parent / "佐证" / "RW-004" / "照片.txt").write_text("甲")
    found = run("validate", "-q", "-l", ledger, "--as-of", "2023-01-31", "--only", "evidence-file-missing")
    assert [line.split(": ")[0] for line in found.stdout.splitlines()] == [
        f"整改台账.xlsx:'整改任务'!{evidence_cell(ledger)}"
    ]


def evidence_cell(ledger: Path) -> str:
    return a1(5, read(ledger).registers["tasks"].columns["evidence"])


def own_cell(ledger: Path, row: int, head: str) -> str:
    return a1(row, next(number for number, each in read(ledger).registers["tasks"].extra if each == head))


def test_the_first_report_says_what_was_carried_over(old: Path, run: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "2023" / "整改台账.xlsx"
    run("new", ledger, "--after", old, "--as-of", "2022-12-31")
    result = run("report", "-l", ledger, "--as-of", "2023-01-31")
    assert result.stdout.splitlines()[0] == (
        "3项措施（一次1、周期1、长期1；上年结转3）：按期办结率0%（0/1项）；逾期1项，在财务处，最长215天。"
    )
    book = read_workbook(ledger.parent / "报表" / "整改进展一览_2023-01-31.xlsx")
    (said,) = [row[3] for row in book.by_name["口径说明"].rows if row[2:3] == ["上年结转"]]
    assert str(said).startswith("上一年没有销号、结转来的，来源写作“上年结转”，本次 3 项，都计入。")
    assert "其中逾期 1 项，最长 215 天。" in str(said)
    before = run("report", "-l", old, "--as-of", "2022-12-31")
    assert "上年结转" not in before.stdout
