"""Reporters (填报单位): who answers a workbook of its own, a department or a party branch, and its names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from taizhang.system.file_names import name_key

__all__ = ["Part", "Reporter", "count_in_words", "find_sharing"]


class Part(StrEnum):
    """The parts in which a department or branch is asked: registers about persons have a workbook of their own."""

    ORDINARY = ""
    PERSONAL = "人员类"


@dataclass(frozen=True, slots=True)
class Reporter:
    """Whoever answers one workbook: a department or branch of 参数, and the part that is asked of it.

    ``unit`` is the name of the department or branch, ``names`` are all its names, ``unit`` first. ``department`` is a
    branch's department (perhaps empty), else the unit itself.
    """

    unit: str
    names: tuple[str, ...]
    is_branch: bool = False
    department: str = ""
    part: Part = Part.ORDINARY

    @property
    def name(self) -> str:
        """The name by which files, bases and replies are known: 财务处, 财务处_人员类."""
        return self.named(self.unit)

    def named(self, unit: str) -> str:
        """Return the reporter's name if the unit went by this name."""
        return f"{unit}_{self.part}" if self.part else unit


def find_sharing(reporters: Iterable[Reporter]) -> frozenset[str]:
    """Return the units whose files would be those of another on some system: one of their names differs too little.

    Also a department and a branch of the same name share their files; two departments of the same name are one.
    """
    owners: dict[str, dict[tuple[str, bool], str]] = {}
    for each in reporters:
        for name in each.names:
            word = each.named(name)
            owners.setdefault(name_key(word), {}).setdefault((word, each.is_branch), each.unit)
    return frozenset(
        unit
        for of in owners.values()
        if len({(unit, is_branch) for (_, is_branch), unit in of.items()}) > 1
        for unit in of.values()
    )


def count_in_words(reporters: Mapping[str, Reporter], names: Iterable[str]) -> str:
    """Return how many units are named, and how many workbooks if they are more: ``2 个部门、3 个党支部，共 7 份表``.

    ``reporters`` are those that are known, by name; an unknown name counts as a department.
    """
    named = dict.fromkeys(names)
    known = [reporters.get(name) or Reporter(name, (name,)) for name in named]
    branches, departments = ({each.unit for each in known if each.is_branch is kind} for kind in (True, False))
    words = [f"{len(departments)} 个部门"] if departments or not branches else []
    words += [f"{len(branches)} 个党支部"] if branches else []
    files = f"，共 {len(named)} 份表" if len(named) > len(departments) + len(branches) else ""
    return "、".join(words) + files
