"""Reading a bureau's own table of problems and measures into the rows of a ledger.

1. ``layouts`` lays out cards, columns and pasted lines as rows below heads; whoever reads them later knows rows alone,
   and names each cell where it stands on the office's sheet (``grid``, which knows merged cells, too).
2. ``heads`` finds the sheets with such a table, and its heads, over one to three rows.
3. ``mapping`` says what each head holds, by the table of words (``fields``), by the cells below it, and by the marks
   that choose among heads (``marked``); the office confirms it, and it is kept in a file for the next table.
4. ``lines`` tells the rows of the table from totals, section titles, notes and repeated heads.
5. ``rows`` makes tasks of them, with ``problems``, ``responsible``, ``times``, ``states`` and what the measures say of
   themselves (``in_words``); ``words`` and ``owners`` read the cells.

Every cell that is not blank goes into the ledger or is named with the reason (``account``).
"""
