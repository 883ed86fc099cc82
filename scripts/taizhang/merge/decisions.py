"""Decisions on conflicts (冲突裁决): the cases kept in the workbook, and planning what a filled workbook changes.

The visible sheet shows every conflict with base, ledger and returned value. A hidden sheet keeps the same cases,
signed, for the program; decisions refer to it by id, so that people may sort rows and widen columns.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any

from taizhang.checks.cells import cell_findings
from taizhang.forms.model import Form
from taizhang.history.bases import Base, load_base
from taizhang.history.entries import Change
from taizhang.history.key import KEY_LOST
from taizhang.history.signing import key_is_lost, secret_of, token_of
from taizhang.ledger.catalogue import Check
from taizhang.ledger.cell_values import read_value, to_cell
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.merge.identity import KnownRows, LedgerRows, known_rows
from taizhang.merge.plan import Conflict, seen
from taizhang.splice import SetCell
from taizhang.system.schema import NEWER_CURE, Kind, NewerSchema, migrate, schema_of
from taizhang.system.stored import Damaged, make_instance, parse_facts
from taizhang.typed.personal import find_personal
from taizhang.typed.readings import quote
from taizhang.typed.text import as_text, clean_key, cut_to_cell, is_blank, is_clear_mark
from taizhang.workbook.places import Place
from taizhang.workbook.reader import Sheet, Workbook

__all__ = [
    "CASE_HEAD_ROW",
    "CHOICES",
    "FILE_NAME",
    "FIRST_CASE_ROW",
    "HEADS",
    "HIDDEN_SHEET",
    "SHEET",
    "Case",
    "Rulings",
    "case_row",
    "open_cases",
    "plan_decisions",
    "read_rulings",
    "to_stored",
]

FILE_NAME = "冲突裁决.xlsx"
_LATEST = "请用最近一次汇总生成的那一份。"
SHEET, HIDDEN_SHEET = "冲突裁决", "_裁决标识"
KEEP, TAKE, OTHER = CHOICES = ("采用台账", "采用上报", "另填")
HEADS = (
    ("序号", 6),
    ("表", 12),
    ("编号", 10),
    ("事项", 30),
    ("部门", 14),
    ("列", 12),
    ("下发时", 20),
    ("台账现在", 20),
    ("部门上报", 20),
    ("裁决", 12),
    ("另填的内容", 20),
    ("理由", 28),
)
"""Heads of the visible sheet, with column widths in characters."""
CASE_HEAD_ROW, FIRST_CASE_ROW = 4, 5


MOST_IN_PIECE = 32_000
"""Most characters of a case in one cell of the hidden sheet."""


@dataclass(frozen=True, slots=True)
class Case:
    """One conflict as the hidden sheet keeps it, with JSON values (dates as ISO texts).

    ``more`` holds keys added by a newer version.
    """

    department: str
    period: str
    form: str
    code: str
    column: str
    ours: str
    theirs: Any
    source: str
    more: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def text(self) -> str:
        """The case as JSON; this text is signed."""
        facts = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "more"}
        return json.dumps({**facts, **self.more}, ensure_ascii=False)


@dataclass
class Rulings:
    """The effects of decisions: ledger edits, journal changes, updated bases by (department, period), and findings."""

    edits: list[SetCell] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    bases: dict[tuple[str, str], Base] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    undecided: int = 0


def open_cases(
    earlier: Workbook, ledger: Ledger, forms: Mapping[str, Form], secret: bytes, departments: Sequence[str]
) -> list[tuple[str, Conflict, str]]:
    """Return the open cases of an earlier workbook for these departments, as (period, conflict, source).

    Left out are cases already decided, cells whose ledger value now equals the returned one, and rows that are gone.
    ``ours`` of a conflict is the present ledger value. Raises NewerSchema as ``cases_of`` does.
    """
    hidden, found = earlier.by_name.get(HIDDEN_SHEET), []
    for case in cases_of(hidden, secret).values() if hidden else ():
        register = ledger.registers.get(case.form)
        record = register.by_code.get(case.code) if register else None
        department = ledger.settings.name_now(case.department)
        try:
            base = load_base(ledger.path, case.period, department, ledger.settings)
        except Damaged:  # reported by the command that needs the base; the case stays open
            base = Base(department, case.period, {}, {})
        if department not in departments or record is None or base is None or case.column not in record.cells:
            continue
        form, ours, theirs = forms[case.form], record.cells[case.column], as_text(case.theirs)
        if base.settled.get(case.code, {}).get(case.column) == theirs or as_text(ours) == theirs:
            continue
        before = base.held_at_issue(None, case.form).get(case.code, {}).get(case.column, "")
        conflict = Conflict(
            Place(case.source),
            form,
            case.code,
            form.column(case.column),
            before,
            ours,
            case.theirs,
            case.theirs,
            department,
        )
        found.append((case.period, conflict, case.source))
    return found


def read_rulings(earlier: Workbook, secret: bytes) -> dict[Case, tuple[Any, Any, Any]]:
    """Return what people typed (ruling, other content, reason) by case, with the source of the case left out."""
    sheet, hidden = earlier.by_name.get(SHEET), earlier.by_name.get(HIDDEN_SHEET)
    columns = find_columns(sheet)
    if sheet is None or hidden is None or columns is None:
        return {}
    cases, typed = cases_of(hidden, secret), {}
    for row in range(1, len(sheet.rows) + 1):
        case = cases.get(clean_key(as_text(sheet.value(row, columns["行标识"]))))
        if case:
            ruling, other, reason = (sheet.value(row, columns[head]) for head in ("裁决", "另填的内容", "理由"))
            typed[replace(case, source="")] = (ruling, other, reason)
    return typed


def plan_decisions(book: Workbook, ledger: Ledger, forms: Mapping[str, Form], secret: bytes) -> Rulings:
    """Plan the effects of the decisions in a workbook, each once. Writes nothing.

    Refused, with a finding: a workbook not made for this ledger, a decision without the reason or content it needs, one
    already carried out, and one about a cell that has changed since the workbook was made.
    """
    rulings = Rulings()
    sheet, hidden = book.by_name.get(SHEET), book.by_name.get(HIDDEN_SHEET)
    columns = find_columns(sheet)
    if sheet is None or hidden is None or columns is None:
        problem = f"这不是程序生成的〈{SHEET}〉（少了表、表头或标识），没有采用。"
        rulings.findings.append(Finding(book.place(), Check.DECISION, problem, cure=_LATEST))
        return rulings
    try:
        cases = cases_of(hidden, secret)
    except NewerSchema as error:
        message = f"这份〈{SHEET}〉{error}，没有采用。{NEWER_CURE}"
        rulings.findings.append(Finding(book.place(), Check.DECISION, message))
        return rulings
    compare_rows = cache(partial(_compare_rows, ledger))
    done: set[str] = set()
    for row in range(1, len(sheet.rows) + 1):
        key = clean_key(as_text(sheet.value(row, columns["行标识"])))
        if not key.startswith("C") or not key[1:].isdigit():
            continue
        choice = clean_key(as_text(sheet.value(row, columns["裁决"])))
        if not choice:
            rulings.undecided += 1
            continue
        case = None if key in done else cases.get(key)
        if case is None or case.form not in ledger.registers or case.column not in forms[case.form].by_key:
            rulings.findings.append(_report_unknown_case(book.place(sheet.name, row), ledger))
            continue
        done.add(key)
        _Ruling(rulings, book, sheet, row, columns, case, ledger, compare_rows).decide(choice)
    return rulings


def _report_unknown_case(place: Place, ledger: Ledger) -> Finding:
    problem = "这一行的标识不对（不是本台账的，或与别的行重复），没有采用。"
    cure = _LATEST
    if key_is_lost(ledger.path):
        problem = "这一行的标识认不出来，没有采用："
        cure = f"{KEY_LOST}。"
    return Finding(place, Check.DECISION, problem, cure=cure)


def _compare_rows(ledger: Ledger, department: str, period: str, form: str) -> KnownRows:
    """Compare the ledger's rows of a register with those issued to a department for a period."""
    base = load_base(ledger.path, period, department, ledger.settings)
    known = known_rows(base, form, every=True, held=True) if base else {}
    return LedgerRows(ledger.registers[form], ledger.settings).compare(known)


def find_columns(sheet: Sheet | None) -> dict[str, int] | None:
    """Find the head row and return the column numbers by head; None if a required head is missing."""
    for cells in sheet.rows[:30] if sheet else ():
        found = {clean_key(as_text(raw)): number for number, raw in enumerate(cells, 1) if not is_blank(raw)}
        if {"裁决", "另填的内容", "理由", "行标识"} <= found.keys():
            return found
    return None


def case_row(key: str, case: Case, secret: bytes) -> tuple[str, ...]:
    """Return a row of the hidden sheet: id, signature, text in two cells, schema number, further cells of text.

    The schema number is outside the signed text, so that an older version of the program can still read the case.
    """
    head, tail, *more = _split(case.text)
    return key, token_of(secret, SHEET, case.text), head, tail, str(schema_of(Kind.CASE)), *more


def _split(text: str) -> list[str]:
    """Split a text into as many cells as needed, at least two."""
    pieces = []
    while text or len(pieces) < 2:
        pieces.append(cut_to_cell(text[:MOST_IN_PIECE]))
        text = text[len(pieces[-1]) :]
    return pieces


def cases_of(hidden: Sheet, secret: bytes) -> dict[str, Case]:
    """Return the cases by id; those with a wrong signature are left out.

    Raises NewerSchema if a newer version wrote the sheet in another schema, rather than leave out its cases.
    """
    cases = {}
    for row in hidden.rows:
        key, token, head, tail, number, *more = [*map(as_text, row), "", "", "", "", ""]
        schema = {"schema": int(number)} if number.isdecimal() and len(number) < 9 else {}
        migrate(Kind.CASE, schema)
        text = "".join((head, tail, *more))
        if hmac.compare_digest(token_of(secret, SHEET, text).encode(), token.encode("utf-8", "replace")):
            with suppress(ValueError):  # then reported as an unknown id
                cases[key] = make_instance(Case, migrate(Kind.CASE, parse_facts(text) | schema), more="more")
    return cases


class _Ruling:
    """One row of the workbook with a decision."""

    def __init__(
        self,
        rulings: Rulings,
        book: Workbook,
        sheet: Sheet,
        row: int,
        columns: Mapping[str, int],
        case: Case,
        ledger: Ledger,
        compare_rows: Callable[[str, str, str], KnownRows],
    ) -> None:
        self.compare_rows = compare_rows
        self.rulings, self.book, self.sheet, self.row, self.columns = rulings, book, sheet, row, columns
        self.case, self.ledger = case, ledger
        self.register = ledger.registers[case.form]
        self.form = self.register.form
        self.column = self.form.column(case.column)

    def decide(self, choice: str) -> None:
        case = self.case
        settings = self.ledger.settings
        key = (settings.name_now(case.department), case.period)
        try:
            base = self.rulings.bases.get(key) or load_base(self.ledger.path, case.period, case.department, settings)
        except Damaged as error:
            self._refuse("裁决", f"{error}{case.department}的这一格要等找回以后再裁决。")
            return
        record = self.register.by_code.get(case.code)
        reason = as_text(self._cell("理由")).strip()
        if choice not in CHOICES:
            self._refuse("裁决", f"“裁决”写的{quote(choice)}不在选项里，", cure=f"只能选：{'、'.join(CHOICES)}。")
        elif base is None or record is None or case.column not in self.register.columns:
            self._refuse("裁决", f"{case.code} 已不在台账里，或找不到下发的留底，没有采用，", cure="请核对。")
        elif len(rows := self.register.rows_of[case.code]) > 1:
            numbers = "、".join(map(str, rows))
            problem = f"台账里第 {numbers} 行都是 {case.code}，分不清该改哪一行，没有采用。"
            cure = "请给其中一行换一个没用过的编号，再运行一次。"
            self._refuse("裁决", problem, cure=cure)
        elif doubt := self.compare_rows(case.department, case.period, case.form).doubt(case.code):
            cure = "请在台账里把编号改回下发时的那一行，再运行一次。"
            self._refuse("裁决", f"{doubt}，没有采用，免得改到别的行上；", cure=cure)
        elif self._is_decided(base):
            self._refuse("裁决", "这一格已经裁决过，没有再改台账；", Severity.HINT, cure="要再改请直接改台账。")
        elif to_stored(record.cells[case.column], self.ledger) != case.ours and self._is_written_already(
            choice, record
        ):
            self._settle(base, choice)
            self._refuse("裁决", "台账这一格已经是裁决的内容，没有再改，记为已裁决。", Severity.HINT)
        elif to_stored(record.cells[case.column], self.ledger) != case.ours:
            now = seen(self.form, self.column, record.cells[case.column]) or "（空）"
            self._refuse(
                "裁决", f"生成裁决表之后，台账这一格又改成了“{now}”，没有采用。", cure="请重新汇总，按新的裁决表裁决。"
            )
        elif choice != OTHER and not is_blank(self._cell("另填的内容")):
            problem = f"选了“{choice}”，“另填的内容”里却写着字，没有采用。"
            cure = "要用写的内容请改选“另填”，不用请清空这一格。"
            self._refuse("另填的内容", problem, cure=cure)
        elif choice != KEEP and not reason:
            self._refuse("理由", f"选“{choice}”要写理由，", cure="写上以后再运行一次。")
        else:
            self._carry_out(choice, reason, base, record)

    def _cell(self, head: str) -> Any:
        return self.sheet.value(self.row, self.columns[head])

    def _refuse(self, head: str, problem: str, severity: Severity = Severity.ERROR, *, cure: str = "") -> None:
        place = self.book.place(self.sheet.name, self.row, self.columns[head])
        self.rulings.findings.append(Finding(place, Check.DECISION, problem, severity, cure=cure))

    def _is_decided(self, base: Base) -> bool:
        return base.settled.get(self.case.code, {}).get(self.case.column) == as_text(self.case.theirs)

    def _is_written_already(self, choice: str, record: Record) -> bool:
        """Whether the ledger already holds the decided value: it was written, but saving the base failed then."""
        ruled = self._cell("另填的内容") if choice == OTHER else self.case.theirs
        wanted = None if is_clear_mark(ruled) else self._to_cell(ruled)
        return choice != KEEP and as_text(record.cells[self.case.column]) == as_text(wanted)

    def _settle(self, base: Base, choice: str) -> None:
        case = self.case
        base.settled.setdefault(case.code, {})[case.column] = as_text(case.theirs)
        if choice == TAKE:
            base.taken.setdefault(case.code, {})[case.column] = as_text(case.theirs)
        self.rulings.bases[base.department, case.period] = base

    def _carry_out(self, choice: str, reason: str, base: Base, record: Record) -> None:
        case, column = self.case, self.column
        old = record.cells[case.column]
        theirs = self._to_cell(case.theirs)
        if choice == OTHER:
            typed = self._cell("另填的内容")
            if is_blank(typed):
                self._refuse(
                    "另填的内容", "选了“另填”却没有写内容，", cure="写上以后再运行一次；要清空请填“（清空）”。"
                )
                return
            if not self._fits(typed):
                return
            new = None if is_clear_mark(typed) else self._to_cell(typed)
        else:
            new = theirs if choice == TAKE else old
        if choice != KEEP:
            self.rulings.edits.append(
                SetCell(self.register.sheet.name, record.row, self.register.columns[case.column], new)
            )
        shown = {name: seen(self.form, column, raw) or "（空）" for name, raw in (("台账", old), ("上报", theirs))}
        lost = {KEEP: "上报", TAKE: "台账"}.get(choice)
        losers = [f"{value}（{name}）" for name, value in shown.items() if lost in (name, None)]
        note = f"{choice}；未采用：{'、'.join(losers)}" + (f"；理由：{reason}" if reason else "")
        change = Change(case.form, case.code, case.column, old, new, case.source, note)
        self.rulings.changes.append(change)
        self._settle(base, choice)

    def _to_cell(self, raw: Any) -> Any:
        """Convert a raw value to the cell value that the ledger holds for it; idempotent."""
        if raw is None or is_blank(raw):
            return None
        return to_cell(self.column, read_value(self.column, raw, self.ledger.settings).value)

    def _fits(self, typed: Any) -> bool:
        """Whether the text under 另填的内容 is valid in the ledger's cell; adds its findings."""
        if is_clear_mark(typed):
            return True
        here = Register(self.form, self.book.name, self.sheet, 1, {self.column.key: self.columns["另填的内容"]}, ())
        record = Record(self.row, self.case.code, {self.column.key: typed})
        found = list(cell_findings(here, record, self.column, typed, self.ledger.settings))
        self.rulings.findings += found
        return not any(each.severity is Severity.ERROR for each in found)


def to_stored(ours: Any, ledger: Ledger) -> str:
    """Return the ledger's value as kept for comparison in the hidden sheet; only a signature of personal data."""
    text = as_text(ours)
    return token_of(secret_of(ledger.path), HIDDEN_SHEET, text) if find_personal(ours) else text
