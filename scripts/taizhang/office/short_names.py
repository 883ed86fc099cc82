"""Names where there is little room: whole where they fit, else their short name, else cut in the middle; no two ever look alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["distinct_names"]

Fits = Callable[[str], bool]
LONGEST = 100
"""Characters of a name that no column has room for."""


def distinct_names(names: Iterable[str], fits: Fits, short: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return each name as it can be shown, no two the same.

    ``fits`` says whether a text has room; ``short`` holds the short names that the office keeps. A name that does not fit is shown by its
    short name, where nobody else bears that; else its beginning and its end stay, or what tells it from those that begin and end alike.
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
        told = [cut] if len(group) == 1 else _telling([whole[name] for name in group], fits)
        shown |= dict(zip(group, told, strict=True))
    return _numbered({name: shown[name] for name in whole}, fits)


def _cut(text: str, fits: Fits) -> str:
    """Return a text cut in the middle: as much of its beginning and its end as there is room for."""
    for kept in range(min(len(text) - 1, LONGEST), 0, -1):
        head = (kept + 1) // 2
        cut = f"{text[:head]}…{text[len(text) - (kept - head) :]}"
        if fits(cut):
            return cut
    return "…"


def _telling(texts: Sequence[str], fits: Fits) -> list[str]:
    """Return texts that are alike at both ends cut so that what tells them apart is seen; the plain cut where nothing does."""
    same = next((n for n, chars in enumerate(zip(*texts, strict=False)) if len(set(chars)) > 1), min(map(len, texts)))
    found = []
    for text in texts:
        tail = text[same:]
        ends = (f"…{tail}", *(f"…{tail[:n]}…" for n in range(min(len(tail), LONGEST), 0, -1)))
        found.append(next((end for end in ends if fits(end)), "…"))
    return found if len(set(found)) == len(found) else [_cut(text, fits) for text in texts]


def _numbered(shown: Mapping[str, str], fits: Fits) -> dict[str, str]:
    """Return the texts, a number behind each that stands there already."""
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
