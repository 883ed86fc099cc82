"""What everything generated shares: the look, short names, and PDF through LibreOffice."""
