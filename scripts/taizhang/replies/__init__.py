"""Replies to returned files: receipts, workbooks with errors marked, and the office's lists of a period."""
