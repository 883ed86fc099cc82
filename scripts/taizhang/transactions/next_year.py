"""The ledger of the next year: what of last year's goes along.

The lists and thresholds of 参数 go along, and what is not finished: open tasks and those that are kept up (长期坚持),
with their problems, causes, proofs, reviews and extensions, and the close-outs that still count or wait. Each row gets
a new code, and codes begin after last year's, in registers that begin empty too: nothing of the two years can be mixed
up. The code and the deadline of the first year stay beside it. Last year's ledger is only read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from taizhang.forms.register_names import BRANCHES, CAUSES, CLOSEOUTS, EXTENSIONS, PROBLEMS, PROOFS, REVIEWS, TASKS
from taizhang.forms.vocabulary import ColumnType
from taizhang.history.new_codes import CodeBook, Written
from taizhang.ledger.create import GUIDE_SHEET, default_settings
from taizhang.ledger.layout import EVIDENCE_FOLDER
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.ledger.settings import BLOCKS, EARLIER_CODES, LIGHT_RULES, SETTINGS_SHEET, rows_of_block
from taizhang.ledger.vocabulary import CARRIED_OVER, FIRST_CODE, FIRST_DEADLINE, Status, TaskKind
from taizhang.supervision.closeouts import read_closeouts, standings_on
from taizhang.supervision.duties import CycleState
from taizhang.supervision.tasks import Task, read_tasks
from taizhang.system.file_names import as_file_name
from taizhang.transactions.errors import CannotRun
from taizhang.transactions.new import NewLedger
from taizhang.typed.dates import months_later, read_date
from taizhang.typed.readings import name_several, named
from taizhang.typed.text import as_text, is_blank, split_many
from taizhang.workbook.places import named_cells

__all__ = ["plan_next_year"]

_CODE = re.compile(r"[A-Z]{2}-\d+")
_FOLDER = re.compile(rf"({EVIDENCE_FOLDER}[/\\])([A-Z]{{2}}-\d+)(?!\d)")
_LISTS = ("部门", "岗位", "党支部", "方面", "事件", "填报")
_BELONGING = (PROBLEMS, CAUSES, CLOSEOUTS, EXTENSIONS, REVIEWS, PROOFS, BRANCHES)
_MOST_NAMED = 8
_NOT_CARRIED = ("unchanged", "original_deadline")
"""What is about the last period, or is written down anew when a task is first issued."""


def plan_next_year(old: Ledger, as_of: date, unit: str, year: int | None) -> NewLedger:
    """Plan the ledger that follows another one, as it is on a day.

    Without ``year``, it is the year after that of the old ledger. Raises CannotRun if that year is unknown or not
    before the new one.
    """
    last = old.settings.year
    if last is None:
        raise CannotRun(f"{old.path.name} 的〈参数〉没有写方案年度，不知道接的是哪一年。请先在旧台账里填上，再新建。")
    year = year or last + 1
    if year <= last:
        raise CannotRun(f"{old.path.name} 是 {last} 年度的，新的要是以后的年度，--year {year} 不行。")
    carried = _Carried(old, as_of, year)
    carried.carry()
    settings = _settings(old, unit or old.settings.unit, year, carried.last_codes)
    forms = [register.form for register in old.registers.values()]
    forms += [
        form for form in old.forms.values() if form.automatic or (form.enabled and form.name not in old.registers)
    ]
    forms.sort(key=lambda form: list(old.forms).index(form.name))
    own = {name: tuple(heads) for name, heads in carried.own.items()}
    return NewLedger(unit or old.settings.unit, year, forms, carried.rows, settings, own, tuple(carried.notes()))


@dataclass
class _Carried:
    """The rows that go along, by register, with their new codes."""

    old: Ledger
    as_of: date
    year: int
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    own: dict[str, dict[str, None]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    last_codes: list[str] = field(default_factory=list)
    owing: list[str] = field(default_factory=list)
    running: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    carried: dict[str, list[int]] = field(default_factory=dict)

    def carry(self) -> None:
        """Choose the rows, give them codes and write them."""
        register = self.old.registers.get(TASKS)
        self.tasks = [task for task in read_tasks(self.old, self.as_of) if task.status is not Status.STRUCK_OFF]
        self._assign_codes()
        for task in self.tasks:
            if register:
                self._carry_task(register, task)
        for name in _BELONGING:
            other = self.old.registers.get(name)
            for record in other.records if other else ():
                if other and record.code in self.codes[name]:
                    self._carry_record(other, record, self._values(other, record))
        for row in self.rows.get(PROBLEMS, ()):
            row["source"] = CARRIED_OVER

    def _assign_codes(self) -> None:
        """Give each row that goes along the next code of its register; note the last one of every register."""
        written = Written(self.old)
        chosen = {TASKS: [task.code for task in self.tasks], **self._belonging()}
        for name, register in self.old.registers.items():
            book = CodeBook(register, self.old, written)
            next_code = book.next()
            number = register.form.code_number(next_code) or 1
            if number > 1:
                self.last_codes.append(register.form.format_code(number - 1))
            given = [next_code, *(book.next() for _ in chosen.get(name, ())[1:])]
            self.codes[name] = dict(zip(chosen.get(name, ()), given, strict=False))
        for name in (TASKS, *_BELONGING):
            self.codes.setdefault(name, {})

    def _belonging(self) -> dict[str, list[str]]:
        """Return the codes of what goes along with the tasks, by register.

        Party branches go along too: who is registered there answers registers, as who is listed in 参数 does.
        """
        carried = {task.code for task in self.tasks}
        answered = {code for task in read_tasks(self.old, self.as_of) for code in task.problems}
        named = {code for task in self.tasks for code in task.problems}
        problems = [
            record
            for record in self._records(PROBLEMS)
            if record.code and (record.code in named or record.code not in answered)
        ]
        causes = self._causes_of(problems)
        if problems:  # a cause that no problem names is nobody's that is finished
            of_any = self._causes_of(self._records(PROBLEMS))
            causes |= {record.code for record in self._records(CAUSES)} - of_any
        standing = standings_on(self.old, self.as_of)
        deciding = {standing[code].last.code for code in carried if code in standing}
        deciding |= {task.waiting.closeout.code for task in self.tasks if task.waiting}
        return {
            PROBLEMS: [record.code for record in problems],
            CAUSES: [record.code for record in self._records(CAUSES) if record.code and record.code in causes],
            CLOSEOUTS: [
                each.code for each in read_closeouts(self.old) if each.task in carried and each.code in deciding
            ],
            EXTENSIONS: self._about(EXTENSIONS, carried),
            REVIEWS: self._about(REVIEWS, carried),
            PROOFS: self._about(PROOFS, carried),
            BRANCHES: [record.code for record in self._records(BRANCHES) if record.code],
        }

    def _causes_of(self, problems: Iterable[Record]) -> set[str]:
        register = self.old.registers.get(PROBLEMS)
        return {code for each in problems if register for code in self.old.meaning(register, each, "causes") or ()}

    def _about(self, name: str, tasks: Collection[str]) -> list[str]:
        """Return the codes of the rows of a register that are about one of these tasks."""
        register = self.old.registers.get(name)
        rows = [record for record in self._records(name) if record.code]
        return [each.code for each in rows if register and self.old.meaning(register, each, "task") in tasks]

    def _records(self, name: str) -> Sequence[Record]:
        register = self.old.registers.get(name)
        return register.records if register else ()

    def _values(self, register: Register, record: Record) -> dict[str, Any]:
        """Return the cells of a row by key, as they are; references with the new codes of what goes along."""
        values: dict[str, Any] = {}
        for key, raw in record.cells.items():
            column = register.form.column(key)
            if is_blank(raw) or column is register.form.code_column:
                continue
            values[key] = raw
            meant = self.old.meaning(register, record, key)
            if column.to in self.codes:
                known = self.codes[column.to]
                named = (meant,) if isinstance(meant, str) else meant or ()
                values[key] = tuple(known[each] for each in named if each in known)
            elif column.type is ColumnType.PERCENT:
                values[key] = meant
            elif key == "evidence" and isinstance(raw, str):  # it may name the task's folder
                values[key] = _FOLDER.sub(lambda found: found[1] + self.codes[TASKS].get(found[2], found[2]), raw)
            elif register.form.name == PROOFS and isinstance(raw, str):  # its conditions may name a task
                values[key] = _CODE.sub(lambda found: self.codes[TASKS].get(found[0], found[0]), raw)
        return values

    def _carry_record(self, register: Register, record: Record, values: dict[str, Any]) -> dict[str, Any]:
        """Add a row with its new code, the columns of the office's own, and its first code."""
        name = register.form.name
        row = {register.form.code_column.key: self.codes[name][record.code], **values}
        first = (FIRST_CODE, FIRST_DEADLINE) if name == TASKS else (FIRST_CODE,)
        own = self.own.setdefault(name, dict.fromkeys(first))
        row[FIRST_CODE] = record.code
        for number, head in register.extra:
            own[head] = None
            if not is_blank(raw := register.sheet.value(record.row, number)):
                row[head] = raw
        self.carried.setdefault(name, []).append(record.row)
        self.rows.setdefault(name, []).append(row)
        return row

    def _carry_task(self, register: Register, task: Task) -> None:
        values = {key: raw for key, raw in self._values(register, task.record).items() if key not in _NOT_CARRIED}
        original = task.record.cells.get("original_deadline") or task.record.cells.get("deadline")
        if task.term.original:
            values["deadline"] = task.term.original
        if task.kind is TaskKind.CYCLE:
            values.pop("start", None)
            new_year = date(self.year, 1, 1)  # cycles from here on are the new ledger's
            cycles = [each for each in task.duty.cycles if each.cycle.last < new_year] if task.duty else []
            if owed := sum(each.owed for each in cycles if each.state is CycleState.OWED):
                self.owing.append(f"{task.code} 欠 {owed} 次")
            running = [each for each in cycles if each.state is CycleState.RUNNING and each.done < each.required]
            self.running += [f"{task.code} {each.cycle.name}差 {each.required - each.done} 次" for each in running]
            if task.due and task.due < new_year:
                self.ended.append(f"{self.codes[TASKS][task.code]}（{task.due}）")
        if task.review and not task.start and not task.term.due and self.old.settings.year:
            values["start"] = date(self.old.settings.year, 1, 1)  # else reviews would begin anew with the new year
        values["source"] = CARRIED_OVER
        row = self._carry_record(register, task.record, values)
        if FIRST_DEADLINE not in row and original:
            row[FIRST_DEADLINE] = as_text(original)

    def notes(self) -> Iterator[str]:
        """Yield sentences on what goes along, and on what does not."""
        numbers = {name: len(self.rows.get(name, ())) for name in (TASKS, PROBLEMS, CAUSES)}
        kept_up = sum(task.status is Status.ONGOING for task in self.tasks)
        if any(numbers.values()):
            of_them = f"（其中长期坚持 {kept_up} 项）" if kept_up else ""
            yield (
                f"结转 {numbers[TASKS]} 项没有销号的任务{of_them}、{numbers[PROBLEMS]} 个问题、"
                f"{numbers[CAUSES]} 个原因，来源写作“{CARRIED_OVER}”；"
                f"原来的编号和时限写在“{FIRST_CODE}”“{FIRST_DEADLINE}”两列。"
            )
        else:
            yield "上一年没有要结转的任务、问题和原因。"
        if self.last_codes:
            yield f"编号接着上一年排，不会和上一年的相混：上一年用到 {'、'.join(self.last_codes)}。"
        if self.owing:
            yield f"周期任务从新年度起算，上一年欠的没有结转：{'、'.join(self.owing)}；要补的请另列任务。"
        if self.running:
            yield f"周期任务还没过完的一期，也不结转：{'、'.join(self.running)}；请在旧台账里做完、记下。"
        if self.ended:
            yield (
                f"周期任务的时限已经过了，新年度不再按周期欠次数：{'、'.join(self.ended)}；接着做的，请定新的时限，"
                "不再做的，请办销号。"
            )
        yield from self._notes_on_registers()
        yield from self._note_on_evidence()
        yield from self._notes_on_looks()

    def _notes_on_registers(self) -> Iterator[str]:
        """Yield what registers begin empty, what of them is still open, and what counted them."""
        empty = [register for name, register in self.old.registers.items() if self._begins_empty(name)]
        if empty:
            names = "、".join(register.form.sheet for register in empty)
            yield f"从空表开始的：{names}；底册、名册要接着用的，请从旧台账复制，编号接着上一年的往下编。"
        still_open = [(register, self._open_rows(register)) for register in empty if register.form.closed]
        if words := "、".join(f"{register.form.sheet} {_listed(rows)}" for register, rows in still_open if rows):
            yield f"其中还没有办完的：{words}；要接着办的，也请复制过来。"
        counted: dict[str, list[str]] = {register.form.sheet: [] for register in empty}
        for row in self.rows.get(PROOFS, ()):
            if (sheet := as_text(row.get("register"))) in counted:
                counted[sheet].append(as_text(row[FIRST_CODE]))
        if words := "、".join(f"{'、'.join(map(named, each))}（{sheet}）" for sheet, each in counted.items() if each):
            yield (
                f"〈{self.old.registers[PROOFS].form.sheet}〉里数这些表的，在新台账里从头数起：{words}；"
                "上一年做了的也要算的，请把那些行也复制过来。"
            )

    def _open_rows(self, register: Register) -> list[str]:
        return [each.code or f"第 {each.row} 行" for each in register.records if not self.old.is_closed(register, each)]

    def _note_on_evidence(self) -> Iterator[str]:
        """Yield which folders of evidence of tasks that go along have to be copied, and to which name."""
        home = self.old.path.parent / EVIDENCE_FOLDER
        moved = [
            f"{named(old)} → {named(new)}"
            for old, new in self.codes[TASKS].items()
            if (home / as_file_name(old)).is_dir()
        ]
        if moved:
            yield (
                f"佐证文件没有带过来：请把旧台账旁边“{EVIDENCE_FOLDER}”里的文件夹复制到新台账旁边的“{EVIDENCE_FOLDER}”，"
                f"改成新的编号：{name_several(moved, _MOST_NAMED)}。"
            )

    def _notes_on_looks(self) -> Iterator[str]:
        """Yield what is left behind because the new workbook is made anew: unread cells, formulas, sheets, looks."""
        rows = {register.sheet.name: self.carried.get(name, ()) for name, register in self.old.registers.items()}
        unread = sorted(
            (sheet, row, column)
            for sheet, numbers in rows.items()
            for row, column in self.old.book.by_name[sheet].unread
            if row in numbers
        )
        if unread:
            yield (
                f"没有结果的公式和错误值读不出，空着没有带过来：{named_cells(unread)}；"
                "请用 Excel 或 WPS 打开旧台账保存一次再新建，或者在新台账里补上。"
            )
        formulas = {
            (sheet, column)
            for sheet, numbers in rows.items()
            for row, column in self.old.book.by_name[sheet].formulas
            if row in numbers
        }
        if formulas:
            heads = "、".join(self._head_of(*each) for each in sorted(formulas))
            yield f"公式只带过来结果：{heads}；要接着自动算的，请重写公式。"
        known = {GUIDE_SHEET, SETTINGS_SHEET, *rows, *(form.sheet for form in self.old.forms.values())}
        own = [each.name for each in self.old.book.sheets if each.name not in known]
        sheets = f"自己加的表（{'、'.join(map(named, own))}）和" if own else ""
        yield f"{sheets}颜色、批注、列宽、隐藏的行列没有带过来，要用的请从旧台账复制。"

    def _head_of(self, sheet: str, column: int) -> str:
        register = next(each for each in self.old.registers.values() if each.sheet.name == sheet)
        return f"〈{sheet}〉{named(as_text(register.sheet.value(register.head_row, column)))}"

    def _begins_empty(self, name: str) -> bool:
        register = self.old.registers[name]
        belongs = name in (TASKS, *_BELONGING)
        return bool(register.records) and not belongs and not register.form.automatic


def _listed(codes: Sequence[str]) -> str:
    """Return how many rows there are, with the codes of the first."""
    more = " 等" if len(codes) > _MOST_NAMED else ""
    return f"{len(codes)} 行（{'、'.join(map(named, codes[:_MOST_NAMED]))}{more}）"


def _settings(old: Ledger, unit: str, year: int, last_codes: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Return 参数 for the new year: the lists as they are, the periods and days off of the new year."""
    sheet = old.book.by_name[SETTINGS_SHEET]
    then = {title: rows_of_block(sheet, title) for title in BLOCKS}
    settings = default_settings(unit, year, ())
    settings |= {title: then[title] for title in _LISTS if then[title]}
    facts = {each["项目"]: each["内容"] for each in settings["基本信息"]}
    kept = {as_text(each["项目"]): each.get("内容") for each in then["基本信息"]}
    new = {"单位名称", "方案年度", "日历年度"}
    facts |= {name: value for name, value in kept.items() if name not in new}
    known, more = _days_off(then["工作日历"], kept.get("日历年度"), facts["日历年度"], year)
    facts |= {"日历年度": known, EARLIER_CODES: "、".join(last_codes)}
    settings["基本信息"] = [{"项目": name, "内容": value} for name, value in facts.items()]
    settings["工作日历"] += more
    rules = {as_text(each["规则"]) for each in then["亮灯"]}
    lights = [each for each in settings["亮灯"] if each["规则"] not in rules and each["规则"] in LIGHT_RULES]
    settings["亮灯"] = [*then["亮灯"], *lights]
    settings["期次"] = _periods(then["期次"], settings["期次"], old.settings.year or year - 1, year)
    return settings


def _days_off(then: Sequence[Mapping[str, Any]], kept: Any, known: str, year: int) -> tuple[str, list[dict[str, Any]]]:
    """Return the years whose days off are known, and the days of those that only the old ledger knows."""
    years = split_many(known)
    only_there = [each for each in split_many(as_text(kept)) if each.isdecimal() and int(each) >= year - 1]
    only_there = [each for each in only_there if each not in years]
    days = [dict(each) for each in then if (day := read_date(each.get("日期")).value) and str(day.year) in only_there]
    return "、".join(sorted([*years, *only_there])), days


def _periods(
    then: Sequence[Mapping[str, Any]], months: list[dict[str, Any]], last: int, year: int
) -> list[dict[str, Any]]:
    """Return the periods of the new year: months, or, if the old ledger has others, these a year later.

    Of others only the cut-off day is known; when they are due is left to the office.
    """
    names = [as_text(each["期次"]) for each in then]
    if {each["期次"].replace(str(year), str(last)) for each in months} & {*names} or not names:
        return months
    moved = []
    for each, name in zip(then, names, strict=True):
        if str(last) in name:
            day = read_date(each.get("统计截止日")).value
            end = months_later(day, 12 * (year - last)) if day else None
            moved.append({"期次": name.replace(str(last), str(year)), "统计截止日": end, "报送截止日": None})
    return moved or months
