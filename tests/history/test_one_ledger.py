"""One ledger per folder: a second one is named before anything is written, and the advice in the message works."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from support.ledgers import load, small_ledger
from support.returned import edit
from taizhang.forms.load import standard_forms
from taizhang.history.hand_edits import record
from taizhang.history.journal import read_entries
from taizhang.system.files import history_folder

pytestmark = pytest.mark.slow

FORMS = standard_forms()
NOW = datetime(2022, 3, 1)
SAMPLE = Path(__file__).parents[2] / "templates" / "sample" / "对照检查材料.txt"
OLD = [{"statement": f"第{n}项工作写进年度计划", "standard": f"印发第{n}号文件并公开"} for n in "一二三四五六七八"]
NEW = [{"statement": f"关于{n}方面的整治另行部署", "standard": f"完成{n}项检查并通报"} for n in "甲乙丙丁戊己庚辛"]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    folder = tmp_path / "台账"
    folder.mkdir()
    path = small_ledger(folder / "整改台账.xlsx", OLD)
    record(path, FORMS, NOW)
    return path


def whole(folder: Path) -> dict[str, bytes]:
    files = (each for each in folder.rglob("*") if each.is_file() and not each.name.startswith(".lock"))
    return {str(each.relative_to(folder)): each.read_bytes() for each in files}


def commands(path: Path) -> list[str]:
    return [entry.command for entry in read_entries(history_folder(path)).values()]


def another(path: Path) -> None:
    """Put another ledger in the place of one, made at another time."""
    other = small_ledger(path.with_name("另一本.xlsx"), NEW)
    other.replace(path)


@pytest.mark.parametrize("place", ["there", "moved away", "another name"])
def test_a_second_draft_is_refused_before_anything_is_written_and_its_advice_works(
    ledger: Path, run: Callable[..., Result], place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(datetime(2023, 1, 5).timestamp())))
    target = ledger.with_name("整改台账2023.xlsx") if place == "another name" else ledger
    if place == "moved away":
        ledger.rename(ledger.parent.parent / "旧台账.xlsx")
    before = whole(ledger.parent)
    for extra in ((), ("-n",)):
        result = run("draft", SAMPLE, "--unit", "某 局", "-l", target, *extra)
        why = (
            "整改台账.xlsx 已经有了"
            if place == "there"
            else "旁边的 history 是一本台账的历史（1 次记录，最后一次 2022-03-01）"
        )
        advised = f'taizhang draft {SAMPLE} --unit "某 局" --ledger {ledger.parent}_2023/{target.name}'
        assert (result.exit_code, result.stdout, result.stderr) == (
            2,
            "",
            f"没有运行：{why}，一本台账一个文件夹，没有起草。请起草到新的文件夹，照抄这一行就行：\n{advised}\n"
            "要接着用原来那本的，起草、收编都可以用 --into 加进去，编号接着排。\n",
        )
        assert whole(ledger.parent) == before
    done = run(*shlex.split(advised)[1:])
    assert done.exit_code == 0
    new = ledger.parent.parent / "台账_2023" / target.name
    assert commands(new) == ["登记"]
    hinted = re.search(r"然后 taizhang (.*)。", done.stderr)
    assert hinted
    assert run(*shlex.split(hinted[1])).exit_code in (0, 1)
    assert whole(ledger.parent) == before


@pytest.mark.parametrize(
    "command",
    [("validate",), ("issue", "-p", "2022-03"), ("report",), ("merge",), ("forms", "enable", "会议档案"),
     ("report", "-n"), ("merge", "-n"), ("history", "verify"), ("history", "undo", "1"), ("history", "archive")],
)  # fmt: skip
def test_another_ledger_in_its_place_is_asked_about_by_every_command_and_nothing_is_written(
    ledger: Path, run: Callable[..., Result], command: tuple[str, ...]
) -> None:
    another(ledger)
    before = whole(ledger.parent)
    copy = next(history_folder(ledger).glob("2022*.xlsx"))
    result = run(*command, "-l", ledger)
    assert (result.exit_code, result.stdout, result.stderr) == (
        2,
        "",
        "没有运行：整改台账.xlsx 和 history 里第 1 次记录（2022-03-01 00:00:00）的台账内容大不相同，像是换了另一本，"
        f"没有记成手工修改，什么都没有写。放错了文件的，请把原来那本放回来（history/{copy.name} 就是它最后的样子）；"
        "是另一本台账的，请把它放到另一个文件夹，一本台账一个文件夹；确实要在这里从头记的，"
        "请先把 history 文件夹改名为 history_旧。\n",
    )
    assert whole(ledger.parent) == before


def test_what_the_message_about_another_ledger_advises_works(ledger: Path, run: Callable[..., Result]) -> None:
    another(ledger)
    asked = run("validate", "-l", ledger).stderr
    copy = re.search(r"（(history/[^）]+xlsx) 就是", asked)
    assert copy
    elsewhere = ledger.parent.parent / "另一个文件夹" / ledger.name
    elsewhere.parent.mkdir()
    ledger.rename(elsewhere)
    assert run("validate", "-l", elsewhere).exit_code in (0, 1)
    assert commands(elsewhere) == ["登记"]
    shutil.copy(ledger.parent / copy[1], ledger)
    assert (run("validate", "-l", ledger).exit_code in (0, 1), commands(ledger)) == (True, ["登记"])
    another(ledger)
    history_folder(ledger).rename(ledger.parent / "history_旧")
    assert (run("validate", "-l", ledger).exit_code in (0, 1), commands(ledger)) == (True, ["登记"])


def test_another_ledger_under_another_name_does_not_take_the_history_of_one_moved_away(
    ledger: Path, run: Callable[..., Result]
) -> None:
    away = ledger.rename(ledger.parent.parent / "旧台账.xlsx")
    other = small_ledger(ledger.with_name("新台账.xlsx"), NEW)
    assert run("validate", "-l", other).exit_code == 2
    assert (history_folder(ledger) / ".ledger").read_text(encoding="utf-8") == ledger.name
    away.rename(ledger)
    assert "history 文件夹是 整改台账.xlsx 的历史" in run("validate", "-l", other).stderr
    assert run("history", "verify", "-l", ledger).exit_code == 0


def emptied(book: Any) -> None:
    book["整改任务"].delete_rows(5, 7)


def retyped(book: Any) -> None:
    """Two thirds of the texts are other ones."""
    for row in (4, 5, 6, 7, 8):
        for cell in book["整改任务"][row]:
            if isinstance(cell.value, str) and len(cell.value) > 6:
                cell.value = f"{cell.value}（改）"


def grown(book: Any) -> None:
    for row in range(12, 60):
        book["整改任务"].cell(row, 1, f"RW-{row:03}")
        book["整改任务"].cell(row, 3, f"新加的第{row}项工作要抓紧")


def recoded(book: Any) -> None:
    for row in range(4, 12):
        book["整改任务"].cell(row, 1, f"RW-{row + 50:03}")


@pytest.mark.parametrize("change", [emptied, retyped, grown, recoded])
def test_however_much_the_office_edits_it_stays_the_same_ledger(ledger: Path, change: Callable[[Any], None]) -> None:
    book = load(ledger.read_bytes())
    change(book)
    book.save(ledger)
    found = record(ledger, FORMS, datetime(2022, 4, 1))
    assert found and found.changes
    assert commands(ledger) == ["登记", "手工修改"]


def test_a_ledger_copied_into_a_workbook_made_anew_is_the_same_where_most_of_it_is(ledger: Path) -> None:
    def saved(year: int, tasks: list[dict[str, Any]]) -> None:
        book = load(small_ledger(ledger.with_name("新建.xlsx"), tasks).read_bytes())
        book.properties.created = datetime(year, 1, 1)
        book.save(ledger)
        os.utime(ledger, (NOW.timestamp(), NOW.timestamp()))

    saved(2023, [*OLD[:5], *NEW[:3]])
    record(ledger, FORMS, datetime(2022, 4, 1))
    assert commands(ledger) == ["登记", "手工修改"]
    saved(2024, [*OLD[:2], *NEW[3:]])
    with pytest.raises(Exception, match="像是换了另一本"):
        record(ledger, FORMS, datetime(2022, 4, 2))
    assert commands(ledger) == ["登记", "手工修改"]


def test_a_ledger_is_the_same_in_capitals_where_the_system_knows_no_case(
    tmp_path: Path, run: Callable[..., Result]
) -> None:
    """A second name of the same file replaces such a system in the test."""
    ledger, capitals = small_ledger(tmp_path / "Ledger.xlsx", [{}]), tmp_path / "LEDGER.XLSX"
    assert run("validate", "-l", ledger).exit_code == 0
    if not capitals.exists():
        os.link(ledger, capitals)
    edit(capitals, "RW-001", "obstacle", "人手不够")
    result = run("validate", "-l", capitals)
    assert (result.exit_code, "旁边的 history" in result.stderr) == (0, False)
    assert len(read_entries(history_folder(ledger))) == 2


@pytest.mark.parametrize("name", ["整改台账　新.xlsx", "整改\u00a0台账\u200b.xlsx", "整改台账（2022 年）.xlsx"])
def test_a_ledger_may_be_called_what_people_call_files(tmp_path: Path, run: Callable[..., Result], name: str) -> None:
    """Names may contain wide, no-break and invisible blanks, and the history continues after a rename."""
    ledger = small_ledger(tmp_path / name, [{}])
    for number in (1, 2):
        edit(ledger, "RW-001", "obstacle", f"人手不够{number}")
        assert run("validate", "-l", ledger).exit_code == 0
    other = ledger.rename(tmp_path / "台账.xlsx")
    edit(other, "RW-001", "obstacle", "人手够了")
    result = run("validate", "-l", other)
    assert (result.exit_code, len(read_entries(history_folder(other)))) == (0, 3), result.stderr
