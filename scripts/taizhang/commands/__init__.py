"""The commands: each parses its options, calls the functions that compute, and prints or writes the results."""
