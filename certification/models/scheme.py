"""What a course asks for its certificate, and what that certificate then says."""

import secrets
from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.core.files.storage import Storage, storages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from people.models import Membership, Organisation, Role

SIGNATURES = "handtekeningen"
# Fifty years, in months: beyond lies a slip of the keyboard.
LONGEST = 600
# Ten years, in days.
MOST_RENEWAL_DAYS = 3650


@deconstructible
class PrivateStorage(Storage):
    """The private storage as it is set when it is used: a field that named it would keep the one set at start."""

    def _open(self, name: str, mode: str = "rb") -> Any:
        return storages["private"].open(name, mode)

    def _save(self, name: str, content: Any) -> str:
        return storages["private"].save(name, content)

    def delete(self, name: str) -> None:
        storages["private"].delete(name)

    def exists(self, name: str) -> bool:
        return storages["private"].exists(name)

    def size(self, name: str) -> int:
        return storages["private"].size(name)


def signature_name(signatory: "Signatory", given: str) -> str:
    """A name by chance: what somebody's own file was called is nobody's business."""
    return f"{SIGNATURES}/{secrets.token_hex(16)}.{given.rpartition('.')[2].lower()[:4]}"


class EditedQuerySet(models.QuerySet[Any]):
    """What editors look after, each for their own organisation: `owner` is the way to it."""

    owner = "organisation"

    def visible_to(self, user: Any) -> Self:
        """Those of the organisations that somebody edits for: who gets what, and who signs, is shown with it."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        edits = Membership.objects.filter(user=user, role=Role.EDITOR)
        return self.filter(**{f"{self.owner}__in": edits.values("organisation")})


class SchemeQuerySet(EditedQuerySet):
    owner = "course__programme__organisation"


class AccreditationQuerySet(EditedQuerySet):
    owner = "scheme__course__programme__organisation"

    def refuse_where_earned_by(self) -> None:
        """`ProtectedError` where points were earned by one of them. In a transaction: until its end none can be."""
        # Locked first, and asked afterwards: an award that is being made keeps them locked until its points are there.
        locked = list(self.order_by("pk").select_for_update().values_list("pk", flat=True))
        if earned := set(Accreditation.objects.filter(pk__in=locked, points_earned__isnull=False)):
            raise models.ProtectedError("Points were earned by it.", earned)


class Register(models.Model):
    """A professional register, and how its numbers are written. Numbers are a prefix and digits: a rule that can be said."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    number_prefix = models.CharField(
        _("what numbers begin with"),
        max_length=10,
        blank=True,
        help_text=_("Such as NIP-. Empty where a number is digits alone."),
    )
    digits_least = models.PositiveSmallIntegerField(
        _("digits, at least"), default=1, validators=[MinValueValidator(1)]
    )
    digits_most = models.PositiveSmallIntegerField(
        _("digits, at most"), default=12, validators=[MinValueValidator(1)]
    )
    period_months = models.PositiveSmallIntegerField(
        _("length of a period in months"),
        null=True,
        blank=True,
        help_text=_("In how many months the points have to be earned."),
    )
    points_needed = models.DecimalField(
        _("points needed in a period"), max_digits=6, decimal_places=1, null=True, blank=True
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("registers")
        ordering = ["name"]
        constraints = [
            # A rule that no number can follow would refuse everybody.
            models.CheckConstraint(
                condition=models.Q(digits_least__gte=1, digits_most__gte=models.F("digits_least")),
                name="certification_register_numbers_possible",
                violation_error_message=_("At most must not be less than at least."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Signatory(models.Model):
    """Who signs on paper. The picture is private: whoever has it could sign as well."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=80)
    function = models.CharField(_("function"), max_length=80)
    image = models.ImageField(_("signature"), upload_to=signature_name, storage=PrivateStorage(), blank=True)

    objects = EditedQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return f"{self.name}, {self.function}"


class Scheme(models.Model):
    """What a course asks for its certificate. A course without one asks its required activities, nothing else.

    Changing it changes no award: an award froze what it was made by. Read `requirements` through
    `certification.requirements` only.
    """

    class Paper(models.TextChoices):
        CERTIFICATE = "certificate", _("certificate")
        PARTICIPATION = "participation", _("proof of participation")

    class Handing(models.TextChoices):
        AUTOMATIC = "automatic", _("by itself, as soon as all is met")
        CONFIRMED = "confirmed", _("after a coordinator has said yes")

    course = models.OneToOneField(
        Course, on_delete=models.PROTECT, related_name="scheme", verbose_name=_("course")
    )
    paper = models.CharField(_("paper"), max_length=15, choices=Paper.choices, default=Paper.CERTIFICATE)
    handing = models.CharField(
        _("handed out"), max_length=10, choices=Handing.choices, default=Handing.AUTOMATIC
    )
    # Kind of requirement to its settings: each kind once.
    requirements = models.JSONField(default=dict)
    # Paper and proof page bear the discreet title.
    neutral = models.BooleanField(
        _("neutral title"),
        default=True,
        help_text=_("Paper and proof page bear the discreet title of the course, not its own."),
    )
    valid_months = models.PositiveSmallIntegerField(
        _("valid for so many months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)],
    )
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    # Doing the same course again renews it from so many days before the end, and after it. So do the ways below.
    renewal_days = models.PositiveSmallIntegerField(
        _("renewal opens so many days before"),
        default=90,
        validators=[MaxValueValidator(MOST_RENEWAL_DAYS)],
        help_text=_("What is done earlier renews nothing."),
    )
    # A shorter course by which this certificate is renewed as well.
    refresher = models.ForeignKey(
        Course,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="refreshes",
        verbose_name=_("refresher course"),
        help_text=_("A shorter course that renews it as well. Empty: none."),
    )
    # So many points, earned in a register with other courses since this certificate, renew it as well.
    renewal_register = models.ForeignKey(
        Register,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("or by study points in"),
        help_text=_(
            "Points earned here with other courses, after this certificate and before it ends. "
            "It is then renewed by itself. Empty: points do not renew it."
        ),
    )
    renewal_points = models.DecimalField(
        _("points needed"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    signatories = models.ManyToManyField(
        Signatory, blank=True, related_name="+", verbose_name=_("signatories")
    )

    objects = SchemeQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("certificate scheme")
        verbose_name_plural = _("certificate schemes")
        ordering = ["course__title", "pk"]
        constraints = [
            # Of two ends a reader would not know which one counts.
            models.CheckConstraint(
                condition=models.Q(valid_months__isnull=True) | models.Q(valid_until__isnull=True),
                name="certification_scheme_one_end",
                violation_error_message=_("Choose months or a date, not both."),
            ),
            # Points of no register, or a register without a number, would renew at once or never.
            models.CheckConstraint(
                condition=models.Q(renewal_register__isnull=True, renewal_points__isnull=True)
                | models.Q(renewal_register__isnull=False, renewal_points__gt=0),
                name="certification_scheme_renewal_points_whole",
                violation_error_message=_(
                    "Renewal by points: choose the register, and say how many points above zero."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(valid_months__isnull=True) | models.Q(valid_months__gte=1),
                name="certification_scheme_months_positive",
            ),
        ]

    def __str__(self) -> str:
        return str(self.course)

    def is_over(self, day: date) -> bool:
        """What would be issued now would have expired already."""
        return self.valid_until is not None and self.valid_until < day

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Its accreditations go along, so those by which points were earned keep it."""
        with transaction.atomic():
            self.accreditations.refuse_where_earned_by()
            return super().delete(*args, **kwargs)


class Accreditation(models.Model):
    """That a register counts a course: its number there, for how long, and how many points."""

    class Counting(models.TextChoices):
        WHOLE = "whole", _("all points with the certificate")
        HOURS = "hours", _("one point per net hour that somebody took part")

    scheme = models.ForeignKey(
        Scheme, on_delete=models.CASCADE, related_name="accreditations", verbose_name=_("certificate scheme")
    )
    register = models.ForeignKey(
        Register, on_delete=models.PROTECT, related_name="accreditations", verbose_name=_("register")
    )
    number = models.CharField(_("accreditation number"), max_length=40)
    category = models.CharField(_("category"), max_length=60, blank=True)
    counting = models.CharField(
        _("how points are counted"), max_length=10, choices=Counting.choices, default=Counting.WHOLE
    )
    # The most that can be earned.
    points = models.DecimalField(_("points"), max_digits=5, decimal_places=1)
    net_minutes = models.PositiveIntegerField(
        _("net study time in minutes"),
        null=True,
        blank=True,
        help_text=_("As accredited. Empty: the minutes of the lessons and the meetings attended."),
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))

    objects = AccreditationQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("accreditation")
        verbose_name_plural = _("accreditations")
        ordering = ["register__name", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("valid_from")),
                name="certification_accreditation_period",
                violation_error_message=_("The end must not be before the beginning."),
            ),
            models.CheckConstraint(
                condition=models.Q(points__gt=0), name="certification_accreditation_points_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.number}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Not while points were earned by it: the files for its register are made of it."""
        with transaction.atomic():
            Accreditation.objects.filter(pk=self.pk).refuse_where_earned_by()
            return super().delete(*args, **kwargs)

    def counts_on(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_until

    def frozen(self, *, earned: Decimal) -> dict[str, Any]:
        """What an award keeps of it, as JSON: with the points that were earned by it, not the most that can be."""
        return {
            "register": self.register.name,
            "number": self.number,
            "category": self.category,
            "points": f"{earned:.1f}",
            "net_minutes": self.net_minutes,
        }
