"""公示: the figures for the public, built from approved fields only and not by deleting from internal figures.

A problem appears only with its 公示表述, and only if its 公开审批 is 同意公开; measures appear only as counts in three
public statuses. Names, departments, posts, lights, delays, reasons and evidence have no field here. 已完成 and
已完成并长期坚持 mean confirmed by the committee: a department's own report is not published as done.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from taizhang.figures.rates import has_end
from taizhang.forms.register_names import PROBLEMS
from taizhang.ledger.catalogue import Check
from taizhang.ledger.cell_values import read_value
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.ledger.vocabulary import Disclosure, Status
from taizhang.supervision.tasks import Task, read_tasks
from taizhang.typed.folding import fold, squeeze
from taizhang.typed.percentages import percent
from taizhang.typed.personal import find_personal
from taizhang.typed.text import as_text, clean_key, clean_prose, without_invisible
from taizhang.workbook.places import Place

__all__ = ["Counts", "PublicAspect", "PublicProblem", "PublicReport", "PublicStatus", "publish"]


class PublicStatus(StrEnum):
    """The public status of a problem or a measure."""

    DONE = "已完成"
    ONGOING = "已完成并长期坚持"
    RUNNING = "正在推进"
    DRAFTING = "措施制定中"


_PUBLIC_STATUS = {Status.STRUCK_OFF: PublicStatus.DONE, Status.ONGOING: PublicStatus.ONGOING}
_WORDS = re.compile("[0-9a-z]+")


@dataclass(frozen=True, slots=True)
class Counts:
    """The number of measures, in all and by public status.

    ``ending`` are those that are finished one day (one-off, or recurring with an end), ``ended`` those of them that
    are confirmed: recurring and lasting measures are in no percentage of what is finished.
    """

    tasks: int
    done: int
    ongoing: int
    ending: int
    ended: int

    @property
    def running(self) -> int:
        """正在推进: all measures not confirmed."""
        return self.tasks - self.done - self.ongoing

    @property
    def rate(self) -> int | None:
        """完成率 in per cent, of the measures that end; None if there are none."""
        return percent(self.ended, self.ending)

    @property
    def lasting(self) -> int:
        """The measures without an end, which 完成率 leaves out."""
        return self.tasks - self.ending


@dataclass(frozen=True, slots=True)
class PublicAspect:
    """One aspect: the number of its published problems, and the counts of their measures, each counted once."""

    name: str
    problems: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class PublicProblem:
    """One problem in its approved words, with the counts of the measures that answer it.

    ``answered``: at least one measure names it, even if only a principle, which is not counted.
    """

    wording: str
    aspect: str
    counts: Counts
    answered: bool

    @property
    def status(self) -> PublicStatus:
        """DONE or ONGOING if every measure is confirmed, DRAFTING if there is no measure at all, else RUNNING."""
        if not self.answered:
            return PublicStatus.DRAFTING
        if not self.counts.tasks or self.counts.running:
            return PublicStatus.RUNNING
        return PublicStatus.ONGOING if self.counts.ongoing else PublicStatus.DONE


@dataclass(frozen=True)
class PublicReport:
    """Everything published for a day.

    ``partial``: problems were left out, so totals refer to 公开事项. ``shared`` counts the measures that answer several
    published problems.
    """

    unit: str
    as_of: date
    aspects: tuple[PublicAspect, ...]
    problems: tuple[PublicProblem, ...]
    total: Counts
    partial: bool
    shared: int
    hotline: str
    notice_period: str


def publish(ledger: Ledger, as_of: date) -> tuple[PublicReport, list[Finding]]:
    """Return the report that may be published, and a finding for each problem that is left out or has no measure."""
    register = ledger.registers.get(PROBLEMS)
    every = read_tasks(ledger, as_of)
    tasks = [task for task in every if task.counted]
    published, findings = _select_problems(ledger)
    answering = {code: [task for task in tasks if code in task.problems] for code in published}
    named_by_any = {code for task in every for code in task.problems}
    aspects = {code: _aspect(ledger, record) for code, record in published.items()}
    problems = [
        PublicProblem(_wording(record), aspects[code], _count_measures(answering[code]), code in named_by_any)
        for code, record in published.items()
    ]
    first = {task.code: next((code for code in task.problems if code in published), None) for task in tasks}
    order = [short or name for name, short in ledger.settings.aspects.items()]
    named = sorted(dict.fromkeys(aspects.values()), key=lambda name: order.index(name) if name in order else len(order))
    counted = [task for task in tasks if first[task.code]]
    partial = bool(findings)
    for code, own in answering.items():
        if register and not own:
            place = register.place(published[code], "code")
            findings.append(_no_measures_finding(place, code, answered=code in named_by_any))
    report = PublicReport(
        unit=ledger.settings.unit,
        as_of=as_of,
        aspects=tuple(
            PublicAspect(
                name,
                sum(each == name for each in aspects.values()),
                _count_measures([task for task in counted if aspects[first[task.code] or ""] == name]),
            )
            for name in named
        ),
        problems=tuple(sorted(problems, key=lambda each: named.index(each.aspect))),
        total=_count_measures(counted),
        partial=partial,
        shared=sum(len(set(task.problems) & set(published)) > 1 for task in counted),
        hotline=ledger.settings.facts.get("监督电话", ""),
        notice_period=ledger.settings.facts.get("公示期", ""),
    )
    return report, findings


def _select_problems(ledger: Ledger) -> tuple[dict[str, Record], list[Finding]]:
    """Return the problems that may be published, by code, and a finding for each one left out."""
    register = ledger.registers.get(PROBLEMS)
    published: dict[str, Record] = {}
    findings: list[Finding] = []
    names = _internal_names(ledger)
    for record in register.records if register else ():
        finding = _why_left_out(ledger, register, record, names) if register else None
        if finding:
            findings.append(finding)
        elif record.code:
            published.setdefault(record.code, record)
    return published, findings


def _no_measures_finding(place: Place, code: str, *, answered: bool) -> Finding:
    if answered:
        problem = f"{code} 只有原则性措施，不计数：公示里写“{PublicStatus.RUNNING}”、措施数 0。"
        return Finding(place, Check.PUBLIC, problem, Severity.HINT)
    problem = f"{code} 没有任何整改措施，公示里写“{PublicStatus.DRAFTING}”。"
    cure = f"请先在〈整改任务〉的“对应问题”里写上 {code}，或等有了措施再公示。"
    return Finding(place, Check.PUBLIC, problem, Severity.WARNING, cure=cure)


def _count_measures(tasks: Sequence[Task]) -> Counts:
    statuses = [_PUBLIC_STATUS.get(task.status) for task in tasks]
    ending = [task for task in tasks if has_end(task)]
    return Counts(
        tasks=len(tasks),
        done=statuses.count(PublicStatus.DONE),
        ongoing=statuses.count(PublicStatus.ONGOING),
        ending=len(ending),
        ended=sum(task.closed for task in ending),
    )


def _wording(record: Record) -> str:
    """Return the approved words without invisible characters."""
    return without_invisible(clean_prose(as_text(record.cells["public"]))).strip()


def _aspect(ledger: Ledger, record: Record) -> str:
    name = clean_key(as_text(record.cells.get("aspect", "")))
    known = {clean_key(full): short or full for full, short in ledger.settings.aspects.items()}
    return known.get(name) or name or "其他"


def _why_left_out(ledger: Ledger, register: Register, record: Record, names: Mapping[str, str]) -> Finding | None:
    """Return the reason why a problem is not published, or None if it may be."""

    def finding(key: str, problem: str, severity: Severity, *, cure: str = "") -> Finding:
        place = register.place(record, key)
        return Finding(place, Check.PUBLIC, f"{record.code or '这一行'} {problem}", severity, cure=cure)

    if "disclosure" not in register.columns or "public" not in register.columns:
        problem = "没有列入公示：〈问题清单〉缺少“公示表述”或“公开审批”列，"
        cure = "请补上这两列。"
        return finding("code", problem, Severity.WARNING, cure=cure)
    wording = _wording(record)
    reading = read_value(register.form.column("disclosure"), record.cells["disclosure"], ledger.settings)
    if Disclosure.WITHHELD in (reading.value, clean_key(wording)):
        return finding("disclosure", "标了“不公开”，没有列入公示。", Severity.HINT)
    if reading.value is None:
        problem = "没有列入公示：“公开审批”没有填，或填的不是“同意公开”“不公开”。"
        cure = "审批后填上再出。"
        return finding("disclosure", problem, Severity.WARNING, cure=cure)
    if not wording:
        return finding("public", "没有列入公示：“公示表述”空着，", Severity.WARNING, cure="请写上可以公开的说法。")
    aspect = _aspect(ledger, record)
    known = aspect in (*ledger.settings.aspects, *ledger.settings.aspects.values())
    for key, text in (("public", wording), ("aspect", "" if known else aspect)):
        title = register.form.column(key).title
        if kinds := find_personal(text):
            problem = f"没有列入公示：“{title}”里有{'、'.join(kinds)}，不能公开，"
            cure = "请改写。"
            return finding(key, problem, Severity.ERROR, cure=cure)
        if inside := _find_name(text, names):
            problem = f"没有列入公示：“{title}”里写了“{inside}”，公示不写部门和岗位，"
            cure = "请改写。"
            return finding(key, problem, Severity.ERROR, cure=cure)
    return None


def _internal_names(ledger: Ledger) -> dict[str, str]:
    """Return the names that must not be published, by search key: folded, without anything between the characters.

    They are the names, short names and aliases of departments, the posts and the branches; keys of one character are
    left out.
    """
    settings = ledger.settings
    departments = [name for each in settings.departments for name in (each.name, each.short, *each.aliases)]
    folded = {_search_key(name): name for name in (*departments, *settings.posts, *settings.branches)}
    return {key: name for key, name in folded.items() if len(key) > 1}


def _search_key(text: str) -> str:
    return squeeze(fold(text)).casefold()


def _find_name(text: str, names: Mapping[str, str]) -> str:
    """Return the first of the names found in a text in any spelling, else ""; Latin names match whole words only."""
    bare, words = _search_key(text), set(_WORDS.findall(fold(text).casefold()))
    return next((name for key, name in names.items() if key in (words if _WORDS.fullmatch(key) else bare)), "")
