"""With what was issued: the keys that signed, where a badge's status stands, and who may read a name for a while."""

import secrets
from base64 import b32encode
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.models.award import Award
from people.models import User

LIST_SIZE = 131_072


class IssuerKey(models.Model):
    """The public half of a key that signed something. Never delete one: what it signed is checked against it."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("documents")
        BADGE = "badge", _("badges")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    # SHA-256 of a document key's certificate; a badge key as Multikey.
    name = models.CharField(max_length=80)
    # The certificate as PEM; empty for badges, whose name is the key.
    certificate = models.TextField(blank=True)
    first_used_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-first_used_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "name"], name="certification_issuerkey_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name[:16]}"


class StatusList(models.Model):
    """A list of 131,072 badges of which each bit says whether one was withdrawn. Its bits are read from the awards."""

    number = models.PositiveIntegerField(unique=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.number)


class BadgeStatus(models.Model):
    """The place of an award's badge in a status list: given once, at random, and never to another."""

    award = models.OneToOneField(Award, on_delete=models.PROTECT, related_name="badge_status")
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="places")
    index = models.PositiveIntegerField()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            # Two badges of one place would be withdrawn together.
            models.UniqueConstraint(
                fields=["status_list", "index"], name="certification_badgestatus_place_once"
            ),
            # What lies outside the list can never be withdrawn.
            models.CheckConstraint(
                condition=models.Q(index__lt=LIST_SIZE), name="certification_badgestatus_within_list"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status_list}:{self.index}"


def new_token() -> str:
    """32 characters of base32, 160 bits by chance."""
    return b32encode(secrets.token_bytes(20)).decode().lower()


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ShareLinkQuerySet":
        """Those of one's own certificates."""
        return self.filter(award__holder=user) if user.is_authenticated else self.none()

    def open_at(self, now: datetime) -> "ShareLinkQuerySet":
        return self.filter(expires_at__gt=now)


class ShareLink(models.Model):
    """An address at which a stranger reads the holder's name, until it ends. Withdrawing it deletes the row."""

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="share_links")
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = ShareLinkQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="certification_sharelink_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award} until {self.expires_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.expires_at > timezone.now()

    @property
    def address(self) -> str:
        """What the holder gives to somebody."""
        return settings.SITE_URL.rstrip("/") + reverse("shared_proof", args=[self.token])
