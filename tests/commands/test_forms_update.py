"""``forms update``: an old ledger is given what came later, shown first, in one write; nothing else is touched."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.fixtures import Make, Run
from support.ledgers import load
from support.newer import newer_forms
from support.packages import members
from support.returned_files import by_hand
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import read_ledger

pytestmark = pytest.mark.slow


@pytest.fixture
def ledger(make_ledger: Make, tmp_path: Path) -> Iterator[Path]:
    """A ledger that was made before two columns of 整改任务, a register and a rule came."""
    path = make_ledger([{}, {"progress": 0.5}])
    by_hand(path, lambda book: _lose_rule(book["参数"], "临期天数"))
    with newer_forms(tmp_path / "新版"):
        yield path


def _lose_rule(page: Any, name: str) -> None:
    cell = next(cell for row in page.iter_rows() for cell in row if cell.value == name)
    for place in range(4):
        page.cell(cell.row, cell.column + place).value = None


SHOWN = """\
列　天气　放在〈整改任务〉AG3　做这件事时的天气 <一> & 二。
列　看过日期　放在〈整改任务〉AH3
亮灯规则　临期天数　放在〈参数〉V19　离时限不足或等于这么多天
登记表　天气记录　放在最后　每天一行。
"""


def test_the_plan_is_shown_and_nothing_is_written_unless_it_is_confirmed(ledger: Path, run: Run) -> None:
    run("validate", "-l", ledger)
    before = _files(ledger)
    planned = run("forms", "update", "-n", "-l", ledger)
    assert (planned.exit_code, planned.stdout) == (0, SHOWN)
    assert planned.stderr == "只看计划，没有写入，台账和文件都没有动。\n"
    refused = run("forms", "补齐", "-l", ledger, answer="否\n")
    assert (refused.exit_code, refused.stdout) == (1, SHOWN)
    assert refused.stderr == "把这 4 样加进 整改台账.xlsx 吗？ [是/否]：否\n没有写入，台账和文件都没有动。\n"
    unanswered = run("forms", "update", "-l", ledger)
    assert (unanswered.exit_code, unanswered.stdout) == (1, SHOWN)
    found = json.loads(run("forms", "update", "-n", "--json", "-l", ledger).stdout)
    assert found["left"] == []
    assert found["additions"][0] == {
        "kind": "列", "title": "天气", "sheet": "整改任务", "cell": "AG3", "help": "做这件事时的天气 <一> & 二。",
    }  # fmt: skip
    assert [each["title"] for each in found["additions"]] == ["天气", "看过日期", "临期天数", "天气记录"]
    assert _files(ledger) == before


def _files(ledger: Path) -> dict[Path, bytes]:
    found = (path for path in ledger.parent.rglob("*") if path.is_file() and path.name != ".lock")
    return {path: path.read_bytes() for path in found}


def test_everything_is_added_in_one_write_and_nothing_else_changes(ledger: Path, run: Run) -> None:
    before = ledger.read_bytes()
    done = run("forms", "update", "-y", "-l", ledger)
    assert (done.exit_code, done.stdout) == (0, SHOWN)
    assert done.stderr.startswith(f"已加上 4 样。下一步：在台账里填，然后 taizhang validate -l {ledger}。\n")
    book = load(ledger.read_bytes())
    assert book.sheetnames[-2:] == ["天气记录", "变更记录"]
    sheet = book["整改任务"]
    assert [sheet.cell(3, column).value for column in (33, 34)] == ["天气", "看过日期"]
    fill = [sheet.cell(3, column).fill.fgColor.rgb for column in (20, 25, 33, 34)]
    assert (fill[0], fill[1]) == (fill[2], fill[3]) and fill[0] != fill[1]
    assert (sheet["AH4"].number_format, sheet["AG4"].number_format) == ("yyyy-mm-dd", "General")
    own = {str(each.sqref): (each.formula1, each.prompt) for each in sheet.data_validations.dataValidation}
    assert own["AG4:AG2004"] == ('"晴,雨"', "做这件事时的天气 <一> & 二。")
    rule = next(row for row in book["参数"].iter_rows() if any(cell.value == "临期天数" for cell in row))
    assert [cell.value for cell in rule[21:25]] == ["临期天数", 7, "黄", "离时限不足或等于这么多天"]
    assert rule[21].alignment.horizontal == "left"
    old = members(before)
    changed = {name for name, data in members(ledger.read_bytes()).items() if name in old and data != old[name]}
    assert all("sheet" not in name or name in _parts(before, "整改任务", "参数") for name in changed)
    listed = run("history", "list", "-l", ledger).stdout
    assert "补新列新表" in listed


def _parts(data: bytes, *names: str) -> set[str]:
    """Return the paths of sheets, and of the strings, that may change."""
    from taizhang.splice.package import Package

    parts = Package.read(data).sheet_parts()
    return {*(parts[name] for name in names)}


def test_a_second_time_there_is_nothing_to_add_and_every_command_works(ledger: Path, run: Run) -> None:
    found = run("validate", "-l", ledger, "-q")
    assert found.stdout == (
        "整改台账.xlsx: not-updated: 提示：台账还没有后来新加的 2 列、1 张登记表、1 条亮灯规则，照旧能用；"
        "要补上，请运行 taizhang forms update，会先列给您看。\n"
    )
    assert run("forms", "update", "-y", "-l", ledger).exit_code == 0
    again = run("forms", "update", "-y", "-l", ledger)
    assert (again.exit_code, again.stdout) == (0, "")
    assert again.stderr == "没有要加的：新列、新登记表、新规则，这份台账都有了。\n"
    checked = run("validate", "-l", ledger)
    assert (checked.exit_code, checked.stdout) == (0, "")
    for command in (
        "issue -p 2022-03 --as-of 2022-03-10",
        "report --as-of 2022-03-31 --current",
        "remind -n --as-of 2022-03-31",
    ):
        assert run(*command.split(), "-l", ledger).exit_code == 0, command
    assert run("history", "verify", "-l", ledger).output.startswith("记录完整，")


def test_it_is_undone_and_done_again(ledger: Path, run: Run) -> None:
    run("forms", "update", "-y", "-l", ledger)
    undone = run("history", "undo", "2", "-y", "-l", ledger)
    assert [line for line in undone.stdout.splitlines() if line.startswith("改回")] == [
        "改回　参数 19 V：临期天数 → （空）",
        "改回　参数 19 W：7 → （空）",
        "改回　参数 19 X：黄 → （空）",
        "改回　参数 19 Y：离时限不足或等于这么多天 → （空）",
        "改回　整改任务 表头 天气：天气 → （空）",
        "改回　整改任务 表头 看过日期：看过日期 → （空）",
    ]
    assert run("forms", "update", "-y", "-l", ledger).stdout == "".join(SHOWN.splitlines(keepends=True)[:3])
    sheet = load(ledger.read_bytes())["整改任务"]
    assert [str(each.sqref) for each in sheet.data_validations.dataValidation].count("AG4:AG2004") == 1
    assert run("history", "verify", "-l", ledger).exit_code == 0


def test_a_column_that_was_filled_since_keeps_its_head(ledger: Path, run: Run) -> None:
    run("forms", "update", "-y", "-l", ledger)
    by_hand(ledger, lambda book: book["整改任务"].__setitem__("AG4", "晴"))
    undone = run("history", "undo", "2", "-y", "-l", ledger)
    assert "不动　整改任务 表头 天气：这一列后来填了内容" in undone.stdout
    assert load(ledger.read_bytes())["整改任务"]["AG3"].value == "天气"


def test_a_column_that_is_there_under_any_accepted_head_is_not_added(ledger: Path, run: Run) -> None:
    by_hand(ledger, lambda book: book["整改任务"].__setitem__("AG3", "* 天 气（必填）"))
    assert run("forms", "update", "-n", "-l", ledger).stdout.splitlines()[0] == "列　看过日期　放在〈整改任务〉AH3"


def test_what_an_office_has_typed_at_the_right_stays_where_it_is(ledger: Path, run: Run) -> None:
    def work(book: Any) -> None:
        book["整改任务"]["AG3"], book["整改任务"]["AG4"], book["整改任务"]["AI9"] = "领导批示", "已阅", "合计 3 件"

    by_hand(ledger, work)
    shown = run("forms", "update", "-y", "-l", ledger).stdout.splitlines()
    assert [line.split("　")[2] for line in shown[:2]] == ["放在〈整改任务〉AH3", "放在〈整改任务〉AJ3"]
    sheet = load(ledger.read_bytes())["整改任务"]
    assert (sheet["AG4"].value, sheet["AI9"].value, sheet["AI3"].value) == ("已阅", "合计 3 件", None)


def test_a_hand_edit_is_kept_and_recorded_first(ledger: Path, run: Run) -> None:
    run("validate", "-l", ledger)
    by_hand(ledger, lambda book: book["整改任务"].__setitem__("C4", "手工改的"))
    done = run("forms", "update", "-y", "-l", ledger)
    assert done.stderr.startswith("台账有 1 处手工修改，已记下")
    assert load(ledger.read_bytes())["整改任务"]["C4"].value == "手工改的"


def test_an_office_that_had_the_column_of_its_own_keeps_a_record_that_can_be_replayed(
    make_ledger: Make, tmp_path: Path, run: Run
) -> None:
    path = make_ledger([{}, {}])
    run("validate", "-l", path)
    by_hand(path, lambda book: book["整改任务"].__setitem__("AG3", "天气"))
    run("validate", "-l", path)
    by_hand(path, lambda book: book["整改任务"].__setitem__("AG4", "晴"))
    run("validate", "-l", path)
    assert "记录完整，共 3 次。\n" in run("history", "verify", "-l", path).output
    with newer_forms(tmp_path / "新版"):
        assert "记录完整，共 3 次。\n" in run("history", "verify", "-l", path).output
        assert run("forms", "update", "-y", "-l", path).exit_code == 0
        assert "记录完整，共 4 次。\n" in run("history", "verify", "-l", path).output


def test_an_own_sheet_with_the_name_of_a_later_register_stops_nobody(ledger: Path, run: Run) -> None:
    by_hand(ledger, lambda book: book.create_sheet("天气记录").__setitem__("A1", "我自己记的"))
    done = run("forms", "update", "-y", "-l", ledger)
    assert (done.exit_code, done.stdout.splitlines()[:3]) == (1, SHOWN.splitlines()[:3])
    assert done.stdout.splitlines()[3:] == [
        "没有加：台账里有一张〈天气记录〉，却不是这张登记表（认不出表头），没有动。"
        "请先把它改个名字（例如 自用天气记录），再启用。"
    ]
    assert run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", ledger).exit_code == 0


def test_an_own_sheet_with_the_name_and_some_heads_of_a_later_register_stops_nobody(
    make_ledger: Make, tmp_path: Path, run: Run
) -> None:
    path = make_ledger([{}])
    by_hand(path, lambda book: book.create_sheet("天气记录"))
    run("validate", "-l", path)
    by_hand(path, lambda book: book["天气记录"].append(("天气编号", "日期", "我的")))
    by_hand(path, lambda book: book["天气记录"].append(("TQ-001", "2022-03-01", "记着")))
    run("validate", "-l", path)
    with newer_forms(tmp_path / "新版"):
        assert run("validate", "-l", path, "--only", "head-missing", "--only", "sheet-missing").exit_code == 0
        assert run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", path).exit_code == 0
        # Its cells were recorded by their place, they are read by code now.
        assert "记录完整，共 " in run("history", "verify", "-l", path).output
        run("forms", "update", "-y", "-l", path)
        assert load(path.read_bytes())["天气记录"]["C2"].value == "记着"
        assert "记录完整，共 " in run("history", "verify", "-l", path).output


def test_a_later_register_under_another_name_is_asked_about(ledger: Path, run: Run) -> None:
    by_hand(ledger, lambda book: book.remove(book["延期申请"]))
    assert "登记表　延期申请　放在最后" in run("forms", "update", "-n", "-l", ledger).stdout
    assert run("forms", "enable", "延期申请", "-y", "-l", ledger).exit_code == 0
    by_hand(ledger, lambda book: setattr(book["延期申请"], "title", "延期"))
    done = run("forms", "update", "-n", "-l", ledger)
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1] == (
        "没有加：〈延期〉的表头像〈延期申请〉：就是它的，请把表名改回〈延期申请〉；"
        f"不是的，请运行 taizhang forms enable 延期申请 -l {ledger}。"
    )


def test_a_register_without_which_the_ledger_works_is_added_too(ledger: Path, run: Run) -> None:
    by_hand(ledger, lambda book: book.remove(book["督办单"]))
    assert "登记表　督办单　放在最后" in run("forms", "update", "-n", "-l", ledger).stdout
    assert run("forms", "update", "-y", "-l", ledger).exit_code == 0
    assert "slips" in read_ledger(ledger, standard_forms()).registers


def test_a_ledger_whose_heads_are_broken_is_mended_first(ledger: Path, run: Run) -> None:
    by_hand(ledger, lambda book: book["整改任务"].__setitem__("S3", "情况"))
    result = run("forms", "update", "-y", "-l", ledger)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "缺少“状态”列" in result.stderr


def test_rules_without_a_place_are_left_with_the_cure(ledger: Path, run: Run) -> None:
    def lose(book: Any) -> None:
        page = book["参数"]
        for row in page.iter_rows(min_row=4, max_row=4):
            for cell in row:
                if cell.value == "数值":
                    cell.value = "数"

    by_hand(ledger, lose)
    done = run("forms", "update", "-n", "-l", ledger)
    assert done.exit_code == 1
    assert "没有加：〈参数〉“亮灯”这一块缺表头“数值”，规则没有地方写，请恢复表头再运行。" in done.stdout


def test_a_table_that_cannot_take_the_columns_is_left_with_the_cure_and_the_rest_is_added(
    ledger: Path, run: Run
) -> None:
    def tabled(book: Any) -> None:
        from openpyxl.worksheet.table import Table

        page = book["整改任务"]
        page.auto_filter.ref = None
        page.add_table(Table(displayName="任务表", ref="A3:AF5"))
        page["AG4"] = "批示"

    by_hand(ledger, tabled)
    done = run("forms", "update", "-y", "-l", ledger)
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        *SHOWN.splitlines()[2:],
        "没有加：〈整改任务〉是表格（Ctrl+T），右边紧挨着的一列不空，新列接不上；请把那里的内容移开，"
        "或在 Excel 里把表格拉到那里，再运行。",
    ]


@pytest.mark.parametrize("work", [lambda path: path.chmod(0o444)], ids=["read-only"])
def test_a_ledger_that_cannot_be_written_stays_as_it_is(work: Callable[[Path], None], ledger: Path, run: Run) -> None:
    before = ledger.read_bytes()
    work(ledger)
    result = run("forms", "update", "-y", "-l", ledger)
    assert (result.exit_code, ledger.read_bytes() == before) == (2, True)
    assert "设成了只读，没有写" in result.stderr


def _lose_colours(book: Any, note: str = "") -> None:
    """Take the head 颜色 with its column out of 亮灯, as before it came; ``note`` then stands right of the block."""
    page = book["参数"]
    column = next(cell.column for cell in page[4] if cell.value == "颜色")
    page.delete_cols(column)
    page.cell(5, column + 1).value = note or None


def _colours(ledger: Path) -> dict[str, Any]:
    settings = read_ledger(ledger, standard_forms()).settings
    return dict(settings.thresholds.colours)


def test_lights_of_an_old_ledger_are_given_their_colours_between_two_blocks(make_ledger: Make, run: Run) -> None:
    path = make_ledger([{}])
    whole = load(path.read_bytes())["参数"]
    by_hand(path, _lose_colours)
    shown = (
        "参数　亮灯的颜色　放在〈参数〉Y4　亮什么灯：红、橙、黄、蓝里写一个，空着的照原来的颜色；这一列窄，可以拉宽。\n"
    )
    assert "1 栏参数" in run("validate", "-l", path).stdout
    planned = run("forms", "update", "-n", "-l", path)
    assert (planned.exit_code, planned.stdout) == (0, shown)
    before = read_ledger(path, standard_forms()).settings
    assert run("forms", "update", "-y", "-l", path).exit_code == 0
    page = load(path.read_bytes())["参数"]
    assert [page.cell(4, column).value for column in range(22, 28)] == ["规则", "数值", "说明", "颜色", "事件", "日期"]
    assert [cell.value for row in whole.iter_rows(5, 40, 27, 31) for cell in row] == [
        cell.value for row in page.iter_rows(5, 40, 26, 30) for cell in row
    ]
    after = read_ledger(path, standard_forms()).settings
    assert (after.thresholds, after.events) == (before.thresholds, before.events)
    assert (run("validate", "-l", path).stdout, run("forms", "update", "-y", "-l", path).stdout) == ("", "")

    def paint(book: Any) -> None:
        row = next(row for row in range(5, 40) if book["参数"].cell(row, 22).value == "临期天数")
        book["参数"].cell(row, 25).value = "蓝"

    by_hand(path, paint)
    assert {name: str(light) for name, light in _colours(path).items()} == {"due_soon": "■ 蓝"}
    assert run("validate", "-l", path).exit_code == 0
    assert run("history", "verify", "-l", path).exit_code == 0


def test_branches_of_an_old_ledger_are_given_their_aliases(make_ledger: Make, run: Run) -> None:
    path = make_ledger([{}])
    by_hand(path, _lose_aliases)
    assert "1 栏参数" in run("validate", "-l", path).stdout
    assert run("forms", "update", "-y", "-l", path).stdout == (
        "参数　党支部的别名　放在〈参数〉M4　原来的名称和大家常用的叫法，用顿号隔开；这一列窄，可以拉宽。\n"
    )
    assert (run("validate", "-l", path).stdout, run("forms", "update", "-y", "-l", path).stdout) == ("", "")

    def write(book: Any) -> None:
        for column, words in zip(range(11, 14), ("综合党支部", "财务处", "机关第一党支部"), strict=True):
            book["参数"].cell(5, column).value = words

    by_hand(path, write)
    assert read_ledger(path, standard_forms()).settings.branch_aliases == {"综合党支部": ("机关第一党支部",)}
    assert run("history", "verify", "-l", path).exit_code == 0


def _lose_aliases(book: Any) -> None:
    """Take the head 别名 with its column out of 党支部, as before it came."""
    page = book["参数"]
    block = next(cell.column for cell in page[4] if cell.value == "党支部")
    page.delete_cols(next(cell.column for cell in page[4] if cell.value == "别名" and cell.column > block))


def test_without_room_for_the_colours_it_is_said_why_and_what_to_do(make_ledger: Make, run: Run) -> None:
    path = make_ledger([{}])
    by_hand(path, lambda book: _lose_colours(book, "自己记的"))
    done = run("forms", "update", "-y", "-l", path)
    assert (done.exit_code, done.stdout) == (
        1,
        "没有加：〈参数〉“亮灯”右边一列不空，加不上“颜色”这一栏，灯照原来的颜色亮；"
        "要改颜色的，请在“亮灯”最后一个表头右边插入一列，再运行一次。\n",
    )
    assert run("validate", "-l", path).stdout == ""
