"""What people type and what it means: text, numbers, dates, deadlines, choices. No I/O."""
