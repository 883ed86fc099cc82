"""Contradictions as people type them into the registers, each with the check that finds it and what mends it.

FIRST are those that were once typed into a ledger with every register and passed unseen; MORE are of other kinds. Tests
look for them in a ledger and in what departments return.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

__all__ = ["DAY", "FIRST", "MORE", "Planted"]

DAY = date(2022, 6, 30)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Planted:
    """Cells of one row that contradict each other, what mends them, and the rule or check that must find them.

    ``words`` say what is wrong. ``before`` are rows of the same register that come first, ``beside`` rows of others.
    """

    words: str
    register: str
    row: Row
    check: str
    mended: Row
    before: tuple[Row, ...] = ()
    beside: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)


def d(month: int, day: int, year: int = 2022) -> date:
    return date(year, month, day)


SURVEY = {"period": "2022-06", "theme": "窗口服务", "sent": 100, "returned": 90, "valid": 88, "good": 70, "fair": 14}
TALENT = {"period": "2022-06", "opening": 320, "joined": 4, "left": 6, "closing": 318}
MEETING = {"branch": "第一党支部", "kind": "党课", "month": "2022-06", "held": d(6, 10), "expected": 20, "present": 18}
LESSON = {"kind": "警示教育", "state": "已开展", "planned": d(6, 1), "held": d(6, 2), "expected": 42, "attended": 40}
BRANCH = {"branch": "第一党支部", "kind": "普通", "members": 21, "seats": 3}
BONUS = ({"code": "KZ-01", "first": "创新", "item": "经验推广", "points": 5, "method": "加分", "cap": 5},)
POINTS = ({"code": "KZ-02", "first": "组织", "item": "三会一课", "points": 10, "method": "按次扣分", "step": 1},)
SCORE = {"year": 2022, "branch": "第一党支部"}
PETITION = {"channel": "信访", "subject": "检验结论", "received": d(4, 11), "informed": d(4, 12)}
SEAT = {"branch": "第一党支部", "post": "书记"}

FIRST = (
    Planted("实到多于应到", "branch_meetings", MEETING | {"present": 23}, "part-over-whole", {"present": 20}),
    Planted("实参加多于应参加", "learning", LESSON | {"attended": 43}, "part-over-whole", {"attended": 42}),
    Planted(
        "收回的多于发出的", "satisfaction", SURVEY | {"returned": 120, "poor": 4}, "part-over-whole", {"returned": 100}
    ),
    Planted("三项相加多于有效", "satisfaction", SURVEY | {"poor": 24}, "answers-add-up", {"poor": 4}),
    Planted("期初加引进减流出不是期末", "talent", TALENT | {"closing": 320}, "talent-balance", {"closing": 318}),
    Planted("骨干流出多于流出", "talent", TALENT | {"key_left": 7}, "part-over-whole", {"key_left": 6}),
    Planted(
        "整改的多于发现的",
        "conduct_checks",
        {"day": d(4, 28), "target": "财务处", "found": 2, "fixed": 3},
        "part-over-whole",
        {"fixed": 2},
    ),
    Planted(
        "解决的多于带回的",
        "field_visits",
        {"leader": "局长", "day": d(5, 12), "brought": 4, "solved": 5},
        "part-over-whole",
        {"solved": 4},
    ),
    Planted(
        "处理的多于收到的",
        "morale",
        {"period": "2022-06", "way": "座谈", "number": 5, "handled": 6},
        "part-over-whole",
        {"handled": 5},
    ),
    Planted(
        "名额十个用了十一个",
        "party_staff",
        {"kind": "两优一先", "year": 2022, "quota": 10, "used": 11},
        "quota-not-exceeded",
        {"used": 10},
    ),
    Planted(
        "加分超过上限",
        "appraisal_scores",
        SCORE | {"item": "KZ-01", "score": 9},
        "bonus-within-cap",
        {"score": 5},
        beside={"appraisal_items": BONUS},
    ),
    Planted(
        "自评分超过分值",
        "appraisal_scores",
        SCORE | {"item": "KZ-02", "self_score": 11},
        "self-score-within-points",
        {"self_score": 10},
        beside={"appraisal_items": POINTS},
    ),
    Planted(
        "分值合计九十五",
        "appraisal_items",
        {"first": "组织", "item": "支部", "points": 85, "method": "达标得分"},
        "points-add-up-to-100",
        {"points": 90},
        before=POINTS,
    ),
    Planted(
        "处理的人多于人次",
        "four_forms",
        {"period": "2022-06", "form": "第一种", "times": 3, "people": 200},
        "people-within-times",
        {"people": 3},
    ),
    Planted(
        "一期里一种形态写了两行",
        "four_forms",
        {"period": "2022-06", "form": "第二种", "times": 1},
        "one-form-a-period",
        {"form": "第三种"},
        before=({"period": "2022-06", "form": "第二种", "times": 2},),
    ),
    Planted(
        "没有保密审查就公开了",
        "disclosures",
        {"kind": "党务公开", "done": d(4, 8), "reviewed": "未审"},
        "disclosed-after-review",
        {"reviewed": "已审"},
    ),
    Planted(
        "空缺没有起始日",
        "committee_members",
        SEAT | {"state": "空缺", "vacancy_reason": "调离"},
        "vacancy-has-start",
        {"vacant_since": d(6, 1)},
    ),
    Planted(
        "在任的有空缺日",
        "committee_members",
        SEAT | {"state": "在任", "vacant_since": d(6, 1)},
        "seated-has-no-vacancy",
        {"vacant_since": None},
    ),
    Planted("支委九个", "branches", BRANCH | {"seats": 9}, "committee-of-seven", {"seats": 7}),
    Planted("一个支部五十二人", "branches", BRANCH | {"members": 52}, "branch-of-fifty", {"members": 50}),
    Planted(
        "九个党员没有支委会", "branches", BRANCH | {"members": 9, "seats": None}, "committee-from-seven", {"seats": 3}
    ),
    Planted("两个党员一个支部", "branches", BRANCH | {"members": 2, "seats": 1}, "branch-of-three", {"members": 3}),
    Planted(
        "撤销早于成立",
        "joint_work",
        {"kind": "临时党组织", "started": d(3, 1), "ended": d(2, 28)},
        "dissolved-after-set-up",
        {"ended": d(3, 1)},
    ),
    Planted(
        "解决早于提出",
        "coordination",
        {"state": "已解决", "raised": d(3, 7), "solved": d(3, 6)},
        "solved-after-raised",
        {"solved": d(3, 7)},
    ),
    Planted(
        "结束早于开始",
        "discipline_replies",
        {"kind": "出国（境）", "start": d(4, 2), "end": d(4, 1)},
        "mission-end-after-start",
        {"end": d(4, 2)},
    ),
    Planted(
        "先定积极分子后申请",
        "members",
        {"stage": "积极分子", "applied": d(5, 1), "activist_on": d(4, 1)},
        "activist-after-applied",
        {"applied": d(1, 1)},
    ),
    Planted(
        "预备党员没有支部大会和审批",
        "members",
        {"stage": "预备党员", "applied": d(1, 1, 2020), "probation_end": d(5, 1, 2023)},
        "probationary-has-days",
        {"meeting": d(5, 1), "approved": d(6, 1)},
    ),
    Planted("已开展没有实际日期", "learning", LESSON | {"held": None}, "held-has-day", {"held": d(6, 2)}),
    Planted(
        "开展日期不在那个月", "branch_meetings", MEETING | {"held": d(5, 31)}, "meeting-in-its-month", {"held": d(6, 1)}
    ),
    Planted(
        "签了责任书没有日期",
        "network_safety",
        {"kind": "网络安全", "signed": "是"},
        "signed-has-date",
        {"signed_on": d(1, 20)},
    ),
    Planted(
        "一次慰问九万九千九百九十九元",
        "condolences",
        {"reason": "生日", "done": d(3, 18), "amount": 99999, "limit": 300, "standard": "工会慰问标准"},
        "condolence-over-standard-said",
        {"amount": 300},
    ),
    Planted("信访八十天没有答复", "appeals", PETITION, "petition-answered-in-60-days", {"answered": d(6, 10)}),
    Planted(
        "届满早于成立",
        "branches",
        BRANCH | {"established": d(5, 20, 2024), "term_end": d(5, 19, 2024)},
        "term-end-after-established",
        {"term_end": d(5, 19, 2027)},
    ),
    Planted(
        "补选早于空缺",
        "committee_members",
        SEAT | {"state": "在任", "vacant_since": d(3, 2), "election_done": d(3, 1)},
        "elected-after-vacant",
        {"election_done": d(3, 2)},
    ),
    Planted(
        "反馈早于受理",
        "appeals",
        {"channel": "来电", "received": d(6, 2), "due": d(6, 1)},
        "due-after-received",
        {"due": d(6, 17)},
    ),
    Planted(
        "生效早于印发",
        "regulations",
        {"action": "立", "issued_on": d(3, 2), "effective": d(3, 1)},
        "effective-after-issued",
        {"effective": d(3, 2)},
    ),
)
"""The thirty-six kinds that passed every register before registers had rules."""

CLOSEOUT = {
    "task": "RW-001", "department": "财务处", "applied": d(5, 3), "first_review": "通过", "first_date": d(5, 5),
    "leader_date": d(5, 12), "committee_date": d(5, 20),
}  # fmt: skip
RATING = {"problem": "WT-01", "held": d(6, 10), "raters": "职工", "sent": 60, "returned": 50, "valid": 48, "good": 40}
MORE = (
    Planted(
        "党委先审定、领导后审核",
        "closeouts",
        CLOSEOUT | {"committee_date": d(5, 11)},
        "committee-after-leader",
        {"committee_date": d(5, 12)},
    ),
    Planted(
        "没有采纳也没有理由",
        "opinions",
        {"opinion": "食堂延长供应", "outcome": "不采纳"},
        "refused-opinion-says-why",
        {"reason": "人手不够"},
    ),
    Planted(
        "列入诉求台账不知道转到哪里",
        "opinions",
        {"opinion": "通风差", "outcome": "列入诉求台账"},
        "opinion-names-its-appeal",
        {"facility": "TJ-001"},
    ),
    Planted(
        "涉及职工利益没有征求意见",
        "agenda",
        {"kind": "其他", "held": d(6, 10), "staff": "是", "consulted": "否"},
        "staff-consulted-first",
        {"consulted": "是"},
    ),
    Planted(
        "没有通过却落实了",
        "agenda",
        {"kind": "其他", "held": d(6, 1), "conclusion": "不通过", "done": d(6, 9)},
        "refused-is-not-carried-out",
        {"done": None},
    ),
    Planted(
        "议题没有按程序",
        "agenda",
        {"kind": "其他", "held": d(6, 1), "procedure": "否"},
        "agenda-by-the-rules",
        {"procedure": "是"},
    ),
    Planted(
        "已转化没有任务",
        "directives",
        {"name": "改革意见", "state": "已转化", "converted": d(5, 1)},
        "converted-names-tasks",
        {"point": "分支机构", "tasks": ("RW-001",)},
    ),
    Planted(
        "研究早于传达",
        "directives",
        {"name": "改革意见", "passed": d(5, 2), "studied": d(5, 1)},
        "studied-after-passed-on",
        {"studied": d(5, 2)},
    ),
    Planted(
        "只管业务不管党建",
        "dual_duty",
        {"leader": "局长", "period": "2022-06", "business": 22, "party": 0},
        "party-work-guided-too",
        {"party": 1},
    ),
    Planted(
        "下基层零天",
        "field_visits",
        {"leader": "局长", "day": d(5, 13), "place": "检验一线", "days": 0},
        "visit-takes-time",
        {"days": 0.5},
    ),
    Planted(
        "主要负责人和班子成员谈话，对象是群众",
        "talks",
        {"kind": "主要负责人与班子成员", "leader": "局长", "audience": "群众", "held": d(1, 4), "times": 1},
        "head-talks-with-leaders",
        {"audience": "班子成员"},
    ),
    Planted(
        "谈了三次没有日期",
        "talks",
        {"kind": "班子成员之间", "leader": "局长", "times": 3},
        "talk-has-day",
        {"held": d(1, 4)},
    ),
    Planted(
        "会后二十天才报告",
        "meetings",
        {"year": 2022, "held": d(1, 10), "reported": d(1, 30)},
        "reported-within-fifteen-days",
        {"reported": d(1, 25)},
    ),
    Planted(
        "培养不到一年列为发展对象",
        "members",
        {"stage": "发展对象", "applied": d(1, 1, 2021), "activist_on": d(9, 1, 2021), "candidate_on": d(6, 1)},
        "candidate-after-a-year",
        {"activist_on": d(6, 1, 2021)},
    ),
    Planted(
        "否决项记了分",
        "appraisal_items",
        {"first": "纪律", "item": "违纪", "method": "否决", "points": 5},
        "veto-item-has-no-points",
        {"points": 0},
    ),
    Planted(
        "约谈了没有问题和时限",
        "interviews",
        {"year": 2022, "branch": "第一党支部", "held": d(3, 1)},
        "interview-says-what",
        {"members": 1, "problems": "会议少", "fix_due": d(9, 1)},
    ),
    Planted(
        "没有达标却认定了",
        "strong_branches",
        {"year": 2022, "branch": "第一党支部", "effect": "未达标", "review": "认定", "recognised": d(6, 1)},
        "recognised-meets-all",
        {"politics": "达标", "team": "达标", "members": "达标", "effect": "达标", "standard": "达标"},
    ),
    Planted(
        "临时党组织两个人",
        "joint_work",
        {"kind": "临时党组织", "started": d(3, 1), "members": 2},
        "temporary-branch-of-three",
        {"members": 3},
    ),
    Planted(
        "公示两天就表彰",
        "party_staff",
        {"kind": "两优一先", "year": 2022, "notice_from": d(6, 1), "notice_to": d(6, 3)},
        "honour-notice-of-five-days",
        {"notice_to": d(6, 6)},
    ),
    Planted("里程碑到了没有日期", "reforms", {"state": "已完成"}, "milestone-reached-has-date", {"actual": d(6, 20)}),
    Planted("需上级协调没有报", "reforms", {"superior": "是"}, "reform-for-superior-was-reported", {"asked": d(6, 20)}),
    Planted(
        "完成了没有达到目标",
        "plan_targets",
        {"state": "已完成", "done": d(6, 20), "unit": "个", "base": 2, "target": 4, "current": 3},
        "target-reached",
        {"current": 4},
    ),
    Planted(
        "转化了没有人用",
        "innovations",
        {"kind": "新技术应用", "stage": "转化", "users": 0},
        "conversion-has-user",
        {"users": 1},
    ),
    Planted(
        "联合项目只有一个部门",
        "coordination",
        {"kind": "联合项目", "state": "协调中", "raised": d(6, 1)},
        "joint-project-names-partners",
        {"supporting": ("党委办公室",)},
    ),
    Planted(
        "防控检查花了帮扶的钱",
        "epidemic_aid",
        {"kind": "防控检查", "day": d(6, 1), "amount": 500},
        "amount-only-of-aid",
        {"kind": "帮扶"},
    ),
    Planted(
        "支出超过预算", "facilities", {"budget": 1000000, "spent": 1200000}, "spent-within-budget", {"spent": 1000000}
    ),
    Planted(
        "不采纳却落实了",
        "suggestions",
        {"received": d(6, 2), "adopted": "不采纳", "reason": "超出权限", "result": "已改"},
        "refused-suggestion-not-carried-out",
        {"result": None},
    ),
    Planted("测评三项相加不是有效", "problem_ratings", RATING | {"fair": 6, "poor": 1}, "ratings-add-up", {"poor": 2}),
    Planted(
        "研判转化为任务没有编号",
        "research",
        {"topic": "数字化", "done": d(3, 22), "studied": d(3, 30), "outcome": "转化为任务"},
        "converted-research-names-tasks",
        {"tasks": ("RW-001",)},
    ),
    Planted(
        "高风险没有应对措施",
        "development_risks",
        {"level": "高", "cycle": "季"},
        "high-development-risk-has-measure",
        {"measure": "在线检测"},
    ),
    Planted(
        "已整改没有日期",
        "campaigns",
        {"state": "已整改", "found": d(5, 1)},
        "campaign-fixed-has-date",
        {"fixed": d(6, 1)},
    ),
    Planted(
        "高风险从没检查过",
        "integrity_risks",
        {"name": "采购", "level": "高", "cycle": "季", "measure": "三家比价"},
        "high-risk-was-checked",
        {"checked": d(6, 1)},
    ),
    Planted(
        "公众号四十一天没有更新",
        "media",
        {"kind": "公众号", "name": "检验在线", "state": "在用", "updated": d(5, 20)},
        "media-updated-in-14-days",
        {"updated": d(6, 29)},
    ),
    Planted(
        "没有问题却整改了",
        "network_safety",
        {"kind": "意识形态", "fixed": d(6, 1)},
        "safety-fixed-has-problem",
        {"problem": "审核漏签"},
    ),
    Planted(
        "办结了没有办理情况",
        "services",
        {"item": "自助机", "status": "已办结"},
        "service-done-has-result",
        {"result": "已启用"},
    ),
    Planted(
        "没有答复就评了满意",
        "appeals",
        {"channel": "来电", "received": d(6, 20), "satisfaction": "满意"},
        "rated-after-answer",
        {"answered": d(6, 21)},
    ),
)
"""Thirty-six kinds besides."""
