"""Certificates given to many at once: the work, a line per person, and the zip file that may be made of them."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from certification.models.award import Award
from courses.models import Cohort, Course, Enrolment
from people.models import Membership, Organisation, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from people.models import User


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, user: "User | AnonymousUser") -> "BatchQuerySet":
        """Those of which somebody coordinates everybody, as it is now: never one with a line of their own."""
        if not user.is_authenticated:
            return self.none()
        coordinates = Membership.objects.filter(user=user, role=Role.COORDINATOR)
        everywhere = coordinates.filter(region="").values("organisation")
        somewhere = coordinates.filter(
            organisation=models.OuterRef("batch__organisation"),
            region=models.OuterRef("enrolment__cohort__region"),
        ).exclude(region="")
        theirs = models.Q(batch__organisation__in=everywhere) | models.Exists(somewhere)
        others = BatchLine.objects.filter(
            ~theirs | models.Q(enrolment__learner=user), batch=models.OuterRef("pk"), enrolment__isnull=False
        )
        return self.filter(~models.Exists(others), organisation__in=coordinates.values("organisation"))

    def counted(self) -> "BatchQuerySet":
        """With how many lines stand how: `waiting`, `given`, `had`, `skipped`, `failed`, and `papers_to_come`."""
        states = BatchLine.State
        named = {
            "waiting": states.WAITING,
            "given": states.GIVEN,
            "had": states.HAD,
            "skipped": states.SKIPPED,
            "failed": states.FAILED,
        }
        counts = {
            name: models.Count("lines", filter=models.Q(lines__state=state)) for name, state in named.items()
        }
        to_come = models.Q(lines__award__document__isnull=False) & ~models.Q(
            lines__award__document__state="ready"
        )
        return self.annotate(**counts, papers_to_come=models.Count("lines", filter=to_come))


class Batch(models.Model):
    """A coordinator's yes to many at once. What is under way is what its lines say; only the pause is its own."""

    # Made by the server with the form: pressing twice begins once.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    # For the heading of its page only. None: chosen otherwise.
    cohort = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # Who says yes: began it, or took it on since. What they may not give (any more) is not given.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    begun_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-begun_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.course} {self.begun_at:%Y-%m-%d}"


class BatchLine(models.Model):
    """One person of a batch. Written once by the worker that gave (or did not give) the award, in its transaction."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits its turn")
        GIVEN = "given", _("given")
        HAD = "had", _("had one already")
        SKIPPED = "skipped", _("left out")
        FAILED = "failed", _("not given")

    class Reason(models.TextChoices):
        """Why a line was left out or failed, for the coordinator."""

        GONE = "gone", _("Their details were erased.")
        STOPPED = "stopped", _("Stopped with the course.")
        NAME = "name", _("Waits for their full name. They are asked for it on their own page.")
        MISSING = "missing", _("Something is missing still.")
        CHECK = "check", _("Nothing of it was checked by a test or a trainer.")
        OVER = "over", _("The certificate of this course would have ended already.")
        NOT_YOURS = "not_yours", _("Whoever began this may not give it to them.")
        ERROR = "error", _("It went wrong here. Try again.")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="lines")
    enrolment = models.ForeignKey(
        Enrolment, null=True, blank=True, on_delete=models.SET_NULL, related_name="batch_lines"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    award = models.ForeignKey(
        Award, null=True, blank=True, on_delete=models.PROTECT, related_name="batch_lines"
    )
    # The row of the worker's queue that will see to it: enqueued again only when that one is gone or finished.
    task_id = models.UUIDField(null=True, blank=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["batch", "state"], name="certification_batchline_state")]
        constraints = [
            # Nobody stands on a list twice.
            models.UniqueConstraint(fields=["batch", "enrolment"], name="certification_batchline_once"),
            # "Given" is a promise: there is an award. Everything else has none.
            models.CheckConstraint(
                condition=models.Q(state__in=["given", "had"], award__isnull=False)
                | (~models.Q(state__in=["given", "had"]) & models.Q(award__isnull=True)),
                name="certification_batchline_given_has_award",
            ),
            # What was not given says why, or nobody could do anything about it.
            models.CheckConstraint(
                condition=~models.Q(state__in=["skipped", "failed"]) | ~models.Q(reason=""),
                name="certification_batchline_failed_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch} {self.state}"


class Bundle(models.Model):
    """A zip file of the PDFs of a batch, made when somebody asks, for a few days. It holds names: never keep one longer.

    Deleting the row is what takes it away; `certification.services.bundles` sees to the file.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        PACKING = "packing", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    class Reason(models.TextChoices):
        """Why there is no file, for who asked."""

        FULL = "full", _("There was no room for the file. Nothing of it was kept. Tell who runs this site.")
        LOST = "lost", _("A PDF was gone and is being made anew. Try again in a few minutes.")
        EMPTY = "empty", _("There is no PDF to put in it.")
        ERROR = "error", _("It went wrong here. Nothing of it was kept. Try again.")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # One at a time: asking again takes the earlier one away.
    batch = models.OneToOneField(Batch, on_delete=models.CASCADE, related_name="bundle")
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    task_id = models.UUIDField(null=True, blank=True, editable=False)
    # Whose PDFs are in it: erasing one of them takes the whole file away. Written before any of them is read.
    awards = models.ManyToManyField(Award, related_name="bundles")
    # In the private storage. Named before it is written, so that a crash leaves no file that nobody knows of.
    file_name = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            # A file of names without an end would be kept for good.
            models.CheckConstraint(
                condition=~models.Q(state="ready")
                | (~models.Q(file_name="") & models.Q(size__gt=0, expires_at__isnull=False)),
                name="certification_bundle_ready_ends",
            ),
            # Work without an end of its lease would never be taken up again after a crash.
            models.CheckConstraint(
                condition=~models.Q(state="packing") | models.Q(lease_until__isnull=False),
                name="certification_bundle_packing_has_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch} {self.state}"

    @property
    def under_way(self) -> bool:
        return self.state in {self.State.WAITING, self.State.PACKING}

    def is_open(self, now: datetime) -> bool:
        """Whether there is a file to hand out."""
        return self.state == self.State.READY and self.expires_at is not None and self.expires_at > now
