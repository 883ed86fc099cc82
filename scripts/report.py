"""``python scripts/report.py`` is ``taizhang report``, from a checkout."""

from taizhang.commands.report import report

if __name__ == "__main__":
    report()
