"""One column of a register as its form declares it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from taizhang.forms.vocabulary import ColumnType, Filler
from taizhang.typed.dates import FIRST_YEAR

__all__ = ["Column"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a register: its key, its title in the sheet, its type, and who fills it.

    ``each_period``: departments are asked anew each period, so the template shows it empty. ``last_title`` is the head
    of the read-only column that shows beside it what it held before; empty: nothing is shown, and a blank in a reported
    row means none. ``shown``: the template shows the column. ``later``: the column was added to the form later, so a
    ledger may lack it. ``months``: a column of periods that takes every month of the ledger's year too.
    ``post``: a column of text that holds a post. ``earliest``: the first year that a date may lie in.
    """

    key: str
    title: str
    type: ColumnType
    filled_by: Filler = Filler.OFFICE
    required: bool = False
    aliases: tuple[str, ...] = ()
    help: str = ""
    example: str = ""
    choices: tuple[str, ...] = ()
    department_choices: tuple[str, ...] = ()
    choice_aliases: Mapping[str, str] = field(default_factory=dict)
    to: str = ""
    width: int = 0
    each_period: bool = False
    last_title: str = ""
    shown: bool = True
    later: bool = False
    months: bool = False
    post: bool = False
    earliest: int = FIRST_YEAR

    @property
    def by_department(self) -> bool:
        """Whether departments fill this column in their template."""
        return self.filled_by == Filler.DEPARTMENT

    @property
    def holds_post(self) -> bool:
        """Whether the column holds a post: one of 参数, or in the words of whoever fills it."""
        return self.post or self.type == ColumnType.POST

    @property
    def offered(self) -> tuple[str, ...]:
        """The choices a department may take; the office may take all of ``choices``."""
        return self.department_choices or self.choices
