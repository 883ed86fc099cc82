"""Reading a self-examination report, in four steps; each step is a module.

1. ``source`` reads the file into paragraphs (``word`` and ``word_numbering`` for .docx, ``lines`` for text wrapped by hand).
2. ``outline`` cuts paragraphs into numbered units and says which stand under which (``labels`` knows the numbers).
3. ``report`` reads the outline, and ``tables`` the tables, into problems, causes and measures; ``commitments`` splits sentences.
4. ``links`` proposes which measure answers which problem.

``from_file`` does all four in a process of its own.

Every value keeps its paragraph and its exact source words; what cannot be placed is listed with the reason.
"""

from taizhang.draft.from_file import draft_file
from taizhang.draft.reader import draft_report
from taizhang.draft.source import read_source
from taizhang.draft.values import (
    Aspect,
    CauseLink,
    Draft,
    DraftCause,
    DraftMeasure,
    DraftProblem,
    Paragraph,
    Piece,
    ProposedLink,
    SourceError,
    TableCell,
)

__all__ = [
    "Aspect",
    "CauseLink",
    "Draft",
    "DraftCause",
    "DraftMeasure",
    "DraftProblem",
    "Paragraph",
    "Piece",
    "ProposedLink",
    "SourceError",
    "TableCell",
    "draft_file",
    "draft_report",
    "read_source",
]
