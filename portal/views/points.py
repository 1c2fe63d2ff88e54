"""Study points: one's own per register, and what a register is told of a group."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from certification.exports import KINDS, MOST_RECORDS, NotYet, check_ended, run_file
from certification.models import AwardAccess, Edition, Register
from certification.queries.points import Run, points_of, runs_of, told_of
from certification.services.accesses import note_accesses
from certification.services.register_numbers import forget_number, keep_edition, keep_number
from courses.models import Enrolment
from people.rules import is_coordinator
from portal.forms import EditionForm, ForgetNumberForm, RegisterNumberForm, RunFileForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_points(request: HttpRequest) -> HttpResponse:
    """My points per register and period, and the number under which the register knows me."""
    form = RegisterNumberForm()
    if request.method == "POST" and "forget" in request.POST:
        forget = ForgetNumberForm(request.POST)
        if not forget.is_valid():
            raise Http404
        forget_number(user=request.user, register=forget.cleaned_data["forget"])
        messages.success(request, _("Forgotten. Your points stay."))
        return redirect("my_points")
    if request.method == "POST":
        form = RegisterNumberForm(request.POST)
        if form.is_valid():
            keep_number(user=request.user, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("my_points")
    context = {
        "standings": points_of(request.user, today=timezone.localdate()),
        "form": form,
        "registers": Register.objects.exists(),
    }
    return render(request, "portal/my_points.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register_runs(request: HttpRequest) -> HttpResponse:
    """The accredited runs of the groups that somebody coordinates: their numbers, and the files for the register."""
    if not is_coordinator(request.user):
        raise Http404
    form = EditionForm()
    runs = runs_of(request.user)
    if request.method == "POST":
        form = EditionForm(request.POST)
        if form.is_valid():
            run = _run_of(runs, form)
            keep_edition(
                accreditation=run.accreditation, cohort=run.cohort, number=form.cleaned_data["number"]
            )
            messages.success(request, _("Kept."))
            return redirect("register_runs")
    context = {"runs": runs, "form": form, "today": timezone.localdate(), "most": MOST_RECORDS}
    return render(request, "portal/register_runs.html", context, status=422 if form.is_bound else 200)


def _run_of(runs: list[Run], form: EditionForm) -> Run:
    wanted = form.cleaned_data["accreditation"], form.cleaned_data["cohort"]
    found = [run for run in runs if (run.accreditation.pk, run.cohort.pk) == wanted]
    if not found:
        raise Http404
    return found[0]


@login_required
@require_POST
def run_download(request: HttpRequest, pk: int) -> HttpResponse:
    """A file of one run for the register. Who is in it is noted as looked at."""
    cohorts = Enrolment.objects.coordinated_by(request.user).values("cohort")
    editions = Edition.objects.filter(cohort__in=cohorts).select_related("accreditation", "cohort")
    # By `id`: a number that no column holds finds nothing.
    edition = get_object_or_404(editions, id=pk)
    form = RunFileForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        check_ended(edition, today=timezone.localdate())
    except NotYet:
        messages.warning(request, _("Registers take points only after the last day of the group."))
        return redirect("register_runs")
    kind, part = form.cleaned_data["kind"], form.cleaned_data["part"] or 1
    everybody = told_of(accreditation=edition.accreditation, cohort=edition.cohort)
    lines = list(everybody[(part - 1) * MOST_RECORDS : part * MOST_RECORDS])
    if not lines:
        messages.warning(request, _("Nobody in this group has a number in the register yet."))
        return redirect("register_runs")
    content = run_file(edition, lines, kind)
    note_accesses(
        awards=[line.award for line in lines],
        by=request.user,
        what=AwardAccess.What.EXPORT,
        now=timezone.now(),
    )
    response = HttpResponse(content, content_type=KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="uitvoering-{edition.pk}-{part}.{kind}"'
    response["Cache-Control"] = "no-store"
    return response
