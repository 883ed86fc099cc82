"""``python scripts/issue.py`` is ``taizhang issue``, from a checkout."""

import sys

from taizhang.cli import main

if __name__ == "__main__":
    main(["issue", *sys.argv[1:]], prog_name="taizhang")
