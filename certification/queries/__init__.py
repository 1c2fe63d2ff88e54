"""Shared reads about certificates. Every function runs a fixed number of queries, however many rows there are."""

from .awards import (
    Passed,
    Required,
    awards_of,
    overdue_documents,
    pending_names,
    renewable_by,
    required_of,
    scheme_of,
)
from .evidence import evidence_of

__all__ = [
    "Passed",
    "Required",
    "awards_of",
    "evidence_of",
    "overdue_documents",
    "pending_names",
    "renewable_by",
    "required_of",
    "scheme_of",
]
