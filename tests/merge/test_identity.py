"""A row's data never lands on another row: sorted, inserted and renumbered rows in returned file and ledger."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.rearranged import (
    Cell,
    Office,
    Row,
    empty_ids,
    insert,
    renumber,
    rotate_columns,
    sort_columns,
    sort_seen,
    swap_codes,
)
from support.thorough import few_or_all

NEW = {"channel": "信访", "subject": "食堂排队太久", "received": date(2022, 3, 9), "due": date(2022, 4, 9)}
OFFICES_NEW = {"statement": "办公室新加的任务", "department": "财务处", "deadline": date(2022, 9, 30)}


def by_progress(row: Row) -> float:
    return -row.cells["progress"].value if "progress" in row.cells else 0.0


def tasks(number: int = 12, *, short: bool = False, blank: tuple[int, ...] = ()) -> Office:
    """Tasks as reported last month, each with its own words (``short`` ones, or none in the rows ``blank``)."""
    rows: list[dict[str, Any]] = []
    for n in range(1, number + 1):
        row: dict[str, Any] = {
            "source": "报告原文",
            "kind": "一次",
            "problems": "WT-01",
            "department": "财务处",
            "start": date(2022, 1, 1),
            "statement": f"修订第{n}项制度",
            "deadline": date(2022, 12, 31),
            "standard": "印发件",
            "status": ("推进中", "未启动", "推进中")[n % 3],
        }
        if n not in blank:
            update = f"进展{n}" if short else f"第{n}项制度已征求意见{n}条，修改后送各处室会签"
            row |= {"progress": 0.07 * n, "update": update, "next_step": f"下一步{n}", "evidence": f"材料{n}"}
        rows.append(row)
    return Office("tasks", rows)


def appeals(number: int = 3) -> Office:
    """A register whose every column the departments fill."""
    channels = ("信访", "窗口")
    return Office(
        "appeals",
        [
            {
                "department": "财务处",
                "channel": channels[n % 2],
                "subject": f"诉求{n}",
                "received": date(2022, 2, n),
                "due": date(2022, 3, n),
            }
            for n in range(1, number + 1)
        ],
    )


def codes(*numbers: int, form: str = "RW") -> set[str]:
    return {f"{form}-{n:03}" for n in numbers}


def typed(office: Office, *numbers: int, **cells: Any) -> Office:
    for n in numbers:
        office.type(office.form.format_code(n), **(cells or {"update": f"本月又完成了{n}件事"}))
    return office


# (name of the change, the office and the file, the rows held back, the rows taken)
CASES: list[tuple[str, Callable[[], Office], set[str], set[str]]] = []


def case(
    held: set[str], taken: Collection[str] = frozenset()
) -> Callable[[Callable[[], Office]], Callable[[], Office]]:
    def add(make: Callable[[], Office]) -> Callable[[], Office]:
        CASES.append((make.__name__, make, held, set(taken)))
        return make

    return add


@case(codes(*range(1, 13)))
def only_the_filled_columns_sorted() -> Office:
    office = tasks()
    sort_columns(office.file, office.filled, by_progress)
    return office


@case(codes(*range(1, 13)))
def only_the_filled_columns_sorted_with_one_typed_anew() -> Office:
    office = typed(tasks(short=True), 5)
    sort_columns(office.file, office.filled, by_progress)
    return office


@case(codes(*range(1, 13)) - codes(3))
def only_the_filled_columns_sorted_many_of_them_blank() -> Office:
    """The third row keeps its place."""
    office = typed(tasks(blank=(2, 4, 6, 7, 8, 9, 10, 11)), 2, 4, 6, 8, 10, 11)
    sort_columns(office.file, office.filled, by_progress)
    return office


@case(codes(3, 4, 5, 6), codes(10, 11))
def a_part_of_the_rows_sorted_without_their_codes() -> Office:
    office = typed(tasks(), 10, 11)
    sort_columns(office.file, office.filled, by_progress, slice(2, 6))
    return office


@case(codes(4, 5), codes(10))
def two_rows_exchanged_without_their_codes() -> Office:
    office = typed(tasks(short=True), 10)
    sort_columns(office.file, office.filled, by_progress, slice(3, 5))
    return office


@case(codes(1, 2))
def two_rows_that_are_all_exchanged_without_their_codes() -> Office:
    office = tasks(2)
    sort_columns(office.file, office.filled, by_progress)
    return office


@case(codes(1, 2))
def two_long_texts_exchanged() -> Office:
    office = tasks(12)
    sort_columns(office.file, ["update"], by_progress, slice(0, 2))
    return office


@case(codes(1, 4, 7, 9, 11, 12))
def only_the_states_sorted() -> Office:
    office = tasks()
    sort_columns(office.file, ["status"], lambda row: row.cells["status"].value)
    return office


@case(codes(*range(1, 6)))
def cells_pushed_down_by_one_that_was_inserted() -> Office:
    office = tasks(5)
    rotate_columns(office.file, ["update", "next_step"])
    office.file[0].cells |= {"update": Cell("新写的一格", "new"), "next_step": Cell("新写的一格", "new")}
    return office


@case(codes(1, 2, 3))
def all_columns_from_the_name_on_rotated_with_new_words_typed() -> Office:
    office = typed(tasks(3), 1, 2, 3)
    rotate_columns(office.file, office.shown)
    return office


@case(codes(1, 2))
def two_rows_rotated_from_the_name_on() -> Office:
    office = typed(tasks(2), 1, 2)
    rotate_columns(office.file, office.shown)
    return office


@case(codes(1, 2, 3))
def only_the_names_of_the_tasks_sorted() -> Office:
    office = typed(tasks(3), 1, 2, 3)
    rotate_columns(office.file, ["statement"])
    return office


@case(codes(1, 2, 3, 4, form="SQ"))
def ids_emptied_and_codes_renumbered_below_a_new_row() -> Office:
    office = typed(appeals(), 1, result="已答复")
    insert(office.file, 0, "new", NEW)
    empty_ids(office.file)
    renumber(office.file, office.form)
    return office


@case(codes(1, 2, form="SQ"))
def one_row_renumbered_below_a_new_one() -> Office:
    office = typed(appeals(1), 1, result="已答复")
    insert(office.file, 0, "new", NEW)
    empty_ids(office.file)
    renumber(office.file, office.form)
    return office


@case(codes(1, 2, form="SQ"))
def ids_emptied_and_codes_renumbered_after_a_row_was_deleted() -> Office:
    office = typed(appeals(), 2, 3, result="已答复")
    del office.file[0]
    empty_ids(office.file)
    renumber(office.file, office.form)
    return office


@case(codes(1, 2, 3, form="SQ"), codes(3, form="SQ"))
def codes_renumbered_below_a_new_row_and_ids_left() -> Office:
    """The last row has a code that was never issued; id and words show whose it is."""
    office = typed(appeals(), 1, 2, 3, result="已答复")
    insert(office.file, 0, "new", NEW)
    renumber(office.file, office.form)
    return office


@case(codes(1, 2, form="SQ"), codes(2, form="SQ"))
def a_copy_of_the_first_row_above_it_and_codes_renumbered() -> Office:
    """The copy bears the code, the row itself the id: neither is taken; what was typed into the copy may be a new
    row's."""
    office = typed(appeals(2), 2, result="已答复")
    insert(office.file, 0, "new", {key: cell.value for key, cell in office.file[0].cells.items()})
    office.file[0].cells["result"] = Cell("另一件的答复", "new")
    renumber(office.file, office.form)
    return office


@case({""}, codes(1, 2, 3, form="SQ"))
def all_that_is_seen_sorted_together_with_a_new_row() -> Office:
    """Its id is that of an issued row now: it may not go there, nor be added under an id that is not its own."""
    office = typed(appeals(), 1, 2, 3, result="已答复")
    office.file[3].cells = {key: Cell(value, "new") for key, value in {**NEW, "received": date(2022, 2, 2)}.items()}
    sort_seen(office.file, lambda row: str(row.cells["received"].value) if row.cells else "9")
    return office


@case({""}, codes(2, 3, form="SQ"))
def a_new_row_without_a_code_where_an_issued_one_stood() -> Office:
    """Ids left, one row's words and code replaced by those of a new appeal."""
    office = typed(appeals(), 2, 3, result="已答复")
    office.file[0].code = ""
    office.file[0].cells |= {key: Cell(NEW[key], "new") for key in ("subject", "received")}
    return office


@case(codes(1, form="SQ"), codes(2, 3, form="SQ"))
def a_new_row_typed_over_an_old_one() -> Office:
    office = typed(appeals(), 2, 3, result="已答复")
    office.file[0].cells = {key: Cell(value, "new") for key, value in NEW.items()} | {"channel": Cell("来电", "new")}
    return office


@case(codes(2))
def codes_of_the_ledger_renumbered_below_a_new_row() -> Office:
    office = typed(tasks(3), 2, status="已完成")
    insert(office.ledger, 0, "office", OFFICES_NEW)
    renumber(office.ledger, office.form)
    return office


@case(codes(1, 2, 3))
def all_codes_of_the_ledger_renumbered_and_all_rows_reported() -> Office:
    office = typed(tasks(3), 1, 2, 3)
    insert(office.ledger, 0, "office", OFFICES_NEW)
    renumber(office.ledger, office.form)
    return office


@case(codes(1, 2), codes(3))
def two_codes_of_the_ledger_exchanged() -> Office:
    office = typed(tasks(3), 1, 2, 3)
    swap_codes(office.ledger, 0, 1)
    return office


@case(codes(2), codes(1))
def a_code_of_the_ledger_changed() -> Office:
    office = typed(tasks(3), 1, 2)
    office.ledger[1].code = "RW-077"
    return office


@case(codes(2), codes(1))
def a_row_of_the_ledger_deleted_and_its_code_given_to_another() -> Office:
    office = typed(tasks(3), 1, 2)
    office.ledger[1] = Row("office", "", "RW-002", {key: Cell(value, "office") for key, value in OFFICES_NEW.items()})
    return office


def shared(number: int = 4) -> Office:
    """Tasks that have all but their names in common, no word of last month among it."""
    office = tasks(number, blank=tuple(range(1, number + 1)))
    for row in (*office.file, *office.ledger):
        row.cells["status"] = Cell("推进中", row.whose)
    for cells in office.base.rows["tasks"].values():
        cells["status"] = "推进中"
    return office


@case({"", *codes(3, 4)}, codes(1))
def what_was_typed_pasted_one_row_down() -> Office:
    """With entirely new words, so that only the row below the last one tells; the second row is as issued."""
    office = typed(shared(), 1, 3, 4)
    office.file.append(Row("RW-004", "", ""))
    rotate_columns(office.file[2:], office.filled)
    return office


@case({""}, codes(3, 4))
def a_remark_below_the_last_row() -> Office:
    office = typed(shared(), 3, 4)
    office.file.append(Row("", "", "", {"update": Cell("以上情况属实", "")}))
    return office


@case(codes(2), codes(1, 3))
def another_task_typed_over_one_that_shares_deadline_and_standard() -> Office:
    office = typed(shared(), 1, 2, 3)
    office.file[1].cells["statement"] = Cell("新装一部电梯", "new")
    return office


@case(codes(2), codes(1, 3))
def another_task_typed_over_one_of_the_ledger_that_shares_the_rest() -> Office:
    office = typed(shared(), 1, 2, 3)
    office.ledger[1].cells["statement"] = Cell("新装一部电梯", "office")
    return office


@case(codes(1, 2, 3))
def only_the_names_in_the_ledger_sorted() -> Office:
    office = typed(tasks(3), 1, 2, 3)
    rotate_columns(office.ledger, ["statement"])
    for row, code in zip(office.ledger, ("RW-003", "RW-001", "RW-002"), strict=True):
        row.whose = code
    return office


@case(codes(1, 2, 3, form="SQ"))
def codes_of_a_register_of_the_departments_renumbered_in_the_ledger() -> Office:
    office = typed(appeals(), 1, 2, 3, result="已答复")
    insert(office.ledger, 0, "office", {**NEW, "department": "财务处"})
    renumber(office.ledger, office.form)
    return office


@pytest.mark.parametrize(("make", "held", "taken"), [pytest.param(*each, id=name) for name, *each in CASES])
def test_nothing_is_written_to_a_row_whose_words_it_is_not(
    make: Callable[[], Office], held: set[str], taken: set[str]
) -> None:
    office = make()
    plan = office.merge()
    assert (office.strayed(plan), plan.totals.closes) == ([], True)
    assert (office.held(plan), {whose for whose, _, _ in office.written(plan)}) == (held, taken)


CLEAN: list[tuple[str, Callable[[], Office], int]] = []


def clean(taken: int) -> Callable[[Callable[[], Office]], Callable[[], Office]]:
    def add(make: Callable[[], Office]) -> Callable[[], Office]:
        CLEAN.append((make.__name__, make, taken))
        return make

    return add


@clean(12)
def one_standard_sentence_in_all_rows() -> Office:
    return typed(tasks(), *range(1, 13), update="正在推进，按计划完成")


@clean(11)
def the_first_row_filled_down() -> Office:
    office = tasks()
    return typed(office, *range(2, 13), update=office.file[0].cells["update"].value)


@clean(4)
def some_tasks_done_and_others_begun() -> Office:
    """未启动 → 推进中, 推进中 → 已完成: what goes on from month to month."""
    return typed(typed(tasks(6), 1, 4, status="推进中"), 2, 3, status="已完成")


@clean(9)
def each_percentage_where_the_next_one_was() -> Office:
    office = tasks(9)
    for n in range(1, 10):
        typed(office, n, progress=0.07 * (n + 1))
    return office


@clean(4)
def each_task_in_the_stage_of_the_next_one() -> Office:
    office, stages = tasks(4), ("起草", "征求意见", "送审", "印发", "实施")
    for n, row in enumerate(office.file):
        office.base.rows["tasks"][row.code]["update"] = stages[n]
        office.ledger[n].cells["update"] = row.cells["update"] = Cell(stages[n], row.whose)
        typed(office, n + 1, update=stages[n + 1])
    return office


@clean(2)
def two_rows_whose_states_were_exchanged() -> Office:
    return typed(typed(tasks(3), 1, status="推进中"), 2, status="未启动")


@clean(3)
def whole_rows_sorted() -> Office:
    office = typed(tasks(6), 1, 2, 3)
    office.file.reverse()
    return office


@clean(6)
def all_that_is_seen_sorted_and_the_hidden_ids_left() -> Office:
    office = typed(tasks(6), 1, 2, 3, 4, 5, 6)
    sort_seen(office.file, by_progress)
    return office


@clean(2)
def one_word_of_the_offices_mistyped() -> Office:
    return typed(typed(tasks(3), 1, statement="修定第1项制度"), 1, 2)


@clean(1)
def a_deadline_changed_to_that_of_another_task() -> Office:
    office = typed(tasks(3), 1)
    for rows in (office.file, office.ledger):
        rows[1].cells["deadline"] = Cell(date(2022, 6, 30), "RW-002")
    office.base.rows["tasks"]["RW-002"]["deadline"] = "2022-06-30"
    office.file[0].cells["deadline"] = Cell(date(2022, 6, 30), "RW-001")
    return office


@clean(2)
def what_a_task_takes_over_from_another_whose_name_was_mistyped() -> Office:
    """Its name still identifies it, although more of its cells are the other's."""
    office = a_deadline_changed_to_that_of_another_task()
    typed(office, 1, next_step="下一步2", evidence="材料2", status="推进中", progress=0.5)
    return typed(office, 2, statement="修定第2项制度", next_step="已办", evidence="简报", update="已办", progress=1.0)


@clean(3)
def the_office_rewords_what_it_wrote() -> Office:
    office = typed(tasks(3), 1, 2, 3)
    office.edit("RW-001", statement="修订第一项制度（改）")
    return office.edit("RW-002", statement="换了说法", deadline=date(2022, 10, 1), standard="另定的标准")


@clean(3)
def names_shortened_and_added_to_where_all_else_is_shared() -> Office:
    office = typed(shared(), 1, 2, 3)
    office.file[0].cells["statement"] = Cell("第1项制度", "RW-001")
    office.edit("RW-002", statement="修订并印发第2项管理制度（办法）")
    return office.edit("RW-003", statement="修订制度三")


@clean(3)
def the_office_gives_two_tasks_the_same_words() -> Office:
    return typed(tasks(3), 1, 2, 3).edit("RW-002", statement="修订第1项制度")


@clean(2)
def the_office_inserts_a_row_with_a_code_of_its_own() -> Office:
    office = typed(tasks(3), 1, 2)
    insert(office.ledger, 0, "office", OFFICES_NEW)
    office.ledger[0].code = "RW-099"
    return office


@clean(3)
def appeals_answered_with_the_same_words() -> Office:
    return typed(appeals(), 1, 2, 3, answered=date(2022, 3, 3), satisfaction="满意", result="已当面答复")


@clean(1)
def the_name_of_an_appeal_corrected_and_answered() -> Office:
    return typed(appeals(), 1, subject="诉求一（更正）", answered=date(2022, 3, 3), result="已答复")


@clean(2)
def a_new_row_like_an_old_one() -> Office:
    """One row reported, and a new one that begins like it."""
    office = typed(appeals(), 1, result="已答复")
    office.file[3].cells = {key: Cell(cell.value, "new") for key, cell in office.file[0].cells.items()}
    office.file[3].cells["subject"] = Cell("另一件诉求", "new")
    return office


@pytest.mark.parametrize(("make", "taken"), [pytest.param(*each, id=name) for name, *each in CLEAN])
def test_what_departments_and_office_do_every_month_holds_nothing(make: Callable[[], Office], taken: int) -> None:
    office = make()
    plan = office.merge()
    assert (office.held(plan), plan.totals.held, plan.totals.closes) == (set(), 0, True)
    assert plan.totals.merged + plan.totals.added == taken


def test_several_rows_held_for_one_cause_are_one_finding_and_each_cell_is_marked() -> None:
    office = only_the_filled_columns_sorted()
    (found,) = [each for each in office.merge().findings if each.check == "columns-sorted"]
    assert [part.place.row for part in found.parts] == list(range(2, 14))
    assert "第 2-13 行（共 12 行）都没有采用。多半是只选了几列排序" in found.message
    assert "RW-012 的“进度”写的是 RW-001 原来的内容，这一行没有采用。" in found.parts[-1].message


def test_a_ledger_row_that_moved_is_named_and_is_no_error_of_the_department() -> None:
    plan = two_codes_of_the_ledger_exchanged().merge()
    (found,) = [each for each in plan.findings if each.check == "row-renumbered"]
    assert [part.place.row for part in found.parts] == [2, 3]
    assert "下发时的 RW-001 在台账里现在编为 RW-002" in found.message and "部门不用改" in found.message
    assert (found.severity, plan.totals.errors, plan.totals.held) == ("warning", 0, 2)


def test_a_deleted_row_is_not_taken_for_another_that_shares_most_of_its_cells() -> None:
    """A task of another department with the same dates, standard and problem."""
    office = typed(tasks(2), 1)
    insert(
        office.ledger, 2, "office", {**_values(office.ledger[0]), "statement": "别处的任务", "department": "党委办公室"}
    )
    office.ledger[2].code = "RW-050"
    del office.ledger[0]
    assert [each.check for each in office.merge().findings if each.check.startswith("row-")] == ["row-gone"]


def _values(row: Row) -> dict[str, Any]:
    return {key: cell.value for key, cell in row.cells.items()}


@pytest.mark.parametrize(("reported", "held", "found"), [(False, 0, []), (True, 1, ["row-gone"])])
def test_a_row_the_office_deleted_is_no_error_of_the_department(reported: bool, held: int, found: list[str]) -> None:
    office = typed(tasks(3), 2) if reported else tasks(3)
    del office.ledger[1]
    plan = office.merge()
    assert (plan.totals.held, plan.totals.errors, plan.totals.closes) == (held, 0, True)
    assert [each.check for each in plan.findings if each.check.startswith("row-")] == found


def test_a_file_that_was_merged_before_is_sorted_in_its_next_version() -> None:
    """Words that the department has reported since count as its row's words, as issued ones do."""
    office = tasks(6, blank=(1, 2, 3, 4, 5, 6))
    for n in range(1, 7):
        said = {"progress": 0.1 * n, "update": f"三月的第{n}件事已经办好", "evidence": f"三月材料{n}"}
        typed(office, n, **said)
        office.base.taken[f"RW-{n:03}"] = {key: str(value) for key, value in said.items()}
        office.edit(f"RW-{n:03}", **said)
    sort_columns(office.file, office.filled, by_progress)
    plan = office.merge()
    assert (office.strayed(plan), office.held(plan)) == ([], codes(*range(1, 7)))


STEPS = (
    "type", "sort", "sort one", "rotate", "insert", "renumber", "empty ids", "swap", "whole rows", "sort seen",
    "ledger insert", "ledger swap", "ledger renumber",
)  # fmt: skip


@settings(max_examples=few_or_all(60, 150), deadline=None, derandomize=True)
@given(
    kind=st.sampled_from(("tasks", "short", "blanks", "appeals")),
    number=st.integers(1, 7),
    steps=st.lists(st.sampled_from(STEPS), min_size=1, max_size=4),
    random=st.randoms(use_true_random=False),
)
def test_no_sequence_of_sorts_inserts_and_renumberings_strays(
    kind: str, number: int, steps: list[str], random: Any
) -> None:
    """A value that two rows could have (a state, a date) identifies no row, nor does one typed before its column was
    sorted."""
    blank = tuple(range(2, 9, 3)) if kind == "blanks" else ()
    office = appeals(number) if kind == "appeals" else tasks(number, short=kind != "tasks", blank=blank)
    for step in steps:
        rearrange(office, step, random)
    plan = office.merge()
    strayed = [each for each in office.strayed(plan) if not str(each[2]).startswith("新写")]
    telling = [value for _, _, value in strayed if isinstance(value, str) and len(value) >= 20]
    assert (telling, plan.totals.closes) == ([], True)
    assert len({whose for whose, _, _ in strayed}) < 3


def rearrange(office: Office, step: str, random: Any) -> None:
    rows, ledger = [row for row in office.file if row.cells], office.ledger
    if step == "type":
        for row in rows:
            row.cells["result" if office.form.name == "appeals" else "update"] = Cell(f"新写{row.whose}", row.whose)
    elif step == "sort":
        sort_columns(office.file, office.filled, lambda _: random.random(), slice(0, len(rows)))
    elif step == "sort one":
        sort_columns(office.file, [random.choice(office.shown)], lambda _: random.random(), slice(0, len(rows)))
    elif step == "rotate" and len(rows) > 1:
        rotate_columns(rows, office.shown, random.randrange(1, len(rows)))
    elif step == "insert":
        own = NEW if office.form.name == "appeals" else {"statement": "自己加的", "update": "自己加的进展"}
        insert(office.file, random.randint(0, len(rows)), "new", own)
    elif step == "renumber":
        renumber(office.file, office.form)
    elif step == "empty ids":
        empty_ids(office.file)
    elif step == "swap" and len(rows) > 1:
        swap_codes(office.file, *random.sample(range(len(rows)), 2))
    elif step == "whole rows":
        random.shuffle(office.file)
    elif step == "sort seen":
        sort_seen(office.file, lambda _: random.random())
    elif step == "ledger insert":
        insert(ledger, random.randint(0, len(ledger)), "office", NEW if office.form.name == "appeals" else OFFICES_NEW)
        ledger[[row.code for row in ledger].index("")].code = office.form.format_code(90 + len(ledger))
    elif step == "ledger swap" and len(ledger) > 1:
        swap_codes(ledger, *random.sample(range(len(ledger)), 2))
    elif step == "ledger renumber":
        renumber(ledger, office.form)
