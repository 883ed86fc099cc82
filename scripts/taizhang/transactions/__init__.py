"""One module for each transaction that changes a ledger, with the order of its effects and the reasons."""
