"""The holder's own: the PDF, the badge, and who else may read the name."""

import json

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from certification import flows
from certification.badges import baked_png, baked_svg
from certification.forms import NameVisibleForm, ShareForm
from certification.models import Award, AwardAccess, BadgeStatus, Document
from certification.queries import Held, awards_of, held
from certification.rules import normalise_public_id
from certification.services.accesses import note_access
from certification.services.awards import set_name_visible
from certification.services.badges import credential_of
from certification.services.documents import private_storage
from certification.services.sharing import ShareRefused, share_award, withdraw_link
from certification.signing import KeyProblem
from certification.views.privately import unseen

# What htmx takes as the end of polling.
STOP_POLLING = 286
BADGE_FORMS = {
    "json": (
        "application/vc",
        lambda credential: json.dumps(credential, ensure_ascii=False, indent=2).encode(),
    ),
    "png": ("image/png", baked_png),
    "svg": ("image/svg+xml", baked_svg),
}


@unseen
@require_GET
@login_required
def award_document(request: HttpRequest, public_id: str) -> HttpResponse:
    """The PDF, to its holder alone. The name of the file says nothing."""
    award = own_award(request, public_id)
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
@login_required
def award_badge(request: HttpRequest, public_id: str, form: str) -> HttpResponse:
    """The badge, to its holder alone: the credential, or a picture with it inside. A download, never a page."""
    award = own_award(request, public_id)
    if form not in BADGE_FORMS:
        raise Http404
    content_type, bake = BADGE_FORMS[form]
    try:
        credential = credential_of(award)
    except BadgeStatus.DoesNotExist:  # it is issued with the document
        return _to_own_place(award)
    except KeyProblem:
        messages.error(
            request, _("We cannot make the badge just now. Try again later; your certificate counts.")
        )
        return _to_own_place(award)
    name = f"badge-{award.public_id[:6]}.{form}"
    return HttpResponse(
        bake(credential),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@unseen
@require_GET
def award_state(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whether the document is there: the part of Mijn leerplek that asks for itself again until it is.

    Nothing (204) while what is `shown` holds, so that nothing moves and nothing is read aloud again.
    """
    award = own_award(request, public_id)
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
    award = own_award(request, public_id)
    form = NameVisibleForm(request.POST)
    form.is_valid()
    set_name_visible(award=award, holder=request.user, visible=form.cleaned_data["visible"])
    return _award_part(request, award, name_saved=True)


@unseen
@require_POST
@login_required
def share(request: HttpRequest, public_id: str) -> HttpResponse:
    """A link by which a stranger reads the name for a while."""
    award = own_award(request, public_id)
    form = ShareForm(request.POST)
    try:
        days = form.cleaned_data["days"] if form.is_valid() else 0
        share_award(award=award, holder=request.user, days=days, now=timezone.now())
    except ShareRefused as refused:
        if not request.htmx:
            messages.error(request, str(refused))
        return _award_part(request, award, share_refused=str(refused))
    return _award_part(request, award, link_made=True)


@unseen
@require_POST
@login_required
def withdraw(request: HttpRequest, public_id: str, link_id: int) -> HttpResponse:
    """The link leads nowhere from now on."""
    award = own_award(request, public_id)
    withdraw_link(link_id=link_id, holder=request.user)
    return _award_part(request, award, link_withdrawn=True)


def own_award(request: HttpRequest, public_id: str) -> Award:
    if normalise_public_id(public_id) != public_id:
        raise Http404  # before PostgreSQL sees it, which fails on a NUL
    awards = Award.objects.visible_to(request.user).select_related("document", "badge_status__status_list")
    award = get_object_or_404(awards, public_id=public_id)
    if getattr(award, "document", None) is None:
        raise Http404
    return award


def _award_part(request: HttpRequest, award: Award, **said: object) -> HttpResponse:
    if not request.htmx:
        return _to_own_place(award)
    mine = awards_of(request.user).filter(pk=award.pk)
    (shown,) = held(mine, today=timezone.localdate()) or (Held(award, None, None),)
    return render(request, "certification/parts/award.html", {"held": shown, "award": shown.award, **said})


def _to_own_place(award: Award) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_REDIRECT_URL)}#bewijs-{award.public_id}")
