"""Forms: the shipped ones load; a wrong one is refused with file, line and cure."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from taizhang.forms.conditions import Condition, Test, describe
from taizhang.forms.grammar import FormError
from taizhang.forms.load import load_form, load_forms, standard_forms
from taizhang.ledger.create import blank_register

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
        "履行记录",
        "复核记录",
        "延期申请",
        "核对",
        "督办单",
        "征求意见",
        "办实事",
        "群众诉求",
        "党支部底册",
        "支委名册",
        "规章制度",
    ]


def test_a_department_is_asked_for_at_most_eight_cells_a_row() -> None:
    tasks = standard_forms()["tasks"]
    assert len(tasks.department_columns) == 8
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
        load_forms([write(tmp_path, GOOD, "a.toml"), write(tmp_path, GOOD.replace("B-{n", "C-{n"), "b.toml")])


def test_two_forms_cannot_share_the_beginning_of_their_codes(tmp_path: Path) -> None:
    with pytest.raises(FormError, match=r"b\.toml:2: form: 编号 B-\{n:03\} 的开头和〈表〉的一样"):
        load_forms([write(tmp_path, GOOD, "a.toml"), write(tmp_path, GOOD.replace("表", "另一张"), "b.toml")])


def test_a_wrong_form_that_nobody_uses_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the forms that ship only the heads are read; the rest, and its faults, when the columns are asked for."""
    (tmp_path / "forms").mkdir()
    write(tmp_path / "forms", GOOD, "a.toml")
    wrong = GOOD.replace("表", "另一张").replace("B-{n", "C-{n").replace('title = "部门"', 'titel = "部门"')
    write(tmp_path / "forms", wrong, "b.toml")
    dangling = GOOD.replace("表", "第三张").replace("B-{n", "D-{n").replace('owner = "department"\n', "")
    dangling = dangling.replace('type = "department"', 'type = "reference"\nto = "x"')
    write(tmp_path / "forms", dangling, "c.toml")
    monkeypatch.setattr("taizhang.forms.load.templates_folder", lambda: tmp_path)
    forms = standard_forms.__wrapped__()
    assert [(form.sheet, form.owner) for form in forms.values()] == [
        ("表", "department"),
        ("另一张", "department"),
        ("第三张", ""),
    ]
    assert [column.key for column in forms["a"].columns] == ["code", "department"]
    with pytest.raises(FormError, match=r"b\.toml:12: form: 不认识的写法 titel"):
        _ = forms["b"].columns
    with pytest.raises(FormError, match=r"c\.toml:13: form: 列“部门”引用的表单 x 不存在，可以引用：a、b、c。"):
        _ = forms["c"].indicators
    write(tmp_path / "forms", GOOD.replace("B-{n", "E-{n"), "d.toml")
    with pytest.raises(FormError, match=r"已被 a\.toml 使用"):
        standard_forms.__wrapped__()
    write(tmp_path / "forms", GOOD.replace('code = "B-{n:03}"', 'code = "B"'), "d.toml")
    with pytest.raises(FormError, match=r"d\.toml:2"):
        standard_forms.__wrapped__()


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes('sheet = "表"'.encode("gb18030"))
    with pytest.raises(FormError, match="UTF-8"):
        load_form(path)


WHOLE = (
    GOOD
    + """
[[column]]
key = "status"
title = "状态"
type = "choice"
choices = ["办理中", "办结"]

[[indicator]]
title = "各状态"
kind = "count_by"
by = "status"
"""
)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('sheet = "表"\n', "", None, "缺少 sheet"),
        ('code = "B-{n:03}"', 'code = ""', 2, "缺少 code"),
        ('code = "B-{n:03}"', 'code = "{x}-{n:03}"', 2, "序号位置"),
        ('code = "B-{n:03}"', "code = 7", 2, "code 要写成引号里的文字"),
        ('owner = "department"', 'owner = "department"\nsensitivity = "secret"', 4, "sensitivity 不能是"),
        ('owner = "department"', 'owner = "department"\nnew_rows = "all"', 4, "new_rows 不能是"),
        ('owner = "department"', 'owner = "department"\ntitle_column = "x"', 4, "title_column 写的列 x 不存在"),
        ('owner = "department"', 'owner = "department"\norder = "十"', 4, "order"),
        ('owner = "department"', 'owner = "department"\nenabled = "是"', 4, "enabled"),
        ('owner = "department"', 'owner = "department"\n[closed]\nstatus = ["结"]', 4, "closed"),
        ('owner = "department"', 'owner = "department"\n[closed]\nx = ["办结"]', 4, "closed"),
        ('owner = "department"', 'owner = "department"\n[closed]\nstatus = "办结"', 4, "closed"),
        ('key = "status"', "", 15, "缺少 key"),
        ('title = "状态"', "", 15, "缺少 title"),
        ('type = "choice"', 'type = "choice"\nfilled_by = "me"', 19, "filled_by 不能是“me”"),
        ('type = "choice"', 'type = "choice"\nrequired = "是"', 19, "required"),
        ('type = "choice"', 'type = "choice"\nwidth = "宽"', 19, "width"),
        ('type = "choice"', 'type = "choice"\nearliest = 1949', 19, "earliest 只用于日期列"),
        ('type = "choice"', 'type = "choice"\ndepartment_choices = ["销号"]', 19, "“销号”不在 choices 里"),
        ('type = "choice"\nchoices = ["办理中", "办结"]', 'type = "text"\ndepartment_choices = ["x"]', 19, "choices"),
        ('choices = ["办理中", "办结"]', 'choices = "办理中"', 19, "choices"),
        ('choices = ["办理中", "办结"]', 'choices = ["办结"]\nchoice_aliases = { "完" = "完结" }', 20, "“完结”"),
        ('title = "状态"', 'title = "部门（必填）"', 17, "列名“部门（必填）”"),
        ('title = "状态"', 'title = "状态"\naliases = ["编号"]', 17, "列名“编号”"),
        ('kind = "count_by"', 'kind = "mean"', 21, "kind 只能是"),
        ('title = "各状态"', "", 21, "指标要有 title"),
        ('by = "status"', 'by = "state"', 21, "用到的列 state 不存在"),
    ],
)
def test_other_ways_to_be_wrong(tmp_path: Path, old: str, new: str, line: int | None, words: str) -> None:
    load_forms([write(tmp_path, WHOLE)])
    text = WHOLE.replace(old, new, 1)
    assert text != WHOLE
    with pytest.raises(FormError) as caught:
        load_forms([write(tmp_path, text)])
    assert words in caught.value.problem
    assert caught.value.line == line


@pytest.mark.parametrize("text", ["", 'sheet = "表"\ncode = "B-{n}"\n', 'sheet = "表"\ncode = "B-{n}"\ncolumn = 5\n'])
def test_a_form_without_columns(tmp_path: Path, text: str) -> None:
    with pytest.raises(FormError):
        load_form(write(tmp_path, text))


@pytest.mark.parametrize(("year", "wrong"), [(1948, True), (1949, False), (2014, False), (2015, True)])
def test_a_column_of_dates_says_the_earliest_year_that_it_takes(tmp_path: Path, year: int, wrong: bool) -> None:
    text = f'{GOOD}\n[[column]]\nkey = "day"\ntitle = "日子"\ntype = "date"\nearliest = {year}\n'
    if wrong:
        with pytest.raises(FormError, match="写 1949 到 2014 之间的年份"):
            load_forms([write(tmp_path, text)])
    else:
        assert load_forms([write(tmp_path, text)])["x"].column("day").earliest == year


@pytest.mark.parametrize(
    ("form", "key", "words", "said"),
    [
        ("appeals", "satisfaction", ("满意", "基本满意", "不满意"), "“满意度”填了、不是“未评”"),
        ("appeals", "satisfaction", ("满意", "基本满意"), "“满意度”是“满意”或“基本满意”"),
        ("regulations", "action", ("立", "改", "废"), "“动作”是“立”或“改”或“废”"),
        ("committee_members", "vacancy_reason", ("调离", "退休", "免职", "其他"), "“空缺原因”填了"),
    ],
)
def test_a_long_list_of_words_is_said_by_those_that_are_not_meant(
    form: str, key: str, words: tuple[str, ...], said: str
) -> None:
    assert describe([Condition(key, Test.IS, words)], standard_forms()[form].by_key) == said


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('sheet = "表"', 'sheet = "表/一"', 1, "表名“表/一”不能用"),
        ('sheet = "表"', f'sheet = "{"表" * 32}"', 1, "1 到 31 个字"),
        ('sheet = "表"', 'sheet = " "', 1, "表名“ ”不能用"),
        ('sheet = "表"', 'sheet = "参数"', 1, "表名“参数”是程序自己的表"),
        ('code = "B-{n:03}"', 'code = "b-{n:03}"', 2, "大写字母开头"),
        ('code = "B-{n:03}"', 'code = "B1{n:03}"', 2, "大写字母开头"),
        ('code = "B-{n:03}"', 'code = "B-{n:03}号"', 2, "序号在最后"),
        ('owner = "department"', 'owner = "department"\norder = -1', 4, "order 写 0 到 99999"),
        ('owner = "department"', f'owner = "department"\norder = {"9" * 5000}', None, "有一个数太长"),
        ('owner = "department"', f"owner = {'[' * 5000}", None, "括号套得太深"),
        ('key = "status"', 'key = "状态"', 16, "key 只用小写英文字母"),
        ('key = "status"', 'key = "today"', 16, "也不能是 today"),
        ('title = "状态"', r'title = "状\n态"', 17, "换行的"),
        ('title = "状态"', f'title = "{"状" * 41}"', 17, "长过 40 个字"),
        ('["办理中", "办结"]', '["办结", "办结"]', 19, "choices 里有重复的"),
        ('["办理中", "办结"]', '["办结", " "]', 19, "choices 里有空的"),
        ('type = "choice"\nchoices = ["办理中",', 'type = "choices"\nchoices = ["办理、中",', 19, "会当成几项"),
        ('type = "choice"', 'type = "choice"\nwidth = 101', 19, "width 写 1 到 100"),
        ('type = "choice"', 'type = "choice"\nto = "x"', 19, "to 只用于这些列：引用"),
        ('type = "choice"', 'type = "choice"\nmonths = true', 19, "months 只用于这些列：期次"),
        ('kind = "count_by"', 'kind = ["count_by"]', 21, "kind 只能是"),
        ('title = "各状态"', "title = 3", 21, "指标要有 title"),
        ('by = "status"', 'by = ["status", "code"]', 21, "by 只能写一列"),
        ('by = "status"', 'by = "status"\ntarget = { at_least = nan }', 21, "target 要写成数"),
        ('by = "status"', 'by = "status"\ntarget = { at_least = inf }', 21, "target 要写成数"),
        ('by = "status"', 'by = "status"\nwhen = "办结"', 21, "条件要写成"),
        ('by = "status"', 'by = "status"\nwhen = { status = 1 }', 21, "{ at_least = 0, at_most = 0 }"),
    ],
)
def test_what_excel_or_arithmetic_would_not_take(
    tmp_path: Path, old: str, new: str, line: int | None, words: str
) -> None:
    test_other_ways_to_be_wrong(tmp_path, old, new, line, words)


def test_two_indicators_do_not_share_a_title(tmp_path: Path) -> None:
    with pytest.raises(FormError, match=r"x\.toml:26: form: 指标“各状态”和前面的指标同名"):
        load_form(write(tmp_path, WHOLE + '\n[[indicator]]\ntitle = "各状态"\nkind = "count"\n'))


def test_a_file_too_large_or_unreadable_is_no_form(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD + "#" * (500_000 - len(GOOD.encode())))
    assert load_form(path).sheet == "表"
    path.write_text(path.read_text(encoding="utf-8") + "#", encoding="utf-8")
    with pytest.raises(FormError, match="文件超过 500 KB"):
        load_form(path)
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(FormError, match=r"folder\.toml: form: 读不出来："):
        load_form(tmp_path / "folder.toml")


RULES = (
    WHOLE
    + """
[[column]]
key = "due"
title = "期限"
type = "date"

[[column]]
key = "number"
title = "个数"
type = "integer"

[[rule]]
name = "a-rule"
title = "规矩"
source = "口径"
"""
)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ('kind = "present"\ncolumns = "number"\nsince = 2022-01-01T00:00:00', "since 写得不对"),
        ('kind = "present"\ncolumns = "number"\nwhen = { due = { at_least = 2022-01-01T00:00:00 } }', "不带几点几分"),
        ('kind = "present"\ncolumns = "number"\nwhen = { number = { above = nan } }', "要写成数"),
        ('kind = "present"\ncolumns = "number"\nwhen = { number = { is = "0" } }', "个数”是整数列，不能用 is"),
        ('kind = "compare"\nleft = "number"\nop = "="\nright = nan', "right 要写成数"),
        ('kind = "compare"\nleft = "number"\nop = "="\nright = 1_000_000_000_000_000', "right 要写成数"),
        ('kind = "sum"\ncolumn = "number"\nop = "="\nvalue = "百"', "value 要写成数"),
        ('kind = "due"\nfrom = "due"\nunit = "日"\nplus = 1.5', "plus 要写成 0 到 3660 的整数"),
        ('kind = "due"\nfrom = "due"\nunit = "日"\nplus = -1', "plus 要写成 0 到 3660 的整数"),
        ('kind = "due"\nfrom = "due"\nunit = "日"\nplus = 3661', "plus 要写成 0 到 3660 的整数"),
        ('kind = "due"\nfrom = "due"\nunit = "年"\nplus = 101', "plus 要写成 0 到 100 的整数"),
        ('kind = "due"\nfrom = "due"\nunit = "日"\nplus = "number"', "plus 要写成 0 到 3660 的整数"),
        ('kind = "within"\nfrom = "due"\nto = "due"\nunit = "月"\nmost = true', "most 要写成 0 到 100 的整数"),
        ('kind = "order"\nfirst = "due"\nthen = "today"\nstrict = "是"', "strict 要写成 true 或 false"),
        ('kind = "count"\nby = "status"\nper = "月"\non = "due"\nat_least = "1"', "at_least 要写成 0 到 366 的整数"),
    ],
)
def test_numbers_and_days_of_rules_that_could_not_be_computed(tmp_path: Path, rule: str, words: str) -> None:
    with pytest.raises(FormError) as caught:
        load_form(write(tmp_path, f"{RULES}{rule}\n"))
    assert words in caught.value.problem
    assert caught.value.line == 36


@pytest.mark.parametrize("plus", ['unit = "日"\nplus = 0', 'unit = "日"\nplus = 3660', 'unit = "年"\nplus = 100'])
def test_spans_at_the_bounds(tmp_path: Path, plus: str) -> None:
    assert load_form(write(tmp_path, f'{RULES}kind = "due"\nfrom = "due"\n{plus}\n')).rules[0].name == "a-rule"


def test_at_least_and_at_most_of_one_number_are_said_as_equal() -> None:
    columns = standard_forms()["branches"].by_key
    zero = [Condition("members", test, Decimal(0)) for test in (Test.AT_LEAST, Test.AT_MOST)]
    assert describe(zero, columns) == "“正式党员数”是 0"
    other = [zero[0], Condition("members", Test.AT_MOST, Decimal(7))]
    assert describe(other, columns) == "“正式党员数”不少于 0、“正式党员数”不多于 7"
