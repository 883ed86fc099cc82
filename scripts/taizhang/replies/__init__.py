"""What goes back: receipts, the department's own workbook with its errors marked, and the office's lists of a period."""
