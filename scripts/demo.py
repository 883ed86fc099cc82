"""``python scripts/demo.py`` is ``taizhang demo``, from a checkout."""

from taizhang.commands.demo import demo

if __name__ == "__main__":
    demo()
