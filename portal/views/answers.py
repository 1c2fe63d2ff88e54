"""Answering an activity."""

import uuid as uuids
from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from certification.queries import Standing, standings, with_places
from certification.requirements import Verdict
from courses.activities import ResponseError, kind_of
from courses.models import ActivityVersion, Lesson
from courses.presentation import ShownActivity, answered, blank, fresh_try, in_short
from courses.queries.access import is_taught, lesson_of_activity, version_for
from courses.queries.outline import outline
from courses.queries.progress import reader_of, trying_now
from courses.services.attempts import AnswerConflict
from portal.flows import Answered, NotTheirs, Retired, TriesAgain, answer_activity
from portal.forms import AnswerForm
from portal.uploads import OneFile, uploaded

ACTIVITY = "portal/answered.html"


@csrf_exempt
def answer(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Before anything reads the form, its token too: a file goes to a handler that keeps no more than it may."""
    request.upload_handlers = [OneFile(request)]
    return _answer(request, activity_id)


@csrf_protect
@login_required
@require_http_methods(["GET", "POST"])
def _answer(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Take an answer. With htmx the activity comes back; without, the lesson at the same place.

    Who comes by address alone, after signing in again or by reloading, is led to the task.
    200 with feedback or a fresh try, 422 for what is no answer, 409 for another answer under the same form, 404 for who may not.
    """
    if request.method == "GET":
        lesson = lesson_of_activity(activity_id=activity_id, learner=request.user)
        if lesson is None:
            raise Http404
        return redirect(_task(lesson, activity_id))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise Http404
    version_id, uuid = form.cleaned_data["version"], form.cleaned_data["uuid"]
    try:
        outcome = answer_activity(
            learner=request.user,
            activity_id=activity_id,
            version_id=version_id,
            data=request.POST,
            file=uploaded(request),
            uuid=uuid,
            now=timezone.now(),
            before=request.POST.get("answered", ""),
        )
    except NotTheirs as error:
        raise Http404 from error
    except Retired:
        return _gone(request, activity_id, version_id)
    except ResponseError as error:
        return _again(request, activity_id, version_id, error=str(error), status=422)
    except TriesAgain:
        return _again(request, activity_id, version_id, status=200, again=True)
    except AnswerConflict as conflict:
        return _conflict(request, activity_id, version_id, conflict)
    return _feedback(request, outcome) if request.htmx else redirect(_place(outcome.version))


def _feedback(request: HttpRequest, outcome: Answered) -> HttpResponse:
    """The activity with the answer laid over it, and where the learner is now."""
    shown = answered(
        activity=outcome.version.activity,
        version=outcome.version,
        attempt=outcome.recorded.attempt,
        done=outcome.done,
        uuid=str(uuids.uuid4()),
        private_text=outcome.recorded.response.get("text", ""),
        reader=reader_of(enrolment=outcome.enrolment, activity=outcome.version.activity),
        now_trying=trying_now(learner=request.user, activity=outcome.version.activity),
        saved=True,
    )
    lesson = outcome.version.activity.lesson
    context = {
        "activity": shown,
        "outline": outline(enrolment=outcome.enrolment, lesson=lesson),
        "standing": closing_standing(outcome),
    }
    return render(request, ACTIVITY, context)


def closing_standing(outcome: Answered) -> Standing | None:
    """How the learner stands with the certificate, where an answer closed something; `None` while lessons are open.

    `None` as well for who holds it already and did something again. No query where the certificate came of the answer.
    """
    if not outcome.closes_something:
        return None
    if outcome.awarded is not None:
        return Standing(outcome.enrolment, None, Verdict({}), outcome.awarded)
    (standing,) = with_places(standings([outcome.enrolment]), now=timezone.now())
    return standing if standing.award is None else None


def _again(
    request: HttpRequest,
    activity_id: int,
    version_id: int,
    *,
    status: int,
    again: bool = False,
    **more: str,
) -> HttpResponse:
    """The form with what was filled in kept, and a sentence that says what to do."""
    version = version_for(activity_id=activity_id, version_id=version_id)
    if version is None:
        raise Http404
    shown = _as_sent(request, version, **more)
    if again:
        shown = replace(shown, **fresh_try(shown.kind, version.specification, request.POST))
    if request.htmx:
        return render(request, ACTIVITY, {"activity": shown}, status=status)
    return render(
        request, "portal/answer_again.html", {"activity": shown, "back": _place(version)}, status=status
    )


def _conflict(
    request: HttpRequest, activity_id: int, version_id: int, conflict: AnswerConflict
) -> HttpResponse:
    words = in_short(conflict.attempt.activity, conflict.attempt)
    sentence = (
        _(
            "You answered this form before, perhaps in another tab. What counts is: %(answer)s. Below is a fresh form."
        )
        % {"answer": words.rstrip(".")}
        if words
        else _("You sent this form before, perhaps in another tab, with another text. Below is a fresh form.")
    )
    return _again(request, activity_id, version_id, conflict=sentence, status=409)


def _gone(request: HttpRequest, activity_id: int, version_id: int) -> HttpResponse:
    version = version_for(activity_id=activity_id, version_id=version_id)
    sentence = _("The trainer took this task out of the lesson just now. Your answer is no longer needed.")
    if request.htmx:
        return render(
            request, "portal/activity_gone.html", {"sentence": sentence, "activity_id": activity_id}
        )
    messages.info(request, sentence)
    still_taught = version is not None and is_taught(version.activity.lesson)
    return redirect(
        reverse("lesson", args=[version.activity.lesson.short_key]) if still_taught else "leerplek"
    )


def _as_sent(request: HttpRequest, version: ActivityVersion, **more: str) -> ShownActivity:
    """A blank form with what was filled in put back, so that nobody does it twice."""
    shown = blank(
        activity=version.activity,
        version=version,
        uuid=str(uuids.uuid4()),
        now_trying=trying_now(learner=request.user, activity=version.activity),
        **more,
    )
    refill = getattr(kind_of(shown.kind), "refill", None)
    return replace(shown, form=refill(shown.form, request.POST)) if refill else shown


def _place(version: ActivityVersion) -> str:
    return _task(version.activity.lesson, version.activity_id)


def _task(lesson: Lesson, activity_id: int) -> str:
    return f"{reverse('lesson', args=[lesson.short_key])}#a-{activity_id}"
