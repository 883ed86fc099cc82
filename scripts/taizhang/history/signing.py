"""What the office signs with: the key as the record knows it, and the token of a form."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

from taizhang.history.bases import _issued_files
from taizhang.history.journal import KEY_CHANGED, read_journal
from taizhang.history.key import id_of, key_path, make_key, read_key
from taizhang.system.files import StoreError, history_folder


def key_is_lost(ledger: Path) -> bool:
    """Whether something was issued with a secret that is no longer there: a ledger copied elsewhere without the hidden file."""
    return not key_path(ledger).exists() and any(_issued_files(ledger))


def secret_of(ledger: Path, *, make: bool = False) -> bytes:
    """Return the secret that signs what this ledger issues; it never leaves the folder, and only its owner may read the file.

    Where there is none it is made and kept with ``make``; without, it is one that nothing was ever signed with, and nothing is
    written. Raises StoreError for a damaged one, and for another one than the record was signed with.
    """
    secret = read_key(ledger)
    if secret and read_journal(history_folder(ledger)).last_key not in ("", id_of(secret)):
        raise StoreError(f"{KEY_CHANGED}。")
    return secret or (make_key(ledger) if make else secrets.token_hex(32).encode())


def token_of(secret: bytes, period: str, department: str) -> str:
    """Return the token of a period and department: HMAC-SHA-256 under the ledger's secret."""
    return hmac.new(secret, f"{period}\n{department}".encode(), hashlib.sha256).hexdigest()[:32]
