"""The boards of the leaders' workbook: what stands in their rows, that their parts add up, and that it can be read."""

from __future__ import annotations

from typing import Any

import pytest
from support.ledgers import load
from support.looks import cells, fonts_installed, misfits, pixels, scale
from support.scenarios import SCENARIOS, scenario, workbook
from support.supervised import GROUPS
from taizhang.figures.measure_groups import NO_ENTRY
from taizhang.figures.metrics import Metrics
from taizhang.office.xlsx import text_width
from taizhang.report.board_definitions import board_definitions

ENTRIES = ("思想根源", "制约事业发展突出矛盾", "群众反映强烈的领域")
BOARDS = ("与上期比", "牵头领导", "措施分组", "周期履行", "长期复核", "报送情况", "待明确项")


@pytest.fixture(scope="module", params=list(SCENARIOS))
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def book(name: str) -> Any:
    return load(workbook(name), values=True)


@pytest.fixture(scope="module")
def m(name: str) -> Metrics:
    return scenario(name).measures


def rows_of(sheet: Any) -> list[tuple[Any, ...]]:
    """Return the rows below the heads, from column B."""
    return [row[1:] for row in sheet.iter_rows(7, values_only=True)]


def filled(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(each for each in row if each is not None)


@pytest.mark.slow
def test_boards_print_at_nine_points_and_say_first_what_they_show(book: Any) -> None:
    for title in BOARDS:
        sheet = book[title]
        assert scale(sheet) == 1.0, title
        assert min(cell.font.sz for cell in cells(sheet)) >= 9, title
        assert str(sheet["B5"].value).endswith("。"), title
        assert text_width(sheet["B3"].value, 9) <= sum(pixels(sheet).values()) - 14, title


@pytest.mark.slow
@pytest.mark.skipif(not fonts_installed(), reason="fonts-noto-cjk or fonts-liberation is not installed")
def test_boards_cut_no_text(book: Any) -> None:
    assert [each for title in BOARDS for each in misfits(book[title])] == []


@pytest.mark.slow
def test_cycles_add_up_by_task_and_by_department(m: Metrics, book: Any) -> None:
    rows = rows_of(book["周期履行"])
    board = m.boards.recurring
    lines = [row[18:22] for row in rows[: len(board.lines)]]
    totals = [row for row in rows if row[2] == "合计"]
    assert len(totals) == bool(board.lines)
    for total in totals:
        assert total[18:22] == tuple(sum(each) for each in zip(*lines, strict=True))
        assert total[18] == sum(total[19:22])
        departments = rows[rows.index(total) + 3 :]
        assert total[18:22] == tuple(sum(row[n] for row in departments) for n in range(18, 22))
    assert sum(task.recurring for task in m.tasks) == len(board.lines)


@pytest.mark.slow
def test_boards_divide_the_same_tasks(m: Metrics, book: Any) -> None:
    """Each task stands once under a leader, a group and an entry point; the rates are those of the front page."""
    number = len(m.tasks)
    leaders = [row for row in rows_of(book["牵头领导"]) if row[0] == "合计"]
    groups = [row for row in rows_of(book["措施分组"]) if row[0] == "合计"]
    assert [row[1] for row in leaders] == [number] * bool(number)
    by_entry = any(group.name != NO_ENTRY for group in m.boards.groups.entries)
    assert [row[1] for row in groups] == [number] * (bool(number) + by_entry)
    for row in (*leaders, *groups):
        assert sum(row[2:5]) == row[1]
    for row in leaders:
        assert (row[6], row[8]) == (m.total.red, m.total.amber)
    boards, rates = m.boards, m.rates
    assert (boards.recurring.total.counts.fulfilled, boards.recurring.total.counts.due) == (
        rates.fulfilled.part, rates.fulfilled.whole,
    )  # fmt: skip
    assert (boards.reviews.in_time, boards.reviews.due) == (rates.reviewed.part, rates.reviewed.whole)
    assert boards.groups.total.rates == rates


@pytest.mark.slow
def test_what_tasks_lack_and_what_checks_found_adds_up(m: Metrics, book: Any) -> None:
    board, quality = m.boards.gaps, m.boards.quality
    rows = rows_of(book["待明确项"])[: len(board.lines)]
    assert [row[10] for row in rows] == [sum(each == "○" for each in row[3:10]) for row in rows]
    assert sum(board.lacking.values()) == sum(row[10] for row in rows)
    assert all(board.lacking[gap] <= board.asked[gap] <= board.tasks for gap in board.lacking)
    assert 0 <= quality.sound <= quality.rows
    assert all(sum(kind.sheets.values()) == kind.count for kind in quality.kinds)


def test_leaders_see_what_waits_for_them() -> None:
    sheet = load(workbook("supervised"), values=True)["牵头领导"]
    rows = [row[:14] for row in rows_of(sheet)]
    assert sheet["B5"].value == (
        "2 位领导牵头 20/21 项；红灯最多的是分管副局长（4 项）；"
        "待审核 1 件、延期待批 1 件、核对不符 1 件、需协调 2 件；1 项没有牵头领导。"
    )
    #              措施 一次 周期 长期 办结 红 橙 黄 审核 延期 核对 协调
    assert rows[:4] == [
        ("分管副局长", 18, 9, 5, 4, 2, 4, 0, 5, 1, 1, 1, 1, "RW-022 修订第22项管理办法，按季…（逾期 61 天）"),
        ("局长", 2, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, "—"),
        ("没有牵头领导", 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, "—"),
        ("合计", 21, 10, 6, 5, 2, 5, 0, 5, 1, 1, 1, 2, None),
    ]
    matters = [(row[0], row[1], row[9], row[13]) for row in rows[4:] if row[1]]
    assert matters == [
        ("待审核（超时限）", "RW-024", "基层指导处", "6月8日起等分管领导审核，16个工作日（限5天）"),
        ("延期待批", "RW-026", "规划财务处", "YQ-001 6月1日申请延期到9月30日：招标流标一次，已重新公告"),
        ("核对不符", "RW-024", "基层指导处", "〈支委名册〉空缺未达到（实际 1 个，目标 ≤ 0 个）"),
        ("需协调", "RW-026", "规划财务处", "请分管副局长协调食堂用地"),
        ("需协调", "RW-025", "审批服务处", "需规划财务处 7 月底前明确改造经费来源"),
    ]


def test_groups_of_measures_stand_with_four_fractions_and_principles_with_their_carriers() -> None:
    sheet = load(workbook("supervised"), values=True)["措施分组"]
    rows = [row[:14] for row in rows_of(sheet)]
    assert [row[0] for row in rows if row[1]] == [*GROUPS, "合计", *ENTRIES, "没有写切入点", "合计"]
    assert rows[0][1:] == (5, 2, 2, 1, 1, 0, 2, 0, 0, "0% 0/1", "50% 1/2", "60% 3/5", "100% 2/2")
    assert [(row[0], row[5]) for row in rows[-2:]] == [
        ("RW-041 把党的政治建设摆在首位（夯实党建责任）", "体现于 3 项：办结 1/3，◆ 红 1 项；RW-001、RW-002、RW-021"),
        ("RW-042 坚持从严执纪（有效防控风险）", "没有写体现于哪些任务"),
    ]
    assert sheet["B5"].value.endswith("；2 条原则，1 条没有写体现于哪些任务。")


def test_what_changed_since_last_month_is_said_with_its_reason() -> None:
    sheet = load(workbook("supervised"), values=True)["与上期比"]
    assert sheet["B5"].value == (
        "与 2022年5月末比：退回反弹 1、核对不符 1、变重 3、改时限 4、新办结 1、新增 1、不见 1 项；其余 12 项没有变动。"
    )
    changes: dict[str, list[tuple[str, str, str]]] = {}
    kind = ""
    for row in rows_of(sheet):
        if row[1]:
            changes[kind].append((row[0], row[1], row[4]))
        elif row[0]:
            kind = row[0].partition("：")[0]
            changes[kind] = []
    assert changes == {
        "退回、反弹": [("◆ 红", "RW-022", "上期已销号，XH-002 6月15日反弹，现在推进中")],
        "新的核对不符": [("▲ 黄", "RW-024", "〈支委名册〉空缺未达到（实际 1 个，目标 ≤ 0 个）")],
        "亮灯变重": [
            ("◆ 红", "RW-012", "黄→红：复核超期51天"),
            ("◆ 红", "RW-026", "黄→红：落后序时34个百分点"),
            ("▲ 黄", "RW-024", "绿→黄：分管领导审核等了16个工作日，超过5天"),
        ],
        "时限变动": [
            ("▲ 黄", "RW-024", "2022年8月31日→2022年6月30日，没有批准的延期"),
            ("▲ 黄", "RW-027", "2022年9月30日→2022年12月31日，YQ-002 6月10日批准延期"),
            ("‖ 暂缓", "RW-028", "暂缓至9月30日"),
            ("● 绿", "RW-025", "2022年12月31日→2022年7月31日，没有批准的延期"),
        ],
        "赶上来的": [],
        "没有赶上来的。": [],
        "新办结": [("办结", "RW-023", "6月10日审定，已销号，逾期10天才申请")],
        "新增的任务": [("◆ 红", "RW-030", "红：逾期30天")],
        "不见了的任务": [("—", "RW-050", "编号已不在台账里")],
    }


def test_who_has_not_returned_stands_first_and_no_record_is_no_blame() -> None:
    sheet = load(workbook("supervised"), values=True)["报送情况"]
    rows = rows_of(sheet)
    assert sheet["B5"].value == (
        "2022-06 期已报 1/3（33%）；未报 1 个：人事处；"
        "还没到截止日、没有报的 1 个：机关纪委；有记录的各期按时率 2/5（40%）。"
    )
    assert [each for each in sheet[6][5:17] if each.value] == [sheet["F6"], sheet["G6"], sheet["H6"]]
    assert sheet["F6"].value == "2022\n03"
    shown = [(*row[:4], "".join(each or "空" for each in row[4:7]), *row[16:]) for row in rows]
    assert shown == [
        ("人事处", "未报", "—", 0, "没▽×", 2, 0, 1, 1, 0, "0% 0/2"),
        ("机关纪委", "未到期", "—", 0, "空空→", 0, 0, 0, 0, 0, "—"),
        ("办公室", "按时", "6月25日", 1, "没●●", 2, 2, 0, 0, 1, "100% 2/2"),
        ("审批服务处", "不用报", "—", "—", "没×空", 1, 0, 0, 1, 0, "0% 0/1"),
        ("合计 4 个", None, None, None, "空空空", 5, 2, 1, 2, 1, "40% 2/5"),
    ]
    empty = load(workbook("normal"), values=True)["报送情况"]
    assert (empty["B5"].value, empty["B7"].value) == (
        "没有报送记录。", "没有记录：还没有下发过，也没有到统计截止日的期次。",
    )  # fmt: skip


def test_what_is_not_written_is_a_circle_in_the_matrix() -> None:
    sheet = load(workbook("supervised"), values=True)["待明确项"]
    rows = [row[:11] for row in rows_of(sheet)]
    assert sheet["B5"].value == "21 项在办任务中 4 项还有待明确的，缺得最多的是时限或周期（2/19）。"
    #                      部门 领导 时限 标准 开始 体现 审定
    assert [(row[0], "".join(row[3:10]), row[10]) for row in rows[:4]] == [
        ("RW-006", "○○○····", 3),
        ("RW-015", "··○····", 1),
        ("RW-030", "······○", 1),
        ("RW-042", "·····○·", 1),
    ]
    assert rows[4][1:] == (
        "缺／要写的（4/21 项任务有缺）", None, "1/19", "1/19", "2/19", "0/19", "0/8", "1/2", "1/1", 6,
    )  # fmt: skip
    facts = {row[1]: row[2] for row in rows[5:] if isinstance(row[2], str)}
    assert (facts["没有结果的公式"], facts["没有编号的行"]) == ("没有", "没有")
    assert facts["还没有行的登记表 6 张"].startswith("督办单、")


def test_the_first_period_has_nothing_to_be_compared_with() -> None:
    sheet = load(workbook("first_period"), values=True)["与上期比"]
    assert (sheet["B5"].value, sheet["B7"].value) == (
        "首期：没有以前留存的台账，没有上期可比。", "首期，没有上期可比；下一期起列出变动。",
    )  # fmt: skip


def test_the_strip_of_cycles_says_what_was_kept_made_up_and_owed() -> None:
    rows = rows_of(load(workbook("supervised"), values=True)["周期履行"])
    strips = {
        row[1]: (row[4].replace("\n", " "), row[5], "".join(each or " " for each in row[6:18])) for row in rows[:6]
    }
    assert strips == {
        "RW-001": ("每月 1 次", "—", "●●○○●→      "),
        "RW-002": ("每季 1 次", "—", "◎  ●        "),
        "RW-003": ("每半年 2 次", "—", "→1/2           "),
        "RW-004": ("每年 1 次", "—", "→           "),
        "RW-005": ("每月 1 次", "2/3", "●●●●●→      "),
        "RW-006": ("—", "—", "            "),
    }
    assert [row[0] for row in rows[:6]] == ["◆ 红", "▲ 黄", "▲ 黄", "待明确", "● 绿", "● 绿"]
    totals = {row[2]: (row[3], *row[18:23]) for row in rows[6:] if row[2]}
    assert totals["合计"] == ("6 项", 14, 10, 1, 3, "79% 11/14")
    assert totals["机关党委"] == ("1 项", 8, 7, 0, 1, "88% 7/8")
    assert totals["待明确"] == ("1 项", 0, 0, 0, 0, "—")


def test_reviews_are_listed_with_what_they_found() -> None:
    sheet = load(workbook("supervised"), values=True)["长期复核"]
    rows = {row[1]: row for row in rows_of(sheet)[:5]}
    assert [rows[f"RW-{n:03}"][0] for n in range(11, 16)] == ["● 绿", "◆ 红", "▲ 黄", "● 绿", "待明确"]
    assert rows["RW-012"][4:11] == (
        "每季", "2月10日\n整改办主任", "有反复", "第二支部 1 月没有公开，已当场补上", "5月10日", 51, "50% 1/2",
    )  # fmt: skip
    assert rows["RW-013"][5:11] == ("5月10日\n整改办主任", "反弹", "采购审批又超过 15 天", "8月10日", 0, "0% 0/1")
    assert rows["RW-014"][4:11] == ("每半年", "没有复核过", "—", "—", "7月1日", 0, "—")
    assert rows["RW-015"][4:11] == ("没有写", "没有复核过", "—", "—", "排不出", "—", "—")
    assert rows_of(sheet)[5][2] == "合计 5 项"
    assert sheet["B5"].value == (
        "5 项长期任务复核率 3/5（60%）；超期 1 项，在基层指导处，最长 51 天；"
        "有反复 1 项、反弹 1 项；没复核过 2 项、排不出 1 项。"
    )


def test_a_ledger_without_such_tasks_says_so() -> None:
    book = load(workbook("no_data"), values=True)
    assert (book["周期履行"]["B5"].value, book["周期履行"]["B7"].value) == (
        "台账里没有周期任务。", "没有周期任务，不用按期履行。",
    )  # fmt: skip
    assert (book["长期复核"]["B5"].value, book["长期复核"]["B7"].value) == (
        "台账里没有长期坚持的任务。", "没有长期坚持的任务，不用复核。",
    )  # fmt: skip


def test_the_definitions_of_the_boards_carry_their_numbers() -> None:
    """Of 口径说明: the open tasks, the sound rows of all rows, the returns on time of those due."""
    m = scenario("supervised").measures
    rules, quality = board_definitions(m), m.boards.quality
    assert "只看还没办结的 21 项。" in rules["缺几样"]
    assert f"的：{quality.sound} ÷ {quality.rows}。" in rules["合格的行"]
    assert rules["按时率"].startswith("近 3 期（最多 12 期）：按时 2 ÷ 应报 5。")
