"""Helpers shared by tests of several rooms: ledgers, returned files, damaged files, and inspection of sheets."""
