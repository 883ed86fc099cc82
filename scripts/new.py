"""``python scripts/new.py`` is ``taizhang new``, from a checkout."""

import sys

from taizhang.cli import main

if __name__ == "__main__":
    main(["new", *sys.argv[1:]], prog_name="taizhang")
