"""``python scripts/validate.py`` is ``taizhang validate``, from a checkout."""

from taizhang.commands.validate import validate

if __name__ == "__main__":
    validate()
