"""Reading a bureau's own table of problems and measures into the rows of a ledger.

1. ``heads`` finds the sheets with such a table, and its heads, over one to three rows; ``grid`` knows merged cells.
2. ``mapping`` says what each head holds, by the table of words (``fields``) and by the cells below it; the office
   confirms it, and it is kept in a file for the next table.
3. ``lines`` tells the rows of the table from totals, section titles, notes and repeated heads.
4. ``rows`` makes tasks of them, with ``problems``, ``responsible``, ``times`` and ``states``; ``words`` and ``owners``
   read the cells.

Every cell that is not blank goes into the ledger or is named with the reason (``account``).
"""
