"""``python scripts/remind.py`` is ``taizhang remind``, from a checkout."""

import sys

from taizhang.cli import main

if __name__ == "__main__":
    main(["remind", *sys.argv[1:]], prog_name="taizhang")
