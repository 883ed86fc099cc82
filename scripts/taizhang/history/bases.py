"""The record of each issue: the base of each reporter (the rows it was issued), and the roster of a period.

Both are JSON files under ``history/issued`` (``Kind.BASE``, ``Kind.ROSTER``); the journal records their hashes
(``hashed_files.py``).
"""

from __future__ import annotations

import contextlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from taizhang.forms.model import Form
from taizhang.history.hashed_files import ISSUED, name_in, note_written
from taizhang.ledger.layout import ISSUED_FOLDER
from taizhang.ledger.model import Ledger
from taizhang.ledger.settings import Period, Settings
from taizhang.system.file_names import as_file_name
from taizhang.system.files import StoreError, digest_of, exists, history_folder, read_file, write_atomically
from taizhang.system.refusals import reason_of
from taizhang.system.schema import Kind, add_schema_number
from taizhang.system.stored import Damaged, is_file, read_kept, stored_json
from taizhang.typed.text import clean_key, without_invisible


@dataclass(frozen=True, slots=True)
class Roster:
    """The reporters to be issued a workbook for a period.

    ``unfinished`` are those that an interrupted issue may have missed; ``more`` holds the keys that a newer version
    added.
    """

    departments: tuple[str, ...]
    unfinished: tuple[str, ...]
    more: Mapping[str, Any] = field(default_factory=dict)


NO_ROSTER = Roster((), ())
"""The roster of an issue made before rosters were kept."""


@dataclass
class Base:
    """The rows a reporter was issued: cells as text by form, row and column key; and what has been merged since.

    ``department`` is the reporter's present name (财务处, 财务处_人员类, a party branch), ``issued_to`` its name at the
    time of the issue (empty if it has not changed).

    Cells that the template shows empty whatever the ledger holds are blank in ``rows``; ``issued_empty`` has what the
    ledger held in them, ``earlier_issued_empty`` that of the issues before.

    ``assigned`` maps the hidden id of a spare row to the code given to its new row, ``added`` maps that code to the
    cells it was added with. ``taken`` holds the cells last taken from a file of the last issue, ``earlier_taken``
    those of earlier issues; the next file is compared with them. ``settled`` holds the returned values on which a
    person has ruled, ``columns`` the columns in the template, ``earlier`` the rows of the issues before the last one.

    ``said`` are the codes of the rows of which something was said in this period, whatever of it was taken;
    ``said_registers`` are the registers that had a change or of which it was said that there is none.

    ``saved`` is the stamp of the file merged last, ``returns`` has one entry for each version received, ``outdone``
    the SHA-256 of versions not merged because another one was, or because nothing was said in them. ``files`` holds
    the SHA-256 of every workbook issued, ``head`` the head of the journal at the last issue (``heads.py``), ``more``
    the keys that a newer version added.
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
    said: list[str] = field(default_factory=list)
    said_registers: list[str] = field(default_factory=list)
    issued_empty: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    earlier_issued_empty: list[dict[str, dict[str, dict[str, str]]]] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def issued_name(self) -> str:
        """The reporter's name at the time of the issue, which names the base's file and is signed in the form."""
        return self.issued_to or self.department

    @property
    def expected(self) -> bool:
        """Whether the reporter has to return it; one without rows comes back only if there is something new."""
        return any(self.rows.values())

    @property
    def number(self) -> int:
        """The number of the last issue of its period, from 1."""
        return len(self.earlier) + 1

    def rows_of(self, number: int | None) -> dict[str, dict[str, dict[str, str]]]:
        """Return the rows of the issue with this number; those of the last issue if there is no such number."""
        return self.earlier[number - 1] if number and 0 < number < self.number else self.rows

    def issued_empty_of(self, number: int | None) -> dict[str, dict[str, dict[str, str]]]:
        """Return what the ledger held in cells that the issue with this number showed empty, as ``rows_of`` does."""
        if not number or not 0 < number < self.number:
            return self.issued_empty
        return self.earlier_issued_empty[number - 1] if number <= len(self.earlier_issued_empty) else {}

    def held_at_issue(self, number: int | None, name: str) -> dict[str, dict[str, str]]:
        """Return the cells of a register as the ledger held them at an issue, also those it showed empty, by code."""
        held = self.issued_empty_of(number).get(name, {})
        return {code: {**cells, **held.get(code, {})} for code, cells in self.rows_of(number).get(name, {}).items()}

    def asks(self, name: str, key: str) -> bool:
        """Whether the last issue asked anew for a column of a register."""
        return any(key in cells for cells in self.issued_empty.get(name, {}).values())

    def taken_of(self, number: int | None) -> dict[str, dict[str, str]]:
        """Return the cells last taken from files of the issue with this number; the caller may extend them."""
        if not number or not 0 < number < self.number:
            return self.taken
        self.earlier_taken += [{} for _ in range(self.number - 1 - len(self.earlier_taken))]
        return self.earlier_taken[number - 1]


def period_key(settings: Settings, period: str) -> tuple[str, str]:
    """Return the sort key of a period: the day of its figures, else its name (which begins with year and month)."""
    known = settings.period(period)
    return (known.as_of.isoformat() if known and known.as_of else period, period)


def issued_periods(ledger: Ledger) -> list[str]:
    """Return the periods for which something was issued, the earliest first."""
    return periods_issued(ledger.path, ledger.settings)


def periods_issued(ledger: Path, settings: Settings) -> list[str]:
    """Do what ``issued_periods`` does for a caller that has no ledger read."""
    kept: dict[str, Path] = {}
    for path in _issued_files(ledger):
        kept.setdefault(path.parent.name, path)
    known = {as_file_name(each.name): each.name for each in reversed(settings.periods)}
    found = {known.get(folder) or _period_of_folder(folder, path) for folder, path in kept.items()}
    return sorted(found, key=lambda name: period_key(settings, name))


def _period_of_folder(folder: str, path: Path) -> str:
    """Return the period of a folder that matches no period of 参数.

    It is the period in the folder's base if that gives the folder's name, else the folder's name itself.
    """
    with contextlib.suppress(OSError, StoreError):
        period = _parse_base(path, read_file(path)).period
        if isinstance(period, str) and as_file_name(period) == folder:
            return period
    return folder


def later_issued(ledger: Ledger, period: Period) -> list[str]:
    """Return the issued periods whose figures are of a later day than those of this period."""
    key = period_key(ledger.settings, period.name)
    return [name for name in issued_periods(ledger) if period_key(ledger.settings, name)[0] > key[0]]


def _issued_folder(ledger: Path) -> Path:
    return history_folder(ledger) / ISSUED


def _issued_files(ledger: Path) -> Iterator[Path]:
    """Yield the files of all bases of all periods; raises Damaged if ``history/issued`` is not a folder."""
    folder = _issued_folder(ledger)
    if folder.exists() and not folder.is_dir():
        raise Damaged(folder, f"history/{ISSUED} 应该是一个文件夹，现在却是一个文件。{_find_again('文件夹')}")
    # Not with glob: in an unreadable folder it finds nothing, as if nothing had been issued.
    for home in folder.iterdir() if folder.exists() else ():
        if home.is_dir():
            yield from (path for path in home.iterdir() if path.suffix == ".json")


def base_path(ledger: Path, period: str, department: str) -> Path:
    """Return the path of the base of one department and period.

    Earlier versions left invisible characters in its name; if such a base exists, it remains in use.
    """
    path = _issued_folder(ledger) / as_file_name(period) / as_file_name(department, ".json")
    if path.stem != department and path.stem == without_invisible(department):
        earlier = path.with_name(f"{department}.json")
        return earlier if earlier.exists() else path
    return path


def issued_path(ledger: Path, period: str, department: str) -> Path:
    """Return the path of the workbook issued to a department for a period."""
    return ledger.parent / ISSUED_FOLDER / as_file_name(period) / as_file_name(department, ".xlsx")


@dataclass(frozen=True, slots=True)
class DamagedBase:
    """A base that cannot be read: its department (from the file name), its period, and a message."""

    department: str
    period: str
    message: str


def bases_of(
    ledger: Path, period: str, settings: Settings | None = None, damaged: list[DamagedBase] | None = None
) -> list[Base]:
    """Return the bases of a period, sorted by file; the department is read from the base, not from its file name.

    Bases that cannot be read are appended to ``damaged``, so that only their departments wait; without it they raise
    Damaged.
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
        damaged.append(DamagedBase(_reporter_named(error.path, settings), period, str(error)))
    return list(found.values())


def _reporter_named(path: Path, settings: Settings | None) -> str:
    """Return the reporter after which a base's file is named."""
    for each in settings.reporters.values() if settings else ():
        if path.stem in (as_file_name(each.named(name)) for name in each.names):
            return each.name
    return path.stem


def base_bytes(base: Base) -> bytes:
    """Return a base as stored: under the name that the department had at the time of the issue."""
    facts = {key: value for key, value in base.__dict__.items() if key not in ("issued_to", "more")} | base.more
    facts = add_schema_number(Kind.BASE, {**facts, "department": base.issued_name})
    return json.dumps(facts, ensure_ascii=False).encode()


def codes_in_bases(ledger: Path, form: Form) -> set[str]:
    """Return all codes of a register that appear in any base of any period: issued, or given to added rows."""
    start, found = form.code.partition("{")[0], set()
    for path in _issued_files(ledger):
        data = read_file(path) if is_file(path) else b""
        if start.encode() not in data:
            continue
        try:
            base = _parse_base(path, data)
        except Damaged:  # reported with its department; its codes must not be given again even so
            found.update(re.findall(rf"{re.escape(start)}[0-9A-Za-z-]+", data.decode(errors="replace")))
            continue
        for rows in (base.rows, *base.earlier):
            found.update(rows.get(form.name, ()))
        found.update(base.assigned.values(), base.added)
    return found


def save_base(ledger: Path, base: Base) -> None:
    """Write a base to its file; raises StoreError if it cannot be written."""
    path, data = base_path(ledger, base.period, base.issued_name), base_bytes(base)
    note_written(history_folder(ledger), name_in(history_folder(ledger), path))
    if not is_file(path) or read_file(path) != data:  # flushing a thousand unchanged files takes a minute
        write_atomically(path, data)


def files_of(ledger: Path, bases: Sequence[Base]) -> dict[str, str]:
    """Return the SHA-256 that the files of these bases will have, by their names within history."""
    return {
        name_in(history_folder(ledger), base_path(ledger, base.period, base.issued_name)): digest_of(base_bytes(base))
        for base in bases
    }


def load_base(ledger: Path, period: str, department: str, settings: Settings | None = None) -> Base | None:
    """Return the base of one department and period, by any of its names in ``settings``; None if nothing was issued.

    Raises Damaged if it cannot be read.
    """
    known = settings.reporter(department) if settings else None
    names = (known.name, department, *map(known.named, known.names)) if known else (department,)
    own = {clean_key(name) for name in names}
    for path in (base_path(ledger, period, name) for name in names if name):
        # If the file system ignores case, two names may share a file: it may be another department's.
        if exists(path) and clean_key((base := _read_base(path, settings)).issued_name) in own:
            return base
    return None


def _read_base(path: Path, settings: Settings | None) -> Base:
    try:
        data = read_kept(path, _CURE)
    except OSError as error:
        raise Damaged(
            path,
            f"{path.parent.name}/{path.name} 打不开：{reason_of(error)}。这是 history/issued 里下发时的留底，"
            "处理好再运行一次。",
        ) from None
    if data is None:
        raise FileNotFoundError(path)
    base = _parse_base(path, data)
    known = settings.reporter(base.department) if settings else None
    return replace(base, department=known.name, issued_to=base.department) if known else base


def _parse_base(path: Path, data: bytes) -> Base:
    """Return the base in the bytes of a file; raises Damaged if there is none, or if it is of another period."""
    base = stored_json(path, Kind.BASE, Base, _CURE, more="more", data=data)
    if as_file_name(base.period) != path.parent.name or not all(map(_is_return, base.returns)) or not base.department:
        raise Damaged(path, f"{path.parent.name}/{path.name} 里不是这一期的留底（放错了，或被改过）。{_CURE}")
    return base


def _find_again(what: str) -> str:
    return f"这是 history/issued 里下发时的留底，请从备份找回这个{what}，再运行一次。"


_CURE = _find_again("文件")


COUNTS = ("issued", "merged", "unchanged", "held", "conflicting", "missing", "added", "disputed", "errors")
"""The names of the numbers in ``merge.plan.Totals``, also in a base's ``returns``.

Keys that a newer version counts beside them are kept unread.
"""

LISTS = ("unsaid", "unsaid_registers")
"""The names of the lists in ``merge.plan.Totals`` of what nothing was said of, also in a base's ``returns``."""


def _is_return(facts: Mapping[str, Any]) -> bool:
    """Whether an entry of ``Base.returns`` has the shape that ``merge/returns.py`` writes."""
    totals = facts.get("totals")
    return (
        all(isinstance(facts.get(key), str) for key in ("sha256", "saved"))
        and isinstance(totals, dict)
        and isinstance(totals.get("department"), str)
        and all(type(totals.get(key, "")) is str for key in ("department", "file"))
        and all(type(totals.get(key, 0)) is int for key in COUNTS)
        and all(isinstance(totals.get(key, []), list) for key in LISTS)
    )


def _roster_path(ledger: Path, period: str) -> Path:
    return _issued_folder(ledger) / as_file_name(period, "_应发部门.json")


def roster_of(ledger: Ledger, period: str) -> Roster:
    """Return the roster of a period, with the names that 参数 has now; NO_ROSTER if the issue has none.

    Raises Damaged if it cannot be read.
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
    """Write a roster: before the first file of an issue is written, and after the last; raises StoreError."""
    facts = {"departments": roster.departments, "unfinished": roster.unfinished, **roster.more}
    path = _roster_path(ledger, period)
    data = json.dumps(add_schema_number(Kind.ROSTER, facts), ensure_ascii=False).encode()
    note_written(history_folder(ledger), name_in(history_folder(ledger), path))
    write_atomically(path, data)
