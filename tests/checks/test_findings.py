"""The list of findings: worst first, many of one kind grouped, counted at the end; JSON holds each of them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from support.fixtures import Run
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import MOST_TOGETHER, Finding, Severity, as_json, as_lines, counted_lines
from taizhang.workbook.places import Place, in_ranges

ROOT = Path(__file__).parents[2]

DEMO = """\
整改台账.xlsx:'党支部底册'!J5: election-before-term-ends: 警告：“按期换届”应在 2022-05-19 以前（从届满日期\
 2022-05-19 起算），已经超过 42 天，换届了的请改本届成立日期和届满日期；没有换届的请抓紧，延期要报上级党\
组织批准。（依据：《中国共产党支部工作条例（试行）》第六章）
整改台账.xlsx:'办实事'!F7: service-done-in-time: 警告：“办实事在时限以前办结”应在 2022-06-15 以前（从办理\
时限 2022-06-15 起算），已经超过 15 天，办结了的请改办理状态；没有办结的请在备注里写明原因，抓紧办。
整改台账.xlsx:'发展党员'!G4: review-every-half-year: 警告：“每半年考察一次”应在 2022-06-10 以前（从确定积\
极分子日期 2021-12-10 起算），已经超过 20 天，考察过的请填最近考察日期，没有考察的请抓紧安排。（依据：《\
中国共产党发展党员工作细则》第十一条）
整改台账.xlsx:'延期申请'!E7: extension-late: 警告：时限是 2022-05-31，2022-06-08 才申请，到期以前没有申\
请，逾期的天数照记。以后请在到期以前申请。
整改台账.xlsx:'支委名册'!I9: vacancy-filled-in-time: 警告：“补选完成日”应在 2022-05-12 以前（从空缺起始日 \
2022-02-11 起算），已经超过 49 天，没有补选的请及时补选，必要时由上级党组织指派；日期填错的请改正，确实晚\
了的请在备注里写明原因。（依据：《中国共产党支部工作条例（试行）》第六章）
整改台账.xlsx:'整改任务'!AC55: supplement: 警告：来源是“补充”，没有党委会审定日期，请填哪天的党委会定的\
；还没有上会的，请先上会。
整改台账.xlsx:'组织生活'!B3: committee-meets-each-month: 警告：党支部“后勤党支部”2022年5月“支委会每月一\
次”登记了 0 次，应至少 1 次，开展过的请补登记，没有开展的请尽快补上。（依据：《中国共产党支部工作条例（\
试行）》第四章）
整改台账.xlsx:'组织生活'!B3: theme-day-each-month: 警告：党支部“后勤党支部”2022年5月“主题党日每月一次”登\
记了 0 次，应至少 1 次，开展过的请补登记，没有开展的请尽快补上。（依据：《中国共产党支部工作条例（试行）\
》第五章）
整改台账.xlsx:'销号审核'!N4: closeout-recheck: 警告：党委 2022-02-24 审定，到 2022-06-24 还没有回头看；\
请去看一次，填上日期、岗位和结论。
整改台账.xlsx:'销号审核'!U16: proof-contradicts: 警告：RW-017 已销号，台账里却是：〈支委名册〉空缺未达到\
（实际 2 个，目标 ≤ 0 个）。请核对登记表；确实可以销号的，在“核对不符的说明”写明理由。
整改台账.xlsx:'销号审核'!U21: proof-contradicts: 警告：RW-040 已申请销号，台账里却是：〈规章制度〉已完成\
未达到（实际 63%，目标 ≥ 100%）。请核对登记表；确实可以销号的，在“核对不符的说明”写明理由。
整改台账.xlsx: reading: 提示：读法说明：原文理解成了什么，共 21 条（〈人才情况〉、〈整改任务〉、〈满意度\
〉），先列 3 条：
整改台账.xlsx:'人才情况'!B4: reading: 提示：“2021-12”按以前年度的数理解。
整改台账.xlsx:'整改任务'!O8: reading: 提示：“2022年5月底前，长期坚持”理解为 2022-05-31，之后长期坚持（按\
月末，含当日）。
整改台账.xlsx:'整改任务'!O10: reading: 提示：“2022年3月底前，长期坚持”理解为 2022-03-31，之后长期坚持（\
按月末，含当日）。
整改台账.xlsx:'支委名册'!I10: vacancy-filled-in-time: 提示：补选完成日 2022-03-18 比应办的 2022-03-01\
（从空缺起始日 2021-12-01 起算）迟了 17 天，日期填错的请改正，没有填错的不用改。\
（依据：《中国共产党支部工作条例（试行）》第六章）
整改台账.xlsx:'支委名册'!I12: vacancy-filled-in-time: 提示：“补选完成日”到 2022-08-04 为止（从空缺起始日 2\
022-05-06 起算），还有 35 天，没有补选的请及时补选，必要时由上级党组织指派；日期填错的请改正，确实晚了的\
请在备注里写明原因。（依据：《中国共产党支部工作条例（试行）》第六章）
整改台账.xlsx:'核对': proof-row: 提示：有 41 行还是“程序建议”，办公室确认以前不作数，周期任务按部门报的\
次数算；请逐行看过，对的把“依据”改成“办公室判定”，不对的删去。
"""

FRESH = """\
整改台账.xlsx:'参数': settings: 警告：部门清单是空的，请先填上各部门，才能下发和统计。
整改台账.xlsx:'整改任务': unassigned: 警告：待明确：牵头部门、完成时限、完成标准。\
请办公室定下来，报告里没有写的不能猜。共 27 条（L5、L8:L11、L17:L19、L21:L23、L25:L26、L29:L30、L33:L35、L38:L39、\
L44:L48、L52:L53）。
整改台账.xlsx:'整改任务': unassigned: 警告：待明确：牵头部门、完成标准。请办公室定下来，报告里没有写的不能猜。\
共 20 条（L6、L12:L16、L20、L24、L27:L28、L31:L32、L36:L37、L40:L41、L43、L49:L51）。
整改台账.xlsx:'整改任务': review-missing: 警告：周期任务没有复核周期，请填月、季、半年或年。共 6 条\
（P5、P18、P22、P33:P34、P44）。
整改台账.xlsx:'整改任务': review-missing: 警告：长期任务没有复核周期，请填月、季、半年或年。共 16 条\
（P8:P10、P19、P23、P25:P26、P30、P35、P39、P45:P48、P52:P53）。
整改台账.xlsx:'问题清单': problem-uncovered: 警告：问题没有任何整改任务，共 6 条（A4:A5、A7、A9:A11），先列 3 条：
整改台账.xlsx:'问题清单'!A4: problem-uncovered: 警告：问题 WT-01 没有任何整改任务，\
请在〈整改任务〉的“对应问题”里对上，或补充措施（要经党委会审定）。
整改台账.xlsx:'问题清单'!A5: problem-uncovered: 警告：问题 WT-02 没有任何整改任务，\
请在〈整改任务〉的“对应问题”里对上，或补充措施（要经党委会审定）。
整改台账.xlsx:'问题清单'!A7: problem-uncovered: 警告：问题 WT-04 没有任何整改任务，\
请在〈整改任务〉的“对应问题”里对上，或补充措施（要经党委会审定）。
整改台账.xlsx:'整改任务': vague-measure: 提示：措施只写了要加强、要推进这一类的话，看不出做多少、出什么成果、\
哪天做完，到时候没法说做到了没有；请在“完成标准”里写明做几次（几个）、出什么成果（制度、方案、清单、台账等）、\
什么时候做完。共 18 条（R5、R8:R10、R17、R19、R21、R25:R26、R30、R33:R34、R38:R39、R44:R46、R53）。
整改台账.xlsx:'整改任务': reading: 提示：读法说明：原文理解成了什么，共 14 条\
（O12:O14、O16、O20、O28、O31、O36:O37、O40:O41、O43、O50:O51），先列 3 条：
整改台账.xlsx:'整改任务'!O12: reading: 提示：“2022年底前”理解为 2022-12-31（按年底，含当日）。
整改台账.xlsx:'整改任务'!O13: reading: 提示：“2022年底前”理解为 2022-12-31（按年底，含当日）。
整改台账.xlsx:'整改任务'!O14: reading: 提示：“2022年3月底前”理解为 2022-03-31（按月末，含当日）。
整改台账.xlsx:'核对': proof-row: 提示：有 54 行还是“程序建议”，办公室确认以前不作数，周期任务按部门报的次数算；\
请逐行看过，对的把“依据”改成“办公室判定”，不对的删去。
"""


def at(
    row: int,
    check: Check = Check.CHOICE,
    severity: Severity = Severity.ERROR,
    *,
    column: int = 6,
    workbook: str = "甲.xlsx",
    sheet: str = "整改任务",
) -> Finding:
    return Finding(Place(workbook, sheet, row, column), check, f"第{row}行", severity)


@pytest.fixture
def demo_ledger(tmp_path: Path) -> Path:
    return Path(shutil.copy(ROOT / "ledger" / "整改台账.xlsx", tmp_path))


def test_the_demo_lists_what_is_to_be_done_before_the_hints(demo_ledger: Path, run: Run) -> None:
    run("validate", "-l", demo_ledger, "-q")  # the copy's history begins
    result = run("validate", "-l", demo_ledger, "--as-of", "2022-06-30")
    assert (result.exit_code, result.stdout) == (1, DEMO)
    assert result.stderr.splitlines() == [
        "已办结的行有 8 条提示没有列出，要看请加 --all。",
        "共 警告 11 条，提示 24 条。",
        "警告 2 条：报了完成、申请了销号或已经销号，台账里的数却没有达到（proof-contradicts）",
        "警告 1 条：回头看太早、缺日期、缺结论（closeout-recheck）",
        "警告 1 条：支委会每月一次（committee-meets-each-month）",
        "警告 1 条：按期换届（election-before-term-ends）",
        "警告 1 条：到期以后才申请延期（extension-late）",
        "警告 1 条：每半年考察一次（review-every-half-year）",
        "警告 1 条：办实事在时限以前办结（service-done-in-time）",
        "警告 1 条：补充的措施没有党委会审定日期（supplement）",
        "警告 1 条：主题党日每月一次（theme-day-each-month）",
        "警告 1 条：支委出缺及时补选（vacancy-filled-in-time）",
        "提示 21 条：读法说明：原文理解成了什么（reading）",
        "提示 2 条：支委出缺及时补选（vacancy-filled-in-time）",
        "提示 1 条：〈核对〉的行写错了、没有用上，或办公室还没有确认（proof-row）",
        "同一类多于 5 条的合在一起说了，要逐条看请加 --all。",
    ]


def test_all_lists_each_and_json_holds_each(demo_ledger: Path, run: Run) -> None:
    result = run("validate", "-l", demo_ledger, "--as-of", "2022-06-30", "--all")
    listed = result.stdout.splitlines()
    warned = [
        "election-before-term-ends", "service-done-in-time", "review-every-half-year", "extension-late",
        "vacancy-filled-in-time", "supplement", "committee-meets-each-month", "theme-day-each-month",
        "closeout-recheck", *["proof-contradicts"] * 2,
    ]  # fmt: skip
    hinted = [
        "reading", *["vacancy-filled-in-time"] * 2, *["reading"] * 23, "proof-row", "reading",
        *["replacement-named"] * 2, *["proof-contradicts"] * 2,
    ]  # fmt: skip
    assert [line.split(": ")[1] for line in listed] == [*warned, *hinted]
    assert "--all" not in result.stderr
    found = json.loads(run("validate", "-l", demo_ledger, "--as-of", "2022-06-30", "--json").stdout)["findings"]
    assert len(found) == 43


def test_a_fresh_draft_says_in_a_few_lines_what_is_to_be_decided(tmp_path: Path, run: Run) -> None:
    ledger = tmp_path / "整改台账.xlsx"
    source = ROOT / "templates" / "sample" / "对照检查材料.txt"
    run("draft", source, "-l", ledger, "--year", "2022", "-q")
    result = run("validate", "-l", ledger, "--as-of", "2022-01-15")
    assert (result.exit_code, result.stdout) == (1, FRESH)
    assert result.stderr.splitlines()[:2] == [
        "共 警告 76 条，提示 33 条。",
        "警告 47 条：没有明确责任部门、时限或标准（unassigned）",
    ]
    assert run("validate", "-l", ledger, "--as-of", "2022-01-15", "-q").stderr == ""


def test_few_findings_stand_alone_the_gravest_first_then_by_place() -> None:
    found = [at(9), at(4, Check.READING, Severity.HINT), at(7, Check.LATE, Severity.WARNING), *map(at, (10, 2))]
    assert [line.partition(" ")[0] for line in as_lines(found)] == [
        f"甲.xlsx:'整改任务'!{cell}:" for cell in ("F2", "F9", "F10", "F7", "F4")
    ]


@pytest.mark.parametrize(("many", "lines"), [(MOST_TOGETHER, MOST_TOGETHER), (MOST_TOGETHER + 1, 4)])
def test_only_more_than_a_few_of_a_kind_are_gathered(many: int, lines: int) -> None:
    found = [at(row) for row in range(4, 4 + many)]
    assert len(as_lines(found)) == lines
    assert len(as_lines(found, every=True)) == many


def test_many_equal_sentences_are_one_line_with_their_places() -> None:
    same = [replace(at(row), problem="必填，请补上。") for row in (4, 5, 6, 8, 9, 10)]
    assert as_lines(same) == ["甲.xlsx:'整改任务': choice: 必填，请补上。共 6 条（F4:F6、F8:F10）。"]
    few = as_lines([*same, at(20), at(21)])
    assert [line.partition(" ")[0] for line in few[1:]] == ["甲.xlsx:'整改任务'!F20:", "甲.xlsx:'整改任务'!F21:"]
    assert len(as_lines([*same, *(at(row) for row in range(20, 26))])) == 5


def test_each_audience_reads_its_own_cure() -> None:
    found = replace(at(4), problem="认不出是哪个部门。", cure="请用 --as 部门 汇总。")
    assert (found.message, found.department_message) == ("认不出是哪个部门。请用 --as 部门 汇总。",) * 2
    found = replace(found, department_cure="请用下发的模板填报。")
    assert found.department_message == "认不出是哪个部门。请用下发的模板填报。"
    assert as_json(found)["message"] == "认不出是哪个部门。请用 --as 部门 汇总。"


def test_the_line_above_says_what_how_many_and_where() -> None:
    rows = (4, 5, 6, 9, 11, 12)
    assert as_lines([at(row) for row in rows])[0] == (
        "甲.xlsx:'整改任务': choice: 不在选项里，共 6 条（F4:F6、F9、F11:F12），先列 3 条："
    )
    two_sheets = [at(row, sheet=sheet) for row in (4, 6, 8) for sheet in ("整改任务", "群众诉求")]
    assert as_lines(two_sheets)[0].startswith("甲.xlsx: choice: 不在选项里，共 6 条（〈整改任务〉、〈群众诉求〉）")


def test_errors_stay_with_their_file_and_hints_are_gathered_across_files() -> None:
    errors = [at(row, workbook=name) for row in (4, 6, 8) for name in ("甲.xlsx", "乙.xlsx")]
    assert len(as_lines(errors)) == 6
    hints = [
        at(row, Check.READING, Severity.HINT, workbook=name) for row in (4, 6, 8) for name in ("甲.xlsx", "乙.xlsx")
    ]
    assert (
        as_lines(hints)[0]
        == "2 份表: reading: 提示：读法说明：原文理解成了什么，共 6 条（乙.xlsx、甲.xlsx），先列 3 条："
    )


def test_kinds_are_counted_where_there_are_many() -> None:
    assert list(counted_lines([])) == ["没有发现问题。"]
    assert list(counted_lines([at(4)])) == ["共 错误 1 条。"]
    many = [at(4), *(at(row, Check.READING, Severity.HINT) for row in range(4, 8)), at(5, Check.LATE, Severity.HINT)]
    assert list(counted_lines(many)) == [
        "共 错误 1 条，提示 5 条。",
        "错误 1 条：不在选项里（choice）",
        "提示 4 条：读法说明：原文理解成了什么（reading）",
        "提示 1 条：过了报送截止日才报（late）",
    ]


def test_ranges_are_named_as_excel_does() -> None:
    def cells(*places: tuple[int | None, int | None]) -> list[Place]:
        return [Place("甲.xlsx", "整改任务", row, column) for row, column in places]

    assert in_ranges(cells((5, 2), (4, 2), (7, 2), (5, 1)), 9) == "A5、B4:B5、B7"
    assert in_ranges(cells((1, 1), (3, 1), (5, 1)), 2) == "A1、A3等"
    assert in_ranges(cells((4, None), (5, None)), 9) == ""
