"""What a copy that goes back must not carry: everything beside cells and their looks, and every text with personal data.

A workbook says things in many places that nobody sees: properties, headers, prompts, links, names, printers, pictures' own
data. What a receipt does not need is taken out whatever it says; the rest of the package is read text by text.
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
from taizhang.workbook.markup import RELATIONS, RELATIONSHIP, attribute, element, inner_text, unescaped

__all__ = ["in_utf8", "is_spoken_clean", "only_known_parts", "packed", "says_personal", "strip", "take_parts"]

_KNOWN = re.compile(
    r"\[content_types\]\.xml|_rels/\.rels|docprops/(?:app|core|custom)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/(?:workbook|styles|sharedstrings|calcchain|metadata)\.xml|xl/theme/[^/]+\.xml"
    r"|xl/(?:worksheets|chartsheets|tables|charts|drawings)/(?:_rels/[^/]+\.xml\.rels|[^/]+\.xml)"
)
"""Parts whose every text is read here; all others (pictures, macros, comments, caches, links to workbooks) are not put in place."""
_NOT_NEEDED = re.compile(r"docprops/thumbnail\.\w+|xl/printersettings/.+|customxml/.+").fullmatch
"""Parts that nothing of a receipt rests on: a small picture of the first page, the printer of the sender, data for other programs."""
_PROPERTIES = RELATIONS.removesuffix("relationships").encode()
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_BLANKED = {
    "docprops/app.xml": _HEAD + b'<Properties xmlns="%sextended-properties"><Application>Microsoft Excel</Application>'
    b"</Properties>" % _PROPERTIES,
    "docprops/custom.xml": _HEAD + b'<Properties xmlns="%scustom-properties"></Properties>' % _PROPERTIES,
}
"""Company and manager, and what other programs note of a file; every part stays where it is named."""

_OVERRIDE = re.compile(rb"<(?:\w+:)?Override\b[^<>]*>")
_PAGE_SETUP = re.compile(rb"<(?:\w+:)?pageSetup\b[^<>]*>")
_ID = re.compile(rb"""\s\w+:id\s*=\s*(?:"[^"]*"|'[^']*')""")

_OTHER_MARKUP = re.compile(rb"<!|<\?(?!xml\s)")
_OTHER_ENCODING = re.compile(
    rb"""\xff\xfe|\xfe\xff|[^<]{0,3}<\?xml\b[^<>]*\sencoding\s*=\s*["'](?!utf-?8["'])""", re.IGNORECASE
)
_TEXT = re.compile(rb">([^<]{6,})")
_ATTRIBUTE = re.compile(rb"""=\s*(?:"([^"<]{6,})"|'([^'<]{6,})')""")
"""What has fewer than six bytes is nobody's number and no mark (机密 has six)."""
_RUNS = re.compile(element(rb"(?:si|is|p|text)"))
"""Elements whose text may be cut into runs that look different: shared and inline strings, paragraphs, comments."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LAYOUT = re.compile(r'&(?:"[^"]*"|\d{1,3}|[A-Za-z])')
"""Codes in a header or footer that stand right before what it says: where, which face, what size."""
_IDENTIFIER = re.compile(r"\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_FEWEST = 7
"""Characters below which a text of ASCII is nobody's number and no mark."""
_LONGEST_KEPT = 200
"""Characters of a text whose answer is kept; longer ones are prose, of which no two are the same."""


def strip(package: Package) -> None:
    """Take out what a receipt does not need, whatever it says."""
    for path, blank in _BLANKED.items():
        if package.has(path):
            package.put(path, blank)
    take_parts(package, _NOT_NEEDED)


def take_parts(package: Package, is_one: Callable[[str], object]) -> None:
    """Take the parts of which ``is_one`` is true, by their path in small letters, out, and what names them."""
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
    """Take the relationships to what is gone out of a part, and where a sheet named its printer, that."""
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
    """Whether every part is one that holds nothing but markup that is read here."""
    return all(_KNOWN.fullmatch(path) for path, info in package.by_path.items() if info.filename not in package.removed)


def _names(package: Package) -> list[str]:
    """Return the names of the parts that are there now."""
    before = [info.filename for info in package.by_path.values()]
    return [name for name in dict.fromkeys((*before, *package.changed)) if name not in package.removed]


def is_spoken_clean(package: Package) -> bool:
    """Whether no text of any part holds personal or classified data; False too where a part hides its text from being read."""
    for name in _names(package):
        xml = package.text(name)
        if says_personal(name) or not in_utf8(xml) or _OTHER_MARKUP.search(xml):
            return False
        if any(map(says_personal, {*texts_of(xml)})):
            return False
    return True


def in_utf8(xml: bytes) -> bool:
    """Whether a part does not say that it is in another encoding, in which nothing is found that is looked for here."""
    return not _OTHER_ENCODING.match(xml)


def texts_of(xml: bytes) -> Iterator[str]:
    """Yield every text of a part: between tags, in attributes, and together what is cut into runs."""
    for found in _TEXT.findall(xml):
        yield unescaped(found)
    for one, other in _ATTRIBUTE.findall(xml):
        yield unescaped(one or other)
    for found in _RUNS.findall(xml):
        if found.count(b"<") > 4:
            yield inner_text(found)


def says_personal(text: str) -> bool:
    """Whether a text of a package holds personal or classified data, also in the spellings of links, headers and escapes."""
    return _says_personal(text) if len(text) > _LONGEST_KEPT else _short_says_personal(text)


def _says_personal(text: str) -> bool:
    if text.isspace() or (len(text) < _FEWEST and text.isascii()):
        return False
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    if _NUMBER.fullmatch(text):
        # A number as a cell stores it; of one with decimals no part is somebody's number.
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
"""The copies of one merge were made of one form: most of what they say is the same."""


def packed(package: Package) -> bytes:
    """Return the package written anew: of what was not changed too nothing but its text, so no notes or gaps of an archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as out:
        for name in _names(package):
            info = zipfile.ZipInfo(name.replace("\\", "/").lstrip("/"))
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, MADE_ON
            out.writestr(info, package.text(name))
    return target.getvalue()
