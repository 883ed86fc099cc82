"""Every regular expression of the package, found in its source, and the texts that would make it slow."""

from __future__ import annotations

import ast
import importlib
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]
from time import process_time
from types import ModuleType
from typing import Any

from support.sources import PACKAGE, trees

CALLS = {"compile", "search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split"}
ANCHORED = {"match", "fullmatch"}
"""Calls that try one place of a text only."""


@dataclass(frozen=True)
class Expression:
    """A regular expression, its place, and whether it is only tried at the start of a text."""

    where: str
    pattern: re.Pattern[Any]
    anchored: bool = False


def modules() -> Iterator[tuple[str, Path]]:
    for path in trees():
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(("taizhang", *parts)).removesuffix(".__init__")
        if not name.endswith("__main__"):
            yield name, path


@cache
def expressions() -> tuple[tuple[Expression, ...], tuple[str, ...]]:
    """Return every expression of the package, and the calls whose expression could not be worked out."""
    found: dict[tuple[Any, int, bool], Expression] = {}
    unknown: list[str] = []
    for name, path in modules():
        module, tree = importlib.import_module(name), trees()[path]
        for each in (*_compiled(module, name, tree), *_written(module, name, tree, unknown)):
            found.setdefault((each.pattern.pattern, each.pattern.flags, each.anchored), each)
    return tuple(found.values()), tuple(unknown)


def _compiled(module: ModuleType, name: str, tree: ast.Module) -> Iterator[Expression]:
    """Yield the expressions that a module compiles on import, in tables too."""
    uses: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            uses.setdefault(node.value.id, set()).add(node.attr)
    for key, value in vars(module).items():
        if not key.startswith("__"):
            used = uses.get(key, set()) & CALLS
            only_there = key.startswith("_") and bool(used) and used <= ANCHORED
            for pattern, anchored in _patterns_in(value, 0):
                yield Expression(f"{name}.{key}", pattern, anchored or only_there)


def _patterns_in(value: Any, depth: int) -> Iterator[tuple[re.Pattern[Any], bool]]:
    if isinstance(value, re.Pattern):
        yield value, False
    elif isinstance(own := getattr(value, "__self__", None), re.Pattern):
        yield own, getattr(value, "__name__", "") in ANCHORED
    elif depth < 4 and isinstance(value, (tuple, list, set, frozenset)):
        for each in value:
            yield from _patterns_in(each, depth + 1)
    elif depth < 4 and isinstance(value, dict):
        for each in value.items():
            yield from _patterns_in(each, depth + 1)


def _written(module: ModuleType, name: str, tree: ast.Module, unknown: list[str]) -> Iterator[Expression]:
    """Yield the expressions in calls of ``re`` inside functions."""
    for function in ast.walk(tree):
        if isinstance(function, (ast.FunctionDef, ast.Lambda)):
            for call in _calls_of(function):
                where = f"{name}:{call.lineno}"
                texts = list(_texts(call.args[0], function, vars(module)))
                if not texts:
                    unknown.append(f"{name} {ast.unparse(call.args[0])}")
                anchored = isinstance(call.func, ast.Attribute) and call.func.attr in ANCHORED
                named = [ast.unparse(each) for each in (*call.args[1:], *(each.value for each in call.keywords))]
                flags = next((eval(each, {"re": re}) for each in named if re.fullmatch(r"re\.[A-Z]+", each)), 0)
                for text in texts:
                    if not isinstance(text, re.Pattern):
                        yield Expression(where, re.compile(text, flags), anchored)


def _calls_of(function: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in CALLS
        ):
            yield node


_UNKNOWN = object()
WORD = "w"
"""What stands for a name or a prefix that is known only when the function runs."""


def _texts(node: ast.expr, function: ast.AST, names: dict[str, Any]) -> Iterator[Any]:
    """Yield an expression's possible values: a constant, an assigned name, or each text of a table it loops over."""
    value = _value(node, names)
    if value is not _UNKNOWN:
        yield value
    elif isinstance(node, ast.Name):
        for each in ast.walk(function):
            if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == node.id:
                yield from _texts(each.value, function, names)
            elif isinstance(each, (ast.For, ast.comprehension)) and node.id in {
                part.id for part in ast.walk(each.target) if isinstance(part, ast.Name)
            }:
                for table in ast.walk(each.iter):
                    if isinstance(table, ast.Name) and table.id in names:
                        yield from _texts_in(names[table.id])
    elif isinstance(node, (ast.BinOp, ast.JoinedStr, ast.Call)):
        for word in (WORD, WORD.encode()):
            value = _value(_filled(node, names, word), names)
            if value is not _UNKNOWN:
                yield value
                return


def _texts_in(value: Any) -> Iterator[Any]:
    if isinstance(value, (str, bytes)):
        yield value
    elif isinstance(value, (tuple, list)):
        for each in value:
            yield from _texts_in(each)
    elif isinstance(value, dict):
        for each in value.items():
            yield from _texts_in(each)


def _value(node: ast.expr, names: dict[str, Any]) -> Any:
    try:
        code = compile(ast.fix_missing_locations(ast.Expression(node)), "expression", "eval")
        return eval(code, dict(names))
    except Exception:  # whatever it needs is known only when the function runs
        return _UNKNOWN


def _filled(node: ast.expr, names: dict[str, Any], word: str | bytes) -> ast.expr:
    """Return the expression with a word for every part that is known only when the function runs."""

    class Fill(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> Any:
            # `self.prefix`, `ledger.stem`, `prefix` stand for a word; what can be worked out stays as it is.
            if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) and _value(node, names) is _UNKNOWN:
                colon = (":" if isinstance(word, str) else b":") if "prefix" in ast.unparse(node) else word[:0]
                return ast.Constant(word + colon)  # type: ignore[operator]
            return self.generic_visit(node)

    copied = ast.parse(ast.unparse(node), mode="eval").body
    return Fill().visit(copied)


_POOL = " \n\taA0159一处月年日第、，。；：:-_=<>/\"'()（）[]{}.,$xe+*★"
_BAD = "\x01"


def attacks(pattern: re.Pattern[Any]) -> list[tuple[Any, Any, Any]]:
    """Return (before, repeated, after) of texts that make a careless expression slow.

    For every repetition: the text leading to it followed by many repeats, the leading text many times, and the repeats
    alone. Then every beginning of a matching text, many times.
    """
    tree = _parser.parse(
        pattern.pattern, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    )
    found: dict[tuple[str, str, str], None] = {}
    for lead, body in _repeats(tree, ""):
        for pump in _pumps(body):
            for attack in ((lead, pump, _BAD), ("", lead + pump, ""), ("", pump, _BAD), ("", lead + pump, _BAD + lead)):
                found[attack] = None
    whole = _example(tree)[:60]
    for end in range(1, len(whole) + 1):
        found["", whole[:end], ""] = None
    if not isinstance(pattern.pattern, bytes):
        return list(found)
    return [tuple(part.encode("utf-8", "ignore") for part in attack) for attack in found]  # type: ignore[misc]


def _repeats(tree: Iterable[Any], lead: str) -> Iterator[tuple[str, Any]]:
    """Yield each long repetition with a text that leads to it."""
    for kind, value in tree:
        here = [(kind, value)]
        if kind in (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT):
            low, high, body = value
            if high is _constants.MAXREPEAT or high - low > 50:
                yield lead, body
            yield from _repeats(body, lead)
        elif kind is _constants.SUBPATTERN:
            yield from _repeats(value[3], lead)
        elif kind is _constants.ATOMIC_GROUP:
            yield from _repeats(value, lead)
        elif kind is _constants.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, lead)
        elif kind in (_constants.ASSERT, _constants.ASSERT_NOT):
            yield from _repeats(value[1], lead)
        elif kind is _constants.GROUPREF_EXISTS:
            for branch in value[1:]:
                yield from _repeats(branch or (), lead)
        lead += _example(here)


def _pumps(body: Any) -> list[str]:
    """Return a few texts that a repetition matches: characters of several kinds, or an example of its body."""
    fitting = []
    if len(body) == 1:
        for char in _POOL:
            kind, value = body[0]
            if kind in (_constants.IN, _constants.LITERAL, _constants.NOT_LITERAL, _constants.ANY) and _fits(
                kind, value, char
            ):
                fitting.append(char)
    kinds = {(each.isspace(), each.isdigit(), each.isalpha(), each.isascii()): each for each in reversed(fitting)}
    return list(dict.fromkeys((*kinds.values(), *filter(None, (_example(body),)))))


def _fits(kind: Any, value: Any, char: str) -> bool:
    if kind is _constants.ANY:
        return char != "\n"
    if kind is _constants.LITERAL:
        return ord(char) == value
    if kind is _constants.NOT_LITERAL:
        return ord(char) != value
    inside = False
    negated = bool(value) and value[0][0] is _constants.NEGATE
    for what, which in value[negated:]:
        if what is _constants.LITERAL:
            inside |= ord(char) == which
        elif what is _constants.RANGE:
            inside |= which[0] <= ord(char) <= which[1]
        elif what is _constants.CATEGORY:
            word = {
                _constants.CATEGORY_DIGIT: char.isdigit(), _constants.CATEGORY_NOT_DIGIT: not char.isdigit(),
                _constants.CATEGORY_SPACE: char.isspace(), _constants.CATEGORY_NOT_SPACE: not char.isspace(),
                _constants.CATEGORY_WORD: char.isalnum() or char == "_",
                _constants.CATEGORY_NOT_WORD: not (char.isalnum() or char == "_"),
            }  # fmt: skip
            inside |= word[which]
    return inside != negated


def _example(tree: Iterable[Any]) -> str:
    """Return a short text that an expression finds, looking aside ignored."""
    text = ""
    for kind, value in tree:
        if kind is _constants.LITERAL:
            text += chr(value)
        elif kind in (_constants.IN, _constants.NOT_LITERAL, _constants.ANY):
            text += next((char for char in _POOL if _fits(kind, value, char)), "")
            if kind is _constants.IN and not any(_fits(kind, value, char) for char in _POOL):
                which = value[0][1]
                text += chr(which[0] if isinstance(which, tuple) else which) if isinstance(which, (int, tuple)) else ""
        elif kind in (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT):
            text += _example(value[2]) * value[0]
        elif kind is _constants.SUBPATTERN:
            text += _example(value[3])
        elif kind is _constants.ATOMIC_GROUP:
            text += _example(value)
        elif kind is _constants.BRANCH:
            text += _example(value[1][0])
        elif kind is _constants.ASSERT and value[0] < 0:
            text += _example(value[1])
    return text


def slow_attack(expression: Expression) -> tuple[Any, int] | None:
    """Return the first text that takes an expression more than linear time, and its number of repetitions, or None."""
    for attack in attacks(expression.pattern):
        size, before = 20, 0.0
        while (spent := _seconds(expression, attack, size)) < ENOUGH and size < MOST:
            if size > 1000 and (spent < NOISE or spent < 4.6 * before):
                break
            size, before = 4 * size, spent
        if spent >= ENOUGH:
            size //= 2 if spent > 5 * ENOUGH else 1
            ratios = (_ratio(expression, attack, size) for _ in range(3))
            if all(ratio > 8 for ratio in ratios):  # once is a busy machine
                return attack, size
    return None


NOISE, ENOUGH, MOST = 0.0005, 0.02, 100_000
"""Seconds at 1,280 repetitions that are nothing, seconds that can be compared, and repetitions that must take less."""


def _ratio(expression: Expression, attack: tuple[Any, Any, Any], size: int) -> float:
    """Return how many times longer a text takes than a quarter of it: 4 if time is linear, 16 if quadratic."""
    least, most = (min(_seconds(expression, attack, n) for _ in range(2)) for n in (size // 4, size))
    return most / max(least, 1e-6)


def _seconds(expression: Expression, attack: tuple[Any, Any, Any], size: int) -> float:
    before, repeated, after = attack
    text = before + repeated * size + after
    start = process_time()
    if expression.anchored:
        expression.pattern.match(text)
        expression.pattern.fullmatch(text)
    else:
        deque(expression.pattern.finditer(text), maxlen=0)
    return process_time() - start
