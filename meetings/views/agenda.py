"""Meetings from the side of who comes: their agenda, what is open to them, their calendar."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meetings.flows import answer_meeting_offer, register, take_off
from meetings.models import CalendarFeed, Meeting, Place, Registration
from meetings.queries import agenda as queries
from meetings.services.places import PlaceRefused
from meetings.services.planning import may_be_called_off, may_be_planned_again
from meetings.services.tokens import end_feed, feed_of, make_feed
from meetings.views.finding import meeting_seen
from meetings.views.saying import of_lost_offer
from people.context import own_links
from people.rules import is_trainer

Status = Place.Status
CALENDAR = "text/calendar; charset=utf-8"


@login_required
@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """What I go to, what is open to me, and my calendar."""
    now = timezone.now()
    led = queries.led(request.user, now=now) if is_trainer(request.user) else []
    leads = {each.meeting.pk for each in led}
    coming, is_open = queries.coming(request.user, now=now), queries.open_meetings(request.user, now=now)
    context = {
        "led": led,
        # What somebody leads stands there, and nowhere else as well.
        "coming": [each for each in coming if each.meeting.pk not in leads],
        "open": [each for each in is_open if each.meeting.pk not in leads],
        "feed": CalendarFeed.objects.filter(person=request.user).first(),
        "own_links": own_links(request.user),
    }
    return render(request, "meetings/agenda.html", context)


@login_required
@require_safe
def meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One meeting: when and where, whether I come, and for who is in the way to it online."""
    found = meeting_seen(request, pk)
    now = timezone.now()
    (mine,) = queries.appointments(request.user, Meeting.objects.filter(pk=found.pk).select_related("cohort"))
    listed = Meeting.objects.of_participant(request.user).filter(pk=pk).exists()
    leads = Meeting.objects.led_by(request.user).filter(pk=pk).exists()
    cares = leads or Meeting.objects.in_care_of(request.user).filter(pk=pk).exists()
    is_off = not Meeting.objects.standing().filter(pk=pk).exists()
    is_on = not is_off and (leads or (listed and mine.is_in))
    context = {
        "meeting": found,
        "is_off": is_off,
        "mine": mine,
        "listed": listed,
        "leads": leads,
        "cares": cares,
        "may_call_off": cares and not is_off and may_be_called_off(found),
        "may_register": not found.closed_list and found.cohort_id is None,
        "may_plan_again": cares and may_be_planned_again(found),
        "link": found.online_link if is_on else "",
        "may_enter": found.has_room and is_on,
        "ahead": not is_off and mine.is_ahead(now),
        "may_sign_off": listed and mine.may_sign_off(now),
        "may_come_after_all": listed and mine.may_come_after_all(now),
        "offer": mine.place if not is_off and mine.place and mine.place.is_offered(now) else None,
        "own_links": own_links(request.user),
    }
    return render(request, "meetings/meeting.html", context)


@login_required
@require_POST
def come(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One tap: I come, or (`off`) I cannot. Each undoes the other."""
    found = meeting_seen(request, pk)
    off, now = "off" in request.POST, timezone.now()
    listed = Meeting.objects.of_participant(request.user).filter(pk=pk).exists()
    has_place = Registration.objects.filter(meeting=pk, person=request.user).exists()
    is_open = Meeting.objects.open_to(request.user).filter(pk=pk).exists()
    # Who cares for a meeting sees it without being on its list; and nobody puts themselves on a closed one.
    allowed = listed if found.cohort_id else (listed or has_place if off else is_open)
    if not allowed:
        raise Http404
    try:
        if off:
            take_off(meeting=found, person=request.user, now=now)
            messages.success(request, _("Thank you for telling us. Until another time."))
        else:
            place = register(meeting=found, person=request.user, now=now)
            messages.success(request, _said(place))
    except PlaceRefused as refused:
        messages.warning(request, str(refused))
    return _back(request, pk)


@login_required
@require_POST
def meeting_offer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the place that came free, or leave it to the next. Whoever had a turn or a place hears what became of the offer.

    Also where the meeting is meant for others by now, so that they see it no more.
    """
    had = Registration.objects.filter(meeting=pk, person=request.user).select_related("meeting").first()
    found = had.meeting if had is not None else meeting_seen(request, pk)
    now = timezone.now()
    try:
        place = answer_meeting_offer(
            meeting=found, person=request.user, accept="accept" in request.POST, now=now
        )
    except PlaceRefused as refused:
        messages.warning(request, str(refused))
    else:
        lost = place.status == Status.EXPIRED
        messages.success(request, _said_of_lost_offer(request, found, now) if lost else _said(place))
    return _back(request, pk)


@login_required
@require_safe
def meeting_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The meeting for a calendar, under a neutral name. Its neutral title too: files are opened by others."""
    found = meeting_seen(request, pk)
    (mine,) = queries.appointments(request.user, Meeting.objects.filter(pk=found.pk).select_related("cohort"))
    from meetings.calendars import calendar_of_one  # noqa: PLC0415 -- 3 MB, which only who has a calendar pays

    response = HttpResponse(calendar_of_one(found, place=mine.place), content_type=CALENDAR)
    response["Content-Disposition"] = 'attachment; filename="afspraak.ics"'
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """Make, show once, or take back the address that a calendar reads."""
    context: dict[str, object] = {"own_links": own_links(request.user)}
    if request.method == "POST" and "end" in request.POST:
        end_feed(person=request.user)
        messages.success(request, _("The address no longer works."))
        return redirect("agenda")
    if request.method == "POST":
        secret = make_feed(person=request.user, full_titles="full_titles" in request.POST, now=timezone.now())
        context["address"] = f"{settings.SITE_URL}{reverse('feed', args=[secret])}"
    context["feed"] = CalendarFeed.objects.filter(person=request.user).first()
    return render(request, "meetings/calendar_feed.html", context)


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What a calendar reads. No session, no sign-in: the address alone says whose it is. Unknown and taken back: 404."""
    found = feed_of(token)
    if found is None or not found.person.is_active:
        return HttpResponse(status=404, content_type="text/plain")
    from meetings import calendars  # noqa: PLC0415 -- as above

    now = timezone.now()
    body = calendars.feed(
        queries.calendar_of(found.person, now=now),
        places=queries.places_of(found.person),
        full_titles=found.full_titles,
    )
    response = HttpResponse(body, content_type=CALENDAR)
    response["Cache-Control"] = "no-store"
    response["Content-Disposition"] = 'inline; filename="agenda.ics"'
    return response


def _said(place: Place) -> str:
    return {
        Status.REGISTERED: _("You are in. We look forward to it."),
        Status.WAITING: _("It is full. You are on the waiting list; we write when there is a place."),
        Status.OFFERED: _("There is a place for you."),
        Status.DECLINED: _("Thank you for telling us. The place goes to somebody else."),
    }[Status(place.status)]


def _said_of_lost_offer(request: HttpRequest, meeting: Meeting, now: datetime) -> str:
    if meeting.cancelled_at is not None:
        return _("This meeting is cancelled.")
    if meeting.starts_at <= now:
        return _("This meeting has begun already.")
    may_ask = Meeting.objects.open_to(request.user).filter(pk=meeting.pk).exists()
    return of_lost_offer(meeting) + (f" {_('You may ask again.')}" if may_ask else "")


def _back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """To where the button stood: the learning place, or the meeting while it can still be seen."""
    if request.POST.get("back") == "leerplek":
        return redirect("leerplek")
    if Meeting.objects.visible_to(request.user).filter(pk=pk).exists():
        return redirect("meeting", pk)
    return redirect("agenda")
