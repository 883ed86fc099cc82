"""The Chinese texts of the package: every sentence for people, and every place where the program inspects one."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from support.sources import PACKAGE, trees

CHINESE = re.compile(r"[一-鿿]")
CHINESE_OR_MARK = re.compile(r"[一-鿿，。；：、（）“”〈〉　]")
PATTERN = re.compile(r"\\[dsSwWbB]|\(\?|\[\^|\|\(")
"""What a regular expression looks like: it reads what people typed and is no sentence."""

CUTTING = {
    "count",
    "endswith",
    "find",
    "index",
    "lstrip",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rindex",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
}
CHANGING = CUTTING - {"count", "find", "index"}
"""What lists cannot do too."""

MATCHING = {"findall", "finditer", "fullmatch", "match", "search", "split", "sub"}
TEXTS = {
    "cure",
    "department_cure",
    "department_message",
    "echo",
    "equation",
    "fault",
    "message",
    "problem",
    "reason",
    "summary",
    "to_do",
    "unresolved",
    "why",
}
"""Attributes that hold a sentence made for people."""


@dataclass(frozen=True)
class Text:
    """One string of the source: module, line, text with placeholders in braces, and whether it ends its expression."""

    module: str
    line: int
    words: str
    filled: str
    """The words with the constants in them filled in."""

    @property
    def room(self) -> str:
        """The package that the module belongs to."""
        return self.module.partition("/")[0]


def texts() -> Iterator[Text]:
    """Yield every string of the package that holds Chinese and is neither documentation nor a pattern, in order."""
    for path, tree in trees().items():
        module = path.relative_to(PACKAGE).as_posix()
        left_out = {id(each) for node in ast.walk(tree) for each in _documentation(node)}
        left_out |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        found = [
            Text(module, getattr(node, "lineno", 0), words, words_of(node, _filled))
            for node in ast.walk(tree)
            if id(node) not in left_out
            and (words := words_of(node))
            and CHINESE.search(words)
            and not PATTERN.search(words)
        ]
        yield from sorted(found, key=lambda text: text.line)


def sentences() -> list[Text]:
    """Return the texts that are sentences: with punctuation between or behind their clauses."""
    return [text for text in texts() if len(CHINESE.findall(text.words)) >= 6 and re.search("[，。；：]", text.words)]


@cache
def constants() -> dict[str, str]:
    """Return the texts and numbers that constants of the package hold, by name; a name with two values is left out."""
    values: dict[str, set[str]] = {}
    for tree in trees().values():
        for node in tree.body:
            for name, value in _assigned(node):
                values.setdefault(name, set()).add(str(value.value) if isinstance(value, ast.Constant) else "")
    return {name: next(iter(held)) for name, held in values.items() if len(held) == 1 and name.isupper() and any(held)}


def _assigned(node: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that a statement assigns, each with its value."""
    if not isinstance(node, ast.Assign):
        return
    for target in node.targets:
        several = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
        pairs = zip(target.elts, node.value.elts, strict=False) if several else [(target, node.value)]  # type: ignore[attr-defined]
        yield from ((each.id, value) for each, value in pairs if isinstance(each, ast.Name))


def sentences_page() -> str:
    """Return docs/sentences.md."""
    lines = [
        "# 程序说的话",
        "",
        "程序里写给人看的句子，按模块列在一起，由 `python tests/update_generated.py sentences` 生成，不要手改。",
        "大括号里是填进去的内容；一句话分问题和办法的，办法紧跟在问题后面一行。",
    ]
    room = module = ""
    for each in sentences():
        if each.room != room:
            room = each.room
            lines += ["", f"## {room}"]
        if each.module != module:
            module = each.module
            lines += ["", f"### {module}", ""]
        lines.append(f"- {' '.join(each.filled.split())}")
    return "\n".join(lines) + "\n"


def looked_into() -> list[str]:
    """Return where sentences are cut, searched, matched or compared, and where Chinese words decide a branch."""
    found = []
    for path, tree in trees().items():
        module = path.relative_to(PACKAGE).as_posix()
        found += [f"{module}: {ast.unparse(node)}" for node in ast.walk(tree) if looks_into(node)]
    return sorted(found)


def looks_into(node: ast.AST) -> bool:
    """Whether an expression cuts, searches or compares a sentence, or looks for Chinese words in a text."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        on, how = node.func.value, node.func.attr
        if how in CUTTING and node.args:
            return _is_text(on) or (how in CHANGING and _is_chinese(node.args[0]))
        return how in MATCHING and any(map(_is_text, node.args))
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        return _is_text(node.value)
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)):
        return any(map(_is_text, (node.left, node.comparators[0]))) or (
            _is_chinese(node.left) and not _is_collection(node.comparators[0])
        )
    if isinstance(node, ast.Compare) and not isinstance(node.ops[0], (ast.Is, ast.IsNot)):
        return any(map(_is_text, (node.left, *node.comparators)))
    return False


def _is_text(node: ast.AST) -> bool:
    """Whether an expression is a sentence: an attribute that holds one, or what figures/sentences.py returns."""
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).startswith("sentences.")
    return isinstance(node, ast.Attribute) and node.attr in TEXTS


def _is_chinese(node: ast.AST) -> bool:
    """Whether an expression is a Chinese string, or a tuple of them."""
    if isinstance(node, ast.Tuple):
        return any(map(_is_chinese, node.elts))
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(CHINESE_OR_MARK.search(node.value))


def _is_collection(node: ast.AST) -> bool:
    return isinstance(node, (ast.Tuple, ast.List, ast.Set, ast.Dict))


def _documentation(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the strings that are statements: docstrings, and those below constants."""
    for each in getattr(node, "body", ()) if not isinstance(node, (ast.Lambda, ast.IfExp)) else ():
        if isinstance(each, ast.Expr):
            yield each.value


def _braced(node: ast.AST) -> str:
    return f"{{{_named(node)}}}"


def words_of(node: ast.AST, placeholder: Callable[[ast.AST], str] = _braced) -> str:
    """Return the text of a string, with placeholders in braces; empty for any other expression."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return ""
    return "".join(
        part.value if isinstance(part, ast.Constant) else placeholder(part.value)  # type: ignore[attr-defined]
        for part in node.values
    )


def _filled(node: ast.AST) -> str:
    """Return what a placeholder holds if that is a constant, else its name in braces."""
    known = constants().get(node.id) if isinstance(node, ast.Name) else None
    return known or _braced(node)


def _named(node: ast.AST) -> str:
    """Return a placeholder's content in one word: the last name in its expression."""
    if isinstance(node, ast.Call) and node.args and not isinstance(node.args[0], ast.GeneratorExp):
        return _named(node.args[0])
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else "…"


def docs_page() -> Path:
    """Return the path of the page of sentences."""
    return PACKAGE.parents[1] / "docs" / "sentences.md"
