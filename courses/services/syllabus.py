"""Writing the syllabus. Called by publishing, in the transaction that makes a page live."""

import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from courses.activities import translate
from courses.models import (
    Activity,
    ActivityVersion,
    Course,
    CourseVersion,
    CourseVersionItem,
    Lesson,
    Programme,
    Session,
)
from courses.queries.syllabus import newest_versions, required_versions, source_versions
from courses.rules import fingerprint
from people.models import Organisation

# A meeting comes between what is done before and after it; a lesson without a part stands where the page stands.
TURN = {Lesson.Part.BEFORE: 0, Lesson.Part.AFTER: 2}
SHORT_KEY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no characters that are read for each other


@dataclass(frozen=True)
class ActivityDraft:
    """An activity as a page holds it: the block's id, its kind, and its specification in the page's language."""

    key: uuid.UUID
    kind: str
    required: bool
    specification: dict[str, Any]


@dataclass(frozen=True)
class Wording:
    """Which language a page is written in. The source locale alone decides what exists, its order and its keys."""

    locale: str
    is_source: bool


def publish_programme(
    *, key: str, name: str, neutral_name: str, organisation: str, organisation_name: str, audience: str
) -> Programme:
    """Create or update a programme and its organisation (by slug)."""
    provider, _created = Organisation.objects.get_or_create(
        slug=organisation, defaults={"name": organisation_name}
    )
    programme, _created = Programme.objects.update_or_create(
        key=key,
        defaults={"name": name, "neutral_name": neutral_name, "organisation": provider, "audience": audience},
    )
    return programme


def publish_course(
    *, key: uuid.UUID, wording: Wording, title: str, live: bool, values: Mapping[str, Any], now: datetime
) -> Course:
    """Create or update a course. `values`: programme, discreet_title, hours_label, open_enrolment."""
    return _publish(Course, key=key, wording=wording, title=title, live=live, values=values, now=now)


def publish_session(
    *, key: uuid.UUID, wording: Wording, title: str, live: bool, values: Mapping[str, Any], now: datetime
) -> Session:
    """Create or update a session. `values`: course, meeting, heavy."""
    return _publish(Session, key=key, wording=wording, title=title, live=live, values=values, now=now)


@transaction.atomic
def publish_lesson(
    *,
    key: uuid.UUID,
    wording: Wording,
    title: str,
    values: Mapping[str, Any],
    activities: Sequence[ActivityDraft],
    now: datetime,
) -> Lesson:
    """Create or update a lesson with its activities. `values`: session, position, part, minutes.

    The source adds, orders and retires activities and makes a version of each whose specification changed; a
    translation only adds wording. Nothing is deleted.
    """
    lesson = _publish(Lesson, key=key, wording=wording, title=title, live=True, values=values, now=now)
    known = {activity.key: activity for activity in lesson.activities.select_for_update()}
    if wording.is_source:
        known = _order_activities(lesson, known, activities, now)
    newest = {
        version.activity_id: version for version in newest_versions(lesson.activities.all(), wording.locale)
    }
    sources = {version.activity_id: version for version in source_versions(lesson.activities.all())}
    for draft in activities:
        activity = known.get(draft.key)
        if activity is None or activity.kind != draft.kind:
            continue  # a translation of something the source no longer has
        specification = draft.specification
        if not wording.is_source:
            if activity.pk not in sources:
                continue
            specification = translate(activity.kind, sources[activity.pk].specification, specification)
        _add_version(activity, wording.locale, specification, newest.get(activity.pk), now)
    lesson.stamp = secrets.token_hex(8)
    lesson.save(update_fields=["stamp"])
    return lesson


def archive(*, model: type[Course] | type[Session] | type[Lesson], key: uuid.UUID, now: datetime) -> None:
    """Take something out of what is taught. Records stay; learners under way no longer need it."""
    for row in model.objects.filter(key=key, archived_at=None):
        row.archived_at = now
        row.save(update_fields=["archived_at"])


def order_lessons(*, keys: Sequence[uuid.UUID]) -> None:
    """Give the lessons of a session the positions of this sequence, within their part: what is done before comes first."""
    parts = dict(Lesson.objects.filter(key__in=keys).values_list("key", "part"))
    _order(Lesson, sorted(keys, key=lambda key: TURN.get(parts.get(key, ""), 1)))


def order_sessions(*, keys: Sequence[uuid.UUID]) -> None:
    """Give sessions the positions of this sequence."""
    _order(Session, keys)


def freeze_course(*, course: Course, now: datetime) -> CourseVersion:
    """The course version that stands for what is required today; made if nobody stands on it yet."""
    required = list(required_versions(course))
    version, created = CourseVersion.objects.get_or_create(
        course=course,
        fingerprint=fingerprint(sorted(item.pk for item in required)),
        defaults={"created_at": now},
    )
    if created:
        CourseVersionItem.objects.bulk_create(
            CourseVersionItem(course_version=version, activity_version=item, activity_id=item.activity_id)
            for item in required
        )
    return version


def _publish(
    model: type[Any],
    *,
    key: uuid.UUID,
    wording: Wording,
    title: str,
    live: bool,
    values: Mapping[str, Any],
    now: datetime,
) -> Any:
    row = model.objects.select_for_update().filter(key=key).first()
    if row is None:
        row = model(key=key, title=title, short_key=_free_short_key(model))
    if wording.is_source or row.pk is None:  # whoever comes first has to fill the row
        row.title = title
        row.source_locale = wording.locale
        row.archived_at = None if live else (row.archived_at or now)
        for name, value in values.items():
            setattr(row, name, value)
    if not wording.is_source:
        row.titles = {**row.titles, wording.locale: title}
    row.save()
    return row


def _order_activities(
    lesson: Lesson, known: dict[uuid.UUID, Activity], drafts: Sequence[ActivityDraft], now: datetime
) -> dict[uuid.UUID, Activity]:
    for position, draft in enumerate(drafts):
        activity = known.get(draft.key)
        if activity is not None and activity.pk and activity.kind != draft.kind:
            # Another kind under the same id is another activity: answers to the old one must stay readable.
            activity.key, activity.retired_at = uuid.uuid4(), now
            activity.save(update_fields=["key", "retired_at"])
            activity = None
        if activity is None:
            activity = Activity(lesson=lesson, key=draft.key)
            known[draft.key] = activity
        changed = (activity.kind, activity.required, activity.position, activity.retired_at) != (
            draft.kind,
            draft.required,
            position,
            None,
        )
        activity.kind, activity.required, activity.position, activity.retired_at = (
            draft.kind,
            draft.required,
            position,
            None,
        )
        if changed or activity.pk is None:
            activity.save()
    gone = set(known) - {draft.key for draft in drafts}
    Activity.objects.filter(lesson=lesson, key__in=gone, retired_at=None).update(retired_at=now)
    return known


def _add_version(
    activity: Activity,
    locale: str,
    specification: dict[str, Any],
    newest: ActivityVersion | None,
    now: datetime,
) -> None:
    digest = fingerprint([activity.kind, specification])
    if newest is not None and newest.fingerprint == digest:
        return
    ActivityVersion.objects.create(
        activity=activity,
        locale=locale,
        number=newest.number + 1 if newest else 1,
        specification=specification,
        max_score=specification["max_score"],
        pass_score=specification["pass_score"],
        fingerprint=digest,
        published_at=now,
        recording_id=specification.get("recording"),
        handout_id=specification.get("document"),
        package_version_id=specification.get("package_version"),
    )


def _order(model: type[Any], keys: Sequence[uuid.UUID]) -> None:
    rows = {row.key: row for row in model.objects.filter(key__in=keys)}
    moved = []
    for position, key in enumerate(keys):
        row = rows.get(key)
        if row is not None and row.position != position:
            row.position = position
            moved.append(row)
    model.objects.bulk_update(moved, ["position"])


def _free_short_key(model: type[Any]) -> str:
    while True:
        key = "".join(secrets.choice(SHORT_KEY_ALPHABET) for _ in range(8))
        if not model.objects.filter(short_key=key).exists():
            return key
