"""The privacy registry: what is kept about people, why, how long, and what becomes of it on erasure.

An app declares its holdings in `<app>/privacy.py` (found at start, `people.apps`):

    from people import privacy
    from people.privacy import Holding, Personal

    privacy.declare(
        Holding(
            model="courses.Enrolment",
            person="learner",
            fields={"alias": Personal("what the group calls them", "course + 2 years", "deleted")},
            plain={"course", "status"},
        )
    )

A test fails for every field that nobody declared.
"""

from .registry import Holding, Personal, declare, declare_impersonal, holdings, impersonal

__all__ = ["Holding", "Personal", "declare", "declare_impersonal", "holdings", "impersonal"]

from . import installed, own  # noqa: F401 -- these two declare, and need the names above
