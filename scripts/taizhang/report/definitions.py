"""口径说明: the sheet that defines how each figure is counted."""

from __future__ import annotations

from collections.abc import Sequence

from taizhang.figures.coverage import SAMPLE_LEAST, SAMPLE_SHARE
from taizhang.figures.cycle_words import MARKS_LEGEND
from taizhang.figures.light_words import below_red_in_use, below_red_words, rules_of_lights
from taizhang.figures.metrics import Metrics
from taizhang.figures.rates import RateName
from taizhang.forms.load import standard_forms
from taizhang.forms.register_names import TASKS
from taizhang.ledger.vocabulary import CARRIED_OVER, FIRST_DEADLINE, Conclusion, Light, TaskKind
from taizhang.office.theme import Palette
from taizhang.office.xlsx import LIST_TEXT, Formats, Worksheet, row_height, setup_page
from taizhang.report.aspects import UNADDRESSED, UNLINKED_TASKS
from taizhang.report.board_definitions import board_definitions
from taizhang.report.layout import HEAD, footer, write_head, write_heads
from taizhang.supervision.lights import Trigger
from taizhang.typed.dates import chinese_date

__all__ = ["definitions", "write_definitions"]

WIDTHS = (6, 50, 150, 730)


def definitions(m: Metrics) -> Sequence[tuple[str, str, str]]:
    """Return (topic, figure, how it is counted), with the thresholds and numbers of this ledger."""
    topics = {
        "计数": _counting(m),
        "比率": _rates(m),
        "时限": _deadlines(m),
        "亮灯": _lights(m),
        "趋势": _trend(m),
        "覆盖": _coverage(m),
        "动态": _movement(m),
        "看板": board_definitions(m),
        "登记表": _registers(m),
        "本表": _workbook(m),
    }
    return [(topic, figure, how) for topic, figures in topics.items() for figure, how in figures.items()]


def _counting(m: Metrics) -> dict[str, str]:
    """Return the definitions of counted, closed, pending and unsettled tasks, and of their groups."""
    total = m.total
    kinds = "、".join(kind for kind in standard_forms()[TASKS].column("kind").choices if kind != TaskKind.PRINCIPLE)
    unread = sum(not task.kind for task in m.tasks)
    unlit = sum(task.light == Light.OPEN for task in m.tasks)
    inherited = [task for task in m.tasks if task.inherited]
    undated = sum(task.closed_on is None for task in inherited)
    carried = [task for task in m.tasks if task.carried_over]
    late = [task.overdue for task in carried if task.overdue]
    from_last_year = (
        {
            CARRIED_OVER: (
                f"上一年没有销号、结转来的，来源写作“{CARRIED_OVER}”，本次 {len(carried)} 项，都计入。"
                f"时限还是原来的（“{FIRST_DEADLINE}”是原话），批准的延期照算，逾期从原来的时限算起："
                f"其中逾期 {len(late)} 项，最长 {max(late, default=0)} 天。长期的连同上一年的复核一起算；"
                "上一年已经销号的不在这本台账里，不计入各个率。"
            )
        }
        if carried
        else {}
    )
    earlier = (
        {
            Conclusion.INHERITED.value: (
                f"收编旧表时已经销号的，没有另走程序，本次 {len(inherited)} 项，算办结，计入销号率。"
                f"旧表没有写日期的 {undated} 项，算这本台账开始以前办的，不计入按期办结率和各月的办结数。"
            )
        }
        if inherited
        else {}
    )
    return {
        "措施": (
            f"〈整改任务〉里有编号、任务类型为{kinds}的任务，本次共 {total.tasks} 项。"
            f"任务类型空着或读不懂的也计数（本次 {unread} 项），免得漏掉；"
            f"只有填“{TaskKind.PRINCIPLE}”的不计数，它通过其他任务体现。"
        ),
        "办结": (
            "已销号＋长期坚持，都要在〈销号审核〉里有党委审定日期和相应结论，且审定日期不晚于统计截止日。"
            "部门自己报的不算办结；以最后一次决定为准：后来退回的（初审退回的也是）、回头看反弹的，从那天起不算办结；"
            "同一天既有同意又有退回或反弹的，也不算。退回没有审定日期的，按分管领导审核日期，再没有按申请日期；"
            "反弹没有回头看日期的，按同一行的这些日期。几次同意、中间没有退回或反弹的，从第一次的审定日期起算办结。"
        ),
        **from_last_year,
        **earlier,
        "待审核": (
            f"部门报了“已完成”，或状态写成办结而没有审定的，本次 {total.pending} 项；"
            "退回、反弹以后没有再申请的，回到“推进中”。"
            "台账里的“已完成”在这本表里都写作“待审核”；过了时限还没有申请销号的，照样算逾期。"
        ),
        "读不懂的格": (
            "当作空着：状态按“未启动”，进度、日期按没填，牵头部门按没有定。是哪些格，用 taizhang validate 看。"
        ),
        Trigger.UNSETTLED.value: (
            "还没办结，而牵头部门空着或不在〈参数〉里，"
            "或缺了它这一类要有的：一次性的缺时限，周期的、长期的缺周期（写在时限里或“复核周期”里都算）的措施，"
            f"本次 {total.open_matters} 项。逾期、落后、未填报、复核超期、临期的照样亮灯；"
            f"其余 {unlit} 项的灯为“待明确”。"
        ),
        "方面、根源": (
            "措施按“对应问题”里第一个在〈问题清单〉找得到的归入方面；问题按它写的第一条找得到的根源归入根源，"
            "措施随它的问题。没有的单列“未对应”。所以各表的合计都等于措施总数。"
        ),
    }


def _rates(m: Metrics) -> dict[str, str]:
    """Return the definitions of the four rates, of the plan and of the ranking."""
    rates = m.rates
    kinds = "、".join(f"{kind} {rates.number_of(kind)} 项" for kind in TaskKind if kind is not TaskKind.PRINCIPLE)
    return {
        "四个比率": (
            f"一次性的、周期的、长期的措施各数各的（{kinds}），四个比率并列，不合成一个。要用一个数的地方，用项数最多的那一类的"
            f"（标“★”），本次是{m.lead}；一样多的，按一次、周期、长期的次序。任务类型空着的，时限写长期坚持的算长期，其余算一次。"
        ),
        RateName.ON_TIME: (
            "一次性措施：到期的里面，在当时有效的时限以前（含当日）申请销号或办结的："
            f"{rates.on_time}。到期＝时限已过，或当天到期、已申请或办结。延期批准以后按新时限；申请被退回、没有再申请的不算。"
        ),
        RateName.STRUCK_OFF: (
            f"已销号 ÷ 有终点的（一次性的，和有止期的周期措施）：{rates.struck_off}。转长期坚持的改看复核率，不在里面。"
        ),
        RateName.FULFILLED: (
            f"周期措施：过完的、应当完成的期里，完成的和后来补完成的：{rates.fulfilled}。进行中的一期不算；"
            "开头不足半期又没有做的、整期都在暂缓里的不算。本期次数以〈核对〉的登记表为准，没有的按〈履行记录〉。"
        ),
        RateName.REVIEWED: (
            f"长期措施：到期的复核里，在当天或以前做的：{rates.reviewed}。到了日期还没有做的，从第二天起算一次没有按时。"
        ),
        "百分数": (
            "不带小数，四舍五入；但一项没有才写 0%，全部办完才写 100%，其余写 1% 到 99%。"
            "进度、序时也这样写，各表相同。比较、排名、并列、亮灯都用没有四舍五入的数。"
        ),
        "计划": (
            f"限期措施（一次性的，和有止期的周期措施，共 {len(m.scheduled)} 项）里时限不晚于统计截止日（含当日）的，"
            f"按现在的时限：{m.planned_closed} 项。“多、少”＝其中办结的减这个数，各表都用这个数。"
        ),
        "问题整改到位": (
            "对应的措施全部办结的问题，"
            f"{m.problems_closed} ÷ {m.problem_count}；没有措施、只有原则性措施的问题不算到位。"
            "其中已销号＝措施全部为已销号，没有转长期坚持的。"
        ),
        "序时进度": (
            "（统计截止日－开始日期）÷（完成时限－开始日期），在 0 到 100% 之间；"
            "没有开始日期或时限的、时限早于开始的不算；开始和时限是同一天的，到那天为 100%。"
        ),
        "周期措施的进度": f"不问百分之几，看每一期：{MARKS_LEGEND}。欠的以后多做了就补上，先补最早的；补不了的记“缺”。",
        "部门的进度、序时": (
            "一次性的、有开始日期、时限，也填了进度的措施的平均数（没填进度的是未填报，不按 0 计；办结的按 100% 计）；"
            "差＝两个显示值相减。"
        ),
        "部门排名": (
            "只排〈参数〉里的部门（〈参数〉一个部门也没有列的，照〈整改任务〉里写的排）：按期办结率从高到低；"
            "相同的，最长逾期短、销号率高、进度快（都没填报的算最慢）、措施多的在前；全相同的名次并列（1、1、3）。"
            "没有到期的一次性措施的不排名。没有定牵头部门的措施列在最后一行“待明确”，不排名，不算部门。"
        ),
    }


def _deadlines(m: Metrics) -> dict[str, str]:
    """Return the definitions that concern deadlines."""
    limits = m.thresholds
    return {
        "逾期": (
            "过了时限当天仍没有申请销号、没有办结的，从次日起算天数。时限含当日，遇节假日不顺延。"
            "申请以后不再增加，超过的天数记为“逾期完成”；只报完成、没有申请的，照样逾期。"
        ),
        "延期、暂缓": (
            "只有批准的延期改时限，从批准那天起；原时限、延了几次、批准时已经逾期几天都写出来，分母里照算。"
            "暂缓的亮“暂缓”，到期自己恢复。"
        ),
        "等待审核": (
            f"最后一次申请以后还没有做的第一步：办公室初审（{limits.first_review_days} 个工作日）、"
            f"分管领导审核（{limits.leader_days} 个）、党委审定（{limits.committee_days} 个）；天数从上一步起算工作日。"
        ),
        "回头看": f"审定满 {limits.recheck_from} 个月可以看，超过 {limits.recheck_by} 个月没有看的是过了期限。",
        "核对不符": (
            "报了完成、申请了销号或办结了，而〈核对〉里登记的数到统计截止日没有达到目标的。不自动改状态，由办公室核实。"
        ),
        "到期（项）": f"时限从统计截止日当天到{m.next_month}底、还没有办结的措施，共 {len(m.due_next_month)} 项。",
    }


def _lights(m: Metrics) -> dict[str, str]:
    """Return the definitions of the lights, from the rules of 参数 in use, and of the comparison with last month."""
    rules = {str(light): f"{'；或'.join(words)}。" for light, words in rules_of_lights(m.thresholds).items()}
    below = below_red_words(m.thresholds)
    several = len(below_red_in_use(m.thresholds)) > 1
    counted = f"“{below}”一栏是红灯以外几种预警灯的合计，每项只数一次，符号取其中最重的。" if several else ""
    return {
        **rules,
        str(Light.WAITING): "部门已报完成或申请了销号，还在等审核，也没有超过期限。",
        str(Light.PAUSED): "在批准的暂缓期里。",
        str(Light.GREEN): (
            "其余在办措施。办结的不亮灯（转长期坚持以后复核超期、有反复的照样亮）。几条都符合时取最重的一种，"
            "同一种取写在前面的一条。没填进度的、已报完成的不比落后；落后几个百分点，写序时、进度两个显示值之差。"
            f"{counted}"
        ),
        "较上月": (
            "红灯、黄灯与上月末留存的台账比，两次都按当天的亮灯规则算。没有留存的，写明“首期”或“上月末没有留存台账”；"
            "上月没有新的记录的，用此前留存的台账按上月末算，标“*”。"
        ),
    }


def _trend(m: Metrics) -> dict[str, str]:
    """Return the definitions of the monthly figures."""
    last_month = f"上月{'' if m.ends_month else '同期'} {m.closed_last_month} 项"
    return {
        "计划剩余": (
            "限期措施数减计划：时限在月末之后或没有时限的，按现在的台账算。周期的没有止期、长期的没有终点，不在里面。"
            "本月没过完的，计划剩余、当月到期、当月办结都只算到统计截止日。"
        ),
        "实际剩余": (
            "月末尚未审定办结的限期措施数，按〈销号审核〉的审定日期回推（后来反弹的，各月都按未办结）；"
            "从最早留存台账的月末画起，没有更早的台账，就从最早一项办结的上一个月末画起。部门近6月未办结同此。"
        ),
        "本月新办结": (
            f"审定日期在统计截止日所在月的办结措施（各类都算），{m.closed_this_month} 项；{last_month}。"
            "截止日不是月末的，和上月同样天数比；没有以前留存台账的写“首期”，不比。"
        ),
    }


def _coverage(m: Metrics) -> dict[str, str]:
    """Return the definitions of how measures cover problems and causes."""
    return {
        "直接、间接、无措施": (
            "直接：有计数的措施把这个问题写在“对应问题”的第一个（找不到的编号不算），且对应依据不是“程序建议”。"
            "间接：只有原则性措施、只有程序建议的对应，或只由主要对应别的问题的措施兼顾。"
            "无措施：没有任何措施写明对应它。"
        ),
        UNADDRESSED: "写明由它引起的问题都没有计数的措施，或没有问题写明由它引起。",
        UNLINKED_TASKS: "“对应问题”空着，或写的编号在〈问题清单〉里找不到。",
    }


def _movement(m: Metrics) -> dict[str, str]:
    """Return the definitions of stalled tasks, steps back, relapses and the sample."""
    return {
        "连续两期没有进展": (
            "现在、上月末、上上月末三次的状态和进度都相同（都没填也算）的在办措施（已报完成的不算）；"
            "上上月末还没到开始日期的不算。缺其中一个月末的台账就不判断。"
        ),
        "进度倒退": "进度（没有四舍五入的）或状态低于最近一个留存月末的措施；没填进度或状态的是未填报，不算倒退。",
        "反弹": "〈销号审核〉里回头看结论为“反弹”的措施。",
        "销号抽查": (
            f"办结措施按“种子:任务编号”的 SHA-256 值从小到大排，取前若干项：{SAMPLE_SHARE} 取 1，"
            f"至少 {SAMPLE_LEAST} 项。种子是统计截止日 {m.coverage.seed}，谁来抽结果都一样。"
        ),
    }


def _registers(m: Metrics) -> dict[str, str]:
    """Return the definitions of the registers' indicators: the rules for all, then those of each register with rows."""
    rules = {
        "登记表指标": (
            "各登记表在表单里声明的指标，只算有编号（重复的取第一行）、用到的列读得懂、"
            "发生日期不在统计截止日之后的行；有没有用上的行，写明几行和原因（指标自己写了“只看”的，以外的行本来不算，不另写）。"
            "部分大于总数的不出比率，只列两个数、标“※”。分组的，名单里的每一个都列，一个都没有的另列名字；"
            "组里的比率按那一组自己的行算；一种构成的各占比保留一位小数，合计 100.0%。"
            "涉及个人的登记表只出个数，不到 5 的组写“<5”，为不让人推算，另有组写“不列”。"
        ),
        "超期、按期": (
            "超期：应办日期早于统计截止日，到那天还没有办结日期的；当天到期的不算超期。"
            "按期：办结日期不晚于应办日期的，占已经办结或已经过期的；还没到期的不计入。"
        ),
        "中位、平均天数": (
            "从起到止的天数（首日不计）从少到多排，取正中间的；个数为双数时取中间两个的平均数。还没有办的不计入。"
            "单位是工作日的，按〈参数〉的工作日历算。"
        ),
        "指标的灯": (
            "按表单里写的目标和红、黄的数；超期的有一个就是红。要每一组都做到的，取最差的一组。没有写的不亮灯。"
        ),
    }
    own = {
        f"〈{register.sheet}〉": "。".join(f"{figure.title}：{figure.meaning}" for figure in register.figures) + "。"
        for register in m.registers
        if register.rows
    }
    return rules | own


def _workbook(m: Metrics) -> dict[str, str]:
    """Return the notes on this workbook: formulas without a result, if any, and the source of its figures."""
    unread = (
        {
            "没有结果的公式": (
                f"{m.unread}内容不知道的措施只亮“逾期”的灯，其余列为待明确；"
                "进度不知道的不计入平均、进度倒退和没有进展。"
            )
        }
        if m.unread
        else {}
    )
    return unread | {
        "来源": (
            f"由台账生成，统计截至 {chinese_date(m.as_of)}，台账快照 {m.snapshot}。要改数，请改台账后重新生成；"
            "同一台账、同一截止日生成的表完全相同。"
        )
    }


def write_definitions(sheet: Worksheet, style: Formats, m: Metrics) -> None:
    """Write the sheet: one row per definition."""
    write_head(sheet, style, m, "口径说明", "每个数怎么算、从台账哪里来。", "这些数怎么算的", WIDTHS)
    write_heads(sheet, style, HEAD, ("类别", "指标", "怎么算"), left=("指标", "怎么算"), points=21)
    line = {"bottom": 1, "bottom_color": Palette.LINE, "text_wrap": True}
    row = HEAD
    for kind, name, text in definitions(m):
        row += 1
        sheet.set_row(row, row_height([(text, WIDTHS[3]), (name, WIDTHS[2])], least=19.5, wrapping=LIST_TEXT))
        sheet.write_string(row, 1, kind, style(**line, align="center", font_color=Palette.INK2))
        sheet.write_string(row, 2, name, style(**line, bold=True))
        sheet.write_string(row, 3, text, style(**line))
    sheet.freeze_panes(HEAD + 1, 0)
    sheet.repeat_rows(HEAD)
    setup_page(sheet, f"B2:D{row + 1}", footer=footer(m))
