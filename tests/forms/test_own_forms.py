"""Forms that the office keeps in 表单 beside its ledger: read like the product's own, refused with line and cure."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.fixtures import Make, Run
from support.forms_page import EXAMPLE
from support.ledgers import load
from taizhang.forms.grammar import SHEETS_BESIDE, FormError
from taizhang.forms.load import standard_forms
from taizhang.ledger.own_forms import forms_beside


@pytest.fixture
def place(make_ledger: Make) -> Path:
    """A ledger with the folder of own forms beside it."""
    ledger = make_ledger([{}])
    (ledger.parent / "表单").mkdir()
    return ledger


def put(ledger: Path, text: str, name: str = "drills.toml") -> None:
    (ledger.parent / "表单" / name).write_text(text, encoding="utf-8")


def test_an_own_form_is_listed_shown_enabled_checked_and_reported(place: Path, run: Run) -> None:
    put(place, EXAMPLE)
    assert "应急演练" in run("forms", "-l", place).stdout
    assert "超期没有演练" in run("forms", "show", "应急演练", "-l", place).stdout
    done = run("forms", "enable", "应急演练", "-y", "-l", place)
    assert (done.exit_code, done.stdout) == (0, ""), done.stderr
    book = load(place.read_bytes())
    assert [cell.value for cell in book["应急演练"][3]] == [
        "演练编号", "组织部门", "对应任务", "演练内容", "计划日期", "演练日期", "应参加人数", "实参加人数",
    ]  # fmt: skip
    for column, value in enumerate(("YL-001", "财务处", "RW-001", "消防疏散", "2022-01-10", "2022-02-11"), 1):
        book["应急演练"].cell(4, column, value)
    book.save(place)
    found = run("validate", "-l", place, "--only", "drill-within-a-month", "--as-of", "2022-03-31")
    assert (found.exit_code, found.stdout) == (
        1,
        "整改台账.xlsx:'应急演练'!F4: drill-within-a-month: 警告：演练日期 2022-02-11 晚于计划日期 2022-01-10（E4）"
        "以后 1 个月的 2022-02-10，请核对两个日期；确实晚了的，请在备注里写明原因。\n",
    )


@pytest.mark.parametrize(
    ("change", "name", "problem"),
    [
        (("", ""), "tasks.toml", "tasks.toml: form: 和程序自带的〈整改任务〉同名，不能改写它，请换一个文件名。"),
        (
            ("", ""),
            "演练.toml",
            "演练.toml: form: 文件名只用小写英文字母、数字和下划线，例如 safety_checks.toml，请改名。",
        ),
        (
            ('"应急演练"', '"群众诉求"'),
            "drills.toml",
            "drills.toml:1: form: 表名“群众诉求”已被 appeals.toml 使用，请换一个表名。",
        ),
        (
            ("YL-", "SQ-"),
            "drills.toml",
            "drills.toml:2: form: 编号 SQ-{n:03} 的开头和〈群众诉求〉的一样，会分不清，请换一个开头。",
        ),
        (
            ("drill-within-a-month", "answered-after-received"),
            "drills.toml",
            "drills.toml:77: form: 规则名 answered-after-received 已被〈群众诉求〉使用，请换一个 name。",
        ),
        (
            ("drill-within-a-month", "reading"),
            "drills.toml",
            "drills.toml:77: form: 规则名 reading 已被程序的检查（读法说明：原文理解成了什么）使用，请换一个 name。",
        ),
        (
            ('to = "held"\nmost', 'to = "done"\nmost'),
            "drills.toml",
            "drills.toml:77: form: 规则 drill-within-a-month 用到的列 done 不存在，请改成已有的列键。",
        ),
        (
            ('unit = "月"', 'unit = "周"'),
            "drills.toml",
            "drills.toml:77: form: 规则 drill-within-a-month unit 不能是“周”，可以是：日、工作日、月、季、半年、年。",
        ),
    ],
)
def test_a_wrong_own_form_is_refused_with_its_line_and_the_cure(
    place: Path, run: Run, change: tuple[str, str], name: str, problem: str
) -> None:
    put(place, EXAMPLE.replace(*change) if change[0] else EXAMPLE, name)
    done = run("validate", "-l", place)
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"没有运行：{problem}\n")


def test_two_own_forms_do_not_share_codes(place: Path, run: Run) -> None:
    put(place, EXAMPLE)
    put(place, EXAMPLE.replace("应急演练", "桌面推演").replace("drill-", "other-"), "table_drills.toml")
    done = run("forms", "-l", place)
    assert done.exit_code == 2
    assert "table_drills.toml:2: form: 编号 YL-{n:03} 的开头和〈应急演练〉的一样" in done.stderr


def test_other_files_in_the_folder_are_not_forms(place: Path, run: Run) -> None:
    for name in ("~drills.toml", ".drills.toml", "说明.txt"):
        put(place, "不是表单", name)
    assert run("forms", "-l", place).exit_code == 0


@pytest.mark.parametrize("name", ["drills.toml.txt", "drills.TOML", "drills.Toml.TXT"])
def test_a_name_that_only_looks_like_that_of_a_form_is_not_passed_over(place: Path, run: Run, name: str) -> None:
    put(place, EXAMPLE, name)
    done = run("forms", "-l", place)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == (
        f"没有运行：{name}: form: 文件名要以 .toml 结尾（记事本会在后面加上看不见的 .txt），请改名为 drills.toml。\n"
    )


def test_an_own_form_is_shown_with_its_rules_and_boards(place: Path, run: Run) -> None:
    put(place, EXAMPLE)
    shown = run("forms", "show", "应急演练", "-l", place)
    assert (shown.exit_code, shown.stdout.splitlines()[-2:]) == (
        0,
        ["规则 drill-within-a-month：计划以后一个月内演练", "看板 演练：部门×季：在《专项一览》里一页"],
    )


def test_sheets_of_a_ledger_that_are_no_registers_are_no_names_of_registers(place: Path) -> None:
    named = {form.sheet for form in standard_forms().values()}
    assert {each for each in load(place.read_bytes()).sheetnames if each not in named} <= set(SHEETS_BESIDE)


def test_a_form_that_was_replaced_is_read_anew_even_with_the_same_size_and_time(place: Path) -> None:
    put(place, EXAMPLE)
    path = place.parent / "表单" / "drills.toml"
    before = path.stat()
    first = forms_beside(place)["drills"].sheet
    put(place, EXAMPLE.replace("应急演练", "应急练习"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert (first, forms_beside(place)["drills"].sheet) == ("应急演练", "应急练习")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_a_pipe_in_the_place_of_a_form_is_refused_and_not_waited_for(place: Path) -> None:
    os.mkfifo(place.parent / "表单" / "drills.toml")
    with pytest.raises(FormError, match="它是管道，不是普通文件"):
        forms_beside(place)
