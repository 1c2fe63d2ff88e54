"""Shared reads about certificates. Every function runs a fixed number of queries, however many rows there are."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from certification.models import Award, Document
from courses.models import Attempt, CourseVersionItem, Enrolment, Lesson
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


def awards_of(learner: User) -> QuerySet[Award]:
    """Somebody's certificates with their documents, the latest first. One query."""
    return Award.objects.visible_to(learner).select_related("document")


def pending_names(learner: User) -> QuerySet[Enrolment]:
    """Completed courses that have no certificate yet and could have one, had the learner given a name. One query.

    Courses in which nothing was graded by the server are left out: no name is asked for without need.
    """
    graded_here = Attempt.objects.filter(
        enrolment=OuterRef("pk"), passed=True, max_score__gt=0, self_reported=False
    )
    return (
        Enrolment.objects.filter(
            Exists(graded_here), learner=learner, status=Enrolment.Status.COMPLETED, award=None
        )
        .select_related("course__programme")
        .order_by("completed_at", "pk")
    )


def required_of(enrolment: Enrolment) -> list[Required]:
    """The required activities of an enrolment's course version, with the attempts that passed them. Two queries."""
    passed: dict[int, Passed] = {}
    attempts = Attempt.objects.filter(enrolment=enrolment, passed=True).values_list(
        "activity_id", "version_id", "pk", "score", "max_score", "self_reported"
    )
    for activity_id, version_id, attempt_id, score, max_score, self_reported in attempts:
        passed.setdefault(activity_id, Passed(version_id, attempt_id, score, max_score, self_reported))
    asked_now = CourseVersionItem.objects.filter(still_asked(), pk=OuterRef("pk"))
    items = (
        CourseVersionItem.objects.filter(course_version_id=enrolment.course_version_id)
        .annotate(asked=Exists(asked_now))
        .order_by(
            "activity__lesson__session__position", "activity__lesson__position", "activity__position", "pk"
        )
        .values_list(
            "activity_id",
            "activity_version_id",
            "activity__lesson_id",
            "activity__lesson__minutes",
            "activity__lesson__part",
            "asked",
        )
    )
    return [
        Required(
            version_id=version_id,
            lesson_id=lesson_id,
            lesson_minutes=minutes,
            live=part == Lesson.Part.LIVE,
            asked=asked,
            passed=passed.get(activity_id),
        )
        for activity_id, version_id, lesson_id, minutes, part, asked in items
    ]


def overdue_documents(now: datetime) -> QuerySet[Document]:
    """Documents that should have been made: due, or held by a worker whose lease ran out. Oldest first."""
    return Document.objects.filter(
        Q(state__in=[Document.State.WAITING, Document.State.FAILED], due_at__lte=now)
        | Q(state=Document.State.RENDERING, lease_until__lte=now)
    ).order_by("due_at", "pk")
