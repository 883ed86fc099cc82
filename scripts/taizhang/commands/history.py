"""``taizhang history``: what was written into the ledger, and whether the record is whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import click

from taizhang.commands.options import CannotRun, guarded, json_option, ledger_option, quiet_option, say


@click.group()
def history() -> None:
    """列出每次写台账的记录，核对记录有没有被改过。

    \b
    例：taizhang history list
    例：taizhang history verify
    """


@history.command("list")
@ledger_option
@json_option
@guarded
def list_entries(ledger: Path, as_json_text: bool) -> None:
    """列出每次写台账：什么时候、谁、哪个命令、改了几处。"""
    from taizhang.journal import read_entries

    entries = read_entries(_folder(ledger))
    if as_json_text:
        click.echo(json.dumps([asdict(each) for each in entries], ensure_ascii=False, indent=1))
        return
    for number, each in enumerate(entries, 1):
        click.echo(f"{number}　{each.time.replace('T', ' ')}　{each.user}　{each.command}　改 {len(each.changes)} 处")


@history.command()
@ledger_option
@quiet_option
@guarded
def verify(ledger: Path, quiet: bool) -> None:
    """核对记录是否完整、台账是否就是最后一次写成的样子。"""
    from taizhang.journal import broken_line, read_entries

    folder = _folder(ledger)
    line = broken_line(folder)
    if line is not None:
        click.echo(
            f"journal.jsonl 第 {line} 行与前一行接不上：这一行或前一行被改过、删过，请从备份找回 history 文件夹。"
        )
        raise SystemExit(1)
    entries = read_entries(folder)
    if entries and hashlib.sha256(ledger.read_bytes()).hexdigest() != entries[-1].after:
        say(f"记录完整，共 {len(entries)} 次。台账在最后一次写入之后被人改过（手工修改是允许的）。", quiet)
        return
    say(f"记录完整，共 {len(entries)} 次。", quiet)


def _folder(ledger: Path) -> Path:
    from taizhang.store import history_folder

    if not ledger.exists():
        raise CannotRun(f"找不到台账 {ledger}。请用 --ledger 指明它在哪里。")
    return history_folder(ledger)
