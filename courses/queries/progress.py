"""How far learners are. Every function here runs a fixed number of queries, however many rows there are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from courses.activities import draws, kind_of
from courses.models import (
    Activity,
    ActivityState,
    ActivityVersion,
    Attempt,
    CourseVersionItem,
    Enrolment,
    Lesson,
    Reflection,
)
from courses.queries.access import open_enrolments
from courses.queries.joined import Joined, Row
from courses.queries.syllabus import lessons_of
from courses.rules import NextTry, next_try


@dataclass
class LessonProgress:
    """A lesson with how much of what is required of this learner is done."""

    lesson: Lesson
    required: list[int] = field(default_factory=list)
    open: list[int] = field(default_factory=list)

    @property
    def begun(self) -> bool:
        return len(self.open) < len(self.required)

    @property
    def done(self) -> bool:
        return bool(self.required) and not self.open


@dataclass
class SessionProgress:
    """A session with its lessons."""

    title: str
    position: int
    lessons: list[LessonProgress]

    @property
    def done(self) -> bool:
        counting = [lesson for lesson in self.lessons if lesson.required]
        return bool(counting) and all(lesson.done for lesson in counting)


@dataclass
class CourseProgress:
    """An enrolment with its sessions and lessons, and where to go on."""

    enrolment: Enrolment
    sessions: list[SessionProgress]

    @cached_property
    def lessons(self) -> list[LessonProgress]:
        return [lesson for session in self.sessions for lesson in session.lessons]

    @property
    def lessons_done(self) -> int:
        return sum(lesson.done for lesson in self.lessons)

    @property
    def lessons_total(self) -> int:
        return sum(bool(lesson.required) for lesson in self.lessons)

    @property
    def sessions_done(self) -> int:
        return sum(session.done for session in self.sessions)

    @cached_property
    def next_lesson(self) -> LessonProgress | None:
        """The lesson opened last while something is open in it, else the first after it with something open."""
        lessons = self.lessons
        here = next((i for i, lesson in enumerate(lessons) if lesson.lesson.pk == self.enrolment.here_id), 0)
        return next((lesson for lesson in [*lessons[here:], *lessons[:here]] if lesson.open), None)

    @property
    def was_there(self) -> bool:
        """Whether the next lesson is one to come back to: opened last, or begun. Of others nobody knows that they were opened."""
        following = self.next_lesson
        return following is not None and (following.lesson.pk == self.enrolment.here_id or following.begun)

    @property
    def next_activity_id(self) -> int | None:
        """Where in the next lesson: its first open activity once something there is done, else the top (`None`)."""
        following = self.next_lesson
        return following.open[0] if following is not None and following.begun else None


def still_asked() -> Q:
    """Items of a course version that can still be done: not retired, and not in a lesson that is gone or moved away."""
    return Q(
        activity__retired_at=None,
        activity__lesson__archived_at=None,
        activity__lesson__session__archived_at=None,
        activity__lesson__session__course=F("course_version__course"),
    )


def unfinished_required(enrolment: Enrolment) -> QuerySet[CourseVersionItem]:
    """What this learner still has to do."""
    done = ActivityState.objects.filter(
        enrolment=enrolment, activity=OuterRef("activity"), status=ActivityState.Status.DONE
    )
    return CourseVersionItem.objects.filter(
        still_asked(), ~Exists(done), course_version_id=enrolment.course_version_id
    )


def finished_but_open() -> QuerySet[Enrolment]:
    """Enrolments under way with nothing left to do: what was open has been taken out of the course since. One query.

    Only course versions that lost something are looked into; the others complete by an answer.
    """
    asked = CourseVersionItem.objects.filter(still_asked())
    lost_something = CourseVersionItem.objects.exclude(pk__in=asked.values("pk")).values("course_version")
    done = ActivityState.objects.filter(activity=OuterRef("activity"), status=ActivityState.Status.DONE)
    items = CourseVersionItem.objects.filter(course_version=OuterRef("course_version"))
    of_this_enrolment = Exists(done.filter(enrolment=OuterRef(OuterRef("pk"))))
    return Enrolment.objects.filter(
        Exists(items.filter(of_this_enrolment)),
        ~Exists(items.filter(still_asked(), ~of_this_enrolment)),
        status=Enrolment.Status.ACTIVE,
        course_version__in=lost_something,
    )


def enrolments_of(learner: object) -> QuerySet[Enrolment]:
    """A learner's courses, the latest first; stopped ones left out, and earlier times of one that they do once more."""
    return (
        Enrolment.objects.in_use()
        .filter(learner=learner)
        .select_related("course__programme")
        .order_by("-started_at")
    )


def course_progress(enrolments: Sequence[Enrolment]) -> list[CourseProgress]:
    """Progress per enrolment, in the order given. Three queries for any number of enrolments."""
    required: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    items = (
        CourseVersionItem.objects.filter(
            still_asked(), course_version__in={enrolment.course_version_id for enrolment in enrolments}
        )
        .order_by("activity__position", "activity_id")
        .values_list("course_version_id", "activity__lesson_id", "activity_id")
    )
    for version_id, lesson_id, activity_id in items:
        required[version_id][lesson_id].append(activity_id)
    done: dict[UUID, set[int]] = defaultdict(set)
    for enrolment_id, activity_id in ActivityState.objects.filter(
        enrolment__in=enrolments, status=ActivityState.Status.DONE
    ).values_list("enrolment_id", "activity_id"):
        done[enrolment_id].add(activity_id)
    lessons: dict[int, list[Lesson]] = defaultdict(list)
    for lesson in lessons_of({enrolment.course for enrolment in enrolments}):
        lessons[lesson.session.course_id].append(lesson)
    return [
        _progress(
            enrolment, lessons[enrolment.course_id], required[enrolment.course_version_id], done[enrolment.pk]
        )
        for enrolment in enrolments
    ]


def _progress(
    enrolment: Enrolment, lessons: Sequence[Lesson], required: dict[int, list[int]], done: set[int]
) -> CourseProgress:
    sessions: dict[int, SessionProgress] = {}
    for lesson in lessons:
        session = sessions.setdefault(
            lesson.session_id, SessionProgress(lesson.session.local_title, len(sessions) + 1, [])
        )
        asked = required.get(lesson.pk, [])
        session.lessons.append(
            LessonProgress(lesson, asked, [activity_id for activity_id in asked if activity_id not in done])
        )
    return CourseProgress(enrolment, list(sessions.values()))


STANDINGS = Joined(
    {
        "activity_id": "activity.id",
        "kind": "activity.kind",
        "required": "activity.required",
        "status": "state.status",
        "tries": "state.attempts_count",
        "attempt_id": "attempt.id",
        "digest": "attempt.payload_hmac",
        "activity": Activity,
        "attempt": Attempt,
        "version": ActivityVersion,
        "reflection": Reflection,
        "reader": "reader.alias",
    },
    """
    FROM courses_activity activity
    LEFT JOIN courses_activitystate state ON state.activity_id = activity.id AND state.enrolment_id = %s
    LEFT JOIN courses_attempt attempt ON attempt.id = state.last_attempt_id
    LEFT JOIN courses_activityversion version ON version.id = attempt.version_id
    LEFT JOIN courses_reflection reflection
        ON reflection.activity_id = activity.id AND reflection.enrolment_id = %s
    LEFT JOIN people_user reader ON reader.id = reflection.shared_with_id
    WHERE activity.lesson_id = %s AND activity.retired_at IS NULL
    """,
)


class Standing:
    """An activity of a lesson as one learner stands with it.

    What every page needs comes ready. The rows become objects when they are asked for, which a page whose answered forms
    are in the cache does for private ones only.
    """

    def __init__(self, row: Row, enrolment: Enrolment) -> None:
        self._row = row
        self._enrolment = enrolment
        self.activity_id: int = row["activity_id"]
        self.kind: str = row["kind"]
        self.required = bool(row["required"])
        self.answered: bool = row["attempt_id"] is not None
        self.done: bool = row["status"] == ActivityState.Status.DONE
        # `Attempt.payload_hmac`: the same for the same answer to the same wording.
        self.digest: str | None = row["digest"]
        # The trainer who may read the text as well, by name.
        self.reader: str = row["reader"] or ""

    @cached_property
    def activity(self) -> Activity:
        return self._row["activity"]

    @cached_property
    def attempt(self) -> Attempt | None:
        """The last one."""
        return self._row["attempt"]

    @cached_property
    def version(self) -> ActivityVersion | None:
        """The wording that was answered last."""
        return self._row["version"]

    @cached_property
    def reflection(self) -> Reflection | None:
        return self._row["reflection"]

    @property
    def now_trying(self) -> NextTry | None:
        """The try that comes now, where every try draws something else."""
        if not draws(self.kind):
            return None
        return next_try(
            enrolment_id=self._enrolment.pk, activity_id=self.activity_id, made=self._row["tries"] or 0
        )


def lesson_state(*, enrolment: Enrolment, lesson_id: int) -> dict[int, Standing]:
    """The lesson's activities by id with this learner's state, last attempt and reflection: one query."""
    rows = STANDINGS.rows(enrolment, enrolment, lesson_id)
    return {row["activity_id"]: Standing(row, enrolment) for row in rows}


def trying_now(*, learner: object, activity: Activity) -> NextTry | None:
    """The learner's try at an activity that draws: one query. `None` for any other kind, without a query.

    `activity` comes with its lesson and session.
    """
    if not draws(activity.kind):
        return None
    mine = (
        open_enrolments(learner)
        .filter(course=activity.lesson.session.course_id)
        .annotate(state=FilteredRelation("states", condition=Q(states__activity=activity)))
        .values_list("pk", "state__attempts_count")
        .first()
    )
    return next_try(enrolment_id=mine[0], activity_id=activity.pk, made=mine[1] or 0) if mine else None


def is_done(*, enrolment: Enrolment, activity_id: int) -> bool:
    """Whether the learner has done this activity."""
    return ActivityState.objects.filter(
        enrolment=enrolment, activity=activity_id, status=ActivityState.Status.DONE
    ).exists()


def tries_made(*, enrolment: Enrolment, activity_id: int) -> int:
    """How often the learner tried an activity, as the page that shows it counts: a closed record has no attempts left."""
    state = ActivityState.objects.filter(enrolment=enrolment, activity=activity_id).only("attempts_count")
    return next((each.attempts_count for each in state), 0)


def reader_of(*, enrolment: Enrolment, activity: Activity) -> str:
    """The trainer with whom a private text is shared, by name; empty where there is none. No query for other kinds."""
    if not kind_of(activity.kind).PRIVATE:
        return ""
    shared = Reflection.objects.filter(enrolment=enrolment, activity=activity)
    return shared.values_list("shared_with__alias", flat=True).first() or ""
