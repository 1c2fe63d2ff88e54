"""What is handed in for an assignment, and what a trainer answers. How far it brings a learner stands in the attempts."""

from typing import Any, Self

from django.conf import settings
from django.db import models

from courses.models.record import Attempt, Enrolment
from courses.models.syllabus import Activity


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def reviewed_by(self, user: Any) -> Self:
        """What the trainers of a learner's group look at: the last that was handed in, of who has not stopped."""
        return (
            self.filter(superseded_at=None, enrolment__cohort__trainers=user)
            .exclude(enrolment__learner=user)
            .exclude(enrolment__status=Enrolment.Status.WITHDRAWN)
        )

    def of(self, learner: Any) -> Self:
        """A learner's own: what they handed in last, per assignment."""
        return self.filter(superseded_at=None, enrolment__learner=learner)

    def waiting(self) -> Self:
        """Not answered by a trainer, and not handed in anew since."""
        return self.filter(superseded_at=None, feedback=None)


class Submission(models.Model):
    """One hand-in. Never change an attempt for it: feedback and waiting-out are attempts of their own.

    Delete it through `courses.services.submissions`, which takes the file along.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="submissions")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="submissions")
    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="submission")
    # In the private storage, under a random name; empty without a file.
    file_name = models.CharField(max_length=100, blank=True)
    file_format = models.CharField(max_length=10, blank=True)
    handed_in_at = models.DateTimeField()
    # From then on it counts without an answer.
    due_at = models.DateTimeField()
    waited_out_at = models.DateTimeField(null=True, blank=True)
    # The learner handed in anew: a trainer looks at that one.
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="courses_submission_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "activity"],
                condition=models.Q(superseded_at=None),
                name="courses_submission_current_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.handed_in_at:%Y-%m-%d}"

    @property
    def text(self) -> str:
        return self.attempt.response["text"]


class Feedback(models.Model):
    """A trainer's answer to a hand-in: a level per criterion, and words. Given anew it takes the place of the old."""

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="feedback")
    trainer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    levels = models.JSONField()
    words = models.TextField()
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.submission} {self.given_at:%Y-%m-%d}"
