"""What a form says about other registers: a column or word that they do not have is refused with line and cure."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.forms_page import EXAMPLE
from taizhang.forms.across import refuse_mismatch
from taizhang.forms.grammar import FormError
from taizhang.forms.load import standard_forms, templates_folder, with_own

RULE = '\n[[rule]]\nname = "a-rule"\ntitle = "规矩"\nsource = "口径"\n'
BOARD = '\n[[board]]\ntitle = "看板"\nkind = "'
LOOKUP = 'kind = "lookup"\nthrough = "department"\nform = "branches"\n'
TALLY = 'kind = "tally"\nthrough = "department"\nform = "branches"\nmatch = "department"\nop = "="\nright = "present"\n'
COUNT = 'kind = "count"\nby = "department"\nper = "月"\nat_least = 1\n'


@pytest.mark.parametrize("name", list(standard_forms()))
def test_the_forms_that_ship_name_what_is_there(name: str) -> None:
    refuse_mismatch(templates_folder() / "forms" / f"{name}.toml", standard_forms()[name], standard_forms())


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (f'{RULE}{LOOKUP}match = "nope"\nrequire = {{ kind = "普通" }}', "〈党支部底册〉的列 nope，那张表没有"),
        (f'{RULE}{LOOKUP}match = "department"\nrequire = {{ nope = "普通" }}', "〈党支部底册〉的列 nope"),
        (f'{RULE}{LOOKUP}match = "department"\nrequire = {{ kind = "一般" }}', "“一般”不是列“支部类型”的选项"),
        (f'{RULE}{TALLY}column = "nope"', "〈党支部底册〉的列 nope"),
        (f'{RULE}{TALLY}column = "kind"', "〈党支部底册〉的“支部类型”，不是数，不能相加"),
        (f'{RULE}{TALLY}where = {{ nope = "x" }}', "〈党支部底册〉的列 nope"),
        (f'{RULE}{COUNT}over = {{ form = "branches", column = "nope" }}', "〈党支部底册〉的列 nope"),
        (
            f'{RULE}{COUNT}over = {{ form = "branches", column = "branch", when = {{ nope = "x" }} }}',
            "〈党支部底册〉的列 nope",
        ),
        (f'{RULE}kind = "present"\ncolumns = "held"\nfails = {{ nope = 1 }}', "〈应急演练〉的列 nope"),
        (f'{RULE}kind = "present"\ncolumns = "held"\nfails_with.branches = {{ nope = 1 }}', "〈党支部底册〉的列 nope"),
        (f'{RULE}kind = "present"\ncolumns = "held"\nfails_with.nope = {{ nope = 1 }}', "fails_with 里的表单不存在"),
        (
            f'{BOARD}list"\nrows = "department"\nforms = ["branches"]\n'
            'longest = { name = "最久", form = "committee_members", column = "nope", from = "vacant_since", to = "x" }',
            "〈支委名册〉的列 nope",
        ),
        (
            f'{BOARD}matrix"\nrows = "department"\nper = "月"\non = "held"\n'
            'over = { form = "branches", column = "nope" }',
            "〈党支部底册〉的列 nope",
        ),
    ],
)
def test_what_another_register_does_not_have(tmp_path: Path, more: str, words: str) -> None:
    path = tmp_path / "drills.toml"
    path.write_text(f"{EXAMPLE}{more}\n", encoding="utf-8")
    with pytest.raises(FormError) as caught:
        with_own([path])
    assert words in caught.value.problem
    assert caught.value.line == EXAMPLE.count("\n") + 2


def test_two_own_forms_may_refer_to_each_other(tmp_path: Path) -> None:
    one, other = tmp_path / "drills.toml", tmp_path / "plans.toml"
    one.write_text(EXAMPLE.replace('to = "tasks"', 'to = "plans"'), encoding="utf-8")
    text = EXAMPLE.replace("应急演练", "演练方案").replace("YL-", "YF-").replace("drill-", "plan-")
    other.write_text(text.replace('to = "tasks"', 'to = "drills"'), encoding="utf-8")
    forms = with_own([one, other])
    assert (forms["drills"].column("task").to, forms["plans"].column("task").to) == ("plans", "drills")
