"""The order of effects, one module for each thing that changes a ledger, and the reasons for that order."""
