"""Wrong command lines: one line of Chinese, exit status 2, and nothing is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import Result
from support.fixtures import Run
from support.old_tables import OldTable, write_table
from support.returned import fill, value
from support.returned_files import encrypted


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("merge --foo", "没有运行：没有 --foo 这个选项。写法见 taizhang merge --help。\n"),
        ("report --as-off 2022-03-31", "没有运行：没有 --as-off 这个选项，是不是 --as-of。"),
        ("issue", "没有运行：还缺 --period：期次，例如 2022-03；要在〈参数〉里有。写法见 taizhang issue --help。\n"),
        (
            "history undo",
            "没有运行：还缺记录号，用 taizhang history list 看。写法见 taizhang history undo --help。\n",
        ),
        ("forms show", "没有运行：还缺登记表，有哪些用 taizhang forms 看。写法见 taizhang forms show --help。\n"),
        ("adopt", "没有运行：还缺原来的表。写法见 taizhang adopt --help。\n"),
        ("report --as-of", "没有运行：--as-of 后面要写内容。写法见 taizhang report --help。\n"),
        ("汇总 --decisions", "没有运行：--decisions 后面要写内容。写法见 taizhang 汇总 --help。\n"),
        *(
            (
                f"{command} 整改方案 （终稿）.docx",
                '没有运行：多写了内容。文件名里有空格、括号的，要用引号括起来，例如 "整改方案 (终稿).docx"。'
                f"写法见 taizhang {command} --help。\n",
            )
            for command in ("draft", "adopt", "fill")
        ),
        ("report --as-of 2022-13-40", "没有运行：--as-of 写得不对：2022-13-40："),
        ("history show abc", "没有运行：记录号 写得不对：要写整数。写法见 taizhang history show --help。\n"),
        ("history show 二", "没有运行：记录号 写得不对：要写整数。写法见 taizhang history show --help。\n"),
        ("history list 全部", "没有运行：多写或少写了内容。写法见 taizhang history list --help。\n"),
        ("draft x.txt --year 22", "没有运行：--year 写得不对：要写 2015 到 2035 的整数。"),
        ("台账", "没有运行：没有“台账”这个命令，可以用：draft（起草）"),
        ("mrge", "没有运行：没有“mrge”这个命令，是不是 merge？可以用：draft（起草）"),
        (
            "历史 列一下",
            (
                "没有运行：没有“列一下”这个命令，可以用：list（列出）、show（查看）、undo（撤销）、verify（核对）、"
                "archive（归档）。写法见 taizhang 历史 --help。\n"
            ),
        ),
        ("history lst", "没有运行：没有“lst”这个命令，是不是 list？可以用：list（列出）"),
        (
            "forms enabel x",
            "没有运行：没有“enabel”这个命令，是不是 enable？可以用：show（查看）、enable（启用）、update（补齐）。",
        ),
    ],
)
def test_wrong_usage_is_said_in_chinese(run: Callable[..., Result], typed: str, said: str) -> None:
    result = run(*typed.split())
    words = result.stderr if said.endswith("\n") else result.stderr[: len(said)]
    assert (result.exit_code, result.stdout, words) == (2, "", said)


@pytest.mark.parametrize("typed", ["", "history"])
def test_a_command_alone_that_needs_another_shows_how_it_is_used(run: Run, typed: str) -> None:
    alone, asked = run(*typed.split()), run(*typed.split(), "--help")
    assert (alone.exit_code, alone.stdout, alone.stderr) == (2, "", asked.stdout)


@pytest.mark.parametrize(
    "typed",
    ["history list", "history show", "history undo", "history verify", "forms show", "forms enable", "forms update"],
)
def test_every_command_below_a_command_has_a_chinese_name(run: Run, typed: str) -> None:
    aliases = {
        "list": "列出",
        "show": "查看",
        "undo": "撤销",
        "verify": "核对",
        "enable": "启用",
        "update": "补齐",
        "history": "历史",
        "forms": "表单",
    }
    english, chinese = typed.split(), [aliases[word] for word in typed.split()]
    assert run(*english, "--help").stdout.splitlines()[1:] == run(*chinese, "--help").stdout.splitlines()[1:] != []


def test_a_folder_is_no_ledger(run: Callable[..., Result], tmp_path: Path) -> None:
    result = run("validate", "-l", tmp_path)
    assert (result.exit_code, result.stderr) == (
        2, f"没有运行：{tmp_path} 是文件夹，请用 --ledger 写明里面的台账文件。那个文件夹里没有 .xlsx 文件。\n",
    )  # fmt: skip


def test_the_ledger_in_the_current_folder_is_found(
    run: Callable[..., Result], make_ledger: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_ledger([{}])
    monkeypatch.chdir(path.parent)
    monkeypatch.delenv("TAIZHANG_LEDGER", raising=False)
    assert run("validate").exit_code in (0, 1)


def test_a_new_ledger_is_an_xlsx(run: Callable[..., Result], tmp_path: Path) -> None:
    source = tmp_path / "材料.txt"
    source.write_text("一、存在问题", encoding="utf-8")
    result = run("draft", source, "-l", tmp_path / "i.xls")
    assert (result.exit_code, "要以 .xlsx 结尾" in result.stderr) == (2, True)


@pytest.fixture
def returned(run: Run, make_issued: Callable[..., Path]) -> Path:
    """A ledger that was issued, with one file that came back."""
    ledger = make_issued([{}])
    fill(ledger, {"RW-001": {"progress": 0.6}})
    return ledger


@pytest.mark.parametrize(
    ("answer", "written"),
    [
        ("是\n", True),
        ("好\n", True),
        ("Y\n", True),
        ("ｙ\n", True),
        ("否\n", False),
        ("n\n", False),
        ("\n", False),
        ("嗯？\n是\n", True),
    ],
)
def test_a_question_is_answered_as_people_answer(run: Run, returned: Path, answer: str, written: bool) -> None:
    result = run("merge", "-l", returned, answer=answer)
    assert (result.exit_code, value(returned, "RW-001", "progress") == "0.6") == (0 if written else 1, written)
    assert ("没有看懂，请写 是 或 否" in result.stderr) == answer.startswith("嗯")
    assert "rror" not in result.stderr


HEADS = ("序号", "存在问题", "整改措施", "整改情况")


@pytest.mark.parametrize(
    "typed",
    [
        "merge",
        "merge --quiet",
        "remind --as-of 2022-12-31",
        "forms enable 改革事项",
        "history undo 4",
        "adopt 旧表.xlsx --year 2022 --into 台账",
        "adopt 旧表.xlsx --year 2022 --ledger 新/整改台账.xlsx",
        "draft 材料.txt --into 台账",
        "fill 上级的表.xlsx --as-of 2022-03-31",
    ],
)
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("", "没有人回答，没有写入，台账和文件都没有动。要直接写请加 --yes。"),
        ("否\n", "没有写入，台账和文件都没有动。"),
    ],
)
def test_where_it_is_not_agreed_to_every_command_ends_the_same(
    run: Run, returned: Path, tmp_path: Path, typed: str, answer: str, said: str
) -> None:
    if "undo" in typed:
        run("merge", "-l", returned, "-y")
    run("history", "list", "-l", returned)
    for name, rows in (("旧表", (HEADS, ("", "", "加强学习", ""))), ("上级的表", (HEADS,))):
        write_table(tmp_path / f"{name}.xlsx", OldTable(rows, (), (), (0, 0, "", "")))
    (tmp_path / "材料.txt").write_text(
        "一、存在问题\n（一）学习不深。\n二、整改措施\n（一）加强学习。\n", encoding="utf-8"
    )
    before = returned.read_bytes(), {each.name for each in tmp_path.iterdir()}
    words = [
        str(returned) if word == "台账" else str(tmp_path / word) if "." in word else word for word in typed.split()
    ]
    result = run(*words, *([] if "台账" in typed else ["-l", str(returned)]), answer=answer)
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (1, said)
    assert (returned.read_bytes(), {each.name for each in tmp_path.iterdir()}) == before


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("adopt 密.xlsx -l 新/整改台账.xlsx", "密.xlsx: "),
        ("adopt 密.xlsx --into 台账", "密.xlsx: "),
        ("fill 密.xlsx -l 台账", "密.xlsx: "),
        ("new 新/整改台账.xlsx --after 密.xlsx", "密.xlsx: "),
        ("merge --decisions 密.xlsx -l 台账", "密.xlsx: "),
        ("validate --against 密.xlsx -l 台账", "--against 写的 密.xlsx 读不出来："),
        ("draft 材料.docx -l 新/整改台账.xlsx", ""),
        ("draft 材料.docx --into 台账", ""),
    ],
)
def test_a_file_with_a_password_is_refused_with_the_cure_of_who_runs_the_command(
    run: Run, returned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("密.xlsx", "材料.docx"):
        Path(name).write_bytes(encrypted(returned.read_bytes()))
    before = returned.read_bytes()
    result = run(*(str(returned) if word == "台账" else word for word in typed.split()))
    cure = (
        f"{said}文件加了密码，打不开。请去掉密码后再运行：文件→信息→保护工作簿→清空密码。"
        if said
        else "材料.docx 加了打开密码。请用 Word 或 WPS 打开，取消密码后另存为 .docx。"
    )
    assert (result.exit_code, result.stdout, result.stderr.splitlines()[-1]) == (2, "", f"没有运行：{cure}")
    assert (returned.read_bytes(), Path("新").exists()) == (before, False)


@pytest.mark.parametrize(
    ("where", "said", "then"),
    [
        ("taizhang.transactions.merge.take_in", "台账没有动，没有做完，请再运行一次 taizhang merge。", ""),
        (
            "taizhang.history.write.append_entry",
            "台账没有动，没有做完，请再运行一次 taizhang merge。",
            "没有做完就被打断，没有写进台账，台账还是原来的内容，需要的话请重新运行。",
        ),
        (
            "taizhang.history.write.put_in_place",
            "台账没有动，没有做完，请再运行一次 taizhang merge。",
            "（汇总）之前的样子：上次写入没有完成。已记为“恢复”，需要的话请重新运行那条命令。",
        ),
        (
            "taizhang.transactions.merge.write_replies",
            "台账已写好，回执还没写完，请再运行一次 taizhang merge。",
            "在收尾时被打断，台账已经是写好的新内容。",
        ),
        (
            "taizhang.replies.returns_sheet.setup_page",
            "台账已写好，回执还没写完，请再运行一次 taizhang merge。",
            "在收尾时被打断，台账已经是写好的新内容。",
        ),
        (
            "taizhang.commands.merge_shown.print_returns",
            "台账已写好，后面的文件可能还没写完，请再运行一次 taizhang merge。",
            "",
        ),
        ("click.termui.visible_prompt_func", "台账没有动，没有做完，请再运行一次 taizhang merge。", ""),
    ],
)
def test_what_was_broken_off_is_said_as_it_is_at_once_and_by_the_next_command(
    run: Run, returned: Path, monkeypatch: pytest.MonkeyPatch, where: str, said: str, then: str
) -> None:
    def broken_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        if "click" in where:
            patched.setattr("click.testing.CliRunner.isolation", _prompting(broken_off))
        else:
            patched.setattr(where, broken_off)
        result = run("merge", "-l", returned, *(["-y"] if "click" not in where else []))
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (2, f"已中断：{said}")
    after = run("validate", "-l", returned, "--only", "sheet-missing").stderr
    assert ("打断" in after or "上次" in after, then in after) == (bool(then), True)
    assert run("merge", "-l", returned, "-y").exit_code == 0
    assert value(returned, "RW-001", "progress") == "0.6"
    assert (returned.parent / "回执" / "2022-03" / "回收情况.xlsx").exists()
    assert "打断" not in run("validate", "-l", returned, "--only", "sheet-missing").stderr


def _prompting(answer: Callable[..., None]) -> Callable[..., Any]:
    """The runner's own isolation, with what asks at the terminal replaced last."""
    from contextlib import contextmanager

    from click.testing import CliRunner

    isolation = CliRunner.isolation

    @contextmanager
    def isolated(*args: Any, **kwargs: Any) -> Any:
        with isolation(*args, **kwargs) as streams:
            click.termui.visible_prompt_func = answer  # type: ignore[assignment]
            yield streams

    return isolated


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("NUL.xlsx", "NUL_.xlsx"),
        pytest.param("a:b?.xlsx", "a：b？.xlsx", marks=pytest.mark.posix),
        ("x\u202e.xlsx", "x.xlsx"),
        ("-x.xlsx", "－x.xlsx"),
    ],
)
def test_a_file_is_not_made_under_a_name_that_windows_does_not_know(
    run: Run, make_ledger: Callable[..., Path], name: str, good: str
) -> None:
    ledger = make_ledger([{}])
    run("validate", "-l", ledger)
    for arguments in (
        ("report", "-l", ledger, "-o", ledger.parent / name),
        ("remind", "-l", ledger, "-y", "-o", ledger.parent / name),
        ("history", "show", "1", "-l", ledger, "-o", ledger.parent / name),
        ("draft", ledger, "-l", ledger.parent / name),
    ):
        result = run(*arguments)
        assert (result.exit_code, result.stderr.endswith(f"可以写成 {good}。\n")) == (2, True), result.output
    assert not list(ledger.parent.glob("*x*.xlsx"))
