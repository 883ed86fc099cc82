"""``python scripts/report.py`` is ``taizhang report``, from a checkout."""

import sys

from taizhang.cli import main

if __name__ == "__main__":
    main(["report", *sys.argv[1:]], prog_name="taizhang")
