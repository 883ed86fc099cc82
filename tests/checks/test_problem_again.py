"""Problems that the ledgers of past years name too: the hint, the command line, and past ledgers of every kind."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.checked import AS_OF, CLOSED, CLOSEOUT, typed
from support.fixtures import Run
from support.ledgers import ASPECT, ledger_in_memory, small_ledger
from support.old_tables import OldTable, write_table
from support.returned_files import by_hand
from taizhang.api import validate
from taizhang.ledger.model import Ledger
from taizhang.supervision.past_problems import find_seen_before
from taizhang.workbook.reader import read_workbook

NOW = "党建工作考核还有待规范"
THEN = "党建工作考核不规范"
DONE: dict[str, Any] = {"statement": "修订党建考核办法", **CLOSED}
YEAR = (7, 2)
CURE = "请看看那时的措施为什么没有管住，这次的措施要不一样；不是同一个问题的不用管。"


def problems(*titles: str, source: str = "民主生活会") -> list[dict[str, Any]]:
    return [
        {"code": f"WT-{number:02}", "aspect": ASPECT, "title": title, "source": source}
        for number, title in enumerate(titles, 1)
    ]


def past(path: Path, year: int | str, tasks: list[dict[str, Any]], *titles: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    closeouts = [CLOSEOUT] if any("evidence" in task for task in tasks) else []
    return typed(small_ledger(path, tasks, problems=problems(*titles), closeouts=closeouts), YEAR, year, "参数")


def of_year(year: int, rows: list[dict[str, Any]]) -> Ledger:
    ledger = ledger_in_memory([{}], problems=rows)
    return replace(ledger, settings=replace(ledger.settings, year=year))


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return small_ledger(tmp_path / "整改台账.xlsx", [{}], problems=problems(NOW))


@pytest.fixture
def of_2021(tmp_path: Path) -> Path:
    return past(tmp_path / "2021" / "整改台账.xlsx", 2021, [DONE, {"statement": "每季通报一次"}], THEN, "会议多")


def hints(run: Run, ledger: Path, *against: Path) -> tuple[int, list[str]]:
    words = [word for path in against for word in ("--against", path)]
    result = run("validate", *words, "-l", ledger, "--as-of", "2022-03-31", "--only", "problem-again", "-q")
    return result.exit_code, result.stdout.splitlines()


def test_the_command_says_both_wordings_and_what_was_done(run: Run, ledger: Path, of_2021: Path) -> None:
    before = of_2021.read_bytes()
    assert hints(run, ledger, of_2021) == (
        0,
        [
            f"整改台账.xlsx:'问题清单'!C4: problem-again: 提示：“{NOW}”以前也提过："
            f"2021年 WT-01“{THEN}”，那时有 2 项措施，办结 1 项（修订党建考核办法）。{CURE}"
        ],
    )
    assert hints(run, ledger) == (0, [])
    assert (of_2021.read_bytes(), [each.name for each in of_2021.parent.iterdir()]) == (before, ["整改台账.xlsx"])


def test_several_years_are_one_hint_in_their_order(run: Run, ledger: Path, of_2021: Path, tmp_path: Path) -> None:
    of_2020 = past(tmp_path / "2020" / "整改台账.xlsx", 2020, [{"problems": None}], "党建考核不够规范")
    status, (line,) = hints(run, ledger, of_2021, of_2020, of_2021)
    assert status == 0
    assert f"以前也提过：2020年 WT-01“党建考核不够规范”，那时没有措施；2021年 WT-01“{THEN}”，那时有 2 项" in line


def test_years_that_are_the_same_or_missing_are_told_apart(run: Run, ledger: Path, of_2021: Path) -> None:
    other = past(of_2021.with_name("巡察.xlsx"), 2021, [{}], THEN)
    none = past(of_2021.with_name("旧.xlsx"), "", [{}], THEN)
    _, (line,) = hints(run, ledger, of_2021, other, none)
    named = [part.split(" WT-01")[0] for part in line.partition("以前也提过：")[2].split("；")[:3]]
    assert named == ["2021年（2021/巡察.xlsx）", "2021年（2021/整改台账.xlsx）", "2021/旧.xlsx"]


def seen(now: list[dict[str, Any]], then: Ledger) -> list[tuple[str, list[tuple[str, int, tuple[str, ...]]]]]:
    found = find_seen_before(ledger_in_memory([{}], problems=now), [then], AS_OF)
    return [(each.record.code, [(p.title, p.measures, p.closed) for p in each.past]) for each in found.problems]


def test_what_was_done_counts_the_measures_of_that_problem() -> None:
    tasks = [DONE, {"problems": ("WT-02",)}, {"kind": "原则"}, {"problems": ("WT-02", "WT-01")}]
    then = ledger_in_memory(tasks, problems=problems(THEN, "会议多"), closeouts=[CLOSEOUT])
    assert seen(problems(NOW, "人才不足", "会议仍然较多"), then) == [
        ("WT-01", [(THEN, 2, ("修订党建考核办法",))]),
        ("WT-03", [("会议多", 2, ())]),
    ]
    assert seen(problems("人才不足"), then) == []


def test_of_several_the_most_alike_is_named() -> None:
    then = ledger_in_memory([{}], problems=problems("党建工作年度考核不规范", THEN))
    assert seen(problems(NOW), then) == [("WT-01", [(THEN, 0, ())])]


def test_a_problem_carried_over_is_known_and_not_hinted_at() -> None:
    now = ledger_in_memory([{}], problems=problems(NOW, source="上年结转"))
    then = ledger_in_memory([{}], problems=problems(THEN))
    assert [each.carried for each in find_seen_before(now, [then], AS_OF).problems] == [True]
    assert [each for each in validate(now, AS_OF, against=[then]) if each.check == "problem-again"] == []


def test_what_stands_under_the_problem_is_compared_too() -> None:
    rows = problems("理论学习不够深入", "公务接待管理不严")
    rows[0]["detail"] = "中心组学习以读代学，研讨质量不高。"
    then = ledger_in_memory([{}], problems=rows)
    assert seen(problems("中心组学习研讨质量不高"), then) == [("WT-01", [("理论学习不够深入", 1, ())])]
    assert seen(problems("会风不实"), then) == []


def test_another_wording_of_what_was_carried_over_is_known_by_the_years_before() -> None:
    """WT-02 was carried over from 2022; only 2021 is compared, by which both are known."""
    then = of_year(2021, problems("水费收缴率低"))
    rows = problems("会议多", "水费收缴率低，乡镇催缴不力", "水费收缴进度慢")
    rows[1] |= {"source": "上年结转"}
    found = find_seen_before(of_year(2023, rows), [then], AS_OF).problems
    assert [(each.record.code, each.carried, [past.code for past in each.past], each.beside) for each in found] == [
        ("WT-02", True, ["WT-01"], ()),
        ("WT-03", False, ["WT-01"], ("WT-02",)),
    ]


def test_a_problem_that_was_carried_over_already_is_named(run: Run, old: Path, tmp_path: Path) -> None:
    """The new wording stands beside the carried problem; that one is found by its first code, whatever it says now."""
    ledger = tmp_path / "2023" / "整改台账.xlsx"
    assert run("new", ledger, "--after", old, "--as-of", "2022-12-31").exit_code == 0
    by_hand(ledger, lambda book: setattr(book["问题清单"]["C4"], "value", "党建考核要改"))

    def add(book: Any) -> None:
        for column, text in enumerate(("WT-05", ASPECT, "党建考核不够规范"), 1):
            book["问题清单"].cell(6, column).value = text

    by_hand(ledger, add)
    status, (line,) = hints(run, ledger, old)
    assert status == 0
    assert f"2022年 WT-01“{THEN}”，那时有 1 项措施，都没有办结。那一个已经结转到这本台账，是 WT-03；" in line
    assert line.startswith("整改台账.xlsx:'问题清单'!C6: problem-again:")
    result = run("report", "--against", old, "-l", ledger, "--as-of", "2023-01-31")
    assert "以前也提过的问题有 3 个（其中上年结转 2 个）" in result.stdout
    sheet = read_workbook(ledger.parent / "报表" / "整改进展一览_2023-01-31.xlsx").by_name["问题台账"]
    now = [row[2] for row in sheet.rows if len(row) > 4 and str(row[4]).startswith("2022年 WT-")]
    assert now == ["党建考核要改（上年结转）", "会议多（上年结转）", "党建考核不够规范（像是上年结转的 WT-03）"]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return small_ledger(tmp_path / "2022" / "整改台账.xlsx", [{}], problems=problems(THEN, "会议多"))


def test_codes_of_ledgers_that_do_not_follow_each_other_mean_nothing() -> None:
    then = ledger_in_memory([{}], problems=problems("会议多", "人才不足"))
    assert seen(problems("人才不足", "作风不实"), then) == [("WT-01", [("人才不足", 0, ())])]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("missing", "找不到 --against 写的 {path}，请核对文件夹和文件名。"),
        ("folder", "--against 写的 {folder} 是文件夹，请写明里面的台账文件。那个文件夹里有 整改台账.xlsx。"),
        ("text", "--against 写的 {path} 读不出来："),
        ("foreign", "--against 写的 {path} 不是整改台账，里面没有〈参数〉，也没有〈问题清单〉。"),
        ("itself", "--against 写的 {ledger} 就是现在的台账（或一模一样的一份），请写以前年度的台账。"),
        ("copy", "--against 写的 {path} 就是现在的台账（或一模一样的一份），请写以前年度的台账。"),
        ("head", "--against 写的 {path} 里，〈问题清单〉没有“问题”这一列，对照不了。请把表名、表头改回来，"),
        ("sheet", "--against 写的 {path} 里，〈整改任务〉这张表找不到，对照不了。请把表名、表头改回来，"),
    ],
)
@pytest.mark.parametrize("command", ["validate", "report"])
def test_what_cannot_be_compared_is_refused(
    run: Run, ledger: Path, of_2021: Path, command: str, change: str, said: str
) -> None:
    path, argument = of_2021, of_2021
    if change == "missing":
        path.unlink()
    elif change == "folder":
        argument = path.parent
    elif change == "text":
        path.write_bytes(b"abc")
    elif change == "foreign":
        by_hand(path, lambda book: [book.remove(book[name]) for name in book.sheetnames if name != "整改任务"])
    elif change == "itself":
        argument = ledger
    elif change == "copy":
        shutil.copy(ledger, path)
    elif change == "head":
        by_hand(path, lambda book: setattr(book["问题清单"]["C3"], "value", "说法"))
    else:
        by_hand(path, lambda book: book.remove(book["整改任务"]))
    result = run(command, "--against", argument, "-l", ledger, "--as-of", "2022-03-31")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said.format(path=path, folder=path.parent, ledger=ledger) in result.stderr
    assert "Traceback" not in result.stderr
    assert not (ledger.parent / "报表").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("validate", "报送"), "--against 只用来检查台账，不能和报来的表一起用，请分两次运行。"),
        (("report", "--public"), "--against 只用来出《整改进展一览》，不能和 --public、--word 一起用，请分两次运行。"),
        (("report", "--word"), "--against 只用来出《整改进展一览》，不能和 --public、--word 一起用，请分两次运行。"),
    ],
)
def test_where_there_is_nothing_to_compare(
    run: Run, ledger: Path, of_2021: Path, words: tuple[str, ...], said: str
) -> None:
    result = run(*words, "--against", of_2021, "-l", ledger)
    assert (result.exit_code, result.stdout, said in result.stderr) == (2, "", True)


def test_a_past_ledger_beside_the_present_one_is_not_taken_for_it(run: Run, ledger: Path, tmp_path: Path) -> None:
    assert run("validate", "-l", ledger, "-q").exit_code == 0
    beside = past(tmp_path / "整改台账2021.xlsx", 2021, [DONE], THEN)
    assert len(hints(run, ledger, beside)[1]) == 1


def test_a_ledger_of_an_earlier_version_is_read(run: Run, ledger: Path, tmp_path: Path) -> None:
    archive = Path(__file__).parents[1] / "whole" / "earlier_folder.zip"
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path / "旧")
    old = tmp_path / "旧" / "整改台账.xlsx"
    shutil.copy(max((tmp_path / "旧" / "history").glob("*.xlsx")), old)
    title = "办法不多"
    by_hand(ledger, lambda book: setattr(book["问题清单"]["C4"], "value", f"{title}的问题仍然存在"))
    status, (line,) = hints(run, ledger, old)
    assert (status, f"WT-01“{title}”" in line) == (0, True)


def test_an_adopted_table_is_read(run: Run, ledger: Path, tmp_path: Path) -> None:
    rows = (
        ("序号", "问题", "整改措施", "责任单位", "整改时限", "状态"),
        (1, THEN, "修订办法", "党办", "2021年6月底", "已销号"),
    )
    old = write_table(tmp_path / "旧表.xlsx", OldTable(rows=rows, problems=(), tasks=(), figures=(1, 1, "1/1", "—")))
    adopted = tmp_path / "收编" / "整改台账.xlsx"
    assert run("adopt", old, "-l", adopted, "--year", "2021", "--yes").exit_code == 0
    _, (line,) = hints(run, ledger, adopted)
    assert f"“{THEN}”，那时有 1 项措施，办结 1 项（修订办法）。" in line
