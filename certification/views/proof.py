"""Proof for strangers: what they may know of a certificate, and whether a file is the one that was issued."""

from enum import StrEnum
from hmac import compare_digest

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from certification.forms import FileCheckForm
from certification.limits import within_limit
from certification.models import Award, Document, ShareLink
from certification.queries import award_of_file, document_certificates
from certification.queries.renewal import line_of
from certification.rules import attestation, normalise_public_id
from certification.signing.reading import Seal, read_seal
from certification.uploads import MOST_READ, SeeAndForget, SeenFile
from certification.views.privately import too_fast, unknown, unseen

# A minute, from one address. Somebody who checks a pile of paper stays under it; who tries numbers gets nowhere.
MOST_LOOKS = 60
MOST_COMPARISONS = 20
LONGEST_TOKEN = 32


class Comparison(StrEnum):
    """What came of comparing a file with ours."""

    SAME = "same"  # byte by byte
    SIGNED = "signed"  # whole under our signature, made at another moment: we made it anew
    OTHER = "other"  # whole under our signature, of another certificate
    UNISSUED = "unissued"  # whole under our signature, of no certificate: a sample
    CHANGED = "changed"  # signed by us once, changed since
    DIFFERENT = "different"  # no signature of ours
    ERASED = "erased"  # of a certificate whose holder's details were removed, and our copy with them


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@unseen
def verify(request: HttpRequest) -> HttpResponse:
    """Type a number, which leads to its address, or hand over the file. One answer where there is none."""
    # Before anything reads the form: it must not reach the handlers that keep files. No token: nothing is changed, and
    # who only looks gets no cookie.
    request.upload_handlers = [SeeAndForget(request)]
    if request.method == "POST":
        if not within_limit(request, action="compare", most=MOST_COMPARISONS):
            return too_fast(request)
        return _verify_page(request, _unread(request), 413) if _too_long(request) else _looked_up(request)
    typed = request.GET.get("nummer", "")
    if not typed:
        return _verify_page(request, FileCheckForm())
    if not within_limit(request, action="look", most=MOST_LOOKS):
        return too_fast(request)
    number = normalise_public_id(typed)
    return redirect("proof", number) if number else unknown(request, typed)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@unseen
def proof(request: HttpRequest, public_id: str) -> HttpResponse:
    """What a stranger may know of a certificate. POST compares a file with ours."""
    # As in `verify`; `_compared` asks for the token.
    request.upload_handlers = [SeeAndForget(request)]
    if not within_limit(request, action="look", most=MOST_LOOKS):
        return too_fast(request)
    number = normalise_public_id(public_id)
    award = Award.objects.select_related("document").filter(public_id=number).first() if number else None
    if award is None:
        return unknown(request, public_id)
    if number != public_id:
        return redirect("proof", number)
    if request.method == "POST":
        # What is far too large is not read at all, not even for its token.
        if _too_long(request):
            return _proof_page(request, award, form=_unread(request), status=413)
        return _compared(request, award)
    return _proof_page(request, award)


@require_GET
@unseen
def shared_proof(request: HttpRequest, token: str) -> HttpResponse:
    """The same page with the name on it, for whom the holder gave the link to, until it ends or is withdrawn."""
    if not within_limit(request, action="look", most=MOST_LOOKS):
        return too_fast(request)
    if len(token) != LONGEST_TOKEN or not token.isalnum():
        return unknown(request)
    links = ShareLink.objects.open_at(timezone.now()).select_related("award__document")
    link = links.filter(token=token).first()
    return _proof_page(request, link.award, named=True) if link else unknown(request)


@csrf_protect
def _compared(request: HttpRequest, award: Award) -> HttpResponse:
    if not within_limit(request, action="compare", most=MOST_COMPARISONS):
        return too_fast(request)
    form = FileCheckForm(files=request.FILES)
    if not _comparable(award):
        return _proof_page(request, award)
    if not form.is_valid():
        return _proof_page(request, award, form=form, status=_refusal(form))
    return _proof_page(request, award, comparison=compare(form.cleaned_data["pdf"], award))


def _looked_up(request: HttpRequest) -> HttpResponse:
    """Which certificate a file is, without a number."""
    form = FileCheckForm(files=request.FILES)
    if not form.is_valid():
        return _verify_page(request, form, _refusal(form))
    file = form.cleaned_data["pdf"]
    award = award_of_file(file.sha256)
    if award is not None:
        return _proof_page(request, award, comparison=Comparison.SAME)
    reading = read_seal(file.data, document_certificates())
    award = (
        Award.objects.select_related("document").filter(public_id=reading.number).first()
        if reading.seal == Seal.WHOLE
        else None
    )
    if award is not None:
        comparison = Comparison.ERASED if award.erased_at else Comparison.SIGNED
        return _proof_page(request, award, comparison=comparison)
    return _verify_page(request, FileCheckForm(), seal=reading.seal)


def compare(file: SeenFile, award: Award) -> Comparison:
    """What a file is, held against one certificate."""
    if compare_digest(file.sha256, award.document.sha256):
        return Comparison.SAME
    reading = read_seal(file.data, document_certificates())
    if reading.seal == Seal.WHOLE:
        if reading.number == award.public_id:
            return Comparison.SIGNED
        issued = Award.objects.filter(public_id=reading.number).exists()
        return Comparison.OTHER if issued else Comparison.UNISSUED
    return Comparison.CHANGED if reading.seal == Seal.BROKEN else Comparison.DIFFERENT


def _comparable(award: Award) -> bool:
    document = getattr(award, "document", None)
    return document is not None and document.state == Document.State.READY


def _too_long(request: HttpRequest) -> bool:
    return _length(request) > MOST_READ


def _unread(request: HttpRequest) -> FileCheckForm:
    unread = SeenFile(name="pdf", size=_length(request), sha256="", is_pdf=True)
    return FileCheckForm(files={"pdf": unread})


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0


def _refusal(form: FileCheckForm) -> int:
    return 413 if form.has_error("pdf", "too_large") else 422


def _verify_page(
    request: HttpRequest, form: FileCheckForm, status: int = 200, *, seal: Seal | None = None
) -> HttpResponse:
    return render(request, "certification/verify.html", {"form": form, "seal": seal}, status=status)


def _proof_page(
    request: HttpRequest,
    award: Award,
    *,
    form: FileCheckForm | None = None,
    comparison: Comparison | None = None,
    named: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "award": award,
        "attestation": attestation(award),
        "line": line_of(award),
        "state": award.state,
        "shows_name": (named or award.name_visible) and not award.erased_at,
        "shared": named,
        "comparable": _comparable(award),
        "form": form or FileCheckForm(),
        "comparison": comparison,
        "checked_at": timezone.localtime(),
    }
    return render(request, "certification/proof.html", context, status=status)
