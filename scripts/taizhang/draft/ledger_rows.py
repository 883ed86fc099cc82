"""The rows of a new ledger from a draft: owner, deadline and standard stay open, links are marked as proposals."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from taizhang.draft.values import Draft, DraftMeasure
from taizhang.forms.model import Form
from taizhang.forms.register_names import CAUSES, PROBLEMS, TASKS
from taizhang.ledger.vocabulary import PROPOSED_LINK, Status

__all__ = ["events_in", "ledger_rows"]


def ledger_rows(draft: Draft, forms: Mapping[str, Form]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of 问题清单, 原因清单 and 整改任务 for a draft, with fresh codes."""
    causes = _cause_rows(draft, forms[CAUSES])
    problems = _problem_rows(draft, forms[PROBLEMS], causes)
    return {PROBLEMS: problems, CAUSES: causes, TASKS: _task_rows(draft, forms[TASKS], problems)}


def _cause_rows(draft: Draft, form: Form) -> list[dict[str, Any]]:
    return [
        {
            "code": form.format_code(number),
            "title": each.title,
            "detail": each.detail,
            "paragraph": each.paragraph,
        }
        for number, each in enumerate(draft.causes, 1)
    ]


def _problem_rows(draft: Draft, form: Form, causes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    problems: list[dict[str, Any]] = [
        {
            "code": form.format_code(number),
            "aspect": draft.aspects[each.aspect],
            "title": each.title,
            "detail": each.detail,
            "source": "民主生活会",
            "paragraph": each.paragraph,
        }
        for number, each in enumerate(draft.problems, 1)
    ]
    for link in draft.cause_links:
        problems[link.problem].setdefault("causes", ())
        problems[link.problem]["causes"] += (causes[link.cause]["code"],)
        problems[link.problem]["note"] = "对应原因是程序建议，请核对"
    return problems


def _task_rows(draft: Draft, form: Form, problems: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    tasks = []
    for number, each in enumerate(draft.measures, 1):
        codes = tuple(problems[link.problem]["code"] for link in draft.links if link.measure == number - 1)
        tasks.append(
            {
                "code": form.format_code(number),
                "group": each.group,
                "statement": each.statement,
                "original": each.original,
                "paragraph": each.paragraph,
                "source": "报告原文",
                "kind": each.kind,
                "problems": codes,
                "link_basis": PROPOSED_LINK if codes else None,
                "deadline": each.deadline_words or None,
                "status": Status.NOT_STARTED,
                "note": _note(each),
            }
        )
    return tasks


def _note(measure: DraftMeasure) -> str | None:
    """Return what the office must still decide: owners named in the report, and vague times; None if nothing."""
    notes = []
    if measure.owner_words:
        notes.append(f"原文写的责任部门：{measure.owner_words}")
    if measure.vague_words:
        notes.append(f"原文有“{measure.vague_words}”，请约定周期")
    return "；".join(notes) or None


def events_in(draft: Draft) -> Sequence[str]:
    """Return the events that the measures use as deadlines, e.g. 党的二十大召开; the office enters their dates."""
    text = "".join(measure.original for measure in draft.measures)
    return tuple(
        dict.fromkeys(f"党的{number}大召开" for number in re.findall(r"党的([一二三四五六七八九十]+)大", text))
    )
