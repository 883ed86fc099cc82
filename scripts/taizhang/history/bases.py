"""What is kept of each issue: the base, who was issued what with which rows, and the roster of a period.

Each is a file of JSON under ``history/issued`` (``Kind.BASE``, ``Kind.ROSTER``); the journal knows its hash (``hashed_files.py``).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from taizhang.forms.model import Form
from taizhang.history.hashed_files import ISSUED, name_in, note_written
from taizhang.ledger.model import Ledger
from taizhang.ledger.settings import Period, Settings
from taizhang.system.file_names import as_file_name
from taizhang.system.files import StoreError, bytes_of, history_folder, there, write_atomically
from taizhang.system.refusals import reason_of
from taizhang.system.schema import Kind, numbered
from taizhang.system.stored import Damaged, is_file, kept_bytes, stored_json
from taizhang.typed.text import clean_key, without_invisible


@dataclass(frozen=True, slots=True)
class Roster:
    """Who was to be issued a workbook for a period, and who of them is not known to have got it: an issue was broken off.

    ``more`` is what a newer version keeps with it.
    """

    departments: tuple[str, ...]
    unfinished: tuple[str, ...]
    more: Mapping[str, Any] = field(default_factory=dict)


NO_ROSTER = Roster((), ())
"""The roster of an issue that was made before rosters were kept."""


@dataclass
class Base:
    """What a department was issued: cells as text by form, row and column key.

    ``department`` is what 参数 calls it now, ``issued_to`` what it was called then (empty where that is the same).

    ``assigned`` maps the hidden id of a spare row to the code its new row was given, ``added`` that code to the cells
    it was added with; ``taken`` holds the cells last taken from a file of the last issue, ``earlier_taken`` those of the issues
    before it: what was taken is what the next file is compared with; ``settled`` the returned values that a person has ruled on; ``columns`` the columns the
    template showed; ``earlier`` the rows of the issues before the last one. ``saved`` is the stamp of the file last
    merged, ``returns`` one entry for each version received, ``outdone`` the SHA-256 of versions not merged because another was; ``files``
    the SHA-256 of every workbook that was issued; ``head`` how far the record had come when the last was (``heads.py``); ``more`` what a
    newer version keeps here.
    """

    department: str
    period: str
    rows: dict[str, dict[str, dict[str, str]]]
    spare: dict[str, list[str]]
    assigned: dict[str, str] = field(default_factory=dict)
    added: dict[str, dict[str, str]] = field(default_factory=dict)
    taken: dict[str, dict[str, str]] = field(default_factory=dict)
    saved: str = ""
    settled: dict[str, dict[str, str]] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    earlier: list[dict[str, dict[str, dict[str, str]]]] = field(default_factory=list)
    returns: list[dict[str, Any]] = field(default_factory=list)
    earlier_taken: list[dict[str, dict[str, str]]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    issued_to: str = ""
    outdone: list[str] = field(default_factory=list)
    head: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def issued_name(self) -> str:
        """What the department was called when it was issued this; the base is kept and the form signed under it."""
        return self.issued_to or self.department

    @property
    def expected(self) -> bool:
        """Whether the department has to return it: a workbook without rows is sent back only where there is something new."""
        return any(self.rows.values())

    @property
    def number(self) -> int:
        """Which issue of its period the last one is, from 1."""
        return len(self.earlier) + 1

    def rows_of(self, number: int | None) -> dict[str, dict[str, dict[str, str]]]:
        """Return the rows of the issue with this number; of the last one where there is no such issue."""
        return self.earlier[number - 1] if number and 0 < number < self.number else self.rows

    def taken_of(self, number: int | None) -> dict[str, dict[str, str]]:
        """Return the cells last taken from files of the issue with this number, to be looked at or added to."""
        if not number or not 0 < number < self.number:
            return self.taken
        self.earlier_taken += [{} for _ in range(self.number - 1 - len(self.earlier_taken))]
        return self.earlier_taken[number - 1]


def period_key(settings: Settings, period: str) -> tuple[str, str]:
    """Return what periods are ordered by: the day their figures stand for, else their name, which begins with year and month."""
    known = settings.period(period)
    return (known.as_of.isoformat() if known and known.as_of else period, period)


def issued_periods(ledger: Ledger) -> list[str]:
    """Return the periods that something was issued for, the earliest first."""
    kept: dict[str, Path] = {}
    for path in _issued_files(ledger.path):
        kept.setdefault(path.parent.name, path)
    known = {as_file_name(each.name): each.name for each in reversed(ledger.settings.periods)}
    found = {known.get(folder) or _period_kept(folder, path) for folder, path in kept.items()}
    return sorted(found, key=lambda name: period_key(ledger.settings, name))


def _period_kept(folder: str, path: Path) -> str:
    """Return the period of a folder that no period of 参数 has: what a base in it says, where that is what the folder is named after."""
    with contextlib.suppress(OSError, StoreError):
        period = _base_in(path, bytes_of(path)).period
        if isinstance(period, str) and as_file_name(period) == folder:
            return period
    return folder


def later_issued(ledger: Ledger, period: Period) -> list[str]:
    """Return the periods after this one, by the day their figures stand for, that something was issued for."""
    key = period_key(ledger.settings, period.name)
    return [name for name in issued_periods(ledger) if period_key(ledger.settings, name)[0] > key[0]]


def _issued_folder(ledger: Path) -> Path:
    return history_folder(ledger) / ISSUED


def _issued_files(ledger: Path) -> Iterator[Path]:
    """Yield the files of all bases, of whatever period; raises Damaged where their folder is none."""
    folder = _issued_folder(ledger)
    if folder.exists() and not folder.is_dir():
        raise Damaged(folder, f"history/{ISSUED} 应该是一个文件夹，现在却是一个文件。{_find_again('文件夹')}")
    # Not by a glob, which finds nothing where a folder may not be read: then nobody would have been issued anything.
    for home in folder.iterdir() if folder.exists() else ():
        if home.is_dir():
            yield from (path for path in home.iterdir() if path.suffix == ".json")


def base_path(ledger: Path, period: str, department: str) -> Path:
    """Return where the base of one department and period is kept.

    Earlier versions left invisible characters in its name: where there is such a base it stays the department's one.
    """
    path = _issued_folder(ledger) / as_file_name(period) / as_file_name(department, ".json")
    if path.stem != department and path.stem == without_invisible(department):
        earlier = path.with_name(f"{department}.json")
        return earlier if earlier.exists() else path
    return path


def issued_path(ledger: Path, period: str, department: str) -> Path:
    """Return where the workbook issued to a department for a period is put."""
    return ledger.parent / "下发" / as_file_name(period) / as_file_name(department, ".xlsx")


@dataclass(frozen=True, slots=True)
class DamagedBase:
    """A base that cannot be read: whose it seems to be, by its file's name, of which period, and the sentence that says so."""

    department: str
    period: str
    message: str


def bases_of(
    ledger: Path, period: str, settings: Settings | None = None, damaged: list[DamagedBase] | None = None
) -> list[Base]:
    """Return the bases of a period in the order of their files; whose they are stands in them, not in their names.

    Those that cannot be read are put into ``damaged``, so that only their departments wait; without it they raise Damaged.
    """
    found: dict[Path, Base] = {}
    wrong: list[Damaged] = []
    for path in sorted(path for path in _issued_files(ledger) if path.parent.name == as_file_name(period)):
        try:
            found[path] = _read_base(path, settings)
        except Damaged as error:
            wrong.append(error)
    count = Counter(base.issued_name for base in found.values())
    for path, base in [*found.items()]:
        if count[base.issued_name] > 1 and path.name != as_file_name(base.issued_name, ".json"):
            message = f"{period}/{path.name} 里是{base.issued_name}的留底，和别的文件重复（放错了，或被改过）。{_CURE}"
            wrong.append(Damaged(path, message))
            del found[path]
    for error in wrong:
        if damaged is None:
            raise error
        damaged.append(DamagedBase(_named(error.path, settings), period, str(error)))
    return list(found.values())


def _named(path: Path, settings: Settings | None) -> str:
    """Return the department that a base's file is named after."""
    for each in settings.departments if settings else ():
        if path.stem in map(as_file_name, filter(None, (each.name, each.short, *each.aliases))):
            return each.name
    return path.stem


def base_bytes(base: Base) -> bytes:
    """Return a base as it is kept: under the name that the department had when it was issued."""
    facts = {key: value for key, value in base.__dict__.items() if key not in ("issued_to", "more")} | base.more
    facts = numbered(Kind.BASE, {**facts, "department": base.issued_name})
    return json.dumps(facts, ensure_ascii=False).encode()


def codes_in_bases(ledger: Path, form: Form) -> set[str]:
    """Return the codes of a register's rows that any base knows, of whatever period: issued, or given to rows that were added."""
    start, found = form.code.partition("{")[0], set()
    for path in _issued_files(ledger):
        data = bytes_of(path) if is_file(path) else b""
        if start.encode() not in data:
            continue
        try:
            base = _base_in(path, data)
        except Damaged:  # said where its department waits; its codes are not given again for all that
            found.update(re.findall(rf"{re.escape(start)}[0-9A-Za-z-]+", data.decode(errors="replace")))
            continue
        for rows in (base.rows, *base.earlier):
            found.update(rows.get(form.name, ()))
        found.update(base.assigned.values(), base.added)
    return found


def save_base(ledger: Path, base: Base) -> None:
    """Keep a base; raises StoreError where it cannot be written."""
    path, data = base_path(ledger, base.period, base.issued_name), base_bytes(base)
    note_written(history_folder(ledger), name_in(history_folder(ledger), path))
    if not is_file(path) or bytes_of(path) != data:  # flushing a thousand files that are as they were takes a minute
        write_atomically(path, data)


def files_of(ledger: Path, bases: Sequence[Base]) -> dict[str, str]:
    """Return the SHA-256 that the files of bases will have, by their names within history."""
    return {
        name_in(history_folder(ledger), base_path(ledger, base.period, base.issued_name)): hashlib.sha256(
            base_bytes(base)
        ).hexdigest()
        for base in bases
    }


def load_base(ledger: Path, period: str, department: str, settings: Settings | None = None) -> Base | None:
    """Return the base of one department and period, under whatever name ``settings`` knows it; None where nothing was issued.

    Raises Damaged where it cannot be read.
    """
    known = settings.department(department) if settings else None
    names = (known.name, department, known.short, *known.aliases) if known else (department,)
    own = {clean_key(name) for name in names}
    for path in (base_path(ledger, period, name) for name in names if name):
        # Where two names share a file, on a system that knows no case, it may be another department's.
        if there(path) and clean_key((base := _read_base(path, settings)).issued_name) in own:
            return base
    return None


def _read_base(path: Path, settings: Settings | None) -> Base:
    try:
        data = kept_bytes(path, _CURE)
    except OSError as error:
        raise Damaged(
            path,
            f"{path.parent.name}/{path.name} 打不开：{reason_of(error)}。这是 history/issued 里下发时的留底，处理好再运行一次。",
        ) from None
    if data is None:
        raise FileNotFoundError(path)
    base = _base_in(path, data)
    known = settings.department(base.department) if settings else None
    return replace(base, department=known.name, issued_to=base.department) if known else base


def _base_in(path: Path, data: bytes) -> Base:
    """Return the base that the bytes of a file hold; raises Damaged where they hold none, or the base of another period."""
    base = stored_json(path, Kind.BASE, Base, _CURE, more="more", data=data)
    if as_file_name(base.period) != path.parent.name or not all(map(_is_return, base.returns)) or not base.department:
        raise Damaged(path, f"{path.parent.name}/{path.name} 里不是这一期的留底（放错了，或被改过）。{_CURE}")
    return base


def _find_again(what: str) -> str:
    return f"这是 history/issued 里下发时的留底，请从备份找回这个{what}，再运行一次。"


_CURE = _find_again("文件")


_COUNTS = ("issued", "merged", "unchanged", "held", "conflicting", "missing", "added", "disputed", "errors")
"""The numbers among the totals of a version received; what a newer version counts beside them is left as it is."""


def _is_return(facts: Mapping[str, Any]) -> bool:
    """Whether a version received is noted as ``returns.py`` notes it."""
    totals = facts.get("totals")
    return (
        all(isinstance(facts.get(key), str) for key in ("sha256", "saved"))
        and isinstance(totals, dict)
        and isinstance(totals.get("department"), str)
        and all(type(totals.get(key, "")) is str for key in ("department", "file"))
        and all(type(totals.get(key, 0)) is int for key in _COUNTS)
    )


def _roster_path(ledger: Path, period: str) -> Path:
    return _issued_folder(ledger) / as_file_name(period, "_应发部门.json")


def roster_of(ledger: Ledger, period: str) -> Roster:
    """Return the roster of a period, under the names that 参数 has now; empty for an issue made before rosters were kept.

    Raises Damaged where it cannot be read.
    """
    cure = f"这是 {period} 期应发部门的名单，请从备份找回这个文件，再运行一次。"
    try:
        kept = stored_json(_roster_path(ledger.path, period), Kind.ROSTER, Roster, cure, more="more")
    except FileNotFoundError:
        return NO_ROSTER
    now = ledger.settings.name_now
    departments, unfinished = (tuple(dict.fromkeys(map(now, names))) for names in (kept.departments, kept.unfinished))
    return Roster(departments, unfinished, kept.more)


def save_roster(ledger: Path, period: str, roster: Roster) -> None:
    """Keep a roster: before the first file of an issue is written, and when the last one is; raises StoreError."""
    facts = {"departments": roster.departments, "unfinished": roster.unfinished, **roster.more}
    path = _roster_path(ledger, period)
    data = json.dumps(numbered(Kind.ROSTER, facts), ensure_ascii=False).encode()
    note_written(history_folder(ledger), name_in(history_folder(ledger), path))
    write_atomically(path, data)
