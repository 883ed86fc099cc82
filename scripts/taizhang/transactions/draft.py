"""Drafting from a report: a new ledger, or rows for one that exists.

``plan_draft`` and ``plan_into`` write nothing; ``apply_draft`` writes the ledger (``new.py``), ``apply_into`` adds to
it under history's lock, as any other change, so that it can be undone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from taizhang.draft import Draft, SourceError, draft_file
from taizhang.draft.ledger_rows import departments_in, events_in, ledger_rows, posts_in
from taizhang.draft.proofs import standard_proposals
from taizhang.draft.rulings import rulings_beside
from taizhang.forms.load import standard_forms
from taizhang.forms.register_names import PROBLEMS
from taizhang.history.entries import Verb, command_text
from taizhang.history.write import write_changes
from taizhang.ledger.create import default_settings
from taizhang.ledger.model import Ledger
from taizhang.splice import patch
from taizhang.system.file_names import file_name, shown_path
from taizhang.system.files import as_typed, read_file, refuse_doubled
from taizhang.system.limits import MAX_FILE_BYTES
from taizhang.transactions.append import Appended, plan_append, refuse_again
from taizhang.transactions.errors import CannotRun
from taizhang.transactions.new import apply_new, first_forms
from taizhang.typed.numerals import as_ranges
from taizhang.typed.personal import find_personal
from taizhang.workbook.containers import FileFormat, Refusal, judge

__all__ = ["DraftPlan", "apply_draft", "apply_into", "plan_draft", "plan_into", "read_report"]


@dataclass(frozen=True, eq=False)
class DraftPlan:
    """A ledger that is planned and not written: the draft of the report, and the rows of its sheets.

    ``rows`` are by register (form name), ``settings`` by block of 参数.
    """

    found: Draft
    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    settings: Mapping[str, Sequence[Mapping[str, Any]]]


def read_report(source: Path) -> Draft:
    """Read a report; raises CannotRun if it cannot be read, and if its rulings would not be found."""
    refuse_doubled(rulings_beside(source))
    try:
        return draft_file(source)
    except SourceError as error:
        raise CannotRun(str(error), *(_door_of_tables(source) if _is_workbook(source) else ())) from None


def _is_workbook(path: Path) -> bool:
    """Whether a file is one, as far as can be told without reading it; a container with a password may be anything."""
    try:
        data = read_file(path, MAX_FILE_BYTES)
        return judge(data).kind is not FileFormat.XLS or "Workbook".encode("utf-16-le") in data
    except (Refusal, OSError):
        return False


def _door_of_tables(path: Path) -> tuple[str, str]:
    return "自己的整改表要收进台账的，请用收编：", f"taizhang adopt {as_typed(Path(shown_path(path)))}"


def plan_draft(source: Path, found: Draft, unit: str, year: int | None, origin: str = "") -> DraftPlan:
    """Plan the ledger of a report; without ``unit``, ``year`` or ``origin`` (the 来源), those that the report says.

    Raises CannotRun, saying what was seen, if it is no such report or does not say the year of its plan.
    """
    if not found.problems and not found.measures:
        raise CannotRun(
            f"{file_name(source)} 里没有读到问题和措施，请核对是不是对照检查材料，标题是否写着“存在问题”“整改措施”。",
            f"看到的是：{_seen(found)}。",
            f"每一段当作了什么，请看 taizhang draft {shown_path(source)} --explain；读错的，照它的说明写一份归类文件。",
        )
    plan = int(found.year.value) if year is None and found.year else year
    if plan is None:
        raise CannotRun(
            f"{file_name(source)} 里没有写这是哪一年的整改方案，没有起草。请加上 --year 和年份，例如 --year 2025。",
            f"读到的是：{len(found.problems)} 个问题、{len(found.causes)} 个原因、{len(found.measures)} 项任务。",
        )
    name = unit or (found.unit.value if found.unit and not find_personal(found.unit.value) else "")
    rows = ledger_rows(found, standard_forms(), standard_proposals())
    if origin:
        rows[PROBLEMS] = [{**row, "source": origin} for row in rows[PROBLEMS]]
    aspects = [(aspect.title, aspect.short_title) for aspect in found.aspect_heads]
    settings = default_settings(name, plan, aspects, events_in(found), departments_in(found), posts_in(found))
    return DraftPlan(found, rows, settings)


def _seen(found: Draft) -> str:
    """Return which paragraphs were taken for what, where nothing could be drafted."""
    parts = [f"第 {as_ranges(numbers)} 段{role}" for role, numbers in found.beside.items()]
    unplaced = sorted({paragraph.number for paragraph, _ in found.unplaced})
    return "，".join([*parts, *([f"第 {as_ranges(unplaced)} 段没有归类"] if unplaced else [])]) or "没有文字"


def apply_draft(plan: DraftPlan, ledger: Path, now: datetime) -> None:
    """Write the ledger and its first journal entry; raises PartlyDone if only the ledger could be written."""
    apply_new(ledger, first_forms(ledger), plan.rows, plan.settings, now)


def plan_into(plan: DraftPlan, ledger: Ledger, source: Path) -> Appended:
    """Plan adding what was drafted to a ledger.

    Raises CannotRun if the ledger has all of it already or no place for it, Refused if it cannot be written safely.
    """
    refuse_again(ledger, plan.rows)
    listed = {block: plan.settings.get(block, ()) for block in ("部门", "岗位", "方面", "事件")}
    appended = plan_append(ledger, plan.rows, {}, listed, file_name(source))
    patch(ledger.book.data, appended.edits)  # refused now, not after it was agreed to
    return appended


def apply_into(appended: Appended, ledger: Ledger, source: Path, now: datetime) -> str:
    """Write the rows under history's lock; return a notice to print beside the result, empty if there is none."""
    command = command_text(Verb.DRAFT, file_name(source))
    edits, changes = appended.edits, appended.changes
    return write_changes(ledger.path, ledger.book.sha256, edits, changes, command=command, now=now)
