from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from .user import User


class Role(models.TextChoices):
    """What a person does. Each role is also a Wagtail group of this name with the least permissions."""

    TRAINEE = "trainee", _("trainee")
    TRAINER = "trainer", _("trainer")
    COORDINATOR = "coordinator", _("coordinator")
    EDITOR = "editor", _("editor")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: "User | AnonymousUser") -> "OrganisationQuerySet":
        """Those in which somebody has a role."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(
            models.Exists(Membership.objects.filter(user=user, organisation=models.OuterRef("pk")))
        )


class Organisation(models.Model):
    """Who offers programmes. Its slug is its identity in programme texts."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(unique=True)

    objects = OrganisationQuerySet.as_manager()

    # No row of Wagtail's reference index names a person.
    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return self.name


def _coordinated_by(user: "User") -> models.Exists:
    own = Membership.objects.filter(
        user=user, role=Role.COORDINATOR, organisation=models.OuterRef("organisation")
    )
    return models.Exists(own.filter(models.Q(region="") | models.Q(region=models.OuterRef("region"))))


class MembershipQuerySet(models.QuerySet["Membership"]):
    def coordinated_by(self, user: "User") -> "MembershipQuerySet":
        """Memberships within the organisations that somebody coordinates, narrowed by the region they do it for."""
        return self.filter(_coordinated_by(user))

    def visible_to(self, user: "User | AnonymousUser") -> "MembershipQuerySet":
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(models.Q(user=user) | _coordinated_by(user))


class Membership(models.Model):
    """A person's role within an organisation; `region` narrows it (empty: the whole organisation)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    region = models.CharField(_("region"), max_length=80, blank=True)
    granted_at = models.DateTimeField(default=timezone.now)

    objects = MembershipQuerySet.as_manager()

    # No row of Wagtail's reference index names a person.
    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role", "region"], name="people_membership_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"
