"""Judging and reading any workbook: what a file is, what its cells hold, and where each value was found."""
