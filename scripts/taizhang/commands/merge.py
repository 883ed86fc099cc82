"""``taizhang merge``: plan, show, apply."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import click

from taizhang.commands.options import (
    CannotRun,
    confirm,
    dry_run_option,
    guarded,
    json_option,
    ledger_option,
    open_ledger,
    print_findings,
    quiet_option,
    say,
    stamp,
    yes_option,
)  # fmt: skip
from taizhang.findings import Finding, Severity, as_json
from taizhang.issuing import Base
from taizhang.ledger import Ledger
from taizhang.merging import Plan
from taizhang.places import Place
from taizhang.readings import shown


@dataclass
class Collected:
    """What was found among the returned files: the plan; by department and period the base and the file's own stamp."""

    plan: Plan
    bases: dict[tuple[str, str], Base]
    saved: dict[tuple[str, str], str]


@click.command()
@click.argument("paths", metavar="[报来的表或文件夹]...", nargs=-1, type=click.Path(path_type=Path))
@ledger_option
@click.option("--period", "-p", default=None, metavar="期次", help="只汇总这一期")
@click.option(
    "--as", "vouched", default=None, metavar="部门", help="文件丢了标识时，由办公室认定是哪个部门（要同时写 --period）"
)
@yes_option
@dry_run_option
@json_option
@quiet_option
@guarded
def merge(
    paths: tuple[Path, ...],
    ledger: Path,
    period: str | None,
    vouched: str | None,
    yes: bool,
    dry_run: bool,
    as_json_text: bool,
    quiet: bool,
) -> None:
    """把部门报来的表并进台账：先列出要改什么，您同意了才写。

    默认汇总台账旁边“报送”文件夹里的全部表。只改部门自己那几行、自己该填的列；台账和部门都改过的格子不动，列为冲突。

    \b
    例：taizhang merge --dry-run
    例：taizhang merge ledger/报送/2022-03 --yes
    """
    from taizhang.store import write_changes

    book = open_ledger(ledger, record=not dry_run)
    if vouched and not period:
        raise CannotRun("用 --as 认定部门时，请同时用 --period 写明是哪一期。")
    sources = paths or (ledger.parent / "报送",)
    missing = [path for path in sources if not path.exists()]
    if missing:
        raise CannotRun(f"找不到 {missing[0]}，请核对报来的表放在哪里。")
    found = collect(book, sources, vouched, period)
    plan = found.plan
    open_totals = [each.department for each in plan.totals if not each.closes]
    if open_totals:
        raise CannotRun(
            f"{'、'.join(open_totals)} 的行数对不上账，没有写台账。请把报来的表和留底一起保存好，联系维护人员。"
        )
    if as_json_text:
        click.echo(json.dumps(_as_json(plan), ensure_ascii=False, indent=1))
        blocked = _blocked(plan)
    else:
        _show(plan, quiet)
        blocked = print_findings(plan.findings, False, True)
    if not plan.edits:
        say("没有要写进台账的改动。", quiet)
    elif dry_run:
        say("只看计划，台账没有动。", quiet)
    elif confirm(f"把 {len(plan.changes)} 处改动写进 {ledger.name} 吗？", yes):
        command = "merge" + (f" --as {vouched}" if vouched else "")
        write_changes(ledger, book.book.sha256, plan.edits, plan.changes, command=command, now=stamp())
        _remember(ledger, found)
        say(f"已写进 {ledger}：{len(plan.changes)} 处。上一份在 history 文件夹。", quiet)
    else:
        say("没有写，台账没有动。", quiet)
    if blocked:
        raise SystemExit(1)


def collect(book: Ledger, sources: Sequence[Path], vouched: str | None, period: str | None) -> Collected:
    """Read returned files and plan their merge; what is refused becomes findings of the plan. Writes nothing."""
    from taizhang.forms import standard_forms
    from taizhang.issuing import load_base, secret_of
    from taizhang.merging import plan_merge
    from taizhang.submissions import choose_versions, find_files, read_submission

    if vouched:
        department = book.settings.department(vouched)
        if department is None:
            raise CannotRun(f"〈参数〉里没有“{vouched}”这个部门，请核对名称。")
        vouched = department.name
    findings: list[Finding] = []
    read = []
    for path in find_files(sources):
        submission, found = read_submission(path, book, secret_of(book.path), vouched, period)
        findings += found
        read += [submission] if submission else []
    chosen, found_versions = choose_versions(read)
    pairs, bases, saved = [], {}, {}
    for each in chosen:
        base = load_base(book.path, each.period, each.department)
        if base is None:
            message = f"没有给{each.department}下发过 {each.period} 期的表，找不到留底，不能汇总。请先下发。"
            findings.append(Finding(Place(each.path.name), "identity", message))
        elif each.saved and each.saved < base.saved:
            message = (
                f"{each.department}的这份表比上次汇总的那份旧，没有采用；确实要用它，请在 Excel 里打开另存一次再报。"
            )
            findings.append(Finding(Place(each.path.name), "duplicate-file", message, Severity.WARNING))
            bases[each.department, each.period] = base
        else:
            pairs.append((each, base))
            bases[each.department, each.period], saved[each.department, each.period] = base, each.saved
            findings += _late(book, each.path, each.period, each.saved)
    periods = {each.period for each in chosen} | ({period} if period else set())
    absent = _absent(book.path, periods, set(bases))
    plan = plan_merge(book, standard_forms(), pairs, absent)
    plan.findings[:0] = [*findings, *found_versions]
    plan.findings += [
        Finding(
            Place(f"{base.department}.xlsx"),
            "absent",
            f"{base.department}还没有报 {base.period} 期的表。",
            Severity.WARNING,
        )
        for base in absent
    ]
    return Collected(plan, bases, saved)


def _late(book: Ledger, path: Path, period: str, saved: str) -> list[Finding]:
    when = book.settings.period(period)
    day = saved[:10]
    if when is None or when.due is None or not day or day <= when.due.isoformat():
        return []
    message = f"{period} 期 {when.due} 截止，这份表 {day} 才保存，按迟报登记，照样汇总。"
    return [Finding(Place(path.name), "late", message, Severity.HINT)]


def _absent(ledger: Path, periods: set[str], returned: set[tuple[str, str]]) -> list[Base]:
    from taizhang.issuing import load_base

    absent = []
    for period in sorted(periods):
        for path in sorted((ledger.parent / "history" / "issued" / period).glob("*.json")):
            if (path.stem, period) not in returned and (base := load_base(ledger, period, path.stem)):
                absent.append(base)
    return absent


def _remember(ledger: Path, found: Collected) -> None:
    """Keep in the bases what was taken and which codes new rows were given, so that the same file adds nothing twice."""
    from taizhang.issuing import save_base

    for key, base in found.bases.items():
        news = found.plan.news.get(key)
        if news and (news.taken or news.assigned):
            base.assigned.update(news.assigned)
            base.added.update(news.added)
            for code, cells in news.taken.items():
                base.taken.setdefault(code, {}).update(cells)
            base.saved = max(base.saved, found.saved[key])
            save_base(ledger, base)


def _blocked(plan: Plan) -> bool:
    return any(each.severity is not Severity.HINT for each in plan.findings)


def _as_json(plan: Plan) -> dict[str, object]:
    return {
        "totals": [{**asdict(each), "closes": each.closes} for each in plan.totals],
        "changes": [
            {key: shown(str(value)) if isinstance(value, date | str) else value for key, value in asdict(each).items()}
            for each in plan.changes
        ],
        "conflicts": [{**asdict(each), "place": str(each.place)} for each in plan.conflicts],
        "findings": [as_json(each) for each in plan.findings],
    }


def _show(plan: Plan, quiet: bool) -> None:
    """Print the plan on stdout: totals by department, then each change."""
    for each in plan.totals:
        words = (
            f"下发 {each.issued} 行 = 采用 {each.merged} + 没变 {each.unchanged} + 退回 {each.held}"
            f" + 冲突 {each.conflicting} + 缺 {each.missing}"
        )
        extra = f"；新增 {each.added} 行" if each.added else ""
        click.echo(f"{each.department}（{each.file or '未报'}）：{words}{extra}")
    if not quiet:
        for change in plan.changes:
            old, new = (
                text if len(text) <= 24 else f"{text[:23]}…"
                for text in (shown(change.old) or "（空）", shown(change.new) or "（空）")
            )
            click.echo(f"  {change.code} {_title(change.register, change.column)}：{old} → {new}")


def _title(register: str, key: str) -> str:
    from taizhang.forms import standard_forms

    return standard_forms()[register].column(key).title
