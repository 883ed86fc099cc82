"""The source document as paragraphs, from .txt and .docx, with automatic numbering written out as a reader sees it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Paragraph", "SourceError", "chinese_count", "read_source"]

ITEM_START = re.compile(
    r"\s*(?:[一二三四五六七八九十]+[、是要]|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、]|[①-⑳]|第[一二三四五六七八九十]+|问题\s*\d+)"
)


class SourceError(Exception):
    """A source document that cannot be read; its text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: its number in the document from 1, its exact text, and the label that Word numbers it with."""

    number: int
    text: str
    label: str = ""

    @property
    def seen(self) -> str:
        """The text as a reader sees it, with the automatic number in front."""
        return self.label + self.text.strip()


def read_source(path: Path) -> tuple[Paragraph, ...]:
    """Read a report; raises SourceError, with the cure, for what is neither text nor .docx."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise SourceError(f"找不到 {path.name}，请核对文件名和所在文件夹。") from None
    except OSError:
        raise SourceError(f"{path.name} 打不开：没有权限、正被占用，或者它是文件夹。") from None
    if data.startswith(b"PK\x03\x04"):
        return tuple(_docx_paragraphs(path.name, data))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SourceError(f"{path.name} 是旧版 .doc 或加了密码，请用 Word 或 WPS 打开后另存为 .docx。")
    lines = _rejoin(_decode(path.name, data).splitlines())
    kept = [line for line in lines if line.strip()]
    if not kept:
        raise SourceError(f"{path.name} 里没有文字，请核对是不是选错了文件。")
    return tuple(Paragraph(number, line) for number, line in enumerate(kept, 1))


def _decode(name: str, data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "strict")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return text
    raise SourceError(f"{name} 不是文字文件，请另存为 .docx 或 UTF-8 编码的 .txt。")


def _rejoin(lines: list[str]) -> list[str]:
    """Join the lines of a text that was wrapped by hand: most lines are about as long as the longest."""
    lengths = [len(line.strip()) for line in lines if line.strip()]
    longest = max(lengths, default=0)
    wrapped = longest <= 60 and sum(length >= longest - 4 for length in lengths) > len(lengths) / 2
    if not wrapped:
        return lines
    joined: list[str] = []
    full = False
    for line in lines:
        if joined and full and line.strip() and not ITEM_START.match(line) and joined[-1][-1:] not in "。！？":
            joined[-1] += line.strip()
        else:
            joined.append(line)
        full = len(line.strip()) >= longest - 4
    return joined


def _docx_paragraphs(name: str, data: bytes) -> Iterator[Paragraph]:
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table

    try:
        document = Document(io.BytesIO(data))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError):
        raise SourceError(f"{name} 不是 Word 文档或已损坏，请用 Word 或 WPS 打开后另存为 .docx。") from None
    labels = _Numbering(document)
    number = 0
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            texts = [("", "｜".join(dict.fromkeys(cell.text for cell in row.cells))) for row in block.rows]
        else:
            texts = [(labels.label(block), block.text)]
        for label, text in texts:
            if text.strip() or label:
                number += 1
                yield Paragraph(number, text, label)
    if not number:
        raise SourceError(f"{name} 里没有文字，请核对是不是选错了文件。")


class _Numbering:
    """The running counters of a document's automatic numbering."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        part = next(
            (rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")), None
        )
        if part is None:
            return
        from docx.oxml.ns import qn

        root = part.element
        abstract = {each.get(qn("w:abstractNumId")): each for each in root.findall(qn("w:abstractNum"))}
        for num in root.findall(qn("w:num")):
            link = num.find(qn("w:abstractNumId"))
            source = abstract.get(link.get(qn("w:val"))) if link is not None else None
            levels = {}
            for level in source.findall(qn("w:lvl")) if source is not None else ():
                values = {
                    key: found.get(qn("w:val")) if (found := level.find(qn(f"w:{key}"))) is not None else None
                    for key in ("numFmt", "lvlText", "start")
                }
                start = int(values["start"] or 1)
                levels[int(level.get(qn("w:ilvl")))] = (values["numFmt"] or "decimal", values["lvlText"] or "", start)
            self._levels[num.get(qn("w:numId"))] = levels

    def label(self, paragraph: Any) -> str:
        properties = _number_properties(paragraph)
        if properties is None or properties[0] not in self._levels:
            return ""
        number_id, level = properties
        levels = self._levels[number_id]
        if level not in levels or levels[level][0] in ("bullet", "none"):
            return ""
        counts = self._counts.setdefault(number_id, {})
        counts[level] = counts.get(level, levels[level][2] - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]

        def written(match: re.Match[str]) -> str:
            which = int(match[1]) - 1
            style, _, start = levels.get(which, ("decimal", "", 1))
            return _count(counts.get(which, start), style)

        return re.sub(r"%(\d)", written, levels[level][1])


def _number_properties(paragraph: Any) -> tuple[str, int] | None:
    from docx.oxml.ns import qn

    style = paragraph.style
    sources = [paragraph._p.pPr]
    while style is not None:
        sources.append(style.element.pPr)
        style = style.base_style
    for properties in sources:
        found = properties.numPr if properties is not None else None
        if found is not None and found.find(qn("w:numId")) is not None:
            level = found.find(qn("w:ilvl"))
            return found.find(qn("w:numId")).get(qn("w:val")), int(level.get(qn("w:val"))) if level is not None else 0
    return None


def _count(number: int, style: str) -> str:
    if style.startswith(("chinese", "japanese", "ideograph", "taiwanese")):
        return chinese_count(number)
    if style == "decimalEnclosedCircleChinese" and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    return str(number)


def chinese_count(number: int) -> str:
    """Return a number from 1 to 99 in Chinese: 3 → 三, 12 → 十二."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return ("" if tens <= 1 else digits[tens]) + ("十" if tens else "") + (digits[ones] if ones or not tens else "")
