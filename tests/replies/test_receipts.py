"""Receipts: the department's own file with wrong cells marked, and the text if all is well or marking is impossible."""

from __future__ import annotations

import time
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support import failing_work
from support.fixtures import Run
from support.ledgers import load
from support.returned import edit, fill, findings, type_into, value
from support.returned_files import old_xls
from taizhang.forms.load import standard_forms
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding
from taizhang.replies import write
from taizhang.replies.receipt_sheet import receipt_file
from taizhang.replies.receipts import FindingGroup, Receipt
from taizhang.system.files import StoreError
from taizhang.system.worker import Worker
from taizhang.workbook.places import Place
from taizhang.workbook.reader import Workbook, read_workbook

pytestmark = pytest.mark.slow

IDENTITY_NUMBER = "11010519491231002X"


@pytest.fixture
def issued(make_issued: Callable[..., Path]) -> Path:
    """A ledger with two tasks of 财务处 and one of 党委办公室, issued for 2022-03."""
    return make_issued([{}, {}, {"code": "RW-017", "department": "党委办公室", "statement": "党办的事"}])


def receipts(ledger: Path, period: str = "2022-03") -> list[str]:
    """Return the names of the files written into 回执, without 回收情况."""
    folder = ledger.parent / "回执" / period
    return sorted(path.name for path in folder.glob("*.xlsx") if path.name != "回收情况.xlsx")


def receipt(ledger: Path, name: str) -> openpyxl.Workbook:
    return load((ledger.parent / "回执" / "2022-03" / name).read_bytes())


def words(book: openpyxl.Workbook, sheet: str | None = None) -> str:
    """Return everything on a sheet (the first one), one line per row."""
    rows = (book[sheet] if sheet else book.worksheets[0]).iter_rows(values_only=True)
    return "\n".join("|".join(str(cell) for cell in row if cell is not None) for row in rows)


def members(path: Path) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            yield name, package.read(name).decode("utf-8", "replace")


def test_a_clean_file_gets_a_short_receipt(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": "８０％", "update": "约谈 3 个支部"}})
    result = run("merge", "-l", issued, "--yes")
    assert receipts(issued) == ["财务处_回执.xlsx"]
    assert "财务处_回执.xlsx　已采用" in result.stderr
    assert words(receipt(issued, "财务处_回执.xlsx")).splitlines()[:10] == [
        "财务处　2022-03　回执",
        "报来的文件：财务处.xlsx（2022-03-10 08:00 保存）。",
        "下发 2 行 = 采用 1 + 没变 1 + 退回 0 + 冲突 0 + 缺 0。",
        "已记入台账。2 行里 1 行没有说：RW-002。请在这几行写一句“本期进展”，没有进展的在“本期无变化”选“是”，",
        "补报一次。",
        "",
        "采用的内容（2 格）",
        "表|编号|列|原来|记入台账|原文（读法不同时）",
        "整改任务|RW-001|进度|（空）|80%|８０％",
        "整改任务|RW-001|本期进展|（空）|约谈 3 个支部",
    ]


def test_nothing_changed_is_said(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"unchanged": "是"}})
    edit(issued, "RW-001", "unchanged", "是")
    run("merge", "-l", issued, "--yes")
    assert "与台账一致，没有需要改动的格子。" in words(receipt(issued, "财务处_回执.xlsx"))


def test_wrong_cells_come_back_marked_and_listed(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"status": "基本完成"}, "RW-002": {"progress": "八成多", "standard": "随便"}})
    result = run("merge", "-l", issued, "--yes")
    assert receipts(issued) == ["财务处_请修改.xlsx"]
    assert "财务处_请修改.xlsx　要改 2 处，标在原表上" in result.stderr
    book = receipt(issued, "财务处_请修改.xlsx")
    assert book.sheetnames[:2] == ["修改清单", "填报说明"]
    sheet = book["整改任务"]
    marked = {cell.coordinate: cell.fill.fgColor.rgb[2:] for row in sheet for cell in row if cell.comment}
    assert marked == {"F4": "FFC7CE", "G5": "FFC7CE", "E5": "FFE9A8"}
    assert (sheet["F4"].value, "基本完成" in sheet["F4"].comment.text) == ("基本完成", True)
    listed = words(book, "修改清单")
    assert "请修改：不在选项里（1 处）" in listed
    assert "1|〈整改任务〉F4|RW-001|" in listed
    links = [cell.hyperlink.location for row in book["修改清单"] for cell in row if cell.hyperlink]
    assert links == ["'整改任务'!F4", "'整改任务'!G5", "'整改任务'!E5"]


def test_findings_are_grouped_by_cause_with_counts(make_ledger: Callable[..., Path], run: Run) -> None:
    ledger = make_ledger([{}] * 3)
    run("issue", "-p", "2022-03", "-l", ledger)
    fill(ledger, {"RW-001": {"progress": "多"}, "RW-002": {"status": "好"}, "RW-003": {"status": "好"}})
    run("merge", "-l", ledger, "--yes")
    book = load((ledger.parent / "回执" / "2022-03" / "财务处_请修改.xlsx").read_bytes())
    heads = [line for line in words(book).splitlines() if line.startswith("请修改：")]
    assert heads == ["请修改：不在选项里（2 处）", "请修改：百分数读不懂或超出范围（1 处）"]


def test_a_corrected_receipt_merges_as_it_is(issued: Path, run: Run) -> None:
    """Identity and hidden row ids survive; our sheet, comments and colours are ignored; the next receipt is clean."""
    spare = read_workbook(issued.parent / "下发" / "2022-03" / "财务处.xlsx").by_name["规章制度"].value(4, 1)
    fill(issued, {"RW-001": {"status": "基本完成", "update": "一"}, "RW-002": {"progress": 0.3}})
    run("merge", "-l", issued, "--yes")
    marked = issued.parent / "回执" / "2022-03" / "财务处_请修改.xlsx"
    assert read_workbook(marked).by_name["规章制度"].value(4, 1) == spare
    book: Any = openpyxl.load_workbook(marked)
    book["整改任务"]["F4"] = "推进中"
    book["整改任务"]["G4"] = 0.6
    new = {"name": "差旅办法", "action": "改", "planned": "2022-06-30", "outcome": "起草中"}
    titles = {standard_forms()["regulations"].column(key).title: typed for key, typed in new.items()}
    for head in book["规章制度"][3]:
        if str(head.value).lstrip("*") in titles:
            book["规章制度"].cell(4, head.column).value = titles[str(head.value).lstrip("*")]
    book.save(issued.parent / "报送" / "财务处（改）.xlsx")
    (issued.parent / "报送" / "财务处.xlsx").unlink()
    result = run("merge", "-l", issued, "--yes")
    assert "采用 1 + 没变 1 + 退回 0 + 冲突 0 + 缺 0；新增 1 行" in result.stdout
    assert value(issued, "ZD-001", "name", "regulations") == "差旅办法"
    assert receipts(issued) == ["财务处_回执.xlsx"]
    assert (value(issued, "RW-001", "progress"), value(issued, "RW-001", "update")) == ("0.6", "一")


def test_marks_of_the_earlier_receipt_are_taken_away(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"status": "基本完成"}, "RW-002": {"progress": "多"}})
    run("merge", "-l", issued, "--yes")
    marked = issued.parent / "回执" / "2022-03" / "财务处_请修改.xlsx"
    book: Any = openpyxl.load_workbook(marked)
    book["整改任务"]["F4"] = "推进中"
    book.properties.lastModifiedBy = "某部门"
    book.save(issued.parent / "报送" / "财务处.xlsx")
    run("merge", "-l", issued, "--yes")
    again = receipt(issued, "财务处_请修改.xlsx")
    assert again.sheetnames.count("修改清单") == 1
    comments = [cell.coordinate for row in again["整改任务"] for cell in row if cell.comment]
    assert (comments, again["整改任务"]["F4"].fill.fgColor.rgb[2:]) == (["G5"], "FFFBEA")


def test_a_comment_of_the_department_stays(issued: Path, run: Run) -> None:
    from openpyxl.comments import Comment

    path = fill(issued, {"RW-001": {"status": "基本完成"}})
    book = openpyxl.load_workbook(path)
    book["整改任务"]["F4"].comment = Comment("请看附件二", "某岗位")
    book.save(path)
    run("merge", "-l", issued, "--yes")
    text = receipt(issued, "财务处_请修改.xlsx")["整改任务"]["F4"].comment.text
    assert text.startswith("“状态”") and text.endswith("请看附件二")


def test_text_never_becomes_a_formula(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"update": "=1+1", "status": "=cmd"}, "RW-002": {"update": "=整改中"}})
    run("merge", "-l", issued, "--yes")
    path = issued.parent / "回执" / "2022-03" / "财务处_请修改.xlsx"
    sheets = [text for name, text in members(path) if "worksheets/sheet" in name]
    issued_formulas = read_workbook(issued.parent / "下发" / "2022-03" / "财务处.xlsx").by_name["自检"].formulas
    assert sum(text.count("<f>") for text in sheets) == len(issued_formulas)
    assert load(path.read_bytes())["整改任务"]["I4"].data_type == "s"
    fill(issued, {"RW-001": {"update": "=1+1"}})
    run("merge", "-l", issued, "--yes")
    clean = issued.parent / "回执" / "2022-03" / "财务处_回执.xlsx"
    assert not any("<f>" in text for _, text in members(clean))


def test_no_personal_value_in_a_receipt(issued: Path, run: Run) -> None:
    path = fill(issued, {"RW-001": {"update": f"已约谈 {IDENTITY_NUMBER}"}, "RW-002": {"progress": 0.5}})
    type_into(path, {"填报说明": {(20, 1): f"联系人 {IDENTITY_NUMBER}"}})
    result = run("merge", "-l", issued, "--yes")
    receipt_path = issued.parent / "回执" / "2022-03" / "财务处_请修改.xlsx"
    assert ("I4", "personal") in findings(result)
    assert IDENTITY_NUMBER not in result.output
    assert not any(IDENTITY_NUMBER in text for _, text in members(receipt_path))
    assert "去掉" in receipt(issued, "财务处_请修改.xlsx")["整改任务"]["I4"].comment.text


def test_nothing_of_another_department_in_any_receipt(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"status": "基本完成"}})
    fill(issued, {"RW-017": {"progress": 0.4}}, name="党委办公室", department="党委办公室")
    run("merge", "-l", issued, "--yes")
    folder = issued.parent / "回执" / "2022-03"
    assert receipts(issued) == ["党委办公室_回执.xlsx", "财务处_请修改.xlsx"]
    for secret in ("RW-017", "党办的事", "党委办公室"):
        assert not [name for name, text in members(folder / "财务处_请修改.xlsx") if secret in text], secret
    for secret in ("RW-001", "财务处"):
        assert not [name for name, text in members(folder / "党委办公室_回执.xlsx") if secret in text], secret


def test_dry_run_and_no_answer_write_no_receipt(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}, "RW-002": {"status": "好"}})
    run("merge", "-l", issued, "--dry-run")
    run("merge", "-l", issued)
    assert not (issued.parent / "回执").exists()


def test_all_held_back_still_gives_a_receipt(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"status": "好"}})
    run("merge", "-l", issued)
    assert receipts(issued) == ["财务处_请修改.xlsx"]


def test_the_next_receipt_replaces_the_last(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"status": "好"}})
    run("merge", "-l", issued, "--yes")
    fill(issued, {"RW-001": {"status": "推进中", "progress": 0.2}})
    run("merge", "-l", issued, "--yes")
    assert receipts(issued) == ["财务处_回执.xlsx"]


def test_a_receipt_that_somebody_worked_in_is_kept_aside(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"status": "好"}})
    run("merge", "-l", issued, "--yes")
    marked = issued.parent / "回执" / "2022-03" / "财务处_请修改.xlsx"
    book: Any = openpyxl.load_workbook(marked)
    book["整改任务"]["F4"] = "推进中"
    book.properties.lastModifiedBy = "某部门"
    book.save(marked)
    edited = marked.read_bytes()
    result = run("merge", "-l", issued, "--yes")
    kept = list((marked.parent / "以前的").glob("财务处_请修改_*.xlsx"))
    assert [path.read_bytes() for path in kept] == [edited]
    assert "没有盖掉" in result.stderr


def test_a_receipt_given_to_merge_is_never_overwritten(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"status": "好"}})
    run("merge", "-l", issued, "--yes")
    marked = issued.parent / "回执" / "2022-03" / "财务处_请修改.xlsx"
    before = marked.read_bytes()
    run("merge", marked, "-l", issued, "--yes")
    assert marked.read_bytes() == before
    assert receipts(issued) == ["财务处_请修改.xlsx", "财务处_请修改_2.xlsx"]


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"<html>", "像网页"), (b"PK\x03\x04broken", "不完整"), (b"", "空文件")],
)
def test_a_file_that_cannot_be_read_gets_a_receipt_that_says_why(
    issued: Path, run: Run, content: bytes, why: str
) -> None:
    folder = issued.parent / "报送" / "2022-03"
    folder.mkdir(parents=True)
    (folder / "财务处.xlsx").write_bytes(content)
    result = run("merge", "-l", issued, "--yes")
    assert result.exit_code == 1
    text = words(receipt(issued, "财务处_请修改.xlsx"))
    assert why in text and "这份文件没有采用" in text


def test_a_file_that_openpyxl_cannot_open_is_listed_by_cell(issued: Path, run: Run) -> None:
    path = fill(issued, {"RW-001": {"status": "基本完成"}})
    with zipfile.ZipFile(path) as source:
        parts = {info.filename: source.read(info) for info in source.infolist()}
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(b"<fills count", b"<fills broken='1' count", 1)
    start, end = parts["xl/styles.xml"].index(b"<fills"), parts["xl/styles.xml"].index(b"</fills>")
    parts["xl/styles.xml"] = parts["xl/styles.xml"][:start] + b"<fills><fill/>" + parts["xl/styles.xml"][end:]
    with zipfile.ZipFile(path, "w") as target:
        for name, data in parts.items():
            target.writestr(name, data)
    result = run("merge", "-l", issued, "--yes")
    assert "没能在原表上标注：表里有程序不能原样保存的格式" in result.stderr
    text = words(receipt(issued, "财务处_请修改.xlsx"))
    assert "1|整改任务|F4|RW-001|“状态”“基本完成”不在选项里" in text


def _as_old_xls(book: Workbook) -> bytes:
    first, *others = book.sheets

    def add_the_others(old: Any, _: Any) -> None:
        for sheet in others:
            page = old.add_sheet(sheet.name)
            for row, cells in enumerate(sheet.rows):
                for column, raw in enumerate(cells):
                    page.write(row, column, raw)

    return old_xls(first.rows, first.name, add_the_others)


@pytest.mark.libreoffice
def test_an_open_document_is_listed_by_cell(issued: Path, run: Run, soffice: Callable[..., Path]) -> None:
    path = fill(issued, {"RW-001": {"status": "基本完成"}})
    (issued.parent / "saved").mkdir()
    saved = soffice(path, "ods", issued.parent / "saved")
    _assert_listed_by_cell(issued, run, saved)


def test_an_old_format_is_listed_by_cell(issued: Path, run: Run) -> None:
    path = fill(issued, {"RW-001": {"status": "基本完成"}})
    saved = path.with_suffix(".xls")
    saved.write_bytes(_as_old_xls(read_workbook(path)))
    _assert_listed_by_cell(issued, run, saved)


def _assert_listed_by_cell(issued: Path, run: Run, saved: Path) -> None:
    run("merge", saved, "-l", issued, "--yes")
    text = words(receipt(issued, "财务处_请修改.xlsx"))
    assert "另存为 .xlsx" in text and "整改任务|F4|RW-001|" in text


def test_an_encrypted_file_is_told_how_to_lose_its_password(issued: Path, run: Run) -> None:
    import io

    import msoffcrypto
    from msoffcrypto.format.ooxml import OOXMLFile

    assert msoffcrypto
    path = fill(issued, {"RW-001": {"progress": 0.2}})
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(path.read_bytes())).encrypt("secret", target)
    path.write_bytes(target.getvalue())
    result = run("merge", "-l", issued, "-p", "2022-03", "--yes")
    assert result.exit_code == 1
    assert "去掉密码" in words(receipt(issued, "财务处_请修改.xlsx"))


def test_the_receipt_of_a_refused_file_says_nothing_about_commands(issued: Path, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "无标识.xlsx"
    openpyxl.Workbook().save(path)
    run("merge", path, "-l", issued, "-p", "2022-03", "--yes")
    text = words(receipt(issued, "无标识_请修改.xlsx"))
    assert "认不出是哪个部门、哪一期。请部门用下发的模板填报。" in text and "--as" not in text


def test_a_conflict_is_the_offices_and_not_the_departments_to_mend(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}})
    edit(issued, "RW-001", "progress", 0.5)
    run("merge", "-l", issued, "--yes")
    assert receipts(issued) == ["冲突裁决.xlsx", "财务处_回执.xlsx"]
    text = words(receipt(issued, "财务处_回执.xlsx"))
    assert "由办公室裁决" in text and "整改任务|RW-001|进度|（空）|60%|50%" in text


@pytest.mark.parametrize("wrong", [{"status": "好"}, {}])
def test_every_receipt_encodes_to_gbk(issued: Path, run: Run, wrong: dict[str, Any]) -> None:
    fill(issued, {"RW-001": wrong})
    run("merge", "-l", issued, "--yes")
    for name in receipts(issued):
        for sheet in receipt(issued, name).worksheets:
            for row in sheet.iter_rows(values_only=True):
                for cell in row:
                    str(cell).encode("gbk")


def test_merging_once_more_keeps_the_receipt_that_says_what_was_taken(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}})
    run("merge", "-l", issued, "--yes")
    result = run("merge", "-l", issued, "--yes")
    assert "整改任务|RW-001|进度|（空）|60%" in words(receipt(issued, "财务处_回执.xlsx"))
    assert "财务处_回执" not in result.stderr


def test_merging_once_more_leaves_the_marked_copy_and_the_bases_alone(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"status": "好"}, "RW-002": {"progress": 0.4}})
    run("merge", "-l", issued, "--yes")
    run("merge", "-l", issued, "--yes")  # values already taken are not new: the copy reports that once
    marked = issued.parent / "回执" / "2022-03" / "财务处_请修改.xlsx"
    kept = [marked, *sorted((issued.parent / "history" / "issued" / "2022-03").glob("*.json"))]
    before = [(path.stat().st_ino, path.read_bytes()) for path in kept]
    result = run("merge", "-l", issued, "--yes")
    assert (result.exit_code, "请修改.xlsx" in result.stderr) == (1, False)
    assert [(path.stat().st_ino, path.read_bytes()) for path in kept] == before
    fill(issued, {"RW-001": {"status": "也好"}, "RW-002": {"progress": 0.4}})
    assert "财务处_请修改.xlsx　要改 1 处" in run("merge", "-l", issued, "--yes").stderr
    assert marked.read_bytes() != before[0][1]


@pytest.mark.parametrize(
    ("name", "said"), [("回收情况.xlsx", "移到这里\n"), ("财务处_请修改.xlsx", "请把它放到 报送 再汇总\n")]
)
def test_what_a_program_saved_that_keeps_our_name_in_the_file_is_kept_aside_too(
    issued: Path, run: Run, name: str, said: str
) -> None:
    fill(issued, {"RW-001": {"status": "好"}})
    run("merge", "-l", issued, "--yes")
    path = issued.parent / "回执" / "2022-03" / name
    book: Any = openpyxl.load_workbook(path)
    book.worksheets[0]["J5"] = "已电话催办"
    time.sleep(1.1)  # a stamp is a second
    book.save(path)
    edited = path.read_bytes()
    result = run("merge", "-l", issued, "--yes")
    kept = list((path.parent / "以前的").iterdir())
    assert [each.read_bytes() for each in kept] == [edited]
    assert said in result.stderr


def test_what_nobody_worked_in_is_replaced_without_a_word(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"status": "好"}})
    run("merge", "-l", issued, "--yes")
    fill(issued, {"RW-001": {"status": "好", "progress": "多"}})
    assert "没有盖掉" not in run("merge", "-l", issued, "--yes").stderr
    assert not (issued.parent / "回执" / "2022-03" / "以前的").exists()


def test_marking_that_hangs_holds_no_lock_and_loses_nothing(
    issued: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The right cell is in the ledger, the others' receipts exist, and this one is a sheet that gives the reason."""
    fill(issued, {"RW-001": {"status": "好"}, "RW-002": {"progress": 0.5}})
    fill(issued, {"RW-017": {"progress": 0.6}}, name="党委办公室", department="党委办公室")
    before, real = issued.read_bytes(), write.prepare_receipts

    def watched(*given: Any) -> Any:
        ready = real(*given)
        assert issued.read_bytes() == before
        assert not list(issued.parent.glob("history/*lock-owner*"))
        return ready

    monkeypatch.setattr("taizhang.transactions.merge.prepare_receipts", watched)
    monkeypatch.setattr("taizhang.replies.receipt_sheet.mark", failing_work.endless)
    monkeypatch.setattr("taizhang.replies.write.Worker", partial(Worker, 1))
    result = run("merge", "-l", issued, "--yes")
    assert (result.exit_code, receipts(issued)) == (1, ["党委办公室_回执.xlsx", "财务处_请修改.xlsx"])
    assert (value(issued, "RW-002", "progress"), value(issued, "RW-017", "progress")) == ("0.5", "0.6")
    told = words(receipt(issued, "财务处_请修改.xlsx"))
    reason = "在上面标注用的时间或内存太多，不像正常的填报表；下次请填在下发的模板里"
    assert f"没能在您的表上直接标出来（{reason}），下面按单元格列出" in told.replace("\n", "")
    assert f"财务处_请修改.xlsx　要改 1 处，没能在原表上标注：{reason}" in result.stderr


def test_a_name_that_is_too_long_for_the_disk_is_shortened_and_stops_nobody(issued: Path, run: Run) -> None:
    """255 bytes are 85 Chinese characters, and a receipt's name is longer than that of the file."""
    fill(issued, {"RW-001": {"progress": 0.5}})
    for end in "甲乙":
        (issued.parent / "报送" / f"{'很' * 82}{end}.xlsx").write_bytes(b"nothing")
    result = run("merge", "-l", issued, "--yes")
    there = receipts(issued)
    assert (result.exit_code, len(there)) == (1, 3)
    assert [len(name.encode()) < 240 and name.endswith("_请修改.xlsx") for name in there] == [True, True, False]
    assert there[2] == "财务处_回执.xlsx"
    assert receipts(issued) == there == (run("merge", "-l", issued, "--yes"), receipts(issued))[1]


def test_a_number_in_the_name_of_a_file_is_repeated_nowhere(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"status": "好"}}, name="财务处13800138000")
    (issued.parent / "报送" / "李四13800138000.xlsx").write_bytes(b"nothing")
    run("merge", "-l", issued, "--yes")
    folder = issued.parent / "回执" / "2022-03"
    assert [path.name for path in folder.glob("*13800138000*")] == []
    assert [name for path in folder.glob("*请修改.xlsx") for name, text in members(path) if "13800138000" in text] == []


@pytest.mark.parametrize("blocked", ["财务处_请修改.xlsx", "回收情况.xlsx"])
def test_what_cannot_be_written_stops_no_other(
    issued: Path, run: Run, monkeypatch: pytest.MonkeyPatch, blocked: str
) -> None:
    """A file open in Excel, a full disk, a read-only folder: the rest is written, and the remainder the next time."""
    fill(issued, {"RW-001": {"status": "好"}, "RW-002": {"progress": 0.5}})
    fill(issued, {"RW-017": {"progress": 0.6}}, name="党委办公室", department="党委办公室")
    real = write.write_atomically

    def refuse(path: Path, data: bytes) -> None:
        if path.name == blocked:
            raise StoreError(f"{path.name} 没有写成：没有读写权限，或文件正被占用，请关闭它或请管理员放开权限。")
        real(path, data)

    names = {"党委办公室_回执.xlsx", "财务处_请修改.xlsx", "回收情况.xlsx"}
    folder = issued.parent / "回执" / "2022-03"
    with monkeypatch.context() as patched:
        patched.setattr(write, "write_atomically", refuse)
        result = run("merge", "-l", issued, "--yes", "--quiet")
        assert (result.exit_code, {path.name for path in folder.iterdir()}) == (1, names - {blocked})
        last = result.stderr.splitlines()[-1]
        assert last.startswith("没有做完：整改台账.xlsx 的 2 处改动、留底、")
        assert last.endswith(
            f"没有写全：{blocked} 没有写成：没有读写权限，或文件正被占用，请关闭它或请管理员放开权限。"
        )
    assert value(issued, "RW-002", "progress") == "0.5"
    run("merge", "-l", issued, "--yes")
    assert {path.name for path in folder.iterdir()} == names


def test_a_receipt_holds_nothing_that_nobody_can_see_and_its_footer_says_names_as_they_are() -> None:
    spoken = Finding(Place("财务处.xlsx", "表\u202e", 1, 1), Check.IDENTITY, "坏\x1b]0;x\x07的\u200b说法")
    receipt = Receipt(
        "R&D部" + "长" * 300,
        "2022&P",
        "x.xlsx",
        None,
        None,
        (FindingGroup(Check.IDENTITY, spoken.severity, (spoken,)),),
    )
    book = load(receipt_file(receipt, None, datetime(2022, 3, 1), Worker())[0])
    sheet = book.worksheets[0]
    said = [str(cell.value) for row in sheet for cell in row if cell.value]
    assert "坏]0;x的说法" in said
    assert not [char for text in said for char in text if unicodedata.category(char) in ("Cc", "Cf") and char != "\n"]
    assert (sheet.oddFooter.left.text, sheet.oddFooter.right.text) == (f"R&&D部{'长' * 45}…", "2022&&P")
