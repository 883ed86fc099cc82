"""Rules of the forms of party work, the tasks and decisions: rows that just keep each rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from support.ledgers import ledger_in_memory
from taizhang.forms.load import standard_forms
from taizhang.forms.model import Form
from taizhang.forms.rules import Rule
from taizhang.supervision.breaches import breaches_of

DAY = date(2022, 6, 30)
FORMS = standard_forms()


@dataclass(frozen=True)
class Kept:
    """Rows that keep a rule, at its boundary where it has one; ``beside`` are rows of other registers."""

    rows: list[dict[str, Any]]
    beside: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    on: date = DAY


KEPT = {
    "election-planned-after-vacant": Kept([{"vacant_since": date(2022, 6, 2), "election_planned": date(2022, 6, 2)}]),
    "slip-reply-due-after-issued": Kept([{"issued": date(2022, 3, 2), "reply_by": date(2022, 3, 2)}]),
    "slip-replied-after-issued": Kept([{"issued": date(2022, 3, 2), "replied": date(2022, 3, 2)}]),
    "slip-result-was-replied": Kept(
        [{"result": "继续推进", "replied": date(2022, 3, 2)}, {"issued": date(2022, 3, 2)}]
    ),
    "branch-meeting-listed-once": Kept(
        [
            {"branch": "机关第一党支部", "kind": "党课", "held": date(2022, 6, 10)},
            {"branch": "机关第一党支部", "kind": "主题党日", "held": date(2022, 6, 10)},
            {"branch": "机关第一党支部", "kind": "党课", "held": date(2022, 6, 11)},
            {"branch": "检验一室党支部", "kind": "党课", "held": date(2022, 6, 10)},
            {"branch": "机关第一党支部", "kind": "党小组会", "held": date(2022, 6, 10)},
            {"branch": "机关第一党支部", "kind": "党小组会", "held": date(2022, 6, 10)},
        ]
    ),
    "elected-after-vacant": Kept([{"vacant_since": date(2022, 3, 2), "election_done": date(2022, 3, 2)}]),
    "approved-after-elected": Kept([{"election_done": date(2022, 3, 2), "approved": date(2022, 3, 2)}]),
    "term-end-after-established": Kept([{"established": date(2025, 3, 2), "term_end": date(2025, 3, 2)}]),
    "talked-after-applied": Kept([{"applied": date(2022, 3, 10), "talked": date(2022, 3, 10)}]),
    "activist-after-applied": Kept([{"applied": date(2022, 3, 10), "activist_on": date(2022, 3, 10)}]),
    "candidate-after-activist": Kept([{"activist_on": date(2022, 3, 10), "candidate_on": date(2022, 3, 10)}]),
    "prechecked-after-candidate": Kept([{"candidate_on": date(2022, 3, 10), "prechecked": date(2022, 3, 10)}]),
    "meeting-after-candidate": Kept([{"candidate_on": date(2022, 6, 10), "meeting": date(2022, 6, 10)}]),
    "meeting-after-prechecked": Kept([{"prechecked": date(2022, 6, 10), "meeting": date(2022, 6, 10)}]),
    "membership-approved-after-meeting": Kept([{"meeting": date(2022, 6, 10), "approved": date(2022, 6, 10)}]),
    "reviewed-after-activist": Kept([{"activist_on": date(2022, 3, 10), "reviewed": date(2022, 3, 10)}]),
    "next-review-after-review": Kept([{"reviewed": date(2022, 6, 10), "review_due": date(2022, 6, 11)}]),
    "notice-of-candidate-ends-after-start": Kept([{"notice_from": date(2022, 6, 10), "notice_to": date(2022, 6, 10)}]),
    "full-after-probation": Kept([{"probation_end": date(2022, 6, 10), "full_on": date(2022, 6, 10)}]),
    "full-after-extension": Kept([{"extended_to": date(2022, 6, 10), "full_on": date(2022, 6, 10)}]),
    "full-meeting-after-probation": Kept([{"probation_end": date(2022, 6, 10), "full_meeting": date(2022, 6, 10)}]),
    "full-approved-after-meeting": Kept([{"full_meeting": date(2022, 6, 10), "full_approved": date(2022, 6, 10)}]),
    "applicant-is-adult": Kept([{"adult": "是"}]),
    "talk-within-a-month": Kept(
        [
            {"stage": "申请人", "applied": date(2022, 5, 30)},
            {"stage": "申请人", "applied": date(2022, 1, 31), "talked": date(2022, 2, 28)},
            {"stage": "申请人", "transferred": "是", "applied": date(2021, 5, 29)},
        ]
    ),
    "activist-after-three-months": Kept(
        [
            {"applied": date(2022, 1, 10), "activist_on": date(2022, 4, 10)},
            {"applied": date(2022, 1, 10), "activist_on": date(2022, 4, 9), "transferred": "是"},
        ]
    ),
    "one-or-two-contacts": Kept([{"contacts": 1}, {"contacts": 2}]),
    "contacts-are-named": Kept(
        [{"stage": "积极分子", "activist_on": date(2022, 3, 10), "contacts": 1}, {"stage": "申请人"}]
    ),
    "review-every-half-year": Kept(
        [{"stage": "积极分子", "contacts": 1, "activist_on": date(2021, 6, 1), "reviewed": date(2021, 12, 31)}],
        on=date(2022, 5, 29),
    ),
    "next-review-within-half-a-year": Kept([{"reviewed": date(2022, 4, 12), "review_due": date(2022, 10, 12)}]),
    "transfer-has-material": Kept([{"transferred": "是", "material": "催要中"}, {"transferred": "否"}]),
    "transfer-has-material-before-candidate": Kept(
        [
            {"transferred": "是", "material": "已收", "candidate_on": date(2022, 3, 1)},
            {"transferred": "是", "material": "催要中"},
        ]
    ),
    "candidate-after-a-year": Kept(
        [
            {"activist_on": date(2021, 3, 1), "candidate_on": date(2022, 3, 1)},
            {
                "activist_on": date(2021, 3, 1),
                "candidate_on": date(2022, 2, 28),
                "transferred": "是",
                "material": "已收",
            },
        ]
    ),
    "training-of-three-days": Kept([{"meeting": date(2022, 6, 10), "hours": 24}, {"hours": 8}]),
    "exam-passed-before-meeting": Kept([{"meeting": date(2022, 6, 10), "exam": "合格"}, {"exam": "未考"}]),
    "trained-before-probation": Kept([{"stage": "预备党员", "hours": 24, "exam": "合格"}]),
    "leaving-soon-not-admitted": Kept([{"meeting": date(2022, 6, 10), "leaving_on": date(2022, 9, 10)}]),
    "meeting-within-a-month-of-precheck": Kept([{"prechecked": date(2022, 5, 10), "meeting": date(2022, 6, 10)}]),
    "approved-within-three-months": Kept(
        [
            {"meeting": date(2022, 3, 1), "approved": date(2022, 6, 1)},
            {"meeting": date(2022, 3, 1), "stage": "终止"},
            {"meeting": date(2022, 5, 1)},
        ]
    ),
    "approved-within-six-months": Kept(
        [
            {"approval_extended": "是", "meeting": date(2021, 12, 1), "approved": date(2022, 6, 1)},
            {"approval_extended": "是", "meeting": date(2022, 3, 1)},
        ]
    ),
    "probation-of-a-year": Kept(
        [
            {"meeting": date(2022, 6, 10), "probation_end": date(2023, 6, 9)},
            {"meeting": date(2022, 6, 10), "probation_end": date(2023, 6, 10)},
            {"meeting": date(2022, 6, 10), "probation_end": date(2023, 6, 11)},
        ]
    ),
    "probation-extended-half-to-one-year": Kept(
        [
            {"probation_end": date(2022, 6, 10), "extended_to": date(2022, 12, 10)},
            {"probation_end": date(2022, 6, 10), "extended_to": date(2023, 6, 10)},
        ]
    ),
    "full-when-probation-ends": Kept(
        [
            {
                "stage": "预备党员",
                "activist_on": date(2019, 1, 10),
                "candidate_on": date(2020, 2, 10),
                "hours": 24,
                "exam": "合格",
                "probation_end": date(2022, 6, 10),
                "extended_to": date(2022, 12, 10),
            },
            {"stage": "预备党员", "probation_end": date(2022, 8, 1)},
            {"stage": "正式党员", "probation_end": date(2022, 6, 10)},
        ]
    ),
    "full-approved-within-three-months": Kept(
        [{"full_meeting": date(2022, 3, 30)}, {"full_meeting": date(2022, 1, 10), "full_approved": date(2022, 4, 10)}]
    ),
    "candidate-notice-of-five-days": Kept([{"notice_from": date(2022, 6, 6), "notice_to": date(2022, 6, 10)}]),
    "activist-has-day": Kept([{"stage": "积极分子", "activist_on": date(2022, 3, 10)}, {"stage": "申请人"}]),
    "candidate-has-day": Kept([{"stage": "发展对象", "candidate_on": date(2022, 3, 10)}, {"stage": "积极分子"}]),
    "probationary-has-days": Kept(
        [
            {
                "stage": "预备党员",
                "meeting": date(2022, 3, 10),
                "approved": date(2022, 4, 1),
                "probation_end": date(2023, 3, 10),
            },
            {"stage": "发展对象"},
        ]
    ),
    "full-member-has-day": Kept([{"stage": "正式党员", "full_on": date(2022, 3, 10)}, {"stage": "终止"}]),
    "applicant-stage-kept-up": Kept([{"stage": "申请人"}, {"stage": "积极分子", "activist_on": date(2022, 3, 10)}]),
    "activist-stage-kept-up": Kept([{"stage": "积极分子"}, {"stage": "发展对象", "candidate_on": date(2022, 3, 10)}]),
    "candidate-stage-kept-up": Kept(
        [{"stage": "发展对象", "meeting": date(2022, 6, 1)}, {"stage": "预备党员", "approved": date(2022, 3, 10)}]
    ),
    "probationary-stage-kept-up": Kept([{"stage": "预备党员"}, {"stage": "正式党员", "full_on": date(2022, 3, 10)}]),
    "temporary-branch-admits-none": Kept(
        [{"branch": "机关第一党支部"}], beside={"branches": [{"branch": "机关第一党支部", "kind": "联合"}]}
    ),
    "branch-listed-once": Kept([{"branch": "机关第一党支部"}, {"branch": "机关第二党支部"}]),
    "branch-of-three": Kept([{"members": 3}]),
    "branch-of-fifty": Kept([{"members": 50}]),
    "committee-from-seven": Kept([{"members": 7, "seats": 3}, {"members": 6}, {"members": 7, "kind": "临时"}]),
    "committee-of-three": Kept([{"members": 9, "seats": 3}, {"members": 6, "seats": 2}]),
    "committee-of-seven": Kept([{"members": 30, "seats": 7}]),
    "no-committee-below-seven": Kept([{"members": 6, "seats": 2}, {"members": 7, "seats": 3}]),
    "term-of-three-years": Kept(
        [
            {"established": date(2021, 3, 1), "term_end": date(2024, 2, 28)},
            {"established": date(2021, 3, 1), "term_end": date(2024, 3, 1)},
        ]
    ),
    "election-before-term-ends": Kept(
        [{"term_end": date(2023, 1, 1)}, {"term_end": date(2022, 6, 29), "kind": "临时"}]
    ),
    "seats-match-committee": Kept(
        [{"branch": "机关第一党支部", "seats": 1}],
        beside={"committee_members": [{"branch": "机关第一党支部", "post": "书记"}]},
    ),
    "branch-has-secretary": Kept(
        [{"branch": "机关第一党支部"}], beside={"committee_members": [{"branch": "机关第一党支部", "post": "书记"}]}
    ),
    "activists-match-register": Kept(
        [{"branch": "机关第一党支部", "activists": 1}],
        beside={
            "members": [
                {"branch": "机关第一党支部", "stage": "积极分子", "contacts": 1, "activist_on": date(2022, 3, 10)}
            ]
        },
    ),
    "probationary-match-register": Kept(
        [{"branch": "机关第一党支部", "probationary": 1}],
        beside={"members": [{"branch": "机关第一党支部", "stage": "预备党员"}]},
    ),
    "vacancy-has-start": Kept(
        [{"state": "空缺", "vacant_since": date(2022, 6, 15), "vacancy_reason": "调离"}, {"state": "在任"}]
    ),
    "seated-has-no-vacancy": Kept(
        [{"state": "在任"}, {"state": "在任", "vacant_since": date(2022, 6, 15), "election_done": date(2022, 6, 15)}]
    ),
    "vacancy-not-yet-elected": Kept(
        [
            {"state": "空缺", "vacant_since": date(2022, 6, 15), "vacancy_reason": "调离"},
            {"state": "在任", "election_done": date(2022, 6, 20)},
        ]
    ),
    "vacancy-filled-in-time": Kept(
        [
            {"state": "空缺", "vacant_since": date(2022, 6, 1), "vacancy_reason": "退休"},
            {"state": "在任", "vacant_since": date(2022, 3, 1), "election_done": date(2022, 5, 30)},
        ],
        on=date(2022, 6, 30),
    ),
    "election-reported": Kept([{"election_done": date(2022, 6, 15), "approved": date(2022, 6, 15)}, {"state": "在任"}]),
    "one-row-per-post": Kept(
        [
            {"branch": "机关第一党支部", "post": "书记"},
            {"branch": "机关第二党支部", "post": "书记"},
            {"branch": "机关第一党支部", "post": "其他委员"},
            {"branch": "机关第一党支部", "post": "其他委员"},
        ]
    ),
    "temporary-branch-elects-none": Kept(
        [{"branch": "机关第一党支部", "post": "书记", "election_done": date(2022, 6, 15)}],
        beside={"branches": [{"branch": "机关第一党支部", "kind": "普通"}]},
    ),
    "meeting-in-its-month": Kept(
        [{"month": "2022-05", "held": date(2022, 5, 31)}, {"month": "2022-05", "held": date(2022, 5, 1)}]
    ),
    "members-meet-each-quarter": Kept(
        [
            {"branch": "机关第一党支部", "kind": "主题党日", "held": date(2022, 6, 1)},
            {"branch": "机关第一党支部", "kind": "党课", "held": date(2022, 6, 3)},
            {"branch": "机关第一党支部", "kind": "党员大会", "held": date(2022, 6, 30)},
        ],
        beside={"branches": [{"branch": "机关第一党支部", "members": 5}]},
        on=date(2022, 7, 1),
    ),
    "committee-meets-each-month": Kept(
        [
            {"branch": "机关第一党支部", "kind": "主题党日", "held": date(2022, 5, 10)},
            {"branch": "机关第一党支部", "kind": "支委会", "held": date(2022, 5, 31)},
        ],
        beside={"branches": [{"branch": "机关第一党支部", "members": 7, "seats": 3}]},
        on=date(2022, 6, 1),
    ),
    "group-meets-each-month": Kept(
        [
            {"branch": "机关第一党支部", "kind": "主题党日", "held": date(2022, 5, 10)},
            {"branch": "机关第一党支部", "kind": "党小组会", "held": date(2022, 5, 31)},
        ],
        beside={"branches": [{"branch": "机关第一党支部", "members": 5, "groups": 1}]},
        on=date(2022, 6, 1),
    ),
    "lesson-each-quarter": Kept(
        [
            {"branch": "机关第一党支部", "kind": "主题党日", "held": date(2022, 6, 1)},
            {"branch": "机关第一党支部", "kind": "党员大会", "held": date(2022, 6, 2)},
            {"branch": "机关第一党支部", "kind": "党课", "held": date(2022, 6, 30)},
        ],
        beside={"branches": [{"branch": "机关第一党支部", "members": 5}]},
        on=date(2022, 7, 1),
    ),
    "theme-day-each-month": Kept(
        [
            {"branch": "机关第一党支部", "kind": "党课", "held": date(2022, 5, 10)},
            {"branch": "机关第一党支部", "kind": "主题党日", "held": date(2022, 5, 31)},
        ],
        beside={"branches": [{"branch": "机关第一党支部", "members": 5}]},
        on=date(2022, 6, 1),
    ),
    "life-meeting-each-year": Kept(
        [
            {"branch": "机关第一党支部", "kind": "主题党日", "held": date(2022, 12, 1)},
            {"branch": "机关第一党支部", "kind": "党员大会", "held": date(2022, 12, 2)},
            {"branch": "机关第一党支部", "kind": "党课", "held": date(2022, 12, 3)},
            {"branch": "机关第一党支部", "kind": "民主评议", "held": date(2022, 12, 5)},
            {"branch": "机关第一党支部", "kind": "组织生活会", "held": date(2022, 12, 31)},
        ],
        beside={"branches": [{"branch": "机关第一党支部", "members": 5}]},
        on=date(2023, 1, 1),
    ),
    "members-judged-each-year": Kept(
        [
            {"branch": "机关第一党支部", "kind": "主题党日", "held": date(2022, 12, 1)},
            {"branch": "机关第一党支部", "kind": "党员大会", "held": date(2022, 12, 2)},
            {"branch": "机关第一党支部", "kind": "党课", "held": date(2022, 12, 3)},
            {"branch": "机关第一党支部", "kind": "组织生活会", "held": date(2022, 12, 4)},
            {"branch": "机关第一党支部", "kind": "民主评议", "held": date(2022, 12, 31)},
        ],
        beside={"branches": [{"branch": "机关第一党支部", "members": 5}]},
        on=date(2023, 1, 1),
    ),
    "points-add-up-to-100": Kept(
        [
            {"method": "达标得分", "points": 60},
            {"method": "达标得分", "points": 40, "applies": ("普通",)},
            {"method": "达标得分", "points": 40, "applies": ("联合",)},
            {"method": "加分", "points": 5},
        ]
    ),
    "bonus-has-cap": Kept([{"method": "加分", "points": 2, "cap": 5}, {"method": "否决", "points": 0}]),
    "only-bonus-has-cap": Kept([{"method": "加分", "points": 2, "cap": 5}, {"method": "达标得分", "points": 100}]),
    "deduction-has-step": Kept(
        [{"method": "按次扣分", "points": 100, "step": 0.5}, {"method": "达标得分", "points": 100}]
    ),
    "step-within-points": Kept([{"step": 100, "points": 100}]),
    "floor-within-points": Kept([{"floor": 5, "points": 5}]),
    "veto-item-has-no-points": Kept([{"method": "否决", "points": 0}, {"method": "加分", "points": 5}]),
    "register-of-item-named": Kept([{"source": "取自登记表", "register": "组织生活"}, {"source": "手工"}]),
    "item-listed-once": Kept([{"first": "组织建设", "item": "按期换届"}, {"first": "组织建设", "item": "按期补选"}]),
    "self-score-within-points": Kept(
        [{"item": "KZ-01", "self_score": 100}],
        beside={"appraisal_items": [{"method": "达标得分", "points": 100, "floor": 10}]},
    ),
    "score-within-points": Kept(
        [{"item": "KZ-01", "self_score": 100, "score": 100}],
        beside={"appraisal_items": [{"method": "达标得分", "points": 100, "floor": 10}]},
    ),
    "self-bonus-within-cap": Kept(
        [{"item": "KZ-01", "self_score": 5}], beside={"appraisal_items": [{"method": "加分", "points": 2, "cap": 5}]}
    ),
    "bonus-within-cap": Kept(
        [{"item": "KZ-01", "self_score": 5, "score": 5}],
        beside={"appraisal_items": [{"method": "加分", "points": 2, "cap": 5}]},
    ),
    "score-not-below-floor": Kept(
        [{"item": "KZ-01", "self_score": 10, "score": 10}],
        beside={"appraisal_items": [{"method": "达标得分", "points": 100, "floor": 10}]},
    ),
    "veto-item-has-no-self-score": Kept(
        [{"item": "KZ-01"}], beside={"appraisal_items": [{"method": "否决", "points": 0}]}
    ),
    "self-score-given": Kept([{"item": "KZ-01"}], beside={"appraisal_items": [{"method": "否决", "points": 0}]}),
    "veto-item-has-no-score": Kept([{"item": "KZ-01"}], beside={"appraisal_items": [{"method": "否决", "points": 0}]}),
    "veto-only-on-veto-items": Kept(
        [{"item": "KZ-01", "veto": "是"}], beside={"appraisal_items": [{"method": "否决", "points": 0}]}
    ),
    "veto-decided": Kept(
        [{"item": "KZ-01", "state": "已核", "veto": "否"}, {"item": "KZ-01", "state": "待核"}],
        beside={"appraisal_items": [{"method": "否决", "points": 0}]},
    ),
    "checked-has-score": Kept(
        [{"item": "KZ-01", "state": "已核", "veto": "否"}],
        beside={"appraisal_items": [{"method": "否决", "points": 0}]},
    ),
    "deduction-has-reason": Kept(
        [{"self_score": 5, "score": 5}, {"self_score": 5, "score": 4.5, "deduction": "缺一次支委会"}]
    ),
    "scored-once": Kept(
        [
            {"year": 2022, "branch": "机关第一党支部", "item": "KZ-01"},
            {"year": 2022, "branch": "机关第二党支部", "item": "KZ-01"},
            {"year": 2021, "branch": "机关第一党支部", "item": "KZ-01"},
            {"year": 2022, "branch": "机关第一党支部", "item": "KZ-02"},
        ]
    ),
    "every-branch-appraised-each-year": Kept(
        [{"year": 2021, "branch": "机关第一党支部"}, {"year": 2021, "branch": "机关第二党支部"}],
        beside={"branches": [{"branch": "机关第一党支部"}, {"branch": "机关第二党支部"}]},
    ),
    "every-branch-appraised-each-half-year": Kept(
        [
            {"branch": "机关第一党支部", "scored_on": date(2022, 1, 1)},
            {"branch": "机关第二党支部", "scored_on": date(2022, 6, 30)},
        ],
        beside={"branches": [{"branch": "机关第一党支部"}, {"branch": "机关第二党支部"}]},
        on=date(2022, 7, 1),
    ),
    "fixed-after-interview": Kept(
        [
            {
                "held": date(2022, 3, 22),
                "fixed": date(2022, 3, 22),
                "members": 3,
                "problems": "组织生活不按时",
                "fix_due": date(2022, 6, 30),
                "result": "已补开",
            }
        ]
    ),
    "fix-due-after-interview": Kept(
        [{"held": date(2022, 3, 22), "fix_due": date(2022, 3, 22), "members": 3, "problems": "组织生活不按时"}]
    ),
    "interview-says-what": Kept(
        [
            {"held": date(2022, 3, 22), "members": 3, "problems": "组织生活不按时", "fix_due": date(2022, 6, 30)},
            {"due": date(2022, 3, 31)},
        ]
    ),
    "fix-says-result": Kept(
        [
            {"fixed": date(2022, 6, 1), "result": "已补开"},
            {"held": date(2022, 3, 22), "members": 3, "problems": "组织生活不按时", "fix_due": date(2022, 6, 30)},
        ]
    ),
    "interviewed-within-committee": Kept(
        [{"branch": "机关第一党支部", "members": 1}],
        beside={
            "committee_members": [
                {"branch": "机关第一党支部", "post": "书记", "state": "在任"},
                {
                    "branch": "机关第一党支部",
                    "post": "组织委员",
                    "state": "空缺",
                    "vacant_since": date(2022, 6, 15),
                    "vacancy_reason": "调离",
                },
            ]
        },
    ),
    "interviewed-once": Kept(
        [
            {"year": 2022, "branch": "机关第一党支部"},
            {"year": 2021, "branch": "机关第一党支部"},
            {"year": 2022, "branch": "机关第二党支部"},
        ]
    ),
    "recognised-meets-all": Kept(
        [
            {
                "politics": "达标",
                "team": "达标",
                "members": "达标",
                "effect": "达标",
                "standard": "达标",
                "review": "认定",
                "recognised": date(2022, 6, 1),
            },
            {
                "politics": "达标",
                "team": "达标",
                "members": "达标",
                "effect": "未达标",
                "standard": "达标",
                "review": "暂缓",
            },
        ]
    ),
    "recognised-has-day": Kept([{"review": "认定", "recognised": date(2022, 6, 1)}, {"review": "暂缓"}]),
    "unrecognised-has-no-day": Kept([{"review": "暂缓"}, {"review": "认定", "recognised": date(2022, 6, 1)}]),
    "recognised-after-applied": Kept([{"applied": date(2022, 5, 10), "recognised": date(2022, 5, 10)}]),
    "applied-in-its-year": Kept(
        [{"year": 2022, "applied": date(2022, 1, 1)}, {"year": 2022, "applied": date(2022, 12, 31)}]
    ),
    "applied-once-a-year": Kept(
        [
            {"year": 2022, "branch": "机关第一党支部"},
            {"year": 2021, "branch": "机关第一党支部"},
            {"year": 2022, "branch": "机关第二党支部"},
        ]
    ),
    "dissolving-due-after-set-up": Kept([{"started": date(2022, 4, 15), "due": date(2022, 4, 15)}]),
    "dissolved-after-set-up": Kept([{"started": date(2022, 4, 15), "ended": date(2022, 4, 15)}]),
    "temporary-branch-is-described": Kept(
        [
            {"kind": "临时党组织", "approval": "某党发〔2022〕1号", "members": 3, "due": date(2022, 9, 30)},
            {"kind": "联学共建"},
        ]
    ),
    "temporary-branch-of-three": Kept([{"kind": "临时党组织", "members": 3}, {"kind": "联学共建", "members": 2}]),
    "joint-work-names-both-sides": Kept(
        [
            {"kind": "联学共建", "branch": "机关第一党支部", "partner": "某街道党支部"},
            {"kind": "融合项目", "branch": "机关第一党支部"},
        ]
    ),
    "project-names-branch": Kept([{"kind": "融合项目", "branch": "机关第一党支部"}, {"kind": "临时党组织"}]),
    "only-temporary-branch-is-dissolved": Kept(
        [{"kind": "融合项目"}, {"kind": "临时党组织", "ended": date(2022, 6, 1)}]
    ),
    "joint-work-listed-once": Kept(
        [
            {"name": "检验一线共建", "kind": "融合项目", "started": date(2022, 4, 15)},
            {"name": "检验一线共建", "kind": "融合项目", "started": date(2022, 4, 16)},
        ]
    ),
    "quota-not-exceeded": Kept([{"used": 10, "quota": 10}]),
    "full-time-within-posts": Kept(
        [{"kind": "党务专职", "present": 6, "posts": 6}, {"kind": "党务兼职", "present": 7, "posts": 6}]
    ),
    "staff-has-number": Kept(
        [
            {"kind": "党务专职", "present": 5},
            {"kind": "两优一先", "honour": "优秀共产党员", "level": "本局", "quota": 10},
        ]
    ),
    "staff-has-no-honour": Kept(
        [
            {"kind": "党务兼职", "present": 5},
            {"kind": "两优一先", "honour": "优秀共产党员", "level": "本局", "quota": 10},
        ]
    ),
    "honour-is-described": Kept(
        [
            {"kind": "两优一先", "honour": "优秀共产党员", "level": "本局", "quota": 10},
            {"kind": "党务专职", "present": 5},
        ]
    ),
    "honour-has-no-posts": Kept(
        [
            {"kind": "两优一先", "honour": "优秀共产党员", "level": "本局", "quota": 10},
            {"kind": "党务专职", "present": 5},
        ]
    ),
    "notice-of-honour-ends-after-start": Kept([{"notice_from": date(2022, 6, 10), "notice_to": date(2022, 6, 10)}]),
    "honour-notice-of-five-days": Kept([{"notice_from": date(2022, 6, 6), "notice_to": date(2022, 6, 10)}]),
    "awarded-after-notice": Kept(
        [
            {
                "notice_to": date(2022, 6, 27),
                "awarded_on": date(2022, 6, 28),
                "notice_from": date(2022, 6, 20),
                "document": "某党发〔2022〕8号",
                "used": 9,
            }
        ]
    ),
    "award-is-documented": Kept(
        [
            {
                "awarded_on": date(2022, 6, 28),
                "notice_from": date(2022, 6, 20),
                "notice_to": date(2022, 6, 27),
                "document": "某党发〔2022〕8号",
                "used": 9,
            },
            {"kind": "两优一先", "honour": "优秀共产党员", "level": "本局", "quota": 10},
        ]
    ),
    "staff-counted-once": Kept(
        [
            {"kind": "党务专职", "year": 2022},
            {"kind": "党务兼职", "year": 2022},
            {"kind": "党务专职", "year": 2021},
            {"kind": "两优一先", "honour": "优秀共产党员", "level": "本局", "quota": 10, "year": 2022},
            {"kind": "两优一先", "honour": "优秀共产党员", "level": "本局", "quota": 10, "year": 2022},
        ]
    ),
    "honour-counted-once": Kept(
        [
            {"kind": "两优一先", "honour": "优秀共产党员", "level": "本局", "quota": 10, "year": 2022},
            {"kind": "两优一先", "honour": "优秀共产党员", "level": "本局", "quota": 10, "year": 2021},
            {"kind": "两优一先", "honour": "优秀共产党员", "level": "上级", "quota": 10, "year": 2022},
            {"kind": "两优一先", "honour": "先进基层党组织", "level": "本局", "quota": 10, "year": 2022},
        ]
    ),
    "held-has-day": Kept([{"state": "已开展", "held": date(2022, 5, 18)}, {"state": "计划"}]),
    "held-has-numbers": Kept([{"state": "已开展", "expected": 40, "attended": 38}, {"state": "计划"}]),
    "not-held-has-no-day": Kept([{"state": "计划"}, {"state": "已开展", "held": date(2022, 5, 18), "attended": 38}]),
    "cancelled-says-why": Kept([{"state": "取消", "note": "并入专题教育"}, {"state": "计划"}]),
    "activity-listed-once": Kept(
        [
            {"department": "财务处", "kind": "宣讲", "theme": "改革举措", "planned": date(2022, 5, 20)},
            {"department": "党委办公室", "kind": "宣讲", "theme": "改革举措", "planned": date(2022, 5, 20)},
            {"department": "财务处", "kind": "宣讲", "theme": "改革举措", "planned": date(2022, 6, 20)},
        ]
    ),
    "report-due-after-meeting": Kept([{"held": date(2022, 1, 18), "report_due": date(2022, 1, 18)}]),
    "reported-after-meeting": Kept([{"held": date(2022, 1, 18), "reported": date(2022, 1, 18)}]),
    "plan-due-after-meeting": Kept(
        [{"held": date(2022, 1, 18), "plan_due": date(2022, 1, 18), "reported": date(2022, 1, 18)}]
    ),
    "plan-issued-after-meeting": Kept(
        [{"held": date(2022, 1, 18), "plan_issued": date(2022, 1, 18), "reported": date(2022, 1, 18)}]
    ),
    "lookback-due-after-meeting": Kept(
        [{"held": date(2022, 1, 18), "review_due": date(2022, 1, 18), "reported": date(2022, 1, 18)}]
    ),
    "looked-back-after-meeting": Kept(
        [{"held": date(2022, 1, 18), "reviewed": date(2022, 1, 18), "reported": date(2022, 1, 18)}]
    ),
    "looked-back-after-plan": Kept([{"plan_issued": date(2022, 3, 1), "reviewed": date(2022, 3, 1)}]),
    "reported-within-fifteen-days": Kept(
        [
            {"held": date(2022, 6, 15)},
            {"held": date(2022, 1, 18), "reported": date(2022, 2, 2)},
            {"held": date(2022, 1, 18), "report_due": date(2022, 7, 10)},
        ]
    ),
    "reported-by-notified-day": Kept(
        [
            {"held": date(2022, 6, 15), "report_due": date(2022, 6, 30)},
            {"held": date(2022, 1, 18), "report_due": date(2022, 2, 10), "reported": date(2022, 2, 10)},
        ]
    ),
    "meeting-listed-once": Kept([{"year": 2022, "theme": "民主生活会"}, {"year": 2021, "theme": "民主生活会"}]),
    "adopted-opinion-names-problem": Kept(
        [{"outcome": "列入问题清单", "problem": ("WT-01",)}, {"outcome": "列入诉求台账"}]
    ),
    "other-opinion-names-no-problem": Kept(
        [{"outcome": "列入诉求台账"}, {"outcome": "列入问题清单", "problem": ("WT-01",)}]
    ),
    "refused-opinion-says-why": Kept([{"outcome": "不采纳", "reason": "超出本局权限"}, {"outcome": "列入诉求台账"}]),
    "adopted-opinion-has-no-refusal": Kept(
        [{"outcome": "列入诉求台账"}, {"outcome": "不采纳", "reason": "超出本局权限"}]
    ),
    "answered-opinion-has-outcome": Kept(
        [{"answered": date(2022, 3, 1), "outcome": "列入诉求台账"}, {"channel": "座谈会"}]
    ),
    "talk-has-day": Kept([{"times": 1, "held": date(2022, 1, 8)}, {"times": 0}]),
    "no-talk-has-no-day": Kept([{"times": 0}, {"times": 1, "held": date(2022, 1, 8), "opinions": 2}]),
    "head-talks-with-leaders": Kept(
        [{"kind": "主要负责人与班子成员", "audience": "班子成员"}, {"kind": "主要负责人与班子成员"}]
    ),
    "leaders-talk-with-leaders": Kept([{"kind": "班子成员之间", "audience": "班子成员"}, {"kind": "班子成员之间"}]),
    "leaders-talk-with-heads": Kept(
        [{"kind": "班子成员与分管部门负责人", "audience": "部门负责人"}, {"kind": "班子成员与分管部门负责人"}]
    ),
    "leaders-talk-with-staff": Kept(
        [
            {"kind": "班子成员与党员群众", "audience": "党员"},
            {"kind": "班子成员与党员群众", "audience": "群众"},
            {"kind": "班子成员与党员群众"},
        ]
    ),
    "talk-listed-once": Kept(
        [
            {"leader": "局长", "kind": "班子成员之间", "audience": "班子成员", "held": date(2022, 1, 8)},
            {"leader": "局长", "kind": "班子成员之间", "audience": "班子成员", "held": date(2022, 1, 9)},
        ]
    ),
    "carry-out-due-after-meeting": Kept([{"held": date(2022, 4, 20), "due": date(2022, 4, 20), "conclusion": "通过"}]),
    "carried-out-after-meeting": Kept(
        [{"held": date(2022, 4, 20), "done": date(2022, 4, 20), "conclusion": "通过", "state": "已落实"}]
    ),
    "staff-consulted-first": Kept([{"staff": "是", "consulted": "是"}, {"staff": "否", "consulted": "否"}]),
    "staff-consultation-said": Kept([{"staff": "是", "consulted": "是"}, {"staff": "否"}]),
    "carried-out-has-day": Kept([{"state": "已落实", "done": date(2022, 5, 20)}, {"state": "落实中"}]),
    "day-means-carried-out": Kept([{"done": date(2022, 5, 20), "state": "已落实"}, {"state": "落实中"}]),
    "passed-has-time-limit": Kept(
        [
            {"conclusion": "通过", "state": "未落实", "due": date(2022, 9, 30)},
            {"conclusion": "不通过"},
            {"conclusion": "通过", "state": "已落实"},
        ]
    ),
    "refused-is-not-carried-out": Kept([{"conclusion": "不通过"}, {"conclusion": "通过", "due": date(2022, 9, 30)}]),
    "carried-out-was-concluded": Kept([{"state": "落实中", "conclusion": "通过"}, {"state": "未落实"}]),
    "studied-after-passed-on": Kept([{"passed": date(2022, 3, 4), "studied": date(2022, 3, 4)}]),
    "converted-after-studied": Kept([{"studied": date(2022, 3, 15), "converted": date(2022, 3, 15)}]),
    "converted-after-passed-on": Kept([{"passed": date(2022, 3, 15), "converted": date(2022, 3, 15)}]),
    "passed-on-has-day": Kept([{"state": "已传达", "passed": date(2022, 3, 4)}, {"state": "未传达"}]),
    "studied-has-day": Kept([{"state": "已研究", "studied": date(2022, 3, 4)}, {"state": "已传达"}]),
    "converted-names-tasks": Kept(
        [
            {"state": "已转化", "point": "分支机构", "tasks": ("RW-001",), "converted": date(2022, 4, 1)},
            {"state": "已研究"},
        ]
    ),
    "not-passed-on-has-no-day": Kept([{"state": "未传达"}, {"state": "已传达", "passed": date(2022, 3, 4)}]),
    "passed-on-state-kept-up": Kept([{"state": "已传达"}, {"state": "已研究", "studied": date(2022, 3, 4)}]),
    "studied-state-kept-up": Kept([{"state": "已研究"}, {"state": "已转化", "converted": date(2022, 4, 1)}]),
    "directive-listed-once": Kept(
        [{"name": "改革试点意见", "level": "中央"}, {"name": "改革试点意见", "level": "省级"}]
    ),
    "duty-recorded-once": Kept([{"leader": "局长", "period": "2022-03"}, {"leader": "局长", "period": "2022-04"}]),
    "found-by-a-review": Kept([{"reviews": 0, "found": 0}, {"reviews": 1, "found": 2}]),
    "party-work-guided-too": Kept([{"business": 4, "party": 1}, {"business": 0, "party": 0}]),
    "visit-takes-time": Kept([{"days": 0.5}]),
    "solved-were-brought-back": Kept([{"solved": 1, "brought": 1}, {"solved": 0}]),
    "visit-listed-once": Kept(
        [
            {"leader": "局长", "day": date(2022, 5, 12), "place": "检验一线"},
            {"leader": "局长", "day": date(2022, 5, 12), "place": "科研一线"},
            {"leader": "局长", "day": date(2022, 5, 13), "place": "检验一线"},
        ]
    ),
    "research-done-in-time": Kept(
        [{"planned": date(2022, 6, 30)}, {"planned": date(2022, 3, 25), "done": date(2022, 3, 25)}]
    ),
    "research-studied-after-done": Kept([{"done": date(2022, 3, 22), "studied": date(2022, 3, 22)}]),
    "studied-research-has-outcome": Kept([{"studied": date(2022, 3, 22), "outcome": "仅供参考"}, {}]),
    "research-outcome-was-studied": Kept(
        [{"done": date(2022, 3, 22), "studied": date(2022, 3, 22), "outcome": "继续跟踪"}]
    ),
    "converted-research-names-tasks": Kept([{"outcome": "转化为任务", "tasks": ("RW-001",)}, {"outcome": "纳入规划"}]),
    "research-listed-once": Kept(
        [
            {"topic": "数字化", "department": "财务处", "planned": date(2022, 12, 25)},
            {"topic": "数字化", "department": "党委办公室", "planned": date(2022, 12, 25)},
            {"topic": "数字化", "department": "财务处", "planned": date(2022, 12, 26)},
        ]
    ),
    "converted-after-learning": Kept([{"held": date(2022, 3, 2), "converted": date(2022, 3, 2)}]),
    "converted-learning-was-held": Kept([{"state": "已开展", "converted": date(2022, 3, 2)}, {"state": "计划"}]),
    "learning-tasks-have-day": Kept([{"tasks": ("RW-001",), "converted": date(2022, 3, 2)}, {}]),
    "opinion-names-its-appeal": Kept(
        [
            {"outcome": "列入诉求台账", "appeal": "SQ-001"},
            {"outcome": "列入诉求台账", "facility": "TJ-001"},
            {"outcome": "列入问题清单"},
        ]
    ),
    "agenda-by-the-rules": Kept([{"procedure": "是"}, {}]),
    "visit-to-department-names-it": Kept([{"place": "部门", "department": "财务处"}, {"place": "检验一线"}]),
    "secretary-trained-each-year": Kept([{"secretary_trained": date(2021, 6, 30)}, {}]),
}
RULES = {rule.name: (form, rule) for form in FORMS.values() for rule in form.rules}


def with_codes(form: Form, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{form.code_column.key: form.format_code(number), **row} for number, row in enumerate(rows, 1)]


@pytest.mark.parametrize("name", KEPT)
def test_rows_that_just_keep_a_rule(name: str) -> None:
    form, rule = RULES[name]
    assert said(form, rule, KEPT[name]) == []


def said(form: Form, rule: Rule, kept: Kept) -> list[str]:
    """Return what a rule says of rows that should keep it."""
    registers = {name: with_codes(FORMS[name], rows) for name, rows in kept.beside.items()}
    registers[form.name] = with_codes(form, kept.rows)
    ledger = ledger_in_memory(**registers)
    return [breach.problem for breach in breaches_of(ledger, ledger.registers[form.name], rule, kept.on)]


def test_every_rule_of_these_forms_has_its_rows() -> None:
    groups = ("组织", "任务主线", "决策与作风")
    others = ("tasks", "closeouts", "extensions", "reviews", "fulfilments", "problems", "causes", "proofs")
    named = [
        rule.name for form in FORMS.values() if form.group in groups for rule in form.rules if form.name not in others
    ]
    assert sorted(set(named) - {*KEPT}) == []


@pytest.mark.parametrize(
    ("stage", "later"),
    [
        ("申请人", "full_on"),
        ("申请人", "approved"),
        ("积极分子", "full_on"),
        ("积极分子", "prechecked"),
        ("发展对象", "full_meeting"),
        ("预备党员", "full_approved"),
    ],
)
def test_a_stage_has_no_day_of_any_later_stage(stage: str, later: str) -> None:
    """Also where the day of the very next stage is blank: one of the two cells is wrong."""
    names = {"申请人": "applicant", "积极分子": "activist", "发展对象": "candidate", "预备党员": "probationary"}
    form, rule = RULES[f"{names[stage]}-stage-kept-up"]
    row = {"stage": stage, later: date(2022, 6, 10)}
    assert said(form, rule, Kept([row])) == ["后面的日期填了，所处阶段还没有改，"]
    assert said(form, rule, Kept([{"stage": stage}])) == []
