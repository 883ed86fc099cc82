"""Two periods through LibreOffice: what is asked anew, what was said before, and what says nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.fixtures import Make, Run
from support.ledgers import load
from support.returned import fill, findings, value
from taizhang.forms.load import standard_forms
from taizhang.history.reporting import Outcome, disciplines, reporting, words_from
from taizhang.ledger.model import read_ledger

pytestmark = [pytest.mark.libreoffice, pytest.mark.slow]


def test_two_periods_of_one_department(
    make_ledger: Make, run: Run, soffice: Callable[..., Path], tmp_path: Path
) -> None:
    words = "已约谈 3 个支部；\n形成记录 3 份"
    ledger = make_ledger([{"update": words}, {"kind": "周期", "review_cycle": "季"}])

    def issue(period: str) -> None:
        assert run("issue", "-p", period, "--as-of", f"{period}-10", "-l", ledger).exit_code == 0

    def send(period: str, values: dict[str, dict[str, Any]]) -> tuple[list[str], str]:
        """Fill the form of a period, save it with LibreOffice if every row is untouched or filled, and merge it."""
        filled = fill(ledger, values, period=period)
        saved = filled if len(values) == 1 else soffice(filled, "xlsx", tmp_path)
        returned = ledger.parent / "报送" / "财务处.xlsx"
        saved.replace(returned)
        result = run("merge", "-l", ledger, "--yes")
        return [check for _, check in findings(result) if check not in ("late", "validation-lost")], result.stdout

    issue("2022-03")
    found, output = send("2022-03", {})
    assert (found, "财务处还算没有报" in output) == (["untouched"], True)
    found, output = send("2022-03", {"RW-001": {"unchanged": "是"}})
    assert (found, "没变的里面 1 行没有说：RW-002" in output) == ([], True)
    assert (value(ledger, "RW-001", "update"), value(ledger, "RW-001", "unchanged")) == (words, "是")

    issue("2022-04")
    sheet = load((ledger.parent / "下发" / "2022-04" / "财务处.xlsx").read_bytes())["整改任务"]
    assert [cell.value for cell in sheet["H4:K4"][0]] == [words, None, None, None]
    found, _ = send("2022-04", {"RW-001": {"update": "已约谈 5 个支部"}, "RW-002": {"update": "开展 1 次"}})
    assert (found, value(ledger, "RW-001", "update")) == ([], "已约谈 5 个支部")

    read = read_ledger(ledger, standard_forms())
    assert words_from(read, date(2100, 1, 1)) == {"RW-001": "2022-04", "RW-002": "2022-04"}
    own = [each for each in reporting(ledger, read.settings, date(2100, 1, 1)) if each.department == "财务处"]
    returned = [each.period for each in own if each.outcome in (Outcome.ON_TIME, Outcome.LATE)]
    assert (returned, disciplines(own)[0].missing) == (["2022-03", "2022-04"], 0)
