"""Mijn leerplek, and a course from the learner's side."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from certification.queries import (
    Standing,
    awards_of,
    earned_by,
    held,
    may_begin_again,
    standings,
    with_places,
)
from courses.models import Cohort, Course, Enrolment, Programme
from courses.queries.access import course_for, reflections_of
from courses.queries.later import later_form_of
from courses.queries.progress import CourseProgress, course_progress, enrolments_of
from courses.services.enrolments import EnrolmentRefused, complete_as_it_is
from meetings.flows import leave_group
from meetings.queries.agenda import awaited_by, coming
from meetings.queries.participants import missed_sessions
from people.context import own_links
from people.models import User
from people.queries import recent_sign_ins
from portal.flows import give_legal_name
from portal.flows import start_course as start
from portal.forms import LegalNameForm, StartForm


@login_required
@require_safe
def leerplek(request: HttpRequest) -> HttpResponse:
    """Where the learner goes on, how far they are, what they wrote, what they earned."""
    courses = course_progress(list(enrolments_of(request.user)))
    underway = [course for course in courses if course.next_lesson]
    now = timezone.now()
    next_meeting = next(iter(coming(request.user, now=now, most=1)), None)
    return render(
        request,
        "portal/leerplek.html",
        {
            "courses": courses,
            "still_asked": _still_asked(courses, request.user),
            "first": underway[0] if underway else None,
            "reflections": reflections_of(request.user)[:3],
            "awards": held(awards_of(request.user), today=timezone.localdate(now)),
            "pending_names": earned_by(request.user) if courses and not request.user.legal_name else [],
            "name_form": LegalNameForm(),
            "sign_ins": recent_sign_ins(request.user) if request.user.mailbox_unsafe else [],
            "own_links": own_links(request.user),
            "next_meeting": next_meeting,
            "may_sign_off": next_meeting is not None and next_meeting.may_sign_off(now),
            "may_come_after_all": next_meeting is not None and next_meeting.may_come_after_all(now),
            "awaited": awaited_by(request.user, now=now),
            "missed": missed_sessions(request.user, now=now),
            "earns_points": any(
                course.enrolment.course.programme.audience == Programme.Audience.PROFESSIONALS
                for course in courses
            ),
        },
    )


def _still_asked(courses: list[CourseProgress], learner: User) -> list[Standing]:
    """Where all lessons are done and the certificate waits for something else than a name. No query where there is none."""
    finished = [each.enrolment for each in courses if not each.next_lesson and not each.enrolment.closed_at]
    for enrolment in finished:
        enrolment.learner = learner
    known = with_places(standings(finished), now=timezone.now()) if finished else []
    return [each for each in known if each.award is None and not (each.lacks_name or each.lacks_check)]


@login_required
@require_safe
def my_course(request: HttpRequest, short_key: str) -> HttpResponse:
    """All sessions and lessons of one course, with what is done."""
    enrolment = course_for(short_key=short_key, learner=request.user)
    if enrolment is None:
        raise Http404
    (progress,) = course_progress([enrolment])
    enrolment.learner = request.user
    (standing,) = with_places(standings([enrolment]), now=timezone.now())
    context = {"course": progress, "enrolment": enrolment, "standing": standing}
    if not progress.next_lesson or enrolment.status == Enrolment.Status.COMPLETED:
        context["asks_later"] = later_form_of(enrolment, timezone.localdate()) is not None
    return render(request, "portal/my_course.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start_course(request: HttpRequest, short_key: str) -> HttpResponse:
    """Start a course, or do it once more to renew its certificate: choose the name others see."""
    course = Course.objects.select_related("programme").filter(short_key=short_key, archived_at=None).first()
    if course is None:
        raise Http404
    enrolment = course_for(short_key=short_key, learner=request.user)
    again = enrolment is not None and may_begin_again(enrolment, today=timezone.localdate())
    if enrolment is not None and not again:
        return redirect("my_course", short_key)
    if request.method == "POST" and again and "ask" in request.POST:
        # What a certificate did not ask for may be left: who may ask for a place is over with the first time.
        complete_as_it_is(enrolment=enrolment, now=timezone.now())
        return redirect("ask_to_join", short_key)
    form = StartForm(request.POST or None, initial={"alias": request.user.alias})
    if request.method == "POST" and form.is_valid():
        # A group's code is short: nobody may try them out.
        if form.cleaned_data["code"] and (refusal := ratelimit.consume_or_429(request, action="group_code")):
            return refusal
        try:
            started = start(
                learner=request.user,
                course=course,
                again=enrolment if again else None,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except EnrolmentRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            if started is None:
                messages.success(
                    request,
                    _("The group is full. You are on the waiting list; we write when there is a place."),
                )
            else:
                messages.success(request, _("You have started. Take your time."))
            return redirect("leerplek")
    ways = set(course.cohorts.filter(archived_at=None).values_list("way_in", flat=True))
    context = {
        "course": course,
        "again": again,
        "form": form,
        "asks_code": Cohort.WayIn.CODE in ways,
        "after_a_talk": Cohort.WayIn.INTAKE in ways,
    }
    return render(request, "portal/start_course.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop_course(request: HttpRequest, short_key: str) -> HttpResponse:
    """Stop a course, after asking."""
    enrolment = course_for(short_key=short_key, learner=request.user)
    if enrolment is None:
        raise Http404
    if request.method == "POST":
        leave_group(enrolment=enrolment, now=timezone.now())
        messages.success(request, _("You have stopped with this course. You may start again at any time."))
        return redirect("leerplek")
    return render(request, "portal/stop_course.html", {"enrolment": enrolment})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def legal_name(request: HttpRequest) -> HttpResponse:
    """Ask for the name on a certificate that waits for it."""
    form = LegalNameForm(request.POST or None, initial={"legal_name": request.user.legal_name})
    if request.method == "POST" and form.is_valid():
        awards = give_legal_name(learner=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Thank you. Your certificate is being made.") if awards else _("Kept."))
        return redirect(f"{reverse('leerplek')}#bewijzen")
    return render(request, "portal/legal_name.html", {"form": form}, status=422 if form.is_bound else 200)
