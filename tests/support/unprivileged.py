"""Run a taizhang command as a non-root user: ``python tests/support/unprivileged.py LEDGER COMMAND...``.

The command is first run on a copy, so that everything is imported while it may be read.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from click.testing import CliRunner
from taizhang.cli import main

NOBODY = 65534

if __name__ == "__main__":
    ledger, *args = sys.argv[1:]
    if os.geteuid() == 0:
        with tempfile.TemporaryDirectory() as folder:
            copy = shutil.copytree(Path(ledger).parent, Path(folder) / "copy")
            CliRunner().invoke(main, [*args, "--ledger", str(copy / Path(ledger).name)])
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    main([*args, "--ledger", ledger])
