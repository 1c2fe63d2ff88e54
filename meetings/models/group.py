import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Cohort
from people.models import Organisation

from .place import Place, place_constraints


class GroupPlace(Place):
    """How somebody comes into a group: asked, welcome or not yet, waiting, on offer, in.

    Of the intake talk only the outcome stands here, by whom and when; never what was said.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="places")
    alias = models.CharField(max_length=40)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            *place_constraints("groupplace", "cohort"),
            # Somebody answers for a no, and it has a day.
            models.CheckConstraint(
                condition=~Q(status="not_yet") | Q(decided_at__isnull=False),
                name="meetings_groupplace_no_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort} {self.status}"

    @property
    def host(self) -> Cohort:
        return self.cohort


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(models.Model):
    """A way into a group for one person, by a link that works once. Only the link's digest is kept."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="invitations")
    # Erased when it is used: from then on the person is known by their account.
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    # No row of Wagtail's reference index names a person.
    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            # Invited twice is two mails to one mailbox, and two places for one person.
            models.UniqueConstraint(
                fields=["cohort", "email"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="meetings_invitation_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort} {self.invited_at:%Y-%m-%d}"


class KeepApartQuerySet(models.QuerySet["KeepApart"]):
    def among(self, people: Any) -> Self:
        """The marks of which both are among these people."""
        return self.filter(one__in=people, other__in=people)

    def of(self, person: Any) -> Self:
        return self.filter(Q(one=person) | Q(other=person))


class KeepApart(models.Model):
    """A trainer's mark: these two had better not be in one group. No reason, ever: it would tell a story of two people.

    Shown to who places people in groups, in the organisation for which it was made, and to nobody else.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    one = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField()

    objects = KeepApartQuerySet.as_manager()

    # No row of Wagtail's reference index names a person.
    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            # In order, so that a pair is one row whichever way round it was marked; and nobody is a pair by themselves.
            models.CheckConstraint(
                condition=Q(one__lt=models.F("other")), name="meetings_keepapart_in_order"
            ),
            models.UniqueConstraint(fields=["organisation", "one", "other"], name="meetings_keepapart_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
