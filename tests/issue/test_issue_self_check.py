"""The 自检 sheet of a template agrees with the merge: recalculated by LibreOffice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.fixtures import Run
from support.ledgers import load
from support.returned import fill

pytestmark = [pytest.mark.libreoffice, pytest.mark.slow]
OFFICE = [
    {"status": "长期坚持", "progress": 100, "update": "坚持"},
    {"status": "推进中"},
    {"status": "推进中"},
    {"status": "推进中"},
]


@pytest.fixture
def counted(
    make_ledger: Callable[..., Path], run: Run, soffice: Callable[..., Path], tmp_path: Path
) -> Callable[[dict[str, dict[str, Any]]], dict[str, int]]:
    """Issue four tasks, type into the template, recalculate, and return what 自检 counts where it counts something."""

    def count(values: dict[str, dict[str, Any]]) -> dict[str, int]:
        ledger = make_ledger(
            OFFICE,
            regulations=[{"code": "ZD-001", "name": "差旅办法", "department": "财务处", "planned": date(2022, 6, 30)}],
        )
        assert run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", ledger).exit_code == 0
        path = fill(ledger, values)
        (tmp_path / "算").mkdir()
        book = load(soffice(path, "xlsx", tmp_path / "算").read_bytes(), values=True)
        rows = list(book["自检"].iter_rows(min_row=4, max_col=3, values_only=True))
        assert all(isinstance(row[2], (int, float)) for row in rows), rows
        return {f"{row[0]}{row[1]}": row[2] for row in rows if row[2]}

    return count


def test_an_untouched_template_shows_nothing(counted: Any) -> None:
    assert {k: v for k, v in counted({}).items() if "还没填" not in k} == {}


def test_what_the_merge_takes_is_not_counted(counted: Any) -> None:
    said = {
        "RW-002": {"status": "完成", "progress": "１００％", "evidence": "总结"},
        "RW-003": {"status": " 推进中", "progress": "80%"},
        "RW-004": {"status": "进行中", "progress": "（清空）"},
    }
    assert {k: v for k, v in counted(said).items() if "还没填" not in k} == {}


def test_what_the_merge_gives_back_is_counted(counted: Any) -> None:
    said = {
        "RW-002": {"status": "长期坚持", "progress": "八成"},
        "RW-003": {"status": "基本完成", "progress": "80多"},
        "RW-004": {"status": "已完成"},
    }
    assert {k: v for k, v in counted(said).items() if "还没填" not in k} == {
        "整改任务“状态”不在选项里的行": 2,
        "整改任务“进度”不是百分数的行": 2,
        "整改任务报了“已完成”却没写佐证材料的行": 1,
    }
