"""Files in the return folder that are not forms: one line reports what was not read; none gets a receipt."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from support.returned import fill, value
from support.returned_files import old_xls
from taizhang.merge.other_files import is_litter, is_other

LITTER = [
    "~$财务处.xlsx",
    ".~lock.财务处.xlsx#",
    ".DS_Store",
    "._财务处.xlsx",
    "desktop.ini",
    "Thumbs.db",
    "A1B2.tmp",
    "财务处.xlsx.tmp",
    "财务处 - 快捷方式.lnk",
    "通知.url",
    "财务处.xlsx.crdownload",
    "__MACOSX/财务处.xlsx",
    ".git/财务处.xlsx",
    "财务处.xlsx~",
]
OTHERS = [
    "说明.txt",
    "说明.docx",
    "说明.doc",
    "财务处.pdf",
    "现场.JPG",
    "上报.rar",
    "财务处.csv",
    "通知.wps",
    "没有扩展名",
    "网页.html",
    "录音.m4a",
]


def archive(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name in names:
            package.writestr(name, "x")
    return target.getvalue()


@pytest.mark.parametrize("name", LITTER)
def test_what_systems_leave_lying_about(name: str, tmp_path: Path) -> None:
    assert is_litter(tmp_path / name, tmp_path)


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_another_document(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"x" * 100)
    assert (is_litter(tmp_path / name, tmp_path), is_other(tmp_path / name)) == (False, True)


@pytest.mark.parametrize(
    ("name", "data", "other"),
    [
        ("上报.zip", archive("财务处.xlsx"), True),
        ("说明.docx", archive("word/document.xml", "word/embeddings/a.xlsx"), True),
        ("财务处.txt", archive("xl/workbook.xml"), False),
        ("财务处", archive("xl/workbook.bin"), False),
        ("财务处.bak", archive("mimetype", "content.xml"), False),
        ("财务处.dat", old_xls([["编号"]], "表"), False),
        ("说明.doc", old_xls([["编号"]], "表"), True),
        ("财务处.xlsx", b"<html>", False),
        ("财务处.XLS", b"", False),
        ("财务处.et", b"x", False),
        ("断了.zip", archive("财务处.xlsx")[:20], True),
    ],
    ids=lambda each: each if isinstance(each, str) else "",  # bytes hold the time at which they were made
)
def test_the_bytes_tell_where_the_name_does_not(name: str, data: bytes, other: bool, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    assert is_other(tmp_path / name) is other


@pytest.fixture
def returned(make_issued: Callable[..., Path]) -> tuple[Path, Path]:
    ledger = make_issued([{}])
    return ledger, fill(ledger, {"RW-001": {"progress": 0.6}})


def test_other_files_are_one_line_and_get_no_receipt(returned: tuple[Path, Path], run: Callable[..., Result]) -> None:
    ledger, good = returned
    for name in [*LITTER, *OTHERS]:
        path = good.parent / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x" * 100)
    result = run("merge", "-l", ledger, "--yes")
    assert value(ledger, "RW-001", "progress") == "0.6"
    lines = [line for line in result.stdout.splitlines() if "other-file" in line]
    assert lines == [
        f"报送: other-file: 警告：有 {len(OTHERS)} 个文件不是工作簿，没有读："
        "财务处.csv、财务处.pdf、上报.rar、录音.m4a、没有扩展名等。"
        "里面如果有填报的表，请填在下发的 .xlsx 里再报，压缩包请先解压。"
        f"另有临时文件、快捷方式一类的 {len(LITTER)} 个，略过了："
        ".DS_Store、._财务处.xlsx、.git/财务处.xlsx、.~lock.财务处.xlsx#、A1B2.tmp等。"
    ]
    assert "unreadable" not in result.stdout
    assert sorted(path.name for path in (ledger.parent / "回执").rglob("*.xlsx") if "财务处" not in path.name) == [
        "回收情况.xlsx"
    ]


def test_a_file_that_is_named_is_read_whatever_it_is(returned: tuple[Path, Path], run: Callable[..., Result]) -> None:
    ledger, good = returned
    note = good.with_name("说明.txt")
    note.write_text("请看", encoding="utf-8")
    result = run("merge", note, "-l", ledger, "--dry-run")
    assert [each.split(":")[1].strip() for each in result.stdout.splitlines() if each.startswith("说明.txt")] == [
        "unreadable"
    ]


def test_a_folder_of_other_files_alone_says_what_is_there(
    returned: tuple[Path, Path], run: Callable[..., Result]
) -> None:
    ledger, good = returned
    good.unlink()
    good.with_name("财务处.pdf").write_bytes(b"%PDF-1.7")
    result = run("merge", "-l", ledger)
    assert result.exit_code == 2
    assert "有 1 个文件不是工作簿，没有读：财务处.pdf。" in result.stderr


def test_json_names_them_too(returned: tuple[Path, Path], run: Callable[..., Result]) -> None:
    ledger, good = returned
    good.with_name("说明.txt").write_text("请看", encoding="utf-8")
    plan = json.loads(run("merge", "-l", ledger, "--dry-run", "--json").stdout)
    assert [each["severity"] for each in plan["findings"] if each["check"] == "other-file"] == ["hint"]
