"""What is written in the room for intervision. A text is kept only when nothing in it points at somebody."""

from collections.abc import Callable, Collection
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from meetings.forms import AnonymousTextForm, case_form, learning_point_form
from meetings.services import rooms
from meetings.services.anonymity import MayNameSomebody, PointsAtSomebody
from meetings.services.learning_points import keep_learning_point
from meetings.views.room import page, room_of, standing_of


@sensitive_post_parameters("text", "asked")
@sensitive_variables("form")
@login_required
@require_POST
def write_case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The case, by who brings it. Nothing of it is kept as long as something in it points at somebody."""
    standing = standing_of(request, pk)
    found = room_of(standing)
    form = case_form(request.POST)

    def keep(text: str, confirmed: Collection[str]) -> None:
        rooms.keep_case(room=found, by=request.user, text=text, confirmed=confirmed, now=timezone.now())

    if _passes(request, form, keep, said=_("Kept. Everybody in the room can read it now.")):
        return redirect("room", pk)
    return page(request, standing, timezone.now(), status=422, case_form=form)


@sensitive_post_parameters("text", "asked")
@sensitive_variables("form")
@login_required
@require_POST
def write_learning_point(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What I take along, for myself."""
    standing = standing_of(request, pk)
    if standing.room is None or standing.room.started_at is None:
        raise Http404
    form = learning_point_form(request.POST)

    def keep(text: str, confirmed: Collection[str]) -> None:
        keep_learning_point(
            meeting=standing.meeting, person=request.user, text=text, confirmed=confirmed, now=timezone.now()
        )

    if _passes(request, form, keep, said=_("Kept, for you alone.")):
        return redirect("room", pk)
    return page(request, standing, timezone.now(), status=422, point_form=form)


def _passes(
    request: HttpRequest,
    form: AnonymousTextForm,
    keep: Callable[[str, Collection[str]], None],
    *,
    said: str,
) -> bool:
    """Keep a text and say so, or say what refused it. False where the writer has to look at it again.

    Counted: nobody tries names by the hundred to see which are known here.
    """
    if not form.is_valid():
        return False
    if not ratelimit.consume(request, action="anonymous_text"):
        form.add_error(
            None, _("You tried this very often. Wait a quarter of an hour; your text is still here.")
        )
        return False
    try:
        keep(form.cleaned_data["text"], form.confirmed)
    except (PointsAtSomebody, MayNameSomebody) as refusal:
        form.refuse(refusal)
        return False
    except rooms.RoomRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, said)
    return True
