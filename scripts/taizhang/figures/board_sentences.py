"""The sentences above the boards, written by the same rules as ``sentences``: each rate with its fraction."""

from __future__ import annotations

from taizhang.figures.changes import ChangeBoard, ChangeKind
from taizhang.figures.continuing import ReviewBoard
from taizhang.figures.gaps import GapBoard, Quality
from taizhang.figures.leaders import LeadersBoard, MatterKind
from taizhang.figures.measure_groups import GroupBoard
from taizhang.figures.recurring import RecurringBoard
from taizhang.figures.returned import ReturnsBoard
from taizhang.figures.sentences import LONGEST_NAME, concentration, rate_words
from taizhang.history.reporting import Outcome
from taizhang.ledger.findings import Severity
from taizhang.ledger.vocabulary import Light, ReviewFinding
from taizhang.typed.dates import ends_month, month_day
from taizhang.typed.percentages import percent
from taizhang.typed.text import shorten

__all__ = [
    "changes_head", "fraction_words", "gaps_head", "groups_head", "leaders_head", "quality_head", "recurring_head",
    "returns_head", "reviews_head",
]  # fmt: skip


NO_MEASURES = "台账里还没有措施。"


def fraction_words(part: int, whole: int) -> str:
    """Return a rate as its fraction with the per cent: 7/8（88%）; 0/0 has no per cent."""
    share = percent(part, whole) if whole else None
    return f"{part}/{whole}" + (f"（{share}%）" if share is not None else "")


def recurring_head(board: RecurringBoard, longest: int = LONGEST_NAME) -> str:
    """Return the message of 周期履行: cycles due, kept and made up, and where the others are."""
    total = board.total
    if not total.tasks:
        return "台账里没有周期任务。"
    unknown = f"；{len(board.uncounted)} 项没写周期，算不出" if board.uncounted else ""
    counts = total.counts
    if not counts.due:
        return f"{total.tasks} 项周期任务，还没有一期到期{unknown}。"
    done = f"{total.tasks} 项周期任务应完成 {counts.due} 期，履行率 {fraction_words(counts.fulfilled, counts.due)}"
    made_up = f"，补完成 {counts.made_up} 期" if counts.made_up else ""
    if not counts.short:
        return f"{done}{made_up}，没有欠账{unknown}。"
    short = [line.task.department for line in board.lines if line.counts.short]
    where = concentration(short, longest=longest)
    return f"{done}{made_up}；欠、缺 {counts.short} 期（{len(short)} 项），{where}{unknown}。"


def reviews_head(board: ReviewBoard, longest: int = LONGEST_NAME) -> str:
    """Return the message of 长期复核: reviews due and in time, overdue ones and where, and what came back."""
    if not board.lines:
        return "台账里没有长期坚持的任务。"
    rate = f"复核率 {fraction_words(board.in_time, board.due)}" if board.due else "都还没到复核日期"
    parts = [f"{len(board.lines)} 项长期任务{rate}"]
    if late := board.overdue:
        days = max(line.overdue for line in late)
        where = concentration((line.task.department for line in late), longest=longest)
        parts.append(f"超期 {len(late)} 项，{where}，最长 {days} 天")
    found = [(board.found(each), each) for each in (ReviewFinding.WAVERING, ReviewFinding.RELAPSED)]
    if any(count for count, _ in found):
        parts.append("、".join(f"{word} {count} 项" for count, word in found if count))
    without = [(len(board.never), "没复核过"), (len(board.unplanned), "排不出")]
    if any(count for count, _ in without):
        parts.append("、".join(f"{word} {count} 项" for count, word in without if count))
    return "；".join(parts) + "。"


def leaders_head(board: LeadersBoard, longest: int = LONGEST_NAME) -> str:
    """Return the message of 牵头领导: what waits for leaders, and who has most red lights."""
    if not board.tasks:
        return NO_MEASURES
    red = [line for line in board.lines if line.lit(Light.RED)]
    most = max((line.lit(Light.RED) for line in red), default=0)
    first = [line for line in red if line.lit(Light.RED) == most]
    parts = [f"{len(board.posts)} 位领导牵头 {board.tasks - board.unassigned}/{board.tasks} 项"]
    if len(first) == 1:
        parts.append(f"红灯最多的是{_post(first[0].post, longest)}（{most} 项）")
    elif first:
        parts.append(f"红灯最多的有 {len(first)} 位（各 {most} 项）")
    else:
        parts.append("没有红灯")
    waiting = [(board.waiting(kind), kind) for kind in MatterKind]
    parts.append("、".join(f"{kind} {count} 件" for count, kind in waiting if count) or "没有等领导办的事")
    if board.unassigned:
        parts.append(f"{board.unassigned} 项没有牵头领导")
    return "；".join(parts) + "。"


def _post(post: str, longest: int) -> str:
    return shorten(post, longest) if post else "没有牵头领导的"


def groups_head(board: GroupBoard, longest: int = LONGEST_NAME) -> str:
    """Return the message of 措施分组: the rate that leads, the group with most red lights, principles not carried."""
    total = board.total
    if not total.tasks and not board.principles:
        return NO_MEASURES
    named = [group for group in board.groups if any(task.group for task in group.tasks)]
    number = len(total.tasks)
    where = f"{len(named)} 组措施 {number} 项" if named else f"{number} 项措施都没有写措施组"
    parts = [f"{where}，{rate_words(total.rates.lead, total.rates.of(total.rates.lead))}"]
    most = max((group.lit(Light.RED) for group in board.groups), default=0)
    first = [group for group in board.groups if most and group.lit(Light.RED) == most]
    if len(board.groups) > 1 and len(first) == 1:
        parts.append(f"红灯最多的是“{shorten(first[0].name, longest)}”（{most} 项）")
    elif len(first) > 1:
        parts.append(f"红灯最多的有 {len(first)} 组（各 {most} 项）")
    else:
        parts.append(f"红灯 {most} 项" if most else "没有红灯")
    if board.principles:
        left = len(board.uncarried)
        carried = f"，{left} 条没有写体现于哪些任务" if left else "都有任务体现"
        parts.append(f"{len(board.principles)} 条原则{carried}")
    return "；".join(parts) + "。"


def changes_head(board: ChangeBoard) -> str:
    """Return the message of 与上期比: how many tasks changed in which way since the day compared with."""
    if board.since is None:
        return "首期：没有以前留存的台账，没有上期可比。"
    since = f"{board.since.month}月末" if ends_month(board.since) else month_day(board.since)
    then = f"与 {board.since.year}年{since}{'（沿用此前留存的台账）' if board.filled else ''}比："
    counts = [(len(board.of_kind(kind)), kind) for kind in ChangeKind]
    said = "、".join(f"{kind.brief} {count}" for count, kind in counts if count)
    return f"{then}{f'{said} 项' if said else '没有变化'}；其余 {board.unchanged} 项没有变动。"


def gaps_head(board: GapBoard) -> str:
    """Return the message of 待明确项: how many open tasks lack something, and what most of them lack."""
    if not board.tasks:
        return "没有在办的任务，没有要明确的。"
    if not board.lines:
        return f"{board.tasks} 项在办任务该写的都写明了。"
    gap = max(board.lacking, key=lambda each: board.lacking[each])
    most = f"缺得最多的是{gap}（{board.lacking[gap]}/{board.asked[gap]}）"
    return f"{board.tasks} 项在办任务中 {len(board.lines)} 项还有待明确的，{most}。"


def quality_head(quality: Quality) -> str:
    """Return the message of the data's quality: rows without errors or warnings of all rows, and how many findings."""
    if not quality.rows:
        return "各登记表都还没有行。"
    found = "、".join(f"{each.label} {quality.of(each)} 条" for each in Severity if quality.of(each))
    return f"合格的行 {fraction_words(quality.sound, quality.rows)}；校验发现{found or '没有问题'}。"


MOST_NAMED = 6
"""The most departments that the message names; of more it gives the number."""


def returns_head(board: ReturnsBoard, longest: int = LONGEST_NAME) -> str:
    """Return the message of 报送情况: who has not returned for the current period, and the share on time so far."""
    if not board.period:
        return "没有报送记录。" if not board.lines else "这些期次都没有报送记录。"
    late = len(board.now(Outcome.LATE))
    back = len(board.now(Outcome.ON_TIME)) + late
    parts = [f"{board.period} 期已报 {fraction_words(back, board.asked)}{f'，其中迟报 {late} 个' if late else ''}"]
    for outcome, words in ((Outcome.MISSING, "未报"), (Outcome.NOT_DUE, "还没到截止日、没有报的")):
        absent = [shorten(line.department, longest) for line in board.now(outcome)]
        if absent:
            names = f"：{'、'.join(absent)}" if len(absent) <= MOST_NAMED else ""
            parts.append(f"{words} {len(absent)} 个{names}")
    if board.total.due:
        counted = fraction_words(board.total.on_time, board.total.due)
        parts.append(f"有记录的各期按时率 {counted}")
    return "；".join(parts) + "。"
