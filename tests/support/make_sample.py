"""Make templates/sample/对照检查材料.docx from the .txt beside it: ``python tests/support/make_sample.py``.

The numbers 一、 and （一） become Word's automatic numbering, as in a secretary's document, and are in no text.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from support.word_files import REPORT_LEVELS, add_numbering, new_document, number, save

FOLDER = Path(__file__).parents[2] / "templates" / "sample"
SOURCE, TARGET = FOLDER / "对照检查材料.txt", FOLDER / "对照检查材料.docx"
LABELS = (r"[一二三四五六七八九十]+、", r"（[一二三四五六七八九十]+）")


def make_sample(source: Path, target: Path) -> None:
    """Write the text of ``source`` as a Word document with automatic numbering."""
    document = new_document()
    number_id = add_numbering(document, REPORT_LEVELS)
    for line in source.read_text(encoding="utf-8").splitlines():
        depth = next((n for n, label in enumerate(LABELS) if re.match(label, line)), None)
        if depth is None:
            document.add_paragraph(line)
        else:
            number(document.add_paragraph(re.sub(LABELS[depth], "", line, count=1)), number_id, depth)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = "对照检查材料（示例）", "", ""
    properties.created = properties.modified = datetime(2022, 1, 20)
    save(document, target)


if __name__ == "__main__":
    make_sample(SOURCE, TARGET)
