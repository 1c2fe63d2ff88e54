"""What surveys show."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from courses.queries.access import courses_in_care
from courses.queries.surveys import FEWEST, survey_results
from portal.tables import SurveyTable


@login_required
@require_safe
def survey_averages(request: HttpRequest, short_key: str) -> HttpResponse:
    """Before and after, per construct, over everybody in a course. 404 for who neither trains nor coordinates it."""
    course = get_object_or_404(courses_in_care(request.user), short_key=short_key)
    table = SurveyTable(survey_results(course))
    return render(
        request, "portal/survey_averages.html", {"course": course, "table": table, "fewest": FEWEST}
    )
