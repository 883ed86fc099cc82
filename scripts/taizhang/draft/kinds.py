"""The kind of a commitment (一次, 周期, 长期, 原则), proposed from its wording for the office to confirm."""

from __future__ import annotations

import re

from taizhang.ledger.vocabulary import TaskKind

__all__ = ["propose_kind"]

_DATED = r"(?:月|年|日|半年|季度)(?:底|末)?(?:之|以)?(?:前|内)|[上下]半年"
_KEPT_UP = re.compile(r"长期坚持|常态化(?:推进|开展|坚持)?|持续(?:推进|坚持)")
_KINDS = (
    (TaskKind.CYCLE, r"每(?:半年|季度?|月|年|周)|(?:按|逐)(?:月|季)"),
    (
        TaskKind.PRINCIPLE,
        r"(?:摆|放)在(?:首位|第一位|突出位置)|从严(?:执纪|治党|要求)|班子(?:自身)?建设|全局性.{0,200}谋划|系统性.{0,200}谋划|^坚持.{2,12}(?:导向|原则)$",
    ),
    (TaskKind.LONG_TERM, rf"{_KEPT_UP.pattern}|(?:完善|健全|修订)并(?:严格|认真)?(?:落实|执行)"),
    (TaskKind.ONCE, _DATED),
    (
        TaskKind.ONCE,
        r"约谈|补选|升级改造|改善.{0,200}(?:环境|条件)|(?:完善|健全|建立|修订|修改|制定|编制|出台|印发|拿出|形成).{0,200}"
        r"(?:机制|制度|办法|方案|规划|预案|规则|细则|清单|意见|流程|安排|计划)|(?:增加|充实|配齐|配强).{0,200}(?:力量|人员|干部)|系列活动|"
        r"统一规划|(?:精简|简化|压缩|减少|优化).{0,200}(?:环节|流程|时间|时限|周期)|全部达标|设立|开设|开办|(?:完成|办结).{0,200}(?:清理|整改|采购)",
    ),
    (
        TaskKind.CYCLE,
        r"专题教育|党性|“?四强|标准化|考核|联学共建|共建|评选|表彰|研判|了解.{0,200}(?:思想|情况|诉求)|思想教育|反馈|宣讲|立改废|警示教育|教育月|"
        r"培训|调研|走访|回访|座谈|学习|党课|主题党日|谈心谈话|通报|检查|督查",
    ),
)


def propose_kind(statement: str, when: str = "") -> TaskKind:
    """Propose a task's kind by its wording and the deadline that is said of it; 长期 if nothing matches.

    一次 is done once and closed, 周期 is counted per period, 长期 is kept up, 原则 is shown through other tasks. What
    has a day is done once, though it is to be kept up afterwards (6月底前完成，并长期坚持).
    """
    for kind, words in _KINDS:
        if re.search(words, statement) or (
            re.search(words, when) and (kind is not TaskKind.LONG_TERM or not _ends(when))
        ):
            return kind
    return TaskKind.ONCE if _ends(when) else TaskKind.LONG_TERM


def _ends(when: str) -> bool:
    """Whether words of time say when something is done, not only that it is kept up or done again and again."""
    return "每" not in when and bool(_KEPT_UP.sub("", when).strip("；、，,并"))
