"""Forms that came later than a ledger: the product's own, with a column and a register more."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from taizhang.forms import load
from taizhang.ledger import model

COLUMNS = """
[[column]]
key = "weather"
title = "天气"
type = "choice"
choices = ["晴", "雨"]
filled_by = "department"
later = true
help = "做这件事时的天气 <一> & 二。"
width = 9

[[column]]
key = "seen_on"
title = "看过日期"
type = "date"
later = true
"""
REGISTER = """
sheet = "天气记录"
code = "TQ-{n:03}"
order = 900
enabled = true
later = true
help = "每天一行。"

[[column]]
key = "code"
title = "天气编号"
type = "code"
required = true

[[column]]
key = "day"
title = "日期"
type = "date"
"""


@contextmanager
def newer_forms(folder: Path) -> Iterator[None]:
    """Replace the product's forms by ones with two columns of 整改任务 and a register more."""
    forms = folder / "templates" / "forms"
    shutil.copytree(load.templates_folder(), forms.parent, ignore=shutil.ignore_patterns("*.xlsx", "sample"))
    with (forms / "tasks.toml").open("a", encoding="utf-8") as tasks:
        tasks.write(COLUMNS)
    (forms / "weather.toml").write_text(REGISTER, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "templates_folder", lambda: forms.parent)
        _forget()
        yield
    _forget()


def _forget() -> None:
    """Forget the product's forms, and the ledgers that were read with them: in use they never change."""
    load.standard_forms.cache_clear()
    model.RECALLED.clear()
