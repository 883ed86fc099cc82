"""The rows of a new ledger from a draft: owner, deadline and standard stay open, links are marked as proposals."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from taizhang.draft.deadline_words import how_often
from taizhang.draft.entries import propose_entries, standard_entries
from taizhang.draft.names import names_no_one
from taizhang.draft.proofs import Proposals, propose_carriers, propose_proofs
from taizhang.draft.values import Draft, DraftMeasure, ProposedLink
from taizhang.forms.model import Form
from taizhang.forms.register_names import CAUSES, PROBLEMS, PROOFS, TASKS
from taizhang.ledger.vocabulary import PROPOSED_LINK, STATED_LINK, Status, TaskKind

__all__ = ["USUAL_ORIGIN", "departments_in", "events_in", "ledger_rows", "posts_in"]


USUAL_ORIGIN = "民主生活会"
"""The 来源 of problems of a report that does not say where they come from."""


def ledger_rows(draft: Draft, forms: Mapping[str, Form], table: Proposals) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of 问题清单, 原因清单, 整改任务 and 核对 for a draft, with fresh codes."""
    causes = _cause_rows(draft, forms[CAUSES])
    problems = _problem_rows(draft, forms[PROBLEMS], causes)
    tasks = _task_rows(draft, forms[TASKS], problems, table)
    proofs = _proof_rows(draft, forms[PROOFS], tasks, table)
    return {PROBLEMS: problems, CAUSES: causes, TASKS: tasks, PROOFS: proofs}


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
            "source": draft.origin.value if draft.origin else USUAL_ORIGIN,
            "paragraph": each.paragraph,
        }
        for number, each in enumerate(draft.problems, 1)
    ]
    for link in draft.cause_links:
        problems[link.problem].setdefault("causes", ())
        problems[link.problem]["causes"] += (causes[link.cause]["code"],)
        if not link.stated:
            problems[link.problem]["note"] = "对应原因是程序建议，请核对"
    for number, entry, word in propose_entries(draft.problems, draft.leads, standard_entries()):
        row = problems[number]
        row["entry"] = entry
        row["note"] = "；".join(filter(None, (row.get("note"), f"切入点是程序按题目里的“{word}”建议的，请核对")))
    return problems


def _task_rows(
    draft: Draft, form: Form, problems: Sequence[Mapping[str, Any]], table: Proposals
) -> list[dict[str, Any]]:
    tasks = []
    carriers = propose_carriers(draft.measures, table)
    linked: dict[int, list[ProposedLink]] = {}
    for link in draft.links:
        linked.setdefault(link.measure, []).append(link)
    for number, each in enumerate(draft.measures, 1):
        links = linked.get(number - 1, [])
        codes = tuple(problems[link.problem]["code"] for link in links)
        cycle, count = how_often(each.statement, each.deadline_words) if each.kind == TaskKind.CYCLE else (None, 0)
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
                "link_basis": (STATED_LINK if links[0].stated else PROPOSED_LINK) if links else None,
                "leader": each.owners.leader or None,
                "department": each.owners.department or None,
                "supporting": each.owners.supporting,
                "standard": each.standard or None,
                "deadline": each.deadline_words or None,
                "review_cycle": cycle,
                "per_cycle": count or None,
                "carried_by": tuple(form.format_code(n + 1) for n in carriers.get(number - 1, ())),
                "status": each.status or Status.NOT_STARTED,
                "update": each.update or None,
                "note": _note(each),
            }
        )
    return tasks


def _proof_rows(draft: Draft, form: Form, tasks: Sequence[Mapping[str, Any]], table: Proposals) -> list[dict[str, Any]]:
    pairs = zip(draft.measures, tasks, strict=True)
    rows = [row for each, task in pairs for row in propose_proofs(each, task["code"], table)]
    return [{"code": form.format_code(number), **row} for number, row in enumerate(rows, 1)]


def _note(measure: DraftMeasure) -> str | None:
    """Return what the office must still decide: posts of persons, units that are none, vague times; None if nothing."""
    notes = []
    if measure.owners.persons:
        notes.append("原文写了责任人的姓名，待对应岗位")
    several = [each for each in measure.owners.vague if names_no_one(each)]
    others = [each for each in measure.owners.vague if each not in several]
    if several:
        notes.append(f"原文还写了“{'、'.join(several)}”，说的不是一个部门，没有录入，请写明是哪些部门")
    if others:
        notes.append(f"原文还写了“{'、'.join(others)}”，没有录入，请定部门或岗位")
    if measure.vague_words:
        notes.append(f"原文有“{measure.vague_words}”，请约定周期")
    return "；".join(notes) or None


def departments_in(draft: Draft) -> tuple[str, ...]:
    """Return the departments that the report names for its measures, in the order in which they appear."""
    owners = [measure.owners for measure in draft.measures]
    named = (name for each in owners for name in (each.department, *each.supporting) if name)
    return tuple(dict.fromkeys(named))


def posts_in(draft: Draft) -> tuple[str, ...]:
    """Return the posts that the report names as leading its measures."""
    return tuple(dict.fromkeys(measure.owners.leader for measure in draft.measures if measure.owners.leader))


def events_in(draft: Draft) -> Sequence[str]:
    """Return the events that the measures use as deadlines, e.g. 党的二十大召开; the office enters their dates."""
    text = "".join(measure.original for measure in draft.measures)
    return tuple(
        dict.fromkeys(f"党的{number}大召开" for number in re.findall(r"党的([一二三四五六七八九十]+)大", text))
    )
