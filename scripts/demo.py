"""``python scripts/demo.py`` is ``taizhang demo``, from a checkout."""

import sys

from taizhang.cli import main

if __name__ == "__main__":
    main(["demo", *sys.argv[1:]], prog_name="taizhang")
