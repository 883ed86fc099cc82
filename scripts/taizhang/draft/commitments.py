"""Sentences into commitments: one verb and one object that one department could be asked to prove.

Outcome clauses (确保…, 不断提升…) stay with the commitment they end; frames (针对…, 结合…) with the one they open. Two objects of
one verb are parted where both stand for themselves (对重点环节、重要岗位人员的监督). domain.md §1.3 has the rule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Commitment", "propose_kind", "split_commitments", "split_sentences"]

_PAIRS = {"“": "”", "（": "）", "《": "》", "(": ")", "‘": "’"}
_FRAME = re.compile(
    r"(针对(?!性)|结合|面向|按照|根据|围绕|聚焦|立足|对照|着眼|紧扣|通过|坚持以)|落实“[^”]*”的要求$|以(?!建设|创建|开展).*为(抓手|契机|导向|引领|目标|牵引)$"
    r"|.*的领导$"
)
_OUTCOME = re.compile(
    r"(进一步|切实|坚决|真正|不断|持续|全力|着力)*"
    r"(确保|提升|提高|增强|坚定|做到|筑牢|织密|织牢|引导|教育引导|建强|把好|释放|形成|营造|防止|避免|保证|夯实|打造|让|使|凝聚|方便|推动形成|守住|"
    r"以.*促|取得)"
)
_GENERIC = re.compile(r"(进一步)?(加强|强化)(?!对).{0,4}(管理|引导|统筹|协调|沟通)$")
_MISSING_STOP = re.compile(
    r"(?<=见效)(?=(?:积极|扎实|深入|认真|严格|全面)(?:落实|推进|推动))|(?<=到位)(?=(?:积极|扎实|深入|认真|严格|全面)(?:落实|推进|推动))"
)
_SHARED_AFTER = re.compile(r"(?P<head>.*?(?:加强|强化)对)(?P<items>.+)(?P<tail>的(?:把关定向|把关|监督|检查|考核|指导))$")
_SHARED_NOUN = re.compile(
    r"(?P<head>(?:适时|及时|定期|进一步|积极|扎实|认真|深入)*(?:完善并严格落实|完善并落实|反馈|完善|落实|执行|健全|制定|修订|巩固|推动))"
    r"(?P<items>[^，]+?)(?P<tail>(?:纪律)?(?:回复|报告|审批)?制度|落实情况|整改情况|工作成效|落实见效)$"
)


@dataclass(frozen=True, slots=True)
class Commitment:
    """One commitment: the readable statement, and the exact words of the source that it came from."""

    statement: str
    original: str


def split_sentences(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split a paragraph into sentences; returns them with notes on full stops that seem to be missing."""
    notes = []
    sentences = []
    for sentence in _split_outside(text, "。！？；;"):
        parts = [part for part in _MISSING_STOP.split(sentence) if part.strip()]
        if len(parts) > 1:
            notes.append(f"“{parts[0][-6:]}”后疑似漏了句号，按 {len(parts)} 句读；原文照录。")
        sentences += parts
    return tuple(each.strip() for each in sentences if each.strip("。！？；; 　")), tuple(notes)


def split_commitments(sentence: str) -> tuple[Commitment, ...]:
    """Split one sentence into its commitments; every word of the sentence is in the ``original`` of some commitment."""
    groups: list[list[str]] = []
    pending: list[str] = []
    for clause in _split_outside(sentence, "，,"):
        bare = clause.strip("，,。；;！？ 　")
        opens_nothing = not bare or _OUTCOME.match(bare) or _GENERIC.fullmatch(bare) or len(bare) <= 4
        if _FRAME.match(bare) or (opens_nothing and not groups):
            pending.append(clause)
        elif opens_nothing and not pending:
            groups[-1].append(clause)
        else:
            groups.append([*pending, clause])
            pending = []
    if pending:
        groups.append(pending) if not groups else groups[-1].extend(pending)
    commitments: list[Commitment] = []
    for group in groups:
        commitments += _distribute(group)
    return tuple(commitments)


def propose_kind(statement: str) -> str:
    """Propose a task's kind: 一次, 周期, 长期 or 原则. A proposal for the office, never a decision."""
    for kind, words in _KINDS:
        if re.search(words, statement):
            return kind
    return "长期"


_KINDS = (
    ("原则", r"[摆放]在首位|从严执纪|班子(自身)?建设|全局性|系统性谋划"),
    ("一次", r"约谈|补选|升级改造|改善.*环境|完善.*机制|增加.*力量|系列活动|统一规划|拿出|编制.*预案|清理|精简|压缩|设立|印发|出台|修订.*办法|制定"),
    (
        "周期",
        r"专题教育|党性修养|四强|标准化|考核|联学共建|评选|表彰|研判|了解.*思想|思想教育|思想动态|教育|反馈|宣讲|立改废|警示教育|教育月|每月|每季|每半年|每年",
    ),
)


def _split_outside(text: str, marks: str) -> list[str]:
    """Split after each mark that stands outside quotes and brackets; the mark stays with what it ends."""
    pieces, start, closing = [], 0, ""
    for position, char in enumerate(text):
        if closing:
            closing = "" if char == closing else closing
        elif char in _PAIRS and _PAIRS[char] in text[position:]:
            closing = _PAIRS[char]
        elif char in marks:
            pieces.append(text[start : position + 1])
            start = position + 1
    return [*pieces, text[start:]] if start < len(text) else pieces


def _distribute(group: list[str]) -> list[Commitment]:
    original = "".join(group).strip().rstrip("，,")
    for number, clause in enumerate(group):
        bare = clause.strip("，,。；;！？ 　")
        for pattern in (_SHARED_AFTER, _SHARED_NOUN):
            match = pattern.fullmatch(bare)
            items = _two_objects(match["items"], match["tail"]) if match else ()
            if match and items:
                before, after = "".join(group[:number]), "".join(group[number + 1 :])
                return [
                    Commitment(_tidy(f"{before}{match['head']}{item}{match['tail']}，{after}"), original)
                    for item in items
                ]
    return [Commitment(_tidy(original), original)]


def _two_objects(items: str, tail: str) -> tuple[str, ...]:
    """Return the two objects that one verb governs, where each stands for itself; empty where they do not."""
    if tail == "落实见效":
        match = re.fullmatch(r"(.+规划)和(.+规划)", items)
        return (match[1], match[2]) if match else ()
    if "等" in items:
        return ()
    parts = [part for each in _split_outside(items, "、") for part in each.rstrip("、").split("和")]
    shortest = 2 if tail == "工作成效" else 4
    return tuple(parts) if len(parts) == 2 and all(len(part) >= shortest for part in parts) else ()


def _tidy(statement: str) -> str:
    return statement.strip("，,。；;！？ 　")
