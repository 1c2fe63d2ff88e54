"""Who was there: the trainer's list, the code on the screen, and catching up."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meetings.flows import catch_up_with, check_in_with, write_attendance
from meetings.forms import AttendanceForm
from meetings.models import Meeting
from meetings.queries.participants import corrections, to_write_down
from meetings.queries.rooms import minutes_held
from meetings.rules import doors_open, may_be_recorded
from meetings.services.attendance import AttendanceRefused, Recorded
from meetings.services.tokens import TURN, make_receipt, read_receipt, read_screen_code, screen_code
from meetings.views.finding import meeting_led
from people.context import own_links


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who is there, by a tap per person; and what was written down before. For who leads the meeting alone."""
    meeting = meeting_led(request, pk)
    people = to_write_down(meeting)
    form = AttendanceForm(
        request.POST if request.method == "POST" else None,
        participants=people,
        minutes=minutes_held(meeting),
        guests=meeting.guests,
    )
    now = timezone.now()
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            recorded = write_attendance(
                meeting=meeting,
                marks=form.marks,
                guests=form.cleaned_data["guests"],
                by=request.user,
                now=now,
            )
        except AttendanceRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Kept. You can still change it; what stood there before is kept too.")
            )
            tell_who_was_passed_over(request, form, recorded)
            return redirect("attendance", pk)
    context = {
        "meeting": meeting,
        "form": form,
        "people": people,
        "too_early": not may_be_recorded(now, starts_at=meeting.starts_at),
        "written": sum(each.attendance is not None for each in people),
        "corrections": corrections(meeting),
        "own_links": own_links(request.user),
    }
    return render(request, "meetings/attendance.html", context, status=status)


def tell_who_was_passed_over(request: HttpRequest, form: AttendanceForm, recorded: Recorded) -> None:
    """By name: of whom something newer stands than the page showed, and is left as it is."""
    names = [each.alias for each in form.participants if each.person_id in recorded.passed_over]
    if names:
        words = _(
            "Of %(names)s something else was written down while you had the page open. That stands. Look whether it is right."
        )
        messages.warning(request, words % {"names": get_text_list(names, _("and"))})


@login_required
@require_safe
def screen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The code that people scan, another one every half minute. htmx fetches the next; without it a link does."""
    meeting = meeting_led(request, pk)
    now = timezone.now()
    is_open = (
        meeting.self_check_in
        and meeting.cancelled_at is None
        and doors_open(now, starts_at=meeting.starts_at, ends_at=meeting.ends_at)
    )
    context = {"meeting": meeting, "is_open": is_open, "turn": TURN, "own_links": own_links(request.user)}
    if is_open:
        import segno  # noqa: PLC0415 -- only who leads a meeting needs it

        code = screen_code(meeting, now=now)
        address = f"{settings.SITE_URL}{reverse('check_in', args=[code])}"
        drawn = segno.make(address, error="m").svg_inline(omitsize=True, svgclass="qr-code", lineclass=None)
        context["code"] = mark_safe(drawn)  # noqa: S308 -- drawn by segno from our own address
    template = "meetings/parts/screen_code.html" if request.htmx else "meetings/screen.html"
    return render(request, template, context)


@require_safe
def scan(request: HttpRequest, code: str) -> HttpResponse:
    """A code from the screen, scanned in time: it becomes a receipt that outlives signing in. Reading writes nothing."""
    meeting_id = read_screen_code(code, now=timezone.now())
    if meeting_id is None:
        return render(request, "meetings/check_in_gone.html", status=404)
    person = request.user if request.user.is_authenticated else None
    return redirect("confirm_check_in", make_receipt(meeting_id, person=person))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_check_in(request: HttpRequest, receipt: str) -> HttpResponse:
    """The button that says: I am here. A receipt is of one account, and good once."""
    read = read_receipt(receipt)
    if read is None or read.person_id not in {"", str(request.user.pk)}:
        return render(request, "meetings/check_in_gone.html", status=404)
    meeting = get_object_or_404(Meeting.objects.of_participant(request.user), pk=read.meeting_id)
    if request.method == "POST":
        try:
            check_in_with(meeting=meeting, nonce=read.nonce, person=request.user, now=timezone.now())
        except AttendanceRefused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _("You are checked in. Good that you are here."))
        return redirect("meeting", meeting.pk)
    return render(request, "meetings/check_in.html", {"meeting": meeting})


@login_required
@require_POST
def caught_up(request: HttpRequest, pk: UUID) -> HttpResponse:
    """I looked at what I missed."""
    meeting = get_object_or_404(
        Meeting.objects.of_participant(request.user).select_related("session"), pk=pk, session__isnull=False
    )
    if catch_up_with(meeting=meeting, person=request.user, now=timezone.now()):
        messages.success(request, _("Well done. It stands with your meetings as caught up."))
    return redirect("session", meeting.session.short_key)
