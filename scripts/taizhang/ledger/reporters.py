"""Reporters (填报单位): who answers a workbook of its own, a department or a party branch, and its names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from taizhang.system.file_names import name_key

__all__ = ["NOBODY", "Count", "Part", "Reporter", "count_reporters", "find_sharing"]


class Part(StrEnum):
    """The parts in which a department or branch is asked: registers about persons have a workbook of their own."""

    ORDINARY = ""
    PERSONAL = "人员类"


@dataclass(frozen=True, slots=True)
class Reporter:
    """Whoever answers one workbook: a department or branch of 参数, and the part that is asked of it.

    ``unit`` is the name of the department or branch, ``names`` are all its names, ``unit`` first.
    """

    unit: str
    names: tuple[str, ...]
    is_branch: bool = False
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
    owners: dict[str, dict[tuple[str, bool, Part], str]] = {}
    for each in reporters:
        for name in each.names:
            word = each.named(name)
            owners.setdefault(name_key(word), {}).setdefault((word, each.is_branch, each.part), each.unit)
    return frozenset(
        unit
        for of in owners.values()
        if len({(unit, is_branch) for (_, is_branch, _), unit in of.items()}) > 1
        for unit in of.values()
    )


@dataclass(frozen=True, slots=True)
class Count:
    """How many departments and branches are meant, and how many workbooks they have."""

    departments: int
    branches: int
    workbooks: int

    @property
    def words(self) -> str:
        """The count in words: ``2 个部门、3 个党支部，共 7 份表``."""
        units = [f"{self.departments} 个部门"] if self.departments or not self.branches else []
        units += [f"{self.branches} 个党支部"] if self.branches else []
        return "、".join(units) + (f"，共 {self.workbooks} 份表" if self._in_parts else "")

    @property
    def measure(self) -> str:
        """The measure word of those that are counted: units, or workbooks if these are more."""
        return "份" if self._in_parts else "个"

    @property
    def _in_parts(self) -> bool:
        return self.workbooks > self.departments + self.branches


NOBODY = Count(0, 0, 0)


def count_reporters(known: Mapping[str, Reporter], names: Iterable[str]) -> Count:
    """Count the reporters with these names; ``known`` are those of 参数, an unknown one counts as a department."""
    named = dict.fromkeys(names)
    found = [known.get(name) or Reporter(name, (name,)) for name in named]
    branches, departments = (len({each.unit for each in found if each.is_branch is kind}) for kind in (True, False))
    return Count(departments, branches, len(named))
