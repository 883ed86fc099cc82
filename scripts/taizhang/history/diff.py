"""Differences between two states of a ledger, cell by cell, and replaying journalled changes on a state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from taizhang.forms.model import Form
from taizhang.history.entries import Change, withhold
from taizhang.history.grid import HEAD, Cells, Grid, Value, heads_of, row_id
from taizhang.typed.text import as_text, head_key

__all__ = [
    "Rows",
    "by_column",
    "describe_moves",
    "differences",
    "is_equal",
    "match_renamed_rows",
    "measure_overlap",
    "new_column",
    "replay",
]

FEWEST_TEXTS, SHORTEST_TEXT = 5, 6
"""Two ledgers are told apart by their texts only if each has this many of at least this many characters."""

Rows = Mapping[str, Mapping[str, Value]]


def differences(old: Grid, new: Grid, forms: Mapping[str, Form]) -> list[Change]:
    """Return the changes from one state to the other, cell by cell; None is a blank.

    A row whose code changed gives one change of its code column, filed under the old code; its other changes follow
    under the new code. A column whose head changed gives one change of the head, filed under the old column; other
    changes in it follow under the new one. An added or removed row gives a change of its code column from or to None.
    """
    changes = [change for form in forms.values() for change in _renamed_columns(old, new, form)]
    cells = replay(old.cells, changes, forms) if changes else old.cells
    for register in (*cells, *(name for name in new.cells if name not in cells)):
        before, after = cells.get(register, {}), new.cells.get(register, {})
        key = forms[register].code_column.key if register in forms else ""
        renamed = match_renamed_rows(before, after, key) if key else {}
        origin = {target: row for row, target in renamed.items()}
        for row, target in renamed.items():
            changes.append(Change(register, row, key, before[row].get(key), after[target].get(key)))
        for row in (*before, *(each for each in after if each not in before)):
            if row in renamed:
                continue
            a, b = before.get(origin.get(row, row), {}), after.get(row, {})
            for column in (*a, *(each for each in b if each not in a)):
                if not is_equal(a.get(column), b.get(column)) and not (row in origin and column == key):
                    changes.append(Change(register, row, column, a.get(column), b.get(column)))
    return changes


def measure_overlap(old: Grid, new: Grid, forms: Mapping[str, Form]) -> float:
    """Return the share of texts that two states have in common, of the state with fewer; 1 if there are too few.

    Codes are not compared: another ledger numbers its rows from 1 too.
    """
    shared = [name for name in forms if name in old.blocks and name in new.blocks]
    before, after = ({text for name in shared for text in _texts(state, forms[name])} for state in (old, new))
    fewer = min(len(before), len(after))
    return len(before & after) / fewer if fewer >= FEWEST_TEXTS else 1.0


def _texts(state: Grid, form: Form) -> Iterator[str]:
    columns = {column.key for column in form.columns if column.type.is_text}
    for cells in state.cells.get(form.name, {}).values():
        for key, value in cells.items():
            if key in columns and isinstance(value, str) and len(value) >= SHORTEST_TEXT:
                yield value


def describe_moves(old: Grid, new: Grid, forms: Mapping[str, Form]) -> list[str]:
    """Return sentences about what moved without a change of content: renamed sheets, reordered rows and columns."""
    found = []
    for name, form in forms.items():
        if name not in old.blocks or name not in new.blocks:
            continue
        a, b = old.blocks[name], new.blocks[name]
        if a.sheet != b.sheet:
            found.append(f"〈{a.sheet}〉改名为〈{b.sheet}〉。")
        if _reordered(a.rows, b.rows, old.cells.get(name, {})):
            found.append(f"〈{b.sheet}〉的行换了顺序，内容没有变。")
        if _reordered(a.columns, b.columns, old.cells.get(heads_of(form), {}).get(HEAD, {})):
            found.append(f"〈{b.sheet}〉的列换了位置，内容没有变。")
    return found


def _reordered(before: Mapping[str, int], after: Mapping[str, int], named: Mapping[str, Any]) -> bool:
    common = [key for key in before if key in after and key in named]
    return sorted(common, key=before.__getitem__) != sorted(common, key=after.__getitem__)


def match_renamed_rows(before: Rows, after: Rows, key: str) -> dict[str, str]:
    """Return old code → new code of rows whose code (in column ``key``) was changed.

    A removed and an added row are the same row renamed if all other cells match, or if more than half match and at
    least one of them occurs in no other row.
    """
    gone = {row: cells for row, cells in before.items() if row not in after and row_id(cells.get(key, "")) == row}
    come = {row: cells for row, cells in after.items() if row not in before and row_id(cells.get(key, "")) == row}
    if not gone or not come:
        return {}
    pairs = _match_identical(gone, come, key)
    rest = {row: cells for row, cells in gone.items() if row not in pairs}
    left = {row: cells for row, cells in come.items() if row not in pairs.values()}
    scores = {
        (row, target): _score(gone[row], come[target], key)
        for row, target in _find_sharing_pairs(before, after, key)
        if row in rest and target in left
    }
    for row, target in sorted(scores, key=lambda pair: -scores[pair]):
        if scores[row, target] > 0.5 and row not in pairs and target not in pairs.values():
            pairs[row] = target
    return pairs


def _match_identical(gone: Rows, come: Rows, key: str) -> dict[str, str]:
    """Return the pairs of rows that match in all but their code, and are the only such row on either side."""

    def by_content(rows: Rows) -> dict[Any, list[str]]:
        found: dict[Any, list[str]] = {}
        for row, cells in rows.items():
            if len(cells) > 2:
                found.setdefault(frozenset(_contents(cells, key)), []).append(row)
        return found

    others = by_content(come)
    pairs = ((rows, others.get(content, [])) for content, rows in by_content(gone).items())
    return {rows[0]: targets[0] for rows, targets in pairs if len(rows) == len(targets) == 1}


def _find_sharing_pairs(before: Rows, after: Rows, key: str) -> set[tuple[str, str]]:
    """Return the pairs of rows, one of each state, that share a cell which occurs in no other row of either."""

    def only(rows: Rows) -> dict[Any, str]:
        count = Counter(each for cells in rows.values() for each in _contents(cells, key))
        return {each: row for row, cells in rows.items() for each in _contents(cells, key) if count[each] == 1}

    first, then = only(before), only(after)
    return {(row, then[each]) for each, row in first.items() if each in then}


def _contents(cells: Mapping[str, Value], key: str) -> Iterator[tuple[str, str]]:
    return ((column, repr(value)) for column, value in cells.items() if column != key)


def _score(a: Mapping[str, Value], b: Mapping[str, Value], key: str) -> float:
    """Return the share of matching cells of two rows, without their code; 0 if fewer than two match."""
    common = sum(column != key and is_equal(value, b.get(column)) for column, value in a.items())
    return common / max(len(a) - (key in a), len(b) - (key in b)) if common > 1 else 0


def _renamed_columns(old: Grid, new: Grid, form: Form) -> list[Change]:
    """Return the changes of renamed heads: one column vanished, another appeared, and most of their cells match.

    More than half of the cells must match; two empty columns are the same column if they are in the same place.
    """
    name, register = heads_of(form), form.name
    before, after = old.cells.get(name, {}).get(HEAD, {}), new.cells.get(name, {}).get(HEAD, {})
    gone = [column for column in before if column not in after]
    come = [column for column in after if column not in before]
    if not gone or not come:
        return []
    first, then = (by_column(state.cells.get(register, {})) for state in (old, new))
    scores = {}
    for a in gone:
        for b in come:
            change = Change(name, HEAD, a, before[a], after[b])
            if new_column(change, form) != b or withhold(after[b]) != after[b]:
                continue
            x, y = first.get(a, {}), then.get(b, {})
            alike = sum(is_equal(value, y.get(row)) for row, value in x.items())
            here = old.blocks[name].columns.get(a) == new.blocks[name].columns.get(b)
            if alike * 2 > max(len(x), len(y)) or (here and not x and not y):
                scores[change, b] = alike, here
    found: dict[str, Change] = {}
    for change, b in sorted(scores, key=lambda pair: scores[pair], reverse=True):
        if b not in found and change.column not in {each.column for each in found.values()}:
            found[b] = change
    return list(found.values())


def by_column(rows: Rows) -> dict[str, dict[str, Value]]:
    """Return the cells of rows by column, then row."""
    columns: dict[str, dict[str, Value]] = {}
    for row, cells in rows.items():
        for column, value in cells.items():
            columns.setdefault(column, {})[row] = value
    return columns


def new_column(change: Change, form: Form) -> str:
    """Return the column key after a change of a head: a new one if the head was renamed to another column's.

    The code column keeps its key: it is recognised by its codes.
    """
    code = form.code_column.key
    if change.code != HEAD or change.column == code or change.old is None or change.new is None:
        return change.column
    column = form.titles.get(head_key(change.new))
    key = column.key if column else as_text(change.new)
    return change.column if key == code else key


def _under_present_key(change: Change, form: Form | None) -> Change:
    """Return a change under the key that its column has now.

    A column that people had added is filed under its head; the form may have been given that column since.
    """
    if form is None or change.column in form.by_key:
        return change
    column = form.titles.get(head_key(change.column))
    return replace(change, column=column.key) if column else change


def is_equal(a: Value | None, b: Value | None) -> bool:
    """Whether two cells have equal values; 1 and TRUE (是) differ."""
    return a == b and isinstance(a, bool) == isinstance(b, bool)


def replay(cells: Mapping[str, Any], changes: Sequence[Change], forms: Mapping[str, Form]) -> Cells:
    """Return the cells of a state after applying changes in their order."""
    now: Cells = {register: {row: dict(each) for row, each in rows.items()} for register, rows in cells.items()}
    by_heads = {heads_of(form): form for form in forms.values()}
    for written in changes:
        form = by_heads.get(written.register)
        change = _under_present_key(written, form or forms.get(written.register))
        rows = now.setdefault(change.register, {})
        target = new_column(change, form) if form else change.column
        if form and target != change.column and target not in rows.get(HEAD, {}):
            for each in (*now.get(form.name, {}).values(), rows.setdefault(HEAD, {})):
                if change.column in each:
                    each[target] = each.pop(change.column)
            rows[HEAD][target] = change.new
            continue
        is_code = change.register in forms and change.column == forms[change.register].code_column.key
        if is_code and change.old is not None and change.new is not None and change.code in rows:
            renamed = rows.pop(change.code)
            renamed[change.column] = change.new
            rows[row_id(change.new)] = renamed
            continue
        row = rows.setdefault(change.code, {})
        if change.new is None:
            row.pop(change.column, None)
        else:
            row[change.column] = change.new
        if not row:
            del rows[change.code]
    return {register: rows for register, rows in now.items() if rows}
