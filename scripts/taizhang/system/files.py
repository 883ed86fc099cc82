"""Read and write files: atomically, with at most the rights of the ledger; errors name the cure."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from time import sleep
from typing import IO, TypeVar

from taizhang.system import windows
from taizhang.system.file_names import LONGEST_PATH, file_name, paths_too_long, shown_path
from taizhang.system.refusals import NotAFile, ReadOnly, reason_of

__all__ = [
    "DEFAULT_LEDGER",
    "StoreError",
    "as_typed",
    "command_on",
    "create",
    "default_ledger",
    "digest_of",
    "discard",
    "exists",
    "explain_os_errors",
    "files_below",
    "flush_folder",
    "history_folder",
    "is_temporary",
    "limit_rights",
    "move",
    "narrow",
    "open_file",
    "opened_by_us",
    "put_in_place",
    "read_file",
    "refuse_doubled",
    "refuse_held",
    "refuse_long",
    "remove_file",
    "resolve_links",
    "set_aside",
    "stage",
    "try_to_write",
    "write_atomically",
]  # fmt: skip

T = TypeVar("T")

DEFAULT_LEDGER = "ledger/整改台账.xlsx"

PATIENCE = 5.0
"""Seconds to keep retrying on Windows if a file is held: virus scanners and indexers soon release it."""

_HELD_ERRORS = frozenset({5, 32, 33})
"""Windows error numbers for that: access denied, sharing violation, lock violation."""

_LONGEST_STEM = 200
"""Bytes of a file's name used in its temporary file: with the additions, file systems' limit of 255 is kept."""

_BINARY = getattr(os, "O_BINARY", 0)
_NON_BLOCKING = getattr(os, "O_NONBLOCK", 0)
"""Opening must not block: a pipe that has replaced a file may have nobody at its other end."""
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)

_withheld = 0
"""The rights that the current ledger gives to nobody but its owner, as umask bits."""


class StoreError(Exception):
    """The ledger cannot be written now; the text gives reason and cure. The ledger is unchanged."""


def default_ledger() -> Path:
    """Return the ledger in its usual place, or else the one in the current folder."""
    usual, here = Path(DEFAULT_LEDGER), Path(Path(DEFAULT_LEDGER).name)
    return here if here.exists() and not usual.exists() else usual


def command_on(ledger: Path, words: str) -> str:
    """Return a command as it is to be typed for this ledger, e.g. ``taizhang history show 3 -l 别处/整改台账.xlsx``."""
    if ledger == default_ledger():
        return f"taizhang {words}"
    return f"taizhang {words} -l {as_typed(ledger)}"


def refuse_doubled(path: Path) -> None:
    """Raise StoreError if a text file is not there under its name but under it with a second .txt, and so not read.

    An editor adds one where the system hides extensions; people then see the right name.
    """
    doubled = path.with_name(f"{path.name}.txt")
    if not path.exists() and doubled.exists():
        raise StoreError(
            f"{file_name(doubled)} 的名字多了一个 .txt（记事本存的时候自己加的），认不出来。"
            f"请改名为 {file_name(path)} 再运行。"
        )


def as_typed(word: object) -> str:
    """Return a path or another word as it is to be typed in a command: in quotes if it has a space."""
    return f'"{word}"' if " " in str(word) else str(word)


def resolve_links(path: Path) -> Path:
    """Return a path with its links resolved as far as possible; unlike ``Path.resolve``, circles are accepted."""
    return Path(os.path.realpath(path))


def history_folder(ledger: Path) -> Path:
    """Return the folder with the earlier states and the journal of a ledger."""
    return ledger.parent / "history"


@contextlib.contextmanager
def limit_rights(ledger: Path) -> Iterator[None]:
    """Give everything created meanwhile no more rights than the ledger has, by way of the umask.

    The umask also covers folders and files that libraries and other programs write. If there is no ledger yet, only the
    existing umask applies.
    """
    global _withheld  # noqa: PLW0603 - like the umask, it belongs to the process
    before, earlier = os.umask(0o077), _withheld
    _withheld = earlier | _rights_withheld_by(ledger)
    os.umask(before | _withheld)
    try:
        yield
    finally:
        os.umask(before)
        _withheld = earlier


def _rights_withheld_by(ledger: Path) -> int:
    try:
        mode = ledger.stat().st_mode
    except OSError:
        return 0
    bits = 0
    for whose in (3, 0):  # the group, everybody
        given = mode >> whose & 0o7
        bits |= (0o7 if not given & 0o4 else 0o2 if not given & 0o2 else 0) << whose
    return bits


def narrow(file: IO[bytes]) -> None:
    """Remove from an open file the rights that the ledger withholds; a file of another owner stays as it is."""
    mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
    if mode & _withheld & 0o666 and hasattr(os, "fchmod"):
        with contextlib.suppress(OSError):
            os.fchmod(file.fileno(), mode & ~_withheld)


def exists(path: Path) -> bool:
    """Whether a path exists, broken links included; raises OSError if the system refuses to tell."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def read_file(path: Path, most: int = -1, *, follow: bool = True) -> bytes:
    """Return a file's content, at most ``most`` bytes; raises OSError as ``open_file`` does."""
    try:
        with open_file(path, follow=follow) as file:
            return file.read(most)
    except OSError as error:
        error.filename = error.filename or str(path)  # errors while reading name no file
        raise


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def open_file(path: Path, *, follow: bool = True) -> IO[bytes]:
    """Open a file for reading; raises OSError, and NotAFile for a pipe, device or socket. Never blocks.

    With ``follow=False`` a link is refused as well: for files that only this program writes.
    """
    _refuse_irregular(path, (path.stat if follow else path.lstat)().st_mode)

    def opener(name: str, flags: int) -> int:
        return _open(name, flags | (0 if follow else _NO_LINKS))

    file = open(path, "rb", opener=opener)  # noqa: SIM115 - the caller closes it
    try:
        _refuse_irregular(path, os.fstat(file.fileno()).st_mode)
    except OSError:
        file.close()
        raise
    return file


def _refuse_irregular(path: Path, mode: int) -> None:
    if stat.S_ISREG(mode):
        return
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if stat.S_ISLNK(mode):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    what = "管道" if stat.S_ISFIFO(mode) else "套接字" if stat.S_ISSOCK(mode) else "设备"
    raise NotAFile(errno.EINVAL, what, str(path))


def opened_by_us(path: str, flags: int) -> int:
    """Open a file that only this program writes, for use as an ``opener``: created if missing, never through a link."""
    with contextlib.suppress(FileNotFoundError):
        _refuse_irregular(Path(path), os.lstat(path).st_mode)
    return _open(path, flags | _NO_LINKS | os.O_CREAT)


def _open(path: str | Path, flags: int) -> int:
    try:
        return os.open(path, flags | _BINARY | _NON_BLOCKING, 0o666)
    except BlockingIOError:  # the file is leased; the server is now asking its holder for it
        return os.open(path, flags | _BINARY, 0o666)


def create(path: Path, data: bytes) -> None:
    """Write a new file; whatever is in its place is removed, and a link is not followed. Raises OSError."""
    remove_file(path, missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    _hide_if_dotted(path)


def write_atomically(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file atomically: a temporary file in the same folder, flushed, then renamed. Raises StoreError.

    It gets the rights of the file it replaces, or those that the umask and the ledger allow; ``private`` restricts it
    to its owner.
    """
    temporary = stage(path, data, private=private)
    try:
        put_in_place(temporary, path)
    except BaseException:
        discard(temporary)
        raise


def set_aside(path: Path) -> Path:
    """Rename a file that may hold handwork, so that a new one can take its place; return the new name."""
    number = 1
    while exists(kept := path.with_stem(f"{path.stem}_旧{number}")):
        number += 1
    move(path, kept)
    return kept


def stage(path: Path, data: bytes | Callable[[IO[bytes]], None], *, private: bool = False) -> Path:
    """Write the future content of ``path`` into a temporary file beside it and flush it to disk; raises StoreError.

    ``data`` is the content, or a function that writes it into the opened file if it is too much to keep in memory.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = _temporary_for(path, path.parent)
        mode = 0o600 if private else 0o666
        handle = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, mode)
        with os.fdopen(handle, "wb") as file:
            windows.hide(temporary)
            if private:
                windows.keep_private(temporary)
            elif exists(path):
                _give_rights_of(path, handle)
            if callable(data):
                data(file)
            else:
                file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException as error:
        if temporary and not isinstance(error, FileExistsError):
            discard(temporary)
        if isinstance(error, OSError):
            raise _write_error(path, error) from None
        raise
    return temporary


def _give_rights_of(path: Path, handle: int) -> None:
    """Give an open file the rights, owner and group of the file it will replace, as far as this user may."""
    if not hasattr(os, "fchown"):
        return
    old, new = path.stat(follow_symlinks=False), os.fstat(handle)
    if not stat.S_ISREG(old.st_mode):
        return
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        for owner, group in ((old.st_uid, old.st_gid), (-1, old.st_gid)):
            with contextlib.suppress(OSError):
                os.fchown(handle, owner, group)
                break
    mode = stat.S_IMODE(old.st_mode) & ~_withheld
    if os.fstat(handle).st_gid != old.st_gid:  # a different group gets no more than everybody has
        mode &= ~0o070 | (mode & 0o007) << 3
    if mode != stat.S_IMODE(new.st_mode):
        os.fchmod(handle, mode)


def _temporary_for(path: Path, folder: Path) -> Path:
    return folder / f".{_short_stem(path)}.{secrets.token_hex(4)}.tmp"


def _short_stem(path: Path) -> str:
    stem = os.fsencode(path.stem)
    return path.stem if len(stem) <= _LONGEST_STEM else stem[:_LONGEST_STEM].decode("utf-8", "ignore")


def is_temporary(name: str, of: Path | None = None) -> bool:
    """Whether a name is that of a temporary file of this program; with ``of``, of one for that file."""
    stem = re.escape(_short_stem(of)) if of else ".+"
    return re.fullmatch(rf"\.{stem}\.[a-z0-9_]{{8}}\.tmp", name) is not None


def put_in_place(temporary: Path, path: Path) -> None:
    """Rename a staged file over ``path`` in one step; raises StoreError, leaving the staged file."""
    try:
        if not path.name.startswith("."):
            windows.show(temporary)
        _retry(partial(temporary.replace, path))
    except OSError as error:
        raise _write_error(path, error) from None
    flush_folder(path.parent)


def remove_file(path: Path, *, missing_ok: bool = False) -> None:
    """Remove a file of this program; raises OSError."""
    _retry(partial(path.unlink, missing_ok=missing_ok))


def move(path: Path, target: Path) -> None:
    """Rename a file; raises OSError."""
    _retry(partial(path.rename, target))


def discard(path: Path) -> None:
    """Remove a file of this program that is no longer needed; failure is ignored and left to the next command."""
    with contextlib.suppress(OSError):
        remove_file(path, missing_ok=True)


def _retry(work: Callable[[], T]) -> T:
    """Retry for up to PATIENCE seconds, with growing pauses, work that Windows may refuse for a moment."""
    left, pause = PATIENCE, 0.05
    while True:
        try:
            return work()
        except PermissionError as error:
            if left <= 0 or not _may_pass(error):
                raise
        sleep(min(pause, left))
        left, pause = left - pause, pause * 1.6


def _may_pass(error: PermissionError) -> bool:
    """Whether waiting may help: only on Windows, if the file is held.

    The C runtime gives no Windows error number; then any refusal on Windows may pass.
    """
    number = getattr(error, "winerror", None)
    return number in _HELD_ERRORS if number is not None else os.name == "nt"


def try_to_write(path: Path) -> None:
    """Open a file for writing and leave it unchanged; raises OSError if it could not be replaced.

    Checking the rights is not enough: Windows grants them while another program holds the file.
    """
    _refuse_irregular(path, path.stat().st_mode)
    os.close(_retry(partial(_open, path, os.O_RDWR)))


def refuse_long(paths: Iterable[Path]) -> None:
    """Raise StoreError if a path that a command is going to write is too long for the system."""
    if found := paths_too_long(paths):
        longest = found[0].absolute()
        more = f"，这样的共 {len(found)} 个" if len(found) > 1 else ""
        raise StoreError(
            f"文件的完整路径太长，Windows 只认 {LONGEST_PATH} 个字以内的，"
            f"写不进去：{shown_path(longest)}（{len(str(longest))} 个字{more}）。"
            "请把台账所在的文件夹移到离盘符近的地方（例如 D:\\台账），"
            "或把文件夹、部门、期次的名称改短，再运行。什么都没有写。"
        )


def refuse_held(paths: Iterable[Path]) -> None:
    """Raise StoreError, before anything is written, naming each file to write that cannot be written now."""
    paths = list(dict.fromkeys(paths))
    refuse_long(paths)
    folders = {next(each for each in path.absolute().parents if exists(each)): path for path in paths}
    trials = [(shown_path(Path(*path.parts[-2:])), partial(_try_to_replace, path)) for path in paths]
    trials += [
        (f"{shown_path(Path(each.name))} 文件夹", partial(_try_to_make, path, each)) for each, path in folders.items()
    ]
    held = [f"{name}（{why}）" for name, trial in trials if (why := _why_held(trial))]
    if held:
        raise StoreError(f"要写的 {'、'.join(held)}现在不能写，什么都没有写。处理好再运行一次。")


def _try_to_replace(path: Path) -> None:
    if not exists(path) or path.is_symlink():  # the link is replaced, its target is not touched
        return
    if path.is_file() and not path.stat().st_mode & 0o222:  # POSIX would still allow it to be replaced
        raise ReadOnly(errno.EPERM, os.strerror(errno.EPERM), str(path))
    try_to_write(path)


def _try_to_make(path: Path, folder: Path) -> None:
    """Create a temporary file in a folder and remove it; raises OSError if the system refuses."""
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    trial = _temporary_for(path, folder)
    os.close(os.open(trial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600))
    discard(trial)


def _why_held(trial: Callable[[], None]) -> str:
    try:
        trial()
    except OSError as error:
        if os.name == "nt" and isinstance(error, PermissionError) and not isinstance(error, ReadOnly):
            return "正在别的程序里打开着，请先关闭它"
        return reason_of(error)
    return ""


def _hide_if_dotted(path: Path) -> None:
    if path.name.startswith("."):
        windows.hide(path)


def files_below(folder: Path) -> Iterator[Path]:
    """Yield everything below a folder except folders.

    A link to a folder is yielded, not followed. Raises OSError if a folder cannot be read, instead of skipping it as a
    glob does.
    """
    for home, folders, names in os.walk(folder, onerror=_raise):
        links = [name for name in folders if Path(home, name).is_symlink()]
        yield from (Path(home, name) for name in (*names, *links))


def _raise(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def flush_folder(folder: Path) -> None:
    """Flush a folder's directory entries to disk if the system can (Windows and some network shares cannot)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def explain_os_errors(path: Path) -> Iterator[None]:
    """Turn an OSError into a StoreError that names the file; ``path`` if the error names none."""
    try:
        yield
    except BrokenPipeError:  # nobody reads the command's output: no file is to blame
        raise
    except OSError as error:
        named = Path(error.filename) if isinstance(error.filename, str) else path
        raise StoreError(
            f"读写 {shown_path(Path(*named.parts[-2:]))} 没有成功：{reason_of(error)}，处理后请重新运行。"
        ) from None


def _write_error(path: Path, error: OSError) -> StoreError:
    return StoreError(f"{path.name} 没有写成：{reason_of(error)}。原来的文件没有变，处理后请重新运行。")
