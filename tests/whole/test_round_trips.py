"""Every form goes out, is filled, comes back and counts: rules, figures and boards against ``round_trips.toml``.

The table is worked out by hand. One ledger holds all forms; it is issued, filled, merged and reported once, and every
filled workbook, the ledger too, is opened and saved by LibreOffice. Where that is not installed the workbooks stay as
the program wrote them, and with TAIZHANG_THOROUGH=1 both are tried.
"""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from support.round_trips import FORMS, TABLE, Trip, play, rows_typed
from support.thorough import THOROUGH
from taizhang.forms.rules import RuleSeverity
from taizhang.ledger.cell_values import read_value
from taizhang.ledger.registers import Record

pytestmark = pytest.mark.slow

OFFICE = "LibreOffice"
WRITERS = (OFFICE, "the program") if THOROUGH else (OFFICE if shutil.which("soffice") else "the program",)


@pytest.fixture(scope="module", params=WRITERS)
def trip(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Trip:
    """The round, played once for each program that saves the workbooks; with several workers, by the first of them."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"round by {request.param}"
    with FileLock(f"{shared}.lock"):
        kept = shared / "trip.pickle"
        if not kept.exists():
            shutil.rmtree(shared, ignore_errors=True)
            save = _saving(request.getfixturevalue("soffice"), shared) if request.param == OFFICE else _left
            kept.write_bytes(pickle.dumps(play(shared / "某局", save)))
        return pickle.loads(kept.read_bytes())


def _left(paths: list[Path]) -> None:
    """Leave the workbooks as they are."""


def _saving(soffice: Callable[..., Path], shared: Path) -> Callable[[list[Path]], None]:
    def save(paths: list[Path]) -> None:
        saved = shared / "saved"
        saved.mkdir()
        soffice(paths[0], "xlsx", saved, *paths[1:])
        for path in paths:
            (saved / path.name).replace(path)

    return save


def test_every_form_makes_the_round_or_says_why_not() -> None:
    """Each form has rules, figures and boards that change, or a reason in ``without``."""
    assert set(TABLE) == set(FORMS)
    for name, entry in TABLE.items():
        form, without = FORMS[name], entry.get("without", {})
        changed = [title for title, (before, after) in entry.get("figures", {}).items() if before != after]
        assert bool(changed) is ("figures" not in without), name
        rules = {each.split(" ")[1] for each in entry.get("receipt", ())}
        rules |= {each.split(" ")[1] for each in _all_found(entry)}
        assert bool(rules & {rule.name for rule in form.rules}) is ("rules" not in without), name
        moved = {board for board, _, _, before, after in entry.get("boards", ()) if before != after}
        assert moved == {board.title for board in form.boards}, name
        assert all(without.values()), name


@pytest.mark.parametrize("name", TABLE)
def test_a_form_makes_the_round(trip: Trip, name: str) -> None:
    entry, form = TABLE[name], FORMS[name]
    names = {rule.name for rule in form.rules} | {each.split(" ")[1] for each in _all_found(entry)}
    before, after = entry.get("found", ([], []))
    assert (_found(trip.told, form.sheet, names), _found(trip.before.found, form.sheet, names)) == (
        sorted(entry.get("receipt", ())),
        sorted(before),
    )
    cells = {each.split(" ")[0] for each in entry.get("receipt", ())}
    assert {cell for cell in cells if (form.sheet, cell) not in trip.listed} == set()
    to_mend = {each.split(" ")[0] for each in _found(trip.to_mend, form.sheet, names)}
    assert to_mend <= {*trip.marked.get(form.sheet, to_mend)}, "a workbook that goes back has them marked"
    assert _found(trip.after.found, form.sheet, names) == sorted(after)
    figures = {
        title: [seen.figures.get((form.sheet, title)) for seen in (trip.before, trip.after)]
        for title in entry.get("figures", ())
    }
    assert figures == entry.get("figures", {})
    boards = [
        [*place, *(_on_board(seen, *place) for seen in (trip.before, trip.after))]
        for *place, _, _ in entry.get("boards", ())
    ]
    assert boards == entry.get("boards", [])


@pytest.mark.parametrize("name", TABLE)
def test_what_is_typed_into_a_form_reaches_the_ledger(trip: Trip, name: str) -> None:
    """Every cell of a row is in the ledger as typed, or none: then the receipt says which rule holds the row."""
    form = FORMS[name]
    blocking = {rule.name for rule in form.rules if rule.severity is RuleSeverity.BLOCK}
    held = {each.split(" ")[0] for each in TABLE[name].get("receipt", ()) if each.split(" ")[1] in blocking}
    lost = [(code, cells) for code, cells in rows_typed(name) if not _is_in(trip, name, code, cells)]
    assert len(lost) == len({cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for cell in held}), lost


def _all_found(entry: Any) -> list[str]:
    return [each for found in entry.get("found", ()) for each in found]


def _found(found: Any, sheet: str, names: set[str]) -> list[str]:
    """Return the findings of a sheet that have one of these names."""
    return sorted(each for each in found.get(sheet, ()) if each.split(" ")[1] in names)


def _on_board(seen: Any, board: str, line: str, head: str) -> str | None:
    if not line:
        return seen.fractions.get(board)
    heads, *lines = seen.boards[board]
    return next((each[heads.index(head)] for each in lines if line in each), None)


def _is_in(trip: Trip, name: str, code: str, cells: dict[str, Any]) -> bool:
    register = trip.ledger.registers[name]
    settings = trip.ledger.settings

    def holds(record: Record) -> bool:
        return all(
            trip.ledger.meaning(register, record, key) == read_value(FORMS[name].column(key), value, settings).value
            for key, value in cells.items()
        )

    return holds(register.by_code[code]) if code else any(map(holds, register.records))
