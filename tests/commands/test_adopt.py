"""taizhang adopt, by its whole output: the mapping shown and confirmed, what is kept for next year, and --into."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from support.fixtures import Run
from support.old_tables import OLD_TABLES, OldTable, write_table
from support.returned import column_values
from taizhang.ledger.model import read_ledger
from taizhang.ledger.own_forms import forms_beside
from taizhang.typed.text import as_text

pytestmark = pytest.mark.slow

TABLE = OldTable(
    rows=(
        ("某局巡察整改台账（2025年）",),
        (
            "序号", "方面", "反馈问题", "整改措施", "责任领导", "责任单位", "责任人", "整改时限", "整改状态",
            "是否销号", "是否入账", "电话",
        ),
        (
            1, "党的建设", "学习不深入", "1.制定计划；2.开展研讨", "党委书记", "党办、人事科", "王小明", "2025年6月底",
            "已完成", "☑", "甲账", "13800138000",
        ),
        (2, "作风建设", "调研不够", "开展调研", "张伟", "各科室", "", "2025.9.30", "等通知", "", "", ""),
        ("合计", "", 2, 3),
    ),
    problems=(),
    tasks=(),
    figures=(3, 2, "2/3", "—"),
    merged=("A1:L1",),
    more=(("封面", (("某局",),)),),
)  # fmt: skip

PLAN = [
    "旧表.xlsx〈Sheet1〉：表头在第 2 行，下面到第 5 行。",
    "  A2 序号 → 序号（按表头），例：“1”、“2”",
    "  B2 方面 → 方面（按表头），例：“党的建设”、“作风建设”",
    "  C2 反馈问题 → 问题（按表头），例：“学习不深入”、“调研不够”",
    "  D2 整改措施 → 整改措施（按表头），例：“1.制定计划；2.开展研讨”、“开展调研”",
    "  E2 责任领导 → 牵头领导（按表头），例：“党委书记”",
    "  F2 责任单位 → 牵头部门（按表头），例：“党办、人事科”、“各科室”",
    "  G2 责任人 → 责任人（按表头）",
    "  H2 整改时限 → 完成时限（按表头），例：“2025年6月底”、“2025.9.30”",
    "  I2 整改状态 → 状态（按表头），例：“已完成”、“等通知”",
    "  J2 是否销号 → 是否销号（按表头），例：“☑”",
    "  K2 是否入账 → 自己的列（认不出），例：“甲账”",
    "  L2 电话 → 联系电话（按表头）",
    "没有收的表：〈封面〉，里面没有找到这样的表头，或没有选。",
    "收进 2 个问题、0 个原因、3 项任务，2 个部门、1 个岗位。",
    "已销号 2 项：〈销号审核〉里写“沿用原台账”和原表的那一格，不补审核手续；"
    "有销号日期的 0 项，没有的 2 项不计入按期办结率。",
    "请核对：方案年度按 2025 年，没写年份的时限都按这一年；不对的请加 --year。",
    "请核对：没有写单位名称，请加 --unit，或收完在〈参数〉里填。",
    "请核对：问题的来源写作“巡视巡察”；不对的请加 --source。",
    "请核对：“各科室”不是一个部门，原话留在“原表牵头部门”：〈Sheet1〉第 4 行。",
    "请核对：状态“等通知”不知道是什么状态，按“未启动”收，原话留在“原表状态”：〈Sheet1〉第 4 行。",
    "请核对：没有写牵头部门，待明确：〈Sheet1〉第 4 行。",
    "没有照收：〈Sheet1〉A1 表头上面的标题，没有写进台账。",
    "没有照收：〈Sheet1〉E4、G3 写的是姓名，或认不出的岗位，没有写进台账："
    "请在 收编对照.txt 的 [岗位] 里写明各是什么岗位，再收。",
    "没有照收：〈Sheet1〉L3 “电话”不写进台账。",
    "没有照收：〈Sheet1〉A5、C5、D5 合计行，不算一条。",
]


NOW = ("--as-of", "2025-08-31")


def test_without_an_answer_the_mapping_is_shown_and_nothing_written(run: Run, tmp_path: Path) -> None:
    old = write_table(tmp_path / "旧表.xlsx", TABLE)
    before = old.read_bytes()
    result = run("收编", old, "-l", tmp_path / "台账" / "整改台账.xlsx", *NOW)
    assert (result.exit_code, result.stdout.splitlines()) == (1, PLAN)
    assert "没有人回答，没有写入，台账和文件都没有动。要直接写请加 --yes。" in result.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["旧表.xlsx"]
    assert run("adopt", old, "-l", tmp_path / "台账" / "整改台账.xlsx", *NOW, answer="否\n").exit_code == 1
    dry = run("adopt", old, "-l", tmp_path / "台账" / "整改台账.xlsx", *NOW, "-n")
    assert (dry.exit_code, dry.stdout.splitlines()) == (0, PLAN)
    assert [each.name for each in tmp_path.iterdir()] == ["旧表.xlsx"]
    assert old.read_bytes() == before


def test_what_is_confirmed_is_kept_and_asked_no_more(run: Run, tmp_path: Path) -> None:
    old = write_table(tmp_path / "旧表.xlsx", TABLE)
    first = run("adopt", old, "-l", tmp_path / "甲" / "整改台账.xlsx", *NOW, answer="是\n")
    assert (first.exit_code, first.stdout.splitlines()) == (0, PLAN)
    kept = (tmp_path / "甲" / "收编对照.txt").read_text(encoding="utf-8")
    assert "责任单位 = 牵头部门\n责任人 = 责任人\n整改时限 = 完成时限\n" in kept
    ruled = kept.replace("[岗位]\n", "[岗位]\n王小明 = 党办主任\n张伟＝分管副局长\n").replace(
        "是否入账 = 另列", "是否入账 = 不写入"
    )
    mapping = tmp_path / "对照.txt"
    mapping.write_bytes((ruled + "等通知 = 推进中\n已完成 = 已销号\n").encode("gb18030"))  # as an old editor saves it
    again = run("adopt", old, "-l", tmp_path / "乙" / "整改台账.xlsx", "--mapping", mapping)
    assert again.exit_code == 0, again.stderr
    lines = again.stdout.splitlines()
    assert [line for line in lines if "按对照文件" in line] == [line for line in lines if line.startswith("  ")]
    assert "没有照收：〈Sheet1〉K3 “是否入账”不写进台账。" in lines
    assert column_values(tmp_path / "乙" / "整改台账.xlsx", "leader") == {
        "RW-001": "党委书记",
        "RW-002": "党委书记",
        "RW-003": "分管副局长",
    }
    assert column_values(tmp_path / "乙" / "整改台账.xlsx", "status")["RW-003"] == "推进中"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("责任单位 = 部门", "第 2 行的“部门”不能用，可以写：序号、方面、问题"),
        ("责任单位", "第 2 行没有看懂，请写成“原表的话 = 意思”。"),
        ("[表格]", "第 2 行的“表格”不认识，可以写：表头、岗位、状态。"),
        ("[状态]\n好了 = 好", "第 3 行的“好”不能用，可以写：未启动、推进中、已完成、长期坚持、已销号。"),
        ("【状态】\n好了 = 好\n停了 = 停", "第 3 行的“好”、第 4 行的“停”不能用，可以写：未启动、"),
        ("责任单位\n\n甲乙丙\n丁", "第 2、4—5 行没有看懂，请写成“原表的话 = 意思”。"),
    ],
)
def test_a_wrong_mapping_is_refused_with_its_line(line: str, said: str, run: Run, tmp_path: Path) -> None:
    old = write_table(tmp_path / "旧表.xlsx", TABLE)
    mapping = tmp_path / "对照.txt"
    mapping.write_text(f"# 我的对照\n{line}\n", encoding="utf-8-sig")
    result = run("adopt", old, "-l", tmp_path / "台账.xlsx", "--mapping", mapping, "--yes")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("text", ["[表头]\n责任领导 = 不写入\n", "［表头］\r\n责任领导＝不写入\r\n"])
def test_a_mapping_is_read_as_editors_save_it(text: str, encoding: str, run: Run, tmp_path: Path) -> None:
    old = write_table(tmp_path / "旧表.xlsx", TABLE)
    (tmp_path / "收编对照.txt").write_bytes(text.encode(encoding))
    result = run("adopt", old, "-l", tmp_path / "整改台账.xlsx", "-n")
    assert (result.exit_code, result.stderr.splitlines()[:1]) == (
        0,
        [f"对照不对的，写在 {tmp_path / '收编对照.txt'} 里（或 --mapping 指明的文件），再收一次："],
    )
    assert [line for line in result.stdout.splitlines() if "按对照文件" in line] == [
        "  E2 责任领导 → 不写入（按对照文件），例：“党委书记”"
    ]


def test_what_is_no_text_is_no_mapping(run: Run, tmp_path: Path) -> None:
    old = write_table(tmp_path / "旧表.xlsx", TABLE)
    result = run("adopt", old, "-l", tmp_path / "整改台账.xlsx", "--mapping", old)
    said = "没有运行：旧表.xlsx 不是文字文件，不能当对照文件。请用记事本写一份，另存为 .txt 再运行。\n"
    assert (result.exit_code, result.stderr) == (2, said)


def test_a_mapping_with_a_second_suffix_is_asked_to_be_renamed(run: Run, tmp_path: Path) -> None:
    old = write_table(tmp_path / "旧表.xlsx", TABLE)
    (tmp_path / "收编对照.txt.txt").write_text("[表头]\n责任领导 = 不写入\n", encoding="utf-8")
    result = run("adopt", old, "-l", tmp_path / "整改台账.xlsx", "-n")
    assert (result.exit_code, "请改名为 收编对照.txt 再运行。" in result.stderr) == (2, True)


def test_a_table_is_added_to_a_ledger_and_can_be_undone(run: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "整改台账.xlsx"
    run("adopt", write_table(tmp_path / "去年.xlsx", OLD_TABLES["plain"]), "-l", ledger, "--unit", "某局", "--yes")
    result = run("adopt", write_table(tmp_path / "旧表.xlsx", TABLE), "--into", ledger, "--source", "专项治理", "--yes")
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert [line for line in lines if "新加" in line] == [
        "〈问题清单〉新加 WT-04 到 WT-05，2 行。",
        "〈整改任务〉新加 RW-004 到 RW-006，3 行。",
        "〈销号审核〉新加 XH-001 到 XH-002，2 行。",
        "〈参数〉的“部门”新加：党办。",
        "〈参数〉的“岗位”新加：党委书记。",
        "〈参数〉的“方面”新加：党的建设、作风建设。",
    ]
    book = read_ledger(ledger, forms_beside(ledger))
    assert book.findings == ()
    assert [each.name for each in book.settings.departments] == ["办公室", "人事科", "财务科", "党办"]
    assert column_values(ledger, "problems") == {
        "RW-001": "WT-01", "RW-002": "WT-02", "RW-003": "WT-03", "RW-004": "WT-04", "RW-005": "WT-04",
        "RW-006": "WT-05",
    }  # fmt: skip
    assert set(column_values(ledger, "source", "problems").values()) == {"原台账", "专项治理"}
    heads = [head for _, head in book.registers["tasks"].extra]
    assert heads == ["原表位置", "原表序号", "是否入账", "原表牵头部门", "原表状态"]
    numbers = {head: number for number, head in book.registers["tasks"].extra}
    row = book.registers["tasks"].by_code["RW-004"].row
    assert as_text(book.registers["tasks"].sheet.value(row, numbers["是否入账"])) == "甲账"
    errors = run("validate", "-l", ledger, "--as-of", "2025-08-31", "--json").stdout
    assert '"severity": "error"' not in errors
    assert run("history", "verify", "-l", ledger).exit_code == 0
    assert "收编 旧表.xlsx" in run("history", "list", "-l", ledger).stdout
    undone = run("history", "undo", "2", "--yes", "-l", ledger)
    assert (undone.exit_code, undone.stdout.count("不动")) == (0, 0), undone.stdout
    assert [head for _, head in read_ledger(ledger, forms_beside(ledger)).registers["tasks"].extra] == heads[:2]
    assert [*column_values(ledger, "status")] == ["RW-001", "RW-002", "RW-003"]
    after = run("adopt", tmp_path / "旧表.xlsx", "--into", ledger, "--source", "专项治理", "--yes")
    assert "〈整改任务〉新加 RW-007 到 RW-009，3 行。" in after.stdout  # codes are never used again


def test_another_unit_than_the_ledgers_is_refused(run: Run, tmp_path: Path) -> None:
    old, ledger = write_table(tmp_path / "旧表.xlsx", TABLE), tmp_path / "整改台账.xlsx"
    run("adopt", write_table(tmp_path / "去年.xlsx", OLD_TABLES["plain"]), "-l", ledger, "--unit", "某局", "--yes")
    before = ledger.read_bytes()
    result = run("adopt", old, "--into", ledger, "--unit", "某厅", "--yes")
    assert (result.exit_code, result.stdout, result.stderr) == (
        2,
        "",
        "没有运行：加进已有的台账，单位照那一本的〈参数〉，那里写的是“某局”，--unit 写的“某厅”没有用。"
        "请去掉 --unit 再运行；单位名称要改，请在〈参数〉里改。\n",
    )
    assert ledger.read_bytes() == before


CARD = (
    ("问题", "{}"),
    ("整改措施", "{}"),
    ("责任部门", "办公室"),
    ("时限", "年底"),
)


def test_cards_on_several_sheets_are_shown_once(run: Run, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, words in (("1号", ("会议偏多", "合并会议")), ("2号", ("文件偏多", "减少发文"))):
        sheet = book.create_sheet(name)
        for (label, value), said in zip(CARD, (*words, "", ""), strict=True):
            sheet.append([label, value.format(said)])
    book.save(tmp_path / "卡片.xlsx")
    result = run("adopt", tmp_path / "卡片.xlsx", "-l", tmp_path / "整改台账.xlsx", "--unit", "某局", "--yes", *NOW)
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        [
            "卡片.xlsx〈1号〉：一条一张卡，共 1 条。",
            "  A1 问题 → 问题（按表头），例：“会议偏多”",
            "  A2 整改措施 → 整改措施（按表头），例：“合并会议”",
            "  A3 责任部门 → 牵头部门（按表头），例：“办公室”",
            "  A4 时限 → 完成时限（按表头），例：“年底”",
            "卡片.xlsx〈2号〉：一条一张卡，共 1 条，表头同〈1号〉。",
            "收进 2 个问题、0 个原因、2 项任务，1 个部门、0 个岗位。",
            "请核对：方案年度按 2025 年，没写年份的时限都按这一年；不对的请加 --year。",
            "请核对：问题的来源写作“原台账”；不对的请加 --source。",
            "请核对：没有写方面，记作“未分方面”，请在〈参数〉和〈问题清单〉里改：〈1号〉第 1 行、〈2号〉第 1 行。",
        ],
    )


def test_a_row_that_may_be_the_heads_is_shown(run: Run, tmp_path: Path) -> None:
    table = replace(
        TABLE, rows=(("登记",), ("序", "啥毛病", "咋整", "归哪个"), (1, "会多", "少开", "老办")), merged=(), more=()
    )
    old = write_table(tmp_path / "旧表.xlsx", table)
    result = run("adopt", old, "-l", tmp_path / "整改台账.xlsx", "--yes")
    assert (result.exit_code, result.stdout) == (2, "")
    assert ("请核对文件；〈Sheet1〉第 2 行要是表头（序、啥毛病、咋整、归哪个），请在台账旁边放一个 ") in result.stderr


def test_the_same_table_twice_is_refused(run: Run, tmp_path: Path) -> None:
    old, ledger = write_table(tmp_path / "旧表.xlsx", TABLE), tmp_path / "整改台账.xlsx"
    run("adopt", old, "-l", ledger, "--yes")
    before = ledger.read_bytes()
    again = run("adopt", old, "--into", ledger, "--yes")
    assert (again.exit_code, again.stdout) == (2, "")
    assert "台账里一字不差都有了，像是已经收过，什么都没写。" in again.stderr
    anew = run("adopt", old, "-l", ledger, "--yes")
    assert (anew.exit_code, anew.stdout) == (2, "")
    assert "整改台账.xlsx 已经有了，一本台账一个文件夹，没有收编。" in anew.stderr
    assert ledger.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--source", "群众来信"), "--source 群众来信 不是来源，可以写：民主生活会、巡视巡察、专项治理、考核"),
        (("--sheet", "封面"), "旧表.xlsx 里没有找到整改表：前 30 行里没有一行表头写着问题、整改措施、责任部门、时限"),
        (("--sheet", "附件"), "旧表.xlsx 里没有〈附件〉这张表，有：〈Sheet1〉、〈封面〉。"),
        (("--mapping", "没有.txt"), "没有.txt 找不到，请在 --mapping 写对照文件的文件名。"),
        (("-l", "台账.xls"), "台账要以 .xlsx 结尾，台账.xls 不行"),
    ],
)  # fmt: skip
def test_what_cannot_be_adopted_is_said(words: tuple[str, ...], said: str, run: Run, tmp_path: Path) -> None:
    old = write_table(tmp_path / "旧表.xlsx", TABLE)
    given = words if "-l" in words else ("-l", tmp_path / "台账.xlsx", *words)
    result = run("adopt", old, "--yes", *given)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["旧表.xlsx"]


def test_what_the_program_made_is_no_old_table(run: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "甲" / "整改台账.xlsx"
    run(
        "adopt", write_table(tmp_path / "旧表.xlsx", OLD_TABLES["plain"]), "-l", ledger, *NOW, "--unit", "某局", "--yes"
    )
    own = run("adopt", ledger, "-l", tmp_path / "乙" / "整改台账.xlsx", "--yes")
    assert (own.exit_code, own.stdout) == (2, "")
    assert "整改台账.xlsx 本来就是整改台账，不用收编" in own.stderr
    run("issue", "-p", "2025-08", "--as-of", "2025-08-10", "-l", ledger)
    form = next((tmp_path / "甲" / "下发").rglob("*.xlsx"))
    issued = run("adopt", form, "--into", ledger, "--yes")
    assert (issued.exit_code, issued.stdout) == (2, "")
    assert "是下发给部门填的表，不用收编" in issued.stderr


def test_a_plan_of_an_earlier_year_has_the_periods_of_this_one_too(run: Run, tmp_path: Path) -> None:
    old, ledger = write_table(tmp_path / "旧表.xlsx", TABLE), tmp_path / "整改台账.xlsx"
    assert run("adopt", old, "-l", ledger, "--as-of", "2026-03-31", "--unit", "某局", "--yes").exit_code == 0
    settings = read_ledger(ledger, forms_beside(ledger)).settings
    assert settings.year == 2025
    assert [settings.periods[number].name for number in (0, 11, 12, 23)] == ["2025-01", "2025-12", "2026-01", "2026-12"]
    assert {2024, 2025, 2026} <= settings.workdays.years
    assert run("issue", "-p", "2026-03", "--as-of", "2026-03-10", "-l", ledger).exit_code in (0, 1)


def test_secrets_and_numbers_do_not_get_in(run: Run, tmp_path: Path) -> None:
    rows = (
        ("问题", "整改措施", "责任单位", "进展情况"),
        ("值班不落实", "排班", "办公室", "联系 13800138000 可查"),
        ("机密★1年 文件乱放", "上锁", "办公室", ""),
    )
    old = write_table(tmp_path / "旧表.xlsx", replace(TABLE, rows=rows, merged=(), more=()))
    result = run("adopt", old, "-l", tmp_path / "台账.xlsx", "--unit", "某局", "--yes")
    assert result.exit_code == 0
    assert [line for line in result.stdout.splitlines() if line.startswith("没有照收")] == [
        "没有照收：〈Sheet1〉D2 里有手机号，号码没有写进台账，其余照抄。",
        "没有照收：〈Sheet1〉A3 有密级标志，没有写进台账，请先按保密规定处理。",
    ]
    assert "13800138000" not in result.stdout
    assert "文件乱放" not in result.stdout
    assert column_values(tmp_path / "台账.xlsx", "update") == {"RW-001": "联系 （号码不显示） 可查", "RW-002": ""}
    assert column_values(tmp_path / "台账.xlsx", "title", "problems") == {
        "WT-01": "值班不落实",
        "WT-02": "（内容没有收进来）",
    }


def test_what_excel_hides_is_adopted_with_a_word(run: Run, tmp_path: Path) -> None:
    old = tmp_path / "旧表.xlsx"
    write_table(old, OldTable(rows=HIDDEN_ROWS, problems=(), tasks=(), figures=(0, 0, "—", "—")))
    book = openpyxl.load_workbook(old)
    sheet = book.worksheets[0]
    sheet.row_dimensions[3].hidden = sheet.row_dimensions[4].hidden = sheet.row_dimensions[9].hidden = True
    other = book.create_sheet("附表")
    for row in HIDDEN_ROWS[:2]:
        other.append(row)
    other.sheet_state = "hidden"
    book.save(old)
    before = old.read_bytes()
    said = run(
        "adopt", old, "-l", tmp_path / "台账" / "整改台账.xlsx", "-n", *NOW, "--unit", "某局"
    ).stdout.splitlines()
    assert [line for line in said if "隐藏" in line] == [
        "请核对：〈Sheet1〉第 3—4 行在原表里是隐藏的，也收了；不收的，请在原表里删去再收。",
        "请核对：〈附表〉在原表里是隐藏的，也收了；不收的，请用 --sheet 写明收哪一张。",
    ]
    assert old.read_bytes() == before


HIDDEN_ROWS = (
    ("问题", "整改措施", "牵头", "配合", "完成时限"),
    ("学习不深入", "制定学习计划", "党办", "人事科", "2025年6月底"),
    ("调研不够", "开展调研", "办公室", "", "2025年9月底"),
    ("会议多", "压减会议", "办公室", "人事科", "2025年9月底"),
)


@pytest.mark.parametrize(("second", "refused"), [(("问题", "整改措施"), True), (("备注", "备注"), False)])
def test_tables_side_by_side_are_refused(second: tuple[str, str], refused: bool, run: Run, tmp_path: Path) -> None:
    rows = (("问题", "整改措施", "责任部门", *second), ("学习不深入", "制定计划", "党办", "账目不清", "清理账目"))
    old = write_table(tmp_path / "旧表.xlsx", OldTable(rows=rows, problems=(), tasks=(), figures=(0, 0, "—", "—")))
    result = run("adopt", old, "-l", tmp_path / "台账" / "整改台账.xlsx", "-n", *NOW, "--unit", "某局")
    said = (
        "没有运行：旧表.xlsx〈Sheet1〉第 1 行的表头“问题”“整改措施”各写了两遍，像是并排的两张表，"
        "分不清哪一格属于哪一条。请把它们上下排成一张，或放进两个工作表，另存一份再运行。"
    )
    assert (result.exit_code, said in result.stderr) == ((2, True) if refused else (0, False))
