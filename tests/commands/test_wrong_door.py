"""The wrong file at a door: draft and adopt point to each other; what the program made, and locks, are refused."""

from __future__ import annotations

from pathlib import Path

import docx
import openpyxl
import pytest
from support.fixtures import Run
from support.old_tables import OLD_TABLES, write_table

REPORT = "某某局整改方案（2025年）\n一、存在问题\n1.学习不深入。\n二、整改措施\n1.每月学习一次，由办公室负责。\n"


def word(path: Path) -> Path:
    document = docx.Document()
    for line in REPORT.splitlines():
        document.add_paragraph(line)
    document.save(str(path))
    return path


@pytest.fixture
def ledger(run: Run, tmp_path: Path) -> Path:
    path = tmp_path / "整改台账.xlsx"
    made = run("adopt", write_table(tmp_path / "去年.xlsx", OLD_TABLES["plain"]), "-l", path, "--unit", "某局", "-y")
    assert made.exit_code == 0, made.stderr
    return path


@pytest.mark.parametrize("name", ["材料.docx", "改了名.xlsx", "材料.txt"])
def test_a_report_given_to_adopt_is_for_draft(name: str, run: Run, tmp_path: Path) -> None:
    source = tmp_path / name
    source.write_text(REPORT, encoding="utf-8") if name.endswith(".txt") else word(source)
    result = run("adopt", source, "-l", tmp_path / "整改台账.xlsx")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[1:] == [
        "是对照检查材料、整改方案的，请用起草：",
        f"taizhang draft {source} --ledger {tmp_path / '整改台账.xlsx'}",
    ]


def test_a_report_to_be_added_to_a_ledger_is_for_draft_into_it(run: Run, ledger: Path, tmp_path: Path) -> None:
    source = word(tmp_path / "材料.docx")
    result = run("adopt", source, "--into", ledger)
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (2, f"taizhang draft {source} --into {ledger}")


def test_a_list_of_commas_is_no_report(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "清单.csv"
    source.write_text("问题,措施\n", encoding="utf-8")
    result = run("adopt", source, "-l", tmp_path / "整改台账.xlsx")
    said = "没有运行：清单.csv: 这不是 Excel 工作簿（像文本文件），请用 Excel 或 WPS 另存为 .xlsx 后再运行。\n"
    assert (result.exit_code, result.stderr) == (2, said)


def test_a_table_given_to_draft_is_for_adopt(run: Run, tmp_path: Path) -> None:
    source = write_table(tmp_path / "旧表.xlsx", OLD_TABLES["plain"])
    result = run("draft", source, "-l", tmp_path / "整改台账.xlsx")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "没有运行：旧表.xlsx 是 Excel 工作簿，不是 Word 文档。请选对照检查材料的 .docx 或 .txt。",
        "自己的整改表要收进台账的，请用收编：",
        f"taizhang adopt {source}",
    ]


def test_a_picture_given_to_draft_is_for_nobody(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "照片.xlsx"
    source.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 900)
    result = run("draft", source, "-l", tmp_path / "整改台账.xlsx")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


@pytest.mark.parametrize("command", ["adopt", "draft"])
def test_the_wrong_file_is_said_before_that_there_is_a_ledger(
    command: str, run: Run, ledger: Path, tmp_path: Path
) -> None:
    source = tmp_path / "照片.xlsx"
    source.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 900)
    result = run(command, source, "-l", ledger)
    assert result.exit_code == 2
    assert "是图片" in result.stderr
    assert "已经有了" not in result.stderr


@pytest.mark.parametrize("command", ["adopt", "draft", "fill", "validate"])
@pytest.mark.parametrize("mark", ["~$", ".~"])
def test_a_lock_is_not_the_file(command: str, mark: str, run: Run, ledger: Path, tmp_path: Path) -> None:
    lock = tmp_path / f"{mark}材料.xlsx"
    lock.write_bytes(b"\x05" + b"\0" * 164)
    into = () if command == "validate" else ("-l", ledger if command == "fill" else tmp_path / "新" / "整改台账.xlsx")
    result = run(command, lock, *into)
    said = f"这是打开文件时留下的临时文件，不是文件本身，请换成名字前面没有 {mark} 的那一份再"
    assert (result.exit_code, said in result.stdout + result.stderr) == (1 if command == "validate" else 2, True)


def test_the_ledger_and_a_form_issued_are_not_a_superiors_form(run: Run, ledger: Path, tmp_path: Path) -> None:
    result = run("fill", ledger, "-l", ledger)
    cure = "不是上级的表，没有填。请写上级发的那张表的文件名。\n"
    assert (result.exit_code, result.stderr) == (2, f"没有运行：整改台账.xlsx 本来就是整改台账，{cure}")
    form = tmp_path / "办公室.xlsx"
    book = openpyxl.Workbook()
    book.create_sheet("_台账标识")
    book.save(form)
    result = run("fill", form, "-l", ledger)
    assert (result.exit_code, result.stderr) == (2, f"没有运行：办公室.xlsx 是下发给部门填的表，{cure}")


def test_the_offices_own_table_is_not_validated_but_adopted(run: Run, ledger: Path, tmp_path: Path) -> None:
    said = "不是下发的、是单位自己的整改表的，不在这里校验，请用 taizhang adopt 收进台账。"
    result = run("validate", tmp_path / "去年.xlsx", "-l", ledger)
    assert (result.exit_code, result.stderr.splitlines()) == (1, [said, "共 错误 1 条。"])
    picture = tmp_path / "照片.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 900)
    assert said not in run("validate", picture, "-l", ledger).stderr


@pytest.mark.parametrize("command", ["adopt", "draft"])
def test_a_ledger_to_add_to_is_named_by_its_own_option(command: str, run: Run, ledger: Path, tmp_path: Path) -> None:
    table = tmp_path / "去年.xlsx"
    source = table if command == "adopt" else word(tmp_path / "材料.docx")
    for into in (tmp_path / "没有.xlsx", table):
        result = run(command, source, "--into", into)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "--into 指明" in result.stderr
        assert "请不写 --into：" in result.stderr
        assert "--ledger" not in result.stderr


def test_the_head_of_the_record_is_said_once(run: Run, ledger: Path, tmp_path: Path) -> None:
    result = run("draft", word(tmp_path / "材料.docx"), "--into", ledger, "-y")
    assert result.exit_code == 0
    assert [line[:3] for line in result.stderr.splitlines()] == ["已写进", "记录到"]


def test_rulings_saved_with_a_second_suffix_are_asked_to_be_renamed(run: Run, tmp_path: Path) -> None:
    source = word(tmp_path / "材料.docx")
    (tmp_path / "材料.归类.txt.txt").write_text("第 5 段 措施\n", encoding="utf-8")
    result = run("draft", source, "-l", tmp_path / "整改台账.xlsx")
    said = (
        "没有运行：材料.归类.txt.txt 的名字多了一个 .txt（记事本存的时候自己加的），认不出来。"
        "请改名为 材料.归类.txt 再运行。\n"
    )
    assert (result.exit_code, result.stderr) == (2, said)
    (tmp_path / "材料.归类.txt").write_text("第 5 段 措施\n", encoding="utf-8")
    assert run("draft", source, "-l", tmp_path / "整改台账.xlsx").exit_code == 0


def test_what_is_nothing_is_not_said_of_a_draft(run: Run, tmp_path: Path) -> None:
    result = run("draft", word(tmp_path / "材料.docx"), "-l", tmp_path / "整改台账.xlsx")
    assert result.exit_code == 0
    assert not [line for line in result.stdout.splitlines() if " 0 项任务建议" in line or "建议了 0 项" in line]
    assert "下一步：在〈整改任务〉定部门、时限和标准，然后 taizhang validate" in result.stderr


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("六月.docx", "--output 写的 六月.docx 是 Word：要出情况报告，请加 --word；要出表，请以 .xlsx 结尾。"),
        ("六月.pdf", "--output 写的 六月.pdf 是 PDF：请以 .xlsx 结尾，再加 --pdf，PDF 出在它旁边。"),
    ],
)
def test_a_report_in_another_format_has_an_option_of_its_own(name: str, said: str, run: Run, ledger: Path) -> None:
    result = run("report", "-l", ledger, "-o", ledger.parent / name)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"没有运行：{said}\n")
