"""Every limit on what reading a workbook may cost (``docs/limits.md`` repeats them)."""

from __future__ import annotations

__all__ = [
    "MAX_CELLS", "MAX_FILE_BYTES", "MAX_MEMBERS", "MAX_REPORT_BYTES", "MAX_REPORT_CHARACTERS",
    "MAX_REPORT_PARAGRAPHS", "MAX_REPORT_UNPACKED_BYTES", "MAX_REPORT_XML_BYTES", "MAX_RETURNED_TEXT", "MAX_SHEETS",
    "MAX_TEXT", "MAX_UNPACKED_BYTES", "MEMORY_APART", "PLAIN_CELLS", "PLAIN_UNPACKED_BYTES", "SECONDS_APART",
    "SECONDS_MARKING",
]  # fmt: skip

MEGABYTE = 1024 * 1024

MAX_FILE_BYTES = 64 * MEGABYTE
"""Bytes of a file; a ledger of 200,000 rows has 40 MB."""

MAX_UNPACKED_BYTES = 512 * MEGABYTE
"""Bytes of all members of a package, unpacked: both as declared and as found."""

MAX_MEMBERS = 10_000
"""Members of a package; the directory of one with a million members would fill the memory by itself."""

MAX_SHEETS = 500

MAX_CELLS = 24_000_000
"""Cells in the rectangles from A1 to the last filled cell, all sheets together; the reader allocates 32 bytes each."""

MAX_TEXT = 100_000
"""Characters read from a cell. Excel keeps 32,767; a longer text is reported for its length alone."""

MAX_RETURNED_TEXT = 10_000_000
"""Characters in all cells of a returned file; each is looked at several times."""

PLAIN_UNPACKED_BYTES = 128 * MEGABYTE
"""A package that unpacks to more is read in a separate process."""

PLAIN_CELLS = 3_000_000
"""A sheet is read in a separate process if its rectangle has more cells, and over four times as many as written."""

MAX_REPORT_BYTES = 48 * MEGABYTE
"""Bytes of a report that a ledger is drafted from, pictures included."""

MAX_REPORT_UNPACKED_BYTES = 256 * MEGABYTE
"""Bytes of all members of a Word report, unpacked."""

MAX_REPORT_XML_BYTES = 24 * MEGABYTE
"""Bytes of its markup, unpacked; the parsed tree takes fifteen times as much."""

MAX_REPORT_CHARACTERS = 500_000
"""Characters of a report; the longest that offices write have 50,000."""

MAX_REPORT_PARAGRAPHS = 50_000
"""Paragraphs of a report; a table of 6,000 rows and six columns has 36,000."""

SECONDS_APART = 60
"""How long the separate process may read one file."""

SECONDS_MARKING = 30
"""How long the separate process may take to mark one file for its receipt."""

MEMORY_APART = 2048 * MEGABYTE
"""Bytes of address space of the separate process."""
