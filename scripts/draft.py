"""``python scripts/draft.py`` is ``taizhang draft``, from a checkout."""

from taizhang.commands.draft import draft

if __name__ == "__main__":
    draft()
