"""Who notices when a lesson is published: numbers only, nobody's name."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from django.db.models import Count

from courses.activities import translate
from courses.models import ActivityState, ActivityVersion, Enrolment, Lesson
from courses.queries.syllabus import newest_versions, source_versions
from courses.rules import fingerprint

NAMES = ("question", "statement", "title")  # what an activity is called by, whichever its kind has


class Draft(Protocol):
    """An activity as it would be published."""

    key: uuid.UUID
    kind: str
    specification: dict[str, Any]


class Change(StrEnum):
    ADDED = "added"
    REWORDED = "reworded"
    REMOVED = "removed"


@dataclass(frozen=True)
class ActivityChange:
    """One activity that would change: what it is called by now, and how many under way have answered it."""

    change: Change
    name: str
    answered: int = 0


@dataclass(frozen=True)
class Affected:
    """`under_way`: learners who started the course and have not finished it."""

    under_way: int
    changes: tuple[ActivityChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.under_way and self.changes)


def affected_learners(
    *, lesson_key: uuid.UUID, locale: str, is_source: bool, drafts: Iterable[Draft]
) -> Affected:
    """What would change for whom if a lesson were published with these drafts. Five queries.

    A lesson that nobody can open yet changes nothing. A translation only rewords.
    """
    lesson = Lesson.objects.filter(key=lesson_key, archived_at=None).select_related("session").first()
    if lesson is None:
        return Affected(0)
    under_way = Enrolment.objects.filter(
        course=lesson.session.course_id, status=Enrolment.Status.ACTIVE, closed_at=None
    )
    taught = lesson.activities.filter(retired_at=None)
    sources = {
        version.activity.key: version
        for version in source_versions(taught).select_related("activity").order_by("activity__position")
    }
    words = {
        version.activity.key: version
        for version in newest_versions(taught, locale).select_related("activity")
    }
    answered = dict(
        ActivityState.objects.filter(enrolment__in=under_way, activity__in=taught)
        .order_by()
        .values_list("activity__key")
        .annotate(Count("pk"))
    )
    if is_source:
        changes = _changes_of_source(sources, list(drafts), answered)
    else:
        changes = _changes_of_translation(sources, words, drafts, answered)
    return Affected(under_way.count(), tuple(changes))


def _changes_of_source(
    taught: Mapping[uuid.UUID, ActivityVersion], drafts: list[Draft], answered: Mapping[uuid.UUID, int]
) -> Iterator[ActivityChange]:
    kept = set()
    for draft in drafts:
        version = taught.get(draft.key)
        if version is None or version.activity.kind != draft.kind:
            yield ActivityChange(Change.ADDED, _name(draft.specification))
            continue
        kept.add(draft.key)
        if version.fingerprint != fingerprint([draft.kind, draft.specification]):
            yield ActivityChange(Change.REWORDED, _name(version.specification), answered.get(draft.key, 0))
    for key, version in taught.items():
        if key not in kept:
            yield ActivityChange(Change.REMOVED, _name(version.specification), answered.get(key, 0))


def _changes_of_translation(
    sources: Mapping[uuid.UUID, ActivityVersion],
    words: Mapping[uuid.UUID, ActivityVersion],
    drafts: Iterable[Draft],
    answered: Mapping[uuid.UUID, int],
) -> Iterator[ActivityChange]:
    for draft in drafts:
        source = sources.get(draft.key)
        if source is None or source.activity.kind != draft.kind:
            continue
        translated = translate(draft.kind, source.specification, draft.specification)
        before = words.get(draft.key)
        if before is None or before.fingerprint != fingerprint([draft.kind, translated]):
            shown = before or source
            yield ActivityChange(Change.REWORDED, _name(shown.specification), answered.get(draft.key, 0))


def _name(specification: Mapping[str, Any]) -> str:
    return next((str(specification[name]) for name in NAMES if specification.get(name)), "")
