"""Certificates for many at once: who would get one, giving them, how far it is, and the zip file of the PDFs."""

from dataclasses import astuple
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certification import flows
from certification.models import AwardAccess, Batch, BatchLine, Bundle
from certification.queries import standings
from certification.queries.batches import count_papers, roll_of
from certification.services.accesses import note_accesses
from certification.services.batches import MOST, pause_batch
from certification.services.bundles import KEPT
from certification.services.documents import private_storage
from courses.models import Cohort, Course, Enrolment
from portal.forms import TogetherForm

A_PAGE = 50
# What htmx takes as the end of polling.
STOP_POLLING = 286
SHOWN = {"waiting", "given", "had", "skipped", "failed"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def give_together(request: HttpRequest, short_key: str) -> HttpResponse:
    """Who of a group, of a choice or of everybody would get a certificate now; giving it begins only with a yes to that."""
    course = get_object_or_404(Course.objects.select_related("programme"), short_key=short_key)
    coordinated = (
        Enrolment.objects.coordinated_by(request.user)
        .filter(course=course)
        .select_related("course", "cohort", "learner")
        .order_by("alias", "pk")
    )
    if not coordinated.exists():
        raise Http404
    if request.method == "POST":
        return _begin(request, course, list(coordinated))
    cohort = _cohort(request, coordinated)
    chosen = _chosen(request)
    asked = coordinated.filter(cohort=cohort) if cohort else coordinated
    asked = asked.filter(pk__in=chosen) if chosen is not None else asked
    known = standings(list(asked))
    roll = roll_of(known)
    scheme = known[0].scheme if known else None
    context = {
        "course": course,
        "cohort": cohort,
        "cohorts": _cohorts(coordinated),
        "is_choice": chosen is not None,
        "roll": roll,
        "taken": roll.taken[:MOST],
        "is_too_many": len(roll.taken) > MOST,
        "most": MOST,
        "is_over": scheme is not None and scheme.is_over(timezone.localdate()),
        "batch_id": uuid4(),
    }
    return render(request, "portal/give_together.html", context)


def _begin(request: HttpRequest, course: Course, coordinated: list[Enrolment]) -> HttpResponse:
    """Begin with exactly those who stood on the page, as far as they are (still) in this coordinator's care."""
    form = TogetherForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Nobody was chosen. Look here who could get one."))
        return redirect("give_together", course.short_key)
    wanted = set(form.cleaned_data["people"])
    cohorts = {each.cohort_id: each.cohort for each in coordinated}
    batch = flows.give_to_many(
        batch_id=form.cleaned_data["batch_id"],
        course=course,
        cohort=cohorts.get(form.cleaned_data["cohort"]),
        enrolments=[each for each in coordinated if each.pk in wanted],
        by=request.user,
        now=timezone.now(),
    )
    return redirect("batch", batch.pk)


def _cohorts(coordinated: Any) -> Any:
    return Cohort.objects.filter(pk__in=coordinated.order_by().values("cohort")).order_by("name", "pk")


def _cohort(request: HttpRequest, coordinated: Any) -> Cohort | None:
    """The group that was asked for; everybody where it is none of theirs."""
    asked = request.GET.get("groep", "")
    if not (asked.isdecimal() and asked.isascii() and len(asked) < 16):  # noqa: PLR2004 -- what fits a column
        return None
    return _cohorts(coordinated).filter(pk=int(asked)).first()


def _chosen(request: HttpRequest) -> list[UUID] | None:
    """Who was ticked; None where no choice was made."""
    if request.GET.get("van") != "keuze":
        return None
    chosen = []
    for typed in request.GET.getlist("wie")[:MOST]:
        try:
            chosen.append(UUID(typed))
        except ValueError:
            continue
    return chosen


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far it is, person by person; paused, resumed, tried again and packed from here."""
    found = _visible(request, pk)
    if request.method == "POST":
        _act(request, found)
        return redirect("batch", found.pk)
    shown = request.GET.get("toon", "")
    lines = found.lines.select_related("enrolment__learner", "enrolment__course", "award").order_by("pk")
    if shown in SHOWN:
        lines = lines.filter(state=shown)
    page = Paginator(lines, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": found,
        **_progress(found),
        "shown": shown,
        "page": page,
        "lines": _with_what_is_missing(list(page.object_list)),
    }
    # While something moves the list asks for itself again.
    return render(request, "portal/parts/batch_lines.html" if request.htmx else "portal/batch.html", context)


def _act(request: HttpRequest, found: Batch) -> None:
    now = timezone.now()
    if "pause" in request.POST:
        pause_batch(batch=found, now=now)
    elif "resume" in request.POST:
        flows.resume_batch(batch=found, by=request.user)
    elif "retry" in request.POST:
        flows.retry_batch(batch=found, by=request.user, now=now)
    elif "pack" in request.POST:
        flows.bundle_batch(batch=found, language=get_language() or "nl", now=now)


def _with_what_is_missing(lines: list[BatchLine]) -> list[dict[str, Any]]:
    """Lines with what their people miss now. A fixed number of queries, none where nobody misses anything."""
    failed = [line.enrolment for line in lines if line.reason == BatchLine.Reason.MISSING and line.enrolment]
    missing = {each.enrolment.pk: each.missing for each in standings(failed)} if failed else {}
    return [{"line": line, "missing": missing.get(line.enrolment_id, [])} for line in lines]


@login_required
@require_safe
def batch_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far it is: the part of the page that asks for itself again until there is nothing more to wait for.

    Nothing (204) while what is `shown` holds, so that nothing moves and nothing is read aloud again.
    """
    found = _visible(request, pk)
    if not request.htmx:
        return redirect("batch", found.pk)
    progress = _progress(found)
    if request.GET.get("shown") == progress["stamp"]:
        return HttpResponse(status=204)
    response = render(request, "portal/parts/batch_progress.html", {"batch": found, **progress})
    if not progress["moves"]:
        response.status_code = STOP_POLLING
    return response


@login_required
@require_POST
def batch_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The zip file of a batch. Whose PDFs are in it is noted as downloaded; its name says nothing."""
    found = _visible(request, pk)
    now = timezone.now()
    bundle = Bundle.objects.filter(batch=found).first()
    if bundle is None or not bundle.is_open(now):
        messages.warning(request, _("This file is not there any more. You can have it made again."))
        return redirect("batch", found.pk)
    try:
        file = private_storage().open(bundle.file_name)
    except FileNotFoundError:
        flows.bundle_batch(batch=found, language=get_language() or "nl", now=now)
        messages.warning(request, _("This file was gone. It is being made again."))
        return redirect("batch", found.pk)
    note_accesses(awards=bundle.awards.all(), by=request.user, what=AwardAccess.What.BUNDLE, now=now)
    response = FileResponse(
        file,
        as_attachment=True,
        filename=f"bewijzen-{str(found.pk)[:8]}.zip",
        content_type="application/zip",
    )
    response["Cache-Control"] = "no-store"
    return response


def _visible(request: HttpRequest, pk: UUID) -> Batch:
    batches = Batch.objects.visible_to(request.user).counted().select_related("course", "cohort", "by")
    return get_object_or_404(batches, pk=pk)


def _progress(found: Batch) -> dict[str, Any]:
    """What the part that renews itself shows. Four queries."""
    bundle = Bundle.objects.filter(batch=found).first()
    now = timezone.now()
    total = found.waiting + found.given + found.had + found.skipped + found.failed
    packs = bundle is not None and bundle.under_way
    gives = found.waiting > 0 and found.paused_at is None
    is_open = bundle is not None and bundle.is_open(now)
    papers = count_papers(found.pk, bundle=bundle if is_open else None)
    counts = (found.waiting, found.given, found.failed, found.skipped, found.had, found.papers_to_come)
    return {
        "bundle": bundle,
        "total": total,
        "settled": total - found.waiting,
        "has_given": found.given + found.had > 0,
        "papers": papers,
        "gives": gives,
        "moves": gives or packs or (found.papers_to_come > 0 and found.paused_at is None),
        "is_open": is_open,
        "days_kept": KEPT.days,
        # All that is shown; while it is the same, nothing is sent.
        "stamp": "-".join(
            map(str, (*counts, *astuple(papers), bool(found.paused_at), bundle.state if bundle else ""))
        ),
    }
