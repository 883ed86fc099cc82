"""The forms that a ledger may have: the product's, and the office's own in 表单 beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from taizhang.forms.grammar import FormError, line_of
from taizhang.forms.load import read_form_text, standard_forms, with_own
from taizhang.forms.model import Form
from taizhang.ledger.catalogue import Check

__all__ = ["OWN_FOLDER", "forms_beside"]

OWN_FOLDER = "表单"
"""The folder beside a ledger with the office's own forms."""


def forms_beside(ledger: Path) -> Mapping[str, Form]:
    """Return the product's forms and those that the office keeps in 表单 beside its ledger, in order.

    Raises FormError for the first own form that is wrong, or that takes the name, the sheet, the codes or a rule's name
    of another, or for a rule the name of a check: nothing is overridden.
    """
    folder = ledger.parent / OWN_FOLDER
    try:
        paths = sorted(path for path in folder.iterdir() if _is_form(path))
    except (FileNotFoundError, NotADirectoryError):
        if not folder.is_dir():
            return standard_forms()
        raise
    return _with_own(tuple((path, read_form_text(path)) for path in paths)) if paths else standard_forms()


def _is_form(path: Path) -> bool:
    """Whether a file of the folder is a form; raises FormError if its name only looks like that of one."""
    name = path.name.lower()
    if name.startswith((".", "~")) or not name.endswith((".toml", ".toml.txt")):
        return False
    if path.suffix != ".toml":
        right = f"{name.partition('.toml')[0]}.toml"
        raise FormError(path, None, f"文件名要以 .toml 结尾（记事本会在后面加上看不见的 .txt），请改名为 {right}。")
    return True


@lru_cache(maxsize=4)
def _with_own(texts: tuple[tuple[Path, str], ...]) -> Mapping[str, Form]:
    """Return all forms, for own ones with these paths and texts: time and size do not tell one text from another."""
    paths = [path for path, _ in texts]
    forms = with_own(paths)
    _refuse_rule_names(forms, paths)
    return forms


def _refuse_rule_names(forms: Mapping[str, Form], own: Iterable[Path]) -> None:
    """Raise FormError if a rule of an own form has the name of another form's rule, or of a check."""
    if not any(forms[path.stem].rules for path in own):
        return
    taken = {rule.name: f"〈{form.sheet}〉" for form in standard_forms().values() for rule in form.rules}
    taken |= {check.value: f"程序的检查（{check.label}）" for check in Check}
    for path in own:
        form = forms[path.stem]
        for number, rule in enumerate(form.rules):
            if rule.name in taken:
                line = line_of(path, "[[rule]]", number, "[[rule]]")
                raise FormError(path, line, f"规则名 {rule.name} 已被{taken[rule.name]}使用，请换一个 name。")
            taken[rule.name] = f"〈{form.sheet}〉"
