"""Return damaged copies of an issued workbook: ``python benchmarks/fuzz_returned.py --count N --seconds S``.

Bytes of the container, members of the package, markup and cell values are changed at random (the seed is printed;
--seed repeats a run). Each copy is read and merged into a plan, as it is or vouched for by the office, and the plan is
written into the ledger's bytes in memory. Only the program's own refusals are allowed, within the time limit, and the
ledger file must not change. A copy that breaks this is kept in --keep, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import collections
import faulthandler
import hashlib
import io
import random
import re
import secrets
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "scripts")]

from office import Office, make_office  # noqa: E402
from taizhang.splice import Refused, patch  # noqa: E402
from taizhang.system import limits  # noqa: E402

NOW = datetime(2022, 3, 1, 9, 0)
SLACK = 15
"""Seconds beyond the limit of the process of its own before a copy counts as hanging."""

TEXTS = (
    "",
    " ",
    "（清空）",
    "=1+1",
    "-",
    "无",
    "NA",
    "0",
    "1",
    "80%",
    "８０％",
    "-1",
    "1e308",
    "99999999999999999999",
    "2022.3.15",
    "31.12.22",
    "3月底",
    "2022年13月",
    "RW-001",
    "RW-002",
    "RW-999",
    "rw－００１",
    "已完成",
    "已销号",
    "\u200b",
    "\ufeffRW-001",
    "_x0000_",
    "_x000D_",
    "_xD800_",
    "a" * 40_000,
    "13800138000",
    "11010519491231002X",
    "4111111111111111",
    "绝密★1年",
    "𠮷" * 300,
    "e\u0301" * 50,
    "\u202e反",
    "[" * 9_000,
    '{"department":"财务处","period":"2022-03","token":"\\ud800"}',
    "财务处",
    "参数",
    "../../x",
    "党的二十大召开前",
    "1/0",
    "#REF!",
    "true",
    "∞",
    "①",
)
ATTRIBUTES = (
    "",
    "0",
    "-1",
    "1",
    "A1",
    "a1",
    "A0",
    "XFD1048576",
    "XFE1048577",
    "B4",
    "B4:C9",
    "ZZZZ99",
    "A99999999999",
    "s",
    "str",
    "inlineStr",
    "e",
    "b",
    "d",
    "n",
    "x",
    "4294967296",
    "18446744073709551616",
    "rId1",
    "rId99",
    "veryHidden",
    "../../../etc/passwd",
    "/xl/workbook.xml",
    "&lt;",
    "NaN",
)
NUMBERS = (
    "0",
    "1",
    "-0",
    "1e308",
    "-1e308",
    "NaN",
    "inf",
    "1e999",
    "44635",
    "2958466",
    "-1",
    "0.1",
    "",
    " ",
    "x",
    "1,5",
    "٣",
    "9" * 400,
)
NAMES = (
    "../../出逃.xlsx",
    "/etc/出逃",
    "C:\\出逃",
    "xl/worksheets/../sheet1.xml",
    "xl\\worksheets\\sheet1.xml",
    "a" * 60_000,
    "con",
    "",
)
SCRAPS = (
    b"<",
    b">",
    b"/>",
    b"&",
    b"<!--",
    b"]]>",
    b"<![CDATA[",
    b"\x00",
    b"\xff\xfe",
    b"<c>",
    b'<c r="A1">',
    b"</row>",
    b"<row>",
    b"</sheetData>",
    b'<!DOCTYPE a [<!ENTITY b "b">]>',
    b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
    b'<mergeCell ref="H4:H9"/>',
    b"<f>1</f>",
    b'<sheet name="x" sheetId="1" r:id="rId1"/>',
    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    b"<c:c>",
    b"<x:c r='A1'/>",
)


def spoil_bytes(data: bytes, chance: random.Random) -> bytes:
    """Change, cut, repeat or drop bytes of the container."""
    spoilt = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 40))):
        at = chance.randrange(len(spoilt))
        match chance.randrange(5):
            case 0:
                spoilt[at] = chance.randrange(256)
            case 1:
                spoilt[at] ^= 1 << chance.randrange(8)
            case 2:
                del spoilt[at : at + chance.randrange(1, 64)]
            case 3:
                spoilt[at:at] = chance.randbytes(chance.randrange(1, 64))
            case _:
                spoilt[at : at + 4] = chance.choice(
                    (b"\xff\xff\xff\xff", b"\0\0\0\0", b"PK\x05\x06", b"\xff\xff\xff\x7f")
                )
        if len(spoilt) < 64:
            break
    return bytes(spoilt[: chance.randrange(len(spoilt))] if chance.random() < 0.1 else spoilt)


def spoil_members(members: dict[str, bytes], chance: random.Random) -> dict[str, bytes]:
    """Drop, empty, swap, add and rename members."""
    spoilt = dict(members)
    for _ in range(chance.choice((1, 1, 2, 4))):
        name = chance.choice(list(spoilt))
        match chance.randrange(6):
            case 0 if len(spoilt) > 1:
                del spoilt[name]
            case 1:
                spoilt[name] = b""
            case 2:
                spoilt[name] = spoilt[chance.choice(list(spoilt))]
            case 3:
                spoilt[chance.choice(NAMES)] = spoilt[name]
            case 4:
                spoilt[name.upper()] = spoilt.pop(name)
            case _:
                spoilt[name] = chance.randbytes(chance.randrange(2000))
    return spoilt


def spoil_markup(members: dict[str, bytes], chance: random.Random) -> dict[str, bytes]:
    """Change the XML of a member: drop, repeat and move tags, change attributes, put scraps between them."""
    spoilt = dict(members)
    for _ in range(chance.choice((1, 1, 3, 10))):
        name = chance.choice([each for each in spoilt if each.endswith((".xml", ".rels"))])
        xml = spoilt[name]
        tags = list(re.finditer(rb"<[^<>]*>", xml))
        if not tags:
            continue
        tag = chance.choice(tags)
        match chance.randrange(5):
            case 0:
                xml = xml[: tag.start()] + xml[tag.end() :]
            case 1:
                xml = xml[: tag.start()] + tag[0] * chance.choice((2, 3, 50)) + xml[tag.end() :]
            case 2:
                xml = xml[: tag.end()] + chance.choice(SCRAPS) + xml[tag.end() :]
            case 3:
                value = chance.choice(ATTRIBUTES).encode()
                pairs = list(re.finditer(rb'="[^"]*"', tag[0]))
                if pairs:
                    pair = chance.choice(pairs)
                    changed = tag[0][: pair.start()] + b'="' + value + b'"' + tag[0][pair.end() :]
                    xml = xml[: tag.start()] + changed + xml[tag.end() :]
            case _:
                other = chance.choice(tags)
                xml = xml[: tag.start()] + other[0] + xml[tag.end() :]
        spoilt[name] = xml
    return spoilt


def spoil_cells(members: dict[str, bytes], chance: random.Random) -> dict[str, bytes]:
    """Change what cells hold: numbers in the sheets, text in the shared strings, types and addresses of cells."""
    from xml.sax.saxutils import escape

    spoilt = dict(members)
    for _ in range(chance.choice((1, 3, 10, 30))):
        name = chance.choice(
            (*[f"xl/worksheets/sheet{number}.xml" for number in (2, 2, 2, 3, 9)], "xl/sharedStrings.xml")
        )
        xml = spoilt[name]
        pattern = rb"<t[^<>]*>[^<]*</t>" if "shared" in name else rb'<c r="[^"]*"[^<>]*?(?:/>|>.*?</c>)'
        found = list(re.finditer(pattern, xml))
        if not found:
            continue
        place = chance.choice(found)
        if "shared" in name:
            new = f"<t>{escape(chance.choice(TEXTS))}</t>".encode()
        else:
            address = re.search(rb'r="([^"]*)"', place[0])
            kept = address[1].decode() if address and chance.random() < 0.97 else chance.choice(ATTRIBUTES)
            kind = chance.choice(("", "", ' t="s"', ' t="str"', ' t="b"', *[' t="inlineStr"'] * 5))
            usual = chance.randrange(2 if kind == ' t="b"' else 120)
            number = chance.choice(NUMBERS) if chance.random() < 0.2 else str(usual)
            inner = f"<is><t>{escape(chance.choice(TEXTS))}</t></is>" if "inline" in kind else f"<v>{number}</v>"
            formula = "<f>[1]x!A1</f>" if chance.random() < 0.1 else ""
            new = f'<c r="{kept}" s="{chance.randrange(12)}"{kind}>{formula}{inner}</c>'.encode()
        spoilt[name] = xml[: place.start()] + new + xml[place.end() :]
    return spoilt


def package_of(members: dict[str, bytes]) -> bytes:
    """Return a package of these members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        for name, content in members.items():
            package.writestr(zipfile.ZipInfo(name or "x", (2022, 3, 1, 0, 0, 0)), content)
    return target.getvalue()


def offer(office: Office, path: Path, vouched: bool, answered: bool) -> str:
    """Offer one copy, write its receipt if it is to be ``answered``, and return the outcome."""
    found = office.take(path, vouched)
    assert all(plan.totals.closes for plan in found.plans), "the control totals do not close"
    if answered:
        office.reply(found, NOW)
    edits = [edit for plan in found.plans for edit in plan.edits]
    if not edits:
        return next((each.check for each in found.findings if each.check in ("unreadable", "identity")), "no change")
    try:
        patch(office.ledger.book.data, edits)
    except Refused as refused:
        return f"not writable: {str(refused)[:40]}"
    return "changes"


def main() -> int:
    """Run until the count or the time is reached."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--count", type=int, default=2_000)
    arguments.add_argument("--seconds", type=float, default=600)
    arguments.add_argument("--seed", type=int, default=None)
    arguments.add_argument("--keep", type=Path, default=None, help="a folder for the copies that broke something")
    options = arguments.parse_args()
    seed = options.seed if options.seed is not None else secrets.randbelow(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    spoilers: list[Callable[[dict[str, bytes], random.Random], dict[str, bytes]]] = [
        spoil_members,
        spoil_markup,
        spoil_cells,
    ]
    outcomes: collections.Counter[str] = collections.Counter()
    slowest, done, broken, end = 0.0, 0, 0, time.monotonic() + options.seconds
    with tempfile.TemporaryDirectory() as folder:
        office = make_office(Path(folder), NOW, tasks=4)
        before = hashlib.sha256(office.path.read_bytes()).hexdigest()
        with zipfile.ZipFile(io.BytesIO(office.issued)) as package:
            members = {name: package.read(name) for name in package.namelist()}
        path = Path(folder) / "财务处.xlsx"
        while done < options.count and time.monotonic() < end:
            spoiler = chance.choice(spoilers)
            data = package_of(spoiler(members, chance))
            if chance.random() < 0.08:
                data = spoil_bytes(data, chance)
            path.write_bytes(data)
            vouched, answered = chance.random() < 0.5, chance.random() < 0.25
            faulthandler.dump_traceback_later(limits.SECONDS_APART + SLACK, exit=True)
            start = time.perf_counter()
            try:
                outcomes[offer(office, path, vouched, answered)] += 1
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    raise
                broken += 1
                outcomes[f"TRACEBACK {type(error).__name__}: {str(error)[:60]}"] += 1
                print(f"input {done} ({spoiler.__name__})\n{traceback.format_exc()}", file=sys.stderr)
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / f"{seed}-{done}.xlsx").write_bytes(data)
            slowest = max(slowest, time.perf_counter() - start)
            done += 1
            if done % 1000 == 0:
                print(f"{done} of {options.count}, {broken} broke", file=sys.stderr, flush=True)
        faulthandler.cancel_dump_traceback_later()
        changed = hashlib.sha256(office.path.read_bytes()).hexdigest() != before
        strange = [each.name for each in Path(folder).parent.glob("*出逃*")]
    for outcome, count in sorted(outcomes.items(), key=lambda each: -each[1]):
        print(f"{count:7} {outcome}")
    print(f"{done} inputs, {broken} broke, slowest {slowest:.2f} s, ledger {'CHANGED' if changed else 'unchanged'}")
    return 1 if broken or changed or strange else 0


if __name__ == "__main__":
    raise SystemExit(main())
