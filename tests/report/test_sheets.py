"""Every sheet of every scenario, read back: paper, sizes, names, links, charts, marks, sums and fitting texts."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from openpyxl.utils import range_boundaries
from support.ledgers import load
from support.looks import (
    cells,
    chart_ranges,
    colours,
    contrast,
    fonts_installed,
    members,
    misfits,
    pixels,
    points,
    print_area,
    scale,
    sparkline_ranges,
)
from support.scenarios import AS_OF, SCENARIOS, STAMP, a_problem, a_task, build, scenario, workbook
from taizhang.figures import sentences
from taizhang.figures.metrics import Metrics, compute_metrics
from taizhang.figures.rates import RateName, sum_rates
from taizhang.ledger.vocabulary import Light, Status
from taizhang.office.xlsx import Formats, make_workbook, page_breaks
from taizhang.report import progress_workbook
from taizhang.report.book import SHEETS
from taizhang.report.chart_data import drawn_words
from taizhang.report.layout import NAME_LENGTHS
from taizhang.report.phone import write_phone

pytestmark = pytest.mark.slow

NAMES = [name for name, _ in SHEETS]
LIGHT = re.compile(r"^(◆ 红|▼ 橙|▲ 黄|■ 蓝|● 绿|◇ 待审核|‖ 暂缓|办结|待明确)$")
A3, A4, A6 = 8, 9, 70
PAPER = dict.fromkeys(NAMES, A4) | {"手机版": A6, "时间进度": A3, "措施台账": A3}
ONE_PAGE = {"整改一览", "部门排名", "五个方面", "趋势"}
BOARDS = {"与上期比", "牵头领导", "措施分组", "周期履行", "长期复核", "报送情况", "待明确项"}
FROZEN = {"部门排名", "时间进度", "逾期预警", "措施台账", "问题台账", "登记表指标", *BOARDS}
LISTS = {"时间进度", "逾期预警", "措施台账", "问题台账", "登记表指标", "口径说明", *BOARDS}
TINTS = {"FFFDE7E4": "◆", "FFFFF1CF": "▲", "FFFFE1CC": "▼", "FFDCE9F7": "■", "FFECE9F5": "◇", "FFECEFF2": "‖"}


@pytest.fixture(scope="module", params=list(SCENARIOS))
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def book(name: str) -> Any:
    return load(workbook(name))


@pytest.fixture(scope="module")
def m(name: str) -> Metrics:
    return scenario(name).measures


def text_of(sheet: Any) -> str:
    return "\n".join(str(cell.value) for cell in cells(sheet))


def test_tabs_stand_in_the_order_of_reading_and_all_are_seen(book: Any) -> None:
    assert book.sheetnames == NAMES
    assert all(len(name) <= 5 for name in NAMES)
    assert all(sheet.sheet_state == "visible" for sheet in book)
    assert book.active.title == "整改一览"
    for sheet in book:
        assert not any(each.hidden for each in sheet.column_dimensions.values())
        assert not any(each.hidden for each in sheet.row_dimensions.values())
        assert not sheet.protection.sheet


def test_each_sheet_is_set_up_for_its_paper(book: Any) -> None:
    for sheet in book:
        title = sheet.title
        assert int(sheet.page_setup.paperSize) == PAPER[title], title
        upright = title in ("手机版", "图表数据")
        assert (sheet.page_setup.orientation == "portrait") == upright, title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, title
        assert sheet.page_setup.fitToWidth in (1, None), title
        if title in ONE_PAGE:
            assert sheet.page_setup.fitToHeight in (1, None), title
        footer = sheet.oddFooter
        assert "&P" in footer.center.text
        assert "&N" in footer.center.text
        if title != "手机版":
            assert "内部资料" in footer.left.text
            assert "数据截至 2022年6月30日" in footer.right.text
        assert not sheet.sheet_view.showGridLines, title
        assert bool(sheet.freeze_panes) == (title in FROZEN or title == "口径说明"), title
        assert bool(sheet.print_title_rows) == (title in LISTS), title
        assert sheet.page_margins.left == (0.22 if title == "手机版" else 0.38)


def test_the_way_back_stands_outside_the_paper(book: Any) -> None:
    for sheet in book:
        area = print_area(sheet)
        assert area.left == 2, sheet.title
        if sheet.title == "整改一览":
            continue
        assert area.top == 2, sheet.title
        assert sheet["B1"].value == "← 返回一览"
        assert sheet["B1"].hyperlink.location == "'整改一览'!A1"


def test_nothing_prints_smaller_than_can_be_read(name: str, book: Any) -> None:
    for sheet in book:
        factor = scale(sheet)
        assert factor >= (0.95 if sheet.title == "整改一览" else 0.85), (sheet.title, factor)
        least = 7.0 if sheet.title == "时间进度" else 7.5
        smallest = min(cell.font.sz for cell in cells(sheet))
        assert smallest * factor >= least, (sheet.title, smallest, factor)
    assert sum(pixels(book["手机版"])[column] for column in range(1, 7)) == 342
    assert min(cell.font.sz for cell in cells(book["手机版"])) >= 10.5


def test_cells_are_merged_only_where_no_table_stands(m: Metrics, book: Any) -> None:
    for sheet in book:
        if sheet.title == "整改一览":
            asked = min(2, len(m.attention.asking))
            assert len(sheet.merged_cells.ranges) == 16 + (not m.exceptions) + 2 * asked
        elif sheet.title != "手机版":
            assert not sheet.merged_cells.ranges, sheet.title


def test_charts_and_tables_say_what_they_show(name: str, m: Metrics) -> None:
    parts = members(workbook(name))
    drawings = [content.decode() for part, content in parts.items() if part.startswith("xl/drawings/drawing")]
    described = [found for drawing in drawings for found in re.findall(r'<xdr:cNvPr [^>]*descr="([^"]*)"', drawing)]
    assert len(described) == sum(drawing.count("<xdr:cNvPr ") for drawing in drawings) == (5 if m.tasks else 0)
    assert all(re.search(r"图：.*\d", text) for text in described)
    tables = {part: content.decode() for part, content in parts.items() if part.startswith("xl/tables/")}
    assert [re.findall(r'displayName="(\w+)"', text)[0] for text in tables.values()] == ["tblMeasures", "tblProblems"]
    assert sum(b"altText" in content for part, content in parts.items() if part.startswith("xl/tables/")) == 2


def test_charts_take_every_row_of_their_data(name: str, m: Metrics, book: Any) -> None:
    expected = {"xl/charts/chart1.xml": 12, "xl/charts/chart2.xml": min(13, len(m.departments))}
    expected |= {"xl/charts/chart3.xml": len(m.departments), "xl/charts/chart4.xml": 12}
    expected |= {"xl/charts/chart5.xml": (m.now or 0) + 1}
    charts = dict(chart_ranges(workbook(name)))
    assert sorted(charts) == (sorted(expected) if m.tasks else [])
    for part, series in charts.items():
        for categories, values in series:
            sheets = {each.partition("!")[0].strip("'") for each in (categories, values)}
            assert sheets == {"图表数据"}
            first, second = (range_boundaries(each.partition("!")[2].replace("$", "")) for each in (categories, values))
            assert first[1::2] == second[1::2], part
            assert (second[3] or 0) - (second[1] or 0) + 1 == expected[part], part
            names = [book["图表数据"].cell(row, first[0]).value for row in range(first[1] or 1, (first[3] or 0) + 1)]
            assert all(names), part
            assert "合计" not in names
            after = book["图表数据"].cell((first[3] or 0) + 1, first[0]).value
            assert (
                part == "xl/charts/chart5.xml" or part.endswith("2.xml") or not after or str(after).startswith("空格")
            ), part
    sparklines = sparkline_ranges(workbook(name))
    assert len(sparklines) == (len(m.departments) if len(m.recent) > 1 else 0)


def test_links_and_names_lead_somewhere(m: Metrics, book: Any) -> None:
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink:
                    assert cell.hyperlink.target is None, "links stay within the workbook"
                    target, _, place = cell.hyperlink.location.partition("!")
                    assert target.strip("'") in NAMES
                    assert book[target.strip("'")][place].row
                if isinstance(cell.value, str):
                    assert "#REF!" not in cell.value
    assert set(book.defined_names) == {"措施_状态", "措施_灯", "措施_逾期天数"}
    for defined, head in (("措施_状态", "状态"), ("措施_灯", "灯"), ("措施_逾期天数", "逾期(天)")):
        where = book.defined_names[defined].attr_text.partition("!")[2].replace("$", "")
        column, first, _, last = range_boundaries(where)
        assert book["措施台账"].cell((first or 1) - 1, column).value == head
        assert (last or 0) - (first or 0) + 1 == max(1, len(m.tasks))


def test_links_to_a_measure_lead_to_its_row(m: Metrics, book: Any) -> None:
    checked = 0
    for title in ("整改一览", "时间进度", "逾期预警", "问题台账"):
        for cell in cells(book[title]):
            if cell.hyperlink and str(cell.value).startswith("RW-"):
                target, _, place = cell.hyperlink.location.partition("!")
                sheet = book[target.strip("'")]
                row = sheet[place].row
                assert cell.value in (sheet.cell(row, 2).value, sheet.cell(row, 3).value)
                checked += 1
    assert checked >= len(m.tasks) + min(5, len(m.exceptions)) + len(m.exceptions)


def test_every_text_prints_on_every_machine_and_colour_never_speaks_alone(book: Any) -> None:
    for sheet in book:
        for cell in cells(sheet):
            if isinstance(cell.value, str):
                cell.value.encode("gbk")
                if re.match(r"[◆▼▲■●◇‖] .", cell.value) and len(cell.value) < 6 and "灯" not in cell.value:
                    assert LIGHT.match(cell.value), (sheet.title, cell.coordinate)
            tint = TINTS.get(cell.fill.fgColor.rgb if cell.fill.fill_type == "solid" else "")
            if tint and sheet.title != "手机版":
                shown = str(cell.value) if isinstance(cell.value, str) else cell.number_format
                assert tint in shown, (sheet.title, cell.coordinate)


def test_every_ink_can_be_read_on_its_ground(book: Any) -> None:
    for sheet in book:
        for cell in cells(sheet):
            ink, ground = colours(cell)
            if cell.value == "·" or '"·"' in cell.number_format:
                continue
            assert contrast(ink, ground) >= 4.5, (sheet.title, cell.coordinate, ink, ground)


def test_the_parts_add_up_to_the_whole_on_every_sheet(m: Metrics, book: Any) -> None:
    total = m.total
    for groups in (m.aspects, m.causes, m.departments):
        assert sum(group.tasks for group in groups) == total.tasks == len(m.tasks)
        for key in ("closed", "red", "amber", "overdue"):
            assert sum(getattr(group, key) for group in groups) == getattr(total, key), key
        assert sum_rates(group.rates for group in groups) == total.rates
        assert [sum(group.lights[n] for group in groups) for n in range(len(Light))] == list(total.lights)
        assert [sum(group.statuses[n] for group in groups) for n in range(5)] == list(total.statuses)
    assert sum(group.problems for group in m.aspects) == sum(m.matrix.values()) == m.problem_count
    lights = [cell.value for (cell,) in book["措施台账"]["M7" : f"M{6 + max(1, len(m.tasks))}"]]
    assert [lights.count(light) for light in Light] == list(total.lights)
    assert lights.count("▼ 橙") + lights.count("▲ 黄") + lights.count("■ 蓝") == total.amber
    states = [cell.value for (cell,) in book["措施台账"]["L7" : f"L{6 + max(1, len(m.tasks))}"]]
    assert "已完成" not in states
    assert [states.count(status.replace("已完成", "待审核")) for status in Status] == list(total.statuses)
    late = [cell.value for (cell,) in book["措施台账"]["N7" : f"N{6 + max(1, len(m.tasks))}"]]
    assert sum(isinstance(days, (int, float)) and days > 0 for days in late) == total.overdue


def test_no_cell_of_a_table_is_left_blank(book: Any) -> None:
    for title, last in (("措施台账", 19), ("问题台账", 15)):
        sheet = book[title]
        table = next(iter(sheet.tables.values()))
        left, top, right, bottom = range_boundaries(table.ref)
        assert (left, right) == (2, last)
        heads = [cell.value for cell in sheet[top][1:last]]
        assert len(set(heads)) == len(heads)
        assert all(heads)
        for row in sheet.iter_rows(top, bottom, left, right):
            assert all(cell.value not in (None, "") for cell in row), (title, row[0].row)
        assert table.autoFilter is not None
        assert table.tableStyleInfo is None or not table.tableStyleInfo.name


@pytest.mark.skipif(not fonts_installed(), reason="fonts-noto-cjk or fonts-liberation is not installed")
def test_excel_cuts_no_text(book: Any) -> None:
    assert [each for sheet in book for each in misfits(sheet)] == []


def test_the_same_ledger_gives_the_same_bytes(name: str) -> None:
    assert progress_workbook(scenario(name).measures, STAMP) == workbook(name)


def test_properties_name_the_office_and_the_state_but_no_person(name: str, m: Metrics) -> None:
    parts = members(workbook(name))
    core, custom = parts["docProps/core.xml"].decode(), parts["docProps/custom.xml"].decode()
    assert "<dc:creator>整改办</dc:creator>" in core
    assert "<cp:lastModifiedBy>整改办</cp:lastModifiedBy>" in core
    assert "2022-06-30T00:00:00Z" in core
    assert AS_OF.isoformat() in custom
    assert m.snapshot in custom


def test_the_first_page_says_the_message_and_counts_by_formula(m: Metrics, book: Any) -> None:
    sheet = book["整改一览"]
    formulas = [cell.value for cell in cells(sheet) if cell.data_type == "f"]
    assert any("措施_灯" in formula for formula in formulas)
    assert text_of(sheet).startswith("整改进展一览")
    assert "月底前到期 " in text_of(sheet)
    for name in RateName:
        assert f"{name}（{m.rates.of(name)}{name.unit}）" in text_of(sheet)
    assert text_of(sheet).count("★") == bool(m.tasks)
    if m.first_period:
        assert "首期，无上月数" in text_of(sheet)


def test_the_empty_and_the_quiet_month_say_so() -> None:
    quiet, empty = load(workbook("nothing_late")), load(workbook("no_data"))
    assert "● 本期没有红灯、黄灯措施" in text_of(quiet["整改一览"])
    assert "● 本期没有红灯、黄灯措施" in text_of(quiet["逾期预警"])
    assert "台账里还没有整改任务。" in text_of(empty["整改一览"])
    assert "还没有数据" in text_of(empty["趋势"])
    assert "没有红灯" not in text_of(empty["整改一览"]).replace("本期没有红灯措施", "")


def test_in_december_what_comes_next_is_next_year() -> None:
    tasks = [a_task(n, deadline=date(2023, 1, 31), status="推进中") for n in range(120)]
    book = load(progress_workbook(compute_metrics(build(tasks), date(2022, 12, 15)), STAMP))
    assert book["整改一览"]["S7"].value == "明年1月底前到期 120 项（今日 0 项）"
    assert str(book["手机版"]["B9"].value).endswith("；明年1月底前到期120项。")
    assert book["手机版"]["F8"].value == "快到期 120 项"
    assert "12月1日至15日办结 0 项，同期到期 0 项" in str(book["趋势"]["B5"].value)


def test_the_ranking_marks_what_rests_on_few_and_explains_only_what_is_there(m: Metrics, book: Any) -> None:
    sheet = book["部门排名"]
    shown = [str(sheet.cell(row, 2).value) for row in range(7, 7 + len(m.departments))]
    few = [group.rank is not None and group.rates.on_time.whole < 3 for group in m.departments]
    assert shown == [
        "—" if group.rank is None else f"{group.rank}{'※' if rests else ''}"
        for group, rests in zip(m.departments, few, strict=True)
    ]
    notes = str(sheet.cell(8 + len(m.departments), 2).value)
    assert ("名次后有※的到期不足 3 项，名次仅供参考。" in notes) == any(few)
    assert ("加粗的部门有逾期。" in notes) == any(group.overdue for group in m.departments)
    assert ("待明确" in str(sheet["B3"].value)) == any(group.name == "待明确" for group in m.departments)


def test_a_phone_shows_one_message_then_one_row_of_three_boxes(m: Metrics, book: Any) -> None:
    sheet, wide = book["手机版"], pixels(book["手机版"])
    filled = {row for row in range(1, 12) if sheet.cell(row, 2).fill.fill_type == "solid"}
    assert filled == {6, 7, 8}
    assert sheet["B5"].value == sentences.overall(m)
    boxes = [(cell.column, cell.value) for cell in sheet[6] if cell.value]
    assert [column for column, _ in boxes] == [2, 4, 6]
    assert [wide[2] + wide[3], wide[4] + wide[5], wide[6]] == [112, 112, 112]
    assert [words for _, words in boxes][1:] == ["红灯", "黄灯"]
    assert all(f"{name}" in sheet["B9"].value for name in RateName if name is not m.lead)
    assert sheet["B10"].value == sentences.focus(m)


def test_every_rate_on_a_phone_stands_with_its_fraction(m: Metrics, book: Any) -> None:
    fractions = {group.name: str(group.rates.of(m.lead)) for group in m.aspects if group.rates.of(m.lead).whole}
    fractions |= {f"{group.rank}. {group.name}": str(group.rates.on_time) for group in m.departments}
    lines = [(str(row[1]), str(row[5])) for row in book["手机版"].iter_rows(values_only=True)]
    found = {name: text.split()[0] for name, text in lines if name in fractions}
    assert found == {name: fractions[name] for name in found}


def test_no_number_of_a_heading_or_a_card_is_cut(m: Metrics, book: Any) -> None:
    departments = [f"{drawn_words(m) or '部门'}：{sentences.departments_head(m, n)}" for n in NAME_LENGTHS]
    departments += [each.replace("有到期措施", "到期") for each in departments if drawn_words(m)]
    said = {
        ("整改一览", "B8"): [sentences.aspects_head(m, n) for n in NAME_LENGTHS],
        ("整改一览", "B18"): departments,
        ("部门排名", "B5"): [sentences.departments_head(m, n) for n in NAME_LENGTHS],
        ("逾期预警", "B5"): [sentences.alerts_head(m, n) for n in NAME_LENGTHS],
        ("登记表指标", "B5"): [sentences.indicators_head(m, n) for n in NAME_LENGTHS],
    }
    for (sheet, cell), words in said.items():
        assert str(book[sheet][cell].value) in words, (sheet, cell)
    first, _, second = str(book["整改一览"]["B3"].value).partition("\n")
    assert first in [sentences.overall(m, n) for n in NAME_LENGTHS]
    assert second in [sentences.focus(m, n) for n in NAME_LENGTHS]
    assert all("…" not in str(cell.value) for row in (4, 6, 7) for cell in book["整改一览"][row])
    assert all("…" not in str(cell.value) for row in (6, 8, 9) for cell in book["手机版"][row])


def test_a_month_without_a_ledger_is_a_gap_and_named() -> None:
    book = load(workbook("normal"))
    march = [row for row in book["图表数据"].iter_rows(values_only=True) if row[1] == "3月"]
    assert march[0][2:4] == (scenario("normal").measures.trend[2].planned, scenario("normal").measures.trend[2].actual)
    assert march[0][4:6] == (None, None)
    assert "3月末没有留存台账" in text_of(book["趋势"])


def test_many_departments_are_charted_as_the_first_and_the_last_six() -> None:
    m = scenario("departments_20").measures
    _, series = chart_ranges(workbook("departments_20"))[1]
    column, first, _, last = range_boundaries(series[0][0].partition("!")[2].replace("$", ""))
    sheet = load(workbook("departments_20"))["图表数据"]
    names = [sheet.cell(row, column or 1).value for row in range(first or 1, (last or 0) + 1)]
    ordered = [group.name for group in m.departments]
    assert names == [*ordered[:6], "… 其余 8 个 …", *ordered[-6:]]
    head = str(load(workbook("departments_20"))["整改一览"]["B18"].value)
    assert head.startswith("部门（20 个，图列前 6、后 6）："), head
    assert "部门：" in str(load(workbook("normal"))["整改一览"]["B18"].value)


def test_a_deadline_before_the_year_and_one_after_it_are_drawn() -> None:
    tasks = [
        a_task(5, kind="一次", deadline=date(2021, 12, 31)),
        a_task(6, kind="一次", deadline=date(2023, 6, 30)),
        a_task(7, deadline="长期坚持"),
    ]
    sheet = load(progress_workbook(compute_metrics(build(tasks), AS_OF), STAMP))["时间进度"]
    rows = {row[1]: row for row in sheet.iter_rows(values_only=True) if row[1]}
    assert rows["RW-006"][4] == "21年12月31日"
    assert rows["RW-007"][-1] == "→"
    assert rows["RW-008"][4] == "长期"
    fills = {
        cell.fill.fgColor.rgb for row in sheet.iter_rows(min_col=8) for cell in row if cell.fill.fill_type == "solid"
    }
    assert "FFF9C9C3" in fills


def test_pages_break_before_what_would_be_parted() -> None:
    assert page_breaks([(10, 50), (14, 50), (18, 50)], 100) == [18]
    assert page_breaks([(10, 50), (14, 51)], 100) == [14]
    assert page_breaks([(10, 50), (14, 50)], 100, used=1) == [14]
    assert page_breaks([(10, 60), (14, 60), (18, 40)], 100, repeated=10) == [14, 18]
    assert page_breaks([(10, 200), (14, 20)], 100) == [14]
    assert page_breaks([], 100) == []


def test_no_card_on_a_phone_is_parted_by_a_page(name: str, book: Any) -> None:
    sheet = book["手机版"]
    breaks = [each.id for each in sheet.row_breaks.brk]
    area = print_area(sheet)
    for first, last in zip([area.top - 1, *breaks], [*breaks, area.bottom], strict=True):
        assert sum(points(sheet, row) for row in range(first + 1, last + 1)) <= 420 - 0.62 * 72, (name, first)
        assert not str(sheet.cell(first + 1, 2).value).startswith(("RW-", "时限", "原因")), (name, first)


@pytest.mark.parametrize("number", range(1, 41))
def test_the_last_page_of_a_phone_holds_more_than_a_line_or_two(number: int) -> None:
    m = compute_metrics(build([a_task(each) for each in range(number)]), AS_OF)

    def draw(book: Any, style: Formats) -> None:
        write_phone(book.add_worksheet("手机版"), style, m)

    sheet = load(make_workbook(draw, {}))["手机版"]
    last = max((each.id for each in sheet.row_breaks.brk), default=1)
    assert sum(points(sheet, row) for row in range(last + 1, print_area(sheet).bottom + 1)) >= 90


@pytest.mark.parametrize(("inherited", "said"), [(0, ""), (2, "，含沿用原台账 2 项")])
def test_the_leaders_page_says_how_many_the_earlier_table_closed(inherited: int, said: str) -> None:
    tasks = [a_task(0, status="已销号"), a_task(1, status="已销号"), a_task(5)]
    how = {"conclusion": "沿用原台账"} if inherited else {"conclusion": "同意销号", "committee_date": date(2022, 4, 1)}
    closed = [{"code": f"XH-00{n}", "task": f"RW-00{n}", **how} for n in (1, 2)]
    m = compute_metrics(build(tasks, closeouts=closed), AS_OF)
    assert m.total.closed == 2
    page = load(progress_workbook(m, STAMP))["整改一览"]
    (legend,) = [str(cell.value) for cell in cells(page) if "办结＝" in str(cell.value)]
    assert re.search(r"办结＝(.*?)[　\n]", legend)[1] == f"已销号＋长期坚持{said}"  # type: ignore[index]
    assert list(misfits(page)) == []


def test_many_aspects_and_causes_keep_their_sums_and_their_paper() -> None:
    aspects, causes = [f"第{n}方面工作" for n in range(1, 10)], [f"第{n}条根源" for n in range(1, 19)]
    problems = [a_problem(n, aspect=f"在{aspects[n]}方面", causes=(f"YY-{n * 2 + 1:02}",)) for n in range(9)]
    tasks = [a_task(n, problems=(f"WT-{n % 9 + 1:02}",)) for n in range(18)]
    m = compute_metrics(build(tasks, aspects=aspects, causes=causes, problems=problems), AS_OF)
    book = load(progress_workbook(m, STAMP))
    rows = [row[2:5] for row in book["整改一览"].iter_rows(9, 17, values_only=True)]
    assert rows[6] == ("其余 4 个方面", 4, sum(group.tasks for group in m.aspects[5:]))
    assert [row[0] for row in rows[1:6]] == aspects[:5]
    sheet = book["五个方面"]
    assert sheet.page_setup.fitToHeight == 0
    assert scale(sheet) >= 0.85
    assert scale(book["整改一览"]) >= 0.95
    assert [each for page in book for each in misfits(page)] == []


@pytest.mark.skipif(not fonts_installed(), reason="fonts-noto-cjk or fonts-liberation is not installed")
def test_what_no_row_can_hold_is_cut_with_a_word_where_the_rest_stands() -> None:
    lines, long = "第几行\n" * 60 + "完", "说" * 299
    codes = tuple(f"WT-{n:02}" for n in range(1, 46))
    problems = [a_problem(n, title=long, code=code, aspect=f"{long}方面", leader=long) for n, code in enumerate(codes)]
    more = {"statement": lines, "obstacle": lines, "next_step": long, "evidence": lines, "leader": long}
    task = a_task(6, problems=codes, department=long, **more)
    m = compute_metrics(build([task], problems=problems, causes=[long] * 5, departments=[long]), AS_OF)
    book = load(progress_workbook(m, STAMP))
    assert [each for title in ("逾期预警", "措施台账", "问题台账") for each in misfits(book[title])] == []
    row = [cell.value for cell in book["措施台账"][7]]
    assert row[2].startswith("第几行\n第几行")
    assert row[2].endswith("…（全文见台账）")
    assert row[3].endswith("…（全文见台账）")
    assert row[17] == long, "what a row can hold stays whole"
