"""Signing by the office: the key checked against the journal, and the token of a form."""

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
    """Whether something was issued and the key is missing: the ledger was copied elsewhere without the hidden file."""
    return not key_path(ledger).exists() and any(_issued_files(ledger))


def secret_of(ledger: Path, *, make: bool = False) -> bytes:
    """Return the key that signs what this ledger issues.

    If no key exists, ``make=True`` creates and stores one; otherwise a throw-away key is returned, so that no
    signature verifies. Raises StoreError if the key is damaged or is not the one that signed the journal.
    """
    secret = read_key(ledger)
    if secret and read_journal(history_folder(ledger)).last_key not in ("", id_of(secret)):
        raise StoreError(f"{KEY_CHANGED}。")
    return secret or (make_key(ledger) if make else secrets.token_hex(32).encode())


def token_of(secret: bytes, period: str, department: str) -> str:
    """Return the token of a period and department: the first 32 digits of an HMAC-SHA-256 under the ledger's key."""
    return hmac.new(secret, f"{period}\n{department}".encode(), hashlib.sha256).hexdigest()[:32]
