"""The machine: files and their names, processes with limits, and what each operating system does in its own way."""
