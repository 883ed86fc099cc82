"""Who is responsible for the tasks of an entry: departments and posts; names of persons go nowhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from taizhang.adopt.grid import Cell
from taizhang.adopt.mapping import KEPT_NAME
from taizhang.adopt.owners import is_department, post_in, read_owners
from taizhang.adopt.reading import Reading
from taizhang.adopt.words import parts_for
from taizhang.draft.item_labels import label_at
from taizhang.draft.words import OWN_UNITS
from taizhang.forms.register_names import TASKS
from taizhang.typed.personal import find_personal
from taizhang.typed.readings import quote
from taizhang.typed.text import clean_key, split_many

__all__ = ["PERSON", "add_owners", "give_departments", "unit_named", "unit_of_table"]

_SAYS_UNIT = re.compile(r"(?:责任|牵头|主责|承办|整改)(?:单位|部门|处室|科室)\s*[:：]\s*(?P<unit>\S.*)")

_NOT_A_UNIT = re.compile(r"巡视|巡察|生活会|督查|检查|反馈|考核|整改|问题|清单|台账|班子|成员|(?<!分)局$|[厅院委]$")
"""Names of sheets that look like a department and are a meeting, a group that inspects, or the whole bureau."""

_ASIDE = re.compile(r"[（(][^（）()]*[)）]$")

_LONGEST_DEPARTMENT = 16

UNKNOWN_POST = f"写的是姓名，或认不出的岗位，没有写进台账：请在 {KEPT_NAME} 的 [岗位] 里写明各是什么岗位，再收"

PERSON = "里有人的姓名，姓名没有写进台账"


def unit_named(text: str) -> str:
    """Return the department that a title names: 责任部门：办公室, 一、办公室（3项）; empty if it names none."""
    if said := _SAYS_UNIT.search(text):
        name = clean_key(said["unit"])
        return name if is_department(name) else ""
    label = label_at(text)
    name = clean_key(_ASIDE.sub("", text[label.end if label else 0 :]))
    return name if is_department(name) and name not in OWN_UNITS and not _NOT_A_UNIT.search(name) else ""


def unit_of_table(reading: Reading) -> tuple[str, Cell | None]:
    """Return the department of a table without a column of them, and the cell above the heads that says it.

    Without such a cell it is the sheet's name; empty if neither is a department.
    """
    if "department" in reading.columns:
        return "", None
    for cell in reading.table.before:
        if _SAYS_UNIT.search(cell.text) and (unit := unit_named(cell.text)):
            return unit, cell
    return unit_named(reading.grid.sheet.name), None


def add_owners(reading: Reading, row: int, tasks: Sequence[dict[str, Any]]) -> None:
    """Write 牵头部门, 配合部门 and 牵头领导 of the tasks of a row, and keep the posts of 责任人."""
    unit, cell = (reading.unit, None) if reading.unit else reading.whole_unit
    for task in tasks if unit else ():
        _give(task, "department", [_department(reading, unit)])
        basis = "小标题" if reading.unit else f" {cell.name} " if cell else "工作表的名称"
        reading.builder.counts[f"没有责任部门一列，牵头部门按{basis}写作“{unit}”"] += 1
    _add_departments(reading, row, tasks)
    _add_posts(reading, row, tasks)


def _add_departments(reading: Reading, row: int, tasks: Sequence[dict[str, Any]]) -> None:
    builder = reading.builder
    for name in ("department", "supporting"):
        if cell := reading.cell(name, row):
            reading.account.write(cell)
            for task, words in zip(tasks, parts_for(reading.text(cell) or "", len(tasks)), strict=True):
                owners = read_owners(words, reading.known)
                names = [each for each in (owners.lead, *owners.supporting) if each]
                good = [_department(reading, each) for each in names if len(each) <= _LONGEST_DEPARTMENT]
                others = [*owners.others, *(each for each in names if len(each) > _LONGEST_DEPARTMENT)]
                _give(task, name, good)
                if others:
                    head = f"原表{reading.columns[name].field.title}"
                    builder.keep(TASKS, task, head, "、".join(others))
                    named = "、".join(map(quote, others))
                    builder.lack(f"{named}不是一个部门，原话留在“{head}”", reading.at(row))
                if owners.persons:
                    reading.account.name(cell, PERSON)


def _add_posts(reading: Reading, row: int, tasks: Sequence[dict[str, Any]]) -> None:
    builder = reading.builder
    if cell := reading.cell("leader", row):
        for task, words in zip(tasks, parts_for(reading.text(cell) or "", len(tasks)), strict=True):
            posts = _posts(reading, cell, words)
            if posts:
                task["leader"] = posts[0]
                builder.posts[posts[0]] = None
            if len(posts) > 1:
                builder.keep(TASKS, task, "原表牵头领导", "、".join(posts))
    for mapped in reading.mapped:
        cell = reading.grid.in_column(row, mapped.head.column) if mapped.field.name == "person" else None
        posts = _posts(reading, cell, cell.text) if cell else []
        for task in tasks if posts else ():
            builder.keep(TASKS, task, f"原表{mapped.field.title}", "、".join(posts))


def _department(reading: Reading, word: str) -> str:
    """Return the name under which 参数 has a department, else the word."""
    known = reading.source.settings.department(word)
    name = known.name if known else word
    reading.builder.departments[name] = None
    return name


def give_departments(reading: Reading, task: dict[str, Any], names: Sequence[str]) -> None:
    """Write departments into a task, the first of them as the one that leads."""
    _give(task, "department", [_department(reading, each) for each in names])


def _give(task: dict[str, Any], name: str, departments: Sequence[str]) -> None:
    """Write departments into a task: the first of 牵头部门 leads, all others support."""
    lead = [] if name == "supporting" or task.get("department") else departments[:1]
    rest = [each for each in departments if each not in lead]
    if lead:
        task["department"] = lead[0]
    rest = [each for each in (*task.get("supporting", ()), *rest) if each != task.get("department")]
    if rest:
        task["supporting"] = tuple(dict.fromkeys(rest))


def _posts(reading: Reading, cell: Cell, text: str) -> list[str]:
    """Return the posts that a cell names; it is named if it holds anything else."""
    posts: list[str] = []
    ruled = reading.source.kept.posts
    for word in split_many(text):
        ruling = ruled.get(clean_key(word), "")
        post, more = (ruling, False) if ruling else post_in(word)
        if post and not find_personal(post):
            posts.append(post)
        if more:
            reading.account.name(cell, PERSON if post else UNKNOWN_POST)
    reading.account.write(cell)
    return list(dict.fromkeys(posts))
