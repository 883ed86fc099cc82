"""Cleaning a copy of a workbook: remove parts that a receipt does not need, and find personal data in the rest.

A workbook holds text in many hidden places: properties, headers, prompts, links, names, printers, metadata of pictures.
Unneeded parts are removed whatever they contain; the rest of the package is searched text by text.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import lru_cache
from urllib.parse import unquote

from taizhang.splice.package import Package
from taizhang.system.zipped import MADE_ON
from taizhang.typed.personal import find_personal
from taizhang.workbook.markup import RELATIONS, RELATIONSHIP, attribute, element, inner_text, unescape

__all__ = ["has_no_personal_text", "in_utf8", "only_known_parts", "pack", "says_personal", "strip", "take_parts"]

_KNOWN = re.compile(
    r"\[content_types\]\.xml|_rels/\.rels|docprops/(?:app|core|custom)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/(?:workbook|styles|sharedstrings|calcchain|metadata)\.xml|xl/theme/[^/]+\.xml"
    r"|xl/(?:worksheets|chartsheets|tables|charts|drawings)/(?:_rels/[^/]+\.xml\.rels|[^/]+\.xml)"
)
"""Parts whose every text is searched here; a workbook with others (pictures, macros, comments, caches) is rewritten."""
_NOT_NEEDED = re.compile(r"docprops/thumbnail\.\w+|xl/printersettings/.+|customxml/.+").fullmatch
"""Parts that a receipt does not need: thumbnail of the first page, printer settings, data for other programs."""
_PROPERTIES = RELATIONS.removesuffix("relationships").encode()
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_BLANKED = {
    "docprops/app.xml": _HEAD + b'<Properties xmlns="%sextended-properties"><Application>Microsoft Excel</Application>'
    b"</Properties>" % _PROPERTIES,
    "docprops/custom.xml": _HEAD + b'<Properties xmlns="%scustom-properties"></Properties>' % _PROPERTIES,
}
"""Empty contents for the parts with company, manager and custom properties, which other parts refer to."""

_OVERRIDE = re.compile(rb"<(?:\w+:)?Override\b[^<>]*>")
_PAGE_SETUP = re.compile(rb"<(?:\w+:)?pageSetup\b[^<>]*>")
_ID = re.compile(rb"""\s\w+:id\s*=\s*(?:"[^"]*"|'[^']*')""")

_OTHER_MARKUP = re.compile(rb"<!|<\?(?!xml\s)")
_OTHER_ENCODING = re.compile(
    rb"""\xff\xfe|\xfe\xff|[^<]{0,3}<\?xml\b[^<>]*\sencoding\s*=\s*["'](?!utf-?8["'])""", re.IGNORECASE
)
_TEXT = re.compile(rb">([^<]{6,})")
_ATTRIBUTE = re.compile(rb"""=\s*(?:"([^"<]{6,})"|'([^'<]{6,})')""")
"""Texts below six bytes are neither a personal number nor a classification mark (机密 has six)."""
_RUNS = re.compile(element(rb"(?:si|is|p|text)"))
"""Elements whose text may be split into runs of different formats: strings, paragraphs, comments."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LAYOUT = re.compile(r'&(?:"[^"]*"|\d{1,3}|[A-Za-z])')
"""Codes before the text of a header or footer: position, font, size."""
_IDENTIFIER = re.compile(r"\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_FEWEST = 7
"""ASCII texts below this many characters are neither a personal number nor a mark."""
_LONGEST_KEPT = 200
"""Longest text, in characters, whose result is cached; longer ones are prose and rarely repeat."""


def strip(package: Package) -> None:
    """Remove what a receipt does not need, whatever it contains."""
    for path, blank in _BLANKED.items():
        if package.has(path):
            package.put(path, blank)
    take_parts(package, _NOT_NEEDED)


def take_parts(package: Package, is_one: Callable[[str], object]) -> None:
    """Remove the parts whose lower-case path satisfies ``is_one``, and the references to them."""
    gone = {path for path in package.by_path if is_one(path)}
    if not gone:
        return
    package.removed |= {package.by_path[path].filename for path in gone}
    for path in package.by_path:
        if path.endswith(".rels") and path not in gone:
            _forget(package, path, gone)
    types = package.text("[Content_Types].xml")
    package.put(
        "[Content_Types].xml",
        _OVERRIDE.sub(lambda m: b"" if attribute(m[0], b"PartName").lstrip("/").lower() in gone else m[0], types),
    )


def _forget(package: Package, relations: str, gone: set[str]) -> None:
    """Remove a part's relationships to removed parts, and a sheet's reference to its printer settings."""
    folder, _, name = relations.rpartition("_rels/")
    source = folder + name.removesuffix(".rels")
    keys = {key for key, (_, target) in package.related(source).items() if target.lower() in gone}
    if not keys:
        return
    xml = package.text(relations)
    package.put(relations, RELATIONSHIP.sub(lambda m: b"" if attribute(m[0], b"Id") in keys else m[0], xml))
    sheet = package.text(source) if source else b""
    if _PAGE_SETUP.search(sheet):
        package.put(source, _PAGE_SETUP.sub(lambda m: _ID.sub(b"", m[0]), sheet))


def only_known_parts(package: Package) -> bool:
    """Whether every part is of a kind whose texts are searched here."""
    return all(_KNOWN.fullmatch(path) for path, info in package.by_path.items() if info.filename not in package.removed)


def _names(package: Package) -> list[str]:
    """Return the names of the present parts, changes included."""
    before = [info.filename for info in package.by_path.values()]
    return [name for name in dict.fromkeys((*before, *package.changed)) if name not in package.removed]


def has_no_personal_text(package: Package) -> bool:
    """Whether no text of any part holds personal or classified data; False also if a part cannot be searched."""
    for name in _names(package):
        xml = package.text(name)
        if says_personal(name) or not in_utf8(xml) or _OTHER_MARKUP.search(xml):
            return False
        if any(map(says_personal, {*texts_of(xml)})):
            return False
    return True


def in_utf8(xml: bytes) -> bool:
    """Whether a part declares no encoding but UTF-8; in another one, the searches here would find nothing."""
    return not _OTHER_ENCODING.match(xml)


def texts_of(xml: bytes) -> Iterator[str]:
    """Yield every text of a part: between tags, in attributes, and joined if it is split into runs."""
    for found in _TEXT.findall(xml):
        yield unescape(found)
    for one, other in _ATTRIBUTE.findall(xml):
        yield unescape(one or other)
    for found in _RUNS.findall(xml):
        if found.count(b"<") > 4:
            yield inner_text(found)


def says_personal(text: str) -> bool:
    """Whether a text holds personal or classified data, also as encoded in links, headers and escapes."""
    return _says_personal(text) if len(text) > _LONGEST_KEPT else _short_says_personal(text)


def _says_personal(text: str) -> bool:
    if text.isspace() or (len(text) < _FEWEST and text.isascii()):
        return False
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    if _NUMBER.fullmatch(text):
        # A number as a cell stores it; digits of one with decimals are no personal number.
        if "." not in text and "e" not in text.lower():
            return bool(find_personal(text))
        number = float(text)
        return abs(number) < 1e20 and number == int(number) and bool(find_personal(number))
    if _IDENTIFIER.fullmatch(text):
        return False
    said = {text}
    if "%" in text:
        said.add(unquote(text))
    if "&" in text:
        said.add(_LAYOUT.sub(" ", text))
    return any(map(find_personal, said))


_short_says_personal = lru_cache(maxsize=8192)(_says_personal)
"""Cached, because the workbooks of one merge come from one form and share most of their texts."""


def pack(package: Package) -> bytes:
    """Return the package as a new zip with nothing but the contents of its parts: no zip comments, no gaps."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as out:
        for name in _names(package):
            info = zipfile.ZipInfo(name.replace("\\", "/").lstrip("/"))
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, MADE_ON
            out.writestr(info, package.text(name))
    return target.getvalue()
