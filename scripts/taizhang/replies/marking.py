"""Marking a department's workbook: wrong cells coloured, commented, and listed on a sheet in front.

An issued form filled in the usual way is marked in place, and everything else in it stays. A workbook with comments, an
earlier receipt's marks, personal data anywhere, or parts other than plain markup (pictures, macros) is rewritten by
openpyxl (``rewriting``); what openpyxl drops is missing from the receipt only. Either way the copy is searched text by
text (``cleaning``). Call it in a process with limits (``worker``), since the bytes are foreign.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.replies.cleaning import has_no_personal_text, only_known_parts, pack, strip
from taizhang.replies.mend_list import FILLS, LIST_SHEET, MendGroup, mend_list
from taizhang.replies.rewriting import ODD_FORMAT, TOO_LARGE, CannotMark, first_cells, join_messages, note_size, rewrite
from taizhang.splice import Refused
from taizhang.splice.graft import add_sheet
from taizhang.splice.notes import Note, add_notes
from taizhang.splice.package import Package
from taizhang.splice.tabs import bring_to_front
from taizhang.system.files import digest_of
from taizhang.typed.personal import find_personal
from taizhang.workbook.containers import FileFormat
from taizhang.workbook.properties import CORE, MARKER, core_of, made_of, marked_core, saved_by_us
from taizhang.workbook.reader import Sheet, Workbook

__all__ = ["CannotMark", "is_mark_of", "mark", "refuse_unfit"]

MAX_SHEET_BYTES = 24_000_000
"""Most unpacked bytes of all sheets together; marking more would take minutes."""

_LOST = re.compile(
    r"/(?:media|charts|embeddings|externallinks|pivot\w+|activex|ctrlprops)/|drawings/drawing|vbaproject"
)
"""Parts that a rewritten copy loses, though somebody may have added them on purpose."""

_LEFT_OUT = "图片、图表、宏、和别的文件的链接没有放进这份回执；您原来的文件没有动，要用请从原文件里取。"


def mark(book: Workbook, title: str, lines: Sequence[str], sections: Sequence[MendGroup]) -> bytes:
    """Return a copy of a workbook with the cells of the findings marked and listed.

    Marks of an earlier receipt and all personal data are removed from the copy. Raises CannotMark with the reason if
    the workbook cannot be marked.
    """
    refuse_unfit(book.data)
    try:
        digest = _digest(book, title, lines, sections)
        package = _mark_in_place(book, sections, digest)
        if package is None:
            package = Package.read(rewrite(book, sections))
            _clean(package, digest)
            if not has_no_personal_text(package):
                raise CannotMark("表里带有个人信息或密级标志，去不干净")
            if any(map(_LOST.search, Package.read(book.data).by_path)):
                lines = [*lines, _LEFT_OUT]
        _put_list(package, title, lines, sections)
        return pack(package)
    except Refused:
        raise CannotMark(ODD_FORMAT) from None


def is_mark_of(path: Path, book: Workbook, title: str, lines: Sequence[str], sections: Sequence[MendGroup]) -> bool:
    """Whether a file is the result of ``mark`` for the same arguments, not saved by anybody since."""
    core = core_of(path)
    return saved_by_us(core) and made_of(core) == _digest(book, title, lines, sections)


def _digest(book: Workbook, title: str, lines: Sequence[str], sections: Sequence[MendGroup]) -> str:
    """Return the SHA-256 by which a marked workbook is recognised.

    Its text is spelled out part by part, so that receipts written by earlier versions are still recognised.
    """
    spelled = "".join(
        f"({heading!r}, {_severity(severity)}, "
        f"[{', '.join(f'({_spell_out(each)}, {code!r})' for each, code in found)}]), "
        for heading, severity, found in sections
    )
    facts = f"({book.sha256!r}, {title!r}, {lines!r}, [{spelled.removesuffix(', ')}])"
    return digest_of(facts.encode("utf-8", "replace"))


def _spell_out(finding: Finding) -> str:
    place = finding.place
    where = f"workbook={place.workbook!r}, sheet={place.sheet!r}, row={place.row!r}, column={place.column!r}"
    what = f"check={str(finding.check)!r}, message={finding.department_message!r}"
    return f"Finding(place=Place({where}), {what}, severity={_severity(finding.severity)}, parts=())"


def _severity(severity: Severity) -> str:
    return f"<Severity.{severity.name}: {severity.value!r}>"


def _mark_in_place(book: Workbook, sections: Sequence[MendGroup], digest: str) -> Package | None:
    """Return the workbook with its cells marked; None if something must be removed or is not understood."""
    findings = [finding for _, _, found in sections for finding, _ in found]
    carries = book.macros or book.embedded or book.external_links or book.kind is not FileFormat.XLSX
    if carries or any(each.check == Check.PERSONAL for each in findings) or any(map(_holds_personal, book.sheets)):
        return None
    try:
        package = Package.read(book.data)
        package.prove()
        if not _is_plain(package):
            return None
        _clean(package, digest)
        if not only_known_parts(package) or not has_no_personal_text(package):
            return None
        for sheet in book.sheets:
            if notes := _notes(sheet, sections):
                add_notes(package, sheet.name, notes, MARKER)
    except Refused:
        return None
    return package


def _holds_personal(sheet: Sheet) -> bool:
    return bool(find_personal(sheet.name)) or any(find_personal(raw) for row in sheet.rows for raw in row)


def _is_plain(package: Package) -> bool:
    """Whether a package is an .xlsx workbook without comments and without the list of an earlier receipt."""
    if b"spreadsheetml.sheet.main+xml" not in package.text("[Content_Types].xml") or not package.has(CORE):
        return False
    if any("comment" in path or "vmldrawing" in path for path in package.by_path):
        return False
    return not any(name.startswith(LIST_SHEET) for name in package.sheet_parts())


def _clean(package: Package, digest: str) -> None:
    strip(package)
    package.put(CORE, marked_core(package.text(CORE), digest))


def _notes(sheet: Sheet, sections: Sequence[MendGroup]) -> list[Note]:
    """Return the notes of a sheet; several findings at one cell share a note, in the colour of the gravest."""
    by_cell: dict[tuple[int, int], tuple[list[str], str]] = {}
    here = [
        (finding, severity)
        for _, severity, found in sections
        for finding, _ in found
        if severity in FILLS and finding.place.sheet == sheet.name and finding.place.row and finding.place.column
    ]
    first = first_cells(sheet.merged, ((each.place.row or 0, each.place.column or 0) for each, _ in here))
    for finding, severity in here:
        cell = finding.place.row or 0, finding.place.column or 0
        texts, _ = by_cell.setdefault(first.get(cell, cell), ([], FILLS[severity]))
        texts.append(finding.department_message)
    return [
        Note(row, column, text := join_messages(texts), note_size(text), colour)
        for (row, column), (texts, colour) in by_cell.items()
    ]


def _put_list(package: Package, title: str, lines: Sequence[str], sections: Sequence[MendGroup]) -> None:
    """Add the list as the first sheet of the workbook."""
    sheets = list(package.sheet_parts())
    taken = {name.casefold() for name in sheets}
    name = next(each for n in range(1000) if (each := f"{LIST_SHEET}{n or ''}").casefold() not in taken)
    add_sheet(package, mend_list(name, title, lines, sections, sheets))
    why = "本表由整改台账生成，改好后不用删，报回来时程序会略过。"
    add_notes(package, name, [Note(1, 1, why, (260, 60))], MARKER)
    bring_to_front(package, name)
    package.append_shared()


def refuse_unfit(data: bytes) -> None:
    """Raise CannotMark if the file is not an .xlsx, damaged or too large, judged by the zip directory alone."""
    if not data.startswith(b"PK"):
        raise CannotMark("文件是 .xls 旧格式或加了密，不能在上面标注；下次请另存为 .xlsx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise CannotMark("文件不完整") from None
    if not any(member.filename.lower().endswith("xl/workbook.xml") for member in members):
        raise CannotMark("文件不是 .xlsx 格式，不能在上面标注；下次请另存为 .xlsx")
    if sum(each.file_size for each in members if "worksheets/" in each.filename.lower()) > MAX_SHEET_BYTES:
        raise CannotMark(TOO_LARGE)
