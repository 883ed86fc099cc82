"""Inserting rows into a sheet: what stands below moves down, and whatever names a row of the sheet moves along.

The new rows are copies of the row above them: looks, merged cells, formulas. A range that ends at that row grows to the
last new one, since a totals row or a rule means all rows of the form. What cannot be moved safely is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from taizhang.splice.dependence import formulas_of
from taizhang.splice.edits import Refused
from taizhang.splice.formulas import range_places
from taizhang.splice.package import Package
from taizhang.splice.ranges import NAME
from taizhang.splice.recalculation import drop_calc_chain
from taizhang.splice.references import chart_parts, fill_down
from taizhang.splice.rows import Row, format_row, make_blank_row, restyle_cell, style_of
from taizhang.splice.sheet import OpenSheet
from taizhang.workbook.markup import attribute, element, escape, inside, quoted, unescape
from taizhang.workbook.places import LAST_ROW, a1, area

__all__ = ["InsertedRows", "insert_rows"]

_F = rb"(<(?:\w+:)?(?:formula[12]?|f)>)([^<]*)(?=<)"
_FORMULA = re.compile(_F)
_SQREF = re.compile(rb"(<(?:\w+:)?sqref>)([^<]*)(?=<)")
_VALUE = re.compile(rb"<(?:\w+:)?cfvo\b(?=[^<>]*\btype=[\"']formula[\"'])[^<>]*>")
_RULE = element(b"conditionalFormatting") + b"|" + element(b"dataValidation")
_AFTER_ROWS = re.compile(
    b"(?P<rule>" + _RULE + b")|(?P<breaks>" + element(b"rowBreaks") + b")|(?P<merged>" + element(b"mergeCells") + b")"
    rb"|(?P<link><(?:\w+:)?hyperlink\b[^<>]*>)"
    rb"|(?P<range><(?:\w+:)?(?:autoFilter|sortState|sortCondition|protectedRange|ignoredError|cellWatch)\b[^<>]*>)"
    rb"|(?P<formula>" + _F + rb")|(?P<sqref>" + _SQREF.pattern + b")"
)
_VIEWED = re.compile(rb"<(?:\w+:)?(?:dimension|sheetView|pane|selection)\b[^<>]*>")
_BREAK = re.compile(rb"<(?:\w+:)?brk\b[^<>]*>")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^<>]*>")
_ROW_TAG = re.compile(rb"<(?:\w+:)?(row|c|f)\b[^<>]*>")
_CORNERS = re.compile(rb"(\$?)([A-Za-z]*)(\$?)(\d+)(?::(\$?)([A-Za-z]*)(\$?)(\d+))?")
_ANCHOR = re.compile(element(b"(?:twoCellAnchor|oneCellAnchor)"))
_ANCHORED = {
    end: re.compile(
        rb"(<(?:\w+:)?%s>" % end + inside(b"(?:" + end + b"|row)") + rb"<(?:\w+:)?row>)(\s*+\d++\s*+)(?=</)"
    )
    for end in (b"from", b"to")
}
_COMMENT = re.compile(rb"<(?:\w+:)?(?:comment|threadedComment)\b[^<>]*>")
_SHAPE = re.compile(element(b"shape"))
_NOTE_ROW = re.compile(rb"(<x:Row>)(\s*\d+\s*)(?=</)")
_NOTE_ANCHOR = re.compile(rb"(<x:Anchor>)([^<]*)(?=</)")
_SOURCE = re.compile(rb"<(?:\w+:)?worksheetSource\b[^<>]*>")
_ADDRESS = re.compile(r'"[^"\d]*+\d|&\s*+\d')
"""A row number within a text of a formula, or joined to one: INDIRECT makes an address of it."""
_IN_CHART = re.compile(rb"(<(?:\w+:)?f>)([^<]*)(?=<)")
_HARMLESS = (
    "comments", "threadedComment", "vmlDrawing", "drawing", "printerSettings", "hyperlink", "table", "pivotTable",
    "image", "customProperty",
)  # fmt: skip
"""Kinds of parts of a sheet that are moved along, hold no row, or are judged one by one."""
_UNMOVED = {
    b"controls": "控件（按钮、复选框）",
    b"oleObjects": "嵌入的对象",
    b"customSheetViews": "自定义视图",
    b"scenarios": "方案",
}


@dataclass(frozen=True, slots=True)
class InsertedRows:
    """``count`` rows below row ``after`` of a sheet, copies of it; the rows to fill begin at ``first``.

    Cells of the columns ``repeated`` keep the text of row ``after``; all others are blank, or filled down. If ``block``
    is more than 1, the last so many rows are copied together, with the cells that are merged within them.
    """

    sheet: str
    first: int
    after: int
    count: int
    repeated: frozenset[int] = frozenset()
    block: int = 1

    @property
    def last(self) -> int:
        """The last of the new rows."""
        return self.after + self.count

    @property
    def copied(self) -> int:
        """The first of the rows that are copied."""
        return self.after - self.block + 1

    def moved(self, row: int) -> int:
        """Return the new number of a row; the last row of a sheet stays where it is."""
        return row + self.count if self.after < row < LAST_ROW else row

    def end(self, row: int, *, grows: bool) -> int:
        """Return the new last row of a range that ended in a row; one that ended above the new rows may grow."""
        return self.last if grows and row == self.after else self.moved(row)


def insert_rows(workbook: bytes, rows: InsertedRows) -> bytes:
    """Return the workbook with the rows inserted; raises Refused, with the reason, if that is not safe."""
    package = Package.read(workbook)
    package.prove()
    _refuse_unmovable(package, OpenSheet(package, rows.sheet), rows)
    for sheet, part in package.sheet_parts().items():
        own = sheet == rows.sheet
        _put(package, part, _with_moved_formulas(package.text(part), rows, own=own))
        if own:
            _put(package, part, _with_new_rows(OpenSheet(package, sheet), rows))
        else:
            xml = package.text(part)
            at = xml.rfind(b"sheetData")
            _put(package, part, xml[:at] + _move_after_rows(xml[at:], rows, own=False))
    book = package.text(package.book_path)
    _put(package, package.book_path, NAME.sub(lambda m: m[1] + _moved_formula(m[2], rows, fixed=True), book))
    for path in chart_parts(package):
        _put(package, path, _IN_CHART.sub(lambda m: m[1] + _moved_formula(m[2], rows), package.text(path)))
    _move_floating(package, rows)
    drop_calc_chain(package)
    return package.write()


def _put(package: Package, path: str, new: bytes) -> None:
    if new != package.text(path):
        package.put(path, new)


def _refuse_unmovable(package: Package, sheet: OpenSheet, rows: InsertedRows) -> None:
    """Raise Refused if the sheet, or the workbook, holds something that could not be moved along."""
    tail = sheet.xml[sheet.end :]
    reason = next((words for name, words in _UNMOVED.items() if re.search(rb"<(?:\w+:)?%s\b" % name, tail)), "")
    if any(each.where[2] >= rows.after for each in sheet.tables):
        reason = "表格（Ctrl+T）"
    elif any(bottom >= rows.after >= top for top, _, bottom, _ in sheet.computed):
        reason = "数组公式、模拟运算表或透视表"
    elif re.search(rb"<(?:\w+:)?f\b[^<>]*\bt=[\"']dataTable", sheet.xml):
        reason = "模拟运算表"
    for kind, path in package.related(sheet.part).values():
        name = kind.rpartition("/")[2]
        if name not in _HARMLESS or path.startswith("#"):
            reason = reason or "少见的部分"
        elif name == "pivotTable" and any(bottom > rows.after for _, _, bottom, _ in sheet.computed):
            reason = reason or "透视表"
    for kind, path in package.related(package.book_path).values():
        source = _SOURCE.search(package.text(path)) if kind.endswith("/pivotCacheDefinition") else None
        if source and attribute(source[0], b"sheet").casefold() == rows.sheet.casefold():
            reason = reason or "透视表的数据"
        if kind.endswith("/revisionHeaders"):
            reason = reason or "共享工作簿的修订记录"
    if reason:
        raise _refused(rows, f"表里有{reason}，插入行会弄乱它")
    if rows.block > 1 and any(rows.copied <= cell.row <= rows.after for cell in formulas_of(sheet.xml)):
        raise _refused(rows, "合并的一块里有公式")
    if max([*sheet.numbers, rows.after]) + rows.count > LAST_ROW:
        raise _refused(rows, "表到不了那么多行")


def _refused(rows: InsertedRows, reason: str) -> Refused:
    cure = f"请在第 {rows.after + 1} 行上面插入 {rows.count} 行，再运行"
    return Refused("no-room", f"要插入 {rows.count} 行，{reason}，没有写。{cure}。")


def _with_moved_formulas(xml: bytes, rows: InsertedRows, *, own: bool) -> bytes:
    """Return a sheet's XML with the formulas of its cells naming the rows where they will stand."""
    pieces, at = [], 0
    for cell in formulas_of(xml):
        if not cell.text:
            continue
        tag = b"<f " + cell.attrs
        shared = attribute(tag, b"t") == "shared"
        spread = 0
        if shared:
            top, _, bottom, _ = area(attribute(tag, b"ref").encode() or a1(cell.row, cell.column).encode())
            spread = bottom - top
            if own and top <= rows.after < bottom:
                raise _refused(rows, f"{a1(cell.row, cell.column)} 的公式由上下的格子共用")
        new = _moved_formula(cell.text, rows, own=own, row=cell.row if own else 0, spread=spread)
        if new != cell.text:
            start = xml.index(b">", cell.formula) + 1
            pieces += [xml[at:start], new]
            at = start + len(cell.text)
    return b"".join((*pieces, xml[at:]))


def _moved_formula(
    written: bytes, rows: InsertedRows, *, own: bool = False, row: int = 0, spread: int = 0, fixed: bool = False
) -> bytes:
    """Return a formula, as written in XML, with its references to the sheet moved.

    ``own``: it stands on the sheet itself, in ``row`` if it has one; ``spread`` is how many rows further down cells
    share it. ``fixed``: only rows with ``$`` move, since others depend on the cell that uses the formula.
    """
    if not re.search(rb"\d", written):
        return written
    text = unescape(written)
    places = range_places(text)
    if places is None or ("INDIRECT(" in text.upper() and _ADDRESS.search(text)):
        if own or _quoted(rows.sheet, text):
            raise _refused(rows, f"有的公式写法少见（{text[:40]}），说不准它指哪一行")
        return written
    pieces, at = [], 0
    for where, start, end in places:
        if not _means(where, rows, own=own):
            continue
        pieces += [text[at:start], _moved_range(text[start:end], rows, row=row, spread=spread, fixed=fixed)]
        at = end
    if not pieces:
        return written
    new = escape("".join((*pieces, text[at:]))).encode()
    return new.replace(b'"', b"&quot;") if b"&quot;" in written else new


def _quoted(sheet: str, text: str) -> bool:
    return sheet.casefold() in text.casefold().replace("''", "'")


def _means(where: str, rows: InsertedRows, *, own: bool) -> bool:
    """Whether the prefix of a reference means the sheet; raises Refused if it spans several sheets."""
    if not where:
        return own
    name = where.removeprefix("'").removesuffix("'").replace("''", "'").removeprefix("[0]")
    if ":" in name and "[" not in name:
        raise _refused(rows, f"有公式一次引用几张表（{where}）")
    return name.casefold() == rows.sheet.casefold()


def _moved_range(text: str, rows: InsertedRows, *, row: int, spread: int, fixed: bool) -> str:
    """Return a cell, a range or whole rows as named after the rows were inserted."""
    match = _CORNERS.fullmatch(text.encode())
    if match is None:  # whole columns
        return text
    ends = [(int(match[4]), bool(match[3] or (not match[2] and match[1])))]
    if match[8]:
        ends.append((int(match[8]), bool(match[7] or (not match[6] and match[5]))))
    top, bottom = min(ends)[0], max(ends)[0]
    single = rows.first == rows.after
    grows = len(ends) == 2 and bottom == rows.after and (top < rows.after or single)
    moved = []
    lowest = max(range(len(ends)), key=lambda place: (ends[place][0], place))
    for place, (number, absolute) in enumerate(ends):
        if fixed and not absolute:
            moved.append(number)
            continue
        if not absolute and spread and rows.moved(number) - number != rows.moved(number + spread) - number - spread:
            raise _refused(rows, f"有的公式由几个格子共用（{text}），插入行以后指的不是同样远")
        follows = row == rows.after or spread > 0  # a running total means its own row
        own_end = grows and place == lowest and not (follows and not absolute)
        moved.append(rows.end(number, grows=own_end))
    if row == rows.after and any(not absolute and number > rows.after for number, absolute in ends):
        raise _refused(rows, f"第 {rows.after} 行的公式（{text}）指着下面的行，不能照着往下填")
    numbers = iter(moved)
    return re.sub(r"(\$?[A-Za-z]{0,3}\$?)(\d+)", lambda each: f"{each[1]}{next(numbers)}", text)


def _moved_list(refs: bytes, rows: InsertedRows, *, grows: bool) -> bytes:
    """Return a list of ranges with the rows moved."""

    def change(ref: bytes) -> bytes:
        match = _CORNERS.fullmatch(ref)
        if match is None:
            return ref
        first, last = int(match[4]), int(match[8] or match[4])
        top, bottom = rows.moved(first), rows.end(last, grows=grows)
        start = b"%s%s%s%d" % (match[1], match[2], match[3], top)
        if match[8]:
            return start + b":%s%s%s%d" % (match[5], match[6], match[7], bottom)
        return start if top == bottom else start + b":%s%s%s%d" % (match[1], match[2], match[3], bottom)

    return b" ".join(map(change, refs.split()))


def _with_attribute(tag: bytes, name: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return a tag with an attribute's value, as written, changed."""

    def changed(match: re.Match[bytes]) -> bytes:
        return match[1] + match[2][:1] + change(match[2][1:-1]) + match[2][-1:]

    return re.sub(rb"(\s%s\s*=\s*)(\"[^\"]*\"|'[^']*')" % name, changed, tag, count=1)


def _with_new_rows(sheet: OpenSheet, rows: InsertedRows) -> bytes:
    """Return the sheet's XML with the new rows, and all rows below them renumbered."""
    xml = sheet.xml
    split = next(
        (start for number, start in zip(sheet.numbers, sheet.starts, strict=False) if number > rows.after), sheet.end
    )
    below = _ROW_TAG.sub(lambda m: _renumbered(m[0], m[1], rows), xml[split : sheet.end])
    inner = _inner_styles(sheet, rows)
    fresh = b"".join(format_row(each, sheet.prefix) for each in _copies(sheet, rows, inner))
    above = xml[sheet.start : split]
    if inner:
        above = xml[sheet.start : sheet.starts[sheet.numbers.index(rows.after)]]
        above += format_row(_restyled(sheet.row(rows.after), rows.after, inner, sheet.prefix), sheet.prefix)
    head = _VIEWED.sub(lambda m: _moved_view(m[0], rows), xml[: sheet.opening.start()])
    opening, closing = xml[sheet.opening.start() : sheet.start], b""
    if sheet.opening["empty"]:
        opening, closing = b"<%ssheetData>" % sheet.prefix, b"</%ssheetData>" % sheet.prefix
    tail = _move_after_rows(xml[sheet.end :], rows, own=True)
    return b"".join((head, opening, above, fresh, below, closing, tail))


def _inner_styles(sheet: OpenSheet, rows: InsertedRows) -> dict[int, int]:
    """Return column → style of the rows above the last one, if that is the lower edge of a frame; else nothing.

    The edge is told from rows coloured in turn by the two rows above it, which look alike.
    """
    if rows.after - 2 < rows.first or rows.block > 1:
        return {}
    looks = [
        {column: int(style_of(cell) or 0) for column, cell in sheet.row(number).cells.items()}
        for number in (rows.after - 2, rows.after - 1, rows.after)
    ]
    same = looks[0] == looks[1] != looks[2] and looks[1].keys() == looks[2].keys()
    return looks[1] if same else {}


def _restyled(row: Row, number: int, styles: dict[int, int], prefix: bytes) -> Row:
    for column, style in styles.items():
        row = restyle_cell(row, number, column, lambda _, style=style: style, prefix)
    return row


def _renumbered(tag: bytes, name: bytes, rows: InsertedRows) -> bytes:
    if name == b"f":
        return _with_attribute(tag, b"ref", lambda ref: _moved_list(ref, rows, grows=False))
    return _with_attribute(
        tag, b"r", lambda ref: re.sub(rb"\d+", lambda number: b"%d" % rows.moved(int(number[0])), ref)
    )


def _moved_view(tag: bytes, rows: InsertedRows) -> bytes:
    for name in (b"ref", b"topLeftCell", b"activeCell", b"sqref"):
        tag = _with_attribute(tag, name, lambda ref: _moved_list(ref, rows, grows=False))
    return tag


def _copies(sheet: OpenSheet, rows: InsertedRows, inner: dict[int, int]) -> Iterator[Row]:
    """Yield the new rows: the looks of the row above, its formulas filled down, the texts of repeated columns.

    With ``inner`` styles all but the last have these: the edge of the frame is below them.
    """
    templates = [sheet.row(number) for number in range(rows.copied, rows.after + 1)]
    template = templates[-1]
    formulas = {cell.column: cell for cell in formulas_of(sheet.xml) if cell.row == rows.after}
    texts: dict[int, bytes] = {}
    for column, cell in formulas.items():
        number = attribute(b"<f " + cell.attrs, b"si").encode() if b"shared" in cell.attrs else b""
        text = cell.text or (sheet.shared_formula(rows.after, number, column) if number else b"")
        if not text:
            raise _refused(rows, f"{a1(rows.after, column)} 的公式写法少见")
        texts[column] = text
    for number in range(rows.after + 1, rows.last + 1):
        own = templates[(number - rows.after - 1) % rows.block]
        row = make_blank_row(own, number, sheet.prefix, sheet.package.formats)
        for column, text in texts.items():
            row.cells[column] = _formula_cell(template.cells[column], sheet.prefix, number, column, text, rows)
        for column in rows.repeated & template.cells.keys() - texts.keys():
            address = a1(number, column).encode()
            row.cells[column] = re.sub(
                rb"(\sr\s*=\s*[\"'])[A-Za-z]+\d+", rb"\g<1>" + address, template.cells[column], count=1
            )
        yield _restyled(row, number, inner, sheet.prefix) if number < rows.last else row


def _formula_cell(look: bytes, p: bytes, number: int, column: int, text: bytes, rows: InsertedRows) -> bytes:
    style = style_of(look)
    formula = fill_down(text, number - rows.after)
    styled = b' s="%s"' % style if style else b""
    return b'<%sc r="%s"%s><%sf>%s</%sf></%sc>' % (p, a1(number, column).encode(), styled, p, formula, p, p)


def _move_after_rows(tail: bytes, rows: InsertedRows, *, own: bool) -> bytes:
    """Return the markup after a sheet's rows with everything moved that names a row of the sheet."""

    def change(match: re.Match[bytes]) -> bytes:
        found = match[0]
        match match.lastgroup:
            case "rule":
                return _moved_rule(found, rows, own=own)
            case "link":
                moved = _with_attribute(
                    found, b"location", _attribute_moved(lambda place: _moved_formula(place, rows, own=own))
                )
                return _with_attribute(moved, b"ref", lambda ref: _moved_list(ref, rows, grows=False)) if own else moved
            case "formula":
                return _FORMULA.sub(lambda m: m[1] + _moved_formula(m[2], rows, own=own), found + b"<")[:-1]
            case _ if not own:
                return found
            case "breaks":
                return _BREAK.sub(lambda m: _with_attribute(m[0], b"id", lambda row: _moved_break(row, rows)), found)
            case "merged":
                return _moved_merges(found, rows)
            case "sqref":
                return _SQREF.sub(lambda m: m[1] + _moved_list(m[2], rows, grows=False), found + b"<")[:-1]
        for name in (b"ref", b"sqref", b"r"):
            found = _with_attribute(found, name, lambda ref: _moved_list(ref, rows, grows=True))
        return found

    return _AFTER_ROWS.sub(change, tail)


def _moved_break(row: bytes, rows: InsertedRows) -> bytes:
    """Return a page break's row, after which the page ends; one below the rows to fill stays below them."""
    return b"%d" % rows.end(int(row), grows=True) if row.isdigit() else row


def _moved_rule(rule: bytes, rows: InsertedRows, *, own: bool) -> bytes:
    """Return a conditional format or a validation with its cells and its formulas moved."""
    opening = rule[: rule.index(b">") + 1]
    inner = _SQREF.search(rule)
    cells = attribute(opening, b"sqref").encode() or (inner[2] if inner else b"")
    first = min((area(each)[0] for each in cells.split()), default=0)

    def moved(written: bytes) -> bytes:
        return _moved_formula(written, rows, own=own, row=first if own and first == rows.after else 0)

    rule = _FORMULA.sub(lambda m: m[1] + moved(m[2]), rule)
    rule = _VALUE.sub(lambda m: _with_attribute(m[0], b"val", _attribute_moved(moved)), rule)
    if not own:
        return rule
    rule = _SQREF.sub(lambda m: m[1] + _moved_list(m[2], rows, grows=True), rule)
    end = rule.index(b">") + 1
    return _with_attribute(rule[:end], b"sqref", lambda refs: _moved_list(refs, rows, grows=True)) + rule[end:]


def _attribute_moved(move: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Return ``move``, of a formula between tags, for one in an attribute."""

    def moved(written: bytes) -> bytes:
        new = move(written)
        return written if new == written else quoted(unescape(new))[1:-1].encode()

    return moved


def _moved_merges(merges: bytes, rows: InsertedRows) -> bytes:
    """Return the list of merged cells, moved; those within the copied rows alone are copied with them."""
    copies: list[bytes] = []

    def change(match: re.Match[bytes]) -> bytes:
        ref = attribute(match[0], b"ref").encode()
        top, left, bottom, right = area(ref)
        if rows.copied <= top and bottom <= rows.after:
            for down in range(rows.block, rows.count + 1, rows.block):
                cells = f"{a1(top + down, left)}:{a1(bottom + down, right)}".encode()
                copies.append(_with_attribute(match[0], b"ref", lambda _, cells=cells: cells))
            return match[0]
        return _with_attribute(match[0], b"ref", lambda _: _moved_list(ref, rows, grows=True))

    moved = _MERGE.sub(change, merges)
    if not copies:
        return moved
    end = moved.rindex(b"</")
    count = len(_MERGE.findall(merges)) + len(copies)
    opening = moved.index(b">") + 1
    counted = _with_attribute(moved[:opening], b"count", lambda _: b"%d" % count)
    return counted + moved[opening:end] + b"".join(copies) + moved[end:]


def _move_floating(package: Package, rows: InsertedRows) -> None:
    """Move the drawings and comments of the sheet, and the texts that drawings take from its cells."""
    own = package.sheet_part(rows.sheet)
    for kind, sheet in package.related(package.book_path).values():
        if not kind.endswith(("/worksheet", "/chartsheet")):
            continue
        for each, path in package.related(sheet).values():
            text = package.text(path)
            if each.endswith("/drawing"):
                text = re.sub(
                    rb"<[^<>]*\stextlink=[^<>]*>",
                    lambda m: _with_attribute(
                        m[0], b"textlink", _attribute_moved(lambda link: _moved_formula(link, rows))
                    ),
                    text,
                )
            if sheet == own and each.endswith("/drawing"):
                text = _ANCHOR.sub(lambda m: _moved_anchor(m[0], rows), text)
            elif sheet == own and each.endswith(("/comments", "/threadedComment")):
                text = _COMMENT.sub(lambda m: _moved_place(m[0], rows), text)
            elif sheet == own and each.endswith("/vmlDrawing"):
                text = _SHAPE.sub(lambda m: _moved_note(m[0], rows), text)
            _put(package, path, text)


def _moved_place(tag: bytes, rows: InsertedRows) -> bytes:
    return _with_attribute(tag, b"ref", lambda ref: _moved_list(ref, rows, grows=False))


def _moved_anchor(anchor: bytes, rows: InsertedRows) -> bytes:
    """Return the place of a drawing: one below the new rows moves, one beside the form becomes longer."""
    stays = attribute(anchor[: anchor.index(b">") + 1], b"editAs") in ("oneCell", "absolute")
    begin = _ANCHORED[b"from"].search(anchor)
    moves = begin is not None and int(begin[2]) >= rows.after

    def change(match: re.Match[bytes]) -> bytes:
        number = int(match[2])
        return match[1] + b"%d" % (number + rows.count if number >= rows.after and (moves or not stays) else number)

    return _ANCHORED[b"to"].sub(change, _ANCHORED[b"from"].sub(change, anchor, count=1), count=1)


def _moved_note(shape: bytes, rows: InsertedRows) -> bytes:
    """Return the shape of a comment, moved with its cell; raises Refused for a control."""
    row = _NOTE_ROW.search(shape)
    if b'ObjectType="Note"' not in shape:
        if b"ClientData" in shape:
            raise _refused(rows, "表里有控件（按钮、复选框），插入行会弄乱它")
        return shape
    if row is None or int(row[2]) < rows.after:
        return shape
    shape = _NOTE_ROW.sub(lambda m: m[1] + b"%d" % (int(m[2]) + rows.count), shape)
    return _NOTE_ANCHOR.sub(lambda m: m[1] + _moved_corners(m[2], rows), shape)


def _moved_corners(corners: bytes, rows: InsertedRows) -> bytes:
    numbers = corners.split(b",")
    if len(numbers) != 8 or not all(each.strip().lstrip(b"-").isdigit() for each in numbers):
        return corners
    for place in (2, 6):  # the rows of the upper and of the lower edge
        numbers[place] = b" %d" % (int(numbers[place]) + rows.count)
    return b",".join(numbers)
