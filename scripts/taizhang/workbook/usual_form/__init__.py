"""A workbook that is written in an unusual but legal way, written again as spreadsheet programs write it, for the reader.

The reader takes for granted that a workbook lies where Excel puts it, that it is UTF-8, that rows and cells say where they stand,
and that every sheet is one with cells. Programs other than Excel, and standards, allow more: this module reads with a real parser
what the standards allow and writes the cells alone, with their types, formulas (that there is one), merged ranges, hidden rows
and the formats that make a number a date. For the process of its own, since a parser in Python takes ten times as long.
"""

from __future__ import annotations

from taizhang.workbook.usual_form.from_ods import usual_ods
from taizhang.workbook.usual_form.from_xlsb import usual_xlsb
from taizhang.workbook.usual_form.from_xlsx import usual_xlsx

__all__ = ["usual_ods", "usual_xlsb", "usual_xlsx"]
