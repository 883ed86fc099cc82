"""Reading a self-examination report: paragraphs → problems, causes and commitments, each with its source words."""

from taizhang.draft.outline import Draft, DraftCause, DraftMeasure, DraftProblem, draft_report
from taizhang.draft.source import Paragraph, SourceError, read_source

__all__ = [
    "Draft",
    "DraftCause",
    "DraftMeasure",
    "DraftProblem",
    "Paragraph",
    "SourceError",
    "draft_report",
    "read_source",
]
