"""What learners did in packages, for who teaches with them: everybody, one learner, and all of it for another system."""

import json
from collections.abc import Iterator
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from courses import xapi
from courses.activities import h5p
from courses.models import Course, Enrolment
from courses.queries.packages import (
    NamedPackage,
    attempts_read,
    counted,
    named,
    packages_of,
    played,
    rules_of,
    statements_of,
)
from people.models import User
from portal.tables import PlayedTable
from portal.views.learning import own_links


@login_required
@require_safe
def played_package(request: HttpRequest, activity_id: int) -> HttpResponse:
    """A package with everybody in my care who did something in it. 404 for who cares for nobody in this course."""
    package, in_care = _in_care(request.user, activity_id)
    activity = package.activity
    rows = played(activity=activity, enrolments=in_care.filter(course=activity.lesson.session.course_id))
    context = {
        "package": package,
        "activity": activity,
        "rules": rules_of(activity),
        "table": PlayedTable(rows, activity_id=activity.pk),
        "own_links": own_links(request.user),
    }
    return render(request, "portal/played_package.html", context)


@login_required
@require_safe
def played_by_learner(request: HttpRequest, activity_id: int, enrolment_id: UUID) -> HttpResponse:
    """One learner's attempts at a package, with what was answered. 404 for who does not care for them."""
    package, in_care = _in_care(request.user, activity_id)
    activity = package.activity
    enrolment = get_object_or_404(in_care, pk=enrolment_id, course=activity.lesson.session.course_id)
    attempts = attempts_read(activity=activity, enrolment=enrolment)
    read_first = counted([read.attempt for read in reversed(attempts) if read.attempt is not None])
    context = {
        "package": package,
        "activity": activity,
        "enrolment": enrolment,
        "attempts": attempts,
        "read_first": read_first,
        "why_first": read_first and h5p.POLICIES[read_first.version.specification["policy"]],
        "own_links": own_links(request.user),
    }
    return render(request, "portal/played_by_learner.html", context)


@login_required
@require_safe
def export_statements(request: HttpRequest, short_key: str) -> StreamingHttpResponse:
    """What packages reported of the learners in my care in a course: xAPI, a statement a line, under pseudonyms."""
    in_care = Enrolment.objects.in_care_of(request.user).filter(course__short_key=short_key)
    course = Course.objects.filter(short_key=short_key).first()
    if course is None or not in_care.exists():
        raise Http404
    response = StreamingHttpResponse(_lines(in_care), content_type="application/x-ndjson; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="meldingen-{course.short_key}.jsonl"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _lines(enrolments: object) -> Iterator[str]:
    for statement in statements_of(enrolments):
        yield json.dumps(xapi.exported(statement), separators=(",", ":")) + "\n"


def _in_care(user: User, activity_id: int) -> tuple[NamedPackage, object]:
    in_care = Enrolment.objects.in_care_of(user)
    # With the others of its lesson, from which its name tells it apart.
    beside = packages_of(in_care).filter(lesson__activities=activity_id)
    package = next((each for each in named(beside) if each.activity.pk == activity_id), None)
    if package is None:
        raise Http404
    return package, in_care
