"""An office and its departments, simulated at random from a seed for a given number of months.

The office edits the ledger with another program (openpyxl), issues, merges, undoes, renames, renumbers, sorts and
deletes; departments return their forms filled, late, twice, sorted, wrong or not at all. All of it uses the real
command line and real files; the model keeps the expected ledger. Each month draws from all kinds of events; half a
year covers nearly every one.
"""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from click.testing import CliRunner, Result
from taizhang.cli import main
from taizhang.forms.load import standard_forms
from taizhang.ledger.create import default_settings, new_ledger
from taizhang.system.files import write_atomically

from support.ledger_model import BAD, Cells, Form, Model, Row, Step
from support.ledgers import rows_from
from support.returned_files import by_hand

TASKS, APPEALS = "整改任务", "群众诉求"
FILLED = {
    TASKS: ("状态", "进度", "本期进展", "滞后原因", "下一步", "佐证材料"),
    APPEALS: ("渠道", "主题", "受理日期", "反馈日期", "满意度", "办理情况"),
}
CLOSED_BY = {TASKS: ("状态", ("已销号",)), APPEALS: ("满意度", ("满意", "基本满意", "不满意"))}
CODE = {TASKS: "任务编号", APPEALS: "诉求编号"}
NUMBERED = {TASKS: "RW-{:03}", APPEALS: "SQ-{:03}"}
OWN_COLUMN = "底册号"
"""A column of people's own beside 整改任务: it says whose words a row holds, whatever its code says."""
HEAD_ROW = 3
VERBS = ("完善", "健全", "修订", "落实", "推动", "开展", "建立", "清理")
OBJECTS = ("走访群众", "档案归集", "采购审批", "窗口服务", "设备检定", "人才培养", "值班值守", "会议精简")


@dataclass
class Office:
    """The office in its folder; ``seen`` counts the events that took place, ``days`` keeps the ledger of each day."""

    folder: Path
    chance: Random
    departments: list[str]
    model: Model = field(default_factory=Model)
    seen: dict[str, int] = field(default_factory=dict)
    days: dict[date, Mapping[tuple[str, str], Cells]] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    late: list[tuple[Form, Path]] = field(default_factory=list)
    typed: dict[Path, tuple[Form, dict[str, Cells], dict[str, Row], set[str]]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    undone: list[tuple[int, Step]] = field(default_factory=list)
    clock: datetime = datetime(2022, 1, 1, 9)
    number: int = 0

    @property
    def ledger(self) -> Path:
        return self.folder / "整改台账.xlsx"

    def found(self) -> dict[str, list[tuple[str, str, Cells]]]:
        """Return the ledger's rows by register as (own number or subject, code, cells), read with another library."""
        found: dict[str, list[tuple[str, str, Cells]]] = {}
        for (register, code), rows in zip(CODE.items(), rows_from(self.ledger, HEAD_ROW, *CODE), strict=True):
            heads = [str(head or "") for head in rows[0]]
            own = OWN_COLUMN if register == TASKS else "主题"
            for row in rows[1:]:
                cells = {head: plain(value) for head, value in zip(heads, row, strict=True) if head}
                if cells.get(code):
                    kept = {
                        key: cells[key]
                        for key in (*FILLED[register], *(("整改任务", "牵头部门") if register == TASKS else ()))
                    }
                    found.setdefault(register, []).append((str(cells.get(own) or ""), str(cells[code]), kept))
        return found

    # -- the acts of the office ----------------------------------------------------------------------------------------

    def open(self, tasks_each: int) -> None:
        """Write the first ledger, with a user-added column."""
        settings = default_settings("某局", 2022, [("为群众办实事方面", "办实事")])
        settings["部门"] = [{"部门": name, "简称": name[:3]} for name in self.departments]
        settings["岗位"] = [{"岗位": "局长"}]
        settings["期次"] = [
            {"期次": f"{year}-{month:02}", "统计截止日": end, "报送截止日": end}
            for year in (2022, 2023, 2024, 2025)
            for month in range(1, 13)
            for end in [date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)]
        ]
        problems = [{"code": "WT-01", "aspect": "为群众办实事方面", "title": "办法不多", "source": "民主生活会"}]
        rows = [self._new_task(name) for _ in range(tasks_each) for name in self.departments]
        forms = [form for form in standard_forms().values() if form.enabled]
        write_atomically(self.ledger, new_ledger(forms, {"problems": problems, "tasks": rows}, settings, self.clock))
        uids = list(self.model.rows)

        def number(book: Any) -> None:
            sheet = book[TASKS]
            column = sheet.max_column + 1
            sheet.cell(HEAD_ROW, column, OWN_COLUMN)
            for row, uid in enumerate(uids, HEAD_ROW + 1):
                sheet.cell(row, column, uid)

        self.by_hand(number)
        self.run("validate")

    def _new_task(self, department: str) -> dict[str, Any]:
        self.number += 1
        uid, code = f"底{self.number:04}", NUMBERED[TASKS].format(self.number)
        verb, what = self.chance.choice(VERBS), self.chance.choice(OBJECTS)
        statement = f"{verb}{what}工作机制，第{self.number}类事项逐项销号"
        progress = self.chance.choice((0, 0.1, 0.2, 0.3))
        cells = {
            "整改任务": statement, "牵头部门": department, "状态": "推进中", "进度": progress,
            "本期进展": f"{uid}已制定方案" if self.chance.random() < 0.7 else None,
            "下一步": f"{uid}下步走访" if self.chance.random() < 0.4 else None,
        }  # fmt: skip
        cells = {**dict.fromkeys(FILLED[TASKS]), **cells}
        self.model.rows[uid] = Row(TASKS, code, department, cells)
        self.given[code] = uid
        return {
            "code": code,
            "statement": statement,
            "source": "报告原文",
            "kind": "一次",
            "problems": ("WT-01",),
            "leader": "局长",
            "department": department,
            "start": date(2022, 1, 1),
            "deadline": date(2025, 12, 28),
            "standard": "印发制度",
            "status": "推进中",
            "progress": progress * 100,
            "update": cells["本期进展"],
            "next_step": cells["下一步"],
        }

    def by_hand(self, work: Callable[[Any], None]) -> None:
        """Edit the ledger in another program and save it now."""
        by_hand(self.ledger, work)
        os.utime(self.ledger, (self.clock.timestamp(), self.clock.timestamp()))

    def run(self, *args: object) -> Result:
        """Run a command now; it never ends with a traceback."""
        env = {"SOURCE_DATE_EPOCH": str(int(self.clock.timestamp()))}
        command, options = (args[:2], args[2:]) if args[0] == "history" else (args[:1], args[1:])
        result = CliRunner().invoke(main, [*map(str, (*command, "-l", self.ledger, *options))], env=env)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code in (0, 1), (args, result.output)
        return result

    def pass_days(self, days: int) -> None:
        """Let days pass; today's ledger is kept as the state at the end of today."""
        self.days[self.clock.date()] = self.model.snapshot()
        self.clock += timedelta(days=days)

    def note(self, kind: str) -> None:
        self.seen[kind] = self.seen.get(kind, 0) + 1

    def tasks(self) -> list[str]:
        return [uid for uid, row in self.model.rows.items() if row.register == TASKS]

    def edit(self, changes: Mapping[str, Cells]) -> None:
        """Type into tasks by hand, wherever their rows are."""
        for uid, cells in changes.items():
            self.model.types(uid, cells)

        def work(book: Any) -> None:
            for uid, row, columns in self._rows(book, TASKS):
                for key, value in changes.get(uid, {}).items():
                    book[TASKS].cell(row, columns[key], value)

        self.by_hand(work)

    def _rows(self, book: Any, register: str) -> list[tuple[str, int, dict[str, int]]]:
        sheet = book[register]
        columns = {str(cell.value): cell.column for cell in sheet[HEAD_ROW] if cell.value}
        own = columns[OWN_COLUMN if register == TASKS else "主题"]
        numbers = range(HEAD_ROW + 1, sheet.max_row + 1)
        return [
            (str(sheet.cell(n, own).value or ""), n, columns)
            for n in numbers
            if sheet.cell(n, columns[CODE[register]]).value
        ]

    def edits_cells(self) -> None:
        picked = self.chance.sample(self.tasks(), min(3, len(self.tasks())))
        cells: list[Cells] = [{"下一步": f"{uid}办公室{self.clock:%m%d}改"} for uid in picked]
        open_ones = [
            cell for uid, cell in zip(picked, cells, strict=True) if self.model.rows[uid].cells["状态"] == "推进中"
        ]
        if open_ones:
            open_ones[0]["进度"] = self.chance.choice((0.15, 0.35, 0.55))
        self.edit(dict(zip(picked, cells, strict=True)))

    def corrects_a_wording(self) -> None:
        uid = self.chance.choice(self.tasks())
        self.edit({uid: {"整改任务": self.model.rows[uid].cells["整改任务"].replace("逐项", "逐条逐项")}})

    def closes_a_task(self) -> None:
        open_ones = [uid for uid in self.tasks() if self.model.rows[uid].cells["状态"] not in ("已销号",)]
        if len(open_ones) > len(self.departments):
            self.edit({self.chance.choice(open_ones): {"状态": "已销号", "进度": 1}})

    def hands_a_task_on(self) -> None:
        uid, other = self.chance.choice(self.tasks()), self.chance.choice(self.departments)
        self.model.rows[uid].owner = other
        self.edit({uid: {"牵头部门": other}})

    def deletes_a_row(self) -> None:
        register = self.chance.choice((TASKS, APPEALS))
        uids = [uid for uid, row in self.model.rows.items() if row.register == register]
        if len(uids) < 3:
            return
        uid = self.chance.choice(uids)
        del self.model.rows[uid]
        self.model.now += 1
        self.by_hand(
            lambda book: book[register].delete_rows(next(n for own, n, _ in self._rows(book, register) if own == uid))
        )

    def adds_a_task(self) -> None:
        department = self.chance.choice(self.departments)
        self.number = max(self.number, *(int(code[3:]) for code in self.given if code.startswith("RW")))
        values = self._new_task(department)
        uid = next(reversed(self.model.rows))
        cells = {
            **self.model.rows[uid].cells,
            "任务编号": values["code"],
            OWN_COLUMN: uid,
            "来源": "补充",
            "任务类型": "一次",
        }

        def work(book: Any) -> None:
            rows = self._rows(book, TASKS)
            for key, value in cells.items():
                book[TASKS].cell(rows[-1][1] + 1, rows[-1][2][key], value)

        self.by_hand(work)

    def swaps_two_codes(self) -> None:
        first, second = self.chance.sample(self.tasks(), 2)
        self._recode({first: self.model.rows[second].code, second: self.model.rows[first].code})

    def renumbers(self) -> None:
        """Move some consecutive codes up by one, as people do after inserting a row at the top."""
        uids = sorted(self.tasks(), key=lambda uid: self.model.rows[uid].code)
        at = self.chance.randrange(len(uids) - 3)
        part = uids[at : at + 4]
        codes = [self.model.rows[uid].code for uid in part]
        self._recode(dict(zip(part, [*codes[1:], codes[0]], strict=True)))

    def _recode(self, codes: Mapping[str, str]) -> None:
        for uid, code in codes.items():
            self.model.rows[uid].code = self.given[code] = code
            self.given[code] = uid

        def work(book: Any) -> None:
            for uid, row, columns in self._rows(book, TASKS):
                if uid in codes:
                    book[TASKS].cell(row, columns["任务编号"], codes[uid])

        self.by_hand(work)

    def sorts_the_ledger(self) -> None:
        """Whole rows change places; nothing else does."""

        def work(book: Any) -> None:
            sheet, numbers = book[TASKS], [n for _, n, _ in self._rows(book, TASKS)]
            rows = [[cell.value for cell in sheet[n]] for n in numbers]
            self.chance.shuffle(rows)
            for n, values in zip(numbers, rows, strict=True):
                for column, value in enumerate(values, 1):
                    sheet.cell(n, column).value = value

        self.by_hand(work)

    def renames_a_department(self) -> None:
        """Rename a department in 参数 only: the old name becomes an alias."""
        old = self.chance.choice(self.departments)
        if old in self.aliases:
            return
        self.aliases[old] = new = f"{old[:-1]}中心"

        def work(book: Any) -> None:
            sheet = book["参数"]
            for cell in [cell for row in sheet.iter_rows() for cell in row if cell.value == old]:
                cell.value = new
                sheet.cell(cell.row, cell.column + 2, old)

        self.by_hand(work)

    # -- a round: issue, fill, return, merge ---------------------------------------------------------------------------

    def issues(self, period: str) -> None:
        for name in self.departments:
            self.model.issue((name, period), CLOSED_BY)
        self.run("issue", "-p", period, "--as-of", self.clock.date(), "-q")

    def fills(self, period: str) -> None:
        """Every department fills its form, or not; late files stay in ``late`` until a later month."""
        for name in self.departments:
            form, lot = (name, period), self.chance.random()
            issued = self.folder / "下发" / period / f"{self.aliases.get(name, name)}.xlsx"
            if not issued.exists():
                issued = self.folder / "下发" / period / f"{name}.xlsx"
            if lot < 0.08 or not issued.exists():
                self.note("不报")
                continue
            target = self.folder / "报送" / period / f"{name}.xlsx"
            self.fill(form, issued, target)
            if lot < 0.25:
                self.note("迟报")
                self.late.append((form, target))
                away = self.folder / "路上" / f"{period}{name}.xlsx"
                away.parent.mkdir(exist_ok=True)
                target.rename(away)
            elif lot < 0.35:
                self.note("报两版")
                self.fill(form, target, self.folder / "报送" / period / f"{name}（改）.xlsx", again=target)

    def fill(self, form: Form, source: Path, target: Path, again: Path | None = None) -> None:
        """Fill a form in another program; ``again``: a later version of one that was filled already."""
        typed = {
            uid: {key: row.cells.get(key) for key in FILLED[row.register]}
            for uid, row in self.model.issued[form].items()
        }
        new: dict[str, Row] = {}
        unsure: set[str] = set()
        if again:
            _, typed, new, unsure = self.typed[again]
            typed, new, unsure = {uid: dict(cells) for uid, cells in typed.items()}, dict(new), set(unsure)
        codes = {row.code: uid for uid, row in self.model.issued[form].items()}

        def work(book: Any) -> None:
            for register in (TASKS, APPEALS):
                if register not in book.sheetnames:
                    continue
                sheet = book[register]
                columns = {str(cell.value).lstrip("*"): cell.column for cell in sheet[HEAD_ROW] if cell.value}
                places = {
                    codes[str(sheet.cell(n, 1).value)]: n
                    for n in range(4, sheet.max_row + 1)
                    if str(sheet.cell(n, 1).value) in codes
                }
                places = {uid: n for uid, n in places.items() if self.model.issued[form][uid].register == register}
                spare = [
                    n
                    for n in range(4, sheet.max_row + 1)
                    if str(sheet.cell(n, 1).value).startswith("新增")
                    and not sheet.cell(n, columns.get("主题", 1)).value
                ]
                if register == TASKS and len(places) > 2 and self.chance.random() < 0.06 and not again:
                    self._sort_filled_columns(places, typed)
                    unsure.update(places)
                for uid in [uid for uid in places if uid not in unsure]:
                    self._fill_row(form, register, uid, typed[uid], bool(again))
                if register == APPEALS and spare and self.chance.random() < 0.3:
                    places |= dict(zip(self._new_appeals(form, new), spare, strict=False))
                    typed.update({uid: dict(row.cells) for uid, row in new.items() if uid in places})
                for uid, n in places.items():
                    for key in FILLED[register]:
                        value = typed[uid].get(key)
                        sheet.cell(n, columns[key]).value = (
                            self.chance.choice(("快好了", "八成")) if value is BAD else value
                        )
                if register == TASKS and self.chance.random() < 0.15:
                    self._sort_whole_rows(sheet, list(places.values()))

        target.parent.mkdir(parents=True, exist_ok=True)
        by_hand(source, work, target)
        target.write_bytes(saved_at(target.read_bytes(), self.clock + timedelta(hours=2 if again else 0)))
        self.typed[target] = form, {uid: cells for uid, cells in typed.items() if uid not in new}, new, unsure

    def _fill_row(self, form: Form, register: str, uid: str, cells: Cells, again: bool) -> None:
        """Change the values of one row of a form, in ``cells``."""
        lot, mark = self.chance.random(), f"{uid}·{form[1]}"
        if register == APPEALS:
            if lot < 0.5:
                cells["办理情况"] = f"{mark}已答复" + ("（补）" if again else "")
            if lot < 0.15:
                cells["满意度"] = self.chance.choice(("满意", "基本满意"))
                if lot > 0.04:  # else it is forgotten, and the row is held
                    cells["反馈日期"] = self.clock.date()
            return
        if lot < (0.7 if again else 0.35):
            return
        progress = cells.get("进度")
        if isinstance(progress, float | int) and progress < 0.9:
            cells["进度"] = round(progress + self.chance.choice((0.05, 0.1)), 2)
        cells["本期进展"] = f"{mark}走访{self.chance.randrange(3, 60)}户" if lot < 0.85 else "正在推进"
        if cells.get("状态") in ("推进中", "未启动"):
            cells["状态"] = "推进中"
        if lot > 0.93:
            cells["状态"], cells["佐证材料"] = "已完成", f"{mark}记录" if lot > 0.95 else None
        elif lot > 0.91:
            cells["进度"] = BAD

    def _new_appeals(self, form: Form, new: dict[str, Row]) -> list[str]:
        uids = [f"{form[1]}{form[0]}来件{self.chance.randrange(10**6)}" for _ in range(self.chance.choice((1, 1, 2)))]
        for uid in uids:
            cells = {
                "渠道": "来电",
                "主题": uid,
                "受理日期": self.clock.date(),
                "反馈日期": None,
                "满意度": None,
                "办理情况": f"{uid}已转办",
            }
            new[uid] = Row(APPEALS, "", form[0], cells)
        return uids

    def _sort_filled_columns(self, places: Mapping[str, int], typed: dict[str, Cells]) -> None:
        """Sort only the yellow columns while codes and tasks stay, so that rows hold each other's words."""
        uids = list(places)
        before = {uid: dict(typed[uid]) for uid in uids}
        for uid, other in zip(uids, self.chance.sample(uids, len(uids)), strict=True):
            typed[uid] = dict(before[other])
        self.note("只排了填的列")

    def _sort_whole_rows(self, sheet: Any, numbers: list[int]) -> None:
        self.note("整行排序")
        rows = [[cell.value for cell in sheet[n]] for n in numbers]
        self.chance.shuffle(rows)
        for n, values in zip(numbers, rows, strict=True):
            for column, value in enumerate(values, 1):
                sheet.cell(n, column).value = value

    def merges(self, period: str) -> None:
        """Merge a period's folder; the model takes the latest file of each department."""
        folder = self.folder / "报送" / period
        latest: dict[Form, Path] = {}
        for path in sorted(folder.glob("*.xlsx"), key=lambda path: (modified(path), path.name)):
            latest[self.typed[path][0]] = path
        if not latest:
            return
        step = Step()
        self.model.now += 1
        for path in latest.values():
            self.model.merge(*self.typed[path][:3], self.typed[path][3], step)
        before = self.last_entry()
        self.run("merge", folder, "-p", period, "-y", "-q")
        after = self.last_entry()
        self.learn_codes()
        self.check()
        if after != before and (step.cells or step.added):
            self.last_merge = after, step

    last_merge: tuple[int, Step] | None = None

    def undoes_the_merge(self) -> None:
        if self.last_merge is None:
            return
        entry, step = self.last_merge
        back = self.model.undo(step)
        self.run("history", "undo", entry, "-y", "-q")
        self.check()
        self.undone.append((self.last_entry(), back))
        self.last_merge = None

    def undoes_the_undoing(self) -> None:
        if not self.undone:
            return
        entry, back = self.undone.pop()
        self.model.undo(back)
        self.run("history", "undo", entry, "-y", "-q")
        self.check()

    def last_entry(self) -> int:
        return max((each["number"] for each in json.loads(self.run("history", "list", "--json").stdout)), default=0)

    def learn_codes(self) -> None:
        """Rows that came in were given codes: each one was never anybody else's."""
        for own, code, _ in self.found().get(APPEALS, ()):
            row = self.model.rows.get(own)
            if row is not None and row.code != code:
                assert not row.code, f"{own}: {row.code} became {code}"
                assert self.given.setdefault(code, own) == own, f"{code} was given to {self.given[code]} and to {own}"
                row.code = code
        for own, row in self.model.rows.items():
            assert row.code, f"{own} did not come into the ledger"

    def check(self) -> None:
        """Assert that the ledger is as the model expects, and that no row holds another row's words."""
        found = self.found()
        rows = {own: (code, cells) for register in found.values() for own, code, cells in register}
        assert sorted(rows) == sorted(self.model.rows)
        for own, (code, cells) in rows.items():
            row = self.model.rows[own]
            assert code == row.code, own
            for key, value in cells.items():
                typed = self.model.loose.pop((own, key), {})
                if value in typed:
                    self.model.takes(typed[value], own, key, value)
                assert value == row.cells.get(key), (own, code, key, value, row.cells.get(key))
                words = re.findall(r"底\d{4}", str(value or ""))
                assert not words or words == [own], f"{own} holds words of {words[0]}: {key}"

    # -- the years -----------------------------------------------------------------------------------------------------

    def play(self, months: int) -> None:
        """Play months from January 2022 on."""
        self.open(4)
        for number in range(months):
            year, month = 2022 + number // 12, number % 12 + 1
            self.clock = datetime(year, month, 1, 9)
            period = f"{year}-{month:02}"
            self.happens(
                (self.edits_cells, 0.8),
                (self.adds_a_task, 0.4),
                (self.closes_a_task, 0.4),
                (self.sorts_the_ledger, 0.15),
            )
            self.issues(period)
            self.pass_days(4)
            self.fills(period)
            self.pass_days(10)
            self.happens(
                (self.edits_cells, 0.6),
                (self.corrects_a_wording, 0.4),
                (self.hands_a_task_on, 0.2),
                (self.deletes_a_row, 0.3),
                (self.swaps_two_codes, 0.12),
                (self.renumbers, 0.12),
                (self.sorts_the_ledger, 0.2),
                (self.renames_a_department, 0.1),
            )
            self.pass_days(3)
            for form, target in [each for each in self.late if each[0][1] != period or self.chance.random() < 0.2]:
                (self.folder / "路上" / f"{form[1]}{form[0]}.xlsx").rename(target)
                self.late.remove((form, target))
            late = sorted({path.parent.name for path in self.typed if path.exists()} - {period})[-2:]
            for each in self.chance.sample([*late, period], len(late) + 1):
                self.merges(each)
            self.pass_days(3)
            self.happens((self.undoes_the_merge, 0.25), (self.edits_cells, 0.2))
            self.pass_days(3)
            self.happens((self.undoes_the_undoing, 0.4), (self.merges_again, 0.2))
            self.run("report" if month % 3 == 0 else "validate", "--as-of", self.clock.date(), "-q")
        self.pass_days(1)

    def merges_again(self) -> None:
        """The same folder once more: nothing new is in it."""
        for period in sorted({path.parent.name for path in self.typed if path.exists()})[-1:]:
            self.merges(period)

    def happens(self, *events: tuple[Callable[[], None], float]) -> None:
        for event, likely in events:
            if self.chance.random() < likely:
                self.note(event.__name__)
                event()
                self.clock += timedelta(hours=1)


def plain(value: Any) -> Any:
    """Return a cell as the model writes it."""
    if isinstance(value, datetime):
        return value.date()
    return round(value, 4) if isinstance(value, float) else value


def saved_at(data: bytes, when: datetime) -> bytes:
    """Return a workbook whose own stamp gives this time of saving (China Standard Time is eight hours ahead of UTC)."""
    target, stamp = io.BytesIO(), f"{when - timedelta(hours=8):%Y-%m-%dT%H:%M:%SZ}"
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for info in source.infolist():
            member = source.read(info)
            if info.filename == "docProps/core.xml":
                member = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp.encode(), member)
            package.writestr(info.filename, member)
    return target.getvalue()


def modified(path: Path) -> str:
    """Return a workbook's own stamp."""
    with zipfile.ZipFile(path) as package:
        found = re.search(rb"<dcterms:modified[^>]*>([^<]*)", package.read("docProps/core.xml"))
    return found[1].decode() if found else ""
