"""Checks: each a function that yields findings and does no I/O; a check's name is the same everywhere.

``CHECKS`` lists them in stages: structure first (found while reading), then cells, rows, and across registers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from taizhang.checks import cells, closeouts, crossing, shares, tasks
from taizhang.checks.next_year import check_next_year
from taizhang.checks.ranges import check_print_area, check_short_ranges
from taizhang.ledger.findings import Finding
from taizhang.ledger.model import Ledger

__all__ = ["CHECK_NAMES", "check_ledger"]

Check = Callable[[Ledger, date], Iterable[Finding]]

CHECKS: tuple[Check, ...] = (
    cells.check_cells,
    cells.check_codes,
    cells.check_owner,
    cells.check_settings_formulas,
    cells.check_settings_personal,
    tasks.check_date_order,
    tasks.check_deadline_words,
    tasks.check_review_missing,
    tasks.check_evidence_missing,
    tasks.check_done_progress,
    shares.check_part_over_whole,
    closeouts.check_closeout_missing,
    closeouts.check_closeout_open,
    closeouts.check_closeout_steps,
    closeouts.check_same_post,
    crossing.check_unassigned,
    crossing.check_problem_uncovered,
    crossing.check_references,
    check_short_ranges,
    check_print_area,
    check_next_year,
)

CHECK_NAMES = {
    "settings": "参数表里的清单缺了、重复了或填错了",
    "name-clash": "两个部门或两个期次会用同一个文件名",
    "sheet-missing": "找不到该有的表",
    "sheet-copy": "又有一张表像同一个登记表",
    "head-missing": "缺列",
    "head-renamed": "表头换了说法，按别名认出来了",
    "head-duplicate": "两列是同一个意思",
    "code": "编号缺失或不成样子",
    "code-duplicate": "编号重复",
    "required": "必填没填",
    "choice": "不在选项里",
    "date": "日期读不懂",
    "percent": "百分数读不懂或超出范围",
    "number": "数读不懂",
    "text": "文字太长，或有不能显示的字符",
    "formula": "格子里是公式或错误值",
    "reading": "读法说明：原文理解成了什么",
    "personal": "出现证件号、电话号码、银行卡号或密级标志",
    "reference": "引用的编号不存在",
    "date-order": "日期先后颠倒",
    "deadline-words": "时限说不清是哪一天",
    "review-missing": "长期或周期任务没有复核安排",
    "evidence-missing": "报了完成却没有佐证",
    "progress-status": "进度和状态对不上",
    "part-over-whole": "部分大于总数，比率会超过 100%",
    "closeout-missing": "已销号、长期坚持没有审核确认，或后来退回、反弹了",
    "closeout-open": "党委已经审定，任务状态没有改",
    "closeout-owner": "申请销号的不是牵头部门",
    "closeout-evidence": "申请销号没有佐证",
    "closeout-first-review": "销号没有经过办公室初审",
    "closeout-returned": "初审退回了，后面却同意销号",
    "closeout-reason": "退回没有写理由",
    "closeout-leader": "销号没有经过分管领导审核",
    "closeout-committee": "结论和党委审定日期缺一个",
    "closeout-recheck": "回头看太早、缺日期、缺结论",
    "closeout-kind": "长期任务、原则性任务不销号",
    "closeout-future": "销号审核里的日期还没有到",
    "same-post": "申请和审核是同一个岗位",
    "unassigned": "没有明确责任部门、时限或标准",
    "problem-uncovered": "问题没有任何整改任务",
    "next-year": "快到年底了，参数表里还没有下一年的期次或放假安排",
    "public": "不公开，或没有审批、没有公示表述、写了不该公开的内容，没有列入公示",
    "unreadable": "报来的文件打不开或不是工作簿",
    "other-file": "报送文件夹里不是表的文件",
    "totals-row": "最后一行是合计行，不算一条",
    "merged-cells": "合并单元格：怎样理解，下面压着什么",
    "file-format": "报来的表不是 .xlsx，或扩展名不对",
    "macros": "报来的表里有宏",
    "embedded": "报来的表里嵌着别的文件",
    "external-links": "报来的表引用别的工作簿",
    "sheet-renamed": "表名改了，按表头认出来了",
    "head-unknown": "多出模板里没有的列",
    "hidden-row": "行被隐藏或筛掉了，照样读取",
    "validation-lost": "下拉框和填写限制被粘贴盖掉了",
    "identity": "报来的表认不出是哪个部门、哪一期，或不是本台账下发的",
    "untouched": "下发的原表，没有人填过",
    "duplicate-file": "同一部门报了两份表",
    "range-short": "公式只算到登记表原来的最后一行，不包括要新加的、后来加的行",
    "print-area": "打印区域没有包括登记表后面的行",
    "absent": "部门还没有报",
    "late": "过了报送截止日才报",
    "period-past": "是以前一期的表",
    "superseded": "部门后一期的表已经报过这一格",
    "not-yours": "部门改了办公室的列",
    "progress-back": "报的进度比台账里的低",
    "blank": "原来有内容，报回来是空的",
    "conflict": "台账和部门都改过，要人裁决",
    "decision": "裁决表里的裁决没有采用",
    "row-missing": "下发的行没有报回来",
    "row-foreign": "报了没有下发给它的行",
    "row-moved": "一行的编号和内容对不上，像是排序、插行、粘贴错了行",
    "columns-sorted": "填的格子和别的行对调了，像是只排序了几列",
    "row-renumbered": "下发以后，台账里这个编号换了行",
    "row-duplicate": "同一条报了两行",
    "row-gone": "这一行已不在台账里",
    "row-reassigned": "下发以后，这一行改归别的部门",
    "undone": "以前采用过的内容，台账后来又改回去了",
}
"""Every check's name and what it looks for, in the office's words."""


def check_ledger(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Yield every finding of a ledger: what reading found, then every check; none stops the others."""
    yield from ledger.findings
    for check in CHECKS:
        yield from check(ledger, as_of)
