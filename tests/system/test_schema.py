"""Stored data has a schema: written with its number, read from every older version, refused if it is newer.

No stored item is skipped, and nothing that a newer version added to it is lost.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from support.fixtures import Run
from support.ledgers import load, small_ledger
from support.returned import edit, fill, findings, type_into, value
from support.works import NOW
from taizhang.cli import main
from taizhang.history.bases import COUNTS, LISTS, Base, Roster, base_bytes, bases_of, load_base, save_base
from taizhang.history.entries import Change
from taizhang.history.journal import read_journal
from taizhang.history.key import read_key, sign
from taizhang.history.locks import Holder, is_genuine, locked
from taizhang.merge.decisions import Case, cases_of
from taizhang.merge.plan import Totals
from taizhang.system.schema import STEPS, Kind, NewerSchema, add_schema_number, migrate, schema_of
from taizhang.system.stored import Newer, make_instance, parse_facts, stored_json
from taizhang.workbook.reader import read_workbook

PERIOD = "2022-03"
NEWER = "是更新的版本写的（格式 2，这一版程序只认到 1）"
CURE = "请升级这台电脑上的程序，或到装了新版本的电脑上运行。"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two departments were issued a form, both have returned it; 财务处 in conflict with the office; merged once."""

    def run(*args: str) -> int:
        clock = {"SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))}
        return CliRunner().invoke(main, [*args, "-l", str(ledger)], env=clock).exit_code

    ledger = small_ledger(tmp_path_factory.mktemp("office") / "整改台账.xlsx", [{}, {"department": "党委办公室"}])
    assert run("issue", "-p", PERIOD) == 0
    fill(ledger, {"RW-001": {"progress": 0.6}})
    fill(ledger, {"RW-002": {"progress": 0.7}}, name="党办", department="党委办公室")
    edit(ledger, "RW-001", "progress", 0.5)
    assert run("merge", "-y") == 1
    return ledger


@pytest.fixture
def ledger(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made.parent, tmp_path / "台账")
    return tmp_path / "台账" / made.name


def history(ledger: Path, name: str) -> Path:
    return ledger.parent / "history" / name


def rewrite_json(path: Path, **facts: Any) -> None:
    path.write_bytes(json.dumps({**json.loads(path.read_bytes()), **facts}, ensure_ascii=False).encode())


def in_form(path: Path, **facts: Any) -> None:
    """What a form says of itself, typed over."""
    [sheet] = [each for each in read_workbook(path).sheets if each.name == "_台账标识"]
    known = json.loads(str(sheet.value(1, 1)))
    type_into(path, {sheet.name: {(1, 1): json.dumps({**known, **facts}, ensure_ascii=False)}})


def test_every_kind_is_written_with_its_number(ledger: Path) -> None:
    with locked(ledger, "merge"):
        holder = history(ledger, ".lock-owner.json").read_bytes()
    written = {
        Kind.LINE: history(ledger, "journal.jsonl").read_bytes().splitlines()[-1],
        Kind.HEAD: history(ledger, ".head").read_bytes(),
        Kind.HOLDER: holder,
        Kind.BASE: history(ledger, f"issued/{PERIOD}/财务处.json").read_bytes(),
        Kind.ROSTER: history(ledger, f"issued/{PERIOD}_应发部门.json").read_bytes(),
    }
    assert {kind: next(iter(json.loads(data).items())) for kind, data in written.items()} == {
        kind: ("schema", schema_of(kind)) for kind in written
    }
    form = read_workbook(ledger.parent / f"下发/{PERIOD}/财务处.xlsx").by_name["_台账标识"]
    assert json.loads(str(form.value(1, 1)))["version"] == schema_of(Kind.FORM)
    # What close-outs keep has its own test, beside the rest of it: tests/history/test_evidence.py.
    cases = read_workbook(ledger.parent / f"回执/{PERIOD}/冲突裁决.xlsx").by_name["_裁决标识"]
    assert str(cases.value(1, 5)) == f"{schema_of(Kind.CASE)}"
    assert {*written, Kind.FORM, Kind.CASE, Kind.EVIDENCE} == {*Kind} == {*STEPS}


@pytest.mark.parametrize("kind", Kind)
def test_a_number_is_a_number_that_is_known(kind: Kind) -> None:
    key = "version" if kind is Kind.FORM else "schema"
    for number in range(schema_of(kind) + 1):
        assert migrate(kind, {key: number, "x": 1}) == {"x": 1}
    assert migrate(kind, {"x": 1}) == {"x": 1}
    for odd in (-1, True, 1.0, "1", None, [], {}):
        with pytest.raises(ValueError, match=f"^{key}: "):
            migrate(kind, {key: odd})
    with pytest.raises(NewerSchema, match=r"^是更新的版本写的（格式 \d+，这一版程序只认到 \d+）$"):
        migrate(kind, {key: schema_of(kind) + 1})
    if kind is not Kind.FORM:
        assert migrate(kind, add_schema_number(kind, {"x": 1})) == {"x": 1}


ROWS = {"tasks": {"RW-001": {"code": "RW-001", "progress": "0.2"}}}
LEAST = {"department": "财务处", "period": PERIOD, "rows": ROWS, "spare": {"tasks": ["N1"]}, "assigned": {}}
ADDED = {"added": {"RW-009": {"progress": "0.1"}}}
TAKEN = {"taken": {"RW-001": {"progress": "0.2"}}, "saved": "2022-03-10T00:00:00Z"}
RETURNS = {
    "settled": {},
    "columns": {"tasks": ["code", "progress"]},
    "earlier": [ROWS],
    "returns": [
        {"sha256": "a", "saved": "", "totals": {"department": "财务处", "issued": 1, "held": 1, "file": "a.xlsx"}}
    ],
}
FILES = {"earlier_taken": [{}], "files": ["b"]}
SIGNED = {"outdone": ["c"], "head": ""}
EARLIER_BASES: Mapping[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "the first": (LEAST, {}),
    "rows that were added": ({**LEAST, **ADDED}, {}),
    "cells that were taken": ({**LEAST, **ADDED, **TAKEN}, {}),
    "returns and issues before": ({**LEAST, **ADDED, **TAKEN, **RETURNS}, {}),
    "the workbook issued last": ({**LEAST, **ADDED, **TAKEN, **RETURNS, "file": "b"}, {"files": ["b"]}),
    "no workbook yet": ({**LEAST, **ADDED, **TAKEN, **RETURNS, "file": ""}, {"files": []}),
    "every workbook issued": ({**LEAST, **ADDED, **TAKEN, **RETURNS, **FILES}, {}),
    "before there were numbers": ({**LEAST, **ADDED, **TAKEN, **RETURNS, **FILES, **SIGNED}, {}),
}


@pytest.mark.parametrize(("facts", "became"), EARLIER_BASES.values(), ids=EARLIER_BASES)
def test_a_base_of_each_earlier_shape_is_read_and_kept_with_a_number(
    tmp_path: Path, facts: dict[str, Any], became: dict[str, Any]
) -> None:
    ledger = tmp_path / "整改台账.xlsx"
    path = history(ledger, f"issued/{PERIOD}/财务处.json")
    path.parent.mkdir(parents=True)
    path.write_bytes(json.dumps(facts, ensure_ascii=False).encode())
    [base] = bases_of(ledger, PERIOD)
    known = {key: value for key, value in facts.items() if key != "file"} | became
    assert {key: getattr(base, key) for key in known} == known
    assert base.more == {}
    save_base(ledger, base)
    kept = parse_facts(path.read_bytes())
    assert kept == {**kept, **known, "schema": 1}
    assert load_base(ledger, PERIOD, "财务处") == base


FIRST = {
    "previous": "",
    "time": "2022-03-01T09:00:00",
    "user": "office",
    "command": "登记",
    "before": "",
    "after": "a",
    "changes": [],
}
CHANGE = {"register": "tasks", "code": "RW-001", "column": "progress", "old": 0.3, "new": 0.6}
EARLIER_LINES: Mapping[str, dict[str, Any]] = {
    "the first": FIRST,
    "a change, whose source and note were always written": {**FIRST, "changes": [{**CHANGE, "source": "", "note": ""}]},
    "a change without source": {**FIRST, "changes": [CHANGE]},
    "dates as text": {**FIRST, "changes": [{**CHANGE, "old": "2022-01-01"}]},
    "dates as dates": {**FIRST, "changes": [{**CHANGE, "old": {"date": "2022-01-01"}}]},
    "put away": {**FIRST, "archive": "2021.zip", "archived": ["012345678901"]},
    "signed": {**FIRST, "files": {"issued/x.json": "b"}, "key": "01234567", "mark": "c"},
    "another key": {**FIRST, "rekeyed": True, "key": "01234567", "mark": "c"},
}


@pytest.mark.parametrize("facts", EARLIER_LINES.values(), ids=EARLIER_LINES)
def test_a_line_of_each_earlier_shape_is_an_entry(tmp_path: Path, facts: dict[str, Any]) -> None:
    for schema in ({}, {"schema": 1}):
        line = json.dumps({**schema, **facts}, ensure_ascii=False).encode()
        (tmp_path / "journal.jsonl").write_bytes(line + b"\n")
        journal = read_journal(tmp_path)
        assert (journal.broken, journal.unread, [*journal.entries]) == (None, (), [1])
        entry = journal.entries[1]
        assert (entry.command, entry.more, entry.archive) == ("登记", (), facts.get("archive", ""))
        assert [(type(each), each.new, each.source) for each in entry.changes] == [
            (Change, 0.6, "") for _ in facts["changes"]
        ]


def test_notes_of_each_earlier_shape_are_read(ledger: Path) -> None:
    secret = read_key(ledger) or b""
    first = {"user": "office", "time": "2022-03-01 09:00:00", "command": "merge", "lines": 3}
    unsigned = make_instance(Holder, migrate(Kind.HOLDER, first))
    assert (unsigned.mark, is_genuine(unsigned, ledger)) == ("", False)
    signed = {**first, "mark": sign(secret, "holder", unsigned.facts)}
    assert is_genuine(make_instance(Holder, migrate(Kind.HOLDER, signed)), ledger)
    head = history(ledger, ".head")
    facts = json.loads(head.read_bytes())
    del facts["schema"]
    head.write_bytes(json.dumps(facts).encode())
    roster = history(ledger, f"issued/{PERIOD}_应发部门.json")
    known = {"departments": ["财务处"], "unfinished": []}
    roster.write_bytes(json.dumps(known).encode())
    assert stored_json(roster, Kind.ROSTER, Roster, "") == Roster(("财务处",), ())


def test_a_case_of_a_sheet_without_numbers_is_read(ledger: Path) -> None:
    """Such sheets exist from earlier versions; the signature covers the text alone, so that they can read new ones."""
    path = ledger.parent / f"回执/{PERIOD}/冲突裁决.xlsx"
    secret = read_key(ledger) or b""
    now = cases_of(read_workbook(path).by_name["_裁决标识"], secret)
    type_into(path, {"_裁决标识": {(1, 5): None}})
    assert cases_of(read_workbook(path).by_name["_裁决标识"], secret) == now
    assert [*now.values()] == [Case("财务处", PERIOD, "tasks", "RW-001", "progress", "0.5", 0.6, "财务处.xlsx")]


@pytest.mark.parametrize(
    "name",
    [".head", ".lock-owner.json", f"issued/{PERIOD}_应发部门.json", f"issued/{PERIOD}/财务处.json", "journal.jsonl"],
)
def test_no_file_of_a_newer_schema_is_passed_over_or_written_over(ledger: Path, run: Run, name: str) -> None:
    """Each command that needs it names the file, the reason and the cure; the file is unchanged."""
    path = history(ledger, name)
    at = ("-l", ledger)
    if name == ".lock-owner.json":
        path.write_bytes(json.dumps({"schema": 2, "x": 1}).encode())
    elif name == "journal.jsonl":
        *lines, last = path.read_bytes().splitlines()
        path.write_bytes(b"\n".join([*lines, json.dumps({**json.loads(last), "schema": 2}).encode(), b""]))
    else:
        rewrite_json(path, schema=2)
    before = path.read_bytes()
    fill(ledger, {"RW-001": {"progress": 0.9}})
    for command in (
        ("history", "verify"),
        ("issue", "-p", PERIOD, "--again", "--as-of", "2022-03-20"),
        ("merge", "-y"),
    ):
        result = run(*command, *at)
        told = result.output
        assert result.exit_code, told
        if (
            "应发部门" in name and command[0] != "issue"
        ):  # verify compares its bytes alone; a merge takes in what was issued
            continue
        assert (NEWER in told, CURE in told, path.name in told) == (True, True, True), (command, told)
        assert path.read_bytes() == before
    assert value(ledger, "RW-001", "progress") == "0.5"


def test_only_the_department_whose_base_is_newer_waits(ledger: Path, run: Run) -> None:
    rewrite_json(history(ledger, f"issued/{PERIOD}/财务处.json"), schema=2)
    fill(ledger, {"RW-001": {"progress": 0.9}})
    fill(ledger, {"RW-002": {"progress": 0.9}}, name="党办", department="党委办公室")
    result = run("merge", "-y", "-l", ledger)
    assert (result.exit_code, f"{PERIOD}/财务处.json {NEWER}。{CURE}" in result.stdout) == (1, True), result.output
    assert [value(ledger, code, "progress") for code in ("RW-001", "RW-002")] == ["0.5", "0.9"]


def test_a_newer_line_is_listed_apart(ledger: Path, run: Run) -> None:
    path = history(ledger, "journal.jsonl")
    lines = path.read_bytes().splitlines()
    newer = json.dumps({"schema": 2, "what": "else"}).encode()
    path.write_bytes(b"\n".join([*lines, newer, b"[]", b""]))
    result = run("history", "list", "-l", ledger)
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == len(lines)
    number = len(lines) + 1
    assert (
        f"history/journal.jsonl 第 {number + 1} 行读不出来（没有存完整，或被改过）；"
        f"history/journal.jsonl 第 {number} 行{NEWER}，没有列出。" in result.stderr
    )


@pytest.mark.parametrize("vouched", [False, True])
def test_a_form_of_a_newer_version_is_refused_by_name(ledger: Path, run: Run, vouched: bool) -> None:
    path = fill(ledger, {"RW-001": {"progress": 0.9}})
    in_form(path, version=2)
    result = run("merge", "-y", *(["--as", "财务处", "--period", PERIOD, path] if vouched else []), "-l", ledger)
    assert ("", "identity") in findings(result), result.output
    assert f"这份表{NEWER}，没有采用。{CURE}" in result.stdout
    assert value(ledger, "RW-001", "progress") == "0.5"


def test_a_form_that_says_no_version_is_read(ledger: Path, run: Run) -> None:
    path = fill(ledger, {"RW-002": {"progress": 0.9}}, name="党办", department="党委办公室")
    in_form(path, version=0)
    run("merge", "-y", "-l", ledger)
    assert value(ledger, "RW-002", "progress") == "0.9"


def test_a_sheet_of_cases_of_a_newer_version_stays_and_is_named(ledger: Path, run: Run) -> None:
    """None of its cases is lost: it is not written over, and no ruling on it is guessed."""
    path = ledger.parent / f"回执/{PERIOD}/冲突裁决.xlsx"
    heads = {str(cell.value): cell.column for cell in load(path.read_bytes())["冲突裁决"][4]}
    typed = {(5, heads["裁决"]): "采用上报", (5, heads["理由"]): "核过"}
    type_into(path, {"冲突裁决": typed, "_裁决标识": {(1, 5): 2}})
    before = path.read_bytes()
    ruled = run("merge", "-y", "--decisions", path, "-l", ledger)
    assert (ruled.exit_code, f"这份〈冲突裁决〉{NEWER}，没有采用。{CURE}" in ruled.stdout) == (1, True), ruled.output
    merged = run("merge", "-y", "-l", ledger)
    assert (merged.exit_code, f"冲突裁决.xlsx {NEWER}，没有动它。{CURE}" in merged.output) == (1, True), merged.output
    assert path.read_bytes() == before
    assert value(ledger, "RW-001", "progress") == "0.5"


def test_what_a_newer_version_adds_within_a_schema_stays(ledger: Path, run: Run) -> None:
    """Bases, their returns and rosters are written back with it; notes and cases are read."""
    base, roster = history(ledger, f"issued/{PERIOD}/财务处.json"), history(ledger, f"issued/{PERIOD}_应发部门.json")
    returns = json.loads(base.read_bytes())["returns"]
    returns[0]["totals"]["waved"] = [1]
    rewrite_json(base, newer={"x": [1]}, returns=returns)
    rewrite_json(roster, newer=[2])
    rewrite_json(history(ledger, ".head"), newer=3)
    history(ledger, ".lock-owner.json").write_bytes(
        json.dumps(
            {"schema": 1, "user": "别人", "time": "2022-03-01", "command": "出表", "lines": 1, "newer": 4}
        ).encode()
    )
    told = run("validate", "-l", ledger)
    assert "上次生成报表、督办单（2022-03-01 开始）时被打断" in told.output
    fill(ledger, {"RW-001": {"progress": 0.8}})
    run("merge", "-y", "-l", ledger)
    assert run("issue", "-p", PERIOD, "--again", "--as-of", "2022-03-20", "-l", ledger).exit_code == 0
    kept = json.loads(base.read_bytes())
    assert (kept["newer"], kept["returns"][0]["totals"]["waved"], len(kept["returns"])) == ({"x": [1]}, [1], 2)
    assert json.loads(roster.read_bytes())["newer"] == [2]


def test_the_totals_that_are_looked_at_are_those_that_are_noted() -> None:
    assert {"department", "file", *LISTS, *COUNTS} == {*Totals.__dataclass_fields__}


def test_a_base_is_written_as_it_was_but_for_its_number(tmp_path: Path) -> None:
    assert base_bytes(Base("财务处", PERIOD, {}, {})).startswith(
        '{"schema": 1, "department": "财务处", "period": "2022-03", "rows": {}, "spare": {}, '.encode()
    )
    path = tmp_path / "x.json"
    path.write_bytes(b'{"schema": 7}')
    with pytest.raises(Newer) as caught:
        stored_json(path, Kind.BASE, Base, "找回")
    assert (caught.value.path, "找回" in str(caught.value)) == (path, False)
