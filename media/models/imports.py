"""The work of bringing a package in."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Organisation

from .libraries import Blob
from .packages import OrganisationsOwnQuerySet, Package, PackageVersion


class PackageImport(models.Model):
    """An uploaded file on its way to becoming a version of a package, held by a worker under a lease.

    What a package is refused for is kept as a code with its values, so that whoever looks reads it in their language
    (`media.packages.refusals`). The row goes some weeks after it ended; the version stays.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("being read")
        DONE = "done", _("ready")
        # Somebody has to change the file: trying again would say the same.
        REFUSED = "refused", _("refused")
        # Our fault, tried as often as it makes sense: full disk, storage away.
        FAILED = "failed", _("not finished")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=255)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="package_imports"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The package this becomes the new version of; None makes a new one.
    replaces = models.ForeignKey(
        Package, null=True, blank=True, on_delete=models.PROTECT, related_name="replacements"
    )
    # Named before it is written, emptied once it is gone: in the private storage, never handed out.
    file_name = models.CharField(max_length=100, blank=True)
    # As the uploader called it, for them to know it again.
    original_name = models.CharField(max_length=255, blank=True)
    file_size = models.PositiveBigIntegerField(default=0)

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    # Of a hundred.
    progress = models.PositiveSmallIntegerField(default=0)
    # Why it was refused: {"code": …, "values": {…}}.
    refusal = models.JSONField(default=dict, blank=True)
    version = models.ForeignKey(
        PackageVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="imports"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    # The row of the worker's queue that will do it: the clock enqueues again only when that one is gone or finished.
    task_id = models.UUIDField(null=True, blank=True, editable=False)
    # The kind of failure only.
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OrganisationsOwnQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "due_at"], name="media_import_due")]
        constraints = [
            # "Ready" is a promise: there is a version.
            models.CheckConstraint(
                condition=~models.Q(state="done") | models.Q(version__isnull=False),
                name="media_import_done_has_version",
            ),
            # Work without an end of its lease would never be taken up again after a crash.
            models.CheckConstraint(
                condition=~models.Q(state="running") | models.Q(lease_until__isnull=False),
                name="media_import_running_has_lease",
            ),
            # Who uploads must be told what to change.
            models.CheckConstraint(
                condition=~models.Q(state="refused") | ~models.Q(refusal={}),
                name="media_import_refused_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(progress__lte=100), name="media_import_progress_of_a_hundred"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.state}"

    @property
    def under_way(self) -> bool:
        return self.state in {self.State.WAITING, self.State.RUNNING}


class BlobHold(models.Model):
    """An import that is under way needs a blob: clean-up leaves it alone until the import has ended."""

    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="holds")
    held_by = models.ForeignKey(PackageImport, on_delete=models.CASCADE, related_name="holds")

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blob", "held_by"], name="media_hold_once"),
        ]

    def __str__(self) -> str:
        return f"{self.held_by} holds {self.blob}"
