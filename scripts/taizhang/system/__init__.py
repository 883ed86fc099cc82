"""The machine: files and file names, processes with limits, differences between operating systems."""
