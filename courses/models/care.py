"""What trainers do for people beside the lessons: who asked to be called, who was called after a heavy session."""

from typing import Any, Self

from django.conf import settings
from django.db import models

from courses.models.record import Attempt, Enrolment
from courses.models.syllabus import Session


class CallRequestQuerySet(models.QuerySet["CallRequest"]):
    def of(self, learner: Any) -> Self:
        """A learner's own, in courses they have not stopped."""
        return self.filter(enrolment__learner=learner).exclude(enrolment__status=Enrolment.Status.WITHDRAWN)

    def for_trainer(self, user: Any) -> Self:
        """Those of the groups that somebody trains. Not of their own learning."""
        return (
            self.filter(enrolment__cohort__trainers=user)
            .exclude(enrolment__learner=user)
            .exclude(enrolment__status=Enrolment.Status.WITHDRAWN)
        )


class CallRequest(models.Model):
    """A learner asks a trainer of their group to call. It holds when and where that is safe, and never why."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="call_requests")
    # In the learner's own words: "Tuesday between ten and twelve".
    moment = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    asked_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = CallRequestQuerySet.as_manager()

    # No row of Wagtail's reference index names a person.
    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            # Asked twice is asked once: two open requests would be two calls.
            models.UniqueConstraint(
                fields=["enrolment"], condition=models.Q(taken_at=None), name="courses_call_one_open"
            ),
            models.CheckConstraint(
                # A trainer who left may be gone from it, but nobody takes a call without saying when.
                condition=models.Q(taken_by=None) | models.Q(taken_at__isnull=False),
                name="courses_call_taken_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.asked_at:%Y-%m-%d}"


class CheckIn(models.Model):
    """A trainer called a learner after a heavy session: that, by whom and when. What was said is kept nowhere."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="check_ins")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="check_ins")
    called_at = models.DateTimeField()
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            # A list of who is still to be called has each of them once.
            models.UniqueConstraint(fields=["enrolment", "session"], name="courses_check_in_once"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.called_at:%Y-%m-%d}"


class AnswerSeen(models.Model):
    """A trainer read an answer in a learner's own words. It changes nothing for the learner."""

    attempt = models.OneToOneField(Attempt, on_delete=models.CASCADE, related_name="seen")
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    seen_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.seen_at:%Y-%m-%d}"
