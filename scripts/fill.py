"""``python scripts/fill.py`` is ``taizhang fill``, from a checkout."""

import sys

from taizhang.cli import main

if __name__ == "__main__":
    main(["fill", *sys.argv[1:]], prog_name="taizhang")
