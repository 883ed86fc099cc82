"""Committed generated files are current: templates, registers page, README commands, sample ledger."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from support.forms_page import forms_page
from support.thorough import THOROUGH
from taizhang.checks import check_ledger
from taizhang.cli import COMMANDS
from taizhang.demo import sample
from taizhang.figures.metrics import compute_metrics
from taizhang.forms.load import standard_forms
from taizhang.forms.rules import OPTION_WORDS, RULE_KINDS
from taizhang.ledger.findings import Severity
from taizhang.ledger.model import read_ledger
from update_generated import ROOT, blank_templates, play_sample, registers_page


def test_blank_templates_are_current() -> None:
    for path, data in blank_templates().items():
        assert path.read_bytes() == data, f"{path.name}: run python tests/update_generated.py"


def test_the_page_about_forms_is_current_and_says_every_key() -> None:
    page = (ROOT / "docs" / "forms.md").read_text(encoding="utf-8")
    assert page == forms_page()
    used = {key for spec in RULE_KINDS.values() for key in (*spec.needed, *spec.allowed)}
    assert used == set(OPTION_WORDS)


def test_the_page_of_registers_is_current() -> None:
    assert (ROOT / "docs" / "registers.md").read_text(encoding="utf-8") == registers_page()


def test_readme_has_one_run_and_one_test_command_and_names_every_verb() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text.count("```bash") == 2
    assert all(f"`taizhang {name}" in text for name in COMMANDS)


@pytest.mark.slow
def test_the_sample_is_the_same_bytes_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until March one period is issued and merged; by default until February, when the office has only begun.

    The runs begin seconds apart, as zip packages count them.
    """
    monkeypatch.setattr(sample, "AS_OF", date(2022, 3, 31) if THOROUGH else date(2022, 2, 28))
    first, second = (play_sample(tmp_path / name) for name in ("一", "二"))
    assert [each.read_bytes() for each in first] == [each.read_bytes() for each in second]


def test_the_sample_ledger_opens_and_counts() -> None:
    ledger = read_ledger(Path(ROOT / "ledger" / "整改台账.xlsx"), standard_forms())
    m = compute_metrics(ledger, date(2022, 6, 30))
    assert not ledger.findings
    assert (m.problem_count, len(m.departments)) == (15, 7)
    assert m.total.tasks == 50 - 3 + 2  # of the report, without principles, and supplements
    filled = [each.sheet for each in m.registers if each.rows]
    assert filled == [
        *("销号审核", "履行记录", "复核记录", "延期申请", "督办单", "征求意见", "办实事", "群众诉求"),
        *("党支部底册", "支委名册", "规章制度", "谈心谈话", "组织生活", "发展党员", "党建考核指标", "党建考核得分"),
        *("约谈记录", "学习教育活动", "领导联系基层", "改革事项", "规划任务", "人才情况", "流程效能"),
        *("条件改善项目", "公开与反馈", "满意度", "四种形态"),
    ]
    assert not [each for each in check_ledger(ledger, date(2022, 6, 30)) if each.severity == Severity.ERROR]
