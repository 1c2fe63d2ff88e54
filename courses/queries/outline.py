"""Where a learner is within a session, and what trainers teach: queries that do not grow with the rows."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from courses.activities import survey
from courses.models import Activity, Course, Enrolment, Lesson, Session
from courses.queries.joined import Joined
from courses.queries.syllabus import TAUGHT

# Every lesson and every answer asks this. By hand, because the ORM takes 1 ms to write it, six times as long as the
# database to answer it.
LESSONS_WITH_PROGRESS = Joined(
    {"lesson": Lesson, "required": "COUNT(item.id)", "done": "COUNT(state.id)"},
    """
    FROM courses_lesson lesson
    LEFT JOIN courses_activity activity ON activity.lesson_id = lesson.id AND activity.retired_at IS NULL
    LEFT JOIN courses_courseversionitem item ON item.activity_id = activity.id AND item.course_version_id = %s
    LEFT JOIN courses_activitystate state
        ON state.activity_id = item.activity_id AND state.enrolment_id = %s AND state.status = 'done'
    WHERE lesson.session_id = %s AND lesson.archived_at IS NULL
    GROUP BY lesson.id
    ORDER BY lesson.position, lesson.id
    """,
)


@dataclass(frozen=True)
class OutlineLesson:
    """A lesson of the session, with how many required activities it has for this learner and how many are done."""

    lesson: Lesson
    required: int
    done: int

    @property
    def finished(self) -> bool:
        return self.required > 0 and self.done >= self.required


@dataclass(frozen=True)
class Outline:
    """The session around a lesson."""

    lesson: Lesson
    lessons: list[OutlineLesson]

    @property
    def session(self) -> Any:
        return self.lesson.session

    @property
    def current(self) -> OutlineLesson:
        return next(item for item in self.lessons if item.lesson.pk == self.lesson.pk)

    @property
    def same_part(self) -> list[OutlineLesson]:
        """The lessons of the same part: what "les 2 van 3" counts."""
        return [item for item in self.lessons if item.lesson.part == self.lesson.part]

    @property
    def number(self) -> int:
        """The lesson's place within its part, from 1."""
        return [item.lesson.pk for item in self.same_part].index(self.lesson.pk) + 1

    @property
    def done_in_part(self) -> int:
        return sum(item.finished for item in self.same_part)

    @property
    def following(self) -> OutlineLesson | None:
        """The next lesson of the session."""
        place = [item.lesson.pk for item in self.lessons].index(self.lesson.pk)
        return self.lessons[place + 1] if place + 1 < len(self.lessons) else None

    def part(self, name: str) -> list[OutlineLesson]:
        return [item for item in self.lessons if item.lesson.part == name]

    @property
    def before(self) -> list[OutlineLesson]:
        return self.part(Lesson.Part.BEFORE)

    @property
    def live(self) -> list[OutlineLesson]:
        return self.part(Lesson.Part.LIVE)

    @property
    def after(self) -> list[OutlineLesson]:
        return self.part(Lesson.Part.AFTER)

    @property
    def whole(self) -> list[OutlineLesson]:
        return self.part(Lesson.Part.WHOLE)


def outline(*, enrolment: Enrolment, lesson: Lesson) -> Outline:
    """The lessons of the session around `lesson`, with this learner's progress."""
    rows = LESSONS_WITH_PROGRESS.rows(enrolment.course_version_id, enrolment, lesson.session_id)
    return Outline(lesson, [OutlineLesson(row["lesson"], row["required"], row["done"]) for row in rows])


@dataclass(frozen=True)
class TaughtCourse:
    """A course as its trainers see it: its sessions in order, and whether something is asked before and after."""

    course: Course
    sessions: list[Session]
    has_surveys: bool


def sessions_with_surveys(courses: QuerySet[Course]) -> list[TaughtCourse]:
    """Courses with what is taught in them today. Three queries for any number of courses."""
    found = list(courses)
    sessions: dict[int, list[Session]] = defaultdict(list)
    for session in Session.objects.filter(course__in=found, archived_at=None).order_by("position", "pk"):
        sessions[session.course_id].append(session)
    surveyed = set(
        Activity.objects.filter(kind=survey.KIND, lesson__session__course__in=found, **TAUGHT).values_list(
            "lesson__session__course", flat=True
        )
    )
    return [TaughtCourse(course, sessions[course.pk], course.pk in surveyed) for course in found]
