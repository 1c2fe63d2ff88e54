"""What packages reported, statement by statement."""

import json
from typing import Any

from django.db import models

from .record import Attempt, Enrolment
from .syllabus import Activity, ActivityVersion


class Statement(models.Model):
    """One xAPI statement as a package sent it. Never edit one: it is what was said, not what is so.

    Who, when, about what and in which attempt is in the columns, by the server; those parts of `original` are not believed.
    Write it through `courses.services.statements` only.
    """

    uuid = models.UUIDField()
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="statements")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="statements")
    version = models.ForeignKey(ActivityVersion, on_delete=models.PROTECT, related_name="statements")
    # The attempt that this statement made: only one about the whole package makes any.
    attempt = models.ForeignKey(
        Attempt, null=True, blank=True, on_delete=models.SET_NULL, related_name="statements"
    )
    verb = models.CharField(max_length=100)
    # The part of the package it is about; empty for the whole.
    part = models.CharField(max_length=100, blank=True)
    # JSON as text: a browser's may hold characters that a JSON column of PostgreSQL refuses.
    original = models.TextField()
    received_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["received_at", "pk"]
        indexes = [models.Index(fields=["enrolment", "activity"], name="courses_statement_by_activity")]
        constraints = [
            # A line that broke off sends the same once more.
            models.UniqueConstraint(fields=["enrolment", "uuid"], name="courses_statement_uuid_once"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.verb} {self.received_at:%Y-%m-%d %H:%M}"

    @property
    def content(self) -> dict[str, Any]:
        """What was sent, as JSON gives it."""
        return json.loads(self.original)
