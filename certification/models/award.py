"""What was certified: once per enrolment, frozen on the day, numbered without gaps."""

import secrets
import uuid
from base64 import b32encode
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from certification.models.scheme import Scheme
from courses.models import Enrolment
from people.models import Membership, Organisation, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from people.models import User

ID_LENGTH = 26


def new_public_id() -> str:
    """26 characters of base32, 130 bits by chance: nobody finds one by trying."""
    # 17 bytes are 136 bits, 28 characters; each of the first 26 carries 5 whole bits.
    return b32encode(secrets.token_bytes(17)).decode()[:ID_LENGTH]


class SerialCounter(models.Model):
    """The last serial number of an organisation in a year. Taken under a lock, in the transaction of the award."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="certification_counter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.year}: {self.last}"


class AwardQuerySet(models.QuerySet["Award"]):
    def visible_to(self, user: "User | AnonymousUser") -> "AwardQuerySet":
        """One's own. Strangers see an award through its number only, and then what the proof page shows."""
        return self.filter(holder=user) if user.is_authenticated else self.none()

    def coordinated_by(self, user: "User | AnonymousUser") -> "AwardQuerySet":
        """Those that somebody answers for: of their organisation, or of their region's groups; never their own."""
        if not user.is_authenticated:
            return self.none()
        coordinates = Membership.objects.filter(user=user, role=Role.COORDINATOR)
        everywhere = coordinates.filter(region="").values("organisation")
        somewhere = coordinates.filter(
            organisation=models.OuterRef("organisation"), region=models.OuterRef("enrolment__cohort__region")
        ).exclude(region="")
        return self.filter(
            models.Q(organisation__in=everywhere) | models.Exists(somewhere), holder__isnull=False
        ).exclude(holder=user)

    def recorded_for(self, user: "User | AnonymousUser") -> "AwardQuerySet":
        """Those that somebody coordinates, and what outlives a holder who was erased: that it was issued, and what it is.

        The latter to who coordinates all of the organisation; of which region it was, nobody can tell any more.
        """
        if not user.is_authenticated:
            return self.none()
        everywhere = Membership.objects.filter(user=user, role=Role.COORDINATOR, region="")
        erased = models.Q(erased_at__isnull=False, organisation__in=everywhere.values("organisation"))
        return self.filter(erased | models.Q(pk__in=Award.objects.coordinated_by(user).values("pk")))

    def current(self) -> "AwardQuerySet":
        """The last paper of every chain of corrections."""
        return self.filter(replaced_at=None)

    def counting_on(self, day: date) -> "AwardQuerySet":
        """Those that count on a day: valid, and not expired."""
        return self.filter(status=Award.Status.VALID).filter(
            models.Q(valid_until=None) | models.Q(valid_until__gte=day)
        )


class Award(models.Model):
    """What was certified, frozen on the day. Never edit what it certifies and never delete it.

    Erasure takes the person out of it (`certification.services.erasure`); what stays can still be verified.
    A correction is a new award that `replaces` the old one; a renewal is a new one that `renews` it.
    """

    class Status(models.TextChoices):
        VALID = "valid", _("valid")
        REVOKED = "revoked", _("revoked")
        REPLACED = "replaced", _("replaced")

    class State(models.TextChoices):
        """What it is worth on a day. Whether the holder's details were removed is `erased_at`, beside it."""

        VALID = "valid", _("valid")
        EXPIRED = "expired", _("expired")
        REVOKED = "revoked", _("revoked")
        REPLACED = "replaced", _("replaced")

    class Way(models.TextChoices):
        """What it was earned by."""

        COURSE = "course", _("the course")
        # A renewal: the enrolment is the one that the certificate before it rests on.
        POINTS = "points", _("study points")

    public_id = models.CharField(max_length=ID_LENGTH, unique=True, default=new_public_id, editable=False)
    # Stands for the person in counts and registers once the person is gone. Says nothing about them.
    subject_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    # What a person reads out and files by, per organisation and year: see `serial`.
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    serial_year = models.PositiveSmallIntegerField()
    serial_number = models.PositiveIntegerField()
    # None: the course had no scheme. A scheme by which something was awarded cannot be deleted.
    scheme = models.ForeignKey(Scheme, null=True, blank=True, on_delete=models.PROTECT, related_name="awards")
    paper = models.CharField(max_length=15, choices=Scheme.Paper.choices, default=Scheme.Paper.CERTIFICATE)
    way = models.CharField(max_length=6, choices=Way.choices, default=Way.COURSE)
    enrolment = models.ForeignKey(
        Enrolment, null=True, blank=True, on_delete=models.SET_NULL, related_name="awards"
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
    # Minutes of live meetings that were attended; not in `net_minutes`.
    attended_minutes = models.PositiveIntegerField(default=0)
    started_on = models.DateField()
    completed_on = models.DateField()
    issued_at = models.DateTimeField()
    language = models.CharField(max_length=10)
    # Per required activity: the version asked, the version and attempt that passed, score, self-reported. No text.
    evidence = models.JSONField(default=list)
    # Per requirement of the scheme: kind, settings, and what was found. No text of anybody.
    requirements = models.JSONField(default=list)
    # As they stood that day, with the points that were earned (`Accreditation.frozen`), and who signs: name, function,
    # image (a private file).
    accreditations = models.JSONField(default=list)
    signatories = models.JSONField(default=list)
    # The last day on which it counts. None: for good.
    valid_until = models.DateField(null=True, blank=True)

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.VALID)
    revoked_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    # Not one to one: a correction of the renewal renews as well.
    renews = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="renewals"
    )
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = AwardQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-issued_at", "-pk"]
        indexes = [models.Index(fields=["valid_until"], name="certification_award_expiry")]
        constraints = [
            # One paper that counts per enrolment, however many last answers arrive at once.
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=models.Q(replaced_at__isnull=True, way="course"),
                name="certification_award_current_once",
            ),
            # Points that were counted twice at the same time renew once.
            models.UniqueConstraint(
                fields=["renews"],
                condition=models.Q(replaced_at__isnull=True, way="points"),
                name="certification_award_renewed_by_points_once",
            ),
            # What points renew is what stood there before.
            models.CheckConstraint(
                condition=models.Q(way="course") | models.Q(renews__isnull=False),
                name="certification_award_points_renew",
            ),
            # Two papers of one number could not be told apart on the telephone.
            models.UniqueConstraint(
                fields=["organisation", "serial_year", "serial_number"],
                name="certification_award_serial_once",
            ),
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
                condition=models.Q(status="valid", revoked_at__isnull=True, replaced_at__isnull=True)
                | models.Q(status="revoked", revoked_at__isnull=False)
                | models.Q(status="replaced", revoked_at__isnull=True, replaced_at__isnull=False),
                name="certification_award_status_has_date",
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
    def serial(self) -> str:
        """The number within the organisation, such as 2026-00042."""
        return f"{self.serial_year}-{self.serial_number:05d}"

    def state_on(self, day: date) -> str:
        """What it is worth on a day (`State`). It counts through its last day."""
        if self.status != self.Status.VALID:
            return self.State(self.status)
        expired = self.valid_until is not None and self.valid_until < day
        return self.State.EXPIRED if expired else self.State.VALID

    @property
    def state(self) -> str:
        """What it is worth today."""
        return self.state_on(timezone.localdate())

    @property
    def state_label(self) -> str:
        """`state` in words."""
        return str(self.State(self.state).label)

    @property
    def renewal_opens_on(self) -> date | None:
        """The first day on which it can be renewed; it comes with its scheme. `None`: it has no end, or does not count."""
        if self.scheme is None or self.valid_until is None or self.status != self.Status.VALID:
            return None
        return self.valid_until - timedelta(days=self.scheme.renewal_days)

    def is_renewable_on(self, day: date) -> bool:
        """Whether what is finished on a day renews it: from then on, after its end as well."""
        return self.renewal_opens_on is not None and day >= self.renewal_opens_on

    @property
    def grouped_id(self) -> str:
        """The number in groups that can be read aloud: 4, 4, 4, 4, 4 and 6 characters."""
        groups = [self.public_id[start : start + 4] for start in range(0, 20, 4)]
        return " ".join([*groups, self.public_id[20:]])

    @property
    def net_time(self) -> str:
        """The net study time in words, such as "3 hours 20 minutes, online part", in the active language.

        Nothing where only meetings counted.
        """
        if not self.net_minutes:
            return ""
        time = minutes_in_words(self.net_minutes)
        return f"{time}, {self.hours_label}" if self.hours_label else time

    @property
    def attended_time(self) -> str:
        """The time in live meetings in words, in the active language; nothing where none counted."""
        return minutes_in_words(self.attended_minutes) if self.attended_minutes else ""


def minutes_in_words(minutes: int) -> str:
    """A length of time such as "3 hours and 20 minutes", in the active language."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours})
    if rest:
        parts.append(ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest})
    return gettext(" and ").join(parts)
