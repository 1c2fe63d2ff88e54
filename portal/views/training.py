"""What trainers have beside their own learning place."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from courses.queries.access import courses_in_care
from courses.queries.outline import sessions_with_surveys
from courses.queries.surveys import FEWEST, survey_results
from people.rules import is_coordinator, is_trainer
from portal.tables import SurveyTable
from portal.views.learning import own_links


@login_required
@require_safe
def training(request: HttpRequest) -> HttpResponse:
    """The courses one trains or coordinates: notes per session, and what surveys show. 404 for who does neither."""
    if not (is_trainer(request.user) or is_coordinator(request.user)):
        raise Http404
    courses = sessions_with_surveys(courses_in_care(request.user))
    return render(request, "portal/training.html", {"courses": courses, "own_links": own_links(request.user)})


@login_required
@require_safe
def survey_averages(request: HttpRequest, short_key: str) -> HttpResponse:
    """Before and after, per construct, over everybody in a course. 404 for who neither trains nor coordinates it."""
    course = get_object_or_404(courses_in_care(request.user), short_key=short_key)
    table = SurveyTable(survey_results(course))
    return render(
        request, "portal/survey_averages.html", {"course": course, "table": table, "fewest": FEWEST}
    )
