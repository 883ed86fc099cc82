"""Rows that hold more than values are told from the parts of a sheet, also from those that hold nothing."""

from __future__ import annotations

import re
from typing import Any

from support.packages import members, rewritten
from support.spliced import build
from taizhang.splice import anchored_rows

DRAWING = "xl/drawings/drawing1.xml"


def drawn(book: Any, sheet: Any) -> None:
    sheet.write_column(0, 0, range(9))
    sheet.insert_textbox(2, 1, "附注", {"height": 30})


def test_the_rows_below_a_drawing_are_anchored() -> None:
    assert anchored_rows(build(drawn), "表") == (frozenset({3, 4}), 9)


def test_a_drawing_without_anything_in_it_anchors_nothing() -> None:
    """LibreOffice keeps the drawing of a sheet from which nothing of it is left."""
    data = build(drawn)
    xml = members(data)[DRAWING]
    left = re.search(rb"<xdr:twoCellAnchor.*</xdr:twoCellAnchor>", xml, re.DOTALL)
    assert left
    assert anchored_rows(rewritten(data, DRAWING, left[0], b""), "表") == (frozenset(), 9)
