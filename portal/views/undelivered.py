"""Messages that could not be delivered: for administrators, and for coordinators those to their own people."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from courses.models import Enrolment
from courses.queries.post import messages_in_care
from people.models import OutboxMessage, User
from people.rules import is_coordinator, may_recover
from people.services.undelivered import put_aside, send_again
from portal.forms import PutAsideForm
from portal.tables import PutAsideTable, UndeliveredTable
from portal.wording import kind_of_message, lies_with_address, recipient_of, why_undelivered

A_PAGE = 50
# As many notes as are shown; they go with their message after 90 days.
NOTES = 20


@login_required
@require_safe
def undelivered(request: HttpRequest) -> HttpResponse:
    """What could not be delivered, how much waits and left, and what was put aside. 404 for who looks after nobody's."""
    _only_for_carers(request.user)
    mine = messages_in_care(request.user)
    table = UndeliveredTable(mine.undelivered())
    RequestConfig(request, paginate={"per_page": A_PAGE}).configure(table)
    state = OutboxMessage.State
    context = {
        "table": table,
        "is_coordinator": is_coordinator(request.user),
        "counts": mine.order_by().aggregate(
            sent=Count("pk", filter=Q(state=state.SENT)),
            waiting=Count("pk", filter=Q(state__in=[state.WAITING, state.SENDING])),
        ),
        "again": mine.undelivered().worth_sending(timezone.now()).count(),
        "aside": PutAsideTable(mine.put_aside().order_by("-created_at", "pk")[:NOTES]),
    }
    return render(request, "portal/undelivered.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def undelivered_message(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What became of one message and what can be done; put aside from here. Never what it said."""
    message = _in_care(request.user, pk)
    if message.state != OutboxMessage.State.DEAD:
        return _seen_to(request)
    form = PutAsideForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not put_aside(message=message, note=form.cleaned_data["note"], by=request.user):
            return _seen_to(request)
        messages.success(request, _("Put aside."))
        return redirect("undelivered")
    person = message.recipient
    context = {
        "message": message,
        "about": kind_of_message(message),
        "to": recipient_of(message),
        "why": why_undelivered(message),
        "lies_with_address": lies_with_address(message),
        "worth_sending": OutboxMessage.objects.filter(pk=pk).worth_sending(timezone.now()).exists(),
        "may_recover": person is not None and _may_help_back_in(request.user, person),
        "form": form,
    }
    return render(request, "portal/undelivered_message.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def send_one_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send one message again, to the address the person has now."""
    _in_care(request.user, pk)
    if not send_again(messages=OutboxMessage.objects.filter(pk=pk), now=timezone.now()):
        return _seen_to(request)
    messages.success(request, _("It leaves again, within a minute or in the person's next safe hour."))
    return redirect("undelivered")


@login_required
@require_POST
def send_all_again(request: HttpRequest) -> HttpResponse:
    """Send everything again that still says something, such as when the mail server was away."""
    _only_for_carers(request.user)
    mine = messages_in_care(request.user).undelivered().values("pk")
    number = send_again(messages=OutboxMessage.objects.filter(pk__in=mine), now=timezone.now())
    if not number:
        return _seen_to(request)
    told = ngettext(
        "%(number)s message leaves again, within minutes or in the person's next safe hour.",
        "%(number)s messages leave again, within minutes or in each person's next safe hour.",
        number,
    )
    messages.success(request, told % {"number": number})
    return redirect("undelivered")


def _only_for_carers(user: User) -> None:
    if not (user.is_superuser or is_coordinator(user)):
        raise Http404


def _in_care(user: User, pk: UUID) -> OutboxMessage:
    _only_for_carers(user)
    return get_object_or_404(messages_in_care(user), pk=pk)


def _may_help_back_in(user: User, person: User) -> bool:
    learns_here = Enrolment.objects.in_care_of(user).filter(learner=person).exists()
    return learns_here and may_recover(user, person, learns_here=True)


def _seen_to(request: HttpRequest) -> HttpResponse:
    """Somebody was faster, or it came too late meanwhile."""
    messages.info(request, _("Nothing to send: somebody saw to it, or it is too late for it."))
    return redirect("undelivered")
