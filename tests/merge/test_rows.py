"""One register of one returned file, in memory.

Each cell is compared with what was issued and what the ledger holds; each row is counted once; messages are whole.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from support.rearranged import Cell, Office, Row, rotate_columns, sort_seen, swap_codes
from taizhang.history.new_codes import CodeBook
from taizhang.merge.plan import Plan
from taizhang.merge.reported_before import OtherPeriods
from taizhang.splice import AppendRow, SetCell
from taizhang.workbook.places import a1

CLEAR = "（清空）"


def choosing(made: Office) -> Office:
    """The lists to choose from are still in the sheet that comes back."""
    made.file_facts = {"validations": 1}
    return made


def office(number: int = 1, **cells: Any) -> Office:
    """The office has issued so many tasks: row 2 of both sheets is RW-001, row 3 RW-002.

    What comes back has the columns A 行标识, B 任务编号, C 整改任务, D 完成时限, E 完成标准, F 状态, G 进度,
    H 本期进展, I 滞后原因, J 下一步, K 佐证材料.
    """
    row = {"department": "财务处", "deadline": date(2022, 12, 31), "status": "推进中", "progress": 0.4, "update": "旧"}
    return choosing(Office("tasks", [{"statement": f"修订第{n}项制度", **row, **cells} for n in range(1, number + 1)]))


def totals(plan: Plan) -> dict[str, int]:
    """Return the control totals that are not 0."""
    names = ("issued", "merged", "unchanged", "held", "conflicting", "missing", "added", "disputed", "errors")
    assert plan.totals.closes
    return {name: number for name in names if (number := getattr(plan.totals, name))}


def writes(plan: Plan) -> list[tuple[int, str, Any]]:
    """Return (row of the ledger, column key, value) for each cell that is written; a row that is added has number 0."""
    form = plan.taken[0].form if plan.taken else None
    keys = {number: column.key for number, column in enumerate(form.columns, 1)} if form else {}
    found: list[tuple[int, str, Any]] = []
    for edit in plan.edits:
        if isinstance(edit, SetCell):
            found.append((edit.row, keys[edit.column], edit.value))
        else:
            assert isinstance(edit, AppendRow)
            found += [(0, keys[column], value) for column, value in edit.cells.items()]
    return found


def told(plan: Plan) -> list[tuple[str, str, str, str]]:
    """Return (cell, check, severity, message) of the findings; those on the sheet have no cell."""
    return [
        (
            a1(each.place.row, each.place.column) if each.place.row and each.place.column else "",
            str(each.check),
            each.severity.value,
            each.message,
        )
        for each in plan.findings
    ]


def checks(plan: Plan) -> list[tuple[str, str, str]]:
    return [each[:3] for each in told(plan)]


def test_every_row_is_counted_once() -> None:
    """Taken, as issued, in conflict, one cell taken and one in conflict, wrong, not returned."""
    made = office(6)
    made.type("RW-001", progress=0.6)
    made.type("RW-003", progress=0.6).edit("RW-003", progress=0.5)
    made.type("RW-004", progress=0.7, update="新").edit("RW-004", progress=0.5)
    made.type("RW-005", status="基本完成", update="新")
    del made.file[5]
    plan = made.merge()
    assert totals(plan) == {
        "issued": 6, "merged": 1, "unchanged": 1, "held": 1, "conflicting": 2, "missing": 1, "errors": 1
    }  # fmt: skip
    assert writes(plan) == [(2, "progress", 0.6), (5, "update", "新")]
    assert [(each.code, each.column.key, each.old, each.new, each.typed) for each in plan.taken] == [
        ("RW-001", "progress", 0.4, 0.6, 0.6),
        ("RW-004", "update", "旧", "新", "新"),
    ]
    assert [
        (each.code, each.column.key, each.base, each.ours, each.theirs, each.new, each.department)
        for each in plan.conflicts
    ] == [
        ("RW-003", "progress", 0.4, 0.5, 0.6, 0.6, "财务处"),
        ("RW-004", "progress", 0.4, 0.5, 0.7, 0.7, "财务处"),
    ]
    assert plan.news.taken == {"RW-001": {"progress": "0.6"}, "RW-004": {"update": "新"}}
    assert checks(plan) == [
        ("G4", "conflict", "warning"),
        ("G5", "conflict", "warning"),
        ("F6", "choice", "error"),
        ("", "row-missing", "warning"),
    ]


SAID = {"progress": "0.6"}
NOTHING: dict[str, Any] = {}


@pytest.mark.parametrize(
    ("said", "ledger", "typed", "number", "written", "found"),
    [
        pytest.param(NOTHING, 0.4, 0.6, "merged", [0.6], [], id="said for the first time"),
        pytest.param(NOTHING, 0.6, 0.6, "unchanged", [], [], id="the office wrote the same"),
        pytest.param(NOTHING, 0.5, 0.6, "conflicting", [], ["conflict"], id="the office wrote something else"),
        pytest.param(NOTHING, "", 0.6, "conflicting", [], ["conflict"], id="the office cleared it"),
        pytest.param(NOTHING, 0.5, 0.4, "unchanged", [], [], id="as issued, and the office changed it"),
        pytest.param(SAID, 0.6, 0.6, "unchanged", [], [], id="the same again"),
        pytest.param(SAID, 0.4, 0.6, "unchanged", [], ["undone"], id="the same again, and taken back since"),
        pytest.param(SAID, 0.5, 0.6, "unchanged", [], [], id="the same again, and corrected since"),
        pytest.param(SAID, 0.6, 0.7, "merged", [0.7], [], id="something else than before"),
        pytest.param(SAID, 0.5, 0.7, "conflicting", [], ["conflict"], id="something else, and corrected since"),
        pytest.param(SAID, 0.4, 0.7, "conflicting", [], ["conflict"], id="something else, and taken back since"),
        pytest.param(SAID, 0.7, 0.7, "unchanged", [], [], id="something else that the office wrote too"),
        pytest.param(NOTHING, 0.4, CLEAR, "merged", [None], [], id="cleared"),
        pytest.param(SAID, 0.6, CLEAR, "merged", [None], [], id="cleared after it was said"),
        pytest.param({"progress": ""}, "", CLEAR, "unchanged", [], [], id="cleared again"),
        pytest.param({"progress": ""}, 0.5, CLEAR, "unchanged", [], [], id="cleared again, and filled since"),
        pytest.param(NOTHING, "", CLEAR, "unchanged", [], [], id="cleared by both"),
        pytest.param(NOTHING, 0.4, "", "unchanged", [], ["blank"], id="blank is no change"),
    ],
)
def test_a_cell_is_compared_with_what_was_issued_said_and_stands(
    said: dict[str, Any], ledger: Any, typed: Any, number: str, written: list[Any], found: list[str]
) -> None:
    made = office().type("RW-001", progress=typed).edit("RW-001", progress=ledger)
    if said:
        made.base.taken["RW-001"] = said
    plan = made.merge()
    assert totals(plan) == {"issued": 1, number: 1}
    assert [value for _, _, value in writes(plan)] == written
    assert [check for _, check, _ in checks(plan)] == found


def test_what_both_wrote_counts_as_said_and_what_a_person_ruled_on_is_settled() -> None:
    plan = office().type("RW-001", progress=0.6).edit("RW-001", progress=0.6).merge()
    assert (plan.news.taken, plan.edits) == ({"RW-001": {"progress": "0.6"}}, [])
    made = office().type("RW-001", progress=0.6).edit("RW-001", progress=0.5)
    made.base.settled["RW-001"] = {"progress": "0.6"}
    assert totals(made.merge()) == {"issued": 1, "unchanged": 1}
    made.base.settled["RW-001"] = {"progress": "0.7"}
    assert totals(made.merge()) == {"issued": 1, "conflicting": 1}
    made.base.settled["RW-001"] = {"progress": ""}
    assert totals(made.type("RW-001", progress=CLEAR).merge()) == {"issued": 1, "unchanged": 1}


def test_one_cell_that_is_settled_hides_no_other_of_its_row() -> None:
    made = office().type("RW-001", progress=0.6, update="新").edit("RW-001", progress=0.6)
    assert writes(made.merge()) == [(2, "update", "新")]
    made.edit("RW-001", progress=0.5)  # in conflict
    assert writes(made.merge()) == [(2, "update", "新")]


@pytest.mark.parametrize(
    ("typed", "warned"), [(0.39, True), (0.4, False), (0.41, False), (CLEAR, False), ("39%", True), ("0.4", False)]
)
def test_a_progress_that_goes_back_is_taken_with_a_warning(typed: Any, warned: bool) -> None:
    plan = office().type("RW-001", progress=typed, update="新").merge()
    assert [each for each in checks(plan) if each[1] == "progress-back"] == (
        [("G2", "progress-back", "warning")] if warned else []
    )


BEFORE, THEN, AFTER = "2022-03-09T00:00:00Z", "2022-03-10T00:00:00Z", "2022-03-10T00:00:01Z"


@pytest.mark.parametrize(
    ("last", "saved", "number", "found"),
    [
        (THEN, AFTER, "merged", ["progress-back", "duplicate-file"]),
        (THEN, THEN, "unchanged", ["duplicate-file"]),
        (THEN, BEFORE, "unchanged", ["duplicate-file"]),
        ("", AFTER, "unchanged", ["duplicate-file"]),
        (THEN, "", "unchanged", ["duplicate-file"]),
    ],
)
def test_what_stands_as_issued_takes_back_what_was_said_if_the_file_is_newer(
    last: str, saved: str, number: str, found: list[str]
) -> None:
    made = office().edit("RW-001", progress=0.6)
    made.base.taken["RW-001"], made.base.saved = {"progress": "0.6"}, last
    plan = made.merge(saved=saved)
    assert totals(plan) == {"issued": 1, number: 1}
    assert [(check, severity) for _, check, severity in checks(plan)] == [(check, "warning") for check in found]
    made.base.returns = [{"sha256": "财务处.xlsx", "totals": {"held": 1}}]  # this very file came before
    assert [check for _, check, _ in checks(made.merge(saved=saved))] == (found if number == "merged" else [])


def test_a_cell_that_was_issued_blank_and_is_blank_again_asks_nothing() -> None:
    made = office(progress="").edit("RW-001", progress=0.6)
    made.base.taken["RW-001"], made.base.saved = {"progress": "0.6"}, THEN
    plan = made.merge(saved=BEFORE)
    assert (totals(plan), told(plan)) == ({"issued": 1, "unchanged": 1}, [])
    assert [check for _, check, _ in checks(made.merge(saved=AFTER))] == ["blank"]


def test_a_department_changes_only_its_own_columns() -> None:
    plan = office().type("RW-001", standard="随便", deadline="", update="新").merge()
    assert (totals(plan), writes(plan)) == ({"issued": 1, "merged": 1}, [(2, "update", "新")])
    assert checks(plan) == [("E2", "not-yours", "warning")]


def test_a_formula_that_nobody_calculated_holds_the_row() -> None:
    made = office().type("RW-001", progress="", update="新")
    made.file_facts |= {"formulas": frozenset({(2, 7)}), "uncached": frozenset({(2, 7)})}
    plan = made.merge()
    assert (totals(plan), plan.edits) == ({"issued": 1, "held": 1, "errors": 1}, [])
    assert checks(plan) == [("G2", "formula", "error")]


def test_a_hidden_row_is_taken_with_a_warning_if_it_changed() -> None:
    made = office(2).type("RW-001", update="新")
    made.file_facts |= {"hidden_rows": frozenset({2, 3})}
    plan = made.merge()
    assert (totals(plan), checks(plan)) == (
        {"issued": 2, "merged": 1, "unchanged": 1},
        [("", "hidden-row", "hint"), ("B2", "hidden-row", "warning")],
    )


@pytest.mark.parametrize(
    ("issued", "typed", "taken"),
    [
        ("", {"status": "已完成"}, False),
        ("", {"status": "已完成", "evidence": "无"}, False),
        ("", {"status": "已完成", "progress": 1, "evidence": "简报"}, True),
        ("简报", {"status": "已完成", "progress": 1}, True),
        ("简报", {"status": "已完成", "evidence": CLEAR}, False),
        ("无", {"status": "已完成"}, False),
        ("", {"update": "新"}, True),
        ("", {"progress": 0.9}, True),
    ],
)
def test_done_is_taken_only_with_evidence(issued: str, typed: dict[str, Any], taken: bool) -> None:
    plan = office(evidence=issued).type("RW-001", **typed).merge()
    if taken:
        assert (totals(plan), told(plan)) == ({"issued": 1, "merged": 1}, [])
    else:
        assert totals(plan) == {"issued": 1, "held": 1, "errors": 1}
        assert (checks(plan), plan.edits) == ([("M2", "evidence-missing", "error")], [])


def test_a_task_that_was_issued_as_done_needs_evidence_once_something_changes() -> None:
    made = office(status="已完成")
    assert totals(made.merge()) == {"issued": 1, "unchanged": 1}
    assert totals(made.type("RW-001", update="新").merge()) == {"issued": 1, "held": 1, "errors": 1}


@pytest.mark.parametrize("status", ["已销号", "长期坚持"])
def test_what_the_office_concluded_is_not_undone(status: str) -> None:
    made = office().edit("RW-001", status=status, progress=1.0)
    made.type("RW-001", status="未启动", progress=0.45, update="新")
    plan = made.merge()
    assert (totals(plan), writes(plan)) == ({"issued": 1, "merged": 1}, [(2, "update", "新")])
    assert checks(plan) == [("F2", "not-yours", "warning"), ("G2", "not-yours", "warning")]
    made.base.taken["RW-001"] = {"status": "未启动", "progress": "0.45"}  # it said so before
    assert checks(made.merge()) == []
    made.base.taken["RW-001"] = {"status": "推进中"}
    assert checks(made.merge()) == [("F2", "not-yours", "warning"), ("G2", "not-yours", "warning")]


def test_beside_a_conclusion_the_same_is_nothing_and_clearing_is_named() -> None:
    made = office().edit("RW-001", status="已销号", progress=1.0)
    plan = made.type("RW-001", progress=1.0).merge()
    assert (totals(plan), told(plan)) == ({"issued": 1, "unchanged": 1}, [])
    plan = made.type("RW-001", progress=CLEAR).merge()
    assert (totals(plan), checks(plan)) == ({"issued": 1, "unchanged": 1}, [("G2", "not-yours", "warning")])
    assert "部门报的进度“（清空）”没有采用" in told(plan)[0][3]
    plan = made.type("RW-001", progress="很多").merge()
    assert (totals(plan), checks(plan)) == ({"issued": 1, "held": 1, "errors": 1}, [("G2", "percent", "error")])
    made = office(status="已完成", evidence="简报").edit("RW-001", status="已完成")
    assert writes(made.type("RW-001", status="推进中").merge()) == [(2, "status", "推进中")]


def test_done_beside_a_conclusion_needs_no_evidence() -> None:
    made = office().edit("RW-001", status="已销号").type("RW-001", status="已完成", update="新")
    assert (totals(made.merge()), checks(made.merge())) == (
        {"issued": 1, "merged": 1},
        [("F2", "not-yours", "warning")],
    )


@pytest.mark.parametrize(
    ("said", "typed", "number", "found"),
    [
        (NOTHING, {}, "unchanged", []),
        (NOTHING, {"update": "新"}, "held", [("B2", "row-gone", "warning")]),
        ({"update": "新"}, {"update": "新"}, "unchanged", []),
        ({"update": "新"}, {"update": "又新"}, "held", [("B2", "row-gone", "warning")]),
    ],
)
def test_a_row_that_is_gone_from_the_ledger_is_held_if_it_says_something_new(
    said: dict[str, Any], typed: dict[str, Any], number: str, found: list[Any]
) -> None:
    made = office(2).type("RW-001", **typed)
    made.base.taken["RW-001"] = said
    del made.ledger[0]
    plan = made.merge()
    assert totals(plan) == ({"issued": 2, "held": 1, "unchanged": 1} if number == "held" else {"issued": 2, number: 2})
    assert (checks(plan), plan.edits) == (found, [])


def reassigned() -> Office:
    return office().edit("RW-001", department="党委办公室")


def owned_by_nobody() -> Office:
    return office().edit("RW-001", department="查无此处")


def twice_in_the_ledger() -> Office:
    made = office()
    made.ledger.append(Row("RW-001", "", "RW-001", dict(made.ledger[0].cells)))
    return made


def a_formula_in_the_ledger() -> Office:
    made = office().edit("RW-001", update="")
    update = [column.key for column in made.form.columns].index("update") + 1
    made.ledger_facts = {"formulas": frozenset({(2, update)}), "uncached": frozenset({(2, update)})}
    return made


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (reassigned, ("B2", "row-reassigned", "warning")),
        (owned_by_nobody, ("B2", "row-reassigned", "warning")),
        (twice_in_the_ledger, ("B2", "code-duplicate", "warning")),
        (a_formula_in_the_ledger, ("B2", "formula", "warning")),
    ],
)
def test_nothing_new_goes_into_a_row_of_the_ledger_that_is_not_the_departments(make: Any, found: Any) -> None:
    plan = make().type("RW-001", update="新").merge()
    assert (totals(plan), checks(plan), plan.edits) == ({"issued": 1, "held": 1}, [found], [])
    plan = make().merge()
    assert (totals(plan), checks(plan)) == ({"issued": 1, "unchanged": 1}, [])
    made = make().type("RW-001", update="新")
    made.base.taken["RW-001"] = {"update": "新"}
    assert (totals(made.merge()), made.merge().edits) == ({"issued": 1, "unchanged": 1}, [])


def test_a_formula_in_another_cell_of_the_ledgers_row_is_in_nobodys_way() -> None:
    made = a_formula_in_the_ledger().type("RW-001", progress=0.6)
    assert writes(made.merge()) == [(2, "progress", 0.6)]


def copied(made: Office, **cells: Any) -> Office:
    """The department copied its first row below the others, and typed into the copy."""
    first = made.file[0]
    made.file.append(
        Row(first.whose, first.id, first.code, {**first.cells, **{k: Cell(v, "") for k, v in cells.items()}})
    )
    return made


def test_the_same_row_twice_is_taken_once_or_held_if_the_two_differ() -> None:
    plan = copied(office(2).type("RW-001", update="新")).merge()
    assert (totals(plan), writes(plan)) == (
        {"issued": 2, "merged": 1, "unchanged": 1, "errors": 1},
        [(2, "update", "新")],
    )
    assert checks(plan) == [("B4", "row-duplicate", "error")]
    plan = copied(office(2).type("RW-001", update="新"), update="又新").merge()
    assert (totals(plan), plan.edits) == ({"issued": 2, "held": 1, "unchanged": 1, "errors": 2}, [])
    assert checks(plan) == [("B2", "row-duplicate", "error"), ("B4", "row-duplicate", "error")]
    empty = dict.fromkeys(("status", "progress", "update"), "")
    plan = copied(office(2).type("RW-001", update="新"), **empty).merge()
    assert (totals(plan), writes(plan)) == (
        {"issued": 2, "merged": 1, "unchanged": 1, "errors": 1},
        [(2, "update", "新")],
    )
    made = copied(office(2).type("RW-001", update="新"), **empty)
    made.file.insert(0, made.file.pop())
    assert writes(made.merge()) == [(2, "update", "新")]


def test_a_code_that_was_cleared_or_changed_is_known_by_the_hidden_id() -> None:
    for code, message in (("", "请把编号补回。"), ("RW-9", "请把编号改回。")):
        made = office(2).type("RW-001", update="新")
        made.file[0].code = code
        plan = made.merge()
        assert (totals(plan), writes(plan)) == ({"issued": 2, "merged": 1, "unchanged": 1}, [(2, "update", "新")])
        assert checks(plan) == [("B2", "code", "warning")]
        assert told(plan)[0][3].endswith(message)


def test_a_row_without_code_and_id_that_looks_like_one_is_not_taken() -> None:
    made = office(2).type("RW-001", update="新")
    made.file[0].code = made.file[0].id = ""
    plan = made.merge()
    assert (totals(plan), plan.edits) == ({"issued": 2, "unchanged": 1, "missing": 1, "errors": 1}, [])
    assert checks(plan) == [("B2", "row-foreign", "error"), ("", "row-missing", "warning")]


def test_a_row_of_ones_own_is_refused_where_only_the_office_adds_rows() -> None:
    made = office(1)
    made.file.append(Row("new", "", "", {"statement": Cell("自己加的", "new")}))
    plan = made.merge()
    assert (totals(plan), checks(plan)) == ({"issued": 1, "unchanged": 1}, [])  # it holds nothing of the department's
    made.file.append(Row("new", "", "RW-050", {"update": Cell("自己加的", "new")}))
    plan = made.merge()
    assert (totals(plan), plan.edits) == ({"issued": 1, "unchanged": 1, "errors": 1}, [])
    assert checks(plan) == [("B4", "row-foreign", "error")]


def appeals() -> Office:
    """A register to which departments add rows: row 2 is its first row, rows 3 to 5 are spare.

    Its columns are A 行标识, B the code and then C on, all filled by departments.
    """
    row = {
        "department": "财务处",
        "channel": "来电",
        "subject": "诉求一",
        "received": date(2022, 2, 1),
        "due": date(2022, 3, 1),
    }
    return choosing(Office("appeals", [row]))


NEW = {"channel": "来电", "subject": "食堂排队太久", "received": date(2022, 3, 9), "due": date(2022, 4, 9)}


def test_a_spare_row_that_was_filled_is_added_once_with_the_next_code() -> None:
    made = appeals()
    spare, code = made.file[1].id, made.form.format_code(2)
    made.type(spare, **NEW)
    plan = made.merge()
    assert totals(plan) == {"issued": 1, "unchanged": 1, "added": 1}
    assert sorted(writes(plan)) == sorted(
        [(0, "code", code), (0, "department", "财务处"), *((0, key, value) for key, value in NEW.items())]
    )
    assert plan.news.assigned == {spare: code}
    assert set(plan.news.added) == {code}
    assert plan.news.added[code]["subject"] == "食堂排队太久"
    assert {each.column.key: (each.code, each.old, each.new, each.typed) for each in plan.taken} == {
        "code": (code, "", code, ""),
        "department": (code, "", "财务处", ""),
        **{key: (code, "", value, value) for key, value in NEW.items()},
    }
    made.base.assigned[spare] = "SQ-009"  # kept before the ledger was written, which failed
    plan = made.merge()
    assert (totals(plan)["added"], plan.news.assigned) == (1, {spare: "SQ-009"})


def test_a_spare_row_lacking_what_is_required_waits() -> None:
    made = appeals()
    made.type(made.file[1].id, **{**NEW, "subject": ""})
    plan = made.merge()
    assert (totals(plan), plan.edits) == ({"issued": 1, "unchanged": 1, "errors": 1}, [])
    assert [each[1:] for each in checks(plan)] == [("required", "error")]


def test_a_row_added_before_is_updated_and_a_conflict_in_it_is_counted_apart() -> None:
    made = appeals()
    spare, code = made.file[1].id, made.form.format_code(2)
    made.type(spare, **NEW)
    made.ledger.append(Row(code, "", code, {**dict(made.file[1].cells), "department": Cell("财务处", code)}))
    made.base.assigned[spare] = code
    made.base.added[code] = {key: str(value) for key, value in NEW.items()}
    assert totals(made.merge()) == {"issued": 1, "unchanged": 1}
    made.type(spare, subject="食堂排队")
    plan = made.merge()
    assert (totals(plan), writes(plan)) == ({"issued": 1, "unchanged": 1}, [(3, "subject", "食堂排队")])
    made.edit(code, subject="食堂")
    plan = made.merge()
    assert (totals(plan), plan.edits) == ({"issued": 1, "unchanged": 1, "disputed": 1}, [])


def test_a_row_of_ones_own_between_the_spare_ones_is_refused() -> None:
    made = appeals()
    made.file.append(Row("new", "", "", {key: Cell(value, "new") for key, value in NEW.items()}))
    plan = made.merge()
    assert (totals(plan), plan.edits) == ({"issued": 1, "unchanged": 1, "errors": 1}, [])
    assert checks(plan) == [("B6", "row-foreign", "error")]


def conflict_blank_and_a_column_of_the_office() -> Office:
    made = (
        office(3).type("RW-001", progress=0.6).edit("RW-001", progress=0.5).type("RW-002", progress="", standard="随便")
    )
    del made.file[2]
    return made


def taken_back_since() -> Office:
    made = office(obstacle="旧").type("RW-001", progress=0.6, obstacle="新")
    made.base.taken["RW-001"] = {"progress": "0.6", "obstacle": "新"}
    return made


def as_issued_after_it_was_said() -> Office:
    made = office().edit("RW-001", progress=0.6)
    made.base.taken["RW-001"], made.base.saved = {"progress": "0.6"}, THEN
    return made


def done_without_evidence() -> Office:
    return office().type("RW-001", status="已完成")


def concluded() -> Office:
    return office().edit("RW-001", status="已销号", progress=1.0).type("RW-001", status="未启动", progress=CLEAR)


def gone_from_the_ledger() -> Office:
    made = office(2).type("RW-001", update="新")
    del made.ledger[0]
    return made


def two_formulas_in_the_ledger() -> Office:
    made = a_formula_in_the_ledger().edit("RW-001", progress="").type("RW-001", update="新", progress=0.6)
    progress = [column.key for column in made.form.columns].index("progress") + 1
    for name in ("formulas", "uncached"):
        made.ledger_facts[name] |= {(2, progress)}
    return made


def hidden() -> Office:
    made = office().type("RW-001", update="新")
    made.file_facts |= {"hidden_rows": frozenset({2})}
    return made


def copied_alike() -> Office:
    return copied(office(2).type("RW-001", update="新"))


def copied_and_changed() -> Office:
    return copied(office(2).type("RW-001", update="新"), update="又新")


def codes_cleared_and_changed() -> Office:
    made = office(2).type("RW-001", update="新")
    made.file[0].code, made.file[1].code = "", "RW-9"
    return made


def without_code_and_id() -> Office:
    made = office(2).type("RW-001", update="新")
    made.file[0].code = made.file[0].id = ""
    return made


def rows_of_ones_own() -> Office:
    made = office()
    made.file += [Row("new", "", code, {"update": Cell(f"自己加的{code}", "new")}) for code in ("RW-050", "")]
    return made


def not_issued_to_it() -> Office:
    made = office()
    made.ledger.append(Row("RW-002", "", "RW-002", {"department": Cell("党委办公室", "RW-002")}))
    made.file.append(Row("new", "", "RW-002", {"update": Cell("自己加的", "new")}))
    return made


def new_rows_refused() -> Office:
    made = appeals()
    made.type(made.file[1].id, **{**NEW, "subject": ""})
    made.file.append(Row("new", "", "", {key: Cell(value, "new") for key, value in NEW.items()}))
    made.file.append(Row("new", "", "SQ-050", {"subject": Cell("自己编的号", "new")}))
    return made


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (conflict_blank_and_a_column_of_the_office, [
            ("G2", "conflict", "warning",
                "“进度”下发后台账改成了“50%”，部门报的是“60%”，台账没有动，"
                "汇总后请在 回执/2022-03/冲突裁决.xlsx 里裁决。"),
            ("E3", "not-yours", "warning", "“完成标准”由办公室填，改动没有采用；需要改请与办公室联系。"),
            ("G3", "blank", "warning", "“进度”原来有内容，报回来是空的，按没有变化处理；确实要清空请填“（清空）”。"),
            ("", "row-missing", "warning",
                "下发的 RW-003 没有报回来，台账里这一行不动；请从下发的表里把这一行复制回来，整份再报；"
                "没有进展的行也不要删。"),
        ]),
        (taken_back_since, [
            ("B2", "undone", "hint",
                "RW-001 的“进度”“滞后原因”以前采用过这份内容，后来台账又改回了下发时的样子（撤销了那次汇总，"
                "或手工改的），这次不再写。如果是撤销错了，请办公室用 taizhang history list 找到那次撤销，"
                "再用 taizhang history undo 撤销它。"),
        ]),
        (as_issued_after_it_was_said, [
            ("G2", "duplicate-file", "warning",
                "“进度”又是下发时的“40%”，上次报的是“60%”；从保存时间看不出哪份新，按没有变化处理。确实要改回，"
                "请在 Excel 里另存一次再报。"),
        ]),
        (done_without_evidence, [
            ("M2", "evidence-missing", "error",
                "报了“已完成”却没有佐证材料，这一行先不采用；请写明材料名称和存放位置后再报。"),
        ]),
        (concluded, [
            ("F2", "not-yours", "warning",
                "RW-001 的“已销号”是办公室确认的结论，部门报的状态“未启动”没有采用；如有反弹，请联系办公室。"),
            ("G2", "not-yours", "warning",
                "RW-001 的“已销号”是办公室确认的结论，部门报的进度“（清空）”没有采用；如有反弹，请联系办公室。"),
        ]),
        (gone_from_the_ledger, [
            ("B2", "row-gone", "warning",
                "RW-001 已不在台账里（下发以后办公室去掉了），部门报的没有采用，请办公室核对；部门不用改。要采用，"
                "请先把这一行在台账里补回来，再汇总一次。"),
        ]),
        (two_formulas_in_the_ledger, [
            ("B2", "formula", "warning",
                "台账里 RW-001 的“进度”“本期进展”是公式，还没有算出结果（或是错误值），没法和报来的比对，"
                "这一行没有采用。请办公室用 Excel 或 WPS 打开台账保存一次，再汇总一次；部门不用改。"),
        ]),
        (hidden, [
            ("", "hidden-row", "hint", "表上有隐藏的行，看不见的 1 行（第 2 行）照样读取；请取消筛选和隐藏看一遍。"),
            ("B2", "hidden-row", "warning",
                "这一行被隐藏或筛掉了，里面的改动照样采用；请取消隐藏，核对是不是有意改的。"),
        ]),
        (copied_alike, [
            ("B4", "row-duplicate", "error", "与第 2 行是同一条（RW-001），只采用前一行，请删去重复的行。"),
        ]),
        (copied_and_changed, [
            ("B2", "row-duplicate", "error", "第 2、4 行都是 RW-001，内容却不一样，都没有采用；请只留对的一行再报。"),
            ("B4", "row-duplicate", "error", "第 2、4 行都是 RW-001，内容却不一样，都没有采用；请只留对的一行再报。"),
        ]),
        (codes_cleared_and_changed, [
            ("B2", "code", "warning", "这一行的编号被清空了，按隐藏的行标识认作 RW-001，照样采用；请把编号补回。"),
            ("B3", "code", "warning", "这一行的编号写成了 RW-9，按隐藏的行标识认作 RW-002，照样采用；请把编号改回。"),
        ]),
        (without_code_and_id, [
            ("B2", "row-foreign", "error", "这一行的编号空着，看内容像 RW-001，没有采用；请把编号补回再报。"),
            ("", "row-missing", "warning", "下发的 RW-001 没有报回来，台账里这一行不动；看内容像第 2 行，请补回编号。"),
        ]),
        (rows_of_ones_own, [
            ("B4", "row-foreign", "error",
                "编号 （空） 不在下发的表里，这一行没有采用；部门不能自己加行，要加请联系办公室。"),
            ("B3", "row-foreign", "error",
                "编号 RW-050 不在下发的表里，这一行没有采用；部门不能自己加行，要加请联系办公室。"),
        ]),
        (not_issued_to_it, [
            ("B3", "row-foreign", "error",
                "RW-002 没有下发给财务处，这一行没有采用；需要改的请与牵头部门或办公室联系。"),
        ]),
        (new_rows_refused, [
            ("B6", "row-foreign", "error",
                "这是自己加的行，没有采用；请把内容移到上面预留的空行里再报（空行有隐藏的标识，再报也不会重复添加）。"),
            ("D3", "required", "error", "“主题”必填，现在是空的，新增的这一行先不采用，请补上。"),
            ("B7", "row-foreign", "error",
                "编号 SQ-050 不在下发的表里，这一行没有采用；新增的内容请填在空行里，编号不用填。"),
        ]),
        (reassigned, [
            ("B2", "row-reassigned", "warning",
                "RW-001 下发以后在台账里“牵头部门”改成了党委办公室，财务处报的这一行没有采用。确实要采用，"
                "请办公室先核对台账的“牵头部门”，再汇总一次；部门不用改。"),
        ]),
        (owned_by_nobody, [
            ("B2", "row-reassigned", "warning",
                "RW-001 下发以后在台账里“牵头部门”不再是〈参数〉里的部门，财务处报的这一行没有采用。确实要采用，"
                "请办公室先核对台账的“牵头部门”，再汇总一次；部门不用改。"),
        ]),
        (twice_in_the_ledger, [
            ("B2", "code-duplicate", "warning",
                "台账里第 2、3 行都是 RW-001，分不清该写进哪一行，这一行没有采用。"
                "请办公室给其中一行换一个没用过的编号，再汇总一次；部门不用改。"),
        ]),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)  # fmt: skip
def test_what_is_said_of_a_row_and_what_is_to_be_done(make: Any, found: list[tuple[str, str, str, str]]) -> None:
    made = make()
    if make in (reassigned, owned_by_nobody, twice_in_the_ledger):
        made.type("RW-001", update="新")
    assert told(made.merge(saved=BEFORE)) == found


def test_what_is_said_when_a_newer_file_takes_something_back() -> None:
    found = told(as_issued_after_it_was_said().merge(saved=AFTER))
    assert [(cell, message) for cell, _, _, message in found] == [
        ("G2", "进度从 60% 退到 40%，照报的采用；如果填错了，请改正后再报。"),
        ("G2", "“进度”从上次报的“60%”改回了下发时的“40%”，照报的采用；如果是几个人各填了一份，请合成一份再报。"),
    ]


def test_cells_taken_added_and_in_conflict_know_their_places() -> None:
    made = office(2).type("RW-001", progress=0.6, update="新").edit("RW-001", progress=0.5)
    plan = made.merge()
    assert [(a1(each.place.row or 0, each.place.column or 0), each.form.name) for each in plan.taken] == [
        ("H2", "tasks")
    ]
    assert [(a1(each.place.row or 0, each.place.column or 0), each.form.name) for each in plan.conflicts] == [
        ("G2", "tasks")
    ]
    assert [each.sheet for each in plan.edits] == ["整改任务"]
    made = appeals()
    made.type(made.file[1].id, **NEW)
    plan = made.merge()
    (edit,) = plan.edits
    assert isinstance(edit, AppendRow)
    assert (edit.sheet, edit.after) == (made.form.sheet, 2)
    columns = {each.column.key: (each.place.row, each.place.column) for each in plan.taken}
    assert columns == {
        "code": (3, 2), "department": (3, None), "channel": (3, 3), "subject": (3, 4), "received": (3, 5), "due": (3, 6)
    }  # fmt: skip


def test_two_cells_taken_or_in_conflict_make_one_row() -> None:
    both = {"progress": 0.6, "update": "新"}
    assert totals(office().type("RW-001", **both).merge()) == {"issued": 1, "merged": 1}
    plan = office().type("RW-001", **both).edit("RW-001", progress="", update="旧的").merge()
    assert totals(plan) == {"issued": 1, "conflicting": 1}
    assert told(plan)[0][3].startswith("“进度”下发后台账改成了“（空）”，部门报的是“60%”")


def test_what_both_cleared_counts_as_said() -> None:
    plan = office().type("RW-001", progress=CLEAR).edit("RW-001", progress="").merge()
    assert plan.news.taken == {"RW-001": {"progress": ""}}
    plan = office().type("RW-001", progress=CLEAR).edit("RW-001", progress="", status="已销号").merge()
    assert checks(plan) == []


def test_a_department_of_which_the_settings_know_nothing_owns_no_row() -> None:
    made = office().type("RW-001", update="新")
    made.base.department = "撤了的处"
    plan = made.merge()
    assert (totals(plan), plan.edits) == ({"issued": 1, "held": 1}, [])
    assert told(plan)[0][3].endswith(
        "改成了财务处，撤了的处报的这一行没有采用。"
        "确实要采用，请办公室先在〈参数〉的部门清单里补上撤了的处（改了名的写进别名），再汇总一次；部门不用改。"
    )


def test_a_status_that_departments_may_not_choose_says_nothing_beside_a_conclusion() -> None:
    plan = office().edit("RW-001", status="长期坚持").type("RW-001", status="已销号").merge()
    assert (totals(plan), checks(plan)) == ({"issued": 1, "held": 1, "errors": 1}, [("F2", "choice", "error")])


def test_a_formula_with_a_result_is_a_value_and_each_wrong_row_is_counted() -> None:
    made = office(3).type("RW-001", progress=0.6).type("RW-002", status="基本完成").type("RW-003", progress="")
    made.file_facts |= {"formulas": frozenset({(2, 7), (4, 7)}), "uncached": frozenset({(4, 7)})}
    plan = made.merge()
    assert totals(plan) == {"issued": 3, "merged": 1, "held": 2, "errors": 2}
    assert checks(plan) == [("G2", "formula", "warning"), ("F3", "choice", "error"), ("G4", "formula", "error")]


def test_a_row_whose_code_is_unknown_may_look_like_one_that_is_known() -> None:
    made = office(2).type("RW-001", update="新")
    made.file[0].id, made.file[0].code = "", "RW-050"
    plan = made.merge()
    assert (totals(plan), plan.edits) == ({"issued": 2, "unchanged": 1, "missing": 1, "errors": 1}, [])
    assert told(plan)[0] == (
        "B2", "row-foreign", "error", "编号 RW-050 不在下发的表里，这一行没有采用；看内容像 RW-001，请把编号改回再报。"
    )  # fmt: skip
    made.ledger.append(Row("RW-050", "", "RW-050", {"department": Cell("党委办公室", "RW-050")}))
    assert told(made.merge())[0] == (
        "B2", "row-foreign", "error", "RW-050 没有下发给财务处，这一行没有采用；看内容像 RW-001，是的话请把编号改回。"
    )  # fmt: skip


def test_a_row_without_code_is_like_no_other_if_several_are_missing_or_its_name_is() -> None:
    made = office(3)
    for row in made.file[:2]:
        row.code = row.id = ""
    found = [message.partition("，没有采用")[0] for _, _, _, message in told(made.merge())]
    assert found[:2] == ["这一行的编号空着，看内容像 RW-001", "这一行的编号空着，看内容像 RW-002"]
    made.shown.remove("statement")
    assert "row-missing" in [check for _, check, _ in checks(made.merge())]
    assert "看内容像" not in "".join(each[3] for each in told(made.merge()) if each[1] == "row-foreign")


def test_what_a_later_period_has_said_of_a_cell_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    def later(_self: Any, base: Any, code: str, key: str) -> str:
        said = {("RW-001", "progress"): "2022-04", ("RW-001", "obstacle"): "2022-04", ("RW-001", "evidence"): "2022-05"}
        return said.get((code, key), "") if base.period == "2022-03" else ""

    monkeypatch.setattr(OtherPeriods, "find_later_report", later)
    plan = office().type("RW-001", progress=0.6, update="新", obstacle="难", evidence="简报", next_step="办").merge()
    assert writes(plan) == [(2, "update", "新"), (2, "next_step", "办")]
    assert told(plan) == [
        ("B2", "superseded", "hint",
            "RW-001 的“进度”“滞后原因”，财务处 2022-04 期的表已经报过，以那一期为准；这份 2022-03 期的没有采用，"
            "部门不用改。"),
        ("B2", "superseded", "hint",
            "RW-001 的“佐证材料”，财务处 2022-05 期的表已经报过，以那一期为准；这份 2022-03 期的没有采用，"
            "部门不用改。"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("put", "number"), [("0.5", "merged"), ("50%", "merged"), ("0.51", "conflicting"), (None, "conflicting")]
)
def test_what_the_departments_own_form_of_another_period_put_there_is_no_conflict(
    monkeypatch: pytest.MonkeyPatch, put: str | None, number: str
) -> None:
    def put_there(_self: Any, base: Any, register: str, code: str, key: str) -> str | None:
        return put if (base.period, register, code, key) == ("2022-03", "tasks", "RW-001", "progress") else None

    monkeypatch.setattr(OtherPeriods, "find_own_value", put_there)
    plan = office().type("RW-001", progress=0.6).edit("RW-001", progress=0.5).merge()
    assert totals(plan) == {"issued": 1, number: 1}


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"subject": "无"}, []),
        ({"received": "昨天"}, [("E3", "date", "error")]),
        ({"received": CLEAR}, [("E3", "required", "error")]),
        ({"received": ""}, [("E3", "required", "error")]),
    ],
)
def test_what_is_required_of_a_new_row(cells: dict[str, Any], found: list[Any]) -> None:
    made = appeals()
    made.type(made.file[1].id, **{**NEW, **cells})
    plan = made.merge()
    assert checks(plan) == found
    assert totals(plan).get("added", 0) == (not found)


def test_what_is_cleared_in_a_new_row_is_left_out_of_it() -> None:
    made = appeals()
    made.type(made.file[1].id, **NEW, result=CLEAR)
    assert "result" not in [key for _, key, _ in writes(made.merge())]


def test_each_new_row_is_counted_and_gets_a_code_of_its_own() -> None:
    made = appeals()
    for row in made.file[1:3]:
        made.type(row.id, **{**NEW, "subject": row.id})
    plan = made.merge()
    assert totals(plan)["added"] == 2
    assert list(plan.news.assigned.values()) == [made.form.format_code(2), made.form.format_code(3)]


def added(*subjects: str) -> Office:
    """The department added rows before: each has its code, stands in the ledger and comes back as it was."""
    made = appeals()
    for number, subject in enumerate(subjects, 2):
        row, code = made.file[number - 1], made.form.format_code(number)
        made.type(row.id, **{**NEW, "subject": subject})
        made.ledger.append(Row(code, "", code, {**row.cells, "department": Cell("财务处", code)}))
        made.base.assigned[row.id] = code
        made.base.added[code] = {key: str(cell.value) for key, cell in row.cells.items()}
    return made


def test_two_rows_added_before_may_both_be_disputed() -> None:
    made = added("食堂排队太久", "电梯常坏")
    for row in made.file[1:3]:
        made.type(row.id, result="已办").edit(made.base.assigned[row.id], result="在办")
    plan = made.merge()
    assert (totals(plan), plan.edits) == ({"issued": 1, "unchanged": 1, "disputed": 2}, [])


OTHER = {"channel": "窗口", "subject": "另一件事", "received": date(2022, 1, 3), "due": date(2022, 2, 3)}


def test_rows_added_before_that_the_ledger_holds_no_more_under_their_codes_are_disputed() -> None:
    made = added("食堂排队太久", "电梯常坏")
    for row in made.file[1:3]:
        made.type(row.id, result="已办").edit(made.base.assigned[row.id], **OTHER)
    plan = made.merge()
    assert (totals(plan), plan.edits) == ({"issued": 1, "unchanged": 1, "disputed": 2}, [])
    assert [check for _, check, _ in checks(plan)] == ["row-renumbered"]
    quiet = added("食堂排队太久").edit("SQ-002", **OTHER)
    assert checks(quiet.merge()) == []


def test_a_row_added_before_is_held_like_any_other() -> None:
    code = appeals().form.format_code(2)
    made = added("食堂排队太久").edit(code, department="党委办公室")
    plan = made.type(made.file[1].id, result="已办").merge()
    assert (checks(plan), plan.edits) == ([("B3", "row-reassigned", "warning")], [])
    made = added("食堂排队太久")
    plan = made.type(made.file[1].id, result="已办", received="昨天").merge()
    assert (checks(plan), plan.edits) == ([("E3", "date", "error")], [])


def test_a_row_added_before_takes_back_what_was_said_of_it() -> None:
    code = appeals().form.format_code(2)
    made = added("食堂排队太久").edit(code, subject="食堂排队")
    made.base.taken[code], made.base.saved = {"subject": "食堂排队"}, THEN
    assert writes(made.merge(saved=AFTER)) == [(3, "subject", "食堂排队太久")]
    del made.base.added[code]  # as if it had been added blank
    assert [key for _, key, _ in writes(made.merge(saved=AFTER))] == ["subject"]


def test_a_row_added_before_that_the_office_took_away_is_not_added_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made = added("食堂排队太久")
    code = made.ledger.pop().code
    monkeypatch.setattr(CodeBook, "was_written", lambda _self, each: each == code)
    plan = made.merge()
    assert (totals(plan), plan.edits) == ({"issued": 1, "unchanged": 1}, [])
    assert told(plan) == [
        ("B3", "row-gone", "warning",
            f"这一行上次汇总时编为 {code}，后来从台账里去掉了（撤销了那次汇总，或删了），没有重新添加；部门不用改。"
            "如果是撤销错了，请办公室用 taizhang history list 找到那次撤销，再用 taizhang history undo 撤销它。")
    ]  # fmt: skip


APPLICATION = {
    "task": "RW-001",
    "applied": date(2022, 3, 15),
    "applicant": "科长",
    "evidence": "总结",
    "evidence_count": 1,
    "against": "1. 修订制度：已印发",
}


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({}, []),
        ({"evidence_count": 0}, [("G2", "closeout-evidence", "warning")]),
        ({"evidence": "无"}, [("F2", "required", "error")]),
        ({"task": "RW-002"}, [("C2", "closeout-owner", "warning")]),
        ({"task": "RW-003"}, []),
        ({"task": "RW-009"}, [("C2", "reference", "error")]),
    ],
)
def test_an_application_to_close_a_task(cells: dict[str, Any], found: list[Any]) -> None:
    """RW-001 is led by 财务处, RW-002 by another department, RW-003 by none that 参数 knows."""
    made = choosing(Office("closeouts", []))
    tasks = office(3, status="已完成", progress=1, evidence="制度")
    made.beside = [tasks.edit("RW-002", department="党委办公室").edit("RW-003", department="查无此处")]
    made.type(made.file[0].id, **{**APPLICATION, **cells})
    plan = made.merge()
    assert checks(plan) == found
    assert totals(plan).get("added", 0) == (not any(severity == "error" for _, _, severity in found))
    if cells == {"task": "RW-009"}:
        assert "〈整改任务〉" in told(plan)[0][3]


def test_an_application_of_a_department_that_the_settings_do_not_know_or_without_a_register_of_tasks() -> None:
    made = choosing(Office("closeouts", []))
    made.type(made.file[0].id, **APPLICATION)
    assert (checks(made.merge()), totals(made.merge())) == ([], {"added": 1})
    made.beside, made.base.department = [office(status="已完成", progress=1, evidence="制度")], "撤了的处"
    assert (checks(made.merge()), totals(made.merge())) == ([], {"added": 1})


def again() -> Office:
    """The first form comes back of two issues; the second had other tasks, which are gone, under the same codes."""
    made = office(2)
    first = made.base.rows["tasks"]
    other = {"deadline": "2023-06-30", "status": "未启动", "progress": "0.1", "update": "别的", "evidence": "别的材料"}
    made.base.rows = {
        "tasks": {code: {**cells, **other, "statement": f"另一条任务{code}"} for code, cells in first.items()}
    }
    made.base.earlier, made.issue = [{"tasks": first}], 1
    return made


def test_a_form_of_an_earlier_issue_is_compared_with_what_was_issued_and_said_then() -> None:
    assert (totals(again().merge()), told(again().merge())) == ({"issued": 2, "unchanged": 2}, [])
    made = again().type("RW-001", update="新")
    assert writes(made.merge()) == [(2, "update", "新")]
    made.base.taken["RW-001"] = {"update": "新"}  # said in the second issue, which is no answer to the first
    assert writes(made.merge()) == [(2, "update", "新")]
    made.base.earlier_taken = [{"RW-001": {"update": "新"}}]
    assert (totals(made.merge()), made.merge().edits) == ({"issued": 2, "unchanged": 2}, [])


def test_two_rows_of_each_kind_are_two() -> None:
    """Wrong, gone from the ledger, led by another department, not returned, returned twice with a difference."""
    made = office(10)
    for n in (1, 2):
        made.type(f"RW-{n:03}", status="基本完成")
    for n in (3, 4):
        made.type(f"RW-{n:03}", update="新")
    for n in (5, 6):
        made.type(f"RW-{n:03}", update="新").edit(f"RW-{n:03}", department="党委办公室")
    twice = [Row(row.whose, row.id, row.code, {**row.cells, "update": Cell("又新", "")}) for row in made.file[8:]]
    made.file[6:8] = []
    made.file += twice
    del made.ledger[2:4]
    plan = made.merge()
    assert (totals(plan), plan.edits) == ({"issued": 10, "held": 8, "missing": 2, "errors": 6}, [])


def test_the_rows_of_the_file_are_named_by_their_codes() -> None:
    made = added("食堂排队太久")
    made.type(made.file[2].id, **NEW)
    made.file.append(Row("new", "", "SQ-050", {"subject": Cell("自己编的号", "new")}))
    first, second = (made.form.format_code(n) for n in (1, 2))
    assert made.merge().codes == {
        (made.form.sheet, row): code for row, code in ((2, first), (3, second), (4, ""), (6, "SQ-050"))
    }


def test_what_is_said_where_the_hidden_ids_stayed_behind() -> None:
    made = office(3)
    for n, progress in enumerate((0.3, 0.2, 0.1), 1):
        made.type(f"RW-{n:03}", progress=progress)
    sort_seen(made.file, lambda row: row.cells["progress"].value)
    plan = made.merge()
    assert totals(plan) == {"issued": 3, "merged": 3}
    assert told(plan)[0] == (
        "", "row-moved", "hint",
        "排序时隐藏的行标识没有跟着动，这张表按编号认行，编号和内容对得上的照样采用；新增的行请不要一起排序。",
    )  # fmt: skip


def test_a_copy_without_code_is_not_taken_for_the_row_that_came_back() -> None:
    made = office(2)
    made.file.append(Row("", "", "", {**made.file[0].cells, "update": Cell("新", "")}))
    plan = made.merge()
    assert (totals(plan), plan.edits) == ({"issued": 2, "unchanged": 2, "errors": 1}, [])
    assert told(plan)[0][3].startswith("编号 （空） 不在下发的表里")
    made.base.spare.clear()
    made.file[-1].code = "RW-050"
    assert [check for _, check, _ in checks(made.merge())] == ["row-foreign"]


def test_a_spare_row_that_was_copied_is_added_once() -> None:
    made = appeals()
    spare = made.file[1]
    made.type(spare.id, **NEW)
    made.file.append(Row(spare.whose, spare.id, "", dict(spare.cells)))
    plan = made.merge()
    assert (totals(plan)["added"], len(plan.edits)) == (1, 1)
    assert checks(plan) == [("B6", "row-duplicate", "error")]


def test_the_same_as_issued_in_other_words_is_no_change() -> None:
    assert totals(office().type("RW-001", progress="40%").merge()) == {"issued": 1, "unchanged": 1}
    assert totals(office().type("RW-001", progress="41%").merge()) == {"issued": 1, "merged": 1}
    odd = office(status="基本完成")  # as the ledger has it; nobody can read it
    assert (totals(odd.merge()), told(odd.merge())) == ({"issued": 1, "unchanged": 1}, [])
    plan = odd.type("RW-001", status="大体完成").merge()
    assert (totals(plan), checks(plan)) == ({"issued": 1, "held": 1, "errors": 1}, [("F2", "choice", "error")])


def test_what_was_said_and_is_as_issued_asks_nothing() -> None:
    made = office()
    made.base.taken["RW-001"] = {"progress": "0.4"}
    assert (totals(made.merge()), told(made.merge())) == ({"issued": 1, "unchanged": 1}, [])


def parts(plan: Plan) -> list[tuple[str, str, str, str]]:
    """Return (cell, severity, message, message for the department) of the parts of the only finding that has any."""
    (found,) = [each for each in plan.findings if each.parts]
    return [
        (a1(each.place.row or 0, each.place.column or 0), each.severity.value, each.message, each.department_message)
        for each in found.parts
    ]


SORTED = (
    "多半是只选了几列排序，或粘贴时错了行，编号没有跟着动。请撤销排序，或照编号逐行核对，再报；"
    "确实是这一行的，请换成自己的话写，不照搬别行原来的内容。"
)


@pytest.mark.parametrize(("number", "more"), [(3, ""), (4, "等")])
def test_what_is_said_of_several_rows_held_for_one_cause(number: int, more: str) -> None:
    made = office(number)
    for n in range(1, number + 1):
        for rows in (made.file, made.ledger):
            rows[n - 1].cells["update"] = Cell(f"第{n}项制度已征求{n}次意见", f"RW-{n:03}")
        made.base.rows["tasks"][f"RW-{n:03}"]["update"] = f"第{n}项制度已征求{n}次意见"
    rotate_columns(made.file, ["update"])
    plan = made.merge()
    assert totals(plan) == {"issued": number, "held": number, "errors": number}
    said = [f"RW-{n:03} 的“本期进展”写的是 RW-{n - 1 or number:03} 原来的内容" for n in range(1, number + 1)]
    rows = f"第 2-{number + 1} 行（共 {number} 行）都没有采用。"
    assert told(plan) == [("H2", "columns-sorted", "error", f"{'；'.join(said[:3])}{more}。{rows}{SORTED}")]
    assert parts(plan) == [
        (f"H{row}", "error", f"{each}，这一行没有采用。{SORTED}", f"{each}，这一行没有采用。{SORTED}")
        for row, each in enumerate(said, 2)
    ]


def test_what_is_said_of_rows_that_the_office_renumbered() -> None:
    made = office(3).type("RW-001", update="新").type("RW-002", update="新")
    swap_codes(made.ledger, 0, 1)
    plan = made.merge()
    assert (totals(plan), plan.edits) == ({"issued": 3, "held": 2, "unchanged": 1}, [])
    cure = (
        "编号是一行的身份，换了就会把进展记到别的任务上。"
        "请办公室把台账里的编号改回下发时的那一行（新的一行编一个没用过的号），"
        "再汇总一次；部门不用改。"
    )
    again = "确实是同一条、只是改写了的，请用 taizhang issue --again 重新下发，部门照新表报。"
    said = ["下发时的 RW-001 在台账里现在编为 RW-002", "下发时的 RW-002 在台账里现在编为 RW-001"]
    assert told(plan) == [
        ("B2", "row-renumbered", "warning", f"{'；'.join(said)}。第 2-3 行（共 2 行）都没有采用。{cure}{again}")
    ]
    assert parts(plan) == [
        (f"B{row}", "warning", f"{each}，这一行没有采用。{cure}{again}", f"{each}，这一行没有采用。{cure}")
        for row, each in enumerate(said, 2)
    ]


def test_a_wrong_cell_holds_its_row_whatever_comes_after_it() -> None:
    made = office().type("RW-001", status="基本完成", progress="", update="新")
    made.file_facts |= {"formulas": frozenset({(2, 7)})}  # whose result is blank
    plan = made.merge()
    assert (totals(plan), plan.edits) == ({"issued": 1, "held": 1, "errors": 1}, [])
    assert checks(plan) == [("F2", "choice", "error"), ("G2", "formula", "warning")]
