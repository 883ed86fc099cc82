"""The public functions for scripts and notebooks: make, open and check a ledger, merge returns, fill forms, compute.

The commands call the same functions; ``docs/api.md`` has examples. Whatever writes is planned first and written by
``apply``. Figures and findings are frozen; the plans of the departments inside a merge plan are built up while
planning. Two exceptions are raised: ``CannotRun`` if nothing was done, ``PartlyDone`` (a CannotRun) if a part was
written; their text is Chinese and gives reason and cure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from taizhang.transactions.errors import CannotRun, PartlyDone, refusals_explained

if TYPE_CHECKING:
    from taizhang.figures.metrics import Metrics
    from taizhang.ledger.findings import Finding
    from taizhang.ledger.model import Ledger
    from taizhang.transactions.adopt import Adoption
    from taizhang.transactions.append import Appended
    from taizhang.transactions.draft import DraftPlan
    from taizhang.transactions.fill import FillPlan
    from taizhang.transactions.merge import Merged, MergePlan
    from taizhang.transactions.new import NewLedger

__all__ = [
    "CannotRun", "PartlyDone", "Planned", "apply", "metrics", "open_ledger", "plan_adopt", "plan_draft", "plan_fill",
    "plan_merge", "plan_new", "validate",
]  # fmt: skip

Plan = TypeVar("Plan")


@dataclass(frozen=True, slots=True)
class Planned(Generic[Plan]):
    """What is planned and not written: ``path`` is the file that ``apply`` writes, ``plan`` what goes into it.

    ``appended`` are the rows that are added if ``path`` is a ledger that exists, else None.
    """

    path: Path
    plan: Plan
    appended: Appended | None
    write: Callable[[datetime], object] = field(repr=False)


def open_ledger(path: str | Path, *, record: bool = False) -> Ledger:
    """Read a ledger, with the last known results of formulas that have none.

    Nothing is written, unless ``record`` is set: then hand edits since the last command are journalled, as each
    command does first. ``apply`` always does so.
    """
    from taizhang.system.clock import stamp
    from taizhang.transactions import opening

    path = _linked(path)
    with refusals_explained(path):
        return opening.open_ledger(path, stamp(), record=record)[0]


def _linked(path: str | Path) -> Path:
    """Return the path of a ledger, of a link the file that it names: so both names have one history."""
    from taizhang.system.files import resolve_links

    path = Path(path)
    return resolve_links(path) if path.is_symlink() else path


def plan_new(
    path: str | Path, *, unit: str = "", year: int | None = None, after: Ledger | None = None, day: date | None = None
) -> Planned[NewLedger]:
    """Plan a new ledger at a path where there is none: an empty one, or the one that follows last year's (``after``).

    ``year`` is the year of the plan; it may be left out after another ledger, whose rows go along as they are on a day
    (default: today). The plan has ``forms``, ``rows``, ``settings`` and ``notes``.
    """
    from taizhang.system.clock import stamp
    from taizhang.transactions import new
    from taizhang.transactions.next_year import plan_next_year

    ledger, now = _linked(path), stamp()
    with refusals_explained(ledger):
        if after is not None:
            plan = plan_next_year(after, day or now.date(), unit, year)
        elif year is None:
            raise CannotRun(f"没有写方案年度，没有新建。请写上，例如 year={now.year}。")
        else:
            plan = new.plan_new(ledger, unit, year)
        _refuse_place(ledger, "新建", now)

    def write(then: datetime) -> None:
        _refuse_place(ledger, "新建", then)
        new.apply_new(ledger, plan.forms, plan.rows, plan.settings, then, plan.own)

    return Planned(ledger, plan, None, write)


def _refuse_place(ledger: Path, verb: str, now: datetime) -> None:
    """Raise CannotRun if a new ledger cannot be made at this path."""
    from taizhang.transactions.new import refuse_name, refuse_taken

    refuse_name(ledger)
    refuse_taken(ledger, now.year, verb, now)


def plan_draft(
    report: str | Path, to: str | Path | Ledger, *, unit: str = "", year: int | None = None, source: str = ""
) -> Planned[DraftPlan]:
    """Read a report (.docx or .txt) and plan a new ledger at a path, or its rows in a ledger that was opened.

    Without ``unit``, ``year`` and ``source`` (the 来源 of its problems), those that the report says. The plan
    has ``found`` (what was read, with paragraphs and reasons) and ``rows`` by register.
    """
    from taizhang.system.clock import stamp
    from taizhang.transactions import draft
    from taizhang.transactions.append import problem_source
    from taizhang.transactions.opening import refuse_broken

    report = Path(report)
    origin = problem_source(source)
    if not isinstance(to, (str, Path)):
        with refusals_explained(to.path):
            refuse_broken(to)
            plan = draft.plan_draft(
                report, draft.read_report(report), to.settings.unit, year or to.settings.year, origin
            )
            appended = draft.plan_into(plan, to, report)
        return Planned(to.path, plan, appended, lambda now: draft.apply_into(appended, to, report, now))
    ledger, now = _linked(to), stamp()
    with refusals_explained(ledger):
        _refuse_place(ledger, "起草", now)
        plan = draft.plan_draft(report, draft.read_report(report), unit, year, origin)

    def write(then: datetime) -> None:
        _refuse_place(ledger, "起草", then)
        draft.apply_draft(plan, ledger, then)

    return Planned(ledger, plan, None, write)


def plan_adopt(
    table: str | Path,
    to: str | Path | Ledger,
    *,
    sheet: str = "",
    mapping: str | Path | None = None,
    unit: str = "",
    year: int | None = None,
    source: str = "",
    day: date | None = None,
) -> Planned[Adoption]:
    """Read the office's own table and plan a new ledger at a path, or its rows in a ledger that was opened.

    ``sheet`` is the only one to read, ``mapping`` the file that says which field each head is (default: 收编对照.txt
    beside the ledger), ``source`` the 来源 of problems that do not say theirs. The plan has ``mapped`` (each head with
    its field and why), ``adopted`` (rows, and ``left``: the cells that are not written, with the reason) and
    ``guessed``. To apply it is to confirm the mapping, which is then kept beside the ledger.
    """
    from taizhang.system.clock import stamp
    from taizhang.transactions.adopt import Request, apply_adoption, plan_adoption
    from taizhang.transactions.append import problem_source
    from taizhang.transactions.opening import refuse_broken

    now = stamp()
    into = None if isinstance(to, (str, Path)) else to
    ledger = to.path if not isinstance(to, (str, Path)) else _linked(to)
    named = Path(mapping) if mapping else None
    with refusals_explained(ledger):
        origin = problem_source(source)
        if into:
            refuse_broken(into)
        else:
            _refuse_place(ledger, "收编", now)
        request = Request(Path(table), day or now.date(), sheet, named, unit, year, origin)
        plan = plan_adoption(request, ledger, into)

    def write(then: datetime) -> None:
        if into is None:
            _refuse_place(ledger, "收编", then)
        apply_adoption(plan, ledger, then)

    return Planned(ledger, plan, plan.appended, write)


def plan_fill(
    ledger: Ledger,
    form: str | Path,
    day: date,
    *,
    output: str | Path | None = None,
    sheet: str = "",
    by_task: bool | None = None,
) -> Planned[FillPlan]:
    """Plan filling a superior's form (.xlsx) from the ledger as it was on a day, into a copy.

    The copy is ``output``, by default in 报表 beside the ledger; the form is not written. ``sheet`` is the sheet to
    fill if there are several; ``by_task`` says whether a row is a task or a problem (None: as its heads say). The plan
    has ``mapped`` and ``filling`` (``rows``, ``similar``, ``left``, ``untold``). To apply it is to confirm the mapping.
    """
    from taizhang.transactions.fill import apply_fill, filled_path
    from taizhang.transactions.fill import plan_fill as plan_filling

    form = Path(form)
    with refusals_explained(ledger.path):
        path = filled_path(form, ledger.path, day, Path(output) if output else None)
        then = _ledger_on(ledger, day)
        plan = plan_filling(form, then, _metrics_of(then, day), sheet, by_task=by_task)
    return Planned(path, plan, None, lambda now: apply_fill(plan, path, ledger.path))


def validate(ledger: Ledger, day: date | None = None, *, against: Sequence[Ledger] = ()) -> tuple[Finding, ...]:
    """Return every finding of a ledger on a day (default: today), sorted by place.

    Each has its location, the problem and the cure. ``against`` are ledgers of past years: problems that they name too
    are among the findings.
    """
    from taizhang.checks import check_ledger
    from taizhang.checks.again import check_problem_again
    from taizhang.history.evidence import evidence_findings
    from taizhang.ledger.findings import sort_findings
    from taizhang.system.clock import stamp

    on = day or stamp().date()
    again = check_problem_again(ledger, against, on) if against else ()
    return tuple(sort_findings([*check_ledger(ledger, on), *evidence_findings(ledger, on), *again]))


def plan_merge(
    ledger: Ledger,
    files: Sequence[str | Path] = (),
    *,
    period: str | None = None,
    department: str | None = None,
    everything: bool = False,
) -> MergePlan:
    """Read returned files, or folders of them, and plan their merge; writes nothing.

    By default it reads 报送 beside the ledger. The plan has ``totals``, ``changes``, ``conflicts``, ``findings`` and
    ``returns``. Without ``period`` the period issued last is merged, and new files of others; with ``everything`` all
    files of all periods. ``department`` is the department, branch or part that you vouch for, with ``period``, if a
    file has lost its identity.
    """
    from taizhang.transactions.merge import plan_merge as plan

    with refusals_explained(ledger.path):
        paths = [Path(each) for each in files]
        return plan(ledger, paths, period=period, vouched=department, everything=everything)


@overload
def apply(plan: MergePlan) -> Merged: ...
@overload
def apply(plan: Planned[Any]) -> Path: ...
def apply(plan: MergePlan | Planned[Any]) -> Merged | Path:
    """Write a plan, journalled as the command journals it; return what was merged, or the path of the file written.

    A ledger that exists is written under its lock. Raises CannotRun if it has changed since it was opened, or if there
    is a file by now where a new ledger was planned. If a merge is written but a reply could not be, nothing is raised:
    ``Merged.left`` says which, and why.
    """
    from taizhang.system.clock import stamp
    from taizhang.transactions.merge import apply_merge

    if not isinstance(plan, Planned):
        with refusals_explained(plan.ledger.path):
            return apply_merge(plan, stamp())
    with refusals_explained(plan.path):
        plan.write(stamp())
    return plan.path


def metrics(ledger: Ledger, day: date, *, current: bool = False) -> Metrics:
    """Return the numbers of a day, as in the report; shares are exact fractions.

    For a past day they are computed from the state that the history kept then, or with ``current`` from the present
    ledger.
    """
    with refusals_explained(ledger.path):
        return _metrics_of(ledger if current else _ledger_on(ledger, day), day)


def _ledger_on(ledger: Ledger, day: date) -> Ledger:
    """Return the ledger as it was on a day."""
    from taizhang.figures.day import ledger_on
    from taizhang.system.clock import stamp

    return ledger_on(ledger, day, stamp().date())[0]


def _metrics_of(then: Ledger, day: date) -> Metrics:
    """Return the numbers of a day from the ledger of that day; raises CannotRun if it lacks what they need."""
    from taizhang.figures.day import month_ends
    from taizhang.figures.metrics import compute_metrics
    from taizhang.history.reporting import reporting, words_from
    from taizhang.transactions.opening import refuse_broken

    refuse_broken(then)
    returns, words = reporting(then.path, then.settings, day), words_from(then, day)
    return compute_metrics(then, day, *month_ends(then.path, day), returns=returns, words_from=words)
