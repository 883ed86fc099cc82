"""The commands: each reads, calls the functions that compute, and prints or writes what they return."""
