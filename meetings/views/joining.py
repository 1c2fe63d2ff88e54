"""Coming into a group: by invitation, by asking, by the place that came free."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from courses.models import Cohort, Course, Enrolment
from courses.queries.access import course_for
from courses.services.enrolments import EnrolmentRefused
from meetings.flows import accept_invitation, answer_group_offer, ask_to_join, invite, leave_waiting_list
from meetings.forms import InviteForm, JoinForm
from meetings.models import GroupPlace
from meetings.services.invitations import invitation_of, read_list, was_taken_up_by
from meetings.services.places import PlaceRefused, has_room
from meetings.views.finding import group_in_care
from meetings.views.saying import of_lost_offer
from people.context import own_links

Status = GroupPlace.Status
WAITS = (Status.ASKED, Status.WAITING, Status.OFFERED)
# So many of the lines that are not sent to stand on the page.
MOST_SHOWN = 200


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a list, say what each line comes to, and send only when that is confirmed."""
    cohort = group_in_care(request, pk)
    if cohort.archived_at is not None:
        messages.warning(request, _("This group is put away and takes nobody any more. Take it back first."))
        return redirect("group", pk)
    form = InviteForm(request.POST if request.method == "POST" else None, request.FILES or None)
    context = {
        "cohort": cohort,
        "form": form,
        "is_full": not has_room(cohort),
        "own_links": own_links(request.user),
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "meetings/invite.html", context, status=422 if form.is_bound else 200)
    report = read_list(form.text, cohort=cohort)
    if "confirm" not in request.POST:
        problems = report.problems
        context |= {"report": report, "problems": problems[:MOST_SHOWN], "more": len(problems) - MOST_SHOWN}
        return render(request, "meetings/invite.html", context)
    sent = invite(cohort=cohort, emails=report.emails, by=request.user, now=timezone.now())
    words = ngettext("%(number)d invitation is on its way.", "%(number)d invitations are on their way.", sent)
    messages.success(request, words % {"number": sent})
    return redirect("group", cohort.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What an invitation is for, and the button that takes it up: a place, or a turn on the waiting list."""
    if not request.user.is_authenticated:
        return _at_the_door(request, token)
    if refusal := ratelimit.consume_or_429(request, action="group_code"):
        return refusal
    found = invitation_of(token, now=timezone.now())
    if found is None:
        return _gone(request, token)
    form = JoinForm(request.POST if request.method == "POST" else None, initial={"alias": request.user.alias})
    if request.method == "POST" and form.is_valid():
        try:
            place = accept_invitation(
                invitation=found, person=request.user, alias=form.cleaned_data["alias"], now=timezone.now()
            )
        except (EnrolmentRefused, PlaceRefused) as refused:
            form.add_error(None, str(refused))
        else:
            if place is None:
                return _gone(request, token)
            _say_what_became(request, place)
            return redirect("leerplek")
    context = {"form": form, "cohort": found.cohort, "is_full": not has_room(found.cohort)}
    return render(request, "meetings/invitation.html", context, status=422 if form.is_bound else 200)


def _at_the_door(request: HttpRequest, token: str) -> HttpResponse:
    """To signing in. Nobody makes an account for it without having read what they cannot have any more.

    Without a name: who holds the link need not be who was invited.
    """
    found = invitation_of(token, now=timezone.now())
    if found is None:
        messages.warning(
            request,
            _(
                "This invitation was used already, or it no longer holds. Was it you? Log in to see how it stands. "
                "Otherwise ask who invited you."
            ),
        )
    elif not has_room(found.cohort):
        messages.warning(
            request,
            _(
                "All places are taken at the moment. After logging in you can go on the waiting list. "
                "Or ask who invited you whether there is something else."
            ),
        )
    return redirect_to_login(request.get_full_path())


def _gone(request: HttpRequest, token: str) -> HttpResponse:
    """A link that no longer works. Who used it themselves is led to where they see what came of it."""
    if was_taken_up_by(token, person=request.user):
        messages.info(request, _("You took up this invitation already. Here you see how it stands."))
        return redirect("leerplek")
    return render(request, "meetings/invitation_gone.html", status=404)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, short_key: str) -> HttpResponse:
    """Ask for a place in a group that one comes into after a talk."""
    course = get_object_or_404(Course, short_key=short_key, archived_at=None)
    enrolment = course_for(short_key=short_key, learner=request.user)
    # Who completed it may ask to do it once more: who admits them decides.
    if enrolment is not None and enrolment.status != Enrolment.Status.COMPLETED:
        return redirect("my_course", short_key)
    cohorts = course.cohorts.filter(way_in=Cohort.WayIn.INTAKE, archived_at=None).order_by("starts_on", "pk")
    if not cohorts:
        raise Http404
    form = JoinForm(request.POST if request.method == "POST" else None, initial={"alias": request.user.alias})
    if request.method == "POST" and form.is_valid():
        chosen = next((each for each in cohorts if str(each.pk) == request.POST.get("group")), cohorts[0])
        try:
            place = ask_to_join(
                cohort=chosen, person=request.user, alias=form.cleaned_data["alias"], now=timezone.now()
            )
        except PlaceRefused as refused:
            form.add_error(None, str(refused))
        else:
            _say_what_became(request, place)
            return redirect("leerplek")
    context = {"form": form, "cohorts": cohorts, "course": course}
    return render(request, "meetings/ask.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def group_offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a place in a group that came free, leave it to the next, or (`off`) wait no longer."""
    place = get_object_or_404(
        GroupPlace.objects.select_related("cohort"), cohort=pk, person=request.user, status__in=WAITS
    )
    if "off" in request.POST:
        leave_waiting_list(cohort=place.cohort, person=request.user, now=timezone.now())
        messages.success(request, _("You are off the list.") + " " + _how_to_come_back(place.cohort))
        return redirect("leerplek")
    try:
        place = answer_group_offer(
            cohort=place.cohort, person=request.user, accept="accept" in request.POST, now=timezone.now()
        )
    except (PlaceRefused, EnrolmentRefused) as refused:
        messages.warning(request, str(refused))
    else:
        _say_what_became(request, place)
    return redirect("leerplek")


def _say_what_became(request: HttpRequest, place: GroupPlace) -> None:
    said = {
        Status.REGISTERED: _("You are in. Take your time."),
        Status.WAITING: _("The group is full. You are on the waiting list; we write when there is a place."),
        Status.OFFERED: _("There is a place for you."),
        Status.ASKED: _("We have got your question. Somebody will get in touch for a talk."),
        Status.DECLINED: _("Thank you for telling us. The place goes to somebody else."),
    }
    if place.status == Status.EXPIRED:
        messages.success(request, f"{of_lost_offer(place.cohort)} {_how_to_come_back(place.cohort)}")
    else:
        messages.success(request, said[Status(place.status)])


def _how_to_come_back(cohort: Cohort) -> str:
    """An invitation works once: only into a group that one asks for does somebody come by themselves again."""
    if cohort.way_in == Cohort.WayIn.INTAKE:
        return _("You may ask again whenever you like.")
    return _("Do you want a place after all? Ask who invited you.")
