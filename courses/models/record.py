"""Who learns what, and how far they are. Attempts are the record; everything else here follows from them."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Membership, Role

from .syllabus import Activity, ActivityVersion, Cohort, Course, CourseVersion, Lesson


def _coordinated_by(user: Any) -> models.Q:
    coordinates = Membership.objects.filter(user=user, role=Role.COORDINATOR)
    everywhere = coordinates.filter(region="").values("organisation")
    somewhere = coordinates.filter(
        organisation=models.OuterRef("course__programme__organisation"),
        region=models.OuterRef("cohort__region"),
    ).exclude(region="")
    return models.Q(course__programme__organisation__in=everywhere) | models.Exists(somewhere)


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, user: Any) -> Self:
        """Learners see their own; trainers those of their cohorts; coordinators those of their organisation or region."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            models.Q(learner=user)
            | models.Q(cohort__in=Cohort.objects.filter(trainers=user))
            | _coordinated_by(user)
        )

    def coordinated_by(self, user: Any) -> Self:
        """Those of the organisation or region that somebody coordinates; not their own learning, and nothing stopped."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(_coordinated_by(user)).exclude(learner=user).exclude(status="withdrawn")

    def trained_by(self, user: Any) -> Self:
        """Those of the groups that somebody trains; not their own learning, and nothing stopped."""
        if not user.is_authenticated:
            return self.none()
        return (
            self.filter(cohort__in=Cohort.objects.filter(trainers=user))
            .exclude(learner=user)
            .exclude(status="withdrawn")
        )

    def in_care_of(self, user: Any) -> Self:
        """What somebody sees as a trainer or coordinator: not their own learning, and nothing stopped."""
        return self.visible_to(user).exclude(learner=user).exclude(status="withdrawn")

    def in_use(self) -> Self:
        """Those that learners' own pages lead to: not stopped, and not begun once more. At most one per learner and course."""
        return self.exclude(status="withdrawn").filter(begun_again_at=None)


class ReflectionQuerySet(models.QuerySet["Reflection"]):
    def visible_to(self, user: Any) -> Self:
        """One's own, and what is shared with one for as long as it is."""
        return self.filter(
            models.Q(enrolment__learner=user) | models.Q(shared_at__isnull=False, shared_with=user)
        )

    def shared_with_trainer(self, user: Any) -> Self:
        """What a trainer finds: shared with them, by who is still in a group that they train."""
        return (
            self.filter(shared_at__isnull=False, shared_with=user, enrolment__cohort__trainers=user)
            .exclude(enrolment__learner=user)
            .exclude(enrolment__status=Enrolment.Status.WITHDRAWN)
        )


class Enrolment(models.Model):
    """A learner in a course. Completion is never taken back."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("under way")
        COMPLETED = "completed", _("completed")
        WITHDRAWN = "withdrawn", _("stopped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrolments")
    cohort = models.ForeignKey(
        Cohort, null=True, blank=True, on_delete=models.PROTECT, related_name="enrolments"
    )
    course_version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="enrolments")
    alias = models.CharField(max_length=40)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    started_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # Its learner does the course once more, in an enrolment of its own. This one stays as it was; their pages lead there.
    begun_again_at = models.DateTimeField(null=True, blank=True)
    # Closed by retention: its attempts are gone, so its projection can no longer be rebuilt and stays as it is.
    closed_at = models.DateTimeField(null=True, blank=True)
    # The lesson last opened: "ga verder" leads there.
    here = models.ForeignKey(Lesson, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [
            # Two records of one course would each hold half of the progress.
            models.UniqueConstraint(
                fields=["learner", "course"],
                condition=~models.Q(status="withdrawn") & models.Q(begun_again_at__isnull=True),
                name="courses_enrolment_open_once",
            ),
            # What is under way would be left behind half done.
            models.CheckConstraint(
                condition=models.Q(begun_again_at__isnull=True) | models.Q(status="completed"),
                name="courses_enrolment_begun_again_was_completed",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="completed") | models.Q(completed_at__isnull=False),
                name="courses_enrolment_completed_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alias} · {self.course}"


class ErasureOrder(models.Model):
    """Opens the one door through which attempts may be deleted, for as long as it is not executed.

    Write one only in the transaction that erases, and execute it before that transaction ends. What stays is a random
    id that a restored backup can be erased by again.
    """

    enrolment_id = models.UUIDField(unique=True)
    ordered_at = models.DateTimeField()
    executed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.enrolment_id)


class Attempt(models.Model):
    """One answer, as it was given. Append-only by a database trigger: never updated, deleted only under an `ErasureOrder`."""

    uuid = models.UUIDField()
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attempts")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attempts")
    version = models.ForeignKey(ActivityVersion, on_delete=models.PROTECT, related_name="attempts")
    # Denormalised from the version, which never changes: the projection reads attempts by activity.
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="attempts")
    response = models.JSONField()
    readable = models.TextField(blank=True)
    score = models.FloatField()
    max_score = models.FloatField()
    pass_score = models.FloatField()
    passed = models.BooleanField()
    # Reported by a package in the browser, not graded here.
    self_reported = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    # Keyed digest of what was sent: tells a repeated form from another answer under the same UUID.
    payload_hmac = models.CharField(max_length=64)

    class Meta:
        ordering = ["received_at", "pk"]
        indexes = [models.Index(fields=["enrolment", "activity"], name="courses_attempt_by_activity")]
        constraints = [
            # A double click, Back and a second tab send the same UUID: one answer.
            models.UniqueConstraint(fields=["learner", "uuid"], name="courses_attempt_uuid_once"),
            models.CheckConstraint(
                condition=models.Q(score__gte=0) & models.Q(score__lte=models.F("max_score")),
                name="courses_attempt_score_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.received_at:%Y-%m-%d %H:%M}"


class ActivityState(models.Model):
    """How far a learner is with an activity: a projection of attempts. Never edit it; `rebuild_progress` makes it anew."""

    class Status(models.TextChoices):
        TRIED = "tried", _("tried")
        DONE = "done", _("done")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="states")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="states")
    status = models.CharField(max_length=10, choices=Status.choices)
    best_score = models.FloatField(default=0)
    attempts_count = models.PositiveIntegerField(default=0)
    last_attempt = models.ForeignKey(Attempt, null=True, on_delete=models.SET_NULL, related_name="+")
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "activity"], name="courses_state_once"),
            models.CheckConstraint(
                condition=~models.Q(status="done") | models.Q(completed_at__isnull=False),
                name="courses_state_done_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.activity} {self.status}"


class Reflection(models.Model):
    """What a learner wrote for themselves, encrypted. Read and write it through `courses.services.reflections` only."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="reflections")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="reflections")
    # The question as it was answered; wording may change later.
    version = models.ForeignKey(ActivityVersion, on_delete=models.PROTECT, related_name="+")
    ciphertext = models.BinaryField()
    written_at = models.DateTimeField()
    shared_at = models.DateTimeField(null=True, blank=True)
    shared_with = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ReflectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "activity"], name="courses_reflection_once"),
            models.CheckConstraint(
                # Shared with nobody in particular would be shared with everybody.
                condition=models.Q(shared_at__isnull=True, shared_with__isnull=True)
                | models.Q(shared_at__isnull=False),
                name="courses_reflection_shared_by_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.written_at:%Y-%m-%d}"
