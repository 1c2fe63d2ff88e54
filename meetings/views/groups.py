"""Groups: made by one form, looked at, changed, put away."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.models import Cohort
from meetings.flows import make_group
from meetings.flows.groups import keep_group, put_group_away, take_group_back
from meetings.forms import ChangeGroupForm, GroupForm
from meetings.models import Meeting
from meetings.queries import groups as queries
from meetings.rules import holiday_on, wall_clock
from meetings.views.finding import group_in_care, staff_only
from people.context import own_links


@login_required
@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """My groups, and the meetings without a group that I care for. 404 for who neither trains nor coordinates."""
    staff_only(request)
    now = timezone.now()
    meetings = Meeting.objects.in_care_of(request.user).standing().filter(ends_at__gt=now)
    context = {
        "groups": queries.groups_in_care(request.user),
        "meetings": meetings.filter(cohort=None).order_by("starts_at", "pk"),
        "own_links": own_links(request.user),
    }
    return render(request, "meetings/groups.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """A group with all its dates, by one form."""
    staff_only(request)
    initial = {"trainers": [request.user.pk], "capacity": 12}
    form = GroupForm(
        request.POST if request.method == "POST" else None, planner=request.user, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        cohort, meetings = make_group(**form.cleaned_data, now=timezone.now())
        planned = ngettext(
            "%(number)d meeting is planned.", "%(number)d meetings are planned.", len(meetings)
        )
        messages.success(request, planned % {"number": len(meetings)})
        flagged = sum(bool(holiday_on(wall_clock(meeting.starts_at)[0])) for meeting in meetings)
        if flagged:
            on_holidays = ngettext(
                "%(number)d of them is on a holiday. You can still move it.",
                "%(number)d of them are on a holiday. You can still move them.",
                flagged,
            )
            messages.warning(request, on_holidays % {"number": flagged})
        return redirect("group", cohort.pk)
    context = {"form": form, "own_links": own_links(request.user)}
    return render(request, "meetings/make_group.html", context, status=422 if form.is_bound else 200)


@login_required
@require_safe
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """A group: its dates, who is in, who wants to come in. Aliases only."""
    cohort = group_in_care(request, pk)
    shown = queries.group(cohort)
    trainers = list(cohort.trainers.all())
    context = {
        "group": shown,
        "cohort": cohort,
        "dates": _dates(cohort, shown.meetings, timezone.now()),
        "trainers": trainers,
        # Who is there, only who leads the meetings writes down.
        "leads": request.user in trainers,
        "own_links": own_links(request.user),
    }
    return render(request, "meetings/group.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_group(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, trainers, places, way in. The dates are changed at each meeting."""
    cohort = group_in_care(request, pk)
    members = queries.group(cohort).members
    form = ChangeGroupForm(
        request.POST if request.method == "POST" else None,
        planner=request.user,
        cohort=cohort,
        members=len(members),
    )
    if request.method == "POST" and form.is_valid():
        keep_group(cohort=cohort, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Kept."))
        return redirect("group", cohort.pk)
    context = {"form": form, "cohort": cohort, "own_links": own_links(request.user)}
    return render(request, "meetings/change_group.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a group away, after asking. Nothing of its record goes."""
    cohort, now = group_in_care(request, pk), timezone.now()
    if cohort.archived_at is not None:
        return redirect("group", pk)
    if request.method == "POST":
        put_group_away(cohort=cohort, by=request.user, now=now)
        messages.success(request, _("The group is put away. Nothing of it is lost."))
        return redirect("groups")
    coming = queries.still_to_come(cohort, now=now).count()
    context = {"cohort": cohort, "coming": coming, "own_links": own_links(request.user)}
    return render(request, "meetings/archive_group.html", context)


@login_required
@require_POST
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """A group that was put away takes people again."""
    take_group_back(cohort=group_in_care(request, pk), now=timezone.now())
    messages.success(request, _("The group is back. Meetings that were called off stay off."))
    return redirect("group", pk)


def _dates(cohort: Cohort, meetings: list[Meeting], now: datetime) -> list[dict]:
    """What the page says of each meeting. Of a session one counts: the meeting that stands, else what was called off last.

    Only that one can be planned again: what came in its place stands, or is off as well.
    """
    in_turn = sorted(
        meetings, key=lambda meeting: (meeting.cancelled_at is None, meeting.cancelled_at or now)
    )
    counting = {meeting.session_id: meeting for meeting in in_turn if meeting.session is not None}
    number, dates = 0, []
    for meeting in meetings:
        counts = counting.get(meeting.session_id) is meeting
        number += counts
        dates.append(
            {
                "meeting": meeting,
                "number": number if counts else None,
                "holiday": holiday_on(wall_clock(meeting.starts_at)[0]),
                "over": meeting.is_over(now),
                "may_plan_again": counts
                and meeting.cancelled_at is not None
                and cohort.archived_at is None
                and meeting.session.archived_at is None,
            }
        )
    return dates
