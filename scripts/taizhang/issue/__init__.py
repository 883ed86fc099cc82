"""Sending out: what each department is issued for a period, and the workbook it gets."""
