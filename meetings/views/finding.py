"""What several screens look up. Whoever may not see it finds nothing: 404."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from courses.models import Cohort
from meetings.models import Meeting
from people.rules import is_coordinator, is_trainer


def staff_only(request: HttpRequest) -> None:
    """For who trains or coordinates."""
    if not (is_trainer(request.user) or is_coordinator(request.user)):
        raise Http404


def group_in_care(request: HttpRequest, pk: int) -> Cohort:
    cared = Cohort.objects.in_care_of(request.user).select_related("course__programme__organisation")
    return get_object_or_404(cared, pk=pk)


def meeting_in_care(request: HttpRequest, pk: UUID) -> Meeting:
    cared = Meeting.objects.in_care_of(request.user).select_related(
        "cohort__course", "session", "organisation"
    )
    return get_object_or_404(cared, pk=pk)


def meeting_led(request: HttpRequest, pk: UUID) -> Meeting:
    led = Meeting.objects.led_by(request.user).select_related("cohort__course", "session", "organisation")
    return get_object_or_404(led, pk=pk)


def meeting_seen(request: HttpRequest, pk: UUID) -> Meeting:
    seen = Meeting.objects.visible_to(request.user).select_related("cohort", "session", "organisation")
    return get_object_or_404(seen, pk=pk)
