"""The boards of a ledger on a day: one view for each board that the forms of its registers declare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from taizhang.boards.branch_list import branch_list
from taizhang.boards.durations import durations
from taizhang.boards.frames import Context
from taizhang.boards.funnel import funnel
from taizhang.boards.line import line
from taizhang.boards.matrix import matrix
from taizhang.boards.milestones import milestones
from taizhang.boards.ranking import ranking
from taizhang.boards.stack import stack
from taizhang.boards.targets import targets
from taizhang.boards.views import EMPTY, BoardView
from taizhang.forms.boards import Board, BoardKind, keys_of
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Register
from taizhang.ledger.vocabulary import Light

__all__ = ["make_boards", "worst_of"]

_KINDS: Mapping[BoardKind, Callable[[Context], BoardView]] = {
    BoardKind.MATRIX: matrix,
    BoardKind.RANKING: ranking,
    BoardKind.FUNNEL: funnel,
    BoardKind.LIST: branch_list,
    BoardKind.MILESTONES: milestones,
    BoardKind.STACK: stack,
    BoardKind.LINE: line,
    BoardKind.TARGET: targets,
    BoardKind.DURATIONS: durations,
}


def make_boards(ledger: Ledger, as_of: date) -> tuple[BoardView, ...]:
    """Return the boards of the registers that a ledger has, in the order of its sheets.

    A register without rows has boards that say 未填报. One that lacks a column of a board says which.
    """
    return tuple(
        _make(ledger, register, board, as_of)
        for register in ledger.registers.values()
        for board in register.form.boards
    )


def _make(ledger: Ledger, register: Register, board: Board, as_of: date) -> BoardView:
    missing = [key for key in keys_of(board) if key not in register.columns]
    if missing:
        titles = "、".join(dict.fromkeys(register.form.column(key).title for key in missing))
        words = f"〈{register.sheet.name}〉没有“{titles}”列，这块看板做不出来。"
        return BoardView(register.form.sheet, board.title, words, (), (), filled=False)
    if not register.records:
        words = f"{EMPTY}：〈{register.sheet.name}〉还没有一行。"
        return BoardView(register.form.sheet, board.title, words, (), (), filled=False)
    return _KINDS[board.kind](Context(ledger, register, board, as_of))


_ORDER = (Light.RED, Light.ORANGE, Light.AMBER)


def worst_of(views: Iterable[BoardView], most: int) -> tuple[BoardView, ...]:
    """Return the boards that ask somebody to act, worst light first, then the largest shortfall; at most ``most``."""
    asking = [view for view in views if view.light in _ORDER]
    return tuple(sorted(asking, key=lambda view: (_ORDER.index(view.light), -view.shortfall))[:most])
