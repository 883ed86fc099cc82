"""What has changed since the last known month end (与上期相比): each change with its task and the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from taizhang.figures.coverage import Snapshot
from taizhang.figures.orders import by_light
from taizhang.ledger.vocabulary import Light
from taizhang.supervision.closeouts import Standing
from taizhang.supervision.contradictions import Contradiction
from taizhang.supervision.extensions import Extension
from taizhang.supervision.tasks import Task
from taizhang.typed.dates import month_day

__all__ = ["Change", "ChangeBoard", "ChangeKind", "change_board"]


class ChangeKind(StrEnum):
    """The kinds of changes, in the order in which leaders read them."""

    REOPENED = "退回、反弹"
    CONTRADICTED = "新的核对不符"
    WORSE = "亮灯变重"
    MOVED = "时限变动"
    CAUGHT_UP = "赶上来的"
    CLOSED = "新办结"
    NEW = "新增的任务"
    GONE = "不见了的任务"

    @property
    def brief(self) -> str:
        """The kind in few words, for a sentence that counts all kinds."""
        return {
            ChangeKind.REOPENED: "退回反弹",
            ChangeKind.CONTRADICTED: "核对不符",
            ChangeKind.WORSE: "变重",
            ChangeKind.MOVED: "改时限",
            ChangeKind.CAUGHT_UP: "赶上",
            ChangeKind.NEW: "新增",
            ChangeKind.GONE: "不见",
        }.get(self, self.value)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a task, with its reason in words; ``listed``: the ledger still counts the task."""

    kind: ChangeKind
    task: Task
    words: str
    listed: bool = True


@dataclass(frozen=True, slots=True)
class ChangeBoard:
    """All changes since a day, by kind; ``since`` is None in the first period.

    ``filled``: nothing was recorded in that day's month, so the state compared with is an earlier one. ``unchanged``
    counts the tasks without any change.
    """

    since: date | None
    filled: bool
    changes: tuple[Change, ...]
    unchanged: int

    def of_kind(self, kind: ChangeKind) -> list[Change]:
        """Return the changes of a kind."""
        return [each for each in self.changes if each.kind is kind]


def change_board(
    every: Sequence[Task],
    before: Sequence[Snapshot],
    extensions: Mapping[str, Sequence[Extension]],
    standings: Mapping[str, Standing],
    contradicted: Mapping[str, Contradiction],
) -> ChangeBoard:
    """Return the changes since the last of the snapshots ``before``; ``every`` are all tasks, principles included.

    ``extensions`` and ``standings`` give the applications and the last decision of each task by its code.
    ``contradicted`` are the contradictions that were none then.
    """
    if not before:
        return ChangeBoard(None, False, (), sum(task.counted for task in every))
    then, changes = before[-1], []
    for task in every:
        if not task.counted:
            continue
        if task.code not in then.tasks:
            changes.append(Change(ChangeKind.NEW, task, _describe_new(task)))
            continue
        old = then.tasks[task.code]
        changes += _compare(task, old, extensions.get(task.code, ()), standings.get(task.code))
        if task.code in contradicted:
            changes.append(Change(ChangeKind.CONTRADICTED, task, contradicted[task.code].words))
    now = {task.code: task for task in every}
    for code, old in then.tasks.items():
        if code not in now:
            changes.append(Change(ChangeKind.GONE, old, "编号已不在台账里", listed=False))
        elif not now[code].counted:
            changes.append(Change(ChangeKind.GONE, old, f"任务类型改成了“{now[code].kind}”，不再计数", listed=False))
    order = {kind: place for place, kind in enumerate(ChangeKind)}
    changes.sort(key=lambda each: (order[each.kind], by_light(each.task), each.task.code))
    touched = {each.task.code for each in changes}
    unchanged = sum(task.counted and task.code not in touched for task in every)
    return ChangeBoard(then.day, then.filled, tuple(changes), unchanged)


def _compare(now: Task, then: Task, extensions: Sequence[Extension], standing: Standing | None) -> Iterator[Change]:
    """Yield the changes of one task between two days."""
    if now.closed and not then.closed:
        day = f"{month_day(now.closed_on)}审定，" if now.closed_on else ""
        late = f"，逾期{now.applied_late}天才申请" if now.applied_late else ""
        yield Change(ChangeKind.CLOSED, now, f"{day}{now.status}{late}")
        return
    reopened = _describe_reopening(now, then, standing)
    if reopened:
        yield Change(ChangeKind.REOPENED, now, reopened)
    if now.term.paused_until and not then.term.paused_until:
        yield Change(ChangeKind.MOVED, now, now.reason)
    elif now.due != then.due:
        yield Change(ChangeKind.MOVED, now, _describe_move(now, then, extensions))
    words = f"{_name(then.light)}→{_name(now.light)}"
    order = list(Light)
    step = order.index(now.light) - order.index(then.light)
    if step < 0 and now.light.warns and not reopened:
        yield Change(ChangeKind.WORSE, now, f"{words}：{now.reason}" if now.reason else words)
    elif (step > 0 and then.light.warns and now.light is not Light.PAUSED) or _owed(now) < _owed(then):
        yield Change(ChangeKind.CAUGHT_UP, now, _describe_recovery(now, then, words if step else ""))


def _describe_new(task: Task) -> str:
    return f"{_name(task.light)}：{task.reason}" if task.light.warns and task.reason else "上期台账里没有"


def _describe_reopening(now: Task, then: Task, standing: Standing | None) -> str:
    """Return how a task was opened again, in words; empty if it was not."""
    if then.closed and not now.closed:
        last = standing.last if standing and not standing.last.status else None
        how = f"{last.code} {month_day(last.day)}{last.words}" if last else "审定已不在〈销号审核〉里"
        return f"上期{then.status}，{how}，现在{now.status}"
    if now.rounds > then.rounds:
        return f"销号申请退回（第 {now.rounds} 次）"
    return ""


def _describe_move(now: Task, then: Task, extensions: Sequence[Extension]) -> str:
    """Return how a deadline moved and by whose leave."""
    move = f"{_day(then.due)}→{_day(now.due)}"
    agreed = next((each for each in extensions if each.until == now.due and each.decided), None)
    if agreed and agreed.decided and now.term.extended > then.term.extended:
        return f"{move}，{agreed.code} {month_day(agreed.decided)}批准延期"
    first_set = then.due is None or (now.deadline and then.deadline and now.deadline.words == then.deadline.words)
    return move if first_set else f"{move}，没有批准的延期"


def _describe_recovery(now: Task, then: Task, lights: str) -> str:
    paid = _owed(then) - _owed(now)
    debt = f"补上{paid}次" if paid > 0 else ""
    return "，".join(filter(None, (lights, debt, now.reason)))


def _owed(task: Task) -> int:
    return task.duty.owed if task.duty else 0


def _day(day: date | None) -> str:
    return f"{day.year}年{month_day(day)}" if day else "没有时限"


def _name(light: Light) -> str:
    """Return the word of a light without its symbol, which tints go with."""
    return light.value.rpartition(" ")[2]
