"""Floor 5: what somebody has earned, and the document that says so."""

import secrets
import uuid
from base64 import b32encode
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.models import Enrolment

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from people.models import User

ID_LENGTH = 26
# Failures in a row before a document is called failed. It is tried again all the same, at longer intervals.
MOST_ATTEMPTS = 5


def new_public_id() -> str:
    """26 characters of base32, 130 bits by chance: nobody finds one by trying."""
    # 17 bytes are 136 bits, 28 characters; each of the first 26 carries 5 whole bits.
    return b32encode(secrets.token_bytes(17)).decode()[:ID_LENGTH]


class AwardQuerySet(models.QuerySet["Award"]):
    def visible_to(self, user: "User | AnonymousUser") -> "AwardQuerySet":
        """One's own. Strangers see an award through its number only, and then what the proof page shows."""
        return self.filter(holder=user) if user.is_authenticated else self.none()


class Award(models.Model):
    """What was certified, frozen on the day. Never edit what it certifies and never delete it.

    Erasure takes the person out of it (`certification.services.erasure`); what stays can still be verified.
    """

    class Status(models.TextChoices):
        VALID = "valid", _("valid")
        REVOKED = "revoked", _("revoked")

    public_id = models.CharField(max_length=ID_LENGTH, unique=True, default=new_public_id, editable=False)
    # Stands for the person in counts and registers once the person is gone. Says nothing about them.
    subject_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    # One award per enrolment, however many last answers arrive at once.
    enrolment = models.OneToOneField(
        Enrolment, null=True, blank=True, on_delete=models.SET_NULL, related_name="award"
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="awards"
    )

    course_key = models.UUIDField()
    # Fingerprint of the course version: which set of required activities was done.
    course_version = models.CharField(max_length=64)
    title = models.CharField(max_length=255)
    discreet_title = models.CharField(max_length=255)
    # The title would tell why somebody took part: paper and proof page bear the discreet one.
    neutral = models.BooleanField()
    provider = models.CharField(max_length=120)
    holder_name = models.CharField(max_length=120, blank=True)
    # The holder lets strangers with the number read the name.
    name_visible = models.BooleanField(default=False)
    # Random, of this award alone: with it gone, the digest of the name says nothing any more.
    salt = models.CharField(max_length=32, blank=True)
    name_hmac = models.CharField(max_length=64)
    # Minutes of the lessons with something required, without live meetings; what they cover is `hours_label`.
    net_minutes = models.PositiveIntegerField()
    hours_label = models.CharField(max_length=60, blank=True)
    started_on = models.DateField()
    completed_on = models.DateField()
    issued_at = models.DateTimeField()
    language = models.CharField(max_length=10)
    # Per required activity: the version asked, the version and attempt that passed, score, self-reported. No text.
    evidence = models.JSONField(default=list)

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.VALID)
    revoked_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = AwardQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            # A number is typed over from paper: anything else in it could never be found again.
            models.CheckConstraint(
                condition=models.Q(public_id__regex=r"^[A-Z2-7]{26}$"),
                name="certification_award_public_id_shape",
            ),
            # Either somebody holds it, with all that makes it theirs, or nothing of anybody is left in it. It also
            # refuses to delete an account whose certificates were not erased first.
            models.CheckConstraint(
                condition=(
                    models.Q(erased_at__isnull=True, holder__isnull=False)
                    & ~models.Q(holder_name="")
                    & ~models.Q(salt="")
                )
                | models.Q(
                    erased_at__isnull=False,
                    holder__isnull=True,
                    enrolment__isnull=True,
                    holder_name="",
                    salt="",
                    name_visible=False,
                ),
                name="certification_award_held_or_erased",
            ),
            # Who verifies must be able to read since when it does not count.
            models.CheckConstraint(
                condition=models.Q(status="valid", revoked_at__isnull=True)
                | models.Q(status="revoked", revoked_at__isnull=False),
                name="certification_award_revoked_has_date",
            ),
            # A course that ends before it starts would be printed and signed.
            models.CheckConstraint(
                condition=models.Q(completed_on__gte=models.F("started_on")),
                name="certification_award_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def shown_title(self) -> str:
        """The title that paper and proof page bear."""
        return self.discreet_title if self.neutral else self.title

    @property
    def grouped_id(self) -> str:
        """The number in groups that can be read aloud: 4, 4, 4, 4, 4 and 6 characters."""
        groups = [self.public_id[start : start + 4] for start in range(0, 20, 4)]
        return " ".join([*groups, self.public_id[20:]])

    @property
    def net_time(self) -> str:
        """The net study time in words, such as "3 hours 20 minutes, online part", in the active language."""
        hours, minutes = divmod(self.net_minutes, 60)
        parts = []
        if hours:
            parts.append(ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours})
        if minutes or not hours:
            parts.append(ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes})
        time = gettext(" and ").join(parts)
        return f"{time}, {self.hours_label}" if self.hours_label else time


class Document(models.Model):
    """The PDF of an award, and the work on it.

    Written in the transaction of the award, made by the worker, which holds it by a lease. Never write a file under
    another name than `file_name`: what is not named here is swept away.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RENDERING = "rendering", _("being made")
        READY = "ready", _("ready")
        # Tried too often in a row. Tried again later, at longer intervals.
        FAILED = "failed", _("failed")

    class Stage(models.TextChoices):
        """What the holder is told of it."""

        MAKING = "making"
        READY = "ready"
        FAILED = "failed"

    award = models.OneToOneField(Award, on_delete=models.CASCADE, related_name="document")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    # The row of the worker's queue that will make it: the clock enqueues again only when that one is gone or finished.
    task_id = models.UUIDField(null=True, blank=True, editable=False)
    # In the private storage. Named before it is written, so that a crash leaves no file that nobody knows of.
    file_name = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    rendered_at = models.DateTimeField(null=True, blank=True)
    # The kind of failure only; never the name on the document.
    last_error = models.CharField(max_length=200, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="certification_document_due")]
        constraints = [
            # "Ready" is a promise: a file, its digest, and when it was made.
            models.CheckConstraint(
                condition=~models.Q(state="ready")
                | (
                    ~models.Q(file_name="")
                    & ~models.Q(sha256="")
                    & models.Q(size__gt=0, rendered_at__isnull=False)
                ),
                name="certification_document_ready_has_file",
            ),
            # Work without an end of its lease would never be taken up again after a crash.
            models.CheckConstraint(
                condition=~models.Q(state="rendering") | models.Q(lease_until__isnull=False),
                name="certification_document_rendering_has_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.state}"

    @property
    def stage(self) -> str:
        """What the holder is told: a try after a failure is no news before it succeeds."""
        if self.state == self.State.READY:
            return self.Stage.READY
        return self.Stage.FAILED if self.last_error and self.attempts >= MOST_ATTEMPTS else self.Stage.MAKING
