"""``python scripts/validate.py`` is ``taizhang validate``, from a checkout."""

import sys

from taizhang.cli import main

if __name__ == "__main__":
    main(["validate", *sys.argv[1:]], prog_name="taizhang")
