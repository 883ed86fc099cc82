"""Task status from the rows of 〈销号审核〉, compared with a small model that steps through the calendar day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from taizhang.ledger.registers import Record
from taizhang.ledger.vocabulary import Conclusion, FirstReview, Recheck
from taizhang.supervision.closeouts import Closeout, standings

FIRST, LAST = date(2022, 1, 1), date(2022, 1, 7)
DAYS = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]

day = st.sampled_from([None, *DAYS])
rows = st.builds(
    Closeout,
    record=st.just(Record(1, "XH-001", {})),
    code=st.sampled_from(["XH-001", "XH-002", "XH-003"]),
    task=st.sampled_from(["RW-001", "RW-001", "RW-001", "RW-002", ""]),
    applied=day,
    first_review=st.sampled_from([None, FirstReview.PASSED, FirstReview.PASSED, FirstReview.RETURNED]),
    leader_date=day,
    committee_date=st.sampled_from([None, *DAYS, *DAYS]),
    conclusion=st.sampled_from([None, *Conclusion, Conclusion.STRIKE_OFF]),
    recheck_date=day,
    recheck_result=st.sampled_from([None, None, *Recheck]),
)


def model(closeouts: Sequence[Closeout], task: str, as_of: date) -> tuple[set[str], date | None]:
    """Return a task's status on a day, and since when it has been closed, by replaying every day up to it."""
    undated = any(
        row.task == task and row.first_review != "退回" and row.conclusion == "沿用原台账" and not row.committee_date
        for row in closeouts
    )
    may_be: set[str] = {"已销号"} if undated else set()
    since = date.min if undated else None
    today = FIRST
    while today <= as_of:
        agreed, undone = set(), False
        for row in closeouts:
            if row.task != task:
                continue
            back = row.first_review == "退回" or row.conclusion == "退回"
            known = [each for each in (row.committee_date, row.leader_date, row.applied) if each]
            if back:
                undone |= known[:1] == [today]
            elif row.committee_date == today and row.conclusion in ("同意销号", "沿用原台账"):
                agreed.add("已销号")
            elif row.committee_date == today and row.conclusion == "转长期坚持":
                agreed.add("长期坚持")
            if row.recheck_result == "反弹":
                relapsed = row.recheck_date or (known[0] if known else None)
                if relapsed and row.committee_date and relapsed < row.committee_date:
                    relapsed = row.committee_date
                undone |= relapsed == today
        if undone:
            may_be, since = set(), None
        elif agreed:
            may_be, since = agreed, since or today
        today += timedelta(days=1)
    return may_be, since


@settings(max_examples=200, deadline=None)
@given(st.lists(rows, min_size=1, max_size=5), st.sampled_from(DAYS[2:]))
def test_tasks_stand_as_a_day_by_day_account_says(closeouts: list[Closeout], as_of: date) -> None:
    found = standings(closeouts, as_of)
    for task in ("RW-001", "RW-002"):
        own = found.get(task)
        stands = (set(own.confirmed), own.since) if own else (set(), None)
        assert stands == model(closeouts, task, as_of)
    assert "" not in found


@settings(max_examples=60, deadline=None)
@given(st.lists(rows, max_size=6).flatmap(lambda each: st.tuples(st.just(each), st.permutations(each))))
def test_the_order_of_the_rows_does_not_matter(both: tuple[list[Closeout], list[Closeout]]) -> None:
    one, other = ({task: (each.confirmed, each.since) for task, each in standings(own, LAST).items()} for own in both)
    assert one == other


def test_of_two_conclusions_on_one_day_the_status_may_be_either() -> None:
    def decided(conclusion: Conclusion) -> Closeout:
        record = Record(1, "XH-001", {})
        return Closeout(record, "XH-001", "RW-001", committee_date=FIRST, conclusion=conclusion)

    standing = standings([decided(Conclusion.STRIKE_OFF), decided(Conclusion.KEEP_UP)], LAST)["RW-001"]
    assert (set(standing.confirmed), standing.since) == ({"已销号", "长期坚持"}, FIRST)
    assert (
        standings([decided(Conclusion.STRIKE_OFF), decided(Conclusion.RETURNED)], LAST)["RW-001"].confirmed
        == frozenset()
    )
