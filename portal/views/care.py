"""Help that is one tap away from every lesson: to be called, to pause; and the group one learns in."""

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.models import Enrolment, Lesson
from courses.queries.access import course_for, lesson_for
from courses.queries.care import call_of, fellow_members, trainers_of
from courses.services.care import take_back_call
from meetings.queries.agenda import coming
from portal.flows import ask_to_be_called
from portal.forms import CallForm

# An element of the lesson, as place.js names it: nothing else may come into the way back.
PLACE = re.compile(r"[a-z]{1,12}(?:-[0-9]{1,18})?")


def _lesson(request: HttpRequest, short_key: str) -> tuple[Lesson, Enrolment]:
    found = lesson_for(short_key=short_key, learner=request.user)
    if found is None:
        raise Http404
    return found


def _way_back(request: HttpRequest, lesson: Lesson) -> str:
    """To the same place in the lesson, where the page could say which it was; else to the top."""
    place = request.GET.get("plek", "")
    anchor = f"#{place}" if PLACE.fullmatch(place) else ""
    return reverse("lesson", args=[lesson.short_key]) + anchor


@login_required
@require_safe
def pause(request: HttpRequest, short_key: str) -> HttpResponse:
    """A short exercise to come to rest, and one tap back to where the learner was."""
    lesson, _enrolment = _lesson(request, short_key)
    return render(request, "portal/pause.html", {"lesson": lesson, "back": _way_back(request, lesson)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def call_me(request: HttpRequest, short_key: str) -> HttpResponse:
    """Ask the trainers of one's group to call, and see whether somebody took it on."""
    lesson, enrolment = _lesson(request, short_key)
    trainers = list(trainers_of(enrolment))
    current = call_of(enrolment)
    waiting = current if current is not None and current.taken_at is None else None
    initial = {"moment": waiting.moment, "phone": waiting.phone} if waiting else None
    form = CallForm(request.POST if request.method == "POST" and trainers else None, initial=initial)
    if form.is_bound and form.is_valid():
        ask_to_be_called(enrolment=enrolment, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("We will call you. Here you see when somebody has taken it on."))
        return redirect(request.get_full_path())
    context = {
        "lesson": lesson,
        "back": _way_back(request, lesson),
        "trainers": trainers,
        "call": current,
        "waiting": waiting,
        "form": form,
    }
    return render(request, "portal/call_me.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def no_call(request: HttpRequest, short_key: str) -> HttpResponse:
    """The call is not needed any more."""
    _lesson_there, enrolment = _lesson(request, short_key)
    take_back_call(enrolment=enrolment)
    messages.success(request, _("Good. Nobody will call you about this."))
    return redirect("call_me", short_key)


@login_required
@require_safe
def my_group(request: HttpRequest, short_key: str) -> HttpResponse:
    """Who is in one's group, by the names they chose. For its members alone; there are no profiles."""
    enrolment = course_for(short_key=short_key, learner=request.user)
    if enrolment is None or enrolment.cohort_id is None:
        raise Http404
    context = {
        "enrolment": enrolment,
        "members": fellow_members(enrolment),
        "trainers": trainers_of(enrolment),
        "coming": [
            each
            for each in coming(request.user, now=timezone.now())
            if each.meeting.cohort_id == enrolment.cohort_id
        ],
    }
    return render(request, "portal/group.html", context)
