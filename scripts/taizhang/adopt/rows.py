"""The rows of a ledger from the office's own table: problems, causes, tasks, and close-outs on that table's word.

Codes count from one, as in a new ledger. What cannot be read stays as it is in a column of the office's own (原表……).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from taizhang.adopt.account import Account
from taizhang.adopt.fields import NOT_WRITTEN, OWN, Words
from taizhang.adopt.grid import Cell
from taizhang.adopt.heads import Table
from taizhang.adopt.lines import Line, LineKind, lines_of
from taizhang.adopt.mapping import KEPT_NAME, Kept, Mapped
from taizhang.adopt.owners import is_department, post_in, read_owners
from taizhang.adopt.words import items_of, parts_for, read_closed, read_status, status_in
from taizhang.draft.deadline_words import frequency_words, how_often
from taizhang.draft.item_labels import label_at
from taizhang.forms.model import Form
from taizhang.forms.register_names import CAUSES, CLOSEOUTS, PROBLEMS, TASKS
from taizhang.ledger.cell_values import read_value
from taizhang.ledger.settings import Settings
from taizhang.ledger.vocabulary import FROM_TABLE, STATED_LINK, Conclusion, Status, TaskKind
from taizhang.typed.dates import read_date
from taizhang.typed.deadlines import read_deadline
from taizhang.typed.numerals import as_ranges
from taizhang.typed.personal import find_personal, without_personal
from taizhang.typed.readings import quote
from taizhang.typed.text import as_text, clean_key, head_key, is_blank, split_many

__all__ = ["NO_ASPECT", "NO_MEASURE", "PLACE", "Adopted", "Source", "adopt_tables"]

NO_ASPECT = "未分方面"
"""The 方面 of problems for which the table gives none."""

NO_MEASURE = "（原表没有写措施）"
"""The words of a task for which the table gives a department, a deadline or a state, and no measure."""

NO_PROBLEMS = f"没有认出哪一列是问题，任务都没有对应问题；有的请在 {KEPT_NAME} 里写“那一列的表头 = 问题”再收"
"""Said of a table with measures and no problems."""

OFTEN = "措施里写了多久一次，台账的周期只有月、季、半年、年，任务类型没有改；要一期一期盯的，请改成“周期”，填周期"
"""Said of a measure that names a cycle which the ledger has not (每周)."""

OFTEN_DONE = "措施里写了多久一次，原表写已经完成，按“{kind}”收；还要一期一期盯的，请改成“周期”，填周期和开始日期"
"""Said of a measure that names a cycle and is done: nothing says that it goes on."""

OFTEN_PAST = (
    "措施里写了多久一次，时限已经过了，按“{kind}”收；还要接着一期一期盯的，请改成“周期”，填周期和开始日期、时限"
)
"""Said of a measure that names a cycle and whose day has passed: a duty that begins today cannot end before."""

NO_EVIDENCE = "原台账没有写佐证，待补"
PLACE = "原表位置"
"""The head of the column with the file, the sheet and the row that a task or problem comes from."""

_CLAUSE = re.compile(r"[，,。；;：:、\s（(]")
_SHORT = 40
"""A problem of so many characters is its own title; of a longer one the title is its first clause."""
_LONGEST_TITLE = 60
_LONGEST_DEPARTMENT = 16
_IN_GBK = str.maketrans("☑✓✔☐", "√√√□")
"""Ticks that old programs cannot show, and those that they can."""

_DITTO = ("同上", "〃", "″", "同前")
_CLAUSE_ENDS = "。；;：:\n"

_ASPECT = re.compile(
    r".{1,12}方面|(?:党的|思想|政治|组织|作风|纪律|制度|廉政|廉洁|队伍|干部|业务|能力|法治|文化|支部|领导班子)"
    r"(?:思想|政治|组织|作风|纪律|能力|文化)?(?:建设|信念)"
)
"""Names of sheets that are aspects of problems."""

_CLOSING = (None, Status.DONE, Status.STRUCK_OFF)
"""What a table may say of the status of a task that is closed."""

_SAYS_UNIT = re.compile(r"(?:责任|牵头|主责|承办|整改)(?:单位|部门|处室|科室)\s*[:：]\s*(?P<unit>\S.*)")
_NOT_A_UNIT = re.compile(r"巡视|巡察|生活会|督查|检查|反馈|考核|整改|问题|清单|台账|(?<!分)局$|[厅院委]$")
"""Names of sheets that look like a department and are a meeting, a group that inspects, or the whole bureau."""

_PERCENT = re.compile(
    r"(?:目前|总体|累计|大约|约|已|完成|整改|进度|推进|[到至为达约:：,，])*(?P<number>\d{1,3}(?:\.\d+)?)[%％](?:左右|以上)?"
)
"""A per cent with words around it that do not change it, in a column of per cents."""

_TEXTS = ("standard", "update", "obstacle", "next_step", "evidence", "note", "help_needed")
_READ = ("start", "category", "progress")
_OF_A_PROBLEM = ("aspect", "detail", "problem_source", "cause")
_OF_A_TASK = ("leader", "department", "supporting", "deadline", "status", "closed", *_TEXTS, *_READ)

UNKNOWN_POST = f"写的是姓名，或认不出的岗位，没有写进台账：请在 {KEPT_NAME} 的 [岗位] 里写明各是什么岗位，再收"
PERSON = "里有人的姓名，姓名没有写进台账"
SECRET = "有密级标志，没有写进台账，请先按保密规定处理"


@dataclass(frozen=True)
class Source:
    """Where tables come from and how they are read.

    The file's name, the words and what the office has ruled; the form of each register, 参数 (for what is listed
    there), the 来源 of problems that do not say theirs, for each table, and the day from which duties are counted.
    """

    file: str
    words: Words
    kept: Kept
    forms: Mapping[str, Form]
    settings: Settings
    problem_sources: Sequence[str]
    today: date
    epoch_1904: bool = False


@dataclass(frozen=True)
class Adopted:
    """What the tables come to.

    - ``rows`` are by register, ``own`` the heads of the office's own columns by register; their values are in the rows,
      by these heads.
    - ``departments``, ``posts`` and ``aspects`` are those that the rows name, in order.
    - ``left`` are the cells that are not, or not as they are, in the ledger, by reason.
    - ``notes`` are sentences on what was understood and has to be checked.
    """

    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    own: Mapping[str, Sequence[str]]
    departments: Sequence[str]
    posts: Sequence[str]
    aspects: Sequence[str]
    left: Sequence[tuple[str, Sequence[Cell]]]
    notes: Sequence[str]


def adopt_tables(tables: Sequence[tuple[Table, Sequence[Mapped]]], source: Source) -> Adopted:
    """Return the rows of the tables, each with the fields of its columns."""
    builder = _Builder(source)
    account = Account(cell for table, _ in tables for cell in table.grid.cells)
    for (table, mapped), origin in zip(tables, source.problem_sources, strict=True):
        _Reading(table, mapped, source, origin, builder, account).read()
    return builder.finish(account)


@dataclass
class _Builder:
    """The rows made so far, over all tables."""

    source: Source
    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {PROBLEMS: [], CAUSES: [], TASKS: [], CLOSEOUTS: []}
    )
    own: dict[str, dict[str, None]] = field(default_factory=lambda: {PROBLEMS: {}, TASKS: {}})
    departments: dict[str, None] = field(default_factory=dict)
    posts: dict[str, None] = field(default_factory=dict)
    aspects: dict[str, None] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    statuses: Counter[tuple[str, str]] = field(default_factory=Counter)
    lacking: dict[str, dict[tuple[str, int], None]] = field(default_factory=dict)

    def add(self, register: str, row: dict[str, Any]) -> dict[str, Any]:
        """Append a row with the next code."""
        form = self.source.forms[register]
        row = {form.code_column.key: form.format_code(len(self.rows[register]) + 1), **row}
        self.rows[register].append(row)
        return row

    def keep(self, register: str, row: dict[str, Any], head: str, text: str) -> None:
        """Put a text into a column of the office's own; a second text of the same row is put behind the first."""
        name = f"原表{head}" if head_key(head) in self.source.forms[register].titles else head
        self.own[register][name] = None
        row[name] = f"{row[name]}；{text}" if name in row else text

    def lack(self, what: str, where: tuple[str, int]) -> None:
        """Note what a row, given by sheet and number, lacks or how it was understood."""
        self.lacking.setdefault(what, {})[where] = None

    def finish(self, account: Account) -> Adopted:
        """Return what was made, with the sentences that go with it."""
        notes = [f"状态{quote(words)}按“{status}”收，{count} 项" for (words, status), count in self.statuses.items()]
        notes += [f"{what}，{count} 项" for what, count in self.counts.items()]
        notes += [f"{what}：{_rows_named(where)}" for what, where in self.lacking.items()]
        own = {register: tuple(heads) for register, heads in self.own.items()}
        return Adopted(
            self.rows,
            own,
            tuple(self.departments),
            tuple(self.posts),
            tuple(self.aspects),
            account.reasons(),
            tuple(notes),
        )


def _rows_named(rows: Iterable[tuple[str, int]]) -> str:
    """Return rows (sheet and number) as a sentence names them: 第 4—9、12 行 after the sheet."""
    by_sheet: dict[str, list[int]] = {}
    for sheet, row in rows:
        by_sheet.setdefault(sheet, []).append(row)
    return "、".join(f"〈{sheet}〉第 {as_ranges(sorted(own))} 行" for sheet, own in by_sheet.items())


class _Reading:
    """One table being read."""

    def __init__(
        self, table: Table, mapped: Sequence[Mapped], source: Source, origin: str, builder: _Builder, account: Account
    ) -> None:
        self.table, self.grid, self.source, self.origin = table, table.grid, source, origin
        self.builder, self.account, self.words = builder, account, source.words
        self.mapped = mapped
        self.columns = {each.field.name: each for each in mapped if each.field not in (OWN, NOT_WRITTEN)}
        self.problems: dict[tuple[str, str], dict[str, Any]] = {}
        self.causes: dict[str, str] = {}
        self.kept_cells: set[tuple[str, int, int]] = set()
        self.both = "problem" not in self.columns and any(each.names_both for each in mapped)
        self.over: Cell | None = None
        self.under: Cell | None = None
        self.unit, self.unit_basis = ("", "") if "department" in self.columns else self._unit_of_table()
        owners = [each.head.column for each in mapped if each.field.name in ("department", "supporting")]
        self.known = {
            word
            for cell in self.grid.cells
            if cell.column in owners and cell.row > table.bottom
            for word in split_many(cell.text)
            if is_department(word)
        }

    def _unit_of_table(self) -> tuple[str, str]:
        """Return the department of a whole table, and where it is said: in a line above the heads, or as its sheet."""
        for cell in self.table.before:
            if (said := _SAYS_UNIT.search(cell.text)) and is_department(unit := clean_key(said["unit"])):
                self.account.write(cell)
                return unit, f"{cell.name} "
        name = clean_key(self.grid.sheet.name)
        return (name, "工作表的名称") if is_department(name) and not _NOT_A_UNIT.search(name) else ("", "")

    def read(self) -> None:
        """Read every cell of the sheet."""
        for cell in self.grid.cells:
            if self.grid.is_covered(cell.row, cell.column):
                self.account.name(cell, "压在合并单元格下面，看不见，没有写进台账")
            elif cell.row < self.table.top:
                self.account.name(cell, "表头上面的标题，没有写进台账")
            elif cell.row <= self.table.bottom:
                self.account.write(cell)
        if "problem" not in self.columns and not self.both and "statement" in self.columns:
            self.builder.lack(NO_PROBLEMS, self._at(self.table.bottom))
        for line in lines_of(self.table, self.mapped, self.words):
            if line.kind is LineKind.ENTRY:
                self._read_entry(line)
            elif line.kind is LineKind.SECTION:
                self._begin_section(line)
            else:
                for cell in line.cells:
                    self.account.name(cell, line.kind)

    def _begin_section(self, line: Line) -> None:
        """Note a title among the rows: a problem if measures stand below it in the same column, else an aspect."""
        for number in line.cells[:-1]:
            self.account.name(number, "小标题的序号，没有写进台账")
        if not self.both:
            return
        if "方面" in line.title.text:
            self.over, self.under = line.title, None
        else:
            self.under = line.title

    def _cell(self, name: str, row: int) -> Cell | None:
        """Return what a row has of a field; 同上 is what the row above has."""
        mapped = self.columns.get(name)
        cell = self.grid.in_column(row, mapped.head.column) if mapped else None
        while cell and mapped and clean_key(cell.text) in _DITTO and cell.row > self.table.bottom + 1:
            self.account.write(cell)
            cell = self.grid.in_column(cell.row - 1, mapped.head.column)
        return cell

    def _at(self, row: int) -> tuple[str, int]:
        return self.grid.sheet.name, row

    def _where(self, row: int) -> str:
        return f"〈{self.grid.sheet.name}〉第 {row} 行"

    def _read_entry(self, line: Line) -> None:
        row = line.row
        problem = self._read_problem(line)
        statement = self._cell("statement", row)
        own = {cell.column for cell in line.cells}
        facts = [name for name in _OF_A_TASK if name in self.columns and self.columns[name].head.column in own]
        facts += [each.field.name for each in self.mapped if each.status and each.head.column in own]
        if statement or (facts and (problem or "problem" not in self.columns)):
            self._read_tasks(line, problem, statement)
        elif problem:
            self._keep_rest(line, PROBLEMS, [problem])
            self.builder.lack("有问题没有措施，也没有责任和时限", self._at(row))

    def _read_problem(self, line: Line) -> dict[str, Any] | None:
        """Return the problem of a row: a new one, or one with the same words under the same aspect."""
        cell = self.under if self.both else self._cell("problem", line.row)
        if cell is None:
            return None
        aspect_cell = self._cell("aspect", line.row)
        section = self.over if self.both else line.section
        aspect = self._section(aspect_cell) if aspect_cell else ""
        if not aspect and "aspect" not in self.columns:
            aspect = self._section(section) if section else self._aspect_of_sheet()
        identity = (aspect, cell.text)
        self.account.write(cell, aspect_cell)
        if identity not in self.problems:
            self.problems[identity] = self._add_problem(line.row, cell, aspect)
        row = self.problems[identity]
        self._add_detail(line.row, row)
        self._add_origin(line.row, row)
        self._add_cause(line.row, row)
        return row

    def _aspect_of_sheet(self) -> str:
        """Return the sheet's name if it is one of an aspect (政治建设), as in a workbook with a sheet for each."""
        name = " ".join(self.grid.sheet.name.split())
        if not _ASPECT.fullmatch(name):
            return ""
        self.builder.counts[f"没有写方面，按工作表的名称写作“{name}”"] += 1
        return name

    def _section(self, cell: Cell) -> str:
        """Return the title of a section without its number."""
        text = self._text(cell) or ""
        label = label_at(text)
        return text[label.end if label else 0 :].strip()

    def _add_problem(self, row: int, cell: Cell, aspect: str) -> dict[str, Any]:
        said = self._section(cell) if cell is self.under else self._text(cell)
        text, builder = said or "（内容没有收进来）", self.builder
        if not aspect:
            builder.lack(f"没有写方面，记作“{NO_ASPECT}”，请在〈参数〉和〈问题清单〉里改", self._at(row))
        aspect = " ".join(aspect.split()) or NO_ASPECT
        builder.aspects[aspect] = None
        title = _title_of(text)
        made = builder.add(PROBLEMS, {"aspect": aspect, "title": title, "detail": text if title != text else None})
        made["source"] = self.origin
        builder.keep(PROBLEMS, made, PLACE, f"{self.source.file}{self._where(row)}")
        return made

    def _add_detail(self, row: int, problem: dict[str, Any]) -> None:
        """Add 具体表现 to a problem; each row of the problem may have its own."""
        cell = self._first("detail", row)
        text = self._text(cell)
        if text and text not in (problem["detail"] or "").split("\n"):
            problem["detail"] = "\n".join(filter(None, (problem["detail"], text)))

    def _add_origin(self, row: int, problem: dict[str, Any]) -> None:
        """Write the 来源 that the table gives, if it is one of the form's; else keep its words."""
        cell = self._first("problem_source", row)
        if cell is None:
            return
        value = read_value(self.source.forms[PROBLEMS].column("source"), cell.text, self.source.settings).value
        if value:
            problem["source"] = value
            self.account.write(cell)
        else:
            self.builder.keep(
                PROBLEMS, problem, f"原表{self.columns['problem_source'].field.title}", self._text(cell) or ""
            )

    def _first(self, name: str, row: int) -> Cell | None:
        """Return a cell the first time that it is asked for; one over several rows is of all of them."""
        cell = self._cell(name, row)
        if cell is None or cell.place in self.kept_cells:
            return None
        self.kept_cells.add(cell.place)
        return cell

    def _add_cause(self, row: int, problem: dict[str, Any]) -> None:
        cell = self._cell("cause", row)
        text = self._text(cell) if cell else None
        if not text:
            return
        if text not in self.causes:
            title = _title_of(text)
            made = self.builder.add(CAUSES, {"title": title, "detail": text if title != text else None})
            self.causes[text] = made["code"]
        problem["causes"] = tuple(dict.fromkeys((*problem.get("causes", ()), self.causes[text])))

    def _read_tasks(self, line: Line, problem: dict[str, Any] | None, statement: Cell | None) -> None:
        row, builder = line.row, self.builder
        text = self._text(statement) if statement else None
        original = text
        if text is None and "statement" not in self.columns and problem:
            text = problem["detail"] or problem["title"]
            builder.counts["原表没有措施列，任务照写问题的话"] += 1
        elif text is None:
            text = NO_MEASURE
            builder.lack("有责任、时限或进展，没有写措施", self._at(row))
        if problem is None and "problem" in self.columns:
            builder.lack("没有写问题，任务没有对应问题", self._at(row))
        items = items_of(text) if original else ()
        texts = [item.text or item.words for item in items] or [_without_number(text)]
        tasks = [self._add_task(row, each, problem) for each in texts]
        for task, item in zip(tasks, items, strict=False):
            task["original"] = item.words.strip()
        if original and not items and texts[0] != original:
            tasks[0]["original"] = original
        self._add_owners(row, tasks)
        self._add_deadlines(row, tasks)
        self._add_texts(row, tasks)
        if line.section and ("aspect" in self.columns or problem is None):
            for task in tasks:
                task["group"] = task.get("group") or self._section(line.section)
        self._add_statuses(row, tasks)
        for task in tasks:
            self._propose_cycle(row, task)
        self._begin_duties(tasks)
        self._keep_rest(line, TASKS, tasks)
        for task in tasks:
            for key, what in (("department", "没有写牵头部门，待明确"), ("deadline", "没有写时限，待明确")):
                if not task.get(key) and task["status"] != Status.STRUCK_OFF:
                    builder.lack(what, self._at(row))

    def _add_task(self, row: int, text: str, problem: dict[str, Any] | None) -> dict[str, Any]:
        task = self.builder.add(TASKS, {"statement": text, "source": FROM_TABLE, "kind": TaskKind.ONCE})
        task["status"] = Status.NOT_STARTED
        if problem:
            task |= {"problems": (problem["code"],), "link_basis": STATED_LINK}
        self.builder.keep(TASKS, task, PLACE, f"{self.source.file}{self._where(row)}")
        return task

    def _add_owners(self, row: int, tasks: Sequence[dict[str, Any]]) -> None:
        builder = self.builder
        if self.unit:
            for task in tasks:
                self._give(task, "department", [self._department(self.unit)])
                builder.counts[f"没有责任部门一列，牵头部门按{self.unit_basis}写作“{self.unit}”"] += 1
        for name in ("department", "supporting"):
            if cell := self._cell(name, row):
                self.account.write(cell)
                for task, words in zip(tasks, parts_for(self._text(cell) or "", len(tasks)), strict=True):
                    owners = read_owners(words, self.known)
                    names = [each for each in (owners.lead, *owners.supporting) if each]
                    good = [self._department(each) for each in names if len(each) <= _LONGEST_DEPARTMENT]
                    others = [*owners.others, *(each for each in names if len(each) > _LONGEST_DEPARTMENT)]
                    self._give(task, name, good)
                    if others:
                        head = f"原表{self.columns[name].field.title}"
                        builder.keep(TASKS, task, head, "、".join(others))
                        named = "、".join(map(quote, others))
                        builder.lack(f"{named}不是一个部门，原话留在“{head}”", self._at(row))
                    if owners.persons:
                        self.account.name(cell, PERSON)
        if cell := self._cell("leader", row):
            for task, words in zip(tasks, parts_for(self._text(cell) or "", len(tasks)), strict=True):
                posts = self._posts(cell, words)
                if posts:
                    task["leader"] = posts[0]
                    builder.posts[posts[0]] = None
                if len(posts) > 1:
                    builder.keep(TASKS, task, "原表牵头领导", "、".join(posts))
        for mapped in self.mapped:
            cell = self.grid.in_column(row, mapped.head.column) if mapped.field.name == "person" else None
            posts = self._posts(cell, cell.text) if cell else []
            for task in tasks if posts else ():
                builder.keep(TASKS, task, f"原表{mapped.field.title}", "、".join(posts))

    def _department(self, word: str) -> str:
        """Return the name under which 参数 has a department, else the word."""
        known = self.source.settings.department(word)
        name = known.name if known else word
        self.builder.departments[name] = None
        return name

    @staticmethod
    def _give(task: dict[str, Any], name: str, departments: Sequence[str]) -> None:
        """Write departments into a task: the first of 牵头部门 leads, all others support."""
        lead = [] if name == "supporting" or task.get("department") else departments[:1]
        rest = [each for each in departments if each not in lead]
        if lead:
            task["department"] = lead[0]
        rest = [each for each in (*task.get("supporting", ()), *rest) if each != task.get("department")]
        if rest:
            task["supporting"] = tuple(dict.fromkeys(rest))

    def _posts(self, cell: Cell, text: str) -> list[str]:
        """Return the posts that a cell names; it is named if it holds anything else."""
        posts: list[str] = []
        ruled = self.source.kept.posts
        for word in split_many(text):
            ruling = ruled.get(clean_key(word), "")
            post, more = (ruling, False) if ruling else post_in(word)
            if post and not find_personal(post):
                posts.append(post)
            if more:
                self.account.name(cell, PERSON if post else UNKNOWN_POST)
        self.account.write(cell)
        return list(dict.fromkeys(posts))

    def _add_deadlines(self, row: int, tasks: Sequence[dict[str, Any]]) -> None:
        cell = self._cell("deadline", row)
        if cell is None:
            return
        self.account.write(cell)
        day = read_date(cell.raw, epoch_1904=self.source.epoch_1904).value if not isinstance(cell.raw, str) else None
        words = (day,) * len(tasks) if day else parts_for(self._text(cell) or "", len(tasks))
        for task, each in zip(tasks, words, strict=True):
            task["deadline"] = each or None
            read = read_deadline(each, year=self.source.settings.year) if each else None
            if read and read.ongoing:
                task["kind"] = TaskKind.LONG_TERM
            elif read and read.review_cycle and read.date is None:
                task["kind"] = TaskKind.CYCLE
            if read and read.review_cycle:
                task["review_cycle"] = read.review_cycle

    def _is_past(self, task: Mapping[str, Any]) -> bool:
        """Whether the deadline of a task is a day that has passed: nothing can begin today and end before."""
        read = read_deadline(task.get("deadline"), year=self.source.settings.year)
        return bool(read and read.date and read.date < self.source.today)

    def _propose_cycle(self, row: int, task: dict[str, Any]) -> None:
        """Make a duty of a measure that says how often (每季度), as a draft does, unless it is done or closed."""
        words = frequency_words(task["statement"])
        if not words or task["status"] == Status.STRUCK_OFF or task.get("review_cycle"):
            return
        cycle, count = how_often(task["statement"])
        if self._is_past(task):
            self.builder.lack(OFTEN_PAST.format(kind=task["kind"]), self._at(row))
        elif task["status"] == Status.DONE:
            self.builder.lack(OFTEN_DONE.format(kind=task["kind"]), self._at(row))
        elif cycle is None:
            self.builder.lack(OFTEN, self._at(row))
        else:
            task |= {"kind": TaskKind.CYCLE, "review_cycle": cycle, "per_cycle": count or None}
            self.builder.lack(
                f"措施里写了{quote(words)}，任务类型按“{TaskKind.CYCLE}”、周期按“{cycle}”收", self._at(row)
            )

    def _begin_duties(self, tasks: Sequence[dict[str, Any]]) -> None:
        """Count what recurs from today: of earlier cycles the table does not say what was kept and what is owed."""
        for task in tasks:
            open_still = task["status"] != Status.STRUCK_OFF and not self._is_past(task)
            if task.get("review_cycle") and not task.get("start") and open_still:
                task["start"] = self.source.today
                self.builder.counts[
                    f"周期任务、要复核的长期任务没有写开始日期，从 {self.source.today} 起算，以前的不算欠"
                ] += 1

    def _add_texts(self, row: int, tasks: Sequence[dict[str, Any]]) -> None:
        form = self.source.forms[TASKS]
        for name in (*_TEXTS, "group"):
            if cell := self._cell(name, row):
                parts = parts_for(self._text(cell) or "", len(tasks))
                for task, each in zip(tasks, parts, strict=True):
                    task[name] = each or None
        for name in _READ:
            if not (cell := self._cell(name, row)):
                continue
            for task, each in zip(tasks, self._parts(cell, len(tasks)), strict=True):
                if name == "start":
                    value = read_date(each, year=self.source.settings.year, epoch_1904=self.source.epoch_1904).value
                else:
                    value = read_value(form.column(name), each, self.source.settings).value
                    if value is None and name == "progress" and (said := _PERCENT.fullmatch(clean_key(as_text(each)))):
                        value = read_value(form.column(name), f"{said['number']}%", self.source.settings).value
                        self.builder.lack(f"进度{quote(as_text(each))}按 {said['number']}% 收", self._at(row))
                title = form.column(name).title
                if value is None:
                    self.builder.keep(TASKS, task, f"原表{title}", self._safe(cell, as_text(each)) or "")
                    self.builder.lack(f"“{title}”读不懂，原话留在“原表{title}”", self._at(row))
                else:
                    task[name] = value
            self.account.write(cell)

    @staticmethod
    def _parts(cell: Cell, count: int) -> tuple[Any, ...]:
        """Return what a cell says of each task: parts of a text, or its value each time."""
        return parts_for(cell.text, count) if isinstance(cell.raw, str) else (cell.raw,) * count

    def _add_statuses(self, row: int, tasks: Sequence[dict[str, Any]]) -> None:
        """Write the status of each task; what the table says is closed gets a close-out on its word."""
        closed_cell, dated_cell = self._cell("closed", row), self._cell("closed_on", row)
        said = [self._status_of(row, number, len(tasks)) for number in range(len(tasks))]
        for number, (task, (status, cell)) in enumerate(zip(tasks, said, strict=True)):
            basis = cell if status is Status.STRUCK_OFF else None
            day = self._day(dated_cell, number, len(tasks)) if dated_cell else None
            if closed_cell:
                part = self._parts(closed_cell, len(tasks))[number]
                closed = read_closed(as_text(part), self.words)
                on = read_date(part, epoch_1904=self.source.epoch_1904).value if closed is None else None
                basis = closed_cell if closed or on else basis
                day = day or on
                if closed is None and on is None:
                    self.builder.keep(TASKS, task, "原表是否销号", self._safe(closed_cell, as_text(part)) or "")
                    self.builder.lack("看不出有没有销号，按没有销号收，原话留在“原表是否销号”", self._at(row))
                elif basis and cell is not self._cell("update", row) and status not in _CLOSING:
                    self.builder.lack(f"状态是“{status}”，又写着已经销号，按已销号收，请核对", self._at(row))
                self.account.write(closed_cell)
            if status is Status.ONGOING:
                task["kind"] = TaskKind.LONG_TERM
            open_still = Status.UNDER_WAY if status is Status.ONGOING else status or Status.NOT_STARTED
            task["status"] = Status.STRUCK_OFF if basis else open_still
            if basis:
                self._close(task, basis, day)
            elif dated_cell and not is_blank(dated_cell.raw):
                self.builder.keep(TASKS, task, f"原表{self.columns['closed_on'].title}", self._text(dated_cell) or "")
            if task["status"] == Status.DONE and not task.get("evidence"):
                task["evidence"] = NO_EVIDENCE
                self.builder.counts[f"已完成的没有写佐证，佐证材料写作“{NO_EVIDENCE}”"] += 1

    def _status_of(self, row: int, number: int, count: int) -> tuple[Status | None, Cell | None]:
        """Return what the table says of a task's status, and the cell that says it."""
        for mapped in self.mapped:
            cell = self.grid.in_column(row, mapped.head.column) if mapped.status else None
            if cell and mapped.status:
                self.account.write(cell)
                if read_closed(cell.text, self.words):
                    self.builder.statuses[f"{mapped.title}{cell.text}", mapped.status] += 1
                    return mapped.status, cell
        mapped = self.columns.get("status")
        cell = self._cell("status", row) if mapped and not mapped.status else None
        if cell is None and mapped is None:
            return self._status_by_words(row, number, count)
        if cell is None:
            return None, None
        text = parts_for(cell.text, count)[number]
        status = status_in(text, self.words, self.source.kept.statuses)
        self.account.write(cell)
        if status is None:
            self.builder.keep(TASKS, self.builder.rows[TASKS][number - count], "原表状态", self._safe(cell, text) or "")
            self.builder.lack(
                f"状态{quote(text)}不知道是什么状态，按“{Status.NOT_STARTED}”收，原话留在“原表状态”", self._at(row)
            )
        elif clean_key(text) != status:
            self.builder.statuses[text, status] += 1
        return status, cell

    def _status_by_words(self, row: int, number: int, count: int) -> tuple[Status | None, Cell | None]:
        """Return the status that the words on progress begin with; any words say that it is under way."""
        cell = self._cell("update", row)
        text = parts_for(cell.text, count)[number] if cell else ""
        if not cell or not text:
            return None, None
        first = _CLAUSE.split(text, maxsplit=1)[0]
        status = read_status(first, self.words, self.source.kept.statuses)
        found = status or Status.UNDER_WAY
        self.builder.counts[f"原表没有状态列，按写的进展当作“{found}”"] += 1
        return found, cell

    def _day(self, cell: Cell, number: int, count: int) -> date | None:
        part = self._parts(cell, count)[number]
        return read_date(part, year=self.source.settings.year, epoch_1904=self.source.epoch_1904).value

    def _close(self, task: dict[str, Any], basis: Cell, day: date | None) -> None:
        """Add the close-out of a task that the table says is closed."""
        mapped = next(each for each in self.mapped if each.head.column == basis.column)
        words = (
            f"{self.source.file}〈{basis.sheet}〉{basis.name}：“{mapped.title}”写的是“{basis.text.translate(_IN_GBK)}”"
        )
        row = {"task": task["code"], "department": task.get("department"), "evidence": words, "committee_date": day}
        self.builder.add(CLOSEOUTS, {**row, "conclusion": Conclusion.INHERITED})
        dated = self._cell("closed_on", basis.row)
        if dated and day:
            self.account.write(dated)
        elif dated:
            self.builder.keep(TASKS, task, f"原表{self.columns['closed_on'].title}", self._text(dated) or "")
            self.builder.lack(f"“{self.columns['closed_on'].title}”读不懂，按没有写销号日期收", self._at(basis.row))

    def _keep_rest(self, line: Line, register: str, rows: Sequence[dict[str, Any]]) -> None:
        """Keep a row's other cells in columns of the office's own, or name them.

        A cell over several rows is kept with the first; the number of an entry with each of its tasks.
        """
        for mapped in self.mapped:
            cell = self.grid.in_column(line.row, mapped.head.column)
            if cell is None:
                continue
            name = mapped.field.name
            if mapped.field is NOT_WRITTEN or name == "contact":
                self.account.name(cell, f"“{mapped.title}”不写进台账")
            elif name == "number":
                for row in rows:
                    self.builder.keep(register, row, "原表序号", self._text(cell) or "")
            elif register == TASKS and name in _OF_A_PROBLEM and not rows[0].get("problems"):
                self._keep_once(register, rows[0], cell, f"原表{mapped.field.title}")
            elif mapped.field is OWN:
                self._keep_once(register, rows[0], cell, mapped.title)

    def _keep_once(self, register: str, row: dict[str, Any], cell: Cell, head: str) -> None:
        """Keep a cell in a column of the office's own; one over several rows with the first of them only."""
        if cell.place not in self.kept_cells:
            self.kept_cells.add(cell.place)
            self.builder.keep(register, row, head, self._text(cell) or "")

    def _text(self, cell: Cell | None) -> str | None:
        """Return a cell as text that the ledger may hold; None if nothing of it may be written."""
        return self._safe(cell, cell.text) if cell else None

    def _safe(self, cell: Cell, text: str) -> str | None:
        kinds = find_personal(text) or find_personal(cell.raw)
        if not kinds:
            self.account.write(cell)
            return text
        if "密级标志" in kinds:
            self.account.name(cell, SECRET)
            return None
        self.account.name(cell, f"里有{'、'.join(kinds)}，号码没有写进台账，其余照抄")
        return without_personal(text)


def _without_number(text: str) -> str:
    """Return a text without the number in front of it."""
    label = label_at(text)
    return text[label.end :].strip() if label and label.style != "一、" and text[label.end :].strip() else text


def _title_of(text: str) -> str:
    """Return the title of a problem or a cause: the text itself if it is short, else its first clause."""
    line = " ".join(text.split())
    if len(line) <= _SHORT and "\n" not in text:
        return text
    end = min((place for mark in _CLAUSE_ENDS if (place := text.find(mark, 2)) > 0), default=len(text))
    return " ".join(text[: min(end, _LONGEST_TITLE)].split())
