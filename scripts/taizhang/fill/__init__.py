"""Filling a superior's own form (套表) from the ledger: its heads are mapped as in adopt, its rows stay as they are.

1. ``slots`` finds the rows to fill: blank ones, or rows that name a problem or a measure already.
2. ``matching`` finds what these name in the ledger.
3. ``answers`` says what the ledger holds for a field: of one measure, or of a problem with all its measures; ``asked``
   what a form asks beyond that.
4. ``writer`` writes entries into rows; ``filling`` says which goes where, and what was not filled, with the reason.
"""
