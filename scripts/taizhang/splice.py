"""Changing cells of a workbook in place, by splicing bytes.

Only the bytes of touched cells and rows are replaced; the sheet's XML is never re-serialised and every other member of the package
keeps its content. What cannot be done safely is refused before anything is written.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

from taizhang.places import a1, column_letters
from taizhang.workbooks import BROKEN_ZIP

__all__ = ["AppendRow", "Refused", "SetCell", "check_patch", "patch"]

_ROW = re.compile(rb"<(?P<p>\w+:)?row\b(?P<attrs>[^>]*?)(?:/>|>(?P<cells>.*?)</(?P=p)?row>)", re.DOTALL)
_CELL = re.compile(rb"<(?P<p>\w+:)?c\b(?P<attrs>[^>]*?)(?:/>|>(?P<inner>.*?)</(?:\w+:)?c>)", re.DOTALL)
_REF = re.compile(rb"""\br=["']([A-Z]+)(\d+)["']""")
_STYLE = re.compile(rb"""\bs=["'](\d+)["']""")
_STRETCHED = re.compile(
    rb"(<(?:\w+:)?(?:autoFilter|sortState|sortCondition|conditionalFormatting|dataValidation|ignoredError|protectedRange)\b[^>]*?\b(?:ref|sqref)=[\"'])([^\"']+)|(<xm:sqref>)([^<]+)"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BUILTIN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])

CellValue = str | float | int | bool | date | datetime | None


class Refused(Exception):
    """A change that cannot be made safely; nothing was written. ``rule`` is kebab-case; the text says why and what to do."""

    def __init__(self, rule: str, message: str) -> None:
        self.rule, self.message = rule, message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class SetCell:
    """Give one cell (1-based row and column) a value; None makes it blank. Its style stays."""

    sheet: str
    row: int
    column: int
    value: CellValue


@dataclass(frozen=True, slots=True)
class AppendRow:
    """Add a row below the block whose last row is ``after``; several with the same ``after`` go one below the other.

    A formatted blank row that already stands there is filled and keeps its look; else the look of the row above is taken.
    """

    sheet: str
    after: int
    cells: Mapping[int, CellValue]


Edit = SetCell | AppendRow


def patch(workbook: bytes, edits: Sequence[Edit]) -> tuple[bytes, list[SetCell]]:
    """Return the workbook with the edits made, and every cell that was given a value; raises Refused."""
    if not edits:
        return workbook, []
    package = _Package.read(workbook)
    cells: list[SetCell] = []
    for sheet in dict.fromkeys(edit.sheet for edit in edits):
        part = package.sheet_part(sheet)
        own = [edit for edit in edits if edit.sheet == sheet]
        patched, landed = _Sheet(sheet, part, package).patch(own)
        package.changed[part] = patched
        cells += landed
    package.append_shared()
    package.forget_results({edit.sheet for edit in edits})
    return package.write(), cells


def check_patch(before: bytes, after: bytes, cells: Iterable[SetCell]) -> None:
    """Read the result back: other cells as they were, the intended ones as intended; raises Refused where they are not."""
    from pathlib import Path

    from taizhang.workbooks import Sheet, read_workbook

    intended = {(cell.sheet, cell.row, cell.column): cell.value for cell in cells}
    touched = {sheet for sheet, _, _ in intended}
    old, new = (read_workbook(Path("台账.xlsx"), data) for data in (before, after))

    def differences(a: Sheet, b: Sheet) -> Iterable[tuple[int, int]]:
        for row in range(1, max(len(a.rows), len(b.rows)) + 1):
            left = a.rows[row - 1] if row <= len(a.rows) else []
            right = b.rows[row - 1] if row <= len(b.rows) else []
            if left != right:
                width = max(len(left), len(right))
                yield from (
                    (row, column) for column in range(1, width + 1) if a.value(row, column) != b.value(row, column)
                )

    if [sheet.name for sheet in old.sheets] != [sheet.name for sheet in new.sheets]:
        raise Refused("read-back", "写入后表的名称对不上，已放弃写入，台账没有变。")
    for a, b in zip(old.sheets, new.sheets, strict=True):
        for row, column in differences(a, b) if a.name in touched or a.rows != b.rows else ():
            if (a.name, row, column) not in intended and (row, column) not in a.formulas:
                raise Refused("read-back", f"写入后〈{a.name}〉{a1(row, column)} 意外变化，已放弃写入，台账没有变。")
    for (sheet, row, column), value in intended.items():
        found = new.by_name[sheet].value(row, column)
        if _plain(found) != _plain(value):
            raise Refused("read-back", f"写入后〈{sheet}〉{a1(row, column)} 读回来不对，已放弃写入，台账没有变。")


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date() if value.time().isoformat() == "00:00:00" else value
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


@dataclass
class _Package:
    """The members of the workbook's zip, and those that changed."""

    members: list[tuple[zipfile.ZipInfo, bytes]]
    changed: dict[str, bytes]
    by_path: dict[str, str]
    shared: list[str] = field(default_factory=list)
    shared_before: int = -1

    @classmethod
    def read(cls, workbook: bytes) -> _Package:
        if workbook.startswith(b"\xd0\xcf\x11\xe0"):
            raise Refused("not-xlsx", "台账是旧格式（.xls/.et）或加了密码，请另存为不加密的 .xlsx。")
        try:
            with zipfile.ZipFile(io.BytesIO(workbook)) as package:
                members = [(info, package.read(info)) for info in package.infolist()]
        except BROKEN_ZIP:
            raise Refused(
                "damaged", "台账文件不完整或已损坏，请用历史里的上一份，或用 Excel 打开修复后再试。"
            ) from None
        paths: dict[str, str] = {}
        for info, _ in members:
            key = info.filename.replace("\\", "/").lower()
            if key in paths:
                raise Refused("duplicate-member", "台账文件里有重复的部分，请用 Excel 或 WPS 打开后另存一次。")
            paths[key] = info.filename
        if any(key.startswith("_xmlsignatures/") for key in paths):
            raise Refused("signed", "台账有数字签名，改动会使签名失效，请先在 Excel 里去掉签名。")
        return cls(members, {}, paths)

    def text(self, path: str) -> bytes:
        name = self.by_path.get(path.lower(), "")
        if name in self.changed:
            return self.changed[name]
        return next((data for info, data in self.members if info.filename == name), b"")

    def put(self, path: str, data: bytes) -> None:
        self.changed[self.by_path[path.lower()]] = data

    def related(self, path: str) -> dict[str, tuple[str, str]]:
        """Return relationship id → (type, target path) of a part."""
        folder, _, name = path.rpartition("/")
        rels = self.text(f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels")
        found = {}
        for tag in re.findall(rb"<(?:\w+:)?Relationship\b[^>]*>", rels):
            target = _attribute(tag, b"Target")
            full = target.lstrip("/") if target.startswith("/") else _join(folder, target)
            found[_attribute(tag, b"Id")] = (_attribute(tag, b"Type"), full)
        return found

    @property
    def book_path(self) -> str:
        for kind, target in self.related("").values():
            if kind.endswith("/officeDocument"):
                return target
        raise Refused("no-workbook", "台账文件里找不到工作簿，请用 Excel 或 WPS 打开后另存为 .xlsx。")

    def sheet_parts(self) -> dict[str, str]:
        related = self.related(self.book_path)
        sheets = {}
        for tag in re.findall(rb"<(?:\w+:)?sheet\b[^>]*>", self.text(self.book_path)):
            key = _attribute(tag, rb"\w+:id")
            if key in related and related[key][0].endswith("/worksheet"):
                sheets[_attribute(tag, b"name")] = related[key][1]
        return sheets

    def sheet_part(self, sheet: str) -> str:
        path = self.sheet_parts().get(sheet)
        if path is None or path.lower() not in self.by_path:
            raise Refused("no-sheet", f"台账里找不到〈{sheet}〉表，可能刚被改名，请重新运行。")
        return self.by_path[path.lower()]

    def part_of_type(self, kind: str) -> str | None:
        return next((path for each, path in self.related(self.book_path).values() if each.endswith(f"/{kind}")), None)

    def forget_results(self, sheets: set[str]) -> None:
        """Drop the cached results of formulas that may depend on the sheets, and ask Excel to calculate on opening.

        Dependence is followed by sheet name; when in doubt a result is dropped, since a missing one is calculated and a
        stale one misleads.
        """
        parts = {
            name: path
            for name, path in self.sheet_parts().items()
            if b"<f" in self.text(path) or b":f" in self.text(path)
        }
        stale, done = set(sheets), set()
        while pending := [name for name in parts if name not in done and self._depends(parts[name], name, stale)]:
            for name in pending:
                done.add(name)
                stale.add(name)
                text = self.text(parts[name])
                self.put(parts[name], _drop_results(text))
        if parts:
            self._calculate_on_load()

    def _depends(self, path: str, name: str, stale: set[str]) -> bool:
        if name in stale:
            return True
        formulas = b"".join(re.findall(rb"<(?:\w+:)?f\b[^>]*>([^<]*)", self.text(path)))
        names = b"definedName" in self.text(self.book_path) and re.search(
            rb"[A-Za-z\x80-\xff_]{2,}(?![A-Za-z(!'])", formulas
        )
        return bool(names) or any(sheet.encode() in formulas for sheet in stale)

    def _calculate_on_load(self) -> None:
        book = self.text(self.book_path)
        tag = re.search(rb"<(?:\w+:)?calcPr\b[^>]*?/?>", book)
        if tag and b"fullCalcOnLoad" in tag[0]:
            fixed = re.sub(rb"""fullCalcOnLoad=["'][^"']*["']""", b'fullCalcOnLoad="1"', tag[0])
            self.put(self.book_path, book.replace(tag[0], fixed))
        elif tag:
            end = b"/>" if tag[0].endswith(b"/>") else b">"
            self.put(self.book_path, book.replace(tag[0], tag[0][: -len(end)] + b' fullCalcOnLoad="1"' + end))

    def share(self, path: str, text: str) -> int:
        """Return the index of a text that will be appended to the shared strings; existing ones are never edited."""
        if self.shared_before < 0:
            self.shared_before = len(re.findall(rb"<(?:\w+:)?si[\s/>]", self.text(path)))
        self.shared.append(text)
        return self.shared_before + len(self.shared) - 1

    def append_shared(self) -> None:
        """Append the texts that were shared, all at once."""
        path = self.part_of_type("sharedStrings")
        if not self.shared or path is None:
            return
        strings = self.text(path)
        prefix = re.search(rb"<(\w+:)?sst\b", strings)
        p = (prefix[1] or b"").decode() if prefix else ""
        items = "".join(f"<{p}si><{p}t{_space(text)}>{escape(text)}</{p}t></{p}si>" for text in self.shared).encode()
        end = f"</{p}sst>".encode()
        if end in strings:
            strings = strings.replace(end, items + end)
        else:
            strings = re.sub(
                rb"<((?:\w+:)?sst\b[^>]*?)/>", lambda m: b"<" + m[1] + b">" + items + end, strings, count=1
            )

        def more(match: re.Match[bytes]) -> bytes:
            return match[1] + b"%d" % (int(match[2]) + len(self.shared))

        self.put(path, re.sub(rb"(\b(?:uniqueCount|count)=[\"'])(\d+)", more, strings, count=2))

    def write(self) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as package:
            for info, data in self.members:
                package.writestr(info, self.changed.get(info.filename, data))
        return target.getvalue()


def _drop_results(xml: bytes) -> bytes:
    def without(match: re.Match[bytes]) -> bytes:
        inner = match["inner"] or b""
        if not re.search(rb"<(?:\w+:)?f[\s/>]", inner):
            return match[0]
        kept = re.sub(rb"<(?:\w+:)?v>.*?</(?:\w+:)?v>|<(?:\w+:)?v/>", b"", inner, flags=re.DOTALL)
        return match[0].replace(inner, kept) if kept != inner else match[0]

    return _CELL.sub(without, xml)


def _join(folder: str, target: str) -> str:
    parts = folder.split("/") if folder else []
    for step in target.split("/"):
        if step == "..":
            parts = parts[:-1]
        elif step != ".":
            parts.append(step)
    return "/".join(parts)


def _attribute(tag: bytes, name: bytes) -> str:
    from xml.sax.saxutils import unescape

    match = re.search(rb"\s" + name + rb"""=(?:"([^"]*)"|'([^']*)')""", tag)
    text = ((match[1] or match[2] or b"") if match else b"").decode("utf-8", "replace")
    return unescape(text, {"&quot;": '"', "&apos;": "'"})


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


class _Sheet:
    """One sheet being patched."""

    def __init__(self, name: str, part: str, package: _Package) -> None:
        self.name, self.part, self.package = name, part, package
        self.xml = package.text(part)
        data = re.search(rb"<(?P<p>\w+:)?sheetData(?:/>|>(?P<rows>.*)</(?:\w+:)?sheetData>)", self.xml, re.DOTALL)
        if self.xml[:2] in (b"\xff\xfe", b"\xfe\xff") or data is None:
            raise Refused("encoding", f"〈{name}〉的存储方式少见，不能安全改写，请用 Excel 或 WPS 打开后另存一次。")
        rows = data["rows"] or b""
        if b"<![CDATA[" in rows or b"<!--" in rows or b"AlternateContent" in rows:
            raise Refused(
                "unusual-markup", f"〈{name}〉里有不寻常的标记，不能安全改写，请用 Excel 或 WPS 打开后另存一次。"
            )
        self.start, self.end, self.prefix = data.start("rows"), data.end("rows"), (data["p"] or b"").decode()
        if data["rows"] is None:
            self.start = self.end = -1
        self.rows: dict[int, bytes] = {}
        last = 0
        for match in _ROW.finditer(rows):
            number = re.search(rb"""\br=["'](\d+)["']""", match["attrs"])
            row = int(number[1]) if number else last + 1
            if row <= last:
                raise Refused(
                    "row-order", f"〈{name}〉的行次序是乱的，不能安全改写，请用 Excel 或 WPS 打开后另存一次。"
                )
            self.rows[row] = match[0]
            last = row
        tail = self.xml[data.end() :]
        self.merged = [_area(ref) for ref in re.findall(rb"<(?:\w+:)?mergeCell\b[^>]*?ref=[\"']([^\"']+)", tail)]
        self.computed = [
            _area(ref)
            for ref in re.findall(rb"<(?:\w+:)?f\b[^>]*?t=[\"'](?:array|dataTable)[\"'][^>]*?ref=[\"']([^\"']+)", rows)
        ]
        self.computed += self._pivots()

    def _pivots(self) -> list[tuple[int, int, int, int]]:
        areas = []
        for kind, path in self.package.related(self.part).values():
            if kind.endswith("/pivotTable"):
                found = re.search(rb"<(?:\w+:)?location\b[^>]*?ref=[\"']([^\"']+)", self.package.text(path))
                areas += [_area(found[1])] if found else []
        return areas

    def patch(self, edits: Sequence[Edit]) -> tuple[bytes, list[SetCell]]:
        landed = [edit for edit in edits if isinstance(edit, SetCell)]
        blocks: dict[int, list[AppendRow]] = {}
        for edit in edits:
            if isinstance(edit, AppendRow):
                blocks.setdefault(edit.after, []).append(edit)
        for after, appended in blocks.items():
            landed += self._append(after, appended)
        touched: dict[int, list[SetCell]] = {}
        for cell in landed:
            touched.setdefault(cell.row, []).append(cell)
        for row, cells in touched.items():
            self._refuse_unsafe(cells)
            self.rows[row] = self._patched_row(row, cells)
        return self._assembled(max((cell.row for cell in landed), default=0), blocks), landed

    def _append(self, after: int, appended: list[AppendRow]) -> list[SetCell]:
        below = [row for row in self.rows if row > after and _has_value(self.rows[row])]
        if below:
            raise Refused(
                "values-below",
                f"〈{self.name}〉第 {min(below)} 行在登记表下面还有内容，不能往下加行，请把它移到别的表或右侧。",
            )
        if any(top <= after < bottom for top, _, bottom, _ in self.merged) or any(
            top > after for top, *_ in self.merged
        ):
            raise Refused("merged-below", f"〈{self.name}〉第 {after} 行以下有合并单元格，不能往下加行，请先取消合并。")
        template = self.rows.get(after, b"")
        landed = []
        for offset, edit in enumerate(appended, 1):
            row = after + offset
            if row not in self.rows:
                self.rows[row] = self._blank_like(template, row)
            template = self.rows[row]
            landed += [SetCell(self.name, row, column, value) for column, value in edit.cells.items()]
        return landed

    def _blank_like(self, template: bytes, row: int) -> bytes:
        match = _ROW.match(template)
        attrs = re.sub(rb"""\s(?:r|spans)=["'][^"']*["']""", b"", match["attrs"]) if match else b""
        cells = b""
        for cell in _CELL.finditer((match["cells"] or b"") if match else b""):
            style, ref = _STYLE.search(cell["attrs"]), _REF.search(cell["attrs"])
            if style and ref:
                cells += b'<%sc r="%s%d" s="%s"/>' % (self.prefix.encode(), ref[1], row, style[1])
        p = self.prefix.encode()
        return b'<%srow r="%d"%s>%s</%srow>' % (p, row, attrs.rstrip(b"/"), cells, p)

    def _refuse_unsafe(self, cells: list[SetCell]) -> None:
        for cell in cells:
            where = f"〈{self.name}〉{a1(cell.row, cell.column)}"
            for top, left, bottom, right in self.merged:
                inside = top <= cell.row <= bottom and left <= cell.column <= right
                if inside and (cell.row, cell.column) != (top, left):
                    raise Refused("merged", f"{where} 在合并单元格里，写进去看不见，请先取消合并。")
            for top, left, bottom, right in self.computed:
                if top <= cell.row <= bottom and left <= cell.column <= right:
                    raise Refused("computed", f"{where} 由公式或透视表算出，不能写入，请把它改成普通单元格。")

    def _patched_row(self, row: int, cells: list[SetCell]) -> bytes:
        match = _ROW.fullmatch(self.rows.get(row, b"")) or _ROW.fullmatch(self._blank_like(b"", row))
        if match is None:
            raise Refused("unusual-markup", f"〈{self.name}〉第 {row} 行的写法少见，请用 Excel 或 WPS 打开后另存一次。")
        inner = match["cells"] or b""
        existing: dict[int, bytes] = {}
        for cell in _CELL.finditer(inner):
            ref = _REF.search(cell["attrs"])
            existing[_number(ref[1]) if ref else max(existing, default=0) + 1] = cell[0]
        for cell in cells:
            existing[cell.column] = self._cell(cell, existing.get(cell.column, b""))
        p = self.prefix.encode()
        attrs = re.sub(rb"""\sspans=["'][^"']*["']""", b"", match["attrs"])
        return b"<%srow%s>%s</%srow>" % (p, attrs, b"".join(existing[key] for key in sorted(existing)), p)

    def _cell(self, cell: SetCell, old: bytes) -> bytes:
        where = f"〈{self.name}〉{a1(cell.row, cell.column)}"
        if re.search(rb"<(?:\w+:)?f[\s/>]", old):
            raise Refused("formula", f"{where} 是公式，不能用填报内容覆盖，请把它改成普通单元格后再汇总。")
        match = _CELL.fullmatch(old)
        style = _STYLE.search(match["attrs"]) if match else None
        style_id = int(style[1]) if style else None
        if isinstance(cell.value, date):
            style_id = self._date_style(style_id or 0)
        p = self.prefix
        head = f'<{p}c r="{a1(cell.row, cell.column)}"' + (f' s="{style_id}"' if style_id is not None else "")
        return (head + self._content(cell.value, where)).encode()

    def _content(self, value: CellValue, where: str) -> str:
        p = self.prefix
        if value is None or value == "":
            return "/>"
        if isinstance(value, bool):
            return f' t="b"><{p}v>{int(value)}</{p}v></{p}c>'
        if isinstance(value, date):
            return f"><{p}v>{self._serial(value)}</{p}v></{p}c>"
        if isinstance(value, (int, float)):
            if not math.isfinite(value) or (isinstance(value, int) and abs(value) >= 10**15):
                raise Refused("number", f"{where} 要写的数太大，Excel 存不准，请改成文字。")
            return f"><{p}v>{value!r}</{p}v></{p}c>"
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        if _CONTROL.search(text) or len(text) > 32_767:
            raise Refused("text", f"{where} 的文字太长或含有不能显示的字符，请删去后再汇总。")
        text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
        shared = self.package.part_of_type("sharedStrings")
        if shared and shared.lower() in self.package.by_path:
            return f' t="s"><{p}v>{self.package.share(shared, text)}</{p}v></{p}c>'
        return f' t="inlineStr"><{p}is><{p}t{_space(text)}>{escape(text)}</{p}t></{p}is></{p}c>'

    def _serial(self, day: date) -> str:
        book = self.package.text(self.package.book_path)
        origin = datetime(1904, 1, 1) if re.search(rb"""date1904=["'](1|true)["']""", book) else datetime(1899, 12, 30)
        moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
        days = (moment - origin).total_seconds() / 86_400
        return str(int(days)) if days == int(days) else repr(days)

    def _date_style(self, style_id: int) -> int:
        """Return the style if it shows a date; else a copy of it that does, so that a person sees no bare number."""
        path = self.package.part_of_type("styles")
        styles = self.package.text(path) if path else b""
        block = re.search(rb"<(?:\w+:)?cellXfs\b[^>]*>(.*?)</(?:\w+:)?cellXfs>", styles, re.DOTALL)
        if path is None or block is None:
            return style_id
        xfs = [
            match[0] for match in re.finditer(rb"<(?:\w+:)?xf\b[^>]*?(?:/>|>.*?</(?:\w+:)?xf>)", block[1], re.DOTALL)
        ]
        if style_id >= len(xfs) or _shows_date(xfs[style_id], styles):
            return style_id
        copy = re.sub(rb"""\bnumFmtId=["']\d+["']""", b'numFmtId="14"', xfs[style_id], count=1)
        copy = re.sub(rb"""\sapplyNumberFormat=["'][^"']*["']""", b"", copy, count=1)
        copy = re.sub(rb"(numFmtId=\"14\")", rb'\1 applyNumberFormat="1"', copy, count=1)
        if copy in xfs:
            return xfs.index(copy)
        opening = styles[block.start() : block.start(1)]
        counted = re.sub(rb"""count=["']\d+["']""", b'count="%d"' % (len(xfs) + 1), opening)
        fresh = styles[: block.start()] + counted + block[1] + copy + styles[block.end(1) :]
        self.package.put(path, fresh)
        return len(xfs)

    def _assembled(self, last_touched: int, blocks: Mapping[int, list[AppendRow]]) -> bytes:
        rows = b"".join(self.rows[row] for row in sorted(self.rows))
        if self.start < 0:
            p = self.prefix.encode()
            xml = re.sub(
                rb"<(\w+:)?sheetData/>",
                b"<%ssheetData>%s</%ssheetData>" % (p, rows.replace(b"\\", b"\\\\"), p),
                self.xml,
            )
            head, tail = xml, b""
        else:
            head, tail = self.xml[: self.start] + rows, self.xml[self.end :]
        for after, appended in blocks.items():
            tail = _stretch(tail, after, len(appended))
            self._stretch_tables(after, len(appended))
        return _widen(head, last_touched) + tail

    def _stretch_tables(self, after: int, count: int) -> None:
        for kind, path in self.package.related(self.part).values():
            if not kind.endswith("/table"):
                continue
            table = self.package.text(path)
            found = re.search(rb"<(?:\w+:)?table\b[^>]*?\sref=[\"']([^\"']+)", table)
            if not found or _area(found[1])[2] != after:
                continue
            if re.search(rb"totalsRowCount=[\"'][1-9]", table[:2000]):
                raise Refused("totals-row", f"〈{self.name}〉的表格有汇总行，不能往下加行，请先关掉汇总行。")
            if b"calculatedColumnFormula" in table:
                raise Refused("calculated-column", f"〈{self.name}〉的表格有自动计算列，不能往下加行，请先改成普通列。")
            new = re.sub(rb"(\sref=[\"'])([^\"']+)", lambda m: m[1] + _longer(m[2], after, count), table)
            self.package.put(path, new)


def _space(text: str) -> str:
    return ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""


def _has_value(row: bytes) -> bool:
    return bool(re.search(rb"<(?:\w+:)?(?:v|is|f)[\s/>]", row))


def _shows_date(xf: bytes, styles: bytes) -> bool:
    number = int(_attribute(xf, b"numFmtId") or 0)
    if number in _BUILTIN_DATES:
        return True
    for tag in re.findall(rb"<(?:\w+:)?numFmt\b[^>]*>", styles):
        if _attribute(tag, b"numFmtId") == str(number):
            code = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", _attribute(tag, b"formatCode"))
            return bool(re.search(r"[ymdYMD]", code))
    return False


def _area(ref: bytes) -> tuple[int, int, int, int]:
    """Return (top, left, bottom, right) of an A1 range; whole columns reach to the last row."""
    first, _, last = ref.replace(b"$", b"").partition(b":")
    ends = []
    for each, row in ((first, 1), (last or first, 1_048_576)):
        match = re.fullmatch(rb"([A-Z]*)(\d*)", each)
        letters, digits = (match[1], match[2]) if match else (b"", b"")
        ends += [int(digits or row), _number(letters) or (1 if row == 1 else 16_384)]
    return ends[0], ends[1], ends[2], ends[3]


def _longer(ref: bytes, after: int, count: int) -> bytes:
    """Return a range list with every range that ends at row ``after`` made longer."""
    parts = []
    for each in ref.split():
        first, colon, last = each.partition(b":")
        match = re.fullmatch(rb"(\$?[A-Z]+\$?)(\d+)", last or first)
        if match and int(match[2]) == after and (colon or b"," not in each):
            each = first + b":" + match[1] + b"%d" % (after + count)  # noqa: PLW2901 - the longer form of the same range
        parts.append(each)
    return b" ".join(parts)


def _stretch(tail: bytes, after: int, count: int) -> bytes:
    def stretched(match: re.Match[bytes]) -> bytes:
        if match[1]:
            return match[1] + _longer(match[2], after, count)
        return match[3] + _longer(match[4], after, count)

    return _STRETCHED.sub(stretched, tail)


def _widen(head: bytes, last_row: int) -> bytes:
    def widened(match: re.Match[bytes]) -> bytes:
        top, left, bottom, right = _area(match[2])
        if last_row <= bottom:
            return match[0]
        area = f"{column_letters(left)}{top}:{column_letters(right)}{last_row}"
        return match[1] + area.encode()

    return re.sub(rb"(<(?:\w+:)?dimension\b[^>]*?ref=[\"'])([^\"']+)", widened, head, count=1)
