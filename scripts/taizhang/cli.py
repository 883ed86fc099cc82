"""The command ``taizhang``: one click command per verb, loaded only when called."""

from __future__ import annotations

import importlib
from typing import Any

import click

from taizhang import __version__
from taizhang.commands.help import ChineseHelp

__all__ = ["main"]

COMMANDS = {
    "draft": ("起草", "从对照检查材料起草一本新台账"),
    "adopt": ("收编", "把单位原来的整改表收进台账：先列对照，同意后才写"),
    "new": ("新建", "新建一本空台账，跨年时接着上一年的"),
    "validate": ("校验", "检查台账或报来的表，逐条说明在哪一格、为什么、怎么改"),
    "issue": ("下发", "按期次给每个部门、党支部生成预先填好的表"),
    "merge": ("汇总", "把报来的表并进台账：先列计划，同意后才写"),
    "report": ("出表", "生成领导看的《整改进展一览》"),
    "fill": ("套表", "把台账的内容填进上级发的表：先列对照，同意后另存一份"),
    "remind": ("督办", "给有逾期、亮灯或临近时限任务的部门出督办单，或出对账单"),
    "todo": ("待办", "办公室今天要办的事：等审核、等批、到期的复核和回头看，超时限的在前"),
    "history": ("历史", "台账的每次改动：列出、查看、撤销、核对、归档，取出某一天的台账"),
    "forms": ("表单", "列出各登记表和它们的列，在台账里启用一张"),
    "demo": ("演示", "用示例材料把全过程走一遍"),
}
"""Each command's Chinese alias and one-line help, so that --help loads nothing else."""

click.Context.formatter_class = ChineseHelp
_ALIASES = {alias: name for name, (alias, _) in COMMANDS.items()}


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command with this name or Chinese alias."""
        name = _ALIASES.get(cmd_name, cmd_name)
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"taizhang.commands.{name}")
        return getattr(module, name)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command to its end even if its output is closed; the program's name is always ``taizhang``."""
        from taizhang.commands.streams import patient_streams

        with patient_streams():
            return super().main(*args, **{"prog_name": "taizhang", **kwargs})

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Parse the options before the command; errors are reported in Chinese."""
        from taizhang.commands.usage import in_chinese

        with in_chinese():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Call the command; errors in its options are reported in Chinese."""
        from taizhang.commands.usage import in_chinese

        with in_chinese(ctx):
            return super().invoke(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; for an unknown one, list the existing ones."""
        if args and args[0] not in COMMANDS and args[0] not in _ALIASES:
            from taizhang.commands.usage import unknown_command

            raise unknown_command(args[0], {name: alias for name, (alias, _) in COMMANDS.items()}, ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        with formatter.section("命令"):
            formatter.write_dl([(f"{name:<10}{alias}", text) for name, (alias, text) in COMMANDS.items()])


@click.command(
    "taizhang", cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="taizhang", message="%(prog)s %(version)s")
def main() -> None:
    """整改台账：把对照检查材料里的每条措施盯到底。

    一本 Excel 台账是唯一权威；程序只改该改的格子。每个命令加 --help 看用法。
    """
