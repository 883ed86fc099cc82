"""Settings read from the ledger's 参数 sheet: the office's lists, in blocks side by side, each under its title.

A block starts at the cell with its title; the row below has its heads, the rows below that its entries. People may move
blocks, add columns and leave gaps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Protocol

from taizhang.forms.model import Form
from taizhang.forms.vocabulary import ColumnType
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.reporters import Part, Reporter, find_sharing
from taizhang.ledger.vocabulary import Light
from taizhang.system.file_names import as_file_name, find_same_names, is_no_name, name_key
from taizhang.system.recent import Recent
from taizhang.typed.choices import nearest
from taizhang.typed.cycles import read_cycle
from taizhang.typed.dates import FIRST_YEAR, LAST_YEAR, months_later, read_date
from taizhang.typed.personal import find_personal
from taizhang.typed.readings import quote
from taizhang.typed.text import as_text, clean_key, clean_prose, is_blank, printable, split_many
from taizhang.typed.workdays import DayKind, Workdays
from taizhang.workbook.places import LAST_COLUMN, Place
from taizhang.workbook.reader import Sheet

__all__ = [
    "BLOCKS",
    "EARLIER_CODES",
    "EVERYONE",
    "LATER_BLOCKS",
    "LATER_HEADS",
    "LIGHTS",
    "LIGHT_RULES",
    "REPORTING",
    "SETTINGS_SHEET",
    "Department",
    "LightRule",
    "Period",
    "Settings",
    "Thresholds",
    "begin_of",
    "cells_of_blocks",
    "has_a_block",
    "missing_blocks",
    "missing_heads",
    "missing_rules",
    "personal_in_setting",
    "read_settings",
    "room_below",
    "room_beside",
    "rows_of_block",
]

SETTINGS_SHEET = "参数"
LIGHTS = "亮灯"
REPORTING = "填报"

BLOCKS: Mapping[str, tuple[str, ...]] = {
    "基本信息": ("项目", "内容"),
    "部门": ("部门", "简称", "别名"),
    "岗位": ("岗位", "说明"),
    "党支部": ("党支部", "所在部门", "别名"),
    "方面": ("方面", "简称"),
    "期次": ("期次", "统计截止日", "报送截止日"),
    LIGHTS: ("规则", "数值", "颜色", "说明"),
    "事件": ("事件", "日期"),
    "工作日历": ("日期", "类型", "说明"),
    REPORTING: ("登记表", "填报单位"),
}
"""The blocks of 参数 and their heads, in sheet order."""

LATER_HEADS: Mapping[str, str] = {LIGHTS: "颜色", "党支部": "别名"}
"""The heads that came later, by block."""
EARLIER_CODES = "上年编号"
"""The fact that lists, for each register, the last code that the ledger of the year before has used."""

LATER_BLOCKS = (REPORTING,)
"""Blocks that came later: a ledger without them works as before."""

EVERYONE, NOBODY = "全部", "不下发"
"""The words of 填报单位 besides the names of departments and branches."""


@dataclass(frozen=True, slots=True)
class LightRule:
    """One rule of the 亮灯 block: the field of Thresholds it sets, its default, its colour if it has one, its meaning.

    Without a default the rule is not used until the office gives it a number. A number that is not from ``least`` to
    ``most`` would light every task or none, so it is not taken.
    """

    field: str
    default: int | None
    light: Light | None
    meaning: str
    least: int = 0
    most: int = 366

    @property
    def meanwhile(self) -> str:
        """What counts while the office has given no number that can be taken."""
        return "现在不用这一条" if self.default is None else f"现在按 {self.default} 算"


LIGHT_RULES: Mapping[str, LightRule] = {
    "红灯落后百分点": LightRule("red_behind", 30, Light.RED, "进度比序时进度落后超过这么多个百分点", 1, 99),
    "橙灯落后百分点": LightRule("orange_behind", None, Light.ORANGE, "落后达到这么多个百分点；不填就不用这一条", 1, 99),
    "黄灯落后百分点": LightRule("yellow_behind", 10, Light.AMBER, "落后达到这么多个百分点", 1, 99),
    "落后天数": LightRule("days_behind", None, Light.AMBER, "按序时进度折算落后达到这么多天；不填就不用这一条", 1, 366),
    "临期天数": LightRule("due_soon", 7, Light.AMBER, "离时限不足或等于这么多天"),
    "临期工作日": LightRule("due_workdays", None, Light.ORANGE, "离时限不足或等于这么多个工作日；不填就不用这一条"),
    "剩余时间百分比": LightRule(
        "time_left", None, Light.AMBER, "剩下的时间不足或等于全程的百分之几；不填就不用这一条", 1, 99
    ),
    "周期临期百分比": LightRule("cycle_left", 25, Light.AMBER, "周期任务本期还没做够，本期只剩百分之几的时间", 1, 99),
    "复核超期天数": LightRule("review_late", 30, Light.RED, "长期任务的复核超过期限这么多天（超过一个复核周期的也算）"),
    "初审工作日": LightRule("first_review_days", 5, Light.AMBER, "申请销号以后，办公室初审超过这么多个工作日"),
    "领导审核工作日": LightRule("leader_days", 5, Light.AMBER, "初审以后，分管领导审核超过这么多个工作日"),
    "党委审定工作日": LightRule("committee_days", 20, Light.AMBER, "领导审核以后，党委审定超过这么多个工作日"),
    "回头看起始月数": LightRule("recheck_from", 3, None, "审定以后满这么多个月，可以回头看", 0, 60),
    "回头看期限月数": LightRule("recheck_by", 6, None, "审定以后超过这么多个月还没有回头看，列入待办", 1, 60),
}
"""The rules of the 亮灯 block by name, in the order of the sheet."""


@dataclass(frozen=True, slots=True)
class Department:
    """A department: full name, short name, and other names that people use for it."""

    name: str
    short: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """A reporting period: its name (2022-03), the day of its figures, and the day returns are due."""

    name: str
    as_of: date | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers of the rules in 亮灯 (see LIGHT_RULES), None for a rule that is not used, and the colours changed."""

    red_behind: int = 30
    orange_behind: int | None = None
    yellow_behind: int = 10
    days_behind: int | None = None
    due_soon: int = 7
    due_workdays: int | None = None
    time_left: int | None = None
    cycle_left: int = 25
    review_late: int = 30
    first_review_days: int = 5
    leader_days: int = 5
    committee_days: int = 20
    recheck_from: int = 3
    recheck_by: int = 6
    colours: Mapping[str, Light] = field(default_factory=dict)

    def light(self, name: str) -> Light:
        """Return the light of a rule, by its field; raises KeyError if it has no colour."""
        return self.colours.get(name) or _DEFAULT_LIGHTS[name]


_DEFAULT_LIGHTS = {rule.field: rule.light for rule in LIGHT_RULES.values() if rule.light}
_COLOURS = {"红": Light.RED, "橙": Light.ORANGE, "黄": Light.AMBER, "蓝": Light.BLUE}
"""The words of the 颜色 column."""
_WRITTEN_COLOURS = {f"{word}{end}": light for word, light in _COLOURS.items() for end in ("", "灯", "色")}


@dataclass(frozen=True, eq=False)
class Settings:
    """Everything that the office maintains in 参数; compared by identity, so that what it reads can be kept.

    Names are used in file names, forms and papers, so an entry whose name holds personal or classified data is ignored.
    A fact (an entry of 基本信息) with such content is blank, and ``withheld`` lists its name.

    ``branches`` maps a party branch to its department, ``branch_aliases`` to its other names. ``reporting`` maps a
    register's title, as a key, to the departments or branches that are sent it; registers that it does not name are
    sent to all.
    """

    unit: str = ""
    office: str = "办公室"
    year: int | None = None
    departments: tuple[Department, ...] = ()
    posts: tuple[str, ...] = ()
    branches: Mapping[str, str] = field(default_factory=dict)
    branch_aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aspects: Mapping[str, str] = field(default_factory=dict)
    periods: tuple[Period, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    events: Mapping[str, date | None] = field(default_factory=dict)
    workdays: Workdays = field(default_factory=Workdays)
    facts: Mapping[str, str] = field(default_factory=dict)
    withheld: tuple[str, ...] = ()
    reporting: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def earlier_codes(self) -> tuple[str, ...]:
        """The last codes that the ledger of the year before has used, one of each register."""
        return split_many(self.facts.get(EARLIER_CODES, ""))

    def names(self, column_type: ColumnType) -> tuple[str, ...]:
        """Return the names allowed in a column of this type, in the order of 参数."""
        return self._names[column_type]

    def aliases(self, column_type: ColumnType) -> Mapping[str, str]:
        """Return other accepted spellings → name for a column of this type."""
        return self._aliases.get(column_type, {})

    # Used for every cell, so built once.
    @cached_property
    def _names(self) -> Mapping[ColumnType, tuple[str, ...]]:
        departments = tuple(each.name for each in self.departments)
        return {
            ColumnType.DEPARTMENT: departments,
            ColumnType.DEPARTMENTS: departments,
            ColumnType.POST: self.posts,
            ColumnType.BRANCH: tuple(self.branches),
            ColumnType.ASPECT: tuple(self.aspects),
            ColumnType.PERIOD: tuple(each.name for each in self.periods),
        }

    @cached_property
    def _aliases(self) -> Mapping[ColumnType, Mapping[str, str]]:
        departments = {
            clean_key(other): each.name for each in self.departments for other in (each.short, *each.aliases) if other
        }
        branches = {clean_key(other): name for name, others in self.branch_aliases.items() for other in others}
        aspects = {clean_key(short): name for name, short in self.aspects.items() if short}
        return {
            ColumnType.DEPARTMENT: departments,
            ColumnType.DEPARTMENTS: departments,
            ColumnType.BRANCH: branches,
            ColumnType.ASPECT: aspects,
        }

    def is_sent(self, register: str, unit: str | None = None) -> bool:
        """Whether the register with this title is sent to a unit; without one, whether it is sent to anybody."""
        units = self.reporting.get(clean_key(register))
        return units is None or (bool(units) if unit is None else unit in units)

    @cached_property
    def units(self) -> tuple[Reporter, ...]:
        """The departments and branches, each as the reporter of what is not about persons, in the order of 参数."""
        departments = (Reporter(each.name, _names_of(each)) for each in self.departments)
        branches = (
            Reporter(name, (name, *self.branch_aliases.get(name, ())), is_branch=True) for name in self.branches
        )
        return (*departments, *branches)

    @cached_property
    def reporters(self) -> Mapping[str, Reporter]:
        """The reporters by name, those of one unit together; of those with one name the first."""
        found: dict[str, Reporter] = {}
        for each in self.units:
            for part in Part:
                reporter = replace(each, part=part)
                found.setdefault(reporter.name, reporter)
        return found

    @cached_property
    def _reporters_by_key(self) -> Mapping[str, Reporter]:
        """The reporters by any of their names, as keys: an alias comes before a name, departments before branches."""
        by_name: dict[str, Reporter] = {}
        by_alias: dict[str, Reporter] = {}
        for each in self.reporters.values():
            by_name.setdefault(clean_key(each.name), each)
            for alias in each.names[1:]:
                by_alias.setdefault(clean_key(each.named(alias)), each)
        return {**by_name, **by_alias}

    def reporter(self, name: str) -> Reporter | None:
        """Return the reporter with this name, or with a short name or alias of its unit."""
        return self._reporters_by_key.get(clean_key(name))

    @cached_property
    def sharing_units(self) -> frozenset[str]:
        """The departments and branches whose file names clash: a name of one would be the file of another."""
        personal = any(str(Part.PERSONAL) in name for each in self.units for name in each.names)
        parts = Part if personal else (Part.ORDINARY,)
        return find_sharing(replace(each, part=part) for each in self.units for part in parts)

    @cached_property
    def sharing_periods(self) -> frozenset[str]:
        """The periods whose folder names clash."""
        shared = find_same_names(each.name for each in self.periods)
        return frozenset((*shared, *shared.values()))

    @cached_property
    def _departments(self) -> Mapping[str, Department]:
        return {clean_key(each.name): each for each in reversed(self.departments)}

    @cached_property
    def spoken(self) -> tuple[tuple[str, str], ...]:
        """Every name of the departments and branches as a comparison key, with the name of the unit."""
        return tuple((clean_key(word), each.unit) for each in self.units for word in each.names)

    def department(self, name: str) -> Department | None:
        """Return the department with this name, short name or alias."""
        key = clean_key(name)
        return self._departments.get(clean_key(self.aliases(ColumnType.DEPARTMENT).get(key, key)))

    def name_now(self, reporter: str) -> str:
        """Return the present name of a reporter, given any of its names; an unknown name is returned as it is."""
        known = self.reporter(reporter)
        return known.name if known else reporter

    def period(self, name: str) -> Period | None:
        """Return the period with this name."""
        return next((each for each in self.periods if clean_key(each.name) == clean_key(name)), None)


def _names_of(department: Department) -> tuple[str, ...]:
    """Return all names of a department; files issued under an earlier name keep that name."""
    return tuple(word for word in (department.name, department.short, *department.aliases) if word)


class _Report(Protocol):
    """Adds a finding about a row and column of 参数; without a row it is about the whole sheet."""

    def __call__(
        self, row: int | None, column: int | None, problem: str, cure: str = "", severity: Severity = Severity.ERROR
    ) -> None: ...


def has_a_block(sheet: Sheet) -> bool:
    """Whether a sheet has at least one block of 参数."""
    return any(_find_block(sheet, title) for title in BLOCKS)


def read_settings(sheet: Sheet, workbook: str, forms: Collection[Form] = ()) -> tuple[Settings, list[Finding]]:
    """Read 参数; missing or wrong entries are returned as findings, the rest is read.

    ``forms`` are those of the registers that 填报 may name. From one state of a ledger to the next the sheet is mostly
    the same, and then so are the settings.
    """
    given = tuple(forms)
    key = workbook, repr(sheet), tuple(map(id, given))  # repr tells 1 from 1.0 and True; ids hold while forms are kept
    settings, findings, _ = _READ.recall(key, lambda: (*_read_settings(sheet, workbook, given), given))
    return settings, list(findings)


_READ: Recent[tuple[Settings, list[Finding], tuple[Form, ...]]] = Recent(lambda _: 1, 16)
"""The settings read last, with their findings and the forms that they were read with."""


def _read_settings(sheet: Sheet, workbook: str, forms: Collection[Form]) -> tuple[Settings, list[Finding]]:
    findings: list[Finding] = []

    def report(
        row: int | None, column: int | None, problem: str, cure: str = "", severity: Severity = Severity.ERROR
    ) -> None:
        findings.append(Finding(Place(workbook, sheet.name, row, column), Check.SETTINGS, problem, severity, cure=cure))

    blocks = {title: _read_block(sheet, title, report) for title in BLOCKS}
    settings = _make_settings(blocks, report)
    settings = replace(settings, reporting=_read_reporting(blocks[REPORTING], settings, forms, report))
    _report_duplicates(blocks, report)
    _report_rules(blocks[LIGHTS], settings.thresholds, report)
    _report_periods(blocks["期次"], settings.periods, report)
    findings += _report_names(blocks, settings, lambda row, column: Place(workbook, sheet.name, row, column))
    return settings, findings


def _read_block(sheet: Sheet, title: str, report: _Report) -> list[_Entry]:
    """Return the entries of a block, without those whose name holds personal data; report a missing block."""
    found = _find_block(sheet, title)
    if found is None and title in LATER_BLOCKS:
        return []
    if found is None:
        problem = f"找不到“{title}”这一块，"
        report(None, None, problem, cure=f"请在它的表头“{BLOCKS[title][0]}”上面一格恢复标题“{title}”。")
        return []
    return [each for each in _read_entries(sheet, title, found) if not find_personal(each.raw(BLOCKS[title][0]))]


def _make_settings(blocks: Mapping[str, list[_Entry]], report: _Report) -> Settings:
    """Return the settings that the blocks hold; report the entries that cannot be read."""
    entries = {entry.text("项目"): entry for entry in blocks["基本信息"]}
    withheld = tuple(name for name, entry in entries.items() if personal_in_setting(name, entry.raw("内容")))
    facts = {name: "" if name in withheld else entry.text("内容") for name, entry in entries.items()}
    workdays = _read_workdays(blocks["工作日历"], entries.get("日历年度"), report)
    return Settings(
        unit=facts.get("单位名称", ""),
        office=facts.get("整改办名称") or "办公室",
        year=_read_year(entries.get("方案年度"), report),
        departments=tuple(
            Department(each.text("部门"), each.harmless("简称"), each.words("别名")) for each in blocks["部门"]
        ),
        posts=tuple(each.text("岗位") for each in blocks["岗位"]),
        branches={each.text("党支部"): each.harmless("所在部门") for each in blocks["党支部"]},
        branch_aliases={each.text("党支部"): each.words("别名") for each in blocks["党支部"]},
        aspects={each.text("方面"): each.harmless("简称") for each in blocks["方面"]},
        periods=tuple(
            Period(each.text("期次"), _read_day(each, "统计截止日", report), _read_day(each, "报送截止日", report))
            for each in blocks["期次"]
        ),
        thresholds=_read_thresholds(blocks[LIGHTS], report),
        events={each.text("事件"): _read_day(each, "日期", report) for each in blocks["事件"]},
        workdays=workdays,
        facts=facts,
        withheld=withheld,
    )


def _read_reporting(
    entries: list[_Entry], settings: Settings, forms: Collection[Form], report: _Report
) -> dict[str, frozenset[str]]:
    """Return the units that are sent each register named in 填报; an entry that cannot be read limits nothing.

    They are departments, or, of a register that branches answer, branches: not both, since one of them answers it.
    """
    by_title = {clean_key(form.sheet): form for form in forms}
    reporting: dict[str, frozenset[str]] = {}
    for entry in entries:
        title, form = entry.text("登记表"), by_title.get(clean_key(entry.text("登记表")))
        if form is None or not form.may_be_limited:
            near = nearest(title, [each.sheet for each in forms if each.may_be_limited])
            why = "没有{}这张登记表" if form is None else "{}" + ("按牵头部门下发" if form.issued else "不由部门填")
            cure = f"是不是“{near[0]}”？请照登记表的名称写。" if near and form is None else "请删去这一行。"
            report(entry.row, entry.column("登记表"), f"{why.format(quote(title))}，这一行没有用上；", cure)
            continue
        words = entry.words("填报单位")
        if words in ((EVERYONE,), (NOBODY,)):
            reporting.pop(clean_key(title), None)
            if words == (NOBODY,):
                reporting[clean_key(title)] = frozenset()
            continue
        who = "部门或党支部" if form.branch else "部门"
        known = {word: settings.reporter(word) for word in words}
        wrong = [
            word for word, unit in known.items() if unit is None or unit.part or (unit.is_branch and not form.branch)
        ]
        kinds = {each.is_branch for each in known.values() if each}
        if wrong or len(kinds) != 1:
            what = "又有部门，又有党支部" if kinds else "空着"
            what = f"写的{'、'.join(map(quote, wrong))}不是〈参数〉里的{who}" if wrong else what
            problem = f"{quote(title)}的填报单位{what}，这一行没有用上，照旧下发给各{who}；"
            cure = f"请写{who}的名称（几个用顿号隔开），或写“{EVERYONE}”“{NOBODY}”。"
            report(entry.row, entry.column("填报单位"), problem, cure)
            continue
        reporting[clean_key(title)] = frozenset(each.unit for each in known.values() if each)
    return reporting


def _read_workdays(calendar: list[_Entry], years: _Entry | None, report: _Report) -> Workdays:
    days = [(_read_day(entry, "日期", report), entry.text("类型")) for entry in calendar]
    for entry in calendar:
        if entry.text("类型") not in list(DayKind):
            problem = f"类型写的{quote(entry.raw('类型'))}，看不出是放假还是上班，这一天没有算进去；"
            report(entry.row, entry.column("类型"), problem, f"请写“{'”或“'.join(DayKind)}”。", Severity.WARNING)
    covered = split_many(years.text("内容")) if years else ()
    for year in covered:
        if years and not year.isdecimal():
            problem = f"“日历年度”写的{quote(year)}不是年份，没有用上；"
            report(years.row, years.column("内容"), problem, "请写成“2022、2023”。", Severity.WARNING)
    known = frozenset(int(year) for year in covered if year.isdecimal())
    readable = years is not None and len(known) == len(set(covered))
    _report_calendar(calendar, days, known if readable else None, report)
    return Workdays.from_calendar(known, ((day, kind) for day, kind in days if day))


def _report_calendar(
    calendar: list[_Entry], days: list[tuple[date | None, str]], known: frozenset[int] | None, report: _Report
) -> None:
    """Report days that are both off and worked, and years with days that 日历年度 does not name: they are not used.

    ``known`` are the years that it names, None if it is missing or was reported.
    """
    kinds: dict[date, tuple[str, int]] = {}
    unknown: set[int] = set()
    for entry, (day, kind) in zip(calendar, days, strict=True):
        if day is None or kind not in list(DayKind):
            continue
        first, row = kinds.setdefault(day, (kind, entry.row))
        if kind != first:
            problem = f"{day} 第 {row} 行写的是{first}，这里又写{kind}，现在按{DayKind.WORKED}算；"
            report(entry.row, entry.column("日期"), problem, "请删去不对的一行。", Severity.WARNING)
        if known is not None and day.year not in known | unknown:
            unknown.add(day.year)
            problem = f"“日历年度”里没有 {day.year}，这一年的放假、上班都没有用上，工作日算不出来；"
            cure = f"{day.year} 年的填齐了的，请在“日历年度”里加上；年份写错的请改日期。"
            report(entry.row, entry.column("日期"), problem, cure, Severity.WARNING)


def _read_day(entry: _Entry, head: str, report: _Report) -> date | None:
    """Return the date under a head; None if it is blank or, with a finding, cannot be read."""
    raw = entry.raw(head)
    if is_blank(raw):
        return None
    reading = read_date(raw)
    if reading.problem:
        report(entry.row, entry.column(head), f"“{head}”读不懂：{reading.problem}")
    return reading.value


_CONTACTS = frozenset({"监督电话", "联系电话"})
"""Facts that are meant to hold a telephone number."""
_TELEPHONES = frozenset({"手机号", "固定电话"})


def personal_in_setting(name: str, raw: Any) -> tuple[str, ...]:
    """Return the kinds of personal or classified data in a fact; telephone numbers are allowed in ``_CONTACTS``."""
    kinds = find_personal(raw)
    return tuple(kind for kind in kinds if kind not in _TELEPHONES) if clean_key(name) in _CONTACTS else kinds


@dataclass(frozen=True, slots=True)
class _Entry:
    sheet: Sheet
    row: int
    heads: Mapping[str, int]

    def column(self, head: str) -> int | None:
        return self.heads.get(head)

    def raw(self, head: str) -> Any:
        return self.sheet.value(self.row, self.heads[head]) if head in self.heads else ""

    def text(self, head: str) -> str:
        return _as_name(as_text(self.raw(head)))

    def harmless(self, head: str) -> str:
        """Return the text under a head; empty if it holds personal data."""
        return "" if find_personal(self.raw(head)) else self.text(head)

    def words(self, head: str) -> tuple[str, ...]:
        """Return the words listed under a head, without those that hold personal data."""
        words = split_many(as_text(self.raw(head)))
        return tuple(_as_name(each) for each in words if not find_personal(each))


def _as_name(text: str) -> str:
    return printable(clean_prose(text)).strip()


def _find_block(sheet: Sheet, title: str) -> tuple[int, int] | None:
    """Return the cell (row, column) with a block's title and the block's first head right below it."""
    for row, cells in enumerate(sheet.rows, 1):
        for column, raw in enumerate(cells, 1):
            if raw == title and clean_key(as_text(sheet.value(row + 1, column))) == BLOCKS[title][0]:
                return row, column
    return None


def _heads_of_block(sheet: Sheet, found: tuple[int, int]) -> dict[str, int]:
    """Return head → column of the block whose title is in this cell; the next block may follow without a gap."""
    heads: dict[str, int] = {}
    row, column = found[0] + 1, found[1]
    while not is_blank(head := sheet.value(row, column)):
        if heads and clean_key(as_text(sheet.value(found[0], column))) in BLOCKS:
            break
        heads[clean_key(as_text(head))] = column
        column += 1
    return heads


def _read_entries(sheet: Sheet, title: str, found: tuple[int, int]) -> Iterator[_Entry]:
    top, heads = found[0], _heads_of_block(sheet, found)
    named = heads[BLOCKS[title][0]] - 1
    for row, cells in enumerate(sheet.rows[top + 1 :], top + 2):
        if named < len(cells) and cells[named] != "":  # blocks are of different lengths, so most cells are blank
            entry = _Entry(sheet, row, heads)
            if entry.text(BLOCKS[title][0]):
                yield entry


def rows_of_block(sheet: Sheet, title: str) -> list[dict[str, Any]]:
    """Return the entries of a block as raw values by head, without those that hold personal data."""
    found = _find_block(sheet, title)
    entries = _read_entries(sheet, title, found) if found else ()
    raw = [{head: entry.raw(head) for head in BLOCKS[title]} for entry in entries]
    return [row for row in raw if not any(map(find_personal, row.values()))]


def missing_rules(sheet: Sheet) -> tuple[str, ...]:
    """Return the rules that the 亮灯 block does not have; empty if 参数 has no such block."""
    found = _find_block(sheet, LIGHTS)
    if found is None:
        return ()
    known = {entry.text("规则") for entry in _read_entries(sheet, LIGHTS, found)}
    return tuple(name for name in LIGHT_RULES if name not in known)


def missing_heads(sheet: Sheet) -> dict[str, int]:
    """Return where blocks can be given the head that came later: right of each, if nothing stands there, else 0.

    Without the blocks that have it and those that 参数 does not have.
    """
    places = {}
    for title, head in LATER_HEADS.items():
        found = _find_block(sheet, title)
        heads = _heads_of_block(sheet, found) if found else {}
        if found and head not in heads and BLOCKS[title][0] in heads:
            column = max(heads.values()) + 1
            places[title] = 0 if any(row >= found[0] for row, _ in _filled_cells(sheet, {column})) else column
    return places


def missing_blocks(sheet: Sheet) -> tuple[str, ...]:
    """Return the titles of the blocks that came later and that 参数 does not have."""
    return tuple(title for title in LATER_BLOCKS if _find_block(sheet, title) is None)


def room_beside(sheet: Sheet) -> tuple[int, int]:
    """Return where a new block's title may stand: in the row of the first block's, right of everything there is."""
    tops = [found for title in BLOCKS if (found := _find_block(sheet, title))]
    used = [number for _, number in _filled_cells(sheet, range(1, LAST_COLUMN + 1))]
    return min((row for row, _ in tops), default=3), max(used, default=0) + 2


def room_below(sheet: Sheet, title: str) -> tuple[Mapping[str, int], int, int] | None:
    """Return a block's columns by head, its last entry's row (0: none), and the first row below with nothing in them.

    None if 参数 has no such block.
    """
    found = _find_block(sheet, title)
    if found is None:
        return None
    row, heads = found[0] + 1, _heads_of_block(sheet, found)
    columns = set(heads.values())
    last = max((entry.row for entry in _read_entries(sheet, title, found)), default=0)
    filled = [number for number, _ in _filled_cells(sheet, columns) if number > row]
    return heads, last, max(filled, default=row) + 1


def _filled_cells(sheet: Sheet, columns: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield the cells in these columns with a value, a formula or an error."""
    for row, cells in enumerate(sheet.rows, 1):
        yield from ((row, number) for number, raw in enumerate(cells, 1) if number in columns and not is_blank(raw))
    yield from (place for place in (*sheet.formulas, *sheet.errors) if place[1] in columns)


def cells_of_blocks(sheet: Sheet, cells: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the cells (row, column), of those given, that belong to entries of a block of 参数."""
    tops = []
    for title in BLOCKS if cells else ():
        if found := _find_block(sheet, title):
            top, left = found
            tops.append((top + 1, range(left, left + len(BLOCKS[title]))))
    return sorted(
        (row, column) for row, column in cells if any(row > top and column in columns for top, columns in tops)
    )


def _read_integer(entry: _Entry | None, head: str, meanwhile: str, report: _Report) -> int | None:
    """Return a number; None if the cell is blank or, with a finding that says what counts ``meanwhile``, is none."""
    if entry is None or not entry.text(head):
        return None
    digits = entry.text(head).removeprefix("-")
    if digits.isdecimal() and len(digits) <= _DIGITS:
        return int(entry.text(head))
    name = entry.text("项目") or entry.text("规则")
    problem = f"“{name}”要填整数，现在是{quote(entry.raw(head))}，"
    report(entry.row, entry.column(head), problem, cure=f"请改正；{meanwhile}。")
    return None


_DIGITS = 9
"""No number of 参数 has more digits."""


def _read_year(entry: _Entry | None, report: _Report) -> int | None:
    year = _read_integer(entry, "内容", "现在按没有写年度算", report)
    if entry is None or year is None or FIRST_YEAR <= year <= LAST_YEAR:
        return year
    limits = f"{FIRST_YEAR}—{LAST_YEAR}"
    report(
        entry.row,
        entry.column("内容"),
        f"“方案年度”写的 {year} 不在 {limits} 之间，",
        cure="请改正；现在按没有写年度算。",
    )
    return None


def _read_thresholds(entries: list[_Entry], report: _Report) -> Thresholds:
    values: dict[str, int] = {}
    colours: dict[str, Light] = {}
    for entry in entries:
        rule = LIGHT_RULES.get(entry.text("规则"))
        if rule is None:
            continue
        number = _read_integer(entry, "数值", rule.meanwhile, report)
        if number is not None and not rule.least <= number <= rule.most:
            problem = f"“{entry.text('规则')}”写的 {number} 不在 {rule.least}—{rule.most} 之间，"
            report(entry.row, entry.column("数值"), problem, cure=f"请改正；{rule.meanwhile}。")
        elif number is not None:
            values[rule.field] = number
        written = entry.text("颜色")
        if written in _WRITTEN_COLOURS and rule.light:
            colours[rule.field] = _WRITTEN_COLOURS[written]
        elif written and rule.light is None:
            problem = f"“{entry.text('规则')}”这一条不亮灯，颜色{quote(entry.raw('颜色'))}没有用上，"
            report(entry.row, entry.column("颜色"), problem, cure="请把颜色删去。")
        elif written:
            choices = "、".join(_COLOURS)
            problem = f"“{entry.text('规则')}”的颜色写的{quote(entry.raw('颜色'))}，不是{choices}中的一个，"
            report(entry.row, entry.column("颜色"), problem, cure="请改正；现在按原来的颜色算。")
    return Thresholds(**values, colours=colours)


_LIGHT_ORDERS = (
    ("黄灯落后百分点", "红灯落后百分点", "落后的直接亮红灯，黄灯用不上"),
    ("橙灯落后百分点", "红灯落后百分点", "落后的直接亮红灯，橙灯用不上"),
    ("黄灯落后百分点", "橙灯落后百分点", "落后的直接亮橙灯，黄灯用不上"),
    ("回头看起始月数", "回头看期限月数", "还没有到可以回头看的日子就算超期了"),
)
"""Pairs of rules, the one with the smaller number first, and what follows if it is not smaller."""


def _report_rules(entries: list[_Entry], thresholds: Thresholds, report: _Report) -> None:
    """Report rules that the program does not know, that have no number, or of which one makes another useless."""
    rows = {entry.text("规则"): entry for entry in entries}
    missing = tuple(name for name in LIGHT_RULES if name not in rows)
    for name, entry in rows.items():
        rule = LIGHT_RULES.get(name)
        if rule is None:
            meant = next(iter(nearest(name, missing)), "")
            problem = f"没有{quote(name)}这条规则，这一行没有用上；"
            cure = "是您自己记的可以不管。"
            if meant:
                cure = f"是不是“{meant}”？请照原来的名称写，{LIGHT_RULES[meant].meanwhile}。"
            report(entry.row, entry.column("规则"), problem, cure, Severity.WARNING if meant else Severity.HINT)
        elif rule.default is not None and not entry.text("数值"):
            problem = f"“{name}”的数值空着，{rule.meanwhile}；"
            report(entry.row, entry.column("数值"), problem, "请把数写上。", Severity.WARNING)
    for smaller, greater, then in _LIGHT_ORDERS:
        low, high = (getattr(thresholds, LIGHT_RULES[name].field) for name in (smaller, greater))
        entry = rows.get(smaller) or rows.get(greater)
        if entry and low is not None and high is not None and low >= high:
            problem = f"“{smaller}”是 {low}，不小于“{greater}”的 {high}，{then}；"
            report(entry.row, entry.column("数值"), problem, "请核对这两个数。", Severity.WARNING)


_LONGEST_WAIT = 3
"""Months after the cut-off day by which returns are due at the latest; later ones are taken for a slip of the pen."""


def _report_periods(entries: list[_Entry], periods: Collection[Period], report: _Report) -> None:
    """Report periods without a year or a day, and days that cannot be those of the period."""
    cut_offs: dict[date, str] = {}
    for head, then in _DAYS_OF_PERIODS.items():
        lacking = [entry for entry in entries if is_blank(entry.raw(head))]
        if lacking:
            names = "、".join(quote(entry.text("期次")) for entry in lacking[:_NAMED])
            several = f"等 {len(lacking)} 期" if len(lacking) > _NAMED else ""
            problem = f"{names}{several}没有{head}，{then}；"
            report(lacking[0].row, lacking[0].column(head), problem, "请补上日期。", Severity.WARNING)
    for entry, period in zip(entries, periods, strict=True):

        def warn(head: str, problem: str, cure: str, entry: _Entry = entry) -> None:
            report(entry.row, entry.column(head), problem, cure, Severity.WARNING)

        year = next((int(found[0]) for found in [_YEAR.search(clean_key(period.name))] if found), None)
        if year is None and not is_no_name(period.name):
            warn("期次", f"{quote(period.name)}没有写年份，到了明年分不清是哪一年的；", "请写成 2022-08 这样。")
        if period.as_of and year and period.as_of.year != year:
            problem = f"期次{quote(period.name)}的统计截止日是 {period.as_of}，不在同一年；"
            warn("统计截止日", problem, "请核对是不是写错了年份。")
        if period.as_of and (same := cut_offs.setdefault(period.as_of, period.name)) != period.name:
            problem = f"统计截止日 {period.as_of} 和{quote(same)}的一样，两期分不开；"
            warn("统计截止日", problem, "请改正其中一个。")
        begins = begin_of(period, periods)
        if period.due and begins and period.due < begins:
            problem = f"报送截止日 {period.due} 在这一期（从 {begins} 起）开始以前，一报就算晚了；"
            warn("报送截止日", problem, "请核对日期。")
        if period.due and period.as_of and period.due > months_later(period.as_of, _LONGEST_WAIT):
            problem = f"报送截止日 {period.due} 比统计截止日晚了 {_LONGEST_WAIT} 个月以上，没有人算报晚；"
            warn("报送截止日", problem, "请核对日期。")


_DAYS_OF_PERIODS = {
    "统计截止日": "不知道这一期的数算到哪天",
    "报送截止日": "哪个部门报晚了、没有报都看不出来",
}
"""The days that a period needs, and what cannot be told without them."""

_NAMED = 3
"""Most periods named in one finding; further ones are only counted."""

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d")


def begin_of(period: Period, periods: Collection[Period]) -> date | None:
    """Return the first day of a period: that of the month or quarter it is named after, else after the one before."""
    if named := read_cycle(period.name):
        return named.first
    earlier = [each.as_of for each in periods if each.as_of and period.as_of and each.as_of < period.as_of]
    return max(earlier) + timedelta(days=1) if earlier else None


def _report_names(
    blocks: Mapping[str, list[_Entry]], settings: Settings, place: Callable[[int, int | None], Place]
) -> Iterator[Finding]:
    """Report units and periods whose names clash as file or folder names, or cannot be used unchanged."""
    for title, what in (("部门", "文件"), ("党支部", "文件"), ("期次", "文件夹")):
        sharing = settings.sharing_periods if title == "期次" else settings.sharing_units
        for entry in blocks[title]:
            name, here = entry.text(title), place(entry.row, entry.column(title))
            stands_as = as_file_name(name)
            if name in sharing:
                others = "、".join(quote(each) for each in _names_sharing_file(name, settings, title))
                problem = (
                    f"{quote(name)}和{others}会用同一个{what}（只差大小写、全角半角、看不见的字，或换掉的符号），"
                    "一份会盖掉另一份，所以都不下发、不汇总，改好了再运行。"
                )
                cure = "请把其中一个改成看得出不同的名称，别名也不要这样写。"
                yield Finding(here, Check.NAME_CLASH, problem, cure=cure)
            elif is_no_name(name):
                problem = f"{quote(name)}里没有一个字或数字，用作{what}名认不出来，"
                cure = f"请写上{title}的名称。"
                yield Finding(here, Check.SETTINGS, problem, cure=cure)
            elif stands_as != name:
                problem = f"{quote(name)}不能直接用作{what}名，{what}名写作{quote(stands_as)}。"
                cure = "请去掉符号、多余的字或看不见的字。"
                yield Finding(here, Check.SETTINGS, problem, Severity.HINT, cure=cure)


def _names_sharing_file(name: str, settings: Settings, title: str) -> list[str]:
    """Return the names whose file or folder would be that of this unit or period."""
    if title == "期次":
        every = [(each.name, (each.name, False)) for each in settings.periods]
    else:
        reporters = [replace(each, part=part) for each in settings.units for part in Part]
        every = [(each.named(word), (each.unit, each.is_branch)) for each in reporters for word in each.names]
    self = (name, title == "党支部")
    own = {name_key(word) for word, owner in every if owner == self}
    return list(dict.fromkeys(word for word, owner in every if owner != self and name_key(word) in own))


_LAST_COUNTS = ("基本信息", LIGHTS, "事件", REPORTING)
"""The blocks in which the last of several entries with one name counts."""


def _report_duplicates(blocks: Mapping[str, list[_Entry]], report: _Report) -> None:
    for title in ("部门", "岗位", "党支部", "方面", "期次", *_LAST_COUNTS):
        head, meanwhile = BLOCKS[title][0], "；现在按这一行算" if title in _LAST_COUNTS else ""
        seen: dict[str, int] = {}
        for entry in blocks[title]:
            name = entry.text(head)
            if name in seen:
                problem = f"“{name}”与第 {seen[name]} 行重复，"
                report(entry.row, entry.column(head), problem, cure=f"请删去一个{meanwhile}。")
            seen.setdefault(name, entry.row)
    names: dict[str, str] = {}
    for title in ("部门", "党支部"):
        for entry in blocks[title]:
            own = entry.text(title)
            for other in dict.fromkeys((own, entry.text("简称"), *split_many(entry.text("别名")))):
                if other and names.setdefault(other, own) != own:
                    report(
                        entry.row, None, f"“{other}”同时指“{names[other]}”和“{own}”，", cure=f"请只留给一个{title}。"
                    )
