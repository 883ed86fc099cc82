"""Output that nobody reads: a closed pipe, no stream, a full disk. The work is done all the same."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.fixtures import Make, Run
from support.returned import edit, fill, value

pytestmark = pytest.mark.slow

CLOCK = {**os.environ, "SOURCE_DATE_EPOCH": "1646870400"}  # 2022-03-10
IGNORED = "结果没有全部显示出来：磁盘满了，请清出空间。要做的事照常做完。\n"


def unread(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command line with a pipe on stdout whose reader has gone."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "taizhang", *map(str, arguments)]
    try:
        return subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False, env=CLOCK)
    finally:
        os.close(writer)


def departments(ledger: Path) -> list[str]:
    return sorted(path.stem for path in (ledger.parent / "下发" / "2022-03").glob("*.xlsx"))


def test_an_issue_whose_output_nobody_reads_issues_to_everybody(make_ledger: Make) -> None:
    ledger = make_ledger([{}, {"department": "党委办公室"}])
    done = unread("issue", "-p", "2022-03", "-l", ledger)
    written, first, noted, *more = done.stderr.splitlines()
    assert (written, more) == ("写进了台账：记下原定时限 2 格。", [])
    step = f"下一步：发给各单位填；报来的表放进 {ledger.parent / '报送' / '2022-03'}，再 taizhang merge -l {ledger}。"
    assert (done.returncode, first) == (0, f"共 2 份，在 {ledger.parent / '下发' / '2022-03'}。{step}")
    assert re.fullmatch(r"记录到第 3 次，校验码 \w{4}-\w{4}-\w{4}。", noted)
    assert departments(ledger) == ["党委办公室", "财务处"]


def test_a_merge_whose_output_nobody_reads_is_done_to_the_end(make_issued: Make, run: Run) -> None:
    ledger = make_issued([{}])
    fill(ledger, {"RW-001": {"progress": 0.6}})
    done = unread("merge", "--yes", "-l", ledger)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert value(ledger, "RW-001", "progress") == "0.6"
    assert (ledger.parent / "回执" / "2022-03" / "回收情况.xlsx").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("report",),
        ("remind", "-y", "--as-of", "2022-10-10"),
        ("forms", "enable", "慰问帮扶", "-y"),
        ("validate",),
    ],
)
def test_every_other_command_ends_as_if_it_had_been_read(
    make_ledger: Make, run: Run, arguments: tuple[str, ...]
) -> None:
    ledger = make_ledger([{"progress": 10}])
    if arguments == ("validate",):
        edit(ledger, "RW-001", "progress", "多")
    done = unread(*arguments, "-l", ledger)
    assert (done.returncode, "Traceback" in done.stderr) == (int(arguments == ("validate",)), False), done.stderr


@pytest.mark.posix
def test_no_stream_at_all_is_no_matter(make_ledger: Make) -> None:
    ledger = make_ledger([{}])
    shell = f'"{sys.executable}" -m taizhang issue -p 2022-03 -l "{ledger}" >&- 2>&-'
    assert subprocess.run(shell, shell=True, check=False, env=CLOCK).returncode == 0
    assert departments(ledger) == ["党委办公室", "财务处"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_result_that_the_disk_did_not_take_is_said_and_the_work_is_done(make_ledger: Make) -> None:
    ledger = make_ledger([{}])
    command = [sys.executable, "-m", "taizhang", "issue", "-p", "2022-03", "-q", "-l", str(ledger)]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=CLOCK)
    assert (done.returncode, done.stderr) == (2, IGNORED)
    assert departments(ledger) == ["党委办公室", "财务处"]
