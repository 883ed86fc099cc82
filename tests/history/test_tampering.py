"""The record is tamper-evident: every later change to it is reported by name, and so is a restored older folder."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.fixtures import Run
from support.ledgers import load, small_ledger
from support.returned import edit, fill
from support.thorough import few_or_all
from support.works import NOW
from taizhang.forms.load import standard_forms
from taizhang.history.hand_edits import record
from taizhang.history.heads import head_of, parse_code
from taizhang.history.journal import read_journal
from taizhang.history.states import find_state
from taizhang.history.verify import verify_history

FORMS = standard_forms()
PERIOD = "2022-03"


@dataclass(frozen=True, slots=True)
class Office:
    """A working place whose record is tampered with."""

    ledger: Path

    @property
    def history(self) -> Path:
        return self.ledger.parent / "history"

    @property
    def lines(self) -> list[bytes]:
        return self.path("journal.jsonl").read_bytes().splitlines()

    def path(self, name: str) -> Path:
        return self.history / name

    def write(self, *lines: bytes) -> None:
        self.path("journal.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))

    def base(self, department: str = "财务处") -> Path:
        return self.path(f"issued/{PERIOD}/{department}.json")

    def head(self) -> str:
        return head_of(self.lines).shown


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Registered, issued, one return merged, one hand edit: five lines."""
    from click.testing import CliRunner
    from taizhang.cli import main

    noted = {"original_deadline": "2022-12-31"}  # so that the issue writes nothing into the ledger
    tasks = [{"progress": 20, **noted}, noted]
    ledger = small_ledger(tmp_path_factory.mktemp("office") / "台账" / "整改台账.xlsx", tasks)
    clock = {"SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))}

    def run(*args: str) -> None:
        done = CliRunner().invoke(main, [*args, "-l", str(ledger)], env=clock)
        assert done.exit_code == 0, done.output

    run("issue", "-p", PERIOD)
    fill(ledger, {"RW-001": {"progress": 0.6}})
    run("merge", "-y", "-q")
    edit(ledger, "RW-001", "update", "手工")
    run("validate", "-q", "--only", "sheet-missing")
    assert [each.command for each in read_journal(ledger.parent / "history").entries.values()] == [
        "登记", "issue", "merge", "手工修改",
    ]  # fmt: skip
    assert verify_history(ledger, FORMS) == []
    return ledger


@pytest.fixture
def office(made: Path, tmp_path: Path) -> Office:
    shutil.copytree(made.parent, tmp_path / "台账")
    return Office(tmp_path / "台账" / made.name)


def altered(line: bytes, **facts: Any) -> bytes:
    return json.dumps({**json.loads(line), **facts}, ensure_ascii=False).encode()


def linked(lines: list[bytes]) -> list[bytes]:
    """The lines with the chain computed anew, as somebody does who knows how it is made but has no key."""
    made: list[bytes] = []
    for line in lines:
        made.append(altered(line, previous=hashlib.sha256(made[-1]).hexdigest() if made else ""))
    return made


def unsigned(line: bytes, **facts: Any) -> bytes:
    known = {key: value for key, value in json.loads(line).items() if key not in ("key", "mark")}
    return json.dumps({**known, **facts}, ensure_ascii=False).encode()


def field(number: int, **facts: Any) -> Callable[[Office], None]:
    """One line altered, and nothing else."""

    def tamper(office: Office) -> None:
        lines = office.lines
        lines[number - 1] = altered(lines[number - 1], **facts)
        office.write(*lines)

    return tamper


def rewritten(number: int, **facts: Any) -> Callable[[Office], None]:
    """One line altered, and the chain from there on computed anew."""

    def tamper(office: Office) -> None:
        lines = office.lines
        lines[number - 1] = altered(lines[number - 1], **facts)
        office.write(*lines[: number - 1], *linked(lines)[number - 1 :])

    return tamper


def ordered(*numbers: int) -> Callable[[Office], None]:
    """The lines in another order, some twice or not at all."""
    return lambda office: office.write(*(office.lines[number - 1] for number in numbers))


def put(name: str, data: bytes | None) -> Callable[[Office], None]:
    def tamper(office: Office) -> None:
        path = office.path(name)
        if data is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    return tamper


def without_last_step(office: Office) -> None:
    """The last entry, its state and the ledger go back together."""
    *lines, last = office.lines
    office.write(*lines)
    before, after = (json.loads(last)[key][:12] for key in ("before", "after"))
    shutil.copy(next(office.history.glob(f"*_{before}.xlsx")), office.ledger)
    next(office.history.glob(f"*_{after}.xlsx")).unlink()


def without_last_step_and_note(office: Office) -> None:
    without_last_step(office)
    office.path(".head").unlink()


def without_merge(office: Office) -> None:
    """All that the merge and what came after it wrote in history goes, the note as well; the ledger stays."""
    for line in office.lines[2:]:
        for path in office.history.glob(f"*_{json.loads(line)['after'][:12]}.xlsx"):
            path.unlink()
    office.write(*office.lines[:2])
    office.path(".head").unlink()


def unsigned_throughout(office: Office) -> None:
    office.write(*linked([unsigned(line) for line in office.lines]))
    office.path(".head").unlink()
    (office.ledger.parent / ".taizhang-key").unlink()


def in_the_sheet(column: str, value: str | None) -> Callable[[Office], None]:
    """A cell of 〈变更记录〉 typed over in the ledger; the hand edit is recorded, as one that changes no cell."""

    def tamper(office: Office) -> None:
        book = load(office.ledger.read_bytes())
        sheet = book["变更记录"]
        heads = {cell.value: cell.column for cell in sheet[3]}
        sheet.cell(4, heads[column]).value = value
        book.save(office.ledger)
        record(office.ledger, FORMS, NOW)

    return tamper


def swapped(office: Office) -> None:
    one, other = office.base(), office.base("党委办公室")
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def two_states_swapped(office: Office) -> None:
    """The first two have each other's name: a request for either gets neither."""
    first_two = [*dict.fromkeys(json.loads(line)["after"][:12] for line in office.lines)][:2]
    one, other = (next(office.history.glob(f"*_{digits}.xlsx")) for digits in first_two)
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def slipped_into_a_link(office: Office) -> None:
    folder, elsewhere = office.base().parent, office.ledger.parent / "别处"
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)
    shutil.copy(office.base(), elsewhere / "另一份.json")


def unsigned_and_the_forms_away(office: Office) -> None:
    unsigned_throughout(office)
    for name in ("下发", "报送"):
        shutil.rmtree(office.ledger.parent / name)
    for base in office.base().parent.iterdir():
        base.write_bytes(altered(base.read_bytes(), head=""))


def before_the_issue(office: Office) -> None:
    """Ledger and history go back to the step before the form was issued, which knows of that step and no later one."""
    from taizhang.history.heads import write_note
    from taizhang.history.journal import read_key

    first = office.lines[0]
    [state] = office.history.glob(f"*_{json.loads(first)['after'][:12]}.xlsx")
    shutil.copy(state, office.ledger)
    for path in office.history.glob("*.xlsx"):
        path.unlink() if path != state else None
    shutil.rmtree(office.path("issued"))
    office.write(first)
    office.path(".head").unlink()
    write_note(office.history, [first], read_key(office.ledger) or b"")


def key(data: bytes | None) -> Callable[[Office], None]:
    return put("../.taizhang-key", data)


def other_key_for_all(office: Office) -> None:
    """The key replaced, and every line signed anew with it."""
    from taizhang.history.entries import sign_line
    from taizhang.history.heads import write_note
    from taizhang.history.key import make_key

    secret = make_key(office.ledger)
    made: list[bytes] = []
    for line in office.lines:
        facts = {name: value for name, value in json.loads(line).items() if name not in ("key", "mark")}
        made.append(sign_line({**facts, "previous": hashlib.sha256(made[-1]).hexdigest() if made else ""}, secret))
    office.write(*made)
    office.path(".head").unlink()
    write_note(office.history, made, secret)


ISSUED = f"issued/{PERIOD}"
LAST = 4
TAMPERING: list[tuple[str, Callable[[Office], object], str]] = [
    ("the last line's user", field(LAST, user="别人"), "journal.jsonl 第 4 行被改过：和签名对不上。"),
    ("the last line's time", field(LAST, time="2022-04-01T09:30:00"), "journal.jsonl 第 4 行被改过：和签名对不上。"),
    ("the last line's command", field(LAST, command="merge"), "journal.jsonl 第 4 行被改过：和签名对不上。"),
    ("a change left out", field(3, changes=[]), "journal.jsonl 第 3 行被改过：和签名对不上。"),
    ("files left out", field(2, files={}), "journal.jsonl 第 2 行被改过：和签名对不上。"),
    ("a mark", field(3, mark="0" * 64), "journal.jsonl 第 3 行被改过：和签名对不上。"),
    ("another key's name", field(3, key="01234567"), "第 3 行是用另一个 .taizhang-key 签的，不是程序写的。"),
    ("a fact added", field(3, xyz=1), "第 3 次里有这一版程序不认得的内容（xyz）"),
    ("a note and the chain", rewritten(3, user="别人"), "journal.jsonl 第 3、4 行被改过：和签名对不上。"),
    (
        "signatures taken off",
        lambda o: o.write(*o.lines[:2], *linked([*o.lines[:2], *map(unsigned, o.lines[2:])])[2:]),
        "第 3 行没有签名",
    ),
    ("a line out of the middle", ordered(1, 3, 4), "journal.jsonl 第 2 行与前一行接不上"),
    ("two lines swapped", ordered(1, 3, 2, 4), "journal.jsonl 第 2 行与前一行接不上"),
    ("a line twice", ordered(1, 2, 3, 4, 4), "journal.jsonl 第 5 行与前一行接不上"),
    (
        "a line added",
        lambda o: o.write(*o.lines, unsigned(o.lines[-1], previous=hashlib.sha256(o.lines[-1]).hexdigest())),
        "第 5 行没有签名",
    ),
    (
        "a line that is none",
        lambda o: o.write(*o.lines, b"[1]"),
        "history/journal.jsonl 第 5 行读不出来（没有存完整，或被改过）。",
    ),
    ("the last line away", ordered(1, 2, 3), "history/.head 里记录到第 4 次，"),
    ("all lines away", lambda o: o.write(), "现在的记录只到第 0 次：末尾的记录被删过，或 history 换回了旧的"),
    (
        "the last step and the ledger back",
        without_last_step,
        "现在的记录只到第 3 次：末尾的记录被删过，或 history 换回了旧的",
    ),
    ("and the note away", without_last_step_and_note, "history/.head 不见了（它记着记录到第几次）"),
    (
        "the note altered",
        put(".head", b'{"number": 3, "code": "012345678901", "mark": ""}'),
        "history/.head 的签名对不上，被改过。",
    ),
    ("the record before the merge", without_merge, "history/.head 不见了"),
    ("all unsigned, and no key", unsigned_throughout, "现在第 1 次的校验码不是它：那一次或以前的记录被改写过"),
    (
        "a base altered",
        lambda o: o.base().write_bytes(o.base().read_bytes().replace(b"0.2", b"0.9")),
        f"history/{ISSUED}/财务处.json 被改过，或换成了别的（不是第 3 次写的那一份）",
    ),
    ("a base away", put(f"{ISSUED}/财务处.json", None), f"history/{ISSUED}/财务处.json 不见了（第 3 次写的）"),
    ("two bases swapped", swapped, f"history/{ISSUED}/党委办公室.json 被改过，或换成了别的（不是第 2 次写的那一份）"),
    (
        "a base slipped in",
        put("issued/2022-06/财务处.json", b"{}"),
        "history/issued/2022-06/财务处.json 不是程序写的（记录里没有它）",
    ),
    (
        "the roster altered",
        put(f"issued/{PERIOD}_应发部门.json", b'{"departments": [], "unfinished": []}'),
        f"history/issued/{PERIOD}_应发部门.json 被改过",
    ),
    ("a state altered", lambda o: min(o.history.glob("*.xlsx")).write_bytes(b"x"), "次之后的台账"),
    ("two states swapped", two_states_swapped, "第 1 次之后的台账"),
    ("a base slipped into a link", slipped_into_a_link, f"history/{ISSUED}/另一份.json 不是程序写的"),
    ("all unsigned, the forms away", unsigned_and_the_forms_away, "整改台账.xlsx 的〈变更记录〉第 4 行和记录不符"),
    ("all before the issue", before_the_issue, f".xlsx 是 {PERIOD} 期下发的，记录里却没有这一期的下发"),
    ("the key replaced", key(b"0" * 64), "台账旁边的 .taizhang-key 不是原来的那一个"),
    ("the key emptied", key(b""), "台账旁边的 .taizhang-key 是空的。"),
    ("the key cut off", key(b"0123"), "台账旁边的 .taizhang-key 坏了或被改过。"),
    ("the key away", key(None), "台账旁边缺了 .taizhang-key（隐藏文件）"),
    ("another key, all signed anew", other_key_for_all, "整改台账.xlsx 的〈变更记录〉第 4 行和记录不符"),
    (
        "the history another ledger's",
        lambda o: (put(".ledger", "别的.xlsx".encode())(o), (o.ledger.parent / "别的.xlsx").write_bytes(b""))[0],
        "是 别的.xlsx 的历史",
    ),
    ("the sheet: who", in_the_sheet("操作人账号", "别人"), "整改台账.xlsx 的〈变更记录〉第 4 行和记录不符"),
    ("the sheet: what", in_the_sheet("改为", "99%"), "整改台账.xlsx 的〈变更记录〉第 4 行和记录不符"),
    (
        "the sheet: its code",
        in_the_sheet("上一次的校验码", "0000-0000-0000"),
        "整改台账.xlsx 的〈变更记录〉第 4 行和记录不符",
    ),
    (
        "the sheet: a later step",
        in_the_sheet("记录号", "99"),
        "整改台账.xlsx 的〈变更记录〉记到第 99 次，现在的记录只到第 5 次",
    ),
]


@pytest.mark.parametrize(
    ("tamper", "sentence"),
    [pytest.param(*each, id=name, marks=pytest.mark.posix if "link" in name else ()) for name, *each in TAMPERING],
)
def test_what_was_tampered_with_is_told(office: Office, tamper: Callable[[Office], object], sentence: str) -> None:
    tamper(office)
    problems = verify_history(office.ledger, FORMS)
    assert [problem for problem in problems if sentence in problem], problems
    assert all("请" in problem for problem in problems), problems


def test_of_two_states_swapped_neither_is_given(office: Office) -> None:
    """What looks back is refused, and does not show or put back the cells of another day."""
    digests = [*dict.fromkeys(json.loads(line)["after"] for line in office.lines)]
    two_states_swapped(office)
    given = [find_state(office.ledger, digest) for digest in digests]
    assert [bool(data) for data in given] == [False, False, *(True for _ in digests[2:])]
    assert all(hashlib.sha256(data).hexdigest() == digest for data, digest in zip(given, digests, strict=True) if data)


def test_a_record_that_was_cut_is_told_by_the_bases_alone(office: Office) -> None:
    """Even if the note was restored as well: a base knows of a later issue that the journal does not."""
    from taizhang.history.heads import write_note
    from taizhang.history.journal import read_key

    lines = office.lines
    secret = read_key(office.ledger)
    assert secret
    for path in office.history.glob("*.xlsx"):
        if json.loads(lines[0])["after"][:12] not in path.name:
            path.unlink()
    office.write(lines[0])
    office.path(".head").unlink()
    write_note(office.history, lines[:1], secret)
    problems = verify_history(office.ledger, FORMS)
    assert any(f"{ISSUED}/财务处.json 不是程序写的" in problem for problem in problems), problems
    assert any("〈变更记录〉记到第 3 次，现在的记录只到第 1 次" in problem for problem in problems), problems


def test_a_ledger_and_history_put_back_are_told_by_the_forms_that_were_issued_since(
    office: Office, run: Run, tmp_path: Path
) -> None:
    shutil.copytree(office.history, tmp_path / "旧")
    old = office.ledger.read_bytes()
    edit(office.ledger, "RW-001", "update", "后来")
    run("issue", "-p", "2022-04", "-l", office.ledger)
    shutil.rmtree(office.history)
    shutil.copytree(tmp_path / "旧", office.history)
    office.ledger.write_bytes(old)
    told = run("history", "verify", "-l", office.ledger)
    assert (told.exit_code, "下发时记录到第 5 次" in told.stdout, "只到第 4 次" in told.stdout) == (1, True, True)


def test_a_note_that_was_laid_there_passes_nothing_off_as_a_kill(office: Office, run: Run) -> None:
    """Leftovers are attributed to a killed command only if it signed that it was at work."""
    office.base().write_bytes(office.base().read_bytes().replace(b"0.2", b"0.9"))
    note = {"user": "某人", "time": "2022-03-31 09:30:00", "command": "merge", "lines": 3, "mark": "0" * 64}
    office.path(".lock-owner.json").write_text(json.dumps(note), encoding="utf-8")
    told = run("history", "verify", "-l", office.ledger)
    assert (told.exit_code, "财务处.json 被改过，或换成了别的" in told.stdout) == (1, True), told.output


def test_a_whole_folder_put_back_is_told_by_the_code_that_was_noted_down(
    office: Office, run: Run, tmp_path: Path
) -> None:
    """Nothing in the folder reveals it; the office's notebook does, and a code still right shows up to where."""
    shutil.copytree(office.ledger.parent, tmp_path / "旧")
    old = office.head()
    edit(office.ledger, "RW-001", "update", "后来")
    said = run("validate", "-l", office.ledger, "--only", "sheet-missing").stderr
    noted = office.head()
    assert f"记录到第 5 次，校验码 {noted}。\n" in said
    shutil.rmtree(office.ledger.parent)
    shutil.copytree(tmp_path / "旧", office.ledger.parent)
    at = ("-l", office.ledger)
    assert run("history", "verify", *at).exit_code == 0
    told = run("history", "verify", "--code", noted, *at)
    assert (told.exit_code, f"校验码 {noted} 在现在的记录里没有（现在共 4 次）" in told.stdout) == (1, True)
    right = run("history", "verify", "--code", old.upper().replace("-", " "), *at)
    assert (right.exit_code, f"校验码 {old} 是第 4 次之后的" in right.stderr) == (0, True)
    assert run("history", "verify", "--code", "8f3a", *at).exit_code == 2


def test_a_whole_folder_put_back_is_told_by_what_comes_back(office: Office, run: Run, tmp_path: Path) -> None:
    """A form issued later knows a later head: the merge reports it, and so does verify if it is given the file."""
    shutil.copytree(office.ledger.parent, tmp_path / "旧")
    edit(office.ledger, "RW-001", "update", "后来")
    copy = tmp_path / "副本.xlsx"
    run("issue", "-p", PERIOD, "--again", "-l", office.ledger)
    form = fill(office.ledger, {"RW-001": {"progress": 0.7}}, name="新的")
    run("forms", "enable", "廉政风险", "-y", "-l", office.ledger)
    shutil.copy(office.ledger, copy)
    later = form.read_bytes()
    shutil.rmtree(office.ledger.parent)
    shutil.copytree(tmp_path / "旧", office.ledger.parent)
    form.write_bytes(later)
    at = ("-l", office.ledger)
    merged = run("merge", "-n", *at)
    assert (merged.exit_code, "新的.xlsx 下发时记录到第 5 次" in merged.stdout) == (1, True)
    assert "台账和 history 被换回了旧的" in merged.stdout
    told = run("history", "verify", form, copy, *at)
    assert [line.split("，")[0] for line in told.stdout.splitlines()] == [
        "新的.xlsx 下发时记录到第 5 次",
        "新的.xlsx 下发时记录到第 5 次",
        "副本.xlsx 的〈变更记录〉记到第 7 次",
    ]
    form.unlink()
    older = run("history", "verify", office.ledger.parent / "下发" / PERIOD / "财务处.xlsx", *at)
    assert (older.exit_code, "财务处.xlsx 和记录相符。" in older.stderr) == (0, True)


def test_a_key_lost_for_good_is_followed_by_another_and_said(office: Office, run: Run) -> None:
    (office.ledger.parent / ".taizhang-key").write_bytes(b"")
    at = ("-l", office.ledger)
    assert "没有运行：台账旁边的 .taizhang-key 是空的。" in run("issue", "-p", "2022-04", *at).stderr
    assert run("issue", "-p", PERIOD, "--again", *at).exit_code == 0
    said = run("history", "verify", *at)
    assert said.exit_code == 0, said.output
    assert "第 1 到 4 次是用以前的 .taizhang-key 签的，那一个已经不在，签名没法核对" in said.stderr


def test_lines_of_earlier_versions_are_said_to_prove_nothing_by_themselves(office: Office, run: Run) -> None:
    in_the_sheet("上一次的校验码", None)(office)
    office.write(*linked([unsigned(line) for line in office.lines]))
    office.path(".head").unlink()
    for base in (office.base(), office.base("党委办公室")):
        base.write_bytes(altered(base.read_bytes(), head=""))
    shutil.rmtree(office.ledger.parent / "下发")
    shutil.rmtree(office.ledger.parent / "报送")
    at = ("-l", office.ledger)
    said = run("history", "verify", *at).stderr
    assert "第 1 到 5 次没有签名，只核对了前后相接（旧版程序记的都没有；是这一版程序记的，就是签名被去掉了）；" in said
    assert "下一次记录起有签名。" in said
    edit(office.ledger, "RW-001", "update", "后来")
    said = run("history", "verify", *at)
    assert (said.exit_code, "从第 6 次起有签名，以后改动前面的也看得出来" in said.stderr) == (0, True), said.output
    assert sorted(read_journal(office.history).entries[6].files) == [
        f"{ISSUED}/党委办公室.json",
        f"{ISSUED}/财务处.json",
        f"issued/{PERIOD}_应发部门.json",
    ]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("8f3a-12cd-77b0", "8f3a12cd77b0"),
        ("８Ｆ３Ａ 12cd 77b0", "8f3a12cd77b0"),
        ("8f3a—12cd—77b0", "8f3a12cd77b0"),
        ("8f3a-12cd", ""),
        ("8f3a-12cd-77bg", ""),
        ("", ""),
    ],
)
def test_a_code_is_read_however_it_was_written_down(typed: str, code: str) -> None:
    assert parse_code(typed) == code


@pytest.mark.parametrize("lines", [0, 2])
def test_nothing_is_written_after_a_record_whose_end_is_gone(office: Office, run: Run, lines: int) -> None:
    """Anything written there would be lost when the backup is restored; the office may declare it has no backup."""
    office.write(*office.lines[:lines])
    fill(office.ledger, {"RW-001": {"progress": 0.9}})
    before = {path: path.read_bytes() for path in office.ledger.parent.rglob("*.[jx]*")}
    said = (
        f"history/.head 里记录到第 4 次，校验码 {office_head(office)}，现在的记录只到第 {lines} 次：末尾的记录被删过，"
    )
    at = ("-l", office.ledger)
    for command in (("merge", "-y"), ("issue", "-p", "2022-04"), ("forms", "enable", "慰问帮扶", "-y")):
        refused = run(*command, *at)
        assert (refused.exit_code, refused.stderr.splitlines()[-1].startswith(f"没有运行：{said}")) == (2, True), (
            command
        )
    looked = run("report", "-o", office.ledger.parent / "一览.xlsx", *at)
    assert (looked.exit_code, f"手工修改这次没有记下：{said}" in looked.stderr) == (0, True), looked.output
    assert {path: path.read_bytes() for path in before} == before
    office.path(".head").unlink()
    assert run("issue", "-p", "2022-04", *at).exit_code == 0


@pytest.mark.parametrize("damage", [{"changes": 5}, {"previous": "0"}])
def test_nothing_is_issued_on_a_record_that_is_damaged(office: Office, run: Run, damage: dict[str, Any]) -> None:
    *lines, last = office.lines
    office.write(*lines, altered(last, **damage))
    before = office.path("journal.jsonl").read_bytes()
    result = run("issue", "-p", "2022-04", "-l", office.ledger)
    assert (result.exit_code, "journal.jsonl 第 4 行" in result.stderr.splitlines()[-1]) == (2, True), result.stderr
    assert office.path("journal.jsonl").read_bytes() == before
    assert not (office.ledger.parent / "下发/2022-04").exists()


def office_head(office: Office) -> str:
    from taizhang.history.heads import Head

    return Head(4, json.loads(office.path(".head").read_bytes())["code"]).shown


@pytest.fixture(scope="module")
def watched(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office whose journal is written over again and again; nothing else in it changes."""
    folder = tmp_path_factory.mktemp("watched") / "台账"
    shutil.copytree(made.parent, folder)
    return Office(folder / made.name)


SLIPPED_IN = (b"", b" ", b"{}", b"null", b"\x00" * 40, b'{"schema": 2}', b'{"schema": "x"}', b"\xff")
_at = st.integers(0, LAST - 1)


@settings(
    max_examples=few_or_all(40, 80),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    how=st.one_of(
        st.tuples(st.just("dropped"), _at, st.none()),
        st.tuples(st.just("twice"), _at, _at),
        st.tuples(st.just("swapped"), _at, _at),
        st.tuples(st.just("slipped in"), st.integers(0, LAST), st.sampled_from(SLIPPED_IN)),
        st.tuples(st.just("a byte"), _at, st.tuples(st.integers(0, 10_000), st.integers(0, 255))),
        st.tuples(
            st.just("a fact"),
            _at,
            st.sampled_from([("schema", 2), ("schema", 0), ("xyz", 1), ("user", "别人"), ("key", "")]),
        ),
    )
)
def test_each_line_counts_or_is_named(watched: Office, how: tuple[str, int, Any], made: Path) -> None:
    """A line inserted, altered, dropped or moved: the first such line is named, or the missing end is reported."""
    whole = made.parent.joinpath("history/journal.jsonl").read_bytes().splitlines()
    what, at, more = how
    lines = [*whole]
    if what == "dropped":
        del lines[at]
    elif what == "twice":
        lines.insert(more, lines[at])
    elif what == "swapped":
        lines[at], lines[more] = lines[more], lines[at]
    elif what == "slipped in":
        lines.insert(at, more)
    elif what == "a byte":
        place = more[0] % len(lines[at])
        lines[at] = lines[at][:place] + bytes([more[1]]) + lines[at][place + 1 :]
    else:
        lines[at] = altered(lines[at], **{more[0]: more[1]})
    watched.write(*lines)
    told = "".join(verify_history(watched.ledger, FORMS))
    if lines == whole:
        assert told == ""
        return
    first = next((n for n, (old, new) in enumerate(zip(whole, lines, strict=False), 1) if old != new), LAST + 1)
    if lines == whole[:-1]:
        assert f"history/.head 里记录到第 {LAST} 次" in told
    else:
        named = {int(each) for found in re.findall(r"第 ([\d、]+) [行次]", told) for each in found.split("、")}
        assert named & {first, first + 1}, told


def test_a_line_that_was_not_written_whole_is_no_step_and_said(office: Office, run: Run) -> None:
    """A power cut leaves such a one; the next line takes its place."""
    whole = office.path("journal.jsonl").read_bytes()
    for left in (b'{"schema": 1, "prev', b"\x00\x00", whole[:20]):
        office.path("journal.jsonl").write_bytes(whole + left)
        told = run("history", "verify", "-l", office.ledger)
        assert (told.exit_code, told.output.startswith(f"记录完整，共 {LAST} 次。")) == (0, True), told.output
        assert f"journal.jsonl 末尾还有半行没有存完整（第 {LAST} 次之后" in told.output
    edit(office.ledger, "RW-002", "update", "又改")
    told = run("history", "verify", "-l", office.ledger)
    assert (told.exit_code, "半行" in told.output) == (0, False), told.output
    assert told.output.splitlines()[1] == f"记录完整，共 {LAST + 1} 次。"
    assert len(office.lines) == LAST + 1
    office.path("journal.jsonl").write_bytes(office.path("journal.jsonl").read_bytes().removesuffix(b"\n"))
    assert f"记录完整，共 {LAST + 1} 次。" in run("history", "verify", "-l", office.ledger).output
