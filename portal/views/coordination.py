"""Screens of trainers and coordinators."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import Enrolment
from courses.queries.dialogues import talks_of
from courses.queries.post import messages_in_care
from courses.queries.progress import course_progress
from courses.queries.questions import quizzes_of
from people.context import own_links
from people.models import User
from people.rules import is_coordinator, is_trainer
from people.services.recovery import issue_recovery_code
from portal.tables import LearnersTable

A_PAGE = 50


@login_required
@require_safe
def learners(request: HttpRequest) -> HttpResponse:
    """Who learns in my groups or my organisation, and how far they are. 404 for who is neither trainer nor coordinator."""
    if not (is_trainer(request.user) or is_coordinator(request.user)):
        raise Http404
    enrolments = (
        Enrolment.objects.in_care_of(request.user)
        .select_related("course", "cohort", "learner")
        .order_by(*_ordering(request))
    )
    page = Paginator(enrolments, A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    table = LearnersTable(
        shown,
        progress={course.enrolment.pk: course for course in course_progress(shown)},
        order_by=request.GET.getlist("sort")[:3] or None,
        exclude=() if is_coordinator(request.user) else ("help",),
    )
    context = {
        "table": table,
        "page": page,
        "tests": quizzes_of(Enrolment.objects.in_care_of(request.user)),
        "talks": talks_of(request.user).filter(retired_at=None) if is_trainer(request.user) else (),
        "undelivered": messages_in_care(request.user).undelivered().count()
        if is_coordinator(request.user)
        else 0,
        "own_links": own_links(request.user),
    }
    return render(request, "portal/learners.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_code(request: HttpRequest, pk: str) -> HttpResponse:
    """A coordinator hands over a code in person: shown once, on this screen only."""
    if not is_coordinator(request.user):
        raise Http404
    learns_here = Enrolment.objects.in_care_of(request.user).filter(learner=pk).exists()
    person = User.objects.filter(pk=pk).first()
    if person is None or not learns_here:
        raise Http404
    code = ""
    if request.method == "POST":
        try:
            code = issue_recovery_code(
                coordinator=request.user, person=person, now=timezone.now(), learns_here=learns_here
            )
        except PermissionDenied as denied:
            raise Http404 from denied
    return render(request, "portal/recovery_code.html", {"person": person, "code": code})


def _ordering(request: HttpRequest) -> list[str]:
    """The sort the table's headings ask for; unknown ones are left out."""
    columns = {"alias": "alias", "course": "course__title", "cohort": "cohort__name", "status": "status"}
    columns["started_at"] = "started_at"
    asked = [name for name in request.GET.getlist("sort")[:3] if name.lstrip("-") in columns]
    return [("-" if name.startswith("-") else "") + columns[name.lstrip("-")] for name in asked] or [
        "alias",
        "pk",
    ]
