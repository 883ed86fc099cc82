"""Submissions: returned files read, their reporter and period proved, and one version of each chosen."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from taizhang.forms.vocabulary import ColumnType
from taizhang.history.heads import Head, signed_head
from taizhang.history.key import KEY_LOST
from taizhang.history.signing import key_is_lost, token_of
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.layout import EVIDENCE_FOLDER, ROW_ID_HEAD, WRITTEN_HERE, identity_facts
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Register
from taizhang.merge.other_files import is_litter, is_other
from taizhang.system import limits
from taizhang.system.file_names import file_name
from taizhang.system.files import files_below, resolve_links
from taizhang.system.schema import NEWER_CURE, Kind, NewerSchema, migrate
from taizhang.typed.readings import quote
from taizhang.typed.text import head_key, is_blank
from taizhang.workbook.containers import FileFormat
from taizhang.workbook.places import Place
from taizhang.workbook.properties import saved_at
from taizhang.workbook.reader import Unreadable, Workbook, read_workbook

__all__ = [
    "Files",
    "Submission",
    "choose_versions",
    "find_files",
    "read_submission",
    "report_oddities",
]


@dataclass(frozen=True, slots=True)
class Submission:
    """One returned file: workbook, department, period, stamp of its last save, and whether it is vouched for.

    ``department`` is the present name in 参数, ``issued_to`` the name when the form was issued. ``head`` is the
    journal's last line at that time, if the form carries it with a valid signature.
    """

    path: Path
    book: Workbook
    department: str
    period: str
    saved: str
    vouched: bool = False
    issued_to: str = ""
    head: Head | None = None


@dataclass(frozen=True, slots=True)
class Files:
    """The files to read, and the rest of their folders: other documents, and litter of systems and programs."""

    found: list[Path]
    others: list[Path]
    litter: list[Path]


def find_files(paths: Sequence[Path], ledger: Path) -> Files:
    """Return the files of the given paths and folders, in name order; a file named itself is always in ``found``.

    In a folder that holds the ledger, the ledger and folders written by the program are left out.
    """
    found: list[Path] = []
    others: list[Path] = []
    litter: list[Path] = []
    home = resolve_links(ledger.parent)
    own = {resolve_links(ledger), *(home / name for name in (*WRITTEN_HERE, EVIDENCE_FOLDER))}
    for path in paths:
        if path.is_dir():
            root = resolve_links(path)
            left_out = {path / each.relative_to(root) for each in own if root in each.parents}
            for p in sorted(files_below(path)):
                if not (left_out and left_out.intersection((p, *p.parents))):
                    (litter if is_litter(p, path) else others if is_other(p) else found).append(p)
        else:
            found.append(path)
    named = dict.fromkeys(found)
    return Files(list(named), [p for p in dict.fromkeys(others) if p not in named], list(dict.fromkeys(litter)))


def read_submission(
    path: Path, ledger: Ledger, secret: bytes, vouched_for: str | None = None, period: str | None = None
) -> tuple[Submission | None, list[Finding]]:
    """Read a returned file and prove its identity; None, with the finding, if it is refused.

    ``vouched_for``, with ``period``, is the department that the office vouches for (``--as``) if the file has lost its
    identity.
    """
    place = Place(file_name(path))
    try:
        book = read_workbook(path)
    except Unreadable as error:
        return None, [Finding(place, Check.UNREADABLE, error.message)]
    if (length := _count_characters(book)) > limits.MAX_RETURNED_TEXT:
        most = limits.MAX_RETURNED_TEXT // 10_000
        problem = f"表里一共有 {length // 10_000} 万字，超过 {most} 万字，不像填报表，没有读。"
        cure = "请只填要报的内容，佐证材料另外报送。"
        return None, [Finding(place, Check.UNREADABLE, problem, cure=cure)]
    carried = _report_carried(book)
    try:
        facts = _read_identity(book)
    except NewerSchema as error:
        return None, [Finding(place, Check.IDENTITY, f"这份表{error}，没有采用。{NEWER_CURE}")]
    if vouched_for and period:
        found = _vouch(path, book, facts, ledger, vouched_for, period)
    else:
        found = _prove(path, book, facts, ledger, secret)
    return (found, carried) if isinstance(found, Submission) else (None, [found])


def _vouch(
    path: Path, book: Workbook, facts: Mapping[str, Any] | None, ledger: Ledger, vouched_for: str, period: str
) -> Submission | Finding:
    """Return the submission that the office vouches for, or the finding that the file is another department's."""
    named = str(facts.get("department", "")) if facts else ""
    if ledger.settings.name_now(named) != vouched_for and ledger.settings.reporter(named):
        problem = f"这份表的标识是{named}的，"
        cure = f"没有按 --as {vouched_for} 汇总；--as 只用于丢了标识的文件。"
        return Finding(Place(file_name(path)), Check.IDENTITY, problem, cure=cure, department_cure="没有采用。")
    return Submission(path, book, vouched_for, period, book.saved, vouched=True)


def _prove(
    path: Path, book: Workbook, facts: Mapping[str, Any] | None, ledger: Ledger, secret: bytes
) -> Submission | Finding:
    """Return the submission with the identity it carries, or the finding that it has none or is not this ledger's."""
    place = Place(file_name(path))
    if not facts:
        problem = "文件里没有下发时的标识，认不出是哪个部门、哪一期。"
        cure, own = "请部门用下发的模板填报；办公室核实后也可以用 --as 部门 汇总。", "请部门用下发的模板填报。"
        return Finding(place, Check.IDENTITY, problem, cure=cure, department_cure=own)
    department, period, token = (str(facts.get(key, "")) for key in ("department", "period", "token"))
    if not _is_genuine(secret, period, department, token):
        problem = "文件的标识与本台账下发的不符（可能来自别的台账，或标识被改过），不能汇总。"
        cure = "请用本台账下发的模板。"
        if key_is_lost(ledger.path):
            problem = "认不出是不是本台账下发的，不能汇总："
            cure = f"{KEY_LOST}。"
        return Finding(place, Check.IDENTITY, problem, cure=cure)
    now, head = ledger.settings.name_now(department), signed_head(facts, secret)
    return Submission(path, book, now, period, book.saved, issued_to=department, head=head)


def _read_identity(book: Workbook) -> dict[str, Any] | None:
    """Return the identity on a form's hidden sheet in the present schema; None if it has none that can be read.

    Raises NewerSchema if a newer version of the program issued the form.
    """
    facts = identity_facts(book)
    try:
        return migrate(Kind.FORM, facts) if facts else None
    except NewerSchema:
        raise
    except ValueError:
        return None


def _is_genuine(secret: bytes, period: str, department: str, token: str) -> bool:
    """Whether a token is this ledger's signature of period and department."""
    try:
        return hmac.compare_digest(token_of(secret, period, department).encode(), token.encode())
    except UnicodeEncodeError:  # half of a surrogate pair, never in an issued file
        return False


def _count_characters(book: Workbook) -> int:
    """Return the number of characters in all texts of a workbook."""
    return sum(len(raw) for sheet in book.sheets for row in sheet.rows for raw in row if type(raw) is str)


_OTHER_KINDS = {
    FileFormat.XLS: ".xls（97-2003 格式，WPS 的 .et 也是）",
    FileFormat.XLSB: ".xlsb",
    FileFormat.ODS: ".ods",
    FileFormat.FODS: ".fods",
}


def _report_carried(book: Workbook) -> list[Finding]:
    """Report macros, embedded files, external links, and formats other than .xlsx."""
    place, findings = Place(book.name), []
    if book.macros:
        problem = "文件里有宏。宏没有运行，只读了格子里的内容；"
        cure = "请报不带宏的 .xlsx，并问清宏从哪里来。"
        findings.append(Finding(place, Check.MACROS, problem, Severity.WARNING, cure=cure))
    if book.embedded:
        problem = "文件里嵌着别的文件（对象），没有打开；"
        cure = "佐证材料请另外报送，表里只写名称和存放位置。"
        findings.append(Finding(place, Check.EMBEDDED, problem, Severity.WARNING, cure=cure))
    if book.external_links:
        problem = "有公式引用别的工作簿，只读得到上次保存的结果；"
        cure = "请把这些格子改成直接填写，再断开链接（数据→编辑链接）。"
        findings.append(Finding(place, Check.EXTERNAL_LINKS, problem, Severity.WARNING, cure=cure))
    if book.kind in _OTHER_KINDS:
        unseen = "哪些格是公式、错误值，哪些行被隐藏，从这种格式看不出来；" if book.kind is FileFormat.XLSB else ""
        problem = f"文件内容是 {_OTHER_KINDS[book.kind]}，按内容照常读取；{unseen}"
        findings.append(Finding(place, Check.FILE_FORMAT, problem, Severity.HINT, cure="下次请另存为 .xlsx 再报。"))
    elif not book.name.lower().endswith((".xlsx", ".xlsm", ".xltx", ".xltm")):
        problem = "文件内容是 .xlsx，扩展名却不是，按内容照常读取；"
        cure = "请把扩展名改回 .xlsx。"
        findings.append(Finding(place, Check.FILE_FORMAT, problem, Severity.HINT, cure=cure))
    return findings


def report_oddities(book: Workbook, returned: Register) -> list[Finding]:
    """Report changes to a returned sheet that affect no value: renamed, rows hidden, validation lost, columns added."""
    sheet, form, findings = returned.sheet, returned.form, []

    def say(check: Check, problem: str, column: int | None = None, *, cure: str = "") -> None:
        place = Place(book.name, sheet.name, returned.head_row if column else None, column)
        findings.append(Finding(place, check, problem, Severity.HINT, cure=cure))

    if head_key(sheet.name) != head_key(form.sheet):
        say(Check.SHEET_RENAMED, f"表名改了，按表头认出是〈{form.sheet}〉，照常读取。")
    hidden = [record.row for record in returned.records if record.row in sheet.hidden_rows]
    if hidden:
        shown = "、".join(map(str, hidden[:10])) + ("等" if len(hidden) > 10 else "")
        why = "还设着筛选" if sheet.filtered else "有隐藏的行"
        say(
            Check.HIDDEN_ROW,
            f"表上{why}，看不见的 {len(hidden)} 行（第 {shown} 行）照样读取；",
            cure="请取消筛选和隐藏看一遍。",
        )
    ruled = [
        column
        for column in form.department_columns
        if column.choices or column.type in (ColumnType.DATE, ColumnType.PERCENT)
    ]
    if book.kind is FileFormat.XLSX and ruled and not sheet.validations:
        say(Check.VALIDATION_LOST, "下拉框和填写限制不见了（多半被粘贴盖掉）；不影响汇总，每一格都重新查过。")
    own = {ROW_ID_HEAD, *(head_key(column.last_title) for column in form.columns if column.last_title)}
    for number, head in returned.extra:
        if head_key(head) not in own and any(
            not is_blank(sheet.value(record.row, number)) for record in returned.records
        ):
            say(Check.HEAD_UNKNOWN, f"{quote(head)}不是模板里的列，这一列没有采用。", number)
    return findings


def choose_versions(submissions: Sequence[Submission]) -> tuple[list[Submission], list[Finding]]:
    """Choose one file per department and period: the last saved of different versions; copies count once.

    If the stamps are equal or missing, the first by name is chosen, and the finding asks a person to check.
    """
    chosen: dict[tuple[str, str], Submission] = {}
    findings = []
    for each in submissions:
        key = (each.issued_to or each.department, each.period)
        other = chosen.get(key)
        if other is None:
            chosen[key] = each
            continue
        if other.book.sha256 == each.book.sha256:
            message = f"与 {_distinct_name(other.path, each.path)} 内容完全相同，只算一份。"
            findings.append(Finding(Place(file_name(each.path)), Check.DUPLICATE_FILE, message, Severity.HINT))
            continue
        moment, last = saved_at(each.saved), saved_at(other.saved)
        ordered = moment is not None and last is not None and moment != last
        newer, older = (each, other) if moment and last and moment > last else (other, each)
        chosen[key] = newer
        name = _distinct_name(newer.path, older.path)
        cure = "如果不对，请把另一份移走后重新汇总。"
        if ordered:
            problem = f"{each.department}报了两份不同的表，采用保存时间较晚的 {name}；"
        else:
            problem = f"{each.department}报了两份不同的表，从保存时间分不出先后，暂用 {name}，"
            cure = f"请先核对再写台账；{cure}"
        place = Place(file_name(older.path))
        findings.append(Finding(place, Check.DUPLICATE_FILE, problem, Severity.WARNING, cure=cure))
    return list(chosen.values()), findings


def _distinct_name(path: Path, other: Path) -> str:
    """Return the name of a file, with its folder if ``other`` has the same name."""
    name = file_name(path)
    return f"{file_name(path.parent)}/{name}" if name == file_name(other) else name
