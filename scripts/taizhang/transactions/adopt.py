"""Adopting the office's own table: as a new ledger, or into one that exists.

``plan_adoption`` reads and writes nothing. ``apply_adoption`` writes in this order:

1. The ledger: a new one (``new.py``), or rows added to an existing one under history's lock (``history.write``), as any
   other change is, so that it can be undone. The office's own table is never written.
2. The mapping, beside the ledger, *after* it: it is what was confirmed. If it cannot be written, PartlyDone is raised;
   the next table is then asked about again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from taizhang.adopt.adopted import Adopted, Source
from taizhang.adopt.fields import standard_words
from taizhang.adopt.heads import Table
from taizhang.adopt.mapping import KEPT_NAME, Basis, Kept, Mapped, kept_text, propose, read_kept
from taizhang.adopt.rows import adopt_tables
from taizhang.adopt.source_book import Found, beside_cells, hidden_in, sources_in, year_in
from taizhang.forms.load import standard_forms
from taizhang.history.entries import Verb, command_text
from taizhang.history.write import write_changes
from taizhang.ledger.create import default_settings
from taizhang.ledger.model import Ledger
from taizhang.ledger.settings import Settings
from taizhang.ledger.vocabulary import FROM_TABLE
from taizhang.splice import patch
from taizhang.system.file_names import file_name
from taizhang.transactions.append import Appended, plan_append, refuse_again
from taizhang.transactions.errors import CannotRun, once_written
from taizhang.transactions.new import apply_new, first_forms
from taizhang.transactions.opening import refuse_own
from taizhang.transactions.outputs import write_aside
from taizhang.transactions.tables import refuse_side_by_side, tables_of
from taizhang.typed.personal import find_personal, looks_like_a_name
from taizhang.typed.text import as_text, split_many
from taizhang.workbook.attached import attached_to
from taizhang.workbook.reader import HEAD_SEARCH_ROWS, Sheet, Workbook, read_workbook

__all__ = ["Adoption", "Request", "apply_adoption", "plan_adoption"]


@dataclass(frozen=True, slots=True)
class Request:
    """What the office asks for: the file, the sheet (empty: all with a table), the mapping's file (None: the kept one).

    ``unit``, ``year`` and ``source`` (the 来源 of problems that do not say theirs) are empty or None if not given.
    """

    table: Path
    today: date
    sheet: str = ""
    mapping: Path | None = None
    unit: str = ""
    year: int | None = None
    source: str = ""


@dataclass(frozen=True, eq=False)
class Adoption:
    """A planned adoption: the tables with the mapping of their columns, and what they come to.

    - ``ledger`` is the ledger to which rows are added, None if a new one is made; ``appended`` goes with it.
    - ``asked`` is true unless the kept mapping names every head: somebody has to confirm.
    - ``guessed`` are sentences on what was taken from titles and names, or assumed.
    """

    book: Workbook
    found: Found
    mapped: tuple[tuple[Table, tuple[Mapped, ...]], ...]
    adopted: Adopted
    unit: str
    year: int
    today: date
    kept: Kept
    ledger: Ledger | None = None
    appended: Appended | None = None
    guessed: tuple[str, ...] = ()

    @property
    def asked(self) -> bool:
        """Whether somebody has to confirm the mapping."""
        return any(each.basis is not Basis.KEPT for _, mapped in self.mapped for each in mapped)


def plan_adoption(request: Request, path: Path, ledger: Ledger | None) -> Adoption:
    """Read a table and plan what becomes of it: a ledger at ``path``, or rows of the ``ledger`` that is there.

    Raises CannotRun if there is no table, and Unreadable or StoreError if the file or the mapping cannot be read.
    """
    words = standard_words()
    book = read_workbook(request.table)
    refuse_own(
        book,
        f"不用收编，用 --ledger 指明它就行；要接着它开新的一年，请用 taizhang new --after {book.name}。",
        "不用收编；请放进台账旁边的“报送”，运行 taizhang merge。",
    )
    kept = read_kept(request.mapping or path.parent / KEPT_NAME, words)
    found = tables_of(book, words, kept, request.sheet, lay=True)
    _refuse_no_table(book, found, path.parent / KEPT_NAME)
    refuse_side_by_side(book, found.tables, words)
    mapped = tuple((table, propose(table, words, kept)) for table in found.tables)
    settings = ledger.settings if ledger else Settings()
    given = request.year or settings.year
    year = given or year_in(book, mapped) or request.today.year
    origins = tuple(request.source or each or FROM_TABLE for each in sources_in(book, found.tables))
    forms = ledger.forms if ledger else standard_forms()
    source = Source(
        file_name(request.table),
        words,
        kept,
        forms,
        replace(settings, year=year),
        origins,
        request.today,
        book.epoch_1904,
    )
    adopted = adopt_tables(mapped, source)
    if not any(adopted.rows.values()):
        raise CannotRun(f"{book.name} 的表头下面没有读到问题和措施，请核对表头在第几行、--sheet 写的是不是那一张。")
    appended = None
    if ledger:
        refuse_again(ledger, adopted.rows)
        listed = {"部门": adopted.departments, "岗位": adopted.posts, "方面": adopted.aspects}
        appended = plan_append(ledger, adopted.rows, adopted.own, listed, book.name)
        patch(ledger.book.data, appended.edits)  # refused now, not after it was agreed to
    guessed = [] if given else [f"方案年度按 {year} 年，没写年份的时限都按这一年；不对的请加 --year"]
    guessed += _guessed(request, year, origins, anew=ledger is None)
    guessed += [*hidden_in(found.tables), *beside_cells(found.tables, attached_to(book))]
    return Adoption(
        book, found, mapped, adopted, request.unit, year, request.today, kept, ledger, appended, tuple(guessed)
    )


def _guessed(request: Request, year: int, origins: Sequence[str], *, anew: bool) -> Iterator[str]:
    """Yield sentences on what was assumed since it was not given; ``anew``: a ledger is made."""
    if anew and year < request.today.year:
        yield f"方案年度是 {year} 年，{request.today.year} 年的期次和放假安排也备好了，可以接着报"
    if anew and not request.unit:
        yield "没有写单位名称，请加 --unit，或收完在〈参数〉里填"
    if not request.source:
        said = "、".join(f"“{each}”" for each in dict.fromkeys(origins))
        yield f"问题的来源写作{said}{'，按各表的标题' if len(set(origins)) > 1 else ''}；不对的请加 --source"


_NAMED = ("问题", "整改措施", "牵头部门", "配合部门", "完成时限", "状态", "是否销号", "本期进展", "进度", "备注")
"""The titles of fields that are named to an office whose heads are not known; the kept file lists all."""


def _refuse_no_table(book: Workbook, found: Found, kept: Path) -> None:
    if not found.tables:
        names = "、".join(f"〈{each.name}〉" for each in book.sheets)
        likely = next(filter(None, map(_likely_heads, book.sheets)), "")
        raise CannotRun(
            f"{book.name} 里没有找到整改表：前 30 行里没有一行表头写着问题、整改措施、责任部门、时限这样的词。"
            f"看过的表：{names}。请核对文件；{likely or '表头写法特别的，'}请在台账旁边放一个 {kept}，第一行写 [表头]，"
            f"下面一行一个“原表的表头 = 台账的列”（如 问题点 = 问题），再收。台账的列可以写：{'、'.join(_NAMED)}。"
        )


_LONGEST_WORD, _LEAST_WORDS = 12, 3


def _likely_heads(sheet: Sheet) -> str:
    """Return the first of the rows with most short words, as a sentence shows what may be the heads; empty for none."""
    rows = (
        (number, [as_text(raw).strip() for raw in row]) for number, row in enumerate(sheet.rows[:HEAD_SEARCH_ROWS], 1)
    )
    short = [(number, [word for word in row if word and len(word) <= _LONGEST_WORD]) for number, row in rows]
    number, words = max(short, key=lambda each: len(each[1]), default=(0, list[str]()))
    if len(words) < _LEAST_WORDS or any(map(find_personal, words)) or any(map(looks_like_a_name, words)):
        return ""
    return f"〈{sheet.name}〉第 {number} 行要是表头（{'、'.join(words[:5])}{'等' if len(words) > 5 else ''}），"


def apply_adoption(plan: Adoption, path: Path, now: datetime) -> str:
    """Write the ledger and the mapping; return a notice to print beside the result, empty if there is none."""
    notice = ""
    if plan.ledger and plan.appended:
        command = command_text(Verb.ADOPT, plan.book.name)
        edits, changes = plan.appended.edits, plan.appended.changes
        notice = write_changes(path, plan.ledger.book.sha256, edits, changes, command=command, now=now)
    else:
        apply_new(path, first_forms(path), plan.adopted.rows, _settings(plan), now, plan.adopted.own)
    kept = path.parent / KEPT_NAME
    with once_written([str(path)], KEPT_NAME):
        if plan.asked:
            mapped = [each for _, columns in plan.mapped for each in columns]
            write_aside(kept, kept_text(mapped, plan.kept).encode(), path)
    return notice


def _years(settings: dict[str, list[dict[str, Any]]], plan: Adoption) -> dict[str, list[dict[str, Any]]]:
    """Return 参数 with the periods and days off of this year too, if the plan is of an earlier one."""
    if plan.today.year <= plan.year:
        return settings
    now = default_settings(plan.unit, plan.today.year, ())
    known = [each["日期"] for each in settings["工作日历"]]
    settings["工作日历"] += [each for each in now["工作日历"] if each["日期"] not in known]
    settings["期次"] += now["期次"]
    years = [each for each in settings["基本信息"] if each["项目"] == "日历年度"]
    more = next(each["内容"] for each in now["基本信息"] if each["项目"] == "日历年度")
    for each in years:
        each["内容"] = "、".join(sorted({*split_many(each["内容"]), *split_many(more)}))
    return settings


def _settings(plan: Adoption) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    aspects = [(each, "") for each in plan.adopted.aspects]
    return {
        **_years(default_settings(plan.unit, plan.year, aspects), plan),
        "部门": [{"部门": each} for each in plan.adopted.departments],
        "岗位": [{"岗位": each} for each in plan.adopted.posts],
    }
