"""What is typed wrongly is answered with one line of Chinese, exit status 2, and nothing is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("merge --foo", "没有运行：没有 --foo 这个选项。写法见 taizhang merge --help。\n"),
        ("report --as-off 2022-03-31", "没有运行：没有 --as-off 这个选项，是不是 --as-of。"),
        ("issue", "没有运行：还缺 --period：期次，例如 2022-03；要在〈参数〉里有。写法见 taizhang issue --help。\n"),
        ("report --as-of", "没有运行：--as-of 后面要写内容。"),
        ("report --as-of 2022-13-40", "没有运行：--as-of 写得不对：2022-13-40："),
        ("history show abc", "没有运行：记录号 写得不对：要写整数。写法见 taizhang history show --help。\n"),
        ("draft x.txt --year 22", "没有运行：--year 写得不对：要写 2015 到 2035 的整数。"),
        ("台账", "没有运行：没有“台账”这个命令，可以用：draft（起草）"),
    ],
)
def test_wrong_usage_is_said_in_chinese(run: Callable[..., Result], typed: str, said: str) -> None:
    result = run(*typed.split())
    words = result.stderr if said.endswith("\n") else result.stderr[: len(said)]
    assert (result.exit_code, result.stdout, words) == (2, "", said)


def test_a_folder_is_no_ledger(run: Callable[..., Result], tmp_path: Path) -> None:
    result = run("validate", "-l", tmp_path)
    assert (result.exit_code, result.stderr) == (
        2, f"没有运行：{tmp_path} 是文件夹，请写台账文件，例如 --ledger {tmp_path / '整改台账.xlsx'}。\n",
    )  # fmt: skip


def test_the_ledger_in_the_current_folder_is_found(
    run: Callable[..., Result], make_ledger: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_ledger([{}])
    monkeypatch.chdir(path.parent)
    monkeypatch.delenv("TAIZHANG_LEDGER", raising=False)
    assert run("validate").exit_code in (0, 1)


def test_a_new_ledger_is_an_xlsx(run: Callable[..., Result], tmp_path: Path) -> None:
    source = tmp_path / "材料.txt"
    source.write_text("一、存在问题", encoding="utf-8")
    result = run("draft", source, "-l", tmp_path / "i.xls")
    assert (result.exit_code, "要以 .xlsx 结尾" in result.stderr) == (2, True)
