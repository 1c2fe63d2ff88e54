from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.methods import METHODS, Method, Phase

from .meeting import Meeting


class RoomQuerySet(models.QuerySet["Room"]):
    def visible_to(self, user: Any) -> Self:
        """Those of the meetings in which somebody takes part or which they lead."""
        return self.filter(meeting__in=Meeting.objects.with_room_for(user).values("pk"))

    def open(self) -> Self:
        return self.filter(ended_at=None)


class Room(models.Model):
    """Where intervision happens: which method, in which phase, and the clock. One to a meeting, opened once.

    Change it through `meetings.services.rooms`, which counts `turn` on with every change: browsers go by it. `step` counts
    on with every press on the clock, and one that was made on an older step does nothing. When the room has ended,
    nothing of what was talked about is left in it.
    """

    meeting = models.OneToOneField(
        Meeting, primary_key=True, on_delete=models.PROTECT, related_name="room", editable=False
    )
    # A key of `meetings.methods`.
    method = models.CharField(_("method"), max_length=12)
    turn = models.PositiveIntegerField(default=0)
    # Of the clock alone: somebody who comes in does not make a press on it stale.
    step = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    # Which phase, from 0; null before the start and after the end.
    phase = models.PositiveSmallIntegerField(null=True, blank=True)
    # While the clock runs: until when. While it stands still: how much is left, in seconds; less than nothing is overtime.
    phase_ends_at = models.DateTimeField(null=True, blank=True)
    seconds_left = models.IntegerField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # The case, encrypted; and when it goes at the latest, whatever becomes of room and meeting.
    case = models.BinaryField(null=True, blank=True)
    case_until = models.DateTimeField(null=True, blank=True)
    case_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = RoomQuerySet.as_manager()

    # No row of Wagtail's reference index names a person.
    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            # What was told in the room does not outlive it.
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True)
                | Q(case__isnull=True, case_by__isnull=True, phase__isnull=True),
                name="meetings_room_ended_holds_no_case",
            ),
            # A case without an end would stay for ever.
            models.CheckConstraint(
                condition=Q(case__isnull=True, case_until__isnull=True)
                | Q(case__isnull=False, case_until__isnull=False),
                name="meetings_room_case_has_end",
            ),
            # In a phase the clock runs or stands still, never both; outside one there is no clock.
            models.CheckConstraint(
                condition=Q(phase__isnull=True, phase_ends_at__isnull=True, seconds_left__isnull=True)
                | Q(phase__isnull=False, phase_ends_at__isnull=False, seconds_left__isnull=True)
                | Q(phase__isnull=False, phase_ends_at__isnull=True, seconds_left__isnull=False),
                name="meetings_room_clock_runs_or_stands",
            ),
            # A room in a phase was started.
            models.CheckConstraint(
                condition=Q(phase__isnull=True) | Q(started_at__isnull=False),
                name="meetings_room_phase_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.method}"

    @property
    def the_method(self) -> Method:
        return METHODS[self.method]

    @property
    def the_phase(self) -> Phase | None:
        return None if self.phase is None else self.the_method.phases[self.phase]

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def is_paused(self) -> bool:
        return self.seconds_left is not None

    @property
    def is_last_phase(self) -> bool:
        return self.phase is not None and self.phase == len(self.the_method.phases) - 1

    def left(self, now: datetime) -> timedelta | None:
        """What is left of the phase by the server's clock; less than nothing is overtime. None outside a phase."""
        if self.seconds_left is not None:
            return timedelta(seconds=self.seconds_left)
        return None if self.phase_ends_at is None else self.phase_ends_at - now


class Seat(models.Model):
    """What somebody does in a room, and that they came. Goes when the room ends: what stays is attendance."""

    class Role(models.TextChoices):
        FACILITATOR = "facilitator", _("leads the conversation")
        OWNER = "owner", _("brings the case")
        TIMEKEEPER = "timekeeper", _("keeps the time")
        OBSERVER = "observer", _("watches how it goes")
        PARTICIPANT = "participant", _("takes part")

    # Held by one at a time.
    SINGLE = (Role.FACILITATOR, Role.OWNER, Role.TIMEKEEPER)

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.PARTICIPANT)
    came_at = models.DateTimeField(null=True, blank=True)

    # No row of Wagtail's reference index names a person.
    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "person"], name="meetings_seat_once"),
            # Two who bring the case would write over each other's; two who lead, or keep time, would contradict.
            models.UniqueConstraint(
                fields=["room", "role"],
                condition=Q(role__in=["facilitator", "owner", "timekeeper"]),
                name="meetings_seat_role_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.role}"


class LearningPoint(models.Model):
    """What somebody takes along from an intervision, for themselves. Encrypted; nobody else reads it, no trainer either.

    Read and write it through `meetings.services.learning_points` only.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    ciphertext = models.BinaryField()
    written_at = models.DateTimeField()

    # No row of Wagtail's reference index names a person.
    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="meetings_learningpoint_once"),
        ]

    def __str__(self) -> str:
        return f"{self.written_at:%Y-%m-%d}"
