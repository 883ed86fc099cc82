"""The ledger's fixed vocabulary as enums: statuses, kinds and lights of tasks, results of close-out steps.

The choices in the forms are the same words.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

__all__ = [
    "CARRIED_OVER", "CLOSED_STATUSES", "FIRST_CODE", "FIRST_DEADLINE", "FROM_TABLE", "PROPOSED_LINK", "STATED_LINK",
    "SUPPLEMENT", "Conclusion", "Consent", "Disclosure", "ExtensionKind", "FirstReview", "Light", "Operator",
    "Recheck", "ReviewFinding", "Status", "TaskKind",
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

STATED_LINK = "原文"
"""The 对应依据 of links that the report states by its order or in a row of its table."""

FROM_TABLE = "原台账"
"""The 来源 of problems and tasks from the office's earlier table, if that does not say theirs."""

CARRIED_OVER = "上年结转"
"""The 来源 of what last year's ledger had and what is not finished."""

FIRST_CODE, FIRST_DEADLINE = "首次编号", "首次时限"
"""The heads of the columns with what a row was called, and when it was due, in the year in which it began."""

SUPPLEMENT = "补充"
"""The 来源 of tasks that the report does not have and the party committee has to decide on."""

CLOSED_STATUSES = tuple(status for status in Status if status.closed)


class TaskKind(StrEnum):
    """The kind of a task: done once, repeated in cycles, kept up, or a principle tracked through other tasks."""

    ONCE = "一次"
    CYCLE = "周期"
    LONG_TERM = "长期"
    PRINCIPLE = "原则"


class Light(StrEnum):
    """The light of a task: symbol and word; closed tasks and those that cannot be judged have a word only.

    Worst first. Only the office's rules in 参数 light ORANGE and BLUE. WAITING: the department has done its part and
    the office has not decided; PAUSED: an approved pause.
    """

    RED = "◆ 红"
    ORANGE = "▼ 橙"
    AMBER = "▲ 黄"
    BLUE = "■ 蓝"
    OPEN = "待明确"
    WAITING = "◇ 待审核"
    PAUSED = "‖ 暂缓"
    GREEN = "● 绿"
    CLOSED = "办结"

    @property
    def warns(self) -> bool:
        """Whether the light asks somebody to act: red, orange, amber or blue."""
        return self in (Light.RED, Light.ORANGE, Light.AMBER, Light.BLUE)

    @property
    def symbol(self) -> str:
        """The symbol before the word; the first character if there is no symbol."""
        return self.value[0]


class FirstReview(StrEnum):
    """The result of 办公室初审."""

    PASSED = "通过"
    RETURNED = "退回"


class Conclusion(StrEnum):
    """The result of 党委审定.

    INHERITED: the office's earlier table says that the task is closed; no step of the procedure is known.
    """

    STRIKE_OFF = "同意销号"
    KEEP_UP = "转长期坚持"
    INHERITED = "沿用原台账"
    RETURNED = "退回"

    @property
    def status(self) -> Status | None:
        """The status that the conclusion gives the task; None if it does not close it."""
        return {
            Conclusion.STRIKE_OFF: Status.STRUCK_OFF,
            Conclusion.INHERITED: Status.STRUCK_OFF,
            Conclusion.KEEP_UP: Status.ONGOING,
        }.get(self)


class Recheck(StrEnum):
    """The result of 回头看: the improvement lasts, or the problem is back."""

    LASTING = "保持"
    RELAPSED = "反弹"


class Disclosure(StrEnum):
    """Whether a problem may be made public (公开审批)."""

    AGREED = "同意公开"
    WITHHELD = "不公开"


class ReviewFinding(StrEnum):
    """The result of a review (复核) of a continuing task."""

    LASTING = "保持"
    WAVERING = "有反复"
    RELAPSED = "反弹"


class ExtensionKind(StrEnum):
    """What an application asks for: a later deadline, or a pause that ends by itself."""

    EXTENSION = "延期"
    PAUSE = "暂缓"


class Consent(StrEnum):
    """The decision on an application for an extension or a pause."""

    AGREED = "同意"
    REFUSED = "不同意"


class Operator(StrEnum):
    """How the figure of a proof is compared with its target (比较 in 〈核对〉)."""

    AT_LEAST = "≥"
    AT_MOST = "≤"
    EQUAL = "＝"

    def holds(self, figure: Fraction, target: Fraction) -> bool:
        """Whether a figure meets a target; both are exact."""
        match self:
            case Operator.AT_LEAST:
                return figure >= target
            case Operator.AT_MOST:
                return figure <= target
        return figure == target
