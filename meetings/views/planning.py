"""Planning, moving and cancelling meetings."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from meetings.flows import (
    cancel_and_tell,
    change_and_tell,
    plan_again_and_tell,
    plan_in_group_and_tell,
    take_off,
)
from meetings.forms import ChangeMeetingForm, GroupMeetingForm, OnListForm, OpenMeetingForm, PlanAgainForm
from meetings.models import Meeting
from meetings.queries.participants import participants
from meetings.rules import holiday_on, wall_clock
from meetings.services.places import PlaceRefused, put_on_list
from meetings.services.planning import (
    PlanningRefused,
    may_be_called_off,
    may_be_moved,
    plan_meetings,
    state_of,
    where_later_ones_come,
    why_not_planned_again,
)
from meetings.views.finding import group_in_care, meeting_in_care, staff_only
from people.context import own_links
from people.models import User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """A meeting without a group, once or repeated."""
    staff_only(request)
    form = OpenMeetingForm(request.POST if request.method == "POST" else None, planner=request.user)
    if request.method == "POST" and form.is_valid():
        planned = plan_meetings(**form.plan, now=timezone.now())
        words = ngettext("%(number)d meeting is planned.", "%(number)d meetings are planned.", len(planned))
        messages.success(request, words % {"number": len(planned)})
        return redirect("meeting", planned[0].pk)
    context = {"form": form, "own_links": own_links(request.user)}
    return render(request, "meetings/plan_meeting.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan_in_group(request: HttpRequest, pk: int) -> HttpResponse:
    """A meeting beside a group's training sessions, once or repeated. Back to a group that is put away: it meets no more."""
    cohort, now = group_in_care(request, pk), timezone.now()
    form = GroupMeetingForm.of(cohort, request.POST if request.method == "POST" else None)
    if cohort.archived_at is not None:
        return redirect("group", pk)
    if request.method == "POST" and form.is_valid():
        try:
            planned = plan_in_group_and_tell(cohort=cohort, by=request.user, now=now, **form.plan)
        except PlanningRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _said_of_planned(planned, now))
            return redirect("group", pk)
    context = {"form": form, "cohort": cohort, "own_links": own_links(request.user)}
    return render(request, "meetings/plan_meeting.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a meeting. Where it moves and others come after it, it asks first what becomes of those."""
    meeting, now = meeting_in_care(request, pk), timezone.now()
    movable = may_be_moved(meeting)
    form = ChangeMeetingForm.of(meeting, request.POST if request.method == "POST" else None, movable=movable)
    context = {
        "form": form,
        "meeting": meeting,
        "movable": movable,
        "may_call_off": meeting.cancelled_at is None and may_be_called_off(meeting),
        "own_links": own_links(request.user),
    }
    if request.method == "POST" and not form.is_valid():
        context["form"] = ChangeMeetingForm.again(meeting, request.POST.dict(), movable=movable)
        return render(request, "meetings/change_meeting.html", context, status=422)
    if request.method != "POST":
        return render(request, "meetings/change_meeting.html", context)
    changes = form.changes
    later = _moving_along(meeting, changes) if movable else []
    if later and "later" not in request.POST:
        return render(request, "meetings/move_later.html", {**context, "later": later, "changes": changes})
    try:
        changed = change_and_tell(
            meeting=meeting,
            state=form.cleaned_data["state"],
            and_later=bool(later) and request.POST.get("later") == "along",
            by=request.user,
            now=now,
            **changes,
        )
    except PlanningRefused as refused:
        # What they filled in, on the state it would be kept on now.
        meeting.refresh_from_db()
        stands, movable = meeting.cancelled_at is None, may_be_moved(meeting)
        filled = {**request.POST.dict(), "state": state_of(meeting)}
        form = ChangeMeetingForm.again(meeting, filled, movable=movable)
        form.add_error(None, str(refused))
        context |= {
            "form": form,
            "movable": movable,
            "stands": stands,
            "may_call_off": stands and may_be_called_off(meeting),
        }
        return render(request, "meetings/change_meeting.html", context, status=409)
    if ahead := [each for each in changed if each.starts_at > now]:
        words = ngettext(
            "Kept. Who comes to this meeting gets a message.",
            "Kept. Who comes to these %(number)d meetings gets a message.",
            len(ahead),
        )
        messages.success(request, words % {"number": len(ahead)})
    else:
        messages.success(request, _("Kept."))
    return _where_it_stands_now(request, meeting)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Cancel a meeting, after asking."""
    meeting, now = meeting_in_care(request, pk), timezone.now()
    begun = meeting.starts_at <= now
    if request.method == "POST":
        try:
            if cancel_and_tell(meeting=meeting, by=request.user, now=now):
                words = _("The meeting is off. Who would have come gets a message.")
                messages.success(request, _("This meeting is off.") if begun else words)
        except PlanningRefused as refused:
            messages.warning(request, str(refused))
        return redirect("group", meeting.cohort_id) if meeting.cohort_id else redirect("meeting", pk)
    context = {
        "meeting": meeting,
        "begun": begun,
        "may_call_off": may_be_called_off(meeting),
        "own_links": own_links(request.user),
    }
    return render(request, "meetings/cancel_meeting.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The session of a meeting that is off, on another day. 404 where it was of no session of a group."""
    meeting = meeting_in_care(request, pk)
    if meeting.session is None:
        raise Http404
    if refusal := why_not_planned_again(meeting):
        messages.warning(request, refusal)
        return redirect("group", meeting.cohort_id)
    form = PlanAgainForm.of(meeting, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            plan_again_and_tell(meeting=meeting, by=request.user, now=timezone.now(), **form.plan)
        except PlanningRefused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _("The meeting is planned."))
        return redirect("group", meeting.cohort_id)
    context = {"form": form, "meeting": meeting, "own_links": own_links(request.user)}
    return render(request, "meetings/plan_again.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def on_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who is on the list of a meeting without a group. For who leads it alone; nobody else sees a name."""
    meeting = get_object_or_404(Meeting.objects.led_by(request.user), pk=pk, cohort=None)
    form = OnListForm(request.POST if "email" in request.POST else None)
    if request.method == "POST" and "take_off" in request.POST:
        return _take_off_list(request, meeting)
    if request.method == "POST" and form.is_valid():
        person = User.objects.filter(email__iexact=form.cleaned_data["email"], is_active=True).first()
        if person is None:
            form.add_error("email", _("Nobody has an account with this address."))
        else:
            try:
                put_on_list(meeting=meeting, person=person, now=timezone.now())
            except PlaceRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("On the list."))
                return redirect("on_list", pk)
    context = {
        "meeting": meeting,
        "form": form,
        "participants": participants(meeting),
        "own_links": own_links(request.user),
    }
    return render(request, "meetings/on_list.html", context, status=422 if form.is_bound else 200)


def _take_off_list(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    listed = {str(each.person_id) for each in participants(meeting)}
    chosen = request.POST["take_off"]
    person = User.objects.filter(pk=chosen).first() if chosen in listed else None
    try:
        if person is not None:
            take_off(meeting=meeting, person=person, now=timezone.now())
            messages.success(request, _("Off the list."))
    except PlaceRefused as refused:
        messages.warning(request, str(refused))
    return redirect("on_list", meeting.pk)


def _said_of_planned(planned: Sequence[Meeting], now: datetime) -> str:
    """Nobody is told of what has begun already: it was planned to write down who came."""
    if any(each.starts_at > now for each in planned):
        words = ngettext(
            "The meeting is planned. Who is in the group gets a message.",
            "%(number)d meetings are planned. Who is in the group gets a message.",
            len(planned),
        )
    else:
        words = ngettext("%(number)d meeting is planned.", "%(number)d meetings are planned.", len(planned))
    return words % {"number": len(planned)}


def _where_it_stands_now(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """After a change: its group, or itself while it is still in somebody's care in the region it has now."""
    if meeting.cohort_id:
        return redirect("group", meeting.cohort_id)
    if Meeting.objects.in_care_of(request.user).filter(pk=meeting.pk).exists():
        return redirect("meeting", meeting.pk)
    messages.info(request, _("In this region others coordinate: the meeting is no longer among yours."))
    return redirect("groups")


def _moving_along(meeting: Meeting, changes: dict) -> list[dict]:
    """The later meetings with where they would come, where this one moves on the clock."""
    if (meeting.starts_at, meeting.ends_at) == (changes["starts_at"], changes["ends_at"]):
        return []
    along = where_later_ones_come(meeting, starts_at=changes["starts_at"], ends_at=changes["ends_at"])
    return [
        {"meeting": later, "starts_at": starts_at, "holiday": holiday_on(wall_clock(starts_at)[0])}
        for later, starts_at, _ends_at in along
    ]
