"""Who may open what. Whoever may not learns nothing: no row, as for something that does not exist."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from courses.models import Activity, ActivityVersion, Cohort, Course, Enrolment, Lesson, Reflection, Session
from courses.queries.joined import Joined
from people.models import Membership, Role, User

# There is one enrolment at most: `courses_enrolment_open_once`.
LESSON_OF_LEARNER = Joined(
    {"lesson": Lesson, "session": Session, "enrolment": Enrolment},
    """
    FROM courses_lesson lesson
    JOIN courses_session session ON session.id = lesson.session_id AND session.archived_at IS NULL
    JOIN courses_enrolment enrolment
        ON enrolment.course_id = session.course_id AND enrolment.learner_id = %s AND enrolment.status <> %s
        AND enrolment.begun_again_at IS NULL
    WHERE lesson.short_key = %s AND lesson.archived_at IS NULL
    """,
)


def open_enrolments(learner: User) -> Any:
    """The learner's own enrolments that have not been stopped, without those of a course that they do once more."""
    return Enrolment.objects.in_use().filter(learner=learner)


def lesson_for(*, short_key: str, learner: User) -> tuple[Lesson, Enrolment] | None:
    """A lesson that is taught now, with its session and the learner's enrolment in its course. One query."""
    row = LESSON_OF_LEARNER.first(learner, Enrolment.Status.WITHDRAWN, short_key)
    if row is None:
        return None
    lesson = row["lesson"]
    lesson.session = row["session"]
    return lesson, row["enrolment"]


def is_taught(lesson: Lesson) -> bool:
    """Whether learners still find this lesson: neither it nor its session is archived."""
    return lesson.archived_at is None and lesson.session.archived_at is None


def lesson_of_activity(*, activity_id: int, learner: User) -> Lesson | None:
    """The lesson that a task stands in, where it is taught now and in a course of the learner's."""
    activity = (
        Activity.objects.select_related("lesson__session")
        .filter(pk=activity_id, lesson__session__course__in=open_enrolments(learner).values("course"))
        .first()
    )
    return activity.lesson if activity is not None and is_taught(activity.lesson) else None


def session_for(*, short_key: str, learner: User) -> tuple[Session, Enrolment] | None:
    """A session that is taught now, with the learner's enrolment in its course."""
    session = Session.objects.select_related("course").filter(short_key=short_key, archived_at=None).first()
    enrolment = session and open_enrolments(learner).filter(course=session.course_id).first()
    return (session, enrolment) if session and enrolment else None


def course_for(*, short_key: str, learner: User) -> Enrolment | None:
    """The learner's enrolment in a course."""
    return (
        open_enrolments(learner)
        .filter(course__short_key=short_key)
        .select_related("course__programme")
        .first()
    )


def version_for(*, activity_id: int, version_id: int) -> ActivityVersion | None:
    """A wording of an activity, with its lesson, course and programme."""
    version = (
        ActivityVersion.objects.select_related("activity__lesson__session__course__programme")
        .filter(pk=version_id)
        .first()
    )
    # Compared here: a number that no column holds is an error of the database, and it comes from the address.
    return version if version is not None and version.activity_id == activity_id else None


def asked_of(*, learner: User, version_id: int) -> QuerySet[Enrolment]:
    """The learner's enrolment in the course that a wording stands in; `asked` is that wording, with its lesson and session."""
    # A condition in the relation itself would join the whole way once more, and any wording of the course would fit.
    return (
        open_enrolments(learner)
        .annotate(asked=FilteredRelation("course__sessions__lessons__activities__versions"))
        .filter(asked=version_id)
        .select_related("asked__activity__lesson__session")
    )


def reflections_of(learner: User) -> Any:
    """The learner's own reflections, newest first, with what they were asked."""
    return (
        Reflection.objects.filter(enrolment__learner=learner)
        .select_related("version", "enrolment", "activity__lesson__session", "shared_with")
        .order_by("-written_at")
    )


def course_on_offer(*, key: UUID) -> Course | None:
    """A course that is taught now."""
    return Course.objects.select_related("programme").filter(key=key, archived_at=None).first()


def open_cohort(*, course: Course, learner: User, today: date) -> Cohort | None:
    """The group that somebody joins who starts a course by themselves: open, not over, with room; the first to start.

    Not one in which they completed it: its meetings would count once more.
    """
    taken = Count("enrolments", filter=~Q(enrolments__status=Enrolment.Status.WITHDRAWN))
    done = Enrolment.objects.filter(cohort=OuterRef("pk"), learner=learner, status=Enrolment.Status.COMPLETED)
    return (
        Cohort.objects.filter(~Exists(done), course=course, way_in=Cohort.WayIn.OPEN, archived_at=None)
        .filter(Q(ends_on=None) | Q(ends_on__gte=today))
        .annotate(taken=taken)
        .filter(Q(capacity=None) | Q(taken__lt=F("capacity") - F("held")))
        .order_by("starts_on", "pk")
        .first()
    )


def courses_in_care(user: User) -> QuerySet[Course]:
    """The courses that somebody trains a group in, or coordinates: for an organisation, or for a region with a group."""
    coordinates = Membership.objects.filter(
        user=user, role=Role.COORDINATOR, organisation=OuterRef("programme__organisation")
    )
    regions = Cohort.objects.filter(course=OuterRef(OuterRef("pk"))).values("region")
    return (
        Course.objects.filter(
            Q(pk__in=Cohort.objects.filter(trainers=user).values("course"))
            | Exists(coordinates.filter(Q(region="") | Q(region__in=regions))),
            archived_at=None,
        )
        .select_related("programme")
        .order_by("title", "pk")
    )
