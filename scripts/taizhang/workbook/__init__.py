"""Judge and read any workbook: what a file is, what its cells hold, and where each value was found."""
