"""``taizhang report --public``: the public version, and the problems left out of it."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

from taizhang.commands.options import say
from taizhang.commands.printing import print_pdf, say_set_aside
from taizhang.commands.saying import ONLY_PLANNED, tell
from taizhang.forms.register_names import PROBLEMS, TASKS
from taizhang.ledger.findings import Severity, as_line, sort_findings
from taizhang.ledger.model import Ledger
from taizhang.transactions.errors import CannotRun
from taizhang.transactions.outputs import write_aside

__all__ = ["make_public"]


def make_public(book: Ledger, day: date, path: Path, *, pdf: bool, dry_run: bool, quiet: bool) -> bool:
    """Write the public workbook and, if asked for, its PDF; return whether a problem left out needs a person.

    The published text is printed on stdout; each problem left out on stderr, ``quiet`` or not.
    """
    from taizhang.papers.public import publish
    from taizhang.papers.public_sheet import opening, public_workbook

    for name, sheet in ((PROBLEMS, "问题清单"), (TASKS, "整改任务")):
        if name not in book.registers:
            raise CannotRun(f"台账里找不到〈{sheet}〉表，请恢复表名和表头行后再运行。")
    if hidden := [name for name in ("单位名称", "监督电话", "公示期") if name in book.settings.withheld]:
        raise CannotRun(
            f"〈参数〉的“{'”“'.join(hidden)}”里有个人信息或密级标志，不能公示。请改好后再运行；没有写任何文件。"
        )
    report, findings = publish(book, day)
    for each in sort_findings(findings):
        say(as_line(each))
    if report.problems:
        tell(opening(report).strip())
        if dry_run:
            say(ONLY_PLANNED, quiet)
        else:
            data = public_workbook(report, datetime.combine(day, time()))
            aside = write_aside(path, data, book.path)
            say_set_aside(path, aside, quiet)
            say(f"已生成 {path}", quiet)
            if pdf:
                print_pdf(data, path.with_suffix(".pdf"), None, book.path, quiet=quiet)
    else:
        say("没有可以公示的问题，没有生成公示。请在〈问题清单〉填“公示表述”和“公开审批”。")
    return any(each.severity is not Severity.HINT for each in findings)
