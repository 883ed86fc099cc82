"""``python scripts/merge.py`` is ``taizhang merge``, from a checkout."""

from taizhang.commands.merge import merge

if __name__ == "__main__":
    merge()
