"""Reports with different structures, each shown in its test, and passages that cannot be placed."""

from __future__ import annotations

from pathlib import Path

import pytest
from taizhang.draft.lines import group_lines
from taizhang.draft.reader import draft_report
from taizhang.draft.source import read_source
from taizhang.draft.values import Draft, Owners, Paragraph
from taizhang.ledger.vocabulary import Status

SHARED = "第 2 段：“{}”写在句子最后一项里，前面几项也照它记，请核对。"


def drafted(text: str) -> Draft:
    """Draft a report written in a test; its first line may be blank."""
    groups = group_lines(text.strip("\n"))
    return draft_report(tuple(Paragraph(number, group) for number, group in enumerate(groups, 1)))


def problems(draft: Draft) -> list[tuple[str, str]]:
    return [(draft.aspects[problem.aspect], problem.title) for problem in draft.problems]


def measures(draft: Draft) -> list[tuple[str, str, str]]:
    return [(measure.group, measure.statement, measure.deadline_words) for measure in draft.measures]


def test_numbers_on_three_levels_past_measures_closing_and_signature() -> None:
    draft = drafted("""
某县质检所党支部对照检查材料
按照县局党委统一安排，现将对照检查情况报告如下：
一、上年度整改措施落实情况
去年查摆的四个问题均已整改到位。
二、存在的主要问题
（一）政治建设方面
1．理论学习不够系统。集中学习偏重传达文件，结合岗位研讨不多。
2．请示报告不及时。有的重要事项事后才报告。
（二）担当作为方面
1．攻坚克难劲头不足。遇到难题习惯等上级发话。
三、产生问题的根源
（一）思想认识有偏差。总觉得业务忙，学习可以放一放。
四、今后努力方向和改进措施
（一）加强理论武装
1．2022年3月底前制定年度学习计划和考勤办法，每月组织一次集中研讨。
（二）提升担当能力
1．建立难题领办清单，由支部书记牵头，上半年解决两项久拖不决的问题。
我们将以此次组织生活会为契机，真抓实改，务求实效。
某县质检所党支部
2022年1月20日
""")
    assert problems(draft) == [
        ("政治建设方面", "理论学习不够系统"),
        ("政治建设方面", "请示报告不及时"),
        ("担当作为方面", "攻坚克难劲头不足"),
    ]
    assert [aspect.short_title for aspect in draft.aspect_heads] == ["政治建设", "担当作为"]
    assert [(cause.title, cause.detail) for cause in draft.causes] == [
        ("思想认识有偏差", "总觉得业务忙，学习可以放一放。")
    ]
    assert measures(draft) == [
        ("加强理论武装", "2022年3月底前制定年度学习计划", "2022年3月底前"),
        ("加强理论武装", "2022年3月底前制定考勤办法", "2022年3月底前"),
        ("加强理论武装", "每月组织一次集中研讨", ""),
        ("提升担当能力", "建立难题领办清单，由支部书记牵头", "上半年"),
        ("提升担当能力", "上半年解决两项久拖不决的问题", "上半年"),
    ]
    assert [(paragraph.number, reason) for paragraph, reason in draft.unplaced] == [
        (3, "“上年度整改措施落实情况”讲的是已有情况，没有列入问题和措施"),
        (4, "“上年度整改措施落实情况”讲的是已有情况，没有列入问题和措施"),
        (18, "像是结束语，不是哪一条措施"),
        (19, "像是落款"),
        (20, "像是落款"),
    ]


def test_problems_by_name_causes_by_ordinal_measures_by_must_without_aspects() -> None:
    draft = drafted("""
班子问题清单及整改方案
存在的突出问题
问题1：服务企业不够主动。上门少，坐等企业来问的多。
问题2：审批流程不够精简，一张证要跑三个科室，企业意见比较大，多次在座谈会上提出来
原因分析
第一，服务意识淡薄。把企业当管理对象。
第二，流程再造不深入，部门之间各管一段。
下一步整改方向
一要转变作风。班子成员每季度走访企业不少于两家，年底前形成走访报告。
二要优化流程，6月底前把三个科室的审批合并办理。
""")
    assert problems(draft) == [("综合", "服务企业不够主动"), ("综合", "审批流程不够精简")]
    assert draft.problems[1].original.startswith("问题2：审批流程")
    assert [cause.title for cause in draft.causes] == ["服务意识淡薄", "流程再造不深入，部门之间各管一段"]
    assert measures(draft) == [
        ("下一步整改方向", "班子成员每季度走访企业不少于两家", ""),
        ("下一步整改方向", "年底前形成走访报告", "年底前"),
        ("下一步整改方向", "优化流程", "6月底前"),
        ("下一步整改方向", "6月底前把三个科室的审批合并办理", "6月底前"),
    ]
    assert draft.notes == (
        "没有写在哪个方面里的问题，先归在“综合”，请办公室调整。",
        SHARED.format("6月底前").replace("第 2 段", "第 10 段"),
    )


def test_lines_wrapped_by_hand_circled_numbers_and_named_owners() -> None:
    draft = drafted("""
    根据通知要求，支部召开专题会议，认真查找不足，
现将有关情况报告如下。
一、差距和不足
（一）在学习贯彻方面。主要表现在：①读原著不多，满足于
听辅导、看摘要；②联系实际不紧，学归学、做归做。
（二）在联系群众方面。一是调研走马观花，蹲点时间短，听
汇报多，进车间少。二是答复来信不及时，有的拖了两个月才
回复。
二、原因剖析
1.群众观念不牢。
三、整改措施
（1）办公室5月底前修订来信办理规定，明确答复时限和责任
人，逐件登记。（责任部门：办公室；完成时限：2022年5月底前）
（2）班子成员带头到一线蹲点，每半年不少于五天。责任部
门：人事科
""")
    assert problems(draft) == [
        ("在学习贯彻方面", "读原著不多，满足于听辅导、看摘要"),
        ("在学习贯彻方面", "联系实际不紧，学归学、做归做"),
        ("在联系群众方面", "调研走马观花，蹲点时间短，听汇报多，进车间少"),
        ("在联系群众方面", "答复来信不及时，有的拖了两个月才回复"),
    ]
    assert draft.problems[0].original == "①读原著不多，满足于\n听辅导、看摘要；"
    assert [(m.statement, m.owners.department, m.deadline_words) for m in draft.measures] == [
        ("办公室5月底前修订来信办理规定，明确答复时限和责任人，逐件登记", "办公室", "2022年5月底前"),
        ("班子成员带头到一线蹲点，每半年不少于五天", "人事科", ""),
    ]
    assert draft.measures[0].original == "办公室5月底前修订来信办理规定，明确答复时限和责任\n人，逐件登记"


def test_each_aspect_with_its_own_problems_causes_and_measures() -> None:
    draft = drafted("""
一、政治建设方面
（一）存在问题
1.民主集中制执行不到位。
2.学习抓得不紧。计划落空。
（二）原因分析
重业务轻党建。
（三）整改措施
1.修订党组议事规则，3月底前印发执行。
2.落实第一议题制度。
二、廉洁建设方面
存在问题：监督提醒偏少。
原因分析：好人主义。
整改措施：一是开展廉政谈话，二是签订承诺书。
""")
    assert problems(draft) == [
        ("政治建设方面", "民主集中制执行不到位"),
        ("政治建设方面", "学习抓得不紧"),
        ("廉洁建设方面", "监督提醒偏少"),
    ]
    assert [cause.title for cause in draft.causes] == ["重业务轻党建", "好人主义"]
    assert measures(draft) == [
        ("政治建设方面", "修订党组议事规则，3月底前印发执行", "3月底前"),
        ("政治建设方面", "落实第一议题制度", ""),
        ("廉洁建设方面", "开展廉政谈话", ""),
        ("廉洁建设方面", "签订承诺书", ""),
    ]


def test_no_causes_and_items_as_paragraphs_of_their_own() -> None:
    draft = drafted("""
一、主要问题
（一）在服务大局方面
一是对接部署不及时。文件转发多，细化举措少。
二是技术支撑不够有力。
（二）在改进作风方面
一是文风会风改进不明显。
二、整改措施
一是对标部署抓落实，4月上旬前列出任务清单。
二是压减会议文件，下半年会议数量减少两成。
""")
    assert problems(draft) == [
        ("在服务大局方面", "对接部署不及时"),
        ("在服务大局方面", "技术支撑不够有力"),
        ("在改进作风方面", "文风会风改进不明显"),
    ]
    assert draft.causes == ()
    assert draft.notes == (
        SHARED.format("下半年").replace("第 2 段", "第 9 段"),
        "没有读到原因部分。请核对报告里有没有这一部分，小标题里有没有“原因”这样的字样。",
    )
    assert [(statement, when) for _, statement, when in measures(draft)] == [
        ("对标部署抓落实，4月上旬前列出任务清单", "4月上旬前"),
        ("压减会议文件", "下半年"),
        ("下半年会议数量减少两成", "下半年"),
    ]


def test_sections_without_any_numbers() -> None:
    draft = drafted("""
突出问题
调查研究不深入。下基层次数少，带着问题去的更少。
制度执行不够严。
原因分析
主要有以下两点：
宗旨意识弱化。
整改措施
针对上述问题，采取以下措施。
每月到联系点调研一次。
健全制度执行检查机制，长期坚持。
""")
    assert problems(draft) == [("综合", "调查研究不深入"), ("综合", "制度执行不够严")]
    assert [cause.title for cause in draft.causes] == ["宗旨意识弱化"]
    assert measures(draft) == [
        ("整改措施", "每月到联系点调研一次", ""),
        ("整改措施", "健全制度执行检查机制，长期坚持", "长期坚持"),
    ]


def test_problem_with_numbered_manifestations_is_one_problem() -> None:
    draft = drafted("""
一、存在的问题
（一）理论学习不够深入。1.学得少。2.联系实际不紧。
（二）基层调研不够。
二、原因
（一）认识不足。
三、措施
（一）抓学习。制定计划。
""")
    assert problems(draft) == [("综合", "理论学习不够深入"), ("综合", "基层调研不够")]
    assert draft.problems[0].detail == "1.学得少。2.联系实际不紧。"
    assert draft.problems[0].original == "（一）理论学习不够深入。1.学得少。2.联系实际不紧。"


def test_aspects_without_a_problem_heading_are_read_and_said() -> None:
    draft = drafted("""
一、在担当作为方面。一是攻坚劲头不足。二是创新办法不多。
二、在廉洁自律方面。一是教育提醒偏少。二是监督不严。
三、整改措施
制定谈话计划。
""")
    assert len(draft.problems) == 4
    assert draft.aspects == ("在担当作为方面", "在廉洁自律方面")
    assert draft.notes[0] == "第 1 段：没有“存在问题”这样的标题，按“担当作为”方面的问题读，请核对。"


def test_words_after_the_items_of_an_aspect_are_listed() -> None:
    draft = drafted("""
一、存在的问题
（一）在担当作为方面。一是攻坚劲头不足。二是创新办法不多。
上述情况说明班子在状态上还有差距。
二、原因
一是认识不够。二是能力不足。
三、措施
一是抓学习。二是强培训。
四、保障机制
党办负责督促检查。
""")
    assert [(paragraph.text, reason) for paragraph, reason in draft.unplaced] == [
        ("上述情况说明班子在状态上还有差距。", "写在各条问题之后，看不出属于哪一条"),
        ("四、保障机制", "不在问题、原因、措施任何一部分里"),
        ("党办负责督促检查。", "不在问题、原因、措施任何一部分里"),
    ]


@pytest.mark.parametrize(
    ("sentence", "days", "noted"),
    [
        ("修订采购办法，编印办事指南，6月底前完成", ["6月底前", "6月底前"], "6月底前"),
        ("修订采购办法，6月底前编印办事指南", ["6月底前", "6月底前"], "6月底前"),
        ("修订采购办法；6月底前编印办事指南", ["", "6月底前"], ""),  # two sentences in one
        ("每季度核对一次台账，6月底前编印办事指南", ["", "6月底前"], ""),  # again and again
        ("修订采购办法，三日内答复来信", ["", "三日内"], ""),  # each letter
        ("修订采购办法，6月底前编印办事指南。完成时限：5月底前", ["5月底前", "5月底前"], "6月底前"),  # a label
    ],
)
def test_the_day_of_the_last_act_of_a_sentence_is_that_of_those_before(
    sentence: str, days: list[str], noted: str
) -> None:
    draft = drafted(f"一、整改措施\n（一）抓制度。{sentence}。\n")
    assert [measure.deadline_words for measure in draft.measures] == days
    assert [each for each in draft.notes if "最后一项" in each] == ([SHARED.format(noted)] if noted else [])


def test_owners_on_a_line_of_their_own_go_to_the_measures_before() -> None:
    draft = drafted("""
整改措施
（一）抓制度
修订采购办法。编印办事指南。
牵头部门：财务处　完成时限：2022年6月底前
责任人：某某
""")
    assert [(m.statement, m.owners.department, m.deadline_words) for m in draft.measures] == [
        ("修订采购办法", "财务处", "2022年6月底前"),
        ("编印办事指南", "财务处", "2022年6月底前"),
    ]


def test_a_report_of_something_else_is_said_to_hold_nothing() -> None:
    draft = drafted("会议通知\n定于周五下午召开例会，请准时参加。\n")
    assert (draft.problems, draft.causes, draft.measures) == ((), (), ())
    assert [note[:7] for note in draft.notes] == ["没有读到问题部", "没有读到原因部", "没有读到整改措"]


def test_links_are_proposed_with_the_shared_words(tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_text(
        "一、存在问题\n（一）作风方面。一是采购审批环节多。二是食堂伙食单调。\n"
        "二、措施\n（一）抓作风。6月底前精简采购审批流程。开展廉政谈话。\n",
        encoding="utf-8",
    )
    draft = draft_report(read_source(path))
    assert [(link.measure, link.problem, link.reason) for link in draft.links] == [(0, 0, "都提到：采购审批")]


def test_a_lone_first_item_is_an_item() -> None:
    draft = drafted(
        "一、存在问题\n（一）学习方面。一是学得不深。浅尝辄止。\n（二）一是一、二是二方面。一是执行走样。\n"
    )
    assert problems(draft)[0] == ("学习方面", "学得不深")


def test_a_title_that_sets_a_task_is_a_task() -> None:
    draft = drafted("""
三、整改措施
（一）完善制度机制。修订采购办法。
（二）抓好学习。一是制定学习计划。每月检查一次。二是强化学风。每季度组织研讨。
""")
    assert measures(draft) == [
        ("完善制度机制", "修订采购办法", ""),
        ("抓好学习", "制定学习计划", ""),
        ("抓好学习", "每月检查一次", ""),
        ("抓好学习", "每季度组织研讨", ""),
    ]


def test_an_item_that_names_a_lack_is_no_section() -> None:
    draft = drafted("一、存在问题\n（一）学习不够。\n二、原因剖析\n（一）认识不足。重视不够。\n（二）思想问题。\n")
    assert [cause.title for cause in draft.causes] == ["认识不足"]


def test_numbers_repeated_or_left_out_by_mistake_still_count() -> None:
    draft = drafted("一、存在问题\n（一）学习方面。一是学得少。二是用得少。二是记得少。五是讲得少。\n")
    assert [title for _, title in problems(draft)] == ["学得少", "用得少", "记得少", "讲得少"]


def test_numbers_that_do_not_begin_with_one_are_no_items() -> None:
    draft = drafted("一、存在问题\n（一）执行走样。办法规定：（3）先批后办，（4）逐级报批。（4）没有做到。\n")
    assert [title for _, title in problems(draft)] == ["执行走样"]


def test_a_paragraph_after_items_within_a_paragraph_is_their_sibling() -> None:
    draft = drafted("""
一、存在问题
（一）学习方面。一是学得少。二是用得少。
1.记得少。
（二）作风方面。一是调研少。二是办法少。
二、原因
一是认识不够。
""")
    assert problems(draft)[:3] == [("学习方面", "学得少"), ("学习方面", "用得少"), ("学习方面", "记得少")]


def test_problems_and_causes_under_one_heading() -> None:
    draft = drafted("""
一、存在的问题及原因
（一）学习方面
1.学得少。
（二）原因分析
1.认识不够。
二、整改措施
制定学习计划。
""")
    assert problems(draft) == [("学习方面", "学得少")]
    assert [cause.title for cause in draft.causes] == ["认识不够"]


def test_an_aspect_may_say_that_it_lists_problems() -> None:
    draft = drafted("""
一、在政治建设方面存在的主要问题
1.学得少。
2.用得少。
二、整改措施
制定学习计划。
""")
    assert problems(draft) == [
        ("在政治建设方面存在的主要问题", "学得少"),
        ("在政治建设方面存在的主要问题", "用得少"),
    ]
    assert draft.aspect_heads[0].short_title == "政治建设"


def test_a_table_of_contents_is_not_read_twice() -> None:
    draft = drafted("""
某街道领导班子对照检查材料
一、存在的问题……1
（一）在带头提高政治能力方面	1
（二）在带头担当作为方面	2
二、原因分析	3
三、整改措施	4
按照统一部署，班子认真查摆，现报告如下。
一、存在的问题
(一)在带头提高政治能力方面
一是成果转化不明显。
(二)在带头担当作为方面
一是碰硬劲头不足。
二、原因分析
一是党性锻炼放松。
三、整改措施
一是抓学习。每月研讨一次。
""")
    assert [problem.paragraph for problem in draft.problems] == [10, 12]
    assert measures(draft) == [("整改措施", "每月研讨一次", "")]
    assert [piece.paragraph for piece in draft.pieces if piece.role == "目录"] == [2, 3, 4, 5, 6]
    assert (draft.unplaced, draft.notes) == ((), ())


def test_a_finding_before_the_items_of_an_aspect_is_said() -> None:
    draft = drafted("""
一、存在的问题
（一）在提高政治能力方面
主要有以下不足：
学习抓得不紧，联系实际不够。
一是成果转化不明显。
二、原因分析
一是党性锻炼放松。
三、整改措施
每月研讨一次。
""")
    assert problems(draft) == [("在提高政治能力方面", "成果转化不明显")]
    assert draft.notes == ("第 4 段：写在各条问题之前，当作引语，没有单列为问题，请核对。",)
    assert draft.unplaced == ()


def test_an_aspect_that_goes_on_to_its_finding() -> None:
    draft = drafted("""
一、支部现状
现有党员若干名。
二、存在的主要问题和具体表现
（一）关于政治引领方面，主要是核心作用发挥不够强：经过调研发现以下几点
一是重业务轻党建。投入精力少。
二是学习安排少。
""")
    assert [title for _, title in problems(draft)] == ["重业务轻党建", "学习安排少"]
    assert [aspect.short_title for aspect in draft.aspect_heads] == ["政治引领"]


@pytest.mark.parametrize(
    ("sentence", "statement", "owners"),
    [
        ("清点物资，赵六，5月底前。", "清点物资", Owners(persons=1)),
        ("清点钥匙，郑某某，7月底前。", "清点钥匙", Owners(persons=1)),
        ("维修电梯（后勤科 钱七，6月底）。", "维修电梯", Owners("后勤科", persons=1)),
        ("重装门禁（吴十一）。", "重装门禁", Owners(persons=1)),
        ("梳理台账（财务科长钱七，8月底）。", "梳理台账", Owners(leader="财务科长", persons=1)),
        ("办公室主任孙八组织一次培训。", "组织一次培训", Owners(leader="办公室主任", persons=1)),
        ("办公室主任组织一次培训。", "办公室主任组织一次培训", Owners()),
        ("修订值班办法（责任领导：李建国副局长）。", "修订值班办法", Owners(leader="副局长", persons=1)),
        ("补齐档案，责任人为赵六，时限为5月底。", "补齐档案", Owners(persons=1)),
        ("清点物资，5月底前。", "清点物资，5月底前", Owners()),
        ("“压减”会议（含视频会）30%。", "“压减”会议（含视频会）30%", Owners()),
    ],
)
def test_a_name_reaches_neither_the_task_nor_its_owners(sentence: str, statement: str, owners: Owners) -> None:
    (measure,) = drafted(f"一、存在问题\n1.管理不规范。\n二、整改措施\n1.{sentence}\n").measures
    assert (measure.statement, measure.owners) == (statement, owners)


PROGRESS_BESIDE = """一、存在问题
1.消防设施老化。
整改措施：更换消防设施。
整改进展：已采购灭火器20具，由张三负责。
2.车辆管理不规范。
整改措施：一是修订办法。二是清查车辆。
整改进展：一是印发了办法。二是清查车辆12辆。已完成整改。
3.食堂管理不规范。
整改措施：一是修订食堂办法。二是清查库存。
整改进展：召开了专题会。正在整改。
4.厕所管理不规范。
整改措施：修建厕所。
整改进展：已完成整改。
"""


def test_progress_beside_measures_is_no_measure() -> None:
    """It goes to the only measure or item by item; where it may be about any of several, it is named."""
    draft = drafted(PROGRESS_BESIDE)
    assert [(each.statement, each.update, each.status) for each in draft.measures] == [
        ("更换消防设施", "已采购灭火器20具", Status.UNDER_WAY),
        ("修订办法", "印发了办法", Status.DONE),
        ("清查车辆", "清查车辆12辆", Status.DONE),
        ("修订食堂办法", "", Status.UNDER_WAY),
        ("清查库存", "", Status.UNDER_WAY),
        ("修建厕所", "", Status.DONE),
    ]
    assert [(each.number, reason) for each, reason in draft.unplaced] == [
        (10, "写着整改进展，上面有几条措施，看不出讲的是哪一条")
    ]
    assert [each for each in draft.notes if "整改进展" in each] == [
        "第 4 段：讲的是整改进展，没有写是不是完成，先写“推进中”，请核对。"
    ]


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        ("一、存在問題\n1.學習不夠深入。\n二、整改措施\n1.制定季度學習計劃。責任單位：辦公室。", True),
        ("一、存在问题\n1.“學强國”牌匾掉漆。\n2.老门牌写着時代、實物，没有更换。", False),  # four characters
        ("一、存在问题\n1.“學强國”牌匾掉漆。\n2.老门牌写着時代、實物、會堂，没有更换。", True),  # five
    ],
)
def test_a_report_in_traditional_characters_is_told_how_to_be_turned(text: str, noted: bool) -> None:
    notes = drafted(text).notes
    told = "材料是繁体字，标题、责任和时限大多认不出：请在 Word 的“审阅”里“繁转简”，另存后再起草。"
    assert (told in notes) == noted
