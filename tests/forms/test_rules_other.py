"""Rules of the registers of reform, welfare and discipline: each at its boundary, and one step beyond it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from support.ledgers import ledger_in_memory
from taizhang.forms.load import standard_forms
from taizhang.forms.model import Form
from taizhang.supervision.breaches import find_breaches

GROUPS = ("改革发展", "民生服务", "纪律风险")
FORMS = {name: form for name, form in standard_forms().items() if form.group in GROUPS}
OWN = {rule.name: form for form in FORMS.values() for rule in form.rules}
DAY = date(2022, 6, 30)
Row = dict[str, Any]


def d(month: int, day: int, year: int = 2022) -> date:
    return date(year, month, day)


ISSUED = {"issued_on": d(3, 2), "document": "局发〔2022〕6号"}
PETITION = {"channel": "信访", "received": d(5, 1), "informed": d(5, 2)}
PROBLEM = {"problem": "口令太简单", "level": "中", "checked_on": d(5, 16), "due": d(6, 15)}
NEW_MEDIA = {"kind": "公众号", "state": "在用", "updated": d(6, 16)}
HIGH = {"level": "高", "cycle": "季", "checked": d(3, 30), "measure": "三家比价"}
OVER = {"over": "是", "amount": 301, "limit": 300, "standard": "工会慰问标准", "note": "两项一起"}
SURVEY = {"sent": 100, "returned": 90, "valid": 88, "good": 70, "fair": 14, "poor": 4}

# Rule: (a row that just keeps it, or several; what makes its last row break it).
CASES: dict[str, tuple[Row | list[Row], Row]] = {
    # 改革事项
    "milestone-reached-has-date": ({"state": "已完成", "actual": d(6, 20)}, {"actual": None}),
    "milestone-open-has-no-date": ({"state": "推进中"}, {"actual": d(6, 20)}),
    "consensus-needs-rounds": ({"consensus": "基本形成", "rounds": 1}, {"rounds": "0"}),
    # 规划任务
    "target-met-has-date": ({"state": "已完成", "done": d(6, 20)}, {"done": None}),
    "target-open-has-no-date": ({"state": "未启动"}, {"done": d(6, 20)}),
    "target-reached": (
        {"state": "已完成", "done": d(6, 20), "unit": "个", "base": 2, "target": 2, "current": 2},
        {"current": 1.9},
    ),
    "target-brought-down": (
        {"state": "已完成", "done": d(6, 20), "unit": "天", "base": 9, "target": 5, "current": 5},
        {"current": 5.1},
    ),
    "target-has-unit": ({"target": 2, "unit": "个"}, {"unit": None}),
    # 科技创新成果
    "conversion-has-user": ({"kind": "新技术应用", "stage": "转化", "users": 1}, {"users": "0"}),
    "conversion-has-contract": ({"kind": "成果转化", "stage": "转化", "contract": 1}, {"contract": None}),
    "innovation-once": (
        [{"department": "财务处", "project": "检测仪"}, {"department": "党委办公室", "project": "检测仪"}],
        {"department": "财务处"},
    ),
    # 跨部门协同
    "coordination-due-after-raised": ({"raised": d(3, 7), "due": d(3, 7)}, {"due": d(3, 6)}),
    "solved-after-raised": ({"raised": d(3, 7), "solved": d(3, 7)}, {"solved": d(3, 6)}),
    "coordination-solved-has-date": ({"state": "已解决", "solved": d(4, 20)}, {"solved": None}),
    "coordination-open-has-no-date": ({"state": "未解决"}, {"solved": d(4, 20)}),
    # 人才情况
    "talent-balance": (
        [
            {"period": "2022-03", "opening": 320, "joined": 4, "left": 3, "closing": 321},
            {"period": "2022-04", "opening": 321, "closing": 321},
        ],
        {"opening": 320, "joined": 1},
    ),
    "leading-within-closing": ({"leading": 2, "closing": 2}, {"leading": 3}),
    "talent-once-a-period": ([{"period": "2022-03"}, {"period": "2022-04"}], {"period": "2022-03"}),
    # 流程效能
    "process-due-after-received": ({"received": d(3, 1), "due": d(3, 1)}, {"due": d(2, 28)}),
    "process-done-after-received": ({"received": d(3, 1), "done": d(3, 1)}, {"done": d(2, 28)}),
    "process-has-a-step": ({"steps": 1}, {"steps": "0"}),
    "process-checked-when-done": ({"checked": "已核", "done": d(3, 1)}, {"done": None}),
    "document-once": (
        [{"kind": "检验报告", "document": "7号"}, {"kind": "采购审批", "document": "7号"}],
        {"kind": "检验报告"},
    ),
    # 防控与帮扶
    "aid-fix-due-after-day": ({"day": d(4, 2), "fix_due": d(4, 2)}, {"fix_due": d(4, 1)}),
    "aid-fixed-after-day": ({"day": d(4, 2), "fixed_on": d(4, 2)}, {"fixed_on": d(4, 1)}),
    "aid-check-counts-problems": ({"kind": "防控检查", "found": "0"}, {"found": None}),
    "aid-found-has-due": ({"found": 1, "fix_due": d(4, 10)}, {"fix_due": None}),
    "aid-fixed-has-date": (
        {"found": 2, "fixed": 2, "fix_due": d(4, 10), "fixed_on": d(4, 8)},
        {"fixed_on": None},
    ),
    "aid-date-means-all-fixed": (
        {"found": 2, "fixed": 2, "fix_due": d(4, 10), "fixed_on": d(4, 8)},
        {"fixed": 1},
    ),
    "amount-only-of-aid": ({"kind": "帮扶", "amount": 500}, {"kind": "防控措施"}),
    # 群众诉求
    "due-after-received": ({"received": d(5, 1), "due": d(5, 1)}, {"due": d(4, 30)}),
    "answered-after-received": ({"received": d(5, 1), "answered": d(5, 1)}, {"answered": d(4, 30)}),
    "revisited-after-answered": ({"answered": d(5, 1), "revisited": d(5, 1)}, {"revisited": d(4, 30)}),
    "informed-after-received": ({"received": d(5, 1), "informed": d(5, 1)}, {"informed": d(4, 30)}),
    "rated-after-answer": ({"satisfaction": "不满意", "answered": d(5, 1)}, {"answered": None}),
    "petition-told-in-15-days": ({"channel": "信访", "received": d(6, 15)}, {"received": d(6, 14)}),
    "petition-answered-in-60-days": (PETITION | {"received": d(5, 1)}, {"received": d(4, 30)}),
    "extended-petition-answered": (
        PETITION | {"received": d(4, 1), "informed": d(4, 2), "extended_to": d(6, 30)},
        {"extended_to": d(6, 29)},
    ),
    "petition-extended-by-30-days": (PETITION | {"extended_to": d(7, 30)}, {"extended_to": d(7, 31)}),
    "petition-due-in-60-days": (PETITION | {"due": d(6, 30)}, {"due": d(7, 1)}),
    "only-petitions-extended": ({"channel": "来电", "received": d(1, 4)}, {"extended_to": d(7, 1)}),
    # 慰问帮扶
    "condolence-over-standard-said": (OVER | {"over": "否", "amount": 300}, {"amount": 300.01}),
    "condolence-marked-over": (OVER | {"amount": 300.01}, {"amount": 300}),
    "condolence-over-explained": ({"over": "是", "note": "两项一起"}, {"note": None}),
    "condolence-standard-named": ({"amount": 300, "standard": "工会慰问标准"}, {"standard": None}),
    "condolence-amount-known": (
        {"way": "慰问品", "done": d(3, 18), "amount": 300, "standard": "工会慰问标准"},
        {"amount": None},
    ),
    "condolence-checked-when-done": ({"checked": "已核", "done": d(3, 18)}, {"done": None}),
    # 条件改善项目
    "planned-end-after-start": ({"start_planned": d(4, 1), "end_planned": d(4, 1)}, {"end_planned": d(3, 31)}),
    "finished-after-started": ({"started": d(4, 1), "finished": d(4, 1)}, {"finished": d(3, 31)}),
    "spent-within-budget": ({"spent": 500000, "budget": 500000}, {"spent": 500000.01}),
    "project-finished-has-date": (
        {"stage": "完成", "started": d(4, 1), "finished": d(6, 20)},
        {"finished": None},
    ),
    "project-open-has-no-finish": (
        {"stage": "验收", "started": d(4, 1), "finished": d(6, 20)},
        {"stage": "施工"},
    ),
    "project-started-has-date": ({"stage": "施工", "started": d(4, 1)}, {"started": None}),
    "project-not-started-has-no-date": ({"stage": "施工", "started": d(4, 1)}, {"stage": "采购"}),
    "project-finished-whole": (
        {"stage": "完成", "started": d(4, 1), "finished": d(6, 20), "progress": 100},
        {"progress": 99},
    ),
    # 办实事
    "service-has-limit": ({"category": "立刻办"}, {"category": "分期办"}),
    "service-done-in-time": ({"status": "办理中", "due": d(6, 30)}, {"due": d(6, 29)}),
    "service-done-has-result": ({"status": "已办结", "result": "已启用"}, {"result": None}),
    # 思想动态
    "morale-once": (
        [
            {"period": "2022-03", "department": "财务处", "way": "座谈", "theme": "办公条件"},
            {"period": "2022-03", "department": "财务处", "way": "问卷", "theme": "办公条件"},
        ],
        {"way": "座谈"},
    ),
    "morale-checked-when-handled": ({"checked": "已核", "handled": "0"}, {"handled": None}),
    # 公开与反馈
    "disclosed-has-review": ({"done": d(4, 12), "reviewed": "已审"}, {"reviewed": None}),
    "disclosed-after-review": ({"reviewed": "未审"}, {"done": d(4, 12)}),
    "disclosure-once": (
        [
            {"kind": "党务公开", "title": "党费", "due": d(4, 15)},
            {"kind": "党务公开", "title": "党费", "due": d(7, 15)},
        ],
        {"due": d(4, 15)},
    ),
    # 满意度
    "answers-add-up": (SURVEY, {"poor": 3}),
    "valid-within-returned": (SURVEY | {"returned": 88}, {"returned": 87}),
    "survey-once-a-period": (
        [{"period": "2022-03", "theme": "窗口服务"}, {"period": "2022-06", "theme": "窗口服务"}],
        {"period": "2022-03"},
    ),
    # 专项治理
    "campaign-due-after-found": ({"found": d(3, 9), "due": d(3, 9)}, {"due": d(3, 8)}),
    "campaign-fixed-after-found": ({"found": d(3, 9), "fixed": d(3, 9)}, {"fixed": d(3, 8)}),
    "campaign-fixed-has-date": ({"state": "已整改", "fixed": d(4, 20)}, {"fixed": None}),
    "campaign-open-has-no-date": ({"state": "整改中", "due": d(4, 30)}, {"fixed": d(4, 20)}),
    "campaign-open-has-due": ({"state": "未整改", "due": d(4, 30)}, {"due": None}),
    # 四种形态
    "one-form-a-period": (
        [{"period": "2022-03", "form": "第一种"}, {"period": "2022-03", "form": "第二种"}],
        {"form": "第一种"},
    ),
    "people-within-times": ({"people": 3, "times": 3}, {"people": 4}),
    # 规章制度
    "effective-after-issued": (ISSUED | {"effective": d(3, 2)}, {"effective": d(3, 1)}),
    "regulation-done-was-issued": ({"action": "立", "outcome": "已完成", **ISSUED}, {"issued_on": None}),
    "regulation-open-not-issued": ({"outcome": "审议中", "document": "局发〔2022〕6号"}, {"issued_on": d(3, 2)}),
    "issued-has-number": (ISSUED, {"document": None}),
    "replacement-named": (
        {"action": "废", "outcome": "已完成", "reason": "已有新规定", "replaces": "ZD-009", **ISSUED},
        {"replaces": None},
    ),
    "amended-was-in-force": (
        [
            {"code": "ZD-001", "action": "改", "replaces": "ZD-002"},
            {"code": "ZD-002", "action": "留", "effective": d(6, 30)},
        ],
        {"effective": d(7, 1)},
    ),
    "abolished-for-a-reason": ({"action": "废", "reason": "已有新规定"}, {"reason": None}),
    "checked-after-effective": (
        {"effective": d(3, 2), "checked": d(3, 2), "check_result": "执行到位"},
        {"checked": d(3, 1)},
    ),
    "regulation-checked-in-a-year": ({"action": "改", "effective": d(6, 30, 2021)}, {"effective": d(6, 29, 2021)}),
    "regulation-reviewed-in-five-years": (
        {"action": "留", "effective": d(1, 1, 2016), "checked": d(6, 30, 2017), "check_result": "执行到位"},
        {"checked": d(6, 29, 2017)},
    ),
    "check-has-result": ({"checked": d(3, 2), "check_result": "未执行"}, {"check_result": None}),
    "result-has-check": ({"checked": d(3, 2), "check_result": "未执行"}, {"checked": None}),
    # 廉政风险
    "high-risk-has-cycle": (HIGH, {"cycle": None}),
    "high-risk-was-checked": (HIGH, {"checked": None}),
    "risk-checked-in-its-cycle": (HIGH, {"checked": d(3, 29)}),
    "risk-checked-on-its-day": ({"checked": d(6, 1), "next_check": d(6, 30)}, {"next_check": d(6, 29)}),
    "next-check-after-last": ({"checked": d(6, 29), "next_check": d(6, 30)}, {"next_check": d(6, 29)}),
    "next-check-in-its-cycle": (HIGH | {"cycle": "半年", "next_check": d(9, 30)}, {"next_check": d(10, 1)}),
    "high-risk-has-measure": (HIGH, {"measure": None}),
    "key-post-has-rotation": ({"kind": "重要岗位", "rotation": d(6, 30)}, {"rotation": None}),
    "risk-once": (
        [
            {"kind": "重点环节", "name": "采购询价", "department": "财务处"},
            {"kind": "重点环节", "name": "采购询价", "department": "党委办公室"},
        ],
        {"department": "财务处"},
    ),
    # 纪律回复
    "mission-end-after-start": ({"start": d(4, 11), "end": d(4, 11)}, {"end": d(4, 10)}),
    "reply-due-after-end": ({"end": d(4, 15), "due": d(4, 15)}, {"due": d(4, 14)}),
    "reply-due-after-start": ({"start": d(4, 11), "due": d(4, 11)}, {"due": d(4, 10)}),
    "replied-after-end": ({"end": d(4, 15), "replied": d(4, 15), "situation": "无异常"}, {"replied": d(4, 14)}),
    "replied-after-start": ({"start": d(4, 11), "replied": d(4, 11), "situation": "无异常"}, {"replied": d(4, 10)}),
    "situation-has-reply": ({"replied": d(4, 20), "situation": "无异常"}, {"replied": None}),
    "reply-has-situation": ({"replied": d(4, 20), "situation": "无异常"}, {"situation": None}),
    "mission-has-people": ({"people": 1}, {"people": "0"}),
    "mission-once": (
        [{"kind": "鉴定评审", "number": "7号"}, {"kind": "出国（境）", "number": "7号"}],
        {"kind": "鉴定评审"},
    ),
    # 八项规定检查
    "conduct-fix-due-after-day": ({"day": d(4, 28), "fix_due": d(4, 28)}, {"fix_due": d(4, 27)}),
    "conduct-fixed-after-day": ({"day": d(4, 28), "fixed_on": d(4, 28)}, {"fixed_on": d(4, 27)}),
    "conduct-found-has-due": ({"found": "0"}, {"found": 1}),
    "conduct-fixed-has-date": ({"found": 2, "fixed": 1, "fix_due": d(5, 20)}, {"fixed": 2}),
    "conduct-date-means-all-fixed": (
        {"found": 2, "fixed": 2, "fix_due": d(5, 20), "fixed_on": d(5, 10)},
        {"fixed": 1},
    ),
    # 网络资产与媒体
    "media-updated-in-14-days": (NEW_MEDIA, {"updated": d(6, 15)}),
    "media-update-known": (NEW_MEDIA, {"updated": None}),
    "next-update-after-last": ({"updated": d(6, 20), "next_update": d(6, 21)}, {"next_update": d(6, 20)}),
    "next-update-in-14-days": (NEW_MEDIA | {"next_update": d(6, 30)}, {"next_update": d(7, 1)}),
    "media-reviewed-three-times": (NEW_MEDIA | {"levels": 3}, {"levels": 2}),
    "website-is-filed": ({"kind": "网站", "filing": "未备案"}, {"filing": "不需要"}),
    "media-stopped-has-date": ({"state": "停用", "closed_on": d(6, 20)}, {"closed_on": None}),
    "media-in-use-not-closed": ({"state": "在用"}, {"closed_on": d(6, 20)}),
    "closed-after-update": ({"updated": d(5, 6), "closed_on": d(5, 6)}, {"closed_on": d(5, 5)}),
    "media-once": ([{"kind": "系统", "name": "检验"}, {"kind": "网站", "name": "检验"}], {"kind": "系统"}),
    # 网络与意识形态
    "signed-has-date": ({"signed": "是", "signed_on": d(1, 20)}, {"signed_on": None}),
    "unsigned-has-no-date": ({"signed": "否"}, {"signed_on": d(1, 20)}),
    "safety-problem-has-day": (PROBLEM, {"checked_on": None}),
    "safety-problem-has-level": (PROBLEM, {"level": None}),
    "safety-problem-has-due": (PROBLEM, {"due": None}),
    "safety-due-after-check": (PROBLEM | {"due": d(5, 16)}, {"due": d(5, 15)}),
    "safety-fixed-after-check": (PROBLEM | {"fixed": d(5, 16)}, {"fixed": d(5, 15)}),
    "safety-fixed-has-problem": (PROBLEM | {"fixed": d(6, 10)}, {"problem": None}),
    "safety-once": (
        [{"kind": "网络安全", "department": "财务处"}, {"kind": "意识形态", "department": "财务处"}],
        {"kind": "网络安全"},
    ),
    # 发展风险
    "high-development-risk-has-measure": ({"level": "高", "measure": "在线检测", "cycle": "季"}, {"measure": None}),
    "development-risk-assessed-in-its-cycle": (
        {"level": "中", "cycle": "季", "assessed": d(3, 30), "trend": "持平"},
        {"assessed": d(3, 29)},
    ),
    "assessed-risk-has-trend": ({"assessed": d(3, 20), "trend": "上升"}, {"trend": None}),
    "risk-for-superior-was-reported": ({"superior": "是", "asked": d(3, 20)}, {"asked": None}),
    "development-risk-once": (
        [{"name": "人才流失", "department": "财务处"}, {"name": "人才流失", "department": "党委办公室"}],
        {"department": "财务处"},
    ),
    # 合理化建议
    "suggestion-due-after-received": ({"received": d(6, 30), "due": d(6, 30)}, {"received": d(7, 1)}),
    "suggestion-answered-after-received": (
        {"received": d(6, 2), "answered": d(6, 2), "adopted": "采纳"},
        {"received": d(6, 3)},
    ),
    "carried-out-after-suggested": (
        {"received": d(6, 2), "carried_out": d(6, 2), "adopted": "部分采纳", "result": "已改"},
        {"received": d(6, 3)},
    ),
    "answered-suggestion-was-decided": ({"answered": d(6, 2), "adopted": "采纳"}, {"adopted": None}),
    "refused-suggestion-says-why": ({"adopted": "不采纳", "reason": "超出本局权限"}, {"reason": None}),
    "refused-suggestion-not-carried-out": (
        {"adopted": "不采纳", "reason": "超出本局权限"},
        {"result": "已改"},
    ),
    "adopted-suggestion-not-refused": ({"adopted": "部分采纳", "reason": "先试一半"}, {"adopted": "采纳"}),
    "carried-out-suggestion-says-how": (
        {"adopted": "采纳", "carried_out": d(6, 2), "result": "已改"},
        {"result": None},
    ),
    "suggestion-answered-in-time": ({"due": d(6, 30)}, {"due": d(6, 29)}),
    # 整改测评
    "ratings-add-up": (
        {"sent": 60, "returned": 50, "valid": 48, "good": 40, "fair": 6, "poor": 2},
        {"poor": 1},
    ),
    "valid-ratings-were-returned": (
        {"returned": 50, "valid": 50, "good": 44, "fair": 4, "poor": 2},
        {"returned": 49},
    ),
    "problem-rated-once-a-day": (
        [
            {"problem": "WT-01", "held": d(6, 10), "raters": "职工"},
            {"problem": "WT-01", "held": d(6, 10), "raters": "服务对象"},
        ],
        {"raters": "职工"},
    ),
    # 几张表后来加的规则
    "joint-project-names-partners": (
        {"kind": "联合项目", "state": "协调中", "supporting": ("财务处",)},
        {"supporting": None},
    ),
    "joint-project-has-result": (
        {
            "kind": "联合项目", "state": "已解决", "supporting": ("财务处",), "solved": d(4, 20),
            "result": "联合实验室",
        },
        {"result": None},
    ),
    "reform-for-superior-was-reported": ({"superior": "是", "asked": d(3, 20)}, {"asked": None}),
    "talent-matter-was-reported": ({"matter": "落户指标", "asked": d(3, 20)}, {"asked": None}),
}  # fmt: skip


def broken(form: Form, rows: list[Row], as_of: date = DAY) -> set[str]:
    """Return the names of the rules that these rows break; rows get the codes that they lack."""
    coded = [{form.code_column.key: form.format_code(number + 1), **row} for number, row in enumerate(rows)]
    found = find_breaches(ledger_in_memory(**{form.name: coded}), as_of)
    return {each.rule.name for each in found if not each.mild}


def test_every_rule_has_a_case() -> None:
    assert sorted(CASES) == sorted(OWN)


@pytest.mark.parametrize("name", CASES)
def test_a_row_at_the_boundary_keeps_the_rule_and_one_beyond_breaks_it(name: str) -> None:
    kept, change = CASES[name]
    rows = kept if isinstance(kept, list) else [kept]
    assert broken(OWN[name], rows) == set()
    assert broken(OWN[name], [*rows[:-1], {**rows[-1], **change}]) == {name}


@pytest.mark.parametrize(
    ("form", "row", "names"),
    [
        ("appeals", {"channel": "来电", "received": d(1, 4)}, set()),
        ("appeals", PETITION | {"extended_to": d(6, 30)}, set()),
        ("appeals", PETITION | {"extended_to": d(6, 29)},
         {"petition-extended-by-30-days", "extended-petition-answered"}),
        ("appeals", PETITION | {"received": d(4, 1), "informed": d(4, 17), "answered": d(6, 1)},
         set()),  # late, and done
        ("appeals", PETITION | {"received": d(4, 1), "informed": d(4, 16), "answered": d(5, 31)}, set()),
        ("appeals", PETITION | {"extended_to": d(7, 10), "answered": d(7, 11)}, set()),
        ("media", {"kind": "网站", "state": "在用", "updated": d(1, 4)}, set()),
        ("media", {"kind": "公众号", "state": "停用", "updated": d(1, 4), "closed_on": d(1, 5)}, set()),
        ("regulations", {"action": "改", "effective": d(3, 1, 2021), "checked": d(3, 2), "check_result": "执行到位"},
         set()),
        ("regulations", {"action": "留", "effective": d(3, 1, 2021)}, set()),
        ("regulations", {"action": "留", "outcome": "已完成"}, set()),
        ("integrity_risks", {"level": "低"}, set()),
        ("condolences", {"amount": 99999, "standard": "工会慰问标准"}, set()),
        ("talent", {"opening": 320, "joined": 4, "left": 3, "closing": 321}, set()),
        ("talent", {"opening": 320, "joined": 4, "left": 3, "closing": 322}, {"talent-balance"}),
        ("plan_targets", {"state": "推进中", "unit": "个", "base": 0, "target": 2, "current": 1}, set()),
    ],
)  # fmt: skip
def test_what_rules_say_together(form: str, row: Row, names: set[str]) -> None:
    assert broken(FORMS[form], [row]) == names


@pytest.mark.parametrize(
    ("cycle", "last"), [("月", d(5, 30)), ("季", d(3, 30)), ("半年", d(12, 30, 2021)), ("年", d(6, 30, 2021))]
)
def test_a_risk_is_checked_again_within_its_own_cycle(cycle: str, last: date) -> None:
    row = {**HIGH, "cycle": cycle, "checked": last}
    assert broken(FORMS["integrity_risks"], [row]) == set()
    assert broken(FORMS["integrity_risks"], [row], d(7, 1)) == {"risk-checked-in-its-cycle"}
