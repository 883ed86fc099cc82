"""What counts as returned, and what is refused before any question: unfilled forms, own files, unsafe plans."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from support.fixtures import Run
from support.returned import fill, findings, template, type_into, value
from support.returned_files import by_hand, edit_xml


@pytest.fixture
def issued(make_issued: Callable[..., Path]) -> Path:
    return make_issued([{"progress": 45}, {"department": "党委办公室"}])


def test_issued_forms_that_nobody_filled_are_not_returns(issued: Path, run: Run) -> None:
    result = run("merge", template(issued).parent, "-l", issued, "--yes")
    assert sorted(findings(result)) == [("", "absent"), ("", "absent"), ("", "untouched"), ("", "untouched")]
    assert "这是 2022-03 期下发给财务处的原表，没有人填过，没有采用" in result.stdout
    assert "应报 2 个部门，已报 0 个" in result.stderr
    assert sorted(path.name for path in (issued.parent / "回执" / "2022-03").iterdir()) == ["回收情况.xlsx"]


def test_the_form_beside_the_filled_one_is_no_second_version(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}})
    shutil.copy(template(issued), issued.parent / "报送" / "原表.xlsx")
    result = run("merge", "-l", issued, "--yes")
    assert [check for _, check in findings(result)] == ["absent", "untouched"]
    assert value(issued, "RW-001", "progress") == "0.6"


def test_a_form_of_an_earlier_issue_is_known_too(issued: Path, run: Run) -> None:
    first = template(issued).read_bytes()
    by_hand(issued, lambda book: book["整改任务"].__setitem__("C4", "改了说法"))
    assert run("issue", "-p", "2022-03", "--again", "--as-of", "2022-03-11", "-l", issued).exit_code == 0
    (issued.parent / "报送").mkdir()
    (issued.parent / "报送" / "财务处.xlsx").write_bytes(first)
    assert ("", "untouched") in findings(run("merge", "-l", issued, "--yes"))


def test_a_form_saved_without_a_change_is_no_return(issued: Path, run: Run) -> None:
    """Opening and saving the file says nothing; that there is nothing new is said by the tick."""
    fill(issued, {})
    result = run("merge", "-l", issued, "--yes")
    assert findings(result) == [("", "untouched"), ("", "absent")]
    assert (
        "财务处.xlsx: untouched: 这份表和下发时一样：下发的 1 行里没有一行说了本期的情况，没有采用，财务处还算没有报。"
        "请每行写一句“本期进展”；没有进展的，在“本期无变化”选“是”，存好再报。\n"
    ) in result.stdout
    assert "应报 2 个部门，已报 0 个；未报 2 个：党委办公室、财务处。" in result.stderr
    assert (issued.parent / "回执" / "2022-03" / "财务处_请修改.xlsx").exists()
    fill(issued, {"RW-001": {"unchanged": "是"}})
    result = run("merge", "-l", issued, "--yes")
    assert (findings(result), value(issued, "RW-001", "unchanged")) == ([("", "absent")], "是")
    assert "应报 2 个部门，已报 1 个" in result.stderr
    assert (issued.parent / "回执" / "2022-03" / "财务处_回执.xlsx").exists()
    assert not (issued.parent / "回执" / "2022-03" / "财务处_请修改.xlsx").exists()


def test_in_the_ledgers_own_folder_only_what_was_sent_in_is_read(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}})
    run("merge", "-l", issued, "--yes")
    result = run("merge", issued.parent, "-l", issued, "--yes")
    assert (findings(result), "党委办公室（未报）" in result.stdout) == ([("", "absent")], True)


def test_a_file_named_for_another_department_is_said(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}}, name="党委办公室")
    result = run("merge", "-l", issued, "--yes")
    assert "党委办公室.xlsx: identity: 提示：文件名像是党委办公室的，表却是下发给财务处的" in result.stdout
    assert value(issued, "RW-001", "progress") == "0.6"


def test_departments_are_named_with_their_period_where_several_are_merged(issued: Path, run: Run) -> None:
    run("issue", "-p", "2022-04", "--as-of", "2022-04-10", "-l", issued)
    for period in ("2022-03", "2022-04"):
        target = issued.parent / "报送" / period / "财务处.xlsx"
        target.parent.mkdir(parents=True)
        type_into(issued.parent / "下发" / period / "财务处.xlsx", {"整改任务": {(4, 9): "有进展"}}, target)
    result = run("merge", "--all", "-l", issued, "--dry-run")
    assert result.stdout.startswith("汇总 2022-03、2022-04 期。\n")
    for period in ("2022-03", "2022-04"):
        assert f"{period} 财务处（财务处.xlsx）：" in result.stdout
        assert f"{period} 党委办公室（未报）：" in result.stdout


def test_an_enabled_register_whose_heads_are_gone_stops_the_merge_of_what_was_issued(issued: Path, run: Run) -> None:
    """Rows typed below it would be skipped silently, and the department told that rows are missing."""
    form = "思想动态"
    assert run("forms", "enable", form, "--yes", "-l", issued).exit_code == 0
    run("issue", "-p", "2022-04", "--as-of", "2022-04-10", "-l", issued)
    by_hand(issued, lambda book: book[form].delete_rows(3))
    target = issued.parent / "报送" / "财务处.xlsx"
    target.parent.mkdir()
    type_into(issued.parent / "下发" / "2022-04" / "财务处.xlsx", {"整改任务": {(4, 9): "有进展"}}, target)
    result = run("merge", "-l", issued, "--yes")
    assert (result.exit_code, f"〈{form}〉下发过，台账里现在读不到" in result.stderr) == (2, True)


@pytest.mark.parametrize("asked", [("--dry-run",), ()])
@pytest.mark.parametrize(
    ("sheet", "cell", "content", "told"),
    [
        ("规章制度", "Z14", "图例", "〈规章制度〉Z14 有内容"),
        ("整改任务", "T4", "=0.4+0.05", "〈整改任务〉T4 是公式"),
    ],
)
def test_what_cannot_be_written_is_said_before_anybody_agrees(
    asked: tuple[str, ...], sheet: str, cell: str, content: str, told: str, issued: Path, run: Run
) -> None:
    by_hand(issued, lambda book: book[sheet].__setitem__(cell, content))
    page = openpyxl.load_workbook(template(issued))["规章制度"]
    new = {"name": "乙", "action": "改", "planned": "2022-06-30", "outcome": "起草中"}
    if sheet == "规章制度":
        fill(issued, {page["A4"].value: new}, form="regulations")
    else:
        edit_xml(issued, sheet, lambda xml: re.sub(r"(<f>0\.4\+0\.05</f>)<v ?/?>(</v>)?", r"\1<v>0.45</v>", xml))
        fill(issued, {"RW-001": {"progress": 0.6}})
    result = run("merge", "-l", issued, *asked)
    assert (result.exit_code, told in result.stderr) == (2, True), result.output
    assert "吗？" not in result.stderr
