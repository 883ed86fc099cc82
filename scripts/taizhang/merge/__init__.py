"""Planning the merge of returned files: each cell compared with base and ledger. Nothing is written."""
