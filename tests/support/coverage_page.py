"""docs/coverage.md: for each mechanism of the rectification its register, columns, rules, indicators, boards and tests.

Each name of ``coverage.toml`` is looked up in the forms, so that the page says nothing that is not there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from taizhang.forms.boards import forms_of
from taizhang.forms.load import standard_forms
from taizhang.forms.model import Form
from taizhang.ledger.catalogue import Check
from taizhang.report.book import SHEETS

__all__ = ["Mechanism", "coverage_page", "read_mechanisms", "resolve"]

TESTS = Path(__file__).resolve().parents[1]
DATA = Path(__file__).with_name("coverage.toml")


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One mechanism with all its names resolved: what a leader can ask about, and where the ledger answers.

    ``shown`` are boards of 专项一览 and sheets of 整改进展一览; indicators stand on 登记表指标. ``apart``: what shares
    its register with others has a figure of its own kind.
    """

    group: str
    name: str
    register: str
    columns: tuple[str, ...]
    rules: tuple[str, ...]
    figures: tuple[str, ...]
    shown: tuple[str, ...]
    tests: tuple[str, ...]
    apart: bool

    @property
    def lacks(self) -> tuple[str, ...]:
        """What is missing for the mechanism to be answered."""
        parts = {
            "columns": self.columns,
            "rules": self.rules,
            "figures": self.figures or self.shown,
            "tests": self.tests,
        }
        return tuple(name for name, found in parts.items() if not found)


def read_mechanisms() -> list[Mechanism]:
    """Return the mechanisms of ``coverage.toml``, resolved."""
    groups = tomllib.loads(DATA.read_text(encoding="utf-8"))
    return [resolve(group, name, row) for group, rows in groups.items() for name, row in rows.items()]


def resolve(group: str, name: str, row: Mapping[str, str]) -> Mechanism:
    """Return one mechanism; raises LookupError, with what is not there, for any name that no form has."""
    form = standard_forms()[row["in"]]
    words = {key: tuple(row.get(key, "").split()) for key in ("of", "columns", "rules", "figures", "sheets")}
    columns = [form.by_key[key] for key in words["columns"]]
    titles = {each.title for each in form.indicators}
    choices = {choice for column in form.columns for choice in column.choices}
    known = {*Check, *(rule.name for each in standard_forms().values() for rule in each.rules)}
    sheets = {sheet for sheet, _ in SHEETS}
    for key, there in (("figures", titles), ("of", choices), ("rules", known), ("sheets", sheets)):
        if unknown := [word for word in words[key] if word not in there]:
            raise LookupError(f"{name}: {key} {unknown[0]}")
    return Mechanism(
        group=group,
        name=name,
        register=f"〈{form.sheet}〉" + (f"：{'、'.join(words['of'])}" if words["of"] else ""),
        columns=tuple(column.title for column in columns),
        rules=words["rules"],
        figures=words["figures"],
        shown=(*words["sheets"], *_boards_about(form)),
        tests=tuple(dict.fromkeys(place for rule in words["rules"] for place in _tests_of(rule))),
        apart=not words["of"] or any(_tells_apart(form, title, words["of"]) for title in words["figures"]),
    )


def _tells_apart(form: Form, title: str, kinds: tuple[str, ...]) -> bool:
    """Whether an indicator, or a rule that it counts by, is by the column of these kinds or only of rows of some."""
    shared = {column.key for column in form.columns if set(kinds) & set(column.choices)}
    indicator = next(each for each in form.indicators if each.title == title)
    conditions = [*indicator.when, *(each for rule in form.rules_of(indicator) for each in rule.when)]
    return indicator.options.get("by") in shared or any(each.key in shared for each in conditions)


def _boards_about(form: Form) -> Iterator[str]:
    """Yield the titles of the boards that look at a register."""
    for other in standard_forms().values():
        for board in other.boards:
            if other.name == form.name or form.name in forms_of(board):
                yield board.title


@cache
def _sources() -> Mapping[str, str]:
    """Return the tests that name rules and checks, by path; those that go through every rule first."""
    first = ["forms/test_rules_party.py", "forms/test_rules_other.py", "support/planted.py"]
    others = sorted(str(path.relative_to(TESTS)) for path in (TESTS / "checks").glob("test_*.py"))
    return {name: (TESTS / name).read_text(encoding="utf-8") for name in [*first, *others]}


def _tests_of(rule: str) -> Iterator[str]:
    """Yield where a rule or check is tested: the first file that names it."""
    found = next((name for name, text in _sources().items() if f'"{rule}"' in text), None)
    if found:
        yield "checks/test_planted.py" if found.startswith("support/") else found


def coverage_page() -> str:
    """Return docs/coverage.md."""
    mechanisms = read_mechanisms()
    registers = len({each.register.partition("：")[0] for each in mechanisms})
    drawn = sum(bool(each.shown) for each in mechanisms)
    lines = [
        "# 整改事项落在哪里",
        "",
        f"对照检查和整改里的 {len(mechanisms)} 件事，每件记在哪张登记表、哪几列，哪些规则看着它，",
        "领导问起来看哪个数、哪张图，由哪个测试守着。",
        f"一共用到 {registers} 张登记表；有 {drawn} 件另有专门的图表，其余的看〈登记表指标〉。",
        "这一页由 `tests/support/coverage.toml` 生成，每个名字都在表单里核对过：表单里没有的，生成不出来。",
    ]
    for group in dict.fromkeys(each.group for each in mechanisms):
        head = "| 事项 | 登记表 | 列 | 规则和检查 | 指标 | 图表 | 测试 |"
        lines += ["", f"## {group}", "", head, "|---|---|---|---|---|---|---|"]
        lines += [_line(each) for each in mechanisms if each.group == group]
    return "\n".join(lines) + "\n"


def _line(each: Mechanism) -> str:
    rules, tests = (" ".join(f"`{word}`" for word in words) for words in (each.rules, each.tests))
    figures, shown = ("、".join(words) or "—" for words in (each.figures, each.shown))
    return f"| {each.name} | {each.register} | {'、'.join(each.columns)} | {rules} | {figures} | {shown} | {tests} |"
