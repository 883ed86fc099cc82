"""The leaders' workbook 整改进展一览: one module per sheet, rendering metrics that were computed before."""

from taizhang.report.book import progress_workbook

__all__ = ["progress_workbook"]
