"""专项一览: the index, one board on each sheet, charts with their data, and what the first page says of the worst."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.ledgers import ledger_in_memory, load
from support.looks import scale
from support.scenarios import scenario
from taizhang.boards.make import make_boards, worst_of
from taizhang.boards.views import BoardView, Cell, Chart, ChartKind, Line
from taizhang.figures.metrics import compute_metrics
from taizhang.ledger.layout import FIRST_DATA_ROW
from taizhang.ledger.vocabulary import Light
from taizhang.office.xlsx import text_width
from taizhang.report import board_sheets, find_beside, progress_workbook, special_workbook
from taizhang.report.beside import Beside
from taizhang.report.indicators import register_rows

DAY = date(2022, 6, 30)
MADE = datetime(2022, 6, 30)
ROWS: dict[str, list[dict[str, Any]]] = {
    "talks": [
        {"code": "TH-001", "leader": "局长", "kind": "班子成员之间", "times": 1, "planned": 4},
        {"code": "TH-002", "leader": "整改办主任", "kind": "班子成员之间", "times": 2, "planned": 2},
    ],
    "talent": [
        {"code": "RC-001", "period": "2022-01", "opening": 50, "joined": 1, "left": 1},
        {"code": "RC-002", "period": "2022-02", "opening": 50, "joined": 1, "left": 3},
    ],
    "field_visits": [],
}


@cache
def views() -> tuple[BoardView, ...]:
    return make_boards(ledger_in_memory(**ROWS), DAY)


@cache
def book() -> Any:
    return load(special_workbook(compute_metrics(ledger_in_memory(**ROWS), DAY), views(), MADE))


def texts(sheet: Any) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def index_lines(index: Any) -> list[list[Any]]:
    return [[cell.value for cell in row[1:6]] for row in index.iter_rows(min_row=7)]


def test_every_board_and_every_register_without_one_has_a_line_with_its_light_in_the_index() -> None:
    assert book().sheetnames[0] == "索引"
    assert book().sheetnames[-1] == "图表数据"
    lines = index_lines(book()["索引"])
    own = {(view.sheet, view.title) for view in views()}
    assert own <= {(line[0], line[1]) for line in lines}
    m = compute_metrics(ledger_in_memory(**ROWS), DAY)
    assert {line[0] for line in lines} == {view.sheet for view in views()} | {each.sheet for each in m.registers}
    assert [line for line in lines if line[0] in ("谈心谈话", "领导联系基层", "督办单")] == [
        ["谈心谈话", "谈话人×类别：已谈/应谈", "▲ 黄", "3/6 次", "应有 6 次，做到 3/6 次；欠得最多：局长（欠 3 次）。"],
        ["领导联系基层", "下基层：领导×月", "未填报", "—", "未填报：〈领导联系基层〉还没有一行。"],
        ["督办单", "—", "未填报", "—", "未填报：〈督办单〉还没有一行。"],
    ]
    order = ["◆ 红", "▲ 黄", "● 绿", "—", "未填报"]
    assert [line[2] for line in lines] == sorted((line[2] for line in lines), key=order.index)
    names = {view.title: name for view, name in zip(views(), book().sheetnames[1:-1], strict=True)}
    links = {row[2].value: row[2].hyperlink for row in book()["索引"].iter_rows(min_row=7)}
    assert {title: links[title].location for title in names} == {title: f"'{name}'!A1" for title, name in names.items()}
    every = len({line[0] for line in lines})
    assert book()["索引"]["B5"].value == f"{every} 张登记表：▲ 黄 2 张；未填报 {every - 2} 张。"


def test_a_register_without_a_board_is_linked_to_its_figures_and_what_is_worse_than_a_board_is_said() -> None:
    rows = {
        **ROWS,
        "slips": [{"code": "DB-001", "reply_by": date(2022, 3, 1)}],
        "appeals": [
            {"code": f"SQ-00{n}", "channel": "信访", "due": date(2022, 3, 1), "answered": answered}
            for n, answered in ((1, date(2022, 3, 1)), (2, None))
        ],
    }
    ledger = ledger_in_memory(**rows)
    m, boards = compute_metrics(ledger, DAY), make_boards(ledger, DAY)
    beside = Beside(overview="整改进展一览_2022-06-30.xlsx")
    index = load(special_workbook(m, boards, MADE, beside))["索引"]
    lines = {row[1].value: row for row in index.iter_rows(min_row=7)}
    slip, appeal = lines["督办单"], lines["群众诉求"]
    assert [cell.value for cell in slip[2:6]] == ["登记表指标", "◆ 红", "1/1 张", "登记 1 行；◆ 超期未反馈 1/1 张。"]
    row = register_rows(m.registers)["督办单"]
    assert (slip[2].hyperlink.target, slip[2].hyperlink.location) == (beside.overview, f"'登记表指标'!B{row}")
    assert appeal[3].value == "◆ 红"
    assert appeal[5].value.endswith("。指标：◆ 超期未反馈 1/2 件。")
    figures = load(progress_workbook(m, MADE))["登记表指标"]
    assert any(str(figures.cell(row, side).value).startswith("督办单（登记 1 行") for side in (2, 10))


def test_a_line_that_comes_from_one_row_leads_to_it_in_the_ledger(tmp_path: Path) -> None:
    rows = [{"code": "GG-001", "milestone": "选址", "planned": date(2022, 3, 1)}]
    ledger = ledger_in_memory(reforms=rows)
    ledger = replace(ledger, path=tmp_path / "整改 台账#1.xlsx")
    boards = make_boards(ledger, DAY)
    special = tmp_path / "报表" / "专项一览.xlsx"
    beside = find_beside(ledger, tmp_path / "报表" / "一览.xlsx", special, board_sheets(boards))
    sheet = load(special_workbook(compute_metrics(ledger, DAY), boards, MADE, beside))["改革事项"]
    (cell,) = (cell for row in sheet.iter_rows() for cell in row if cell.value == f"第 {FIRST_DATA_ROW} 行")
    assert cell.hyperlink.location == f"'改革事项'!A{FIRST_DATA_ROW}"
    assert cell.hyperlink.target == "..\\整改%20台账%231.xlsx"
    plain = load(special_workbook(compute_metrics(ledger, DAY), boards, MADE))["改革事项"]
    assert not [cell for row in plain.iter_rows(min_row=2) for cell in row if cell.hyperlink]


@pytest.mark.parametrize(
    ("report", "path"),
    [
        ("报表/一览.xlsx", "../整改台账.xlsx"),
        ("一览.xlsx", "整改台账.xlsx"),
        ("给局长/6月/一览.xlsx", "../../整改台账.xlsx"),
        ("../别处/一览.xlsx", "../局/整改台账.xlsx"),
    ],
)
def test_the_ledger_is_linked_from_wherever_the_report_is(tmp_path: Path, report: str, path: str) -> None:
    office = tmp_path / "局"
    ledger = replace(ledger_in_memory(), path=office / "整改台账.xlsx")
    beside = find_beside(ledger, office / report, None, {"表": "表"})
    assert (beside.ledger, beside.special, beside.board("表")) == (path, "", "")
    assert beside.ledger_row("整改任务", 4) == f"external:{path}#'整改任务'!A4"
    assert (beside.ledger_row("整改任务", 0), beside.ledger_row("没有的表", 4)) == ("", "")


def test_a_board_is_one_landscape_a4_page_with_title_message_table_and_notes() -> None:
    for name in book().sheetnames[1:-1]:
        sheet = book()[name]
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, None)  # 1 if unsaid
    said = texts(book()["谈心谈话"])
    assert said[:4] == ["← 返回索引", "谈话人×类别：已谈/应谈", said[2], "登记表：谈心谈话　▲ 黄"]
    assert said[4] == "应有 6 次，做到 3/6 次；欠得最多：局长（欠 3 次）。"
    assert book()["谈心谈话"]["B5"].font.size == 14
    assert "◆ 1/4" in said


def test_a_chart_takes_its_numbers_from_the_last_sheet_and_says_what_it_shows() -> None:
    (chart,) = book()["人才情况"]._charts
    assert [series.val.numRef.f for series in chart.series] == ["图表数据!$B$2:$B$3", "图表数据!$C$2:$C$3"]
    values = [[cell.value for cell in row] for row in book()["图表数据"].iter_rows(max_row=3)]
    assert values == [[None, "引进人数", "流出人数"], ["2022-01", 1, 1], ["2022-02", 1, 3]]


def test_two_boards_of_a_register_have_two_sheets() -> None:
    one = BoardView("表", "一", "结论。", ("甲",), (Line((Cell(1, "1"),)),))
    two = BoardView(
        "表", "二", "结论。", ("甲", "乙"), (Line((Cell(1, "1"), Cell(2, "2"))),),
        chart=Chart(ChartKind.STACK, ("a",), (("x", (1.0,)), ("y", (None,))), "图"),
    )  # fmt: skip
    made = load(special_workbook(compute_metrics(ledger_in_memory(), DAY), (one, two), MADE))
    assert made.sheetnames == ["索引", "表", "表 2", "图表数据"]


def drawn(chart: Chart) -> Any:
    board = BoardView("表", "一", "结论。", ("甲", "乙"), (Line((Cell(1, "1"), Cell(2, "2"))),), chart=chart)
    made = load(special_workbook(compute_metrics(ledger_in_memory(), DAY), (board,), MADE))
    (shown,) = made["表"]._charts
    return shown


def test_only_what_is_overdue_is_red_and_stacks_of_counts_are_as_long_as_their_counts() -> None:
    series = (("按期", (2.0, 1.0)), ("逾期", (1.0, None)))
    chart = drawn(Chart(ChartKind.STACK, ("a", "b"), series, "图", overdue="逾期"))
    first, second = (each.graphicalProperties for each in chart.series)
    assert (first.solidFill.srgbClr, second.pattFill.prst) == ("17406D", "wdUpDiag")
    assert second.pattFill.fgClr.srgbClr.upper() == "C8161D"
    assert chart.grouping == "stacked"
    assert drawn(Chart(ChartKind.SHARES, ("a", "b"), series, "图")).grouping == "percentStacked"


@pytest.mark.parametrize(
    ("rates", "least"), [((0.93, 0.88), 0.7), ((0.51, 0.9), 0.4), ((0.5, 0.9), 0), ((0.9, None), 0.8), ((), 0)]
)
def test_lines_in_the_upper_half_begin_below_the_lowest(rates: tuple[float | None, ...], least: float) -> None:
    categories = tuple(map(str, range(len(rates))))
    chart = drawn(Chart(ChartKind.LINE, categories or ("a",), (("率", rates or (None,)),), "图", percent=True))
    assert (chart.y_axis.scaling.min, chart.y_axis.scaling.max) == (least, 1)


def made_of(chart: Chart | None = None, lines: int = 1, notes: tuple[str, ...] = ()) -> Any:
    table = tuple(Line((Cell(n, str(n)), Cell(2, "2"))) for n in range(lines))
    board = BoardView("表", "一", "结论。", ("甲", "乙"), table, chart=chart, notes=notes)
    return load(special_workbook(compute_metrics(ledger_in_memory(), DAY), (board,), MADE))


def categories_of(made: Any) -> list[str]:
    (chart,) = made["表"]._charts
    place = chart.series[0].cat.strRef or chart.series[0].cat.numRef
    cells = made["图表数据"][place.f.partition("!")[2].replace("$", "")]
    return [row[0].value for row in cells]


def test_columns_whose_names_do_not_stand_side_by_side_become_bars_tall_enough_for_each_name() -> None:
    def chart(number: int, name: str) -> Chart:
        names = tuple(f"{name}{n}" for n in range(number))
        return Chart(ChartKind.COLUMN, names, (("分", tuple(float(n) for n in range(number))),), "图")

    few = made_of(chart(5, "第一支部"))
    assert few["表"]._charts[0].barDir == "col"
    many = made_of(chart(20, "机关第一党支部"))
    (drawn_chart,) = many["表"]._charts
    assert (drawn_chart.barDir, len(categories_of(many))) == ("bar", 20)
    assert drawn_chart.x_axis.tickLblSkip == 1
    row = next(number for number in range(1, 20) if (many["表"].row_dimensions[number].height or 0) > 100)
    assert many["表"].row_dimensions[row].height == 60 + 12 * 20
    most = made_of(chart(40, "机关第一党支部"))
    assert len(categories_of(most)) == 28
    assert "图只画前 28 个，另有 12 个见上表。" in texts(most["表"])


def test_long_names_beside_bars_are_cut_so_that_no_two_are_alike() -> None:
    name = "建立健全服务群众常态化机制并定期通报进展情况形成可复制可推广的经验做法"
    chart = Chart(ChartKind.STACK, (f"{name}甲", f"{name}乙", "短的"), (("天", (1.0, 2.0, 3.0)),), "图")
    names = categories_of(made_of(chart))
    assert len(set(names)) == 3
    assert names[2] == "短的"
    assert all("…" in each and text_width(each, 9) <= 240 for each in names[:2])


def test_a_board_that_would_be_too_small_on_one_page_goes_on_to_another() -> None:
    one, two = made_of(lines=12)["表"], made_of(lines=40)["表"]
    assert (one.page_setup.fitToHeight, scale(one) >= 0.85) == (None, True)
    assert (two.page_setup.fitToHeight, len(two.row_breaks.brk)) == (0, 1)
    chart = Chart(ChartKind.LINE, ("a", "b"), (("率", (0.1, 0.2)),), "图", percent=True)
    broken = made_of(chart, lines=18, notes=("口径。",))["表"]
    (page_break,) = broken.row_breaks.brk
    assert (broken.row_dimensions[page_break.id + 1].height or 0) == 189.75, "the chart stands whole on the second page"


def test_every_tinted_cell_of_a_board_says_its_light_in_a_sign() -> None:
    tints = {"FFFDE7E4": "◆", "FFFFF1CF": "▲"}
    m = scenario("every_register").measures
    boards = make_boards(scenario("every_register").ledger, scenario("every_register").as_of)
    made = load(special_workbook(m, boards, MADE))
    seen = set()
    for sheet in made:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value not in (None, "")):
            assert isinstance(cell.value, (int, float)) or cell.value.encode("gbk"), cell.value
            if sign := tints.get(str(cell.fill.fgColor.rgb)) if cell.fill.fill_type == "solid" else None:
                seen.add(sign)
                assert str(cell.value).startswith(sign), (sheet.title, cell.coordinate, cell.value)
    assert seen == {"◆", "▲"}


def test_the_same_boards_give_the_same_bytes() -> None:
    m = compute_metrics(ledger_in_memory(**ROWS), DAY)
    assert special_workbook(m, views(), MADE) == special_workbook(m, views(), MADE)


def test_the_worst_boards_come_first_and_green_ones_do_not_come() -> None:
    def view(title: str, light: Light | None, part: int) -> BoardView:
        return BoardView("表", title, "", (), (), light, part, 10)

    every = [
        view("a", Light.GREEN, 10), view("b", Light.AMBER, 6), view("c", None, 0), view("d", Light.RED, 4),
        view("e", Light.RED, 1), view("f", Light.AMBER, 5),
    ]  # fmt: skip
    assert [each.title for each in worst_of(every, 3)] == ["e", "d", "f"]
    assert worst_of(every[:1], 3) == ()


def test_a_board_whose_fraction_should_be_low_is_the_worse_the_higher_it_is() -> None:
    high, low = (BoardView("表", f"流失 {part}", "", (), (), Light.AMBER, part, 50, low=True) for part in (40, 1))
    half = BoardView("表", "满意", "", (), (), Light.AMBER, 6, 10)
    nothing = BoardView("表", "没有", "", (), (), Light.AMBER)
    assert [each.title for each in worst_of((nothing, low, half, high), 4)] == ["流失 40", "满意", "流失 1", "没有"]
    leaving = next(view for view in views() if view.sheet == "人才情况")
    assert (leaving.light, leaving.part, leaving.whole, leaving.low) == (Light.AMBER, 3, 50, True)
    assert leaving.shortfall == Fraction(3, 50)


def test_the_first_page_and_the_phone_sheet_name_the_worst_boards() -> None:
    m = compute_metrics(ledger_in_memory(**ROWS), DAY)
    made = load(progress_workbook(m, MADE, worst_of(views(), 3)))
    line = "专项：▲ 黄 谈心谈话（谈话人×类别：已谈/应谈） 应有 6 次，做到 3/6 次；欠得最多：局长（欠 3 次）。"
    assert line in texts(made["整改一览"])
    assert line in texts(made["手机版"])
    assert made["整改一览"].print_area.endswith("$V$29")
    assert made["整改一览"].page_setup.fitToHeight is None  # 1 if unsaid
    plain = load(progress_workbook(m, MADE))
    assert not any("专项" in text for text in (*texts(plain["整改一览"]), *texts(plain["手机版"])))
