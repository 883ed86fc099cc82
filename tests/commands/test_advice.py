"""The program's advice can be followed: commands, paths and places exactly as they must be typed."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import click
import openpyxl
import pytest
from support.fixtures import Run
from support.ledgers import load, small_ledger
from support.returned import edit, fill
from support.sources import trees
from taizhang.cli import main
from taizhang.forms.load import standard_forms
from taizhang.ledger.settings import BLOCKS
from taizhang.report.book import SHEETS

ROOT = Path(__file__).parents[2]
COMMANDS = [
    ["validate"],
    ["report"],
    ["report", "--public"],
    ["remind"],
    ["remind", "--statement"],
    ["merge"],
    ["issue", "-p", "2022-03"],
    ["history", "undo", "1"],
    ["forms", "enable", "群众诉求", "--yes"],
    ["forms", "update", "--yes"],
]


def foreign(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["项目", "金额"])  # type: ignore[union-attr]
    book.save(path)
    return path


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_workbook_that_is_no_ledger_is_told_so_and_nothing_is_left_beside_it(
    command: list[str], tmp_path: Path, run: Run
) -> None:
    path = foreign(tmp_path / "工资.xlsx")
    before = path.read_bytes()
    result = run(*command, "-l", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "没有运行：工资.xlsx 不是整改台账：里面没有〈参数〉，也没有〈问题清单〉。请用 --ledger 指明台账；"
        "还没有台账的，请先建一本：有报告的用 taizhang draft 起草，有自己的整改表的用 taizhang adopt 收编，"
        "都没有的用 taizhang new 新建。"
        "什么都没有写。\n"
    )
    assert [each.name for each in tmp_path.iterdir()] == ["工资.xlsx"]
    assert path.read_bytes() == before


def test_a_foreign_sheet_named_as_the_lists_makes_no_ledger(tmp_path: Path, run: Run) -> None:
    path = foreign(tmp_path / "仪器.xlsx")
    book = openpyxl.load_workbook(path)
    book.create_sheet("参数").append(["温度", 20])
    book.save(path)
    assert "仪器.xlsx 不是整改台账" in run("validate", "-l", path).stderr


def test_a_form_for_departments_given_as_the_ledger_is_told_what_it_is(
    make_issued: Callable[..., Path], run: Run
) -> None:
    ledger = make_issued([{}])
    form = ledger.parent / "下发" / "2022-03" / "财务处.xlsx"
    result = run("report", "-l", form)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "没有运行：财务处.xlsx 不是整改台账：是发给部门填的表。请用 --ledger 指明台账；"
        f"要检查这份表，运行 taizhang validate {form}；要汇总，放进台账旁边的“报送”。什么都没有写。\n"
    )
    assert not (form.parent / "history").exists()


@pytest.mark.parametrize("gone", [["参数"], ["问题清单", "原因清单"], ["整改任务", "参数"]])
def test_a_damaged_ledger_is_still_a_ledger(gone: list[str], make_ledger: Callable[..., Path], run: Run) -> None:
    ledger = make_ledger()
    book = openpyxl.load_workbook(ledger)
    for name in gone:
        del book[name]
    book.save(ledger)
    result = run("validate", "-l", ledger, "--only", "sheet-missing")
    assert (result.exit_code, "不是整改台账" in result.stderr) == (1, False)


def test_what_has_a_history_here_is_a_ledger_whatever_is_in_it_now(make_ledger: Callable[..., Path], run: Run) -> None:
    ledger = make_ledger()
    run("validate", "-l", ledger)
    foreign(ledger)
    result = run("validate", "-l", ledger, "--only", "sheet-missing")
    assert (result.exit_code, "不是整改台账" in result.stderr) == (1, False)


def test_a_folder_given_for_the_ledger_is_answered_with_what_lies_in_it(tmp_path: Path, run: Run) -> None:
    assert run("validate", "-l", tmp_path).stderr == (
        f"没有运行：{tmp_path} 是文件夹，请用 --ledger 写明里面的台账文件。那个文件夹里没有 .xlsx 文件。\n"
    )
    small_ledger(tmp_path / "某局台账.xlsx", [{}])
    assert "那个文件夹里有 某局台账.xlsx。" in run("validate", "-l", tmp_path).stderr


@pytest.mark.parametrize("name", ["台账.xlsx", "我的 台账.xlsx"])
def test_the_sheet_of_conflicts_names_the_command_that_works(
    name: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = small_ledger(tmp_path / name, [{"progress": 20}])
    run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", ledger)
    returned = fill(ledger, {"RW-001": {"progress": 0.6}})
    edit(ledger, "RW-001", "progress", 0.4)
    monkeypatch.chdir(tmp_path)
    merged = run("merge", returned, "-l", name, "--yes")
    path = Path("回执/2022-03/冲突裁决.xlsx")
    shown = shlex.quote(name).replace("'", '"') if " " in name else name
    command = f"taizhang merge --decisions {path} -l {shown}"
    assert f"{path}　1 格要裁决，填好后运行 {command}\n" in merged.stderr
    assert command in load(path.read_bytes())["冲突裁决"]["A3"].value
    assert f"汇总后请在 {path} 里裁决" in merged.stdout
    assert run(*shlex.split(command)[1:]).stderr == "还有 1 格没有裁决。\n没有要写的裁决。\n"


def test_a_sheet_of_conflicts_that_is_not_there_is_answered_with_where_they_are(
    make_ledger: Callable[..., Path], run: Run
) -> None:
    ledger = make_ledger()
    missing = run("merge", "--decisions", "冲突裁决.xlsx", "-l", ledger)
    nothing = "现在没有要裁决的：有冲突时，汇总会在 回执/期次 里生成。"
    assert (missing.exit_code, missing.stderr) == (2, f"没有运行：找不到裁决表 冲突裁决.xlsx。{nothing}\n")
    there = ledger.parent / "回执" / "2022-03" / "冲突裁决.xlsx"
    there.parent.mkdir(parents=True)
    there.write_bytes(b"x")
    assert run("merge", "--decisions", "冲突裁决.xlsx", "-l", ledger).stderr.endswith(f"现有的在 {there}。\n")


@pytest.mark.parametrize("typed", ["2022-3", "202203", "2022年3月", "２０２２－３"])
@pytest.mark.parametrize("command", ["issue", "merge"])
def test_a_period_written_otherwise_is_asked_back(
    command: str, typed: str, make_ledger: Callable[..., Path], run: Run
) -> None:
    ledger = make_ledger()
    (ledger.parent / "报送").mkdir()
    said = run(command, "-p", typed, "-l", ledger)
    assert (said.exit_code, said.stderr.endswith("是不是 2022-03？\n")) == (2, True)
    other = run(command, "-p", "2099-01", "-l", ledger).stderr
    assert other.endswith("2022-12。要新加一期，请先在〈参数〉的“期次”里补一行。\n")


def test_a_register_that_is_nearly_named_is_asked_back(run: Run) -> None:
    assert run("forms", "show", "公开").stderr == "没有运行：没有“公开”这张登记表。是不是 公开与反馈？\n"


def test_the_next_step_after_a_draft_is_typed_for_that_ledger(tmp_path: Path, run: Run) -> None:
    ledger = tmp_path / "别处" / "台账.xlsx"
    result = run("draft", ROOT / "templates" / "sample" / "对照检查材料.txt", "-l", ledger, "--year", "2027")
    assert f"然后 taizhang validate -l {ledger}。" in result.stderr
    guide = [row[0].value or "" for row in load(ledger.read_bytes())["说明"].iter_rows()]
    example = next(re.search(r"taizhang (issue --period \S+?)　", line) for line in guide if "issue" in line)
    assert example and example[1] == "issue --period 2027-03"
    assert "没有 2027-03 这一期" not in run(*example[1].split(), "-l", ledger).stderr


def test_a_statement_does_not_ask_for_a_leader_of_principles(tmp_path: Path, run: Run) -> None:
    tasks = [{}, {"kind": "原则", "department": None}]
    ledger = small_ledger(tmp_path / "整改台账.xlsx", tasks)
    result = run("remind", "--statement", "-l", ledger, "--as-of", "2022-03-31")
    assert (result.exit_code, "没有牵头部门" in result.stderr) == (0, False)
    small_ledger(ledger, [*tasks, {"department": None}])
    result = run("remind", "--statement", "-l", ledger, "--as-of", "2022-03-31")
    assert (
        result.exit_code,
        "1 项没有牵头部门（空着，或不在〈参数〉里），没有列进任何一张单：RW-003。" in result.stderr,
    ) == (1, True)


def test_the_event_that_validate_asks_for_settles_the_finding(tmp_path: Path, run: Run) -> None:
    ledger = small_ledger(tmp_path / "整改台账.xlsx", [{"deadline": "2027年春节前"}])
    said = run("validate", "-l", ledger, "--as-of", "2022-03-31").stdout
    asked = re.search("等“(.*?)”的日期：请在〈参数〉的事件里填上它是哪一天。", said)
    assert asked
    book = openpyxl.load_workbook(ledger)
    sheet = book["参数"]
    head = next(
        cell
        for row in sheet.iter_rows()
        for cell in row
        if cell.value == "事件" and cell.row > 1 and sheet.cell(cell.row - 1, cell.column).value == "事件"
    )
    sheet.cell(head.row + 2, head.column, asked[1])
    sheet.cell(head.row + 2, head.column + 1, date(2027, 2, 6))
    book.save(ledger)
    said = run("validate", "-l", ledger, "--as-of", "2022-03-31").stdout
    assert "理解为 2027-02-05" in said
    assert "deadline-words" not in said


def test_without_the_register_of_slips_the_command_is_typed_for_that_ledger(tmp_path: Path, run: Run) -> None:
    ledger = small_ledger(tmp_path / "某局.xlsx", [{"deadline": date(2022, 2, 1)}])
    book = openpyxl.load_workbook(ledger)
    if "督办单" in book.sheetnames:
        del book["督办单"]
    book.save(ledger)
    said = run("remind", "-l", ledger, "--as-of", "2022-03-31").stderr
    command = re.search("请先运行 taizhang (.*?)，再运行", said)
    assert command
    assert run(*shlex.split(command[1]), "--yes").exit_code == 0
    assert run("remind", "-l", ledger, "--as-of", "2022-03-31", "--yes").exit_code == 0


def _sentences() -> Iterator[tuple[str, str]]:
    """Yield the pieces of Chinese text in the program, each with its module."""
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search("[一-鿿]", node.value):
                yield f"{path.name}:{node.lineno}", node.value


def _commands() -> dict[tuple[str, ...], set[str]]:
    """Return every command, as it is typed, with its options."""
    found: dict[tuple[str, ...], set[str]] = {}

    def walk(command: click.Command, words: tuple[str, ...]) -> None:
        found[words] = {name for each in command.params for name in (*each.opts, *each.secondary_opts)} | {
            "--help",
            "-h",
        }
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                if sub := command.get_command(context, name):
                    walk(sub, (*words, name))

    walk(main, ())
    return found


def test_every_command_and_option_that_a_sentence_names_exists() -> None:
    commands = _commands()
    options = set().union(*commands.values())
    wrong = []
    for where, text in _sentences():
        wrong += [(where, each) for each in re.findall(r"(?<![\w-])--[a-z][a-z-]*", text) if each not in options]
        for typed in re.findall(r"taizhang ((?:[a-z]+ ?)(?:[a-z]+)?)((?: [^　，。；）]*)?)", text):
            words = next((w for w in (tuple(typed[0].split()), tuple(typed[0].split()[:1])) if w in commands), None)
            named = re.findall(r"(?<![\w-])--?[a-z][a-z-]*", typed[1])
            wrong += (
                [(where, typed[0])]
                if words is None
                else [(where, each) for each in named if each not in commands[words]]
            )
    assert wrong == []


def test_every_sheet_and_column_that_a_sentence_sends_people_to_exists() -> None:
    forms = {form.sheet: {column.title for column in form.columns} for form in standard_forms().values()}
    lists = {"参数": {*BLOCKS, *(head for heads in BLOCKS.values() for head in heads), "方案年度", "日历年度"}}
    reports = {sheet: set[str]() for sheet in ("自检", "督办单", *(name for name, _ in SHEETS))}
    known = {**reports, **forms, **lists}
    told = [(where, sheet) for where, text in _sentences() for sheet in re.findall("〈([^〉{}]+)〉", text)]
    assert len(told) > 30
    assert [each for each in told if each[1] not in known and not each[1].endswith(" (2)")] == []
    columns = [
        (where, *found)
        for where, text in _sentences()
        for found in re.findall("〈([^〉{}]+)〉(?:里|的|填|那一行)*“([^”{}]+)”", text)
    ]
    assert len(columns) > 2
    assert [each for each in columns if each[2] not in known[each[1]]] == []
