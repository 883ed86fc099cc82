"""Rows for any register, made from its form alone, so that every form is tested without code of its own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from taizhang.forms.columns import Column
from taizhang.forms.model import Form

START = date(2022, 1, 10)


def a_row(form: Form, number: int, known: dict[str, str], **more: Any) -> dict[str, Any]:
    """Return one row of canonical values, days in column order; ``known`` holds a name by type and a code by form."""
    row = {column.key: _value(column, number, place, known) for place, column in enumerate(form.columns)}
    return {**row, form.code_column.key: form.format_code(number + 1), **more}


def _value(column: Column, number: int, place: int, known: dict[str, str]) -> Any:
    if column.type in ("choice", "choices"):
        choice = column.choices[number % len(column.choices)]
        return (choice,) if column.type == "choices" else choice
    if column.type in ("reference", "references"):
        code = known.get(column.to, "")
        return (code,) if column.type == "references" else code
    if column.type == "departments":
        return (known["department"],)
    if column.type == "integer" and column.title.endswith("年度"):
        return 2022
    day = START + timedelta(days=9 * place + number)
    numbers = {
        "percent": number * 10 % 101,
        "integer": number % 5 + 3,
        "decimal": number % 7 + 0.5,
        "money": 1000 * number,
    }
    return {"date": day, "deadline": day, **numbers, **known}.get(column.type, f"{column.title}{number + 1}")
