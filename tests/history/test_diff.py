"""Renamed rows and columns are recognised, up to the boundary where they cannot be."""

from __future__ import annotations

import pytest
from taizhang.forms.load import standard_forms
from taizhang.history.diff import FEWEST_TEXTS, SHORTEST_TEXT, differences, match_renamed_rows, measure_overlap
from taizhang.history.grid import HEAD, Block, Grid, Value, heads_of

FORMS = standard_forms()
TASKS = FORMS["tasks"]


def row(code: str, cells: str) -> dict[str, str]:
    """A row with one letter in each column, a blank one left out."""
    return {"code": code} | {f"column{number}": cell for number, cell in enumerate(cells) if cell != " "}


@pytest.mark.parametrize(
    ("gone", "come", "same"),
    [
        ("abcd", "abcd", True),
        ("abcd", "abcX", True),
        ("abcd", "abXY", False),  # one half
        ("abcde", "abcXY", True),
        ("abcde", "abXYZ", False),
        ("abcde", "abc", True),  # three of five are left
        ("abcdef", "abc", False),
        ("abc", "abcdef", False),
        ("ab", "ab", True),
        ("ab ", "abX", True),
        ("a", "a", False),  # one cell is shared by chance
        ("abcd", "WXYZ", False),
    ],
)
def test_a_row_is_the_same_under_another_code_if_more_than_half_of_its_cells_match(
    gone: str, come: str, same: bool
) -> None:
    found = match_renamed_rows({"RW-001": row("RW-001", gone)}, {"RW-002": row("RW-002", come)}, "code")
    assert found == ({"RW-001": "RW-002"} if same else {})


@pytest.mark.parametrize(
    ("gone", "come", "others", "same"),
    [
        ("abcd", "abcX", [], True),
        ("abcd", "abcX", ["abYY"], True),
        ("abcd", "abcX", ["abcY"], False),  # every cell that the two share is in a third row too
        ("abcd", "abcd", ["abcY", "YYYd"], True),  # but all cells together in no other
        ("ab", "ab", ["aY", "Yb"], True),
        ("a", "a", ["aY"], False),
    ],
)
def test_a_row_is_the_same_only_by_what_no_other_row_holds(gone: str, come: str, others: list[str], same: bool) -> None:
    rest = {f"RW-{number:03}": row(f"RW-{number:03}", cells) for number, cells in enumerate(others, 7)}
    old, new = {"RW-001": row("RW-001", gone)}, {"RW-002": row("RW-002", come)}
    for before, after in (({**old, **rest}, {**new, **rest}), ({**rest, **old}, {**rest, **new})):
        assert match_renamed_rows(before, after, "code") == ({"RW-001": "RW-002"} if same else {})


def test_of_two_rows_the_more_alike_is_the_same_one() -> None:
    before = {"RW-001": row("RW-001", "abcd"), "RW-002": row("RW-002", "efgh")}
    after = {"RW-003": row("RW-003", "efgX"), "RW-004": row("RW-004", "abcd"), "RW-005": row("RW-005", "efXh")}
    assert match_renamed_rows(before, after, "code") in (
        {"RW-001": "RW-004", "RW-002": "RW-003"},
        {"RW-001": "RW-004", "RW-002": "RW-005"},
    )
    assert match_renamed_rows(before, {**after, "RW-006": row("RW-006", "efgh")}, "code") == {
        "RW-001": "RW-004",
        "RW-002": "RW-006",
    }


def a_state(heads: dict[str, str], cells: dict[str, dict[str, str]]) -> Grid:
    """The state of 整改任务 with these heads, in their order, and these rows."""
    rows: dict[str, dict[str, Value]] = {code: {"code": code, **own} for code, own in cells.items()}
    columns = {key: number for number, key in enumerate(heads, 1)}
    block = Block(TASKS.sheet, {code: number for number, code in enumerate(rows, 4)}, columns, 3 + len(rows))
    head = Block(TASKS.sheet, {HEAD: 3}, columns, 3)
    return Grid({"tasks": rows, heads_of(TASKS): {HEAD: dict(heads)}}, {"tasks": block, heads_of(TASKS): head})


CODES = ("RW-001", "RW-002", "RW-003", "RW-004")


@pytest.mark.parametrize(
    ("before", "after", "renamed"),
    [
        ("abcd", "abcd", True),
        ("abcd", "abcX", True),
        ("abcd", "abXY", False),  # one half
        ("ab  ", "abXY", False),
        ("ab  ", "abX ", True),
        ("    ", "    ", True),  # two empty columns in the same place
    ],
)
def test_a_head_is_renamed_if_more_than_half_of_its_cells_match(before: str, after: str, renamed: bool) -> None:
    def rows(key: str, cells: str) -> dict[str, dict[str, str]]:
        return {code: {key: cell} if cell != " " else {} for code, cell in zip(CODES, cells, strict=True)}

    code = TASKS.code_column
    old = a_state({code.key: code.title, "批示": "批示"}, rows("批示", before))
    new = a_state({code.key: code.title, "领导批示": "领导批示"}, rows("领导批示", after))
    heads = [each for each in differences(old, new, FORMS) if each.code == HEAD]
    assert [(each.column, each.old, each.new) for each in heads] == (
        [("批示", "批示", "领导批示")] if renamed else [("批示", "批示", None), ("领导批示", None, "领导批示")]
    )


@pytest.mark.parametrize(
    ("here", "length", "there", "common"),
    [
        (FEWEST_TEXTS, SHORTEST_TEXT, 0, 0.0),
        (FEWEST_TEXTS, SHORTEST_TEXT, FEWEST_TEXTS - 1, (FEWEST_TEXTS - 1) / FEWEST_TEXTS),
        (FEWEST_TEXTS - 1, SHORTEST_TEXT, 0, 1.0),  # too few
        (FEWEST_TEXTS, SHORTEST_TEXT - 1, 0, 1.0),  # too short
    ],
)
def test_another_ledger_is_known_by_its_texts_if_there_are_enough(
    here: int, length: int, there: int, common: float
) -> None:
    def ledger(texts: list[str]) -> Grid:
        rows = {f"RW-{number:03}": {"statement": text} for number, text in enumerate(texts, 1)}
        return a_state({"code": "任务编号", "statement": "整改措施"}, rows)

    texts = [chr(ord("甲") + number) * length for number in range(here)]
    others = [*texts[:there], *(chr(ord("乙") + 100 + number) * SHORTEST_TEXT for number in range(FEWEST_TEXTS * 2))]
    assert measure_overlap(ledger(texts), ledger(others), FORMS) == common
    assert measure_overlap(ledger(others), ledger(texts), FORMS) == common
