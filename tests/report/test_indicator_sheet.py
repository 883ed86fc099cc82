"""登记表指标: its index, its blocks, what each says of a register, and how few pages all of them take."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from support.ledgers import load
from support.looks import points, print_area, scale
from support.scenarios import AS_OF, STAMP, a_task, build, scenario, workbook
from taizhang.figures import sentences
from taizhang.figures.metrics import Metrics, compute_metrics
from taizhang.ledger.vocabulary import Light
from taizhang.report import progress_workbook
from taizhang.report.indicator_blocks import Pages, block_of, lay_out
from taizhang.supervision.indicators import Figure, Part, RegisterFigures

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["normal", "every_register", "supervised", "no_data"])
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def book(name: str) -> Any:
    return load(workbook(name))


@pytest.fixture(scope="module")
def m(name: str) -> Metrics:
    return scenario(name).measures


ORDER = [Light.RED, Light.AMBER, Light.GREEN, None]


def blocks_of(sheet: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Return the lines of each block by its heading: seven cells a line, down the left half and then the right one."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    begins = [0, *(each.id for each in sheet.row_breaks.brk), sheet.max_row]
    for above, below in pairwise(begins):
        for side in (2, 10):
            block: list[tuple[Any, ...]] = []
            for row in sheet.iter_rows(max(above + 1, 7), below, side, side + 6, values_only=True):
                if "（登记 " in str(row[0]) or "（续）" in str(row[0]):
                    block = found.setdefault(str(row[0]).partition("（")[0], [])
                block.append(row)
    return found


def test_the_figures_of_registers_stand_with_what_they_are_a_part_of(m: Metrics, book: Any) -> None:
    registers = [register for register in m.registers if register.rows]
    blocks = blocks_of(book["登记表指标"])
    assert set(blocks) == {register.sheet for register in registers}
    for register in registers:
        lines = blocks[register.sheet]
        text = "".join(str(line[0]) for line in lines)
        judged = [figure for figure in register.figures if figure.light or figure.whole is not None]
        judged += [figure for figure in register.figures if figure not in judged and len(figure.trend) > 1]
        shown = [line for line in lines if line[3]]
        assert [line[4] for line in shown] == sorted((figure.light for figure in judged), key=ORDER.index)
        for line in shown:
            figure = next(each for each in judged if each.title == line[0])
            assert line[2] == ("—" if figure.rate is None else figure.rate / 100)
            assert (line[3] == "—") == (figure.value is None)
            if figure.whole is not None and figure.value is not None and figure.whole < 1_000_000:
                assert line[3].removeprefix("※ ").startswith(f"{figure.value:,}/{figure.whole:,}")
        for figure in register.figures:
            assert figure in judged or f"{figure.title}{'（' if figure.parts else ' '}" in text
            faults = {each: n for each, n in figure.left_out.items() if not each.startswith("不符合")}
            assert all(reason in text for reason in faults)
            assert register.counts_only or all(f"{reason} {number} 行" in text for reason, number in faults.items())
            if figure.kind == "count_by" and not figure.withheld:
                assert sum(part.number or 0 for part in figure.parts) == figure.value or figure.value is None
    assert sentences.indicators_head(m)[:12] in str(book["登记表指标"]["B5"].value)


def test_the_index_has_a_line_for_each_register_that_leads_to_it(m: Metrics, book: Any) -> None:
    sheet, registers = book["登记表指标"], [register for register in m.registers if register.rows]
    if len(registers) < 2:
        return
    half = (len(registers) + 1) // 2
    cells = [row[side : side + 7] for side in (1, 9) for row in sheet.iter_rows(8, 7 + half)][: len(registers)]
    lines = [[cell.value for cell in line] for line in cells]
    assert {(line[0], line[1]) for line in lines} == {(register.sheet, register.rows) for register in registers}
    lights = [line[4] for line in lines]
    assert lights == sorted(lights, key=ORDER.index)
    by_sheet = {register.sheet: register for register in registers}
    for line, of in zip(cells, (by_sheet[line[0]] for line in lines), strict=True):
        assert line[4].value == of.light
        same = {each.title.split(" ")[0] for each in of.figures if each.light == of.light}
        assert str(line[2].value).split(" ")[0] in same
        target = line[0].hyperlink.location.partition("!")[2]
        row = sheet[target].row
        assert any(str(sheet.cell(row, side).value).startswith(f"{of.sheet}（登记 ") for side in (2, 10))
    at_stake = [line[2] for line in lines if line[4] == Light.RED]
    numbers = [int(re.findall(r" (\d+)", str(words))[-1]) for words in at_stake]
    assert numbers == sorted(numbers, reverse=True)


def test_all_registers_take_few_pages_that_break_where_no_block_is_split() -> None:
    for name, most in (("every_register", 8), ("normal", 1), ("no_data", 1)):
        sheet = load(workbook(name))["登记表指标"]
        breaks = [each.id for each in sheet.row_breaks.brk]
        assert len(breaks) < most, name
        begins = [print_area(sheet).top - 1, *breaks, print_area(sheet).bottom]
        for above, below in pairwise(begins):
            heads = 0 if above < 6 else points(sheet, 6)
            assert heads + sum(points(sheet, row) for row in range(above + 1, below + 1)) <= 529 / scale(sheet), above
    sheet = load(workbook("every_register"))["登记表指标"]
    tops = [str(sheet.cell(each.id + 1, 2).value) for each in sheet.row_breaks.brk]
    assert all("（登记 " in top or top.endswith("（续）") for top in tops), tops


def figures_named(*titles: str) -> tuple[Figure, ...]:
    return tuple(Figure(title, "share", "个", "", Decimal(1), Decimal(2), 2) for title in titles)


def test_a_block_goes_to_the_next_column_whole_and_what_no_column_holds_goes_on_under_its_name() -> None:
    def register(name: str, figures: int) -> RegisterFigures:
        return RegisterFigures(name, name, "", 3, figures_named(*(f"{name}{n}" for n in range(figures))))

    def placed(*registers: RegisterFigures) -> list[tuple[str, int, int, int]]:
        laid = lay_out([(each, block_of(each, 500)) for each in registers], pages)
        return [(each.lines[0].words, each.row, each.side, len(each.lines)) for each in laid]

    pages = Pages(10, 6, 12)
    assert placed(register("甲", 3), register("乙", 2), register("丙", 5), register("丁", 11)) == [
        ("甲（登记 3 行）", 10, 0, 4), ("乙（登记 3 行）", 10, 1, 3), ("丙（登记 3 行）", 16, 0, 6),
        ("丁（登记 3 行）", 16, 1, 12),
    ]  # fmt: skip
    assert pages.breaks == [16]
    pages = Pages(10, 2, 6)
    assert placed(register("戊", 12)) == [
        ("戊（登记 3 行）", 12, 0, 6), ("戊（续）", 12, 1, 6), ("戊（续）", 18, 0, 3),
    ]  # fmt: skip
    assert pages.breaks == [12, 18]
    pages = Pages(0, 12, 12)
    assert placed(register("己", 1), register("庚", 12)) == [
        ("己（登记 3 行）", 0, 0, 2), ("庚（登记 3 行）", 3, 0, 9), ("庚（续）", 0, 1, 5),
    ]  # fmt: skip
    pages = Pages(0, 12, 12)
    assert placed(register("己", 1), register("庚", 11)) == [
        ("己（登记 3 行）", 0, 0, 2), ("庚（登记 3 行）", 0, 1, 12),
    ], "three lines are not worth another column"  # fmt: skip


def test_members_with_nothing_are_named_together_and_those_that_warn_come_first() -> None:
    parts = (
        Part("甲", Decimal(0)), Part("乙", Decimal(2), light=Light.AMBER), Part("丙", Decimal(5), light=Light.RED),
        Part("丁", Decimal(1)), Part("戊", Decimal(0)),
    )  # fmt: skip
    figure = Figure("超期", "overdue", "件", "", Decimal(8), None, 8, parts=parts, light=Light.RED)
    (lines,) = block_of(RegisterFigures("表", "表", "", 8, (figure,)), 500)
    assert [line.words for line in lines] == [
        "表（登记 8 行）", "", "◆ 丙 5　▲ 乙 2　丁 1　另有 2 个为 0：甲、戊",
    ]  # fmt: skip


def test_the_figures_of_registers_say_what_is_red_and_what_is_not_there_yet() -> None:
    every, empty = load(workbook("every_register"))["登记表指标"], load(workbook("no_data"))["登记表指标"]
    head = str(every["B5"].value)
    assert re.match(r"49 张登记表，\d+ 张有红灯：〈[^〉]+〉.{4,12} \d+/\d+ .{1,2}、〈.+，其余 \d+ 处见◆$", head), head
    lines = [line for block in blocks_of(every).values() for line in block]
    assert ("超期未反馈", 0.33, "3/9 件", "◆ 红") in {(line[0], *line[2:5]) for line in lines}
    assert (empty["B5"].value, empty["B7"].value) == ("登记表还没有数据", "还没有数据")
    assert "还没有数据的登记表：销号审核、履行记录、复核记录、延期申请、督办单" in str(empty["B8"].value)
    words = {line[0] for line in lines}
    assert "支部数 9 个　　正式党员 9.88 亿人　　入党积极分子 42 人" in words, "three of the twelve are dissolved"
    assert ("预算执行", 0.01, "0.01/98.77 亿元") in {(line[0], *line[2:4]) for line in lines}
    assert "发展党员（登记 12 行，涉及个人、只出个数）" in words
    assert "没有用上的行：编号重复 1 行、没有编号 1 行" in words
    assert "超期未反馈、按期反馈、各类人员按期反馈没有用上：“应反馈日期”读不懂 1 行" in words


def test_an_impossible_rate_prints_as_its_two_numbers_with_a_mark_and_no_bar() -> None:
    checked = {"day": date(2022, 3, 8), "target": "食堂", "found": 3}
    meetings = [{"code": "TH-001", "held": date(2022, 3, 1), "planned": 2, "times": 3, "kind": "班子成员之间"}]
    registers = {
        "conduct_checks": [{"code": "JC-001", "fixed": 5, **checked}],
        "plan_targets": [
            {"code": f"GH-{n:03}", "plan": plan, "state": state}
            for n, (plan, state) in enumerate(
                (("总体规划", "已完成"), ("总体规划", "推进中"), ("人才规划", "推进中")), 1
            )
        ],
        "talks": meetings,
    }
    sheet = load(progress_workbook(compute_metrics(build([a_task(6)], registers=registers), AS_OF), STAMP))[
        "登记表指标"
    ]
    blocks = blocks_of(sheet)
    lines = {line[0]: line[2:5] for block in blocks.values() for line in block}
    assert lines["问题整改"] == ("—", "※ 5/3 个", None)
    assert lines["应谈完成"] == (1.5, "3/2 次", None), "what may exceed its plan has a rate"
    below = [line[0] for line in blocks["八项规定检查"]]
    said = below[below.index("问题整改") + 1]
    assert said == "※ 分子大于分母，不会有这样的比率，请按 taizhang validate 列出的行改正。"
    assert any(
        str(line[0]).startswith("总体规划 1/2（50%）　人才规划 0/1（0%）　另有 3 个为 0：科技规划、")
        for line in blocks["规划任务"]
    )
