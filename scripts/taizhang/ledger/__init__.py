"""The ledger as values (settings, registers, tasks, close-outs, findings), and making a new one."""
