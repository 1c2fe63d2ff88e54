"""The room for intervision: one page that everybody in it sees move, and what is pressed and written there."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meetings.flows import close_room
from meetings.forms import (
    ClockForm,
    CloseRoomForm,
    MethodForm,
    RolesForm,
    case_form,
    learning_point_form,
)
from meetings.methods import METHODS
from meetings.models import Room, Seat
from meetings.queries.participants import leaders_of, to_write_down
from meetings.queries.rooms import (
    Standing,
    minutes_so_far,
    own_attendance,
    people_in_room,
    standing_in_room,
)
from meetings.services import rooms
from meetings.services.attendance import AttendanceRefused
from meetings.services.learning_points import read_learning_point
from meetings.views.attending import tell_who_was_passed_over

# How often a browser asks whether something changed, in seconds. Between two answers it counts down by itself.
EVERY = 3
# What is left of the phase, in seconds by our clock: with every answer, also when nothing changed.
LEFT = "Room-Left"


@login_required
@require_safe
def room(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The whole page."""
    return page(request, standing_of(request, pk), timezone.now())


@require_safe
def room_state(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What moves on the page, or 304 where nothing did. One query for the answer that nothing did.

    Asked for by the page itself: who was signed out is told so with a 404, no sign-in page may be swapped into it.
    """
    if not request.user.is_authenticated:
        raise Http404
    standing, now = standing_of(request, pk), timezone.now()
    tag = _tag(standing, now)
    if tag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = render(request, "meetings/parts/room.html", _state(request, standing, now))
    response["ETag"] = tag
    left = standing.room.left(now) if standing.room else None
    if left is not None:
        response[LEFT] = f"{left.total_seconds():.1f}"
    return response


@login_required
@require_POST
def choose_method(request: HttpRequest, pk: UUID) -> HttpResponse:
    """For who leads the meeting or the conversation: opens the room."""
    standing = _facilitating(request, pk)
    form = MethodForm(request.POST)
    if not form.is_valid():
        return page(request, standing, timezone.now(), status=422, method_form=form)
    return _tried(
        request,
        pk,
        lambda: rooms.open_room(
            meeting=standing.meeting, method=form.cleaned_data["method"], now=timezone.now()
        ),
    )


@login_required
@require_POST
def give_roles(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who brings the case, who leads, who keeps the time."""
    standing = _facilitating(request, pk)
    found = room_of(standing)
    form = RolesForm(request.POST, guests=people_in_room(standing.meeting, found))
    if not form.is_valid():
        return page(request, standing, timezone.now(), status=422, roles_form=form)
    return _tried(request, pk, lambda: rooms.give_roles(room=found, roles=form.roles, now=timezone.now()))


@login_required
@require_POST
def work_clock(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A press on a button of the clock. What was pressed on an older state does nothing, and says so."""
    found = room_of(_facilitating(request, pk))
    form = ClockForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)

    def work() -> None:
        if not rooms.work_clock(room=found, **form.cleaned_data, now=timezone.now()):
            raise rooms.RoomRefused(_("Somebody was just before you. This is how it stands now."))

    return _tried(request, pk, work)


@login_required
@require_POST
def come_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """I am here. For who is on the list; who leads the meeting is no part of its attendance."""
    standing = standing_of(request, pk)
    found = room_of(standing)
    if not any(guest.person_id == request.user.pk for guest in people_in_room(standing.meeting, found)):
        raise Http404
    return _tried(request, pk, lambda: rooms.come_in(room=found, person=request.user, now=timezone.now()))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The end: who was there is written down, and the case goes."""
    standing, now = _facilitating(request, pk), timezone.now()
    found = room_of(standing)
    if not found.is_open:
        return redirect("room", pk)
    came = _who_came(found)
    people = to_write_down(standing.meeting, came=came)
    form = CloseRoomForm(
        request.POST if request.method == "POST" else None,
        participants=people,
        came=came,
        minutes=minutes_so_far(standing.meeting, found, now),
        guests=standing.meeting.guests,
    )
    if request.method == "POST" and form.is_valid():
        try:
            recorded = close_room(
                room=found, marks=form.marks, guests=form.cleaned_data["guests"], by=request.user, now=now
            )
        except (rooms.RoomRefused, AttendanceRefused) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The room is closed, and the case is gone."))
            tell_who_was_passed_over(request, form, recorded)
            return redirect("room", pk)
    context = {"meeting": standing.meeting, "form": form, "people": people}
    return render(request, "meetings/close_room.html", context, status=422 if form.is_bound else 200)


def standing_of(request: HttpRequest, pk: UUID) -> Standing:
    """How who asks stands to a room; 404 for whom it does not exist."""
    found = standing_in_room(request.user, pk)
    if found is None:
        raise Http404
    return found


def _facilitating(request: HttpRequest, pk: UUID) -> Standing:
    standing = standing_of(request, pk)
    if not standing.facilitates:
        raise Http404
    return standing


def room_of(standing: Standing) -> Room:
    """The room, open or closed; 404 as long as nobody opened it."""
    if standing.room is None:
        raise Http404
    return standing.room


def _who_came(found: Room) -> set[Any]:
    return set(Seat.objects.filter(room=found, came_at__isnull=False).values_list("person_id", flat=True))


def _tried(request: HttpRequest, pk: UUID, work: Callable[[], object]) -> HttpResponse:
    """Do it, and back to the room; what was refused is told there."""
    try:
        work()
    except rooms.RoomRefused as refused:
        messages.warning(request, str(refused))
    return redirect("room", pk)


def _tag(standing: Standing, now: datetime) -> str:
    """Changes with whatever the page would show otherwise."""
    turn = standing.room.turn if standing.room else "-"
    whose = f"{standing.facilitates:d}{standing.role}{standing.came:d}{standing.may_begin(now):d}"
    return f'"{turn}-{whose}-{get_language()}"'


def _state(request: HttpRequest, standing: Standing, now: datetime, **forms: Any) -> dict[str, Any]:
    """What the page shows. `forms` are those that came back with something to look at again."""
    meeting, found = standing.meeting, standing.room
    context: dict[str, Any] = {
        "meeting": meeting,
        "standing": standing,
        "room": found,
        "every": EVERY,
        "tag": _tag(standing, now),
        "may_begin": standing.may_begin(now),
    }
    if found is not None and found.started_at and (not found.is_open or found.is_last_phase):
        kept = read_learning_point(meeting=meeting, person=request.user)
        context["point_form"] = learning_point_form(kept=kept)
    if found is None or not found.is_open:
        if found is not None:
            context["attendance"] = own_attendance(meeting, request.user)
        elif standing.facilitates:
            context |= {"methods": METHODS.values(), "method_form": MethodForm()}
        return context | forms
    guests = people_in_room(meeting, found)
    case, left = rooms.read_case(found, now=now), found.left(now)
    context |= {
        "guests": guests,
        "listed": any(guest.person_id == request.user.pk for guest in guests),
        "leaders": sorted(leaders_of(meeting), key=lambda leader: leader.alias.casefold()),
        "led_by_guest": any(guest.role == Seat.Role.FACILITATOR for guest in guests),
        "case": case,
        "left": left,
        "minutes_left": None if left is None else round(left.total_seconds() / 60),
        "minutes_over": None if left is None else round(-left.total_seconds() / 60),
    }
    if standing.brings_case:
        context["case_form"] = case_form(kept=case)
    if standing.facilitates:
        context["roles_form"] = RolesForm(guests=guests)
        if found.started_at is None:
            context |= {
                "methods": METHODS.values(),
                "method_form": MethodForm(initial={"method": found.method}),
            }
    return context | forms


def page(
    request: HttpRequest, standing: Standing, now: datetime, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """The page, with the forms that have to be looked at again."""
    return render(request, "meetings/room.html", _state(request, standing, now, **forms), status=status)
