"""``python scripts/adopt.py`` is ``taizhang adopt``, from a checkout."""

import sys

from taizhang.cli import main

if __name__ == "__main__":
    main(["adopt", *sys.argv[1:]], prog_name="taizhang")
