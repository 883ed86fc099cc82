"""The other commands, by exit status and stdout; help stays fast."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.fixtures import Run
from support.returned import fill, value
from support.returned_files import by_hand
from taizhang.cli import COMMANDS
from taizhang.forms.load import standard_forms

pytestmark = pytest.mark.slow

SCRIPTS = Path(__file__).parents[2] / "scripts"


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys; sys.argv = ['taizhang', '--help']\n"
        "from taizhang.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'pandas', 'openpyxl', 'xlsxwriter', 'python_calamine', 'docx', 'numpy'} & set(sys.modules)\n"
        "print('heavy:', sorted(heavy))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=SCRIPTS, check=True)
    assert result.stdout.endswith("heavy: []\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_a_script_an_alias_and_help(name: str, run: Run) -> None:
    alias = COMMANDS[name][0]
    assert run(name, "--help").stdout.splitlines()[1:] == run(alias, "--help").stdout.splitlines()[1:]
    assert "例：" in run(name, "--help").stdout
    script = subprocess.run(
        [sys.executable, SCRIPTS / f"{name}.py", "--help"], capture_output=True, text=True, check=True
    )
    assert script.stdout.startswith("用法：")


SUBCOMMANDS = [
    "history list", "history show", "history undo", "history verify", "history archive", "forms", "forms show",
    "forms enable", "forms update",
]  # fmt: skip


def columns(text: str) -> int:
    """Return the columns of a terminal that a text takes: two for what GBK writes in two bytes."""
    return len(text.encode("gbk"))


@pytest.mark.parametrize("command", ["", *COMMANDS, *SUBCOMMANDS])
def test_help_is_chinese_and_lines_up(command: str, run: Run) -> None:
    page = run(*command.split(), "--help").stdout
    assert not re.search(
        r"Usage|Options|Commands|Show this|default|COMMAND|ARGS|RANGE|\b(?:PATH|TEXT|INTEGER)\b|<=", page
    )
    options = page[page.index("选项：") :].split("\n\n")[0].splitlines()[1:]
    starts = {columns(line[: re.search(r"(?<=\S)  +(?=\S)", line).end()]) for line in options}  # type: ignore[union-attr]
    assert len(starts) == 1


def test_an_unknown_command_is_answered_with_those_there_are(run: Run) -> None:
    result = run("合并")
    assert result.exit_code == 2
    assert "merge（汇总）" in result.stderr


@pytest.mark.parametrize("command", [["validate"], ["issue", "-p", "2022-03"], ["merge"], ["report"]])
def test_no_ledger_cannot_run(command: list[str], run: Run, tmp_path: Path) -> None:
    result = run(*command, "-l", tmp_path / "没有.xlsx")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "找不到台账" in result.stderr


@pytest.mark.parametrize("command", [["validate"], ["issue", "-p", "2022-03"], ["merge"], ["report"]])
def test_a_ledger_that_is_no_workbook_cannot_run(command: list[str], run: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "台账.xlsx"
    ledger.write_text("<html>", encoding="utf-8")
    result = run(*command, "-l", ledger)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "像网页" in result.stderr


def test_validate_is_silent_when_all_is_well(make_ledger: Callable[..., Path], run: Run) -> None:
    result = run("validate", "-l", make_ledger(), "--as-of", "2022-03-31", "-q")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")


def test_validate_prints_one_line_per_finding_place_first(make_ledger: Callable[..., Path], run: Run) -> None:
    ledger = make_ledger([{"standard": None}, {"problems": ("WT-09",)}])
    result = run("validate", "-l", ledger, "--as-of", "2022-03-31", "-q")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "整改台账.xlsx:'整改任务'!I5: reference: “对应问题”写的 WT-09 不在〈问题清单〉里。请核对编号。",
        "整改台账.xlsx:'整改任务'!R4: unassigned: 警告：待明确：完成标准。请办公室定下来，报告里没有写的不能猜。",
    ]


def test_validate_json_only_and_skip(make_ledger: Callable[..., Path], run: Run) -> None:
    ledger = make_ledger([{"standard": None}, {"problems": ("WT-09",)}])
    found = json.loads(run("validate", "-l", ledger, "--json", "-q", "--only", "reference").stdout)["findings"]
    assert [(each["cell"], each["check"], each["severity"]) for each in found] == [("I5", "reference", "error")]
    assert run("validate", "-l", ledger, "-q", "--skip", "reference", "--skip", "unassigned").exit_code == 0


def test_validate_asks_back_for_a_check_that_does_not_exist(make_ledger: Callable[..., Path], run: Run) -> None:
    near = run("validate", "-l", make_ledger(), "--only", "date_order")
    assert (near.exit_code, near.stdout) == (2, "")
    assert near.stderr == "没有运行：没有“date_order”这项检查。是不是 date-order、date、deadline-words？\n"
    unlike = run("validate", "-l", make_ledger(), "--skip", "没有这项")
    assert (unlike.exit_code, unlike.stdout) == (2, "")
    assert "可以写：settings、name-clash、" in unlike.stderr


def test_validate_of_one_returned_file_speaks_of_that_file_only(make_issued: Callable[..., Path], run: Run) -> None:
    ledger = make_issued([{}, {"department": "党委办公室"}])
    returned = fill(ledger, {"RW-001": {"unchanged": "是"}})
    result = run("validate", returned, "-l", ledger, "-q")
    assert (result.exit_code, result.stdout) == (0, "")


def test_issue_names_what_is_missing(make_ledger: Callable[..., Path], run: Run) -> None:
    ledger = make_ledger()
    result = run("issue", "-p", "2099-01", "-l", ledger)
    assert result.exit_code == 2
    assert "没有 2099-01 这一期" in result.stderr
    assert run("issue", "-p", "2022-03", "-l", ledger, "-d", "没有处").exit_code == 2
    assert run("issue", "-p", "2022-03", "-l", ledger).stdout == (
        "党委办公室：没有待办的行，空行里可以报新增的\n财务处：1 行，要填 7 格\n合计：2 个部门，1 行，要填 7 格\n"
    )
    again = run("issue", "-p", "2022-03", "-l", ledger)
    assert (again.exit_code, "--again" in again.stderr) == (2, True)


def test_issued_files_hold_nothing_of_other_departments(make_ledger: Callable[..., Path], run: Run) -> None:
    import zipfile

    ledger = make_ledger([{"statement": "财务的事"}, {"statement": "党办的秘事", "department": "党委办公室"}])
    run("issue", "-p", "2022-03", "-l", ledger)
    with zipfile.ZipFile(ledger.parent / "下发" / "2022-03" / "财务处.xlsx") as package:
        everything = b"".join(package.read(name) for name in package.namelist()).decode("utf-8", "replace")
    assert "财务的事" in everything
    assert "党办的秘事" not in everything
    assert "党委办公室" not in everything


def test_draft_never_overwrites(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "报告.txt"
    source.write_text(
        "一、存在的问题\n（一）在担当方面。一是劲头不足。推动不快。\n二、原因分析\n一是学习不够。\n三、整改措施\n"
        "（一）抓学习。制定学习计划。\n",
        encoding="utf-8",
    )
    ledger = tmp_path / "整改台账.xlsx"
    first = run("draft", source, "-l", ledger, "--year", "2022")
    assert first.exit_code == 0, first.stderr
    assert (
        first.stdout.splitlines()[0]
        == "读到 1 个方面、1 个问题、1 个原因、1 组措施 1 句，分解成 1 项任务（其中原则性 0 项）。"
    )
    before = ledger.read_bytes()
    second = run("draft", source, "-l", ledger)
    assert (second.exit_code, ledger.read_bytes() == before) == (2, True)


def test_proposed_links_are_marked_as_proposals(run: Run, tmp_path: Path) -> None:
    from taizhang.demo.sample import sample_report
    from taizhang.forms.load import standard_forms
    from taizhang.ledger.model import read_ledger

    ledger = tmp_path / "整改台账.xlsx"
    run("draft", sample_report(), "-l", ledger, "--year", "2022")
    registers = read_ledger(ledger, standard_forms()).registers
    tasks = [record.cells for record in registers["tasks"].records if record.cells["problems"]]
    problems = [record.cells for record in registers["problems"].records if record.cells["causes"]]
    assert tasks
    assert problems
    assert {cells["link_basis"] for cells in tasks} == {"程序建议"}
    assert {cells["note"] for cells in problems} == {"对应原因是程序建议，请核对"}


def test_demo_refuses_a_folder_in_use(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("", encoding="utf-8")
    assert run("demo", tmp_path).exit_code == 2


def test_forms_lists_registers_by_section_and_their_columns(run: Run) -> None:
    lines = run("forms").stdout.splitlines()
    sections = [line for line in lines if line.startswith("【")]
    assert sections == ["【任务主线】", "【组织】", "【决策与作风】", "【改革发展】", "【民生服务】", "【纪律风险】"]
    assert len(lines) - len(sections) == len(standard_forms())
    assert "群众诉求          默认启用    部门填          群众诉求和信访事项" in run("forms").stdout
    shown = run("forms", "show", "整改任务").stdout
    assert shown.startswith("〈整改任务〉（tasks）：办公室、部门填，编号如 RW-001，默认启用。")
    assert "状态（单选，部门填，必填）" in shown
    assert "指标 超期未反馈：“应反馈日期”已过、还没有“反馈日期”\n" in run("forms", "show", "appeals").stdout
    wrong = run("forms", "show", "没有")
    assert (wrong.exit_code, wrong.stdout) == (2, "")


def test_forms_as_json(run: Run) -> None:
    every = {each["name"]: each for each in json.loads(run("forms", "--json").stdout)}
    assert list(every) == list(standard_forms())
    assert {key: every["talks"][key] for key in ("sheet", "group", "filled_by", "use", "columns")} == {
        "sheet": "谈心谈话", "group": "任务主线", "filled_by": "办公室", "use": "按需启用", "columns": 9,
    }  # fmt: skip
    one = json.loads(run("forms", "show", "四种形态", "--json").stdout)
    assert one["indicators"][0] == {
        "title": "运用人次",
        "kind": "sum",
        "column": "times",
        "by": "form",
        "year": "period",
        "per": "季",
        "unit": "人次",
        "counted": "只看“期次”最近一年的：“人次”相加，按“形态”分",
    }
    assert one["columns"][2] == {
        "key": "form", "title": "形态", "type": "choice", "filled_by": "office", "required": True,
        "choices": ["第一种", "第二种", "第三种", "第四种"],
    }  # fmt: skip


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "gbk:surrogateescape"])
def test_what_the_terminal_cannot_show_keeps_no_merge_from_being_written(
    make_issued: Callable[..., Path], run: Run, encoding: str
) -> None:
    ledger = make_issued([{}])
    fill(ledger, {"RW-001": {"update": "预案印发😀 3 份"}})
    command = [sys.executable, SCRIPTS / "merge.py", "-y", "-l", ledger]
    env = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    result = subprocess.run(command, capture_output=True, env=env, check=False)
    assert (result.returncode, value(ledger, "RW-001", "update")) == (0, "预案印发😀 3 份")
    if encoding == "gbk":
        assert "RW-001 本期进展：（空） → 预案印发? 3 份" in result.stdout.decode("gbk")
        assert "已写进" in result.stderr.decode("gbk")


def test_an_own_sheet_of_the_same_name_is_no_register(make_ledger: Callable[..., Path], run: Run) -> None:
    ledger = make_ledger()
    by_hand(ledger, lambda book: book.create_sheet("改革事项").__setitem__("A1", "我自己记的"))
    before = ledger.read_bytes()
    for more in ("-y", "-n"):
        result = run("forms", "enable", "改革事项", more, "-l", ledger)
        assert result.exit_code == 2
        assert (
            "没有运行：台账里有一张〈改革事项〉，却不是这张登记表（认不出表头），没有动。请先把它改个名字"
            in result.stderr
        )
    assert ledger.read_bytes() == before
    by_hand(ledger, lambda book: setattr(book["改革事项"], "title", "自用改革事项"))
    assert run("forms", "enable", "改革事项", "-y", "-l", ledger).exit_code == 0
    assert "已经有〈改革事项〉" in run("forms", "enable", "改革事项", "-y", "-l", ledger).stderr
