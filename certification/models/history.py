"""What happened to an award and who did it; who opened it; and a trainer's word that somebody is ready."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from certification.models.award import Award
from courses.models import Enrolment


class AwardEvent(models.Model):
    """One thing that happened to an award. Append only: a history that can be edited is none."""

    class Kind(models.TextChoices):
        ISSUED = "issued", _("issued")
        CONFIRMED = "confirmed", _("confirmed and issued")
        REVOKED = "revoked", _("withdrawn")
        REPLACED = "replaced", _("replaced by a new one")
        RENEWED = "renewed", _("renewed by a new one")

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    # None: by itself.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # For the holder and who answers for it; strangers never read it.
    reason = models.CharField(max_length=300, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.award} {self.kind}"


class AwardAccess(models.Model):
    """That somebody opened a named certificate. Kept a year."""

    class What(models.TextChoices):
        DOCUMENT = "document", _("downloaded the PDF")
        RECORD = "record", _("looked at the certificate and its history")
        EXPORT = "export", _("took it along in a list for a register")
        BUNDLE = "bundle", _("downloaded the PDF, in one file with others")

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="accesses")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    what = models.CharField(max_length=10, choices=What.choices)
    at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["at"], name="certification_access_at")]

    def __str__(self) -> str:
        return f"{self.award} {self.what}"


class SignOff(models.Model):
    """A trainer says that somebody is ready. Taken back by deleting it, as long as nothing was awarded on it."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="sign_off")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"{self.enrolment} {self.at:%Y-%m-%d}"
