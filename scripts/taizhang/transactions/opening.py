"""Opening the ledger for a transaction, and the checks before anything is counted, issued or merged."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from taizhang.forms.register_names import PROBLEMS, TASKS
from taizhang.ledger.model import Ledger, is_ledger, read_ledger
from taizhang.ledger.own_forms import forms_beside
from taizhang.ledger.reporters import Reporter
from taizhang.ledger.settings import Period
from taizhang.system.file_names import file_name
from taizhang.system.files import as_typed, command_on, history_folder, refuse_long
from taizhang.transactions.errors import CannotRun
from taizhang.typed.readings import name_several

if TYPE_CHECKING:
    from taizhang.history.entries import Entry
    from taizhang.workbook.reader import Workbook

__all__ = [
    "entries_of",
    "entry_of",
    "open_ledger",
    "period_of",
    "read_past",
    "refuse_broken",
    "refuse_missing",
    "refuse_own",
    "refuse_shared_period",
    "reporter_of",
]

MOST_NAMED = 5


def open_ledger(path: Path, now: datetime, *, record: bool, option: str = "--ledger") -> tuple[Ledger, str]:
    """Read the ledger; return it and a sentence on what was recorded (empty if nothing).

    With ``record``, hand edits since the last command are journalled first. If the history cannot be written, the
    ledger is returned all the same, and the sentence says why. Without ``record`` nothing is written. ``option`` is the
    one that names this ledger, for the cures.

    Raises CannotRun if there is no ledger, if the workbook is not one (nothing is written beside it), or if the
    history beside it belongs to another ledger.
    """
    if path.is_dir():
        raise CannotRun(f"{path} 是文件夹，请用 {option} 写明里面的台账文件。{_name_workbooks_in(path)}")
    if not path.exists():
        raise CannotRun(
            f"找不到台账 {path}。{_name_workbooks_beside(path, option)}{_begin(option)}；"
            f"台账在别处的，用 {option} 指明。"
        )
    from taizhang.history.days import with_known_results

    forms = forms_beside(path)
    book = read_ledger(path, forms)
    if not is_ledger(book):
        _refuse_foreign(book, option)
    if record:
        refuse_long([history_folder(path) / f"{now:%Y%m%d-%H%M%S}_{book.book.sha256[:12]}.xlsx"])
    notice = _record_edits(path, now, record=record)
    if record:
        notice += _keep_evidence(book, now)
    return with_known_results(book, forms), notice


def read_past(path: Path, present: Ledger) -> Ledger:
    """Read the ledger of a past year to compare with; nothing is written, and its history is not looked at.

    Raises CannotRun if there is none, if it is no ledger or the ``present`` one, or if its problems or measures cannot
    be read.
    """
    from taizhang.system.files import explain_os_errors
    from taizhang.workbook.reader import Unreadable

    if path.is_dir():
        raise CannotRun(f"--against 写的 {path} 是文件夹，请写明里面的台账文件。{_name_workbooks_in(path)}")
    if not path.exists():
        raise CannotRun(f"找不到 --against 写的 {path}，请核对文件夹和文件名。")
    try:
        with explain_os_errors(path):
            past = read_ledger(path, forms_beside(path))
    except Unreadable as error:
        raise CannotRun(f"--against 写的 {path} 读不出来：{error.why.advising('再运行')}") from None
    if not is_ledger(past):
        raise CannotRun(
            f"--against 写的 {path} 不是整改台账，里面没有〈参数〉，也没有〈问题清单〉。"
            "以前的台账是自己的表的，请先用 taizhang adopt 收编成台账，再对照。"
        )
    if path.samefile(present.path) or past.book.sha256 == present.book.sha256:
        raise CannotRun(f"--against 写的 {path} 就是现在的台账（或一模一样的一份），请写以前年度的台账。")
    for name, keys in _COMPARED.items():
        form = present.forms[name]
        register = past.registers.get(name)
        missing = [form.column(key).title for key in keys if register and key not in register.columns]
        if register is None or missing:
            what = f"没有“{'”“'.join(missing)}”这一列" if missing else "这张表找不到"
            raise CannotRun(
                f"--against 写的 {path} 里，〈{form.sheet}〉{what}，对照不了。"
                "请把表名、表头改回来，或从那本台账的 history 里找一份完好的。"
            )
    return past


_COMPARED = {PROBLEMS: ("code", "title"), TASKS: ("code", "statement", "problems", "status")}
"""The columns without which a past ledger cannot say what was a problem then and what was done."""


def _record_edits(path: Path, now: datetime, *, record: bool) -> str:
    """Record hand edits, or (without ``record``) only refuse another ledger's history; return a sentence to print."""
    from taizhang.history.hand_edits import AnotherLedger, refuse_another
    from taizhang.history.hand_edits import record as record_hand_edits
    from taizhang.system.files import StoreError

    forms = forms_beside(path)
    try:
        if not record:
            refuse_another(path, forms)
            return ""
        found = record_hand_edits(path, forms, now)
        return found.message if found else ""
    except AnotherLedger as error:
        raise CannotRun(str(error)) from None
    except StoreError as error:
        return f"手工修改这次没有记下：{error}" if record else ""


def _keep_evidence(book: Ledger, now: datetime) -> str:
    """Keep the evidence of close-outs decided since the last command; return a sentence to print."""
    from taizhang.history.evidence import keep_evidence
    from taizhang.system.files import StoreError, explain_os_errors

    try:
        with explain_os_errors(book.path):
            return keep_evidence(book, now)
    except StoreError as error:
        return f"佐证这次没有登记：{error}"


def _refuse_foreign(book: Ledger, option: str) -> None:
    """Raise CannotRun for a workbook that is not a ledger and has no history as one."""
    from taizhang.history.claim import has_history
    from taizhang.ledger.layout import IDENTITY_SHEET

    if has_history(book.path):
        return
    where = f"请用 {option} 指明台账"
    if IDENTITY_SHEET in book.book.by_name:
        check = f"taizhang validate {as_typed(book.path)}"
        why = f"是发给部门填的表。{where}；要检查这份表，运行 {check}；要汇总，放进台账旁边的“报送”"
    else:
        why = f"里面没有〈参数〉，也没有〈问题清单〉。{where}；还没有台账的，{_begin(option)}"
    raise CannotRun(f"{book.path.name} 不是整改台账：{why}。什么都没有写。")


def refuse_own(book: Workbook, for_ledger: str, for_form: str) -> None:
    """Raise CannotRun, with the cure for each, for a workbook that this program made: a ledger, or a form issued.

    Such a workbook is neither the office's own table nor a superior's form.
    """
    from taizhang.ledger.layout import IDENTITY_SHEET
    from taizhang.ledger.settings import SETTINGS_SHEET, has_a_block

    lists = book.by_name.get(SETTINGS_SHEET)
    if lists and has_a_block(lists):
        raise CannotRun(f"{book.name} 本来就是整改台账，{for_ledger}")
    if IDENTITY_SHEET in book.by_name:
        raise CannotRun(f"{book.name} 是下发给部门填的表，{for_form}")


def _begin(option: str) -> str:
    """Return how to begin without a ledger; what follows another one, named by ``--after``, can begin without it."""
    doors = "有报告的用 taizhang draft 起草，有自己的整改表的用 taizhang adopt 收编，都没有的用 taizhang new 新建"
    return f"请不写 {option}：{doors}" if option != "--ledger" else f"请先建一本：{doors}"


def _name_workbooks_in(folder: Path) -> str:
    """Return a sentence naming the workbooks in a folder that was given in place of the ledger."""
    names = _workbooks_in(folder, "*.xlsx")
    return f"那个文件夹里有 {name_several(names, MOST_NAMED)}。" if names else "那个文件夹里没有 .xlsx 文件。"


def _name_workbooks_beside(path: Path, option: str) -> str:
    """Return a sentence naming the workbooks in the folder of a missing ledger: it may have been renamed."""
    folder = path.parent if path.parent.is_dir() else Path()
    names = _workbooks_in(folder, "*.xls*")
    if not names:
        return ""
    where = "那个文件夹" if folder == path.parent else "当前文件夹"
    named = name_several(names, MOST_NAMED)
    return f"{where}里有 {named}：台账改了名的，请改回来，或用 {option} 指明；没有台账的，"


def _workbooks_in(folder: Path, names: str) -> list[str]:
    """Return the files with such names in a folder, without hidden ones and those that Excel keeps while it is open."""
    return sorted(file_name(each) for each in folder.glob(names) if not each.name.startswith(("~$", ".")))


def entries_of(ledger: Path) -> Mapping[int, Entry]:
    """Return the journal entries of a ledger by number; raises CannotRun if there is no ledger."""
    from taizhang.history.journal import read_entries

    refuse_missing(ledger)
    return read_entries(history_folder(ledger))


def refuse_missing(ledger: Path) -> None:
    """Raise CannotRun if there is no ledger at this path."""
    if not ledger.exists():
        raise CannotRun(f"找不到台账 {ledger}。请用 --ledger 指明它在哪里。")


def entry_of(ledger: Path, number: int) -> Entry:
    """Return one journal entry; raises CannotRun, naming the existing range, if there is none with this number."""
    entries = entries_of(ledger)
    if number not in entries:
        known = f"现有 {min(entries)} 到 {max(entries)}" if entries else "现在还没有记录"
        raise CannotRun(f"没有第 {number} 号记录，{known}（{command_on(ledger, 'history list')}）。")
    return entries[number]


def refuse_broken(book: Ledger, listed: str = "见检查结果") -> None:
    """Raise CannotRun if the ledger lacks sheets or columns without which figures, forms or a merge would be wrong.

    ``listed`` tells the reader where the problems are listed.
    """
    if book.broken:
        raise CannotRun(
            f"台账的表名、表头有 {len(book.broken)} 处不对，{listed}；照这样做下去，数会算错，报来的内容会丢。"
            "请先改好再运行，什么都没有写。"
        )


def reporter_of(book: Ledger, name: str) -> Reporter:
    """Return a reporter by any name of its department or branch; raises CannotRun if 参数 has none."""
    found = book.settings.reporter(name)
    if found is None:
        raise CannotRun(f"〈参数〉里没有“{name}”这个部门或党支部，请核对名称。")
    return found


def period_of(book: Ledger, name: str) -> Period:
    """Return a period of 参数; raises CannotRun, suggesting the likely one (2022-6 for 2022-06), if there is none."""
    found = book.settings.period(name)
    if found is None:
        known = [each.name for each in book.settings.periods]
        meant = [each for each in known if _numbers(each) == _numbers(name) != []]
        cure = f"是不是 {meant[0]}？" if meant else "要新加一期，请先在〈参数〉的“期次”里补一行。"
        raise CannotRun(f"〈参数〉里没有 {name} 这一期，现有：{'、'.join(known) or '（空）'}。{cure}")
    return found


def refuse_shared_period(book: Ledger, period: str) -> None:
    """Raise CannotRun if the period's folder is also that of another period, in 参数 or issued before.

    Two rows of 参数 with one name are two periods: nobody can tell which days are meant.
    """
    from taizhang.history.bases import issued_periods
    from taizhang.system.file_names import name_key

    names = [each.name for each in book.settings.periods]
    if names.count(period) > 1:
        raise CannotRun(
            f"〈参数〉的“期次”里有 {names.count(period)} 行都写的 {period}，分不清是哪一行的日期。"
            "请删去多余的，或改正名称，再运行。什么都没有写。"
        )
    known = dict.fromkeys((*names, *issued_periods(book)))
    others = [name for name in known if name != period and name_key(name) == name_key(period)]
    if others:
        raise CannotRun(
            f"期次 {period} 和 {'、'.join(others)} 会用同一个文件夹（只差大小写、全角半角或符号），两期会混在一起。"
            "请在〈参数〉里把其中一个改成看得出不同的写法，已经下发过的不要改。什么都没有写。"
        )


def _numbers(period: str) -> list[int]:
    """Return year and number of a period in any notation: 2022-6, 202206, 2022年6月."""
    return [int(each) for each in re.findall(r"\d{4}(?=\d{2}$)|\d+", unicodedata.normalize("NFKC", period))]
