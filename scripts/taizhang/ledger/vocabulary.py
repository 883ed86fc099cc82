"""The ledger's fixed vocabulary as enums: statuses, kinds and lights of tasks, results of close-out steps.

The choices in the forms are the same words.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = [
    "CLOSED_STATUSES", "PROPOSED_LINK", "Conclusion", "Disclosure", "FirstReview", "Light", "Recheck", "Status",
    "TaskKind",
]  # fmt: skip


class Status(StrEnum):
    """The status of a task in the ledger; DONE is reported by the department and not yet confirmed (待审核)."""

    NOT_STARTED = "未启动"
    UNDER_WAY = "推进中"
    DONE = "已完成"
    ONGOING = "长期坚持"
    STRUCK_OFF = "已销号"

    @property
    def closed(self) -> bool:
        """Whether the task counts as 办结 once its close-out is confirmed."""
        return self in (Status.ONGOING, Status.STRUCK_OFF)

    @property
    def done(self) -> bool:
        """Whether nothing is left to do: reported done, or closed."""
        return self is Status.DONE or self.closed


PROPOSED_LINK = "程序建议"
"""The 对应依据 of links from a task to problems that the program proposed and the office has not checked."""

CLOSED_STATUSES = tuple(status for status in Status if status.closed)


class TaskKind(StrEnum):
    """The kind of a task: done once, repeated in cycles, kept up, or a principle tracked through other tasks."""

    ONCE = "一次"
    CYCLE = "周期"
    LONG_TERM = "长期"
    PRINCIPLE = "原则"


class Light(StrEnum):
    """The light of a task: symbol and word; closed tasks and those that cannot be judged have a word only."""

    RED = "◆ 红"
    AMBER = "▲ 黄"
    GREEN = "● 绿"
    CLOSED = "办结"
    OPEN = "待明确"

    @property
    def symbol(self) -> str:
        """The symbol before the word; the first character if there is no symbol."""
        return self.value[0]


class FirstReview(StrEnum):
    """The result of 办公室初审."""

    PASSED = "通过"
    RETURNED = "退回"


class Conclusion(StrEnum):
    """The result of 党委审定."""

    STRIKE_OFF = "同意销号"
    KEEP_UP = "转长期坚持"
    RETURNED = "退回"

    @property
    def status(self) -> Status | None:
        """The status that the conclusion gives the task; None if it does not close it."""
        return {Conclusion.STRIKE_OFF: Status.STRUCK_OFF, Conclusion.KEEP_UP: Status.ONGOING}.get(self)


class Recheck(StrEnum):
    """The result of 回头看: the improvement lasts, or the problem is back."""

    LASTING = "保持"
    RELAPSED = "反弹"


class Disclosure(StrEnum):
    """Whether a problem may be made public (公开审批)."""

    AGREED = "同意公开"
    WITHHELD = "不公开"
