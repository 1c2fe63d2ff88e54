"""The PDF of an award, and the work on it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from certification.models.award import Award
from certification.models.mark import Mark

# Failures in a row before a document is called failed. It is tried again all the same, at longer intervals.
MOST_ATTEMPTS = 5
# How `last_error` begins where no font has a letter; its code point follows.
LETTER_MISSING = "no font has U+"


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
    # The look it was made with first, and is made with again (None: the site's own), and when that was settled.
    looked_at = models.DateTimeField(null=True, blank=True)
    mark = models.ForeignKey(Mark, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # The kind of failure only, with one letter at most; never the name on the document.
    last_error = models.CharField(max_length=200, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_at"], name="certification_document_due"),
            # A stranger may have the file and no number.
            models.Index(fields=["sha256"], name="certification_document_digest"),
        ]
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

    @property
    def missing_letter(self) -> str:
        """The letter that keeps it from being made, because no font here has it; else nothing."""
        if not self.last_error.startswith(LETTER_MISSING):
            return ""
        return chr(int(self.last_error.removeprefix(LETTER_MISSING), 16))
