"""The sentences above the boards, written by the same rules as ``sentences``: each rate with its fraction."""

from __future__ import annotations

from taizhang.figures.continuing import ReviewBoard
from taizhang.figures.recurring import RecurringBoard
from taizhang.figures.sentences import LONGEST_NAME, concentration
from taizhang.ledger.vocabulary import ReviewFinding
from taizhang.typed.percentages import percent

__all__ = ["fraction_words", "recurring_head", "reviews_head"]


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
