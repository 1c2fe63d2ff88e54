"""Reading the syllabus."""

from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery

from courses.models import Activity, ActivityVersion, Course, Lesson

TAUGHT = {"retired_at": None, "lesson__archived_at": None, "lesson__session__archived_at": None}


def newest_versions(activities: QuerySet[Activity], locale: object) -> QuerySet[ActivityVersion]:
    """The newest version of each activity in a language: a code, or an expression over the activity."""
    newest = (
        ActivityVersion.objects.filter(activity=OuterRef("pk"), locale=locale)
        .order_by("-number")
        .values("pk")[:1]
    )
    return ActivityVersion.objects.filter(
        pk__in=activities.annotate(newest=Subquery(newest)).values("newest")
    )


def source_versions(activities: QuerySet[Activity]) -> QuerySet[ActivityVersion]:
    """The newest version of each activity in its source language, which carries keys and marks."""
    return newest_versions(activities, OuterRef("lesson__source_locale"))


def required_versions(course: Course) -> QuerySet[ActivityVersion]:
    """What a learner who starts today has to do, in the source's wording."""
    required = Activity.objects.filter(required=True, lesson__session__course=course, **TAUGHT)
    return source_versions(required).order_by("pk")


def lessons_of(courses: Iterable[Course]) -> QuerySet[Lesson]:
    """What is taught in these courses today, in the order of reading."""
    return (
        Lesson.objects.filter(session__course__in=courses, archived_at=None, session__archived_at=None)
        .select_related("session")
        .order_by("session__position", "session_id", "position", "pk")
    )
