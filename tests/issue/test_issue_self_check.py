"""The 自检 sheet of a template agrees with the merge: recalculated by LibreOffice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from support.ledgers import load, small_ledger
from support.returned import fill
from taizhang.cli import main

pytestmark = [pytest.mark.libreoffice, pytest.mark.slow]
OFFICE = [
    {"status": "长期坚持", "progress": 100, "update": "坚持"},
    {"status": "推进中"},
    {"status": "推进中"},
    {"status": "推进中"},
]


SILENT = {"整改任务“本期进展”和“本期无变化”都空着的行": 4}
"""All four tasks are asked what is new; what else is filled in them says nothing of that."""

TICKED = ("群众诉求", "支委名册", "规章制度", "办实事")
TICKS = {f"{sheet}“本表本期无变化”没有选，也看不出有新增或改动": 1 for sheet in TICKED}
"""Registers of which a file says nothing as issued: neither the tick nor a row."""

RETURNS: dict[str, dict[str, dict[str, Any]]] = {
    "untouched": {},
    "taken": {
        "RW-002": {"status": "完成", "progress": "１００％", "evidence": "总结"},
        "RW-003": {"status": " 推进中", "progress": "80%"},
        "RW-004": {"status": "进行中", "progress": "（清空）"},
    },
    "said": {
        "RW-001": {"unchanged": "✓"},
        "RW-002": {"update": "约谈 3 个支部"},
        "RW-003": {"update": "约谈", "unchanged": "是"},
        "RW-004": {"unchanged": "√"},
    },
    "given back": {
        "RW-002": {"status": "长期坚持", "progress": "八成"},
        "RW-003": {"status": "基本完成", "progress": "80多"},
        "RW-004": {"status": "已完成", "unchanged": "✗"},
    },
}


CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("a day filled in", {"issued_on": date(2022, 3, 1)}),
    ("a text filled in", {"document": "〔2022〕3号"}),
    ("a choice changed", {"outcome": "已完成"}),
]
"""Changes of the only regulation, without a tick in any sheet: that of its register is not missed."""


@pytest.fixture
def counted(soffice: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, int]]:
    """Issue four tasks, return the form in each way, recalculate in one launch; return 自检 counts except blanks."""
    folder = tmp_path_factory.mktemp("自检")
    regulation = {"code": "ZD-001", "name": "差旅办法", "department": "财务处", "planned": date(2022, 6, 30)}
    ledger = small_ledger(folder / "整改台账.xlsx", OFFICE, regulations=[regulation])
    issue = ["issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", str(ledger)]
    assert CliRunner().invoke(main, issue).exit_code == 0
    paths = [fill(ledger, values, name=name) for name, values in RETURNS.items()]
    paths += [fill(ledger, {"ZD-001": cells}, form="regulations", ticks=False, name=name) for name, cells in CHANGES]
    (folder / "算").mkdir()
    soffice(paths[0], "xlsx", folder / "算", *paths[1:])
    found = {}
    for name in (*RETURNS, *dict(CHANGES)):
        book = load((folder / "算" / f"{name}.xlsx").read_bytes(), values=True)
        rows = list(book["自检"].iter_rows(min_row=4, max_col=3, values_only=True))
        assert all(isinstance(row[2], (int, float)) for row in rows), rows
        found[name] = {f"{row[0]}{row[1]}": row[2] for row in rows if row[2] and "还没填" not in str(row[1])}
    return found


def test_what_the_merge_gives_back_is_counted_and_nothing_else(counted: dict[str, dict[str, int]]) -> None:
    """One test, so that LibreOffice starts once and not once in each process."""
    assert counted == {
        "untouched": SILENT | TICKS,
        "taken": SILENT,
        "said": {},
        "given back": {
            "整改任务“状态”不在选项里的行": 2,
            "整改任务“进度”不是百分数的行": 2,
            "整改任务“本期无变化”不在选项里的行": 1,
            "整改任务“本期进展”和“本期无变化”都空着的行": 3,
            "整改任务报了“已完成”却没写佐证材料的行": 1,
        },
        **{name: SILENT | {key: 1 for key in TICKS if "规章制度" not in key} for name, _ in CHANGES},
    }
