"""Nothing is lost: every state, the signed journal, the lock, the one way into a ledger that exists, and the way back."""
