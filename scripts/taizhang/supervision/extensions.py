"""Extensions (延期) and pauses (暂缓) from 〈延期申请〉: only an approved one moves a deadline, from then on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from taizhang.forms.register_names import EXTENSIONS
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record
from taizhang.ledger.vocabulary import Consent, ExtensionKind
from taizhang.supervision.task_rows import CellOf, by_task, code_of, read_rows
from taizhang.typed.readings import shown
from taizhang.typed.text import printable

__all__ = ["Extension", "Term", "due_on", "extension_of", "read_extensions", "term_of"]


@dataclass(frozen=True, slots=True)
class Extension:
    """One row of 〈延期申请〉. Missing or unreadable values are None or empty; without a code, ``code`` is 第 N 行."""

    record: Record
    code: str
    task: str
    department: str
    kind: ExtensionKind | None
    applied: date | None
    reason: str
    pause_from: date | None
    until: date | None
    conclusion: Consent | None
    decided: date | None

    def agreed_by(self, day: date) -> bool:
        """Whether the application had been agreed to by a day, with all that it takes: a day and a new date."""
        agreed = self.conclusion is Consent.AGREED and self.until is not None
        return agreed and self.decided is not None and self.decided <= day

    def refused_by(self, day: date) -> bool:
        """Whether the application had been refused by a day; without a date of the refusal, at any time."""
        return self.conclusion is Consent.REFUSED and (self.decided is None or self.decided <= day)

    def pending_on(self, day: date) -> bool:
        """Whether the application had been made by a day and not decided yet."""
        made = self.applied is not None and self.applied <= day
        decided = self.conclusion is not None and (self.decided is None or self.decided <= day)
        return made and not decided

    @property
    def pause(self) -> tuple[date, date] | None:
        """The first and last day of an agreed pause; None for an extension, or if it is not agreed to."""
        begin = self.pause_from or self.decided
        if self.kind is not ExtensionKind.PAUSE or not (begin and self.until and self.agreed_by(self.until)):
            return None
        return begin, self.until


@dataclass(frozen=True)
class Term:
    """The deadline of a task on a day, with what moved it.

    ``original`` is the deadline before any extension, ``due`` the one in force. ``extended`` counts the extensions in
    force so far, ``late_before`` the days that the task was late when they were agreed to, all together. ``pauses`` are
    the agreed pauses known on the day, ``paused_until`` the last day of the one that the day falls in. ``pending`` are
    the applications without a decision, ``refused`` those refused, ``applied_late`` those made after the deadline that
    was in force then.
    """

    original: date | None = None
    due: date | None = None
    extended: int = 0
    late_before: int = 0
    pauses: tuple[tuple[date, date], ...] = ()
    paused_until: date | None = None
    pending: tuple[Extension, ...] = ()
    refused: tuple[Extension, ...] = ()
    applied_late: tuple[Extension, ...] = ()


@lru_cache(maxsize=2)
def read_extensions(ledger: Ledger) -> Mapping[str, tuple[Extension, ...]]:
    """Return the rows of 〈延期申请〉 by task code; empty if the ledger has no such sheet."""
    return by_task(read_rows(ledger, EXTENSIONS, extension_of))


def extension_of(record: Record, value: CellOf) -> Extension:
    """Return the application that a row holds."""
    return Extension(
        record=record,
        code=code_of(record),
        task=value("task") or "",
        department=value("department") or "",
        kind=value("kind") and ExtensionKind(value("kind")),
        applied=value("applied"),
        reason=printable(shown(value("reason") or "")),
        pause_from=value("pause_from"),
        until=value("until"),
        conclusion=value("conclusion") and Consent(value("conclusion")),
        decided=value("approved"),
    )


def due_on(extensions: Iterable[Extension], original: date | None, day: date) -> date | None:
    """Return the deadline in force on a day: that of the last extension agreed to by then, else the original."""
    moved = _moved_by(extensions, original, day)
    return moved[-1].until if moved else original


def _moved_by(extensions: Iterable[Extension], original: date | None, day: date) -> list[Extension]:
    """Return the extensions that moved a deadline by a day, in the order of their decisions; of one day in row order.

    What asks for no later day than the one in force, or for one where there is no deadline, moves nothing.
    """
    agreed = [each for each in extensions if each.kind is ExtensionKind.EXTENSION and each.agreed_by(day)]
    moved: list[Extension] = []
    due = original
    for each in sorted(agreed, key=_by_decision):
        if due and each.until and each.until > due:
            due = each.until
            moved.append(each)
    return moved


def term_of(extensions: Sequence[Extension], original: date | None, as_of: date, applied: date | None = None) -> Term:
    """Return the deadline of a task on a day; ``extensions`` are the applications for the task.

    ``applied`` is the day of the application for the close-out that stands or closed the task, None if there is none:
    from then on the task is not late any more, whatever extension is agreed to later.
    """
    moved = _moved_by(extensions, original, as_of)
    dues = [original, *(each.until for each in moved)]
    ends = [min(each.decided, applied or each.decided) if each.decided else None for each in moved]
    late = [end - due for end, due in zip(ends, dues, strict=False) if end and due]
    pauses = tuple(each.pause for each in extensions if each.pause and each.agreed_by(as_of))
    return Term(
        original=original,
        due=due_on(extensions, original, as_of),
        extended=len(moved),
        late_before=sum(max(0, each.days) for each in late),
        pauses=pauses,
        paused_until=max((end for begin, end in pauses if begin <= as_of <= end), default=None),
        pending=tuple(each for each in extensions if each.pending_on(as_of)),
        refused=tuple(each for each in extensions if each.refused_by(as_of)),
        applied_late=tuple(each for each in extensions if _applied_late(each, extensions, original, as_of)),
    )


def _by_decision(extension: Extension) -> date:
    return extension.decided or date.min


def _applied_late(extension: Extension, extensions: Sequence[Extension], original: date | None, as_of: date) -> bool:
    """Whether an application up to a day was made after the deadline in force on the day it was made."""
    if not extension.applied or extension.applied > as_of:
        return False
    due = due_on([each for each in extensions if each is not extension], original, extension.applied)
    return due is not None and extension.applied > due
