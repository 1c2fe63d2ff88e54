"""What is taught. Publishing a page writes these rows; a learner's record points at them and never at a page."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from media.models import Handout, PackageVersion, Recording
from people.models import Membership, Organisation, Role


class Programme(models.Model):
    """What an organisation offers as a whole. `neutral_name` is all that mail and calendar may say of it."""

    class Audience(models.TextChoices):
        EXPERIENCE = "ervaringsmaatjes", _("experts by experience")
        PROFESSIONALS = "professionals", _("professionals")

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    neutral_name = models.CharField(max_length=120)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="programmes")
    audience = models.CharField(max_length=20, choices=Audience.choices)
    # What an intake talk goes by, a line each. Only its outcome is kept, never what somebody said.
    intake_checklist = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def intake_points(self) -> list[str]:
        return [line.strip() for line in self.intake_checklist.splitlines() if line.strip()]


class Taught(models.Model):
    """What courses, sessions and lessons share. `key` is the pages' translation key: one row for all languages."""

    key = models.UUIDField(unique=True)
    title = models.CharField(max_length=255)
    # The language it was first written in: it alone decides what exists, its order and its answer keys.
    source_locale = models.CharField(max_length=10)
    # Titles of translations by language code; the source's own title is `title`.
    titles = models.JSONField(default=dict, blank=True)
    # Neutral address: /les/<short_key>/ and the like. Made once, by chance; says nothing.
    short_key = models.CharField(max_length=12, unique=True)
    # Unpublished or deleted pages archive; nothing is ever deleted under a record.
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def local_title(self) -> str:
        """The title in the language of who is looking, else the source's."""
        return self.titles.get(get_language() or "", self.title)


class Course(Taught):
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="courses")
    # What strangers read on the verification page, and what mail may say.
    discreet_title = models.CharField(max_length=255)
    # What the net hours cover, such as "online deel".
    hours_label = models.CharField(max_length=60, blank=True)
    # Whether anybody who signs up may start, or only by a cohort.
    open_enrolment = models.BooleanField(default=True)


class Session(Taught):
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions")
    position = models.PositiveIntegerField(default=0)
    # The live meeting as the page tells it; empty where the session has none.
    meeting = models.CharField(max_length=120, blank=True)
    # Trainers call everybody within 48 hours after it.
    heavy = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "pk"]


class Lesson(Taught):
    class Part(models.TextChoices):
        BEFORE = "before", _("before")
        LIVE = "live", _("meeting")
        AFTER = "after", _("after")
        WHOLE = "whole", _("lesson")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="lessons")
    position = models.PositiveIntegerField(default=0)
    part = models.CharField(max_length=10, choices=Part.choices, default=Part.WHOLE)
    minutes = models.PositiveSmallIntegerField(default=0)
    # Changes with every publication in any language: the rendered body is cached under it.
    stamp = models.CharField(max_length=32, default="")

    class Meta:
        ordering = ["position", "pk"]


class Activity(models.Model):
    """Something to do in a lesson. Retired, never deleted; its wording lives in `ActivityVersion`."""

    # The StreamField block's id. A copied page keeps these, so a key is only unique within its lesson.
    key = models.UUIDField()
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="activities")
    kind = models.CharField(max_length=30)
    required = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["lesson", "key"], name="courses_activity_once_a_lesson")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class ActivityVersion(models.Model):
    """One wording of an activity, with its answer key. Immutable: an attempt is read against the version it was made on."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="versions")
    locale = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    specification = models.JSONField()
    max_score = models.FloatField()
    pass_score = models.FloatField()
    # SHA-256 of the specification: an unchanged publication makes no new version.
    fingerprint = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    # What the specification names by id, where it names one: a file stays for as long as a wording needs it.
    recording = models.ForeignKey(Recording, null=True, on_delete=models.PROTECT, related_name="+")
    handout = models.ForeignKey(Handout, null=True, on_delete=models.PROTECT, related_name="+")
    # What plays, where the kind is a package: clean-up of packages leaves it alone for as long as this row is here.
    package_version = models.ForeignKey(
        PackageVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="activity_versions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "locale", "number"], name="courses_version_number_once"
            ),
            models.CheckConstraint(
                # A pass mark nobody can reach would lock a course for good.
                condition=models.Q(pass_score__gte=0) & models.Q(pass_score__lte=models.F("max_score")),
                name="courses_version_can_be_passed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity} v{self.number} {self.locale}"


class CourseVersion(models.Model):
    """The required activities of a course at one moment. A learner under way keeps theirs; never edit one, freeze anew."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="versions")
    # SHA-256 over the ids of the activity versions: the same set is one row.
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    required = models.ManyToManyField(ActivityVersion, through="CourseVersionItem", related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "fingerprint"], name="courses_courseversion_once")
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.created_at:%Y-%m-%d}"


class CourseVersionItem(models.Model):
    """One required activity of a course version, with the wording it had then."""

    course_version = models.ForeignKey(CourseVersion, on_delete=models.CASCADE, related_name="items")
    activity_version = models.ForeignKey(ActivityVersion, on_delete=models.PROTECT, related_name="+")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="required_in")

    class Meta:
        constraints = [
            # One wording per activity: two would have to be answered twice.
            models.UniqueConstraint(fields=["course_version", "activity"], name="courses_item_activity_once"),
        ]

    def __str__(self) -> str:
        return f"{self.course_version}: {self.activity}"


class CohortQuerySet(models.QuerySet["Cohort"]):
    def in_care_of(self, user: Any) -> Self:
        """The groups somebody trains, or coordinates: for the organisation, or for the group's region."""
        if not user.is_authenticated:
            return self.none()
        coordinates = Membership.objects.filter(
            user=user,
            role=Role.COORDINATOR,
            organisation=models.OuterRef("course__programme__organisation"),
        ).filter(models.Q(region="") | models.Q(region=models.OuterRef("region")))
        trains = self.model.trainers.through.objects.filter(user=user, cohort=models.OuterRef("pk"))
        return self.filter(models.Exists(trains) | models.Exists(coordinates))


class Cohort(models.Model):
    """A group that goes through a course together. Never delete one that somebody was in: archive it."""

    class WayIn(models.TextChoices):
        OPEN = "open", _("open: whoever starts the course")
        CODE = "code", _("with a code")
        INVITATION = "invitation", _("by invitation")
        INTAKE = "intake", _("after an intake talk")

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="cohorts")
    name = models.CharField(max_length=120)
    # Narrows which coordinators see the group; empty: only those of the whole organisation.
    region = models.CharField(max_length=80, blank=True)
    trainers = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="cohorts_trained")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)
    # Places on offer to who was waiting: they count as taken until the offer is answered or runs out.
    held = models.PositiveSmallIntegerField(default=0)
    way_in = models.CharField(max_length=10, choices=WayIn.choices, default=WayIn.OPEN)
    code = models.CharField(max_length=20, blank=True)
    # Days before a meeting from which its online part is suggested. A suggestion: nothing closes.
    homework_days = models.PositiveSmallIntegerField(default=7)
    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = CohortQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(starts_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="courses_cohort_ends_after_it_starts",
            ),
            models.CheckConstraint(
                # A way in by code without a code is an open door.
                condition=~models.Q(way_in="code", code=""),
                name="courses_cohort_code_where_needed",
            ),
        ]

    def __str__(self) -> str:
        return self.name
