"""``python scripts/forms.py`` is ``taizhang forms``, from a checkout."""

import sys

from taizhang.cli import main

if __name__ == "__main__":
    main(["forms", *sys.argv[1:]], prog_name="taizhang")
