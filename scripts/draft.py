"""``python scripts/draft.py`` is ``taizhang draft``, from a checkout."""

import sys

from taizhang.cli import main

if __name__ == "__main__":
    main(["draft", *sys.argv[1:]], prog_name="taizhang")
