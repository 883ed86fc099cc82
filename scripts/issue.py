"""``python scripts/issue.py`` is ``taizhang issue``, from a checkout."""

from taizhang.commands.issue import issue

if __name__ == "__main__":
    issue()
