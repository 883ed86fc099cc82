"""The identity of rows: a row is held unless code, hidden id and contents agree, as returned and in the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from taizhang.forms.vocabulary import Filler
from taizhang.history.bases import Base
from taizhang.ledger.catalogue import Check
from taizhang.ledger.layout import ROW_ID_HEAD
from taizhang.ledger.likeness import Contents, Meanings
from taizhang.ledger.registers import Record, Register, head_key
from taizhang.ledger.settings import Settings
from taizhang.typed.text import as_text, clean_key, is_blank

__all__ = ["KnownRows", "LedgerRows", "ReturnedRows", "known_rows", "name_rows"]

Cells = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Doubt:
    """Why a row is not accepted as the one its code names: check, key of the column that shows it, sentence."""

    check: Check
    column: str
    sentence: str


def known_rows(
    base: Base, name: str, number: int | None = None, *, every: bool = False, later: bool = True, held: bool = False
) -> dict[str, list[Cells]]:
    """Return the known versions of a register's rows by code: as issued (in this issue last), then as reported since.

    Rows added by the department are included as they were added; with ``every``, rows of all issues of the period are.
    Without ``later``, versions from issues after ``number`` are left out. ``held``: as the ledger held them at the
    issue, with cells that the template showed empty.
    """

    def issue_of(each: int | None) -> Mapping[str, Cells]:
        return base.held_at_issue(each, name) if held else base.rows_of(each).get(name, {})

    last = base.number if later or number is None else number
    issues = [issue_of(each) for each in range(1, last + 1)] if base.earlier else []
    reported = [each for n in range(1, base.number + 1) if (each := base.taken_of(n))]
    spare = base.spare.get(name, ())
    added = {code: base.added[code] for each in spare if (code := base.assigned.get(each, "")) in base.added}
    rows: dict[str, Cells] = {**added}
    for issue in (*(issues if every else ()), issue_of(number)):
        rows.update(issue)
    found: dict[str, list[Cells]] = {}
    for code, cells in rows.items():
        earlier = (*issues, added)
        found[code] = [*(each[code] for each in earlier if code in each), cells]
        found[code] += [{**cells, **taken[code]} for taken in reported if code in taken]
    return found


class ReturnedRows:
    """The rows of one register in a returned file; each claims to be an issued row, a spare one, or neither."""

    def __init__(
        self, returned: Register, base: Base, issued: Mapping[str, Cells], number: int | None, settings: Settings
    ) -> None:
        self.returned, self.form, self.issued, self.base = returned, returned.form, issued, base
        self._spare = frozenset(base.spare.get(self.form.name, ()))
        self._id_column = next((n for n, head in returned.extra if head_key(head) == ROW_ID_HEAD), None)
        known = {
            code: [{key: cells[key] for key in returned.columns if key in cells} for cells in versions]
            for code, versions in known_rows(base, self.form.name, number).items()
        }
        self.contents = Contents(self.form, settings, known, issued=True)

    def hidden(self, record: Record) -> str:
        """Return the hidden id of a row; empty if it has none."""
        column = self._id_column
        return clean_key(as_text(self.returned.sheet.value(record.row, column))) if column else ""

    def identity(self, record: Record) -> str:
        """Return the code or spare id that a row claims: its hidden id if that is known, else its code.

        If rows were sorted without their hidden ids (``ids_stayed``), the code counts.
        """
        hidden = self.hidden(record)
        if self.ids_stayed:
            return record.code
        return hidden if hidden in self.issued or hidden in self._spare else record.code or hidden

    def disagrees(self, record: Record) -> bool:
        """Whether a row's code and its hidden id name two different known rows."""
        return not self.ids_stayed and self._contradicts_id(record)

    def _contradicts_id(self, record: Record) -> bool:
        hidden, code = self.hidden(record), record.code
        known = hidden in self.issued or hidden in self._spare
        return known and code in self.contents.rows and code not in (hidden, self.base.assigned.get(hidden))

    @cached_property
    def ids_stayed(self) -> bool:
        """Whether rows were sorted without their hidden ids.

        True if every code that contradicts its hidden id occurs once, and the row's contents are those of the code.
        """
        odd = [record for record in self.returned.records if self._contradicts_id(record)]
        count = Counter(record.code for record in self.returned.records)
        cells = {record.row: self.contents.meanings(record.cells) for record in odd}
        return bool(odd) and all(
            count[record.code] == 1
            and self.contents.identifies(cells[record.row], record.code, self.hidden(record))
            and not self.contents.identifies(cells[record.row], self.hidden(record), record.code)
            for record in odd
        )

    def has_content(self, record: Record) -> bool:
        """Whether any of the department's columns is filled."""
        return any(not is_blank(record.cells.get(column.key, "")) for column in self.form.department_columns)

    @cached_property
    def by_identity(self) -> dict[str, list[Record]]:
        """The rows by the code or spare id that they claim."""
        rows: dict[str, list[Record]] = {}
        for record in self.returned.records:
            rows.setdefault(self.identity(record), []).append(record)
        return rows

    @cached_property
    def _claimed(self) -> dict[str, Record]:
        """The rows by their known code, each code once; unknown and repeated rows by ``?`` and the row number."""
        found: dict[str, Record] = {}
        for record in self.returned.records:
            identity = self.identity(record)
            code = self.base.assigned.get(identity, identity)
            known = code in self.contents.rows or identity in self._spare
            key = code if known and code not in found else f"?{record.row}"
            if known and code in found and not self.has_content(found[code]) and not self.disagrees(record):
                found[key] = found[code]
                key = code
            found[key] = record
        return found

    @cached_property
    def _claims(self) -> dict[str, Meanings]:
        return {key: self.contents.meanings(record.cells) for key, record in self._claimed.items()}

    @cached_property
    def _origins(self) -> dict[str, str]:
        proved = {key for key, record in self._claimed.items() if self._is_proved(record)}
        return self.contents.origins(self._claims, proved)

    def _is_proved(self, record: Record) -> bool:
        """Whether the hidden id confirms the code; an added row has no code in the file, and its spare id is enough."""
        hidden = self.hidden(record)
        return bool(hidden) and (hidden == record.code or hidden in self._spare)

    def looks_like(self, record: Record) -> str:
        """Return the code of the known row whose contents an unidentified row holds; empty if there is none."""
        return self._origins.get(f"?{record.row}", "")

    @cached_property
    def doubts(self) -> dict[int, _Doubt]:
        """The rows that are not accepted, by row number, with the reason."""
        found: dict[int, _Doubt] = {}
        for row, doubt in (*self._doubt_by_id(), *self._doubt_by_words(), *self._doubt_by_place()):
            found.setdefault(row, doubt)
        for row, doubt in [*self._doubt_by_cells(found)]:
            found.setdefault(row, doubt)
        return found

    def _doubt_by_id(self) -> Iterator[tuple[int, _Doubt]]:
        key = self.form.code_column.key
        bearers: dict[str, Record] = {}
        for record in self.returned.records:
            bearers.setdefault(self.hidden(record), record)
        for record in self.returned.records:
            identity = self.identity(record)
            other = bearers.get(record.code, record)
            if self.disagrees(record):
                was = identity if identity in self.issued else "空行"
                yield record.row, _Doubt(Check.ROW_MOVED, key, f"编号是 {record.code}，下发时这一行却是 {was}")
            elif identity == record.code and other is not record and self.disagrees(other):
                sentence = f"编号写的是 {record.code}，下发时的 {record.code} 却是现在的第 {other.row} 行"
                yield record.row, _Doubt(Check.ROW_MOVED, key, sentence)

    def _doubt_by_words(self) -> Iterator[tuple[int, _Doubt]]:
        key = self.form.code_column.key
        for own, code in self._origins.items():
            record, other = self._claimed[own], self._claimed.get(code)
            if not own.startswith("?"):
                bears = f"编号是 {own}" if own in self.contents.rows else "这是新增的行"
                yield record.row, _Doubt(Check.ROW_MOVED, key, f"{bears}，内容却是下发时 {code} 的")
            if other is not None and self.contents.is_homeless(code, self._claims[own], self._claims):
                sentence = f"编号是 {code}，下发时 {code} 的内容却写在第 {record.row} 行"
                yield other.row, _Doubt(Check.ROW_MOVED, key, sentence)
        for code in self.contents.rows.keys() & self._claimed.keys():
            record = self._claimed[code]
            if self.contents.has_nothing_of(self._claims[code], code, proved=self._is_proved(record)):
                sentence = f"编号是 {code}，内容却和下发时的对不上，像是在这一行上改写成了另一条"
                yield record.row, _Doubt(Check.ROW_MOVED, key, sentence)

    def _doubt_by_place(self) -> Iterator[tuple[int, _Doubt]]:
        """Doubt the changed rows right above a filled row without identity: entries slipped down past their codes.

        If departments may add rows, such a row is a new one and nothing is doubted.
        """
        if self.form.new_rows == Filler.DEPARTMENT:
            return
        codes = {record.row: code for code, record in self._claimed.items()}
        for slipped in self.returned.records:
            if not self._is_unidentified(slipped):
                continue
            row = slipped.row - 1
            while (code := codes.get(row, "")) in self.contents.rows and (changed := self._changed_by_department(code)):
                sentence = (
                    f"{code} 下面的第 {slipped.row} 行填了内容却没有编号，像是从上面错下来的，分不清填的是不是它的"
                )
                yield row, _Doubt(Check.COLUMNS_SORTED, changed[0], sentence)
                row -= 1

    def _is_unidentified(self, record: Record) -> bool:
        """Whether a row has no code, no id, no office column filled, and two or more department columns filled."""
        filled = [self.form.column(key) for key, raw in record.cells.items() if not is_blank(raw)]
        return not self.identity(record) and len(filled) > 1 and all(column.by_department for column in filled)

    def _changed_by_department(self, code: str) -> list[str]:
        """Return the department's columns that were changed or cleared in a row."""
        keys = self.contents.changed(code, self._claims[code])
        return [key for key in keys if self.form.column(key).by_department]

    def _doubt_by_cells(self, found: Mapping[int, _Doubt]) -> Iterator[tuple[int, _Doubt]]:
        moves = self.contents.find_moved_cells(self._claims)
        doubted = {code for code, record in self._claimed.items() if record.row in found}
        moves = {code: move for code, move in moves.items() if not code.startswith("?") and code not in doubted}
        for code, move in sorted(moves.items(), key=lambda each: self._claimed[each[0]].row):
            title = self.form.column(move.column).title
            whose = f"写的是 {move.origin} 原来的内容" if move.origin else "和别的行对调了"
            yield self._claimed[code].row, _Doubt(Check.COLUMNS_SORTED, move.column, f"{code} 的“{title}”{whose}")
        for code, column in self._find_between(moves):
            sentence = f"{code} 夹在错位的行里，分不清填的是不是它的"
            yield self._claimed[code].row, _Doubt(Check.COLUMNS_SORTED, column, sentence)

    def _find_between(self, moves: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield further changed rows (code, column) in the area where three or more rows changed places.

        Their entries may have moved too. The area reaches from the first moved row to the last, and on through adjacent
        changed rows.
        """
        codes = [code for code in self._claimed if code in self.contents.rows]
        codes.sort(key=lambda code: self._claimed[code].row)
        changed = {code: self._newly_filled(code) for code in codes}
        moved = {*moves}
        places = [n for n, code in enumerate(codes) if code in moved]
        if len(places) < 3:
            return
        first, last = places[0], places[-1]
        while first and changed[codes[first - 1]]:
            first -= 1
        while last + 1 < len(codes) and changed[codes[last + 1]]:
            last += 1
        for code in codes[first : last + 1]:
            if code not in moved and changed[code]:
                yield code, changed[code][0]

    def _newly_filled(self, code: str) -> list[str]:
        """Return the department's columns with a new value in a row."""
        return [key for key in self._changed_by_department(code) if self._claims[code][key] is not None]


class LedgerRows:
    """The rows of one register of the ledger, indexed once for all comparisons."""

    def __init__(self, register: Register, settings: Settings) -> None:
        self.register, self.settings = register, settings

    @cached_property
    def by_value(self) -> Mapping[tuple[str, str], list[str]]:
        """The codes of the rows by column and text."""
        found: dict[tuple[str, str], list[str]] = {}
        code = self.register.form.code_column.key
        for record in self.register.records:
            for key, raw in record.cells.items():
                if key != code and not is_blank(raw):
                    found.setdefault((key, as_text(raw)), []).append(record.code)
        return found

    def compare(self, known: Mapping[str, Sequence[Cells]]) -> KnownRows:
        """Return the comparison of the rows with the known ones, by code."""
        return KnownRows(self, known)


class KnownRows:
    """The comparison of ledger rows with what is known of their codes: whether each is still the same row."""

    def __init__(self, rows: LedgerRows, known: Mapping[str, Sequence[Cells]]) -> None:
        self.rows, self.register, self.known = rows, rows.register, known
        self.contents = Contents(self.register.form, rows.settings, known)

    def doubt(self, code: str) -> str:
        """Return a sentence why the ledger's row with this code is not the one that was issued; empty if it is."""
        if code not in self.known or self._is_plainly_itself(code):
            return ""
        origin, now = self._origins.get(code), self._moved.get(code)
        if now:
            return f"下发时的 {code} 在台账里现在编为 {now}"
        if origin:
            return f"台账里编号 {code} 的现在是下发时的 {origin}"
        if code in self._claims and self.contents.has_nothing_of(self._claims[code], code, proved=False):
            return f"台账里编号 {code} 的内容和下发时大半不同，像是换成了另一条"
        return ""

    @cached_property
    def _moved(self) -> Mapping[str, str]:
        """The present codes of known rows whose code changed, by the code they had."""
        found: dict[str, str] = {}
        for own, origin in self._origins.items():
            if self.contents.is_homeless(origin, self._claims[own], self._claims):
                found.setdefault(origin, own)
        return found

    def _is_plainly_itself(self, code: str) -> bool:
        """Whether a row has kept a title that no other known row has; a shortcut, since most rows do."""
        record, called = self.register.by_code.get(code), self._title(self.known[code][-1])
        return bool(called and record and self._title_counts[called] == 1 and self._title(record.cells) == called)

    def _title(self, cells: Cells) -> str:
        return "".join(as_text(cells.get(key, "")) for key in self.contents.tiers[0])

    @cached_property
    def _title_counts(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for versions in self.known.values():
            called = self._title(versions[-1])
            found[called] = found.get(called, 0) + 1
        return found

    @cached_property
    def _claims(self) -> dict[str, Meanings]:
        """The ledger rows with a known code, and those sharing a rare value with a known row, as comparable cells."""
        codes = dict.fromkeys(self.known)
        for versions in self.known.values():
            for key, text in versions[0].items():
                holders = self.rows.by_value.get((key, text), ())
                codes.update(dict.fromkeys(holders if len(holders) <= 3 else ()))
        records = self.register.by_code
        return {code: self.contents.meanings(records[code].cells) for code in codes if code in records}

    @cached_property
    def _origins(self) -> dict[str, str]:
        return self.contents.origins(self._claims, self._claims)


def name_rows(rows: Iterable[int]) -> str:
    """Return row numbers in Chinese, with consecutive ones as a range: 第 4-7、9 行."""
    spans: list[list[int]] = []
    for row in sorted(rows):
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    listed = [str(first) if first == last else f"{first}-{last}" for first, last in spans[:20]]
    return f"第 {'、'.join(listed)}{' 等' if len(spans) > 20 else ''} 行"
