"""Where a learner stopped. Read only for lessons that hold something that plays."""

from django.db.models import QuerySet

from courses.models import Activity, Enrolment, ResumePoint


def places_in(*, enrolment: Enrolment, lesson_id: int) -> dict[int, dict[str, ResumePoint]]:
    """All places kept in a lesson, by activity and part. One query."""
    places: dict[int, dict[str, ResumePoint]] = {}
    for point in ResumePoint.objects.filter(enrolment=enrolment, activity__lesson=lesson_id):
        places.setdefault(point.activity_id, {})[point.part] = point
    return places


def places_of(*, enrolment: Enrolment, activity: Activity) -> QuerySet[ResumePoint]:
    """The places kept in one activity, by part, each with the wording it was kept under. One query."""
    points = ResumePoint.objects.filter(enrolment=enrolment, activity=activity)
    return points.select_related("version").order_by("part")
