"""Checks of duties and reviews: what would not count, would count twice, or was signed by the wrong post."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from taizhang.forms.register_names import FULFILMENTS, REVIEWS, TASKS
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Register
from taizhang.ledger.vocabulary import ReviewFinding
from taizhang.supervision.closeouts import standings_on
from taizhang.supervision.duties import Fulfilment, read_fulfilments
from taizhang.supervision.reviews import Review, read_reviews
from taizhang.supervision.tasks import Task, read_tasks, tasks_by_code
from taizhang.typed.cycles import cycle_of, cycle_word
from taizhang.typed.dates import months_later
from taizhang.typed.readings import named, quote
from taizhang.typed.text import clean_key, is_blank, split_many

__all__ = ["check_counts", "check_fulfilments", "check_reviews"]


def check_fulfilments(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report rows of 〈履行记录〉 that do not count: no cycle of the task, no such number, a day that cannot be."""
    register = ledger.registers.get(FULFILMENTS)
    tasks = tasks_by_code(ledger, as_of)
    for code, rows in read_fulfilments(ledger).items():
        first_of: dict[str, Fulfilment] = {}
        for each in rows:
            assert register is not None
            yield from _check_cycle(register, each, tasks.get(code))
            yield from _check_done(register, each, as_of)
            yield from _check_number(register, each, tasks.get(code))
            yield from _check_owner(register, ledger, each, tasks.get(code))
            same = first_of.setdefault(each.cycle.name, each) if each.cycle and each.done else each
            if same is not each:
                where = register.place(same.record, "done").cell
                problem = f"{named(code)} 的{each.cycle and each.cycle.name}在 {where} 已经填过，两行的次数加在一起算；"
                cure = "请合成一行，写一共做了几次。"
                place = register.place(each.record, "cycle")
                yield Finding(place, Check.DUTY_CYCLE, problem, Severity.WARNING, cure=cure)


def _check_cycle(register: Register, row: Fulfilment, task: Task | None) -> Iterator[Finding]:
    place, written = register.place(row.record, "cycle"), row.record.cells.get("cycle")
    if row.cycle is None:
        if not is_blank(written):
            became = "成了日期" if isinstance(written, date) else ""
            problem = f"所属周期{became}{quote(written)}{'，' * bool(became)}看不出是哪一期，这一行没有算；"
            as_text_first = "把这一格设为文本，再" if became else ""
            cure = f"请{as_text_first}写成“2022年3月”“2022年一季度”“2022年上半年”或“2022年”。"
            yield Finding(place, Check.DUTY_CYCLE, problem, cure=cure)
    elif task and not task.recurring:
        problem = f"{named(task.code)} 不是周期任务，履行记录没有用上；"
        cure = "请核对任务编号；该是周期任务的，请改任务类型。"
        yield Finding(register.place(row.record, "task"), Check.DUTY_CYCLE, problem, Severity.WARNING, cure=cure)
    elif task and task.duty and row.done and task.duty.cycles and row.cycle.last < task.duty.cycles[0].cycle.first:
        problem = f"{row.cycle.name}在 {named(task.code)} 开始以前，没有算；"
        cure = "请核对所属周期，或任务的开始日期。"
        yield Finding(place, Check.DUTY_CYCLE, problem, Severity.WARNING, cure=cure)
    elif task and task.cycle and row.cycle.kind is not task.cycle:
        counted = cycle_of(row.cycle.first, task.cycle).name
        meanwhile = f"，现在算在{counted}里" if row.done else ""
        problem = f"{named(task.code)} 每{cycle_word(task.cycle)}一期，这一行写的是{row.cycle.name}{meanwhile}；"
        cure = "请改成对应的周期。"
        yield Finding(place, Check.DUTY_CYCLE, problem, Severity.WARNING, cure=cure)


def _check_owner(register: Register, ledger: Ledger, row: Fulfilment, task: Task | None) -> Iterator[Finding]:
    """Report a row that is issued to another department than the one that leads the task now."""
    written = ledger.meaning(register, row.record, "department")
    if task and task.department and written and written != task.department and row.done is None:
        problem = f"{named(task.code)} 的牵头部门是{named(task.department)}，这一行下发给的是{named(written)}；"
        cure = "任务换了部门的，请把填报部门也改过来。"
        place = register.place(row.record, "department")
        yield Finding(place, Check.DUTY_CYCLE, problem, Severity.WARNING, cure=cure)


def _check_done(register: Register, row: Fulfilment, as_of: date) -> Iterator[Finding]:
    place = register.place(row.record, "done_on")
    said = row.done_on or not is_blank(row.record.cells.get("what"))
    if row.done is None and said and is_blank(row.record.cells.get("done")):
        problem = "写了做了什么、哪天做的，次数空着，没有算；"
        cure = "请填做了几次。"
        yield Finding(register.place(row.record, "done"), Check.DUTY_DONE, problem, Severity.WARNING, cure=cure)
    if row.done and row.cycle and row.cycle.first > as_of and not row.done_on:
        problem = f"{row.cycle.name}还没有开始，次数到那时才算；"
        cure = "请核对所属周期。"
        yield Finding(register.place(row.record, "cycle"), Check.DUTY_CYCLE, problem, Severity.WARNING, cure=cure)
    if row.done_on and row.cycle and row.done_on < row.cycle.first:
        problem = f"完成日期 {row.done_on} 在{row.cycle.name}以前，"
        cure = "请核对日期，或改成那一天所在的周期。"
        yield Finding(place, Check.DUTY_DONE, problem, Severity.WARNING, cure=cure)
    if row.done_on and row.done_on > as_of:
        problem = f"完成日期 {row.done_on} 晚于统计日 {as_of}，到那天才算数；"
        cure = "还没有做的请不要填次数。"
        yield Finding(place, Check.DUTY_DONE, problem, Severity.WARNING, cure=cure)


MANY = 10
"""A number of more than so many times what a cycle owes is asked about; it counts as reported."""


def _check_number(register: Register, row: Fulfilment, task: Task | None) -> Iterator[Finding]:
    owed = task.duty.per_cycle if task and task.duty else 0
    if task and owed and row.done and row.cycle and row.done > MANY * owed:
        many = f"{row.cycle.name}填了 {row.done} 次，{named(task.code)} 一期应做 {owed} 次"
        cure = "请核对是不是多填了；真做了这么多次的，不用改。"
        place = register.place(row.record, "done")
        yield Finding(place, Check.DUTY_DONE, f"{many}，照填的统计；", Severity.WARNING, cure=cure)


def check_counts(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report numbers of 每期次数 that do not count, or that no cycle has the days for; with the one that counts."""
    register = ledger.registers.get(TASKS)
    if register is None or "per_cycle" not in register.columns:
        return
    for task in read_tasks(ledger, as_of):
        if task.duty is None or is_blank(written := task.record.cells.get("per_cycle")):
            continue
        place, number = register.place(task.record, "per_cycle"), ledger.meaning(register, task.record, "per_cycle")
        counted, days, cycle = task.duty.per_cycle, cycle_of(as_of, task.duty.kind).days, cycle_word(task.duty.kind)
        if number != counted:
            problem = f"{named(task.code)} 的每期次数{quote(written)}没有用上，现在按每{cycle} {counted} 次算；"
            cure = "请填 1、2 这样的整数；每个周期 1 次的也可以空着。"
            yield Finding(place, Check.DUTY_COUNT, problem, Severity.WARNING, cure=cure)
        elif counted > days:
            problem = f"{named(task.code)} 每{cycle}要做 {counted} 次，比一期的天数（{days} 天）还多；"
            cure = "请核对每期次数和复核周期。"
            yield Finding(place, Check.DUTY_COUNT, problem, Severity.WARNING, cure=cure)


def check_reviews(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report reviews of tasks that are not reviewed, by the department itself, or on days that do not count."""
    register = ledger.registers.get(REVIEWS)
    tasks = tasks_by_code(ledger, as_of)
    for code, rows in read_reviews(ledger).items():
        first_on: dict[date, Review] = {}
        for each in rows:
            assert register is not None
            place = register.place(each.record, "date")
            if task := tasks.get(code):
                yield from _check_review(register, each, task, ledger)
            if each.day and each.day > as_of:
                problem = f"复核日期 {each.day} 晚于统计日 {as_of}，到那天才算数；"
                cure = "还没有去看的请不要先记。"
                yield Finding(place, Check.REVIEW_RECORD, problem, Severity.WARNING, cure=cure)
            if each.day and (same := first_on.setdefault(each.day, each)) is not each:
                where = register.place(same.record, "date").cell
                problem = f"{named(code)} 在 {each.day} 的复核 {where} 已经记过，只算一次；"
                yield Finding(place, Check.REVIEW_RECORD, problem, Severity.WARNING, cure="请合成一行，或改正日期。")
    yield from _check_typed_days(ledger, tasks)


def _check_review(register: Register, review: Review, task: Task, ledger: Ledger) -> Iterator[Finding]:
    if not (task.continuing or task.closed or _was_closed(ledger, review) or _was_asked_for(ledger, review, task)):
        problem = f"{named(task.code)} 不是长期任务，复核没有用上；"
        cure = "请核对任务编号；已销号的回头看写在〈销号审核〉。"
        yield Finding(register.place(review.record, "task"), Check.REVIEW_RECORD, problem, Severity.WARNING, cure=cure)
    elif review.day and task.start and review.day < task.start:
        problem = f"复核日期 {review.day} 在 {named(task.code)} 开始（{task.start}）以前，没有算；"
        cure = "请核对复核日期，或任务的开始日期。"
        yield Finding(register.place(review.record, "date"), Check.REVIEW_RECORD, problem, Severity.WARNING, cure=cure)
    own = ledger.settings.department(task.department)
    names = (own.name, own.short, *own.aliases) if own else ()
    if found := next((name for name in names if name and _holds_post(review.post, name)), ""):
        problem = f"复核岗位写的是{quote(review.post)}，{named(task.code)} 由{named(found)}牵头，自己不能复核自己；"
        cure = "请换一个岗位复核。"
        yield Finding(register.place(review.record, "post"), Check.SAME_POST, problem, cure=cure)


def _was_closed(ledger: Ledger, review: Review) -> bool:
    """Whether the task had been closed before the day of a review, which then reopened it or found that it holds."""
    before = review.day and standings_on(ledger, review.day - timedelta(days=1)).get(review.task)
    return bool(review.finding is ReviewFinding.RELAPSED or (before and before.confirmed))


def _was_asked_for(ledger: Ledger, review: Review, task: Task) -> bool:
    """Whether a review answers a next review that the office typed."""
    typed = ledger.meaning(ledger.registers[TASKS], task.record, "next_review")
    return bool(review.day and typed and review.day >= typed)


_TITLE = re.compile(
    r"(?:[处科室部组股]?[正副]?[处科室部组股]?(?:长|主任|书记|主席|负责人|联络员|经办人))?|[处科室部组股]"
)
"""What may follow the name of a department in that of a post: 财务处副处长, 财务科科长; not 非财务人员代表."""


def _holds_post(post: str, department: str) -> bool:
    """Whether one of the posts written in a cell is a post of a department: its name, alone or before a title."""
    parts, name = map(clean_key, split_many(post)), clean_key(department)
    return any(part.startswith(name) and _TITLE.fullmatch(part.removeprefix(name)) for part in parts)


_FAR = 2
"""A typed next review is doubted if it is more than so many intervals away."""


def _check_typed_days(ledger: Ledger, tasks: Mapping[str, Task]) -> Iterator[Finding]:
    """Report a typed next review that puts reviews off for long, is used up, or is nearly the day of the last one."""
    register = ledger.registers.get(TASKS)
    for task in tasks.values():
        if register is None or task.review is None or task.cycle is None:
            continue
        typed = ledger.meaning(register, task.record, "next_review")
        if typed is None:
            continue
        place, since = register.place(task.record, "next_review"), task.review.since
        last = task.review.last.day if task.review.last else None
        if typed > months_later(since, _FAR * task.cycle.months):
            usual = months_later(since, task.cycle.months)
            problem = f"下次复核日期写着 {typed}，每{cycle_word(task.cycle)}一次的应当是 {usual}，到那天以前不亮灯；"
            cure = "请核对是不是写错了年份；不写就按复核周期算。"
            yield Finding(place, Check.REVIEW_RECORD, problem, Severity.WARNING, cure=cure)
        elif last and (typed - last).days * 2 <= task.cycle.months * 30:
            used = "已经用过，下次" if typed <= last else "离得太近，不像是下一次；现在"
            problem = f"下次复核日期写着 {typed}，{last} 刚复核过，这个日期{used}按 {task.next_review} 算。"
            cure = "请删去这个日期，或改成真正要看的那天。"
            yield Finding(place, Check.REVIEW_RECORD, problem, Severity.HINT, cure=cure)
