"""The office's words by which the program decides, as enums: statuses and kinds of tasks. The forms declare the same choices."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["CLOSED_STATUSES", "Status", "TaskKind"]


class Status(StrEnum):
    """How far a task is, as the ledger has it; DONE is what a department reports and nobody has confirmed yet (待审核)."""

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


CLOSED_STATUSES = tuple(status for status in Status if status.closed)


class TaskKind(StrEnum):
    """The kind of a task: done once, repeated in cycles, kept up, or a principle that is tracked through other tasks."""

    ONCE = "一次"
    CYCLE = "周期"
    LONG_TERM = "长期"
    PRINCIPLE = "原则"
