"""Names for narrow columns: whole, as the office's short name, or cut in the middle; no two look the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["distinct_names"]

Fits = Callable[[str], bool]
LONGEST = 100
"""No column has room for this many characters."""


def distinct_names(names: Iterable[str], fits: Fits, short: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return each name as it can be shown, no two the same.

    ``fits`` tells whether a text has room; ``short`` is name → the office's short name. A name that does not fit is
    replaced by its short name if that is unique. Otherwise its beginning and end are kept, or, if several names then
    look the same, the part in which they differ.
    """
    whole = {name: " ".join(name.split()) for name in names}
    taken = Counter([*whole.values(), *(short[name] for name in whole if short and short.get(name))])
    shown: dict[str, str] = {}
    long: list[str] = []
    for name, text in whole.items():
        brief = short.get(name, "") if short else ""
        if fits(text):
            shown[name] = text
        elif brief and fits(brief) and taken[brief] == 1:
            shown[name] = brief
        else:
            long.append(name)
    alike: dict[str, list[str]] = {}
    for name in long:
        alike.setdefault(_cut(whole[name], fits), []).append(name)
    for cut, group in alike.items():
        cuts = [cut] if len(group) == 1 else _cut_to_difference([whole[name] for name in group], fits)
        shown |= dict(zip(group, cuts, strict=True))
    return _number_duplicates({name: shown[name] for name in whole}, fits)


def _cut(text: str, fits: Fits) -> str:
    """Cut a text in the middle, keeping as much of its beginning and end as fits."""
    for kept in range(min(len(text) - 1, LONGEST), 0, -1):
        head = (kept + 1) // 2
        cut = f"{text[:head]}…{text[len(text) - (kept - head) :]}"
        if fits(cut):
            return cut
    return "…"


def _cut_to_difference(texts: Sequence[str], fits: Fits) -> list[str]:
    """Cut texts that are alike at both ends so that their difference shows, or plainly if that does not fit."""
    same = next((n for n, chars in enumerate(zip(*texts, strict=False)) if len(set(chars)) > 1), min(map(len, texts)))
    found = []
    for text in texts:
        tail = text[same:]
        ends = (f"…{tail}", *(f"…{tail[:n]}…" for n in range(min(len(tail), LONGEST), 0, -1)))
        found.append(next((end for end in ends if fits(end)), "…"))
    return found if len(set(found)) == len(found) else [_cut(text, fits) for text in texts]


def _number_duplicates(shown: Mapping[str, str], fits: Fits) -> dict[str, str]:
    """Append a number to each text that occurred before."""
    used: set[str] = set()
    found = {}
    for name, text in shown.items():
        candidate, number = text, 1
        while candidate in used:
            number += 1
            mark = f"（{number}）"
            stem = next((text[:n] for n in range(len(text), 0, -1) if fits(text[:n] + mark)), "")
            candidate = stem + mark
        used.add(candidate)
        found[name] = candidate
    return found
