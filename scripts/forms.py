"""``python scripts/forms.py`` is ``taizhang forms``, from a checkout."""

from taizhang.commands.forms import forms

if __name__ == "__main__":
    forms()
