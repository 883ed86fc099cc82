"""The names of all checks, each with a Chinese label of what it looks for."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

__all__ = ["Check", "CheckName", "RuleName"]


class Check(StrEnum):
    """The kebab-case name of a check, as used by ``--only``, ``--skip`` and JSON; ``label`` describes it in Chinese."""

    label: str

    def __new__(cls, name: str, label: str) -> Check:
        """Return the member, whose value is the name without the label."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.label = label
        return member

    SETTINGS = "settings", "参数表里的清单缺了、重复了或填错了"
    NAME_CLASH = "name-clash", "两个部门、党支部或期次会用同一个文件名"
    SHEET_MISSING = "sheet-missing", "找不到该有的表"
    SHEET_COPY = "sheet-copy", "又有一张表像同一个登记表"
    HEAD_MISSING = "head-missing", "缺列"
    HEAD_RENAMED = "head-renamed", "表头换了说法，按别名认出来了"
    HEAD_DUPLICATE = "head-duplicate", "两列是同一个意思"
    NOT_UPDATED = "not-updated", "台账还没有后来新加的列、登记表或规则"
    CODE = "code", "编号缺失或不成样子"
    CODE_DUPLICATE = "code-duplicate", "编号重复"
    REQUIRED = "required", "必填没填"
    CHOICE = "choice", "不在选项里"
    DATE = "date", "日期读不懂"
    PERCENT = "percent", "百分数读不懂或超出范围"
    NUMBER = "number", "数读不懂"
    TEXT = "text", "文字太长，或有不能显示的字符"
    FORMULA = "formula", "格子里是公式或错误值"
    READING = "reading", "读法说明：原文理解成了什么"
    PERSONAL = "personal", "出现证件号、电话号码、银行卡号或密级标志"
    POST = "post", "该写岗位的地方像是写了姓名"
    REFERENCE = "reference", "引用的编号不存在"
    DATE_ORDER = "date-order", "日期先后颠倒"
    DEADLINE_WORDS = "deadline-words", "时限说不清是哪一天"
    REVIEW_MISSING = "review-missing", "长期或周期任务没有复核安排"
    EVIDENCE_MISSING = "evidence-missing", "报了完成却没有佐证"
    EVIDENCE_CHANGED = "evidence-changed", "销号以后佐证文件变了"
    EVIDENCE_FILE_MISSING = "evidence-file-missing", "写了佐证文件，佐证文件夹里却没有"
    EVIDENCE_FOLDER = "evidence-folder", "佐证文件夹里有对不上任务的，或空着的"
    PROGRESS_STATUS = "progress-status", "进度和状态对不上"
    PART_OVER_WHOLE = "part-over-whole", "部分大于总数，比率会超过 100%"
    DONE_FUTURE = "done-future", "登记表里办成的日期还没有到"
    PERIOD_OVERLAP = "period-overlap", "全年和其中几个月都填了，数会加两遍"
    CLOSEOUT_MISSING = "closeout-missing", "已销号、长期坚持没有审核确认，或后来退回、反弹了"
    CLOSEOUT_OPEN = "closeout-open", "党委已经审定，任务状态没有改"
    CLOSEOUT_OWNER = "closeout-owner", "申请销号的不是牵头部门"
    CLOSEOUT_EVIDENCE = "closeout-evidence", "申请销号没有佐证"
    CLOSEOUT_FIRST_REVIEW = "closeout-first-review", "销号没有经过办公室初审"
    CLOSEOUT_RETURNED = "closeout-returned", "初审退回了，后面却同意销号"
    CLOSEOUT_REASON = "closeout-reason", "退回没有写理由"
    CLOSEOUT_LEADER = "closeout-leader", "销号没有经过分管领导审核"
    CLOSEOUT_COMMITTEE = "closeout-committee", "结论和党委审定日期缺一个"
    CLOSEOUT_RECHECK = "closeout-recheck", "回头看太早、缺日期、缺结论"
    CLOSEOUT_KIND = "closeout-kind", "长期任务、原则性任务不销号"
    CLOSEOUT_FUTURE = "closeout-future", "销号审核里的日期还没有到"
    CLOSEOUT_EARLY = "closeout-early", "任务还没有做完，就申请了销号"
    CLOSEOUT_AGAINST = "closeout-against", "申请销号没有对照标准逐条写"
    SAME_POST = "same-post", "申请和审核是同一个岗位，或自己复核自己"
    APPLIED_TWICE = "applied-twice", "同一件任务又申请了一次，前一次还没有办，或已经办结"
    DEADLINE_CHANGED = "deadline-changed", "下发以后改了时限，没有批准的延期"
    EXTENSION_LATE = "extension-late", "到期以后才申请延期"
    EXTENSION_FUTURE = "extension-future", "延期申请里的日期还没有到"
    EXTENSION_DECISION = "extension-decision", "延期的结论和日期缺一个"
    EXTENSION_OWNER = "extension-owner", "申请延期的不是牵头部门，或申请的任务用不上延期"
    DUTY_COUNT = "duty-count", "周期任务的每期次数没有用上，或做不到"
    DUTY_CYCLE = "duty-cycle", "履行记录的周期认不出、对不上或重复"
    DUTY_DONE = "duty-done", "履行记录的次数或日期不对"
    REVIEW_RECORD = "review-record", "复核记录没有用上，或下次复核日期太远、该删了"
    SUPPLEMENT = "supplement", "补充的措施没有党委会审定日期"
    PRINCIPLE = "principle", "原则性措施没有写由哪些任务体现"
    VAGUE_MEASURE = "vague-measure", "措施只写了要加强、要推进，看不出做多少、出什么、哪天做完"
    VAGUE_UPDATE = "vague-update", "本期进展没有写做了什么"
    PROOF_CONTRADICTS = "proof-contradicts", "报了完成、申请了销号或已经销号，台账里的数却没有达到"
    PROOF_ROW = "proof-row", "〈核对〉的行写错了、没有用上，或办公室还没有确认"
    UNASSIGNED = "unassigned", "没有明确责任部门、时限或标准"
    PROBLEM_UNCOVERED = "problem-uncovered", "问题没有任何整改任务"
    PROBLEM_AGAIN = "problem-again", "以前年度的台账里也有这个问题（要用 --against 写明以前的台账）"
    NEXT_YEAR = "next-year", "岁末年初，参数表里还没有新一年的期次或放假安排"
    PUBLIC = "public", "不公开，或没有审批、没有公示表述、写了不该公开的内容，没有列入公示"
    UNREADABLE = "unreadable", "报来的文件打不开或不是工作簿"
    OTHER_FILE = "other-file", "报送文件夹里不是表的文件"
    TOTALS_ROW = "totals-row", "最后一行是合计或一句说明，不算一条"
    MERGED_CELLS = "merged-cells", "合并单元格：怎样理解，下面压着什么"
    FILE_FORMAT = "file-format", "报来的表不是 .xlsx，或扩展名不对"
    MACROS = "macros", "报来的表里有宏"
    EMBEDDED = "embedded", "报来的表里嵌着别的文件"
    EXTERNAL_LINKS = "external-links", "报来的表引用别的工作簿"
    SHEET_RENAMED = "sheet-renamed", "表名改了，按表头认出来了"
    HEAD_UNKNOWN = "head-unknown", "多出模板里没有的列"
    HIDDEN_ROW = "hidden-row", "行被隐藏或筛掉了，照样读取"
    VALIDATION_LOST = "validation-lost", "下拉框和填写限制被粘贴盖掉了"
    IDENTITY = "identity", "报来的表认不出是哪个部门、哪一期，或不是本台账下发的"
    UNTOUCHED = "untouched", "下发的原表，没有人填过，或原样存回、一行也没有说"
    DUPLICATE_FILE = "duplicate-file", "同一部门报了两份表"
    RANGE_SHORT = "range-short", "公式只算到登记表原来的最后一行，不包括要新加的、后来加的行"
    PRINT_AREA = "print-area", "打印区域没有包括登记表后面的行"
    ABSENT = "absent", "部门还没有报"
    LATE = "late", "过了报送截止日才报"
    PERIOD_PAST = "period-past", "是以前一期的表"
    SUPERSEDED = "superseded", "部门后一期的表已经报过这一格"
    NOT_YOURS = "not-yours", "部门改了办公室的列"
    NOT_ASKED = "not-asked", "填了不用填的格子：周期任务不看进度"
    SAME_WORDS = "same-words", "本期进展和上期一字不差"
    UNCHANGED_WITH_WORDS = "unchanged-with-words", "写了本期的变化，又选了本期无变化"
    PROGRESS_BACK = "progress-back", "报的进度比台账里的低"
    BLANK = "blank", "原来有内容，报回来是空的"
    CONFLICT = "conflict", "台账和部门都改过，要人裁决"
    DECISION = "decision", "裁决表里的裁决没有采用"
    ROW_MISSING = "row-missing", "下发的行没有报回来"
    ROW_FOREIGN = "row-foreign", "报了没有下发给它的行"
    ROW_MOVED = "row-moved", "一行的编号和内容对不上，像是排序、插行、粘贴错了行"
    COLUMNS_SORTED = "columns-sorted", "填的格子和别的行对调了，像是只排序了几列"
    ROW_RENUMBERED = "row-renumbered", "下发以后，台账里这个编号换了行"
    ROW_DUPLICATE = "row-duplicate", "同一条报了两行"
    ROW_GONE = "row-gone", "这一行已不在台账里"
    ROW_REASSIGNED = "row-reassigned", "下发以后，这一行改归别的部门"
    UNDONE = "undone", "以前采用过的内容，台账后来又改回去了"


class RuleName(str):
    """The name of a rule that a form declares, used like that of a check; ``label`` says in Chinese what must hold."""

    __slots__ = ("label",)

    label: str

    def __new__(cls, name: str, label: str) -> RuleName:
        """Return the name with its label."""
        named = super().__new__(cls, name)
        named.label = label
        return named

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """Return what pickle makes the name from again."""
        return str(self), self.label


CheckName: TypeAlias = Check | RuleName
"""The name under which a finding is reported."""
