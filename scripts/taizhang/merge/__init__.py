"""Taking in: returned files, whose they are, and base, ledger and returned cell compared; a plan, nothing written."""
