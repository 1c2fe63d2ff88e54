"""What learners hand in: their own file back, and the trainers' side of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.activities import ResponseError
from courses.activities.assignment import LEVELS
from courses.models import Submission
from courses.queries.submissions import for_review
from courses.services.handed_files import private_storage
from people.context import own_links
from people.rules import is_coordinator, is_trainer
from portal.flows import NotTheirs, answer_submission
from portal.tables import SubmissionsTable

A_PAGE = 50


@login_required
@require_safe
def handed_in_file(request: HttpRequest, activity_id: int) -> FileResponse:
    """The learner's own file, as they handed it in last."""
    return _handed_out(get_object_or_404(Submission.objects.of(request.user), activity=activity_id))


@login_required
@require_safe
def submissions(request: HttpRequest) -> HttpResponse:
    """What was handed in in my groups, what waits first. 404 for who is neither trainer nor coordinator."""
    if not (is_trainer(request.user) or is_coordinator(request.user)):
        raise Http404
    page = Paginator(for_review(request.user), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "table": SubmissionsTable(list(page.object_list)),
        "page": page,
        "own_links": own_links(request.user),
    }
    return render(request, "portal/submissions.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    """One hand-in with the rubric, to look at and to answer. 404 for who trains no group of this learner."""
    found = for_review(request.user).filter(pk=pk).first()
    if found is None:
        return _to_the_newer(request, pk)
    error = ""
    if request.method == "POST":
        try:
            answer_submission(
                submission_id=pk,
                trainer=request.user,
                levels={each["key"]: request.POST.get(f"level-{each['key']}") for each in _criteria(found)},
                words=request.POST.get("words", ""),
                now=timezone.now(),
            )
        except ResponseError as refused:
            error = str(refused)
        except NotTheirs:
            return _to_the_newer(request, pk)
        else:
            messages.success(request, _("Sent. The learner finds it in the lesson."))
            return redirect("submissions")
    context = {
        "submission": found,
        "error": error,
        "own_links": own_links(request.user),
        **_filled_in(request, found),
    }
    return render(request, "portal/submission.html", context, status=422 if error else 200)


@login_required
@require_safe
def submission_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file of a hand-in, to the trainers of the learner's group."""
    return _handed_out(get_object_or_404(for_review(request.user), pk=pk))


def _handed_out(submission: Submission) -> FileResponse:
    """As something to save, never to show: what is in it was not made by us. The name says nothing."""
    if not submission.file_name:
        raise Http404
    try:
        file = private_storage().open(submission.file_name)
    except FileNotFoundError as gone:
        raise Http404 from gone
    name = f"opdracht-{submission.pk}.{submission.file_format}"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _to_the_newer(request: HttpRequest, pk: int) -> HttpResponse:
    """What was handed in since, in the place of what a trainer had on screen."""
    older = get_object_or_404(Submission, pk=pk)
    newer = get_object_or_404(
        for_review(request.user), enrolment=older.enrolment_id, activity=older.activity_id
    )
    messages.info(request, _("This was handed in anew just now. Here is the new text."))
    return redirect("submission", newer.pk)


def _criteria(submission: Submission) -> list[dict]:
    return submission.attempt.version.specification["criteria"]


def _filled_in(request: HttpRequest, submission: Submission) -> dict[str, object]:
    """The rubric with what is chosen, and the words: as posted, else as they were given before."""
    before = getattr(submission, "feedback", None)
    posted = request.POST if request.method == "POST" else None
    criteria = []
    for each in _criteria(submission):
        earlier = before.levels.get(each["key"]) if before else None
        chosen = posted.get(f"level-{each['key']}") if posted is not None else earlier
        levels = [
            {"key": level, "name": name, "text": each["levels"][level], "chosen": level == chosen}
            for level, name in LEVELS.items()
        ]
        criteria.append({**each, "levels": levels})
    words = posted.get("words", "") if posted is not None else before.words if before else ""
    return {"criteria": criteria, "words": words, "given": before}
