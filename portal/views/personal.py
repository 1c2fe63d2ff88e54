"""Profile, and one's own data: take along, or erase."""

import json

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.forms import ContactForm, ProfileForm
from people.queries import recent_sign_ins
from people.services.privacy import erase_person, export_person
from people.services.profiles import save_contact
from portal.flows import keep_profile
from portal.forms import EraseForm


def _opens_the_mailbox(request: HttpRequest) -> bool:
    """Whether this takes back "somebody can read my mail": not for whoever found the screen unattended."""
    return (
        request.method == "POST"
        and request.POST.get("form") == "profile"
        and request.user.mailbox_unsafe
        and "mailbox_unsafe" not in request.POST
    )


@login_required
@reauthentication_required(enabled=_opens_the_mailbox)
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Names, mailbox, contact: two forms, told apart by the button."""
    sent = request.POST.get("form") if request.method == "POST" else None
    profile_form = ProfileForm.of(request.user, request.POST if sent == "profile" else None)
    contact_form = ContactForm.of(request.user, request.POST if sent == "contact" else None)
    if sent == "profile" and profile_form.is_valid():
        keep_profile(person=request.user, now=timezone.now(), **profile_form.cleaned_data)
    elif sent == "contact" and contact_form.is_valid():
        save_contact(user=request.user, **contact_form.cleaned_data)
    else:
        context = {
            "profile_form": profile_form,
            "contact_form": contact_form,
            "sign_ins": recent_sign_ins(request.user),
        }
        return render(request, "portal/profile.html", context, status=422 if sent else 200)
    messages.success(request, _("Kept."))
    return redirect("profile")


TAKE_ALONG = "meenemen"


def _takes_along(request: HttpRequest) -> bool:
    return TAKE_ALONG in request.GET


@login_required
@require_safe
@reauthentication_required(enabled=_takes_along)
def my_data(request: HttpRequest) -> HttpResponse:
    """What can be taken along, and what erasing means. Who comes from the password is told that the file can come now."""
    return render(request, "portal/my_data.html", {"form": EraseForm(), "takes_along": _takes_along(request)})


@login_required
@require_POST
def download_my_data(request: HttpRequest) -> HttpResponse:
    """Everything we hold of the person, as JSON under a neutral file name.

    Asks for the password first, and then for one more press: a file that came at once would leave the question standing.
    """
    try:
        return _export(request)
    except ReauthenticationRequired:
        return redirect(reverse("my_data", query={TAKE_ALONG: 1}))


@reauthentication_required
def _export(request: HttpRequest) -> HttpResponse:
    export = export_person(user=request.user, now=timezone.now())
    response = HttpResponse(json.dumps(export, ensure_ascii=False, indent=1), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="mijn-gegevens.json"'
    return response


@login_required
@require_POST
@reauthentication_required
def erase_me(request: HttpRequest) -> HttpResponse:
    """Erase the person who asks, and sign them out. Asks for the password first."""
    form = EraseForm(request.POST)
    if not form.is_valid():
        return render(request, "portal/my_data.html", {"form": form}, status=422)
    user = request.user
    logout(request)
    erase_person(user=user, now=timezone.now())
    messages.success(request, _("Your data have been erased."))
    return redirect("/")
