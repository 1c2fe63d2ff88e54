"""Certificates from the side of trainers and coordinators: who gets one, what is missing, and what was issued."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from certification import flows
from certification.models import Award, AwardAccess, Batch
from certification.queries import Standing, history_of, standings
from certification.queries.batches import recent_batches
from certification.rules import attestation, normalise_public_id, printable_name
from certification.services.accesses import note_access
from certification.services.corrections import (
    CorrectionRefused,
    Overtaken,
    refuse_irreplaceable,
    refuse_overtaken,
    revoke_award,
)
from courses.models import Cohort, Course, Enrolment
from people.rules import is_coordinator, is_trainer
from portal.filters import AwardFilter
from portal.forms import ReplaceForm, RevokeForm
from portal.tables import AwardsTable

A_PAGE = 50
SHOWN = {
    "open": lambda each: each.award is None and not each.earned,
    "earned": lambda each: each.earned,
    "given": lambda each: each.award is not None,
}


@login_required
@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """The certificates that somebody answers for, and per course who gets one. 404 for who has no learners to look after."""
    if not (is_trainer(request.user) or is_coordinator(request.user)):
        raise Http404
    cared = Enrolment.objects.in_care_of(request.user)
    courses = Course.objects.filter(pk__in=cared.values("course")).order_by("title", "pk")
    context: dict[str, Any] = {"courses": courses}
    if is_coordinator(request.user):
        awards = (
            Award.objects.recorded_for(request.user)
            .select_related("enrolment__cohort")
            .prefetch_related("points__register")
        )
        narrowed = AwardFilter(request.GET, awards, today=timezone.localdate(), courses=courses)
        table = AwardsTable(narrowed.qs)
        RequestConfig(request, paginate={"per_page": A_PAGE, "silent": True}).configure(table)
        batches = recent_batches(Batch.objects.visible_to(request.user))
        context |= {"filter": narrowed, "table": table, "page": table.page, "batches": batches}
    return render(request, "portal/certificates.html", context)


@login_required
@require_safe
def course_standing(request: HttpRequest, short_key: str) -> HttpResponse:
    """Who has the certificate of a course, who has earned it, and what the others still miss."""
    course = get_object_or_404(Course, short_key=short_key)
    enrolments = (
        Enrolment.objects.in_care_of(request.user)
        .filter(course=course)
        .select_related("course", "cohort", "learner", "sign_off")
        .order_by("alias", "pk")
    )
    known = standings(list(enrolments))
    if not known:
        raise Http404
    shown = request.GET.get("toon", "")
    page = Paginator([each for each in known if SHOWN.get(shown, bool)(each)], A_PAGE).get_page(
        request.GET.get("page")
    )
    trains = set(
        Enrolment.objects.trained_by(request.user).filter(course=course).values_list("pk", flat=True)
    )
    coordinates = set(
        Enrolment.objects.coordinated_by(request.user).filter(course=course).values_list("pk", flat=True)
    )
    cohorts = Cohort.objects.filter(pk__in={each.enrolment.cohort_id for each in known})
    context = {
        "course": course,
        "page": page,
        # Giving to many is for who says yes, and begins with looking at who they are.
        "gives_together": bool(coordinates),
        "cohorts": cohorts.order_by("name", "pk"),
        "lines": [_line(each, trains, coordinates) for each in page.object_list],
        "shown": shown,
        "counts": {name: sum(map(test, known)) for name, test in SHOWN.items()},
        "asks_sign_off": any("sign_off" in each.verdict.outcomes for each in known),
    }
    return render(request, "portal/course_standing.html", context)


def _line(standing: Standing, trains: set[Any], coordinates: set[Any]) -> dict[str, Any]:
    pk = standing.enrolment.pk
    asked = standing.verdict.outcomes.get("sign_off")
    return {
        "standing": standing,
        "may_sign": asked is not None and standing.award is None and pk in trains,
        "is_signed": asked is not None and asked.met,
        "may_give": standing.waits_for_yes and pk in coordinates,
        "may_choose": pk in coordinates,
        "may_look": standing.award is not None and pk in coordinates,
    }


@login_required
@require_POST
def say_yes(request: HttpRequest, pk: str) -> HttpResponse:
    """A coordinator says yes to what a learner has earned."""
    enrolment = get_object_or_404(
        Enrolment.objects.coordinated_by(request.user).select_related("course"), pk=pk
    )
    award = flows.confirm_award(enrolment=enrolment, by=request.user, now=timezone.now())
    if award is None:
        messages.warning(request, _("Not given: something is missing still, or the name is."))
    else:
        messages.success(request, _("Given, with number %(serial)s.") % {"serial": award.serial})
    return redirect("course_standing", enrolment.course.short_key)


@login_required
@require_POST
def say_ready(request: HttpRequest, pk: str) -> HttpResponse:
    """A trainer says that somebody of their group is ready, or takes it back."""
    enrolment = get_object_or_404(Enrolment.objects.trained_by(request.user).select_related("course"), pk=pk)
    ready = request.POST.get("ready") == "on"
    award = flows.say_ready(enrolment=enrolment, by=request.user, ready=ready, now=timezone.now())
    # Nobody's name: the message stands on whatever page comes next.
    if award is not None:
        messages.success(request, _("Given, with number %(serial)s.") % {"serial": award.serial})
    else:
        messages.success(request, _("Noted.") if ready else _("Taken back."))
    return redirect("course_standing", enrolment.course.short_key)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def award_record(request: HttpRequest, public_id: str) -> HttpResponse:
    """One certificate with its history, to who coordinates it: withdrawn or replaced from here. That they looked is noted.

    Of an erased holder there is what anybody who checks may know, to be read only.
    """
    award = _award(request, public_id)
    now = timezone.now()
    revoke, replace = RevokeForm(), ReplaceForm(initial={"name": award.holder_name})
    if request.method == "POST":
        if "revoke" in request.POST:
            revoke = RevokeForm(request.POST)
        elif "anew" not in request.POST:
            replace = ReplaceForm(request.POST)
        try:
            done = _correct(request, award, revoke, replace)
        except CorrectionRefused as refused:
            messages.warning(request, str(refused))
            done = refused.standing if isinstance(refused, Overtaken) else award
        if done is not None:
            return redirect("award_record", done.public_id)
    note_access(award=award, by=request.user, what=AwardAccess.What.RECORD, now=now)
    context = {
        "award": award,
        "attestation": attestation(award),
        "history": history_of(award),
        # What a new one would be printed with; empty where there is no name yet.
        "name_now": printable_name(award.holder.legal_name) if award.holder else "",
        "revoke": revoke,
        "replace": replace,
    }
    invalid = request.method == "POST"
    return render(request, "portal/award_record.html", context, status=422 if invalid else 200)


def _correct(request: HttpRequest, award: Award, revoke: RevokeForm, replace: ReplaceForm) -> Award | None:
    """Do what was asked and say so: the certificate to look at next, `None` where the form has to be seen again.

    What can no longer be done is refused before the form is looked at: a page that is shown anew has that form no more.
    Raises `CorrectionRefused`.
    """
    by, now = request.user, timezone.now()
    refuse_overtaken(award)
    if "anew" in request.POST:
        new = flows.give_anew(award=award, by=by, now=now)
        messages.success(request, _("Given, with number %(serial)s.") % {"serial": new.serial})
        return new
    if revoke.is_bound:
        return _withdraw(request, award, revoke)
    refuse_irreplaceable(award)
    if not replace.is_valid():
        return None
    new = flows.replace_award(award=award, by=by, now=now, **replace.cleaned_data)
    messages.success(request, _("Replaced. This is the new certificate."))
    return new


def _withdraw(request: HttpRequest, award: Award, form: RevokeForm) -> Award | None:
    now = timezone.now()
    if award.status == Award.Status.VALID:
        if not form.is_valid():
            return None
        revoke_award(award=award, by=request.user, now=now, reason=form.cleaned_data["reason"])
    if award.revoked_at == now:
        messages.success(request, _("Withdrawn. Who checks the number reads so from now on."))
    else:  # somebody was first, and theirs is the reason that stands
        messages.warning(request, _("Nothing was changed: this certificate had been withdrawn already."))
    return award


def _award(request: HttpRequest, public_id: str) -> Award:
    if normalise_public_id(public_id) != public_id:
        raise Http404  # before PostgreSQL sees it, which fails on a NUL
    writes = request.method == "POST"
    theirs = Award.objects.coordinated_by if writes else Award.objects.recorded_for
    awards = theirs(request.user).select_related(
        "document", "replaces", "replaced_by", "renews", "enrolment", "holder"
    )
    return get_object_or_404(awards, public_id=public_id)
