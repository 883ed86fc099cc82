"""Register names in code are those of the forms, and are written in one place."""

from __future__ import annotations

import ast

from support.sources import trees
from taizhang.forms import register_names
from taizhang.forms.load import standard_forms

NAMES = {getattr(register_names, name) for name in register_names.__all__}


def test_each_name_is_a_form() -> None:
    assert set(standard_forms()) >= NAMES


def test_registers_are_asked_for_by_constant() -> None:
    """``registers["tasks"]``, ``registers.get("tasks")`` and ``form.name == "tasks"`` use the constant."""
    written = []
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Subscript):
                asked, of = [node.slice], node.value
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
                asked, of = node.args[:1], node.func.value
            elif isinstance(node, ast.Compare):
                asked, of = node.comparators, node.left
            else:
                continue
            name = of.attr if isinstance(of, ast.Attribute) else getattr(of, "id", "")
            if name in ("registers", "forms", "name"):
                written += [
                    (path.name, each.value) for each in asked if isinstance(each, ast.Constant) and each.value in NAMES
                ]
    assert written == []
