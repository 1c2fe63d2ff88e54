"""Where a learner stopped. Read only for lessons that hold something that plays."""

from courses.models import Enrolment, ResumePoint


def places_in(*, enrolment: Enrolment, lesson_id: int) -> dict[int, dict[str, ResumePoint]]:
    """All places kept in a lesson, by activity and part. One query."""
    places: dict[int, dict[str, ResumePoint]] = {}
    for point in ResumePoint.objects.filter(enrolment=enrolment, activity__lesson=lesson_id):
        places.setdefault(point.activity_id, {})[point.part] = point
    return places
