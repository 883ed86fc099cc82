"""Errors in options and arguments, reported in Chinese instead of click's English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any

import click

from taizhang.commands.saying import tell

__all__ = ["Failed", "Interrupted", "Subcommands", "UnknownCommand", "WrongValue", "in_chinese", "unknown_command"]


class Failed(click.ClickException):
    """A command that did not do what was asked: ``message`` gives the reason, ``more`` has lines to print below it.

    Nothing was done, or (``unfinished``) a part of it; ``status`` is the exit status.
    """

    def __init__(self, message: str, *more: str, unfinished: bool = False, status: int = 2) -> None:
        super().__init__(message)
        self.more, self.unfinished = more, unfinished
        self.exit_code = status  # pyright: ignore[reportAttributeAccessIssue] - click reads the instance

    def show(self, file: Any = None) -> None:
        """Print the message as one line on stderr, and the lines below it."""
        for line in (f"{'没有做完' if self.unfinished else '没有运行'}：{self.message}", *self.more):
            tell(line, err=True)


class Interrupted(click.ClickException):
    """A person interrupted the command (Ctrl-C); the message gives the state of the ledger; exit status 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the message as one line on stderr, below anything being typed."""
        tell("", err=True)
        tell(f"已中断：{self.message}", err=True)


class UnknownCommand(click.UsageError):
    """There is no such command; the message is our own."""


class WrongValue(click.BadParameter):
    """A value that one of our types cannot parse; the message is our own, a whole sentence."""


def unknown_command(typed: str, known: Mapping[str, str], ctx: click.Context) -> UnknownCommand:
    """Return the error for an unknown command; ``known`` maps the existing ones to their Chinese aliases."""
    near = get_close_matches(typed, [*known, *known.values()], 1, 0.5)
    asked = f"，是不是 {near[0]}？" if near else "，"
    listed = "、".join(f"{name}（{alias}）" for name, alias in known.items())
    return UnknownCommand(f"没有“{typed}”这个命令{asked}可以用：{listed}。", ctx)


_ALIASES = {
    "list": "列出",
    "show": "查看",
    "undo": "撤销",
    "verify": "核对",
    "archive": "归档",
    "enable": "启用",
    "update": "补齐",
}
_NAMES = {alias: name for name, alias in _ALIASES.items()}


class Subcommands(click.Group):
    """A group whose commands also have Chinese names."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command with this name or Chinese alias."""
        return super().get_command(ctx, _NAMES.get(cmd_name, cmd_name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their Chinese names."""
        with formatter.section("命令"):
            listed = self.commands.items()
            formatter.write_dl([(f"{name:<8}{_ALIASES[name]}", each.get_short_help_str(100)) for name, each in listed])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; for an unknown one, list the existing ones."""
        if args and self.get_command(ctx, args[0]) is None:
            raise unknown_command(args[0], {name: _ALIASES[name] for name in self.commands}, ctx)
        return super().resolve_command(ctx, args)


@contextmanager
def in_chinese(group: click.Context | None = None) -> Iterator[None]:
    """Turn click's usage errors, and Ctrl-C before a command has begun, into one line of Chinese with the cure.

    ``group`` is the context from which a command is called: an option without its value does not say whose it is.
    """
    try:
        yield
    except click.exceptions.NoArgsIsHelpError as error:
        for line in error.message.splitlines():
            tell(line, err=True)
        raise SystemExit(2) from None
    except click.UsageError as error:
        raise Failed(f"{_explain(error)}写法见 {_path_of(error, group)} --help。") from None
    except (KeyboardInterrupt, EOFError, click.Abort):
        raise Interrupted("台账没有动。") from None


def _path_of(error: click.UsageError, group: click.Context | None) -> str:
    if error.ctx:
        return error.ctx.command_path
    return f"{group.command_path} {group.invoked_subcommand or ''}".strip() if group else "taizhang"


_SEEN_IN = {"记录号": "，用 taizhang history list 看", "登记表": "，有哪些用 taizhang forms 看"}
"""Where people see what may stand for an argument that was left out."""


def _explain(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        near = f"，是不是 {'、'.join(error.possibilities)}" if error.possibilities else ""
        return f"没有 {error.option_name} 这个选项{near}。"
    if isinstance(error, click.MissingParameter):
        missing, hint = _name(error), getattr(error.param, "help", "")
        return f"还缺 {missing}：{hint}。" if hint else f"还缺{missing}{_SEEN_IN.get(missing, '')}。"
    if isinstance(error, click.BadOptionUsage):
        return f"{error.option_name} 后面要写内容。"
    if isinstance(error, click.BadParameter):
        said = error.message if isinstance(error, WrongValue) else f"{_describe_expected(error)}。"
        return f"{_name(error)} 写得不对：{said}"
    if isinstance(error, UnknownCommand):
        return error.message
    takes = error.ctx.command.params if error.ctx else ()
    if any(isinstance(each, click.Argument) for each in takes):
        return '多写了内容。文件名里有空格、括号的，要用引号括起来，例如 "整改方案 (终稿).docx"。'
    return "多写或少写了内容。"


def _name(error: click.BadParameter) -> str:
    param = error.param
    if param is None:
        return "命令"
    return param.opts[0] if isinstance(param, click.Option) else (param.metavar or param.name or "").strip("[]. ")


def _describe_expected(error: click.BadParameter) -> str:
    kind = error.param.type if error.param else None
    if isinstance(kind, click.IntRange):
        return f"要写 {kind.min} 到 {kind.max} 的整数"
    if isinstance(kind, click.types.IntParamType):
        return "要写整数"
    if isinstance(kind, click.Path):
        return "找不到这个文件，或没有权限读"
    if isinstance(kind, click.Choice):
        return f"可以写：{'、'.join(map(str, kind.choices))}"
    return "这里不能这样写"
