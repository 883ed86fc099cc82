"""The values of the boards: what counts as a gap, a sound row, a change, a return; each rule with its boundary."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.scenarios import a_closeout, a_problem, a_task, build
from taizhang.figures.boards import Boards
from taizhang.figures.changes import ChangeKind
from taizhang.figures.gaps import Gap, GapBoard, gap_board
from taizhang.figures.metrics import compute_metrics
from taizhang.figures.returned import PERIODS_SHOWN, returns_board
from taizhang.history.reporting import Outcome, PeriodReturn
from taizhang.ledger.findings import Severity
from taizhang.ledger.model import Ledger
from taizhang.supervision.tasks import read_tasks

DAY, BEFORE = date(2022, 6, 30), date(2022, 5, 31)
YEAR_END = date(2022, 12, 31)


def once(number: int = 0, **more: Any) -> dict[str, Any]:
    """Return a one-off task on its way, neither late nor behind."""
    base = {
        "kind": "一次",
        "deadline": YEAR_END,
        "status": "推进中",
        "progress": 60,
        "review_cycle": "",
        "obstacle": "",
    }
    return a_task(number, **{**base, **more})


def quarterly(number: int = 0, **more: Any) -> dict[str, Any]:
    base = {"kind": "周期", "review_cycle": "季", "start": date(2021, 7, 1), "deadline": "长期坚持", "status": "推进中"}
    return a_task(number, **{**base, "progress": None, **more})


def boards(ledger: Ledger, earlier: Ledger | None = None) -> Boards:
    return compute_metrics(ledger, DAY, [(BEFORE, earlier)] if earlier else []).boards


@pytest.mark.parametrize(
    ("task", "missing"),
    [
        (once(), set()),
        (once(department=""), {Gap.DEPARTMENT}),
        (once(department="没有的处"), {Gap.DEPARTMENT}),
        (once(leader=""), {Gap.LEADER}),
        (once(deadline="及时"), {Gap.DEADLINE}),
        (once(standard="无"), {Gap.STANDARD}),
        (once(start=None), {Gap.START}),
        (once(start=None, deadline=""), {Gap.DEADLINE}),
        (once(source="补充"), {Gap.DECIDED}),
        (once(source="补充", decided=date(2022, 3, 1)), set()),
        (quarterly(), set()),
        (quarterly(review_cycle=""), {Gap.DEADLINE}),
        (quarterly(start=None), set()),
        (once(kind="长期", deadline="长期坚持", review_cycle=""), {Gap.DEADLINE}),
        (once(kind="原则", department="", deadline="", standard=""), {Gap.CARRIED_BY}),
        (once(kind="原则", carried_by=("RW-002",)), set()),
    ],
    ids=lambda each: "、".join(sorted(each)) if isinstance(each, set) else "",
)
def test_a_task_lacks_what_its_kind_needs(task: dict[str, Any], missing: set[Gap]) -> None:
    found = boards(build([task, once(1)])).gaps
    assert {gap for line in found.lines for gap in line.missing} == missing
    assert {gap for gap, number in found.lacking.items() if number} == missing


def test_a_closed_task_lacks_nothing_any_more() -> None:
    closed = once(status="已销号", standard="")
    found = boards(build([closed, once(1)], closeouts=[a_closeout(1, "RW-001", date(2022, 6, 1))])).gaps
    assert (found.lines, found.tasks, found.asked[Gap.STANDARD]) == ((), 1, 1)


def test_sound_rows_have_neither_an_error_nor_a_warning() -> None:
    """Four rows: one problem, three tasks. A wrong date is an error, a missing standard a warning."""
    tasks = [
        once(problems=("WT-01",)),
        once(1, start="明天以后", problems=("WT-01",)),
        once(2, standard="", problems=()),
    ]
    found = boards(build(tasks, problems=[a_problem(0, causes=())], causes=())).quality
    assert (found.rows, found.sound) == (4, 2)
    assert [(kind.check, kind.severity, kind.count, dict(kind.sheets)) for kind in found.kinds][:1] == [
        ("date", Severity.ERROR, 1, {"整改任务": 1})
    ]
    assert found.of(Severity.ERROR) == 1
    assert "督办单" in found.empty
    assert "组织生活" in found.absent


def changed(now: dict[str, Any], then: dict[str, Any], **registers: Any) -> list[tuple[ChangeKind, str]]:
    """Return what changed in one task from May to June; ``registers`` are rows of June alone."""
    closeouts = registers.pop("closeouts", ())
    found = boards(build([now], closeouts=closeouts, registers=registers), build([then])).changes
    return [(each.kind, each.words) for each in found.changes]


def test_nothing_changed_is_no_change() -> None:
    found = boards(build([once()]), build([once()])).changes
    assert (found.changes, found.unchanged, found.since) == ((), 1, BEFORE)
    assert boards(build([once()])).changes.since is None


def test_each_kind_of_change_says_why() -> None:
    late = once(deadline=date(2022, 6, 15), progress=95)
    assert changed(late, late) == [(ChangeKind.WORSE, "绿→红：逾期15天")]
    assert changed(once(progress=60), once(progress=5)) == [(ChangeKind.CAUGHT_UP, "红→绿")]
    assert changed(once(status="已完成", progress=100), once(progress=5)) == [
        (ChangeKind.CAUGHT_UP, "红→待审核，待审核（还没有申请销号）")
    ]
    closing = a_closeout(1, "RW-001", date(2022, 6, 1))
    assert changed(once(status="已销号"), once(), closeouts=[closing]) == [(ChangeKind.CLOSED, "6月1日审定，已销号")]
    assert changed(once(deadline=date(2022, 11, 30)), once()) == [
        (ChangeKind.MOVED, "2022年12月31日→2022年11月30日，没有批准的延期")
    ]
    assert changed(once(kind="原则"), once()) == [(ChangeKind.GONE, "任务类型改成了“原则”，不再计数")]
    assert changed(once(1), once()) == [
        (ChangeKind.NEW, "上期台账里没有"),
        (ChangeKind.GONE, "编号已不在台账里"),
    ]


def test_an_application_sent_back_is_said_once_though_the_light_is_worse() -> None:
    back = a_closeout(1, "RW-001", date(2022, 6, 1), first_review="退回", conclusion=None, committee_date=None)
    applied = once(deadline=date(2022, 5, 31), status="已完成", progress=100)
    assert changed(applied, applied, closeouts=[back]) == [(ChangeKind.REOPENED, "销号申请退回（第 1 次）")]


def test_paying_a_debt_is_catching_up() -> None:
    """Three quarters were due by June. In May one of three had been done; since, one was made up in the fourth."""

    def rows(*done: tuple[str, int]) -> list[dict[str, Any]]:
        return [
            {"code": f"ZQ-{n:04}", "task": "RW-001", "department": "审批服务处", "cycle": cycle, "done": times}
            for n, (cycle, times) in enumerate(done, 1)
        ]  # fmt: skip

    then = rows(("2021年三季度", 1))
    now = rows(("2021年三季度", 1), ("2022年二季度", 2))
    found = boards(
        build([quarterly()], registers={"fulfilments": now}), build([quarterly()], registers={"fulfilments": then})
    )
    assert [(each.kind, each.words) for each in found.changes.changes] == [
        (ChangeKind.CAUGHT_UP, "红→黄，补上1次，欠1次（2022年一季度）")
    ]
    (line,) = found.recurring.lines
    assert (line.counts.kept, line.counts.made_up, line.counts.short, line.earlier.due) == (1, 1, 1, 2)


def a_return(period: str, outcome: Outcome, department: str = "财务处") -> PeriodReturn:
    return PeriodReturn(period, department, outcome)


def test_the_current_period_is_the_last_with_a_record_and_only_the_last_ones_are_shown() -> None:
    months = [f"2021-{n:02}" for n in range(1, 13)]
    returns = [a_return(month, Outcome.ON_TIME) for month in months]
    board = returns_board([*returns, a_return("2022-01", Outcome.MISSING), a_return("2022-02", Outcome.NO_RECORD)])
    assert board.period == "2022-01"
    assert board.periods == (*months[2:], "2022-01", "2022-02")
    assert len(board.periods) == PERIODS_SHOWN
    assert (board.total.due, board.total.on_time, board.total.missing) == (11, 10, 1)
    assert [line.department for line in board.now(Outcome.MISSING)] == ["财务处"]
    assert returns_board([]).lines == ()


@pytest.mark.parametrize(
    ("outcomes", "dissolved", "counted"),
    [
        # It missed February while it was there: it has returned since. April was asked before it was dissolved.
        (("按时", "未报", "迟报", "未报"), True, (3, 1, 1, 1)),
        (("按时", "未报", "迟报", "未报"), False, (4, 1, 1, 2)),
        (("按时", "按时", "按时", "按时"), True, (4, 4, 0, 0)),
        (("未报", "未报", "未报", "未报"), True, None),
    ],
)
def test_a_dissolved_branch_is_not_counted_as_missing_since_it_last_returned(
    outcomes: tuple[str, ...], dissolved: bool, counted: tuple[int, ...] | None
) -> None:
    returns = [a_return(f"2022-0{n}", Outcome(each), "检验党支部") for n, each in enumerate(outcomes, 1)]
    board = returns_board(returns, ["检验党支部"] if dissolved else [])
    found = [(c.due, c.on_time, c.late, c.missing) for c in (line.counts for line in board.lines)]
    assert found == ([counted] if counted else [])


@pytest.mark.parametrize(("source", "asked"), [("补充", 1), ("补充 ", 1), ("报告原文", 0)])
def test_what_a_ledger_has_no_column_for_is_not_lacking(source: str, asked: int) -> None:
    def gap_of(*without: str) -> GapBoard:
        (task,) = read_tasks(build([once(source=source)]), DAY)
        cells = {key: raw for key, raw in task.record.cells.items() if key not in without}
        return gap_board([replace(task, record=replace(task.record, cells={**cells, "source": source}))])

    assert gap_of().lacking[Gap.DECIDED] == asked
    assert gap_of("decided").lacking[Gap.DECIDED] == 0
