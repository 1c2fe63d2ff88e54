import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Place(models.Model):
    """Somebody's place in something counted: a meeting, or a group. One row for a person and a thing, for ever.

    Change it through `meetings.services.places` only, which holds the lock under which places are counted.
    """

    class Status(models.TextChoices):
        # Asked to come in, and waits for an intake talk (groups only).
        ASKED = "asked", _("asked")
        NOT_YET = "not_yet", _("not yet")
        WAITING = "waiting", _("on the waiting list")
        # A place came free: theirs until `offer_expires_at`.
        OFFERED = "offered", _("a place is on offer")
        REGISTERED = "registered", _("in")
        DECLINED = "declined", _("offer declined")
        EXPIRED = "expired", _("offer ran out")
        # Took themselves off; of a group's meeting: cannot come this time.
        CANCELLED = "cancelled", _("signed off")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices)
    # The turn on the waiting list; only its order means something.
    position = models.PositiveIntegerField(null=True, blank=True)
    offer_expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    # No row of Wagtail's reference index names a person.
    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True

    def is_offered(self, now: datetime.datetime) -> bool:
        """Whether the offer still stands."""
        return (
            self.status == self.Status.OFFERED
            and self.offer_expires_at is not None
            and self.offer_expires_at > now
        )


def place_constraints(table: str, whose: str) -> list[models.BaseConstraint]:
    """What holds for places in anything."""
    return [
        # Two rows would be two places for one person.
        models.UniqueConstraint(fields=[whose, "person"], name=f"meetings_{table}_once"),
        # Who waits has a turn, and nobody else has one.
        models.CheckConstraint(
            condition=Q(status="waiting", position__isnull=False)
            | (~Q(status="waiting") & Q(position__isnull=True)),
            name=f"meetings_{table}_waits_in_turn",
        ),
        # An offer without an end would hold a place for ever.
        models.CheckConstraint(
            condition=Q(status="offered", offer_expires_at__isnull=False)
            | (~Q(status="offered") & Q(offer_expires_at__isnull=True)),
            name=f"meetings_{table}_offer_ends",
        ),
        # One turn, one person: under the lock nobody can get another's.
        models.UniqueConstraint(
            fields=[whose, "position"],
            condition=Q(position__isnull=False),
            name=f"meetings_{table}_turn_once",
        ),
    ]
