"""The forms: declarations of the registers, read from templates/forms/*.toml."""
