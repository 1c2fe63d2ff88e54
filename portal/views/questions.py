"""How the questions of a test do, for who teaches with them."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.models import Enrolment
from courses.queries.questions import question_report, quizzes_of
from people.context import own_links
from people.rules import is_coordinator, is_trainer
from portal.tables import QuestionsTable


@login_required
@require_safe
def questions(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Numbers per question over the learners in my care. 404 for who cares for nobody in this course."""
    if not (is_trainer(request.user) or is_coordinator(request.user)):
        raise Http404
    in_care = Enrolment.objects.in_care_of(request.user)
    activity = quizzes_of(in_care).filter(pk=activity_id).first()
    if activity is None:
        raise Http404
    report = question_report(activity=activity, enrolments=in_care)
    context = {
        "activity": activity,
        "report": report,
        "table": QuestionsTable(report.lines),
        "own_links": own_links(request.user),
    }
    return render(request, "portal/questions.html", context)
