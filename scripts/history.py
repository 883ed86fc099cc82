"""``python scripts/history.py`` is ``taizhang history``, from a checkout."""

from taizhang.commands.history import history

if __name__ == "__main__":
    history()
