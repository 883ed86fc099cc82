"""A folder written by the program of November 2026 works with every current command.

``folder_of_2026_11.zip`` packs one member, ``台账.zip``: the folder, stored, so that what its workbooks share is packed
once. It was played through the command line on the days given, with cells typed between the commands as a person does:

- December 2021: a draft from a report of five measures; two hand edits (owners, leaders, standards). Archived on
  4 January 2022 (2021.zip).
- May 2022: issued to three departments, two of which have rows. Both returned: one cell is no number (marked copy
  请修改), one cell was changed by the office meanwhile (a conflict, decided for the department). The hand edit was
  undone as far as nobody had changed its cells again. The rows of 2021 in 〈变更记录〉 were put away.
- June 2022: issued again, both returned: another cell that is no number, and a conflict that waits for its decision.
  Slips 1 and 2; the register 廉政风险 enabled. Not merged: a file of the third department with a new regulation. Not
  recorded: a hand edit of the ledger.

The report, bases, rosters, receipts, 冲突裁决 and 回收情况 of both periods, and the key are there. The journal has 15
entries.
"""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from support.fixtures import Run
from support.ledgers import load
from support.returned import edit, fill, saved_on, type_into, value

pytestmark = pytest.mark.slow

MAY, JUNE, JULY = "2022-05", "2022-06", "2022-07"
CODE = "2fda-abac-02d1"
"""The code of the last entry, as ``history verify`` would have it noted down."""
WAITING = f"回执/{JUNE}/冲突裁决.xlsx"


def at(monkeypatch: pytest.MonkeyPatch, day: datetime) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(day.timestamp())))


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    packed = Path(__file__).with_name("folder_of_2026_11.zip")
    with zipfile.ZipFile(packed) as outer, zipfile.ZipFile(io.BytesIO(outer.read("台账.zip"))) as folder:
        folder.extractall(tmp_path / "台账")
    at(monkeypatch, datetime(2022, 7, 1, 9))
    monkeypatch.chdir(tmp_path / "台账")
    return Path("整改台账.xlsx")


def files() -> dict[str, bytes]:
    return {str(each): each.read_bytes() for each in Path().rglob("*") if each.is_file() and each.name != ".lock"}


def play(run: Run, *commands: str, status: int = 0) -> str:
    """Run commands that must all end with this exit status; return their output."""
    said = ""
    for command in commands:
        result = run(*command.split())
        assert (command, result.exit_code) == (command, status), result.output
        said += result.output
    return said


def rule(ruling: str) -> None:
    """Decide the conflict that waits."""
    heads = {str(cell.value): cell.column for cell in load(Path(WAITING).read_bytes())["冲突裁决"][4]}
    type_into(Path(WAITING), {"冲突裁决": {(5, heads["裁决"]): ruling, (5, heads["理由"]): "核过"}})


def test_commands_that_look_or_plan_change_no_byte(ledger: Path, run: Run) -> None:
    before = files()
    assert len(json.loads(play(run, "history list --json"))) == 15
    assert "10　2022-06-01 09:00:00　整改办　撤销 7　改 1 处\n" in play(run, "history list --all")
    shown = play(run, *(f"history show {number}" for number in range(1, 16)))
    assert "整改任务 RW-001 进度：60% → 70%" in shown
    assert "2 份往年的台账收进 history/归档/2021.zip，没有改台账。\n" in shown
    play(run, "history show --as-of 2022-05-31", "history undo 14 -n", "history archive -n")
    play(run, "forms", "forms show 廉政风险", "forms enable 临时组织与共建 -n", f"issue -p {JULY} -n")
    play(run, "remind -n", "remind --statement -n", "report -n", "report --public -n")
    assert "财务处.xlsx:'整改任务'!G5: percent: " in play(run, f"validate 报送/{JUNE}", status=1)
    planned = play(run, "merge -n", status=1)
    assert "规章制度" in planned and "机关纪委（机关纪委.xlsx）" in planned
    assert "还有 1 格没有裁决。" in play(run, f"merge -n --decisions {WAITING}", status=1)
    assert "整改台账.xlsx 已经有了" in play(run, "draft 对照检查材料.txt", "demo .", status=2)
    assert files() == before


def test_the_hand_edit_is_recorded_and_reports_change_nothing_else(ledger: Path, run: Run) -> None:
    before = files()
    assert "台账有 1 处手工修改，已记下（taizhang history show 16）。" in play(run, "validate")
    assert "RW-004 备注：（空） → 六月底手工" in play(run, "history show 16")
    recorded = files()
    changed = {name for name in before.keys() | recorded.keys() if before.get(name) != recorded.get(name)}
    added = next(name for name in changed if name.endswith(".xlsx"))
    assert {Path(name).name for name in changed} == {"journal.jsonl", ".head", Path(added).name}
    assert recorded[added] == before[ledger.name]
    said = play(run, "report", "report --public", "remind --statement")
    assert "公示" in said
    assert "用的是 2021-12-20 09:00:00 留存的台账" in play(run, "report --as-of 2021-12-26")  # which lies in 2021.zip
    play(run, "report --as-of 2022-05-31", "report --as-of 2022-05-31 --current")
    play(run, "history show --as-of 2021-12-26 -o 年前.xlsx", "draft 对照检查材料.txt -l 另一本/整改台账.xlsx")
    assert len(list(Path("报表").glob("*.xlsx"))) >= 4
    assert {name: data for name, data in files().items() if name in recorded} == recorded


def test_the_record_is_whole_and_knows_its_files(ledger: Path, run: Run) -> None:
    papers = [str(path) for folder in ("下发", "报送") for path in sorted(Path(folder).rglob("*.xlsx"))]
    said = play(run, f"history verify --code {CODE} {' '.join(papers)}")
    assert "记录完整，共 16 次。\n" in said
    assert [line.split()[0] for line in said.splitlines() if line.endswith(" 和记录相符。")] == [
        Path(paper).name for paper in papers
    ]


def test_the_round_is_carried_on(ledger: Path, run: Run) -> None:
    play(run, "merge -y", status=1)  # the conflict and the cell that is no number are still there
    assert value(ledger, "ZD-002", "name", "regulations") == "回访工作办法"
    rule("采用上报")
    assert "改台账 1 格" in play(run, f"merge -y --decisions {WAITING}")
    assert value(ledger, "RW-002", "progress") == "0.8"
    corrected = fill(
        ledger, {"RW-001": {"progress": 0.9}, "RW-005": {"status": "推进中", "progress": 0.3}}, period=JUNE
    )
    saved_on(corrected, "2022-06-30T02:00:00Z")
    corrected.replace(f"报送/{JUNE}/{corrected.name}")
    play(run, "merge -y")
    assert [value(ledger, f"RW-00{n}", "progress") for n in range(1, 6)] == ["0.9", "0.8", "0", "0.6", "0.3"]
    play(run, f"issue -p {JUNE}", status=2)
    play(run, f"issue -p {JUNE} --again", f"issue -p {JULY}", "forms enable 临时组织与共建 -y", "remind -y")
    fill(ledger, {"RW-004": {"progress": 0.9}}, name="七月", department="党委办公室", period=JULY)
    assert "党委办公室（七月.xlsx）：下发 3 行 = 采用 1" in play(run, "merge -y", status=1)  # two have not returned
    assert value(ledger, "RW-004", "progress") == "0.9"
    play(run, "merge -n --all", status=1)
    assert "记录完整，共 " in play(run, "history verify")


def test_a_conflict_decided_for_the_ledger_is_not_asked_again(ledger: Path, run: Run) -> None:
    rule("采用台账")
    assert "改台账 0 格" in play(run, f"merge -y --decisions {WAITING}")
    assert "conflict" not in play(run, "merge -y", status=1)
    assert value(ledger, "RW-002", "progress") == "0.75"
    play(run, "history verify")


def test_a_returned_file_that_lost_its_identity_is_vouched_for(ledger: Path, run: Run) -> None:
    path = fill(ledger, {"RW-001": {"progress": 1}}, name="另存", period=JUNE)
    book = load(path.read_bytes())
    del book["_台账标识"]
    book.save(path)
    play(run, f"merge -n 报送/{path.name}", status=1)
    play(run, f"merge -y 报送/{path.name} --as 财务处 -p {JUNE}")
    assert value(ledger, "RW-001", "progress") == "1"


def test_its_steps_are_undone_and_put_away(ledger: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    play(run, "history undo 13 -y")  # the merge of June
    assert [value(ledger, f"RW-00{n}", "progress") for n in (1, 4)] == ["0.7", "0"]
    play(run, "history undo 17 -y")
    assert [value(ledger, f"RW-00{n}", "progress") for n in (1, 4)] == ["0.9", "0.6"]
    assert "之后又被改过" in play(run, "history undo 2 -n", status=1)  # from 2021.zip
    at(monkeypatch, datetime(2023, 1, 10, 9))
    edit(ledger, "RW-001", "progress", 0.95)
    play(run, "history archive -y")
    assert sorted(path.name for path in Path("history/归档").iterdir()) == ["2021.zip", "2022.zip"]
    assert "记录完整，共 20 次。\n" in play(run, "history verify")
    assert "2022-05-27" in play(run, "history show --as-of 2022-05-28")


def test_it_is_given_what_came_later_and_goes_on(ledger: Path, run: Run) -> None:
    play(run, "validate")
    before = load(ledger.read_bytes())
    played = play(run, "forms update -n")
    assert "列　每期次数　放在〈整改任务〉Z3　" in played and "登记表　履行记录　放在最后　" in played
    assert "亮灯规则　周期临期百分比　放在〈参数〉U" in played  # of a block that has no 颜色 yet
    play(run, "forms update -y")
    assert "没有要加的" in play(run, "forms update -y")
    assert "not-updated" not in play(run, "validate")
    after = load(ledger.read_bytes())
    for sheet in before.worksheets:
        there = after[sheet.title]
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        for cell in cells:
            now = there[cell.coordinate]
            assert (now.value, now.number_format) == (cell.value, cell.number_format)
            looks = [repr((each.fill, each.font, each.border, each.alignment)) for each in (cell, now)]
            assert looks[0] == looks[1]
    play(run, "merge -y", status=1)  # what was returned before is merged afterwards
    assert value(ledger, "RW-001", "progress") == "0.9"
    rule("采用上报")
    play(run, f"merge -y --decisions {WAITING}", f"issue -p {JULY}", "remind -y", "report")
    fill(ledger, {"RW-004": {"progress": 0.9}}, name="七月", department="党委办公室", period=JULY)
    play(run, "merge -y", status=1)  # two have not returned
    assert value(ledger, "RW-004", "progress") == "0.9"
    assert "记录完整，共 " in play(run, "history verify")
