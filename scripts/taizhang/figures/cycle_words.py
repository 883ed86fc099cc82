"""Cycles of a recurring duty in short: a strip of marks (●●○→), and what is owed, with the names of the cycles."""

from __future__ import annotations

from taizhang.supervision.duties import CycleStanding, CycleState, Duty
from taizhang.supervision.lights import cycle_names

__all__ = ["CYCLE_MARKS", "MARKS_LEGEND", "cycle_mark", "duty_words", "owed_words", "strip"]

CYCLE_MARKS = {
    CycleState.KEPT: "●",
    CycleState.MADE_UP: "◎",
    CycleState.OWED: "○",
    CycleState.MISSED: "×",
    CycleState.RUNNING: "→",
    CycleState.EXEMPT: "·",
}
"""One character each that every font and GBK has; a half circle for the running cycle would be in neither."""

MARKS_LEGEND = "●完成（本期已做够的也是）　◎补完成　○欠　×缺（补不了）　→进行中　·不计"
LONGEST_STRIP = 12


def cycle_mark(each: CycleStanding) -> str:
    """Return the mark of a cycle; a running one that already has its number is marked as kept."""
    enough = each.state is CycleState.RUNNING and each.done >= each.required
    return CYCLE_MARKS[CycleState.KEPT if enough else each.state]


def strip(duty: Duty, longest: int = LONGEST_STRIP) -> str:
    """Return the marks of the latest cycles, oldest first; … stands for earlier ones."""
    marks = "".join(map(cycle_mark, duty.cycles[-longest:]))
    return f"…{marks}" if len(duty.cycles) > longest else marks


def owed_words(duty: Duty) -> str:
    """Return what is owed and what was missed for good within twelve months: 欠1（2022年一季度）; empty if nothing."""
    owed, missed = duty.in_state(CycleState.OWED), duty.missed_lately
    parts = [f"欠{duty.owed}（{cycle_names(owed)}）" if owed else "", f"缺{len(missed)}（{cycle_names(missed)}）"]
    return "，".join(filter(None, (parts[0], parts[1] if missed else "")))


def duty_words(duty: Duty, longest: int = LONGEST_STRIP) -> str:
    """Return the strip with what is owed: ●○→ 欠1（2022年一季度）; 还没开始 before the first cycle."""
    return " ".join(filter(None, (strip(duty, longest), owed_words(duty)))) or "还没开始"
