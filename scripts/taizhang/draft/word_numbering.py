"""Word's automatic numbering: the label in front of a paragraph, counted as Word counts (ECMA-376 §17.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

from taizhang.typed.numerals import chinese_count

__all__ = ["Numbering", "format_count", "whole_number"]

_CHINESE = frozenset(
    [
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "ideographDigital",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "japaneseDigitalTenThousand",
        "taiwaneseDigital",
        "koreanDigital2",
    ]
)
_DIGIT_BY_DIGIT = frozenset(["ideographDigital", "taiwaneseDigital", "koreanDigital2"])
_HIGHEST = 999_999
"""Longer than any list of a report; it also limits the length of letter labels, which grows with the number."""
_DEEPEST = 100
"""The limit of list levels and of styles based on one another; Word allows nine and eleven."""
_CIRCLED = frozenset(["decimalEnclosedCircle", "decimalEnclosedCircleChinese", "ideographEnclosedCircle"])


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    text: str
    start: int
    restart: int | None  # lvlRestart: 0 never; n restarts after level n−1; None after any shallower level
    legal: bool  # isLgl: all counts of the label in Arabic digits


class Numbering:
    """The running counters of one document; labels must be requested in document order."""

    def __init__(self, document: Any) -> None:
        self._styles = {style.get(qn("w:styleId")): style for style in document.styles.element.iter(qn("w:style"))}
        self._default_style = next(
            (
                key
                for key, style in self._styles.items()
                if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) in ("1", "true")
            ),
            None,
        )
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._overrides: dict[str, dict[int, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._inherited: dict[str | None, list[Any]] = {}
        relations = document.part.rels.values()
        part = next((each.target_part for each in relations if each.reltype.endswith("/numbering")), None)
        if part is not None:
            self._read(part.element)

    def label(self, paragraph: Any) -> str:
        """Return the label that Word shows before a w:p, or an empty text; advances the counter."""
        number_id, depth = self._numbered(paragraph)
        level = self._levels.get(number_id, {}).get(depth) if number_id else None
        if number_id is None or level is None:
            return ""
        counts = self._advance(number_id, depth, level)
        if level.format in ("bullet", "none"):
            return ""

        def written(match: re.Match[str]) -> str:
            which = int(match[1]) - 1
            shown = self._levels[number_id].get(which)
            if shown is None:
                return ""
            return format_count(counts.get(which, shown.start), "decimal" if level.legal else shown.format)

        return re.sub(r"%([1-9])", written, level.text)

    def heading(self, paragraph: Any) -> int:
        """Return the outline level of a w:p, from 1, its style included; 0 for body text."""
        for properties in self._properties(paragraph):
            outline = properties.find(qn("w:outlineLvl"))
            if outline is not None:
                value = whole_number(outline.get(qn("w:val")), 9)
                return value + 1 if value < 9 else 0
        return 0

    def _read(self, root: Any) -> None:
        abstract = {each.get(qn("w:abstractNumId")): each for each in root.findall(qn("w:abstractNum"))}
        linked: dict[str | None, Any] = {}
        for each in abstract.values():
            if (own := each.find(qn("w:styleLink"))) is not None:
                linked.setdefault(own.get(qn("w:val")), each)
        known: dict[str | None, dict[int, _Level]] = {}
        for num in root.findall(qn("w:num")):
            link = num.find(qn("w:abstractNumId"))
            source = abstract.get(link.get(qn("w:val"))) if link is not None else None
            if source is None:
                continue
            number_id = num.get(qn("w:numId"))
            # numStyleLink: the levels are in another definition, named by a numbering style.
            link = source.find(qn("w:numStyleLink"))
            source = linked.get(link.get(qn("w:val")), source) if link is not None else source
            key = source.get(qn("w:abstractNumId"))
            if key not in known:
                known[key] = {
                    whole_number(each.get(qn("w:ilvl")), 0, _DEEPEST): _level(each)
                    for each in source.findall(qn("w:lvl"))
                }
            levels = dict(known[key])
            starts: dict[int, int] = {}
            for override in num.findall(qn("w:lvlOverride")):
                depth = whole_number(override.get(qn("w:ilvl")), 0, _DEEPEST)
                own = override.find(qn("w:lvl"))
                if own is not None:
                    levels[depth] = _level(own)
                start = override.find(qn("w:startOverride"))
                if start is not None:
                    starts[depth] = whole_number(start.get(qn("w:val")), 1)
            self._levels[number_id] = levels
            self._overrides[number_id] = starts
            self._abstract[number_id] = source.get(qn("w:abstractNumId"))

    def _advance(self, number_id: str, depth: int, level: _Level) -> dict[int, int]:
        """Count one paragraph and return the counts by level.

        Lists of one definition share their counters; a start override takes effect at first use.
        """
        counts = self._counts.setdefault(self._abstract[number_id], {})
        overrides = self._overrides[number_id]
        if depth in overrides:
            counts[depth] = overrides.pop(depth)
        else:
            counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [each for each in counts if each > depth]:
            below = self._levels[number_id].get(deeper)
            limit = below.restart if below is not None else None
            if limit is None or depth < limit:
                del counts[deeper]
        return counts

    def _properties(self, paragraph: Any) -> list[Any]:
        """Return the w:pPr of a paragraph, then those of its style and of the styles on which it is based."""
        own = paragraph.find(qn("w:pPr"))
        named = own.find(qn("w:pStyle")) if own is not None else None
        style = named.get(qn("w:val")) if named is not None else self._default_style
        if style not in self._inherited:
            self._inherited[style] = self._of_style(style)
        return [*([own] if own is not None else []), *self._inherited[style]]

    def _of_style(self, named: str | None) -> list[Any]:
        found: list[Any] = []
        style = self._styles.get(named)
        seen: set[int] = set()
        while style is not None and id(style) not in seen and len(seen) < _DEEPEST:
            seen.add(id(style))
            properties = style.find(qn("w:pPr"))
            if properties is not None:
                found.append(properties)
            based = style.find(qn("w:basedOn"))
            style = self._styles.get(based.get(qn("w:val"))) if based is not None else None
        return found

    def _numbered(self, paragraph: Any) -> tuple[str | None, int]:
        """Return the list and the level of a paragraph by the nearest definition.

        numId 0, which no list has, removes numbering.
        """
        depth: int | None = None
        for properties in self._properties(paragraph):
            numbered = properties.find(qn("w:numPr"))
            if numbered is None:
                continue
            level = numbered.find(qn("w:ilvl"))
            if depth is None and level is not None:
                depth = whole_number(level.get(qn("w:val")), 0, _DEEPEST)
            number = numbered.find(qn("w:numId"))
            if number is not None:
                return number.get(qn("w:val")), depth or 0
        return None, 0


def whole_number(text: str | None, default: int, most: int = _HIGHEST) -> int:
    """Return the whole number in an attribute, at most ``most``; ``default`` if it is not one."""
    if text is None or not (text.isascii() and text.isdigit()):
        return default
    return min(int(text[:9]), most)


def format_count(number: int, style: str) -> str:
    """Return a count in one of Word's number formats; in digits for formats that Chinese reports do not use."""
    if not 0 <= number <= _HIGHEST:
        return str(number)
    if style in _DIGIT_BY_DIGIT and number > 9:
        return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))
    if style in _CHINESE:
        return chinese_count(number)
    if style in _CIRCLED and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    if style == "decimalFullWidth":
        return str(number).translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    if style in ("lowerLetter", "upperLetter") and 0 < number <= 780:  # Word repeats a letter 30 times at most
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if style == "upperLetter" else letter
    if style in ("lowerRoman", "upperRoman") and 0 < number < 40:
        return _roman(number) if style == "upperRoman" else _roman(number).lower()
    return str(number)


def _roman(number: int) -> str:
    tens, ones = divmod(number, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]


def _level(element: Any) -> _Level:
    def value(name: str) -> str | None:
        found = element.find(qn(f"w:{name}"))
        return found.get(qn("w:val")) if found is not None else None

    restart = value("lvlRestart")
    legal = element.find(qn("w:isLgl"))
    return _Level(
        value("numFmt") or "decimal",
        value("lvlText") or "",
        whole_number(value("start"), 1),
        whole_number(restart, 0) if restart is not None else None,
        legal is not None and legal.get(qn("w:val")) not in ("0", "false"),
    )
