"""docs/findings.md written from the gallery: how to read a line, then every check with examples and output."""

from __future__ import annotations

import re
from collections.abc import Iterator

from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Severity

from support.gallery import STAGES, Entry, Example, entries, played
from support.gallery_office import RETURNED, VALIDATE

__all__ = ["checks_of", "findings_page", "severities_of"]

_LINE = re.compile(r"(?P<place>\S+): (?P<check>[a-z-]+): (?:(?P<weight>警告|提示)：)?(?P<said>.*)")

_INTRO = """\
# 校验发现

程序查出的每个问题占一行。这一页列出每项检查、它防的是什么，以及真出错的例子和程序当时说的原话；\
按提示里的几个字在本页搜索就能找到。
例子里的表照 Excel 的列号、行号写，加粗的是造成问题的那几格。

## 一行怎么读

```text
{line}
```

| 这一段 | 是什么 |
|---|---|
| `{place}` | 在哪里：文件、表、格子。说的是整行写“第 12 行”，说的是整张表或整份文件就只写到那里 |
| `{check}` | 检查名，下面按它列出；`--only`、`--skip` 也写它 |
| {said} | 哪里不对、应当怎样、怎么改。括号里的格子是与它有关的另一格 |

话的开头说轻重：

| 开头 | 意思 | 返回码 |
|---|---|---|
| 没有 | 错误：要改。部门报来的，这一行（或整份）先不采用 | 1 |
| `警告：` | 请人看一眼。采用没采用，话里会说 | 1 |
| `提示：` | 只是告诉您，不用处理 | 0 |

先列错误，再列警告、提示。一份表里同一类多于 5 条时合起来说（提示不分表）：话一样的只说一遍，话不一样的先列 3 条，
共几条、在哪些格写在括号里；要逐条看加 `--all`。

没有问题时什么也不输出，返回 0；没能运行（找不到台账、选项写错）返回 2，原因写在“没有运行：”后面。
证件号、手机号、银行卡号和密级标志只说在哪一格，不重复内容。

只看几项：`taizhang validate --only date-order --only date`；不看几项：`taizhang validate --skip reading`。\
给程序用：加 `--json`。
"""


def findings_page() -> str:
    """Return the page."""
    sample = next(entry for entry in entries() if entry.check == "date-order").examples[0]
    line = played(sample)[1][0]
    parts = _parts(line)
    parts.pop("weight")
    return "\n".join([_INTRO.format(line=line, **parts), *_index(), *_stages()]) + "\n"


def checks_of(example: Example) -> list[str]:
    """Return the names of the checks that an example's lines belong to, each once."""
    return list(dict.fromkeys(_parts(line)["check"] for line in played(example)[1]))


def severities_of(entry: Entry) -> list[Severity]:
    """Return how much the lines of a check's examples weigh, the heaviest first."""
    lines = [_parts(line) for example in entry.examples for line in played(example)[1]]
    words = {parts["weight"] or Severity.ERROR.label for parts in lines if parts["check"] == entry.check}
    return [severity for severity in Severity if severity.label in words]


def _parts(line: str) -> dict[str, str]:
    found = _LINE.fullmatch(line)
    assert found, line
    return found.groupdict()


def _index() -> Iterator[str]:
    yield "## 全部检查\n"
    for stage in STAGES:
        yield f"- {stage.title}：" + "、".join(f"[`{entry.check}`](#{entry.check})" for entry in stage.entries)


def _stages() -> Iterator[str]:
    for stage in STAGES:
        yield f"\n## {stage.title}\n\n{stage.when}"
        for entry in stage.entries:
            weights = "、".join(severity.label for severity in severities_of(entry))
            yield f"\n### {entry.check}\n\n{Check(entry.check).label}（{weights}）。{entry.protects}"
            commands = list(dict.fromkeys(map(_command, entry.examples)))
            if len(commands) == 1:
                yield from commands[0]
            for example in entry.examples:
                yield from _example(example, () if len(commands) == 1 else _command(example))


def _command(example: Example) -> tuple[str, ...]:
    """Return the paragraph naming the command, without options used only for repeatability; empty for ``validate``."""
    if example.command in (VALIDATE, RETURNED):
        return ()
    told = re.sub(r" --dry-run| --as-of \S+", "", " ".join(example.command))
    return (f"\n运行 `taizhang {told}`：",)


def _example(example: Example, command: tuple[str, ...]) -> Iterator[str]:
    shown, lines = played(example)
    yield ""
    yield "\n\n".join(shown)
    yield from command
    yield "\n```text\n" + "\n".join(lines) + "\n```"
