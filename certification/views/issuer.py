"""For software that checks badges: who we are, and which badges do not count any more. Public, and the same for all."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from certification.badges import did_document, multikey_of
from certification.limits import within_limit
from certification.models import StatusList
from certification.queries import badge_keys
from certification.services.lists import signed_list, signed_list_jwt
from certification.signing import KeyProblem, badge_key

# A minute, from one address. A verifier keeps a list for five minutes.
MOST_ASKED = 120


@require_GET
def did(request: HttpRequest) -> HttpResponse:
    """`/.well-known/did.json`: the keys of our badges, the retired ones too."""
    return _open(JsonResponse(did_document(_keys()), content_type="application/did+json"))


def _keys() -> list[str]:
    """All keys, with today's, which may have signed a list before it signs its first badge."""
    known = badge_keys()
    try:
        current = multikey_of(badge_key().public_pem)
    except KeyProblem:
        return known
    return known if current in known else [current, *known]


@require_GET
def status_list(request: HttpRequest, number: int) -> HttpResponse:
    """A status list with a Data Integrity proof."""
    return _list(request, number, signed_list, "application/vc")


@require_GET
def status_list_jwt(request: HttpRequest, number: int) -> HttpResponse:
    """The same list as a JWT."""
    return _list(request, number, signed_list_jwt, "application/vc+jwt")


def _list(request: HttpRequest, number: int, sign: object, content_type: str) -> HttpResponse:
    if not within_limit(request, action="list", most=MOST_ASKED):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    found = get_object_or_404(StatusList, number=number)
    try:
        text = sign(status_list=found, now=timezone.now())
    except KeyProblem:  # said at length in the log of the worker and by the system check
        return HttpResponse(status=503, headers={"Retry-After": "300"})
    return _open(HttpResponse(text, content_type=content_type))


def _open(response: HttpResponse) -> HttpResponse:
    """A verifier in somebody else's page may read it; nothing in it is anybody's."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=60"
    return response
