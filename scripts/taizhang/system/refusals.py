"""Translate system errors into the reason and the cure, in the office's words."""

from __future__ import annotations

import errno
import os
from pathlib import Path

__all__ = ["NotAFile", "ReadOnly", "reason_of"]


class NotAFile(OSError):
    """The path to be read is not an ordinary file; ``strerror`` names in the office's words what it is."""


class ReadOnly(PermissionError):
    """A file that somebody has set read-only."""


_FULL = "磁盘满了，请清出空间"
_QUOTA = "磁盘配额用完了，请清出空间"
_HELD = "没有读写权限，或文件正被占用，请关闭它或请管理员放开权限"
_READ_ONLY = "文件夹是只读的，请换一个能写的位置"
_GONE = "找不到文件，可能被移走或改名了，请放回原处"
_DISK = "磁盘读写出错，请检查磁盘或网络盘"
_NETWORK = "网络盘连不上了，请检查网络，连上以后"
_LONG = "文件名或路径太长，请把台账移到浅一些的文件夹，或把名称改短"
_ODD_NAME = "文件名里有系统不认的字符，请改名"
_BUSY = "文件正在使用，请关闭用它的程序"
_MANY = "打开的文件太多，请关掉一些程序"

_LONGEST = 260
"""Longest path for Windows if long paths are not enabled; it reports a longer one as not found."""

_REASONS = {
    "ENOSPC": _FULL,
    "EDQUOT": _QUOTA,
    "EFBIG": "文件超过了系统允许的大小，请管理员放开限制",
    "EACCES": _HELD,
    "EPERM": "没有读写权限，请让管理员放开权限",
    "EROFS": _READ_ONLY,
    "ENOENT": _GONE,
    "EIO": _DISK,
    "ENXIO": _DISK,
    "ENODEV": _DISK,
    "ENOMEDIUM": "盘没有插好，请重新插好",
    "EISDIR": "它是文件夹，不是文件，请改名或移走",
    "ENOTDIR": "路径中间有一段是文件，不是文件夹，请核对路径",
    "ENOTEMPTY": "文件夹不是空的，请清空或换一个",
    "EEXIST": "同名的已经有了，请改名或移走",
    "ELOOP": "它是链接（或链接绕成了圈），不是文件本身，请换成文件本身",
    "ENAMETOOLONG": _LONG,
    "EILSEQ": _ODD_NAME,
    "EBUSY": _BUSY,
    "EAGAIN": _BUSY,
    "ETXTBSY": _BUSY,
    "EDEADLK": _BUSY,
    "ENOLCK": "这个位置不支持加锁，请管理员看看网络盘的设置",
    "EXDEV": "两个位置不在同一个盘上，请放到同一个盘",
    "EMFILE": _MANY,
    "ENFILE": _MANY,
    "ENOMEM": "内存不够，请关掉一些程序",
    **dict.fromkeys(
        (
            "ESTALE", "EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN", "ENETUNREACH", "ENETRESET", "ETIMEDOUT", "ENOTCONN",
            "ECONNRESET", "ECONNABORTED", "ECONNREFUSED", "ESHUTDOWN", "ENOLINK", "EREMOTEIO", "ECOMM", "ENONET",
        ),
        _NETWORK,
    ),
}  # fmt: skip
_BY_ERRNO = {getattr(errno, name): words for name, words in _REASONS.items() if hasattr(errno, name)}

_BY_WINERROR = {
    4: _MANY,
    5: _HELD,
    8: _REASONS["ENOMEM"],
    14: _REASONS["ENOMEM"],
    19: _READ_ONLY,
    21: _REASONS["ENOMEDIUM"],
    23: _DISK,
    32: _HELD,
    33: _HELD,
    39: _FULL,
    112: _FULL,
    123: _ODD_NAME,
    161: _ODD_NAME,
    170: _BUSY,
    206: _LONG,
    223: _REASONS["EFBIG"],
    267: _REASONS["ENOTDIR"],
    1006: _DISK,
    1117: _DISK,
    1224: _BUSY,
    1295: _QUOTA,
    1392: _DISK,
    1816: _QUOTA,
    **dict.fromkeys(
        (
            51, 52, 53, 54, 55, 57, 58, 59, 64, 65, 67, 70, 71, 121, 240, 1130, 1203, 1214, 1219, 1222, 1225, 1226,
            1227, 1231, 1232, 1233, 1234, 1235, 1236, 1237, 1256, 1311, 1326, 1385, 1909, 2102, 2250,
        ),
        _NETWORK,
    ),
    **dict.fromkeys(
        (362, 388, 389, 391, 395, 397, 404, 426), "文件只在网盘（云端）上，还没有下载到本机，请先下载到本机"
    ),
}  # fmt: skip
"""By winerror.h numbers, because the C runtime maps most of these to “invalid argument”."""


def reason_of(error: OSError) -> str:
    """Return why the system refuses a file and what to do, in the office's words."""
    if isinstance(error, NotAFile):
        return f"它是{error.strerror}，不是普通文件，请换成普通文件"
    if isinstance(error, ReadOnly):
        return "设成了只读，请先去掉它的只读属性"
    number, code = getattr(error, "winerror", None), error.errno or errno.EIO
    if os.name == "nt" and code == errno.ENOENT and len(str(Path(str(error.filename or "")).absolute())) >= _LONGEST:
        return _LONG
    if number in _BY_WINERROR:
        return _BY_WINERROR[number]
    return _BY_ERRNO.get(code, f"系统不让读写（{os.strerror(code)}），请管理员看看")
