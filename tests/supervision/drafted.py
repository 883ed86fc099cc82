"""An office that begins with a report: the tasks, proofs and other rows that are drafted from it.

What the office makes of a proposal follows from its register: of those that the random office keeps (``COUNTED``) it
confirms, deletes or forgets the first of a task; of registers that it does not keep it leaves all as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from supervision.events import DAY, FIRST_DAY, Opened, Proof, later
from taizhang.transactions.draft import plan_draft, read_report

Row = Mapping[str, Any]

COUNTED = {
    ("支委名册", "空缺"), ("学习教育活动", "已开展"), ("公开与反馈", "已公开"), ("临时组织与共建", "联学共建次数"),
    ("防控与帮扶", "防控检查次数"), ("防控与帮扶", "帮扶次数"), ("八项规定检查", "检查次数"),
    ("重大部署贯彻", "已研究"), ("党务力量与表彰", "已表彰"), ("规章制度", "已印发"),
}  # fmt: skip
"""The indicators (register, title) whose rows the random office keeps."""
LAST_DAYS = (
    (r"(\d+)月底前", lambda found: later(FIRST_DAY, int(found[1])) - DAY),
    (r"上半年", lambda _: date(FIRST_DAY.year, 6, 30)),
    (r"年底前", lambda _: date(FIRST_DAY.year, 12, 31)),
    (r"每|长期", lambda _: None),
)
"""What the words of deadlines in reports mean."""


@dataclass(frozen=True)
class Drafted:
    """What was drafted from a report: rows by register (form name), blocks of 参数, and the tasks as events."""

    rows: Mapping[str, Sequence[Row]]
    settings: Mapping[str, Sequence[Row]]
    tasks: tuple[Opened, ...]


def draft(report: Path) -> Drafted:
    """Draft a report for the plan year."""
    plan = plan_draft(report, read_report(report), "某局", FIRST_DAY.year)
    return Drafted(plan.rows, plan.settings, tuple(_task(each, plan.rows["proofs"]) for each in plan.rows["tasks"]))


def confirmed(proofs: Sequence[Row], tasks: Sequence[Opened]) -> Iterator[Row]:
    """Yield the rows of 〈核对〉 once the office has gone through the proposals."""
    proofs_of = {each.task: each.proof for each in tasks if each.proof}
    kept = {task: replace(proof, confirmed=True) for task, proof in proofs_of.items()}
    ours = {register for register, _ in COUNTED}
    for row in proofs:
        if row["task"] in kept and kept[row["task"]] == _proof(row):
            yield {**row, "basis": "办公室判定"} if proofs_of[row["task"]].confirmed else row
            del kept[row["task"]]
        elif row["register"] not in ours:
            yield row


def _task(row: Row, proofs: Sequence[Row]) -> Opened:
    mine = [_proof(each) for each in proofs if each["task"] == row["code"]]
    words, cycle = row["deadline"] or "", str(row["review_cycle"] or "")
    meanings = (meant(found) for pattern, meant in LAST_DAYS if (found := re.search(pattern, words)))
    deadline = next(meanings) if words else None
    proof = next(filter(None, mine), None)
    return Opened(
        FIRST_DAY, row["code"], str(row["kind"]), "", cycle, row["per_cycle"] or 1, deadline=deadline, proof=proof
    )


def _proof(row: Row) -> Proof | None:
    """Return what a proposal counts; None if the random office does not keep its register for that."""
    if (row["register"], row["indicator"]) not in COUNTED:
        return None
    if row["register"] == "支委名册":
        return Proof()
    kinds = (row["filter"] or row["indicator"].removesuffix("次数")).partition("=")
    return Proof(kinds[2] or kinds[0], int(row["target"]), str(row["per"] or ""), row["register"])
