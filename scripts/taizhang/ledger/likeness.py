"""Likeness of rows: which known row a row's cells belong to, whatever code the row has."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from taizhang.forms.columns import Column
from taizhang.forms.model import Form
from taizhang.forms.vocabulary import ColumnType
from taizhang.ledger.cell_values import read_value
from taizhang.ledger.settings import Settings
from taizhang.typed.deadlines import Deadline
from taizhang.typed.text import as_text, clean_key, is_blank, is_clear_mark

__all__ = ["Contents", "Meanings", "Move", "as_cell"]

Cells = Mapping[str, Any]
Meanings = Mapping[str, Hashable]

_TEXTS, _STEPS = (ColumnType.TEXT, ColumnType.LONG_TEXT), (ColumnType.CHOICE, ColumnType.PERCENT)
SHORT, IDENTIFYING, LONG = 4, 8, 20
"""Lengths of texts in characters. Shorter than SHORT: stages (送审) that many rows pass through. From IDENTIFYING on,
two rows do not exchange a text by chance; from LONG on, a text belongs to one row only."""

_DEADLINES = frozenset({"original_deadline"})
"""Text columns that hold the words of a deadline: like deadlines, they identify no row."""

SHARED = 3
"""A value held by more rows than this does not identify a row."""

MANY = 3
"""The fewest filled cells from which a row is judged to be another one because most of them changed."""


@dataclass(frozen=True, slots=True)
class Move:
    """A cell that holds another row's value: its column, and the code of that row (empty if several are possible)."""

    column: str
    origin: str = ""


def as_cell(column: Column, text: Any) -> Any:
    """Convert a text of a base back to a cell value: bases keep a percentage as the text of its fraction."""
    try:
        return float(text) if column.type == ColumnType.PERCENT and isinstance(text, str) else text
    except ValueError:
        return text


def _rank_columns(form: Form, *, issued: bool) -> tuple[frozenset[str], ...]:
    """Return groups of columns that identify a row, the most reliable first; the last group is all columns.

    In an issued file the office's columns come first, since departments have no reason to change them; in the ledger,
    where the office may reword them, the title column comes first.
    """
    office = frozenset(
        column.key for column in form.columns if not column.by_department and column.type != ColumnType.CODE
    )
    every = frozenset(column.key for column in form.columns if column.type != ColumnType.CODE)
    title = form.by_key.get(form.title_column)
    called = frozenset({title.key} if title and title.type != ColumnType.CHOICE else ())
    return (
        (office, called - office, every) if issued else (called, office - called - {form.owner, form.reporter}, every)
    )


class Contents:
    """The known contents of one register's rows, made comparable: for each code, every value its cells have had.

    ``known`` maps each code to one or more versions of its cells, the latest last. They are compared with the rows of
    an ``issued`` file, or else with those of the ledger.
    """

    def __init__(
        self, form: Form, settings: Settings, known: Mapping[str, Sequence[Cells]], *, issued: bool = False
    ) -> None:
        self.form, self.settings, self.issued = form, settings, issued
        self.tiers = _rank_columns(form, issued=issued)
        self._known = known
        self._memo: dict[tuple[str, type, Any], Hashable] = {}

    @cached_property
    def rows(self) -> dict[str, dict[str, tuple[Hashable, ...]]]:
        """The comparable values of each cell by code and column, the latest last; None for a blank."""
        found: dict[str, dict[str, tuple[Hashable, ...]]] = {}
        for code, versions in self._known.items():
            keys = dict.fromkeys(key for cells in versions for key in cells if key in self.tiers[-1])
            found[code] = {
                key: tuple(self._comparable(key, cells[key], kept=True) for cells in versions if key in cells)
                for key in keys
            }
        return found

    @cached_property
    def holders(self) -> dict[tuple[str, Hashable], list[str]]:
        """The codes of the known rows that have held a value, by column and value."""
        found: dict[tuple[str, Hashable], list[str]] = defaultdict(list)
        for code, cells in self.rows.items():
            for key, values in cells.items():
                for value in {*values} - {None}:
                    found[key, value].append(code)
        return found

    def meanings(self, cells: Cells) -> dict[str, Hashable]:
        """Return the comparable values of a row by column key; None for a blank."""
        return {key: self._comparable(key, raw) for key, raw in cells.items() if key in self.tiers[-1]}

    def _comparable(self, key: str, raw: Any, *, kept: bool = False) -> Hashable:
        if is_blank(raw) or is_clear_mark(raw):
            return None
        column = self.form.by_key[key]
        if kept:
            raw = as_cell(column, raw)
        known = (key, type(raw), raw)
        if known not in self._memo:
            self._memo[known] = self._read(column, raw)
        return self._memo[known]

    def _read(self, column: Column, raw: Any) -> Hashable:
        text = clean_key(as_text(raw)).replace(" ", "")
        if column.type in _TEXTS:
            return text
        value = read_value(column, raw, self.settings).value
        if isinstance(value, Deadline):
            return value.date or value.words
        return text if value is None else value

    def score(self, cells: Meanings, code: str, against: str = "") -> tuple[int, ...]:
        """Return, for each tier, in how many cells a row agrees with the known row ``code``.

        In all tiers but the last, only columns count that the known row ``against`` (``code`` if not given) has filled:
        its blanks contradict nothing.
        """
        known = self.rows.get(code, {})
        same = {key for key, value in cells.items() if value is not None and value in known.get(key, ())}
        filled_columns = self.filled_columns(against if against in self.rows else code)
        return (*(len(same & tier & filled_columns) for tier in self.tiers[:-1]), len(same))

    def filled_columns(self, code: str) -> set[str]:
        """Return the columns that a known row has filled."""
        known = self.rows.get(code, {})
        return {key for key, values in known.items() if any(value is not None for value in values)}

    def origins(self, claims: Mapping[str, Meanings], proved: Collection[str] = ()) -> dict[str, str]:
        """Return the rows whose contents are another known row's: the code of each → the code of that known row.

        ``claims`` maps the code of each row, known or not, to its comparable cells. For ``proved`` rows something else
        than the code confirms their identity, so that a single cell that agrees with another row does not make them
        doubtful. Contents that their own row still holds were copied, not moved; copies count only in an issued file,
        for the office's columns.
        """
        found = {}
        for own, cells in claims.items():
            best = max(sorted(self._candidates(own, cells)), key=lambda code: self.score(cells, code, own), default="")
            if best and self._is_closer(own, best, claims, 2 if own in proved else 1):
                found[own] = best
        return found

    def _candidates(self, own: str, cells: Meanings) -> set[str]:
        """Return the other known rows that share a rare value with this row which its own known row never had."""
        found: set[str] = set()
        for key, value in cells.items():
            codes = self.holders.get((key, value), ()) if value is not None else ()
            if 0 < len(codes) <= SHARED and own not in codes:
                found.update(codes)
        return found

    def _is_closer(self, own: str, other: str, claims: Mapping[str, Meanings], margin: int) -> bool:
        cells = claims[own]
        if own not in self.rows and not self._is_plausible(cells, other):
            return False
        *first, ours = self.score(cells, own)
        *then, theirs = self.score(cells, other, own)
        words = enumerate(zip(first, then, strict=True)) if own in self.rows else ()
        tier = next((n for n, (a, b) in words if a != b), None)
        if tier is not None:
            copied = self.issued and tier == 0
            return then[tier] > first[tier] and (copied or self.is_homeless(other, cells, claims))
        if self.identifies(cells, own, other):
            return False
        most = theirs > 1 and theirs * 2 > len(self.filled_columns(other) & cells.keys())
        return theirs >= ours + margin and most and self.is_homeless(other, cells, claims)

    def _is_plausible(self, cells: Meanings, code: str) -> bool:
        """Whether a row with an unknown code may be this known one.

        Title and (in the ledger) department must not differ, and it must hold a value that only the known row has.
        """
        for key in (self.form.title_column, "" if self.issued else self.form.owner):
            known = self.rows[code].get(key, ())
            if cells.get(key) is not None and any(value is not None for value in known) and cells[key] not in known:
                return False
        return any(self.holders.get((key, value)) == [code] for key, value in cells.items())

    def identifies(self, cells: Meanings, code: str, other: str) -> bool:
        """Whether an identifying cell agrees with the known row ``code`` and not with the known row ``other``."""
        first, then = self.rows.get(code, {}), self.rows.get(other, {})
        words = (key for key in cells if any(key in tier for tier in self.tiers[:-1]) and cells[key] is not None)
        return any(cells[key] in first.get(key, ()) and cells[key] not in then.get(key, ()) for key in words)

    def is_homeless(self, code: str, cells: Meanings, claims: Mapping[str, Meanings]) -> bool:
        """Whether the row with this code holds less of its known contents than ``cells`` does, or is missing."""
        return code not in claims or self.score(claims[code], code) < self.score(cells, code)

    def has_nothing_of(self, cells: Meanings, code: str, *, proved: bool) -> bool:
        """Whether a row holds hardly anything of the known row with its code: another task was typed over it.

        A renamed row (``_is_renamed``) must keep an identifying text: deadlines, standards and states that many rows
        share remain even if another task is typed over. Besides, in an issued file with two filled office columns or
        more, one of them must be unchanged. If the office has filled none, or in the ledger, the title must be
        unchanged, or more than half of the cells (half, if the row is ``proved``).
        """
        known = self.rows[code]
        filled = self.filled_columns(code) & {
            key for key, value in cells.items() if value is not None or not self.issued
        }
        same = {key for key in filled if cells[key] in known[key]}
        office = filled & self.tiers[0]
        if self._is_renamed(cells, code) and not any(self._is_identifying(key, cells[key]) for key in same):
            return True
        if self.issued and len(office) > 1:
            return not office & same
        if self.issued and office & same:
            return False
        called = filled & (self.tiers[1] if self.issued else self.tiers[0])
        if called & same or len(filled) < MANY:
            return False
        if self.issued and not called:
            return not same
        return len(same) * 2 < len(filled) if proved else len(same) * 2 <= len(filled)

    def _is_renamed(self, cells: Meanings, code: str) -> bool:
        """Whether the title, which the office fills, resembles none of the row's known titles.

        In an issued file the department must also have changed something in the row.
        """
        key = self.form.title_column
        title = self.form.by_key.get(key)
        if title is None or title.by_department or title.type not in _TEXTS or cells.get(key) is None:
            return False
        if self.issued and not any(self.form.by_key[each].by_department for each in self.changed(code, cells)):
            return False
        names = [str(name) for name in self.rows[code].get(key, ()) if name is not None]
        return bool(names) and not any(_resemble(str(cells[key]), name) for name in names)

    def _is_identifying(self, key: str, value: Hashable) -> bool:
        """Whether a value is a text long enough, and held by few enough rows, to identify a row."""
        text = self.form.by_key[key].type in _TEXTS and key not in _DEADLINES and len(str(value)) >= IDENTIFYING
        return text and len(self.holders.get((key, value), ())) <= SHARED

    def changed(self, code: str, cells: Meanings) -> list[str]:
        """Return the columns in which a row differs from every version of its known row, or from blank if unknown."""
        known = self.rows.get(code, {})
        return [key for key, value in cells.items() if value not in (known.get(key) or (None,))]

    def find_moved_cells(self, claims: Mapping[str, Meanings]) -> dict[str, Move]:
        """Return the rows that received or lost cells of other rows, as when columns are sorted without their codes.

        Sufficient evidence is one long text that left its row for another, two rows that exchanged identifying texts,
        or a column in which the values of three rows or more only changed places. A value typed in several rows has not
        moved; nor have short words, percentages and states that rows reach one after another as work goes on.
        """
        return _Moves(self, claims).find()


class _Moves:
    """The search for moved cells among rows with their own codes, column by column."""

    def __init__(self, contents: Contents, claims: Mapping[str, Meanings]) -> None:
        self.contents, self.claims = contents, claims
        self.form, self.rows, self.holders = contents.form, contents.rows, contents.holders
        self.found: dict[str, Move] = {}

    def find(self) -> dict[str, Move]:
        moved: dict[str, dict[str, list[str]]] = {}
        for key, changed in self._changed.items():
            givers, text = self._find_givers(key, changed), self.form.by_key[key].type in _TEXTS
            for code, giver in givers.items():
                moved.setdefault(code, {}).setdefault(giver, []).append(key)
            old = {code: self._last(code, key) for code in changed}
            if _were_shuffled(givers, old, changed, text):
                for code in givers:
                    self._add(code, Move(key, givers[code]))
            for code in _find_exchanged(old, changed, 6 if text else 3 if self.form.by_key[key].type in _STEPS else 4):
                self._add(code, Move(key))
        self._find_rows(moved)
        return self.found

    def _find_givers(self, key: str, changed: Mapping[str, Hashable]) -> dict[str, str]:
        """Map changed rows to the row that gave them their value: the only one that had it, and no longer has it."""
        now = Counter(cells[key] for cells in self.claims.values() if cells.get(key) is not None)
        found = {}
        for code, value in changed.items():
            givers: Sequence[str] = self.holders.get((key, value), ()) if value is not None else ()
            if len(givers) == 1 and now[value] == 1 and code not in givers:
                found[code] = givers[0]
        return found

    @cached_property
    def _changed(self) -> dict[str, dict[str, Hashable]]:
        """The changed values by column and code."""
        found: dict[str, dict[str, Hashable]] = {}
        for code, cells in self.claims.items():
            for key in self.contents.changed(code, cells):
                found.setdefault(key, {})[code] = cells[key]
        return found

    def _last(self, code: str, key: str) -> Hashable:
        return (self.rows.get(code, {}).get(key) or (None,))[-1]

    def _find_rows(self, moved: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        """Add the rows whose moved cells together cannot be chance."""
        origin = {code: max(givers, key=lambda each: len(givers[each])) for code, givers in moved.items()}
        cells = {code: moved[code][giver] for code, giver in origin.items()}
        text = {code: max(self._length(code, key) for key in keys) for code, keys in cells.items()}
        whole = {code for code, keys in cells.items() if len(keys) > 1}
        cut = {code for code, keys in cells.items() if any(self._is_blank(origin[code], key) for key in keys)}
        rows = {code for code, length in text.items() if length >= LONG} | (cut & whole)
        for ring in _find_rings(origin):
            least = SHORT if len(ring) > 2 else IDENTIFYING
            rows.update(ring if len(ring) > 1 and all(code in whole or text[code] >= least for code in ring) else ())
        left = {code for code in cut if text[code] >= SHORT}
        rows.update(whole if len(whole) > 4 else (), left if len(left) > 2 else ())
        while follow := {code for code in whole - rows if origin[code] in rows or code in map(origin.get, rows)}:
            rows |= follow
        for code in sorted(rows):
            self._add(code, Move(cells[code][0], origin[code]))
            if origin[code] in self.claims:
                self._add(origin[code], Move(cells[code][0]))

    def _add(self, code: str, move: Move) -> None:
        if code not in self.found or (move.origin and not self.found[code].origin):
            self.found[code] = move

    def _is_blank(self, code: str, key: str) -> bool:
        return self.claims.get(code, {}).get(key) is None

    def _length(self, code: str, key: str) -> int:
        """Return the length of a cell of a text column in characters; 0 for other columns."""
        return len(str(self.claims[code][key])) if self.form.by_key[key].type in _TEXTS else 0


def _resemble(a: str, b: str) -> bool:
    """Whether two names share at least half of the characters of the shorter one, as after rewording."""
    return sum((Counter(a) & Counter(b)).values()) * 2 >= min(len(a), len(b))


def _were_shuffled(givers: Mapping[str, str], old: Mapping[str, Any], new: Mapping[str, Any], text: bool) -> bool:
    """Whether the changed rows of a column hold each other's old values because they were sorted, not by chance.

    ``givers`` maps rows to the row whose value they now have. Either all changed rows hold the old values in another
    order, or three quarters have a giver and values went both up and down, six or more are texts, or three or more form
    a ring: progress from month to month goes one way, and few values coincide by chance.
    """
    given = all(row in givers or new[row] is None for row in new)
    if given and len(givers) > 1 and len(new) > 2 and Counter(old[row] for row in new) == Counter(new.values()):
        return True
    if len(givers) < 3 or len(givers) * 4 < len(new) * 3:
        return False
    pairs = [(old[row], new[row]) for row in givers]
    ordered = [(a, b) for a, b in pairs if type(a) is type(b) and isinstance(a, (int, float, Decimal, date))]
    both_ways = any(a < b for a, b in ordered) and any(a > b for a, b in ordered)
    return both_ways or (text and len(givers) > 5) or any(len(ring) > 2 for ring in _find_rings(givers))


def _find_exchanged(old: Mapping[str, Hashable], new: Mapping[str, Hashable], least: int) -> set[str]:
    """Return the changed rows of a column that exchanged a few values, if they are most of those that changed."""
    rows = set(new)
    while True:
        before, after = Counter(old[row] for row in rows), Counter(new[row] for row in rows)
        stay = {row for row in rows if new[row] in before and old[row] in after}
        if stay == rows:
            break
        rows = stay
    several = len({value for value in before if value is not None}) > 1
    closed = several and len(rows) >= least and len(rows) * 4 >= len(new) * 3 and before == after
    return rows if closed else set()


def _find_rings(following: Mapping[Any, Any]) -> list[list[Any]]:
    """Return the cycles of a mapping, each as the list of its members in order."""
    rings, done = [], set()
    for start in following:
        path: dict[Any, int] = {}
        each = start
        while each in following and each not in path and each not in done:
            path[each] = len(path)
            each = following[each]
        if each in path:
            rings.append(list(path)[path[each] :])
        done |= path.keys()
    return rings
