"""套表: which sheets of a form are filled, with which measures: of a department, an aspect, those not finished."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from support.fixtures import Run
from support.outside_forms import AS_OF, HEADS, form
from support.returned_files import old_xls
from taizhang.office.pdf import NoPdf
from xlsxwriter import Workbook


def book_of(path: Path, sheets: Mapping[str, str], rows: int = 5, heads: Sequence[str] = HEADS) -> Path:
    """Make a form with sheets of the same heads, each under its title."""
    book = Workbook(path)
    frame = book.add_format({"border": 1})
    for name, title in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.write(0, 0, title)
        sheet.write_row(1, 0, heads, frame)
        for row in range(2, 2 + rows):
            sheet.write_row(row, 0, [""] * len(heads), frame)
    book.close()
    return path


def listed(ledger: Path, source: Path, sheet: str) -> list[tuple[Any, ...]]:
    book = load_workbook(ledger.parent / "报表" / f"{source.stem}_已填_2022-03-31.xlsx")
    rows = [tuple(cell.value for cell in row[:3]) for row in book[sheet].iter_rows(min_row=3)]
    return [row for row in rows if row[0] or row[1]]


def test_a_sheet_for_each_department_gets_its_own_measures(ledger: Path, tmp_path: Path, run: Run) -> None:
    own = book_of(tmp_path / "部门.xlsx", {"财务处": "", "党委办公室": ""}, rows=1)
    result = run("fill", own, "-l", ledger, "--as-of", AS_OF, "-y")
    assert result.exit_code == 0, result.stderr
    assert [line for line in result.stdout.splitlines() if line.startswith("只填")] == [
        "只填“财务处”：填 2 行，一行一项措施。",
        "只填“党委办公室”：填 1 行，一行一项措施。",
    ]
    assert listed(ledger, own, "财务处") == [
        (1, "学习不够深入", "制定学习计划"),
        (2, "下乡走访偏少", "每月走访一次"),
    ]
    assert listed(ledger, own, "党委办公室") == [(1, "学习不够深入", "修订值班制度")]


def test_a_sheet_for_each_aspect_gets_its_own_problems(ledger: Path, tmp_path: Path, run: Run) -> None:
    source = book_of(tmp_path / "报表.xlsx", {"深学笃用": "", "表2": "在担当作为方面的整改情况"})
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert result.exit_code == 0, result.stderr
    assert [row[2] for row in listed(ledger, source, "深学笃用")] == ["制定学习计划", "修订值班制度", "每月走访一次"]
    assert listed(ledger, source, "表2") == [(1, "没有人管的事", None)]


@pytest.mark.parametrize(
    ("title", "said", "measures"),
    [
        ("未完成整改事项清单", "没有办结的", ["修订值班制度", "每月走访一次", None]),
        ("已完成整改任务清单", "已经办结的", ["制定学习计划"]),
        ("责任部门：财务处", "“财务处”", ["制定学习计划", "每月走访一次"]),
        ("已完成和未完成整改事项清单", "", ["制定学习计划", "修订值班制度", "每月走访一次", None]),
    ],
)
def test_a_title_says_which_measures_are_wanted(
    title: str, said: str, measures: list[str | None], ledger: Path, tmp_path: Path, run: Run
) -> None:
    source = book_of(tmp_path / "报表.xlsx", {"表": title})
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert result.exit_code == 0, result.stderr
    assert [row[2] for row in listed(ledger, source, "表")] == measures
    scope = f"只填{said}：" if said else ""
    assert f"\n{scope}填 {len(measures)} 行，一行一项措施。\n" in result.stdout


def test_two_sheets_that_ask_for_everything_are_refused_with_the_cure(ledger: Path, tmp_path: Path, run: Run) -> None:
    source = book_of(tmp_path / "报表.xlsx", {"表一": "", "表二": ""})
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "报表.xlsx 里有 2 张表可以填：〈表一〉、〈表二〉，请用 --sheet 写明是哪一张。" in result.stderr
    assert run("fill", source, "-l", ledger, "--as-of", AS_OF, "--sheet", "表二", "-y").exit_code == 0


def test_a_row_of_totals_is_known_by_its_formulas(ledger: Path, tmp_path: Path, run: Run) -> None:
    def draw(_: Workbook, sheet: Any) -> None:
        sheet.write(4, 0, "平均进度")
        sheet.write_formula(4, 4, "=AVERAGE(E3:E4)")

    heads = ("序号", "存在问题", "整改措施", "责任单位", "完成进度")
    source = form(tmp_path / "月报.xlsx", 2, heads=heads, draw=draw)
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert "将在第 4 行下面插入 2 行，照第 4 行的样子" in result.stdout
    path = ledger.parent / "报表" / "月报_已填_2022-03-31.xlsx"
    assert [cell.value for cell in load_workbook(path)["附件1"]["A"]][2:] == [1, 2, 3, 4, "平均进度"]
    assert load_workbook(path)["附件1"]["E7"].value == "=AVERAGE(E3:E6)"


def test_a_running_number_by_formula_is_no_total(ledger: Path, tmp_path: Path, run: Run) -> None:
    def draw(_: Workbook, sheet: Any) -> None:
        for row in range(3, 8):
            sheet.write_formula(row - 1, 0, f"=COUNTA(A$2:A{row - 1})")

    source = form(tmp_path / "月报.xlsx", 5, draw=draw)
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert "填 4 行，一行一项措施。" in result.stdout


def test_a_row_that_numbers_the_columns_belongs_to_the_heads(ledger: Path, tmp_path: Path, run: Run) -> None:
    source = form(tmp_path / "月报.xlsx", 5, draw=lambda _, sheet: sheet.write_row(2, 0, ["甲", "乙", *range(1, 7)]))
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert result.exit_code == 0, result.stderr
    path = ledger.parent / "报表" / "月报_已填_2022-03-31.xlsx"
    assert [cell.value for cell in load_workbook(path)["附件1"]["C"]][2:6] == [
        1,
        "制定学习计划",
        "修订值班制度",
        "每月走访一次",
    ]


def test_a_note_below_may_want_a_row_for_each_problem(ledger: Path, tmp_path: Path, run: Run) -> None:
    draw = lambda _, sheet: sheet.write(6, 0, "注：一个问题填一行，措施逐条写明。")  # noqa: E731
    result = run("fill", form(tmp_path / "清单.xlsx", 4, draw=draw), "-l", ledger, "--as-of", AS_OF, "-y")
    assert "填 3 行，一行一个问题。" in result.stdout


def test_both_heads_for_the_day_of_closing_get_it(ledger: Path, tmp_path: Path, run: Run) -> None:
    heads = ("存在问题", "整改措施", "责任单位", "实际完成时间", "销号时间")
    source = form(tmp_path / "时间表.xlsx", 4, heads=heads)
    run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    path = ledger.parent / "报表" / "时间表_已填_2022-03-31.xlsx"
    assert [cell.value for cell in load_workbook(path)["附件1"][3]][3:] == ["2022年2月1日", "2022年2月1日"]


def card(path: Path, *problems: str) -> Path:
    """Make a form with a card for each problem on a sheet of its own."""
    book = Workbook(path)
    frame = book.add_format({"border": 1, "text_wrap": True})
    for number, problem in enumerate(problems, 1):
        sheet = book.add_worksheet(f"登记卡{number}")
        sheet.write(0, 0, "问题整改登记卡")
        for row, labels in enumerate(
            (("问题编号", "所属方面"), ("问题",), ("整改措施",), ("责任部门", "联系电话"), ("是否完成", "整改进展")), 1
        ):
            for place, label in enumerate(labels):
                sheet.write(row, 2 * place, label, frame)
                sheet.write_blank(row, 2 * place + 1, None, frame)
        if problem:
            sheet.write(2, 1, problem, frame)
    book.close()
    return path


def test_a_card_is_filled_with_the_problem_that_it_names(ledger: Path, tmp_path: Path, run: Run) -> None:
    source = card(tmp_path / "卡.xlsx", "学习不够深入", "下乡走访偏少")
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert (result.exit_code, result.stdout[: result.stdout.index("卡.xlsx〈登记卡2〉")]) == (
        0,
        "卡.xlsx〈登记卡1〉：一格一格地填。\n"
        "  A2 问题编号 → B2 不填\n"
        "  C2 所属方面 → D2 填“方面”\n"
        "  A4 整改措施 → B4 填“整改措施”\n"
        "  A5 责任部门 → B5 填“牵头部门”\n"
        "  C5 联系电话 → D5 不填\n"
        "  A6 是否完成 → B6 填“状态”\n"
        "  C6 整改进展 → D6 填“本期进展”\n"
        "填 5 格。\n"
        "请核对：“问题编号”、“联系电话”留空，要人填：台账里没有，或不往上报。\n",
    )
    book = load_workbook(ledger.parent / "报表" / "卡_已填_2022-03-31.xlsx")
    assert [[cell.value for cell in row] for row in book["登记卡1"].iter_rows(min_row=2)] == [
        ["问题编号", None, "所属方面", "在深学笃用方面"],
        ["问题", "学习不够深入", None, None],
        ["整改措施", "1.制定学习计划\n2.修订值班制度", None, None],
        ["责任部门", "财务处、党委办公室", "联系电话", None],
        ["是否完成", "否", "整改进展", "1.计划已印发\n2.初稿写完"],
    ]
    assert book["登记卡2"]["B4"].value == "每月走访一次"


def test_a_card_that_names_no_problem_is_refused_with_the_cure(ledger: Path, tmp_path: Path, run: Run) -> None:
    result = run("fill", card(tmp_path / "卡.xlsx", ""), "-l", ledger, "--as-of", AS_OF, "-y")
    assert (result.exit_code, result.stdout) == (2, "")
    assert (
        "这张表是一个问题填一张的登记卡，还没有写是哪个问题，没有写。"
        "请在“问题”旁边那一格写上问题，一个问题一张工作表，再运行。"
    ) in result.stderr


HAS_OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.mark.slow
@pytest.mark.skipif(not HAS_OFFICE, reason="LibreOffice is not installed")
@pytest.mark.parametrize("name", ["旧.xls", "旧.et"])
def test_an_old_format_is_filled_in_an_xlsx_beside_it(name: str, ledger: Path, tmp_path: Path, run: Run) -> None:
    def work(_: Any, page: Any) -> None:
        page.write_merge(6, 6, 0, 3, "填表人：")

    source = tmp_path / name
    source.write_bytes(old_xls([list(HEADS)], "附件1", work))
    before = source.read_bytes()
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines()[:2] == [
        f"{name} 不是 .xlsx：先转成 .xlsx 再填，内容核对过；字体、行高、页面可能有变，请看一遍。",
        f"{name}〈附件1〉：表头在第 1 行。",
    ]
    sheet = load_workbook(ledger.parent / "报表" / "旧_已填_2022-03-31.xlsx")["附件1"]
    assert [cell.value for cell in sheet["C"]][:5] == ["整改措施", "制定学习计划", "修订值班制度", "每月走访一次", None]
    assert (sheet["A7"].value, source.read_bytes()) == ("填表人：", before)


def test_an_old_format_without_libreoffice_is_refused_with_the_cure(
    ledger: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_program(*_: Any) -> bytes:
        raise NoPdf("没有")

    monkeypatch.setattr("taizhang.transactions.fill.convert", no_program)
    source = tmp_path / "旧.xls"
    source.write_bytes(old_xls([list(HEADS)], "附件1"))
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert (result.exit_code, result.stdout) == (2, "")
    assert (
        "旧.xls 不是 .xlsx，这台电脑又没有 LibreOffice，转不了。请用 Excel 或 WPS 另存为 .xlsx 再运行。"
    ) in result.stderr


def test_an_old_format_that_changes_when_it_is_converted_is_refused(
    ledger: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = form(tmp_path / "别的.xlsx", 2).read_bytes()
    monkeypatch.setattr("taizhang.transactions.fill.convert", lambda *_: other)
    source = tmp_path / "旧.xls"
    source.write_bytes(old_xls([list(HEADS)], "附件1"))
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "旧.xls 不是 .xlsx，转成 .xlsx 以后和原来不一样，没有填。" in result.stderr


def test_the_ledger_of_today_may_be_used_for_a_past_day(ledger: Path, tmp_path: Path, run: Run) -> None:
    result = run("fill", form(tmp_path / "表.xlsx", 4), "-l", ledger, "--as-of", AS_OF, "--current", "-y")
    assert (result.exit_code, "history" in result.stderr) == (0, False)
