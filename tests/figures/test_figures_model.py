"""Every sheet compared with a small model of the figures, written from 口径说明 alone, over random ledgers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from support import figures_model as model
from support.ledgers import load
from support.scenarios import a_closeout, a_problem, a_task, build
from support.thorough import few_or_all
from taizhang.figures.metrics import compute_metrics
from taizhang.ledger.model import Ledger
from taizhang.papers.public import publish
from taizhang.papers.public_sheet import public_workbook
from taizhang.papers.slips import number_slips, plan_slips
from taizhang.papers.slips_sheet import slips_workbook
from taizhang.report import progress_workbook

pytestmark = pytest.mark.slow

STAMP = datetime(2022, 1, 1)
SEEDS = range(int(os.environ.get("TAIZHANG_MODEL_LEDGERS", few_or_all(4, 100))))
"""How many ledgers are tried; set the variable to some hundred to try many."""
DAYS = (
    date(2022, 6, 30),
    date(2022, 6, 30),
    date(2022, 6, 15),
    date(2022, 6, 1),
    date(2022, 2, 28),
    date(2022, 12, 31),
    date(2022, 1, 31),
    date(2022, 7, 10),
)
ASPECTS = ("政治建设", "为民服务", "改革发展")
CAUSES = ("YY-01", "YY-02", "YY-03")
Office = dict[str, Any]


# --- ledgers ----------------------------------------------------------------------------------------------------


def an_office(tasks: Sequence[dict[str, Any]], closeouts: Sequence[dict[str, Any]] = (), **more: Any) -> Office:
    return {
        "departments": {"甲处": (), "乙处": ()},
        "causes": CAUSES,
        "problems": [problem(0), problem(1)],
        "tasks": list(tasks),
        "closeouts": list(closeouts),
        **more,
    }


def problem(number: int, **more: Any) -> dict[str, Any]:
    aspect = f"在{ASPECTS[number % 3]}方面"
    row = a_problem(number, aspect=aspect, causes=(CAUSES[number % 3],), public=f"事项{number}", disclosure="同意公开")
    return row | more


def task(number: int, **more: Any) -> dict[str, Any]:
    row = {
        "code": f"RW-{number:03}",
        "kind": "一次",
        "problems": ("WT-01",),
        "link_basis": "办公室判定",
        "department": "甲处",
        "start": date(2022, 1, 1),
        "deadline": date(2022, 12, 31),
        "review_cycle": "",
        "next_review": None,
        "status": "推进中",
        "progress": 50,
        "obstacle": "",
        "next_step": "",
        "evidence": "印发件",
        "standard": "印发件",
    }
    return a_task(number) | row | more


def random_case(seed: int) -> tuple[Office, date, list[tuple[date, Office]]]:
    """Return an office, a day, and the offices of the month ends before it that were kept."""
    random = Random(seed)
    day = random.choice(DAYS)
    names = [f"{n}处" for n in "甲乙丙丁戊己"[: random.choice((0, 1, 2, 4, 6))]]
    departments = {name: (f"原{name}",) if random.random() < 0.3 else () for name in names}
    problems = [_problem(random, number) for number in range(random.choice((0, 1, 3, 6)))]
    size = 120 if seed % 50 == 49 else random.choice((0, 1, 2, 4, 8, 14, 25))
    plain = random.random() < 0.4
    tasks = [_task(random, number + 1, day, names, len(problems), plain=plain) for number in range(size)]
    office = an_office(tasks, departments=departments, problems=problems)
    office["closeouts"] = [row for each in tasks for row in _closeouts(random, each, day)]
    for number, row in enumerate(office["closeouts"], 1):
        row["code"] = f"XH-{number:03}"
    earlier, end = [], day
    for _ in range(random.choice((0, 0, 1, 2, 3))):
        end = model.month_end(end.replace(day=1), -1)
        before = [
            each
            | (
                {"status": random.choice(("未启动", "推进中", "")), "progress": random.choice((None, 10, 50))}
                if random.random() < 0.5
                else {}
            )
            for each in tasks
        ]
        earlier.append((end, office | {"tasks": before}))
    return office, day, earlier[::-1]


def _problem(random: Random, number: int) -> dict[str, Any]:
    causes = tuple(random.sample((*CAUSES, "YY-99"), random.choice((0, 1, 1, 2))))
    return problem(number, causes=causes, disclosure=random.choice(("同意公开", "同意公开", "不公开", "")))


def _task(
    random: Random, number: int, day: date, names: Sequence[str], problems: int, *, plain: bool
) -> dict[str, Any]:
    near = lambda: day + timedelta(days=random.choice((0, 0, -1, 1, -31, 7, 8, 30, 31, random.randrange(-170, 170))))  # noqa: E731
    codes = [f"WT-{n + 1:02}" for n in range(problems)]
    if plain:  # few values, so that departments are equal in all
        row = {
            "status": random.choice(("推进中", "已销号")),
            "progress": random.choice((50, 50, None)),
            "deadline": random.choice((day, day - timedelta(days=10), date(2022, 12, 31))),
        }
        return task(number, department=random.choice((*names, "")), problems=tuple(codes[:1]), **row)
    progress = random.choice(
        (None, 0, 100, 99.5, 62.5, 33.3, 12.5, 0.4, 50, random.randrange(101), random.randrange(1001) / 10)
    )
    return task(
        number,
        kind=random.choice(("一次", "一次", "周期", "长期", "原则", "", "别的")),
        problems=tuple(random.sample((*codes, "WT-99"), min(len(codes) + 1, random.choice((0, 1, 1, 2, 3))))),
        link_basis=random.choice(("原文", "办公室判定", "程序建议")),
        department=random.choice((*names, *names, *(f"原{name}" for name in names), "", "没有的处", "待明确")),
        start=random.choice((date(2022, 1, 1), date(2022, 1, 1), None, near())),
        deadline=random.choice((near(), near(), near(), date(2022, 12, 31), None, "长期坚持", "每季度", "待定")),
        review_cycle=random.choice(("", "", "季")),
        next_review=random.choice((None, None, near())),
        status=random.choice(("未启动", "推进中", "推进中", "已完成", "已销号", "已销号", "长期坚持", "", "基本完成")),
        progress=progress,
        obstacle=random.choice(("", "人手不足")),
    )


def _closeouts(random: Random, of: Mapping[str, Any], day: date) -> Iterator[dict[str, Any]]:
    agreed = "转长期坚持" if of["status"] == "长期坚持" else "同意销号"
    for _ in range(
        random.choice((0, 1, 1, 2, 3)) if of["status"] in ("已销号", "长期坚持") else random.choice((0, 0, 0, 1))
    ):
        on = day + timedelta(days=random.choice((0, -1, 1, random.randrange(-150, 10), random.randrange(-60, 1))))
        more: dict[str, Any] = {"conclusion": random.choice((agreed, agreed, agreed, "退回", "同意销号"))}
        if random.random() < 0.3 and more["conclusion"] == "退回":
            more["committee_date"] = None
        if random.random() < 0.2:
            more |= {
                "first_review": random.choice(("通过", "退回")),
                "leader_date": random.choice((on, on - timedelta(days=3), None)),
            }
        if random.random() < 0.3:
            back = on + timedelta(days=random.choice((0, 20, 40)))
            more |= {
                "recheck_date": random.choice((back, back, None)),
                "recheck_result": random.choice(("反弹", "保持", "")),
            }
        yield a_closeout(0, of["code"], on, **more)


def ledger_of(office: Office) -> Ledger:
    departments = [{"部门": name, "别名": "、".join(others)} for name, others in office["departments"].items()]
    return build(
        office["tasks"],
        departments=departments,
        aspects=ASPECTS,
        causes=office["causes"],
        problems=office["problems"],
        closeouts=office["closeouts"],
    )


# --- what the sheets show ---------------------------------------------------------------------------------------


Sheet = Sequence[Sequence[Any]]


def rows_of(data: bytes) -> dict[str, Sheet]:
    """Return every sheet as rows of cells, counted from 1; rates are in per cent, "—" and blank cells are None.

    A rate that shows its fraction behind it is the text that people read: ``75% 3/4``.
    """
    return {
        sheet.title: [[""] * 99, *(["", *(_value(cell) for cell in row)] for row in sheet.iter_rows())]
        for sheet in load(data, values=True)
    }


def _value(cell: Any) -> Any:
    if isinstance(cell.value, int | float) and "%" in cell.number_format:
        fraction = re.search(r'"( [^"]+)"', cell.number_format)
        return f"{round(cell.value * 100)}%{fraction[1]}" if fraction else round(cell.value * 100)
    return None if cell.value in ("—", "") else cell.value


def table(sheet: Sheet, *heads: str) -> list[dict[str, Any]]:
    """The rows below the line that holds these heads, to the next line without its first cell; a cell by its head."""
    at = next(n for n, row in enumerate(sheet) if set(heads) <= {_plain(cell) for cell in row})
    titles, found = [_plain(cell) for cell in sheet[at]], []
    for row in sheet[at + 1 :]:
        cells = {title: cell for title, cell in zip(titles, row, strict=True) if title}
        if all(cells[head] is None for head in heads):
            break
        found.append(cells | {"合计": "合计" in row})
    return found


def _plain(cell: Any) -> str:
    return "".join(cell.split()) if isinstance(cell, str) else ""


def number(pattern: str, text: Any) -> int:
    """Return the number that a pattern finds in a text, 0 if it finds none."""
    found = re.search(pattern, str(text))
    return int(found[1]) if found else 0


class Differences(list[str]):
    def same(self, where: str, seen: Any, right: Any) -> None:
        if seen != right:
            self.append(f"{where}: {seen!r}, by the model {right!r}")

    def counts(self, where: str, row: Mapping[str, Any], right: Mapping[str, Any], *names: str) -> None:
        for name in names:
            value = right[name]
            self.same(
                f"{where} {name}",
                row[name],
                model.shown(value) if value is None or isinstance(value, Fraction) else value,
            )


def made_of(office: Office, day: date, earlier: Sequence[tuple[date, Office]]) -> tuple[Ledger, dict[str, Sheet]]:
    """The ledger of an office, and the leaders' sheets made of it."""
    ledger, kept = ledger_of(office), [(end, ledger_of(before)) for end, before in earlier]
    return ledger, rows_of(progress_workbook(compute_metrics(ledger, day, kept), STAMP))


def differences(
    office: Office, day: date, earlier: Sequence[tuple[date, Office]], ledger: Ledger, sheets: Mapping[str, Sheet]
) -> list[str]:
    """The differences between the sheets and the model."""
    found = Differences()
    tasks, known = model.judged(office, day), {end: model.judged(before, end) for end, before in earlier}
    _page(found, sheets, office, tasks, day, known)
    _departments(found, sheets, office, tasks, day, list(known))
    _groups(found, sheets, office, tasks, day)
    _trend(found, sheets, office, tasks, day, known)
    _lists(found, sheets, office, tasks, day, known)
    _papers(found, office, ledger, tasks, day)
    _sentences(found, sheets["口径说明"], tasks, office)
    return found


STATES = ("措施", *model.STATUSES, "红灯", "黄灯")


def _silent(task: Mapping[str, Any]) -> bool:
    """Whether a lit measure lacks the reason that its department owes; an overdue review is not the department's."""
    return not task["obstacle"] and task["why"][0] != model.REVIEW


def _aspects(office: Office, tasks: Sequence[Any], key: str) -> dict[str, tuple[int, list[Any]]]:
    """The groups of an office by name: how many problems, which measures; ``""`` holds what belongs to none."""
    of = (lambda each: each["aspect"]) if key == "aspect" else (lambda each: model.cause_of(each, office))
    names = [f"在{name}方面" for name in ASPECTS] if key == "aspect" else office["causes"]
    return {
        name.removeprefix("在").removesuffix("方面"): (
            sum(of(each) == name for each in office["problems"]),
            [each for each in tasks if each[key] == name],
        )
        for name in (*names, "")
    }


def _grouped(
    found: Differences,
    where: str,
    rows: Sequence[Any],
    groups: Mapping[str, tuple[int, Sequence[Any]]],
    day: date,
    *names: str,
) -> None:
    every = [each for _, tasks in groups.values() for each in tasks]
    total = (sum(problems for problems, _ in groups.values()), every)
    shown = {row["名"] if "未对应" not in str(row["名"]) else "": row for row in rows if not row["合计"]}
    wanted = {name for name, group in groups.items() if name or group[0] or group[1]}
    found.same(f"{where} names", set(shown), wanted)
    for name, row in (*shown.items(), *(("合计", row) for row in rows if row["合计"])):
        problems, tasks = groups.get(name, total)
        found.same(f"{where} {name} 问题", row["问题"], problems)
        found.counts(f"{where} {name}", row, model.tally(tasks, day), *names)


def _page(
    found: Differences,
    sheets: Mapping[str, Sheet],
    office: Office,
    tasks: Sequence[Any],
    day: date,
    known: Mapping[date, Any],
) -> None:
    page, phone, of = sheets["整改一览"], sheets["手机版"], model.tally(tasks, day)
    if not tasks:
        found.same("整改一览 message", "还没有整改任务" in page[3][2], True)
        return
    problems = [model.problem_figures(office, each["code"], tasks, day) for each in office["problems"]]
    late = {each["department"] for each in tasks if each["late"]} - {""}
    ahead, lead = of["限期办结"] - of["计划"], model.leading(tasks)
    kinds = {kind: sum(each["kind"] == kind for each in tasks) for kind in ("一次", "周期", "长期")}
    said_of = [
        sum(each["light"] == model.RED and _silent(each) for each in tasks),
        of["待审核"],
        sum(each["覆盖"] == "无措施" for each in problems),
        sum(each["unclear"] for each in tasks),
        of["到期"],
    ]
    duties = [each["cycles"][1] for each in tasks if each["duty"] and not each["closed"] and each["cycles"][1]]
    for text in (page[3][2], f"{phone[5][2]}\n{phone[10][2] or ''}"):
        for name, pattern, right in (
            ("措施", r"(\d+)项措施（", of["措施"]),
            *((kind, rf"{kind}(\d+)", count) for kind, count in kinds.items()),
            ("比率", rf"{lead}(\d+)%", model.shown(model.share(*of["比率"][lead])) or 0),
            ("分子", rf"{lead}\d+%（(\d+)/", of["比率"][lead][0]),
            ("分母", rf"{lead}\d+%（\d+/(\d+)", of["比率"][lead][1]),
            ("逾期", r"；逾期(\d+)项", of["逾期"]),
            ("最长", r"最长(\d+)天", of["最长"]),
            ("欠", r"周期措施欠(\d+)次", sum(duties)),
            ("欠的项数", r"(\d+)项周期措施欠", len(duties)),
            (
                "待定",
                r"(\d+)项没有定牵头部门",
                sum(each["late"] > 0 and not each["department"] for each in tasks) if late else 0,
            ),
        ):
            found.same(f"message {name}", number(pattern, text), right)
        second = text.partition("\n")[2]
        for right, pattern in zip(
            said_of,
            (
                r"(\d+)项红灯未填报原因",
                r"(\d+)项已报完成、待审核",
                r"(\d+)个问题没有措施",
                r"(\d+)项责任或时限待明确",
                r"月底前还有(\d+)项到期",
            ),
            strict=True,
        ):
            said = number(pattern, second) or (
                "未填报滞后原因" in second and "滞后" not in pattern and "红灯" in pattern
            )
            if said or second.count("；") < 5:  # the second line has six clauses at the most, the weightiest first
                found.same(f"message {pattern}", int(said), right)
        spread = re.search(r"分布在(\d+)个部门", text)
        found.same("message 部门", int(spread[1]) if spread else len(late), len(late))
    month = sum(bool(each["closed_on"] and each["closed_on"].replace(day=1) == day.replace(day=1)) for each in tasks)
    settled = [sum(each["到位"] for each in problems), sum(each["到位"] and each["长期坚持"] == 0 for each in problems)]
    percents = [model.shown(model.share(*of["比率"][name])) for name in model.RATES]
    kpi = [page[5][number] for number in (2, 6, 10, 16, 19, 22)]
    found.same("整改一览 KPI", kpi, [*percents, of["红灯"], of["黄灯"]])
    heads = [
        f"{'★ ' * (name == lead)}{name}（{'/'.join(map(str, of['比率'][name]))}{unit}）"
        for name, unit in zip(model.RATES, "项项期次", strict=True)
    ]
    found.same("整改一览 KPI heads", [page[4][number] for number in (2, 6, 10, 16)], heads)
    gap = f"{'多' if ahead > 0 else '少'}{abs(ahead)}项" if ahead else "持平"
    planned = f"应办结 {of['计划']} 项，{gap}" if of["限期"] else "没有限期措施"
    found.same("整改一览 应办结", page[6][6], planned)
    next_month = f"{day.month + 1}月" if day.month < 12 else "明年1月"
    found.same(
        "整改一览 facts",
        [number(r"到位 (\d+)/", page[7][2]), number(r"新办结 (\d+) 项", page[7][10]), page[7][19].partition(" ")[0]],
        [settled[0], month, f"{next_month}底前到期"],
    )
    found.same("整改一览 到期", number(r"到期 (\d+) 项", page[7][19]), of["到期"])
    gap = f"比计划{'少' if ahead > 0 else '多'} {abs(ahead)} 项" if ahead else "与计划持平"
    if of["限期"]:
        left = f"限期措施未办结还剩 {of['限期'] - of['限期办结']} 项，{gap}"
        found.same("趋势 message", left in sheets["趋势"][5][2], True)
    found.same("措施台账 message", sheets["措施台账"][5][2], f"{of['措施']} 项措施逐项明细，办结 {of['办结']} 项")
    if problems:
        bare = sum(each["覆盖"] == "无措施" for each in problems)
        found.same(
            "问题台账 message",
            sheets["问题台账"][5][2].partition("；")[0],
            f"{len(problems)} 个问题整改到位 {settled[0]} 个",
        )
        found.same("问题台账 没有措施", number(r"(\d+) 个没有措施", sheets["问题台账"][5][2]), bare)
    found.same("整改一览 已销号", number(r"其中已销号 (\d+) 个", page[7][2]), settled[1])
    found.same(
        "整改一览 今日",
        number(r"今日 (\d+) 项", page[7][19]),
        sum(each["due"] == day and not each["closed"] for each in tasks),
    )
    found.same("整改一览 逾期", number(r"；逾期 (\d+)", page[6][19]), of["逾期"])
    before = known.get(model.month_end(day, -1))
    if not known:
        found.same("整改一览 首期", [str(page[6][n])[:2] for n in (19, 22)], ["首期"] * 2)
    else:
        until = model.month_end(day, -1)
        until = until if day == model.month_end(day) else until.replace(day=min(day.day, until.day))
        then = sum(bool(each["closed_on"] and until.replace(day=1) <= each["closed_on"] <= until) for each in tasks)
        found.same("整改一览 上月办结", number(r"上月\S* (\d+) 项", page[7][10]), then)
        found.same(
            "整改一览 加快",
            [word for word in ("加快", "放缓", "持平") if word in page[7][10]],
            [("持平", "加快", "放缓")[(month > then) - (month < then)]],
        )
    for place, light in ((19, model.RED), (22, model.AMBER)):
        if before is None:
            continue
        change = sum(each["light"] == light for each in tasks) - sum(each["light"] == light for each in before)
        found.same(
            f"整改一览 {light}", number(r"[增减] (\d+)", page[6][place]) * (-1 if "减" in page[6][place] else 1), change
        )
    found.same(
        "手机版 KPI",
        [phone[7][column] for column in (2, 4, 6)],
        [model.shown(model.share(*of["比率"][lead])), of["红灯"], of["黄灯"]],
    )
    found.same(
        "手机版 到期",
        [number(r"逾期 (\d+) 项", phone[8][4]), number(r"快到期 (\d+) 项", phone[8][6])],
        [of["逾期"], of["到期"]],
    )
    for name, (part, whole) in of["比率"].items():
        words = rf"{name}(\d+)%（{part}/{whole}\D）"
        if whole and name != lead:
            found.same(f"手机版 {name}", number(words, phone[9][2]), model.shown(model.share(part, whole)))
    rows = [{**row, "名": row["方面"], "长期坚持": row["长期坚持"]} for row in table(page, "方面", "问题", "措施")]
    _grouped(found, "整改一览", rows, _aspects(office, tasks, "aspect"), day, *STATES)
    for row in rows:
        name = row["方面"] if "未对应" not in row["方面"] else ""
        own = tasks if row["合计"] else _aspects(office, tasks, "aspect")[name][1]
        found.same(f"整改一览 {name} {lead}", row[lead], model.shown(model.share(*model.rates(own, day)[lead])))
    cards = [row[3] for row in phone if str(row[2]).endswith(("红灯", "黄灯")) and row[3]]
    rest = sum(number(r"其余 (\d+) 项", row[2]) for row in phone)
    found.same("手机版 cards", len(cards) + rest, of["红灯"] + of["黄灯"])
    lines = {str(row[2]).partition(" ")[2] or row[2]: f"{row[5]} {row[6]}" for row in phone if row[6]}
    departments = {
        name or "待明确": ("到期", [each for each in tasks if each["department"] == name])
        for name in {each["department"] for each in tasks}
    }
    aspects = {name or "未对应问题": ("", own) for name, (_, own) in _aspects(office, tasks, "aspect").items() if own}
    for name, (due, own) in (*departments.items(), *aspects.items()):
        its = model.tally(own, day)
        part, whole = its["比率"]["按期办结率" if due else lead]
        counts = f"{part}/{whole}" if whole else "未到期"
        right = [
            f"{model.shown(model.share(part, whole))}",
            counts,
            *(f"{sign}{its[light]}" for sign, light in (("◆", "红灯"), ("▲", "黄灯")) if its[light]),
        ]
        found.same(f"手机版 {name}", lines.get(name, "").split(), right)


def _departments(
    found: Differences,
    sheets: Mapping[str, Sheet],
    office: Office,
    tasks: Sequence[Any],
    day: date,
    known: Sequence[date],
) -> None:
    rows = {"合计" if row["合计"] else row["部门"]: row for row in table(sheets["部门排名"], "部门", "措施")}
    own = {
        name: [each for each in tasks if each["department"] == name] for name in {each["department"] for each in tasks}
    }
    own = {name or "待明确": each for name, each in own.items()}
    places = model.ranking(office, tasks, day)
    found.same("部门排名 names", set(rows), {*own, "合计"})
    order = sorted(own, key=lambda name: (name == "待明确", places.get(name) or 99))
    found.same("部门排名 order", [places.get(name) for name in [*rows][:-1]], [places.get(name) for name in order])
    for name, row in rows.items():
        of = model.tally(own.get(name, tasks if name == "合计" else []), day)
        where = f"部门排名 {name}"
        found.counts(where, row, of, "措施", *model.RATES, "序时", "红灯", "黄灯")
        found.same(f"{where} 进度", row["进度"], model.reported(of))
        gap = None if of["进度"] is None else (model.shown(of["进度"]) or 0) - (model.shown(of["序时"]) or 0)
        found.same(where, [row[key] for key in ("差(百分点)", "最长逾期(天)")], [gap, of["最长"]])
        if name != "合计":
            few = model.rates(own[name], day)["按期办结率"][1] < 3
            rank = places.get(name) and f"{places[name]}{'※' if few else ''}"
            found.same(f"{where} 名次", str(row["名次"] or "") or None, rank and str(rank))
    due = [name for name, place in places.items() if place]
    last = max((place for place in places.values() if place), default=0)
    text = sheets["部门排名"][5][2]
    on_time = {name: model.rates(each, day)["按期办结率"] for name, each in own.items()}
    if text == "到期措施全部按期办结":
        found.same("部门排名 message", sum(on_time[name][0] < on_time[name][1] for name in due), 0)
    elif len(due) > 1:
        every = sum(on_time[name][0] == on_time[name][1] for name in due)
        found.same(
            "部门排名 message",
            [number(r"(\d+) 个(?:有到期措施|的按期办结率)", text), number(r"(\d+) 个全按期", text)],
            [len(due), every],
        )
    for name, part, whole in re.findall(r"末位 (\S+?)（(\d+)/(\d+)）", text):
        found.same("部门排名 末位", [places.get(name), int(part), int(whole)], [last, *on_time[name]])
    if not tasks:
        return
    chart = {row["部门"]: row for row in table(sheets["图表数据"], "部门", "已销号") if row["部门"] in own}
    for name, row in chart.items():
        found.counts(f"图表数据 {name}", row, model.tally(own[name], day), *model.STATUSES)
    since = model.known_since(tasks, day, known)
    ends = [end for end in (*(model.month_end(day, -back) for back in (5, 4, 3, 2, 1)), day) if end >= since]
    sheet = sheets["图表数据"]
    at = next(n for n, row in enumerate(sheet) if str(row[2]).startswith("部门：近 6 个月末"))
    left = {row[2]: row[3 : 3 + len(ends)] for row in sheet[at + 2 :] if row[2] in own}
    found.same("近6月未办结", left, {name: [model.left(own[name], end) for end in ends] for name in left})


def _groups(found: Differences, sheets: Mapping[str, Sheet], office: Office, tasks: Sequence[Any], day: date) -> None:
    sheet = sheets["五个方面"]
    groups = _aspects(office, tasks, "aspect")
    lead = model.leading(tasks)
    rates = {name: model.share(*model.rates(own, day)[lead]) for name, (_, own) in groups.items() if name}
    rates = {name: each for name, each in rates.items() if each is not None}
    for name, percent, part, whole in re.findall(
        rf"“([^”]+)”{lead}最低，(\d+)%（(\d+)/(\d+)）", sheet[5][2].partition("；")[0]
    ):
        worst = min(rates.values())
        found.same(
            f"五个方面 最低 {name}",
            (rates.get(name), Fraction(int(part), int(whole)), int(percent)),
            (worst, worst, model.shown(worst)),
        )
    rows = [row | {"名": row["方面"]} for row in table(sheet, "方面", "未启动")]
    _grouped(found, "五个方面", rows, _aspects(office, tasks, "aspect"), day, *STATES, *model.RATES)
    rows = [row | {"名": row["根源"]} for row in table(sheet, "根源", "措施")]
    _grouped(found, "根源", rows, _aspects(office, tasks, "cause"), day, "措施", "红灯", "黄灯", *model.RATES)
    for row in rows:
        for name in ASPECTS:
            of = [each for each in office["problems"] if each["aspect"] == f"在{name}方面"]
            right = sum(
                row["合计"] or model.cause_of(each, office) == ("" if "未对应" in row["名"] else row["名"])
                for each in of
            )
            if name in row:
                found.same(f"根源 {row['名']} {name}", row[name], right)


def _trend(
    found: Differences,
    sheets: Mapping[str, Sheet],
    office: Office,
    tasks: Sequence[Any],
    day: date,
    known: Mapping[date, Any],
) -> None:
    shown = {row["月末"]: list(row.values()) for row in table(sheets["趋势"], "月末")}
    chart = table(sheets["图表数据"], "月份", "计划剩余")
    months = model.trend(tasks, day, list(known))
    for name in ("计划剩余", "实际剩余", "当月到期", "当月办结") if tasks else ():
        right = [month[name] for month in months]
        found.same(f"趋势 {name}", shown[name][1:13], right)
        found.same(f"图表数据 {name}", [row[name] for row in chart[:12]], right)
    for name, light in (("◆红灯", model.RED), ("▲黄灯", model.AMBER)):
        cells = next(
            list(row.values())
            for word, row in ((_plain(row["月末"]), row) for row in table(sheets["趋势"], "月末"))
            if word == name
        )
        for end, judged in ((end, each) for end, each in (*known.items(), (day, tasks)) if end.year == day.year):
            found.same(f"趋势 {light} {end}", cells[end.month], sum(each["light"] == light for each in judged))


def _lists(
    found: Differences,
    sheets: Mapping[str, Sheet],
    office: Office,
    tasks: Sequence[Any],
    day: date,
    known: Mapping[date, Any],
) -> None:
    of = {each["code"]: each for each in tasks}
    alerts = [row for row in table(sheets["逾期预警"], "灯", "编号") if row["编号"]]
    total, text = model.tally(tasks, day), sheets["逾期预警"][5][2]
    if alerts:
        found.same("逾期预警 message", re.findall(r"(\d+) 项", text)[:2], [str(total["红灯"]), str(total["黄灯"])])
        silent = [sum(each["light"] == light and _silent(each) for each in tasks) for light in (model.RED, model.AMBER)]
        said = re.search(r"红灯 (\d+) 项、黄灯 (\d+) 项未填报原因", text)
        found.same("逾期预警 未填报原因", [*map(int, said.groups())] if said else [0, 0], silent)
        found.same("逾期预警 最长", number(r"最长逾期 (\d+) 天", text), total["最长"])
    right = {code: each["light"] for code, each in of.items() if each["light"] in (model.RED, model.AMBER)}
    found.same("逾期预警", {row["编号"]: row["灯"] for row in alerts}, right)
    for row in alerts:
        task = of.get(row["编号"])
        if task:
            found.same(f"逾期预警 {row['编号']}", _trigger(row["触发"]), task["why"][0] if task["why"] else "")
    register = {row["编号"]: row for row in table(sheets["措施台账"], "编号", "措施") if row["编号"]}
    found.same("措施台账 codes", set(register), set(of))
    for code, row in register.items():
        task = of[code]
        seen = [row[key] for key in ("灯", "状态", "进度", "逾期(天)", "牵头部门")]
        if task["duty"]:
            found.same(f"措施台账 {code} 欠", number(r"欠(\d+)", row["进度"]), task["cycles"][1])
            seen[2] = None
        found.same(
            f"措施台账 {code}",
            [cell if key else cell or 0 for key, cell in enumerate(seen)],
            [
                task["light"],
                task["status"],
                model.shown(task["progress"]),
                task["late"],
                task["department"] or "待明确",
            ],
        )
    timeline = {row[2]: row[6] for row in sheets["时间进度"] if row[2] in of}
    done = {
        code: (f"0/{each['cycles'][1]}期" if each["cycle"] else None) if each["duty"] else model.shown(each["progress"])
        for code, each in of.items()
    }
    found.same("时间进度", timeline, done)
    rows = {row["编号"]: row for row in table(sheets["问题台账"], "编号", "能否销号") if row["编号"]}
    found.same("问题台账 codes", set(rows), {each["code"] for each in office["problems"]})
    for code, row in rows.items():
        figures = model.problem_figures(office, code, tasks, day)
        found.counts(f"问题台账 {code}", row, figures, "措施", "办结", "待审核", "红灯", "黄灯", "覆盖")
        found.same(f"问题台账 {code} 销号率", row["销号率"], figures["销号率"])
        left = figures["措施"] - figures["办结"]
        closable = (
            "可以销号"
            if figures["到位"]
            else f"不能：还差 {left} 项"
            if left
            else "不能：没有措施"
            if figures["覆盖"] == "无措施"
            else "不能：只有原则性措施"
        )
        found.same(f"问题台账 {code} 能否销号", row["能否销号"], closable)
    _dynamics(found, sheets["逾期预警"], tasks, day, known, office)


def _section(sheet: Sheet, title: str) -> set[str]:
    at = next(n for n, row in enumerate(sheet) if str(row[2]).startswith(title))
    codes: set[str] = set()
    for row in sheet[at + 1 :]:
        if not row[2]:
            break
        codes |= {row[3]} if row[3] else set()
    return codes


def _dynamics(
    found: Differences, sheet: Sheet, tasks: Sequence[Any], day: date, known: Mapping[date, Any], office: Office
) -> None:
    last, before = model.month_end(day, -1), model.month_end(day, -2)
    stalled = model.stalled(tasks, known[last], known[before], before) if {last, before} <= set(known) else []
    relapsed = {
        row["task"]
        for row in office["closeouts"]
        if row.get("recheck_result") == "反弹" and (row.get("recheck_date") or day) <= day
    }
    then = {each["code"]: each for each in known[max(known)]} if known else {}
    order = {status: number for number, status in enumerate(("未启动", "推进中", "待审核"))} | {
        "已销号": 3,
        "长期坚持": 3,
    }
    reported = {each["code"] for each in office["tasks"] if each["status"] not in ("", "基本完成")}
    back = {
        each["code"]
        for each in tasks
        if each["code"] in then
        and (
            (
                each["progress"] is not None
                and then[each["code"]]["progress"] is not None
                and each["progress"] < then[each["code"]]["progress"]
            )
            or (each["code"] in reported and order[each["status"]] < order[then[each["code"]]["status"]])
        )
    }
    for title, right in (
        ("部门已报完成", {each["code"] for each in tasks if each["status"] == "待审核"}),
        ("连续两期没有进展", set(stalled)),
        ("进度倒退", back),
        ("反弹：", {each["code"] for each in tasks} & relapsed),
        ("销号抽查", set(model.sampled(tasks, day))),
    ):
        found.same(f"逾期预警 {title}", _section(sheet, title), right)


def _trigger(text: str) -> str:
    return next(
        (word for word in ("反弹", model.REVIEW, "欠", "还差", "到期") if word in text), text.partition("，")[0]
    )


def _sentences(found: Differences, sheet: Sheet, tasks: Sequence[Any], office: Office) -> None:
    """The numbers that the sentences of 口径说明 carry beside those of the other sheets."""
    said = {row[3]: str(row[4]) for row in sheet if row[3]}
    unlit = sum(each["light"] == model.OPEN for each in tasks)
    blank = sum(each["kind"] not in ("一次", "周期", "长期", "原则") for each in office["tasks"])
    numbers = {"措施": (len(tasks), blank), "责任或时限待明确": (sum(each["unclear"] for each in tasks), unlit)}
    for name, right in numbers.items():
        found.same(f"口径说明 {name}", tuple(map(int, re.findall(r"(\d+) 项", said[name])))[:2], right)


def _papers(found: Differences, office: Office, ledger: Ledger, tasks: Sequence[Any], day: date) -> None:
    public, _ = publish(ledger, day)
    open_ = [each for each in office["problems"] if each["disclosure"] == "同意公开"]
    if open_:
        rows = [
            row for row in table(rows_of(public_workbook(public, STAMP))["整改进展公示"], "序号", "进展") if row["序号"]
        ]
        found.same("公示", sorted(row["问题（公开表述）"] for row in rows), sorted(each["public"] for each in open_))
        shown = {row["问题（公开表述）"]: row for row in rows}
        for each in open_:
            row = shown[each["public"]]
            of = model.problem_figures(office, each["code"], tasks, day)
            right = [of["措施"], of["已销号"], of["长期坚持"], of["措施"] - of["办结"]]
            found.same(
                f"公示 {each['code']}",
                [row[key] for key in ("措施数", "已完成", "已完成并长期坚持", "正在推进")],
                right,
            )
            if of["覆盖"] == "无措施":
                found.same(f"公示 {each['code']}", row["进展"], "□ 措施制定中")
            else:
                found.same(f"公示 {each['code']}", row["进展"].startswith("■"), of["到位"])
    slips, _ = plan_slips(ledger, day)
    wanted = {each["code"]: each["asked"] for each in tasks if each["asked"] and each["department"]}
    items: dict[str, str] = {}
    if slips:
        for name, sheet in rows_of(
            slips_workbook(
                number_slips(ledger, ledger.registers["slips"], slips, (), day).slips, ledger.settings, STAMP
            )
        ).items():
            rows = [
                row
                for row in table([row[:-1] for row in sheet], "编号", "督办灯")
                if str(row["编号"]).startswith("RW-")
            ]
            items |= {row["编号"]: f"{row['督办灯']}" for row in rows}
            of = model.tally([each for each in tasks if each["department"] == name], day)
            text = next(str(row[1]) for row in sheet if "牵头整改措施" in str(row[1]))
            found.same(
                f"督办单 {name}",
                re.findall(r"牵头整改措施(\d+)项，办结(\d+)项，未办结(\d+)项", text),
                [(str(of["措施"]), str(of["办结"]), str(of["措施"] - of["办结"]))],
            )
    found.same("督办单 codes", set(items), set(wanted))
    for code in set(items) & set(wanted):
        word, _, why = items[code].partition("\n")
        light, trigger = wanted[code]
        right = "■ 蓝" if light == model.AMBER and trigger in ("到期", "还差") else light
        found.same(f"督办单 {code}", (word, _trigger(why)), (right, trigger))


# --- hand-made ledgers, each with its figures computed by hand --------------------------------------------------


def seen(ledger: Ledger, day: date, sheets: Mapping[str, Sheet]) -> dict[str, Any]:
    """What the sheets show that the examples speak of."""
    page, months = sheets["整改一览"], {_plain(row[2]): row[3:15] for row in sheets["趋势"]}
    tasks = [row for row in table(sheets["措施台账"], "编号", "措施") if row["编号"]]
    ranks = [row for row in table(sheets["部门排名"], "部门", "措施") if not row["合计"]]
    total = table(sheets["部门排名"], "部门", "措施")[-1]
    return {
        "message": page[3][2].splitlines()[0],
        "按期办结率": page[5][2],
        "应办结": page[6][6],
        "新办结": page[7][10],
        "红灯": (page[5][19], page[6][19]),
        "灯": {row["编号"]: row["灯"] for row in tasks},
        "状态": {row["编号"]: row["状态"] for row in tasks},
        "触发": {row["编号"]: row["触发"] for row in table(sheets["逾期预警"], "灯", "编号") if row["编号"]},
        "名次": {row["部门"]: row["名次"] and str(row["名次"]).rstrip("※") for row in ranks},
        "措施": {row["部门"]: row["措施"] for row in ranks},
        "进度": total["进度"],
        "到期办结": total["按期办结率"],
        "倒退": _section(sheets["逾期预警"], "进度倒退"),
        "覆盖": {row["编号"]: row["覆盖"] for row in table(sheets["问题台账"], "编号", "能否销号")},
        "督办": {
            item.task.code: f"{slip.department} {item.grade.mark}"
            for slip in plan_slips(ledger, day)[0]
            for item in slip.items
        },
        **{name: months[name] for name in ("计划剩余", "实际剩余", "当月到期", "当月办结")},
    }


JUNE, MAY = date(2022, 6, 30), date(2022, 5, 31)
DONE = {"status": "已销号", "progress": 100}
CLOSED_AGAIN = [
    a_closeout(1, "RW-001", date(2022, 2, 1)),
    a_closeout(2, "RW-001", date(2022, 4, 1), recheck_date=date(2022, 6, 1), recheck_result="反弹"),
]
NOT_YET = (None,) * 6


def closed(number: int, on: date, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    return task(number, **DONE, **more), a_closeout(number, f"RW-{number:03}", on)


def many(number: int, done: int) -> Office:
    pairs = [closed(n, date(2022, 5, 20), deadline=MAY) for n in range(1, done + 1)]
    rest = [task(n, deadline=MAY if done > 1 else date(2022, 12, 31)) for n in range(done + 1, number + 1)]
    return an_office([row for row, _ in pairs] + rest, [row for _, row in pairs])


def departments(*late: tuple[str, int]) -> Office:
    """Each with one measure that was due on 20 June: closed on 10 June, or left open."""
    pairs = [
        closed(n, date(2022, 6, 10), department=name, deadline=date(2022, 6, 20))
        if not days
        else (task(n, department=name, deadline=date(2022, 6, 30 - days), progress=90), None)
        for n, (name, days) in enumerate(late, 1)
    ]
    return an_office(
        [row for row, _ in pairs], [row for _, row in pairs if row], departments={name: () for name, _ in late}
    )


EXAMPLES: dict[str, tuple[Office, date, list[tuple[date, Office]], dict[str, Any]]] = {
    "all done but one of 300": (
        many(300, 299),
        JUNE,
        [],
        {
            "message": "300项措施（一次300）：按期办结率99%（299/300项）；逾期1项，在甲处，最长30天。",
            "按期办结率": 99,
            "应办结": "应办结 300 项，少1项",
            "到期办结": "99% 299/300",
        },
    ),
    "due today": (
        an_office(
            [
                task(1, deadline=JUNE, progress=100),
                closed(2, JUNE, deadline=JUNE)[0],
                task(3, deadline=date(2022, 6, 29), progress=100),
                task(4),
            ],
            [a_closeout(1, "RW-002", JUNE)],
        ),
        JUNE,
        [],
        {
            "message": "4项措施（一次4）：按期办结率50%（1/2项）；逾期1项，在甲处，最长1天。",
            "应办结": "应办结 3 项，少2项",
            "到期办结": "50% 1/2",
            "触发": {"RW-001": "今日到期", "RW-003": "逾期1天"},
            "督办": {"RW-001": "甲处 ■ 蓝", "RW-003": "甲处 ◆ 红"},
            "计划剩余": [4, 4, 4, 4, 4, 1, 1, 1, 1, 1, 1, 0],
            "实际剩余": [None, None, None, None, 4, 3, *NOT_YET],
        },
    ),
    "nothing due": (
        an_office([task(1), task(2, department="乙处")]),
        JUNE,
        [],
        {
            "message": "2项措施（一次2）：按期办结率：还没有到期的；没有逾期，没有红灯。",
            "应办结": "应办结 0 项，持平",
            "到期办结": None,
            "名次": {"甲处": None, "乙处": None},
        },
    ),
    "ties": (
        departments(("甲处", 0), ("乙处", 0), ("丙处", 10), ("丁处", 10)),
        JUNE,
        [],
        {"名次": {"甲处": "1", "乙处": "1", "丙处": "3", "丁处": "3"}},
    ),
    "the shorter delay comes before the greater share of all": (
        an_office(
            [
                closed(1, MAY, deadline=JUNE)[0],
                task(2, deadline=MAY),
                task(3, deadline=JUNE, department="乙处", **DONE),
                task(4, deadline=date(2022, 6, 20), department="乙处"),
                task(5, department="乙处"),
                task(6, department="乙处"),
            ],
            [a_closeout(1, "RW-001", MAY), a_closeout(2, "RW-003", MAY)],
        ),
        JUNE,
        [],
        {"名次": {"乙处": "1", "甲处": "2"}},
    ),
    "no progress reported ranks below none made": (
        an_office(
            [
                task(1, deadline=JUNE, status="已完成", progress=None),
                task(2, deadline=JUNE, status="已完成", progress=0, department="乙处"),
                task(3, deadline=MAY, status="已完成", start=None),
                task(4, deadline=MAY, status="已完成", start=None, department="乙处"),
            ]
        ),
        JUNE,
        [],
        {"名次": {"甲处": "2", "乙处": "1"}},
    ),
    "agreed twice, the day before the relapse": (
        an_office([task(1, **DONE)], CLOSED_AGAIN),
        MAY,
        [],
        {
            "状态": {"RW-001": "已销号"},
            "当月办结": [0, 1, 0, 0, 0, None, *NOT_YET],
            "实际剩余": [1, 0, 0, 0, 0, None, *NOT_YET],
        },
    ),
    "agreed after the deadline, 状态 does not say so yet": (
        an_office([task(1, deadline=date(2022, 6, 5), progress=None)], [a_closeout(1, "RW-001", date(2022, 6, 7))]),
        date(2022, 6, 15),
        [],
        {"状态": {"RW-001": "推进中"}, "灯": {"RW-001": "▲ 黄"}, "触发": {"RW-001": "进度未填报"}},
    ),
    "an overdue review asks nothing of the department": (
        an_office([task(1, kind="长期", review_cycle="季", deadline="长期坚持", department="乙处")]),
        JUNE,
        [],
        {"灯": {"RW-001": "◆ 红"}, "触发": {"RW-001": "复核超期90天"}, "督办": {}},
    ),
    "relapse after agreement": (
        an_office([task(1, **DONE)], CLOSED_AGAIN),
        date(2022, 6, 1),
        [(MAY, an_office([task(1, **DONE)], CLOSED_AGAIN))],
        {
            "状态": {"RW-001": "推进中"},
            "按期办结率": None,
            "倒退": {"RW-001"},
            "实际剩余": [None, None, None, None, 1, 1, *NOT_YET],
        },
    ),
    "退回 later, without a day of its own": (
        an_office(
            [task(1, **DONE)],
            [
                a_closeout(1, "RW-001", date(2022, 4, 1)),
                a_closeout(2, "RW-001", date(2022, 5, 10), committee_date=None, conclusion="退回"),
            ],
        ),
        JUNE,
        [],
        {"状态": {"RW-001": "推进中"}, "按期办结率": None, "触发": {}},
    ),
    "sent back at the first review and agreed to": (
        an_office([task(1, **DONE)], [a_closeout(1, "RW-001", date(2022, 4, 1), first_review="退回")]),
        JUNE,
        [],
        {"状态": {"RW-001": "推进中"}, "按期办结率": None},
    ),
    "blank progress": (
        an_office([task(1, progress=None)]),
        JUNE,
        [(MAY, an_office([task(1, progress=40)]))],
        {"触发": {"RW-001": "进度未填报"}, "进度": "未报 0/1", "倒退": set(), "红灯": (0, "与上月持平")},
    ),
    "blank progress and due in three days": (
        an_office([task(1, progress=None, deadline=date(2022, 7, 3))]),
        JUNE,
        [],
        {"触发": {"RW-001": "进度未填报"}, "督办": {"RW-001": "甲处 ▲ 黄"}},
    ),
    "blank progress of what is closed": (
        an_office([task(1, status="已销号", progress=None), task(2, progress=50)], [a_closeout(1, "RW-001", MAY)]),
        JUNE,
        [],
        {"进度": "75% 2/2"},
    ),
    "mid-month": (
        an_office(
            [
                closed(1, date(2022, 6, 8), deadline=date(2022, 6, 10))[0],
                task(2, deadline=date(2022, 6, 25), progress=95),
                task(3),
                task(4, **DONE),
                task(5, **DONE),
            ],
            [
                a_closeout(1, "RW-001", date(2022, 6, 8)),
                a_closeout(2, "RW-004", date(2022, 5, 15)),
                a_closeout(3, "RW-005", date(2022, 5, 16)),
            ],
        ),
        date(2022, 6, 15),
        [(MAY, an_office([task(1)]))],
        {
            "message": "5项措施（一次5）：按期办结率100%（1/1项）；没有逾期，没有红灯。",
            "应办结": "应办结 1 项，多2项",
            "新办结": "本月新办结 1 项（上月同期 1 项，持平）",
            "计划剩余": [5, 5, 5, 5, 5, 4, 3, 3, 3, 3, 3, 0],
            "当月到期": [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 3],
            "实际剩余": [None, None, None, 5, 3, 2, *NOT_YET],
        },
    ),
    "at the thresholds": (
        an_office(
            [
                task(n, start=date(2022, 6, 20), deadline=date(2022, 7, 10), progress=value)
                for n, value in enumerate((20, 19.9, 40, 40.1), 1)
            ]
        ),
        JUNE,
        [],
        {
            "灯": {"RW-001": "▲ 黄", "RW-002": "◆ 红", "RW-003": "▲ 黄", "RW-004": "● 绿"},
            "触发": {"RW-001": "落后序时30个百分点", "RW-002": "落后序时31个百分点", "RW-003": "落后序时10个百分点"},
        },
    ),
    "first period": (
        an_office([task(1, deadline=MAY)]),
        JUNE,
        [],
        {
            "新办结": "本月新办结 0 项（首期，无上月数）",
            "红灯": (1, "首期，无上月数；逾期 1"),
            "实际剩余": [None, None, None, None, None, 1, *NOT_YET],
        },
    ),
    "overdue without a department": (
        an_office([task(1, department="", deadline=MAY), task(2)]),
        JUNE,
        [],
        {
            "message": "2项措施（一次2）：按期办结率0%（0/1项）；逾期1项，没有定牵头部门，最长30天。",
            "触发": {"RW-001": "逾期30天"},
            "名次": {"甲处": None, "待明确": None},
            "督办": {},
        },
    ),
    "each kind by itself": (
        an_office(
            [
                task(1, deadline=MAY),
                task(2, kind="周期", review_cycle="季", deadline="长期坚持"),
                task(3, kind="长期", review_cycle="季", deadline="长期坚持"),
                task(4, kind="周期", review_cycle="季", deadline=JUNE, status="推进中"),
            ]
        ),
        JUNE,
        [],
        {
            "message": "4项措施（一次1、周期2、长期1）：履行率0%（0/2期）；逾期1项，在甲处，最长30天。",
            "应办结": "应办结 2 项，少2项",
            "灯": {"RW-001": "◆ 红", "RW-002": "▲ 黄", "RW-003": "◆ 红", "RW-004": "▲ 黄"},
            "触发": {
                "RW-001": "逾期30天",
                "RW-002": "欠1次（2022年一季度）",
                "RW-003": "复核超期90天",
                "RW-004": "欠1次（2022年一季度）",
            },
            "计划剩余": [2, 2, 2, 2, 1, 0, 0, 0, 0, 0, 0, 0],
        },
    ),
    "复核周期 without 时限": (
        an_office([task(1, deadline=None, review_cycle="季"), task(2, deadline=None)]),
        JUNE,
        [],
        {"灯": {"RW-001": "待明确", "RW-002": "待明确"}},
    ),
    "任务类型 blank": (
        an_office([task(1, kind=""), task(2, kind="原则"), task(3)]),
        JUNE,
        [],
        {"状态": {"RW-001": "推进中", "RW-003": "推进中"}, "措施": {"甲处": 2}},
    ),
    "a department by its other name": (
        an_office([task(1, department="原甲处"), task(2)], departments={"甲处": ("原甲处",)}),
        JUNE,
        [],
        {"措施": {"甲处": 2}},
    ),
    "no departments in 参数": (an_office([task(1, deadline=MAY)], departments={}), JUNE, [], {"名次": {"甲处": "1"}}),
    "a problem that is not there stands first": (
        an_office([task(1, problems=("WT-99", "WT-01"))]),
        JUNE,
        [],
        {"覆盖": {"WT-01": "直接", "WT-02": "无措施"}},
    ),
}


@pytest.mark.parametrize(("office", "day", "earlier", "right"), EXAMPLES.values(), ids=EXAMPLES.keys())
def test_every_sheet_shows_what_somebody_counted(office: Office, day: date, earlier: Any, right: Any) -> None:
    ledger, sheets = made_of(office, day, earlier)
    figures = seen(ledger, day, sheets)
    assert {
        name: list(value) if isinstance(value, list) else value for name, value in figures.items() if name in right
    } == right
    assert differences(office, day, earlier, ledger, sheets) == []


# --- random ledgers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_every_sheet_shows_what_the_model_says(seed: int) -> None:
    office, day, earlier = random_case(seed)
    assert differences(office, day, earlier, *made_of(office, day, earlier)) == []
