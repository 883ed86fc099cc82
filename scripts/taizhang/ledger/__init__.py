"""The ledger as values: settings, registers, tasks and close-outs on a day, findings; and a new ledger."""
