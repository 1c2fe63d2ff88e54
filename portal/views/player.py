"""Packages in lessons: the document in which one plays, and what it sends through the page around it."""

import json
import uuid as uuids
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from courses.activities import ResponseError
from courses.models import Activity, ActivityVersion, Enrolment
from courses.queries.outline import outline
from courses.queries.packages import played_by, version_to_play
from courses.queries.places import places_of
from courses.services.resuming import PlaceConflict
from courses.services.statements import ReportConflict, TooMuch
from media.services.player import Place
from media.views import played
from portal.flows import Answered, NotTheirs, Retired
from portal.playing import take_state, take_statement
from portal.views.answers import closing_standing

LARGEST = 1_100_000  # bytes of a body: half a million characters of state, as JSON within JSON
NOTHING = "null"


@login_required
@require_safe
def player(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Where a package in a lesson plays, and its document. 404 for whoever is not in the course."""
    found = played_by(activity_id=activity_id, learner=request.user)
    version = found and version_to_play(activity=found[0], enrolment=found[1], language=get_language() or "")
    if not found or version is None or version.package_version is None:
        raise Http404
    return played(
        request,
        version.package_version,
        title=version.specification["question"],
        places=lambda: _places(*found, version),
        told={"version": version.pk},
    )


def _places(activity: Activity, enrolment: Enrolment, version: ActivityVersion) -> list[Place]:
    """What was kept; without the state where it was kept in another version of the package."""
    return [
        Place(
            point.part,
            point.revision,
            point.data
            if point.version.package_version_id == version.package_version_id and point.data != NOTHING
            else None,
        )
        for point in places_of(enrolment=enrolment, activity=activity)
    ]


# What is answered to what cannot be taken; without a sentence the error brings its own.
REFUSALS: dict[type[Exception], tuple[int, Any]] = {
    RequestDataTooBig: (413, _("This part of the lesson sent more than we can keep.")),
    Retired: (
        410,
        _("The trainer took this task out of the lesson just now. Your answer is no longer needed."),
    ),
    ReportConflict: (409, _("You sent this before, perhaps in another tab.")),
    PlaceConflict: (409, _("You went on in another tab. What you did there is kept.")),
    TooMuch: (429, ""),
    ResponseError: (422, ""),
}


def _sent_by_the_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A body of JSON, `{"version": …, …}`, and every refusal as JSON with a sentence."""

    @login_required
    @require_POST
    @wraps(view)
    def taking(request: HttpRequest, activity_id: int) -> HttpResponse:
        try:
            return view(request, activity_id, _body(request))
        except NotTheirs as error:
            raise Http404 from error
        except tuple(REFUSALS) as error:
            status, sentence = next(REFUSALS[kind] for kind in REFUSALS if isinstance(error, kind))
            return JsonResponse({"error": str(sentence or error)}, status=status)

    return taking


@_sent_by_the_page
def statement(request: HttpRequest, activity_id: int, sent: dict[str, Any]) -> HttpResponse:
    """Take a statement. 200 with what came of it where it is an answer, 204 else."""
    answered = take_statement(
        learner=request.user,
        activity_id=activity_id,
        version_id=_number(sent, "version"),
        sent=sent.get("statement"),
        uuid=_uuid(sent),
        now=timezone.now(),
    )
    return _outcome(request, answered) if answered else HttpResponse(status=204)


@_sent_by_the_page
def place(request: HttpRequest, activity_id: int, sent: dict[str, Any]) -> HttpResponse:
    """Keep where somebody is in a package."""
    part, state = sent.get("part"), sent.get("state")
    if not isinstance(part, str) or not isinstance(state, str):
        raise ResponseError(_("This part of the lesson sent something that we cannot read."))
    take_state(
        learner=request.user,
        activity_id=activity_id,
        version_id=_number(sent, "version"),
        part=part,
        state=state,
        revision=_number(sent, "revision"),
        now=timezone.now(),
    )
    return HttpResponse(status=204)


def _outcome(request: HttpRequest, answered: Answered) -> HttpResponse:
    activity = answered.version.activity
    context = {
        "activity_id": activity.pk,
        "told": answered.recorded.attempt.readable,
        "passed": answered.recorded.attempt.passed,
        "done": answered.done,
        "outline": outline(enrolment=answered.enrolment, lesson=activity.lesson),
        "standing": closing_standing(answered),
    }
    return render(request, "portal/played.html", context)


def _body(request: HttpRequest) -> dict[str, Any]:
    if len(request.body) > LARGEST:
        raise RequestDataTooBig
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise ResponseError(_("This part of the lesson sent something that we cannot read."))
    return sent


def _number(sent: dict[str, Any], name: str) -> int:
    number = sent.get(name)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 2**63:
        raise ResponseError(_("This part of the lesson sent something that we cannot read."))
    return number


def _uuid(sent: dict[str, Any]) -> uuids.UUID:
    try:
        return uuids.UUID(str(sent.get("uuid")))
    except ValueError as error:
        raise ResponseError(_("This part of the lesson sent something that we cannot read.")) from error
