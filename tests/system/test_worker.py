"""A subprocess with limits: a hang, full memory or crash affects nothing else."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support import failing_work
from taizhang.replies.marking import CannotMark
from taizhang.system.worker import Worker, WorkerDied


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_one_process_serves_all_and_goes_at_the_end(temporary: Path) -> None:
    with Worker(20) as worker:
        first = worker.do(failing_work.process)
        assert (worker.do(failing_work.noisy), worker.do(failing_work.process)) == ("answer", first)
        with pytest.raises(CannotMark, match="不能原样保存"):
            worker.do(failing_work.failing)
        assert worker.do(failing_work.process) == first
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    "work",
    [
        failing_work.endless,
        failing_work.gone,
        pytest.param(
            failing_work.greedy,
            marks=pytest.mark.skipif(sys.platform != "linux", reason="the system knows no limit of memory"),
        ),
    ],
)
def test_what_ends_the_process_leaves_nothing_and_the_next_is_done(work: Callable[[], Any], temporary: Path) -> None:
    with Worker(2, memory=1 << 30) as worker:
        first = worker.do(failing_work.process)
        with pytest.raises(WorkerDied):
            worker.do(work)
        assert list(temporary.iterdir()) == []
        assert worker.do(failing_work.process) != first


def test_nothing_is_started_where_there_is_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.Popen", None)
    with Worker():
        pass
