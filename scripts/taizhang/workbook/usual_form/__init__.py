"""Rewrite a legal but unusually written workbook as spreadsheet programs write it, for the reader.

The reader expects a workbook where Excel puts it, UTF-8, rows and cells with their addresses, and sheets that all have
cells. The standards and other programs allow more: these modules read what the standards allow with a real parser and
write only the cells, with their types, the presence of formulas, merged ranges, hidden rows and the formats that make a
number a date. They run in the separate process, since a parser in Python takes ten times as long.
"""

from __future__ import annotations

from taizhang.workbook.usual_form.from_ods import usual_ods
from taizhang.workbook.usual_form.from_xlsb import usual_xlsb
from taizhang.workbook.usual_form.from_xlsx import usual_xlsx

__all__ = ["usual_ods", "usual_xlsb", "usual_xlsx"]
