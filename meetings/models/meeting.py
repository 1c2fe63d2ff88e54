import uuid
from datetime import datetime
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from courses.models import Cohort, Course, Enrolment, Programme, Session
from people.models import Membership, Organisation, Role


def _places_of(user: Any, *statuses: str) -> Exists:
    """Whether somebody has a place in the outer meeting that stands so."""
    registration = apps.get_model("meetings", "Registration")  # it points here
    return Exists(registration.objects.filter(person=user, meeting=OuterRef("pk"), status__in=statuses))


def _awaited_by(user: Any) -> Exists:
    """Whether somebody waits for a place in the outer meeting, or is offered one."""
    return _places_of(user, "waiting", "offered")


def _called_off_for(user: Any) -> Q:
    """Whether the outer meeting is off that somebody waited for: the message that says so leads to it.

    Not where its list is closed. Nobody waits for a place there, and who was taken off such a list sees it no more.
    """
    return Q(_places_of(user, "cancelled"), cohort=None, cancelled_at__isnull=False, closed_list=False)


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def led_by(self, user: Any) -> Self:
        """Those somebody runs: the group's trainers, or who was named for a meeting without a group."""
        if not user.is_authenticated:
            return self.none()
        trains = Cohort.trainers.through.objects.filter(user=user, cohort=OuterRef("cohort"))
        leads = Meeting.leaders.through.objects.filter(user=user, meeting=OuterRef("pk"))
        return self.filter(Exists(trains) | Exists(leads))

    def in_care_of(self, user: Any) -> Self:
        """Those somebody may plan and move: who runs them, and who coordinates the organisation or region."""
        if not user.is_authenticated:
            return self.none()
        coordinates = Membership.objects.filter(
            user=user, role=Role.COORDINATOR, organisation=OuterRef("organisation")
        ).filter(Q(region="") | Q(region=OuterRef("region")))
        trains = Cohort.trainers.through.objects.filter(user=user, cohort=OuterRef("cohort"))
        leads = Meeting.leaders.through.objects.filter(user=user, meeting=OuterRef("pk"))
        return self.filter(Exists(trains) | Exists(leads) | Exists(coordinates))

    def of_participant(self, user: Any) -> Self:
        """Those somebody is in: by their group, or by a registration that stands. Signed off counts as in for a group."""
        if not user.is_authenticated:
            return self.none()
        learns = Enrolment.objects.filter(learner=user, cohort=OuterRef("cohort")).exclude(
            status=Enrolment.Status.WITHDRAWN
        )
        registered = Q(cohort__isnull=True) & _places_of(user, "registered")
        return self.filter(Q(cohort__isnull=False) & Exists(learns) | registered)

    def with_room_for(self, user: Any) -> Self:
        """Those whose room for intervision is somebody's: they lead the meeting, or take part and did not sign off."""
        led, joined = self.led_by(user).values("pk"), self.of_participant(user).values("pk")
        takes_part = Q(pk__in=joined) & ~_places_of(user, "cancelled")
        held = self.standing().filter(kind__in=Meeting.WITH_ROOM)
        return held.filter(Q(pk__in=led) | takes_part) if user.is_authenticated else self.none()

    def open_to(self, user: Any) -> Self:
        """Those without a group that somebody may register for: of their audience and region, and with an open list.

        A list that is closed is not shown to anybody who is not on it: who is in a support group is nobody's business.
        """
        if not user.is_authenticated:
            return self.none()
        learns = Enrolment.objects.filter(learner=user).exclude(status=Enrolment.Status.WITHDRAWN)
        audiences = learns.filter(course__programme__audience=OuterRef("audience"))
        regions = learns.filter(cohort__region=OuterRef("region"))
        members = Membership.objects.filter(user=user, region=OuterRef("region"))
        return self.filter(cohort=None, closed_list=False).filter(
            Q(audience=Meeting.Audience.EVERYONE) | Exists(audiences),
            Q(region="") | Exists(regions) | Exists(members),
        )

    def visible_to(self, user: Any) -> Self:
        """What somebody may look at: their own, what is open to them, what they care for, and what waits for them or did until it was off."""
        if not user.is_authenticated:
            return self.none()
        seen = self.of_participant(user).values("pk"), self.open_to(user).values("pk")
        cared = self.in_care_of(user).values("pk")
        awaited = _awaited_by(user) | _called_off_for(user)
        return self.filter(Q(pk__in=seen[0]) | Q(pk__in=seen[1]) | Q(pk__in=cared) | awaited)

    def open_to_or_awaited_by(self, user: Any) -> Self:
        """Those that are open to somebody, and those they wait for, also where they are meant for others by now."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(pk__in=self.open_to(user).values("pk")) | _awaited_by(user))

    def standing(self) -> Self:
        """Those that are not off: neither cancelled, nor gone with their group."""
        return self.filter(cancelled_at=None).not_put_away()

    def not_put_away(self) -> Self:
        """Without those that were still to come when their group was put away, and that nobody came to or caught up with.

        What is to come is cancelled with its group now; of groups that were put away before that it stands uncancelled.
        """
        attendance = apps.get_model("meetings", "Attendance")  # it points here
        counts = [*attendance.THERE, attendance.Status.CAUGHT_UP]
        came = attendance.objects.current().filter(meeting=OuterRef("pk"), status__in=counts)
        ran = Q(cohort__archived_at=None) | Q(starts_at__lte=F("cohort__archived_at"))
        return self.filter(ran | Q(cancelled_at__isnull=False) | Exists(came))

    def exportable(self) -> Self:
        """Those whose attendance may leave the house: never that of a closed list."""
        return self.filter(closed_list=False)


class Meeting(models.Model):
    """Something that happens at a place or online at a time. Cancelled, never deleted: calendars have to be told.

    Change when and where through `meetings.services.planning`, which counts `sequence` on: calendars go by it.
    """

    class Kind(models.TextChoices):
        TRAINING = "training", _("training session")
        THEME = "theme", _("theme meeting")
        WORKSHOP = "workshop", _("workshop")
        INTERVISION = "intervision", _("intervision")
        CASE = "case", _("case consultation")
        SUPPORT = "support", _("support group")
        REFLECTION = "reflection", _("reflection meeting")

    # What has a room for intervision. A support group never has: nothing of it is written down.
    WITH_ROOM = (Kind.INTERVISION, Kind.CASE)
    # What is planned in a group beside its training sessions. No support group: its list is closed and only who leads it
    # sees who is in, while members, trainers and coordinators of a group know who is in that.
    BESIDE_SESSIONS = (Kind.THEME, Kind.WORKSHOP, Kind.INTERVISION, Kind.CASE, Kind.REFLECTION)

    class Audience(models.TextChoices):
        EVERYONE = "", _("everybody")
        EXPERIENCE = Programme.Audience.EXPERIENCE.value, _("experts by experience")
        PROFESSIONALS = Programme.Audience.PROFESSIONALS.value, _("professionals")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # What calendars know it by, for ever; random, so that a calendar that leaks leads nowhere.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="meetings")
    # A group's meetings are for everybody in it. PROTECT: a group with meetings is archived, not deleted.
    cohort = models.ForeignKey(
        Cohort, null=True, blank=True, on_delete=models.PROTECT, related_name="meetings"
    )
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.PROTECT, related_name="meetings"
    )
    title = models.CharField(_("title"), max_length=160)
    # All that calendars and messages say.
    discreet_title = models.CharField(_("neutral title"), max_length=80)
    # Moments. A weekly seven o'clock is worked out on the clock on the wall (`meetings.rules.weekly`) and stored as what
    # it comes to, so that it stays seven o'clock when the clock changes.
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(_("place"), max_length=200, blank=True)
    # Only for who is in.
    online_link = models.URLField(_("online link"), max_length=400, blank=True)
    capacity = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    audience = models.CharField(_("for whom"), max_length=20, choices=Audience.choices, blank=True)
    region = models.CharField(_("region"), max_length=80, blank=True)
    leaders = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="meetings_led")
    closed_list = models.BooleanField(_("closed list"), default=False)
    # Minutes before the beginning; null: no reminder.
    reminder_minutes = models.PositiveIntegerField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    self_check_in = models.BooleanField(_("people check in themselves"), default=False)
    # How many guests came. A number: nobody needs to know who.
    guests = models.PositiveSmallIntegerField(_("guests"), default=0)
    # Repeated meetings that were planned together.
    series = models.UUIDField(null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = MeetingQuerySet.as_manager()

    # No row of Wagtail's reference index names a person.
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["cancelled_at", "starts_at"], name="meetings_meeting_coming")]
        constraints = [
            # Calendars refuse what ends before it begins.
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="meetings_meeting_has_length"
            ),
            # Room for nobody is a mistake; no limit is null.
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gt=0), name="meetings_meeting_has_room"
            ),
            # Who is in a support group shows by who may register for it: its list is always closed.
            models.CheckConstraint(
                condition=~Q(kind="support") | Q(closed_list=True), name="meetings_meeting_support_is_closed"
            ),
            # A training session without a group would have nobody in it.
            models.CheckConstraint(
                condition=~Q(kind="training") | Q(cohort__isnull=False),
                name="meetings_meeting_training_has_group",
            ),
            # A session belongs to a course, and a course is followed in a group.
            models.CheckConstraint(
                condition=Q(session__isnull=True) | Q(cohort__isnull=False),
                name="meetings_meeting_session_has_group",
            ),
            # A calendar entry without a title shows the file's name or nothing.
            models.CheckConstraint(
                condition=~Q(discreet_title=""), name="meetings_meeting_has_discreet_title"
            ),
            # The session page shows one date; a second one would hide the first.
            models.UniqueConstraint(
                fields=["cohort", "session"],
                condition=Q(cancelled_at__isnull=True),
                name="meetings_meeting_session_once_a_group",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.discreet_title} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    def is_over(self, now: datetime) -> bool:
        return self.ends_at <= now

    @property
    def has_room(self) -> bool:
        return self.kind in self.WITH_ROOM

    @property
    def course(self) -> Course | None:
        return self.cohort.course if self.cohort else None
