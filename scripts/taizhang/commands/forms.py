"""``taizhang forms``: the registers and their columns."""

from __future__ import annotations

import json

import click

from taizhang.commands.options import CannotRun, guarded, json_option


@click.command()
@click.argument("name", metavar="[登记表]", required=False)
@json_option
@guarded
def forms(name: str | None, as_json_text: bool) -> None:
    """列出各登记表；写出表名时列出它的列。

    \b
    例：taizhang forms
    例：taizhang forms 整改任务
    """
    from taizhang.forms import COLUMN_TYPES, standard_forms

    known = standard_forms()
    if name is None:
        if as_json_text:
            click.echo(
                json.dumps(
                    [
                        {"name": f.name, "sheet": f.sheet, "enabled": f.enabled, "columns": len(f.columns)}
                        for f in known.values()
                    ],
                    ensure_ascii=False,
                    indent=1,
                )
            )
            return
        for form in known.values():
            click.echo(
                f"{form.sheet}（{form.name}，{len(form.columns)} 列，{'默认启用' if form.enabled else '按需启用'}）：{form.help}"
            )
        return
    form = next((each for each in known.values() if name in (each.name, each.sheet)), None)
    if form is None:
        raise CannotRun(f"没有“{name}”这张登记表，现有：{'、'.join(each.sheet for each in known.values())}。")
    for column in form.columns:
        who = "部门填" if column.by_department else "办公室填"
        must = "，必填" if column.required else ""
        more = f"　选项：{'、'.join(column.choices)}" if column.choices else ""
        click.echo(f"{column.title}（{COLUMN_TYPES[column.type]}，{who}{must}）{column.help}{more}")
