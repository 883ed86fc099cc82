"""The leaders' workbook 整改进展一览: each sheet renders measures that were computed before."""

from taizhang.report.book import progress_workbook

__all__ = ["progress_workbook"]
