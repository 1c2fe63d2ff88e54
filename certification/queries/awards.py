"""Somebody's certificates, what one rests on, and documents that wait."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet, Sum

from certification.models import Award, Document, Scheme
from courses.models import Activity, Course, CourseVersionItem, Enrolment, Lesson
from courses.queries.progress import still_asked
from people.models import User


@dataclass(frozen=True)
class Passed:
    """The attempt by which an activity was done first."""

    version_id: int
    attempt_id: int
    score: float
    max_score: float
    self_reported: bool

    @property
    def graded_here(self) -> bool:
        """There was a right answer, and this server looked."""
        return self.max_score > 0 and not self.self_reported


@dataclass(frozen=True)
class Required:
    """A required activity of a course version, with its lesson and the attempt that passed it (`None`: not done).

    `asked`: it can still be done; what was withdrawn from the course since does not hold anybody up.
    """

    version_id: int
    lesson_id: int
    lesson_minutes: int
    live: bool
    asked: bool
    passed: Passed | None


@dataclass(frozen=True)
class Minutes:
    """Minutes on one's own and minutes in live meetings, apart as an award keeps them."""

    net: int
    live: int


def awards_of(learner: User) -> QuerySet[Award]:
    """Somebody's certificates with their documents and links, the latest first. Two queries."""
    return (
        Award.objects.visible_to(learner)
        .current()
        .select_related("document", "replaces", "renews")
        .prefetch_related("share_links")
    )


def scheme_of(course: Course) -> Scheme | None:
    """What a course asks. One query, none where the course came with it."""
    return getattr(course, "scheme", None)


def required_of(enrolment: Enrolment) -> list[Required]:
    """The required activities of an enrolment's course version, with the attempts that passed them first. One query."""
    asked_now = CourseVersionItem.objects.filter(still_asked(), pk=OuterRef("pk"))
    passing = Q(activity__attempts__enrolment=enrolment, activity__attempts__passed=True)
    rows = (
        CourseVersionItem.objects.filter(course_version_id=enrolment.course_version_id)
        .annotate(asked=Exists(asked_now), passing=FilteredRelation("activity__attempts", condition=passing))
        .order_by(
            "activity__lesson__session__position",
            "activity__lesson__position",
            "activity__position",
            "pk",
            "passing__received_at",
            "passing__pk",
        )
        .values_list(
            "activity_version_id",
            "activity__lesson_id",
            "activity__lesson__minutes",
            "activity__lesson__part",
            "asked",
            "passing__version_id",
            "passing__pk",
            "passing__score",
            "passing__max_score",
            "passing__self_reported",
        )
    )
    required: dict[int, Required] = {}
    for version_id, lesson_id, minutes, part, asked, *attempt in rows:
        if version_id not in required:
            passed = None if attempt[0] is None else Passed(*attempt)
            required[version_id] = Required(
                version_id, lesson_id, minutes, part == Lesson.Part.LIVE, asked, passed
            )
    return list(required.values())


def course_minutes(course: Course) -> Minutes:
    """How long a course is that somebody does whole: lessons with something required, each once, and meetings. One query."""
    asked = Activity.objects.filter(lesson=OuterRef("pk"), required=True, retired_at=None)
    lessons = Lesson.objects.filter(
        Exists(asked), session__course=course, archived_at=None, session__archived_at=None
    )
    live = Q(part=Lesson.Part.LIVE)
    found = lessons.aggregate(net=Sum("minutes", filter=~live), live=Sum("minutes", filter=live))
    return Minutes(net=found["net"] or 0, live=found["live"] or 0)


def overdue_documents(now: datetime) -> QuerySet[Document]:
    """Documents that should have been made: due, or held by a worker whose lease ran out. Oldest first."""
    return Document.objects.filter(
        Q(state__in=[Document.State.WAITING, Document.State.FAILED], due_at__lte=now)
        | Q(state=Document.State.RENDERING, lease_until__lte=now)
    ).order_by("due_at", "pk")
