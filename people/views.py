"""The account's own pages beside allauth's, and the exit."""

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from people.forms import RecoveryForm
from people.services.joining import is_ours, switch_off
from people.services.recovery import recover_account
from people.services.sessions import end_session

set_language = require_POST(django_set_language)


@csrf_exempt  # The exit must work from a page that lay open for a day. All that a forged one does is sign out.
def leave(request: HttpRequest) -> HttpResponse:
    """End the session, empty what the browser keeps of us, and go to a neutral site."""
    if request.method != "POST":
        response = render(request, "people/leave.html", status=405)
        response["Allow"] = "POST"
        response["Cache-Control"] = "no-store"
        return response
    if session_key := request.session.session_key:
        end_session(session_key=session_key)
    logout(request)
    response = HttpResponseRedirect(settings.EXIT_URL, status=303)
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    response["Cache-Control"] = "no-store"
    return response


@never_cache
@sensitive_post_parameters("code", "password")
def recovery(request: HttpRequest) -> HttpResponse:
    """A new password with a code from the coordinator."""
    form = RecoveryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].lower()
        if (refusal := ratelimit.consume_or_429(request, action="recovery", key=email)) is not None:
            return refusal
        if recover_account(**form.cleaned_data | {"email": email}, now=timezone.now()):
            messages.success(request, _("Your new password is set. You can log in with it now."))
            return redirect("account_login")
        form.add_error(
            None, _("This did not work. Check the e-mail address and the code, or ask for a new code.")
        )
    return render(request, "people/recovery.html", {"form": form})


@csrf_exempt  # Mail programs switch off with one click, from outside; the token alone says whose messages they are.
@never_cache
def fewer_messages(request: HttpRequest, token: str) -> HttpResponse:
    """Switch off what is not needed, by the link in a message and without signing in. Reading alone changes nothing:
    programs that look after mail open every link in it."""
    if request.method == "POST":
        if not switch_off(token=token):
            raise Http404
        return render(request, "people/fewer_messages.html", {"done": True})
    if not is_ours(token):
        raise Http404
    return render(request, "people/fewer_messages.html")
