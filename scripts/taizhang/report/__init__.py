"""The leaders' workbooks 整改进展一览 and 专项一览: one module per sheet, rendering figures computed before."""

from taizhang.report.book import progress_workbook
from taizhang.report.special_book import special_workbook

__all__ = ["progress_workbook", "special_workbook"]
