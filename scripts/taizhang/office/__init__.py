"""Shared by everything generated: the look, the xlsxwriter layer, short names, and PDF through LibreOffice."""
