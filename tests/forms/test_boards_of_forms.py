"""Boards in forms: a wrong one is refused with file, line and cure, and every board that ships is made."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from support.ledgers import ledger_in_memory
from taizhang.boards.make import make_boards
from taizhang.forms.boards import BOARD_KINDS, BoardKind
from taizhang.forms.grammar import FormError
from taizhang.forms.load import load_forms, standard_forms

FORM = """sheet = "表"
code = "B-{n:03}"
sensitivity = "internal"

[[column]]
key = "code"
title = "编号"
type = "code"

[[column]]
key = "branch"
title = "党支部"
type = "branch"

[[column]]
key = "kind"
title = "类别"
type = "choice"
choices = ["甲", "乙"]

[[column]]
key = "done"
title = "日期"
type = "date"

[[column]]
key = "times"
title = "次数"
type = "integer"

[[board]]
title = "看板"
"""
GOOD = 'kind = "matrix"\nrows = "branch"\ncolumns = "kind"\n'


def load(tmp_path: Path, board: str, head: str = FORM) -> None:
    path = tmp_path / "x.toml"
    path.write_text(head + board, encoding="utf-8")
    _ = load_forms([path])["x"].boards


@pytest.mark.parametrize(
    "board",
    [
        GOOD,
        'kind = "matrix"\nrows = "branch"\nper = "月"\non = "done"\nwhen = { kind = "甲" }\n',
        'kind = "matrix"\nrows = "branch"\ncolumns = "kind"\nvalue = "times"\n',
        'kind = "funnel"\nrows = "branch"\nstages = "kind"\n',
    ],
)
def test_a_board_that_can_be_made_is_read(tmp_path: Path, board: str) -> None:
    load(tmp_path, board)


@pytest.mark.parametrize(
    ("board", "problem"),
    [
        ('kind = "pie"\n', "kind 不能是“pie”，可以是：matrix、"),
        ('kind = "matrix"\ncolumns = "kind"\n', "matrix 要写 rows，请补上。"),
        (GOOD + 'colour = "red"\n', "不认识的写法 colour，matrix 可以写：rows、"),
        (GOOD + "when = 3\n", "when 要写成条件"),
        (GOOD.replace('"branch"', "3"), "rows 要写成引号里的文字。"),
        (GOOD.replace('"branch"', '"nobody"'), "用到的列 nobody 不存在，请改成已有的列键。"),
        (GOOD.replace('"branch"', '"times"'), "的 rows 不能用整数列，可以用："),
        (GOOD + 'per = "月"\non = "done"\n', "要写 columns，或者写 per 和 on，两样写一样。"),
        ('kind = "matrix"\nrows = "branch"\n', "要写 columns，或者写 per 和 on，两样写一样。"),
        ('kind = "matrix"\nrows = "branch"\nper = "周"\non = "done"\n', "per 不能是“周”，可以是：月、季、半年、年。"),
        (GOOD + 'plan = "times"\n', "写了 plan 的，也要写 value。"),
        (GOOD + 'against = "no-rule"\n', "的 against 写的 no-rule 不是本表写了 at_least 的 count 规则"),
        (GOOD + 'when = { kind = "丙" }\n', "条件里的“丙”不是列“类别”的选项"),
        (GOOD + 'over = "branches"\n', "over 要写成 { form = "),
        (GOOD + 'over = { form = "nowhere", column = "x" }\n', "用到的表单 nowhere 不存在"),
        ('kind = "stack"\nrows = "kind"\n', "要写 parts，或者写 planned 和 done，两样写一样。"),
        ('kind = "list"\nrows = "branch"\nforms = []\n', "forms 要写成引号里的文字，或者几个文字的列表。"),
        (
            'kind = "line"\nperiod = "done"\nname = "率"\npart = "times"\nwhole = "times"\nbeside = { name = "率" }\n',
            "beside 要写成 { name、part、whole }，一样也不能少。",
        ),
        (GOOD + '[[board]]\ntitle = "看板"\n' + GOOD, "和前面的看板同名，请换一个 title。"),
    ],
)
def test_a_wrong_board_is_refused_with_its_line(tmp_path: Path, board: str, problem: str) -> None:
    with pytest.raises(FormError) as caught:
        load(tmp_path, board)
    assert problem in caught.value.problem
    assert caught.value.line == (len(FORM.splitlines()) - 1 if "同名" not in problem else 36)


def test_a_board_without_a_title_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormError, match='第 1 块 缺少 title = "…"'):
        load(tmp_path, GOOD, FORM.replace('title = "看板"\n', ""))


def test_a_personal_register_has_only_boards_that_count(tmp_path: Path) -> None:
    personal = FORM.replace("internal", "personal")
    load(tmp_path, 'kind = "funnel"\nrows = "branch"\nstages = "kind"\n', personal)
    with pytest.raises(FormError, match="涉及个人的登记表只出个数，kind 只能是：funnel。"):
        load(tmp_path, GOOD, personal)


def test_every_kind_says_what_it_shows_and_names_each_key_once() -> None:
    assert set(BOARD_KINDS) == set(BoardKind)
    for kind in BOARD_KINDS.values():
        assert len({*kind.needed, *kind.allowed}) == len((*kind.needed, *kind.allowed))
        assert kind.says


def test_every_board_that_ships_says_that_nothing_was_filled_in() -> None:
    forms = [form for form in standard_forms().values() if form.boards]
    ledger = ledger_in_memory(**{form.name: [] for form in forms})
    views = make_boards(ledger, date(2022, 6, 30))
    assert [(view.sheet, view.title) for view in views] == [
        (form.sheet, board.title) for form in forms for board in form.boards
    ]
    for view in views:
        assert (view.filled, view.light, view.lines) == (False, None, ())
        assert view.message == f"未填报：〈{view.sheet}〉还没有一行。"
        assert (view.title + view.message).encode("gbk")
