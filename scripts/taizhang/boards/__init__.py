"""The boards that forms declare: each register's answer to the leader's question, as values."""
