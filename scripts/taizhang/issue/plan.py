"""What each reporter is issued for a period: its open rows, and the base that the office keeps."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from taizhang.checks.cells import cell_findings
from taizhang.forms.columns import Column
from taizhang.forms.model import Form
from taizhang.forms.register_names import FULFILMENTS, TASKS
from taizhang.forms.vocabulary import Filler, Sensitivity
from taizhang.history.bases import Base, DamagedBase, load_base
from taizhang.issue.asked import ShownRow, count_asked
from taizhang.issue.cycles import codes_asked
from taizhang.ledger.catalogue import Check
from taizhang.ledger.cell_values import read_value
from taizhang.ledger.findings import Finding
from taizhang.ledger.layout import shown_columns
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.ledger.reporters import Part, Reporter
from taizhang.ledger.settings import REPORTING, begin_of
from taizhang.ledger.vocabulary import TaskKind
from taizhang.system.files import digest_of
from taizhang.system.stored import Damaged
from taizhang.typed.dates import chinese_date
from taizhang.typed.personal import find_personal
from taizhang.typed.readings import named, quote
from taizhang.typed.text import as_text, clean_key, is_blank

__all__ = [
    "SPARE",
    "SPARE_ROWS",
    "Issue",
    "explain_no_issue",
    "explain_unsent",
    "find_withheld",
    "make_base",
    "reply_by_words",
    "rows_to_issue",
]

SPARE = "新增-"
"""Prefix of a spare row's hidden id; an issued row's hidden id is its code."""

SPARE_ROWS = 8


@dataclass(frozen=True)
class Issue:
    """One reporter's rows for a period: form → open records of the ledger, and form → ids of spare rows.

    ``empty`` lists the columns whose cells are shown empty whatever the ledger holds, by form and code. ``number``
    counts the issues to a reporter in a period from 1: issuing again makes another workbook. ``past`` is form →
    number of events of earlier periods that are not sent, since nothing is owed in them.
    """

    reporter: Reporter
    period: str
    records: Mapping[str, tuple[Record, ...]]
    spare: Mapping[str, tuple[str, ...]]
    number: int = 1
    empty: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    past: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows of the ledger are issued; 0 for a workbook with spare rows only."""
        return sum(map(len, self.records.values()))

    def shown(self, name: str) -> list[ShownRow]:
        """Return the prefilled rows of a register as its sheet shows them, in order."""
        empty = self.empty.get(name, {})
        return [ShownRow(record, empty.get(record.code, ())) for record in self.records.get(name, ())]

    def cells_asked(self, ledger: Ledger) -> int:
        """Return how many cells the reporter is asked to type; ``ledger`` is the one issued from."""
        return sum(count_asked(self.shown(name), _columns_shown(ledger, name)) for name in self.records)


def rows_to_issue(
    ledger: Ledger,
    forms: Mapping[str, Form],
    period: str,
    kept_back: Sequence[Finding],
    as_of: date,
    damaged: list[DamagedBase] | None = None,
) -> list[Issue]:
    """Return the issue of each reporter in 参数: of a unit first what is not about persons, then what is.

    Left out are reporters without open rows that may not add rows either, branches that are dissolved, and units that
    share a file with another. ``kept_back`` are the findings from ``find_withheld``; their rows are issued to nobody.
    Of 〈履行记录〉 only the cycles asked about on ``as_of``, the day of the period's figures, are issued; of the events
    that are reported, those of this period and those in which something is owed. A reporter with a damaged base is
    left out and appended to ``damaged``; without that list, Damaged is raised. Spare rows get new ids each time a
    workbook is issued again, since the earlier ids may be in use.
    """
    issues = []
    issued = {name: forms[name] for name in ledger.registers if forms[name].issued}
    rows = _rows_by_unit(ledger, forms, {(each.place.sheet, each.place.row) for each in kept_back})
    dissolved = ledger.dissolved
    asked = codes_asked(ledger, as_of)
    when = ledger.settings.period(period)
    begin = begin_of(when, ledger.settings.periods) if when else None
    for reporter in ledger.settings.reporters.values():
        asks = [name for name, form in issued.items() if _answers(reporter, form, ledger)]
        if (
            not asks
            or reporter.unit in ledger.settings.sharing_units
            or (reporter.is_branch and reporter.unit in dissolved)
        ):
            continue
        try:
            kept = load_base(ledger.path, period, reporter.name, ledger.settings)
        except Damaged as error:
            if damaged is None:
                raise
            damaged.append(DamagedBase(reporter.name, period, str(error)))
            continue
        number = kept.number + 1 if kept else 1
        records, spare, past = {}, {}, {}
        for name in asks:
            form, key = issued[name], (name, reporter.is_branch, reporter.unit)
            own = [each for each in rows.get(key, ()) if name != FULFILMENTS or each.code in asked]
            records[name] = tuple(each for each in own if not _is_over(ledger, name, each, begin))
            past[name] = len(own) - len(records[name])
            if form.new_rows == Filler.DEPARTMENT:
                again = f"|{number}" if number > 1 else ""
                digest = digest_of(f"{reporter.unit}|{period}|{name}{again}".encode())[:6]
                spare[name] = tuple(f"{SPARE}{digest}-{row:02}" for row in range(1, SPARE_ROWS + 1))
        if any(records.values()) or spare:
            empty = {
                name: {record.code: _find_empty(ledger, name, record) for record in shown}
                for name, shown in records.items()
            }
            issues.append(Issue(reporter, period, records, spare, number, empty, past))
    return issues


def _answers(reporter: Reporter, form: Form, ledger: Ledger) -> bool:
    """Whether a register is asked of a reporter: of its kind, in its part, and not limited by 填报 to others."""
    part = Part.PERSONAL if form.sensitivity is Sensitivity.PERSONAL else Part.ORDINARY
    asked = reporter.is_branch is form.by_branch and reporter.part is part
    return asked and ledger.settings.is_sent(form.sheet, reporter.unit)


def _columns_shown(ledger: Ledger, name: str) -> tuple[Column, ...]:
    register = ledger.registers[name]
    return shown_columns(register.form, register.columns)


def _is_over(ledger: Ledger, name: str, record: Record, begin: date | None) -> bool:
    """Whether a row is an event before the period that departments reported, and in which they owe nothing more."""
    register = ledger.registers[name]
    form = register.form
    if begin is None or not form.dated or form.new_rows != Filler.DEPARTMENT:
        return False
    day = ledger.meaning(register, record, form.dated)
    row = ShownRow(record, _find_empty(ledger, name, record))
    return isinstance(day, date) and day < begin and not row.asked(_columns_shown(ledger, name))


def _find_empty(ledger: Ledger, name: str, record: Record) -> tuple[str, ...]:
    """Return the columns that the template shows empty in a row: asked anew each period, or not asked.

    The progress of a recurring task is not asked: 〈履行记录〉 counts what was done in each cycle.
    """
    register = ledger.registers[name]
    empty = [column.key for column in shown_columns(register.form, register.columns) if column.each_period]
    if name == TASKS and FULFILMENTS in ledger.registers:
        recurring = ledger.meaning(register, record, "kind") == TaskKind.CYCLE
        empty += ["progress"] * (recurring and "progress" in register.columns)
    return tuple(empty)


def explain_no_issue(unit: str) -> str:
    """Return the sentence why a department or branch is issued nothing."""
    return f"{unit}：没有下发：没有待办的行，也没有由它加行的登记表"


def explain_unsent(ledger: Ledger, forms: Mapping[str, Form], units: Collection[Reporter]) -> Iterator[str]:
    """Yield a sentence for each register of which open rows of these units are sent to nobody.

    Either 填报 sends it to others, or a branch is dissolved. Also said is which registers departments
    answer for branches, since 〈党支部底册〉 is missing or empty.
    """
    rows = _rows_by_unit(ledger, forms, ())
    dissolved = ledger.dissolved
    for name in ledger.registers:
        form = forms[name]
        counts = {
            each: len(rows.get((name, each.is_branch, each.unit), ()))
            for each in units
            if each.is_branch is form.by_branch
        }
        unsent = {each: count for each, count in counts.items() if not ledger.settings.is_sent(form.sheet, each.unit)}
        gone = {
            each: count
            for each, count in counts.items()
            if each not in unsent and each.is_branch and each.unit in dissolved
        }
        for kept, why in ((unsent, f"按〈参数〉“{REPORTING}”不下发"), (gone, "支部已撤销，不下发")):
            said = "、".join(f"{each.unit} {count} 行" for each, count in kept.items() if count)
            if said:
                yield f"〈{form.sheet}〉{why}：{said}，由办公室填。"
    yield from _explain_stand_ins(ledger, forms)


def _explain_stand_ins(ledger: Ledger, forms: Mapping[str, Form]) -> Iterator[str]:
    """Yield which registers are answered by departments although 参数 has branches that should."""
    reporting = ledger.settings.reporting
    sheets = [
        forms[name].sheet
        for name in ledger.registers
        if forms[name].branch and not forms[name].by_branch and clean_key(forms[name].sheet) not in reporting
    ]
    if ledger.settings.branches and sheets:
        named = "〉〈".join(sheets)
        yield f"〈党支部底册〉里还没有党支部，〈{named}〉由部门填；登记了党支部，就下发给党支部。"


def _rows_by_unit(
    ledger: Ledger, forms: Mapping[str, Form], kept_back: Collection[tuple[str | None, int | None]]
) -> dict[tuple[str, bool, Any], list[Record]]:
    """Return (form, whether a branch answers, unit) → open rows, without those at the places ``kept_back``."""
    rows: dict[tuple[str, bool, Any], list[Record]] = {}
    for name, register in ledger.registers.items():
        form = forms[name]
        for record in register.records if form.issued else ():
            if not ledger.is_closed(register, record) and (register.sheet.name, record.row) not in kept_back:
                key = name, form.by_branch, ledger.meaning(register, record, form.reporter)
                rows.setdefault(key, []).append(record)
    return rows


def find_withheld(ledger: Ledger, forms: Mapping[str, Form]) -> list[Finding]:
    """Return a finding for each reason why an open row is issued to nobody; no finding repeats personal data.

    The reasons are: no department or branch of 参数, no code, another row's code, and personal or classified data.
    """
    findings = []
    for name, register in ledger.registers.items():
        if not forms[name].issued or not ledger.settings.is_sent(forms[name].sheet):
            continue
        for record in register.records:
            if not ledger.is_closed(register, record):
                findings += _find_reasons(register, record, register.rows_of[record.code], ledger)
    return findings


def _find_reasons(register: Register, record: Record, same: Sequence[int], ledger: Ledger) -> list[Finding]:
    """Return why a row is withheld; ``same`` are the rows with its code, itself included."""
    form, found = register.form, []
    owner, what = form.column(form.reporter), f"{named(record.code)} 没有下发" if record.code else "这一行没有下发"
    who = "党支部" if form.by_branch else "部门"
    typed = record.cells.get(form.reporter, "")
    reading = read_value(owner, typed, ledger.settings)
    principle = "kind" in form.by_key and ledger.meaning(register, record, "kind") == TaskKind.PRINCIPLE
    if reading.value is None and not (principle and is_blank(typed)):
        unread = form.reporter in record.unread
        blank = "里的公式没有算出的结果" if unread else "是空的"
        is_ = blank if is_blank(typed) else f"写的{quote(typed)}不是〈参数〉里的{who}"
        problem = f"{what}给任何{who}：“{owner.title}”{is_}，"
        cure = "请改好后用 --again 重新下发。"
        found.append(Finding(register.place(record, form.reporter), Check.UNASSIGNED, problem, cure=cure))
    code = form.code_column
    if not record.code:
        problem = f"{what}：没有{code.title}，"
        cure = "请补一个没用过的编号，再用 --again 重新下发。"
        found.append(Finding(register.place(record, code.key), Check.CODE, problem, cure=cure))
    elif len(same) > 1:
        others = "、".join(str(row) for row in same if row != record.row)
        problem = f"{what}：编号与第 {others} 行重复，报回来分不清是哪一行；"
        cure = "请给其中一行换一个没用过的编号，再用 --again 重新下发。"
        found.append(Finding(register.place(record, code.key), Check.CODE_DUPLICATE, problem, cure=cure))
    for key, raw in record.cells.items():
        if not find_personal(raw):
            continue
        for each in cell_findings(register, record, form.column(key), raw, ledger.settings):
            if each.check == Check.PERSONAL:
                problem, cure = f"这一行没有下发：{each.problem}", f"{each.cure}删去后用 --again 重新下发。"
                found.append(Finding(each.place, each.check, problem, cure=cure))
    return found


def make_base(
    issue: Issue, columns: Mapping[str, Sequence[str]], workbook: bytes, kept: Base | None = None, head: str = ""
) -> Base:
    """Return the base of an issue.

    ``columns`` is form → keys of the columns shown, ``workbook`` the issued file, ``head`` the journal's head at the
    time. ``kept`` is the base of the previous issue; its added rows, taken cells and returned files are carried over.
    """
    rows: dict[str, dict[str, dict[str, str]]] = {}
    held: dict[str, dict[str, dict[str, str]]] = {}
    for name, records in issue.records.items():
        rows[name] = {}
        for record in records:
            cells = {key: as_text(raw) for key, raw in record.cells.items()}
            if empty := issue.empty.get(name, {}).get(record.code):
                held.setdefault(name, {})[record.code] = {key: cells[key] for key in empty}
                cells |= dict.fromkeys(empty, "")
            rows[name][record.code] = cells
    sha256 = digest_of(workbook)
    shown = {name: list(keys) for name, keys in columns.items()}
    spare = {name: list(ids) for name, ids in issue.spare.items()}
    if kept is None:
        return Base(
            issue.reporter.name, issue.period, rows, spare, columns=shown, files=[sha256], head=head, issued_empty=held
        )
    spare = {name: [*kept.spare.get(name, ()), *spare.get(name, ())] for name in {**kept.spare, **spare}}
    kept.taken_of(1)
    before = kept.earlier_issued_empty
    return replace(
        kept,
        rows=rows,
        spare=spare,
        columns=shown,
        earlier=[*kept.earlier, kept.rows],
        taken={},
        earlier_taken=[*kept.earlier_taken, kept.taken],
        files=[*kept.files, sha256],
        head=head,
        issued_empty=held,
        earlier_issued_empty=[*before, *({} for _ in range(len(kept.earlier) - len(before))), kept.issued_empty],
    )


def reply_by_words(due: date | None) -> str:
    """Return the words about the due day for the template."""
    return f"请于 {chinese_date(due)} 前报回" if due else "请按通知要求的时间报回"
