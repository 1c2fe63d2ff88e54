"""Evaluation: who has not answered yet, closing a round, and what the figures show then."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.activities import ResponseError, survey
from courses.models.survey import FEWEST
from courses.queries.access import course_for, courses_in_care
from courses.queries.later import later_form_of
from courses.queries.surveys import (
    asked_in,
    results_of_cohort,
    results_of_course,
    results_of_lesson,
    results_of_programme,
    rounds_of,
)
from courses.services.later import agree_to_later, answer_later, take_back_later
from courses.services.surveys import close_round
from people.context import own_links
from portal.tables import SurveyTable, result_lines
from portal.views.desk import cohort_in_care


@login_required
@require_safe
def survey_averages(request: HttpRequest, short_key: str) -> HttpResponse:
    """Before and after, per construct, over closed rounds. 404 for who neither trains nor coordinates the course."""
    course = get_object_or_404(courses_in_care(request.user), short_key=short_key)
    asked = asked_in(course)
    results = results_of_course(course, asked)
    context = {
        "course": course,
        "lines": result_lines(results),
        "table": SurveyTable(results),
        "fewest": FEWEST,
        "own_links": own_links(request.user),
    }
    if course.programme.courses.filter(archived_at=None).count() > 1:
        context["programme_table"] = SurveyTable(results_of_programme(course.programme, asked), prefix="p-")
    return render(request, "portal/survey_averages.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_surveys(request: HttpRequest, pk: int) -> HttpResponse:
    """A group's rounds: who has not answered while they are open, what came of it once they are closed."""
    cohort = cohort_in_care(request, pk)
    asked = asked_in(cohort.course)
    if request.method == "POST":
        if request.POST.get("ask") not in asked:
            raise Http404
        if "sure" not in request.POST:
            messages.error(request, _("Tick that you are sure: a closed round is not opened again."))
        else:
            close_round(cohort=cohort, ask=request.POST["ask"], closed_by=request.user, now=timezone.now())
            messages.success(request, _("The round is closed. What may be shown stands here now."))
        return redirect("cohort_surveys", pk)
    results = results_of_cohort(cohort, asked)
    rounds = rounds_of(cohort, asked)
    context = {
        "cohort": cohort,
        "rounds": rounds,
        "lessons": [
            (each, results_of_lesson(cohort, each.asked))
            for each in rounds
            if each.closed_at and each.asked.ask.startswith("les-")
        ],
        "shown": any(each.closed_at and not each.asked.ask.startswith("les-") for each in rounds),
        "lines": result_lines(results),
        "table": SurveyTable(results),
        "fewest": FEWEST,
        "own_links": own_links(request.user),
    }
    return render(request, "portal/cohort_surveys.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def later(request: HttpRequest, short_key: str) -> HttpResponse:
    """Three months after: agree to be asked, take it back, and answer when it is time."""
    enrolment = course_for(short_key=short_key, learner=request.user)
    form = enrolment and later_form_of(enrolment, timezone.localdate())
    if not form:
        raise Http404
    error, shown = "", form.blank
    if request.method == "POST":
        now = timezone.now()
        if "agree" in request.POST:
            agree_to_later(enrolment=enrolment, now=now)
            messages.success(request, _("Thank you. We will ask you once, in three months."))
            return redirect("later", short_key)
        if "take_back" in request.POST:
            take_back_later(enrolment=enrolment)
            messages.success(request, _("Good. We will not ask you."))
            return redirect("later", short_key)
        if not form.is_open:
            raise Http404
        try:
            answers = survey.clean(form.specification, request.POST)["answers"]
        except ResponseError as refused:
            error, shown = str(refused), survey.refill(form.blank, request.POST)
        else:
            answer_later(enrolment=enrolment, version=form.version, answers=answers, now=now)
            messages.success(request, _("Thank you for looking back."))
            return redirect("later", short_key)
    context = {"enrolment": enrolment, "later": form, "form": shown, "error": error}
    return render(request, "portal/later.html", context, status=422 if error else 200)
