"""``python scripts/merge.py`` is ``taizhang merge``, from a checkout."""

import sys

from taizhang.cli import main

if __name__ == "__main__":
    main(["merge", *sys.argv[1:]], prog_name="taizhang")
