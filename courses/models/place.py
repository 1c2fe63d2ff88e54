"""Where a learner stopped inside something that plays: a recording, a package."""

import json
from typing import Any

from django.db import models

from courses.models.record import Enrolment
from courses.models.syllabus import Activity, ActivityVersion


class ResumePoint(models.Model):
    """The last place reported of one part of an activity. Write it through `courses.services.resuming` only.

    No part of the record: it proves nothing, follows from nothing, and may be thrown away at any moment.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="resume_points")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="resume_points")
    # What it was kept under: another recording or package has other places.
    version = models.ForeignKey(ActivityVersion, on_delete=models.PROTECT, related_name="resume_points")
    # A package keeps one state per part of its own content; a recording has no parts.
    part = models.CharField(max_length=100, default="", blank=True)
    # JSON as text: a browser's state may hold characters that a JSON column of PostgreSQL refuses.
    data = models.TextField()
    # Rises with every report. Two tabs: the one that lags behind is refused.
    revision = models.PositiveIntegerField()
    saved_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "activity", "part"], name="courses_resumepoint_once"
            ),
            models.CheckConstraint(
                # The first report is number 1: a page that knows of none sends that.
                condition=models.Q(revision__gte=1),
                name="courses_resumepoint_counted_from_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.activity} {self.saved_at:%Y-%m-%d}"

    @property
    def state(self) -> Any:
        """What was kept, as JSON gives it."""
        return json.loads(self.data)
