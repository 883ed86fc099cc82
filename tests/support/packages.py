"""Workbooks as other programs save them: a package taken apart and reassembled differently."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from taizhang.workbook.reader import Workbook, read_workbook


def members(data: bytes) -> dict[str, bytes]:
    """What the members of a package hold, by their names."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def read(data: bytes) -> Workbook:
    """Return the reader's result for a returned file."""
    return read_workbook(Path("财务处.xlsx"), data)


def rewritten(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The workbook with bytes of one member replaced; the member must hold them."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as package:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == part:
                assert old in content
                content = content.replace(old, new)
            package.writestr(info, content)
    return target.getvalue()


def strictly(data: bytes) -> bytes:
    """The workbook as Excel saves it as Strict Open XML."""
    for part, content in members(data).items():
        names = re.sub(
            rb"http://schemas\.openxmlformats\.org/(\w+)/2006/(?=main|rel)", rb"http://purl.oclc.org/ooxml/\1/", content
        )
        if part != "[Content_Types].xml" and names != content:
            data = rewritten(
                data,
                part,
                content,
                names.replace(b"purl.oclc.org/ooxml/package/", b"schemas.openxmlformats.org/package/2006/"),
            )
    return data


CHAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def chained(data: bytes, types: str = "{own}{old}", relations: str = "{own}{old}", prefix: str = "") -> bytes:
    """The workbook with the chain that Excel makes of a formula in C2 of the first sheet.

    The package lists it before the other entries (``old``), after them, or in an unusual way, perhaps with a prefix.
    """
    parts = members(data)
    lists = (
        ("[Content_Types].xml", "Types", types, f'<Override ContentType="{CHAIN}" PartName="/xl/calcChain.xml"/>'),
        (
            "xl/_rels/workbook.xml.rels",
            "Relationships",
            relations,
            f'<Relationship Target="calcChain.xml" Type="{RELATION}/calcChain" Id="rId9"/>',
        ),
    )
    for part, parent, order, own in lists:
        text = parts[part].decode()
        head, old = re.fullmatch(rf"(.*<{parent}[^>]*>)(.*)</{parent}>", text, re.DOTALL).groups()  # type: ignore[union-attr]
        text = (
            head
            + order.format(own=own, old=old, long=own.replace("/>", "></" + own[1:].partition(" ")[0] + ">"))
            + f"</{parent}>"
        )
        if prefix:
            text = re.sub(r"<(/?)(?=[A-Z])", rf"<\1{prefix}:", text).replace(" xmlns=", f" xmlns:{prefix}=")
        data = rewritten(data, part, parts[part], text.encode())
    target = io.BytesIO(data)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "xl/calcChain.xml",
            '<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="C2" '
            'i="1"/></calcChain>',
        )
    return target.getvalue()
