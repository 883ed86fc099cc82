"""Forms: those that ship load; a wrong one is refused with its file, the line and the cure."""

from __future__ import annotations

from pathlib import Path

import pytest
from taizhang.forms import FormError, load_form, load_forms, standard_forms
from taizhang.new_ledger import blank_register

GOOD = """\
sheet = "表"
code = "B-{n:03}"
owner = "department"

[[column]]
key = "code"
title = "编号"
type = "code"

[[column]]
key = "department"
title = "部门"
type = "department"
"""


def write(folder: Path, text: str, name: str = "x.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_core_registers_ship_enabled() -> None:
    sheets = [form.sheet for form in standard_forms().values() if form.enabled]
    assert sheets == [
        "问题清单",
        "原因清单",
        "整改任务",
        "销号审核",
        "征求意见",
        "办实事",
        "群众诉求",
        "党支部底册",
        "支委名册",
        "规章制度",
    ]


def test_a_department_is_asked_for_at_most_eight_cells_a_row() -> None:
    tasks = standard_forms()["tasks"]
    assert len(tasks.department_columns) == 6
    assert max(len(form.department_columns) for form in standard_forms().values()) <= 9


def test_a_new_register_needs_no_python(tmp_path: Path) -> None:
    from datetime import datetime

    form = load_forms([write(tmp_path, GOOD)])["x"]
    assert (form.format_code(7), form.code_number("B-007"), form.code_number("A-007")) == ("B-007", 7, None)
    assert blank_register(form, datetime(2022, 1, 1)).startswith(b"PK")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('type = "department"', 'type = "departement"', 13, "type 不能是“departement”"),
        ('key = "department"', 'key = "code"', 11, "列键 code 重复"),
        ('title = "部门"', 'title = "编号"', 12, "列名“编号”"),
        ('title = "部门"', 'titel = "部门"', 12, "不认识的写法 titel"),
        ('owner = "department"', 'owner = "dept"', 3, "owner 写的列 dept 不存在"),
        ('owner = "department"', 'owner = "code"', 3, "不是部门类型"),
        ('code = "B-{n:03}"', 'code = "B-"', 2, "序号位置"),
        ('sheet = "表"', 'sheet = "表', 1, "TOML"),
        ('type = "department"', 'type = "choice"', 13, "choices"),
        ('type = "department"', 'type = "reference"', 13, "to"),
        ('type = "department"', 'type = "reference"\nto = "没有"', 14, "引用的表单 没有 不存在"),
        ('type = "code"', 'type = "text"', None, 'type = "code"'),
    ],
)
def test_a_wrong_form_is_refused_with_line_and_cure(
    tmp_path: Path, old: str, new: str, line: int | None, words: str
) -> None:
    text = GOOD.replace(old, new)
    assert text != GOOD
    if 'owner = "department"' in text and 'type = "department"' not in text:
        text = text.replace('owner = "department"', "# no owner")
    with pytest.raises(FormError) as caught:
        load_forms([write(tmp_path, text)])
    assert (caught.value.path.name, caught.value.line) == ("x.toml", line)
    assert words in caught.value.problem


def test_two_forms_cannot_share_a_sheet(tmp_path: Path) -> None:
    with pytest.raises(FormError, match=r"已被 a\.toml 使用"):
        load_forms([write(tmp_path, GOOD, "a.toml"), write(tmp_path, GOOD, "b.toml")])


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes('sheet = "表"'.encode("gb18030"))
    with pytest.raises(FormError, match="UTF-8"):
        load_form(path)
