"""How the figures of the boards are counted, for 口径说明."""

from __future__ import annotations

from taizhang.figures.metrics import Metrics
from taizhang.figures.returned import PERIODS_SHOWN

__all__ = ["board_definitions"]


def board_definitions(m: Metrics) -> dict[str, str]:
    """Return the definitions of what the boards show, by the name of the figure."""
    gaps, quality, returns = m.boards.gaps, m.boards.quality, m.boards.returns
    return {
        "与上期比": (
            "和最近一个留存了台账的月末比，同一编号对同一编号，两次都按当天的规则算。"
            "变重：灯比上期重；赶上来的：上期亮灯、现在轻了，或周期任务欠的次数少了。"
            "时限变动：时限和上期不同，或开始暂缓；没有〈延期申请〉批准的，写明没有批准。"
        ),
        "等领导办的事": (
            "待审核：销号申请初审通过，还没有分管领导审核日期。延期待批：申请了，审批结论空着。"
            "核对不符：报了完成、申请了销号或办结，而〈核对〉没有达到，也没有写理由；程序建议的核对不算。"
            "需协调：没有办结的任务写了需协调事项，算在牵头领导名下；写到别的岗位的，那个岗位也列。"
        ),
        "措施组、切入点": (
            "措施组按〈整改任务〉写的分；切入点按措施对应的、写了切入点的第一个问题分，没有的单列，所以两张表的合计相同。"
            "待审核包括申请了还在走程序的，和报了完成、还没有申请的。"
        ),
        "缺几样": (
            f"只看还没办结的 {gaps.tasks} 项。一次任务有时限的要写开始日期；周期、长期任务要写周期；原则要写体现于；"
            "来源是补充的要写党委会审定日期；其余都要写牵头部门、牵头领导、完成标准。公式没有结果的不算缺。"
        ),
        "合格的行": (
            f"各登记表的行里，校验没有错误、也没有警告的：{quality.sound} ÷ {quality.rows}。提示不算。"
            "哪一格、怎么改，用 taizhang validate 列出。"
        ),
        "按时率": (
            f"近 {len(returns.periods)} 期（最多 {PERIODS_SHOWN} 期）："
            f"按时 {returns.total.on_time} ÷ 应报 {returns.total.due}。"
            "应报＝按时＋迟报＋未报；没有记录的、还没到截止日的、没有要它报的都不算，撤销的支部最后一次报以后没有报的也不算。报送日期看文件第一次保存的日子。"
        ),
    }
