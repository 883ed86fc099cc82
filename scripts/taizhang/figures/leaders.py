"""What each leading post (牵头领导) answers for, and what waits for it: reviews, extensions, contradictions, help."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from taizhang.ledger.vocabulary import Light, TaskKind
from taizhang.supervision.closeouts import Step, Waiting
from taizhang.supervision.contradictions import Contradiction
from taizhang.supervision.tasks import Task
from taizhang.typed.dates import month_day

__all__ = ["LeaderLine", "LeadersBoard", "Matter", "MatterKind", "leaders_board"]


class MatterKind(StrEnum):
    """What a leader is asked to do about a task."""

    REVIEW = "待审核"
    EXTENSION = "延期待批"
    CONTRADICTION = "核对不符"
    HELP = "需协调"


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that waits for a leader, in words; ``over``: it has waited longer than its limit."""

    kind: MatterKind
    task: Task
    words: str
    over: bool = False


@dataclass(frozen=True, slots=True)
class LeaderLine:
    """One leading post with its tasks and what waits for it; ``post`` is empty for tasks that no post leads."""

    post: str
    tasks: tuple[Task, ...]
    matters: tuple[Matter, ...]

    @property
    def closed(self) -> int:
        """The number of its tasks that are 办结."""
        return sum(task.closed for task in self.tasks)

    @property
    def longest(self) -> Task | None:
        """The task overdue longest; None if none is overdue."""
        late = [task for task in self.tasks if task.overdue]
        return max(late, key=lambda task: (task.overdue, task.code), default=None)

    def of_kind(self, kind: TaskKind) -> int:
        """Return how many of its tasks are of a kind."""
        return sum(task.counts_as is kind for task in self.tasks)

    def lit(self, light: Light) -> int:
        """Return how many of its tasks have a light."""
        return sum(task.light is light for task in self.tasks)

    def waiting(self, kind: MatterKind) -> int:
        """Return how many matters of a kind wait for it."""
        return sum(matter.kind is kind for matter in self.matters)


@dataclass(frozen=True, slots=True)
class LeadersBoard:
    """All leading posts, most red lights first, in the order of 参数 if equal; tasks that no post leads come last."""

    lines: tuple[LeaderLine, ...]
    tasks: int

    @property
    def posts(self) -> tuple[LeaderLine, ...]:
        """The lines of real posts."""
        return tuple(line for line in self.lines if line.post)

    @property
    def unassigned(self) -> int:
        """The number of tasks that no post leads."""
        return sum(len(line.tasks) for line in self.lines if not line.post)

    def waiting(self, kind: MatterKind) -> int:
        """Return how many matters of a kind wait, each counted once however many posts it is listed under."""
        return len(
            {(matter.task.code, matter.words) for line in self.lines for matter in line.matters if matter.kind is kind}
        )


def leaders_board(
    tasks: Sequence[Task], posts: Sequence[str], contradicted: Mapping[str, Contradiction]
) -> LeadersBoard:
    """Return the board; ``posts`` are those of 参数, in order.

    ``contradicted``: by task code, what of the ledger's own figures contradicts a report and is unanswered.
    """
    own: dict[str, list[Task]] = {}
    for task in tasks:
        own.setdefault(task.leader, []).append(task)
    asked: dict[str, list[Matter]] = {}
    for task in tasks:
        for post, matter in _matters_of(task, {*own, *posts} - {""}, contradicted.get(task.code)):
            asked.setdefault(post, []).append(matter)
    order = {post: place for place, post in enumerate(posts)}
    kinds = list(MatterKind)
    lines = [
        LeaderLine(
            post,
            tuple(own.get(post, ())),
            tuple(sorted(asked.get(post, ()), key=lambda each: (kinds.index(each.kind), not each.over))),
        )
        for post in dict.fromkeys((*own, *asked))
    ]
    lines.sort(
        key=lambda line: (
            not line.post,
            -line.lit(Light.RED),
            -len(line.matters),
            order.get(line.post, len(order)),
            line.post,
        )
    )
    return LeadersBoard(tuple(lines), len(tasks))


def _matters_of(
    task: Task, posts: Collection[str], contradiction: Contradiction | None
) -> Iterator[tuple[str, Matter]]:
    """Yield what a task asks of whom: of its leading post, and for help also of posts that the request names."""
    waiting = task.waiting
    if waiting and waiting.step is Step.LEADER:
        yield task.leader, Matter(MatterKind.REVIEW, task, _waiting_words(waiting), waiting.over)
    for each in task.term.pending:
        until = f"到{month_day(each.until)}" if each.until else "，没有写到哪天"
        applied = f"{month_day(each.applied)}申请" if each.applied else "申请"
        reason = f"：{each.reason}" if each.reason else "，没有写理由"
        words = f"{each.code} {applied}{each.kind or '延期或暂缓'}{until}{reason}"
        yield task.leader, Matter(MatterKind.EXTENSION, task, words)
    if contradiction:
        yield task.leader, Matter(MatterKind.CONTRADICTION, task, contradiction.words)
    if task.help_needed and not task.closed:
        for post in dict.fromkeys((task.leader, *_named_posts(task.help_needed, posts))):
            yield post, Matter(MatterKind.HELP, task, task.help_needed)


def _waiting_words(waiting: Waiting) -> str:
    """Return since when a close-out waits, in words: 6月8日起等了16个工作日（限5天）."""
    since = f"{month_day(waiting.since)}起等分管领导审核"
    words = waiting.days_words.replace(" ", "")
    return f"{since}，{words}（限{waiting.limit}天）" if words else since


def _named_posts(text: str, posts: Iterable[str]) -> Iterator[str]:
    """Yield the posts that a text names; a post within the name of a longer one is not named by it."""
    rest = text
    for post in sorted(posts, key=len, reverse=True):
        if post in rest:
            rest = rest.replace(post, "\n")
            yield post
