"""docs/forms.md written from the language of forms itself: every key, type, kind and a worked example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from taizhang.forms.boards import BOARD_KINDS, BoardKind
from taizhang.forms.conditions import Test
from taizhang.forms.grammar import COLUMN_KEYS, FORM_KEYS, GROUPS, INDICATOR_KINDS, INDICATOR_OPTIONS
from taizhang.forms.load import standard_forms
from taizhang.forms.rules import OPTION_WORDS, RULE_KEYS, RULE_KINDS
from taizhang.forms.vocabulary import ColumnType, IndicatorKind
from taizhang.ledger.own_forms import OWN_FOLDER

__all__ = ["BOARD_QUESTIONS", "EXAMPLE", "INDICATOR_WORDS", "forms_page"]

EXAMPLE = """\
sheet = "应急演练"
code = "YL-{n:03}"
order = 900
group = "其他"
owner = "department"
new_rows = "department"
title_column = "topic"
dated = "held"
help = "各部门的应急演练，一次一行；只写人数，不写姓名。"

[[column]]
key = "code"
title = "演练编号"
type = "code"
required = true

[[column]]
key = "department"
title = "组织部门"
type = "department"
required = true

[[column]]
key = "task"
title = "对应任务"
type = "reference"
to = "tasks"
filled_by = "department"

[[column]]
key = "topic"
title = "演练内容"
type = "text"
required = true
filled_by = "department"
example = "消防疏散"

[[column]]
key = "planned"
title = "计划日期"
type = "date"
required = true
filled_by = "department"

[[column]]
key = "held"
title = "演练日期"
type = "date"
filled_by = "department"

[[column]]
key = "expected"
title = "应参加人数"
type = "integer"
filled_by = "department"

[[column]]
key = "present"
title = "实参加人数"
type = "integer"
filled_by = "department"

[[indicator]]
title = "超期没有演练"
kind = "overdue"
from = "planned"
to = "held"
unit = "次"

[[indicator]]
title = "参加"
kind = "ratio"
part = "present"
whole = "expected"
unit = "人次"

[[rule]]
name = "drill-within-a-month"
kind = "within"
title = "计划以后一个月内演练"
from = "planned"
to = "held"
most = 1
unit = "月"
source = "口径"
fails = { planned = 2022-01-10, held = 2022-02-11 }

[[board]]
title = "演练：部门×季"
kind = "matrix"
rows = "department"
per = "季"
on = "held"
"""
"""A form as an office would write one; a test runs it through the commands."""

INDICATOR_WORDS: Mapping[IndicatorKind, str] = {
    IndicatorKind.COUNT: "行数",
    IndicatorKind.COUNT_BY: "按一列分，各有几行",
    IndicatorKind.DISTINCT: "一列里有几个不同的",
    IndicatorKind.SHARE: "一列填了（或填了某个选项）的行，占能读的行",
    IndicatorKind.OVERDUE: (
        "到期没有办的行，占有期限的行（办了的也在里面）。期限写 `from`（`plus` 是有几天，`to` 填了算办了，"
        "不写 `to` 的过了那天就算），或者写 `rule`（本表一条或几条 due 规则的 name，"
        "规则说超期几行就是几行），两样写一样"
    ),
    IndicatorKind.ON_TIME: "按期办的行，占已经到期或办完的行",
    IndicatorKind.MEDIAN_DAYS: "从一天到另一天的中位天数",
    IndicatorKind.MEAN_DAYS: "从一天到另一天的平均天数",
    IndicatorKind.OPEN_DAYS: "还没有办（`to` 空着）的里，等得最久的有几天；都办了是 0",
    IndicatorKind.LATEST: "离最近一次有几天",
    IndicatorKind.SUM: "一列相加，可以再按另一列分",
    IndicatorKind.RATIO: "一列合计占另一列合计（部分不会比总数大，大了 validate 会指出）",
    IndicatorKind.COMPARE: "一列合计比另一列合计（可以超过 100%）",
}
"""What each kind of indicator counts."""

BOARD_QUESTIONS: Mapping[BoardKind, str] = {
    BoardKind.MATRIX: "谁欠了，欠在哪个月、哪一类",
    BoardKind.RANKING: "谁第一、谁末位，末位的约谈了没有，比上年怎样",
    BoardKind.FUNNEL: "各阶段有多少，哪里还没有",
    BoardKind.MILESTONES: "哪件逾期、拖了几天，下一件是什么",
    BoardKind.STACK: "各由哪些部分组成，各占多少；或到期的办完了几件",
    BoardKind.LINE: "这一期比上一期好了还是差了",
    BoardKind.LIST: "谁有几处要改，主要是哪几条",
    BoardKind.TARGET: "目标达到了几项，哪项差得最多",
    BoardKind.DURATIONS: "办一件要几个工作日、几个环节，哪类最慢",
}
"""What each kind of board answers."""

_TYPES: Mapping[ColumnType, str] = {
    ColumnType.TEXT: "短文字",
    ColumnType.LONG_TEXT: "长文字",
    ColumnType.CODE: "本表的编号，有且只有一列",
    ColumnType.DATE: "日期，各种写法都认",
    ColumnType.DEADLINE: "时限，可以写“3月底前”“长期坚持”",
    ColumnType.PERCENT: "百分数",
    ColumnType.INTEGER: "不小于 0 的整数",
    ColumnType.DECIMAL: "小数",
    ColumnType.MONEY: "金额",
    ColumnType.CHOICE: "选项里的一个",
    ColumnType.CHOICES: "选项里的几个",
    ColumnType.REFERENCE: "另一张表的一个编号",
    ColumnType.REFERENCES: "另一张表的几个编号",
    ColumnType.DEPARTMENT: "〈参数〉里的一个部门",
    ColumnType.DEPARTMENTS: "〈参数〉里的几个部门",
    ColumnType.POST: "〈参数〉里的岗位",
    ColumnType.BRANCH: "〈参数〉里的党支部",
    ColumnType.ASPECT: "〈参数〉里的方面",
    ColumnType.PERIOD: (
        "〈参数〉里的期次：2022-06 是六月这一个月，2022-Q2 是二季度；以前年度的基数写 2021年、2021-Q4 这样"
    ),
}

_TESTS: Mapping[Test, str] = {
    Test.IS: (
        '是这个词（几个词的，是其中一个）；可以简写成 `{ stage = "积极分子" }`。'
        "数和日期不用它，等于 0 写 `{ at_least = 0, at_most = 0 }`"
    ),
    Test.IS_NOT: "不是这个词；空着也算不是",
    Test.FILLED: "`true` 填了，`false` 空着",
    Test.AT_LEAST: "不少于、不早于",
    Test.AT_MOST: "不多于、不晚于",
    Test.ABOVE: "多于、晚于",
    Test.BELOW: "少于、早于",
}


def forms_page() -> str:
    """Return docs/forms.md."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from _INTRO.splitlines()
    yield from ("", "```toml", *EXAMPLE.splitlines(), "```", "", "## 表头部分", "")
    yield from _table(("写法", "意思"), FORM_KEYS.items())
    yield from ("", f"`group` 可以是：{'、'.join(GROUPS)}。", "", "## 列 `[[column]]`", "")
    yield from _table(("写法", "意思"), COLUMN_KEYS.items())
    yield from ("", "`type` 可以是：", "")
    yield from _table(("type", "填什么"), ((each, _TYPES[each]) for each in ColumnType))
    yield from ("", "## 条件", "", "规则和指标的 `when`，规则的 `where`、`require` 都这样写，几个条件要同时符合：", "")
    yield from (
        "```toml",
        'when = { stage = "积极分子", members = { at_least = 7 }, held = { filled = true } }',
        "```",
        "",
    )
    yield from _table(("写法", "意思"), ((each, _TESTS[each]) for each in Test))
    yield from ("", "比较的可以是数、日期、`today`（统计截止日），也可以是本表另一列的英文名。", "")
    yield from ("## 指标 `[[indicator]]`", "")
    yield from ("每个指标写 `title`、`kind`，都可以加：", "")
    yield from _table(("写法", "意思"), INDICATOR_OPTIONS.items())
    yield from (
        "",
        "写了 `by` 的分组列：选项里的每一个，或〈参数〉名单里的每一个都列出来，没有的是 0。",
        "涉及个人的登记表只能用数行的几种，不能用 `per`。",
        "",
    )
    rows = ((kind, INDICATOR_WORDS[kind], *map(_codes, INDICATOR_KINDS[kind])) for kind in IndicatorKind)
    yield from _table(("kind", "算什么", "必写", "可写"), rows)
    yield from (
        "",
        "## 规则 `[[rule]]`",
        "",
        "规则在台账里查；一行就能看出来的，部门报来的表汇总时也查，写在回执里。",
        "",
    )
    yield from _table(("写法", "意思"), RULE_KEYS.items())
    yield from ("", "各种规则自己的写法：", "")
    kinds = ((kind, spec.says, _codes(spec.needed), _codes(spec.allowed)) for kind, spec in RULE_KINDS.items())
    yield from _table(("kind", "说什么", "必写", "可写"), kinds)
    yield ""
    yield from _table(("写法", "意思"), OPTION_WORDS.items())
    yield from ("", "现成的例子：", "")
    for kind in RULE_KINDS:
        named = [(form.sheet, rule) for form in standard_forms().values() for rule in form.rules if rule.kind is kind]
        if named:
            sheet, rule = named[0]
            yield f"- `{kind}`：〈{sheet}〉的 `{rule.name}`，{rule.title}。"
    yield from _boards()
    yield from ("", *_END.splitlines())


def _boards() -> Iterator[str]:
    """Yield the section about boards: each kind with its keys, and those that there are."""
    yield from ("", "## 看板 `[[board]]`", "")
    yield "每块看板写 `title`、`kind`，可以加 `when`（只看符合条件的行）。"
    yield "`taizhang report` 出在《专项一览》里，一块一页。"
    yield from ("涉及个人的登记表只能用数个数的几种，不到 5 人的不列。", "")
    kinds = ((kind, spec.says, _codes(spec.needed), _codes(spec.allowed)) for kind, spec in BOARD_KINDS.items())
    yield from _table(("kind", "列什么", "必写", "可写"), kinds)
    yield from ("", "现成的例子：", "")
    for kind in BOARD_KINDS:
        sheets = [form.sheet for form in standard_forms().values() for each in form.boards if each.kind is kind]
        yield f"- `{kind}`：{'、'.join(f'〈{sheet}〉' for sheet in dict.fromkeys(sheets))}。"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for name, *rest in rows:
        yield f"| `{name}` | {' | '.join(rest)} |"


def _codes(keys: tuple[str, ...]) -> str:
    return "、".join(f"`{key}`" for key in keys) or "—"


_INTRO = f"""\
# 自己加一张登记表

一张登记表就是一个文件，不用写程序。文件放在台账旁边的 `{OWN_FOLDER}` 文件夹里，文件名用小写英文，例如
`{OWN_FOLDER}/drills.toml`；用记事本写，编码选 UTF-8，保存类型选“所有文件”，
免得名字后面多出 .txt。日期写 2022-03-31，不加引号。程序自带的登记表不会被它改写；写错了，程序会说哪个文件、
第几行、怎么改，改好以前不动台账。

1. 照下面的例子写好文件；
2. `taizhang forms show 应急演练` 看写得对不对；
3. `taizhang forms enable 应急演练` 在台账里加上这张表；
4. 以后下发、汇总、校验、统计都会带上它。

例子：各部门的应急演练，引用整改任务，有两个指标、一条规则和一块看板。"""

_END = f"""\
## 换电脑、升级程序

`{OWN_FOLDER}` 文件夹跟着台账走，拷贝台账时一起拷贝。升级以后程序自带的登记表如果用了同样的表名或编号，
程序会指出来，请改自己的那一个。"""
