"""``python scripts/history.py`` is ``taizhang history``, from a checkout."""

import sys

from taizhang.cli import main

if __name__ == "__main__":
    main(["history", *sys.argv[1:]], prog_name="taizhang")
