"""情况报告 as a Word document in the official form (GB/T 9704-2012): faces, sizes, type area and page numbers.

Faces that a computer lacks are replaced by those of the font table (仿宋_GB2312 → 仿宋 …), so that nobody needs to
install any. What a person must still write is highlighted.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from xml.sax.saxutils import quoteattr

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from taizhang.papers.situation_text import TO_WRITE, Line, Role

__all__ = ["situation_document"]

_SONG, _HEI, _KAI, _FANG, _PLAIN = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", "宋体"
_INSTEAD = {_SONG: "宋体", _HEI: "SimHei", _KAI: "楷体", _FANG: "仿宋", _PLAIN: "SimSun"}
_SIZE, _TITLE_SIZE, _NUMBER_SIZE = 16, 22, 14
_LINE = 28.95
"""22 lines in the 225 mm of the type area, in points."""
_FACES = {Role.TITLE: _SONG, Role.FIRST: _HEI, Role.SECOND: _KAI}
_MARK = re.compile(f"(〔{TO_WRITE}：[^〔〕]*〕)")
_LONG_WORD = re.compile(r"[!-~]{20,}")
"""A word in Latin letters (an address) before which a justified line would be stretched."""
_DATE_INDENT = 4
"""The date of signature stands four characters from the right edge."""
_INK = datetime(1980, 1, 1).timetuple()[:6]
"""The time of every member of the package, so that the same report gives the same bytes."""


def situation_document(lines: Sequence[Line], created: datetime) -> bytes:
    """Return the Word document of a report; ``created`` is written into its properties."""
    document = Document()
    _set_page(document.sections[0])
    _set_page_numbers(document)
    _set_fonts(document)
    properties = document.core_properties
    titles = [line.text for line in lines if line.role is Role.TITLE]
    properties.title = "".join(titles)
    properties.author = properties.comments = properties.last_modified_by = ""
    properties.created = properties.modified = created
    signature = [line.text for line in lines if line.role is Role.SIGNATURE]
    for line in lines:
        _write_line(document, line, titles, signature)
    _keep_with_signature(document, len(signature))
    written = BytesIO()
    document.save(written)
    return _with_fixed_times(written.getvalue())


def _keep_with_signature(document: WordDocument, lines: int) -> None:
    """Keep the last paragraph on the page of the signature, so that no page has a signature alone."""
    before = document.paragraphs[: len(document.paragraphs) - lines][-1:] if lines else []
    for paragraph in before:
        paragraph.paragraph_format.keep_with_next = True


def _write_line(document: WordDocument, line: Line, titles: Sequence[str], signature: Sequence[str]) -> None:
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(_LINE)
    for piece in filter(None, _MARK.split(line.text)):
        run = paragraph.add_run(piece)
        _set_face(run, _FACES.get(line.role, _FANG), _TITLE_SIZE if line.role is Role.TITLE else _SIZE)
        run.bold = line.role is Role.THIRD
        if _MARK.fullmatch(piece):
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
    if line.role is Role.TITLE:
        form.alignment = WD_ALIGN_PARAGRAPH.CENTER
        form.line_spacing = Pt(36)
        form.space_after = Pt(_LINE if line.text is titles[-1] else 0)
    elif line.role is Role.SIGNATURE:
        form.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        form.keep_with_next = line.text is not signature[-1]
        form.space_before = Pt(0 if line.text is not signature[0] else 2 * _LINE)
        _set_indent(paragraph, rightChars=_signature_indent(line.text, signature[-1]))
    elif line.role is not Role.RECIPIENT:
        form.space_before = Pt(_LINE if line.role is Role.ATTACHMENT else 0)
        long = _LONG_WORD.search(line.text)
        form.alignment = WD_ALIGN_PARAGRAPH.LEFT if long else WD_ALIGN_PARAGRAPH.JUSTIFY
        form.keep_with_next = line.role in (Role.FIRST, Role.SECOND, Role.THIRD)
        _set_indent(paragraph, firstLineChars=200)


def _signature_indent(text: str, day: str) -> int:
    """Return the right indent in hundredths of a character: the name of the unit is centred above the date."""
    return round(100 * max(2, _DATE_INDENT + (_width(day) - _width(text)) / 2))


def _width(text: str) -> float:
    """Return the width of a text in full-width characters."""
    return sum(0.5 if char.isascii() else 1 for char in text)


def _set_page(section: Section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(23)


def _set_page_numbers(document: WordDocument) -> None:
    """Number the pages — 1 —: odd pages on the right, even ones on the left, one character from the edge."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, alignment, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT, "rightChars"),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, "leftChars"),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = alignment
        _set_indent(paragraph, **{side: 100})
        for text in ("— ", None, " —"):
            run = paragraph.add_run(text or "")
            _set_face(run, _PLAIN, _NUMBER_SIZE)
            if text is None:
                _add_page_field(run)


def _add_page_field(run: Run) -> None:
    for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("text", "1"), ("end", "")):
        element = OxmlElement("w:instrText" if text == "PAGE" else "w:t" if kind == "text" else "w:fldChar")
        if text:
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


def _set_face(run: Run, face: str, size: int) -> None:
    run.font.name, run.font.size = face, Pt(size)
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:cs"):
        fonts.set(qn(script), face)


def _set_indent(paragraph: Paragraph, **characters: int) -> None:
    """Set indents in hundredths of a character of 三号, so that they follow the size of the text."""
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    for name, hundredths in characters.items():
        indent.set(qn(f"w:{name}"), str(hundredths))
        indent.set(qn(f"w:{name.removesuffix('Chars')}"), str(round(hundredths / 100 * _SIZE * 20)))


def _set_fonts(document: WordDocument) -> None:
    """Name the faces, each with the one to use instead where it is missing."""
    faces = "".join(
        f"<w:font w:name={quoteattr(face)}><w:altName w:val={quoteattr(instead)}/><w:charset w:val='86'/></w:font>"
        for face, instead in _INSTEAD.items()
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    table = f"<?xml version='1.0' encoding='UTF-8' standalone='yes'?><w:fonts xmlns:w='{space}'>{faces}</w:fonts>"
    part = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    part._blob = table.encode()


def _with_fixed_times(package: bytes) -> bytes:
    """Return the package with the same time at every member."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(zipfile.ZipInfo(info.filename, _INK), old.read(info), zipfile.ZIP_DEFLATED)
    return written.getvalue()
