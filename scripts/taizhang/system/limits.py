"""How much a workbook may ask of the machine: every limit of reading, in one place (``docs/limits.md`` repeats them)."""

from __future__ import annotations

__all__ = [
    "MAX_CELLS", "MAX_FILE_BYTES", "MAX_MEMBERS", "MAX_REPORT_BYTES", "MAX_REPORT_CHARACTERS", "MAX_REPORT_PARAGRAPHS",
    "MAX_REPORT_UNPACKED_BYTES", "MAX_REPORT_XML_BYTES", "MAX_RETURNED_TEXT", "MAX_SHEETS", "MAX_TEXT", "MAX_UNPACKED_BYTES",
    "MEMORY_APART", "PLAIN_CELLS",
    "PLAIN_UNPACKED_BYTES", "SECONDS_APART", "SECONDS_MARKING",
]  # fmt: skip

MEGABYTE = 1024 * 1024

MAX_FILE_BYTES = 64 * MEGABYTE
"""Bytes of a file; a ledger of 200,000 rows has 40 MB."""

MAX_UNPACKED_BYTES = 512 * MEGABYTE
"""Bytes of all members of a package, unpacked, as it states them and as they are."""

MAX_MEMBERS = 10_000
"""Members of a package: the directory of a package of a million would fill the memory by itself."""

MAX_SHEETS = 500

MAX_CELLS = 24_000_000
"""Cells of the rectangles from A1 to the last filled cell, of all sheets together: the reader allocates 32 bytes for each."""

MAX_TEXT = 100_000
"""Characters of a cell that are read: Excel keeps 32,767, and what is longer is found wrong by its length alone."""

MAX_RETURNED_TEXT = 10_000_000
"""Characters of all cells of a returned file: every one is looked at several times."""

PLAIN_UNPACKED_BYTES = 128 * MEGABYTE
"""A package that unpacks to more is read in a process of its own."""

PLAIN_CELLS = 3_000_000
"""A sheet whose rectangle has more cells, and more than four times as many as are written, is read in a process of its own."""

MAX_REPORT_BYTES = 48 * MEGABYTE
"""Bytes of a report that a ledger is drafted from, with its pictures."""

MAX_REPORT_UNPACKED_BYTES = 256 * MEGABYTE
"""Bytes of all members of a report in Word, unpacked."""

MAX_REPORT_XML_BYTES = 24 * MEGABYTE
"""Bytes of its markup, unpacked: the tree of it takes fifteen times as much."""

MAX_REPORT_CHARACTERS = 500_000
"""Characters of a report; the longest that offices write have 50,000."""

MAX_REPORT_PARAGRAPHS = 50_000
"""Paragraphs of a report; a table of 6,000 rows and six columns has 36,000."""

SECONDS_APART = 60
"""How long the process of its own may read one file."""

SECONDS_MARKING = 30
"""How long the process of its own may take to mark one file for its receipt."""

MEMORY_APART = 2048 * MEGABYTE
"""Bytes of address space of the process of its own."""
