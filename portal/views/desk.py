"""Trainersplein: a trainer's groups, who needs them and why, and who is where."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from courses.models import CallRequest, Cohort, Enrolment, Session, Submission
from courses.queries.access import courses_in_care
from courses.queries.care import (
    calls_for,
    check_in_list,
    cohorts_in_care,
    needing_attention,
    of_cohort,
    open_answers,
    open_calls,
    texts_shared_with,
    with_last_busy,
)
from courses.queries.outline import sessions_with_surveys
from courses.queries.packages import named, packages_of
from courses.queries.progress import CourseProgress, course_progress
from courses.services.care import note_check_in, take_back_check_in, take_call
from meetings.models import Meeting
from meetings.queries.leading import CALLED_WITHIN, at_hand, to_be_called, to_call, with_meeting
from meetings.queries.showing_up import ShowingUp, showing_up
from people.context import own_links
from people.rules import is_coordinator, is_trainer
from portal.exports import FORMATS, as_file
from portal.filters import MembersFilter
from portal.tables import MembersTable, member_lines
from portal.views.reading import uuid_of
from portal.wording import reasons

A_PAGE = 50


def cohort_in_care(request: HttpRequest, pk: int) -> Cohort:
    """A group of somebody who trains or coordinates it; 404 for everybody else."""
    return get_object_or_404(cohorts_in_care(request.user), pk=pk)


@login_required
@require_safe
def training(request: HttpRequest) -> HttpResponse:
    """Where a trainer begins: who needs them now, what waits to be read, their groups. 404 for who trains nor coordinates."""
    if not (is_trainer(request.user) or is_coordinator(request.user)):
        raise Http404
    user, now = request.user, timezone.now()
    members = Count("enrolments", filter=~Q(enrolments__status=Enrolment.Status.WITHDRAWN))
    trained = Enrolment.objects.filter(cohort__trainers=user).exclude(learner=user)
    trained = trained.exclude(status=Enrolment.Status.WITHDRAWN)
    came = showing_up(Cohort.objects.filter(trainers=user), now=now)
    attention = needing_attention(
        with_last_busy(trained), calls=open_calls(user), missed=_missed(came), now=now
    )
    context = {
        "cohorts": cohorts_in_care(user).annotate(members=members),
        "attention": [(each, reasons(each)) for each in attention],
        "at_hand": at_hand(user, now=now),
        "to_call": to_call(user, now=now),
        "to_answer": Submission.objects.reviewed_by(user).waiting().count(),
        "to_read": open_answers(user).filter(is_seen=False).count(),
        "shared": texts_shared_with(user).count(),
        "calls": calls_for(user).filter(taken_at__isnull=False).exists()
        or any(each.call for each in attention),
        "courses": sessions_with_surveys(courses_in_care(user)),
        "packages": named(packages_of(Enrolment.objects.in_care_of(user))),
        "own_links": own_links(user),
    }
    return render(request, "portal/training.html", context)


@login_required
@require_safe
def cohort(request: HttpRequest, pk: int) -> HttpResponse:
    """One group: who needs attention and why, and who is where, to sort, filter and take along."""
    group, now = cohort_in_care(request, pk), timezone.now()
    sessions = _sessions(group)
    came = showing_up(Cohort.objects.filter(pk=group.pk), now=now)
    filtered, table, progress = _members(request, group, sessions, came)
    RequestConfig(request, paginate={"per_page": A_PAGE, "silent": True}).configure(table)
    attention = needing_attention(
        of_cohort(group, request.user),
        calls=open_calls(request.user, group),
        missed=_missed(came),
        now=now,
    )
    context = {
        "cohort": group,
        "attention": [(each, reasons(each)) for each in attention],
        "heavy": [
            (session, session.begins_at is None or session.begins_at <= now)
            for session in sessions
            if session.heavy
        ],
        "filter": filtered,
        "table": table,
        "per_session": _per_session(progress),
        "formats": FORMATS,
        "asked": request.GET.urlencode(),
        "own_links": own_links(request.user),
    }
    return render(request, "portal/cohort.html", context)


@login_required
@require_safe
def cohort_file(request: HttpRequest, pk: int, file_format: str) -> HttpResponse:
    """The table of a group as a file, filtered and sorted as on the screen it was asked from."""
    group = cohort_in_care(request, pk)
    if file_format not in FORMATS:
        raise Http404
    came = showing_up(Cohort.objects.filter(pk=group.pk), now=timezone.now())
    _filtered, table, _progress = _members(request, group, _sessions(group), came)
    RequestConfig(request, paginate=False).configure(table)
    return as_file(table, file_format=file_format, name="deelnemers", title=_("Learners"))


def _sessions(group: Cohort) -> list[Session]:
    return list(with_meeting(Session.objects.filter(course=group.course_id, archived_at=None), group))


Came = Mapping[tuple[int, UUID], ShowingUp]


def _members(
    request: HttpRequest, group: Cohort, sessions: list[Session], came: Came
) -> tuple[MembersFilter, MembersTable, list[CourseProgress]]:
    queryset = (
        of_cohort(group, request.user).select_related("course", "here__session").order_by("alias", "pk")
    )
    filtered = MembersFilter(request.GET, queryset=queryset, sessions=sessions)
    progress = course_progress(list(filtered.qs))
    return filtered, MembersTable(member_lines(progress, came, timezone.now())), progress


def _per_session(progress: list[CourseProgress]) -> list[tuple[str, int, int]]:
    """Per session: its title, how many did all that counts in it, and of how many."""
    sessions = zip(*(course.sessions for course in progress), strict=True)
    return [(each[0].title, sum(session.done for session in each), len(each)) for each in sessions]


def _missed(came: Came) -> dict[tuple[int, UUID], tuple[datetime, ...]]:
    return {key: each.missed for key, each in came.items() if each.missed}


@login_required
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """Who of my groups asked to be called, and who took it on."""
    if not (is_trainer(request.user) or is_coordinator(request.user)):
        raise Http404
    context = {"calls": calls_for(request.user), "own_links": own_links(request.user)}
    return render(request, "portal/calls.html", context)


@login_required
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a request on; the learner sees who did, and when."""
    found = get_object_or_404(CallRequest.objects.for_trainer(request.user), pk=pk)
    if take_call(request=found, trainer=request.user, now=timezone.now()):
        messages.success(request, _("You took it on. The learner sees that you will call."))
    else:
        messages.info(request, _("Somebody took this on already."))
    return redirect("calls")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_ins(request: HttpRequest, pk: int, short_key: str) -> HttpResponse:
    """Who was called after a heavy session. For the trainers of the group; it holds no word of what was said."""
    group = get_object_or_404(Cohort.objects.filter(trainers=request.user), pk=pk)
    session = get_object_or_404(
        Session, short_key=short_key, course=group.course_id, heavy=True, archived_at=None
    )
    now = timezone.now()
    meeting = Meeting.objects.standing().filter(cohort=group, session=session).first()
    people = to_be_called(
        session=session, meeting=meeting, enrolments=of_cohort(group, request.user), now=now
    )
    if request.method == "POST":
        learner = get_object_or_404(
            people, pk=uuid_of(request.POST.get("called") or request.POST.get("not_called"))
        )
        if "called" in request.POST:
            note_check_in(enrolment=learner, session=session, trainer=request.user, now=now)
        else:
            take_back_check_in(enrolment=learner, session=session)
        return redirect("check_ins", pk, short_key)
    lines = check_in_list(session, people)
    context = {
        "cohort": group,
        "session": session,
        "lines": [(line, line.did_at + CALLED_WITHIN if line.did_at else None) for line in lines],
        "begins_at": meeting.starts_at if meeting and meeting.starts_at > now else None,
        "until": meeting.ends_at + CALLED_WITHIN if meeting else None,
        "left": sum(line.check_in is None for line in lines),
        "own_links": own_links(request.user),
    }
    return render(request, "portal/check_ins.html", context)
