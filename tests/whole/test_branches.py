"""Party branches report like departments, and registers about persons go in a workbook of their own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from support import branches
from support.branches import ONE, THREE, TWO, issued, make, name_branches, spare, type_block
from support.fixtures import Make, Once, Run
from support.ledgers import load
from support.returned import edit, fill, findings, value
from support.returned_files import by_hand
from taizhang.forms.load import standard_forms
from taizhang.history.bases import load_base
from taizhang.ledger.model import read_ledger

ORDINARY = ["整改任务", "销号审核", "延期申请", "办实事", "群众诉求", "规章制度"]
OF_BRANCHES = ["党支部底册", "支委名册", "组织生活"]


def issue(run: Run, ledger: Path, *more: str) -> Result:
    return run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", ledger, *more)


def merge(run: Run, ledger: Path, *more: str) -> Result:
    return run("merge", "-l", ledger, "--yes", "-p", "2022-03", *more)


def returns_of(ledger: Path) -> list[tuple[str, str]]:
    """Return who and how from 回收情况."""
    sheet = load((ledger.parent / "回执" / "2022-03" / "回收情况.xlsx").read_bytes()).active
    rows = [(row[0], row[1]) for row in sheet.iter_rows(min_row=6, values_only=True)]
    return [(str(who), str(state)) for who, state in rows if state]


@pytest.fixture
def out(tmp_path: Path, once: Once, make_ledger: Make, run: Run) -> Path:
    """The ledger with two departments and three branches, issued for 2022-03."""

    def play(folder: Path) -> None:
        from support.ledgers import small_ledger

        def at_home(tasks: list[dict[str, Any]], **registers: list[dict[str, Any]]) -> Path:
            return small_ledger(folder / "整改台账.xlsx", tasks, **registers)

        assert issue(run, make(at_home)).exit_code == 0

    return once("branches", play, tmp_path) / "整改台账.xlsx"


def test_the_whole_loop(make_ledger: Make, run: Run) -> None:
    ledger = make(make_ledger)
    sent = issue(run, ledger)
    assert (sent.exit_code, sent.stdout.splitlines()) == (
        0,
        [
            "党委办公室：1 行，要填 7 格",
            "党委办公室_人员类：没有待办的行，空行里可以报新增的",
            "财务处：1 行，要填 7 格",
            "财务处_人员类：1 行，要填 3 格",
            "机关第一党支部：2 行，要填 9 格",
            "机关第一党支部_人员类：没有待办的行，空行里可以报新增的",
            "检验党支部：2 行，要填 5 格",
            "检验党支部_人员类：没有待办的行，空行里可以报新增的",
            "后勤党支部：1 行，要填 4 格",
            "后勤党支部_人员类：1 行，要填 5 格",
            "合计：2 个部门、3 个党支部，共 10 份表，9 行，要填 40 格",
        ],
    )
    assert issued(ledger) == {
        "党委办公室": ORDINARY,
        "党委办公室_人员类": ["慰问帮扶"],
        "财务处": ORDINARY,
        "财务处_人员类": ["慰问帮扶"],
        **dict.fromkeys((ONE, TWO, THREE), OF_BRANCHES),
        **{f"{name}_人员类": ["发展党员"] for name in (ONE, TWO, THREE)},
    }
    fill(ledger, {"SH-0001": {"present": 8}}, form="branch_meetings", name=TWO, department=TWO)
    new = {spare(ledger, ONE, "committee_members"): {"post": "组织委员", "state": "在任"}}
    fill(ledger, new, form="committee_members", name=ONE, department=ONE)
    own = f"{THREE}_人员类"
    fill(ledger, {"FZ-0001": {"talked": date(2021, 3, 20)}}, form="members", name=own, department=own)
    own = "财务处_人员类"
    fill(ledger, {"WW-001": {"done": date(2022, 3, 18)}}, form="condolences", name=own, department=own)
    back = merge(run, ledger)
    assert (back.exit_code, back.stdout.splitlines()) == (
        1,
        [
            "汇总 2022-03 期。",
            "后勤党支部_人员类（后勤党支部_人员类.xlsx）：下发 1 行 = 采用 1 + 没变 0 + 退回 0 + 冲突 0 + 缺 0",
            "机关第一党支部（机关第一党支部.xlsx）：下发 2 行 = 采用 0 + 没变 2 + 退回 0 + 冲突 0 + 缺 0；新增 1 行",
            "检验党支部（检验党支部.xlsx）：下发 2 行 = 采用 1 + 没变 1 + 退回 0 + 冲突 0 + 缺 0",
            "财务处_人员类（财务处_人员类.xlsx）：下发 1 行 = 采用 1 + 没变 0 + 退回 0 + 冲突 0 + 缺 0",
            "党委办公室（未报）：下发 1 行 = 采用 0 + 没变 0 + 退回 0 + 冲突 0 + 缺 1",
            "后勤党支部（未报）：下发 1 行 = 采用 0 + 没变 0 + 退回 0 + 冲突 0 + 缺 1",
            "财务处（未报）：下发 1 行 = 采用 0 + 没变 0 + 退回 0 + 冲突 0 + 缺 1",
            "  FZ-0001 谈话日期：（空） → （内容不显示）",
            "  ZW-002 新增（支委名册）：职务 组织委员；在任状态 在任",
            "  SH-0001 实到人数：（空） → 8",
            "  WW-001 慰问日期：（空） → （内容不显示）",
            *(
                f"{name}.xlsx: absent: 警告：{name}还没有报 2022-03 期的表（2022-03-25 截止），请催报。"
                for name in ("党委办公室", THREE, "财务处")
            ),
            "机关第一党支部.xlsx:'党支部底册'!G4: seats-match-committee: 提示：机关第一党支部：〈支委名册〉里登记的"
            "行数 2 不等于 支委职数 3，请核对这两处，改正不对的一处。",
        ],
    )
    assert back.stderr.splitlines()[-2] == (
        "应报 2 个部门、3 个党支部，共 7 份表，已报 4 份；未报 3 份：党委办公室、后勤党支部、财务处。"
    )
    assert returns_of(ledger) == [
        *((name, "未报") for name in ("党委办公室", THREE, "财务处")),
        *((name, "已报") for name in (f"{THREE}_人员类", ONE, TWO, "财务处_人员类")),
    ]
    added = read_ledger(ledger, standard_forms()).registers["committee_members"].by_code["ZW-002"].cells
    assert (added["branch"], added["department"]) == (ONE, "党委办公室")
    assert value(ledger, "SH-0001", "present", "branch_meetings") == "8"
    assert value(ledger, "WW-001", "done", "condolences") == "2022-03-18"
    receipts = {path.name for path in (ledger.parent / "回执" / "2022-03").iterdir()} - {"回收情况.xlsx"}
    assert receipts == {f"{name}_回执.xlsx" for name in (f"{THREE}_人员类", ONE, TWO, "财务处_人员类")}
    again = merge(run, ledger)
    assert "没有要写进台账的改动。" in again.stderr
    todo = run("todo", "-l", ledger, "--as-of", "2022-03-28")
    assert "  ◆ 党委办公室、后勤党支部、财务处（3 件）　2022-03 期还没有报，2022-03-25 截止，超了 3 天" in todo.stdout
    assert run("history", "verify", "-l", ledger).exit_code == 0
    assert run("validate", ledger.parent / "报送", "-l", ledger).exit_code == 0


def test_the_department_of_a_new_row_is_that_of_the_branch(make_ledger: Make, run: Run) -> None:
    ledger = make(make_ledger)
    name_branches(ledger, (ONE, "", ""), (TWO, "财务处", ""))
    issue(run, ledger)
    for name in (ONE, TWO):
        new = {spare(ledger, name, "committee_members"): {"post": "组织委员", "state": "在任"}}
        fill(ledger, new, form="committee_members", name=name, department=name)
    merge(run, ledger)
    rows = read_ledger(ledger, standard_forms()).registers["committee_members"].records[1:]
    assert [(row.cells["branch"], row.cells["department"]) for row in rows] == [(ONE, "党委办公室"), (TWO, "财务处")]


def test_one_part_says_nothing_of_the_other(out: Path, run: Run) -> None:
    own = "财务处_人员类"
    fill(out, {"RW-001": {"unchanged": "是"}})
    merge(run, out)
    assert {("财务处", "已报"), (own, "未报")} <= {*returns_of(out)}
    fill(out, {"WW-001": {"done": date(2022, 3, 18)}}, form="condolences", name=own, department=own)
    merge(run, out)
    assert {("财务处", "已报"), (own, "已报")} <= {*returns_of(out)}
    board = run("report", "-l", out, "--as-of", "2022-03-31")
    assert board.exit_code == 0, board.output
    sheet = load(next((out.parent / "报表").glob("整改进展一览*.xlsx")).read_bytes(), values=True)["报送情况"]
    lines = {row[1]: row[2] for row in sheet.iter_rows(min_row=7, values_only=True) if row[1]}
    assert {name: lines.get(name) for name in ("财务处", own, ONE, "党委办公室")} == {
        "财务处": "按时", own: None, ONE: "未报", "党委办公室": "未报",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("source", "name", "found"),
    [
        ("财务处_人员类", "财务处", ["identity"]),  # the part tells by its identity, not by its name
        (ONE, "检验党支部", ["identity"]),
        (ONE, "一支部", []),
    ],
)
def test_a_file_is_known_by_its_identity(source: str, name: str, found: list[str], out: Path, run: Run) -> None:
    form = "condolences" if "人员" in source else "committee_members"
    values = {"WW-001": {"done": date(2022, 3, 18)}} if "人员" in source else {"ZW-001": {"vacancy_reason": "退休"}}
    fill(out, values, form=form, name=name, department=source)
    result = merge(run, out)
    assert [check for _, check in findings(result) if check not in ("absent", "late", "vacancy-since")] == found
    assert f"{source}（{name}.xlsx）：下发" in result.stdout
    assert {who for who, state in returns_of(out) if state != "未报"} == {source}


def test_what_is_typed_into_a_sheet_of_the_other_part_is_said(out: Path, run: Run) -> None:
    path = fill(out, {"RW-001": {"unchanged": "是"}})

    def move(book: Any) -> None:
        book.create_sheet("慰问帮扶").append(["编号", "慰问日期"])

    by_hand(path, move)
    result = merge(run, out)
    assert [check for _, check in findings(result) if check not in ("absent", "late")] == ["sheet-copy"]
    assert (
        "财务处.xlsx:'慰问帮扶': sheet-copy: 警告：〈慰问帮扶〉不在下发给财务处的这份表里，没有读，里面填的没有采用。"
        "请填到下发的那一份里再报。"
    ) in result.stdout


@pytest.mark.parametrize("name", [ONE, "一支部", "财务处_人员类", "计财处_人员类"])
def test_the_office_vouches_for_a_branch_or_a_part(name: str, out: Path, run: Run) -> None:
    person = "人员" in name
    whose = "财务处_人员类" if person else ONE
    values: dict[str, Any] = {"WW-001": {"done": date(2022, 3, 18)}} if person else {"ZW-001": {"note": "x"}}
    if not person:
        values = {"ZB-01": {"probationary": 2}}
    path = fill(out, values, form="condolences" if person else "branches", name="无名", department=whose)
    by_hand(path, lambda book: book.remove(book["_台账标识"]))
    assert [check for _, check in findings(merge(run, out)) if check != "absent"] == ["identity"]
    result = merge(run, out, "--as", name)
    assert f"{whose}（无名.xlsx）：下发" in result.stdout
    key, code, form = ("done", "WW-001", "condolences") if person else ("probationary", "ZB-01", "branches")
    assert value(out, code, key, form) == ("2022-03-18" if person else "2")
    assert (refused := merge(run, out, "--as", "科研支部")).exit_code == 2
    assert "〈参数〉里没有“科研支部”这个部门或党支部" in refused.stderr


def test_a_branch_that_was_renamed_returns_under_its_old_name(out: Path, run: Run) -> None:
    fill(out, {"ZB-01": {"established": "2021-03-01"}}, form="branches", name=ONE, department=ONE)
    name_branches(out, ("综合党支部", "党委办公室", ONE), *branches.BRANCHES[1:])
    for form in ("branches", "committee_members"):
        edit(out, "ZB-01" if form == "branches" else "ZW-001", "branch", "综合党支部", form)
    result = merge(run, out)
    assert [check for _, check in findings(result) if check != "absent"] == []
    assert value(out, "ZB-01", "established", "branches") == "2021-03-01"
    assert "综合党支部_回执.xlsx" in {path.name for path in (out.parent / "回执" / "2022-03").iterdir()}
    settings = read_ledger(out, standard_forms()).settings
    base = load_base(out, "2022-03", "综合党支部", settings)
    assert base and (base.department, base.issued_to) == ("综合党支部", ONE)


def test_a_dissolved_branch_is_not_chased_and_what_it_reports_is_taken(out: Path, run: Run) -> None:
    edit(out, "ZB-02", "kind", "已撤销", "branches")
    path = fill(out, {"SH-0001": {"present": 8}}, form="branch_meetings", name=TWO, department=TWO)
    data = path.read_bytes()
    path.unlink()
    fill(out, {"RW-001": {"unchanged": "是"}})
    result = merge(run, out)
    assert (
        "检验党支部.xlsx: absent: 警告：检验党支部还没有报 2022-03 期的表（2022-03-25 截止），"
        "〈党支部底册〉里已经撤销，不用再催；还要记的由办公室填。"
    ) in result.stdout
    told = load((out.parent / "回执" / "2022-03" / "回收情况.xlsx").read_bytes()).active
    to_do = {row[0]: row[12] for row in told.iter_rows(min_row=6, values_only=True)}
    assert (to_do[TWO], to_do[ONE]) == ("支部已经撤销，不用再催", "催报")
    todo = run("todo", "-l", out, "--as-of", "2022-03-28").stdout
    assert (TWO in todo, ONE in todo) == (False, True)
    path.write_bytes(data)
    merge(run, out)
    assert value(out, "SH-0001", "present", "branch_meetings") == "8"
    april = run("issue", "-p", "2022-04", "--as-of", "2022-04-10", "-l", out)
    assert (april.exit_code, TWO in april.stdout, THREE in april.stdout) == (0, False, True)
    assert "〈组织生活〉支部已撤销，不下发：检验党支部 1 行，由办公室填。" in april.stderr


def test_without_branches_in_their_register_departments_answer_and_it_is_said(make_ledger: Make, run: Run) -> None:
    ledger = make(make_ledger, branches=[])
    result = issue(run, ledger)
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "合计：2 个部门，共 4 份表，6 行，要填 28 格")
    said = "〈党支部底册〉里还没有党支部，〈党支部底册〉〈支委名册〉〈组织生活〉〈发展党员〉由部门填；"
    assert f"{said}登记了党支部，就下发给党支部。" in result.stderr
    assert {*issued(ledger)} == {"党委办公室", "党委办公室_人员类", "财务处", "财务处_人员类"}
    assert issued(ledger)["财务处_人员类"] == ["发展党员", "慰问帮扶"]
    assert {"支委名册", "组织生活"} <= {*issued(ledger)["财务处"]}
    name_branches(ledger, ("", "", ""))
    assert "〈党支部底册〉里还没有党支部" not in issue(run, ledger, "--again").stderr


def test_what_departments_were_issued_comes_back_after_branches_answer(make_ledger: Make, run: Run) -> None:
    ledger = make(make_ledger, branches=[])
    issue(run, ledger)
    fill(ledger, {"SH-0001": {"present": 8}}, form="branch_meetings")
    new = {spare(ledger, "党委办公室", "committee_members"): {"branch": ONE, "post": "宣传委员", "state": "在任"}}
    fill(ledger, new, form="committee_members", name="党委办公室", department="党委办公室")

    def register(book: Any) -> None:
        for row, (name, department, _) in enumerate(branches.BRANCHES, 4):
            cells = (f"ZB-0{row - 3}", name, department, "普通", 9)
            for column, each in enumerate(cells, 1):
                book["党支部底册"].cell(row, column).value = each

    by_hand(ledger, register)
    result = merge(run, ledger)
    assert [check for _, check in findings(result) if check != "absent"] == []
    assert value(ledger, "SH-0001", "present", "branch_meetings") == "8"
    added = read_ledger(ledger, standard_forms()).registers["committee_members"].by_code["ZW-002"].cells
    assert (added["branch"], added["department"]) == (ONE, "党委办公室")
    more = issue(run, ledger, "-d", ONE)
    assert (more.exit_code, more.stdout.splitlines()[-1]) == (0, "合计：1 个党支部，共 2 份表，3 行，要填 15 格")


def test_a_row_of_no_branch_is_sent_to_nobody(make_ledger: Make, run: Run) -> None:
    meeting = branches.REGISTERS["branch_meetings"][0]
    ledger = make(make_ledger, branch_meetings=[{**meeting, "branch": None}, {**meeting, "code": "SH-0002"}])
    result = issue(run, ledger)
    assert (result.exit_code, findings(result)) == (1, [("B4", "unassigned")])
    assert "SH-0001 没有下发给任何党支部：“党支部”是空的，请改好后用 --again 重新下发。" in result.stdout


@pytest.mark.parametrize("typed", ["财务处", "计财处", "财务处\u200b", "党委办公室_人员类"])
def test_a_branch_that_would_share_a_file_is_issued_nothing(typed: str, make_ledger: Make, run: Run) -> None:
    ledger = make(make_ledger)
    name_branches(ledger, (typed, "财务处", ""), *branches.BRANCHES)
    result = issue(run, ledger)
    other = "党委办公室" if "人员" in typed else "财务处"
    assert (result.exit_code, {check for _, check in findings(result)}) == (1, {"name-clash"})
    assert "和别的部门、党支部会用同一个文件，原因和改法列在下面。" in result.stderr
    files = {*issued(ledger)}
    assert (other in files, typed in files, ONE in files) == (False, False, True)


@pytest.mark.parametrize(
    ("register", "typed", "whose"),
    [
        ("组织生活", "一支部", {ONE}),
        ("组织生活", f"{TWO}、{THREE}", {TWO, THREE}),
        ("组织生活", "全部", {ONE, TWO, THREE}),
        ("组织生活", "不下发", set()),
        ("组织生活", "财务处", {"财务处"}),
        ("发展党员", THREE, {f"{THREE}_人员类"}),
        ("慰问帮扶", "党办", {"党委办公室_人员类"}),
    ],
)
def test_the_office_says_which_branch_answers(
    register: str, typed: str, whose: set[str], make_ledger: Make, run: Run
) -> None:
    ledger = make(make_ledger)
    type_block(ledger, "填报", (register, typed))
    assert issue(run, ledger).exit_code == 0
    assert {name for name, registers in issued(ledger).items() if register in registers} == whose


@pytest.mark.parametrize(
    ("register", "typed", "words"),
    [
        (
            "组织生活",
            f"财务处、{ONE}",
            "“组织生活”的填报单位又有部门，又有党支部，这一行没有用上，照旧下发给各部门或党支部；",
        ),
        ("组织生活", "科研支部", "“组织生活”的填报单位写的“科研支部”不是〈参数〉里的部门或党支部，"),
        ("组织生活", f"{ONE}_人员类", f"“组织生活”的填报单位写的“{ONE}_人员类”不是〈参数〉里的部门或党支部，"),
        ("群众诉求", ONE, f"“群众诉求”的填报单位写的“{ONE}”不是〈参数〉里的部门，这一行没有用上，照旧下发给各部门；"),
    ],
)
def test_a_register_is_answered_by_departments_or_by_branches(
    register: str, typed: str, words: str, make_ledger: Make, run: Run
) -> None:
    ledger = make(make_ledger)
    type_block(ledger, "填报", (register, typed))
    result = run("validate", "-l", ledger, "--only", "settings", "--as-of", "2022-03-10")
    assert ([check for _, check in findings(result)], words in result.stdout) == (["settings"], True)


def test_a_branch_is_chased_by_a_slip_of_its_own(make_ledger: Make, run: Run) -> None:
    seat = {
        "code": "ZW-001", "branch": ONE, "department": "党委办公室", "post": "书记", "state": "空缺",
        "vacant_since": date(2022, 1, 4), "election_planned": date(2022, 2, 1),
    }  # fmt: skip
    ledger = make(make_ledger, committee_members=[seat], branch_meetings=[])
    first = run("remind", "-l", ledger, "--as-of", "2022-03-28", "--yes")
    line = next(each for each in first.stdout.splitlines() if each.startswith(ONE))
    assert "新编；登记表超期" in line and "〈支委名册〉" in line
    recorded = read_ledger(ledger, standard_forms()).registers["slips"].records
    assert (ONE, "党委办公室") in [(each.cells["branch"], each.cells["department"]) for each in recorded]
    again = run("remind", "-l", ledger, "--as-of", "2022-03-28", "--yes")
    assert next(each for each in again.stdout.splitlines() if each.startswith(ONE)) == line.replace("新编", "已编")
    sheet = load(next((ledger.parent / "督办").glob("*.xlsx")).read_bytes())[ONE]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert f"{ONE}：" in texts and "党支部书记" in texts
    assert any(text.startswith("　　截至2022年3月28日，你支部登记表到期没有办") for text in texts)


def test_without_the_column_for_it_the_department_is_chased(make_ledger: Make, run: Run) -> None:
    seat = {
        "code": "ZW-001", "branch": ONE, "department": "党委办公室", "post": "书记", "state": "空缺",
        "vacant_since": date(2022, 1, 4), "election_planned": date(2022, 2, 1),
    }  # fmt: skip
    ledger = make(make_ledger, committee_members=[seat], branch_meetings=[])

    def lose(book: Any) -> None:
        sheet = book["督办单"]
        sheet.delete_cols(next(cell.column for cell in sheet[3] if cell.value == "督办党支部"))

    by_hand(ledger, lose)
    result = run("remind", "-l", ledger, "--as-of", "2022-03-28", "--yes")
    assert [each for each in result.stdout.splitlines() if each.startswith(ONE)] == []
    assert "〈支委名册〉" in next(each for each in result.stdout.splitlines() if each.startswith("党委办公室"))


def test_only_some_are_issued_with_both_parts(make_ledger: Make, run: Run) -> None:
    ledger = make(make_ledger)
    assert issue(run, ledger, "-d", "一支部").exit_code == 0
    assert {*issued(ledger)} == {ONE, f"{ONE}_人员类"}
    assert issue(run, ledger, "-d", "财务处_人员类").exit_code == 0
    assert {*issued(ledger)} == {ONE, f"{ONE}_人员类", "财务处_人员类"}
    rest = issue(run, ledger, "-d", "财务处")
    assert (rest.exit_code, "2022-03 已经下发给：财务处_人员类" in rest.stderr) == (2, True)
