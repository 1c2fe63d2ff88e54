import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .meeting import Meeting


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def current(self) -> Self:
        """What holds: the rows that no later one took the place of."""
        return self.filter(replacement__isnull=True)


class Attendance(models.Model):
    """Who was there, as somebody wrote it down. Append-only: a correction is a new row that names the one it replaces.

    Write it through `meetings.services.attendance`. It outlives the person's account under `subject`, a random key: the
    register wants to know how many were there, not who.
    """

    class Status(models.TextChoices):
        PRESENT = "present", _("was there")
        LATE = "late", _("came later")
        NOTICE = "notice", _("signed off")
        ABSENT = "absent", _("missed")
        # Missed, and done afterwards by themselves. A status of its own: it is not the same as having been there.
        CAUGHT_UP = "caught_up", _("caught up")

    THERE = (Status.PRESENT, Status.LATE)
    MISSED = (Status.NOTICE, Status.ABSENT)

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    subject = models.UUIDField(default=uuid.uuid4)
    status = models.CharField(max_length=10, choices=Status.choices)
    # Of the meeting, in minutes; zero for who missed it.
    minutes = models.PositiveSmallIntegerField(default=0)
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # By the person: checked in, or caught up.
    by_self = models.BooleanField(default=False)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replacement"
    )

    objects = AttendanceQuerySet.as_manager()

    # No row of Wagtail's reference index names a person.
    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            # One beginning per person and meeting, and (one-to-one) one correction per row: one row holds at any time.
            models.UniqueConstraint(
                fields=["meeting", "subject"],
                condition=Q(replaces__isnull=True),
                name="meetings_attendance_begins_once",
            ),
            models.UniqueConstraint(
                fields=["meeting", "person"],
                condition=Q(replaces__isnull=True, person__isnull=False),
                name="meetings_attendance_person_begins_once",
            ),
            # Study hours are counted from these minutes.
            models.CheckConstraint(
                condition=Q(status__in=["present", "late"]) | Q(minutes=0),
                name="meetings_attendance_minutes_of_who_was_there",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} {self.status}"


class CheckIn(models.Model):
    """That a code from the trainer's screen was used, by whom. Each is good once."""

    nonce = models.UUIDField(unique=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="check_ins")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    # No row of Wagtail's reference index names a person.
    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"{self.meeting} {self.at:%Y-%m-%d %H:%M}"
