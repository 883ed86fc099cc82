"""公示: only approved content gets out, and nothing else is hidden in the file."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from support.fixtures import Make, Run
from support.ledgers import ASPECT, load
from support.paper import ERRORS, everything, not_fitting, page_sizes, pages, texts
from support.returned_files import by_hand
from taizhang.demo.sample import AS_OF as DEMO_DAY
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import Ledger, read_ledger
from taizhang.papers.public import PublicReport, publish
from taizhang.papers.public_sheet import opening, public_workbook
from taizhang.typed.text import as_text

pytestmark = pytest.mark.slow

AS_OF, STAMP = date(2022, 3, 31), datetime(2022, 3, 31)
ASK = ("report", "--public", "--as-of", "2022-03-31", "-l")


def problem(
    number: int, public: str | None = "公开的说法", disclosure: str | None = "同意公开", **more: Any
) -> dict[str, Any]:
    base = {"aspect": ASPECT, "title": f"内部题目{number}", "source": "民主生活会"}
    return {"code": f"WT-{number:02}", **base, "public": public, "disclosure": disclosure, **more}


def task(*problems: str, **more: Any) -> dict[str, Any]:
    return {"problems": problems, "obstacle": "内部原因", "evidence": "内部佐证", "statement": "内部措施", **more}


def closeout(number: int, conclusion: str = "同意销号") -> dict[str, Any]:
    decided = {"department": "财务处", "committee_date": date(2022, 2, 1), "conclusion": conclusion}
    return {"code": f"XH-{number:03}", "task": f"RW-{number:03}", **decided}


def published(ledger: Path) -> tuple[PublicReport, list[tuple[str, str]]]:
    """The report, and the omitted problems as (cell, severity)."""
    report, findings = publish(read_ledger(ledger, standard_forms()), AS_OF)
    return report, [(each.place.cell, each.severity.value) for each in findings]


@pytest.mark.parametrize(
    ("wording", "disclosure", "left_out"),
    [
        ("公开的说法", "同意公开", []),
        ("公开的说法", "公开", []),
        ("公开的说法", "不公开", [("L4", "hint")]),
        ("不公开", "同意公开", [("L4", "hint")]),
        ("不公开", None, [("L4", "hint")]),
        ("公开的说法", None, [("L4", "warning")]),
        ("公开的说法", "待定", [("L4", "warning")]),
        (None, "同意公开", [("K4", "warning")]),
        ("联系 13800138000", "同意公开", [("K4", "error")]),
        ("机密★1年", "同意公开", [("K4", "error")]),
        ("财务处报销慢", "同意公开", [("K4", "error")]),
        ("局长接访不够", "同意公开", [("K4", "error")]),
        ("财务\u200b处报销慢", "同意公开", [("K4", "error")]),
        ("局 长接访不够", "同意公开", [("K4", "error")]),
        ("局·长\u3000接访不够", "同意公开", [("K4", "error")]),
        ("财\n务\u00ad处", "同意公开", [("K4", "error")]),
        ("计财\u0301处", "同意公开", [("K4", "error")]),
        ("办公室(党办)不够", "同意公开", [("K4", "error")]),
        ("机 密事项管理", "同意公开", [("K4", "error")]),
        ("联系 138.0013.8000", "同意公开", [("K4", "error")]),
        ("\u200b\u2060", "同意公开", [("K4", "warning")]),
    ],
)
def test_only_an_approved_wording_is_published(
    wording: str | None, disclosure: str | None, left_out: list[tuple[str, str]], make_ledger: Make
) -> None:
    report, found = published(make_ledger([task("WT-01")], problems=[problem(1, wording, disclosure)]))
    assert found == left_out
    assert [each.wording for each in report.problems] == ([] if left_out else [wording])
    assert report.partial == bool(left_out)


def test_an_aspect_of_ones_own_is_looked_at_and_nothing_invisible_is_published(make_ledger: Make) -> None:
    report, found = published(
        make_ledger(
            [task("WT-01", "WT-02", "WT-03")],
            problems=[
                problem(1, "公开\u200b的\u202e说法"),
                problem(2, aspect="财\u200b务处"),
                problem(3, aspect="电话 138 0013 8000"),
            ],
        )
    )
    assert [each.wording for each in report.problems] == ["公开的说法"]
    assert found == [("B5", "error"), ("B6", "error")]


def test_what_is_left_out_takes_its_measures_along(make_ledger: Make) -> None:
    ledger = make_ledger(
        [task("WT-01"), task("WT-02"), task("WT-02", "WT-01"), task()],
        problems=[problem(1), problem(2, disclosure="不公开")],
    )
    report, _ = published(ledger)
    assert (report.total.tasks, [each.counts.tasks for each in report.problems]) == (2, [2])
    assert "公开事项共1个方面1个问题，整改措施2项" in opening(report)


def test_public_statuses_are_what_the_committee_confirmed(make_ledger: Make) -> None:
    ledger = make_ledger(
        [
            task("WT-01", status="已销号"),
            task("WT-01", status="长期坚持"),
            task("WT-02", status="已销号"),
            task("WT-03", status="已完成"),
            task("WT-03", status="未启动"),
            task("WT-03", status="已销号"),
            task("WT-03", kind="原则"),
        ],
        problems=[problem(1), problem(2), problem(3), problem(4)],
        closeouts=[closeout(1), closeout(2, "转长期坚持"), closeout(3)],
    )
    report, found = published(ledger)
    assert [(each.counts.tasks, each.counts.done, each.counts.ongoing, each.status) for each in report.problems] == [
        (2, 1, 1, "已完成并长期坚持"),
        (1, 1, 0, "已完成"),
        (3, 0, 0, "正在推进"),
        (0, 0, 0, "措施制定中"),
    ]
    assert found == [("A7", "warning")]
    assert not report.partial
    assert opening(report) == (
        "　　现将整改进展情况公示如下：共1个方面4个问题，整改措施6项。截至2022年3月31日，已完成2项，"
        "已完成并长期坚持1项，正在推进3项，完成率50%（3/6）；其中1个问题的整改措施正在制定。欢迎干部群众监督。"
    )


def test_a_problem_without_a_measure_is_warned_of_before_it_is_published(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger(
        [task("WT-01"), task("WT-02", kind="原则")], problems=[problem(1), problem(2, "第二个"), problem(3, "第三个")]
    )
    report, found = published(ledger)
    assert [each.status for each in report.problems] == ["正在推进", "正在推进", "措施制定中"]
    assert found == [("A5", "hint"), ("A6", "warning")]
    result = run(*ASK, ledger, "--dry-run")
    assert (result.exit_code, "WT-03 没有任何整改措施，公示里写“措施制定中”。" in result.stderr) == (1, True)
    run(*ASK, ledger)
    data = (ledger.parent / "报表" / "整改进展公示_2022-03.xlsx").read_bytes()
    cells = [text for _, _, text in texts(data)]
    assert (cells.count("□ 正在推进"), cells.count("□ 措施制定中")) == (2, 1)


def test_nearly_all_is_not_published_as_all(make_ledger: Make) -> None:
    rows = [task("WT-01", status="已销号")] * 199 + [task("WT-01")]
    ledger = make_ledger(rows, problems=[problem(1)], closeouts=[closeout(n) for n in range(1, 200)])
    report, _ = published(ledger)
    assert "完成率99%（199/200）" in opening(report)


def test_what_recurs_or_lasts_is_in_no_percentage(make_ledger: Make) -> None:
    lasting = {"review_cycle": "季", "deadline": "长期坚持"}
    rows = [
        task("WT-01", status="已销号"),
        task("WT-01"),
        task("WT-01", kind="周期", **lasting),
        task("WT-01", kind="长期", **lasting),
    ]
    report, _ = published(make_ledger(rows, problems=[problem(1)], closeouts=[closeout(1)]))
    assert (report.total.tasks, report.total.ending, report.total.ended, report.total.rate) == (4, 2, 1, 50)
    assert opening(report).endswith("，完成率50%（1/2），按周期开展、长期坚持的2项不计完成率。欢迎干部群众监督。")


def test_a_measure_of_two_problems_counts_once_in_all(make_ledger: Make) -> None:
    report, _ = published(make_ledger([task("WT-02", "WT-01")], problems=[problem(1), problem(2)]))
    assert (report.total.tasks, report.shared) == (1, 1)
    assert [each.counts.tasks for each in report.problems] == [1, 1]
    sums = [sum(aspect.counts.tasks for aspect in report.aspects), sum(aspect.problems for aspect in report.aspects)]
    assert sums == [1, 2]


# The file.


def internal_words(ledger: Ledger) -> Iterator[str]:
    """Every text of the ledger not approved for the public: names, posts, departments, and register contents."""
    settings = ledger.settings
    for each in settings.departments:
        yield from (each.name, each.short, *each.aliases)
    yield from (*settings.posts, *settings.branches, settings.office)
    allowed = {"public", "aspect"}
    for name, register in ledger.registers.items():
        for record in register.records:
            for key, raw in record.cells.items():
                fixed = register.form.column(key).type == "choice"  # the same few words for all: no secret in them
                if not fixed and (name != "problems" or key not in allowed):
                    yield as_text(raw)


def test_nothing_internal_is_in_any_member_of_the_file(demo_folder: Path) -> None:
    ledger = read_ledger(demo_folder / "整改台账.xlsx", standard_forms())
    report, _ = publish(ledger, DEMO_DAY)
    assert len(report.problems) >= 10
    whole = everything(public_workbook(report, STAMP))
    words = {word for word in internal_words(ledger) if re.search(r"[一-鿿]{2}", word)}
    words -= {"长期坚持", "已完成"}  # typed as a deadline, and the title of a figure that proves, too
    approved = "\n".join((*(each.wording for each in report.problems), *(each.name for each in report.aspects)))
    assert len(words) > 150
    assert [word for word in words if word in whole and word not in approved] == []
    for mark in (
        "RW-",
        "WT-",
        "XH-",
        "◆",
        "▲",
        "逾期",
        "红灯",
        "排名",
        "佐证",
        "不公开",
        "taizhang",
        "/tmp",
        "xlsxwriter",
    ):
        assert mark not in whole
    withheld = [record for record in ledger.registers["problems"].records if record.cells["disclosure"] == "不公开"]
    assert len(withheld) == 2


def test_the_deny_list_sees_a_leak(demo_folder: Path) -> None:
    ledger = read_ledger(demo_folder / "整改台账.xlsx", standard_forms())
    whole = everything((demo_folder / "整改台账.xlsx").read_bytes())
    assert sum(word in whole for word in internal_words(ledger) if len(word) > 3) > 150


def test_the_file_has_no_names_comments_hidden_things_or_author(demo_folder: Path) -> None:
    report, _ = publish(read_ledger(demo_folder / "整改台账.xlsx", standard_forms()), DEMO_DAY)
    data = public_workbook(report, STAMP)
    whole, book = everything(data), load(data)
    assert not re.search(
        r"definedName|<comment|legacyDrawing|state=|hidden=|customXml|docProps/custom|externalLink", whole
    )
    assert re.search(r"<dc:creator>\s*</dc:creator>|<dc:creator/>", whole)
    assert not re.search(r"<(?:Company|Manager)>[^<]", whole)
    assert len(book.sheetnames) == 1
    (sheet,) = book
    assert sheet.print_area in (None, "")
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A4:H4"]
    assert data == public_workbook(report, STAMP)


def test_tables_are_native_with_unique_heads_and_words_for_the_chart(demo_folder: Path) -> None:
    report, _ = publish(read_ledger(demo_folder / "整改台账.xlsx", standard_forms()), DEMO_DAY)
    data = public_workbook(report, STAMP)
    (sheet,) = load(data)
    for table in sheet.tables.values():
        heads = [column.name for column in table.tableColumns]
        assert all(heads)
        assert len(set(heads)) == len(heads) == 8
    assert [table.ref for table in sheet.tables.values()] == ["A6:H11", "A15:H28"]
    whole = everything(data)
    assert whole.count("altTextSummary=") == 2
    total = report.total
    assert f'descr="堆积条形图：各方面措施进展，共{total.tasks}项，已完成{total.done}' in whole


def test_sums_agree_with_the_sentence(demo_folder: Path) -> None:
    report, _ = publish(read_ledger(demo_folder / "整改台账.xlsx", standard_forms()), DEMO_DAY)
    sheet: Any = load(public_workbook(report, STAMP)).active
    last = next(row for row in range(7, 20) if sheet.cell(row, 2).value == "公开事项合计")
    for column in range(3, 8):
        assert sheet.cell(last, column).value == sum(sheet.cell(row, column).value for row in range(7, last))
    numbers = [int(number) for number in re.findall(r"\d+", opening(report))]
    assert numbers[:3] == [len(report.aspects), len(report.problems), sheet.cell(last, 4).value]


def test_texts_fit_and_are_gbk(make_ledger: Make) -> None:
    problems = [problem(n, "公开的说法需要写得长一些才能看出会不会换行" * (n % 4 + 1)) for n in range(1, 26)]
    for ledger in (
        make_ledger([task("WT-01")], problems=problems),
        make_ledger([task("WT-01")], problems=problems[:2]),
    ):
        report, _ = publish(read_ledger(ledger, standard_forms()), AS_OF)
        data = public_workbook(report, STAMP)
        assert not_fitting(data) == []
        for _, cell, text in texts(data):
            assert text.encode("gbk"), cell


# The command.


def test_command_says_what_is_published_and_names_what_is_left_out(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([task("WT-01")], problems=[problem(1), problem(2, disclosure="不公开")])
    result = run(*ASK, ledger)
    assert (result.exit_code, result.stdout) == (
        0,
        "现将整改进展情况公示如下：公开事项共1个方面1个问题，整改措施1项。"
        "截至2022年3月31日，已完成0项，已完成并长期坚持0项，正在推进1项，完成率0%（0/1）。欢迎干部群众监督。\n",
    )
    assert "整改台账.xlsx:'问题清单'!L5: public: 提示：WT-02 标了“不公开”，没有列入公示。\n" in result.stderr
    assert [path.name for path in (ledger.parent / "报表").iterdir()] == ["整改进展公示_2022-03.xlsx"]


def test_what_waits_for_approval_ends_with_1_and_is_named_even_when_quiet(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger(
        [task("WT-01")], problems=[problem(1), problem(2, disclosure=None), problem(3, "打 13800138000")]
    )
    result = run(*ASK, ledger, "-q")
    assert result.exit_code == 1
    assert "WT-02 没有列入公示" in result.stderr
    assert "WT-03 没有列入公示" in result.stderr
    assert "13800138000" not in result.output
    assert (ledger.parent / "报表" / "整改进展公示_2022-03.xlsx").exists()


def test_nothing_approved_makes_no_file(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([task("WT-01")])
    result = run(*ASK, ledger)
    assert (result.exit_code, result.stdout, (ledger.parent / "报表").exists()) == (1, "", False)
    assert "公开审批" in result.stderr


def test_dry_run_writes_nothing(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([task("WT-01")], problems=[problem(1)])
    assert run(*ASK, ledger, "-n").exit_code == 0
    assert not (ledger.parent / "报表").exists()


def test_an_older_ledger_without_the_column_of_approval_publishes_nothing(make_ledger: Make, run: Run) -> None:
    import openpyxl

    ledger = make_ledger([task("WT-01")], problems=[problem(1)])
    book = openpyxl.load_workbook(ledger)
    book["问题清单"]["L3"] = "我的列"
    book.save(ledger)
    result = run(*ASK, ledger)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "请补上这两列" in result.stderr


@pytest.mark.parametrize("sheet", ["问题清单", "整改任务"])
def test_a_ledger_without_problems_or_tasks_cannot_run(sheet: str, make_ledger: Make, run: Run) -> None:
    import openpyxl

    ledger = make_ledger([task("WT-01")], problems=[problem(1)])
    book = openpyxl.load_workbook(ledger)
    book[sheet]["A3"] = "别的"
    book.save(ledger)
    result = run(*ASK, ledger)
    assert (result.exit_code, result.stdout, sheet in result.stderr) == (2, "", True)


@pytest.mark.parametrize(
    ("name", "typed", "published"),
    [
        ("单位名称", "某局（13800138000）", False),
        ("监督电话", "010-65201234", True),
        ("监督电话", "13800138000", True),
        ("监督电话", "机 密", False),
        ("公示期", "5个工作日，联系138.0013.8000", False),
    ],
)
def test_what_the_paper_bears_is_looked_at_too(
    make_ledger: Make, run: Run, name: str, typed: str, published: bool
) -> None:
    """The unit, the telephone for complaints (which is a telephone), how long it hangs there."""
    ledger = make_ledger([task("WT-01")], problems=[problem(1)])

    def work(book: Any) -> None:
        cell = next(cell for row in book["参数"] for cell in row if cell.value == name)
        cell.offset(column=1).value = typed

    by_hand(ledger, work)
    result = run(*ASK, ledger)
    assert (result.exit_code, (ledger.parent / "报表").exists()) == ((0, True) if published else (2, False))
    assert published or (f"〈参数〉的“{name}”" in result.stderr and typed not in result.output)


@pytest.mark.libreoffice
def test_pages_of_the_public_version(make_ledger: Make, soffice: Callable[..., Path], tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler (pdftotext) is not installed")
    counts = {15: 1, 34: 2, 60: 3}
    paths = [tmp_path / f"公示{count}.xlsx" for count in counts]
    for count, path in zip(counts, paths, strict=True):
        ledger = make_ledger([task("WT-01")], problems=[problem(n, f"公开说法{n}") for n in range(1, count + 1)])
        path.write_bytes(public_workbook(publish(read_ledger(ledger, standard_forms()), AS_OF)[0], STAMP))
    soffice(paths[0], "pdf", tmp_path, *paths[1:])
    for (count, expected), path in zip(counts.items(), paths, strict=True):
        pdf = path.with_suffix(".pdf")
        found = pages(pdf)
        assert set(page_sizes(pdf)) == {(595, 841)}
        assert len(found) == expected
        assert ["二、各问题进展" in page for page in found].index(True) == min(expected - 1, 1)
        assert f"公开说法{count}" in found[-1]
        assert not any(ERRORS.search(page) for page in found)
