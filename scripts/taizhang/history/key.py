"""The office's key, which signs issued forms, rulings and journal lines; it never leaves its folder."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from pathlib import Path

from taizhang.system.files import set_aside, write_atomically
from taizhang.system.stored import Damaged, read_kept

__all__ = ["KEY_LOST", "id_of", "is_signed", "key_path", "make_key", "read_key", "seal", "sign"]

KEY_NAME = ".taizhang-key"
KEY_LOST = (
    "台账旁边缺了 .taizhang-key（隐藏文件），下发过的表是靠它认的。多半是台账换了文件夹没有一起拷，"
    "请从原来的文件夹把它拷到台账旁边，再运行一次"
)
"""The message if the key is missing, without its full stop."""

_KEY = re.compile(rb"[0-9a-f]{64}")
_CURE = (
    "下发过的表和历史记录的签名都靠它认，请从备份找回 .taizhang-key（隐藏文件）放到台账旁边，再运行一次；"
    "确实找不回来的，用 taizhang issue --again 重新下发，会生成新的。"
)


def key_path(beside: Path) -> Path:
    """Return the path of the key, which may not exist: beside the ledger and its history folder."""
    return beside.parent / KEY_NAME


def read_key(beside: Path) -> bytes | None:
    """Return the key beside a ledger or its history folder, None if there is none.

    Raises Damaged if the file does not hold a key.
    """
    path = key_path(beside)
    data = read_kept(path, _CURE)
    if data is None:
        return None
    if not _KEY.fullmatch(data.strip()):  # an editor may have put a line end there
        raise Damaged(path, f"台账旁边的 {KEY_NAME} {'是空的' if not data.strip() else '坏了或被改过'}。{_CURE}")
    return data.strip()


def make_key(beside: Path) -> bytes:
    """Create and store a key, in a file that only its owner may read; a damaged key file there is renamed first."""
    path = key_path(beside)
    if path.exists():
        set_aside(path)
    secret = secrets.token_hex(32).encode()
    write_atomically(path, secret, private=True)
    return secret


def sign(secret: bytes, what: str, data: bytes) -> str:
    """Return the HMAC-SHA-256 of some data.

    Each kind of data (``what``) has a derived key, so that no signature passes for one of another kind.
    """
    return hmac.new(_own(secret, what), data, hashlib.sha256).hexdigest()


def is_signed(secret: bytes, what: str, data: bytes, mark: str) -> bool:
    """Whether a signature is that of the data."""
    return hmac.compare_digest(sign(secret, what, data).encode(), mark.encode("utf-8", "replace"))


def id_of(secret: bytes) -> str:
    """Return the id of a key, which does not reveal it: eight digits."""
    return sign(secret, "id", b"")[:8]


def seal(secret: bytes, *words: str) -> str:
    """Return a signature of some words shortened to 32 digits, for places with little room."""
    return sign(secret, "words", "\n".join(words).encode("utf-8", "replace"))[:32]


def _own(secret: bytes, what: str) -> bytes:
    return hmac.new(secret, f"taizhang {what}".encode(), hashlib.sha256).digest()
