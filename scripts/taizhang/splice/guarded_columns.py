"""What a new column may bring when the written workbook is read back: rules independent of the writer's code."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from taizhang.splice.directory import Entry, entries, remove_entries
from taizhang.workbook.places import Area, area

__all__ = ["strip_added_columns", "strip_table_columns"]

_SECTIONS = ("cols", "dataValidations")
_COUNT = re.compile(rb"""(<(?:\w+:)?(?:dataValidations|tableColumns)\b[^<>]*?\scount\s*=\s*["'])\d+""")


def strip_added_columns(old: bytes, new: bytes, columns: Collection[int]) -> tuple[bytes, bytes] | None:
    """Return the markup around a sheet's rows, before and after, without the width and the prompts of new columns.

    None if another column's width or look changed, a new one is hidden, or a new prompt stands on other cells.
    """
    if not columns:
        return old, new
    before, after = (_looks_of_columns(part) for part in (old, new))
    for column in columns:
        if after.pop(column, {}).get("hidden", "0") not in ("0", "false"):
            return None
        before.pop(column, None)
    known, now = (entries(part, "dataValidations") for part in (old, new))
    added = now[len(known) :]
    if before != after or any(not _is_within(each, columns) for each in added):
        return None
    # What stood here before, new prompts may not cover.
    standing = [where for each in known for where in _areas(each)]
    if any(_overlap(one, other) for each in added for one in _areas(each) for other in standing):
        return None
    starts = {each.start for each in added}
    new = remove_entries(new, "dataValidations", lambda each: each.start in starts)
    dropped = ("cols",) if known else _SECTIONS
    bare = (remove_entries(part, "worksheet", lambda each: each.name in dropped) for part in (old, new))
    stripped, remaining = (_COUNT.sub(rb"\1", part) for part in bare)
    return stripped, remaining


def strip_table_columns(old: bytes, new: bytes, columns: Mapping[int, str]) -> tuple[bytes, bytes]:
    """Return a table's part before and after without the columns added at its end that have the new heads."""
    added = entries(new, "tableColumns")[len(entries(old, "tableColumns")) :] if columns else []
    if not added or any(set(each.attributes) != {"id", "name"} for each in added):
        return old, new
    if [each.attributes["name"] for each in added] != [*columns.values()][-len(added) :]:
        return old, new
    starts = {each.start for each in added}
    new = remove_entries(new, "tableColumns", lambda each: each.start in starts)
    return _COUNT.sub(rb"\1", old), _COUNT.sub(rb"\1", new)


def _looks_of_columns(part: bytes) -> dict[int, dict[str, str]]:
    """Return column → attributes of its width and look, for the columns that have any."""
    found: dict[int, dict[str, str]] = {}
    for each in entries(part, "cols"):
        looks = {key: value for key, value in each.attributes.items() if key not in ("min", "max")}
        for column in range(int(each.attributes["min"]), int(each.attributes["max"]) + 1):
            found[column] = looks
    return found


def _areas(validation: Entry) -> list[Area]:
    return [area(ref.encode()) for ref in validation.attributes.get("sqref", "").split()]


def _is_within(validation: Entry, columns: Collection[int]) -> bool:
    areas = _areas(validation)
    return bool(areas) and all(left == right and left in columns for _, left, _, right in areas)


def _overlap(one: Area, other: Area) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]
