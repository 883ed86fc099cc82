"""The declarations of the registers, read from templates/forms/*.toml."""
