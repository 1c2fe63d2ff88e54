"""What a player reports: where somebody is in a recording, and which stretches of it they played."""

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from courses.activities.playing import NotPlayed
from courses.services.resuming import NoPlace, PlaceConflict
from portal.flows import NotTheirs, Retired, report_playing

LONGEST = 20_000  # bytes


class _NoReport(ValueError):
    """The body of the request is no report."""


@login_required
@require_POST
def keep_place(request: HttpRequest, activity_id: int) -> JsonResponse:
    """Take a report as JSON: `version`, `revision`, `at` and `played`.

    200 with what counts as played, 422 for what is no report, 409 with the kept place where another tab was further,
    410 where the activity was taken out, 404 for who may not.
    """
    try:
        report = _report(request)
        reported = report_playing(learner=request.user, activity_id=activity_id, now=timezone.now(), **report)
    except NotTheirs as error:
        raise Http404 from error
    except Retired:
        return JsonResponse({"error": "retired"}, status=410)
    except PlaceConflict as conflict:
        kept = conflict.stored
        return JsonResponse({**kept.state, "revision": kept.revision}, status=409)
    except (_NoReport, NotPlayed, NoPlace) as error:
        return JsonResponse({"error": str(error)}, status=422)
    return JsonResponse({"played": reported.per_cent, "done": reported.done})


def _report(request: HttpRequest) -> dict[str, Any]:
    if len(request.body) > LONGEST:
        raise _NoReport("too long")
    try:
        sent = json.loads(request.body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise _NoReport("no JSON") from error
    if not isinstance(sent, dict):
        raise _NoReport("not an object")
    numbers = {name: sent.get(name) for name in ("version", "revision")}
    for name, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value < 2**62:
            raise _NoReport(f"{name} is a number from 1")
    return {
        "version_id": numbers["version"],
        "revision": numbers["revision"],
        "at": sent.get("at"),
        "played": sent.get("played"),
    }


def _no_number(name: str) -> Any:
    raise ValueError(name)
