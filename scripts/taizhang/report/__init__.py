"""The leaders' workbooks 整改进展一览 and 专项一览: one module per sheet, rendering figures computed before."""

from taizhang.report.beside import find_beside
from taizhang.report.book import progress_workbook
from taizhang.report.special_book import board_sheets, special_workbook

__all__ = ["board_sheets", "find_beside", "progress_workbook", "special_workbook"]
