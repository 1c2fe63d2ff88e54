"""Shared reads about certificates. Every function runs a fixed number of queries, however many rows there are."""

from .awards import (
    Passed,
    Required,
    awards_of,
    overdue_documents,
    renewable_by,
    required_of,
    scheme_of,
)
from .evidence import evidence_of
from .history import History, history_of
from .standing import Standing, earned_by, standings, unawarded

__all__ = [
    "History",
    "Passed",
    "Required",
    "Standing",
    "awards_of",
    "earned_by",
    "evidence_of",
    "history_of",
    "overdue_documents",
    "renewable_by",
    "required_of",
    "scheme_of",
    "standings",
    "unawarded",
]
