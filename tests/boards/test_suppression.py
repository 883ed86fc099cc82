"""Small counts are hidden so that neither sums nor differences tell them."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from taizhang.boards.suppression import hidden_cells
from taizhang.supervision.small_numbers import LEAST


def with_sums(table: list[list[int]]) -> list[list[int]]:
    rows = [[*row, sum(row)] for row in table]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def known(table: list[list[int]], hidden: frozenset[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return the hidden cells that follow from the shown ones: every row and column says that its parts are its sum.

    Solved as linear equations, independently of the program's way.
    """
    cells = sorted(hidden)
    rows, columns = len(table), len(table[0])
    lines = [[(row, each) for each in range(columns)] for row in range(rows)]
    lines += [[(each, column) for each in range(rows)] for column in range(columns)]
    equations = []
    for line in lines:
        sign = {cell: Fraction(1) for cell in line[:-1]} | {line[-1]: Fraction(-1)}
        equations.append([sign.get(cell, Fraction(0)) for cell in cells])
    reduced: list[list[Fraction]] = []
    for place in range(len(cells)):
        pivot = next((each for each in equations if each[place]), None)
        if pivot is None:
            continue
        equations.remove(pivot)
        pivot = [each / pivot[place] for each in pivot]
        equations = [[a - row[place] * b for a, b in zip(row, pivot, strict=True)] for row in equations]
        reduced = [[a - row[place] * b for a, b in zip(row, pivot, strict=True)] for row in reduced] + [pivot]
    return {cells[row.index(Fraction(1))] for row in reduced if sum(map(bool, row)) == 1}


@pytest.mark.parametrize(
    ("table", "hidden"),
    [
        ([[5, 6], [7, 0]], set()),  # 5 is shown, 0 too
        ([[0, 0], [0, 0]], set()),
        ([[4, 6], [7, 8]], {(0, 0), (0, 1), (1, 0), (1, 1)}),
        ([[4, 6, 9], [7, 8, 5]], {(0, 0), (0, 1), (1, 0), (1, 1)}),
    ],
)
def test_a_small_count_takes_others_with_it(table: list[list[int]], hidden: set[tuple[int, int]]) -> None:
    assert hidden_cells(with_sums(table)) == hidden


@pytest.mark.parametrize("table", [[[1, 0], [0, 0]], [[3, 6, 9]], [[3], [6]], [[1, 0, 0]]])
def test_the_sum_of_all_is_printed_elsewhere_and_tells_of_nobody(table: list[list[int]]) -> None:
    """The sum of the only line, and of the only column, is the sum of all."""
    found = hidden_cells(with_sums(table))
    last = (len(table), len(table[0]))
    assert {(r, c) for r, row in enumerate(table) for c, number in enumerate(row) if 0 < number < LEAST} <= found
    assert last not in found
    assert known(with_sums(table), found) == set()


def test_a_table_without_lines_hides_nothing() -> None:
    assert hidden_cells([]) == frozenset()


def test_no_hidden_count_follows_from_those_shown() -> None:
    dice = random.Random(7)
    for _ in range(150):
        rows, columns = dice.randint(1, 6), dice.randint(2, 5)
        table = with_sums([[dice.choice([0, 0, 1, 3, 4, 5, 9, 20]) for _ in range(columns)] for _ in range(rows)])
        hidden = hidden_cells(table)
        small = {(r, c) for r, row in enumerate(table) for c, number in enumerate(row) if 0 < number < LEAST}
        small -= {(len(table) - 1, len(table[0]) - 1)}
        small -= {(0, len(table[0]) - 1)} if len(table) == 2 else set()
        assert small <= hidden
        assert (len(table) - 1, len(table[0]) - 1) not in hidden
        assert known(table, hidden) == set()


def test_two_small_counts_that_would_add_up_to_two_are_not_all_that_is_hidden() -> None:
    """As many equations as a leak needs, though no cell is a bridge: of cells that are at least 1, both are 1."""
    table = with_sums([[1, 6], [1, 6], [8, 6]])
    hidden = hidden_cells(table)
    in_column = [row for row in range(4) if (row, 0) in hidden]
    assert {0, 1} < set(in_column), "a third number of the column is hidden too"
    assert known(table, hidden) == set()


def test_small_counts_with_room_to_differ_hide_no_more() -> None:
    table = with_sums([[2, 6], [1, 6], [8, 6]])
    assert hidden_cells(table) == {(0, 0), (0, 1), (1, 0), (1, 1)}
