"""One board made from rows in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from taizhang.boards.make import make_boards
from taizhang.boards.views import BoardView
from taizhang.forms.boards import read_board
from taizhang.forms.model import Form

from support.ledgers import ledger_in_memory


def board_of(form: str, board: dict[str, Any], as_of: date, **registers: list[dict[str, Any]]) -> BoardView:
    """Return the view of a board declared as in TOML, the only one of its form."""
    ledger = ledger_in_memory(**registers)
    register = ledger.registers[form]
    body = replace(register.form._body, boards=(read_board(board),))
    alone = replace(register, form=_with(register.form, body))
    views = make_boards(replace(ledger, registers={**ledger.registers, form: alone}), as_of)
    return next(view for view in views if view.sheet == register.form.sheet)


def _with(form: Form, body: Any) -> Form:
    return replace(form, body=lambda: body)


def cells(view: BoardView) -> list[tuple[str, ...]]:
    """Return the words of a board's table."""
    return [tuple(cell.words for cell in line.cells) for line in view.lines]
