"""``python scripts/remind.py`` is ``taizhang remind``, from a checkout."""

from taizhang.commands.remind import remind

if __name__ == "__main__":
    remind()
