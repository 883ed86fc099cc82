"""Wild ledgers by seed: odd dates, words in place of numbers, missing cells, columns and sheets."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from taizhang.forms.columns import Column
from taizhang.forms.load import standard_forms
from taizhang.forms.model import Form
from taizhang.ledger.model import Ledger, read_ledger
from taizhang.ledger.settings import BLOCKS, EVERYONE, NOBODY, REPORTING
from taizhang.typed.dates import month_before

LONG = "食品安全抽检监测和餐饮服务环节日常监督检查工作领导小组"
NAMES = (
    f"{LONG}办公室",
    f"{LONG}综合处",
    f"{LONG}办公一室",
    "财务处",
    "财务 处",
    "办公室",
    "市场监管一分局",
    "市场监管二分局",
    "a:b/c*[d]?",
    "'引号'",
    "History",
    '=HYPERLINK("x")',
    "110",
    "1.5",
    "部门\x01",
    "党委（党组）办公室",
    "A&B<处>",
    "处" * 80,
    *(f"第{n}业务处室" for n in range(1, 12)),
)
SHORTS = ("", "", "", "抽检办", "财务", "办", "处" * 12, "抽检办", "<&>")
TEXTS = (
    "",
    "",
    "修订管理办法",
    "约谈支部书记",
    "=SUM(A1:A9)",
    "+1",
    "-",
    "@处",
    "'引",
    "第一行\n第二行\r\n第三行",
    "\t制表\x01\x0b\x1f",
    "_x0001_x",
    'a&b<c>"d"]]>',
    "x" * 200,
    "长" * 1200,
    "字" * 32000,
    "https://x.invalid/" + "y" * 3000,
    "😀🀄",
    "\u202e倒",
    "\ufffe\uffff",
    "110101199003077758",
    "机密★1年",
    "100%",
    "0",
    "  ",
    "\u200b",
    "_xFFFE_",
    "无",
    "{=A1}",
    "#REF!",
    "mailto:a@b",
    "internal:A1",
    "一行" * 40 + "\n" * 60,
)
DAYS = (
    "2022年3月底前",
    "上半年",
    "长期坚持",
    "及时",
    "适时",
    "党的二十大召开前",
    "每季",
    "2022-02-30",
    "22-3-5",
    "明年",
    "2022年一季度",
    "3月31日",
    "",
    "",
    "无",
    44562,
    20220315,
    0,
    -1,
    1e15,
    0.5,
    True,
    date(1999, 1, 1),
    date(2035, 12, 31),
    date(2015, 1, 1),
    date(9999, 12, 31),
)
NUMBERS = (
    0,
    0.5,
    1,
    0.996,
    0.625,
    99.5,
    100,
    150,
    -5,
    "80％",
    "60%",
    "约三成",
    "",
    "",
    1e15,
    0.333333,
    True,
    "３",
    12,
    7,
)
Filler = Callable[[Random, Column, "Office"], Any]


@dataclass
class Office:
    """What a wild ledger's cells may refer to."""

    departments: Sequence[str]
    posts: Sequence[str]
    aspects: Sequence[str]
    counts: dict[str, int]
    tame: float


@dataclass(frozen=True)
class Wild:
    """A ledger on a day, the month ends before it that are known, and all that its cells hold."""

    seed: int
    ledger: Ledger
    earlier: tuple[tuple[date, Ledger], ...]
    as_of: date
    cells: frozenset[str]


def wild(seed: int) -> Wild:
    """Return the ledger of a seed: 0 to 300 tasks, mostly in order or mostly not."""
    random = Random(seed)
    as_of = random.choice(
        (
            date(2022, 6, 30),
            date(2022, 10, 1),
            date(2022, 2, 28),
            date(2022, 12, 31),
            date(2022, 1, 1),
            date(2024, 2, 29),
            date(2021, 5, 15),
            date(2015, 1, 1),
            date(2035, 12, 31),
            date(2022, 6, 15),
        )
    )
    held = set[str]()
    size = random.choice((0, 1, 2, 5, 12, 30, 60, 300) if seed % 10 == 0 else (0, 1, 2, 3, 8, 20, 40))
    ledger = _ledger(random, size, held)
    ends, earlier = as_of, []
    for _ in range(random.choice((0, 0, 1, 2, 3))):
        ends = month_before(ends)
        earlier.append((ends, _ledger(Random(seed) if random.random() < 0.5 else random, size, set())))
    return Wild(seed, ledger, tuple(reversed(earlier)), as_of, frozenset(held))


def _ledger(random: Random, size: int, held: set[str]) -> Ledger:
    from xlsxwriter import Workbook

    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd", "strings_to_urls": False})
    office = Office(
        random.sample(NAMES, random.choice((0, 1, 2, 5, 13, len(NAMES)))),
        ["局长", "分管副局长", *random.sample(TEXTS, 2)],
        [
            f"{n}{random.choice(('方面', LONG, '办实事方面'))}"
            for n in "甲乙丙丁戊己庚辛"[: random.choice((0, 1, 3, 5, 8))]
        ],
        {"tasks": size, "problems": random.choice((0, 1, 5, 15, 40)), "causes": random.choice((0, 1, 5, 30))},
        random.choice((0.3, 0.7, 0.95, 1)),
    )
    if random.random() < 0.99:
        _settings(book, random, office, held)
    forms = standard_forms()
    every = random.random() < 0.1
    for form in forms.values():
        if not form.automatic and (form.enabled or every) and (form.name == "tasks" or random.random() < 0.99):
            _register(book, random, form, office, held)
    if not book.worksheets():
        book.add_worksheet("说明")
    book.close()
    return read_ledger(Path("整改台账.xlsx"), forms, target.getvalue())


def _settings(book: Any, random: Random, office: Office, held: set[str]) -> None:
    sheet, left = book.add_worksheet("参数"), 0
    text = lambda: random.choice(TEXTS) if random.random() > office.tame else "某市某某局"  # noqa: E731
    year = random.choice((2022, 2022, 2022, "", 99999, "二〇二二", 0, 2035, 2015))
    blocks: dict[str, list[list[Any]]] = {
        "基本信息": [
            ["单位名称", text()],
            ["整改办名称", text()],
            ["方案年度", year],
            ["日历年度", random.choice(("2022", "2021、2022、2023", ""))],
            ["督办字号", text()],
            ["联系电话", text()],
            ["监督电话", text()],
            ["公示期", text()],
        ],
        "部门": [[name, random.choice(SHORTS), random.choice(("", "计财处、财务科"))] for name in office.departments],
        "岗位": [[post, ""] for post in office.posts],
        "党支部": [["第一党支部", ""], [random.choice(TEXTS), ""]],
        "方面": [[name, random.choice(("", name[:3], text()))] for name in office.aspects],
        "期次": [
            [f"2022-{n:02}", random.choice((date(2022, n, 28), "", "月底")), ""]
            for n in range(1, random.choice((1, 7, 13)))
        ],
        "亮灯": [
            [rule, random.choice((30, 10, 7, 0, 1000, "", "一周"))]
            for rule in ("红灯落后百分点", "黄灯落后百分点", "临期天数")
        ],
        "事件": [["党的二十大召开", random.choice(("", date(2022, 10, 16), "十月"))]],
        "工作日历": [[date(2022, 10, n), "放假"] for n in range(1, 8)],
        REPORTING: [
            [form.sheet, random.choice((EVERYONE, NOBODY, "", text(), "、".join(office.departments)))]
            for form in random.sample(list(standard_forms().values()), 3)
        ],
    }
    for title, heads in BLOCKS.items():
        for row, cells in enumerate([[title], [*heads], *blocks[title]], 2):
            for offset, value in enumerate(cells):
                _write(sheet, row, left + offset, value, held)
        left += len(heads) + 1


def _register(book: Any, random: Random, form: Form, office: Office, held: set[str]) -> None:
    sheet = book.add_worksheet(form.sheet)
    columns = [column for column in form.columns if random.random() < 0.9995 or column.key in ("code", "statement")]
    for number, column in enumerate(columns):
        _write(sheet, 2, number, column.title, held)
    rows = office.counts.get(form.name, random.choice((0, 0, 1, 4, 12)))
    for number in range(rows):
        for place, column in enumerate(columns):
            wild_one = random.random() > office.tame
            value = (
                random.choice((*TEXTS, *DAYS, *NUMBERS))
                if wild_one and random.random() < 0.4
                else _value(random, form, column, number, office, wild_one)
            )
            _write(sheet, 3 + number, place, value, held)


def _value(random: Random, form: Form, column: Column, number: int, office: Office, odd: bool) -> Any:
    kind = column.type
    if kind == "code":
        return (
            random.choice(("", form.format_code(max(number, 1)), f"{column.title}*?"))
            if odd
            else form.format_code(number + 1)
        )
    if kind in ("reference", "references"):
        named = standard_forms()[column.to]
        code = named.format_code(random.randrange(max(office.counts.get(column.to, 3), 1)) + 1)
        return random.choice((code, f"{code}、{named.format_code(2)}", "不存在", "")) if odd else code
    if kind in ("choice", "choices"):
        return random.choice(("", "别的", *column.choices)) if odd else random.choice(column.choices)
    if kind in ("department", "departments"):
        return random.choice((*(office.departments or ("没有的处",)), *(("没有的处", "", "抽检办") if odd else ())))
    if kind == "post":
        return random.choice(office.posts)
    if kind == "aspect":
        return random.choice((*office.aspects, "") if odd or not office.aspects else office.aspects)
    if kind in ("date", "deadline"):
        day = date(2022, 1, 1) + timedelta(days=random.randrange(-200, 500))
        return random.choice(DAYS) if odd else random.choice((day, day, day.isoformat()))
    if kind in ("percent", "integer", "decimal", "money"):
        return (
            random.choice(NUMBERS)
            if odd
            else random.choice((0.2, 0.5, 0.625, 0.8, 1))
            if kind == "percent"
            else random.randrange(30)
        )
    if kind == "period":
        return random.choice(("2022-03", "2022-12", "2022年6月", "", "2023-01"))
    if column.key == "cycle" and not odd:
        return random.choice(("2022年一季度", "2022年3月", "2022-05", "2022年上半年", "2021年四季度", "2021年"))
    if column.key == "disclosure":
        return "同意公开"
    return (
        random.choice(TEXTS) if odd else random.choice(("修订管理办法并印发执行", "约谈支部书记3人次", LONG, LONG * 4))
    )


def _write(sheet: Any, row: int, column: int, value: Any, held: set[str]) -> None:
    if isinstance(value, str):
        held.update(value)
        if value:
            sheet.write_string(row, column, value)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value)
    else:
        sheet.write_number(row, column, value)
