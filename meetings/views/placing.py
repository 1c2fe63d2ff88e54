"""Who fits in a group: the outcome of an intake talk, and who had better not be together."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses.services.enrolments import EnrolmentRefused
from meetings.flows import decide_on_intake
from meetings.forms import ChecklistForm, KeepApartForm
from meetings.models import GroupPlace, KeepApart
from meetings.queries.groups import apart_from_members
from meetings.queries.groups import group as whole_group
from meetings.services.apart import keep_apart, take_mark_back
from meetings.services.places import PlaceRefused
from meetings.services.planning import keep_checklist
from meetings.views.finding import group_in_care
from people.context import own_links
from people.models import User

Status = GroupPlace.Status


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest, pk: int, person: UUID) -> HttpResponse:
    """The points of an intake talk, to go by; and its outcome, which is all that is kept."""
    cohort = group_in_care(request, pk)
    if cohort.archived_at is not None:
        messages.warning(request, _("This group is put away and takes nobody any more. Take it back first."))
        return redirect("group", pk)
    place = get_object_or_404(
        GroupPlace, cohort=cohort, person=person, status__in=[Status.ASKED, Status.NOT_YET]
    )
    apart = apart_from_members(cohort, person)
    if request.method == "POST" and request.POST.get("outcome") in {"welcome", "not_yet"}:
        welcome = request.POST["outcome"] == "welcome"
        if welcome and apart and "seen" not in request.POST:
            messages.warning(request, _("Read the note first, and tick that you did."))
            return redirect("intake", pk, person)
        try:
            decide_on_intake(
                cohort=cohort, person_id=person, welcome=welcome, by=request.user, now=timezone.now()
            )
        except (EnrolmentRefused, PlaceRefused) as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _("Kept: only the outcome, and that it was you."))
        return redirect("group", pk)
    context = {"cohort": cohort, "place": place, "apart": apart, "own_links": own_links(request.user)}
    return render(request, "meetings/intake.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """What intake talks of a programme go by: the same list for all its groups."""
    cohort = group_in_care(request, pk)
    programme = cohort.course.programme
    form = ChecklistForm(
        request.POST if request.method == "POST" else None,
        initial={"intake_checklist": programme.intake_checklist},
    )
    if request.method == "POST" and form.is_valid():
        keep_checklist(programme=programme, text=form.cleaned_data["intake_checklist"])
        messages.success(request, _("Kept."))
        return redirect("group", pk)
    context = {"cohort": cohort, "form": form, "own_links": own_links(request.user)}
    return render(request, "meetings/checklist.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mark_apart(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark two people who had better not be in one group. No reason is asked."""
    cohort = group_in_care(request, pk)
    shown = whole_group(cohort)
    people = {str(member.learner_id): member.alias for member in shown.members}
    people |= {str(place.person_id): place.alias for place in [*shown.asked, *shown.waiting, *shown.not_yet]}
    form = KeepApartForm(
        request.POST if request.method == "POST" else None,
        people=sorted(people.items(), key=lambda each: each[1].casefold()),
    )
    if request.method == "POST" and form.is_valid():
        pair = {str(user.pk): user for user in User.objects.filter(pk__in=form.cleaned_data.values())}
        keep_apart(
            one=pair[form.cleaned_data["one"]],
            other=pair[form.cleaned_data["other"]],
            organisation=cohort.course.programme.organisation,
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("Marked. Who places people in groups is warned; nobody else sees it."))
        return redirect("group", pk)
    context = {"cohort": cohort, "form": form, "own_links": own_links(request.user)}
    return render(request, "meetings/keep_apart.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def unmark_apart(request: HttpRequest, pk: int, mark: UUID) -> HttpResponse:
    """They may be in one group again."""
    cohort = group_in_care(request, pk)
    organisation = cohort.course.programme.organisation
    take_mark_back(mark=get_object_or_404(KeepApart, pk=mark, organisation=organisation))
    messages.success(request, _("The mark is gone."))
    return redirect("group", pk)
