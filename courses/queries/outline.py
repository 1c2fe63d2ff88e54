"""Where a learner is within a session: one query for any number of lessons."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from courses.models import ActivityState, Enrolment, Lesson


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
    required = Q(
        activities__retired_at=None, activities__required_in__course_version=enrolment.course_version_id
    )
    done = required & Q(
        activities__states__enrolment=enrolment, activities__states__status=ActivityState.Status.DONE
    )
    lessons = (
        Lesson.objects.filter(session=lesson.session_id, archived_at=None)
        .annotate(
            required=Count("activities", filter=required, distinct=True),
            done=Count("activities", filter=done, distinct=True),
        )
        .order_by("position", "pk")
    )
    return Outline(lesson, [OutlineLesson(item, item.required, item.done) for item in lessons])
