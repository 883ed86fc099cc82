"""The ledger as values (settings, registers, cells, findings), and making a new one."""
