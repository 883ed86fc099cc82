"""Evidence files: which are there, what a close-out kept of them, what changed since, and what only a cell names."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from support.checked import CLOSED, CLOSEOUT
from support.fixtures import Make, Run
from taizhang.forms.load import standard_forms
from taizhang.history.evidence import evidence_findings, keep_evidence, kept_evidence
from taizhang.history.hand_edits import record
from taizhang.history.journal import read_entries
from taizhang.history.verify import verify_history
from taizhang.ledger.model import Ledger, read_ledger
from taizhang.supervision.closeouts import read_closeouts
from taizhang.system.files import StoreError, history_folder

DAY = date(2022, 3, 31)
NOW = datetime(2022, 3, 31, 10, 0)
FORMS = standard_forms()


def put(ledger: Path, name: str, text: str = "原来的", at: int = 1_646_100_000) -> Path:
    path = ledger.parent / "佐证" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (at, at))
    return path


def closed(make: Make, *closeouts: dict[str, Any]) -> Path:
    return make([CLOSED], closeouts=list(closeouts or (CLOSEOUT,)))


def kept(path: Path, now: datetime = NOW) -> Ledger:
    record(path, FORMS, now)
    ledger = read_ledger(path, FORMS)
    keep_evidence(ledger, now)
    return ledger


def found(ledger: Ledger, as_of: date = DAY) -> list[tuple[str, str, str]]:
    return [(each.place.cell, each.check, each.message) for each in evidence_findings(ledger, as_of)]


def names_kept(ledger: Ledger) -> list[str]:
    found = (kept_evidence(ledger.path, each) for each in read_closeouts(ledger))
    return [name for each in found if each for name in each.files]


def test_the_files_of_the_task_are_kept_without_those_of_programs(make_ledger: Make) -> None:
    path = closed(make_ledger)
    for name in ("RW-001/签到表.pdf", "RW-001/照片/1.jpg", "RW-001/~$办法.docx", "RW-001/Thumbs.db", "RW-002/别的.pdf"):
        put(path, name)
    assert names_kept(kept(path)) == ["照片/1.jpg", "签到表.pdf"]


@pytest.mark.posix
def test_a_pipe_is_no_evidence(make_ledger: Make) -> None:
    path = closed(make_ledger)
    os.mkfifo(put(path, "RW-001/签到表.pdf").with_name("管道"))
    assert names_kept(kept(path)) == ["签到表.pdf"]


@pytest.mark.parametrize(
    ("closeout", "said"),
    [
        (CLOSEOUT, "登记了 XH-001 销号的佐证文件。"),
        ({**CLOSEOUT, "conclusion": "转长期坚持"}, "登记了 XH-001 销号的佐证文件。"),
        ({**CLOSEOUT, "committee_date": None}, ""),
        ({**CLOSEOUT, "conclusion": "退回"}, ""),
        ({**CLOSEOUT, "committee_date": date(2022, 4, 1)}, ""),
        ({**CLOSEOUT, "code": None}, ""),
        ({**CLOSEOUT, "task": "RW-002"}, ""),
    ],
)
def test_evidence_is_kept_once_a_close_out_is_decided(make_ledger: Make, closeout: dict[str, Any], said: str) -> None:
    path = closed(make_ledger, closeout)
    put(path, "RW-001/签到表.pdf")
    record(path, FORMS, NOW)
    ledger = read_ledger(path, FORMS)
    assert keep_evidence(ledger, NOW) == said
    assert keep_evidence(ledger, NOW) == ""
    assert (history_folder(path) / "evidence" / "XH-001.json").exists() is bool(said)


def test_what_is_kept_is_json_with_a_schema_and_journalled(make_ledger: Make) -> None:
    path = closed(make_ledger)
    put(path, "RW-001/签到表.pdf")
    ledger = kept(path)
    file = history_folder(path) / "evidence" / "XH-001.json"
    sha256 = hashlib.sha256("原来的".encode()).hexdigest()
    assert json.loads(file.read_bytes()) == {
        "schema": 1, "closeout": "XH-001", "task": "RW-001", "kept": "2022-03-31T10:00:00",
        "files": {"签到表.pdf": {"sha256": sha256, "size": 9, "time": 1_646_100_000_000_000_000}},
    }  # fmt: skip
    last = list(read_entries(history_folder(path)).values())[-1]
    assert (last.command, last.changes, last.before == last.after) == ("登记佐证", (), True)
    assert list(last.files) == ["evidence/XH-001.json"]
    assert verify_history(path, FORMS) == []
    (closeout,) = read_closeouts(ledger)
    kept_now = kept_evidence(path, closeout)
    assert kept_now and kept_now.files.keys() == {"签到表.pdf"}
    file.write_bytes(file.read_bytes().replace(b"10:00:00", b"11:00:00"))
    assert [each for each in verify_history(path, FORMS) if "evidence/XH-001.json 被改过" in each]
    file.unlink()
    assert [each for each in verify_history(path, FORMS) if "evidence/XH-001.json 不见了" in each]


def test_unchanged_evidence_is_not_reported_nor_are_more_files(make_ledger: Make) -> None:
    path = closed(make_ledger)
    put(path, "RW-001/签到表.pdf")
    ledger = kept(path)
    put(path, "RW-001/后来的.pdf")
    assert found(ledger) == []
    put(path, "RW-001/签到表.pdf", at=1_650_000_000)
    assert found(ledger) == [], "copied anew, with the same content"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda path: put(path, "RW-001/签到表.pdf", "改过的", at=1_650_000_000), "签到表.pdf 改过"),
        (lambda path: put(path, "RW-001/签到表.pdf", "短"), "签到表.pdf 改过"),
        (lambda path: (path.parent / "佐证/RW-001/签到表.pdf").unlink(), "签到表.pdf 不在了"),
    ],
)
def test_evidence_that_changed_after_the_close_out_is_reported(make_ledger: Make, change: Any, what: str) -> None:
    path = closed(make_ledger)
    put(path, "RW-001/签到表.pdf")
    ledger = kept(path)
    change(path)
    message = (
        f"RW-001 销号以后佐证变了（佐证/RW-001，2022-03-31 登记）：{what}。"
        "请从备份找回原来的文件；确实要换的，请再走一次销号审核，另起一行。"
    )
    assert found(ledger) == [("F4", "evidence-changed", message)]
    assert found(ledger, date(2022, 3, 19)) == [], "before the decision nothing was closed"


def test_a_later_close_out_keeps_the_evidence_anew(make_ledger: Make) -> None:
    later = {**CLOSEOUT, "code": "XH-002", "committee_date": date(2022, 3, 30)}
    path = closed(make_ledger, CLOSEOUT, later)
    put(path, "RW-001/签到表.pdf")
    record(path, FORMS, NOW)
    first = read_ledger(path, FORMS)
    keep_evidence(first, datetime(2022, 3, 25))
    put(path, "RW-001/签到表.pdf", "后来改过的")
    assert [cell for cell, *_ in found(first, date(2022, 3, 29))] == ["F4"]
    assert found(first, date(2022, 3, 30)) == [], "the last close-out rules, and nothing was kept of it yet"
    assert keep_evidence(first, NOW) == "登记了 XH-002 销号的佐证文件。"
    assert found(first) == []


def test_a_code_given_to_another_task_keeps_anew(make_ledger: Make) -> None:
    path = closed(make_ledger)
    put(path, "RW-001/签到表.pdf")
    kept(path)
    path = make_ledger([CLOSED, CLOSED], closeouts=[{**CLOSEOUT, "task": "RW-002"}])
    put(path, "RW-002/照片.jpg")
    ledger = read_ledger(path, FORMS)
    record(path, FORMS, NOW)
    assert keep_evidence(ledger, NOW) == "登记了 XH-001 销号的佐证文件。"
    (closeout,) = read_closeouts(ledger)
    now = kept_evidence(path, closeout)
    assert now and list(now.files) == ["照片.jpg"]


def test_two_rows_with_one_code_do_not_keep_by_turns(make_ledger: Make) -> None:
    path = make_ledger([CLOSED, CLOSED], closeouts=[CLOSEOUT, {**CLOSEOUT, "task": "RW-002"}])
    put(path, "RW-001/签到表.pdf")
    put(path, "RW-002/照片.jpg")
    record(path, FORMS, NOW)
    ledger = read_ledger(path, FORMS)
    assert keep_evidence(ledger, NOW) == "登记了 XH-001 销号的佐证文件。"
    assert keep_evidence(ledger, NOW) == ""
    assert names_kept(ledger) == ["签到表.pdf"]


FINISHED = {"status": "已完成", "progress": 100, "evidence": "印发件"}


@pytest.mark.parametrize(
    ("task", "file", "expected"),
    [
        ({}, "RW-001/签到表.pdf", []),
        ({}, "RW-999/签到表.pdf", [("", "RW-999 ")]),
        ({}, "签到表.pdf", [("", "签到表.pdf ")]),
        ({}, "RW-999/", [("", "RW-999 ")]),
        ({}, "Thumbs.db", []),
        ({}, ".git/config", []),
        ({}, "RW-001/", []),
        (FINISHED, "RW-001/", [("X4", "RW-001 ")]),
        (FINISHED, "RW-001/Thumbs.db", [("X4", "RW-001 ")]),
        (FINISHED, "RW-001/照片/1.jpg", []),
    ],
)
def test_what_is_in_no_folder_of_a_task_and_empty_folders_are_said(
    make_ledger: Make, task: dict[str, Any], file: str, expected: list[tuple[str, str]]
) -> None:
    path = make_ledger([task])
    put(path, file) if not file.endswith("/") else (path.parent / "佐证" / file).mkdir(parents=True)
    strange = (
        "“佐证”里的{}不是任务编号的文件夹，里面的不算任何任务的佐证，"
        "请移到任务的文件夹里（用任务编号作名称，如 佐证/RW-001），或改正文件夹的名称。"
    )
    empty = "报了完成，佐证/{}却是空文件夹，请把佐证文件放进去；佐证不存在这里的，请删掉空文件夹。"
    assert found(read_ledger(path, FORMS)) == [
        (cell, "evidence-folder", (empty if cell else strange).format(name)) for cell, name in expected
    ]


def test_many_strange_folders_are_one_finding(make_ledger: Make) -> None:
    path = make_ledger()
    for number in range(6):
        put(path, f"旧{number}/签到表.pdf")
    [(cell, _, message)] = found(read_ledger(path, FORMS))
    assert (cell, message.partition("不是任务")[0]) == ("", "“佐证”里的旧0、旧1、旧2 等 6 项")


def test_an_empty_folder_that_a_cell_names_is_said(make_ledger: Make) -> None:
    path = make_ledger([{"evidence": "佐证/RW-001"}])
    (path.parent / "佐证" / "RW-001").mkdir(parents=True)
    message = "佐证材料写的 佐证/RW-001 是空文件夹，请把文件放进“佐证”里这件任务的文件夹，或改正这里的名称。"
    assert found(read_ledger(path, FORMS)) == [("X4", "evidence-file-missing", message)]


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"schema": 1, "closeout": "XH-001"}', b'{"schema": 99}'])
def test_damaged_evidence_records_are_said_and_not_replaced(make_ledger: Make, data: bytes) -> None:
    path = closed(make_ledger)
    put(path, "RW-001/签到表.pdf")
    ledger = kept(path)
    file = history_folder(path) / "evidence" / "XH-001.json"
    file.write_bytes(data)
    assert keep_evidence(ledger, NOW) == ""
    [(cell, check, message)] = found(ledger)
    assert (cell, check) == ("F4", "evidence-changed")
    assert message.startswith("evidence/XH-001.json ")
    assert file.read_bytes() == data


def test_odd_facts_are_damage(make_ledger: Make) -> None:
    path = closed(make_ledger)
    put(path, "RW-001/签到表.pdf")
    ledger = kept(path)
    file = history_folder(path) / "evidence" / "XH-001.json"
    file.write_bytes(file.read_bytes().replace(b"sha256", b"sha999"))
    assert [message for *_, message in found(ledger)] == [
        "evidence/XH-001.json 里的佐证登记认不出来（被改过）。请从备份找回 history 文件夹。"
    ]


def test_a_record_that_cannot_be_continued_keeps_nothing(make_ledger: Make) -> None:
    path = closed(make_ledger)
    put(path, "RW-001/签到表.pdf")
    record(path, FORMS, NOW)
    (path.parent / ".taizhang-key").unlink()
    with pytest.raises(StoreError):
        keep_evidence(read_ledger(path, FORMS), NOW)
    assert not (history_folder(path) / "evidence" / "XH-001.json").exists()


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("佐证/RW-001/签到表.pdf", ""),
        ("见佐证/RW-001/签到表.pdf、佐证\\RW-001\\照片", ""),
        ("佐证/RW-001/签到表.pdf（党办）", ""),
        ("佐证/RW-001/名单（1）.pdf", ""),
        ("佐证/RW-001", ""),
        ("佐证/材料另附", ""),
        ("印发件", ""),
        ("佐证/RW-001/签到册.pdf", "RW-001/签到册.pdf"),
        ("佐证\\RW-001\\签到册.pdf（党办）。", "RW-001/签到册.pdf"),
        ("佐证/签到表.pdf", "签到表.pdf"),
        ("佐证/RW-001/../../整改台账.xlsx", "RW-001/../../整改台账.xlsx"),
    ],
)
def test_a_file_that_a_cell_names_must_be_there(make_ledger: Make, text: str, missing: str) -> None:
    path = make_ledger([{"evidence": text}])
    for name in ("RW-001/签到表.pdf", "RW-001/照片/1.jpg", "RW-001/名单（1）.pdf"):
        put(path, name)
    message = f"佐证材料写的 佐证/{missing} 不在台账旁边，请把文件放进“佐证”里这件任务的文件夹，或改正这里的名称。"
    expected = [("X4", "evidence-file-missing", message)] if missing else []
    assert found(read_ledger(path, FORMS)) == expected


def test_close_outs_and_other_registers_with_evidence_are_looked_at(make_ledger: Make) -> None:
    path = closed(make_ledger, {**CLOSEOUT, "evidence": "佐证/RW-001/没有.pdf"})
    assert [(cell, check) for cell, check, _ in found(read_ledger(path, FORMS))] == [("F4", "evidence-file-missing")]


def test_the_commands_keep_it_and_validate_says_what_changed(
    make_ledger: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    path = closed(make_ledger)
    put(path, "RW-001/签到表.pdf")
    result = run("validate", "--as-of", "2022-03-31", "-l", path)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "登记了 XH-001 销号的佐证文件。" in result.stderr
    assert "登记了" not in run("validate", "--as-of", "2022-03-31", "-l", path).stderr
    put(path, "RW-001/签到表.pdf", "后来改过的")
    result = run("validate", "--as-of", "2022-03-31", "-l", path)
    assert (result.exit_code, result.stdout) == (
        1,
        "整改台账.xlsx:'销号审核'!F4: evidence-changed: 警告：RW-001 销号以后佐证变了（佐证/RW-001，2022-03-31 登记）："
        "签到表.pdf 改过。请从备份找回原来的文件；确实要换的，请再走一次销号审核，另起一行。\n",
    )
    assert run("history", "verify", "-l", path).exit_code == 0
    assert "登记佐证" in run("history", "list", "-l", path).stdout


def test_evidence_is_never_taken_for_a_return(make_ledger: Make, run: Run) -> None:
    path = make_ledger()
    assert run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", path, "-q").exit_code == 0
    put(path, "RW-001/财务处.xlsx").write_bytes((path.parent / "下发" / "2022-03" / "财务处.xlsx").read_bytes())
    result = run("validate", path.parent, "-l", path)
    assert "财务处.xlsx" not in result.stdout
