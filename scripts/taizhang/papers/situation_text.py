"""The words of 情况报告: what the ledger holds and figures of the day; what a person must write is marked 〔待补〕."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from taizhang.figures.rates import RateName, in_time, is_due
from taizhang.figures.sentences import rate_words
from taizhang.ledger.vocabulary import ExtensionKind, Operator, ReviewFinding, Status, TaskKind
from taizhang.papers.situation import Answer, Relapse, ReportedAspect, ReportedProblem, Situation
from taizhang.supervision.lights import missed_in_full, owed_in_full
from taizhang.supervision.proof_results import Outcome, ProofResult
from taizhang.supervision.reviews import Review
from taizhang.supervision.tasks import Task
from taizhang.typed.dates import chinese_date, day_or_text
from taizhang.typed.numerals import chinese_count
from taizhang.typed.percentages import percent

__all__ = ["TO_WRITE", "Line", "Role", "to_write", "write_situation"]

TO_WRITE = "待补"
"""What a person must write is between 〔待补： and 〕."""

_STATUS_WORDS = {
    Status.STRUCK_OFF: "已审定销号",
    Status.ONGOING: "转为长期坚持",
    Status.DONE: "部门已报完成、待审定",
    Status.UNDER_WAY: "正在推进",
    Status.NOT_STARTED: "尚未启动",
}
_RATE_WORDS = {
    RateName.ON_TIME: "限期完成的措施已到期{}项",
    RateName.STRUCK_OFF: "有期限、可销号的{}项",
    RateName.FULFILLED: "定期开展的应履行{}期",
    RateName.REVIEWED: "长期坚持的应复核{}次",
}
"""What each rate is of, for readers who do not know the names of the rates."""

_TARGET_WORDS = {Operator.AT_LEAST: "不低于", Operator.AT_MOST: "不超过", Operator.EQUAL: ""}
_STOPS = "。；;，,、．. "
_SEVERAL_STOPS = re.compile(r"[。；，、]{2,}")


class Role(StrEnum):
    """The role of a line in an official document (GB/T 9704): it decides face, size and indent."""

    TITLE = "标题"
    RECIPIENT = "主送机关"
    FIRST = "一级标题"
    SECOND = "二级标题"
    THIRD = "三级标题"
    BODY = "正文"
    ATTACHMENT = "附件说明"
    SIGNATURE = "落款"


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of the report."""

    role: Role
    text: str


def to_write(lines: Iterable[Line]) -> list[str]:
    """Return what a person must still write, in the order of the report."""
    marks = []
    for line in lines:
        for piece in line.text.split(f"〔{TO_WRITE}：")[1:]:
            marks.append(piece.split("〕")[0])
    return marks


def write_situation(situation: Situation) -> list[Line]:
    """Return the lines of the report."""
    m = situation.metrics
    day = chinese_date(situation.as_of)
    basis = _mark("上级通知的名称和文号")
    lines = [
        Line(Role.TITLE, m.unit or _mark("单位名称")),
        Line(Role.TITLE, "关于整改落实情况的报告"),
        Line(Role.RECIPIENT, f"{_mark('主送机关')}："),
        Line(Role.BODY, f"按照{basis}要求，现将截至{day}的整改落实情况报告如下。"),
    ]
    parts = (
        ("整改工作总体情况", _overall(situation)),
        ("问题整改落实情况", _problems(situation)),
        ("尚未办结的措施和时限", _left(situation)),
        ("延期、暂缓和反弹情况", _changed(situation)),
        ("需要协调解决的事项", _asking(situation)),
    )
    for number, (title, inner) in enumerate(parts, 1):
        lines += [Line(Role.FIRST, f"{chinese_count(number)}、{title}"), *inner]
    lines.append(Line(Role.ATTACHMENT, f"附件：{_mark('附件的名称，没有的删去这一行')}"))
    return [*lines, Line(Role.SIGNATURE, m.unit or _mark("单位名称")), Line(Role.SIGNATURE, day)]


def _mark(what: str) -> str:
    return f"〔{TO_WRITE}：{what}〕"


def _overall(situation: Situation) -> Iterator[Line]:
    m = situation.metrics
    total = m.total
    yield Line(Role.SECOND, "（一）组织推进情况")
    yield Line(Role.BODY, _mark("党委（党组）研究部署、领导带头、责任分工和督促检查的情况"))
    yield Line(Role.SECOND, "（二）总体进展")
    kinds = "、".join(f"{_kind_words(kind)}{number}项" for kind in TaskKind if (number := m.rates.number_of(kind)))
    principles = len(m.boards.groups.principles)
    aspects = f"（{len(situation.aspects)}个方面）" if situation.aspects else ""
    scope = f"列入整改台账的问题{m.problem_count}个{aspects}，整改措施{total.tasks}项"
    scope += f"（{kinds}）" if kinds else ""
    scope += f"；另有原则性要求{principles}项，通过其他措施落实，不计入措施数" if principles else ""
    yield Line(Role.BODY, f"{scope}。")
    if not total.tasks:
        return
    if unowned := sum(not answer.task.department for answer in situation.answers):
        cure = _mark("这些措施的牵头部门，在台账里定了以后重出")
        yield Line(Role.BODY, f"{total.tasks}项措施中有{unowned}项还没有明确牵头部门。{cure}")
    closed = _states_words(situation, (Status.STRUCK_OFF, Status.ONGOING))
    open_ = _states_words(situation, (Status.DONE, Status.UNDER_WAY, Status.NOT_STARTED))
    share = f"{percent(total.closed, total.tasks)}%"
    left = f"尚未办结{total.tasks - total.closed}项{open_}" if total.tasks > total.closed else "没有尚未办结的"
    yield Line(
        Role.BODY,
        f"截至{chinese_date(situation.as_of)}，{total.tasks}项措施中已办结{total.closed}项{closed}，占{share}；{left}。",
    )
    rates = [
        f"{_RATE_WORDS[name].format(rate.whole)}，{rate_words(name, rate)}{_waiting_words(situation, name)}"
        for name in RateName
        if (rate := m.rates.of(name)).whole
    ]
    late = f"逾期{total.overdue}项，最长{total.longest}天" if total.overdue else "没有逾期的措施"
    yield Line(Role.BODY, f"按性质分别统计：{'；'.join(rates)}。{late}。" if rates else f"还没有到期的措施。{late}。")
    if m.problem_count:
        settled, uncovered = m.problems_closed, len(m.coverage.uncovered)
        open_ = m.problem_count - settled - uncovered
        parts = [f"措施全部办结的{settled}个", f"尚未全部办结的{open_}个"]
        parts += [f"还没有措施的{uncovered}个"] if uncovered else []
        yield Line(Role.BODY, f"{m.problem_count}个问题中，{'、'.join(parts)}。")


def _waiting_words(situation: Situation, name: RateName) -> str:
    """Return how many of the measures that count as done in time are not decided yet; empty if all are."""
    tasks = situation.metrics.tasks if name is RateName.ON_TIME else ()
    once = [task for task in tasks if task.counts_as is TaskKind.ONCE and is_due(task, situation.as_of)]
    waiting = sum(in_time(task) and not task.closed for task in once)
    return f"，其中{waiting}项按期申请了销号、还没有审定" if waiting else ""


def _states_words(situation: Situation, states: Sequence[Status]) -> str:
    """Return how many measures are in each of some states, in brackets; empty if none is."""
    total = situation.metrics.total
    words = [f"{_STATUS_WORDS[each]}{number}项" for each in states if (number := total.number_of(each))]
    return f"（{'、'.join(words)}）" if words else ""


def _kind_words(kind: TaskKind) -> str:
    return {TaskKind.ONCE: "限期完成", TaskKind.CYCLE: "定期开展", TaskKind.LONG_TERM: "长期坚持"}.get(kind, kind)


def _problems(situation: Situation) -> Iterator[Line]:
    number = 0
    if not situation.answers and not situation.aspects:
        yield Line(Role.BODY, "台账里还没有问题和措施。")
    for number, aspect in enumerate(situation.aspects, 1):
        yield Line(Role.SECOND, f"（{chinese_count(number)}）{_bare(aspect.name) or '没有写方面的问题'}")
        yield Line(Role.BODY, _aspect_words(aspect))
        for place, problem in enumerate(aspect.problems, 1):
            yield Line(Role.THIRD, f"{place}. {_bare(problem.problem.title) or problem.problem.code}。")
            yield from _problem_lines(problem, situation)
    if situation.unlinked:
        yield Line(Role.SECOND, f"（{chinese_count(number + 1)}）没有对应到具体问题的措施")
        yield from _answer_lines(situation.unlinked, situation)


def _aspect_words(aspect: ReportedAspect) -> str:
    """Return the figures of an aspect; measures told under another aspect's problem are counted there alone."""
    own = [answer.task for each in aspect.problems for answer in each.answers]
    told = {task.code for task in own}
    shared = {task.code for each in aspect.problems for task, _ in each.elsewhere} - told
    closed = sum(task.closed for task in own)
    settled = sum(each.problem.settled for each in aspect.problems)
    measures = f"对应措施{len(own)}项，已办结{closed}项" if own or shared else "还没有对应的措施"
    also = f"（另有{len(shared)}项同时对应其他方面的问题，计在那个方面）" if shared else ""
    whole = f"；措施全部办结的问题{settled}个" if own or shared else ""
    return f"本方面问题{len(aspect.problems)}个，{measures}{also}{whole}。"


def _problem_lines(problem: ReportedProblem, situation: Situation) -> Iterator[Line]:
    if not problem.problem.tasks:
        yield Line(Role.BODY, f"台账里没有对应这个问题的措施。{_mark('整改措施和进展')}")
        return
    yield from _answer_lines(problem.answers, situation)
    for title in dict.fromkeys(home for _, home in problem.elsewhere):
        own = [task for task, home in problem.elsewhere if home == title]
        named = "、".join(f"“{_bare(task.statement)}”" for task in own)
        also = "另有" if problem.answers else "对应的"
        yield Line(Role.BODY, f"{also}措施{len(own)}项写在问题“{_bare(title)}”里：{named}。")
    if not problem.answers and not problem.elsewhere:
        yield Line(Role.BODY, "对应的是原则性要求，通过其他措施落实。")


def _answer_lines(answers: Sequence[Answer], situation: Situation) -> Iterator[Line]:
    for number, answer in enumerate(answers, 1):
        yield Line(Role.BODY, f"（{number}）{_answer_words(answer, situation)}")


def _answer_words(answer: Answer, situation: Situation) -> str:
    """Return measure, owner and deadline; then what was done, with what result and proof, and what is left."""
    task = answer.task
    owner = f"{task.department}牵头" if task.department else "牵头部门待明确"
    sentences = [f"{_bare(task.statement)}（{'，'.join(filter(None, (owner, _deadline_words(task))))}）"]
    sentences += _done_words(answer, situation)
    sentences += _proof_words(answer)
    if not task.closed:
        sentences += _left_words(task)
    return "".join(f"{_bare(each)}。" for each in sentences if each)


def _deadline_words(task: Task) -> str:
    """Return the deadline as the ledger words it, and what extensions made of it."""
    words = day_or_text(task.record.cells.get("deadline", ""))
    moved = task.term.extended and task.term.due
    return f"{words}，经批准延期到{chinese_date(moved)}" if moved else words


def _done_words(answer: Answer, situation: Situation) -> Iterator[str]:
    task = answer.task
    if answer.relapsed:
        yield f"销号后{_relapse(answer.relapsed)}反弹"
    if task.inherited:
        yield f"{chinese_date(task.closed_on) if task.closed_on else ''}已销号（沿用原台账）"
    elif task.closed:
        day = chinese_date(task.closed_on) if task.closed_on else ""
        where = f"经{answer.meeting}审定" if answer.meeting else "经审定"
        late = f"，逾期完成{task.applied_late}天" if task.applied_late else ""
        yield f"{day}{where}{'销号' if task.status is Status.STRUCK_OFF else '转为长期坚持'}{late}"
    elif task.waiting:
        yield f"已于{chinese_date(task.waiting.applied)}申请销号，正在等待{task.waiting.step}"
    elif task.status is Status.DONE:
        yield "部门已报完成，尚未审定"
    elif task.status is Status.NOT_STARTED or (not task.duty and not task.review):
        progress = f"，进度{task.progress_shown}%" if task.progress_shown else ""
        yield f"{_STATUS_WORDS[task.status]}{progress}"
    if task.duty:
        missing = "".join(f"，{words}" for words in (owed_in_full(task.duty), missed_in_full(task.duty)) if words)
        first = "第一期还没有结束"
        yield f"应履行{task.duty.due}期，已履行{task.duty.fulfilled}期{missing}" if task.duty.due else first
    if task.review and task.status is not Status.STRUCK_OFF:
        review = task.review
        due = f"应复核{review.due}次，按期复核{review.in_time}次" if review.due else "还没有到复核日"
        found = f"，最近一次结论为“{review.last.finding}”" if review.last and review.last.finding else ""
        backward = review.relapsed or review.wavering
        what = f"：{_bare(review.last.found)}" if found and backward and review.last and review.last.found else ""
        yield f"{due}{found}{what}"
    expected = not task.closed and task.status is not Status.NOT_STARTED
    yield situation.metrics.update_of(task) or (_mark("进展情况") if expected else "")


def _proof_words(answer: Answer) -> Iterator[str]:
    if answer.against:
        yield f"对照标准：{answer.against}"
    for each in answer.proofs:
        if not each.proof.proposed and each.outcome is not Outcome.NO_DATA:
            yield f"核对台账〈{each.proof.sheet}〉“{_bare(each.proof.title)}”：{_result_words(each)}"
    if answer.evidence:
        yield f"{'依据' if answer.task.inherited else '佐证材料'}：{answer.evidence}"
    elif answer.task.closed:
        yield _mark("取得的成效和佐证材料")


def _result_words(result: ProofResult) -> str:
    """Return the figure, its target and the outcome as a sentence: 实际2个，目标不超过0个，未达到."""
    if result.actual is None or result.target is None:
        return result.words
    unit = result.unit
    if result.by_cycles:
        return f"应履行{result.target:f}期，已履行{result.actual:f}期，{result.outcome}"
    assert result.proof.operator
    cycle = f"{result.cycle.name}" if result.cycle else ""
    target = f"目标{_TARGET_WORDS[result.proof.operator]}{result.target:f}{unit}"
    return f"{cycle}实际{result.actual:f}{unit}，{target}，{result.outcome}"


def _left_words(task: Task) -> Iterator[str]:
    if task.overdue:
        yield f"已超过时限{task.overdue}天"
    if task.term.paused_until:
        yield f"经批准暂缓到{chinese_date(task.term.paused_until)}"
    if task.obstacle:
        yield f"存在的困难：{task.obstacle}"
    if task.next_step:
        yield f"下一步：{task.next_step}"
    elif task.overdue:
        yield _mark("没有按时完成的原因和下一步安排")


def _left(situation: Situation) -> Iterator[Line]:
    left = situation.left
    if not left:
        yield Line(Role.BODY, "没有尚未办结的措施。" if situation.answers else "台账里还没有登记整改措施。")
        return
    whole = situation.metrics.total.tasks
    lasting = [task for task in left if task.due is None]
    dated = [task for task in left if task.due is not None]
    late = [task for task in dated if task.overdue]
    yield Line(
        Role.BODY,
        f"{whole}项措施中尚未办结{len(left)}项：有时限的{len(dated)}项（其中已逾期{len(late)}项），"
        f"没有截止日期的{len(lasting)}项。",
    )
    if late:
        yield Line(Role.BODY, f"已逾期{len(late)}项：{_list(late, lambda task: f'，逾期{task.overdue}天')}。")
    spared = [task for task in dated if not task.overdue and task.due and task.due < situation.as_of]
    if spared:
        yield Line(Role.BODY, f"时限已过、已申请销号或经批准暂缓而不计逾期的{len(spared)}项：{_list(spared)}。")
    rest = [task for task in dated if task not in late and task not in spared]
    for month, tasks in groupby(rest, key=_month):
        own = list(tasks)
        yield Line(Role.BODY, f"{month}到期{len(own)}项：{_list(own)}。")
    for kind, words in ((TaskKind.CYCLE, "定期开展的"), (TaskKind.LONG_TERM, "长期坚持的")):
        if own := [task for task in lasting if task.kind is kind]:
            yield Line(Role.BODY, f"{words}{len(own)}项：{_list(own)}。")
    if unclear := [task for task in lasting if task.kind not in (TaskKind.CYCLE, TaskKind.LONG_TERM)]:
        yield Line(Role.BODY, f"时限还没有明确的{len(unclear)}项：{_list(unclear)}。{_mark('这些措施的时限')}")


def _month(task: Task) -> str:
    assert task.due
    return f"{task.due.year}年{task.due.month}月"


def _list(tasks: Iterable[Task], more=lambda _: "") -> str:
    """Return the measures with their departments, on one line."""
    return "；".join(f"{_bare(task.statement)}（{task.department or '部门待明确'}{more(task)}）" for task in tasks)


def _changed(situation: Situation) -> Iterator[Line]:
    for kind in ExtensionKind:
        own = [(task, each) for task, each in situation.extended if each.kind is kind]
        if not own:
            yield Line(Role.BODY, f"没有经批准{kind}的措施。")
            continue
        told = "；".join(
            f"{_bare(task.statement)}（{chinese_date(each.decided)}批准，{kind}到{chinese_date(each.until)}"
            f"{f'，理由：{_bare(each.reason)}' if each.reason else ''}）"
            for task, each in own
            if each.decided and each.until
        )
        yield Line(Role.BODY, f"经批准{kind}{len(own)}次，涉及{len({task.code for task, _ in own})}项措施：{told}。")
    yield Line(Role.BODY, _rechecked_words(situation))
    yield from _reviewed_lines(situation)


def _rechecked_words(situation: Situation) -> str:
    """Return how many measures were looked at again after they were closed, and which were found to have relapsed."""
    relapsed = situation.metrics.coverage.relapsed
    if not situation.rechecked:
        closed = any(answer.task.closed for answer in situation.answers)
        return "销号的措施都还没有回头看。" if closed else "还没有销号的措施。"
    looked = f"销号后已回头看{situation.rechecked}项"
    if not relapsed:
        return f"{looked}，没有发现反弹。"
    told = "；".join(f"{_bare(task.statement)}（{_relapse(Relapse(day))}）" for task, day in relapsed)
    return f"{looked}，发现反弹{len(relapsed)}项：{told}。"


def _reviewed_lines(situation: Situation) -> Iterator[Line]:
    """Tell how many lasting measures were reviewed, and of which the last review found the problem back."""
    held = [(task, task.review.last) for task in situation.metrics.tasks if task.review and task.review.last]
    if not held:
        return
    told = []
    for finding in (ReviewFinding.RELAPSED, ReviewFinding.WAVERING):
        own = [(task, last) for task, last in held if last.finding is finding]
        if own:
            told.append(f"最近一次结论为“{finding}”的{len(own)}项：{'；'.join(_reviewed(*each) for each in own)}")
    yield Line(Role.BODY, f"长期坚持的措施已复核{len(held)}项，{'。'.join(told) or '最近一次都没有发现反弹、反复'}。")


def _reviewed(task: Task, last: Review) -> str:
    day = f"{chinese_date(last.day)}复核" if last.day else "复核"
    return f"{_bare(task.statement)}（{day}{f'：{_bare(last.found)}' if last.found else ''}）"


def _relapse(relapse: Relapse) -> str:
    return f"{chinese_date(relapse.day)}回头看发现" if relapse.day else "回头看发现，日期没有登记"


def _asking(situation: Situation) -> Iterator[Line]:
    asking = situation.metrics.attention.asking
    if not asking:
        yield Line(Role.BODY, "台账里没有登记需要协调的事项。")
        return
    kept = _mark("只留要请上级协调的，本单位自己协调的删去；都是本单位协调的，删去这一部分")
    yield Line(Role.BODY, f"台账登记的需协调事项{len(asking)}项。{kept}")
    for number, task in enumerate(asking, 1):
        yield Line(Role.BODY, f"{number}. {_bare(task.statement)}：{_bare(task.help_needed)}。")


def _bare(text: str) -> str:
    """Return a text on one line, without the stop at its end; of stops one after another, the strongest stays."""
    line = _SEVERAL_STOPS.sub(lambda stops: min(stops[0], key="。；，、".index), "".join(text.split("\n")))
    return line.strip().rstrip(_STOPS)
