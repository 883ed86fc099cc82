"""The lock under which a ledger is written, its previous holder, and programs that have the ledger open.

The holder is noted in ``history/.lock-owner.json`` (``Kind.HOLDER``) while it works; a leftover note means that it
was killed.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taizhang.history.claim import history_of_another
from taizhang.history.hashed_files import hash_written
from taizhang.history.journal import line_count, register_files, user_name
from taizhang.history.key import is_signed, read_key, sign
from taizhang.ledger.layout import ISSUED_FOLDER, REPLIES_FOLDER, REPORTS_FOLDER, SLIPS_FOLDER
from taizhang.system.files import (
    StoreError,
    create,
    discard,
    explain_os_errors,
    files_below,
    flush_folder,
    history_folder,
    is_temporary,
    limit_rights,
    read_file,
)
from taizhang.system.refusals import reason_of
from taizhang.system.schema import Kind, add_schema_number
from taizhang.system.stored import Damaged, Newer, is_file, stored_json
from taizhang.typed.text import printable

if TYPE_CHECKING:
    from filelock import BaseFileLock

__all__ = ["Holder", "find_leftovers", "find_open_elsewhere", "is_genuine", "locked", "was_broken_off"]

WAIT_SECONDS = 10
"""How long a command waits for another one that writes the same ledger."""

_OWNER = ".lock-owner.json"
_NO_LOCKS = (errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP)
"""The errors of a network share that does not support locks."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The holder of a ledger's lock: user, start time, command, and the number of journal lines at the start.

    ``mark`` is the signature of these, empty if there was no key yet; only a signed holder can account for changed
    bases. ``more`` holds the keys that a newer version added.
    """

    user: str
    time: str
    command: str
    lines: int
    mark: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def facts(self) -> bytes:
        """The bytes that are signed."""
        return json.dumps([self.user, self.time, self.command, self.lines]).encode()


@contextlib.contextmanager
def locked(ledger: Path, command: str = "") -> Iterator[Holder | None]:
    """Hold the ledger's lock; yield the previous holder if it was killed or interrupted at its work.

    Raises StoreError, naming the holder and its start, if the lock is not free within WAIT_SECONDS; if the history is
    another ledger's; and for any OSError in the block. The operating system releases the lock with the process. A
    share without locks gets a lock file instead; one left behind by a power cut is never taken over silently: the
    message gives the cure.
    """
    folder, owner = history_folder(ledger), _note_path(ledger)
    with explain_os_errors(ledger), limit_rights(ledger), contextlib.ExitStack() as held:
        _make_folder(folder)
        held.callback(_unlock, _acquire(folder))
        if another := history_of_another(ledger):
            raise StoreError(another)
        killed = _read_holder(owner)
        hash_written(folder, forget=True)
        held.push(functools.partial(_release, folder, owner, command))
        holder = _sign(
            Holder(user_name(), datetime.now().isoformat(" ", "seconds"), command, line_count(folder)), folder
        )
        facts = {key: value for key, value in asdict(holder).items() if key != "more"}
        create(owner, json.dumps(add_schema_number(Kind.HOLDER, facts), ensure_ascii=False).encode())
        yield killed


def _release(folder: Path, owner: Path, command: str, kind: type[BaseException] | None, *_: object) -> None:
    """Journal the files written in history that are not journalled yet, and remove the note of the holder.

    The note stays if a person interrupted the work, or if journalling failed: the next command then finishes, as
    after a kill.
    """
    if kind is KeyboardInterrupt:
        return
    with contextlib.suppress(StoreError, OSError):
        if files := hash_written(folder, forget=True):
            register_files(folder, command, datetime.min, files)
        discard(owner)


def _sign(holder: Holder, folder: Path) -> Holder:
    secret = None
    with contextlib.suppress(Damaged):
        secret = read_key(folder)
    return replace(holder, mark=sign(secret, "holder", holder.facts)) if secret else holder


def is_genuine(holder: Holder, ledger: Path) -> bool:
    """Whether a holder's note was written by a command on this ledger, not forged to pass something off as its work."""
    try:
        secret = read_key(ledger)
    except Damaged:
        return False
    return bool(secret) and is_signed(secret, "holder", holder.facts, holder.mark)


def was_broken_off(ledger: Path) -> bool:
    """Whether a command was killed at its work on this ledger, or is still running; only the lock tells which."""
    return _note_path(ledger).exists() or bool(_find_leftovers_beside(ledger))


def _acquire(folder: Path) -> BaseFileLock:
    from filelock import FileLock, SoftFileLock, Timeout

    lock: BaseFileLock = FileLock(folder / ".lock", fallback_to_soft=False)
    try:
        try:
            lock.acquire(timeout=WAIT_SECONDS)
        except (NotImplementedError, OSError) as error:
            if isinstance(error, OSError) and error.errno not in _NO_LOCKS:
                raise
            lock = SoftFileLock(folder / ".lock-file")
            lock.acquire(timeout=WAIT_SECONDS)
    except Timeout:
        soft = isinstance(lock, SoftFileLock)
        holder = None
        with contextlib.suppress(Newer):
            holder = _read_holder(folder / _OWNER)
        raise StoreError(_describe_holder(holder, soft=soft)) from None
    return lock


def _unlock(lock: BaseFileLock) -> None:
    with contextlib.suppress(OSError):  # the system releases it with the process
        lock.release()


def _note_path(ledger: Path) -> Path:
    return history_folder(ledger) / _OWNER


def _read_holder(owner: Path) -> Holder | None:
    """Return the holder noted; None if there is none, or if its note is incomplete (then nothing was done yet).

    Raises Newer if the note has a newer schema: only that version knows what it left half done.
    """
    try:
        holder = stored_json(owner, Kind.HOLDER, Holder, "", more="more", follow=False)
    except Newer:
        raise
    except (OSError, Damaged):
        return None
    shown = {key: printable(getattr(holder, key)) for key in ("user", "time", "command")}
    return replace(holder, **shown)


def _describe_holder(holder: Holder | None, *, soft: bool) -> str:
    who = f"（{holder.user}，{holder.time} 开始，{holder.command or '命令'}）" if holder else ""
    cure = "请等它结束后再运行"
    if soft:
        cure += "；如果确认没有命令在运行（例如上次断电），请删掉 history 文件夹里的 .lock-file 再试"
    return f"另一个命令正在写这本台账{who}，{cure}。"


def _make_folder(folder: Path) -> None:
    try:
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            flush_folder(folder.parent)
    except OSError as error:
        raise StoreError(f"不能在 {folder.parent.name} 里建 history 文件夹：{reason_of(error)}。") from None


def find_leftovers(ledger: Path) -> list[Path]:
    """Return the temporary files that killed commands left beside the ledger; the caller holds the lock."""
    found = _find_leftovers_beside(ledger)
    names = (ISSUED_FOLDER, REPLIES_FOLDER, SLIPS_FOLDER, REPORTS_FOLDER)
    for folder in (history_folder(ledger), *(ledger.parent / name for name in names)):
        found += [path for path in files_below(folder) if is_temporary(path.name)] if folder.is_dir() else []
    return [path for path in found if is_file(path)]


def _find_leftovers_beside(ledger: Path) -> list[Path]:
    ours = (ledger, ledger.with_name(".taizhang-key"))
    return [path for path in ledger.parent.iterdir() if any(is_temporary(path.name, each) for each in ours)]


def find_open_elsewhere(ledger: Path) -> str:
    """Return a sentence naming the program that has the ledger open; empty if none has.

    These programs leave a hidden file beside it: ``~$name`` (Excel), ``.~name`` (WPS), ``.~lock.name#``
    (LibreOffice).
    """
    for marker, program in (
        (f"~${ledger.name}", "Excel"),
        (f".~{ledger.name}", "WPS"),
        (f".~lock.{ledger.name}#", "LibreOffice"),
    ):
        path = ledger.parent / marker
        if path.exists():
            who = _read_account(path)
            return (
                f"{ledger.name} 正在 {program} 里打开着{f'（{who}）' if who else ''}，请先保存并关闭，再运行一次；"
                f"如果确实没有人打开，请删掉旁边的 {marker}。"
            )
    return ""


def _read_account(marker: Path) -> str:
    """Return the account named in such a hidden file, empty if unknown."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        data = read_file(marker, 1000)
        if marker.name.endswith("#"):
            return ",".join(data.decode("utf-8").split(",")[:3]).strip(", ")
        name = data[1 : 1 + data[0]] if data and data[0] < len(data) else b""
        return name.decode("gb18030").strip("\x00 ")
    return ""
