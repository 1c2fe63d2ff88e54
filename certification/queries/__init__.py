"""Shared reads about certificates. Every function runs a fixed number of queries, however many rows there are."""

from .awards import (
    Minutes,
    Passed,
    Required,
    awards_of,
    course_minutes,
    overdue_documents,
    required_of,
    scheme_of,
)
from .evidence import evidence_of
from .history import History, history_of
from .issuing import award_of_file, badge_keys, document_certificates, look_of, taken_places, withdrawn_places
from .places import with_places
from .prospects import GETS_IT, Comparison, Outlook, Prospect, compare
from .renewal import Held, given_and_renewable, held, may_begin_again, renewable_by
from .standing import Standing, earned_by, standings, unawarded

__all__ = [
    "GETS_IT",
    "Comparison",
    "Held",
    "History",
    "Minutes",
    "Outlook",
    "Passed",
    "Prospect",
    "Required",
    "Standing",
    "award_of_file",
    "awards_of",
    "badge_keys",
    "compare",
    "course_minutes",
    "document_certificates",
    "earned_by",
    "evidence_of",
    "given_and_renewable",
    "held",
    "history_of",
    "look_of",
    "may_begin_again",
    "overdue_documents",
    "renewable_by",
    "required_of",
    "scheme_of",
    "standings",
    "taken_places",
    "unawarded",
    "with_places",
    "withdrawn_places",
]
