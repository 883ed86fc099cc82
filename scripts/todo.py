"""``python scripts/todo.py`` is ``taizhang todo``, from a checkout."""

import sys

from taizhang.cli import main

if __name__ == "__main__":
    main(["todo", *sys.argv[1:]], prog_name="taizhang")
