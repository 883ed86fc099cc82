"""Reading a self-examination report into problems, causes and measures, in four steps.

1. ``source`` reads the file into paragraphs (``word``, ``word_numbering`` for .docx, ``lines`` for hand-wrapped text).
2. ``units`` splits paragraphs into items (``item_labels`` parses their numbers), ``outline`` nests them.
3. ``reader`` reads the outline (``children`` what stands under a node) and ``tables`` the tables, into problems, causes
   and measures; ``commitments`` splits sentences.
4. ``links`` proposes which measure answers which problem.

``in_sandbox`` does all four in a separate process.

Every value keeps its paragraph and its exact source words; text that cannot be placed is listed with the reason.
"""

from taizhang.draft.in_sandbox import draft_file
from taizhang.draft.values import Draft, SourceError

__all__ = ["Draft", "SourceError", "draft_file"]
