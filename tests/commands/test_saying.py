"""Names of files, sheets, cells and options are printed as plain text: no control codes, no bidi, no forged lines."""

from __future__ import annotations

import json
import shutil
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from support.fixtures import Make, Run
from support.returned import edit
from support.returned_files import by_hand
from support.sources import calls
from taizhang.cli import main
from taizhang.commands.saying import say_json, tell
from taizhang.typed.safe_text import one_line, visible

pytestmark = pytest.mark.slow


FORGED = "没有运行：假的"
EVIL = f"x\x1b]0;x\x07\x9b2J\u202e\u2066\u2028\r\n{FORGED}\t[red]y"
"""A title of the window, a bell, a cleared screen, a turned direction, three kinds of line end, a tab and markup."""


def test_a_foreign_text_is_shown_within_its_line() -> None:
    assert one_line(EVIL) == f"x□]0;x□□2J□□  {FORGED} [red]y"
    assert visible("一\r\n二\u2029三\t四") == "一\n二\n三 四"
    assert visible("财务处　（甲）\u00a0１") == "财务处　（甲）\u00a0１"
    assert visible("半\udc80个\ud800") == "半□个□"
    assert one_line("业务\u200b处\u00ad") == "业务□处□"


def test_json_is_escaped_and_means_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"a": [EVIL, "财务处　", "😀\U000e0001\udc80"]}
    say_json(value)
    out = capsys.readouterr().out
    assert json.loads(out) == value
    assert not forbidden(out)
    assert "财务处　" in out


def forbidden(text: str) -> set[str]:
    """Return the printed characters that are neither text nor our line ends."""
    return {char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and char != "\n"}


def lines_of(result: Result) -> list[str]:
    return (result.stdout + result.stderr).splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no such file names")
@pytest.mark.parametrize(
    "arguments",
    [
        ("validate", "-l", "{home}"),
        ("validate", "-l", "{ledger}"),
        ("validate", "-l", "{ledger}", "{returned}"),
        ("validate", "-l", "{ledger}", "{returned}", "--json"),
        ("validate", "-l", "{ledger}", "--only", EVIL),
        ("issue", "-l", "{ledger}", "-p", EVIL),
        ("issue", "-l", "{ledger}", "-p", "2022-03", "-d", EVIL, "-n"),
        ("merge", "-l", "{ledger}", "{home}", "-n", "--json"),
        ("report", "-l", "{ledger}", "--as-of", "2022-03-31"),
        ("report", "-l", "{ledger}", "-o", "{home}/" + EVIL),
        ("report", "-l", "{ledger}", "--public"),
        ("remind", "-l", "{ledger}", "--as-of", "2022-10-10", "-y"),
        ("remind", "-l", "{ledger}", "--as-of", "2022-10-10", "--statement", "--json"),
        ("history", "show", EVIL, "-l", "{ledger}"),
        ("history", EVIL),
        ("forms", "enable", "慰问帮扶", "-l", "{ledger}", "-y"),
        ("draft", "{lost}"),
        ("draft", "{source}", "-l", "{ledger}", "--unit", EVIL),
        ("demo", "{home}"),
        (EVIL,),
        ("validate", f"--{EVIL}"),
    ],
)
def test_no_command_lets_a_name_speak(hostile: dict[str, Any], run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*(each.format(**hostile) if "{" in each else each for each in arguments))
    assert forbidden(result.stdout + result.stderr) == set()
    assert not [line for line in lines_of(result) if line.startswith(FORGED)]
    assert result.stdout + result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no such file names")
def test_nor_does_a_whole_round(hostile: dict[str, Any], run: Run) -> None:
    at = ("-l", hostile["ledger"])
    for arguments in (
        ("issue", "-p", "2022-03", "--as-of", "2022-03-10", *at),
        ("merge", "--yes", hostile["home"] / "下发" / "2022-03", hostile["returned"], *at),
        ("history", "list", *at),
        ("history", "show", 1, *at),
    ):
        result = run(*arguments)
        assert forbidden(result.stdout + result.stderr) == set()
        assert not [line for line in lines_of(result) if line.startswith(FORGED)]
        assert "x□" in result.stdout + result.stderr or arguments[0] == "history"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder, ledger, sheet, department, cell and returned files with names as hostile as the system allows."""
    from support.ledgers import small_ledger

    home = tmp_path_factory.mktemp("home") / EVIL.replace("/", "")
    ledger = small_ledger(home / f"台账{EVIL}.xlsx", [{"progress": 0.1}, {}, {"deadline": None}])
    in_xml = EVIL.replace("\x1b", "").replace("\x07", "").replace("\x9b", "")

    def work(book: Any) -> None:
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value == "财务处":
                        cell.value = f"财务{in_xml}"
        book.copy_worksheet(book["整改任务"]).title = f"任务\u202e\u2028\n{FORGED}"

    by_hand(ledger, work)
    edit(ledger, "RW-001", "progress", f"多{in_xml}")
    returned = home / "报送" / f"财务处{EVIL}.xlsx"
    returned.parent.mkdir()
    returned.write_bytes(b"no workbook")
    shutil.copy(ledger, returned.with_name(f"另一份{EVIL}.xlsx"))
    (home / f"材料{EVIL}.txt").write_text("x", encoding="utf-8")
    CliRunner().invoke(main, ["history", "list", "-l", str(ledger)])  # the first state is kept once for all
    return home


@pytest.fixture
def hostile(prepared: Path, tmp_path: Path) -> dict[str, Any]:
    home = Path(shutil.copytree(prepared, tmp_path / prepared.name))
    return {
        "home": home,
        "ledger": home / f"台账{EVIL}.xlsx",
        "returned": home / "报送",
        "source": home / f"材料{EVIL}.txt",
        "lost": home / f"没有{EVIL}.xlsx",
    }


def test_there_is_one_way_out() -> None:
    """All output goes through ``saying``, except messages about the streams themselves."""
    found = {module for module, _, name in calls() if name in ("click.echo", "click.secho", "print", "echo")}
    assert found == {"commands/saying.py", "commands/streams.py"}


def test_a_stream_lets_nothing_through_either(run: Run, make_ledger: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taizhang.commands.saying.one_line", lambda text: text + "\x1b]0;x\x07\u202e")
    result = run("validate", "-l", make_ledger([{"deadline": None}]))
    assert "□]0;x□□" in result.stderr + result.stdout
    assert forbidden(result.stdout + result.stderr) == set()


def test_a_result_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    tell("一\n二")
    assert capsys.readouterr().out == "一 二\n"
