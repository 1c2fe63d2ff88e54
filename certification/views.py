"""Proof for strangers, and the holder's own document."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from hmac import compare_digest
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from certification import flows
from certification.forms import FileCheckForm, NameVisibleForm
from certification.limits import within_limit
from certification.models import Award, AwardAccess, Document
from certification.rules import normalise_public_id
from certification.services.accesses import note_access
from certification.services.awards import set_name_visible
from certification.services.documents import private_storage
from certification.uploads import MOST_READ, SeeAndForget, SeenFile

# A minute, from one address. Somebody who checks a pile of paper stays under it; who tries numbers gets nowhere.
MOST_LOOKS = 60
MOST_COMPARISONS = 20
LONGEST_TYPED = 60  # of a number that we do not know, shown again to who typed it
# What htmx takes as the end of polling.
STOP_POLLING = 286


class Comparison(StrEnum):
    """What came of comparing a file with ours."""

    SAME = "same"
    DIFFERENT = "different"


def unseen(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Neither kept by a browser nor found by a search engine."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return inner


@require_GET
@unseen
def verify(request: HttpRequest) -> HttpResponse:
    """Type a number. It leads to its address, or to the page that says that there is none."""
    typed = request.GET.get("nummer", "")
    if not typed:
        return render(request, "certification/verify.html")
    if not within_limit(request, action="look", most=MOST_LOOKS):
        return _too_fast(request)
    number = normalise_public_id(typed)
    return redirect("proof", number) if number else _unknown(request, typed)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@unseen
def proof(request: HttpRequest, public_id: str) -> HttpResponse:
    """What a stranger may know of a certificate. POST compares a file with ours."""
    # Before anything reads the form: it must not reach the handlers that keep files. `_compared` asks for the token.
    request.upload_handlers = [SeeAndForget(request)]
    if not within_limit(request, action="look", most=MOST_LOOKS):
        return _too_fast(request)
    number = normalise_public_id(public_id)
    award = Award.objects.select_related("document").filter(public_id=number).first() if number else None
    if award is None:
        return _unknown(request, public_id)
    if number != public_id:
        return redirect("proof", number)
    if request.method == "POST":
        # What is far too large is not read at all, not even for its token.
        return _compared(request, award) if _length(request) <= MOST_READ else _oversized(request, award)
    return _proof_page(request, award, FileCheckForm())


@csrf_protect
def _compared(request: HttpRequest, award: Award) -> HttpResponse:
    if not within_limit(request, action="compare", most=MOST_COMPARISONS):
        return _too_fast(request)
    form = FileCheckForm(files=request.FILES)
    document = _document_of(award)
    if document is None or document.state != Document.State.READY:
        return _proof_page(request, award, FileCheckForm())
    if not form.is_valid():
        too_large = form.has_error("pdf", "too_large")
        return _proof_page(request, award, form, status=413 if too_large else 422)
    same = compare_digest(form.cleaned_data["pdf"].sha256, document.sha256)
    return _proof_page(
        request, award, FileCheckForm(), comparison=Comparison.SAME if same else Comparison.DIFFERENT
    )


def _oversized(request: HttpRequest, award: Award) -> HttpResponse:
    unread = SeenFile(name="pdf", size=_length(request), sha256="", is_pdf=True)
    return _proof_page(request, award, FileCheckForm(files={"pdf": unread}), status=413)


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0


@unseen
@require_GET
@login_required
def award_document(request: HttpRequest, public_id: str) -> HttpResponse:
    """The PDF, to its holder alone. The name of the file says nothing."""
    award = _own_award(request, public_id)
    document = award.document
    if document.state != Document.State.READY:
        return _to_own_place(award)
    try:
        file = private_storage().open(document.file_name)
    except FileNotFoundError:
        flows.remake_document(award=award, now=timezone.now())
        return _to_own_place(award)
    note_access(award=award, by=request.user, what=AwardAccess.What.DOCUMENT, now=timezone.now())
    return FileResponse(
        file, as_attachment=True, filename=f"bewijs-{award.public_id[:6]}.pdf", content_type="application/pdf"
    )


@unseen
@require_GET
def award_state(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whether the document is there: the part of Mijn leerplek that asks for itself again until it is.

    Nothing (204) while what is `shown` holds, so that nothing moves and nothing is read aloud again.
    """
    award = _own_award(request, public_id)
    if not request.htmx:
        return _to_own_place(award)
    if request.GET.get("shown") == award.document.stage:
        return HttpResponse(status=204)
    response = render(request, "certification/parts/award_state.html", {"award": award})
    if award.document.stage == Document.Stage.READY:
        response.status_code = STOP_POLLING
    return response


@unseen
@require_POST
@login_required
def name_visibility(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let strangers read the name, or not."""
    award = _own_award(request, public_id)
    form = NameVisibleForm(request.POST)
    form.is_valid()
    set_name_visible(award=award, holder=request.user, visible=form.cleaned_data["visible"])
    if not request.htmx:
        return _to_own_place(award)
    return render(request, "certification/parts/award.html", {"award": award, "name_saved": True})


def _own_award(request: HttpRequest, public_id: str) -> Award:
    if normalise_public_id(public_id) != public_id:
        raise Http404  # before PostgreSQL sees it, which fails on a NUL
    awards = Award.objects.visible_to(request.user).select_related("document")
    award = get_object_or_404(awards, public_id=public_id)
    if _document_of(award) is None:
        raise Http404
    return award


def _document_of(award: Award) -> Document | None:
    return getattr(award, "document", None)


def _to_own_place(award: Award) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_REDIRECT_URL)}#bewijs-{award.public_id}")


def _proof_page(
    request: HttpRequest,
    award: Award,
    form: FileCheckForm,
    *,
    comparison: Comparison | None = None,
    status: int = 200,
) -> HttpResponse:
    document = _document_of(award)
    context = {
        "award": award,
        "comparable": document is not None and document.state == Document.State.READY,
        "form": form,
        "comparison": comparison,
        "checked_at": timezone.localtime(),
    }
    return render(request, "certification/proof.html", context, status=status)


def _unknown(request: HttpRequest, typed: str) -> HttpResponse:
    """One page for numbers that do not exist, cannot exist or are not shown; what was typed waits in the box."""
    context = {"language_links": [], "typed": typed[:LONGEST_TYPED]}
    return render(request, "certification/unknown.html", context, status=404)


def _too_fast(request: HttpRequest) -> HttpResponse:
    response = render(request, "certification/too_fast.html", status=429)
    response["Retry-After"] = "60"
    return response
